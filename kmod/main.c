// SPDX-License-Identifier: GPL-2.0
/**
 * DOC: nf_censor
 *
 * Plays a national firewall inside a testbed. In every network namespace that a policy was loaded
 * into, packets on their way through are judged by the policy: looked into as a censor would
 * look, and passed, dropped, or answered with forged packets. The judging itself is in engine/ and
 * knows nothing of the kernel; here is what gives it packets and does what it says.
 *
 * A namespace without a policy has no hook and costs nothing. A policy is loaded over generic
 * netlink, whole or not at all. The initial namespace is refused unless allow_init_net=1.
 */
#include <linux/module.h>
#include <linux/moduleparam.h>

#include "active.h"
#include "flows.h"
#include "frags.h"
#include "holding.h"
#include "netlink.h"
#include "params.h"
#include "version.h"
#include "worker.h"

bool censor_allow_init_net;
module_param_named(allow_init_net, censor_allow_init_net, bool, 0444);
MODULE_PARM_DESC(allow_init_net,
		 "let a policy be loaded into the initial network namespace, where it censors this machine itself (default no)");

unsigned int censor_max_policy_mb = 256;
module_param_named(max_policy_mb, censor_max_policy_mb, uint, 0444);
MODULE_PARM_DESC(max_policy_mb, "memory that one policy may take, in MiB (default 256)");

unsigned int censor_user_max_mb = 32;
module_param_named(user_max_mb, censor_user_max_mb, uint, 0444);
MODULE_PARM_DESC(user_max_mb,
		 "memory that policies, flows, blocks and waiting packets of all namespaces of unprivileged users may take together, in MiB (default 32)");

unsigned int censor_max_flows = 65536;
module_param_named(max_flows, censor_max_flows, uint, 0444);
MODULE_PARM_DESC(max_flows, "flows of one namespace (default 65536)");

unsigned int censor_max_blocks = 65536;
module_param_named(max_blocks, censor_max_blocks, uint, 0444);
MODULE_PARM_DESC(max_blocks, "residual blocks of one namespace (default 65536)");

unsigned int censor_max_buffers = 8192;
module_param_named(max_buffers, censor_max_buffers, uint, 0444);
MODULE_PARM_DESC(max_buffers,
		 "flows of one namespace of which an incomplete message is kept, 4 KiB each (default 8192)");

unsigned int censor_max_injects = 50000;
module_param_named(max_injects, censor_max_injects, uint, 0444);
MODULE_PARM_DESC(max_injects,
		 "packets that one namespace injects in a second; what is beyond is counted as not injected (default 50000)");

static int __init censor_init(void)
{
	int err;

	err = censor_active_init();
	if (err)
		return err;
	err = censor_flows_cache_init();
	if (err)
		goto exit_active;
	err = censor_frags_cache_init();
	if (err)
		goto exit_flows;
	err = censor_holding_cache_init();
	if (err)
		goto exit_frags;
	err = censor_workers_init();
	if (err)
		goto exit_holding;
	err = censor_pernet_register();
	if (err)
		goto exit_workers;
	err = censor_netlink_init();
	if (err)
		goto exit_pernet;
	return 0;

exit_pernet:
	censor_pernet_unregister();
exit_workers:
	censor_workers_exit();
exit_holding:
	censor_holding_cache_exit();
exit_frags:
	censor_frags_cache_exit();
exit_flows:
	censor_flows_cache_exit();
exit_active:
	censor_active_exit();
	return err;
}

static void __exit censor_exit(void)
{
	censor_netlink_exit();
	/* Takes the hooks, flows and policies of all namespaces with it, and waits for RCU. */
	censor_pernet_unregister();
	censor_workers_exit();
	censor_holding_cache_exit();
	censor_frags_cache_exit();
	censor_flows_cache_exit();
	censor_active_exit();
}

module_init(censor_init);
module_exit(censor_exit);

MODULE_DESCRIPTION("A national firewall for a testbed");
MODULE_LICENSE("GPL");
MODULE_VERSION(CENSOR_VERSION);
/*
 * No MODULE_ALIAS_GENL_FAMILY(): with it any user of the machine could have the module loaded by
 * asking for the family, and in a user namespace speak to it. Whoever wants it loads it.
 */
