// SPDX-License-Identifier: GPL-2.0
/*
 * QUIC's Initials: quic.h. The RFCs' packets, the quirks that were published, and ClientHellos in
 * any pieces against a model byte by byte. QUIC_ROUNDS and QUIC_SEED change how many and which.
 */
#include "test.h"
#include "quic-parts.h"
#include "initial.h"
#include "unhex.h"
#include "wire.h"

static struct censor_quic_scratch scratch;
static struct censor_quic_hello hello;
static struct censor_quic_seen seen;
static struct censor_detect_model model;
static u8 buf[INITIAL_MAX + 4096], frames[INITIAL_MAX], expected[4096];

static void assert_hex(const u8 *bytes, u32 len, const char *text)
{
	u8 want[256];

	assert_int_equal(unhex(want, text), len);
	assert_memory_equal(bytes, want, len);
}

/* What reads everything; nothing is in memory that was not put there. */
static int setup(void **state)
{
	(void)state;
	model = (struct censor_detect_model){
		.quic_versions = CENSOR_QUIC_READ_V1 | CENSOR_QUIC_READ_V2 |
				 CENSOR_QUIC_READ_DRAFT_29,
		.quic_tag = true,
		.quic_assemble = CENSOR_QUIC_ASSEMBLE_FLOW,
	};
	memset(&scratch, 0xa5, sizeof(scratch));
	memset(&hello, 0xa5, sizeof(hello));
	hello.n = 0;
	return 0;
}

/* A datagram of which @len bytes are there; nothing after them may be read. */
static enum censor_found read_part(const u8 *data, u32 len, u32 whole, bool decrypt)
{
	struct censor_look look = { .len = len, .whole = whole, .model = &model };
	enum censor_found found;
	u8 *copy = malloc(len);

	if (len)
		memcpy(copy, data, len);
	look.data = copy;
	memset(&seen, 0xa5, sizeof(seen));
	found = decrypt ? censor_quic_initial(&look, &scratch, &hello, &seen) :
			  censor_quic_looks(&look, &seen);
	free(copy);
	return found;
}

static enum censor_found looks(const u8 *data, u32 len)
{
	return read_part(data, len, len, false);
}

static enum censor_found initial(const u8 *data, u32 len)
{
	return read_part(data, len, len, true);
}

/* A ClientHello that is none but by its first bytes. */
static u32 hello_put(u8 *out, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		out[i] = (u8)(i * 7 + (i >> 8));
	unhex(out, "0100");
	censor_put16(out + 2, (u16)(len - 4));
	unhex(out + 4, "0303");
	return len;
}

/* An ordinary client's first packet. */
static struct initial ordinary(u32 len)
{
	struct initial packet = { .dcid_len = 8, .fill = 1200, .frames = frames };

	unhex(packet.dcid, "8394c8f03e515708");
	hello_put(expected, len);
	packet.len = initial_crypto(frames, 0, expected, len);
	return packet;
}

static enum censor_found read_initial(const struct initial *packet)
{
	u32 len = initial_put(buf, packet);

	hello.n = 0;
	return initial(buf, len);
}

static void assert_hello(u32 len)
{
	assert_int_equal(hello.n, 1);
	assert_int_equal(hello.span[0].from, 0);
	assert_int_equal(hello.span[0].to, len);
	assert_memory_equal(hello.bytes, expected, len);
}

/* The RFCs' ClientHello, but for the number of its last extension: the transport parameters'. */
#define HELLO_BEGIN								\
	"010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c0000" \
	"0413011302010000c000000010000e00000b6578616d706c652e636f6dff01000100000a00080006" \
	"001d0017001800100007000504616c706e000500050100000000003300260024001d00209370b2c9" \
	"caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d001000" \
	"0e0403050306030203080408050806002d00020101001c00024001"
#define HELLO_END								\
	"00320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394" \
	"c8f03e51570806048000ffff"

/* RFC 9001 A.1 and A.2, RFC 9369 A.1 and A.2, draft-ietf-quic-tls-29 A.1 and A.2. */
static const struct {
	u32 version;
	u8 number;
	const char *key, *iv, *hp, *hello, *begin, *tag;
} vectors[] = {
	{ INITIAL_V1, CENSOR_QUIC_V1, "1f369613dd76d5467730efcbe3b1a22d",
	  "fa044b2f42a3fd3b46fb255c", "9f50449e04a0e810283a1e9933adedd2",
	  HELLO_BEGIN "0039" HELLO_END,
	  "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9b",
	  "e221af44860018ab0856972e194cd934" },
	{ INITIAL_V2, CENSOR_QUIC_V2, "8b1a0bc121284290a29e0971b5cd045d",
	  "91f73e2351d8fa91660e909f", "45b95e15235d6f45a6b19cbcb0294ba9",
	  HELLO_BEGIN "0039" HELLO_END,
	  "d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485dd04de806071",
	  "a18b2faa745b6fe189cf772a9f84cbfc" },
	{ INITIAL_DRAFT, CENSOR_QUIC_DRAFT_29, "175257a31eb09dea9366d8bb79ad80ba",
	  "6b26114b9cba2b63a9e8dd4f", "9ddd12c994c0698b89374a9c077a3077",
	  HELLO_BEGIN "ffa5" HELLO_END,
	  "cdff00001d088394c8f03e5157080000449e9cdb990bfb66bc6a93032b50dd8973972d149421",
	  "1802771a449b30f3fa2289852607b660" },
};

