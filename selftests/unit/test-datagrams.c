// SPDX-License-Identifier: GPL-2.0
/* Datagrams through the whole engine: QUIC, queries, and flows that several packets tell. */
#include "test.h"
#include "initial.h"
#include "matched.h"
#include "recognise.h"
#include "tls-build.h"

/* OpenVPN 2.6 (test-openvpn.c) and wireguard-go (test-vpn.c). */
#define OPENVPN_CLIENT	"382a42d239135591460000000000"
#define OPENVPN_SERVER	"40d8ee68a0256f841a01000000002a42d2391355914600000000"
#define WG_INITIATION								\
	"01000000705a6bf58e457119aa3d64c55d6d9b1e00a617e6f2b983a0a6b2df7bbbae33db"	\
	"00fd027d67f0a539ec87c074a0095658d4ee5acde4251253bfad3bd836500a11b64458c5"	\
	"59c02dc71dee923c2d6a2473192da58817cd20c011d9bda4aa82e9815a5c0245ef5f86ea"	\
	"7de9186889d702f4d38aecb13ad4defc4c63fa24239801e9000000000000000000000000"	\
	"00000000"
#define WG_RESPONSE								\
	"02000000632b9cf1705a6bf53aa370417b419a6d09edc8a27514a09d185e832cbece0461"	\
	"bdd729088062d82cf9e93198d1c1a909f245d063b5d3f2cdf951f6f757fa0a310f2f3f65"	\
	"89a6394900000000000000000000000000000000"

static u8 buf[WIRE_MAX], data[WIRE_MAX];
static struct ends ends;
static struct rig *rig;

static const struct seen *say_initial(u32 version, const char *name);

static void new_flow(u16 dport)
{
	ends = ends4("192.0.2.10", next_port(), "203.0.113.80", dport);
}

static const struct seen *say(const void *payload, u32 len)
{
	return rig_send(rig, buf, wire_udp(buf, ends, payload, len));
}

static const struct seen *answer(const void *payload, u32 len)
{
	return rig_send(rig, buf, wire_udp(buf, ends_back(ends), payload, len));
}

static const struct seen *say_hex(const char *hex)
{
	return say(data, unhex(data, hex));
}

static const struct seen *answer_hex(const char *hex)
{
	return answer(data, unhex(data, hex));
}

static const struct seen *say_noise(u32 len)
{
	noise(data, len, 5);
	return say(data, len);
}

static void test_openvpn(void **state)
{
	struct censor_policy *pol = matched_new(NULL);

	(void)state;
	rule_protocol(pol, "any", LOG, OPENVPN, GUESS);
	rule_protocol(pol, "sure", CENSOR_DO_DROP, OPENVPN, SURE);
	rule_protocol(pol, "quic", LOG, QUIC, GUESS);
	rig = sealed(pol);
	new_flow(1194);
	say_hex(OPENVPN_CLIENT);
	assert_matched(rig, "any=openvpn/likely");
	assert_false(rig->seen.drop);
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_OPENVPN);
	/* Once more, as when the answer is lost: no news. */
	say_hex(OPENVPN_CLIENT);
	assert_matched(rig, "");
	answer_hex(OPENVPN_SERVER);
	assert_matched(rig, "any=openvpn/sure sure=openvpn/sure");
	assert_true(rig->seen.drop);
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_true(say_noise(100)->drop);
	assert_true(rig->seen.fast);
	assert_true(answer(data, 100)->drop);
	assert_true(rig->seen.fast);
	rig_free(rig);
}

/* What only shapes a flow does not end the looking. */
static void test_slowed(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct censor_rule rule = { .name = "lossy", .actions = CENSOR_DO_LOSE, .lose.chance = 1 };

	(void)state;
	policy_rule_full(pol, &rule);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_OPENVPN, 1));
	rule_protocol(pol, "sure", CENSOR_DO_DROP, OPENVPN, SURE);
	rig = sealed(pol);
	new_flow(1194);
	say_hex(OPENVPN_CLIENT);
	assert_matched(rig, "lossy=openvpn/likely");
	answer_hex(OPENVPN_SERVER);
	assert_matched(rig, "lossy=openvpn/sure sure=openvpn/sure");
	assert_true(rig->seen.drop);
	rig_free(rig);
}

