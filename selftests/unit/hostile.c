// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "test.h"
#include "hostile.h"
#include "initial.h"
#include "tls-build.h"
#include "tls-captured.h"

static u8 without;	/* actions that a variant leaves out */
static bool shaped;	/* a variant shapes, and has two phases */
static u32 lies;	/* which lie a fickle variant begins with */
static bool fickle;	/* a variant's rules act by chance, one way only, later, on-path, and lie */

/* The name's length decides: @dice is below 10. */
static void make_fickle(struct censor_rule *rule, u32 dice)
{
	rule->path = dice & 1 && !(rule->actions & CENSOR_DO_REWRITE);
	rule->drop_to = 1 + dice % 3;
	rule->rewrite_to = 1 + (dice + 1) % 3;
	rule->rewrite_flags = RST | ACK;
	rule->chance = (struct censor_chance){ .of = (u16)(6000 + dice * 400), .hours = 1,
					       .tuple = dice & 2 ? 11 : 0, .load = dice & 4 ? 1 : 0 };
	rule->freeze = (struct censor_freeze){ dice % 4, 3 + dice * 100, dice & 1 };
	rule->residual.onset = dice & 1;
	rule->residual.chance = 9000;
	rule->residual.both = dice & 2;
	rule->residual.rearm = (u8)(dice % CENSOR_REARMS);
	rule->residual.act = (u8)(dice / 2 % CENSOR_RESIDUAL_ACTS);
	rule->residual.inject = dice & 1;
	rule->inject = dice >> 1 & 1;
	rule->forge.delay = dice & 1;
	rule->forge.aa = dice & 2;
	rule->forge.lie = (u8)((dice + lies) % CENSOR_LIES);
	rule->forge.in_order = rule->forge.lie == CENSOR_LIE_ADDRESS && dice & 4;
	rule->forge.cursors = rule->forge.in_order ? 3 : 0;
	rule->forge.alias = rule->forge.lie == CENSOR_LIE_CNAME ? 1 : CENSOR_NO_ALIAS;
	if (rule->forge.lie == CENSOR_LIE_NXDOMAIN || rule->forge.lie == CENSOR_LIE_REFUSED)
		rule->forge.pool = CENSOR_NO_POOL;
}

/* Every way of shaping, every bucket, and phases that some rules are not active in. */
static void make_shaped(struct censor_rule *rule, u32 dice)
{
	static const u16 actions[] = {
		CENSOR_DO_POLICE, CENSOR_DO_LOSE, CENSOR_DO_DELAY, CENSOR_DO_MARK,
		CENSOR_DO_POLICE | CENSOR_DO_LOSE | CENSOR_DO_DELAY,
	};

	rule->phases = dice % 3 ? CENSOR_PHASES_ALL : 1 + dice / 3 % 3;
	if (rule->path == CENSOR_PATH_ON || rule->actions & CENSOR_DO_PASS)
		return;
	if (rule->actions & CENSOR_DO_LOG && dice & 1)
		rule->sample = 2000;
	rule->actions |= actions[dice % ARRAY_SIZE(actions)];
	rule->police = (struct censor_police){ .rate = 8000 << dice, .burst = 3000,
					       .per = (u8)(dice % CENSOR_PERS),
					       .to = (u8)(1 + dice % 3) };
	rule->lose = (struct censor_lose){ .chance = 3000, .to = (u8)(1 + (dice + 1) % 3) };
	rule->hold = (struct censor_hold){ .delay = 1, .to = (u8)(1 + (dice + 2) % 3) };
	rule->mark = (struct censor_mark){ .value = dice, .mask = 0xff };
}

static void add_rule(struct censor_policy *pol, const char *name, u16 all_actions, u8 tuple)
{
	u16 actions = all_actions & ~without;
	struct censor_rule rule = {
		.actions = actions, .residual.tuple = tuple,
		.residual.ms = actions & CENSOR_DO_RESIDUAL ? 200 : 0,
		.forge = { .count = 1 + (u8)strlen(name) % 16, .ttl_lo = 60, .ttl_hi = 300,
			   .ip_ttl = { CENSOR_PICK_MIRROR, 0, 0 },
			   .ip_id = { CENSOR_PICK_CYCLIC, 7, 70 } },
	};

	snprintf(rule.name, sizeof(rule.name), "%s", name);
	if (fickle)
		make_fickle(&rule, (u32)strlen(name) % 10);
	if (shaped)
		make_shaped(&rule, (u32)(strlen(name) + (u8)name[0]) % 10);
	policy_rule_full(pol, &rule);
}

