// SPDX-License-Identifier: GPL-2.0
/*
 * WireGuard, IKE, ESP, L2TP, GRE, and TLS in TLS. Bytes called real were captured from
 * wireguard-go, ike-scan, xl2tpd and trojan, each talking between two namespaces.
 */
#include "test.h"
#include "feed.h"

static const char wg_initiation[] =
	"01000000705a6bf58e457119aa3d64c55d6d9b1e00a617e6f2b983a0a6b2df7bbbae33db"
	"00fd027d67f0a539ec87c074a0095658d4ee5acde4251253bfad3bd836500a11b64458c5"
	"59c02dc71dee923c2d6a2473192da58817cd20c011d9bda4aa82e9815a5c0245ef5f86ea"
	"7de9186889d702f4d38aecb13ad4defc4c63fa24239801e9000000000000000000000000"
	"00000000";
static const char wg_response[] =
	"02000000632b9cf1705a6bf53aa370417b419a6d09edc8a27514a09d185e832cbece0461"
	"bdd729088062d82cf9e93198d1c1a909f245d063b5d3f2cdf951f6f757fa0a310f2f3f65"
	"89a6394900000000000000000000000000000000";
static const char wg_data[] =
	"04000000632b9cf100000000000000004f44e528db1a2ddc6685ac7f74687e962fe22d86"
	"5ead09535a8825830811033ca4f13153c6a2fbdaaeb457ca87fb89b6edf6e6f50da8882f"
	"7ddabf27acb4120717800dddbffbbd6bd68cb2c2fdee9e0911238f3c6acb69ad17547013"
	"68480ae746cf17371a9b704b7e3fa0e8667cf84b";

/* IKE's with its real lengths shortened: what follows the first payload is not read. */
static const char ike_main[] =
	"4d7c3a46a100944e00000000000000000110020000000000000000500000003400000001"
	"000000010000012801010008030000240101000080010005800200028003000180040002"
	"800b0001000c0004";
static const char ike_main_real[] =
	"4d7c3a46a100944e00000000000000000110020000000000000001500000013400000001"
	"000000010000012801010008030000240101000080010005800200028003000180040002"
	"800b0001000c000400007080030000240201000080010005800200018003000180040002"
	"800b0001000c000400007080030000240301000080010001800200028003000180040002"
	"800b0001000c000400007080030000240401000080010001800200018003000180040002"
	"800b0001000c000400007080030000240501000080010005800200028003000180040001"
	"800b0001000c000400007080030000240601000080010005800200018003000180040001"
	"800b0001000c000400007080030000240701000080010001800200028003000180040001"
	"800b0001000c000400007080000000240801000080010001800200018003000180040001"
	"800b0001000c000400007080";
static const char ike_v2_real[] =
	"5c661bcc3ed291a500000000000000002120220800000000000001282200006c00000068"
	"0101000b0300000c0100000c800e01000300000c0100000c800e00800300000801000003"
	"030000080100000203000008020000020300000802000001030000080300000203000008"
	"0300000103000008040000020300000804000005000000080400000e2800008800020000"
	"bc08d53b8e0702de79ed8a92cbe8234ba1cbaca490a123b75124cef5a3d6745e5243db5a"
	"7da559179a9b91602c987ec052af8360698f41dd8b11277a400c2af3827953fe247013e9"
	"5b4eeb0bda4772dd8e5ee3edfd7821ea5060793d5816f6d125f287134fef7162bcd41c9a"
	"6266c3b3a214ba49cb48dac4aaf41ba8ade2262e0000001884612eb5546f90eb0120130b"
	"e8a90be1c0496a51";
static const char l2tp_real[] =
	"c8020063000000000000000080080000000000018008000000020100800a000000030000"
	"0003800a00000004000000000008000000060690800800000007766d0013000000087865"
	"6c6572616e63652e636f6d800800000009bad780080000000a0004";

