// SPDX-License-Identifier: GPL-2.0
/* Dates, and the calendar of a policy's phases: dates.h and calendar.h of censorctl. */
#include "test.h"
#include "../../userspace-ctl/calendar.h"
#include "../../userspace-ctl/dates.h"

#define DAY	((s64)DATE_DAY)
#define NONE	CENSOR_NO_DATE

static s64 date(const char *text)
{
	char why[DATE_WHY_SIZE];
	s64 when = -1;

	if (!date_read(text, strlen(text), &when, why))
		fail_msg("%s is no date: %s", text, why);
	return when;
}

static void bad(const char *text, const char *reason)
{
	char why[DATE_WHY_SIZE];
	s64 when;

	if (date_read(text, strlen(text), &when, why))
		fail_msg("%s is a date", text);
	assert_string_equal(why, reason);
}

static void test_dates(void **state)
{
	(void)state;
	assert_int_equal(date("1970-01-01"), 0);
	assert_int_equal(date("1970-01-02T00:01"), DAY + 60);
	assert_int_equal(date("2000-02-29"), 11016 * DAY);
	assert_int_equal(date("2000-03-01"), 11017 * DAY);
	assert_int_equal(date("2017-07-18T20:00Z"), 1500408000);
	assert_int_equal(date("2017-07-18t20:00:01z"), 1500408001);
	assert_int_equal(date("9999-12-31T23:59:59"), 253402300799);
	bad("2017-02-29", "2017-02 has 28 days");
	bad("2100-02-29", "2100-02 has 28 days");
	bad("2020-02-30", "2020-02 has 29 days");
	bad("2017-04-31", "2017-04 has 30 days");
	bad("2017-01-00", "2017-01 has 31 days");
	bad("2017-00-01", "months are 01 to 12, behind the year");
	bad("2017-13-01", "months are 01 to 12, behind the year");
	bad("1969-12-31", "dates begin with the year 1970");
	bad("2017-01-01T24:00", "a day goes from 00:00 to 23:59");
	bad("2017-01-01T23:60", "a day goes from 00:00 to 23:59");
	bad("2017-01-01T23:59:60", "a day goes from 00:00 to 23:59");
	bad("", "");
	bad("2017", "");
	bad("2017-7-18", "");
	bad("2017-07-018", "");
	bad("20170718", "");
	bad("2017-07-18 20:00", "");
	bad("2017-07-18T", "");
	bad("2017-07-18T20", "");
	bad("2017-07-18T20:00+01", "");
	bad("2017-07-18T20:00ZZ", "");
	bad("2017-07-18Z", "");
}

/* Every day of 1970 to 9999 is printed as it is read, and each comes a day after the one before. */
static void test_every_day(void **state)
{
	char text[DATE_SIZE];
	s64 day;

	(void)state;
	for (day = 0; day <= 253402300799 / DAY; day++)
		if (date(date_print(day * DAY, text)) != day * DAY)
			fail_msg("day %lld is printed as %s", (long long)day, text);
	assert_string_equal(date_print(1500408000, text), "2017-07-18T20:00");
	assert_string_equal(date_print(1500408001, text), "2017-07-18T20:00:01");
	assert_string_equal(date_print_full(1500336000, text), "2017-07-18T00:00:00Z");
	assert_string_equal(date_print(-1, text), "1969-12-31T23:59:59");
	/* What no calendar has, but the kernel might tell. */
	date_print(((s64)1 << 62) + 1, text);
	date_print(-((s64)1 << 62), text);
}

static void test_time_of_day(void **state)
{
	char why[DATE_WHY_SIZE];
	s64 seconds;

	(void)state;
	assert_true(date_time_of_day("20:30", 5, &seconds, why));
	assert_int_equal(seconds, 20 * 3600 + 30 * 60);
	assert_false(date_time_of_day("24:00", 5, &seconds, why));
	assert_string_equal(why, "a day goes from 00:00 to 23:59");
	assert_false(date_time_of_day("8:00", 4, &seconds, why));
	assert_string_equal(why, "");
}

/* always, July with an end, one without a date between, August, the crackdown */
static void year(struct censor_phase *phases)
{
	static const struct { const char *from, *until; } dates[] = {
		{ "2009-06-01", NULL }, { "2017-07-18", "2017-08-01" }, { NULL, NULL },
		{ "2017-09-20T12:00", "2017-09-25" }, { "2017-10-18", NULL }, { NULL, NULL },
	};
	u32 i;

	memset(phases, 0, ARRAY_SIZE(dates) * sizeof(*phases));
	for (i = 0; i < ARRAY_SIZE(dates); i++) {
		phases[i].from = dates[i].from ? date(dates[i].from) : NONE;
		phases[i].until = dates[i].until ? date(dates[i].until) : NONE;
	}
}