static void test_keys(void **state)
{
	struct censor_quic_packet packet = { .dcid_len = 8 };
	struct censor_quic_keys keys;
	u8 dcid[8];
	size_t i;

	(void)state;
	unhex(dcid, "8394c8f03e515708");
	packet.dcid = dcid;
	for (i = 0; i < ARRAY_SIZE(vectors); i++) {
		packet.version = vectors[i].number;
		censor_quic_client_keys(&packet, &keys);
		assert_hex(keys.key, 16, vectors[i].key);
		assert_hex(keys.iv, 12, vectors[i].iv);
		assert_hex(keys.hp, 16, vectors[i].hp);
	}
}

static void test_vectors(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vectors); i++) {
		struct initial packet = { .version = vectors[i].version, .dcid_len = 8,
					  .number = 2, .fill = 1200, .frames = frames };
		u32 len;

		setup(state);
		unhex(packet.dcid, "8394c8f03e515708");
		len = unhex(expected, vectors[i].hello);
		packet.len = initial_crypto(frames, 0, expected, len);
		assert_int_equal(initial_put(buf, &packet), 1200);
		/* It is the RFC's: a tag is of all bytes. */
		assert_hex(buf, 38, vectors[i].begin);
		assert_hex(buf + 1184, 16, vectors[i].tag);
		assert_int_equal(looks(buf, 1200), CENSOR_FOUND_ALL);
		assert_int_equal(seen.version, vectors[i].number);
		assert_int_equal(initial(buf, 1200), CENSOR_FOUND_ALL);
		assert_int_equal(seen.version, vectors[i].number);
		assert_int_equal(seen.decrypted, 1);
		assert_hello(len);
	}
}

