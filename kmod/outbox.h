/* SPDX-License-Identifier: GPL-2.0 */
/* Injected packets, from the moment they are forged until they are sent. */
#ifndef _CENSOR_OUTBOX_H
#define _CENSOR_OUTBOX_H

#include <linux/interrupt.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "pernet.h"
#include "worker.h"

/**
 * censor_outbox_add() - have a forged packet sent once the packet that triggered it is on its way
 * @cn: the namespace
 * @worker: this CPU's, locked
 * @state: of the hook
 * @trigger: the packet that triggered it
 * @to: CENSOR_TO_CLIENT or CENSOR_TO_SERVER
 * @len: bytes of it in @worker->packet
 * @delay: nanoseconds of the host's clock until it is sent; 0: at once
 *
 * Under rcu_read_lock() with bottom halves off. Counted as injected when it is sent, and as a
 * failure where it can't be.
 *
 * Return: false where there is no room or no way for it.
 */
bool censor_outbox_add(struct censor_net *cn, struct censor_worker *worker,
		       const struct nf_hook_state *state, const struct sk_buff *trigger, u8 to,
		       u32 len, u64 delay);

/** censor_outbox_send() - a worker's tasklet */
void censor_outbox_send(struct tasklet_struct *tasklet);

/** censor_outbox_due() - a worker's timer */
enum hrtimer_restart censor_outbox_due(struct hrtimer *timer);

/**
 * censor_outbox_purge() - drop what a namespace has not sent yet
 * @cn: the namespace, without hooks
 *
 * What is being sent just now uses the namespace until synchronize_net(). Once the namespace is
 * gone (its @gone says so before this is called) nothing is put off any more.
 */
void censor_outbox_purge(struct censor_net *cn);

#endif
