// SPDX-License-Identifier: GPL-2.0
/* The censor's TCP and IP, and its clock, as attributes both ways. */
#include "netlink-parts.h"
#include "netlink-knobs.h"

#define SAME(uapi, engine)	static_assert((int)(uapi) == (int)(engine))

SAME(NF_CENSOR_BY_SYN, CENSOR_BY_SYN);
SAME(NF_CENSOR_BY_SYN_ACK, CENSOR_BY_SYNACK);
SAME(NF_CENSOR_BY_DATA, CENSOR_BY_DATA);
SAME(NF_CENSOR_BY_FIN, CENSOR_BY_FIN);

SAME(NF_CENSOR_HANDSHAKE_NONE, CENSOR_HANDSHAKE_NONE);
SAME(NF_CENSOR_HANDSHAKE_SYN, CENSOR_HANDSHAKE_SYN);
SAME(NF_CENSOR_HANDSHAKE_SYN_ACK, CENSOR_HANDSHAKE_SYNACK);
SAME(NF_CENSOR_HANDSHAKE_FULL, CENSOR_HANDSHAKE_FULL);
SAME(NF_CENSOR_HANDSHAKE_FULL + 1, CENSOR_HANDSHAKES);

SAME(NF_CENSOR_CLIENT_FIRST, CENSOR_CLIENT_FIRST);
SAME(NF_CENSOR_CLIENT_SYN, CENSOR_CLIENT_SYN);
SAME(NF_CENSOR_CLIENT_CREATOR, CENSOR_CLIENT_CREATOR);
SAME(NF_CENSOR_CLIENT_INSIDE, CENSOR_CLIENT_INSIDE);
SAME(NF_CENSOR_CLIENT_BOTH, CENSOR_CLIENT_BOTH);
SAME(NF_CENSOR_CLIENT_BOTH + 1, CENSOR_CLIENTS);

SAME(NF_CENSOR_SYNC_DATA, CENSOR_SYNC_DATA);
SAME(NF_CENSOR_SYNC_CLIENT, CENSOR_SYNC_CLIENT);
SAME(NF_CENSOR_SYNC_SYN_ACK, CENSOR_SYNC_SYNACK);
SAME(NF_CENSOR_SYNC_SYN, CENSOR_SYNC_SYN);

SAME(NF_CENSOR_TEARDOWN_MATCH_NOTHING, CENSOR_MATCH_NOTHING);
SAME(NF_CENSOR_TEARDOWN_MATCH_PORTS, CENSOR_MATCH_PORTS);
SAME(NF_CENSOR_TEARDOWN_MATCH_TUPLE, CENSOR_MATCH_TUPLE);
SAME(NF_CENSOR_TEARDOWN_MATCH_WINDOW, CENSOR_MATCH_WINDOW);
SAME(NF_CENSOR_TEARDOWN_MATCH_WINDOW + 1, CENSOR_MATCHES);

SAME(NF_CENSOR_REASSEMBLY_NONE, CENSOR_REASSEMBLY_NONE);
SAME(NF_CENSOR_REASSEMBLY_IN_ORDER, CENSOR_REASSEMBLY_IN_ORDER);
SAME(NF_CENSOR_REASSEMBLY_FULL, CENSOR_REASSEMBLY_FULL);
SAME(NF_CENSOR_REASSEMBLY_FULL + 1, CENSOR_REASSEMBLIES);

SAME(NF_CENSOR_OVERLAP_FIRST, CENSOR_OVERLAP_FIRST);
SAME(NF_CENSOR_OVERLAP_LAST, CENSOR_OVERLAP_LAST);
SAME(NF_CENSOR_OVERLAP_LAST + 1, CENSOR_OVERLAPS);

SAME(NF_CENSOR_HOLES_WAIT, CENSOR_HOLES_WAIT);
SAME(NF_CENSOR_HOLES_SKIP, CENSOR_HOLES_SKIP);
SAME(NF_CENSOR_HOLES_STOP, CENSOR_HOLES_STOP);
SAME(NF_CENSOR_HOLES_STOP + 1, CENSOR_HOLES);

