/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A policy as it is written: what the parser and the JSON reader build, what list reads back from
 * the kernel, and what is checked, compiled, sent and printed.
 */
#ifndef _CENSORCTL_AST_H
#define _CENSORCTL_AST_H

#include "memory.h"
#include "policy.h"
#include "table.h"

#define AST_NONE	0xffffffffu

/**
 * struct counters - what the kernel counts of a rule
 * @hits: how often it matched
 * @packets: of the flows that count for it, those that went on; @bytes: of IP packets
 * @lost_packets: of those flows, those that were dropped
 */
struct counters {
	u64 hits, packets, bytes, lost_packets, lost_bytes;
};

#define SEGMENT_DEFAULT	1360	/* bytes of a page in one packet */

/**
 * struct token - a word, a quoted string without its quotes, or a sign
 * @plain: as a name it has no escapes (JSON); else they are still in it
 */
struct token {
	struct place place;
	const char *text;
	u32 len;
	bool quoted;
	bool plain;
};

struct ast_name {
	struct place place;
	const char *text;
	u8 form;
	u8 len;
};

struct ast_prefix {
	struct place place;
	struct censor_prefix prefix;
};

struct ast_range {
	struct place place;
	u16 lo, hi;
};

/**
 * struct ast_set - names, prefixes or numbers
 * @name: NULL for one that is written inside a rule
 * @names: or @prefixes or @ranges, as @kind says, with @n entries
 * @broken: an entry was refused, so it can't be said to be empty
 * @used: some rule looks in it
 * @encodings: that entries of names are expanded to as they are read; none: UTF-8
 */
struct ast_set {
	struct place place;
	const char *name;
	struct ast_name *names;
	struct ast_prefix *prefixes;
	struct ast_range *ranges;
	struct ast_encoding *encodings;
	u32 n, room;
	u32 n_encodings, room_encodings;
	u8 kind;
	bool words;
	bool broken;
	bool used;
};

/** struct ast_pool - `answers`: addresses of all 32 or 128 bits */
struct ast_pool {
	struct place place;
	const char *name;
	struct ast_prefix *addresses;
	u32 n, room;
	bool broken;
	bool used;
};

/** struct ast_page - `page`: bytes of a block page */
struct ast_page {
	struct place place;
	const char *name;
	char *data;
	u32 n, room;
	bool broken;
	bool used;
};

/** struct ast_hours - `hours`: a probability for each hour of the day */
struct ast_hours {
	struct place place;
	const char *name;
	struct censor_hours hours;
	u32 n;			/* of the 24 that were written */
	bool broken;
	bool used;
};

/** struct ast_load - `load`: a probability by packets a second */
struct ast_load {
	struct place place;
	const char *name;
	struct censor_load load;
	bool broken;
	bool used;
};

/**
 * struct ast_phase - `phase`: a part of the policy's time
 * @phase: its name is empty here
 * @from_place: of its dates, as far as they are written
 */
struct ast_phase {
	struct place place;
	const char *name;
	struct censor_phase phase;
	struct place from_place, until_place;
	bool broken;
};

/**
 * struct ast_packet - a packet of an inject
 * @packet: @page is set by check.c
 * @page: name of the page as written
 */
struct ast_packet {
	struct place place;
	struct token page;
	struct censor_packet packet;
	u32 given;		/* bit n: the option enum ast_option n was written */
};

/**
 * struct ast_inject - packets to be sent
 * @delay: of the first, @gap: between them; @n is 0 where none is written
 */
struct ast_inject {
	struct place place;
	const char *name;
	struct censor_delay delay, gap;
	struct ast_packet *packets;
	u32 n, room;
	u32 given;
	bool broken;
	bool used;
};

/** struct ast_value - what stands behind `in`, until check.c has resolved it */
struct ast_value {
	struct token token;
	bool set;		/* can only be the name of a set (JSON) */
};

enum ast_operator {
	AST_IS,			/* nothing between attribute and value */
	AST_IN,
	AST_CONTAINS,
};

