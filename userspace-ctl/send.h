/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CENSORCTL_SEND_H
#define _CENSORCTL_SEND_H

#include "ast.h"
#include "netlink.h"

/**
 * policy_send() - load a policy as one transaction
 * @phase: index of the phase that it begins in
 * @dry_run: the kernel only checks it
 * @report: gets what the kernel refuses, with its place in the policy
 * @generation: set to that of the policy now in force
 *
 * Return: 0 or a negative error; then the old policy is still in force.
 */
int policy_send(struct netlink *netlink, const struct policy_ast *ast, u32 phase, bool dry_run,
		struct report *report, u32 *generation);

#endif
