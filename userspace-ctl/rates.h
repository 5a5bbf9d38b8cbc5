/* SPDX-License-Identifier: GPL-2.0 */
/* Rates, sizes, marks and speeds of the policy language and the command line, both ways. */
#ifndef _CENSORCTL_RATES_H
#define _CENSORCTL_RATES_H

#include "value.h"

/* Each says what is wrong in the report and returns false then. */

/** value_rate() - "16kbit" a second: bit, kbit, mbit or gbit, in thousands */
bool value_rate(struct report *report, const struct token *token, u64 *rate);
/** value_burst() - "8KB": B, KB or MB, in 1024s */
bool value_burst(struct report *report, const struct token *token, u32 *bytes);
/** value_mark() - "0x10" or "0x10/0xff", also decimal */
bool value_mark(struct report *report, const struct token *token, struct censor_mark *mark);
/** value_date() - see dates.h */
bool value_date(struct report *report, const struct token *token, s64 *date);

/** rate_print() and size_print() - in the greatest unit that has no fraction; @buf: PRINT_SIZE */
const char *rate_print(u64 rate, char *buf);
const char *size_print(u32 bytes, char *buf);
const char *mark_print(const struct censor_mark *mark, char *buf);

/** speed_read() - "86400", or "1d" for a day in a second. Return: 0 if it is none */
u32 speed_read(const char *text);

#endif
