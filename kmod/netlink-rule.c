// SPDX-License-Identifier: GPL-2.0
/* Rules as attributes both ways. */
#include "netlink-parts.h"

/* An index that nothing can have is nothing's in 16 bits either. */
static u16 parse_index(const struct nlattr *attr)
{
	return min_t(u32, nla_get_u32(attr), U16_MAX - 1);
}

static int add_cond(struct censor_policy *pol, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	u16 sets[CENSOR_COND_SETS_MAX];
	const struct nlattr *part, *cond = NULL;
	const char *why = NULL;
	bool negate = false;
	int rem, err;
	u32 n = 0;

	nla_for_each_nested(part, attr, rem) {
		switch (nla_type(part)) {
		case NF_CENSOR_A_COND_ATTR:
			cond = part;
			break;
		case NF_CENSOR_A_COND_NEGATE:
			negate = true;
			break;
		case NF_CENSOR_A_COND_SET:
			if (n == ARRAY_SIZE(sets))
				return censor_reject(extack, part, -E2BIG,
						     "a condition names at most 32 sets");
			if (nla_get_u32(part) >= pol->n_sets)
				return censor_reject(extack, part, -ENOENT,
						     "no set has this index; they are counted from 0 as they are added");
			sets[n++] = nla_get_u32(part);
			break;
		}
	}
	if (!cond)
		return censor_reject(extack, attr, -EINVAL,
				     "a condition needs an attribute to look at");
	err = censor_policy_add_cond(pol, nla_get_u8(cond), negate, sets, n, &why);
	return err < 0 ? censor_reject(extack, attr, err, why) : 0;
}

