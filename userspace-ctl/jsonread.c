// SPDX-License-Identifier: GPL-2.0
/* JSON into the AST, by the same calls as the text: so it is checked the same. */
#include "engine/inspect.h"
#include "json.h"
#include "value.h"

/**
 * struct reader - where in the document it is
 * @path: such as "rules[2].if[0].values"
 */
struct reader {
	struct build *build;
	u32 file;
	char path[256];
};

static struct place here(struct reader *reader, u32 index_plus_one)
{
	return (struct place){
		.file = reader->file,
		.column = report_add_path(reader->build->report,
					  *reader->path ? reader->path : "the policy"),
		.len = index_plus_one,
	};
}

/* Go down to a member or an element. Return: what to give to leave() */
static u32 enter(struct reader *reader, const char *key, size_t index)
{
	size_t len = strlen(reader->path);

	if (key)
		snprintf(reader->path + len, sizeof(reader->path) - len, "%s%.60s",
			 len ? "." : "", key);
	else
		snprintf(reader->path + len, sizeof(reader->path) - len, "[%zu]", index);
	return len;
}

static void leave(struct reader *reader, u32 len)
{
	reader->path[len] = '\0';
}

static void wrong(struct reader *reader, const char *what)
{
	report_error(reader->build->report, here(reader, 0), "%s", what);
}

/* A string or integer as the word that it would be in the text. */
static bool word_of(struct reader *reader, json_t *value, struct place place,
		    struct token *token)
{
	char digits[24];

	*token = (struct token){ .place = place, .quoted = true };
	if (json_is_string(value)) {
		token->text = arena_text(&reader->build->ast->arena, json_string_value(value),
					 json_string_length(value));
		token->len = json_string_length(value);
		return true;
	}
	if (json_is_integer(value)) {
		token->len = snprintf(digits, sizeof(digits), "%lld",
				      (long long)json_integer_value(value));
		token->text = arena_text(&reader->build->ast->arena, digits, token->len);
		return true;
	}
	report_error(reader->build->report, place, "a string or a whole number is wanted here");
	return false;
}

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

struct member {
	const char *key;
	void (*read)(struct reader *reader, json_t *value, void *part);
	bool needed;
};

/* Every member by its function, in the order of @members; none may be unknown. */
static void read_members(struct reader *reader, json_t *object, const struct member *members,
			 void *part)
{
	const struct member *member;
	const char *key;
	json_t *value;
	u32 at;

	if (!json_is_object(object)) {
		wrong(reader, "an object is wanted here");
		return;
	}
	json_object_foreach(object, key, value) {
		for (member = members; member->key; member++)
			if (!strcmp(member->key, key))
				break;
		if (member->key)
			continue;
		at = enter(reader, key, 0);
		wrong(reader, "there is no such member");
		leave(reader, at);
	}
	for (member = members; member->key; member++) {
		value = json_object_get(object, member->key);
		if (!value && member->needed) {
			report_error(reader->build->report, here(reader, 0),
				     "the member \"%s\" is missing", member->key);
		} else if (value && member->read) {
			at = enter(reader, member->key, 0);
			member->read(reader, value, part);
			leave(reader, at);
		}
	}
}

static void read_array(struct reader *reader, json_t *array,
		       void (*read)(struct reader *reader, json_t *value, void *part), void *part)
{
	size_t i;

	if (!json_is_array(array)) {
		wrong(reader, "an array is wanted here");
		return;
	}
	for (i = 0; i < json_array_size(array); i++) {
		u32 at = enter(reader, NULL, i);

		read(reader, json_array_get(array, i), part);
		leave(reader, at);
	}
}

/* The string member "name" of an object; an empty one (which is refused) if there is none. */
static struct token name_of(struct reader *reader, json_t *object)
{
	json_t *value = json_object_get(object, "name");
	struct token token = { .quoted = true, .text = "" };
	u32 at = enter(reader, "name", 0);

	token.place = here(reader, 0);
	if (value)
		word_of(reader, value, token.place, &token);
	leave(reader, at);
	return token;
}

static void read_entries(struct reader *reader, json_t *array, struct ast_set *set,
			 struct ast_pool *pool)
{
	struct place place;
	struct token token;
	size_t i;

	if (!json_is_array(array)) {
		wrong(reader, "an array is wanted here");
		return;
	}
	place = here(reader, 0);
	for (i = 0; i < json_array_size(array); i++) {
		place.len = i + 1;
		if (!word_of(reader, json_array_get(array, i), place, &token))
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

static void read_set(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "name", NULL, true }, { "kind", NULL, true },
		{ "entries", read_set_entries, true }, {}
	};
	static const char *const kinds[] = { "names", "prefixes", "numbers", "words" };
	const char *kind = json_string_value(json_object_get(value, "kind"));
	struct token name = name_of(reader, value);
	struct ast_set *set;
	u32 i;

