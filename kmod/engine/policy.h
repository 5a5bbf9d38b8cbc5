/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A compiled policy: what it says, how a host builds one, and what the packet path reads of it.
 *
 * A policy is built by one writer with the censor_policy_add_*() calls, sealed once, and from
 * then on immutable: any number of packets may read it without a lock, and it is replaced whole.
 */
#ifndef _CENSOR_POLICY_H
#define _CENSOR_POLICY_H

#include "host.h"
#include "names.h"
#include "numbers.h"
#include "prefixes.h"

#define CENSOR_NAME_MAX		64	/* a set's, rule's … name with its NUL */
#define CENSOR_SETS_MAX		16384
#define CENSOR_RULES_MAX	16384
#define CENSOR_INJECTS_MAX	256
#define CENSOR_POOLS_MAX	256
#define CENSOR_CONDS_MAX	16	/* conditions of one rule */
#define CENSOR_COND_SETS_MAX	32	/* sets of one condition */
#define CENSOR_PACKETS_MAX	8	/* packet descriptions of one inject */
#define CENSOR_COPIES_MAX	8	/* copies of one description */
#define CENSOR_INSIDE_MAX	64	/* prefixes of the inside */
#define CENSOR_ANSWERS_MAX	16	/* records in one forged DNS answer */

/** enum censor_attr - what a condition reads; the order is that of the uapi's enum. */
enum censor_attr {
	CENSOR_ATTR_FROM,		/* number: CENSOR_INSIDE or CENSOR_OUTSIDE */
	CENSOR_ATTR_PROTO,		/* number: IP protocol */
	CENSOR_ATTR_IP,			/* prefix: either address of the packet */
	CENSOR_ATTR_IP_SRC,
	CENSOR_ATTR_IP_DST,
	CENSOR_ATTR_PORT,		/* number: either port of the packet */
	CENSOR_ATTR_PORT_SRC,
	CENSOR_ATTR_PORT_DST,
	CENSOR_ATTR_DNS_QNAME,		/* text */
	CENSOR_ATTR_DNS_QTYPE,		/* number */
	CENSOR_ATTR_HTTP_HOST,		/* text */
	CENSOR_ATTR_HTTP_TARGET,	/* text */
	CENSOR_ATTR_TLS_SNI,		/* text */
	CENSOR_ATTR_COUNT,
};

#define CENSOR_ATTR_BIT(attr)	(1u << (attr))
/* What every packet has; all other attributes come from a detector. */
#define CENSOR_ATTRS_PACKET	(CENSOR_ATTR_BIT(CENSOR_ATTR_DNS_QNAME) - 1)
#define CENSOR_ATTRS_DNS	(CENSOR_ATTR_BIT(CENSOR_ATTR_DNS_QNAME) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_DNS_QTYPE))
#define CENSOR_ATTRS_HTTP	(CENSOR_ATTR_BIT(CENSOR_ATTR_HTTP_HOST) | \
				 CENSOR_ATTR_BIT(CENSOR_ATTR_HTTP_TARGET))
#define CENSOR_ATTRS_TLS	CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_SNI)
#define CENSOR_ATTRS_STREAM	(CENSOR_ATTRS_HTTP | CENSOR_ATTRS_TLS)

#define CENSOR_NO_COND	0xffff

#define CENSOR_INSIDE	0
#define CENSOR_OUTSIDE	1

/** enum censor_kind - what a set holds. */
enum censor_kind {
	CENSOR_KIND_NAMES,	/* text, matched as the form of each entry says */
	CENSOR_KIND_PREFIXES,
	CENSOR_KIND_NUMBERS,	/* ranges of 0..65535 */
};

/**
 * censor_attr_kind() - the kind of set that an attribute is looked up in
 * @attr: the attribute
 */
enum censor_kind censor_attr_kind(enum censor_attr attr);

/* Actions of a rule. */
#define CENSOR_DO_LOG		0x01
#define CENSOR_DO_DROP		0x02
#define CENSOR_DO_PASS		0x04	/* no later rule sees this packet or the rest of its flow */
#define CENSOR_DO_INJECT	0x08
#define CENSOR_DO_FORGE		0x10
#define CENSOR_DO_RESIDUAL	0x20

/* The tuple that residual blocking remembers, in the direction of the packet that triggered it. */
#define CENSOR_TUPLE_SRC	0x01
#define CENSOR_TUPLE_DST	0x02
#define CENSOR_TUPLE_SPORT	0x04
#define CENSOR_TUPLE_DPORT	0x08