/* Every protocol, each as surely as its number says. */
static void add_protocols(struct censor_policy *pol)
{
	static const u16 actions[] = {
		CENSOR_DO_LOG, CENSOR_DO_LOG, CENSOR_DO_LOG | CENSOR_DO_INJECT, CENSOR_DO_DROP,
		CENSOR_DO_LOG, CENSOR_DO_INJECT | CENSOR_DO_RESIDUAL, CENSOR_DO_PASS,
	};
	char name[CENSOR_NAME_MAX];
	u32 i, least;

	for (i = 1; i < CENSOR_PROTOCOLS; i++) {
		snprintf(name, sizeof(name), "is-%s", censor_protocol_name(i));
		least = CENSOR_PROTOCOL_NUMBER(i, 1 + i % 3);
		add_rule(pol, name, actions[i % ARRAY_SIZE(actions)], 15);
		policy_cond(pol, CENSOR_ATTR_PROTOCOL,
			    policy_number(pol, least, CENSOR_PROTOCOL_NUMBER(i, 3)));
	}
	add_rule(pol, "is-nothing", CENSOR_DO_LOG, 0);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, policy_number(pol, 0, 0));
	add_rule(pol, "is-not", CENSOR_DO_LOG, 0);
	policy_cond_not(pol, CENSOR_ATTR_PROTOCOL, policy_number(pol, 4, 19));
	add_rule(pol, "is-both", CENSOR_DO_LOG, 0);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, policy_number(pol, 1, 15));
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, policy_number(pol, 16, 255));
}

/* What only newer attributes tell. */
static void add_attributes(struct censor_policy *pol, u16 names, u16 words)
{
	static const struct {
		u8 attr;
		bool number;
	} attrs[] = {
		{ CENSOR_ATTR_TLS_ALPN, false }, { CENSOR_ATTR_TLS_VERSION, true },
		{ CENSOR_ATTR_TLS_HAS, true }, { CENSOR_ATTR_TLS_CERT, false },
		{ CENSOR_ATTR_TLS_JA3, false }, { CENSOR_ATTR_TLS_JA4, false },
		{ CENSOR_ATTR_QUIC_SNI, false }, { CENSOR_ATTR_QUIC_VERSION, true },
		{ CENSOR_ATTR_HTTP_TEXT, false }, { CENSOR_ATTR_FTP_COMMAND, false },
		{ CENSOR_ATTR_SMTP_COMMAND, false }, { CENSOR_ATTR_DNS_QCLASS, true },
		{ CENSOR_ATTR_DNS_QDCOUNT, true },
	};
	char name[CENSOR_NAME_MAX];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		snprintf(name, sizeof(name), "has-%u", i);
		add_rule(pol, name, i % 4 ? CENSOR_DO_LOG : CENSOR_DO_DROP, 0);
		policy_cond(pol, attrs[i].attr,
			    attrs[i].number ? policy_number(pol, 1, 0x303) : i & 1 ? names : words);
		snprintf(name, sizeof(name), "has-not-%u", i);
		add_rule(pol, name, CENSOR_DO_LOG, 0);
		policy_cond_not(pol, attrs[i].attr,
				attrs[i].number ? policy_number(pol, 1, 2) : names);
	}
}

static void set_detect(struct censor_policy *pol, u32 variant)
{
	struct censor_detect_model model;

	censor_detect_default(&model);
	model.quic_tag = variant & 1;
	model.quic_assemble = (u8)(variant % CENSOR_QUIC_ASSEMBLES);
	model.quic_ports = variant >> 1 & 1;
	model.quic_first = variant % 7 == 1;
	model.quic_rate = variant & 8 ? 3 : 0;
	model.dns_dots = variant & 4;
	model.dns_questions = (u8)(1 + variant % CENSOR_QUESTIONS_MAX);
	model.udp_look = variant & 1 ? 8 : variant & 2;
	model.openvpn_opcodes = variant % 5 == 0 ? 5 : 0;
	model.openvpn_acks = variant & 2;
	model.tls_in_tls = variant & 8;
	assert_done(censor_policy_set_detect(pol, &model, &why));
}