static void test_wireguard(void **state)
{
	struct censor_policy *pol = matched_new(NULL);

	(void)state;
	rule_protocol(pol, "wg", LOG, WIREGUARD, LIKELY);
	rule_protocol(pol, "sure", LOG, WIREGUARD, SURE);
	rule_protocol(pol, "rtp", LOG, RTP, GUESS);
	rule_protocol(pol, "quic", LOG, QUIC, GUESS);
	rule_protocol(pol, "unknown", LOG, UNKNOWN, 0);
	rig = sealed(pol);
	new_flow(51820);
	say_hex(WG_INITIATION);
	assert_matched(rig, "wg=wireguard/likely");
	assert_true(rig_flow(rig)->tracking & CENSOR_TRACK_QUIC);
	answer_hex(WG_RESPONSE);
	assert_matched(rig, "wg=wireguard/sure sure=wireguard/sure");
	/* Sure: nobody looks any more, for QUIC neither. */
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_true(say_hex(WG_INITIATION)->fast);
	/* An answer that names another: likely stays, and is not unknown. */
	new_flow(51820);
	say_hex(WG_INITIATION);
	unhex(data, WG_RESPONSE);
	data[8] ^= 1;
	answer(data, 92);
	assert_matched(rig, "");
	say_noise(100);
	assert_matched(rig, "");
	rig_free(rig);
}

/* As many datagrams are looked at as udp-look says, both ways; without data they don't count. */
static void test_unknown(void **state)
{
	struct censor_detect_model model;
	struct censor_policy *pol;
	u32 look, armed, i, nth;

	(void)state;
	censor_detect_default(&model);
	for (look = 1; look < 10; look += 4) {
		for (armed = 0; armed < 2; armed++) {
			model.udp_look = (u16)look;
			pol = matched_new(&model);
			rule_protocol(pol, "unknown", LOG, UNKNOWN, 0);
			/* One that waits for long: STUN's ChannelData. */
			if (armed)
				rule_protocol(pol, "quic", LOG, QUIC, GUESS);
			rig = sealed(pol);
			new_flow(4000);
			say("", 0);
			assert_matched(rig, armed ? "" : "unknown=unknown");
			nth = 0;
			for (i = 1; i < 12 && !rig->seen.fast; i++) {
				noise(data, 50, i);
				if (i & 1)
					say(data, 50);
				else
					answer(data, 50);
				if (rig->seen.n_matches)
					nth = i;
			}
			assert_int_equal(nth, armed ? look : 0);
			assert_true(rig->seen.fast);
			assert_int_equal(rig_flow(rig)->heard, armed ? look : 1);
			rig_free(rig);
		}
	}
	/* No limit; no rule on unknown. */
	model.udp_look = 0;
	pol = matched_new(&model);
	rule_protocol(pol, "quic", LOG, QUIC, GUESS);
	rig = sealed(pol);
	new_flow(4000);
	for (i = 0; i < 30; i++)
		assert_false(say_noise(50)->fast);
	rig_free(rig);
}

/* Opcodes are collected from more datagrams than the others look at. */
static void test_opcodes(void **state)
{
	struct censor_detect_model model;
	struct censor_policy *pol;
	u32 i;

	(void)state;
	censor_detect_default(&model);
	model.openvpn_opcodes = 20;
	model.udp_look = 2;
	pol = matched_new(&model);
	rule_protocol(pol, "openvpn", LOG, OPENVPN, GUESS);
	rule_protocol(pol, "quic", LOG, QUIC, GUESS);
	rule_protocol(pol, "wg", LOG, WIREGUARD, GUESS);
	rule_protocol(pol, "unknown", LOG, UNKNOWN, 0);
	rig = sealed(pol);
	new_flow(1194);
	for (i = 0; i < 20; i++) {
		/* Two resets, then others. */
		data[0] = i < 2 ? 0x38 + 8 * i : 0x20 + 8 * (i & 1);
		memset(data + 1, 0xee, 40);
		if (i & 1)
			answer(data, 40);
		else
			say(data, 40);
		if (i == 1)
			assert_int_equal(rig_flow(rig)->tracking, 1);
		assert_matched(rig, i < 19 ? "" : "openvpn=openvpn/likely");
	}
	assert_int_equal(rig_flow(rig)->tracking, 0);
	rig_free(rig);
}

/* What is a guess stops nobody, what is sure all, and what is surely QUIC is nothing else. */
static void test_stops(void **state)
{
	struct censor_detect_model model;
	struct censor_policy *pol;

	(void)state;
	censor_detect_default(&model);
	model.openvpn_opcodes = 100;
	pol = matched_new(&model);
	rule_protocol(pol, "openvpn", LOG, OPENVPN, GUESS);
	rule_protocol(pol, "skype", LOG, SKYPE, GUESS);
	rule_protocol(pol, "wg", LOG, WIREGUARD, GUESS);
	rule_protocol(pol, "quic", LOG, QUIC, GUESS);
	rig = sealed(pol);
	new_flow(51820);
	say_hex("a1b20200000000000000000000000000000000000000");
	assert_matched(rig, "skype=skype/guess");
	assert_int_equal(rig_flow(rig)->tracking, CENSOR_TRACK_QUIC | 1);
	new_flow(51820);
	say_hex(WG_INITIATION);
	answer_hex(WG_RESPONSE);
	assert_matched(rig, "wg=wireguard/sure");
	assert_int_equal(rig_flow(rig)->tracking, 0);
	new_flow(443);
	say_initial(INITIAL_V1, "www.example.org");
	assert_matched(rig, "quic=quic/sure");
	assert_int_equal(rig_flow(rig)->tracking, 0);
	rig_free(rig);
}

