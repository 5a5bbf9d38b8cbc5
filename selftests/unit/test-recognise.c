// SPDX-License-Identifier: GPL-2.0
/* What flows are recognised as, and rules on that: streams, and detectors of their packets. */
#include "test.h"
#include "recognise.h"
#include "talk.h"
#include "tcb.h"
#include "tls-captured.h"

#define N	CENSOR_PROTOCOL_NUMBER

/* OpenVPN 2.6 over TCP: resets (test-openvpn.c). */
#define OPENVPN_CLIENT	"000e382441a93e8e158e650000000000"
#define OPENVPN_SERVER	"001a408aae829b1a7ba66d01000000002441a93e8e158e6500000000"

static u8 buf[WIRE_MAX], data[WIRE_MAX];

static void set_tcp(struct censor_policy *pol, const struct censor_tcp_model *model)
{
	assert_done(censor_policy_set_tcp(pol, model, &why));
}

static void test_alone(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;

	(void)state;
	rule_protocol(pol, "http", LOG, HTTP, GUESS);
	rule_protocol(pol, "tls", LOG, TLS, GUESS);
	rule_protocol(pol, "sure", LOG, TLS, SURE);
	rule_protocol(pol, "unknown", LOG, UNKNOWN, 0);
	rig = sealed(pol);
	talk = talk_new(rig);
	talk_say(&talk, data, wire_hello_sni(data, "example.org"));
	assert_matched(rig, "tls=tls/sure sure=tls/sure");
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_TLS);
	assert_true(say_noise(&talk, 100)->fast);
	talk = talk_new(rig);
	say_text(&talk, "GET / HTTP/1.1\r\n\r\n");
	assert_matched(rig, "http=http/sure");
	assert_true(say_text(&talk, "GET / HTTP/1.1\r\n\r\n")->fast);
	rig_free(rig);
}

/* A message that comes in pieces is known by the first: once. */
static void test_once(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;
	u32 len, i;

	(void)state;
	rule_protocol(pol, "tls", LOG, TLS, GUESS);
	rule_protocol(pol, "http", LOG, HTTP, GUESS);
	rule_names(pol, "sni", LOG, TLS_SNI, "example.org");
	pol->tcp.look_all = true;
	rig = sealed(pol);
	talk = talk_new(rig);
	len = wire_hello_sni(data, "example.org");
	for (i = 0; i < 6; i++)
		talk_say(&talk, data + i, 1);
	assert_matched(rig, "tls=tls/sure");
	talk_say(&talk, data + 6, 20);
	assert_matched(rig, "");
	talk_say(&talk, data + 26, len - 26);
	assert_matched(rig, "sni=example.org");
	/* Of several messages of a flow, too. */
	talk = talk_new(rig);
	say_text(&talk, "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
	assert_matched(rig, "http=http/sure");
	say_text(&talk, "GET /3 HTTP/1.1\r\n\r\n");
	assert_matched(rig, "");
	assert_false(rig->seen.fast);
	rig_free(rig);
}

/* Likely first, then sure: each is news, and a rule that asks for sure waits. */
static void test_upgraded(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;

	(void)state;
	rule_protocol(pol, "any", LOG, OPENVPN, GUESS);
	rule_protocol(pol, "likely", LOG, OPENVPN, LIKELY);
	rule_protocol(pol, "sure", LOG, OPENVPN, SURE);
	rule_protocol(pol, "unknown", LOG, UNKNOWN, 0);
	rig = sealed(pol);
	talk = talk_new(rig);
	say_hex(&talk, OPENVPN_CLIENT);
	assert_matched(rig, "any=openvpn/likely likely=openvpn/likely");
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_OPENVPN);
	assert_true(rig_flow(rig)->tracking & CENSOR_TRACK_ROWS);
	answer_hex(&talk, OPENVPN_SERVER);
	assert_matched(rig, "any=openvpn/sure likely=openvpn/sure sure=openvpn/sure");
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_true(say_noise(&talk, 50)->fast);
	talk_answer(&talk, data, 50);
	assert_true(rig->seen.fast);
	/* Another answer: it stays likely. */
	talk = talk_new(rig);
	say_hex(&talk, OPENVPN_CLIENT);
	noise(data, 28, 1);
	talk_answer(&talk, data, 28);
	assert_matched(rig, "");
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_int_equal(rig_flow(rig)->sights[0],
			 CENSOR_PROTOCOL_NUMBER(CENSOR_PROTOCOL_OPENVPN, LIKELY));
	rig_free(rig);
}

static void test_unknown(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct censor_tcp_model model;
	struct talk talk;
	struct rig *rig;

	(void)state;
	censor_tcp_default(&model);
	model.first_segment = 20;
	model.look_unknown = 100;
	model.look_packets = 3;
	set_tcp(pol, &model);
	rule_protocol(pol, "unknown", LOG, UNKNOWN, 0);
	rig = sealed(pol);
	talk = talk_new(rig);
	say_noise(&talk, 101);
	assert_matched(rig, "unknown=unknown");
	assert_int_equal(rig->seen.note, CENSOR_NOTE_UNKNOWN);
	assert_true(say_noise(&talk, 10)->fast);
	/* The first is too short; or it is the third. */
	talk = talk_new(rig);
	say_text(&talk, "G");
	assert_matched(rig, "unknown=unknown");
	assert_int_equal(rig->seen.note, CENSOR_NOTE_SHORT);
	talk = talk_new(rig);
	say_noise(&talk, 50);
	assert_matched(rig, "");
	say_noise(&talk, 50);
	assert_matched(rig, "");
	say_noise(&talk, 50);
	assert_matched(rig, "unknown=unknown");
	assert_int_equal(rig->seen.note, CENSOR_NOTE_LOOKED);
	assert_true(say_noise(&talk, 50)->fast);
	/* What is known isn't, though the looking ends. */
	talk = talk_new(rig);
	talk_say(&talk, data, wire_hello_sni(data, "example.org"));
	assert_matched(rig, "");
	rig_free(rig);
}

