/* SPDX-License-Identifier: GPL-2.0 */
/* What main.c has for verbs, for the one file of a target that has none of them run. */
#ifndef _FUZZ_VERBS_H
#define _FUZZ_VERBS_H

#include <stdlib.h>

#include "command.h"

int command_option(struct command *command, const char *shorts, const struct option *longs)
{
	(void)command;
	(void)shorts;
	(void)longs;
	abort();
}

int command_wrong(const struct command *command, const char *format, ...)
{
	(void)command;
	(void)format;
	abort();
}

#endif
