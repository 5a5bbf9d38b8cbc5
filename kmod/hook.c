// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: the life of a packet
 *
 * Headers into a view, one lookup of the flow; a decided flow leaves here. The others are judged:
 * the flow's lock and this CPU's worker are taken, the payload is made readable, the engine looks,
 * and what it wants is carried out. Packets are never linearised, changed or copied whole. On any
 * shortage the packet passes and a counter says so.
 *
 * A packet of segmentation offload stands for several. They are judged one after another; once
 * one is to be dropped all of it is dropped, for the rest of a dropped flow has no other fate, and
 * what came before in the same packet the sender repeats.
 *
 * Receiving a packet is with bottom halves off, but one that comes back from a queue in user space
 * (NFQUEUE) goes on to the hooks with them on. The locks and the worker need them off.
 */
#include <linux/bottom_half.h>
#include <linux/if_ether.h>
#include <linux/ktime.h>
#include <linux/netfilter_bridge.h>
#include <linux/skbuff.h>

#include "active.h"
#include "blocks.h"
#include "engine/forge.h"
#include "engine/inspect.h"
#include "events.h"
#include "flows.h"
#include "hook.h"
#include "outbox.h"
#include "worker.h"

/*
 * struct judgement - one packet's way through the host
 * @view: of the whole packet; its segments' differ in payload and sequence number
 * @segments: how many packets it stands for
 * @segment_size: bytes of payload in each but the last
 */
struct judgement {
	struct censor_net *cn;
	struct censor_active *active;
	const struct nf_hook_state *state;
	struct sk_buff *skb;
	struct censor_packet_view *view;
	u32 segments;
	u32 segment_size;
	u64 now;
};

/* The payload of a segment, from wherever it lies. */
static void payload_read(const struct judgement *j, struct censor_worker *worker,
			 struct censor_packet_view *view)
{
	u32 at = skb_network_offset(j->skb) + view->payload_at;
	u32 len = view->len;

	view->payload = NULL;
	view->cap = 0;
	if (!len || (view->proto != CENSOR_PROTO_TCP && view->proto != CENSOR_PROTO_UDP))
		return;
	if (at + len > skb_headlen(j->skb))
		len = min_t(u32, len, CENSOR_PAYLOAD_MAX);
	view->payload = skb_header_pointer(j->skb, at, len, worker->payload);
	if (view->payload)
		view->cap = len;
}

/* The n-th packet that a packet of segmentation offload stands for. */
static void segment_view(const struct judgement *j, u32 n, struct censor_packet_view *view)
{
	const struct censor_packet_view *whole = j->view;
	u32 skipped = n * j->segment_size;

	*view = *whole;
	if (j->segments == 1)
		return;
	view->payload_at = whole->payload_at + skipped;
	view->len = min(j->segment_size, whole->len - skipped);
	view->wire = whole->payload_at + view->len;
	view->ip_id = whole->ip_id + n;
	if (view->proto != CENSOR_PROTO_TCP)
		return;
	view->seq = whole->seq + skipped;
	/* What ends a stream or asks for its delivery stands in the last one. */
	if (n + 1 < j->segments)
		view->tcp_flags &= ~(CENSOR_TCP_FIN | CENSOR_TCP_PSH);
}

/* A buffer for the engine to keep, counted; or NULL. */
static bool spare_offer(struct censor_net *cn, struct censor_worker *worker)
{
	if (!worker->spare)
		worker->spare = kmalloc(CENSOR_BUFFER_SIZE, GFP_ATOMIC | __GFP_NOWARN);
	if (!worker->spare) {
		censor_stats_add(cn->stats, CENSOR_STAT_NO_MEMORY, 1);
		return false;
	}
	return censor_buffer_reserve(cn);
}

static void buffer_return(struct censor_net *cn, struct censor_worker *worker, u8 *buffer)
{
	if (worker->spare)
		kfree(buffer);
	else
		worker->spare = buffer;
	censor_buffer_release(cn);
}

static void inspect(const struct judgement *j, struct censor_worker *worker,
		    struct censor_flow *flow, const struct censor_packet_view *view)
{
	struct censor_context *ctx = &worker->ctx;
	const struct censor_policy *pol = j->active->pol;
	struct censor_net *cn = j->cn;
	u32 generation = j->active->generation;
	u32 blocks = atomic_read(&cn->blocks_set);
	struct censor_block block;
	bool blocked = false;
	bool offered = false;

	/* Who sees the count sees what it counts: the other half of censor_block_add()'s order. */
	smp_rmb();
	if (pol->tuples && censor_flow_wants_block(flow, view, blocks))
		blocked = censor_block_find(cn, pol, generation, view, j->now, &block);

	ctx->spare = NULL;
	ctx->report = false;
	if (flow && !flow->buffer && view->cap && view->proto == CENSOR_PROTO_TCP) {
		offered = spare_offer(cn, worker);
		if (offered) {
			ctx->spare = worker->spare;
			worker->spare = NULL;
		}
	}
	censor_inspect(pol, generation, flow, view, blocked ? &block : NULL, blocks, j->now, ctx);
	if (offered && ctx->spare) {
		worker->spare = ctx->spare;
		censor_buffer_release(cn);
	}
	if (ctx->returned)
		buffer_return(cn, worker, ctx->returned);
}

