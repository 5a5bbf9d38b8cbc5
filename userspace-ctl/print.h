/* SPDX-License-Identifier: GPL-2.0 */
/* A policy as text that loads again to the same policy. */
#ifndef _CENSORCTL_PRINT_H
#define _CENSORCTL_PRINT_H

#include "ast.h"

/** policy_print() - @hits: after each rule, as a comment, how often it matched */
void policy_print(FILE *out, const struct policy_ast *ast, bool hits);

/*
 * Parts of it that the JSON has as strings too. Those that take @out write there, the others into
 * a buffer of PRINT_SIZE bytes, which they return.
 */
#define PRINT_SIZE	64

/** print_entry() - a name with its marks; @words: where a plain one is a substring */
void print_entry(FILE *out, const struct ast_name *name, bool words);
const char *print_prefix(const struct censor_prefix *prefix, char *buf);
const char *print_range(u32 lo, u32 hi, char *buf);
/** print_field() - without the word cyclic */
const char *print_field(const struct censor_field *field, u32 least, u32 most, char *buf);
const char *print_duration(u32 ms, char *buf);
/** print_bits() - the words of the bits that are set, with @sign between them */
const char *print_bits(u32 bits, const char *const *words, u32 n, char sign, char *buf);

/** cond_contains() - whether the condition is written with contains */
bool cond_contains(const struct policy_ast *ast, const struct ast_cond *cond);

#endif
