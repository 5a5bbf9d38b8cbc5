// SPDX-License-Identifier: GPL-2.0
#include "memory.h"
#include "table.h"

static u64 table_hash(const void *key, size_t len)
{
	u64 hash = 0xcbf29ce484222325ull;
	const u8 *p = key;

	while (len--)
		hash = (hash ^ *p++) * 0x100000001b3ull;
	return hash ^ hash >> 29;
}

static struct table_slot *table_slot(const struct table *table, const void *key, size_t len,
				     u64 hash)
{
	u32 i = hash & table->mask;

	for (;; i = (i + 1) & table->mask) {
		struct table_slot *slot = &table->slots[i];

		if (!slot->key)
			return slot;
		if (slot->hash == hash && slot->len == len && !memcmp(slot->key, key, len))
			return slot;
	}
}

u32 table_find(const struct table *table, const void *key, size_t len)
{
	const struct table_slot *slot;

	if (!table->slots)
		return TABLE_NONE;
	slot = table_slot(table, key, len, table_hash(key, len));
	return slot->key ? slot->value : TABLE_NONE;
}

static void table_resize(struct table *table, u32 size)
{
	struct table old = *table;
	u32 i;

	table->slots = memory_zeroed(size, sizeof(*table->slots));
	table->mask = size - 1;
	for (i = 0; old.slots && i <= old.mask; i++)
		if (old.slots[i].key)
			*table_slot(table, old.slots[i].key, old.slots[i].len,
				    old.slots[i].hash) = old.slots[i];
	free(old.slots);
}

void table_add(struct table *table, const void *key, size_t len, u32 value)
{
	u64 hash = table_hash(key, len);
	struct table_slot *slot;

	if (!table->slots)
		table_resize(table, 64);
	else if (table->n >= table->mask / 4 * 3)
		table_resize(table, (table->mask + 1) * 2);
	slot = table_slot(table, key, len, hash);
	slot->key = key;
	slot->len = len;
	slot->hash = hash;
	slot->value = value;
	table->n++;
}

void table_free(struct table *table)
{
	free(table->slots);
	memset(table, 0, sizeof(*table));
}
