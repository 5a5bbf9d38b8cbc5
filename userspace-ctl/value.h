/* SPDX-License-Identifier: GPL-2.0 */
/* Single words of the policy language into values, and the words that are known. */
#ifndef _CENSORCTL_VALUE_H
#define _CENSORCTL_VALUE_H

#include "ast.h"

/* A token for printf's %.*s, the beginning of a very long one. */
#define SHOWN(token)	(int)min((token)->len, 100u), (token)->text

/*
 * Each says what is wrong in the report and returns false then.
 */
bool value_u64(struct report *report, const struct token *token, u64 *value);
/** value_integer() - @what: "a TTL", for the error */
bool value_integer(struct report *report, const struct token *token, const char *what, u32 lo,
		   u32 hi, u32 *value);
/** value_range() - "N" or "N-M" */
bool value_range(struct report *report, const struct token *token, const char *what, u32 least,
		 u32 most, u32 *lo, u32 *hi);
bool value_prefix(struct report *report, const struct token *token, struct censor_prefix *prefix);
/** value_field() - "N", "N-M", "random" or, where @mirror, "mirror" */
bool value_field(struct report *report, const struct token *token, const char *what, u32 least,
		 u32 most, bool mirror, bool cyclic, struct censor_field *field);
bool value_duration(struct report *report, const struct token *token, u32 *ms);
bool value_tuple(struct report *report, const struct token *token, u8 *tuple);
bool value_flags(struct report *report, const struct token *token, u8 *flags);
bool value_switch(struct report *report, const struct token *token, bool *on);
bool value_to(struct report *report, const struct token *token, u8 *to);
bool value_seq(struct report *report, const struct token *token, u32 *offset);
/** value_attr() - the attribute of that name, or -1 */
int value_attr(struct report *report, const struct token *token);

/**
 * value_name() - a name or word with its marks
 * @words: a plain one is a substring
 * @buf: gets the text, of CENSOR_TEXT_MAX bytes
 */
bool value_name(struct report *report, const struct token *token, bool words, u8 *form, char *buf,
		u8 *len);

/** value_text() - a plain string: escapes undone, into the arena */
const char *value_text(struct arena *arena, const struct token *token);

/** value_keyword() - the number that a word such as "aaaa", "tcp" or "inside" stands for, or -1 */
int value_keyword(u8 attr, const char *text, u32 len);
/** value_keyword_any() - likewise for whatever attribute has such a word */
int value_keyword_any(const char *text, u32 len);
/** value_keyword_of() - the word for a number, or NULL */
const char *value_keyword_of(u8 attr, u16 number);

extern const char *const value_flag_names[8];	/* by bit */
extern const char *const value_tuple_names[4];
extern const char *const value_action_names[6];

/**
 * nearest() - which of some words was probably meant
 * @next: called with 0, 1, … until it returns NULL
 *
 * Return: the word, or NULL if none is near.
 */
const char *nearest(const char *text, u32 len, const char *(*next)(const void *from, u32 i),
		    const void *from);

#endif
