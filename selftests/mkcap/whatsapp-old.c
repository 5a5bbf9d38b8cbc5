// SPDX-License-Identifier: GPL-2.0
/*
 * FunXMPP: XMPP in a binary code, RC4 behind the login. From memory, and true in shape only:
 * frames, their flags and order are WhatsApp's of 2014; most tokens, and what they say, are not.
 */
#include <stdlib.h>
#include <string.h>

#include <nettle/arcfour.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/pbkdf2.h>

#include "whatsapp.h"

#define PASSWORD	"the lab's"
#define NONCE_SIZE	20
#define MAC_SIZE	4
#define DROP		768	/* of RC4's first bytes */
#define ENCRYPTED	8

#define START		"\xf8\x05\x01\xc8\xab\xa5\xfc\x13" "Android-2.11.90-443"
#define FEATURES	"\xf8\x02\xbb\xf8\x01\xf8\x01\xb5"
#define AUTH		"\xf8\x06\x0c\x6e\xa4\xca\xa2\xfc\x0b" "15550001234"
#define CHALLENGE	"\xf8\x02\x18\xfc\x14"
#define BYTES(s)	s, sizeof(s) - 1

/* One direction: its cipher, and the key of its MAC. */
struct way {
	struct arcfour_ctx cipher;
	uint8_t mac[NONCE_SIZE];
	uint32_t count;
};

struct old {
	struct way send, receive;
};

static void way_key(struct way *way, const uint8_t nonce[NONCE_SIZE], unsigned int number)
{
	uint8_t salt[NONCE_SIZE + 1], key[NONCE_SIZE], drop[DROP] = { 0 };

	memcpy(salt, nonce, NONCE_SIZE);
	salt[NONCE_SIZE] = (uint8_t)number;
	pbkdf2_hmac_sha1(sizeof(PASSWORD) - 1, (const uint8_t *)PASSWORD, 2, sizeof(salt), salt,
			 sizeof(key), key);
	arcfour_set_key(&way->cipher, sizeof(key), key);
	arcfour_crypt(&way->cipher, sizeof(drop), drop, drop);
	salt[NONCE_SIZE] = (uint8_t)(number + 1);
	pbkdf2_hmac_sha1(sizeof(PASSWORD) - 1, (const uint8_t *)PASSWORD, 2, sizeof(salt), salt,
			 sizeof(way->mac), way->mac);
	way->count = 0;
}

static bool keys(struct session *s, const uint8_t nonce[NONCE_SIZE])
{
	free(s->old);
	s->old = malloc(sizeof(*s->old));
	if (!s->old)
		return session_fail(s, "no memory");
	way_key(s->client ? &s->old->send : &s->old->receive, nonce, 1);
	way_key(s->client ? &s->old->receive : &s->old->send, nonce, 3);
	return true;
}

static void way_mac(struct way *way, const uint8_t *data, size_t len, uint8_t mac[MAC_SIZE])
{
	uint8_t count[4] = { way->count >> 24 & 0xff, way->count >> 16 & 0xff,
			     way->count >> 8 & 0xff, way->count & 0xff };
	struct hmac_sha1_ctx hmac;

	way->count++;
	hmac_sha1_set_key(&hmac, sizeof(way->mac), way->mac);
	hmac_sha1_update(&hmac, len, data);
	hmac_sha1_update(&hmac, sizeof(count), count);
	hmac_sha1_digest(&hmac, MAC_SIZE, mac);
}

bool old_send(struct session *s, const char *text)
{
	uint8_t out[FRAME_MAX];
	size_t len = strlen(text);

	arcfour_crypt(&s->old->send.cipher, len, out, (const uint8_t *)text);
	way_mac(&s->old->send, out, len, out + len);
	return frame_write(s, out, len + MAC_SIZE, ENCRYPTED);
}

bool old_receive(struct session *s, char text[FRAME_MAX + 1])
{
	uint8_t frame[FRAME_MAX], mac[MAC_SIZE];
	unsigned int flags;
	size_t len;

	if (!frame_read(s, frame, &len, &flags))
		return false;
	if (flags != ENCRYPTED || len < MAC_SIZE)
		return session_fail(s, "a message is not encrypted");
	len -= MAC_SIZE;
	way_mac(&s->old->receive, frame, len, mac);
	if (!memeql_sec(mac, frame + len, MAC_SIZE))
		return session_fail(s, "a message does not decrypt");
	arcfour_crypt(&s->old->receive.cipher, len, (uint8_t *)text, frame);
	text[len] = 0;
	return true;
}

/* A frame in the clear that is at least @least bytes long. */
static bool clear(struct session *s, uint8_t frame[FRAME_MAX], size_t least)
{
	unsigned int flags;
	size_t len;

	if (!frame_read(s, frame, &len, &flags))
		return false;
	if (flags || len < least || frame[0] != 0xf8)
		return session_fail(s, "that is no FunXMPP");
	return true;
}

bool old_begin(struct session *s, const uint8_t *first, size_t first_len)
{
	uint8_t frame[FRAME_MAX];
	char text[FRAME_MAX + 1];

	memcpy(frame, first, first_len);
	memcpy(frame + first_len, "\0\0", 2);
	frame[first_len + 2] = sizeof(START) - 1;
	memcpy(frame + first_len + 3, BYTES(START));
	if (!session_write(s, frame, first_len + 3 + sizeof(START) - 1) ||
	    !frame_write(s, BYTES(FEATURES), 0) || !frame_write(s, BYTES(AUTH), 0) ||
	    !clear(s, frame, 3) || !clear(s, frame, 3) ||
	    !clear(s, frame, sizeof(CHALLENGE) - 1 + NONCE_SIZE))
		return false;
	return keys(s, frame + sizeof(CHALLENGE) - 1) && old_send(s, "response") &&
	       old_receive(s, text);
}

bool old_accept(struct session *s)
{
	uint8_t frame[FRAME_MAX], nonce[NONCE_SIZE];
	char text[FRAME_MAX + 1];

	if (!clear(s, frame, 3) || !clear(s, frame, 3) || !clear(s, frame, 3))
		return false;
	random_bytes(nonce, sizeof(nonce));
	memcpy(frame, BYTES(CHALLENGE));
	memcpy(frame + sizeof(CHALLENGE) - 1, nonce, sizeof(nonce));
	return frame_write(s, BYTES(START), 0) && frame_write(s, BYTES(FEATURES), 0) &&
	       frame_write(s, frame, sizeof(CHALLENGE) - 1 + sizeof(nonce), 0) &&
	       keys(s, nonce) && old_receive(s, text) && old_send(s, "success");
}
