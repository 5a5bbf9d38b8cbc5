// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: the turn of an era
 *
 * Of another policy's flow only the conversation itself is kept. When nothing but the phase has
 * changed, what an active rule did to a flow stays, and what one did that is not active any more is
 * lifted. Then the rules are asked again about what is still known of the flow, which are its
 * addresses and the protocols that it is recognised as; of its names nothing is kept.
 *
 * A rule that was active before and still is had its say: only those that have begun are asked. But
 * where something was lifted, rules may not have been asked because of it, or have given way to it;
 * then all are.
 */
#include "judge.h"
#include "recognise.h"
#include "stream.h"
#include "tcb.h"
#include "turn.h"

#define BOTH	(CENSOR_TURNED(0) | CENSOR_TURNED(1))

/* A flow of datagrams has no beginning that would have been missed. */
static void look_anew(struct censor_flow *flow, struct censor_context *ctx)
{
	censor_stream_end(flow, ctx, CENSOR_STAGE_NEW);
	memset(flow->sights, 0, sizeof(flow->sights));
	memset(&flow->track, 0, sizeof(flow->track));
	flow->tracking = 0;
	flow->matched = 0;
	flow->heard = 0;
	/* What it was is to be found out before anybody is asked. */
	flow->turned = 0;
}

/*
 * Another policy is in force. Of a stream whose first message is still awaited the new one can
 * judge all; of one that was judged it has not seen what it would have to.
 */
static void turn_policy(const struct censor_policy *pol, struct censor_flow *flow,
			struct censor_context *ctx)
{
	flow->seen = 0;
	flow->acts = 0;
	flow->matched = 0;
	flow->tracking = 0;
	flow->shape_rule = 0;
	flow->mark_rule = 0;
	flow->counts_for = 0;
	flow->sampled = false;
	flow->turned = 0;
	memset(flow->blocks, 0, sizeof(flow->blocks));
	memset(flow->block_until, 0, sizeof(flow->block_until));
	if (flow->key.proto != CENSOR_PROTO_TCP) {
		look_anew(flow, ctx);
		return;
	}
	if (flow->stage == CENSOR_STAGE_STREAM && !flow->looked && !flow->heard &&
	    flow->client != CENSOR_CLIENT_OF_BOTH)
		flow->tracking = censor_detectors_for(CENSOR_PROTO_TCP, censor_sees(pol, ctx),
						      &pol->detect);
	/* The counts of teardowns began anew with the policy. */
	flow->teardowns = censor_tcb_teardowns(&pol->tcp, flow, ctx);
	/* Whom this policy would take for the client was not found out. */
	if (flow->client == CENSOR_CLIENT_OF_BOTH && pol->tcp.client != CENSOR_CLIENT_BOTH)
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
}

/* What stops or ends the looking. Return: whether any was lifted. */
static bool lift_acts(const struct censor_policy *pol, struct censor_flow *flow, u64 era)
{
	static const u8 parts[CENSOR_OWNERS] = {
		[CENSOR_OWNER_DROP(0)] = CENSOR_ACT_DROP(0),
		[CENSOR_OWNER_DROP(1)] = CENSOR_ACT_DROP(1),
		[CENSOR_OWNER_REWRITE(0)] = CENSOR_ACT_REWRITE(0),
		[CENSOR_OWNER_REWRITE(1)] = CENSOR_ACT_REWRITE(1),
		[CENSOR_OWNER_COUNTING] = CENSOR_ACT_COUNTING | CENSOR_ACT_COUNT_BYTES,
		[CENSOR_OWNER_PASS] = CENSOR_ACT_PASS,
	};
	u8 before = flow->acts;
	u32 i;

	for (i = 0; i < CENSOR_OWNERS; i++)
		if (flow->acts & parts[i] &&
		    !censor_rule_active(&pol->rules[flow->act_rule[i]], era))
			flow->acts &= ~parts[i];
	return flow->acts != before;
}

/* One of the flow's references to a rule, 1 + its index. Return: whether it was lifted. */
static bool lift(const struct censor_policy *pol, u16 *rule, u64 era)
{
	if (!*rule || censor_rule_active(&pol->rules[*rule - 1], era))
		return false;
	*rule = 0;
	return true;
}

static void turn_phase(const struct censor_policy *pol, struct censor_flow *flow, u64 era,
		       struct censor_context *ctx)
{
	bool acts = lift_acts(pol, flow, era), lifted = acts, asked, pending;

	if (lift(pol, &flow->shape_rule, era)) {
		flow->acts &= ~CENSOR_ACT_SHAPE;
		flow->sampled = false;
		lifted = true;
	}
	lifted |= lift(pol, &flow->mark_rule, era);
	lifted |= lift(pol, &flow->counts_for, era);
	/* Other blocks act now: they are looked up again. */
	memset(flow->blocks, 0, sizeof(flow->blocks));
	/* What it was recognised as before it is still. */
	if (acts && flow->key.proto != CENSOR_PROTO_TCP && !flow->sights[0])
		look_anew(flow, ctx);
	/* A rule lets all of it pass, whatever has begun. */
	if (flow->acts & CENSOR_ACT_PASS)
		return;
	asked = flow->matched & CENSOR_ATTRS_PROTOCOL;
	/* Asked or still to be: packets may have been dropped before that. */
	pending = asked || flow->turned & CENSOR_TURNED_PROTOCOL;
	if (lifted) {
		flow->turned = pending ? CENSOR_TURNED_PROTOCOL : 0;
	} else {
		if (!(flow->turned & (BOTH | CENSOR_TURNED_BEGUN)))
			flow->turned_from = CENSOR_ERA_PHASE(flow->era);
		flow->turned |= flow->seen & BOTH;
		if (asked)
			flow->turned |= CENSOR_TURNED_PROTOCOL | CENSOR_TURNED_BEGUN;
	}
	flow->seen = 0;
	flow->matched &= ~CENSOR_ATTRS_PROTOCOL;
}

void censor_turn(const struct censor_policy *pol, struct censor_flow *flow, u64 era,
		 struct censor_context *ctx)
{
	if (CENSOR_ERA_GENERATION(flow->era) != CENSOR_ERA_GENERATION(era))
		turn_policy(pol, flow, ctx);
	else if (CENSOR_ERA_PHASE(flow->era) != CENSOR_ERA_PHASE(era))
		turn_phase(pol, flow, era, ctx);
	flow->era = era;
}

static u32 asked_before(const struct censor_flow *flow)
{
	return 1u << (flow->turned_from & (CENSOR_PHASES_MAX - 1));
}

void censor_turn_addresses(struct censor_flow *flow, u8 dir, struct censor_context *ctx)
{
	if (!(flow->turned & CENSOR_TURNED(dir)))
		return;
	flow->turned &= ~CENSOR_TURNED(dir);
	ctx->asked = asked_before(flow);
}

u16 censor_turn_protocols(const struct censor_policy *pol, struct censor_flow *flow,
			  const struct censor_packet_view *view, struct censor_context *ctx)
{
	u16 done;

	if (!(flow->turned & CENSOR_TURNED_PROTOCOL))
		return 0;
	if (flow->turned & CENSOR_TURNED_BEGUN)
		ctx->asked = asked_before(flow);
	flow->turned &= ~(CENSOR_TURNED_PROTOCOL | CENSOR_TURNED_BEGUN);
	done = censor_judge_rules(pol, flow, view, CENSOR_ATTRS_PROTOCOL, ctx);
	ctx->asked = 0;
	return done;
}
