/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family; its specification is Documentation/netlink/specs/nf_censor.yaml. */
#ifndef _CENSOR_NETLINK_H
#define _CENSOR_NETLINK_H

#include <net/genetlink.h>

#include "netlink-gen.h"
#include "pernet.h"

enum censor_group {
	CENSOR_GROUP_CONFIG,
	CENSOR_GROUP_EVENTS,
};

extern struct genl_family censor_family;

int censor_netlink_init(void);
void censor_netlink_exit(void);

/** censor_txns_abort() - all open transactions of a namespace that ends */
void censor_txns_abort(struct censor_net *cn);

/** censor_txns_abort_owner() - those of a socket that is closed */
void censor_txns_abort_owner(struct censor_net *cn, u32 portid);

/* Callbacks of dumps that the generated table has not: of the policy in force, of its counters. */
int censor_policy_dump_start(struct netlink_callback *cb);
int censor_policy_dump_done(struct netlink_callback *cb);
int censor_rules_dump_start(struct netlink_callback *cb);
/* Those of tables that change are ended by censor_dump_done(). */
int censor_flow_dump_start(struct netlink_callback *cb);
int censor_residual_dump_start(struct netlink_callback *cb);

#endif