static void test_wireguard(void **state)
{
	struct feed feed = feed_new(censor_detect_wireguard, 51820);
	static u8 bytes[256];
	u32 len, i;

	(void)state;
	assert_sight(feed, feed_hex(&feed, false, wg_initiation), MORE, WIREGUARD, LIKELY);
	assert_sight(feed, feed_hex(&feed, false, wg_initiation), MORE, WIREGUARD, LIKELY);
	assert_sight(feed, feed_hex(&feed, true, wg_response), ALL, WIREGUARD, SURE);
	feed = feed_new(censor_detect_wireguard, 51820);
	assert_sight(feed, feed_hex(&feed, true, wg_initiation), MORE, WIREGUARD, LIKELY);
	assert_silent(feed, feed_hex(&feed, true, wg_response), NOT);
	assert_sight(feed, feed_hex(&feed, false, wg_response), ALL, WIREGUARD, SURE);
	/* A cookie, when the responder is under load. */
	feed = feed_new(censor_detect_wireguard, 51820);
	feed_hex(&feed, false, wg_initiation);
	len = unhex(bytes, wg_response);
	memmove(bytes + 4, bytes + 8, 60);
	bytes[0] = 3;
	assert_sight(feed, feed_bytes(&feed, true, bytes, 64), ALL, WIREGUARD, SURE);
	assert_silent(feed, feed_bytes(&feed, true, bytes, 63), NOT);
	/* An answer to another, or to none. */
	len = unhex(bytes, wg_response);
	for (i = 8; i < 12; i++) {
		feed = feed_new(censor_detect_wireguard, 51820);
		feed_hex(&feed, false, wg_initiation);
		bytes[i] ^= 1;
		assert_silent(feed, feed_bytes(&feed, true, bytes, len), NOT);
		bytes[i] ^= 1;
	}
	feed = feed_new(censor_detect_wireguard, 51820);
	assert_silent(feed, feed_bytes(&feed, true, bytes, len), NOT);
	/* WARP's reserved bytes, other types, other sizes. */
	len = unhex(bytes, wg_initiation);
	for (i = 0; i < 4; i++) {
		bytes[i] ^= 0x40;
		assert_silent(feed, feed_bytes(&feed, false, bytes, len), NOT);
		bytes[i] ^= 0x40;
	}
	assert_silent(feed, feed_bytes(&feed, false, bytes, len - 1), NOT);
	assert_silent(feed, feed_bytes(&feed, false, bytes, len + 1), NOT);
	feed.trackless = true;
	assert_sight(feed, feed_bytes(&feed, false, bytes, len), ALL, WIREGUARD, LIKELY);
}

static void test_wireguard_data(void **state)
{
	struct feed feed = feed_new(censor_detect_wireguard, 51820);
	static u8 bytes[256];
	u32 len = unhex(bytes, wg_data);

	(void)state;
	assert_sight(feed, feed_bytes(&feed, false, bytes, len), MORE, WIREGUARD, GUESS);
	assert_sight(feed, feed_bytes(&feed, false, bytes, 32), ALL, WIREGUARD, LIKELY);
	/* To another index it's the first again. */
	bytes[4] ^= 1;
	assert_sight(feed, feed_bytes(&feed, false, bytes, 48), MORE, WIREGUARD, GUESS);
	assert_silent(feed, feed_bytes(&feed, false, bytes, 16), NOT);
	assert_silent(feed, feed_bytes(&feed, false, bytes, 40), NOT);
	bytes[15] = 1;
	assert_silent(feed, feed_bytes(&feed, false, bytes, 48), NOT);
	/* A handshake that comes then is one, and data in it doesn't hide it. */
	assert_sight(feed, feed_hex(&feed, false, wg_initiation), MORE, WIREGUARD, LIKELY);
	bytes[15] = 0;
	feed_bytes(&feed, false, bytes, 48);
	assert_sight(feed, feed_hex(&feed, true, wg_response), ALL, WIREGUARD, SURE);
}

static void expect_ike(const u8 *bytes, u32 len, u16 port, u8 confidence)
{
	struct feed feed = feed_new(censor_detect_ike, port);
	enum censor_found found = feed_bytes(&feed, false, bytes, len);

	assert_int_equal(found, confidence ? CENSOR_FOUND_ALL : CENSOR_FOUND_NOT);
	assert_int_equal(feed.sight.confidence, confidence);
	if (confidence)
		assert_int_equal(feed.sight.protocol, CENSOR_PROTOCOL_IKE);
}

