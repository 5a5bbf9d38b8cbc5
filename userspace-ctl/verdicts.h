/* SPDX-License-Identifier: GPL-2.0 */
/* What a censor did, gathered from its events while something ran. */
#ifndef _CENSORCTL_VERDICTS_H
#define _CENSORCTL_VERDICTS_H

#include <jansson.h>

#include "counters.h"
#include "netlink.h"

/**
 * struct verdicts - begin with all zero
 * @events: one JSON object a line, as monitor prints them
 * @lines: one line for people each, of the first VERDICTS_SHOWN
 * @n: how many were heard, of which VERDICTS_KEPT are in @events
 * @kept: so many are
 * @all: how many there were, by the kernel's count
 * @harm: what the first that did harm matched and did, or NULL
 * @slow: likewise the first that slowed
 * @listing: what each rule has counted
 * @unknown: why @all and @listing are not known, or NULL
 */
struct verdicts {
	struct netlink *netlink;
	FILE *stream;
	char *events;
	size_t size;
	char *lines[5];
	u64 n, kept, all;
	char *harm, *slow;
	struct listing listing;
	char *unknown;
};

#define VERDICTS_SHOWN	5
#define VERDICTS_KEPT	100000

/** verdicts_begin() - in the command's namespace. Return: 0, or -1 when it failed and was said */
int verdicts_begin(struct verdicts *verdicts, const struct command *command);
/** verdicts_fd() - readable when there are events; -1 before the beginning */
int verdicts_fd(const struct verdicts *verdicts);
/** verdicts_read() - those that have come so far */
void verdicts_read(struct verdicts *verdicts);
/**
 * verdicts_end() - ask the kernel what it has counted, in the same namespace
 * @ast: the policy in force
 *
 * Where events were lost, the counters of rules that do harm tell whether any was done.
 */
void verdicts_end(struct verdicts *verdicts, const struct command *command,
		  const struct policy_ast *ast);
/** verdicts_lost() - events that were not heard */
u64 verdicts_lost(const struct verdicts *verdicts);
/** verdicts_json() - an array of all */
json_t *verdicts_json(struct verdicts *verdicts);

#endif
