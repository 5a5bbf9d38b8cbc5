// SPDX-License-Identifier: GPL-2.0
#include "active.h"
#include "flows.h"
#include "netlink.h"
#include "netlink-policy.h"
#include "version.h"

/* Which counter an attribute tells. */
static const u8 counters[NF_CENSOR_A_STATS_MAX + 1] = {
	[NF_CENSOR_A_STATS_PACKETS]		= 1 + CENSOR_STAT_PACKETS,
	[NF_CENSOR_A_STATS_BYTES]		= 1 + CENSOR_STAT_BYTES,
	[NF_CENSOR_A_STATS_INSPECTED]		= 1 + CENSOR_STAT_INSPECTED,
	[NF_CENSOR_A_STATS_MATCHED]		= 1 + CENSOR_STAT_MATCHED,
	[NF_CENSOR_A_STATS_DROPPED]		= 1 + CENSOR_STAT_DROPPED,
	[NF_CENSOR_A_STATS_INJECTED]		= 1 + CENSOR_STAT_INJECTED,
	[NF_CENSOR_A_STATS_INJECT_FAILED]	= 1 + CENSOR_STAT_INJECT_FAILED,
	[NF_CENSOR_A_STATS_EVENTS]		= 1 + CENSOR_STAT_EVENTS,
	[NF_CENSOR_A_STATS_FLOWS_FULL]		= 1 + CENSOR_STAT_FLOWS_FULL,
	[NF_CENSOR_A_STATS_NO_MEMORY]		= 1 + CENSOR_STAT_NO_MEMORY,
	[NF_CENSOR_A_STATS_BLOCKS_FULL]		= 1 + CENSOR_STAT_BLOCKS_FULL,
	[NF_CENSOR_A_STATS_REWRITTEN]		= 1 + CENSOR_STAT_REWRITTEN,
	[NF_CENSOR_A_STATS_FRAGS_FULL]		= 1 + CENSOR_STAT_FRAGS_FULL,
	[NF_CENSOR_A_STATS_FRAGS_LOST]		= 1 + CENSOR_STAT_FRAGS_LOST,
	[NF_CENSOR_A_STATS_HELD_FULL]		= 1 + CENSOR_STAT_HELD_FULL,
	[NF_CENSOR_A_STATS_HELD_LOST]		= 1 + CENSOR_STAT_HELD_LOST,
	[NF_CENSOR_A_STATS_NO_BUFFER]		= 1 + CENSOR_STAT_ENGINE + CENSOR_COUNT_NO_BUFFER,
	[NF_CENSOR_A_STATS_TOO_LONG]		= 1 + CENSOR_STAT_ENGINE + CENSOR_COUNT_TOO_LONG,
	[NF_CENSOR_A_STATS_MALFORMED]		= 1 + CENSOR_STAT_ENGINE + CENSOR_COUNT_MALFORMED,
	[NF_CENSOR_A_STATS_OUT_OF_ORDER]	= 1 + CENSOR_STAT_ENGINE +
						  CENSOR_COUNT_OUT_OF_ORDER,
	[NF_CENSOR_A_STATS_MATCHES_FULL]	= 1 + CENSOR_STAT_ENGINE + CENSOR_COUNT_MATCHES,
	[NF_CENSOR_A_STATS_DISBELIEVED]		= 1 + CENSOR_STAT_ENGINE +
						  CENSOR_COUNT_DISBELIEVED,
	[NF_CENSOR_A_STATS_RESYNC]		= 1 + CENSOR_STAT_ENGINE + CENSOR_COUNT_RESYNC,
	[NF_CENSOR_A_STATS_TEARDOWN]		= 1 + CENSOR_STAT_ENGINE + CENSOR_COUNT_TEARDOWN,
	[NF_CENSOR_A_STATS_QUIC_RATE]		= 1 + CENSOR_STAT_ENGINE + CENSOR_COUNT_QUIC_RATE,
};

static int put_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, NF_CENSOR_A_STATS_PAD);
}

static int put_policy(struct sk_buff *skb, const struct censor_active *active)
{
	const struct censor_policy *pol = active->pol;

	if (nla_put_string(skb, NF_CENSOR_A_STATS_POLICY_NAME, pol->name) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_GENERATION, active->generation) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_RULES, pol->n_rules) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_NAMES, pol->names.n_hashed + pol->names.n_words) ||
	    put_u64(skb, NF_CENSOR_A_STATS_POLICY_BYTES, pol->bytes))
		return -EMSGSIZE;
	return 0;
}

static int put_no_policy(struct sk_buff *skb)
{
	if (nla_put_u32(skb, NF_CENSOR_A_STATS_GENERATION, 0) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_RULES, 0) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_NAMES, 0) ||
	    put_u64(skb, NF_CENSOR_A_STATS_POLICY_BYTES, 0))
		return -EMSGSIZE;
	return 0;
}

static int put_limits(struct sk_buff *skb, const struct censor_net *cn)
{
	if (put_u64(skb, NF_CENSOR_A_STATS_POLICY_BYTES_MAX, censor_policy_limit(cn)) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_FLOWS, atomic_read(&cn->n_flows)) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_FLOWS_MAX, cn->max_flows) ||
	    put_u64(skb, NF_CENSOR_A_STATS_FLOW_BYTES, censor_flow_bytes(cn)) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_BUFFERS, atomic_read(&cn->n_buffers)) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_BUFFERS_MAX, cn->max_buffers) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_BLOCKS, atomic_read(&cn->n_blocks)) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_BLOCKS_MAX, cn->max_blocks) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_DELAYED, atomic_read(&cn->n_delayed)) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_DELAYED_MAX, cn->max_delayed) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_HELD, atomic_read(&cn->holding.n)) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_HELD_MAX, cn->holding.max) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_FRAG_QUEUES, atomic_read(&cn->n_frags)) ||
	    nla_put_u32(skb, NF_CENSOR_A_STATS_FRAG_QUEUES_MAX, cn->max_frags))
		return -EMSGSIZE;
	return 0;
}

static int put_counters(struct sk_buff *skb, struct censor_net *cn)
{
	u64 sum[CENSOR_STATS], lost;
	unsigned int type;

	censor_stats_sum(cn->stats, sum);
	for (type = 0; type < ARRAY_SIZE(counters); type++)
		if (counters[type] && put_u64(skb, type, sum[counters[type] - 1]))
			return -EMSGSIZE;
	spin_lock_bh(&cn->event_lock);
	lost = cn->events_lost;
	spin_unlock_bh(&cn->event_lock);
	return put_u64(skb, NF_CENSOR_A_STATS_EVENTS_LOST, lost);
}

int nf_censor_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct censor_net *cn = censor_pernet(genl_info_net(info));
	struct censor_active *active;
	struct sk_buff *reply;
	void *header;
	int err;

	reply = censor_reply_new(info, &header);
	if (!reply)
		return -ENOMEM;
	active = censor_active_get(cn);
	err = nla_put_string(reply, NF_CENSOR_A_STATS_VERSION, CENSOR_VERSION);
	if (!err)
		err = active ? put_policy(reply, active) : put_no_policy(reply);
	if (active)
		censor_active_put(active);
	if (!err)
		err = put_limits(reply, cn);
	if (!err)
		err = put_counters(reply, cn);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}
