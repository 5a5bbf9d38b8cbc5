// SPDX-License-Identifier: GPL-2.0
/* WeChat: mmtls, by itself, behind a long link's header, or in HTTP (CENSORS.md 11.3). */
#include "begins.h"
#include "detectors.h"

#define RECORD		5
#define HELLO		12	/* bytes of a record up to its ClientHello's version */
#define LINK		16
#define LINK_MOST	65536
#define COMMAND_MAX	0xffff
#define HANDSHAKE	0x16
#define HANDSHAKE_EARLY	0x19
#define DATA		0x17
#define DATA_MIN	17	/* a byte and its tag */
#define DATA_MAX	16384
#define TARGET		"/mmtls/"
#define TARGET_LEN	(sizeof(TARGET) - 1 + 8)

static bool hexadecimal(u8 c)
{
	c = censor_lower(c);
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/**
 * censor_is_mmtls() - whether an HTTP request's target is a short link's: "/mmtls/" and 8
 * hexadecimal digits
 * @target: of @len bytes
 * @len: see @target
 *
 * Return: enum censor_confidence, or 0.
 */
u8 censor_is_mmtls(const u8 *target, u32 len)
{
	u32 i;

	if (len != TARGET_LEN || memcmp(target, TARGET, sizeof(TARGET) - 1))
		return 0;
	for (i = sizeof(TARGET) - 1; i < TARGET_LEN; i++)
		if (!hexadecimal(target[i]))
			return 0;
	return CENSOR_CONFIDENCE_SURE;
}

/*
 * A record: 16 handshake, 19 handshake with early data, 17 data; f1; 03 or 04; 2 bytes of length. A
 * handshake's content is a ClientHello: its own length in 4 bytes, 01, the version again, f1.
 */
static enum censor_found record(const struct censor_look *look, struct censor_sight *sight, u32 at)
{
	const u8 *p = look->data + at;
	u32 len, n = look->len - at;

	if (!n)
		return CENSOR_FOUND_MORE;
	if (p[0] != HANDSHAKE && p[0] != HANDSHAKE_EARLY && p[0] != DATA)
		return CENSOR_FOUND_NOT;
	if ((n > 1 && p[1] != 0xf1) || (n > 2 && p[2] != 3 && p[2] != 4))
		return CENSOR_FOUND_NOT;
	if (n < RECORD)
		return CENSOR_FOUND_MORE;
	len = censor_get16(p + 3);
	if (p[0] == DATA) {
		if (len < DATA_MIN || len > DATA_MAX)
			return CENSOR_FOUND_NOT;
		return censor_saw(sight, CENSOR_PROTOCOL_WECHAT, CENSOR_CONFIDENCE_LIKELY, at,
				  RECORD);
	}
	if (len < HELLO - RECORD)
		return CENSOR_FOUND_NOT;
	if (n < HELLO)
		return CENSOR_FOUND_MORE;
	if (censor_get32(p + 5) != len - 4 || p[9] != 1 || (p[10] != 3 && p[10] != 4) ||
	    p[11] != 0xf1)
		return CENSOR_FOUND_NOT;
	return censor_saw(sight, CENSOR_PROTOCOL_WECHAT, CENSOR_CONFIDENCE_SURE, at, HELLO);
}

/*
 * A long link's header: length of the whole message in 4 bytes, 00 10 (its own), 00 01 (version),
 * command, sequence number. The one without content that keeps the link alive has command 6.
 */
static enum censor_found long_link(const struct censor_look *look, struct censor_sight *sight)
{
	const u8 *p = look->data;
	enum censor_found found;
	u32 len;

	found = censor_begins(look, 0, "\0", 1);
	if (found == CENSOR_FOUND_ALL && look->len > 1 && p[1] > 1)
		found = CENSOR_FOUND_NOT;
	if (found == CENSOR_FOUND_ALL)
		found = censor_begins(look, 4, "\0\x10\0\1\0\0", 6);
	if (found != CENSOR_FOUND_ALL)
		return found;
	if (look->len < LINK)
		return CENSOR_FOUND_MORE;
	len = censor_get32(p);
	if (len < LINK || len > LINK_MOST || !censor_get16(p + 10))
		return CENSOR_FOUND_NOT;
	if (len >= LINK + RECORD && look->len > LINK) {
		found = record(look, sight, LINK);
		if (found != CENSOR_FOUND_NOT)
			return found;
	}
	/* What WeChat did before mmtls (2016), and still does inside it. */
	return censor_saw(sight, CENSOR_PROTOCOL_WECHAT, CENSOR_CONFIDENCE_LIKELY, 0, LINK);
}

static enum censor_found short_link(const struct censor_look *look, struct censor_sight *sight)
{
	enum censor_found found = censor_begins(look, 0, "POST " TARGET, 5 + sizeof(TARGET) - 1);

	if (found != CENSOR_FOUND_ALL)
		return found;
	if (look->len < 5 + TARGET_LEN + 1)
		return CENSOR_FOUND_MORE;
	if (look->data[5 + TARGET_LEN] != ' ' || !censor_is_mmtls(look->data + 5, TARGET_LEN))
		return CENSOR_FOUND_NOT;
	return censor_saw(sight, CENSOR_PROTOCOL_WECHAT, CENSOR_CONFIDENCE_SURE, 5, TARGET_LEN);
}

/*
 * Records, links and requests as above. Record layout and requests: the Citizen Lab's report on
 * mmtls (2024) and CENSORS.md 11.3; the header: published analyses of 2013 to 2017. Sure: a
 * ClientHello, a short link's request. Likely: a header; a data record that comes first.
 * Reads at most 28 bytes.
 */
enum censor_found censor_detect_wechat(const struct censor_look *look, struct censor_sight *sight)
{
	if (!look->len)
		return CENSOR_FOUND_MORE;
	switch (look->data[0]) {
	case HANDSHAKE:
	case HANDSHAKE_EARLY:
	case DATA:
		return record(look, sight, 0);
	case 0:
		return long_link(look, sight);
	case 'P':
		return short_link(look, sight);
	default:
		return CENSOR_FOUND_NOT;
	}
}
