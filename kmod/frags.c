// SPDX-License-Identifier: GPL-2.0
/*
 * The table of datagrams of which fragments came. They are few and short-lived, so one lock will
 * do, and a list by age: the oldest of those that are judged already makes room for a new one.
 *
 * Nothing that is held keeps a device: it remembers its number, and goes with it. A route it does
 * keep, and perhaps conntrack's entry; so all goes before the namespace does.
 */
#include <linux/jhash.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/dst.h>

#include "compat.h"
#include "frags.h"
#include "tidy.h"

static struct kmem_cache *frags_cache;

static struct hlist_head *bucket(struct censor_net *cn, const struct censor_key *key)
{
	u32 hash = jhash2((const u32 *)key, sizeof(*key) / sizeof(u32), cn->frags_seed);

	return &cn->frags[hash % CENSOR_FRAGS_BUCKETS];
}

/* The queue may be younger than @now: a fragment came since. */
static bool ended(const struct censor_frag_queue *queue, const struct censor_ip_model *model,
		  u64 now)
{
	return (s64)(now - queue->frags.began) > 0 &&
	       censor_frags_ended(&queue->frags, model, now);
}

void censor_frag_unhold(struct censor_net *cn, struct censor_frag_queue *queue,
			struct sk_buff_head *list)
{
	struct sk_buff *skb;

	skb_queue_walk(&queue->held, skb)
		censor_uncharge(cn->foreign, skb->truesize);
	skb_queue_splice_tail_init(&queue->held, list);
}

void censor_frag_drop(struct sk_buff_head *list)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(list))) {
		/* Its number stands there. */
		skb->dev = NULL;
		kfree_skb_reason(skb, SKB_DROP_REASON_NETFILTER_DROP);
	}
}

/* With what is held of it. */
static void queue_free(struct censor_net *cn, struct censor_frag_queue *queue)
{
	struct sk_buff_head lost;

	__skb_queue_head_init(&lost);
	censor_frag_unhold(cn, queue, &lost);
	if (!skb_queue_empty(&lost))
		censor_stats_add(cn->stats, CENSOR_STAT_FRAGS_LOST, skb_queue_len(&lost));
	censor_frag_drop(&lost);
	hlist_del(&queue->node);
	list_del(&queue->order);
	kmem_cache_free(frags_cache, queue);
	censor_uncharge(cn->foreign, sizeof(*queue));
	atomic_dec(&cn->n_frags);
}

static struct censor_frag_queue *queue_find(struct censor_net *cn, const struct censor_key *key)
{
	struct censor_frag_queue *queue;

	hlist_for_each_entry(queue, bucket(cn, key), node)
		if (!memcmp(&queue->frags.key, key, sizeof(*key)))
			return queue;
	return NULL;
}

/* Return: whether there is room for one more. */
static bool make_room(struct censor_net *cn, const struct censor_ip_model *model, u64 now)
{
	struct censor_frag_queue *queue;

	if (atomic_read(&cn->n_frags) < cn->max_frags)
		return true;
	list_for_each_entry(queue, &cn->frags_order, order) {
		if (queue->frags.over || ended(queue, model, now)) {
			queue_free(cn, queue);
			return true;
		}
	}
	return false;
}

