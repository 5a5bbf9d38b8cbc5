// SPDX-License-Identifier: GPL-2.0
/*
 * OpenVPN: its resets as OpenVPN 2.6.14 sent them (openvpn between two namespaces, captured), and
 * the window's counts.
 */
#include "test.h"
#include "feed.h"

/* The first two packets: the client's, the server's. */
static const struct {
	const char *name;
	bool tcp;
	const char *client, *server;
} real[] = {
	{ "udp-plain", 0,
	  "382a42d239135591460000000000",
	  "40d8ee68a0256f841a01000000002a42d2391355914600000000" },
	{ "udp-auth", 0,
	  "3859830fa60230038eaa94b5c2f926e00da9601a8645052d65a347e299000000016b06a9"
	  "ef0000000000",
	  "40b9e0fb60e9fd78c4ffc2a4e4b993f749a7e2d5a4faeeb94c41de8189000000016b06a9"
	  "ef010000000059830fa60230038e00000000" },
	{ "udp-auth256", 0,
	  "3845cb82c5f0f8954e5ae36676424dc5f7d1a2620840aac544cb92f134b063ce01061ab0"
	  "f6b1bd1c93000000016b06aa110000000000",
	  "4028386075a13e332a032f6934f9268686f99bf6ff65abc2eff1470c959651099ef783a4"
	  "47c95273b7000000016b06aa11010000000045cb82c5f0f8954e00000000" },
	{ "udp-auth512", 0,
	  "38915caada105ca39dbb2f4e88785b7ab6932db83b48a54c13999a0587218d7d6afc755c"
	  "5b20b410fc617af936554ea0a019f6e602e88ad21e69e4e773d7ac4c2c94e5586cb5100a"
	  "50000000016b06aa0b0000000000",
	  "40074d28959cb001edd05b57fa70b5875580fbee39f6c9df16053850152828d3dca027f3"
	  "7b2d29894917fe911d8a36904cbe1af6aeccf21b475111fe40184ea29bfae33077da5e8c"
	  "60000000016b06aa0b0100000000915caada105ca39d00000000" },
	{ "udp-crypt", 0,
	  "38935b284b9a1b7eb9000000016b06a9f5b4a4c755b735b868591e27af1bd6dd5cd390cf"
	  "f367b62aeadb563947998a49eb2a98f3913e",
	  "40dfd0a0fec2856921000000016b06a9f5531fc9fcb221dd25780176b733e22757a7c03a"
	  "e25b81f05b870ecfd14b55ce5dcf7194e88a72c2a162c6dd319835c86c7e" },
	{ "udp-crypt2", 0,
	  "504b28401c20817ec90f0000016b06aa169cee6b8e1078a367c5a3135f23c97ec3d70076"
	  "2a493a60a4d975814e8f9ef8a27484e549d3a917c6a97ae137b2fa3ee45a8bcaba911b5a"
	  "ed88c6d03a507aa936668d8fd2841df26ac2f4ae46a884cb068dfeb392b397c8cd8a9548"
	  "1c2499de6f050b0878c69f594d2ea8c328e1d424936419482a6e296d27a9c432b8f23938"
	  "5faa8f45452ae304aa9951087940fc39f5fd08280db84f8c0e93f1dd81b59d8c7a42a414"
	  "f7779f5d3fb50c31e1c34c07d54af7479a6cb6a1e3a1fc7753f85962148b4e671fbf3ae6"
	  "5ae978233f8daa67d77c01916fa9fde8048b67d014c0044312e294e0d3561e0e2dc8fdfc"
	  "3e7f4bb139b164042df0a5ebab7ff7a3f42312fad2fe84222a7ab87b0708c9c7adabe8c3"
	  "2486bda3b95fb2e20ba5727c47a4864e4c8bd204cc793b0d05a195daac1b09db379cf403"
	  "56b33317cc83aa1baa4aa9c487244f28494151bac2fdecd9092629012b",
	  "403b8c5288acf55221000000016b06aa165cbbcb0d51113ba3fe7ce9dabe385fd1d4a83c"
	  "08933c184062525421716bef55092d92677a139dc0966564c0504decedfbed22361eac23" },
	{ "tcp-plain", 1,
	  "000e382441a93e8e158e650000000000",
	  "001a408aae829b1a7ba66d01000000002441a93e8e158e6500000000" },
	{ "tcp-auth", 1,
	  "002a38d82991f958fbd96953d21570b64be87ea63b9d703ba216b296e7f78d000000016b"
	  "06aa000000000000",
	  "003640470bd5bbcaac30bf860e43fda5cc9841488a9329fe101f35529ef65f000000016b"
	  "06aa000100000000d82991f958fbd96900000000" },
	{ "tcp-crypt", 1,
	  "003638a574dcd1019b0838000000016b06aa06848807ae2566261c3b7317f54d67ecd32d"
	  "c4362929cde0ce3acabbda08ff0bcad70844d4c3",
	  "004240bd03041e9d546113000000016b06aa068eadd9d4fec86ab83f6984e8c0f3020fd0"
	  "d0c54a160d6579dbf983451591f3f5ff34c8d3dff664e813e781967de26d5941" },
	{ "tcp-crypt2", 1,
	  "01615055c2da1e0ea7c40a0f0000016b06aa1c79e0541764dce4d058dbbb7ccae24b8963"
	  "042e18bc2a653cca741f7825dadf34e01d61b779a917c6a97ae137b2fa3ee45a8bcaba91"
	  "1b5aed88c6d03a507aa936668d8fd2841df26ac2f4ae46a884cb068dfeb392b397c8cd8a"
	  "95481c2499de6f050b0878c69f594d2ea8c328e1d424936419482a6e296d27a9c432b8f2"
	  "39385faa8f45452ae304aa9951087940fc39f5fd08280db84f8c0e93f1dd81b59d8c7a42"
	  "a414f7779f5d3fb50c31e1c34c07d54af7479a6cb6a1e3a1fc7753f85962148b4e671fbf"
	  "3ae65ae978233f8daa67d77c01916fa9fde8048b67d014c0044312e294e0d3561e0e2dc8"
	  "fdfc3e7f4bb139b164042df0a5ebab7ff7a3f42312fad2fe84222a7ab87b0708c9c7adab"
	  "e8c32486bda3b95fb2e20ba5727c47a4864e4c8bd204cc793b0d05a195daac1b09db379c"
	  "f40356b33317cc83aa1baa4aa9c487244f28494151bac2fdecd9092629012b",
	  "00424034e02c4c21f3291e0f0000016b06aa1cc4f145c66cc25eacf446285e68d831b674"
	  "45b82ac02ea3d14471d2c832bae5ab43f7b32b62a578557c84efb53f0085c634" },
};

