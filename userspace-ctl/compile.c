// SPDX-License-Identifier: GPL-2.0
/* From the AST to the policy that the engine runs. */
#include "ast.h"
#include "modelblock.h"

/* What is being added, so that a refusal can be shown where it stands. */
struct compile {
	const struct policy_ast *ast;
	struct report *report;
	struct censor_policy *pol;
	const char *why;
	struct place place;
};

static int compile_set(struct compile *compile, const struct ast_set *set)
{
	struct censor_policy *pol = compile->pol;
	const char **why = &compile->why;
	int index, err = 0;
	u32 i;

	compile->place = set->place;
	index = censor_policy_add_set(pol, set->name ? set->name : "", set->kind, set->words, why);
	if (index < 0)
		return index;
	for (i = 0; i < set->n && !err; i++) {
		switch (set->kind) {
		case CENSOR_KIND_NAMES:
			compile->place = set->names[i].place;
			err = censor_policy_add_name(pol, index, set->names[i].form,
						     set->names[i].text, set->names[i].len, why);
			break;
		case CENSOR_KIND_PREFIXES:
			compile->place = set->prefixes[i].place;
			err = censor_policy_add_prefix(pol, index, &set->prefixes[i].prefix, why);
			break;
		default:
			compile->place = set->ranges[i].place;
			err = censor_policy_add_numbers(pol, index, set->ranges[i].lo,
							set->ranges[i].hi, why);
		}
	}
	return err;
}

static int compile_pool(struct compile *compile, const struct ast_pool *pool)
{
	int index, err = 0;
	u32 i;

	compile->place = pool->place;
	index = censor_policy_add_pool(compile->pol, pool->name, &compile->why);
	if (index < 0)
		return index;
	for (i = 0; i < pool->n && !err; i++) {
		const struct censor_prefix *address = &pool->addresses[i].prefix;

		compile->place = pool->addresses[i].place;
		err = censor_policy_add_address(compile->pol, index, address->family,
						address->addr, &compile->why);
	}
	return err;
}

static int compile_page(struct compile *compile, const struct ast_page *page)
{
	int index;

	compile->place = page->place;
	index = censor_policy_add_page(compile->pol, page->name, &compile->why);
	return index < 0 ? index : censor_policy_add_page_data(compile->pol, index, page->data,
							       page->n, &compile->why);
}

static int compile_hours(struct compile *compile, const struct ast_hours *written)
{
	struct censor_hours hours = written->hours;
	int index;

	compile->place = written->place;
	snprintf(hours.name, sizeof(hours.name), "%s", written->name);
	index = censor_policy_add_hours(compile->pol, &hours, &compile->why);
	return index < 0 ? index : 0;
}

static int compile_load(struct compile *compile, const struct ast_load *written)
{
	struct censor_load load = written->load;
	int index;

	compile->place = written->place;
	snprintf(load.name, sizeof(load.name), "%s", written->name);
	index = censor_policy_add_load(compile->pol, &load, &compile->why);
	return index < 0 ? index : 0;
}

static int compile_phase(struct compile *compile, const struct ast_phase *written)
{
	struct censor_phase phase = written->phase;
	int index;

	compile->place = written->place;
	snprintf(phase.name, sizeof(phase.name), "%s", written->name);
	index = censor_policy_add_phase(compile->pol, &phase, &compile->why);
	return index < 0 ? index : 0;
}

/* A delay where there is one; @number is set to 1 + its index. */
static int compile_delay(struct compile *compile, const struct censor_delay *delay, u16 *number)
{
	int index;

	*number = CENSOR_NO_DELAY;
	if (!delay->n)
		return 0;
	index = censor_policy_add_delay(compile->pol, delay, &compile->why);
	if (index < 0)
		return index;
	*number = 1 + index;
	return 0;
}

static int compile_inject(struct compile *compile, const struct ast_inject *written)
{
	struct censor_inject inject = {};
	u32 i;
	int err;

	compile->place = written->place;
	snprintf(inject.name, sizeof(inject.name), "%s", written->name);
	for (i = 0; i < written->n && i < CENSOR_PACKETS_MAX; i++)
		inject.packets[i] = written->packets[i].packet;
	inject.n_packets = i;
	err = compile_delay(compile, &written->delay, &inject.delay);
	if (!err)
		err = compile_delay(compile, &written->gap, &inject.gap);
	if (!err)
		err = censor_policy_add_inject(compile->pol, &inject, &compile->why);
	return err < 0 ? err : 0;
}

