// SPDX-License-Identifier: GPL-2.0
/* DNS queries: as the detector reads them, and as datagrams are judged. */
#include "test.h"
#include "rig.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"198.51.100.53"

static u8 buf[WIRE_MAX], query[WIRE_MAX];
static struct censor_dns_question q;
static struct censor_detect_model model;

static enum censor_found read_as(const u8 *data, u32 len,
				 enum censor_found (*detector)(const struct censor_look *look,
							       struct censor_dns_question *q))
{
	u8 *copy = malloc(len ? len : 1);
	struct censor_look look = { .data = copy, .len = len, .whole = len, .model = &model };
	enum censor_found found;

	memcpy(copy, data, len);
	memset(&q, 0xa5, sizeof(q));
	found = detector(&look, &q);
	free(copy);
	return found;
}

static enum censor_found read_query(const u8 *data, u32 len)
{
	return read_as(data, len, censor_dns_question);
}

static enum censor_found read_stream(const u8 *data, u32 len)
{
	return read_as(data, len, censor_dns_stream);
}

/* The censor as it is by default, and Injector 3 of China (CENSORS.md 1.3). */
static int usual(void **state)
{
	(void)state;
	censor_detect_default(&model);
	return 0;
}

static int injector3(void **state)
{
	usual(state);
	model.dns_name = 125;
	model.dns_dots = true;
	return 0;
}

static void expect_name(const char *name)
{
	assert_int_equal(q.name_len, strlen(name));
	assert_memory_equal(q.name, name, strlen(name));
}

static void test_names(void **state)
{
	u32 len;

	(void)state;
	len = wire_dns(query, 7, DNS_RD, "WWW.FaceBook.com", DNS_AAAA, 1);
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name("www.facebook.com");
	assert_int_equal(q.type, DNS_AAAA);
	assert_int_equal(q.class, 1);
	assert_int_equal(q.count, 1);
	assert_int_equal(q.end, len);
	assert_int_equal(q.start, 0);
	assert_int_equal(q.used, len);
	len = wire_dns(query, 7, DNS_RD, "", 2, 1);
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name("");
	len = wire_dns(query, 7, DNS_RD, "x", 65535, 255);
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name("x");
	assert_int_equal(q.type, 65535);
	assert_int_equal(q.class, 255);
	/* What stands behind the question doesn't matter. */
	len = wire_dns_edns(query, 7, 0, "facebook.com", DNS_A);
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name("facebook.com");
	assert_int_equal(q.end, len - 11);
	assert_int_equal(q.used, len);
	/* The counts don't either: "exactly one question is assumed" (CENSORS.md 1.3). */
	memset(query + 4, 0, 8);
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	assert_int_equal(q.count, 0);
	memset(query + 4, 0xff, 8);
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name("facebook.com");
	assert_int_equal(q.count, 0xffff);
}

/* 253 bytes in labels of 63 are the longest name there is. */
static void test_longest(void **state)
{
	char name[300];
	u32 len, i;

	(void)state;
	memset(name, 'a', sizeof(name));
	name[63] = name[127] = name[191] = '.';
	name[253] = 0;
	len = wire_dns(query, 7, 0, name, DNS_A, 1);
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name(name);
	/* Longer ones in the same form are lies, and written nowhere. */
	for (i = 254; i < sizeof(name); i++) {
		memset(name, 'a', sizeof(name));
		name[63] = name[127] = name[191] = '.';
		if (i > 256)
			name[255] = '.';
		else if (i > 254)
			name[253] = '.';
		name[i] = 0;
		len = wire_dns(query, 7, 0, name, DNS_A, 1);
		assert_int_equal(read_query(query, len), CENSOR_FOUND_BAD);
	}
}

static void test_not_a_query(void **state)
{
	u32 len = wire_dns(query, 7, 0x8180, "facebook.com", DNS_A, 1), i;

	(void)state;
	assert_int_equal(read_query(query, len), CENSOR_FOUND_NOT);
	query[2] = 0;
	for (i = 0; i < 12; i++)
		assert_int_equal(read_query(query, i), CENSOR_FOUND_NOT);
}