SAME(NF_CENSOR_CHECK_CHECKSUM, CENSOR_CHECK_CHECKSUM);
SAME(NF_CENSOR_CHECK_IP_CHECKSUM, CENSOR_CHECK_IP_CHECKSUM);
SAME(NF_CENSOR_CHECK_DATA_OFFSET, CENSOR_CHECK_DATA_OFFSET);
SAME(NF_CENSOR_CHECK_ACK, CENSOR_CHECK_ACK);
SAME(NF_CENSOR_CHECK_ACK_FLAG, CENSOR_CHECK_ACK_FLAG);
SAME(NF_CENSOR_CHECK_MD5, CENSOR_CHECK_MD5);
SAME(NF_CENSOR_CHECK_TIMESTAMP, CENSOR_CHECK_TIMESTAMP);
SAME(NF_CENSOR_CHECK_WINDOW, CENSOR_CHECK_WINDOW);
SAME(NF_CENSOR_CHECK_FLAGS, CENSOR_CHECK_FLAGS);
SAME(NF_CENSOR_CHECK_OPTIONS, CENSOR_CHECK_OPTIONS);
SAME(NF_CENSOR_CHECK_HEADER_20, CENSOR_CHECK_HEADER_20);
SAME(NF_CENSOR_CHECK_ISN, CENSOR_CHECK_ISN);
SAME((NF_CENSOR_CHECK_ISN << 1) - 1, CENSOR_CHECKS);

SAME(NF_CENSOR_SEES_BOTH, CENSOR_SEES_BOTH);
SAME(NF_CENSOR_SEES_CLIENT, CENSOR_SEES_CLIENT);
SAME(NF_CENSOR_SEES_CLIENT + 1, CENSOR_SEES);

SAME(NF_CENSOR_FRAGMENTS_IGNORE, CENSOR_FRAGMENTS_IGNORE);
SAME(NF_CENSOR_FRAGMENTS_REASSEMBLE, CENSOR_FRAGMENTS_REASSEMBLE);
SAME(NF_CENSOR_FRAGMENTS_HOLD, CENSOR_FRAGMENTS_HOLD);
SAME(NF_CENSOR_FRAGMENTS_HOLD + 1, CENSOR_FRAGMENTS);

SAME(NF_CENSOR_FRAG_OVERLAP_FIRST, CENSOR_FRAG_FIRST);
SAME(NF_CENSOR_FRAG_OVERLAP_LAST, CENSOR_FRAG_LAST);
SAME(NF_CENSOR_FRAG_OVERLAP_ORIGINAL, CENSOR_FRAG_ORIGINAL);
SAME(NF_CENSOR_FRAG_OVERLAP_DROP, CENSOR_FRAG_DROP);
SAME(NF_CENSOR_FRAG_OVERLAP_DROP + 1, CENSOR_FRAG_OVERLAPS);

SAME(NF_CENSOR_FRAG_FULL_PASS, CENSOR_FRAG_FULL_PASS);
SAME(NF_CENSOR_FRAG_FULL_DROP, CENSOR_FRAG_FULL_DROP);
SAME(NF_CENSOR_FRAG_FULL_DROP + 1, CENSOR_FRAG_FULLS);

SAME(NF_CENSOR_FRAG_TTL_OWN, CENSOR_FRAG_TTL_OWN);
SAME(NF_CENSOR_FRAG_TTL_FIRST, CENSOR_FRAG_TTL_FIRST);
SAME(NF_CENSOR_FRAG_TTL_FIRST + 1, CENSOR_FRAG_TTLS);

SAME(NF_CENSOR_QUIC_READ_V1, CENSOR_QUIC_READ_V1);
SAME(NF_CENSOR_QUIC_READ_V2, CENSOR_QUIC_READ_V2);
SAME(NF_CENSOR_QUIC_READ_DRAFT_29, CENSOR_QUIC_READ_DRAFT_29);

