// SPDX-License-Identifier: GPL-2.0
/* Sets of numbers. */
#include "numbers.h"
#include "grow.h"

int censor_numbers_add(struct censor_numbers *nums, u16 set, u32 lo, u32 hi, size_t *bytes,
		       const char **why)
{
	struct censor_range *ranges;

	if (lo > 65535 || hi > 65535) {
		*why = "a number is at most 65535";
		return -EINVAL;
	}
	if (lo > hi) {
		*why = "a range begins with its lesser number";
		return -EINVAL;
	}
	ranges = censor_grow(nums->ranges, nums->n, &nums->room, 1, sizeof(*ranges), bytes);
	if (!ranges) {
		*why = "out of memory";
		return -ENOMEM;
	}
	nums->ranges = ranges;
	ranges[nums->n++] = (struct censor_range){ .lo = lo, .hi = hi, .set = set };
	return 0;
}

static int compare_ranges(const void *a, const void *b)
{
	const struct censor_range *x = a, *y = b;

	if (x->set != y->set)
		return x->set < y->set ? -1 : 1;
	if (x->lo != y->lo)
		return x->lo < y->lo ? -1 : 1;
	return x->hi < y->hi ? -1 : x->hi > y->hi;
}

int censor_numbers_seal(struct censor_numbers *nums, u32 n_sets, size_t *bytes, const char **why)
{
	u32 i, kept = 0, set = 0;

	censor_sort(nums->ranges, nums->n, sizeof(*nums->ranges), compare_ranges);
	for (i = 0; i < nums->n; i++) {
		struct censor_range *last = kept ? &nums->ranges[kept - 1] : NULL;
		const struct censor_range *r = &nums->ranges[i];

		if (last && last->set == r->set && (u32)last->hi + 1 >= r->lo)
			last->hi = max(last->hi, r->hi);
		else
			nums->ranges[kept++] = *r;
	}
	nums->n = kept;

	nums->first = censor_alloc((n_sets + 1) * sizeof(*nums->first));
	if (!nums->first) {
		*why = "out of memory";
		return -ENOMEM;
	}
	*bytes += (n_sets + 1) * sizeof(*nums->first);
	nums->n_sets = n_sets;
	for (i = 0; i < nums->n; i++)
		while (set <= nums->ranges[i].set)
			nums->first[set++] = i;
	while (set <= n_sets)
		nums->first[set++] = nums->n;
	return 0;
}

void censor_numbers_free(struct censor_numbers *nums)
{
	censor_free(nums->ranges);
	censor_free(nums->first);
}

bool censor_numbers_has(const struct censor_numbers *nums, u16 set, u16 number)
{
	u32 lo, hi;

	if (set >= nums->n_sets)
		return false;
	lo = nums->first[set];
	hi = nums->first[set + 1];
	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;
		const struct censor_range *r = &nums->ranges[mid];

		if (number < r->lo)
			hi = mid;
		else if (number > r->hi)
			lo = mid + 1;
		else
			return true;
	}
	return false;
}

/*
 * The index is made by walking the numbers where some range begins or ends, with the sets that
 * are open there.
 */
struct edge {
	u32 at;
	u16 set;
	u16 open;
};

static int compare_edges(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	/* What ends makes room before what begins. */
	if (x->open != y->open)
		return x->open < y->open ? -1 : 1;
	return x->set < y->set ? -1 : x->set > y->set;
}

static int build_intervals(struct censor_number_index *index, const struct edge *edges,
			   u32 n_edges, u32 *n_sets, const char **why)
{
	struct censor_hits open = { .n = 0 };
	u32 i = 0, j, intervals = 0;

	*n_sets = 0;
	for (;;) {
		u32 at = intervals ? edges[i].at : 0;

		for (; i < n_edges && edges[i].at == at; i++) {
			if (!edges[i].open) {
				for (j = 0; open.set[j] != edges[i].set; j++)
					;
				open.set[j] = open.set[--open.n];
			} else if (open.n < CENSOR_HITS_MAX) {
				open.set[open.n++] = edges[i].set;
			} else {
				*why = "a number is in more than 64 sets that rules look up";
				return -E2BIG;
			}
		}
		if (at > 65535)
			break;
		if (index->from) {
			index->from[intervals] = at;
			index->first[intervals] = *n_sets;
			memcpy(index->sets + *n_sets, open.set, open.n * sizeof(*open.set));
		}
		intervals++;
		*n_sets += open.n;
		if (i == n_edges)
			break;
	}
	if (index->from)
		index->first[intervals] = *n_sets;
	index->n = intervals;
	return 0;
}

int censor_number_index_build(struct censor_number_index *index,
			      const struct censor_numbers *nums, const u8 *wanted, size_t *bytes,
			      const char **why)
{
	struct edge *edges;
	u32 i, n = 0, n_sets;
	int err;

	memset(index, 0, sizeof(*index));
	for (i = 0; i < nums->n; i++)
		n += wanted[nums->ranges[i].set] ? 2 : 0;
	if (!n)
		return 0;
	edges = censor_alloc(n * sizeof(*edges));
	if (!edges)
		goto no_memory;
	n = 0;
	for (i = 0; i < nums->n; i++) {
		const struct censor_range *r = &nums->ranges[i];

		if (!wanted[r->set])
			continue;
		edges[n++] = (struct edge){ .at = r->lo, .set = r->set, .open = 1 };
		edges[n++] = (struct edge){ .at = (u32)r->hi + 1, .set = r->set };
	}
	censor_sort(edges, n, sizeof(*edges), compare_edges);

	/* Once to count, once to fill. */
	err = build_intervals(index, edges, n, &n_sets, why);
	if (err)
		goto out;
	index->from = censor_alloc(index->n * sizeof(*index->from));
	index->first = censor_alloc((index->n + 1) * sizeof(*index->first));
	index->sets = censor_alloc((n_sets + 1) * sizeof(*index->sets));
	if (!index->from || !index->first || !index->sets)
		goto no_memory;
	*bytes += index->n * sizeof(*index->from) + (index->n + 1) * sizeof(*index->first) +
		  (n_sets + 1) * sizeof(*index->sets);
	err = build_intervals(index, edges, n, &n_sets, why);
out:
	censor_free(edges);
	return err;
no_memory:
	censor_free(edges);
	*why = "out of memory";
	return -ENOMEM;
}

void censor_number_index_free(struct censor_number_index *index)
{
	censor_free(index->from);
	censor_free(index->first);
	censor_free(index->sets);
}

void censor_number_index_find(const struct censor_number_index *index, u16 number,
			      struct censor_hits *hits)
{
	u32 lo = 0, hi = index->n, i;

	if (!index->n)
		return;
	/* The last interval that begins at or before the number. */
	while (hi - lo > 1) {
		u32 mid = lo + (hi - lo) / 2;

		if (index->from[mid] <= number)
			lo = mid;
		else
			hi = mid;
	}
	for (i = index->first[lo]; i < index->first[lo + 1]; i++)
		censor_hits_add(hits, index->sets[i]);
}