static void test_malformed(void **state)
{
	static const u8 pointers[][8] = {
		{ 0xc0, 0x0c, 0, 1, 0, 1 },		/* to itself */
		{ 1, 'a', 0xc0, 0x0c, 0, 1, 0, 1 },	/* back to its beginning */
		{ 0xff, 0xff, 0, 1, 0, 1 },
		{ 0x40, 0, 0, 1, 0, 1 },		/* RFC 2673, gone since RFC 6891 */
		{ 0x80, 0, 0, 1, 0, 1 },
	};
	u32 len = wire_dns(query, 7, 0, "www.facebook.com", DNS_A, 1), i;

	(void)state;
	for (i = 12; i < len; i++)
		assert_int_equal(read_query(query, i), CENSOR_FOUND_BAD);
	for (i = 0; i < ARRAY_SIZE(pointers); i++) {
		memcpy(query + 12, pointers[i], 8);
		assert_int_equal(read_query(query, 20), CENSOR_FOUND_BAD);
	}
	/* None of them, whatever follows. */
	memset(query + 12, 0, 300);
	for (i = 64; i < 256; i++) {
		query[12] = (u8)i;
		memset(query + 13, 'a', i);
		assert_int_equal(read_query(query, 300), CENSOR_FOUND_BAD);
	}
	memset(query + 12, 0, 300);
	/* A label longer than what is left. */
	wire_dns(query, 7, 0, "www.facebook.com", DNS_A, 1);
	query[12] = 63;
	assert_int_equal(read_query(query, len), CENSOR_FOUND_BAD);
}

/* A query whose question is @bytes. Return: its length. */
static u32 put_question(const void *bytes, u32 len)
{
	memset(query, 0, CENSOR_DNS_HEADER);
	query[5] = 1;
	memcpy(query + CENSOR_DNS_HEADER, bytes, len);
	return CENSOR_DNS_HEADER + len;
}

#define QUESTION(text)	put_question(text, sizeof(text) - 1)

/* Without dns-dots no rule takes a dot or a NUL inside a label for anything else. */
static void test_dots(void **state)
{
	static char dots[64];
	u32 len;

	(void)state;
	len = QUESTION("\x0c" "Facebook.Com\0\0\x01\0\x01");
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name("facebook\\046com");
	len = QUESTION("\x03w.w\x04" "a\0.c\x02" "de\0\0\x01\0\x01");
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	assert_int_equal(q.name_len, 17);
	assert_memory_equal(q.name, "w\\046w.a\0\\046c.de", 17);
	/* They make the name longer, never than there is room for. */
	memset(dots, '.', sizeof(dots));
	dots[0] = 63;
	len = put_question(dots, sizeof(dots));
	memset(query + len, 0, 5);
	assert_int_equal(read_query(query, len + 5), CENSOR_FOUND_ALL);
	assert_int_equal(q.name_len, 252);
	memcpy(query + len, "\x01.\0\0\0\0", 7);
	assert_int_equal(read_query(query, len + 7), CENSOR_FOUND_BAD);
	/* The root label must be there. */
	len = QUESTION("\x08" "facebook\x03" "com");
	assert_int_equal(read_query(query, len), CENSOR_FOUND_BAD);
}

/* Injector 3: dots and NULs in labels, no root label, names that are too long (CENSORS.md 1.3). */
static void test_injector3(void **state)
{
	char name[300];
	u32 len, i;

	(void)state;
	len = QUESTION("\x0c" "Facebook.Com\0\0\x01\0\x01");
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name("facebook.com");
	len = QUESTION("\x08" "facebook\x06" "com\0xy\x03org\0\0\x1c\0\x03");
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name("facebook.com");
	/* Its type stands behind all labels. */
	assert_int_equal(q.type, DNS_AAAA);
	assert_int_equal(q.class, 3);
	assert_int_equal(q.end, len);
	len = QUESTION("\x08" "facebook\x03" "com");
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name("facebook.com");
	assert_int_equal(q.type, DNS_A);
	assert_int_equal(q.class, 1);
	assert_int_equal(q.end, len);
	assert_true(q.cut);
	/* The name's bytes must be there, and so must type and class behind a root label. */
	for (i = CENSOR_DNS_HEADER; i < len; i++)
		assert_int_equal(read_query(query, i), i == 21 ? CENSOR_FOUND_ALL :
								 CENSOR_FOUND_BAD);
	assert_int_equal(read_query(query, len + 1), CENSOR_FOUND_BAD);
	assert_int_equal(read_query(query, len + 4), CENSOR_FOUND_BAD);
	assert_int_equal(read_query(query, len + 5), CENSOR_FOUND_ALL);
	assert_false(q.cut);

	for (i = 124; i < sizeof(name) - 1; i++) {
		memset(name, 'a', sizeof(name));
		name[50] = name[100] = name[150] = name[200] = name[250] = '.';
		name[i] = 0;
		len = wire_dns(query, 7, 0, name, DNS_AAAA, 1);
		assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
		if (i > 125)
			name[125] = 0;
		expect_name(name);
		assert_int_equal(q.type, DNS_AAAA);
		assert_int_equal(q.end, len);
	}
	/* Pointers are followed by none. */
	len = QUESTION("\x08" "facebook\xc0\x0c\0\x01\0\x01");
	assert_int_equal(read_query(query, len), CENSOR_FOUND_BAD);
}

