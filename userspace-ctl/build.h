/* SPDX-License-Identifier: GPL-2.0 */
/* What build.c, buildparts.c, buildrule.c and buildshape.c share. */
#ifndef _CENSORCTL_BUILD_H
#define _CENSORCTL_BUILD_H

#include "ast.h"

/**
 * build_declare() - the name of a new part, into its table
 * @what: "a set", for the error
 * @parts: those that there are, each with its place first, @stride bytes apart
 *
 * Return: the name; "" if it was refused, so that the part can be read on all the same
 */
const char *build_declare(struct build *build, struct table *table, const struct token *token,
			  const char *what, u32 index, const void *parts, size_t stride);

/** build_limit() - too many of something are told once, where they begin to be too many */
void build_limit(struct build *build, struct place place, u32 n, u32 most, const char *what);

/** build_once() - an option that must not be given twice; @at: where it is */
void build_once(struct build *build, u32 *given, enum ast_option option, const struct token *at);

/** build_probability() - of what a rule does: it must be able to happen */
bool build_probability(struct build *build, const struct token *chance, u16 *of);

#endif
