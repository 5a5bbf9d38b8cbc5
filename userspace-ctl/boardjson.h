/* SPDX-License-Identifier: GPL-2.0 */
/* A screen for the page: all of it, or what is new since the last time. */
#ifndef _CENSORCTL_BOARDJSON_H
#define _CENSORCTL_BOARDJSON_H

#include <jansson.h>

#include "screen.h"

/** struct board_shown - how far pages were told */
struct board_shown {
	u64 resets, n_services, n_series, n_events, n_samples, n_switches, lost;
};

/**
 * board_all() - the whole screen
 * @at: seconds since it began
 * @netns: that it is of, or NULL
 * @replay: of a recording
 */
json_t *board_all(const struct screen *screen, double at, const char *netns, bool replay);

/**
 * board_more() - what is new
 * @shown: moved on
 * Return: NULL if nothing is, or if all is: then the screen is of another policy.
 */
json_t *board_more(struct screen *screen, double at, struct board_shown *shown);

#endif
