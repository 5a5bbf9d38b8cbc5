// SPDX-License-Identifier: GPL-2.0
/* Rates, sizes, marks and speeds of the policy language and the command line, both ways. */
#include <ctype.h>
#include <inttypes.h>

#include "calendar.h"
#include "dates.h"
#include "print.h"
#include "rates.h"

struct unit {
	const char *name;
	u64 of;
};

static const struct unit rate_units[] = {
	{ "bit", 1 }, { "kbit", 1000 }, { "mbit", 1000000 }, { "gbit", 1000000000 },
};

static const struct unit size_units[] = { { "B", 1 }, { "KB", 1 << 10 }, { "MB", 1 << 20 } };

static const struct unit speed_units[] = {
	{ "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", DATE_DAY },
};

enum number { NUMBER_GOOD, NUMBER_NO_UNIT, NUMBER_HUGE, NUMBER_BAD };

/* Digits and a unit. */
static enum number read_number(const char *text, u32 len, const struct unit *units, u32 n,
			       u64 *value)
{
	u32 digits = 0, i;
	bool huge = false;

	*value = 0;
	for (; digits < len && isdigit((u8)text[digits]); digits++)
		huge |= __builtin_mul_overflow(*value, 10, value) ||
			__builtin_add_overflow(*value, (u64)(text[digits] - '0'), value);
	for (i = 0; digits && i < n; i++) {
		if (!token_is(text + digits, len - digits, units[i].name))
			continue;
		huge |= __builtin_mul_overflow(*value, units[i].of, value);
		return huge ? NUMBER_HUGE : NUMBER_GOOD;
	}
	return digits && digits == len ? NUMBER_NO_UNIT : NUMBER_BAD;
}

bool value_rate(struct report *report, const struct token *token, u64 *rate)
{
	char least[PRINT_SIZE], most[PRINT_SIZE];

	switch (read_number(token->text, token->len, rate_units, ARRAY_SIZE(rate_units), rate)) {
	case NUMBER_GOOD:
		if (*rate >= CENSOR_RATE_MIN && *rate <= CENSOR_RATE_MAX)
			return true;
		break;
	case NUMBER_HUGE:
		break;
	case NUMBER_NO_UNIT:
		report_error(report, token->place,
			     "a rate needs its unit: write %.*sbit for bits a second, or kbit, mbit, gbit",
			     SHOWN(token));
		return false;
	case NUMBER_BAD:
		report_error(report, token->place,
			     "\"%.*s\" is not a rate such as 16kbit, 2mbit or 500bit (a second)",
			     SHOWN(token));
		return false;
	}
	report_error(report, token->place, "a rate is from %s to %s, not \"%.*s\"%s",
		     rate_print(CENSOR_RATE_MIN, least), rate_print(CENSOR_RATE_MAX, most),
		     SHOWN(token), *rate ? "" : "; what lets nothing pass is drop");
	return false;
}

bool value_burst(struct report *report, const struct token *token, u32 *bytes)
{
	char least[PRINT_SIZE], most[PRINT_SIZE];
	u64 size;

	switch (read_number(token->text, token->len, size_units, ARRAY_SIZE(size_units), &size)) {
	case NUMBER_GOOD:
		if (size < CENSOR_BURST_MIN || size > CENSOR_BURST_MAX)
			break;
		*bytes = size;
		return true;
	case NUMBER_HUGE:
		break;
	case NUMBER_NO_UNIT:
		report_error(report, token->place,
			     "a burst needs its unit: write %.*sB for bytes, or KB, MB",
			     SHOWN(token));
		return false;
	case NUMBER_BAD:
		report_error(report, token->place, "\"%.*s\" is not a size such as 8KB, 1500B or 1MB",
			     SHOWN(token));
		return false;
	}
	report_error(report, token->place, "a burst is from %s to %s, not \"%.*s\"",
		     size_print(CENSOR_BURST_MIN, least), size_print(CENSOR_BURST_MAX, most),
		     SHOWN(token));
	return false;
}

/* A number of 32 bits, decimal or with 0x. */
static bool read_word(const char *text, u32 len, u32 *word)
{
	bool hex = len > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
	u64 number = 0;
	u32 i;

	for (i = hex ? 2 : 0; i < len && number <= UINT32_MAX; i++) {
		u8 c = text[i];

		if (hex ? !isxdigit(c) : !isdigit(c))
			return false;
		number = number * (hex ? 16 : 10) + (isdigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	*word = number;
	return len && number <= UINT32_MAX;
}

bool value_mark(struct report *report, const struct token *token, struct censor_mark *mark)
{
	const char *slash = memchr(token->text, '/', token->len);
	u32 first = slash ? slash - token->text : token->len;
	struct place place = token->place;

	mark->mask = UINT32_MAX;
	if (!read_word(token->text, first, &mark->value) ||
	    (slash && !read_word(slash + 1, token->len - first - 1, &mark->mask))) {
		report_error(report, place,
			     "a mark is a number of 32 bits such as 0x10, or with a mask 0x10/0xff, not \"%.*s\"",
			     SHOWN(token));
		return false;
	}
	if (slash && place.line) {
		place.column += first + 1;
		place.len = max(token->len - first - 1, 1u);
	}
	if (!mark->mask) {
		report_error(report, place,
			     "a mask says which bits of the mark are changed, and this one has none");
		return false;
	}
	if (mark->value & ~mark->mask) {
		report_error(report, place,
			     "the mark 0x%x has bits that the mask 0x%x leaves out: write 0x%x/0x%x, or leave the mask away",
			     mark->value, mark->mask, mark->value, mark->value | mark->mask);
		return false;
	}
	return true;
}

bool value_date(struct report *report, const struct token *token, s64 *date)
{
	char why[DATE_WHY_SIZE];

	if (date_read(token->text, token->len, date, why))
		return true;
	if (*why)
		report_error(report, token->place, "\"%.*s\" is no date: %s", SHOWN(token), why);
	else
		report_error(report, token->place,
			     "\"%.*s\" is not a date such as 2017-07-18 or 2017-07-18T20:00 (UTC)",
			     SHOWN(token));
	return false;
}

static const char *print_number(u64 value, const struct unit *units, u32 n, char *buf)
{
	while (n > 1 && (!value || value % units[n - 1].of))
		n--;
	snprintf(buf, PRINT_SIZE, "%" PRIu64 "%s", value / units[n - 1].of, units[n - 1].name);
	return buf;
}

const char *rate_print(u64 rate, char *buf)
{
	return print_number(rate, rate_units, ARRAY_SIZE(rate_units), buf);
}

const char *size_print(u32 bytes, char *buf)
{
	return print_number(bytes, size_units, ARRAY_SIZE(size_units), buf);
}

const char *mark_print(const struct censor_mark *mark, char *buf)
{
	snprintf(buf, PRINT_SIZE, mark->mask == UINT32_MAX ? "0x%x" : "0x%x/0x%x", mark->value,
		 mark->mask);
	return buf;
}

u32 speed_read(const char *text)
{
	u64 speed;

	if (read_number(text, strlen(text), speed_units, ARRAY_SIZE(speed_units), &speed) !=
	    NUMBER_GOOD || speed > CALENDAR_SPEED_MAX)
		return 0;
	return speed;
}
