/* SPDX-License-Identifier: GPL-2.0 */
/* DNS queries, over UDP and TCP. */
#ifndef _CENSOR_DNS_H
#define _CENSOR_DNS_H

#include "detect.h"

#define CENSOR_QNAME_SIZE	256
#define CENSOR_DNS_NAME_MAX	253	/* RFC 1035 2.3.4, without the root and the first length */
#define CENSOR_DNS_HEADER	12

/**
 * struct censor_dns_question - a question of a query
 * @name: dotted, lower case, no trailing dot; empty for the root
 * @class: QCLASS; no reader here asks for one
 * @count: QDCOUNT of the header, whatever really follows
 * @start: where the message begins in the look's data: behind its length over TCP, else 0
 * @end: where the question ends in the message; the next one, if any, stands there
 * @cut: the message ended in place of a root label: its type and class are none of its own
 * @used: bytes of the look's data that the message takes, over TCP with its length: the next
 *	message of the stream stands behind them
 */
struct censor_dns_question {
	u8 name[CENSOR_QNAME_SIZE];
	u16 name_len;
	u16 type;
	u16 class;
	u16 count;
	u16 start;
	u16 end;
	bool cut;
	u32 used;
};

/**
 * censor_dns_question() - read a DNS query over UDP
 *
 * The header's counts are not believed: the best-known injector takes one question to stand at
 * offset 12, whatever they say (CENSORS.md 1.3, Wallbleed). A compression pointer has nothing to
 * point at there and makes the query malformed. Never FOUND_MORE.
 */
enum censor_found censor_dns_question(const struct censor_look *look,
				      struct censor_dns_question *q);

/**
 * censor_dns_stream() - the same over TCP, behind two bytes of length (RFC 1035 4.2.2)
 *
 * FOUND_NOT for what can't be a query at all: data over TCP can be anything, and so the header is
 * believed here. FOUND_MORE until the whole message is there.
 */
enum censor_found censor_dns_stream(const struct censor_look *look, struct censor_dns_question *q);

/**
 * censor_dns_next() - the question behind @q of the same message, into @q
 *
 * To be called at most @q->count - 1 times. Compression pointers are not followed here either: the
 * rest of the message can't be read then. FOUND_NOT at the message's end.
 */
enum censor_found censor_dns_next(const struct censor_look *look, struct censor_dns_question *q);

#endif
