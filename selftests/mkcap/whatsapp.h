/* SPDX-License-Identifier: GPL-2.0 */
/* A chat client and server that look like WhatsApp's to the network between them. */
#ifndef _WHATSAPP_H
#define _WHATSAPP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_MAX	4096
#define TAG_SIZE	16

/**
 * struct session - one connection
 * @major: with @minor the protocol's version; Noise from 2 on, FunXMPP before
 * @deadline: milliseconds of the monotonic clock at which waiting ends
 * @why: what went wrong
 * @send: key of what this end sends, and @receive of what it gets
 * @old: the two RC4 states of FunXMPP
 */
struct session {
	int fd;
	bool client;
	uint8_t major, minor;
	uint64_t deadline;
	const char *why;
	uint8_t send[32], receive[32];
	uint64_t sent, received;
	struct old *old;
};

/* whatsapp.c */
uint64_t now_us(void);
bool session_read(struct session *s, void *data, size_t len);
bool session_write(struct session *s, const void *data, size_t len);
bool session_fail(struct session *s, const char *why);
/** frame_read() - the next frame; @flags are the upper bits of its length */
bool frame_read(struct session *s, uint8_t *data, size_t *len, unsigned int *flags);
bool frame_write(struct session *s, const void *data, size_t len, unsigned int flags);
void random_bytes(void *data, size_t len);

/* whatsapp-noise.c: Noise_XX_25519_AESGCM_SHA256 (noiseprotocol.org, revision 34) */
/** noise_begin() - a client sends @first, @first_len bytes, in one piece with its first message */
bool noise_begin(struct session *s, const uint8_t *first, size_t first_len);
bool noise_accept(struct session *s);
bool noise_send(struct session *s, const char *text);
/** noise_receive() - into @text, with a NUL behind it */
bool noise_receive(struct session *s, char text[FRAME_MAX + 1]);

/* whatsapp-old.c: what it was until 2016, from memory */
bool old_begin(struct session *s, const uint8_t *first, size_t first_len);
bool old_accept(struct session *s);
bool old_send(struct session *s, const char *text);
bool old_receive(struct session *s, char text[FRAME_MAX + 1]);

#endif
