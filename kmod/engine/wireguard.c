// SPDX-License-Identifier: GPL-2.0
/*
 * WireGuard (its protocol page, and CENSORS.md 7.1). Little-endian numbers; one byte of type and
 * three reserved ones that are zero, then:
 *
 *	1 initiation	148 bytes	sender's index at 4
 *	2 response	 92 bytes	sender's at 4, receiver's at 8
 *	3 cookie	 64 bytes	receiver's at 4
 *	4 data		at least 32, in 16s	receiver's at 4, counter at 8
 *
 * Whoever answers names the index that the initiation named as its sender's. WARP, which puts
 * something in the reserved bytes, is not matched. Data alone, of a session that is older than
 * the flow, is a guess; twice to the same index it is likely. Reads 16 bytes.
 */
#include "detectors.h"

#define TYPE_INITIATION	1
#define TYPE_RESPONSE	2
#define TYPE_COOKIE	3
#define TYPE_DATA	4

#define SIZE_INITIATION	148
#define SIZE_RESPONSE	92
#define SIZE_COOKIE	64
#define SIZE_DATA_MIN	32

static enum censor_found saw(struct censor_sight *sight, u8 confidence, u32 len)
{
	return censor_saw(sight, CENSOR_PROTOCOL_WIREGUARD, confidence, 0, len);
}

static enum censor_found initiation(const struct censor_look *look, struct censor_sight *sight)
{
	struct censor_track *track = look->track;

	if (track) {
		track->udp.begun = censor_get32(look->data + 4);
		track->udp.begun_by = look->answer ? CENSOR_BEGUN_WIREGUARD_BACK :
						     CENSOR_BEGUN_WIREGUARD;
	}
	saw(sight, CENSOR_CONFIDENCE_LIKELY, 8);
	return track ? CENSOR_FOUND_MORE : CENSOR_FOUND_ALL;
}

/* Packets that name the index which an initiation from the other side brought. */
static enum censor_found reply(const struct censor_look *look, u32 index,
			       struct censor_sight *sight)
{
	u8 by = look->answer ? CENSOR_BEGUN_WIREGUARD : CENSOR_BEGUN_WIREGUARD_BACK;

	if (!look->track || look->track->udp.begun_by != by || look->track->udp.begun != index)
		return CENSOR_FOUND_NOT;
	return saw(sight, CENSOR_CONFIDENCE_SURE, 12);
}

/* A counter that is beyond 2^32 would take days; random bytes seldom are below. */
static enum censor_found data(const struct censor_look *look, struct censor_sight *sight)
{
	u32 index = censor_get32(look->data + 4);
	struct censor_track *track = look->track;

	if (censor_get32(look->data + 12))
		return CENSOR_FOUND_NOT;
	if (track && track->udp.begun_by == CENSOR_BEGUN_WIREGUARD_DATA &&
	    track->udp.begun == index)
		return saw(sight, CENSOR_CONFIDENCE_LIKELY, 16);
	if (track && (!track->udp.begun_by || track->udp.begun_by == CENSOR_BEGUN_WIREGUARD_DATA)) {
		track->udp.begun = index;
		track->udp.begun_by = CENSOR_BEGUN_WIREGUARD_DATA;
	}
	saw(sight, CENSOR_CONFIDENCE_GUESS, 16);
	return track ? CENSOR_FOUND_MORE : CENSOR_FOUND_ALL;
}

enum censor_found censor_detect_wireguard(const struct censor_look *look,
					  struct censor_sight *sight)
{
	if (look->len < 16 || look->data[0] < TYPE_INITIATION || look->data[0] > TYPE_DATA ||
	    censor_get24(look->data + 1))
		return CENSOR_FOUND_NOT;
	switch (look->data[0]) {
	case TYPE_INITIATION:
		return look->whole == SIZE_INITIATION ? initiation(look, sight) : CENSOR_FOUND_NOT;
	case TYPE_RESPONSE:
		return look->whole == SIZE_RESPONSE ?
			reply(look, censor_get32(look->data + 8), sight) : CENSOR_FOUND_NOT;
	case TYPE_COOKIE:
		return look->whole == SIZE_COOKIE ?
			reply(look, censor_get32(look->data + 4), sight) : CENSOR_FOUND_NOT;
	default:
		return look->whole >= SIZE_DATA_MIN && look->whole % 16 == 0 ?
			data(look, sight) : CENSOR_FOUND_NOT;
	}
}
