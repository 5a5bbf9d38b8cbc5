// SPDX-License-Identifier: GPL-2.0
/*
 * TLS inside TLS, as of Trojan: a heuristic and an option, no censor's measured rule.
 *
 * OpenGFW's published idea (CENSORS.md 7.1) is to look, behind the client's ChangeCipherSpec,
 * 14 03 03 00 01 01, at the lengths of four bursts, a burst being all that one side sends
 * before the other does. If a second handshake runs inside the first, they are these. The
 * bounds are this file's own, from what the messages must have; a record of the outer TLS adds
 * 22 bytes to each:
 *
 *	client	Trojan's header (about 70) and the inner ClientHello (190 to 2100, with a hybrid key
 *		share): 280 to 2500
 *	server	inner ServerHello to Finished, with a chain of certificates: 1000 to 10000
 *	client	inner ChangeCipherSpec and Finished, at least 86, and what it asks for: up to 1000.
 *		Without a second handshake HTTP/2 acknowledges settings here: 31.
 *	server	the answer, or a ticket: 60 or more
 *
 * The outer Finished may be a burst by itself, which the server answers with tickets or, in TLS
 * 1.2, its own Finished: if the first burst is too short, counting begins once more behind it.
 * All four: a GUESS. An inner session that is resumed is not found; two requests of the size of
 * a ClientHello on a connection that is kept alive, with a small page between them, are taken
 * for one.
 *
 * Reads a hello's first 6 bytes and the heads of a segment's records, as many as there are.
 */
#include "detectors.h"

#define RECORD		5
#define CHANGE_CIPHER	20
#define HANDSHAKE	22
#define APPLICATION	23
#define CLIENT_HELLO	1

#define BURSTS		4

/* What track->tcp.bursts says. */
enum step {
	STEP_NONE,
	STEP_HELLO,	/* the outer ClientHello came */
	STEP_FINISHED,	/* and the ChangeCipherSpec; the first burst is counted */
	STEP_BURST,	/* the same, and begins not once more; then the others, one by one */
};

/* A burst's least is asked for when it ends, the last one's when it comes. */
static const struct {
	u16 least, most;
} bounds[BURSTS] = { { 280, 2500 }, { 1000, 10000 }, { 86, 1000 }, { 60, 65535 } };

/* Where a segment's ChangeCipherSpec ends, 0 if it has none. */
static u32 behind_change(const u8 *p, u32 len)
{
	u32 at = 0;

	while (at + RECORD < len && p[at] >= CHANGE_CIPHER && p[at] <= APPLICATION &&
	       p[at + 1] == 3) {
		u32 record = censor_get16(p + at + 3);

		if (p[at] == CHANGE_CIPHER && record == 1 && p[at + RECORD] == 1)
			return at + RECORD + 1;
		at += RECORD + record;
	}
	return 0;
}

static enum censor_found begin(const struct censor_look *look, struct censor_track_tcp *tcp)
{
	const u8 *p = look->data;
	u32 at;

	if (tcp->bursts == STEP_NONE) {
		if (look->answer || look->nth || look->len < RECORD + 1 || p[0] != HANDSHAKE ||
		    p[1] != 3 || p[RECORD] != CLIENT_HELLO)
			return CENSOR_FOUND_NOT;
		tcp->bursts = STEP_HELLO;
		return CENSOR_FOUND_MORE;
	}
	at = look->answer ? 0 : behind_change(p, look->len);
	if (at) {
		tcp->bursts = STEP_FINISHED;
		tcp->burst = (u16)min(look->whole - at, 65535u);
	}
	return CENSOR_FOUND_MORE;
}

enum censor_found censor_detect_tls_in_tls(const struct censor_look *look,
					   struct censor_sight *sight)
{
	struct censor_track_tcp *tcp;
	u32 burst;

	if (!look->model->tls_in_tls || !look->track || !look->len)
		return CENSOR_FOUND_NOT;
	tcp = &look->track->tcp;
	if (tcp->bursts < STEP_FINISHED)
		return begin(look, tcp);
	burst = tcp->bursts == STEP_FINISHED ? 0 : tcp->bursts - STEP_BURST;
	/* The client has the even bursts. */
	if (look->answer != (burst & 1)) {
		if (tcp->bursts == STEP_BURST && !tcp->burst)
			return CENSOR_FOUND_MORE;	/* the server isn't done with its own */
		if (tcp->bursts == STEP_FINISHED && tcp->burst < bounds[0].least) {
			tcp->bursts = STEP_BURST;
			tcp->burst = 0;
			return CENSOR_FOUND_MORE;
		}
		if (tcp->burst < bounds[burst].least || burst == BURSTS - 1)
			return CENSOR_FOUND_NOT;
		burst++;
		tcp->bursts = (u8)(STEP_BURST + burst);
		tcp->burst = 0;
	}
	tcp->burst = (u16)min(tcp->burst + look->whole, 65535u);
	if (tcp->burst > bounds[burst].most)
		return CENSOR_FOUND_NOT;
	if (burst < BURSTS - 1 || tcp->burst < bounds[burst].least)
		return CENSOR_FOUND_MORE;
	return censor_saw(sight, CENSOR_PROTOCOL_TLS_IN_TLS, CENSOR_CONFIDENCE_GUESS, 0,
			  min(look->len, (u32)RECORD));
}
