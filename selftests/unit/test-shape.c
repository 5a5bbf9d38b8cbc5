// SPDX-License-Identifier: GPL-2.0
/* Police, lose, delay, mark, sample: what a rule may ask for, and what becomes of packets. */
#include "test.h"
#include "matched.h"

#define HARMS	(CENSOR_DO_POLICE | CENSOR_DO_LOSE | CENSOR_DO_DELAY)

static u8 buf[WIRE_MAX];
static const u8 load[972];

/* Rules to be told apart by their port; a delay of 20 ms is there. */
static struct censor_policy *shape_policy(void)
{
	static const struct censor_delay fixed = { .n = 1, .point = { { 0, 20000 } } };
	static const struct censor_delay wide = { .n = 2, .point = { { 0, 0 }, { 10000, 50000 } } };
	struct censor_policy *pol = policy_new();

	assert_done(censor_policy_add_delay(pol, &fixed, &why));
	assert_done(censor_policy_add_delay(pol, &wide, &why));
	return pol;
}

static void add(struct censor_policy *pol, const struct censor_rule *rule, u16 port)
{
	policy_rule_full(pol, rule);
	policy_cond(pol, CENSOR_ATTR_PORT, policy_number(pol, port, port));
}

static struct rig *rig_of(const struct censor_rule *rule)
{
	struct censor_policy *pol = shape_policy();

	add(pol, rule, 443);
	policy_seal(pol);
	return rig_new(pol);
}

static struct ends web(u16 port)
{
	return ends4("192.0.2.1", port, "203.0.113.9", 443);
}

static const struct seen *send(struct rig *rig, struct ends ends)
{
	return rig_send(rig, buf, wire_udp(buf, ends, load, sizeof(load)));
}

