// SPDX-License-Identifier: GPL-2.0
/* Models of TCP and IP: which can be, and which contradict themselves (model.h). */
#include "test.h"
#include "hostile.h"
#include "model.h"

/* The default with a change: it must be refused with these words in the sentence, or be allowed. */
#define tcp_refused(words, ...)							\
	do {									\
		struct censor_tcp_model m;					\
		const char *reason = NULL;					\
										\
		censor_tcp_default(&m);						\
		__VA_ARGS__;							\
		if (censor_tcp_check(&m, &reason) != -EINVAL)			\
			fail_msg("line %d: allowed", __LINE__);			\
		if (!reason || !strstr(reason, words))				\
			fail_msg("line %d: %s", __LINE__, reason ? reason : "no reason"); \
	} while (0)

#define tcp_allowed(...)							\
	do {									\
		struct censor_tcp_model m;					\
										\
		censor_tcp_default(&m);						\
		__VA_ARGS__;							\
		assert_done(censor_tcp_check(&m, &why));			\
	} while (0)

#define ip_refused(words, ...)							\
	do {									\
		struct censor_ip_model m;					\
		const char *reason = NULL;					\
										\
		censor_ip_default(&m);						\
		__VA_ARGS__;							\
		if (censor_ip_check(&m, &reason) != -EINVAL)			\
			fail_msg("line %d: allowed", __LINE__);			\
		if (!reason || !strstr(reason, words))				\
			fail_msg("line %d: %s", __LINE__, reason ? reason : "no reason"); \
	} while (0)

#define ip_allowed(...)								\
	do {									\
		struct censor_ip_model m;					\
										\
		censor_ip_default(&m);						\
		__VA_ARGS__;							\
		assert_done(censor_ip_check(&m, &why));				\
	} while (0)

#define NONE	(m.reassembly = CENSOR_REASSEMBLY_NONE)
#define FULL	(m.reassembly = CENSOR_REASSEMBLY_FULL)

/* A policy that says nothing has these; each is in censorctl.8. */
static void test_defaults(void **state)
{
	struct censor_policy *pol = policy_new();
	struct censor_tcp_model tcp;
	struct censor_ip_model ip;

	(void)state;
	tcp_allowed();
	ip_allowed();
	memset(&tcp, 0xa5, sizeof(tcp));
	memset(&ip, 0xa5, sizeof(ip));
	censor_tcp_default(&tcp);
	censor_ip_default(&ip);
	assert_string_equal(tcp.name, "");
	assert_int_equal(tcp.create, CENSOR_BY_SYN | CENSOR_BY_SYNACK);
	assert_int_equal(tcp.restart, CENSOR_BY_SYN);
	assert_int_equal(tcp.client, CENSOR_CLIENT_FIRST);
	assert_int_equal(tcp.reassembly, CENSOR_REASSEMBLY_IN_ORDER);
	assert_int_equal(tcp.buffer, CENSOR_STREAM_MAX);
	assert_int_equal(tcp.teardown_match, CENSOR_MATCH_TUPLE);
	assert_int_equal(tcp.checks, CENSOR_CHECK_DATA_OFFSET | CENSOR_CHECK_ISN);
	assert_true(tcp.syn_data);
	assert_false(tcp.look_all || tcp.tls_records);
	assert_int_equal(ip.fragments, CENSOR_FRAGMENTS_IGNORE);
	assert_int_equal(ip.queue, 64);
	assert_int_equal(pol->tcp.timeout, tcp.timeout);
	assert_int_equal(pol->ip.timeout, ip.timeout);
	censor_policy_destroy(pol);
}

static void test_tcp_unknown(void **state)
{
	static const char words[] = "means nothing";

	(void)state;
	tcp_refused(words, m.create |= 0x10);
	tcp_refused(words, m.restart |= CENSOR_BY_DATA; m.create |= CENSOR_BY_DATA);
	tcp_refused(words, m.restart |= CENSOR_BY_FIN);
	tcp_refused(words, m.handshake = CENSOR_HANDSHAKES);
	tcp_refused(words, m.client = CENSOR_CLIENTS);
	tcp_refused(words, m.sync |= 0x10);
	tcp_refused(words, m.teardown_match = CENSOR_MATCHES);
	tcp_refused(words, m.reassembly = CENSOR_REASSEMBLIES);
	tcp_refused(words, m.overlap = CENSOR_OVERLAPS);
	tcp_refused(words, FULL; m.overlap_early = CENSOR_OVERLAPS);
	tcp_refused(words, m.holes = CENSOR_HOLES);
	tcp_refused(words, m.checks |= CENSOR_CHECKS + 1);
	tcp_refused(words, m.sees = CENSOR_SEES);
	tcp_allowed(m.checks = CENSOR_CHECKS);
	tcp_allowed(m.sync = 0x0f);
}

