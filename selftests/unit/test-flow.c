// SPDX-License-Identifier: GPL-2.0
/* Flows: who the client is, which bytes count, when a conversation begins and ends. */
#include "test.h"
#include "rig.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"203.0.113.80"

static u8 buf[WIRE_MAX], hello[WIRE_MAX];
static u32 hello_len;

/* "sni" for the ClientHello in @hello, "port" for every packet to port 25. */
static struct censor_policy *new_policy(u8 actions)
{
	struct censor_policy *pol = policy_new();

	hello_len = wire_hello_sni(hello, "www.facebook.com");
	policy_rule(pol, "sni", actions);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, policy_names(pol, "s", NAMES("facebook.com")));
	policy_rule(pol, "port", CENSOR_DO_DROP);
	policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 25, 25));
	policy_seal(pol);
	return pol;
}

static struct rig *new_rig(u8 actions)
{
	return rig_new(new_policy(actions));
}

static struct ends web(u16 port)
{
	return ends4(CLIENT, port, SERVER, 443);
}

static const struct seen *send_tcp(struct rig *rig, struct ends ends, u8 flags, u32 seq, u32 ack,
				   const void *data, u32 len)
{
	return rig_send(rig, buf, wire_tcp(buf, ends, flags, seq, ack, data, len));
}

/* A TCB is made by a SYN, or by a SYN+ACK (CENSORS.md 4.1, 2017); by nothing else (2.3). */
static void test_handshake(void **state)
{
	static const struct {
		const char *what;
		bool syn, synack, judged;
	} rows[] = {
		{ "both", true, true, true },
		{ "only the SYN", true, false, true },
		{ "only the SYN+ACK", false, true, true },
		{ "neither", false, false, false },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig *rig = new_rig(CENSOR_DO_LOG);

		if (rows[i].syn)
			send_tcp(rig, web(40000), SYN, 999, 0, NULL, 0);
		if (rows[i].synack)
			send_tcp(rig, ends_back(web(40000)), SYN | ACK, 4999, 1000, NULL, 0);
		send_tcp(rig, web(40000), ACK, 1000, 5000, NULL, 0);
		if (send_tcp(rig, web(40000), PSH | ACK, 1000, 5000, hello, hello_len)->n_matches !=
		    rows[i].judged)
			fail_msg("%s", rows[i].what);
		rig_free(rig);
	}
}

/* The client is who sends the SYN; what the server says is no ClientHello. */
static void test_roles(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_LOG);
	struct talk talk;

	(void)state;
	/* Whichever address is the lesser. */
	talk = talk_open(rig, ends4(SERVER, 40000, CLIENT, 443));
	assert_int_equal(talk_answer(&talk, hello, hello_len)->n_matches, 0);
	assert_int_equal(talk_say(&talk, hello, hello_len)->n_matches, 1);
	talk = talk_open(rig, web(40001));
	assert_int_equal(talk_answer(&talk, hello, hello_len)->n_matches, 0);
	assert_int_equal(talk_say(&talk, hello, hello_len)->n_matches, 1);
	/* From the SYN+ACK alone: its receiver. */
	send_tcp(rig, ends_back(web(40002)), SYN | ACK, 4999, 1000, NULL, 0);
	assert_int_equal(send_tcp(rig, ends_back(web(40002)), ACK, 5000, 1000, hello,
				  hello_len)->n_matches, 0);
	assert_int_equal(send_tcp(rig, web(40002), ACK, 1000, 5000, hello, hello_len)->n_matches,
			 1);
	rig_free(rig);
}

/* Data in the middle of a connection tells nobody's beginning; a SYN then does. */
static void test_midstream(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_LOG);
	struct talk talk;

	(void)state;
	assert_int_equal(send_tcp(rig, web(40000), ACK, 77, 88, hello, hello_len)->n_matches, 0);
	assert_int_equal(send_tcp(rig, web(40000), ACK, 77, 88, hello, hello_len)->n_matches, 0);
	assert_true(rig->seen.fast);
	talk = talk_open(rig, web(40000));
	assert_int_equal(talk_say(&talk, hello, hello_len)->n_matches, 1);
	rig_free(rig);
}