/** enum censor_pick - how a header field of an injected packet gets its value. */
enum censor_pick {
	CENSOR_PICK_RANGE,	/* drawn from lo..hi for each packet; fixed where lo == hi */
	CENSOR_PICK_CYCLIC,	/* drawn once for a trigger, one more for each copy after */
	CENSOR_PICK_MIRROR,	/* as in the packet that triggered it */
};

/**
 * struct censor_field - the value of a header field
 * @pick: enum censor_pick
 * @lo: least value
 * @hi: greatest value
 */
struct censor_field {
	u8 pick;
	u16 lo;
	u16 hi;
};

#define CENSOR_TO_CLIENT	0x01	/* to the sender of the packet that triggered it */
#define CENSOR_TO_SERVER	0x02	/* to its receiver */

/**
 * struct censor_packet - one TCP packet that an inject sends, and its copies
 * @flags: TCP flags byte
 * @to: CENSOR_TO_*
 * @copies: how often, 1 to CENSOR_COPIES_MAX
 * @df: the IPv4 don't-fragment bit
 * @ttl: IP TTL or hop limit
 * @ip_id: IPv4 identification
 * @window: TCP window
 * @seq: added to the sequence number of each copy in turn; the first @n_seq of them are used,
 *	over again where there are more copies
 * @n_seq: 1 to CENSOR_COPIES_MAX
 */
struct censor_packet {
	u8 flags;
	u8 to;
	u8 copies;
	bool df;
	struct censor_field ttl;
	struct censor_field ip_id;
	struct censor_field window;
	u32 seq[CENSOR_COPIES_MAX];
	u8 n_seq;
};

/** struct censor_inject - a named set of packets sent when a rule fires. */
struct censor_inject {
	char name[CENSOR_NAME_MAX];
	struct censor_packet packets[CENSOR_PACKETS_MAX];
	u8 n_packets;
};

/**
 * struct censor_pool - addresses that forged DNS answers are drawn from (`answers` in the text)
 * @v4: network order, in the order of the policy
 * @v6: likewise
 */
struct censor_pool {
	char name[CENSOR_NAME_MAX];
	u8 (*v4)[4];
	u8 (*v6)[16];
	u32 n_v4, n_v6;
	u32 room_v4, room_v6;
};

/**
 * struct censor_forge - how a rule forges DNS answers
 * @pool: index of the pool
 * @count: records in the answer, 1 to CENSOR_ANSWERS_MAX
 * @aa: the AA flag; else as the query's RD says (CENSORS.md 1.3: 0x8180 if RD, 0x8400 if not)
 * @df: IPv4 don't-fragment
 * @ttl_lo: least TTL of the records, seconds
 * @ttl_hi: greatest
 * @ip_ttl: TTL or hop limit of the packet
 * @ip_id: IPv4 identification
 */
struct censor_forge {
	u16 pool;
	u8 count;
	bool aa;
	bool df;
	u32 ttl_lo, ttl_hi;
	struct censor_field ip_ttl;
	struct censor_field ip_id;
};

/**
 * struct censor_cond - one condition: an attribute is (or is not) in one of some sets
 * @attr: enum censor_attr
 * @negate: true when it must be in none of them; the attribute must be there all the same
 * @n: how many sets
 * @first: the first of them in censor_policy.cond_sets
 */
struct censor_cond {
	u8 attr;
	bool negate;
	u16 n;
	u32 first;
};

/**
 * struct censor_rule - conditions that must all hold, and what is done then
 * @attrs: CENSOR_ATTR_BIT() of every attribute that the conditions read
 * @first: the first condition in censor_policy.conds
 * @n: how many conditions
 * @filed_attr: the attribute under which seal filed it (seal.c)
 * @filed: the condition whose sets lead to it, or CENSOR_NO_COND
 * @residual_ms: how long a residual block lasts
 * @tuple: CENSOR_TUPLE_* of the residual block
 */
struct censor_rule {
	char name[CENSOR_NAME_MAX];
	u32 attrs;
	u32 first;
	u16 n;
	u16 filed;
	u8 filed_attr;
	u8 actions;
	u8 tuple;
	u16 inject;
	u32 residual_ms;
	struct censor_forge forge;
};

/**
 * struct censor_set - a set of names, prefixes or numbers
 * @anonymous: it was written inside a rule, has no name and is listed there
 * @entries: how many elements were added
 */
struct censor_set {
	char name[CENSOR_NAME_MAX];
	u8 kind;
	bool anonymous;
	bool words;		/* declared with `words`: a plain entry is a substring */
	u32 entries;
};

