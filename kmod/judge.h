/* SPDX-License-Identifier: GPL-2.0 */
/* What a packet meets in the host once its flow alone does not decide it. */
#ifndef _CENSOR_JUDGE_H
#define _CENSOR_JUDGE_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "active.h"
#include "engine/inspect.h"
#include "onward.h"
#include "pernet.h"
#include "worker.h"

/* A flow's acts that make another fate for each segment, or another packet of each. */
#define CENSOR_ACTS_ON_SEGMENTS	(CENSOR_ACT_COUNTING | CENSOR_ACT_REWRITE(0) |	\
				 CENSOR_ACT_REWRITE(1) | CENSOR_ACT_SHAPE)

/**
 * struct censor_verdict - what comes of a packet
 * @fate: whether and how it goes on
 * @flags: CENSOR_FATE_REWRITE: to these TCP flags
 * @wait_us: CENSOR_FATE_DELAY: after so many microseconds of the policy's clock
 * @mark_rule: 1 + the rule whose mark it gets, or 0
 */
struct censor_verdict {
	enum censor_fate fate;
	u8 flags;
	u32 wait_us;
	u16 mark_rule;
};

/**
 * struct censor_tally - packets that one rule counts, not yet told to it
 * @rule: 1 + the rule, or 0
 * @packets: those that go on, and those that are dropped
 * @bytes: likewise
 */
struct censor_tally {
	u16 rule;
	u32 packets[2];
	u64 bytes[2];
};

/**
 * struct censor_judgement - one packet's way through the host
 * @skb: the packet; once it is split, the next segment, and those after it by their @next
 * @view: of the whole packet; its segments' differ in payload and sequence number
 * @datagram: what fragments have become, all of it; or NULL
 * @segments: how many packets it stands for
 * @segment_size: bytes of payload in each but the last
 * @era: in force when the packet came
 * @now: of the policy's clock, then
 * @verdict: while it is whole, on all so far
 * @split: its segments are packets of their own
 * @stuck: it can't be split: it passes
 * @dropped: how many of the packets that it stands for are dropped
 * @tally: what its flow's rule is to count
 * @onward: where segments go from here
 * @on: those that go on
 */
struct censor_judgement {
	struct censor_net *cn;
	struct censor_active *active;
	const struct nf_hook_state *state;
	struct sk_buff *skb;
	struct censor_packet_view *view;
	const u8 *datagram;
	u32 segments;
	u32 segment_size;
	u64 era;
	u64 now;
	struct censor_verdict verdict;
	bool split;
	bool stuck;
	u32 dropped;
	struct censor_tally tally;
	struct censor_onward onward;
	struct sk_buff_head on;
};

/** censor_wire_bytes() - of all @segments that a packet stands for, from the IP header on */
static inline u32 censor_wire_bytes(const struct censor_packet_view *view, u32 segments)
{
	return segments == 1 ? view->wire : segments * view->payload_at + view->len;
}

/** censor_count() - packets of a flow that rule @rule - 1 counts for; any context */
static inline void censor_count(struct censor_active *active, u16 rule, u32 packets, u64 bytes,
				bool lost)
{
	struct censor_counts *counts = &active->counts[rule - 1];

	atomic64_add(packets, lost ? &counts->lost_packets : &counts->packets);
	atomic64_add(bytes, lost ? &counts->lost_bytes : &counts->bytes);
}

/** censor_mark() - give a packet the mark of rule @rule - 1 */
static inline void censor_mark(const struct censor_policy *pol, struct sk_buff *skb, u16 rule)
{
	const struct censor_mark *mark = &pol->rules[rule - 1].mark;

	skb->mark = (skb->mark & ~mark->mask) | mark->value;
}

/**
 * censor_judge_key() - judge a packet, and set out what its segments become
 * @j: gets the verdict
 * @key: of its flow; aligned to 8 bytes
 *
 * Under rcu_read_lock() with bottom halves off. A packet that stays whole is as it was, but
 * rewritten.
 */
void censor_judge_key(struct censor_judgement *j, const struct censor_key *key);

/**
 * censor_judge_end() - what comes of a packet that was judged
 * @j: the packet
 * @dropped: gets how many of those that it stands for are dropped
 *
 * No lock is held: what goes on by our hand does so from here.
 *
 * Return: the hook's verdict.
 */
unsigned int censor_judge_end(struct censor_judgement *j, u32 *dropped);

/**
 * censor_judge_hold() - censor_hold() for microseconds of the policy's clock
 * @cn: the namespace
 * @active: the policy by whose clock it is
 * @state: of the hook that the packet is in
 * @skb: the packet
 * @packets: how many it stands for
 * @wait_us: how many microseconds
 *
 * Under rcu_read_lock() with bottom halves off.
 *
 * Return: as censor_hold(): 0, -ENOBUFS or -ENETDOWN.
 */
int censor_judge_hold(struct censor_net *cn, const struct censor_active *active,
		      const struct nf_hook_state *state, struct sk_buff *skb, u32 packets,
		      u32 wait_us);

/**
 * censor_judge_delay() - the same for the packet in whose hook we are
 * @dropped: goes up by its @packets if they are dropped
 *
 * Return: the hook's verdict.
 */
unsigned int censor_judge_delay(struct censor_net *cn, const struct censor_active *active,
				const struct nf_hook_state *state, struct sk_buff *skb,
				u32 packets, u32 wait_us, u32 *dropped);

/** censor_judge_rewrite() - Return: whether it was; if not it passes as it is. */
bool censor_judge_rewrite(struct censor_net *cn, struct censor_worker *worker, struct sk_buff *skb,
			  u8 pf, const struct censor_packet_view *view, u8 flags);

/* The packets that one of segmentation offload stands for: segments.c */

/** censor_segment_view() - the @n-th of them */
void censor_segment_view(const struct censor_judgement *j, u32 n, struct censor_packet_view *view);

/** censor_segment_settle() - what comes of the @n-th; the worker is locked */
void censor_segment_settle(struct censor_judgement *j, struct censor_worker *worker,
			   const struct censor_packet_view *view, u32 n,
			   struct censor_verdict verdict);

/** censor_segments_send() - those that go on do, and those that were not settled */
void censor_segments_send(struct censor_judgement *j);

/* A fragment that the policy puts together with others: fragments.c */

/** censor_judge_fragment() - from its view to the hook's verdict; as censor_judge_end() */
unsigned int censor_judge_fragment(struct censor_judgement *j, u32 *dropped);

#endif
