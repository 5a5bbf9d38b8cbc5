/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel tells of a table that changes while it does: a message for each entry. */
#ifndef _CENSORCTL_NETDUMP_H
#define _CENSORCTL_NETDUMP_H

#include <stdio.h>

#include "netlink.h"

#define NETDUMP_END_SIZE	64

/**
 * struct netdump - a dump that is kept until it is known to be whole; begin with all zero
 * @bytes: its messages, one behind the other
 * @entries: how many they are
 * @interrupted: it may lack an entry, or have one twice
 */
struct netdump {
	u8 *bytes;
	size_t len, room;
	u32 entries;
	bool interrupted;
};

/**
 * struct netdump_table - how a table is shown
 * @command: that dumps it
 * @what: its entries, as in "flows"
 * @print: for people, all of them with a head
 * @print_json: one of them, a line
 */
struct netdump_table {
	u8 command;
	const char *what;
	void (*print)(FILE *out, const struct netdump *dump);
	void (*print_json)(FILE *out, const struct nlmsghdr *message);
};

/**
 * netdump_get() - ask, several times if the dump is interrupted; then what the last one told stays
 *
 * Return: 0, also if it is @interrupted, or a negative error, with @netlink->error.
 */
int netdump_get(struct netlink *netlink, u8 command, struct netdump *dump);
void netdump_free(struct netdump *dump);

/** netdump_next() - the entry behind @message, or with NULL the first; NULL: there is no more */
const struct nlmsghdr *netdump_next(const struct netdump *dump, const struct nlmsghdr *message);

/** netdump_run() - of a verb that shows a table, and takes no argument */
int netdump_run(struct command *command, const struct netdump_table *table);

/**
 * netdump_end() - an end of a flow, or of packets: "192.0.2.10:443", "[2001:db8::1]:443", "*:443"
 * @addr: its address, or NULL: any
 * @port: its port, or NULL: any
 * @buf: of NETDUMP_END_SIZE bytes
 *
 * Return: @buf.
 */
const char *netdump_end(u8 family, const struct nlattr *addr, const struct nlattr *port, char *buf);

/** netdump_json_ends() - the members "saddr" to "dport", those that are there, without braces */
void netdump_json_ends(FILE *out, u8 family, const struct nlattr *saddr, const struct nlattr *sport,
		       const struct nlattr *daddr, const struct nlattr *dport);

/** netdump_seconds() - milliseconds as "595.2s" into @buf of 16 bytes; returns it */
const char *netdump_seconds(u32 ms, char *buf);

/** netdump_json_string() - a member of this name, null if @text is */
void netdump_json_string(FILE *out, const char *name, const char *text);

#endif
