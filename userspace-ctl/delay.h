/* SPDX-License-Identifier: GPL-2.0 */
/* Times down to microseconds, and the distributions that delays are drawn from, as text. */
#ifndef _CENSORCTL_DELAY_H
#define _CENSORCTL_DELAY_H

#include "ast.h"

#define DELAY_SIZE	256	/* a delay as text, with its NUL */

/**
 * value_delay() - "16ms", "10ms-20ms", or points such as "min 11.5ms p50 16.4ms p99.5 58ms"
 * @at: where it begins, for what is wrong with none of its words
 */
bool value_delay(struct report *report, struct place at, const struct token *words, u32 n,
		 struct censor_delay *delay);

/** print_delay() - the same way; @buf: DELAY_SIZE bytes, returned */
const char *print_delay(const struct censor_delay *delay, char *buf);

#endif
