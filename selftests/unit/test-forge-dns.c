// SPDX-License-Identifier: GPL-2.0
/* Forged DNS answers as censors were measured to give them: what they say, and in which order. */
#include "test.h"
#include "rig.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"198.51.100.53"
#define ALIAS	"trustpositif.example"
#define POOL4	"203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4", "203.0.113.5", \
		"203.0.113.6", "203.0.113.7"
#define POOL6	"2001:db8:bad::1", "2001:db8:bad::2", "2001:db8:bad::3"

static u8 buf[WIRE_MAX], query[WIRE_MAX];

/* A policy that forges for every name of example, one rule for each of @how. */
static struct rig *new_liar(const struct censor_forge *how, u32 n, u16 actions)
{
	struct censor_policy *pol = policy_new();
	const char *why;
	u32 i;

	policy_pool(pol, "lies", NAMES(POOL4, POOL6));
	assert_int_equal(censor_policy_add_alias(pol, ALIAS, &why), 0);
	for (i = 0; i < n; i++) {
		struct censor_rule rule = { .actions = actions, .forge = how[i],
					    .drop_to = CENSOR_TO_BOTH };

		sprintf(rule.name, "rule %u", i);
		policy_rule_full(pol, &rule);
		policy_cond(pol, CENSOR_ATTR_DNS_QNAME, policy_names(pol, "", NAMES("example")));
	}
	policy_seal(pol);
	return rig_new(pol);
}

/* A query from @port. Return: the first packet that was forged, NULL for none. */
static const struct forged *ask(struct rig *rig, u16 port, u16 flags, u16 type, u8 ttl)
{
	u32 len = wire_dns(query, 0xabcd, flags, "www.example", type, 1);

	rig_send(rig, buf, wire_udp_header(buf, ends4(CLIENT, port, SERVER, 53),
					   &(struct header){ .ttl = ttl, .ip_id = 0x55aa },
					   query, len));
	return rig->seen.n_forged ? &rig->seen.forged[0] : NULL;
}

static u16 flags_of(const struct forged *forged)
{
	return censor_get16(forged->data + 28 + 2);
}

#define QUESTION_LEN	17u	/* www.example, type and class */
#define ANSWER		(28 + 12 + QUESTION_LEN)

static u8 last_of(const struct forged *forged)
{
	return forged->data[forged->len - 1];
}

/*
 * CENSORS.md 1.2, 1.3: the three injectors by their fields; of the second the TTL in DNS and whether
 * it tells RD apart are of low certainty.
 */
static const struct censor_forge injectors[] = {
	{ .count = 1, .aa = true, .ttl_lo = 60, .ttl_hi = 60,
	  .ip_ttl = { CENSOR_PICK_CYCLIC, 30, 200 }, .ip_id = { CENSOR_PICK_RANGE, 1, 65535 } },
	{ .count = 1, .df = true, .ttl_lo = 120, .ttl_hi = 120,
	  .ip_ttl = { CENSOR_PICK_RANGE, 30, 200 }, .ip_id = { CENSOR_PICK_RANGE, 1, 65535 } },
	{ .count = 1, .ttl_lo = 102, .ttl_hi = 191, .in_order = true, .cursors = 3,
	  .ip_ttl = { CENSOR_PICK_MIRROR, 0, 0 }, .ip_id = { CENSOR_PICK_RANGE, 0, 0 } },
};

