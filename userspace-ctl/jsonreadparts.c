// SPDX-License-Identifier: GPL-2.0
/* From JSON: the censor's TCP and IP, pages, tables of probabilities. */
#include "jsonreader.h"
#include "modelblock.h"

/* A value such as "syn 60s" of a knob, which the text has as two words. */
static void read_item(struct reader *reader, struct model_block *block, const struct token *item)
{
	const char *blank = memchr(item->text, ' ', item->len);
	struct token word = *item, value = *item;

	if (!blank) {
		block_item(reader->build, block, item, NULL);
		return;
	}
	word.len = blank - item->text;
	value.text = blank + 1;
	value.len = item->len - word.len - 1;
	block_item(reader->build, block, &word, &value);
}

static void read_knob_value(struct reader *reader, json_t *value, void *part)
{
	struct token token = { .place = reader_here(reader, 0), .quoted = true };

	if (json_is_boolean(value)) {
		token.text = json_is_true(value) ? "on" : "off";
		token.len = strlen(token.text);
		block_item(reader->build, part, &token, NULL);
	} else if (reader_word(reader, value, token.place, &token)) {
		read_item(reader, part, &token);
	} else {
		((struct model_block *)part)->broken = true;
	}
}

static void read_knob(struct reader *reader, const char *key, json_t *value,
		      struct model_block *block)
{
	struct token name = {
		.place = reader_here(reader, 0), .text = key, .len = strlen(key), .quoted = true,
	};

	block_knob(reader->build, block, &name);
	if (json_is_array(value))
		reader_array(reader, value, read_knob_value, block);
	else
		read_knob_value(reader, value, block);
}

static void read_model(struct reader *reader, json_t *value, enum model_kind kind)
{
	struct token token = { .place = reader_here(reader, 0) };
	json_t *model = json_object_get(value, "model"), *knob;
	struct model_block block;
	const char *key;
	u32 at;

	block_begin(&block, kind, &token);
	if (!json_is_object(value)) {
		reader_wrong(reader, "an object is wanted here");
		return;
	}
	if (model) {
		at = reader_enter(reader, "model", 0);
		if (reader_word(reader, model, reader_here(reader, 0), &token))
			block_named(reader->build, &block, &token);
		else
			block.broken = true;
		reader_leave(reader, at);
	}
	json_object_foreach(value, key, knob) {
		if (!strcmp(key, "model"))
			continue;
		at = reader_enter(reader, key, 0);
		read_knob(reader, key, knob, &block);
		reader_leave(reader, at);
	}
	block_end(reader->build, &block);
	build_model(reader->build, &block);
}

void read_tcp(struct reader *reader, json_t *value, void *part)
{
	(void)part;
	read_model(reader, value, MODEL_TCP);
}

void read_ip(struct reader *reader, json_t *value, void *part)
{
	(void)part;
	read_model(reader, value, MODEL_IP);
}

void read_detect(struct reader *reader, json_t *value, void *part)
{
	(void)part;
	read_model(reader, value, MODEL_DETECT);
}

static void read_page_data(struct reader *reader, json_t *value, void *part)
{
	struct token token;

	if (reader_word(reader, value, reader_here(reader, 0), &token))
		build_page_text(reader->build, part, &token);
}

void read_page(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "name", NULL, true }, { "data", read_page_data, true }, {}
	};
	struct token name = reader_name(reader, value);

	(void)part;
	reader_members(reader, value, members, build_page(reader->build, &name));
}

static void read_zone(struct reader *reader, json_t *value, void *part)
{
	struct token token;

	if (reader_word(reader, value, reader_here(reader, 0), &token))
		build_zone(reader->build, part, &token);
}

static void read_hour(struct reader *reader, json_t *value, void *part)
{
	struct token token;

	if (reader_word(reader, value, reader_here(reader, 0), &token))
		build_hour(reader->build, part, &token);
}

static void read_day(struct reader *reader, json_t *value, void *part)
{
	reader_array(reader, value, read_hour, part);
}

void read_hours(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "name", NULL, true }, { "zone", read_zone, false },
		{ "probabilities", read_day, true }, {}
	};
	struct token name = reader_name(reader, value);

	(void)part;
	reader_members(reader, value, members, build_hours(reader->build, &name));
}

static void read_point(struct reader *reader, json_t *value, void *part)
{
	json_t *pps = json_array_get(value, 0), *chance = json_array_get(value, 1);
	struct place place = reader_here(reader, 0);
	struct token first, second;

	if (json_array_size(value) != 2)
		reader_wrong(reader, "a point is packets a second and a probability, as in [100, \"93.1%\"]");
	else if (reader_word(reader, pps, place, &first) &&
		 reader_word(reader, chance, place, &second))
		build_load_point(reader->build, part, &first, &second);
}

static void read_points(struct reader *reader, json_t *value, void *part)
{
	reader_array(reader, value, read_point, part);
}

void read_load(struct reader *reader, json_t *value, void *part)
{
	static const struct member members[] = {
		{ "name", NULL, true }, { "points", read_points, true }, {}
	};
	struct token name = reader_name(reader, value);

	(void)part;
	reader_members(reader, value, members, build_load(reader->build, &name));
}