/* In segments with retransmissions and overlaps; what was seen first stays. */
static void test_retransmissions(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_LOG);
	struct talk talk = talk_open(rig, web(40000));
	u8 junk[WIRE_MAX];

	(void)state;
	memset(junk, 0x42, sizeof(junk));
	assert_int_equal(talk_say(&talk, hello, 50)->n_matches, 0);
	/* The same again, part of it again, other bytes in the same place. */
	talk_say_at(&talk, -50, hello, 50);
	talk_say_at(&talk, -20, hello + 30, 20);
	talk_say_at(&talk, -50, junk, 50);
	assert_int_equal(rig->seen.counts, 0);
	assert_int_equal(rig->seen.n_matches, 0);
	/* New bytes behind old ones: only the new ones count. */
	memcpy(junk + 30, hello + 50, 20);
	talk_say_at(&talk, -30, junk, 50);
	talk.seq += 20;
	assert_int_equal(talk_say(&talk, hello + 70, hello_len - 70)->n_matches, 1);
	assert_int_equal(rig->buffers, 0);
	rig_free(rig);
}

/* A segment beyond the next byte is not kept, and counted; the stream goes on where it was. */
static void test_out_of_order(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_LOG);
	struct talk talk = talk_open(rig, web(40000));
	const struct seen *seen;

	(void)state;
	/* A gap of one byte is one. */
	assert_int_equal(talk_say_at(&talk, 1, hello, hello_len)->counts,
			 1u << CENSOR_COUNT_OUT_OF_ORDER);
	assert_int_equal(rig->seen.n_matches, 0);
	seen = talk_say_at(&talk, 60, hello + 60, hello_len - 60);
	assert_int_equal(seen->n_matches, 0);
	assert_int_equal(seen->counts, 1u << CENSOR_COUNT_OUT_OF_ORDER);
	assert_int_equal(talk_say(&talk, hello, 60)->n_matches, 0);
	assert_int_equal(rig->seen.counts, 0);
	assert_int_equal(talk_say(&talk, hello + 60, hello_len - 60)->n_matches, 1);
	rig_free(rig);
}

static void test_sequence_wrap(void **state)
{
	u32 back;

	(void)state;
	for (back = 0; back <= hello_len + 2; back++) {
		struct rig *rig = new_rig(CENSOR_DO_LOG);
		u32 seq = 0u - back;
		const struct seen *seen;

		send_tcp(rig, web(40000), SYN, seq - 1, 0, NULL, 0);
		send_tcp(rig, web(40000), ACK, seq, 1, hello, 40);
		send_tcp(rig, web(40000), ACK, seq, 1, hello, 40);
		seen = send_tcp(rig, web(40000), ACK, seq + 40, 1, hello + 40, hello_len - 40);
		assert_int_equal(seen->n_matches, 1);
		assert_int_equal(seen->counts, 0);
		rig_free(rig);
	}
}

/* With no buffer to spare the rest passes unjudged, and it is counted. */
static void test_no_buffer(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_LOG);
	struct talk talk = talk_open(rig, web(40000));
	const struct seen *seen;

	(void)state;
	rig->no_buffer = true;
	seen = talk_say(&talk, hello, 60);
	assert_int_equal(seen->counts, 1u << CENSOR_COUNT_NO_BUFFER);
	seen = talk_say(&talk, hello + 60, hello_len - 60);
	assert_int_equal(seen->n_matches, 0);
	assert_true(seen->fast);
	/* In one piece none is needed. */
	talk = talk_open(rig, web(40001));
	assert_int_equal(talk_say(&talk, hello, hello_len)->n_matches, 1);
	rig_free(rig);
}

/* With no room for flows address rules hold, and streams pass. */
static void test_no_flow(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_DROP);
	struct talk talk;

	(void)state;
	rig->no_flow = true;
	talk = talk_open(rig, web(40000));
	assert_false(talk_say(&talk, hello, hello_len)->drop);
	assert_true(send_tcp(rig, ends4(CLIENT, 1, SERVER, 25), SYN, 1, 0, NULL, 0)->drop);
	rig_free(rig);
}

/* Buffers come back: when the message is whole, when it is no message, when the flow is forgotten. */
static void test_buffers(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_LOG);
	struct talk talk = talk_open(rig, web(40000));

	(void)state;
	talk_say(&talk, hello, 60);
	assert_int_equal(rig->buffers, 1);
	talk = talk_open(rig, web(40000));
	assert_int_equal(rig->buffers, 0);
	talk_say(&talk, hello, 60);
	assert_int_equal(rig->buffers, 1);
	rig->now += 3600 * SECOND;
	talk_say(&talk, "x", 1);
	assert_int_equal(rig->buffers, 0);
	talk = talk_open(rig, web(40001));
	talk_say(&talk, "G", 1);
	assert_int_equal(rig->buffers, 1);
	talk_say(&talk, "X", 1);
	assert_int_equal(rig->buffers, 0);
	rig_free(rig);
}

