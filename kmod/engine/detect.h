/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The detectors: each reads contiguous bytes from the beginning of a message and says what it is.
 * They keep nothing between calls; a message that comes in pieces is read again with more of it.
 */
#ifndef _CENSOR_DETECT_H
#define _CENSOR_DETECT_H

#include "host.h"

/** enum censor_found - what a detector says of the bytes it was given */
enum censor_found {
	CENSOR_FOUND_NOT,	/* not this protocol, or nothing in it that the censor sees */
	CENSOR_FOUND_MORE,	/* so far it is; the answer lies in bytes that are still to come */
	CENSOR_FOUND_ALL,	/* all that there is to know is known */
	CENSOR_FOUND_BAD,	/* it begins as this protocol and then lies about itself */
};

#define CENSOR_QNAME_SIZE	256
#define CENSOR_TARGET_SIZE	2048	/* CENSORS.md 2.2: a URI is looked at up to 2,048 bytes */

/**
 * struct censor_dns_question - the first question of a query
 * @name: dotted, lower case, no trailing dot; empty for the root
 * @end: where the question ends in the message
 */
struct censor_dns_question {
	u8 name[CENSOR_QNAME_SIZE];
	u16 name_len;
	u16 type;
	u16 end;
};

/**
 * censor_dns_question() - read a DNS query over UDP
 *
 * The header's counts are not read: the best-known injector takes one question to stand at offset
 * 12, whatever they say (CENSORS.md 1.3, Wallbleed). A compression pointer has nothing to point
 * at there and makes the query malformed. Never FOUND_MORE.
 */
enum censor_found censor_dns_question(const u8 *data, u32 len, struct censor_dns_question *q);

/**
 * struct censor_http_request - what was seen of a request so far
 * @target: lower case, cut to its size; @target_len is 0 until it is known
 * @host: from an absolute-form target or the Host header, lower case, without port and trailing
 *	dot; @host_len is 0 until it is known
 */
struct censor_http_request {
	u8 target[CENSOR_TARGET_SIZE];
	u8 host[256];
	u16 target_len;
	u16 host_len;
};

/** censor_http_request() - read an HTTP/1 request (RFC 9112) as far as its Host. */
enum censor_found censor_http_request(const u8 *data, u32 len, struct censor_http_request *r);

/**
 * censor_tls_sni() - read a TLS ClientHello (RFC 8446 4.1.2, RFC 6066 3) as far as its name
 * @records: NULL: only the first record is read, and a ClientHello that goes on in a second one is
 *	seen as far as the first reaches (CENSORS.md 2.3: China does not put records together). Else
 *	room for @len bytes, in which the records' content is put together.
 * @sni: lower case, no trailing dot
 * @sni_len: 0 where there is none
 */
enum censor_found censor_tls_sni(const u8 *data, u32 len, u8 *records, u8 sni[256], u16 *sni_len);

/** censor_lower() - ASCII lower case */
static inline u8 censor_lower(u8 c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

#endif
