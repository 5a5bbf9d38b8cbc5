// SPDX-License-Identifier: GPL-2.0
/* Phases: what a policy may say of them, and what a switch does to flows that are known. */
#include "test.h"
#include "matched.h"

#define ONE		0x1u
#define TWO		0x2u
#define DATED(name, from, until)	{ name, "", from, until }
#define NONE		CENSOR_NO_DATE

static u8 buf[WIRE_MAX];
static const u8 load[64] = "any";

static void add_phases(struct censor_policy *pol)
{
	static const struct censor_phase phases[] = {
		DATED("one", 100, NONE), DATED("two", 200, NONE), DATED("three", NONE, NONE),
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(phases); i++)
		assert_done(censor_policy_add_phase(pol, &phases[i], &why));
}

static struct censor_policy *phased(void)
{
	struct censor_policy *pol = policy_new();
	struct censor_prefix inside = policy_prefix("192.0.2.0/24");

	assert_done(censor_policy_add_inside(pol, &inside, &why));
	add_phases(pol);
	return pol;
}

/* A rule in some phases; conditions follow. */
static void rule_in(struct censor_policy *pol, const char *name, u16 actions, u32 phases)
{
	struct censor_rule rule = { .actions = actions, .phases = phases,
				    .police = { .rate = 8000 }, .residual.tuple = 3,
				    .residual.ms = 100000, .mark = { 1, 1 },
				    .lose.chance = CENSOR_CERTAIN };

	snprintf(rule.name, sizeof(rule.name), "%s", name);
	policy_rule_full(pol, &rule);
}

static void rule_port(struct censor_policy *pol, const char *name, u16 actions, u32 phases,
		      u32 port)
{
	rule_in(pol, name, actions, phases);
	policy_cond(pol, CENSOR_ATTR_PORT, policy_number(pol, port, port));
}

static struct ends web(u16 port)
{
	return ends4("192.0.2.1", port, "203.0.113.9", 443);
}

static const struct seen *send(struct rig *rig, struct ends ends)
{
	return rig_send(rig, buf, wire_udp(buf, ends, load, sizeof(load)));
}

static void test_add(void **state)
{
	static const struct {
		struct censor_phase phase;
		int error;
	} rows[] = {
		{ DATED("dawn", -1, NONE), ERANGE },
		{ DATED("dusk", CENSOR_WALL_MAX + 1, NONE), ERANGE },
		{ DATED("dusk", CENSOR_WALL_MAX, CENSOR_WALL_MAX + 1), ERANGE },
		{ DATED("july", 100, 200), 0 },
		{ DATED("july", 300, NONE), EEXIST },
		{ DATED("", 300, NONE), EINVAL },
		{ DATED("quo\"te", 300, NONE), EINVAL },
		{ DATED("august", 199, NONE), EINVAL },
		{ DATED("august", 100, NONE), EINVAL },
		{ DATED("august", 300, 300), EINVAL },
		{ DATED("august", 300, 299), EINVAL },
		{ DATED("august", NONE, 300), EINVAL },
		{ { "august", "a \"title\"", NONE, NONE }, EINVAL },
		{ { "august", "a\ntitle", NONE, NONE }, EINVAL },
		{ DATED("crackdown", NONE, NONE), 0 },
		/* What comes after one without a date is compared with the last that has one. */
		{ DATED("august", 150, NONE), EINVAL },
		{ { "august", "Photos and calls again", 200, NONE }, 0 },
		{ DATED("september", 200, NONE), EINVAL },
		{ DATED("september", 201, NONE), 0 },
	};
	struct censor_policy *pol = policy_new();
	struct censor_phase phase = DATED("more", NONE, NONE);
	u32 i, n = 0;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].error)
			assert_refused(censor_policy_add_phase(pol, &rows[i].phase, &why),
				       rows[i].error);
		else
			assert_int_equal(censor_policy_add_phase(pol, &rows[i].phase,
								 &(const char *){ 0 }), n++);
		assert_int_equal(pol->n_phases, n);
	}
	assert_string_equal(pol->phases[2].title, "Photos and calls again");
	memset(phase.title, 'x', sizeof(phase.title));
	assert_refused(censor_policy_add_phase(pol, &phase, &why), EINVAL);
	phase.title[CENSOR_TITLE_SIZE - 1] = 0;
	for (; n < CENSOR_PHASES_MAX; n++) {
		sprintf(phase.name, "p%u", n);
		assert_done(censor_policy_add_phase(pol, &phase, &why));
	}
	strcpy(phase.name, "more");
	assert_refused(censor_policy_add_phase(pol, &phase, &why), E2BIG);
	policy_seal(pol);
	assert_refused(censor_policy_add_phase(pol, &phase, &why), EINVAL);
	censor_policy_destroy(pol);
}