/* A new SYN on old ports begins a new conversation; the old one's own again doesn't. */
static void test_port_reuse(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_DROP);
	struct talk talk = talk_open(rig, web(40000));
	const struct seen *seen;

	(void)state;
	/* Retransmitted SYN: nothing is forgotten. */
	seen = send_tcp(rig, web(40000), SYN, talk.seq - 1, 0, NULL, 0);
	assert_false(seen->started);
	assert_true(talk_say(&talk, hello, hello_len)->drop);
	assert_true(talk_flags(&talk, true, ACK)->drop);
	seen = send_tcp(rig, web(40000), SYN, 0x70000000, 0, NULL, 0);
	assert_true(seen->started);
	assert_false(seen->drop);
	assert_false(send_tcp(rig, web(40000), ACK, 0x70000001, 1, "hello", 5)->drop);
	/* And once more, judged again. */
	send_tcp(rig, web(40000), SYN, 0x7fffffff, 0, NULL, 0);
	assert_true(send_tcp(rig, web(40000), ACK, 0x80000000, 1, hello, hello_len)->drop);
	/* From the other end: the roles change. */
	seen = send_tcp(rig, ends_back(web(40000)), SYN, 5, 0, NULL, 0);
	assert_true(seen->started);
	assert_true(send_tcp(rig, ends_back(web(40000)), ACK, 6, 1, hello, hello_len)->drop);
	rig_free(rig);
}

/* Data in the SYN (TCP Fast Open) is the client's first. */
static void test_fast_open(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_LOG);
	const struct seen *seen;

	(void)state;
	seen = send_tcp(rig, web(40000), SYN, 999, 0, hello, hello_len);
	assert_int_equal(seen->n_matches, 1);
	send_tcp(rig, web(40001), SYN, 999, 0, hello, 60);
	seen = send_tcp(rig, web(40001), ACK, 1060, 1, hello + 60, hello_len - 60);
	assert_int_equal(seen->n_matches, 1);
	rig_free(rig);
}

/* Silent for longer than the timeout: afresh, whether or not the host has tidied up. */
static void test_timeout(void **state)
{
	u32 round;

	(void)state;
	for (round = 0; round < 4; round++) {
		struct rig *rig = new_rig(CENSOR_DO_DROP);
		struct talk talk = talk_open(rig, web(40000));
		const struct seen *seen;
		u64 timeout;

		rig->no_fast = round & 2;
		assert_true(talk_say(&talk, hello, hello_len)->drop);
		timeout = censor_flow_timeout(rig_flow(rig));
		assert_true(timeout >= 60 * SECOND);
		/* Just as long is not longer. */
		rig->now += timeout;
		assert_true(talk_say(&talk, "more", 4)->drop);
		rig->now += timeout + 1;
		if (round & 1)
			rig_forget(rig);
		seen = talk_say(&talk, "more", 4);
		assert_false(seen->drop);
		assert_int_equal(seen->started, !(round & 1));
		rig_free(rig);
	}
}

/* A flow that is ending, one that never began, and datagrams are remembered for less long. */
static void test_timeouts(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_LOG);
	struct talk talk;
	u64 open;

	(void)state;
	talk = talk_open(rig, web(40000));
	talk_say(&talk, "x", 1);
	open = censor_flow_timeout(rig_flow(rig));
	talk_flags(&talk, true, FIN | ACK);
	assert_true(censor_flow_timeout(rig_flow(rig)) < open);
	send_tcp(rig, web(40001), SYN, 1, 0, NULL, 0);
	assert_true(censor_flow_timeout(rig_flow(rig)) < open);
	rig_send(rig, buf, wire_udp(buf, ends4(CLIENT, 1, SERVER, 2), "x", 1));
	assert_true(censor_flow_timeout(rig_flow(rig)) < open);
	rig_free(rig);
}

