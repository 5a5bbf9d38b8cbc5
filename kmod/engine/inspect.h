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
 *      ascending, look up censor_residual_key(); the first block found for which
 *      censor_block_acts() is true goes to censor_inspect(), or NULL.
 *   4. Give the payload, the options (censor_packet_options()) and, if the model asks for them,
 *      the checksums' lies; then censor_inspect().
 *      A host counts each packet for the rule in flow->counts_for, sets the mark of the rule in
 *      flow->mark_rule, and holds a packet whose fate is CENSOR_FATE_DELAY for flow->wait_us.
 *   5. Carry out what stands in the context: an event for each match, censor_forge_next() until
 *      it returns 0, each effect into the table of residual blocks; then drop, rewrite or pass.
 *
 * Fragments that the policy puts together (policy->ip) go through frags.h first.
 *
 * What is in force is told by one number, the era: the policy's generation, the phase, and how
 * often the phase was switched. It is read once for a packet.
 *
 * All times are of the policy's clock, which runs policy->clock times as fast as the host's.
 */
#ifndef _CENSOR_INSPECT_H
#define _CENSOR_INSPECT_H

#include "detect.h"
#include "dns.h"
#include "http.h"
#include "lines.h"
#include "packet.h"
#include "policy.h"
#include "quic.h"
#include "tls.h"
#include "track.h"

#define CENSOR_MATCHES_MAX	16	/* rules that can act on one packet */
#define CENSOR_EFFECTS_MAX	8	/* residual blocks that one packet can set */
#define CENSOR_TOLD_SIZE	2048	/* bytes of what matched in a packet's earlier messages */
#define CENSOR_SIGHTS_MAX	3	/* protocols that a flow is recognised as */
#define CENSOR_BUFFER_SIZE	4096	/* bytes of memory that an incomplete message takes */

/** enum censor_stage - how far the judging of a flow's stream has come */
enum censor_stage {
	CENSOR_STAGE_NEW,	/* nothing of it seen yet */
	CENSOR_STAGE_STREAM,	/* a message is awaited */
	CENSOR_STAGE_DONE,	/* nothing in it can change the verdict any more */
};

/** enum censor_tcb - what the censor believes of a connection */
enum censor_tcb {
	CENSOR_TCB_NONE,	/* it knows of none, or has forgotten it */
	CENSOR_TCB_SYN,
	CENSOR_TCB_SYNACK,
	CENSOR_TCB_OPEN,	/* the handshake is over, or there was data */
	CENSOR_TCB_CLOSED,	/* what a FIN created: nothing is looked at */
};

/** enum censor_note - what happened in the censor's TCP, for those who ask why it was blind */
enum censor_note {
	CENSOR_NOTE_NONE,
	CENSOR_NOTE_NO_TCB,		/* data of a connection that it does not know */
	CENSOR_NOTE_HANDSHAKE,		/* data before the handshake that it asks for */
	CENSOR_NOTE_DISBELIEVED,	/* a packet that did not pass its checks */
	CENSOR_NOTE_RESYNC,		/* it became unsure of the sequence number */
	CENSOR_NOTE_SYNCED,		/* it took one from this packet */
	CENSOR_NOTE_TEARDOWN,		/* a RST made it forget the connection */
	CENSOR_NOTE_TEARDOWN_FIN,	/* a FIN did */
	CENSOR_NOTE_TEARDOWN_ECHO,	/* a RST or FIN of another connection did */
	CENSOR_NOTE_EARLY,		/* a segment beyond the next byte */
	CENSOR_NOTE_OLD,		/* a segment of bytes that it has looked at */
	CENSOR_NOTE_SHORT,		/* the first segment is shorter than it needs */
	CENSOR_NOTE_UNKNOWN,		/* it gave up: of no protocol that it knows */
	CENSOR_NOTE_LOOKED,		/* it gave up: as many packets or bytes as it looks at */
	CENSOR_NOTE_REVERSED,		/* it takes the server for the client */
	CENSOR_NOTES,
};

struct censor_buffer;

