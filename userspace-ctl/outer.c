// SPDX-License-Identifier: GPL-2.0
#include <pcap/pcap.h>
#include <pcap/sll.h>

#include "engine/packet.h"
#include "outer.h"

#define ETHERTYPE_IP4		0x0800
#define ETHERTYPE_BRIDGED	0x6558	/* in GRE: Ethernet (RFC 1701's transparent bridging) */
#define ETHERTYPE_VLAN		0x8100
#define ETHERTYPE_IP6		0x86dd
#define ETHERTYPE_PPPOE		0x8864	/* session; what leads to it (0x8863) carries no IP */
#define ETHERTYPE_QINQ		0x88a8
#define ETHERTYPE_OLD		0x9100	/* QinQ before 802.1ad */
#define VLAN_TAGS		2	/* QinQ: an outer and an inner one */

#define PPP_IP4			0x0021
#define PPP_IP6			0x0057

#define NEXT_HOPOPTS		0
#define NEXT_ROUTING		43
#define NEXT_DSTOPTS		60	/* RFC 2473: how many tunnels more; Linux sends it */
#define NEXT_MAX	4
#define PROTO_IP4		4
#define PROTO_IP6		41
#define PROTO_GRE		47

#define GRE_CHECKSUM		0x8000
#define GRE_KEY			0x2000
#define GRE_SEQUENCE		0x1000
#define GRE_FOREIGN		0x4c07	/* RFC 2784 2.3: none may be set; PPTP has a version */

/**
 * struct walk - the way through a frame
 * @at: where it stands
 * @cap: where what can be read ends; at least @at
 * @wire: where what it is in ends on the wire; at least @cap
 */
struct walk {
	const u8 *data;
	u32 at, cap, wire;
	struct outer *outer;
};

static bool can_read(const struct walk *walk, u32 len)
{
	return walk->cap - walk->at >= len;
}

static void note(struct walk *walk, enum outer_kind kind)
{
	struct outer *outer = walk->outer;

	outer->headers[outer->n].kind = kind;
	outer->headers[outer->n].at = (u16)walk->at;
	outer->n++;
}

/* What is ahead ends after @len bytes. Return: false if less stood there. */
static bool confine(struct walk *walk, u32 len)
{
	if (len > walk->wire - walk->at)
		return false;
	walk->wire = walk->at + len;
	walk->cap = min(walk->cap, walk->wire);
	return true;
}

bool outer_link(int link)
{
	switch (link) {
	case DLT_EN10MB:
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
	case DLT_LINUX_SLL:
	case DLT_LINUX_SLL2:
	case DLT_NULL:
	case DLT_LOOP:
		return true;
	}
	return false;
}

bool outer_length(const u8 *ip, u32 cap, u32 *wire)
{
	u32 len;

	if (cap >= 4 && ip[0] >> 4 == 4) {
		len = censor_get16(ip + 2);
	} else if (cap >= 8 && ip[0] >> 4 == 6) {
		len = censor_get16(ip + 4);
		if (!len && ip[6] == CENSOR_PROTO_TCP)
			return true;
		len += 40;
	} else {
		return false;
	}
	if (!len)
		return true;
	*wire = min(*wire, len);
	return false;
}

/* RFC 2516: version and type, code 0, the session, a length; then PPP's protocol. */
static bool enter_pppoe(struct walk *walk)
{
	u32 len, type;

	if (!can_read(walk, 8) || walk->data[walk->at] != 0x11 || walk->data[walk->at + 1])
		return false;
	note(walk, OUTER_PPPOE);
	len = censor_get16(walk->data + walk->at + 4);
	type = censor_get16(walk->data + walk->at + 6);
	walk->at += 6;
	if (len < 2 || !confine(walk, len))
		return false;
	walk->at += 2;
	return type == PPP_IP4 || type == PPP_IP6;
}

/* From behind a link's header on, whose last word was @type, to an IP header. */
static bool enter_type(struct walk *walk, u32 type)
{
	u32 tags;

	for (tags = 0; tags < VLAN_TAGS; tags++) {
		if (type != ETHERTYPE_VLAN && type != ETHERTYPE_QINQ && type != ETHERTYPE_OLD)
			break;
		if (!can_read(walk, 4))
			return false;
		type = censor_get16(walk->data + walk->at + 2);
		walk->at += 4;
	}
	if (type == ETHERTYPE_PPPOE)
		return enter_pppoe(walk);
	return type == ETHERTYPE_IP4 || type == ETHERTYPE_IP6;
}

