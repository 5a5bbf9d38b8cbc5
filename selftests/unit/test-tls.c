// SPDX-License-Identifier: GPL-2.0
/* ClientHellos: as the detector reads them, and as streams are judged. */
#include "test.h"
#include "rig.h"
#include "tls.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"203.0.113.80"

static u8 hello[WIRE_MAX];
static struct censor_tls_hello seen_hello;

static enum censor_found read_part(const u8 *data, u32 len)
{
	u8 *copy = malloc(len ? len : 1);
	struct censor_look look = { .data = copy, .len = len, .whole = len };
	enum censor_found found;

	memcpy(copy, data, len);
	memset(&seen_hello, 0xa5, sizeof(seen_hello));
	found = censor_tls_client(&look, NULL, CENSOR_TLS_SNI, &seen_hello);
	free(copy);
	return found;
}

static void expect(const char *name)
{
	assert_int_equal(seen_hello.sni_len, strlen(name));
	assert_memory_equal(seen_hello.sni, name, strlen(name));
}

static void test_names(void **state)
{
	static const struct hello rows[] = {
		{ .sni = "facebook.com" },
		{ .sni = "FACEBOOK.com", .session = 32 },
		{ .sni = "facebook.com.", .ciphers = 200 },
		{ .sni = "facebook.com", .padding = 500 },
		{ .sni = "facebook.com", .padding = 9000, .after = 3000 },
		{ .sni = "facebook.com", .after = 1 },
	};
	char longest[256];
	u32 i, len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(read_part(hello, wire_hello(hello, &rows[i])), CENSOR_FOUND_ALL);
		expect("facebook.com");
	}
	assert_int_equal(read_part(hello, wire_hello(hello, &(struct hello){ .after = 9 })),
			 CENSOR_FOUND_ALL);
	expect("");
	memset(longest, 'n', 255);
	longest[255] = 0;
	assert_int_equal(read_part(hello, wire_hello_sni(hello, longest)), CENSOR_FOUND_ALL);
	expect(longest);
	/* A record behind it, as with early data. */
	len = wire_hello_sni(hello, "facebook.com");
	memcpy(hello + len, "\x14\x03\x03\x00\x01\x01", 6);
	assert_int_equal(read_part(hello, len + 6), CENSOR_FOUND_ALL);
	expect("facebook.com");
}

/* Cut anywhere before the name's last byte it asks for more; then it knows. */
static void test_partial(void **state)
{
	struct hello how = { .sni = "www.facebook.com", .session = 32, .padding = 300, .after = 200 };
	u32 len = wire_hello(hello, &how), i, known = 0;

	(void)state;
	for (i = 1; i <= len; i++) {
		enum censor_found found = read_part(hello, i);

		if (found == CENSOR_FOUND_ALL) {
			known = known ? known : i;
			expect("www.facebook.com");
		} else {
			assert_int_equal(found, CENSOR_FOUND_MORE);
			assert_int_equal(known, 0);
			assert_int_equal(seen_hello.sni_len, 0);
		}
	}
	/* 7 bytes of supported_versions and 204 of padding come after the name. */
	assert_int_equal(known, len - 7 - 204);
}

static void test_not_tls(void **state)
{
	u32 len = wire_hello_sni(hello, "facebook.com");

	(void)state;
	assert_int_equal(read_part((const u8 *)"GET / HTTP/1.1\r\n", 16), CENSOR_FOUND_NOT);
	assert_int_equal(read_part((const u8 *)"\x17\x03\x03", 3), CENSOR_FOUND_NOT);
	assert_int_equal(read_part((const u8 *)"\x16\x02\x03", 3), CENSOR_FOUND_NOT);
	hello[5] = 2;		/* a ServerHello */
	assert_int_equal(read_part(hello, len), CENSOR_FOUND_NOT);
}

/* Lengths that lie: too long, zero; every byte of a hello turned into every other. */
static void test_lies(void **state)
{
	u32 len, i, value, bad = 0, at;
	char name[300];

	(void)state;
	len = wire_hello(hello, &(struct hello){ .sni = "x", .sni_len = 0 });
	/* The name's length is the last two bytes before it: 7 of supported_versions and 1 behind. */
	at = len - 7 - 1 - 2;
	assert_int_equal(censor_get16(hello + at), 1);
	censor_put16(hello + at, 0);
	assert_int_equal(read_part(hello, len), CENSOR_FOUND_BAD);
	assert_int_equal(seen_hello.sni_len, 0);
	memset(name, 'n', sizeof(name));
	assert_int_equal(read_part(hello, wire_hello(hello, &(struct hello){ .sni = name,
									     .sni_len = 256 })),
			 CENSOR_FOUND_BAD);
	for (value = 0; value < 256; value++) {
		len = wire_hello_sni(hello, "www.facebook.com");
		for (i = 0; i < len; i++) {
			u8 was = hello[i];

			hello[i] = (u8)value;
			bad += read_part(hello, len) == CENSOR_FOUND_BAD;
			assert_true(seen_hello.sni_len <= 255);
			hello[i] = was;
		}
	}
	assert_true(bad > 1000);
	/* A record too short for a handshake's header, and one longer than records are. */
	len = wire_hello_sni(hello, "facebook.com");
	censor_put16(hello + 3, 3);
	assert_int_equal(read_part(hello, len), CENSOR_FOUND_BAD);
	censor_put16(hello + 3, 65535);
	assert_int_equal(read_part(hello, len), CENSOR_FOUND_BAD);
}

