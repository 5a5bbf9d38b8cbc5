// SPDX-License-Identifier: GPL-2.0
/*
 * A policy as a host builds it, for libFuzzer: as the kernel's netlink does, call by call, with values
 * that nobody has looked at. An input is a limit of memory and then calls, each a byte that says
 * which, and its arguments. What is granted must be fit to judge packets by.
 */
#include "test.h"
#include "hostile.h"
#include "holds.h"

#define PACKETS		12
#define LIMIT		(1u << 20)

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* What is left of the input; behind its end stand zeros. */
static const u8 *at;
static size_t left;

static struct censor_policy *pol;
static const char *why;

static u8 take(void)
{
	if (!left)
		return 0;
	left--;
	return *at++;
}

static u16 take16(void)
{
	u16 high = take();

	return (u16)(high << 8 | take());
}

/* Most often a small one, as indices are. */
static u16 take_index(void)
{
	u8 byte = take();

	return byte < 0xf0 ? byte & 3 : take16();
}

static u32 take32(void)
{
	u32 high = take16();

	return high << 16 | take16();
}

static bool take_bool(void)
{
	return take() & 1;
}

static u16 take_chance(void)
{
	u8 byte = take();

	return byte & 0x80 ? take16() : byte * 79;
}

/* @room bytes with a NUL in them; names that are long, short, and the same. */
static void take_text(char *text, u32 room)
{
	u32 len = take(), i;

	len = len < 0xf0 ? len & 7 : len % room;
	for (i = 0; i < len; i++) {
		text[i] = (char)take();
		if (!text[i])
			break;
	}
	text[i] = '\0';
}

/* Each refusal has its reason, each index is one. */
static void told(int result)
{
	check(result >= 0 || (why && *why));
	why = NULL;
}

static struct censor_field take_field(void)
{
	struct censor_field field = { .pick = take() & 7 };

	field.lo = take16();
	field.hi = take16();
	return field;
}

static void take_prefix(struct censor_prefix *prefix)
{
	u32 i;

	prefix->family = take_bool() ? 4 : 6;
	prefix->bits = take();
	for (i = 0; i < sizeof(prefix->addr); i++)
		prefix->addr[i] = take();
}

static void add_entry(u16 set)
{
	struct censor_prefix prefix;
	char text[300];

	switch (take() % 3) {
	case 0:
		take_text(text, sizeof(text));
		told(censor_policy_add_name(pol, set, take() & 7, text, strlen(text), &why));
		break;
	case 1:
		take_prefix(&prefix);
		told(censor_policy_add_prefix(pol, set, &prefix, &why));
		break;
	default:
		told(censor_policy_add_numbers(pol, set, take16(), take16(), &why));
	}
}

static void add_delay(void)
{
	struct censor_delay delay = { .n = take() & 15 };
	u32 i;

	for (i = 0; i < CENSOR_DELAY_POINTS; i++) {
		delay.point[i].at = take_chance();
		delay.point[i].us = take32();
	}
	told(censor_policy_add_delay(pol, &delay, &why));
}

static void add_hours(void)
{
	struct censor_hours hours;
	u32 i;

	take_text(hours.name, sizeof(hours.name));
	hours.offset_min = (s16)take16();
	for (i = 0; i < ARRAY_SIZE(hours.chance); i++)
		hours.chance[i] = take_chance();
	told(censor_policy_add_hours(pol, &hours, &why));
}

static void add_load(void)
{
	struct censor_load load;
	u32 i;

	take_text(load.name, sizeof(load.name));
	load.n = take() & 31;
	for (i = 0; i < CENSOR_LOAD_POINTS; i++) {
		load.point[i].pps = take32();
		load.point[i].chance = take_chance();
	}
	told(censor_policy_add_load(pol, &load, &why));
}