/* Another policy in force: an awaited message is judged by it, whatever came under the old one. */
static void test_generation(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_LOG);
	struct talk blocked, half, mail;

	(void)state;
	rig_policy(rig, new_policy(CENSOR_DO_DROP));
	blocked = talk_open(rig, web(40000));
	half = talk_open(rig, web(40001));
	mail = (struct talk){ .rig = rig, .client = ends4(CLIENT, 40002, SERVER, 25), .seq = 2 };
	assert_true(talk_flags(&mail, true, SYN)->drop);
	assert_true(talk_say(&blocked, hello, hello_len)->drop);
	talk_say(&half, hello, 70);
	assert_int_equal(rig->buffers, 1);

	rig_policy(rig, new_policy(CENSOR_DO_LOG));
	/* Blocked by the old policy, unknown to the new. */
	assert_false(talk_say(&blocked, "more", 4)->drop);
	/* Half a message came: the rest is judged with it, by the new policy. */
	assert_int_equal(talk_say(&half, hello + 70, hello_len - 70)->n_matches, 1);
	assert_false(rig->seen.drop);
	/* Address rules are judged anew. */
	assert_true(talk_flags(&mail, true, ACK)->drop);
	assert_int_equal(rig->seen.n_matches, 1);
	{
		struct censor_policy *none = policy_new();

		policy_seal(none);
		rig_policy(rig, none);
	}
	assert_false(talk_flags(&mail, true, ACK)->drop);
	assert_int_equal(rig->seen.n_matches, 0);
	rig_free(rig);
}

/* A target that the old policy has judged already is judged by the new one too. */
static void test_generation_target(void **state)
{
	struct censor_policy *pol[2];
	struct talk talk;
	struct rig *rig;
	u32 i;

	(void)state;
	for (i = 0; i < 2; i++) {
		pol[i] = policy_new();
		policy_rule(pol[i], "target", i ? CENSOR_DO_DROP : CENSOR_DO_LOG);
		policy_cond(pol[i], CENSOR_ATTR_HTTP_TARGET, policy_names(pol[i], "", NAMES("*falun*")));
		policy_seal(pol[i]);
	}
	rig = rig_new(pol[0]);
	talk = talk_open(rig, web(40000));
	assert_int_equal(talk_say(&talk, "GET /falun HTTP/1.1\r\n", 21)->n_matches, 1);
	rig_policy(rig, pol[1]);
	assert_true(talk_say(&talk, "Accept: */*\r\n", 13)->drop);
	rig_free(rig);
}

/* An address rule is told of once for each direction of a flow, and holds for all of it. */
static void test_address_rules_once(void **state)
{
	struct censor_policy *pol = policy_new();
	struct talk talk;
	struct rig *rig;

	(void)state;
	policy_rule(pol, "log", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_IP, policy_prefixes(pol, "", NAMES("203.0.113.0/24")));
	policy_rule(pol, "drop", CENSOR_DO_DROP);
	policy_cond(pol, CENSOR_ATTR_PORT_SRC, policy_number(pol, 443, 443));
	policy_seal(pol);
	rig = rig_new(pol);
	talk = (struct talk){ .rig = rig, .client = web(40000), .seq = 10, .ack = 20 };
	assert_int_equal(talk_flags(&talk, true, SYN)->n_matches, 1);
	assert_false(rig->seen.drop);
	assert_int_equal(talk_flags(&talk, false, SYN | ACK)->n_matches, 2);
	assert_true(rig->seen.drop);
	assert_int_equal(talk_flags(&talk, false, SYN | ACK)->n_matches, 0);
	assert_true(rig->seen.drop);
	assert_int_equal(talk_flags(&talk, true, ACK)->n_matches, 0);
	assert_false(rig->seen.drop);
	assert_int_equal(talk_answer(&talk, "x", 1)->n_matches, 0);
	assert_true(rig->seen.drop);
	rig_free(rig);
}

/* Pass: no later rule sees the rest of the flow, neither its stream nor its other direction. */
static void test_pass(void **state)
{
	u32 by_name, no_fast;

	(void)state;
	for (by_name = 0; by_name < 2; by_name++) {
		for (no_fast = 0; no_fast < 2; no_fast++) {
			struct censor_policy *pol = policy_new();
			struct talk talk;
			struct rig *rig;

			policy_rule(pol, "allowed", CENSOR_DO_PASS | CENSOR_DO_LOG);
			if (by_name)
				policy_cond(pol, CENSOR_ATTR_TLS_SNI,
					    policy_names(pol, "", NAMES("=www.facebook.com")));
			else
				policy_cond(pol, CENSOR_ATTR_IP_DST,
					    policy_prefixes(pol, "", NAMES(SERVER)));
			policy_rule(pol, "sni", CENSOR_DO_DROP);
			policy_cond(pol, CENSOR_ATTR_TLS_SNI,
				    policy_names(pol, "", NAMES("facebook.com")));
			policy_rule(pol, "back", CENSOR_DO_DROP);
			policy_cond(pol, CENSOR_ATTR_IP_SRC, policy_prefixes(pol, "",
									     NAMES(SERVER)));
			policy_seal(pol);
			rig = rig_new(pol);
			rig->no_fast = no_fast;
			talk = (struct talk){ .rig = rig, .client = web(40000), .seq = 10,
					      .ack = 20 };
			talk.seq--;
			assert_int_equal(talk_flags(&talk, true, SYN)->n_matches, !by_name);
			talk.seq++;
			if (!by_name)
				assert_false(talk_flags(&talk, false, SYN | ACK)->drop);
			assert_int_equal(talk_say(&talk, hello, hello_len)->n_matches, by_name);
			assert_false(rig->seen.drop);
			if (!by_name)
				assert_false(talk_answer(&talk, "x", 1)->drop);
			assert_false(talk_say(&talk, hello, hello_len)->drop);
			assert_int_equal(rig->seen.n_matches, 0);
			rig_free(rig);
		}
	}
}

