// SPDX-License-Identifier: GPL-2.0
#include "ast.h"

struct policy_ast *ast_create(void)
{
	struct policy_ast *ast = memory_zeroed(1, sizeof(*ast));

	ast->name = "";
	ast->seed = 1;
	ast->clock = 1;
	censor_tcp_default(&ast->tcp);
	censor_ip_default(&ast->ip);
	censor_detect_default(&ast->detect);
	return ast;
}

struct ast_set *ast_add_set(struct policy_ast *ast, const char *name, u8 kind, bool words)
{
	struct ast_set *set;

	memory_grow(ast->sets, ast->n_sets, ast->room_sets);
	set = memset(&ast->sets[ast->n_sets++], 0, sizeof(*set));
	set->name = name;
	set->kind = kind;
	set->words = words;
	return set;
}

void ast_add_name(struct ast_set *set, u8 form, const char *text, u8 len, struct place place)
{
	memory_grow(set->names, set->n, set->room);
	set->names[set->n++] = (struct ast_name){
		.place = place, .text = text, .form = form, .len = len,
	};
}

void ast_add_prefix(struct ast_set *set, const struct censor_prefix *prefix, struct place place)
{
	memory_grow(set->prefixes, set->n, set->room);
	set->prefixes[set->n++] = (struct ast_prefix){ .place = place, .prefix = *prefix };
}

void ast_add_range(struct ast_set *set, u16 lo, u16 hi, struct place place)
{
	memory_grow(set->ranges, set->n, set->room);
	set->ranges[set->n++] = (struct ast_range){ .place = place, .lo = lo, .hi = hi };
}

void ast_free_set(struct ast_set *set)
{
	free(set->names);
	free(set->prefixes);
	free(set->ranges);
	ast_free_encodings(set);
}

struct ast_pool *ast_add_pool(struct policy_ast *ast, const char *name)
{
	struct ast_pool *pool;

	memory_grow(ast->pools, ast->n_pools, ast->room_pools);
	pool = memset(&ast->pools[ast->n_pools++], 0, sizeof(*pool));
	pool->name = name;
	return pool;
}

void ast_add_address(struct ast_pool *pool, const struct censor_prefix *prefix,
		     struct place place)
{
	memory_grow(pool->addresses, pool->n, pool->room);
	pool->addresses[pool->n++] = (struct ast_prefix){ .place = place, .prefix = *prefix };
}

struct ast_page *ast_add_page(struct policy_ast *ast, const char *name)
{
	struct ast_page *page;

	memory_grow(ast->pages, ast->n_pages, ast->room_pages);
	page = memset(&ast->pages[ast->n_pages++], 0, sizeof(*page));
	page->name = name;
	return page;
}

void ast_add_bytes(struct ast_page *page, const void *data, u32 len)
{
	if (len > page->room - page->n) {
		page->room = page->n + len + page->room;
		page->data = memory_resized(page->data, page->room, 1);
	}
	if (len)
		memcpy(page->data + page->n, data, len);
	page->n += len;
}

struct ast_hours *ast_add_hours(struct policy_ast *ast, const char *name)
{
	struct ast_hours *hours;

	memory_grow(ast->hours, ast->n_hours, ast->room_hours);
	hours = memset(&ast->hours[ast->n_hours++], 0, sizeof(*hours));
	hours->name = name;
	return hours;
}

struct ast_load *ast_add_load(struct policy_ast *ast, const char *name)
{
	struct ast_load *load;

	memory_grow(ast->loads, ast->n_loads, ast->room_loads);
	load = memset(&ast->loads[ast->n_loads++], 0, sizeof(*load));
	load->name = name;
	return load;
}

struct ast_phase *ast_add_phase(struct policy_ast *ast, const char *name)
{
	struct ast_phase *phase;

	memory_grow(ast->phases, ast->n_phases, ast->room_phases);
	phase = memset(&ast->phases[ast->n_phases++], 0, sizeof(*phase));
	phase->name = name;
	phase->phase.from = CENSOR_NO_DATE;
	phase->phase.until = CENSOR_NO_DATE;
	return phase;
}

