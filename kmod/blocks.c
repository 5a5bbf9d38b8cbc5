// SPDX-License-Identifier: GPL-2.0
/*
 * Residual blocks: a table beside that of the flows, by what a rule's tuple remembers of a
 * packet. Looked at by the first packet of a flow and whenever a block was set since, so one lock
 * for what all blocks say is no burden.
 */
#include <linux/jhash.h>
#include <linux/rhashtable.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "blocks.h"
#include "tidy.h"

/*
 * struct block_entry - a block in its table
 * @block: guarded by the namespace's blocks_lock
 * @dead: likewise; it is about to leave the table
 */
struct block_entry {
	struct rhash_head node;
	struct censor_key key;
	struct censor_block block;
	bool dead;
	struct censor_net *cn;
	struct rcu_head rcu;
};

static const struct rhashtable_params block_params = {
	.head_offset = offsetof(struct block_entry, node),
	.key_offset = offsetof(struct block_entry, key),
	.key_len = sizeof(struct censor_key),
	.automatic_shrinking = true,
};

static void block_free(struct block_entry *entry)
{
	struct censor_net *cn = entry->cn;

	kfree(entry);
	censor_uncharge(cn->foreign, sizeof(*entry));
	atomic_dec(&cn->n_blocks);
}

static void block_free_rcu(struct rcu_head *rcu)
{
	block_free(container_of(rcu, struct block_entry, rcu));
}

static void block_remove(struct censor_net *cn, struct block_entry *entry)
{
	censor_removal_begin(&cn->blocks_removed);
	if (!rhashtable_remove_fast(&cn->blocks, &entry->node, block_params))
		call_rcu(&entry->rcu, block_free_rcu);
	censor_removal_end(&cn->blocks_removed);
}

bool censor_block_read(struct censor_net *cn, void *obj, struct censor_key *key,
		       struct censor_block *block)
{
	struct block_entry *entry = obj;
	bool dead;

	spin_lock_bh(&cn->blocks_lock);
	*block = entry->block;
	dead = entry->dead;
	spin_unlock_bh(&cn->blocks_lock);
	*key = entry->key;
	return !dead;
}

bool censor_block_get(struct censor_net *cn, struct censor_key *key, struct censor_block *block)
{
	struct block_entry *entry;
	bool found = false;

	rcu_read_lock();
	entry = rhashtable_lookup(&cn->blocks, key, block_params);
	if (entry)
		found = censor_block_read(cn, entry, key, block);
	rcu_read_unlock();
	return found;
}

bool censor_block_find(struct censor_net *cn, const struct censor_policy *pol, u64 era,
		       const struct censor_packet_view *view, u64 now, struct censor_block *block)
{
	u32 tuples = pol->tuples;
	bool found = false;

	for (; tuples && !found; tuples &= tuples - 1) {
		struct block_entry *entry;
		struct censor_key key;

		censor_residual_key(view, __ffs(tuples), &key);
		entry = rhashtable_lookup(&cn->blocks, &key, block_params);
		if (!entry)
			continue;
		spin_lock(&cn->blocks_lock);
		*block = entry->block;
		spin_unlock(&cn->blocks_lock);
		found = censor_block_acts(pol, era, block, now);
	}
	return found;
}

static struct block_entry *block_alloc(struct censor_net *cn, const struct censor_key *key,
				       const struct censor_block *block)
{
	struct block_entry *entry;

	if (atomic_inc_return(&cn->n_blocks) > cn->max_blocks)
		goto full;
	if (!censor_charge(cn, sizeof(*entry)))
		goto full;
	entry = kmalloc(sizeof(*entry), GFP_ATOMIC | __GFP_NOWARN);
	if (!entry) {
		censor_uncharge(cn->foreign, sizeof(*entry));
		atomic_dec(&cn->n_blocks);
		censor_stats_add(cn->stats, CENSOR_STAT_NO_MEMORY, 1);
		return NULL;
	}
	entry->key = *key;
	entry->block = *block;
	entry->dead = false;
	entry->cn = cn;
	return entry;
full:
	atomic_dec(&cn->n_blocks);
	censor_stats_add(cn->stats, CENSOR_STAT_BLOCKS_FULL, 1);
	return NULL;
}

