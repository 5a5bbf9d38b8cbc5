// SPDX-License-Identifier: GPL-2.0
/* Names in servers' certificates: captured ones, and some that no authority would sign. */
#include "test.h"
#include "tls.h"
#include "tls-build.h"
#include "tls-captured.h"

static struct censor_tls_certificate certificate;
static u8 stream[70000];

static enum censor_found read_stream(u32 len)
{
	u8 *copy = malloc(len ? len : 1), *records = malloc(len ? len : 1);
	struct censor_look look = { .data = copy, .len = len, .whole = len, .answer = true };
	enum censor_found found;

	memcpy(copy, stream, len);
	memset(&certificate, 0xa5, sizeof(certificate));
	found = censor_tls_server(&look, records, &certificate);
	free(copy);
	free(records);
	return found;
}

static void expect(const char *names)
{
	assert_int_equal(certificate.names_len, strlen(names));
	assert_memory_equal(certificate.names, names, strlen(names));
}

static void test_captured(void **state)
{
	u32 len;

	(void)state;
	len = unhex(stream, captured_server);
	assert_int_equal(read_stream(len), CENSOR_FOUND_ALL);
	expect("example.org,example.org,*.example.org,www.example.net");
	assert_int_equal(certificate.tor, 0);
	len = unhex(stream, captured_bridge);
	assert_int_equal(read_stream(len), CENSOR_FOUND_ALL);
	expect("www.gycvdgljzduei6.net");
	assert_int_equal(certificate.tor, CENSOR_CONFIDENCE_LIKELY);
	/* A client's bytes. */
	len = unhex(stream, captured_curl);
	assert_int_equal(read_stream(len), CENSOR_FOUND_NOT);
}

/* Names are there as soon as they have come; all is known with the last. */
static void test_partial(void **state)
{
	u32 len = unhex(stream, captured_server), i, names = 0, all = 0;

	(void)state;
	for (i = 0; i <= len; i++) {
		enum censor_found found = read_stream(i);

		assert_int_equal(found, all || found == CENSOR_FOUND_ALL ? CENSOR_FOUND_ALL :
									   CENSOR_FOUND_MORE);
		assert_true(certificate.names_len >= names);
		names = certificate.names_len;
		if (found == CENSOR_FOUND_ALL && !all)
			all = i;
	}
	/* Of the last name, an address of 11 characters, the head is enough. */
	assert_memory_equal(stream + all - 2, "\x81\x0b", 2);
	assert_int_equal(names, 53);
	len = unhex(stream, captured_bridge);
	/* Tor's sign is also what is not there: it is read to the end of what is signed. */
	for (i = 0; i < len && read_stream(i) == CENSOR_FOUND_MORE; i++)
		assert_int_equal(certificate.tor, 0);
	assert_int_equal(certificate.tor, CENSOR_CONFIDENCE_LIKELY);
	assert_memory_equal(stream + i, "\x30\x0d\x06\x09\x2a\x86\x48", 7);
}

/*
 * A certificate from parts: lengths are put in when it is closed. Elements are long-form, three
 * bytes, throughout.
 */
static struct build b;

static u32 open(u8 tag)
{
	build_number(&b, tag, 1);
	build_number(&b, 0x82, 1);
	build_number(&b, 0, 2);
	return b.len;
}

static void shut(u32 at)
{
	censor_put16(b.bytes + at - 2, (u16)(b.len - at));
}

static void element(u8 tag, const void *data, u32 len)
{
	u32 at = open(tag);

	build_bytes(&b, data, len);
	shut(at);
}

static void attribute(const char *oid, u8 tag, const void *value, u32 len)
{
	u32 set = open(0x31), pair = open(0x30);

	element(0x06, oid, (u32)strlen(oid));
	element(tag, value, len);
	shut(pair);
	shut(set);
}

#define COMMON_NAME	"\x55\x04\x03"
#define ORGANIZATION	"\x55\x04\x0a"

static void common_name(const char *name)
{
	attribute(COMMON_NAME, 0x0c, name, (u32)strlen(name));
}

/* As far as the subject, which is left open. The first version of certificates told none. */
static u32 chain, leaf, outer, inner, subject;
static bool no_version;

static void handshake(u8 type)
{
	build_number(&b, type, 1);
	build_number(&b, 0, 3);
}

static void server_hello(u16 version)
{
	u8 random[32] = { 1 };

	memset(&b, 0, sizeof(b));
	handshake(2);
	build_number(&b, version, 2);
	build_bytes(&b, random, 32);
	build_number(&b, 0, 1);
	build_number(&b, 0xc02f, 2);
	build_number(&b, 0, 1);
	censor_put16(b.bytes + 2, (u16)(b.len - 4));
}

static void begin(const char *issuer)
{
	u32 at;

	server_hello(0x0303);
	chain = b.len;
	handshake(11);
	build_number(&b, 0, 3);
	build_number(&b, 0, 3);
	leaf = b.len;
	outer = open(0x30);
	inner = open(0x30);
	if (!no_version) {
		at = open(0xa0);
		element(0x02, "\2", 1);
		shut(at);
	}
	element(0x02, "\1\2\3", 3);
	element(0x30, "alg", 3);
	at = open(0x30);
	common_name(issuer);
	shut(at);
	element(0x30, "time", 4);
	subject = open(0x30);
}