/**
 * struct censor_index - the rules that the sets of one attribute lead to
 * @first: index into @rules, by set number; @first[set + 1] ends it; NULL: no rule is filed here
 * @rules: rules, ascending within each set
 * @unindexed: rules that no set leads to: only negated conditions
 * @numbers: from a number to those sets, for attributes that are numbers
 */
struct censor_index {
	u32 *first;
	u32 *rules;
	u32 *unindexed;
	u32 n_unindexed;
	struct censor_number_index numbers;
};

/** struct censor_policy - see the head of this file; the members are for reading after seal. */
struct censor_policy {
	char name[CENSOR_NAME_MAX];
	u64 seed;
	u32 attrs;			/* every attribute that some rule reads */
	u32 tuples;			/* bit n: some rule remembers the tuple of value n */
	bool sealed;
	size_t limit;			/* bytes that it may take */
	size_t bytes;			/* bytes that it takes */

	struct censor_prefix inside[CENSOR_INSIDE_MAX];
	u32 n_inside;

	struct censor_set *sets;
	struct censor_inject *injects;
	struct censor_pool *pools;
	struct censor_rule *rules;
	struct censor_cond *conds;
	u16 *cond_sets;
	u32 n_sets, n_injects, n_pools, n_rules, n_conds, n_cond_sets;
	u32 room_sets, room_injects, room_pools, room_rules, room_conds, room_cond_sets;

	struct censor_names names;	/* entries of every set of names */
	struct censor_prefixes prefixes;
	struct censor_numbers numbers;
	struct censor_index index[CENSOR_ATTR_COUNT];
};

/*
 * Building. Every call returns 0 (or an index) or a negative error and sets *why to a sentence
 * that says what is wrong and what would be right; process context in the kernel, may sleep.
 * Errors: -EINVAL, -EEXIST (a name taken), -ENOENT (an index that does not exist), -E2BIG (a
 * limit above), -ENOMEM, -EDQUOT (censor_policy.limit).
 */

/**
 * censor_policy_create() - an empty policy
 * @limit: bytes that the policy may take in all
 *
 * Return: the policy, to be freed with censor_policy_destroy(), or NULL for lack of memory.
 */
struct censor_policy *censor_policy_create(size_t limit);
void censor_policy_destroy(struct censor_policy *pol);

int censor_policy_set_name(struct censor_policy *pol, const char *name, const char **why);
int censor_policy_add_inside(struct censor_policy *pol, const struct censor_prefix *prefix,
			     const char **why);

/**
 * censor_policy_add_set() - a new, empty set
 * @name: its name, or "" for an anonymous one
 * @kind: enum censor_kind
 * @words: a plain entry of it is a substring (kept for listing only)
 *
 * Return: the set's index, counted from 0, or an error.
 */
int censor_policy_add_set(struct censor_policy *pol, const char *name, u8 kind, bool words,
			  const char **why);
/**
 * censor_policy_add_name() - a name, in one of the forms of names.h
 * @form: CENSOR_FORM_*
 * @text: need not end with NUL; upper-case ASCII is stored as lower-case
 */
int censor_policy_add_name(struct censor_policy *pol, u32 set, u8 form, const char *text,
			   size_t len, const char **why);
int censor_policy_add_prefix(struct censor_policy *pol, u32 set,
			     const struct censor_prefix *prefix, const char **why);
int censor_policy_add_numbers(struct censor_policy *pol, u32 set, u32 lo, u32 hi,
			      const char **why);

/** censor_policy_add_inject() - @inject is copied. Return: its index or an error. */
int censor_policy_add_inject(struct censor_policy *pol, const struct censor_inject *inject,
			     const char **why);
/** censor_policy_add_pool() - an empty pool. Return: its index or an error. */
int censor_policy_add_pool(struct censor_policy *pol, const char *name, const char **why);
int censor_policy_add_address(struct censor_policy *pol, u32 pool, u8 family, const u8 *addr,
			      const char **why);

/**
 * censor_policy_add_rule() - a rule without conditions
 * @rule: name, actions, tuple, inject, residual_ms and forge are read; the rest is ignored
 *
 * Return: its index or an error.
 */
int censor_policy_add_rule(struct censor_policy *pol, const struct censor_rule *rule,
			   const char **why);
/** censor_policy_add_cond() - one more condition of the rule that was added last. */
int censor_policy_add_cond(struct censor_policy *pol, enum censor_attr attr, bool negate,
			   const u16 *sets, u32 n_sets, const char **why);

/**
 * censor_policy_seal() - check the whole, build the lookup tables; no more adding after it
 * @where: on error, the index of the rule at fault, or -1
 */
int censor_policy_seal(struct censor_policy *pol, int *where, const char **why);

#endif
