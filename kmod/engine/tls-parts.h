/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the files that read TLS: a reader of bytes that are still arriving; a hello's lists. */
#ifndef _CENSOR_TLS_PARTS_H
#define _CENSOR_TLS_PARTS_H

#include "tls.h"

#define CENSOR_TLS_RECORD_HEAD		5
#define CENSOR_TLS_RECORD_HANDSHAKE	22
#define CENSOR_TLS_HANDSHAKE_HEAD	4

#define CENSOR_TLS_CLIENT_HELLO		1
#define CENSOR_TLS_SERVER_HELLO		2
#define CENSOR_TLS_CERTIFICATE		11

#define CENSOR_TLS_EXT_SNI		0
#define CENSOR_TLS_EXT_ALPN		16
#define CENSOR_TLS_EXT_VERSIONS		43

/**
 * struct censor_tls_reader - bytes of which some have arrived
 * @data: the message
 * @len: bytes that have arrived
 * @at: the next byte to read; may lie beyond @len
 * @end: where the structure that is being read ends; may lie beyond @len
 */
struct censor_tls_reader {
	const u8 *data;
	u32 len, at, end;
};

/** censor_tls_need() - whether @n more bytes can be read; else whether they can ever come */
static inline enum censor_found censor_tls_need(const struct censor_tls_reader *r, u32 n)
{
	if (n > r->end - r->at)
		return CENSOR_FOUND_BAD;
	return r->at + n > r->len ? CENSOR_FOUND_MORE : CENSOR_FOUND_ALL;
}

/** censor_tls_vector() - a vector's length of @width bytes; moves behind it */
static inline enum censor_found censor_tls_vector(struct censor_tls_reader *r, u32 width, u32 *len)
{
	enum censor_found found = censor_tls_need(r, width);
	u32 i;

	if (found != CENSOR_FOUND_ALL)
		return found;
	*len = 0;
	for (i = 0; i < width; i++)
		*len = *len << 8 | r->data[r->at++];
	return *len > r->end - r->at ? CENSOR_FOUND_BAD : CENSOR_FOUND_ALL;
}

/** censor_tls_skip() - over a vector, whether its bytes have arrived or not */
static inline enum censor_found censor_tls_skip(struct censor_tls_reader *r, u32 width)
{
	enum censor_found found;
	u32 len;

	found = censor_tls_vector(r, width, &len);
	if (found == CENSOR_FOUND_ALL)
		r->at += len;
	return found;
}

/** struct censor_tls_span - bytes of a message */
struct censor_tls_span {
	u32 at, len;
};

/**
 * struct censor_tls_lists - where a ClientHello's lists stand, and what of it is no list
 * @data: the message
 * @legacy: the version in its head
 * @top: the highest of supported_versions as it stands, GREASE left out, or 0
 * @ciphers: numbers of two bytes, as @groups and @signatures; all of them have arrived
 * @extensions: the extensions with their headers, which have all arrived
 * @formats: point formats, a byte each
 * @alpn: the first protocol's name
 * @has_alpn: there is such an extension
 */
struct censor_tls_lists {
	const u8 *data;
	u16 legacy, top;
	bool has_alpn;
	struct censor_tls_span ciphers, extensions, groups, formats, signatures, alpn;
};

/** censor_tls_grease() - whether a number is one of those that mean nothing (RFC 8701) */
static inline bool censor_tls_grease(u16 number)
{
	return (number & 0x0f0f) == 0x0a0a && number >> 8 == (number & 0xff);
}

/** censor_tls_read_hello() - a ClientHello from behind its handshake header on; @r ends with it */
enum censor_found censor_tls_read_hello(struct censor_tls_reader *r, bool quic, u8 wants,
					struct censor_tls_hello *hello);

/** censor_tls_ja3() - make @hello->ja3. Return: whether its lists are short enough. */
bool censor_tls_ja3(const struct censor_tls_lists *lists, struct censor_tls_hello *hello);
/** censor_tls_ja4() - likewise @hello->ja4 */
bool censor_tls_ja4(const struct censor_tls_lists *lists, bool quic,
		    struct censor_tls_hello *hello);

/** enum censor_tls_tor_list - what a list of cipher suites says of Tor */
enum censor_tls_tor_list {
	CENSOR_TLS_TOR_NOT,
	CENSOR_TLS_TOR_OLD,	/* that of 2011: it says all */
	CENSOR_TLS_TOR_NEW,	/* one that needs the name as a second sign */
};

/** censor_tls_tor_ciphers() - by a client's cipher suites */
enum censor_tls_tor_list censor_tls_tor_ciphers(const u8 *ciphers, u32 len);
/** censor_tls_tor_name() - www., @min to @max characters of base 32, and @ending of 4 bytes */
bool censor_tls_tor_name(const u8 *name, u32 len, u32 min, u32 max, const char *ending);

/**
 * censor_tls_join() - the content of handshake records, one after another
 * @out: room for @len bytes
 * @ended: gets whether a record of another kind, or one that lies, ends them
 *
 * Return: bytes in @out.
 */
u32 censor_tls_join(const u8 *data, u32 len, u8 *out, bool *ended);

#endif
