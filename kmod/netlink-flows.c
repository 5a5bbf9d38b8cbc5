// SPDX-License-Identifier: GPL-2.0
/* The flows of a namespace, told: what the censor remembers of each, and does to it. */
#include <net/sock.h>

#include "engine/state.h"
#include "flows.h"
#include "netlink.h"
#include "netlink-dump.h"
#include "netlink-parts.h"
#include "worker.h"

/* The rule's name and what it does of @actions. */
static int put_rule(struct sk_buff *skb, const struct censor_policy *pol, u32 rule, u16 actions,
		    int name_type, int actions_type, int words_type)
{
	const struct censor_match match = {
		.rule = rule,
		.actions = actions,
		.inject = pol->rules[rule].inject,
	};
	char words[CENSOR_WORDS_MAX];

	censor_actions_print(pol, &match, words, sizeof(words));
	if (nla_put_string(skb, name_type, pol->rules[rule].name) ||
	    nla_put_u32(skb, actions_type, actions) ||
	    nla_put_string(skb, words_type, words))
		return -EMSGSIZE;
	return 0;
}

static int put_act(struct sk_buff *skb, const struct censor_policy *pol,
		   const struct censor_state_act *act)
{
	struct nlattr *nest = nla_nest_start(skb, NF_CENSOR_A_FLOW_ACT);

	if (!nest || nla_put_u8(skb, NF_CENSOR_A_ACT_TO, act->to) ||
	    put_rule(skb, pol, act->rule, act->actions, NF_CENSOR_A_ACT_RULE,
		     NF_CENSOR_A_ACT_ACTIONS, NF_CENSOR_A_ACT_ACTION))
		return -EMSGSIZE;
	if (act->actions & CENSOR_DO_FREEZE &&
	    (nla_put_u32(skb, NF_CENSOR_A_ACT_LEFT, act->left) ||
	     censor_nl_put_flag(skb, NF_CENSOR_A_ACT_BYTES, act->bytes)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_ends(struct sk_buff *skb, const struct censor_key *key, u8 first)
{
	u8 len = key->family == 4 ? 4 : 16;

	if (nla_put_u8(skb, NF_CENSOR_A_FLOW_FAMILY, key->family) ||
	    nla_put_u8(skb, NF_CENSOR_A_FLOW_PROTO, key->proto))
		return -EMSGSIZE;
	return censor_dump_put_end(skb, NF_CENSOR_A_FLOW_SADDR, key->addr[first], len,
				   NF_CENSOR_A_FLOW_SPORT, &key->port[first]) ?:
	       censor_dump_put_end(skb, NF_CENSOR_A_FLOW_DADDR, key->addr[!first], len,
				   NF_CENSOR_A_FLOW_DPORT, &key->port[!first]);
}

static int put_state(struct sk_buff *skb, const struct censor_policy *pol,
		     const struct censor_state *state)
{
	u32 i;

	if (nla_put_u32(skb, NF_CENSOR_A_FLOW_LEFT, div_u64(state->left, NSEC_PER_MSEC)) ||
	    nla_put_u8(skb, NF_CENSOR_A_FLOW_STAGE, state->looking) ||
	    nla_put_u32(skb, NF_CENSOR_A_FLOW_IS, state->is) ||
	    censor_nl_put_flag(skb, NF_CENSOR_A_FLOW_CLIENT, state->client_known))
		return -EMSGSIZE;
	for (i = 0; i < CENSOR_SIGHTS_MAX && state->sights[i]; i++)
		if (nla_put_u16(skb, NF_CENSOR_A_FLOW_PROTOCOL, state->sights[i]))
			return -EMSGSIZE;
	if (state->ruled && put_rule(skb, pol, state->rule, pol->rules[state->rule].actions,
				     NF_CENSOR_A_FLOW_RULE, NF_CENSOR_A_FLOW_ACTIONS,
				     NF_CENSOR_A_FLOW_ACTION))
		return -EMSGSIZE;
	for (i = 0; i < state->n_acts; i++)
		if (put_act(skb, pol, &state->acts[i]))
			return -EMSGSIZE;
	return 0;
}

static int put_flow(struct sk_buff *skb, const struct censor_reader *reader, void *obj)
{
	const struct censor_active *active = reader->active;
	struct censor_state state;
	struct censor_flow flow;
	void *header;

	if (!censor_flow_read(obj, &flow) ||
	    !censor_state_of(active->pol, reader->era, &flow, reader->now, &state))
		return 0;
	header = censor_dump_message(skb, reader, NF_CENSOR_CMD_FLOW_GET);
	if (!header)
		return -EMSGSIZE;
	if (nla_put_u32(skb, NF_CENSOR_A_FLOW_GENERATION, active->generation) ||
	    put_ends(skb, &flow.key, state.first) ||
	    nla_put_u64_64bit(skb, NF_CENSOR_A_FLOW_PACKETS, flow.packets, NF_CENSOR_A_FLOW_PAD) ||
	    (flow.key.proto == CENSOR_PROTO_TCP &&
	     nla_put_u8(skb, NF_CENSOR_A_FLOW_TCB, state.tcb)) ||
	    put_state(skb, active->pol, &state)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return 0;
}

/* The flow of a key. */
static int put_key(struct sk_buff *skb, const struct censor_reader *reader, void *key)
{
	struct censor_flow_entry *entry;
	int err = 0;

	rcu_read_lock();
	entry = censor_flow_find(reader->cn, key);
	if (entry)
		err = put_flow(skb, reader, entry);
	rcu_read_unlock();
	return err;
}

static u16 port_of(const struct nlattr *attr)
{
	return attr ? nla_get_u16(attr) : 0;
}

int nf_censor_nl_flow_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *saddr = info->attrs[NF_CENSOR_A_FLOW_SADDR];
	const struct nlattr *daddr = info->attrs[NF_CENSOR_A_FLOW_DADDR];
	const struct nlattr *proto = info->attrs[NF_CENSOR_A_FLOW_PROTO];
	struct censor_key key __aligned(sizeof(u64));
	struct censor_packet_view view = {
		.sport = port_of(info->attrs[NF_CENSOR_A_FLOW_SPORT]),
		.dport = port_of(info->attrs[NF_CENSOR_A_FLOW_DPORT]),
	};
	int err;

	if (!proto || !saddr || !daddr) {
		GENL_SET_ERR_MSG(info,
				 "which flow? proto, saddr and daddr, and where it has ports sport and dport; or a dump for all");
		return -EINVAL;
	}
	view.proto = nla_get_u8(proto);
	err = censor_dump_address(saddr, &view.family, view.src, info->extack) ?:
	      censor_dump_address(daddr, &view.family, view.dst, info->extack);
	if (err)
		return err;
	censor_packet_key(&view, &key);
	return censor_dump_one(info, put_key, &key,
			       "the censor knows no such flow; a dump tells all");
}

int censor_flow_dump_start(struct netlink_callback *cb)
{
	struct censor_net *cn = censor_pernet(sock_net(cb->skb->sk));

	return censor_dump_start(cb, &cn->flows, &cn->flows_removed);
}

int nf_censor_nl_flow_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return censor_dump(skb, cb, put_flow);
}
