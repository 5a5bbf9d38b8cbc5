// SPDX-License-Identifier: GPL-2.0
/*
 * Sending. A hook can't send in place: a censor beside the path answers a packet that goes on to
 * its receiver first, and a RST that is ahead of the bytes it counts is ignored there (RFC 5961).
 * And a packet sent from under the hook's locks could come back to the hook. So forged packets are
 * queued, and a tasklet of the same CPU sends them after the packets that this CPU is busy with.
 * Those that the policy sends later wait for a timer of the same CPU, which then queues them.
 * A way is sought for a packet when it is sent, not before: nothing holds on to a route meanwhile.
 *
 * A routed packet is answered by way of the routing tables, a bridged one out of the bridge's
 * port. Either stays in its namespace.
 */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/dst.h>
#include <net/flow.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/xfrm.h>

#include "compat.h"
#include "outbox.h"
#include "params.h"

/* Packets that wait on one CPU. */
#define OUTBOX_MAX		4096

/*
 * struct outbox_cb - what a waiting packet knows
 * @cn: the namespace
 * @at: when to send it, nanoseconds of the host's clock, where it waits for that
 * @oif: routed: the VRF that it is bound to, or 0; bridged: the port's index
 * @bridged: it has an Ethernet header
 */
struct outbox_cb {
	struct censor_net *cn;
	u64 at;
	int oif;
	bool bridged;
};

static struct outbox_cb *outbox_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct outbox_cb) > sizeof(skb->cb));
	return (struct outbox_cb *)skb->cb;
}

static bool inject_allowed(struct censor_net *cn)
{
	u64 second = ktime_get_seconds();
	bool allowed;

	spin_lock(&cn->inject_lock);
	if (cn->inject_second != second) {
		cn->inject_second = second;
		cn->inject_count = 0;
	}
	allowed = cn->inject_count < censor_max_injects;
	if (allowed)
		cn->inject_count++;
	spin_unlock(&cn->inject_lock);
	return allowed;
}

/*
 * Conntrack is not to learn from a forged packet, so it is untracked; only where NAT changes the
 * flow's addresses it goes with the flow's entry, or it would leave with the inside ones. A packet
 * that has its entry already is not shown to the protocol's tracker.
 */
static void outbox_conntrack(struct sk_buff *skb, const struct sk_buff *trigger, u8 to)
{
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	enum ip_conntrack_info info;
	struct nf_conn *ct = nf_ct_get(trigger, &info);

	if (!ct || !(READ_ONCE(ct->status) & IPS_NAT_MASK)) {
		nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
	} else if (to == CENSOR_TO_CLIENT) {
		nf_ct_attach(skb, trigger);
	} else {
		nf_conntrack_get(&ct->ct_general);
		nf_ct_set(skb, ct, info);
	}
#endif
}

static bool outbox_bridged(struct sk_buff *skb, const struct nf_hook_state *state,
			   const struct sk_buff *trigger, u8 to)
{
	const struct ethhdr *old = eth_hdr(trigger);
	const struct net_device *port = to == CENSOR_TO_CLIENT ? state->in : state->out;
	struct ethhdr *eth;

	if (!port || !skb_mac_header_was_set(trigger))
		return false;
	outbox_cb(skb)->bridged = true;
	outbox_cb(skb)->oif = port->ifindex;
	eth = skb_push(skb, ETH_HLEN);
	skb_reset_mac_header(skb);
	ether_addr_copy(eth->h_dest, to == CENSOR_TO_CLIENT ? old->h_source : old->h_dest);
	ether_addr_copy(eth->h_source, to == CENSOR_TO_CLIENT ? old->h_dest : old->h_source);
	eth->h_proto = skb->protocol;
	if (skb_vlan_tag_present(trigger))
		__vlan_hwaccel_put_tag(skb, trigger->vlan_proto, skb_vlan_tag_get(trigger));
	return true;
}

static void outbox_routed(struct sk_buff *skb, const struct nf_hook_state *state,
			  const struct sk_buff *trigger, u8 to)
{
	outbox_cb(skb)->bridged = false;
	outbox_cb(skb)->oif = skb_dst(trigger) ? l3mdev_master_ifindex(skb_dst_dev(trigger)) : 0;
	if (to == CENSOR_TO_SERVER)
		skb->mark = trigger->mark;
	else if (skb->protocol == htons(ETH_P_IP))
		skb->mark = IP4_REPLY_MARK(state->net, trigger->mark);
	else
		skb->mark = IP6_REPLY_MARK(state->net, trigger->mark);
	outbox_conntrack(skb, trigger, to);
}