	(void)part;
	for (i = 0; i < 4; i++)
		if (kind && !strcmp(kind, kinds[i]))
			break;
	if (i == 4)
		wrong(reader, "the kind of a set is names, words, prefixes or numbers");
	set = build_set(reader->build, i == 4 || i == 3 ? CENSOR_KIND_NAMES : i, i == 3, &name);
	set->broken = i == 4;
	read_members(reader, value, members, set);
}

static void read_pool(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "name", NULL, true }, { "addresses", read_addresses, true }, {}
	};
	struct token name = name_of(reader, value);

	(void)part;
	read_members(reader, value, members, build_pool(reader->build, &name));
}

struct packet_part {
	struct ast_inject *inject;
	struct ast_packet *packet;
	struct ast_rule *rule;
};

static void read_option(struct reader *reader, json_t *value, struct packet_part *part,
			enum ast_option option)
{
	struct place place = here(reader, 0);
	struct token token;
	bool cyclic;

	if (json_is_boolean(value)) {
		token = (struct token){ .place = place, .quoted = true,
			.text = json_is_true(value) ? "on" : "off",
			.len = json_is_true(value) ? 2 : 3 };
		if (option == AST_AA && json_is_false(value))
			return;
	} else if (!word_of(reader, value, place, &token)) {
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

static void read_seq(struct reader *reader, json_t *value, void *part)
{
	read_array(reader, value, read_offset, part);
}

static void read_packet(struct reader *reader, json_t *value, void *inject)
{
	static const struct member members[] = {
		{ "flags", NULL, true }, { "to", read_to, false },
		{ "copies", read_copies, false }, { "seq", read_seq, false },
		{ "ttl", read_ttl, false }, { "ip-id", read_ip_id, false },
		{ "df", read_df, false }, { "window", read_window, false }, {}
	};
	struct packet_part part = { .inject = inject };
	json_t *flags = json_object_get(value, "flags");
	struct token token = { .text = "none", .len = 4, .place = here(reader, 0) };

	if (flags)
		word_of(reader, flags, token.place, &token);
	part.packet = build_packet(reader->build, inject, &token);
	read_members(reader, value, members, &part);
}

static void read_packets(struct reader *reader, json_t *value, void *part)
{
	read_array(reader, value, read_packet, part);
}

static void read_inject(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "name", NULL, true }, { "packets", read_packets, true }, {}
	};
	struct token name = name_of(reader, value);

	(void)part;
	read_members(reader, value, members, build_inject(reader->build, &name));
}

static void read_value(struct reader *reader, json_t *value, void *cond)
{
	json_t *set = json_is_object(value) ? json_object_get(value, "set") : NULL;
	struct token token;

	if (set && json_is_string(set) && json_object_size(value) == 1) {
		if (word_of(reader, set, here(reader, 0), &token))
			build_value(cond, &token, true);
	} else if (json_is_object(value)) {
		wrong(reader, "a value is a string, a number or {\"set\": NAME}");
	} else if (word_of(reader, value, here(reader, 0), &token)) {
		build_value(cond, &token, false);
	}
}

static void read_values(struct reader *reader, json_t *value, void *part)
{
	struct ast_cond *cond = part;

	if (json_is_array(value) && !json_array_size(value)) {
		wrong(reader, "a condition needs a value");
		cond->broken = true;
	}
	read_array(reader, value, read_value, part);
}

static void read_operator(struct reader *reader, json_t *value, void *part)
{
	const char *word = json_string_value(value);
	struct ast_cond *cond = part;

	cond->operator_place = here(reader, 0);
	if (word && !strcmp(word, "contains"))
		cond->operator = AST_CONTAINS;
	else if (!word || strcmp(word, "in"))
		wrong(reader, "an operator is \"in\" or \"contains\"");
}

static void read_not(struct reader *reader, json_t *value, void *part)
{
	struct ast_cond *cond = part;

	if (!json_is_boolean(value))
		wrong(reader, "true or false is wanted here");
	cond->negate = json_is_true(value);
}

static void read_cond(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "field", NULL, true }, { "operator", read_operator, false },
		{ "not", read_not, false }, { "values", read_values, true }, {}
	};
	struct token field = { .text = "", .quoted = true, .place = here(reader, 0) };
	json_t *name = json_object_get(value, "field");
	struct ast_cond *cond;

	if (name)
		word_of(reader, name, field.place, &field);
	cond = build_cond(reader->build, part, &field);
	cond->operator = AST_IN;
	read_members(reader, value, members, cond);
}