/* Several questions, as the header says or not. */
static void test_several(void **state)
{
	struct censor_look look = { .data = query, .model = &model };

	(void)state;
	look.len = QUESTION("\x01" "a\0\0\x01\0\x01\x01" "b\x01" "c\0\0\x1c\0\x03\xc0\x0c\0\x01\0\x01");
	query[5] = 3;
	assert_int_equal(censor_dns_question(&look, &q), CENSOR_FOUND_ALL);
	expect_name("a");
	assert_int_equal(q.count, 3);
	assert_int_equal(censor_dns_next(&look, &q), CENSOR_FOUND_ALL);
	expect_name("b.c");
	assert_int_equal(q.type, DNS_AAAA);
	assert_int_equal(q.class, 3);
	assert_int_equal(q.count, 3);
	assert_int_equal(q.end, 28);
	assert_int_equal(censor_dns_next(&look, &q), CENSOR_FOUND_BAD);
	look.len = 28;
	assert_int_equal(censor_dns_question(&look, &q), CENSOR_FOUND_ALL);
	assert_int_equal(censor_dns_next(&look, &q), CENSOR_FOUND_ALL);
	assert_int_equal(censor_dns_next(&look, &q), CENSOR_FOUND_NOT);
}

/* The query in @query behind its length. Return: the length of both. */
static u32 wrap(u8 *to, u32 len)
{
	censor_put16(to, (u16)len);
	memcpy(to + 2, query, len);
	return len + 2;
}

static void test_stream(void **state)
{
	struct censor_look look = { .data = buf, .model = &model };
	u32 len, one, two, i;

	(void)state;
	one = wrap(buf, wire_dns_edns(query, 7, DNS_RD, "Facebook.com", DNS_A));
	two = wrap(buf + one, wire_dns(query, 8, 0x0130, "b", DNS_AAAA, 1));
	for (i = 0; i < one; i++)
		assert_int_equal(read_stream(buf, i), CENSOR_FOUND_MORE);
	for (i = one; i <= one + two; i++) {
		assert_int_equal(read_stream(buf, i), CENSOR_FOUND_ALL);
		expect_name("facebook.com");
		assert_int_equal(q.used, one);
		assert_int_equal(q.start, 2);
		assert_int_equal(q.end, one - 2 - 11);
		assert_int_equal(q.count, 1);
	}
	/* Behind it the next query. */
	assert_int_equal(read_stream(buf + one, two), CENSOR_FOUND_ALL);
	expect_name("b");
	assert_int_equal(q.type, DNS_AAAA);
	assert_int_equal(q.used, two);

	/* Several questions of one message; the next message's bytes are none of them. */
	len = QUESTION("\x01" "a\0\0\x01\0\x01\x01" "b\0\0\x01\0\x01");
	query[5] = 2;
	look.len = wrap(buf, len) + 20;
	memset(buf + look.len - 20, 1, 20);
	assert_int_equal(censor_dns_stream(&look, &q), CENSOR_FOUND_ALL);
	expect_name("a");
	assert_int_equal(q.count, 2);
	assert_int_equal(censor_dns_next(&look, &q), CENSOR_FOUND_ALL);
	expect_name("b");
	assert_int_equal(censor_dns_next(&look, &q), CENSOR_FOUND_NOT);

	/* It lies about its length: it is DNS, and malformed. */
	len = wire_dns(query, 7, DNS_RD, "facebook.com", DNS_A, 1);
	wrap(buf, len);
	buf[1]--;
	assert_int_equal(read_stream(buf, len + 2), CENSOR_FOUND_BAD);
}

