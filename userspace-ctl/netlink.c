// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/nf_censor.h>

#include "memory.h"
#include "netlink.h"

#define ERRNO_MAX	4095	/* what is beyond it is no error number */

static int enter_netns(const struct command *command)
{
	char path[4096];
	int fd, err;

	if (!command->netns)
		return 0;
	snprintf(path, sizeof(path), strchr(command->netns, '/') ? "%s" : "/run/netns/%s",
		 command->netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err = errno;
		command_failed(command, "can't open the network namespace %s: %s", path,
			       strerror(err));
		return -1;
	}
	err = setns(fd, CLONE_NEWNET) ? errno : 0;
	close(fd);
	if (!err)
		return 0;
	command_failed(command, "can't enter the network namespace %s: %s", path,
		       err == EINVAL ? "it is not one" : strerror(err));
	return -1;
}

void netlink_attrs(const struct nlmsghdr *message, const struct nlattr **table, u32 max)
{
	const struct nlattr *attr;

	memset(table, 0, (max + 1) * sizeof(*table));
	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) <= max)
			table[mnl_attr_get_type(attr)] = attr;
}

void netlink_nested(const struct nlattr *nest, const struct nlattr **table, u32 max)
{
	const struct nlattr *attr;

	memset(table, 0, (max + 1) * sizeof(*table));
	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) <= max)
			table[mnl_attr_get_type(attr)] = attr;
}

static u64 netlink_number(const struct nlattr *attr, size_t size)
{
	u64 number = 0;

	/* Attributes are aligned to 4 bytes only. */
	if (attr && mnl_attr_get_payload_len(attr) >= size) {
		u8 bytes[8];
		u32 value;
		u16 half;

		memcpy(bytes, mnl_attr_get_payload(attr), size);
		switch (size) {
		case 1:
			return bytes[0];
		case 2:
			memcpy(&half, bytes, 2);
			return half;
		case 4:
			memcpy(&value, bytes, 4);
			return value;
		default:
			memcpy(&number, bytes, 8);
		}
	}
	return number;
}

u64 netlink_u64(const struct nlattr *attr)
{
	return netlink_number(attr, 8);
}

u32 netlink_u32(const struct nlattr *attr)
{
	return netlink_number(attr, 4);
}

u16 netlink_u16(const struct nlattr *attr)
{
	return netlink_number(attr, 2);
}

u8 netlink_u8(const struct nlattr *attr)
{
	return netlink_number(attr, 1);
}

const char *netlink_string(const struct nlattr *attr, const char *otherwise)
{
	if (!attr || !memchr(mnl_attr_get_payload(attr), '\0', mnl_attr_get_payload_len(attr)))
		return otherwise;
	return mnl_attr_get_payload(attr);
}

static void read_family(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *table[CTRL_ATTR_MAX + 1], *group;
	struct netlink *netlink = data;

	netlink_attrs(message, table, CTRL_ATTR_MAX);
	netlink->family = netlink_u16(table[CTRL_ATTR_FAMILY_ID]);
	if (!table[CTRL_ATTR_MCAST_GROUPS])
		return;
	mnl_attr_for_each_nested(group, table[CTRL_ATTR_MCAST_GROUPS]) {
		const struct nlattr *parts[CTRL_ATTR_MCAST_GRP_MAX + 1];
		const char *name;
		u32 id;

		netlink_nested(group, parts, CTRL_ATTR_MCAST_GRP_MAX);
		name = netlink_string(parts[CTRL_ATTR_MCAST_GRP_NAME], "");
		id = netlink_u32(parts[CTRL_ATTR_MCAST_GRP_ID]);
		if (!strcmp(name, NF_CENSOR_MCGRP_CONFIG))
			netlink->groups[NETLINK_GROUP_CONFIG] = id;
		else if (!strcmp(name, NF_CENSOR_MCGRP_EVENTS))
			netlink->groups[NETLINK_GROUP_EVENTS] = id;
	}
}

static int find_family(struct netlink *netlink)
{
	char buffer[256] __attribute__((__aligned__(8)));
	struct genlmsghdr *genl;
	struct nlmsghdr *message;

	netlink->family = GENL_ID_CTRL;
	message = netlink_message(netlink, buffer, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	genl = mnl_nlmsg_get_payload(message);
	genl->version = 1;
	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, NF_CENSOR_GENL_NAME);
	return netlink_request(netlink, message, read_family, netlink);
}

struct netlink *netlink_open(const struct command *command)
{
	struct netlink *netlink;
	int one = 1, err;

