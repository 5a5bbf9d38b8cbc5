// SPDX-License-Identifier: GPL-2.0
/* The parts of a ClientHello: known as they arrive, in records or without. */
#include "test.h"
#include "tls.h"
#include "tls-build.h"
#include "tls-captured.h"

#define ALL_PARTS	0x7f
#define HAS(what)	(1u << CENSOR_TLS_HAS_##what)

static struct censor_tls_hello hello;
static struct build b;
static u8 stream[70000];

static const u16 usual[] = { 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f };

static void begin(void)
{
	build_hello(&b, 0x0303, usual, ARRAY_SIZE(usual));
}

/* From a copy of just so many bytes: the sanitizer sees reads beyond. */
static enum censor_found read_hello(u32 len, u8 wants)
{
	u8 *copy = malloc(len ? len : 1);
	enum censor_found found;

	memcpy(copy, b.bytes, len);
	memset(&hello, 0xa5, sizeof(hello));
	found = censor_tls_hello(copy, len, false, wants, &hello);
	free(copy);
	return found;
}

static enum censor_found read_all(u8 wants)
{
	return read_hello(b.len, wants);
}

static enum censor_found read_stream(u32 len, bool together, u8 wants)
{
	u8 *copy = malloc(len ? len : 1), *records = malloc(len ? len : 1);
	struct censor_look look = { .data = copy, .len = len, .whole = len };
	enum censor_found found;

	memcpy(copy, stream, len);
	memset(&hello, 0xa5, sizeof(hello));
	found = censor_tls_client(&look, together ? records : NULL, wants, &hello);
	free(copy);
	free(records);
	return found;
}

static void expect_name(const char *name)
{
	assert_true(hello.known & CENSOR_TLS_SNI);
	assert_int_equal(hello.sni_len, strlen(name));
	assert_memory_equal(hello.sni, name, strlen(name));
}

static void expect_alpn(const char *list)
{
	assert_true(hello.known & CENSOR_TLS_ALPN);
	assert_int_equal(hello.alpn_len, strlen(list));
	assert_memory_equal(hello.alpn, list, strlen(list));
}

static void test_names(void **state)
{
	static const char *const rows[][2] = {
		{ "facebook.com", "facebook.com" },
		{ "WWW.FaceBook.COM", "www.facebook.com" },
		{ "facebook.com.", "facebook.com" },
		{ "facebook.com..", "facebook.com." },
		{ ".", "." },
		{ "facebook.com:443", "facebook.com:443" },
		{ "facebook.com:443.", "facebook.com:443" },
		{ "b\xc3\xbc" "cher.example", "b\xc3\xbc" "cher.example" },
		{ "\xff\x80\xc1", "\xff\x80\xc1" },
		{ "192.0.2.1", "192.0.2.1" },
		{ " a b\t", " a b\t" },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		begin();
		build_name(&b, rows[i][0], (u32)strlen(rows[i][0]));
		assert_int_equal(read_all(CENSOR_TLS_SNI), CENSOR_FOUND_ALL);
		expect_name(rows[i][1]);
		assert_int_equal(hello.known, CENSOR_TLS_SNI);
		assert_int_equal(hello.sni_at, b.len - strlen(rows[i][0]));
	}
	begin();
	build_name(&b, "a\0B", 3);
	assert_int_equal(read_all(CENSOR_TLS_SNI), CENSOR_FOUND_ALL);
	assert_int_equal(hello.sni_len, 3);
	assert_memory_equal(hello.sni, "a\0b", 3);
}

static void test_no_name(void **state)
{
	(void)state;
	/* No extensions at all, an empty list of them, others. */
	begin();
	assert_int_equal(read_all(ALL_PARTS), CENSOR_FOUND_ALL);
	expect_name("");
	assert_int_equal(hello.known, ALL_PARTS);
	assert_int_equal(hello.has, 0);
	assert_int_equal(hello.version, 0x0303);
	expect_alpn("");
	build_number(&b, 0, 2);
	build_lengths(&b);
	assert_int_equal(read_all(ALL_PARTS), CENSOR_FOUND_ALL);
	assert_int_equal(hello.known, ALL_PARTS);
	begin();
	build_extension(&b, 23, NULL, 0);
	assert_int_equal(read_all(ALL_PARTS), CENSOR_FOUND_ALL);
	expect_name("");
	assert_false(hello.has & HAS(SNI));
	/* A list without names, and one without a host's. */
	begin();
	build_extension(&b, 0, "\0\0", 2);
	assert_int_equal(read_all(ALL_PARTS), CENSOR_FOUND_ALL);
	expect_name("");
	assert_true(hello.has & HAS(SNI));
	begin();
	build_extension(&b, 0, "\0\x06\1\0\3abc", 8);
	assert_int_equal(read_all(ALL_PARTS), CENSOR_FOUND_ALL);
	expect_name("");
}

