// SPDX-License-Identifier: GPL-2.0
/* What is written, into the AST: the same for text and for JSON. */
#include <ctype.h>

#include "ast.h"
#include "value.h"

/*
 * The name of a part.
 * @plain: it needs to be known from a quoted literal, so it can't need quotes itself
 * Return: NULL if it was refused
 */
static const char *read_name(struct build *build, const struct token *token, bool plain)
{
	const char *text = value_text(&build->ast->arena, token);
	size_t len = strlen(text), i;

	if (!len) {
		report_error(build->report, token->place, "a name is empty");
		return NULL;
	}
	if (len >= CENSOR_NAME_MAX) {
		report_error(build->report, token->place,
			     "a name of %zu bytes: at most %u are possible here", len,
			     CENSOR_NAME_MAX - 1);
		return NULL;
	}
	for (i = 0; i < len; i++) {
		u8 c = text[i];

		if (c < ' ' || c == 0x7f || c == '"') {
			report_error(build->report, token->place,
				     "a name has a control character or a quote in it");
			return NULL;
		}
		if ((plain || !token->quoted) && !isalnum(c) && (!i || !strchr("._-", c))) {
			report_error(build->report, token->place,
				     "a name is made of letters, digits, dots, - and _ and begins with a letter or digit%s",
				     plain ? "" : "; other names stand in quotes");
			return NULL;
		}
	}
	return text;
}

/*
 * The name of a new part, into its table.
 * Return: the name; "" if it was refused, so that the part can be read on all the same
 */
static const char *declare(struct build *build, struct table *table, const struct token *token,
			   const char *what, u32 index, const void *parts, size_t stride)
{
	const char *name = read_name(build, token, table == &build->ast->set_names);
	u32 first;

	if (!name)
		return "";
	first = table_find(table, name, strlen(name));
	if (first != TABLE_NONE) {
		/* The place comes first in all of them. */
		const struct place *place = (const void *)((const char *)parts + first * stride);

		report_error(build->report, token->place, "there is already %s called \"%s\"",
			     what, name);
		report_note(build->report, *place, "it is here");
		return name;
	}
	table_add(table, name, strlen(name), index);
	return name;
}

/* Too many of something are told once, where they begin to be too many. */
static void limit(struct build *build, struct place place, u32 n, u32 most, const char *what)
{
	if (n == most + 1)
		report_error(build->report, place, "a policy has at most %u %s", most, what);
}

void build_policy_name(struct build *build, const struct token *name)
{
	const char *text = read_name(build, name, false);

	build->ast->place = name->place;
	if (text)
		build->ast->name = text;
}

void build_seed(struct build *build, const struct token *value)
{
	if (build->ast->seeded)
		report_error(build->report, value->place, "the seed is given twice");
	build->ast->seeded = true;
	value_u64(build->report, value, &build->ast->seed);
}

void build_inside(struct build *build, const struct token *value)
{
	struct policy_ast *ast = build->ast;
	struct censor_prefix prefix;

	if (!value_prefix(build->report, value, &prefix))
		return;
	memory_grow(ast->inside, ast->n_inside, ast->room_inside);
	ast->inside[ast->n_inside++] = (struct ast_prefix){
		.place = value->place, .prefix = prefix,
	};
	limit(build, value->place, ast->n_inside, CENSOR_INSIDE_MAX, "prefixes inside");
}

struct ast_set *build_set(struct build *build, u8 kind, bool words, const struct token *name)
{
	static const char *const taken[] = { "and", "not", "in", "contains" };
	struct policy_ast *ast = build->ast;
	const char *text = declare(build, &ast->set_names, name, "a set", ast->n_sets, ast->sets,
				   sizeof(*ast->sets));
	struct ast_set *set;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(taken); i++)
		if (!strcmp(text, taken[i]))
			report_error(build->report, name->place,
				     "a set can't be called \"%s\": conditions use that word", text);
	set = ast_add_set(ast, text, kind, words);
	set->place = name->place;
	limit(build, name->place, ast->n_sets, CENSOR_SETS_MAX, "sets");
	return set;
}

void build_entry(struct build *build, struct ast_set *set, const struct token *value)
{
	struct censor_prefix prefix;
	char text[CENSOR_TEXT_MAX];
	int keyword;
	u32 lo, hi;
	u8 form, len;

	switch (set->kind) {
	case CENSOR_KIND_NAMES:
		if (!value_name(build->report, value, set->words, &form, text, &len))
			break;
		ast_add_name(set, form, arena_text(&build->ast->arena, text, len), len,
			     value->place);
		return;
	case CENSOR_KIND_PREFIXES:
		if (!value_prefix(build->report, value, &prefix))
			break;
		ast_add_prefix(set, &prefix, value->place);
		return;
	default:
		keyword = value_keyword_any(value->text, value->len);
		if (keyword >= 0)
			lo = hi = keyword;
		else if (!value_range(build->report, value, "an entry of numbers", 0, 65535, &lo,
				      &hi))
			break;
		ast_add_range(set, lo, hi, value->place);
		return;
	}
	set->broken = true;
}