/* Headers of which each byte counts: what they look like, and of which version. */
static void test_looks(void **state)
{
#define CIDS	"08 8394c8f03e515708 00 "
#define SAMPLE	"1e9cdb99 00112233445566778899aabbccddeeff "
	static const struct {
		const char *packet;
		enum censor_found found;
		u8 version;
	} rows[] = {
		{ "c0 00000001" CIDS "00 14" SAMPLE, CENSOR_FOUND_ALL, CENSOR_QUIC_V1 },
		{ "c0 00000001" CIDS "00 4014" SAMPLE, CENSOR_FOUND_ALL, CENSOR_QUIC_V1 },
		{ "c0 00000001" CIDS "00 c000000000000014" SAMPLE, CENSOR_FOUND_ALL,
		  CENSOR_QUIC_V1 },
		{ "d0 6b3343cf" CIDS "00 14" SAMPLE, CENSOR_FOUND_ALL, CENSOR_QUIC_V2 },
		{ "c0 ff00001d" CIDS "00 14" SAMPLE, CENSOR_FOUND_ALL, CENSOR_QUIC_DRAFT_29 },
		/* Connection IDs of 0 and of 20, and none longer. */
		{ "c0 00000001 00 00 00 14" SAMPLE, CENSOR_FOUND_ALL, CENSOR_QUIC_V1 },
		{ "c0 00000001 14 0011223344556677889900112233445566778899"
		  "14 0011223344556677889900112233445566778899 00 14" SAMPLE, CENSOR_FOUND_ALL,
		  CENSOR_QUIC_V1 },
		{ "c0 00000001 15 001122334455667788990011223344556677889900 00 00 14" SAMPLE,
		  CENSOR_FOUND_NOT, 0 },
		{ "c0 00000001 00 15 001122334455667788990011223344556677889900 00 14" SAMPLE,
		  CENSOR_FOUND_NOT, 0 },
		/* A token. */
		{ "c0 00000001" CIDS "03 aabbcc 14" SAMPLE, CENSOR_FOUND_ALL, CENSOR_QUIC_V1 },
		{ "c0 00000001" CIDS "40ff aabbcc 14" SAMPLE, CENSOR_FOUND_NOT, 0 },
		{ "c0 00000001" CIDS "ffffffffffffffff aabbcc 14" SAMPLE, CENSOR_FOUND_NOT, 0 },
		{ "c0 00000001" CIDS "c000000100000000 14" SAMPLE, CENSOR_FOUND_NOT, 0 },
		/* Lengths: too short to sample, a tag's bytes too long, and longer. */
		{ "c0 00000001" CIDS "00 13" SAMPLE, CENSOR_FOUND_NOT, 0 },
		{ "c0 00000001" CIDS "00 24" SAMPLE, CENSOR_FOUND_ALL, CENSOR_QUIC_V1 },
		{ "c0 00000001" CIDS "00 25" SAMPLE, CENSOR_FOUND_NOT, 0 },
		{ "c0 00000001" CIDS "00 ffffffffffffffff" SAMPLE, CENSOR_FOUND_NOT, 0 },
		{ "c0 00000001" CIDS "00 80000014" SAMPLE, CENSOR_FOUND_ALL, CENSOR_QUIC_V1 },
		/* No fixed bit, no long header. */
		{ "80 00000001" CIDS "00 14" SAMPLE, CENSOR_FOUND_NOT, 0 },
		{ "40 00000001" CIDS "00 14" SAMPLE, CENSOR_FOUND_NOT, 0 },
		/* 0-RTT, Handshake, Retry; version 2's are one further. */
		{ "d0 00000001" CIDS "14" SAMPLE, CENSOR_FOUND_BAD, CENSOR_QUIC_V1 },
		{ "e0 00000001" CIDS "14" SAMPLE, CENSOR_FOUND_BAD, CENSOR_QUIC_V1 },
		{ "f0 00000001" CIDS SAMPLE, CENSOR_FOUND_BAD, CENSOR_QUIC_V1 },
		{ "e0 6b3343cf" CIDS "14" SAMPLE, CENSOR_FOUND_BAD, CENSOR_QUIC_V2 },
		{ "f0 6b3343cf" CIDS "14" SAMPLE, CENSOR_FOUND_BAD, CENSOR_QUIC_V2 },
		{ "c0 6b3343cf" CIDS SAMPLE, CENSOR_FOUND_BAD, CENSOR_QUIC_V2 },
		{ "f0 00000001" CIDS "00112233445566778899aabbccddeeff", CENSOR_FOUND_NOT, 0 },
		{ "d0 00000001" CIDS "4040" SAMPLE, CENSOR_FOUND_NOT, 0 },
		/* 0-RTT before an Initial, and before nothing. */
		{ "d0 00000001" CIDS "14" SAMPLE "c0 00000001" CIDS "00 14" SAMPLE,
		  CENSOR_FOUND_ALL, CENSOR_QUIC_V1 },
		{ "d0 00000001" CIDS "14" SAMPLE "40 00000001", CENSOR_FOUND_BAD,
		  CENSOR_QUIC_V1 },
		/* Negotiation, whose fixed bit means nothing, and whose versions fill it. */
		{ "80 00000000" CIDS "00000001", CENSOR_FOUND_BAD, CENSOR_QUIC_NEGOTIATION },
		{ "ff 00000000" CIDS "00000001 6b3343cf", CENSOR_FOUND_BAD,
		  CENSOR_QUIC_NEGOTIATION },
		{ "80 00000000" CIDS "000001", CENSOR_FOUND_NOT, 0 },
		{ "80 00000000" CIDS, CENSOR_FOUND_NOT, 0 },
		{ "80 00000000 00 06 aabb", CENSOR_FOUND_NOT, 0 },
		/* Others' versions, and nobody's. */
		{ "c0 00000002" CIDS "00", CENSOR_FOUND_BAD, CENSOR_QUIC_OTHER },
		{ "c0 00000002 00 06 aabb", CENSOR_FOUND_NOT, 0 },
		{ "c0 ff00001c" CIDS "00", CENSOR_FOUND_BAD, CENSOR_QUIC_OTHER },
		{ "c0 1a2a3a4a" CIDS "00", CENSOR_FOUND_BAD, CENSOR_QUIC_OTHER },
		{ "c0 51303530" CIDS "00", CENSOR_FOUND_BAD, CENSOR_QUIC_OTHER },
		{ "c0 709a50c4" CIDS "00", CENSOR_FOUND_BAD, CENSOR_QUIC_OTHER },
		{ "c0 1b2a3a4a" CIDS "00", CENSOR_FOUND_NOT, 0 },
		{ "c0 12345678" CIDS "00", CENSOR_FOUND_NOT, 0 },
		{ "c0 6b3343ce" CIDS "00", CENSOR_FOUND_NOT, 0 },
	};
	u8 packet[128];
	size_t i;
	u32 len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		len = unhex(packet, rows[i].packet);
		if (looks(packet, len) != rows[i].found)
			fail_msg("%s: not %d", rows[i].packet, rows[i].found);
		if (rows[i].found != CENSOR_FOUND_NOT)
			assert_int_equal(seen.version, rows[i].version);
		initial(packet, len);
		/* Cut off, it is whatever it is; nothing behind the cut is read. */
		while (len--) {
			looks(packet, len);
			initial(packet, len);
		}
	}
}

