// SPDX-License-Identifier: GPL-2.0
/* Telegram, WeChat, Viber, Skype, Discord and Apple's push service by their bytes. */
#include "test.h"
#include "crypto.h"
#include "recognise.h"
#include "spot.h"
#include "wire.h"

#define GUESS	CENSOR_CONFIDENCE_GUESS
#define LIKELY	CENSOR_CONFIDENCE_LIKELY
#define SURE	CENSOR_CONFIDENCE_SURE

/* An answer in one number: how sure, or that it is none of it, or that more is wanted. */
#define NOT	0
#define MORE	16

static int ask(censor_detector detector, const struct spot *about, const char *hex)
{
	struct spot what = *about;

	spot_hex(&what, detector, hex);
	if (what.found == CENSOR_FOUND_MORE)
		return MORE;
	if (what.found == CENSOR_FOUND_BAD)
		return -1;
	return what.confidence;
}

static int stream(censor_detector detector, const char *hex)
{
	return ask(detector, &(struct spot){ .found = 0 }, hex);
}

/* One byte wrong of the first @len: it is @want at most. */
static void check_wrong(censor_detector detector, const struct spot *about, const char *hex,
			u32 len, u8 want)
{
	struct spot what = *about;
	u8 data[1024];
	u32 size = unhex(data, hex), at;

	assert_true(spot(&what, detector, data, size) > want);
	for (at = 0; at < len; at++) {
		data[at] ^= 0x40;
		if (spot(&what, detector, data, size) > want)
			fail_msg("byte %u is not looked at in %s", at, hex);
		data[at] ^= 0x40;
	}
}

/* All cuts want more until it is seen, and then say the same for any more. */
static void check_cuts(censor_detector detector, const char *hex, u32 need)
{
	struct spot what = { .found = 0 };
	u8 data[1024];
	u32 size = unhex(data, hex), i;

	for (i = 0; i <= size; i++) {
		spot(&what, detector, data, i);
		assert_int_equal(what.found, i < need ? CENSOR_FOUND_MORE : CENSOR_FOUND_ALL);
	}
}

#define NONCE		"000102030405060708090a0b0c0d0e0f"
#define REQ_PQ		"0000000000000000 00000000e4d2c859 14000000 78974660 " NONCE
#define REQ_PQ_MULTI	"0000000000000000 00000000e4d2c859 14000000 f18e7ebe " NONCE
#define PLAIN_OTHER	"0000000000000000 00000000e4d2c859 14000000 12345678 " NONCE
#define ONE_BLOCK	NONCE	/* 16 bytes of an encrypted message */
#define SECRET		"a1a2a3a4a5a6a7a8 " NONCE ONE_BLOCK
/* Of zlib's CRC. */
#define FULL		"34000000 00000000 " REQ_PQ " e7b0ae41"

/* By way of the table of beginnings, in which the first byte must not rule it out. */
static enum censor_found begins_as_telegram(const char *hex)
{
	static const struct censor_packet_view view;
	static struct censor_context ctx;
	struct censor_detect_model model;
	u8 data[4096];
	u32 len = unhex(data, hex);
	struct censor_look look = { .data = data, .len = len, .whole = len, .view = &view,
				    .model = &model };

	censor_detect_default(&model);
	memset(ctx.sights, 0, sizeof(ctx.sights));
	ctx.n_evidence = 0;
	return censor_detectors_begin(NULL, &look, CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_TELEGRAM),
				      &ctx);
}