u8 hostile_report(u32 variant)
{
	return variant & 16 ? variant % 3 : CENSOR_REPORT_NOTHING;
}

/* A page in segments, and a RST behind it; of the SYN alone something else. */
static void add_page(struct censor_policy *pol)
{
	static const struct censor_packet packets[] = {
		{ .flags = PSH | ACK, .to = CENSOR_TO_CLIENT, .copies = 2, .n_seq = 1, .page = 1,
		  .segment = 20, .on = CENSOR_ON_OTHER, .ttl = { 0, 64, 64 } },
		{ .flags = FIN | ACK, .to = CENSOR_TO_CLIENT, .copies = 1, .n_seq = 1,
		  .seq_next = true, .on = CENSOR_ON_OTHER, .ttl = { 0, 64, 64 } },
		{ .flags = SYN | ACK, .to = CENSOR_TO_CLIENT, .copies = 1, .n_seq = 1,
		  .on = CENSOR_ON_SYN, .page = 1, .segment = 1400, .ttl = { 0, 64, 64 } },
		{ .flags = RST, .to = CENSOR_TO_SERVER, .copies = 8, .n_seq = 2, .seq = { 0, 1 },
		  .payload_len = 3, .payload = "abc", .ttl = { CENSOR_PICK_MIRROR, 0, 0 } },
	};
	static const char page[] = "HTTP/1.1 403 Forbidden\r\nContent-Length: 7\r\n\r\nblocked";
	struct censor_inject inject = { .name = "page", .delay = 1, .gap = 1,
					.n_packets = ARRAY_SIZE(packets) };

	assert_done(censor_policy_add_page(pol, "page", &why));
	assert_done(censor_policy_add_page_data(pol, 0, page, sizeof(page) - 1, &why));
	memcpy(inject.packets, packets, sizeof(packets));
	assert_done(censor_policy_add_inject(pol, &inject, &why));
}

static struct censor_policy *build(u32 variant, const struct censor_tcp_model *model)
{
	static const struct censor_packet packets[] = {
		{ .flags = RST, .to = 3, .copies = 1, .n_seq = 1, .ttl = { 0, 55, 118 } },
		{ .flags = RST | ACK, .to = 3, .copies = 3, .n_seq = 3, .df = true,
		  .seq = { 0, 1460, 4380 }, .ttl = { CENSOR_PICK_CYCLIC, 39, 238 },
		  .ip_id = { CENSOR_PICK_MIRROR, 0, 0 }, .window = { CENSOR_PICK_CYCLIC, 1, 999 } },
	};
	static const struct censor_delay delay = { .n = 2, .point = { { 0, 10 }, { 9000, 90000 } } };
	static const struct censor_hours hours = { .name = "h", .chance = { 9000, 8000, 10000 } };
	static const struct censor_load load = { .name = "l", .n = 2,
						 .point = { { 1, 10000 }, { 50, 5000 } } };
	static const struct censor_phase phases[] = {
		{ .name = "one", .from = CENSOR_NO_DATE, .until = CENSOR_NO_DATE },
		{ .name = "two", .from = CENSOR_NO_DATE, .until = CENSOR_NO_DATE },
	};
	static const u16 sni[] = { CENSOR_DO_DROP, CENSOR_DO_INJECT, CENSOR_DO_FREEZE,
				   CENSOR_DO_REWRITE };
	struct censor_policy *pol = policy_new();
	struct censor_prefix inside = policy_prefix("192.0.2.0/24");
	u16 names, words, far, near;

