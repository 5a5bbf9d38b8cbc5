// SPDX-License-Identifier: GPL-2.0
/* Parts of a policy as JSON: phases, and what a rule does to the later packets of a flow. */
#include "dates.h"
#include "delay.h"
#include "json.h"
#include "jsonshape.h"
#include "print.h"
#include "value.h"

json_t *json_of_phase(const char *name, const struct censor_phase *phase)
{
	json_t *object = json_pack("{s:o}", "name", json_text(name));
	char date[DATE_SIZE];

	if (*phase->title)
		json_object_set_new(object, "title", json_text(phase->title));
	if (phase->from != CENSOR_NO_DATE)
		json_object_set_new(object, "from", json_string(date_print(phase->from, date)));
	if (phase->until != CENSOR_NO_DATE)
		json_object_set_new(object, "to", json_string(date_print(phase->until, date)));
	return object;
}

void json_set_phases(json_t *object, const struct policy_ast *ast)
{
	json_t *phases;
	u32 i;

	if (!ast->n_phases)
		return;
	phases = json_array();
	for (i = 0; i < ast->n_phases; i++)
		json_array_append_new(phases, json_of_phase(ast->phases[i].name,
							    &ast->phases[i].phase));
	json_object_set_new(object, "phases", phases);
}

void json_set_in_phases(json_t *object, const struct policy_ast *ast, const struct ast_rule *rule)
{
	json_t *names;
	u32 i;

	if (rule->rule.phases == CENSOR_PHASES_ALL)
		return;
	names = json_array();
	for (i = 0; i < ast->n_phases && i < CENSOR_PHASES_MAX; i++)
		if (rule->rule.phases & 1u << i)
			json_array_append_new(names, json_text(ast->phases[i].name));
	json_object_set_new(object, "phases", names);
}

void json_set_shape(json_t *object, const struct ast_rule *written)
{
	const struct censor_rule *rule = &written->rule;
	const struct censor_police *police = &rule->police;
	char buf[DELAY_SIZE];

	if (rule->actions & CENSOR_DO_LOG && rule->sample)
		json_object_set_new(object, "sample",
				    json_string(print_chance(rule->sample, buf)));
	if (rule->actions & CENSOR_DO_POLICE)
		json_object_set_new(object, "police", json_pack("{s:I, s:I, s:s, s:s}",
			"rate", (json_int_t)police->rate, "burst", (json_int_t)police->burst,
			"per", value_per_names[police->per % CENSOR_PERS],
			"to", value_to_names[police->to & 3]));
	if (rule->actions & CENSOR_DO_LOSE)
		json_object_set_new(object, "lose", json_pack("{s:s, s:s}",
			"chance", print_chance(rule->lose.chance, buf),
			"to", value_to_names[rule->lose.to & 3]));
	if (rule->actions & CENSOR_DO_DELAY)
		json_object_set_new(object, "delay", json_pack("{s:s, s:s}",
			"time", print_delay(&written->hold, buf),
			"to", value_to_names[rule->hold.to & 3]));
	if (rule->actions & CENSOR_DO_MARK)
		json_object_set_new(object, "mark", json_pack("{s:I, s:I}",
			"value", (json_int_t)rule->mark.value,
			"mask", (json_int_t)rule->mark.mask));
}

void json_set_counters(json_t *object, const struct counters *counters)
{
	json_object_set_new(object, "hits", json_integer(counters->hits));
	json_object_set_new(object, "packets", json_integer(counters->packets));
	json_object_set_new(object, "bytes", json_integer(counters->bytes));
	json_object_set_new(object, "lost_packets", json_integer(counters->lost_packets));
	json_object_set_new(object, "lost_bytes", json_integer(counters->lost_bytes));
}
