// SPDX-License-Identifier: GPL-2.0
/* DNS queries: as the detector reads them, and as datagrams are judged. */
#include "test.h"
#include "rig.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"198.51.100.53"

static u8 buf[WIRE_MAX], query[WIRE_MAX];
static struct censor_dns_question q;

static enum censor_found read_query(const u8 *data, u32 len)
{
	u8 *copy = malloc(len ? len : 1);
	enum censor_found found;

	memcpy(copy, data, len);
	memset(&q, 0xa5, sizeof(q));
	found = censor_dns_question(copy, len, &q);
	free(copy);
	return found;
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
	assert_int_equal(q.end, len);
	len = wire_dns(query, 7, DNS_RD, "", 2, 1);
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name("");
	len = wire_dns(query, 7, DNS_RD, "x", 65535, 255);
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name("x");
	assert_int_equal(q.type, 65535);
	/* What stands behind the question doesn't matter. */
	len = wire_dns_edns(query, 7, 0, "facebook.com", DNS_A);
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name("facebook.com");
	assert_int_equal(q.end, len - 11);
	/* The counts don't either: "exactly one question is assumed" (CENSORS.md 1.3). */
	memset(query + 4, 0, 8);
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	memset(query + 4, 0xff, 8);
	assert_int_equal(read_query(query, len), CENSOR_FOUND_ALL);
	expect_name("facebook.com");
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
	for (i = 256; i < sizeof(name); i++) {
		memset(name, 'a', sizeof(name));
		name[63] = name[127] = name[191] = '.';
		if (i > 256)
			name[255] = '.';
		else
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
	/* A label longer than what is left. */
	wire_dns(query, 7, 0, "www.facebook.com", DNS_A, 1);
	query[12] = 63;
	assert_int_equal(read_query(query, len), CENSOR_FOUND_BAD);
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
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_not_a_query),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_judged),
		cmocka_unit_test(test_no_flow),
		cmocka_unit_test(test_bad_ones_pass),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_pass),
	};

	return cmocka_run_group_tests_name("dns", tests, NULL, NULL);
}
