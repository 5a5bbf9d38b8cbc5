// SPDX-License-Identifier: GPL-2.0
#include "flowtable.h"

#define SLAB	1024u	/* flows that memory is taken for at a time */
#define NONE	UINT32_MAX

/* Eight of them in a cache line: a lookup reads one line here and one of the flow that it finds. */
struct flowtable_slot {
	u32 tag;	/* of the key's hash; its low bits are where the search begins */
	u32 flow;	/* number of the flow plus one; 0: empty */
};

/* Apart from the flows, so that keeping the order touches no other flow's memory. */
struct flowtable_links {
	u32 older, newer;
};

static struct offline_flow *flow_at(const struct flowtable *table, u32 i)
{
	return &table->slabs[i / SLAB][i % SLAB];
}

static u32 key_tag(const struct censor_key *key)
{
	u64 hash = censor_key_hash(key);

	return (u32)(hash ^ hash >> 32);
}

int flowtable_init(struct flowtable *table, u32 max,
		   void (*leave)(void *arg, struct offline_flow *flow), void *arg)
{
	u32 slots = 8;

	memset(table, 0, sizeof(*table));
	while (slots < 2 * max)
		slots *= 2;
	table->max = max;
	table->mask = slots - 1;
	table->oldest = NONE;
	table->newest = NONE;
	table->unused = NONE;
	table->leave = leave;
	table->arg = arg;
	/* Large and zero: memory that no flow needs is never touched. */
	table->slots = calloc(slots, sizeof(*table->slots));
	table->links = calloc(max, sizeof(*table->links));
	table->slabs = calloc(max / SLAB + 1, sizeof(*table->slabs));
	if (table->slots && table->links && table->slabs)
		return 0;
	flowtable_free(table);
	return -ENOMEM;
}

static void unlink_flow(struct flowtable *table, u32 i)
{
	struct flowtable_links *links = &table->links[i];

	if (links->older == NONE)
		table->oldest = links->newer;
	else
		table->links[links->older].newer = links->newer;
	if (links->newer == NONE)
		table->newest = links->older;
	else
		table->links[links->newer].older = links->older;
}

static void link_newest(struct flowtable *table, u32 i)
{
	table->links[i].older = table->newest;
	table->links[i].newer = NONE;
	if (table->newest == NONE)
		table->oldest = i;
	else
		table->links[table->newest].newer = i;
	table->newest = i;
}

/* Those behind the hole that were pushed past it move up: no search ever meets a grave. */
static void slot_delete(struct flowtable *table, u32 hole)
{
	u32 at = hole;

	for (;;) {
		u32 home;

		at = (at + 1) & table->mask;
		if (!table->slots[at].flow)
			break;
		home = table->slots[at].tag & table->mask;
		if (((at - home) & table->mask) < ((at - hole) & table->mask))
			continue;
		table->slots[hole] = table->slots[at];
		hole = at;
	}
	table->slots[hole].flow = 0;
}

static void remove_oldest(struct flowtable *table)
{
	u32 i = table->oldest, at;
	struct offline_flow *flow = flow_at(table, i);

	table->leave(table->arg, flow);
	at = key_tag(&flow->engine.key) & table->mask;
	while (table->slots[at].flow != i + 1)
		at = (at + 1) & table->mask;
	slot_delete(table, at);
	unlink_flow(table, i);
	table->links[i].newer = table->unused;
	table->unused = i;
	table->n--;
}

/* Return: the number of a flow that is not in the table, or NONE. */
static u32 take_flow(struct flowtable *table)
{
	u32 i;

	if (table->n == table->max) {
		table->crowded++;
		remove_oldest(table);
	}
	i = table->unused;
	if (i != NONE) {
		table->unused = table->links[i].newer;
		return i;
	}
	i = table->made;
	if (!table->slabs[i / SLAB]) {
		table->slabs[i / SLAB] = calloc(min(SLAB, table->max - i),
						sizeof(struct offline_flow));
		if (!table->slabs[i / SLAB])
			return NONE;
	}
	table->made++;
	return i;
}

static void clear_flow(struct offline_flow *flow)
{
	struct flow_summary kept = flow->summary;

	flow_summary_restart(&kept);
	memset(flow, 0, sizeof(*flow));
	flow->summary = kept;
}

struct offline_flow *flowtable_get(struct flowtable *table, const struct censor_key *key,
				   bool *fresh)
{
	u32 tag = key_tag(key), at, i;
	struct offline_flow *flow;

	*fresh = false;
	for (at = tag & table->mask; table->slots[at].flow; at = (at + 1) & table->mask) {
		if (table->slots[at].tag != tag)
			continue;
		i = table->slots[at].flow - 1;
		flow = flow_at(table, i);
		if (memcmp(&flow->engine.key, key, sizeof(*key)))
			continue;
		if (table->newest != i) {
			unlink_flow(table, i);
			link_newest(table, i);
		}
		return flow;
	}
	i = take_flow(table);
	if (i == NONE)
		return NULL;
	/* What made room may have moved the slots about. */
	for (at = tag & table->mask; table->slots[at].flow; at = (at + 1) & table->mask)
		;
	table->slots[at].tag = tag;
	table->slots[at].flow = i + 1;
	table->n++;
	link_newest(table, i);
	flow = flow_at(table, i);
	clear_flow(flow);
	flow->engine.key = *key;
	*fresh = true;
	return flow;
}

static int by_first_packet(const void *a, const void *b)
{
	const struct offline_flow *const *x = a, *const *y = b;
	u64 first = (*x)->summary.first, second = (*y)->summary.first;

	return first < second ? -1 : first > second;
}

struct offline_flow *flowtable_next(const struct flowtable *table, u32 *at)
{
	if (!table->n)
		return NULL;
	*at = *at == FLOWTABLE_BEGIN ? table->oldest : table->links[*at].newer;
	return *at == NONE ? NULL : flow_at(table, *at);
}

int flowtable_finish(struct flowtable *table)
{
	struct offline_flow **flows, *flow;
	u32 i, n = 0, at = FLOWTABLE_BEGIN;

	flows = malloc(max(table->n, 1u) * sizeof(struct offline_flow *));
	if (!flows)
		return -ENOMEM;
	while ((flow = flowtable_next(table, &at)))
		flows[n++] = flow;
	qsort(flows, n, sizeof(struct offline_flow *), by_first_packet);
	for (i = 0; i < n; i++)
		table->leave(table->arg, flows[i]);
	free(flows);
	return 0;
}

void flowtable_free(struct flowtable *table)
{
	u32 i;

	for (i = 0; table->slabs && i < table->made; i++)
		flow_summary_free(&flow_at(table, i)->summary);
	for (i = 0; table->slabs && i <= table->max / SLAB; i++)
		free(table->slabs[i]);
	free(table->slabs);
	free(table->links);
	free(table->slots);
	memset(table, 0, sizeof(*table));
}