static void test_refused(void **state)
{
	static const struct censor_police police = { .rate = 8000, .burst = 1000, .to = 3 };
	static const struct {
		struct censor_rule rule;
		int error;
	} rows[] = {
		{ { .actions = CENSOR_DO_POLICE, .police = police }, 0 },
		{ { .actions = CENSOR_DO_POLICE, .police = police,
		    .path = CENSOR_PATH_ON }, EINVAL },
		{ { .actions = CENSOR_DO_POLICE | CENSOR_DO_PASS, .police = police }, EINVAL },
		{ { .actions = CENSOR_DO_POLICE,
		    .police = { .rate = 8, .burst = 64, .to = 1 } }, 0 },
		{ { .actions = CENSOR_DO_POLICE, .police = { .rate = 7, .burst = 64, .to = 1 } },
		  EINVAL },
		{ { .actions = CENSOR_DO_POLICE, .police = { .rate = CENSOR_RATE_MAX + 1,
							     .burst = 64, .to = 1 } }, EINVAL },
		{ { .actions = CENSOR_DO_POLICE, .police = { .rate = 8, .burst = 63, .to = 1 } },
		  EINVAL },
		{ { .actions = CENSOR_DO_POLICE, .police = { .rate = 8, .to = 1 } }, EINVAL },
		{ { .actions = CENSOR_DO_POLICE,
		    .police = { .rate = 8, .burst = CENSOR_BURST_MAX + 1, .to = 1 } }, EINVAL },
		{ { .actions = CENSOR_DO_POLICE,
		    .police = { .rate = 8, .burst = 64, .to = 1, .per = CENSOR_PERS } }, EINVAL },
		{ { .actions = CENSOR_DO_POLICE, .police = { .rate = 8, .burst = 64 } }, EINVAL },
		{ { .actions = CENSOR_DO_POLICE, .police = { .rate = 8, .burst = 64, .to = 4 } },
		  EINVAL },
		{ { .actions = CENSOR_DO_LOSE, .lose = { 10000, 3 } }, 0 },
		{ { .actions = CENSOR_DO_LOSE, .lose = { 10000, 3 },
		    .path = CENSOR_PATH_ON }, EINVAL },
		{ { .actions = CENSOR_DO_LOSE, .lose = { 10001, 3 } }, EINVAL },
		{ { .actions = CENSOR_DO_LOSE, .lose = { 0, 3 } }, EINVAL },
		{ { .actions = CENSOR_DO_LOSE, .lose = { 10, 0 } }, EINVAL },
		{ { .actions = CENSOR_DO_LOSE, .lose = { 10, 4 } }, EINVAL },
		{ { .actions = CENSOR_DO_DELAY, .hold = { 2, 3 } }, 0 },
		{ { .actions = CENSOR_DO_DELAY, .hold = { 2, 3 },
		    .path = CENSOR_PATH_ON }, EINVAL },
		{ { .actions = CENSOR_DO_DELAY, .hold = { 0, 3 } }, ENOENT },
		{ { .actions = CENSOR_DO_DELAY, .hold = { 3, 3 } }, ENOENT },
		{ { .actions = CENSOR_DO_DELAY, .hold = { 1, 0 } }, EINVAL },
		{ { .actions = CENSOR_DO_MARK, .mark = { 0x10, 0xff } }, 0 },
		{ { .actions = CENSOR_DO_MARK, .mark = { 0x10, 0xff },
		    .path = CENSOR_PATH_ON }, 0 },
		{ { .actions = CENSOR_DO_MARK, .mark = { 0, 0 } }, EINVAL },
		{ { .actions = CENSOR_DO_MARK, .mark = { 0x10, 0xf } }, EINVAL },
		{ { .actions = CENSOR_DO_LOG, .sample = 10000 }, 0 },
		{ { .actions = CENSOR_DO_LOG | CENSOR_DO_PASS, .sample = 1 }, 0 },
		{ { .actions = CENSOR_DO_LOG, .sample = 10001 }, EINVAL },
		{ { .actions = CENSOR_DO_DROP, .drop_to = 3, .sample = 1 }, EINVAL },
		{ { .actions = 0x1000 }, EINVAL },
		/* A block goes on with any of these, but not with what only tells or lets pass. */
		{ { .actions = CENSOR_DO_POLICE | CENSOR_DO_RESIDUAL, .police = police,
		    .residual = { .ms = 1, .tuple = 3, .chance = 1 } }, 0 },
		{ { .actions = CENSOR_DO_MARK | CENSOR_DO_RESIDUAL, .mark = { 1, 1 },
		    .residual = { .ms = 1, .tuple = 3, .chance = 1 } }, 0 },
		{ { .actions = CENSOR_DO_LOG | CENSOR_DO_RESIDUAL,
		    .residual = { .ms = 1, .tuple = 3, .chance = 1 } }, EINVAL },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct censor_policy *pol = shape_policy();
		struct censor_rule rule = rows[i].rule;
		const char *why = NULL;
		int result;

		strcpy(rule.name, "r");
		rule.chance.of = CENSOR_CERTAIN;
		rule.phases = CENSOR_PHASES_ALL;
		result = censor_policy_add_rule(pol, &rule, &why);
		if (rows[i].error ? result != -rows[i].error || !why || !*why : result)
			fail_msg("row %u: %d, %s", i, result, why ? why : "no reason");
		censor_policy_destroy(pol);
	}
}

/* Buckets count against what the policy may take. */
static void test_limit(void **state)
{
	struct censor_rule rule = { .name = "r", .actions = CENSOR_DO_POLICE,
				    .police = { .rate = 8000, .per = CENSOR_PER_HOST } };
	static const u32 buckets[] = { 0, 65536, 16 };
	const char *why = NULL;
	int where, per;

	(void)state;
	for (per = 0; per < CENSOR_PERS; per++) {
		struct censor_policy *pol = policy_new();
		size_t before;

		rule.police.per = (u8)per;
		add(pol, &rule, 443);
		pol->limit = pol->bytes + 60000;
		assert_int_equal(censor_policy_seal(pol, &where, &why),
				 per == CENSOR_PER_HOST ? -EDQUOT : 0);
		before = sizeof(struct censor_shared) + sizeof(censor_counter);
		assert_in_range(censor_shared_size(pol) - before, buckets[per], buckets[per] + 7);
		censor_policy_destroy(pol);
	}
}

