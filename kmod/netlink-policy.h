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

/**
 * censor_nl_check_generation() - is the policy in force the one that the caller believes to be?
 * @info: the request
 * @active: the policy, or NULL; cfg_mutex is held
 *
 * Return: 0, also where the caller says nothing, or -ESTALE.
 */
int censor_nl_check_generation(struct genl_info *info, const struct censor_active *active);

/**
 * censor_nl_phase_index() - the phase that a caller names
 * @attr: its index, or NULL for the first
 *
 * Return: the index, or an error.
 */
int censor_nl_phase_index(const struct censor_policy *pol, const struct nlattr *attr,
			  struct netlink_ext_ack *extack);

/**
 * censor_nl_wall() - the calendar time that a caller names
 * @attr: it, or NULL
 * @wall: gets it, or CENSOR_WALL_HOST
 *
 * Return: 0 or an error.
 */
int censor_nl_wall(const struct nlattr *attr, s64 *wall, struct netlink_ext_ack *extack);

/** censor_nl_put_counts() - of a rule, in its nest. Return: 0 or -EMSGSIZE. */
int censor_nl_put_counts(struct sk_buff *skb, const struct censor_counts *counts);

#endif
