// SPDX-License-Identifier: GPL-2.0
#include "stats.h"

/**
 * censor_stats_alloc() - counters at zero
 *
 * Return: to be freed with free_percpu(), or NULL for lack of memory.
 */
struct censor_stats __percpu *censor_stats_alloc(void)
{
	struct censor_stats __percpu *stats;
	int cpu;

	stats = alloc_percpu_gfp(struct censor_stats, GFP_KERNEL_ACCOUNT);
	if (!stats)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(stats, cpu)->syncp);
	return stats;
}

void censor_stats_sum(struct censor_stats __percpu *stats, u64 sum[CENSOR_STATS])
{
	unsigned int i;
	int cpu;

	memset(sum, 0, CENSOR_STATS * sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct censor_stats *one = per_cpu_ptr(stats, cpu);
		u64 seen[CENSOR_STATS];
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&one->syncp);
			for (i = 0; i < CENSOR_STATS; i++)
				seen[i] = u64_stats_read(&one->count[i]);
		} while (u64_stats_fetch_retry(&one->syncp, start));
		for (i = 0; i < CENSOR_STATS; i++)
			sum[i] += seen[i];
	}
}