/* Every action by itself; the way to whom; and on the fast way as on the slow. */
static void test_actions(void **state)
{
	static const u16 actions[] = { CENSOR_DO_POLICE, CENSOR_DO_LOSE, CENSOR_DO_DELAY };
	u32 i, to, n, back;
	bool no_fast, hit;

	(void)state;
	for (i = 0; i < 2 * 3 * ARRAY_SIZE(actions); i++) {
		u16 action = actions[i / 6];
		struct censor_rule rule = { .name = "it", .actions = action,
					    .police = { .rate = 8000, .burst = 1000 },
					    .lose.chance = 10000, .hold.delay = 1 };
		const struct seen *seen;
		struct rig *rig;

		to = 1 + i / 2 % 3;
		no_fast = i % 2;
		rule.police.to = rule.lose.to = rule.hold.to = (u8)to;
		rig = rig_of(&rule);
		rig->no_fast = no_fast;
		for (n = 0; n < 8; n++) {
			back = n & 1;
			hit = to & (back ? CENSOR_TO_CLIENT : CENSOR_TO_SERVER);
			seen = send(rig, back ? ends_back(web(1)) : web(1));

			/* Of each direction, one packet is in the bucket. */
			assert_int_equal(seen->drop, action == CENSOR_DO_LOSE ? hit :
					 action == CENSOR_DO_POLICE && hit && n > 1);
			assert_int_equal(seen->wait_us,
					 action == CENSOR_DO_DELAY && hit ? 20000 : 0);
			assert_int_equal(seen->fast, n > 1 && !no_fast);
			assert_int_equal(seen->n_matches, n < 2);
			assert_int_equal(seen->counts_for, 1);
		}
		rig_free(rig);
	}
}

/* What is policed away is not drawn for, and what is lost is not delayed. */
static void test_order(void **state)
{
	struct censor_rule rule = { .name = "all", .actions = HARMS, .hold.delay = 1,
				    .police = { .rate = 8000, .burst = 1000 },
				    .lose.chance = 5000 };
	struct rig *rig = rig_of(&rule);
	u32 n, passed = 0, lost = 0;

	(void)state;
	for (n = 0; n < 1000; n++) {
		const struct seen *seen = send(rig, web(1));
		u32 drawn = censor_counter_read(&rig->shared->packets);

		/* Every second packet of two in a second is beyond the rate. */
		assert_int_equal(drawn, n / 2 + 1);
		if (n & 1) {
			assert_true(seen->drop);
		} else {
			passed += !seen->drop;
			lost += seen->drop;
		}
		assert_int_equal(seen->wait_us, seen->drop ? 0 : 20000);
		rig->now += SECOND / 2;
	}
	assert_in_range(lost, 200, 300);
	assert_int_equal(passed + lost, 500);
	rig_free(rig);
}

/* Drawn from the seed: the same again, another with another. */
static void test_draws(void **state)
{
	struct censor_rule rule = { .name = "it", .actions = CENSOR_DO_LOSE | CENSOR_DO_DELAY,
				    .lose.chance = 500, .hold.delay = 2 };
	u64 sums[3] = { 0 };
	u32 run, n, lost = 0;
	double waited = 0;

	(void)state;
	for (run = 0; run < 3; run++) {
		struct rig *rig = rig_of(&rule);

		rig->pol->seed = run / 2;
		for (n = 0; n < 20000; n++) {
			const struct seen *seen = send(rig, web((u16)(1 + n % 50)));

			sums[run] = sums[run] * 31 + seen->wait_us + seen->drop;
			lost += seen->drop;
			waited += seen->wait_us;
		}
		rig_free(rig);
	}
	assert_int_equal(sums[0], sums[1]);
	assert_int_not_equal(sums[0], sums[2]);
	/* 5 % of 60,000, and 25 ms in the middle. */
	assert_in_range(lost, 2800, 3200);
	assert_in_range((u64)(waited / (60000 - lost)), 24500, 25500);
}

