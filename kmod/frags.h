/* SPDX-License-Identifier: GPL-2.0 */
/* The fragments of a namespace: those that the policy puts together, and those that it holds. */
#ifndef _CENSOR_HOST_FRAGS_H
#define _CENSOR_HOST_FRAGS_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "active.h"
#include "engine/frags.h"
#include "pernet.h"

/**
 * struct censor_frag_queue - a datagram of which fragments came
 * @node: of its hash bucket
 * @order: of all of the namespace's
 * @generation: the policy's generation that puts it together
 * @held: fragments that wait for the others, in the order in which they came
 * @frags: what they are put together to
 */
struct censor_frag_queue {
	struct hlist_node node;
	struct list_head order;
	u32 generation;
	struct sk_buff_head held;
	struct censor_frags frags;
};

/**
 * censor_frag_queue_get() - the datagram that a fragment belongs to, made where there is none
 * @cn: the namespace; its frags_lock is held
 * @active: the policy
 * @view: the fragment
 * @now: nanoseconds of the policy's clock
 *
 * Bottom halves are off.
 *
 * Return: NULL where there is no room for one; that is counted.
 */
struct censor_frag_queue *censor_frag_queue_get(struct censor_net *cn,
						const struct censor_active *active,
						const struct censor_packet_view *view, u8 pf,
						u64 now);

/**
 * censor_frag_hold() - keep a fragment until the others of its datagram have come
 * @cn: the namespace; its frags_lock is held
 * @queue: the datagram
 * @skb: the fragment
 * @pf: of the hook
 *
 * Under rcu_read_lock() with bottom halves off.
 *
 * Return: 0, when @skb is the queue's; -ENOBUFS, counted, when it can't be kept, and is as it was;
 * -ENETDOWN when it can't be kept and can't go on either.
 */
int censor_frag_hold(struct censor_net *cn, struct censor_frag_queue *queue, struct sk_buff *skb,
		     u8 pf);

/** censor_frag_unhold() - move what is held of a datagram to @list; frags_lock is held */
void censor_frag_unhold(struct censor_net *cn, struct censor_frag_queue *queue,
			struct sk_buff_head *list);

/** censor_frag_drop() - drop what was held */
void censor_frag_drop(struct sk_buff_head *list);

/**
 * censor_frag_revive() - make a fragment that was held ready to go on
 * @skb: the fragment
 * @state: of another fragment of the same datagram in a hook; gets this one's devices
 *
 * Under rcu_read_lock().
 *
 * Return: false if one of its devices is gone; then it has none.
 */
bool censor_frag_revive(struct sk_buff *skb, struct nf_hook_state *state);

/** censor_frags_tidy() - forget those that were incomplete too long at @now, drop what is held */
void censor_frags_tidy(struct censor_net *cn, const struct censor_ip_model *model, u64 now);

/**
 * censor_frags_flush() - forget all, drop what is held
 *
 * Once the namespace is gone (its @gone says so before this is called) nothing is held any more.
 */
void censor_frags_flush(struct censor_net *cn);

void censor_frags_init(struct censor_net *cn);

int censor_frags_cache_init(void);
/** censor_frags_cache_exit() - at module exit, when no namespace is left */
void censor_frags_cache_exit(void);

#endif
