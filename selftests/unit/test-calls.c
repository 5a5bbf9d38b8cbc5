// SPDX-License-Identifier: GPL-2.0
/*
 * STUN, TURN, RTP, DTLS, and BitTorrent's UDP. Bytes called real were captured from coturn's
 * programs, openssl s_client and transmission, each talking between two namespaces.
 */
#include "test.h"
#include "feed.h"

static const char binding_real[] = "000100002112a4422a1c198fe2c7c9a377e979c7";
static const char answer_real[] =
	"0101003c2112a4422a1c198fe2c7c9a377e979c70020000800019426e112a64000010008"
	"0001b534c0000202802b000800010d96c000020180220014436f7475726e2d342e362e31"
	"2027476f72737427";
static const char allocate_real[] =
	"000300202112a4425522f3dc30de8247313cb1960019000411000000000d000400000309"
	"001800018000000080280004850f48cf";
static const char refused_real[] =
	"011300502112a4425522f3dc30de8247313cb1960009001000000401556e617574686f72"
	"697a65640015001037343264613061366666316530373239001400017200000080220014"
	"436f7475726e2d342e362e312027476f7273742780280004a108148a";
static const char channel_bind_real[] =
	"000900582112a442c867bb3710af5450652fedc0000c0004513f0000001200080001c407"
	"e112a643000600017500000000150010313338393331613238623334396264300014000172"
	"000000000800142b29cfd18f52e3c117dd7e2b08bf8d647685642980280004a303641f";
static const char dtls_real[] =
	"16feff000000000000000000c0010000b400000000000000b4fefd9a882ba289ce7adbfe"
	"46dfd1992d53823205d627daa0b4081a5ab3a2c35bcc3600000038c02cc030009fcca9cc"
	"a8ccaac02bc02f009ec024c028006bc023c0270067c00ac0140039c009c0130033009d00"
	"9c003d003c0035002f00ff01000052000b000403000102000a000c000a001d0017001e00"
	"190018002300000016000000170000000d002a0028040305030603080708080809080a08"
	"0b080408050806040105010601030303010302040205020602";
static const char dtls10_real[] =
	"16feff0000000000000000006c010000600000000000000060feffe831656ce5d9bb6535"
	"04f8b5b5a74c2ade5bf5796eeb38eec86f9da00f2b37ae00000012c00ac0140039c009c0"
	"1300330035002f00ff01000024000b000403000102000a000c000a001d0017001e001900"
	"18002300000016000000170000";
static const char utp_syn_real[] = "4102d3d0df7b4a800000000000040000a33800000008"
				   "0000000000000000";
static const char utp_state_real[] = "2102d3d0df7b4d28000000000038000050b0a3380008"
				     "0000000000000000";
static const char dht_answer_real[] =
	"d1:rd2:id20:|\xc5}Su\x84\x0c:\x8a\x01\x95}<[\xb5\xc7#W\xaa\x9b" "e1:t2:aa1:y1:re";
static const char dht_ping[] = "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe";

static void test_stun(void **state)
{
	struct feed feed = feed_new(censor_detect_stun, 3478);
	static u8 bytes[256];
	u32 len, i;

	(void)state;
	assert_sight(feed, feed_hex(&feed, false, binding_real), MORE, STUN, SURE);
	assert_int_equal(feed.sight.len, 20);
	assert_sight(feed, feed_hex(&feed, true, answer_real), MORE, STUN, SURE);
	/* The same flow turns out to be TURN's. */
	assert_sight(feed, feed_hex(&feed, false, allocate_real), ALL, TURN, SURE);
	assert_sight(feed, feed_hex(&feed, true, refused_real), ALL, TURN, SURE);
	assert_sight(feed, feed_hex(&feed, false, channel_bind_real), ALL, TURN, SURE);
	feed.trackless = true;
	assert_sight(feed, feed_hex(&feed, false, binding_real), ALL, STUN, SURE);
	feed.trackless = false;
	/* Its first 8 bytes: top bits, a length that lies, another cookie. */
	len = unhex(bytes, answer_real);
	for (i = 0; i < 8; i++) {
		if (i == 1)
			continue;
		feed = feed_new(censor_detect_stun, 3478);
		bytes[i] ^= 0x81;
		feed_bytes(&feed, true, bytes, len);
		assert_true(feed.sight.confidence < CENSOR_CONFIDENCE_LIKELY);
		bytes[i] ^= 0x81;
	}
	assert_silent(feed, feed_bytes(&feed, true, bytes, len - 1), NOT);
	assert_silent(feed, feed_bytes(&feed, true, bytes, len + 4), NOT);
	assert_silent(feed, feed_bytes(&feed, true, bytes, 19), NOT);
	/* Lengths that agree, but not in fours. */
	bytes[3]++;
	assert_silent(feed, feed_bytes(&feed, true, bytes, len + 1), NOT);
	/* Cut behind its head it's known all the same. */
	feed.cut = 60;
	assert_sight(feed, feed_hex(&feed, true, answer_real), MORE, STUN, SURE);
	feed.cut = 61;
	assert_silent(feed, feed_hex(&feed, true, answer_real), NOT);
}