/* The first is an event as ever; of the later ones some are told of, and none is a hit. */
static void test_sample(void **state)
{
	u32 pass, n;

	(void)state;
	for (pass = 0; pass < 2; pass++) {
		struct censor_rule rule = {
			.name = "watch", .sample = 1000,
			.actions = (u16)(CENSOR_DO_LOG | (pass ? CENSOR_DO_PASS : 0)),
		};
		struct rig *rig = rig_of(&rule);
		u32 told = 0, back = 0, fast = 0;

		assert_int_equal(send(rig, web(1))->n_matches, 1);
		assert_false(rig->seen.matches[0].sample);
		for (n = 0; n < 20000; n++) {
			bool answer = n & 1;
			const struct seen *seen = send(rig, answer ? ends_back(web(1)) : web(1));

			assert_false(seen->drop);
			assert_int_equal(seen->counts_for, 1);
			fast += seen->fast;
			if (!seen->n_matches || !seen->matches[0].sample)
				continue;
			told++;
			back += answer;
			assert_int_equal(seen->n_matches, 1);
			assert_int_equal(seen->matches[0].actions, CENSOR_DO_LOG);
			assert_int_equal(seen->matches[0].attr,
					 answer ? CENSOR_ATTR_IP_SRC : CENSOR_ATTR_IP_DST);
			assert_memory_equal(seen->value[0], web(1).dst, 4);
		}
		assert_in_range(told, 1900, 2100);
		assert_in_range(back, 900, 1100);
		assert_true(fast >= 20000 - told - 1);
		rig_free(rig);
	}
}

/* Of all: each later packet once, and the first not twice. */
static void test_sample_all(void **state)
{
	struct censor_rule rule = { .name = "watch", .sample = 10000, .actions = CENSOR_DO_LOG };
	struct rig *rig = rig_of(&rule);
	u32 n;

	(void)state;
	for (n = 0; n < 5; n++) {
		assert_int_equal(send(rig, web(1))->n_matches, 1);
		assert_int_equal(rig->seen.matches[0].sample, n > 0);
	}
	rig_free(rig);
}

/* A packet is held for a minute at most; what the censor sends itself may take longer. */
static void test_delay_max(void **state)
{
	static const struct censor_delay delays[] = {
		{ .n = 1, .point = { { 0, 60000000 } } },
		{ .n = 1, .point = { { 0, 60000001 } } },
		{ .n = 2, .point = { { 0, 0 }, { 10000, 60000001 } } },
	};
	struct censor_rule rule = { .name = "late", .actions = CENSOR_DO_DELAY };
	struct censor_policy *pol = policy_new();
	u32 i;

	(void)state;
	policy_rule_defaults(&rule);
	for (i = 0; i < ARRAY_SIZE(delays); i++) {
		assert_done(censor_policy_add_delay(pol, &delays[i], &why));
		rule.hold.delay = (u16)(i + 1);
		if (i)
			assert_refused(censor_policy_add_rule(pol, &rule, &why), ERANGE);
		else
			assert_done(censor_policy_add_rule(pol, &rule, &why));
	}
	censor_policy_destroy(pol);
}

