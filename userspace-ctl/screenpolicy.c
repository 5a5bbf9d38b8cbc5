// SPDX-License-Identifier: GPL-2.0
/* What a screen is to know of a policy: what each rule is about, for its row and column. */
#include "ast.h"
#include "engine/inspect.h"
#include "json.h"
#include "jsonshape.h"
#include "screenpolicy.h"
#include "value.h"

/* How much a condition says of a service: names most, then a protocol, then addresses. */
static int weight_of(const struct ast_cond *cond)
{
	if (cond->negate)
		return 0;
	switch (censor_attr_kind(cond->attr)) {
	case CENSOR_KIND_NAMES:
		return 3;
	case CENSOR_KIND_PREFIXES:
		return 1;
	default:
		return cond->attr == CENSOR_ATTR_PROTOCOL ? 2 : 0;
	}
}

static const struct ast_cond *main_cond(const struct ast_rule *rule)
{
	const struct ast_cond *best = NULL;
	u32 i;

	for (i = 0; i < rule->n; i++)
		if (weight_of(&rule->conds[i]) > (best ? weight_of(best) : 0))
			best = &rule->conds[i];
	return best;
}

static void add_protocols(json_t *services, const struct ast_set *set)
{
	u32 i;

	for (i = 0; i < set->n; i++) {
		const char *word = value_range_word(CENSOR_ATTR_PROTOCOL, set->ranges[i].lo,
						    set->ranges[i].hi);

		if (word)
			json_array_append_new(services, json_text(word));
	}
}

/* The same that events name: the set, or the protocol. */
static json_t *services_of(const struct policy_ast *ast, const struct ast_cond *cond)
{
	json_t *services = json_array();
	u32 i;

	for (i = 0; cond && i < cond->n_sets; i++) {
		const struct ast_set *set = &ast->sets[cond->sets[i]];

		if (set->name && *set->name)
			json_array_append_new(services, json_text(set->name));
		else if (cond->attr == CENSOR_ATTR_PROTOCOL)
			add_protocols(services, set);
	}
	return services;
}

static json_t *actions_of(const struct ast_rule *rule)
{
	char words[256] = "";
	size_t len = 0;
	u32 bit;

	for (bit = 0; bit < ARRAY_SIZE(value_action_names) && len < sizeof(words); bit++)
		if (rule->rule.actions >> bit & 1)
			len += (size_t)snprintf(words + len, sizeof(words) - len, "%s%s",
						len ? ", " : "", value_action_names[bit]);
	return json_string(words);
}

static json_t *rule_of(const struct policy_ast *ast, const struct ast_rule *rule)
{
	const struct ast_cond *cond = main_cond(rule);
	json_t *object;

	object = json_pack("{s:o, s:o, s:o, s:o}", "rule", json_text(rule->name),
			   "field", cond ? json_string(censor_attr_name(cond->attr)) : json_null(),
			   "services", services_of(ast, cond), "action", actions_of(rule));
	json_set_in_phases(object, ast, rule);
	return object;
}

json_t *screenpolicy(const struct phases *phases, const struct policy_ast *ast)
{
	json_t *object = phases_json(phases), *rules = json_array();
	u32 i;

	for (i = 0; ast && i < ast->n_rules; i++)
		json_array_append_new(rules, rule_of(ast, &ast->rules[i]));
	json_object_set_new(object, "rules", rules);
	return object;
}
