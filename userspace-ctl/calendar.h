/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The calendar of a policy's phases, and a clock that goes through it faster than life. Dates are
 * seconds since 1970; phases are as a policy has them, those with dates in their order.
 */
#ifndef _CENSORCTL_CALENDAR_H
#define _CENSORCTL_CALENDAR_H

#include "engine/policy.h"

#define CALENDAR_SPEED_MAX	1000000000u

/**
 * calendar_phase() - which phase a day falls into
 *
 * Where one has ended and none has begun, nothing is switched: the one before goes on.
 *
 * Return: its index, or -1 before the first.
 */
int calendar_phase(const struct censor_phase *phases, u32 n, s64 date);

/** calendar_next() - the phase that begins first after @date. Return: its index, or -1 */
int calendar_next(const struct censor_phase *phases, u32 n, s64 date);

/**
 * calendar_span() - from the first beginning to the last end
 * @end: of the last phase where it has one, else its beginning
 *
 * Return: false if no phase has a date.
 */
bool calendar_span(const struct censor_phase *phases, u32 n, s64 *begin, s64 *end);

/**
 * calendar_date() - the date after some time of playing
 * @from: where the playing began
 * @speed: seconds of the calendar in a second, 1 to CALENDAR_SPEED_MAX
 * @ns: nanoseconds since then
 */
s64 calendar_date(s64 from, u32 speed, u64 ns);

/**
 * calendar_ns() - after how many nanoseconds of playing a date is reached
 *
 * calendar_date() of that is @date or later; 0 for what is not after @from, U64_MAX for what no
 * clock reaches.
 */
u64 calendar_ns(s64 from, u32 speed, s64 date);

#endif