static void test_armed(void **state)
{
	struct censor_policy *pol = matched_new(NULL);

	(void)state;
	rule_names(pol, "qname", LOG, DNS_QNAME, "example.org");
	rig = sealed(pol);
	new_flow(1194);
	say_hex(OPENVPN_CLIENT);
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_int_equal(rig->seen.protocol, 0);
	assert_true(say_hex(OPENVPN_CLIENT)->fast);
	rig->report = CENSOR_REPORT_ALL;
	new_flow(1194);
	say_hex(OPENVPN_CLIENT);
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_OPENVPN);
	answer_hex(OPENVPN_SERVER);
	assert_true(say_noise(10)->fast);
	rig_free(rig);
}

/* Another policy sees a flow as if it began now. */
static void test_reload(void **state)
{
	struct censor_policy *pol = matched_new(NULL);

	(void)state;
	rule_protocol(pol, "wg", LOG, WIREGUARD, LIKELY);
	rig = sealed(pol);
	new_flow(51820);
	say_hex(WG_INITIATION);
	assert_matched(rig, "wg=wireguard/likely");
	pol = matched_new(NULL);
	rule_protocol(pol, "new", LOG, WIREGUARD, LIKELY);
	policy_seal(pol);
	rig_policy(rig, pol);
	answer_hex(WG_RESPONSE);
	assert_matched(rig, "");
	assert_int_equal(rig_flow(rig)->heard, 1);
	assert_int_equal(rig_flow(rig)->sights[0], 0);
	new_flow(51820);
	say_hex(WG_INITIATION);
	pol = matched_new(NULL);
	rule_protocol(pol, "third", LOG, WIREGUARD, LIKELY);
	policy_seal(pol);
	rig_policy(rig, pol);
	say_hex(WG_INITIATION);
	assert_matched(rig, "third=wireguard/likely");
	rig_free(rig);
}

static u32 put_hello(u8 *out, const char *name)
{
	static const u16 ciphers[] = { 0x1301, 0x1302 };
	static struct build b;
	u8 versions[] = { 2, 3, 4 };

	build_hello(&b, 0x0303, ciphers, 2);
	build_alpn(&b, "h3,h3-29");
	build_extension(&b, 43, versions, 3);
	if (name)
		build_name(&b, name, (u32)strlen(name));
	memcpy(out, b.bytes, b.len);
	return b.len;
}

/* A datagram with @len bytes of the ClientHello from @from on. Return: its length in @data. */
static u32 put_initial(u32 version, const char *name, u32 from, u32 to, u32 number)
{
	static u8 hello[4096], frames[4096];
	struct initial packet = { .version = version, .dcid_len = 8, .scid_len = 4, .fill = 1200,
				  .frames = frames, .number = number };
	u32 len = put_hello(hello, name);

	to = min(to, len);
	memset(packet.dcid, 0x51, 8);
	packet.len = initial_crypto(frames, from, hello + from, to - from);
	return initial_put(data, &packet);
}

static const struct seen *say_initial(u32 version, const char *name)
{
	return say(data, put_initial(version, name, 0, 4096, 1));
}

static struct censor_policy *quic_policy(const struct censor_detect_model *model)
{
	struct censor_policy *pol = matched_new(model);

	rule_names(pol, "sni", LOG, QUIC_SNI, "example.org");
	rule_names(pol, "alpn", LOG, TLS_ALPN, "=h3-29");
	policy_cond(pol, CENSOR_ATTR_QUIC_SNI, policy_names(pol, "", NAMES("example.org")));
	rule_number(pol, "v1", LOG, QUIC_VERSION, CENSOR_QUIC_V1, CENSOR_QUIC_V1);
	rule_number(pol, "v2", LOG, QUIC_VERSION, CENSOR_QUIC_V2, CENSOR_QUIC_V2);
	rule_number(pol, "other", LOG, QUIC_VERSION, CENSOR_QUIC_OTHER, CENSOR_QUIC_OTHER);
	policy_seal(pol);
	return pol;
}

static void open_quic(const struct censor_detect_model *model)
{
	rig = rig_new(quic_policy(model));
}

