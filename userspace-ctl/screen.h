/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a screen shows of a censor at work: its calendar, what happens to each service by each
 * probe, the last events, the throughput of each rule. It is told what happened and does nothing
 * by itself: no clock, no file, no kernel. top and board both show it.
 */
#ifndef _CENSORCTL_SCREEN_H
#define _CENSORCTL_SCREEN_H

#include "table.h"

#define SCREEN_PHASES	32
#define SCREEN_SERVICES	256	/* rows; what comes beyond is counted in the last, "others" */
#define SCREEN_RULES	4096	/* that are followed; the rest of a policy's are left out */
#define SCREEN_EVENTS	512	/* that are kept */
#define SCREEN_SAMPLES	900	/* of throughput that are kept, one a second */
#define SCREEN_SERIES	48	/* of throughput: the first that had any */
#define SCREEN_SWITCHES	256	/* of the phase that are kept */
#define SCREEN_EXCERPT	192	/* bytes of a packet that an event shows */
#define SCREEN_NONE	0xffffffffu

/** enum screen_probe - by what a service was recognised: the columns */
enum screen_probe {
	SCREEN_DNS,
	SCREEN_HTTP,
	SCREEN_TLS,
	SCREEN_QUIC,
	SCREEN_ADDRESS,
	SCREEN_PROTOCOL,
	SCREEN_PROBES,
};

/** enum screen_outcome - what a user met, from the mildest to the hardest */
enum screen_outcome {
	SCREEN_UNKNOWN,
	SCREEN_PASSED,
	SCREEN_WATCHED,		/* it passed, and was written down */
	SCREEN_MARKED,		/* left to others: nftables, tc */
	SCREEN_SLOWED,
	SCREEN_DISRUPTED,	/* some packets are lost */
	SCREEN_FORGED,		/* a false answer */
	SCREEN_RESET,
	SCREEN_DROPPED,
	SCREEN_OUTCOMES,
};

/** struct screen_phase - @from and @to: dates as in the policy, or "" */
struct screen_phase {
	char *name, *title, *from, *to;
};

/**
 * struct screen_cell - what happened to a service by a probe in a phase
 * @flow: the connection that was last counted, as a number
 * @count: connections
 * @outcome: the last, enum screen_outcome; SCREEN_UNKNOWN: it was not tried
 * @said: what the policy's rules say would happen, SCREEN_UNKNOWN: nothing
 * @changed: since screen_unchanged()
 */
struct screen_cell {
	u64 flow;
	u32 count;
	u8 outcome;
	u8 said;
	bool changed;
};

struct screen_service {
	char *name;
	struct screen_cell cells[SCREEN_PHASES][SCREEN_PROBES];
};

/**
 * struct screen_rule - a rule and its counters
 * @phases: bit n: it is active in the nth phase
 * @only: the only service that it names, or SCREEN_NONE
 * @outcome: what it does, SCREEN_UNKNOWN if nobody said
 * @counted: the counters are of this policy
 * @series: where its throughput is added, or SCREEN_NONE: nothing has passed yet
 */
struct screen_rule {
	char *name;
	u32 phases;
	u32 only;
	u8 outcome;
	u8 probe;
	bool counted;
	u32 series;
	u64 hits, bytes, lost_bytes;
};

/** struct screen_rate - bytes a second */
struct screen_rate {
	double passed, lost;
};

/**
 * struct screen_series - throughput by sample (screen_sample()): of a rule, or of all rules that name
 *	the same service and no other
 * @rule: one of them
 */
struct screen_series {
	u32 rule;
	struct screen_rate rates[SCREEN_SAMPLES];
};

/**
 * struct screen_event - a rule matched; texts are UTF-8 without NUL
 * @at: seconds since the screen began
 * @time: RFC 3339, or ""
 * @flow: as in "tcp 192.0.2.10:40000 > 198.51.100.80:443"
 * @ends: the same connection has the same number, either way
 * @field: that led to the rule, or NULL
 * @value: of the field, or NULL
 * @set: the named set that it was found in, or NULL
 * @action: in words
 * @phase: name of the phase it happened in, or NULL for the one in force
 * @excerpt: bytes of the packet, @excerpt_len of them, from @excerpt_at of its payload
 * @found_at: where in @excerpt the value stands, for @found_len bytes; 0 bytes: it doesn't
 */
struct screen_event {
	double at;
	u64 ends;
	const char *time, *flow, *rule, *field, *value, *set, *action, *phase;
	u8 excerpt[SCREEN_EXCERPT];
	u32 excerpt_at;
	u16 excerpt_len, found_at, found_len;
	bool residual;
};

