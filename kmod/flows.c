// SPDX-License-Identifier: GPL-2.0
/*
 * The flow table. An entry is counted before it is made and until its memory is free, so that
 * the limit holds for memory too, whatever RCU has not yet given back.
 */
#include <linux/sched.h>
#include <linux/slab.h>

#include "flows.h"
#include "tidy.h"

static struct kmem_cache *flow_cache;

bool censor_buffer_reserve(struct censor_net *cn)
{
	if (atomic_inc_return(&cn->n_buffers) > cn->max_buffers)
		goto full;
	if (!censor_charge(cn, CENSOR_BUFFER_SIZE))
		goto full;
	return true;
full:
	atomic_dec(&cn->n_buffers);
	return false;
}

void censor_buffer_release(struct censor_net *cn)
{
	atomic_dec(&cn->n_buffers);
	censor_uncharge(cn->foreign, CENSOR_BUFFER_SIZE);
}

u64 censor_flow_bytes(const struct censor_net *cn)
{
	return (u64)atomic_read(&cn->n_flows) * kmem_cache_size(flow_cache) +
	       (u64)atomic_read(&cn->n_buffers) * CENSOR_BUFFER_SIZE;
}

static void flow_free(struct censor_flow_entry *entry)
{
	struct censor_net *cn = entry->cn;

	if (entry->flow.buffer)
		censor_buffer_release(cn);
	kfree(entry->flow.buffer);
	kmem_cache_free(flow_cache, entry);
	censor_uncharge(cn->foreign, sizeof(*entry));
	atomic_dec(&cn->n_flows);
}

static void flow_free_rcu(struct rcu_head *rcu)
{
	flow_free(container_of(rcu, struct censor_flow_entry, rcu));
}

void censor_flow_remove(struct censor_net *cn, struct censor_flow_entry *entry)
{
	censor_removal_begin(&cn->flows_removed);
	/* Whoever takes it out of the table frees it. */
	if (!rhashtable_remove_fast(&cn->flows, &entry->node, censor_flow_params))
		call_rcu(&entry->rcu, flow_free_rcu);
	censor_removal_end(&cn->flows_removed);
}

static struct censor_flow_entry *flow_alloc(struct censor_net *cn, const struct censor_key *key,
					    u64 era, u64 now)
{
	struct censor_flow_entry *entry;

	if (atomic_inc_return(&cn->n_flows) > cn->max_flows)
		goto full;
	if (!censor_charge(cn, sizeof(*entry)))
		goto full;
	entry = kmem_cache_zalloc(flow_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!entry) {
		censor_uncharge(cn->foreign, sizeof(*entry));
		atomic_dec(&cn->n_flows);
		censor_stats_add(cn->stats, CENSOR_STAT_NO_MEMORY, 1);
		return NULL;
	}
	spin_lock_init(&entry->lock);
	entry->cn = cn;
	censor_flow_start(&entry->flow, key, era);
	/* Or it would look long silent until its first packet is judged. */
	entry->flow.last = now;
	return entry;
full:
	atomic_dec(&cn->n_flows);
	censor_stats_add(cn->stats, CENSOR_STAT_FLOWS_FULL, 1);
	return NULL;
}

struct censor_flow_entry *censor_flow_get(struct censor_net *cn, const struct censor_key *key,
					  u64 era, u64 now)
{
	struct censor_flow_entry *entry, *other;

	entry = censor_flow_find(cn, key);
	if (entry)
		return entry;
	entry = flow_alloc(cn, key, era, now);
	if (!entry)
		return NULL;
	other = rhashtable_lookup_get_insert_fast(&cn->flows, &entry->node, censor_flow_params);
	if (!other) {
		censor_tidy_later(cn);
		return entry;
	}
	flow_free(entry);
	if (IS_ERR(other)) {
		censor_stats_add(cn->stats, CENSOR_STAT_NO_MEMORY, 1);
		return NULL;
	}
	/* Another CPU was faster. */
	return other;
}

/*
 * Remove those that were silent too long at @now, or all.
 *
 * Return: whether there were any. Then some may be left, as with blocks_sweep().
 */
static bool flows_sweep(struct censor_net *cn, u64 now, bool all)
{
	struct censor_flow_entry *entry;
	struct rhashtable_iter iter;
	bool any = false;

	rhashtable_walk_enter(&cn->flows, &iter);
	rhashtable_walk_start(&iter);
	while ((entry = rhashtable_walk_next(&iter))) {
		if (IS_ERR(entry)) {
			/* The table was resized and the walk begins again: no harm. */
			if (PTR_ERR(entry) == -EAGAIN)
				continue;
			break;
		}
		spin_lock_bh(&entry->lock);
		/* @last may be after @now: a packet came since. */
		if (all || (s64)(now - entry->flow.last) > (s64)censor_flow_timeout(&entry->flow))
			entry->dead = true;
		spin_unlock_bh(&entry->lock);
		if (entry->dead) {
			censor_flow_remove(cn, entry);
			any = true;
		}
		if (need_resched()) {
			rhashtable_walk_stop(&iter);
			cond_resched();
			rhashtable_walk_start(&iter);
		}
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	return any;
}

void censor_flows_tidy(struct censor_net *cn, u64 now)
{
	flows_sweep(cn, now, false);
}

void censor_flows_flush(struct censor_net *cn)
{
	while (flows_sweep(cn, 0, true))
		cond_resched();
}

int censor_flows_init(struct censor_net *cn)
{
	return rhashtable_init(&cn->flows, &censor_flow_params);
}

static void flow_free_last(void *obj, void *arg)
{
	struct censor_flow_entry *entry = obj;

	call_rcu(&entry->rcu, flow_free_rcu);
}

void censor_flows_exit(struct censor_net *cn)
{
	rhashtable_free_and_destroy(&cn->flows, flow_free_last, NULL);
}

int censor_flows_cache_init(void)
{
	flow_cache = kmem_cache_create("nf_censor_flow", sizeof(struct censor_flow_entry), 0,
				       SLAB_HWCACHE_ALIGN, NULL);
	return flow_cache ? 0 : -ENOMEM;
}

void censor_flows_cache_exit(void)
{
	kmem_cache_destroy(flow_cache);
}