static void test_injectors(void **state)
{
	struct rig *rig = new_liar(injectors, 3, CENSOR_DO_FORGE);
	u32 round, same_ids = 0, steps = 0;
	u8 ttl = 0;

	(void)state;
	for (round = 0; round < 100; round++) {
		const struct forged *f;
		u16 id[2];
		u8 probe = (u8)(10 + round);

		assert_non_null(ask(rig, (u16)(4000 + round), DNS_RD, DNS_A, probe));
		assert_false(rig->seen.drop);
		assert_int_equal(rig->seen.n_forged, 3);
		f = rig->seen.forged;
		/* One: AA, TTL 60, no DF, an IP TTL that goes up by one from answer to answer. */
		assert_int_equal(flags_of(&f[0]), 0x8580);
		assert_int_equal(censor_get16(f[0].data + 6), 0);
		assert_int_equal(censor_get32(f[0].data + ANSWER + 6), 60);
		if (round)
			assert_int_equal(f[0].data[8], ttl == 200 ? 30 : ttl + 1);
		ttl = f[0].data[8];
		/* Two: no AA, DF, a random IP TTL. */
		assert_int_equal(flags_of(&f[1]), 0x8180);
		assert_int_equal(censor_get16(f[1].data + 6), 0x4000);
		assert_int_equal(censor_get32(f[1].data + ANSWER + 6), 120);
		assert_in_range(f[1].data[8], 30, 200);
		steps += f[1].data[8] == f[0].data[8];
		id[0] = censor_get16(f[0].data + 4);
		id[1] = censor_get16(f[1].data + 4);
		same_ids += id[0] == id[1];
		/* Three: no AA, no DF, IP ID 0, the query's TTL, 102 to 191 s. */
		assert_int_equal(flags_of(&f[2]), 0x8180);
		assert_int_equal(censor_get32(f[2].data + 4), 0);
		assert_int_equal(f[2].data[8], probe);
		assert_in_range(censor_get32(f[2].data + ANSWER + 6), 102, 191);
	}
	assert_true(same_ids < 5 && steps < 10);
	/* Recursion not desired: AA, whoever answers. */
	ask(rig, 4000, 0, DNS_A, 64);
	for (round = 0; round < 3; round++)
		assert_int_equal(flags_of(&rig->seen.forged[round]), 0x8400);
	/* AAAA has AAAA of the third's pool; all else, A. */
	assert_int_equal(censor_get16(ask(rig, 4000, DNS_RD, DNS_AAAA, 64)->data + ANSWER + 2),
			 DNS_AAAA);
	assert_int_equal(censor_get16(ask(rig, 4000, DNS_RD, 65, 64)->data + ANSWER + 2), DNS_A);
	rig_free(rig);
}

/* One cursor: the pool from its first address on, over and over; AAAA has a place of its own. */
static void test_order(void **state)
{
	static const struct censor_forge how = { .count = 1, .in_order = true, .cursors = 1 };
	struct rig *rig = new_liar(&how, 1, CENSOR_DO_FORGE);
	u32 i;

	(void)state;
	for (i = 0; i < 50; i++) {
		assert_int_equal(last_of(ask(rig, (u16)(4000 + i % 7), DNS_RD, DNS_A, 64)),
				 1 + i % 7);
		if (i & 1)
			assert_int_equal(last_of(ask(rig, 9, DNS_RD, DNS_AAAA, 64)),
					 1 + i / 2 % 3);
	}
	rig_free(rig);
}

/* Several addresses in an answer are as many steps. */
static void test_order_count(void **state)
{
	static const struct censor_forge how = { .count = 3, .in_order = true, .cursors = 1 };
	struct rig *rig = new_liar(&how, 1, CENSOR_DO_FORGE);
	u32 i, j;

	(void)state;
	for (i = 0; i < 20; i++) {
		const struct forged *forged = ask(rig, 4000, DNS_RD, DNS_A, 64);

		assert_int_equal(censor_get16(forged->data + 28 + 6), 3);
		for (j = 0; j < 3; j++)
			assert_int_equal(forged->data[ANSWER + 16 * j + 15], 1 + (3 * i + j) % 7);
	}
	rig_free(rig);
}

/*
 * "Each injector process walks the pool in the same fixed cyclic order with its own cursor: 3
 * interleaved cursors" (CENSORS.md 1.4).
 */
