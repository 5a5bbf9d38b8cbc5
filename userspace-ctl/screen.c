// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "screen.h"

static const struct outcome {
	const char *name;
	char letter;
} outcomes[SCREEN_OUTCOMES] = {
	[SCREEN_UNKNOWN] = { "not tried", '.' },
	[SCREEN_PASSED] = { "passed", 'P' },
	[SCREEN_WATCHED] = { "watched", 'W' },
	[SCREEN_MARKED] = { "marked", 'M' },
	[SCREEN_SLOWED] = { "slowed", 'S' },
	[SCREEN_DISRUPTED] = { "disrupted", 'L' },
	[SCREEN_FORGED] = { "forged", 'F' },
	[SCREEN_RESET] = { "reset", 'R' },
	[SCREEN_DROPPED] = { "dropped", 'D' },
};

/* The first word of an action, and what it means to a user. */
static const struct {
	const char *word;
	enum screen_outcome outcome;
} actions[] = {
	{ "log", SCREEN_WATCHED },
	{ "pass", SCREEN_PASSED },
	{ "mark", SCREEN_MARKED },
	{ "police", SCREEN_SLOWED },
	{ "delay", SCREEN_SLOWED },
	{ "lose", SCREEN_DISRUPTED },
	{ "forge", SCREEN_FORGED },
	{ "inject", SCREEN_RESET },
	{ "rewrite", SCREEN_RESET },
	{ "freeze", SCREEN_DROPPED },
	{ "drop", SCREEN_DROPPED },
};

static const struct {
	const char *start;
	enum screen_probe probe;
} fields[] = {
	{ "dns.", SCREEN_DNS },
	{ "http.", SCREEN_HTTP },
	{ "tls.", SCREEN_TLS },
	{ "quic.", SCREEN_QUIC },
	{ "protocol", SCREEN_PROTOCOL },
	{ "ftp.", SCREEN_PROTOCOL },
	{ "smtp.", SCREEN_PROTOCOL },
};

static const char *const probes[SCREEN_PROBES] = {
	"DNS", "HTTP", "TLS", "QUIC", "address", "protocol",
};

enum screen_probe screen_probe_of(const char *field)
{
	u32 i;

	for (i = 0; field && i < ARRAY_SIZE(fields); i++)
		if (!strncmp(field, fields[i].start, strlen(fields[i].start)))
			return fields[i].probe;
	return SCREEN_ADDRESS;
}

enum screen_outcome screen_outcome_of(const char *action)
{
	enum screen_outcome hardest = SCREEN_UNKNOWN;
	u32 i;

	while (*action) {
		size_t len = strcspn(action, " ,");

		for (i = 0; i < ARRAY_SIZE(actions); i++)
			if (strlen(actions[i].word) == len &&
			    !strncmp(action, actions[i].word, len) &&
			    actions[i].outcome > hardest)
				hardest = actions[i].outcome;
		action += strcspn(action, ",");
		action += strspn(action, ", ");
	}
	return hardest;
}

const char *screen_probe_name(enum screen_probe probe)
{
	return probes[probe];
}

const char *screen_outcome_name(enum screen_outcome outcome)
{
	return outcomes[outcome].name;
}

char screen_outcome_letter(enum screen_outcome outcome)
{
	return outcomes[outcome].letter;
}

const char *screen_service_of(const struct screen_event *event)
{
	if (event->set)
		return event->set;
	if (event->field && event->value && !strcmp(event->field, "protocol"))
		return event->value;
	return event->rule;
}

struct screen *screen_create(void)
{
	struct screen *screen = memory_zeroed(1, sizeof(*screen));

	screen_policy(screen, NULL, 0);
	screen->resets = 0;
	return screen;
}

static void free_event(struct screen_event *event)
{
	free((char *)event->time);
	free((char *)event->flow);
	free((char *)event->rule);
	free((char *)event->field);
	free((char *)event->value);
	free((char *)event->set);
	free((char *)event->action);
	free((char *)event->phase);
	memset(event, 0, sizeof(*event));
}

static void forget(struct screen *screen)
{
	u32 i;

	free(screen->policy);
	for (i = 0; i < SCREEN_PHASES; i++) {
		free(screen->phases[i].name);
		free(screen->phases[i].title);
		free(screen->phases[i].from);
		free(screen->phases[i].to);
	}
	for (i = 0; i < screen->n_services; i++)
		free(screen->services[i].name);
	for (i = 0; i < screen->n_rules; i++)
		free(screen->rules[i].name);
	for (i = 0; i < screen->n_series; i++)
		free(screen->series[i]);
	for (i = 0; i < SCREEN_EVENTS; i++)
		free_event(&screen->events[i].event);
	free(screen->services);
	free(screen->rules);
	table_free(&screen->service_names);
	table_free(&screen->rule_names);
}

void screen_free(struct screen *screen)
{
	forget(screen);
	free(screen);
}

