// SPDX-License-Identifier: GPL-2.0
/*
 * Dates and times of day, speeds and the calendar, for libFuzzer. An input is four numbers of a
 * calendar (struct knobs) and a text. What a text says must be said by what is printed of it, and
 * playing must come to each date when it says that it does.
 */
#include <stdio.h>

#include "../../userspace-ctl/calendar.h"
#include "../../userspace-ctl/dates.h"
#include "../../userspace-ctl/rates.h"
#include "holds.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define PHASES	3
#define NEVER	(~(u64)0)	/* of calendar_ns() */

struct knobs {
	u8 from[8];
	u8 speed[4];
	u8 dates[PHASES][2];	/* of phases, days; 0xffff: none */
};

static u64 number(const u8 *bytes, u32 n)
{
	u64 value = 0;

	while (n--)
		value = value << 8 | *bytes++;
	return value;
}

/* A date that a policy may have. */
static bool written(s64 date)
{
	return date >= 0 && date <= CENSOR_WALL_MAX;
}

static void check_printed(s64 date)
{
	char buf[DATE_SIZE], why[DATE_WHY_SIZE];
	s64 again = -1;

	check(strlen(date_print(date, buf)) < DATE_SIZE);
	check(!written(date) || (date_read(buf, strlen(buf), &again, why) && again == date));
	check(strlen(date_print_full(date, buf)) < DATE_SIZE);
	check(!written(date) || (date_read(buf, strlen(buf), &again, why) && again == date));
}

static void read_text(const char *text, u32 len)
{
	char why[DATE_WHY_SIZE];
	s64 date, seconds;

	if (date_read(text, len, &date, why)) {
		check(!*why && written(date));
		check_printed(date);
	}
	check(strnlen(why, sizeof(why)) < sizeof(why));
	if (date_time_of_day(text, len, &seconds, why))
		check(!*why && seconds >= 0 && seconds < DATE_DAY);
	check(strnlen(why, sizeof(why)) < sizeof(why));
}

static void play(const struct knobs *knobs)
{
	struct censor_phase phases[PHASES];
	s64 from = (s64)number(knobs->from, 8), begin, end;
	u32 speed = 1 + (u32)number(knobs->speed, 4) % CALENDAR_SPEED_MAX, i;
	s64 last = -1;
	int next;

	check_printed(from);
	memset(phases, 0, sizeof(phases));
	for (i = 0; i < PHASES; i++) {
		u32 days = (u32)number(knobs->dates[i], 2);

		phases[i].from = days == 0xffff ? CENSOR_NO_DATE : (s64)days * DATE_DAY;
		phases[i].until = CENSOR_NO_DATE;
		/* As a policy has them: in their order. */
		if (phases[i].from != CENSOR_NO_DATE && phases[i].from <= last)
			phases[i].from = last + DATE_DAY;
		if (phases[i].from != CENSOR_NO_DATE)
			last = phases[i].from;
	}
	from = (s64)((u64)from % (CENSOR_WALL_MAX + 1));
	check(calendar_span(phases, PHASES, &begin, &end) == (last >= 0));
	check(last < 0 || (begin <= end && end == last));
	next = calendar_next(phases, PHASES, from);
	if (next >= 0) {
		u64 ns = calendar_ns(from, speed, phases[next].from);

		check(phases[next].from > from);
		check(ns == NEVER || calendar_date(from, speed, ns) >= phases[next].from);
		check(!ns || ns == NEVER || calendar_date(from, speed, ns - 1) < phases[next].from);
		check(calendar_phase(phases, PHASES, phases[next].from) == next);
	} else {
		check(last <= from);
	}
	check(calendar_phase(phases, PHASES, from) < PHASES);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct knobs knobs;
	char *text;
	u32 len;

	if (size < sizeof(knobs))
		return 0;
	memcpy(&knobs, data, sizeof(knobs));
	play(&knobs);
	len = (u32)(size - sizeof(knobs));
	/* Nothing is read behind it; a speed ends with a NUL. */
	text = malloc(len + 1);
	memcpy(text, data + sizeof(knobs), len);
	text[len] = '\0';
	check(speed_read(text) <= CALENDAR_SPEED_MAX);
	free(text);
	text = malloc(len ? len : 1);
	memcpy(text, data + sizeof(knobs), len);
	read_text(text, len);
	free(text);
	return 0;
}
