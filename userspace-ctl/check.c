// SPDX-License-Identifier: GPL-2.0
/* What can be told only when all of a policy is read: the names that it uses, and its sense. */
#include "ast.h"
#include "engine/inspect.h"
#include "value.h"

static const char *const kind_names[] = { "names", "prefixes", "numbers" };

static const char *next_set(const void *from, u32 i)
{
	const struct policy_ast *ast = from;

	if (i >= ast->n_sets)
		return NULL;
	return ast->sets[i].name ? ast->sets[i].name : "";
}

static const char *next_pool(const void *from, u32 i)
{
	const struct policy_ast *ast = from;

	return i < ast->n_pools ? ast->pools[i].name : NULL;
}

static const char *next_inject(const void *from, u32 i)
{
	const struct policy_ast *ast = from;

	return i < ast->n_injects ? ast->injects[i].name : NULL;
}

static void unknown(struct build *build, const struct token *token, const char *what,
		    const char *hint, const char *(*next)(const void *from, u32 i))
{
	const char *near = nearest(token->text, token->len, next, build->ast);

	if (near && *near)
		report_error(build->report, token->place,
			     "no %s is called \"%.*s\"; did you mean \"%s\"?", what, SHOWN(token),
			     near);
	else
		report_error(build->report, token->place, "no %s is called \"%.*s\"%s", what,
			     SHOWN(token), hint);
}

/* The content of a set as bytes, so that equal ones can be found. */
static char *set_content(struct arena *arena, const struct ast_set *set, size_t *len)
{
	size_t size = 1, at = 1;
	char *bytes;
	u32 i;

	for (i = 0; i < set->n; i++)
		size += set->kind == CENSOR_KIND_NAMES ? 2u + set->names[i].len :
			set->kind == CENSOR_KIND_PREFIXES ? sizeof(struct censor_prefix) : 4u;
	bytes = arena_take(arena, size);
	bytes[0] = set->kind;
	for (i = 0; i < set->n; i++) {
		switch (set->kind) {
		case CENSOR_KIND_NAMES:
			bytes[at++] = set->names[i].form;
			bytes[at++] = set->names[i].len;
			memcpy(bytes + at, set->names[i].text, set->names[i].len);
			at += set->names[i].len;
			break;
		case CENSOR_KIND_PREFIXES:
			memcpy(bytes + at, &set->prefixes[i].prefix, sizeof(struct censor_prefix));
			at += sizeof(struct censor_prefix);
			break;
		default:
			memcpy(bytes + at, &set->ranges[i].lo, 2);
			memcpy(bytes + at + 2, &set->ranges[i].hi, 2);
			at += 4;
		}
	}
	*len = size;
	return bytes;
}

/* The literals of one condition become one set, shared with all that have the same. */
static u32 share_set(struct build *build, struct table *contents, struct ast_set *literals)
{
	struct policy_ast *ast = build->ast;
	size_t len;
	char *content = set_content(&ast->arena, literals, &len);
	u32 index = table_find(contents, content, len);
	struct ast_set *set;

	if (index != TABLE_NONE) {
		ast_free_set(literals);
		return index;
	}
	index = ast->n_sets;
	table_add(contents, content, len, index);
	set = ast_add_set(ast, NULL, literals->kind, false);
	*set = *literals;
	if (index == CENSOR_SETS_MAX)
		report_error(build->report, set->place,
			     "a policy has at most %u sets, those written in rules included",
			     CENSOR_SETS_MAX);
	return index;
}

static void cond_add_set(struct ast_cond *cond, u32 index)
{
	u32 i;

	for (i = 0; i < cond->n_sets; i++)
		if (cond->sets[i] == index)
			return;
	memory_grow(cond->sets, cond->n_sets, cond->room_sets);
	cond->sets[cond->n_sets++] = index;
}

static bool looks_literal(u8 kind, const struct token *token)
{
	u32 i;

	if (token->quoted)
		return true;
	for (i = 0; i < token->len; i++) {
		u8 c = token->text[i];

		if (kind == CENSOR_KIND_NAMES && (strchr(".*=", c) || c >= 0x80))
			return true;
		if (kind == CENSOR_KIND_PREFIXES && strchr(".:/", c))
			return true;
	}
	return kind == CENSOR_KIND_NUMBERS && token->len && *token->text >= '0' &&
	       *token->text <= '9';
}

