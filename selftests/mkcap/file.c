// SPDX-License-Identifier: GPL-2.0
/* The bytes of a test capture: written here and not by libpcap, so that they can be any. */
#include <string.h>

#include "mkcap.h"

const char *const link_names[LINKS] = {
	"ethernet", "vlan", "qinq", "raw", "sll", "sll2", "null", "loop", "usb",
};

static const uint32_t link_types[LINKS] = { 1, 1, 1, 101, 113, 276, 0, 108, 220 };

static void put(const struct file *file, uint32_t v, size_t bytes)
{
	uint8_t out[4];
	size_t i;

	for (i = 0; i < bytes; i++)
		out[file->swapped ? bytes - 1 - i : i] = (uint8_t)(v >> 8 * i);
	fwrite(out, 1, bytes, file->out);
}

static void put_block(const struct file *file, uint32_t type, const uint8_t *body, size_t len)
{
	static const uint8_t zeros[4];
	size_t padded = (len + 3) / 4 * 4;

	put(file, type, 4);
	put(file, (uint32_t)padded + 12, 4);
	fwrite(body, 1, len, file->out);
	fwrite(zeros, 1, padded - len, file->out);
	put(file, (uint32_t)padded + 12, 4);
}

void file_begin(struct file *file)
{
	uint32_t type = link_types[file->link];
	uint8_t section[16] = { 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
				0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	uint8_t interface[20] = { (uint8_t)type, (uint8_t)(type >> 8), 0, 0, 0, 0, 4, 0,
				  9, 0, 1, 0, file->nano ? 9 : 6, 0, 0, 0, 0, 0, 0, 0 };

	if (file->begun)
		return;
	file->begun = true;
	if (file->ng) {
		put_block(file, 0x0a0d0d0a, section, sizeof(section));
		put_block(file, 1, interface, sizeof(interface));
		return;
	}
	put(file, file->nano ? 0xa1b23c4d : 0xa1b2c3d4, 4);
	put(file, 2, 2);
	put(file, 4, 2);
	put(file, 0, 4);
	put(file, 0, 4);
	put(file, 262144, 4);
	put(file, type, 4);
}

static void record(struct file *file, uint64_t time_ns, const uint8_t *frame, size_t cap,
		   size_t wire)
{
	file_begin(file);
	if (file->ng) {
		uint8_t body[20 + MKCAP_PACKET + THROUGH_ROOM];
		uint64_t units = time_ns / (file->nano ? 1 : 1000);
		uint32_t words[5] = { 0, (uint32_t)(units >> 32), (uint32_t)units,
				      (uint32_t)cap, (uint32_t)wire };
		size_t i;

		for (i = 0; i < 20; i++)
			body[i] = (uint8_t)(words[i / 4] >> 8 * (i % 4));
		memcpy(body + 20, frame, cap);
		put_block(file, 6, body, 20 + cap);
		return;
	}
	put(file, (uint32_t)(time_ns / 1000000000), 4);
	put(file, (uint32_t)(time_ns % 1000000000 / (file->nano ? 1 : 1000)), 4);
	put(file, (uint32_t)cap, 4);
	put(file, (uint32_t)wire, 4);
	fwrite(frame, 1, cap, file->out);
}

void file_frame(struct file *file, uint64_t time_ns, const uint8_t *frame, size_t len)
{
	record(file, time_ns, frame, len, len);
}

static size_t head_build(enum link link, uint8_t *head, unsigned int type, bool back)
{
	static const uint8_t macs[2][6] = { { 2, 0, 0, 0, 0, 1 }, { 2, 0, 0, 0, 0, 2 } };
	uint8_t hi = (uint8_t)(type >> 8), lo = (uint8_t)type;
	bool six = type == 0x86dd;
	size_t at = 12;

	memset(head, 0, 32);
	switch (link) {
	case LINK_ETHERNET:
	case LINK_VLAN:
	case LINK_QINQ:
		memcpy(head, macs[!back], 6);
		memcpy(head + 6, macs[back], 6);
		if (link == LINK_QINQ) {
			memcpy(head + at, "\x88\xa8\x00\x64", 4);
			at += 4;
		}
		if (link != LINK_ETHERNET) {
			memcpy(head + at, "\x81\x00\x00\x07", 4);
			at += 4;
		}
		head[at] = hi;
		head[at + 1] = lo;
		return at + 2;
	case LINK_SLL:
		head[1] = back ? 0 : 4;
		head[3] = 1;
		head[5] = 6;
		memcpy(head + 6, macs[back], 6);
		head[14] = hi;
		head[15] = lo;
		return 16;
	case LINK_SLL2:
		head[0] = hi;
		head[1] = lo;
		head[7] = 2;
		head[9] = 1;
		head[10] = back ? 0 : 4;
		head[11] = 6;
		memcpy(head + 12, macs[back], 6);
		return 20;
	case LINK_NULL:
		head[0] = six ? 30 : 2;
		return 4;
	case LINK_LOOP:
		head[3] = six ? 24 : 2;
		return 4;
	case LINK_USB:
		return 32;
	default:
		return 0;
	}
}

void file_packet(struct file *file, uint64_t time_ns, const uint8_t *ip, size_t cap, size_t len,
		 size_t wire, bool back)
{
	static uint8_t packet[MKCAP_PACKET + THROUGH_ROOM], frame[MKCAP_PACKET + THROUGH_ROOM];
	size_t outer, head;
	unsigned int type;

	outer = through_build(&file->through, packet, ip, len, back, &type);
	memcpy(packet + outer + len, ip + len, wire - len);
	head = head_build(file->link, frame, type, back);
	memcpy(frame + head, packet, outer + cap);
	record(file, time_ns, frame, head + outer + cap, head + outer + wire);
}
