// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

#define MILLISECOND	1000000ull
#define SECOND		(1000 * MILLISECOND)
#define SILENT		(2 * SECOND)
#define INTERVAL	(250 * MILLISECOND)

static u64 clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * SECOND + (u64)now.tv_nsec;
}

void progress_begin(struct progress *progress, const char *what)
{
	progress->what = what;
	progress->wanted = isatty(STDERR_FILENO);
	progress->shown = false;
	progress->begun = clock_now();
	progress->next = progress->begun + SILENT;
}

/* Whether it is time to draw it again: then its beginning is drawn. */
static bool progress_due(struct progress *progress, u64 *now)
{
	if (!progress->wanted)
		return false;
	*now = clock_now();
	if (*now < progress->next)
		return false;
	progress->next = *now + INTERVAL;
	progress->shown = true;
	fprintf(stderr, "\r\033[K%s: ", progress->what);
	return true;
}

void progress_wait(struct progress *progress)
{
	u64 now;

	if (!progress_due(progress, &now))
		return;
	fprintf(stderr, "%llu s", (unsigned long long)((now - progress->begun) / SECOND));
	fflush(stderr);
}

void progress_show(struct progress *progress, u64 done, u64 total, u64 packets)
{
	u64 now;

	if (!progress_due(progress, &now))
		return;
	if (total)
		fprintf(stderr, "%3.0f %%, ", 100.0 * (double)min(done, total) / (double)total);
	fprintf(stderr, "%llu packets", (unsigned long long)packets);
	fflush(stderr);
}

/* Wait until then. Return: whether it goes on. */
static bool clock_goes_on(struct progress_clock *clock)
{
	const struct timespec until = {
		.tv_sec = (time_t)(clock->progress.next / SECOND),
		.tv_nsec = (long)(clock->progress.next % SECOND),
	};

	return sem_clockwait(&clock->stop, CLOCK_MONOTONIC, &until) && errno == ETIMEDOUT;
}

static void *clock_run(void *data)
{
	struct progress_clock *clock = data;

	while (clock_goes_on(clock))
		progress_wait(&clock->progress);
	return NULL;
}

static void clock_start(struct progress_clock *clock)
{
	sigset_t all, before;

	clock->progress.next = clock->progress.begun + SECOND;
	if (!clock->progress.wanted)
		return;
	/* Signals are for those who can do something about them. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	sem_init(&clock->stop, 0, 0);
	if (pthread_create(&clock->thread, NULL, clock_run, clock))
		clock->progress.wanted = false;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void progress_clock_start(struct progress_clock *clock, const char *what)
{
	progress_begin(&clock->progress, what);
	clock_start(clock);
}

void progress_clock_read(struct progress_clock *clock, const char *what, const char *path)
{
	progress_begin(&clock->progress, what);
	if (!strcmp(path, "-") && isatty(STDIN_FILENO))
		clock->progress.wanted = false;
	clock_start(clock);
}

void progress_clock_stop(struct progress_clock *clock)
{
	if (!clock->progress.wanted)
		return;
	sem_post(&clock->stop);
	pthread_join(clock->thread, NULL);
	sem_destroy(&clock->stop);
	progress_clear(&clock->progress);
}

void progress_clear(struct progress *progress)
{
	if (!progress->shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	progress->shown = false;
}
