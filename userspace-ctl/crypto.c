// SPDX-License-Identifier: GPL-2.0
/* What the engine asks of a host: engine/crypto.h, by nettle. */
#include <nettle/aes.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>

#include "engine/crypto.h"

void censor_aes_set(struct censor_aes *aes, const u8 key[16])
{
	BUILD_BUG_ON(sizeof(struct aes128_ctx) > sizeof(aes->room));
	aes128_set_encrypt_key((struct aes128_ctx *)aes->room, key);
}

void censor_aes_block(const struct censor_aes *aes, u8 out[16], const u8 in[16])
{
	aes128_encrypt((const struct aes128_ctx *)aes->room, AES_BLOCK_SIZE, out, in);
}

void censor_aes256_block(const u8 key[32], u8 out[16], const u8 in[16])
{
	struct aes256_ctx ctx;

	aes256_set_encrypt_key(&ctx, key);
	aes256_encrypt(&ctx, AES_BLOCK_SIZE, out, in);
}

void censor_sha256(const u8 *data, u32 len, u8 digest[32])
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, len, data);
	sha256_digest(&ctx, SHA256_DIGEST_SIZE, digest);
}

void censor_hmac_sha256(const u8 *key, u32 key_len, const u8 *data, u32 len, u8 digest[32])
{
	struct hmac_sha256_ctx ctx;

	hmac_sha256_set_key(&ctx, key_len, key);
	hmac_sha256_update(&ctx, len, data);
	hmac_sha256_digest(&ctx, SHA256_DIGEST_SIZE, digest);
}