static void test_tcp_bounds(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < CENSOR_RESYNCS; i++) {
		tcp_refused("100 %", m.restart = 0; m.resync[i] = CENSOR_CERTAIN + 1);
		tcp_allowed(m.restart = 0; m.resync[i] = CENSOR_CERTAIN);
	}
	for (i = 0; i < CENSOR_TEARDOWNS; i++) {
		tcp_refused("100 %", m.teardown[i] = CENSOR_CERTAIN + 1);
		tcp_allowed(m.teardown[i] = CENSOR_CERTAIN);
	}
	tcp_refused("buffer", m.buffer = 0);
	tcp_refused("buffer", m.buffer = CENSOR_STREAM_MAX + 1);
	tcp_allowed(m.buffer = 1);
	tcp_refused("timeout", m.timeout_syn = 0);
	tcp_refused("timeout", m.timeout_synack = 0);
	tcp_refused("timeout", m.timeout = 0);
	tcp_refused("timeout", m.timeout_closing = 0);
	tcp_allowed(m.timeout_hole = 0);
	tcp_allowed(m.timeout = 1; m.timeout_hole = 1);
	tcp_allowed(m.timeout = ~0u; m.look_bytes = ~0u; m.look_packets = 0xffff);
}

static void test_tcp_contradictions(void **state)
{
	(void)state;
	tcp_refused("no packet creates", m.create = 0; m.restart = 0);
	tcp_refused("no packet creates", m.create = CENSOR_BY_FIN; m.restart = 0);
	tcp_allowed(m.create = CENSOR_BY_FIN | CENSOR_BY_DATA; m.restart = 0);
	tcp_refused("restart", m.create = CENSOR_BY_SYNACK);
	tcp_refused("restart", m.create = CENSOR_BY_SYN; m.restart = CENSOR_BY_SYNACK);
	tcp_refused("handshake syn ", m.create = CENSOR_BY_SYNACK; m.restart = 0;
		    m.handshake = CENSOR_HANDSHAKE_SYN);
	tcp_refused("handshake full", m.create = CENSOR_BY_SYNACK; m.restart = 0;
		    m.handshake = CENSOR_HANDSHAKE_FULL);
	tcp_allowed(m.create = CENSOR_BY_SYNACK; m.restart = 0;
		    m.handshake = CENSOR_HANDSHAKE_SYNACK);
	tcp_refused("never sees", m.sees = CENSOR_SEES_CLIENT;
		    m.handshake = CENSOR_HANDSHAKE_SYNACK);
	tcp_refused("never sees", m.sees = CENSOR_SEES_CLIENT;
		    m.handshake = CENSOR_HANDSHAKE_FULL);
	tcp_allowed(m.sees = CENSOR_SEES_CLIENT; m.handshake = CENSOR_HANDSHAKE_SYN);
	tcp_refused("both name syn", m.resync[CENSOR_RESYNC_SYN] = 1);
	tcp_allowed(m.restart = CENSOR_BY_SYNACK; m.resync[CENSOR_RESYNC_SYN] = 1);
	tcp_refused("both name syn+ack", m.restart = CENSOR_BY_SYNACK;
		    m.resync[CENSOR_RESYNC_SYNACK] = 1);
	tcp_allowed(m.resync[CENSOR_RESYNC_SYNACK] = 1);
	tcp_refused("what ends", m.resync[CENSOR_RESYNC_FIN] = 1; m.sync = 0);
	tcp_refused("what ends", m.resync[CENSOR_RESYNC_SERVER_DATA] = 1; m.sync = 0);
	tcp_allowed(m.sync = 0);
	tcp_refused("client both", NONE; m.client = CENSOR_CLIENT_BOTH;
		    m.resync[CENSOR_RESYNC_RST] = 1);
	tcp_allowed(NONE; m.client = CENSOR_CLIENT_BOTH);
}

