// SPDX-License-Identifier: GPL-2.0
/*
 * WhatsApp's first bytes. The fixtures are of captures of selftests/mkcap/whatsapp, whose framing
 * was written from the protocol and not from the detector.
 */
#include "test.h"
#include "spot.h"
#include "wire.h"

#define NOISE_6_3	"57410603 000024 1222 0a20 "					\
			"7e8596567f6e155f8c4c5cde01f3d3d7b45078b45d01d328820f7ed6a6e5e410"
#define NOISE_2_1	"57410201 000024 1222 0a20 "					\
			"1d8c477ae7d49720d79a86b350aa9888fa6c07aa56969e07abba9db90578ae32"
#define XMPP_1_5	"57410105 00001b f80501c8aba5fc13416e64726f69642d322e31312e39302d343433"
#define PREAMBLE	"45440001 000004 080c0802 "

static enum censor_found found(const char *hex)
{
	struct spot what = { .found = 0 };

	spot_hex(&what, censor_detect_whatsapp, hex);
	return what.found;
}

static u8 sure(const char *hex)
{
	struct spot what = { .found = 0 };

	return spot_hex(&what, censor_detect_whatsapp, hex);
}

/* Every cut of @hex: more is wanted up to @need, but for a prologue that ends at @prologue. */
static void check_cuts(const char *hex, u32 prologue, u32 need)
{
	struct spot what = { .found = 0 };
	u8 data[128];
	u32 len = unhex(data, hex), i;

	for (i = 0; i <= len; i++) {
		spot(&what, censor_detect_whatsapp, data, i);
		if (i == prologue)
			assert_int_equal(what.confidence, CENSOR_CONFIDENCE_LIKELY);
		else if (i < need)
			assert_int_equal(what.found, CENSOR_FOUND_MORE);
		else
			assert_int_equal(what.confidence, CENSOR_CONFIDENCE_SURE);
		if (what.confidence) {
			assert_int_equal(what.protocol, CENSOR_PROTOCOL_WHATSAPP);
			assert_int_equal(what.at, 0);
			assert_int_equal(what.len, i == prologue ? prologue : need);
		}
	}
	/* Cut by the capture, more of it was on the wire than a prologue. */
	what.whole = len;
	spot(&what, censor_detect_whatsapp, data, prologue);
	assert_int_equal(what.found, CENSOR_FOUND_MORE);
}

static void test_captured(void **state)
{
	(void)state;
	check_cuts(NOISE_6_3, 4, 11);
	check_cuts(NOISE_2_1, 4, 11);
	check_cuts(XMPP_1_5, 4, 10);
	check_cuts(PREAMBLE NOISE_6_3, 15, 22);
	check_cuts(PREAMBLE NOISE_2_1, 15, 22);
	check_cuts(PREAMBLE XMPP_1_5, 15, 21);
}

/* Any one byte wrong of those that show it. Where several values are right they are named. */
static void test_one_byte_wrong(void **state)
{
	static const char *const rows[] = { NOISE_6_3, PREAMBLE NOISE_6_3, XMPP_1_5 };
	struct spot what = { .found = 0 };
	u32 i, at, value, need;
	u8 data[128];

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u32 len = unhex(data, rows[i]);
		u32 prologue = data[0] == 'E' ? 11 : 0;

		spot(&what, censor_detect_whatsapp, data, len);
		need = what.len;
		for (at = 0; at < need; at++) {
			u8 right = data[at];

			/* Versions have their own test; routing may be any. */
			if (at == prologue + 2 || at == prologue + 3 || (at >= 8 && at < prologue))
				continue;
			for (value = 0; value < 256; value++) {
				data[at] = (u8)value;
				spot(&what, censor_detect_whatsapp, data, len);
				if (value == right)
					assert_int_equal(what.confidence, CENSOR_CONFIDENCE_SURE);
				else if (data[prologue + 2] == 1 && at == prologue + 8)
					assert_int_equal(what.found, value & 1 && value > 1 ?
							 CENSOR_FOUND_ALL : CENSOR_FOUND_NOT);
				else if (data[prologue + 2] == 1 && at >= prologue + 5 &&
					 at < prologue + 7)
					continue;	/* a FunXMPP frame's length: any will do */
				else
					assert_int_not_equal(what.found, CENSOR_FOUND_ALL);
			}
			data[at] = right;
		}
	}
}

/* All pairs: those seen are sure, those yet to come likely, none is letters. */
static void test_versions(void **state)
{
	static const char *const seen[] = {
		"1.2", "1.3", "1.4", "1.5", "1.6", "2.0", "2.1", "4.0", "5.0", "5.1", "5.2",
		"6.0", "6.1", "6.2", "6.3", "6.4", "6.5",
	};
	struct spot what = { .found = 0 };
	u8 noise[64], xmpp[64], *data;
	u32 major, minor, i, n, len;
	u32 noise_len = unhex(noise, NOISE_6_3), xmpp_len = unhex(xmpp, XMPP_1_5);
	char name[16];

	(void)state;
	for (major = 0; major < 256; major++) {
		for (minor = 0; minor < 256; minor++) {
			u8 want = 0;

			data = major == 1 ? xmpp : noise;
			len = major == 1 ? xmpp_len : noise_len;
			data[2] = (u8)major;
			data[3] = (u8)minor;
			snprintf(name, sizeof(name), "%u.%u", major, minor);
			for (i = n = 0; i < ARRAY_SIZE(seen); i++)
				n += !strcmp(name, seen[i]);
			if (n)
				want = CENSOR_CONFIDENCE_SURE;
			else if (major > 1 && major < 10 && minor < 32)
				want = CENSOR_CONFIDENCE_LIKELY;
			spot(&what, censor_detect_whatsapp, data, len);
			assert_int_equal(what.confidence, want);
			/* By itself a prologue counts only if its version was seen. */
			spot(&what, censor_detect_whatsapp, data, 4);
			assert_int_equal(what.confidence, n ? CENSOR_CONFIDENCE_LIKELY : 0);
		}
	}
}