static void test_cursors(void **state)
{
	static const struct censor_forge how = { .count = 1, .in_order = true, .cursors = 3 };
	struct rig *rig = new_liar(&how, 1, CENSOR_DO_FORGE);
	u32 n = 0, port, i, round;
	u8 places[3];

	(void)state;
	for (round = 0; round < 4; round++) {
		for (port = 0; port < 60; port++) {
			u8 got = last_of(ask(rig, (u16)(4000 + port), DNS_RD, DNS_A, 64));

			/* Which of the cursors stood here? */
			for (i = 0; i < n && places[i] != got; i++)
				;
			if (i == n) {
				assert_true(n < 3);
				n++;
			}
			places[i] = (u8)(got % 7 + 1);
		}
	}
	assert_int_equal(n, 3);
	rig_free(rig);
}

/* The first cursor begins with the first address, the others somewhere. */
static void test_starts(void **state)
{
	static const struct censor_forge how = { .count = 1, .in_order = true, .cursors = 16 };
	u32 port, starts = 0;

	(void)state;
	for (port = 0; port < 60; port++) {
		struct rig *rig = new_liar(&how, 1, CENSOR_DO_FORGE);

		starts |= 1u << last_of(ask(rig, (u16)(4000 + port), DNS_RD, DNS_A, 64));
		rig_free(rig);
	}
	assert_int_equal(starts, 0xfe);
}

/* A flow stays with its process. */
static void test_cursor_of_flow(void **state)
{
	static const struct censor_forge how = { .count = 1, .in_order = true, .cursors = 16 };
	struct rig *rig = new_liar(&how, 1, CENSOR_DO_FORGE);
	u32 port, i;

	(void)state;
	for (port = 0; port < 30; port++) {
		u8 was = last_of(ask(rig, (u16)(4000 + port), DNS_RD, DNS_A, 64));

		for (i = 0; i < 10; i++) {
			u8 got = last_of(ask(rig, (u16)(4000 + port), DNS_RD, DNS_A, 64));

			assert_int_equal(got, was % 7 + 1);
			was = got;
		}
	}
	rig_free(rig);
}

/* Counting up: an IP ID that has one more in each answer of a rule. */
static void test_counter(void **state)
{
	static const struct censor_forge how[] = {
		{ .count = 1, .ip_id = { CENSOR_PICK_CYCLIC, 0, 65535 } },
		{ .count = 1, .ip_id = { CENSOR_PICK_CYCLIC, 100, 102 } },
	};
	struct rig *rig = new_liar(how, 2, CENSOR_DO_FORGE);
	u16 was[2] = { 0 };
	u32 i;

	(void)state;
	for (i = 0; i < 20; i++) {
		u16 id[2];

		ask(rig, (u16)(4000 + i), DNS_RD, DNS_A, 64);
		id[0] = censor_get16(rig->seen.forged[0].data + 4);
		id[1] = censor_get16(rig->seen.forged[1].data + 4);
		if (i) {
			assert_int_equal(id[0], (u16)(was[0] + 1));
			assert_int_equal(id[1], was[1] == 102 ? 100 : was[1] + 1);
		}
		memcpy(was, id, sizeof(was));
	}
	rig_free(rig);
}

static void test_no_such_name(void **state)
{
	static const struct {
		u8 lie, rcode;
	} rows[] = { { CENSOR_LIE_NXDOMAIN, 3 }, { CENSOR_LIE_REFUSED, 5 } };
	static const u16 types[] = { DNS_A, DNS_AAAA, 5, 16 };
	u32 i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct censor_forge how = { .count = 1, .lie = rows[i].lie, .pool = CENSOR_NO_POOL };
		struct rig *rig = new_liar(&how, 1, CENSOR_DO_FORGE);

		for (j = 0; j < ARRAY_SIZE(types); j++) {
			const struct forged *f = ask(rig, 4000, DNS_RD, types[j], 64);

			assert_int_equal(f->len, ANSWER);
			assert_int_equal(flags_of(f), 0x8180 | rows[i].rcode);
			assert_memory_equal(f->data + 28 + 4, "\0\x01\0\0\0\0\0\0", 8);
			assert_memory_equal(f->data + 28 + 12, query + 12, QUESTION_LEN);
			assert_int_equal(flags_of(ask(rig, 4000, 0, types[j], 64)),
					 0x8400 | rows[i].rcode);
		}
		rig_free(rig);
	}
}

