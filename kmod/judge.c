// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: judging
 *
 * The flow's lock and this CPU's worker are taken, the payload is made readable, the engine looks,
 * and what it wants is carried out. Packets are never linearised or copied whole. On any shortage
 * the packet passes and a counter says so.
 */
#include <linux/math64.h>
#include <net/ip6_checksum.h>

#include "blocks.h"
#include "engine/forge.h"
#include "events.h"
#include "flows.h"
#include "judge.h"
#include "outbox.h"

#define TUNNEL_HEAD	8	/* bytes that tell ESP and GRE */

/* The payload of a segment, from wherever it lies: @skip bytes into that of the skb. */
static void payload_read(const struct censor_judgement *j, struct censor_worker *worker, u32 skip,
			 struct censor_packet_view *view)
{
	u32 at = skb_network_offset(j->skb) + view->payload_at + skip;
	u32 len = view->len;

	if (j->datagram)
		return;
	view->payload = NULL;
	view->cap = 0;
	if (view->proto == IPPROTO_ESP || view->proto == IPPROTO_GRE)
		len = min_t(u32, len, TUNNEL_HEAD);
	else if (view->proto != CENSOR_PROTO_TCP && view->proto != CENSOR_PROTO_UDP)
		len = 0;
	if (!len)
		return;
	if (at + len > skb_headlen(j->skb))
		len = min_t(u32, len, CENSOR_PAYLOAD_MAX);
	view->payload = skb_header_pointer(j->skb, at, len, worker->payload);
	if (view->payload)
		view->cap = len;
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

static void inspect(const struct censor_judgement *j, struct censor_worker *worker,
		    struct censor_flow *flow, const struct censor_packet_view *view)
{
	struct censor_context *ctx = &worker->ctx;
	const struct censor_policy *pol = j->active->pol;
	struct censor_net *cn = j->cn;
	u32 blocks = atomic_read(&cn->blocks_set);
	struct censor_block block;
	bool blocked = false;
	bool offered = false;

	/* Who sees the count sees what it counts: the other half of censor_block_add()'s order. */
	smp_rmb();
	if (pol->tuples && censor_flow_wants_block(flow, view, j->era, blocks))
		blocked = censor_block_find(cn, pol, j->era, view, j->now, &block);

	ctx->shared = j->active->shared;
	ctx->wall = pol->wants_wall ? censor_active_wall(j->active, j->now) : 0;
	ctx->spare = NULL;
	ctx->report = CENSOR_REPORT_NOTHING;
	if (flow && !flow->buffer && view->cap && censor_flow_may_keep(pol, flow)) {
		offered = spare_offer(cn, worker);
		if (offered) {
			ctx->spare = worker->spare;
			worker->spare = NULL;
		}
	}
	censor_inspect(pol, j->era, flow, view, blocked ? &block : NULL, blocks, j->now, ctx);
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

static void inject(const struct censor_judgement *j, struct censor_worker *worker,
		   const struct censor_flow *flow, const struct censor_packet_view *view)
{
	struct censor_forger *forger = &worker->forger;
	u32 len;

	censor_forge_start(forger, j->active->pol, flow, view, &worker->ctx);
	/* Where one finds no room the rest would be forged in vain. */
	while ((len = censor_forge_next(forger, worker->packet)))
		if (!censor_outbox_add(j->cn, worker, j->state, j->skb, forger->to, len,
				       div_u64((u64)forger->delay_us * NSEC_PER_USEC,
					       j->active->clock)))
			break;
}

/* What the engine wants done, apart from the verdict. */
static void carry_out(const struct censor_judgement *j, struct censor_worker *worker,
		      const struct censor_flow *flow, const struct censor_packet_view *view)
{
	struct censor_context *ctx = &worker->ctx;
	struct censor_active *active = j->active;
	struct censor_net *cn = j->cn;
	bool matched = false;
	u16 actions = 0;
	u32 i;

	count_engine(cn, ctx->counts);
	for (i = 0; i < ctx->n_effects; i++)
		censor_block_add(cn, &ctx->effects[i], j->now);
	for (i = 0; i < ctx->n_matches; i++) {
		const struct censor_match *match = &ctx->matches[i];

		actions |= match->actions;
		/* One of a sample is told of, but the rule has matched before. */
		if (!match->sample) {
			atomic64_inc(&active->counts[match->rule].hits);
			matched = true;
		}
		censor_event(cn, active, worker, flow, view, match);
	}
	if (matched)
		censor_stats_add(cn->stats, CENSOR_STAT_MATCHED, 1);
	if (actions & (CENSOR_DO_INJECT | CENSOR_DO_FORGE))
		inject(j, worker, flow, view);
}

bool censor_judge_rewrite(struct censor_net *cn, struct censor_worker *worker, struct sk_buff *skb,
			  u8 pf, const struct censor_packet_view *view, u8 flags)
{
	u32 len = censor_forge_rewrite(view, flags, worker->packet);

	if (censor_onward_rewrite(skb, pf, worker->packet, len)) {
		censor_stats_add(cn->stats, CENSOR_STAT_NO_MEMORY, 1);
		return false;
	}
	censor_stats_add(cn->stats, CENSOR_STAT_REWRITTEN, 1);
	return true;
}

int censor_judge_hold(struct censor_net *cn, const struct censor_active *active,
		      const struct nf_hook_state *state, struct sk_buff *skb, u32 packets,
		      u32 wait_us)
{
	return censor_hold(cn, state, skb, packets,
			   div_u64((u64)wait_us * NSEC_PER_USEC, active->clock));
}

unsigned int censor_judge_delay(struct censor_net *cn, const struct censor_active *active,
				const struct nf_hook_state *state, struct sk_buff *skb,
				u32 packets, u32 wait_us, u32 *dropped)
{
	switch (censor_judge_hold(cn, active, state, skb, packets, wait_us)) {
	case 0:
		return NF_STOLEN;
	case -ENETDOWN:
		*dropped += packets;
		return NF_DROP;
	default:
		return NF_ACCEPT;
	}
}

static void judge_segment(const struct censor_judgement *j, struct censor_worker *worker,
			  struct censor_flow *flow, u32 skip, struct censor_packet_view *view,
			  struct censor_verdict *verdict)
{
	const struct censor_context *ctx = &worker->ctx;

