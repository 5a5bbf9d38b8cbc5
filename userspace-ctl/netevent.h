/* SPDX-License-Identifier: GPL-2.0 */
/* The events of the kernel, as they come: what monitor shows and what run joins to its command. */
#ifndef _CENSORCTL_NETEVENT_H
#define _CENSORCTL_NETEVENT_H

#include "event.h"
#include "netlink.h"

/**
 * netevent_listen() - have all events of the socket's network namespace sent to it
 *
 * Return: 0, or EXIT_REFUSED when that failed and has been said.
 */
int netevent_listen(struct netlink *netlink, const struct command *command);

/**
 * netevent_read() - what the message of an event tells
 * @event: set; it refers to the message
 *
 * Return: CENSOR_DO_* of what was done.
 */
u32 netevent_read(const struct nlmsghdr *message, struct event *event);

#endif
