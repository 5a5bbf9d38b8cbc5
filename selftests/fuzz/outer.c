// SPDX-License-Identifier: GPL-2.0
/*
 * Frames of captures, for libFuzzer: a link type, how much was cut off, then a frame. What stands
 * in the place of the packet found must be found there too.
 */
#include <pcap/dlt.h>

#include "test.h"
#include "../../userspace-ctl/outer.h"
#include "holds.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const int links[] = {
	DLT_EN10MB, DLT_RAW, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_NULL,
};

/* A packet without ports, so that all that is read of it is right. */
static u32 put_packet(u8 *ip, bool six)
{
	u32 len = six ? 40 : 20;

	memset(ip, 0, len + 4);
	if (six) {
		ip[0] = 0x60;
		censor_put16(ip + 4, 4);
		ip[6] = 1;
	} else {
		ip[0] = 0x45;
		censor_put16(ip + 2, 24);
		ip[9] = 1;
	}
	return len + 4;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 frame[OUTER_MAX + 64];
	struct outer outer, again;
	u32 cap, wire, ip, len;
	int link;

	if (size < 2)
		return 0;
	link = links[data[0] % ARRAY_SIZE(links)];
	cap = (u32)size - 2;
	wire = cap + data[1] * 4u;
	len = wire;
	ip = outer_find(&outer, link, data + 2, &cap, &wire);
	check(ip + cap <= size - 2 && cap <= wire && ip + wire <= len && outer.n <= OUTER_HEADERS);
	if (!cap)
		return 0;
	check(ip <= OUTER_MAX);
	memcpy(frame, data + 2, ip);
	len = ip + put_packet(frame + ip, data[ip + 2] >> 4 == 6);
	outer_fit(&outer, frame, len, data[1] & 1);
	cap = len;
	wire = len;
	check(outer_find(&again, link, frame, &cap, &wire) == ip);
	check(cap == len - ip && again.n == outer.n);
	return 0;
}