static struct feed feed_of(bool tcp)
{
	return feed_new(tcp ? censor_detect_openvpn_tcp : censor_detect_openvpn_udp, 1194);
}

static void test_real(void **state)
{
	struct feed feed;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(real); i++) {
		feed = feed_of(real[i].tcp);
		assert_sight(feed, feed_hex(&feed, false, real[i].client), MORE, OPENVPN, LIKELY);
		assert_int_equal(feed.sight.at, real[i].tcp ? 2 : 0);
		assert_int_equal(feed.sight.len + feed.sight.at, strlen(real[i].client) / 2);
		assert_sight(feed, feed_hex(&feed, true, real[i].server), ALL, OPENVPN, SURE);
		/* The reset again, as it is sent where no answer came. */
		feed = feed_of(real[i].tcp);
		feed_hex(&feed, false, real[i].client);
		assert_sight(feed, feed_hex(&feed, false, real[i].client), MORE, OPENVPN, LIKELY);
		assert_sight(feed, feed_hex(&feed, true, real[i].server), ALL, OPENVPN, SURE);
		feed = feed_of(real[i].tcp);
		feed.trackless = true;
		assert_sight(feed, feed_hex(&feed, false, real[i].client), ALL, OPENVPN, LIKELY);
		assert_silent(feed, feed_hex(&feed, true, real[i].server), NOT);
		/* From the wrong side. */
		feed = feed_of(real[i].tcp);
		assert_silent(feed, feed_hex(&feed, true, real[i].client), NOT);
		feed = feed_of(real[i].tcp);
		assert_silent(feed, feed_hex(&feed, false, real[i].server), NOT);
		/* Bytes that can't be read are not taken for right. */
		feed = feed_of(real[i].tcp);
		feed.cut = 1;
		assert_silent(feed, feed_hex(&feed, false, real[i].client), NOT);
	}
}

