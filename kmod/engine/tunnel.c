// SPDX-License-Identifier: GPL-2.0
/*
 * Tunnels that are IP protocols of their own: their number in the IP header says it.
 *
 * ESP is 50 (RFC 4303): SPI, at least 256, and a number that is not 0. GRE is 47 (RFC 2784,
 * 2890), version 0, or version 1 with protocol 0x880b and a key, as PPTP has it (RFC 2637):
 * both are named GRE, since PPTP is known by the TCP connection that it begins with. SURE;
 * LIKELY where the header is not what the number says, or can't be read. Reads 8 bytes.
 */
#include "detectors.h"

#define PROTO_GRE	47
#define PROTO_ESP	50
#define GRE_KEY		0x20
#define GRE_VERSION	7
#define GRE_PPP		0x880b

static bool is_esp(const u8 *p, u32 len)
{
	return len >= 8 && censor_get32(p) >= 256 && censor_get32(p + 4);
}

static bool is_gre(const u8 *p, u32 len)
{
	if (len < 4)
		return false;
	if ((p[1] & GRE_VERSION) == 1)
		return (p[0] & GRE_KEY) && censor_get16(p + 2) == GRE_PPP;
	return !(p[1] & GRE_VERSION);
}

enum censor_found censor_detect_tunnel(const struct censor_look *look, struct censor_sight *sight)
{
	bool fits;
	u8 named;

	switch (look->view->proto) {
	case PROTO_ESP:
		named = CENSOR_PROTOCOL_ESP;
		fits = is_esp(look->data, look->len);
		break;
	case PROTO_GRE:
		named = CENSOR_PROTOCOL_GRE;
		fits = is_gre(look->data, look->len);
		break;
	default:
		return CENSOR_FOUND_NOT;
	}
	return censor_saw(sight, named, fits ? CENSOR_CONFIDENCE_SURE : CENSOR_CONFIDENCE_LIKELY, 0,
			  min(look->len, 8u));
}
