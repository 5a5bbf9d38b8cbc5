// SPDX-License-Identifier: GPL-2.0
/* What is drawn from the seed: probabilities, delays, by tuple, by hour, by load (chance.h). */
#include "test.h"
#include "chance.h"
#include "rig.h"

#define DRAWS	20000

static u8 buf[WIRE_MAX], hello[WIRE_MAX];
static u32 hello_len;

static int group_set_up(void **state)
{
	(void)state;
	hello_len = wire_hello_sni(hello, "www.facebook.com");
	return 0;
}

static void test_range(void **state)
{
	u32 seen[11] = { 0 }, i;
	u64 draws = 5;

	(void)state;
	for (i = 0; i < DRAWS; i++)
		seen[censor_draw_range(&draws, 5, 10)]++;
	for (i = 0; i < ARRAY_SIZE(seen); i++)
		assert_in_range(seen[i], i < 5 ? 0 : DRAWS / 6 - 250, i < 5 ? 0 : DRAWS / 6 + 250);
	assert_int_equal(censor_draw_range(&draws, 7, 7), 7);
	/* All there are: their number doesn't fit. */
	for (i = 0; i < 64 && censor_draw_range(&draws, 0, ~0u) < 0xf0000000; i++)
		;
	assert_true(i < 64);
}

static void test_hit(void **state)
{
	static const struct {
		u16 of;
		u32 lo, hi;
	} rows[] = {
		{ 0, 0, 0 }, { 1, 0, 12 }, { 100, 140, 260 }, { 5000, 9700, 10300 },
		{ 9999, DRAWS - 12, DRAWS }, { CENSOR_CERTAIN, DRAWS, DRAWS },
		{ 0xffff, DRAWS, DRAWS },
	};
	u32 i, n, hits;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u64 draws = 11;

		for (n = hits = 0; n < DRAWS; n++)
			hits += censor_draw_hit(&draws, rows[i].of);
		assert_in_range(hits, rows[i].lo, rows[i].hi);
		/* Draws only if it must: what comes after doesn't depend on a certain thing. */
		assert_int_equal(draws == 11, !rows[i].of || rows[i].of >= CENSOR_CERTAIN);
	}
}

static void test_delay(void **state)
{
	static const struct censor_delay delay = {
		.n = 3, .point = { { 1000, 100 }, { 5000, 200 }, { 9500, 2000 } },
	};
	static const struct censor_delay fixed = { .n = 1, .point = { { 5000, 77 } } };
	static const struct censor_delay steep = {
		.n = 2, .point = { { 0, 5 }, { CENSOR_CERTAIN, 4000000005u } },
	};
	u32 least = 0, low = 0, high = 0, most = 0, i;
	u64 draws = 3, sum = 0;

	(void)state;
	assert_int_equal(censor_draw_delay(&draws, &fixed), 77);
	assert_true(draws == 3);
	for (i = 0; i < DRAWS; i++) {
		u32 us = censor_draw_delay(&draws, &delay);

		assert_in_range(us, 100, 2000);
		least += us == 100;
		low += us <= 200;
		high += us > 200 && us < 1100;
		most += us == 2000;
	}
	/* Below the first and above the last point the time is theirs; between it grows evenly. */
	assert_in_range(least, DRAWS / 10 - 200, DRAWS / 10 + 300);
	assert_in_range(low, DRAWS / 2 - 300, DRAWS / 2 + 300);
	assert_in_range(high, DRAWS * 225 / 1000 - 300, DRAWS * 225 / 1000 + 300);
	assert_in_range(most, DRAWS / 20 - 150, DRAWS / 20 + 150);
	for (i = 0; i < DRAWS; i++) {
		u32 us = censor_draw_delay(&draws, &steep);

		assert_in_range(us, 5, 4000000005u);
		sum += us;
	}
	assert_in_range(sum / DRAWS, 1960000000u, 2040000000u);
}

static void test_start(void **state)
{
	struct censor_policy a = { .seed = 1 }, b = { .seed = 2 };
	u32 i, same = 0;

	(void)state;
	assert_true(censor_draw_start(&a, 7) == censor_draw_start(&a, 7));
	for (i = 0; i < 1000; i++) {
		same += censor_draw_start(&a, i) == censor_draw_start(&b, i);
		same += censor_draw_start(&a, i) == censor_draw_start(&a, i + 1);
	}
	assert_int_equal(same, 0);
}