void screen_policy(struct screen *screen, const char *name, u32 generation)
{
	u32 resets = screen->resets + 1;

	forget(screen);
	memset(screen, 0, sizeof(*screen));
	screen->resets = resets;
	screen->generation = generation;
	if (name)
		screen->policy = memory_string(name);
}

void screen_add_phase(struct screen *screen, const char *name, const char *title,
		      const char *from, const char *to)
{
	struct screen_phase *phase;

	if (screen->n_phases == SCREEN_PHASES)
		return;
	phase = &screen->phases[screen->n_phases++];
	phase->name = memory_string(name);
	phase->title = memory_string(title);
	phase->from = memory_string(from);
	phase->to = memory_string(to);
}

static u32 find_service(struct screen *screen, const char *name)
{
	u32 i = table_find(&screen->service_names, name, strlen(name));
	struct screen_service *service;

	if (i != TABLE_NONE)
		return i;
	i = screen->n_services;
	if (i == SCREEN_SERVICES)
		return i - 1;
	memory_grow(screen->services, screen->n_services, screen->room_services);
	service = &screen->services[screen->n_services++];
	memset(service, 0, sizeof(*service));
	service->name = memory_string(i == SCREEN_SERVICES - 1 ? "others" : name);
	table_add(&screen->service_names, service->name, strlen(service->name), i);
	return i;
}

static u32 find_rule(struct screen *screen, const char *name)
{
	u32 i = table_find(&screen->rule_names, name, strlen(name));
	struct screen_rule *rule;

	if (i != TABLE_NONE)
		return i;
	i = screen->n_rules;
	if (i == SCREEN_RULES)
		return SCREEN_NONE;
	memory_grow(screen->rules, screen->n_rules, screen->room_rules);
	rule = &screen->rules[screen->n_rules++];
	memset(rule, 0, sizeof(*rule));
	rule->name = memory_string(name);
	rule->only = SCREEN_NONE;
	rule->series = SCREEN_NONE;
	rule->phases = ~(u32)0;
	table_add(&screen->rule_names, rule->name, strlen(rule->name), i);
	return i;
}

u32 screen_add_rule(struct screen *screen, const char *name, const char *field,
		    const char *action, u32 phases)
{
	u32 i = find_rule(screen, name);

	if (i == SCREEN_NONE)
		return i;
	screen->rules[i].phases = phases;
	screen->rules[i].outcome = screen_outcome_of(action);
	screen->rules[i].probe = screen_probe_of(field);
	return i;
}

void screen_rule_names(struct screen *screen, u32 rule, const char *service)
{
	u32 row = find_service(screen, service), phase;
	struct screen_rule *named;

	if (rule == SCREEN_NONE)
		return;
	named = &screen->rules[rule];
	named->only = named->only == SCREEN_NONE ? row : SCREEN_SERVICES;
	for (phase = 0; phase < SCREEN_PHASES; phase++) {
		struct screen_cell *cell = &screen->services[row].cells[phase][named->probe];

		if (!(named->phases >> phase & 1) || cell->said >= named->outcome)
			continue;
		cell->said = named->outcome;
		cell->changed = true;
	}
}

void screen_rule_said(struct screen *screen, u32 rule)
{
	if (rule == SCREEN_NONE)
		return;
	if (screen->rules[rule].only == SCREEN_NONE)
		screen_rule_names(screen, rule, screen->rules[rule].name);
	if (screen->rules[rule].only == SCREEN_SERVICES)
		screen->rules[rule].only = SCREEN_NONE;
}

u32 screen_phase_find(const struct screen *screen, const char *name)
{
	u32 i;

	for (i = 0; i < screen->n_phases; i++)
		if (!strcmp(screen->phases[i].name, name))
			return i;
	return SCREEN_NONE;
}

void screen_switch(struct screen *screen, double at, u32 phase, const char *date)
{
	struct screen_switch *one = &screen->switches[screen->n_switches % SCREEN_SWITCHES];

	if (phase >= SCREEN_PHASES)
		return;
	snprintf(screen->date, sizeof(screen->date), "%s", date ? date : "");
	screen->phase = phase;
	one->at = at;
	one->phase = phase;
	screen->n_switches++;
}

/*
 * A packet can match several rules, and each match is an event: the hardest counts, once. What is
 * told again of a connection is not another one.
 */
static void count_event(struct screen_cell *cell, u64 flow, u8 outcome)
{
	if (cell->outcome && cell->flow == flow && cell->outcome >= outcome)
		return;
	if (!cell->outcome || cell->flow != flow)
		cell->count++;
	cell->flow = flow;
	cell->outcome = outcome;
	cell->changed = true;
}

static const char *copied(const char *text)
{
	return text ? memory_string(text) : NULL;
}