/* What was drawn for a packet that is dropped is not the next one's. */
static void test_sample_dropped(void **state)
{
	struct censor_rule watch = { .name = "watch", .sample = 1, .actions = CENSOR_DO_LOG };
	struct censor_rule bad = { .name = "bad", .residual = { .tuple = 3, .ms = 1000 },
				   .actions = CENSOR_DO_DROP | CENSOR_DO_RESIDUAL };
	struct censor_policy *pol = shape_policy();
	struct rig *rig;

	(void)state;
	add(pol, &watch, 443);
	add(pol, &bad, 9);
	policy_seal(pol);
	rig = rig_new(pol);
	send(rig, web(1));
	assert_true(send(rig, ends4("192.0.2.1", 1, "203.0.113.9", 9))->drop);
	/* As where the block was set while the packet was asked about. */
	rig->flows[0].sampled = true;
	assert_true(send(rig, web(1))->drop);
	rig->now += 2 * SECOND;
	assert_false(send(rig, web(1))->drop);
	assert_int_equal(rig->seen.n_matches, 0);
	rig_free(rig);
}

/* The last rule that matched shapes a flow; one that only samples does not take that from it. */
static void test_last(void **state)
{
	static const struct {
		u16 first, second;
		u16 sample;
		u32 shapes, marks;
	} rows[] = {
		{ CENSOR_DO_LOSE, CENSOR_DO_DELAY, 0, 2, 0 },
		{ CENSOR_DO_LOSE, CENSOR_DO_LOG, 1, 1, 0 },
		{ CENSOR_DO_LOG, CENSOR_DO_LOSE, 1, 2, 0 },
		{ CENSOR_DO_LOG, CENSOR_DO_LOG, 1, 2, 0 },
		{ CENSOR_DO_LOSE | CENSOR_DO_MARK, CENSOR_DO_DELAY, 0, 2, 1 },
		{ CENSOR_DO_LOSE, CENSOR_DO_MARK, 0, 1, 2 },
		{ CENSOR_DO_MARK, CENSOR_DO_MARK, 0, 0, 2 },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct censor_policy *pol = shape_policy();
		struct censor_rule rule = { .name = "first", .lose.chance = 1, .hold.delay = 1,
					    .mark = { 1, 1 }, .actions = rows[i].first };
		struct rig *rig;

		rule.sample = rule.actions == CENSOR_DO_LOG ? rows[i].sample : 0;
		add(pol, &rule, 443);
		strcpy(rule.name, "second");
		rule.actions = rows[i].second;
		rule.sample = rule.actions == CENSOR_DO_LOG ? rows[i].sample : 0;
		add(pol, &rule, 443);
		policy_seal(pol);
		rig = rig_new(pol);
		send(rig, web(1));
		assert_matched(rig, "first=443 second=443");
		assert_int_equal(rig_flow(rig)->shape_rule, rows[i].shapes);
		assert_int_equal(rig->seen.mark_rule, rows[i].marks);
		assert_int_equal(rig->seen.counts_for, 2);
		rig_free(rig);
	}
}

/* Matching once more, in the other direction, changes nothing: who the client is, what is owed. */
static void test_again(void **state)
{
	struct censor_rule rule = { .name = "it", .actions = CENSOR_DO_POLICE,
				    .police = { .rate = 8000, .burst = 1000,
						.to = CENSOR_TO_SERVER } };
	struct rig *rig = rig_of(&rule);

	(void)state;
	assert_false(send(rig, web(1))->drop);
	assert_false(send(rig, ends_back(web(1)))->drop);
	assert_int_equal(rig->seen.n_matches, 1);
	assert_false(send(rig, ends_back(web(1)))->drop);
	assert_true(send(rig, web(1))->drop);
	rig_free(rig);
}

