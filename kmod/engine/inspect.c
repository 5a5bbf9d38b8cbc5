// SPDX-License-Identifier: GPL-2.0
/* One packet's way through the censor. */
#include "chance.h"
#include "inspect.h"
#include "judge.h"
#include "recognise.h"
#include "residual.h"
#include "rules.h"
#include "shape.h"
#include "stream.h"
#include "tcb.h"
#include "turn.h"

#define SEEN(dir)	(1u << (dir))
#define OTHER_TIMEOUT	60000	/* milliseconds of a flow that is not TCP's */

void censor_flow_start(struct censor_flow *flow, const struct censor_key *key, u64 era)
{
	flow->key = *key;
	flow->era = era;
	flow->timeout = OTHER_TIMEOUT;
}

size_t censor_shared_size(const struct censor_policy *pol)
{
	return censor_shape_buckets(pol) + pol->n_buckets * sizeof(censor_moment);
}

static bool silent(const struct censor_flow *flow, u64 now)
{
	return now > flow->last && now - flow->last > censor_flow_timeout(flow);
}

static bool expired(const struct censor_flow *flow, u64 now)
{
	return flow->packets && silent(flow, now);
}

static void count_packet(struct censor_flow *flow, u64 now)
{
	flow->packets++;
	flow->last = now;
}

/* What is done to every packet of the flow's direction, whatever is in it. */
static enum censor_fate fate_of(struct censor_flow *flow, const struct censor_packet_view *view)
{
	u8 acts = flow->acts;

	if (acts & CENSOR_ACT_DROP(view->dir))
		return CENSOR_FATE_DROP;
	if (acts & CENSOR_ACT_COUNTING) {
		u32 takes = acts & CENSOR_ACT_COUNT_BYTES ? view->wire : 1;

		if (!flow->left)
			return CENSOR_FATE_DROP;
		flow->left -= min(flow->left, takes);
		if (!(acts & CENSOR_ACT_REWRITE(view->dir)))
			return CENSOR_FATE_PASS;
	}
	if (acts & CENSOR_ACT_REWRITE(view->dir))
		return CENSOR_FATE_REWRITE;
	return CENSOR_FATE_OPEN;
}

/* A flow that was judged will soon be silent. */
static void note_closing(struct censor_flow *flow, const struct censor_packet_view *view)
{
	if (view->tcp_flags & (CENSOR_TCP_FIN | CENSOR_TCP_RST)) {
		flow->tcp |= CENSOR_FLOW_CLOSING;
		flow->timeout = flow->closing;
	}
}

/* Whether all of a direction's packets are dropped by now. */
static bool dropped(const struct censor_flow *flow, u8 dir)
{
	return flow->acts & CENSOR_ACT_DROP(dir) ||
	       (flow->acts & CENSOR_ACT_COUNTING && !flow->left);
}

/* A packet that can still be idle, or of a flow to which more is done than to let it pass. */
static noinline enum censor_fate settled_fate(const struct censor_policy *pol,
					      struct censor_shared *shared,
					      struct censor_flow *flow,
					      const struct censor_packet_view *view, u64 now)
{
	bool shaped = flow->acts & CENSOR_ACT_SHAPE && !dropped(flow, view->dir);
	enum censor_fate fate, shape = CENSOR_FATE_PASS;

	if (!censor_tcb_idle(flow, view))
		return CENSOR_FATE_OPEN;
	/* One of a sample has to be told of. */
	if (shaped && censor_shape_samples(pol, shared, flow))
		return CENSOR_FATE_OPEN;
	count_packet(flow, now);
	note_closing(flow, view);
	fate = fate_of(flow, view);
	if (shaped)
		shape = censor_shape_fate(pol, shared, flow, view, now);
	if (fate == CENSOR_FATE_DROP || shape == CENSOR_FATE_DROP)
		return CENSOR_FATE_DROP;
	return fate == CENSOR_FATE_REWRITE ? fate : shape;
}

