// SPDX-License-Identifier: GPL-2.0
/*
 * JA3 and JA4: published vectors, and captures whose JA3 tshark computed, and whose JA4 was
 * computed from tshark's fields by FoxIO's description.
 */
#include "test.h"
#include "tls.h"
#include "tls-build.h"
#include "tls-captured.h"

static struct censor_tls_hello hello;
static struct build b;
static u8 stream[70000], records[70000];

static void expect_at(u32 line, const char *ja3, const char *ja4)
{
	if (ja3 && (!(hello.known & CENSOR_TLS_JA3) || memcmp(hello.ja3, ja3, 32)))
		fail_msg("line %u: %.32s, not %s", line, hello.ja3, ja3);
	if (ja4 && (!(hello.known & CENSOR_TLS_JA4) || memcmp(hello.ja4, ja4, 36)))
		fail_msg("line %u: %.36s, not %s", line, hello.ja4, ja4);
}

#define expect(ja3, ja4)	expect_at(__LINE__, ja3, ja4)

static void read_built(bool quic)
{
	enum censor_found found;

	memset(&hello, 0xa5, sizeof(hello));
	found = censor_tls_hello(b.bytes, b.len, quic, CENSOR_TLS_JA3 | CENSOR_TLS_JA4, &hello);
	assert_int_equal(found, CENSOR_FOUND_ALL);
}

static void read_captured(const char *digits)
{
	u32 len = unhex(stream, digits);
	struct censor_look look = { .data = stream, .len = len, .whole = len };
	enum censor_found found;

	memset(&hello, 0xa5, sizeof(hello));
	found = censor_tls_client(&look, records, CENSOR_TLS_JA3 | CENSOR_TLS_JA4, &hello);
	assert_int_equal(found, CENSOR_FOUND_ALL);
}

#define NUMBERS(...)	((const u16[]){ __VA_ARGS__ }), \
			sizeof((const u16[]){ __VA_ARGS__ }) / sizeof(u16)
#define hello_of(version, ...)	build_hello(&b, version, NUMBERS(__VA_ARGS__))

/* salesforce/ja3, README. */
static void test_ja3_published(void **state)
{
	(void)state;
	/* 769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0 */
	hello_of(769, 47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4);
	build_name(&b, "example.org", 11);
	build_list(&b, 10, 2, 2, NUMBERS(23, 24, 25));
	build_list(&b, 11, 1, 1, NUMBERS(0));
	read_built(false);
	expect("ada70206e40642a3e4461f35503241d5", NULL);
	/* 769,4-5-10-9-100-98-3-6-19-18-99,,, */
	hello_of(769, 4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99);
	read_built(false);
	expect("de350869b8c85de67a350c8d186f11e6", NULL);
	/* The standard Tor client, when JA3 was new. */
	hello_of(771, 49195, 49199, 49162, 49161, 49171, 49172, 49170, 49159, 49169, 51, 50, 69, 57,
		 56, 136, 22, 47, 65, 53, 132, 10, 5, 4, 255);
	build_name(&b, "www.abcdefgh.com", 16);
	build_list(&b, 11, 1, 1, NUMBERS(0, 1, 2));
	build_list(&b, 10, 2, 2, NUMBERS(23, 25, 28, 27, 24, 26, 22, 14, 13, 11, 12, 9, 10));
	build_extension(&b, 35, NULL, 0);
	build_list(&b, 13, 2, 2, NUMBERS(0x0601));
	build_extension(&b, 15, "\1", 1);
	read_built(false);
	expect("e7d705a3286e19ea42f587b344ee6865", NULL);
}

/* Chrome's extensions, as FoxIO's example has them. */
static void chrome(bool name, bool alpn, bool signatures)
{
	static const u16 empty[] = {
		0x0005, 0x0012, 0x0015, 0x0017, 0x001b, 0x0023, 0x002d, 0x0033, 0x4469, 0xff01,
	};
	u32 i;

	hello_of(0x0303, 0x8a8a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9,
		 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035);
	build_extension(&b, 0x2a2a, NULL, 0);
	for (i = ARRAY_SIZE(empty); i; i--)
		build_extension(&b, empty[i - 1], "\0", 1);
	if (name)
		build_name(&b, "example.org", 11);
	if (alpn)
		build_alpn(&b, "h2,http/1.1");
	if (signatures)
		build_list(&b, 13, 2, 2, NUMBERS(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501,
						 0x0806, 0x0601));
	else
		build_extension(&b, 13, "\0\0", 2);
	build_list(&b, 43, 1, 2, NUMBERS(0x6a6a, 0x0304, 0x0303));
	build_list(&b, 10, 2, 2, NUMBERS(0x1a1a, 29, 23, 24));
	build_list(&b, 11, 1, 1, NUMBERS(0));
	build_extension(&b, 0xbaba, "\0", 1);
}

