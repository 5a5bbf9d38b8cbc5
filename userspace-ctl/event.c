// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <inttypes.h>
#include <time.h>

#include "engine/inspect.h"
#include "event.h"
#include "utf8.h"
#include "value.h"

const char *address_print(u8 family, const u8 *addr, char *buf)
{
	if (!inet_ntop(family == 4 ? AF_INET : AF_INET6, addr, buf, INET6_ADDRSTRLEN))
		strcpy(buf, "?");
	return buf;
}

const char *proto_print(u8 proto, char *buf)
{
	const char *word = value_keyword_of(CENSOR_ATTR_PROTO, proto);

	if (word)
		return word;
	sprintf(buf, "%u", proto);
	return buf;
}

const char *time_print(u64 time_ns, char *buf)
{
	time_t seconds = time_ns / 1000000000;
	struct tm tm;
	size_t len;

	gmtime_r(&seconds, &tm);
	len = strftime(buf, 24, "%Y-%m-%dT%H:%M:%S", &tm);
	sprintf(buf + len, ".%09uZ", (u32)(time_ns % 1000000000));
	return buf;
}

void json_print_string(FILE *out, const void *bytes, size_t len)
{
	const char *text = bytes;
	size_t at = 0;

	fputc('"', out);
	while (at < len) {
		u32 code, n = utf8_char(text + at, len - at, &code);
		u8 c = text[at];

		if (!n || utf8_obeyed(code))
			fprintf(out, "\\u%04x", n ? code : c);
		else if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else
			fwrite(text + at, 1, n, out);
		at += n ? n : 1;
	}
	fputc('"', out);
}

void text_print(FILE *out, const void *bytes, size_t len)
{
	const char *text = bytes;
	size_t at = 0;

	while (at < len) {
		u32 code, n = utf8_char(text + at, len - at, &code);

		if (!n || utf8_obeyed(code)) {
			fprintf(out, "\\x%02x", (u8)text[at]);
			at++;
			continue;
		}
		fwrite(text + at, 1, n, out);
		at += n;
	}
}

void text_vprintf(FILE *out, const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		return;
	text_print(out, text, strlen(text));
	free(text);
}

void text_printf(FILE *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vprintf(out, format, args);
	va_end(args);
}

enum { VALUE_NONE, VALUE_TEXT, VALUE_ADDRESS, VALUE_NUMBER, VALUE_WORD };

/* What kind of value an event has; the word for a number that has one goes to @word. */
static int value_kind(const struct event *event, const char **word)
{
	if (event->attr < 0 || event->attr >= CENSOR_ATTR_COUNT)
		return VALUE_NONE;
	switch (censor_attr_kind(event->attr)) {
	case CENSOR_KIND_NAMES:
		return event->value ? VALUE_TEXT : VALUE_NONE;
	case CENSOR_KIND_PREFIXES:
		return event->value && (event->value_len == 4 || event->value_len == 16) ?
		       VALUE_ADDRESS : VALUE_NONE;
	default:
		*word = value_keyword_of(event->attr, event->number);
		return *word ? VALUE_WORD : VALUE_NUMBER;
	}
}

/* Numbers stay numbers for programs, but those that mean nothing to anyone. */
static bool only_words(int attr)
{
	return attr == CENSOR_ATTR_FROM || attr == CENSOR_ATTR_CLIENT ||
	       attr == CENSOR_ATTR_PROTOCOL || attr == CENSOR_ATTR_TLS_HAS ||
	       attr == CENSOR_ATTR_QUIC_VERSION;
}

/* How surely a protocol was recognised, or NULL */
static const char *confidence(const struct event *event)
{
	u8 number = CENSOR_CONFIDENCE_OF(event->number);

	return event->attr == CENSOR_ATTR_PROTOCOL && number ? censor_confidence_name(number) :
							       NULL;
}

static const char *field_name(const struct event *event)
{
	if (event->attr < 0 || event->attr >= CENSOR_ATTR_COUNT)
		return NULL;
	return censor_attr_name(event->attr);
}

static void end_print(FILE *out, const struct event *event, const u8 *addr, u16 port)
{
	char buf[INET6_ADDRSTRLEN];

	address_print(event->family, addr, buf);
	if (!event->sport && !event->dport)
		fputs(buf, out);
	else
		fprintf(out, event->family == 4 ? "%s:%u" : "[%s]:%u", buf, port);
}

static const char *action_colour(const char *action)
{
	if (!strncmp(action, "log", 3) || !strncmp(action, "pass", 4))
		return strchr(action, ',') ? "\033[1;31m" : "\033[32m";
	return "\033[1;31m";
}