static void test_first_counts(void **state)
{
	(void)state;
	/* Of several names the first that is a host's. */
	begin();
	build_extension(&b, 0, "\0\x10\1\0\1x\0\0\3Abc\0\0\3def", 18);
	assert_int_equal(read_all(CENSOR_TLS_SNI), CENSOR_FOUND_ALL);
	expect_name("abc");
	/* Of several extensions of a kind the first. */
	begin();
	build_name(&b, "one.example", 11);
	build_name(&b, "two.example", 11);
	build_alpn(&b, "h2");
	build_alpn(&b, "http/1.1");
	build_list(&b, 43, 1, 2, (const u16[]){ 0x0303 }, 1);
	build_list(&b, 43, 1, 2, (const u16[]){ 0x0304 }, 1);
	assert_int_equal(read_all(ALL_PARTS), CENSOR_FOUND_ALL);
	expect_name("one.example");
	expect_alpn("h2");
	assert_int_equal(hello.version, 0x0303);
	/* Then even a lie in the second is none of ours. */
	begin();
	build_name(&b, "one.example", 11);
	build_extension(&b, 0, "\xff\xff", 2);
	assert_int_equal(read_all(ALL_PARTS), CENSOR_FOUND_ALL);
	expect_name("one.example");
}

static void test_alpn(void **state)
{
	u8 data[2 + 3 * 256];
	u32 i;

	(void)state;
	begin();
	build_alpn(&b, "h2,http/1.1,H3");
	assert_int_equal(read_all(CENSOR_TLS_ALPN), CENSOR_FOUND_ALL);
	expect_alpn("h2,http/1.1,H3");
	/* One that holds a comma or is empty is left out, and those there is no room for. */
	begin();
	build_extension(&b, 16, "\0\x0b\2h2\3a,b\0\2h3", 13);
	assert_int_equal(read_all(CENSOR_TLS_ALPN), CENSOR_FOUND_ALL);
	expect_alpn("h2,h3");
	for (i = 0; i < 3; i++) {
		data[2 + i * 256] = 255;
		memset(data + 2 + i * 256 + 1, 'a' + i, 255);
	}
	censor_put16(data, 3 * 256);
	begin();
	build_extension(&b, 16, data, sizeof(data));
	assert_int_equal(read_all(CENSOR_TLS_ALPN), CENSOR_FOUND_ALL);
	assert_int_equal(hello.alpn_len, 511);
	assert_int_equal(hello.alpn[510], 'b');
}

static void test_version(void **state)
{
	static const struct {
		u16 legacy, offers[4];
		u32 n;
		u16 version;
	} rows[] = {
		{ 0x0300, {}, 0, 0x0300 },
		{ 0x0301, {}, 0, 0x0301 },
		{ 0x0303, {}, 0, 0x0303 },
		{ 0x0304, {}, 0, 0x0303 },	/* only the extension says 1.3 */
		{ 0xffff, {}, 0, 0x0303 },
		{ 0x0303, { 0x0304, 0x0303 }, 2, 0x0304 },
		{ 0x0303, { 0x0302, 0x0303, 0x0301 }, 3, 0x0303 },
		{ 0x0303, { 0xfafa, 0x0303, 0x0a0a }, 3, 0x0303 },
		{ 0x0303, { 0x7f1c, 0x0303 }, 2, 0x0304 },
		{ 0x0302, { 0x1234 }, 1, 0x0302 },
		{ 0x0302, { 0x5a5a }, 1, 0x0302 },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		build_hello(&b, rows[i].legacy, usual, ARRAY_SIZE(usual));
		if (rows[i].n)
			build_list(&b, 43, 1, 2, rows[i].offers, rows[i].n);
		build_extension(&b, 23, NULL, 0);
		assert_int_equal(read_all(CENSOR_TLS_VERSION), CENSOR_FOUND_ALL);
		assert_int_equal(hello.known, CENSOR_TLS_VERSION);
		assert_int_equal(hello.version, rows[i].version);
	}
}

