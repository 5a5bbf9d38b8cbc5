// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: the table
 *
 * A state's row holds the next state for each class of bytes; bytes that occur in no word share
 * class 0, so a row has as many cells as the words have different bytes, plus one. Rows are
 * complete: failure links are followed when the table is built and not while a text is walked.
 * Words that end in a state, and the nearest shorter suffix in which others end, are chained.
 */
#include "automaton.h"

struct word {
	u32 next;	/* another word that ends in the same state: index plus one */
	u16 set;
	u8 form;
	u8 len;
};

struct state {
	u32 words;	/* index plus one into the words */
	u32 shorter;	/* the longest proper suffix in which words end, 0 for none */
};

struct censor_automaton {
	u8 class[256];
	u32 n_classes, n_states, n_words;
	u32 *next;
	struct state *states;
	struct word *words;
};

static bool is_word(u8 form)
{
	return form == CENSOR_FORM_SUBSTRING || form == CENSOR_FORM_PREFIX ||
	       form == CENSOR_FORM_LABEL;
}

static int insert(struct censor_automaton *a, const struct censor_name_iter *it)
{
	u32 state = 0, same = 0, i, w;

	for (i = 0; i < it->len; i++) {
		u32 *cell = &a->next[(size_t)state * a->n_classes + a->class[(u8)it->text[i]]];

		if (!*cell)
			*cell = a->n_states++;
		state = *cell;
	}
	for (w = a->states[state].words; w; w = a->words[w - 1].next) {
		if (a->words[w - 1].set == it->set && a->words[w - 1].form == it->form)
			return 0;
		if (++same == CENSOR_HITS_MAX)
			return -E2BIG;
	}
	a->words[a->n_words] = (struct word){
		.next = a->states[state].words, .set = it->set, .form = it->form, .len = it->len,
	};
	a->states[state].words = ++a->n_words;
	return 0;
}

/* Breadth first, so that a shorter suffix's row is complete before it is copied from. */
static void fill_rows(struct censor_automaton *a, u32 *queue, u32 *fail)
{
	u32 head = 0, tail = 0, c;

	for (c = 0; c < a->n_classes; c++)
		if (a->next[c])
			queue[tail++] = a->next[c];
	while (head < tail) {
		u32 state = queue[head++];
		const u32 *from = &a->next[(size_t)fail[state] * a->n_classes];
		u32 *row = &a->next[(size_t)state * a->n_classes];

		censor_breathe();
		a->states[state].shorter = a->states[fail[state]].words ?
					   fail[state] : a->states[fail[state]].shorter;
		for (c = 0; c < a->n_classes; c++) {
			if (row[c]) {
				fail[row[c]] = from[c];
				queue[tail++] = row[c];
			} else {
				row[c] = from[c];
			}
		}
	}
}

static size_t table_size(u64 states, u32 classes, u32 words)
{
	return states * classes * sizeof(u32) + states * sizeof(struct state) +
	       words * sizeof(struct word);
}

int censor_automaton_build(struct censor_names *names, size_t limit, size_t *bytes,
			   const char **why)
{
	struct censor_name_iter it = { 0 };
	struct censor_automaton *a;
	u32 *queue = NULL, *fail = NULL, *next;
	u64 states = 1;
	size_t cells;
	int err;
	u32 i;

	if (!names->n_words)
		return 0;
	a = censor_alloc(sizeof(*a));
	if (!a)
		goto no_memory;
	a->n_classes = 1;
	while (censor_names_next(names, &it)) {
		if (!is_word(it.form))
			continue;
		states += it.len;
		for (i = 0; i < it.len; i++)
			if (!a->class[(u8)it.text[i]] && a->n_classes < 256)
				a->class[(u8)it.text[i]] = a->n_classes++;
	}
	/* Two more numbers a state are needed while it is built. */
	if (*bytes + table_size(states, a->n_classes + 2, names->n_words) > limit) {
		censor_free(a);
		*why = "the words need more memory than a policy may take; use fewer or shorter";
		return -EDQUOT;
	}
	a->next = censor_alloc(states * a->n_classes * sizeof(*a->next));
	a->states = censor_alloc(states * sizeof(*a->states));
	a->words = censor_alloc(names->n_words * sizeof(*a->words));
	queue = censor_alloc(states * sizeof(*queue));
	fail = censor_alloc(states * sizeof(*fail));
	if (!a->next || !a->states || !a->words || !queue || !fail)
		goto no_memory;
	a->n_states = 1;
	memset(&it, 0, sizeof(it));
	while (censor_names_next(names, &it)) {
		censor_breathe();
		if (is_word(it.form) && insert(a, &it)) {
			*why = "a word is in more than 64 sets";
			err = -E2BIG;
			goto out;
		}
	}
	fill_rows(a, queue, fail);
	censor_free(queue);
	censor_free(fail);

	/* Words share beginnings: give back the rows that were not needed. */
	cells = (size_t)a->n_states * a->n_classes;
	next = censor_alloc(cells * sizeof(*next));
	if (next) {
		memcpy(next, a->next, cells * sizeof(*next));
		censor_free(a->next);
		a->next = next;
	}
	*bytes += table_size(a->n_states, a->n_classes, a->n_words) + sizeof(*a);
	names->automaton = a;
	return 0;
no_memory:
	*why = "out of memory";
	err = -ENOMEM;
out:
	censor_free(queue);
	censor_free(fail);
	censor_automaton_free(a);
	return err;
}

void censor_automaton_free(struct censor_automaton *automaton)
{
	if (!automaton)
		return;
	censor_free(automaton->next);
	censor_free(automaton->states);
	censor_free(automaton->words);
	censor_free(automaton);
}

void censor_automaton_find(const struct censor_automaton *automaton, const u8 *text, u32 len,
			   struct censor_hits *hits)
{
	/* Words that end in one another would make a walk of any length quadratic. */
	u32 budget = 4096 + 8 * len;
	u32 state = 0, at, i, w;

	for (i = 0; i < len; i++) {
		state = automaton->next[(size_t)state * automaton->n_classes +
					automaton->class[text[i]]];
		at = automaton->states[state].words ? state : automaton->states[state].shorter;
		for (; at; at = automaton->states[at].shorter) {
			if (!budget--)
				return;
			for (w = automaton->states[at].words; w;
			     w = automaton->words[w - 1].next) {
				const struct word *word = &automaton->words[w - 1];
				u32 start = i + 1 - word->len;

				if (!budget--)
					return;
				if (word->form == CENSOR_FORM_PREFIX && start)
					continue;
				if (word->form == CENSOR_FORM_LABEL && start &&
				    text[start - 1] != '.')
					continue;
				censor_hits_add(hits, word->set);
			}
			if (hits->n == CENSOR_HITS_MAX)
				return;
		}
	}
}