struct censor_frag_queue *censor_frag_queue_get(struct censor_net *cn,
						const struct censor_active *active,
						const struct censor_packet_view *view, u8 pf,
						u64 now)
{
	const struct censor_ip_model *model = &active->pol->ip;
	struct censor_key key __aligned(sizeof(u64));
	struct censor_frag_queue *queue;

	censor_frags_key(view, &key);
	/* What is held in one hook can't go on from another. */
	key.tuple = pf == NFPROTO_BRIDGE;
	queue = queue_find(cn, &key);
	if (queue && queue->generation == active->generation && !ended(queue, model, now))
		return queue;
	if (queue)
		queue_free(cn, queue);
	if (!make_room(cn, model, now) || !censor_charge(cn, sizeof(*queue)))
		goto full;
	queue = kmem_cache_alloc(frags_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!queue) {
		censor_uncharge(cn->foreign, sizeof(*queue));
		censor_stats_add(cn->stats, CENSOR_STAT_NO_MEMORY, 1);
		return NULL;
	}
	censor_frags_start(&queue->frags, &key, now);
	queue->generation = active->generation;
	__skb_queue_head_init(&queue->held);
	hlist_add_head(&queue->node, bucket(cn, &key));
	list_add_tail(&queue->order, &cn->frags_order);
	atomic_inc(&cn->n_frags);
	censor_tidy_later(cn);
	return queue;
full:
	censor_stats_add(cn->stats, CENSOR_STAT_FRAGS_FULL, 1);
	return NULL;
}

int censor_frag_hold(struct censor_net *cn, struct censor_frag_queue *queue, struct sk_buff *skb,
		     u8 pf)
{
	/* Whoever flushes does it after the namespace is said to be gone. */
	if (READ_ONCE(cn->gone) || !censor_charge(cn, skb->truesize)) {
		censor_stats_add(cn->stats, CENSOR_STAT_FRAGS_FULL, 1);
		return -ENOBUFS;
	}
	/* What br_netfilter keeps there lives no longer than the bridge and its port. */
	if (pf == NFPROTO_BRIDGE) {
		skb_dst_drop(skb);
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
		skb_ext_del(skb, SKB_EXT_BRIDGE_NF);
#endif
	}
	if (skb_dst(skb) && !skb_dst_force(skb)) {
		censor_uncharge(cn->foreign, skb->truesize);
		censor_stats_add(cn->stats, CENSOR_STAT_FRAGS_LOST, 1);
		return -ENETDOWN;
	}
	/* Its sender must not wait for it, nor the sender's namespace live by it. */
	skb_orphan(skb);
	__skb_queue_tail(&queue->held, skb);
	skb->dev_scratch = skb->dev->ifindex;
	return 0;
}

bool censor_frag_revive(struct sk_buff *skb, struct nf_hook_state *state)
{
	struct net_device *dev = dev_get_by_index_rcu(state->net, skb->dev_scratch);

	skb->dev = dev;
	if (!dev)
		return false;
	if (state->pf == NFPROTO_BRIDGE) {
		state->in = dev_get_by_index_rcu(state->net, skb->skb_iif);
		state->out = dev;
		return state->in;
	}
	state->in = dev;
	state->out = skb_dst_dev(skb);
	return true;
}

static void frags_sweep(struct censor_net *cn, const struct censor_ip_model *model, u64 now)
{
	struct censor_frag_queue *queue, *next;

	spin_lock_bh(&cn->frags_lock);
	list_for_each_entry_safe(queue, next, &cn->frags_order, order)
		if (!model || ended(queue, model, now))
			queue_free(cn, queue);
	spin_unlock_bh(&cn->frags_lock);
}

void censor_frags_tidy(struct censor_net *cn, const struct censor_ip_model *model, u64 now)
{
	frags_sweep(cn, model, now);
}

void censor_frags_flush(struct censor_net *cn)
{
	frags_sweep(cn, NULL, 0);
}

void censor_frags_init(struct censor_net *cn)
{
	unsigned int i;

	for (i = 0; i < CENSOR_FRAGS_BUCKETS; i++)
		INIT_HLIST_HEAD(&cn->frags[i]);
	INIT_LIST_HEAD(&cn->frags_order);
	cn->frags_seed = get_random_u32();
	spin_lock_init(&cn->frags_lock);
}

int censor_frags_cache_init(void)
{
	frags_cache = kmem_cache_create("nf_censor_frags", sizeof(struct censor_frag_queue), 0, 0,
					NULL);
	return frags_cache ? 0 : -ENOMEM;
}

void censor_frags_cache_exit(void)
{
	kmem_cache_destroy(frags_cache);
}