static void count_engine(struct censor_net *cn, u32 counts)
{
	for (; counts; counts &= counts - 1)
		censor_stats_add(cn->stats, CENSOR_STAT_ENGINE + __ffs(counts), 1);
}

/* What the engine wants done, apart from the verdict. */
static void carry_out(const struct judgement *j, struct censor_worker *worker,
		      const struct censor_flow *flow, const struct censor_packet_view *view)
{
	struct censor_context *ctx = &worker->ctx;
	struct censor_active *active = j->active;
	struct censor_net *cn = j->cn;
	u8 actions = 0;
	u32 i, len;

	count_engine(cn, ctx->counts);
	if (!ctx->n_matches)
		return;
	censor_stats_add(cn->stats, CENSOR_STAT_MATCHED, 1);
	for (i = 0; i < ctx->n_matches; i++) {
		const struct censor_match *match = &ctx->matches[i];

		actions |= match->actions;
		atomic64_inc(&active->hits[match->rule]);
		censor_event(cn, active, worker, flow, view, match);
		if (match->actions & CENSOR_DO_RESIDUAL)
			censor_block_add(cn, active->pol, active->generation, view, match, j->now);
	}
	if (!(actions & (CENSOR_DO_INJECT | CENSOR_DO_FORGE)))
		return;
	censor_forge_start(&worker->forger, active->pol, flow, view, ctx);
	while ((len = censor_forge_next(&worker->forger, worker->packet)))
		censor_outbox_add(cn, worker, j->state, j->skb, worker->forger.to, len);
}

/* Return: whether the packet is to be dropped. */
static bool judge_segments(const struct judgement *j, struct censor_worker *worker,
			   struct censor_flow *flow)
{
	struct censor_packet_view view;
	enum censor_fate fate;
	u32 n;

	for (n = 0; n < j->segments; n++) {
		segment_view(j, n, &view);
		if (flow && n) {
			fate = censor_flow_decided(flow, &view, j->active->generation,
						   atomic_read(&j->cn->blocks_set), j->now);
			if (fate != CENSOR_FATE_OPEN) {
				flow->packets += j->segments - n - 1;
				return fate == CENSOR_FATE_DROP;
			}
		}
		payload_read(j, worker, &view);
		censor_stats_add(j->cn->stats, CENSOR_STAT_INSPECTED, 1);
		inspect(j, worker, flow, &view);
		carry_out(j, worker, flow, &view);
		if (worker->ctx.drop) {
			if (flow)
				flow->packets += j->segments - n - 1;
			return true;
		}
	}
	return false;
}

static bool judge_flow(const struct judgement *j, struct censor_flow *flow)
{
	struct censor_worker *worker = censor_worker_this();
	bool drop;

	spin_lock(&worker->lock);
	drop = judge_segments(j, worker, flow);
	spin_unlock(&worker->lock);
	return drop;
}

/* Return: whether the packet is to be dropped, or an error if the entry is dead. */
static int judge_entry(const struct judgement *j, struct censor_flow_entry *entry)
{
	int ret = -ESTALE;

	spin_lock(&entry->lock);
	if (likely(!entry->dead))
		ret = judge_flow(j, &entry->flow);
	spin_unlock(&entry->lock);
	return ret;
}

static noinline bool judge(const struct judgement *j, const struct censor_key *key)
{
	struct censor_flow_entry *entry;
	int tries, ret;

	/* One that died of silence just now gives way to another. */
	for (tries = 0; tries < 2; tries++) {
		entry = censor_flow_get(j->cn, key, j->active->generation, j->now);
		if (!entry)
			break;
		ret = judge_entry(j, entry);
		if (ret >= 0)
			return ret;
		censor_flow_remove(j->cn, entry);
	}
	return judge_flow(j, NULL);
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
	struct censor_active *active = rcu_dereference(cn->active);
	u32 offset = skb_network_offset(skb), segments = 1;
	struct censor_key key __aligned(sizeof(u64));
	struct censor_flow_entry *entry;
	struct censor_packet_view view;
	bool gso = skb_is_gso(skb);
	u32 segment_size = 0;
	bool drop = false;
	u64 now;
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
	/* A datagram that is to become IP fragments is one all the same. */
	if (gso && view.len && skb_shinfo(skb)->gso_size &&
	    !(skb_shinfo(skb)->gso_type & SKB_GSO_UDP)) {
		segment_size = skb_shinfo(skb)->gso_size;
		segments = DIV_ROUND_UP(view.len, segment_size);
	}

	censor_packet_key(&view, &key);
	now = ktime_get_ns();
	entry = censor_flow_find(cn, &key);
	if (likely(entry)) {
		enum censor_fate fate;

		spin_lock(&entry->lock);
		fate = censor_flow_decided(&entry->flow, &view, active->generation,
					   atomic_read(&cn->blocks_set), now);
		if (fate != CENSOR_FATE_OPEN)
			entry->flow.packets += segments - 1;
		spin_unlock(&entry->lock);
		drop = fate == CENSOR_FATE_DROP;
		if (likely(fate != CENSOR_FATE_OPEN))
			goto out;
	}
	drop = judge(&(struct judgement) {
		.cn = cn,
		.active = active,
		.state = state,
		.skb = skb,
		.view = &view,
		.segments = segments,
		.segment_size = segment_size,
		.now = now,
	}, &key);
out:
	censor_stats_packet(cn->stats, segments, skb->len, drop);
	return drop ? NF_DROP : NF_ACCEPT;
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