static void end_subject(void)
{
	shut(subject);
	element(0x30, "key", 3);
}

static void end(void)
{
	shut(inner);
	element(0x30, "alg", 3);
	element(0x03, "signature", 9);
	shut(outer);
	censor_put16(b.bytes + leaf - 2, (u16)(b.len - leaf));
	censor_put16(b.bytes + leaf - 5, (u16)(b.len - leaf + 3));
	censor_put16(b.bytes + chain + 2, (u16)(b.len - chain - 4));
}

static enum censor_found read_built(u32 record)
{
	return read_stream(build_records(&b, stream, record));
}

/* subjectAltName with names of @tags. */
static void alternatives(bool critical, const u8 *tags, const char *const *names, u32 n)
{
	u32 all = open(0xa3), list = open(0x30), one, octets, in, i;

	one = open(0x30);
	element(0x06, "\x55\x1d\x0f", 3);
	element(0x04, "usage", 5);
	shut(one);
	one = open(0x30);
	element(0x06, "\x55\x1d\x11", 3);
	if (critical)
		element(0x01, "\xff", 1);
	octets = open(0x04);
	in = open(0x30);
	for (i = 0; i < n; i++)
		element(tags[i], names[i], (u32)strlen(names[i]));
	shut(in);
	shut(octets);
	shut(one);
	shut(list);
	shut(all);
}

static void test_subject(void **state)
{
	(void)state;
	begin("An Authority");
	attribute(ORGANIZATION, 0x0c, "Example", 7);
	common_name("WWW.Example.ORG.");
	common_name("two.example");
	end_subject();
	end();
	assert_int_equal(read_built(16384), CENSOR_FOUND_ALL);
	expect("www.example.org,two.example");
	memset(stream, 'n', 256);
	/* What is no name: with a comma, with a NUL, empty, too long, two bytes a character. */
	begin("An Authority");
	attribute(COMMON_NAME, 0x13, "a,facebook.com", 14);
	attribute(COMMON_NAME, 0x0c, "facebook.com\0.example.org", 25);
	attribute(COMMON_NAME, 0x0c, "", 0);
	attribute(COMMON_NAME, 0x1e, "\x4e\x2d", 2);
	attribute(COMMON_NAME, 0x0c, stream, 256);
	attribute(COMMON_NAME, 0x14, "last", 4);
	attribute(COMMON_NAME "\1", 0x0c, "another.kind", 12);
	end_subject();
	end();
	assert_int_equal(read_built(16384), CENSOR_FOUND_ALL);
	expect("last");
	no_version = true;
	begin("An Authority");
	common_name("example.org");
	end_subject();
	end();
	no_version = false;
	assert_int_equal(read_built(16384), CENSOR_FOUND_ALL);
	expect("example.org");
	/* No name at all. */
	begin("An Authority");
	end_subject();
	end();
	assert_int_equal(read_built(16384), CENSOR_FOUND_ALL);
	expect("");
}

static void test_alternatives(void **state)
{
	static const char *const names[] = { "a.example", "a@b.example", "B.EXAMPLE", "\xc0\1" };
	static const u8 tags[] = { 0x82, 0x81, 0x82, 0x87 };
	static const char *longest[100];
	static u8 all[100];
	char name[201];
	u32 record, i;

	(void)state;
	for (record = 1; record < 400; record += 7) {
		begin("An Authority");
		common_name("cn.example");
		end_subject();
		element(0x81, "unique", 6);
		alternatives(record & 2, tags, names, ARRAY_SIZE(tags));
		end();
		assert_int_equal(read_built(record), CENSOR_FOUND_ALL);
		expect("cn.example,a.example,b.example");
		assert_int_equal(certificate.tor, 0);
	}
	/* As many as there is room for. */
	memset(name, 'n', 200);
	name[200] = 0;
	for (i = 0; i < ARRAY_SIZE(longest); i++) {
		longest[i] = i & 1 ? "x" : name;
		all[i] = 0x82;
	}
	begin("An Authority");
	end_subject();
	alternatives(false, all, longest, 40);
	end();
	assert_int_equal(read_built(16384), CENSOR_FOUND_ALL);
	assert_in_range(certificate.names_len, 404, CENSOR_TLS_LIST_SIZE);
}

