// SPDX-License-Identifier: GPL-2.0
/*
 * Fully encrypted traffic: the rule as it was published, at and around each of its numbers, and
 * against a second version of it that counts one byte at a time.
 */
#include "test.h"
#include "detectors.h"

#define SIZE	4096

static struct censor_detect_model model;
static u8 payload[SIZE];
static u64 state_of_random = 1;

static u32 random32(void)
{
	state_of_random = state_of_random * 6364136223846793005ull + 1442695040888963407ull;
	return state_of_random >> 32;
}

static u32 below(u32 n)
{
	return (u32)(((u64)random32() * n) >> 32);
}

static struct censor_look look_at(const u8 *data, u32 len)
{
	static const struct censor_packet_view view;

	return (struct censor_look){ .data = data, .len = len, .whole = len, .view = &view,
				     .model = &model };
}

/* From memory of its own, so that a byte too far is found. */
static enum censor_found detect(const u8 *data, u32 len)
{
	struct censor_sight sight;
	struct censor_look look;
	enum censor_found found;
	u8 *copy = malloc(len ? len : 1);

	memcpy(copy, data, len);
	look = look_at(copy, len);
	found = censor_detect_encrypted(&look, &sight);
	free(copy);
	if (found == CENSOR_FOUND_ALL) {
		assert_int_equal(sight.protocol, CENSOR_PROTOCOL_ENCRYPTED);
		assert_int_equal(sight.confidence, CENSOR_CONFIDENCE_LIKELY);
		assert_int_equal(sight.at, 0);
		assert_int_equal(sight.len, min(len, 16u));
	}
	return found;
}

static bool encrypted(const u8 *data, u32 len)
{
	enum censor_found found = detect(data, len);

	assert_true(found == CENSOR_FOUND_ALL || found == CENSOR_FOUND_NOT);
	return found == CENSOR_FOUND_ALL;
}

/* Algorithm 1, slowly. */
static bool exempt(const u8 *data, u32 len)
{
	u32 bits = 0, prefix = 0, printable = 0, run = 0, longest = 0, i, bit;
	bool first = true;

	for (i = 0; i < len; i++) {
		bool ok = data[i] >= 0x20 && data[i] <= 0x7e;

		for (bit = 0; bit < 8; bit++)
			bits += data[i] >> bit & 1;
		first = first && ok;
		prefix += first;
		printable += ok;
		run = ok ? run + 1 : 0;
		longest = max(longest, run);
	}
	if (bits * 100 <= model.fet_low * len || bits * 100 >= model.fet_high * len)
		return true;
	if (prefix >= model.fet_prefix || printable * 100 > model.fet_percent * len ||
	    longest > model.fet_run)
		return true;
	if (len >= 3 && (data[0] == 0x16 || data[0] == 0x17) && data[1] == 3 &&
	    data[2] <= model.fet_tls)
		return true;
	return (len >= 4 && (!memcmp(data, "GET ", 4) || !memcmp(data, "PUT ", 4))) ||
	       (len >= 5 && (!memcmp(data, "POST ", 5) || !memcmp(data, "HEAD ", 5)));
}

static void expect_same(const u8 *data, u32 len)
{
	if (encrypted(data, len) == exempt(data, len))
		fail_msg("%u bytes, beginning %02x %02x %02x: detector and rule disagree", len,
			 data[0], data[1], data[2]);
}

static u8 one_of(u8 lo, u8 hi)
{
	return lo + (u8)below(hi - lo + 1u);
}

/* Four bits in each byte and none of them printable: nothing exempts it but what is put in. */
static void fill_plain(u8 *data, u32 len)
{
	static const u8 four[] = { 0xe8, 0x8b, 0xd1, 0xb2, 0xc5, 0x9a, 0xf0, 0x0f };
	u32 i;

	for (i = 0; i < len; i++)
		data[i] = four[below(ARRAY_SIZE(four))];
}