/* Methods 3, 4, 6 to 12 are TURN's, in each class. */
static void test_methods(void **state)
{
	u32 method, class;

	(void)state;
	for (method = 0; method < 0x1000; method++) {
		bool turn = method == 3 || method == 4 || (method >= 6 && method <= 12);

		for (class = 0; class < 4; class++) {
			struct feed feed = feed_new(censor_detect_stun, 3478);
			u8 bytes[20] = { 0, 0, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1 };
			u32 type = (method & 15) | (class & 1) << 4 | (method & 0x70) << 1 |
				   (class & 2) << 7 | (method & 0xf80) << 2;

			censor_put16(bytes, (u16)type);
			feed_bytes(&feed, class > 1, bytes, 20);
			assert_int_equal(feed.sight.protocol, turn ? CENSOR_PROTOCOL_TURN :
								     CENSOR_PROTOCOL_STUN);
		}
	}
}

static void test_classic(void **state)
{
	static const struct {
		const char *hex;
		bool is;
	} rows[] = {
		{ "00010000" "a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4", true },
		{ "00010008" "a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4" "0003000400000006", true },
		{ "01010024" "a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4" "000100080001b534c0000202"
		  "000400080001b534c0000202" "802000080001b534c0000202", true },
		{ "01020000" "a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4", true },
		{ "01120000" "a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4", true },
		{ "00030000" "a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4", false },
		{ "00010008" "a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4" "000c000400000006", false },
		{ "00010008" "a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4" "0000000400000006", false },
		{ "00010008" "a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4" "0003000800000006", false },
		{ "00010008" "a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4" "0003000000000006", false },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct feed feed = feed_new(censor_detect_stun, 3478);

		if (rows[i].is)
			assert_sight(feed, feed_hex(&feed, false, rows[i].hex), MORE, STUN, GUESS);
		else
			assert_silent(feed, feed_hex(&feed, false, rows[i].hex), NOT);
	}
}

static void test_whatsapp(void **state)
{
	static const struct {
		const char *attribute;
		bool is;
	} rows[] = {
		{ "4000", true }, { "4002", true }, { "3fff", false }, { "4003", false },
		{ "c001", false },
	};
	struct feed feed;
	char hex[128];
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		feed = feed_new(censor_detect_stun, 3478);
		snprintf(hex, sizeof(hex), "000300142112a442a1b2c3d4a1b2c3d4a1b2c3d4"
			 "0016000500000000" "00000000" "%s000401020304", rows[i].attribute);
		if (rows[i].is)
			assert_sight(feed, feed_hex(&feed, false, hex), ALL, WHATSAPP, GUESS);
		else
			assert_sight(feed, feed_hex(&feed, false, hex), ALL, TURN, SURE);
	}
}