/*
 * A freeze on a flow of which one direction is dropped, by the same rule or an earlier one: the
 * packets that it still lets pass are the other direction's.
 */
static void test_freeze_dropped(void **state)
{
	static const struct {
		u8 drop_to;
		bool at_once, bytes;
	} rows[] = {
		{ CENSOR_TO_CLIENT, false, false }, { CENSOR_TO_CLIENT, false, true },
		{ CENSOR_TO_CLIENT, true, false }, { CENSOR_TO_CLIENT, true, true },
		{ CENSOR_TO_SERVER, true, false }, { CENSOR_TO_SERVER, true, true },
	};
	static const char target[] = "GET /falun HTTP/1.1\r\n";
	static const char host[] = "Host: facebook.com\r\n\r\n";
	u32 i, n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows) * 2; i++) {
		bool at_once = rows[i / 2].at_once, back = rows[i / 2].drop_to == CENSOR_TO_CLIENT;
		struct censor_rule drop = { .name = "drop", .actions = CENSOR_DO_DROP,
					    .drop_to = rows[i / 2].drop_to,
					    .path = CENSOR_PATH_ON, .freeze = { 3, 3, false } };
		struct censor_rule freeze = { .name = "freeze", .actions = CENSOR_DO_FREEZE };
		struct censor_policy *pol = policy_new();
		struct censor_tcp_model model;
		struct talk talk;
		struct rig *rig;

		if (rows[i / 2].bytes)
			drop.freeze = (struct censor_freeze){ 3 * 41, 3 * 41, true };
		freeze.freeze = drop.freeze;
		if (at_once)
			drop.actions |= CENSOR_DO_FREEZE;
		censor_tcp_default(&model);
		model.look_all = true;
		assert_done(censor_policy_set_tcp(pol, &model, &why));
		policy_rule_full(pol, &drop);
		policy_cond(pol, CENSOR_ATTR_HTTP_TARGET, policy_names(pol, "", NAMES("*falun*")));
		policy_rule_full(pol, &freeze);
		policy_cond(pol, CENSOR_ATTR_HTTP_HOST,
			    policy_names(pol, "", NAMES("facebook.com")));
		policy_seal(pol);
		rig = rig_new(pol);
		rig->no_fast = i & 1;
		talk = talk_open(rig, web(40000));
		assert_int_equal(talk_say(&talk, target, sizeof(target) - 1)->n_matches, 1);
		if (!at_once)
			assert_int_equal(talk_say(&talk, host, sizeof(host) - 1)->n_matches, 1);
		/* Those that are dropped are not counted. */
		for (n = 0; n < 5; n++)
			assert_true((back ? talk_answer : talk_say)(&talk, "x", 1)->drop);
		for (n = 0; n < 5; n++)
			assert_int_equal((back ? talk_say : talk_answer)(&talk, "x", 1)->drop,
					 n >= 3);
		assert_true((back ? talk_answer : talk_say)(&talk, "x", 1)->drop);
		rig_free(rig);
	}
}

/* Fragments have no ports and no stream: address rules hold, nothing else. */
static void test_fragments(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_DROP);
	struct header header = { .frag = 0x2000 };
	u32 len;

	(void)state;
	talk_open(rig, web(40000));
	len = wire_tcp_header(buf, web(40000), &header, PSH | ACK, 1000001, 5000001, hello,
			      hello_len);
	assert_false(rig_send(rig, buf, len)->drop);
	assert_int_equal(rig->seen.n_matches, 0);
	rig_free(rig);
}

