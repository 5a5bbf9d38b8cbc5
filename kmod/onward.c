// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: packets that go on by our hand
 *
 * Where a packet of segmentation offload can't go on whole, its segments go on one by one through
 * the hooks that come after ours, as the packet would have, and then to what the hooks are for.
 */
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <net/checksum.h>
#include <net/ip.h>

#include "compat.h"
#include "onward.h"

static const struct nf_hook_entries *hook_entries(const struct nf_hook_state *state)
{
	const struct net *net = state->net;

	switch (state->pf) {
	case NFPROTO_IPV4:
		return rcu_dereference(net->nf.hooks_ipv4[state->hook]);
	case NFPROTO_IPV6:
		return rcu_dereference(net->nf.hooks_ipv6[state->hook]);
#if IS_ENABLED(CONFIG_NETFILTER_FAMILY_BRIDGE)
	case NFPROTO_BRIDGE:
		return rcu_dereference(net->nf.hooks_bridge[state->hook]);
#endif
	default:
		return NULL;
	}
}

bool censor_onward_find(struct censor_onward *onward, const struct nf_hook_state *state,
			const void *priv)
{
	const struct nf_hook_entries *entries = hook_entries(state);
	unsigned int i;

	for (i = 0; entries && i < entries->num_hook_entries; i++) {
		if (entries->hooks[i].priv == priv) {
			onward->entries = entries;
			onward->next = i + 1;
			return true;
		}
	}
	return false;
}

void censor_onward_send(const struct censor_onward *onward, const struct nf_hook_state *state,
			struct sk_buff *skb)
{
	struct nf_hook_state copy = *state;

	if (nf_hook_slow(skb, &copy, onward->entries, onward->next) == 1)
		copy.okfn(copy.net, copy.sk, skb);
}

struct sk_buff *censor_onward_split(struct sk_buff *skb, u8 pf)
{
	u32 link = pf == NFPROTO_BRIDGE ? ETH_HLEN : 0;
	u16 mac_header = skb->mac_header, mac_len = skb->mac_len;
	struct sk_buff *segments, *segment;

	/* A segment has a copy of what comes before the payload, from here on. */
	skb_push(skb, link);
	segments = skb_gso_segment(skb, 0);
	if (IS_ERR_OR_NULL(segments)) {
		skb_pull(skb, link);
		skb->mac_header = mac_header;
		skb->mac_len = mac_len;
		return segments ?: ERR_PTR(-EINVAL);
	}
	for (segment = segments; segment; segment = segment->next)
		skb_pull(segment, link);
	return segments;
}

/* Make it so long: never by more than a TCP header. */
static int resize(struct sk_buff *skb, u32 len)
{
	u32 more;

	if (skb->len >= len)
		return pskb_trim(skb, len);
	more = len - skb->len;
	if (skb_linearize(skb))
		return -ENOMEM;
	if (skb_tailroom(skb) < more && pskb_expand_head(skb, 0, more, GFP_ATOMIC))
		return -ENOMEM;
	skb_put_zero(skb, more);
	return 0;
}

int censor_onward_rewrite(struct sk_buff *skb, u8 pf, const u8 *bytes, u32 len)
{
	/* What is shared with others is theirs, the place where offloads are told included. */
	if (skb_unclone(skb, GFP_ATOMIC) || resize(skb, len) || !pskb_may_pull(skb, len))
		return -ENOMEM;
	memcpy(skb_network_header(skb), bytes, len);
	skb->ip_summed = CHECKSUM_NONE;
	if (skb_is_gso(skb))
		skb_gso_reset(skb);
	if (bytes[0] >> 4 == 6) {
		skb_set_transport_header(skb, sizeof(struct ipv6hdr));
		return 0;
	}
	skb_set_transport_header(skb, sizeof(struct iphdr));
	/* The options that the routing code remembers are not there any more. */
	if (pf != NFPROTO_BRIDGE)
		memset(&IPCB(skb)->opt, 0, sizeof(IPCB(skb)->opt));
	return 0;
}

int censor_onward_ttl(struct sk_buff *skb, u8 ttl)
{
	struct iphdr *ip;

	if (skb->protocol == htons(ETH_P_IPV6)) {
		if (skb_ensure_writable(skb, sizeof(struct ipv6hdr)))
			return -ENOMEM;
		ipv6_hdr(skb)->hop_limit = ttl;
		return 0;
	}
	if (skb_ensure_writable(skb, sizeof(*ip)))
		return -ENOMEM;
	ip = ip_hdr(skb);
	csum_replace2(&ip->check, htons(ip->ttl << 8), htons(ttl << 8));
	ip->ttl = ttl;
	return 0;
}
