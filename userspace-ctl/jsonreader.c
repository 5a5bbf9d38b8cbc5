// SPDX-License-Identifier: GPL-2.0
/* The ways through a JSON document. */
#include "jsonreader.h"
#include "value.h"

struct place reader_here(struct reader *reader, u32 index_plus_one)
{
	return (struct place){
		.file = reader->file,
		.column = report_add_path(reader->build->report,
					  *reader->path ? reader->path : "the policy"),
		.len = index_plus_one,
	};
}

u32 reader_enter(struct reader *reader, const char *key, size_t index)
{
	size_t len = strlen(reader->path);

	if (key)
		snprintf(reader->path + len, sizeof(reader->path) - len, "%s%.60s",
			 len ? "." : "", key);
	else
		snprintf(reader->path + len, sizeof(reader->path) - len, "[%zu]", index);
	return len;
}

void reader_leave(struct reader *reader, u32 len)
{
	reader->path[len] = '\0';
}

void reader_wrong(struct reader *reader, const char *what)
{
	report_error(reader->build->report, reader_here(reader, 0), "%s", what);
}

bool reader_word(struct reader *reader, json_t *value, struct place place,
		 struct token *token)
{
	char digits[24];

	*token = (struct token){ .place = place, .quoted = true, .plain = true };
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

static const char *next_member(const void *from, u32 i)
{
	const struct member *members = from;

	return members[i].key;
}

void reader_members(struct reader *reader, json_t *object, const struct member *members,
		    void *part)
{
	const struct member *member;
	const char *key, *near;
	json_t *value;
	u32 at;

	if (!json_is_object(object)) {
		reader_wrong(reader, "an object is wanted here");
		return;
	}
	json_object_foreach(object, key, value) {
		for (member = members; member->key; member++)
			if (!strcmp(member->key, key))
				break;
		if (member->key)
			continue;
		near = nearest(key, strlen(key), next_member, members);
		at = reader_enter(reader, key, 0);
		report_error(reader->build->report, reader_here(reader, 0),
			     "there is no such member%s%s%s", near ? "; did you mean \"" : "",
			     near ? near : "", near ? "\"?" : "");
		reader_leave(reader, at);
	}
	for (member = members; member->key; member++) {
		value = json_object_get(object, member->key);
		if (!value && member->needed) {
			report_error(reader->build->report, reader_here(reader, 0),
				     "the member \"%s\" is missing", member->key);
		} else if (value && member->read) {
			at = reader_enter(reader, member->key, 0);
			member->read(reader, value, part);
			reader_leave(reader, at);
		}
	}
}

void reader_array(struct reader *reader, json_t *array,
		  void (*read)(struct reader *reader, json_t *value, void *part), void *part)
{
	size_t i;

	if (!json_is_array(array)) {
		reader_wrong(reader, "an array is wanted here");
		return;
	}
	for (i = 0; i < json_array_size(array); i++) {
		u32 at = reader_enter(reader, NULL, i);

		read(reader, json_array_get(array, i), part);
		reader_leave(reader, at);
	}
}

bool reader_member(struct reader *reader, json_t *object, const char *key, struct token *token)
{
	json_t *value = json_object_get(object, key);
	u32 at = reader_enter(reader, key, 0);
	bool good = value && reader_word(reader, value, reader_here(reader, 0), token);

	reader_leave(reader, at);
	return good;
}

struct token reader_name(struct reader *reader, json_t *object)
{
	json_t *value = json_object_get(object, "name");
	struct token token = { .quoted = true, .text = "" };
	u32 at = reader_enter(reader, "name", 0);

	token.place = reader_here(reader, 0);
	if (value)
		reader_word(reader, value, token.place, &token);
	reader_leave(reader, at);
	return token;
}

u32 reader_words(struct reader *reader, json_t *value, struct token *words, u32 most)
{
	struct token token;
	u32 at = 0, n = 0, end;

	if (!reader_word(reader, value, reader_here(reader, 0), &token))
		return 0;
	while (at < token.len && n < most) {
		while (at < token.len && token.text[at] == ' ')
			at++;
		for (end = at; end < token.len && token.text[end] != ' '; end++)
			;
		if (end == at)
			break;
		words[n] = token;
		words[n].text = token.text + at;
		words[n++].len = end - at;
		at = end;
	}
	if (!n)
		reader_wrong(reader, "the string is empty");
	return n;
}