/* A value into the condition's sets or its literals. */
static void resolve_value(struct build *build, struct ast_cond *cond, struct ast_set *literals,
			  const struct ast_value *value)
{
	struct policy_ast *ast = build->ast;
	enum censor_kind kind = censor_attr_kind(cond->attr);
	const struct token *token = &value->token;
	const char *field = censor_attr_name(cond->attr);
	struct ast_set *set;
	int keyword = -1;
	u32 index;

	if (kind == CENSOR_KIND_NUMBERS && !value->set)
		keyword = value_keyword(cond->attr, token->text, token->len);
	index = token->quoted && !value->set ? TABLE_NONE :
		table_find(&ast->set_names, token->text, token->len);
	if (index == TABLE_NONE && keyword >= 0) {
		ast_add_range(literals, keyword, keyword, token->place);
		return;
	}
	if (index == TABLE_NONE && !value->set && looks_literal(kind, token)) {
		/* A word of a number attribute is none of any other's. */
		if (kind == CENSOR_KIND_NUMBERS && cond->attr == CENSOR_ATTR_FROM) {
			report_error(build->report, token->place,
				     "from is inside or outside, not \"%.*s\"", SHOWN(token));
			cond->broken = true;
			return;
		}
		build_entry(build, literals, token);
		return;
	}
	if (index == TABLE_NONE) {
		cond->broken = true;
		if (cond->attr == CENSOR_ATTR_FROM && !value->set) {
			report_error(build->report, token->place,
				     "from is inside or outside, not \"%.*s\"", SHOWN(token));
			return;
		}
		unknown(build, token, "set", kind == CENSOR_KIND_NAMES && !value->set ?
			"; a name or word itself stands in quotes here" : "", next_set);
		return;
	}
	set = &ast->sets[index];
	set->used = true;
	if (set->kind != kind) {
		report_error(build->report, token->place,
			     "the set \"%s\" holds %s, but %s looks in %s", set->name,
			     kind_names[set->kind], field, kind_names[kind]);
		report_note(build->report, set->place, "it is here");
		cond->broken = true;
		return;
	}
	if (kind == CENSOR_KIND_NAMES && set->words != (cond->operator == AST_CONTAINS)) {
		report_error(build->report, token->place, set->words ?
			     "the set \"%s\" holds words: write %s contains %s" :
			     "the set \"%s\" holds names: write %s in %s", set->name, field,
			     set->name);
		report_note(build->report, set->place, "it is here");
		cond->broken = true;
		return;
	}
	cond_add_set(cond, index);
}

static void check_operator(struct build *build, struct ast_cond *cond)
{
	enum censor_kind kind = censor_attr_kind(cond->attr);
	const char *field = censor_attr_name(cond->attr);
	struct report *report = build->report;

	if (cond->operator == AST_CONTAINS && kind != CENSOR_KIND_NAMES) {
		report_error(report, cond->operator_place,
			     "contains is for text; write %s in ...", field);
		cond->broken = true;
	} else if (cond->operator == AST_IS && kind != CENSOR_KIND_NUMBERS) {
		report_error(report, cond->values[0].token.place,
			     kind == CENSOR_KIND_NAMES ?
			     "between %s and what it is compared with stands in or contains" :
			     "between %s and what it is compared with stands in", field);
		cond->broken = true;
	} else if (cond->operator == AST_IS && cond->n_values > 1 &&
		   cond->attr != CENSOR_ATTR_FROM) {
		report_error(report, cond->values[1].token.place,
			     "several values need in: write %s in %.*s, %.*s", field,
			     SHOWN(&cond->values[0].token), SHOWN(&cond->values[1].token));
		cond->broken = true;
	}
}

static void check_cond(struct build *build, struct table *contents, struct ast_cond *cond)
{
	struct ast_set literals = {
		.place = cond->place,
		.kind = censor_attr_kind(cond->attr),
		.words = cond->operator == AST_CONTAINS,
		.used = true,
	};
	u32 i;

	if (cond->broken || !cond->n_values)
		return;
	check_operator(build, cond);
	for (i = 0; i < cond->n_values && !cond->broken; i++)
		resolve_value(build, cond, &literals, &cond->values[i]);
	literals.words = false;
	if (literals.broken || cond->broken || !literals.n) {
		cond->broken |= literals.broken;
		ast_free_set(&literals);
	} else {
		literals.place = cond->values[0].token.place;
		cond_add_set(cond, share_set(build, contents, &literals));
	}
	if (cond->n_sets > CENSOR_COND_SETS_MAX) {
		report_error(build->report, cond->place, "a condition looks in at most %u sets",
			     CENSOR_COND_SETS_MAX);
		cond->broken = true;
	}
}

