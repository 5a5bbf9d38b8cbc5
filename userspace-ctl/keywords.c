// SPDX-License-Identifier: GPL-2.0
/* Numbers that have words: protocols, types of queries, versions of TLS and the like. */
#include "engine/inspect.h"
#include "value.h"

static const struct keyword {
	u8 attr;
	u16 number;
	const char *text;
} keywords[] = {
	{ CENSOR_ATTR_FROM, CENSOR_INSIDE, "inside" },
	{ CENSOR_ATTR_FROM, CENSOR_OUTSIDE, "outside" },
	{ CENSOR_ATTR_CLIENT, CENSOR_INSIDE, "inside" },
	{ CENSOR_ATTR_CLIENT, CENSOR_OUTSIDE, "outside" },
	{ CENSOR_ATTR_PROTO, 1, "icmp" },
	{ CENSOR_ATTR_PROTO, 6, "tcp" },
	{ CENSOR_ATTR_PROTO, 17, "udp" },
	{ CENSOR_ATTR_PROTO, 47, "gre" },
	{ CENSOR_ATTR_PROTO, 50, "esp" },
	{ CENSOR_ATTR_PROTO, 51, "ah" },
	{ CENSOR_ATTR_PROTO, 58, "icmpv6" },
	{ CENSOR_ATTR_PROTO, 132, "sctp" },
	{ CENSOR_ATTR_DNS_QTYPE, 1, "a" },
	{ CENSOR_ATTR_DNS_QTYPE, 2, "ns" },
	{ CENSOR_ATTR_DNS_QTYPE, 5, "cname" },
	{ CENSOR_ATTR_DNS_QTYPE, 6, "soa" },
	{ CENSOR_ATTR_DNS_QTYPE, 12, "ptr" },
	{ CENSOR_ATTR_DNS_QTYPE, 15, "mx" },
	{ CENSOR_ATTR_DNS_QTYPE, 16, "txt" },
	{ CENSOR_ATTR_DNS_QTYPE, 28, "aaaa" },
	{ CENSOR_ATTR_DNS_QTYPE, 33, "srv" },
	{ CENSOR_ATTR_DNS_QTYPE, 35, "naptr" },
	{ CENSOR_ATTR_DNS_QTYPE, 43, "ds" },
	{ CENSOR_ATTR_DNS_QTYPE, 46, "rrsig" },
	{ CENSOR_ATTR_DNS_QTYPE, 48, "dnskey" },
	{ CENSOR_ATTR_DNS_QTYPE, 64, "svcb" },
	{ CENSOR_ATTR_DNS_QTYPE, 65, "https" },
	{ CENSOR_ATTR_DNS_QTYPE, 255, "any" },
	{ CENSOR_ATTR_DNS_QTYPE, 257, "caa" },
	{ CENSOR_ATTR_DNS_QCLASS, 1, "internet" },
	{ CENSOR_ATTR_DNS_QCLASS, 3, "chaos" },
	{ CENSOR_ATTR_DNS_QCLASS, 255, "any" },
	{ CENSOR_ATTR_TLS_VERSION, 0x0300, "ssl3" },
	{ CENSOR_ATTR_TLS_VERSION, 0x0301, "1.0" },
	{ CENSOR_ATTR_TLS_VERSION, 0x0302, "1.1" },
	{ CENSOR_ATTR_TLS_VERSION, 0x0303, "1.2" },
	{ CENSOR_ATTR_TLS_VERSION, 0x0304, "1.3" },
	{ CENSOR_ATTR_TLS_HAS, CENSOR_TLS_HAS_SNI, "sni" },
	{ CENSOR_ATTR_TLS_HAS, CENSOR_TLS_HAS_ALPN, "alpn" },
	{ CENSOR_ATTR_TLS_HAS, CENSOR_TLS_HAS_ESNI, "esni" },
	{ CENSOR_ATTR_TLS_HAS, CENSOR_TLS_HAS_ESNI_DRAFT, "esni-draft" },
	{ CENSOR_ATTR_TLS_HAS, CENSOR_TLS_HAS_ECH, "ech" },
	{ CENSOR_ATTR_TLS_HAS, CENSOR_TLS_HAS_EARLY_DATA, "early-data" },
	{ CENSOR_ATTR_TLS_HAS, CENSOR_TLS_HAS_GREASE, "grease" },
	{ CENSOR_ATTR_TLS_HAS, CENSOR_TLS_HAS_POST_QUANTUM, "post-quantum" },
	{ CENSOR_ATTR_TLS_HAS, CENSOR_TLS_HAS_TICKET, "ticket" },
	{ CENSOR_ATTR_TLS_HAS, CENSOR_TLS_HAS_PADDING, "padding" },
	{ CENSOR_ATTR_QUIC_VERSION, CENSOR_QUIC_NEGOTIATION, "negotiation" },
	{ CENSOR_ATTR_QUIC_VERSION, CENSOR_QUIC_V1, "v1" },
	{ CENSOR_ATTR_QUIC_VERSION, CENSOR_QUIC_V2, "v2" },
	{ CENSOR_ATTR_QUIC_VERSION, CENSOR_QUIC_DRAFT_29, "draft-29" },
	{ CENSOR_ATTR_QUIC_VERSION, CENSOR_QUIC_OTHER, "other" },
};

static int protocol_find(const char *text, u32 len)
{
	u32 i;

	for (i = 0; i < CENSOR_PROTOCOLS; i++)
		if (token_is(text, len, censor_protocol_name(i)))
			return i;
	return -1;
}

bool value_keyword(u8 attr, const char *text, u32 len, u32 *lo, u32 *hi)
{
	int protocol;
	u32 i;

	if (attr == CENSOR_ATTR_PROTOCOL) {
		protocol = protocol_find(text, len);
		if (protocol < 0)
			return false;
		*lo = CENSOR_PROTOCOL_NUMBER(protocol, 0);
		*hi = CENSOR_PROTOCOL_NUMBER(protocol, CENSOR_CONFIDENCE_SURE);
		return true;
	}
	for (i = 0; i < ARRAY_SIZE(keywords); i++)
		if (keywords[i].attr == attr && token_is(text, len, keywords[i].text)) {
			*lo = *hi = keywords[i].number;
			return true;
		}
	return false;
}

bool value_keyword_any(const char *text, u32 len, u32 *lo, u32 *hi)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(keywords); i++)
		if (token_is(text, len, keywords[i].text)) {
			*lo = *hi = keywords[i].number;
			return true;
		}
	return value_keyword(CENSOR_ATTR_PROTOCOL, text, len, lo, hi);
}

const char *value_keyword_of(u8 attr, u16 number)
{
	u32 i;

	if (attr == CENSOR_ATTR_PROTOCOL)
		return CENSOR_PROTOCOL_OF(number) < CENSOR_PROTOCOLS ?
		       censor_protocol_name(CENSOR_PROTOCOL_OF(number)) : NULL;
	for (i = 0; i < ARRAY_SIZE(keywords); i++)
		if (keywords[i].attr == attr && keywords[i].number == number)
			return keywords[i].text;
	return NULL;
}

const char *value_range_word(u8 attr, u32 lo, u32 hi)
{
	if (attr == CENSOR_ATTR_PROTOCOL)
		return hi == lo / 4 * 4 + CENSOR_CONFIDENCE_SURE ? value_keyword_of(attr, lo) :
								   NULL;
	return lo == hi ? value_keyword_of(attr, lo) : NULL;
}