/* Whether it is of a policy from before the one of that generation; they are counted round. */
static bool block_before(const struct censor_block *block, u32 generation)
{
	return (s32)(block->generation - generation) < 0;
}

/*
 * Whether a block stays as it is, whatever the effect says: also that of a policy which took force
 * while the one before it judged a last packet.
 */
static bool block_stays(const struct censor_block *block, const struct censor_effect *effect,
			u64 now)
{
	if (block_before(&effect->block, block->generation))
		return true;
	return effect->keep && block->until > now && block->rule == effect->block.rule &&
	       block->generation == effect->block.generation;
}

enum block_change { BLOCK_DEAD, BLOCK_STAYS, BLOCK_SET };

/* One that is on its way out leaves now, so that another can enter. */
static enum block_change block_update(struct censor_net *cn, struct block_entry *entry,
				      const struct censor_effect *effect, u64 now)
{
	enum block_change change = BLOCK_SET;

	spin_lock(&cn->blocks_lock);
	if (entry->dead)
		change = BLOCK_DEAD;
	else if (block_stays(&entry->block, effect, now))
		change = BLOCK_STAYS;
	else
		entry->block = effect->block;
	spin_unlock(&cn->blocks_lock);
	if (change == BLOCK_DEAD)
		block_remove(cn, entry);
	return change;
}

void censor_block_add(struct censor_net *cn, const struct censor_effect *effect, u64 now)
{
	enum block_change change = BLOCK_DEAD;
	struct block_entry *entry, *other;

	entry = rhashtable_lookup(&cn->blocks, &effect->key, block_params);
	if (entry)
		change = block_update(cn, entry, effect, now);
	if (change == BLOCK_STAYS)
		return;
	if (change == BLOCK_DEAD) {
		entry = block_alloc(cn, &effect->key, &effect->block);
		if (!entry)
			return;
		other = rhashtable_lookup_get_insert_fast(&cn->blocks, &entry->node, block_params);
		if (other)
			block_free(entry);
		if (IS_ERR(other)) {
			censor_stats_add(cn->stats, CENSOR_STAT_NO_MEMORY, 1);
			return;
		}
		/* Another CPU was faster. */
		if (other && block_update(cn, other, effect, now) == BLOCK_STAYS)
			return;
	}
	/* In this order: who sees the new count finds the block. */
	smp_mb__before_atomic();
	atomic_inc(&cn->blocks_set);
	censor_tidy_later(cn);
}

/*
 * Remove those that ended at @now, and those from before @generation; not those from after it: who
 * tidies by one policy may be overtaken by the next.
 *
 * Return: whether there were any. Then some may be left: a walk that stands back for others at an
 * entry which it has taken out has lost its place, and goes on by count, one too far.
 */
static bool blocks_sweep(struct censor_net *cn, u32 generation, u64 now)
{
	struct block_entry *entry;
	struct rhashtable_iter iter;
	bool any = false;

	rhashtable_walk_enter(&cn->blocks, &iter);
	rhashtable_walk_start(&iter);
	while ((entry = rhashtable_walk_next(&iter))) {
		bool dead;

		if (IS_ERR(entry)) {
			if (PTR_ERR(entry) == -EAGAIN)
				continue;
			break;
		}
		spin_lock_bh(&cn->blocks_lock);
		if (block_before(&entry->block, generation) || entry->block.until <= now)
			entry->dead = true;
		dead = entry->dead;
		spin_unlock_bh(&cn->blocks_lock);
		if (dead)
			block_remove(cn, entry);
		any |= dead;
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

/* What was passed by is found the next time. */
void censor_blocks_tidy(struct censor_net *cn, u32 generation, u64 now)
{
	blocks_sweep(cn, generation, now);
}

/* Here there is no next time. */
void censor_blocks_flush(struct censor_net *cn)
{
	while (blocks_sweep(cn, cn->generation, 0))
		cond_resched();
}

int censor_blocks_init(struct censor_net *cn)
{
	spin_lock_init(&cn->blocks_lock);
	return rhashtable_init(&cn->blocks, &block_params);
}

static void block_free_last(void *obj, void *arg)
{
	struct block_entry *entry = obj;

	call_rcu(&entry->rcu, block_free_rcu);
}

void censor_blocks_exit(struct censor_net *cn)
{
	rhashtable_free_and_destroy(&cn->blocks, block_free_last, NULL);
}
