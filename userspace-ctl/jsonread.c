// SPDX-License-Identifier: GPL-2.0
/* JSON into the AST, by the same calls as the text: so it is checked the same. */
#include "engine/inspect.h"
#include "json.h"
#include "jsonreader.h"
#include "jsonshape.h"
#include "value.h"

/* A value such as "39-238 cyclic" without that word. */
static bool take_cyclic(struct token *token)
{
	static const char word[] = " cyclic";
	u32 len = sizeof(word) - 1;

	if (token->len <= len || memcmp(token->text + token->len - len, word, len))
		return false;
	token->len -= len;
	return true;
}

static void read_entries(struct reader *reader, json_t *array, struct ast_set *set,
			 struct ast_pool *pool)
{
	struct place place;
	struct token token;
	size_t i;

	if (!json_is_array(array)) {
		reader_wrong(reader, "an array is wanted here");
		return;
	}
	place = reader_here(reader, 0);
	for (i = 0; i < json_array_size(array); i++) {
		place.len = i + 1;
		if (!reader_word(reader, json_array_get(array, i), place, &token))
			continue;
		if (set)
			build_entry(reader->build, set, &token);
		else
			build_address(reader->build, pool, &token);
	}
}

static void read_set_entries(struct reader *reader, json_t *value, void *part)
{
	read_entries(reader, value, part, NULL);
}

static void read_addresses(struct reader *reader, json_t *value, void *part)
{
	read_entries(reader, value, NULL, part);
}

static void read_encoding(struct reader *reader, json_t *value, void *part)
{
	struct ast_set *set = part;
	struct token token;

	if (!reader_word(reader, value, reader_here(reader, 0), &token))
		return;
	if (set->kind == CENSOR_KIND_NAMES)
		build_encoding(reader->build, set, &token);
	else
		reader_wrong(reader, "only names and words are encoded");
}

static void read_encoded(struct reader *reader, json_t *value, void *part)
{
	reader_array(reader, value, read_encoding, part);
}

static void read_set(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "name", NULL, true }, { "kind", NULL, true },
		{ "encoded", read_encoded, false }, { "entries", read_set_entries, true }, {}
	};
	static const char *const kinds[] = { "names", "prefixes", "numbers", "words" };
	const char *kind = json_string_value(json_object_get(value, "kind"));
	struct token name = reader_name(reader, value);
	struct ast_set *set;
	u32 i;

	(void)part;
	for (i = 0; i < 4; i++)
		if (kind && !strcmp(kind, kinds[i]))
			break;
	if (i == 4)
		reader_wrong(reader, "the kind of a set is names, words, prefixes or numbers");
	set = build_set(reader->build, i == 4 || i == 3 ? CENSOR_KIND_NAMES : i, i == 3, &name);
	set->broken = i == 4;
	reader_members(reader, value, members, set);
}

static void read_pool(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "name", NULL, true }, { "addresses", read_addresses, true }, {}
	};
	struct token name = reader_name(reader, value);

	(void)part;
	reader_members(reader, value, members, build_pool(reader->build, &name));
}

struct packet_part {
	struct ast_inject *inject;
	struct ast_packet *packet;
	struct ast_rule *rule;
};

static void read_option(struct reader *reader, json_t *value, struct packet_part *part,
			enum ast_option option)
{
	struct place place = reader_here(reader, 0);
	struct token token;
	bool cyclic;

	if (json_is_boolean(value)) {
		token = (struct token){ .place = place, .quoted = true,
			.text = json_is_true(value) ? "on" : "off",
			.len = json_is_true(value) ? 2 : 3 };
		if (option == AST_AA && json_is_false(value))
			return;
	} else if (!reader_word(reader, value, place, &token)) {
		return;
	}
	cyclic = take_cyclic(&token);
	if (part->rule)
		build_forge_option(reader->build, part->rule, option, &token, cyclic);
	else
		build_packet_option(reader->build, part->inject, part->packet, option, &token,
				    cyclic);
}

