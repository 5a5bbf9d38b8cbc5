// SPDX-License-Identifier: GPL-2.0
/*
 * BitTorrent's DHT (BEP 5): one bencoded dictionary a datagram, its keys sorted. A query is
 * d1:ad2:id20:… and ends with 1:y1:qe, an answer 1:rd2:id20: and 1:y1:re. SURE with both ends,
 * LIKELY with the first alone, where the last was cut off or is another. An answer that begins
 * with another key (ip, of BEP 42) is known by its last bytes and that one. Reads 12 bytes and
 * the last 7.
 */
#include "detectors.h"

static bool starts(const u8 *p, u32 len, const char *with)
{
	u32 n = (u32)strlen(with);

	return len >= n && !memcmp(p, with, n);
}

enum censor_found censor_detect_dht(const struct censor_look *look, struct censor_sight *sight)
{
	const u8 *p = look->data;
	u32 len = look->len;
	bool ends, begins;

	if (len < 12 || p[0] != 'd' || (p[1] != '1' && p[1] != '2'))
		return CENSOR_FOUND_NOT;
	begins = starts(p, len, "d1:ad2:id20:") || starts(p, len, "d1:rd2:id20:");
	ends = len == look->whole && (starts(p + len - 7, 7, "1:y1:qe") ||
				      starts(p + len - 7, 7, "1:y1:re"));
	if (!begins && !(ends && starts(p, len, "d2:ip6:")))
		return CENSOR_FOUND_NOT;
	return censor_saw(sight, CENSOR_PROTOCOL_BITTORRENT, begins && ends ?
			  CENSOR_CONFIDENCE_SURE : CENSOR_CONFIDENCE_LIKELY, 0, 12);
}
