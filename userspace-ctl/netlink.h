/* SPDX-License-Identifier: GPL-2.0 */
/* Generic netlink with the kernel's half, by libmnl. */
#ifndef _CENSORCTL_NETLINK_H
#define _CENSORCTL_NETLINK_H

#include <libmnl/libmnl.h>

#include "command.h"
#include "engine/host.h"

#define NETLINK_SEND_SIZE	32768	/* bytes of one message that we send */
#define NETLINK_RECEIVE_SIZE	65536

enum { NETLINK_GROUP_CONFIG, NETLINK_GROUP_EVENTS, NETLINK_GROUPS };

/**
 * struct netlink - an open socket
 * @family: the id of nf_censor
 * @groups: ids of the multicast groups
 * @error: what the kernel said about the request that it refused: its own words, or what
 *	the error number means
 * @offset: of the attribute at fault in that request, 0 if it didn't say
 * @interrupted: the last dump was not of one policy, or of a table that changed meanwhile
 */
struct netlink {
	struct mnl_socket *socket;
	u32 groups[NETLINK_GROUPS];
	u32 seq;
	u16 family;
	u32 offset;
	bool interrupted;
	char error[256];
	u8 buffer[NETLINK_RECEIVE_SIZE] __attribute__((__aligned__(8)));
};

/**
 * netlink_open() - in the command's namespace
 * Return: to be closed, or NULL when that failed and has been said.
 */
struct netlink *netlink_open(const struct command *command);
/** netlink_close() - also of NULL; what @netlink->error said is gone with it */
void netlink_close(struct netlink *netlink);

/** netlink_message() - the head of a request in @buffer, with the next sequence number */
struct nlmsghdr *netlink_message(struct netlink *netlink, void *buffer, u8 command, u16 flags);

/** netlink_send() - Return: 0 or a negative error, with @netlink->error */
int netlink_send(struct netlink *netlink, const struct nlmsghdr *message);

/** typedef netlink_reader - given every message that isn't an acknowledgement */
typedef void (*netlink_reader)(const struct nlmsghdr *message, void *data);

/**
 * netlink_answer() - read until some request is acknowledged, or its dump has ended
 * @seq: that request's, or 0 for whichever is acknowledged next
 * @answered: set to the sequence number that was acknowledged; may be NULL
 *
 * Return: 0, or the kernel's negative error, with @netlink->error and @netlink->offset.
 */
int netlink_answer(struct netlink *netlink, u32 seq, netlink_reader reader, void *data,
		   u32 *answered);

/** netlink_request() - send, and read the answer */
int netlink_request(struct netlink *netlink, struct nlmsghdr *message, netlink_reader reader,
		    void *data);

/** netlink_ok() - a whole message stands there; libmnl takes one of 2 GiB and more for whole */
static inline bool netlink_ok(const struct nlmsghdr *message, int left)
{
	return mnl_nlmsg_ok(message, left) && message->nlmsg_len <= (u32)left;
}

/** netlink_attrs() - the attributes of a message by type; @table has @max + 1 entries */
void netlink_attrs(const struct nlmsghdr *message, const struct nlattr **table, u32 max);
/** netlink_nested() - likewise of a nest */
void netlink_nested(const struct nlattr *nest, const struct nlattr **table, u32 max);

u64 netlink_u64(const struct nlattr *attr);
u32 netlink_u32(const struct nlattr *attr);
u16 netlink_u16(const struct nlattr *attr);
u8 netlink_u8(const struct nlattr *attr);
/** netlink_string() - its text, or @otherwise if it isn't there or doesn't end */
const char *netlink_string(const struct nlattr *attr, const char *otherwise);

#endif