/* While a detector that follows packets has not decided, nothing is unknown. */
static void test_unknown_yet(void **state)
{
	struct censor_detect_model model;
	struct censor_policy *pol;
	struct talk talk;
	struct rig *rig;
	u32 i;

	(void)state;
	censor_detect_default(&model);
	model.openvpn_opcodes = 3;
	pol = matched_new(&model);
	rule_protocol(pol, "encrypted", LOG, ENCRYPTED, GUESS);
	rule_protocol(pol, "openvpn", LOG, OPENVPN, GUESS);
	rule_protocol(pol, "unknown", LOG, UNKNOWN, 0);
	rig = sealed(pol);
	talk = talk_new(rig);
	say_noise(&talk, 200);
	assert_matched(rig, "encrypted=encrypted/likely");
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_true(say_noise(&talk, 200)->fast);
	/* Frames as OpenVPN's, not many bits set: three packets until that is nothing. */
	talk = talk_new(rig);
	memset(data, 0, 10);
	data[1] = 8;
	for (i = 0; i < 3; i++) {
		talk_say(&talk, data, 10);
		assert_matched(rig, i < 2 ? "" : "unknown=unknown");
	}
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_true(talk_say(&talk, data, 10)->fast);
	rig_free(rig);
}

static void test_negated(void **state)
{
	static const struct {
		const char *what, *wanted;
	} rows[] = {
		{ "GET / HTTP/1.1\r\n\r\n", "not=http/sure neither=http/sure" },
		{ "SSH-2.0-x\r\n", "not=ssh/sure neither=ssh/sure" },
		{ "\x01\x02\x03 what may that be", "not=unknown" },
	};
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;
	u32 i;

	(void)state;
	policy_rule(pol, "not", LOG);
	policy_cond_not(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_TLS, GUESS));
	policy_rule(pol, "neither", LOG);
	policy_cond_not(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_TLS, GUESS));
	policy_cond_not(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_UNKNOWN, 0));
	rule_protocol(pol, "ssh", 0 + LOG, SSH, SURE);
	policy_cond_not(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_SSH, GUESS));
	rule_protocol(pol, "tor", LOG, TOR, GUESS);
	rig = sealed(pol);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		talk = talk_new(rig);
		say_text(&talk, rows[i].what);
		assert_matched(rig, rows[i].wanted);
		assert_true(say_text(&talk, "more")->fast);
	}
	/* It is TLS, whatever it is beside. */
	talk = talk_new(rig);
	talk_say(&talk, data, wire_hello_sni(data, "example.org"));
	assert_matched(rig, "");
	talk = talk_new(rig);
	talk_say(&talk, data, unhex(data, captured_tor));
	assert_matched(rig, "tor=tor/likely");
	rig_free(rig);
}

/* A flow is several at once; the surest first, and of those the one seen first. */
static void test_several(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;

	(void)state;
	rule_protocol(pol, "proxy", LOG, HTTP_PROXY, SURE);
	rule_protocol(pol, "http", LOG, HTTP, SURE);
	rule_protocol(pol, "tor", LOG, TOR, GUESS);
	rule_protocol(pol, "both", LOG, TOR, GUESS);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_TLS, SURE));
	rule_names(pol, "name", LOG, TLS_SNI, "com");
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_TOR, LIKELY));
	rig = sealed(pol);
	talk = talk_new(rig);
	say_text(&talk, "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n");
	assert_matched(rig, "proxy=http-proxy/sure http=http/sure");
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_HTTP);
	assert_int_equal(rig_flow(rig)->sights[0],
			 CENSOR_PROTOCOL_NUMBER(CENSOR_PROTOCOL_HTTP, SURE));
	assert_int_equal(rig_flow(rig)->sights[1],
			 CENSOR_PROTOCOL_NUMBER(CENSOR_PROTOCOL_HTTP_PROXY, SURE));
	assert_int_equal(rig_flow(rig)->sights[2], 0);
	talk = talk_new(rig);
	talk_say(&talk, data, unhex(data, captured_tor));
	assert_matched(rig, "tor=tor/likely both=tor/likely name=www.i6y3we3djp.com");
	assert_int_equal(rig_flow(rig)->sights[0],
			 CENSOR_PROTOCOL_NUMBER(CENSOR_PROTOCOL_TLS, SURE));
	assert_int_equal(rig_flow(rig)->sights[1],
			 CENSOR_PROTOCOL_NUMBER(CENSOR_PROTOCOL_TOR, LIKELY));
	rig_free(rig);
}