enum censor_fate censor_flow_decided(const struct censor_policy *pol,
				     struct censor_shared *shared, struct censor_flow *flow,
				     const struct censor_packet_view *view, u64 era, u32 blocks,
				     u64 now)
{
	if (flow->era != era || flow->blocks[view->dir] != blocks ||
	    flow->block_until[view->dir] > now || !(flow->seen & SEEN(view->dir)) ||
	    silent(flow, now))
		return CENSOR_FATE_OPEN;
	/* The rest is apart: here it would take registers of those that need none. */
	if (unlikely(!censor_tcb_over(flow, view) || flow->acts & ~CENSOR_ACT_PASS))
		return settled_fate(pol, shared, flow, view, now);
	count_packet(flow, now);
	return CENSOR_FATE_PASS;
}

/* The conversation is forgotten; residual blocks are on its ends, and those are the same. */
static void forget(struct censor_flow *flow, struct censor_context *ctx)
{
	struct censor_flow old = *flow;

	censor_stream_end(flow, ctx, CENSOR_STAGE_NEW);
	memset(flow, 0, sizeof(*flow));
	censor_flow_start(flow, &old.key, old.era);
	memcpy(flow->blocks, old.blocks, sizeof(flow->blocks));
	memcpy(flow->block_until, old.block_until, sizeof(flow->block_until));
	memcpy(flow->block_rule, old.block_rule, sizeof(flow->block_rule));
	flow->block_back = old.block_back;
	ctx->started = true;
}

/* The directions of packets that go @to, when the one that matched goes @dir; as ACT bits. */
static u8 both_ways(u8 to, u8 dir, u8 act)
{
	u8 acts = 0;

	if (to & CENSOR_TO_SERVER)
		acts |= act << dir;
	if (to & CENSOR_TO_CLIENT)
		acts |= act << !dir;
	return acts;
}

/*
 * What a rule that matched does to the rest of the flow and, in the path, to this packet.
 * @stream: the rule is about what the flow carries, not about each packet's addresses
 */
static void act(const struct censor_policy *pol, struct censor_flow *flow,
		const struct censor_packet_view *view, u32 rule, u16 actions, bool stream,
		struct censor_context *ctx)
{
	const struct censor_rule *r;
	u8 acts = 0;
	u32 dir;

	if (!(actions & (CENSOR_DO_DROP | CENSOR_DO_REWRITE | CENSOR_DO_FREEZE)))
		return;
	r = &pol->rules[rule];
	if (actions & CENSOR_DO_DROP) {
		u8 to = r->drop_to;

		/* Packets by their addresses: the other way has its own rule, or none. */
		if (!stream && to == CENSOR_TO_BOTH)
			to = CENSOR_TO_SERVER;
		acts |= both_ways(to, view->dir, CENSOR_ACT_DROP(0));
	}
	if (actions & CENSOR_DO_REWRITE) {
		acts |= both_ways(r->rewrite_to, view->dir, CENSOR_ACT_REWRITE(0));
		if (flow)
			flow->rewrite = r->rewrite_flags;
	}
	if (r->path == CENSOR_PATH_IN && acts & CENSOR_ACT_DROP(view->dir))
		ctx->drop = true;
	if (r->path == CENSOR_PATH_IN && acts & CENSOR_ACT_REWRITE(view->dir))
		ctx->rewrite = r->rewrite_flags;
	if (!flow)
		return;
	if (actions & CENSOR_DO_FREEZE && !(flow->acts & CENSOR_ACT_COUNTING)) {
		u64 state = censor_draw_start(pol, ~rule) ^ flow->draws;

		flow->left = censor_draw_range(&state, r->freeze.lo, r->freeze.hi);
		flow->act_rule[CENSOR_OWNER_COUNTING] = (u16)rule;
		acts |= CENSOR_ACT_COUNTING;
		if (r->freeze.bytes)
			acts |= CENSOR_ACT_COUNT_BYTES;
	}
	/* What is done already stays the doing of the rule that was first. */
	for (dir = 0; dir < 2; dir++) {
		if (acts & ~flow->acts & CENSOR_ACT_DROP(dir))
			flow->act_rule[CENSOR_OWNER_DROP(dir)] = (u16)rule;
		if (acts & ~flow->acts & CENSOR_ACT_REWRITE(dir))
			flow->act_rule[CENSOR_OWNER_REWRITE(dir)] = (u16)rule;
	}
	flow->acts |= acts;
	/* Nothing that could still be recognised changes what is done to it. */
	if (flow->acts & CENSOR_ACTS_LAST)
		flow->tracking = 0;
}

