// SPDX-License-Identifier: GPL-2.0
/* Residual blocking (CENSORS.md 12.2): what a block covers, for how long, and what it does. */
#include "test.h"
#include "rig.h"

#define CLIENT	"192.0.2.10"
#define OTHER	"192.0.2.11"
#define SERVER	"203.0.113.80"

#define TUPLE2	(CENSOR_TUPLE_SRC | CENSOR_TUPLE_DST)
#define TUPLE3	(TUPLE2 | CENSOR_TUPLE_DPORT)
#define TUPLE4	(TUPLE3 | CENSOR_TUPLE_SPORT)

static u8 buf[WIRE_MAX], hello[WIRE_MAX];
static u32 hello_len;

static struct censor_policy *new_policy(u8 actions, u8 tuple)
{
	struct censor_packet rst = { .flags = RST, .to = 3, .copies = 1, .n_seq = 1 };
	struct censor_rule rule = { .name = "sni", .actions = actions | CENSOR_DO_RESIDUAL,
				    .residual.tuple = tuple, .residual.ms = 180000 };
	struct censor_policy *pol = policy_new();

	hello_len = wire_hello_sni(hello, "www.facebook.com");
	rule.inject = policy_inject(pol, "gfw", &rst, 1);
	policy_rule_full(pol, &rule);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, policy_names(pol, "s", NAMES("facebook.com")));
	policy_seal(pol);
	return pol;
}

static const struct seen *syn(struct rig *rig, struct ends ends)
{
	return rig_send(rig, buf, wire_tcp(buf, ends, SYN, 70000, 0, NULL, 0));
}

static void trigger(struct rig *rig, struct ends ends)
{
	struct talk talk = talk_open(rig, ends);
	const struct seen *seen = talk_say(&talk, hello, hello_len);

	assert_int_equal(seen->n_matches, 1);
	assert_true(seen->matches[0].actions & CENSOR_DO_RESIDUAL);
	assert_false(seen->matches[0].residual);
	assert_int_equal(rig->n_blocks, 1);
}

/* Who meets a block: the same two, three or four things, in the direction of the trigger. */
static void test_tuples(void **state)
{
	static const struct {
		const char *src;
		u16 sport;
		const char *dst;
		u16 dport;
		u8 met;		/* bit 0: by the 2-tuple, 1: 3, 2: 4 */
	} rows[] = {
		{ CLIENT, 40000, SERVER, 443, 7 },
		{ CLIENT, 40001, SERVER, 443, 3 },
		{ CLIENT, 40000, SERVER, 80, 1 },
		{ CLIENT, 40001, SERVER, 80, 1 },
		{ OTHER, 40000, SERVER, 443, 0 },
		{ CLIENT, 40000, "203.0.113.81", 443, 0 },
		/* The other way: another conversation. */
		{ SERVER, 40000, CLIENT, 443, 0 },
		{ SERVER, 50000, CLIENT, 22, 0 },
	};
	static const u8 tuples[] = { TUPLE2, TUPLE3, TUPLE4 };
	u32 i, t, drop;

	(void)state;
	for (t = 0; t < ARRAY_SIZE(tuples); t++) {
		for (i = 0; i < ARRAY_SIZE(rows) * 4; i++) {
			const u32 row = i / 4;
			struct ends ends = ends4(rows[row].src, rows[row].sport, rows[row].dst,
						 rows[row].dport);
			bool met = rows[row].met & 1u << t;
			const struct seen *seen;
			struct rig *rig;

			drop = i & 1;
			rig = rig_new(new_policy(drop ? CENSOR_DO_DROP : CENSOR_DO_INJECT,
						 tuples[t]));
			rig->no_fast = i & 2;
			trigger(rig, ends4(CLIENT, 40000, SERVER, 443));
			seen = syn(rig, ends);
			assert_int_equal(seen->n_matches, met);
			assert_int_equal(seen->drop, met && drop);
			assert_int_equal(seen->n_forged, met && !drop ? 2 : 0);
			if (met) {
				assert_true(seen->matches[0].residual);
				assert_int_equal(seen->matches[0].rule, 0);
				assert_int_equal(seen->matches[0].actions,
						 drop ? CENSOR_DO_DROP : CENSOR_DO_INJECT);
			}
			/* A block doesn't set another one, nor itself anew. */
			assert_int_equal(rig->n_blocks, 1);
			rig_free(rig);
		}
	}
}

