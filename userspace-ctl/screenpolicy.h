/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CENSORCTL_SCREENPOLICY_H
#define _CENSORCTL_SCREENPOLICY_H

#include <jansson.h>

#include "phases.h"

struct policy_ast;

/**
 * screenpolicy() - the policy in force for a screen: phase -j, and what each rule is about
 * @ast: NULL: there is none
 * Return: the object that screen_read() takes as "policy".
 */
json_t *screenpolicy(const struct phases *phases, const struct policy_ast *ast);

#endif
