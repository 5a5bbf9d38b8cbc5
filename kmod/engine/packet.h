/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet as the engine sees it: parsed headers and a slice of payload. Owns nothing.
 */
#ifndef _CENSOR_PACKET_H
#define _CENSOR_PACKET_H

#include "host.h"

#define CENSOR_PROTO_ICMP	1
#define CENSOR_PROTO_TCP	6
#define CENSOR_PROTO_UDP	17
#define CENSOR_PROTO_ICMPV6	58

#define CENSOR_TCP_FIN	0x01
#define CENSOR_TCP_SYN	0x02
#define CENSOR_TCP_RST	0x04
#define CENSOR_TCP_PSH	0x08
#define CENSOR_TCP_ACK	0x10
#define CENSOR_TCP_URG	0x20

#define CENSOR_HEADERS_MAX	256	/* bytes in which all headers must lie */

/**
 * struct censor_key - the two ends of a flow, the lesser (address, port) first; 40 bytes, no holes
 * @addr: IPv4 in the first four bytes, the rest zero
 * @port: 0 where the protocol has none, and in fragments
 * @tuple: 0 for a flow; the CENSOR_TUPLE_* of a residual block, whose ends are not ordered and
 *	whose members outside the tuple are zero
 */
struct censor_key {
	u8 addr[2][16];
	u16 port[2];
	u8 proto;
	u8 family;
	u8 tuple;
	u8 zero;
};

/* TCP options that a view tells of. */
#define CENSOR_OPTION_TIMESTAMP	0x01
#define CENSOR_OPTION_SCALE	0x02
#define CENSOR_OPTION_MD5	0x04
#define CENSOR_OPTION_OTHER	0x08	/* one beside these, MSS, SACK, NOP and the list's end */

/* What a view's packet says of itself that is not so; a host sets the checksums' bits. */
#define CENSOR_LIE_DATA_OFFSET	0x01	/* a TCP header below 20 bytes, or beyond the packet */
#define CENSOR_LIE_CHECKSUM	0x02	/* of TCP or UDP */
#define CENSOR_LIE_IP_CHECKSUM	0x04

/**
 * struct censor_packet_view - see the head of this file
 * @family: 4 or 6
 * @proto: the transport, after IPv6 extension headers
 * @dir: 0 if the sender is the flow key's first end, else 1; set by censor_packet_key()
 * @fragment: part of a fragmented packet: no ports, no payload
 * @frag_more: more fragments follow
 * @frag_at: where in the datagram this one begins, bytes
 * @frag_id: of the datagram
 * @frag_next: of an IPv6 fragment: where the number stands that announces the fragment header
 * @lies: CENSOR_LIE_*
 * @tcp_at: where the TCP header begins, counted from the IP header
 * @options: CENSOR_OPTION_*, once censor_packet_options() has read them
 * @scale: window scale, likewise
 * @tsval: timestamp, likewise
 * @src: sender, IPv4 in the first four bytes, the rest zero
 * @payload: the first @cap bytes of the transport's payload; NULL when @cap is 0
 * @payload_at: where the payload begins, counted from the IP header; also a fragment's
 * @len: payload bytes that the packet has on the wire
 * @cap: payload bytes that can be read here, at most @len
 * @wire: bytes of the whole packet from the IP header on
 */
struct censor_packet_view {
	u8 family;
	u8 proto;
	u8 dir;
	bool fragment;
	bool frag_more;
	bool df;
	u8 ttl;
	u8 tcp_flags;
	u8 tcp_hlen;
	u16 ip_id;
	u16 sport, dport;
	u16 window;
	u8 lies;
	u8 options;
	u8 scale;
	u8 tcp_at;
	u32 seq, ack;
	u32 tsval;
	u32 frag_id;
	u16 frag_at;
	u16 frag_next;
	u8 src[16], dst[16];
	const u8 *payload;
	u32 payload_at;
	u32 len;
	u32 cap;
	u32 wire;
};

/**
 * censor_packet_parse() - headers into a view
 * @view: filled
 * @data: the packet from its IP header on
 * @cap: readable bytes at @data
 * @wire: bytes that the packet has in all
 * @gso: the packet stands for several: its length fields don't count, @wire does
 *
 * The payload slice is what lies within @cap; a host whose bytes lie elsewhere sets @payload and
 * @cap afterwards. Any context.
 *
 * Return: 0; -EMSGSIZE when the headers go on beyond @cap (a host can come again with more, up to
 * CENSOR_HEADERS_MAX); -EINVAL when the packet is malformed or not IP: it passes unjudged.
 */
int censor_packet_parse(struct censor_packet_view *view, const u8 *data, u32 cap, u32 wire,
			bool gso);

/**
 * censor_packet_options() - read the options of a TCP header
 * @view: of a TCP packet; @options, @scale and @tsval are set
 * @tcp: the header, @view->tcp_hlen bytes
 *
 * For packets that will be judged; a decided flow's need it not.
 */
void censor_packet_options(struct censor_packet_view *view, const u8 *tcp);

/**
 * censor_packet_checksums() - verify the checksums that a packet carries
 * @view: @lies is added to
 * @data: the packet from its IP header on, all @view->wire bytes of it
 *
 * A checksum that a network card was to fill in (it holds the sum of the pseudo-header) is right.
 */
void censor_packet_checksums(struct censor_packet_view *view, const u8 *data);

/** censor_packet_key() - the flow that a packet belongs to; sets @view->dir. */
void censor_packet_key(struct censor_packet_view *view, struct censor_key *key);

/** censor_residual_key() - what a residual block of the tuple remembers of a packet. */
void censor_residual_key(const struct censor_packet_view *view, u8 tuple, struct censor_key *key);

/** censor_key_hash() - the same in every host and run; no defence against floods */
u64 censor_key_hash(const struct censor_key *key);

#endif
