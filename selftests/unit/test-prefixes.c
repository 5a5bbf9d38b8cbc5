// SPDX-License-Identifier: GPL-2.0
/* Address prefixes: prefixes.h. */
#include <arpa/inet.h>

#include "test.h"
#include "prefixes.h"
#include "rig.h"

struct fixture {
	struct censor_prefixes p;
	size_t bytes;
};

static void add(struct fixture *f, u16 set, const char *text)
{
	struct censor_prefix prefix = policy_prefix(text);

	assert_done(censor_prefixes_add(&f->p, set, &prefix, &f->bytes, &why));
}

static void seal(struct fixture *f)
{
	assert_done(censor_prefixes_seal(&f->p, &f->bytes, &why));
}

static struct censor_hits find(struct fixture *f, const char *text)
{
	struct censor_prefix addr = policy_prefix(text);
	struct censor_hits hits = { .n = 0 };

	censor_prefixes_find(&f->p, addr.family, addr.addr, &hits);
	return hits;
}

static bool in(struct fixture *f, u16 set, const char *text)
{
	struct censor_hits hits = find(f, text);

	return censor_hits_has(&hits, set);
}

static void test_lengths(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	add(&f, 0, "0.0.0.0/0");
	add(&f, 1, "128.0.0.0/1");
	add(&f, 2, "10.0.0.0/8");
	add(&f, 3, "192.0.2.0/23");
	add(&f, 4, "203.0.113.7/32");
	add(&f, 5, "203.0.113.6/31");
	add(&f, 10, "::/0");
	add(&f, 11, "8000::/1");
	add(&f, 12, "2001:db8::/32");
	add(&f, 13, "2001:db8:0:8000::/49");
	add(&f, 14, "2001:db8::1/128");
	add(&f, 15, "2001:db8::/127");
	add(&f, 16, "2001:db8:0:0:ff00::/72");
	seal(&f);
	assert_true(in(&f, 0, "0.0.0.0"));
	assert_true(in(&f, 0, "255.255.255.255"));
	assert_false(in(&f, 1, "127.255.255.255"));
	assert_true(in(&f, 1, "128.0.0.0"));
	assert_true(in(&f, 2, "10.255.255.255"));
	assert_false(in(&f, 2, "11.0.0.0"));
	assert_false(in(&f, 2, "9.255.255.255"));
	assert_true(in(&f, 3, "192.0.3.255"));
	assert_true(in(&f, 3, "192.0.2.0"));
	assert_false(in(&f, 3, "192.0.4.0"));
	assert_false(in(&f, 3, "192.0.1.255"));
	assert_true(in(&f, 4, "203.0.113.7"));
	assert_false(in(&f, 4, "203.0.113.6"));
	assert_true(in(&f, 5, "203.0.113.6"));
	assert_true(in(&f, 5, "203.0.113.7"));
	assert_false(in(&f, 5, "203.0.113.8"));
	assert_true(in(&f, 10, "::"));
	assert_true(in(&f, 10, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
	assert_true(in(&f, 11, "8000::"));
	assert_false(in(&f, 11, "7fff::"));
	assert_true(in(&f, 12, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"));
	assert_false(in(&f, 12, "2001:db9::"));
	assert_true(in(&f, 13, "2001:db8:0:8000::1"));
	assert_false(in(&f, 13, "2001:db8:0:7fff::1"));
	assert_true(in(&f, 14, "2001:db8::1"));
	assert_false(in(&f, 14, "2001:db8::"));
	assert_true(in(&f, 15, "2001:db8::"));
	assert_false(in(&f, 15, "2001:db8::2"));
	assert_true(in(&f, 16, "2001:db8:0:0:ff00::9"));
	assert_false(in(&f, 16, "2001:db8:0:0:fe00::9"));
	/* All that hold an address are told, and none of the other family. */
	assert_int_equal(find(&f, "203.0.113.7").n, 4);
	assert_int_equal(find(&f, "2001:db8::1").n, 4);
	assert_false(in(&f, 0, "::"));
	assert_false(in(&f, 10, "0.0.0.0"));
	censor_prefixes_free(&f.p);
}

/* An IPv4 address and an IPv6 one with the same first bytes are different things. */
static void test_families(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	add(&f, 1, "32.1.13.184/32");
	add(&f, 2, "2001:db8::/32");
	seal(&f);
	assert_int_equal(find(&f, "32.1.13.184").n, 1);
	assert_true(in(&f, 1, "32.1.13.184"));
	assert_int_equal(find(&f, "2001:db8::").n, 1);
	assert_true(in(&f, 2, "2001:db8::"));
	censor_prefixes_free(&f.p);
}

static void test_empty(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	seal(&f);
	assert_int_equal(find(&f, "192.0.2.1").n, 0);
	assert_int_equal(find(&f, "2001:db8::1").n, 0);
	censor_prefixes_free(&f.p);
}

static void test_refused(void **state)
{
	static const struct censor_prefix bad[] = {
		{ .family = 4, .bits = 33 },
		{ .family = 4, .bits = 128 },
		{ .family = 6, .bits = 129 },
		{ .family = 0, .bits = 0 },
		{ .family = 10, .bits = 8 },
		/* Bits beyond the length: 192.0.2.1/24, 192.0.2.0/0, 2001:db8::1/64, 8000::/0 */
		{ .family = 4, .bits = 24, .addr = { 192, 0, 2, 1 } },
		{ .family = 4, .bits = 0, .addr = { 192 } },
		{ .family = 4, .bits = 31, .addr = { 192, 0, 2, 1 } },
		{ .family = 4, .bits = 32, .addr = { 192, 0, 2, 1, 9 } },
		{ .family = 6, .bits = 64, .addr = { 0x20, 1, 0xd, 0xb8, [15] = 1 } },
		{ .family = 6, .bits = 0, .addr = { 0x80 } },
		{ .family = 6, .bits = 127, .addr = { [15] = 1 } },
	};
	struct fixture f = { 0 };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_refused(censor_prefixes_add(&f.p, 0, &bad[i], &f.bytes, &why), EINVAL);
	assert_int_equal(f.p.n, 0);
	censor_prefixes_free(&f.p);
}

static void test_shared(void **state)
{
	struct fixture f = { 0 };
	u32 i, n;

	(void)state;
	/* One prefix in 64 sets, each twice; and another with it. */
	for (i = 0; i < 2 * CENSOR_HITS_MAX; i++)
		add(&f, (u16)(i % CENSOR_HITS_MAX), "192.0.2.0/24");
	seal(&f);
	assert_int_equal(find(&f, "192.0.2.200").n, CENSOR_HITS_MAX);
	censor_prefixes_free(&f.p);

	for (n = CENSOR_HITS_MAX; n <= CENSOR_HITS_MAX + 1; n++) {
		memset(&f, 0, sizeof(f));
		for (i = 0; i < n; i++)
			add(&f, (u16)(i + 500), "2001:db8::/32");
		if (n == CENSOR_HITS_MAX)
			seal(&f);
		else
			assert_refused(censor_prefixes_seal(&f.p, &f.bytes, &why), E2BIG);
		censor_prefixes_free(&f.p);
	}
}

/* More hits than fit: as many as do, and nothing beyond. */
static void test_overflow(void **state)
{
	struct fixture f = { 0 };
	struct censor_prefix prefix = { .family = 6 };
	u32 i;

	(void)state;
	for (i = 0; i <= 128; i++) {
		prefix.bits = (u8)i;
		assert_done(censor_prefixes_add(&f.p, (u16)i, &prefix, &f.bytes, &why));
	}
	seal(&f);
	assert_int_equal(find(&f, "::").n, CENSOR_HITS_MAX);
	assert_int_equal(find(&f, "8000::").n, 1);
	assert_int_equal(find(&f, "1::").n, 16);
	censor_prefixes_free(&f.p);
}

/* Bit by bit, the plainest reading of what a prefix holds. */
static bool plainly(const struct censor_prefix *prefix, u8 family, const u8 *addr)
{
	u32 i;

	if (prefix->family != family)
		return false;
	for (i = 0; i < prefix->bits; i++)
		if ((prefix->addr[i / 8] ^ addr[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

static void random_addr(u64 *random, u8 family, u8 *addr)
{
	u32 i;

	/* Few different bits, so that addresses share beginnings. */
	memset(addr, 0, 16);
	for (i = 0; i < (family == 4 ? 4 : 16); i++)
		addr[i] = wire_random(random) & wire_random(random) & wire_random(random) & 0xff;
}

static void test_random(void **state)
{
	u64 random = 2;
	u32 round, i, j;

	(void)state;
	for (round = 0; round < 200; round++) {
		struct censor_prefix prefix[60];
		struct fixture f = { 0 };
		u32 n = 1 + (u32)(wire_random(&random) % 60);

		for (i = 0; i < n; i++) {
			struct censor_prefix *p = &prefix[i];

			p->family = wire_random(&random) & 1 ? 4 : 6;
			p->bits = (u8)(wire_random(&random) % (p->family == 4 ? 33 : 129));
			random_addr(&random, p->family, p->addr);
			for (j = p->bits; j < 128; j++)
				p->addr[j / 8] &= (u8)~(0x80 >> j % 8);
			assert_done(censor_prefixes_add(&f.p, (u16)i, p, &f.bytes, &why));
		}
		seal(&f);
		for (j = 0; j < 50; j++) {
			u8 family = wire_random(&random) & 1 ? 4 : 6, addr[16];
			struct censor_hits hits = { .n = 0 };
			u32 expected = 0;

			random_addr(&random, family, addr);
			censor_prefixes_find(&f.p, family, addr, &hits);
			for (i = 0; i < n; i++) {
				bool is = plainly(&prefix[i], family, addr);

				expected += is;
				if (expected <= CENSOR_HITS_MAX)
					assert_int_equal(censor_hits_has(&hits, (u16)i), is);
				assert_int_equal(censor_prefix_has(&prefix[i], family, addr), is);
			}
			assert_int_equal(hits.n, min(expected, (u32)CENSOR_HITS_MAX));
		}
		censor_prefixes_free(&f.p);
	}
}

static void test_many(void **state)
{
	const u32 many = 100000;
	struct fixture f = { 0 };
	u32 i;

	(void)state;
	for (i = 0; i < many; i++) {
		struct censor_prefix prefix = { .family = 4, .bits = 24 };

		censor_put32(prefix.addr, i << 8);
		assert_done(censor_prefixes_add(&f.p, (u16)(i % 1000), &prefix, &f.bytes, &why));
	}
	seal(&f);
	print_message("# 100,000 prefixes: %zu bytes each\n", f.bytes / many);
	for (i = 0; i < many + 10; i++) {
		struct censor_hits hits = { .n = 0 };
		u8 addr[4];

		censor_put32(addr, i << 8 | (i & 0xff));
		censor_prefixes_find(&f.p, 4, addr, &hits);
		assert_int_equal(hits.n, i < many ? 1 : 0);
		if (i < many)
			assert_int_equal(hits.set[0], i % 1000);
	}
	censor_prefixes_free(&f.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("prefixes", tests, NULL, NULL);
}
