// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: packets that go on later
 *
 * A namespace has one tree of them by time, one timer and one tasklet: whichever CPUs the packets
 * of a flow came on, they go on in their order. They go on behind our hook, as if it had just
 * accepted them, out of the tasklet, so under none of the locks that they were judged under.
 *
 * As with fragments, what is held keeps no device but remembers its number, and is lost with it: at
 * once, as the code that a bridged packet goes on in ends with the last bridge. A route and
 * conntrack's entry it does keep, so all goes on before our hooks are taken out: at a flush, at the
 * namespace's end and the module's.
 *
 * Packets of a new flow that are all held before conntrack has confirmed the first are so many
 * entries to it, as behind NFQUEUE. Of UDP it makes them one; of a protocol without allow_clash,
 * such as ICMP, it confirms the first and drops the others.
 *
 * What br_netfilter keeps in a bridged packet is let go of. So from here on it is the bridge's
 * alone: the POSTROUTING hooks of IPv4 and IPv6, which br_netfilter shows others to, never see it.
 */
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/dst.h>

#include "compat.h"
#include "holding.h"
#include "onward.h"
#include "pernet.h"
#include "worker.h"

/* So many go on in one run of the tasklet; other work of the CPU comes between. */
#define SEND_AT_ONCE	64

/*
 * struct held_packet - a packet that waits
 * @node: of the tree
 * @at: when it goes on, nanoseconds of the host's clock
 * @skb: it has no device meanwhile; its control block is the stack's
 * @okfn: where it goes behind the hooks
 * @in: number of the device that it came by
 * @out: of the one that it leaves by
 * @bridge: of the bridge that is between them, or 0
 * @bytes: that are accounted for
 * @packets: how many it stands for
 * @pf: of the hook
 * @hook: which one it is
 */
struct held_packet {
	struct rb_node node;
	u64 at;
	struct sk_buff *skb;
	int (*okfn)(struct net *net, struct sock *sk, struct sk_buff *skb);
	int in;
	int out;
	int bridge;
	size_t bytes;
	u32 packets;
	u8 pf;
	u8 hook;
};

static struct kmem_cache *held_cache;

static struct held_packet *first_of(const struct censor_holding *holding)
{
	return rb_entry_safe(rb_first_cached(&holding->held), struct held_packet, node);
}

/* The holding's lock is held. */
static void arm(struct censor_holding *holding)
{
	const struct held_packet *first = first_of(holding);

	if (first)
		hrtimer_start(&holding->timer, ns_to_ktime(first->at), HRTIMER_MODE_ABS_SOFT);
}

static bool sooner(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct held_packet, node)->at <
	       rb_entry(b, struct held_packet, node)->at;
}

/* The bridge that a device is a port of, or 0. Under rcu_read_lock(). */
static int bridge_of(struct net_device *dev)
{
	const struct net_device *bridge = NULL;

	if (netif_is_bridge_port(dev))
		bridge = netdev_master_upper_dev_get_rcu(dev);
	return bridge ? bridge->ifindex : 0;
}

/* From what lives no longer than others want it to. Return: 0, or -ENETDOWN without a route. */
static int detach(const struct held_packet *held)
{
	struct sk_buff *skb = held->skb;

	/* What br_netfilter keeps there lives no longer than the bridge and its port. */
	if (held->pf == NFPROTO_BRIDGE) {
		skb_dst_drop(skb);
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
		skb_ext_del(skb, SKB_EXT_BRIDGE_NF);
#endif
	}
	if (skb_dst(skb) && !skb_dst_force(skb))
		return -ENETDOWN;
	/* Its sender must not wait for it, nor the sender's namespace live by it. */
	skb_orphan(skb);
	skb->dev = NULL;
	return 0;
}

/*
 * Return: 0 if it waits now, and may be gone at any moment; -ENETDOWN if it can't go on;
 * -ESHUTDOWN if no more are taken, when the packet is as it was.
 */
static int add(struct censor_holding *holding, struct held_packet *held)
{
	int err = -ESHUTDOWN;

	spin_lock(&holding->lock);
	if (holding->open)
		err = detach(held);
	/* One of the same time goes behind those that are there. */
	if (!err && rb_add_cached(&held->node, &holding->held, sooner))
		arm(holding);
	spin_unlock(&holding->lock);
	return err;
}

