// SPDX-License-Identifier: GPL-2.0
/*
 * Whether rates hold: a million packets beyond them, and TCP, whose losses are its own signal.
 */
#include "test.h"
#include "matched.h"

#define SECONDS		10
#define ADDRESS(n)	(0xc0000200 + (n))	/* 192.0.2.n */

static u8 buf[WIRE_MAX];
static const u8 load[1000];

/* Everything between the inside and port 443 is policed. */
static struct rig *police_rig(const struct censor_police *police)
{
	struct censor_policy *pol = policy_new();
	struct censor_prefix inside = policy_prefix("192.0.2.0/24");
	struct censor_rule rule = { .name = "slow", .actions = CENSOR_DO_POLICE,
				    .police = *police };

	assert_done(censor_policy_add_inside(pol, &inside, &why));
	policy_rule_full(pol, &rule);
	policy_cond(pol, CENSOR_ATTR_PORT, policy_number(pol, 443, 443));
	policy_seal(pol);
	return rig_new(pol);
}

static struct ends client(u32 host, u16 port)
{
	struct ends ends = ends4("192.0.2.0", port, "203.0.113.9", 443);

	censor_put32(ends.src, ADDRESS(host));
	return ends;
}

/*
 * Hosts with flows each send as much as they can, in packets of random lengths around @len, for ten
 * seconds; and a tenth of it back. Return: how many bytes passed of the flow that got least, in
 * @most of the one that got most, and all of them together in @all; back, all of them in @back.
 */
static u64 overload(struct rig *rig, u32 hosts, u32 flows, u32 len, u64 packets, u64 *most,
		    u64 *all, u64 *back)
{
	u64 bytes[16] = { 0 }, random = len, least = ~0ull, i, begun = rig->now;
	u32 n = hosts * flows, of;

	assert_true(n <= ARRAY_SIZE(bytes));
	*back = 0;
	for (i = 0; i < packets; i++) {
		struct ends ends;
		bool answer;
		u32 size;

		of = (u32)(wire_random(&random) >> 20) % n;
		answer = (wire_random(&random) >> 20) % 8 == 0;
		size = len / 2 + (u32)(wire_random(&random) >> 20) % len;
		ends = client(of / flows, (u16)(40000 + of % flows));
		rig->now = begun + SECONDS * SECOND * i / packets;
		size = wire_udp(buf, answer ? ends_back(ends) : ends, NULL, 0) + size;
		/* The length alone counts: nothing looks into it. */
		if (rig_send_part(rig, buf, 28, size, true)->drop)
			continue;
		if (answer)
			*back += size;
		else
			bytes[of] += size;
	}
	*most = 0;
	*all = 0;
	for (of = 0; of < n; of++) {
		least = min(least, bytes[of]);
		*most = max(*most, bytes[of]);
		*all += bytes[of];
	}
	return least;
}

/* Within one per cent of the rate, and the burst on top. */
static void assert_rate(u64 bytes, const struct censor_police *police, u32 buckets,
			const char *what)
{
	u64 wanted = buckets * (police->rate / 8 * SECONDS + police->burst);

	if (bytes < wanted / 100 * 99 || bytes > wanted / 100 * 101)
		fail_msg("%s, %llu bit/s: %llu bytes, not %llu", what,
			 (unsigned long long)police->rate, (unsigned long long)bytes,
			 (unsigned long long)wanted);
}

