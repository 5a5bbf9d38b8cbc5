// SPDX-License-Identifier: GPL-2.0
/*
 * RTP and RTCP, SRTP being RTP with its header in the clear (RFC 3550, 3711, 5761).
 *
 * RTP: version 2 in the top two bits, sources 4 bits, marker and payload type 1 and 7 bits,
 * sequence 2, timestamp 4, source 4, and 4 for each contributing source; a type is one that was
 * assigned, up to 34, or dynamic, from 96 on. There is no magic number: three packets of one
 * side are LIKELY whose source is the same, whose numbers follow each other with at most two
 * missing, and whose timestamp does not go back (nor on by a minute of video).
 *
 * RTCP: version 2, type 200 to 204, length 2 in words less one; the first is a report (200,
 * 201), and such packets follow each other up to the datagram's end: LIKELY. Encrypted, it is
 * not known.
 *
 * Reads 16 bytes, and the heads of at most 8 packets of RTCP.
 */
#include "detectors.h"
#include "ice.h"

#define HEADER		12
#define PACKETS		3
#define GAP		3
#define TIME_STEP	(90000u * 60)
#define ANSWERS		0x80	/* of track->udp.rtp_n: of the answering side */

#define RTCP_REPORT	200
#define RTCP_RECEIVER	201
#define RTCP_LAST	204
#define RTCP_PACKETS	8

static enum censor_found rtcp(const struct censor_look *look, struct censor_sight *sight)
{
	const u8 *p = look->data;
	u32 at = 0, n;

	if (look->len < look->whole)
		return CENSOR_FOUND_NOT;
	for (n = 0; n < RTCP_PACKETS && at + 8 <= look->len; n++) {
		if (p[at] >> 6 != 2 || p[at + 1] < RTCP_REPORT || p[at + 1] > RTCP_LAST)
			return CENSOR_FOUND_NOT;
		/* A report has so many blocks as it says: 24 bytes each. */
		if (p[at + 1] <= RTCP_RECEIVER && 4 * (censor_get16(p + at + 2) + 1u) <
		    (p[at + 1] == RTCP_REPORT ? 28u : 8u) + 24u * (p[at] & 31))
			return CENSOR_FOUND_NOT;
		at += 4 * (censor_get16(p + at + 2) + 1u);
	}
	if (at != look->len)
		return CENSOR_FOUND_NOT;
	return censor_saw(sight, CENSOR_PROTOCOL_RTP, CENSOR_CONFIDENCE_LIKELY, 0, 8);
}

static bool is_rtp(const struct censor_look *look)
{
	u8 type = look->data[1] & 0x7f;
	u32 head = HEADER + 4 * (look->data[0] & 15u);

	return (type <= 34 || type >= 96) && look->whole >= head;
}

static enum censor_found rtp(const struct censor_look *look, struct censor_sight *sight)
{
	struct censor_track_udp *udp;
	u8 side = look->answer ? ANSWERS : 0;
	u32 source, time;
	u16 seq;

	if (look->len < 8 || look->data[0] >> 6 != 2)
		return CENSOR_FOUND_NOT;
	if (look->data[1] == RTCP_REPORT || look->data[1] == RTCP_RECEIVER)
		return rtcp(look, sight);
	if (look->len < HEADER || !look->track || !is_rtp(look))
		return CENSOR_FOUND_NOT;
	udp = &look->track->udp;
	seq = censor_get16(look->data + 2);
	time = censor_get32(look->data + 4);
	source = censor_get32(look->data + 8);
	/* Both sides send: the one that did so first is followed. */
	if (udp->rtp_n && (udp->rtp_n & ANSWERS) != side)
		return CENSOR_FOUND_MORE;
	if (udp->rtp_n && source == udp->rtp_ssrc && (u16)(seq - udp->rtp_seq - 1) < GAP &&
	    time - udp->rtp_time < TIME_STEP)
		udp->rtp_n++;
	else
		udp->rtp_n = side | 1;
	udp->rtp_ssrc = source;
	udp->rtp_seq = seq;
	udp->rtp_time = time;
	if ((udp->rtp_n & ~ANSWERS) < PACKETS)
		return CENSOR_FOUND_MORE;
	return censor_saw(sight, CENSOR_PROTOCOL_RTP, CENSOR_CONFIDENCE_LIKELY, 0, HEADER);
}

enum censor_found censor_detect_rtp(const struct censor_look *look, struct censor_sight *sight)
{
	enum censor_found found = rtp(look, sight);

	/* Between a call's packets others come: STUN and DTLS before, encrypted RTCP. */
	if (found == CENSOR_FOUND_NOT &&
	    (censor_is_ice(look) || (look->track && look->track->udp.rtp_n)))
		return CENSOR_FOUND_MORE;
	return found;
}
