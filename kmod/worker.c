// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

#include "compat.h"
#include "outbox.h"
#include "worker.h"

struct censor_worker * __percpu *censor_workers;

/** censor_workers_init() - at module load */
int censor_workers_init(void)
{
	int cpu;

	censor_workers = alloc_percpu(struct censor_worker *);
	if (!censor_workers)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		struct censor_worker *worker;

		worker = kvzalloc_node(sizeof(*worker), GFP_KERNEL, cpu_to_node(cpu));
		if (!worker) {
			censor_workers_exit();
			return -ENOMEM;
		}
		spin_lock_init(&worker->lock);
		skb_queue_head_init(&worker->outbox);
		tasklet_setup(&worker->sender, censor_outbox_send);
		spin_lock_init(&worker->delayed_lock);
		worker->delayed = RB_ROOT_CACHED;
		/* In soft mode: what it calls takes locks that wait for bottom halves. */
		hrtimer_setup(&worker->timer, censor_outbox_due, CLOCK_MONOTONIC,
			      HRTIMER_MODE_ABS_PINNED_SOFT);
		*per_cpu_ptr(censor_workers, cpu) = worker;
	}
	return 0;
}

void censor_workers_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct censor_worker *worker = *per_cpu_ptr(censor_workers, cpu);

		if (!worker)
			continue;
		/* Namespaces took what waited with them; one that goes off now finds nothing. */
		hrtimer_cancel(&worker->timer);
		tasklet_kill(&worker->sender);
		skb_queue_purge(&worker->outbox);
		kfree(worker->spare);
		kvfree(worker);
	}
	free_percpu(censor_workers);
}