/* A GSO packet: its length fields are not read, its bytes are the stream's. */
static void test_gso(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_LOG);
	struct talk talk = talk_open(rig, web(40000));
	u32 len = wire_hello(hello, &(struct hello){ .sni = "facebook.com", .padding = 3000 });

	(void)state;
	len = wire_tcp(buf, web(40000), PSH | ACK, talk.seq, talk.ack, hello, len);
	censor_put16(buf + 2, 1500);
	assert_int_equal(rig_send_part(rig, buf, len, len, true)->n_matches, 1);
	rig_free(rig);

	/* Bytes that the host can't show end the judging: they are not made up. */
	rig = new_rig(CENSOR_DO_LOG);
	talk = talk_open(rig, web(40000));
	len = wire_tcp(buf, web(40000), PSH | ACK, talk.seq, talk.ack, hello, hello_len);
	assert_int_equal(rig_send_part(rig, buf, 100, len, false)->n_matches, 0);
	assert_int_equal(rig->buffers, 0);
	talk.seq += hello_len;
	assert_int_equal(talk_say(&talk, hello, hello_len)->n_matches, 0);
	rig_free(rig);
}

/* With @report a flow's protocol and name are told though no rule asks for them. */
static void test_report(void **state)
{
	struct censor_policy *pol = policy_new();
	const struct seen *seen;
	struct talk talk;
	struct rig *rig;

	(void)state;
	policy_seal(pol);
	rig = rig_new(pol);
	rig->report = true;
	hello_len = wire_hello_sni(hello, "facebook.com");
	talk = talk_open(rig, web(40000));
	seen = talk_say(&talk, hello, hello_len);
	assert_int_equal(seen->protocol, CENSOR_PROTOCOL_TLS);
	assert_string_equal(seen->name, "facebook.com");
	talk = talk_open(rig, web(40001));
	seen = talk_say(&talk, buf + 5000, wire_http(buf + 5000, "/", "Example.org"));
	assert_int_equal(seen->protocol, CENSOR_PROTOCOL_HTTP);
	assert_string_equal(seen->name, "example.org");
	rig->report = false;
	talk = talk_open(rig, web(40002));
	assert_int_equal(talk_say(&talk, hello, hello_len)->protocol, CENSOR_PROTOCOL_UNKNOWN);
	assert_true(talk_say(&talk, "x", 1)->fast);
	rig_free(rig);
}

/* What is decided is decided fast: of a judged flow only the first packets need looking at. */
static void test_fast(void **state)
{
	struct rig *rig = new_rig(CENSOR_DO_LOG);
	struct talk talk = talk_open(rig, web(40000));

	(void)state;
	/* Before the client's message: its pure ACKs and all that the server says. */
	assert_true(talk_flags(&talk, true, ACK)->fast);
	assert_true(talk_answer(&talk, "banner", 6)->fast);
	assert_false(talk_say(&talk, hello, hello_len)->fast);
	assert_true(talk_say(&talk, "x", 1)->fast);
	assert_true(talk_answer(&talk, "x", 1)->fast);
	assert_true(talk_flags(&talk, true, FIN | ACK)->fast);
	assert_true(talk_flags(&talk, false, RST)->fast);
	/* A SYN is never. */
	assert_false(talk_flags(&talk, true, SYN)->fast);
	rig_free(rig);

	/* A drop is a decision as well. */
	rig = new_rig(CENSOR_DO_DROP);
	talk = talk_open(rig, web(40000));
	assert_true(talk_say(&talk, hello, hello_len)->drop);
	assert_true(talk_say(&talk, "x", 1)->drop);
	assert_true(rig->seen.fast);
	assert_true(talk_answer(&talk, "x", 1)->drop);
	assert_true(rig->seen.fast);
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handshake),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_midstream),
		cmocka_unit_test(test_retransmissions),
		cmocka_unit_test(test_out_of_order),
		cmocka_unit_test(test_sequence_wrap),
		cmocka_unit_test(test_no_buffer),
		cmocka_unit_test(test_no_flow),
		cmocka_unit_test(test_buffers),
		cmocka_unit_test(test_port_reuse),
		cmocka_unit_test(test_fast_open),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_timeouts),
		cmocka_unit_test(test_generation),
		cmocka_unit_test(test_generation_target),
		cmocka_unit_test(test_address_rules_once),
		cmocka_unit_test(test_pass),
		cmocka_unit_test(test_freeze_dropped),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_gso),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_fast),
	};

	return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
