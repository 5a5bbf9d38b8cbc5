/* SPDX-License-Identifier: GPL-2.0 */
/* For targets: JSON that is made of what was read. */
#ifndef _FUZZ_HOLDS_JSON_H
#define _FUZZ_HOLDS_JSON_H

#include <jansson.h>

#include "holds.h"

/* Without it, or with one that can't be written, a page would stand still. It is let go. */
static inline void check_json(json_t *object)
{
	char *text;

	check(object);
	text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(10));
	check(text);
	free(text);
	json_decref(object);
}

#endif