SAME(NF_CENSOR_QUIC_ASSEMBLE_FRAME, CENSOR_QUIC_ASSEMBLE_FRAME);
SAME(NF_CENSOR_QUIC_ASSEMBLE_DATAGRAM, CENSOR_QUIC_ASSEMBLE_DATAGRAM);
SAME(NF_CENSOR_QUIC_ASSEMBLE_FLOW, CENSOR_QUIC_ASSEMBLE_FLOW);
SAME(NF_CENSOR_QUIC_ASSEMBLE_FLOW + 1, CENSOR_QUIC_ASSEMBLES);

SAME(NF_CENSOR_QUIC_PORTS_ANY, CENSOR_QUIC_PORTS_ANY);
SAME(NF_CENSOR_QUIC_PORTS_HIGHER, CENSOR_QUIC_PORTS_HIGHER);
SAME(NF_CENSOR_QUIC_PORTS_HIGHER + 1, CENSOR_QUIC_PORTS);

/* What the specification says in numbers. */
static_assert(sizeof(bool) == sizeof(u8));
static_assert(sizeof_field(struct censor_tcp_model, name) == 64);
static_assert(sizeof_field(struct censor_ip_model, name) == 64);
static_assert(sizeof_field(struct censor_detect_model, name) == 64);
static_assert(CENSOR_STREAM_MAX == 4032);
static_assert(CENSOR_LOOK_NEVER == 65535);
static_assert(CENSOR_FRAGMENTS_MAX == 128);

/* What is absent stays as it is. */
static void parse_knobs(struct nlattr **tb, const struct censor_knob *knobs, unsigned int n,
			void *model)
{
	for (; n; n--, knobs++)
		if (tb[knobs->type])
			memcpy((u8 *)model + knobs->at, nla_data(tb[knobs->type]), knobs->size);
}

static int put_knobs(struct sk_buff *skb, const struct censor_knob *knobs, unsigned int n,
		     const void *model)
{
	for (; n; n--, knobs++)
		if (nla_put(skb, knobs->type, knobs->size, (const u8 *)model + knobs->at))
			return -EMSGSIZE;
	return 0;
}

static int parse_resync(const struct nlattr *attr, struct censor_tcp_model *model,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_RESYNC_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_RESYNC_MAX, attr, nf_censor_resync_nl_policy,
			       extack);
	if (!err)
		parse_knobs(tb, censor_resync_knobs, ARRAY_SIZE(censor_resync_knobs), model);
	return err;
}

static int parse_teardown(const struct nlattr *attr, struct censor_tcp_model *model,
			  struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_TEARDOWN_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_TEARDOWN_MAX, attr, nf_censor_teardown_nl_policy,
			       extack);
	if (!err)
		parse_knobs(tb, censor_teardown_knobs, ARRAY_SIZE(censor_teardown_knobs), model);
	return err;
}

int censor_nl_set_clock(struct censor_policy *pol, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	const char *why = NULL;
	int err;

	err = censor_policy_set_clock(pol, nla_get_u32(attr), &why);
	return err < 0 ? censor_reject(extack, attr, err, why) : 0;
}

int censor_nl_set_tcp(struct censor_policy *pol, const struct nlattr *attr,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_TCP_MODEL_MAX + 1];
	struct censor_tcp_model model;
	const char *why = NULL;
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_TCP_MODEL_MAX, attr, nf_censor_tcp_model_nl_policy,
			       extack);
	if (err)
		return err;
	censor_tcp_default(&model);
	if (tb[NF_CENSOR_A_TCP_MODEL_NAME])
		nla_strscpy(model.name, tb[NF_CENSOR_A_TCP_MODEL_NAME], sizeof(model.name));
	parse_knobs(tb, censor_tcp_knobs, ARRAY_SIZE(censor_tcp_knobs), &model);
	if (tb[NF_CENSOR_A_TCP_MODEL_RESYNC])
		err = parse_resync(tb[NF_CENSOR_A_TCP_MODEL_RESYNC], &model, extack);
	if (!err && tb[NF_CENSOR_A_TCP_MODEL_TEARDOWN])
		err = parse_teardown(tb[NF_CENSOR_A_TCP_MODEL_TEARDOWN], &model, extack);
	if (err)
		return err;
	err = censor_policy_set_tcp(pol, &model, &why);
	return err < 0 ? censor_reject(extack, attr, err, why) : 0;
}

