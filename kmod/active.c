// SPDX-License-Identifier: GPL-2.0
/* The policy in force: replaced whole, freed when the last packet and the last dump are done. */
#include <linux/netfilter.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "active.h"
#include "blocks.h"
#include "flows.h"
#include "frags.h"
#include "outbox.h"
#include "tidy.h"

/* Freeing a big policy sleeps and takes its time; our own queue can be drained at exit. */
static struct workqueue_struct *free_queue;

size_t censor_active_size(const struct censor_policy *pol)
{
	const struct censor_active *active = NULL;

	return struct_size(active, counts, pol->n_rules) + censor_shared_size(pol);
}

struct censor_active *censor_active_create(const struct censor_net *cn, struct censor_policy *pol,
					   size_t charged)
{
	size_t size = censor_active_size(pol);
	struct censor_active *active;

	if (!censor_charge(cn, size))
		return ERR_PTR(-EDQUOT);
	active = kvzalloc(struct_size(active, counts, pol->n_rules), GFP_KERNEL_ACCOUNT);
	if (!active)
		goto uncharge;
	active->shared = kvzalloc(censor_shared_size(pol), GFP_KERNEL_ACCOUNT);
	if (!active->shared)
		goto free;
	active->pol = pol;
	active->clock = pol->clock;
	active->charged = charged + size;
	active->foreign = cn->foreign;
	kref_init(&active->ref);
	return active;

free:
	kvfree(active);
uncharge:
	censor_uncharge(cn->foreign, size);
	return ERR_PTR(-ENOMEM);
}

static void active_free(struct work_struct *work)
{
	struct censor_active *active;

	active = container_of(to_rcu_work(work), struct censor_active, free);
	censor_policy_destroy(active->pol);
	censor_uncharge(active->foreign, active->charged);
	kvfree(active->shared);
	kvfree(active);
}

static void active_release(struct kref *ref)
{
	struct censor_active *active = container_of(ref, struct censor_active, ref);

	INIT_RCU_WORK(&active->free, active_free);
	queue_rcu_work(free_queue, &active->free);
}

/** censor_active_put() - give back a reference */
void censor_active_put(struct censor_active *active)
{
	kref_put(&active->ref, active_release);
}

struct censor_active *censor_active_get(struct censor_net *cn)
{
	struct censor_active *active;

	rcu_read_lock();
	/* One whose last reference is gone has been replaced: the next look sees by what. */
	do {
		active = rcu_dereference(cn->active);
	} while (active && !kref_get_unless_zero(&active->ref));
	rcu_read_unlock();
	return active;
}

/*
 * The clock of a policy goes on from where that of the policy before it is, so that what flows
 * remember keeps its age, however fast either runs.
 */
static void active_start(struct censor_active *active, const struct censor_active *old, s64 wall)
{
	u64 host = ktime_get_ns();

	active->began = old ? old->offset + host * old->clock : host;
	active->offset = active->began - host * active->clock;
	if (wall == CENSOR_WALL_HOST)
		wall = ktime_get_real_seconds();
	atomic64_set(&active->began_wall, wall);
}

void censor_active_set_wall(struct censor_active *active, s64 wall)
{
	u64 elapsed = div_u64(censor_active_now(active) - active->began, NSEC_PER_SEC);

	/* One store: a packet goes by the calendar before or after it. */
	atomic64_set(&active->began_wall, wall - elapsed);
}

void censor_active_switch(struct censor_active *active, u32 phase)
{
	u32 switches = CENSOR_WORD_SWITCHES(active->phase) + 1;

	WRITE_ONCE(active->phase, CENSOR_PHASE_WORD(phase, switches));
}

int censor_net_commit(struct censor_net *cn, struct censor_active *active, u32 phase, s64 wall)
{
	struct censor_active *old;
	int err;

	old = rcu_dereference_protected(cn->active, lockdep_is_held(&cn->cfg_mutex));
	if (++cn->generation == 0)
		cn->generation = 1;
	active->generation = cn->generation;
	active->phase = CENSOR_PHASE_WORD(phase, 0);
	active_start(active, old, wall);
	if (!cn->hooked) {
		/* While no policy is in force a hook that is there lets everything pass. */
		err = nf_register_net_hooks(cn->net, cn->hooks, cn->n_hooks);
		if (err)
			return err;
		cn->hooked = true;
	}
	censor_holding_open(cn);
	censor_tidy_clock(cn, active->clock);
	rcu_assign_pointer(cn->active, active);
	if (old)
		censor_active_put(old);
	/*
	 * Flows and blocks carry the generation that they were judged by: those of the old policy
	 * don't count any more from the swap on. The blocks' memory is wanted back at once. Forged
	 * packets that wait for their time are on their way already, and so are delayed ones;
	 * fragments are not.
	 */
	censor_blocks_tidy(cn, active->generation, 0);
	censor_frags_flush(cn);
	return 0;
}

void censor_net_flush(struct censor_net *cn)
{
	struct censor_active *old;

	old = rcu_dereference_protected(cn->active, lockdep_is_held(&cn->cfg_mutex));
	if (!old)
		return;
	if (++cn->generation == 0)
		cn->generation = 1;
	RCU_INIT_POINTER(cn->active, NULL);
	/* What is delayed goes on now, while our hooks still show the way. */
	censor_holding_close(cn);
	nf_unregister_net_hooks(cn->net, cn->hooks, cn->n_hooks);
	cn->hooked = false;
	/* Unregistering does not wait for the packets that are in the hooks. */
	synchronize_net();
	censor_outbox_purge(cn);
	censor_frags_flush(cn);
	censor_flows_flush(cn);
	censor_blocks_flush(cn);
	censor_active_put(old);
}

/** censor_active_init() - at module load */
int censor_active_init(void)
{
	free_queue = alloc_workqueue("nf_censor_free", WQ_UNBOUND, 0);
	return free_queue ? 0 : -ENOMEM;
}

/** censor_active_exit() - at module exit, when no namespace is left */
void censor_active_exit(void)
{
	/* An RCU callback queues the work that frees. */
	rcu_barrier();
	destroy_workqueue(free_queue);
}
