// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: the life of a packet
 *
 * Headers into a view, one lookup of the flow; a decided flow leaves here. The others are judged:
 * the flow's lock and this CPU's worker are taken, the payload is made readable, the engine looks,
 * and what it wants is carried out. Packets are never linearised or copied whole. On any shortage
 * the packet passes and a counter says so.
 *
 * A packet of segmentation offload stands for several. They are judged one after another; while all
 * have the same fate the packet stays whole. From the first on whose fate is another, or that is to
 * be rewritten, they are packets of their own: what comes of each is that one's affair, and those
 * that go on do so after the locks are given back.
 *
 * Fragments that the policy puts together are judged as what they have become (frags.h).
 *
 * Receiving a packet is with bottom halves off, but one that comes back from a queue in user space
 * (NFQUEUE) goes on to the hooks with them on. The locks and the worker need them off.
 */
#include <linux/bottom_half.h>
#include <linux/if_ether.h>
#include <linux/math64.h>
#include <linux/netfilter_bridge.h>
#include <linux/skbuff.h>
#include <net/ip6_checksum.h>

#include "active.h"
#include "blocks.h"
#include "engine/forge.h"
#include "engine/inspect.h"
#include "events.h"
#include "flows.h"
#include "frags.h"
#include "hook.h"
#include "onward.h"
#include "outbox.h"
#include "worker.h"

/* A flow's acts that make another fate for each segment, or another packet of each. */
#define ACTS_ON_SEGMENTS	\
	(CENSOR_ACT_COUNTING | CENSOR_ACT_REWRITE(0) | CENSOR_ACT_REWRITE(1))

/* A packet of more has a segment size that no connection has: it was made to cost time. */
#define SEGMENTS_MAX	1024

#define TUNNEL_HEAD	8	/* bytes that tell ESP and GRE */

/*
 * struct judgement - one packet's way through the host
 * @skb: the packet; once it is split, the next segment, and those after it by their @next
 * @view: of the whole packet; its segments' differ in payload and sequence number
 * @datagram: what fragments have become, all of it; or NULL
 * @segments: how many packets it stands for
 * @segment_size: bytes of payload in each but the last
 * @era: in force when the packet came
 * @fate: while it is whole, the fate of all so far
 * @split: its segments are packets of their own
 * @stuck: it can't be split: it passes
 * @dropped: how many of the packets that it stands for are dropped
 * @onward: where segments go from here
 * @on: those that go on
 */
struct judgement {
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
	enum censor_fate fate;
	bool split;
	bool stuck;
	u32 dropped;
	struct censor_onward onward;
	struct sk_buff_head on;
};