static void test_seal(void **state)
{
	static const struct {
		bool phases;
		u32 in;
		int error;
	} rows[] = {
		{ false, CENSOR_PHASES_ALL, 0 }, { false, ONE, ENOENT }, { false, 0, EINVAL },
		{ true, CENSOR_PHASES_ALL, 0 }, { true, 7, 0 }, { true, 4, 0 }, { true, 8, ENOENT },
		{ true, 0, EINVAL }, { true, 0x80000000, ENOENT },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct censor_policy *pol = policy_new();
		const char *why = NULL;
		int where = -2, err;

		if (rows[i].phases)
			add_phases(pol);
		rule_port(pol, "r", CENSOR_DO_LOG, ONE, 80);
		pol->rules[0].phases = rows[i].in;
		err = censor_policy_seal(pol, &where, &why);
		assert_int_equal(err, -rows[i].error);
		assert_true(!err || (!where && why && *why));
		censor_policy_destroy(pol);
	}
}

/* A rule is tried in its phases, on new flows and on known ones. */
static void test_active(void **state)
{
	struct censor_policy *pol = phased();
	struct rig *rig;

	(void)state;
	rule_port(pol, "one", CENSOR_DO_LOG, ONE, 443);
	rule_port(pol, "both", CENSOR_DO_LOG, ONE | TWO, 443);
	rule_port(pol, "two", CENSOR_DO_LOG, TWO, 443);
	policy_seal(pol);
	rig = rig_new(pol);
	send(rig, web(1));
	assert_matched(rig, "one=443 both=443");
	assert_int_equal(rig->seen.counts_for, 2);
	rig_phase(rig, 1);
	/* It counts for one that goes on; only what has begun is asked. */
	send(rig, web(1));
	assert_matched(rig, "two=443");
	assert_int_equal(rig->seen.counts_for, 3);
	assert_true(send(rig, web(1))->fast);
	/* The other direction was never asked. */
	send(rig, ends_back(web(1)));
	assert_matched(rig, "both=443 two=443");
	send(rig, web(2));
	assert_matched(rig, "both=443 two=443");
	/* There and back again before the next packet: nothing has changed. */
	rig_phase(rig, 2);
	rig_phase(rig, 1);
	send(rig, web(1));
	assert_matched(rig, "");
	assert_int_equal(rig->seen.counts_for, 3);
	rig_phase(rig, 2);
	send(rig, web(1));
	assert_matched(rig, "");
	assert_int_equal(rig->seen.counts_for, 0);
	rig_free(rig);
}

/* What the direction that is silent meanwhile is asked about, is all that began since it was. */
static void test_silent(void **state)
{
	struct censor_policy *pol = phased();
	struct rig *rig;

	(void)state;
	rule_port(pol, "all", CENSOR_DO_LOG, CENSOR_PHASES_ALL, 443);
	rule_port(pol, "three", CENSOR_DO_LOG, 4, 443);
	rule_port(pol, "late", CENSOR_DO_LOG, TWO | 4, 443);
	policy_seal(pol);
	rig = rig_new(pol);
	send(rig, web(1));
	send(rig, ends_back(web(1)));
	rig_phase(rig, 1);
	send(rig, web(1));
	rig_phase(rig, 2);
	send(rig, web(1));
	send(rig, ends_back(web(1)));
	assert_matched(rig, "three=443 late=443");
	rig_free(rig);
}

