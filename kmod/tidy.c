// SPDX-License-Identifier: GPL-2.0
/*
 * One delayed work for a namespace, queued by the first flow or block and not queued again when
 * there are none: an idle namespace costs nothing.
 */
#include <linux/ktime.h>

#include "blocks.h"
#include "flows.h"
#include "tidy.h"

#define TIDY_PERIOD		(5 * HZ)
#define TIDY_PERIOD_FULL	(HZ / 2)	/* while flows are more than half of the limit */

static void tidy_queue(struct censor_net *cn)
{
	bool full = atomic_read(&cn->n_flows) > cn->max_flows / 2;

	queue_delayed_work(system_power_efficient_wq, &cn->tidy,
			   full ? TIDY_PERIOD_FULL : TIDY_PERIOD);
}

void censor_tidy_later(struct censor_net *cn)
{
	if (!atomic_read(&cn->tidying) && !atomic_xchg(&cn->tidying, 1))
		tidy_queue(cn);
}

static void tidy(struct work_struct *work)
{
	struct censor_net *cn = container_of(to_delayed_work(work), struct censor_net, tidy);
	u64 now = ktime_get_ns();

	censor_flows_tidy(cn, now);
	censor_blocks_tidy(cn, now);

	/* Whoever adds something after this line sees that nobody tidies. */
	atomic_xchg(&cn->tidying, 0);
	if (atomic_read(&cn->n_flows) || atomic_read(&cn->n_blocks))
		censor_tidy_later(cn);
}

void censor_tidy_init(struct censor_net *cn)
{
	INIT_DELAYED_WORK(&cn->tidy, tidy);
}

void censor_tidy_stop(struct censor_net *cn)
{
	cancel_delayed_work_sync(&cn->tidy);
}
