// SPDX-License-Identifier: GPL-2.0
/* The calendar of a policy's phases, and a clock that goes through it faster than life. */
#include "calendar.h"

#define SECOND_NS	1000000000ull

int calendar_phase(const struct censor_phase *phases, u32 n, s64 date)
{
	int found = -1;
	u32 i;

	for (i = 0; i < n; i++)
		if (phases[i].from != CENSOR_NO_DATE && phases[i].from <= date)
			found = (int)i;
	return found;
}

int calendar_next(const struct censor_phase *phases, u32 n, s64 date)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (phases[i].from != CENSOR_NO_DATE && phases[i].from > date)
			return (int)i;
	return -1;
}

bool calendar_span(const struct censor_phase *phases, u32 n, s64 *begin, s64 *end)
{
	bool any = false;
	u32 i;

	for (i = 0; i < n; i++) {
		if (phases[i].from == CENSOR_NO_DATE)
			continue;
		if (!any)
			*begin = phases[i].from;
		*end = phases[i].until == CENSOR_NO_DATE ? phases[i].from : phases[i].until;
		any = true;
	}
	return any;
}

s64 calendar_date(s64 from, u32 speed, u64 ns)
{
	u64 seconds = ns / SECOND_NS * speed + ns % SECOND_NS * speed / SECOND_NS;

	return from + (s64)seconds;
}

u64 calendar_ns(s64 from, u32 speed, s64 date)
{
	u64 left, whole, ns;

	if (date <= from)
		return 0;
	left = (u64)date - (u64)from;
	if (__builtin_mul_overflow(left / speed, SECOND_NS, &whole))
		return ~(u64)0;
	/* Up, so that it is not a moment before. */
	ns = (left % speed * SECOND_NS + speed - 1) / speed;
	return whole + ns < whole ? ~(u64)0 : whole + ns;
}
