/* SPDX-License-Identifier: GPL-2.0 */
/* The policy in force, told to others. */
#ifndef _CENSOR_NETLINK_POLICY_H
#define _CENSOR_NETLINK_POLICY_H

#include <net/genetlink.h>

#include "active.h"

/**
 * censor_reply_new() - an answer to a request
 * @info: the request
 * @header: for genlmsg_end()
 *
 * Return: a message without attributes, or NULL for lack of memory.
 */
struct sk_buff *censor_reply_new(struct genl_info *info, void **header);

/**
 * censor_policy_notify() - tell the group that another policy is in force
 * @cn: the namespace; its cfg_mutex is held, so that notes come in order
 * @note: an empty message; taken over
 * @active: the policy, or NULL
 */
void censor_policy_notify(struct censor_net *cn, struct sk_buff *note,
			  const struct censor_active *active);

#endif
