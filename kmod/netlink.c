// SPDX-License-Identifier: GPL-2.0
/* The family itself, and what must agree between the engine and the specification. */
#include <linux/netlink.h>

#include "engine/forge.h"
#include "engine/inspect.h"
#include "netlink.h"

#define SAME(uapi, engine)	static_assert((int)(uapi) == (int)(engine))

SAME(NF_CENSOR_ATTR_FROM, CENSOR_ATTR_FROM);
SAME(NF_CENSOR_ATTR_PROTO, CENSOR_ATTR_PROTO);
SAME(NF_CENSOR_ATTR_IP, CENSOR_ATTR_IP);
SAME(NF_CENSOR_ATTR_IP_SRC, CENSOR_ATTR_IP_SRC);
SAME(NF_CENSOR_ATTR_IP_DST, CENSOR_ATTR_IP_DST);
SAME(NF_CENSOR_ATTR_PORT, CENSOR_ATTR_PORT);
SAME(NF_CENSOR_ATTR_PORT_SRC, CENSOR_ATTR_PORT_SRC);
SAME(NF_CENSOR_ATTR_PORT_DST, CENSOR_ATTR_PORT_DST);
SAME(NF_CENSOR_ATTR_DNS_QNAME, CENSOR_ATTR_DNS_QNAME);
SAME(NF_CENSOR_ATTR_DNS_QTYPE, CENSOR_ATTR_DNS_QTYPE);
SAME(NF_CENSOR_ATTR_HTTP_HOST, CENSOR_ATTR_HTTP_HOST);
SAME(NF_CENSOR_ATTR_HTTP_TARGET, CENSOR_ATTR_HTTP_TARGET);
SAME(NF_CENSOR_ATTR_TLS_SNI, CENSOR_ATTR_TLS_SNI);
SAME(NF_CENSOR_ATTR_CLIENT, CENSOR_ATTR_CLIENT);
SAME(NF_CENSOR_ATTR_PROTOCOL, CENSOR_ATTR_PROTOCOL);
SAME(NF_CENSOR_ATTR_PROTOCOL + 1, CENSOR_ATTR_COUNT);

SAME(NF_CENSOR_PROTOCOL_UNKNOWN, CENSOR_PROTOCOL_UNKNOWN);
SAME(NF_CENSOR_PROTOCOL_DNS, CENSOR_PROTOCOL_DNS);
SAME(NF_CENSOR_PROTOCOL_HTTP, CENSOR_PROTOCOL_HTTP);
SAME(NF_CENSOR_PROTOCOL_TLS, CENSOR_PROTOCOL_TLS);
SAME(NF_CENSOR_PROTOCOL_TLS + 1, CENSOR_PROTOCOLS);

SAME(NF_CENSOR_KIND_NAMES, CENSOR_KIND_NAMES);
SAME(NF_CENSOR_KIND_PREFIXES, CENSOR_KIND_PREFIXES);
SAME(NF_CENSOR_KIND_NUMBERS, CENSOR_KIND_NUMBERS);

SAME(NF_CENSOR_ACTION_LOG, CENSOR_DO_LOG);
SAME(NF_CENSOR_ACTION_DROP, CENSOR_DO_DROP);
SAME(NF_CENSOR_ACTION_PASS, CENSOR_DO_PASS);
SAME(NF_CENSOR_ACTION_INJECT, CENSOR_DO_INJECT);
SAME(NF_CENSOR_ACTION_FORGE, CENSOR_DO_FORGE);
SAME(NF_CENSOR_ACTION_RESIDUAL, CENSOR_DO_RESIDUAL);
SAME(NF_CENSOR_ACTION_REWRITE, CENSOR_DO_REWRITE);
SAME(NF_CENSOR_ACTION_FREEZE, CENSOR_DO_FREEZE);
SAME((NF_CENSOR_ACTION_FREEZE << 1) - 1, CENSOR_DO_ALL);

SAME(NF_CENSOR_TUPLE_SRC, CENSOR_TUPLE_SRC);
SAME(NF_CENSOR_TUPLE_DST, CENSOR_TUPLE_DST);
SAME(NF_CENSOR_TUPLE_SPORT, CENSOR_TUPLE_SPORT);
SAME(NF_CENSOR_TUPLE_DPORT, CENSOR_TUPLE_DPORT);

SAME(NF_CENSOR_PICK_RANGE, CENSOR_PICK_RANGE);
SAME(NF_CENSOR_PICK_CYCLIC, CENSOR_PICK_CYCLIC);
SAME(NF_CENSOR_PICK_MIRROR, CENSOR_PICK_MIRROR);

SAME(NF_CENSOR_TO_CLIENT, CENSOR_TO_CLIENT);
SAME(NF_CENSOR_TO_SERVER, CENSOR_TO_SERVER);

SAME(NF_CENSOR_ON_ANY, CENSOR_ON_ANY);
SAME(NF_CENSOR_ON_SYN, CENSOR_ON_SYN);
SAME(NF_CENSOR_ON_OTHER, CENSOR_ON_OTHER);
SAME(NF_CENSOR_ON_OTHER + 1, CENSOR_ONS);

