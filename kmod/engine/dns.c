// SPDX-License-Identifier: GPL-2.0
/* DNS queries (RFC 1035 4.1). */
#include "detect.h"

#define HEADER_SIZE	12
#define QR		0x80	/* in the third byte: a response */

enum censor_found censor_dns_question(const u8 *data, u32 len, struct censor_dns_question *q)
{
	u32 at = HEADER_SIZE, n = 0, i;

	if (len < HEADER_SIZE || data[2] & QR)
		return CENSOR_FOUND_NOT;
	for (;;) {
		u32 label;

		if (at >= len)
			return CENSOR_FOUND_BAD;
		label = data[at++];
		if (!label)
			break;
		/* 63 is the longest label; above it are pointers and forms that nobody uses. */
		if (label > 63 || label > len - at)
			return CENSOR_FOUND_BAD;
		if (n + label + 1 >= CENSOR_QNAME_SIZE)
			return CENSOR_FOUND_BAD;
		if (n)
			q->name[n++] = '.';
		for (i = 0; i < label; i++)
			q->name[n++] = censor_lower(data[at + i]);
		at += label;
	}
	if (len - at < 4)
		return CENSOR_FOUND_BAD;
	q->name_len = n;
	q->type = censor_get16(data + at);
	q->end = at + 4;
	return CENSOR_FOUND_ALL;
}