static bool room_take(struct censor_net *cn, u32 packets, size_t bytes)
{
	if (atomic_add_return(packets, &cn->holding.n) <= cn->holding.max &&
	    censor_charge(cn, bytes))
		return true;
	atomic_sub(packets, &cn->holding.n);
	return false;
}

static void room_give(struct censor_net *cn, u32 packets, size_t bytes)
{
	censor_uncharge(cn->foreign, bytes);
	atomic_sub(packets, &cn->holding.n);
}

int censor_hold(struct censor_net *cn, const struct nf_hook_state *state, struct sk_buff *skb,
		u32 packets, u64 delay)
{
	size_t bytes = skb->truesize + sizeof(struct held_packet);
	struct held_packet *held;
	int bridge = 0, err;

	if (!state->in || !state->out)
		goto full;
	if (state->pf == NFPROTO_BRIDGE) {
		bridge = bridge_of(state->out);
		if (!bridge)
			goto full;
	}
	if (!room_take(cn, packets, bytes))
		goto full;
	held = kmem_cache_alloc(held_cache, GFP_ATOMIC | __GFP_NOWARN);
	/* Pages that a sender waits for are copied. */
	if (!held || skb_orphan_frags_rx(skb, GFP_ATOMIC)) {
		censor_stats_add(cn->stats, CENSOR_STAT_NO_MEMORY, 1);
		goto give;
	}
	*held = (struct held_packet) {
		.at = ktime_get_ns() + delay,
		.skb = skb,
		.okfn = state->okfn,
		.in = state->in->ifindex,
		.out = state->out->ifindex,
		.bridge = bridge,
		.bytes = bytes,
		.packets = packets,
		.pf = state->pf,
		.hook = state->hook,
	};
	err = add(&cn->holding, held);
	if (!err)
		return 0;
	if (err == -ENETDOWN) {
		kmem_cache_free(held_cache, held);
		room_give(cn, packets, bytes);
		censor_stats_add(cn->stats, CENSOR_STAT_HELD_LOST, packets);
		return err;
	}
give:
	if (held)
		kmem_cache_free(held_cache, held);
	room_give(cn, packets, bytes);
full:
	censor_stats_add(cn->stats, CENSOR_STAT_HELD_FULL, packets);
	return -ENOBUFS;
}

/* The way that it was on. Under rcu_read_lock(). Return: false if a device is gone. */
static bool revive(struct censor_net *cn, const struct held_packet *held,
		   struct nf_hook_state *state)
{
	struct net_device *in = dev_get_by_index_rcu(cn->net, held->in);
	struct net_device *out = dev_get_by_index_rcu(cn->net, held->out);

	if (!in || !out)
		return false;
	/* Only the bridge that it came through knows what okfn is for. */
	if (held->pf == NFPROTO_BRIDGE && bridge_of(out) != held->bridge)
		return false;
	nf_hook_state_init(state, held->hook, held->pf, in, out, NULL, cn->net, held->okfn);
	held->skb->dev = held->pf == NFPROTO_BRIDGE ? out : in;
	return true;
}

/* It is out of the tree. Under rcu_read_lock() with bottom halves off. */
static void go_on(struct censor_net *cn, struct held_packet *held)
{
	struct sk_buff *skb = held->skb;
	struct censor_onward onward;
	struct nf_hook_state state;

	if (revive(cn, held, &state) && censor_onward_find(&onward, &state, cn)) {
		censor_onward_send(&onward, &state, skb);
	} else {
		censor_stats_add(cn->stats, CENSOR_STAT_HELD_LOST, held->packets);
		kfree_skb_reason(skb, SKB_DROP_REASON_NETFILTER_DROP);
	}
	kmem_cache_free(held_cache, held);
}

/* The next one, if it is due at @now; else the timer waits for it. */
static struct held_packet *take(struct censor_net *cn, u64 now)
{
	struct censor_holding *holding = &cn->holding;
	struct held_packet *held;

