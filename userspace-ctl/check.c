// SPDX-License-Identifier: GPL-2.0
/* What can be told only when all of a policy is read: the names that it uses, and its sense. */
#include "check.h"
#include "engine/inspect.h"
#include "modelblock.h"
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

static const char *next_page(const void *from, u32 i)
{
	const struct policy_ast *ast = from;

	return i < ast->n_pages ? ast->pages[i].name : NULL;
}

static const char *next_hours(const void *from, u32 i)
{
	const struct policy_ast *ast = from;

	return i < ast->n_hours ? ast->hours[i].name : NULL;
}

static const char *next_load(const void *from, u32 i)
{
	const struct policy_ast *ast = from;

	return i < ast->n_loads ? ast->loads[i].name : NULL;
}

static const char *next_inject(const void *from, u32 i)
{
	const struct policy_ast *ast = from;

	return i < ast->n_injects ? ast->injects[i].name : NULL;
}

void check_unknown(struct build *build, const struct token *token, const char *what,
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

/* The index of a part by the name that was written; TABLE_NONE if there is none */
static u32 find_part(struct build *build, const struct table *table, const struct token *token,
		     const char *what, const char *(*next)(const void *from, u32 i))
{
	const char *name = value_text(&build->ast->arena, token);
	u32 index = table_find(table, name, strlen(name));

	if (index == TABLE_NONE)
		check_unknown(build, token, what, "", next);
	return index;
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

/* What a number attribute can be whose numbers are only written as words; else NULL */
static const char *attr_words(u8 attr)
{
	if (attr == CENSOR_ATTR_FROM || attr == CENSOR_ATTR_CLIENT)
		return "inside or outside";
	if (attr == CENSOR_ATTR_TLS_HAS)
		return "sni, alpn, esni, esni-draft, ech, early-data, grease, post-quantum, ticket or padding";
	if (attr == CENSOR_ATTR_QUIC_VERSION)
		return "v1, v2, draft-29, other or negotiation";
	return attr == CENSOR_ATTR_PROTOCOL ? "one that censorctl list protocols shows" : NULL;
}

static const char *next_protocol(const void *from, u32 i)
{
	(void)from;
	return i < CENSOR_PROTOCOLS ? censor_protocol_name(i) : NULL;
}

/* A word that an attribute of words has not. */
static void wrong_word(struct build *build, const struct ast_cond *cond, const struct token *token)
{
	const char *near = cond->attr == CENSOR_ATTR_PROTOCOL ?
			   nearest(token->text, token->len, next_protocol, NULL) : NULL;

	report_error(build->report, token->place, "%s is %s, not \"%.*s\"%s%s%s",
		     censor_attr_name(cond->attr), attr_words(cond->attr), SHOWN(token),
		     near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* `proto` with a word that is no number's: perhaps a protocol was meant. */
static bool wrong_proto(struct build *build, const struct ast_cond *cond, const struct token *token)
{
	const char *near;
	u32 lo, hi;

	if (cond->attr != CENSOR_ATTR_PROTO)
		return false;
	if (value_keyword(CENSOR_ATTR_PROTOCOL, token->text, token->len, &lo, &hi)) {
		report_error(build->report, token->place,
			     "%.*s is recognised by what a flow carries, the others by the IP header: write proto %.*s in a condition of its own",
			     SHOWN(token), SHOWN(token));
		return true;
	}
	near = nearest(token->text, token->len, next_protocol, NULL);
	if (near)
		report_error(build->report, token->place,
			     "there is no protocol and no set \"%.*s\"; did you mean \"%s\"?",
			     SHOWN(token), near);
	return near;
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
	bool keyword = false;
	u32 index, lo, hi;

	if (kind == CENSOR_KIND_NUMBERS && !value->set)
		keyword = value_keyword(cond->attr, token->text, token->len, &lo, &hi);
	index = token->quoted && !value->set ? TABLE_NONE :
		table_find(&ast->set_names, token->text, token->len);
	if (index == TABLE_NONE && keyword) {
		if (cond->confidence > CENSOR_CONFIDENCE_GUESS &&
		    CENSOR_PROTOCOL_OF(lo) != CENSOR_PROTOCOL_UNKNOWN)
			lo = hi - CENSOR_CONFIDENCE_SURE + cond->confidence;
		ast_add_range(literals, lo, hi, token->place);
		return;
	}
	if (index == TABLE_NONE && !value->set && looks_literal(kind, token)) {
		/* A word of a number attribute is none of any other's. */
		if (attr_words(cond->attr)) {
			wrong_word(build, cond, token);
			cond->broken = true;
			return;
		}
		build_entry(build, literals, token);
		return;
	}
	if (index == TABLE_NONE) {
		cond->broken = true;
		if (attr_words(cond->attr) && !value->set) {
			wrong_word(build, cond, token);
			return;
		}
		if (!value->set && wrong_proto(build, cond, token))
			return;
		check_unknown(build, token, "set", kind == CENSOR_KIND_NAMES && !value->set ?
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

/*
 * `proto` is what stands in the IP header, `protocol` what a flow is recognised as; people write
 * `proto whatsapp`, and there is no such number.
 */
static void take_proto(struct ast_cond *cond)
{
	u32 i, lo, hi;

	if (cond->attr != CENSOR_ATTR_PROTO)
		return;
	for (i = 0; i < cond->n_values; i++) {
		const struct token *token = &cond->values[i].token;

		if (cond->values[i].set ||
		    value_keyword(CENSOR_ATTR_PROTO, token->text, token->len, &lo, &hi) ||
		    !value_keyword(CENSOR_ATTR_PROTOCOL, token->text, token->len, &lo, &hi))
			return;
	}
	cond->attr = CENSOR_ATTR_PROTOCOL;
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
		   !attr_words(cond->attr)) {
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
		.words = cond->operator == AST_CONTAINS,
		.used = true,
	};
	u32 i;

	if (cond->broken || !cond->n_values)
		return;
	take_proto(cond);
	literals.kind = censor_attr_kind(cond->attr);
	if (cond->confidence && cond->attr != CENSOR_ATTR_PROTOCOL) {
		report_error(build->report, cond->confidence_place,
			     "confidence is of protocols, and %s is none",
			     censor_attr_name(cond->attr));
		cond->broken = true;
		return;
	}
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
	bool rewrite = rule->rule.actions & CENSOR_DO_REWRITE;

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
		if (!tcp && rewrite)
			report_error(build->report,
				     rule->action_places[__builtin_ctz(CENSOR_DO_REWRITE)],
				     "rewrite is of TCP packets, and this rule is not for TCP");
		if (!tcp && attrs & CENSOR_ATTRS_TCP)
			report_warning(build->report, cond->place,
				       "the rule \"%s\" can never match: its other fields are TCP's",
				       rule->name);
		if (!udp && rule->rule.actions & CENSOR_DO_FORGE)
			report_warning(build->report, cond->place,
				       "the rule \"%s\" forges nothing: only queries over UDP are answered",
				       rule->name);
	}
}

/* What is said of records and addresses needs an answer that has them. */
static void check_forge(struct build *build, struct ast_rule *rule)
{
	const struct place place = rule->action_places[__builtin_ctz(CENSOR_DO_FORGE)];
	u8 lie = rule->rule.forge.lie;

	if (lie == CENSOR_LIE_NXDOMAIN || lie == CENSOR_LIE_REFUSED) {
		if (rule->given & (1u << AST_TTL | 1u << AST_COUNT | 1u << AST_ORDER))
			report_error(build->report, place,
				     "ttl, count and in order are of records, and this answer has none");
	} else if (!rule->pool.len && rule->given & (1u << AST_COUNT | 1u << AST_ORDER)) {
		report_error(build->report, place,
			     "count and in order are of addresses: write with and a set of answers");
	}
}

static void check_actions(struct build *build, struct ast_rule *rule, u32 attrs)
{
	struct place *places = rule->action_places;
	const u32 goes_on = CENSOR_DO_HARM | CENSOR_DO_SHAPE;
	struct report *report = build->report;
	u32 actions = rule->rule.actions;

	if (!actions)
		report_error(report, rule->place,
			     "the rule \"%s\" has no action: log, drop, pass, inject, forge, rewrite, freeze, police, lose, delay, mark or residual",
			     rule->name);
	if (actions & CENSOR_DO_PASS && actions & ~(CENSOR_DO_PASS | CENSOR_DO_LOG))
		report_error(report, places[__builtin_ctz(CENSOR_DO_PASS)],
			     "a rule that lets pass can't also act; only log goes with pass");
	if (actions & CENSOR_DO_RESIDUAL && !rule->rule.residual.act && !(actions & goes_on))
		report_error(report, places[__builtin_ctz(CENSOR_DO_RESIDUAL)],
			     actions & CENSOR_DO_FORGE ?
			     "forged answers can't go on as residual blocking; it needs inject or drop in the same rule, or with drop or with inject behind it" :
			     "residual goes on with what the rule does to packets (inject, drop, rewrite, freeze, police, lose, delay, mark), and it does none of it: add one, or write with drop or with inject NAME behind it");
	if (actions & CENSOR_DO_FORGE && !(attrs & CENSOR_ATTRS_DNS))
		report_error(report, places[__builtin_ctz(CENSOR_DO_FORGE)],
			     "only a rule with a dns.qname or dns.qtype condition can forge answers");
	if (actions & CENSOR_DO_FORGE)
		check_forge(build, rule);
	if (actions & (CENSOR_DO_INJECT | CENSOR_DO_REWRITE) && attrs & CENSOR_ATTRS_DNS &&
	    !(actions & (CENSOR_DO_FORGE | CENSOR_DO_DROP)) &&
	    !(attrs & CENSOR_ATTR_BIT(CENSOR_ATTR_PROTO)))
		report_warning(report, rule->place,
			       "the rule \"%s\" acts on queries over TCP only; for those over UDP add forge or drop, or write proto tcp",
			       rule->name);
	if (actions & CENSOR_DO_REWRITE && rule->rule.path == CENSOR_PATH_ON)
		report_error(report, rule->path_place,
			     "a censor that is on-path has copies of packets: it can't rewrite them");
	check_shape(build, rule);
}

static void check_references(struct build *build, struct ast_rule *rule)
{
	struct policy_ast *ast = build->ast;
	struct censor_rule *r = &rule->rule;
	u32 index;

	if (r->actions & CENSOR_DO_INJECT) {
		index = find_part(build, &ast->inject_names, &rule->inject, "inject", next_inject);
		if (index != TABLE_NONE) {
			r->inject = index;
			ast->injects[index].used = true;
		}
	}
	if (r->actions & CENSOR_DO_FORGE && rule->pool.len) {
		index = find_part(build, &ast->pool_names, &rule->pool, "set of answers",
				  next_pool);
		if (index != TABLE_NONE) {
			r->forge.pool = index;
			ast->pools[index].used = true;
		}
	}
	if (r->actions & CENSOR_DO_RESIDUAL && r->residual.act == CENSOR_RESIDUAL_INJECT) {
		index = find_part(build, &ast->inject_names, &rule->residual_inject, "inject",
				  next_inject);
		if (index != TABLE_NONE) {
			r->residual.inject = index;
			ast->injects[index].used = true;
		}
	}
	if (rule->hours.len) {
		index = find_part(build, &ast->hours_names, &rule->hours, "table of hours",
				  next_hours);
		if (index != TABLE_NONE) {
			r->chance.hours = 1 + index;
			ast->hours[index].used = true;
		}
	}
	if (rule->load.len) {
		index = find_part(build, &ast->load_names, &rule->load, "table of load",
				  next_load);
		if (index != TABLE_NONE) {
			r->chance.load = 1 + index;
			ast->loads[index].used = true;
		}
	}
}

static void check_rule(struct build *build, struct table *contents, struct ast_rule *rule)
{
	struct report *report = build->report;
	bool broken = rule->broken;
	u32 attrs = 0, i;

	for (i = 0; i < rule->n; i++) {
		struct ast_cond *cond = &rule->conds[i];

		check_cond(build, contents, cond);
		broken |= cond->broken;
		if (cond->broken)
			continue;
		attrs |= CENSOR_ATTR_BIT(cond->attr);
		if ((cond->attr == CENSOR_ATTR_FROM || cond->attr == CENSOR_ATTR_CLIENT) &&
		    !build->ast->n_inside)
			report_error(report, cond->place,
				     "%s needs the censor to say what is inside, as in: inside 192.0.2.0/24",
				     censor_attr_name(cond->attr));
	}
	check_references(build, rule);
	check_phases(build, rule);
	if (broken)
		return;
	if (!rule->n)
		report_error(report, rule->place, "the rule \"%s\" has no condition", rule->name);
	if (censor_attrs_messages(attrs) > 1)
		report_error(report, rule->place,
			     "no message is two of DNS, HTTP, TLS, a certificate, QUIC, FTP and SMTP at once: the rule \"%s\" can never match",
			     rule->name);
	check_actions(build, rule, attrs);
	check_proto(build, rule, attrs);
}

static void check_packet(struct build *build, struct ast_packet *packet, bool first)
{
	struct censor_packet *p = &packet->packet;
	struct policy_ast *ast = build->ast;
	struct report *report = build->report;
	u32 index;

	if (p->n_seq > p->copies)
		report_error(report, packet->place, "there are %u sequence offsets for %u %s",
			     p->n_seq, p->copies, p->copies > 1 ? "copies" : "copy");
	if (p->seq_next && first)
		report_error(report, packet->place,
			     "seq next goes on where the packets before it end, and this is the first");
	if (packet->given & 1u << AST_SEGMENT && !packet->page.len)
		report_error(report, packet->place,
			     "segment is of a page, and this packet carries none");
	if (!packet->page.len)
		return;
	if (p->payload_len)
		report_error(report, packet->page.place,
			     "a packet carries a payload or a page, not both");
	index = find_part(build, &ast->page_names, &packet->page, "page", next_page);
	if (index != TABLE_NONE) {
		p->page = 1 + index;
		ast->pages[index].used = true;
	}
}

static void check_inject(struct build *build, struct ast_inject *inject)
{
	u32 i;

	if (inject->broken)
		return;
	if (!inject->n)
		report_error(build->report, inject->place, "the inject \"%s\" has no packet",
			     inject->name);
	for (i = 0; i < inject->n; i++)
		check_packet(build, &inject->packets[i], !i);
}

static void check_parts(struct build *build)
{
	struct policy_ast *ast = build->ast;
	struct report *report = build->report;
	u32 i;

	for (i = 0; i < ast->n_sets; i++)
		if (!ast->sets[i].n && !ast->sets[i].broken)
			report_error(report, ast->sets[i].place, "the set \"%s\" is empty",
				     ast->sets[i].name);
	for (i = 0; i < ast->n_pools; i++)
		if (!ast->pools[i].n && !ast->pools[i].broken)
			report_error(report, ast->pools[i].place,
				     "the set of answers \"%s\" is empty", ast->pools[i].name);
	for (i = 0; i < ast->n_pages; i++)
		if (!ast->pages[i].n && !ast->pages[i].broken)
			report_error(report, ast->pages[i].place, "the page \"%s\" is empty",
				     ast->pages[i].name);
	for (i = 0; i < ast->n_hours; i++)
		if (ast->hours[i].n != 24 && !ast->hours[i].broken)
			report_error(report, ast->hours[i].place,
				     "a day has 24 hours, from midnight on, and the table \"%s\" has %u",
				     ast->hours[i].name, ast->hours[i].n);
	for (i = 0; i < ast->n_loads; i++)
		if (!ast->loads[i].load.n && !ast->loads[i].broken)
			report_error(report, ast->loads[i].place,
				     "the table of load \"%s\" is empty", ast->loads[i].name);
	for (i = 0; i < ast->n_injects; i++)
		check_inject(build, &ast->injects[i]);
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
	for (i = 0; i < ast->n_pages; i++)
		if (!ast->pages[i].used)
			report_warning(report, ast->pages[i].place,
				       "no inject uses the page \"%s\"", ast->pages[i].name);
	for (i = 0; i < ast->n_hours; i++)
		if (!ast->hours[i].used)
			report_warning(report, ast->hours[i].place,
				       "no rule uses the table of hours \"%s\"",
				       ast->hours[i].name);
	for (i = 0; i < ast->n_loads; i++)
		if (!ast->loads[i].used)
			report_warning(report, ast->loads[i].place,
				       "no rule uses the table of load \"%s\"",
				       ast->loads[i].name);
	for (i = 0; i < ast->n_rules; i++)
		if (ast->rules[i].n_phases)
			break;
	if (ast->n_phases && i == ast->n_rules)
		report_warning(report, ast->phases[0].place,
			       "no rule says in which phase it is active, so the phases change nothing");
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
	if (ast->model_given[MODEL_TCP] && ast->tcp.client == CENSOR_CLIENT_INSIDE &&
	    !ast->n_inside)
		report_error(build->report, ast->model_places[MODEL_TCP],
			     "client inside needs the censor to say what is inside, as in: inside 192.0.2.0/24");
	for (i = 0; i < ast->n_rules; i++)
		check_rule(build, &contents, &ast->rules[i]);
	table_free(&contents);
	if (!build->report->errors)
		warn_unused(build);
}
