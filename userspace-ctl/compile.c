// SPDX-License-Identifier: GPL-2.0
/* From the AST to the policy that the engine runs. */
#include "ast.h"

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

static int compile_inject(struct compile *compile, const struct ast_inject *written)
{
	struct censor_inject inject = {};
	u32 i;
	int index;

	compile->place = written->place;
	snprintf(inject.name, sizeof(inject.name), "%s", written->name);
	for (i = 0; i < written->n && i < CENSOR_PACKETS_MAX; i++)
		inject.packets[i] = written->packets[i].packet;
	inject.n_packets = i;
	index = censor_policy_add_inject(compile->pol, &inject, &compile->why);
	return index < 0 ? index : 0;
}

static int compile_rule(struct compile *compile, const struct ast_rule *written)
{
	struct censor_rule rule = written->rule;
	u32 i, j;
	int err;

	compile->place = written->place;
	snprintf(rule.name, sizeof(rule.name), "%s", written->name);
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

static int compile_all(struct compile *compile)
{
	const struct policy_ast *ast = compile->ast;
	int err, where;
	u32 i;

	compile->place = ast->place;
	compile->pol->seed = ast->seed;
	err = censor_policy_set_name(compile->pol, ast->name, &compile->why);
	for (i = 0; i < ast->n_inside && !err; i++) {
		compile->place = ast->inside[i].place;
		err = censor_policy_add_inside(compile->pol, &ast->inside[i].prefix,
					       &compile->why);
	}
	for (i = 0; i < ast->n_sets && !err; i++)
		err = compile_set(compile, &ast->sets[i]);
	for (i = 0; i < ast->n_pools && !err; i++)
		err = compile_pool(compile, &ast->pools[i]);
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