/* Another session's answer is none, nor is one that has another form. */
static void test_other_session(void **state)
{
	struct feed feed;
	u32 i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(real); i++) {
		for (j = 0; j < ARRAY_SIZE(real); j++) {
			bool crypt = strstr(real[i].name, "crypt");
			bool same = strstr(real[j].name, "crypt");

			if (i == j || real[i].tcp != real[j].tcp || (crypt && same))
				continue;
			feed = feed_of(real[i].tcp);
			feed_hex(&feed, false, real[i].client);
			assert_int_not_equal(feed_hex(&feed, true, real[j].server),
					     CENSOR_FOUND_ALL);
		}
	}
}

/* Every byte that the rule reads, changed. */
static void test_near(void **state)
{
	static u8 bytes[2048], other[2048];
	struct feed feed;
	u32 i, at, bit, len, matched;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(real); i++) {
		len = unhex(bytes, real[i].client);
		for (at = 0, matched = 0; at < len; at++) {
			for (bit = 0; bit < 8; bit++) {
				feed = feed_of(real[i].tcp);
				memcpy(other, bytes, len);
				other[at] ^= 1u << bit;
				matched += feed_bytes(&feed, false, other, len) != CENSOR_FOUND_NOT;
				assert_true(feed.sight.confidence < CENSOR_CONFIDENCE_SURE);
			}
		}
		/* Only the session's, HMAC's, time's and the encrypted ones may be another. */
		assert_true(matched <= 8 * (len - 4));
		/* One byte more or less. */
		for (at = len - 1; at <= len + 1; at += 2) {
			feed = feed_of(real[i].tcp);
			memcpy(other, bytes, len);
			other[len] = 0;
			feed_bytes(&feed, false, other, at);
			assert_true(feed.sight.confidence < CENSOR_CONFIDENCE_LIKELY);
		}
	}
	/* An HMAC of 24 bytes, which none has. */
	len = unhex(bytes, real[1].client);
	memcpy(other, bytes, 29);
	memcpy(other + 33, bytes + 29, len - 29);
	feed = feed_of(false);
	assert_sight(feed, feed_bytes(&feed, false, other, len + 4), MORE, OPENVPN, GUESS);
	/* Sizes between the plain one and the shortest with an HMAC. */
	memset(bytes, 0, 32);
	bytes[0] = 0x38;
	bytes[1] = 0x77;
	for (len = 9; len < 23; len++) {
		feed = feed_of(false);
		feed_bytes(&feed, false, bytes, len);
		assert_int_equal(feed.sight.confidence, len == 14 ? CENSOR_CONFIDENCE_LIKELY : 0);
	}
	/* A session id of zero. */
	memset(bytes, 0, 14);
	bytes[0] = 0x38;
	feed = feed_of(false);
	assert_silent(feed, feed_bytes(&feed, false, bytes, 14), NOT);
}

/* A flow's packets: opcode and size, the client's and, with '<', the server's. */
struct packet {
	bool answer;
	u8 opcode;
	u16 size;
};

/* OpenVPN 2.6.14's, until its tunnel stood; one of tls-crypt-v2 has 0x50 and 0x58 more. */
static const struct packet handshake[] = {
	{ 0, 0x38, 14 }, { 1, 0x40, 26 }, { 0, 0x20, 303 }, { 1, 0x20, 1222 }, { 1, 0x20, 929 },
	{ 0, 0x28, 26 }, { 0, 0x20, 1222 }, { 1, 0x28, 26 }, { 0, 0x20, 1121 }, { 1, 0x20, 192 },
	{ 1, 0x20, 234 }, { 0, 0x28, 34 }, { 0, 0x28, 34 }, { 1, 0x20, 211 }, { 0, 0x28, 34 },
	{ 0, 0x48, 72 },
};

/* Packet @n of it, data behind; one byte XORed as the scramble patch does. */
static enum censor_found window_packet(struct feed *feed, u32 n, u8 mask, bool tcp)
{
	struct packet p = { n & 1, 0x48, 108 };
	u8 bytes[2048];

	if (n < ARRAY_SIZE(handshake))
		p = handshake[n];
	memset(bytes, 0xa5, sizeof(bytes));
	bytes[tcp ? 2 : 0] = p.opcode ^ mask;
	censor_put16(bytes, tcp ? p.size : censor_get16(bytes));
	return feed_bytes(feed, p.answer, bytes, p.size + (tcp ? 2u : 0));
}