/* FoxIO, technical_details/JA4.md. */
static void test_ja4_published(void **state)
{
	(void)state;
	chrome(true, true, true);
	read_built(false);
	expect(NULL, "t13d1516h2_8daaf6152771_e5627efa2ab1");
	read_built(true);
	expect(NULL, "q13d1516h2_8daaf6152771_e5627efa2ab1");
	chrome(false, false, true);
	read_built(false);
	expect(NULL, "t13i151400_8daaf6152771_e5627efa2ab1");
	chrome(true, true, false);
	read_built(false);
	expect(NULL, "t13d1516h2_8daaf6152771_6d807ffa2a79");
}

/* A browser of 2026 (Chrome 143), with both values published. */
static void test_both_published(void **state)
{
	(void)state;
	hello_of(771, 4865, 4866, 4867, 49195, 49199, 49196, 49200, 52393, 52392, 49171, 49172, 156,
		 157, 47, 53);
	build_extension(&b, 45, "\1\1", 2);
	build_share(&b, 4588, 1216);
	build_alpn(&b, "h2,http/1.1");
	build_extension(&b, 65037, "outer", 5);
	build_extension(&b, 23, NULL, 0);
	build_extension(&b, 17613, "\0\3\2h2", 5);
	build_name(&b, "tls-outer.example.org", 21);
	build_list(&b, 11, 1, 1, NUMBERS(0));
	build_list(&b, 10, 2, 2, NUMBERS(4588, 29, 23, 24));
	build_list(&b, 43, 1, 2, NUMBERS(0x0304, 0x0303));
	build_extension(&b, 65281, "\0", 1);
	build_extension(&b, 35, NULL, 0);
	build_extension(&b, 18, NULL, 0);
	build_extension(&b, 5, "\1\0\0\0\0", 5);
	build_list(&b, 13, 2, 2, NUMBERS(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806,
					 0x0601));
	build_extension(&b, 27, "\2\0\2", 3);
	read_built(false);
	expect("98487aa16281980e7d1120d399efb6a4", "t13d1516h2_8daaf6152771_d8a2da3f94cd");
}

static void test_captured(void **state)
{
	(void)state;
	read_captured(captured_tor);
	expect("5e6627dc19afa982e6b46b97808cb718", "t13d181100_796efca44d18_d41ae481755e");
	read_captured(captured_curl);
	expect("0149f47eabf9a20d0893e2a44e5a6323", "t13d3112h2_e8f1e7e78f70_b26ce05bbdd6");
	read_captured(captured_no_name);
	expect("fbe7e189e37a07ee33706f86bc746344", "t12i280600_d943125447b4_e7e480e5a997");
}

/* GREASE changes nothing, wherever it stands. */
static void test_grease(void **state)
{
	static const u16 grease[] = { 0x0a0a, 0x7a7a, 0xfafa };
	u8 ja3[32], ja4[36];
	u32 i;

	(void)state;
	for (i = 0; i <= ARRAY_SIZE(grease); i++) {
		u16 g = i ? grease[i - 1] : 0x1301;

		hello_of(0x0303, g, 0x1301, 0x1302);
		if (!i)
			hello_of(0x0303, 0x1301, 0x1302);
		if (i)
			build_extension(&b, g, NULL, 0);
		build_list(&b, 10, 2, 2, i ? (const u16[]){ 29, g } : (const u16[]){ 29 },
			   i ? 2 : 1);
		build_list(&b, 13, 2, 2, i ? (const u16[]){ g, 0x0403 } : (const u16[]){ 0x0403 },
			   i ? 2 : 1);
		build_list(&b, 43, 1, 2, i ? (const u16[]){ 0x0303, g } : (const u16[]){ 0x0303 },
			   i ? 2 : 1);
		read_built(false);
		if (i) {
			assert_memory_equal(hello.ja3, ja3, 32);
			assert_memory_equal(hello.ja4, ja4, 36);
		}
		memcpy(ja3, hello.ja3, 32);
		memcpy(ja4, hello.ja4, 36);
	}
}