/* Places in flow->act_rule: each rule lifts what is its own. */
#define CENSOR_OWNER_DROP(dir)		(dir)
#define CENSOR_OWNER_REWRITE(dir)	(2 + (dir))
#define CENSOR_OWNER_COUNTING		4
#define CENSOR_OWNER_PASS		5
#define CENSOR_OWNERS			6

/**
 * struct censor_flow - all that is remembered of a flow
 * @key: its two ends
 * @last: when its last packet was seen, nanoseconds of the policy's clock
 * @packets: packets seen
 * @blocks: by direction: the host's count of residual blocks when they were last looked up
 * @block_until: by direction: when the residual block ends that was found then
 * @block_rule: by direction: its rule
 * @block_back: bit of a direction: it is on packets the other way than the one that set it
 * @era: CENSOR_ERA() that judged it
 * @matched: attributes already judged in this message (an HTTP target before its Host)
 * @timeout: silence after which it is forgotten, milliseconds
 * @closing: the same once a FIN or RST was seen
 * @buffer: bytes of an incomplete message, CENSOR_BUFFER_SIZE of them, or NULL: of a TCP stream
 *	struct censor_buffer, of QUIC struct censor_quic_hello
 * @base: sequence number of the first byte of the client's message
 * @next: by direction: sequence number of its next byte
 * @isn: by direction: sequence number of its SYN
 * @edge: by direction: the first sequence number beyond the window that the other end gave it
 * @tsval: by direction: its last timestamp
 * @looked_bytes: bytes of the client's that were looked at
 * @draws: random state of this connection
 * @teardowns: the censor's count of teardowns when the TCB was created
 * @left: packets or bytes that pass until it freezes, with FROZEN or COUNTING in @acts
 * @bucket: by direction: when the token bucket of this flow is full again, nanoseconds
 * @wait_us: CENSOR_FATE_DELAY: for how long, microseconds of the policy's clock
 * @act_rule: by CENSOR_OWNER_*: the rule that set this of @acts
 * @shape_rule: 1 + the rule that polices, loses, delays or samples its packets, or 0
 * @mark_rule: 1 + the rule that marks them, or 0
 * @counts_for: 1 + the rule that its packets are counted for, the last that matched, or 0
 * @shape_dir: direction of the packet that @shape_rule matched
 * @shape_host: the end of @key by whose address a police goes that is not per flow
 * @sampled: the next packet is told of as one of @shape_rule's sample
 * @turned: CENSOR_TURNED_*: what rules are asked again, since another phase is in force
 * @turned_from: the phase whose rules had been asked then
 * @looked: data packets of the client's that were looked at
 * @empty: packets without data before the first data
 * @tcb: enum censor_tcb
 * @tcp: CENSOR_FLOW_* (tcb.h)
 * @scale: by direction: window scale
 * @stage: enum censor_stage
 * @sights: what it was recognised as, CENSOR_PROTOCOL_NUMBER(), the surest first; 0: no more
 * @tracking: bit n: the nth detector that needs several packets has not decided yet (detectors.c)
 * @heard: packets with data that detectors were shown
 * @answer: sequence number of the server's next byte, while its first flight is put together
 * @track: what they keep
 * @seen: bit 0, 1: a packet of that direction was judged by the address rules
 * @acts: CENSOR_ACT_*: what is done to every packet of a direction
 * @rewrite: flags that packets are rewritten to
 * @client: direction (as in view->dir) of the packets that the client sends; 2: both sides do
 */
struct censor_flow {
	struct censor_key key;
	u64 last;
	u64 packets;
	u64 block_until[2];
	u32 block_rule[2];
	u32 blocks[2];
	u64 era;
	u64 bucket[2];
	void *buffer;
	u32 wait_us;
	u32 matched;
	u32 timeout;
	u32 closing;
	u32 base;
	u32 answer;
	u32 next[2];
	u32 isn[2];
	u32 edge[2];
	u32 tsval[2];
	u64 draws;
	u32 looked_bytes;
	u32 teardowns;
	u32 left;
	u16 act_rule[CENSOR_OWNERS];
	u16 shape_rule;
	u16 mark_rule;
	u16 counts_for;
	u16 looked;
	u8 empty;
	u8 tcb;
	u16 tcp;
	u8 scale[2];
	u8 stage;
	u8 seen;
	u8 acts;
	u8 rewrite;
	u8 client;
	u8 block_back : 2;
	u8 shape_dir : 1;
	u8 shape_host : 1;
	bool sampled : 1;
	u8 turned;
	u8 turned_from;
	u16 sights[CENSOR_SIGHTS_MAX];
	u16 tracking;
	u16 heard;
	struct censor_track track;
};