/* What comes later is another protocol's: rules on both, and on one and not the other. */
static void test_later(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;
	u32 len;

	(void)state;
	rule_protocol(pol, "tor", LOG, TOR, GUESS);
	rule_protocol(pol, "both", LOG, TLS, GUESS);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_TOR, GUESS));
	policy_rule(pol, "not", LOG);
	policy_cond_not(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_TLS, GUESS));
	rule_protocol(pol, "tls", LOG, TLS, GUESS);
	rule_number(pol, "either", LOG, PROTOCOL, N(CENSOR_PROTOCOL_TLS, GUESS),
		    N(CENSOR_PROTOCOL_TOR, SURE));
	rule_names(pol, "cert", LOG, TLS_CERT, "net");
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_TLS, GUESS));
	rig = sealed(pol);
	talk = talk_new(rig);
	talk_say(&talk, data, wire_hello_sni(data, "example.org"));
	assert_matched(rig, "tls=tls/sure either=tls/sure");
	len = unhex(data, captured_bridge);
	talk_answer(&talk, data, len);
	assert_matched(rig, "tor=tor/likely both=tls/sure either=tor/likely "
		       "cert=www.gycvdgljzduei6.net");
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_true(talk_answer(&talk, data, len)->fast);
	/* With a certificate alone what the flow is known as is no news, and holds. */
	talk = talk_new(rig);
	talk_say(&talk, data, wire_hello_sni(data, "example.org"));
	talk_answer(&talk, data, unhex(data, captured_server));
	assert_int_equal(rig->seen.n_matches, 1);
	assert_string_equal(pol->rules[rig->seen.matches[0].rule].name, "cert");
	rig_free(rig);
	/* No rule needs to ask for certificates for that. */
	pol = matched_new(NULL);
	rule_protocol(pol, "tor", LOG, TOR, GUESS);
	rig = sealed(pol);
	talk = talk_new(rig);
	talk_say(&talk, data, wire_hello_sni(data, "example.org"));
	len = unhex(data, captured_bridge);
	talk_answer(&talk, data, len);
	assert_matched(rig, "tor=tor/likely");
	rig_free(rig);
}

/* Where both ends are clients nobody answers: neither end's data is taken for a server's. */
static void test_both_clients(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct censor_tcp_model model;
	struct talk talk;
	struct rig *rig;

	(void)state;
	censor_tcp_default(&model);
	model.client = CENSOR_CLIENT_BOTH;
	model.reassembly = CENSOR_REASSEMBLY_NONE;
	model.look_all = true;
	model.look_unknown = 50;
	set_tcp(pol, &model);
	rule_protocol(pol, "tls", LOG, TLS, GUESS);
	rule_protocol(pol, "tor", LOG, TOR, GUESS);
	rig = sealed(pol);
	talk = talk_new(rig);
	talk_say(&talk, data, wire_hello_sni(data, "example.org"));
	assert_matched(rig, "tls=tls/sure");
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_int_equal(rig_flow(rig)->answer, 0);
	unhex(data, captured_bridge);
	talk_answer(&talk, data, 100);
	assert_int_equal(rig->seen.note, CENSOR_NOTE_UNKNOWN);
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_int_equal(rig->buffers, 0);
	assert_true(say_noise(&talk, 10)->fast);
	rig_free(rig);
}

/* One packet, known by its beginning and by another detector as well. */
static void test_both_ways(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;

	(void)state;
	rule_protocol(pol, "whatsapp", LOG, WHATSAPP, GUESS);
	rule_protocol(pol, "encrypted", LOG, ENCRYPTED, GUESS);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_WHATSAPP, GUESS));
	rig = sealed(pol);
	talk = talk_new(rig);
	noise(data, 400, 3);
	unhex(data, "5741060300002412220a20");
	talk_say(&talk, data, 400);
	assert_non_null(strstr(matched(rig), "whatsapp=whatsapp/sure"));
	assert_non_null(strstr(matched(rig), "encrypted=encrypted/likely"));
	assert_int_equal(rig->seen.n_matches, 2);
	rig_free(rig);
}

/* The first segment is like nothing at all; that it is Telegram's, both of them tell. */
static void test_in_two(void **state)
{
	/* Obfuscated (test-messengers.c). */
	static const char telegram[] =
		"b1686e9f0d54c497dd99498e58b175968ce88766992c3e223195edad1e406421"
		"34ea0e1fcdcf7e8a5bc401ab6bad0431b3019b4f42286c5647d072d7cdc0cb5e";
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;
	u32 len, cut;

	(void)state;
	rule_protocol(pol, "encrypted", LOG, ENCRYPTED, GUESS);
	rule_protocol(pol, "telegram", LOG, TELEGRAM, SURE);
	rule_protocol(pol, "unknown", LOG, UNKNOWN, 0);
	rig = sealed(pol);
	len = unhex(data, telegram);
	for (cut = 30; cut < len; cut += 11) {
		talk = talk_new(rig);
		talk_say(&talk, data, cut);
		assert_matched(rig, "encrypted=encrypted/likely");
		assert_int_equal(rig->buffers, 1);
		talk_say(&talk, data + cut, len - cut);
		assert_matched(rig, "telegram=telegram/sure");
		assert_int_equal(rig->buffers, 0);
		assert_true(say_noise(&talk, 10)->fast);
	}
	rig_free(rig);
}