int censor_nl_set_ip(struct censor_policy *pol, const struct nlattr *attr,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_IP_MODEL_MAX + 1];
	struct censor_ip_model model;
	const char *why = NULL;
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_IP_MODEL_MAX, attr, nf_censor_ip_model_nl_policy,
			       extack);
	if (err)
		return err;
	censor_ip_default(&model);
	if (tb[NF_CENSOR_A_IP_MODEL_NAME])
		nla_strscpy(model.name, tb[NF_CENSOR_A_IP_MODEL_NAME], sizeof(model.name));
	parse_knobs(tb, censor_ip_knobs, ARRAY_SIZE(censor_ip_knobs), &model);
	err = censor_policy_set_ip(pol, &model, &why);
	return err < 0 ? censor_reject(extack, attr, err, why) : 0;
}

int censor_nl_set_detect(struct censor_policy *pol, const struct nlattr *attr,
			 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_DETECT_MODEL_MAX + 1];
	struct censor_detect_model model;
	const char *why = NULL;
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_DETECT_MODEL_MAX, attr,
			       nf_censor_detect_model_nl_policy, extack);
	if (err)
		return err;
	censor_detect_default(&model);
	if (tb[NF_CENSOR_A_DETECT_MODEL_NAME])
		nla_strscpy(model.name, tb[NF_CENSOR_A_DETECT_MODEL_NAME], sizeof(model.name));
	parse_knobs(tb, censor_detect_knobs, ARRAY_SIZE(censor_detect_knobs), &model);
	err = censor_policy_set_detect(pol, &model, &why);
	return err < 0 ? censor_reject(extack, attr, err, why) : 0;
}

static int put_nest(struct sk_buff *skb, int type, const struct censor_knob *knobs, unsigned int n,
		    const void *model)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, type);
	if (!nest || put_knobs(skb, knobs, n, model))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_tcp(struct sk_buff *skb, const struct censor_tcp_model *model)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NF_CENSOR_A_POLICY_TCP);
	if (!nest ||
	    (model->name[0] && nla_put_string(skb, NF_CENSOR_A_TCP_MODEL_NAME, model->name)) ||
	    put_knobs(skb, censor_tcp_knobs, ARRAY_SIZE(censor_tcp_knobs), model) ||
	    put_nest(skb, NF_CENSOR_A_TCP_MODEL_RESYNC, censor_resync_knobs,
		     ARRAY_SIZE(censor_resync_knobs), model) ||
	    put_nest(skb, NF_CENSOR_A_TCP_MODEL_TEARDOWN, censor_teardown_knobs,
		     ARRAY_SIZE(censor_teardown_knobs), model))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_ip(struct sk_buff *skb, const struct censor_ip_model *model)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NF_CENSOR_A_POLICY_IP);
	if (!nest ||
	    (model->name[0] && nla_put_string(skb, NF_CENSOR_A_IP_MODEL_NAME, model->name)) ||
	    put_knobs(skb, censor_ip_knobs, ARRAY_SIZE(censor_ip_knobs), model))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_detect(struct sk_buff *skb, const struct censor_detect_model *model)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, NF_CENSOR_A_POLICY_DETECT);
	if (!nest ||
	    (model->name[0] && nla_put_string(skb, NF_CENSOR_A_DETECT_MODEL_NAME, model->name)) ||
	    put_knobs(skb, censor_detect_knobs, ARRAY_SIZE(censor_detect_knobs), model))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int censor_nl_put_models(struct sk_buff *skb, const struct censor_policy *pol)
{
	if (nla_put_u32(skb, NF_CENSOR_A_POLICY_CLOCK, pol->clock) || put_tcp(skb, &pol->tcp) ||
	    put_ip(skb, &pol->ip) || put_detect(skb, &pol->detect))
		return -EMSGSIZE;
	return 0;
}