/* What of it a model reads, and who sent it. */
static void test_looks_at(void **state)
{
	struct initial packet = ordinary(300);
	struct censor_look look = { .data = buf, .model = &model };
	u32 len = initial_put(buf, &packet);

	(void)state;
	look.len = len;
	look.whole = len;
	look.answer = true;
	assert_int_equal(censor_quic_looks(&look, &seen), CENSOR_FOUND_BAD);
	assert_int_equal(seen.version, CENSOR_QUIC_V1);
	model.quic_versions = CENSOR_QUIC_READ_V2 | CENSOR_QUIC_READ_DRAFT_29;
	assert_int_equal(looks(buf, len), CENSOR_FOUND_BAD);
	assert_int_equal(initial(buf, len), CENSOR_FOUND_NOT);
	assert_int_equal(seen.decrypted, 0);
	assert_int_equal(seen.version, CENSOR_QUIC_V1);
	model.quic_versions = CENSOR_QUIC_READ_V1;
	assert_int_equal(initial(buf, len), CENSOR_FOUND_ALL);
	packet.version = INITIAL_V2;
	len = initial_put(buf, &packet);
	assert_int_equal(looks(buf, len), CENSOR_FOUND_BAD);
	assert_int_equal(seen.version, CENSOR_QUIC_V2);
}

/* CENSORS.md 2.5: what was still matched, and what was not. */
static void test_quirks(void **state)
{
	struct initial packet;
	u32 len, at;

	(void)state;
	model.quic_assemble = CENSOR_QUIC_ASSEMBLE_FRAME;
	for (len = 1; len <= 4; len++) {
		packet = ordinary(300);
		packet.number_len = (u8)len;
		packet.number = 0x01020304;
		assert_int_equal(read_initial(&packet), CENSOR_FOUND_ALL);
		assert_hello(300);
	}
	packet = ordinary(300);
	packet.dcid_len = 0;
	assert_int_equal(read_initial(&packet), CENSOR_FOUND_ALL);
	packet = ordinary(50);
	packet.fill = 100;
	assert_int_equal(read_initial(&packet), CENSOR_FOUND_ALL);
	assert_hello(50);
	packet = ordinary(300);
	packet.scid_len = 20;
	packet.token_len = 77;
	assert_int_equal(read_initial(&packet), CENSOR_FOUND_ALL);
	packet.scid_len = 21;
	assert_int_equal(read_initial(&packet), CENSOR_FOUND_NOT);
	packet = ordinary(300);
	packet.reserved = 4;
	assert_int_equal(read_initial(&packet), CENSOR_FOUND_NOT);

	/* A CRYPTO frame that says it is empty. */
	packet = ordinary(300);
	at = unhex(frames, "06 00 00");
	memcpy(frames + at, expected, 300);
	packet.len = at + 300;
	packet.fill = 0;
	assert_int_equal(read_initial(&packet), CENSOR_FOUND_ALL);
	assert_hello(300);
	packet.fill = 1200;
	assert_int_equal(read_initial(&packet), CENSOR_FOUND_ALL);
	assert_memory_equal(hello.bytes, expected, 300);
	/* Only as the handshake's first. */
	frames[1] = 5;
	model.quic_assemble = CENSOR_QUIC_ASSEMBLE_FLOW;
	assert_int_equal(read_initial(&packet), CENSOR_FOUND_NOT);
	model.quic_assemble = CENSOR_QUIC_ASSEMBLE_FRAME;
	/* But of one that is, with a PING behind it, nothing is made up. */
	packet.len = unhex(frames, "06 00 00 01 00 00 00 00 00 00");
	assert_int_equal(read_initial(&packet), CENSOR_FOUND_NOT);
}

/* With the tag checked, no byte may be another; without, the ClientHello's and the header's. */
static void test_tag(void **state)
{
	struct initial packet = ordinary(300);
	u32 len = initial_put(buf, &packet), i;

	(void)state;
	for (i = 0; i < len; i++) {
		buf[i] ^= 0x01;
		hello.n = 0;
		assert_int_not_equal(initial(buf, len), CENSOR_FOUND_ALL);
		assert_int_equal(hello.n, 0);
		buf[i] ^= 0x01;
	}
	assert_int_equal(initial(buf, len), CENSOR_FOUND_ALL);
	/* A datagram whose last byte is gone (CENSORS.md 2.5), or its whole tag, or more. */
	for (i = 1; i < 40; i++) {
		hello.n = 0;
		assert_int_equal(initial(buf, len - i), CENSOR_FOUND_NOT);
	}

	model.quic_tag = false;
	for (i = 1; i <= 16; i++) {
		hello.n = 0;
		assert_int_equal(looks(buf, len - i), CENSOR_FOUND_ALL);
		assert_int_equal(initial(buf, len - i), CENSOR_FOUND_ALL);
		assert_hello(300);
	}
	hello.n = 0;
	assert_int_equal(initial(buf, len - 17), CENSOR_FOUND_NOT);
	buf[len - 1] ^= 0x80;
	assert_int_equal(initial(buf, len), CENSOR_FOUND_ALL);
	assert_hello(300);
}