#define ALL_OF_IT	"sni=www.example.org alpn=www.example.org "

static void test_quic(void **state)
{
	struct censor_detect_model model;

	(void)state;
	open_quic(NULL);
	new_flow(443);
	say_initial(INITIAL_V1, "www.example.org");
	assert_matched(rig, ALL_OF_IT "v1=1");
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_QUIC);
	assert_string_equal(rig->seen.name, "www.example.org");
	assert_int_equal(rig->buffers, 0);
	assert_true(say_initial(INITIAL_V1, "www.example.org")->fast);
	new_flow(443);
	say_initial(INITIAL_V2, "www.example.org");
	assert_matched(rig, ALL_OF_IT "v2=2");
	new_flow(443);
	say_initial(INITIAL_V1, "example.com");
	assert_matched(rig, "v1=1");
	assert_true(say_noise(10)->fast);
	/* Not before the first: not of the server's, and not of nobody's. */
	new_flow(443);
	say_noise(50);
	answer(data, put_initial(INITIAL_V1, "www.example.org", 0, 4096, 1));
	assert_matched(rig, "");
	say_initial(INITIAL_V1, "www.example.org");
	assert_matched(rig, ALL_OF_IT "v1=1");
	new_flow(443);
	put_initial(INITIAL_V1, "www.example.org", 0, 4096, 1);
	data[3] = 0x77;
	say(data, 1200);
	assert_matched(rig, "other=4");
	rig_free(rig);
	/* A version that this censor does not read. */
	censor_detect_default(&model);
	model.quic_versions = CENSOR_QUIC_READ_V1;
	open_quic(&model);
	new_flow(443);
	say_initial(INITIAL_V2, "www.example.org");
	assert_matched(rig, "v2=2");
	rig_free(rig);
}

/* An RTP packet as PCMU's (RFC 3551). Return: its length in @data. */
static u32 put_rtp(u16 seq, u32 time)
{
	memset(data, 0x7e, 172);
	data[0] = 0x80;
	data[1] = 0;
	censor_put16(data + 2, seq);
	censor_put32(data + 4, time);
	censor_put32(data + 8, 0x11223344);
	return 172;
}

/* Four bytes of no version that is known are no proof: others have such, too. */
static void test_quic_guess(void **state)
{
	static const u32 others[] = { 0x00000002, 0xff00001c, 0x1a2a3a4a, 0x51303530 };
	struct censor_policy *pol = matched_new(NULL);
	u32 i, at;

	(void)state;
	rule_protocol(pol, "quic", LOG, QUIC, GUESS);
	rule_protocol(pol, "surer", LOG, QUIC, LIKELY);
	rule_protocol(pol, "rtp", LOG, RTP, GUESS);
	rule_protocol(pol, "wg", LOG, WIREGUARD, GUESS);
	rig = sealed(pol);
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		new_flow(443);
		put_initial(INITIAL_V1, "www.example.org", 0, 4096, 1);
		censor_put32(data + 1, others[i]);
		say(data, 1200);
		assert_matched(rig, "quic=quic/guess");
	}
	new_flow(443);
	say_initial(INITIAL_V1, "www.example.org");
	assert_matched(rig, "quic=quic/sure surer=quic/sure");
	/*
	 * Whatever numbers a call begins with, it is one: with a sequence number of 0 its first
	 * packet can be a negotiation of versions.
	 */
	for (at = 0; at < 0x2000; at += 0x33) {
		new_flow(16384);
		for (i = 0; i < 3; i++) {
			say(data, put_rtp((u16)i, at + 160 * i));
			assert_null(strstr(matched(rig), "surer"));
		}
		assert_string_equal(matched(rig), "rtp=rtp/likely");
	}
	rig_free(rig);
}

static void test_quic_tag(void **state)
{
	struct censor_detect_model model;
	u32 tag, len;

	(void)state;
	censor_detect_default(&model);
	for (tag = 0; tag < 2; tag++) {
		model.quic_tag = tag;
		open_quic(&model);
		new_flow(443);
		len = put_initial(INITIAL_V1, "www.example.org", 0, 4096, 1);
		data[len - 1] ^= 1;
		say(data, len);
		assert_matched(rig, tag ? "v1=1" : ALL_OF_IT "v1=1");
		rig_free(rig);
	}
}