/* China doesn't put records together (CENSORS.md 2.3): what is in the first is seen. */
static void test_records(void **state)
{
	u32 len = wire_hello_sni(hello, "facebook.com") - 5, record, seen = 0;

	(void)state;
	for (record = 1; record <= len; record++) {
		struct hello how = { .sni = "facebook.com", .session = 32, .record = record };
		u32 all = wire_hello(hello, &how), i;
		enum censor_found found = read_part(hello, all);

		if (seen_hello.sni_len) {
			expect("facebook.com");
			assert_int_equal(found, CENSOR_FOUND_ALL);
			seen++;
		} else {
			assert_true(found == CENSOR_FOUND_ALL || found == CENSOR_FOUND_BAD);
		}
		/* The first record alone says as much; only the handshake's header is waited for. */
		for (i = max(5 + record, 9u); i < all; i++) {
			assert_int_equal(read_part(hello, i), found);
			assert_int_equal(!!seen_hello.sni_len, record > len - 7 - 1);
		}
	}
	/* The 7 bytes behind the name may stand in the second record, or nothing. */
	assert_int_equal(seen, 8);
}

static struct rig *new_rig(u8 actions)
{
	struct censor_packet rst = { .flags = RST, .to = 3, .copies = 1, .n_seq = 1 };
	struct censor_policy *pol = policy_new();

	policy_inject(pol, "gfw", &rst, 1);
	policy_rule(pol, "sni", actions);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, policy_names(pol, "s", NAMES("facebook.com")));
	policy_seal(pol);
	return rig_new(pol);
}

static void test_judged(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_INJECT);
	u32 len = wire_hello_sni(hello, "WWW.facebook.com"), v6;

	(void)state;
	/* Any port (CENSORS.md 2.3). */
	for (v6 = 0; v6 < 4; v6++) {
		u16 port = v6 & 2 ? 22 : 443;
		struct ends ends = v6 & 1 ? ends6("2001:db8:1::1", 40000, "2001:db8:2::1", port) :
					    ends4(CLIENT, 40000, SERVER, port);
		struct talk talk = talk_open(rig, ends);
		const struct seen *seen = talk_say(&talk, hello, len);

		assert_false(seen->drop);
		assert_int_equal(seen->n_matches, 1);
		assert_int_equal(seen->matches[0].attr, CENSOR_ATTR_TLS_SNI);
		assert_int_equal(seen->matches[0].actions, CENSOR_DO_INJECT);
		assert_string_equal(seen->value[0], "www.facebook.com");
		assert_string_equal(seen->name, "www.facebook.com");
		assert_int_equal(seen->protocol, CENSOR_PROTOCOL_TLS);
		assert_int_equal(seen->n_forged, 2);
		/* Once. */
		assert_int_equal(talk_say_at(&talk, -(s32)len, hello, len)->n_matches, 0);
		assert_int_equal(talk_say(&talk, hello, len)->n_matches, 0);
	}
	rig_free(rig);
}

/* The same verdict whatever the cuts: one piece, random pieces, with and without the fast path. */
static void test_segments(void **state)
{
	u64 random = 4;
	u32 round;

	(void)state;
	for (round = 0; round < 2000; round++) {
		struct hello how = {
			.sni = wire_random(&random) % 4 ? "www.facebook.com" : "example.org",
			.padding = wire_random(&random) % 2 ? (u32)(wire_random(&random) % 5000) : 0,
			.after = (u32)(wire_random(&random) % 3000), .session = 32,
		};
		u32 len = wire_hello(hello, &how), at, n, matches[2] = { 0, 0 }, counts[2] = { 0, 0 };
		u32 whole;

		for (whole = 0; whole < 2; whole++) {
			struct rig *rig = new_rig(CENSOR_DO_LOG);
			struct talk talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 443));

			rig->no_fast = round & 1;
			for (at = 0; at < len; at += n) {
				n = 1 + (u32)(wire_random(&random) % 1460);
				n = whole ? len : min(n, len - at);
				matches[whole] += talk_say(&talk, hello + at, n)->n_matches;
				counts[whole] |= rig->seen.counts;
			}
			assert_int_equal(rig->buffers, 0);
			rig_free(rig);
		}
		if (matches[0] != matches[1] || counts[0] != counts[1])
			fail_msg("padding %u: %u matches whole, %u in segments; counts %x, %x",
				 how.padding, matches[1], matches[0], counts[1], counts[0]);
	}
}

static void test_bad_ones_pass(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_DROP);
	struct talk talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 443));
	u32 len = wire_hello_sni(hello, "facebook.com");
	const struct seen *seen;

	(void)state;
	hello[43] = 33 + 200;	/* the session id's length */
	seen = talk_say(&talk, hello, len);
	assert_false(seen->drop);
	assert_int_equal(seen->counts, 1u << CENSOR_COUNT_MALFORMED);
	assert_int_equal(rig->buffers, 0);
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_not_tls),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_judged),
		cmocka_unit_test(test_segments),
		cmocka_unit_test(test_bad_ones_pass),
	};

	return cmocka_run_group_tests_name("tls", tests, NULL, NULL);
}
