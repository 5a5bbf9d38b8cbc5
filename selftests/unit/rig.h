/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A host of the engine as inspect.h describes it, as small as one can be: flows and residual
 * blocks in arrays that are searched from end to end. And short ways to write a policy.
 */
#ifndef _CENSOR_RIG_H
#define _CENSOR_RIG_H

#include "forge.h"
#include "inspect.h"
#include "wire.h"

#define SECOND		1000000000ull
#define RIG_FLOWS	256
#define RIG_BLOCKS	256
#define RIG_FORGED	48

/** struct forged - a packet that the censor sent */
struct forged {
	u8 to;
	u32 match;
	u32 delay_us;
	u32 len;
	u8 data[CENSOR_FORGE_SIZE];
};

/**
 * struct seen - what became of a packet
 * @parse: what censor_packet_parse() returned; nothing else is set unless it is 0
 * @fast: censor_flow_decided() knew the verdict
 * @name: the name that was found, as text
 * @value: by match: its value, as text, or the address's bytes
 * @n_forged: how many packets were sent, also where they are more than @forged holds
 */
struct seen {
	int parse;
	bool fast;
	bool drop;
	u8 rewrite;		/* flags that it is rewritten to, or 0 */
	u32 wait_us;		/* it goes on so much later */
	u16 counts_for;		/* of its flow after it, as are the marks */
	u16 mark_rule;
	u8 note;
	bool started;
	u8 protocol;
	u32 counts;
	u32 n_matches;
	struct censor_match matches[CENSOR_MATCHES_MAX];
	char value[CENSOR_MATCHES_MAX][256];
	char name[256];
	u32 n_effects;
	struct censor_effect effects[CENSOR_EFFECTS_MAX];
	u32 n_forged;
	struct forged forged[RIG_FORGED];
};

/**
 * struct rig - see the head of this file
 * @now: the clock
 * @wall: seconds since 1970
 * @shared: of the policy in force
 * @no_fast: never ask censor_flow_decided()
 * @no_buffer: as if memory were short: no spare buffer
 * @no_flow: as if memory were short: no flow
 * @report: as in struct censor_context
 * @buffers: how many buffers flows hold
 * @behind: the context, which ends with room for bytes: nobody may write there
 */
struct rig {
	struct censor_policy *pol;
	u32 generation;
	u8 phase;		/* in force */
	u32 switches;
	u64 now;
	u64 wall;
	struct censor_shared *shared;
	bool no_fast, no_buffer, no_flow;
	u8 report;
	u32 n_flows;
	struct censor_flow flows[RIG_FLOWS];
	u32 n_blocks;		/* ever set */
	struct censor_key block_keys[RIG_BLOCKS];
	struct censor_block blocks[RIG_BLOCKS];
	int buffers;
	struct censor_context ctx;
	u8 behind[64];
	struct seen seen;
};

struct rig *rig_new(struct censor_policy *pol);
/** rig_free() - ends the policy too */
void rig_free(struct rig *rig);
/** rig_policy() - another policy in force; the old one is freed */
void rig_policy(struct rig *rig, struct censor_policy *pol);
/** rig_phase() - switch to another phase */
void rig_phase(struct rig *rig, u8 phase);
/** rig_send() - a packet passes the censor. Return: what became of it, until the next one. */
const struct seen *rig_send(struct rig *rig, const u8 *packet, u32 len);
/** rig_send_part() - of a packet of @wire bytes, @cap can be read */
const struct seen *rig_send_part(struct rig *rig, const u8 *packet, u32 cap, u32 wire, bool gso);
/** rig_forget() - all flows, as a host does that is short of memory */
void rig_forget(struct rig *rig);
/** rig_flow() - the flow that the last packet belonged to, or NULL */
struct censor_flow *rig_flow(struct rig *rig);

/* A TCP conversation; @client are its ends as the client sends. */
struct talk {
	struct rig *rig;
	struct ends client;
	u32 seq, ack;		/* next byte of the client, of the server */
};

/** talk_open() - SYN and SYN+ACK; both must pass unmatched */
struct talk talk_open(struct rig *rig, struct ends client);
/** talk_say() - the client's next bytes in one segment */
const struct seen *talk_say(struct talk *talk, const void *data, u32 len);
/** talk_say_at() - client bytes at a distance from its next byte; doesn't move it */
const struct seen *talk_say_at(struct talk *talk, s32 offset, const void *data, u32 len);
/** talk_answer() - the server's next bytes */
const struct seen *talk_answer(struct talk *talk, const void *data, u32 len);
const struct seen *talk_flags(struct talk *talk, bool by_client, u8 flags);

/*
 * Policies. A test's policy is valid unless the test says otherwise, so errors end the test.
 */
struct censor_policy *policy_new(void);
/** policy_names() - a set; entries as the policy language writes forms: kw =kw .kw *kw *kw* … */
u16 policy_names(struct censor_policy *pol, const char *name, const char *const *entries);
#define NAMES(...)	((const char *const []){ __VA_ARGS__, NULL })
u16 policy_prefixes(struct censor_policy *pol, const char *name, const char *const *prefixes);
u16 policy_number(struct censor_policy *pol, u32 lo, u32 hi);
u32 policy_rule(struct censor_policy *pol, const char *name, u16 actions);
/** policy_rule_defaults() - what the policy language fills in where nothing is written */
void policy_rule_defaults(struct censor_rule *rule);
u32 policy_rule_full(struct censor_policy *pol, const struct censor_rule *rule);
void policy_cond(struct censor_policy *pol, enum censor_attr attr, u16 set);
void policy_cond_not(struct censor_policy *pol, enum censor_attr attr, u16 set);
void policy_seal(struct censor_policy *pol);
u16 policy_inject(struct censor_policy *pol, const char *name, const struct censor_packet *packets,
		  u32 n);
u16 policy_pool(struct censor_policy *pol, const char *name, const char *const *addresses);
struct censor_prefix policy_prefix(const char *text);

/** split_form() - a name as written into its form and text */
u8 split_form(const char *written, const char **text, size_t *len);

#endif
