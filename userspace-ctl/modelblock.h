/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The knobs of a censor's TCP, IP and detection: `tcp`, `ip` and `detect` in a policy, and models
 * that have names. Each knob is written down once, in the tables of modelblock.c; text and JSON are
 * read and printed by them.
 */
#ifndef _CENSORCTL_MODELBLOCK_H
#define _CENSORCTL_MODELBLOCK_H

#include "ast.h"
#include "texts.h"

#define MODEL_KNOBS_MAX	24

enum model_kind {
	MODEL_TCP,
	MODEL_IP,
	MODEL_DETECT,
	MODEL_KINDS,
};

/**
 * union model - what a block describes
 * @name: of the named model that it began with, or ""
 */
union model {
	char name[64];
	struct censor_tcp_model tcp;
	struct censor_ip_model ip;
	struct censor_detect_model detect;
};

/** struct model_parts - what a model's file has; the two blocks by enum model_kind */
struct model_parts {
	struct place places[MODEL_KINDS];
	union model models[MODEL_KINDS];
	bool given[MODEL_KINDS];
};

struct knob;

/**
 * struct model_block - a block that is being read
 * @place: of the block
 * @places: where each knob was given
 * @parts: what was given of each: bit n for its nth word
 * @given: bit n: knob n was
 * @knob: that is being read; NULL if there is none of that name
 * @items: of it so far
 */
struct model_block {
	enum model_kind kind;
	union model model;
	struct place place;
	struct place places[MODEL_KNOBS_MAX];
	u32 parts[MODEL_KNOBS_MAX];
	u32 given;
	const struct knob *knob;
	struct token knob_token;
	u32 items;
	bool broken;
};

/** block_begin() - from the defaults; @at: the word tcp or ip */
void block_begin(struct model_block *block, enum model_kind kind, const struct token *at);

/** block_named() - from the model of that name instead */
void block_named(struct build *build, struct model_block *block, const struct token *name);

/** block_knob() - the values that follow are of that knob */
void block_knob(struct build *build, struct model_block *block, const struct token *name);

/** block_item() - a value; @value: the second word of such as `syn 60s`, or NULL */
void block_item(struct build *build, struct model_block *block, const struct token *word,
		const struct token *value);

/** block_end() - check the whole */
void block_end(struct build *build, struct model_block *block);

/** build_model() - a finished block into the policy */
void build_model(struct build *build, const struct model_block *block);

/** model_default() - the model of a policy that says nothing about it */
void model_default(enum model_kind kind, union model *model);

/**
 * model_differs() - what of a model is not as in another
 * @knob: called for each knob that differs
 * @items: its values as they are written, with commas between them
 * @list: it can have several
 *
 * Return: how many knobs differ.
 */
u32 model_differs(enum model_kind kind, const void *model, const void *base,
		  void (*knob)(void *to, const char *name, const char *items, bool list),
		  void *to);

extern const char *const model_kind_names[MODEL_KINDS];

/* models.c: the models that have names, from policies/models, inside this program */

/**
 * model_read() - one part of a named model
 *
 * What is wrong with the file is reported where it is wrong in there.
 *
 * Return: whether there is such a model, and is good; @model is set then.
 */
bool model_read(struct build *build, enum model_kind kind, const struct token *name,
		union model *model);

/** model_known() - likewise, without a word if there is none */
bool model_known(enum model_kind kind, const char *name, union model *model);

/** model_file_find() - the file of that name, or NULL; @near: the name that was probably meant */
const struct text_file *model_file_find(const char *name, u32 len, const char **near);

/* parser.y */

/** parse_model() - the text of @file (of the report), which has to be the model @name */
void parse_model(struct build *build, u32 file, const char *name, struct model_parts *parts);

#endif
