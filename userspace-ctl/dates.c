// SPDX-License-Identifier: GPL-2.0
/* Dates of the calendar, which are UTC, as text and as seconds since 1970. */
#include <stdio.h>

#include "dates.h"

#define YEAR_MIN	1970
#define YEAR_MAX	9999

static bool is_leap(s64 year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static u32 month_days(s64 year, u32 month)
{
	static const u8 days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 on. Years begin in March here, so that a leap day is a year's last. */
static s64 days_of(s64 year, u32 month, u32 day)
{
	s64 from_march = year - (month <= 2), era, of_era, of_year;

	era = (from_march >= 0 ? from_march : from_march - 399) / 400;
	of_era = from_march - era * 400;
	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(s64 days, s64 *year, u32 *month, u32 *day)
{
	s64 era, of_era, years, of_year, shifted;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	of_era = days - era * 146097;
	years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * years + years / 4 - years / 100);
	shifted = (5 * of_year + 2) / 153;
	*day = of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted + (shifted < 10 ? 3 : -9);
	*year = years + era * 400 + (*month <= 2);
}

/* So many digits, and no more of them. */
static bool read_number(const char **at, const char *end, u32 digits, u32 *number)
{
	*number = 0;
	for (; digits; digits--, (*at)++) {
		if (*at == end || **at < '0' || **at > '9')
			return false;
		*number = *number * 10 + (**at - '0');
	}
	return *at == end || **at < '0' || **at > '9';
}

static bool read_sign(const char **at, const char *end, char sign)
{
	if (*at == end || **at != sign)
		return false;
	(*at)++;
	return true;
}

/* HH:MM[:SS][Z] up to the end. */
static bool read_time(const char *at, const char *end, s64 *seconds, char *why)
{
	u32 hour, minute, second = 0;

	if (!read_number(&at, end, 2, &hour) || !read_sign(&at, end, ':') ||
	    !read_number(&at, end, 2, &minute) ||
	    (read_sign(&at, end, ':') && !read_number(&at, end, 2, &second)))
		return false;
	if (at < end && (*at == 'Z' || *at == 'z'))
		at++;
	if (at != end)
		return false;
	if (hour > 23 || minute > 59 || second > 59) {
		snprintf(why, DATE_WHY_SIZE, "a day goes from 00:00 to 23:59");
		return false;
	}
	*seconds = hour * 3600 + minute * 60 + second;
	return true;
}

bool date_time_of_day(const char *text, u32 len, s64 *seconds, char *why)
{
	*why = '\0';
	return read_time(text, text + len, seconds, why);
}

bool date_read(const char *text, u32 len, s64 *date, char *why)
{
	const char *at = text, *end = text + len;
	u32 year, month, day;
	s64 seconds = 0;

	*why = '\0';
	if (!read_number(&at, end, 4, &year) || !read_sign(&at, end, '-') ||
	    !read_number(&at, end, 2, &month) || !read_sign(&at, end, '-') ||
	    !read_number(&at, end, 2, &day))
		return false;
	if (at < end && *at != 'T' && *at != 't')
		return false;
	if (at < end && !read_time(at + 1, end, &seconds, why))
		return false;
	if (year < YEAR_MIN) {
		snprintf(why, DATE_WHY_SIZE, "dates begin with the year %u", YEAR_MIN);
		return false;
	}
	if (!month || month > 12) {
		snprintf(why, DATE_WHY_SIZE, "months are 01 to 12, behind the year");
		return false;
	}
	if (!day || day > month_days(year, month)) {
		snprintf(why, DATE_WHY_SIZE, "%04u-%02u has %u days", year, month,
			 month_days(year, month));
		return false;
	}
	*date = days_of(year, month, day) * DATE_DAY + seconds;
	return true;
}

/* The day at its beginning. Return: the seconds of the day */
static u32 print_day(s64 date, char *buf)
{
	s64 days = date / DATE_DAY, seconds = date % DATE_DAY, year;
	u32 month, day;

	if (seconds < 0) {
		seconds += DATE_DAY;
		days--;
	}
	date_of(days, &year, &month, &day);
	/* What the kernel tells may be anything. */
	snprintf(buf, DATE_SIZE, "%04d-%02u-%02u", (int)min(year, (s64)YEAR_MAX), month % 100,
		 day % 100);
	return seconds;
}

const char *date_print(s64 date, char *buf)
{
	u32 seconds = print_day(date, buf);
	size_t len = strlen(buf);

	if (seconds % 60)
		snprintf(buf + len, DATE_SIZE - len, "T%02u:%02u:%02u", seconds / 3600,
			 seconds / 60 % 60, seconds % 60);
	else if (seconds)
		snprintf(buf + len, DATE_SIZE - len, "T%02u:%02u", seconds / 3600,
			 seconds / 60 % 60);
	return buf;
}

const char *date_print_full(s64 date, char *buf)
{
	u32 seconds = print_day(date, buf);
	size_t len = strlen(buf);

	snprintf(buf + len, DATE_SIZE - len, "T%02u:%02u:%02uZ", seconds / 3600,
		 seconds / 60 % 60, seconds % 60);
	return buf;
}
