// SPDX-License-Identifier: GPL-2.0
/* Requests to SOCKS proxies. Few bytes tell, so that all of them must fit, up to the last one. */
#include "begins.h"
#include "detectors.h"

#define TEXT_MAX	255
#define USER_PASSWORD	0x02	/* RFC 1929 */

static bool is_user(u8 c)
{
	return c >= 0x20 && c <= 0x7e;
}

static bool is_host(u8 c)
{
	u8 lower = censor_lower(c);

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
	       c == '_';
}

/* Text up to a NUL; @at goes behind it. */
static enum censor_found skip_text(const struct censor_look *look, u32 *at, bool (*is)(u8))
{
	u32 i;

	for (i = *at; i < look->len && i - *at <= TEXT_MAX; i++) {
		if (!look->data[i]) {
			*at = i + 1;
			return CENSOR_FOUND_ALL;
		}
		if (!is(look->data[i]))
			return CENSOR_FOUND_NOT;
	}
	return i - *at > TEXT_MAX ? CENSOR_FOUND_NOT : CENSOR_FOUND_MORE;
}

/*
 * SOCKS4 (its protocol document, from memory): 4, command 1 (CONNECT) or 2 (BIND), port, address,
 * user, NUL. SOCKS4a: the address is 0.0.0.x, x not 0, and a host name and a NUL follow. Nothing
 * follows then: the client waits. Port not 0, an address that a host can have, the user printable,
 * the name of characters that names have.
 * SOCKS4a is sure, SOCKS4 likely. Reads at most 520 bytes.
 */
static enum censor_found socks4(const struct censor_look *look, struct censor_sight *sight)
{
	const u8 *data = look->data;
	enum censor_found found;
	u32 at = 8, host;
	bool named;

	if (look->len >= 2 && data[1] != 1 && data[1] != 2)
		return CENSOR_FOUND_NOT;
	if (look->len < at)
		return CENSOR_FOUND_MORE;
	named = !data[4] && !data[5] && !data[6] && data[7];
	if (!censor_get16(data + 2) || (!named && (!data[4] || data[4] >= 224)))
		return CENSOR_FOUND_NOT;
	found = skip_text(look, &at, is_user);
	if (found == CENSOR_FOUND_ALL && named) {
		host = at;
		found = skip_text(look, &at, is_host);
		if (found == CENSOR_FOUND_ALL && at == host + 1)
			return CENSOR_FOUND_NOT;
	}
	if (found != CENSOR_FOUND_ALL)
		return found;
	if (at != censor_look_end(look))
		return CENSOR_FOUND_NOT;
	return censor_saw(sight, CENSOR_PROTOCOL_SOCKS4,
			  named ? CENSOR_CONFIDENCE_SURE : CENSOR_CONFIDENCE_LIKELY, 0, at);
}

/* RFC 1928 3, and IANA's list of methods (from memory); @offered: bits of those below 10 */
static enum censor_found skip_methods(const struct censor_look *look, u32 *at, u16 *offered)
{
	u32 n, i;

	*offered = 0;
	if (look->len < 2)
		return CENSOR_FOUND_MORE;
	n = look->data[1];
	for (i = 2; i < min(look->len, n + 2); i++) {
		u8 method = look->data[i];

		if (method >= 0x80 && method < 0xff)
			continue;		/* private */
		if (method > 9 || *offered & 1u << method)
			return CENSOR_FOUND_NOT;
		*offered |= 1u << method;
	}
	*at = n + 2;
	if (!n)
		return CENSOR_FOUND_NOT;
	return look->len < n + 2 ? CENSOR_FOUND_MORE : CENSOR_FOUND_ALL;
}

/* RFC 1929 2: version 1, a user and a password, each behind its length, none of them 0 */
static enum censor_found skip_password(const struct censor_look *look, u32 *at)
{
	u32 i;

	++*at;
	for (i = 0; i < 2; i++) {
		if (*at >= look->len)
			return CENSOR_FOUND_MORE;
		if (!look->data[*at])
			return CENSOR_FOUND_NOT;
		*at += 1 + look->data[*at];
	}
	return *at > look->len ? CENSOR_FOUND_MORE : CENSOR_FOUND_ALL;
}

/* RFC 1928 4: 5, command 1 to 3, 0, kind of address, address, port */
static enum censor_found skip_request(const struct censor_look *look, u32 *at)
{
	const u8 *data = look->data + *at;
	u32 left = look->len - *at, address = 0;

	if (data[0] != 5 || (left > 1 && (!data[1] || data[1] > 3)) || (left > 2 && data[2]))
		return CENSOR_FOUND_NOT;
	if (left < 5)
		return CENSOR_FOUND_MORE;
	if (data[3] == 1)
		address = 4;
	else if (data[3] == 3 && data[4])
		address = 1 + data[4];
	else if (data[3] == 4)
		address = 16;
	if (!address)
		return CENSOR_FOUND_NOT;
	*at += 4 + address + 2;
	return *at > look->len ? CENSOR_FOUND_MORE : CENSOR_FOUND_ALL;
}

/*
 * SOCKS5 (RFC 1928): 5, the number of methods, so many methods that exist, none twice, and nothing
 * else: the client waits. Some don't wait and send what follows at once: user and password
 * (RFC 1929) where that was offered, the request. Sure with either, likely without.
 * Reads at most 1,029 bytes.
 */
static enum censor_found socks5(const struct censor_look *look, struct censor_sight *sight)
{
	u8 confidence = CENSOR_CONFIDENCE_LIKELY;
	enum censor_found found;
	u16 offered;
	u32 at;

	found = skip_methods(look, &at, &offered);
	if (found == CENSOR_FOUND_ALL && at < look->len && look->data[at] == 1 &&
	    offered & 1u << USER_PASSWORD) {
		found = skip_password(look, &at);
		confidence = CENSOR_CONFIDENCE_SURE;
	}
	if (found == CENSOR_FOUND_ALL && at < look->len) {
		found = skip_request(look, &at);
		confidence = CENSOR_CONFIDENCE_SURE;
	} else if (found == CENSOR_FOUND_ALL && at < censor_look_end(look)) {
		return CENSOR_FOUND_NOT;	/* there is more, and the host doesn't have it */
	}
	if (found == CENSOR_FOUND_ALL)
		censor_saw(sight, CENSOR_PROTOCOL_SOCKS5, confidence, 0, at);
	return found;
}

enum censor_found censor_detect_socks(const struct censor_look *look, struct censor_sight *sight)
{
	if (!look->len)
		return CENSOR_FOUND_MORE;
	switch (look->data[0]) {
	case 4:
		return socks4(look, sight);
	case 5:
		return socks5(look, sight);
	default:
		return CENSOR_FOUND_NOT;
	}
}
