// SPDX-License-Identifier: GPL-2.0
/* Sets and their elements, the inside, and the answers of forged DNS, as attributes both ways. */
#include "netlink-parts.h"

static int parse_prefix(const struct nlattr *attr, struct censor_prefix *prefix,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_PREFIX_MAX + 1];
	const struct nlattr *addr;
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_PREFIX_MAX, attr, nf_censor_prefix_nl_policy,
			       extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_PREFIX_V4] == !tb[NF_CENSOR_A_PREFIX_V6])
		return censor_reject(extack, attr, -EINVAL,
				     "a prefix has either an IPv4 or an IPv6 address");
	addr = tb[NF_CENSOR_A_PREFIX_V4] ?: tb[NF_CENSOR_A_PREFIX_V6];
	memset(prefix, 0, sizeof(*prefix));
	prefix->family = tb[NF_CENSOR_A_PREFIX_V4] ? 4 : 6;
	memcpy(prefix->addr, nla_data(addr), nla_len(addr));
	prefix->bits = tb[NF_CENSOR_A_PREFIX_BITS] ? nla_get_u8(tb[NF_CENSOR_A_PREFIX_BITS]) :
						     nla_len(addr) * 8;
	return 0;
}

int censor_nl_add_inside(struct censor_policy *pol, const struct nlattr *attr,
			 struct netlink_ext_ack *extack)
{
	struct censor_prefix prefix;
	const char *why = NULL;
	int err;

	err = parse_prefix(attr, &prefix, extack);
	if (err)
		return err;
	err = censor_policy_add_inside(pol, &prefix, &why);
	return err < 0 ? censor_reject(extack, attr, err, why) : 0;
}

int censor_nl_add_set(struct censor_policy *pol, const struct nlattr *attr,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_SET_MAX + 1];
	const char *why = NULL;
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_SET_MAX, attr, nf_censor_set_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_SET_KIND])
		return censor_reject(extack, attr, -EINVAL, "a set needs a kind");
	err = censor_policy_add_set(pol,
				    tb[NF_CENSOR_A_SET_NAME] ? nla_data(tb[NF_CENSOR_A_SET_NAME]) :
							       "",
				    nla_get_u8(tb[NF_CENSOR_A_SET_KIND]),
				    tb[NF_CENSOR_A_SET_WORDS], &why);
	return err < 0 ? censor_reject(extack, attr, err, why) : 0;
}

static int add_numbers(struct censor_policy *pol, u32 set, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_RANGE_MAX + 1];
	const char *why = NULL;
	u16 lo;
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_RANGE_MAX, attr, nf_censor_range_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_RANGE_LO])
		return censor_reject(extack, attr, -EINVAL, "a range needs its lesser number");
	lo = nla_get_u16(tb[NF_CENSOR_A_RANGE_LO]);
	err = censor_policy_add_numbers(pol, set, lo,
					tb[NF_CENSOR_A_RANGE_HI] ?
					nla_get_u16(tb[NF_CENSOR_A_RANGE_HI]) : lo, &why);
	return err < 0 ? censor_reject(extack, attr, err, why) : 0;
}

static int add_elem(struct censor_policy *pol, u32 set, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	struct censor_prefix prefix;
	const char *why = NULL;
	int err;

	switch (nla_type(attr)) {
	case NF_CENSOR_A_ELEMS_SUFFIX ... NF_CENSOR_A_ELEMS_LABEL:
		err = censor_policy_add_name(pol, set,
					     nla_type(attr) - NF_CENSOR_A_ELEMS_SUFFIX,
					     nla_data(attr), nla_len(attr), &why);
		break;
	case NF_CENSOR_A_ELEMS_PREFIX:
		err = parse_prefix(attr, &prefix, extack);
		if (err)
			return err;
		err = censor_policy_add_prefix(pol, set, &prefix, &why);
		break;
	case NF_CENSOR_A_ELEMS_RANGE:
		return add_numbers(pol, set, attr, extack);
	default:
		return censor_reject(extack, attr, -EINVAL,
				     "elements are of one set, which comes first");
	}
	return err < 0 ? censor_reject(extack, attr, err, why) : 0;
}

int censor_nl_add_elems(struct censor_policy *pol, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *elem;
	bool first = true;
	u32 set = 0;
	int rem, err;

	nla_for_each_nested(elem, attr, rem) {
		if (!first) {
			err = add_elem(pol, set, elem, extack);
			if (err)
				return err;
			continue;
		}
		if (nla_type(elem) != NF_CENSOR_A_ELEMS_SET)
			break;
		set = nla_get_u32(elem);
		if (set >= pol->n_sets)
			return censor_reject(extack, elem, -ENOENT,
					     "no set has this index; they are counted from 0 as they are added");
		first = false;
	}
	if (first)
		return censor_reject(extack, attr, -EINVAL, "the set comes before its elements");
	return 0;
}

int censor_nl_add_pool(struct censor_policy *pol, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *part;
	const char *why = NULL;
	int rem, err;

	nla_for_each_nested(part, attr, rem) {
		if (nla_type(part) == NF_CENSOR_A_POOL_NAME) {
			err = censor_policy_add_pool(pol, nla_data(part), &why);
		} else if (!pol->n_pools) {
			err = -EINVAL;
			why = "the first pool needs a name";
		} else {
			err = censor_policy_add_address(pol, pol->n_pools - 1,
							nla_len(part) == 4 ? 4 : 6,
							nla_data(part), &why);
		}
		if (err < 0)
			return censor_reject(extack, part, err, why);
	}
	return 0;
}

int censor_nl_put_prefix(struct sk_buff *skb, int type, const struct censor_prefix *prefix)
{
	bool v4 = prefix->family == 4;
	struct nlattr *nest;

	nest = nla_nest_start(skb, type);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put(skb, v4 ? NF_CENSOR_A_PREFIX_V4 : NF_CENSOR_A_PREFIX_V6, v4 ? 4 : 16,
		    prefix->addr) ||
	    nla_put_u8(skb, NF_CENSOR_A_PREFIX_BITS, prefix->bits)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int censor_nl_put_range(struct sk_buff *skb, const struct censor_range *range)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NF_CENSOR_A_ELEMS_RANGE);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u16(skb, NF_CENSOR_A_RANGE_LO, range->lo) ||
	    nla_put_u16(skb, NF_CENSOR_A_RANGE_HI, range->hi)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int censor_nl_put_set(struct sk_buff *skb, const struct censor_set *set)
{
	if ((!set->anonymous && nla_put_string(skb, NF_CENSOR_A_SET_NAME, set->name)) ||
	    nla_put_u8(skb, NF_CENSOR_A_SET_KIND, set->kind) ||
	    censor_nl_put_flag(skb, NF_CENSOR_A_SET_WORDS, set->words))
		return -EMSGSIZE;
	return 0;
}

static int put_addresses(struct sk_buff *skb, const struct censor_pool *pool, u32 *done)
{
	for (; *done < pool->n_v4 + pool->n_v6; ++*done) {
		u32 v6 = *done - pool->n_v4;

		if (*done < pool->n_v4 ? nla_put(skb, NF_CENSOR_A_POOL_V4, 4, pool->v4[*done]) :
					 nla_put(skb, NF_CENSOR_A_POOL_V6, 16, pool->v6[v6]))
			return -EMSGSIZE;
	}
	return 0;
}

int censor_nl_put_pool(struct sk_buff *skb, const struct censor_pool *pool, u32 *done)
{
	if (!*done && nla_put_string(skb, NF_CENSOR_A_POOL_NAME, pool->name))
		return -EMSGSIZE;
	return put_addresses(skb, pool, done);
}