/* From a higher port to a lower only (CENSORS.md 2.5). */
static void test_quic_ports(void **state)
{
	static const struct {
		u16 sport, dport;
		bool higher;
	} rows[] = { { 444, 443, true }, { 443, 443, false }, { 442, 443, false } };
	struct censor_detect_model model;
	u32 i, higher;

	(void)state;
	censor_detect_default(&model);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (higher = 0; higher < 2; higher++) {
			model.quic_ports = higher ? CENSOR_QUIC_PORTS_HIGHER :
						    CENSOR_QUIC_PORTS_ANY;
			open_quic(&model);
			ends = ends4("192.0.2.10", rows[i].sport, "203.0.113.80", rows[i].dport);
			say_initial(INITIAL_V1, "www.example.org");
			assert_matched(rig, !higher || rows[i].higher ? ALL_OF_IT "v1=1" : "");
			rig_free(rig);
		}
	}
}

/* Any datagram before exempts the flow until it was silent for a minute. */
static void test_quic_first(void **state)
{
	static const char *const before[] = { "", "x", NULL };
	struct censor_detect_model model;
	u32 i, by_server;

	(void)state;
	censor_detect_default(&model);
	model.quic_first = true;
	open_quic(&model);
	new_flow(443);
	say_initial(INITIAL_V1, "www.example.org");
	assert_matched(rig, ALL_OF_IT "v1=1");
	for (i = 0; before[i]; i++) {
		for (by_server = 0; by_server < 2; by_server++) {
			new_flow(443);
			if (by_server)
				answer(before[i], (u32)strlen(before[i]));
			else
				say(before[i], (u32)strlen(before[i]));
			rig->now += 59 * SECOND;
			say_initial(INITIAL_V1, "www.example.org");
			assert_matched(rig, "");
			rig->now += 60 * SECOND;
			say_initial(INITIAL_V1, "www.example.org");
			assert_matched(rig, "");
			rig->now += 60 * SECOND + 1;
			say_initial(INITIAL_V1, "www.example.org");
			assert_matched(rig, ALL_OF_IT "v1=1");
		}
	}
	/* Half a ClientHello is all that it looks at. */
	new_flow(443);
	say(data, put_initial(INITIAL_V1, "www.example.org", 0, 60, 1));
	assert_matched(rig, "v1=1");
	assert_int_equal(rig->buffers, 0);
	say(data, put_initial(INITIAL_V1, "www.example.org", 60, 4096, 2));
	assert_matched(rig, "");
	/* Another policy does not make the second the first. */
	new_flow(443);
	say("x", 1);
	rig_policy(rig, quic_policy(&model));
	say_initial(INITIAL_V1, "www.example.org");
	assert_matched(rig, "");
	rig_free(rig);
}

static void test_quic_rate(void **state)
{
	struct censor_detect_model model;
	u32 i, counted = 0;

	(void)state;
	censor_detect_default(&model);
	model.quic_rate = 5;
	open_quic(&model);
	rig->now = (u64)5000 << 30;
	for (i = 0; i < 8; i++) {
		new_flow(443);
		say_initial(INITIAL_V1, "www.example.org");
		assert_matched(rig, i < 5 ? ALL_OF_IT "v1=1" : "v1=1");
		assert_int_equal(rig->seen.counts, i < 5 ? 0 : 1u << CENSOR_COUNT_QUIC_RATE);
		counted += !!rig->seen.counts;
		assert_int_equal(rig_flow(rig)->tracking, 0);
	}
	assert_int_equal(counted, 3);
	/* What is no Initial costs nothing of it. */
	rig->now += 1100000000;
	for (i = 0; i < 9; i++) {
		new_flow(443);
		put_initial(INITIAL_V1, "www.example.org", 0, 4096, 1);
		data[3] = 0x77;
		say(data, 1200);
		assert_int_equal(rig->seen.counts, 0);
	}
	for (i = 0; i < 6; i++) {
		new_flow(443);
		say_initial(INITIAL_V1, "www.example.org");
		assert_matched(rig, i < 5 ? ALL_OF_IT "v1=1" : "v1=1");
	}
	/* Two in a datagram are two. */
	rig->now += 1100000000;
	for (i = 0; i < 4; i++) {
		static u8 two[4096];
		u32 len = put_initial(INITIAL_V1, "www.example.org", 60, 4096, 2);

		memcpy(two, data, len);
		memcpy(two + len, data, put_initial(INITIAL_V1, "www.example.org", 0, 60, 1));
		new_flow(443);
		say(two, 2 * len);
		assert_matched(rig, i < 3 ? ALL_OF_IT "v1=1" : "v1=1");
	}
	rig_free(rig);
	/* 0 is no limit. */
	model.quic_rate = 0;
	open_quic(&model);
	for (i = 0; i < 20; i++) {
		new_flow(443);
		say_initial(INITIAL_V1, "www.example.org");
		assert_matched(rig, ALL_OF_IT "v1=1");
	}
	rig_free(rig);
}

