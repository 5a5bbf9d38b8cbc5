// SPDX-License-Identifier: GPL-2.0
/*
 * What the engine asks of a host: crypto.h, by the kernel's library of bare functions. Its crypto
 * API would not do: to set a key there may sleep, and every connection of QUIC's has its own.
 */
#include "compat.h"
#include "engine/crypto.h"

void censor_aes_set(struct censor_aes *aes, const u8 key[16])
{
	struct aes_enckey *schedule = (struct aes_enckey *)aes->room;

	BUILD_BUG_ON(sizeof(*schedule) > sizeof(aes->room));
	BUILD_BUG_ON(__alignof__(*schedule) > __alignof__(aes->room));
	/* It fails for lengths that no key has. */
	aes_prepareenckey(schedule, key, AES_KEYSIZE_128);
}

void censor_aes_block(const struct censor_aes *aes, u8 out[16], const u8 in[16])
{
	aes_encrypt((const struct aes_enckey *)aes->room, out, in);
}

void censor_aes256_block(const u8 key[32], u8 out[16], const u8 in[16])
{
	struct aes_enckey schedule;

	aes_prepareenckey(&schedule, key, AES_KEYSIZE_256);
	aes_encrypt(&schedule, out, in);
}

void censor_sha256(const u8 *data, u32 len, u8 digest[32])
{
	sha256(data, len, digest);
}

void censor_hmac_sha256(const u8 *key, u32 key_len, const u8 *data, u32 len, u8 digest[32])
{
	hmac_sha256_usingrawkey(key, key_len, data, len, digest);
}
