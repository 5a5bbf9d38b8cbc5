/* SPDX-License-Identifier: GPL-2.0 */
/* What goes on in a packet's place: its segments one by one, or other bytes. */
#ifndef _CENSOR_ONWARD_H
#define _CENSOR_ONWARD_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

/**
 * struct censor_onward - the rest of a packet's way through the hooks
 * @entries: the hooks
 * @next: the first that comes after ours
 */
struct censor_onward {
	const struct nf_hook_entries *entries;
	unsigned int next;
};

/**
 * censor_onward_find() - where packets go from here
 * @onward: filled
 * @state: of our hook
 * @priv: of our hook
 *
 * Under rcu_read_lock(), as long as @onward is used.
 *
 * Return: false if our hook is being taken out: then packets are to be left alone.
 */
bool censor_onward_find(struct censor_onward *onward, const struct nf_hook_state *state,
			const void *priv);

/**
 * censor_onward_send() - let a packet go on that its hook has not let go on
 * @onward: from censor_onward_find()
 * @state: of the hook; copied
 * @skb: the packet
 *
 * No lock that a hook takes may be held.
 */
void censor_onward_send(const struct censor_onward *onward, const struct nf_hook_state *state,
			struct sk_buff *skb);

/**
 * censor_onward_split() - make a packet of segmentation offload the packets that it stands for
 * @skb: the packet, in the hook of @pf; as it was where this fails, else to be given back
 *
 * Return: the first, the others by their @next, or an error.
 */
struct sk_buff *censor_onward_split(struct sk_buff *skb, u8 pf);

/**
 * censor_onward_rewrite() - other bytes in place of a packet's, from its IP header on
 * @skb: no packet of segmentation offload, in the hook of @pf
 * @bytes: a whole packet with its checksums
 * @len: its length
 *
 * Return: 0, or -ENOMEM when the packet is as it was.
 */
int censor_onward_rewrite(struct sk_buff *skb, u8 pf, const u8 *bytes, u32 len);

/** censor_onward_ttl() - set a packet's TTL or hop limit. Return: 0 or -ENOMEM. */
int censor_onward_ttl(struct sk_buff *skb, u8 ttl);

#endif