/* The worker's delayed_lock is held. */
static void delayed_arm(struct censor_worker *worker)
{
	struct sk_buff *first = rb_to_skb(rb_first_cached(&worker->delayed));

	if (first)
		hrtimer_start(&worker->timer, ns_to_ktime(outbox_cb(first)->at),
			      HRTIMER_MODE_ABS_PINNED_SOFT);
}

/* Those of the same time go in the order in which they came. The worker's delayed_lock is held. */
static void delayed_insert(struct censor_worker *worker, struct sk_buff *skb)
{
	struct rb_node **link = &worker->delayed.rb_root.rb_node, *parent = NULL;
	bool first = true;

	while (*link) {
		parent = *link;
		if (outbox_cb(skb)->at < outbox_cb(rb_to_skb(parent))->at) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			first = false;
		}
	}
	rb_link_node(&skb->rbnode, parent, link);
	rb_insert_color_cached(&skb->rbnode, &worker->delayed, first);
	if (first)
		delayed_arm(worker);
}

/* The worker's delayed_lock is held. */
static void delayed_remove(struct censor_worker *worker, struct sk_buff *skb)
{
	struct censor_net *cn = outbox_cb(skb)->cn;

	rb_erase_cached(&skb->rbnode, &worker->delayed);
	/* The node shared their place. */
	skb->next = NULL;
	skb->prev = NULL;
	skb->dev = NULL;
	censor_uncharge(cn->foreign, skb->truesize);
	atomic_dec(&cn->n_delayed);
}

/* Return: whether it waits now. */
static bool delayed_add(struct censor_net *cn, struct censor_worker *worker, struct sk_buff *skb,
			u64 delay)
{
	bool added;

	if (atomic_inc_return(&cn->n_delayed) > cn->max_delayed)
		goto full;
	if (!censor_charge(cn, skb->truesize))
		goto full;
	outbox_cb(skb)->at = ktime_get_ns() + delay;
	spin_lock(&worker->delayed_lock);
	/* Whoever purges does it after the namespace is said to be gone. */
	added = !READ_ONCE(cn->gone);
	if (added)
		delayed_insert(worker, skb);
	spin_unlock(&worker->delayed_lock);
	if (added)
		return true;
	censor_uncharge(cn->foreign, skb->truesize);
full:
	atomic_dec(&cn->n_delayed);
	return false;
}

enum hrtimer_restart censor_outbox_due(struct hrtimer *timer)
{
	struct censor_worker *worker = container_of(timer, struct censor_worker, timer);
	u64 now = ktime_get_ns();
	struct sk_buff *skb;

	spin_lock(&worker->delayed_lock);
	while ((skb = rb_to_skb(rb_first_cached(&worker->delayed))) &&
	       outbox_cb(skb)->at <= now) {
		/* With the lock held: who purges finds it here or there. */
		delayed_remove(worker, skb);
		skb_queue_tail(&worker->outbox, skb);
	}
	delayed_arm(worker);
	spin_unlock(&worker->delayed_lock);
	tasklet_schedule(&worker->sender);
	/* It may have been armed again, here or by a packet. */
	return HRTIMER_NORESTART;
}

bool censor_outbox_add(struct censor_net *cn, struct censor_worker *worker,
		       const struct nf_hook_state *state, const struct sk_buff *trigger, u8 to,
		       u32 len, u64 delay)
{
	struct sk_buff *skb;

	if ((!delay && skb_queue_len(&worker->outbox) >= OUTBOX_MAX) || !inject_allowed(cn))
		goto fail;
	skb = alloc_skb(LL_MAX_HEADER + ETH_HLEN + len, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb) {
		censor_stats_add(cn->stats, CENSOR_STAT_NO_MEMORY, 1);
		goto fail;
	}
	skb_reserve(skb, LL_MAX_HEADER + ETH_HLEN);
	skb_put_data(skb, worker->packet, len);
	skb_reset_network_header(skb);
	skb->protocol = worker->packet[0] >> 4 == 4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	skb_set_transport_header(skb, skb->protocol == htons(ETH_P_IP) ? sizeof(struct iphdr) :
									   sizeof(struct ipv6hdr));
	outbox_cb(skb)->cn = cn;
	if (state->pf != NFPROTO_BRIDGE) {
		outbox_routed(skb, state, trigger, to);
	} else if (!outbox_bridged(skb, state, trigger, to)) {
		goto free;
	}
	if (!delay) {
		skb_queue_tail(&worker->outbox, skb);
		tasklet_schedule(&worker->sender);
	} else if (!delayed_add(cn, worker, skb, delay)) {
		goto free;
	}
	return true;
free:
	kfree_skb(skb);
fail:
	censor_stats_add(cn->stats, CENSOR_STAT_INJECT_FAILED, 1);
	return false;
}

