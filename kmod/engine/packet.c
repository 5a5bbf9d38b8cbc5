// SPDX-License-Identifier: GPL-2.0
/* Headers of IPv4, IPv6, TCP and UDP into a view, and the keys made of them. */
#include "packet.h"
#include "policy.h"

#define IPV6_HOPOPTS	0
#define IPV6_ROUTING	43
#define IPV6_FRAGMENT	44
#define IPV6_AUTH	51
#define IPV6_DSTOPTS	60
#define IPV6_EXTENSIONS_MAX	8	/* a chain longer than this is no traffic of a client */

/* Headers ended early: more may come if the packet is longer than what can be read. */
static int cut(u32 need, u32 wire)
{
	return need <= wire && need <= CENSOR_HEADERS_MAX ? -EMSGSIZE : -EINVAL;
}

static int parse_ipv4(struct censor_packet_view *view, const u8 *data, u32 cap, u32 *wire,
		      bool gso)
{
	u32 hlen, total;
	u16 frag;

	if (cap < 20)
		return cut(20, *wire);
	hlen = (data[0] & 0x0f) * 4;
	if (hlen < 20)
		return -EINVAL;
	if (cap < hlen)
		return cut(hlen, *wire);
	total = censor_get16(data + 2);
	if (!gso) {
		if (total < hlen || total > *wire)
			return -EINVAL;
		*wire = total;	/* what follows is the link's padding */
	}
	frag = censor_get16(data + 6);
	view->family = 4;
	view->df = frag & 0x4000;
	view->fragment = frag & 0x3fff;
	view->ip_id = censor_get16(data + 4);
	view->ttl = data[8];
	view->proto = data[9];
	memcpy(view->src, data + 12, 4);
	memcpy(view->dst, data + 16, 4);
	return (int)hlen;
}

static int parse_ipv6(struct censor_packet_view *view, const u8 *data, u32 cap, u32 *wire,
		      bool gso)
{
	u32 at = 40, total, i;
	u8 next;

	if (cap < 40)
		return cut(40, *wire);
	total = 40 + censor_get16(data + 4);
	if (!gso) {
		if (total > *wire)
			return -EINVAL;
		*wire = total;
	}
	view->family = 6;
	view->ttl = data[7];
	memcpy(view->src, data + 8, 16);
	memcpy(view->dst, data + 24, 16);
	next = data[6];
	for (i = 0; i < IPV6_EXTENSIONS_MAX; i++) {
		u32 len;

		if (next != IPV6_HOPOPTS && next != IPV6_ROUTING && next != IPV6_FRAGMENT &&
		    next != IPV6_AUTH && next != IPV6_DSTOPTS) {
			view->proto = next;
			return (int)at;
		}
		if (at + 8 > *wire)
			return -EINVAL;
		if (at + 8 > cap)
			return cut(at + 8, *wire);
		if (next == IPV6_FRAGMENT) {
			len = 8;
			/* An atomic fragment (RFC 6946) is a whole packet. */
			if (censor_get16(data + at + 2) & 0xfff9) {
				view->fragment = true;
				view->proto = data[at];
				return (int)(at + 8);
			}
		} else if (next == IPV6_AUTH) {
			len = (data[at + 1] + 2u) * 4;
		} else {
			len = (data[at + 1] + 1u) * 8;
		}
		next = data[at];
		at += len;
		if (at > *wire)
			return -EINVAL;
	}
	return -EINVAL;
}

static int parse_tcp(struct censor_packet_view *view, const u8 *tcp, u32 at, u32 cap, u32 wire)
{
	u32 hlen;

	if (wire - at < 20)
		return -EINVAL;
	if (cap < at + 20)
		return cut(at + 20, wire);
	hlen = (tcp[12] >> 4) * 4;
	if (hlen < 20 || hlen > wire - at)
		return -EINVAL;
	view->sport = censor_get16(tcp);
	view->dport = censor_get16(tcp + 2);
	view->seq = censor_get32(tcp + 4);
	view->ack = censor_get32(tcp + 8);
	view->tcp_hlen = hlen;
	view->tcp_flags = tcp[13];
	view->window = censor_get16(tcp + 14);
	return (int)hlen;
}

