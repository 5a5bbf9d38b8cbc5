// SPDX-License-Identifier: GPL-2.0
/*
 * Noise_XX_25519_AESGCM_SHA256 with its messages in protobuf, as WhatsApp has it:
 *
 *	HandshakeMessage { ClientHello = 2, ServerHello = 3, ClientFinish = 4 }
 *	ClientHello { ephemeral = 1 }
 *	ServerHello { ephemeral = 1, static = 2, payload = 3 }
 *	ClientFinish { static = 1, payload = 2 }
 *
 * The prologue that both ends hash is what the client sends first: "WA" and its version.
 */
#include <string.h>

#include <nettle/curve25519.h>
#include <nettle/gcm.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>

#include "whatsapp.h"

#define KEY_SIZE	32
#define NAME		"Noise_XX_25519_AESGCM_SHA256"
#define PAYLOAD		180	/* about what certificates take, and what a client says of itself */

struct handshake {
	uint8_t hash[KEY_SIZE], chain[KEY_SIZE], key[KEY_SIZE];
	uint64_t count;
	uint8_t own_ephemeral[KEY_SIZE], own_ephemeral_public[KEY_SIZE];
	uint8_t own_static[KEY_SIZE], own_static_public[KEY_SIZE];
	uint8_t their_ephemeral[KEY_SIZE], their_static[KEY_SIZE];
};

static void mix_hash(struct handshake *h, const uint8_t *data, size_t len)
{
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, KEY_SIZE, h->hash);
	sha256_update(&sha, len, data);
	sha256_digest(&sha, KEY_SIZE, h->hash);
}

static void hmac(uint8_t out[KEY_SIZE], const uint8_t key[KEY_SIZE], const uint8_t *data,
		 size_t len)
{
	struct hmac_sha256_ctx ctx;

	hmac_sha256_set_key(&ctx, KEY_SIZE, key);
	hmac_sha256_update(&ctx, len, data);
	hmac_sha256_digest(&ctx, KEY_SIZE, out);
}

/* HKDF with two outputs, as Noise defines it. */
static void two_keys(const uint8_t chain[KEY_SIZE], const uint8_t *input, size_t len,
		     uint8_t one[KEY_SIZE], uint8_t two[KEY_SIZE])
{
	uint8_t secret[KEY_SIZE], block[KEY_SIZE + 1];

	hmac(secret, chain, input, len);
	hmac(block, secret, (const uint8_t *)"\x01", 1);
	memcpy(one, block, KEY_SIZE);
	block[KEY_SIZE] = 2;
	hmac(two, secret, block, sizeof(block));
}

static void mix_key(struct handshake *h, const uint8_t private[KEY_SIZE],
		    const uint8_t public[KEY_SIZE])
{
	uint8_t shared[KEY_SIZE], chain[KEY_SIZE];

	curve25519_mul(shared, private, public);
	two_keys(h->chain, shared, sizeof(shared), chain, h->key);
	memcpy(h->chain, chain, sizeof(chain));
	h->count = 0;
}

static void aead_begin(struct gcm_aes256_ctx *gcm, const uint8_t key[KEY_SIZE], uint64_t count,
		       const uint8_t *also, size_t also_len)
{
	uint8_t nonce[GCM_IV_SIZE] = { 0 };
	int i;

	for (i = 0; i < 8; i++)
		nonce[GCM_IV_SIZE - 1 - i] = (uint8_t)(count >> 8 * i);
	gcm_aes256_set_key(gcm, key);
	gcm_aes256_set_iv(gcm, sizeof(nonce), nonce);
	gcm_aes256_update(gcm, also_len, also);
}

static void encrypt(const uint8_t key[KEY_SIZE], uint64_t count, const uint8_t *also,
		    size_t also_len, uint8_t *out, const uint8_t *data, size_t len)
{
	struct gcm_aes256_ctx gcm;

	aead_begin(&gcm, key, count, also, also_len);
	gcm_aes256_encrypt(&gcm, len, out, data);
	gcm_aes256_digest(&gcm, TAG_SIZE, out + len);
}

/* @len bytes of which the last are the tag. */
static bool decrypt(const uint8_t key[KEY_SIZE], uint64_t count, const uint8_t *also,
		    size_t also_len, uint8_t *out, const uint8_t *data, size_t len)
{
	struct gcm_aes256_ctx gcm;
	uint8_t tag[TAG_SIZE];

	if (len < TAG_SIZE)
		return false;
	aead_begin(&gcm, key, count, also, also_len);
	gcm_aes256_decrypt(&gcm, len - TAG_SIZE, out, data);
	gcm_aes256_digest(&gcm, TAG_SIZE, tag);
	return !memcmp(tag, data + len - TAG_SIZE, TAG_SIZE);
}

