/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CENSORCTL_RECEIVE_H
#define _CENSORCTL_RECEIVE_H

#include "ast.h"
#include "netlink.h"

/**
 * policy_receive() - the policy in force
 * @ast: set to it, or to NULL if there is none
 * @generation: set to its generation
 *
 * A policy that is replaced meanwhile is read again: what is returned is one policy, whole.
 *
 * Return: 0 or a negative error, with @netlink->error.
 */
int policy_receive(struct netlink *netlink, struct policy_ast **ast, u32 *generation);

#endif