void censor_judge_act(const struct censor_policy *pol, struct censor_flow *flow,
		      const struct censor_packet_view *view, u32 first, bool stream,
		      struct censor_context *ctx)
{
	/* Where there is a flow in which nothing is to stay, the caller knows what of this does. */
	if (flow || !ctx->flow)
		censor_shape_matches(pol, flow, view, first, ctx);
	for (; first < ctx->n_matches; first++) {
		const struct censor_match *match = &ctx->matches[first];

		if (match->actions & CENSOR_DO_RESIDUAL)
			censor_residual_set(pol, view, match, ctx);
		act(pol, flow, view, match->rule, match->actions, stream, ctx);
	}
	act(pol, flow, view, ctx->untold_rule, ctx->untold_actions, stream, ctx);
	ctx->untold_actions = 0;
}

/* Return: whether the packet's fate is settled by it. */
static bool judge_block(const struct censor_policy *pol, struct censor_flow *flow,
			const struct censor_packet_view *view, const struct censor_block *block,
			u32 blocks, struct censor_context *ctx)
{
	u16 actions = censor_residual_judge(pol, flow, view, block, blocks, ctx);
	bool back;
	u32 rule;

	if (!actions)
		return false;
	rule = flow ? flow->block_rule[view->dir] : block->rule;
	back = flow ? flow->block_back >> view->dir & 1 : block->back;
	censor_shape_match(pol, flow, view, rule, actions, back, ctx);
	if (actions & CENSOR_DO_DROP)
		ctx->drop = true;
	else if (actions & CENSOR_DO_REWRITE)
		ctx->rewrite = pol->rules[rule].rewrite_flags;
	return actions & CENSOR_DO_HARM;
}

/* The rule that matched last lets all of the flow pass. */
static void let_pass(struct censor_flow *flow)
{
	flow->acts |= CENSOR_ACT_PASS;
	flow->act_rule[CENSOR_OWNER_PASS] = flow->counts_for - 1;
	flow->tracking = 0;
}

/* Return: whether the packet's fate is settled by it. */
static bool judge_addresses(const struct censor_policy *pol, struct censor_flow *flow,
			    const struct censor_packet_view *view, struct censor_context *ctx)
{
	u32 first = ctx->n_matches;
	u16 done = 0;

	if (flow && flow->seen & SEEN(view->dir))
		return false;
	if (flow)
		censor_turn_addresses(flow, view->dir, ctx);
	if (pol->attrs & CENSOR_ATTRS_PACKET)
		done = censor_rules_run(pol, view, ctx, CENSOR_ATTRS_PACKET, CENSOR_ATTRS_PACKET);
	ctx->asked = 0;
	censor_judge_act(pol, flow, view, first, false, ctx);
	if (!flow)
		return ctx->drop || done & CENSOR_DO_PASS;
	flow->seen |= SEEN(view->dir);
	if (done & CENSOR_DO_PASS) {
		flow->seen |= SEEN(0) | SEEN(1);
		let_pass(flow);
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
	}
	return ctx->drop;
}

u16 censor_judge_rules(const struct censor_policy *pol, struct censor_flow *flow,
		       const struct censor_packet_view *view, u32 attrs,
		       struct censor_context *ctx)
{
	u32 first = ctx->n_matches;
	u16 done = 0;

	if (attrs & ~flow->matched) {
		done = censor_rules_run(pol, view, ctx, CENSOR_ATTRS_PACKET | attrs |
					(flow->matched & CENSOR_ATTRS_PROTOCOL),
					attrs & ~flow->matched);
		flow->matched |= attrs;
		if (attrs & CENSOR_ATTRS_PROTOCOL)
			ctx->fresh = 0;
	}
	censor_judge_act(pol, flow, view, first, true, ctx);
	if (done & CENSOR_DO_PASS)
		let_pass(flow);
	return done;
}