static void test_phase(void **state)
{
	struct censor_phase phases[6];

	(void)state;
	year(phases);
	assert_int_equal(calendar_phase(phases, 6, date("2009-05-31T23:59:59")), -1);
	assert_int_equal(calendar_phase(phases, 6, date("2009-06-01")), 0);
	assert_int_equal(calendar_phase(phases, 6, date("2017-07-17T23:59:59")), 0);
	assert_int_equal(calendar_phase(phases, 6, date("2017-07-18")), 1);
	/* It has ended, and none has begun: it goes on. */
	assert_int_equal(calendar_phase(phases, 6, date("2017-08-15")), 1);
	assert_int_equal(calendar_phase(phases, 6, date("2017-09-20T11:59")), 1);
	assert_int_equal(calendar_phase(phases, 6, date("2017-09-20T12:00")), 3);
	assert_int_equal(calendar_phase(phases, 6, date("9999-12-31")), 4);
	assert_int_equal(calendar_phase(phases + 5, 1, date("2017-07-18")), -1);
	assert_int_equal(calendar_phase(phases, 0, date("2017-07-18")), -1);

	assert_int_equal(calendar_next(phases, 6, 0), 0);
	assert_int_equal(calendar_next(phases, 6, date("2009-06-01")), 1);
	assert_int_equal(calendar_next(phases, 6, date("2017-07-18")), 3);
	assert_int_equal(calendar_next(phases, 6, date("2017-09-20T11:59:59")), 3);
	assert_int_equal(calendar_next(phases, 6, date("2017-09-20T12:00")), 4);
	assert_int_equal(calendar_next(phases, 6, date("2017-10-18")), -1);
}

static void test_span(void **state)
{
	struct censor_phase phases[6];
	s64 begin, end;

	(void)state;
	year(phases);
	assert_true(calendar_span(phases, 6, &begin, &end));
	assert_int_equal(begin, date("2009-06-01"));
	assert_int_equal(end, date("2017-10-18"));
	assert_true(calendar_span(phases, 4, &begin, &end));
	assert_int_equal(end, date("2017-09-25"));
	assert_true(calendar_span(phases + 2, 2, &begin, &end));
	assert_int_equal(begin, date("2017-09-20T12:00"));
	assert_false(calendar_span(phases + 5, 1, &begin, &end));
	assert_false(calendar_span(phases, 0, &begin, &end));
}

static void test_pace(void **state)
{
	static const u32 speeds[] = { 1, 7, 60, 86400, 604800, 999999937, CALENDAR_SPEED_MAX };
	const u64 second = 1000000000;
	u32 i, ahead;

	(void)state;
	assert_int_equal(calendar_date(1000, 1, 0), 1000);
	assert_int_equal(calendar_date(1000, 1, second - 1), 1000);
	assert_int_equal(calendar_date(1000, 1, second), 1001);
	assert_int_equal(calendar_date(0, 86400, second / 2), 43200);
	assert_int_equal(calendar_date(0, 86400, 100 * second), 100 * DAY);
	assert_int_equal(calendar_ns(1000, 86400, 1000), 0);
	assert_int_equal(calendar_ns(1000, 86400, 999), 0);
	assert_int_equal(calendar_ns(0, 86400, DAY), second);
	assert_int_equal(calendar_ns(0, 1, DAY), DAY * second);
	/* What comes first is never a moment early, nor a second late. */
	for (i = 0; i < ARRAY_SIZE(speeds); i++) {
		for (ahead = 1; ahead < 100000000; ahead = ahead * 3 + 1) {
			u64 ns = calendar_ns(5, speeds[i], 5 + (s64)ahead);

			assert_true(calendar_date(5, speeds[i], ns) >= 5 + (s64)ahead);
			assert_true(calendar_date(5, speeds[i], ns - 1) < 5 + (s64)ahead);
		}
	}
	/* All of the calendar as fast as life is more nanoseconds than there are. */
	assert_true(calendar_ns(0, 1, 253402300799) == ~(u64)0);
	assert_true(calendar_ns(0, 60, 253402300799) < ~(u64)0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates), cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_time_of_day), cmocka_unit_test(test_phase),
		cmocka_unit_test(test_span), cmocka_unit_test(test_pace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