static void add_inject(void)
{
	struct censor_inject inject = { 0 };
	u32 i, j;

	take_text(inject.name, sizeof(inject.name));
	inject.delay = take_index();
	inject.gap = take_index();
	inject.n_packets = take() & 15;
	for (i = 0; i < inject.n_packets && i < CENSOR_PACKETS_MAX; i++) {
		struct censor_packet *packet = &inject.packets[i];

		packet->flags = take();
		packet->to = take() & 7;
		packet->copies = take() & 15;
		packet->df = take_bool();
		packet->seq_next = take_bool();
		packet->on = take() & 3;
		packet->payload_len = take();
		packet->payload[0] = take();
		packet->page = take_index();
		packet->segment = take16();
		packet->ttl = take_field();
		packet->ip_id = take_field();
		packet->window = take_field();
		packet->n_seq = take() & 15;
		for (j = 0; j < CENSOR_COPIES_MAX; j++)
			packet->seq[j] = take();
	}
	told(censor_policy_add_inject(pol, &inject, &why));
}

static void read_rule(struct censor_rule *to)
{
	struct censor_rule rule = { 0 };

	take_text(rule.name, sizeof(rule.name));
	rule.actions = take16();
	rule.path = take() & 3;
	rule.drop_to = take() & 7;
	rule.rewrite_to = take() & 7;
	rule.rewrite_flags = take();
	rule.inject = take_index();
	rule.chance = (struct censor_chance){ .of = take_chance(), .tuple = take() & 31 };
	rule.chance.hours = take_index();
	rule.chance.load = take_index();
	rule.residual.ms = take32();
	rule.residual.onset = take_index();
	rule.residual.chance = take_chance();
	rule.residual.inject = take_index();
	rule.residual.tuple = take() & 31;
	rule.residual.both = take_bool();
	rule.residual.rearm = take() & 3;
	rule.residual.act = take() & 3;
	rule.freeze.lo = take32();
	rule.freeze.hi = take32();
	rule.freeze.bytes = take_bool();
	rule.forge.pool = take_index();
	rule.forge.alias = take_index();
	rule.forge.delay = take_index();
	rule.forge.lie = take() & 7;
	rule.forge.in_order = take_bool();
	rule.forge.cursors = take();
	rule.forge.count = take();
	rule.forge.aa = take_bool();
	rule.forge.df = take_bool();
	rule.forge.ttl_lo = take32();
	rule.forge.ttl_hi = take32();
	rule.forge.ip_ttl = take_field();
	rule.forge.ip_id = take_field();
	*to = rule;
}

/* @phased: with what is done to flows that stay open, and in some phases */
static void add_rule(bool phased)
{
	struct censor_rule rule;

	read_rule(&rule);
	rule.phases = CENSOR_PHASES_ALL;
	if (phased) {
		rule.phases = take_bool() ? CENSOR_PHASES_ALL : take();
		rule.sample = take_chance();
		rule.police = (struct censor_police){ .rate = take32(), .burst = take32() };
		rule.police.per = take() & 3;
		rule.police.to = take() & 7;
		rule.lose.chance = take_chance();
		rule.lose.to = take() & 7;
		rule.hold.delay = take_index();
		rule.hold.to = take() & 7;
		rule.mark.value = take();
		rule.mark.mask = take();
	}
	told(censor_policy_add_rule(pol, &rule, &why));
}

static s64 take_date(void)
{
	u8 byte = take();

	return byte < 0x80 ? CENSOR_NO_DATE : byte == 0xff ? (s64)take32() << 24 : byte - 0x81;
}

static void add_phase(void)
{
	struct censor_phase phase = { 0 };

	take_text(phase.name, sizeof(phase.name));
	take_text(phase.title, sizeof(phase.title));
	phase.from = take_date();
	phase.until = take_date();
	/* Without a NUL. */
	if (take() == 0xff)
		memset(phase.title, 'x', sizeof(phase.title));
	told(censor_policy_add_phase(pol, &phase, &why));
}

/* Sets of one entry, the same in all of them, and rules that ask for it. */
static void add_same(u32 n)
{
	struct censor_rule rule = { .actions = CENSOR_DO_LOG, .chance.of = CENSOR_CERTAIN,
				    .phases = CENSOR_PHASES_ALL };
	u8 kind = take() % 3, form = take() & 7, attr = take() & 31;
	struct censor_prefix prefix = { .family = 4, .bits = 8, .addr = { 10 } };
	u32 i;

	for (i = 0; i < n; i++) {
		int set = censor_policy_add_set(pol, "", kind, false, &why);
		u16 index = (u16)set;

		told(set);
		if (set < 0)
			continue;
		if (kind == CENSOR_KIND_NAMES)
			told(censor_policy_add_name(pol, index, form, "same", 4, &why));
		else if (kind == CENSOR_KIND_PREFIXES)
			told(censor_policy_add_prefix(pol, index, &prefix, &why));
		else
			told(censor_policy_add_numbers(pol, index, 1, 20, &why));
		snprintf(rule.name, sizeof(rule.name), "same-%u-%u", pol->n_rules, i);
		told(censor_policy_add_rule(pol, &rule, &why));
		told(censor_policy_add_cond(pol, attr, false, &index, 1, &why));
	}
}