static void encrypt_and_hash(struct handshake *h, uint8_t *out, const uint8_t *data, size_t len)
{
	encrypt(h->key, h->count++, h->hash, KEY_SIZE, out, data, len);
	mix_hash(h, out, len + TAG_SIZE);
}

static bool decrypt_and_hash(struct handshake *h, uint8_t *out, const uint8_t *data, size_t len)
{
	if (!decrypt(h->key, h->count++, h->hash, KEY_SIZE, out, data, len))
		return false;
	mix_hash(h, data, len);
	return true;
}

/* A protobuf field of bytes. */
static size_t put_field(uint8_t *out, unsigned int number, const uint8_t *data, size_t len)
{
	size_t at = 0;

	out[at++] = (uint8_t)(number << 3 | 2);
	if (len > 0x7f)
		out[at++] = (uint8_t)(len | 0x80);
	out[at++] = (uint8_t)(len > 0x7f ? len >> 7 : len);
	memmove(out + at, data, len);
	return at + len;
}

/* Fields of bytes only, each shorter than 2^14. */
static const uint8_t *get_field(const uint8_t *p, size_t size, unsigned int number, size_t *len)
{
	const uint8_t *end = p + size;

	while (end - p >= 2) {
		unsigned int tag = *p++;

		*len = *p++;
		if (*len & 0x80) {
			if (p == end)
				return NULL;
			*len = (*len & 0x7f) | (size_t)*p++ << 7;
		}
		if (*len > (size_t)(end - p))
			return NULL;
		if (tag == (number << 3 | 2))
			return p;
		p += *len;
	}
	return NULL;
}

static void begin(struct handshake *h, const struct session *s)
{
	uint8_t prologue[4] = { 'W', 'A', s->major, s->minor };

	memset(h, 0, sizeof(*h));
	memcpy(h->hash, NAME, sizeof(NAME) - 1);
	memcpy(h->chain, h->hash, KEY_SIZE);
	mix_hash(h, prologue, sizeof(prologue));
	random_bytes(h->own_ephemeral, KEY_SIZE);
	random_bytes(h->own_static, KEY_SIZE);
	curve25519_mul_g(h->own_ephemeral_public, h->own_ephemeral);
	curve25519_mul_g(h->own_static_public, h->own_static);
}

static void finish(const struct handshake *h, struct session *s)
{
	if (s->client)
		two_keys(h->chain, NULL, 0, s->send, s->receive);
	else
		two_keys(h->chain, NULL, 0, s->receive, s->send);
	s->sent = 0;
	s->received = 0;
}

/* A frame with a message of which @number is the one field: its content. */
static const uint8_t *read_message(struct session *s, uint8_t frame[FRAME_MAX], unsigned int number,
				   size_t *len)
{
	const uint8_t *message = NULL;
	unsigned int flags;

	if (!frame_read(s, frame, len, &flags))
		return NULL;
	message = get_field(frame, *len, number, len);
	if (!message)
		session_fail(s, "that is no Noise handshake");
	return message;
}

static const uint8_t *key_field(const uint8_t *message, size_t len, unsigned int number,
				size_t want)
{
	const uint8_t *field = get_field(message, len, number, &len);

	return field && len == want ? field : NULL;
}

/* -> e, s, es, ee: what the server answers. */
static bool read_server_hello(struct handshake *h, struct session *s)
{
	const uint8_t *hello, *ephemeral, *key, *payload;
	uint8_t frame[FRAME_MAX], plain[FRAME_MAX];
	size_t len, payload_len;

	hello = read_message(s, frame, 3, &len);
	if (!hello)
		return false;
	ephemeral = key_field(hello, len, 1, KEY_SIZE);
	key = key_field(hello, len, 2, KEY_SIZE + TAG_SIZE);
	payload = get_field(hello, len, 3, &payload_len);
	if (!ephemeral || !key || !payload)
		return session_fail(s, "its hello lacks a key");
	memcpy(h->their_ephemeral, ephemeral, KEY_SIZE);
	mix_hash(h, ephemeral, KEY_SIZE);
	mix_key(h, h->own_ephemeral, h->their_ephemeral);
	if (!decrypt_and_hash(h, h->their_static, key, KEY_SIZE + TAG_SIZE))
		return session_fail(s, "its key does not decrypt");
	mix_key(h, h->own_ephemeral, h->their_static);
	if (!decrypt_and_hash(h, plain, payload, payload_len))
		return session_fail(s, "its certificate does not decrypt");
	return true;
}