static bool holds_number(const struct policy_ast *ast, const struct ast_cond *cond, u16 number)
{
	u32 i, j;

	for (i = 0; i < cond->n_sets; i++) {
		const struct ast_set *set = &ast->sets[cond->sets[i]];

		for (j = 0; j < set->n; j++)
			if (number >= set->ranges[j].lo && number <= set->ranges[j].hi)
				return true;
	}
	return false;
}

/* The protocol that a rule's fields and actions need and its proto excludes. */
static void check_proto(struct build *build, struct ast_rule *rule, u32 attrs)
{
	u32 bit_inject = __builtin_ctz(CENSOR_DO_INJECT), i;
	bool inject = rule->rule.actions & CENSOR_DO_INJECT;

	for (i = 0; i < rule->n; i++) {
		const struct ast_cond *cond = &rule->conds[i];
		bool tcp, udp;

		if (cond->attr != CENSOR_ATTR_PROTO || cond->broken)
			continue;
		tcp = holds_number(build->ast, cond, 6) != cond->negate;
		udp = holds_number(build->ast, cond, 17) != cond->negate;
		if (!tcp && inject)
			report_error(build->report, rule->action_places[bit_inject],
				     "inject sends TCP packets, and this rule is not for TCP");
		if (!tcp && attrs & CENSOR_ATTRS_STREAM)
			report_warning(build->report, cond->place,
				       "the rule \"%s\" can never match: its other fields are TCP's",
				       rule->name);
		if (!udp && attrs & CENSOR_ATTRS_DNS)
			report_warning(build->report, cond->place,
				       "the rule \"%s\" can never match: dns.* is read from UDP",
				       rule->name);
	}
}

static void check_actions(struct build *build, struct ast_rule *rule, u32 attrs)
{
	struct place *places = rule->action_places;
	struct report *report = build->report;
	u32 actions = rule->rule.actions;

	if (!actions)
		report_error(report, rule->place,
			     "the rule \"%s\" has no action: log, drop, pass, inject or forge",
			     rule->name);
	if (actions & CENSOR_DO_PASS && actions & ~(CENSOR_DO_PASS | CENSOR_DO_LOG))
		report_error(report, places[__builtin_ctz(CENSOR_DO_PASS)],
			     "a rule that lets pass can't also act; only log goes with pass");
	if (actions & CENSOR_DO_RESIDUAL && !(actions & (CENSOR_DO_INJECT | CENSOR_DO_DROP)))
		report_error(report, places[__builtin_ctz(CENSOR_DO_RESIDUAL)],
			     actions & CENSOR_DO_FORGE ?
			     "forged answers can't go on as residual blocking; it needs inject or drop in the same rule" :
			     "residual goes on with the rule's inject or drop; it has neither");
	if (actions & CENSOR_DO_FORGE && !(attrs & CENSOR_ATTRS_DNS))
		report_error(report, places[__builtin_ctz(CENSOR_DO_FORGE)],
			     "only a rule with a dns.qname or dns.qtype condition can forge answers");
	if (actions & CENSOR_DO_INJECT && attrs & CENSOR_ATTRS_DNS)
		report_error(report, places[__builtin_ctz(CENSOR_DO_INJECT)],
			     "inject sends TCP packets and DNS is over UDP here; use forge or drop");
}

static void check_references(struct build *build, struct ast_rule *rule)
{
	struct policy_ast *ast = build->ast;
	u32 index;

	if (rule->rule.actions & CENSOR_DO_INJECT) {
		const char *name = value_text(&ast->arena, &rule->inject);

		index = table_find(&ast->inject_names, name, strlen(name));
		if (index == TABLE_NONE) {
			unknown(build, &rule->inject, "inject", "", next_inject);
		} else {
			rule->rule.inject = index;
			ast->injects[index].used = true;
		}
	}
	if (rule->rule.actions & CENSOR_DO_FORGE) {
		const char *name = value_text(&ast->arena, &rule->pool);

		index = table_find(&ast->pool_names, name, strlen(name));
		if (index == TABLE_NONE) {
			unknown(build, &rule->pool, "set of answers", "", next_pool);
		} else {
			rule->rule.forge.pool = index;
			ast->pools[index].used = true;
		}
	}
}

