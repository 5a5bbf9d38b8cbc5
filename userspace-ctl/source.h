/* SPDX-License-Identifier: GPL-2.0 */
/* Where a screen's lines come from, as they happen: the kernel, or a recording. */
#ifndef _CENSORCTL_SOURCE_H
#define _CENSORCTL_SOURCE_H

#include <stdio.h>

#include "screenread.h"

struct command;
struct source_kernel;
struct source_replay;

/**
 * struct source - one of the two
 * @screen: that is told
 * @record: every line goes here, too, if it isn't NULL
 * @speed: of the recording's clock, 1 for the kernel
 * @begun: when it began, seconds of the monotonic clock
 */
struct source {
	struct screen *screen;
	FILE *record;
	double speed;
	double begun;
	struct source_kernel *kernel;
	struct source_replay *replay;
};

/**
 * struct source_options - what verbs that show a screen have in common
 * @replay: path of a recording, or NULL for the kernel
 * @record: path of one to be written, or NULL
 * @speed: of the replay
 * @limited: end by itself after @seconds
 */
struct source_options {
	const char *replay;
	const char *record;
	double speed;
	double seconds;
	bool limited;
};

/* Their letters, which nobody can type. */
enum { SOURCE_REPLAY = 0x100, SOURCE_RECORD, SOURCE_SPEED, SOURCE_FOR, SOURCE_OTHERS };

#define SOURCE_LONGS						\
	{ "replay", required_argument, NULL, SOURCE_REPLAY },	\
	{ "record", required_argument, NULL, SOURCE_RECORD },	\
	{ "speed", required_argument, NULL, SOURCE_SPEED },	\
	{ "for", required_argument, NULL, SOURCE_FOR }

/**
 * source_option() - one of SOURCE_LONGS
 * Return: 0, 1 if it is none of them, or -1 when its value was wrong and that has been said.
 */
int source_option(struct source_options *options, const struct command *command, int option);

/**
 * source_open() - begin; with the kernel, the process is in the command's namespace from now on
 * Return: 0, or -1 when that failed and has been said.
 */
int source_open(struct source *source, struct screen *screen, const struct source_options *options,
		const struct command *command);
void source_close(struct source *source);

/**
 * source_same_file() - two paths of one regular file, which one of them would take from the other;
 * either may be NULL
 */
bool source_same_file(const char *a, const char *b);

/** source_now() - seconds since it began, of its own clock */
double source_now(const struct source *source);
/** source_fd() - that is readable when there is something to do; -1: none */
int source_fd(const struct source *source);
/** source_wait() - milliseconds until there is something to do without it; -1: nothing */
int source_wait(const struct source *source);
/**
 * source_run() - tell the screen all that has happened
 * Return: 0, or -1 when that failed and has been said.
 */
int source_run(struct source *source, const struct command *command);

/** source_line() - a line of the present moment: to the recording and the screen; @key: its kind */
const char *source_line(struct source *source, double at, const char *key, json_t *value);

/**
 * source_set_phase() - have another phase take force
 * Return: NULL, or why not.
 */
const char *source_set_phase(struct source *source, u32 phase);

/* Of the two kinds; sourcekernel.c and sourcereplay.c. */
int kernel_open(struct source *source, const struct command *command);
void kernel_close(struct source *source);
int kernel_fd(const struct source *source);
int kernel_wait(const struct source *source);
int kernel_run(struct source *source, const struct command *command);
const char *kernel_set_phase(struct source *source, u32 phase);

int replay_open(struct source *source, const char *path, const struct command *command);
void replay_close(struct source *source);
int replay_wait(const struct source *source);
int replay_run(struct source *source, const struct command *command);
const char *replay_set_phase(struct source *source, u32 phase);

#endif
