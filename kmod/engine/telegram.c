// SPDX-License-Identifier: GPL-2.0
/*
 * Telegram's MTProto over TCP, in its transports. From memory of Telegram's own description
 * (core.telegram.org/mtproto/mtproto-transports) but for what a comment says was looked up.
 */
#include "begins.h"
#include "crypto.h"
#include "detectors.h"

#define AUTH_KEY	8	/* the key's number; 0 in messages that are not encrypted yet */
#define PLAIN_HEAD	20	/* it, the message's number, and its length */
#define PLAIN_MIN	(PLAIN_HEAD + 4)
#define SECRET_HEAD	24	/* the key's number and the message's key */
#define SECRET_MIN	(SECRET_HEAD + 16)
#define MESSAGE_MAX	(1 << 20)
#define WAIT_MAX	2048	/* bytes of a message whose end is waited for */
#define PADDING_MAX	15
#define FULL_HEAD	8	/* length and sequence number */
#define FULL_MIN	(FULL_HEAD + PLAIN_MIN + 4)
#define ABRIDGED_CHAIN	4

/* A key exchange's first question: req_pq and req_pq_multi. */
#define REQ_PQ		0x60469778
#define REQ_PQ_MULTI	0xbe7e8ef1

#define OBFUSCATED	64
#define HELLO		517

static bool zero8(const u8 *p)
{
	return !censor_get32(p) && !censor_get32(p + 4);
}

/*
 * How sure a message of @len bytes at @at is one, of which at least PLAIN_MIN have arrived; 0 where
 * it is none.
 */
static u8 message(const struct censor_look *look, u32 at, u32 len, u32 padding)
{
	const u8 *p = look->data + at;
	u32 inner;

	if (!zero8(p))
		return len >= SECRET_MIN && (padding || !((len - SECRET_HEAD) & 15)) ?
		       CENSOR_CONFIDENCE_LIKELY : 0;
	inner = censor_get_le32(p + 16);
	/* A client's message numbers are multiples of 4. */
	if (p[8] & 3 || inner & 3 || inner > len - PLAIN_HEAD ||
	    len - PLAIN_HEAD - inner > padding)
		return 0;
	inner = censor_get_le32(p + PLAIN_HEAD);
	return inner == REQ_PQ || inner == REQ_PQ_MULTI ? CENSOR_CONFIDENCE_SURE :
							  CENSOR_CONFIDENCE_LIKELY;
}

/* The length at @at, which moves to the message; 0 where that is none or is not all there. */
static u32 abridged_length(const struct censor_look *look, u32 *at)
{
	u32 words;

	if (*at >= look->len)
		return 0;
	words = look->data[(*at)++] & 0x7f;
	if (words < 0x7f)
		return words * 4;
	if (look->len - *at < 3)
		return 0;
	words = censor_get_le16(look->data + *at) | (u32)look->data[*at + 2] << 16;
	*at += 3;
	return words < 0x7f ? 0 : words * 4;
}

/*
 * Abridged: ef, once; then before each message its length in words, in a byte, or 7f and 3 bytes;
 * the upper bit asks for a quick acknowledgement. Of encrypted messages little is seen: a few of
 * them must fill what was sent.
 */
static enum censor_found abridged(const struct censor_look *look, struct censor_sight *sight)
{
	u32 end = censor_look_end(look), at = 1, len, n;
	u8 confidence;

	if (look->len < 5)
		return CENSOR_FOUND_MORE;
	len = abridged_length(look, &at);
	if (len < PLAIN_MIN || len > MESSAGE_MAX)
		return CENSOR_FOUND_NOT;
	if (look->len < at + PLAIN_MIN)
		return CENSOR_FOUND_MORE;
	confidence = message(look, at, len, 0);
	if (!confidence)
		return CENSOR_FOUND_NOT;
	if (zero8(look->data + at))
		return censor_saw(sight, CENSOR_PROTOCOL_TELEGRAM, confidence, 0, at + PLAIN_MIN);
	for (n = 0; n < ABRIDGED_CHAIN; n++) {
		if (len < SECRET_MIN || len > WAIT_MAX)
			return CENSOR_FOUND_NOT;
		at += len;
		if (at == end)
			return censor_saw(sight, CENSOR_PROTOCOL_TELEGRAM, confidence, 0,
					  min(at, look->len));
		if (at + 4 > end)
			return CENSOR_FOUND_MORE;
		len = abridged_length(look, &at);
	}
	return CENSOR_FOUND_NOT;
}