static void test_ike(void **state)
{
	static const char *const real[] = { ike_main, ike_main_real, ike_v2_real };
	static const u8 changes[][2] = {
		{ 8, 1 }, { 16, 99 }, { 17, 0x30 }, { 18, 7 }, { 23, 1 }, { 26, 0x7f }, { 27, 0 },
		{ 31, 3 }, { 30, 0x7f },
	};
	static u8 bytes[512];
	u32 i, j, len;
	u8 was;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(real); i++) {
		len = unhex(bytes + 4, real[i]);
		expect_ike(bytes + 4, len, 500, CENSOR_CONFIDENCE_SURE);
		expect_ike(bytes + 4, len, 5500, CENSOR_CONFIDENCE_LIKELY);
		expect_ike(bytes, len + 4, 4500, CENSOR_CONFIDENCE_SURE);
		expect_ike(bytes, len + 4, 500, 0);
		expect_ike(bytes + 4, len - 1, 500, 0);
		expect_ike(bytes + 4, 31, 500, 0);
		for (j = 0; j < ARRAY_SIZE(changes); j++) {
			was = bytes[4 + changes[j][0]];
			bytes[4 + changes[j][0]] = changes[j][1];
			if (changes[j][0] == 30)
				bytes[4 + 31] ^= 0xff;
			if (changes[j][0] == 31)
				bytes[4 + 30] = 0;
			expect_ike(bytes + 4, len, 5500, 0);
			bytes[4 + changes[j][0]] = was;
			unhex(bytes + 4, real[i]);
		}
		memset(bytes + 4, 0, 8);
		expect_ike(bytes + 4, len, 500, 0);
		memset(bytes, 0, 4);
	}
	/* The aggressive mode, and a cookie that a v2 responder asked for. */
	len = unhex(bytes, ike_main_real);
	bytes[18] = 4;
	expect_ike(bytes, len, 500, CENSOR_CONFIDENCE_SURE);
	len = unhex(bytes, ike_v2_real);
	bytes[16] = 41;
	expect_ike(bytes, len, 500, CENSOR_CONFIDENCE_SURE);
	/* IKE_AUTH, with which a flow on port 4500 begins after the ports changed. */
	memmove(bytes + 4, bytes, len);
	memset(bytes, 0, 4);
	bytes[4 + 12] = 9;
	bytes[4 + 16] = 46;
	bytes[4 + 18] = 35;
	bytes[4 + 23] = 1;
	expect_ike(bytes, len + 4, 4500, CENSOR_CONFIDENCE_SURE);
	expect_ike(bytes + 4, len, 500, CENSOR_CONFIDENCE_SURE);
	expect_ike(bytes + 4, len, 5500, 0);
	bytes[4 + 16] = 33;
	expect_ike(bytes + 4, len, 500, 0);
	/* Later messages of version 1: their exchanges, their flags, their next payload. */
	len = unhex(bytes, ike_main_real);
	bytes[12] = 9;
	for (i = 0; i < 64; i++) {
		bytes[18] = (u8)i;
		expect_ike(bytes, len, 500, i == 2 || i == 4 || i == 5 || i == 6 || i == 32 ?
			   CENSOR_CONFIDENCE_SURE : 0);
	}
	bytes[18] = 6;
	bytes[19] = 8;
	expect_ike(bytes, len, 500, 0);
	bytes[19] = 1;
	bytes[16] = 0;
	expect_ike(bytes, len, 500, 0);
}

static enum censor_found feed_esp(struct feed *feed, bool answer, u32 spi, u32 seq, u32 len)
{
	u8 bytes[256] = { 0 };

	censor_put32(bytes, spi);
	censor_put32(bytes + 4, seq);
	return feed_bytes(feed, answer, bytes, len);
}

