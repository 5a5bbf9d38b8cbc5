// SPDX-License-Identifier: GPL-2.0
/* Injects and their packets as attributes both ways; header fields and delays with them. */
#include <linux/slab.h>

#include "netlink-parts.h"

int censor_nl_parse_field(const struct nlattr *attr, struct censor_field *field,
			  struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_FIELD_MAX + 1];
	int err;

	if (!attr)
		return 0;
	err = nla_parse_nested(tb, NF_CENSOR_A_FIELD_MAX, attr, nf_censor_field_nl_policy, extack);
	if (err)
		return err;
	field->pick = tb[NF_CENSOR_A_FIELD_PICK] ? nla_get_u8(tb[NF_CENSOR_A_FIELD_PICK]) :
						   CENSOR_PICK_RANGE;
	field->lo = tb[NF_CENSOR_A_FIELD_LO] ? nla_get_u16(tb[NF_CENSOR_A_FIELD_LO]) : 0;
	field->hi = tb[NF_CENSOR_A_FIELD_HI] ? nla_get_u16(tb[NF_CENSOR_A_FIELD_HI]) : field->lo;
	return 0;
}

int censor_nl_put_field(struct sk_buff *skb, int type, const struct censor_field *field)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, type);
	if (!nest || nla_put_u8(skb, NF_CENSOR_A_FIELD_PICK, field->pick) ||
	    nla_put_u16(skb, NF_CENSOR_A_FIELD_LO, field->lo) ||
	    nla_put_u16(skb, NF_CENSOR_A_FIELD_HI, field->hi))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int parse_point(const struct nlattr *attr, struct censor_delay *delay,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_DELAY_POINT_MAX + 1];
	int err;

	if (delay->n == CENSOR_DELAY_POINTS)
		return censor_reject(extack, attr, -E2BIG, "a delay has at most 8 points");
	err = nla_parse_nested(tb, NF_CENSOR_A_DELAY_POINT_MAX, attr,
			       nf_censor_delay_point_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_DELAY_POINT_US])
		return censor_reject(extack, attr, -EINVAL, "a point of a delay needs its time");
	delay->point[delay->n].at = tb[NF_CENSOR_A_DELAY_POINT_AT] ?
				    nla_get_u16(tb[NF_CENSOR_A_DELAY_POINT_AT]) : 0;
	delay->point[delay->n].us = nla_get_u32(tb[NF_CENSOR_A_DELAY_POINT_US]);
	delay->n++;
	return 0;
}

int censor_nl_parse_delay(struct censor_policy *pol, const struct nlattr *attr, u16 *delay,
			  struct netlink_ext_ack *extack)
{
	struct censor_delay points = {};
	const struct nlattr *point;
	const char *why = NULL;
	int rem, err;

	*delay = CENSOR_NO_DELAY;
	if (!attr)
		return 0;
	nla_for_each_nested(point, attr, rem) {
		err = parse_point(point, &points, extack);
		if (err)
			return err;
	}
	err = censor_policy_add_delay(pol, &points, &why);
	if (err < 0)
		return censor_reject(extack, attr, err, why);
	*delay = 1 + err;
	return 0;
}

int censor_nl_put_delay(struct sk_buff *skb, int type, const struct censor_policy *pol, u16 delay)
{
	struct nlattr *nest, *point;
	u32 i;

	if (delay == CENSOR_NO_DELAY)
		return 0;
	nest = nla_nest_start(skb, type);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < pol->delays[delay - 1].n; i++) {
		point = nla_nest_start(skb, NF_CENSOR_A_DELAY_POINT);
		if (!point ||
		    nla_put_u16(skb, NF_CENSOR_A_DELAY_POINT_AT,
				pol->delays[delay - 1].point[i].at) ||
		    nla_put_u32(skb, NF_CENSOR_A_DELAY_POINT_US,
				pol->delays[delay - 1].point[i].us))
			return -EMSGSIZE;
		nla_nest_end(skb, point);
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int parse_seq(const struct nlattr *attr, struct censor_packet *packet,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *seq;
	int rem;

	nla_for_each_nested(seq, attr, rem) {
		if (nla_type(seq) != NF_CENSOR_A_PACKET_SEQ)
			continue;
		if (packet->n_seq == CENSOR_COPIES_MAX)
			return censor_reject(extack, seq, -E2BIG, "a packet has at most 8 offsets");
		packet->seq[packet->n_seq++] = nla_get_u32(seq);
	}
	if (!packet->n_seq)
		packet->n_seq = 1;
	return 0;
}

/* What it carries behind its header. */
static int parse_load(struct nlattr **tb, struct censor_packet *packet,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *payload = tb[NF_CENSOR_A_PACKET_PAYLOAD];

	if (payload && nla_len(payload) > CENSOR_PAYLOAD_SIZE)
		return censor_reject(extack, payload, -E2BIG,
				     "a payload has at most 64 bytes; a page may have more");
	if (payload) {
		packet->payload_len = nla_len(payload);
		memcpy(packet->payload, nla_data(payload), nla_len(payload));
	}
	/* An index that no page can have is no page's in 16 bits either. */
	if (tb[NF_CENSOR_A_PACKET_PAGE])
		packet->page = 1 + min_t(u32, nla_get_u32(tb[NF_CENSOR_A_PACKET_PAGE]),
					 U16_MAX - 1);
	packet->segment = tb[NF_CENSOR_A_PACKET_SEGMENT] ?
			  nla_get_u16(tb[NF_CENSOR_A_PACKET_SEGMENT]) : 1360;
	return 0;
}

static int parse_packet(const struct nlattr *attr, struct censor_packet *packet,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_PACKET_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_PACKET_MAX, attr, nf_censor_packet_nl_policy,
			       extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_PACKET_FLAGS])
		return censor_reject(extack, attr, -EINVAL, "a packet needs its TCP flags");
	packet->flags = nla_get_u8(tb[NF_CENSOR_A_PACKET_FLAGS]);
	packet->to = tb[NF_CENSOR_A_PACKET_TO] ? nla_get_u8(tb[NF_CENSOR_A_PACKET_TO]) :
						 CENSOR_TO_BOTH;
	packet->copies = tb[NF_CENSOR_A_PACKET_COPIES] ? nla_get_u8(tb[NF_CENSOR_A_PACKET_COPIES]) :
							 1;
	packet->df = nla_get_flag(tb[NF_CENSOR_A_PACKET_DF]);
	packet->on = tb[NF_CENSOR_A_PACKET_ON] ? nla_get_u8(tb[NF_CENSOR_A_PACKET_ON]) :
						 CENSOR_ON_ANY;
	packet->seq_next = nla_get_flag(tb[NF_CENSOR_A_PACKET_SEQ_NEXT]);
	packet->ttl = (struct censor_field){ .lo = 64, .hi = 64 };
	err = censor_nl_parse_field(tb[NF_CENSOR_A_PACKET_TTL], &packet->ttl, extack);
	if (!err)
		err = censor_nl_parse_field(tb[NF_CENSOR_A_PACKET_IP_ID], &packet->ip_id, extack);
	if (!err)
		err = censor_nl_parse_field(tb[NF_CENSOR_A_PACKET_WINDOW], &packet->window, extack);
	if (!err)
		err = parse_load(tb, packet, extack);
	return err ?: parse_seq(attr, packet, extack);
}

