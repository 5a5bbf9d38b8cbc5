/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets and messages as clients and servers send them, for the tests. Written from the RFCs and
 * not from the engine, so that the two check each other.
 */
#ifndef _CENSOR_WIRE_H
#define _CENSOR_WIRE_H

#include "host.h"

#define WIRE_MAX	70000	/* bytes that any packet built here can have */

#define FIN	0x01
#define SYN	0x02
#define RST	0x04
#define PSH	0x08
#define ACK	0x10

/** struct ends - who sends to whom; IPv4 addresses in the first four bytes */
struct ends {
	u8 family;
	u8 src[16], dst[16];
	u16 sport, dport;
};

struct ends ends4(const char *src, u16 sport, const char *dst, u16 dport);
struct ends ends6(const char *src, u16 sport, const char *dst, u16 dport);
/** ends_back() - the same, from the other end */
struct ends ends_back(struct ends ends);

/**
 * struct header - header fields that a test may care about; all zero means usual values
 * @options: bytes of TCP options, a multiple of four
 * @extensions: IPv6 extension headers, @extension_proto being the kind of the first; the last
 *	one's next header must be the transport
 * @frag: IPv4 flags and fragment offset as they stand in the header, in place of DF
 */
struct header {
	u8 ttl;
	u16 ip_id;
	bool no_df;
	u16 window;
	const u8 *options;
	u32 options_len;
	const u8 *extensions;
	u32 extensions_len;
	u8 extension_proto;
	u16 frag;
	u32 ip_options;
};

/* Each returns the length of the packet written to @buf, checksums in place. */
u32 wire_tcp(u8 *buf, struct ends ends, u8 flags, u32 seq, u32 ack, const void *payload, u32 len);
u32 wire_tcp_header(u8 *buf, struct ends ends, const struct header *header, u8 flags, u32 seq,
		    u32 ack, const void *payload, u32 len);
u32 wire_udp(u8 *buf, struct ends ends, const void *payload, u32 len);
u32 wire_udp_header(u8 *buf, struct ends ends, const struct header *header, const void *payload,
		    u32 len);
/** wire_ip() - a packet of any other protocol */
u32 wire_ip(u8 *buf, struct ends ends, const struct header *header, u8 proto,
	    const void *payload, u32 len);

/** wire_checksums_ok() - header and transport checksums of a whole TCP or UDP packet */
bool wire_checksums_ok(const u8 *packet, u32 len);

/**
 * struct hello - a ClientHello
 * @sni: the name, or NULL for none
 * @sni_len: its length where it is no plain string
 * @padding: bytes of a padding extension (RFC 7685) before the name, 0 for none
 * @after: bytes of one after it
 * @ciphers: cipher suites, 0 for a usual number
 * @session: bytes of session id, at most 32
 * @record: greatest fragment of the message in one TLS record, 0 for one record
 */
struct hello {
	const char *sni;
	u32 sni_len;
	u32 padding;
	u32 after;
	u32 ciphers;
	u32 session;
	u32 record;
};

u32 wire_hello(u8 *buf, const struct hello *hello);
/** wire_hello_sni() - a usual ClientHello for a name */
u32 wire_hello_sni(u8 *buf, const char *sni);

#define DNS_A		1
#define DNS_AAAA	28
#define DNS_RD		0x0100

u32 wire_dns(u8 *buf, u16 id, u16 flags, const char *name, u16 qtype, u16 qclass);
/** wire_dns_edns() - an OPT record behind the question */
u32 wire_dns_edns(u8 *buf, u16 id, u16 flags, const char *name, u16 qtype);

u32 wire_http(u8 *buf, const char *target, const char *host);

/** wire_random() - numbers that are the same in every run (splitmix64) */
u64 wire_random(u64 *state);

#endif
