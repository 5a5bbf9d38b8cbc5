// SPDX-License-Identifier: GPL-2.0
/*
 * Fragments that the policy puts together are judged as what they have become (frags.h): the fate
 * of that is the fate of all of them, those that were held until then included.
 */
#include "frags.h"
#include "judge.h"

static enum censor_frag_fate fragment_add(const struct censor_judgement *j,
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
static void judge_datagram(struct censor_judgement *j, struct censor_frag_queue *queue)
{
	struct censor_key key __aligned(sizeof(u64));
	struct censor_judgement whole = *j;
	struct censor_packet_view view;
	u32 len;

	whole.datagram = censor_frags_packet(&queue->frags, &len);
	if (censor_packet_parse(&view, whole.datagram, len, len, false)) {
		censor_stats_add(j->cn->stats, CENSOR_STAT_ENGINE + CENSOR_COUNT_MALFORMED, 1);
		return;
	}
	whole.view = &view;
	censor_packet_key(&view, &key);
	censor_judge_key(&whole, &key);
	j->verdict = whole.verdict;
}

/* What was held goes on, or waits on, before the fragment in whose hook we are. */
static void held_send(struct censor_judgement *j, struct sk_buff_head *held, u8 ttl)
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
		if (j->verdict.mark_rule)
			censor_mark(j->active->pol, skb, j->verdict.mark_rule);
		if (j->verdict.fate == CENSOR_FATE_DELAY) {
			int err = censor_judge_hold(j->cn, j->active, &state, skb, 1,
						    j->verdict.wait_us);

			if (err == -ENETDOWN) {
				j->dropped++;
				kfree_skb_reason(skb, SKB_DROP_REASON_NETFILTER_DROP);
			}
			if (err != -ENOBUFS)
				continue;
		}
		censor_onward_send(&onward, &state, skb);
	}
}

unsigned int censor_judge_fragment(struct censor_judgement *j, u32 *dropped)
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
	if (fate == CENSOR_FRAG_WHOLE && j->verdict.fate == CENSOR_FATE_DROP)
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
		censor_judge_key(j, &key);
	}
	if (j->verdict.fate == CENSOR_FATE_PASS || j->verdict.fate == CENSOR_FATE_DELAY) {
		held_send(j, &held, ttl);
		if (ttl)
			censor_onward_ttl(j->skb, ttl);
		return censor_judge_end(j, dropped);
	}
	/* All of it is dropped, or one packet stands for all of it. */
	j->dropped = j->verdict.fate == CENSOR_FATE_DROP ? 1 + skb_queue_len(&held) : 0;
	censor_frag_drop(&held);
	return censor_judge_end(j, dropped);
}