/* Whether connections are worth following at all. */
static bool wants_tcp(const struct censor_policy *pol, const struct censor_context *ctx)
{
	return ctx->report ||
	       pol->attrs & (CENSOR_ATTRS_STREAM | CENSOR_ATTR_BIT(CENSOR_ATTR_CLIENT));
}

/* The flow as it was before this packet, made ready for it. */
static void take_up(const struct censor_policy *pol, u64 era, struct censor_flow *flow,
		    const struct censor_packet_view *view, struct censor_context *ctx)
{
	bool tcp = view->proto == CENSOR_PROTO_TCP && !view->fragment;

	if (expired(flow, ctx->now) ||
	    (flow->packets && tcp && censor_tcb_begins(pol, flow, view)))
		forget(flow, ctx);
	if (flow->era != era)
		censor_turn(pol, flow, era, ctx);
	if (!flow->packets && !tcp)
		flow->client = view->dir;
	if (view->proto == CENSOR_PROTO_UDP)
		flow->timeout = pol->detect.udp_timeout;
	count_packet(flow, ctx->now);
}

/* Return: whether the packet has data that the stream is to see. */
static bool follow_tcp(const struct censor_policy *pol, struct censor_flow *flow,
		       const struct censor_packet_view *view, struct censor_context *ctx)
{
	bool data = censor_tcb_packet(pol, flow, view, ctx);

	flow->closing = pol->tcp.timeout_closing;
	if (pol->tcp.teardown_match == CENSOR_MATCH_NOTHING ||
	    pol->tcp.teardown_match == CENSOR_MATCH_PORTS)
		flow->tcp |= CENSOR_FLOW_ECHOES;
	flow->timeout = censor_tcb_timeout(&pol->tcp, flow);
	return data;
}

/* What the flow was recognised as before this packet; news is what no rule was tried with yet. */
static void remember_sights(const struct censor_flow *flow, struct censor_context *ctx)
{
	u32 i;

	BUILD_BUG_ON(sizeof(ctx->sights) != sizeof(flow->sights));
	if (flow)
		memcpy(ctx->sights, flow->sights, sizeof(ctx->sights));
	else
		memset(ctx->sights, 0, sizeof(ctx->sights));
	ctx->fresh = 0;
	for (i = 0; i < CENSOR_SIGHTS_MAX && ctx->sights[i]; i++)
		if (!flow || !(flow->matched & CENSOR_ATTRS_PROTOCOL))
			ctx->fresh |= 1u << i;
	ctx->protocol = CENSOR_PROTOCOL_OF(ctx->sights[0]);
}

/* Neither TCP nor UDP: the header says what it is. */
static void judge_tunnel(const struct censor_policy *pol, struct censor_flow *flow,
			 const struct censor_packet_view *view, struct censor_context *ctx)
{
	const struct censor_look look = censor_look_at(pol, flow, view);

	/* Parts say nothing of the whole, and are of the same two ends. */
	if (view->fragment && pol->attrs & CENSOR_ATTRS_PROTOCOL)
		return;
	flow->stage = CENSOR_STAGE_DONE;
	if (view->fragment)
		return;
	flow->tracking = censor_detectors_for(view->proto, censor_sees(pol, ctx), &pol->detect);
	if (flow->tracking)
		censor_detectors_run(flow, &look, ctx);
	flow->tracking = 0;
	censor_judge_rules(pol, flow, view, CENSOR_ATTRS_PROTOCOL, ctx);
}

