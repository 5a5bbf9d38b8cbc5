/* SPDX-License-Identifier: GPL-2.0 */
/* A table from bytes to numbers: names that are declared, contents that were seen. */
#ifndef _CENSORCTL_TABLE_H
#define _CENSORCTL_TABLE_H

#include "engine/host.h"

#define TABLE_NONE	0xffffffffu

struct table_slot {
	const void *key;	/* NULL: free */
	size_t len;
	u64 hash;
	u32 value;
};

/** struct table - begin with all zero, end with table_free(); keys must outlive it */
struct table {
	struct table_slot *slots;
	u32 n, mask;
};

/** table_find() - the value of a key, or TABLE_NONE */
u32 table_find(const struct table *table, const void *key, size_t len);

/** table_add() - a key that is not in it yet */
void table_add(struct table *table, const void *key, size_t len, u32 value);

void table_free(struct table *table);

#endif