/* A policy whose rules act with a chance, as the others below ask. */
static struct rig *new_rig(const struct censor_chance *chance, u32 rules, u64 seed,
			   const struct censor_hours *hours, const struct censor_load *load)
{
	struct censor_rule rule = { .actions = CENSOR_DO_LOG, .chance = *chance };
	struct censor_policy *pol = policy_new();
	u16 names = policy_names(pol, "s", NAMES("facebook.com"));
	u32 i;

	pol->seed = seed;
	if (hours)
		assert_done(censor_policy_add_hours(pol, hours, &why));
	if (load)
		assert_done(censor_policy_add_load(pol, load, &why));
	for (i = 0; i < rules; i++) {
		snprintf(rule.name, sizeof(rule.name), "r%u", i);
		policy_rule_full(pol, &rule);
		policy_cond(pol, CENSOR_ATTR_TLS_SNI, names);
	}
	policy_seal(pol);
	return rig_new(pol);
}

static u32 try(struct rig *rig, const char *client, u16 sport, const char *server, u16 dport)
{
	struct talk talk = talk_open(rig, ends4(client, sport, server, dport));
	u32 rules = 0, i;

	talk_say(&talk, hello, hello_len);
	for (i = 0; i < rig->seen.n_matches; i++)
		rules |= 1u << rig->seen.matches[i].rule;
	rig_forget(rig);
	return rules;
}

/* Drawn for each connection: about as many, two rules apart, the same in each run of a seed. */
static void test_rule(void **state)
{
	static u8 drawn[3][1000];
	u32 run, i, hits[2] = { 0 }, both = 0;

	(void)state;
	for (run = 0; run < 3; run++) {
		struct rig *rig = new_rig(&(struct censor_chance){ .of = 3000 }, 2, 5 + run / 2,
					  NULL, NULL);

		for (i = 0; i < 1000; i++) {
			/* The ports don't matter, only how many were tried before. */
			drawn[run][i] = (u8)try(rig, "192.0.2.1", (u16)(1000 + i * (run + 1)),
						"203.0.113.1", 443);
			hits[0] += drawn[run][i] & 1;
			hits[1] += drawn[run][i] >> 1;
			both += drawn[run][i] == 3;
		}
		rig_free(rig);
	}
	assert_in_range(hits[0], 800, 1000);
	assert_in_range(hits[1], 800, 1000);
	assert_in_range(both, 200, 340);
	assert_memory_equal(drawn[0], drawn[1], 1000);
	assert_memory_not_equal(drawn[0], drawn[2], 1000);
}

/* By a tuple: all that share it share the luck. */
static void test_sticky(void **state)
{
	struct rig *rig = new_rig(&(struct censor_chance){ .of = 5000,
				  .tuple = CENSOR_TUPLE_DST | CENSOR_TUPLE_DPORT }, 1, 5, NULL, NULL);
	u32 i, hits = 0, by_port = 0;
	char server[32];

	(void)state;
	for (i = 0; i < 250; i++) {
		u32 first;

		snprintf(server, sizeof(server), "203.0.113.%u", i);
		first = try(rig, "192.0.2.1", 1000, server, 443);
		assert_int_equal(try(rig, "192.0.2.1", 2000, server, 443), first);
		assert_int_equal(try(rig, "192.0.2.77", 3000, server, 443), first);
		hits += first;
		by_port += try(rig, "192.0.2.1", 1000, server, 8443) != first;
	}
	assert_in_range(hits, 95, 155);
	assert_in_range(by_port, 95, 155);
	rig_free(rig);
}

/* By the hour of local time. */
static void test_hours(void **state)
{
	static const struct {
		s16 offset;
		u64 wall;
		u8 hour;
	} rows[] = {
		{ 0, 0, 0 }, { 0, 3599, 0 }, { 0, 3600, 1 }, { 0, 86399, 23 }, { 0, 86400, 0 },
		{ 60, 0, 1 }, { -60, 0, 23 }, { -1440, 0, 0 }, { 1440, 7200, 2 },
		{ 480, 1700000000, 6 },	/* 22:13:20 UTC in Peking */
		{ 210, 1700000000, 1 },	/* in Tehran: 1:43:20 */
		{ -210, 1700000000, 18 },
		{ 0, 4294967296, 6 },	/* 2106-02-07 06:28:16: what 32 bits hold */
		{ 60, 253402300799, 0 },
	};
	u32 i, hour;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (hour = 0; hour < 24; hour++) {
			struct censor_hours hours = { .name = "h", .offset_min = rows[i].offset };
			struct rig *rig;

			hours.chance[hour] = CENSOR_CERTAIN;
			rig = new_rig(&(struct censor_chance){ .of = CENSOR_CERTAIN, .hours = 1 },
				      1, 5, &hours, NULL);
			assert_true(rig->pol->wants_wall);
			rig->wall = rows[i].wall;
			assert_int_equal(try(rig, "192.0.2.1", 1000, "203.0.113.1", 443),
					 hour == rows[i].hour);
			rig_free(rig);
		}
	}
}

