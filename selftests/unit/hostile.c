// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "test.h"
#include "hostile.h"

static u8 without;	/* actions that a variant leaves out */

static void add_rule(struct censor_policy *pol, const char *name, u8 all_actions, u8 tuple)
{
	u8 actions = all_actions & ~without;
	struct censor_rule rule = {
		.actions = actions, .tuple = tuple,
		.residual_ms = actions & CENSOR_DO_RESIDUAL ? 200 : 0,
		.forge = { .count = 1 + (u8)strlen(name) % 16, .ttl_lo = 60, .ttl_hi = 300,
			   .ip_ttl = { CENSOR_PICK_MIRROR, 0, 0 },
			   .ip_id = { CENSOR_PICK_CYCLIC, 7, 70 } },
	};

	snprintf(rule.name, sizeof(rule.name), "%s", name);
	policy_rule_full(pol, &rule);
}

struct censor_policy *hostile_policy(u32 variant)
{
	static const struct censor_packet packets[] = {
		{ .flags = RST, .to = 3, .copies = 1, .n_seq = 1, .ttl = { 0, 55, 118 } },
		{ .flags = RST | ACK, .to = 3, .copies = 3, .n_seq = 3, .df = true,
		  .seq = { 0, 1460, 4380 }, .ttl = { CENSOR_PICK_CYCLIC, 39, 238 },
		  .ip_id = { CENSOR_PICK_MIRROR, 0, 0 }, .window = { CENSOR_PICK_CYCLIC, 1, 999 } },
	};
	struct censor_policy *pol = policy_new();
	struct censor_prefix inside = policy_prefix("192.0.2.0/24");
	u16 names, words, far, near;

	/* Each new block makes every flow look again: without them more is decided fast. */
	without = variant & 4 ? CENSOR_DO_RESIDUAL : 0;
	assert_done(censor_policy_add_inside(pol, &inside, &why));
	inside = policy_prefix("2001:db8:1::/48");
	assert_done(censor_policy_add_inside(pol, &inside, &why));
	pol->seed = 2017 + variant;
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
	add_rule(pol, "sni", variant & 1 ? CENSOR_DO_INJECT | CENSOR_DO_RESIDUAL :
					   CENSOR_DO_DROP | CENSOR_DO_RESIDUAL, variant & 2 ? 11 : 3);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, names);
	add_rule(pol, "sni-words", CENSOR_DO_LOG, 0);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, words);
	policy_cond(pol, CENSOR_ATTR_IP_SRC, near);
	policy_seal(pol);
	return pol;
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
