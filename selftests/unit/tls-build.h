/* SPDX-License-Identifier: GPL-2.0 */
/* ClientHellos of any kind, part by part. Written from RFC 8446 and not from the engine. */
#ifndef _CENSOR_TLS_BUILD_H
#define _CENSOR_TLS_BUILD_H

#include <assert.h>
#include "host.h"

/**
 * struct build - a handshake message that is being written
 * @list: where the extensions' length stands, or 0 before the first of them
 */
struct build {
	u32 len, list;
	u8 bytes[16000];
};

static inline void build_bytes(struct build *b, const void *data, u32 len)
{
	assert(b->len + len <= sizeof(b->bytes));
	if (len)
		memcpy(b->bytes + b->len, data, len);
	b->len += len;
}

static inline void build_number(struct build *b, u32 number, u32 width)
{
	u8 bytes[4];

	censor_put32(bytes, number);
	build_bytes(b, bytes + 4 - width, width);
}

/* The lengths of all that is around what was written last. */
static inline void build_lengths(struct build *b)
{
	b->bytes[1] = 0;
	censor_put16(b->bytes + 2, (u16)(b->len - 4));
	if (b->list)
		censor_put16(b->bytes + b->list, (u16)(b->len - b->list - 2));
}

/* A ClientHello up to its extensions, of which it has none yet. */
static inline void build_hello(struct build *b, u16 version, const u16 *ciphers, u32 n)
{
	u8 random[32];
	u32 i;

	memset(b, 0, sizeof(*b));
	memset(random, 0x5a, sizeof(random));
	build_number(b, 1, 1);
	build_number(b, 0, 3);
	build_number(b, version, 2);
	build_bytes(b, random, 32);
	build_number(b, 32, 1);
	build_bytes(b, random, 32);
	build_number(b, 2 * n, 2);
	for (i = 0; i < n; i++)
		build_number(b, ciphers[i], 2);
	build_number(b, 0x0100, 2);	/* no compression */
	build_lengths(b);
}

static inline void build_extension(struct build *b, u16 type, const void *data, u32 len)
{
	if (!b->list) {
		b->list = b->len;
		build_number(b, 0, 2);
	}
	build_number(b, type, 2);
	build_number(b, len, 2);
	build_bytes(b, data, len);
	build_lengths(b);
}

static inline void build_name(struct build *b, const void *name, u32 len)
{
	u8 data[5 + 1024];

	censor_put16(data, (u16)(len + 3));
	data[2] = 0;
	censor_put16(data + 3, (u16)len);
	memcpy(data + 5, name, len);
	build_extension(b, 0, data, 5 + len);
}

/* An extension that is a list of numbers, behind @width bytes of length, @each bytes each. */
static inline void build_list(struct build *b, u16 type, u32 width, u32 each, const u16 *numbers,
			      u32 n)
{
	u8 data[2 + 2 * 1024];
	u32 i, len = width;

	if (width == 1)
		data[0] = (u8)(n * each);
	else
		censor_put16(data, (u16)(n * each));
	for (i = 0; i < n; i++) {
		if (each == 1)
			data[len] = (u8)numbers[i];
		else
			censor_put16(data + len, numbers[i]);
		len += each;
	}
	build_extension(b, type, data, len);
}

/* Protocols with commas between them. */
static inline void build_alpn(struct build *b, const char *names)
{
	u32 len = 2;
	u8 data[1024];

	while (*names) {
		u32 n = (u32)strcspn(names, ",");

		data[len] = (u8)n;
		memcpy(data + len + 1, names, n);
		len += 1 + n;
		names += n;
		names += *names == ',';
	}
	censor_put16(data, (u16)(len - 2));
	build_extension(b, 16, data, len);
}

/* A share of @group in the extension key_share, of @len bytes. */
static inline void build_share(struct build *b, u16 group, u32 len)
{
	static u8 data[6 + 4096];

	censor_put16(data, (u16)(4 + len));
	censor_put16(data + 2, group);
	censor_put16(data + 4, (u16)len);
	memset(data + 6, 0x77, len);
	build_extension(b, 51, data, 6 + len);
}

/* In records of at most @record bytes. Return: bytes in @out. */
static inline u32 build_records(const struct build *b, u8 *out, u32 record)
{
	u32 at = 0, len = 0;

	while (at < b->len) {
		u32 n = min(record, b->len - at);

		out[len] = 22;
		censor_put16(out + len + 1, 0x0301);
		censor_put16(out + len + 3, (u16)n);
		memcpy(out + len + 5, b->bytes + at, n);
		len += 5 + n;
		at += n;
	}
	return len;
}

#endif