	payload_read(j, worker, skip, view);
	censor_stats_add(j->cn->stats, CENSOR_STAT_INSPECTED, 1);
	inspect(j, worker, flow, view);
	carry_out(j, worker, flow, view);
	verdict->flags = ctx->rewrite;
	verdict->wait_us = 0;
	if (ctx->drop) {
		verdict->fate = CENSOR_FATE_DROP;
	} else if (ctx->rewrite) {
		verdict->fate = CENSOR_FATE_REWRITE;
	} else if (ctx->wait_us) {
		verdict->fate = CENSOR_FATE_DELAY;
		verdict->wait_us = ctx->wait_us;
	} else {
		verdict->fate = CENSOR_FATE_PASS;
	}
}

/* Tell the rule. What was to be dropped of a packet that can't be split has passed. */
static void tally_end(struct censor_judgement *j)
{
	bool passed = j->stuck && j->verdict.fate != CENSOR_FATE_DROP;
	struct censor_tally *tally = &j->tally;
	int lost;

	for (lost = 0; lost < 2; lost++)
		if (tally->packets[lost])
			censor_count(j->active, tally->rule, tally->packets[lost],
				     tally->bytes[lost], lost && !passed);
	memset(tally, 0, sizeof(*tally));
}

/* The flow's lock is held: only while it is does the rule stand there. */
static void tally_add(struct censor_judgement *j, const struct censor_flow *flow, u32 packets,
		      u32 bytes, enum censor_fate fate)
{
	bool lost = fate == CENSOR_FATE_DROP;

	if (!flow || !flow->counts_for)
		return;
	if (flow->counts_for != j->tally.rule)
		tally_end(j);
	j->tally.rule = flow->counts_for;
	j->tally.packets[lost] += packets;
	j->tally.bytes[lost] += bytes;
}

static void judge_segments(struct censor_judgement *j, struct censor_worker *worker,
			   struct censor_flow *flow)
{
	struct censor_packet_view view;
	bool decided = false;
	u32 n;