static int put_cond(struct sk_buff *skb, const struct censor_policy *pol,
		    const struct censor_cond *cond)
{
	struct nlattr *nest;
	u32 i;

	nest = nla_nest_start(skb, NF_CENSOR_A_RULE_COND);
	if (!nest || nla_put_u8(skb, NF_CENSOR_A_COND_ATTR, cond->attr) ||
	    censor_nl_put_flag(skb, NF_CENSOR_A_COND_NEGATE, cond->negate))
		return -EMSGSIZE;
	for (i = 0; i < cond->n; i++)
		if (nla_put_u32(skb, NF_CENSOR_A_COND_SET, pol->cond_sets[cond->first + i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* What is told: addresses of a pool, or something else. */
static int parse_lie(struct censor_policy *pol, struct nlattr **tb, struct censor_forge *forge,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *cname = tb[NF_CENSOR_A_FORGE_CNAME];
	const char *why = NULL;
	int index;

	forge->lie = tb[NF_CENSOR_A_FORGE_LIE] ? nla_get_u8(tb[NF_CENSOR_A_FORGE_LIE]) :
						 CENSOR_LIE_ADDRESS;
	forge->pool = tb[NF_CENSOR_A_FORGE_POOL] ? parse_index(tb[NF_CENSOR_A_FORGE_POOL]) :
						   CENSOR_NO_POOL;
	forge->in_order = tb[NF_CENSOR_A_FORGE_CURSORS];
	forge->cursors = forge->in_order ? nla_get_u8(tb[NF_CENSOR_A_FORGE_CURSORS]) : 1;
	if (!cname)
		return 0;
	index = censor_policy_add_alias(pol, nla_data(cname), &why);
	if (index < 0)
		return censor_reject(extack, cname, index, why);
	forge->alias = 1 + index;
	return 0;
}

static int parse_forge(struct censor_policy *pol, const struct nlattr *attr,
		       struct censor_forge *forge, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_FORGE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_FORGE_MAX, attr, nf_censor_forge_nl_policy, extack);
	if (err)
		return err;
	err = parse_lie(pol, tb, forge, extack);
	if (err)
		return err;
	forge->count = tb[NF_CENSOR_A_FORGE_COUNT] ? nla_get_u8(tb[NF_CENSOR_A_FORGE_COUNT]) : 1;
	forge->aa = nla_get_flag(tb[NF_CENSOR_A_FORGE_AA]);
	forge->df = nla_get_flag(tb[NF_CENSOR_A_FORGE_DF]);
	forge->ttl_lo = tb[NF_CENSOR_A_FORGE_TTL_LO] ? nla_get_u32(tb[NF_CENSOR_A_FORGE_TTL_LO]) :
						       300;
	forge->ttl_hi = tb[NF_CENSOR_A_FORGE_TTL_HI] ? nla_get_u32(tb[NF_CENSOR_A_FORGE_TTL_HI]) :
						       forge->ttl_lo;
	forge->ip_ttl = (struct censor_field){ .lo = 64, .hi = 64 };
	forge->ip_id = (struct censor_field){ .lo = 0, .hi = U16_MAX };
	err = censor_nl_parse_field(tb[NF_CENSOR_A_FORGE_IP_TTL], &forge->ip_ttl, extack);
	if (!err)
		err = censor_nl_parse_field(tb[NF_CENSOR_A_FORGE_IP_ID], &forge->ip_id, extack);
	return err ?: censor_nl_parse_delay(pol, tb[NF_CENSOR_A_FORGE_DELAY], &forge->delay,
					    extack);
}

static int put_forge(struct sk_buff *skb, const struct censor_policy *pol,
		     const struct censor_forge *forge)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NF_CENSOR_A_RULE_FORGE);
	if (!nest || nla_put_u8(skb, NF_CENSOR_A_FORGE_LIE, forge->lie) ||
	    (forge->pool != CENSOR_NO_POOL &&
	     nla_put_u32(skb, NF_CENSOR_A_FORGE_POOL, forge->pool)) ||
	    (forge->alias != CENSOR_NO_ALIAS &&
	     nla_put_string(skb, NF_CENSOR_A_FORGE_CNAME, pol->aliases[forge->alias - 1].name)) ||
	    (forge->in_order && nla_put_u8(skb, NF_CENSOR_A_FORGE_CURSORS, forge->cursors)) ||
	    nla_put_u8(skb, NF_CENSOR_A_FORGE_COUNT, forge->count) ||
	    censor_nl_put_flag(skb, NF_CENSOR_A_FORGE_AA, forge->aa) ||
	    censor_nl_put_flag(skb, NF_CENSOR_A_FORGE_DF, forge->df) ||
	    nla_put_u32(skb, NF_CENSOR_A_FORGE_TTL_LO, forge->ttl_lo) ||
	    nla_put_u32(skb, NF_CENSOR_A_FORGE_TTL_HI, forge->ttl_hi) ||
	    censor_nl_put_field(skb, NF_CENSOR_A_FORGE_IP_TTL, &forge->ip_ttl) ||
	    censor_nl_put_field(skb, NF_CENSOR_A_FORGE_IP_ID, &forge->ip_id) ||
	    censor_nl_put_delay(skb, NF_CENSOR_A_FORGE_DELAY, pol, forge->delay))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int parse_residual(struct censor_policy *pol, const struct nlattr *attr,
			  struct censor_residual *residual, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_RESIDUAL_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_RESIDUAL_MAX, attr, nf_censor_residual_nl_policy,
			       extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_RESIDUAL_MS] || !tb[NF_CENSOR_A_RESIDUAL_TUPLE])
		return censor_reject(extack, attr, -EINVAL,
				     "a residual block needs its time and its tuple");
	residual->ms = nla_get_u32(tb[NF_CENSOR_A_RESIDUAL_MS]);
	residual->tuple = nla_get_u8(tb[NF_CENSOR_A_RESIDUAL_TUPLE]);
	residual->both = nla_get_flag(tb[NF_CENSOR_A_RESIDUAL_BOTH]);
	residual->rearm = tb[NF_CENSOR_A_RESIDUAL_REARM] ?
			  nla_get_u8(tb[NF_CENSOR_A_RESIDUAL_REARM]) : CENSOR_REARM_TRIGGER;
	residual->act = tb[NF_CENSOR_A_RESIDUAL_ACT] ? nla_get_u8(tb[NF_CENSOR_A_RESIDUAL_ACT]) :
						       CENSOR_RESIDUAL_SAME;
	residual->chance = tb[NF_CENSOR_A_RESIDUAL_CHANCE] ?
			   nla_get_u16(tb[NF_CENSOR_A_RESIDUAL_CHANCE]) : CENSOR_CERTAIN;
	if ((residual->act == CENSOR_RESIDUAL_INJECT) != !!tb[NF_CENSOR_A_RESIDUAL_INJECT])
		return censor_reject(extack, attr, -EINVAL,
				     "a residual block that injects and the index of an inject go together");
	if (tb[NF_CENSOR_A_RESIDUAL_INJECT])
		residual->inject = parse_index(tb[NF_CENSOR_A_RESIDUAL_INJECT]);
	return censor_nl_parse_delay(pol, tb[NF_CENSOR_A_RESIDUAL_ONSET], &residual->onset, extack);
}