#define READ_OPTION(name, option)							\
static void read_##name(struct reader *reader, json_t *value, void *part)		\
{											\
	read_option(reader, value, part, option);					\
}

READ_OPTION(ttl, AST_TTL)
READ_OPTION(ip_id, AST_IP_ID)
READ_OPTION(window, AST_WINDOW)
READ_OPTION(df, AST_DF)
READ_OPTION(to, AST_TO)
READ_OPTION(copies, AST_COPIES)
READ_OPTION(count, AST_COUNT)
READ_OPTION(aa, AST_AA)
READ_OPTION(ip_ttl, AST_IP_TTL)
READ_OPTION(offset, AST_SEQ)
READ_OPTION(on, AST_ON)
READ_OPTION(packet_page, AST_PAGE)
READ_OPTION(segment, AST_SEGMENT)

/* Offsets, or "next". */
static void read_seq(struct reader *reader, json_t *value, void *part)
{
	if (json_is_string(value))
		read_offset(reader, value, part);
	else
		reader_array(reader, value, read_offset, part);
}

/* "hex 0102", "zeros 22" or "text ...": the rest is a string as the text of a policy has it. */
static void read_payload(struct reader *reader, json_t *value, void *part)
{
	struct packet_part *packet = part;
	struct token kind, rest;
	const char *blank;

	if (!reader_word(reader, value, reader_here(reader, 0), &kind))
		return;
	blank = memchr(kind.text, ' ', kind.len);
	if (!blank) {
		reader_wrong(reader, "a payload is as in \"hex 01ff\", \"zeros 22\" or \"text hello\"");
		return;
	}
	rest = kind;
	rest.text = blank + 1;
	rest.len = kind.len - (blank + 1 - kind.text);
	kind.len = blank - kind.text;
	build_payload(reader->build, packet->inject, packet->packet, &kind, &rest);
}

static void read_packet(struct reader *reader, json_t *value, void *inject)
{
	static const struct member members[] = {
		{ "flags", NULL, true }, { "to", read_to, false },
		{ "copies", read_copies, false }, { "seq", read_seq, false },
		{ "ttl", read_ttl, false }, { "ip-id", read_ip_id, false },
		{ "df", read_df, false }, { "window", read_window, false },
		{ "on", read_on, false }, { "payload", read_payload, false },
		{ "page", read_packet_page, false }, { "segment", read_segment, false }, {}
	};
	struct packet_part part = { .inject = inject };
	json_t *flags = json_object_get(value, "flags");
	struct token token = { .text = "none", .len = 4, .place = reader_here(reader, 0) };

	if (flags)
		reader_word(reader, flags, token.place, &token);
	part.packet = build_packet(reader->build, inject, &token);
	reader_members(reader, value, members, &part);
}

static void read_packets(struct reader *reader, json_t *value, void *part)
{
	reader_array(reader, value, read_packet, part);
}

static void read_inject_delay(struct reader *reader, json_t *value, struct ast_inject *inject,
			      enum ast_option option)
{
	struct token words[DELAY_WORDS], at = { .place = reader_here(reader, 0) };
	u32 n = reader_words(reader, value, words, DELAY_WORDS);

	if (n)
		build_inject_delay(reader->build, inject, option, &at, words, n);
	else
		inject->broken = true;
}

static void read_delay(struct reader *reader, json_t *value, void *part)
{
	read_inject_delay(reader, value, part, AST_DELAY);
}

static void read_gap(struct reader *reader, json_t *value, void *part)
{
	read_inject_delay(reader, value, part, AST_GAP);
}

static void read_inject(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "name", NULL, true }, { "delay", read_delay, false },
		{ "gap", read_gap, false }, { "packets", read_packets, true }, {}
	};
	struct token name = reader_name(reader, value);

	(void)part;
	reader_members(reader, value, members, build_inject(reader->build, &name));
}