/* A ClientHello in two datagrams, in either order. */
static void test_quic_assemble(void **state)
{
	struct censor_detect_model model;
	u32 swapped, flow;

	(void)state;
	censor_detect_default(&model);
	for (flow = 0; flow < 2; flow++) {
		model.quic_assemble = flow ? CENSOR_QUIC_ASSEMBLE_FLOW :
					     CENSOR_QUIC_ASSEMBLE_DATAGRAM;
		for (swapped = 0; swapped < 2; swapped++) {
			open_quic(&model);
			new_flow(443);
			say(data, put_initial(INITIAL_V1, "www.example.org", swapped ? 60 : 0,
					      swapped ? 4096 : 60, 1));
			assert_matched(rig, "v1=1");
			assert_int_equal(rig->buffers, flow);
			/* The server's answer meanwhile is nothing to it. */
			answer("\x40 not QUIC's", 10);
			assert_int_equal(rig->buffers, flow);
			say(data, put_initial(INITIAL_V1, "www.example.org", swapped ? 0 : 60,
					      swapped ? 60 : 4096, 2));
			assert_matched(rig, flow ? "sni=www.example.org alpn=www.example.org" : "");
			assert_int_equal(rig->buffers, 0);
			assert_int_equal(rig_flow(rig)->tracking, 0);
			rig_free(rig);
		}
	}
}

/* Where the buffer goes when the rest never comes. */
static void test_quic_buffer(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < 6; i++) {
		open_quic(NULL);
		new_flow(443);
		rig->no_buffer = i == 5;
		say(data, put_initial(INITIAL_V1, "www.example.org", 0, 60, 1));
		rig->no_buffer = false;
		assert_int_equal(rig->buffers, i < 5);
		switch (i) {
		case 0:	/* silence, and then the rest, which is no beginning */
			rig->now += 61 * SECOND;
			say(data, put_initial(INITIAL_V1, "www.example.org", 60, 4096, 2));
			assert_true(rig->seen.started);
			assert_matched(rig, "v1=1");
			assert_int_equal(rig->buffers, 1);
			break;
		case 1:	/* the host is short of memory */
			rig_forget(rig);
			assert_int_equal(rig->buffers, 0);
			break;
		case 2:	/* another policy, that asks for it */
			rig_policy(rig, quic_policy(NULL));
			say(data, put_initial(INITIAL_V1, "www.example.org", 60, 4096, 2));
			assert_matched(rig, "v1=1");
			assert_int_equal(rig->buffers, 1);
			say(data, put_initial(INITIAL_V1, "www.example.org", 0, 60, 1));
			assert_matched(rig, "sni=www.example.org alpn=www.example.org");
			assert_int_equal(rig->buffers, 0);
			break;
		case 3:	{ /* another that does not */
			struct censor_policy *pol = matched_new(NULL);

			rule_protocol(pol, "wg", LOG, WIREGUARD, GUESS);
			policy_seal(pol);
			rig_policy(rig, pol);
			say_noise(50);
			assert_int_equal(rig->buffers, 0);
			break;
		}
		case 4:	/* as many datagrams as are looked at */
			for (i = 0; i < 7; i++)
				say_noise(50);
			i = 4;
			assert_int_equal(rig->buffers, 0);
			assert_true(say_noise(50)->fast);
			break;
		case 5:
			assert_int_equal(rig->seen.counts, 1u << CENSOR_COUNT_NO_BUFFER);
			assert_int_equal(rig_flow(rig)->tracking, 0);
			break;
		}
		rig_free(rig);
	}
}

/* Hosts offer no buffer to a flow that has one: what it gives back serves it again. */
static void test_quic_buffer_again(void **state)
{
	(void)state;
	open_quic(NULL);
	new_flow(443);
	say(data, put_initial(INITIAL_V1, "www.example.com", 0, 60, 1));
	assert_int_equal(rig->buffers, 1);
	rig->now += 61 * SECOND;
	rig->no_buffer = true;
	say(data, put_initial(INITIAL_V1, "www.example.org", 0, 60, 1));
	assert_true(rig->seen.started);
	assert_int_equal(rig->seen.counts, 0);
	assert_int_equal(rig->buffers, 1);
	say(data, put_initial(INITIAL_V1, "www.example.org", 60, 4096, 2));
	assert_matched(rig, "sni=www.example.org alpn=www.example.org");
	assert_int_equal(rig->buffers, 0);
	rig_free(rig);
}

