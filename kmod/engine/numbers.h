/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers from 0 to 65535 (ports, DNS query types, IP protocols): ranges that make up sets, a
 * test whether a set holds a number, and an index from a number to the sets that hold it.
 */
#ifndef _CENSOR_NUMBERS_H
#define _CENSOR_NUMBERS_H

#include "host.h"
#include "names.h"

struct censor_range {
	u16 lo, hi;
	u16 set;
};

/**
 * struct censor_numbers - the ranges of every set of numbers
 * @ranges: after seal, ordered by set, then by @lo, overlaps within a set joined
 * @first: after seal, by set: its first range; the next set's ends it
 */
struct censor_numbers {
	struct censor_range *ranges;
	u32 n, room;
	u32 *first;
	u32 n_sets;
};

/**
 * struct censor_number_index - from a number to sets
 * @from: interval i begins at this number and ends before the next one's; ascending, the first is 0
 * @first: by interval: where its sets begin in @sets; the next interval's ends them
 */
struct censor_number_index {
	u16 *from;
	u32 *first;
	u16 *sets;
	u32 n;
};

int censor_numbers_add(struct censor_numbers *nums, u16 set, u32 lo, u32 hi, size_t *bytes,
		       const char **why);
int censor_numbers_seal(struct censor_numbers *nums, u32 n_sets, size_t *bytes,
			const char **why);
void censor_numbers_free(struct censor_numbers *nums);

/** censor_numbers_has() - whether the set holds the number. Any context, O(log ranges). */
bool censor_numbers_has(const struct censor_numbers *nums, u16 set, u16 number);

/**
 * censor_number_index_build() - the index over those sets that @wanted names
 * @wanted: by set, nonzero for each that is to be found
 */
int censor_number_index_build(struct censor_number_index *index,
			      const struct censor_numbers *nums, const u8 *wanted, size_t *bytes,
			      const char **why);
void censor_number_index_free(struct censor_number_index *index);
void censor_number_index_find(const struct censor_number_index *index, u16 number,
			      struct censor_hits *hits);

#endif