static bool enter_ethernet(struct walk *walk)
{
	u32 type;

	if (!can_read(walk, 14))
		return false;
	note(walk, OUTER_ETHERNET);
	type = censor_get16(walk->data + walk->at + 12);
	walk->at += 14;
	return enter_type(walk, type);
}

static bool enter_cooked(struct walk *walk, enum outer_kind kind, u32 type_at, u32 len)
{
	if (!can_read(walk, len))
		return false;
	note(walk, kind);
	walk->at += len;
	return enter_type(walk, censor_get16(walk->data + type_at));
}

static bool enter_link(struct walk *walk, int link)
{
	switch (link) {
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
		return true;
	case DLT_NULL:
	case DLT_LOOP:
		/* The family's number is each BSD's own; the IP version says it better. */
		if (!can_read(walk, 4))
			return false;
		walk->at += 4;
		return true;
	case DLT_EN10MB:
		return enter_ethernet(walk);
	case DLT_LINUX_SLL:
		return enter_cooked(walk, OUTER_SLL, 14, 16);
	case DLT_LINUX_SLL2:
		return enter_cooked(walk, OUTER_SLL2, 0, 20);
	}
	return false;
}

/* Behind an IP header. Return: the protocol there, or -1 for a fragment or what can't be. */
static int enter_ip4(struct walk *walk)
{
	const u8 *ip = walk->data + walk->at;
	u32 hlen, len;

	if (!can_read(walk, 20))
		return -1;
	hlen = (ip[0] & 0x0f) * 4u;
	len = censor_get16(ip + 2);
	if (hlen < 20 || !can_read(walk, hlen) || censor_get16(ip + 6) & 0x3fff ||
	    (len && (len < hlen || !confine(walk, len))))
		return -1;
	note(walk, OUTER_IP4);
	walk->at += hlen;
	return ip[9];
}

static int enter_ip6(struct walk *walk)
{
	const u8 *ip = walk->data + walk->at;
	u32 len, i;
	u8 next;

	if (!can_read(walk, 40))
		return -1;
	len = censor_get16(ip + 4);
	if (len && !confine(walk, 40 + len))
		return -1;
	note(walk, OUTER_IP6);
	next = ip[6];
	walk->at += 40;
	for (i = 0; i < NEXT_MAX; i++) {
		if (next != NEXT_HOPOPTS && next != NEXT_ROUTING && next != NEXT_DSTOPTS)
			return next;
		if (!can_read(walk, 8))
			return -1;
		ip = walk->data + walk->at;
		len = (ip[1] + 1u) * 8;
		if (!can_read(walk, len))
			return -1;
		next = ip[0];
		walk->at += len;
	}
	return -1;
}

/* RFC 2784, 2890: flags and version, a type, then what the flags say. */
static bool enter_gre(struct walk *walk)
{
	u32 flags, type, len;

	if (!can_read(walk, 4))
		return false;
	flags = censor_get16(walk->data + walk->at);
	type = censor_get16(walk->data + walk->at + 2);
	len = 4 + (flags & GRE_CHECKSUM ? 4 : 0) + (flags & GRE_KEY ? 4 : 0) +
	      (flags & GRE_SEQUENCE ? 4 : 0);
	if (flags & GRE_FOREIGN || !can_read(walk, len))
		return false;
	if (flags & GRE_CHECKSUM)
		note(walk, OUTER_GRE);
	walk->at += len;
	if (type == ETHERTYPE_BRIDGED)
		return enter_ethernet(walk);
	return type == ETHERTYPE_IP4 || type == ETHERTYPE_IP6;
}

/* Whether what says that it is IP is so, up to the ports. */
static bool is_packet(const struct walk *walk)
{
	const u8 *ip = walk->data + walk->at;
	u32 cap = walk->cap - walk->at, wire = walk->wire - walk->at;
	struct censor_packet_view view;
	bool unsaid = outer_length(ip, cap, &wire);

	return !censor_packet_parse(&view, ip, cap, wire, unsaid);
}

/* From a tunnel's IP header to the one in it. Return: false if there is none to be judged. */
static bool enter_tunnel(struct walk *walk)
{
	int proto = -1;

	if (can_read(walk, 1) && walk->data[walk->at] >> 4 == 4)
		proto = enter_ip4(walk);
	else if (can_read(walk, 1) && walk->data[walk->at] >> 4 == 6)
		proto = enter_ip6(walk);
	if (proto == PROTO_GRE ? !enter_gre(walk) : proto != PROTO_IP4 && proto != PROTO_IP6)
		return false;
	if (walk->at > OUTER_MAX || !can_read(walk, 1))
		return false;
	if (proto != PROTO_GRE && walk->data[walk->at] >> 4 != (proto == PROTO_IP4 ? 4 : 6))
		return false;
	return is_packet(walk);
}

