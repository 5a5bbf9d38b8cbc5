/* SPDX-License-Identifier: GPL-2.0 */
/* Packets that the policy delays, from when they were judged until they go on. */
#ifndef _CENSOR_HOLDING_H
#define _CENSOR_HOLDING_H

#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/netfilter.h>
#include <linux/notifier.h>
#include <linux/rbtree.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>

struct censor_net;

/**
 * struct censor_holding - a namespace's delayed packets
 * @lock: guards @held and @open, taken with bottom halves off
 * @held: the packets, by the time at which they go on
 * @open: more may come
 * @n: how many there are; one of segmentation offload is as many as it stands for
 * @max: limit of @n
 * @timer: goes off at the time of the first of them
 * @sender: lets those go on that are due
 * @devices: tells of devices that go, with which go the packets that were to go by them
 */
struct censor_holding {
	spinlock_t lock;	/* of the next two */
	struct rb_root_cached held;
	bool open;
	atomic_t n;
	int max;
	struct hrtimer timer;
	struct tasklet_struct sender;
	struct notifier_block devices;
};

/**
 * censor_hold() - let a packet go on later
 * @cn: the namespace
 * @state: of the hook that the packet is in
 * @skb: the packet
 * @packets: how many it stands for
 * @delay: nanoseconds of the host's clock
 *
 * Under rcu_read_lock() with bottom halves off. Those of one time go on in the order in which they
 * came, through the hooks behind ours.
 *
 * Return: 0, when @skb is the holding's; -ENOBUFS, counted, when there is no room for it: it is as
 * it was and goes on at once; -ENETDOWN, counted, when it can't be kept and can't go on either.
 */
int censor_hold(struct censor_net *cn, const struct nf_hook_state *state, struct sk_buff *skb,
		u32 packets, u64 delay);

/** censor_holding_open() - packets may be held from now on: our hooks are there */
void censor_holding_open(struct censor_net *cn);

/**
 * censor_holding_close() - let all that are held go on now, and hold no more
 * @cn: the namespace; our hooks are still there, or there is no way on
 *
 * May sleep.
 */
void censor_holding_close(struct censor_net *cn);

/**
 * censor_holding_init() - when the namespace begins; nothing is held before censor_holding_open()
 * @cn: the namespace
 *
 * May sleep.
 *
 * Return: 0, or an error when nothing is left to be undone.
 */
int censor_holding_init(struct censor_net *cn);

/**
 * censor_holding_exit() - what censor_holding_init() did, undone
 * @cn: the namespace; after censor_holding_close(), if it was ever open
 *
 * May sleep.
 */
void censor_holding_exit(struct censor_net *cn);

/** censor_holding_cache_init() - at module load. Return: 0 or -ENOMEM. */
int censor_holding_cache_init(void);
/** censor_holding_cache_exit() - at module exit, when no namespace is left */
void censor_holding_cache_exit(void);

#endif
