// SPDX-License-Identifier: GPL-2.0
/* A recording as a source: each line when it is due. */
#include <math.h>
#include <string.h>

#include "command.h"
#include "event.h"
#include "json.h"
#include "memory.h"
#include "source.h"

/**
 * struct replay_line - of the recording
 * @number: in the file, from 1
 */
struct replay_line {
	double at;
	json_t *object;
	u32 number;
};

struct source_replay {
	const char *path;
	struct replay_line *lines;
	u32 n, room;
	u32 next;
};

static int wrong_line(const struct command *command, const char *path, u32 number, int column,
		      const char *why)
{
	if (column > 0)
		command_failed(command, "%s:%u:%d: %s", path, number, column, why);
	else
		command_failed(command, "%s:%u: %s", path, number, why);
	return -1;
}

static int add_line(struct source_replay *replay, const char *text, u32 number,
		    const struct command *command)
{
	double last = replay->n ? replay->lines[replay->n - 1].at : 0;
	struct replay_line *line;
	char why[JSON_ERROR_TEXT_LENGTH + 64];
	json_error_t error;
	json_t *object, *at;

	object = json_loads(text, JSON_ALLOW_NUL, &error);
	if (!object) {
		snprintf(why, sizeof(why), "no JSON, as --record writes it: %s", error.text);
		return wrong_line(command, replay->path, number, error.column, why);
	}
	memory_grow(replay->lines, replay->n, replay->room);
	line = &replay->lines[replay->n++];
	*line = (struct replay_line){ .object = object, .number = number };
	at = json_object_get(object, "at");
	line->at = json_number_value(at);
	if (!json_is_number(at) || line->at < last)
		return wrong_line(command, replay->path, number, 0,
				  "\"at\" wants seconds, no fewer than in the line before");
	return 0;
}

static int read_lines(struct source_replay *replay, FILE *file, const struct command *command)
{
	char *text = NULL;
	u32 number = 0;
	size_t size = 0;
	int err = 0;

	while (!err && getline(&text, &size, file) > 0) {
		number++;
		if (*text != '#' && *text != '\n')
			err = add_line(replay, text, number, command);
	}
	free(text);
	if (!err && ferror(file)) {
		command_failed(command, "%s: %s", replay->path, strerror(errno));
		return -1;
	}
	if (!err && !replay->n) {
		command_failed(command, "%s: an empty recording; --record makes one", replay->path);
		return -1;
	}
	return err;
}

int replay_open(struct source *source, const char *path, const struct command *command)
{
	FILE *file = fopen(path, "re");
	int err;

	if (!file) {
		command_failed(command, "%s: %s", path, strerror(errno));
		return -1;
	}
	source->replay = memory_zeroed(1, sizeof(*source->replay));
	source->replay->path = path;
	err = read_lines(source->replay, file, command);
	fclose(file);
	return err;
}

void replay_close(struct source *source)
{
	struct source_replay *replay = source->replay;
	u32 i;

	for (i = 0; i < replay->n; i++)
		json_decref(replay->lines[i].object);
	free(replay->lines);
	free(replay);
	source->replay = NULL;
}

int replay_wait(const struct source *source)
{
	const struct source_replay *replay = source->replay;
	double seconds;

	if (replay->next == replay->n)
		return -1;
	seconds = (replay->lines[replay->next].at - source_now(source)) / source->speed;
	if (seconds <= 0)
		return 0;
	return seconds > 3600 ? 3600000 : (int)ceil(seconds * 1000);
}

int replay_run(struct source *source, const struct command *command)
{
	struct source_replay *replay = source->replay;
	double now = source_now(source);

	for (; replay->next < replay->n && replay->lines[replay->next].at <= now; replay->next++) {
		const struct replay_line *line = &replay->lines[replay->next];
		const char *wrong = screen_read(source->screen, line->object);

		if (wrong)
			return wrong_line(command, replay->path, line->number, 0, wrong);
		if (source->record)
			json_write(source->record, line->object, JSON_COMPACT);
	}
	return 0;
}

/* There is no kernel that could refuse: it is as if one had said that it did so. */
const char *replay_set_phase(struct source *source, u32 phase)
{
	const struct screen_phase *one = &source->screen->phases[phase];

	text_printf(stderr, "replay: phase %s", one->name);
	fputc('\n', stderr);
	return source_line(source, source_now(source), "phase",
			   json_pack("{s:s, s:s, s:s}", "phase", one->name, "title", one->title,
				     "date", one->from));
}
