// SPDX-License-Identifier: GPL-2.0
#include "delay.h"
#include "value.h"

#define TIME_MAX_US	3600000000u	/* an hour: what waits longer is no delay */

static const struct { const char *unit; u32 us; } units[] = {
	{ "us", 1 }, { "ms", 1000 }, { "s", 1000000 }, { "m", 60000000 }, { "h", 3600000000u },
};

/* A time such as 16.4ms, in microseconds. */
static bool read_time(struct report *report, const struct token *token, u32 *us)
{
	const char *text = token->text;
	u64 number = 0, scale = 1;
	u32 at = 0, i;
	bool point = false;

	for (; at < token->len && number < TIME_MAX_US && scale <= 1000000; at++) {
		if (text[at] == '.' && !point && at) {
			point = true;
			continue;
		}
		if (text[at] < '0' || text[at] > '9')
			break;
		number = number * 10 + (text[at] - '0');
		scale *= point ? 10 : 1;
	}
	if (at == token->len && at && text[at - 1] != '.') {
		report_error(report, token->place,
			     "a time needs its unit: write %.*sms for milliseconds, or us, s, m, h",
			     SHOWN(token));
		return false;
	}
	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (!at || strlen(units[i].unit) != token->len - at ||
		    strncasecmp(text + at, units[i].unit, token->len - at))
			continue;
		if (__builtin_mul_overflow(number, units[i].us, &number) ||
		    number / scale > TIME_MAX_US) {
			report_error(report, token->place, "a delay is at most 1h");
			return false;
		}
		if (number % scale) {
			report_error(report, token->place, "a delay counts whole microseconds");
			return false;
		}
		*us = number / scale;
		return true;
	}
	report_error(report, token->place,
		     "\"%.*s\" is not a time such as 16ms, 16.4ms, 800us or 2s", SHOWN(token));
	return false;
}

/* The name of a point: min, max, p50, p99.5. Return: false if it is none */
static bool read_point(const struct token *token, u16 *at)
{
	const char *text = token->text;
	u32 i, number = 0, decimals = 0;
	bool point = false;

	if (token->len == 3 && !strncasecmp(text, "min", 3)) {
		*at = 0;
		return true;
	}
	if (token->len == 3 && !strncasecmp(text, "max", 3)) {
		*at = CENSOR_CERTAIN;
		return true;
	}
	if (token->len < 2 || (*text | 0x20) != 'p')
		return false;
	for (i = 1; i < token->len; i++) {
		if (text[i] == '.' && !point && i > 1) {
			point = true;
			continue;
		}
		if (text[i] < '0' || text[i] > '9' || number > CENSOR_CERTAIN)
			return false;
		number = number * 10 + (text[i] - '0');
		decimals += point;
	}
	if (decimals > 2 || (point && !decimals))
		return false;
	for (; decimals < 2; decimals++)
		number *= 10;
	*at = number;
	return number <= CENSOR_CERTAIN;
}

static bool read_range(struct report *report, const struct token *token, const char *dash,
		       struct censor_delay *delay)
{
	u32 first = dash - token->text;
	struct token part = *token;

	part.len = first;
	if (!read_time(report, &part, &delay->point[0].us))
		return false;
	part.text = dash + 1;
	part.len = token->len - first - 1;
	if (part.place.line)
		part.place.column += first + 1;
	if (!read_time(report, &part, &delay->point[1].us))
		return false;
	if (delay->point[1].us < delay->point[0].us) {
		report_error(report, token->place,
			     "a range begins with its lesser time: write %.*s-%.*s",
			     (int)part.len, part.text, (int)first, token->text);
		return false;
	}
	delay->point[1].at = CENSOR_CERTAIN;
	delay->n = 2;
	return true;
}

static bool add_point(struct report *report, const struct token *name, const struct token *time,
		      struct censor_delay *delay)
{
	u32 us;
	u16 at;

