/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is not spelled the same in all kernels, in the words of the newest; the code elsewhere knows
 * no others. Which of them a kernel has, Kbuild finds in its headers.
 */
#ifndef _CENSOR_COMPAT_H
#define _CENSOR_COMPAT_H

#include <crypto/aes.h>
#include <crypto/sha2.h>
#include <linux/hrtimer.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/dst.h>

/* skb_gso_segment() and its like; before, skbuff.h and netdevice.h had them. */
#ifdef HAVE_NET_GSO_H
#include <net/gso.h>
#endif

#ifndef HAVE_SKB_DST_DEV
static inline struct net_device *skb_dst_dev(const struct sk_buff *skb)
{
	return skb_dst(skb)->dev;
}
#endif

#ifndef HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*due)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = due;
}
#endif

/* A key schedule for encryption alone; before, there was the one for both ways. */
#ifndef HAVE_AES_ENCKEY
#define aes_enckey crypto_aes_ctx

static inline int aes_prepareenckey(struct aes_enckey *schedule, const u8 *key, size_t len)
{
	return aes_expandkey(schedule, key, len);
}
#endif

#ifndef HAVE_HMAC_SHA256
static inline void hmac_sha256_usingrawkey(const u8 *key, size_t key_len, const u8 *data,
					   size_t len, u8 digest[SHA256_DIGEST_SIZE])
{
	struct sha256_state state;
	u8 pad[SHA256_BLOCK_SIZE];
	u32 i;

	memset(pad, 0, sizeof(pad));
	if (key_len > sizeof(pad))
		sha256(key, key_len, pad);
	else
		memcpy(pad, key, key_len);
	for (i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36;
	sha256_init(&state);
	sha256_update(&state, pad, sizeof(pad));
	sha256_update(&state, data, len);
	sha256_final(&state, digest);
	for (i = 0; i < sizeof(pad); i++)
		pad[i] ^= 0x36 ^ 0x5c;
	sha256_init(&state);
	sha256_update(&state, pad, sizeof(pad));
	sha256_update(&state, digest, SHA256_DIGEST_SIZE);
	sha256_final(&state, digest);
}
#endif

#endif