static void test_has(void **state)
{
	static const struct {
		u16 type;
		u16 has;
	} rows[] = {
		{ 0xffce, HAS(ESNI) }, { 0xff02, HAS(ESNI_DRAFT) }, { 0xff03, HAS(ESNI_DRAFT) },
		{ 0xff04, HAS(ESNI_DRAFT) }, { 0xff01, 0 }, { 0xff05, 0 },
		{ 0xfe0d, HAS(ECH) }, { 0xfe08, HAS(ECH) }, { 0xfe09, HAS(ECH) },
		{ 0xfe0a, HAS(ECH) }, { 0xfe07, 0 }, { 0xfe0e, 0 },
		{ 42, HAS(EARLY_DATA) }, { 35, HAS(TICKET) }, { 21, HAS(PADDING) }, { 41, 0 },
		{ 0x0a0a, HAS(GREASE) }, { 0xfafa, HAS(GREASE) }, { 0x0a1a, 0 }, { 0x0a0b, 0 },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		begin();
		build_extension(&b, rows[i].type, "abc", 3);
		assert_int_equal(read_all(CENSOR_TLS_HAS), CENSOR_FOUND_ALL);
		assert_int_equal(hello.known, CENSOR_TLS_HAS);
		if (hello.has != rows[i].has)
			fail_msg("%#x: %#x, not %#x", rows[i].type, hello.has, rows[i].has);
	}
	/* GREASE elsewhere: a cipher suite, a group, a version, a share. */
	for (i = 0; i < 4; i++) {
		if (i)
			begin();
		else
			build_hello(&b, 0x0303, (const u16[]){ 0x1301, 0x3a3a }, 2);
		if (i == 1)
			build_list(&b, 10, 2, 2, (const u16[]){ 29, 0x4a4a }, 2);
		if (i == 2)
			build_list(&b, 43, 1, 2, (const u16[]){ 0x0304, 0x5a5a }, 2);
		if (i == 3)
			build_share(&b, 0x6a6a, 1);
		assert_int_equal(read_all(CENSOR_TLS_HAS), CENSOR_FOUND_ALL);
		assert_int_equal(hello.has, HAS(GREASE));
	}
	begin();
	build_share(&b, 29, 32);
	assert_int_equal(read_all(CENSOR_TLS_HAS), CENSOR_FOUND_ALL);
	assert_int_equal(hello.has, 0);
	begin();
	build_share(&b, 0x11ec, 1216);
	assert_int_equal(read_all(CENSOR_TLS_HAS), CENSOR_FOUND_ALL);
	assert_int_equal(hello.has, HAS(POST_QUANTUM));
}

/* The outer name of an ECH hello is a name like others; ESNI has none. */
static void test_encrypted_names(void **state)
{
	(void)state;
	begin();
	build_extension(&b, 0xfe0d, "outer", 5);
	build_name(&b, "cloudflare-ech.com", 18);
	assert_int_equal(read_all(CENSOR_TLS_SNI | CENSOR_TLS_HAS), CENSOR_FOUND_ALL);
	expect_name("cloudflare-ech.com");
	assert_int_equal(hello.has, HAS(ECH) | HAS(SNI));
	begin();
	build_extension(&b, 0xffce, "sealed", 6);
	assert_int_equal(read_all(CENSOR_TLS_SNI | CENSOR_TLS_HAS), CENSOR_FOUND_ALL);
	expect_name("");
	assert_int_equal(hello.has, HAS(ESNI));
}

