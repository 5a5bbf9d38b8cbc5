// SPDX-License-Identifier: GPL-2.0
/* From JSON: phases, and what a rule does to the later packets of a flow. */
#include "jsonshape.h"
#include "value.h"

static void read_title(struct reader *reader, json_t *value, void *part)
{
	struct token token;

	if (reader_word(reader, value, reader_here(reader, 0), &token))
		build_title(reader->build, part, token.text, token.place);
}

static void read_phase(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "name", NULL, true }, { "title", read_title, false }, { "from", NULL, false },
		{ "to", NULL, false }, {}
	};
	struct token name = reader_name(reader, value), from, until;
	struct ast_phase *phase = build_phase(reader->build, &name);
	bool ends = json_object_get(value, "to");

	(void)part;
	reader_members(reader, value, members, phase);
	if (!json_object_get(value, "from")) {
		if (ends)
			reader_wrong(reader, "a phase that ends on a date begins on one: \"from\" is missing");
		return;
	}
	if (reader_member(reader, value, "from", &from) &&
	    (!ends || reader_member(reader, value, "to", &until)))
		build_dates(reader->build, phase, &from, ends ? &until : NULL);
}

void read_phases(struct reader *reader, json_t *value, void *part)
{
	reader_array(reader, value, read_phase, part);
}

static void read_in_phase(struct reader *reader, json_t *value, void *rule)
{
	struct token token;

	if (reader_word(reader, value, reader_here(reader, 0), &token))
		build_in_phase(rule, &token);
}

void read_in_phases(struct reader *reader, json_t *value, void *rule)
{
	if (json_is_array(value) && !json_array_size(value))
		reader_wrong(reader, "a rule that is in no phase never acts; leave \"phases\" out for all of them");
	reader_array(reader, value, read_in_phase, rule);
}

/* A number in the unit that JSON has it in; a string has its own. */
static bool member_in(struct reader *reader, json_t *object, const char *key, const char *unit,
		      struct token *token)
{
	char text[32];

	if (!reader_member(reader, object, key, token))
		return false;
	if (json_is_integer(json_object_get(object, key))) {
		token->len = snprintf(text, sizeof(text), "%.*s%s", (int)token->len, token->text,
				      unit);
		token->text = arena_text(&reader->build->ast->arena, text, token->len);
	}
	return true;
}

void read_police(struct reader *reader, json_t *value, void *rule)
{
	static const struct member members[] = {
		{ "rate", NULL, true }, { "burst", NULL, false }, { "per", NULL, false },
		{ "to", NULL, false }, {}
	};
	struct token token = { .place = reader_here(reader, 0) };

	reader_members(reader, value, members, NULL);
	if (!json_object_get(value, "rate"))
		return;
	build_action(reader->build, rule, CENSOR_DO_POLICE, &token);
	if (member_in(reader, value, "rate", "bit", &token))
		build_police(reader->build, rule, &token);
	if (member_in(reader, value, "burst", "B", &token))
		build_police_option(reader->build, rule, AST_BURST, &token);
	if (reader_member(reader, value, "per", &token))
		build_police_option(reader->build, rule, AST_PER, &token);
	if (reader_member(reader, value, "to", &token))
		build_police_option(reader->build, rule, AST_POLICE_TO, &token);
}

void read_lose(struct reader *reader, json_t *value, void *rule)
{
	static const struct member members[] = {
		{ "chance", NULL, true }, { "to", NULL, false }, {}
	};
	struct token token = { .place = reader_here(reader, 0) }, chance, to;

	reader_members(reader, value, members, NULL);
	if (!reader_member(reader, value, "chance", &chance))
		return;
	build_action(reader->build, rule, CENSOR_DO_LOSE, &token);
	build_lose(reader->build, rule, &chance,
		   reader_member(reader, value, "to", &to) ? &to : NULL);
}

void read_hold(struct reader *reader, json_t *value, void *rule)
{
	static const struct member members[] = {
		{ "time", NULL, true }, { "to", NULL, false }, {}
	};
	struct token at = { .place = reader_here(reader, 0) }, words[DELAY_WORDS], to;
	json_t *time = json_object_get(value, "time");
	u32 n, down;

	reader_members(reader, value, members, NULL);
	if (!time)
		return;
	down = reader_enter(reader, "time", 0);
	n = reader_words(reader, time, words, DELAY_WORDS);
	reader_leave(reader, down);
	if (!n)
		return;
	build_action(reader->build, rule, CENSOR_DO_DELAY, &at);
	build_hold(reader->build, rule, &at, words, n,
		   reader_member(reader, value, "to", &to) ? &to : NULL);
}

void read_mark(struct reader *reader, json_t *value, void *rule)
{
	static const struct member members[] = {
		{ "value", NULL, true }, { "mask", NULL, false }, {}
	};
	struct token at = { .place = reader_here(reader, 0) }, mark, mask;
	char text[64];

	reader_members(reader, value, members, NULL);
	if (!reader_member(reader, value, "value", &mark))
		return;
	build_action(reader->build, rule, CENSOR_DO_MARK, &at);
	if (reader_member(reader, value, "mask", &mask)) {
		mark.len = snprintf(text, sizeof(text), "%.24s/%.24s", mark.text, mask.text);
		mark.text = arena_text(&reader->build->ast->arena, text, mark.len);
		mark.place = at.place;
	}
	build_mark(reader->build, rule, &mark);
}

void read_sample(struct reader *reader, json_t *value, void *part)
{
	struct ast_rule *rule = part;
	struct token token;

	if (!reader_word(reader, value, reader_here(reader, 0), &token))
		return;
	if (rule->rule.actions & CENSOR_DO_LOG)
		build_sample(reader->build, rule, &token);
	else
		reader_wrong(reader, "what is sampled is logged: \"log\": true is missing beside it");
}