static void read_value(struct reader *reader, json_t *value, void *cond)
{
	json_t *set = json_is_object(value) ? json_object_get(value, "set") : NULL;
	struct token token;

	if (set && json_is_string(set) && json_object_size(value) == 1) {
		if (reader_word(reader, set, reader_here(reader, 0), &token))
			build_value(cond, &token, true);
	} else if (json_is_object(value)) {
		reader_wrong(reader, "a value is a string, a number or {\"set\": NAME}");
	} else if (reader_word(reader, value, reader_here(reader, 0), &token)) {
		build_value(cond, &token, false);
	}
}

static void read_values(struct reader *reader, json_t *value, void *part)
{
	struct ast_cond *cond = part;

	if (json_is_array(value) && !json_array_size(value)) {
		reader_wrong(reader, "a condition needs a value");
		cond->broken = true;
	}
	reader_array(reader, value, read_value, part);
}

static void read_operator(struct reader *reader, json_t *value, void *part)
{
	const char *word = json_string_value(value);
	struct ast_cond *cond = part;

	cond->operator_place = reader_here(reader, 0);
	if (word && !strcmp(word, "contains"))
		cond->operator = AST_CONTAINS;
	else if (!word || strcmp(word, "in"))
		reader_wrong(reader, "an operator is \"in\" or \"contains\"");
}

static void read_not(struct reader *reader, json_t *value, void *part)
{
	struct ast_cond *cond = part;

	if (!json_is_boolean(value))
		reader_wrong(reader, "true or false is wanted here");
	cond->negate = json_is_true(value);
}

static void read_confidence(struct reader *reader, json_t *value, void *part)
{
	struct token token;

	if (reader_word(reader, value, reader_here(reader, 0), &token))
		build_confidence(reader->build, part, &token);
}

static void read_cond(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "field", NULL, true }, { "operator", read_operator, false },
		{ "not", read_not, false }, { "values", read_values, true },
		{ "confidence", read_confidence, false }, {}
	};
	struct token field = { .text = "", .quoted = true, .place = reader_here(reader, 0) };
	json_t *name = json_object_get(value, "field");
	struct ast_cond *cond;

	if (name)
		reader_word(reader, name, field.place, &field);
	cond = build_cond(reader->build, part, &field);
	cond->operator = AST_IN;
	reader_members(reader, value, members, cond);
}

static void read_conds(struct reader *reader, json_t *value, void *part)
{
	reader_array(reader, value, read_cond, part);
}

static void read_flag(struct reader *reader, json_t *value, struct ast_rule *rule, u32 bit)
{
	struct token token = { .place = reader_here(reader, 0) };

	if (!json_is_boolean(value))
		reader_wrong(reader, "true or false is wanted here");
	else if (json_is_true(value))
		build_action(reader->build, rule, bit, &token);
}

static void read_log(struct reader *reader, json_t *value, void *part)
{
	read_flag(reader, value, part, CENSOR_DO_LOG);
}

static void read_drop(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = { { "to", NULL, true }, {} };
	struct token token = { .place = reader_here(reader, 0) };

	if (!json_is_object(value)) {
		read_flag(reader, value, part, CENSOR_DO_DROP);
		return;
	}
	reader_members(reader, value, members, NULL);
	build_action(reader->build, part, CENSOR_DO_DROP, &token);
	if (reader_member(reader, value, "to", &token))
		build_drop_to(reader->build, part, &token);
}

static void read_rewrite(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "flags", NULL, true }, { "to", NULL, false }, {}
	};
	struct token token = { .place = reader_here(reader, 0) }, flags, to;

	reader_members(reader, value, members, NULL);
	if (!reader_member(reader, value, "flags", &flags))
		return;
	build_action(reader->build, part, CENSOR_DO_REWRITE, &token);
	build_rewrite(reader->build, part, &flags,
		      reader_member(reader, value, "to", &to) ? &to : NULL);
}

/* {"after": "5-8 packets"} */
static void read_freeze(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = { { "after", NULL, true }, {} };
	struct token at = { .place = reader_here(reader, 0) }, words[3];
	json_t *after = json_object_get(value, "after");
	u32 n, down;

	reader_members(reader, value, members, NULL);
	if (!after)
		return;
	down = reader_enter(reader, "after", 0);
	n = reader_words(reader, after, words, ARRAY_SIZE(words));
	if (n > 2)
		reader_wrong(reader, "what passes is as in \"5-8 packets\" or \"16KB\"");
	if (n == 1 || n == 2) {
		build_action(reader->build, part, CENSOR_DO_FREEZE, &at);
		build_freeze(reader->build, part, &words[0], n > 1 ? &words[1] : NULL);
	}
	reader_leave(reader, down);
}

