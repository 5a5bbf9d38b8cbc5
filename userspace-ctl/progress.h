/* SPDX-License-Identifier: GPL-2.0 */
/* One line on the terminal's standard error that says how far a long task has come. */
#ifndef _CENSORCTL_PROGRESS_H
#define _CENSORCTL_PROGRESS_H

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

/** progress_clear() - make room for other output; the next progress_show() draws it again */
void progress_clear(struct progress *progress);

#endif
