// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "command.h"
#include "json.h"
#include "source.h"

#define FOREVER_SECONDS	1e9

static double clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool positive(const char *text, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end != text && !*end && *number > 0 && *number < FOREVER_SECONDS;
}

int source_option(struct source_options *options, const struct command *command, int option)
{
	switch (option) {
	case SOURCE_REPLAY:
		options->replay = optarg;
		return 0;
	case SOURCE_RECORD:
		options->record = optarg;
		return 0;
	case SOURCE_SPEED:
		if (positive(optarg, &options->speed))
			return 0;
		command_wrong(command, "--speed wants how many times faster, more than 0, not \"%s\"",
			      optarg);
		return -1;
	case SOURCE_FOR:
		options->limited = true;
		if (positive(optarg, &options->seconds))
			return 0;
		command_wrong(command, "--for wants seconds, more than 0, not \"%s\"", optarg);
		return -1;
	default:
		return 1;
	}
}

bool source_same_file(const char *a, const char *b)
{
	struct stat one, other;

	return a && b && !stat(a, &one) && !stat(b, &other) && S_ISREG(one.st_mode) &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

int source_open(struct source *source, struct screen *screen, const struct source_options *options,
		const struct command *command)
{
	memset(source, 0, sizeof(*source));
	source->screen = screen;
	source->speed = 1;
	source->begun = clock_now();
	/* Opening it for writing would empty what is to be shown. */
	if (source_same_file(options->record, options->replay)) {
		command_failed(command, "%s: it is the recording that is replayed",
			       options->record);
		return -1;
	}
	if (options->record) {
		source->record = fopen(options->record, "we");
		if (!source->record) {
			command_failed(command, "%s: %s", options->record, strerror(errno));
			return -1;
		}
		setlinebuf(source->record);
	}
	if (!options->replay)
		return kernel_open(source, command);
	if (options->speed)
		source->speed = options->speed;
	return replay_open(source, options->replay, command);
}

void source_close(struct source *source)
{
	if (source->kernel)
		kernel_close(source);
	if (source->replay)
		replay_close(source);
	if (source->record)
		fclose(source->record);
}

double source_now(const struct source *source)
{
	return (clock_now() - source->begun) * source->speed;
}

int source_fd(const struct source *source)
{
	return source->kernel ? kernel_fd(source) : -1;
}

int source_wait(const struct source *source)
{
	return source->kernel ? kernel_wait(source) : replay_wait(source);
}

int source_run(struct source *source, const struct command *command)
{
	return source->kernel ? kernel_run(source, command) : replay_run(source, command);
}

const char *source_line(struct source *source, double at, const char *key, json_t *value)
{
	/* A millisecond is as exact as it gets. */
	json_t *line = json_pack("{s:f, s:o}", "at", round(at * 1000) / 1000, key, value);
	const char *wrong;

	if (!line)
		return "no text";
	wrong = screen_read(source->screen, line);
	if (!wrong && source->record)
		json_write(source->record, line, JSON_COMPACT | JSON_REAL_PRECISION(10));
	json_decref(line);
	return wrong;
}

const char *source_set_phase(struct source *source, u32 phase)
{
	return source->kernel ? kernel_set_phase(source, phase) : replay_set_phase(source, phase);
}
