// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>

#include "engine/inspect.h"
#include "utf8.h"
#include "value.h"

const char *const value_flag_names[8] = {
	"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"
};
const char *const value_tuple_names[4] = { "src", "dst", "sport", "dport" };
const char *const value_action_names[12] = {
	"log", "drop", "pass", "inject", "forge", "residual", "rewrite", "freeze", "police", "lose",
	"delay", "mark"
};

const char *const value_lie_names[] = { "address", "nxdomain", "refused", "cname" };
const char *const value_to_names[4] = { "nobody", "client", "server", "both" };
const char *const value_on_names[] = { "any", "syn", "other", NULL };
const char *const value_confidence_names[] = { "guess", "likely", "sure", NULL };
const char *const value_rearm_names[] = { "trigger", "never", "packet", NULL };
const char *const value_per_names[] = { "flow", "host", "rule", NULL };

/* Edits (a byte more, less, other, or two swapped) from one word to the other, or 99 for many. */
static u32 distance(const char *a, u32 a_len, const char *b, u32 b_len)
{
	u32 rows[3][64], *before = rows[0], *last = rows[1], *now = rows[2], i, j;

	if (a_len >= 64 || b_len >= 64)
		return 99;
	for (j = 0; j <= b_len; j++)
		last[j] = j;
	for (i = 1; i <= a_len; i++) {
		u32 *spare = before;

		now[0] = i;
		for (j = 1; j <= b_len; j++) {
			now[j] = last[j - 1] + (a[i - 1] != b[j - 1]);
			now[j] = min(now[j], min(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = min(now[j], before[j - 2] + 1);
		}
		before = last;
		last = now;
		now = spare;
	}
	return last[b_len];
}

const char *nearest(const char *text, u32 len, const char *(*next)(const void *from, u32 i),
		    const void *from)
{
	const char *word, *best = NULL;
	u32 i, least = 1 + max(1u, min(len / 3, 3u));

	for (i = 0; (word = next(from, i)); i++) {
		u32 word_len = strlen(word), far;

		if (word_len > len + 3 || len > word_len + 3)
			continue;
		far = distance(text, len, word, word_len);
		if (far < least && far < word_len) {
			least = far;
			best = word;
		}
	}
	return best;
}

/* Digits only. Return: false if it is no number, or too great for a u64 */
static bool read_digits(const char *text, u32 len, u64 *value)
{
	u32 i;

	*value = 0;
	if (!len)
		return false;
	for (i = 0; i < len; i++) {
		u32 digit = (u8)text[i] - '0';

		if (digit > 9 || __builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, digit, value))
			return false;
	}
	return true;
}

bool value_u64(struct report *report, const struct token *token, u64 *value)
{
	if (read_digits(token->text, token->len, value))
		return true;
	report_error(report, token->place,
		     "\"%.*s\" is not a number from 0 to 18446744073709551615", SHOWN(token));
	return false;
}

bool value_integer(struct report *report, const struct token *token, const char *what, u32 lo,
		   u32 hi, u32 *value)
{
	u64 number;

	if (!read_digits(token->text, token->len, &number) || number < lo || number > hi) {
		report_error(report, token->place, "%s is a number from %u to %u, not \"%.*s\"",
			     what, lo, hi, SHOWN(token));
		return false;
	}
	*value = number;
	return true;
}

bool value_range(struct report *report, const struct token *token, const char *what, u32 least,
		 u32 most, u32 *lo, u32 *hi)
{
	const char *dash = memchr(token->text, '-', token->len);
	u32 first = dash ? dash - token->text : token->len;
	u64 a, b;

	if (!read_digits(token->text, first, &a) ||
	    (dash && !read_digits(dash + 1, token->len - first - 1, &b))) {
		report_error(report, token->place,
			     "%s is a number or a range such as %u-%u, not \"%.*s\"", what,
			     least, most, SHOWN(token));
		return false;
	}
	if (!dash)
		b = a;
	if (a < least || b < least || a > most || b > most) {
		report_error(report, token->place, "%s is between %u and %u, not \"%.*s\"", what,
			     least, most, SHOWN(token));
		return false;
	}
	if (a > b) {
		report_error(report, token->place,
			     "a range begins with its lesser number: write %u-%u", (u32)b, (u32)a);
		return false;
	}
	*lo = a;
	*hi = b;
	return true;
}

/* Clear the bits beyond the prefix. Return: whether there were any */
static bool mask_prefix(struct censor_prefix *prefix)
{
	u32 bytes = prefix->family == 4 ? 4 : 16, i;
	bool any = false;

	for (i = 0; i < bytes; i++) {
		u32 keep = prefix->bits > i * 8 ? min(prefix->bits - i * 8, 8u) : 0;
		u8 beyond = prefix->addr[i] & (0xff >> keep);

		any |= beyond;
		prefix->addr[i] ^= beyond;
	}
	return any;
}

bool value_prefix(struct report *report, const struct token *token, struct censor_prefix *prefix)
{
	const char *slash = memchr(token->text, '/', token->len);
	u32 len = slash ? slash - token->text : token->len, most;
	char address[64];
	u64 bits;

	memset(prefix, 0, sizeof(*prefix));
	memcpy(address, token->text, min(len, (u32)sizeof(address) - 1));
	address[min(len, (u32)sizeof(address) - 1)] = '\0';
	if (memchr(address, ':', strlen(address)))
		prefix->family = 6;
	else
		prefix->family = 4;
	if (len >= sizeof(address) || strlen(address) != len ||
	    inet_pton(prefix->family == 6 ? AF_INET6 : AF_INET, address, prefix->addr) != 1) {
		report_error(report, token->place,
			     "\"%.*s\" is not an address or prefix such as 192.0.2.0/24 or 2001:db8::/32",
			     SHOWN(token));
		return false;
	}
	most = prefix->family == 6 ? 128 : 32;
	prefix->bits = most;
	if (!slash)
		return true;
	if (!read_digits(slash + 1, token->len - len - 1, &bits) || bits > most) {
		report_error(report, token->place,
			     "the length of an IPv%u prefix is a number from 0 to %u, not \"%.*s\"",
			     prefix->family, most, (int)min(token->len - len - 1, 100u), slash + 1);
		return false;
	}
	prefix->bits = bits;
	if (mask_prefix(prefix)) {
		inet_ntop(prefix->family == 6 ? AF_INET6 : AF_INET, prefix->addr, address,
			  sizeof(address));
		report_error(report, token->place,
			     "the prefix \"%.*s\" has address bits set beyond its length: write %s/%u",
			     SHOWN(token), address, prefix->bits);
		return false;
	}
	return true;
}

bool value_field(struct report *report, const struct token *token, const char *what, u32 least,
		 u32 most, bool mirror, bool cyclic, struct censor_field *field)
{
	u32 lo, hi;

	field->pick = cyclic ? CENSOR_PICK_CYCLIC : CENSOR_PICK_RANGE;
	if (token_is(token->text, token->len, "mirror")) {
		if (!mirror || cyclic) {
			report_error(report, token->place, mirror ?
				     "mirror takes the value of the packet that triggered it, so it can't be cyclic" :
				     "only ttl and ip-id can be mirror");
			return false;
		}
		*field = (struct censor_field){ .pick = CENSOR_PICK_MIRROR };
		return true;
	}
	if (token_is(token->text, token->len, "random")) {
		field->lo = least;
		field->hi = most;
		return true;
	}
	if (!value_range(report, token, what, least, most, &lo, &hi))
		return false;
	field->lo = lo;
	field->hi = hi;
	return true;
}

bool value_duration(struct report *report, const struct token *token, u32 *ms)
{
	static const struct { const char *unit; u32 ms; } units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
	};
	u32 digits = 0, i;
	u64 number;

	while (digits < token->len && token->text[digits] >= '0' && token->text[digits] <= '9')
		digits++;
	if (digits == token->len && digits) {
		report_error(report, token->place,
			     "a time needs its unit: write %.*ss for seconds, or ms, m, h, d",
			     SHOWN(token));
		return false;
	}
	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (!token_is(token->text + digits, token->len - digits, units[i].unit) ||
		    !read_digits(token->text, digits, &number))
			continue;
		if (__builtin_mul_overflow(number, (u64)units[i].ms, &number) ||
		    number > UINT32_MAX || !number) {
			report_error(report, token->place, "a time is from 1ms to 49d");
			return false;
		}
		*ms = number;
		return true;
	}
	report_error(report, token->place, "\"%.*s\" is not a time such as 90s, 500ms, 3m or 1h",
		     SHOWN(token));
	return false;
}