static void test_telegram_plain(void **state)
{
	static const struct {
		const char *hex;
		int want;
	} rows[] = {
		{ "ef 0a " REQ_PQ, SURE }, { "ef 0a " REQ_PQ_MULTI, SURE },
		{ "ef 8a " REQ_PQ, SURE },
		{ "ef 7f 0a0000 " REQ_PQ, NOT }, { "ef 0a " PLAIN_OTHER, LIKELY },
		{ "ef 0b " REQ_PQ "00000000", NOT }, { "ef 09 " REQ_PQ, NOT }, { "ef 05", MORE },
		{ "ef 0500000000", NOT }, { "ef", MORE }, { "", MORE },
		/* Encrypted: lengths must fill what was sent. */
		{ "ef 0a " SECRET, LIKELY }, { "ef 0a " SECRET "0a " SECRET, LIKELY },
		{ "ef 0a " SECRET "0a " SECRET "0a " SECRET "0a " SECRET, LIKELY },
		{ "ef 0a " SECRET "0a " SECRET "0a " SECRET "0a " SECRET "0a" SECRET, NOT },
		{ "ef 0a " SECRET "00", MORE }, { "ef 0a " SECRET "7f0102", MORE },
		{ "ef 0a " SECRET "00000000", NOT }, { "ef 0a " SECRET "7f010203", NOT },
		{ "ef 0a " SECRET "0e " SECRET, MORE }, { "ef 0e " SECRET, MORE },
		{ "ef 0b " SECRET "00000000", NOT }, { "ef 06 a1a2a3a4a5a6a7a8 " NONCE, NOT },
		{ "ef 7f 800200 " SECRET, NOT }, { "ef 7f 010200 " SECRET, NOT },
		{ "ef 7f fe0100 " SECRET, MORE },
		/* Intermediate, and padded. */
		{ "eeeeeeee 28000000 " REQ_PQ, SURE }, { "eeeeeeee 28000080 " REQ_PQ_MULTI, SURE },
		{ "eeeeeeee 28000000 " PLAIN_OTHER, LIKELY },
		{ "eeeeeeee 28000000 " SECRET, LIKELY },
		{ "eeeeeeee 29000000 " SECRET, NOT }, { "eeeeeeee 2c000000 " SECRET, NOT },
		{ "eeeeeeee 2c000000 " REQ_PQ, NOT }, { "eeeeeeee 28001000 " SECRET, NOT },
		{ "eeeeeeee 14000000 " SECRET, NOT }, { "eeeeee", MORE },
		{ "eeeeeeee 280000", MORE },
		{ "eeeeeedd 28000000 " REQ_PQ, NOT }, { "eeeeeeee 24000000 " REQ_PQ, NOT },
		{ "dddddddd 28000000 " REQ_PQ, SURE },
		{ "dddddddd 2b000000 " REQ_PQ "aabbcc", SURE },
		{ "dddddddd 37000000 " REQ_PQ, SURE }, { "dddddddd 38000000 " REQ_PQ, NOT },
		{ "dddddddd 29000000 " SECRET, LIKELY }, { "dddddddd 27000000 " SECRET, NOT },
		/* Numbers and lengths that no client sends. */
		{ "ef 0a 0000000000000000 01000000e4d2c859 14000000 78974660 " NONCE, NOT },
		{ "dddddddd 28000000 0000000000000000 00000000e4d2c859 13000000 78974660 " NONCE,
		  NOT },
		{ "ef 05000000", NOT }, { "eeeeeeee 14000000", NOT },
		/* The shortest and longest. */
		{ "ef 06 0000000000000000 00000000e4d2c859 04000000 12345678", LIKELY },
		{ "ef 7f7f0000 0000000000000000 00000000e4d2c859 e8010000 12345678", LIKELY },
		{ "eeeeeeee 18000000 0000000000000000 00000000e4d2c859 04000000 12345678", LIKELY },
		{ "eeeeeeee 00001000 0000000000000000 00000000e4d2c859 ecff0f00 12345678", LIKELY },
		{ "00080000 00000000", MORE }, { "24000000 00000000", MORE },
		/* Full. */
		{ "34000000 00000000 " REQ_PQ " e7b0ae42", NOT },
		{ FULL, SURE }, { "34000000 00000000 " REQ_PQ " e7b0ae", MORE },
		{ "34000000 01000000 " REQ_PQ " e7b0ae41", NOT }, { "34000000 000000", MORE },
		{ "35000000", NOT }, { "04000000", NOT }, { "04080000", NOT }, { "34", MORE },
		{ "3409", NOT }, { "20000000 00000000", NOT },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		int got = stream(censor_detect_telegram, rows[i].hex);

		if (got != rows[i].want)
			fail_msg("%d, not %d: %s", got, rows[i].want, rows[i].hex);
		if (got != NOT && got != MORE)
			assert_int_equal(begins_as_telegram(rows[i].hex), CENSOR_FOUND_ALL);
	}
	check_cuts(censor_detect_telegram, "ef 0a " REQ_PQ, 26);
	check_cuts(censor_detect_telegram, "eeeeeeee 28000000 " REQ_PQ, 32);
	check_cuts(censor_detect_telegram, FULL, 52);
	check_wrong(censor_detect_telegram, &(struct spot){ .found = 0 }, FULL, 52, 0);
	check_wrong(censor_detect_telegram, &(struct spot){ .found = 0 }, "ef 0a " REQ_PQ, 10,
		    LIKELY);
	check_wrong(censor_detect_telegram, &(struct spot){ .found = 0 },
		    "eeeeeeee 28000000 " REQ_PQ_MULTI, 16, LIKELY);
}

