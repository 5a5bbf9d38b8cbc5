// SPDX-License-Identifier: GPL-2.0
/* What is written, into the AST: the same for text and for JSON. */
#include <ctype.h>

#include "build.h"
#include "delay.h"
#include "encode.h"
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

const char *build_declare(struct build *build, struct table *table, const struct token *token,
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

void build_limit(struct build *build, struct place place, u32 n, u32 most, const char *what)
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

void build_clock(struct build *build, const struct token *value)
{
	if (build->ast->clocked)
		report_error(build->report, value->place, "the clock is given twice");
	build->ast->clocked = true;
	value_clock(build->report, value, &build->ast->clock);
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
	build_limit(build, value->place, ast->n_inside, CENSOR_INSIDE_MAX, "prefixes inside");
}

struct ast_set *build_set(struct build *build, u8 kind, bool words, const struct token *name)
{
	static const char *const taken[] = { "and", "not", "in", "contains" };
	struct policy_ast *ast = build->ast;
	const char *text = build_declare(build, &ast->set_names, name, "a set", ast->n_sets,
					 ast->sets, sizeof(*ast->sets));
	struct ast_set *set;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(taken); i++)
		if (!strcmp(text, taken[i]))
			report_error(build->report, name->place,
				     "a set can't be called \"%s\": conditions use that word", text);
	set = ast_add_set(ast, text, kind, words);
	set->place = name->place;
	build_limit(build, name->place, ast->n_sets, CENSOR_SETS_MAX, "sets");
	return set;
}

void build_entry(struct build *build, struct ast_set *set, const struct token *value)
{
	struct censor_prefix prefix;
	char text[CENSOR_TEXT_MAX];
	u32 lo, hi;
	u8 form, len;

	switch (set->kind) {
	case CENSOR_KIND_NAMES:
		if (!value_name(build->report, value, set->words, &form, text, &len))
			break;
		if (set->n_encodings)
			encode_entry(build, set, form, text, len, value->place);
		else
			ast_add_name(set, form, arena_text(&build->ast->arena, text, len), len,
				     value->place);
		return;
	case CENSOR_KIND_PREFIXES:
		if (!value_prefix(build->report, value, &prefix))
			break;
		ast_add_prefix(set, &prefix, value->place);
		return;
	default:
		if (!value_keyword_any(value->text, value->len, &lo, &hi) &&
		    !value_range(build->report, value, "an entry of numbers", 0, 65535, &lo, &hi))
			break;
		ast_add_range(set, lo, hi, value->place);
		return;
	}
	set->broken = true;
}

struct ast_pool *build_pool(struct build *build, const struct token *name)
{
	struct policy_ast *ast = build->ast;
	const char *text = build_declare(build, &ast->pool_names, name, "a set of answers",
				   ast->n_pools, ast->pools, sizeof(*ast->pools));
	struct ast_pool *pool = ast_add_pool(ast, text);

	pool->place = name->place;
	build_limit(build, name->place, ast->n_pools, CENSOR_POOLS_MAX, "sets of answers");
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
	const char *text = build_declare(build, &ast->inject_names, name, "an inject",
					 ast->n_injects, ast->injects, sizeof(*ast->injects));
	struct ast_inject *inject = ast_add_inject(ast, text);