/* Cut at every byte: each part is known from its last byte on, and stays as it is. */
static void test_partial(void **state)
{
	u32 after_name, after_alpn, after_versions, i;

	(void)state;
	begin();
	build_extension(&b, 0x2a2a, NULL, 0);
	build_name(&b, "www.example.org", 15);
	after_name = b.len;
	build_alpn(&b, "h2,http/1.1");
	after_alpn = b.len;
	build_share(&b, 0x11ec, 1216);
	build_list(&b, 43, 1, 2, (const u16[]){ 0x0304, 0x0303 }, 2);
	after_versions = b.len;
	build_extension(&b, 0xffce, "sealed", 6);
	for (i = 0; i <= b.len; i++) {
		u8 known = (i >= after_name ? CENSOR_TLS_SNI : 0) |
			   (i >= after_alpn ? CENSOR_TLS_ALPN : 0) |
			   (i >= after_versions ? CENSOR_TLS_VERSION : 0) |
			   /* Of the last extension, its head is enough. */
			   (i >= b.len - 6 ? CENSOR_TLS_HAS | CENSOR_TLS_JA3 | CENSOR_TLS_JA4 : 0);
		enum censor_found found = read_hello(i, ALL_PARTS & ~CENSOR_TLS_TOR);

		assert_int_equal(found, i >= b.len - 6 ? CENSOR_FOUND_ALL : CENSOR_FOUND_MORE);
		assert_int_equal(hello.known, known);
		if (known & CENSOR_TLS_SNI)
			expect_name("www.example.org");
		else
			assert_int_equal(hello.sni_len, 0);
		/* Nothing but the name is asked for: it is read no farther. */
		assert_int_equal(read_hello(i, CENSOR_TLS_SNI),
				 i >= after_name ? CENSOR_FOUND_ALL : CENSOR_FOUND_MORE);
		assert_int_equal(read_hello(i, CENSOR_TLS_SNI | CENSOR_TLS_ALPN),
				 i >= after_alpn ? CENSOR_FOUND_ALL : CENSOR_FOUND_MORE);
	}
}

/* Of the last extension a part is missing: none comes behind it, so all but that is known. */
static void test_last(void **state)
{
	static const struct {
		u16 type;
		const char *data;
		u32 len;
		u8 parts;
	} rows[] = {
		{ 0, "\0\6\0\0\3abc", 8, CENSOR_TLS_SNI },
		{ 16, "\0\3\2h2", 5, CENSOR_TLS_ALPN | CENSOR_TLS_JA4 },
		{ 43, "\2\3\4", 3, CENSOR_TLS_VERSION | CENSOR_TLS_HAS | CENSOR_TLS_JA4 },
		{ 10, "\0\2\0\x1d", 4, CENSOR_TLS_HAS | CENSOR_TLS_JA3 },
		{ 11, "\1\0", 2, CENSOR_TLS_JA3 },
		{ 13, "\0\2\4\3", 4, CENSOR_TLS_JA4 },
		{ 51, "\0\4\0\x1d\0\0", 6, CENSOR_TLS_HAS },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		begin();
		build_extension(&b, 23, NULL, 0);
		build_extension(&b, rows[i].type, rows[i].data, rows[i].len);
		assert_int_equal(read_hello(b.len - 1, ALL_PARTS), CENSOR_FOUND_MORE);
		assert_int_equal(hello.known, ALL_PARTS & ~rows[i].parts);
		assert_int_equal(read_hello(b.len - 1, ALL_PARTS & ~rows[i].parts),
				 CENSOR_FOUND_ALL);
	}
}

/* What a rule asks for beside the name changes nothing about the name. */
static void test_lies_beside(void **state)
{
	static const struct {
		u16 type;
		const char *data;
		u32 len;
		u8 parts;
	} rows[] = {
		{ 16, "\xff\xff\2h2", 5, CENSOR_TLS_ALPN | CENSOR_TLS_JA4 },
		{ 16, "\0\3\xff" "h2", 5, CENSOR_TLS_ALPN | CENSOR_TLS_JA4 },
		{ 16, "", 0, CENSOR_TLS_ALPN | CENSOR_TLS_JA4 },
		{ 43, "\xff\3\4", 3, CENSOR_TLS_VERSION | CENSOR_TLS_HAS | CENSOR_TLS_JA4 },
		{ 10, "\0\xff\0\x1d", 4, CENSOR_TLS_HAS | CENSOR_TLS_JA3 },
		{ 11, "\2\0", 2, CENSOR_TLS_JA3 },
		{ 13, "\1\0\4\3", 4, CENSOR_TLS_JA4 },
		{ 51, "\0\4\0\x1d\0\1", 6, CENSOR_TLS_HAS },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		begin();
		build_extension(&b, rows[i].type, rows[i].data, rows[i].len);
		build_name(&b, "example.org", 11);
		assert_int_equal(read_all(ALL_PARTS), CENSOR_FOUND_BAD);
		expect_name("example.org");
		assert_int_equal(hello.known, ALL_PARTS & ~rows[i].parts);
		assert_int_equal(read_all(CENSOR_TLS_SNI), CENSOR_FOUND_ALL);
		assert_int_equal(read_all(ALL_PARTS & ~rows[i].parts), CENSOR_FOUND_ALL);
	}
}