static void inspect(const struct censor_policy *pol, u64 era, struct censor_flow *flow,
		    const struct censor_packet_view *view, const struct censor_block *block,
		    u32 blocks, struct censor_context *ctx)
{
	bool tcp = view->proto == CENSOR_PROTO_TCP && !view->fragment;
	enum censor_fate fate = CENSOR_FATE_OPEN;
	bool data = false;

	if (flow) {
		take_up(pol, era, flow, view, ctx);
		/* Before any rule can drop it: else the same SYN again would begin anew. */
		if (tcp)
			data = follow_tcp(pol, flow, view, ctx);
	}
	remember_sights(flow, ctx);
	if (judge_block(pol, flow, view, block, blocks, ctx))
		return;
	if (flow && flow->acts & CENSOR_ACTS_LAST)
		fate = fate_of(flow, view);
	if (fate == CENSOR_FATE_DROP) {
		/* For good: no rule on addresses will be asked. */
		flow->seen |= SEEN(view->dir);
		ctx->drop = true;
		return;
	}
	if (fate == CENSOR_FATE_REWRITE && tcp)
		ctx->rewrite = flow->rewrite;
	if (judge_addresses(pol, flow, view, ctx))
		return;
	if (flow && !(flow->acts & CENSOR_ACT_PASS) &&
	    censor_turn_protocols(pol, flow, view, ctx) & CENSOR_DO_DROP)
		return;
	if (view->proto == CENSOR_PROTO_UDP && !view->fragment) {
		censor_judge_datagram(pol, flow, view, ctx);
	} else if (flow && tcp) {
		/*
		 * Without this the handshake would open the stream of a flow that a rule let pass.
		 * Data that is part of no connection is the end, unless data can begin one.
		 */
		if (flow->acts & CENSOR_ACT_PASS || !wants_tcp(pol, ctx) ||
		    (flow->stage == CENSOR_STAGE_NEW && view->len &&
		     !(pol->tcp.create & CENSOR_BY_DATA)))
			censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
		if (data && flow->stage == CENSOR_STAGE_STREAM) {
			censor_judge_stream(pol, flow, view, ctx);
			/* Bytes may be missing now, or no longer. */
			flow->timeout = censor_tcb_timeout(&pol->tcp, flow);
		}
		if (ctx->heard && flow->tracking && !(flow->acts & CENSOR_ACT_PASS))
			censor_judge_heard(pol, flow, view, ctx);
	} else if (flow && flow->stage == CENSOR_STAGE_NEW) {
		if (view->proto == CENSOR_PROTO_TCP || view->proto == CENSOR_PROTO_UDP)
			flow->stage = CENSOR_STAGE_DONE;
		else
			judge_tunnel(pol, flow, view, ctx);
	}
}

void censor_inspect(const struct censor_policy *pol, u64 era, struct censor_flow *flow,
		    const struct censor_packet_view *view, const struct censor_block *block,
		    u32 blocks, u64 now, struct censor_context *ctx)
{
	ctx->returned = NULL;
	ctx->drop = false;
	ctx->rewrite = 0;
	ctx->wait_us = 0;
	ctx->started = false;
	ctx->note = CENSOR_NOTE_NONE;
	ctx->n_matches = 0;
	ctx->n_effects = 0;
	ctx->counts = 0;
	ctx->looked_up = 0;
	ctx->name_len = 0;
	ctx->heard = false;
	ctx->n_evidence = 0;
	ctx->settled = 0;
	ctx->told_len = 0;
	ctx->spells_left = CENSOR_SPELLS_MAX;
	ctx->asked = 0;
	ctx->alike_asked = 0;
	ctx->alikes_left = CENSOR_SENT_MAX;
	ctx->shape_rule = 0;
	ctx->shape_dir = 0;
	ctx->untold_rule = 0;
	ctx->untold_actions = 0;
	ctx->now = now;
	ctx->era = era;
	ctx->flow = flow;

	inspect(pol, era, flow, view, block, blocks, ctx);
	if (!ctx->drop)
		censor_shape_packet(pol, flow, view, ctx);
	else if (flow)
		/* It may have been drawn already, for this packet alone. */
		flow->sampled = false;
	/* Whatever ended the looking: a buffer is for what is still looked for. */
	if (flow && flow->buffer && flow->stage == CENSOR_STAGE_DONE && !flow->tracking)
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
}
