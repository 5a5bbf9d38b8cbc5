// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "screenread.h"

/* A member's text without what a C string can't hold, or @otherwise. */
static const char *text_of(const json_t *object, const char *key, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : otherwise;
}

static u64 number_of(const json_t *object, const char *key)
{
	json_int_t number = json_integer_value(json_object_get(object, key));

	return number > 0 ? (u64)number : 0;
}

static const char *read_phases(struct screen *screen, const json_t *phases)
{
	const json_t *phase;
	size_t i;

	json_array_foreach(phases, i, phase) {
		if (!text_of(phase, "name", NULL))
			return "a phase without a name";
		screen_add_phase(screen, text_of(phase, "name", ""), text_of(phase, "title", ""),
				 text_of(phase, "from", ""), text_of(phase, "to", ""));
	}
	return NULL;
}

static u32 phases_mask(const struct screen *screen, const json_t *names)
{
	const json_t *name;
	u32 mask = 0;
	size_t i;

	if (!json_array_size(names))
		return ~(u32)0;
	json_array_foreach(names, i, name) {
		const char *text = json_string_value(name);
		u32 phase = text ? screen_phase_find(screen, text) : SCREEN_NONE;

		if (phase != SCREEN_NONE)
			mask |= (u32)1 << phase;
	}
	return mask;
}

static void read_rule(struct screen *screen, const json_t *rule)
{
	const json_t *services = json_object_get(rule, "services"), *service;
	const char *name = text_of(rule, "rule", NULL);
	size_t i;
	u32 index;

	if (!name)
		return;
	index = screen_add_rule(screen, name, text_of(rule, "field", NULL),
				text_of(rule, "action", ""),
				phases_mask(screen, json_object_get(rule, "phases")));
	json_array_foreach(services, i, service)
		if (json_string_value(service))
			screen_rule_names(screen, index, json_string_value(service));
	screen_rule_said(screen, index);
}

static const char *read_policy(struct screen *screen, double at, const json_t *policy)
{
	const json_t *rules = json_object_get(policy, "rules"), *rule;
	const char *wrong, *phase = text_of(policy, "phase", "");
	size_t i;
	u32 index;

	screen_policy(screen, text_of(policy, "policy", NULL), (u32)number_of(policy, "generation"));
	wrong = read_phases(screen, json_object_get(policy, "phases"));
	if (wrong)
		return wrong;
	json_array_foreach(rules, i, rule)
		read_rule(screen, rule);
	index = screen_phase_find(screen, phase);
	screen_switch(screen, at, index == SCREEN_NONE ? 0 : index,
		      text_of(policy, "wall", NULL));
	return NULL;
}

static const char *read_phase(struct screen *screen, double at, const json_t *phase)
{
	const char *name = text_of(phase, "phase", "");
	u32 index = screen_phase_find(screen, name);

	if (index == SCREEN_NONE)
		return "a phase that the policy doesn't have";
	screen_switch(screen, at, index, text_of(phase, "date", NULL));
	return NULL;
}

/* A string of code points up to 255 back into bytes; others, which nobody writes, into '?'. */
static u16 read_bytes(const json_t *string, u8 *bytes, u32 room)
{
	const u8 *text = (const u8 *)json_string_value(string);
	size_t len = json_string_length(string), i;
	u16 n = 0;

	for (i = 0; text && i < len && n < room; i++) {
		if (text[i] < 0x80)
			bytes[n++] = text[i];
		else if (text[i] < 0xc0)
			continue;	/* the rest of one that was '?' */
		else if ((text[i] & 0xfc) == 0xc0 && i + 1 < len)
			bytes[n++] = (u8)(text[i] << 6 | (text[i + 1] & 0x3f)), i++;
		else
			bytes[n++] = '?';
	}
	return n;
}

