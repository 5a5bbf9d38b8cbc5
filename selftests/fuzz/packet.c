// SPDX-License-Identifier: GPL-2.0
/*
 * Packets through the whole engine, for libFuzzer. An input is a number that chooses the policy,
 * the knobs of its TCP model (struct knobs) and then packets, each behind four bytes: how it is
 * shown and what happens before it, how long since the last one, and its length. Fragments are put
 * together as the policy's number says. Two hosts judge a packet, one by the fast way where there
 * is one: they must agree.
 */
#include "test.h"
#include "datagram.h"
#include "hostile.h"
#include "tcb.h"

#define HEAD		4
#define GSO		0x01
#define CUT		0x02
#define NO_BUFFER	0x04
#define NO_FLOW		0x08
#define OTHER_POLICY	0x10	/* and with that bit, the policy is another one */
#define OTHER_MODEL	0x20	/* and with that one its TCP model is the default */
#define NEW_PHASE	0x40
#define NEW_POLICY	0x80	/* a policy takes force */

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed);

/* A policy, and what it shares with either host. */
static struct {
	struct censor_policy *pol;
	struct censor_shared *shared[2];
} policies[HOSTILE_VARIANTS];

static struct rig *rigs[2];
static struct censor_frags frags;

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

static void take_force(u32 variant, const struct censor_tcp_model *model)
{
	size_t size;
	u32 i;

	if (!policies[variant].pol) {
		policies[variant].pol = hostile_policy(variant);
		size = censor_shared_size(policies[variant].pol);
		for (i = 0; i < 2; i++)
			policies[variant].shared[i] = malloc(size);
	}
	policies[variant].pol->tcp = *model;
	for (i = 0; i < 2; i++) {
		struct rig *rig = rigs[i];

		rig->pol = policies[variant].pol;
		rig->shared = policies[variant].shared[i];
		rig->report = hostile_report(variant);
		rig->generation++;
		rig->phase = 0;
		memset(rig->shared, 0, censor_shared_size(rig->pol));
	}
}

/* Two hosts that have seen nothing; the second never takes the fast way. */
static void start(void)
{
	u32 i;

	for (i = 0; i < 2; i++) {
		struct rig *rig = rigs[i];

		if (!rig) {
			rig = calloc(1, sizeof(*rig));
			assert_non_null(rig);
			rigs[i] = rig;
		}
		rig_forget(rig);
		rig->n_blocks = 0;
		rig->now = 1000 * SECOND;
		rig->wall = 1000;
		rig->generation = 0;
		rig->switches = 0;
		rig->no_fast = i;
	}
	frags.over = true;
}

/* What happens before a packet. @variant: of the policy in force */
static u32 happen(u8 how, u8 wait, u32 variant, const struct censor_tcp_model *model)
{
	struct censor_tcp_model by_default;
	u64 passed = (u64)wait * wait * 10000000;
	u32 i;

	if (how & NEW_POLICY) {
		if (how & OTHER_POLICY)
			variant = (variant + 1) % HOSTILE_VARIANTS;
		censor_tcp_default(&by_default);
		take_force(variant, how & OTHER_MODEL ? &by_default : model);
	}
	for (i = 0; i < 2; i++) {
		struct rig *rig = rigs[i];

		rig->now += passed;
		/* The wall clock is faster, so that hours pass. */
		rig->wall += passed / SECOND * 60;
		rig->no_buffer = how & NO_BUFFER;
		rig->no_flow = how & NO_FLOW;
		if (how & NEW_PHASE)
			rig_phase(rig, !rig->phase);
		if (rig->n_flows > RIG_FLOWS / 2)
			rig_forget(rig);
	}
	return variant;
}

static void both(const u8 *packet, u32 cap, u32 wire, bool gso)
{
	u32 i;

	for (i = 0; i < 2; i++)
		rig_send_part(rigs[i], packet, cap, wire, gso);
	if (!hostile_same(&rigs[0]->seen, &rigs[1]->seen))
		abort();
}

