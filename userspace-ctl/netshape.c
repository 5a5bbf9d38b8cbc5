// SPDX-License-Identifier: GPL-2.0
/* Phases, delays, and what a rule does to the later packets of a flow, as attributes. */
#include <linux/nf_censor.h>
#include <stdio.h>

#include "netshape.h"

void netshape_put_delay(struct nlmsghdr *message, u16 type, const struct censor_delay *delay)
{
	struct nlattr *nest, *point;
	u32 i;

	if (!delay->n)
		return;
	nest = mnl_attr_nest_start(message, type);
	for (i = 0; i < delay->n; i++) {
		point = mnl_attr_nest_start(message, NF_CENSOR_A_DELAY_POINT);
		mnl_attr_put_u16(message, NF_CENSOR_A_DELAY_POINT_AT, delay->point[i].at);
		mnl_attr_put_u32(message, NF_CENSOR_A_DELAY_POINT_US, delay->point[i].us);
		mnl_attr_nest_end(message, point);
	}
	mnl_attr_nest_end(message, nest);
}

void netshape_put_phase(struct nlmsghdr *message, const char *name,
			const struct censor_phase *phase)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_POLICY_PHASE);

	mnl_attr_put_strz(message, NF_CENSOR_A_PHASE_NAME, name);
	if (*phase->title)
		mnl_attr_put_strz(message, NF_CENSOR_A_PHASE_TITLE, phase->title);
	if (phase->from != CENSOR_NO_DATE)
		mnl_attr_put_u64(message, NF_CENSOR_A_PHASE_FROM, (u64)phase->from);
	if (phase->until != CENSOR_NO_DATE)
		mnl_attr_put_u64(message, NF_CENSOR_A_PHASE_UNTIL, (u64)phase->until);
	mnl_attr_nest_end(message, nest);
}

void netshape_put_police(struct nlmsghdr *message, const struct censor_police *police)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_RULE_POLICE);

	mnl_attr_put_u64(message, NF_CENSOR_A_POLICE_RATE, police->rate);
	mnl_attr_put_u32(message, NF_CENSOR_A_POLICE_BURST, police->burst);
	mnl_attr_put_u8(message, NF_CENSOR_A_POLICE_PER, police->per);
	mnl_attr_put_u8(message, NF_CENSOR_A_POLICE_TO, police->to);
	mnl_attr_nest_end(message, nest);
}

void netshape_put_lose(struct nlmsghdr *message, const struct censor_lose *lose)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_RULE_LOSE);

	mnl_attr_put_u16(message, NF_CENSOR_A_LOSE_CHANCE, lose->chance);
	mnl_attr_put_u8(message, NF_CENSOR_A_LOSE_TO, lose->to);
	mnl_attr_nest_end(message, nest);
}

void netshape_put_hold(struct nlmsghdr *message, const struct censor_hold *hold,
		       const struct censor_delay *delay)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_RULE_HOLD);

	netshape_put_delay(message, NF_CENSOR_A_HOLD_DELAY, delay);
	mnl_attr_put_u8(message, NF_CENSOR_A_HOLD_TO, hold->to);
	mnl_attr_nest_end(message, nest);
}

void netshape_put_mark(struct nlmsghdr *message, const struct censor_mark *mark)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_RULE_MARK);

	mnl_attr_put_u32(message, NF_CENSOR_A_MARK_VALUE, mark->value);
	mnl_attr_put_u32(message, NF_CENSOR_A_MARK_MASK, mark->mask);
	mnl_attr_nest_end(message, nest);
}

bool netshape_read_delay(const struct nlattr *nest, struct censor_delay *delay)
{
	const struct nlattr *parts[NF_CENSOR_A_DELAY_POINT_MAX + 1], *attr;

	if (!nest)
		return true;
	mnl_attr_for_each_nested(attr, nest) {
		if (delay->n == CENSOR_DELAY_POINTS)
			return false;
		netlink_nested(attr, parts, NF_CENSOR_A_DELAY_POINT_MAX);
		delay->point[delay->n].at = netlink_u16(parts[NF_CENSOR_A_DELAY_POINT_AT]);
		delay->point[delay->n].us = netlink_u32(parts[NF_CENSOR_A_DELAY_POINT_US]);
		delay->n++;
	}
	return true;
}

