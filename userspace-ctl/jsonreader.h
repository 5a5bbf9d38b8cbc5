/* SPDX-License-Identifier: GPL-2.0 */
/* What jsonread.c, jsonreadparts.c and jsonreadshape.c share: the ways through a JSON document. */
#ifndef _CENSORCTL_JSONREADER_H
#define _CENSORCTL_JSONREADER_H

#include "ast.h"

#define DELAY_WORDS	32	/* more than a delay can have */

/**
 * struct reader - where in the document it is
 * @path: such as "rules[2].if[0].values"
 */
struct reader {
	struct build *build;
	u32 file;
	char path[256];
};

/** struct member - of an object, and who reads it; nobody: that is done before */
struct member {
	const char *key;
	void (*read)(struct reader *reader, json_t *value, void *part);
	bool needed;
};

/** reader_here() - @index_plus_one: of an element of the array that it is at, or 0 */
struct place reader_here(struct reader *reader, u32 index_plus_one);

/** reader_enter() - go down to a member or an element. Return: what to give to reader_leave() */
u32 reader_enter(struct reader *reader, const char *key, size_t index);
void reader_leave(struct reader *reader, u32 len);

/** reader_wrong() - an error here */
void reader_wrong(struct reader *reader, const char *what);

/** reader_word() - a string or integer as the word that it would be in the text */
bool reader_word(struct reader *reader, json_t *value, struct place place, struct token *token);

/** reader_words() - a string's words, @most of them. Return: how many; 0: that has been said */
u32 reader_words(struct reader *reader, json_t *value, struct token *words, u32 most);

/** reader_member() - a member of an object. Return: false if it isn't there or is no word */
bool reader_member(struct reader *reader, json_t *object, const char *key, struct token *token);

/** reader_members() - every member by its function, in the order of @members; none is unknown */
void reader_members(struct reader *reader, json_t *object, const struct member *members,
		    void *part);

void reader_array(struct reader *reader, json_t *array,
		  void (*read)(struct reader *reader, json_t *value, void *part), void *part);

/** reader_name() - the string member "name"; an empty one (which is refused) if there is none */
struct token reader_name(struct reader *reader, json_t *object);

/* jsonreadparts.c: each adds one to the policy */
void read_tcp(struct reader *reader, json_t *value, void *part);
void read_ip(struct reader *reader, json_t *value, void *part);
void read_detect(struct reader *reader, json_t *value, void *part);
void read_page(struct reader *reader, json_t *value, void *part);
void read_hours(struct reader *reader, json_t *value, void *part);
void read_load(struct reader *reader, json_t *value, void *part);

#endif
