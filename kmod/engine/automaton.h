/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One Aho-Corasick automaton for all words (Aho, Corasick: "Efficient string matching", CACM
 * 1975): a text is walked once, however many words there are.
 */
#ifndef _CENSOR_AUTOMATON_H
#define _CENSOR_AUTOMATON_H

#include "names.h"

/**
 * censor_automaton_build() - the automaton over the entries whose form is not hashed
 * @names: the entries
 * @limit: bytes that may be taken
 * @bytes: account of bytes taken; updated
 * @why: on error, what is wrong
 *
 * Return: 0, -ENOMEM, -E2BIG or -EDQUOT; @names->automaton stays NULL where no entry needs it.
 */
int censor_automaton_build(struct censor_names *names, size_t limit, size_t *bytes,
			   const char **why);
void censor_automaton_free(struct censor_automaton *automaton);

/** censor_automaton_find() - add the sets of all words that @text holds to @hits. */
void censor_automaton_find(const struct censor_automaton *automaton, const u8 *text, u32 len,
			   struct censor_hits *hits);

#endif