bool noise_begin(struct session *s, const uint8_t *first, size_t first_len)
{
	uint8_t out[FRAME_MAX], inner[FRAME_MAX], payload[PAYLOAD] = { 0 };
	struct handshake h;
	size_t len, at;

	begin(&h, s);
	mix_hash(&h, h.own_ephemeral_public, KEY_SIZE);
	mix_hash(&h, NULL, 0);
	len = put_field(inner, 1, h.own_ephemeral_public, KEY_SIZE);
	memcpy(out, first, first_len);
	at = first_len + 3;
	len = put_field(out + at, 2, inner, len);
	out[at - 3] = 0;
	out[at - 2] = 0;
	out[at - 1] = (uint8_t)len;
	if (!session_write(s, out, at + len) || !read_server_hello(&h, s))
		return false;

	encrypt_and_hash(&h, inner, h.own_static_public, KEY_SIZE);
	len = put_field(out, 1, inner, KEY_SIZE + TAG_SIZE);
	mix_key(&h, h.own_static, h.their_ephemeral);
	encrypt_and_hash(&h, inner, payload, sizeof(payload));
	len += put_field(out + len, 2, inner, sizeof(payload) + TAG_SIZE);
	len = put_field(inner, 4, out, len);
	finish(&h, s);
	return frame_write(s, inner, len, 0);
}

static bool write_server_hello(struct handshake *h, struct session *s)
{
	uint8_t out[FRAME_MAX], inner[FRAME_MAX], payload[PAYLOAD] = { 0 };
	size_t len;

	mix_hash(h, h->own_ephemeral_public, KEY_SIZE);
	len = put_field(out, 1, h->own_ephemeral_public, KEY_SIZE);
	mix_key(h, h->own_ephemeral, h->their_ephemeral);
	encrypt_and_hash(h, inner, h->own_static_public, KEY_SIZE);
	len += put_field(out + len, 2, inner, KEY_SIZE + TAG_SIZE);
	mix_key(h, h->own_static, h->their_ephemeral);
	encrypt_and_hash(h, inner, payload, sizeof(payload));
	len += put_field(out + len, 3, inner, sizeof(payload) + TAG_SIZE);
	len = put_field(inner, 3, out, len);
	return frame_write(s, inner, len, 0);
}

bool noise_accept(struct session *s)
{
	const uint8_t *message, *key, *payload;
	uint8_t frame[FRAME_MAX], plain[FRAME_MAX];
	struct handshake h;
	size_t len, payload_len;

	begin(&h, s);
	message = read_message(s, frame, 2, &len);
	key = message ? key_field(message, len, 1, KEY_SIZE) : NULL;
	if (!key)
		return session_fail(s, "its hello lacks a key");
	memcpy(h.their_ephemeral, key, KEY_SIZE);
	mix_hash(&h, key, KEY_SIZE);
	mix_hash(&h, NULL, 0);
	if (!write_server_hello(&h, s))
		return false;

	message = read_message(s, frame, 4, &len);
	if (!message)
		return false;
	key = key_field(message, len, 1, KEY_SIZE + TAG_SIZE);
	payload = get_field(message, len, 2, &payload_len);
	if (!key || !payload || !decrypt_and_hash(&h, h.their_static, key, KEY_SIZE + TAG_SIZE))
		return session_fail(s, "its key does not decrypt");
	mix_key(&h, h.own_ephemeral, h.their_static);
	if (!decrypt_and_hash(&h, plain, payload, payload_len))
		return session_fail(s, "what it says of itself does not decrypt");
	finish(&h, s);
	return true;
}

bool noise_send(struct session *s, const char *text)
{
	uint8_t out[FRAME_MAX];
	size_t len = strlen(text);

	encrypt(s->send, s->sent++, NULL, 0, out, (const uint8_t *)text, len);
	return frame_write(s, out, len + TAG_SIZE, 0);
}

bool noise_receive(struct session *s, char text[FRAME_MAX + 1])
{
	uint8_t frame[FRAME_MAX];
	unsigned int flags;
	size_t len;

	if (!frame_read(s, frame, &len, &flags))
		return false;
	if (!decrypt(s->receive, s->received++, NULL, 0, (uint8_t *)text, frame, len))
		return session_fail(s, "a message does not decrypt");
	text[len - TAG_SIZE] = 0;
	return true;
}
