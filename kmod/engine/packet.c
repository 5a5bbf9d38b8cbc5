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
	view->frag_more = frag & 0x2000;
	view->frag_at = (frag & 0x1fff) * 8;
	view->ip_id = censor_get16(data + 4);
	view->frag_id = view->ip_id;
	view->ttl = data[8];
	view->proto = data[9];
	memcpy(view->src, data + 12, 4);
	memcpy(view->dst, data + 16, 4);
	return (int)hlen;
}

static int parse_ipv6(struct censor_packet_view *view, const u8 *data, u32 cap, u32 *wire,
		      bool gso)
{
	u32 at = 40, announced = 6, total, i;
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
		u16 frag;
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
			frag = censor_get16(data + at + 2);
			/* An atomic fragment (RFC 6946) is a whole packet. */
			if (frag & 0xfff9) {
				view->fragment = true;
				view->frag_more = frag & 1;
				view->frag_at = frag & 0xfff8;
				view->frag_id = censor_get32(data + at + 4);
				view->frag_next = announced;
				view->proto = data[at];
				return (int)(at + 8);
			}
		} else if (next == IPV6_AUTH) {
			len = (data[at + 1] + 2u) * 4;
		} else {
			len = (data[at + 1] + 1u) * 8;
		}
		next = data[at];
		announced = at;
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
	if (hlen < 20 || hlen > wire - at) {
		/* What a censor makes of it, its model says. */
		view->lies |= CENSOR_LIE_DATA_OFFSET;
		hlen = 20;
	}
	view->sport = censor_get16(tcp);
	view->dport = censor_get16(tcp + 2);
	view->seq = censor_get32(tcp + 4);
	view->ack = censor_get32(tcp + 8);
	view->tcp_at = at;
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
	view->payload_at = at;
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

#define TCP_OPTION_END		0
#define TCP_OPTION_NOP		1
#define TCP_OPTION_MSS		2
#define TCP_OPTION_SCALE	3
#define TCP_OPTION_SACK_OK	4
#define TCP_OPTION_SACK		5
#define TCP_OPTION_TIMESTAMP	8
#define TCP_OPTION_MD5		19

static void read_option(struct censor_packet_view *view, const u8 *option, u32 len)
{
	switch (option[0]) {
	case TCP_OPTION_MSS:
	case TCP_OPTION_SACK_OK:
	case TCP_OPTION_SACK:
		break;
	case TCP_OPTION_SCALE:
		if (len != 3)
			break;
		view->options |= CENSOR_OPTION_SCALE;
		view->scale = min_t(u8, option[2], 14);	/* RFC 7323 2.3 */
		break;
	case TCP_OPTION_TIMESTAMP:
		if (len != 10)
			break;
		view->options |= CENSOR_OPTION_TIMESTAMP;
		view->tsval = censor_get32(option + 2);
		break;
	case TCP_OPTION_MD5:
		view->options |= CENSOR_OPTION_MD5;
		break;
	default:
		view->options |= CENSOR_OPTION_OTHER;
	}
}

void censor_packet_options(struct censor_packet_view *view, const u8 *tcp)
{
	u32 at = 20;

	view->options = 0;
	while (at < view->tcp_hlen && tcp[at] != TCP_OPTION_END) {
		u32 len;

		if (tcp[at] == TCP_OPTION_NOP) {
			at++;
			continue;
		}
		/* One that runs past the header ends them: so the receiver's kernel has it. */
		if (at + 2 > view->tcp_hlen)
			return;
		len = tcp[at + 1];
		if (len < 2 || len > view->tcp_hlen - at)
			return;
		read_option(view, tcp + at, len);
		at += len;
	}
}

/* RFC 1071: ones' complement sum of 16-bit words; the last byte of an odd length counts high. */
static u32 add_words(u32 sum, const u8 *data, u32 len)
{
	u32 i;

	for (i = 0; i + 1 < len; i += 2) {
		sum += censor_get16(data + i);
		sum = (sum & 0xffff) + (sum >> 16);
	}
	if (len & 1)
		sum += (u32)data[len - 1] << 8;
	return (sum & 0xffff) + (sum >> 16);
}

static bool transport_right(const struct censor_packet_view *view, const u8 *data)
{
	u32 addr = view->family == 4 ? 4 : 16, at, len, sum;
	const u8 *field;
	u16 pseudo;

	at = view->proto == CENSOR_PROTO_TCP ? view->tcp_at : view->payload_at - 8;
	len = view->payload_at + view->len - at;
	field = data + at + (view->proto == CENSOR_PROTO_TCP ? 16 : 6);
	sum = add_words(add_words(view->proto + len, view->src, addr), view->dst, addr);
	sum = (sum & 0xffff) + (sum >> 16);
	pseudo = (u16)sum;
	/* RFC 768: none was made. */
	if (view->proto == CENSOR_PROTO_UDP && view->family == 4 && !censor_get16(field))
		return true;
	return censor_get16(field) == pseudo || add_words(sum, data + at, len) == 0xffff;
}

void censor_packet_checksums(struct censor_packet_view *view, const u8 *data)
{
	if (view->family == 4 && add_words(0, data, (data[0] & 0x0f) * 4u) != 0xffff)
		view->lies |= CENSOR_LIE_IP_CHECKSUM;
	if (view->fragment ||
	    (view->proto != CENSOR_PROTO_TCP && view->proto != CENSOR_PROTO_UDP))
		return;
	if (!transport_right(view, data))
		view->lies |= CENSOR_LIE_CHECKSUM;
}

/* Whether the sender is the greater of the two ends. */
static bool sender_greater(const struct censor_packet_view *view)
{
	u32 addr = view->family == 4 ? 4 : 16, i;

	for (i = 0; i < addr; i += 4) {
		u32 src = censor_get32(view->src + i), dst = censor_get32(view->dst + i);

		if (src != dst)
			return src > dst;
	}
	return view->sport > view->dport;
}

void censor_packet_key(struct censor_packet_view *view, struct censor_key *key)
{
	view->dir = sender_greater(view);
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
