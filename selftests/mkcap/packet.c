// SPDX-License-Identifier: GPL-2.0
/* The bytes of a test packet, true or lying. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mkcap.h"

static void put16(uint8_t *p, unsigned int v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static uint32_t sum(uint32_t acc, const uint8_t *p, size_t len)
{
	for (; len > 1; len -= 2, p += 2)
		acc += (uint32_t)(p[0] << 8 | p[1]);
	return len ? acc + (uint32_t)(p[0] << 8) : acc;
}

static uint16_t fold(uint32_t acc)
{
	while (acc >> 16)
		acc = (acc & 0xffff) + (acc >> 16);
	return (uint16_t)~acc;
}

static size_t whole_build(const struct packet *packet, uint8_t *buf)
{
	const struct flow *flow = packet->flow;
	const struct side *from = &flow->side[packet->from], *to = &flow->side[!packet->from];
	size_t alen = flow->family == 4 ? 4 : 16, head = 0, len;
	uint32_t acc;
	uint16_t check;
	int at = -1;

	if (packet->fragment > 0) {
		memcpy(buf, packet->payload, packet->len);
		return packet->len;
	}
	if (flow->proto == 6) {
		head = 20 + (packet->options_len + 3) / 4 * 4;
		at = 16;
	} else if (flow->proto == 17) {
		head = 8;
		at = 6;
	}
	len = head + packet->len;
	memset(buf, 0, head);
	memcpy(buf + head, packet->payload, packet->len);
	if (at < 0)
		return len;
	put16(buf, from->port);
	put16(buf + 2, to->port);
	if (flow->proto == 6) {
		put32(buf + 4, from->isn + packet->seq);
		put32(buf + 8, packet->flags & 0x10 ? to->isn + packet->ack : 0);
		buf[12] = (uint8_t)((packet->doff < 0 ? head / 4 : (size_t)packet->doff) << 4);
		buf[13] = packet->flags;
		put16(buf + 14, packet->window);
		memcpy(buf + 20, packet->options, packet->options_len);
	} else {
		put16(buf + 4, packet->udp_len < 0 ? (unsigned int)len :
						     (unsigned int)packet->udp_len);
	}
	acc = sum(0, from->addr, alen);
	acc = sum(acc, to->addr, alen);
	acc += flow->proto + (uint32_t)len;
	check = fold(sum(acc, buf, len));
	if (flow->proto == 17 && !check)
		check = 0xffff;
	put16(buf + at, packet->bad_sum ? check ^ 0x5555 : check);
	return len;
}

/* @more gets whether other fragments follow. */
static size_t transport_build(const struct packet *packet, uint8_t *buf, bool *more)
{
	size_t len = whole_build(packet, buf), from, to;

	*more = packet->more;
	if (packet->slice_from < 0)
		return len;
	from = (size_t)packet->slice_from < len ? (size_t)packet->slice_from : len;
	to = (size_t)packet->slice_to < len ? (size_t)packet->slice_to : len;
	if (to < from)
		to = from;
	*more = to < len;
	memmove(buf, buf + from, to - from);
	return to - from;
}

size_t packet_build(const struct packet *packet, uint8_t *buf)
{
	const struct flow *flow = packet->flow;
	const struct side *from = &flow->side[packet->from], *to = &flow->side[!packet->from];
	int at = packet->slice_from < 0 ? packet->fragment : packet->slice_from;
	unsigned int offset = at < 0 ? 0 : (unsigned int)at;
	bool fragment = at >= 0, more;
	size_t head, len;

	if (flow->family == 4) {
		head = 20;
		len = head + transport_build(packet, buf + head, &more);
		memset(buf, 0, head);
		buf[0] = 0x45;
		put16(buf + 2, packet->ip_len < 0 ? (unsigned int)len :
						    (unsigned int)packet->ip_len);
		put16(buf + 4, packet->id);
		put16(buf + 6, (packet->df ? 0x4000u : 0) | (more ? 0x2000u : 0) |
			       offset / 8);
		buf[8] = packet->ttl;
		buf[9] = flow->proto;
		memcpy(buf + 12, from->addr, 4);
		memcpy(buf + 16, to->addr, 4);
		put16(buf + 10, fold(sum(0, buf, head)) ^ (packet->bad_ip_sum ? 0x5555 : 0));
		return len;
	}
	head = fragment ? 48 : 40;
	len = head + transport_build(packet, buf + head, &more);
	memset(buf, 0, head);
	buf[0] = 0x60;
	put16(buf + 4, packet->ip_len < 0 ? (unsigned int)len - 40 : (unsigned int)packet->ip_len);
	buf[6] = flow->proto;
	buf[7] = packet->ttl;
	memcpy(buf + 8, from->addr, 16);
	memcpy(buf + 24, to->addr, 16);
	if (fragment) {
		buf[6] = 44;
		buf[40] = flow->proto;
		put16(buf + 42, (offset & ~7u) | more);
		put32(buf + 44, packet->id);
	}
	return len;
}

