// SPDX-License-Identifier: GPL-2.0
/* What is told of a flow and of a block, beside what then becomes of their packets. */
#include "test.h"
#include "matched.h"
#include "state.h"

#define ONE	0x1u
#define TWO	0x2u

static u8 buf[WIRE_MAX], hello[WIRE_MAX];
static u32 hello_len;
static const u8 load[972];

/* Of either the client's end is the key's first, or its second. */
static const struct {
	const char *client, *server;
	u8 first;
} sides[] = {
	{ "192.0.2.10", "203.0.113.80", 0 },
	{ "203.0.113.80", "192.0.2.10", 1 },
};

static u64 era_of(const struct rig *rig)
{
	return CENSOR_ERA(rig->generation, CENSOR_PHASE_WORD(rig->phase, rig->switches));
}

static struct censor_state state_of(struct rig *rig)
{
	struct censor_state state;

	memset(&state, 0xa5, sizeof(state));
	assert_true(censor_state_of(rig->pol, era_of(rig), rig_flow(rig), rig->now, &state));
	return state;
}

static bool there(struct rig *rig, u64 now)
{
	struct censor_state state;

	return censor_state_of(rig->pol, era_of(rig), rig_flow(rig), now, &state);
}

/* One rule, about the name that the client asks for. */
static struct rig *rig_of(const struct censor_rule *rule)
{
	struct censor_policy *pol = policy_new();

	hello_len = wire_hello_sni(hello, "www.facebook.com");
	policy_rule_full(pol, rule);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, policy_names(pol, "s", NAMES("facebook.com")));
	policy_seal(pol);
	return rig_new(pol);
}

static void test_tcp(void **state)
{
	struct censor_rule rule = { .name = "sni", .actions = CENSOR_DO_LOG };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sides); i++) {
		struct ends ends = ends4(sides[i].client, 40000, sides[i].server, 443);
		struct rig *rig = rig_of(&rule);
		struct censor_state s;
		struct talk talk;

		rig_send(rig, buf, wire_tcp(buf, ends, SYN, 1000000, 0, NULL, 0));
		s = state_of(rig);
		assert_int_equal(s.tcb, CENSOR_TCB_SYN);
		assert_int_equal(s.looking, CENSOR_LOOKING_ON);
		assert_true(s.client_known);
		assert_int_equal(s.first, sides[i].first);
		assert_int_equal(s.left, 60 * SECOND);
		assert_false(s.ruled);
		assert_int_equal(s.is, 0);
		rig_send(rig, buf, wire_tcp(buf, ends_back(ends), SYN | ACK, 5000000, 1000001,
					    NULL, 0));
		assert_int_equal(state_of(rig).tcb, CENSOR_TCB_SYNACK);
		rig_forget(rig);
		talk = talk_open(rig, ends);
		assert_int_equal(state_of(rig).tcb, CENSOR_TCB_OPEN);
		talk_say(&talk, hello, hello_len);
		s = state_of(rig);
		assert_int_equal(s.tcb, CENSOR_TCB_OPEN);
		assert_true(s.ruled);
		assert_int_equal(s.rule, 0);
		/* It only tells. */
		assert_int_equal(s.n_acts, 0);
		assert_int_equal(CENSOR_PROTOCOL_OF(s.sights[0]), CENSOR_PROTOCOL_TLS);
		rig->now += 5 * SECOND;
		assert_int_equal(state_of(rig).left, 595 * SECOND);
		assert_true(there(rig, rig->now + 595 * SECOND));
		assert_false(there(rig, rig->now + 595 * SECOND + 1));
		talk_flags(&talk, true, FIN | ACK);
		s = state_of(rig);
		assert_int_equal(s.is, CENSOR_STATE_CLOSING);
		assert_int_equal(s.left, 10 * SECOND);
		rig_free(rig);
	}
}

/* What is recognised, where a rule asks for it. */
static void test_sights(void **state)
{
	struct censor_policy *pol = policy_new();
	struct talk talk;
	struct rig *rig;
	u32 i;

	(void)state;
	policy_rule(pol, "tls", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL,
		    policy_number(pol, CENSOR_PROTOCOL_NUMBER(CENSOR_PROTOCOL_TLS, 1),
				  CENSOR_PROTOCOL_NUMBER(CENSOR_PROTOCOL_TLS, 3)));
	policy_seal(pol);
	rig = rig_new(pol);
	hello_len = wire_hello_sni(hello, "www.facebook.com");
	talk = talk_open(rig, ends4("192.0.2.10", 40000, "203.0.113.80", 443));
	talk_say(&talk, hello, hello_len);
	for (i = 0; i < CENSOR_SIGHTS_MAX; i++)
		assert_int_equal(state_of(rig).sights[i], rig_flow(rig)->sights[i]);
	assert_int_equal(CENSOR_PROTOCOL_OF(state_of(rig).sights[0]), CENSOR_PROTOCOL_TLS);
	rig_free(rig);
}

