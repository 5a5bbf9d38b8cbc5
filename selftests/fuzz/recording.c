// SPDX-License-Identifier: GPL-2.0
/*
 * Recordings of a screen, as top and board replay them, for libFuzzer: an input is such a file.
 * Each of its lines is shown as soon as it is read, in a terminal and as a page is told; then all
 * phases are switched to.
 */
#include <sys/mman.h>
#include <unistd.h>

/* What it says belongs to nobody here. */
#include <stdio.h>
#undef stderr
#define stderr stdout
#include "../../userspace-ctl/sourcereplay.c"
#undef stderr
#define stderr stderr

#include "boardfiles.h"
#include "boardjson.h"
#include "topdraw.h"
#include "holds-json.h"
#include "verbs.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define LINES	400	/* of an input that are shown one by one */

static FILE *nowhere;

int command_failed(const struct command *command, const char *format, ...)
{
	va_list args;

	(void)command;
	va_start(args, format);
	vfprintf(nowhere, format, args);
	va_end(args);
	return EXIT_REFUSED;
}

/* In a saved page the state ends where it is to end, whatever names there are in it. */
static void check_saved(const json_t *state)
{
	static const char head[] = "<script type=\"application/json\" id=\"saved\">";
	char *page = NULL, *from, *to;
	size_t size;
	FILE *out = open_memstream(&page, &size);
	json_t *again;

	check(out);
	board_save(out, state);
	fclose(out);
	from = memmem(page, size, head, strlen(head));
	check(from);
	from += strlen(head);
	to = memmem(from, size - (size_t)(from - page), "</script", 8);
	again = to ? json_loadb(from, (size_t)(to - from), JSON_ALLOW_NUL, NULL) : NULL;
	check(again);
	json_decref(again);
	free(page);
}

/* A page shows what is found of an excerpt where it is said to be. */
static void check_event(const struct screen_shown *shown, const struct screen *screen)
{
	const struct screen_event *event = &shown->event;

	check(event->excerpt_len <= SCREEN_EXCERPT);
	check(event->found_at + event->found_len <= event->excerpt_len);
	check(shown->service < screen->n_services && shown->probe < SCREEN_PROBES);
	check(shown->phase < SCREEN_PHASES && shown->outcome < SCREEN_OUTCOMES);
}

static void show(const struct source *source, struct top_told *told, struct board_shown *shown,
		 size_t salt)
{
	struct top_size size = { .columns = 1 + salt % 200, .rows = 1 + salt / 200 % 60 };
	struct screen *screen = source->screen;
	u64 resets = shown->resets;
	json_t *more;

	check(screen->phase == 0 || screen->phase < screen->n_phases);
	check(screen->n_services <= SCREEN_SERVICES && screen->n_rules <= SCREEN_RULES);
	if (screen->n_events)
		check_event(&screen->events[(screen->n_events - 1) % SCREEN_EVENTS], screen);
	top_draw(nowhere, screen, size, salt & 1, "12:00:00");
	top_tell(nowhere, screen, told);
	more = board_more(screen, source_now(source), shown);
	check(more || resets != screen->resets || !screen->resets || !screen->n_events ||
	      shown->n_events == screen->n_events);
	if (more)
		check_json(more);
}

static void replay(struct source *source, size_t salt)
{
	struct source_replay *lines = source->replay;
	struct board_shown shown = {};
	struct top_told told = {};
	u32 n = lines->n, i;
	json_t *state;
	int err = 0;

	for (i = 0; i < n && !err; i++) {
		/* One line, then all others. */
		lines->n = i < LINES ? i + 1 : n;
		replay_wait(source);
		err = replay_run(source, NULL);
		show(source, &told, &shown, salt + i);
		i = lines->n - 1;
	}
	lines->n = n;
	for (i = 0; i < source->screen->n_phases; i++) {
		check(!source_set_phase(source, i) || source->screen->phase != i);
		show(source, &told, &shown, salt);
	}
	state = board_all(source->screen, source_now(source), NULL, true);
	/* It takes longer than all the rest. */
	if (salt % 8 == 0)
		check_saved(state);
	check_json(state);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	/* Every line's time has come. */
	struct source source = { .speed = 1, .begun = -1e300 };
	int file = memfd_create("recording", MFD_CLOEXEC);
	char path[64];

	if (!nowhere) {
		nowhere = fopen("/dev/null", "w");
		check(nowhere && freopen("/dev/null", "w", stdout));
	}
	check(file >= 0 && write(file, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	source.screen = screen_create();
	source.record = nowhere;
	if (!replay_open(&source, path, NULL))
		replay(&source, size);
	replay_close(&source);
	screen_free(source.screen);
	close(file);
	return 0;
}