/* A client that only listens: its server is not listened to for ever. */
static void test_heard_enough(void **state)
{
	struct censor_detect_model model;
	struct censor_policy *pol;
	u32 opcodes, i;
	struct talk talk;
	struct rig *rig;

	(void)state;
	for (opcodes = 0; opcodes < 2; opcodes++) {
		censor_detect_default(&model);
		model.openvpn_opcodes = opcodes ? 100 : 0;
		pol = matched_new(&model);
		rule_protocol(pol, "encrypted", LOG, ENCRYPTED, GUESS);
		rule_protocol(pol, "openvpn", LOG, OPENVPN, GUESS);
		rig = sealed(pol);
		talk = talk_new(rig);
		for (i = 0; i < 64; i++) {
			assert_int_equal(rig_flow(rig)->tracking & 1, 1);
			talk_answer(&talk, "hi", 2);
			assert_false(rig->seen.fast);
		}
		assert_int_equal(rig_flow(rig)->tracking, 0);
		assert_true(talk_answer(&talk, "hi", 2)->fast);
		rig_free(rig);
	}
}

/* Opcodes are collected from as many packets as their knob says, be they more. */
static void test_opcodes(void **state)
{
	struct censor_detect_model model;
	struct censor_policy *pol;
	struct talk talk;
	struct rig *rig;
	u32 i;

	(void)state;
	censor_detect_default(&model);
	model.openvpn_opcodes = 100;
	pol = matched_new(&model);
	rule_protocol(pol, "encrypted", LOG, ENCRYPTED, GUESS);
	rule_protocol(pol, "openvpn", LOG, OPENVPN, GUESS);
	rig = sealed(pol);
	talk = talk_new(rig);
	memset(data, 0xee, 42);
	censor_put16(data, 40);
	for (i = 0; i < 100; i++) {
		/* Two resets, then others. */
		data[2] = i < 2 ? 0x38 + 8 * i : 0x20 + 8 * (i & 1);
		if (i & 1)
			talk_answer(&talk, data, 42);
		else
			talk_say(&talk, data, 42);
		assert_int_equal(rig_flow(rig)->tracking & CENSOR_TRACK_ROWS, i < 99 ? 2 : 0);
		assert_matched(rig, i < 99 ? "" : "openvpn=openvpn/likely");
	}
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_true(talk_answer(&talk, data, 42)->fast);
	rig_free(rig);
}

static struct censor_context ctx;

static bool add(u8 protocol, u8 confidence)
{
	struct censor_sight sight;

	censor_saw(&sight, protocol, confidence, 1, 2);
	return censor_sights_add(&ctx, NULL, &sight, buf);
}

static void assert_sights(u32 n, const u16 *sights, u8 fresh)
{
	u32 i;

	for (i = 0; i < CENSOR_SIGHTS_MAX; i++)
		assert_int_equal(ctx.sights[i], i < n ? sights[i] : 0);
	assert_int_equal(ctx.fresh & ((1u << n) - 1), fresh);
}

#define SIGHTS(...)	ARRAY_SIZE(((u16[]){ __VA_ARGS__ })), (u16[]){ __VA_ARGS__ }

static void test_sights(void **state)
{
	(void)state;
	memset(&ctx, 0, sizeof(ctx));
	assert_true(add(9, GUESS));
	assert_sights(SIGHTS(N(9, GUESS)), 1);
	assert_int_equal(ctx.n_evidence, 1);
	assert_int_equal(ctx.evidence[0].protocol, 9);
	assert_int_equal(ctx.evidence[0].at, 1);
	assert_int_equal(ctx.evidence[0].len, 2);
	assert_memory_equal(ctx.evidence[0].bytes, buf + 1, 2);
	assert_true(add(3, SURE));
	assert_sights(SIGHTS(N(3, SURE), N(9, GUESS)), 3);
	assert_true(add(5, LIKELY));
	assert_sights(SIGHTS(N(3, SURE), N(5, LIKELY), N(9, GUESS)), 7);
	/* Nothing new, less sure, no room. */
	assert_false(add(5, LIKELY));
	assert_false(add(3, LIKELY));
	assert_false(add(4, GUESS));
	assert_sights(SIGHTS(N(3, SURE), N(5, LIKELY), N(9, GUESS)), 7);
	/* Room at the least one's cost. */
	assert_true(add(4, LIKELY));
	assert_sights(SIGHTS(N(3, SURE), N(5, LIKELY), N(4, LIKELY)), 7);
	/* More surely than before. */
	ctx.fresh = 0;
	assert_true(add(4, SURE));
	assert_sights(SIGHTS(N(3, SURE), N(4, SURE), N(5, LIKELY)), 2);
	ctx.fresh = 1;
	assert_true(add(5, SURE));
	assert_sights(SIGHTS(N(3, SURE), N(4, SURE), N(5, SURE)), 5);
	/* What was news beside it stays news. */
	memset(&ctx, 0, sizeof(ctx));
	add(9, GUESS);
	ctx.fresh = 0;
	add(3, LIKELY);
	add(7, GUESS);
	assert_sights(SIGHTS(N(3, LIKELY), N(9, GUESS), N(7, GUESS)), 5);
	add(9, SURE);
	assert_sights(SIGHTS(N(9, SURE), N(3, LIKELY), N(7, GUESS)), 7);
	assert_int_equal(ctx.protocol, 9);
	assert_int_equal(ctx.n_evidence, 3);
}