static void test_rates(void **state)
{
	static const struct {
		u64 rate;
		u32 len;
	} rows[] = {
		{ 64000, 60 }, { 128000, 400 }, { 1000000, 400 }, { 1000000, 1400 },
		{ 10000000, 1400 },
	};
	u64 packets = 0, least, most, all, back;
	u32 row, per;

	(void)state;
	for (row = 0; row < ARRAY_SIZE(rows); row++) {
		u32 burst = censor_police_burst(rows[row].rate);
		/* The eighth that goes back is half as much again as two buckets let pass. */
		u64 n = 24 * (rows[row].rate / 8 * SECONDS + burst) / rows[row].len;

		for (per = 0; per < CENSOR_PERS; per++, packets += n) {
			struct censor_police police = {
				.rate = rows[row].rate, .burst = burst, .per = (u8)per,
			};
			struct rig *rig = police_rig(&police);

			least = overload(rig, per == CENSOR_PER_FLOW ? 1 : 2, 2, rows[row].len, n,
					 &most, &all, &back);
			rig_free(rig);
			if (per == CENSOR_PER_FLOW) {
				assert_rate(least, &police, 1, "the flow that got least");
				assert_rate(most, &police, 1, "the flow that got most");
				assert_rate(back, &police, 2, "two flows, back");
			} else {
				u32 n_buckets = per == CENSOR_PER_HOST ? 2 : 1;

				assert_rate(all, &police, n_buckets, "four flows");
				assert_rate(back, &police, n_buckets, "four flows, back");
			}
		}
	}
	print_message("# %llu packets\n", (unsigned long long)packets);
	assert_true(packets >= 1000000);
}

/* Neighbours have buckets of their own, in either family. */
static void test_hosts(void **state)
{
	struct censor_police police = { .rate = 8000, .burst = 1000, .per = CENSOR_PER_HOST };
	struct rig *rig = police_rig(&police);
	u32 i;

	(void)state;
	for (i = 0; i < 250; i++) {
		struct ends ends = client(i, 40000);
		struct ends six = ends6("2001:db8:1::", 40000, "2001:db8:2::1", 443);

		rig_forget(rig);
		assert_false(rig_send(rig, buf, wire_udp(buf, ends, load, 900))->drop);
		/* The same host again, from another port, to another host. */
		ends.sport++;
		ends.dst[3]++;
		assert_true(rig_send(rig, buf, wire_udp(buf, ends, load, 900))->drop);
		/* What it is sent is another matter. */
		assert_false(rig_send(rig, buf, wire_udp(buf, ends_back(ends), load, 900))->drop);
		assert_true(rig_send(rig, buf, wire_udp(buf, ends_back(ends), load, 900))->drop);
		censor_put16(six.src + 14, i);
		assert_false(rig_send(rig, buf, wire_udp(buf, six, load, 900))->drop);
		assert_true(rig_send(rig, buf, wire_udp(buf, six, load, 900))->drop);
	}
	rig_free(rig);
}

/* Each rule has its own, beside those of hosts. */
static void test_rules(void **state)
{
	static const u8 pers[] = { CENSOR_PER_RULE, CENSOR_PER_HOST, CENSOR_PER_RULE };
	struct censor_policy *pol = policy_new();
	struct rig *rig;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(pers); i++) {
		struct censor_rule rule = { .actions = CENSOR_DO_POLICE,
					    .police = { .rate = 8000, .burst = 1000,
							.per = pers[i] } };

		sprintf(rule.name, "r%u", i);
		policy_rule_full(pol, &rule);
		policy_cond(pol, CENSOR_ATTR_PORT_SRC, policy_number(pol, i, i));
	}
	policy_seal(pol);
	assert_int_equal(pol->n_buckets, 2 + 2 * CENSOR_HOSTS + 2);
	rig = rig_new(pol);
	for (i = 0; i < ARRAY_SIZE(pers); i++) {
		assert_false(rig_send(rig, buf, wire_udp(buf, client(0, (u16)i), load, 900))->drop);
		assert_true(rig_send(rig, buf, wire_udp(buf, client(0, (u16)i), load, 900))->drop);
	}
	rig_free(rig);
}

/* A packet longer than the burst passes when nothing is owed, and is owed then. */
static void test_long(void **state)
{
	struct censor_police police = { .rate = 8000, .burst = CENSOR_BURST_MIN };
	struct rig *rig = police_rig(&police);

	(void)state;
	assert_false(rig_send(rig, buf, wire_udp(buf, client(1, 1), load, 972))->drop);
	rig->now += SECOND - 1;
	assert_true(rig_send(rig, buf, wire_udp(buf, client(1, 1), load, 972))->drop);
	rig->now += 1;
	assert_false(rig_send(rig, buf, wire_udp(buf, client(1, 1), load, 972))->drop);
	rig_free(rig);
}