/* To whom a rule drops or rewrites, and that those packets fare so. */
static void test_to(void **state)
{
	static const u16 actions[] = { CENSOR_DO_DROP, CENSOR_DO_REWRITE };
	u32 i, a;
	u8 to;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sides) * 3 * ARRAY_SIZE(actions); i++) {
		const u32 side = i % 2;
		struct censor_rule rule = { .name = "sni", .rewrite_flags = RST | ACK };
		struct rig *rig;
		struct talk talk;
		struct censor_state s;
		const struct seen *seen;

		a = i / 2 % 2;
		to = (u8)(1 + i / 4);
		rule.actions = actions[a];
		rule.drop_to = to;
		rule.rewrite_to = to;
		rig = rig_of(&rule);
		talk = talk_open(rig, ends4(sides[side].client, 40000, sides[side].server, 443));
		talk_say(&talk, hello, hello_len);
		s = state_of(rig);
		assert_int_equal(s.n_acts, 1);
		assert_int_equal(s.acts[0].rule, 0);
		assert_int_equal(s.acts[0].actions, actions[a]);
		assert_int_equal(s.acts[0].to, to);
		assert_int_equal(s.looking, CENSOR_LOOKING_OVER);
		seen = talk_answer(&talk, load, 10);
		assert_int_equal(a ? !!seen->rewrite : seen->drop, !!(to & CENSOR_TO_CLIENT));
		seen = talk_say(&talk, load, 10);
		assert_int_equal(a ? !!seen->rewrite : seen->drop, !!(to & CENSOR_TO_SERVER));
		rig_free(rig);
	}
}

static void test_freeze(void **state)
{
	struct censor_rule rule = { .name = "cold", .actions = CENSOR_DO_FREEZE,
				    .freeze = { .lo = 3, .hi = 3 } };
	struct rig *rig = rig_of(&rule);
	struct talk talk = talk_open(rig, ends4("192.0.2.10", 40000, "203.0.113.80", 443));
	u32 left, before;

	(void)state;
	talk_say(&talk, hello, hello_len);
	left = state_of(rig).acts[0].left;
	assert_true(left && left <= 3);
	assert_false(state_of(rig).acts[0].bytes);
	assert_int_equal(state_of(rig).acts[0].actions, CENSOR_DO_FREEZE);
	assert_int_equal(state_of(rig).acts[0].to, CENSOR_TO_BOTH);
	for (; left; left--) {
		before = state_of(rig).acts[0].left;
		assert_int_equal(before, left);
		assert_false(talk_answer(&talk, load, 10)->drop);
	}
	assert_int_equal(state_of(rig).acts[0].left, 0);
	assert_int_equal(state_of(rig).looking, CENSOR_LOOKING_OVER);
	assert_true(talk_answer(&talk, load, 10)->drop);
	rig_free(rig);
}

static void add_port(struct censor_policy *pol, struct censor_rule *rule, const char *name,
		     u16 port)
{
	snprintf(rule->name, sizeof(rule->name), "%s", name);
	policy_rule_full(pol, rule);
	policy_cond(pol, CENSOR_ATTR_PORT, policy_number(pol, port, port));
}

