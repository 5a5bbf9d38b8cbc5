// SPDX-License-Identifier: GPL-2.0
/*
 * What rules have counted. Anyone may ask, and leave a dump unread: so it holds no policy, but ends
 * as one that was interrupted (NLM_F_DUMP_INTR) when another has taken force.
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
				    "the policy in force has no such rule; a dump tells all");
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

/* What a dump keeps: the generation that it began with, and the rule that is told of next. */
#define DUMP_GENERATION	0
#define DUMP_AT		1

int censor_rules_dump_start(struct netlink_callback *cb)
{
	const struct nlattr *name = nlmsg_find_attr(cb->nlh, GENL_HDRLEN, NF_CENSOR_A_POLICY_NAME);

	if (!name)
		return 0;
	return censor_reject(cb->extack, name, -EINVAL,
			     "a dump is of all rules; ask for one of a name without NLM_F_DUMP");
}

/* Rules, as many as there is room for. Return: as the dump. */
static int dump_rules(struct sk_buff *skb, struct netlink_callback *cb,
		      const struct censor_active *active)
{
	u32 at = cb->args[DUMP_AT];
	void *header;

	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &censor_family,
			     NLM_F_MULTI, NF_CENSOR_CMD_RULES_GET);
	if (!header)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, header);
	if (nla_put_u32(skb, NF_CENSOR_A_POLICY_GENERATION, active->generation))
		goto too_small;
	while (at < active->pol->n_rules && !put_rule(skb, active, at))
		at++;
	if (at == cb->args[DUMP_AT])
		goto too_small;
	cb->args[DUMP_AT] = at;
	genlmsg_end(skb, header);
	/* At the end 0: so a dump that fits is over before anyone has read it. */
	return at < active->pol->n_rules ? skb->len : 0;

too_small:
	genlmsg_cancel(skb, header);
	return -EMSGSIZE;
}

int nf_censor_nl_rules_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct censor_active *active = censor_active_get(censor_pernet(sock_net(cb->skb->sk)));
	u32 at = cb->args[DUMP_AT];
	int err = 0;

	/* What ends the dump says so where this differs from what it was before. */
	cb->seq = active ? active->generation : 0;
	if (!at)
		cb->args[DUMP_GENERATION] = cb->seq;
	if (active && cb->args[DUMP_GENERATION] == cb->seq && at < active->pol->n_rules)
		err = dump_rules(skb, cb, active);
	if (active)
		censor_active_put(active);
	return err;
}
