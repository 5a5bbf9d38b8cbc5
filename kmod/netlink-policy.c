// SPDX-License-Identifier: GPL-2.0
/*
 * The policy in force, read back: parts that a transaction could add again. A dump holds a
 * reference to the policy it began with, so it is of one piece however often that is replaced
 * meanwhile; every message tells its generation.
 */
#include <linux/slab.h>
#include <net/sock.h>

#include "engine/policy.h"
#include "netlink.h"
#include "netlink-parts.h"
#include "netlink-policy.h"

/* A rule with the most conditions and sets has room in this. */
#define DUMP_ALLOC	16384

enum dump_stage {
	DUMP_HEAD,
	DUMP_PHASES,
	DUMP_SETS,
	DUMP_NAMES,
	DUMP_PREFIXES,
	DUMP_NUMBERS,
	DUMP_PAGES,
	DUMP_HOURS,
	DUMP_LOADS,
	DUMP_INJECTS,
	DUMP_POOLS,
	DUMP_RULES,
	DUMP_DONE,
};

/*
 * struct policy_dump - how far a dump has come
 * @stage: what is told next
 * @at: from which one of these on
 * @done: of a page or pool: how many of its bytes or addresses have been told
 * @names: of the names
 */
struct policy_dump {
	struct censor_active *active;
	enum dump_stage stage;
	u32 at;
	u32 done;
	struct censor_name_iter names;
};

static int put_head(struct sk_buff *skb, const struct censor_policy *pol)
{
	u32 i;

	if (nla_put_string(skb, NF_CENSOR_A_POLICY_NAME, pol->name) ||
	    nla_put_u64_64bit(skb, NF_CENSOR_A_POLICY_SEED, pol->seed, NF_CENSOR_A_POLICY_PAD))
		return -EMSGSIZE;
	for (i = 0; i < pol->n_inside; i++)
		if (censor_nl_put_prefix(skb, NF_CENSOR_A_POLICY_INSIDE, &pol->inside[i]))
			return -EMSGSIZE;
	return censor_nl_put_models(skb, pol);
}

/* One phase, set, table, inject or rule, whole or not at all. */
static int put_one(struct sk_buff *skb, const struct policy_dump *dump, int type)
{
	struct censor_active *active = dump->active;
	const struct censor_policy *pol = active->pol;
	struct nlattr *nest;
	int err;

	nest = nla_nest_start(skb, type);
	if (!nest)
		return -EMSGSIZE;
	switch (type) {
	case NF_CENSOR_A_POLICY_PHASE:
		err = censor_nl_put_phase(skb, &pol->phases[dump->at]);
		break;
	case NF_CENSOR_A_POLICY_SET:
		err = censor_nl_put_set(skb, &pol->sets[dump->at]);
		break;
	case NF_CENSOR_A_POLICY_HOURS:
		err = censor_nl_put_hours(skb, &pol->hours[dump->at]);
		break;
	case NF_CENSOR_A_POLICY_LOAD:
		err = censor_nl_put_load(skb, &pol->loads[dump->at]);
		break;
	case NF_CENSOR_A_POLICY_INJECT:
		err = censor_nl_put_inject(skb, pol, &pol->injects[dump->at]);
		break;
	default:
		err = censor_nl_put_rule(skb, pol, &pol->rules[dump->at]);
		if (!err)
			err = censor_nl_put_counts(skb, &active->counts[dump->at]);
	}
	if (err)
		nla_nest_cancel(skb, nest);
	else
		nla_nest_end(skb, nest);
	return err;
}

static int put_all(struct sk_buff *skb, struct policy_dump *dump, int type, u32 n)
{
	for (; dump->at < n; dump->at++)
		if (put_one(skb, dump, type))
			return -EMSGSIZE;
	return 0;
}

/* The set that the next element belongs to, or -1 at the end of the stage. */
static int elem_set(const struct policy_dump *dump)
{
	const struct censor_policy *pol = dump->active->pol;
	struct censor_name_iter next = dump->names;

	switch (dump->stage) {
	case DUMP_NAMES:
		return censor_names_next(&pol->names, &next) ? next.set : -1;
	case DUMP_PREFIXES:
		return dump->at < pol->prefixes.n ? pol->prefixes.entries[dump->at].set : -1;
	default:
		return dump->at < pol->numbers.n ? pol->numbers.ranges[dump->at].set : -1;
	}
}