/* Made with openssl enc -aes-256-ctr; two of them have counters that carry and wrap. */
static const char *const obfuscated[] = {
	"b1686e9f0d54c497dd99498e58b175968ce88766992c3e223195edad1e406421"
	"34ea0e1fcdcf7e8a5bc401ab6bad0431b3019b4f42286c5647d072d7cdc0cb5e",
	"9f6d466d5ba3f962dbc6b97e1ca7e86bcc6003e2d2580d9ec5797e149e2ef387"
	"96efa7229e296daae5809f5eee69aa580ff1dcc5cc6e7624fed24bf5cbe6605b",
	"afbf8c76e3919c2d6e5ec2fdf728880ecc78f94a221b30ecef973e236c2bd651"
	"0fae9dd5694db5e62dd571f9e9bcaa1a2767fa7e4fdc76aa5cf58a5bc4d7845c",
	"4337fe055a3c5d5bd3abca0aba01555a2632cddcd73182436f7207f0af4928b2"
	"990441a93c559487ffffffffffffffffffffffffffffffff88ab6693c02e2125",
	"e5f30d1e1b48cafcf79a52423c4ad259a70345e83837e4d9cb4f638691a44784"
	"56b5a2f2607dd31501010101010101010101010101fffffd51652a37a1a249b3",
};

static void test_telegram_obfuscated(void **state)
{
	static const char *const avoided[] = {
		"HEADxxxx", "POSTxxxx", "GET xxxx", "OPTIxxxx", "\x16\x03\x01\x02xxxx",
		"\xef" "xxxxxxx", "\xee\xee\xee\xeexxxx", "\xdd\xdd\xdd\xddxxxx", "xxxx\0\0\0\0",
	};
	struct spot what = { .found = 0 };
	u64 random = 2015;
	u8 data[96] = { 0 };
	u32 i, at;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(obfuscated); i++) {
		check_cuts(censor_detect_telegram_obfuscated, obfuscated[i], 64);
		unhex(data, obfuscated[i]);
		assert_int_equal(spot(&what, censor_detect_telegram_obfuscated, data, 96), SURE);
		assert_int_equal(what.protocol, CENSOR_PROTOCOL_TELEGRAM);
		assert_int_equal(begins_as_telegram(obfuscated[i]), CENSOR_FOUND_ALL);
		/* The first 8 and the last 4 may be any; each other bit decides. */
		for (at = 8; at < 60; at++) {
			data[at] ^= 1;
			spot(&what, censor_detect_telegram_obfuscated, data, 64);
			assert_int_equal(what.found, CENSOR_FOUND_NOT);
			data[at] ^= 1;
		}
	}
	for (i = 0; i < ARRAY_SIZE(avoided); i++) {
		memcpy(data, avoided[i], 8);
		spot(&what, censor_detect_telegram_obfuscated, data, 64);
		assert_int_equal(what.found, CENSOR_FOUND_NOT);
		spot(&what, censor_detect_telegram_obfuscated, data, 8);
		assert_int_equal(what.found, CENSOR_FOUND_NOT);
	}
	for (i = 0; i < 20000; i++) {
		for (at = 0; at < 64; at++)
			data[at] = (u8)wire_random(&random);
		assert_int_equal(spot(&what, censor_detect_telegram_obfuscated, data, 64), 0);
	}
}