/**
 * struct ast_cond - a condition
 * @values: as written
 * @sets: resolved: indices of sets
 * @confidence: of protocols: enum censor_confidence, or 0 where it says nothing of it
 */
struct ast_cond {
	struct place place;
	struct place operator_place, confidence_place;
	struct ast_value *values;
	u32 n_values, room_values;
	u32 *sets;
	u32 n_sets, room_sets;
	enum ast_operator operator;
	u8 attr;
	u8 confidence;
	bool negate;
	bool broken;
};

/**
 * struct ast_rule - a rule
 * @rule: what is written; what it names by index is set by check.c, delays only by compile.c
 * @phases: names of the phases that it is active in, as written; none: it is in all
 * @action_places: by the number of the action's bit
 * @path_place: of on-path or in-path
 * @inject: name of the inject as written
 * @pool: name of the pool as written
 * @residual_inject: name of the inject of a residual block that has one of its own
 * @hours: name of the table of hours as written
 * @load: name of the table of load as written
 * @onset: of the residual block; @n is 0 where none is written
 * @forge_delay: of forged answers, likewise
 * @hold: of the packets that go on later, likewise
 * @alias: the name that a forged CNAME leads to, or NULL
 * @burst_place: of the size behind burst
 * @counters: from the kernel
 */
struct ast_rule {
	struct place place;
	const char *name;
	struct ast_cond *conds;
	u32 n, room;
	struct censor_rule rule;
	struct place action_places[12];
	struct place path_place, burst_place;
	struct token *phases;
	u32 n_phases, room_phases;
	struct token inject, pool, residual_inject, hours, load;
	struct censor_delay onset, forge_delay, hold;
	const char *alias;
	struct counters counters;
	u32 given;
	bool broken;
};

struct policy_ast {
	struct arena arena;
	struct place place;
	const char *name;
	u64 seed;
	bool seeded;
	u32 clock;
	bool clocked;
	struct censor_tcp_model tcp;
	struct censor_ip_model ip;
	struct censor_detect_model detect;
	struct place model_places[3];	/* by enum model_kind */
	bool model_given[3];
	struct ast_prefix *inside;
	struct ast_page *pages;
	struct ast_hours *hours;
	struct ast_load *loads;
	u32 n_pages, n_hours, n_loads;
	u32 room_pages, room_hours, room_loads;
	struct table page_names, hours_names, load_names;
	struct ast_phase *phases;
	u32 n_phases, room_phases;
	struct table phase_names;
	struct ast_set *sets;
	struct ast_pool *pools;
	struct ast_inject *injects;
	struct ast_rule *rules;
	u32 n_inside, n_sets, n_pools, n_injects, n_rules;
	u32 room_inside, room_sets, room_pools, room_injects, room_rules;
	struct table set_names, pool_names, inject_names, rule_names;
};

/** enum ast_option - what can be given once of a packet, an inject or a rule */
enum ast_option {
	AST_TTL,
	AST_IP_ID,
	AST_WINDOW,
	AST_DF,
	AST_TO,
	AST_COPIES,
	AST_SEQ,
	AST_COUNT,
	AST_AA,
	AST_IP_TTL,
	AST_DELAY,
	AST_GAP,
	AST_PAYLOAD,
	AST_PAGE,
	AST_SEGMENT,
	AST_ON,
	AST_PATH,
	AST_CHANCE,
	AST_HOURS,
	AST_LOAD,
	AST_BOTH,
	AST_AFTER,
	AST_REARM,
	AST_WITH,
	AST_RESIDUAL_CHANCE,
	AST_ORDER,
	AST_PER,
	AST_BURST,
	AST_POLICE_TO,
	AST_SAMPLE,
};

/**
 * struct build - a policy being read
 * @path: of the policy's file; lists are looked for beside it
 */
struct build {
	struct policy_ast *ast;
	struct report *report;
	const char *path;
};

struct policy_ast *ast_create(void);

/*
 * Each adds what was written. What is wrong goes to the report and makes its part "broken", so that
 * one error isn't told twice; whoever reads goes on. The pointers are good until the next of the
 * same kind is added.
 */