	for (n = 0; n < j->segments && j->skb; n++) {
		struct censor_verdict verdict = { .fate = CENSOR_FATE_OPEN };

		censor_segment_view(j, n, &view);
		if (flow) {
			verdict.fate = censor_flow_decided(j->active->pol, j->active->shared, flow,
							   &view, j->era,
							   atomic_read(&j->cn->blocks_set),
							   j->now);
			verdict.flags = flow->rewrite;
			if (verdict.fate == CENSOR_FATE_DELAY)
				verdict.wait_us = flow->wait_us;
			decided = verdict.fate != CENSOR_FATE_OPEN &&
				  !(flow->acts & CENSOR_ACTS_ON_SEGMENTS);
		}
		if (verdict.fate == CENSOR_FATE_OPEN)
			judge_segment(j, worker, flow, j->split ? 0 : n * j->segment_size, &view,
				      &verdict);
		verdict.mark_rule = flow ? flow->mark_rule : 0;
		tally_add(j, flow, 1, view.wire, verdict.fate);
		censor_segment_settle(j, worker, &view, n, verdict);
		/* So are the rest, whatever is in them; but the last may end the connection. */
		if (decided && !j->split && verdict.fate == j->verdict.fate &&
		    n + 2 < j->segments) {
			u32 rest = j->segments - n - 2;

			flow->packets += rest;
			if (verdict.fate == CENSOR_FATE_DROP)
				j->dropped += rest;
			tally_add(j, flow, rest, rest * view.wire, verdict.fate);
			n += rest;
		}
	}
	if (j->stuck)
		j->dropped = j->verdict.fate == CENSOR_FATE_DROP ? j->segments : 0;
	tally_end(j);
}

static void judge_flow(struct censor_judgement *j, struct censor_flow *flow)
{
	struct censor_worker *worker = censor_worker_this();

	spin_lock(&worker->lock);
	judge_segments(j, worker, flow);
	spin_unlock(&worker->lock);
}

/* Return: false if the entry is dead. */
static bool judge_entry(struct censor_judgement *j, struct censor_flow_entry *entry)
{
	bool alive;

	spin_lock(&entry->lock);
	alive = likely(!entry->dead);
	if (alive)
		judge_flow(j, &entry->flow);
	spin_unlock(&entry->lock);
	return alive;
}

/* A network card's word, or the stack's own, is good. */
static bool tcp_checksum_wrong(const struct sk_buff *skb, const struct censor_packet_view *view)
{
	u32 len = view->payload_at + view->len - view->tcp_at;
	struct in6_addr src, dst;
	__wsum sum;

	if (skb_is_gso(skb) || skb->ip_summed == CHECKSUM_PARTIAL ||
	    skb->ip_summed == CHECKSUM_UNNECESSARY)
		return false;
	sum = skb_checksum(skb, skb_network_offset(skb) + view->tcp_at, len, 0);
	memcpy(&src, view->src, sizeof(src));
	memcpy(&dst, view->dst, sizeof(dst));
	if (view->family == 4)
		return csum_tcpudp_magic(src.s6_addr32[0], dst.s6_addr32[0], len, IPPROTO_TCP,
					 sum);
	return csum_ipv6_magic(&src, &dst, len, IPPROTO_TCP, sum);
}

static bool ip_checksum_wrong(const struct sk_buff *skb, const struct censor_packet_view *view)
{
	/* IPv4: what comes before the TCP header. */
	return view->family == 4 && !skb_is_gso(skb) &&
	       csum_fold(skb_checksum(skb, skb_network_offset(skb), view->tcp_at, 0));
}

/* What only a packet that is judged is asked for. */
static void look_closer(const struct censor_judgement *j)
{
	u32 checks = j->active->pol->tcp.checks;
	struct censor_packet_view *view = j->view;
	const u8 *tcp;
	u8 buf[60];

	if (view->proto != CENSOR_PROTO_TCP || view->fragment)
		return;
	if (view->tcp_hlen > 20) {
		tcp = j->datagram ? j->datagram + view->tcp_at :
				    skb_header_pointer(j->skb, skb_network_offset(j->skb) +
						       view->tcp_at, view->tcp_hlen, buf);
		if (tcp)
			censor_packet_options(view, tcp);
	}
	if (!(checks & (CENSOR_CHECK_CHECKSUM | CENSOR_CHECK_IP_CHECKSUM)))
		return;
	if (j->datagram) {
		censor_packet_checksums(view, j->datagram);
		return;
	}
	if (checks & CENSOR_CHECK_CHECKSUM && tcp_checksum_wrong(j->skb, view))
		view->lies |= CENSOR_LIE_CHECKSUM;
	if (checks & CENSOR_CHECK_IP_CHECKSUM && ip_checksum_wrong(j->skb, view))
		view->lies |= CENSOR_LIE_IP_CHECKSUM;
}

void censor_judge_key(struct censor_judgement *j, const struct censor_key *key)
{
	struct censor_flow_entry *entry;
	int tries;

	look_closer(j);
	/* One that died of silence just now gives way to another. */
	for (tries = 0; tries < 2; tries++) {
		entry = censor_flow_get(j->cn, key, j->era, j->now);
		if (!entry)
			break;
		if (judge_entry(j, entry))
			return;
		censor_flow_remove(j->cn, entry);
	}
	judge_flow(j, NULL);
}

unsigned int censor_judge_end(struct censor_judgement *j, u32 *dropped)
{
	*dropped = j->dropped;
	if (j->split) {
		censor_segments_send(j);
		return NF_STOLEN;
	}
	if (j->verdict.fate == CENSOR_FATE_DROP)
		return NF_DROP;
	if (j->verdict.mark_rule)
		censor_mark(j->active->pol, j->skb, j->verdict.mark_rule);
	if (j->verdict.fate == CENSOR_FATE_DELAY)
		return censor_judge_delay(j->cn, j->active, j->state, j->skb, j->segments,
					  j->verdict.wait_us, dropped);
	return NF_ACCEPT;
}