static void test_tor(void **state)
{
	static const struct {
		const char *issuer, *subject;
		bool tor;
	} rows[] = {
		{ "www.jzkho57iln.com", "www.gycvdgljzduei6.net", true },
		{ "www.abcdefgh.com", "www.abcdefghijklmnopqrst.net", true },
		{ "www.abcdefg.com", "www.abcdefghij.net", false },
		{ "www.abcdefgh.com", "www.abcdefghijklmnopqrstu.net", false },
		{ "www.abcdefgh.net", "www.abcdefgh.net", false },
		{ "www.abcdefgh.com", "www.abcdefgh.com", false },
		{ "www.abcdefgh.com", "www.abcdefg1.net", false },
		{ "An Authority", "www.abcdefgh.net", false },
	};
	static const char *const names[] = { "www.abcdefgh.net" };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		begin(rows[i].issuer);
		common_name(rows[i].subject);
		end_subject();
		end();
		assert_int_equal(read_built(16384), CENSOR_FOUND_ALL);
		assert_int_equal(certificate.tor, rows[i].tor ? CENSOR_CONFIDENCE_LIKELY : 0);
	}
	/* Tor writes nothing else. */
	begin(rows[0].issuer);
	common_name(rows[0].subject);
	attribute(ORGANIZATION, 0x0c, "Example", 7);
	end_subject();
	end();
	assert_int_equal(read_built(16384), CENSOR_FOUND_ALL);
	assert_int_equal(certificate.tor, 0);
	begin(rows[0].issuer);
	common_name(rows[0].subject);
	end_subject();
	alternatives(false, (const u8 *)"\x82", names, 1);
	end();
	assert_int_equal(read_built(16384), CENSOR_FOUND_ALL);
	assert_int_equal(certificate.tor, 0);
}

/* Where there is no certificate to be seen. */
static void test_hidden(void **state)
{
	u32 len;

	(void)state;
	/* TLS 1.3, and a draft of it in the head. */
	server_hello(0x0303);
	build_number(&b, 10, 2);
	build_bytes(&b, "\xff\1\0\0\0\x2b\0\2\3\4", 10);
	censor_put16(b.bytes + 2, (u16)(b.len - 4));
	assert_int_equal(read_built(16384), CENSOR_FOUND_NOT);
	server_hello(0x7f12);
	assert_int_equal(read_built(16384), CENSOR_FOUND_NOT);
	/* It resumes: the next record changes the cipher, or a ticket comes. */
	server_hello(0x0303);
	len = build_records(&b, stream, 16384);
	assert_int_equal(read_stream(len), CENSOR_FOUND_MORE);
	memcpy(stream + len, "\x14\3\3\0\1\1", 6);
	assert_int_equal(read_stream(len + 6), CENSOR_FOUND_NOT);
	handshake(4);
	assert_int_equal(read_built(16384), CENSOR_FOUND_NOT);
	/* Supplemental data may come before the certificate. */
	server_hello(0x0303);
	handshake(23);
	assert_int_equal(read_built(16384), CENSOR_FOUND_MORE);
	/* An empty chain is a lie. */
	handshake(11);
	b.bytes[b.len - 1] = 3;
	build_number(&b, 0, 3);
	assert_int_equal(read_built(16384), CENSOR_FOUND_BAD);
	/* Others. */
	memcpy(stream, "HTTP/1.1 200 OK\r\n", 17);
	assert_int_equal(read_stream(17), CENSOR_FOUND_NOT);
	memcpy(stream, "\x15\3\3\0\2\2\x28", 7);
	assert_int_equal(read_stream(7), CENSOR_FOUND_NOT);
	assert_int_equal(read_stream(0), CENSOR_FOUND_MORE);
}

/* A tag too long, lengths of no bytes and of four, one that goes beyond what holds it. */
static void test_lies(void **state)
{
	static const u8 rows[][6] = {
		{ 0x3f, 0x82 }, { 0x30, 0x80 }, { 0x30, 0x84, 0, 0 }, { 0x30, 0xff },
		{ 0x30, 0x82, 0x7f, 0xff }, { 0x31, 0x82 }, { 0x30, 0x7f },
	};
	/* As long as they are, they would do no harm. */
	static const struct {
		const char *bytes;
		u32 len;
	} empty[] = { { "\x81\x80", 2 }, { "\x81\x84\0\0\0\0", 6 }, { "\x9f\0", 2 } };
	u32 i, at;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(empty); i++) {
		begin("An Authority");
		end_subject();
		build_bytes(&b, empty[i].bytes, empty[i].len);
		end();
		assert_int_equal(read_built(16384), CENSOR_FOUND_BAD);
	}
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		begin("An Authority");
		at = b.len - 4;		/* the subject's head */
		common_name("example.org");
		end_subject();
		end();
		memcpy(b.bytes + at, rows[i], 2);
		if (rows[i][2])
			memcpy(b.bytes + at + 2, rows[i] + 2, 2);
		assert_int_equal(read_built(16384), CENSOR_FOUND_BAD);
		expect("");
	}
}

static void test_any_byte(void **state)
{
	u32 len = unhex(stream, captured_server), i, value;

	(void)state;
	for (i = 0; i < len; i++) {
		u8 was = stream[i];

		for (value = 0; value < 256; value += 5) {
			stream[i] = (u8)value;
			read_stream(len);
			assert_true(certificate.names_len <= CENSOR_TLS_LIST_SIZE);
		}
		stream[i] = was;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_captured),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_subject),
		cmocka_unit_test(test_alternatives),
		cmocka_unit_test(test_tor),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_any_byte),
	};

	return cmocka_run_group_tests_name("tls-server", tests, NULL, NULL);
}