static void read_conds(struct reader *reader, json_t *value, void *part)
{
	read_array(reader, value, read_cond, part);
}

static void read_flag(struct reader *reader, json_t *value, struct ast_rule *rule, u32 bit)
{
	struct token token = { .place = here(reader, 0) };

	if (!json_is_boolean(value))
		wrong(reader, "true or false is wanted here");
	else if (json_is_true(value))
		build_action(reader->build, rule, bit, &token);
}

static void read_log(struct reader *reader, json_t *value, void *part)
{
	read_flag(reader, value, part, CENSOR_DO_LOG);
}

static void read_drop(struct reader *reader, json_t *value, void *part)
{
	read_flag(reader, value, part, CENSOR_DO_DROP);
}

static void read_pass(struct reader *reader, json_t *value, void *part)
{
	read_flag(reader, value, part, CENSOR_DO_PASS);
}

static void read_do_inject(struct reader *reader, json_t *value, void *part)
{
	struct ast_rule *rule = part;

	if (!word_of(reader, value, here(reader, 0), &rule->inject))
		return;
	build_action(reader->build, rule, CENSOR_DO_INJECT, &rule->inject);
}

static void read_answers(struct reader *reader, json_t *value, void *part)
{
	struct packet_part *forge = part;

	if (word_of(reader, value, here(reader, 0), &forge->rule->pool))
		build_action(reader->build, forge->rule, CENSOR_DO_FORGE, &forge->rule->pool);
}

static void read_forge(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "answers", read_answers, true }, { "ttl", read_ttl, false },
		{ "count", read_count, false }, { "aa", read_aa, false },
		{ "ip-ttl", read_ip_ttl, false }, { "ip-id", read_ip_id, false },
		{ "df", read_df, false }, {}
	};
	struct packet_part forge = { .rule = part };

	read_members(reader, value, members, &forge);
}

static void read_residual(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "for", NULL, true }, { "by", NULL, true }, {}
	};
	json_t *by = json_object_get(value, "by"), *time = json_object_get(value, "for");
	struct token by_token, time_token, token = { .place = here(reader, 0) };

	read_members(reader, value, members, NULL);
	if (!by || !time || !word_of(reader, by, token.place, &by_token) ||
	    !word_of(reader, time, token.place, &time_token))
		return;
	build_action(reader->build, part, CENSOR_DO_RESIDUAL, &token);
	build_residual(reader->build, part, &time_token, &by_token);
}

static void read_do(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "log", read_log, false }, { "drop", read_drop, false },
		{ "pass", read_pass, false }, { "inject", read_do_inject, false },
		{ "forge", read_forge, false }, { "residual", read_residual, false }, {}
	};

	read_members(reader, value, members, part);
}

static void read_rule(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "name", NULL, true }, { "if", read_conds, true }, { "do", read_do, true },
		{ "hits", NULL, false }, {}
	};
	struct token name = name_of(reader, value);

	(void)part;
	read_members(reader, value, members, build_rule(reader->build, &name));
}

static void read_censor(struct reader *reader, json_t *value, void *part)
{
	struct token token;

	(void)part;
	if (word_of(reader, value, here(reader, 0), &token))
		build_policy_name(reader->build, &token);
}

static void read_seed(struct reader *reader, json_t *value, void *part)
{
	struct token token;

	(void)part;
	if (word_of(reader, value, here(reader, 0), &token))
		build_seed(reader->build, &token);
}

static void read_inside(struct reader *reader, json_t *value, void *part)
{
	struct token token;

	(void)part;
	if (word_of(reader, value, here(reader, 0), &token))
		build_inside(reader->build, &token);
}

#define READ_ARRAY(name, one)								\
static void read_##name(struct reader *reader, json_t *value, void *part)		\
{											\
	read_array(reader, value, one, part);						\
}

READ_ARRAY(insides, read_inside)
READ_ARRAY(sets, read_set)
READ_ARRAY(pools, read_pool)
READ_ARRAY(injects, read_inject)
READ_ARRAY(rules, read_rule)

void json_read_policy(struct build *build, u32 file)
{
	static const struct member members[] = {
		{ "censor", read_censor, true }, { "inside", read_insides, false },
		{ "seed", read_seed, false }, { "sets", read_sets, false },
		{ "answers", read_pools, false }, { "injects", read_injects, false },
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
	read_members(&reader, root, members, NULL);
	json_decref(root);
}