static void test_channel(void **state)
{
	static const char data[] = "513f0005aabbccddee", padded[] = "513f0005aabbccddee000000";
	struct feed feed = feed_new(censor_detect_stun, 3478);

	(void)state;
	/* After STUN, once. */
	feed_hex(&feed, false, binding_real);
	assert_sight(feed, feed_hex(&feed, false, data), ALL, TURN, LIKELY);
	feed = feed_new(censor_detect_stun, 3478);
	feed_hex(&feed, false, binding_real);
	assert_sight(feed, feed_hex(&feed, true, padded), ALL, TURN, LIKELY);
	/* Else thrice. */
	feed = feed_new(censor_detect_stun, 3478);
	assert_silent(feed, feed_hex(&feed, false, data), MORE);
	assert_silent(feed, feed_hex(&feed, true, padded), MORE);
	assert_sight(feed, feed_hex(&feed, false, data), ALL, TURN, LIKELY);
	/* Lengths that lie, and too much padding. */
	feed = feed_new(censor_detect_stun, 3478);
	feed_hex(&feed, false, binding_real);
	assert_silent(feed, feed_hex(&feed, false, "513f0006aabbccddee"), NOT);
	assert_silent(feed, feed_hex(&feed, false, "513f0004aabbccddee"), NOT);
	assert_silent(feed, feed_hex(&feed, false, "513f0005aabbccddee00000000"), NOT);
	assert_silent(feed, feed_hex(&feed, false, "8000" "0000"), NOT);
	assert_silent(feed, feed_hex(&feed, false, "4000" "00"), NOT);
	feed.trackless = true;
	assert_silent(feed, feed_hex(&feed, false, data), NOT);
}

static void test_stun_tcp(void **state)
{
	struct feed feed = feed_new(censor_detect_stun_tcp, 3478);
	static u8 bytes[512];
	u32 len;

	(void)state;
	assert_sight(feed, feed_hex(&feed, false, allocate_real), ALL, TURN, SURE);
	assert_sight(feed, feed_hex(&feed, true, answer_real), MORE, STUN, SURE);
	/* Another behind it; the framing of ICE; both. */
	len = unhex(bytes + 2, answer_real);
	len += unhex(bytes + 2 + len, answer_real);
	assert_sight(feed, feed_bytes(&feed, true, bytes + 2, len), MORE, STUN, SURE);
	censor_put16(bytes, (u16)(len / 2));
	assert_sight(feed, feed_bytes(&feed, true, bytes, 2 + len / 2), MORE, STUN, SURE);
	assert_int_equal(feed.sight.at, 2);
	assert_sight(feed, feed_bytes(&feed, true, bytes, 2 + len), MORE, STUN, SURE);
	bytes[1]++;
	assert_silent(feed, feed_bytes(&feed, true, bytes, 2 + len / 2), NOT);
	/* Cut off, it isn't one; nor is one without the cookie. */
	assert_silent(feed, feed_bytes(&feed, true, bytes + 2, len / 2 - 1), NOT);
	assert_silent(feed, feed_hex(&feed, false, "00010000a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4"),
		      NOT);
}

static enum censor_found rtp(struct feed *feed, bool answer, u8 type, u16 seq, u32 time, u32 source)
{
	u8 bytes[172] = { 0x80, type };

	censor_put16(bytes + 2, seq);
	censor_put32(bytes + 4, time);
	censor_put32(bytes + 8, source);
	return feed_bytes(feed, answer, bytes, sizeof(bytes));
}

static void test_rtp(void **state)
{
	struct feed feed = feed_new(censor_detect_rtp, 16384);
	u32 i;

	(void)state;
	/* Three of one side, whatever the other sends between them; over the number's end. */
	assert_silent(feed, rtp(&feed, true, 0x80 | 111, 65534, 0xfffffff0, 7), MORE);
	assert_silent(feed, rtp(&feed, false, 111, 9, 5, 8), MORE);
	assert_silent(feed, rtp(&feed, true, 111, 65535, 0x10, 7), MORE);
	assert_sight(feed, rtp(&feed, true, 111, 2, 0x10, 7), ALL, RTP, LIKELY);
	/* Each sign, missing in the third. */
	for (i = 0; i < 8; i++) {
		static const struct {
			u16 seq;
			u32 time, source;
			bool fits;
		} third[8] = {
			{ 12, 100, 7, true }, { 14, 100, 7, true }, { 15, 100, 7, false },
			{ 11, 100, 7, false }, { 10, 100, 7, false }, { 12, 99, 7, false },
			{ 12, 100 + 90000 * 60, 7, false }, { 12, 100, 8, false },
		};

		feed = feed_new(censor_detect_rtp, 16384);
		rtp(&feed, false, 0, 10, 50, 7);
		rtp(&feed, false, 0, 11, 100, 7);
		assert_int_equal(rtp(&feed, false, 0, third[i].seq, third[i].time, third[i].source),
				 third[i].fits ? CENSOR_FOUND_ALL : CENSOR_FOUND_MORE);
	}
	/* Types that are not assigned, or RTCP's, and another version. */
	feed = feed_new(censor_detect_rtp, 16384);
	assert_silent(feed, rtp(&feed, false, 35, 1, 1, 7), NOT);
	assert_silent(feed, rtp(&feed, false, 95, 1, 1, 7), NOT);
	assert_silent(feed, rtp(&feed, false, 34, 1, 1, 7), MORE);
	assert_silent(feed, rtp(&feed, false, 96, 1, 1, 7), MORE);
	feed = feed_new(censor_detect_rtp, 16384);
	assert_silent(feed, feed_hex(&feed, false, "400000010000000100000007"), NOT);
	assert_silent(feed, feed_hex(&feed, false, "8f00000100000001000000070000"), NOT);
	feed.trackless = true;
	assert_silent(feed, rtp(&feed, false, 0, 1, 1, 7), NOT);
}