/* Nothing is followed that no rule asks for. */
static void test_armed(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;

	(void)state;
	rule_names(pol, "sni", LOG, TLS_SNI, "example.org");
	rig = sealed(pol);
	talk = talk_new(rig);
	assert_int_equal(rig_flow(rig)->tracking, 0);
	noise(data, 100, 1);
	assert_true(talk_answer(&talk, data, 100)->fast);
	say_hex(&talk, OPENVPN_CLIENT);
	assert_int_equal(rig->seen.protocol, 0);
	assert_true(say_noise(&talk, 10)->fast);
	/* All is, but for a heuristic, with a report. */
	rig->report = CENSOR_REPORT_ALL;
	talk = talk_new(rig);
	assert_int_equal(rig_flow(rig)->tracking,
			 censor_detectors_for(CENSOR_PROTO_TCP, ~0ull, &pol->detect));
	say_hex(&talk, OPENVPN_CLIENT);
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_OPENVPN);
	assert_int_equal(rig->ctx.n_evidence, 1);
	talk = talk_new(rig);
	say_noise(&talk, 200);
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_ENCRYPTED);
	assert_int_equal(rig->seen.n_matches, 0);
	assert_true(say_noise(&talk, 10)->fast);
	rig_free(rig);
	/* A row each, and the heuristic only where it is asked for. */
	pol = matched_new(NULL);
	assert_int_equal(censor_detectors_for(CENSOR_PROTO_TCP, ~0ull, &pol->detect), 0x0b);
	assert_int_equal(censor_detectors_for(CENSOR_PROTO_UDP, ~0ull, &pol->detect), 0xfff);
	assert_int_equal(censor_detectors_for(47, ~0ull, &pol->detect), 1);
	pol->detect.tls_in_tls = true;
	assert_int_equal(censor_detectors_for(CENSOR_PROTO_TCP, ~0ull, &pol->detect), 0x0f);
	assert_int_equal(censor_detectors_for(CENSOR_PROTO_TCP, CENSOR_PROTOCOL_BIT(
			 CENSOR_PROTOCOL_TLS_IN_TLS), &pol->detect), 0x04);
	assert_int_equal(censor_detectors_for(CENSOR_PROTO_UDP, CENSOR_PROTOCOL_BIT(
			 CENSOR_PROTOCOL_BITTORRENT), &pol->detect), 0x300);
	censor_policy_destroy(pol);
}

/* What is sure ends the others' looking; the flow is decided. */
static void test_sure_stops(void **state)
{
	struct censor_detect_model model;
	struct censor_policy *pol;
	struct talk talk;
	struct rig *rig;
	u16 before;

	(void)state;
	censor_detect_default(&model);
	model.tls_in_tls = true;
	pol = matched_new(&model);
	rule_protocol(pol, "openvpn", LOG, OPENVPN, GUESS);
	rule_protocol(pol, "inner", LOG, TLS_IN_TLS, GUESS);
	rule_protocol(pol, "encrypted", LOG, ENCRYPTED, GUESS);
	rule_protocol(pol, "stun", LOG, STUN, GUESS);
	rig = sealed(pol);
	talk = talk_new(rig);
	before = rig_flow(rig)->tracking;
	assert_int_equal(before, 0x0f);
	/* A server that speaks first decides nothing for some of them. */
	talk_answer(&talk, "\0\0\0\0 welcome", 12);
	assert_true(rig_flow(rig)->tracking);
	say_hex(&talk, "000100002112a442000102030405060708090a0b");
	assert_matched(rig, "");
	talk = talk_new(rig);
	say_hex(&talk, "000100002112a442000102030405060708090a0b");
	assert_matched(rig, "stun=stun/sure");
	assert_int_equal(rig_flow(rig)->tracking & CENSOR_TRACK_ROWS & ~0x08, 0);
	rig_free(rig);
}

/* A protocol's rule that drops: later packets both ways, decided at once. */
static void test_drop(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;

	(void)state;
	rule_protocol(pol, "openvpn", CENSOR_DO_DROP, OPENVPN, SURE);
	rule_protocol(pol, "encrypted", CENSOR_DO_DROP, ENCRYPTED, LIKELY);
	rule_protocol(pol, "tls", CENSOR_DO_DROP, TLS, LIKELY);
	rule_names(pol, "sni", LOG, TLS_CERT, "example.org");
	rig = sealed(pol);
	talk = talk_new(rig);
	assert_false(say_hex(&talk, OPENVPN_CLIENT)->drop);
	assert_true(answer_hex(&talk, OPENVPN_SERVER)->drop);
	assert_true(say_noise(&talk, 10)->drop);
	assert_true(rig->seen.fast);
	assert_true(talk_answer(&talk, data, 10)->drop);
	assert_true(rig->seen.fast);
	talk = talk_new(rig);
	assert_true(say_noise(&talk, 500)->drop);
	assert_true(talk_answer(&talk, data, 10)->drop);
	assert_true(rig->seen.fast);
	talk = talk_new(rig);
	assert_true(talk_say(&talk, data, wire_hello_sni(data, "example.org"))->drop);
	assert_true(talk_answer(&talk, data, 10)->drop);
	assert_true(rig->seen.fast);
	rig_free(rig);
	/* What still waited for the server does so no longer. */
	pol = matched_new(NULL);
	rule_protocol(pol, "openvpn", CENSOR_DO_DROP, OPENVPN, LIKELY);
	rig = sealed(pol);
	talk = talk_new(rig);
	assert_true(say_hex(&talk, OPENVPN_CLIENT)->drop);
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_true(answer_hex(&talk, OPENVPN_SERVER)->drop);
	assert_true(rig->seen.fast);
	rig_free(rig);
}

