/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The censor: from a packet, its flow and a policy to a verdict.
 *
 * What a host does, for every packet in turn:
 *
 *   1. censor_packet_parse(), censor_packet_key(); find the flow of that key or make one
 *      (zeroed, then censor_flow_start()); a flow is used by one packet at a time.
 *   2. If censor_flow_decided(), its answer is the verdict and nothing else is needed.
 *   3. Otherwise, if censor_flow_wants_block(): for each tuple in policy->tuples,
 *      ascending, look up censor_residual_key(); the first block found that is of this
 *      generation and has not ended goes to censor_inspect(), or NULL.
 *   4. Give the payload, then censor_inspect().
 *   5. Carry out what stands in the context: an event for each match, censor_forge_next() until
 *      it returns 0, a residual block for each match that says so; then drop or pass.
 */
#ifndef _CENSOR_INSPECT_H
#define _CENSOR_INSPECT_H

#include "detect.h"
#include "packet.h"
#include "policy.h"

#define CENSOR_MATCHES_MAX	16	/* rules that can act on one packet */
#define CENSOR_BUFFER_SIZE	4096	/* bytes kept of an incomplete message */

/** enum censor_protocol - what a flow was recognised as */
enum censor_protocol {
	CENSOR_PROTOCOL_UNKNOWN,
	CENSOR_PROTOCOL_DNS,
	CENSOR_PROTOCOL_HTTP,
	CENSOR_PROTOCOL_TLS,
};

/** enum censor_stage - how far the judging of a flow's stream has come */
enum censor_stage {
	CENSOR_STAGE_NEW,	/* nothing of it seen yet */
	CENSOR_STAGE_STREAM,	/* the client is known, its first message is awaited */
	CENSOR_STAGE_DONE,	/* nothing in it can change the verdict any more */
	CENSOR_STAGE_BLOCKED,	/* every packet is dropped */
};

/**
 * struct censor_flow - all that is remembered of a flow
 * @key: its two ends
 * @last: when its last packet was seen, nanoseconds of the host's clock
 * @packets: packets seen
 * @blocks: by direction: the host's count of residual blocks when they were last looked up
 * @block_until: by direction: when the residual block ends that was found then
 * @block_rule: by direction: its rule
 * @generation: the policy's generation that judged it
 * @next: sequence number of the client's next byte
 * @buffer: bytes of an incomplete message, CENSOR_BUFFER_SIZE of them, or NULL
 * @buffered: how many
 * @seen: bit 0, 1: a packet of that direction was judged by the address rules;
 *	bit 2, 3: the rules of that direction drop it; bit 4: they let the whole flow pass
 * @client: direction (as in view->dir) of the packets that the client sends; 2: both sides do
 * @matched: attributes already judged in this stream (an HTTP target before its Host)
 */
struct censor_flow {
	struct censor_key key;
	u64 last;
	u64 packets;
	u64 block_until[2];
	u32 block_rule[2];
	u32 blocks[2];
	u32 generation;
	u32 next;
	u32 matched;
	u8 *buffer;
	u16 buffered;
	u8 stage;
	u8 protocol;
	u8 seen;
	u8 client;
	bool handshake;		/* a SYN or SYN+ACK told who the client is */
	bool closing;		/* a FIN or RST was seen */
};

/**
 * struct censor_block - a residual block, as a host keeps it
 * @until: when it ends, nanoseconds of the host's clock
 * @rule: the rule that set it
 * @generation: the policy's generation that it belongs to; ended when that has changed
 */
struct censor_block {
	u64 until;
	u32 rule;
	u32 generation;
};

/**
 * struct censor_match - a rule that matched: one event
 * @rule: its index
 * @attr: the attribute that led to it (enum censor_attr)
 * @set: the set that the value was found in, or -1 (a negated condition)
 * @actions: CENSOR_DO_* that are carried out now
 * @residual: an earlier match's residual block acts here, not the rule's conditions
 * @value: the attribute's value as text, @value_len bytes in the context or the packet; an
 *	address in the @family's 4 or 16 bytes for prefix attributes; NULL for numbers, which
 *	stand in @number
 */
struct censor_match {
	u32 rule;
	u8 attr;
	u8 actions;
	bool residual;
	s32 set;
	u16 value_len;
	u16 number;
	const u8 *value;
};

/** enum censor_count - what a host counts when the context says so */
enum censor_count {
	CENSOR_COUNT_NO_BUFFER,		/* an incomplete message had no buffer: it passes unjudged */
	CENSOR_COUNT_TOO_LONG,		/* a message longer than the buffer passes unjudged */
	CENSOR_COUNT_MALFORMED,		/* a message that lies about itself passes unjudged */
	CENSOR_COUNT_OUT_OF_ORDER,	/* a segment beyond the next byte was not looked at */
	CENSOR_COUNT_MATCHES,		/* more rules led to or matched than a packet may have */
	CENSOR_COUNTS,
};

