// SPDX-License-Identifier: GPL-2.0
/* What rules do to the later packets of a flow, and in which phases: as attributes both ways. */
#include "netlink-parts.h"

/* To whom packets must go that are meant: both ways where nothing is said. */
static int parse_to(const struct nlattr *attr, u8 *to, struct netlink_ext_ack *extack)
{
	*to = attr ? nla_get_u8(attr) : CENSOR_TO_BOTH;
	if (*to)
		return 0;
	return censor_reject(extack, attr, -EINVAL,
			     "packets to whom? 1 is the client, 2 the server, 3 both");
}

static int parse_freeze(const struct nlattr *attr, struct censor_freeze *freeze,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_FREEZE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_FREEZE_MAX, attr, nf_censor_freeze_nl_policy,
			       extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_FREEZE_LO])
		return censor_reject(extack, attr, -EINVAL,
				     "freeze needs how many packets or bytes pass before it");
	freeze->lo = nla_get_u32(tb[NF_CENSOR_A_FREEZE_LO]);
	freeze->hi = tb[NF_CENSOR_A_FREEZE_HI] ? nla_get_u32(tb[NF_CENSOR_A_FREEZE_HI]) :
						 freeze->lo;
	freeze->bytes = nla_get_flag(tb[NF_CENSOR_A_FREEZE_BYTES]);
	return 0;
}

static int put_freeze(struct sk_buff *skb, const struct censor_freeze *freeze)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NF_CENSOR_A_RULE_FREEZE);
	if (!nest || nla_put_u32(skb, NF_CENSOR_A_FREEZE_LO, freeze->lo) ||
	    nla_put_u32(skb, NF_CENSOR_A_FREEZE_HI, freeze->hi) ||
	    censor_nl_put_flag(skb, NF_CENSOR_A_FREEZE_BYTES, freeze->bytes))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int parse_police(const struct nlattr *attr, struct censor_police *police,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_POLICE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_POLICE_MAX, attr, nf_censor_police_nl_policy,
			       extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_POLICE_RATE])
		return censor_reject(extack, attr, -EINVAL,
				     "police needs the rate that may pass, in bits a second");
	police->rate = nla_get_u64(tb[NF_CENSOR_A_POLICE_RATE]);
	if (police->rate < CENSOR_RATE_MIN || police->rate > CENSOR_RATE_MAX)
		return censor_reject(extack, tb[NF_CENSOR_A_POLICE_RATE], -ERANGE,
				     "the rate of a police is 8 to 10000000000 bits a second");
	police->burst = tb[NF_CENSOR_A_POLICE_BURST] ? nla_get_u32(tb[NF_CENSOR_A_POLICE_BURST]) :
						       censor_police_burst(police->rate);
	if (police->burst < CENSOR_BURST_MIN || police->burst > CENSOR_BURST_MAX)
		return censor_reject(extack, tb[NF_CENSOR_A_POLICE_BURST], -ERANGE,
				     "the burst of a police is 64 to 268435456 bytes");
	police->per = tb[NF_CENSOR_A_POLICE_PER] ? nla_get_u8(tb[NF_CENSOR_A_POLICE_PER]) :
						   CENSOR_PER_FLOW;
	return parse_to(tb[NF_CENSOR_A_POLICE_TO], &police->to, extack);
}

static int put_police(struct sk_buff *skb, const struct censor_police *police)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NF_CENSOR_A_RULE_POLICE);
	if (!nest || nla_put_u64_64bit(skb, NF_CENSOR_A_POLICE_RATE, police->rate,
				       NF_CENSOR_A_POLICE_PAD) ||
	    nla_put_u32(skb, NF_CENSOR_A_POLICE_BURST, police->burst) ||
	    nla_put_u8(skb, NF_CENSOR_A_POLICE_PER, police->per) ||
	    nla_put_u8(skb, NF_CENSOR_A_POLICE_TO, police->to))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int parse_lose(const struct nlattr *attr, struct censor_lose *lose,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_LOSE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_LOSE_MAX, attr, nf_censor_lose_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_LOSE_CHANCE])
		return censor_reject(extack, attr, -EINVAL,
				     "lose needs the chance that a packet is lost, of 10000");
	lose->chance = nla_get_u16(tb[NF_CENSOR_A_LOSE_CHANCE]);
	return parse_to(tb[NF_CENSOR_A_LOSE_TO], &lose->to, extack);
}

static int put_lose(struct sk_buff *skb, const struct censor_lose *lose)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NF_CENSOR_A_RULE_LOSE);
	if (!nest || nla_put_u16(skb, NF_CENSOR_A_LOSE_CHANCE, lose->chance) ||
	    nla_put_u8(skb, NF_CENSOR_A_LOSE_TO, lose->to))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int parse_hold(struct censor_policy *pol, const struct nlattr *attr,
		      struct censor_hold *hold, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_HOLD_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_HOLD_MAX, attr, nf_censor_hold_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_HOLD_DELAY])
		return censor_reject(extack, attr, -EINVAL,
				     "hold needs the delay after which a packet goes on");
	err = parse_to(tb[NF_CENSOR_A_HOLD_TO], &hold->to, extack);
	return err ?: censor_nl_parse_delay(pol, tb[NF_CENSOR_A_HOLD_DELAY], &hold->delay,
					    extack);
}