static void test_rtcp(void **state)
{
	static const struct {
		const char *hex;
		bool is;
	} rows[] = {
		/* a sender's report and a name; an empty receiver's; one with a block */
		{ "80c80006" "000000070000000100000002000000030000000400000005"
		  "81ca0002" "0000000701016100", true },
		{ "80c90001" "00000007", true },
		{ "81c90007" "00000007" "000000080000000000000000000000000000000000000000", true },
		{ "81c90001" "00000007", false },	/* says that it has a block */
		{ "80c80001" "00000007", false },	/* too short for a sender's */
		{ "80c90002" "00000007", false },	/* a length that lies */
		{ "80c90001" "00000007" "00", false },
		{ "80cc0001" "00000007", false },	/* does not begin so */
		{ "80c90001" "00000007" "80cd0001" "00000007", false },
		{ "80c9ffff" "00000007", false },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct feed feed = feed_new(censor_detect_rtp, 16384);

		if (rows[i].is)
			assert_sight(feed, feed_hex(&feed, false, rows[i].hex), ALL, RTP, LIKELY);
		else
			assert_silent(feed, feed_hex(&feed, false, rows[i].hex), NOT);
		feed.cut = 1;
		assert_silent(feed, feed_hex(&feed, false, rows[i].hex), NOT);
	}
}

static void test_dtls(void **state)
{
	static const char *const real[] = { dtls_real, dtls10_real };
	struct feed feed = feed_new(censor_detect_dtls, 4433);
	static u8 bytes[256];
	u32 i, j, len;

	(void)state;
	feed.trackless = true;
	for (i = 0; i < ARRAY_SIZE(real); i++) {
		len = unhex(bytes, real[i]);
		assert_sight(feed, feed_bytes(&feed, false, bytes, len), ALL, DTLS, SURE);
		/* Every byte but the sequence numbers' is read; lengths are lied about below. */
		for (j = 0; j < 27; j++) {
			if ((j >= 5 && j < 11) || j == 12 || (j >= 14 && j <= 18) || j >= 24)
				continue;
			bytes[j] ^= 0x50;
			assert_silent(feed, feed_bytes(&feed, false, bytes, len), NOT);
			bytes[j] ^= 0x50;
		}
		assert_silent(feed, feed_bytes(&feed, false, bytes, len - 1), NOT);
		assert_silent(feed, feed_bytes(&feed, false, bytes, 26), NOT);
		/* A message shorter than its fragment, a record shorter than both, a version. */
		bytes[16]--;
		assert_silent(feed, feed_bytes(&feed, false, bytes, len), NOT);
		bytes[16]++;
		bytes[12]--;
		assert_silent(feed, feed_bytes(&feed, false, bytes, len), NOT);
		bytes[12]++;
		bytes[25]--;
		assert_silent(feed, feed_bytes(&feed, false, bytes, len), NOT);
		bytes[25]++;
		/* A message that goes on in a second fragment, which is one as well. */
		censor_put16(bytes + 15, (u16)(len + 1000));
		bytes[14] = 0;
		assert_sight(feed, feed_bytes(&feed, false, bytes, len), ALL, DTLS, SURE);
		bytes[20] = 1;
		assert_sight(feed, feed_bytes(&feed, false, bytes, len), ALL, DTLS, SURE);
		bytes[19] = 255;
		assert_silent(feed, feed_bytes(&feed, false, bytes, len), NOT);
	}
}

