// SPDX-License-Identifier: GPL-2.0
/* Discord's voice (CENSORS.md 11.3). */
#include "begins.h"
#include "detectors.h"

#define DISCOVERY	74	/* kind, length of the rest, SSRC, address, port */
#define DISCOVERY_OLD	70	/* SSRC, and nothing */
#define ADDRESS_AT	8
#define ADDRESS_SIZE	64
#define KEEPALIVE	8

/* Text of an address, of IPv4 or IPv6, and zeroes behind it. */
static bool address_text(const u8 *p)
{
	u32 i = 0;

	while (i < ADDRESS_SIZE && ((p[i] >= '0' && p[i] <= ':') || p[i] == '.' ||
				    (censor_lower(p[i]) >= 'a' && censor_lower(p[i]) <= 'f')))
		i++;
	if (i < 2 || i == ADDRESS_SIZE)
		return false;
	while (i < ADDRESS_SIZE && !p[i])
		i++;
	return i == ADDRESS_SIZE;
}

static bool all_zero(const u8 *p, u32 len)
{
	while (len && !*p) {
		p++;
		len--;
	}
	return !len;
}

/*
 * IP discovery, before any voice: 74 bytes. The request is 00 01 00 46, an SSRC, and room for what
 * the answer brings: 00 02 00 46, the SSRC, the client's address as text in 64 bytes, its port.
 * (STUN begins the same way, but its lengths are multiples of 4.) Sure; likely where the request's
 * room is not empty. Until 2020 both were 70 bytes, the request an SSRC and zeroes: from memory, a
 * guess, and only for a flow's first datagram. 8 bytes that begin 13 37 ca fe keep the flow alive:
 * likely, as nDPI has it. Reads 74 bytes.
 */
enum censor_found censor_detect_discord(const struct censor_look *look, struct censor_sight *sight)
{
	const u8 *p = look->data;
	u32 len = look->whole;

	if ((len != DISCOVERY && len != DISCOVERY_OLD && len != KEEPALIVE) || look->len < len)
		return CENSOR_FOUND_NOT;
	if (len == KEEPALIVE) {
		if (censor_get32(p) != 0x1337cafe)
			return CENSOR_FOUND_NOT;
		return censor_saw(sight, CENSOR_PROTOCOL_DISCORD, CENSOR_CONFIDENCE_LIKELY, 0, 4);
	}
	if (len == DISCOVERY_OLD) {
		if (look->nth || !censor_get32(p) || !all_zero(p + 4, len - 4))
			return CENSOR_FOUND_NOT;
		return censor_saw(sight, CENSOR_PROTOCOL_DISCORD, CENSOR_CONFIDENCE_GUESS, 0, len);
	}
	if (censor_get32(p) == 0x00020046 && address_text(p + ADDRESS_AT))
		return censor_saw(sight, CENSOR_PROTOCOL_DISCORD, CENSOR_CONFIDENCE_SURE, 0, len);
	if (censor_get32(p) != 0x00010046)
		return CENSOR_FOUND_NOT;
	return censor_saw(sight, CENSOR_PROTOCOL_DISCORD,
			  all_zero(p + ADDRESS_AT, len - ADDRESS_AT) ? CENSOR_CONFIDENCE_SURE :
								       CENSOR_CONFIDENCE_LIKELY,
			  0, 4);
}