	inject->place = name->place;
	build_limit(build, name->place, ast->n_injects, CENSOR_INJECTS_MAX, "injects");
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

void build_inject_delay(struct build *build, struct ast_inject *inject, enum ast_option option,
			const struct token *at, const struct token *words, u32 n)
{
	build_once(build, &inject->given, option, at);
	if (!value_delay(build->report, at->place, words, n,
			 option == AST_GAP ? &inject->gap : &inject->delay))
		inject->broken = true;
}

static const char *const option_names[] = {
	[AST_TTL] = "ttl", [AST_IP_ID] = "ip-id", [AST_WINDOW] = "window", [AST_DF] = "df",
	[AST_TO] = "to", [AST_COPIES] = "copies", [AST_SEQ] = "seq", [AST_COUNT] = "count",
	[AST_AA] = "aa", [AST_IP_TTL] = "ip-ttl", [AST_DELAY] = "delay", [AST_GAP] = "gap",
	[AST_PAYLOAD] = "payload", [AST_PAGE] = "page", [AST_SEGMENT] = "segment",
	[AST_ON] = "on", [AST_PATH] = "on-path or in-path", [AST_CHANCE] = "probability",
	[AST_HOURS] = "hours", [AST_LOAD] = "load", [AST_BOTH] = "both", [AST_AFTER] = "after",
	[AST_REARM] = "rearm", [AST_WITH] = "with", [AST_RESIDUAL_CHANCE] = "probability",
	[AST_ORDER] = "in order", [AST_PER] = "per", [AST_BURST] = "burst",
	[AST_POLICE_TO] = "to", [AST_SAMPLE] = "sample",
};

void build_once(struct build *build, u32 *given, enum ast_option option, const struct token *at)
{
	if (*given & 1u << option)
		report_error(build->report, at->place, "%s is given twice", option_names[option]);
	*given |= 1u << option;
}

/* The offsets behind seq: numbers, or the word next alone. */
static bool packet_seq(struct build *build, struct ast_packet *packet, const struct token *value)
{
	struct censor_packet *p = &packet->packet;
	u32 number;

	if (!(packet->given & 1u << AST_SEQ))
		p->n_seq = 0;
	packet->given |= 1u << AST_SEQ;
	if (p->seq_next || (p->n_seq && value->len == 4 && !memcmp(value->text, "next", 4))) {
		report_error(build->report, value->place,
			     "seq next stands alone: it goes on where the packets before it end");
		return false;
	}
	if (value->len == 4 && !memcmp(value->text, "next", 4)) {
		p->seq_next = true;
		p->seq[0] = 0;
		p->n_seq = 1;
		return true;
	}
	if (!value_seq(build->report, value, &number))
		return false;
	if (p->n_seq == CENSOR_COPIES_MAX) {
		report_error(build->report, value->place, "seq has at most %u offsets",
			     CENSOR_COPIES_MAX);
		return false;
	}
	p->seq[p->n_seq++] = number;
	return true;
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
		build_once(build, &packet->given, option, value);
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
		good = value_switch(report, value, "df", &p->df);
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
	case AST_ON:
		good = value_choice(report, value, "on", value_on_names, &p->on);
		break;
	case AST_PAGE:
		packet->page = *value;
		break;
	case AST_SEGMENT:
		good = value_integer(report, value, "a segment", 1, CENSOR_SEGMENT_MAX,
				     &number);
		if (good)
			p->segment = number;
		break;
	default:
		good = packet_seq(build, packet, value);
	}
	if (!good)
		inject->broken = true;
}

void build_payload(struct build *build, struct ast_inject *inject, struct ast_packet *packet,
		   const struct token *kind, const struct token *value)
{
	static const char *const kinds[] = { "hex", "zeros", "text", NULL };
	struct censor_packet *p = &packet->packet;
	struct report *report = build->report;
	const u8 *bytes = NULL;
	u8 choice = 2;
	u32 len = 0;

	build_once(build, &packet->given, AST_PAYLOAD, value);
	inject->broken |= kind && !value_choice(report, kind, "payload", kinds, &choice);
	if (inject->broken)
		return;
	memset(p->payload, 0, sizeof(p->payload));
	if (choice == 1) {
		if (value_integer(report, value, "the number of zeros", 1, CENSOR_PAYLOAD_SIZE,
				  &len))
			p->payload_len = len;
		else
			inject->broken = true;
		return;
	}
	bytes = choice ? value_bytes(report, &build->ast->arena, value, &len) :
		value_hex(report, &build->ast->arena, value, &len);
	if (bytes && (!len || len > CENSOR_PAYLOAD_SIZE)) {
		report_error(report, value->place, len ?
			     "a payload of %u bytes: at most %u are possible; a page can have more" :
			     "a payload of %u bytes: from 1 to %u are possible", len,
			     CENSOR_PAYLOAD_SIZE);
		bytes = NULL;
	}
	if (!bytes) {
		inject->broken = true;
		return;
	}
	memcpy(p->payload, bytes, len);
	p->payload_len = len;
}