/* The payload of a segment, from wherever it lies: @skip bytes into that of the skb. */
static void payload_read(const struct judgement *j, struct censor_worker *worker, u32 skip,
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

/* The n-th packet that a packet of segmentation offload stands for. */
static void segment_view(const struct judgement *j, u32 n, struct censor_packet_view *view)
{
	const struct censor_packet_view *whole = j->view;
	u32 skipped = n * j->segment_size;

	*view = *whole;
	if (j->segments == 1)
		return;
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
	u32 blocks = atomic_read(&cn->blocks_set);
	struct censor_block block;
	bool blocked = false;
	bool offered = false;

	/* Who sees the count sees what it counts: the other half of censor_block_add()'s order. */
	smp_rmb();
	if (pol->tuples && censor_flow_wants_block(flow, view, blocks))
		blocked = censor_block_find(cn, pol, j->active->generation, view, j->now,
					    &block);

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

static void inject(const struct judgement *j, struct censor_worker *worker,
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
static void carry_out(const struct judgement *j, struct censor_worker *worker,
		      const struct censor_flow *flow, const struct censor_packet_view *view)
{
	struct censor_context *ctx = &worker->ctx;
	struct censor_active *active = j->active;
	struct censor_net *cn = j->cn;
	u16 actions = 0;
	u32 i;

	count_engine(cn, ctx->counts);
	for (i = 0; i < ctx->n_effects; i++)
		censor_block_add(cn, &ctx->effects[i], j->now);
	if (!ctx->n_matches)
		return;
	censor_stats_add(cn->stats, CENSOR_STAT_MATCHED, 1);
	for (i = 0; i < ctx->n_matches; i++) {
		const struct censor_match *match = &ctx->matches[i];

		actions |= match->actions;
		atomic64_inc(&active->counts[match->rule].hits);
		censor_event(cn, active, worker, flow, view, match);
	}
	if (actions & (CENSOR_DO_INJECT | CENSOR_DO_FORGE))
		inject(j, worker, flow, view);
}

/* Return: whether it was; if not it passes as it is. */
static bool rewrite(struct censor_net *cn, struct censor_worker *worker, struct sk_buff *skb,
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

/* One segment leaves the list of a packet that is split. */
static void segment_settle(struct judgement *j, struct censor_worker *worker,
			   const struct censor_packet_view *view, enum censor_fate fate, u8 flags)
{
	struct sk_buff *skb = j->skb;

	if (!skb)
		return;
	j->skb = skb->next;
	skb_mark_not_on_list(skb);
	if (fate == CENSOR_FATE_DROP) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NETFILTER_DROP);
		return;
	}
	if (fate == CENSOR_FATE_REWRITE)
		rewrite(j->cn, worker, skb, j->state->pf, view, flags);
	__skb_queue_tail(&j->on, skb);
}

/* The first @n segments have the fate of the whole so far. */
static void split(struct judgement *j, struct censor_worker *worker, u32 n)
{
	struct sk_buff *segments = ERR_PTR(-ESTALE);

	if (censor_onward_find(&j->onward, j->state, j->cn))
		segments = censor_onward_split(j->skb, j->state->pf);
	if (IS_ERR(segments)) {
		censor_stats_add(j->cn->stats, CENSOR_STAT_NO_MEMORY, 1);
		j->stuck = true;
		j->fate = CENSOR_FATE_PASS;
		/* A list of packets may have been taken apart before that failed. */
		if (skb_shinfo(j->skb)->gso_type & SKB_GSO_FRAGLIST &&
		    !skb_has_frag_list(j->skb))
			j->fate = CENSOR_FATE_DROP;
		return;
	}
	consume_skb(j->skb);
	j->skb = segments;
	j->split = true;
	__skb_queue_head_init(&j->on);
	for (; n; n--)
		segment_settle(j, worker, NULL, j->fate, 0);
}

/* What comes of the @n-th packet that this one stands for. */
static void settle(struct judgement *j, struct censor_worker *worker,
		   const struct censor_packet_view *view, u32 n, enum censor_fate fate, u8 flags)
{
	if (fate == CENSOR_FATE_DROP)
		j->dropped++;
	if (j->segments == 1) {
		if (fate == CENSOR_FATE_REWRITE &&
		    !rewrite(j->cn, worker, j->skb, j->state->pf, view, flags))
			fate = CENSOR_FATE_PASS;
		j->fate = fate;
		return;
	}
	if (!n && fate != CENSOR_FATE_REWRITE)
		j->fate = fate;
	if (!j->split && !j->stuck && fate != j->fate)
		split(j, worker, n);
	if (j->split)
		segment_settle(j, worker, view, fate, flags);
}

/* Return: the fate, and in @flags what it is rewritten to. */
static enum censor_fate judge_segment(const struct judgement *j, struct censor_worker *worker,
				      struct censor_flow *flow, u32 skip,
				      struct censor_packet_view *view, u8 *flags)
{
	const struct censor_context *ctx = &worker->ctx;

	payload_read(j, worker, skip, view);
	censor_stats_add(j->cn->stats, CENSOR_STAT_INSPECTED, 1);
	inspect(j, worker, flow, view);
	carry_out(j, worker, flow, view);
	*flags = ctx->rewrite;
	if (ctx->drop)
		return CENSOR_FATE_DROP;
	return ctx->rewrite ? CENSOR_FATE_REWRITE : CENSOR_FATE_PASS;
}

static void judge_segments(struct judgement *j, struct censor_worker *worker,
			   struct censor_flow *flow)
{
	struct censor_packet_view view;
	bool decided = false;
	u32 n;

	for (n = 0; n < j->segments && j->skb; n++) {
		enum censor_fate fate = CENSOR_FATE_OPEN;
		u8 flags = 0;

		segment_view(j, n, &view);
		if (flow) {
			fate = censor_flow_decided(j->active->pol, j->active->shared, flow, &view,
						   j->era, atomic_read(&j->cn->blocks_set), j->now);
			flags = flow->rewrite;
			decided = fate != CENSOR_FATE_OPEN && !(flow->acts & ACTS_ON_SEGMENTS);
		}
		if (fate == CENSOR_FATE_OPEN)
			fate = judge_segment(j, worker, flow, j->split ? 0 : n * j->segment_size,
					     &view, &flags);
		settle(j, worker, &view, n, fate, flags);
		/* So are the rest, whatever is in them; but the last may end the connection. */
		if (decided && !j->split && fate == j->fate && n + 2 < j->segments) {
			u32 rest = j->segments - n - 2;

			flow->packets += rest;
			if (fate == CENSOR_FATE_DROP)
				j->dropped += rest;
			n += rest;
		}
	}
	if (j->stuck)
		j->dropped = j->fate == CENSOR_FATE_DROP ? j->segments : 0;
}

static void judge_flow(struct judgement *j, struct censor_flow *flow)
{
	struct censor_worker *worker = censor_worker_this();

	spin_lock(&worker->lock);
	judge_segments(j, worker, flow);
	spin_unlock(&worker->lock);
}

/* Return: false if the entry is dead. */
static bool judge_entry(struct judgement *j, struct censor_flow_entry *entry)
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
static void look_closer(const struct judgement *j)
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

static void judge_key(struct judgement *j, const struct censor_key *key)
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

static noinline unsigned int judge(struct judgement *j, const struct censor_key *key, u32 *dropped)
{
	struct sk_buff *skb;

	judge_key(j, key);
	*dropped = j->dropped;
	if (!j->split)
		return j->fate == CENSOR_FATE_DROP ? NF_DROP : NF_ACCEPT;
	while (j->skb)
		segment_settle(j, NULL, NULL, CENSOR_FATE_PASS, 0);
	while ((skb = __skb_dequeue(&j->on)))
		censor_onward_send(&j->onward, j->state, skb);
	return NF_STOLEN;
}

/* A decided flow's packet that is to be rewritten. */
static noinline void rewrite_decided(struct censor_net *cn, struct sk_buff *skb, u8 pf,
				     const struct censor_packet_view *view, u8 flags)
{
	struct censor_worker *worker = censor_worker_this();

	spin_lock(&worker->lock);
	rewrite(cn, worker, skb, pf, view, flags);
	spin_unlock(&worker->lock);
}

static enum censor_frag_fate fragment_add(const struct judgement *j,
					  struct censor_frag_queue *queue)
{
	struct censor_worker *worker = censor_worker_this();
	enum censor_frag_fate fate = CENSOR_FRAG_PASS;
	u32 cap = min_t(u32, j->view->wire, sizeof(worker->payload));
	const u8 *data;

	BUILD_BUG_ON(sizeof(worker->payload) < sizeof(queue->frags.data));
	spin_lock(&worker->lock);
	data = skb_header_pointer(j->skb, skb_network_offset(j->skb), cap, worker->payload);
	if (data)
		fate = censor_frags_add(&queue->frags, &j->active->pol->ip, j->view, data, cap);
	spin_unlock(&worker->lock);
	return fate;
}

/* Judge what a fragment has completed: its fate is that of the fragment and of those held. */
static noinline void judge_datagram(struct judgement *j, struct censor_frag_queue *queue)
{
	struct censor_key key __aligned(sizeof(u64));
	struct judgement whole = *j;
	struct censor_packet_view view;
	u32 len;

	whole.datagram = censor_frags_packet(&queue->frags, &len);
	if (censor_packet_parse(&view, whole.datagram, len, len, false)) {
		censor_stats_add(j->cn->stats, CENSOR_STAT_ENGINE + CENSOR_COUNT_MALFORMED, 1);
		return;
	}
	whole.view = &view;
	censor_packet_key(&view, &key);
	judge_key(&whole, &key);
	j->fate = whole.fate;
}

/* What was held goes on, before the fragment in whose hook we are. */
static void held_send(const struct judgement *j, struct sk_buff_head *held, u8 ttl)
{
	struct censor_onward onward;
	struct sk_buff *skb;

	if (skb_queue_empty(held))
		return;
	if (!censor_onward_find(&onward, j->state, j->cn)) {
		censor_stats_add(j->cn->stats, CENSOR_STAT_FRAGS_LOST, skb_queue_len(held));
		censor_frag_drop(held);
		return;
	}
	while ((skb = __skb_dequeue(held))) {
		struct nf_hook_state state = *j->state;

		if (!censor_frag_revive(skb, &state) || (ttl && censor_onward_ttl(skb, ttl))) {
			censor_stats_add(j->cn->stats, CENSOR_STAT_FRAGS_LOST, 1);
			kfree_skb(skb);
			continue;
		}
		censor_onward_send(&onward, &state, skb);
	}
}

static noinline unsigned int judge_fragment(struct judgement *j, u32 *dropped)
{
	const struct censor_ip_model *model = &j->active->pol->ip;
	struct censor_key key __aligned(sizeof(u64));
	struct censor_frag_queue *queue;
	struct censor_net *cn = j->cn;
	enum censor_frag_fate fate = CENSOR_FRAG_PASS;
	struct sk_buff_head held;
	u8 ttl = 0;
	int err;

	__skb_queue_head_init(&held);
	spin_lock(&cn->frags_lock);
	queue = censor_frag_queue_get(cn, j->active, j->view, j->state->pf, j->now);
	if (queue)
		fate = fragment_add(j, queue);
	if (fate == CENSOR_FRAG_KEEP) {
		err = censor_frag_hold(cn, queue, j->skb, j->state->pf);
		spin_unlock(&cn->frags_lock);
		*dropped = err == -ENETDOWN;
		if (!err)
			return NF_STOLEN;
		if (err == -ENETDOWN)
			return NF_DROP;
		return NF_ACCEPT;
	}
	if (fate == CENSOR_FRAG_WHOLE)
		judge_datagram(j, queue);
	/* The last fragment once more must not complete it elsewhere. */
	if (fate == CENSOR_FRAG_WHOLE && j->fate == CENSOR_FATE_DROP)
		queue->frags.lost = true;
	if (fate != CENSOR_FRAG_PASS) {
		if (model->fragments == CENSOR_FRAGMENTS_HOLD &&
		    model->ttl == CENSOR_FRAG_TTL_FIRST)
			ttl = queue->frags.ttl;
		censor_frag_unhold(cn, queue, &held);
	}
	spin_unlock(&cn->frags_lock);

	if (fate == CENSOR_FRAG_LOSE) {
		*dropped = 1 + skb_queue_len(&held);
		censor_stats_add(cn->stats, CENSOR_STAT_FRAGS_LOST, *dropped);
		censor_frag_drop(&held);
		return NF_DROP;
	}
	if (fate != CENSOR_FRAG_WHOLE) {
		censor_packet_key(j->view, &key);
		judge_key(j, &key);
	}
	if (j->fate == CENSOR_FATE_PASS) {
		held_send(j, &held, ttl);
		if (ttl)
			censor_onward_ttl(j->skb, ttl);
		return NF_ACCEPT;
	}
	/* All of it is dropped, or one packet stands for all of it. */
	if (j->fate == CENSOR_FATE_DROP)
		*dropped = 1 + skb_queue_len(&held);
	censor_frag_drop(&held);
	return j->fate == CENSOR_FATE_DROP ? NF_DROP : NF_ACCEPT;
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
	bool gso = skb_is_gso(skb);
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
	if (unlikely(view.fragment && active->pol->ip.fragments != CENSOR_FRAGMENTS_IGNORE)) {
		verdict = judge_fragment(&(struct judgement) {
			.cn = cn,
			.active = active,
			.state = state,
			.skb = skb,
			.view = &view,
			.segments = 1,
			.era = era,
			.now = now,
			.fate = CENSOR_FATE_PASS,
		}, &dropped);
		goto out;
	}
	censor_packet_key(&view, &key);
	entry = censor_flow_find(cn, &key);
	if (likely(entry)) {
		enum censor_fate fate = CENSOR_FATE_OPEN;
		u8 flags;

		spin_lock(&entry->lock);
		if (likely(segments == 1 || !(entry->flow.acts & ACTS_ON_SEGMENTS)))
			fate = censor_flow_decided(active->pol, active->shared, &entry->flow, &view,
						   era, atomic_read(&cn->blocks_set), now);
		if (fate != CENSOR_FATE_OPEN)
			entry->flow.packets += segments - 1;
		flags = entry->flow.rewrite;
		spin_unlock(&entry->lock);
		if (fate == CENSOR_FATE_DROP) {
			dropped = segments;
			verdict = NF_DROP;
		} else if (unlikely(fate == CENSOR_FATE_REWRITE)) {
			rewrite_decided(cn, skb, state->pf, &view, flags);
		}
		if (likely(fate != CENSOR_FATE_OPEN))
			goto out;
	}
	verdict = judge(&(struct judgement) {
		.cn = cn,
		.active = active,
		.state = state,
		.skb = skb,
		.view = &view,
		.segments = segments,
		.segment_size = segment_size,
		.era = era,
		.now = now,
		.fate = CENSOR_FATE_PASS,
	}, &key, &dropped);
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
