// SPDX-License-Identifier: GPL-2.0
/* Sets of numbers and the index over them: numbers.h. */
#include "test.h"
#include "numbers.h"
#include "wire.h"

#define SETS	70

struct fixture {
	struct censor_numbers nums;
	struct censor_number_index index;
	size_t bytes;
	u8 wanted[SETS];
};

static void add(struct fixture *f, u16 set, u32 lo, u32 hi)
{
	assert_done(censor_numbers_add(&f->nums, set, lo, hi, &f->bytes, &why));
}

static void seal(struct fixture *f)
{
	assert_done(censor_numbers_seal(&f->nums, SETS, &f->bytes, &why));
}

static void build(struct fixture *f)
{
	memset(f->wanted, 1, sizeof(f->wanted));
	assert_done(censor_number_index_build(&f->index, &f->nums, f->wanted, &f->bytes, &why));
}

static void done(struct fixture *f)
{
	censor_number_index_free(&f->index);
	censor_numbers_free(&f->nums);
}

static void test_ranges(void **state)
{
	struct fixture f = { 0 };
	struct censor_hits hits = { .n = 0 };

	(void)state;
	add(&f, 0, 53, 53);
	add(&f, 1, 0, 0);
	add(&f, 1, 65535, 65535);
	add(&f, 2, 0, 65535);
	/* Out of order, overlapping, touching, inside one another, twice. */
	add(&f, 3, 100, 200);
	add(&f, 3, 80, 80);
	add(&f, 3, 150, 250);
	add(&f, 3, 251, 300);
	add(&f, 3, 120, 130);
	add(&f, 3, 80, 80);
	add(&f, 5, 443, 443);
	seal(&f);
	assert_true(censor_numbers_has(&f.nums, 0, 53));
	assert_false(censor_numbers_has(&f.nums, 0, 52));
	assert_false(censor_numbers_has(&f.nums, 0, 54));
	assert_true(censor_numbers_has(&f.nums, 1, 0));
	assert_true(censor_numbers_has(&f.nums, 1, 65535));
	assert_false(censor_numbers_has(&f.nums, 1, 1));
	assert_true(censor_numbers_has(&f.nums, 2, 0));
	assert_true(censor_numbers_has(&f.nums, 2, 65535));
	assert_true(censor_numbers_has(&f.nums, 3, 80));
	assert_false(censor_numbers_has(&f.nums, 3, 81));
	assert_false(censor_numbers_has(&f.nums, 3, 99));
	assert_true(censor_numbers_has(&f.nums, 3, 100));
	assert_true(censor_numbers_has(&f.nums, 3, 250));
	assert_true(censor_numbers_has(&f.nums, 3, 251));
	assert_true(censor_numbers_has(&f.nums, 3, 300));
	assert_false(censor_numbers_has(&f.nums, 3, 301));
	assert_false(censor_numbers_has(&f.nums, 4, 443));
	assert_true(censor_numbers_has(&f.nums, 5, 443));
	assert_false(censor_numbers_has(&f.nums, SETS, 443));
	assert_false(censor_numbers_has(&f.nums, 65535, 443));

	build(&f);
	censor_number_index_find(&f.index, 80, &hits);
	assert_int_equal(hits.n, 2);
	assert_true(censor_hits_has(&hits, 2));
	assert_true(censor_hits_has(&hits, 3));
	hits.n = 0;
	censor_number_index_find(&f.index, 65535, &hits);
	assert_int_equal(hits.n, 2);
	assert_true(censor_hits_has(&hits, 1));
	done(&f);
}

/* The index tells only of the sets that it was asked for. */
static void test_wanted(void **state)
{
	struct fixture f = { 0 };
	struct censor_hits hits = { .n = 0 };

	(void)state;
	add(&f, 1, 10, 20);
	add(&f, 2, 15, 30);
	seal(&f);
	f.wanted[2] = 1;
	assert_done(censor_number_index_build(&f.index, &f.nums, f.wanted, &f.bytes, &why));
	censor_number_index_find(&f.index, 17, &hits);
	assert_int_equal(hits.n, 1);
	assert_int_equal(hits.set[0], 2);
	hits.n = 0;
	censor_number_index_find(&f.index, 12, &hits);
	assert_int_equal(hits.n, 0);
	done(&f);
}

static void test_none(void **state)
{
	struct fixture f = { 0 };
	struct censor_hits hits = { .n = 0 };

	(void)state;
	seal(&f);
	assert_false(censor_numbers_has(&f.nums, 0, 0));
	build(&f);
	censor_number_index_find(&f.index, 0, &hits);
	censor_number_index_find(&f.index, 65535, &hits);
	assert_int_equal(hits.n, 0);
	done(&f);
}

static void test_refused(void **state)
{
	struct fixture f = { 0 };
	u32 i;

	(void)state;
	assert_refused(censor_numbers_add(&f.nums, 0, 0, 65536, &f.bytes, &why), EINVAL);
	assert_refused(censor_numbers_add(&f.nums, 0, 65536, 65536, &f.bytes, &why), EINVAL);
	assert_refused(censor_numbers_add(&f.nums, 0, 0, ~0u, &f.bytes, &why), EINVAL);
	assert_refused(censor_numbers_add(&f.nums, 0, 81, 80, &f.bytes, &why), EINVAL);
	assert_int_equal(f.nums.n, 0);
	/* A number in 64 sets can be told, in 65 not. */
	for (i = 0; i < CENSOR_HITS_MAX; i++)
		add(&f, (u16)i, 100 - i, 100 + i);
	seal(&f);
	build(&f);
	{
		struct censor_hits hits = { .n = 0 };

		censor_number_index_find(&f.index, 100, &hits);
		assert_int_equal(hits.n, CENSOR_HITS_MAX);
	}
	done(&f);

	memset(&f, 0, sizeof(f));
	for (i = 0; i <= CENSOR_HITS_MAX; i++)
		add(&f, (u16)i, 100 - i, 100 + i);
	seal(&f);
	memset(f.wanted, 1, sizeof(f.wanted));
	assert_refused(censor_number_index_build(&f.index, &f.nums, f.wanted, &f.bytes, &why),
		       E2BIG);
	done(&f);
}

static void test_random(void **state)
{
	u64 random = 3;
	u32 round, i, number;

	(void)state;
	for (round = 0; round < 60; round++) {
		static bool has[SETS][65536];
		struct fixture f = { 0 };
		u32 n = (u32)(wire_random(&random) % 80);

		memset(has, 0, sizeof(has));
		for (i = 0; i < n; i++) {
			u16 set = (u16)(wire_random(&random) % 60);
			u32 lo = (u32)(wire_random(&random) & 0xffff);
			u32 hi = min(lo + (u32)(wire_random(&random) % (round % 2 ? 40000 : 9)),
				     65535u);

			add(&f, set, lo, hi);
			memset(&has[set][lo], 1, hi - lo + 1);
		}
		seal(&f);
		build(&f);
		for (number = 0; number < 65536; number += round % 3 + 1) {
			struct censor_hits hits = { .n = 0 };
			u32 expected = 0;

			censor_number_index_find(&f.index, (u16)number, &hits);
			for (i = 0; i < 60; i++) {
				expected += has[i][number];
				if (censor_numbers_has(&f.nums, (u16)i, (u16)number) !=
				    has[i][number])
					fail_msg("round %u: %u in set %u", round, number, i);
				if (has[i][number] && !censor_hits_has(&hits, (u16)i))
					fail_msg("round %u: index, %u in set %u", round, number, i);
			}
			assert_int_equal(hits.n, expected);
		}
		done(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_wanted),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("numbers", tests, NULL, NULL);
}
