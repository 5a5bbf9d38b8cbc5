// SPDX-License-Identifier: GPL-2.0
#include <net/genetlink.h>

#include "events.h"
#include "netlink.h"

/* A message with the longest value (an HTTP target), all names and an excerpt has room in this. */
#define EVENT_SIZE	3072

static int put_excerpt(struct sk_buff *skb, const struct censor_excerpt *excerpt)
{
	if (nla_put(skb, NF_CENSOR_A_EVENT_EXCERPT, excerpt->len, excerpt->bytes) ||
	    nla_put_u32(skb, NF_CENSOR_A_EVENT_EXCERPT_AT, excerpt->at))
		return -EMSGSIZE;
	if (excerpt->found_len &&
	    (nla_put_u16(skb, NF_CENSOR_A_EVENT_FOUND_AT, excerpt->found_at) ||
	     nla_put_u16(skb, NF_CENSOR_A_EVENT_FOUND_LEN, excerpt->found_len)))
		return -EMSGSIZE;
	return 0;
}

static int event_fill(struct sk_buff *skb, const struct censor_net *cn,
		      const struct censor_active *active, const struct censor_worker *worker,
		      const struct censor_flow *flow, const struct censor_packet_view *view,
		      const struct censor_match *match, const struct censor_excerpt *excerpt)
{
	const struct censor_policy *pol = active->pol;
	const struct censor_context *ctx = &worker->ctx;
	unsigned int alen = view->family == 4 ? 4 : 16;

	if (nla_put_u32(skb, NF_CENSOR_A_EVENT_SEQ, cn->event_seq) ||
	    nla_put_u64_64bit(skb, NF_CENSOR_A_EVENT_LOST, cn->events_lost,
			      NF_CENSOR_A_EVENT_PAD) ||
	    nla_put_u64_64bit(skb, NF_CENSOR_A_EVENT_TIME, ktime_get_real_ns(),
			      NF_CENSOR_A_EVENT_PAD) ||
	    nla_put_u32(skb, NF_CENSOR_A_EVENT_NETNS, cn->net->ns.inum) ||
	    nla_put_u8(skb, NF_CENSOR_A_EVENT_FAMILY, view->family) ||
	    nla_put_u8(skb, NF_CENSOR_A_EVENT_PROTO, view->proto) ||
	    nla_put(skb, NF_CENSOR_A_EVENT_SADDR, alen, view->src) ||
	    nla_put(skb, NF_CENSOR_A_EVENT_DADDR, alen, view->dst) ||
	    nla_put_u16(skb, NF_CENSOR_A_EVENT_SPORT, view->sport) ||
	    nla_put_u16(skb, NF_CENSOR_A_EVENT_DPORT, view->dport) ||
	    nla_put_u64_64bit(skb, NF_CENSOR_A_EVENT_PACKET, flow ? flow->packets : 1,
			      NF_CENSOR_A_EVENT_PAD) ||
	    nla_put_string(skb, NF_CENSOR_A_EVENT_RULE, pol->rules[match->rule].name) ||
	    nla_put_u8(skb, NF_CENSOR_A_EVENT_ATTR, match->attr) ||
	    nla_put_u32(skb, NF_CENSOR_A_EVENT_ACTIONS, match->actions) ||
	    nla_put_string(skb, NF_CENSOR_A_EVENT_ACTION, worker->words))
		return -EMSGSIZE;
	if (match->value ?
	    nla_put(skb, NF_CENSOR_A_EVENT_VALUE, match->value_len, match->value) :
	    nla_put_u16(skb, NF_CENSOR_A_EVENT_NUMBER, match->number))
		return -EMSGSIZE;
	if (match->set >= 0 && !pol->sets[match->set].anonymous &&
	    nla_put_string(skb, NF_CENSOR_A_EVENT_SET, pol->sets[match->set].name))
		return -EMSGSIZE;
	if (match->residual && nla_put_flag(skb, NF_CENSOR_A_EVENT_RESIDUAL))
		return -EMSGSIZE;
	if (pol->n_phases &&
	    nla_put_string(skb, NF_CENSOR_A_EVENT_PHASE,
			   pol->phases[CENSOR_ERA_PHASE(ctx->era)].name))
		return -EMSGSIZE;
	return excerpt->bytes ? put_excerpt(skb, excerpt) : 0;
}

/*
 * Return: whether everybody was told who listens and has set NETLINK_BROADCAST_ERROR. Of the others
 * netlink does not say.
 */
static bool event_send(struct censor_net *cn, const struct censor_active *active,
		       struct censor_worker *worker, const struct censor_flow *flow,
		       const struct censor_packet_view *view, const struct censor_match *match,
		       const struct censor_excerpt *excerpt)
{
	struct sk_buff *skb;
	void *header;
	int err;

	skb = genlmsg_new(EVENT_SIZE, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return false;
	header = genlmsg_put(skb, 0, 0, &censor_family, 0, NF_CENSOR_CMD_EVENT_NTF);
	if (!header || event_fill(skb, cn, active, worker, flow, view, match, excerpt)) {
		nlmsg_free(skb);
		return false;
	}
	genlmsg_end(skb, header);
	err = genlmsg_multicast_netns(&censor_family, cn->net, skb, 0, CENSOR_GROUP_EVENTS,
				      GFP_ATOMIC);
	/* The last listener may have left meanwhile. */
	return !err || err == -ESRCH;
}

void censor_event(struct censor_net *cn, const struct censor_active *active,
		  struct censor_worker *worker, const struct censor_flow *flow,
		  const struct censor_packet_view *view, const struct censor_match *match)
{
	bool heard = genl_has_listeners(&censor_family, cn->net, CENSOR_GROUP_EVENTS);
	struct censor_excerpt excerpt;

	/* All that takes time: the lock is for all CPUs. */
	if (heard) {
		censor_actions_print(active->pol, match, worker->words, sizeof(worker->words));
		censor_excerpt_find(view, &worker->ctx, match, &excerpt);
	}
	spin_lock(&cn->event_lock);
	cn->event_seq++;
	if (heard && !event_send(cn, active, worker, flow, view, match, &excerpt))
		cn->events_lost++;
	/* Behind the sending: what has been counted can be received, or was lost. */
	censor_stats_add(cn->stats, CENSOR_STAT_EVENTS, 1);
	spin_unlock(&cn->event_lock);
}
