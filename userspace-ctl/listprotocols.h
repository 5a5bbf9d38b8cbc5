/* SPDX-License-Identifier: GPL-2.0 */
/* What can be recognised; no kernel is asked. */
#ifndef _CENSORCTL_LISTPROTOCOLS_H
#define _CENSORCTL_LISTPROTOCOLS_H

#include "command.h"

/** list_protocols() - a line for each. Return: an exit status. */
int list_protocols(struct command *command);
/** list_protocol() - all about one: its wire rule, its confidence, its source */
int list_protocol(struct command *command, const char *name);

#endif
