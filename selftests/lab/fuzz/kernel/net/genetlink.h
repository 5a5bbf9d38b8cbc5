/* SPDX-License-Identifier: GPL-2.0 */
/* In place of the kernel's, see netlink.h: the commands and the attributes of each. */
#ifndef _FUZZ_NET_GENETLINK_H
#define _FUZZ_NET_GENETLINK_H

#include <net/netlink.h>
#include <linux/genetlink.h>

struct sk_buff;
struct genl_info;
struct netlink_callback;

struct genl_ops {
	int (*doit)(struct sk_buff *skb, struct genl_info *info);
	int (*start)(struct netlink_callback *cb);
	int (*dumpit)(struct sk_buff *skb, struct netlink_callback *cb);
	int (*done)(struct netlink_callback *cb);
	const struct nla_policy *policy;
	unsigned int maxattr;
	u8 cmd;
	u8 flags;
	u8 validate;
};

#endif