	/* Each new block makes every flow look again: without them more is decided fast. */
	without = variant & 4 ? CENSOR_DO_RESIDUAL : 0;
	fickle = variant & 8;
	lies = variant >> 4 | (variant & 1) << 1;
	shaped = variant % 3 == 1;
	if (fickle || shaped)
		assert_done(censor_policy_add_delay(pol, &delay, &why));
	if (shaped) {
		assert_done(censor_policy_add_phase(pol, &phases[0], &why));
		assert_done(censor_policy_add_phase(pol, &phases[1], &why));
	}
	if (fickle) {
		assert_done(censor_policy_add_hours(pol, &hours, &why));
		assert_done(censor_policy_add_load(pol, &load, &why));
	}
	assert_done(censor_policy_add_inside(pol, &inside, &why));
	inside = policy_prefix("2001:db8:1::/48");
	assert_done(censor_policy_add_inside(pol, &inside, &why));
	pol->seed = 2017 + variant;
	if (model)
		assert_done(censor_policy_set_tcp(pol, model, &why));
	policy_inject(pol, "gfw", packets, 2);
	if (fickle) {
		add_page(pol);
		assert_done(censor_policy_add_alias(pol, "block.example", &why));
	}
	policy_pool(pol, "lies", NAMES("203.0.113.1", "203.0.113.2", "2001:db8:bad::1"));
	names = policy_names(pol, "names", NAMES("facebook.com", "=twitter.com", ".google.com",
						 "*tube.com"));
	words = policy_names(pol, "words", NAMES("*falun*", "*lun*", "=/search*", "api*", "*a*"));
	far = policy_prefixes(pol, "far", NAMES("203.0.113.64/26", "2001:db8:2::/64"));
	near = policy_prefixes(pol, "near", NAMES("0.0.0.0/0", "::/0"));

	add_rule(pol, "allowed", CENSOR_DO_PASS | CENSOR_DO_LOG, 0);
	policy_cond(pol, CENSOR_ATTR_IP, policy_prefixes(pol, "", NAMES("203.0.113.82")));
	add_rule(pol, "mail", CENSOR_DO_DROP | CENSOR_DO_LOG, 0);
	policy_cond(pol, CENSOR_ATTR_PORT, policy_number(pol, 25, 25));
	add_rule(pol, "ssh", CENSOR_DO_INJECT | CENSOR_DO_RESIDUAL, 15);
	policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 22, 22));
	policy_cond(pol, CENSOR_ATTR_PROTO, policy_number(pol, 6, 6));
	policy_cond(pol, CENSOR_ATTR_FROM, policy_number(pol, CENSOR_INSIDE, CENSOR_INSIDE));
	add_rule(pol, "dns", CENSOR_DO_FORGE, 0);
	policy_cond(pol, CENSOR_ATTR_DNS_QNAME, names);
	add_rule(pol, "dns-drop", CENSOR_DO_FORGE | CENSOR_DO_DROP | CENSOR_DO_RESIDUAL, 3);
	policy_cond(pol, CENSOR_ATTR_DNS_QNAME, words);
	policy_cond_not(pol, CENSOR_ATTR_DNS_QTYPE, policy_number(pol, 1, 1));
	add_rule(pol, "odd-dns", CENSOR_DO_LOG, 0);
	policy_cond_not(pol, CENSOR_ATTR_DNS_QNAME, names);
	add_rule(pol, "target", CENSOR_DO_LOG, 0);
	policy_cond(pol, CENSOR_ATTR_HTTP_TARGET, words);
	add_rule(pol, "host", CENSOR_DO_INJECT | CENSOR_DO_RESIDUAL, 11);
	policy_cond(pol, CENSOR_ATTR_HTTP_HOST, names);
	add_rule(pol, "both", CENSOR_DO_DROP, 0);
	policy_cond(pol, CENSOR_ATTR_HTTP_TARGET, words);
	policy_cond_not(pol, CENSOR_ATTR_HTTP_HOST, names);
	policy_cond(pol, CENSOR_ATTR_IP_DST, far);
	add_rule(pol, "sni", (u8)(sni[variant & (fickle ? 3 : 1)] | CENSOR_DO_RESIDUAL),
		 variant & 2 ? 11 : 3);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, names);
	add_rule(pol, "sni-words", CENSOR_DO_LOG, 0);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, words);
	policy_cond(pol, CENSOR_ATTR_IP_SRC, near);
	if (fickle) {
		add_rule(pol, "unknown", CENSOR_DO_FREEZE | CENSOR_DO_RESIDUAL, 15);
		policy_cond(pol, CENSOR_ATTR_PROTOCOL, policy_number(pol, 0, 0));
		policy_cond(pol, CENSOR_ATTR_CLIENT, policy_number(pol, CENSOR_INSIDE, CENSOR_INSIDE));
	}
	if (variant & 16) {
		set_detect(pol, variant);
		add_protocols(pol);
		add_attributes(pol, names, words);
	}
	policy_seal(pol);
	return pol;
}

