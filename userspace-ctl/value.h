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
/** value_switch() - on or off; @what: the name of what is switched */
bool value_switch(struct report *report, const struct token *token, const char *what, bool *on);
bool value_to(struct report *report, const struct token *token, u8 *to);
bool value_seq(struct report *report, const struct token *token, u32 *offset);
/** value_chance() - "75%", with two decimals at most; of CENSOR_CERTAIN */
bool value_chance(struct report *report, const struct token *token, u16 *of);
/** value_choice() - one of some words, ended by NULL; @what: "rearm" */
bool value_choice(struct report *report, const struct token *token, const char *what,
		  const char *const *words, u8 *choice);
/** value_clock() - "60x" */
bool value_clock(struct report *report, const struct token *token, u32 *clock);
/** value_zone() - "utc+8" or "utc-3:30", in minutes */
bool value_zone(struct report *report, const struct token *token, s16 *offset);
/** value_freeze() - an amount such as "5-8", and "packets" or "bytes" or NULL as in 16KB */
bool value_freeze(struct report *report, const struct token *amount, const struct token *unit,
		  struct censor_freeze *freeze);
/** value_attr() - the attribute of that name, or -1 */
int value_attr(struct report *report, const struct token *token);

#define VALUE_NAME_MAX	253u	/* bytes of an entry, without its marks (RFC 1035 2.3.4 as text) */

/**
 * value_name() - a name or word with its marks
 * @words: a plain one is a substring
 * @buf: gets the text, of CENSOR_TEXT_MAX bytes
 */
bool value_name(struct report *report, const struct token *token, bool words, u8 *form, char *buf,
		u8 *len);

/** value_text() - a plain string: its escapes undone, into the arena */
const char *value_text(struct arena *arena, const struct token *token);
/** value_alias() - a name in DNS, lower case, without a dot at its end, into the arena; or NULL */
const char *value_alias(struct report *report, struct arena *arena, const struct token *token);
/**
 * value_bytes() - a string of any bytes: the escapes of C undone
 * @len: set to their number
 *
 * Return: the bytes, in the arena, or NULL.
 */
const u8 *value_bytes(struct report *report, struct arena *arena, const struct token *token,
		      u32 *len);
/** value_hex() - likewise, from pairs of hexadecimal digits */
const u8 *value_hex(struct report *report, struct arena *arena, const struct token *token,
		    u32 *len);

/** value_list() - "a, b or c" of some words, ended by NULL; @buf: VALUE_LIST_SIZE bytes */
const char *value_list(const char *const *words, char *buf);
#define VALUE_LIST_SIZE	256

/** token_is() - whether a word is @word, in whatever case */
static inline bool token_is(const char *text, u32 len, const char *word)
{
	return strlen(word) == len && !strncasecmp(text, word, len);
}

/* keywords.c */

/**
 * value_keyword() - the numbers that a word such as "aaaa", "tcp" or "inside" stands for
 *
 * Return: false if the attribute has no such word.
 */
bool value_keyword(u8 attr, const char *text, u32 len, u32 *lo, u32 *hi);
/** value_keyword_any() - likewise for whatever attribute has such a word */
bool value_keyword_any(const char *text, u32 len, u32 *lo, u32 *hi);
/** value_range_word() - the word for a range of numbers, or NULL; a protocol's has confidences */
const char *value_range_word(u8 attr, u32 lo, u32 hi);
/** value_keyword_of() - the word for a number, or NULL */
const char *value_keyword_of(u8 attr, u16 number);

extern const char *const value_flag_names[8];	/* by bit */
extern const char *const value_tuple_names[4];
extern const char *const value_action_names[12];
extern const char *const value_lie_names[];	/* by enum censor_lie */
extern const char *const value_to_names[4];	/* by CENSOR_TO_* */
extern const char *const value_on_names[];	/* by enum censor_on, ended by NULL */
extern const char *const value_confidence_names[];
extern const char *const value_rearm_names[];
extern const char *const value_per_names[];	/* by enum censor_per */

/**
 * nearest() - which of some words was probably meant
 * @next: called with 0, 1, … until it returns NULL
 *
 * Return: the word, or NULL if none is near.
 */
const char *nearest(const char *text, u32 len, const char *(*next)(const void *from, u32 i),
		    const void *from);

#endif