static void test_utp(void **state)
{
	struct feed feed = feed_new(censor_detect_utp, 51413);
	static u8 bytes[64];
	u32 len, i;

	(void)state;
	assert_sight(feed, feed_hex(&feed, false, utp_syn_real), MORE, BITTORRENT, GUESS);
	assert_silent(feed, feed_hex(&feed, false, utp_state_real), MORE);
	assert_sight(feed, feed_hex(&feed, true, utp_state_real), ALL, BITTORRENT, LIKELY);
	/* Another connection, another number acknowledged, and no SYN before. */
	len = unhex(bytes, utp_state_real);
	for (i = 0; i < 20; i++) {
		if (i != 2 && i != 3 && i != 18 && i != 19)
			continue;
		bytes[i] ^= 1;
		assert_silent(feed, feed_bytes(&feed, true, bytes, len), NOT);
		bytes[i] ^= 1;
	}
	feed = feed_new(censor_detect_utp, 51413);
	assert_silent(feed, feed_hex(&feed, true, utp_state_real), NOT);
	assert_silent(feed, feed_hex(&feed, true, utp_syn_real), NOT);
	/* A SYN of 20 bytes; something acknowledged, or a difference; extensions that lie. */
	len = unhex(bytes, utp_syn_real);
	assert_silent(feed, feed_bytes(&feed, false, bytes, 20), NOT);
	bytes[1] = 0;
	assert_silent(feed, feed_bytes(&feed, false, bytes, len), NOT);
	assert_sight(feed, feed_bytes(&feed, false, bytes, 20), MORE, BITTORRENT, GUESS);
	bytes[19] = 1;
	assert_silent(feed, feed_bytes(&feed, false, bytes, 20), NOT);
	bytes[19] = 0;
	bytes[11] = 1;
	assert_silent(feed, feed_bytes(&feed, false, bytes, 20), NOT);
	len = unhex(bytes, utp_syn_real);
	bytes[21] = 9;
	assert_silent(feed, feed_bytes(&feed, false, bytes, len), NOT);
	bytes[20] = 1;
	bytes[21] = 8;
	assert_silent(feed, feed_bytes(&feed, false, bytes, len), NOT);
}

static void test_dht(void **state)
{
	struct feed feed = feed_new(censor_detect_dht, 6881);
	static const char ip[] = "d2:ip6:abcdef1:rd2:id20:abcdefghij0123456789e1:t2:aa1:y1:re";
	char text[128];

	(void)state;
	assert_sight(feed, feed_bytes(&feed, false, dht_ping, strlen(dht_ping)), ALL, BITTORRENT,
		     SURE);
	assert_sight(feed, feed_bytes(&feed, true, dht_answer_real, sizeof(dht_answer_real) - 1),
		     ALL, BITTORRENT, SURE);
	assert_sight(feed, feed_bytes(&feed, true, ip, strlen(ip)), ALL, BITTORRENT, LIKELY);
	feed.cut = 1;
	assert_sight(feed, feed_bytes(&feed, false, dht_ping, strlen(dht_ping)), ALL, BITTORRENT,
		     LIKELY);
	assert_silent(feed, feed_bytes(&feed, true, ip, strlen(ip)), NOT);
	feed.cut = 0;
	strcpy(text, dht_ping);
	text[strlen(text) - 2] = 'x';
	assert_sight(feed, feed_bytes(&feed, false, text, strlen(text)), ALL, BITTORRENT, LIKELY);
	text[10] = '1';
	assert_silent(feed, feed_bytes(&feed, false, text, strlen(text)), NOT);
	assert_silent(feed, feed_bytes(&feed, false, dht_ping, 11), NOT);
	assert_silent(feed, feed_bytes(&feed, false, "d8:announce3:abc1:y1:qe", 23), NOT);
}

