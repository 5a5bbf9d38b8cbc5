// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: what is drawn from what
 *
 * Nothing is random but in the sense of the policy's seed. What a connection's TCB draws comes
 * from the seed and the number of connections before it; what a rule draws, from the seed and how
 * often the rule was tried: so a run repeats whatever ports and sequence numbers its clients are
 * given. A rule that is sticky draws from the seed and the addresses and ports of its tuple.
 */
#include "chance.h"

/* Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014. */
u64 censor_draw(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

u32 censor_draw_range(u64 *state, u32 lo, u32 hi)
{
	if (hi - lo == (u32)~0)
		return (u32)censor_draw(state);
	return lo + censor_draw_below(state, hi - lo + 1);
}

bool censor_draw_hit(u64 *state, u16 of)
{
	if (!of || of >= CENSOR_CERTAIN)
		return of;
	return censor_draw_below(state, CENSOR_CERTAIN) < of;
}

/* Between (@x0, @y0) and (@x1, @y1), where @x0 <= @x < @x1. */
static u32 between(u32 x, u32 x0, u32 x1, u32 y0, u32 y1)
{
	/* Fractions of 2^16 of the way: the product stays in 64 bits, the division in 32. */
	u32 part = ((x - x0) << 16) / (x1 - x0);

	if (y1 >= y0)
		return y0 + (u32)((u64)(y1 - y0) * part >> 16);
	return y0 - (u32)((u64)(y0 - y1) * part >> 16);
}

u32 censor_draw_delay(u64 *state, const struct censor_delay *delay)
{
	u32 i, at;

	if (delay->n == 1)
		return delay->point[0].us;
	at = censor_draw_below(state, CENSOR_CERTAIN);
	if (at < delay->point[0].at)
		return delay->point[0].us;
	for (i = 1; i < delay->n; i++)
		if (at < delay->point[i].at)
			return between(at, delay->point[i - 1].at, delay->point[i].at,
				       delay->point[i - 1].us, delay->point[i].us);
	return delay->point[delay->n - 1].us;
}

u64 censor_draw_start(const struct censor_policy *pol, u32 n)
{
	u64 state = pol->seed * 0x9e3779b97f4a7c15ull ^ (u64)n << 32;

	return censor_draw(&state);
}

static u16 hour_chance(const struct censor_hours *hours, u64 wall)
{
	/* A day more, that 1970 has a day before. */
	u32 local = censor_rest64(wall + (u32)(hours->offset_min + 1440) * 60, 86400);

	return hours->chance[local / 3600];
}

static u16 load_chance(const struct censor_load *load, u32 pps)
{
	u32 i;

	if (pps < load->point[0].pps)
		return load->point[0].chance;
	for (i = 1; i < load->n; i++) {
		u32 lo = load->point[i - 1].pps, hi = load->point[i].pps, scale = 0;

		if (pps >= hi)
			continue;
		/* Wide steps lose their last digits, or they would not fit. */
		while ((hi - lo) >> scale > 0xffff)
			scale++;
		return between((pps - lo) >> scale, 0, (hi - lo) >> scale,
			       load->point[i - 1].chance, load->point[i].chance);
	}
	return load->point[load->n - 1].chance;
}

bool censor_chance_hits(const struct censor_policy *pol, u32 rule,
			const struct censor_packet_view *view, struct censor_context *ctx)
{
	const struct censor_chance *chance = &pol->rules[rule].chance;
	u32 of = chance->of;
	u64 state;

	if (chance->hours)
		of = of * hour_chance(&pol->hours[chance->hours - 1], ctx->wall) / CENSOR_CERTAIN;
	if (chance->load)
		of = of * load_chance(&pol->loads[chance->load - 1],
				      censor_counter_read(&ctx->shared->load)) / CENSOR_CERTAIN;
	if (!of || of >= CENSOR_CERTAIN)
		return of;
	state = censor_draw_start(pol, ~rule);
	if (chance->tuple) {
		struct censor_key key;

		censor_residual_key(view, chance->tuple, &key);
		state ^= censor_key_hash(&key);
	} else {
		state ^= (u64)censor_counter_up(&ctx->shared->tries[rule]) << 20;
	}
	return censor_draw_hit(&state, (u16)of);
}

void censor_chance_load(struct censor_shared *shared, u64 now)
{
	/* A "second" of 2^30 ns: no division; the rate is told as if it were one. */
	u32 second = (u32)(now >> 30);
	u32 last = censor_counter_read(&shared->load_second);

	if (second != last) {
		u32 count = second == last + 1 ? censor_counter_read(&shared->load_count) : 0;

		censor_counter_set(&shared->load_second, second);
		/* 2^30 ns are 1.0737 s. */
		censor_counter_set(&shared->load, count - count / 15);
		censor_counter_set(&shared->load_count, 0);
	}
	censor_counter_up(&shared->load_count);
}
