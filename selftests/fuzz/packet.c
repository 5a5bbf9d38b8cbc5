// SPDX-License-Identifier: GPL-2.0
/*
 * Packets through the whole engine, for libFuzzer. An input is a number that chooses the policy,
 * the knobs of its TCP model (struct knobs) and then packets, each behind four bytes: how it is
 * shown, how long since the last one, and its length. Two hosts judge it, one by the fast way where
 * there is one: they must agree.
 */
#include "test.h"
#include "hostile.h"
#include "tcb.h"

#define HEAD		4
#define GSO		0x01
#define CUT		0x02
#define NO_BUFFER	0x04
#define NO_FLOW		0x08
#define NEW_PHASE	0x40
#define NEW_POLICY	0x80

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed);

static struct rig *rigs[HOSTILE_VARIANTS][2];

/* What an input's first bytes say; the rest of a model stays as it is by default. */
struct knobs {
	u8 variant;
	u8 create, restart, handshake, client;
	u8 resync[CENSOR_RESYNCS];
	u8 sync;
	u8 teardown[CENSOR_TEARDOWNS];
	u8 teardown_match, reassembly, overlaps, holes, buffer, first_segment;
	u8 look_packets, look_bytes, look_empty, look_unknown, switches;
	u8 checks[2];
	u8 timeouts[5];
};

static u16 chance(u8 knob)
{
	return knob < 128 ? 0 : knob == 255 ? CENSOR_CERTAIN : (u16)((knob - 127) * 78);
}

/* What contradicts something before it gives way. */
static void reconcile(struct censor_tcp_model *model)
{
	if (model->client == CENSOR_CLIENT_BOTH) {
		model->reassembly = CENSOR_REASSEMBLY_NONE;
		memset(model->resync, 0, sizeof(model->resync));
	}
	if (!model->sync)
		memset(model->resync, 0, sizeof(model->resync));
	if (model->create & CENSOR_BY_FIN)
		model->restart = 0;
	if (model->restart & CENSOR_BY_SYN)
		model->resync[CENSOR_RESYNC_SYN] = 0;
	if (model->restart & CENSOR_BY_SYNACK)
		model->resync[CENSOR_RESYNC_SYNACK] = 0;
	if (!(model->create & CENSOR_BY_SYN) || model->sees == CENSOR_SEES_CLIENT)
		model->handshake = CENSOR_HANDSHAKE_NONE;
	if (model->reassembly != CENSOR_REASSEMBLY_FULL)
		model->overlap_early = 0;
	if (model->reassembly == CENSOR_REASSEMBLY_NONE) {
		model->overlap = 0;
		model->holes = 0;
		model->first_segment = 0;
		model->tls_records = false;
		model->timeout_hole = 0;
	}
}

static void read_model(const struct knobs *knobs, struct censor_tcp_model *model)
{
	const char *why;
	u32 i;

	censor_tcp_default(model);
	model->create = 1 + knobs->create % 15;
	if (model->create == CENSOR_BY_FIN)
		model->create |= CENSOR_BY_SYN;
	model->restart = knobs->restart & model->create & 3;
	model->handshake = knobs->handshake % CENSOR_HANDSHAKES;
	model->client = knobs->client % CENSOR_CLIENTS;
	for (i = 0; i < CENSOR_RESYNCS; i++)
		model->resync[i] = chance(knobs->resync[i]);
	model->sync = knobs->sync & 15;
	for (i = 0; i < CENSOR_TEARDOWNS; i++)
		model->teardown[i] = chance(knobs->teardown[i]);
	model->teardown_match = knobs->teardown_match % CENSOR_MATCHES;
	model->reassembly = knobs->reassembly % CENSOR_REASSEMBLIES;
	model->overlap = knobs->overlaps & 1;
	model->overlap_early = knobs->overlaps >> 1 & 1;
	model->holes = knobs->holes % CENSOR_HOLES;
	model->buffer -= (knobs->buffer & 0x7f) * 31u;
	model->first_segment = knobs->first_segment;
	model->look_packets = knobs->look_packets & 7;
	model->look_bytes = knobs->look_bytes * 4u;
	model->look_empty = knobs->look_empty & 7;
	model->look_unknown = knobs->look_unknown & 1 ? CENSOR_LOOK_NEVER : knobs->look_unknown;
	model->look_all = knobs->switches & 1;
	model->sees = knobs->switches >> 1 & 1;
	model->syn_data = knobs->switches & 4;
	model->tls_records = knobs->switches & 8;
	model->checks = (u16)censor_get16(knobs->checks) & CENSOR_CHECKS;
	model->timeout_syn = 1 + knobs->timeouts[0] * 20u;
	model->timeout_synack = 1 + knobs->timeouts[1] * 20u;
	model->timeout = 1 + knobs->timeouts[2] * 20u;
	model->timeout_closing = 1 + knobs->timeouts[3] * 20u;
	model->timeout_hole = knobs->timeouts[4] * 20u;
	reconcile(model);
	if (censor_tcp_check(model, &why)) {
		print_error("%s\n", why);
		abort();
	}
}

static void start(struct rig *rig, const struct censor_tcp_model *model, bool no_fast)
{
	rig->pol->tcp = *model;
	memset(rig->shared, 0, censor_shared_size(rig->pol));
	rig_forget(rig);
	rig->n_blocks = 0;
	rig->now = 1000 * SECOND;
	rig->generation = 1;
	rig->phase = 0;
	rig->switches = 0;
	rig->no_fast = no_fast;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	size_t at = sizeof(struct knobs);
	struct censor_tcp_model model;
	struct knobs knobs;
	u32 variant, i;

	if (size < sizeof(knobs))
		return 0;
	memcpy(&knobs, data, sizeof(knobs));
	read_model(&knobs, &model);
	variant = knobs.variant % HOSTILE_VARIANTS;
	for (i = 0; i < 2; i++) {
		if (!rigs[variant][i])
			rigs[variant][i] = rig_new(hostile_policy(variant));
		start(rigs[variant][i], &model, i);
		rigs[variant][i]->report = hostile_report(variant);
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
			if (how & NEW_PHASE)
				rig_phase(rig, !rig->phase);
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

	if (size >= sizeof(struct knobs) && wire_random(&random) % 3)
		return LLVMFuzzerMutate(data, size, max);
	while (size < sizeof(struct knobs) && size < max)
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
