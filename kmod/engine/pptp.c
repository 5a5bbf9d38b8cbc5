// SPDX-License-Identifier: GPL-2.0
/* PPTP's control connection; what it tunnels is GRE's. */
#include "begins.h"
#include "detectors.h"

/*
 * RFC 2637 2.1 (CENSORS.md 7.1): the client begins with a Start-Control-Connection-Request: length
 * 156, PPTP message type 1 (control), the magic cookie 1a2b3c4d, control message type 1. On any
 * port; 1723 is the one that it has. Sure. Reads 10 bytes.
 */
enum censor_found censor_detect_pptp(const struct censor_look *look, struct censor_sight *sight)
{
	static const char request[10] = { 0, (char)156, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1 };
	enum censor_found found = censor_begins(look, 0, request, sizeof(request));

	if (found == CENSOR_FOUND_ALL)
		censor_saw(sight, CENSOR_PROTOCOL_PPTP, CENSOR_CONFIDENCE_SURE, 0, sizeof(request));
	return found;
}
