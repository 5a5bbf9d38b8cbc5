// SPDX-License-Identifier: GPL-2.0
/* OpenVPN over UDP and TCP, by its handshake's packets. */
#include "openvpn.h"

/*
 * The wire (openvpn's doc_protocol_overview.h and CENSORS.md 7.1; offsets checked against what
 * OpenVPN 2.6 sends). A packet begins with opcode << 3 | key id; a first one has key id 0. Then:
 *
 *	plain		session id 8, acks, packet id 4
 *	tls-auth	session id 8, HMAC, replay id 4, time 4, acks, packet id 4
 *	tls-crypt	session id 8, replay id 4, time 4, HMAC 32, and the rest encrypted
 *
 * where acks are a byte that counts them, four bytes for each, and if there are any, the
 * session id of the other side. A client's reset acknowledges nothing, and its packet id is 0;
 * a server's acknowledges that one packet. tls-crypt-v2 puts the client's wrapped key behind,
 * whose last two bytes are its length. Over TCP two bytes of length come before each packet.
 */
#define RESET_CLIENT_V1	(1 << 3)
#define RESET_SERVER_V1	(2 << 3)
#define RESET_CLIENT_V2	(7 << 3)
#define RESET_SERVER_V2	(8 << 3)
#define RESET_CLIENT_V3	(10 << 3)

#define SESSION_AT	1
#define HEAD		9	/* opcode, session id */
#define CLIENT_TAIL	5	/* no acks, packet id 0 */
#define SERVER_TAIL	17	/* one ack, of packet 0; the client's session id; packet id 0 */
#define REPLAY		8	/* replay id, time */
#define CRYPT		(HEAD + REPLAY + 32 + CLIENT_TAIL)
#define CRYPT_SERVER	(CRYPT + 12)
#define COOKIE		6	/* what a server puts behind that asks for the client's key again */
#define WRAPPED_MIN	(32 + 256 + 2)	/* tag, key, length */
#define WRAPPED_MAX	1024
#define RESET_MAX	(CRYPT + WRAPPED_MAX)
#define REPLAY_MAX	64	/* a reset that is sent again and again counts up to here */
#define REPLAY_EARLY	0x0f	/* on top: 2.6's, that can be asked for its key again */

/* HMACs that --auth can name: MD5, SHA1, SHA224, SHA256, SHA384, SHA512. */
static bool known_hmac(u32 len)
{
	return len == 16 || len == 20 || len == 28 || len == 32 || len == 48 || len == 64;
}

static bool is_replay_id(const u8 *at)
{
	u32 id = censor_get32(at);

	if (id >> 24 == REPLAY_EARLY)
		id &= 0xffffff;
	return id && id <= REPLAY_MAX;
}

/* CENSOR_CONFIDENCE_* that @p is a client's reset, 0 if it isn't; @crypt: one that is encrypted. */
static u8 client_reset(const struct censor_openvpn *p, bool *crypt)
{
	static const u8 tail[CLIENT_TAIL];
	u32 hmac;

	*crypt = false;
	if (p->len < p->whole || p->whole < HEAD + CLIENT_TAIL || p->whole > RESET_MAX ||
	    !censor_get32(p->data + SESSION_AT))
		return 0;
	if (p->data[0] == RESET_CLIENT_V3) {
		u32 wrapped = p->whole < CRYPT ? 0 : censor_get16(p->data + p->whole - 2);

		*crypt = true;
		return wrapped >= WRAPPED_MIN && CRYPT + wrapped == p->whole &&
		       is_replay_id(p->data + HEAD) ? CENSOR_CONFIDENCE_LIKELY : 0;
	}
	if (!memcmp(p->data + p->whole - CLIENT_TAIL, tail, CLIENT_TAIL)) {
		if (p->whole == HEAD + CLIENT_TAIL)
			return CENSOR_CONFIDENCE_LIKELY;
		if (p->whole < HEAD + REPLAY + CLIENT_TAIL)
			return 0;
		hmac = p->whole - HEAD - REPLAY - CLIENT_TAIL;
		if (!is_replay_id(p->data + HEAD + hmac))
			return 0;
		return known_hmac(hmac) ? CENSOR_CONFIDENCE_LIKELY : CENSOR_CONFIDENCE_GUESS;
	}
	*crypt = true;
	return p->whole == CRYPT && is_replay_id(p->data + HEAD) ? CENSOR_CONFIDENCE_LIKELY : 0;
}

/* Whether @p is a server's reset that answers the client's. */
static bool server_reset(const struct censor_openvpn *p, u32 session, bool crypt)
{
	static const u8 ack[5] = { 1 };
	const u8 *tail;

	if (p->len < p->whole || p->whole < HEAD + SERVER_TAIL)
		return false;
	if (crypt)
		return (p->whole == CRYPT_SERVER || p->whole == CRYPT_SERVER + COOKIE) &&
		       is_replay_id(p->data + HEAD);
	tail = p->data + p->whole - SERVER_TAIL;
	return !memcmp(tail, ack, sizeof(ack)) && censor_get32(tail + 5) == session &&
	       !censor_get32(tail + 13);
}

