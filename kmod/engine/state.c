// SPDX-License-Identifier: GPL-2.0
/*
 * What can be said of a flow and of a residual block at a moment. A flow is brought up to date when
 * its next packet comes (turn.c); who asks before that is told what would be left then.
 */
#include "rules.h"
#include "state.h"
#include "tcb.h"

static bool same_policy(const struct censor_flow *flow, u64 era)
{
	return CENSOR_ERA_GENERATION(flow->era) == CENSOR_ERA_GENERATION(era);
}

/* The same act of the same rule on packets of either direction is one. */
static void add_act(const struct censor_policy *pol, u64 era, struct censor_state *state, u32 rule,
		    u16 actions, u8 to)
{
	struct censor_state_act *act;
	u32 i;

	if (!actions || rule >= pol->n_rules || !censor_rule_active(&pol->rules[rule], era))
		return;
	for (i = 0; i < state->n_acts; i++) {
		act = &state->acts[i];
		if (act->rule == rule && act->actions == actions) {
			act->to |= to;
			return;
		}
	}
	if (state->n_acts == CENSOR_STATE_ACTS_MAX)
		return;
	act = &state->acts[state->n_acts++];
	memset(act, 0, sizeof(*act));
	act->rule = (u16)rule;
	act->actions = actions;
	act->to = to;
}

/* To whom packets of a direction go. */
static u8 to_of(const struct censor_state *state, u8 dir)
{
	return dir == state->first ? CENSOR_TO_SERVER : CENSOR_TO_CLIENT;
}

/* What a rule says of to whom, when a packet of direction @dir matched it. */
static u8 turned_to(const struct censor_state *state, u8 to, u8 dir)
{
	u8 told = 0;

	if (to & CENSOR_TO_SERVER)
		told |= to_of(state, dir);
	if (to & CENSOR_TO_CLIENT)
		told |= to_of(state, !dir);
	return told;
}

static void add_shape(const struct censor_policy *pol, u64 era, struct censor_state *state,
		      const struct censor_flow *flow)
{
	u32 rule = flow->shape_rule - 1;
	const struct censor_rule *r;

	if (!(flow->acts & CENSOR_ACT_SHAPE) || rule >= pol->n_rules)
		return;
	r = &pol->rules[rule];
	add_act(pol, era, state, rule, r->actions & CENSOR_DO_POLICE,
		turned_to(state, r->police.to, flow->shape_dir));
	add_act(pol, era, state, rule, r->actions & CENSOR_DO_LOSE,
		turned_to(state, r->lose.to, flow->shape_dir));
	add_act(pol, era, state, rule, r->actions & CENSOR_DO_DELAY,
		turned_to(state, r->hold.to, flow->shape_dir));
}

static void add_acts(const struct censor_policy *pol, u64 era, struct censor_state *state,
		     const struct censor_flow *flow)
{
	u8 dir;

	for (dir = 0; dir < 2; dir++) {
		if (flow->acts & CENSOR_ACT_DROP(dir))
			add_act(pol, era, state, flow->act_rule[CENSOR_OWNER_DROP(dir)],
				CENSOR_DO_DROP, to_of(state, dir));
		if (flow->acts & CENSOR_ACT_REWRITE(dir))
			add_act(pol, era, state, flow->act_rule[CENSOR_OWNER_REWRITE(dir)],
				CENSOR_DO_REWRITE, to_of(state, dir));
	}
	if (flow->acts & CENSOR_ACT_COUNTING) {
		u32 before = state->n_acts;

		add_act(pol, era, state, flow->act_rule[CENSOR_OWNER_COUNTING], CENSOR_DO_FREEZE,
			CENSOR_TO_BOTH);
		if (state->n_acts > before) {
			state->acts[before].left = flow->left;
			state->acts[before].bytes = flow->acts & CENSOR_ACT_COUNT_BYTES;
		}
	}
	if (flow->acts & CENSOR_ACT_PASS)
		add_act(pol, era, state, flow->act_rule[CENSOR_OWNER_PASS], CENSOR_DO_PASS,
			CENSOR_TO_BOTH);
	add_shape(pol, era, state, flow);
	if (flow->mark_rule)
		add_act(pol, era, state, flow->mark_rule - 1, CENSOR_DO_MARK, CENSOR_TO_BOTH);
}

