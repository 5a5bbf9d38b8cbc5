/* SPDX-License-Identifier: GPL-2.0 */
/* The room that judging a packet takes: too much for the stack, so one for each CPU. */
#ifndef _CENSOR_WORKER_H
#define _CENSOR_WORKER_H

#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/rbtree.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>

#include "engine/forge.h"
#include "engine/inspect.h"

/* Of a payload that does not lie in one piece this much is copied: the longest TLS record. */
#define CENSOR_PAYLOAD_MAX	16384
#define CENSOR_WORDS_MAX	160

/**
 * struct censor_worker - one CPU's room
 * @lock: with bottom halves off nobody else wants it, except on PREEMPT_RT
 * @spare: a buffer that the next flow in need can have, or NULL
 * @outbox: injected packets on their way out
 * @sender: sends them
 * @sending: @sender is sending now
 * @delayed: injected packets that wait for their time, by it
 * @timer: goes off at the time of the first of them
 * @delayed_lock: guards these two
 * @words: an event's action in words
 */
struct censor_worker {
	spinlock_t lock;	/* of all but what is sent */
	u8 *spare;
	struct censor_context ctx;
	struct censor_forger forger;
	char words[CENSOR_WORDS_MAX];
	u8 packet[CENSOR_FORGE_SIZE];
	u8 payload[CENSOR_PAYLOAD_MAX];

	struct sk_buff_head outbox;
	struct tasklet_struct sender;
	bool sending;

	spinlock_t delayed_lock;	/* of the next two */
	struct rb_root_cached delayed;
	struct hrtimer timer;
};

extern struct censor_worker * __percpu *censor_workers;

/** censor_worker_this() - this CPU's; bottom halves are off */
static inline struct censor_worker *censor_worker_this(void)
{
	return *this_cpu_ptr(censor_workers);
}

int censor_workers_init(void);
/** censor_workers_exit() - at module exit, when no hook is left */
void censor_workers_exit(void);

#endif