void build_policy_name(struct build *build, const struct token *name);
void build_seed(struct build *build, const struct token *value);
void build_clock(struct build *build, const struct token *value);
void build_inside(struct build *build, const struct token *value);

struct ast_set *build_set(struct build *build, u8 kind, bool words, const struct token *name);
/** build_encoding() - one more that the entries that follow are looked for in; encode.c */
void build_encoding(struct build *build, struct ast_set *set, const struct token *name);
void build_entry(struct build *build, struct ast_set *set, const struct token *value);
struct ast_pool *build_pool(struct build *build, const struct token *name);
void build_address(struct build *build, struct ast_pool *pool, const struct token *value);
/** build_list() - entries from a file, into @set or else into @pool */
void build_list(struct build *build, struct ast_set *set, struct ast_pool *pool,
		const struct token *path);

struct ast_page *build_page(struct build *build, const struct token *name);
/** build_page_text() - more bytes of it, a string */
void build_page_text(struct build *build, struct ast_page *page, const struct token *text);
void build_page_file(struct build *build, struct ast_page *page, const struct token *path);
struct ast_hours *build_hours(struct build *build, const struct token *name);
void build_zone(struct build *build, struct ast_hours *hours, const struct token *zone);
void build_hour(struct build *build, struct ast_hours *hours, const struct token *chance);
struct ast_load *build_load(struct build *build, const struct token *name);
void build_load_point(struct build *build, struct ast_load *load, const struct token *pps,
		      const struct token *chance);

struct ast_phase *build_phase(struct build *build, const struct token *name);
/** build_title() - @text: without escapes, @place: where it is written */
void build_title(struct build *build, struct ast_phase *phase, const char *text,
		 struct place place);
/** build_dates() - @until: may be NULL */
void build_dates(struct build *build, struct ast_phase *phase, const struct token *from,
		 const struct token *until);

struct ast_inject *build_inject(struct build *build, const struct token *name);
/** build_inject_delay() - @option: AST_DELAY or AST_GAP, @at: that word, @words: the delay's */
void build_inject_delay(struct build *build, struct ast_inject *inject, enum ast_option option,
			const struct token *at, const struct token *words, u32 n);
struct ast_packet *build_packet(struct build *build, struct ast_inject *inject,
				const struct token *flags);
/** build_packet_option() - @cyclic: the word stands behind the value */
void build_packet_option(struct build *build, struct ast_inject *inject,
			 struct ast_packet *packet, enum ast_option option,
			 const struct token *value, bool cyclic);
/** build_payload() - @kind: hex, zeros or text, or NULL for a text; @value: what follows */
void build_payload(struct build *build, struct ast_inject *inject, struct ast_packet *packet,
		   const struct token *kind, const struct token *value);

struct ast_rule *build_rule(struct build *build, const struct token *name);
struct ast_cond *build_cond(struct build *build, struct ast_rule *rule, const struct token *attr);
void build_value(struct ast_cond *cond, const struct token *value, bool set);
/** build_confidence() - how surely the protocols of the condition are to be recognised */
void build_confidence(struct build *build, struct ast_cond *cond, const struct token *word);
/** build_action() - @bit: CENSOR_DO_*, @at: the word */
void build_action(struct build *build, struct ast_rule *rule, u32 bit, const struct token *at);
void build_forge_option(struct build *build, struct ast_rule *rule, enum ast_option option,
			const struct token *value, bool cyclic);
/** build_lie() - an answer without addresses, or of a name too: @alias for CENSOR_LIE_CNAME */
void build_lie(struct build *build, struct ast_rule *rule, enum censor_lie lie,
	       const struct token *alias);
/** build_order() - @at: the word in, @cursors: how many, or NULL for one */
void build_order(struct build *build, struct ast_rule *rule, const struct token *at,
		 const struct token *cursors);
/** build_forge_delay() - @at: the word delay */
void build_forge_delay(struct build *build, struct ast_rule *rule, const struct token *at,
		       const struct token *words, u32 n);
void build_drop_to(struct build *build, struct ast_rule *rule, const struct token *to);
void build_rewrite(struct build *build, struct ast_rule *rule, const struct token *flags,
		   const struct token *to);
