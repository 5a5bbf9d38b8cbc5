// SPDX-License-Identifier: GPL-2.0
#include <linux/nf_censor.h>
#include <sys/socket.h>

#include "netevent.h"

#define EVENTS_BUFFER	(8 << 20)	/* bytes of events that may wait for us */

int netevent_listen(struct netlink *netlink, const struct command *command)
{
	int size = EVENTS_BUFFER, fd = mnl_socket_get_fd(netlink->socket), one = 1, i;

	/* Without the privilege, as much as anyone may have. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	/* Else the kernel counts as told what finds no room in that buffer. */
	mnl_socket_setsockopt(netlink->socket, NETLINK_BROADCAST_ERROR, &one, sizeof(one));
	for (i = 0; i < NETLINK_GROUPS; i++) {
		if (netlink->groups[i] &&
		    !mnl_socket_setsockopt(netlink->socket, NETLINK_ADD_MEMBERSHIP,
					   &netlink->groups[i], sizeof(netlink->groups[i])))
			continue;
		return command_failed(command, "can't listen to events: %s",
				      netlink->groups[i] ? strerror(errno) :
				      "this kernel's nf_censor has none");
	}
	return 0;
}

static void copy_address(u8 *to, const struct nlattr *attr, u8 family)
{
	u32 len = family == 4 ? 4 : 16;

	if (attr && mnl_attr_get_payload_len(attr) >= len)
		memcpy(to, mnl_attr_get_payload(attr), len);
}

/* What it says of a value's place is only believed where the bytes are. */
static void read_excerpt(const struct nlattr **table, struct event *event)
{
	const struct nlattr *excerpt = table[NF_CENSOR_A_EVENT_EXCERPT];
	u32 at, len;

	if (!excerpt)
		return;
	event->excerpt = mnl_attr_get_payload(excerpt);
	event->excerpt_len = mnl_attr_get_payload_len(excerpt);
	event->excerpt_at = netlink_u32(table[NF_CENSOR_A_EVENT_EXCERPT_AT]);
	at = netlink_u16(table[NF_CENSOR_A_EVENT_FOUND_AT]);
	len = netlink_u16(table[NF_CENSOR_A_EVENT_FOUND_LEN]);
	if (at + len > event->excerpt_len)
		return;
	event->found_at = at;
	event->found_len = len;
}

u32 netevent_read(const struct nlmsghdr *message, struct event *event)
{
	const struct nlattr *table[NF_CENSOR_A_EVENT_MAX + 1];

	netlink_attrs(message, table, NF_CENSOR_A_EVENT_MAX);
	*event = (struct event){
		.attr = -1,
		.seq = netlink_u32(table[NF_CENSOR_A_EVENT_SEQ]),
		.time_ns = netlink_u64(table[NF_CENSOR_A_EVENT_TIME]),
		.netns = netlink_u32(table[NF_CENSOR_A_EVENT_NETNS]),
		.family = netlink_u8(table[NF_CENSOR_A_EVENT_FAMILY]),
		.proto = netlink_u8(table[NF_CENSOR_A_EVENT_PROTO]),
		.sport = netlink_u16(table[NF_CENSOR_A_EVENT_SPORT]),
		.dport = netlink_u16(table[NF_CENSOR_A_EVENT_DPORT]),
		.packet = netlink_u64(table[NF_CENSOR_A_EVENT_PACKET]),
		.rule = netlink_string(table[NF_CENSOR_A_EVENT_RULE], ""),
		.set = netlink_string(table[NF_CENSOR_A_EVENT_SET], NULL),
		.action = netlink_string(table[NF_CENSOR_A_EVENT_ACTION], ""),
		.residual = table[NF_CENSOR_A_EVENT_RESIDUAL],
		.number = netlink_u16(table[NF_CENSOR_A_EVENT_NUMBER]),
		.phase = netlink_string(table[NF_CENSOR_A_EVENT_PHASE], NULL),
	};
	copy_address(event->saddr, table[NF_CENSOR_A_EVENT_SADDR], event->family);
	copy_address(event->daddr, table[NF_CENSOR_A_EVENT_DADDR], event->family);
	if (table[NF_CENSOR_A_EVENT_ATTR])
		event->attr = netlink_u8(table[NF_CENSOR_A_EVENT_ATTR]);
	if (table[NF_CENSOR_A_EVENT_VALUE]) {
		event->value = mnl_attr_get_payload(table[NF_CENSOR_A_EVENT_VALUE]);
		event->value_len = mnl_attr_get_payload_len(table[NF_CENSOR_A_EVENT_VALUE]);
	}
	read_excerpt(table, event);
	return netlink_u32(table[NF_CENSOR_A_EVENT_ACTIONS]);
}