/*
 * Intermediate: ee ee ee ee, once; then before each message its length in 4 bytes from the little
 * end. Padded: dd dd dd dd, and each message has up to 15 random bytes behind it.
 */
static enum censor_found intermediate(const struct censor_look *look, struct censor_sight *sight)
{
	u32 padding = look->data[0] == 0xdd ? PADDING_MAX : 0, len;
	enum censor_found found;
	u8 confidence;

	found = censor_begins(look, 0, padding ? "\xdd\xdd\xdd\xdd" : "\xee\xee\xee\xee", 4);
	if (found != CENSOR_FOUND_ALL)
		return found;
	if (look->len < 8)
		return CENSOR_FOUND_MORE;
	len = censor_get_le32(look->data + 4) & 0x7fffffff;
	if (len < PLAIN_MIN || len > MESSAGE_MAX || (!padding && len & 3))
		return CENSOR_FOUND_NOT;
	if (look->len < 8 + PLAIN_MIN)
		return CENSOR_FOUND_MORE;
	confidence = message(look, 8, len, padding);
	if (!confidence)
		return CENSOR_FOUND_NOT;
	return censor_saw(sight, CENSOR_PROTOCOL_TELEGRAM, confidence, 0, 8 + PLAIN_MIN);
}

/* Of IEEE 802.3, four bits at a time. */
static u32 crc32(const u8 *p, u32 len)
{
	static const u32 table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
		0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	u32 crc = 0xffffffff;

	for (; len; p++, len--) {
		crc ^= *p;
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

/*
 * Full: a length of all, 4 bytes from the little end; a sequence number, 0 in the first; the
 * message; and the CRC-32 of what stands before it.
 */
static enum censor_found full(const struct censor_look *look, struct censor_sight *sight)
{
	enum censor_found found;
	u32 len;

	if (look->len > 1 && look->data[1] > WAIT_MAX >> 8)
		return CENSOR_FOUND_NOT;
	if (look->len < 4)
		return CENSOR_FOUND_MORE;
	len = censor_get_le32(look->data);
	if (len < FULL_MIN || len > WAIT_MAX || len & 3)
		return CENSOR_FOUND_NOT;
	found = censor_begins(look, 4, "\0\0\0\0", 4);
	if (found != CENSOR_FOUND_ALL)
		return found;
	if (look->len < len)
		return CENSOR_FOUND_MORE;
	if (crc32(look->data, len - 4) != censor_get_le32(look->data + len - 4))
		return CENSOR_FOUND_NOT;
	return censor_saw(sight, CENSOR_PROTOCOL_TELEGRAM, CENSOR_CONFIDENCE_SURE, 0, len);
}

/*
 * The plain transports, as above. Sure: the first question of a key exchange, or the full
 * transport's CRC. Likely: another message in the clear, or lengths that are right. Reads 33 bytes,
 * up to 2,048 for a CRC, and the lengths of up to 4 messages.
 */
enum censor_found censor_detect_telegram(const struct censor_look *look,
					 struct censor_sight *sight)
{
	if (!look->len)
		return CENSOR_FOUND_MORE;
	switch (look->data[0]) {
	case 0xef:
		return abridged(look, sight);
	case 0xdd:
	case 0xee:
		return intermediate(look, sight);
	default:
		/* Full: lengths are multiples of 4. */
		return look->data[0] & 3 ? CENSOR_FOUND_NOT : full(look, sight);
	}
}

/* Beginnings that a client avoids, so that no server mistakes it for something else. */
static bool avoided(const u8 *p)
{
	switch (censor_get32(p)) {
	case 0x48454144:	/* HEAD */
	case 0x504f5354:	/* POST */
	case 0x47455420:	/* GET */
	case 0x4f505449:	/* OPTI */
	case 0x16030102:	/* TLS */
	case 0xdddddddd:
	case 0xeeeeeeee:
		return true;
	default:
		return p[0] == 0xef || !censor_get32(p + 4);
	}
}

/* Whether the key can be random: bytes below 0x80 alone are text, once in 2^32 by chance. */
static bool text(const u8 *key)
{
	u32 bits = 0, i;

	for (i = 0; i < 32; i += 4)
		bits |= censor_get32(key + i);
	return !(bits & 0x80808080);
}

/*
 * Obfuscated, as every client of today is: 64 bytes that look random, and all that follows is
 * AES-256-CTR. Its key is bytes 8 to 39, its counter begins with bytes 40 to 55, and bytes 56 to
 * 59, encrypted like the rest, name the transport inside: four times ef, ee or dd. Anyone can
 * decrypt them, unless a proxy's secret was hashed into the key; those are fully encrypted to the
 * censor. Sure: by chance it is so once in 1.4 thousand million times. A key of text is not tried.
 * Reads 64 bytes.
 */
enum censor_found censor_detect_telegram_obfuscated(const struct censor_look *look,
						    struct censor_sight *sight)
{
	const u8 *p = look->data;
	u8 block[16];
	u32 tag, i;

	if (look->len < 8)
		return CENSOR_FOUND_MORE;
	if (avoided(p))
		return CENSOR_FOUND_NOT;
	if (look->len < OBFUSCATED)
		return CENSOR_FOUND_MORE;
	if (text(p + 8))
		return CENSOR_FOUND_NOT;
	/* They lie in the key stream's fourth block. The counter counts from the big end. */
	memcpy(block, p + 40, sizeof(block));
	for (i = 15, tag = 3; tag; i--) {
		tag += block[i];
		block[i] = tag & 0xff;
		tag >>= 8;
		if (!i)
			break;
	}
	censor_aes256_block(p + 8, block, block);
	tag = censor_get32(p + 56) ^ censor_get32(block + 8);
	if (tag != 0xefefefef && tag != 0xeeeeeeee && tag != 0xdddddddd)
		return CENSOR_FOUND_NOT;
	return censor_saw(sight, CENSOR_PROTOCOL_TELEGRAM, CENSOR_CONFIDENCE_SURE, 0, OBFUSCATED);
}

/**
 * censor_is_telegram_tls() - whether a first TLS record may be MTProto's in disguise ("fake TLS")
 * @data: the stream from its beginning
 * @len: bytes of it that have arrived
 *
 * The record has 517 bytes (16 03 01 02 00 01 00 01 fc 03 03), a session number of 32, and what
 * Chrome sent in 2020, in that order: GREASE, 15 or 16 ciphers, GREASE as the first extension and
 * nothing in it, as open-source clients send it (looked up). Servers know it by a digest in place
 * of the random bytes, with a secret that a censor lacks. A guess: Chrome itself until 2022 or so.
 *
 * Return: enum censor_confidence, or 0.
 */
u8 censor_is_telegram_tls(const u8 *data, u32 len)
{
	static const char head[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
	static const char ciphers[] = "\x13\x01\x13\x02\x13\x03\xc0\x2b\xc0\x2f\xc0\x2c\xc0\x30"
				      "\xcc\xa9\xcc\xa8\xc0\x13\xc0\x14\x00\x9c\x00\x9d\x00\x2f"
				      "\x00\x35";
	u32 n = sizeof(ciphers) - 1, size, at;

	if (len < HELLO || memcmp(data, head, sizeof(head) - 1) || data[43] != 32)
		return 0;
	size = censor_get16(data + 76);
	if ((size != n + 2 && size != n + 4) || (data[78] & 0x0f) != 0x0a || data[78] != data[79] ||
	    memcmp(data + 80, ciphers, n) ||
	    (size == n + 4 && censor_get16(data + 80 + n) != 0x000a))
		return 0;
	/* No compression; the extensions' length; the first of them. */
	at = 78 + size;
	if (censor_get16(data + at) != 0x0100 || censor_get16(data + at + 2) != HELLO - at - 4)
		return 0;
	at += 4;
	if ((data[at] & 0x0f) != 0x0a || data[at] != data[at + 1] || censor_get32(data + at + 2))
		return 0;
	return CENSOR_CONFIDENCE_GUESS;
}
