// SPDX-License-Identifier: GPL-2.0
/*
 * Packets through the whole engine, for libFuzzer. An input is a number that chooses the policy
 * and then packets, each behind four bytes: how it is shown, how long since the last one, and its
 * length. Two hosts judge it, one by the fast way where there is one: they must agree.
 */
#include "test.h"
#include "hostile.h"

#define HEAD		4
#define GSO		0x01
#define CUT		0x02
#define NO_BUFFER	0x04
#define NO_FLOW		0x08
#define NEW_POLICY	0x80

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed);

static struct rig *rigs[8][2];

static void start(struct rig *rig, bool no_fast)
{
	rig_forget(rig);
	rig->n_blocks = 0;
	rig->now = 1000 * SECOND;
	rig->generation = 1;
	rig->no_fast = no_fast;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 variant, i;
	size_t at = 1;

	if (!size)
		return 0;
	variant = data[0] & 7;
	for (i = 0; i < 2; i++) {
		if (!rigs[variant][i])
			rigs[variant][i] = rig_new(hostile_policy(variant));
		start(rigs[variant][i], i);
	}
	while (at + HEAD <= size) {
		u8 how = data[at];
		u32 len = censor_get16(data + at + 2), cap;

		at += HEAD;
		len = min(len, (u32)(size - at));
		cap = how & CUT ? len / 2 : len;
		for (i = 0; i < 2; i++) {
			struct rig *rig = rigs[variant][i];

			rig->now += (u64)data[at - HEAD + 1] * data[at - HEAD + 1] * 10000000;
			rig->no_buffer = how & NO_BUFFER;
			rig->no_flow = how & NO_FLOW;
			rig->generation += !!(how & NEW_POLICY);
			if (rig->n_flows > RIG_FLOWS / 2)
				rig_forget(rig);
			rig_send_part(rig, data + at, cap, len, how & GSO);
		}
		if (!hostile_same(&rigs[variant][0]->seen, &rigs[variant][1]->seen))
			abort();
		at += len;
	}
	for (i = 0; i < 2; i++) {
		rig_forget(rigs[variant][i]);
		if (rigs[variant][i]->buffers)
			abort();
	}
	return 0;
}

/* Often one more well-formed packet: random bytes would hardly ever make one. */
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed)
{
	static u8 packet[WIRE_MAX];
	u64 random = seed;
	u32 len;

	if (size && wire_random(&random) % 3)
		return LLVMFuzzerMutate(data, size, max);
	if (!size)
		data[size++] = (u8)wire_random(&random);
	len = hostile_packet(&random, packet);
	if (size + HEAD + len > max)
		return LLVMFuzzerMutate(data, size, max);
	data[size] = wire_random(&random) % 8 ? 0 : (u8)wire_random(&random);
	data[size + 1] = wire_random(&random) % 8 ? 1 : (u8)wire_random(&random);
	censor_put16(data + size + 2, (u16)len);
	memcpy(data + size + HEAD, packet, len);
	return size + HEAD + len;
}