static void read_path_flag(struct reader *reader, json_t *value, struct ast_rule *rule,
			   enum censor_path path)
{
	struct token token = { .place = reader_here(reader, 0) };

	if (!json_is_boolean(value))
		reader_wrong(reader, "true or false is wanted here");
	else if (json_is_true(value))
		build_path(reader->build, rule, path, &token);
}

static void read_on_path(struct reader *reader, json_t *value, void *part)
{
	read_path_flag(reader, value, part, CENSOR_PATH_ON);
}

static void read_in_path(struct reader *reader, json_t *value, void *part)
{
	read_path_flag(reader, value, part, CENSOR_PATH_IN);
}

/* {"of": "75%", "by": "src,dst", "hours": NAME, "load": NAME} */
static void read_probability(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "of", NULL, true }, { "by", NULL, false }, { "hours", NULL, false },
		{ "load", NULL, false }, {}
	};
	struct token at = { .place = reader_here(reader, 0) }, token;

	reader_members(reader, value, members, NULL);
	if (reader_member(reader, value, "of", &token))
		build_chance(reader->build, part, &at, &token);
	if (reader_member(reader, value, "by", &token))
		build_chance_by(reader->build, part, &token);
	if (reader_member(reader, value, "hours", &token))
		build_chance_table(reader->build, part, AST_HOURS, &token);
	if (reader_member(reader, value, "load", &token))
		build_chance_table(reader->build, part, AST_LOAD, &token);
}

static void read_pass(struct reader *reader, json_t *value, void *part)
{
	read_flag(reader, value, part, CENSOR_DO_PASS);
}

static void read_do_inject(struct reader *reader, json_t *value, void *part)
{
	struct ast_rule *rule = part;

	if (!reader_word(reader, value, reader_here(reader, 0), &rule->inject))
		return;
	build_action(reader->build, rule, CENSOR_DO_INJECT, &rule->inject);
}

static void read_answers(struct reader *reader, json_t *value, void *part)
{
	struct packet_part *forge = part;

	reader_word(reader, value, reader_here(reader, 0), &forge->rule->pool);
}

static void read_lie_flag(struct reader *reader, json_t *value, void *part, enum censor_lie lie)
{
	struct packet_part *forge = part;

	if (!json_is_boolean(value))
		reader_wrong(reader, "true or false is wanted here");
	else if (json_is_true(value))
		build_lie(reader->build, forge->rule, lie, NULL);
}

static void read_nxdomain(struct reader *reader, json_t *value, void *part)
{
	read_lie_flag(reader, value, part, CENSOR_LIE_NXDOMAIN);
}

static void read_refused(struct reader *reader, json_t *value, void *part)
{
	read_lie_flag(reader, value, part, CENSOR_LIE_REFUSED);
}

static void read_cname(struct reader *reader, json_t *value, void *part)
{
	struct packet_part *forge = part;
	struct token token;

	if (reader_word(reader, value, reader_here(reader, 0), &token))
		build_lie(reader->build, forge->rule, CENSOR_LIE_CNAME, &token);
	else
		forge->rule->broken = true;
}

static void read_cursors(struct reader *reader, json_t *value, void *part)
{
	struct packet_part *forge = part;
	struct token at = { .place = reader_here(reader, 0) }, token;

	if (reader_word(reader, value, at.place, &token))
		build_order(reader->build, forge->rule, &at, &token);
	else
		forge->rule->broken = true;
}

static void read_forge_delay(struct reader *reader, json_t *value, void *part)
{
	struct packet_part *forge = part;
	struct token words[DELAY_WORDS], at = { .place = reader_here(reader, 0) };
	u32 n = reader_words(reader, value, words, DELAY_WORDS);

	if (n)
		build_forge_delay(reader->build, forge->rule, &at, words, n);
	else
		forge->rule->broken = true;
}