enum censor_found censor_openvpn_packet(const struct censor_look *look,
					const struct censor_openvpn *p, u32 *begun, u8 *begun_by,
					struct censor_sight *sight)
{
	bool crypt;
	u8 confidence, at = (u8)(p->data - look->data);

	switch (p->len ? p->data[0] : 0) {
	case RESET_CLIENT_V1:
	case RESET_CLIENT_V2:
	case RESET_CLIENT_V3:
		if (look->answer)
			return CENSOR_FOUND_NOT;
		confidence = client_reset(p, &crypt);
		if (!confidence)
			return CENSOR_FOUND_NOT;
		*begun_by = crypt ? CENSOR_BEGUN_OPENVPN_CRYPT : CENSOR_BEGUN_OPENVPN;
		*begun = censor_get32(p->data + SESSION_AT);
		return censor_may_be(sight, CENSOR_PROTOCOL_OPENVPN, confidence, at, p->whole);
	case RESET_SERVER_V1:
	case RESET_SERVER_V2:
		crypt = *begun_by == CENSOR_BEGUN_OPENVPN_CRYPT;
		if (!look->answer || (!crypt && *begun_by != CENSOR_BEGUN_OPENVPN) ||
		    !server_reset(p, *begun, crypt))
			return CENSOR_FOUND_NOT;
		return censor_saw(sight, CENSOR_PROTOCOL_OPENVPN, CENSOR_CONFIDENCE_SURE, at,
				  p->whole);
	default:
		return CENSOR_FOUND_NOT;
	}
}

/*
 * UDP. Reads a reset's first 17 and last 17 bytes, and the HMAC's length tells where one more
 * number stands. Behind a client's reset one packet of the server's is waited for.
 */
enum censor_found censor_detect_openvpn_udp(const struct censor_look *look,
					    struct censor_sight *sight)
{
	struct censor_openvpn packet = { look->data, look->len, look->whole };
	struct censor_track_udp *udp = look->track ? &look->track->udp : NULL;
	u8 none_by = CENSOR_BEGUN_NOT;
	enum censor_found found;
	u32 none;

	if (look->model->openvpn_opcodes) {
		if (!udp || !look->len)
			return CENSOR_FOUND_NOT;
		censor_openvpn_opcode(&udp->opcodes, look->answer, look->data[0]);
		return censor_openvpn_window(look, &udp->opcodes, sight);
	}
	found = censor_openvpn_packet(look, &packet, udp ? &udp->begun : &none,
				      udp ? &udp->begun_by : &none_by, sight);
	if (found == CENSOR_FOUND_MORE && !udp)
		return CENSOR_FOUND_ALL;
	/* The client's other packets may overtake the server's. */
	if (found == CENSOR_FOUND_NOT && udp && !look->answer &&
	    (udp->begun_by == CENSOR_BEGUN_OPENVPN ||
	     udp->begun_by == CENSOR_BEGUN_OPENVPN_CRYPT))
		return CENSOR_FOUND_MORE;
	return found;
}

/*
 * The opcodes of all packets that begin in a segment. Where each side's next one begins is known
 * from the lengths; a segment that was lost in between is taken to end where a packet ends, as
 * nearly all do.
 */
static void segment(const struct censor_look *look, struct censor_track_tcp *tcp)
{
	u32 *next = &tcp->next[look->answer], seq = look->view->seq, at;
	u8 bit = look->answer ? 2 : 1;

	if (!(tcp->framed & bit) || (s32)(seq - *next) > 0)
		*next = seq;
	tcp->framed |= bit;
	for (at = *next - seq; at + 2 < look->len; at += 2 + censor_get16(look->data + at))
		censor_openvpn_opcode(&tcp->opcodes, look->answer, look->data[at + 2]);
	*next = seq + at;
}

/*
 * TCP. The same behind two bytes of length, and a reset is a segment of its own: nothing can
 * follow it before it was answered. Packets of the window are read as segment() says.
 */
enum censor_found censor_detect_openvpn_tcp(const struct censor_look *look,
					    struct censor_sight *sight)
{
	struct censor_track_tcp *tcp = look->track ? &look->track->tcp : NULL;
	u8 none_by = CENSOR_BEGUN_NOT;
	struct censor_openvpn packet;
	enum censor_found found;
	u32 none;

	if (look->len < 3)
		return CENSOR_FOUND_NOT;
	if (look->model->openvpn_opcodes) {
		if (!tcp || (!look->nth && censor_get16(look->data) + 2u != look->whole))
			return CENSOR_FOUND_NOT;
		segment(look, tcp);
		return censor_openvpn_window(look, &tcp->opcodes, sight);
	}
	if (censor_get16(look->data) + 2u != look->whole)
		return CENSOR_FOUND_NOT;
	packet = (struct censor_openvpn){ look->data + 2, look->len - 2, look->whole - 2 };
	found = censor_openvpn_packet(look, &packet, tcp ? &tcp->begun : &none,
				      tcp ? &tcp->begun_by : &none_by, sight);
	return found == CENSOR_FOUND_MORE && !tcp ? CENSOR_FOUND_ALL : found;
}