static void test_opcodes(void **state)
{
	u32 n, mask, tcp;
	struct feed feed;

	(void)state;
	for (tcp = 0; tcp < 2; tcp++) {
		for (mask = 0; mask < 256; mask += 85) {
			feed = feed_of(tcp);
			feed.model.openvpn_opcodes = 100;
			for (n = 0; n < 99; n++)
				assert_silent(feed, window_packet(&feed, n, (u8)mask, tcp), MORE);
			assert_sight(feed, window_packet(&feed, n, (u8)mask, tcp), ALL, OPENVPN,
				     LIKELY);
		}
	}
	/* A shorter window ends sooner. */
	feed = feed_of(false);
	feed.model.openvpn_opcodes = 20;
	for (n = 0; n < 19; n++)
		assert_int_equal(window_packet(&feed, n, 0, false), CENSOR_FOUND_MORE);
	assert_int_equal(window_packet(&feed, n, 0, false), CENSOR_FOUND_ALL);
}

/* Feeds opcodes, '<' before the server's; returns what the last one found, or the first NOT. */
static enum censor_found opcodes(const char *text)
{
	struct feed feed = feed_of(false);
	enum censor_found found = CENSOR_FOUND_MORE;
	u32 i, n = 0;

	for (i = 0; text[i]; i++)
		n += text[i] != '<';
	feed.model.openvpn_opcodes = (u16)n;
	for (i = 0; text[i] && found == CENSOR_FOUND_MORE; i++) {
		bool answer = text[i] == '<';

		i += answer;
		found = feed_bytes(&feed, answer, text + i, 1);
	}
	return found;
}

static void test_opcode_rules(void **state)
{
	(void)state;
	assert_int_equal(opcodes("a<bccdd<c<d"), CENSOR_FOUND_ALL);
	assert_int_equal(opcodes("a<bccdd<c<de"), CENSOR_FOUND_ALL);
	assert_int_equal(opcodes("aaa<b<bcabcd"), CENSOR_FOUND_ALL);	/* resets again, early */
	assert_int_equal(opcodes("a<bcccc"), CENSOR_FOUND_NOT);		/* three values */
	assert_int_equal(opcodes("a<bcda"), CENSOR_FOUND_NOT);		/* the client's again */
	assert_int_equal(opcodes("a<bcd<b"), CENSOR_FOUND_NOT);		/* the server's */
	assert_int_equal(opcodes("<abcde"), CENSOR_FOUND_NOT);		/* the server began */
	assert_int_equal(opcodes("abcde"), CENSOR_FOUND_NOT);		/* no answer */
	assert_int_equal(opcodes("a<acde"), CENSOR_FOUND_NOT);		/* it answers the same */
	assert_int_equal(opcodes("a<bcdefghij"), CENSOR_FOUND_ALL);	/* ten */
	assert_int_equal(opcodes("a<bcdefghijk"), CENSOR_FOUND_NOT);	/* eleven */
}

/* Frames in one segment, over two, and one that comes twice: the same opcodes. */
static void test_frames(void **state)
{
	static const u8 two[] = { 0, 2, 'c', 0, 0, 3, 'd', 0, 0 };
	static const u8 half[] = { 0, 6, 'e', 1, 2 }, rest[] = { 'x', 'x', 'x' };
	struct feed feed = feed_of(true);

	(void)state;
	feed.model.openvpn_opcodes = 7;
	feed_bytes(&feed, false, "\0\1a", 3);
	feed_bytes(&feed, true, "\0\1b", 3);
	feed_bytes(&feed, false, two, sizeof(two));
	feed.seq[0] -= sizeof(two);
	feed_bytes(&feed, false, two, sizeof(two));
	feed_bytes(&feed, false, half, sizeof(half));
	feed_bytes(&feed, false, rest, sizeof(rest));
	assert_int_equal(feed.track.tcp.opcodes.n, 5);
	assert_memory_equal(feed.track.tcp.opcodes.value, "abcde", 5);
	/* One is lost: it goes on with the next that comes. */
	feed.seq[0] += 100;
	assert_sight(feed, feed_bytes(&feed, false, two, sizeof(two)), ALL, OPENVPN, LIKELY);
	assert_int_equal(feed.track.tcp.opcodes.n, 5);
	/* A first segment that is not one packet. */
	feed = feed_of(true);
	feed.model.openvpn_opcodes = 7;
	assert_silent(feed, feed_bytes(&feed, false, two, sizeof(two)), NOT);
}

/* Sizes only: @acks[n] of bin n's packets are small. */
static enum censor_found bins(const u8 *acks, u32 n, struct feed *feed)
{
	enum censor_found found = CENSOR_FOUND_MORE;
	u64 random = 7;
	u8 bytes[600];
	u32 i, j;