static int put_hold(struct sk_buff *skb, const struct censor_policy *pol,
		    const struct censor_hold *hold)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NF_CENSOR_A_RULE_HOLD);
	if (!nest || censor_nl_put_delay(skb, NF_CENSOR_A_HOLD_DELAY, pol, hold->delay) ||
	    nla_put_u8(skb, NF_CENSOR_A_HOLD_TO, hold->to))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int parse_mark(const struct nlattr *attr, struct censor_mark *mark,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_MARK_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_MARK_MAX, attr, nf_censor_mark_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_MARK_VALUE])
		return censor_reject(extack, attr, -EINVAL, "mark needs the value to set");
	mark->value = nla_get_u32(tb[NF_CENSOR_A_MARK_VALUE]);
	mark->mask = tb[NF_CENSOR_A_MARK_MASK] ? nla_get_u32(tb[NF_CENSOR_A_MARK_MASK]) : U32_MAX;
	return 0;
}

static int put_mark(struct sk_buff *skb, const struct censor_mark *mark)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NF_CENSOR_A_RULE_MARK);
	if (!nest || nla_put_u32(skb, NF_CENSOR_A_MARK_VALUE, mark->value) ||
	    nla_put_u32(skb, NF_CENSOR_A_MARK_MASK, mark->mask))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* An effect and what it needs to be told come together or not at all. */
static int check(struct nlattr **tb, const struct nlattr *attr, u32 actions,
		 struct netlink_ext_ack *extack)
{
	if (!(actions & CENSOR_DO_FREEZE) != !tb[NF_CENSOR_A_RULE_FREEZE])
		return censor_reject(extack, attr, -EINVAL,
				     "the action freeze and how much passes before it go together");
	if (!(actions & CENSOR_DO_POLICE) != !tb[NF_CENSOR_A_RULE_POLICE])
		return censor_reject(extack, attr, -EINVAL,
				     "the action police and its rate go together");
	if (!(actions & CENSOR_DO_LOSE) != !tb[NF_CENSOR_A_RULE_LOSE])
		return censor_reject(extack, attr, -EINVAL,
				     "the action lose and its chance go together");
	if (!(actions & CENSOR_DO_DELAY) != !tb[NF_CENSOR_A_RULE_HOLD])
		return censor_reject(extack, attr, -EINVAL,
				     "the action delay and the attribute hold go together");
	if (!(actions & CENSOR_DO_MARK) != !tb[NF_CENSOR_A_RULE_MARK])
		return censor_reject(extack, attr, -EINVAL,
				     "the action mark and its value go together");
	if (tb[NF_CENSOR_A_RULE_SAMPLE] && !(actions & CENSOR_DO_LOG))
		return censor_reject(extack, tb[NF_CENSOR_A_RULE_SAMPLE], -EINVAL,
				     "what is sampled is logged: a sample needs the action log");
	return 0;
}

static int parse_phases(const struct censor_policy *pol, const struct nlattr *attr, u32 *phases,
			struct netlink_ext_ack *extack)
{
	u32 known = pol->n_phases == CENSOR_PHASES_MAX ? CENSOR_PHASES_ALL :
							 (1u << pol->n_phases) - 1;

	*phases = nla_get_u32(attr);
	if (!*phases)
		return censor_reject(extack, attr, -EINVAL,
				     "a rule that is active in no phase does nothing; leave phases out for all");
	/* However many there will be. */
	if (*phases == CENSOR_PHASES_ALL)
		return 0;
	if (*phases & ~known)
		return censor_reject(extack, attr, -ENOENT,
				     "no phase has one of these bits; phases are counted from 0 as they are added, before the rules");
	return 0;
}

int censor_nl_parse_effects(struct censor_policy *pol, struct nlattr **tb,
			    const struct nlattr *attr, struct censor_rule *rule,
			    struct netlink_ext_ack *extack)
{
	int err;

	err = check(tb, attr, rule->actions, extack);
	if (!err && tb[NF_CENSOR_A_RULE_PHASES])
		err = parse_phases(pol, tb[NF_CENSOR_A_RULE_PHASES], &rule->phases, extack);
	if (!err && tb[NF_CENSOR_A_RULE_FREEZE])
		err = parse_freeze(tb[NF_CENSOR_A_RULE_FREEZE], &rule->freeze, extack);
	if (!err && tb[NF_CENSOR_A_RULE_POLICE])
		err = parse_police(tb[NF_CENSOR_A_RULE_POLICE], &rule->police, extack);
	if (!err && tb[NF_CENSOR_A_RULE_LOSE])
		err = parse_lose(tb[NF_CENSOR_A_RULE_LOSE], &rule->lose, extack);
	if (!err && tb[NF_CENSOR_A_RULE_HOLD])
		err = parse_hold(pol, tb[NF_CENSOR_A_RULE_HOLD], &rule->hold, extack);
	if (!err && tb[NF_CENSOR_A_RULE_MARK])
		err = parse_mark(tb[NF_CENSOR_A_RULE_MARK], &rule->mark, extack);
	if (!err && tb[NF_CENSOR_A_RULE_SAMPLE])
		rule->sample = nla_get_u16(tb[NF_CENSOR_A_RULE_SAMPLE]);
	return err;
}

int censor_nl_put_effects(struct sk_buff *skb, const struct censor_policy *pol,
			  const struct censor_rule *rule)
{
	u32 actions = rule->actions;

	if ((rule->phases != CENSOR_PHASES_ALL &&
	     nla_put_u32(skb, NF_CENSOR_A_RULE_PHASES, rule->phases)) ||
	    (rule->sample && nla_put_u16(skb, NF_CENSOR_A_RULE_SAMPLE, rule->sample)) ||
	    (actions & CENSOR_DO_FREEZE && put_freeze(skb, &rule->freeze)) ||
	    (actions & CENSOR_DO_POLICE && put_police(skb, &rule->police)) ||
	    (actions & CENSOR_DO_LOSE && put_lose(skb, &rule->lose)) ||
	    (actions & CENSOR_DO_DELAY && put_hold(skb, pol, &rule->hold)) ||
	    (actions & CENSOR_DO_MARK && put_mark(skb, &rule->mark)))
		return -EMSGSIZE;
	return 0;
}
