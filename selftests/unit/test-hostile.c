// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that lie: mutated, cut, in any order, for a time. Nothing may be read beyond them (the
 * sanitizers see that), no buffer may be lost, and two hosts that take different ways to a
 * verdict must come to the same. HOSTILE_SECONDS and HOSTILE_SEED change how long and which.
 */
#include <time.h>

#include "test.h"
#include "hostile.h"

static u8 buf[WIRE_MAX];

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double time_limit(void)
{
	const char *text = getenv("HOSTILE_SECONDS");

	return text ? atof(text) : 4;
}

static u64 first_seed(void)
{
	const char *text = getenv("HOSTILE_SEED");

	return text ? strtoull(text, NULL, 0) : 2017;
}

/* Change some bytes, or one of the lengths, or where the packet ends. */
static u32 mutate(u64 *random, u8 *packet, u32 len)
{
	u32 n = (u32)(wire_random(random) % 6), i;

	for (i = 0; i < n && len; i++) {
		u64 dice = wire_random(random);
		u32 near = min(len, 120u);
		u32 at = (u32)((dice >> 32) % (dice & 1 ? near : len));

		switch (dice >> 8 & 7) {
		case 0:
			packet[at] = 0;
			break;
		case 1:
			packet[at] = 0xff;
			break;
		case 2:
			packet[at]++;
			break;
		case 3:
			packet[at]--;
			break;
		case 4:
			packet[at] ^= (u8)(1u << (dice >> 16 & 7));
			break;
		default:
			packet[at] = (u8)(dice >> 16);
		}
	}
	return wire_random(random) % 8 ? len : (u32)(wire_random(random) % (len + 1));
}

/*
 * Sequences of packets, some of them mutated, through two hosts: one takes the fast way where
 * there is one, the other never does.
 */
static void run(bool mutated, u64 seed, double limit, u64 least)
{
	double end = seconds() + limit;
	u64 packets = 0, drops = 0, matches = 0, fast = 0, malformed = 0, forged = 0, kept = 0;

	for (; packets < least || seconds() < end; seed++) {
		u32 variant = (u32)(seed % HOSTILE_VARIANTS), i, policies = 0;
		struct rig *a = rig_new(hostile_policy(variant));
		struct rig *b = rig_new(hostile_policy(variant));
		u64 random = seed;

		b->no_fast = true;
		a->report = b->report = hostile_report(variant);
		for (i = 0; i < 2000; i++, packets++) {
			u32 len = hostile_packet(&random, buf), cap;
			u64 dice = wire_random(&random);
			bool gso = mutated && dice % 16 == 0;

			if (mutated)
				len = mutate(&random, buf, len);
			cap = mutated && dice >> 8 & 1 ? len : (u32)(dice >> 16) % 64 ? len :
			      len / 2;
			a->now += (dice >> 24) % 1024 ? 10000000 : (dice >> 40) % 700 * SECOND;
			b->now = a->now;
			a->no_buffer = b->no_buffer = (dice >> 56) % 16 == 0;
			if ((dice >> 24) % 512 == 1) {
				policies++;
				rig_policy(a, hostile_policy(variant + policies));
				rig_policy(b, hostile_policy(variant + policies));
			}
			if ((dice >> 24) % 128 == 2) {
				rig_phase(a, dice >> 60 & 1);
				rig_phase(b, dice >> 60 & 1);
			}
			rig_send_part(a, buf, cap, len, gso);
			rig_send_part(b, buf, cap, len, gso);
			if (!hostile_same(&a->seen, &b->seen))
				fail_msg("seed %llu, packet %u", (unsigned long long)seed, i);
			malformed += a->seen.parse != 0;
			drops += a->seen.drop;
			matches += a->seen.n_matches;
			fast += a->seen.fast;
			forged += a->seen.n_forged;
			kept += a->buffers > 0;
			/* A host that is short of memory forgets flows. */
			if (a->n_flows > RIG_FLOWS / 2) {
				rig_forget(a);
				rig_forget(b);
			}
		}
		rig_free(a);
		rig_free(b);
	}
	print_message("# packets %llu malformed %llu fast %llu drops %llu matches %llu forged %llu\n",
		      (unsigned long long)packets, (unsigned long long)malformed,
		      (unsigned long long)fast, (unsigned long long)drops,
		      (unsigned long long)matches, (unsigned long long)forged);
	/* The test is worth nothing if it doesn't reach these. */
	assert_true(fast > packets / (mutated ? 200 : 50));
	assert_true(drops > packets / 100);
	assert_true(matches > packets / 100);
	assert_true(forged > packets / 100);
	assert_true(kept > packets / 100);
	assert_true(!mutated || malformed > packets / 100);
}

static void test_sequences(void **state)
{
	(void)state;
	run(false, first_seed(), time_limit(), 20000);
}

static void test_mutations(void **state)
{
	(void)state;
	run(true, first_seed() + 1000000, time_limit(), 20000);
}

/* Noise from the first byte on. */
static void test_noise(void **state)
{
	struct rig *rig = rig_new(hostile_policy(16));
	u64 random = first_seed();
	u32 i, j, parsed = 0;

	(void)state;
	rig->report = CENSOR_REPORT_ALL;
	for (i = 0; i < 200000; i++) {
		u32 len = (u32)(wire_random(&random) % 200);

		for (j = 0; j < len; j += 8) {
			u64 dice = wire_random(&random);

			memcpy(buf + j, &dice, 8);
		}
		buf[0] = i & 1 ? 0x45 : 0x60;
		if (i & 1)
			censor_put16(buf + 2, (u16)len);
		else
			censor_put16(buf + 4, (u16)(len - 40));
		buf[i & 1 ? 9 : 6] = i & 2 ? 6 : 17;
		rig_forget(rig);
		parsed += !rig_send_part(rig, buf, len, len, false)->parse;
	}
	assert_true(parsed > 20000);
	rig_free(rig);
}

/* A detector given the whole of a mutated message and its beginnings never goes back on a word. */
static void test_detectors(void **state)
{
	static u8 message[WIRE_MAX];
	struct censor_detect_model model;
	u64 random = first_seed();
	double end = seconds() + time_limit() / 4;
	u32 rounds = 0;

	(void)state;
	censor_detect_default(&model);
	for (; rounds < 1000 || seconds() < end; rounds++) {
		struct censor_tls_hello hello;
		struct censor_http_request request;
		struct censor_dns_question question;
		enum censor_found tls, was = CENSOR_FOUND_MORE;
		u32 len, cut, i;

		len = rounds & 1 ? wire_hello_sni(message, "www.facebook.com") :
				   wire_http(message, "/search?q=falun", "www.facebook.com");
		for (i = (u32)(wire_random(&random) % 4); i; i--)
			message[wire_random(&random) % len] = (u8)wire_random(&random);
		for (cut = 1; cut <= len; cut += 1 + (u32)(wire_random(&random) % 16)) {
			u8 *copy = malloc(cut);
			struct censor_look look = { .data = copy, .len = cut, .whole = cut,
						    .model = &model };

			memcpy(copy, message, cut);
			tls = censor_tls_client(&look, NULL, CENSOR_TLS_SNI, &hello);
			censor_http_request(&look, &request);
			censor_dns_question(&look, &question);
			censor_dns_stream(&look, &question);
			assert_true(hello.sni_len <= 255 && request.host_len <= 255);
			assert_true(request.target_len <= CENSOR_TARGET_SIZE);
			/* Only "more" may become something else. */
			if (was != CENSOR_FOUND_MORE)
				assert_int_equal(tls, was);
			was = tls;
			free(copy);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_mutations),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_detectors),
	};

	return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