static void test_lies(void **state)
{
	u32 i;

	(void)state;
	/* In the name, and in the framing before it. */
	begin();
	build_extension(&b, 0, "\0\4\0\0\2a", 6);
	assert_int_equal(read_all(CENSOR_TLS_SNI), CENSOR_FOUND_BAD);
	assert_int_equal(hello.known, 0);
	begin();
	build_extension(&b, 0, "\0\xff\0\0\1a", 6);
	assert_int_equal(read_all(CENSOR_TLS_SNI), CENSOR_FOUND_BAD);
	begin();
	build_extension(&b, 0, "", 0);
	assert_int_equal(read_all(CENSOR_TLS_SNI), CENSOR_FOUND_BAD);
	/* What comes behind it is not waited for. */
	i = b.len;
	build_extension(&b, 23, "abc", 3);
	assert_int_equal(read_hello(i, CENSOR_TLS_SNI), CENSOR_FOUND_BAD);
	begin();
	build_extension(&b, 23, "abc", 3);
	build_name(&b, "example.org", 11);
	censor_put16(b.bytes + b.list + 4, 0x7fff);
	assert_int_equal(read_all(CENSOR_TLS_SNI), CENSOR_FOUND_BAD);
	begin();
	b.bytes[4 + 34] = 255;		/* session id */
	assert_int_equal(read_all(CENSOR_TLS_SNI), CENSOR_FOUND_BAD);
	begin();
	b.bytes[3]--;			/* the message ends within its last list */
	assert_int_equal(read_all(CENSOR_TLS_SNI), CENSOR_FOUND_BAD);
	/* Another message. */
	begin();
	b.bytes[0] = 2;
	assert_int_equal(read_all(CENSOR_TLS_SNI), CENSOR_FOUND_NOT);
	assert_int_equal(read_hello(1, CENSOR_TLS_SNI), CENSOR_FOUND_NOT);
	assert_int_equal(read_hello(0, CENSOR_TLS_SNI), CENSOR_FOUND_MORE);
}

/* In records of every size, and of that many bytes of the stream. */
static void test_records(void **state)
{
	u32 record, name_at, name_end, i;

	(void)state;
	begin();
	build_name(&b, "www.example.org", 15);
	name_at = b.len - 15;
	name_end = b.len;
	build_list(&b, 43, 1, 2, (const u16[]){ 0x0304 }, 1);
	for (record = 1; record <= b.len + 1; record++) {
		u32 len = build_records(&b, stream, record);

		assert_int_equal(read_stream(len, true, CENSOR_TLS_SNI | CENSOR_TLS_VERSION),
				 CENSOR_FOUND_ALL);
		expect_name("www.example.org");
		assert_int_equal(hello.version, 0x0304);
		assert_int_equal(stream[hello.sni_at], 'w');
		assert_int_equal(hello.sni_at, name_at + 5 * (name_at / record + 1));
		/* The name is known from its last byte on. */
		i = name_end + 5 * ((name_end - 1) / record + 1);
		assert_int_equal(read_stream(i, true, CENSOR_TLS_SNI), CENSOR_FOUND_ALL);
		expect_name("www.example.org");
		assert_int_equal(read_stream(i - 1, true, CENSOR_TLS_SNI), CENSOR_FOUND_MORE);
		assert_int_equal(read_stream(i, true, ALL_PARTS), CENSOR_FOUND_MORE);
		expect_name("www.example.org");
		/* One that puts no records together sees it where it is in the first. */
		if (record < 4) {
			assert_int_equal(read_stream(len, false, ALL_PARTS), CENSOR_FOUND_BAD);
			continue;
		}
		assert_int_equal(read_stream(len, false, ALL_PARTS), CENSOR_FOUND_ALL);
		assert_int_equal(!!(hello.known & CENSOR_TLS_SNI), record >= name_end);
		/* No name was seen; that is not to have seen that there is none. */
		assert_int_equal(hello.sni_len, record >= name_end ? 15 : 0);
		assert_int_equal(!!(hello.known & CENSOR_TLS_HAS), record >= b.len);
	}
	/* A record of another kind, or an empty one, in the middle. */
	i = build_records(&b, stream, 60);
	stream[65] = 23;
	assert_int_equal(read_stream(i, true, CENSOR_TLS_SNI), CENSOR_FOUND_BAD);
	stream[65] = 22;
	assert_int_equal(read_stream(i, true, CENSOR_TLS_SNI), CENSOR_FOUND_ALL);
	memmove(stream + 70, stream + 65, i - 65);
	censor_put16(stream + 68, 0);
	assert_int_equal(read_stream(i + 5, true, CENSOR_TLS_SNI), CENSOR_FOUND_BAD);
}