	*feed = feed_of(false);
	feed->model.openvpn_opcodes = (u16)(10 * n);
	feed->model.openvpn_acks = true;
	for (i = 0; i < n; i++) {
		for (j = 0; j < 10 && found == CENSOR_FOUND_MORE; j++) {
			bool small = j >= 2 && j < 2u + acks[i];

			/* No opcodes: an obfuscated tunnel's bytes. */
			bytes[0] = (u8)wire_random(&random);
			found = feed_bytes(feed, j & 1, bytes, small ? 70 : 300 + j);
		}
	}
	return found;
}

static void test_acks(void **state)
{
	static const struct {
		u8 acks[8];
		bool fits;
	} rows[] = {
		{ { 2, 4, 5, 1, 0, 1, 0, 1 }, true }, { { 1, 2, 0, 0, 0, 0, 0, 0 }, true },
		{ { 3, 5, 5, 5, 5, 1, 1, 1 }, true }, { { 0, 4, 5, 1, 0, 1, 0, 1 }, false },
		{ { 4, 4, 5, 1, 0, 1, 0, 1 }, false }, { { 2, 1, 5, 1, 0, 1, 0, 1 }, false },
		{ { 2, 6, 5, 1, 0, 1, 0, 1 }, false }, { { 2, 4, 6, 1, 0, 1, 0, 1 }, false },
		{ { 2, 4, 5, 5, 6, 1, 0, 1 }, false }, { { 2, 4, 5, 1, 0, 2, 0, 1 }, false },
		{ { 2, 4, 5, 1, 0, 1, 0, 2 }, false },
	};
	struct feed feed;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!rows[i].fits)
			assert_int_equal(bins(rows[i].acks, 8, &feed), CENSOR_FOUND_NOT);
		else
			assert_sight(feed, bins(rows[i].acks, 8, &feed), ALL, OPENVPN, GUESS);
	}
	/* A window too short to see them fall off. */
	assert_int_equal(bins(rows[0].acks, 5, &feed), CENSOR_FOUND_NOT);
	assert_int_equal(bins(rows[0].acks, 6, &feed), CENSOR_FOUND_ALL);
	/* OpenVPN 2.6 acknowledges more seldom, in several sizes: its opcodes alone tell. */
	feed = feed_of(false);
	feed.model.openvpn_opcodes = 100;
	feed.model.openvpn_acks = true;
	for (i = 0; i < 99; i++)
		assert_int_equal(window_packet(&feed, i, 0, false), CENSOR_FOUND_MORE);
	assert_int_equal(feed.track.udp.opcodes.flags & 2, 2);
	assert_sight(feed, window_packet(&feed, i, 0, false), ALL, OPENVPN, LIKELY);
}

/* Others' first packets, and noise of OpenVPN's sizes with its opcodes. */
static void test_others(void **state)
{
	static const char *const others[] = {
		"38010100000100000000000003777777",			/* DNS with such an id */
		"1b0000000000000000000000000000000000000000000000000000000000000000000000000000"
		"0000000000000000000000",				/* NTP */
		"160301020001000000",
	};
	static const u16 sizes[] = { 14, 16, 26, 42, 44, 54, 56, 66, 86, 353 };
	static const u8 first[] = { 0x38, 0x50, 0x08, 0x40, 0x10 };
	u64 random = 1;
	u32 i, j, k, likely = 0;
	struct feed feed;
	u8 bytes[400];

	(void)state;
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		feed = feed_of(false);
		assert_silent(feed, feed_hex(&feed, false, others[i]), NOT);
		feed = feed_of(true);
		assert_silent(feed, feed_hex(&feed, false, others[i]), NOT);
	}
	for (i = 0; i < 200000; i++) {
		for (k = 0; k < 2; k++) {
			u32 size = sizes[wire_random(&random) % ARRAY_SIZE(sizes)];

			if (!k)
				feed = feed_of(false);
			for (j = 0; j < size; j++)
				bytes[j] = (u8)wire_random(&random);
			bytes[0] = first[wire_random(&random) % ARRAY_SIZE(first)];
			feed_bytes(&feed, k, bytes, size);
			assert_true(feed.sight.confidence < CENSOR_CONFIDENCE_SURE);
			likely += !!feed.sight.confidence;
		}
	}
	assert_int_equal(likely, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_real),
		cmocka_unit_test(test_other_session),
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_opcodes),
		cmocka_unit_test(test_opcode_rules),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_acks),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests_name("openvpn", tests, NULL, NULL);
}
