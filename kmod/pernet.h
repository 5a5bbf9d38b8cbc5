/* SPDX-License-Identifier: GPL-2.0 */
/* What the censor keeps for each network namespace. */
#ifndef _CENSOR_PERNET_H
#define _CENSOR_PERNET_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "holding.h"
#include "stats.h"

struct censor_active;

#define CENSOR_HOOKS_MAX	2
#define CENSOR_FRAGS_BUCKETS	64

/**
 * struct censor_removals - of entries of a table, also in vain where another was faster
 * @begun: moved on before each
 * @ended: moved on after each
 *
 * Who finds as many begun at the end of a walk as had ended at its beginning knows that none was in
 * between.
 */
struct censor_removals {
	atomic_t begun;
	atomic_t ended;
};

static inline void censor_removal_begin(struct censor_removals *removals)
{
	atomic_inc(&removals->begun);
	smp_mb__after_atomic();
}

static inline void censor_removal_end(struct censor_removals *removals)
{
	smp_mb__before_atomic();
	atomic_inc(&removals->ended);
}

/**
 * struct censor_net - one namespace's censor
 * @net: the namespace
 * @active: the policy in force, or NULL
 * @foreign: the namespace belongs to a user namespace other than the first: lower limits, and
 *	its memory counts against what all such namespaces share
 * @flows: flow entries by key
 * @n_flows: how many exist, those that wait for their RCU callback included
 * @max_flows: limit of @n_flows
 * @flows_removed: for who walks @flows
 * @n_buffers: buffers of incomplete messages that the flows hold
 * @max_buffers: limit of @n_buffers
 * @blocks: residual blocks by key
 * @n_blocks: how many exist, likewise
 * @max_blocks: limit of @n_blocks
 * @blocks_removed: for who walks @blocks
 * @blocks_set: residual blocks ever set
 * @blocks_lock: guards what the blocks say
 * @n_delayed: injected packets that wait for their time
 * @max_delayed: limit of @n_delayed
 * @gone: the namespace is ending: nothing may be kept for later any more
 * @holding: packets that the policy delays
 * @frags: datagrams that fragments came of, by their key's hash
 * @frags_order: the same, the oldest first
 * @frags_seed: of that hash
 * @n_frags: how many they are
 * @max_frags: limit of @n_frags
 * @frags_lock: guards them and what is held of them
 * @tidy: removes what has ended
 * @tidying: @tidy is queued or running
 * @tidy_period: jiffies from one to the next, as the policy's clock asks for
 * @tidy_due: in jiffies, when a queued @tidy runs
 * @inject_lock: guards @inject_second and @inject_count
 * @inject_second: the second that is counted
 * @inject_count: packets injected in it
 * @event_lock: keeps events in the order of their numbers
 * @event_seq: number of the last event
 * @events_lost: events that found no memory, or no room with a listener who wants that counted
 * @stats: counters
 * @cfg_mutex: guards everything below, and writing of @active
 * @generation: of the last change; never 0 after the first
 * @hooked: @hooks are registered
 * @hooks: those of the namespace
 * @txns: open transactions
 * @txn_id: id of the last one
 */
struct censor_net {
	struct net *net;
	struct censor_active __rcu *active;
	bool foreign;

	struct rhashtable flows;
	atomic_t n_flows;
	int max_flows;
	struct censor_removals flows_removed;
	atomic_t n_buffers;
	int max_buffers;

	struct rhashtable blocks;
	atomic_t n_blocks;
	int max_blocks;
	struct censor_removals blocks_removed;
	atomic_t blocks_set;
	spinlock_t blocks_lock;		/* of what the blocks say */

	atomic_t n_delayed;
	int max_delayed;
	bool gone;

	struct censor_holding holding;

	struct hlist_head frags[CENSOR_FRAGS_BUCKETS];
	struct list_head frags_order;
	u32 frags_seed;
	atomic_t n_frags;
	int max_frags;
	spinlock_t frags_lock;		/* of the fragments: lists and queues */

	struct delayed_work tidy;
	atomic_t tidying;
	unsigned long tidy_period;
	unsigned long tidy_due;

	spinlock_t inject_lock;		/* of the next two */
	u64 inject_second;
	u32 inject_count;

	spinlock_t event_lock;		/* of the next two, and of the order of events */
	u32 event_seq;
	u64 events_lost;

	struct censor_stats __percpu *stats;

	struct mutex cfg_mutex;		/* of all that follows, and of writing @active */
	u32 generation;
	bool hooked;
	unsigned int n_hooks;
	struct nf_hook_ops hooks[CENSOR_HOOKS_MAX];
	struct list_head txns;
	u32 txn_id;
};

extern unsigned int censor_net_id;

static inline struct censor_net *censor_pernet(const struct net *net)
{
	return net_generic(net, censor_net_id);
}

/**
 * censor_charge() - account for memory that a namespace takes
 * @cn: the namespace
 * @bytes: how much
 *
 * Only namespaces of other user namespaces are counted: what they all share is limited, so that
 * making more namespaces gains nothing. Any context.
 *
 * Return: false if there is no room; nothing is accounted for then.
 */
bool censor_charge(const struct censor_net *cn, size_t bytes);

/** censor_charge_forced() - the same for memory that was taken already */
void censor_charge_forced(const struct censor_net *cn, size_t bytes);

/** censor_uncharge() - the opposite; @foreign is that of the namespace, which may be gone */
void censor_uncharge(bool foreign, size_t bytes);

/** censor_charge_left() - bytes that censor_charge() would still grant */
size_t censor_charge_left(const struct censor_net *cn);

/** censor_policy_limit() - bytes that one policy of the namespace may take */
size_t censor_policy_limit(const struct censor_net *cn);

int censor_pernet_register(void);
void censor_pernet_unregister(void);

#endif