/* It acts on every packet of the blocked direction and on none of the other. */
static void test_every_packet(void **state)
{
	u32 drop;

	(void)state;
	for (drop = 0; drop < 2; drop++) {
		struct rig *rig = rig_new(new_policy(drop ? CENSOR_DO_DROP : CENSOR_DO_INJECT, TUPLE3));
		struct talk talk = { .rig = rig, .client = ends4(CLIENT, 50000, SERVER, 443),
				     .seq = 100, .ack = 200 };
		const struct seen *seen;
		u32 i;

		trigger(rig, ends4(CLIENT, 40000, SERVER, 443));
		for (i = 0; i < 5; i++) {
			seen = talk_flags(&talk, true, i ? ACK : SYN);
			assert_int_equal(seen->drop, drop);
			assert_int_equal(seen->n_forged, drop ? 0 : 2);
			/* A drop is told of once for a flow, packets sent each time. */
			assert_int_equal(seen->n_matches, drop ? !i : 1);
			seen = talk_flags(&talk, false, i ? ACK : SYN | ACK);
			assert_false(seen->drop);
			assert_int_equal(seen->n_matches, 0);
		}
		/* A RST is not answered with RSTs. */
		assert_int_equal(talk_flags(&talk, true, RST)->n_forged, 0);
		rig_free(rig);
	}
}

/* What could be its own packet, or another censor's of the same kind, or an echo, is not answered. */
static void test_answers_no_answer(void **state)
{
	static const struct {
		const char *says;
		u8 flags;
		u32 forged;
	} rows[] = {
		{ NULL, ACK, 2 },
		{ NULL, FIN | ACK, 0 },
		{ NULL, FIN | PSH | ACK, 2 },
		{ "HTTP/1.1 403 Forbidden", 0, 0 },
		{ "HTTP/1.1 403 Forbidden, and more", 0, 0 },
		{ "HTTP/1.1 403 Forbidde", 0, 0 },
		{ "HTTP/1.1", 0, 0 },
		{ "HTTP/1.", 0, 2 },
		{ "HTTP/1.1 404 Not Found", 0, 2 },
	};
	struct censor_packet packets[] = {
		{ .flags = FIN | ACK, .to = 1, .copies = 1, .n_seq = 1 },
		{ .flags = PSH | ACK, .to = 1, .copies = 1, .n_seq = 1, .payload_len = 22,
		  .payload = "HTTP/1.1 403 Forbidden" },
	};
	struct censor_rule rule = { .name = "sni", .residual.tuple = TUPLE3, .residual.ms = 180000,
				    .actions = CENSOR_DO_INJECT | CENSOR_DO_RESIDUAL };
	struct censor_policy *pol = policy_new();
	struct talk talk;
	struct rig *rig;
	u32 i;

	(void)state;
	hello_len = wire_hello_sni(hello, "www.facebook.com");
	rule.inject = policy_inject(pol, "pages", packets, 2);
	policy_rule_full(pol, &rule);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, policy_names(pol, "s", NAMES("facebook.com")));
	policy_seal(pol);
	rig = rig_new(pol);
	talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 443));
	assert_int_equal(talk_say(&talk, hello, hello_len)->n_forged, 2);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct seen *seen = rows[i].says ?
			talk_say(&talk, rows[i].says, strlen(rows[i].says)) :
			talk_flags(&talk, true, rows[i].flags);

		assert_int_equal(seen->n_forged, rows[i].forged);
	}
	rig_free(rig);
}

