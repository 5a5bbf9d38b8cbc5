/* SPDX-License-Identifier: GPL-2.0 */
/* The flows of a namespace. */
#ifndef _CENSOR_FLOWS_H
#define _CENSOR_FLOWS_H

#include <linux/jhash.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>

#include "engine/inspect.h"
#include "pernet.h"

/**
 * struct censor_flow_entry - a flow in its table
 * @node: of the table
 * @lock: guards @dead and @flow, taken with bottom halves off
 * @dead: it is about to be taken out, or has been of the table
 * @cn: the namespace
 */
struct censor_flow_entry {
	struct rhash_head node;
	struct censor_flow flow;
	spinlock_t lock;	/* of @flow and @dead */
	bool dead;
	struct censor_net *cn;
	struct rcu_head rcu;
};

static inline int censor_flow_compare(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct censor_flow_entry *entry = obj;
	const u64 *a = arg->key, *b = (const u64 *)&entry->flow.key;

	BUILD_BUG_ON(sizeof(struct censor_key) != 5 * sizeof(u64));
	return (a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3]) | (a[4] ^ b[4]) ?
	       1 : 0;
}

/* Keys are hashed with jhash2 and the table's own random number, which others can't foresee. */
static const struct rhashtable_params censor_flow_params = {
	.head_offset = offsetof(struct censor_flow_entry, node),
	.key_offset = offsetof(struct censor_flow_entry, flow.key),
	.key_len = sizeof(struct censor_key),
	.obj_cmpfn = censor_flow_compare,
	.automatic_shrinking = true,
};

/**
 * censor_flow_find() - the flow of a key, or NULL
 * @cn: the namespace
 * @key: aligned to 8 bytes
 *
 * Under rcu_read_lock(); the entry may be @dead.
 */
static inline struct censor_flow_entry *censor_flow_find(struct censor_net *cn,
							 const struct censor_key *key)
{
	return rhashtable_lookup(&cn->flows, key, censor_flow_params);
}

/**
 * censor_flow_get() - the flow of a key, made where there is none
 * @cn: the namespace
 * @key: aligned to 8 bytes
 * @era: in force
 * @now: nanoseconds of the policy's clock
 *
 * Under rcu_read_lock() with bottom halves off.
 *
 * Return: the entry, which may be @dead once it is locked, or NULL where there is no room for
 * one; that is counted.
 */
struct censor_flow_entry *censor_flow_get(struct censor_net *cn, const struct censor_key *key,
					  u64 era, u64 now);

/**
 * censor_flow_read() - copy what is remembered of a flow
 * @entry: under rcu_read_lock()
 * @flow: gets it; its buffer is not to be touched
 *
 * Return: false if it is about to be taken out.
 */
static inline bool censor_flow_read(struct censor_flow_entry *entry, struct censor_flow *flow)
{
	bool dead;

	spin_lock_bh(&entry->lock);
	*flow = entry->flow;
	dead = entry->dead;
	spin_unlock_bh(&entry->lock);
	flow->buffer = NULL;
	return !dead;
}

/** censor_flow_remove() - take a dead entry out of the table, if nobody has */
void censor_flow_remove(struct censor_net *cn, struct censor_flow_entry *entry);

/** censor_flows_flush() - remove all; no packet is judged any more. May sleep. */
void censor_flows_flush(struct censor_net *cn);

/**
 * censor_flows_tidy() - remove those that were silent too long
 * @cn: the namespace
 * @now: nanoseconds of the policy's clock
 *
 * May sleep.
 */
void censor_flows_tidy(struct censor_net *cn, u64 now);

int censor_flows_init(struct censor_net *cn);
/** censor_flows_exit() - free the table; its entries' memory is free after rcu_barrier(). */
void censor_flows_exit(struct censor_net *cn);

/* The cache that entries come from, and the buffers of flows. */
int censor_flows_cache_init(void);
void censor_flows_cache_exit(void);

/** censor_buffer_reserve() - count one more buffer. Return: false if there is no room. */
bool censor_buffer_reserve(struct censor_net *cn);
/** censor_buffer_release() - count one less */
void censor_buffer_release(struct censor_net *cn);

/** censor_flow_bytes() - memory of the flows and their buffers */
u64 censor_flow_bytes(const struct censor_net *cn);

#endif