/* Each rule that still does something to the flow, and one that lets it pass. */
static void test_many(void **state)
{
	static const struct censor_delay fixed = { .n = 1, .point = { { 0, 20000 } } };
	struct censor_rule shape = { .actions = CENSOR_DO_POLICE | CENSOR_DO_LOSE | CENSOR_DO_DELAY,
				     .police = { .rate = 8000, .to = CENSOR_TO_CLIENT },
				     .lose = { 1, CENSOR_TO_SERVER },
				     .hold = { 1, CENSOR_TO_BOTH } };
	struct censor_rule mark = { .actions = CENSOR_DO_MARK, .mark = { 1, 1 } };
	struct censor_rule pass = { .actions = CENSOR_DO_PASS };
	static const struct {
		u16 rule, actions;
		u8 to;
	} rows[] = {
		{ 2, CENSOR_DO_PASS, CENSOR_TO_BOTH },
		{ 0, CENSOR_DO_POLICE, CENSOR_TO_CLIENT },
		{ 0, CENSOR_DO_LOSE, CENSOR_TO_SERVER },
		{ 0, CENSOR_DO_DELAY, CENSOR_TO_BOTH },
		{ 1, CENSOR_DO_MARK, CENSOR_TO_BOTH },
	};
	u32 i, side;

	(void)state;
	for (side = 0; side < ARRAY_SIZE(sides); side++) {
		struct censor_policy *pol = policy_new();
		struct censor_state s;
		struct rig *rig;

		assert_done(censor_policy_add_delay(pol, &fixed, &why));
		add_port(pol, &shape, "shape", 443);
		add_port(pol, &mark, "mark", 443);
		add_port(pol, &pass, "pass", 443);
		policy_seal(pol);
		rig = rig_new(pol);
		rig_send(rig, buf, wire_udp(buf, ends4(sides[side].client, 40000,
						       sides[side].server, 443),
					    load, sizeof(load)));
		s = state_of(rig);
		assert_int_equal(s.n_acts, ARRAY_SIZE(rows));
		for (i = 0; i < ARRAY_SIZE(rows); i++) {
			assert_int_equal(s.acts[i].rule, rows[i].rule);
			assert_int_equal(s.acts[i].actions, rows[i].actions);
			assert_int_equal(s.acts[i].to, rows[i].to);
		}
		assert_int_equal(s.rule, 2);
		assert_int_equal(s.looking, CENSOR_LOOKING_OVER);
		assert_int_equal(s.tcb, 0);
		rig_free(rig);
	}
}

/* Of a rule that is not active any more nothing is told, nor of another policy's. */
static void test_eras(void **state)
{
	static const struct censor_phase phases[] = {
		{ "one", "", 100, CENSOR_NO_DATE }, { "two", "", 200, CENSOR_NO_DATE },
	};
	struct ends ends = ends4("192.0.2.10", 40000, "203.0.113.80", 443);
	struct censor_rule drop = { .actions = CENSOR_DO_DROP, .drop_to = CENSOR_TO_BOTH,
				    .phases = ONE };
	struct censor_policy *pol = policy_new();
	struct censor_rule log = { .actions = CENSOR_DO_LOG };
	struct rig *rig;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(phases); i++)
		assert_done(censor_policy_add_phase(pol, &phases[i], &why));
	add_port(pol, &drop, "drop", 443);
	policy_seal(pol);
	rig = rig_new(pol);
	assert_true(rig_send(rig, buf, wire_udp(buf, ends, load, sizeof(load)))->drop);
	assert_int_equal(state_of(rig).n_acts, 1);
	assert_int_equal(state_of(rig).acts[0].to, CENSOR_TO_SERVER);
	assert_true(state_of(rig).ruled);
	rig_phase(rig, 1);
	assert_int_equal(state_of(rig).n_acts, 0);
	assert_false(state_of(rig).ruled);
	rig_phase(rig, 0);
	assert_int_equal(state_of(rig).n_acts, 1);
	rig_phase(rig, 1);
	assert_false(rig_send(rig, buf, wire_udp(buf, ends, load, sizeof(load)))->drop);

	/* Rule 0 of another policy is not this one's. */
	rig_phase(rig, 0);
	rig_send(rig, buf, wire_udp(buf, ends, load, sizeof(load)));
	assert_true(state_of(rig).ruled);
	pol = policy_new();
	add_port(pol, &log, "log", 80);
	policy_seal(pol);
	rig_policy(rig, pol);
	assert_false(state_of(rig).ruled);
	assert_int_equal(state_of(rig).n_acts, 0);
	assert_int_equal(state_of(rig).looking, CENSOR_LOOKING_NEW);
	assert_true(state_of(rig).client_known);
	rig_free(rig);
}