/* Larger than a packet: judged by the name as soon as that has come. */
static void test_post_quantum(void **state)
{
	u32 len, name_end, i;

	(void)state;
	begin();
	build_share(&b, 0x11ec, 1216);
	build_extension(&b, 0xfe0d, stream, 281);
	build_name(&b, "www.example.org", 15);
	name_end = 5 + b.len;
	build_alpn(&b, "h2");
	len = build_records(&b, stream, 16384);
	assert_true(name_end > 1460);
	for (i = 1; i <= len; i++) {
		assert_int_equal(read_stream(i, i & 1, CENSOR_TLS_SNI),
				 i >= name_end ? CENSOR_FOUND_ALL : CENSOR_FOUND_MORE);
		if (i >= name_end)
			expect_name("www.example.org");
	}
}

static void test_not(void **state)
{
	/* SSL 2.0's hello, offering 3.0; STARTTLS in clear; early data; an alert. */
	static const char *const rows[] = {
		"\x80\x2e\x01\x03\x01\x00\x15", "EHLO example.org\r\nSTARTTLS\r\n", "\x17\x03\x03",
		"\x15\x03\x01", "\x16\x02", "\x16\x03\x01\x01\x01\x02",
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		memset(stream, 0, 64);
		memcpy(stream, rows[i], strlen(rows[i]));
		assert_int_equal(read_stream(40, false, ALL_PARTS), CENSOR_FOUND_NOT);
		assert_int_equal(read_stream(40, true, ALL_PARTS), CENSOR_FOUND_NOT);
		assert_int_equal(hello.known, 0);
	}
}