/* A rule by name that drops: the datagram and the flow, and its buffer. */
static void test_quic_drop(void **state)
{
	struct censor_policy *pol = matched_new(NULL);

	(void)state;
	rule_names(pol, "sni", CENSOR_DO_DROP, QUIC_SNI, "example.org");
	rule_names(pol, "pass", CENSOR_DO_PASS, QUIC_SNI, "example.com");
	rule_protocol(pol, "quic", LOG, QUIC, GUESS);
	rig = sealed(pol);
	new_flow(443);
	say(data, put_initial(INITIAL_V1, "www.example.org", 0, 60, 1));
	assert_matched(rig, "quic=quic/sure");
	assert_true(say(data, put_initial(INITIAL_V1, "www.example.org", 60, 4096, 2))->drop);
	assert_matched(rig, "sni=www.example.org");
	assert_int_equal(rig->buffers, 0);
	assert_true(answer("x", 1)->drop);
	assert_true(answer("x", 1)->drop);
	assert_true(rig->seen.fast);
	new_flow(443);
	say_initial(INITIAL_V1, "www.example.com");
	assert_matched(rig, "pass=www.example.com");
	assert_true(say_initial(INITIAL_V1, "www.example.org")->fast);
	assert_false(rig->seen.drop);
	rig_free(rig);
}

/* A query with two questions, written by hand. */
static u32 put_questions(u8 *out, const char *one, const char *two)
{
	u32 len = wire_dns(out, 7, DNS_RD, one, 1, 1), more;
	u8 other[512];

	more = wire_dns(other, 7, DNS_RD, two, 28, 3) - 12;
	memcpy(out + len, other + 12, more);
	censor_put16(out + 4, 2);
	return len + more;
}

static struct censor_policy *dns_policy(u8 questions, u16 actions)
{
	struct censor_detect_model model;
	struct censor_policy *pol;

	censor_detect_default(&model);
	model.dns_questions = questions;
	pol = matched_new(&model);
	rule_names(pol, "first", actions, DNS_QNAME, "one.example");
	rule_names(pol, "name", LOG, DNS_QNAME, "example");
	rule_number(pol, "aaaa", LOG, DNS_QTYPE, 28, 28);
	rule_number(pol, "chaos", LOG, DNS_QCLASS, 3, 3);
	rule_number(pol, "two", LOG, DNS_QDCOUNT, 2, 2);
	rule_protocol(pol, "dns", LOG, DNS, SURE);
	rule_protocol(pol, "openvpn", LOG, OPENVPN, LIKELY);
	policy_seal(pol);
	return pol;
}

static void test_dns(void **state)
{
	u32 len;

	(void)state;
	rig = rig_new(dns_policy(1, LOG));
	new_flow(53);
	len = put_questions(data, "one.example", "two.example");
	say(data, len);
	assert_matched(rig, "first=one.example name=one.example two=2 dns=dns/sure");
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_DNS);
	/* Each query of a flow is judged by itself. */
	say(data, len);
	assert_matched(rig, "first=one.example name=one.example two=2 dns=dns/sure");
	answer(data, len);
	assert_matched(rig, "");
	assert_true(answer(data, len)->fast);
	/* Without a flow the same. */
	rig->no_flow = true;
	say(data, len);
	assert_matched(rig, "first=one.example name=one.example two=2 dns=dns/sure");
	rig->no_flow = false;
	rig_free(rig);
	rig = rig_new(dns_policy(2, LOG));
	new_flow(53);
	len = put_questions(data, "one.example", "two.example");
	say(data, len);
	assert_matched(rig, "first=one.example name=one.example two=2 dns=dns/sure "
		       "name=two.example aaaa=28 chaos=3 two=2");
	/* One is there, though the header speaks of two. */
	len = wire_dns(data, 7, DNS_RD, "one.example", 1, 1);
	censor_put16(data + 4, 2);
	say(data, len);
	assert_matched(rig, "first=one.example name=one.example two=2 dns=dns/sure");
	/* Two are there, though the header speaks of one. */
	len = put_questions(data, "one.example", "two.example");
	censor_put16(data + 4, 1);
	say(data, len);
	assert_matched(rig, "first=one.example name=one.example dns=dns/sure");
	rig_free(rig);
}

/* What drops the query, or lets it pass, is the last that is judged in it. */
static void test_dns_ends(void **state)
{
	u32 pass, len;

	(void)state;
	for (pass = 0; pass < 2; pass++) {
		rig = rig_new(dns_policy(2, pass ? CENSOR_DO_PASS : CENSOR_DO_DROP));
		new_flow(53);
		len = put_questions(data, "one.example", "two.example");
		assert_int_equal(say(data, len)->drop, !pass);
		assert_matched(rig, "first=one.example");
		/* Nothing of that stays. */
		len = wire_dns(data, 7, DNS_RD, "two.example", 1, 1);
		assert_false(say(data, len)->drop);
		assert_matched(rig, "name=two.example dns=dns/sure");
		rig_free(rig);
	}
}