/**
 * struct censor_context - one packet's judgement, and the scratch space for it
 *
 * A host has one for each packet that it judges at a time (about 4 KB: not for the stack). It sets
 * @spare and @report; censor_inspect() sets the rest.
 *
 * @spare: a buffer of CENSOR_BUFFER_SIZE bytes that the engine may keep in the flow (then it sets
 *	this to NULL), or NULL if there is none
 * @returned: a buffer that the flow no longer needs and the host takes back, or NULL
 * @report: recognise protocols and names also where no rule asks for them
 * @drop: the verdict
 * @started: the packet began a new conversation on a known key (what was known is forgotten)
 * @matches: what fired, in the order of the policy; but rules that read only what every packet
 *	has are tried when a flow begins, before there is anything for the others to read
 * @counts: bit n: count enum censor_count n
 * @protocol: what the flow is now known to be
 * @name: the name that was found in this packet, if any (@name_len > 0)
 */
struct censor_context {
	u8 *spare;
	u8 *returned;
	bool report;

	bool drop;
	bool started;
	u8 n_matches;
	u8 protocol;
	u32 counts;
	const u8 *name;
	u16 name_len;
	struct censor_match matches[CENSOR_MATCHES_MAX];

	/* the rest is the engine's */
	u32 present;
	struct censor_hits hits[CENSOR_ATTR_COUNT];
	u32 looked_up;
	const u8 *text[CENSOR_ATTR_COUNT];
	u16 text_len[CENSOR_ATTR_COUNT];
	struct censor_dns_question question;
	struct censor_http_request request;
	u8 sni[256];
};

/**
 * censor_flow_start() - make a zeroed flow ready
 * @flow: zeroed memory
 * @key: its key
 * @generation: the policy's generation
 */
void censor_flow_start(struct censor_flow *flow, const struct censor_key *key, u32 generation);

/**
 * censor_flow_timeout() - how long a flow is remembered without a packet, nanoseconds
 *
 * A flow that was silent for longer is started afresh by the next packet, whether or not the host
 * had removed it meanwhile, so that verdicts don't depend on when a host tidies up.
 */
u64 censor_flow_timeout(const struct censor_flow *flow);

/** enum censor_fate - what censor_flow_decided() knows */
enum censor_fate {
	CENSOR_FATE_OPEN,	/* censor_inspect() must look */
	CENSOR_FATE_PASS,
	CENSOR_FATE_DROP,
};

/**
 * censor_flow_decided() - the short way for a flow that is already judged
 * @flow: the flow; counted and its time moved on unless the answer is CENSOR_FATE_OPEN
 * @view: headers only; the payload is not read
 * @generation: of the policy in force
 * @blocks: the host's count of residual blocks ever set
 * @now: nanoseconds of the host's clock
 */
enum censor_fate censor_flow_decided(struct censor_flow *flow,
				     const struct censor_packet_view *view, u32 generation,
				     u32 blocks, u64 now);

/**
 * censor_flow_wants_block() - whether residual blocks must be looked up for this packet
 * @flow: the flow, or NULL
 * @view: the packet, its direction known
 * @blocks: the host's count of residual blocks ever set
 */
static inline bool censor_flow_wants_block(const struct censor_flow *flow,
					   const struct censor_packet_view *view, u32 blocks)
{
	return flow ? flow->blocks[view->dir] != blocks : blocks != 0;
}

/**
 * censor_inspect() - judge one packet
 * @pol: the policy, sealed
 * @generation: its generation
 * @flow: the packet's flow, or NULL if there was no room for one: address rules and datagrams
 *	are judged all the same, streams pass
 * @view: the packet with its payload
 * @block: the residual block on the packet's tuple, or NULL; only read when
 *	censor_flow_wants_block()
 * @blocks: the host's count of residual blocks ever set
 * @now: nanoseconds of the host's clock
 * @ctx: gets the verdict and what is to be done
 *
 * Any context; bounded by the payload's length. No allocation, no clock, no lock: the caller
 * keeps others off @flow and @ctx.
 */
void censor_inspect(const struct censor_policy *pol, u32 generation, struct censor_flow *flow,
		    const struct censor_packet_view *view, const struct censor_block *block,
		    u32 blocks, u64 now, struct censor_context *ctx);

/**
 * censor_block_set() - fill in the residual block that a match asks for (CENSOR_DO_RESIDUAL)
 * @pol: the policy
 * @generation: its generation
 * @match: the match
 * @now: nanoseconds of the host's clock
 * @block: filled
 */
void censor_block_set(const struct censor_policy *pol, u32 generation,
		      const struct censor_match *match, u64 now, struct censor_block *block);

/** censor_attr_name() - the attribute's name in the policy language, as in "tls.sni" */
const char *censor_attr_name(enum censor_attr attr);
/** censor_protocol_name() - "dns", "http", "tls" or "unknown" */
const char *censor_protocol_name(enum censor_protocol protocol);
/**
 * censor_actions_print() - what was done, as people and programs read it
 * @buf: gets text such as "inject gfw, residual 180s"; always ends with NUL
 *
 * Return: length, cut to @size - 1.
 */
u32 censor_actions_print(const struct censor_policy *pol, const struct censor_match *match,
			 char *buf, u32 size);

#endif
