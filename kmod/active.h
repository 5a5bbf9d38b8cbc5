/* SPDX-License-Identifier: GPL-2.0 */
/* A policy that is, or was, in force. */
#ifndef _CENSOR_ACTIVE_H
#define _CENSOR_ACTIVE_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/workqueue.h>

#include "engine/inspect.h"
#include "pernet.h"

/* In place of a calendar time: the host's. */
#define CENSOR_WALL_HOST	((s64)-1)

/**
 * struct censor_counts - what a rule counts
 * @hits: how often it matched
 * @packets: of the flows that count for it, those that went on or were held to go on, even if
 *	they were lost then; one for each that a packet of segmentation offload stands for
 * @bytes: of these, from the IP header on
 * @lost_packets: of those flows, those that were dropped
 * @lost_bytes: likewise
 */
struct censor_counts {
	atomic64_t hits;
	atomic64_t packets;
	atomic64_t bytes;
	atomic64_t lost_packets;
	atomic64_t lost_bytes;
};

/**
 * struct censor_active - a policy and what belongs to its being in force
 * @pol: the policy, sealed
 * @generation: never 0
 * @clock: how many times faster than the host's the policy's clock runs
 * @offset: what that clock would say when the host's was at 0
 * @began: when the policy took force, nanoseconds of its clock
 * @began_wall: and seconds since 1970 of its calendar, which a switch of the phase may move
 * @phase: CENSOR_PHASE_WORD(); stored whole under cfg_mutex, and read once by who needs it
 * @shared: what all flows that it judges have in common
 * @ref: one while it is in force, one for each dump of it; packets hold none, they are under RCU
 * @free: frees it after the packets that use it, where one may sleep
 * @charged: bytes accounted for
 * @foreign: how; see struct censor_net
 * @counts: by rule
 */
struct censor_active {
	struct censor_policy *pol;
	u32 generation;
	u32 clock;
	u64 offset;
	u64 began;
	atomic64_t began_wall;
	u32 phase;
	struct censor_shared *shared;
	struct kref ref;
	struct rcu_work free;
	size_t charged;
	bool foreign;
	struct censor_counts counts[];
};

/** censor_active_era() - what is in force at this moment; to be asked once for a packet */
static inline u64 censor_active_era(const struct censor_active *active)
{
	return CENSOR_ERA(active->generation, READ_ONCE(active->phase));
}

/** censor_active_phase() - the index of the phase in force, 0 in a policy without phases */
static inline u32 censor_active_phase(const struct censor_active *active)
{
	return CENSOR_ERA_PHASE(censor_active_era(active));
}

/** censor_active_now() - nanoseconds of the policy's clock; any context */
static inline u64 censor_active_now(const struct censor_active *active)
{
	return active->offset + ktime_get_ns() * active->clock;
}

/** censor_active_wall() - seconds since 1970 at the moment @now of the policy's clock */
static inline u64 censor_active_wall(const struct censor_active *active, u64 now)
{
	s64 wall = atomic64_read(&active->began_wall) + div_u64(now - active->began, NSEC_PER_SEC);

	/* A packet may be a little older than the calendar. */
	return wall < 0 ? 0 : wall;
}

/**
 * censor_active_set_wall() - from now on it is this time by the policy's calendar
 * @active: the policy; the namespace's cfg_mutex is held
 * @wall: seconds since 1970, 0 to CENSOR_WALL_MAX
 */
void censor_active_set_wall(struct censor_active *active, s64 wall);

/**
 * censor_active_switch() - put another phase in force
 * @active: the policy; the namespace's cfg_mutex is held
 * @phase: its index
 *
 * A packet is judged by the one phase or the other, never by parts of both.
 */
void censor_active_switch(struct censor_active *active, u32 phase);

/** censor_active_size() - bytes that a sealed policy takes in force beside its own */
size_t censor_active_size(const struct censor_policy *pol);

/**
 * censor_active_create() - make a sealed policy ready to be put in force
 * @cn: the namespace
 * @pol: sealed; owned by the result from now on
 * @charged: bytes that are accounted for it already, likewise taken over
 *
 * Return: with one reference; or -ENOMEM, or -EDQUOT if it may not take so much, when @pol stays
 * the caller's.
 */
struct censor_active *censor_active_create(const struct censor_net *cn, struct censor_policy *pol,
					   size_t charged);
void censor_active_put(struct censor_active *active);

/** censor_active_get() - the policy in force with a reference, or NULL */
struct censor_active *censor_active_get(struct censor_net *cn);

/**
 * censor_net_commit() - put a policy in force
 * @cn: the namespace; its cfg_mutex is held
 * @active: the policy; its reference is taken over on success
 * @phase: index of the phase that it begins with
 * @wall: what its calendar says then, seconds since 1970, or CENSOR_WALL_HOST
 *
 * Return: 0, or an error of the registration of hooks, when all is as before.
 */
int censor_net_commit(struct censor_net *cn, struct censor_active *active, u32 phase, s64 wall);

/** censor_net_flush() - put no policy in force; cfg_mutex is held. */
void censor_net_flush(struct censor_net *cn);

int censor_active_init(void);
void censor_active_exit(void);

#endif