	spin_lock(&holding->lock);
	held = first_of(holding);
	if (held && held->at > now) {
		arm(holding);
		held = NULL;
	}
	if (held) {
		rb_erase_cached(&held->node, &holding->held);
		room_give(cn, held->packets, held->bytes);
	}
	spin_unlock(&holding->lock);
	return held;
}

static void held_send(struct tasklet_struct *tasklet)
{
	struct censor_net *cn = container_of(tasklet, struct censor_net, holding.sender);
	struct held_packet *held;
	int n;

	rcu_read_lock();
	for (n = 0; n < SEND_AT_ONCE; n++) {
		held = take(cn, ktime_get_ns());
		if (!held)
			break;
		go_on(cn, held);
	}
	rcu_read_unlock();
	if (n == SEND_AT_ONCE)
		tasklet_schedule(tasklet);
}

static enum hrtimer_restart held_due(struct hrtimer *timer)
{
	struct censor_holding *holding = container_of(timer, struct censor_holding, timer);

	tasklet_schedule(&holding->sender);
	return HRTIMER_NORESTART;
}

void censor_holding_open(struct censor_net *cn)
{
	spin_lock_bh(&cn->holding.lock);
	cn->holding.open = true;
	spin_unlock_bh(&cn->holding.lock);
}

void censor_holding_close(struct censor_net *cn)
{
	struct held_packet *held;

	spin_lock_bh(&cn->holding.lock);
	cn->holding.open = false;
	spin_unlock_bh(&cn->holding.lock);
	do {
		local_bh_disable();
		rcu_read_lock();
		held = take(cn, U64_MAX);
		if (held)
			go_on(cn, held);
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
	} while (held);
	/* With nothing held neither has the other begin again. */
	hrtimer_cancel(&cn->holding.timer);
	tasklet_kill(&cn->holding.sender);
}

/* Those whose way is by a device are lost with it. */
static void lose_with(struct censor_net *cn, int device)
{
	struct censor_holding *holding = &cn->holding;
	struct rb_node *node, *next;
	struct held_packet *held;
	struct sk_buff_head lost;

	__skb_queue_head_init(&lost);
	spin_lock_bh(&holding->lock);
	for (node = rb_first_cached(&holding->held); node; node = next) {
		next = rb_next(node);
		held = rb_entry(node, struct held_packet, node);
		if (held->in != device && held->out != device && held->bridge != device)
			continue;
		rb_erase_cached(node, &holding->held);
		room_give(cn, held->packets, held->bytes);
		censor_stats_add(cn->stats, CENSOR_STAT_HELD_LOST, held->packets);
		__skb_queue_tail(&lost, held->skb);
		kmem_cache_free(held_cache, held);
	}
	spin_unlock_bh(&holding->lock);
	while (!skb_queue_empty(&lost))
		kfree_skb_reason(__skb_dequeue(&lost), SKB_DROP_REASON_NETFILTER_DROP);
}

/*
 * A bridge has let go of its ports by then, and no packet is on its way through it any more: so
 * none is held again whose okfn could go with the bridge's module.
 */
static int device_changed(struct notifier_block *block, unsigned long event, void *data)
{
	struct censor_net *cn = container_of(block, struct censor_net, holding.devices);

	if (event == NETDEV_UNREGISTER)
		lose_with(cn, netdev_notifier_info_to_dev(data)->ifindex);
	return NOTIFY_DONE;
}

int censor_holding_init(struct censor_net *cn)
{
	struct censor_holding *holding = &cn->holding;

	spin_lock_init(&holding->lock);
	holding->held = RB_ROOT_CACHED;
	hrtimer_setup(&holding->timer, held_due, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);
	tasklet_setup(&holding->sender, held_send);
	holding->devices.notifier_call = device_changed;
	return register_netdevice_notifier_net(cn->net, &holding->devices);
}

void censor_holding_exit(struct censor_net *cn)
{
	unregister_netdevice_notifier_net(cn->net, &cn->holding.devices);
}

int censor_holding_cache_init(void)
{
	held_cache = kmem_cache_create("nf_censor_held", sizeof(struct held_packet), 0, 0, NULL);
	return held_cache ? 0 : -ENOMEM;
}

void censor_holding_cache_exit(void)
{
	kmem_cache_destroy(held_cache);
}
