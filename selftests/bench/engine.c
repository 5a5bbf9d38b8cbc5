// SPDX-License-Identifier: GPL-2.0
/*
 * What one packet costs in the engine, counted by callgrind: selftests/bench/run. Between the two
 * client requests stands the work for ROUNDS packets and nothing else.
 *
 *	engine SCENARIO NAMES RULES
 */
#include <stdio.h>
#include <valgrind/callgrind.h>

#include "detectors.h"
#include "initial.h"
#include "inspect.h"
#include "tls-captured.h"
#include "wire.h"

#define ROUNDS	1000
#define OTHERS	250	/* random packets */

static struct censor_shared *shared;	/* of the one policy */
static u16 actions = CENSOR_DO_LOG;	/* of its rules */
static u8 per;				/* who is policed, if they do that */

static void die(const char *what, const char *why)
{
	fprintf(stderr, "engine: %s: %s\n", what, why);
	exit(2);
}

static int must(int result, const char *why)
{
	if (result < 0)
		die("policy", why);
	return result;
}

/* Names like those of real lists; 18 bytes on average. */
static u32 nth_name(u32 i, char *text)
{
	static const char *const ends[] = { "com", "net", "org.cn", "co.uk" };

	return (u32)sprintf(text, "%s%x.%s", i % 3 ? "site" : "a-longer-", i * 2654435761u,
			    ends[i % 4]);
}

/* @names in the sets of @rules rules on @attr, or as many prefixes where it is an address. */
static struct censor_policy *make_policy(enum censor_attr attr, u32 names, u32 rules)
{
	struct censor_policy *pol = censor_policy_create(1u << 30);
	bool text = censor_attr_kind(attr) == CENSOR_KIND_NAMES;
	const char *why = "";
	char name[64];
	u32 rule, i;
	int where;

	if (!pol)
		die("policy", "out of memory");
	must(censor_policy_set_name(pol, "bench", &why), why);
	for (rule = 0; rule < rules; rule++) {
		struct censor_rule r = {
			.actions = actions, .chance.of = CENSOR_CERTAIN,
			.phases = CENSOR_PHASES_ALL,
			.police = { .rate = CENSOR_RATE_MAX, .burst = CENSOR_BURST_MAX, .per = per,
				    .to = CENSOR_TO_BOTH },
			.lose = { .chance = 1, .to = CENSOR_TO_BOTH },
		};
		u16 set = (u16)must(censor_policy_add_set(pol, "", text ? CENSOR_KIND_NAMES :
							  CENSOR_KIND_PREFIXES, false, &why), why);

		for (i = rule; i < names; i += rules) {
			struct censor_prefix prefix = { .family = 4, .bits = 24 };

			censor_put32(prefix.addr, 0x0a000000 + i * 256);
			if (text)
				must(censor_policy_add_name(pol, set, CENSOR_FORM_SUFFIX, name,
							    nth_name(i, name), &why), why);
			else
				must(censor_policy_add_prefix(pol, set, &prefix, &why), why);
		}
		sprintf(r.name, "r%u", rule);
		must(censor_policy_add_rule(pol, &r, &why), why);
		must(censor_policy_add_cond(pol, attr, false, &set, 1, &why), why);
	}
	must(censor_policy_seal(pol, &where, &why), why);
	shared = calloc(1, censor_shared_size(pol));
	if (!shared)
		die("policy", "out of memory");
	return pol;
}

/* A rule on every protocol but one, each of them sure: all detectors look, and nothing matches. */
static struct censor_policy *make_armed(int but)
{
	struct censor_policy *pol = censor_policy_create(1u << 30);
	struct censor_rule rule = { .name = "all", .actions = CENSOR_DO_LOG,
				    .chance.of = CENSOR_CERTAIN,
				    .phases = CENSOR_PHASES_ALL };
	struct censor_detect_model model;
	const char *why = "";
	int where, i;
	u16 set;

	censor_detect_default(&model);
	model.tls_in_tls = true;
	must(censor_policy_set_name(pol, "bench", &why), why);
	must(censor_policy_set_detect(pol, &model, &why), why);
	set = (u16)must(censor_policy_add_set(pol, "", CENSOR_KIND_NUMBERS, false, &why), why);
	for (i = 1; i < CENSOR_PROTOCOLS; i++)
		if (i != but)
			must(censor_policy_add_numbers(pol, set, CENSOR_PROTOCOL_NUMBER(i, 3),
						       CENSOR_PROTOCOL_NUMBER(i, 3), &why), why);
	must(censor_policy_add_rule(pol, &rule, &why), why);
	must(censor_policy_add_cond(pol, CENSOR_ATTR_PROTOCOL, false, &set, 1, &why), why);
	must(censor_policy_seal(pol, &where, &why), why);
	shared = calloc(1, censor_shared_size(pol));
	if (!shared)
		die("policy", "out of memory");
	return pol;
}