	if (!read_point(name, &at)) {
		report_error(report, name->place,
			     "\"%.*s\" is not a point of a delay: they are min, max, and p0.01 to p99.99 as in p50 16ms",
			     SHOWN(name));
		return false;
	}
	if (!read_time(report, time, &us))
		return false;
	if (delay->n == CENSOR_DELAY_POINTS) {
		report_error(report, name->place, "a delay has at most %u points",
			     CENSOR_DELAY_POINTS);
		return false;
	}
	if (delay->n && at <= delay->point[delay->n - 1].at) {
		report_error(report, name->place,
			     "the points of a delay rise: %.*s stands behind one that is not less",
			     SHOWN(name));
		return false;
	}
	if (delay->n && us < delay->point[delay->n - 1].us) {
		report_error(report, time->place,
			     "the times of a delay don't fall: %.*s is less than the one before",
			     SHOWN(time));
		return false;
	}
	delay->point[delay->n].at = at;
	delay->point[delay->n++].us = us;
	return true;
}

bool value_delay(struct report *report, struct place at, const struct token *words, u32 n,
		 struct censor_delay *delay)
{
	const char *dash;
	u32 i;

	memset(delay, 0, sizeof(*delay));
	if (n == 1) {
		dash = memchr(words->text, '-', words->len);
		if (dash)
			return read_range(report, words, dash, delay);
		if (read_point(words, &delay->point[0].at)) {
			report_error(report, words->place,
				     "the time of %.*s is missing, as in p50 16ms", SHOWN(words));
			return false;
		}
		delay->n = 1;
		return read_time(report, words, &delay->point[0].us);
	}
	for (i = 0; i + 1 < n; i += 2)
		if (!add_point(report, &words[i], &words[i + 1], delay))
			return false;
	if (i == n && n) {
		/* One point is a fixed time, wherever it stands. */
		if (delay->n == 1)
			delay->point[0].at = 0;
		return true;
	}
	report_error(report, n ? words[i].place : at,
		     "a delay is a time (16ms), a range (10ms-20ms) or points, each with its time (p50 16ms p95 23ms)");
	return false;
}

/* As short as it goes without losing a microsecond. Return: behind it */
static char *put_time(char *at, u32 us)
{
	u32 i = 0, part, digits = 0;

	if (us && us % 1000000 == 0)
		i = 2;
	else if (us >= 1000)
		i = 1;
	at += sprintf(at, "%u", us / units[i].us);
	part = us % units[i].us;
	if (part) {
		for (digits = 3; part % 10 == 0; digits--)
			part /= 10;
		at += sprintf(at, ".%0*u", (int)digits, part);
	}
	return stpcpy(at, units[i].unit);
}

static char *put_point(char *at, u16 point)
{
	if (!point)
		return stpcpy(at, "min");
	if (point == CENSOR_CERTAIN)
		return stpcpy(at, "max");
	at += sprintf(at, "p%u", point / 100);
	if (point % 10)
		return at + sprintf(at, ".%02u", point % 100);
	return point % 100 ? at + sprintf(at, ".%u", point % 100 / 10) : at;
}

const char *print_delay(const struct censor_delay *delay, char *buf)
{
	char *at = buf;
	u32 i;

	if (delay->n == 1) {
		put_time(buf, delay->point[0].us);
		return buf;
	}
	if (delay->n == 2 && !delay->point[0].at && delay->point[1].at == CENSOR_CERTAIN) {
		at = put_time(at, delay->point[0].us);
		*at++ = '-';
		put_time(at, delay->point[1].us);
		return buf;
	}
	*buf = '\0';
	for (i = 0; i < delay->n && i < CENSOR_DELAY_POINTS; i++) {
		if (i)
			*at++ = ' ';
		at = put_point(at, delay->point[i].at);
		*at++ = ' ';
		at = put_time(at, delay->point[i].us);
	}
	return buf;
}