/* Indonesia: a CNAME to the page's host and its address, TTL 1 (CENSORS.md 10). */
static void test_cname(void **state)
{
	static const u8 cname[] = "\xc0\x0c\0\x05\0\x01\0\0\0\x01\0\x16" "\x0ctrustpositif\x07" "example";
	static const u8 a[] = "\0\x01\0\x01\0\0\0\x01\0\x04\xcb\0\x71";
	static const struct { bool pool; u16 type; u8 n; } rows[] = {
		{ true, DNS_A, 2 }, { true, DNS_AAAA, 2 }, { true, 5, 1 }, { true, 16, 1 },
		{ false, DNS_A, 1 }, { false, DNS_AAAA, 1 },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct censor_forge how = { .count = 1, .lie = CENSOR_LIE_CNAME, .alias = 1,
					    .ttl_lo = 1, .ttl_hi = 1,
					    .pool = rows[i].pool ? 0 : CENSOR_NO_POOL };
		struct rig *rig = new_liar(&how, 1, CENSOR_DO_FORGE);
		const struct forged *f = ask(rig, 4000, DNS_RD, rows[i].type, 64);
		u32 at = ANSWER + sizeof(cname);

		assert_int_equal(flags_of(f), 0x8180);
		assert_int_equal(censor_get16(f->data + 28 + 6), rows[i].n);
		assert_memory_equal(f->data + ANSWER, cname, sizeof(cname));
		if (rows[i].n == 1) {
			assert_int_equal(f->len, at);
		} else {
			/* The address is that of the CNAME's name. */
			assert_int_equal(censor_get16(f->data + at), 0xc000 | (ANSWER - 28 + 12));
			if (rows[i].type == DNS_A)
				assert_memory_equal(f->data + at + 2, a, sizeof(a) - 1);
			else
				assert_int_equal(censor_get16(f->data + at + 2), DNS_AAAA);
			assert_int_equal(f->len, at + 12 + (rows[i].type == DNS_A ? 4 : 16));
		}
		rig_free(rig);
	}
}

/* Every byte of an answer is written, whatever the buffer held. */
static void test_cname_bytes(void **state)
{
	static const struct censor_forge how = { .count = 1, .lie = CENSOR_LIE_CNAME, .alias = 1 };
	struct rig *rig = new_liar(&how, 1, CENSOR_DO_FORGE);
	u32 len = wire_dns(query, 1, DNS_RD, "www.example", DNS_AAAA, 1), i, got;
	struct censor_asked asked = { .data = query, .len = len, .shared = rig->shared };
	u8 out[2][200];

	(void)state;
	for (i = 0; i < 2; i++) {
		u64 random = 1;

		memset(out[i], i ? 0xa5 : 0x5a, sizeof(out[i]));
		got = censor_forge_dns(rig->pol, &rig->pol->rules[0].forge, &asked, &random, out[i],
				       sizeof(out[i]));
		assert_in_range(got, len + 12 + 22, sizeof(out[i]) - 1);
	}
	assert_memory_equal(out[0], out[1], got);
	rig_free(rig);
}

/* In the path: the answer in the query's place (Iran, CENSORS.md 9.1), whatever it says. */
static void test_replaced(void **state)
{
	static const struct censor_forge how[] = {
		{ .count = 1 }, { .count = 1, .lie = CENSOR_LIE_NXDOMAIN, .pool = CENSOR_NO_POOL },
	};
	u32 i, round;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(how); i++) {
		struct rig *rig = new_liar(&how[i], 1, CENSOR_DO_FORGE | CENSOR_DO_DROP);

		for (round = 0; round < 3; round++) {
			assert_non_null(ask(rig, 4000, DNS_RD, DNS_A, 64));
			assert_true(rig->seen.drop);
			assert_int_equal(rig->seen.n_forged, 1);
		}
		rig_free(rig);
	}
}

