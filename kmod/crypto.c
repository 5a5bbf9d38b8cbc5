// SPDX-License-Identifier: GPL-2.0
/*
 * What the engine asks of a host: crypto.h, by the kernel's library of bare functions. Its crypto
 * API would not do: to set a key there may sleep, and every connection of QUIC's has its own.
 */
#include <crypto/aes.h>
#include <crypto/sha2.h>

#include "engine/crypto.h"

#ifdef HAVE_AES_ENCKEY
typedef struct aes_enckey aes_schedule;
#else
typedef struct crypto_aes_ctx aes_schedule;
#endif

void censor_aes_set(struct censor_aes *aes, const u8 key[16])
{
	aes_schedule *schedule = (aes_schedule *)aes->room;

	BUILD_BUG_ON(sizeof(*schedule) > sizeof(aes->room));
	BUILD_BUG_ON(__alignof__(*schedule) > __alignof__(aes->room));
	/* It fails for lengths that no key has. */
#ifdef HAVE_AES_ENCKEY
	aes_prepareenckey(schedule, key, AES_KEYSIZE_128);
#else
	aes_expandkey(schedule, key, AES_KEYSIZE_128);
#endif
}

void censor_aes_block(const struct censor_aes *aes, u8 out[16], const u8 in[16])
{
	aes_encrypt((const aes_schedule *)aes->room, out, in);
}

void censor_aes256_block(const u8 key[32], u8 out[16], const u8 in[16])
{
	aes_schedule schedule;

#ifdef HAVE_AES_ENCKEY
	aes_prepareenckey(&schedule, key, AES_KEYSIZE_256);
#else
	aes_expandkey(&schedule, key, AES_KEYSIZE_256);
#endif
	aes_encrypt(&schedule, out, in);
}

void censor_sha256(const u8 *data, u32 len, u8 digest[32])
{
	sha256(data, len, digest);
}

#ifdef HAVE_HMAC_SHA256

void censor_hmac_sha256(const u8 *key, u32 key_len, const u8 *data, u32 len, u8 digest[32])
{
	hmac_sha256_usingrawkey(key, key_len, data, len, digest);
}

#else

void censor_hmac_sha256(const u8 *key, u32 key_len, const u8 *data, u32 len, u8 digest[32])
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