static void test_bits(void **state)
{
	u32 len, low, high, i;

	(void)state;
	/* One byte with eight bits, or none, moves the sum away from four a byte. */
	for (len = 20; len <= 1500; len += 20) {
		fill_plain(payload, len);
		assert_true(encrypted(payload, len));
		/* 3.4 bits a byte: 0.6 * len fewer. 0xe8 loses one bit as 0xe0. */
		memset(payload, 0xe8, len);
		low = len * 6 / 10;
		for (i = 0; i < low - 1; i++)
			payload[i] = 0xe0;
		assert_true(encrypted(payload, len));
		payload[low - 1] = 0xe0;
		assert_false(encrypted(payload, len));
		payload[low] = 0xe0;
		assert_false(encrypted(payload, len));
		memset(payload, 0xe8, len);
		high = len * 6 / 10;
		for (i = 0; i < high - 1; i++)
			payload[len - 1 - i] = 0xf8;
		assert_true(encrypted(payload, len));
		payload[0] = 0xf8;
		assert_false(encrypted(payload, len));
		payload[1] = 0xf8;
		assert_false(encrypted(payload, len));
	}
	/* The model's numbers. */
	memset(payload, 0xe8, 100);
	model.fet_low = 400;
	assert_false(encrypted(payload, 100));
	model.fet_low = 399;
	assert_true(encrypted(payload, 100));
	model.fet_high = 400;
	assert_false(encrypted(payload, 100));
	model.fet_high = 401;
	assert_true(encrypted(payload, 100));
}

static void test_prefix(void **state)
{
	u32 n, prefix;

	(void)state;
	for (prefix = 6; prefix <= 7; prefix++) {
		model.fet_prefix = (u16)prefix;
		for (n = 0; n <= 9; n++) {
			memset(payload, 0xe8, 200);
			memset(payload, 0x4b, n);
			assert_int_equal(encrypted(payload, 200), n < prefix);
			/* Printable from the second byte on is no prefix. */
			memset(payload, 0xe8, 200);
			memset(payload + 1, 0x4b, n);
			assert_true(encrypted(payload, 200));
		}
	}
	/* Nothing but the prefix. */
	model.fet_prefix = 6;
	model.fet_percent = 100;
	model.fet_low = 0;
	assert_false(encrypted((const u8 *)"KKKKKK", 6));
	assert_true(encrypted((const u8 *)"KKKKK", 5));
	censor_detect_default(&model);
	/* The bounds of what is printable: the artifact's are 0x20 to 0x7e. */
	memset(payload, 0xe8, 200);
	memcpy(payload, "\x20\x7e\x20\x7e\x20\x7e", 6);
	assert_false(encrypted(payload, 200));
	payload[5] = 0x7f;
	assert_true(encrypted(payload, 200));
	payload[5] = 0x1f;
	assert_true(encrypted(payload, 200));
	payload[5] = 0xa0;
	assert_true(encrypted(payload, 200));
	/* QUIT and a line's end are six bytes, but only four of them printable. */
	memset(payload, 0xe8, 200);
	memcpy(payload, "QUIT\r\n", 6);
	assert_true(encrypted(payload, 200));
}

static void test_percent(void **state)
{
	static const u8 others[] = { 0x1f, 0x7f, 0x80, 0xe8, 0x0f, 0xff };
	u32 len, i, k;

	(void)state;
	model.fet_low = 0;
	model.fet_high = 800;
	for (k = 0; k < ARRAY_SIZE(others); k++) {
		for (len = 2; len < 600; len += len < 40 ? 1 : 13) {
			/* Every second byte, from the second on: no prefix and no run. */
			for (i = 0; i < len; i++)
				payload[i] = i % 2 ? 0x4b : others[k];
			assert_true(encrypted(payload, len));
			/* One more, at the beginning or wherever it ends. */
			payload[(len - 1) & ~1u] = 0x4b;
			assert_false(encrypted(payload, len));
			payload[(len - 1) & ~1u] = others[k];
			payload[0] = 0x20;
			assert_false(encrypted(payload, len));
		}
	}
	/* At another share. */
	model.fet_percent = 10;
	memset(payload, 0xe8, 200);
	for (i = 0; i < 20; i++)
		payload[9 * i + 1] = 0x4b;
	assert_true(encrypted(payload, 200));
	payload[190] = 0x4b;
	assert_false(encrypted(payload, 200));
	model.fet_percent = 100;
	model.fet_run = 0xffff;
	model.fet_prefix = 0xffff;
	memset(payload, 0x4b, 200);
	assert_true(encrypted(payload, 200));
}