/* Another policy does not wait for what the one before did. */
static void test_awaited(void **state)
{
	struct censor_policy *pol = policy_new();
	struct rig *rig;
	struct talk talk;

	(void)state;
	rule_names(pol, "cert", CENSOR_DO_LOG, TLS_CERT, "facebook.com");
	policy_seal(pol);
	rig = rig_new(pol);
	hello_len = wire_hello_sni(hello, "www.facebook.com");
	talk = talk_open(rig, ends4("192.0.2.10", 40000, "203.0.113.80", 443));
	talk_say(&talk, hello, hello_len);
	assert_int_equal(state_of(rig).looking, CENSOR_LOOKING_ON);
	pol = policy_new();
	rule_names(pol, "cert", CENSOR_DO_LOG, TLS_CERT, "facebook.com");
	policy_seal(pol);
	rig_policy(rig, pol);
	assert_int_equal(state_of(rig).looking, CENSOR_LOOKING_OVER);
	talk_flags(&talk, false, ACK);
	assert_int_equal(state_of(rig).looking, CENSOR_LOOKING_OVER);
	rig_free(rig);
}

static void test_blocked(void **state)
{
	struct censor_packet rst = { .flags = RST, .to = 3, .copies = 1, .n_seq = 1 };
	struct censor_rule rule = { .name = "sni", .actions = CENSOR_DO_DROP | CENSOR_DO_RESIDUAL,
				    .drop_to = CENSOR_TO_SERVER, .residual.tuple = 3,
				    .residual.ms = 90000, .residual.both = true };
	static const struct {
		u8 act;
		u16 there, back;
	} rows[] = {
		{ CENSOR_RESIDUAL_SAME, CENSOR_DO_DROP, 0 },
		{ CENSOR_RESIDUAL_DROP, CENSOR_DO_DROP, CENSOR_DO_DROP },
		{ CENSOR_RESIDUAL_INJECT, CENSOR_DO_INJECT, CENSOR_DO_INJECT },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct censor_policy *pol = policy_new();
		struct censor_block block = {};
		struct censor_match match;
		struct talk talk;
		struct rig *rig;

		hello_len = wire_hello_sni(hello, "www.facebook.com");
		policy_inject(pol, "other", &rst, 1);
		rule.residual.act = rows[i].act;
		rule.residual.inject = policy_inject(pol, "late", &rst, 1);
		policy_rule_full(pol, &rule);
		policy_cond(pol, CENSOR_ATTR_TLS_SNI,
			    policy_names(pol, "s", NAMES("facebook.com")));
		policy_seal(pol);
		rig = rig_new(pol);
		talk = talk_open(rig, ends4("192.0.2.10", 40000, "203.0.113.80", 443));
		talk_say(&talk, hello, hello_len);
		assert_false(state_of(rig).is & CENSOR_STATE_BLOCKED);
		rig_send(rig, buf, wire_tcp(buf, ends4("192.0.2.10", 40001, "203.0.113.80", 80),
					    SYN, 70000, 0, NULL, 0));
		assert_true(state_of(rig).is & CENSOR_STATE_BLOCKED);
		assert_int_equal(state_of(rig).rule, 0);
		rig->now += 91 * SECOND;
		rig_flow(rig)->last = rig->now;
		assert_false(state_of(rig).is & CENSOR_STATE_BLOCKED);

		censor_state_block(pol, &block, &match);
		assert_int_equal(match.actions, rows[i].there);
		if (match.actions & CENSOR_DO_INJECT)
			assert_string_equal(pol->injects[match.inject].name, "late");
		block.back = true;
		censor_state_block(pol, &block, &match);
		assert_int_equal(match.actions, rows[i].back);
		rig_free(rig);
	}
}

/* A flow that was made for a packet which is not judged yet. */
static void test_unborn(void **state)
{
	struct censor_rule rule = { .name = "sni", .actions = CENSOR_DO_LOG };
	struct rig *rig = rig_of(&rule);
	struct censor_flow flow = {};
	struct censor_key key = { .family = 4 };
	struct censor_state s;

	(void)state;
	censor_flow_start(&flow, &key, era_of(rig));
	assert_false(censor_state_of(rig->pol, era_of(rig), &flow, rig->now, &s));
	/* A packet can be newer than the moment at which is asked. */
	flow.packets = 1;
	flow.last = rig->now + 5;
	assert_true(censor_state_of(rig->pol, era_of(rig), &flow, rig->now, &s));
	assert_int_equal(s.left, 60 * SECOND);
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_sights),
		cmocka_unit_test(test_to),
		cmocka_unit_test(test_freeze),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_eras),
		cmocka_unit_test(test_awaited),
		cmocka_unit_test(test_blocked),
		cmocka_unit_test(test_unborn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