/* What was done is lifted when its rule is over, and stays when it is not. */
static void test_lift(void **state)
{
	static const struct {
		u16 actions;
		bool drops;
	} rows[] = {
		{ CENSOR_DO_DROP, true }, { CENSOR_DO_FREEZE, true }, { CENSOR_DO_LOSE, true },
		{ CENSOR_DO_PASS, false }, { CENSOR_DO_MARK, false },
	};
	u32 i, stays, mark;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (stays = 0; stays < 2; stays++) {
			struct censor_policy *pol = phased();
			bool passes = rows[i].actions == CENSOR_DO_PASS;
			const struct seen *seen;
			struct rig *rig;

			rule_port(pol, "before", CENSOR_DO_LOG, TWO, 9);
			rule_port(pol, "it", rows[i].actions, stays ? ONE | TWO : ONE, 443);
			rule_port(pol, "after", CENSOR_DO_LOG, CENSOR_PHASES_ALL, 443);
			rule_port(pol, "late", CENSOR_DO_LOG, TWO, 443);
			policy_seal(pol);
			rig = rig_new(pol);
			send(rig, web(1));
			assert_int_equal(send(rig, web(1))->drop, rows[i].drops);
			mark = rows[i].actions == CENSOR_DO_MARK ? 2 : 0;
			assert_int_equal(rig->seen.mark_rule, mark);
			rig_phase(rig, 1);
			seen = send(rig, web(1));
			assert_int_equal(seen->drop, stays && rows[i].drops);
			assert_int_equal(seen->mark_rule, stays ? mark : 0);
			if (!stays)
				assert_matched(rig, "after=443 late=443");
			else if (passes)
				assert_matched(rig, "");
			/* And as it was, when the phase comes back. */
			rig_phase(rig, 0);
			send(rig, web(1));
			assert_int_equal(send(rig, web(1))->drop, rows[i].drops);
			rig_free(rig);
		}
	}
}

/* Two rules act on one flow, a direction each, and only one of them is over. */
static void test_two_rules(void **state)
{
	u32 stays;

	(void)state;
	for (stays = 0; stays < 2; stays++) {
		struct ends lifted = stays ? web(1) : ends_back(web(1)), other = ends_back(lifted);
		struct censor_policy *pol = phased();
		struct rig *rig;

		rule_in(pol, "there", CENSOR_DO_DROP, stays ? ONE : ONE | TWO);
		policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 443, 443));
		rule_in(pol, "back", CENSOR_DO_DROP, stays ? ONE | TWO : ONE);
		policy_cond(pol, CENSOR_ATTR_PORT_SRC, policy_number(pol, 443, 443));
		policy_seal(pol);
		rig = rig_new(pol);
		assert_true(send(rig, web(1))->drop);
		assert_true(send(rig, ends_back(web(1)))->drop);
		rig_phase(rig, 1);
		/* What stays does so without being told of again. */
		assert_true(send(rig, other)->drop);
		assert_int_equal(rig->seen.n_matches, 0);
		assert_false(send(rig, lifted)->drop);
		rig_free(rig);
	}
}

