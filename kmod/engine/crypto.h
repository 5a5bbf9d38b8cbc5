/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ciphers and hashes that a censor needs. AES and SHA-256 a host brings: the kernel's own
 * library (kmod/crypto.c), or nettle (userspace-ctl/crypto.c). GHASH and MD5 are the engine's:
 * kernels have them as modules or behind an interface that allocates, or not at all. None of them
 * sleeps or allocates. None of them keeps a secret: what they read, anyone on the path can.
 */
#ifndef _CENSOR_CRYPTO_H
#define _CENSOR_CRYPTO_H

#include "host.h"

/** struct censor_aes - room for a host's AES-128 key schedule, on 8 bytes */
struct censor_aes {
	u64 room[64];
};

void censor_aes_set(struct censor_aes *aes, const u8 key[16]);
/** censor_aes_block() - encrypt a block; @out may be @in */
void censor_aes_block(const struct censor_aes *aes, u8 out[16], const u8 in[16]);

/** censor_aes256_block() - encrypt one block with a key that is used once */
void censor_aes256_block(const u8 key[32], u8 out[16], const u8 in[16]);

/**
 * censor_ghash() - GHASH (NIST SP 800-38D 6.4) of blocks
 * @h: the hash key
 * @y: the hash so far, zeroed to begin with
 * @len: bytes; the last block is filled with zeroes
 */
void censor_ghash(const u8 h[16], u8 y[16], const u8 *data, u32 len);

/** censor_sha256() - FIPS 180-4 */
void censor_sha256(const u8 *data, u32 len, u8 digest[32]);
/** censor_hmac_sha256() - RFC 2104; keys of any length */
void censor_hmac_sha256(const u8 *key, u32 key_len, const u8 *data, u32 len, u8 digest[32]);
/** censor_md5() - RFC 1321, for fingerprints that are defined by it */
void censor_md5(const u8 *data, u32 len, u8 digest[16]);

#endif