static void test_run(void **state)
{
	static const u16 lengths[] = { 20, 21, 30, 100, 19, 16, 15, 10, 1, 0 };
	u32 k, at, len = 300, n;

	(void)state;
	model.fet_prefix = 0xffff;
	model.fet_percent = 100;
	for (k = 0; k < ARRAY_SIZE(lengths); k++) {
		model.fet_run = n = lengths[k];
		for (at = 0; at + n + 1 <= len; at++) {
			memset(payload, 0xe8, len);
			memset(payload + at, 0x4b, n);
			assert_true(encrypted(payload, len));
			payload[at + n] = 0x4b;
			assert_false(encrypted(payload, len));
			/* Cut in the middle, it is two short ones. */
			payload[at + n / 2] = 0x7f;
			assert_true(encrypted(payload, len));
		}
	}
	/* At the payload's end, which is anywhere in a block. */
	model.fet_run = 20;
	for (len = 60; len < 400; len++) {
		memset(payload, 0xe8, len);
		memset(payload + len - 20, 0x4b, 20);
		assert_true(encrypted(payload, len));
		payload[len - 21] = 0x4b;
		assert_false(encrypted(payload, len));
	}
}

static void test_protocols(void **state)
{
	static const char * const verbs[] = { "GET ", "PUT ", "POST ", "HEAD " };
	u32 first, third, i;

	(void)state;
	for (first = 0; first < 256; first++) {
		for (third = 0; third < 256; third++) {
			bool tls = (first == 0x16 || first == 0x17) && third <= 9;

			memset(payload, 0xe8, 200);
			payload[0] = (u8)first;
			payload[1] = 3;
			payload[2] = (u8)third;
			assert_int_equal(encrypted(payload, 200), !tls);
		}
	}
	model.fet_tls = 15;		/* as the artifact's program has it */
	memcpy(payload, "\x16\x03\x0f", 3);
	assert_false(encrypted(payload, 200));
	memcpy(payload, "\x16\x03\x10", 3);
	assert_true(encrypted(payload, 200));
	memcpy(payload, "\x16\x02\x01", 3);
	assert_true(encrypted(payload, 200));

	model.fet_percent = 100;
	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		u32 n = (u32)strlen(verbs[i]);

		memset(payload, 0xe8, 200);
		memcpy(payload, verbs[i], n);
		assert_false(encrypted(payload, 200));
		payload[n - 1] = '\t';
		assert_true(encrypted(payload, 200));
		payload[n - 1] = ' ';
		payload[0] |= 0x20;
		assert_true(encrypted(payload, 200));
	}
	/* Other verbs are no exemption; six printable bytes are. */
	memset(payload, 0xe8, 200);
	memcpy(payload, "LIST ", 5);
	assert_true(encrypted(payload, 200));
	/* Payloads that end within a verb. */
	model.fet_low = 0;
	model.fet_high = 800;
	assert_true(encrypted((const u8 *)"\x17\x03\xff", 3));
	assert_true(encrypted((const u8 *)"GET", 3));
	assert_true(encrypted((const u8 *)"POST", 4));
	assert_true(encrypted((const u8 *)"\x16\x03", 2));
}

static void test_which_packet(void **state)
{
	struct censor_sight sight;
	struct censor_look look;

	(void)state;
	fill_plain(payload, 200);
	look = look_at(payload, 200);
	assert_int_equal(censor_detect_encrypted(&look, &sight), CENSOR_FOUND_ALL);
	/* The server's data is not what is judged; the client's first is, also after it. */
	look.answer = true;
	assert_int_equal(censor_detect_encrypted(&look, &sight), CENSOR_FOUND_MORE);
	look.nth = 3;
	look.answer = false;
	assert_int_equal(censor_detect_encrypted(&look, &sight), CENSOR_FOUND_ALL);
	/* Cut by the host: let off. Empty: it was none. */
	look.whole = 201;
	assert_int_equal(censor_detect_encrypted(&look, &sight), CENSOR_FOUND_NOT);
	look.len = 0;
	assert_int_equal(censor_detect_encrypted(&look, &sight), CENSOR_FOUND_NOT);
	look.whole = 0;
	assert_int_equal(censor_detect_encrypted(&look, &sight), CENSOR_FOUND_MORE);
}