/* What can't be a query, at the first byte that says so. */
static void test_not_stream(void **state)
{
	static const struct { u8 at, value, bad; } rows[] = {
		{ 0, 16, 1 }, { 0, 0x16, 1 }, { 0, 'G', 1 }, { 0, 0xff, 1 },
		{ 1, 16, 1 }, { 1, 0, 1 },
		{ 4, 0x80, 1 }, { 4, 0x08, 1 }, { 4, 0x10, 1 }, { 4, 0x40, 1 }, { 4, 0x04, 1 },
		{ 4, 0x02, 1 }, { 4, 0x01, 0 }, { 4, 0, 0 },
		{ 5, 0x80, 1 }, { 5, 0x40, 1 }, { 5, 0x0f, 1 }, { 5, 0x01, 1 }, { 5, 0x30, 0 },
		{ 6, 1, 1 }, { 7, 0, 1 }, { 7, 17, 1 }, { 7, 4, 1 }, { 7, 3, 0 },
		{ 8, 1, 1 }, { 9, 1, 1 }, { 10, 1, 1 }, { 11, 1, 0 }, { 11, 2, 1 },
		{ 12, 1, 1 }, { 13, 2, 0 }, { 13, 3, 1 },
	};
	u32 len, i, cut;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		len = wrap(buf, wire_dns(query, 7, DNS_RD, "facebook.com", DNS_A, 1));
		buf[rows[i].at] = rows[i].value;
		assert_int_equal(read_stream(buf, len) == CENSOR_FOUND_NOT, rows[i].bad);
		for (cut = rows[i].at + 1u; cut < len && rows[i].bad && cut > 1; cut++)
			assert_int_equal(read_stream(buf, cut), CENSOR_FOUND_NOT);
	}
	/* 4,096 bytes and 16 questions and no more. */
	len = wire_dns(query, 7, DNS_RD, "facebook.com", DNS_A, 1);
	memset(query + len, 0, 4097 - len);
	query[5] = 17;
	assert_int_equal(read_stream(buf, wrap(buf, 4096)), CENSOR_FOUND_NOT);
	query[5] = 16;
	assert_int_equal(read_stream(buf, wrap(buf, 4096)), CENSOR_FOUND_ALL);
	assert_int_equal(read_stream(buf, wrap(buf, 4097)), CENSOR_FOUND_NOT);
}

static struct rig *new_rig(u8 actions)
{
	struct censor_policy *pol = policy_new();

	policy_rule(pol, "social", actions);
	policy_cond(pol, CENSOR_ATTR_DNS_QNAME, policy_names(pol, "social",
							     NAMES("facebook.com")));
	policy_seal(pol);
	return rig_new(pol);
}

static const struct seen *ask(struct rig *rig, struct ends ends, const char *name)
{
	u32 len = wire_dns(query, 7, DNS_RD, name, DNS_A, 1);

	return rig_send(rig, buf, wire_udp(buf, ends, query, len));
}

static void test_judged(void **state)
{
	struct ends ends = ends4(CLIENT, 4000, SERVER, 53), both = ends4(CLIENT, 53, SERVER, 53);
	const struct seen *seen;
	struct rig *rig = new_rig(CENSOR_DO_DROP);
	u32 len, round;

	(void)state;
	/* Each query of a flow is judged for itself: a resolver's forwarder keeps one port. */
	for (round = 0; round < 3; round++) {
		seen = ask(rig, ends, "www.facebook.com");
		assert_true(seen->drop);
		assert_int_equal(seen->n_matches, 1);
		assert_int_equal(seen->protocol, CENSOR_PROTOCOL_DNS);
		assert_string_equal(seen->name, "www.facebook.com");
		seen = ask(rig, ends, "example.org");
		assert_false(seen->drop);
		assert_int_equal(seen->n_matches, 0);
		assert_string_equal(seen->name, "example.org");
		/* The answers pass. */
		len = wire_dns(query, 7, 0x8180, "facebook.com", DNS_A, 1);
		seen = rig_send(rig, buf, wire_udp(buf, ends_back(ends), query, len));
		assert_false(seen->drop);
		assert_int_equal(seen->n_matches, 0);
		/* Port 53 at both ends: either side may ask. */
		assert_true(ask(rig, both, "facebook.com")->drop);
		assert_true(ask(rig, ends_back(both), "facebook.com")->drop);
	}
	assert_true(ask(rig, ends6("2001:db8:1::1", 4000, "2001:db8:2::53", 53),
			"facebook.com")->drop);
	/* Not port 53, not DNS (CENSORS.md 1.1). */
	seen = ask(rig, ends4(CLIENT, 4000, SERVER, 5353), "facebook.com");
	assert_false(seen->drop);
	assert_int_equal(seen->protocol, CENSOR_PROTOCOL_UNKNOWN);
	assert_false(ask(rig, ends4(CLIENT, 53, SERVER, 5300), "facebook.com")->drop);
	rig_free(rig);
}

