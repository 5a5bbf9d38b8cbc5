// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "test.h"
#include "hostile.h"

static u8 without;	/* actions that a variant leaves out */
static bool fickle;	/* a variant's rules act by chance, some ways only, later, on-path */

/* The name's length decides. */
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
}

static void add_rule(struct censor_policy *pol, const char *name, u8 all_actions, u8 tuple)
{
	u8 actions = all_actions & ~without;
	struct censor_rule rule = {
		.actions = actions, .residual.tuple = tuple,
		.residual.ms = actions & CENSOR_DO_RESIDUAL ? 200 : 0,
		.forge = { .count = 1 + (u8)strlen(name) % 16, .ttl_lo = 60, .ttl_hi = 300,
			   .ip_ttl = { CENSOR_PICK_MIRROR, 0, 0 },
			   .ip_id = { CENSOR_PICK_CYCLIC, 7, 70 } },
	};

	snprintf(rule.name, sizeof(rule.name), "%s", name);
	if (fickle)
		make_fickle(&rule, (u32)strlen(name));
	policy_rule_full(pol, &rule);
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
	static const u16 sni[] = { CENSOR_DO_DROP, CENSOR_DO_INJECT, CENSOR_DO_FREEZE,
				   CENSOR_DO_REWRITE };
	struct censor_policy *pol = policy_new();
	struct censor_prefix inside = policy_prefix("192.0.2.0/24");
	u16 names, words, far, near;

	/* Each new block makes every flow look again: without them more is decided fast. */
	without = variant & 4 ? CENSOR_DO_RESIDUAL : 0;
	fickle = variant & 8;
	if (fickle) {
		assert_done(censor_policy_add_delay(pol, &delay, &why));
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

static u32 random_message(u64 *random, u8 *data)
{
	struct hello hello = { .sni = random_name(random), .session = 32 };
	u32 len, cut;

	switch (wire_random(random) % 8) {
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
	len = random_message(random, data);
	return wire_tcp_header(buf, ends, &header, flags[(dice >> 40) % ARRAY_SIZE(flags)],
			       1000 + (u32)((dice >> 48) % 3) * 100 - (dice >> 60 == 0 ? 5000 : 0),
			       (u32)(dice >> 50) % 2 ? 1000 : 5000, data, len);
}

bool hostile_same(const struct seen *a, const struct seen *b)
{
	bool same = a->parse == b->parse && a->drop == b->drop && a->n_matches == b->n_matches &&
		    a->rewrite == b->rewrite && a->n_effects == b->n_effects &&
		    a->counts == b->counts && a->n_forged == b->n_forged;
	u32 i;

	for (i = 0; same && i < a->n_matches; i++)
		same = a->matches[i].rule == b->matches[i].rule &&
		       a->matches[i].set == b->matches[i].set &&
		       a->matches[i].actions == b->matches[i].actions &&
		       a->matches[i].residual == b->matches[i].residual &&
		       !memcmp(a->value[i], b->value[i], sizeof(a->value[i]));
	for (i = 0; same && i < min(a->n_forged, (u32)RIG_FORGED); i++)
		same = a->forged[i].len == b->forged[i].len && a->forged[i].to == b->forged[i].to &&
		       !memcmp(a->forged[i].data, b->forged[i].data, a->forged[i].len);
	if (!same)
		print_error("drop %u %u, matches %u %u, counts %x %x, forged %u %u (fast %u)\n",
			    a->drop, b->drop, a->n_matches, b->n_matches, a->counts, b->counts,
			    a->n_forged, b->n_forged, a->fast);
	return same;
}