/* Put the next element and go on to the one after it. */
static int put_elem(struct sk_buff *skb, struct policy_dump *dump)
{
	const struct censor_policy *pol = dump->active->pol;
	struct censor_name_iter next = dump->names;
	int err;

	switch (dump->stage) {
	case DUMP_NAMES:
		censor_names_next(&pol->names, &next);
		err = nla_put(skb, NF_CENSOR_A_ELEMS_SUFFIX + next.form, next.len, next.text);
		if (!err)
			dump->names = next;
		return err;
	case DUMP_PREFIXES:
		err = censor_nl_put_prefix(skb, NF_CENSOR_A_ELEMS_PREFIX,
					   &pol->prefixes.entries[dump->at].prefix);
		break;
	default:
		err = censor_nl_put_range(skb, &pol->numbers.ranges[dump->at]);
	}
	if (!err)
		dump->at++;
	return err;
}

/* Elements in the order they were added in, a nest for each run of one set. */
static int put_elems(struct sk_buff *skb, struct policy_dump *dump)
{
	int set = elem_set(dump);

	while (set >= 0) {
		struct nlattr *nest;
		u32 n = 0;
		int run;

		nest = nla_nest_start(skb, NF_CENSOR_A_POLICY_ELEMS);
		if (!nest)
			return -EMSGSIZE;
		if (nla_put_u32(skb, NF_CENSOR_A_ELEMS_SET, set)) {
			nla_nest_cancel(skb, nest);
			return -EMSGSIZE;
		}
		for (run = set; set == run; set = elem_set(dump), n++)
			if (put_elem(skb, dump))
				break;
		if (n)
			nla_nest_end(skb, nest);
		else
			nla_nest_cancel(skb, nest);
		if (set == run)
			return -EMSGSIZE;
	}
	return 0;
}

static int put_piece(struct sk_buff *skb, struct policy_dump *dump, int type)
{
	const struct censor_policy *pol = dump->active->pol;

	return type == NF_CENSOR_A_POLICY_PAGE ?
	       censor_nl_put_page(skb, &pol->pages[dump->at], &dump->done) :
	       censor_nl_put_pool(skb, &pol->pools[dump->at], &dump->done);
}