/* Payloads of many kinds: random, biased in bits or in printables, with runs put in. */
static u32 make(void)
{
	u32 len = 1 + below(below(4) ? 300 : 1600), printables = below(101), i, n, at;
	u32 kind = below(5);
	u8 mask = (u8)(random32() & random32());

	for (i = 0; i < len; i++) {
		u32 r = random32();

		switch (kind) {
		case 0:
			payload[i] = (u8)(r >> 8);
			break;
		case 1:
			payload[i] = (u8)((r >> 8) | (r & mask));
			break;
		case 2:
			payload[i] = (u8)((r >> 8) & ~(r & mask));
			break;
		case 3:
			payload[i] = below(100) < printables ? one_of(0x20, 0x7e) :
				     below(4) ? one_of(0x7f, 0xff) : one_of(0, 0x1f);
			break;
		default:
			payload[i] = below(100) < printables ? 0x4b : 0xe8;
			break;
		}
	}
	if (below(2)) {
		n = min(15 + below(10), len);
		at = below(len - n + 1);
		for (i = 0; i < n; i++)
			payload[at + i] = one_of(0x20, 0x7e);
		if (at)
			payload[at - 1] = 0x7f;
		if (at + n < len)
			payload[at + n] = 0x80;
	}
	if (!below(8))
		memcpy(payload, "\x16\x03\x05", min(3u, len));
	if (!below(8))
		memcpy(payload, below(2) ? "POST " : "GETS ", min(5u, len));
	if (!below(4)) {
		for (i = 0; i < min(5 + below(3), len); i++)
			payload[i] = one_of(0x20, 0x7e);
	}
	return len;
}

static void test_against_rule(void **state)
{
	u32 i, len, n_exempt = 0;

	(void)state;
	for (i = 0; i < 200000; i++) {
		if (!below(4)) {
			model.fet_low = (u16)(below(2) ? 340 : below(400));
			model.fet_high = (u16)(below(2) ? 460 : 401 + below(399));
			model.fet_prefix = (u16)(below(2) ? 6 : below(40));
			model.fet_percent = (u8)(below(2) ? 50 : below(101));
			model.fet_run = (u16)(below(2) ? 20 : below(50));
			model.fet_tls = (u8)(below(2) ? 9 : below(256));
		} else {
			censor_detect_default(&model);
		}
		len = make();
		expect_same(payload, len);
		n_exempt += exempt(payload, len);
	}
	/* Both answers must have come often. */
	assert_in_range(n_exempt, 20000, 180000);
}

static void test_long(void **state)
{
	u32 len = 65535, i;
	u8 *data = malloc(len);

	(void)state;
	for (i = 0; i < len; i++)
		data[i] = (u8)random32();
	expect_same(data, len);
	memset(data, 0xff, len);
	expect_same(data, len);
	for (i = 0; i < len; i++)
		data[i] = i % 100 ? 0x8b : 0x4b;
	expect_same(data, len);
	/* Runs that are long but allowed: still each byte is read a few times at most. */
	model.fet_run = 60000;
	model.fet_percent = 100;
	model.fet_prefix = 0xffff;
	memset(data, 0x4b, len);
	data[5000] = 0x80;
	data[64999] = 0x80;
	expect_same(data, len);
	data[5000] = 0x4b;
	expect_same(data, len);
	free(data);
}

static int default_model(void **state)
{
	(void)state;
	censor_detect_default(&model);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_bits, default_model),
		cmocka_unit_test_setup(test_prefix, default_model),
		cmocka_unit_test_setup(test_percent, default_model),
		cmocka_unit_test_setup(test_run, default_model),
		cmocka_unit_test_setup(test_protocols, default_model),
		cmocka_unit_test_setup(test_which_packet, default_model),
		cmocka_unit_test_setup(test_against_rule, default_model),
		cmocka_unit_test_setup(test_long, default_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
