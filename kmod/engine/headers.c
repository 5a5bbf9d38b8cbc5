// SPDX-License-Identifier: GPL-2.0
#include "headers.h"
#include "chance.h"

struct censor_ends censor_ends_of(const struct censor_packet_view *view, u8 to)
{
	if (to == CENSOR_TO_SERVER)
		return (struct censor_ends){ view->family, view->src, view->dst, view->sport,
					     view->dport };
	return (struct censor_ends){ view->family, view->dst, view->src, view->dport,
				     view->sport };
}

/* RFC 1071, over an even place of the packet. */
static u32 sum(const u8 *data, u32 len, u32 acc)
{
	u32 i;

	for (i = 0; i + 1 < len; i += 2)
		acc += censor_get16(data + i);
	if (len & 1)
		acc += (u32)data[len - 1] << 8;
	return acc;
}

static u16 fold(u32 acc)
{
	while (acc >> 16)
		acc = (acc & 0xffff) + (acc >> 16);
	return (u16)~acc;
}

static u16 transport_checksum(const struct censor_ends *ends, u8 proto, const u8 *data, u32 len)
{
	u32 addr = ends->family == 4 ? 4 : 16;

	return fold(sum(data, len, sum(ends->src, addr, sum(ends->dst, addr, proto + len))));
}

void censor_put_ip(u8 *p, const struct censor_ends *ends, u8 proto, u32 len, u8 ttl, u16 id,
		   bool df)
{
	u32 size = censor_ip_size(ends->family);

	memset(p, 0, size);
	if (ends->family == 4) {
		p[0] = 0x45;
		censor_put16(p + 2, size + len);
		censor_put16(p + 4, id);
		p[6] = df ? 0x40 : 0;
		p[8] = ttl;
		p[9] = proto;
		memcpy(p + 12, ends->src, 4);
		memcpy(p + 16, ends->dst, 4);
		censor_put16(p + 10, fold(sum(p, size, 0)));
	} else {
		p[0] = 0x60;
		censor_put16(p + 4, len);
		p[6] = proto;
		p[7] = ttl;
		memcpy(p + 8, ends->src, 16);
		memcpy(p + 24, ends->dst, 16);
	}
}

void censor_put_tcp(u8 *tcp, const struct censor_ends *ends, u32 seq, u32 ack, u8 flags,
		    u16 window, u32 len)
{
	memset(tcp, 0, CENSOR_TCP_SIZE);
	censor_put16(tcp, ends->sport);
	censor_put16(tcp + 2, ends->dport);
	censor_put32(tcp + 4, seq);
	censor_put32(tcp + 8, ack);
	tcp[12] = CENSOR_TCP_SIZE / 4 << 4;
	tcp[13] = flags;
	censor_put16(tcp + 14, window);
	censor_put16(tcp + 16, transport_checksum(ends, CENSOR_PROTO_TCP, tcp,
						  CENSOR_TCP_SIZE + len));
}

void censor_put_udp(u8 *udp, const struct censor_ends *ends, u32 len)
{
	u16 check;

	len += CENSOR_UDP_SIZE;
	censor_put16(udp, ends->sport);
	censor_put16(udp + 2, ends->dport);
	censor_put16(udp + 4, len);
	censor_put16(udp + 6, 0);
	check = transport_checksum(ends, CENSOR_PROTO_UDP, udp, len);
	/* RFC 768: zero would say that there is none. */
	censor_put16(udp + 6, check ? check : 0xffff);
}

u16 censor_field_value(const struct censor_field *field, u16 mirrored, u64 base, u32 n,
		       u64 *state)
{
	u32 span = (u32)field->hi - field->lo + 1;

	switch (field->pick) {
	case CENSOR_PICK_MIRROR:
		return mirrored;
	case CENSOR_PICK_CYCLIC:
		return field->lo + (censor_draw_below(&base, span) + n) % span;
	default:
		return censor_draw_range(state, field->lo, field->hi);
	}
}