static void test_esp_in_udp(void **state)
{
	struct feed feed = feed_new(censor_detect_ike, 4500);

	(void)state;
	assert_silent(feed, feed_bytes(&feed, false, "\xff", 1), MORE);
	assert_sight(feed, feed_esp(&feed, false, 0xc0000001, 1, 120), MORE, ESP, GUESS);
	assert_sight(feed, feed_esp(&feed, true, 0xd0000002, 1, 120), MORE, ESP, GUESS);
	assert_silent(feed, feed_bytes(&feed, true, "\xff", 1), MORE);
	assert_sight(feed, feed_esp(&feed, false, 0xc0000001, 3, 88), ALL, ESP, LIKELY);
	/* Numbers that go back or far, other SPIs. */
	feed = feed_new(censor_detect_ike, 4500);
	feed_esp(&feed, false, 0xc0000001, 5, 120);
	assert_sight(feed, feed_esp(&feed, false, 0xc0000001, 5, 120), MORE, ESP, GUESS);
	assert_sight(feed, feed_esp(&feed, false, 0xc0000001, 70, 120), MORE, ESP, GUESS);
	assert_sight(feed, feed_esp(&feed, false, 0xc0000009, 71, 120), MORE, ESP, GUESS);
	/* The other side's, whose numbers are high, or what is none. */
	feed = feed_new(censor_detect_ike, 4500);
	feed_esp(&feed, false, 0xc0000001, 5, 120);
	assert_silent(feed, feed_esp(&feed, true, 0xd0000001, 70000, 120), MORE);
	assert_silent(feed, feed_esp(&feed, true, 0xd0000001, 1, 121), MORE);
	assert_sight(feed, feed_esp(&feed, false, 0xc0000001, 6, 120), ALL, ESP, LIKELY);
	/* Reserved SPIs, no number, sizes that it can't have, other ports. */
	feed = feed_new(censor_detect_ike, 4500);
	assert_silent(feed, feed_esp(&feed, false, 255, 1, 120), NOT);
	assert_silent(feed, feed_esp(&feed, false, 256, 0, 120), NOT);
	assert_silent(feed, feed_esp(&feed, false, 256, 1025, 120), NOT);
	assert_silent(feed, feed_esp(&feed, false, 256, 1, 24), NOT);
	assert_silent(feed, feed_esp(&feed, false, 256, 1, 121), NOT);
	feed = feed_new(censor_detect_ike, 4501);
	assert_silent(feed, feed_esp(&feed, false, 0xc0000001, 1, 120), NOT);
	assert_silent(feed, feed_bytes(&feed, false, "\xff", 1), NOT);
}

static void test_l2tp(void **state)
{
	struct feed feed = feed_new(censor_detect_l2tp, 1701);
	static u8 bytes[128];
	u32 len = unhex(bytes, l2tp_real), i;

	(void)state;
	assert_sight(feed, feed_bytes(&feed, false, bytes, len), ALL, L2TP, SURE);
	feed.view.dport = 1702;
	assert_sight(feed, feed_bytes(&feed, false, bytes, len), ALL, L2TP, SURE);
	/* Any of the 20 bytes is another: none is read in vain. */
	for (i = 0; i < 20; i++) {
		bytes[i] ^= 0x20;
		assert_silent(feed, feed_bytes(&feed, false, bytes, len), NOT);
		bytes[i] ^= 0x20;
	}
	assert_silent(feed, feed_bytes(&feed, false, bytes, len - 1), NOT);
	assert_silent(feed, feed_bytes(&feed, false, bytes, 19), NOT);
	/* SCCRP, the answer, has a tunnel. */
	bytes[19] = 2;
	bytes[5] = 7;
	assert_silent(feed, feed_bytes(&feed, true, bytes, len), NOT);
	feed.view.dport = 1701;
	assert_sight(feed, feed_bytes(&feed, true, bytes, len), ALL, L2TP, LIKELY);
	bytes[19] = 17;
	assert_silent(feed, feed_bytes(&feed, true, bytes, len), NOT);
	/* What is left over from a tunnel before: data is waited behind, an acknowledgement tells. */
	unhex(bytes, "000200070001ff03");
	assert_silent(feed, feed_bytes(&feed, true, bytes, 8), MORE);
	assert_silent(feed, feed_bytes(&feed, true, bytes, 5), NOT);
	bytes[0] = 4;
	assert_silent(feed, feed_bytes(&feed, true, bytes, 8), NOT);
	bytes[0] = 0;
	bytes[1] = 3;
	assert_silent(feed, feed_bytes(&feed, true, bytes, 8), NOT);
	unhex(bytes, "c802000c0007000000010001");
	assert_sight(feed, feed_bytes(&feed, true, bytes, 12), ALL, L2TP, LIKELY);
	bytes[3] = 13;
	assert_silent(feed, feed_bytes(&feed, true, bytes, 12), NOT);
	bytes[3] = 12;
	feed.view.dport = 1702;
	assert_silent(feed, feed_bytes(&feed, true, bytes, 12), NOT);
}

