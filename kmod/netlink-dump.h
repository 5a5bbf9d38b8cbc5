/* SPDX-License-Identifier: GPL-2.0 */
/* Dumps of a table that changes while it is told. */
#ifndef _CENSOR_NETLINK_DUMP_H
#define _CENSOR_NETLINK_DUMP_H

#include <net/genetlink.h>

#include "active.h"

/**
 * struct censor_reader - who asks, and by what the answer is judged
 * @cn: the namespace
 * @active: the policy in force
 * @now: of its clock
 * @era: it, and its phase
 * @portid: of the socket
 * @seq: of the request
 * @cb: of a dump, else NULL
 */
struct censor_reader {
	struct censor_net *cn;
	struct censor_active *active;
	u64 now;
	u64 era;
	u32 portid;
	u32 seq;
	struct netlink_callback *cb;
};

/** censor_dump_message() - the head of a message about one entry, or NULL where there is no room */
void *censor_dump_message(struct sk_buff *skb, const struct censor_reader *reader, u8 command);

/**
 * typedef censor_dump_put - tell of an entry
 * @obj: the entry, under rcu_read_lock(); nothing of it is kept
 *
 * Return: 0, also where there is nothing to tell, or -EMSGSIZE.
 */
typedef int (*censor_dump_put)(struct sk_buff *skb, const struct censor_reader *reader, void *obj);

/**
 * censor_dump_start() - begin the dump of a table
 * @cb: of the dump
 * @table: of the namespace, with which it ends
 * @removals: of its entries
 *
 * Return: 0, to be followed by censor_dump_done(), or an error.
 */
int censor_dump_start(struct netlink_callback *cb, struct rhashtable *table,
		      const struct censor_removals *removals);
int censor_dump_done(struct netlink_callback *cb);

/** censor_dump() - a message of a dump. Return: as a dumpit. */
int censor_dump(struct sk_buff *skb, struct netlink_callback *cb, censor_dump_put put);

/**
 * censor_dump_one() - the answer to who asks for one entry
 * @info: the request
 * @put: tells of it
 * @obj: for @put
 * @none: what to say where @put finds nothing to tell
 */
int censor_dump_one(struct genl_info *info, censor_dump_put put, void *obj, const char *none);

/* Ends of flows and of packets that blocks are on, whose attributes are numbered alike. */

/** censor_dump_put_end() - @len bytes of the address and the port of an end, where not NULL */
int censor_dump_put_end(struct sk_buff *skb, int addr_type, const u8 *addr, u8 len, int port_type,
			const u16 *port);

/**
 * censor_dump_address() - the address that a request names
 * @attr: it
 * @family: 0 where it is not known yet; set to 4 or 6
 * @addr: gets it, 16 bytes; the rest of an IPv4 address zero
 */
int censor_dump_address(const struct nlattr *attr, u8 *family, u8 *addr,
			struct netlink_ext_ack *extack);

#endif