/* Two rules act on one flow, each in its own way, and only one of them is over. */
static void test_two_acts(void **state)
{
	struct censor_rule cold = { .name = "cold", .actions = CENSOR_DO_FREEZE,
				    .phases = ONE | TWO, .freeze = { 3, 3, false } };
	struct censor_rule turn = { .name = "turn", .actions = CENSOR_DO_REWRITE,
				    .phases = ONE | TWO, .rewrite_flags = RST };
	struct censor_rule back = { .name = "back", .actions = CENSOR_DO_DROP, .phases = ONE,
				    .drop_to = CENSOR_TO_CLIENT };
	struct censor_policy *pol = phased();
	struct talk talk;
	struct rig *rig;
	u8 data[600];
	u32 len;

	(void)state;
	/* What counts, and what lets pass. */
	policy_rule_full(pol, &cold);
	policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 443, 443));
	rule_in(pol, "spare", CENSOR_DO_PASS, ONE);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, policy_names(pol, "", NAMES("example.org")));
	policy_seal(pol);
	rig = rig_new(pol);
	len = wire_hello_sni(data, "example.org");
	assert_true(len <= sizeof(data));
	talk_flags(&(struct talk){ rig, web(1), 1, 1 }, true, SYN);
	talk = (struct talk){ rig, web(1), 2, 1 };
	talk_say(&talk, data, len);
	assert_matched(rig, "spare=example.org");
	rig_phase(rig, 1);
	/* One of three has passed. */
	assert_false(talk_say(&talk, "more", 4)->drop);
	assert_false(talk_say(&talk, "more", 4)->drop);
	assert_true(talk_say(&talk, "more", 4)->drop);
	rig_free(rig);

	/* What rewrites, and what drops. */
	pol = phased();
	policy_rule_full(pol, &turn);
	policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 443, 443));
	rule_in(pol, "sni", CENSOR_DO_DROP, ONE);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, policy_names(pol, "", NAMES("example.org")));
	policy_seal(pol);
	rig = rig_new(pol);
	talk_flags(&(struct talk){ rig, web(1), 1, 1 }, true, SYN);
	talk = (struct talk){ rig, web(1), 2, 1 };
	assert_true(talk_say(&talk, data, len)->drop);
	assert_true(talk_answer(&talk, "no", 2)->drop);
	rig_phase(rig, 1);
	talk_answer(&talk, "no", 2);
	assert_false(rig->seen.drop);
	assert_int_equal(rig->seen.rewrite, RST);
	rig_free(rig);

	/* The same once more: it is the first one's. */
	pol = phased();
	rule_in(pol, "there", CENSOR_DO_DROP, ONE | TWO);
	policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 443, 443));
	policy_rule_full(pol, &back);
	policy_cond(pol, CENSOR_ATTR_PORT_SRC, policy_number(pol, 443, 443));
	policy_seal(pol);
	rig = rig_new(pol);
	assert_true(send(rig, web(1))->drop);
	assert_false(send(rig, ends_back(web(1)))->drop);
	assert_matched(rig, "back=443");
	rig_phase(rig, 1);
	assert_true(send(rig, web(1))->drop);
	assert_int_equal(rig->seen.n_matches, 0);
	rig_free(rig);
}

/* The switch does not keep from its rules what comes in the first packet after it. */
static void test_news(void **state)
{
	static const u8 len[2] = { 0, 29 };
	struct ends ends = ends4("192.0.2.1", 5353, "203.0.113.9", 53);
	struct censor_policy *pol = phased();
	u8 data[64], query[64];
	struct talk talk;
	struct rig *rig;
	u32 n;

	(void)state;
	rule_in(pol, "qname", CENSOR_DO_LOG, CENSOR_PHASES_ALL);
	policy_cond(pol, CENSOR_ATTR_DNS_QNAME, policy_names(pol, "", NAMES("example.org")));
	rule_in(pol, "dns", CENSOR_DO_LOG, TWO);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_DNS, 1));
	policy_seal(pol);
	rig = rig_new(pol);
	n = wire_dns(query, 1, DNS_RD, "example.org", DNS_A, 1);
	rig_send(rig, buf, wire_udp(buf, ends, query, n));
	rig_phase(rig, 1);
	rig_send(rig, buf, wire_udp(buf, ends, query, n));
	assert_matched(rig, "qname=example.org dns=dns/sure");
	rig_phase(rig, 0);
	assert_int_equal(n, len[1]);
	memcpy(data, len, 2);
	memcpy(data + 2, query, n);
	talk = talk_open(rig, ends);
	talk_say(&talk, data, n + 2);
	assert_matched(rig, "qname=example.org");
	rig_phase(rig, 1);
	talk_say(&talk, data, n + 2);
	assert_matched(rig, "dns=dns/sure qname=example.org");
	rig_free(rig);
}

/* A rule that gave way to another has its turn when that is over. */
static void test_gives_way(void **state)
{
	struct censor_policy *pol = phased();
	struct rig *rig;

	(void)state;
	rule_port(pol, "slow", CENSOR_DO_POLICE, CENSOR_PHASES_ALL, 443);
	rule_port(pol, "dead", CENSOR_DO_LOSE, ONE, 443);
	policy_seal(pol);
	rig = rig_new(pol);
	assert_true(send(rig, web(1))->drop);
	assert_int_equal(rig_flow(rig)->shape_rule, 2);
	rig_phase(rig, 1);
	assert_false(send(rig, web(1))->drop);
	assert_int_equal(rig_flow(rig)->shape_rule, 1);
	rig_free(rig);
}

