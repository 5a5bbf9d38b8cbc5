/* SPDX-License-Identifier: GPL-2.0 */
/* One line on the terminal's standard error that says how far a long task has come. */
#ifndef _CENSORCTL_PROGRESS_H
#define _CENSORCTL_PROGRESS_H

#include <pthread.h>
#include <semaphore.h>

#include "engine/host.h"

/** struct progress - from progress_begin() */
struct progress {
	const char *what;
	bool wanted;
	bool shown;
	u64 begun;
	u64 next;
};

/** progress_begin() - silent for the first two seconds, and for good if stderr is no terminal */
void progress_begin(struct progress *progress, const char *what);

/**
 * progress_show() - cheap enough for every few thousand packets
 * @done: of @total bytes; 0 of 0 if that cannot be known
 * @packets: so many
 */
void progress_show(struct progress *progress, u64 done, u64 total, u64 packets);

/** progress_wait() - likewise, where all that is known is how long it has taken */
void progress_wait(struct progress *progress);

/**
 * struct progress_clock - from progress_clock_start() to progress_clock_stop()
 * @stop: posted when it is over
 */
struct progress_clock {
	struct progress progress;
	pthread_t thread;
	sem_t stop;
};

/**
 * progress_clock_start() - show by itself how long something takes that can't say how far it is
 * @what: constant
 *
 * Silent for the first second. In between, nothing else may be written to a terminal; whoever makes
 * namespaces or processes stops it before.
 */
void progress_clock_start(struct progress_clock *clock, const char *what);
/** progress_clock_read() - likewise, for reading a policy; not over what is typed as "-" */
void progress_clock_read(struct progress_clock *clock, const char *what, const char *path);
/** progress_clock_stop() - its line is gone when this returns */
void progress_clock_stop(struct progress_clock *clock);

/** progress_clear() - make room for other output; the next progress_show() draws it again */
void progress_clear(struct progress *progress);

#endif