/* What is never sent in answer to a packet, and a page's last bytes, say nothing of it. */
static void test_answers_others(void **state)
{
	struct censor_packet packets[] = {
		{ .flags = SYN | ACK, .to = 1, .copies = 1, .n_seq = 1, .on = CENSOR_ON_SYN },
		{ .flags = RST, .to = 1, .copies = 1, .n_seq = 1, .on = CENSOR_ON_OTHER },
		{ .flags = PSH | ACK, .to = 1, .copies = 1, .n_seq = 1, .on = CENSOR_ON_OTHER,
		  .segment = 26 },
	};
	struct censor_rule rule = { .name = "sni", .residual.tuple = TUPLE3, .residual.ms = 180000,
				    .actions = CENSOR_DO_INJECT | CENSOR_DO_RESIDUAL };
	static const char page[] = "HTTP/1.1 403 Forbidden\r\n\r\nG";
	struct censor_policy *pol = policy_new();
	const char *why = "";
	struct talk talk;
	struct rig *rig;

	(void)state;
	hello_len = wire_hello_sni(hello, "www.facebook.com");
	packets[2].page = (u16)(1 + censor_policy_add_page(pol, "page", &why));
	assert_int_equal(censor_policy_add_page_data(pol, 0, page, sizeof(page) - 1, &why), 0);
	rule.inject = policy_inject(pol, "pages", packets, 3);
	policy_rule_full(pol, &rule);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, policy_names(pol, "s", NAMES("facebook.com")));
	policy_seal(pol);
	rig = rig_new(pol);
	talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 443));
	assert_int_equal(talk_say(&talk, hello, hello_len)->n_forged, 3);
	assert_int_equal(talk_flags(&talk, true, SYN | ACK)->n_forged, 3);
	assert_int_equal(talk_say(&talk, "GET / HTTP/1.1\r\n", 16)->n_forged, 3);
	assert_int_equal(talk_say(&talk, page, sizeof(page) - 1)->n_forged, 0);
	assert_int_equal(talk_say(&talk, page, 10)->n_forged, 0);
	rig_free(rig);
}

/* The flow that triggered it is blocked as well. */
static void test_same_flow(void **state)
{
	struct rig *rig = rig_new(new_policy(CENSOR_DO_INJECT, TUPLE3));
	struct talk talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 443));

	(void)state;
	assert_int_equal(talk_say(&talk, hello, hello_len)->n_forged, 2);
	assert_int_equal(talk_say(&talk, "more", 4)->n_forged, 2);
	assert_true(rig->seen.matches[0].residual);
	rig_free(rig);
}

/* A flow that was decided long ago meets a block that was set meanwhile. */
static void test_old_flow(void **state)
{
	struct rig *rig = rig_new(new_policy(CENSOR_DO_DROP, TUPLE3));
	struct talk old = talk_open(rig, ends4(CLIENT, 30000, SERVER, 443));
	struct talk far = talk_open(rig, ends4(OTHER, 30000, SERVER, 443));

	(void)state;
	talk_say(&old, "harmless", 8);
	talk_say(&far, "harmless", 8);
	assert_true(talk_say(&old, "x", 1)->fast);
	assert_true(talk_say(&far, "x", 1)->fast);
	trigger(rig, ends4(CLIENT, 40000, SERVER, 443));
	assert_true(talk_say(&old, "x", 1)->drop);
	assert_true(talk_say(&old, "x", 1)->drop);
	assert_false(talk_say(&far, "x", 1)->drop);
	/* The other is looked up once, then fast again. */
	assert_true(talk_say(&far, "x", 1)->fast);
	rig_free(rig);
}