static int parse_udp(struct censor_packet_view *view, const u8 *udp, u32 at, u32 cap, u32 *wire,
		     bool gso)
{
	u32 len;

	if (*wire - at < 8)
		return -EINVAL;
	if (cap < at + 8)
		return cut(at + 8, *wire);
	view->sport = censor_get16(udp);
	view->dport = censor_get16(udp + 2);
	len = censor_get16(udp + 4);
	if (!gso) {
		if (len < 8 || len > *wire - at)
			return -EINVAL;
		*wire = at + len;
	}
	return 8;
}

int censor_packet_parse(struct censor_packet_view *view, const u8 *data, u32 cap, u32 wire,
			bool gso)
{
	u32 end = wire, at;
	int len;

	memset(view, 0, sizeof(*view));
	if (cap > wire)
		cap = wire;
	if (!cap)
		return cut(20, wire);
	if (data[0] >> 4 == 4)
		len = parse_ipv4(view, data, cap, &end, gso);
	else if (data[0] >> 4 == 6)
		len = parse_ipv6(view, data, cap, &end, gso);
	else
		return -EINVAL;
	if (len < 0)
		return len;
	at = (u32)len;
	view->wire = wire;
	if (view->fragment)
		return 0;

	len = 0;
	if (view->proto == CENSOR_PROTO_TCP)
		len = parse_tcp(view, data + at, at, min(cap, end), end);
	else if (view->proto == CENSOR_PROTO_UDP)
		len = parse_udp(view, data + at, at, min(cap, end), &end, gso);
	if (len < 0)
		return len;
	at += (u32)len;
	if (at > CENSOR_HEADERS_MAX)
		return -EINVAL;
	view->payload_at = at;
	view->len = end - at;
	if (cap > at)
		view->cap = min(cap - at, view->len);
	if (view->cap)
		view->payload = data + at;
	return 0;
}

void censor_packet_key(struct censor_packet_view *view, struct censor_key *key)
{
	int order = memcmp(view->src, view->dst, sizeof(view->src));

	if (!order)
		order = view->sport < view->dport ? -1 : view->sport > view->dport;
	view->dir = order > 0;
	memset(key, 0, sizeof(*key));
	memcpy(key->addr[view->dir], view->src, sizeof(view->src));
	memcpy(key->addr[!view->dir], view->dst, sizeof(view->dst));
	key->port[view->dir] = view->sport;
	key->port[!view->dir] = view->dport;
	key->proto = view->proto;
	key->family = view->family;
}

void censor_residual_key(const struct censor_packet_view *view, u8 tuple, struct censor_key *key)
{
	memset(key, 0, sizeof(*key));
	if (tuple & CENSOR_TUPLE_SRC)
		memcpy(key->addr[0], view->src, sizeof(view->src));
	if (tuple & CENSOR_TUPLE_DST)
		memcpy(key->addr[1], view->dst, sizeof(view->dst));
	if (tuple & CENSOR_TUPLE_SPORT)
		key->port[0] = view->sport;
	if (tuple & CENSOR_TUPLE_DPORT)
		key->port[1] = view->dport;
	/* Two addresses alone cover every protocol between them. */
	if (tuple & (CENSOR_TUPLE_SPORT | CENSOR_TUPLE_DPORT))
		key->proto = view->proto;
	key->family = view->family;
	key->tuple = tuple;
}

u64 censor_key_hash(const struct censor_key *key)
{
	const u8 *bytes = (const u8 *)key->addr;
	u64 hash = 0x9e3779b97f4a7c15ull;
	u32 i;

	for (i = 0; i < sizeof(key->addr); i += 4)
		hash = (hash ^ censor_get32(bytes + i)) * 0xff51afd7ed558ccdull;
	hash = (hash ^ ((u64)key->port[0] << 32 | (u64)key->port[1] << 16 |
			(u64)key->proto << 8 | key->family)) * 0xc4ceb9fe1a85ec53ull;
	hash = (hash ^ key->tuple) * 0xff51afd7ed558ccdull;
	return hash ^ hash >> 29;
}