static void test_pass(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;

	(void)state;
	rule_protocol(pol, "ssh", CENSOR_DO_PASS | LOG, SSH, SURE);
	rule_protocol(pol, "openvpn", CENSOR_DO_PASS | LOG, OPENVPN, LIKELY);
	rule_protocol(pol, "tls", CENSOR_DO_DROP, TLS, SURE);
	rule_protocol(pol, "encrypted", CENSOR_DO_DROP, ENCRYPTED, LIKELY);
	rule_protocol(pol, "all", CENSOR_DO_DROP, OPENVPN, LIKELY);
	rig = sealed(pol);
	talk = talk_new(rig);
	say_text(&talk, "SSH-2.0-x\r\n");
	assert_matched(rig, "ssh=ssh/sure");
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_true(say_noise(&talk, 500)->fast);
	assert_false(rig->seen.drop);
	talk = talk_new(rig);
	say_hex(&talk, OPENVPN_CLIENT);
	assert_matched(rig, "openvpn=openvpn/likely");
	assert_true(answer_hex(&talk, OPENVPN_SERVER)->fast);
	assert_false(rig->seen.drop);
	rig_free(rig);
}

/* What the model does not believe no detector hears. */
static void test_believed(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct censor_tcp_model model;
	struct talk talk;
	struct rig *rig;
	u32 len;

	(void)state;
	censor_tcp_default(&model);
	model.checks |= CENSOR_CHECK_CHECKSUM;
	model.handshake = CENSOR_HANDSHAKE_FULL;
	set_tcp(pol, &model);
	rule_protocol(pol, "encrypted", LOG, ENCRYPTED, GUESS);
	rule_protocol(pol, "openvpn", LOG, OPENVPN, SURE);
	rig = sealed(pol);
	noise(data, 300, 1);
	talk = talk_new(rig);
	len = wire_tcp(buf, talk.client, PSH | ACK, talk.seq, talk.ack, data, 300);
	buf[36] ^= 1;
	rig_send(rig, buf, len);
	assert_int_equal(rig->seen.note, CENSOR_NOTE_DISBELIEVED);
	assert_matched(rig, "");
	rig_send(rig, buf, wire_tcp(buf, talk.client, RST | ACK, talk.seq, talk.ack, data, 300));
	assert_matched(rig, "");
	assert_int_equal(rig_flow(rig)->heard, 0);
	talk_say(&talk, data, 300);
	assert_matched(rig, "encrypted=encrypted/likely");
	/* The server's reset with a wrong checksum tells nothing. */
	talk = talk_new(rig);
	say_hex(&talk, OPENVPN_CLIENT);
	len = unhex(data, OPENVPN_SERVER);
	len = wire_tcp(buf, ends_back(talk.client), PSH | ACK, talk.ack, talk.seq, data, len);
	buf[36] ^= 1;
	rig_send(rig, buf, len);
	assert_matched(rig, "");
	answer_hex(&talk, OPENVPN_SERVER);
	assert_matched(rig, "openvpn=openvpn/sure");
	/* Data before the handshake is over. */
	talk = (struct talk){ .rig = rig, .seq = 1000, .ack = 5000,
			      .client = ends4("192.0.2.10", next_port(), "203.0.113.80", 443) };
	talk_flags(&talk, true, SYN);
	talk.seq++;
	say_noise(&talk, 300);
	assert_int_equal(rig->seen.note, CENSOR_NOTE_HANDSHAKE);
	assert_matched(rig, "");
	assert_int_equal(rig_flow(rig)->heard, 0);
	rig_free(rig);
	/* Data while the censor is unsure of its number. */
	pol = matched_new(NULL);
	censor_tcp_default(&model);
	model.resync[CENSOR_RESYNC_RST] = CENSOR_CERTAIN;
	model.sync = CENSOR_SYNC_SYNACK;
	set_tcp(pol, &model);
	rule_protocol(pol, "encrypted", LOG, ENCRYPTED, GUESS);
	rig = sealed(pol);
	talk = talk_new(rig);
	talk_flags(&talk, true, RST);
	assert_int_equal(rig->seen.note, CENSOR_NOTE_RESYNC);
	say_noise(&talk, 300);
	assert_matched(rig, "");
	assert_int_equal(rig_flow(rig)->heard, 0);
	rig_free(rig);
}