/* Of most packets the first bytes tell that they are no tunnel's. */
static bool may_be_tunnel(const struct walk *walk)
{
	const u8 *ip = walk->data + walk->at;
	u8 next;

	if (!can_read(walk, 20))
		return false;
	next = ip[0] >> 4 == 4 ? ip[9] : ip[6];
	return next == PROTO_IP4 || next == PROTO_IP6 || next == PROTO_GRE ||
	       (ip[0] >> 4 == 6 && (next == NEXT_HOPOPTS || next == NEXT_ROUTING ||
				    next == NEXT_DSTOPTS));
}

u32 outer_find(struct outer *outer, int link, const u8 *data, u32 *cap, u32 *wire)
{
	struct walk walk = { .data = data, .cap = *cap, .wire = *wire, .outer = outer };
	u32 tunnels, n;

	outer->n = 0;
	if (!enter_link(&walk, link)) {
		*wire -= *cap;
		walk.at = *cap;
		*cap = 0;
		return walk.at;
	}
	for (tunnels = 0; tunnels < OUTER_TUNNELS && may_be_tunnel(&walk); tunnels++) {
		struct walk inside = walk;

		n = outer->n;
		if (!enter_tunnel(&inside)) {
			outer->n = n;
			break;
		}
		walk = inside;
	}
	*cap = walk.cap - walk.at;
	*wire = walk.wire - walk.at;
	return walk.at;
}

/* RFC 1071 */
static u16 checksum(const u8 *data, u32 len)
{
	u32 sum = 0, i;

	for (i = 0; i + 1 < len; i += 2)
		sum += censor_get16(data + i);
	if (len & 1)
		sum += (u32)data[len - 1] << 8;
	sum = (sum & 0xffff) + (sum >> 16);
	return (u16)~((sum & 0xffff) + (sum >> 16));
}

static void swap(u8 *a, u8 *b, u32 len)
{
	u8 kept[16];

	memcpy(kept, a, len);
	memcpy(a, b, len);
	memcpy(b, kept, len);
}

/*
 * Cooked captures know one address, the sender's, and the direction. Of the censor's own packets
 * there is no sender to name.
 */
static void turn_cooked(u8 *type, u8 *address_len, u8 *address)
{
	*type = *type == LINUX_SLL_OUTGOING ? LINUX_SLL_HOST : LINUX_SLL_OUTGOING;
	*address_len = 0;
	memset(address, 0, 8);
}

static void turn(enum outer_kind kind, u8 *at)
{
	switch (kind) {
	case OUTER_ETHERNET:
		swap(at, at + 6, 6);
		break;
	case OUTER_SLL:
		turn_cooked(at + 1, at + 5, at + 6);
		break;
	case OUTER_SLL2:
		turn_cooked(at + 10, at + 11, at + 12);
		break;
	case OUTER_IP4:
		swap(at + 12, at + 16, 4);
		break;
	case OUTER_IP6:
		swap(at + 8, at + 24, 16);
		break;
	case OUTER_PPPOE:
	case OUTER_GRE:
		break;
	}
}

void outer_fit(const struct outer *outer, u8 *frame, u32 len, bool back)
{
	u32 i;

	/* From within: GRE's checksum covers the headers behind it. */
	for (i = outer->n; i > 0; i--) {
		const struct outer_header *header = &outer->headers[i - 1];
		u32 left = len - header->at;
		u8 *at = frame + header->at;

		if (back)
			turn(header->kind, at);
		switch (header->kind) {
		case OUTER_PPPOE:
			censor_put16(at + 4, (u16)(left - 6));
			break;
		case OUTER_IP4:
			censor_put16(at + 2, (u16)left);
			censor_put16(at + 10, 0);
			censor_put16(at + 10, checksum(at, (at[0] & 0x0f) * 4u));
			break;
		case OUTER_IP6:
			censor_put16(at + 4, (u16)(left - 40));
			break;
		case OUTER_GRE:
			censor_put16(at + 4, 0);
			censor_put16(at + 4, checksum(at, left));
			break;
		}
	}
}

u8 *outer_sum(const struct outer *outer, u8 *frame)
{
	u32 i;

	for (i = outer->n; i > 0; i--)
		if (outer->headers[i - 1].kind == OUTER_GRE)
			return frame + outer->headers[i - 1].at + 4;
	return NULL;
}