/* As a host does it that has room for one datagram. */
static void put_together(const u8 *packet, u32 cap, u32 wire, bool gso, u32 variant)
{
	const struct censor_ip_model model = {
		.fragments = CENSOR_FRAGMENTS_REASSEMBLE, .overlap = variant % CENSOR_FRAG_OVERLAPS,
		.queue = 1 + variant, .full = variant & 1, .timeout = 5000,
	};
	struct censor_packet_view view;
	struct censor_key key;
	const u8 *whole;
	u32 len;

	if (censor_packet_parse(&view, packet, cap, wire, gso) || !view.fragment)
		return;
	censor_frags_key(&view, &key);
	if (frags.over || memcmp(&key, &frags.key, sizeof(key)) ||
	    censor_frags_ended(&frags, &model, rigs[0]->now))
		censor_frags_start(&frags, &key, rigs[0]->now);
	if (censor_frags_add(&frags, &model, &view, packet, cap) != CENSOR_FRAG_WHOLE)
		return;
	whole = censor_frags_packet(&frags, &len);
	both(whole, len, len, false);
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
	start();
	take_force(variant, &model);
	while (at + HEAD <= size) {
		u8 how = data[at];
		u32 len = censor_get16(data + at + 2), cap;

		variant = happen(how, data[at + 1], variant, &model);
		at += HEAD;
		len = min(len, (u32)(size - at));
		cap = how & CUT ? len / 2 : len;
		both(data + at, cap, len, how & GSO);
		put_together(data + at, cap, len, how & GSO, variant);
		at += len;
	}
	for (i = 0; i < 2; i++) {
		rig_forget(rigs[i]);
		if (rigs[i]->buffers)
			abort();
	}
	return 0;
}

/* One packet, behind what happens before it. Return: the bytes it took, or 0. */
static size_t append(u8 *data, size_t room, u64 *random, const u8 *packet, u32 len)
{
	if (HEAD + len > room)
		return 0;
	data[0] = wire_random(random) % 8 ? 0 : (u8)wire_random(random);
	data[1] = wire_random(random) % 8 ? 1 : (u8)wire_random(random);
	censor_put16(data + 2, (u16)len);
	memcpy(data + HEAD, packet, len);
	return HEAD + len;
}

/* A TCP or UDP packet in two fragments; the second may overlap the first or come before it. */
static size_t append_fragments(u8 *data, size_t room, u64 *random, const u8 *packet, u32 len)
{
	u8 family = packet[0] >> 4, fragment[2048];
	u32 header = family == 4 ? 20 : 40, cut, over, i;
	struct piece piece = { .ttl = 64, .id = (u32)wire_random(random) % 4 };
	bool swapped = wire_random(random) % 2;
	size_t used = 0;

	piece.proto = packet[family == 4 ? 9 : 6];
	if (len < header + 16 || len > 1400 || (piece.proto != 6 && piece.proto != 17))
		return 0;
	cut = (u32)(wire_random(random) % ((len - header) / 8)) * 8;
	over = cut && wire_random(random) % 4 == 0 ? 8 : 0;
	for (i = 0; i < 2; i++) {
		bool first = i == swapped;

		piece.at = first ? 0 : cut - over;
		piece.len = first ? cut : len - header - piece.at;
		piece.more = first;
		piece.bytes = packet + header + piece.at;
		used += append(data + used, room - used, random, fragment,
			       piece_put(fragment, family, &piece));
	}
	return used;
}

struct talker {
	u8 *data;
	size_t room, used;
	u64 *random;
	struct ends ends;
	u32 seq[2];		/* the next byte of the client, of the server */
};

static void say(struct talker *talker, bool server, u8 flags, const u8 *text, u32 len)
{
	static u8 packet[WIRE_MAX];
	u32 *seq = talker->seq;
	u32 packet_len = wire_tcp(packet, server ? ends_back(talker->ends) : talker->ends, flags,
				  seq[server], flags & ACK ? seq[!server] : 0, text, len);

	talker->used += append(talker->data + talker->used, talker->room - talker->used,
			       talker->random, packet, packet_len);
	seq[server] += len + !!(flags & (SYN | FIN));
}

