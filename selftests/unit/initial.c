// SPDX-License-Identifier: GPL-2.0
/* QUIC packets for tests: initial.h. */
#include <nettle/gcm.h>
#include <nettle/hkdf.h>
#include <nettle/hmac.h>

#include "initial.h"

static const u8 salt_v1[20] = {
	0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
	0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a,
};

static const u8 salt_v2[20] = {
	0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
	0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9,
};

static const u8 salt_draft[20] = {
	0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
	0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99,
};

static void update(void *ctx, size_t len, const uint8_t *data)
{
	hmac_sha256_update(ctx, len, data);
}

static void digest_of(void *ctx, size_t len, uint8_t *digest)
{
	hmac_sha256_digest(ctx, len, digest);
}

static void expand(const u8 *secret, const char *label, u8 *out, u32 len)
{
	struct hmac_sha256_ctx ctx;
	u8 info[64];
	u32 n = (u32)strlen(label);

	info[0] = 0;
	info[1] = (u8)len;
	info[2] = (u8)n;
	memcpy(info + 3, label, n);
	info[3 + n] = 0;
	hmac_sha256_set_key(&ctx, 32, secret);
	hkdf_expand(&ctx, update, digest_of, 32, 4 + n, info, len, out);
}

struct protection {
	u8 key[16], iv[12], hp[16];
};

static void derive(const struct initial *initial, struct protection *keys)
{
	bool v2 = initial->version == INITIAL_V2;
	const u8 *cid = initial->keys ? initial->keys : initial->dcid;
	u32 cid_len = initial->keys ? initial->keys_len : initial->dcid_len;
	struct hmac_sha256_ctx ctx;
	u8 early[32], secret[32];

	hmac_sha256_set_key(&ctx, 20, v2 ? salt_v2 : initial->version == INITIAL_DRAFT ?
			    salt_draft : salt_v1);
	hkdf_extract(&ctx, update, digest_of, 32, cid_len, cid, early);
	expand(early, initial->server ? "tls13 server in" : "tls13 client in", secret, 32);
	expand(secret, v2 ? "tls13 quicv2 key" : "tls13 quic key", keys->key, 16);
	expand(secret, v2 ? "tls13 quicv2 iv" : "tls13 quic iv", keys->iv, 12);
	expand(secret, v2 ? "tls13 quicv2 hp" : "tls13 quic hp", keys->hp, 16);
}

u32 initial_integer(u8 *out, u64 value, u32 n)
{
	u32 i;

	if (!n)
		n = value < 1 << 6 ? 1 : value < 1 << 14 ? 2 : value < 1 << 30 ? 4 : 8;
	for (i = n; i--; value >>= 8)
		out[i] = (u8)value;
	out[0] = (u8)((out[0] & 0x3f) | (n == 8 ? 3 : n / 2) << 6);
	return n;
}

u32 initial_crypto(u8 *out, u64 offset, const u8 *data, u32 len)
{
	u32 at = 0;

	out[at++] = 6;
	at += initial_integer(out + at, offset, 0);
	at += initial_integer(out + at, len, 0);
	memcpy(out + at, data, len);
	return at + len;
}

/* Seal @len bytes behind a header of @head bytes and a number of @n. */
static void seal(u8 *out, const struct initial *initial, u32 head, u32 n, u32 len)
{
	struct protection keys;
	struct gcm_aes128_ctx gcm;
	struct aes128_ctx aes;
	u8 mask[16];
	u32 i;

	derive(initial, &keys);
	for (i = 0; i < n; i++)
		keys.iv[12 - n + i] ^= out[head + i];
	gcm_aes128_set_key(&gcm, keys.key);
	gcm_aes128_set_iv(&gcm, 12, keys.iv);
	gcm_aes128_update(&gcm, head + n, out);
	gcm_aes128_encrypt(&gcm, len, out + head + n, out + head + n);
	gcm_aes128_digest(&gcm, 16, out + head + n + len);
	aes128_set_encrypt_key(&aes, keys.hp);
	aes128_encrypt(&aes, 16, mask, out + head + 4);
	out[0] ^= mask[0] & 0x0f;
	for (i = 0; i < n; i++)
		out[head + i] ^= mask[1 + i];
}

u32 initial_put(u8 *out, const struct initial *initial)
{
	u32 n = initial->number_len ? initial->number_len : 4, at = 0, len, i;
	u32 version = initial->version ? initial->version : INITIAL_V1;
	u8 type = version == INITIAL_V2 ? (initial->type + 1) & 3 : initial->type;

	out[at++] = (u8)(0xc0 | type << 4 | initial->reserved | (n - 1));
	censor_put32(out + at, version);
	at += 4;
	out[at++] = (u8)initial->dcid_len;
	memcpy(out + at, initial->dcid, initial->dcid_len);
	at += initial->dcid_len;
	out[at++] = (u8)initial->scid_len;
	memcpy(out + at, initial->scid, initial->scid_len);
	at += initial->scid_len;
	if (initial->type == INITIAL_RETRY) {
		memset(out + at, 0x5a, initial->token_len + 16);
		return at + initial->token_len + 16;
	}
	if (initial->type == INITIAL_INITIAL) {
		at += initial_integer(out + at, initial->token_len, 0);
		memset(out + at, 0x5a, initial->token_len);
		at += initial->token_len;
	}
	len = initial->len;
	if (initial->fill > at + 4 + n + len + 16)
		len = initial->fill - (at + (initial->fill < 16384 ? 2 : 4) + n + 16);
	at += initial_integer(out + at, (u64)((int)(n + len + 16) + initial->longer),
			      n + len + 16 < 16384 ? 2 : 4);
	for (i = 0; i < n; i++)
		out[at + i] = (u8)(initial->number >> 8 * (n - 1 - i));
	memset(out + at + n, 0, len);
	if (initial->len)
		memcpy(out + at + n, initial->frames, initial->len);
	seal(out, initial, at, n, len);
	return at + n + len + 16;
}