static const char *next_of_array(const void *from, u32 i)
{
	const char *const *array = from;

	return array[i];
}

const char *value_list(const char *const *words, char *buf)
{
	char *at = buf, *end = buf + VALUE_LIST_SIZE;
	u32 i;

	*buf = '\0';
	for (i = 0; words[i] && at < end; i++)
		at += snprintf(at, end - at, "%s%s", !i ? "" : words[i + 1] ? ", " : " or ",
			       words[i]);
	return buf;
}

bool value_choice(struct report *report, const struct token *token, const char *what,
		  const char *const *words, u8 *choice)
{
	char list[VALUE_LIST_SIZE];
	const char *near;
	u32 i;

	for (i = 0; words[i]; i++) {
		if (token_is(token->text, token->len, words[i])) {
			*choice = i;
			return true;
		}
	}
	near = nearest(token->text, token->len, next_of_array, words);
	report_error(report, token->place, "%s is %s, not \"%.*s\"%s%s%s", what,
		     value_list(words, list), SHOWN(token), near ? "; did you mean \"" : "",
		     near ? near : "", near ? "\"?" : "");
	return false;
}

bool value_chance(struct report *report, const struct token *token, u16 *of)
{
	u32 whole = 0, decimals = 0, at;
	bool point = false;

	for (at = 0; at < token->len && whole <= CENSOR_CERTAIN; at++) {
		char c = token->text[at];

		if (c == '.' && !point && at) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		whole = whole * 10 + (c - '0');
		decimals += point;
	}
	if (at && at + 1 == token->len && token->text[at] == '%' && decimals <= 2 &&
	    (!point || decimals)) {
		for (; decimals < 2; decimals++)
			whole *= 10;
		*of = whole;
		if (whole <= CENSOR_CERTAIN)
			return true;
	}
	report_error(report, token->place, at && at == token->len ?
		     "a probability stands with its %%: write %.*s%%" :
		     "a probability is from 0%% to 100%%, with two decimals at most such as 26.35%%, not \"%.*s\"",
		     SHOWN(token));
	return false;
}