/* Whether all packets that go there are dropped, whatever is in them. */
static bool all_dropped(const struct censor_state *state, u8 to)
{
	u32 i;

	for (i = 0; i < state->n_acts; i++) {
		const struct censor_state_act *act = &state->acts[i];

		if (act->to & to && (act->actions & CENSOR_DO_DROP ||
				     (act->actions & CENSOR_DO_FREEZE && !act->left)))
			return true;
	}
	return false;
}

static u8 looking_of(const struct censor_state *state, const struct censor_flow *flow, bool same)
{
	/* What the policy before was still waiting for this one is not. */
	if ((flow->stage == CENSOR_STAGE_DONE && !(same && flow->tracking)) ||
	    (all_dropped(state, CENSOR_TO_SERVER) && all_dropped(state, CENSOR_TO_CLIENT)))
		return CENSOR_LOOKING_OVER;
	return flow->stage == CENSOR_STAGE_NEW ? CENSOR_LOOKING_NEW : CENSOR_LOOKING_ON;
}

static bool blocked(const struct censor_policy *pol, u64 era, const struct censor_flow *flow,
		    u64 now)
{
	u8 dir;

	for (dir = 0; dir < 2; dir++)
		if (flow->block_until[dir] > now && flow->block_rule[dir] < pol->n_rules &&
		    censor_rule_active(&pol->rules[flow->block_rule[dir]], era))
			return true;
	return false;
}

bool censor_state_of(const struct censor_policy *pol, u64 era, const struct censor_flow *flow,
		     u64 now, struct censor_state *state)
{
	bool same = same_policy(flow, era), tcp = flow->key.proto == CENSOR_PROTO_TCP;
	u64 silent = now > flow->last ? now - flow->last : 0;
	u32 rule = flow->counts_for - 1;

	if (!flow->packets || silent > censor_flow_timeout(flow))
		return false;
	memset(state, 0, sizeof(*state));
	state->left = censor_flow_timeout(flow) - silent;
	state->client_known = censor_flow_client_known(flow);
	state->first = state->client_known ? flow->client : 0;
	if (tcp)
		state->tcb = flow->tcb;
	if (flow->tcp & CENSOR_FLOW_RESYNC)
		state->is |= CENSOR_STATE_UNSURE;
	if (flow->tcp & CENSOR_FLOW_HOLE)
		state->is |= CENSOR_STATE_HOLE;
	if (flow->tcp & CENSOR_FLOW_CLOSING)
		state->is |= CENSOR_STATE_CLOSING;
	/* A flow of datagrams is looked at anew by another policy. */
	if (!same && !tcp)
		return true;
	memcpy(state->sights, flow->sights, sizeof(state->sights));
	if (same) {
		if (rule < pol->n_rules && censor_rule_active(&pol->rules[rule], era)) {
			state->ruled = true;
			state->rule = (u16)rule;
		}
		add_acts(pol, era, state, flow);
		if (blocked(pol, era, flow, now))
			state->is |= CENSOR_STATE_BLOCKED;
	}
	state->looking = looking_of(state, flow, same);
	return true;
}

void censor_state_block(const struct censor_policy *pol, const struct censor_block *block,
			struct censor_match *match)
{
	const struct censor_rule *rule = &pol->rules[block->rule];

	memset(match, 0, sizeof(*match));
	match->rule = block->rule;
	match->actions = censor_rules_block_does(rule, block->back);
	match->inject = censor_rules_block_injects(rule);
	match->residual = true;
	match->set = -1;
}
