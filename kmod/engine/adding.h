/* SPDX-License-Identifier: GPL-2.0 */
/* What all calls that add to a policy have in common. */
#ifndef _CENSOR_ADDING_H
#define _CENSOR_ADDING_H

#include "policy.h"

#define censor_no_memory	"out of memory"

/** censor_may_add() - what every adding call has to ask first. Return: 0 or an error. */
int censor_may_add(const struct censor_policy *pol, const char **why);

/** censor_check_name() - whether a set, rule … can be called that. Return: 0 or -EINVAL. */
int censor_check_name(const char *name, const char **why);

/** censor_copy_name() - of CENSOR_NAME_MAX bytes, the rest of them zero; it was checked */
void censor_copy_name(char *to, const char *from);

#endif