/* The client's first packet with data, whoever spoke before, and no other (CENSORS.md 3). */
static void test_encrypted(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct censor_tcp_model model;
	struct talk talk;
	struct rig *rig;
	u32 syn_data, len;

	(void)state;
	rule_protocol(pol, "encrypted", LOG, ENCRYPTED, GUESS);
	rig = sealed(pol);
	talk = talk_new(rig);
	noise(data, 300, 1);
	talk_answer(&talk, data, 300);
	assert_matched(rig, "");
	talk_say(&talk, data, 300);
	assert_matched(rig, "encrypted=encrypted/likely");
	talk_say(&talk, data, 300);
	assert_matched(rig, "");
	assert_true(rig->seen.fast);
	/* One byte that is let off lets all off. */
	talk = talk_new(rig);
	say_text(&talk, "x");
	say_noise(&talk, 300);
	assert_matched(rig, "");
	rig_free(rig);
	for (syn_data = 0; syn_data < 2; syn_data++) {
		pol = matched_new(NULL);
		censor_tcp_default(&model);
		model.syn_data = syn_data;
		set_tcp(pol, &model);
		rule_protocol(pol, "encrypted", LOG, ENCRYPTED, GUESS);
		rig = sealed(pol);
		noise(data, 300, 1);
		len = wire_tcp(buf, ends4("192.0.2.10", 40000, "203.0.113.80", 443), SYN, 999, 0,
			       data, 300);
		rig_send(rig, buf, len);
		assert_matched(rig, syn_data ? "encrypted=encrypted/likely" : "");
		rig_free(rig);
	}
}

/* A connection that is forgotten takes with it what it was. */
static void test_forgotten(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct censor_tcp_model model;
	struct talk talk;
	struct rig *rig;

	(void)state;
	censor_tcp_default(&model);
	model.create = CENSOR_BY_SYN | CENSOR_BY_DATA;
	model.teardown[CENSOR_TEARDOWN_RST] = CENSOR_CERTAIN;
	model.look_empty = 4;
	set_tcp(pol, &model);
	rule_protocol(pol, "ftp", LOG, FTP, GUESS);
	rule_protocol(pol, "openvpn", LOG, OPENVPN, GUESS);
	rig = sealed(pol);
	talk = talk_new(rig);
	assert_true(rig_flow(rig)->tracking);
	say_text(&talk, "USER x\r\n");
	assert_matched(rig, "ftp=ftp/guess");
	talk_flags(&talk, true, RST);
	assert_int_equal(rig->seen.note, CENSOR_NOTE_TEARDOWN);
	assert_int_equal(rig_flow(rig)->tracking, 0);
	say_hex(&talk, OPENVPN_CLIENT);
	assert_matched(rig, "openvpn=openvpn/likely");
	assert_int_equal(rig_flow(rig)->sights[1], 0);
	assert_int_equal(rig_flow(rig)->heard, 1);
	assert_true(rig_flow(rig)->tracking);
	talk_flags(&talk, true, RST);
	assert_int_equal(rig_flow(rig)->tracking, 0);
	say_text(&talk, "USER x\r\n");
	assert_matched(rig, "ftp=ftp/guess");
	/* A censor that has waited long enough hears nothing more. */
	talk = talk_new(rig);
	talk_flags(&talk, true, ACK);
	assert_true(rig_flow(rig)->tracking);
	talk_flags(&talk, true, ACK);
	assert_int_equal(rig->seen.note, CENSOR_NOTE_LOOKED);
	assert_true(say_hex(&talk, OPENVPN_CLIENT)->fast);
	rig_free(rig);
}

/* What a FIN creates is closed; nobody listens to it. */
static void test_closed(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct censor_tcp_model model;
	struct talk talk;
	struct rig *rig;

	(void)state;
	censor_tcp_default(&model);
	model.create |= CENSOR_BY_FIN;
	model.restart = 0;
	set_tcp(pol, &model);
	rule_protocol(pol, "openvpn", LOG, OPENVPN, GUESS);
	rig = sealed(pol);
	talk = (struct talk){ .rig = rig, .seq = 1000, .ack = 5000,
			      .client = ends4("192.0.2.10", 40000, "203.0.113.80", 443) };
	talk_flags(&talk, true, FIN | ACK);
	assert_true(say_hex(&talk, OPENVPN_CLIENT)->fast);
	assert_matched(rig, "");
	rig_free(rig);
}

static struct censor_policy *another_policy(void)
{
	struct censor_policy *pol = matched_new(NULL);

	rule_protocol(pol, "encrypted", LOG, ENCRYPTED, GUESS);
	rule_protocol(pol, "ftp", LOG, FTP, GUESS);
	rule_protocol(pol, "tls", LOG, TLS, GUESS);
	policy_seal(pol);
	return pol;
}

/* Another policy in force: it sees what is still to come, and what a flow is known as. */
static void test_reload(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct talk fresh, begun, lines, half;
	struct rig *rig;
	u32 len;

	(void)state;
	rule_names(pol, "command", LOG, FTP_COMMAND, "user*");
	rule_names(pol, "sni", LOG, TLS_SNI, "example.org");
	pol->tcp.look_unknown = CENSOR_LOOK_NEVER;
	rig = sealed(pol);
	fresh = talk_new(rig);
	begun = talk_new(rig);
	lines = talk_new(rig);
	half = talk_new(rig);
	talk_say(&begun, "\0\0\0\0\0\0\0\0", 8);
	say_text(&lines, "USER x\r\n");
	assert_matched(rig, "command=user x");
	len = wire_hello_sni(buf + 30000, "example.org");
	talk_say(&half, buf + 30000, 60);
	assert_int_equal(rig->buffers, 1);
	rig_policy(rig, another_policy());
	say_noise(&fresh, 200);
	assert_matched(rig, "encrypted=encrypted/likely");
	say_noise(&begun, 200);
	assert_matched(rig, "");
	say_text(&lines, "PASS y\r\n");
	assert_matched(rig, "ftp=ftp/guess");
	say_text(&lines, "PASV\r\n");
	assert_matched(rig, "");
	talk_say(&half, buf + 30000 + 60, len - 60);
	assert_matched(rig, "tls=tls/sure");
	assert_int_equal(rig->buffers, 0);
	rig_free(rig);
}