static void test_tunnel(void **state)
{
	struct feed feed = feed_new(censor_detect_tunnel, 0);

	(void)state;
	feed.view.proto = 50;
	assert_sight(feed, feed_hex(&feed, false, "c0000001000000010000"), ALL, ESP, SURE);
	assert_int_equal(feed.sight.len, 8);
	assert_sight(feed, feed_hex(&feed, false, ""), ALL, ESP, LIKELY);
	assert_sight(feed, feed_hex(&feed, false, "000000ff00000001"), ALL, ESP, LIKELY);
	assert_sight(feed, feed_hex(&feed, false, "0000010000000001"), ALL, ESP, SURE);
	assert_sight(feed, feed_hex(&feed, false, "c000000100000000"), ALL, ESP, LIKELY);
	feed.view.proto = 47;
	assert_sight(feed, feed_hex(&feed, false, "3001880b000c00010000"), ALL, GRE, SURE);
	assert_sight(feed, feed_hex(&feed, false, "00000800"), ALL, GRE, SURE);
	assert_sight(feed, feed_hex(&feed, false, "10018800"), ALL, GRE, LIKELY);
	assert_sight(feed, feed_hex(&feed, false, "00020800"), ALL, GRE, LIKELY);
	assert_sight(feed, feed_hex(&feed, false, "00"), ALL, GRE, LIKELY);
	feed.view.proto = 51;
	assert_silent(feed, feed_hex(&feed, false, "c000000100000001"), NOT);
}

/* TLS records of one segment: type, length; ends with type 0. */
struct segment {
	bool answer;
	struct {
		u8 type;
		u16 len;
	} record[4];
};

static enum censor_found feed_segments(struct feed *feed, const struct segment *segment, u32 n)
{
	enum censor_found found = CENSOR_FOUND_NOT;
	static u8 bytes[20000];
	u32 i, j, at;

	*feed = feed_new(censor_detect_tls_in_tls, 443);
	feed->model.tls_in_tls = true;
	for (i = 0; i < n; i++) {
		memset(bytes, 0xa5, sizeof(bytes));
		for (j = 0, at = 0; j < 4 && segment[i].record[j].type; j++) {
			bytes[at] = segment[i].record[j].type;
			censor_put16(bytes + at + 1, 0x0303);
			censor_put16(bytes + at + 3, segment[i].record[j].len);
			bytes[at + 5] = 1;
			at += 5 + segment[i].record[j].len;
		}
		found = feed_bytes(feed, segment[i].answer, bytes, at);
		if (found != CENSOR_FOUND_MORE)
			break;
	}
	return found;
}