SAME(NF_CENSOR_PATH_IN, CENSOR_PATH_IN);
SAME(NF_CENSOR_PATH_ON, CENSOR_PATH_ON);
SAME(NF_CENSOR_PATH_ON + 1, CENSOR_PATHS);

SAME(NF_CENSOR_REARM_TRIGGER, CENSOR_REARM_TRIGGER);
SAME(NF_CENSOR_REARM_NEVER, CENSOR_REARM_NEVER);
SAME(NF_CENSOR_REARM_PACKET, CENSOR_REARM_PACKET);
SAME(NF_CENSOR_REARM_PACKET + 1, CENSOR_REARMS);

SAME(NF_CENSOR_RESIDUAL_ACT_SAME, CENSOR_RESIDUAL_SAME);
SAME(NF_CENSOR_RESIDUAL_ACT_DROP, CENSOR_RESIDUAL_DROP);
SAME(NF_CENSOR_RESIDUAL_ACT_INJECT, CENSOR_RESIDUAL_INJECT);
SAME(NF_CENSOR_RESIDUAL_ACT_INJECT + 1, CENSOR_RESIDUAL_ACTS);

/* The types of elements are the forms of names, in order. */
SAME(NF_CENSOR_A_ELEMS_SUFFIX - NF_CENSOR_A_ELEMS_SUFFIX, CENSOR_FORM_SUFFIX);
SAME(NF_CENSOR_A_ELEMS_EXACT - NF_CENSOR_A_ELEMS_SUFFIX, CENSOR_FORM_EXACT);
SAME(NF_CENSOR_A_ELEMS_SUBDOMAIN - NF_CENSOR_A_ELEMS_SUFFIX, CENSOR_FORM_SUBDOMAIN);
SAME(NF_CENSOR_A_ELEMS_ENDS - NF_CENSOR_A_ELEMS_SUFFIX, CENSOR_FORM_ENDS);
SAME(NF_CENSOR_A_ELEMS_SUBSTRING - NF_CENSOR_A_ELEMS_SUFFIX, CENSOR_FORM_SUBSTRING);
SAME(NF_CENSOR_A_ELEMS_STARTS - NF_CENSOR_A_ELEMS_SUFFIX, CENSOR_FORM_PREFIX);
SAME(NF_CENSOR_A_ELEMS_LABEL - NF_CENSOR_A_ELEMS_SUFFIX, CENSOR_FORM_LABEL);
SAME(NF_CENSOR_A_ELEMS_LABEL - NF_CENSOR_A_ELEMS_SUFFIX + 1, CENSOR_FORM_COUNT);

/* Names in the specification are at most 63 bytes, copies 8, answers 16. */
static_assert(CENSOR_NAME_MAX == 64);
static_assert(CENSOR_COPIES_MAX == 8);
static_assert(CENSOR_ANSWERS_MAX == 16);
static_assert(CENSOR_CERTAIN == 10000);
static_assert(CENSOR_CLOCK_MAX == 10000);
static_assert(CENSOR_SEGMENT_MAX == 1400);

/* Events tell what others' traffic is about. */
static const struct genl_multicast_group groups[] = {
	[CENSOR_GROUP_CONFIG] = {
		.name	= NF_CENSOR_MCGRP_CONFIG,
	},
	[CENSOR_GROUP_EVENTS] = {
		.name	= NF_CENSOR_MCGRP_EVENTS,
		.flags	= GENL_MCAST_CAP_NET_ADMIN,
	},
};

/* A copy of the generated table, which can't say where a dump starts and what ends it. */
static struct genl_ops ops[ARRAY_SIZE(nf_censor_nl_ops)] __ro_after_init;

struct genl_family censor_family __ro_after_init = {
	.name		= NF_CENSOR_GENL_NAME,
	.version	= NF_CENSOR_GENL_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= ops,
	.n_ops		= ARRAY_SIZE(ops),
	.mcgrps		= groups,
	.n_mcgrps	= ARRAY_SIZE(groups),
};

static int socket_closed(struct notifier_block *block, unsigned long event, void *data)
{
	const struct netlink_notify *notify = data;

	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC)
		censor_txns_abort_owner(censor_pernet(notify->net), notify->portid);
	return NOTIFY_DONE;
}

static struct notifier_block socket_notifier = {
	.notifier_call = socket_closed,
};

/** censor_netlink_init() - at module load, when namespaces are ready */
int __init censor_netlink_init(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		ops[i] = nf_censor_nl_ops[i];
		if (ops[i].cmd != NF_CENSOR_CMD_POLICY_GET)
			continue;
		ops[i].start = censor_policy_dump_start;
		ops[i].done = censor_policy_dump_done;
	}
	err = netlink_register_notifier(&socket_notifier);
	if (err)
		return err;
	err = genl_register_family(&censor_family);
	if (err)
		netlink_unregister_notifier(&socket_notifier);
	return err;
}

/** censor_netlink_exit() - at module exit */
void censor_netlink_exit(void)
{
	genl_unregister_family(&censor_family);
	netlink_unregister_notifier(&socket_notifier);
}