	if (enter_netns(command))
		return NULL;
	netlink = memory_zeroed(1, sizeof(*netlink));
	netlink->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!netlink->socket || mnl_socket_bind(netlink->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		command_failed(command, "can't open a netlink socket: %s", strerror(errno));
		netlink_close(netlink);
		return NULL;
	}
	mnl_socket_setsockopt(netlink->socket, NETLINK_EXT_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(netlink->socket, NETLINK_CAP_ACK, &one, sizeof(one));
	err = find_family(netlink);
	if (!err)
		return netlink;
	if (err == -ENOENT)
		command_failed(command,
			       "the kernel has no nf_censor family: load the module (insmod .../nf_censor.ko)");
	else
		command_failed(command, "can't look up the family nf_censor: %s", netlink->error);
	netlink_close(netlink);
	return NULL;
}

void netlink_close(struct netlink *netlink)
{
	if (!netlink)
		return;
	if (netlink->socket)
		mnl_socket_close(netlink->socket);
	free(netlink);
}

struct nlmsghdr *netlink_message(struct netlink *netlink, void *buffer, u8 command, u16 flags)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(message, sizeof(*genl));

	/* 0 is for messages that answer nothing. */
	if (!++netlink->seq)
		netlink->seq = 1;
	message->nlmsg_type = netlink->family;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_seq = netlink->seq;
	genl->cmd = command;
	genl->version = NF_CENSOR_GENL_VERSION;
	return message;
}

static int netlink_failed(struct netlink *netlink, int err)
{
	netlink->offset = 0;
	snprintf(netlink->error, sizeof(netlink->error), "%s", strerror(-err));
	return err;
}

int netlink_send(struct netlink *netlink, const struct nlmsghdr *message)
{
	if (mnl_socket_sendto(netlink->socket, message, message->nlmsg_len) < 0)
		return netlink_failed(netlink, -errno);
	return 0;
}

/* What stands behind an acknowledgement: the kernel's words and the attribute at fault. */
static void read_extended(struct netlink *netlink, const struct nlmsghdr *message)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(message);
	u32 at = sizeof(*err);
	const struct nlattr *attr;

	if (!(message->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(message->nlmsg_flags & NLM_F_CAPPED))
		at += err->msg.nlmsg_len - sizeof(err->msg);
	if (at > mnl_nlmsg_get_payload_len(message))
		return;
	mnl_attr_for_each(attr, message, at) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(netlink->error, sizeof(netlink->error), "%s",
				 netlink_string(attr, netlink->error));
		else if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_OFFS)
			netlink->offset = netlink_u32(attr);
	}
}

static int end_of(struct netlink *netlink, const struct nlmsghdr *message)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(message);
	int error;

	if (mnl_nlmsg_get_payload_len(message) < sizeof(int))
		return message->nlmsg_type == NLMSG_DONE ? 0 : netlink_failed(netlink, -EBADMSG);
	error = message->nlmsg_type == NLMSG_DONE ? *(const int *)(const void *)err : err->error;
	if (error >= 0)
		return 0;
	if (error < -ERRNO_MAX)
		error = -EBADMSG;
	netlink_failed(netlink, error);
	if (message->nlmsg_type == NLMSG_ERROR)
		read_extended(netlink, message);
	return error;
}

int netlink_answer(struct netlink *netlink, u32 seq, netlink_reader reader, void *data,
		   u32 *answered)
{
	for (;;) {
		ssize_t got = mnl_socket_recvfrom(netlink->socket, netlink->buffer,
						  sizeof(netlink->buffer));
		const struct nlmsghdr *message = (const void *)netlink->buffer;
		int left = got;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return netlink_failed(netlink, -errno);
		for (; netlink_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
			if (seq && message->nlmsg_seq != seq)
				continue;
			if (message->nlmsg_flags & NLM_F_DUMP_INTR)
				netlink->interrupted = true;
			if (message->nlmsg_type == NLMSG_ERROR ||
			    message->nlmsg_type == NLMSG_DONE) {
				if (answered)
					*answered = message->nlmsg_seq;
				return end_of(netlink, message);
			}
			if (message->nlmsg_type >= NLMSG_MIN_TYPE && reader)
				reader(message, data);
		}
	}
}

int netlink_request(struct netlink *netlink, struct nlmsghdr *message, netlink_reader reader,
		    void *data)
{
	int err;

	netlink->interrupted = false;
	err = netlink_send(netlink, message);
	if (err)
		return err;
	return netlink_answer(netlink, message->nlmsg_seq, reader, data, NULL);
}