static void read_forge(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "answers", read_answers, false }, { "nxdomain", read_nxdomain, false },
		{ "refused", read_refused, false }, { "cname", read_cname, false },
		{ "cursors", read_cursors, false }, { "ttl", read_ttl, false },
		{ "count", read_count, false }, { "aa", read_aa, false },
		{ "ip-ttl", read_ip_ttl, false }, { "ip-id", read_ip_id, false },
		{ "df", read_df, false }, { "delay", read_forge_delay, false }, {}
	};
	struct packet_part forge = { .rule = part };
	struct token at = { .place = reader_here(reader, 0) };
	u32 errors = reader->build->report->errors;
	const struct ast_rule *rule = part;

	build_action(reader->build, part, CENSOR_DO_FORGE, &at);
	reader_members(reader, value, members, &forge);
	if (errors != reader->build->report->errors)
		forge.rule->broken = true;
	else if (!rule->pool.len && rule->rule.forge.lie == CENSOR_LIE_ADDRESS)
		reader_wrong(reader, "answers, cname, nxdomain or refused is missing here");
	else if (rule->pool.len && (rule->rule.forge.lie == CENSOR_LIE_NXDOMAIN ||
				    rule->rule.forge.lie == CENSOR_LIE_REFUSED))
		reader_wrong(reader, "nxdomain and refused have no answers");
}

static void read_both(struct reader *reader, json_t *value, void *part)
{
	struct token token = { .place = reader_here(reader, 0) };

	if (!json_is_boolean(value))
		reader_wrong(reader, "true or false is wanted here");
	else if (json_is_true(value))
		build_residual_option(reader->build, part, AST_BOTH, &token, NULL);
}

static void read_after(struct reader *reader, json_t *value, void *part)
{
	struct token words[DELAY_WORDS], at = { .place = reader_here(reader, 0) };
	u32 n = reader_words(reader, value, words, DELAY_WORDS);

	if (n)
		build_residual_after(reader->build, part, &at, words, n);
	else
		((struct ast_rule *)part)->broken = true;
}

static void read_residual_word(struct reader *reader, json_t *value, void *part,
			       enum ast_option option)
{
	struct token token;

	if (reader_word(reader, value, reader_here(reader, 0), &token))
		build_residual_option(reader->build, part, option, &token, &token);
}

static void read_rearm(struct reader *reader, json_t *value, void *part)
{
	read_residual_word(reader, value, part, AST_REARM);
}

static void read_residual_chance(struct reader *reader, json_t *value, void *part)
{
	read_residual_word(reader, value, part, AST_RESIDUAL_CHANCE);
}

/* "drop" or {"inject": NAME} */
static void read_with(struct reader *reader, json_t *value, void *part)
{
	const char *word = json_string_value(value);
	struct token at = { .place = reader_here(reader, 0) }, name;

	if (word && !strcmp(word, "drop"))
		build_residual_option(reader->build, part, AST_WITH, &at, NULL);
	else if (json_object_size(value) == 1 && reader_member(reader, value, "inject", &name))
		build_residual_option(reader->build, part, AST_WITH, &at, &name);
	else
		reader_wrong(reader, "a residual block is with \"drop\" or {\"inject\": NAME}");
}

static void read_residual(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "for", NULL, true }, { "by", NULL, true }, { "both", read_both, false },
		{ "after", read_after, false }, { "rearm", read_rearm, false },
		{ "with", read_with, false }, { "probability", read_residual_chance, false }, {}
	};
	struct token by, time, token = { .place = reader_here(reader, 0) };

	reader_members(reader, value, members, part);
	if (!reader_member(reader, value, "by", &by) || !reader_member(reader, value, "for", &time))
		return;
	build_action(reader->build, part, CENSOR_DO_RESIDUAL, &token);
	build_residual(reader->build, part, &time, &by);
}