static void read_excerpt(struct screen_event *event, const json_t *excerpt)
{
	const json_t *found = json_object_get(excerpt, "found");
	json_int_t at = json_integer_value(json_array_get(found, 0));
	json_int_t len = json_integer_value(json_array_get(found, 1));

	event->excerpt_len = read_bytes(json_object_get(excerpt, "text"), event->excerpt,
					sizeof(event->excerpt));
	event->excerpt_at = (u32)number_of(excerpt, "at");
	if (at < 0 || len <= 0 || at > event->excerpt_len || len > event->excerpt_len - at)
		return;
	event->found_at = (u16)at;
	event->found_len = (u16)len;
}

static u64 hashed(u64 hash, const char *text)
{
	/* FNV-1a */
	for (; *text; text++)
		hash = (hash ^ (u8)*text) * 0x100000001b3ull;
	return hash;
}

/* Both ways the same. */
static u64 ends_of(const char *proto, const char *one, const char *other)
{
	const u64 basis = 0xcbf29ce484222325ull;

	return hashed(basis, proto) + hashed(basis, one) + hashed(basis, other);
}

static void print_end(char *buf, size_t size, const char *address, u64 port)
{
	if (!port)
		snprintf(buf, size, "%s", address);
	else
		snprintf(buf, size, strchr(address, ':') ? "[%s]:%" PRIu64 : "%s:%" PRIu64, address,
			 port);
}

static void read_flow(struct screen_event *event, const json_t *flow, char *buf, size_t size)
{
	const char *proto = text_of(flow, "proto", "");
	char from[80], to[80];

	print_end(from, sizeof(from), text_of(flow, "saddr", ""), number_of(flow, "sport"));
	print_end(to, sizeof(to), text_of(flow, "daddr", ""), number_of(flow, "dport"));
	snprintf(buf, size, "%s %s > %s", proto, from, to);
	event->flow = buf;
	event->ends = ends_of(proto, from, to);
}

static const char *read_event(struct screen *screen, double at, const json_t *object)
{
	const json_t *value = json_object_get(object, "value");
	struct screen_event event = {
		.at = at,
		.time = text_of(object, "time", ""),
		.rule = text_of(object, "rule", NULL),
		.field = text_of(object, "field", NULL),
		.value = json_string_value(value),
		.set = text_of(object, "set", NULL),
		.action = text_of(object, "action", ""),
		.phase = text_of(object, "phase", NULL),
		.residual = json_is_true(json_object_get(object, "residual")),
	};
	char flow[200], number[24];

	if (!event.rule)
		return "an event without a rule";
	if (json_is_integer(value)) {
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
		event.value = number;
	}
	read_flow(&event, json_object_get(object, "flow"), flow, sizeof(flow));
	read_excerpt(&event, json_object_get(object, "excerpt"));
	screen_event(screen, &event);
	return NULL;
}

static const char *read_counters(struct screen *screen, double at, const json_t *counters)
{
	const json_t *rules = json_object_get(counters, "rules"), *rule;
	size_t i;

	screen_sample(screen, at);
	json_array_foreach(rules, i, rule)
		if (text_of(rule, "rule", NULL))
			screen_count(screen, text_of(rule, "rule", ""), number_of(rule, "hits"),
				     number_of(rule, "bytes"), number_of(rule, "lost_bytes"));
	return NULL;
}

const char *screen_read(struct screen *screen, const json_t *line)
{
	static const struct {
		const char *key;
		const char *(*read)(struct screen *screen, double at, const json_t *object);
	} kinds[] = {
		{ "policy", read_policy },
		{ "event", read_event },
		{ "phase", read_phase },
		{ "counters", read_counters },
	};
	double at = json_number_value(json_object_get(line, "at"));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const json_t *object = json_object_get(line, kinds[i].key);

		if (json_is_object(object))
			return kinds[i].read(screen, at, object);
	}
	if (!json_is_integer(json_object_get(line, "lost")))
		return "none of policy, event, phase, counters and lost";
	screen->lost += number_of(line, "lost");
	return NULL;
}
