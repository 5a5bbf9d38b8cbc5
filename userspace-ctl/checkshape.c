// SPDX-License-Identifier: GPL-2.0
/* The phases that a rule names, and the sense of what it does to the later packets of a flow. */
#include "check.h"
#include "value.h"

#define ETHERNET_MTU	1500	/* bytes of the longest packets that are usual */

static const char *next_phase(const void *from, u32 i)
{
	const struct policy_ast *ast = from;

	return i < ast->n_phases ? ast->phases[i].name : NULL;
}

/* A word that is no phase: perhaps an action stands behind them. */
static const char *phase_hint(const struct policy_ast *ast, const struct token *token)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(value_action_names); i++)
		if (token_is(token->text, token->len, value_action_names[i]))
			return "; actions stand before in phase, which ends the rule";
	return ast->n_phases ? "" :
	       "; the policy has none: write as in phase july from 2017-07-18";
}

/* The names of phases into bits. */
void check_phases(struct build *build, struct ast_rule *rule)
{
	struct policy_ast *ast = build->ast;
	u32 phases = 0, index, i;

	for (i = 0; i < rule->n_phases; i++) {
		const struct token *token = &rule->phases[i];
		const char *name = value_text(&ast->arena, token);

		index = table_find(&ast->phase_names, name, strlen(name));
		if (index == TABLE_NONE) {
			check_unknown(build, token, "phase", phase_hint(ast, token), next_phase);
			continue;
		}
		if (index < CENSOR_PHASES_MAX && phases & 1u << index)
			report_error(build->report, token->place, "the phase \"%s\" is there twice",
				     name);
		if (index < CENSOR_PHASES_MAX)
			phases |= 1u << index;
	}
	if (rule->n_phases)
		rule->rule.phases = phases;
}

/* What is done to each later packet of a flow. */
void check_shape(struct build *build, struct ast_rule *rule)
{
	const struct censor_police *police = &rule->rule.police;
	struct report *report = build->report;
	u32 actions = rule->rule.actions;

	if (actions & (CENSOR_DO_POLICE | CENSOR_DO_LOSE | CENSOR_DO_DELAY) &&
	    rule->rule.path == CENSOR_PATH_ON)
		report_error(report, rule->path_place,
			     "a censor that is on-path has copies of packets: it can't police, lose or delay them");
	if (actions & CENSOR_DO_POLICE && rule->given & 1u << AST_BURST &&
	    police->burst < ETHERNET_MTU)
		report_warning(report, rule->burst_place,
			       "packets longer than the burst pass only when none is owed for: most are up to %uB",
			       ETHERNET_MTU);
}
