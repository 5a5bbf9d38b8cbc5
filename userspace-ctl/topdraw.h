/* SPDX-License-Identifier: GPL-2.0 */
/* A screen in a terminal: as a picture that fills it, or as lines for a file. */
#ifndef _CENSORCTL_TOPDRAW_H
#define _CENSORCTL_TOPDRAW_H

#include <stdio.h>

#include "screen.h"

/** struct top_size - of the terminal, characters */
struct top_size {
	u32 columns, rows;
};

/** struct top_told - how far the lines went */
struct top_told {
	u32 resets;
	u64 n_events, n_switches, n_samples, lost;
};

/**
 * top_draw() - the whole picture, over what was there before
 * @colour: outcomes have colours beside their letters and words
 * @clock: what time it is, HH:MM:SS
 */
void top_draw(FILE *out, const struct screen *screen, struct top_size size, bool colour,
	      const char *clock);

/** top_tell() - a line for each thing that is new; throughput every tenth sample. @told: moved on */
void top_tell(FILE *out, const struct screen *screen, struct top_told *told);

#endif