static void check_rule(struct build *build, struct table *contents, struct ast_rule *rule)
{
	struct report *report = build->report;
	bool broken = rule->broken;
	u32 attrs = 0, detectors, i;

	for (i = 0; i < rule->n; i++) {
		struct ast_cond *cond = &rule->conds[i];

		check_cond(build, contents, cond);
		broken |= cond->broken;
		if (cond->broken)
			continue;
		attrs |= CENSOR_ATTR_BIT(cond->attr);
		if (cond->attr == CENSOR_ATTR_FROM && !build->ast->n_inside)
			report_error(report, cond->place,
				     "from needs the censor to say what is inside, as in: inside 192.0.2.0/24");
	}
	check_references(build, rule);
	if (broken)
		return;
	if (!rule->n)
		report_error(report, rule->place, "the rule \"%s\" has no condition", rule->name);
	detectors = !!(attrs & CENSOR_ATTRS_DNS) + !!(attrs & CENSOR_ATTRS_HTTP) +
		    !!(attrs & CENSOR_ATTRS_TLS);
	if (detectors > 1)
		report_error(report, rule->place,
			     "no packet is two of DNS, HTTP and TLS at once: the rule \"%s\" can never match",
			     rule->name);
	check_actions(build, rule, attrs);
	check_proto(build, rule, attrs);
}

static void check_parts(struct build *build)
{
	struct policy_ast *ast = build->ast;
	struct report *report = build->report;
	u32 i, j;

	for (i = 0; i < ast->n_sets; i++)
		if (!ast->sets[i].n && !ast->sets[i].broken)
			report_error(report, ast->sets[i].place, "the set \"%s\" is empty",
				     ast->sets[i].name);
	for (i = 0; i < ast->n_pools; i++)
		if (!ast->pools[i].n && !ast->pools[i].broken)
			report_error(report, ast->pools[i].place,
				     "the set of answers \"%s\" is empty", ast->pools[i].name);
	for (i = 0; i < ast->n_injects; i++) {
		const struct ast_inject *inject = &ast->injects[i];

		if (!inject->n && !inject->broken)
			report_error(report, inject->place, "the inject \"%s\" has no packet",
				     inject->name);
		for (j = 0; j < inject->n && !inject->broken; j++)
			if (inject->packets[j].packet.n_seq > inject->packets[j].packet.copies)
				report_error(report, inject->packets[j].place,
					     "there are %u sequence offsets for %u %s",
					     inject->packets[j].packet.n_seq,
					     inject->packets[j].packet.copies,
					     inject->packets[j].packet.copies > 1 ? "copies" :
					     "copy");
	}
}

static void warn_unused(struct build *build)
{
	struct policy_ast *ast = build->ast;
	struct report *report = build->report;
	u32 i;

	if (!ast->n_rules)
		report_warning(report, ast->place, "the censor \"%s\" has no rule", ast->name);
	for (i = 0; i < ast->n_sets; i++)
		if (!ast->sets[i].used)
			report_warning(report, ast->sets[i].place, "no rule uses the set \"%s\"",
				       ast->sets[i].name);
	for (i = 0; i < ast->n_pools; i++)
		if (!ast->pools[i].used)
			report_warning(report, ast->pools[i].place,
				       "no rule uses the answers \"%s\"", ast->pools[i].name);
	for (i = 0; i < ast->n_injects; i++)
		if (!ast->injects[i].used)
			report_warning(report, ast->injects[i].place,
				       "no rule uses the inject \"%s\"", ast->injects[i].name);
}

void check_policy(struct build *build)
{
	struct policy_ast *ast = build->ast;
	struct table contents = {};
	u32 i;

	check_parts(build);
	for (i = 0; i < ast->n_rules; i++)
		check_rule(build, &contents, &ast->rules[i]);
	table_free(&contents);
	if (!build->report->errors)
		warn_unused(build);
}
