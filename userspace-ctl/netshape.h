/* SPDX-License-Identifier: GPL-2.0 */
/* Phases, delays, and what a rule does to the later packets of a flow, as attributes. */
#ifndef _CENSORCTL_NETSHAPE_H
#define _CENSORCTL_NETSHAPE_H

#include "ast.h"
#include "netlink.h"

/* Each is put into a message that has room. */

/** netshape_put_delay() - one that has no points is none, and nothing is put */
void netshape_put_delay(struct nlmsghdr *message, u16 type, const struct censor_delay *delay);
/** netshape_put_phase() - @name: in place of the one in @phase */
void netshape_put_phase(struct nlmsghdr *message, const char *name,
			const struct censor_phase *phase);
void netshape_put_police(struct nlmsghdr *message, const struct censor_police *police);
void netshape_put_lose(struct nlmsghdr *message, const struct censor_lose *lose);
/** netshape_put_hold() - @delay: in place of the index in @hold */
void netshape_put_hold(struct nlmsghdr *message, const struct censor_hold *hold,
		       const struct censor_delay *delay);
void netshape_put_mark(struct nlmsghdr *message, const struct censor_mark *mark);

/*
 * Each reads a nest. Return: false if it says what this program doesn't understand.
 */
bool netshape_read_delay(const struct nlattr *nest, struct censor_delay *delay);
bool netshape_read_phase(const struct nlattr *nest, struct censor_phase *phase);
bool netshape_read_police(const struct nlattr *nest, struct censor_police *police);
bool netshape_read_lose(const struct nlattr *nest, struct censor_lose *lose);
bool netshape_read_hold(const struct nlattr *nest, struct censor_hold *hold,
			struct censor_delay *delay);
bool netshape_read_mark(const struct nlattr *nest, struct censor_mark *mark);

/** netshape_read_counters() - @parts: of a rule's nest */
void netshape_read_counters(const struct nlattr **parts, struct counters *counters);

#endif
