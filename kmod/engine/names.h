/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names and words: the entries of every set of text, and one lookup that says in which sets a
 * text is, at a cost that grows with the text and not with the number of entries.
 *
 * DOC: two structures, one pass each
 *
 * A form anchored at its end (exact, label suffix, subdomains only, plain suffix) is found by
 * hashing: one walk from the last byte to the first carries a hash of the suffix so far, and at a
 * place where such an entry could begin (a label boundary, the first byte, or a length that some
 * plain suffix has) one probe of an open-addressed table decides. All other forms (substring,
 * prefix, label prefix) are words of one Aho-Corasick automaton, walked once from first byte to
 * last.
 */
#ifndef _CENSOR_NAMES_H
#define _CENSOR_NAMES_H

#include "host.h"

#define CENSOR_TEXT_MAX		255	/* bytes of an entry */
#define CENSOR_HITS_MAX		64	/* sets that one text (or address, or number) can be in */

/**
 * enum censor_form - how an entry is compared; in the notation of CENSORS.md 1.5 and as written
 * @CENSOR_FORM_SUFFIX: ``(^|\.)kw$``	written ``kw``
 * @CENSOR_FORM_EXACT: ``^kw$``		written ``=kw``
 * @CENSOR_FORM_SUBDOMAIN: ``\.kw$``	written ``.kw``
 * @CENSOR_FORM_ENDS: ``kw$``		written ``*kw``
 * @CENSOR_FORM_SUBSTRING: ``kw``	written ``*kw*``
 * @CENSOR_FORM_PREFIX: ``^kw``		written ``=kw*``
 * @CENSOR_FORM_LABEL: ``(^|\.)kw``	written ``kw*``
 */
enum censor_form {
	CENSOR_FORM_SUFFIX,
	CENSOR_FORM_EXACT,
	CENSOR_FORM_SUBDOMAIN,
	CENSOR_FORM_ENDS,
	CENSOR_FORM_SUBSTRING,
	CENSOR_FORM_PREFIX,
	CENSOR_FORM_LABEL,
	CENSOR_FORM_COUNT,
};

/**
 * struct censor_hits - the sets that something was found in
 * @set: their indices, each once, in no order
 * @n: how many
 */
struct censor_hits {
	u16 set[CENSOR_HITS_MAX];
	u32 n;
};

struct censor_automaton;

/**
 * struct censor_names - the entries, and the tables over them
 * @text: the entries one after another, grouped by nothing: set (2 bytes, little end first),
 *	form, length, bytes
 * @slots: the table of hashed forms: offset into @text plus one, and a tag of the hash
 */
struct censor_names {
	u8 *text;
	u32 text_len, text_room;
	u32 n_hashed, n_words;
	u64 *slots;
	u32 slot_mask;
	u64 secret;
	u32 lengths[CENSOR_TEXT_MAX / 32 + 1];	/* lengths that some CENSOR_FORM_ENDS has */
	struct censor_automaton *automaton;
};

/**
 * struct censor_name_iter - for reading the entries back; start with all zero
 */
struct censor_name_iter {
	u32 at;
	u16 set;
	u8 form;
	u8 len;
	const char *text;
};

/** censor_names_next() - the next entry into @it. Return: false at the end. */
bool censor_names_next(const struct censor_names *names, struct censor_name_iter *it);

int censor_names_add(struct censor_names *names, u16 set, u8 form, const char *text, size_t len,
		     size_t *bytes, const char **why);
int censor_names_seal(struct censor_names *names, size_t limit, size_t *bytes, const char **why);
void censor_names_free(struct censor_names *names);

/**
 * censor_names_find() - the sets that a text is in
 * @text: the text, ASCII letters in lower case
 * @len: its length; of a longer text than CENSOR_TEXT_MAX the hashed forms are compared as far
 *	as an entry can reach
 * @hits: added to, never emptied
 *
 * Any context. Bounded by the length of the text and CENSOR_HITS_MAX.
 */
void censor_names_find(const struct censor_names *names, const u8 *text, u32 len,
		       struct censor_hits *hits);

/** censor_hits_add() - @set into @hits, once; one hit too many is left out (seal refuses it). */
static inline void censor_hits_add(struct censor_hits *hits, u16 set)
{
	u32 i;

	for (i = 0; i < hits->n; i++)
		if (hits->set[i] == set)
			return;
	if (hits->n < CENSOR_HITS_MAX)
		hits->set[hits->n++] = set;
}

static inline bool censor_hits_has(const struct censor_hits *hits, u16 set)
{
	u32 i;

	for (i = 0; i < hits->n; i++)
		if (hits->set[i] == set)
			return true;
	return false;
}

#endif