/* What a capture left out is not a lie: what is there is read, if no tag is asked for. */
static void test_cut(void **state)
{
	struct initial packet = ordinary(1000);
	u32 len = initial_put(buf, &packet), cut;

	(void)state;
	assert_int_equal(read_part(buf, 400, len, true), CENSOR_FOUND_NOT);
	model.quic_tag = false;
	for (cut = 0; cut < 38; cut++) {
		assert_int_equal(read_part(buf, cut, len, false), CENSOR_FOUND_NOT);
		assert_int_equal(read_part(buf, cut, len, true), CENSOR_FOUND_NOT);
	}
	for (cut = 38; cut < len; cut++) {
		hello.n = 0;
		assert_int_equal(read_part(buf, cut, len, false), CENSOR_FOUND_ALL);
		assert_int_equal(read_part(buf, cut, len, true), CENSOR_FOUND_ALL);
		assert_int_equal(hello.n, 1);
		/* The header is 22 bytes, a CRYPTO frame's 4. */
		assert_int_equal(hello.span[0].to, min(cut - 26, 1000u));
		assert_memory_equal(hello.bytes, expected, hello.span[0].to);
	}
	/* Of a packet larger than any wire's, its beginning; its tag is not worth the time. */
	packet = ordinary(1900);
	packet.fill = 40000;
	len = initial_put(buf, &packet);
	hello.n = 0;
	assert_int_equal(initial(buf, len), CENSOR_FOUND_ALL);
	assert_hello(sizeof(scratch.payload) - 4);
	model.quic_tag = true;
	assert_int_equal(initial(buf, len), CENSOR_FOUND_NOT);
}

