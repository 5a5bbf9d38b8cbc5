// SPDX-License-Identifier: GPL-2.0
/*
 * BitTorrent's uTP (BEP 29). 20 bytes: type and version 1 in 4 bits each, extension 1,
 * connection 2, timestamp 4, its difference 4, window 4, sequence 2, acknowledged 2; extensions
 * are next 1, length 1, content. It begins with ST_SYN (4), which has no difference and nothing
 * to acknowledge yet: a GUESS. Who accepts answers with ST_STATE (2) for the same connection,
 * and acknowledges the SYN: LIKELY. Reads 20 bytes and the heads of at most 4 extensions.
 */
#include "detectors.h"

#define HEADER		20
#define SYN		0x41
#define STATE		0x21
#define EXTENSIONS	4

/* Whether extensions end where the packet does, as they must in what carries no data. */
static bool ends(const struct censor_look *look)
{
	u8 next = look->data[1];
	u32 at = HEADER, n;

	for (n = 0; next && n < EXTENSIONS; n++) {
		if (at + 2 > look->len)
			return false;
		next = look->data[at];
		at += 2 + look->data[at + 1];
	}
	return !next && at == look->whole;
}

enum censor_found censor_detect_utp(const struct censor_look *look, struct censor_sight *sight)
{
	struct censor_track_udp *udp = look->track ? &look->track->udp : NULL;
	const u8 *p = look->data;
	u32 connection;

	/* Until it was answered, its client's next packets are passed over. */
	if (udp && udp->begun_by == CENSOR_BEGUN_UTP && !look->answer &&
	    (!look->len || p[0] != SYN))
		return CENSOR_FOUND_MORE;
	if (look->len < HEADER || (p[0] != SYN && p[0] != STATE) || !ends(look))
		return CENSOR_FOUND_NOT;
	connection = (u32)censor_get16(p + 2) << 16;
	if (p[0] == SYN) {
		if (look->answer || censor_get32(p + 8) || censor_get16(p + 18))
			return CENSOR_FOUND_NOT;
		censor_saw(sight, CENSOR_PROTOCOL_BITTORRENT, CENSOR_CONFIDENCE_GUESS, 0, HEADER);
		if (!udp)
			return CENSOR_FOUND_ALL;
		udp->begun = connection | censor_get16(p + 16);
		udp->begun_by = CENSOR_BEGUN_UTP;
		return CENSOR_FOUND_MORE;
	}
	if (!udp || !look->answer || udp->begun_by != CENSOR_BEGUN_UTP ||
	    udp->begun != (connection | censor_get16(p + 18)))
		return CENSOR_FOUND_NOT;
	return censor_saw(sight, CENSOR_PROTOCOL_BITTORRENT, CENSOR_CONFIDENCE_LIKELY, 0, HEADER);
}
