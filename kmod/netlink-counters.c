// SPDX-License-Identifier: GPL-2.0
/*
 * What rules have counted. A dump holds a reference to the policy it began with, as one of the
 * policy does: its rules are of one policy, whatever takes force meanwhile.
 */
#include <net/sock.h>

#include "active.h"
#include "netlink.h"
#include "netlink-parts.h"
#include "netlink-policy.h"

static int put_count(struct sk_buff *skb, int type, const atomic64_t *count)
{
	return nla_put_u64_64bit(skb, type, atomic64_read(count), NF_CENSOR_A_RULE_PAD);
}

int censor_nl_put_counts(struct sk_buff *skb, const struct censor_counts *counts)
{
	if (put_count(skb, NF_CENSOR_A_RULE_HITS, &counts->hits) ||
	    put_count(skb, NF_CENSOR_A_RULE_PACKETS, &counts->packets) ||
	    put_count(skb, NF_CENSOR_A_RULE_BYTES, &counts->bytes) ||
	    put_count(skb, NF_CENSOR_A_RULE_LOST_PACKETS, &counts->lost_packets) ||
	    put_count(skb, NF_CENSOR_A_RULE_LOST_BYTES, &counts->lost_bytes))
		return -EMSGSIZE;
	return 0;
}

/* One rule's name and counters, whole or not at all. */
static int put_rule(struct sk_buff *skb, const struct censor_active *active, u32 rule)
{
	struct nlattr *nest = nla_nest_start(skb, NF_CENSOR_A_POLICY_RULE);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_string(skb, NF_CENSOR_A_RULE_NAME, active->pol->rules[rule].name) ||
	    censor_nl_put_counts(skb, &active->counts[rule])) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int nf_censor_nl_rules_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *name = info->attrs[NF_CENSOR_A_POLICY_NAME];
	struct censor_active *active;
	struct sk_buff *reply;
	void *header;
	int err;
	u32 i;

	if (!name) {
		GENL_SET_ERR_MSG(info, "which rule? its name, or a dump for all");
		return -EINVAL;
	}
	active = censor_active_get(censor_pernet(genl_info_net(info)));
	if (!active) {
		GENL_SET_ERR_MSG(info, "no policy is in force, so no rule counts anything");
		return -ENOENT;
	}
	for (i = 0; i < active->pol->n_rules; i++)
		if (!nla_strcmp(name, active->pol->rules[i].name))
			break;
	if (i == active->pol->n_rules) {
		err = censor_reject(info->extack, name, -ENOENT,
				    "the policy in force has no rule of this name; a dump tells all");
		goto put;
	}
	err = -ENOMEM;
	reply = censor_reply_new(info, &header);
	if (!reply)
		goto put;
	err = nla_put_u32(reply, NF_CENSOR_A_POLICY_GENERATION, active->generation);
	if (!err)
		err = put_rule(reply, active, i);
	if (err) {
		nlmsg_free(reply);
		goto put;
	}
	genlmsg_end(reply, header);
	err = genlmsg_reply(reply, info);
put:
	censor_active_put(active);
	return err;
}

/* What a dump keeps: the policy, and the rule that is told of next. */
#define DUMP_ACTIVE	0
#define DUMP_AT		1

int censor_rules_dump_start(struct netlink_callback *cb)
{
	cb->args[DUMP_ACTIVE] = (long)censor_active_get(censor_pernet(sock_net(cb->skb->sk)));
	return 0;
}

int censor_rules_dump_done(struct netlink_callback *cb)
{
	struct censor_active *active = (struct censor_active *)cb->args[DUMP_ACTIVE];

	if (active)
		censor_active_put(active);
	return 0;
}

int nf_censor_nl_rules_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct censor_active *active = (struct censor_active *)cb->args[DUMP_ACTIVE];
	u32 at = cb->args[DUMP_AT];
	void *header;

	if (!active || at == active->pol->n_rules)
		return 0;
	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &censor_family,
			     NLM_F_MULTI, NF_CENSOR_CMD_RULES_GET);
	if (!header)
		return -EMSGSIZE;
	cb->seq = active->generation;
	genl_dump_check_consistent(cb, header);
	if (nla_put_u32(skb, NF_CENSOR_A_POLICY_GENERATION, active->generation))
		goto too_small;
	while (at < active->pol->n_rules && !put_rule(skb, active, at))
		at++;
	if (at == cb->args[DUMP_AT])
		goto too_small;
	cb->args[DUMP_AT] = at;
	genlmsg_end(skb, header);
	return skb->len;

too_small:
	genlmsg_cancel(skb, header);
	return -EMSGSIZE;
}