/* What a client says first: something that a rule is about, in one message or two. */
static u32 first_words(u64 *random, u8 *text)
{
	static const char *const lines[] = {
		"USER falun\r\nPASS x\r\n", "AUTH TLS\r\nTYPE A\r\n",
		"EHLO x\r\nMAIL FROM:<x>\r\n", "HELO falun\r\nRCPT TO:<x>\r\n",
	};
	static const char *const hosts[] = { "www.facebook.com", "falun.example", "example.org" };
	const char *host = hosts[wire_random(random) % ARRAY_SIZE(hosts)];
	const char *line;
	u32 len = 0, n;

	switch (wire_random(random) % 4) {
	case 0:
		return wire_hello(text, &(struct hello){ .sni = host, .session = 32, .padding =
							 (u32)(wire_random(random) % 3) * 600 });
	case 1:
		for (n = 1 + (u32)(wire_random(random) % 2); n; n--)
			len += wire_http(text + len, n & 1 ? "/search?q=falun" : "/", host);
		return len;
	case 2:
		for (n = 1 + (u32)(wire_random(random) % 2); n; n--) {
			u32 size = wire_dns(text + len + 2, 1, DNS_RD, host, DNS_A, 1);

			censor_put16(text + len, (u16)size);
			len += 2 + size;
		}
		return len;
	default:
		line = lines[wire_random(random) % ARRAY_SIZE(lines)];
		memcpy(text, line, strlen(line));
		return (u32)strlen(line);
	}
}

/* A whole connection, as random packets hardly ever make one. */
static size_t append_talk(u8 *data, size_t room, u64 *random)
{
	static const u16 ports[] = { 443, 80, 53, 21, 25, 8080 };
	static const u8 answer[] = "HTTP/1.1 200 OK\r\n\r\n";
	static u8 text[WIRE_MAX];
	u64 dice = wire_random(random);
	u16 sport = (u16)(41000 + dice % 2), dport = ports[(dice >> 8) % ARRAY_SIZE(ports)];
	struct talker talker = { .data = data, .room = room, .random = random,
				 .seq = { 999, 4999 } };
	u32 len = first_words(random, text), pieces = 1 + (u32)(dice >> 16) % 3, i, at = 0;

	talker.ends = dice >> 24 & 1 ? ends6("2001:db8:1::10", sport, "2001:db8:2::50", dport) :
				       ends4("192.0.2.10", sport, "203.0.113.80", dport);
	if (dice >> 25 & 1)
		talker.ends = ends_back(talker.ends);
	say(&talker, false, SYN, NULL, 0);
	say(&talker, true, SYN | ACK, NULL, 0);
	say(&talker, false, ACK, NULL, 0);
	if (dice >> 26 & 1 && pieces > 1) {
		/* The second half first. */
		talker.seq[0] += len / 2;
		say(&talker, false, PSH | ACK, text + len / 2, len - len / 2);
		talker.seq[0] = 1000;
		say(&talker, false, PSH | ACK, text, len / 2);
		talker.seq[0] = 1000 + len;
	} else {
		for (i = 1; i <= pieces; i++) {
			say(&talker, false, PSH | ACK, text + at, len * i / pieces - at);
			at = len * i / pieces;
		}
	}
	for (i = 0; i < (dice >> 32 & 3); i++) {
		say(&talker, true, PSH | ACK, answer, sizeof(answer) - 1);
		say(&talker, false, PSH | ACK, text, min(len, 100u));
	}
	say(&talker, dice >> 27 & 1, dice >> 28 & 1 ? FIN | ACK : RST, NULL, 0);
	return talker.used;
}

/* Often one more well-formed packet: random bytes would hardly ever make one. */
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed)
{
	static u8 packet[WIRE_MAX];
	u64 random = seed;
	size_t used = 0;
	u32 len;

	if (size >= sizeof(struct knobs) && wire_random(&random) % 3)
		return LLVMFuzzerMutate(data, size, max);
	while (size < sizeof(struct knobs) && size < max)
		data[size++] = (u8)wire_random(&random);
	/* The same packets with another policy, or another model. */
	if (wire_random(&random) % 8 == 0) {
		data[0] = (u8)wire_random(&random);
		len = (u32)(wire_random(&random) % (2 * sizeof(struct knobs)));
		if (len < sizeof(struct knobs))
			data[len] = (u8)wire_random(&random);
		return size;
	}
	len = hostile_packet(&random, packet);
	if (wire_random(&random) % 6 == 0)
		used = append_talk(data + size, max - size, &random);
	else if (wire_random(&random) % 8 == 0)
		used = append_fragments(data + size, max - size, &random, packet, len);
	if (!used)
		used = append(data + size, max - size, &random, packet, len);
	return used ? size + used : LLVMFuzzerMutate(data, size, max);
}