/* With what ends a flow: dropped is dropped, and what is rewritten waits for nothing. */
static void test_together(void **state)
{
	struct censor_rule rule = { .name = "it", .lose.chance = 10000, .hold.delay = 1,
				    .rewrite_flags = RST | ACK, .rewrite_to = CENSOR_TO_BOTH };
	struct rig *rig;
	struct talk talk;
	u32 n;

	(void)state;
	rule.actions = CENSOR_DO_DROP | CENSOR_DO_DELAY;
	rig = rig_of(&rule);
	for (n = 0; n < 3; n++) {
		assert_true(send(rig, web(1))->drop);
		assert_int_equal(rig->seen.wait_us, 0);
	}
	rig_free(rig);

	rule.actions = CENSOR_DO_REWRITE | CENSOR_DO_DELAY;
	rig = rig_of(&rule);
	talk = (struct talk){ .rig = rig, .client = web(1), .seq = 1 };
	for (n = 0; n < 3; n++) {
		assert_int_equal(talk_say(&talk, "x", 1)->rewrite, RST | ACK);
		assert_int_equal(rig->seen.wait_us, 0);
	}
	rig_free(rig);

	rule.actions = CENSOR_DO_REWRITE | CENSOR_DO_LOSE;
	rig = rig_of(&rule);
	talk = (struct talk){ .rig = rig, .client = web(1), .seq = 1 };
	for (n = 0; n < 3; n++)
		assert_true(talk_say(&talk, "x", 1)->drop);
	rig_free(rig);

	/* Two more pass, late, and then none. */
	rule.actions = CENSOR_DO_FREEZE | CENSOR_DO_DELAY;
	rule.freeze = (struct censor_freeze){ 2, 2, false };
	rig = rig_of(&rule);
	for (n = 0; n < 5; n++) {
		assert_int_equal(send(rig, web(1))->drop, n > 2);
		assert_int_equal(rig->seen.wait_us, n > 2 ? 0 : 20000);
	}
	rig_free(rig);
}

/* What is in a stream shapes the flow from that packet on, and the looking goes on. */
static void test_stream(void **state)
{
	struct censor_policy *pol = shape_policy();
	struct censor_rule rule = { .name = "target", .actions = CENSOR_DO_DELAY, .hold.delay = 1 };
	struct talk talk;
	struct rig *rig;

	(void)state;
	policy_rule_full(pol, &rule);
	policy_cond(pol, CENSOR_ATTR_HTTP_TARGET, policy_names(pol, "", NAMES("*slow*")));
	policy_rule(pol, "host", CENSOR_DO_DROP);
	policy_cond(pol, CENSOR_ATTR_HTTP_HOST, policy_names(pol, "", NAMES("example.org")));
	policy_seal(pol);
	rig = rig_new(pol);
	talk = talk_open(rig, ends4("192.0.2.1", 40000, "203.0.113.9", 80));
	assert_int_equal(rig->seen.wait_us, 0);
	assert_int_equal(talk_say(&talk, "GET /slow HTTP/1.1\r\n", 20)->wait_us, 20000);
	assert_matched(rig, "target=/slow");
	assert_int_equal(talk_flags(&talk, false, ACK)->wait_us, 20000);
	talk_say(&talk, "Host: example.org\r\n\r\n", 21);
	assert_matched(rig, "host=example.org");
	assert_true(rig->seen.drop);
	rig_free(rig);
}

