// SPDX-License-Identifier: GPL-2.0
#include "residuals.h"

#define SLOTS_MIN	(1u << 8)
#define SLOTS_MAX	(1u << 19)	/* 42 MB */
#define BLOCKS_MAX	(SLOTS_MAX / 8 * 3)
#define RETRY		1000000000ull	/* a full table is looked through again after a second */

static struct residual *find_slot(const struct residuals *table, const struct censor_key *key)
{
	u32 i = (u32)censor_key_hash(key);

	for (;; i++) {
		struct residual *slot = &table->slots[i & table->mask];

		if (!slot->used || !memcmp(&slot->key, key, sizeof(*key)))
			return slot;
	}
}

const struct censor_block *residuals_find(const struct residuals *table,
					  const struct censor_policy *policy, u64 era,
					  const struct censor_packet_view *view, u64 now)
{
	u32 tuples = policy->tuples;
	u8 tuple;

	if (!table->n)
		return NULL;
	for (tuple = 0; tuples; tuple++, tuples >>= 1) {
		struct residual *slot;
		struct censor_key key;

		if (!(tuples & 1))
			continue;
		censor_residual_key(view, tuple, &key);
		slot = find_slot(table, &key);
		if (slot->used && censor_block_acts(policy, era, &slot->block, now))
			return &slot->block;
	}
	return NULL;
}

/*
 * Blocks that have ended stay until the table would be half full: then what is in force moves to
 * a new one, twice as large if that alone takes a quarter.
 */
static bool make_room(struct residuals *table, u64 now)
{
	u32 slots = table->slots ? table->mask + 1 : 0;
	struct residuals next = { .set = table->set, .missed = table->missed };
	u32 i, live = 0;

	if (table->n + 1 <= slots / 2)
		return true;
	if (now < table->retry)
		return false;
	for (i = 0; i < slots; i++)
		live += table->slots[i].used && now < table->slots[i].block.until;
	if (live >= BLOCKS_MAX) {
		table->retry = now + RETRY;
		return false;
	}
	if (live >= slots / 4)
		slots = max(min(slots * 2, SLOTS_MAX), SLOTS_MIN);
	next.slots = calloc(slots, sizeof(*next.slots));
	if (!next.slots)
		return false;
	next.mask = slots - 1;
	for (i = 0; table->slots && i <= table->mask; i++) {
		const struct residual *old = &table->slots[i];

		if (!old->used || now >= old->block.until)
			continue;
		*find_slot(&next, &old->key) = *old;
		next.n++;
	}
	free(table->slots);
	*table = next;
	return true;
}

void residuals_set(struct residuals *table, const struct censor_effect *effect, u64 now)
{
	struct residual *slot;

	if (!make_room(table, now)) {
		table->missed++;
		return;
	}
	slot = find_slot(table, &effect->key);
	if (slot->used && effect->keep && now < slot->block.until &&
	    slot->block.rule == effect->block.rule)
		return;
	if (!slot->used)
		table->n++;
	slot->used = true;
	slot->key = effect->key;
	slot->block = effect->block;
	table->set++;
}

void residuals_free(struct residuals *table)
{
	free(table->slots);
	memset(table, 0, sizeof(*table));
}