/* trojan's own packets around curl's HTTPS (1.3 and 1.2 inside), its HTTP; and curl without it. */
static void test_tls_in_tls(void **state)
{
	static const struct segment inner_13[] = {
		{ 0, { { 22, 512 } } }, { 1, { { 22, 122 }, { 20, 1 }, { 23, 1114 } } },
		{ 0, { { 20, 1 }, { 23, 69 } } }, { 1, { { 23, 74 }, { 23, 74 } } },
		{ 0, { { 23, 85 } } }, { 0, { { 23, 534 } } }, { 1, { { 23, 2026 } } },
		{ 0, { { 23, 97 } } }, { 1, { { 23, 272 } } },
	}, inner_12[] = {
		{ 0, { { 22, 512 } } }, { 1, { { 22, 128 }, { 20, 1 }, { 23, 112 } } },
		{ 0, { { 20, 1 }, { 23, 69 } } }, { 1, { { 23, 74 } } }, { 0, { { 23, 287 } } },
		{ 1, { { 23, 1895 } } }, { 0, { { 23, 110 } } }, { 1, { { 23, 68 } } },
	}, http[] = {
		{ 0, { { 22, 512 } } }, { 1, { { 22, 128 }, { 20, 1 }, { 23, 112 } } },
		{ 0, { { 20, 1 }, { 23, 69 } } }, { 1, { { 23, 74 } } }, { 0, { { 23, 158 } } },
		{ 1, { { 23, 2000 } } },
	}, https_13[] = {
		{ 0, { { 22, 512 } } }, { 1, { { 22, 122 }, { 20, 1 }, { 23, 1850 } } },
		{ 0, { { 20, 1 }, { 23, 69 } } }, { 0, { { 23, 95 } } }, { 1, { { 23, 250 } } },
		{ 1, { { 23, 5216 } } }, { 0, { { 23, 19 } } }, { 1, { { 23, 19 } } },
	}, https_12[] = {
		{ 0, { { 22, 197 } } }, { 1, { { 22, 93 }, { 22, 1461 }, { 22, 300 } } },
		{ 0, { { 22, 37 }, { 20, 1 }, { 22, 40 } } }, { 1, { { 20, 1 }, { 22, 40 } } },
		{ 0, { { 23, 102 } } }, { 1, { { 23, 5069 } } }, { 0, { { 21, 26 } } },
	}, http2[] = {	/* a browser's first request, whose settings are acknowledged */
		{ 0, { { 22, 512 } } }, { 1, { { 22, 122 }, { 20, 1 }, { 23, 3000 } } },
		{ 0, { { 20, 1 }, { 23, 69 } } }, { 0, { { 23, 600 } } }, { 1, { { 23, 5216 } } },
		{ 0, { { 23, 26 } } }, { 1, { { 23, 9000 } } },
	}, at_once[] = {	/* Finished and inner hello in one burst */
		{ 0, { { 22, 512 } } }, { 1, { { 22, 122 }, { 20, 1 }, { 23, 1114 } } },
		{ 0, { { 20, 1 }, { 23, 69 }, { 23, 534 } } },
		{ 1, { { 23, 74 }, { 23, 74 } } }, { 1, { { 23, 2026 } } },
		{ 0, { { 23, 300 } } }, { 1, { { 23, 272 } } },
	};
	struct feed feed;

	(void)state;
	assert_sight(feed, feed_segments(&feed, inner_13, ARRAY_SIZE(inner_13)), ALL, TLS_IN_TLS,
		     GUESS);
	assert_sight(feed, feed_segments(&feed, inner_12, ARRAY_SIZE(inner_12)), ALL, TLS_IN_TLS,
		     GUESS);
	assert_sight(feed, feed_segments(&feed, at_once, ARRAY_SIZE(at_once)), ALL, TLS_IN_TLS,
		     GUESS);
	assert_silent(feed, feed_segments(&feed, http, ARRAY_SIZE(http)), NOT);
	assert_silent(feed, feed_segments(&feed, https_13, ARRAY_SIZE(https_13)), NOT);
	assert_silent(feed, feed_segments(&feed, https_12, ARRAY_SIZE(https_12)), NOT);
	assert_silent(feed, feed_segments(&feed, http2, ARRAY_SIZE(http2)), NOT);
	/* The server's hello begins nothing, nor does a second message. */
	feed.nth = 0;
	memset(&feed.track, 0, sizeof(feed.track));
	assert_silent(feed, feed_bytes(&feed, true, "\x16\x03\x01\x02\x00\x01", 6), NOT);
	assert_silent(feed, feed_bytes(&feed, false, "\x16\x03\x01\x02\x00\x01", 6), NOT);
	feed.nth = 0;
	assert_silent(feed, feed_bytes(&feed, false, "\x16\x03\x01\x02\x00", 5), NOT);
	feed.nth = 0;
	assert_silent(feed, feed_bytes(&feed, false, "\x16\x03\x01\x02\x00\x01", 6), MORE);
	/* Off, it looks at nothing. */
	feed.model.tls_in_tls = false;
	feed.nth = 0;
	memset(&feed.track, 0, sizeof(feed.track));
	assert_silent(feed, feed_bytes(&feed, false, "\x16\x03\x01\x02\x00\x01", 6), NOT);
}