static s64 date_of(const struct nlattr *attr)
{
	return attr ? (s64)netlink_u64(attr) : CENSOR_NO_DATE;
}

bool netshape_read_phase(const struct nlattr *nest, struct censor_phase *phase)
{
	const struct nlattr *parts[NF_CENSOR_A_PHASE_MAX + 1];
	const char *name, *title;

	netlink_nested(nest, parts, NF_CENSOR_A_PHASE_MAX);
	name = netlink_string(parts[NF_CENSOR_A_PHASE_NAME], "");
	title = netlink_string(parts[NF_CENSOR_A_PHASE_TITLE], "");
	phase->from = date_of(parts[NF_CENSOR_A_PHASE_FROM]);
	phase->until = date_of(parts[NF_CENSOR_A_PHASE_UNTIL]);
	return *name && snprintf(phase->name, sizeof(phase->name), "%s", name) <
			(int)sizeof(phase->name) &&
	       snprintf(phase->title, sizeof(phase->title), "%s", title) <
			(int)sizeof(phase->title);
}

/* Packets to whom; it may be left out for both. */
static bool read_to(const struct nlattr *attr, u8 *to)
{
	*to = attr ? netlink_u8(attr) : CENSOR_TO_BOTH;
	return *to && *to <= CENSOR_TO_BOTH;
}

bool netshape_read_police(const struct nlattr *nest, struct censor_police *police)
{
	const struct nlattr *parts[NF_CENSOR_A_POLICE_MAX + 1];

	netlink_nested(nest, parts, NF_CENSOR_A_POLICE_MAX);
	police->rate = netlink_u64(parts[NF_CENSOR_A_POLICE_RATE]);
	police->burst = parts[NF_CENSOR_A_POLICE_BURST] ?
			netlink_u32(parts[NF_CENSOR_A_POLICE_BURST]) :
			censor_police_burst(police->rate);
	police->per = netlink_u8(parts[NF_CENSOR_A_POLICE_PER]);
	return read_to(parts[NF_CENSOR_A_POLICE_TO], &police->to) && police->per < CENSOR_PERS;
}

bool netshape_read_lose(const struct nlattr *nest, struct censor_lose *lose)
{
	const struct nlattr *parts[NF_CENSOR_A_LOSE_MAX + 1];

	netlink_nested(nest, parts, NF_CENSOR_A_LOSE_MAX);
	lose->chance = netlink_u16(parts[NF_CENSOR_A_LOSE_CHANCE]);
	return read_to(parts[NF_CENSOR_A_LOSE_TO], &lose->to);
}

bool netshape_read_hold(const struct nlattr *nest, struct censor_hold *hold,
			struct censor_delay *delay)
{
	const struct nlattr *parts[NF_CENSOR_A_HOLD_MAX + 1];

	netlink_nested(nest, parts, NF_CENSOR_A_HOLD_MAX);
	return netshape_read_delay(parts[NF_CENSOR_A_HOLD_DELAY], delay) && delay->n &&
	       read_to(parts[NF_CENSOR_A_HOLD_TO], &hold->to);
}

bool netshape_read_mark(const struct nlattr *nest, struct censor_mark *mark)
{
	const struct nlattr *parts[NF_CENSOR_A_MARK_MAX + 1];

	netlink_nested(nest, parts, NF_CENSOR_A_MARK_MAX);
	mark->value = netlink_u32(parts[NF_CENSOR_A_MARK_VALUE]);
	mark->mask = parts[NF_CENSOR_A_MARK_MASK] ? netlink_u32(parts[NF_CENSOR_A_MARK_MASK]) :
						    UINT32_MAX;
	return true;
}

void netshape_read_counters(const struct nlattr **parts, struct counters *counters)
{
	counters->hits = netlink_u64(parts[NF_CENSOR_A_RULE_HITS]);
	counters->packets = netlink_u64(parts[NF_CENSOR_A_RULE_PACKETS]);
	counters->bytes = netlink_u64(parts[NF_CENSOR_A_RULE_BYTES]);
	counters->lost_packets = netlink_u64(parts[NF_CENSOR_A_RULE_LOST_PACKETS]);
	counters->lost_bytes = netlink_u64(parts[NF_CENSOR_A_RULE_LOST_BYTES]);
}
