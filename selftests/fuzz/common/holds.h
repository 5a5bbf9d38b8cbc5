/* SPDX-License-Identifier: GPL-2.0 */
/* For targets: what has to hold. */
#ifndef _FUZZ_HOLDS_H
#define _FUZZ_HOLDS_H

#include <stdbool.h>
#include <stdlib.h>

static inline void check(bool holds)
{
	if (!holds)
		abort();
}

#endif
