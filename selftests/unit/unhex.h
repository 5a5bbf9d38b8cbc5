/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CENSOR_UNHEX_H
#define _CENSOR_UNHEX_H

#include <ctype.h>
#include <stdlib.h>

#include "host.h"

/** unhex() - bytes of hexadecimal digits in pairs, blanks between them or not. Return: how many */
static inline u32 unhex(u8 *out, const char *hex)
{
	u32 n = 0;

	for (; *hex; hex++) {
		char pair[3] = { hex[0], hex[1], 0 };

		if (isspace((u8)*hex))
			continue;
		/* A test with anything else in it tests something else. */
		if (!isxdigit((u8)pair[0]) || !isxdigit((u8)pair[1]))
			abort();
		out[n++] = (u8)strtoul(pair, NULL, 16);
		hex++;
	}
	return n;
}

#endif