struct censor_policy *hostile_policy(u32 variant)
{
	return build(variant, NULL);
}

struct censor_policy *hostile_model_policy(u32 variant, const struct censor_tcp_model *model)
{
	return build(variant, model);
}

/* A number below @n; usually 0. */
static u32 seldom(u64 *random, u32 n)
{
	u64 dice = wire_random(random);

	return dice % 3 ? 0 : (u32)((dice >> 8) % n);
}

static void random_chances(u64 *random, u16 *chances, u32 n)
{
	while (n--)
		chances[n] = (u16)(seldom(random, 2) ? CENSOR_CERTAIN :
						       seldom(random, CENSOR_CERTAIN));
}

static void random_model(u64 *random, struct censor_tcp_model *model)
{
	censor_tcp_default(model);
	model->create = 1 + (u8)(wire_random(random) % 15);
	model->restart = (u8)(wire_random(random) % 4) & model->create;
	model->handshake = (u8)seldom(random, CENSOR_HANDSHAKES);
	model->client = (u8)seldom(random, CENSOR_CLIENTS);
	random_chances(random, model->resync, CENSOR_RESYNCS);
	model->sync = (u8)(wire_random(random) % 16);
	random_chances(random, model->teardown, CENSOR_TEARDOWNS);
	model->teardown_match = (u8)(wire_random(random) % CENSOR_MATCHES);
	model->reassembly = (u8)(wire_random(random) % CENSOR_REASSEMBLIES);
	model->overlap = (u8)seldom(random, CENSOR_OVERLAPS);
	model->overlap_early = (u8)seldom(random, CENSOR_OVERLAPS);
	model->holes = (u8)seldom(random, CENSOR_HOLES);
	model->buffer -= (u16)seldom(random, CENSOR_STREAM_MAX);
	model->first_segment = (u16)seldom(random, 40);
	model->look_packets = (u16)seldom(random, 5);
	model->look_bytes = seldom(random, 300);
	model->look_empty = (u8)seldom(random, 5);
	model->look_unknown = seldom(random, 2) ? (u16)seldom(random, 90) : CENSOR_LOOK_NEVER;
	model->look_all = wire_random(random) % 2;
	model->checks = (u16)(wire_random(random) & wire_random(random) & CENSOR_CHECKS);
	model->sees = (u8)seldom(random, CENSOR_SEES);
	model->syn_data = wire_random(random) % 2;
	model->tls_records = seldom(random, 2);
	model->timeout_syn = 1 + (u32)(wire_random(random) % 4000);
	model->timeout_synack = 1 + (u32)(wire_random(random) % 4000);
	model->timeout = 1 + (u32)(wire_random(random) % 4000);
	model->timeout_closing = 1 + (u32)(wire_random(random) % 4000);
	model->timeout_hole = seldom(random, 1000);
}

void hostile_model(u64 *random, struct censor_tcp_model *model)
{
	const char *why;

	do {
		random_model(random, model);
	} while (censor_tcp_check(model, &why));
}

static const char *random_name(u64 *random)
{
	static const char *const names[] = {
		"facebook.com", "www.facebook.com", "twitter.com", "m.google.com", "youtube.com",
		"example.org", "api.example.com", "falun.example", "x", "",
	};

	return names[wire_random(random) % ARRAY_SIZE(names)];
}