/* The bucket of another rule is full. */
static void test_bucket(void **state)
{
	struct censor_policy *pol = phased();
	struct rig *rig;

	(void)state;
	rule_port(pol, "one", CENSOR_DO_POLICE, ONE, 443);
	rule_port(pol, "two", CENSOR_DO_POLICE, TWO, 443);
	policy_seal(pol);
	rig = rig_new(pol);
	while (!send(rig, web(1))->drop)
		;
	rig_phase(rig, 1);
	assert_false(send(rig, web(1))->drop);
	while (!send(rig, web(1))->drop)
		;
	rig_phase(rig, 2);
	assert_false(send(rig, web(1))->drop);
	rig_free(rig);
}

/* A known connection falls on the day when the rule about its protocol begins. */
static void test_protocol(void **state)
{
	struct censor_policy *pol = phased();
	struct talk talk;
	struct rig *rig;

	(void)state;
	rule_in(pol, "seen", CENSOR_DO_LOG, CENSOR_PHASES_ALL);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_SSH, 1));
	rule_in(pol, "ssh", CENSOR_DO_DROP, TWO);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_SSH, 1));
	rule_in(pol, "name", CENSOR_DO_DROP, TWO);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, policy_names(pol, "", NAMES("example.org")));
	policy_seal(pol);
	rig = rig_new(pol);
	talk = talk_open(rig, ends4("192.0.2.1", 40000, "203.0.113.9", 22));
	talk_say(&talk, "SSH-2.0-OpenSSH_9.2\r\n", 21);
	talk_answer(&talk, "SSH-2.0-OpenSSH_9.2\r\n", 21);
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_SSH);
	assert_false(talk_say(&talk, "more", 4)->drop);
	assert_false(talk_say(&talk, "more", 4)->drop);
	assert_true(rig->seen.fast);
	rig_phase(rig, 1);
	assert_true(talk_say(&talk, "more", 4)->drop);
	assert_matched(rig, "ssh=ssh/sure");
	assert_true(talk_answer(&talk, "more", 4)->drop);
	rig_phase(rig, 0);
	/* All are asked, for one was lifted. */
	assert_false(talk_say(&talk, "more", 4)->drop);
	assert_matched(rig, "seen=ssh/sure");
	rig_free(rig);
}

/* Datagrams whose looking a rule had ended are looked at anew, and so is what is unknown. */
static void test_datagrams(void **state)
{
	struct censor_policy *pol = phased();
	struct rig *rig;

	(void)state;
	rule_port(pol, "all", CENSOR_DO_PASS, ONE, 443);
	rule_in(pol, "unknown", CENSOR_DO_DROP, TWO);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, policy_number(pol, 0, 0));
	policy_seal(pol);
	rig = rig_new(pol);
	send(rig, web(1));
	send(rig, ends4("192.0.2.1", 5, "203.0.113.9", 6));
	rig_phase(rig, 1);
	assert_true(send(rig, web(1))->drop);
	assert_true(send(rig, ends4("192.0.2.1", 5, "203.0.113.9", 6))->drop);
	rig_free(rig);
}

/* What datagrams were recognised as before they were dropped, they are afterwards. */
static void test_datagrams_known(void **state)
{
	static const u8 binding[20] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42 };
	struct censor_policy *pol = phased();
	struct rig *rig;

	(void)state;
	rule_in(pol, "stun", CENSOR_DO_DROP, TWO);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_STUN, 1));
	policy_seal(pol);
	rig = rig_new(pol);
	rig_send(rig, buf, wire_udp(buf, web(1), binding, sizeof(binding)));
	rig_phase(rig, 1);
	assert_true(send(rig, web(1))->drop);
	assert_matched(rig, "stun=stun/sure");
	rig_phase(rig, 2);
	assert_false(send(rig, web(1))->drop);
	rig_phase(rig, 1);
	assert_true(send(rig, web(1))->drop);
	assert_matched(rig, "stun=stun/sure");
	rig_free(rig);
}