/* The rule's own probability and the tables' are multiplied. */
static void test_product(void **state)
{
	struct censor_hours hours = { .name = "h" };
	struct censor_load load = { .name = "l", .n = 1, .point = { { 5, 5000 } } };
	struct rig *rig;
	u32 i, hits = 0;

	(void)state;
	for (i = 0; i < 24; i++)
		hours.chance[i] = 5000;
	rig = new_rig(&(struct censor_chance){ .of = 8000, .hours = 1, .load = 1 }, 1, 5, &hours,
		      &load);
	for (i = 0; i < 2000; i++)
		hits += try(rig, "192.0.2.1", (u16)(1000 + i), "203.0.113.1", 443);
	assert_in_range(hits, 330, 470);
	rig_free(rig);
}

/* By what was looked into in the last second, evenly between the points. */
static void test_load(void **state)
{
	static const struct censor_load load = {
		.name = "l", .n = 3, .point = { { 10, 10000 }, { 110, 5000 }, { 4000000000u, 0 } },
	};
	static const struct {
		u32 pps, lo, hi;
	} rows[] = {
		{ 0, 1000, 1000 }, { 9, 1000, 1000 }, { 10, 1000, 1000 }, { 60, 690, 810 },
		{ 109, 430, 580 }, { 110, 430, 570 }, { 2000000055u, 190, 310 },
		{ 4000000000u, 0, 0 }, { 0xffffffffu, 0, 0 },
	};
	u32 i, n, hits;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig *rig = new_rig(&(struct censor_chance){ .of = CENSOR_CERTAIN, .load = 1 },
					  1, 5, NULL, &load);

		assert_true(rig->pol->wants_load);
		for (n = hits = 0; n < 1000; n++) {
			/* The clock stands: what was counted before doesn't change. */
			censor_counter_set(&rig->shared->load_second, (u32)(rig->now >> 30));
			censor_counter_set(&rig->shared->load, rows[i].pps);
			hits += try(rig, "192.0.2.1", (u16)(1000 + n), "203.0.113.1", 443);
		}
		if (hits < rows[i].lo || hits > rows[i].hi)
			fail_msg("%u packets a second: %u of 1000", rows[i].pps, hits);
		rig_free(rig);
	}
}

/* The load is counted by seconds, and what was a while ago is none. */
static void test_load_count(void **state)
{
	static const struct censor_load load = { .name = "l", .n = 1, .point = { { 5, 10000 } } };
	struct rig *rig = new_rig(&(struct censor_chance){ .of = CENSOR_CERTAIN, .load = 1 }, 1, 5,
				  NULL, &load);
	const u64 second = 1ull << 30;
	u32 i;

	(void)state;
	rig->now = 100 * second;
	for (i = 0; i < 150; i++)
		try(rig, "192.0.2.1", (u16)(1000 + i), "203.0.113.1", 443);
	assert_int_equal(rig->shared->load, 0);
	rig->now += second;
	try(rig, "192.0.2.1", 1, "203.0.113.1", 443);
	/* 150 in 2^30 ns are 140 in a second. */
	assert_int_equal(rig->shared->load, 140);
	try(rig, "192.0.2.1", 2, "203.0.113.1", 443);
	assert_int_equal(rig->shared->load, 140);
	rig->now += second;
	try(rig, "192.0.2.1", 3, "203.0.113.1", 443);
	assert_int_equal(rig->shared->load, 2);
	rig->now += 2 * second;
	try(rig, "192.0.2.1", 4, "203.0.113.1", 443);
	assert_int_equal(rig->shared->load, 0);
	assert_int_equal(rig->shared->load_count, 1);
	/* A question is looked into like a ClientHello; only what the policy asks for. */
	rig_send(rig, buf, wire_udp(buf, ends4("192.0.2.1", 5, "203.0.113.1", 53), hello,
				    wire_dns(hello, 1, DNS_RD, "example.org", DNS_A, 1)));
	assert_int_equal(rig->shared->load_count, 1);
	rig->report = true;
	rig_send(rig, buf, wire_udp(buf, ends4("192.0.2.1", 6, "203.0.113.1", 53), hello,
				    wire_dns(hello, 1, DNS_RD, "example.org", DNS_A, 1)));
	assert_int_equal(rig->shared->load_count, 2);
	hello_len = wire_hello_sni(hello, "www.facebook.com");
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_hit),
		cmocka_unit_test(test_delay),
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_rule),
		cmocka_unit_test(test_sticky),
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_product),
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_load_count),
	};

	return cmocka_run_group_tests_name("chance", tests, group_set_up, NULL);
}
