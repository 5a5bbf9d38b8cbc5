/* SPDX-License-Identifier: GPL-2.0 */
/* Policies from memory in place of files, for the targets that read policies. */
#ifndef _FUZZ_GIVEN_H
#define _FUZZ_GIVEN_H

#include "ast.h"

/** given_files() - what files hold from now on: the policy, and all that it names */
void given_files(const char *policy, size_t size, const char *others, size_t others_size);

/** given_read() - policy_read() of it; the report is printed nowhere. Return: the policy or NULL. */
struct policy_ast *given_read(void);

/** given_print() - as text, or as JSON; to be freed */
char *given_print(const struct policy_ast *ast, bool json, size_t *size);

#endif