/* A call of WebRTC: STUN, DTLS, RTP on one flow; each waits for its own. */
static void test_ice(void **state)
{
	struct feed dtls = feed_new(censor_detect_dtls, 40001);
	struct feed feed = feed_new(censor_detect_rtp, 40001);

	(void)state;
	assert_silent(dtls, feed_hex(&dtls, false, binding_real), MORE);
	assert_silent(dtls, feed_hex(&dtls, true, answer_real), MORE);
	assert_sight(dtls, feed_hex(&dtls, true, dtls_real), ALL, DTLS, SURE);
	dtls.trackless = true;
	assert_silent(dtls, feed_hex(&dtls, false, binding_real), NOT);
	assert_silent(feed, feed_hex(&feed, false, binding_real), MORE);
	assert_silent(feed, feed_hex(&feed, true, dtls_real), MORE);
	assert_silent(feed, rtp(&feed, true, 111, 1, 960, 7), MORE);
	assert_silent(feed, feed_hex(&feed, true, answer_real), MORE);
	assert_silent(feed, rtp(&feed, true, 111, 2, 1920, 7), MORE);
	/* Encrypted RTCP. */
	assert_silent(feed, feed_hex(&feed, true, "80c8000600000007a1b2c3d4a1b2c3d4a1b2c3d4"), MORE);
	assert_sight(feed, rtp(&feed, true, 111, 3, 2880, 7), ALL, RTP, LIKELY);
	/* Without the cookie nothing is waited for. */
	feed = feed_new(censor_detect_rtp, 40001);
	assert_silent(feed, feed_hex(&feed, false, "00010000a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4"),
		      NOT);
}

/* What others begin with is none of these: DNS, NTP, QUIC, and each other's. */
static void test_others(void **state)
{
	static const char *const packets[] = {
		"00010100000100000000000003777777076578616d706c6503636f6d0000010001",	/* DNS */
		"80000100000100000000000003777777076578616d706c6503636f6d0000010001",
		"410001000001000000000000037777770765786103636f6d0000010001",
		"230006ec00000000000000000000000000000000000000000000000000000000"
		"0000000000000000d5e0b1a2c3d4e5f6",				/* NTP */
		"c300000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11"
		"d242b123dc9bd8bab936b47d92ec356c0bab7df5976d27cd449f63300099f399",	/* QUIC */
		"4099aabbccddeeff00112233445566778899aabbccddeeff0011223344556677",	/* short */
		"16030100c8010000c40303aabbccddeeff001122334455667788",			/* TLS */
	};
	static const censor_detector detectors[] = {
		censor_detect_openvpn_udp, censor_detect_wireguard, censor_detect_ike,
		censor_detect_l2tp, censor_detect_stun, censor_detect_rtp, censor_detect_dtls,
		censor_detect_utp, censor_detect_dht, censor_detect_stun_tcp,
		censor_detect_openvpn_tcp,
	};
	u64 random = 3;
	u8 bytes[200];
	u32 i, j, k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(detectors); i++) {
		struct feed feed;

		for (j = 0; j < ARRAY_SIZE(packets); j++) {
			feed = feed_new(detectors[i], 53);
			feed_hex(&feed, false, packets[j]);
			assert_int_equal(feed.sight.confidence, 0);
			feed_hex(&feed, true, packets[j]);
			assert_int_equal(feed.sight.confidence, 0);
		}
		for (j = 0; j < 100000; j++) {
			if (j % 8 == 0)
				feed = feed_new(detectors[i], 443);
			for (k = 0; k < sizeof(bytes); k++)
				bytes[k] = (u8)wire_random(&random);
			feed_bytes(&feed, j & 1, bytes, 1 + (u32)(wire_random(&random) % 200));
			assert_true(feed.sight.confidence < CENSOR_CONFIDENCE_LIKELY);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stun),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_classic),
		cmocka_unit_test(test_whatsapp),
		cmocka_unit_test(test_channel),
		cmocka_unit_test(test_stun_tcp),
		cmocka_unit_test(test_rtp),
		cmocka_unit_test(test_rtcp),
		cmocka_unit_test(test_dtls),
		cmocka_unit_test(test_utp),
		cmocka_unit_test(test_dht),
		cmocka_unit_test(test_ice),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