/* A SYN with data on a flow that has a buffer: two buffers come back. */
static void test_two_buffers(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct censor_tcp_model model;
	struct talk talk;
	struct rig *rig;
	u32 len;

	(void)state;
	censor_tcp_default(&model);
	model.look_packets = 2;
	set_tcp(pol, &model);
	rule_names(pol, "sni", LOG, TLS_SNI, "example.org");
	rig = sealed(pol);
	wire_hello_sni(data, "example.org");
	talk = talk_new(rig);
	talk_say(&talk, data, 60);
	assert_int_equal(rig->buffers, 1);
	rig->pol->tcp.look_packets = 1;
	len = wire_tcp(buf, talk.client, SYN, 77, 0, data, 60);
	rig_send(rig, buf, len);
	assert_true(rig->seen.started);
	assert_int_equal(rig->seen.note, CENSOR_NOTE_LOOKED);
	assert_int_equal(rig->buffers, 0);
	rig_free(rig);
}

/* Hosts offer no buffer to a flow that has one: what it gives back serves it again. */
static void test_buffer_again(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct censor_tcp_model model;
	struct talk talk;
	struct rig *rig;
	u32 len;

	(void)state;
	censor_tcp_default(&model);
	model.create = CENSOR_BY_SYN | CENSOR_BY_DATA;
	set_tcp(pol, &model);
	rule_names(pol, "sni", LOG, TLS_SNI, "example.org");
	rig = sealed(pol);
	talk = talk_new(rig);
	wire_hello_sni(data, "example.com");
	talk_say(&talk, data, 60);
	assert_int_equal(rig->buffers, 1);
	/* The same ends, so long after that it is another conversation. */
	rig->now += 86400 * SECOND;
	rig->no_buffer = true;
	len = wire_hello_sni(data, "example.org");
	talk_say(&talk, data, 60);
	assert_true(rig->seen.started);
	assert_int_equal(rig->seen.counts, 0);
	assert_int_equal(rig->buffers, 1);
	talk_say(&talk, data + 60, len - 60);
	assert_matched(rig, "sni=example.org");
	assert_int_equal(rig->buffers, 0);
	rig_free(rig);
}

/* Neither TCP nor UDP: by the header alone, and with it. */
static void test_tunnels(void **state)
{
	static const struct {
		u8 proto, other;
	} rows[] = { { 47, 50 }, { 50, 47 } };
	static const u8 pptp[] = { 0x30, 0x81, 0x88, 0x0b, 0, 4, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4 };
	struct ends ends = ends4("192.0.2.10", 0, "203.0.113.80", 0);
	struct header header = { 0 };
	struct censor_policy *pol;
	struct rig *rig;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 proto = rows[i].proto;

		pol = matched_new(NULL);
		if (proto == 47)
			rule_protocol(pol, "gre", CENSOR_DO_DROP, GRE, GUESS);
		else
			rule_protocol(pol, "esp", CENSOR_DO_DROP, ESP, GUESS);
		rig = sealed(pol);
		/* A part of one says nothing, and stands in nobody's way. */
		header.frag = 0x2000;
		rig_send(rig, buf, wire_ip(buf, ends, &header, proto, pptp, sizeof(pptp)));
		assert_int_equal(rig->seen.n_matches, 0);
		header.frag = 1;
		rig_send(rig, buf, wire_ip(buf, ends, &header, proto, pptp, sizeof(pptp)));
		assert_int_equal(rig->seen.n_matches, 0);
		header.frag = 0;
		rig_send(rig, buf, wire_ip(buf, ends, &header, proto, pptp, sizeof(pptp)));
		assert_true(rig->seen.drop);
		assert_int_equal(rig->seen.n_matches, 1);
		rig_send(rig, buf, wire_ip(buf, ends_back(ends), &header, proto, pptp,
					   sizeof(pptp)));
		assert_true(rig->seen.drop);
		assert_int_equal(rig->seen.n_matches, 0);
		rig_send(rig, buf, wire_ip(buf, ends, &header, rows[i].other, pptp,
					   sizeof(pptp)));
		assert_false(rig->seen.drop);
		rig_free(rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_upgraded),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_unknown_yet),
		cmocka_unit_test(test_negated),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_later),
		cmocka_unit_test(test_both_clients),
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_in_two),
		cmocka_unit_test(test_heard_enough),
		cmocka_unit_test(test_opcodes),
		cmocka_unit_test(test_sights),
		cmocka_unit_test(test_armed),
		cmocka_unit_test(test_sure_stops),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_pass),
		cmocka_unit_test(test_believed),
		cmocka_unit_test(test_encrypted),
		cmocka_unit_test(test_forgotten),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_reload),
		cmocka_unit_test(test_two_buffers),
		cmocka_unit_test(test_buffer_again),
		cmocka_unit_test(test_tunnels),
	};

	return cmocka_run_group_tests_name("recognise", tests, NULL, NULL);
}
