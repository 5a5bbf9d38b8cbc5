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

/**
 * struct censor_active - a policy and what belongs to its being in force
 * @pol: the policy, sealed
 * @generation: never 0
 * @clock: how many times faster than the host's the policy's clock runs
 * @offset: what that clock would say when the host's was at 0
 * @began: when the policy took force, nanoseconds of its clock
 * @began_wall: and seconds since 1970
 * @shared: what all flows that it judges have in common
 * @ref: one while it is in force, one for each dump of it; packets hold none, they are under RCU
 * @free: frees it after the packets that use it, where one may sleep
 * @charged: bytes accounted for
 * @foreign: how; see struct censor_net
 * @hits: by rule, how often it matched
 */
struct censor_active {
	struct censor_policy *pol;
	u32 generation;
	u32 clock;
	u64 offset;
	u64 began;
	u64 began_wall;
	struct censor_shared *shared;
	struct kref ref;
	struct rcu_work free;
	size_t charged;
	bool foreign;
	atomic64_t hits[];
};

/** censor_active_now() - nanoseconds of the policy's clock; any context */
static inline u64 censor_active_now(const struct censor_active *active)
{
	return active->offset + ktime_get_ns() * active->clock;
}

/** censor_active_wall() - seconds since 1970 at the moment @now of the policy's clock */
static inline u64 censor_active_wall(const struct censor_active *active, u64 now)
{
	return active->began_wall + div_u64(now - active->began, NSEC_PER_SEC);
}

/**
 * censor_active_create() - make a sealed policy ready to be put in force
 * @cn: the namespace
 * @pol: sealed; owned by the result from now on
 * @charged: bytes that are accounted for it already, likewise taken over
 *
 * Return: with one reference, or NULL for lack of memory, when @pol stays the caller's.
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
 *
 * Return: 0, or an error of the registration of hooks, when all is as before.
 */
int censor_net_commit(struct censor_net *cn, struct censor_active *active);

/** censor_net_flush() - put no policy in force; cfg_mutex is held. */
void censor_net_flush(struct censor_net *cn);

int censor_active_init(void);
void censor_active_exit(void);

#endif