/* What is done to every packet of a flow, whatever is in it. */
#define CENSOR_ACT_DROP(dir)	(0x01u << (dir))
#define CENSOR_ACT_REWRITE(dir)	(0x04u << (dir))
#define CENSOR_ACT_COUNTING	0x10u	/* @left packets pass, then all are dropped */
#define CENSOR_ACT_COUNT_BYTES	0x20u	/* of bytes */
#define CENSOR_ACT_PASS		0x40u	/* a rule lets all of it pass */
#define CENSOR_ACT_SHAPE	0x80u	/* @shape_rule is asked for each packet */
/* Those after which nothing that could still be recognised changes what is done. */
#define CENSOR_ACTS_LAST	0x3fu

/* Which rules are asked again: on a direction's addresses those that have begun; on protocols. */
#define CENSOR_TURNED(dir)	(0x01u << (dir))
#define CENSOR_TURNED_PROTOCOL	0x04u
#define CENSOR_TURNED_BEGUN	0x08u	/* of these only those that have begun */

/*
 * What is in force. The low half is the policy's generation, which blocks carry, too; the high half
 * is a host's word for the phase, which it stores and reads whole.
 */
#define CENSOR_PHASE_WORD(phase, switches)	((u32)(phase) | (u32)(switches) << 8)
#define CENSOR_WORD_PHASE(word)			((u8)(word))
#define CENSOR_WORD_SWITCHES(word)		((u32)(word) >> 8)
#define CENSOR_ERA(generation, word)		((u32)(generation) | (u64)(word) << 32)
#define CENSOR_ERA_GENERATION(era)		((u32)(era))
#define CENSOR_ERA_PHASE(era)			((u8)((era) >> 32))

/** censor_rule_active() - whether a rule is one of the phase in force */
static inline bool censor_rule_active(const struct censor_rule *rule, u64 era)
{
	return rule->phases >> (CENSOR_ERA_PHASE(era) & (CENSOR_PHASES_MAX - 1)) & 1;
}

/**
 * struct censor_block - a residual block, as a host keeps it
 * @from: when it begins, nanoseconds of the policy's clock
 * @until: when it ends
 * @rule: the rule that set it
 * @generation: the policy's generation that it belongs to; ended when that has changed
 * @back: it is on packets the other way than the one that set it
 */
struct censor_block {
	u64 from;
	u64 until;
	u32 rule;
	u32 generation;
	bool back;
};

/** censor_block_acts() - whether a block is in force, or will be without being set again */
static inline bool censor_block_acts(const struct censor_policy *pol, u64 era,
				     const struct censor_block *block, u64 now)
{
	return block->generation == CENSOR_ERA_GENERATION(era) && block->until > now &&
	       censor_rule_active(&pol->rules[block->rule], era);
}

/**
 * struct censor_effect - a residual block that a host is to set
 * @key: where
 * @block: what
 * @keep: one that is there and has neither ended nor another rule stays as it is
 */
struct censor_effect {
	struct censor_key key;
	struct censor_block block;
	bool keep;
};

/**
 * struct censor_match - a rule that matched: one event
 * @rule: its index
 * @attr: the attribute that led to it (enum censor_attr)
 * @actions: CENSOR_DO_* that are carried out now
 * @residual: an earlier match's residual block acts here, not the rule's conditions
 * @sample: a later packet of a flow that the rule matched, told of by chance; no match more
 * @inject: index of the inject for CENSOR_DO_INJECT
 * @set: the set that the value was found in, or -1 (a negated condition)
 * @value: the attribute's value as text, @value_len bytes in the context or the packet; an
 *	address in the @family's 4 or 16 bytes for prefix attributes; NULL for numbers, which
 *	stand in @number
 */
struct censor_match {
	u32 rule;
	u8 attr;
	bool residual;
	bool sample;
	u16 actions;
	u16 inject;
	s32 set;
	u16 value_len;
	u16 number;
	const u8 *value;
};