static void read_do(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "log", read_log, false }, { "sample", read_sample, false },
		{ "drop", read_drop, false },
		{ "pass", read_pass, false }, { "inject", read_do_inject, false },
		{ "forge", read_forge, false }, { "residual", read_residual, false },
		{ "rewrite", read_rewrite, false }, { "freeze", read_freeze, false },
		{ "police", read_police, false }, { "lose", read_lose, false },
		{ "delay", read_hold, false }, { "mark", read_mark, false },
		{ "on-path", read_on_path, false }, { "in-path", read_in_path, false },
		{ "probability", read_probability, false }, {}
	};

	reader_members(reader, value, members, part);
}

static void read_rule(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "name", NULL, true }, { "if", read_conds, true }, { "do", read_do, true },
		{ "phases", read_in_phases, false },
		{ "hits", NULL, false }, { "packets", NULL, false }, { "bytes", NULL, false },
		{ "lost_packets", NULL, false }, { "lost_bytes", NULL, false }, {}
	};
	struct token name = reader_name(reader, value);

	(void)part;
	reader_members(reader, value, members, build_rule(reader->build, &name));
}

static void read_censor(struct reader *reader, json_t *value, void *part)
{
	struct token token;

	(void)part;
	if (reader_word(reader, value, reader_here(reader, 0), &token))
		build_policy_name(reader->build, &token);
}

static void read_seed(struct reader *reader, json_t *value, void *part)
{
	struct token token;

	(void)part;
	if (reader_word(reader, value, reader_here(reader, 0), &token))
		build_seed(reader->build, &token);
}

static void read_clock(struct reader *reader, json_t *value, void *part)
{
	char text[24];
	struct token token;

	(void)part;
	if (!reader_word(reader, value, reader_here(reader, 0), &token))
		return;
	/* A number here is what the text has as "60x". */
	if (json_is_integer(value)) {
		token.len = snprintf(text, sizeof(text), "%.*sx", (int)token.len, token.text);
		token.text = arena_text(&reader->build->ast->arena, text, token.len);
	}
	build_clock(reader->build, &token);
}

static void read_inside(struct reader *reader, json_t *value, void *part)
{
	struct token token;

	(void)part;
	if (reader_word(reader, value, reader_here(reader, 0), &token))
		build_inside(reader->build, &token);
}

#define READ_ARRAY(name, one)								\
static void read_##name(struct reader *reader, json_t *value, void *part)		\
{											\
	reader_array(reader, value, one, part);						\
}

READ_ARRAY(insides, read_inside)
READ_ARRAY(sets, read_set)
READ_ARRAY(pools, read_pool)
READ_ARRAY(pages, read_page)
READ_ARRAY(tables_of_hours, read_hours)
READ_ARRAY(tables_of_load, read_load)
READ_ARRAY(injects, read_inject)
READ_ARRAY(rules, read_rule)

void json_read_policy(struct build *build, u32 file)
{
	static const struct member members[] = {
		{ "censor", read_censor, true }, { "inside", read_insides, false },
		{ "seed", read_seed, false }, { "clock", read_clock, false },
		{ "phases", read_phases, false },
		{ "tcp", read_tcp, false }, { "ip", read_ip, false },
		{ "detect", read_detect, false },
		{ "sets", read_sets, false }, { "answers", read_pools, false },
		{ "pages", read_pages, false }, { "hours", read_tables_of_hours, false },
		{ "loads", read_tables_of_load, false }, { "injects", read_injects, false },
		{ "rules", read_rules, false }, {}
	};
	const struct report_file *text = &build->report->files[file];
	struct reader reader = { .build = build, .file = file };
	json_error_t error;
	json_t *root;

	root = json_loadb(text->text, text->size, JSON_REJECT_DUPLICATES, &error);
	if (!root) {
		struct place place = {
			.line = error.line > 0 ? error.line : 1,
			.column = error.column > 0 ? error.column : 1,
			.len = 1,
			.file = file,
		};

		report_error(build->report, place, "this is not JSON: %s", error.text);
		return;
	}
	reader_members(&reader, root, members, NULL);
	json_decref(root);
}