/* A query's rule shapes the answer, too; for a packet without a flow, the packet alone. */
static void test_query(void **state)
{
	struct ends ends = ends4("192.0.2.1", 5353, "203.0.113.9", 53);
	struct censor_policy *pol = shape_policy();
	struct censor_rule rule = { .name = "dns", .actions = CENSOR_DO_DELAY | CENSOR_DO_MARK,
				    .hold.delay = 1, .mark = { 1, 1 } };
	u8 query[64];
	struct rig *rig;
	u32 len;

	(void)state;
	policy_rule_full(pol, &rule);
	policy_cond(pol, CENSOR_ATTR_DNS_QNAME, policy_names(pol, "", NAMES("example.org")));
	policy_seal(pol);
	rig = rig_new(pol);
	len = wire_dns(query, 1, DNS_RD, "example.org", DNS_A, 1);
	rig_send(rig, buf, wire_udp(buf, ends, query, len));
	assert_matched(rig, "dns=example.org");
	assert_int_equal(rig->seen.wait_us, 20000);
	assert_int_equal(rig->seen.mark_rule, 1);
	assert_int_equal(rig->seen.counts_for, 1);
	rig_send(rig, buf, wire_udp(buf, ends_back(ends), query, len));
	assert_int_equal(rig->seen.wait_us, 20000);
	rig_forget(rig);
	rig->no_flow = true;
	rig_send(rig, buf, wire_udp(buf, ends, query, len));
	assert_matched(rig, "dns=example.org");
	assert_int_equal(rig->seen.matches[0].actions, CENSOR_DO_DELAY);
	assert_int_equal(rig->seen.wait_us, 20000);
	rig_send(rig, buf, wire_udp(buf, ends_back(ends), query, len));
	assert_int_equal(rig->seen.wait_us, 0);
	rig_free(rig);
}

/* Without flows, who has a bucket elsewhere is policed all the same. */
static void test_no_flow(void **state)
{
	struct censor_prefix inside = policy_prefix("192.0.2.0/24");
	u32 per;

	(void)state;
	for (per = 0; per < CENSOR_PERS; per++) {
		struct censor_rule rule = { .name = "it", .actions = CENSOR_DO_POLICE,
					    .police = { .rate = 8000, .burst = 1000,
							.per = (u8)per } };
		struct censor_policy *pol = shape_policy();
		struct ends back = ends_back(web(1));
		struct rig *rig;
		bool held = per != CENSOR_PER_FLOW;

		assert_done(censor_policy_add_inside(pol, &inside, &why));
		add(pol, &rule, 443);
		policy_seal(pol);
		rig = rig_new(pol);
		rig->no_flow = true;
		assert_false(send(rig, web(1))->drop);
		assert_int_equal(rig->seen.n_matches, held);
		assert_int_equal(send(rig, web(2))->drop, held);
		/* What the same host is sent, from two others. */
		assert_false(send(rig, back)->drop);
		back.src[3]++;
		assert_int_equal(send(rig, back)->drop, held);
		rig_free(rig);
	}
}

/* A residual block shapes what comes later between the same ends. */
static void test_residual(void **state)
{
	struct censor_rule rule = {
		.name = "it", .actions = CENSOR_DO_LOSE | CENSOR_DO_RESIDUAL, .lose.chance = 10000,
		.lose.to = CENSOR_TO_SERVER,
		.residual = { .ms = 1000, .tuple = 3, .both = true },
	};
	struct ends other = ends4("192.0.2.1", 7, "203.0.113.9", 80);
	struct censor_policy *pol = shape_policy();
	struct rig *rig;

	(void)state;
	add(pol, &rule, 443);
	policy_rule(pol, "other", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 80, 80));
	policy_seal(pol);
	rig = rig_new(pol);
	send(rig, web(1));
	assert_int_equal(rig->seen.n_effects, 2);
	/* The other way first: it goes back to the client. */
	assert_false(send(rig, ends_back(other))->drop);
	assert_true(rig->seen.matches[0].residual);
	assert_int_equal(rig->seen.matches[0].actions, CENSOR_DO_LOSE);
	assert_int_equal(rig->seen.counts_for, 1);
	assert_true(send(rig, other)->drop);
	/* The rules are asked as ever. */
	assert_matched(rig, "it=0 other=80");
	assert_true(send(rig, other)->drop);
	assert_int_equal(rig->seen.n_matches, 0);
	assert_false(send(rig, ends_back(other))->drop);
	rig->now += 2 * SECOND;
	/* What began under it stays so; what begins after it does not. */
	assert_true(send(rig, other)->drop);
	other.sport++;
	assert_false(send(rig, other)->drop);
	rig_free(rig);
}

