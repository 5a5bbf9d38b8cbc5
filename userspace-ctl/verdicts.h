/* SPDX-License-Identifier: GPL-2.0 */
/* What a censor did, gathered from its events while something ran. */
#ifndef _CENSORCTL_VERDICTS_H
#define _CENSORCTL_VERDICTS_H

#include <jansson.h>

#include "netlink.h"

/**
 * struct verdicts - begin with all zero
 * @events: one JSON object a line, as monitor prints them
 * @lines: one line for people each, of the first VERDICTS_SHOWN
 * @n: how many there were, of which VERDICTS_KEPT are in @events
 * @kept: so many are
 * @harm: what the first that did harm matched and did, or NULL
 * @slow: likewise the first that slowed
 */
struct verdicts {
	struct netlink *netlink;
	FILE *stream;
	char *events;
	size_t size;
	char *lines[5];
	u64 n, kept;
	char *harm, *slow;
};

/* Of CENSOR_DO_*: what is done to the packets of who succeeds all the same. */
#define CENSOR_DO_SLOW	(CENSOR_DO_POLICE | CENSOR_DO_LOSE | CENSOR_DO_DELAY)

#define VERDICTS_SHOWN	5
#define VERDICTS_KEPT	100000

/** verdicts_begin() - in the command's namespace. Return: 0, or -1 when it failed and was said */
int verdicts_begin(struct verdicts *verdicts, const struct command *command);
/** verdicts_fd() - readable when there are events; -1 before the beginning */
int verdicts_fd(const struct verdicts *verdicts);
/** verdicts_read() - those that have come so far */
void verdicts_read(struct verdicts *verdicts);
/** verdicts_json() - an array of all */
json_t *verdicts_json(struct verdicts *verdicts);

#endif
