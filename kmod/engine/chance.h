/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Chance: numbers drawn from the policy's seed, so that a run repeats exactly.
 */
#ifndef _CENSOR_CHANCE_H
#define _CENSOR_CHANCE_H

#include "inspect.h"

/** censor_draw() - the next number of a state (splitmix64); the state moves on */
u64 censor_draw(u64 *state);

/** censor_draw_below() - a number from 0 to @n - 1, without a division that 32-bit kernels lack */
static inline u32 censor_draw_below(u64 *state, u32 n)
{
	return (u32)((censor_draw(state) >> 32) * n >> 32);
}

/** censor_draw_range() - a number from @lo to @hi */
u32 censor_draw_range(u64 *state, u32 lo, u32 hi);

/** censor_draw_hit() - true with a probability of @of in CENSOR_CERTAIN; draws only if it must */
bool censor_draw_hit(u64 *state, u16 of);

/** censor_draw_delay() - microseconds from a distribution */
u32 censor_draw_delay(u64 *state, const struct censor_delay *delay);

/** censor_draw_start() - the state of the policy's @n-th connection */
u64 censor_draw_start(const struct censor_policy *pol, u32 n);

/**
 * censor_chance_hits() - whether a rule that matched acts on this packet
 * @rule: its index
 *
 * Drawn from the seed and how often the rule was tried, or from the seed and what a tuple holds.
 */
bool censor_chance_hits(const struct censor_policy *pol, u32 rule,
			const struct censor_packet_view *view, struct censor_context *ctx);

/** censor_chance_load() - one more packet is looked into; told only where policy->wants_load */
void censor_chance_load(struct censor_shared *shared, u64 now);

#endif
