// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: police, lose, delay, sample
 *
 * A flow is shaped by one rule, the last that matched; but one that only samples gives way to those
 * that do more. Its packets are policed first, what is left is lost or not, and what goes on then
 * is delayed.
 *
 * A bucket is one number, the time when it is full again (the generic cell rate algorithm, ITU-T
 * I.371): each packet that passes moves that on by the time that its bytes take at the rate, and a
 * packet is dropped if that would lead further into the future than the burst takes. One that is
 * longer than the whole burst passes when the bucket is full, or none ever would. So a bucket needs
 * no clock tick, and one that many flows share no lock.
 *
 * What is drawn comes from the policy's seed and from how many packets were drawn for before.
 */
#include "chance.h"
#include "rules.h"
#include "shape.h"
#include "tcb.h"

/* What shapes packets rather than to tell of them. */
#define HARMS	(CENSOR_DO_POLICE | CENSOR_DO_LOSE | CENSOR_DO_DELAY)

/*
 * struct shaping - how a packet is to be shaped
 * @rule: its index
 * @dir: the direction of the packet that the rule matched
 * @host: the address of @view's two that a police goes by that is not per flow
 * @own: the flow's buckets, by direction; or NULL
 */
struct shaping {
	u32 rule;
	u8 dir;
	const u8 *host;
	u64 *own;
};

/* Nanoseconds that so many bytes take; @step: see struct censor_police. */
static u64 takes(u64 step, u32 bytes)
{
	return bytes * (step >> 16) + ((bytes * (step & 0xffff) + 0x8000) >> 16);
}

/* Return: whether the packet passes; then @full is when the bucket is full after it. */
static bool fits(u64 *full, u64 now, u64 cost, u64 burst)
{
	u64 owed = *full > now ? *full - now : 0;

	if (owed && owed + cost > burst)
		return false;
	*full = now + owed + cost;
	return true;
}

static bool fits_shared(censor_moment *bucket, u64 now, u64 cost, u64 burst)
{
	u64 full = censor_moment_read(bucket), next;

	do {
		next = full;
		if (!fits(&next, now, cost, burst))
			return false;
	} while (!censor_moment_move(bucket, &full, next));
	return true;
}

/*
 * Which of CENSOR_HOSTS an address is. Neighbours have buckets of their own: only what is above the
 * last bits is hashed.
 */
static u32 host_number(const struct censor_policy *pol, u8 family, const u8 *addr)
{
	u64 state = censor_draw_start(pol, family);
	u32 low, i, n = family == 4 ? 4 : 16;

	for (i = 0; i + 4 < n; i += 4) {
		state ^= censor_get32(addr + i);
		state = censor_draw(&state);
	}
	low = censor_get32(addr + i);
	state ^= low / CENSOR_HOSTS;
	return (low ^ (u32)censor_draw(&state)) % CENSOR_HOSTS;
}

static bool police(const struct censor_policy *pol, struct censor_shared *shared,
		   const struct shaping *shaping, const struct censor_packet_view *view, u64 now)
{
	const struct censor_police *police = &pol->rules[shaping->rule].police;
	u64 cost = takes(police->step, view->wire), burst = takes(police->step, police->burst);
	censor_moment *buckets = (censor_moment *)((u8 *)shared + censor_shape_buckets(pol)) +
				 police->buckets;
	u32 at;

	if (police->per == CENSOR_PER_FLOW)
		return !shaping->own || fits(&shaping->own[view->dir], now, cost, burst);
	/* One for what the host sends, one for what it gets. */
	at = !!memcmp(view->src, shaping->host, sizeof(view->src));
	if (police->per == CENSOR_PER_HOST)
		at += 2 * host_number(pol, view->family, shaping->host);
	return fits_shared(&buckets[at], now, cost, burst);
}

static u64 draws_of(const struct censor_policy *pol, struct censor_shared *shared, u32 rule)
{
	return censor_draw_start(pol, ~rule) ^ (u64)censor_counter_up(&shared->packets) << 24;
}

static enum censor_fate shape(const struct censor_policy *pol, struct censor_shared *shared,
			      const struct shaping *shaping,
			      const struct censor_packet_view *view, u64 now, u32 *wait_us)
{
	const struct censor_rule *rule = &pol->rules[shaping->rule];
	u8 to = view->dir == shaping->dir ? CENSOR_TO_SERVER : CENSOR_TO_CLIENT;
	bool lose = rule->actions & CENSOR_DO_LOSE && rule->lose.to & to;
	bool hold = rule->actions & CENSOR_DO_DELAY && rule->hold.to & to;
	u64 state;

	if (rule->actions & CENSOR_DO_POLICE && rule->police.to & to &&
	    !police(pol, shared, shaping, view, now))
		return CENSOR_FATE_DROP;
	if (!lose && !hold)
		return CENSOR_FATE_PASS;
	state = draws_of(pol, shared, shaping->rule);
	if (lose && censor_draw_hit(&state, rule->lose.chance))
		return CENSOR_FATE_DROP;
	if (!hold)
		return CENSOR_FATE_PASS;
	*wait_us = censor_draw_delay(&state, &pol->delays[rule->hold.delay - 1]);
	return *wait_us ? CENSOR_FATE_DELAY : CENSOR_FATE_PASS;
}