/* The slowest and the fastest, with the longest bursts: nothing overflows. */
static void test_limits(void **state)
{
	static const u64 rates[] = { CENSOR_RATE_MIN, CENSOR_RATE_MAX };
	u32 i, n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		struct censor_police police = { .rate = rates[i], .burst = CENSOR_BURST_MAX };
		struct rig *rig = police_rig(&police);

		for (n = 0; n < CENSOR_BURST_MAX / 65000; n++) {
			wire_udp(buf, client(1, 1), NULL, 0);
			if (rig_send_part(rig, buf, 28, 65000, true)->drop)
				fail_msg("packet %u", n);
		}
		for (n = 0; n < 2; n++) {
			wire_udp(buf, client(1, 1), NULL, 0);
			if (n)
				assert_true(rig_send_part(rig, buf, 28, 65000, true)->drop);
			else
				rig_send_part(rig, buf, 28, 65000, true);
		}
		/* One more after the time that it takes: 65,000 seconds at 8 bit/s. */
		rig->now += 65000 * 8 * SECOND / rates[i];
		wire_udp(buf, client(1, 1), NULL, 0);
		assert_false(rig_send_part(rig, buf, 28, 64000, true)->drop);
		rig_free(rig);
	}
}

#define TCP_PACKETS	20000u
#define TCP_MSS		1448u
#define TCP_RTO		200000u		/* microseconds, at least */
#define TCP_HORIZON	4000u		/* packets that can be out */

/**
 * struct tcp - a sender with always more to send, as RFC 5681 has it, with SACK; microseconds
 * @sent: by packet: how many were sent before this, the last time; 0 while it is not out
 * @acks: for what passed, in the order in which they come: when, which, and its @sent
 */
struct tcp {
	u64 now, last, rto, rtt;
	double cwnd, ssthresh;
	u32 base, next, out, order, recover, backoff;
	bool recovers;
	bool done[TCP_PACKETS];
	bool lost[TCP_PACKETS];
	u32 sent[TCP_PACKETS];
	struct {
		u64 at;
		u32 packet, sent;
	} acks[TCP_PACKETS * 4];
	u32 first_ack, n_acks;
};

static void tcp_lost(struct tcp *tcp, u32 packet)
{
	tcp->lost[packet] = true;
	tcp->sent[packet] = 0;
	tcp->out--;
}

static void tcp_send(struct tcp *tcp, struct rig *rig, u64 begun)
{
	while (tcp->out < (u32)tcp->cwnd) {
		u32 packet = tcp->base;

		while (packet < tcp->next && !tcp->lost[packet])
			packet++;
		if (packet == tcp->base + TCP_HORIZON || packet == TCP_PACKETS)
			return;
		if (packet == tcp->next)
			tcp->next++;
		tcp->lost[packet] = false;
		tcp->sent[packet] = ++tcp->order;
		if (!tcp->out++)
			tcp->last = tcp->now;
		rig->now = begun + tcp->now * 1000;
		wire_tcp(buf, client(1, 40000), ACK, 1, 1, NULL, 0);
		if (rig_send_part(rig, buf, 40, TCP_MSS + 52, true)->drop)
			continue;
		assert_true(tcp->n_acks < ARRAY_SIZE(tcp->acks));
		tcp->acks[tcp->n_acks].at = tcp->now + tcp->rtt;
		tcp->acks[tcp->n_acks].packet = packet;
		tcp->acks[tcp->n_acks++].sent = tcp->order;
	}
}

static void tcp_reduce(struct tcp *tcp, double cwnd)
{
	tcp->ssthresh = max(2.0, tcp->cwnd * 0.7);
	tcp->cwnd = cwnd ? cwnd : tcp->ssthresh;
	tcp->recovers = true;
	tcp->recover = tcp->next;
}