static void noise(u8 *out, u32 len, u64 seed)
{
	while (len--)
		*out++ = (u8)(wire_random(&seed) >> 11);
}

/* What each detector takes to reject a first packet, by its name in what callgrind prints. */
static void reject(void)
{
	static const censor_detector streams[] = {
		censor_detect_whatsapp, censor_detect_telegram, censor_detect_wechat,
		censor_detect_viber, censor_detect_skype, censor_detect_ssh, censor_detect_socks,
		censor_detect_bittorrent, censor_detect_pptp, censor_detect_sstp,
		censor_detect_softether, censor_detect_openvpn_tcp, censor_detect_tls_in_tls,
		censor_detect_stun_tcp,
	}, datagrams[] = {
		censor_detect_openvpn_udp, censor_detect_wireguard, censor_detect_ike,
		censor_detect_l2tp, censor_detect_stun, censor_detect_dtls, censor_detect_rtp,
		censor_detect_discord, censor_detect_utp, censor_detect_dht,
		censor_detect_viber_udp, censor_detect_skype_udp,
	};
	static u8 bytes[1400 + ROUNDS];
	struct censor_detect_model model;
	struct censor_packet_view view = { .family = 4, .sport = 40000, .dport = 4500 };
	u32 i, n;

	censor_detect_default(&model);
	noise(bytes, sizeof(bytes), 2017);
	CALLGRIND_START_INSTRUMENTATION;
	for (i = 0; i < ROUNDS; i++) {
		struct censor_track track = { { { 0 } } };
		struct censor_look look = { .data = bytes + i, .len = 1400, .whole = 1400,
					    .view = &view, .model = &model, .track = &track };
		struct censor_sight sight = { 0 };

		view.proto = CENSOR_PROTO_TCP;
		for (n = 0; n < ARRAY_SIZE(streams); n++)
			streams[n](&look, &sight);
		view.proto = CENSOR_PROTO_UDP;
		for (n = 0; n < ARRAY_SIZE(datagrams); n++)
			datagrams[n](&look, &sight);
	}
	CALLGRIND_STOP_INSTRUMENTATION;
	printf("%u 0\n", ROUNDS);
}

/* A client's first Initial, as browsers fill it. */
static u32 put_initial(u8 *out)
{
	static u8 hello[WIRE_MAX], frames[4096];
	struct initial packet = { .dcid_len = 8, .dcid = "8bytes.", .frames = frames, .fill = 1200 };
	u32 len = wire_hello(hello, &(struct hello){ .sni = "www.not-in-the-list.org",
						     .session = 0 });

	/* Without the record around it. */
	packet.len = initial_crypto(frames, 0, hello + 5, len - 5);
	return initial_put(out, &packet);
}

/* A packet's whole way: headers, key, and then fast if it can be. */
static u32 judge(const struct censor_policy *pol, struct censor_flow *flow, const u8 *packet,
		 u32 len, struct censor_context *ctx, u64 now)
{
	struct censor_packet_view view;
	struct censor_key key;

	if (censor_packet_parse(&view, packet, len, len, false))
		die("packet", "malformed");
	censor_packet_key(&view, &key);
	if (!flow->packets)
		censor_flow_start(flow, &key, 1);
	if (censor_flow_decided(pol, shared, flow, &view, 1, 0, now) != CENSOR_FATE_OPEN)
		return 0;
	ctx->shared = shared;
	censor_inspect(pol, 1, flow, &view, NULL, 0, now, ctx);
	return 1 + ctx->n_matches;
}