static void test_expiry(void **state)
{
	u32 no_fast;

	(void)state;
	for (no_fast = 0; no_fast < 2; no_fast++) {
		struct rig *rig = rig_new(new_policy(CENSOR_DO_DROP, TUPLE3));
		struct talk talk = { .rig = rig, .client = ends4(CLIENT, 50000, SERVER, 443),
				     .seq = 100, .ack = 200 };
		u64 start = rig->now;
		u32 i;

		rig->no_fast = no_fast;
		trigger(rig, ends4(CLIENT, 40000, SERVER, 443));
		for (i = 0; i < 180; i += 9) {
			rig->now = start + i * SECOND;
			assert_true(talk_flags(&talk, true, ACK)->drop);
		}
		/* Not re-armed by what it drops: 180 s after the trigger it is over. */
		rig->now = start + 180 * SECOND - 1;
		assert_true(talk_flags(&talk, true, ACK)->drop);
		rig->now = start + 180 * SECOND;
		assert_false(talk_flags(&talk, true, ACK)->drop);
		assert_false(syn(rig, ends4(CLIENT, 50001, SERVER, 443))->drop);
		rig_free(rig);
	}
}

/* What a policy blocked, another one doesn't know of. */
static void test_generation(void **state)
{
	struct rig *rig = rig_new(new_policy(CENSOR_DO_DROP, TUPLE3));
	struct talk talk = { .rig = rig, .client = ends4(CLIENT, 50000, SERVER, 443), .seq = 100 };

	(void)state;
	trigger(rig, ends4(CLIENT, 40000, SERVER, 443));
	assert_true(talk_flags(&talk, true, SYN)->drop);
	rig_policy(rig, new_policy(CENSOR_DO_DROP, TUPLE3));
	assert_false(talk_flags(&talk, true, SYN)->drop);
	assert_false(syn(rig, ends4(CLIENT, 50001, SERVER, 443))->drop);
	rig_free(rig);
}

/* The client comes back from the same port: still blocked, and still told of. */
static void test_port_reuse(void **state)
{
	u32 drop, no_fast;

	(void)state;
	for (drop = 0; drop < 2; drop++) {
		for (no_fast = 0; no_fast < 2; no_fast++) {
			struct rig *rig = rig_new(new_policy(drop ? CENSOR_DO_DROP :
							     CENSOR_DO_INJECT, TUPLE4));
			struct ends ends = ends4(CLIENT, 40000, SERVER, 443);
			const struct seen *seen;

			rig->no_fast = no_fast;
			trigger(rig, ends);
			/* Once looked up for this flow, and then a new conversation on it. */
			rig_send(rig, buf, wire_tcp(buf, ends, ACK, 1000500, 1, NULL, 0));
			rig->now += 20 * SECOND;
			seen = syn(rig, ends);
			assert_true(seen->started);
			assert_int_equal(seen->n_matches, 1);
			assert_true(seen->matches[0].residual);
			assert_int_equal(seen->drop, drop);
			rig_free(rig);
		}
	}
}

/* A block outlives the flow that is silent for longer than flows are remembered. */
static void test_long_block(void **state)
{
	struct censor_packet rst = { .flags = RST, .to = 3, .copies = 1, .n_seq = 1 };
	/* Tor, 2018: 43,200 s (CENSORS.md 12.2). */
	struct censor_rule rule = { .name = "sni", .actions = CENSOR_DO_DROP | CENSOR_DO_RESIDUAL,
				    .residual.tuple = TUPLE3, .residual.ms = 43200000 };
	struct censor_policy *pol = policy_new();
	struct talk talk;
	struct rig *rig;

	(void)state;
	policy_inject(pol, "gfw", &rst, 1);
	policy_rule_full(pol, &rule);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, policy_names(pol, "s", NAMES("facebook.com")));
	policy_seal(pol);
	rig = rig_new(pol);
	talk = (struct talk){ .rig = rig, .client = ends4(CLIENT, 50000, SERVER, 443), .seq = 9 };
	trigger(rig, ends4(CLIENT, 40000, SERVER, 443));
	assert_true(talk_flags(&talk, true, SYN)->drop);
	rig->now += 43199 * SECOND;
	assert_true(talk_flags(&talk, true, SYN)->drop);
	rig->now += SECOND;
	assert_false(talk_flags(&talk, true, SYN)->drop);
	rig_free(rig);
}

