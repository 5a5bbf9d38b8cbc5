// SPDX-License-Identifier: GPL-2.0
/* A rule as it is written, into the AST. */
#include "build.h"
#include "delay.h"
#include "engine/protocol.h"
#include "value.h"

struct ast_rule *build_rule(struct build *build, const struct token *name)
{
	struct policy_ast *ast = build->ast;
	const char *text = build_declare(build, &ast->rule_names, name, "a rule", ast->n_rules,
				   ast->rules, sizeof(*ast->rules));
	struct ast_rule *rule = ast_add_rule(ast, text);

	rule->place = name->place;
	build_limit(build, name->place, ast->n_rules, CENSOR_RULES_MAX, "rules");
	return rule;
}

struct ast_cond *build_cond(struct build *build, struct ast_rule *rule, const struct token *attr)
{
	struct ast_cond *cond = ast_add_cond(rule);
	int number = value_attr(build->report, attr);

	cond->place = attr->place;
	cond->broken = number < 0;
	cond->attr = number < 0 ? 0 : number;
	if (rule->n == CENSOR_CONDS_MAX + 1)
		report_error(build->report, attr->place, "a rule has at most %u conditions",
			     CENSOR_CONDS_MAX);
	return cond;
}

void build_value(struct ast_cond *cond, const struct token *value, bool set)
{
	memory_grow(cond->values, cond->n_values, cond->room_values);
	cond->values[cond->n_values++] = (struct ast_value){ .token = *value, .set = set };
}

void build_confidence(struct build *build, struct ast_cond *cond, const struct token *word)
{
	u8 number;

	if (value_choice(build->report, word, "confidence", value_confidence_names, &number))
		cond->confidence = CENSOR_CONFIDENCE_GUESS + number;
	else
		cond->broken = true;
	cond->confidence_place = word->place;
}

void build_action(struct build *build, struct ast_rule *rule, u32 bit, const struct token *at)
{
	u32 number = __builtin_ctz(bit);

	if (rule->rule.actions & bit) {
		report_error(build->report, at->place, "%s is there twice in one rule",
			     value_action_names[number]);
		report_note(build->report, rule->action_places[number], "it is here");
		return;
	}
	rule->rule.actions |= bit;
	rule->action_places[number] = at->place;
}

void build_forge_option(struct build *build, struct ast_rule *rule, enum ast_option option,
			const struct token *value, bool cyclic)
{
	struct censor_forge *forge = &rule->rule.forge;
	struct report *report = build->report;
	bool good = true;
	u32 number;

	build_once(build, &rule->given, option, value);
	switch (option) {
	case AST_TTL:
		good = value_range(report, value, "the TTL of an answer", 0, 0x7fffffff,
				   &forge->ttl_lo, &forge->ttl_hi);
		break;
	case AST_IP_TTL:
		good = value_field(report, value, "an IP TTL", 1, 255, true, cyclic,
				   &forge->ip_ttl);
		break;
	case AST_IP_ID:
		good = value_field(report, value, "an IP ID", 0, 65535, true, cyclic,
				   &forge->ip_id);
		break;
	case AST_DF:
		good = value_switch(report, value, "df", &forge->df);
		break;
	case AST_COUNT:
		good = value_integer(report, value, "the number of answers", 1,
				     CENSOR_ANSWERS_MAX, &number);
		if (good)
			forge->count = number;
		break;
	default:
		forge->aa = true;
	}
	if (!good)
		rule->broken = true;
}

void build_lie(struct build *build, struct ast_rule *rule, enum censor_lie lie,
	       const struct token *alias)
{
	rule->rule.forge.lie = lie;
	rule->rule.forge.pool = CENSOR_NO_POOL;
	if (alias)
		rule->alias = value_alias(build->report, &build->ast->arena, alias);
	if (alias && !rule->alias)
		rule->broken = true;
}

void build_order(struct build *build, struct ast_rule *rule, const struct token *at,
		 const struct token *cursors)
{
	u32 number = 1;

	build_once(build, &rule->given, AST_ORDER, at);
	rule->rule.forge.in_order = true;
	if (cursors && !value_integer(build->report, cursors, "the number of cursors", 1,
				      CENSOR_CURSORS_MAX, &number))
		rule->broken = true;
	rule->rule.forge.cursors = number;
}

