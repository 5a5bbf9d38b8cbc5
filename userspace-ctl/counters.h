/* SPDX-License-Identifier: GPL-2.0 */
/* What each rule of the policy in force has counted, asked of the kernel. */
#ifndef _CENSORCTL_COUNTERS_H
#define _CENSORCTL_COUNTERS_H

#include <jansson.h>

#include "ast.h"
#include "phases.h"

/** struct rule_counters - of a rule */
struct rule_counters {
	char name[CENSOR_NAME_MAX];
	struct counters counters;
};

/** struct listing - of all rules in the policy's order; begin with all zero, free @rules */
struct listing {
	struct rule_counters *rules;
	u32 n, room;
	u32 generation;
};

/**
 * counters_get() - the counters and the phases of one and the same policy
 * @listing: what it had before is replaced
 *
 * Return: 0 or a negative error, with @netlink->error.
 */
int counters_get(struct netlink *netlink, struct phases *phases, struct listing *listing);

/** counters_json() - as counters -j prints them */
json_t *counters_json(const struct phases *phases, const struct listing *listing);

#endif
