/* SPDX-License-Identifier: GPL-2.0 */
/* A policy as text that loads again to the same policy. */
#ifndef _CENSORCTL_PRINT_H
#define _CENSORCTL_PRINT_H

#include "modelblock.h"

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
/** print_chance() - a probability of CENSOR_CERTAIN as "26.3%" */
const char *print_chance(u16 of, char *buf);
/** print_bits() - the words of the bits that are set, with @sign between them */
const char *print_bits(u32 bits, const char *const *words, u32 n, char sign, char *buf);

/** print_zone() - as in "utc+8" */
const char *print_zone(s16 offset, char *buf);
/** print_title() - in quotes; what a terminal would obey is escaped */
void print_title(FILE *out, const char *title);

/** print_name() - in quotes if it needs them */
void print_name(FILE *out, const char *name);
/** print_bytes() - as they stand between quotes */
void print_bytes(FILE *out, const void *data, u32 len);
/** print_payload() - "zeros N", "hex ..." or a string: in quotes, or behind the word text */
void print_payload(FILE *out, const struct censor_packet *packet, bool quotes);
/** print_model() - what differs from the model @name, or from the default */
void print_model(FILE *out, enum model_kind kind, const void *model, const char *name);
void print_page(FILE *out, const struct ast_page *page);
void print_hours(FILE *out, const struct ast_hours *hours);
void print_load(FILE *out, const struct ast_load *load);

/* printshape.c */
void print_phase(FILE *out, const struct ast_phase *phase);
/** print_in_phase() - in which phases the rule is active, unless it is in all */
void print_in_phase(FILE *out, const struct policy_ast *ast, const struct ast_rule *rule);
/** print_shape() - what stands behind the word of CENSOR_DO_POLICE, LOSE, DELAY or MARK */
void print_shape(FILE *out, const struct ast_rule *rule, u32 action);
/** print_counters() - a comment: how often the rule matched, and what it counts */
void print_counters(FILE *out, const struct counters *counters);

/** cond_confidence() - how surely a condition's protocols are to be recognised, or NULL */
const char *cond_confidence(const struct policy_ast *ast, const struct ast_cond *cond);

/** cond_contains() - whether the condition is written with contains */
bool cond_contains(const struct policy_ast *ast, const struct ast_cond *cond);

#endif
