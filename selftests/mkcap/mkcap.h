/* SPDX-License-Identifier: GPL-2.0 */
/* mkcap: captures for tests, from a script with a line for each packet. See mkcap.c. */
#ifndef _MKCAP_H
#define _MKCAP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define MKCAP_PAYLOAD	65536
#define MKCAP_OPTIONS	40
#define MKCAP_PACKET	(MKCAP_PAYLOAD + 256)
#define HELLO_RECORDS	16
#define THROUGH_HEADERS	16
#define THROUGH_ROOM	1024	/* more than they take */
#define CLIENT_ISN	0xfffffc00u	/* so that numbers wrap soon */
#define SERVER_ISN	0x20000000u

/** struct side - one end of a flow, and where its TCP stands */
struct side {
	uint8_t addr[16];
	uint16_t port;
	uint32_t isn;
	uint32_t next;	/* relative to @isn, as Wireshark counts: the SYN is 0, the first byte 1 */
	uint32_t sliced_seq;	/* of the datagram that was last sliced */
	uint16_t sliced_id;
};

/** struct flow - two ends of a conversation; side 0 is the client */
struct flow {
	char name[32];
	uint8_t family;
	uint8_t proto;
	bool fixed;
	struct side side[2];
};

/**
 * struct packet - all that a line says of one
 * @from: 0: the client sends it
 * @len: bytes of @payload
 * @ip_len, @udp_len, @doff: said instead of the truth, or -1
 * @fragment: byte offset of this fragment, or -1
 * @slice_from: it is a fragment: the bytes of the whole datagram, transport header and all, from
 *	here up to, not including, @slice_to; -1: it is whole
 */
struct packet {
	const struct flow *flow;
	int from;
	uint8_t flags;
	uint32_t seq, ack;
	uint16_t window;
	uint8_t ttl;
	uint16_t id;
	bool df, more;
	bool bad_sum, bad_ip_sum;
	int ip_len, udp_len, doff;
	int fragment;
	int slice_from, slice_to;
	uint8_t options[MKCAP_OPTIONS];
	size_t options_len;
	uint8_t payload[MKCAP_PAYLOAD];
	size_t len;
};

/** packet_build() - the IP packet into @buf of MKCAP_PACKET bytes. Return: its length. */
size_t packet_build(const struct packet *packet, uint8_t *buf);

/**
 * hello_build() - a TLS ClientHello with this server name
 * @records: that it stands in, all of about the same length; 1 to HELLO_RECORDS
 *
 * Return: its length.
 */
size_t hello_build(uint8_t *buf, const char *name, size_t records);

/** query_build() - a DNS query. Return: its length, or 0 if it cannot be asked. */
size_t query_build(uint8_t *buf, const char *name, const char *type);

enum link {
	LINK_ETHERNET,
	LINK_VLAN,
	LINK_QINQ,
	LINK_RAW,
	LINK_SLL,
	LINK_SLL2,
	LINK_NULL,
	LINK_LOOP,
	LINK_USB,	/* one that isn't read */
	LINKS,
};

extern const char *const link_names[LINKS];

/** struct through - outer headers of each packet, from without */
struct through {
	char names[THROUGH_HEADERS][20];
	size_t n;
};

/** through_known() - whether an outer header is called so */
bool through_known(const char *name);

/**
 * through_build() - a packet with its outer headers
 * @buf: @len bytes and THROUGH_ROOM
 * @ip: the packet, all of it
 * @type: Ethernet's number for what stands first
 *
 * Return: bytes of the headers.
 */
size_t through_build(const struct through *through, uint8_t *buf, const uint8_t *ip, size_t len,
		     bool back, unsigned int *type);

/** struct file - a capture being written */
struct file {
	FILE *out;
	bool ng;
	bool nano;
	bool swapped;	/* in the other byte order (pcap only) */
	enum link link;
	struct through through;
	bool begun;
};

/**
 * file_packet() - one frame
 * @time_ns: since 1970
 * @back: the server's side sends it
 * @ip: the packet, with what the link pads it by
 * @cap: bytes of @ip that were captured
 * @len: bytes of the packet alone
 * @wire: bytes of it on the wire
 */
void file_packet(struct file *file, uint64_t time_ns, const uint8_t *ip, size_t cap, size_t len,
		 size_t wire, bool back);

/** file_frame() - one frame, link-layer header and all */
void file_frame(struct file *file, uint64_t time_ns, const uint8_t *frame, size_t len);

/** file_begin() - the head; later calls do nothing */
void file_begin(struct file *file);

/** struct frame - one of a capture, from the Ethernet header on */
struct frame {
	uint64_t time_ns;
	uint8_t *data;
	size_t len;
};

/** read_capture() - all of an Ethernet capture, or an end of the program with the reason */
struct frame *read_capture(const char *path, size_t *n);

#endif