int main(int argc, char **argv)
{
	static u8 syn[WIRE_MAX], packet[WIRE_MAX], message[WIRE_MAX];
	static u8 others[OTHERS][WIRE_MAX];
	static const u8 *packets[ROUNDS];
	static struct censor_context ctx;
	struct ends ends = ends4("192.0.2.10", 40000, "10.0.3.80", 443);
	struct censor_flow flow = { 0 }, before;
	struct censor_policy *pol;
	const char *scenario;
	u32 len, syn_len, names, rules, i, found = 0, expected;
	bool none, policed, lossy;
	char name[80] = "www.";

	if (argc != 4)
		die("usage", "engine none|decided|policed|policed-host|lossy|hello|listed|dns|syn|reject|random|random-but|"
		    "random-decided|random-udp|parts|quic NAMES RULES");
	scenario = argv[1];
	if (!strcmp(scenario, "reject")) {
		reject();
		return 0;
	}
	policed = !strncmp(scenario, "policed", 7);
	lossy = !strcmp(scenario, "lossy");
	if (policed)
		actions = CENSOR_DO_POLICE;
	if (lossy)
		actions = CENSOR_DO_LOSE;
	if (!strcmp(scenario, "policed-host"))
		per = CENSOR_PER_HOST;
	names = (u32)atoi(argv[2]);
	rules = (u32)atoi(argv[3]);
	nth_name(7, name + 4);
	syn_len = wire_tcp(syn, ends, SYN, 999, 0, NULL, 0);
	/* 517 bytes: what browsers have sent since they pad it. */
	len = wire_hello(message, &(struct hello){ .sni = strcmp(scenario, "listed") &&
						   !policed && !lossy ?
						   "www.not-in-the-list.org" : name,
						   .session = 32, .padding = 354 });
	if (!strcmp(scenario, "syn")) {
		pol = make_policy(CENSOR_ATTR_IP_DST, names, rules);
		len = syn_len;
		memcpy(packet, syn, len);
		expected = 2;
	} else if (!strcmp(scenario, "dns")) {
		pol = make_policy(CENSOR_ATTR_DNS_QNAME, names, rules);
		ends.dport = 53;
		len = wire_dns(message, 1, DNS_RD, "www.not-in-the-list.org", DNS_A, 1);
		len = wire_udp(packet, ends, message, len);
		expected = 1;
	} else if (!strncmp(scenario, "random", 6)) {
		pol = make_armed(strcmp(scenario, "random-but") ? 0 : CENSOR_PROTOCOL_TELEGRAM);
		/* The number of names is that of bytes. */
		noise(message, names, 1);
		if (!strcmp(scenario, "random-udp"))
			len = wire_udp(packet, ends, message, names);
		else
			len = wire_tcp(packet, ends, PSH | ACK, 1000, 5000, message, names);
		if (strcmp(scenario, "random-udp"))
			judge(pol, &flow, syn, syn_len, &ctx, 1);
		/* What random bytes happen to be like is another matter in each packet. */
		for (i = 0; i < OTHERS; i++) {
			memcpy(others[i], packet, len);
			noise(others[i] + len - names, names, 1 + i);
		}
		expected = 1;
	} else if (!strcmp(scenario, "quic")) {
		pol = make_policy(CENSOR_ATTR_QUIC_SNI, names, rules);
		len = put_initial(message);
		len = wire_udp(packet, ends, message, len);
		expected = 1;
	} else if (!strcmp(scenario, "parts")) {
		pol = make_policy(CENSOR_ATTR_TLS_JA3, names, rules);
		len = unhex(message, captured_curl);
		len = wire_tcp(packet, ends, PSH | ACK, 1000, 5000, message, len);
		ctx.report = CENSOR_REPORT_ALL;
		judge(pol, &flow, syn, syn_len, &ctx, 1);
		expected = 1;
	} else {
		pol = make_policy(CENSOR_ATTR_TLS_SNI, names, rules);
		len = wire_tcp(packet, ends, PSH | ACK, 1000, 5000, message, len);
		judge(pol, &flow, syn, syn_len, &ctx, 1);
		expected = strcmp(scenario, "listed") ? 1 : 2;
	}
	none = !strcmp(scenario, "none");
	if (none || policed || lossy || !strcmp(scenario, "decided") || !strcmp(scenario, "random-decided")) {
		judge(pol, &flow, packet, len, &ctx, 2);
		expected = 0;
	}
	for (i = 0; i < ROUNDS; i++)
		packets[i] = strncmp(scenario, "random", 6) ? packet : others[i % OTHERS];
	before = flow;

	CALLGRIND_START_INSTRUMENTATION;
	for (i = 0; i < ROUNDS; i++) {
		flow = before;
		/* The compiler must not think that nobody reads the copy. */
		__asm__ volatile("" : : "r"(&flow) : "memory");
		if (none)
			continue;
		found += judge(pol, &flow, packets[i], len, &ctx, 3);
	}
	CALLGRIND_STOP_INSTRUMENTATION;

	/* What was measured is what was meant. */
	if (found != expected * ROUNDS)
		die(scenario, "another way was taken than the one to be measured");
	printf("%u %zu\n", ROUNDS, pol->bytes);
	free(shared);
	censor_policy_destroy(pol);
	return 0;
}