/* Each of the four bounds, at it and beyond it. */
static void test_bursts(void **state)
{
	static const struct {
		u16 bursts[4];
		enum censor_found found;
	} rows[] = {
		{ { 280, 1000, 86, 60 }, CENSOR_FOUND_ALL },
		{ { 2500, 10000, 1000, 60 }, CENSOR_FOUND_ALL },
		{ { 279, 1000, 86, 60 }, CENSOR_FOUND_NOT },
		{ { 2501, 1000, 86, 60 }, CENSOR_FOUND_NOT },
		{ { 280, 999, 86, 60 }, CENSOR_FOUND_NOT },
		{ { 280, 10001, 86, 60 }, CENSOR_FOUND_NOT },
		{ { 280, 1000, 85, 60 }, CENSOR_FOUND_NOT },
		{ { 280, 1000, 1001, 60 }, CENSOR_FOUND_NOT },
		{ { 280, 1000, 86, 59 }, CENSOR_FOUND_MORE },
	};
	u32 i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct segment flow[8] = {
			{ 0, { { 22, 512 } } }, { 1, { { 22, 122 }, { 20, 1 }, { 23, 1114 } } },
			{ 0, { { 20, 1 }, { 23, 69 } } }, { 1, { { 23, 74 } } },
		};
		struct feed feed;

		for (j = 0; j < 4; j++) {
			flow[4 + j].answer = j & 1;
			flow[4 + j].record[0].type = 23;
			flow[4 + j].record[0].len = rows[i].bursts[j] - 5;
		}
		assert_int_equal(feed_segments(&feed, flow, 8), rows[i].found);
		/* The client again, before the fourth is long enough or after. */
		if (rows[i].found != CENSOR_FOUND_NOT)
			assert_silent(feed, feed_bytes(&feed, false, "\x17\x03\x03\0\0", 5), NOT);
	}
}

/* Noise of the right size; NOT at once, nearly always, and never sure. */
static void test_noise(void **state)
{
	static const struct {
		censor_detector detector;
		u16 port, sizes[3];
	} rows[] = {
		{ censor_detect_wireguard, 51820, { 148, 92, 64 } },
		{ censor_detect_ike, 500, { 336, 360, 296 } },
		{ censor_detect_l2tp, 1701, { 99, 20, 48 } },
	};
	u32 i, j, k, seen = 0;
	u64 random = 11;
	u8 bytes[400];

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (k = 0; k < 100000; k++) {
			struct feed feed = feed_new(rows[i].detector, rows[i].port);
			u32 len = rows[i].sizes[k % 3];

			for (j = 0; j < len; j++)
				bytes[j] = (u8)wire_random(&random);
			bytes[0] = k & 4 ? bytes[0] : 1 + (bytes[0] & 3);
			feed_bytes(&feed, k & 1, bytes, len);
			seen += !!feed.sight.confidence;
			assert_true(feed.sight.confidence < CENSOR_CONFIDENCE_SURE);
		}
	}
	assert_int_equal(seen, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wireguard),
		cmocka_unit_test(test_wireguard_data),
		cmocka_unit_test(test_ike),
		cmocka_unit_test(test_esp_in_udp),
		cmocka_unit_test(test_l2tp),
		cmocka_unit_test(test_tunnel),
		cmocka_unit_test(test_tls_in_tls),
		cmocka_unit_test(test_bursts),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests_name("vpn", tests, NULL, NULL);
}