/* FoxIO's examples: by the ends of the name, or of its bytes in hexadecimal. */
static void test_ja4_alpn(void **state)
{
	static const char *const rows[][2] = {
		{ "h2", "h2" }, { "http/1.1", "h1" }, { "h", "hh" }, { "Z9", "Z9" },
		{ "\xab", "ab" }, { "\xab\xcd", "ad" }, { "\x30\xab", "3b" },
		{ "\x30\x31\xab\xcd", "3d" }, { "\x30\xab\xcd\x31", "01" }, { "\x20\x61", "21" },
		{ "h2,http/1.1", "h2" }, { ",h2", "00" },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		hello_of(0x0303, 0x1301);
		build_alpn(&b, rows[i][0]);
		read_built(false);
		assert_memory_equal(hello.ja4 + 8, rows[i][1], 2);
	}
	hello_of(0x0303, 0x1301);
	build_extension(&b, 16, "\0\0", 2);
	read_built(false);
	assert_memory_equal(hello.ja4, "t12i010100_", 11);
}

static void test_ja4_version(void **state)
{
	static const struct {
		u16 version;
		const char *text;
	} rows[] = {
		{ 0x0304, "13" }, { 0x0303, "12" }, { 0x0302, "11" }, { 0x0301, "10" },
		{ 0x0300, "s3" }, { 0x0002, "s2" }, { 0x0305, "00" }, { 0x7f1c, "00" },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		hello_of(rows[i].version, 0x1301);
		read_built(false);
		assert_memory_equal(hello.ja4 + 1, rows[i].text, 2);
		hello_of(0x0301, 0x1301);
		build_list(&b, 43, 1, 2, NUMBERS(0x2a2a, rows[i].version));
		read_built(false);
		assert_memory_equal(hello.ja4 + 1, rows[i].text, 2);
	}
}

/* Nothing in a list is no hash of nothing. */
static void test_ja4_empty(void **state)
{
	(void)state;
	build_hello(&b, 0x0303, NULL, 0);
	read_built(false);
	expect(NULL, "t12i000000_000000000000_000000000000");
	hello_of(0x0303, 0x0a0a);
	build_name(&b, "example.org", 11);
	build_alpn(&b, "h2");
	read_built(false);
	expect(NULL, "t12d0002h2_000000000000_000000000000");
}

/* Sorted, however many there are; at most 99 are counted. */
static void test_ja4_many(void **state)
{
	u16 ciphers[CENSOR_TLS_SORTED_MAX];
	u8 hash[36];
	u32 round, i;

	(void)state;
	for (round = 0; round < 50; round++) {
		for (i = 0; i < ARRAY_SIZE(ciphers); i++) {
			u32 at = round ? (u32)random() % (i + 1) : i;

			/* Shuffled as it grows. */
			ciphers[i] = ciphers[at];
			ciphers[at] = (u16)(0x100 + i * 7);
		}
		build_hello(&b, 0x0303, ciphers, ARRAY_SIZE(ciphers));
		read_built(false);
		assert_memory_equal(hello.ja4 + 4, "9900", 4);
		if (round)
			assert_memory_equal(hello.ja4, hash, 36);
		memcpy(hash, hello.ja4, 36);
	}
}

static void test_too_many(void **state)
{
	u16 numbers[600];
	u32 i;

	(void)state;
	/* One suite more than JA4 has room for: no JA4, and still a JA3. */
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		numbers[i] = (u16)(0xc000 + i);
	build_hello(&b, 0x0303, numbers, CENSOR_TLS_SORTED_MAX);
	read_built(false);
	assert_int_equal(hello.known, CENSOR_TLS_JA3 | CENSOR_TLS_JA4);
	build_hello(&b, 0x0303, numbers, CENSOR_TLS_SORTED_MAX + 1);
	read_built(false);
	assert_int_equal(hello.known, CENSOR_TLS_JA3);
	/* 771, then 340 times 5 digits with dashes, then commas: 2046 bytes. */
	build_hello(&b, 0x0303, numbers, 340);
	read_built(false);
	assert_int_equal(hello.known, CENSOR_TLS_JA3);
	build_hello(&b, 0x0303, numbers, 341);
	read_built(false);
	assert_int_equal(hello.known, 0);
	/* Signature algorithms without end. */
	hello_of(0x0303, 0x1301);
	build_list(&b, 13, 2, 2, numbers, ARRAY_SIZE(numbers));
	read_built(false);
	assert_int_equal(hello.known, CENSOR_TLS_JA3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ja3_published),
		cmocka_unit_test(test_ja4_published),
		cmocka_unit_test(test_both_published),
		cmocka_unit_test(test_captured),
		cmocka_unit_test(test_grease),
		cmocka_unit_test(test_ja4_alpn),
		cmocka_unit_test(test_ja4_version),
		cmocka_unit_test(test_ja4_empty),
		cmocka_unit_test(test_ja4_many),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests_name("tls-ja", tests, NULL, NULL);
}