/* What is to be asked of a known protocol waits while packets are dropped before that. */
static void test_pending(void **state)
{
	u32 stays;

	(void)state;
	for (stays = 0; stays < 2; stays++) {
		struct ends ends = ends4("192.0.2.1", 40000, "203.0.113.9", 22);
		struct censor_policy *pol = phased();
		struct talk talk;
		struct rig *rig;

		rule_in(pol, "seen", CENSOR_DO_LOG, CENSOR_PHASES_ALL);
		policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_SSH, 1));
		rule_in(pol, "ssh", CENSOR_DO_DROP, 4);
		policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_SSH, 1));
		rule_in(pol, "wall", CENSOR_DO_DROP, stays ? TWO | 4 : TWO);
		policy_cond(pol, stays ? CENSOR_ATTR_PORT_DST : CENSOR_ATTR_PORT,
			    policy_number(pol, 22, 22));
		policy_seal(pol);
		rig = rig_new(pol);
		talk = talk_open(rig, ends);
		talk_say(&talk, "SSH-2.0-OpenSSH_9.2\r\n", 21);
		talk_answer(&talk, "SSH-2.0-OpenSSH_9.2\r\n", 21);
		rig_phase(rig, 1);
		assert_true(talk_say(&talk, "more", 4)->drop);
		rig_phase(rig, 2);
		assert_true(talk_answer(&talk, "more", 4)->drop);
		/* Where nothing was lifted, those that were asked before are not. */
		assert_matched(rig, stays ? "ssh=ssh/sure" : "seen=ssh/sure ssh=ssh/sure");
		rig_free(rig);
	}
}

/* What is looked at anew is not asked of before it has been. */
static void test_pending_anew(void **state)
{
	static const u8 stun[20] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8,
				     9, 10, 11, 12 };
	struct ends ends = ends4("192.0.2.1", 5353, "203.0.113.9", 3478);
	struct censor_policy *pol = phased();
	struct rig *rig;

	(void)state;
	rule_in(pol, "unknown", CENSOR_DO_DROP, 4);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, policy_number(pol, 0, 0));
	rule_in(pol, "stun", CENSOR_DO_LOG, CENSOR_PHASES_ALL);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_STUN, 1));
	rule_port(pol, "wall", CENSOR_DO_DROP, TWO, 3478);
	policy_seal(pol);
	rig = rig_new(pol);
	rig_send(rig, buf, wire_udp(buf, ends, stun, sizeof(stun)));
	assert_matched(rig, "stun=stun/sure");
	rig_phase(rig, 1);
	assert_true(rig_send(rig, buf, wire_udp(buf, ends, stun, sizeof(stun)))->drop);
	rig_phase(rig, 2);
	assert_false(rig_send(rig, buf, wire_udp(buf, ends, stun, sizeof(stun)))->drop);
	assert_matched(rig, "stun=stun/sure");
	rig_free(rig);
}

/* Of a connection that is created anew nothing is asked that was known of the one before. */
static void test_created_anew(void **state)
{
	struct censor_policy *pol = phased();
	struct censor_tcp_model model = pol->tcp;
	struct talk talk;
	struct rig *rig;

	(void)state;
	model.create |= CENSOR_BY_DATA;
	model.teardown[CENSOR_TEARDOWN_RST] = CENSOR_CERTAIN;
	assert_done(censor_policy_set_tcp(pol, &model, &why));
	rule_in(pol, "unknown", CENSOR_DO_DROP, TWO);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, policy_number(pol, 0, 0));
	rule_in(pol, "ftp", CENSOR_DO_LOG, CENSOR_PHASES_ALL);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_FTP, 1));
	rule_in(pol, "openvpn", CENSOR_DO_LOG, CENSOR_PHASES_ALL);
	policy_cond(pol, CENSOR_ATTR_PROTOCOL, protocol_set(pol, CENSOR_PROTOCOL_OPENVPN, 1));
	policy_seal(pol);
	rig = rig_new(pol);
	talk = talk_open(rig, ends4("192.0.2.1", 40000, "203.0.113.9", 21));
	talk_say(&talk, "USER x\r\n", 8);
	assert_matched(rig, "ftp=ftp/likely");
	talk_flags(&talk, true, RST);
	assert_int_equal(rig->seen.note, CENSOR_NOTE_TEARDOWN);
	rig_phase(rig, 1);
	assert_false(talk_say(&talk, "USER x\r\n", 8)->drop);
	assert_matched(rig, "ftp=ftp/likely");
	rig_free(rig);
}

