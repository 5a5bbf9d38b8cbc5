// SPDX-License-Identifier: GPL-2.0
/* WhatsApp's chat connection (CENSORS.md 11.2). */
#include "begins.h"
#include "detectors.h"

#define PROLOGUE	4
#define MAJOR_MAX	9	/* of versions yet to come; below any letter or line's end */
#define MINOR_MAX	31
#define ROUTING_MAX	64
#define HELLO_MIN	34	/* a field that holds a key of 32 bytes */
#define HELLO_MAX	16384
#define XMPP_MAX	4095

/* Versions that have been seen, by their first number: a bit for each second one. */
static const u8 versions[] = {
	[1] = 1 << 5 |					/* to 2016; in nDPI as the oldest */
	      1 << 2 | 1 << 3 | 1 << 4 | 1 << 6,	/* 2012 to 2017: from memory */
	[2] = 1 << 1 |					/* an open-source client's, 2019 */
	      1 << 0,					/* from memory */
	[4] = 1 << 0,					/* an open-source client's, 2021 */
	[5] = 1 << 2 |					/* WhatsApp Web's, 2021 */
	      1 << 0 | 1 << 1,				/* from memory */
	[6] = 1 << 2 | 1 << 3 | 1 << 5 |		/* of today */
	      1 << 0 | 1 << 1 | 1 << 4,			/* between them: from memory */
};

static bool version_known(u8 major, u8 minor)
{
	return major < ARRAY_SIZE(versions) && minor < 8 && versions[major] & 1 << minor;
}

/*
 * The preamble that a client which was told its routing sends first: "ED", 00 01, a length of 3
 * bytes, and so much of a protobuf message, whose first field is number 1, a varint. Sets @at
 * behind it, or leaves it at 0 where there is none.
 */
static enum censor_found preamble(const struct censor_look *look, u32 *at)
{
	enum censor_found found = censor_begins(look, 0, "ED\0\1\0\0", 6);
	u32 len;

	if (found != CENSOR_FOUND_ALL)
		return found;
	if (look->len < 8)
		return CENSOR_FOUND_MORE;
	len = look->data[6];
	if (len < 2 || len > ROUTING_MAX || look->data[7] != 0x08)
		return CENSOR_FOUND_NOT;
	*at = 7 + len;
	return CENSOR_FOUND_ALL;
}

/*
 * HandshakeMessage { ClientHello client_hello = 2 { bytes ephemeral = 1; … } } fills a frame of
 * @len bytes at @at; the key is 32 bytes, and what follows it is not looked at. Sets @at behind
 * what was read.
 */
static enum censor_found noise(const struct censor_look *look, u32 *at, u32 len)
{
	enum censor_found found = censor_begins(look, *at, "\x12", 1);
	u32 hello = 0, shift = 0, from = *at, byte;

	if (found != CENSOR_FOUND_ALL)
		return found;
	do {
		if (++*at >= look->len)
			return CENSOR_FOUND_MORE;
		byte = look->data[*at];
		hello |= (byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80 && shift < 21);
	++*at;
	if (byte & 0x80 || hello < HELLO_MIN || hello != len - (*at - from))
		return CENSOR_FOUND_NOT;
	found = censor_begins(look, *at, "\x0a\x20", 2);
	*at += 2;
	return found;
}

/*
 * FunXMPP: a list (f8) of a tag with attributes in pairs, hence of odd length; the tag is token 1,
 * "stream:stream". From memory.
 */
static enum censor_found fun_xmpp(const struct censor_look *look, u32 *at)
{
	enum censor_found found = censor_begins(look, *at, "\xf8", 1);

	if (found != CENSOR_FOUND_ALL)
		return found;
	if (*at + 1 >= look->len)
		return CENSOR_FOUND_MORE;
	if (!(look->data[*at + 1] & 1) || look->data[*at + 1] < 3)
		return CENSOR_FOUND_NOT;
	found = censor_begins(look, *at + 2, "\x01", 1);
	*at += 3;
	return found;
}

/*
 * The prologue "WA", two numbers (protocol and dictionary), perhaps behind the preamble above; then
 * frames, each behind 3 bytes of length. From version 2 on the first frame is Noise's: the client's
 * ephemeral key in protobuf. Before, FunXMPP, where the length's upper four bits are flags, none of
 * them set in the first frame. Nothing is said of ports and addresses: the device of 2017 followed
 * the protocol (CENSORS.md 11.1).
 *
 * Sure: a version that was seen, and the frame. Likely: another one and the frame; or a message
 * that is nothing but the prologue (some clients write it by itself). Reads at most 84 bytes.
 */
enum censor_found censor_detect_whatsapp(const struct censor_look *look,
					 struct censor_sight *sight)
{
	enum censor_found found;
	u32 at = 0, len, least, most;
	const u8 *p;
	bool known;

	if (!look->len)
		return CENSOR_FOUND_MORE;
	if (look->data[0] != 'W' && look->data[0] != 'E')
		return CENSOR_FOUND_NOT;
	if (look->data[0] == 'E') {
		found = preamble(look, &at);
		if (found != CENSOR_FOUND_ALL)
			return found;
	}
	found = censor_begins(look, at, "WA", 2);
	if (found != CENSOR_FOUND_ALL)
		return found;
	if (look->len < at + PROLOGUE)
		return CENSOR_FOUND_MORE;
	p = look->data + at;
	known = version_known(p[2], p[3]);
	if (!p[2] || p[2] > MAJOR_MAX || p[3] > MINOR_MAX || (p[2] == 1 && !known))
		return CENSOR_FOUND_NOT;
	at += PROLOGUE;
	if (known && censor_look_end(look) == at)
		return censor_saw(sight, CENSOR_PROTOCOL_WHATSAPP, CENSOR_CONFIDENCE_LIKELY, 0, at);
	if (look->len < at + 3)
		return CENSOR_FOUND_MORE;
	len = censor_get24(look->data + at);
	at += 3;
	least = p[2] == 1 ? 3 : 2 + HELLO_MIN;
	most = p[2] == 1 ? XMPP_MAX : HELLO_MAX;
	if (len < least || len > most)
		return CENSOR_FOUND_NOT;
	found = p[2] == 1 ? fun_xmpp(look, &at) : noise(look, &at, len);
	if (found != CENSOR_FOUND_ALL)
		return found;
	return censor_saw(sight, CENSOR_PROTOCOL_WHATSAPP,
			  known ? CENSOR_CONFIDENCE_SURE : CENSOR_CONFIDENCE_LIKELY, 0, at);
}
