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

/** struct token - a word, a quoted string without its quotes (escapes still in it), or a sign */
struct token {
	struct place place;
	const char *text;
	u32 len;
	bool quoted;
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
 */
struct ast_set {
	struct place place;
	const char *name;
	struct ast_name *names;
	struct ast_prefix *prefixes;
	struct ast_range *ranges;
	u32 n, room;
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

struct ast_packet {
	struct place place;
	struct censor_packet packet;
	u32 given;		/* bit n: the option enum ast_option n was written */
};

struct ast_inject {
	struct place place;
	const char *name;
	struct ast_packet *packets;
	u32 n, room;
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
 */
struct ast_cond {
	struct place place;
	struct place operator_place;
	struct ast_value *values;
	u32 n_values, room_values;
	u32 *sets;
	u32 n_sets, room_sets;
	enum ast_operator operator;
	u8 attr;
	bool negate;
	bool broken;
};

/**
 * struct ast_rule - a rule
 * @rule: name, actions, tuple, residual_ms and forge; inject and forge.pool are set by check.c
 * @action_places: by the number of the action's bit
 * @inject: name of the inject as written
 * @pool: name of the pool as written
 * @hits: how often it matched, from the kernel
 */
struct ast_rule {
	struct place place;
	const char *name;
	struct ast_cond *conds;
	u32 n, room;
	struct censor_rule rule;
	struct place action_places[6];
	struct token inject, pool;
	u64 hits;
	u32 given;
	bool broken;
};

struct policy_ast {
	struct arena arena;
	struct place place;
	const char *name;
	u64 seed;
	bool seeded;
	struct ast_prefix *inside;
	struct ast_set *sets;
	struct ast_pool *pools;
	struct ast_inject *injects;
	struct ast_rule *rules;
	u32 n_inside, n_sets, n_pools, n_injects, n_rules;
	u32 room_inside, room_sets, room_pools, room_injects, room_rules;
	struct table set_names, pool_names, inject_names, rule_names;
};

/** enum ast_option - of a packet or a forge */
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
void build_inside(struct build *build, const struct token *value);

struct ast_set *build_set(struct build *build, u8 kind, bool words, const struct token *name);
void build_entry(struct build *build, struct ast_set *set, const struct token *value);
struct ast_pool *build_pool(struct build *build, const struct token *name);
void build_address(struct build *build, struct ast_pool *pool, const struct token *value);
/** build_list() - entries from a file, into @set or else into @pool */
void build_list(struct build *build, struct ast_set *set, struct ast_pool *pool,
		const struct token *path);

struct ast_inject *build_inject(struct build *build, const struct token *name);
struct ast_packet *build_packet(struct build *build, struct ast_inject *inject,
				const struct token *flags);
/** build_packet_option() - @cyclic: the word stands behind the value */
void build_packet_option(struct build *build, struct ast_inject *inject,
			 struct ast_packet *packet, enum ast_option option,
			 const struct token *value, bool cyclic);

struct ast_rule *build_rule(struct build *build, const struct token *name);
struct ast_cond *build_cond(struct build *build, struct ast_rule *rule, const struct token *attr);
void build_value(struct ast_cond *cond, const struct token *value, bool set);
/** build_action() - @bit: CENSOR_DO_*, @at: the word */
void build_action(struct build *build, struct ast_rule *rule, u32 bit, const struct token *at);
void build_forge_option(struct build *build, struct ast_rule *rule, enum ast_option option,
			const struct token *value, bool cyclic);
void build_residual(struct build *build, struct ast_rule *rule, const struct token *time,
		    const struct token *tuple);

/** ast_add_set() - an empty set, not yet in the table of names; @name may be NULL */
struct ast_set *ast_add_set(struct policy_ast *ast, const char *name, u8 kind, bool words);
void ast_add_name(struct ast_set *set, u8 form, const char *text, u8 len, struct place place);
void ast_add_prefix(struct ast_set *set, const struct censor_prefix *prefix, struct place place);
void ast_add_range(struct ast_set *set, u16 lo, u16 hi, struct place place);
void ast_free_set(struct ast_set *set);
struct ast_pool *ast_add_pool(struct policy_ast *ast, const char *name);
void ast_add_address(struct ast_pool *pool, const struct censor_prefix *prefix,
		     struct place place);
struct ast_inject *ast_add_inject(struct policy_ast *ast, const char *name);
struct ast_packet *ast_add_packet(struct ast_inject *inject);
struct ast_rule *ast_add_rule(struct policy_ast *ast, const char *name);
struct ast_cond *ast_add_cond(struct ast_rule *rule);

/** check_policy() - resolve the names, check the whole; errors go to the report */
void check_policy(struct build *build);

/** parse_policy() - the text of @file (of the report) into the AST */
void parse_policy(struct build *build, u32 file);

#endif