#define CENSOR_EVIDENCE_SIZE	16

/**
 * struct censor_evidence - the bytes that showed a protocol
 * @at: where they stand in the message or packet
 * @len: how many they are
 * @bytes: the first of them
 */
struct censor_evidence {
	u16 at;
	u16 len;
	u8 protocol;
	u8 bytes[CENSOR_EVIDENCE_SIZE];
};

/** enum censor_report - what is recognised although no rule asks for it */
enum censor_report {
	CENSOR_REPORT_NOTHING,
	CENSOR_REPORT_NAMES,	/* of DNS, HTTP and TLS */
	CENSOR_REPORT_ALL,	/* whatever there is a detector for */
};

/** enum censor_count - what a host counts when the context says so */
enum censor_count {
	CENSOR_COUNT_NO_BUFFER,		/* an incomplete message without a buffer passes unjudged */
	CENSOR_COUNT_TOO_LONG,		/* a message longer than the buffer passes unjudged */
	CENSOR_COUNT_MALFORMED,		/* a message that lies about itself passes unjudged */
	CENSOR_COUNT_OUT_OF_ORDER,	/* a segment beyond the next byte was not looked at */
	CENSOR_COUNT_MATCHES,		/* more rules led to or matched than a packet may have */
	CENSOR_COUNT_DISBELIEVED,	/* a packet did not pass the TCP model's checks */
	CENSOR_COUNT_RESYNC,		/* a TCB became unsure of its sequence number */
	CENSOR_COUNT_TEARDOWN,		/* a TCB was torn down */
	CENSOR_COUNT_QUIC_RATE,		/* an Initial beyond the rate passes undecrypted */
	CENSOR_COUNTS,
};

#define CENSOR_SHARED_PORTS	256	/* buckets in which teardowns by ports are counted */

/**
 * struct censor_shared - what all flows that a policy judges have in common; a host zeroes it when
 * the policy takes force. The engine's calls change it from several CPUs at a time.
 * @tcbs: connections that were created
 * @teardowns: teardowns of every connection
 * @port_teardowns: of those with certain ports
 * @load_second: the second that is counted
 * @load_count: packets looked into in it
 * @load: packets looked into in the second before it
 * @quic_second: the second in which Initials are counted
 * @quic_count: Initials decrypted in it
 * @packets: drawn from for packets that get lost, are sampled or delayed
 * @tries: by rule: how often it was drawn whether it acts; behind them the counters of forged
 *	answers (struct censor_forge), and behind those, on the next multiple of 8 bytes, the token
 *	buckets of police (struct censor_police): two for a rule, or for each of its hosts, for
 *	what the hosts send and for what they get
 */
struct censor_shared {
	censor_counter tcbs;
	censor_counter teardowns;
	censor_counter port_teardowns[CENSOR_SHARED_PORTS];
	censor_counter load_second;
	censor_counter load_count;
	censor_counter load;
	censor_counter quic_second;
	censor_counter quic_count;
	censor_counter packets;
	censor_counter tries[];
};

/** censor_shared_size() - bytes of the shared state of a sealed policy */
size_t censor_shared_size(const struct censor_policy *pol);

/**
 * struct censor_context - one packet's judgement, and the scratch space for it
 *
 * A host has one for each packet that it judges at a time (about 24 KB: not for the stack). It sets
 * @spare, @report, @wall and @shared; censor_inspect() sets the rest.
 *
 * @shared: of the policy
 * @spare: a buffer of CENSOR_BUFFER_SIZE bytes that the engine may keep in the flow (then it sets
 *	this to NULL), or NULL if there is none
 * @returned: a buffer that the flow no longer needs and the host takes back, or NULL
 * @report: enum censor_report
 * @wall: seconds since 1970 of the policy's clock; only read where policy->wants_wall
 * @drop: the verdict: nothing of the packet goes on
 * @rewrite: the verdict, unless @drop: TCP flags of what goes on in its place, made by
 *	censor_forge_rewrite(); 0: it goes on as it is
 * @wait_us: the verdict, unless @drop: it goes on after so many microseconds of the policy's
 *	clock; 0: at once
 * @started: the packet began a new conversation on a known key (what was known is forgotten)
 * @note: what happened in the censor's TCP
 * @matches: what fired, in the order of the policy; but rules that read only what every packet
 *	has are tried when a flow begins, before there is anything for the others to read
 * @effects: residual blocks to set
 * @counts: bit n: count enum censor_count n
 * @sights: as in the flow, with what this packet adds
 * @fresh: bit n: the nth of them is new
 * @evidence: what showed the new ones, @n_evidence of them
 * @protocol: what the flow is now known to be, first of all
 * @name: the name that was found in this packet, if any (@name_len > 0)
 */