bool value_clock(struct report *report, const struct token *token, u32 *clock)
{
	u64 number;

	if (token->len > 1 && (token->text[token->len - 1] | 0x20) == 'x' &&
	    read_digits(token->text, token->len - 1, &number) && number &&
	    number <= CENSOR_CLOCK_MAX) {
		*clock = number;
		return true;
	}
	report_error(report, token->place,
		     "a clock is from 1x to %ux, such as 60x for sixty times as fast, not \"%.*s\"",
		     CENSOR_CLOCK_MAX, SHOWN(token));
	return false;
}

bool value_zone(struct report *report, const struct token *token, s16 *offset)
{
	const char *text = token->text, *colon;
	u64 hours, minutes = 0;
	u32 digits;

	if (token->len > 4 && !strncasecmp(text, "utc", 3) && (text[3] == '+' || text[3] == '-')) {
		colon = memchr(text, ':', token->len);
		digits = (colon ? colon - text : token->len) - 4;
		if (read_digits(text + 4, digits, &hours) && hours <= 24 &&
		    (!colon || (token->len == digits + 7 &&
				read_digits(colon + 1, 2, &minutes) && minutes < 60)) &&
		    hours * 60 + minutes <= 1440) {
			*offset = hours * 60 + minutes;
			if (text[3] == '-')
				*offset = -*offset;
			return true;
		}
	}
	report_error(report, token->place,
		     "a time zone is written as utc+8 or utc-3:30, not \"%.*s\"", SHOWN(token));
	return false;
}