static void tcp_ack(struct tcp *tcp, u32 packet, u32 sent)
{
	u32 lost = 0, i;

	if (!tcp->done[packet]) {
		tcp->out -= tcp->sent[packet] != 0;
		tcp->done[packet] = true;
		tcp->lost[packet] = false;
		tcp->sent[packet] = 0;
		tcp->cwnd += tcp->cwnd < tcp->ssthresh ? 1 : 1 / tcp->cwnd;
	}
	tcp->last = tcp->now;
	tcp->backoff = 1;
	while (tcp->base < tcp->next && tcp->done[tcp->base])
		tcp->base++;
	if (tcp->base >= tcp->recover)
		tcp->recovers = false;
	for (i = tcp->base; i < tcp->next; i++) {
		if (tcp->sent[i] && tcp->sent[i] + 3 <= sent) {
			tcp_lost(tcp, i);
			lost++;
		}
	}
	if (lost && !tcp->recovers)
		tcp_reduce(tcp, 0);
}

static void tcp_timeout(struct tcp *tcp)
{
	u32 i;

	for (i = tcp->base; i < tcp->next; i++)
		if (tcp->sent[i])
			tcp_lost(tcp, i);
	tcp_reduce(tcp, 1);
	tcp->backoff *= 2;
	tcp->last = tcp->now;
}

/* What one connection brings through in ten seconds, as part of the rate. */
static double tcp_run(u64 rate, u32 burst, u32 rtt_ms)
{
	struct censor_police police = { .rate = rate, .burst = burst };
	struct rig *rig = police_rig(&police);
	struct tcp *tcp = calloc(1, sizeof(*tcp));
	u64 begun = rig->now, bytes = 0;
	u32 i;

	assert_non_null(tcp);
	*tcp = (struct tcp){ .rtt = rtt_ms * 1000, .cwnd = 10, .ssthresh = 1e9, .backoff = 1 };
	tcp->rto = max(TCP_RTO + tcp->rtt, 3 * tcp->rtt);
	rig_send(rig, buf, wire_tcp(buf, client(1, 40000), SYN, 0, 0, NULL, 0));
	for (;;) {
		u64 timeout;
		bool acked;

		tcp_send(tcp, rig, begun);
		timeout = tcp->last + tcp->rto * tcp->backoff;
		acked = tcp->first_ack < tcp->n_acks && tcp->acks[tcp->first_ack].at <= timeout;
		tcp->now = acked ? tcp->acks[tcp->first_ack].at : timeout;
		if (tcp->now >= SECONDS * 1000000ull)
			break;
		if (acked) {
			tcp_ack(tcp, tcp->acks[tcp->first_ack].packet,
				tcp->acks[tcp->first_ack].sent);
			tcp->first_ack++;
		} else {
			tcp_timeout(tcp);
		}
	}
	for (i = 0; i < tcp->next; i++)
		bytes += tcp->done[i] ? TCP_MSS : 0;
	free(tcp);
	rig_free(rig);
	return (double)bytes * 8 / SECONDS / (double)rate;
}

/* What people measure of a connection whose rate is policed with the burst that nobody chose. */
static void test_tcp(void **state)
{
	static const u64 rates[] = { 64000, 128000, 256000, 512000, 1000000, 4000000 };
	static const u32 rtts[] = { 1, 20, 50, 100 };
	u32 i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		u32 burst = censor_police_burst(rates[i]);
		double least = 9, most = 0, part;

		for (j = 0; j < ARRAY_SIZE(rtts); j++) {
			part = tcp_run(rates[i], burst, rtts[j]);
			least = min(least, part);
			most = max(most, part);
		}
		print_message("# %8llu bit/s, burst %7u: %.3f to %.3f; a quarter of it: %.3f\n",
			      (unsigned long long)rates[i], burst, least, most,
			      tcp_run(rates[i], max(burst / 4, 1500u), 20));
		/* Packets are whole, and the rate is of all their bytes. */
		assert_true(most <= 1.05);
		assert_true(least >= (rates[i] < 100000 ? 0.9 : 0.95));
	}
}

static void test_burst(void **state)
{
	(void)state;
	assert_int_equal(censor_police_burst(CENSOR_RATE_MIN), 3072);
	assert_int_equal(censor_police_burst(16000), 3072);
	assert_int_equal(censor_police_burst(1000000), 49 * 1024);
	assert_int_equal(censor_police_burst(CENSOR_RATE_MAX), CENSOR_BURST_MAX);
	assert_int_equal(censor_police_burst(~0ull), CENSOR_BURST_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_burst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