void build_residual(struct build *build, struct ast_rule *rule, const struct token *time,
		    const struct token *tuple)
{
	if (!value_duration(build->report, time, &rule->rule.residual.ms) ||
	    !value_tuple(build->report, tuple, &rule->rule.residual.tuple))
		rule->broken = true;
}

void build_forge_delay(struct build *build, struct ast_rule *rule, const struct token *at,
		       const struct token *words, u32 n)
{
	build_once(build, &rule->given, AST_DELAY, at);
	if (!value_delay(build->report, at->place, words, n, &rule->forge_delay))
		rule->broken = true;
}

void build_drop_to(struct build *build, struct ast_rule *rule, const struct token *to)
{
	if (!value_to(build->report, to, &rule->rule.drop_to))
		rule->broken = true;
}

void build_rewrite(struct build *build, struct ast_rule *rule, const struct token *flags,
		   const struct token *to)
{
	if (!value_flags(build->report, flags, &rule->rule.rewrite_flags) ||
	    (to && !value_to(build->report, to, &rule->rule.rewrite_to))) {
		rule->broken = true;
	} else if (!rule->rule.rewrite_flags) {
		report_error(build->report, flags->place,
			     "a packet is rewritten to some TCP flags, as in: rewrite rst+ack");
		rule->broken = true;
	}
}

void build_freeze(struct build *build, struct ast_rule *rule, const struct token *amount,
		  const struct token *unit)
{
	if (!value_freeze(build->report, amount, unit, &rule->rule.freeze))
		rule->broken = true;
}

bool build_probability(struct build *build, const struct token *chance, u16 *of)
{
	if (!value_chance(build->report, chance, of))
		return false;
	if (*of)
		return true;
	report_error(build->report, chance->place,
		     "with a probability of 0%% it would never act; leave the rule out, or write more");
	return false;
}

void build_residual_option(struct build *build, struct ast_rule *rule, enum ast_option option,
			   const struct token *at, const struct token *value)
{
	struct censor_residual *residual = &rule->rule.residual;
	bool good = true;

	build_once(build, &rule->given, option, at);
	switch (option) {
	case AST_BOTH:
		residual->both = true;
		break;
	case AST_REARM:
		good = value_choice(build->report, value, "rearm", value_rearm_names,
				    &residual->rearm);
		break;
	case AST_RESIDUAL_CHANCE:
		good = build_probability(build, value, &residual->chance);
		break;
	default:
		residual->act = value ? CENSOR_RESIDUAL_INJECT : CENSOR_RESIDUAL_DROP;
		if (value)
			rule->residual_inject = *value;
	}
	if (!good)
		rule->broken = true;
}

void build_residual_after(struct build *build, struct ast_rule *rule, const struct token *at,
			  const struct token *words, u32 n)
{
	build_once(build, &rule->given, AST_AFTER, at);
	if (!value_delay(build->report, at->place, words, n, &rule->onset))
		rule->broken = true;
}

void build_path(struct build *build, struct ast_rule *rule, enum censor_path path,
		const struct token *at)
{
	build_once(build, &rule->given, AST_PATH, at);
	rule->rule.path = path;
	rule->path_place = at->place;
}

void build_chance(struct build *build, struct ast_rule *rule, const struct token *at,
		  const struct token *chance)
{
	build_once(build, &rule->given, AST_CHANCE, at);
	if (!build_probability(build, chance, &rule->rule.chance.of))
		rule->broken = true;
}

void build_chance_by(struct build *build, struct ast_rule *rule, const struct token *tuple)
{
	if (!value_tuple(build->report, tuple, &rule->rule.chance.tuple))
		rule->broken = true;
}

void build_chance_table(struct build *build, struct ast_rule *rule, enum ast_option option,
			const struct token *name)
{
	build_once(build, &rule->given, option, name);
	if (option == AST_HOURS)
		rule->hours = *name;
	else
		rule->load = *name;
}
