/* SPDX-License-Identifier: GPL-2.0 */
/* A policy as JSON, both ways. */
#ifndef _CENSORCTL_JSON_H
#define _CENSORCTL_JSON_H

#include "ast.h"

/** json_read_policy() - the JSON of @file (of the report) into the AST */
void json_read_policy(struct build *build, u32 file);

/** json_of_policy() - @hits: with how often each rule matched */
json_t *json_of_policy(const struct policy_ast *ast, bool hits);

/** json_text() - a string; bytes that aren't UTF-8 come out as U+00XX each, as in events */
json_t *json_text(const char *text);

/**
 * json_format() - a value's text
 * @flags: as of json_dumps(); what a terminal would obey is \u escapes in any case
 *
 * Return: the text, to be freed; NULL if it has none.
 */
char *json_format(const json_t *value, size_t flags);

/** json_write() - that text and a newline */
void json_write(FILE *out, const json_t *value, size_t flags);

/** json_print() - one value on one line, or over several for people with @indent */
void json_print(FILE *out, json_t *value, bool indent);

#endif