bool value_freeze(struct report *report, const struct token *amount, const struct token *unit,
		  struct censor_freeze *freeze)
{
	static const char *const units[] = { "packets", "bytes", NULL };
	struct token number = *amount;
	u8 choice = 1;
	u32 scale = 1;

	if (unit && !value_choice(report, unit, "what passes until it freezes", units, &choice))
		return false;
	if (!unit && amount->len > 2 && !strncasecmp(amount->text + amount->len - 2, "kb", 2)) {
		number.len -= 2;
		scale = 1024;
	} else if (!unit) {
		report_error(report, amount->place,
			     "freeze after what? Write %.*s packets, %.*s bytes, or as in 16KB",
			     SHOWN(amount), SHOWN(amount));
		return false;
	}
	if (!value_range(report, &number, "what passes until it freezes", 1,
			 scale == 1 ? 0x7fffffff : 0x1fffff, &freeze->lo, &freeze->hi))
		return false;
	freeze->bytes = choice;
	freeze->lo *= scale;
	freeze->hi *= scale;
	return true;
}

/* The next of some words that stand between @sign and blanks; @at moves on. */
static bool next_part(const struct token *token, u32 *at, char sign, struct token *part)
{
	u32 from = *at, to, end;
	const char *stop;

	if (from > token->len)
		return false;
	stop = memchr(token->text + from, sign, token->len - from);
	end = stop ? stop - token->text : token->len;
	*at = end + 1;
	while (from < end && strchr(" \t\r\n", token->text[from]))
		from++;
	for (to = end; to > from && strchr(" \t\r\n", token->text[to - 1]);)
		to--;
	*part = *token;
	part->text += from;
	part->len = to - from;
	if (token->place.line) {
		part->place.column += from;
		part->place.len = max(part->len, 1u);
	}
	return true;
}

static bool value_bits(struct report *report, const struct token *token, char sign,
		       const char *const *words, u32 n, const char *what, const char *all,
		       u8 *bits)
{
	const char *nulled[9] = {};
	struct token part;
	u32 at = 0, i;

	*bits = 0;
	memcpy(nulled, words, n * sizeof(*words));
	while (next_part(token, &at, sign, &part)) {
		const char *near;

		for (i = 0; i < n; i++)
			if (token_is(part.text, part.len, words[i]))
				break;
		if (i < n) {
			if (*bits & 1u << i)
				report_error(report, part.place, "%s is there twice", words[i]);
			*bits |= 1u << i;
			continue;
		}
		near = nearest(part.text, part.len, next_of_array, nulled);
		report_error(report, part.place, "\"%.*s\" is not %s: %s%s%s%s", SHOWN(&part), what,
			     all, near ? "; did you mean \"" : "", near ? near : "",
			     near ? "\"?" : "");
		return false;
	}
	return true;
}

bool value_tuple(struct report *report, const struct token *token, u8 *tuple)
{
	return value_bits(report, token, ',', value_tuple_names, 4, "part of a tuple",
			  "they are src, dst, sport, dport", tuple);
}

bool value_flags(struct report *report, const struct token *token, u8 *flags)
{
	if (token_is(token->text, token->len, "none")) {
		*flags = 0;
		return true;
	}
	return value_bits(report, token, '+', value_flag_names, 8, "a TCP flag",
			  "they are fin, syn, rst, psh, ack, urg, ece, cwr, joined by +", flags);
}

bool value_switch(struct report *report, const struct token *token, const char *what, bool *on)
{
	*on = token_is(token->text, token->len, "on");
	if (*on || token_is(token->text, token->len, "off"))
		return true;
	report_error(report, token->place, "%s is on or off, not \"%.*s\"", what,
		     SHOWN(token));
	return false;
}

bool value_to(struct report *report, const struct token *token, u8 *to)
{
	u32 i;

	for (i = 1; i < ARRAY_SIZE(value_to_names); i++) {
		if (token_is(token->text, token->len, value_to_names[i])) {
			*to = i;
			return true;
		}
	}
	report_error(report, token->place,
		     "a packet goes to client, server or both, not to \"%.*s\"", SHOWN(token));
	return false;
}