static int put_residual(struct sk_buff *skb, const struct censor_policy *pol,
			const struct censor_residual *residual)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NF_CENSOR_A_RULE_RESIDUAL);
	if (!nest || nla_put_u32(skb, NF_CENSOR_A_RESIDUAL_MS, residual->ms) ||
	    nla_put_u8(skb, NF_CENSOR_A_RESIDUAL_TUPLE, residual->tuple) ||
	    censor_nl_put_flag(skb, NF_CENSOR_A_RESIDUAL_BOTH, residual->both) ||
	    censor_nl_put_delay(skb, NF_CENSOR_A_RESIDUAL_ONSET, pol, residual->onset) ||
	    nla_put_u8(skb, NF_CENSOR_A_RESIDUAL_REARM, residual->rearm) ||
	    nla_put_u8(skb, NF_CENSOR_A_RESIDUAL_ACT, residual->act) ||
	    nla_put_u16(skb, NF_CENSOR_A_RESIDUAL_CHANCE, residual->chance))
		return -EMSGSIZE;
	if (residual->act == CENSOR_RESIDUAL_INJECT &&
	    nla_put_u32(skb, NF_CENSOR_A_RESIDUAL_INJECT, residual->inject))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int parse_chance(const struct nlattr *attr, struct censor_chance *chance,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_CHANCE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_CHANCE_MAX, attr, nf_censor_chance_nl_policy,
			       extack);
	if (err)
		return err;
	if (tb[NF_CENSOR_A_CHANCE_OF])
		chance->of = nla_get_u16(tb[NF_CENSOR_A_CHANCE_OF]);
	if (tb[NF_CENSOR_A_CHANCE_TUPLE])
		chance->tuple = nla_get_u8(tb[NF_CENSOR_A_CHANCE_TUPLE]);
	if (tb[NF_CENSOR_A_CHANCE_HOURS])
		chance->hours = 1 + parse_index(tb[NF_CENSOR_A_CHANCE_HOURS]);
	if (tb[NF_CENSOR_A_CHANCE_LOAD])
		chance->load = 1 + parse_index(tb[NF_CENSOR_A_CHANCE_LOAD]);
	return 0;
}

static int put_chance(struct sk_buff *skb, const struct censor_chance *chance)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NF_CENSOR_A_RULE_CHANCE);
	if (!nest || nla_put_u16(skb, NF_CENSOR_A_CHANCE_OF, chance->of) ||
	    nla_put_u8(skb, NF_CENSOR_A_CHANCE_TUPLE, chance->tuple) ||
	    (chance->hours && nla_put_u32(skb, NF_CENSOR_A_CHANCE_HOURS, chance->hours - 1)) ||
	    (chance->load && nla_put_u32(skb, NF_CENSOR_A_CHANCE_LOAD, chance->load - 1)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* An action and what it needs to be told come together or not at all. */
static int check_actions(struct nlattr **tb, const struct nlattr *attr, u32 actions,
			 struct netlink_ext_ack *extack)
{
	if (!(actions & CENSOR_DO_INJECT) != !tb[NF_CENSOR_A_RULE_INJECT])
		return censor_reject(extack, attr, -EINVAL,
				     "the action inject and the index of an inject go together");
	if (!(actions & CENSOR_DO_FORGE) != !tb[NF_CENSOR_A_RULE_FORGE])
		return censor_reject(extack, attr, -EINVAL,
				     "the action forge and how to forge go together");
	if (!(actions & CENSOR_DO_RESIDUAL) != !tb[NF_CENSOR_A_RULE_RESIDUAL])
		return censor_reject(extack, attr, -EINVAL,
				     "the action residual and what the block does go together");
	if (!(actions & CENSOR_DO_REWRITE) != !tb[NF_CENSOR_A_RULE_REWRITE_FLAGS])
		return censor_reject(extack, attr, -EINVAL,
				     "the action rewrite and the flags to rewrite to go together");
	return 0;
}

static int parse_nests(struct censor_policy *pol, struct nlattr **tb, const struct nlattr *attr,
		       struct censor_rule *rule, struct netlink_ext_ack *extack)
{
	int err = 0;

	if (tb[NF_CENSOR_A_RULE_FORGE])
		err = parse_forge(pol, tb[NF_CENSOR_A_RULE_FORGE], &rule->forge, extack);
	if (!err && tb[NF_CENSOR_A_RULE_RESIDUAL])
		err = parse_residual(pol, tb[NF_CENSOR_A_RULE_RESIDUAL], &rule->residual, extack);
	if (!err && tb[NF_CENSOR_A_RULE_CHANCE])
		err = parse_chance(tb[NF_CENSOR_A_RULE_CHANCE], &rule->chance, extack);
	return err ?: censor_nl_parse_effects(pol, tb, attr, rule, extack);
}

static int parse_rule(struct censor_policy *pol, const struct nlattr *attr,
		      struct censor_rule *rule, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_RULE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_RULE_MAX, attr, nf_censor_rule_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_RULE_NAME])
		return censor_reject(extack, attr, -EINVAL, "a rule needs a name");
	if (!tb[NF_CENSOR_A_RULE_ACTIONS])
		return censor_reject(extack, attr, -EINVAL, "a rule needs an action");
	nla_strscpy(rule->name, tb[NF_CENSOR_A_RULE_NAME], sizeof(rule->name));
	rule->actions = nla_get_u32(tb[NF_CENSOR_A_RULE_ACTIONS]);
	err = check_actions(tb, attr, rule->actions, extack);
	if (err)
		return err;
	rule->path = tb[NF_CENSOR_A_RULE_PATH] ? nla_get_u8(tb[NF_CENSOR_A_RULE_PATH]) :
						 CENSOR_PATH_IN;
	rule->drop_to = tb[NF_CENSOR_A_RULE_DROP_TO] ? nla_get_u8(tb[NF_CENSOR_A_RULE_DROP_TO]) :
						       CENSOR_TO_BOTH;
	rule->rewrite_to = tb[NF_CENSOR_A_RULE_REWRITE_TO] ?
			   nla_get_u8(tb[NF_CENSOR_A_RULE_REWRITE_TO]) : CENSOR_TO_CLIENT;
	if (tb[NF_CENSOR_A_RULE_REWRITE_FLAGS])
		rule->rewrite_flags = nla_get_u8(tb[NF_CENSOR_A_RULE_REWRITE_FLAGS]);
	if (tb[NF_CENSOR_A_RULE_INJECT])
		rule->inject = parse_index(tb[NF_CENSOR_A_RULE_INJECT]);
	return parse_nests(pol, tb, attr, rule, extack);
}