static int compile_rule(struct compile *compile, const struct ast_rule *written)
{
	struct censor_rule rule = written->rule;
	u32 i, j;
	int err;

	compile->place = written->place;
	snprintf(rule.name, sizeof(rule.name), "%s", written->name);
	err = compile_delay(compile, &written->onset, &rule.residual.onset);
	if (!err)
		err = compile_delay(compile, &written->forge_delay, &rule.forge.delay);
	if (!err)
		err = compile_delay(compile, &written->hold, &rule.hold.delay);
	if (!err && written->alias) {
		err = censor_policy_add_alias(compile->pol, written->alias, &compile->why);
		rule.forge.alias = err < 0 ? CENSOR_NO_ALIAS : 1 + err;
	}
	if (err >= 0)
		err = censor_policy_add_rule(compile->pol, &rule, &compile->why);
	for (i = 0; i < written->n && err >= 0; i++) {
		const struct ast_cond *cond = &written->conds[i];
		u16 sets[CENSOR_COND_SETS_MAX];

		for (j = 0; j < cond->n_sets && j < CENSOR_COND_SETS_MAX; j++)
			sets[j] = cond->sets[j];
		compile->place = cond->place;
		err = censor_policy_add_cond(compile->pol, cond->attr, cond->negate, sets, j,
					     &compile->why);
	}
	return err < 0 ? err : 0;
}

/* What the policy says of the censor as a whole. */
static int compile_censor(struct compile *compile)
{
	const struct policy_ast *ast = compile->ast;
	struct censor_policy *pol = compile->pol;
	int err;
	u32 i;

	compile->place = ast->place;
	pol->seed = ast->seed;
	err = censor_policy_set_name(pol, ast->name, &compile->why);
	if (!err)
		err = censor_policy_set_clock(pol, ast->clock, &compile->why);
	if (!err && ast->model_given[MODEL_TCP]) {
		compile->place = ast->model_places[MODEL_TCP];
		err = censor_policy_set_tcp(pol, &ast->tcp, &compile->why);
	}
	if (!err && ast->model_given[MODEL_IP]) {
		compile->place = ast->model_places[MODEL_IP];
		err = censor_policy_set_ip(pol, &ast->ip, &compile->why);
	}
	if (!err && ast->model_given[MODEL_DETECT]) {
		compile->place = ast->model_places[MODEL_DETECT];
		err = censor_policy_set_detect(pol, &ast->detect, &compile->why);
	}
	for (i = 0; i < ast->n_inside && !err; i++) {
		compile->place = ast->inside[i].place;
		err = censor_policy_add_inside(pol, &ast->inside[i].prefix, &compile->why);
	}
	return err;
}

static int compile_all(struct compile *compile)
{
	const struct policy_ast *ast = compile->ast;
	int err, where;
	u32 i;

	err = compile_censor(compile);
	for (i = 0; i < ast->n_sets && !err; i++)
		err = compile_set(compile, &ast->sets[i]);
	for (i = 0; i < ast->n_pools && !err; i++)
		err = compile_pool(compile, &ast->pools[i]);
	for (i = 0; i < ast->n_pages && !err; i++)
		err = compile_page(compile, &ast->pages[i]);
	for (i = 0; i < ast->n_hours && !err; i++)
		err = compile_hours(compile, &ast->hours[i]);
	for (i = 0; i < ast->n_loads && !err; i++)
		err = compile_load(compile, &ast->loads[i]);
	for (i = 0; i < ast->n_phases && !err; i++)
		err = compile_phase(compile, &ast->phases[i]);
	for (i = 0; i < ast->n_injects && !err; i++)
		err = compile_inject(compile, &ast->injects[i]);
	for (i = 0; i < ast->n_rules && !err; i++)
		err = compile_rule(compile, &ast->rules[i]);
	if (err)
		return err;
	compile->place = ast->place;
	err = censor_policy_seal(compile->pol, &where, &compile->why);
	if (err && where >= 0)
		compile->place = ast->rules[where].place;
	return err;
}

struct censor_policy *policy_compile(const struct policy_ast *ast, struct report *report)
{
	struct compile compile = {
		.ast = ast,
		.report = report,
		.why = "out of memory",
		.pol = censor_policy_create(SIZE_MAX),
	};

	if (compile.pol && !compile_all(&compile))
		return compile.pol;
	report_error(report, compile.place, "%s", compile.why);
	if (compile.pol)
		censor_policy_destroy(compile.pol);
	return NULL;
}