/** struct screen_shown - an event as it is kept, and where it was counted */
struct screen_shown {
	struct screen_event event;
	u32 phase, service;
	u8 probe, outcome;
};

/** struct screen_switch - a phase took force */
struct screen_switch {
	double at;
	u32 phase;
};

/**
 * struct screen - the whole
 * @policy: its name, or NULL: there is none
 * @resets: how often all was forgotten for another policy
 * @phase: the one in force; 0 in a policy without phases, which has one without a name
 * @date: what the calendar says, RFC 3339, or ""
 * @n_events: events ever; the last SCREEN_EVENTS are kept, number i at i % SCREEN_EVENTS
 * @lost: events that were lost on the way here
 * @n_samples: likewise of @samples and of each series' rates
 * @n_switches: likewise of @switches
 */
struct screen {
	char *policy;
	u32 generation;
	u32 resets;
	struct screen_phase phases[SCREEN_PHASES];
	u32 n_phases;
	u32 phase;
	char date[32];
	struct screen_service *services;
	u32 n_services, room_services;
	struct screen_rule *rules;
	u32 n_rules, room_rules;
	struct table service_names, rule_names;
	struct screen_shown events[SCREEN_EVENTS];
	u64 n_events;
	u64 lost;
	double samples[SCREEN_SAMPLES];
	u64 n_samples;
	struct screen_series *series[SCREEN_SERIES];
	u32 n_series;
	struct screen_switch switches[SCREEN_SWITCHES];
	u64 n_switches;
};

struct screen *screen_create(void);
void screen_free(struct screen *screen);

/** screen_policy() - another policy is in force: forget all. @name: NULL for none */
void screen_policy(struct screen *screen, const char *name, u32 generation);

/** screen_add_phase() - one more, in the policy's order; beyond SCREEN_PHASES it is left out */
void screen_add_phase(struct screen *screen, const char *name, const char *title,
		      const char *from, const char *to);

/**
 * screen_add_rule() - what the policy says, so that it can be shown before it is tried
 * @field: that it asks for, or NULL
 * @action: in words
 * @phases: bit n: active in the nth phase
 *
 * Return: its index, for screen_rule_names(); SCREEN_NONE if there are too many.
 */
u32 screen_add_rule(struct screen *screen, const char *name, const char *field,
		    const char *action, u32 phases);
/** screen_rule_names() - the rule asks for this service; without any it is its own */
void screen_rule_names(struct screen *screen, u32 rule, const char *service);
/** screen_rule_said() - all its services were named */
void screen_rule_said(struct screen *screen, u32 rule);

/** screen_phase_find() - index of the phase of that name, or SCREEN_NONE */
u32 screen_phase_find(const struct screen *screen, const char *name);
/** screen_switch() - a phase is in force from now on. @date: of the calendar, or NULL */
void screen_switch(struct screen *screen, double at, u32 phase, const char *date);

/** screen_event() - @event is copied */
void screen_event(struct screen *screen, const struct screen_event *event);

/** screen_sample() - counters follow, of this moment */
void screen_sample(struct screen *screen, double at);
/** screen_count() - the counters of a rule; after screen_sample() */
void screen_count(struct screen *screen, const char *rule, u64 hits, u64 bytes, u64 lost_bytes);

/** screen_unchanged() - all changes so far have been shown */
void screen_unchanged(struct screen *screen);

/** screen_kept() - how many of @total are kept, the last of them, where @room are */
static inline u64 screen_kept(u64 total, u64 room)
{
	return total < room ? total : room;
}

/** screen_series_name() - of the service, or of the rule */
const char *screen_series_name(const struct screen *screen, u32 series);
/** screen_rate_now() - in the last sample; zero if there is none */
struct screen_rate screen_rate_now(const struct screen *screen, u32 series);

enum screen_probe screen_probe_of(const char *field);
/** screen_outcome_of() - of actions in words; the hardest of them */
enum screen_outcome screen_outcome_of(const char *action);
/** screen_service_of() - the row that an event belongs to, by name */
const char *screen_service_of(const struct screen_event *event);
const char *screen_probe_name(enum screen_probe probe);
/** screen_outcome_name() - one word, as in "reset" */
const char *screen_outcome_name(enum screen_outcome outcome);
/** screen_outcome_letter() - one letter, each its own, as in 'R' */
char screen_outcome_letter(enum screen_outcome outcome);

#endif
