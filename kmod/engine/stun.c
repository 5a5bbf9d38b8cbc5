// SPDX-License-Identifier: GPL-2.0
/*
 * STUN and TURN, over UDP and TCP.
 *
 * A STUN message (RFC 8489, which is 5389's form) is 20 bytes, type 2 with its top two bits
 * zero, length 2 of what follows, a multiple of 4, cookie 21 12 a4 42, transaction 12; then
 * attributes, type 2, length 2, value, padded to 4. SURE with the cookie. TURN (RFC 8656, 6062)
 * is STUN with the methods Allocate to ChannelBind and Connect to ConnectionAttempt. Its
 * ChannelData is channel 2, 0x4000 to 0x7fff, and length 2 of the data: LIKELY after STUN on
 * its flow, or thrice.
 *
 * Without the cookie (RFC 3489): the type is of a binding or a shared secret, and the attributes,
 * of the numbers that it knew, end where the message does: a GUESS.
 *
 * WhatsApp's calls are TURN with attributes 0x4000 to 0x4002 of its own (CENSORS.md 11.2 has
 * "at least 0x4000", marked low; which ones is from memory): a GUESS that takes the place of
 * what is sure.
 *
 * Reads the 20 bytes and the heads of at most 24 attributes.
 */
#include "detectors.h"

#define HEADER		20
#define COOKIE		0x2112a442
#define ATTRIBUTES_MAX	24
#define CHANNEL_MIN	0x4000
#define CHANNEL_MAX	0x7fff
#define CHANNELS	3	/* so many make it likely without STUN */
#define SEEN		0x80

#define CLASSIC_TYPE_MAX	0x000b	/* REFLECTED-FROM */
#define OPTIONAL		0x8000	/* attributes that one may not know */

enum stun_kind {
	NOT_STUN,
	STUN_BINDING,
	STUN_TURN,
	STUN_CLASSIC,
	STUN_WHATSAPP,
};

/* The method in a message's type, between whose bits the class' two stand. */
static u16 method(u16 type)
{
	return (type & 0x000f) | (type & 0x00e0) >> 1 | (type & 0x3e00) >> 2;
}

static bool is_turn(u16 method)
{
	return method == 3 || method == 4 || (method >= 6 && method <= 12);
}

/* @len bytes of attributes; @cut: fewer than there were; @classic: as RFC 3489 had them */
static enum stun_kind attributes(const u8 *p, u32 len, bool cut, bool classic,
				 enum stun_kind kind)
{
	u32 at, n, type;

	for (at = 0, n = 0; at + 4 <= len && n < ATTRIBUTES_MAX; n++) {
		type = censor_get16(p + at);
		if (!classic && type >= 0x4000 && type <= 0x4002)
			return STUN_WHATSAPP;
		if (classic && (!type || (type > CLASSIC_TYPE_MAX && !(type & OPTIONAL))))
			return NOT_STUN;
		at += 4 + (((u32)censor_get16(p + at + 2) + 3) & ~3u);
	}
	return classic && !cut && at != len ? NOT_STUN : kind;
}

/* @whole: bytes of the message if it is one, and @len of them are here */
static enum stun_kind stun(const u8 *p, u32 len, u32 whole)
{
	bool cut = len < whole;
	u16 type;

	if (len < HEADER || p[0] & 0xc0 || p[3] & 3 || censor_get16(p + 2) != whole - HEADER)
		return NOT_STUN;
	type = censor_get16(p);
	len = min(len, whole) - HEADER;
	if (censor_get32(p + 4) == COOKIE)
		return attributes(p + HEADER, len, cut, false,
				  is_turn(method(type)) ? STUN_TURN : STUN_BINDING);
	/* Binding and shared secret; the latter over TLS only, but servers are asked either way. */
	if (type != 0x0001 && type != 0x0101 && type != 0x0111 && type != 0x0002 &&
	    type != 0x0102 && type != 0x0112)
		return NOT_STUN;
	return attributes(p + HEADER, len, cut, true, STUN_CLASSIC);
}

static enum censor_found say(enum stun_kind kind, u32 at, bool track, struct censor_sight *sight)
{
	switch (kind) {
	case STUN_WHATSAPP:
		return censor_saw(sight, CENSOR_PROTOCOL_WHATSAPP, CENSOR_CONFIDENCE_GUESS, at,
				  HEADER);
	case STUN_TURN:
		return censor_saw(sight, CENSOR_PROTOCOL_TURN, CENSOR_CONFIDENCE_SURE, at, HEADER);
	case STUN_BINDING:
	case STUN_CLASSIC:
		censor_saw(sight, CENSOR_PROTOCOL_STUN, kind == STUN_CLASSIC ?
			   CENSOR_CONFIDENCE_GUESS : CENSOR_CONFIDENCE_SURE, at, HEADER);
		/* TURN may follow. */
		return track ? CENSOR_FOUND_MORE : CENSOR_FOUND_ALL;
	default:
		return CENSOR_FOUND_NOT;
	}
}

/* ChannelData, which over UDP may have padding to 4 bytes behind it. */
static enum censor_found channel(const struct censor_look *look, u8 *seen,
				 struct censor_sight *sight)
{
	u32 number, len;

	if (look->len < 4)
		return CENSOR_FOUND_NOT;
	number = censor_get16(look->data);
	len = censor_get16(look->data + 2);
	if (number < CHANNEL_MIN || number > CHANNEL_MAX || look->whole < 4 + len ||
	    look->whole > 4 + ((len + 3) & ~3u))
		return CENSOR_FOUND_NOT;
	if (!(*seen & SEEN) && ++*seen < CHANNELS)
		return CENSOR_FOUND_MORE;
	return censor_saw(sight, CENSOR_PROTOCOL_TURN, CENSOR_CONFIDENCE_LIKELY, 0, 4);
}

enum censor_found censor_detect_stun(const struct censor_look *look, struct censor_sight *sight)
{
	u8 *seen = look->track ? &look->track->udp.stun : NULL;
	enum stun_kind kind = NOT_STUN;

	if (!look->len || look->data[0] & 0x80)
		return CENSOR_FOUND_NOT;
	if (look->data[0] & 0x40)
		return seen ? channel(look, seen, sight) : CENSOR_FOUND_NOT;
	if (look->whole >= HEADER)
		kind = stun(look->data, look->len, look->whole);
	if (kind != NOT_STUN && seen)
		*seen |= SEEN;
	return say(kind, 0, seen, sight);
}

/*
 * TCP: the message begins with the segment, or behind two bytes of its length (ICE, RFC 4571),
 * and another may follow it. Only with the cookie; ChannelData needs not be known, as TURN's
 * Allocate comes first.
 */
enum censor_found censor_detect_stun_tcp(const struct censor_look *look, struct censor_sight *sight)
{
	enum stun_kind kind;
	u32 at = 0, whole;

	if (look->len < HEADER || look->data[0] & 0xc0)
		return CENSOR_FOUND_NOT;
	if (censor_get32(look->data + 4) != COOKIE) {
		at = 2;
		if (look->len < at + HEADER || censor_get32(look->data + at + 4) != COOKIE ||
		    censor_get16(look->data) != HEADER + censor_get16(look->data + at + 2))
			return CENSOR_FOUND_NOT;
	}
	whole = HEADER + censor_get16(look->data + at + 2);
	if (at + whole > look->whole)
		return CENSOR_FOUND_NOT;
	kind = stun(look->data + at, min(look->len - at, whole), whole);
	return say(kind, at, look->track, sight);
}