static void test_lies(void **state)
{
	(void)state;
	/* A hello with a static key and payload behind the ephemeral one (Noise_IK). */
	assert_int_equal(sure("57410603 000136 12b302 0a20"), CENSOR_CONFIDENCE_SURE);
	assert_int_equal(sure("57410603 004000 12fd7f 0a20"), CENSOR_CONFIDENCE_SURE);
	/* A longer form of the same number is one, too. */
	assert_int_equal(sure("57410603 000025 12a200 0a20"), CENSOR_CONFIDENCE_SURE);
	assert_int_equal(sure("57410603 000026 12a28000 0a20"), CENSOR_CONFIDENCE_SURE);
	assert_int_equal(found("57410603 000027 12a2808000 0a20"), CENSOR_FOUND_NOT);
	assert_int_equal(found("57410603 000026 12a28080 0a20"), CENSOR_FOUND_NOT);
	assert_int_equal(found("57410603 000024 12a100 0a20"), CENSOR_FOUND_NOT);
	assert_int_equal(found("57410603 000024 12ffffffffffffffffff 0a20"), CENSOR_FOUND_NOT);
	/* Lengths that differ by one, are too short or too long. */
	assert_int_equal(found("57410603 000025 1222 0a20"), CENSOR_FOUND_NOT);
	assert_int_equal(found("57410603 000024 1223 0a20"), CENSOR_FOUND_NOT);
	assert_int_equal(found("57410603 000024 1221 0a20"), CENSOR_FOUND_NOT);
	assert_int_equal(found("57410603 000023 1221 0a20"), CENSOR_FOUND_NOT);
	assert_int_equal(found("57410603 000000"), CENSOR_FOUND_NOT);
	assert_int_equal(found("57410603 004001 12fe7f 0a20"), CENSOR_FOUND_NOT);
	assert_int_equal(found("57410603 ffffff"), CENSOR_FOUND_NOT);
	assert_int_equal(found("57410105 000002"), CENSOR_FOUND_NOT);
	assert_int_equal(found("57410105 001000"), CENSOR_FOUND_NOT);
	assert_int_equal(sure("57410105 000fff f80501"), CENSOR_CONFIDENCE_SURE);
	/* Flags in the first frame. */
	assert_int_equal(found("57410105 80001b f80501"), CENSOR_FOUND_NOT);
	/* One version's frame behind another's prologue. */
	assert_int_equal(found("57410603 00001b f80501"), CENSOR_FOUND_NOT);
	assert_int_equal(found("57410105 000024 1222 0a20"), CENSOR_FOUND_NOT);
	/* The preamble: a length that is no routing's, content that is none. */
	assert_int_equal(sure("45440001 000002 0802 " NOISE_6_3), CENSOR_CONFIDENCE_SURE);
	assert_int_equal(found("45440001 000001 08 " NOISE_6_3), CENSOR_FOUND_NOT);
	assert_int_equal(found("45440001 000041 08"), CENSOR_FOUND_NOT);
	assert_int_equal(found("45440001 000040 08"), CENSOR_FOUND_MORE);
	assert_int_equal(found("45440001 000004 120c0802 " NOISE_6_3), CENSOR_FOUND_NOT);
	assert_int_equal(found(PREAMBLE PREAMBLE NOISE_6_3), CENSOR_FOUND_NOT);
	assert_int_equal(found("45440001 000004 080c08 " NOISE_6_3), CENSOR_FOUND_NOT);
}

static void test_others(void **state)
{
	static const char *const texts[] = {
		"GET / HTTP/1.1\r\nHost: web.whatsapp.com\r\n\r\n", "WAIT\r\n", "WA\r\n",
		"WALK 1\n", "EHLO example.com\r\n", "EDIT\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
		"WHO\r\n", "",
	};
	static u8 data[WIRE_MAX];
	struct spot what = { .found = 0 };
	u64 random = 2017;
	u32 i, at;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		spot(&what, censor_detect_whatsapp, (const u8 *)texts[i],
		     (u32)strlen(texts[i]) + 1);
		assert_int_equal(what.found, CENSOR_FOUND_NOT);
	}
	spot(&what, censor_detect_whatsapp, data, wire_hello_sni(data, "web.whatsapp.com"));
	assert_int_equal(what.found, CENSOR_FOUND_NOT);
	for (i = 0; i < 20000; i++) {
		for (at = 0; at < 64; at++)
			data[at] = (u8)wire_random(&random);
		/* Half of them begin as it does. */
		if (i & 1)
			memcpy(data, "WA\x06\x03", 4);
		spot(&what, censor_detect_whatsapp, data, 64);
		assert_int_equal(what.found, CENSOR_FOUND_NOT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_captured),
		cmocka_unit_test(test_one_byte_wrong),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