/* Keys of another connection: a client's second flight, a server's answer, another version's. */
static void test_keys_wrong(void **state)
{
	static const u8 first[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct initial packet;
	u32 i;

	(void)state;
	for (i = 0; i < 600; i++) {
		model.quic_tag = i & 1;
		packet = ordinary(300);
		packet.number = i;
		packet.dcid[0] = (u8)i;
		if (i % 3 == 0) {
			packet.keys = first;
			packet.keys_len = 8;
		} else if (i % 3 == 1) {
			packet.server = true;
		} else {
			initial_put(buf, &packet);
			censor_put32(buf + 1, INITIAL_DRAFT);
			assert_int_equal(initial(buf, 1200), CENSOR_FOUND_NOT);
			continue;
		}
		assert_int_equal(read_initial(&packet), CENSOR_FOUND_NOT);
		assert_int_equal(hello.n, 0);
		assert_int_equal(seen.decrypted, 1);
	}
}

/* Payloads: whether they are frames, and what is known of the ClientHello by three ways to read. */
static void test_frames(void **state)
{
	static const struct {
		const char *payload;
		int alone, all;	/* bytes from 0 on; -1: not frames */
	} rows[] = {
		{ "", -1, -1 },
		{ "06 00 04 aabbccdd", 4, 4 },
		{ "06 00 04 aabbccdd 0000", 4, 4 },
		{ "06 00 4004 aabbccdd", 4, 4 },
		{ "06 c000000000000000 80000004 aabbccdd", 4, 4 },
		/* Not alone. */
		{ "00 06 00 04 aabbccdd", 0, 4 },
		{ "01 06 00 04 aabbccdd", 0, 4 },
		{ "06 00 04 aabbccdd 01", 0, 4 },
		{ "06 00 04 aabbccdd 00 01", 0, 4 },
		{ "06 00 02 aabb 06 02 02 ccdd", 0, 4 },
		{ "06 02 02 ccdd 00 06 00 02 aabb 0101", 0, 4 },
		{ "06 00 04 aabbccdd 06 00 04 aabbccdd", 0, 4 },
		{ "06 00 03 aabbcc 06 01 03 bbccdd", 0, 4 },
		{ "06 04 01 ee 06 00 06 aabbccddeeff", 0, 6 },
		/* Not from the beginning. */
		{ "06 01 04 aabbccdd", 0, 0 },
		{ "06 00 01 aa 06 02 01 cc", 0, 1 },
		/* ACK, with ranges and ECN counts; CONNECTION_CLOSE. */
		{ "02 00 00 00 00 06 00 01 aa", 0, 1 },
		{ "02 05 4064 02 00 01 01 01 01 06 00 01 aa", 0, 1 },
		{ "03 05 00 00 00 01 02 03 06 00 01 aa", 0, 1 },
		{ "1c 00 06 00 06 00 01 aa", 0, 1 },
		{ "1c 00 06 02 6162 06 00 01 aa", 0, 1 },
		{ "01", 0, 0 },
		{ "00 00", 0, 0 },
		{ "06 00 00", 0, 0 },
		/* Nothing, and not a ClientHello behind it. */
		{ "06 00 00 00 00 00 01 03 05 00 00 00 01 02 03", 0, 0 },
		{ "06 00 00 01 00 00 00 03 05 00 00 00 01 02 03", 0, 0 },
		{ "06 00 00 01 00 00 01 03 05 00 00 00 01 02", 11, 11 },
		/* Beyond what is kept, at its end, and beyond what there is. */
		{ "06 4800 01 aa", 0, 0 },
		{ "06 00 01 aa 06 47ff 02 aabb", 0, 1 },
		{ "06 00 01 aa 06 ffffffffffffffff 00", 0, 1 },
		{ "06 00 01 aa 06 fffffffffffffffe 01 00", 0, 1 },
		{ "06 00 01 aa 06 ffffffffffffffff 01 00", -1, -1 },
		/* Lies. */
		{ "06 00 05 aabbccdd", -1, -1 },
		{ "06 00 ffffffffffffffff aabbccdd", -1, -1 },
		{ "06 00 c0000000000000 ", -1, -1 },
		{ "06 00", -1, -1 },
		{ "06", -1, -1 },
		{ "06 40", -1, -1 },
		{ "02 00 00 ffffffffffffffff 00 00 00", -1, -1 },
		{ "02 00 00 07 00 00 00", -1, -1 },
		{ "02 00 00 00", -1, -1 },
		{ "03 00 00 00 00 00 00", -1, -1 },
		{ "1c 00 00 05 61", -1, -1 },
		{ "1c 00 00 ffffffffffffffff 61", -1, -1 },
		{ "1c 00", -1, -1 },
		/* Frames of other packets, and a type that is longer than it need be. */
		{ "06 00 01 aa 1d 00 00 00", -1, -1 },
		{ "06 00 01 aa 08 00 61", -1, -1 },
		{ "06 00 01 aa 1e", -1, -1 },
		{ "06 00 01 aa 4006", -1, -1 },
		{ "04 00 00 00", -1, -1 },
	};
	u8 payload[64];
	size_t i;
	u32 mode;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		for (mode = 0; mode < CENSOR_QUIC_ASSEMBLES; mode++) {
			u32 len = unhex(payload, rows[i].payload);
			u8 *copy = malloc(len);
			int known = -1;

			if (len)
				memcpy(copy, payload, len);
			hello.n = 0;
			if (censor_quic_frames(copy, len, false, (u8)mode, &hello))
				known = hello.n && !hello.span[0].from ? hello.span[0].to : 0;
			free(copy);
			if (known != (mode == CENSOR_QUIC_ASSEMBLE_FRAME ? rows[i].alone :
									   rows[i].all))
				fail_msg("%s, %u: %d", rows[i].payload, mode, known);
			if (known < 0)
				assert_int_equal(hello.n, 0);
			if (hello.n) {
				assert_in_range(hello.n, 1, 2);
				assert_true(hello.span[hello.n - 1].from <
					    hello.span[hello.n - 1].to);
				assert_true(hello.span[hello.n - 1].to <= CENSOR_QUIC_HELLO_SIZE);
			}
			if (known == 11)
				assert_memory_equal(hello.bytes, "\1\0\0\1\3\5", 6);
			else if (known > 0)
				assert_memory_equal(hello.bytes, "\xaa\xbb\xcc\xdd\xee\xff",
						    (u32)known);
		}
}

/* More pieces apart than are kept; what is missing comes later. */
static void test_spans(void **state)
{
	u32 i, len;

	(void)state;
	for (i = 0; i < 20; i++) {
		u8 byte = (u8)i;

		len = initial_crypto(frames, 2 * i + 1, &byte, 1);
		assert_true(censor_quic_frames(frames, len, false, model.quic_assemble, &hello));
	}
	assert_int_equal(hello.n, CENSOR_QUIC_SPANS_MAX);
	assert_int_equal(hello.span[CENSOR_QUIC_SPANS_MAX - 1].to, 32);
	/* One that touches is kept even so, and one that closes gaps makes room. */
	len = initial_crypto(frames, 32, (const u8 *)"x", 1);
	assert_true(censor_quic_frames(frames, len, false, model.quic_assemble, &hello));
	assert_int_equal(hello.span[CENSOR_QUIC_SPANS_MAX - 1].to, 33);
	len = initial_crypto(frames, 0, (const u8 *)"0123456789", 10);
	assert_true(censor_quic_frames(frames, len, false, model.quic_assemble, &hello));
	assert_int_equal(hello.n, CENSOR_QUIC_SPANS_MAX - 4);
	assert_int_equal(hello.span[0].from, 0);
	assert_int_equal(hello.span[0].to, 10);
	/* What came first stays. */
	assert_memory_equal(hello.bytes, "0\0" "2\1" "4\2" "6\3" "8\4", 10);
}

/* Several packets in a datagram: of one connection, and of others. */
static void test_coalesced(void **state)
{
	struct initial packet = ordinary(300), other;
	u32 len, i;

	(void)state;
	packet.fill = 0;
	packet.len = initial_crypto(frames, 100, expected + 100, 200);
	len = initial_put(buf, &packet);
	assert_int_equal(initial(buf, len), CENSOR_FOUND_MORE);
	other = packet;
	other.type = INITIAL_ZERO_RTT;
	len += initial_put(buf + len, &other);
	packet.len = initial_crypto(frames, 0, expected, 100);
	packet.number = 1;
	len += initial_put(buf + len, &packet);
	memset(buf + len, 0, 50);
	hello.n = 0;
	assert_int_equal(initial(buf, len + 50), CENSOR_FOUND_ALL);
	assert_int_equal(seen.decrypted, 2);
	assert_hello(300);

	/* With another connection ID or version, it counts nowhere. */
	packet = ordinary(100);
	packet.fill = 0;
	packet.dcid[7] = 0;	/* as the length of the source connection ID that follows */
	len = initial_put(buf, &packet);
	packet.len = initial_crypto(frames, 100, expected, 100);
	packet.dcid[3] ^= 1;
	len += initial_put(buf + len, &packet);
	packet.dcid[3] ^= 1;
	packet.dcid_len = 7;
	len += initial_put(buf + len, &packet);
	packet.dcid_len = 8;
	packet.version = INITIAL_V2;
	len += initial_put(buf + len, &packet);
	hello.n = 0;
	assert_int_equal(initial(buf, len), CENSOR_FOUND_ALL);
	assert_int_equal(seen.decrypted, 1);
	assert_hello(100);

	/* Two that stand alone are still not one: the first counts. */
	model.quic_assemble = CENSOR_QUIC_ASSEMBLE_FRAME;
	packet = ordinary(100);
	packet.fill = 0;
	len = initial_put(buf, &packet);
	packet = ordinary(200);
	len += initial_put(buf + len, &packet);
	assert_int_equal(initial(buf, len), CENSOR_FOUND_ALL);
	assert_int_equal(hello.span[0].to, 100);
	model.quic_assemble = CENSOR_QUIC_ASSEMBLE_FLOW;

	/* A header longer than there is room for has no tag that could be checked. */
	packet.token_len = 1600;
	len = initial_put(buf, &packet);
	hello.n = 0;
	assert_int_equal(initial(buf, len), CENSOR_FOUND_NOT);
	model.quic_tag = false;
	assert_int_equal(initial(buf, len), CENSOR_FOUND_ALL);
	model.quic_tag = true;

	/* Many are not looked at. */
	packet = ordinary(100);
	packet.fill = 0;
	packet.len = unhex(frames, "01 00 00 00");
	for (len = 0, i = 0; i < 8; i++)
		len += initial_put(buf + len, &packet);
	packet = ordinary(100);
	len += initial_put(buf + len, &packet);
	hello.n = 0;
	assert_int_equal(initial(buf, len), CENSOR_FOUND_MORE);
	assert_int_equal(seen.decrypted, 8);
}

/* A ClientHello in two datagrams, and in one of two frames, to those who assemble less and more. */
static void test_assemble(void **state)
{
	static const enum censor_found first[] = { CENSOR_FOUND_NOT, CENSOR_FOUND_MORE,
						   CENSOR_FOUND_MORE };
	static const enum censor_found second[] = { CENSOR_FOUND_ALL, CENSOR_FOUND_ALL,
						    CENSOR_FOUND_ALL };
	static const enum censor_found both[] = { CENSOR_FOUND_NOT, CENSOR_FOUND_ALL,
						  CENSOR_FOUND_ALL };
	struct initial packet;
	u32 mode, len;

	(void)state;
	for (mode = 0; mode < CENSOR_QUIC_ASSEMBLES; mode++) {
		model.quic_assemble = (u8)mode;
		packet = ordinary(300);
		packet.len = initial_crypto(frames, 200, expected + 200, 100);
		hello.n = 0;
		len = initial_put(buf, &packet);
		assert_int_equal(initial(buf, len), first[mode]);
		packet.len = initial_crypto(frames, 0, expected, 200);
		len = initial_put(buf, &packet);
		assert_int_equal(initial(buf, len), second[mode]);
		assert_hello(mode == CENSOR_QUIC_ASSEMBLE_FLOW ? 300 : 200);

		packet.len = initial_crypto(frames, 200, expected + 200, 100);
		packet.len += initial_crypto(frames + packet.len, 0, expected, 200);
		assert_int_equal(read_initial(&packet), both[mode]);
	}
}

struct piece {
	u32 from, to;
};

/* What is known of which byte. */
static bool known[CENSOR_QUIC_HELLO_SIZE];

static void assert_known(u32 len)
{
	u32 i, n = 0, at = 0;

	for (i = 0; i < hello.n; i++) {
		assert_true(hello.span[i].from < hello.span[i].to);
		assert_true(!i || hello.span[i - 1].to < hello.span[i].from);
	}
	for (i = 0; i < len; i++) {
		while (at < hello.n && hello.span[at].to <= i)
			at++;
		assert_int_equal(known[i], at < hello.n && hello.span[at].from <= i);
		if (known[i]) {
			assert_int_equal(hello.bytes[i], expected[i]);
			n++;
		}
	}
	assert_true(n <= len);
}

/* A piece as a CRYPTO frame, with what may stand before it. */
static u32 chaos_put(u8 *out, u64 *random, const struct piece *piece)
{
	u32 at = 0, n;

	switch (wire_random(random) % 6) {
	case 0:
		n = wire_random(random) % 20;
		memset(out, 0, n);
		at = n;
		break;
	case 1:
		out[at++] = 1;
		break;
	case 2:
		at = unhex(out, "02 05 4064 01 00 01 01");
		break;
	}
	return at + initial_crypto(out + at, piece->from, expected + piece->from,
				   piece->to - piece->from);
}

/*
 * @len bytes in @n pieces without holes, in any order, some of them longer than they need be.
 * Return: whether each of them fits into a packet.
 */
static bool shatter(struct piece *pieces, u64 *random, u32 len, u32 n)
{
	u32 at = 0, longest = 0, i, j;

	for (i = 0; i < n; i++) {
		u32 end = i == n - 1 ? len : at + (u32)(wire_random(random) % (len - at + 1));

		pieces[i] = (struct piece){ at, end };
		at = end;
		if (!(wire_random(random) % 4)) {
			pieces[i].from -= wire_random(random) % (pieces[i].from + 1);
			pieces[i].to += wire_random(random) % (len - pieces[i].to + 1);
		}
		longest = max(longest, pieces[i].to - pieces[i].from);
	}
	for (i = n; i-- > 1;) {
		struct piece piece = pieces[i];

		j = wire_random(random) % (i + 1);
		pieces[i] = pieces[j];
		pieces[j] = piece;
	}
	return longest <= 1400;
}

/* Pieces into a payload, as long as they fit and chance will. Return: pieces. */
static u32 chaos_payload(struct initial *packet, u64 *random, const struct piece *pieces, u32 n)
{
	u32 done = 0, size, i;

	packet->len = 0;
	do {
		size = chaos_put(frames + packet->len, random, &pieces[done]);
		if (packet->len + size > 1500)
			break;
		packet->len += size;
		for (i = pieces[done].from; i < pieces[done].to; i++)
			known[i] = true;
		done++;
	} while (done < n && wire_random(random) % 4);
	return done;
}

static void test_chaos(void **state)
{
	u64 random = getenv("QUIC_SEED") ? strtoull(getenv("QUIC_SEED"), NULL, 0) : 7;
	u32 rounds = getenv("QUIC_ROUNDS") ? (u32)atoi(getenv("QUIC_ROUNDS")) : 3000;
	struct piece pieces[16];
	enum censor_found found = CENSOR_FOUND_NOT;

	(void)state;
	while (rounds--) {
		u32 len = 100 + wire_random(&random) % (CENSOR_QUIC_HELLO_SIZE - 100);
		struct initial packet = ordinary(len);
		u32 n = 1 + wire_random(&random) % 16, at = 0, i;

		if (!shatter(pieces, &random, len, n))
			continue;
		memset(known, 0, sizeof(known));
		hello.n = 0;
		packet.version = vectors[wire_random(&random) % 3].version;
		model.quic_tag = wire_random(&random) & 1;
		for (i = 0; i < n;) {
			i += chaos_payload(&packet, &random, pieces + i, n - i);
			packet.fill = wire_random(&random) & 1 ? 1200 : 0;
			packet.number_len = (u8)(1 + wire_random(&random) % 4);
			packet.number++;
			at += initial_put(buf + at, &packet);
			/* Another packet in the same datagram? */
			if (i < n && at < 6000 && !(wire_random(&random) % 3))
				continue;
			found = initial(buf, at);
			at = 0;
			assert_known(len);
		}
		assert_int_equal(found, CENSOR_FOUND_ALL);
		assert_hello(len);
	}
}

/* Any bytes of a packet changed: a verdict, and nothing read that is not there. */
static void test_hostile(void **state)
{
	u64 random = 11;
	u32 round, i;

	(void)state;
	for (round = 0; round < 20000; round++) {
		struct initial packet = ordinary(100);
		u32 len;

		packet.fill = wire_random(&random) % 300;
		packet.longer = round & 1 ? 0 : (int)(wire_random(&random) % 64) - 32;
		packet.token_len = wire_random(&random) % 4 ? 0 : wire_random(&random) % 100;
		len = initial_put(buf, &packet);
		for (i = wire_random(&random) % 4; i; i--)
			buf[wire_random(&random) % min(len, 40u)] = (u8)wire_random(&random);
		len -= wire_random(&random) % 3 ? 0 : wire_random(&random) % len;
		model.quic_tag = wire_random(&random) & 1;
		model.quic_assemble = (u8)(wire_random(&random) % CENSOR_QUIC_ASSEMBLES);
		hello.n = 0;
		if (looks(buf, len) == CENSOR_FOUND_NOT)
			assert_int_equal(initial(buf, len), CENSOR_FOUND_NOT);
		else
			initial(buf, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_keys, setup),
		cmocka_unit_test_setup(test_vectors, setup),
		cmocka_unit_test_setup(test_looks, setup),
		cmocka_unit_test_setup(test_looks_at, setup),
		cmocka_unit_test_setup(test_quirks, setup),
		cmocka_unit_test_setup(test_tag, setup),
		cmocka_unit_test_setup(test_cut, setup),
		cmocka_unit_test_setup(test_keys_wrong, setup),
		cmocka_unit_test_setup(test_frames, setup),
		cmocka_unit_test_setup(test_spans, setup),
		cmocka_unit_test_setup(test_coalesced, setup),
		cmocka_unit_test_setup(test_assemble, setup),
		cmocka_unit_test_setup(test_chaos, setup),
		cmocka_unit_test_setup(test_hostile, setup),
	};

	return cmocka_run_group_tests_name("quic", tests, NULL, NULL);
}
