// SPDX-License-Identifier: GPL-2.0
/* A namespace's censor: from the namespace's first moment to its last. */
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "active.h"
#include "blocks.h"
#include "flows.h"
#include "frags.h"
#include "hook.h"
#include "netlink.h"
#include "outbox.h"
#include "params.h"
#include "pernet.h"
#include "tidy.h"

unsigned int censor_net_id;

/* Bytes that all namespaces of other user namespaces take together. */
static atomic64_t foreign_bytes;

static u64 foreign_limit(void)
{
	return (u64)censor_user_max_mb << 20;
}

bool censor_charge(const struct censor_net *cn, size_t bytes)
{
	if (!cn->foreign)
		return true;
	if (atomic64_add_return(bytes, &foreign_bytes) <= foreign_limit())
		return true;
	atomic64_sub(bytes, &foreign_bytes);
	return false;
}

void censor_charge_forced(const struct censor_net *cn, size_t bytes)
{
	if (cn->foreign)
		atomic64_add(bytes, &foreign_bytes);
}

void censor_uncharge(bool foreign, size_t bytes)
{
	if (foreign)
		atomic64_sub(bytes, &foreign_bytes);
}

size_t censor_charge_left(const struct censor_net *cn)
{
	u64 limit = foreign_limit(), taken;

	if (!cn->foreign)
		return SIZE_MAX;
	taken = atomic64_read(&foreign_bytes);
	return taken < limit ? min_t(u64, limit - taken, SIZE_MAX) : 0;
}

size_t censor_policy_limit(const struct censor_net *cn)
{
	unsigned int mb = cn->foreign ? min(censor_user_max_mb, censor_max_policy_mb) :
					censor_max_policy_mb;

	return min_t(u64, (u64)mb << 20, SIZE_MAX);
}

/*
 * After the administrator's own filter: what that drops the censor never sees. NFPROTO_INET
 * stands for IPv4 and IPv6. The bridge's hook makes a transparent box of a bridge.
 */
static const struct nf_hook_ops hooks[] = {
	{
		.hook		= censor_hook_routed,
		.pf		= NFPROTO_INET,
		.hooknum	= NF_INET_FORWARD,
		.priority	= NF_IP_PRI_FILTER + 1,
	},
#if IS_ENABLED(CONFIG_NETFILTER_FAMILY_BRIDGE)
	{
		.hook		= censor_hook_bridged,
		.pf		= NFPROTO_BRIDGE,
		.hooknum	= NF_BR_FORWARD,
		.priority	= NF_BR_PRI_FILTER_OTHER + 1,
	},
#endif
};

static int __net_init censor_net_init(struct net *net)
{
	struct censor_net *cn = censor_pernet(net);
	unsigned int i;
	int err;

	BUILD_BUG_ON(ARRAY_SIZE(hooks) > CENSOR_HOOKS_MAX);
	cn->net = net;
	cn->foreign = net->user_ns != &init_user_ns;
	cn->max_flows = min_t(unsigned int, censor_max_flows,
			      cn->foreign ? CENSOR_FOREIGN_FLOWS : INT_MAX);
	cn->max_blocks = min_t(unsigned int, censor_max_blocks,
			       cn->foreign ? CENSOR_FOREIGN_BLOCKS : INT_MAX);
	cn->max_buffers = min_t(unsigned int, censor_max_buffers,
				cn->foreign ? CENSOR_FOREIGN_BUFFERS : INT_MAX);
	cn->max_delayed = cn->foreign ? CENSOR_FOREIGN_DELAYED : CENSOR_MAX_DELAYED;
	cn->holding.max = cn->foreign ? CENSOR_FOREIGN_HELD : CENSOR_MAX_HELD;
	cn->max_frags = cn->foreign ? CENSOR_FOREIGN_FRAGS : CENSOR_MAX_FRAGS;
	spin_lock_init(&cn->inject_lock);
	spin_lock_init(&cn->event_lock);
	mutex_init(&cn->cfg_mutex);
	INIT_LIST_HEAD(&cn->txns);
	censor_tidy_init(cn);
	censor_frags_init(cn);
	cn->n_hooks = ARRAY_SIZE(hooks);
	for (i = 0; i < cn->n_hooks; i++) {
		cn->hooks[i] = hooks[i];
		cn->hooks[i].priv = cn;
	}

	err = censor_holding_init(cn);
	if (err)
		return err;
	err = -ENOMEM;
	cn->stats = censor_stats_alloc();
	if (!cn->stats)
		goto exit_holding;
	err = censor_flows_init(cn);
	if (err)
		goto free_stats;
	err = censor_blocks_init(cn);
	if (err)
		goto free_flows;
	return 0;

free_flows:
	censor_flows_exit(cn);
free_stats:
	free_percpu(cn->stats);
exit_holding:
	censor_holding_exit(cn);
	return err;
}

/*
 * The core waits for the packets that are in the hooks between this and the exit. What is kept for
 * later goes now, and no more may come: packets hold conntrack's entries, and its exit waits for
 * them.
 */
static void __net_exit censor_net_pre_exit(struct net *net)
{
	struct censor_net *cn = censor_pernet(net);

	/* While there is a way on, behind our hooks. */
	censor_holding_close(cn);
	censor_holding_exit(cn);
	mutex_lock(&cn->cfg_mutex);
	if (cn->hooked)
		nf_unregister_net_hooks(net, cn->hooks, cn->n_hooks);
	cn->hooked = false;
	mutex_unlock(&cn->cfg_mutex);
	WRITE_ONCE(cn->gone, true);
	censor_outbox_purge(cn);
	censor_frags_flush(cn);
}

static void __net_exit censor_net_exit_batch(struct list_head *nets)
{
	struct censor_active *active;
	struct censor_net *cn;
	struct net *net;

	list_for_each_entry(net, nets, exit_list)
		censor_outbox_purge(censor_pernet(net));
	/* What was taken out of an outbox before is being sent. */
	synchronize_net();
	list_for_each_entry(net, nets, exit_list) {
		cn = censor_pernet(net);
		censor_tidy_stop(cn);
		/* Packets that were in the hooks may have begun some since. */
		censor_frags_flush(cn);
		censor_txns_abort(cn);
		active = rcu_dereference_protected(cn->active, true);
		RCU_INIT_POINTER(cn->active, NULL);
		if (active)
			censor_active_put(active);
		censor_flows_exit(cn);
		censor_blocks_exit(cn);
	}
	/* Flows and blocks are counted in their namespace until their memory is free. */
	rcu_barrier();
	list_for_each_entry(net, nets, exit_list)
		free_percpu(censor_pernet(net)->stats);
}

static struct pernet_operations censor_net_ops = {
	.init		= censor_net_init,
	.pre_exit	= censor_net_pre_exit,
	.exit_batch	= censor_net_exit_batch,
	.id		= &censor_net_id,
	.size		= sizeof(struct censor_net),
};

/** censor_pernet_register() - for all namespaces, those that are there and those to come */
int censor_pernet_register(void)
{
	return register_pernet_subsys(&censor_net_ops);
}

/** censor_pernet_unregister() - at module exit */
void censor_pernet_unregister(void)
{
	unregister_pernet_subsys(&censor_net_ops);
}
