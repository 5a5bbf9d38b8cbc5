/* SPDX-License-Identifier: GPL-2.0 */
/* The phases of the policy in force, asked of the kernel and switched there. */
#ifndef _CENSORCTL_PHASES_H
#define _CENSORCTL_PHASES_H

#include <jansson.h>

#include "engine/policy.h"
#include "netlink.h"

/**
 * struct phases - what the kernel says of them; begin with all zero
 * @policy: its name; empty if none is in force
 * @generation: 0 if none is in force
 * @now: index of the phase in force; -1 in a policy without phases
 * @switches: how often it was switched since the policy took force
 * @wall: the policy's calendar, seconds since 1970
 * @phases: @n of them in the order of the policy; of a notification, only the one in force
 */
struct phases {
	char policy[CENSOR_NAME_MAX];
	u32 generation, switches;
	int now;
	s64 wall;
	struct censor_phase phases[CENSOR_PHASES_MAX];
	u32 n;
};

/** phases_read() - a message about phases */
void phases_read(const struct nlmsghdr *message, struct phases *phases);

/** phases_get() - Return: 0 or a negative error, with @netlink->error */
int phases_get(struct netlink *netlink, struct phases *phases);

/**
 * phases_set() - switch to a phase, or only set the calendar
 * @phases: from phases_get(); refused if another policy took force since. Its @now and @switches are
 *	what they are then.
 * @index: -1: it stays the one that it is
 * @wall: seconds since 1970, or NULL: the calendar goes on as it does
 *
 * Return: 0 or a negative error, with @netlink->error.
 */
int phases_set(struct netlink *netlink, struct phases *phases, int index, const s64 *wall);

/**
 * phases_find() - the phase of a name
 *
 * Return: its index, or -1; that has been said with command_failed() then.
 */
int phases_find(const struct command *command, const struct phases *phases, const char *name);

struct policy_ast;

/**
 * phases_first() - the phase that a policy is to begin in
 * @name: of it; NULL for the first
 *
 * Return: as phases_find(); 0 where there are none and none is asked for.
 */
int phases_first(const struct command *command, const struct policy_ast *ast, const char *name);

/** phases_json() - as phase -j prints them */
json_t *phases_json(const struct phases *phases);
/** phases_json_switch() - of a notification, as monitor -j prints it */
json_t *phases_json_switch(const struct phases *phases);

#endif