/* Find the way; a foreign source address is what injection is about. */
static int route(struct net *net, struct sk_buff *skb, int oif)
{
	struct dst_entry *dst = NULL;
	struct flowi fl = {};
	int err;

	if (skb->protocol == htons(ETH_P_IP)) {
		const struct iphdr *ip = ip_hdr(skb);

		flowi4_init_output(&fl.u.ip4, oif, skb->mark, 0, RT_SCOPE_UNIVERSE, ip->protocol,
				   FLOWI_FLAG_ANYSRC, ip->daddr, ip->saddr, 0, 0, INVALID_UID);
		err = nf_ip_route(net, &dst, &fl, false);
	} else {
		const struct ipv6hdr *ip = ipv6_hdr(skb);

		fl.u.ip6.flowi6_proto = ip->nexthdr;
		fl.u.ip6.flowi6_oif = oif;
		fl.u.ip6.flowi6_mark = skb->mark;
		fl.u.ip6.flowi6_flags = FLOWI_FLAG_ANYSRC;
		fl.u.ip6.saddr = ip->saddr;
		fl.u.ip6.daddr = ip->daddr;
		err = nf_ip6_route(net, &dst, &fl, false);
	}
	if (err)
		return err;
	if (dst->error) {
		err = dst->error;
		dst_release(dst);
		return err;
	}
	dst = xfrm_lookup(net, dst, &fl, NULL, 0);
	if (IS_ERR(dst))
		return PTR_ERR(dst);
	skb_dst_set(skb, dst);
	return skb->len > dst_mtu(dst) ? -EMSGSIZE : 0;
}

static int send_routed(struct net *net, struct sk_buff *skb, int oif)
{
	int err = route(net, skb, oif);

	if (err) {
		kfree_skb(skb);
		return err;
	}
	if (skb->protocol == htons(ETH_P_IP))
		return ip_local_out(net, NULL, skb);
#if IS_ENABLED(CONFIG_IPV6)
	return ip6_local_out(net, NULL, skb);
#else
	kfree_skb(skb);
	return -EAFNOSUPPORT;
#endif
}

static int send_bridged(struct net *net, struct sk_buff *skb, int port)
{
	skb->dev = dev_get_by_index_rcu(net, port);
	if (!skb->dev) {
		kfree_skb(skb);
		return -ENODEV;
	}
	return dev_queue_xmit(skb);
}

void censor_outbox_send(struct tasklet_struct *tasklet)
{
	struct censor_worker *worker = container_of(tasklet, struct censor_worker, sender);
	/* Another than @worker where a CPU has been taken away. */
	struct censor_worker *here = censor_worker_this();
	struct sk_buff *skb;

	rcu_read_lock();
	here->sending = true;
	while ((skb = skb_dequeue(&worker->outbox))) {
		struct outbox_cb cb = *outbox_cb(skb);
		int err;

		memset(skb->cb, 0, sizeof(skb->cb));
		if (cb.bridged)
			err = send_bridged(cb.cn->net, skb, cb.oif);
		else
			err = send_routed(cb.cn->net, skb, cb.oif);
		/* A positive value is a full queue's or the like: it was sent as far as we can. */
		censor_stats_add(cb.cn->stats,
				 err < 0 ? CENSOR_STAT_INJECT_FAILED : CENSOR_STAT_INJECTED, 1);
	}
	here->sending = false;
	rcu_read_unlock();
}

void censor_outbox_purge(struct censor_net *cn)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct censor_worker *worker = *per_cpu_ptr(censor_workers, cpu);
		struct rb_node *node, *after;
		struct sk_buff_head purged;
		struct sk_buff *skb, *next;
		unsigned long flags;

		__skb_queue_head_init(&purged);
		spin_lock_bh(&worker->delayed_lock);
		for (node = rb_first_cached(&worker->delayed); node; node = after) {
			after = rb_next(node);
			skb = rb_to_skb(node);
			if (outbox_cb(skb)->cn != cn)
				continue;
			delayed_remove(worker, skb);
			__skb_queue_tail(&purged, skb);
		}
		spin_unlock_bh(&worker->delayed_lock);
		spin_lock_irqsave(&worker->outbox.lock, flags);
		skb_queue_walk_safe(&worker->outbox, skb, next) {
			if (outbox_cb(skb)->cn != cn)
				continue;
			__skb_unlink(skb, &worker->outbox);
			__skb_queue_tail(&purged, skb);
		}
		spin_unlock_irqrestore(&worker->outbox.lock, flags);
		__skb_queue_purge(&purged);
	}
}