struct censor_context {
	struct censor_shared *shared;
	u8 *spare;
	u8 *returned;
	u8 report;
	u64 wall;

	bool drop;
	u8 rewrite;
	u32 wait_us;
	bool started;
	u8 note;
	u8 n_matches;
	u8 n_effects;
	u8 protocol;
	u8 fresh;
	bool heard;
	u32 counts;
	u16 sights[CENSOR_SIGHTS_MAX];
	u8 n_evidence;
	struct censor_evidence evidence[CENSOR_SIGHTS_MAX];
	const u8 *name;
	u16 name_len;
	struct censor_match matches[CENSOR_MATCHES_MAX];
	struct censor_effect effects[CENSOR_EFFECTS_MAX];

	/* the rest is the engine's */
	u64 now;
	u64 era;
	u32 asked;		/* bit n: rules of the nth phase have been asked before */
	u32 shape_rule;		/* of a packet without flow: 1 + the rule that shapes it, or 0 */
	u8 shape_dir;		/* likewise: the direction of those that go as what matched */
	u32 untold_rule;	/* acts, but found no room among the matches */
	u16 untold_actions;
	u16 alike_asked;	/* 1 + the inject of which @alike is told, or 0 */
	u16 alikes_left;	/* pieces of pages that may still be compared with this packet */
	bool alike;		/* the packet could be one of that inject's */
	u8 settled;		/* matches whose values are in @told */
	u16 told_len;
	u32 spells_left;	/* characters that censor_excerpt_find() may still compare */
	u8 told[CENSOR_TOLD_SIZE];
	struct censor_hits hits[CENSOR_ATTR_COUNT];
	u32 looked_up;
	const struct censor_flow *flow;
	const u8 *text[CENSOR_ATTR_COUNT];
	u16 text_len[CENSOR_ATTR_COUNT];
	struct censor_dns_question question;
	struct censor_http_request request;
	struct censor_tls_hello hello;
	struct censor_tls_certificate certificate;
	struct censor_line line;
	struct censor_quic_seen quic;
	struct censor_quic_scratch scratch;
	struct censor_quic_hello crypto;
	u8 message[CENSOR_BUFFER_SIZE];
};

/**
 * censor_flow_start() - make a zeroed flow ready
 * @flow: zeroed memory
 * @key: its key
 * @era: in force
 */
void censor_flow_start(struct censor_flow *flow, const struct censor_key *key, u64 era);

/**
 * censor_flow_timeout() - how long a flow is remembered without a packet, nanoseconds
 *
 * A flow that was silent for longer is started afresh by the next packet, whether or not the host
 * had removed it meanwhile, so that verdicts don't depend on when a host tidies up.
 */
static inline u64 censor_flow_timeout(const struct censor_flow *flow)
{
	return flow->timeout * 1000000ull;
}

/** enum censor_fate - what censor_flow_decided() knows */
enum censor_fate {
	CENSOR_FATE_OPEN,	/* censor_inspect() must look */
	CENSOR_FATE_PASS,
	CENSOR_FATE_DROP,
	CENSOR_FATE_REWRITE,	/* to the flags in flow->rewrite */
	CENSOR_FATE_DELAY,	/* it goes on after flow->wait_us */
};

/**
 * censor_flow_decided() - the short way for a flow that is already judged
 * @pol: the policy, sealed
 * @shared: of the policy
 * @flow: the flow; counted and its time moved on unless the answer is CENSOR_FATE_OPEN
 * @view: headers only; the payload is not read
 * @era: in force
 * @blocks: the host's count of residual blocks ever set
 * @now: nanoseconds of the policy's clock
 */
