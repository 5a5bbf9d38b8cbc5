/* SPDX-License-Identifier: GPL-2.0 */
/* What check.c and checkshape.c share. */
#ifndef _CENSORCTL_CHECK_H
#define _CENSORCTL_CHECK_H

#include "ast.h"

/**
 * check_unknown() - there is no part of that name
 * @what: "set"
 * @hint: said where no name is near, such as "; a name stands in quotes here"
 * @next: the names that there are, for nearest() with the AST
 */
void check_unknown(struct build *build, const struct token *token, const char *what,
		   const char *hint, const char *(*next)(const void *from, u32 i));

void check_phases(struct build *build, struct ast_rule *rule);
void check_shape(struct build *build, struct ast_rule *rule);

#endif
