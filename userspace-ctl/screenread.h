/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of a recording into a screen. Each is an object with the seconds since the recording began,
 * "at", and one of
 *
 *	"policy"	the policy in force: {"policy","generation","phase","phases":[…],"rules":[
 *			{"rule","field","services":[…],"action","phases":[…]}…]}
 *	"event"		as monitor -j prints it
 *	"phase"		likewise
 *	"counters"	as counters -j prints it
 *	"lost"		a number of events
 */
#ifndef _CENSORCTL_SCREENREAD_H
#define _CENSORCTL_SCREENREAD_H

#include <jansson.h>

#include "screen.h"

/**
 * screen_read() - one line, into the screen
 * Return: NULL, or what is wrong with it; then the screen is as it was.
 */
const char *screen_read(struct screen *screen, const json_t *line);

#endif