static void test_tor(void **state)
{
	static const u16 old[] = {
		0xc00a, 0xc014, 0x0039, 0x0038, 0xc00f, 0xc005, 0x0035, 0xc007, 0xc009, 0xc011,
		0xc013, 0x0033, 0x0032, 0xc00c, 0xc00e, 0xc002, 0xc004, 0x0004, 0x0005, 0x002f,
		0xc008, 0xc012, 0x0016, 0x0013, 0xc00d, 0xc003, 0xfeff, 0x000a, 0x00ff,
	};
	static const u16 new[] = {
		0x1301, 0x1303, 0x1302, 0xc02b, 0xc02f, 0xcca9, 0xcca8, 0xc02c, 0xc030, 0xc00a,
		0xc009, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035, 0x00ff,
	};
	static const char *const drawn[] = {
		"www.abcd.com", "www.i6y3we3djp.com", "www.234567abcdefghijklmnopqrs.com",
	};
	static const char *const others[] = {
		"www.abc.com", "www.234567abcdefghijklmnopqrst.com", "www.abcd.net", "abcd.com",
		"www.abc1.com", "www.ab-cd.com", "ww2.abcd.com", "www.ab.cd.com", "www..com", "",
	};
	u32 i, len;

	(void)state;
	/* As captured. */
	len = unhex(stream, captured_tor);
	assert_int_equal(read_stream(len, true, CENSOR_TLS_TOR), CENSOR_FOUND_ALL);
	assert_int_equal(hello.known, CENSOR_TLS_TOR | CENSOR_TLS_SNI);
	assert_int_equal(hello.tor, CENSOR_CONFIDENCE_LIKELY);
	/* The list of 2011 is enough, and what comes behind it is not waited for. */
	build_hello(&b, 0x0301, old, ARRAY_SIZE(old));
	build_name(&b, "example.org", 11);
	assert_int_equal(read_hello(b.len - 23, CENSOR_TLS_TOR), CENSOR_FOUND_ALL);
	assert_int_equal(hello.tor, CENSOR_CONFIDENCE_LIKELY);
	build_hello(&b, 0x0301, old, ARRAY_SIZE(old) - 1);
	assert_int_equal(read_all(CENSOR_TLS_TOR), CENSOR_FOUND_ALL);
	assert_int_equal(hello.known, CENSOR_TLS_TOR);
	assert_int_equal(hello.tor, 0);
	/* Newer ones need a name that was drawn. */
	for (i = 0; i < ARRAY_SIZE(drawn); i++) {
		build_hello(&b, 0x0303, new, ARRAY_SIZE(new));
		build_name(&b, drawn[i], (u32)strlen(drawn[i]));
		assert_int_equal(read_all(CENSOR_TLS_TOR), CENSOR_FOUND_ALL);
		assert_int_equal(hello.tor, CENSOR_CONFIDENCE_LIKELY);
		/* As long as the name may still come, nothing is said. */
		assert_int_equal(read_hello(b.len - 1, CENSOR_TLS_TOR), CENSOR_FOUND_MORE);
		assert_int_equal(hello.known, 0);
		/* Tor asks for no protocol. */
		build_alpn(&b, "h2");
		assert_int_equal(read_all(CENSOR_TLS_TOR), CENSOR_FOUND_ALL);
		assert_int_equal(hello.tor, 0);
	}
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		build_hello(&b, 0x0303, new, ARRAY_SIZE(new));
		if (*others[i])
			build_name(&b, others[i], (u32)strlen(others[i]));
		assert_int_equal(read_all(CENSOR_TLS_TOR), CENSOR_FOUND_ALL);
		assert_int_equal(hello.tor, CENSOR_CONFIDENCE_GUESS);
	}
	/* The name alone is anybody's: www.facebook.com could be one. */
	begin();
	build_name(&b, "www.facebook.com", 16);
	assert_int_equal(read_all(ALL_PARTS), CENSOR_FOUND_ALL);
	assert_int_equal(hello.tor, 0);
	assert_true(hello.known & CENSOR_TLS_TOR);
	len = unhex(stream, captured_curl);
	assert_int_equal(read_stream(len, true, ALL_PARTS), CENSOR_FOUND_ALL);
	assert_int_equal(hello.tor, 0);
}

static void test_captured(void **state)
{
	u32 len;

	(void)state;
	len = unhex(stream, captured_curl);
	assert_int_equal(read_stream(len, false, ALL_PARTS), CENSOR_FOUND_ALL);
	assert_int_equal(hello.known, ALL_PARTS);
	expect_name("facebook.com");
	expect_alpn("h2,http/1.1");
	assert_int_equal(hello.version, 0x0304);
	assert_int_equal(hello.has, HAS(SNI) | HAS(ALPN) | HAS(PADDING));
	assert_memory_equal(stream + hello.sni_at, "facebook.com", 12);
	len = unhex(stream, captured_no_name);
	assert_int_equal(read_stream(len, false, ALL_PARTS), CENSOR_FOUND_ALL);
	expect_name("");
	assert_int_equal(hello.version, 0x0303);
	assert_int_equal(hello.has, HAS(TICKET));
}

/* Any byte of a hello turned into any other, whole and cut: no read beyond, no name too long. */
static void test_any_byte(void **state)
{
	u32 len = unhex(stream, captured_tor), i, value;

	(void)state;
	len -= 190;	/* most of its padding */
	for (i = 0; i < len; i++) {
		u8 was = stream[i];

		for (value = 0; value < 256; value += 3) {
			stream[i] = (u8)value;
			read_stream(len, value & 1, ALL_PARTS);
			assert_true(hello.sni_len <= 255);
			assert_true(hello.alpn_len <= CENSOR_TLS_LIST_SIZE);
			assert_true(hello.sni_at < len);
		}
		stream[i] = was;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_no_name),
		cmocka_unit_test(test_first_counts),
		cmocka_unit_test(test_alpn),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_has),
		cmocka_unit_test(test_encrypted_names),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_last),
		cmocka_unit_test(test_lies_beside),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_post_quantum),
		cmocka_unit_test(test_not),
		cmocka_unit_test(test_tor),
		cmocka_unit_test(test_captured),
		cmocka_unit_test(test_any_byte),
	};

	return cmocka_run_group_tests_name("tls-hello", tests, NULL, NULL);
}