/* With no room for a flow the block acts all the same. */
static void test_no_flow(void **state)
{
	struct rig *rig = rig_new(new_policy(CENSOR_DO_DROP, TUPLE3));

	(void)state;
	trigger(rig, ends4(CLIENT, 40000, SERVER, 443));
	rig->no_flow = true;
	assert_true(syn(rig, ends4(CLIENT, 50000, SERVER, 443))->drop);
	assert_false(syn(rig, ends4(OTHER, 50000, SERVER, 443))->drop);
	rig_free(rig);
}

/* RSTs answer TCP only: the block of two addresses meets other protocols and leaves them alone. */
static void test_other_protocols(void **state)
{
	struct rig *rig = rig_new(new_policy(CENSOR_DO_INJECT, TUPLE2));
	const struct seen *seen;

	(void)state;
	trigger(rig, ends4(CLIENT, 40000, SERVER, 443));
	seen = rig_send(rig, buf, wire_udp(buf, ends4(CLIENT, 1, SERVER, 2), "x", 1));
	assert_int_equal(seen->n_forged, 0);
	assert_false(seen->drop);
	rig_free(rig);

	rig = rig_new(new_policy(CENSOR_DO_DROP, TUPLE2));
	trigger(rig, ends4(CLIENT, 40000, SERVER, 443));
	assert_true(rig_send(rig, buf, wire_udp(buf, ends4(CLIENT, 1, SERVER, 2), "x", 1))->drop);
	assert_true(rig_send(rig, buf, wire_ip(buf, ends4(CLIENT, 0, SERVER, 0),
					       &(struct header){ 0 }, 1, "\x08\0\0\0", 4))->drop);
	rig_free(rig);
}

/* What a host is asked to set, to the nanosecond; the longest there is doesn't overflow. */
static void test_effect(void **state)
{
	struct censor_policy *pol = new_policy(CENSOR_DO_DROP, TUPLE3);
	struct rig *rig = rig_new(pol);
	const struct seen *seen;

	(void)state;
	trigger(rig, ends4(CLIENT, 40000, SERVER, 443));
	seen = &rig->seen;
	assert_int_equal(seen->n_effects, 1);
	assert_true(seen->effects[0].block.from == rig->now);
	assert_true(seen->effects[0].block.until == rig->now + 180 * SECOND);
	assert_int_equal(seen->effects[0].block.rule, 0);
	assert_int_equal(seen->effects[0].block.generation, 1);
	assert_false(seen->effects[0].block.back);
	assert_false(seen->effects[0].keep);
	pol->rules[0].residual.ms = ~0u;
	rig->now += 200 * SECOND;
	rig->n_blocks = 0;
	trigger(rig, ends4(CLIENT, 40001, SERVER, 443));
	assert_int_equal(seen->n_effects, 1);
	assert_true(seen->effects[0].block.until == rig->now + (u64)~0u * 1000000);
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tuples),
		cmocka_unit_test(test_every_packet),
		cmocka_unit_test(test_answers_no_answer),
		cmocka_unit_test(test_answers_others),
		cmocka_unit_test(test_same_flow),
		cmocka_unit_test(test_old_flow),
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_generation),
		cmocka_unit_test(test_port_reuse),
		cmocka_unit_test(test_long_block),
		cmocka_unit_test(test_no_flow),
		cmocka_unit_test(test_other_protocols),
		cmocka_unit_test(test_effect),
	};

	return cmocka_run_group_tests_name("residual", tests, NULL, NULL);
}