/* FIPS 197, C.3, of a host's cipher. */
static void test_aes256(void **state)
{
	u8 key[32], block[16], want[16];

	(void)state;
	unhex(key, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
	unhex(block, "00112233445566778899aabbccddeeff");
	unhex(want, "8ea2b7ca516745bfeafc49904b496089");
	censor_aes256_block(key, block, block);
	assert_memory_equal(block, want, 16);
}

/* A hello as clients in disguise send it, with @ciphers behind the two of GREASE. */
static u32 disguised(u8 data[517], const char *ciphers)
{
	u8 *p = data + 78;
	u32 n;

	memset(data, 0, 517);
	unhex(data, "16 0301 0200 01 0001fc 0303");
	memset(data + 11, 0x5a, 32);
	data[43] = 32;
	memset(data + 44, 0xa5, 32);
	n = unhex(p + 2, ciphers) + 2;
	p[0] = p[1] = 0xba;
	censor_put16(data + 76, (u16)n);
	unhex(p + n, "0100 0000 dada 0000 0000 000f 000d 00 000a 6578616d706c652e636e");
	censor_put16(p + n + 2, (u16)(517 - (78 + n + 4)));
	return 78 + n;
}

static void test_telegram_tls(void **state)
{
	static const char newer[] =
		"130113021303c02bc02fc02cc030cca9cca8c013c014009c009d002f0035";
	static const char older[] =
		"130113021303c02bc02fc02cc030cca9cca8c013c014009c009d002f0035000a";
	static u8 hello[WIRE_MAX];
	u8 data[517];
	u32 end, at;

	(void)state;
	disguised(data, newer);
	assert_int_equal(censor_is_telegram_tls(data, 517), GUESS);
	end = disguised(data, older);
	assert_int_equal(censor_is_telegram_tls(data, 517), GUESS);
	assert_int_equal(censor_is_telegram_tls(data, 516), 0);
	for (at = 0; at < end + 10; at++) {
		/* Random bytes and the session's number. */
		if ((at >= 11 && at < 43) || (at >= 44 && at < 76))
			continue;
		data[at] ^= 1;
		assert_int_equal(censor_is_telegram_tls(data, 517), 0);
		data[at] ^= 1;
	}
	/* Other clients fill 517 bytes too. */
	disguised(data, "130213031301c02cc030009fcca9cca8ccaac02bc02f009ec024c028006b");
	assert_int_equal(censor_is_telegram_tls(data, 517), 0);
	wire_hello_sni(hello, "t.me");
	assert_int_equal(censor_is_telegram_tls(hello, 517), 0);
}

#define MM_HELLO	"16f104 016e 0000016a 0103f1 02c02b00a8"
#define MM_EARLY	"19f104 00a1 0000009d 0103f1 0100a8"
#define MM_DATA		"17f104 00b0"
#define LINK_NOOP	"00000010 0010 0001 00000006 ffffffff"

static void test_wechat(void **state)
{
	static const char post[] = "POST /mmtls/581e6729 HTTP/1.1\r\nUpgrade: mmtls\r\n";
	static const char *const other[] = {
		"POST /mmtls/581e672 HTTP/1.1\r\n", "POST /mmtls/581e672g HTTP/1.1\r\n",
		"POST /mmtls/581e67290 HTTP/1.1\r\n", "GET /mmtls/581e6729 HTTP/1.1\r\n",
		"POST /mmtls/g81e6729 HTTP/1.1\r\n", "POST /mmtls/58:e6729 HTTP/1.1\r\n",
		"POST /mmtls/ HTTP/1.1\r\nHost: example.com\r\n", "PUT /x HTTP/1.1\r\n",
	};
	struct spot what = { .found = 0 };
	static u8 hello[WIRE_MAX];
	u32 i;

	(void)state;
	check_cuts(censor_detect_wechat, MM_HELLO, 12);
	check_cuts(censor_detect_wechat, MM_EARLY, 12);
	check_cuts(censor_detect_wechat, MM_DATA, 5);
	check_wrong(censor_detect_wechat, &what, MM_HELLO, 12, 0);
	check_wrong(censor_detect_wechat, &what, MM_EARLY, 12, 0);
	assert_int_equal(stream(censor_detect_wechat, MM_HELLO), SURE);
	assert_int_equal(stream(censor_detect_wechat, MM_EARLY), SURE);
	assert_int_equal(stream(censor_detect_wechat, MM_DATA), LIKELY);
	assert_int_equal(stream(censor_detect_wechat, "16f103 016e 0000016a 0104f1"), SURE);
	assert_int_equal(stream(censor_detect_wechat, "16f103 0007 00000003 0104f1"), SURE);
	assert_int_equal(stream(censor_detect_wechat, "16f103 0007 00000003 0104f2"), NOT);
	assert_int_equal(stream(censor_detect_wechat, "17f103 0011"), LIKELY);
	assert_int_equal(stream(censor_detect_wechat, "17f103 4000"), LIKELY);
	assert_int_equal(stream(censor_detect_wechat, "17f103 0010"), NOT);
	assert_int_equal(stream(censor_detect_wechat, "17f103 4001"), NOT);
	assert_int_equal(stream(censor_detect_wechat, "16f104 0006"), NOT);
	assert_int_equal(stream(censor_detect_wechat, "18f104 00b0"), NOT);
	assert_int_equal(stream(censor_detect_wechat, "17f105 00b0"), NOT);
	assert_int_equal(stream(censor_detect_wechat, "17f205"), NOT);

	check_cuts(censor_detect_wechat, LINK_NOOP, 16);
	assert_int_equal(stream(censor_detect_wechat, LINK_NOOP), LIKELY);
	assert_int_equal(stream(censor_detect_wechat,
				"00000183 0010 0001 000000ed 00000001 " MM_HELLO), SURE);
	assert_int_equal(stream(censor_detect_wechat,
				"00000183 0010 0001 000000ed 00000001 16f1"), MORE);
	assert_int_equal(stream(censor_detect_wechat,
				"00000183 0010 0001 000000ed 00000001 bf8f5e"), LIKELY);
	assert_int_equal(stream(censor_detect_wechat,
				"00010000 0010 0001 00000006 ffffffff"), LIKELY);
	assert_int_equal(stream(censor_detect_wechat, "0000000f 0010 0001 00000006 ffffffff"), NOT);
	assert_int_equal(stream(censor_detect_wechat, "00010001 0010 0001 00000006 ffffffff"), NOT);
	assert_int_equal(stream(censor_detect_wechat, "00000010 0010 0001 00000000 ffffffff"), NOT);
	assert_int_equal(stream(censor_detect_wechat, "00000010 0010 0001 00010006 ffffffff"), NOT);
	assert_int_equal(stream(censor_detect_wechat, "00000010 0014 0001 00000006 ffffffff"), NOT);
	assert_int_equal(stream(censor_detect_wechat, "00000010 0010 0002"), NOT);
	assert_int_equal(stream(censor_detect_wechat, "0002"), NOT);

	for (i = 0; i < sizeof(post); i++) {
		spot(&what, censor_detect_wechat, (const u8 *)post, i);
		assert_int_equal(what.found, i < 21 ? CENSOR_FOUND_MORE : CENSOR_FOUND_ALL);
		assert_int_equal(what.confidence, i < 21 ? 0 : SURE);
	}
	assert_int_equal(what.at, 5);
	assert_int_equal(what.len, 15);
	for (i = 0; i < ARRAY_SIZE(other); i++) {
		spot(&what, censor_detect_wechat, (const u8 *)other[i], (u32)strlen(other[i]));
		assert_int_equal(what.found, CENSOR_FOUND_NOT);
	}
	assert_int_equal(censor_is_mmtls((const u8 *)"/mmtls/09afAF5a", 15), SURE);
	assert_int_equal(censor_is_mmtls((const u8 *)"/mmtls/581e6729", 15), SURE);
	assert_int_equal(censor_is_mmtls((const u8 *)"/mmtls/581e6729?", 16), 0);
	assert_int_equal(censor_is_mmtls((const u8 *)"/mmtlz/581e6729", 15), 0);
	assert_int_equal(spot(&what, censor_detect_wechat, hello,
			      wire_hello_sni(hello, "long.weixin.qq.com")), 0);
}

static void test_viber(void **state)
{
	static const struct {
		const char *hex;
		u32 whole;
		u16 dport;
		int want;
	} udp[] = {
		{ "1234 0300 0000 000000000000", 0, 9000, LIKELY },
		{ "1234 0300 0000 000000000000", 0, 7985, SURE },
		{ "1234 0300 0000 0000", 0, 9000, GUESS },
		{ "1234 0300 0000 0000", 0, 5243, LIKELY },
		{ "1234 0300 0000 0000", 12, 9000, LIKELY }, { "1234 0300 00", 0, 9785, NOT },
		{ "1234 0900 0000", 20, 9000, LIKELY }, { "1234 0900 0000", 21, 9000, NOT },
		{ "1234 0100 0500", 0, 9000, LIKELY }, { "1234 0100 0501", 0, 9000, NOT },
		{ "1234 0100 0001", 0, 53, NOT }, { "1234 1900 0000", 34, 9000, LIKELY },
		{ "1234 1b00 0000", 34, 9785, SURE }, { "1234 1b00 0000", 33, 9000, NOT },
		{ "1234 1a00 0000", 34, 9000, NOT }, { "1234 0301 0000", 12, 9000, NOT },
	};
	struct spot what = { .found = 0 };
	u32 i;

	(void)state;
	assert_int_equal(stream(censor_detect_viber, "0b00 0102 0304 fcff 05 80 06"), LIKELY);
	assert_int_equal(stream(censor_detect_viber, "0b00 0102 0380 0405 0607 0a"), LIKELY);
	assert_int_equal(stream(censor_detect_viber, "0c00 0102 0304 fcff 05 80 06"), MORE);
	assert_int_equal(stream(censor_detect_viber, "0b00 0102 0304 fcff 05 80"), MORE);
	assert_int_equal(stream(censor_detect_viber, "0b00 0102 0304 fcff 05 80 06 07"), NOT);
	assert_int_equal(stream(censor_detect_viber, "0b00 0102 0380 0405 0607 0b"), NOT);
	assert_int_equal(stream(censor_detect_viber, "0b00 0102 0480 0405 0607 0a"), NOT);
	assert_int_equal(stream(censor_detect_viber, "0b00 0102 0304 fcfe 05 80 06"), NOT);
	assert_int_equal(stream(censor_detect_viber, "0b00 0102 0304 fdff 05 80 06"), NOT);
	assert_int_equal(stream(censor_detect_viber, "0b00 0102 0304 fcff 05 81 06"), NOT);
	assert_int_equal(stream(censor_detect_viber, "0a00 0102 0304 fcff 05 80"), NOT);
	assert_int_equal(stream(censor_detect_viber, "0110"), NOT);
	assert_int_equal(stream(censor_detect_viber, "0010"), MORE);
	assert_int_equal(stream(censor_detect_viber, "0b"), MORE);
	check_wrong(censor_detect_viber, &what, "0b00 0102 0304 fcff 05 80 06", 2, 0);
	for (i = 0; i < ARRAY_SIZE(udp); i++) {
		what = (struct spot){ .whole = udp[i].whole, .view.dport = udp[i].dport };
		if (ask(censor_detect_viber_udp, &what, udp[i].hex) != udp[i].want)
			fail_msg("row %u", i);
		what = (struct spot){ .whole = udp[i].whole, .view.sport = udp[i].dport };
		assert_int_equal(ask(censor_detect_viber_udp, &what, udp[i].hex), udp[i].want);
	}
}

static void test_skype(void **state)
{
	static const char hello[] = "8046 01 0301 002d 0000 0010 000005 000004 00000a 000009 000064"
		"000062 000008 000003 000006 010080 0700c0 030080 060040 020080 040080";
	static const char refusal[] = "1234 57 c000020a 01020304";
	struct spot what = { .view = { .family = 4, .sport = 40000, .dport = 50000 } };

	(void)state;
	check_cuts(censor_detect_skype, hello, 56);
	check_wrong(censor_detect_skype, &what, hello, 56, 0);
	assert_int_equal(stream(censor_detect_skype, hello), GUESS);

	assert_int_equal(ask(censor_detect_skype_udp, &what, "1234 02" NONCE), GUESS);
	assert_int_equal(ask(censor_detect_skype_udp, &what, "1234 02" NONCE NONCE), NOT);
	what.whole = 18;
	assert_int_equal(ask(censor_detect_skype_udp, &what, "1234 02 0001020304050607"), GUESS);
	what.whole = 32;
	assert_int_equal(ask(censor_detect_skype_udp, &what, "1234 02 0001020304050607"), GUESS);
	what.whole = 33;
	assert_int_equal(ask(censor_detect_skype_udp, &what, "1234 02 0001020304050607"), NOT);
	what.whole = 0;
	what.view.sport = what.view.dport = 1024;
	assert_int_equal(ask(censor_detect_skype_udp, &what, "1234 02" NONCE), GUESS);
	assert_int_equal(ask(censor_detect_skype_udp, &what, "1234 12" NONCE), NOT);
	assert_int_equal(ask(censor_detect_skype_udp, &what, "1234 02 00010203040506070809"), NOT);
	what.nth = 1;
	assert_int_equal(ask(censor_detect_skype_udp, &what, "1234 02" NONCE), NOT);
	what.nth = 0;
	what.answer = true;
	assert_int_equal(ask(censor_detect_skype_udp, &what, "1234 02" NONCE), NOT);
	assert_int_equal(ask(censor_detect_skype_udp, &what, refusal), NOT);
	what.nth = 1;
	assert_int_equal(ask(censor_detect_skype_udp, &what, refusal), GUESS);
	memcpy(what.view.dst, "\xc0\x00\x02\x0a", 4);
	assert_int_equal(ask(censor_detect_skype_udp, &what, refusal), LIKELY);
	what.view.family = 6;
	assert_int_equal(ask(censor_detect_skype_udp, &what, refusal), GUESS);
	what.answer = false;
	assert_int_equal(ask(censor_detect_skype_udp, &what, refusal), NOT);
	/* A DNS server's port is none of a peer's. */
	what = (struct spot){ .view = { .sport = 40000, .dport = 53 } };
	assert_int_equal(ask(censor_detect_skype_udp, &what, "1234 02" NONCE), NOT);
	what.view.dport = 443;
	assert_int_equal(ask(censor_detect_skype_udp, &what, "1234 02" NONCE), GUESS);
	what.view.sport = 123;
	assert_int_equal(ask(censor_detect_skype_udp, &what, "1234 02" NONCE), NOT);
}

static int discord(const u8 *data, u32 len)
{
	struct spot what = { .found = 0 };

	spot(&what, censor_detect_discord, data, len);
	return what.found == CENSOR_FOUND_MORE ? MORE : what.confidence;
}

static void test_discord(void **state)
{
	struct spot second = { .nth = 1 }, cut = { .whole = 74 };
	u8 data[80] = { 0 };
	u32 i;

	(void)state;
	unhex(data, "00010046 0000abcd");
	assert_int_equal(discord(data, 74), SURE);
	assert_int_equal(discord(data, 73), NOT);
	assert_int_equal(discord(data, 75), NOT);
	assert_int_equal(spot(&cut, censor_detect_discord, data, 40), 0);
	data[40] = 1;
	assert_int_equal(discord(data, 74), LIKELY);
	/* STUN's magic cookie: its length is no multiple of 4. */
	data[3] = 0x44;
	assert_int_equal(discord(data, 74), NOT);

	memset(data, 0, sizeof(data));
	unhex(data, "00020046 0000abcd");
	strcpy((char *)data + 8, "192.0.2.10");
	censor_put16(data + 72, 50000);
	assert_int_equal(discord(data, 74), SURE);
	memset(data + 8, 0, 64);
	strcpy((char *)data + 8, "::");
	assert_int_equal(discord(data, 74), SURE);
	strcpy((char *)data + 8, "2001:DB8:9::f");
	assert_int_equal(discord(data, 74), SURE);
	data[60] = '1';
	assert_int_equal(discord(data, 74), NOT);
	data[60] = 0;
	data[8] = 'x';
	assert_int_equal(discord(data, 74), NOT);
	memset(data + 8, '1', 64);
	assert_int_equal(discord(data, 74), NOT);
	memset(data + 8, 0, 64);
	assert_int_equal(discord(data, 74), NOT);
	data[1] = 3;
	assert_int_equal(discord(data, 74), NOT);

	memset(data, 0, sizeof(data));
	assert_int_equal(discord(data, 70), NOT);
	data[3] = 9;
	assert_int_equal(discord(data, 70), GUESS);
	assert_int_equal(spot(&second, censor_detect_discord, data, 70), 0);
	for (i = 4; i < 70; i++) {
		data[i] = 1;
		assert_int_equal(discord(data, 70), NOT);
		data[i] = 0;
	}
	assert_int_equal(ask(censor_detect_discord, &second, "1337cafe 00000001"), LIKELY);
	assert_int_equal(ask(censor_detect_discord, &second, "1337caff 00000001"), NOT);
	assert_int_equal(ask(censor_detect_discord, &second, "1337cafe 00000001 00"), NOT);
}

static u8 apns(const char *alpn, const char *sni)
{
	u32 alpn_len = (u32)strlen(alpn), sni_len = (u32)strlen(sni);
	u8 *alpn_copy = malloc(alpn_len + 1), *sni_copy = malloc(sni_len + 1), confidence;

	/* Behind a byte, so that nothing stands behind them. */
	memcpy(alpn_copy + 1, alpn, alpn_len);
	memcpy(sni_copy + 1, sni, sni_len);
	confidence = censor_is_apns(alpn_copy + 1, alpn_len, sni_copy + 1, sni_len);
	free(alpn_copy);
	free(sni_copy);
	return confidence;
}

static void test_apns(void **state)
{
	(void)state;
	assert_int_equal(apns("apns-security-v3", ""), SURE);
	assert_int_equal(apns("apns-security-v2", "example.com"), SURE);
	assert_int_equal(apns("apns-security-v3,apns-pack-v1", ""), SURE);
	assert_int_equal(apns("x,apns-pack-v1:4096:4096", ""), SURE);
	assert_int_equal(apns("", "17-courier.push.apple.com"), LIKELY);
	assert_int_equal(apns("", "push.apple.com"), LIKELY);
	assert_int_equal(apns("h2", "api.push.apple.com"), 0);
	assert_int_equal(apns("x,http/1.1", "web.push.apple.com"), 0);
	assert_int_equal(apns("", "spush.apple.com"), 0);
	assert_int_equal(apns("", "push.apple.com.example.com"), 0);
	assert_int_equal(apns("apns-pack-v", ""), SURE);
	assert_int_equal(apns("apns-security-", ""), 0);
	assert_int_equal(apns("xapns-pack-v1", ""), 0);
	assert_int_equal(apns("", ""), 0);
	assert_int_equal(apns(",,", "apple.com"), 0);
}

/* Random streams and datagrams, and what a web browser sends. */
static void test_others(void **state)
{
	static const censor_detector streams[] = {
		censor_detect_telegram, censor_detect_wechat, censor_detect_viber,
		censor_detect_skype, censor_detect_telegram_obfuscated,
	};
	static const char request[] = "GET / HTTP/1.1\r\nHost: t.me\r\n\r\n";
	struct spot what = { .view = { .sport = 50000, .dport = 443 }, .nth = 3 };
	u64 random = 7;
	static u8 data[WIRE_MAX];
	u32 i, at, len, n, guesses = 0;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(streams); i++) {
		spot(&what, streams[i], (const u8 *)request, sizeof(request) - 1);
		assert_int_equal(what.found, CENSOR_FOUND_NOT);
		spot(&what, streams[i], data, wire_hello_sni(data, "t.me"));
		assert_int_equal(what.found, CENSOR_FOUND_NOT);
		spot(&what, streams[i], data, 0);
		assert_int_equal(what.found, CENSOR_FOUND_MORE);
	}
	for (n = 0; n < 60000; n++) {
		len = 64 + wire_random(&random) % 64;
		for (at = 0; at < len; at++)
			data[at] = (u8)wire_random(&random);
		for (i = 0; i < ARRAY_SIZE(streams) - 1; i++)
			assert_int_equal(spot(&what, streams[i], data, len), 0);
		assert_int_equal(spot(&what, censor_detect_discord, data, 74), 0);
		assert_int_equal(spot(&what, censor_detect_skype_udp, data, len), 0);
		guesses += spot(&what, censor_detect_viber_udp, data, len) != 0;
	}
	/* Two bytes of Viber's in 65,536. */
	assert_true(guesses < 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_telegram_plain),
		cmocka_unit_test(test_telegram_obfuscated),
		cmocka_unit_test(test_aes256),
		cmocka_unit_test(test_telegram_tls),
		cmocka_unit_test(test_wechat),
		cmocka_unit_test(test_viber),
		cmocka_unit_test(test_skype),
		cmocka_unit_test(test_discord),
		cmocka_unit_test(test_apns),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