/* With no room for a flow, datagrams are judged all the same. */
static void test_no_flow(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_DROP);
	struct ends ends = ends4(CLIENT, 4000, SERVER, 53);

	(void)state;
	rig->no_flow = true;
	assert_true(ask(rig, ends, "facebook.com")->drop);
	assert_false(ask(rig, ends, "example.org")->drop);
	rig_free(rig);
}

static void test_bad_ones_pass(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_DROP);
	struct ends ends = ends4(CLIENT, 4000, SERVER, 53);
	u32 len = wire_dns(query, 7, 0, "facebook.com", DNS_A, 1), i;
	const struct seen *seen;

	(void)state;
	for (i = 0; i < len; i++) {
		wire_dns(query, 7, 0, "facebook.com", DNS_A, 1);
		seen = rig_send(rig, buf, wire_udp(buf, ends, query, i));
		assert_false(seen->drop);
		assert_int_equal(seen->n_matches, 0);
		assert_int_equal(seen->counts, i < 12 ? 0 : 1u << CENSOR_COUNT_MALFORMED);
	}
	/* And do no harm to those that follow. */
	assert_true(ask(rig, ends, "facebook.com")->drop);
	/* A fragment has no payload to read. */
	len = wire_udp_header(buf, ends, &(struct header){ .frag = 0x2000 }, query, len);
	assert_false(rig_send(rig, buf, len)->drop);
	rig_free(rig);
}

static void test_report(void **state)
{
	struct censor_policy *pol = policy_new();
	struct rig *rig;
	u32 report;

	(void)state;
	policy_seal(pol);
	rig = rig_new(pol);
	for (report = 0; report < 2; report++) {
		const struct seen *seen;

		rig->report = report;
		seen = ask(rig, ends4(CLIENT, (u16)(4000 + report), SERVER, 53), "example.org");
		assert_int_equal(seen->protocol, report ? CENSOR_PROTOCOL_DNS :
							  CENSOR_PROTOCOL_UNKNOWN);
		assert_string_equal(seen->name, report ? "example.org" : "");
	}
	rig_free(rig);
}

/* Pass: no later rule sees this packet. */
static void test_pass(void **state)
{
	struct censor_policy *pol = policy_new();
	struct ends ends = ends4(CLIENT, 4000, SERVER, 53);
	struct rig *rig;

	(void)state;
	policy_rule(pol, "allowed", CENSOR_DO_PASS | CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_DNS_QNAME, policy_names(pol, "", NAMES("=www.facebook.com")));
	policy_rule(pol, "social", CENSOR_DO_DROP);
	policy_cond(pol, CENSOR_ATTR_DNS_QNAME, policy_names(pol, "", NAMES("facebook.com")));
	policy_seal(pol);
	rig = rig_new(pol);
	assert_true(ask(rig, ends, "facebook.com")->drop);
	assert_false(ask(rig, ends, "www.facebook.com")->drop);
	assert_int_equal(rig->seen.n_matches, 1);
	assert_true(ask(rig, ends4(CLIENT, 4001, SERVER, 53), "m.facebook.com")->drop);
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_names, usual),
		cmocka_unit_test_setup(test_longest, usual),
		cmocka_unit_test_setup(test_not_a_query, usual),
		cmocka_unit_test_setup(test_malformed, usual),
		cmocka_unit_test_setup(test_dots, usual),
		cmocka_unit_test_setup(test_injector3, injector3),
		cmocka_unit_test_setup(test_several, usual),
		cmocka_unit_test_setup(test_stream, usual),
		cmocka_unit_test_setup(test_not_stream, usual),
		cmocka_unit_test(test_judged),
		cmocka_unit_test(test_no_flow),
		cmocka_unit_test(test_bad_ones_pass),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_pass),
	};

	return cmocka_run_group_tests_name("dns", tests, NULL, NULL);
}
