/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The offline host's flows: a hash table of bounded size, from which the flow that was silent
 * longest makes room for a new one.
 */
#ifndef _CENSORCTL_FLOWTABLE_H
#define _CENSORCTL_FLOWTABLE_H

#include "engine/inspect.h"
#include "flows.h"

/**
 * struct offline_flow - a flow: what the engine remembers of it, and what the report will say
 */
struct offline_flow {
	struct censor_flow engine;
	struct flow_summary summary;
};

#define FLOWTABLE_MAX	(1u << 24)

struct flowtable_slot;
struct flowtable_links;

/**
 * struct flowtable - see the head of this file
 * @n: flows in it
 * @crowded: flows that had to leave because it was full
 * @leave: called with each flow that leaves the table, before it does
 */
struct flowtable {
	u32 max;
	u32 n;
	u32 mask;
	u32 oldest, newest;	/* ends of the list in the order of the last packet */
	u32 unused;		/* first of the list of flows that left */
	u32 made;		/* flows that memory was taken for */
	u64 crowded;
	struct flowtable_slot *slots;
	struct flowtable_links *links;
	struct offline_flow **slabs;
	void (*leave)(void *arg, struct offline_flow *flow);
	void *arg;
};

/**
 * flowtable_init() - an empty table
 * @max: flows that it holds at most, 1 to FLOWTABLE_MAX
 *
 * Return: 0 or -ENOMEM.
 */
int flowtable_init(struct flowtable *table, u32 max,
		   void (*leave)(void *arg, struct offline_flow *flow), void *arg);

/**
 * flowtable_get() - the flow of a key; it counts as the newest from now on
 * @fresh: set if it had to be made: then its memory is zero, but for the summary's name buffer
 *
 * Return: the flow, or NULL for lack of memory.
 */
struct offline_flow *flowtable_get(struct flowtable *table, const struct censor_key *key,
				   bool *fresh);

/**
 * flowtable_next() - one flow after the other, the oldest first
 * @at: FLOWTABLE_BEGIN to begin with
 *
 * Return: the next, or NULL after the last.
 */
#define FLOWTABLE_BEGIN	UINT32_MAX
struct offline_flow *flowtable_next(const struct flowtable *table, u32 *at);

/** flowtable_finish() - all flows leave, in the order of their first packet. Return: 0, -ENOMEM */
int flowtable_finish(struct flowtable *table);

void flowtable_free(struct flowtable *table);

#endif