struct ast_inject *ast_add_inject(struct policy_ast *ast, const char *name)
{
	struct ast_inject *inject;

	memory_grow(ast->injects, ast->n_injects, ast->room_injects);
	inject = memset(&ast->injects[ast->n_injects++], 0, sizeof(*inject));
	inject->name = name;
	return inject;
}

struct ast_packet *ast_add_packet(struct ast_inject *inject)
{
	struct ast_packet *packet;

	memory_grow(inject->packets, inject->n, inject->room);
	packet = memset(&inject->packets[inject->n++], 0, sizeof(*packet));
	packet->packet = (struct censor_packet){
		.to = CENSOR_TO_CLIENT | CENSOR_TO_SERVER,
		.copies = 1,
		.ttl = { .lo = 64, .hi = 64 },
		.n_seq = 1,
		.segment = SEGMENT_DEFAULT,
	};
	return packet;
}

struct ast_rule *ast_add_rule(struct policy_ast *ast, const char *name)
{
	struct ast_rule *rule;

	memory_grow(ast->rules, ast->n_rules, ast->room_rules);
	rule = memset(&ast->rules[ast->n_rules++], 0, sizeof(*rule));
	rule->name = name;
	rule->rule.forge = (struct censor_forge){
		.cursors = 1,
		.count = 1,
		.ttl_lo = 300, .ttl_hi = 300,
		.ip_ttl = { .lo = 64, .hi = 64 },
		.ip_id = { .lo = 0, .hi = 65535 },
	};
	rule->rule.drop_to = CENSOR_TO_BOTH;
	rule->rule.rewrite_to = CENSOR_TO_CLIENT;
	rule->rule.chance.of = CENSOR_CERTAIN;
	rule->rule.phases = CENSOR_PHASES_ALL;
	rule->rule.residual.chance = CENSOR_CERTAIN;
	rule->rule.phases = CENSOR_PHASES_ALL;
	rule->rule.police.to = CENSOR_TO_BOTH;
	rule->rule.lose.to = CENSOR_TO_BOTH;
	rule->rule.hold.to = CENSOR_TO_BOTH;
	rule->rule.mark.mask = UINT32_MAX;
	return rule;
}

struct ast_cond *ast_add_cond(struct ast_rule *rule)
{
	memory_grow(rule->conds, rule->n, rule->room);
	return memset(&rule->conds[rule->n++], 0, sizeof(*rule->conds));
}

void policy_free(struct policy_ast *ast)
{
	u32 i, j;

	if (!ast)
		return;
	for (i = 0; i < ast->n_sets; i++)
		ast_free_set(&ast->sets[i]);
	for (i = 0; i < ast->n_pools; i++)
		free(ast->pools[i].addresses);
	for (i = 0; i < ast->n_pages; i++)
		free(ast->pages[i].data);
	for (i = 0; i < ast->n_injects; i++)
		free(ast->injects[i].packets);
	for (i = 0; i < ast->n_rules; i++) {
		for (j = 0; j < ast->rules[i].n; j++) {
			free(ast->rules[i].conds[j].values);
			free(ast->rules[i].conds[j].sets);
		}
		free(ast->rules[i].conds);
		free(ast->rules[i].phases);
	}
	free(ast->inside);
	free(ast->sets);
	free(ast->pools);
	free(ast->pages);
	free(ast->hours);
	free(ast->loads);
	free(ast->phases);
	free(ast->injects);
	free(ast->rules);
	table_free(&ast->set_names);
	table_free(&ast->pool_names);
	table_free(&ast->page_names);
	table_free(&ast->hours_names);
	table_free(&ast->load_names);
	table_free(&ast->phase_names);
	table_free(&ast->inject_names);
	table_free(&ast->rule_names);
	arena_free(&ast->arena);
	free(ast);
}