/* As long as another policy's flow: nothing of the old one's stays. */
static void test_policy(void **state)
{
	struct censor_rule rule = { .name = "it", .actions = CENSOR_DO_LOSE | CENSOR_DO_MARK,
				    .lose.chance = 10000, .mark = { 1, 1 } };
	struct rig *rig = rig_of(&rule);
	struct censor_policy *none = policy_new();

	(void)state;
	assert_true(send(rig, web(1))->drop);
	policy_seal(none);
	rig_policy(rig, none);
	assert_false(send(rig, web(1))->drop);
	assert_int_equal(rig->seen.counts_for, 0);
	assert_int_equal(rig->seen.mark_rule, 0);
	rig_free(rig);
}

static void test_words(void **state)
{
	static const struct {
		struct censor_rule rule;
		const char *words;
	} rows[] = {
		{ { .actions = CENSOR_DO_POLICE, .police.rate = 16000 }, "police 16kbit per flow" },
		{ { .actions = CENSOR_DO_POLICE, .police = { .rate = 1500000000, .per = 1 } },
		  "police 1500mbit per host" },
		{ { .actions = CENSOR_DO_POLICE,
		    .police = { .rate = 10000000000, .per = 2, .to = CENSOR_TO_CLIENT } },
		  "police 10gbit per rule to client" },
		{ { .actions = CENSOR_DO_POLICE, .police.rate = 9 }, "police 9bit per flow" },
		{ { .actions = CENSOR_DO_POLICE, .police.rate = 9999999999 },
		  "police 9999999999bit per flow" },
		{ { .actions = CENSOR_DO_LOSE, .lose.chance = 500 }, "lose 5%" },
		{ { .actions = CENSOR_DO_LOSE, .lose = { 1, CENSOR_TO_SERVER } },
		  "lose 0.01% to server" },
		{ { .actions = CENSOR_DO_LOSE, .lose.chance = 1250 }, "lose 12.5%" },
		{ { .actions = CENSOR_DO_DELAY, .hold.delay = 1 }, "delay 20ms" },
		{ { .actions = CENSOR_DO_DELAY, .hold.delay = 2 }, "delay 0us-50ms" },
		{ { .actions = CENSOR_DO_DELAY, .hold.delay = 3 }, "delay p50 100ms p99.9 1s" },
		{ { .actions = CENSOR_DO_MARK, .mark = { 0x10, ~0u } }, "mark 0x10" },
		{ { .actions = CENSOR_DO_MARK, .mark = { 0, 0x80000000 } }, "mark 0x0/0x80000000" },
		{ { .actions = CENSOR_DO_LOG | CENSOR_DO_DROP | HARMS | CENSOR_DO_RESIDUAL,
		    .police.rate = 8000, .lose.chance = 100, .hold.delay = 1,
		    .residual = { .tuple = 3, .ms = 1000 } },
		  "log, drop, police 8kbit per flow, lose 1%, delay 20ms, residual 1s" },
	};
	static const struct censor_delay points = { .n = 2, .point = { { 5000, 100000 },
								       { 9990, 1000000 } } };
	char text[256];
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct censor_policy *pol = shape_policy();
		struct censor_rule rule = rows[i].rule;
		struct censor_match match = { .actions = rule.actions };

		assert_done(censor_policy_add_delay(pol, &points, &why));
		strcpy(rule.name, "r");
		add(pol, &rule, 443);
		assert_int_equal(censor_actions_print(pol, &match, text, sizeof(text)),
				 strlen(rows[i].words));
		assert_string_equal(text, rows[i].words);
		censor_policy_destroy(pol);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_draws),
		cmocka_unit_test(test_sample),
		cmocka_unit_test(test_sample_all),
		cmocka_unit_test(test_sample_dropped),
		cmocka_unit_test(test_delay_max),
		cmocka_unit_test(test_last),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_no_flow),
		cmocka_unit_test(test_residual),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
