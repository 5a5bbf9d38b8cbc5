// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: segments
 *
 * A packet of segmentation offload stands for several. They are judged one after another; while the
 * verdict on all is the same the packet stays whole. From the first on of which it is another, or
 * that is to be rewritten, they are packets of their own: what comes of each is that one's affair,
 * and those that go on do so after the locks are given back.
 */
#include "judge.h"

void censor_segment_view(const struct censor_judgement *j, u32 n, struct censor_packet_view *view)
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

static bool same(const struct censor_verdict *a, const struct censor_verdict *b)
{
	return a->fate == b->fate && a->wait_us == b->wait_us && a->mark_rule == b->mark_rule;
}

/* One segment leaves the list of a packet that is split. */
static void segment_go(struct censor_judgement *j, struct censor_worker *worker,
		       const struct censor_packet_view *view,
		       const struct censor_verdict *verdict)
{
	struct sk_buff *skb = j->skb;
	int err;

	if (!skb)
		return;
	j->skb = skb->next;
	skb_mark_not_on_list(skb);
	if (verdict->fate == CENSOR_FATE_DROP)
		goto drop;
	if (verdict->mark_rule)
		censor_mark(j->active->pol, skb, verdict->mark_rule);
	if (verdict->fate == CENSOR_FATE_REWRITE)
		censor_judge_rewrite(j->cn, worker, skb, j->state->pf, view, verdict->flags);
	if (verdict->fate == CENSOR_FATE_DELAY) {
		err = censor_judge_hold(j->cn, j->active, j->state, skb, 1, verdict->wait_us);
		if (!err)
			return;
		if (err == -ENETDOWN) {
			j->dropped++;
			goto drop;
		}
	}
	__skb_queue_tail(&j->on, skb);
	return;
drop:
	kfree_skb_reason(skb, SKB_DROP_REASON_NETFILTER_DROP);
}

/* The verdict on the first @n segments is that on the whole so far. */
static void split(struct censor_judgement *j, struct censor_worker *worker, u32 n)
{
	struct sk_buff *segments = NULL;

	/* Else our hook is being taken out: no packet is the censor's any more. */
	if (censor_onward_find(&j->onward, j->state, j->cn)) {
		segments = censor_onward_split(j->skb, j->state->pf);
		if (IS_ERR(segments))
			censor_stats_add(j->cn->stats, CENSOR_STAT_NO_MEMORY, 1);
	}
	if (IS_ERR_OR_NULL(segments)) {
		j->stuck = true;
		j->verdict.fate = CENSOR_FATE_PASS;
		/* A list of packets may have been taken apart before that failed. */
		if (skb_shinfo(j->skb)->gso_type & SKB_GSO_FRAGLIST &&
		    !skb_has_frag_list(j->skb))
			j->verdict.fate = CENSOR_FATE_DROP;
		return;
	}
	consume_skb(j->skb);
	j->skb = segments;
	j->split = true;
	__skb_queue_head_init(&j->on);
	for (; n; n--)
		segment_go(j, worker, NULL, &j->verdict);
}

void censor_segment_settle(struct censor_judgement *j, struct censor_worker *worker,
			   const struct censor_packet_view *view, u32 n,
			   struct censor_verdict verdict)
{
	if (verdict.fate == CENSOR_FATE_DROP)
		j->dropped++;
	if (j->segments == 1) {
		if (verdict.fate == CENSOR_FATE_REWRITE &&
		    !censor_judge_rewrite(j->cn, worker, j->skb, j->state->pf, view,
					  verdict.flags))
			verdict.fate = CENSOR_FATE_PASS;
		j->verdict = verdict;
		return;
	}
	if (!n && verdict.fate != CENSOR_FATE_REWRITE)
		j->verdict = verdict;
	if (!j->split && !j->stuck && !same(&verdict, &j->verdict))
		split(j, worker, n);
	if (j->split)
		segment_go(j, worker, view, &verdict);
}

void censor_segments_send(struct censor_judgement *j)
{
	static const struct censor_verdict pass = { .fate = CENSOR_FATE_PASS };
	struct sk_buff *skb;

	while (j->skb)
		segment_go(j, NULL, NULL, &pass);
	while ((skb = __skb_dequeue(&j->on)))
		censor_onward_send(&j->onward, j->state, skb);
}
