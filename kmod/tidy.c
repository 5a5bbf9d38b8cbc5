// SPDX-License-Identifier: GPL-2.0
/*
 * One delayed work for a namespace, queued by the first flow, block or fragment and not queued
 * again when there are none: an idle namespace costs nothing. Verdicts don't depend on it: who
 * finds something that has ended takes it for gone. Memory does, and fragments that are held.
 */
#include "active.h"
#include "blocks.h"
#include "flows.h"
#include "frags.h"
#include "tidy.h"

#define TIDY_PERIOD		(5 * HZ)
#define TIDY_PERIOD_FULL	(HZ / 2)	/* while flows are more than half of the limit */
#define TIDY_PERIOD_LEAST	(HZ / 10)	/* however fast the policy's clock runs */

static void tidy_queue(struct censor_net *cn)
{
	bool full = atomic_read(&cn->n_flows) > cn->max_flows / 2;
	unsigned long period = READ_ONCE(cn->tidy_period);

	if (full)
		period = min_t(unsigned long, period, TIDY_PERIOD_FULL);
	WRITE_ONCE(cn->tidy_due, jiffies + period);
	queue_delayed_work(system_power_efficient_wq, &cn->tidy, period);
}

void censor_tidy_later(struct censor_net *cn)
{
	if (!atomic_read(&cn->tidying) && !atomic_xchg(&cn->tidying, 1))
		tidy_queue(cn);
}

static void tidy(struct work_struct *work)
{
	struct censor_net *cn = container_of(to_delayed_work(work), struct censor_net, tidy);
	struct censor_active *active = censor_active_get(cn);

	/* Without a policy everything has been or is being flushed. */
	if (active) {
		u64 now = censor_active_now(active);

		censor_flows_tidy(cn, now);
		censor_blocks_tidy(cn, active->generation, now);
		censor_frags_tidy(cn, &active->pol->ip, now);
		censor_active_put(active);
	}

	/* Whoever adds something after this line sees that nobody tidies. */
	atomic_xchg(&cn->tidying, 0);
	if (atomic_read(&cn->n_flows) || atomic_read(&cn->n_blocks) || atomic_read(&cn->n_frags))
		censor_tidy_later(cn);
}

void censor_tidy_clock(struct censor_net *cn, u32 clock)
{
	unsigned long period = max_t(unsigned long, TIDY_PERIOD / clock, TIDY_PERIOD_LEAST);

	WRITE_ONCE(cn->tidy_period, period);
	/*
	 * One that is queued was so by the clock before. It only ever comes sooner: who loads again
	 * and again would else put it off for good.
	 */
	if (atomic_read(&cn->tidying) && time_before(jiffies + period, READ_ONCE(cn->tidy_due))) {
		WRITE_ONCE(cn->tidy_due, jiffies + period);
		mod_delayed_work(system_power_efficient_wq, &cn->tidy, period);
	}
}

void censor_tidy_init(struct censor_net *cn)
{
	cn->tidy_period = TIDY_PERIOD;
	INIT_DELAYED_WORK(&cn->tidy, tidy);
}

void censor_tidy_stop(struct censor_net *cn)
{
	cancel_delayed_work_sync(&cn->tidy);
}
