// SPDX-License-Identifier: GPL-2.0
/* Pages, and the tables of probabilities by hour and by load, as attributes both ways. */
#include "netlink-parts.h"

/* A page is told in pieces of this, so that a message can be filled. */
#define PAGE_PIECE	1024

int censor_nl_add_page(struct censor_policy *pol, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *part;
	const char *why = NULL;
	int rem, err;

	nla_for_each_nested(part, attr, rem) {
		if (nla_type(part) == NF_CENSOR_A_PAGE_NAME) {
			err = censor_policy_add_page(pol, nla_data(part), &why);
		} else if (!pol->n_pages) {
			err = -EINVAL;
			why = "the first page needs a name";
		} else {
			err = censor_policy_add_page_data(pol, pol->n_pages - 1, nla_data(part),
							  nla_len(part), &why);
		}
		if (err < 0)
			return censor_reject(extack, part, err, why);
	}
	return 0;
}

int censor_nl_put_page(struct sk_buff *skb, const struct censor_page *page, u32 *done)
{
	if (!*done && nla_put_string(skb, NF_CENSOR_A_PAGE_NAME, page->name))
		return -EMSGSIZE;
	while (*done < page->len) {
		u32 piece = min_t(u32, page->len - *done, PAGE_PIECE);

		if (nla_put(skb, NF_CENSOR_A_PAGE_DATA, piece, page->data + *done))
			return -EMSGSIZE;
		*done += piece;
	}
	return 0;
}

int censor_nl_add_hours(struct censor_policy *pol, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	struct censor_hours hours = {};
	const struct nlattr *part;
	const char *why = NULL;
	unsigned int n = 0;
	int rem, err;

	nla_for_each_nested(part, attr, rem) {
		switch (nla_type(part)) {
		case NF_CENSOR_A_HOURS_NAME:
			nla_strscpy(hours.name, part, sizeof(hours.name));
			break;
		case NF_CENSOR_A_HOURS_OFFSET:
			/* What is too far from UTC stays so in 16 bits. */
			hours.offset_min = clamp_t(s32, nla_get_s32(part), S16_MIN, S16_MAX);
			break;
		case NF_CENSOR_A_HOURS_CHANCE:
			if (n == ARRAY_SIZE(hours.chance))
				return censor_reject(extack, part, -E2BIG,
						     "a table of hours has 24 probabilities");
			hours.chance[n++] = nla_get_u16(part);
			break;
		}
	}
	if (n < ARRAY_SIZE(hours.chance))
		return censor_reject(extack, attr, -EINVAL,
				     "a table of hours has 24 probabilities");
	err = censor_policy_add_hours(pol, &hours, &why);
	return err < 0 ? censor_reject(extack, attr, err, why) : 0;
}

int censor_nl_put_hours(struct sk_buff *skb, const struct censor_hours *hours)
{
	unsigned int i;

	if (nla_put_string(skb, NF_CENSOR_A_HOURS_NAME, hours->name) ||
	    nla_put_s32(skb, NF_CENSOR_A_HOURS_OFFSET, hours->offset_min))
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(hours->chance); i++)
		if (nla_put_u16(skb, NF_CENSOR_A_HOURS_CHANCE, hours->chance[i]))
			return -EMSGSIZE;
	return 0;
}

static int parse_point(const struct nlattr *attr, struct censor_load *load,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_LOAD_POINT_MAX + 1];
	int err;

	if (load->n == CENSOR_LOAD_POINTS)
		return censor_reject(extack, attr, -E2BIG, "a table of load has at most 32 points");
	err = nla_parse_nested(tb, NF_CENSOR_A_LOAD_POINT_MAX, attr, nf_censor_load_point_nl_policy,
			       extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_LOAD_POINT_PPS] || !tb[NF_CENSOR_A_LOAD_POINT_CHANCE])
		return censor_reject(extack, attr, -EINVAL,
				     "a point of load needs its packets a second and a probability");
	load->point[load->n].pps = nla_get_u32(tb[NF_CENSOR_A_LOAD_POINT_PPS]);
	load->point[load->n].chance = nla_get_u16(tb[NF_CENSOR_A_LOAD_POINT_CHANCE]);
	load->n++;
	return 0;
}

int censor_nl_add_load(struct censor_policy *pol, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	struct censor_load load = {};
	const struct nlattr *part;
	const char *why = NULL;
	int rem, err;

	nla_for_each_nested(part, attr, rem) {
		if (nla_type(part) == NF_CENSOR_A_LOAD_NAME) {
			nla_strscpy(load.name, part, sizeof(load.name));
			continue;
		}
		err = parse_point(part, &load, extack);
		if (err)
			return err;
	}
	err = censor_policy_add_load(pol, &load, &why);
	return err < 0 ? censor_reject(extack, attr, err, why) : 0;
}

int censor_nl_put_load(struct sk_buff *skb, const struct censor_load *load)
{
	struct nlattr *nest;
	u32 i;

	if (nla_put_string(skb, NF_CENSOR_A_LOAD_NAME, load->name))
		return -EMSGSIZE;
	for (i = 0; i < load->n; i++) {
		nest = nla_nest_start(skb, NF_CENSOR_A_LOAD_POINT);
		if (!nest ||
		    nla_put_u32(skb, NF_CENSOR_A_LOAD_POINT_PPS, load->point[i].pps) ||
		    nla_put_u16(skb, NF_CENSOR_A_LOAD_POINT_CHANCE, load->point[i].chance))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}
