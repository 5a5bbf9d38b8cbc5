// SPDX-License-Identifier: GPL-2.0
/*
 * Residual blocking. A block is looked up once for a flow's direction and then remembered in the
 * flow, until the host has set another. But one that has not begun yet, or that every packet arms
 * anew, is looked up for each packet: what the flow remembers would soon be wrong.
 */
#include "chance.h"
#include "residual.h"
#include "rules.h"

#define MS	1000000ull

/*
 * A block of a rule's on packets that go as the one that matched did, or (@back) the other way:
 * they have the same ends, in each other's place. @view goes @view_back.
 */
static void add_effect(const struct censor_policy *pol, const struct censor_packet_view *view,
		       bool view_back, u32 rule, u64 from, bool back, bool keep,
		       struct censor_context *ctx)
{
	const struct censor_residual *residual = &pol->rules[rule].residual;
	struct censor_packet_view other;
	struct censor_effect *effect;

	if (ctx->n_effects == CENSOR_EFFECTS_MAX) {
		ctx->counts |= 1u << CENSOR_COUNT_MATCHES;
		return;
	}
	effect = &ctx->effects[ctx->n_effects++];
	if (back != view_back) {
		memcpy(other.src, view->dst, sizeof(other.src));
		memcpy(other.dst, view->src, sizeof(other.dst));
		other.sport = view->dport;
		other.dport = view->sport;
		other.proto = view->proto;
		other.family = view->family;
		view = &other;
	}
	censor_residual_key(view, back ? censor_tuple_back(residual->tuple) : residual->tuple,
			    &effect->key);
	effect->block = (struct censor_block){
		.from = from,
		.until = from + residual->ms * MS,
		.rule = rule,
		.generation = CENSOR_ERA_GENERATION(ctx->era),
		.back = back,
	};
	effect->keep = keep;
}

void censor_residual_set(const struct censor_policy *pol, const struct censor_packet_view *view,
			 const struct censor_match *match, struct censor_context *ctx)
{
	const struct censor_residual *residual = &pol->rules[match->rule].residual;
	bool keep = residual->rearm == CENSOR_REARM_NEVER;
	u64 from = ctx->now;
	u64 state;

	state = censor_draw_start(pol, ~match->rule);
	if (residual->chance < CENSOR_CERTAIN || residual->onset)
		state ^= (u64)censor_counter_up(&ctx->shared->tries[match->rule]) << 24;
	if (!censor_draw_hit(&state, residual->chance))
		return;
	if (residual->onset)
		from += censor_draw_delay(&state, &pol->delays[residual->onset - 1]) * 1000ull;
	add_effect(pol, view, false, match->rule, from, false, keep, ctx);
	if (residual->both)
		add_effect(pol, view, false, match->rule, from, true, keep, ctx);
}

/* The block is armed anew by this packet, in both directions where it has both. */
static void rearm(const struct censor_policy *pol, const struct censor_packet_view *view, u32 rule,
		  bool back, struct censor_context *ctx)
{
	const struct censor_residual *residual = &pol->rules[rule].residual;

	add_effect(pol, view, back, rule, ctx->now, false, false, ctx);
	if (residual->both)
		add_effect(pol, view, back, rule, ctx->now, true, false, ctx);
}

/* A flow that still has packets to pass until it freezes is not stopped by its own block. */
static bool counts_down(const struct censor_flow *flow, u32 rule)
{
	return flow && flow->acts & CENSOR_ACT_COUNTING && flow->left &&
	       flow->act_rule[CENSOR_OWNER_COUNTING] == rule;
}

u16 censor_residual_judge(const struct censor_policy *pol, struct censor_flow *flow,
			  const struct censor_packet_view *view, const struct censor_block *block,
			  u32 blocks, struct censor_context *ctx)
{
	u64 from = block ? block->from : 0, until = block ? block->until : 0;
	u32 rule = block ? block->rule : 0;
	bool back = block && block->back, first = true, waits;
	u8 dir = view->dir;
	u16 actions;

	if (flow && censor_flow_wants_block(flow, view, ctx->era, blocks)) {
		first = ctx->started || !flow->block_until[dir] || flow->block_rule[dir] != rule;
		flow->blocks[dir] = blocks;
		flow->block_until[dir] = until;
		flow->block_rule[dir] = rule;
		flow->block_back &= ~(1u << dir);
		flow->block_back |= back << dir;
	} else if (flow) {
		from = 0;
		until = flow->block_until[dir];
		rule = flow->block_rule[dir];
		back = flow->block_back >> dir & 1;
		first = ctx->started;
	}
	if (until <= ctx->now || rule >= pol->n_rules)
		return 0;
	waits = from > ctx->now || !censor_rule_active(&pol->rules[rule], ctx->era);
	if (flow && (waits || pol->rules[rule].residual.rearm == CENSOR_REARM_PACKET))
		flow->blocks[dir] = blocks - 1;
	if (waits) {
		/* Told of when it begins. */
		if (flow)
			flow->block_until[dir] = 0;
		return 0;
	}
	if (counts_down(flow, rule))
		return 0;
	actions = censor_rules_block(pol, view, ctx, rule, back, first);
	if (actions && pol->rules[rule].residual.rearm == CENSOR_REARM_PACKET)
		rearm(pol, view, rule, back, ctx);
	return actions;
}