static int put_packet(struct sk_buff *skb, const struct censor_packet *packet)
{
	struct nlattr *nest;
	u32 i;

	nest = nla_nest_start(skb, NF_CENSOR_A_INJECT_PACKET);
	if (!nest || nla_put_u8(skb, NF_CENSOR_A_PACKET_FLAGS, packet->flags) ||
	    nla_put_u8(skb, NF_CENSOR_A_PACKET_TO, packet->to) ||
	    nla_put_u8(skb, NF_CENSOR_A_PACKET_COPIES, packet->copies) ||
	    censor_nl_put_flag(skb, NF_CENSOR_A_PACKET_DF, packet->df) ||
	    censor_nl_put_field(skb, NF_CENSOR_A_PACKET_TTL, &packet->ttl) ||
	    censor_nl_put_field(skb, NF_CENSOR_A_PACKET_IP_ID, &packet->ip_id) ||
	    censor_nl_put_field(skb, NF_CENSOR_A_PACKET_WINDOW, &packet->window) ||
	    nla_put_u8(skb, NF_CENSOR_A_PACKET_ON, packet->on) ||
	    censor_nl_put_flag(skb, NF_CENSOR_A_PACKET_SEQ_NEXT, packet->seq_next))
		return -EMSGSIZE;
	if (packet->payload_len && nla_put(skb, NF_CENSOR_A_PACKET_PAYLOAD, packet->payload_len,
					   packet->payload))
		return -EMSGSIZE;
	if (packet->page && (nla_put_u32(skb, NF_CENSOR_A_PACKET_PAGE, packet->page - 1) ||
			     nla_put_u16(skb, NF_CENSOR_A_PACKET_SEGMENT, packet->segment)))
		return -EMSGSIZE;
	for (i = 0; i < packet->n_seq; i++)
		if (nla_put_u32(skb, NF_CENSOR_A_PACKET_SEQ, packet->seq[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int parse_part(struct censor_policy *pol, struct censor_inject *inject,
		      const struct nlattr *part, struct netlink_ext_ack *extack)
{
	switch (nla_type(part)) {
	case NF_CENSOR_A_INJECT_NAME:
		nla_strscpy(inject->name, part, sizeof(inject->name));
		return 0;
	case NF_CENSOR_A_INJECT_DELAY:
		return censor_nl_parse_delay(pol, part, &inject->delay, extack);
	case NF_CENSOR_A_INJECT_GAP:
		return censor_nl_parse_delay(pol, part, &inject->gap, extack);
	default:
		if (inject->n_packets == CENSOR_PACKETS_MAX)
			return censor_reject(extack, part, -E2BIG,
					     "an inject has at most 8 packets");
		return parse_packet(part, &inject->packets[inject->n_packets++], extack);
	}
}

int censor_nl_add_inject(struct censor_policy *pol, const struct nlattr *attr,
			 struct netlink_ext_ack *extack)
{
	struct censor_inject *inject;
	const struct nlattr *part;
	const char *why = NULL;
	int rem, err = 0;

	inject = kzalloc(sizeof(*inject), GFP_KERNEL_ACCOUNT);
	if (!inject)
		return -ENOMEM;
	nla_for_each_nested(part, attr, rem) {
		err = parse_part(pol, inject, part, extack);
		if (err)
			goto out;
	}
	err = censor_policy_add_inject(pol, inject, &why);
	if (err < 0)
		censor_reject(extack, attr, err, why);
out:
	kfree(inject);
	return min(err, 0);
}

int censor_nl_put_inject(struct sk_buff *skb, const struct censor_policy *pol,
			 const struct censor_inject *inject)
{
	u32 i;

	if (nla_put_string(skb, NF_CENSOR_A_INJECT_NAME, inject->name) ||
	    censor_nl_put_delay(skb, NF_CENSOR_A_INJECT_DELAY, pol, inject->delay) ||
	    censor_nl_put_delay(skb, NF_CENSOR_A_INJECT_GAP, pol, inject->gap))
		return -EMSGSIZE;
	for (i = 0; i < inject->n_packets; i++)
		if (put_packet(skb, &inject->packets[i]))
			return -EMSGSIZE;
	return 0;
}
