/* SPDX-License-Identifier: GPL-2.0 */
/* Where packets come in. */
#ifndef _CENSOR_HOOK_H
#define _CENSOR_HOOK_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

unsigned int censor_hook_routed(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state);
unsigned int censor_hook_bridged(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state);

#endif
