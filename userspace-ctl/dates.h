/* SPDX-License-Identifier: GPL-2.0 */
/* Dates of the calendar, which are UTC, as text and as seconds since 1970. */
#ifndef _CENSORCTL_DATES_H
#define _CENSORCTL_DATES_H

#include "engine/host.h"

#define DATE_SIZE	32	/* a date as text, with its NUL */
#define DATE_WHY_SIZE	96	/* what is wrong with one */
#define DATE_DAY	86400	/* seconds */

/**
 * date_read() - "2017-07-18" or "2017-07-18T20:00", with seconds and a Z behind them or without
 * @text: @len bytes
 * @date: set to seconds since 1970
 * @why: DATE_WHY_SIZE bytes: set to what is wrong, or to "" where it isn't a date at all
 *
 * Return: whether it is a date, of 1970 to 9999.
 */
bool date_read(const char *text, u32 len, s64 *date, char *why);

/** date_time_of_day() - likewise "20:00" in seconds since midnight */
bool date_time_of_day(const char *text, u32 len, s64 *seconds, char *why);

/** date_print() - the same way, as short as it goes; @buf: DATE_SIZE bytes, returned */
const char *date_print(s64 date, char *buf);

/** date_print_full() - as in 2017-07-18T00:00:00Z, for programs */
const char *date_print_full(s64 date, char *buf);

#endif
