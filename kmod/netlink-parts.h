/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts of a policy, as attributes: from a transaction into the policy that it builds, and from
 * the policy in force into a dump. What one way writes the other reads, so they stand side by side.
 *
 * What is added is checked by the engine; a refusal names the attribute at fault. The putting calls
 * return -EMSGSIZE when the message is full; who opened the nest cancels it.
 */
#ifndef _CENSOR_NETLINK_PARTS_H
#define _CENSOR_NETLINK_PARTS_H

#include <net/netlink.h>

#include "engine/policy.h"
#include "netlink-gen.h"

/** censor_reject() - @err, said to the caller with the attribute at fault */
static inline int censor_reject(struct netlink_ext_ack *extack, const struct nlattr *attr, int err,
				const char *why)
{
	if (extack) {
		extack->_msg = why;
		NL_SET_BAD_ATTR(extack, attr);
	}
	return err;
}

/** censor_nl_put_flag() - a flag, if it is set */
static inline int censor_nl_put_flag(struct sk_buff *skb, int type, bool set)
{
	return set ? nla_put_flag(skb, type) : 0;
}

/* Sets and their elements, the inside, and answers: netlink-sets.c */
int censor_nl_add_inside(struct censor_policy *pol, const struct nlattr *attr,
			 struct netlink_ext_ack *extack);
int censor_nl_add_set(struct censor_policy *pol, const struct nlattr *attr,
		      struct netlink_ext_ack *extack);
int censor_nl_add_elems(struct censor_policy *pol, const struct nlattr *attr,
			struct netlink_ext_ack *extack);
int censor_nl_add_pool(struct censor_policy *pol, const struct nlattr *attr,
		       struct netlink_ext_ack *extack);
int censor_nl_put_prefix(struct sk_buff *skb, int type, const struct censor_prefix *prefix);
int censor_nl_put_range(struct sk_buff *skb, const struct censor_range *range);
int censor_nl_put_set(struct sk_buff *skb, const struct censor_set *set);
/** censor_nl_put_pool() - @done: addresses that were put already, IPv4 first; moved on */
int censor_nl_put_pool(struct sk_buff *skb, const struct censor_pool *pool, u32 *done);

/* Models of TCP and IP: netlink-model.c */
int censor_nl_set_clock(struct censor_policy *pol, const struct nlattr *attr,
			struct netlink_ext_ack *extack);
int censor_nl_set_tcp(struct censor_policy *pol, const struct nlattr *attr,
		      struct netlink_ext_ack *extack);
int censor_nl_set_ip(struct censor_policy *pol, const struct nlattr *attr,
		     struct netlink_ext_ack *extack);
int censor_nl_set_detect(struct censor_policy *pol, const struct nlattr *attr,
			 struct netlink_ext_ack *extack);
/** censor_nl_put_models() - the clock, and all that the two models say */
int censor_nl_put_models(struct sk_buff *skb, const struct censor_policy *pol);

/* Pages, tables of hours and of load: netlink-table.c */
int censor_nl_add_page(struct censor_policy *pol, const struct nlattr *attr,
		       struct netlink_ext_ack *extack);
int censor_nl_add_hours(struct censor_policy *pol, const struct nlattr *attr,
			struct netlink_ext_ack *extack);
int censor_nl_add_load(struct censor_policy *pol, const struct nlattr *attr,
		       struct netlink_ext_ack *extack);
/** censor_nl_put_page() - @done: bytes that were put already; moved on */
int censor_nl_put_page(struct sk_buff *skb, const struct censor_page *page, u32 *done);
int censor_nl_put_hours(struct sk_buff *skb, const struct censor_hours *hours);
int censor_nl_put_load(struct sk_buff *skb, const struct censor_load *load);

/* Injects, and what rules have in common with them: netlink-inject.c */
int censor_nl_add_inject(struct censor_policy *pol, const struct nlattr *attr,
			 struct netlink_ext_ack *extack);
int censor_nl_put_inject(struct sk_buff *skb, const struct censor_policy *pol,
			 const struct censor_inject *inject);
/** censor_nl_parse_field() - where @attr is NULL the field stays as it is */
int censor_nl_parse_field(const struct nlattr *attr, struct censor_field *field,
			  struct netlink_ext_ack *extack);
int censor_nl_put_field(struct sk_buff *skb, int type, const struct censor_field *field);
/**
 * censor_nl_parse_delay() - add a delay to the policy
 * @attr: or NULL for none
 * @delay: gets 1 + its index, or CENSOR_NO_DELAY
 */
int censor_nl_parse_delay(struct censor_policy *pol, const struct nlattr *attr, u16 *delay,
			  struct netlink_ext_ack *extack);
/** censor_nl_put_delay() - the points of a delay, if @delay isn't CENSOR_NO_DELAY */
int censor_nl_put_delay(struct sk_buff *skb, int type, const struct censor_policy *pol, u16 delay);

/* Phases: netlink-phase.c */
int censor_nl_add_phase(struct censor_policy *pol, const struct nlattr *attr,
			struct netlink_ext_ack *extack);
int censor_nl_put_phase(struct sk_buff *skb, const struct censor_phase *phase);

/* What rules do to the later packets of a flow, and in which phases: netlink-effects.c */
/**
 * censor_nl_parse_effects() - of a rule's attributes those that tell of it
 * @tb: the rule's attributes
 * @attr: the rule, for refusals
 * @rule: its actions are set
 */
int censor_nl_parse_effects(struct censor_policy *pol, struct nlattr **tb,
			    const struct nlattr *attr, struct censor_rule *rule,
			    struct netlink_ext_ack *extack);
int censor_nl_put_effects(struct sk_buff *skb, const struct censor_policy *pol,
			  const struct censor_rule *rule);

/* Rules: netlink-rule.c */
int censor_nl_add_rule(struct censor_policy *pol, const struct nlattr *attr,
		       struct netlink_ext_ack *extack);
int censor_nl_put_rule(struct sk_buff *skb, const struct censor_policy *pol,
		       const struct censor_rule *rule);

#endif