bool value_seq(struct report *report, const struct token *token, u32 *offset)
{
	u32 sign = token->len && (*token->text == '-' || *token->text == '+');
	u64 number;

	if (!read_digits(token->text + sign, token->len - sign, &number) ||
	    number > (sign && *token->text == '-' ? 0x80000000u : 0xffffffffu)) {
		report_error(report, token->place,
			     "an offset of the sequence number is a number such as 1460 or -1, not \"%.*s\"",
			     SHOWN(token));
		return false;
	}
	*offset = sign && *token->text == '-' ? 0 - (u32)number : (u32)number;
	return true;
}

static const char *next_attr(const void *from, u32 i)
{
	(void)from;
	return i < CENSOR_ATTR_COUNT ? censor_attr_name(i) : NULL;
}

int value_attr(struct report *report, const struct token *token)
{
	const char *near;
	u32 i;

	for (i = 0; i < CENSOR_ATTR_COUNT; i++)
		if (token_is(token->text, token->len, censor_attr_name(i)))
			return i;
	near = nearest(token->text, token->len, next_attr, NULL);
	report_error(report, token->place, "there is no field \"%.*s\"%s%s%s", SHOWN(token),
		     near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	if (!near)
		report_note(report, token->place,
			    "fields are from, proto, ip, ip.src, ip.dst, port, port.src, port.dst, dns.qname, dns.qtype, http.host, http.target, tls.sni, client, protocol");
	return -1;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One byte of a text in which a backslash takes the meaning from the next; @at moves on. */
static u8 next_byte(const char *text, u32 len, u32 *at)
{
	u32 i = (*at)++;

	if (text[i] != '\\' || i + 1 >= len)
		return text[i];
	if (text[i + 1] == 'x' && i + 3 < len && hex_digit(text[i + 2]) >= 0 &&
	    hex_digit(text[i + 3]) >= 0) {
		*at = i + 4;
		return hex_digit(text[i + 2]) << 4 | hex_digit(text[i + 3]);
	}
	*at = i + 2;
	return text[i + 1];
}

const char *value_text(struct arena *arena, const struct token *token)
{
	char *text;
	u32 at = 0, n = 0;

	if (token->plain || !memchr(token->text, '\\', token->len))
		return arena_text(arena, token->text, token->len);
	text = arena_text(arena, token->text, token->len);
	while (at < token->len)
		text[n++] = next_byte(token->text, token->len, &at);
	text[n] = '\0';
	return text;
}

const char *value_alias(struct report *report, struct arena *arena, const struct token *token)
{
	char *text = (char *)value_text(arena, token);
	size_t len = strlen(text), i;
	const char *why;

	if (len && text[len - 1] == '.')
		text[--len] = '\0';
	for (i = 0; i < len; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] |= 0x20;
	if (!censor_alias_check(text, &why))
		return text;
	report_error(report, token->place, "%s", why);
	return NULL;
}

const u8 *value_bytes(struct report *report, struct arena *arena, const struct token *token,
		      u32 *len)
{
	static const char from[] = "rnt\\\"", to[] = "\r\n\t\\\"";
	u8 *bytes = (u8 *)arena_text(arena, token->text, token->len);
	u32 at = 0, n = 0;

	while (at < token->len) {
		const char *text = token->text + at, *escape;
		u32 left = token->len - at;
		struct place place = token->place;

		if (*text != '\\') {
			bytes[n++] = *text;
			at++;
			continue;
		}
		escape = left > 1 && text[1] ? strchr(from, text[1]) : NULL;
		if (escape) {
			bytes[n++] = to[escape - from];
			at += 2;
			continue;
		}
		if (left > 3 && text[1] == 'x' && hex_digit(text[2]) >= 0 &&
		    hex_digit(text[3]) >= 0) {
			bytes[n++] = hex_digit(text[2]) << 4 | hex_digit(text[3]);
			at += 4;
			continue;
		}
		if (place.line) {
			place.column += at + 1;
			place.len = min(left, 2u);
		}
		report_error(report, place,
			     "\"%.*s\" is no escape: they are \\r \\n \\t \\\\ \\\" and \\xHH",
			     (int)min(left, 2u), text);
		return NULL;
	}
	*len = n;
	return bytes;
}

const u8 *value_hex(struct report *report, struct arena *arena, const struct token *token,
		    u32 *len)
{
	u8 *bytes = (u8 *)arena_text(arena, token->text, token->len);
	u32 i;

	for (i = 0; i + 1 < token->len; i += 2) {
		int high = hex_digit(token->text[i]), low = hex_digit(token->text[i + 1]);

		if (high < 0 || low < 0)
			break;
		bytes[i / 2] = high << 4 | low;
	}
	*len = i / 2;
	if (i == token->len && i)
		return bytes;
	report_error(report, token->place,
		     "bytes are pairs of hexadecimal digits such as 01020aff, not \"%.*s\"",
		     SHOWN(token));
	return NULL;
}

/* Whether the last byte stands for itself: it has no backslash before it. */
static bool plain_end(const char *text, u32 len)
{
	u32 slashes = 0;

	while (slashes + 1 < len && text[len - 2 - slashes] == '\\')
		slashes++;
	return !(slashes & 1);
}

/* Take the marks off. Return: the form, or -1 for marks that don't go together */
static int take_marks(const char **text, u32 *len, bool words)
{
	bool open = *len && (*text)[*len - 1] == '*' && plain_end(*text, *len);
	char mark = *len ? **text : 0;
	u32 skip = mark == '=' || mark == '*' || mark == '.';
	int form;

	if (open && *len == 1)
		return CENSOR_FORM_ENDS;	/* "*" alone: the text is empty */
	if (open) {
		(*len)--;
		form = mark == '*' ? CENSOR_FORM_SUBSTRING : mark == '=' ? CENSOR_FORM_PREFIX :
		       mark == '.' ? -1 : CENSOR_FORM_LABEL;
	} else if (mark == '*' && *len > 1 && (*text)[1] == '.') {
		skip = 2;
		form = CENSOR_FORM_SUBDOMAIN;
	} else if (skip) {
		form = mark == '*' ? CENSOR_FORM_ENDS : mark == '=' ? CENSOR_FORM_EXACT :
		       CENSOR_FORM_SUBDOMAIN;
	} else {
		form = words ? CENSOR_FORM_SUBSTRING : CENSOR_FORM_SUFFIX;
	}
	*text += skip;
	*len -= skip;
	return form;
}

bool value_name(struct report *report, const struct token *token, bool words, u8 *form, char *buf,
		u8 *len)
{
	const char *text = token->text, *what = words ? "word" : "name";
	u32 left = token->len, at = 0, n = 0;
	int marks;

	marks = take_marks(&text, &left, words);
	if (marks < 0) {
		report_error(report, token->place,
			     "a %s that begins with . can't end with *: write *.kw* for the part .kw, or .kw for subdomains",
			     what);
		return false;
	}
	*form = marks;
	if (!words && left && text[left - 1] == '.' && plain_end(text, left) &&
	    *form <= CENSOR_FORM_ENDS)
		left--;
	if (!left) {
		report_error(report, token->place, "a %s is empty", what);
		return false;
	}
	while (at < left) {
		bool escaped = text[at] == '\\';
		u8 c = next_byte(text, left, &at);

		if (c < ' ' || (c == ' ' && !words) || c == 0x7f) {
			report_error(report, token->place, c == ' ' ? "a %s has a space in it" :
				     "a %s has a control character in it", what);
			return false;
		}
		if (c == '*' && !escaped) {
			report_error(report, token->place,
				     "a * can only begin or end a %s; write \\* in quotes for the character",
				     what);
			return false;
		}
		if (n < CENSOR_TEXT_MAX)
			buf[n] = c >= 'A' && c <= 'Z' ? c + 0x20 : c;
		n++;
	}
	if (n > VALUE_NAME_MAX) {
		report_error(report, token->place, "a %s of %u bytes: at most %u are possible",
			     what, n, VALUE_NAME_MAX);
		return false;
	}
	*len = n;
	return true;
}
