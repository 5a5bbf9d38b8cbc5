// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: what protects an Initial
 *
 * Not a secret: keys are derived (HKDF, RFC 5869) from a salt that the version fixes and the
 * destination connection ID in the packet itself (RFC 9001 5.2). The payload is encrypted with
 * AES-128-GCM, and the packet number and a few bits of the first byte with a mask from sixteen
 * bytes of the ciphertext (5.4). To read a payload takes AES in counter mode only; to check its tag
 * takes GHASH over header and ciphertext.
 */
#include "crypto.h"
#include "quic-parts.h"

/* RFC 9001 5.2, RFC 9369 3.3.1, draft-ietf-quic-tls-29 5.2. */
static const u8 salts[CENSOR_QUIC_VERSIONS][20] = {
	[CENSOR_QUIC_V1] = { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
			     0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a },
	[CENSOR_QUIC_V2] = { 0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
			     0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9 },
	[CENSOR_QUIC_DRAFT_29] = { 0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
				   0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99 },
};

/* HKDF-Expand-Label (RFC 8446 7.1) of up to 32 bytes, with no context. */
static void expand(const u8 secret[32], const char *label, u8 *out, u32 len)
{
	u32 n = (u32)strlen(label);
	u8 info[64], block[32];

	info[0] = 0;
	info[1] = (u8)len;
	info[2] = (u8)(6 + n);
	memcpy(info + 3, "tls13 ", 6);
	memcpy(info + 9, label, n);
	info[9 + n] = 0;
	info[10 + n] = 1;	/* the first block, and only one */
	censor_hmac_sha256(secret, 32, info, 11 + n, block);
	memcpy(out, block, len);
}

void censor_quic_client_keys(const struct censor_quic_packet *packet,
			     struct censor_quic_keys *keys)
{
	bool v2 = packet->version == CENSOR_QUIC_V2;
	u8 secret[32];

	censor_hmac_sha256(salts[packet->version], sizeof(salts[0]), packet->dcid,
			   packet->dcid_len, secret);
	expand(secret, "client in", secret, sizeof(secret));
	expand(secret, v2 ? "quicv2 key" : "quic key", keys->key, sizeof(keys->key));
	expand(secret, v2 ? "quicv2 iv" : "quic iv", keys->iv, sizeof(keys->iv));
	expand(secret, v2 ? "quicv2 hp" : "quic hp", keys->hp, sizeof(keys->hp));
}

/*
 * The packet's header without protection: its first byte, and @number, of which @first tells the
 * length. The reserved bits are 0 if the keys are right (RFC 9000 17.2); three of four wrong ones
 * are found out here.
 */
static bool unmask(const struct censor_quic_packet *packet, const struct censor_aes *aes, u8 *first,
		   u8 number[4])
{
	const u8 *body = packet->data + packet->head;
	u8 mask[16];
	u32 i;

	censor_aes_block(aes, mask, body + 4);
	*first = packet->data[0] ^ (mask[0] & 0x0f);
	if (*first & 0x0c)
		return false;
	for (i = 0; i < 4; i++)
		number[i] = body[i] ^ mask[1 + i];
	return true;
}

/* GCM's tag (NIST SP 800-38D 7.2). @room: for the header as it was authenticated, unmasked. */
static bool tag_right(const struct censor_quic_packet *packet, const struct censor_aes *aes,
		      u8 first, const u8 *number, u8 *block, u8 *room)
{
	u8 h[16] = { 0 }, y[16] = { 0 }, lengths[16] = { 0 }, diff = 0;
	u32 n = (first & 3) + 1, head = packet->head + n;
	u32 len = packet->body - n - CENSOR_QUIC_TAG, i;
	const u8 *tag = packet->data + head + len;

	memcpy(room, packet->data, packet->head);
	room[0] = first;
	memcpy(room + packet->head, number, n);
	censor_put32(lengths + 4, head * 8);
	censor_put32(lengths + 12, len * 8);
	censor_aes_block(aes, h, h);
	censor_ghash(h, y, room, head);
	censor_ghash(h, y, packet->data + head, len);
	censor_ghash(h, y, lengths, sizeof(lengths));
	censor_put32(block + 12, 1);
	censor_aes_block(aes, h, block);
	for (i = 0; i < CENSOR_QUIC_TAG; i++)
		diff |= y[i] ^ h[i] ^ tag[i];
	return !diff;
}

bool censor_quic_open(const struct censor_quic_packet *packet, const struct censor_quic_keys *keys,
		      bool tag, struct censor_quic_scratch *scratch, u32 *len, bool *cut)
{
	u8 block[16], stream[16], number[4], first;
	const u8 *in;
	u32 n, i, j, part;

	censor_aes_set(&scratch->aes, keys->hp);
	if (!unmask(packet, &scratch->aes, &first, number))
		return false;
	n = (first & 3) + 1;
	memcpy(block, keys->iv, sizeof(keys->iv));
	for (i = 0; i < n; i++)
		block[12 - n + i] ^= number[i];
	censor_aes_set(&scratch->aes, keys->key);
	/* A longer one than goes over any wire is not worth hashing. */
	if (tag && (packet->there < packet->body || packet->body > sizeof(scratch->payload) ||
		    packet->head + n > sizeof(scratch->payload) ||
		    !tag_right(packet, &scratch->aes, first, number, block, scratch->payload)))
		return false;

	in = packet->data + packet->head + n;
	*len = packet->body - n - CENSOR_QUIC_TAG;
	part = min(packet->there - n, (u32)sizeof(scratch->payload));
	*cut = part < *len;
	*len = min(*len, part);
	for (i = 0; i < *len; i += 16) {
		censor_put32(block + 12, 2 + i / 16);
		censor_aes_block(&scratch->aes, stream, block);
		part = min(*len - i, 16u);
		for (j = 0; j < part; j++)
			scratch->payload[i + j] = in[i + j] ^ stream[j];
	}
	return true;
}