/* A query that ends without its root label is answered with one (CENSORS.md 1.3). */
static void test_cut(void **state)
{
	static const struct censor_forge how = { .count = 1, .ttl_lo = 7, .ttl_hi = 7 };
	struct rig *rig = new_liar(&how, 1, CENSOR_DO_FORGE);
	u32 len = wire_dns(query, 0xabcd, DNS_RD, "www.example", DNS_A, 1);
	const struct forged *f;

	(void)state;
	rig->pol->detect.dns_dots = true;
	rig_send(rig, buf, wire_udp(buf, ends4(CLIENT, 4000, SERVER, 53), query, len - 5));
	assert_int_equal(rig->seen.n_forged, 1);
	f = &rig->seen.forged[0];
	assert_memory_equal(f->data + 28 + 12, query + 12, QUESTION_LEN);
	assert_int_equal(f->len, ANSWER + 16);
	rig_free(rig);
}

static void test_refused(void **state)
{
	static const struct censor_forge good = { .count = 1 };
	struct censor_forge how;
	struct censor_policy *pol = policy_new();
	static const char *const names[] = {
		"", ".", "a.", ".a", "a..b", "a b", "a\"b", "a\\b", "\xe5",
		"0123456789012345678901234567890123456789012345678901234567890123",
	};
	char name[300];
	const char *why;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		assert_refused(censor_policy_add_alias(pol, names[i], &why), EINVAL);
	for (i = 0; i < 254; i++)
		name[i] = i % 64 == 63 ? '.' : 'a';
	name[253] = 0;
	assert_done(censor_policy_add_alias(pol, name, &why));
	name[253] = 'a';
	name[254] = 0;
	assert_refused(censor_policy_add_alias(pol, name, &why), EINVAL);
	policy_pool(pol, "lies", NAMES(POOL4));

#define TRY(error, change) do { \
	struct censor_rule rule = { .name = "r", .actions = CENSOR_DO_FORGE, \
				    .chance.of = CENSOR_CERTAIN }; \
	how = good; \
	change; \
	rule.forge = how; \
	if (error) \
		assert_refused(censor_policy_add_rule(pol, &rule, &why), error); \
	else \
		assert_true(censor_policy_add_rule(pol, &rule, &why) >= 0); \
	} while (0)
	TRY(0, (void)0);
	TRY(EINVAL, how.lie = CENSOR_LIES);
	TRY(EINVAL, how.pool = CENSOR_NO_POOL);
	TRY(ENOENT, how.pool = 1);
	TRY(EINVAL, how.lie = CENSOR_LIE_NXDOMAIN);
	TRY(EINVAL, how.lie = CENSOR_LIE_REFUSED);
	TRY(0, (how.lie = CENSOR_LIE_REFUSED, how.pool = CENSOR_NO_POOL));
	TRY(EINVAL, how.lie = CENSOR_LIE_CNAME);
	TRY(EINVAL, how.alias = 1);
	TRY(0, (how.lie = CENSOR_LIE_CNAME, how.alias = 1));
	TRY(ENOENT, (how.lie = CENSOR_LIE_CNAME, how.alias = 2));
	TRY(0, (how.lie = CENSOR_LIE_CNAME, how.alias = 1, how.pool = CENSOR_NO_POOL));
	TRY(EINVAL, how.in_order = true);
	TRY(EINVAL, how.cursors = 2);
	TRY(0, (how.in_order = true, how.cursors = 16));
	TRY(EINVAL, (how.in_order = true, how.cursors = 17));
	TRY(EINVAL, (how.in_order = true, how.cursors = 1, how.lie = CENSOR_LIE_NXDOMAIN,
		     how.pool = CENSOR_NO_POOL));
	censor_policy_destroy(pol);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_injectors),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_order_count),
		cmocka_unit_test(test_cursors),
		cmocka_unit_test(test_starts),
		cmocka_unit_test(test_cursor_of_flow),
		cmocka_unit_test(test_counter),
		cmocka_unit_test(test_no_such_name),
		cmocka_unit_test(test_cname),
		cmocka_unit_test(test_cname_bytes),
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("forge-dns", tests, NULL, NULL);
}