enum censor_fate censor_flow_decided(const struct censor_policy *pol,
				     struct censor_shared *shared, struct censor_flow *flow,
				     const struct censor_packet_view *view, u64 era, u32 blocks,
				     u64 now);

/**
 * censor_flow_wants_block() - whether residual blocks must be looked up for this packet
 * @flow: the flow, or NULL
 * @view: the packet, its direction known
 * @era: in force; in another phase other blocks act
 * @blocks: the host's count of residual blocks ever set
 */
static inline bool censor_flow_wants_block(const struct censor_flow *flow,
					   const struct censor_packet_view *view, u64 era,
					   u32 blocks)
{
	return flow ? flow->blocks[view->dir] != blocks || flow->era != era : blocks != 0;
}

/**
 * censor_flow_may_keep() - whether an incomplete message of the flow can take a buffer
 *
 * Hosts for which offering one costs something need not where it can't.
 */
static inline bool censor_flow_may_keep(const struct censor_policy *pol,
					const struct censor_flow *flow)
{
	return flow->key.proto == CENSOR_PROTO_TCP ||
	       (flow->key.proto == CENSOR_PROTO_UDP &&
		(pol->attrs & CENSOR_ATTRS_QUIC ||
		 pol->protocols & CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_QUIC)));
}

/**
 * censor_inspect() - judge one packet
 * @pol: the policy, sealed
 * @era: in force
 * @flow: the packet's flow, or NULL if there was no room for one: address rules and datagrams
 *	are judged all the same, streams pass
 * @view: the packet with its payload
 * @block: the residual block on the packet's tuple that has not ended, or NULL; only read when
 *	censor_flow_wants_block()
 * @blocks: the host's count of residual blocks ever set
 * @now: nanoseconds of the policy's clock
 * @ctx: gets the verdict and what is to be done
 *
 * Any context; bounded by the payload's length. No allocation, no clock, no lock: the caller
 * keeps others off @flow and @ctx.
 */
void censor_inspect(const struct censor_policy *pol, u64 era, struct censor_flow *flow,
		    const struct censor_packet_view *view, const struct censor_block *block,
		    u32 blocks, u64 now, struct censor_context *ctx);

/**
 * struct censor_excerpt - the bytes that a match is about, with some around them
 * @bytes: in the packet, or NULL: the packet has no payload
 * @at: where they begin in the packet's payload
 * @len: how many, at most CENSOR_EXCERPT_MAX
 * @found_at: where in @bytes the matched value stands
 * @found_len: how long it is there; 0: it does not stand there in the clear
 */
struct censor_excerpt {
	const u8 *bytes;
	u32 at;
	u16 len;
	u16 found_at;
	u16 found_len;
};

#define CENSOR_EXCERPT_MAX	192
#define CENSOR_SPELLS_MAX	4096	/* characters compared for all excerpts of a packet */

/**
 * censor_excerpt_find() - what to show of a packet for one of its matches
 * @view: the packet
 * @ctx: of the last censor_inspect(), which was of this packet
 * @match: one of its matches
 * @excerpt: filled
 *
 * A name is found as it is written or as DNS writes it, in either case; a protocol by its evidence.
 * Looking is bounded: a name deep in a long payload, or in one that is full of its beginnings, is
 * not found, and then the payload's beginning is shown.
 */
void censor_excerpt_find(const struct censor_packet_view *view, struct censor_context *ctx,
			 const struct censor_match *match, struct censor_excerpt *excerpt);

/** censor_attr_name() - the attribute's name in the policy language, as in "tls.sni" */
const char *censor_attr_name(enum censor_attr attr);
/** censor_note_text() - what a note says, as in "a RST tore the TCB down"; NULL for none */
const char *censor_note_text(enum censor_note note);
/**
 * censor_actions_print() - what was done, as people and programs read it
 * @buf: gets text such as "inject gfw, residual 180s"; always ends with NUL
 *
 * Return: length, cut to @size - 1.
 */
u32 censor_actions_print(const struct censor_policy *pol, const struct censor_match *match,
			 char *buf, u32 size);

#endif
