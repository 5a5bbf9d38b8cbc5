/* SPDX-License-Identifier: GPL-2.0 */
/* Counters, one set for each CPU, added up when somebody asks. */
#ifndef _CENSOR_STATS_H
#define _CENSOR_STATS_H

#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>

#include "engine/inspect.h"

/** enum censor_stat - what is counted; the specification says what each means */
enum censor_stat {
	CENSOR_STAT_PACKETS,
	CENSOR_STAT_BYTES,
	CENSOR_STAT_INSPECTED,
	CENSOR_STAT_MATCHED,
	CENSOR_STAT_DROPPED,
	CENSOR_STAT_INJECTED,
	CENSOR_STAT_INJECT_FAILED,
	CENSOR_STAT_EVENTS,
	CENSOR_STAT_FLOWS_FULL,
	CENSOR_STAT_NO_MEMORY,
	CENSOR_STAT_BLOCKS_FULL,
	CENSOR_STAT_REWRITTEN,
	CENSOR_STAT_FRAGS_FULL,
	CENSOR_STAT_FRAGS_LOST,
	CENSOR_STAT_HELD_FULL,
	CENSOR_STAT_HELD_LOST,
	CENSOR_STAT_ENGINE,	/* enum censor_count, one after another */
	CENSOR_STATS = CENSOR_STAT_ENGINE + CENSOR_COUNTS,
};

struct censor_stats {
	u64_stats_t count[CENSOR_STATS];
	struct u64_stats_sync syncp;
};

/** censor_stats_add() - count @n more of @stat; bottom halves are off */
static inline void censor_stats_add(struct censor_stats __percpu *stats, unsigned int stat, u64 n)
{
	struct censor_stats *mine = this_cpu_ptr(stats);

	u64_stats_update_begin(&mine->syncp);
	u64_stats_add(&mine->count[stat], n);
	u64_stats_update_end(&mine->syncp);
}

/**
 * censor_stats_packet() - count @packets of @bytes in all, @dropped of them
 *
 * Bottom halves are off.
 */
static inline void censor_stats_packet(struct censor_stats __percpu *stats, u32 packets, u32 bytes,
				       u32 dropped)
{
	struct censor_stats *mine = this_cpu_ptr(stats);

	u64_stats_update_begin(&mine->syncp);
	u64_stats_add(&mine->count[CENSOR_STAT_PACKETS], packets);
	u64_stats_add(&mine->count[CENSOR_STAT_BYTES], bytes);
	if (dropped)
		u64_stats_add(&mine->count[CENSOR_STAT_DROPPED], dropped);
	u64_stats_update_end(&mine->syncp);
}

struct censor_stats __percpu *censor_stats_alloc(void);

/** censor_stats_sum() - @sum gets the totals, by enum censor_stat */
void censor_stats_sum(struct censor_stats __percpu *stats, u64 sum[CENSOR_STATS]);

#endif
