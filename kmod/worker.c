// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

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
		tasklet_kill(&worker->sender);
		skb_queue_purge(&worker->outbox);
		kfree(worker->spare);
		kvfree(worker);
	}
	free_percpu(censor_workers);
}