int censor_nl_add_rule(struct censor_policy *pol, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	struct censor_rule rule = {
		.chance.of = CENSOR_CERTAIN,
		.phases = CENSOR_PHASES_ALL,
		.residual.chance = CENSOR_CERTAIN,
	};
	const struct nlattr *part;
	const char *why = NULL;
	int rem, err;

	err = parse_rule(pol, attr, &rule, extack);
	if (err)
		return err;
	err = censor_policy_add_rule(pol, &rule, &why);
	if (err < 0)
		return censor_reject(extack, attr, err, why);
	nla_for_each_nested(part, attr, rem) {
		if (nla_type(part) != NF_CENSOR_A_RULE_COND)
			continue;
		err = add_cond(pol, part, extack);
		if (err)
			return err;
	}
	return 0;
}

static int put_actions(struct sk_buff *skb, const struct censor_policy *pol,
		       const struct censor_rule *rule)
{
	u32 actions = rule->actions;

	if (actions & CENSOR_DO_INJECT && nla_put_u32(skb, NF_CENSOR_A_RULE_INJECT, rule->inject))
		return -EMSGSIZE;
	if (actions & CENSOR_DO_FORGE && put_forge(skb, pol, &rule->forge))
		return -EMSGSIZE;
	if (actions & CENSOR_DO_RESIDUAL && put_residual(skb, pol, &rule->residual))
		return -EMSGSIZE;
	if (actions & CENSOR_DO_REWRITE &&
	    (nla_put_u8(skb, NF_CENSOR_A_RULE_REWRITE_TO, rule->rewrite_to) ||
	     nla_put_u8(skb, NF_CENSOR_A_RULE_REWRITE_FLAGS, rule->rewrite_flags)))
		return -EMSGSIZE;
	return 0;
}

int censor_nl_put_rule(struct sk_buff *skb, const struct censor_policy *pol,
		       const struct censor_rule *rule)
{
	u32 i;

	if (nla_put_string(skb, NF_CENSOR_A_RULE_NAME, rule->name) ||
	    nla_put_u32(skb, NF_CENSOR_A_RULE_ACTIONS, rule->actions) ||
	    nla_put_u8(skb, NF_CENSOR_A_RULE_PATH, rule->path) ||
	    nla_put_u8(skb, NF_CENSOR_A_RULE_DROP_TO, rule->drop_to) ||
	    put_chance(skb, &rule->chance) || put_actions(skb, pol, rule) ||
	    censor_nl_put_effects(skb, pol, rule))
		return -EMSGSIZE;
	for (i = 0; i < rule->n; i++)
		if (put_cond(skb, pol, &pol->conds[rule->first + i]))
			return -EMSGSIZE;
	return 0;
}
