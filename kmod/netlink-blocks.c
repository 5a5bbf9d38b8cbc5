// SPDX-License-Identifier: GPL-2.0
/* The residual blocks of a namespace, told. */
#include <net/sock.h>

#include "blocks.h"
#include "engine/state.h"
#include "netlink.h"
#include "netlink-dump.h"
#include "netlink-parts.h"
#include "worker.h"

/* What packets it is on: the rest of them is not asked. */
static int put_ends(struct sk_buff *skb, const struct censor_key *key)
{
	u8 len = key->family == 4 ? 4 : 16, tuple = key->tuple;

	if (nla_put_u8(skb, NF_CENSOR_A_BLOCK_FAMILY, key->family) ||
	    (tuple & (CENSOR_TUPLE_SPORT | CENSOR_TUPLE_DPORT) &&
	     nla_put_u8(skb, NF_CENSOR_A_BLOCK_PROTO, key->proto)))
		return -EMSGSIZE;
	return censor_dump_put_end(skb, NF_CENSOR_A_BLOCK_SADDR,
				   tuple & CENSOR_TUPLE_SRC ? key->addr[0] : NULL, len,
				   NF_CENSOR_A_BLOCK_SPORT,
				   tuple & CENSOR_TUPLE_SPORT ? &key->port[0] : NULL) ?:
	       censor_dump_put_end(skb, NF_CENSOR_A_BLOCK_DADDR,
				   tuple & CENSOR_TUPLE_DST ? key->addr[1] : NULL, len,
				   NF_CENSOR_A_BLOCK_DPORT,
				   tuple & CENSOR_TUPLE_DPORT ? &key->port[1] : NULL);
}

static int put_rule(struct sk_buff *skb, const struct censor_reader *reader,
		    const struct censor_block *block)
{
	const struct censor_active *active = reader->active;
	const struct censor_rule *rule = &active->pol->rules[block->rule];
	struct censor_match match;
	char words[CENSOR_WORDS_MAX];

	censor_state_block(active->pol, block, &match);
	censor_actions_print(active->pol, &match, words, sizeof(words));
	if (nla_put_string(skb, NF_CENSOR_A_BLOCK_RULE, rule->name) ||
	    nla_put_u32(skb, NF_CENSOR_A_BLOCK_ACTIONS, match.actions) ||
	    nla_put_string(skb, NF_CENSOR_A_BLOCK_ACTION, words) ||
	    censor_nl_put_flag(skb, NF_CENSOR_A_BLOCK_BACK, block->back) ||
	    censor_nl_put_flag(skb, NF_CENSOR_A_BLOCK_IDLE,
			       !censor_rule_active(rule, reader->era)) ||
	    nla_put_u32(skb, NF_CENSOR_A_BLOCK_LASTS, rule->residual.ms) ||
	    nla_put_u8(skb, NF_CENSOR_A_BLOCK_REARM, rule->residual.rearm))
		return -EMSGSIZE;
	return 0;
}

/* Milliseconds from @now to @then, which may be over. */
static u32 until(u64 then, u64 now)
{
	return then > now ? min_t(u64, div_u64(then - now, NSEC_PER_MSEC), U32_MAX) : 0;
}

static int put_block(struct sk_buff *skb, const struct censor_reader *reader,
		     const struct censor_key *key, const struct censor_block *block)
{
	const struct censor_active *active = reader->active;
	void *header;

	/* Those of another policy have ended, as have those that are to be tidied away. */
	if (block->generation != active->generation || block->until <= reader->now)
		return 0;
	header = censor_dump_message(skb, reader, NF_CENSOR_CMD_RESIDUAL_GET);
	if (!header)
		return -EMSGSIZE;
	if (nla_put_u32(skb, NF_CENSOR_A_BLOCK_GENERATION, active->generation) ||
	    put_ends(skb, key) || put_rule(skb, reader, block) ||
	    nla_put_u32(skb, NF_CENSOR_A_BLOCK_BEGINS, until(block->from, reader->now)) ||
	    nla_put_u32(skb, NF_CENSOR_A_BLOCK_LEFT, until(block->until, reader->now))) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return 0;
}

static int put_entry(struct sk_buff *skb, const struct censor_reader *reader, void *obj)
{
	struct censor_block block;
	struct censor_key key;

	if (!censor_block_read(reader->cn, obj, &key, &block))
		return 0;
	return put_block(skb, reader, &key, &block);
}

static int put_key(struct sk_buff *skb, const struct censor_reader *reader, void *key)
{
	struct censor_block block;

	return censor_block_get(reader->cn, key, &block) ? put_block(skb, reader, key, &block) : 0;
}

/* A packet that the block would be on, as far as it is told. Return: its tuple, or an error. */
static int read_view(struct genl_info *info, struct censor_packet_view *view)
{
	struct nlattr **attrs = info->attrs;
	int tuple = 0, err = 0;

	if (attrs[NF_CENSOR_A_BLOCK_FAMILY]) {
		view->family = nla_get_u8(attrs[NF_CENSOR_A_BLOCK_FAMILY]);
		if (view->family != 4 && view->family != 6)
			return censor_reject(info->extack, attrs[NF_CENSOR_A_BLOCK_FAMILY],
					     -EINVAL, "the family is 4 or 6");
	}
	if (attrs[NF_CENSOR_A_BLOCK_SADDR]) {
		tuple |= CENSOR_TUPLE_SRC;
		err = censor_dump_address(attrs[NF_CENSOR_A_BLOCK_SADDR], &view->family, view->src,
					  info->extack);
	}
	if (!err && attrs[NF_CENSOR_A_BLOCK_DADDR]) {
		tuple |= CENSOR_TUPLE_DST;
		err = censor_dump_address(attrs[NF_CENSOR_A_BLOCK_DADDR], &view->family, view->dst,
					  info->extack);
	}
	if (attrs[NF_CENSOR_A_BLOCK_SPORT]) {
		tuple |= CENSOR_TUPLE_SPORT;
		view->sport = nla_get_u16(attrs[NF_CENSOR_A_BLOCK_SPORT]);
	}
	if (attrs[NF_CENSOR_A_BLOCK_DPORT]) {
		tuple |= CENSOR_TUPLE_DPORT;
		view->dport = nla_get_u16(attrs[NF_CENSOR_A_BLOCK_DPORT]);
	}
	if (attrs[NF_CENSOR_A_BLOCK_PROTO])
		view->proto = nla_get_u8(attrs[NF_CENSOR_A_BLOCK_PROTO]);
	return err ?: tuple;
}

int nf_censor_nl_residual_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct censor_packet_view view = {};
	struct censor_key key;
	int tuple;

	tuple = read_view(info, &view);
	if (tuple < 0)
		return tuple;
	if (!tuple || !view.family) {
		GENL_SET_ERR_MSG(info,
				 "which block? those of saddr, daddr, sport and dport that its rule goes by, with proto beside ports and family where no address is; or a dump for all");
		return -EINVAL;
	}
	censor_residual_key(&view, tuple, &key);
	return censor_dump_one(info, put_key, &key,
			       "there is no such residual block; a dump tells all");
}

int censor_residual_dump_start(struct netlink_callback *cb)
{
	struct censor_net *cn = censor_pernet(sock_net(cb->skb->sk));

	return censor_dump_start(cb, &cn->blocks, &cn->blocks_removed);
}

int nf_censor_nl_residual_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return censor_dump(skb, cb, put_entry);
}
