/* SPDX-License-Identifier: GPL-2.0 */
/* Headers of packets that the censor sends, and the checksums in them. */
#ifndef _CENSOR_HEADERS_H
#define _CENSOR_HEADERS_H

#include "packet.h"
#include "policy.h"

#define CENSOR_TCP_SIZE		20
#define CENSOR_UDP_SIZE		8

/** struct censor_ends - who sends to whom; IPv4 addresses in the first four bytes */
struct censor_ends {
	u8 family;
	const u8 *src, *dst;
	u16 sport, dport;
};

/** censor_ends_of() - the ends of a packet that goes @to a side (CENSOR_TO_*) of the trigger's */
struct censor_ends censor_ends_of(const struct censor_packet_view *view, u8 to);

static inline u32 censor_ip_size(u8 family)
{
	return family == 4 ? 20 : 40;
}

/** censor_put_ip() - the IP header before @len bytes of @proto */
void censor_put_ip(u8 *p, const struct censor_ends *ends, u8 proto, u32 len, u8 ttl, u16 id,
		   bool df);

/** censor_put_tcp() - a TCP header without options before @len bytes that are there already */
void censor_put_tcp(u8 *tcp, const struct censor_ends *ends, u32 seq, u32 ack, u8 flags,
		    u16 window, u32 len);

/** censor_put_udp() - a UDP header before @len bytes that are there already */
void censor_put_udp(u8 *udp, const struct censor_ends *ends, u32 len);

/**
 * censor_field_value() - the value of a header field
 * @mirrored: what the trigger has there
 * @base: state that the first value of a cyclic field is drawn from
 * @n: packets of the same description before this one, on the way to the same side
 * @state: moved on where a value is drawn
 *
 * A cyclic field begins at a value drawn for its description and goes on by one with each packet:
 * either side sees it count up by one.
 */
u16 censor_field_value(const struct censor_field *field, u16 mirrored, u64 base, u32 n,
		       u64 *state);

#endif
