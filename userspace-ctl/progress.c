// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

#define MILLISECOND	1000000ull
#define SILENT		(2000 * MILLISECOND)
#define INTERVAL	(250 * MILLISECOND)

static u64 clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000 * MILLISECOND + (u64)now.tv_nsec;
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
	fprintf(stderr, "%llu s", (unsigned long long)(now - progress->begun) / (1000 * MILLISECOND));
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

void progress_clear(struct progress *progress)
{
	if (!progress->shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	progress->shown = false;
}