void event_print_match(FILE *out, const struct event *event, bool colour)
{
	const char *word = NULL, *field = field_name(event), *action = event->action;
	char buf[64];

	fputs(colour ? "\033[1m" : "", out);
	text_print(out, event->rule, strlen(event->rule));
	fputs(colour ? "\033[0m:" : ":", out);
	if (field) {
		fprintf(out, " %s", field);
		switch (value_kind(event, &word)) {
		case VALUE_TEXT:
			fputs(" \"", out);
			text_print(out, event->value, event->value_len);
			fputc('"', out);
			break;
		case VALUE_ADDRESS:
			fprintf(out, " %s", address_print(event->value_len == 4 ? 4 : 6,
							  event->value, buf));
			break;
		case VALUE_NUMBER:
			fprintf(out, " %u", event->number);
			break;
		case VALUE_WORD:
			fprintf(out, " %s", word);
			if (confidence(event))
				fprintf(out, " (%s)", confidence(event));
			break;
		}
	}
	if (event->set) {
		fputs(" in ", out);
		text_print(out, event->set, strlen(event->set));
	}
	fprintf(out, " -> %s", colour ? action_colour(action) : "");
	text_print(out, action, strlen(action));
	fprintf(out, "%s%s", colour ? "\033[0m" : "",
		event->residual ? " (residual block)" : "");
}

void event_print(FILE *out, const struct event *event, bool colour)
{
	char buf[64];

	/* The date and the nanoseconds are for programs. */
	if (event->frame)
		fprintf(out, "frame %-6" PRIu64 " ", event->frame);
	time_print(event->time_ns, buf);
	fprintf(out, "%.15s  %-4s ", buf + 11, proto_print(event->proto, buf + 40));
	end_print(out, event, event->saddr, event->sport);
	fputs(" > ", out);
	end_print(out, event, event->daddr, event->dport);
	fprintf(out, " #%" PRIu64 "  ", event->packet);
	event_print_match(out, event, colour);
	fputc('\n', out);
}

/* One character for each byte, so that places count both. */
static void excerpt_print(FILE *out, const struct event *event)
{
	u32 i;

	fprintf(out, ",\"excerpt\":{\"at\":%u,\"text\":\"", event->excerpt_at);
	for (i = 0; i < event->excerpt_len; i++) {
		u8 c = event->excerpt[i];

		if (c < ' ' || c >= 0x7f)
			fprintf(out, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
	if (event->found_len)
		fprintf(out, ",\"found\":[%u,%u]", event->found_at, event->found_len);
	fputc('}', out);
}

void event_print_json(FILE *out, const struct event *event)
{
	const char *word = NULL, *field = field_name(event);
	char buf[64];

	fprintf(out, "{\"time\":\"%s\"", time_print(event->time_ns, buf));
	if (event->netns)
		fprintf(out, ",\"netns\":%u", event->netns);
	if (event->frame)
		fprintf(out, ",\"frame\":%" PRIu64, event->frame);
	fprintf(out, ",\"flow\":{\"proto\":\"%s\"", proto_print(event->proto, buf));
	fprintf(out, ",\"saddr\":\"%s\"", address_print(event->family, event->saddr, buf));
	fprintf(out, ",\"sport\":%u", event->sport);
	fprintf(out, ",\"daddr\":\"%s\"", address_print(event->family, event->daddr, buf));
	fprintf(out, ",\"dport\":%u},\"packet\":%" PRIu64 ",\"rule\":", event->dport,
		event->packet);
	json_print_string(out, event->rule, strlen(event->rule));
	if (field)
		fprintf(out, ",\"field\":\"%s\",\"value\":", field);
	else
		fputs(",\"field\":null,\"value\":", out);
	switch (value_kind(event, &word)) {
	case VALUE_TEXT:
		json_print_string(out, event->value, event->value_len);
		break;
	case VALUE_ADDRESS:
		fprintf(out, "\"%s\"", address_print(event->value_len == 4 ? 4 : 6, event->value,
						     buf));
		break;
	case VALUE_NUMBER:
	case VALUE_WORD:
		if (word && only_words(event->attr))
			fprintf(out, "\"%s\"", word);
		else
			fprintf(out, "%u", event->number);
		break;
	default:
		fputs("null", out);
	}
	if (confidence(event))
		fprintf(out, ",\"confidence\":\"%s\"", confidence(event));
	fputs(",\"action\":", out);
	json_print_string(out, event->action, strlen(event->action));
	if (event->set) {
		fputs(",\"set\":", out);
		json_print_string(out, event->set, strlen(event->set));
	}
	if (event->residual)
		fputs(",\"residual\":true", out);
	if (event->delay_us)
		fprintf(out, ",\"delay_us\":%u", event->delay_us);
	if (event->phase) {
		fputs(",\"phase\":", out);
		json_print_string(out, event->phase, strlen(event->phase));
	}
	if (event->excerpt)
		excerpt_print(out, event);
	if (event->netns)
		fprintf(out, ",\"seq\":%u", event->seq);
	fputs("}\n", out);
}