static void keep_event(struct screen *screen, const struct screen_event *event, u32 phase,
		       u32 service, u8 probe, u8 outcome)
{
	struct screen_shown *shown = &screen->events[screen->n_events++ % SCREEN_EVENTS];

	free_event(&shown->event);
	shown->event = *event;
	shown->event.time = copied(event->time);
	shown->event.flow = copied(event->flow);
	shown->event.rule = copied(event->rule);
	shown->event.field = copied(event->field);
	shown->event.value = copied(event->value);
	shown->event.set = copied(event->set);
	shown->event.action = copied(event->action);
	shown->event.phase = copied(event->phase);
	shown->phase = phase;
	shown->service = service;
	shown->probe = probe;
	shown->outcome = outcome;
}

void screen_event(struct screen *screen, const struct screen_event *event)
{
	u32 phase = event->phase ? screen_phase_find(screen, event->phase) : SCREEN_NONE;
	u32 service = find_service(screen, screen_service_of(event));
	u8 probe = screen_probe_of(event->field);
	u8 outcome = screen_outcome_of(event->action);
	struct screen_cell *cell;

	if (phase == SCREEN_NONE)
		phase = screen->phase;
	cell = &screen->services[service].cells[phase][probe];
	if (outcome)
		count_event(cell, event->ends, outcome);
	keep_event(screen, event, phase, service, probe, outcome);
}

void screen_sample(struct screen *screen, double at)
{
	u32 slot = screen->n_samples++ % SCREEN_SAMPLES, i;

	screen->samples[slot] = at;
	for (i = 0; i < screen->n_series; i++)
		memset(&screen->series[i]->rates[slot], 0, sizeof(struct screen_rate));
}

/* What only watches is known by its counters, too: its connection may be older than the screen. */
static void count_watched(struct screen *screen, const struct screen_rule *rule)
{
	struct screen_cell *cell;

	if (rule->outcome != SCREEN_WATCHED || rule->only == SCREEN_NONE)
		return;
	cell = &screen->services[rule->only].cells[screen->phase][rule->probe];
	if (cell->outcome)
		return;
	cell->outcome = SCREEN_WATCHED;
	cell->count = 1;
	cell->changed = true;
}

/* The series that a rule's throughput belongs to, or SCREEN_NONE: there are too many. */
static u32 find_series(struct screen *screen, u32 index)
{
	const struct screen_rule *rule = &screen->rules[index];
	u32 i;

	for (i = 0; rule->only != SCREEN_NONE && i < screen->n_series; i++)
		if (screen->rules[screen->series[i]->rule].only == rule->only)
			return i;
	if (screen->n_series == SCREEN_SERIES)
		return SCREEN_NONE;
	screen->series[screen->n_series] = memory_zeroed(1, sizeof(struct screen_series));
	screen->series[screen->n_series]->rule = index;
	return screen->n_series++;
}

void screen_count(struct screen *screen, const char *name, u64 hits, u64 bytes, u64 lost_bytes)
{
	u32 index = find_rule(screen, name), slot;
	u64 passed, lost;
	struct screen_rule *rule;
	struct screen_rate *rate;
	double seconds;

	if (index == SCREEN_NONE || !screen->n_samples)
		return;
	rule = &screen->rules[index];
	/* Counters that went back began anew. */
	passed = bytes >= rule->bytes ? bytes - rule->bytes : bytes;
	lost = lost_bytes >= rule->lost_bytes ? lost_bytes - rule->lost_bytes : lost_bytes;
	rule->hits = hits;
	rule->bytes = bytes;
	rule->lost_bytes = lost_bytes;
	/* What was before the first sample has no time that it could be divided by. */
	if (!rule->counted || screen->n_samples < 2) {
		rule->counted = true;
		return;
	}
	if (!passed && !lost)
		return;
	count_watched(screen, rule);
	if (rule->series == SCREEN_NONE)
		rule->series = find_series(screen, index);
	if (rule->series == SCREEN_NONE)
		return;
	slot = (screen->n_samples - 1) % SCREEN_SAMPLES;
	seconds = screen->samples[slot] -
		  screen->samples[(screen->n_samples - 2) % SCREEN_SAMPLES];
	if (seconds <= 0)
		return;
	rate = &screen->series[rule->series]->rates[slot];
	rate->passed += (double)passed / seconds;
	rate->lost += (double)lost / seconds;
}

const char *screen_series_name(const struct screen *screen, u32 series)
{
	const struct screen_rule *rule = &screen->rules[screen->series[series]->rule];

	return rule->only < screen->n_services ? screen->services[rule->only].name : rule->name;
}

struct screen_rate screen_rate_now(const struct screen *screen, u32 series)
{
	struct screen_rate none = {};

	if (series >= screen->n_series || !screen->n_samples)
		return none;
	return screen->series[series]->rates[(screen->n_samples - 1) % SCREEN_SAMPLES];
}

void screen_unchanged(struct screen *screen)
{
	u32 i, phase, probe;

	for (i = 0; i < screen->n_services; i++)
		for (phase = 0; phase < SCREEN_PHASES; phase++)
			for (probe = 0; probe < SCREEN_PROBES; probe++)
				screen->services[i].cells[phase][probe].changed = false;
}
