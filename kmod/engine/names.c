// SPDX-License-Identifier: GPL-2.0
/* Entries of text, and the table of those forms that are anchored at their end. */
#include "names.h"
#include "automaton.h"
#include "grow.h"

#define ENTRY_HEAD	4	/* set, form and length before an entry's bytes */

static bool is_hashed(u8 form)
{
	return form <= CENSOR_FORM_ENDS;
}

/* One step from the end of a text towards its beginning. */
static u64 hash_step(u64 hash, u64 secret, u8 byte)
{
	return (hash + byte + 1) * secret;
}

static u64 hash_finish(u64 hash)
{
	hash ^= hash >> 32;
	hash *= 0xff51afd7ed558ccdull;
	return hash ^ hash >> 29;
}

bool censor_names_next(const struct censor_names *names, struct censor_name_iter *it)
{
	const u8 *entry = names->text + it->at;

	if (it->at >= names->text_len)
		return false;
	it->set = entry[0] | entry[1] << 8;
	it->form = entry[2];
	it->len = entry[3];
	it->text = (const char *)entry + ENTRY_HEAD;
	it->at += ENTRY_HEAD + it->len;
	return true;
}

int censor_names_add(struct censor_names *names, u16 set, u8 form, const char *text, size_t len,
		     size_t *bytes, const char **why)
{
	u8 *entry;
	size_t i;

	if (form >= CENSOR_FORM_COUNT) {
		*why = "there is no such form of a name";
		return -EINVAL;
	}
	if (!len) {
		*why = "a name is empty";
		return -EINVAL;
	}
	if (len > CENSOR_TEXT_MAX) {
		*why = "a name is longer than 255 bytes";
		return -EINVAL;
	}
	entry = censor_grow(names->text, names->text_len, &names->text_room,
			    ENTRY_HEAD + (u32)len, 1, bytes);
	if (!entry) {
		*why = "out of memory";
		return -ENOMEM;
	}
	names->text = entry;
	entry += names->text_len;
	names->text_len += ENTRY_HEAD + (u32)len;
	entry[0] = set & 0xff;
	entry[1] = set >> 8;
	entry[2] = form;
	entry[3] = (u8)len;
	for (i = 0; i < len; i++)
		entry[ENTRY_HEAD + i] = text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i];
	if (is_hashed(form))
		names->n_hashed++;
	else
		names->n_words++;
	if (form == CENSOR_FORM_ENDS)
		names->lengths[len / 32] |= 1u << len % 32;
	return 0;
}

static bool same_text(const struct censor_names *names, u32 at, const char *text, u32 len)
{
	const u8 *entry = names->text + at;

	return entry[3] == len && !memcmp(entry + ENTRY_HEAD, text, len);
}

static int insert(struct censor_names *names, const struct censor_name_iter *it)
{
	u32 at = it->at - ENTRY_HEAD - it->len, slot, same = 0, i;
	u64 hash = 0;

	for (i = it->len; i; i--)
		hash = hash_step(hash, names->secret, (u8)it->text[i - 1]);
	hash = hash_finish(hash);
	slot = (u32)hash & names->slot_mask;
	for (; names->slots[slot]; slot = (slot + 1) & names->slot_mask) {
		u32 other = (u32)names->slots[slot] - 1;

		if (names->slots[slot] >> 32 != hash >> 32 ||
		    !same_text(names, other, it->text, it->len))
			continue;
		if (!memcmp(names->text + other, names->text + at, ENTRY_HEAD))
			return 0;
		if (++same == CENSOR_HITS_MAX)
			return -E2BIG;
	}
	names->slots[slot] = (hash >> 32 << 32) | (at + 1);
	return 0;
}

int censor_names_seal(struct censor_names *names, size_t limit, size_t *bytes, const char **why)
{
	struct censor_name_iter it = { 0 };
	u64 slots = 8;
	u8 *text;

	if (names->text_len && names->text_len < names->text_room) {
		text = censor_alloc(names->text_len);
		if (text) {
			memcpy(text, names->text, names->text_len);
			censor_free(names->text);
			names->text = text;
			*bytes -= names->text_room - names->text_len;
			names->text_room = names->text_len;
		}
	}
	if (names->n_hashed) {
		while (slots * 3 < (u64)names->n_hashed * 4)
			slots *= 2;
		if (*bytes + slots * sizeof(*names->slots) > limit) {
			*why = "the names need more memory than a policy may take";
			return -EDQUOT;
		}
		names->slots = censor_alloc(slots * sizeof(*names->slots));
		if (!names->slots) {
			*why = "out of memory";
			return -ENOMEM;
		}
		*bytes += slots * sizeof(*names->slots);
		names->slot_mask = (u32)slots - 1;
		names->secret = censor_secret() | 1;
		while (censor_names_next(names, &it)) {
			censor_breathe();
			if (is_hashed(it.form) && insert(names, &it)) {
				*why = "a name is in more than 64 sets";
				return -E2BIG;
			}
		}
	}
	return censor_automaton_build(names, limit, bytes, why);
}

void censor_names_free(struct censor_names *names)
{
	censor_automaton_free(names->automaton);
	censor_free(names->slots);
	censor_free(names->text);
}

/* Which forms may begin at @pos of @text, given that they reach its end. */
static bool form_fits(u8 form, const u8 *text, u32 pos)
{
	switch (form) {
	case CENSOR_FORM_EXACT:
		return !pos;
	case CENSOR_FORM_SUBDOMAIN:
		return pos && text[pos - 1] == '.';
	case CENSOR_FORM_SUFFIX:
		return !pos || text[pos - 1] == '.';
	default:
		return true;
	}
}

static void probe(const struct censor_names *names, u64 hash, const u8 *text, u32 pos, u32 len,
		  struct censor_hits *hits)
{
	u32 slot = (u32)hash & names->slot_mask;

	for (; names->slots[slot]; slot = (slot + 1) & names->slot_mask) {
		u32 at = (u32)names->slots[slot] - 1;

		if (names->slots[slot] >> 32 == hash >> 32 &&
		    same_text(names, at, (const char *)text + pos, len - pos) &&
		    form_fits(names->text[at + 2], text, pos))
			censor_hits_add(hits, names->text[at] | names->text[at + 1] << 8);
	}
}

void censor_names_find(const struct censor_names *names, const u8 *text, u32 len,
		       struct censor_hits *hits)
{
	u32 end = len > CENSOR_TEXT_MAX ? len - CENSOR_TEXT_MAX : 0, pos;
	u64 hash = 0;

	if (names->slots) {
		for (pos = len; pos > end; pos--) {
			u32 n = len - pos + 1;

			hash = hash_step(hash, names->secret, text[pos - 1]);
			if (pos == 1 || text[pos - 2] == '.' ||
			    names->lengths[n / 32] & 1u << n % 32)
				probe(names, hash_finish(hash), text, pos - 1, len, hits);
		}
	}
	if (names->automaton)
		censor_automaton_find(names->automaton, text, len, hits);
}
