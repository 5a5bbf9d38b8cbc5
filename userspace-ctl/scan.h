/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the text of a policy to the parser's tokens. The lexer knows words, strings and signs; the
 * scanner (scan.c) knows which words are keywords where, which line ends count, and where to go
 * on after an error.
 */
#ifndef _CENSORCTL_SCAN_H
#define _CENSORCTL_SCAN_H

#include "modelblock.h"

#define PARSE_WORDS	32	/* that are kept of a list of them */
#define SCAN_DEPTH	8	/* braces whose places are kept; the language needs three */

/** enum lexeme - what the lexer finds */
enum lexeme {
	LEX_END_OF_FILE,
	LEX_WORD,
	LEX_STRING,
	LEX_COMMA,
	LEX_OPEN,
	LEX_CLOSE,
	LEX_SEMICOLON,
	LEX_NEWLINE,
};

/**
 * struct scanner - begin with scan_start(), end with scan_stop()
 * @base: the text, as the report keeps it
 * @line_start: offset of the line that is being read
 * @tuple: a list of words is one word now (behind `by`)
 */
struct scanner {
	struct build *build;
	const char *base;
	size_t size, line_start, offset;
	u32 file, line;
	bool tuple;
	bool crlf;		/* has been reported */
	void *lexer;
	const char *copy;	/* the lexer's own, which it writes to */

	/* scan.c's */
	struct token ahead, last;
	struct token given;	/* to the parser, last */
	int ahead_kind;		/* -1: none */
	int last_kind;
	int queue[4];
	u32 queued;
	u32 depth;
	struct place open[SCAN_DEPTH];
	u8 brace;
	u8 next;		/* what kind of word must come next */
	bool after_newline;
	bool names;		/* of phases, behind `in phase`, with commas between them */
	bool skip, skip_all;
	bool quiet;
};

/**
 * struct parse - the parser's state: the part that is being built, or NULL
 * @model: what the model of a model's file is to be called; NULL in a policy
 * @parts: of that model
 * @words: words in a row, @n_words of them
 * @kind: of the model block that begins
 */
struct parse {
	struct build *build;
	struct scanner scanner;
	const char *model;
	struct model_parts *parts;
	struct model_block block;
	enum model_kind kind;
	struct token kind_word;
	struct token words[PARSE_WORDS];
	u32 n_words;
	struct ast_page *page;
	struct ast_hours *hours;
	struct ast_load *load;
	struct ast_phase *phase;
	struct ast_set *set;
	struct ast_pool *pool;
	struct ast_inject *inject;
	struct ast_packet *packet;
	struct ast_rule *rule;
	struct ast_cond *cond;
};

void scan_start(struct scanner *scanner, struct build *build, u32 file);
void scan_stop(struct scanner *scanner);

/** scan_token() - the parser's yylex() */
int scan_token(struct token *token, struct place *place, struct parse *parse);

/** scan_recover() - after a syntax error: go on with the next statement */
void scan_recover(struct scanner *scanner);

/* lexer.l */
void lexer_start(struct scanner *scanner);
void lexer_stop(struct scanner *scanner);
enum lexeme lexer_next(struct scanner *scanner, struct token *token);

#endif