enum censor_fate censor_shape_fate(const struct censor_policy *pol, struct censor_shared *shared,
				   struct censor_flow *flow,
				   const struct censor_packet_view *view, u64 now)
{
	const struct shaping shaping = {
		.rule = flow->shape_rule - 1,
		.dir = flow->shape_dir,
		.host = flow->key.addr[flow->shape_host],
		.own = flow->bucket,
	};

	return shape(pol, shared, &shaping, view, now, &flow->wait_us);
}

bool censor_shape_samples(const struct censor_policy *pol, struct censor_shared *shared,
			  struct censor_flow *flow)
{
	u32 rule = flow->shape_rule - 1;
	u64 state;

	if (!flow->sampled && pol->rules[rule].sample) {
		state = draws_of(pol, shared, rule);
		flow->sampled = censor_draw_hit(&state, pol->rules[rule].sample);
	}
	return flow->sampled;
}

/* Of two ends the one inside; where that says nothing, @otherwise. */
static u8 host_of(const struct censor_policy *pol, u8 family, const u8 *first, const u8 *second,
		  u8 otherwise)
{
	bool inside = censor_inside(pol, family, first);

	if (inside == censor_inside(pol, family, second))
		return otherwise;
	return inside ? 0 : 1;
}

static void shape_flow(const struct censor_policy *pol, struct censor_flow *flow, u32 rule, u8 dir)
{
	flow->acts |= CENSOR_ACT_SHAPE;
	flow->shape_rule = (u16)(rule + 1);
	flow->shape_dir = dir;
	flow->shape_host = host_of(pol, flow->key.family, flow->key.addr[0], flow->key.addr[1],
				   censor_flow_client_known(flow) ? flow->client : dir);
	flow->sampled = false;
	memset(flow->bucket, 0, sizeof(flow->bucket));
}

void censor_shape_match(const struct censor_policy *pol, struct censor_flow *flow,
			const struct censor_packet_view *view, u32 rule, u16 actions, bool back,
			struct censor_context *ctx)
{
	u8 dir = back ? !view->dir : view->dir;

	if (!actions)
		return;
	if (!flow) {
		if (actions & HARMS) {
			ctx->shape_rule = rule + 1;
			ctx->shape_dir = dir;
		}
		return;
	}
	flow->counts_for = (u16)(rule + 1);
	if (actions & CENSOR_DO_MARK)
		flow->mark_rule = (u16)(rule + 1);
	/* Its bucket isn't filled by matching again, nor are its two ends exchanged. */
	if (flow->shape_rule == rule + 1)
		return;
	if (actions & HARMS ||
	    (actions & CENSOR_DO_LOG && pol->rules[rule].sample &&
	     !(flow->shape_rule && pol->rules[flow->shape_rule - 1].actions & HARMS)))
		shape_flow(pol, flow, rule, dir);
}

void censor_shape_matches(const struct censor_policy *pol, struct censor_flow *flow,
			  const struct censor_packet_view *view, u32 first,
			  struct censor_context *ctx)
{
	for (; first < ctx->n_matches; first++)
		censor_shape_match(pol, flow, view, ctx->matches[first].rule,
				   ctx->matches[first].actions, false, ctx);
	censor_shape_match(pol, flow, view, ctx->untold_rule, ctx->untold_actions, false, ctx);
}

/* The packet that a rule matches is told of by that. */
static bool matched_now(const struct censor_context *ctx, u32 rule)
{
	u32 i;

	for (i = 0; i < ctx->n_matches; i++)
		if (ctx->matches[i].rule == rule)
			return true;
	return false;
}

void censor_shape_packet(const struct censor_policy *pol, struct censor_flow *flow,
			 const struct censor_packet_view *view, struct censor_context *ctx)
{
	struct shaping shaping = { .rule = ctx->shape_rule - 1, .dir = ctx->shape_dir };
	enum censor_fate fate;

	if (flow && flow->acts & CENSOR_ACT_SHAPE) {
		u32 rule = flow->shape_rule - 1;

		if (!matched_now(ctx, rule) && censor_shape_samples(pol, ctx->shared, flow))
			censor_rules_sample(pol, view, ctx, rule, view->dir != flow->shape_dir);
		flow->sampled = false;
		fate = censor_shape_fate(pol, ctx->shared, flow, view, ctx->now);
		ctx->wait_us = flow->wait_us;
	} else if (!flow && ctx->shape_rule) {
		u8 end = host_of(pol, view->family, view->src, view->dst,
				 view->dir != shaping.dir);

		shaping.host = end ? view->dst : view->src;
		fate = shape(pol, ctx->shared, &shaping, view, ctx->now, &ctx->wait_us);
	} else {
		return;
	}
	if (fate == CENSOR_FATE_DROP)
		ctx->drop = true;
	/* What is rewritten goes on at once: it is the censor's own. */
	if (fate != CENSOR_FATE_DELAY || ctx->rewrite)
		ctx->wait_us = 0;
}
