/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CENSORCTL_LISTMODELS_H
#define _CENSORCTL_LISTMODELS_H

#include "command.h"

/** list_models() - the names of all, and what they are. Return: exit status */
int list_models(struct command *command);

/** list_model() - the text of one. Return: exit status */
int list_model(struct command *command, const char *name);

#endif