/* One kind of thing again and again, up to its limit. */
static void add_many(void)
{
	struct censor_inject inject = { .n_packets = 1, .packets[0] = { .copies = 1, .n_seq = 1,
									.to = CENSOR_TO_BOTH } };
	struct censor_hours hours = { 0 };
	struct censor_load load = { .n = 1 };
	struct censor_delay delay = { .n = 1 };
	struct censor_phase phase = { .from = CENSOR_NO_DATE, .until = CENSOR_NO_DATE };
	struct censor_prefix prefix = { .family = 4, .bits = 32 };
	u32 n = take() * 5u, which = take() % 10, i;
	char name[24];

	if (which == 9) {
		add_same(min(n, 100u));
		return;
	}
	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "many-%u", i);
		switch (which) {
		case 0:
			prefix.addr[1] = (u8)i;
			told(censor_policy_add_inside(pol, &prefix, &why));
			break;
		case 1:
			snprintf(inject.name, sizeof(inject.name), "%s", name);
			told(censor_policy_add_inject(pol, &inject, &why));
			break;
		case 2:
			told(censor_policy_add_pool(pol, name, &why));
			break;
		case 3:
			snprintf(hours.name, sizeof(hours.name), "%s", name);
			told(censor_policy_add_hours(pol, &hours, &why));
			break;
		case 4:
			snprintf(load.name, sizeof(load.name), "%s", name);
			told(censor_policy_add_load(pol, &load, &why));
			break;
		case 5:
			told(censor_policy_add_delay(pol, &delay, &why));
			break;
		case 6:
			snprintf(phase.name, sizeof(phase.name), "%s", name);
			told(censor_policy_add_phase(pol, &phase, &why));
			break;
		case 7:
			told(censor_policy_add_page(pol, name, &why));
			break;
		default:
			told(censor_policy_add_alias(pol, name, &why));
		}
	}
}

static void add_cond(void)
{
	u16 sets[8];
	u32 n = take() & 7, i;
	u8 attr = take() & 31;
	bool negate = take_bool();

	for (i = 0; i < n; i++)
		sets[i] = take_index();
	told(censor_policy_add_cond(pol, attr, negate, sets, n, &why));
}

static void set_tcp(void)
{
	struct censor_tcp_model model;
	u32 i;

	censor_tcp_default(&model);
	model.create = take();
	model.restart = take();
	model.handshake = take() & 7;
	model.client = take() & 7;
	for (i = 0; i < CENSOR_RESYNCS; i++)
		model.resync[i] = take_chance();
	model.sync = take();
	for (i = 0; i < CENSOR_TEARDOWNS; i++)
		model.teardown[i] = take_chance();
	model.teardown_match = take() & 7;
	model.reassembly = take() & 3;
	model.overlap = take() & 3;
	model.overlap_early = take() & 3;
	model.holes = take() & 3;
	model.buffer = take16();
	model.first_segment = take16();
	model.look_packets = take16();
	model.look_bytes = take32();
	model.look_empty = take();
	model.look_unknown = take16();
	model.look_all = take_bool();
	model.checks = take16();
	model.sees = take() & 3;
	model.syn_data = take_bool();
	model.tls_records = take_bool();
	model.timeout_syn = take32();
	model.timeout_synack = take32();
	model.timeout = take32();
	model.timeout_closing = take32();
	model.timeout_hole = take32();
	told(censor_policy_set_tcp(pol, &model, &why));
}

static void set_ip(void)
{
	struct censor_ip_model model;

	censor_ip_default(&model);
	model.fragments = take() & 3;
	model.overlap = take() & 7;
	model.queue = take();
	model.full = take() & 3;
	model.ttl = take() & 3;
	model.timeout = take32();
	told(censor_policy_set_ip(pol, &model, &why));
}