/** build_freeze() - @unit: packets or bytes; NULL where it stands in @amount, as in 16KB */
void build_freeze(struct build *build, struct ast_rule *rule, const struct token *amount,
		  const struct token *unit);
void build_police(struct build *build, struct ast_rule *rule, const struct token *rate);
/** build_police_option() - AST_PER, AST_BURST or AST_POLICE_TO */
void build_police_option(struct build *build, struct ast_rule *rule, enum ast_option option,
			 const struct token *value);
/** build_lose() - @to: may be NULL, for both; likewise below */
void build_lose(struct build *build, struct ast_rule *rule, const struct token *chance,
		const struct token *to);
/** build_hold() - packets that go on later; @at: the word delay */
void build_hold(struct build *build, struct ast_rule *rule, const struct token *at,
		const struct token *words, u32 n, const struct token *to);
void build_mark(struct build *build, struct ast_rule *rule, const struct token *mark);
void build_sample(struct build *build, struct ast_rule *rule, const struct token *chance);
/** build_in_phase() - one more phase that the rule is active in */
void build_in_phase(struct ast_rule *rule, const struct token *name);
void build_residual(struct build *build, struct ast_rule *rule, const struct token *time,
		    const struct token *tuple);
/** build_residual_option() - AST_BOTH, AST_REARM, AST_WITH (with the name of an inject or, for
 *	drop, NULL) or AST_RESIDUAL_CHANCE; @at: the word
 */
void build_residual_option(struct build *build, struct ast_rule *rule, enum ast_option option,
			   const struct token *at, const struct token *value);
void build_residual_after(struct build *build, struct ast_rule *rule, const struct token *at,
			  const struct token *words, u32 n);
void build_path(struct build *build, struct ast_rule *rule, enum censor_path path,
		const struct token *at);
void build_chance(struct build *build, struct ast_rule *rule, const struct token *at,
		  const struct token *chance);
void build_chance_by(struct build *build, struct ast_rule *rule, const struct token *tuple);
/** build_chance_table() - AST_HOURS or AST_LOAD */
void build_chance_table(struct build *build, struct ast_rule *rule, enum ast_option option,
			const struct token *name);

/** build_beside() - the path of a file that a policy names, from malloc */
char *build_beside(const struct build *build, const char *path);

/** ast_add_set() - an empty set, not yet in the table of names; @name may be NULL */
struct ast_set *ast_add_set(struct policy_ast *ast, const char *name, u8 kind, bool words);
void ast_add_name(struct ast_set *set, u8 form, const char *text, u8 len, struct place place);
void ast_add_prefix(struct ast_set *set, const struct censor_prefix *prefix, struct place place);
void ast_add_range(struct ast_set *set, u16 lo, u16 hi, struct place place);
void ast_free_set(struct ast_set *set);
/** ast_free_encodings() - encode.c */
void ast_free_encodings(struct ast_set *set);
struct ast_pool *ast_add_pool(struct policy_ast *ast, const char *name);
void ast_add_address(struct ast_pool *pool, const struct censor_prefix *prefix,
		     struct place place);
struct ast_page *ast_add_page(struct policy_ast *ast, const char *name);
void ast_add_bytes(struct ast_page *page, const void *data, u32 len);
struct ast_hours *ast_add_hours(struct policy_ast *ast, const char *name);
struct ast_load *ast_add_load(struct policy_ast *ast, const char *name);
struct ast_phase *ast_add_phase(struct policy_ast *ast, const char *name);
struct ast_inject *ast_add_inject(struct policy_ast *ast, const char *name);
struct ast_packet *ast_add_packet(struct ast_inject *inject);
struct ast_rule *ast_add_rule(struct policy_ast *ast, const char *name);
struct ast_cond *ast_add_cond(struct ast_rule *rule);

/** check_policy() - resolve the names, check the whole; errors go to the report */
void check_policy(struct build *build);

/** parse_policy() - the text of @file (of the report) into the AST */
void parse_policy(struct build *build, u32 file);

#endif