struct ast_pool *build_pool(struct build *build, const struct token *name)
{
	struct policy_ast *ast = build->ast;
	const char *text = declare(build, &ast->pool_names, name, "a set of answers",
				   ast->n_pools, ast->pools, sizeof(*ast->pools));
	struct ast_pool *pool = ast_add_pool(ast, text);

	pool->place = name->place;
	limit(build, name->place, ast->n_pools, CENSOR_POOLS_MAX, "sets of answers");
	return pool;
}

void build_address(struct build *build, struct ast_pool *pool, const struct token *value)
{
	struct censor_prefix prefix;

	if (!value_prefix(build->report, value, &prefix)) {
		pool->broken = true;
		return;
	}
	if (prefix.bits != (prefix.family == 4 ? 32 : 128)) {
		report_error(build->report, value->place,
			     "an answer is one address, not a prefix such as \"%.*s\"",
			     SHOWN(value));
		pool->broken = true;
		return;
	}
	ast_add_address(pool, &prefix, value->place);
}

struct ast_inject *build_inject(struct build *build, const struct token *name)
{
	struct policy_ast *ast = build->ast;
	const char *text = declare(build, &ast->inject_names, name, "an inject", ast->n_injects,
				   ast->injects, sizeof(*ast->injects));
	struct ast_inject *inject = ast_add_inject(ast, text);

	inject->place = name->place;
	limit(build, name->place, ast->n_injects, CENSOR_INJECTS_MAX, "injects");
	return inject;
}

struct ast_packet *build_packet(struct build *build, struct ast_inject *inject,
				const struct token *flags)
{
	struct ast_packet *packet = ast_add_packet(inject);

	packet->place = flags->place;
	if (!value_flags(build->report, flags, &packet->packet.flags))
		inject->broken = true;
	if (inject->n == CENSOR_PACKETS_MAX + 1)
		report_error(build->report, flags->place, "an inject has at most %u packets",
			     CENSOR_PACKETS_MAX);
	return packet;
}

static const char *const option_names[] = {
	[AST_TTL] = "ttl", [AST_IP_ID] = "ip-id", [AST_WINDOW] = "window", [AST_DF] = "df",
	[AST_TO] = "to", [AST_COPIES] = "copies", [AST_SEQ] = "seq", [AST_COUNT] = "count",
	[AST_AA] = "aa", [AST_IP_TTL] = "ip-ttl",
};

static void given_once(struct build *build, u32 *given, enum ast_option option,
		       const struct token *value)
{
	if (*given & 1u << option)
		report_error(build->report, value->place, "%s is given twice",
			     option_names[option]);
	*given |= 1u << option;
}

void build_packet_option(struct build *build, struct ast_inject *inject,
			 struct ast_packet *packet, enum ast_option option,
			 const struct token *value, bool cyclic)
{
	struct report *report = build->report;
	struct censor_packet *p = &packet->packet;
	bool good = true;
	u32 number;

	if (option != AST_SEQ)
		given_once(build, &packet->given, option, value);
	switch (option) {
	case AST_TTL:
		good = value_field(report, value, "a TTL", 1, 255, true, cyclic, &p->ttl);
		break;
	case AST_IP_ID:
		good = value_field(report, value, "an IP ID", 0, 65535, true, cyclic, &p->ip_id);
		break;
	case AST_WINDOW:
		good = value_field(report, value, "a window", 0, 65535, false, cyclic, &p->window);
		break;
	case AST_DF:
		good = value_switch(report, value, &p->df);
		break;
	case AST_TO:
		good = value_to(report, value, &p->to);
		break;
	case AST_COPIES:
		good = value_integer(report, value, "the number of copies", 1, CENSOR_COPIES_MAX,
				     &number);
		if (good)
			p->copies = number;
		break;
	default:
		good = value_seq(report, value, &number);
		if (!(packet->given & 1u << AST_SEQ))
			p->n_seq = 0;
		packet->given |= 1u << AST_SEQ;
		if (good && p->n_seq == CENSOR_COPIES_MAX) {
			report_error(report, value->place, "seq has at most %u offsets",
				     CENSOR_COPIES_MAX);
			good = false;
		}
		if (good)
			p->seq[p->n_seq++] = number;
	}
	if (!good)
		inject->broken = true;
}

struct ast_rule *build_rule(struct build *build, const struct token *name)
{
	struct policy_ast *ast = build->ast;
	const char *text = declare(build, &ast->rule_names, name, "a rule", ast->n_rules,
				   ast->rules, sizeof(*ast->rules));
	struct ast_rule *rule = ast_add_rule(ast, text);

	rule->place = name->place;
	limit(build, name->place, ast->n_rules, CENSOR_RULES_MAX, "rules");
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

	given_once(build, &rule->given, option, value);
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
		good = value_switch(report, value, &forge->df);
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

void build_residual(struct build *build, struct ast_rule *rule, const struct token *time,
		    const struct token *tuple)
{
	if (!value_duration(build->report, time, &rule->rule.residual_ms) ||
	    !value_tuple(build->report, tuple, &rule->rule.tuple))
		rule->broken = true;
}
