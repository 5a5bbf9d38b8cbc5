// SPDX-License-Identifier: GPL-2.0
/* SSTP, where TLS does not hide it: behind a proxy that ends the TLS. */
#include "begins.h"
#include "detectors.h"

/*
 * [MS-SSTP] 3.2.4.1: HTTP with a method and a target of its own. The client speaks it inside TLS,
 * where it can't be seen (CENSORS.md 7.1). Sure. Reads 61 bytes.
 */
enum censor_found censor_detect_sstp(const struct censor_look *look, struct censor_sight *sight)
{
	static const char request[] =
		"SSTP_DUPLEX_POST /sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/";
	enum censor_found found = censor_begins(look, 0, request, sizeof(request) - 1);

	if (found == CENSOR_FOUND_ALL)
		censor_saw(sight, CENSOR_PROTOCOL_SSTP, CENSOR_CONFIDENCE_SURE, 0,
			   sizeof(request) - 1);
	return found;
}