static void test_tcp_reassembly(void **state)
{
	(void)state;
	tcp_refused("overlap", NONE; m.overlap = CENSOR_OVERLAP_LAST);
	tcp_allowed(m.overlap = CENSOR_OVERLAP_LAST);
	tcp_refused("overlap-early", m.overlap_early = CENSOR_OVERLAP_LAST);
	tcp_refused("overlap-early", NONE; m.overlap_early = CENSOR_OVERLAP_LAST);
	tcp_allowed(FULL; m.overlap_early = CENSOR_OVERLAP_LAST);
	tcp_refused("holes", NONE; m.holes = CENSOR_HOLES_SKIP);
	tcp_allowed(m.holes = CENSOR_HOLES_STOP);
	tcp_refused("first-segment", NONE; m.first_segment = 1);
	tcp_allowed(m.first_segment = 0xffff);
	tcp_refused("tls-records", NONE; m.tls_records = true);
	tcp_allowed(m.tls_records = true);
	tcp_refused("timeout-hole", NONE; m.timeout_hole = 1);
	tcp_allowed(m.timeout_hole = 1);
	tcp_refused("client both", m.client = CENSOR_CLIENT_BOTH);
	tcp_refused("client both", FULL; m.client = CENSOR_CLIENT_BOTH);
	tcp_refused("FIN", m.create |= CENSOR_BY_FIN);
	tcp_allowed(m.create |= CENSOR_BY_FIN; m.restart = 0);
	tcp_allowed(NONE);
	tcp_allowed(FULL);
}

static void test_ip(void **state)
{
	static const char unknown[] = "means nothing";
	u8 kind;

	(void)state;
	ip_refused(unknown, m.fragments = CENSOR_FRAGMENTS);
	ip_refused(unknown, m.fragments = CENSOR_FRAGMENTS_HOLD; m.overlap = CENSOR_FRAG_OVERLAPS);
	ip_refused(unknown, m.fragments = CENSOR_FRAGMENTS_HOLD; m.full = CENSOR_FRAG_FULLS);
	ip_refused(unknown, m.fragments = CENSOR_FRAGMENTS_HOLD; m.ttl = CENSOR_FRAG_TTLS);
	ip_refused("queue", m.queue = 0);
	ip_refused("queue", m.queue = CENSOR_FRAGMENTS_MAX + 1);
	ip_allowed(m.queue = CENSOR_FRAGMENTS_MAX);
	ip_allowed(m.queue = 1);
	ip_refused("timeout", m.timeout = 0);
	ip_refused("overlap", m.overlap = CENSOR_FRAG_LAST);
	for (kind = 0; kind < CENSOR_FRAG_OVERLAPS; kind++) {
		ip_allowed(m.fragments = CENSOR_FRAGMENTS_REASSEMBLE; m.overlap = kind);
		ip_allowed(m.fragments = CENSOR_FRAGMENTS_HOLD; m.overlap = kind);
	}
	for (kind = 0; kind < CENSOR_FRAGMENTS_HOLD; kind++) {
		ip_refused("full drop", m.fragments = kind; m.full = CENSOR_FRAG_FULL_DROP);
		ip_refused("ttl first", m.fragments = kind; m.ttl = CENSOR_FRAG_TTL_FIRST);
	}
	ip_allowed(m.fragments = CENSOR_FRAGMENTS_HOLD; m.full = CENSOR_FRAG_FULL_DROP;
		   m.ttl = CENSOR_FRAG_TTL_FIRST);
}

/* A policy takes no model that can't be, and keeps the one it had. */
static void test_policy(void **state)
{
	struct censor_policy *pol = policy_new();
	struct censor_tcp_model tcp;
	struct censor_ip_model ip;
	u64 random = 1;

	(void)state;
	hostile_model(&random, &tcp);
	snprintf(tcp.name, sizeof(tcp.name), "mine");
	assert_done(censor_policy_set_tcp(pol, &tcp, &why));
	assert_memory_equal(&pol->tcp, &tcp, sizeof(tcp));
	tcp.buffer = 0;
	assert_refused(censor_policy_set_tcp(pol, &tcp, &why), EINVAL);
	assert_int_not_equal(pol->tcp.buffer, 0);
	censor_ip_default(&ip);
	ip.fragments = CENSOR_FRAGMENTS_HOLD;
	assert_done(censor_policy_set_ip(pol, &ip, &why));
	assert_int_equal(pol->ip.fragments, CENSOR_FRAGMENTS_HOLD);
	ip.queue = 0;
	assert_refused(censor_policy_set_ip(pol, &ip, &why), EINVAL);
	assert_int_equal(pol->ip.queue, 64);
	assert_refused(censor_policy_set_clock(pol, 0, &why), EINVAL);
	assert_refused(censor_policy_set_clock(pol, CENSOR_CLOCK_MAX + 1, &why), EINVAL);
	assert_int_equal(pol->clock, 1);
	assert_done(censor_policy_set_clock(pol, CENSOR_CLOCK_MAX, &why));
	assert_int_equal(pol->clock, CENSOR_CLOCK_MAX);
	censor_policy_destroy(pol);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_tcp_unknown),
		cmocka_unit_test(test_tcp_bounds),
		cmocka_unit_test(test_tcp_contradictions),
		cmocka_unit_test(test_tcp_reassembly),
		cmocka_unit_test(test_ip),
		cmocka_unit_test(test_policy),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