/* Pools or pages; one that does not fit is continued without its name. */
static int put_pieces(struct sk_buff *skb, struct policy_dump *dump, int type, u32 n)
{
	for (; dump->at < n; dump->at++, dump->done = 0) {
		u32 before = dump->done;
		struct nlattr *nest;

		nest = nla_nest_start(skb, type);
		if (!nest)
			return -EMSGSIZE;
		if (put_piece(skb, dump, type)) {
			/* With its name alone it would be begun twice. */
			if (dump->done > before)
				nla_nest_end(skb, nest);
			else
				nla_nest_cancel(skb, nest);
			return -EMSGSIZE;
		}
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int put_stage(struct sk_buff *skb, struct policy_dump *dump)
{
	const struct censor_policy *pol = dump->active->pol;

	switch (dump->stage) {
	case DUMP_HEAD:
		return put_head(skb, pol);
	case DUMP_PHASES:
		return put_all(skb, dump, NF_CENSOR_A_POLICY_PHASE, pol->n_phases);
	case DUMP_SETS:
		return put_all(skb, dump, NF_CENSOR_A_POLICY_SET, pol->n_sets);
	case DUMP_NAMES:
	case DUMP_PREFIXES:
	case DUMP_NUMBERS:
		return put_elems(skb, dump);
	case DUMP_PAGES:
		return put_pieces(skb, dump, NF_CENSOR_A_POLICY_PAGE, pol->n_pages);
	case DUMP_HOURS:
		return put_all(skb, dump, NF_CENSOR_A_POLICY_HOURS, pol->n_hours);
	case DUMP_LOADS:
		return put_all(skb, dump, NF_CENSOR_A_POLICY_LOAD, pol->n_loads);
	case DUMP_INJECTS:
		return put_all(skb, dump, NF_CENSOR_A_POLICY_INJECT, pol->n_injects);
	case DUMP_POOLS:
		return put_pieces(skb, dump, NF_CENSOR_A_POLICY_POOL, pol->n_pools);
	default:
		return put_all(skb, dump, NF_CENSOR_A_POLICY_RULE, pol->n_rules);
	}
}

int censor_policy_dump_start(struct netlink_callback *cb)
{
	struct censor_net *cn = censor_pernet(sock_net(cb->skb->sk));
	struct policy_dump *dump;

	dump = kzalloc(sizeof(*dump), GFP_KERNEL_ACCOUNT);
	if (!dump)
		return -ENOMEM;
	dump->active = censor_active_get(cn);
	if (!dump->active)
		dump->stage = DUMP_DONE;
	cb->args[0] = (long)dump;
	cb->min_dump_alloc = max_t(u32, cb->min_dump_alloc, DUMP_ALLOC);
	return 0;
}

int censor_policy_dump_done(struct netlink_callback *cb)
{
	struct policy_dump *dump = (struct policy_dump *)cb->args[0];

	if (dump && dump->active)
		censor_active_put(dump->active);
	kfree(dump);
	return 0;
}

int nf_censor_nl_policy_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct policy_dump *dump = (struct policy_dump *)cb->args[0];
	void *header;
	int empty;

	if (dump->stage == DUMP_DONE)
		return 0;
	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &censor_family,
			     NLM_F_MULTI, NF_CENSOR_CMD_POLICY_GET);
	if (!header)
		return -EMSGSIZE;
	cb->seq = dump->active->generation;
	genl_dump_check_consistent(cb, header);
	if (nla_put_u32(skb, NF_CENSOR_A_POLICY_GENERATION, dump->active->generation))
		goto too_small;
	empty = skb->len;
	/* What is left when the message is full stands in @dump. */
	for (; dump->stage < DUMP_DONE && !put_stage(skb, dump); dump->stage++)
		dump->at = 0;
	if (dump->stage < DUMP_DONE && skb->len == empty)
		goto too_small;
	genlmsg_end(skb, header);
	return skb->len;

too_small:
	genlmsg_cancel(skb, header);
	return -EMSGSIZE;
}

struct sk_buff *censor_reply_new(struct genl_info *info, void **header)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*header = genlmsg_put_reply(skb, info, &censor_family, 0, info->genlhdr->cmd);
	if (!*header) {
		nlmsg_free(skb);
		return NULL;
	}
	return skb;
}

int nf_censor_nl_policy_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct censor_active *active;
	struct sk_buff *reply;
	void *header;
	int err = 0;

	reply = censor_reply_new(info, &header);
	if (!reply)
		return -ENOMEM;
	active = censor_active_get(censor_pernet(genl_info_net(info)));
	if (nla_put_u32(reply, NF_CENSOR_A_POLICY_GENERATION, active ? active->generation : 0) ||
	    (active &&
	     (nla_put_string(reply, NF_CENSOR_A_POLICY_NAME, active->pol->name) ||
	      nla_put_u64_64bit(reply, NF_CENSOR_A_POLICY_SEED, active->pol->seed,
				NF_CENSOR_A_POLICY_PAD))))
		err = -EMSGSIZE;
	if (active)
		censor_active_put(active);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

void censor_policy_notify(struct censor_net *cn, struct sk_buff *note,
			  const struct censor_active *active)
{
	void *header;

	header = genlmsg_put(note, 0, 0, &censor_family, 0, NF_CENSOR_CMD_POLICY_NTF);
	if (!header ||
	    nla_put_u32(note, NF_CENSOR_A_POLICY_GENERATION, active ? active->generation : 0) ||
	    (active && nla_put_string(note, NF_CENSOR_A_POLICY_NAME, active->pol->name))) {
		nlmsg_free(note);
		return;
	}
	genlmsg_end(note, header);
	genlmsg_multicast_netns(&censor_family, cn->net, note, 0, CENSOR_GROUP_CONFIG, GFP_KERNEL);
}