/* Port 53 does not make it DNS. */
static void test_not_dns(void **state)
{
	struct censor_policy *pol;

	(void)state;
	rig = rig_new(dns_policy(1, LOG));
	new_flow(53);
	say_hex(OPENVPN_CLIENT);
	assert_matched(rig, "openvpn=openvpn/likely");
	answer_hex(OPENVPN_SERVER);
	assert_matched(rig, "openvpn=openvpn/sure");
	assert_int_equal(rig_flow(rig)->tracking, 0);
	/* A query is one whatever went before it. */
	say(data, wire_dns(data, 7, DNS_RD, "two.example", 1, 1));
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_DNS);
	new_flow(53);
	say(data, wire_dns(data, 7, DNS_RD, "two.example", 1, 1));
	assert_int_equal(rig_flow(rig)->tracking, 0);
	rig_free(rig);
	/* Half a ClientHello to there is given up with the looking, too. */
	pol = matched_new(NULL);
	rule_names(pol, "sni", LOG, QUIC_SNI, "example");
	rule_names(pol, "qname", LOG, DNS_QNAME, "example");
	rig = sealed(pol);
	new_flow(53);
	say(data, put_initial(INITIAL_V1, "www.example.org", 0, 60, 1));
	assert_int_equal(rig->buffers, 1);
	while (rig_flow(rig)->tracking)
		say_noise(40);
	assert_int_equal(rig->buffers, 0);
	rig_free(rig);
	/* Whom a rule on addresses lets pass asks what it likes. */
	pol = matched_new(NULL);
	policy_rule(pol, "pass", CENSOR_DO_PASS);
	policy_cond(pol, CENSOR_ATTR_IP_DST, policy_prefixes(pol, "", NAMES("203.0.113.80")));
	rule_names(pol, "qname", CENSOR_DO_DROP, DNS_QNAME, "example");
	rig = sealed(pol);
	new_flow(53);
	assert_false(say(data, wire_dns(data, 7, DNS_RD, "two.example", 1, 1))->drop);
	assert_int_equal(rig->seen.n_matches, 1);
	rig_free(rig);
	/* Nor are a server's first words unknown: they answer somebody. */
	pol = matched_new(NULL);
	rule_protocol(pol, "unknown", LOG, UNKNOWN, 0);
	rig = sealed(pol);
	new_flow(53);
	say_noise(40);
	assert_matched(rig, "unknown=unknown");
	new_flow(53);
	answer(data, 40);
	assert_matched(rig, "");
	say(data, wire_dns(data, 7, DNS_RD, "one.example", 1, 1));
	assert_matched(rig, "");
	rig_free(rig);
}

/* A packet counts once for the load, whoever looks into it. */
static void test_load(void **state)
{
	static const struct censor_load load = {
		.name = "l", .n = 2, .point = { { 3, CENSOR_CERTAIN }, { 4, 0 } },
	};
	struct censor_policy *pol = matched_new(NULL);
	struct censor_rule rule = { .name = "wg", .actions = LOG,
				    .chance = { .of = CENSOR_CERTAIN, .load = 1 } };
	u32 i;

	(void)state;
	assert_done(censor_policy_add_load(pol, &load, &why));
	policy_rule_full(pol, &rule);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_WIREGUARD, GUESS));
	rule_names(pol, "name", LOG, DNS_QNAME, "example");
	rig = sealed(pol);
	rig->now = (u64)5000 << 30;
	for (i = 0; i < 3; i++) {
		new_flow(53);
		say_noise(40);
	}
	rig->now += (u64)1 << 30;
	new_flow(53);
	say_hex(WG_INITIATION);
	assert_matched(rig, "wg=wireguard/likely");
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openvpn),
		cmocka_unit_test(test_slowed),
		cmocka_unit_test(test_wireguard),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_opcodes),
		cmocka_unit_test(test_stops),
		cmocka_unit_test(test_armed),
		cmocka_unit_test(test_reload),
		cmocka_unit_test(test_quic),
		cmocka_unit_test(test_quic_guess),
		cmocka_unit_test(test_quic_tag),
		cmocka_unit_test(test_quic_ports),
		cmocka_unit_test(test_quic_first),
		cmocka_unit_test(test_quic_rate),
		cmocka_unit_test(test_quic_assemble),
		cmocka_unit_test(test_quic_buffer),
		cmocka_unit_test(test_quic_buffer_again),
		cmocka_unit_test(test_quic_drop),
		cmocka_unit_test(test_dns),
		cmocka_unit_test(test_dns_ends),
		cmocka_unit_test(test_not_dns),
		cmocka_unit_test(test_load),
	};

	return cmocka_run_group_tests_name("datagrams", tests, NULL, NULL);
}
