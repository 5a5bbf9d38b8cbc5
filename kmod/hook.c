// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: the life of a packet
 *
 * Headers into a view, one lookup of the flow; a decided flow leaves here. The others are judged:
 * as one packet (judge.c), as the segments that it stands for (segments.c), or with the fragments
 * that it belongs to (fragments.c).
 *
 * Receiving a packet is with bottom halves off, but one that comes back from a queue in user space
 * (NFQUEUE) goes on to the hooks with them on. The locks and the worker need them off.
 */
#include <linux/bottom_half.h>
#include <linux/if_ether.h>
#include <linux/netfilter_bridge.h>
#include <linux/skbuff.h>

#include "flows.h"
#include "hook.h"
#include "judge.h"

/* A packet of more has a segment size that no connection has: it was made to cost time. */
#define SEGMENTS_MAX	1024

/* A decided flow's packet that is to be rewritten. */
static noinline void rewrite_decided(struct censor_net *cn, struct sk_buff *skb, u8 pf,
				     const struct censor_packet_view *view, u8 flags)
{
	struct censor_worker *worker = censor_worker_this();

	spin_lock(&worker->lock);
	censor_judge_rewrite(cn, worker, skb, pf, view, flags);
	spin_unlock(&worker->lock);
}

/* What becomes of a decided flow's packet that does not go on as it is. */
static noinline unsigned int carry_out(struct censor_net *cn, const struct censor_active *active,
				       const struct nf_hook_state *state, struct sk_buff *skb,
				       const struct censor_packet_view *view,
				       const struct censor_verdict *verdict, u32 segments,
				       u32 *dropped)
{
	if (verdict->fate == CENSOR_FATE_DROP) {
		*dropped = segments;
		return NF_DROP;
	}
	if (verdict->mark_rule)
		censor_mark(active->pol, skb, verdict->mark_rule);
	if (verdict->fate == CENSOR_FATE_REWRITE)
		rewrite_decided(cn, skb, state->pf, view, verdict->flags);
	if (verdict->fate == CENSOR_FATE_DELAY)
		return censor_judge_delay(cn, active, state, skb, segments, verdict->wait_us,
					  dropped);
	return NF_ACCEPT;
}

/* @key: of its flow; NULL for a fragment that is put together with others. */
static noinline unsigned int judge(struct censor_judgement *j, const struct censor_key *key,
				   u32 *dropped)
{
	if (!key)
		return censor_judge_fragment(j, dropped);
	censor_judge_key(j, key);
	return censor_judge_end(j, dropped);
}

/* Headers that do not lie in one piece. Only they are read from @buf, the payload never is. */
static noinline int parse_scattered(struct censor_packet_view *view, const struct sk_buff *skb,
				    bool gso)
{
	u32 offset = skb_network_offset(skb), wire = skb->len - offset;
	u32 cap = min_t(u32, wire, CENSOR_HEADERS_MAX);
	u8 buf[CENSOR_HEADERS_MAX];
	const u8 *data;

	data = skb_header_pointer(skb, offset, cap, buf);
	return data ? censor_packet_parse(view, data, cap, wire, gso) : -EINVAL;
}

static unsigned int judge_packet(struct censor_net *cn, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	u32 offset = skb_network_offset(skb), bytes = skb->len, segments = 1, dropped = 0;
	struct censor_active *active = rcu_dereference(cn->active);
	struct censor_key key __aligned(sizeof(u64));
	unsigned int verdict = NF_ACCEPT;
	struct censor_flow_entry *entry;
	struct censor_packet_view view;
	bool gso = skb_is_gso(skb), fragment;
	u32 segment_size = 0;
	u64 era, now;
	int err;

	if (unlikely(!active || censor_worker_this()->sending))
		return NF_ACCEPT;

	err = censor_packet_parse(&view, skb->data + offset, skb_headlen(skb) - offset,
				  skb->len - offset, gso);
	if (unlikely(err == -EMSGSIZE))
		err = parse_scattered(&view, skb, gso);
	if (unlikely(err)) {
		censor_stats_add(cn->stats, CENSOR_STAT_ENGINE + CENSOR_COUNT_MALFORMED, 1);
		goto out;
	}
	/* A datagram that is to become IP fragments is one all the same, and so is a tunnel's. */
	if (gso && view.len && skb_shinfo(skb)->gso_size && !skb->encapsulation &&
	    !(skb_shinfo(skb)->gso_type & SKB_GSO_UDP)) {
		segment_size = skb_shinfo(skb)->gso_size;
		segments = DIV_ROUND_UP(view.len, segment_size);
		if (segments > SEGMENTS_MAX) {
			segments = 1;
			segment_size = 0;
		}
	}

	era = censor_active_era(active);
	now = censor_active_now(active);
	fragment = view.fragment && active->pol->ip.fragments != CENSOR_FRAGMENTS_IGNORE;
	if (unlikely(fragment))
		goto judge;
	censor_packet_key(&view, &key);
	entry = censor_flow_find(cn, &key);
	if (likely(entry)) {
		struct censor_verdict known = { .fate = CENSOR_FATE_OPEN };
		struct censor_flow *flow = &entry->flow;
		u16 rule;

		spin_lock(&entry->lock);
		if (likely(segments == 1 || !(flow->acts & CENSOR_ACTS_ON_SEGMENTS)))
			known.fate = censor_flow_decided(active->pol, active->shared, flow, &view,
							 era, atomic_read(&cn->blocks_set), now);
		if (known.fate != CENSOR_FATE_OPEN)
			flow->packets += segments - 1;
		known.flags = flow->rewrite;
		known.wait_us = flow->wait_us;
		known.mark_rule = flow->mark_rule;
		rule = flow->counts_for;
		spin_unlock(&entry->lock);
		if (likely(known.fate != CENSOR_FATE_OPEN)) {
			if (rule)
				censor_count(active, rule, segments,
					     censor_wire_bytes(&view, segments),
					     known.fate == CENSOR_FATE_DROP);
			if (known.fate != CENSOR_FATE_PASS || known.mark_rule)
				verdict = carry_out(cn, active, state, skb, &view, &known,
						    segments, &dropped);
			goto out;
		}
	}
judge:
	verdict = judge(&(struct censor_judgement) {
		.cn = cn,
		.active = active,
		.state = state,
		.skb = skb,
		.view = &view,
		.segments = fragment ? 1 : segments,
		.segment_size = segment_size,
		.era = era,
		.now = now,
		.verdict.fate = CENSOR_FATE_PASS,
	}, fragment ? NULL : &key, &dropped);
out:
	censor_stats_packet(cn->stats, segments, bytes, dropped);
	return verdict;
}

static unsigned int hook(struct censor_net *cn, struct sk_buff *skb,
			 const struct nf_hook_state *state)
{
	unsigned int verdict;

	local_bh_disable();
	verdict = judge_packet(cn, skb, state);
	local_bh_enable();
	return verdict;
}

/** censor_hook_routed() - a packet that this namespace routes */
unsigned int censor_hook_routed(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	/* br_netfilter shows us what is bridged, not routed: the bridge's hook has that. */
	if (nf_bridge_get_physoutdev(skb))
		return NF_ACCEPT;
#endif
	return hook(priv, skb, state);
}

/** censor_hook_bridged() - a frame from one port of a bridge to another */
unsigned int censor_hook_bridged(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	if (skb->protocol != htons(ETH_P_IP) && skb->protocol != htons(ETH_P_IPV6))
		return NF_ACCEPT;
	return hook(priv, skb, state);
}