/* A block does nothing while its rule is not active, and hides none that is. */
static void test_block(void **state)
{
	u32 hidden;

	(void)state;
	for (hidden = 0; hidden < 2; hidden++) {
		struct censor_policy *pol = phased();
		struct rig *rig;

		rule_in(pol, "it", CENSOR_DO_DROP | CENSOR_DO_RESIDUAL, ONE);
		policy_cond(pol, CENSOR_ATTR_PORT, policy_number(pol, 443, 443));
		if (hidden) {
			struct censor_rule rule = { .name = "other", .residual.tuple = 11,
				.actions = CENSOR_DO_DROP | CENSOR_DO_RESIDUAL,
				.residual.ms = 100000, .residual.act = CENSOR_RESIDUAL_DROP };

			policy_rule_full(pol, &rule);
			policy_cond(pol, CENSOR_ATTR_PORT_SRC, policy_number(pol, 7, 7));
		}
		policy_seal(pol);
		rig = rig_new(pol);
		send(rig, web(1));
		/* To the same host, but another port: blocked, told of once. */
		assert_true(send(rig, ends4("192.0.2.1", 2, "203.0.113.9", 80))->drop);
		assert_int_equal(rig->seen.n_matches, 1);
		rig_phase(rig, 1);
		assert_false(send(rig, ends4("192.0.2.1", 2, "203.0.113.9", 80))->drop);
		assert_false(send(rig, ends4("192.0.2.1", 2, "203.0.113.9", 80))->drop);
		/* Nothing is left to look up. */
		assert_true(rig->seen.fast);
		assert_false(send(rig, ends4("192.0.2.1", 3, "203.0.113.9", 80))->drop);
		if (hidden) {
			send(rig, ends4("192.0.2.1", 7, "203.0.113.9", 80));
			assert_true(send(rig, ends4("192.0.2.1", 8, "203.0.113.9", 80))->drop);
		}
		rig_phase(rig, 0);
		assert_true(send(rig, ends4("192.0.2.1", 2, "203.0.113.9", 80))->drop);
		assert_true(send(rig, ends4("192.0.2.1", 3, "203.0.113.9", 80))->drop);
		assert_int_equal(rig->seen.n_matches, 1);
		rig->now += 101 * SECOND;
		assert_false(send(rig, ends4("192.0.2.1", 3, "203.0.113.9", 80))->drop);
		rig_free(rig);
	}
}

/* A host that shows a block whose rule is not active, all the same. */
static void test_block_shown(void **state)
{
	struct censor_policy *pol = phased();
	struct censor_block block = { .until = 2000 * SECOND, .generation = 1 };
	struct ends ends = ends4("192.0.2.1", 2, "203.0.113.9", 80);
	struct censor_packet_view view;
	struct censor_flow flow = { 0 };
	struct censor_key key;
	struct rig *rig;
	u32 len, phase;

	(void)state;
	rule_port(pol, "it", CENSOR_DO_DROP | CENSOR_DO_RESIDUAL, TWO, 443);
	policy_seal(pol);
	rig = rig_new(pol);
	len = wire_udp(buf, ends, load, sizeof(load));
	assert_int_equal(censor_packet_parse(&view, buf, len, len, false), 0);
	censor_packet_key(&view, &key);
	censor_flow_start(&flow, &key, CENSOR_ERA(1, CENSOR_PHASE_WORD(0, 0)));
	rig->ctx.shared = rig->shared;
	for (phase = 0; phase < 2; phase++) {
		censor_inspect(pol, CENSOR_ERA(1, CENSOR_PHASE_WORD(phase, phase)), &flow, &view,
			       &block, 1, rig->now, &rig->ctx);
		assert_int_equal(rig->ctx.drop, phase);
		assert_int_equal(rig->ctx.n_matches, phase);
	}
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_seal),
		cmocka_unit_test(test_active),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_lift),
		cmocka_unit_test(test_two_rules),
		cmocka_unit_test(test_two_acts),
		cmocka_unit_test(test_news),
		cmocka_unit_test(test_gives_way),
		cmocka_unit_test(test_bucket),
		cmocka_unit_test(test_protocol),
		cmocka_unit_test(test_datagrams),
		cmocka_unit_test(test_datagrams_known),
		cmocka_unit_test(test_pending),
		cmocka_unit_test(test_pending_anew),
		cmocka_unit_test(test_created_anew),
		cmocka_unit_test(test_block),
		cmocka_unit_test(test_block_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