/* First packets as hexadecimal, and answers to them. */
static const char *const shapes[] = {
	"382a42d239135591460000000000", "40d8ee68a0256f841a01000000002a42d2391355914600000000",
	"000e382441a93e8e158e650000000000", "001a408aae829b1a7ba66d01000000002441a93e8e158e6500000000",
	"000100002112a442000102030405060708090a0b", "010100002112a442000102030405060708090a0b",
	"4000000461626364", "5353482d322e302d78", "13426974546f7272656e742070726f746f636f6c",
	"05010001", "0401005001020304", "57410603000024", "ef0000000000000000",
	"16feff000000000000000000", "80600001000000020000000311223344",
	"009c00011a2b3c4d00010000", "c8020000000000000000000000000000",
	"4d7c3a46a100944e00000000000000000110020000000000000000500000003400000001",
	"c0000000010851515151515151510000", "64313a6164323a6964", "210000000001000000000000",
	"555345522066616c756e0d0a50415353", "45484c4f20780d0a", "4d41494c2046524f4d3a3c783e0d0a",
	"434f4e4e45435420782e6f7267", "485454502f312e3120323030",
};

/* Noise, or a shape with noise behind it. */
static u32 random_shape(u64 *random, u8 *data)
{
	const char *shape = shapes[wire_random(random) % ARRAY_SIZE(shapes)];
	u32 shaped = captured(data, shape), len = (u32)(wire_random(random) % 600), i;

	if (wire_random(random) % 2)
		return shaped;
	if (wire_random(random) % 4 == 0)
		shaped = 0;
	for (i = shaped; i < len; i++)
		data[i] = (u8)wire_random(random);
	return max(len, shaped);
}

/* Part of a ClientHello in an Initial, or all of it. */
static u32 random_initial(u64 *random, u8 *data)
{
	static const u32 versions[] = { INITIAL_V1, INITIAL_V1, INITIAL_V2, INITIAL_DRAFT, 7 };
	static u8 frames[4096];
	static struct build b;
	const char *name = random_name(random);
	struct initial packet = { .dcid_len = 8, .frames = frames, .dcid = "abcdefg", .fill = 600,
				  .version = versions[wire_random(random) % 5] };
	u32 cut, part = (u32)(wire_random(random) % 4);

	build_hello(&b, 0x0303, (u16[]){ 0x1301 }, 1);
	build_alpn(&b, "h3");
	build_name(&b, name, (u32)strlen(name));
	cut = (u32)(wire_random(random) % b.len);
	packet.number = (u32)(wire_random(random) % 4);
	if (part == 0)
		packet.len = initial_crypto(frames, 0, b.bytes, cut);
	else if (part == 1)
		packet.len = initial_crypto(frames, cut, b.bytes + cut, b.len - cut);
	else
		packet.len = initial_crypto(frames, 0, b.bytes, b.len);
	return initial_put(data, &packet);
}

/* Several messages, one behind the other. */
static u32 random_pipeline(u64 *random, u8 *data)
{
	bool dns = wire_random(random) % 2;
	u32 n = 1 + (u32)(wire_random(random) % 4), len = 0, more;

	while (n--) {
		if (dns) {
			more = wire_dns(data + len + 2, 1, DNS_RD, random_name(random), DNS_A, 1);
			censor_put16(data + len, (u16)more);
			len += 2 + more;
		} else {
			len += wire_http(data + len, "/%66alun", random_name(random));
		}
	}
	return len;
}

static u32 random_message(u64 *random, u8 *data)
{
	struct hello hello = { .sni = random_name(random), .session = 32 };
	u32 len, cut;

	switch (wire_random(random) % 14) {
	case 0:
	case 1:
	case 2:
		if (wire_random(random) % 4 == 0)
			hello.padding = (u32)(wire_random(random) % 5000);
		if (wire_random(random) % 8 == 0)
			hello.record = 1 + (u32)(wire_random(random) % 300);
		len = wire_hello(data, &hello);
		break;
	case 3:
	case 4:
		len = wire_http(data, wire_random(random) % 2 ? "/search?q=falun" : "/",
				random_name(random));
		break;
	case 5:
		len = wire_dns(data, 1, DNS_RD, random_name(random), DNS_A, 1);
		break;
	case 6:
	case 7:
		len = random_shape(random, data);
		break;
	case 8:
		len = random_pipeline(random, data);
		break;
	case 9:
		len = captured(data, wire_random(random) % 2 ? captured_bridge : captured_tor);
		break;
	default:
		return 0;
	}
	/* A piece of it: from the beginning, or the rest. */
	cut = (u32)(wire_random(random) % (len + 1));
	switch (wire_random(random) % 4) {
	case 0:
		return cut;
	case 1:
		memmove(data, data + cut, len - cut);
		return len - cut;
	default:
		return len;
	}
}

