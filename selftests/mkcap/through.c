// SPDX-License-Identifier: GPL-2.0
/* Outer headers around a packet: VLAN tags, PPPoE, tunnels. */
#include <string.h>

#include "mkcap.h"

#define TYPE_IP4	0x0800
#define TYPE_IP6	0x86dd
#define TYPE_ETHERNET	0x6558

/**
 * struct wrapped - a packet that headers are put before, from within
 * @at: where it begins; it ends with the buffer's last byte
 * @type: Ethernet's number for what stands first
 */
struct wrapped {
	uint8_t *at;
	uint8_t *end;
	unsigned int type;
	bool back;
};

static void put16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static uint16_t sum_of(const uint8_t *at, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < len; i++)
		sum += (uint32_t)at[i] << (i % 2 ? 0 : 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static uint8_t *grow(struct wrapped *packet, size_t len)
{
	packet->at -= len;
	memset(packet->at, 0, len);
	return packet->at;
}

/* IP's number for what stands first. */
static uint8_t next_of(const struct wrapped *packet, bool gre)
{
	return gre ? 47 : packet->type == TYPE_IP4 ? 4 : 41;
}

static void put_ip4(struct wrapped *packet, bool gre, bool fragment)
{
	static const uint8_t ends[2][4] = { { 203, 0, 113, 1 }, { 203, 0, 113, 2 } };
	uint8_t next = next_of(packet, gre);
	uint8_t *ip = grow(packet, 20);

	ip[0] = 0x45;
	put16(ip + 2, (size_t)(packet->end - ip));
	put16(ip + 6, fragment ? 0x2000 : 0x4000);
	ip[8] = 63;
	ip[9] = next;
	memcpy(ip + 12, ends[packet->back], 4);
	memcpy(ip + 16, ends[!packet->back], 4);
	put16(ip + 10, sum_of(ip, 20));
	packet->type = TYPE_IP4;
}

/* Linux says in an option of the destination's how many tunnels more there may be. */
static void put_ip6(struct wrapped *packet, bool gre, bool option)
{
	uint8_t next = next_of(packet, gre);
	uint8_t *ip;

	if (option) {
		ip = grow(packet, 8);
		memcpy(ip, "\0\0\x04\x01\x04\x01\x01\0", 8);
		ip[0] = next;
		next = 60;
	}
	ip = grow(packet, 40);
	ip[0] = 0x60;
	put16(ip + 4, (size_t)(packet->end - ip) - 40);
	ip[6] = next;
	ip[7] = 63;
	memcpy(ip + 8, "\x20\x01\x0d\xb8\0\xff", 6);
	memcpy(ip + 24, "\x20\x01\x0d\xb8\0\xff", 6);
	ip[23] = packet->back ? 2 : 1;
	ip[39] = packet->back ? 1 : 2;
	packet->type = TYPE_IP6;
}

/* @what: "", or sum, key, seq joined by +, or a version that isn't looked into */
static void put_gre(struct wrapped *packet, const char *what)
{
	unsigned int type = packet->type;
	bool sum = strstr(what, "sum"), key = strstr(what, "key"), seq = strstr(what, "seq");
	uint8_t *gre;

	if (seq)
		grow(packet, 4)[3] = 1;
	if (key)
		grow(packet, 4)[3] = 7;
	if (sum)
		grow(packet, 4);
	gre = grow(packet, 4);
	gre[0] = (uint8_t)(sum << 7 | key << 5 | seq << 4);
	gre[1] = !!strstr(what, "pptp");
	put16(gre + 2, gre[1] ? 0x880b : type);
	if (sum)
		put16(gre + 4, sum_of(gre, (size_t)(packet->end - gre)));
}

static void put_pppoe(struct wrapped *packet)
{
	unsigned int ppp = packet->type == TYPE_IP4 ? 0x0021 : 0x0057;
	uint8_t *head = grow(packet, 8);

	head[0] = 0x11;
	put16(head + 2, 0x77);
	put16(head + 4, (size_t)(packet->end - head) - 6);
	put16(head + 6, ppp);
	packet->type = 0x8864;
}

static void put_tag(struct wrapped *packet, unsigned int type, size_t tag)
{
	unsigned int inner = packet->type;
	uint8_t *head = grow(packet, 4);

	put16(head, tag);
	put16(head + 2, inner);
	packet->type = type;
}

static void put_ethernet(struct wrapped *packet)
{
	unsigned int type = packet->type;
	uint8_t *head = grow(packet, 14);

	head[0] = 2;
	head[5] = packet->back ? 0x11 : 0x12;
	head[6] = 2;
	head[11] = packet->back ? 0x12 : 0x11;
	put16(head + 12, type);
	packet->type = TYPE_ETHERNET;
}

/* Return: false if there is no such header. */
static bool put_header(struct wrapped *packet, const char *name, bool *gre)
{
	bool in_gre = *gre;

	*gre = !strncmp(name, "gre", 3);
	if (*gre)
		put_gre(packet, name + 3);
	else if (!strcmp(name, "ip4") || !strcmp(name, "ip4+frag"))
		put_ip4(packet, in_gre, name[3]);
	else if (!strcmp(name, "ip6") || !strcmp(name, "ip6+opt"))
		put_ip6(packet, in_gre, name[3]);
	else if (!strcmp(name, "ethernet"))
		put_ethernet(packet);
	else if (!strcmp(name, "pppoe"))
		put_pppoe(packet);
	else if (!strcmp(name, "vlan"))
		put_tag(packet, 0x8100, 7);
	else if (!strcmp(name, "qinq"))
		put_tag(packet, 0x88a8, 100);
	else
		return false;
	return true;
}

bool through_known(const char *name)
{
	static uint8_t buf[256];
	struct wrapped packet = { .at = buf + sizeof(buf), .end = buf + sizeof(buf) };
	bool gre = false;

	return put_header(&packet, name, &gre);
}

size_t through_build(const struct through *through, uint8_t *buf, const uint8_t *ip, size_t len,
		     bool back, unsigned int *type)
{
	struct wrapped packet = { .at = buf + THROUGH_ROOM, .end = buf + THROUGH_ROOM + len,
				  .type = ip[0] >> 4 == 6 ? TYPE_IP6 : TYPE_IP4, .back = back };
	bool gre = false;
	size_t i, total;

	memcpy(packet.at, ip, len);
	for (i = through->n; i > 0; i--)
		put_header(&packet, through->names[i - 1], &gre);
	total = (size_t)(packet.end - packet.at);
	memmove(buf, packet.at, total);
	*type = packet.type;
	return total - len;
}