static void set_detect(void)
{
	struct censor_detect_model model;

	censor_detect_default(&model);
	model.udp_look = take16();
	model.udp_timeout = take32();
	model.quic_versions = take();
	model.quic_tag = take_bool();
	model.quic_assemble = take() & 3;
	model.quic_ports = take() & 3;
	model.quic_first = take_bool();
	model.quic_rate = take32();
	model.http_header_name = take16();
	model.http_reach = take16();
	model.dns_name = take();
	model.dns_dots = take_bool();
	model.dns_questions = take();
	model.fet_low = take16();
	model.fet_high = take16();
	model.fet_prefix = take16();
	model.fet_percent = take();
	model.fet_run = take16();
	model.fet_tls = take();
	model.openvpn_opcodes = take16();
	model.openvpn_acks = take_bool();
	model.tls_in_tls = take_bool();
	told(censor_policy_set_detect(pol, &model, &why));
}

static void add_page_data(void)
{
	u8 bytes[256] = "HTTP/1.1 403 Forbidden\r\n";
	u16 page = take_index(), rounds = take();

	rounds = rounds < 0xf8 ? 1 : take();
	while (rounds--)
		told(censor_policy_add_page_data(pol, page, bytes, take() ? sizeof(bytes) : 0, &why));
}

static void call(void)
{
	struct censor_prefix prefix;
	char text[300];
	u8 which = take();

	/* Of these there were none when the first inputs were made. */
	if (which >= 0xf0) {
		if (which < 0xf6)
			add_phase();
		else if (which < 0xfc)
			add_rule(true);
		else
			add_many();
		return;
	}
	switch (which % 20) {
	case 0:
		take_text(text, sizeof(text));
		told(censor_policy_set_name(pol, text, &why));
		break;
	case 1:
		take_prefix(&prefix);
		told(censor_policy_add_inside(pol, &prefix, &why));
		break;
	case 2:
		told(censor_policy_set_clock(pol, take_index(), &why));
		break;
	case 3:
		set_tcp();
		break;
	case 4:
		set_ip();
		break;
	case 5:
		set_detect();
		break;
	case 6:
	case 7:
		take_text(text, CENSOR_NAME_MAX);
		told(censor_policy_add_set(pol, text, take() & 3, take_bool(), &why));
		break;
	case 8:
		add_delay();
		break;
	case 9:
		take_text(text, CENSOR_NAME_MAX);
		told(censor_policy_add_page(pol, text, &why));
		break;
	case 10:
		add_page_data();
		break;
	case 11:
		add_hours();
		break;
	case 12:
		add_load();
		break;
	case 13:
		add_inject();
		break;
	case 14:
		take_text(text, CENSOR_NAME_MAX);
		told(censor_policy_add_pool(pol, text, &why));
		break;
	case 15:
		take_prefix(&prefix);
		told(censor_policy_add_address(pol, take_index(), prefix.family, prefix.addr, &why));
		break;
	case 16:
		take_text(text, sizeof(text));
		told(censor_policy_add_alias(pol, text, &why));
		break;
	case 17:
		add_rule(false);
		break;
	case 18:
		add_cond();
		break;
	default:
		add_entry(take_index());
	}
}

/* @pol is the rig's from now on. */
static void judge(u64 random)
{
	static u8 packet[WIRE_MAX];
	struct rig *rig = rig_new(pol);
	u32 i;

	for (i = 0; i < PACKETS; i++) {
		u32 len = hostile_packet(&random, packet);

		rig_send_part(rig, packet, len, len, false);
		rig->now += SECOND / 10;
		if (pol->n_phases && i % 3 == 2)
			rig_phase(rig, (u8)((rig->phase + 1u) % pol->n_phases));
	}
	rig_free(rig);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	int where;

	at = data;
	left = size;
	pol = censor_policy_create(take() & 0x80 ? take32() % LIMIT : LIMIT);
	if (!pol)
		return 0;
	while (left)
		call();
	if (censor_policy_seal(pol, &where, &why)) {
		check(why && *why && where >= -1 && (where < 0 || (u32)where < pol->n_rules));
		why = NULL;
		censor_policy_destroy(pol);
		return 0;
	}
	judge(size);
	return 0;
}