/* One record of @len bytes into @records of them. Return: the new length. */
static size_t split_records(uint8_t *buf, size_t len, size_t records)
{
	static uint8_t message[4096];
	size_t each = (len - 5 + records - 1) / records, at = 0, out = 0, part;

	memcpy(message, buf + 5, len - 5);
	for (; at < len - 5; at += part) {
		part = len - 5 - at < each ? len - 5 - at : each;
		buf[out] = 0x16;
		put16(buf + out + 1, 0x0301);
		put16(buf + out + 3, (unsigned int)part);
		memcpy(buf + out + 5, message + at, part);
		out += 5 + part;
	}
	return out;
}

size_t hello_build(uint8_t *buf, const char *name, size_t records)
{
	static const uint8_t suites[] = { 0x13, 0x01, 0x13, 0x02, 0xc0, 0x2b, 0xc0, 0x2f };
	static const uint8_t groups[] = { 0, 10, 0, 6, 0, 4, 0, 29, 0, 23 };
	size_t n = strlen(name), at = 9, extensions;

	put16(buf + at, 0x0303);
	at += 2;
	memset(buf + at, 0x42, 32);	/* random */
	at += 32;
	buf[at++] = 0;			/* session */
	put16(buf + at, sizeof(suites));
	memcpy(buf + at + 2, suites, sizeof(suites));
	at += 2 + sizeof(suites);
	buf[at++] = 1;			/* compression: none */
	buf[at++] = 0;
	extensions = at;
	at += 2;
	memcpy(buf + at, groups, sizeof(groups));
	at += sizeof(groups);
	put16(buf + at, 0);		/* server_name */
	put16(buf + at + 2, (unsigned int)n + 5);
	put16(buf + at + 4, (unsigned int)n + 3);
	buf[at + 6] = 0;
	put16(buf + at + 7, (unsigned int)n);
	memcpy(buf + at + 9, name, n);
	at += 9 + n;
	put16(buf + extensions, (unsigned int)(at - extensions - 2));
	buf[0] = 0x16;
	put16(buf + 1, 0x0301);
	put16(buf + 3, (unsigned int)at - 5);
	buf[5] = 1;
	buf[6] = 0;
	put16(buf + 7, (unsigned int)at - 9);
	return records > 1 ? split_records(buf, at, records) : at;
}

size_t query_build(uint8_t *buf, const char *name, const char *type)
{
	static const struct {
		const char *name;
		unsigned int type;
	} types[] = {
		{ "a", 1 }, { "ns", 2 }, { "mx", 15 }, { "txt", 16 }, { "aaaa", 28 }, { "https", 65 },
	};
	unsigned int number = (unsigned int)strtoul(type, NULL, 10);
	size_t at = 12, i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcasecmp(type, types[i].name))
			number = types[i].type;
	if (!number)
		return 0;
	memset(buf, 0, at);
	put16(buf, 0x1234);
	put16(buf + 2, 0x0100);		/* RD */
	put16(buf + 4, 1);
	while (*name) {
		size_t label = strcspn(name, ".");

		if (label < 1 || label > 63)
			return 0;
		buf[at++] = (uint8_t)label;
		memcpy(buf + at, name, label);
		at += label;
		name += label + (name[label] == '.');
	}
	buf[at++] = 0;
	put16(buf + at, number);
	put16(buf + at + 2, 1);
	return at + 4;
}