u32 hostile_packet(u64 *random, u8 *buf)
{
	static const u16 ports[] = { 443, 80, 53, 25, 22, 8080 };
	static const u8 flags[] = { SYN, SYN | ACK, ACK, PSH | ACK, PSH | ACK, PSH | ACK, FIN | ACK,
				    RST, RST | ACK, 0, 0xff, SYN | FIN };
	static u8 data[WIRE_MAX];
	struct header header = { .ttl = 1 + (u8)(wire_random(random) % 200) };
	u64 dice = wire_random(random);
	u16 sport = (u16)(40000 + dice % 3), dport = ports[(dice >> 8) % ARRAY_SIZE(ports)];
	char server[40];
	struct ends ends;
	u32 len;

	snprintf(server, sizeof(server), dice & 0x10000 ? "2001:db8:2::%x" : "203.0.113.%u",
		 (u32)(80 + (dice >> 20) % 4));
	ends = dice & 0x10000 ? ends6("2001:db8:1::10", sport, server, dport) :
				ends4("192.0.2.10", sport, server, dport);
	if ((dice >> 24) % 4 == 0)
		ends = ends_back(ends);
	if ((dice >> 28) % 32 == 0)
		header.frag = 0x2000;
	if (dport == 53 && (dice >> 34) % 8) {
		len = (dice >> 40) % 8 ? wire_dns(data, (u16)dice, (u16)(dice >> 44) & 0x7fff,
						  random_name(random), (dice >> 52) % 3 ? 1 : 28, 1) :
					 random_message(random, data);
		return wire_udp_header(buf, ends, &header, data, len);
	}
	if ((dice >> 52) % 8 == 0) {
		len = (dice >> 55) % 2 ? random_initial(random, data) : random_shape(random, data);
		return wire_udp_header(buf, ends, &header, data, len);
	}
	len = random_message(random, data);
	return wire_tcp_header(buf, ends, &header, flags[(dice >> 40) % ARRAY_SIZE(flags)],
			       1000 + (u32)((dice >> 48) % 3) * 100 - (dice >> 60 == 0 ? 5000 : 0),
			       (u32)(dice >> 50) % 2 ? 1000 : 5000, data, len);
}

bool hostile_same(const struct seen *a, const struct seen *b)
{
	bool same = a->parse == b->parse && a->drop == b->drop && a->n_matches == b->n_matches &&
		    a->rewrite == b->rewrite && a->n_effects == b->n_effects &&
		    a->counts == b->counts && a->n_forged == b->n_forged &&
		    a->protocol == b->protocol && a->wait_us == b->wait_us &&
		    a->counts_for == b->counts_for && a->mark_rule == b->mark_rule;
	u32 i;

	for (i = 0; same && i < a->n_matches; i++)
		same = a->matches[i].rule == b->matches[i].rule &&
		       a->matches[i].set == b->matches[i].set &&
		       a->matches[i].actions == b->matches[i].actions &&
		       a->matches[i].residual == b->matches[i].residual &&
		       a->matches[i].sample == b->matches[i].sample &&
		       !memcmp(a->value[i], b->value[i], sizeof(a->value[i]));
	for (i = 0; same && i < min(a->n_forged, (u32)RIG_FORGED); i++)
		same = a->forged[i].len == b->forged[i].len && a->forged[i].to == b->forged[i].to &&
		       !memcmp(a->forged[i].data, b->forged[i].data, a->forged[i].len);
	if (!same)
		print_error("drop %u %u, matches %u %u, counts %x %x, forged %u %u, protocol %u %u (fast %u)\n",
			    a->drop, b->drop, a->n_matches, b->n_matches, a->counts, b->counts,
			    a->n_forged, b->n_forged, a->protocol, b->protocol, a->fast);
	return same;
}
