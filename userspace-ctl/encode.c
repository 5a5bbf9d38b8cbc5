// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's automaton knows bytes only, so an entry is expanded where it is read: one entry for
 * each encoding, listed as bytes from there on. That the censor lowers ASCII letters in what it
 * looks at, also where they are the second byte of a character, is done to these entries too.
 */
#include <errno.h>
#include <iconv.h>

#include "encode.h"
#include "utf8.h"
#include "value.h"

/* Bytes that a character of UTF-8 can become, at most. */
#define GROWTH	4

/** struct ast_encoding - one of a set's */
struct ast_encoding {
	iconv_t converter;
	char name[32];
};

void ast_free_encodings(struct ast_set *set)
{
	u32 i;

	for (i = 0; i < set->n_encodings; i++)
		iconv_close(set->encodings[i].converter);
	free(set->encodings);
}

/* Convert all of @text. Return: bytes of @to, or -1 and @bad: where what can't be stands. */
static int convert(struct ast_encoding *encoding, const char *text, u32 len, char *to, u32 room,
		   u32 *bad)
{
	char *in = (char *)text, *out = to;
	size_t left = len, free_bytes = room;

	iconv(encoding->converter, NULL, NULL, NULL, NULL);
	if (iconv(encoding->converter, &in, &left, &out, &free_bytes) == (size_t)-1 ||
	    iconv(encoding->converter, NULL, NULL, &out, &free_bytes) == (size_t)-1) {
		*bad = in - text;
		return -1;
	}
	return out - to;
}

/* In the others, texts would have bytes that no request has, and ASCII would not be itself. */
static bool keeps_ascii(struct ast_encoding *encoding)
{
	static const char ascii[] = "az09-./";
	char to[GROWTH * sizeof(ascii)];
	u32 bad;

	return convert(encoding, ascii, sizeof(ascii) - 1, to, sizeof(to), &bad) ==
	       sizeof(ascii) - 1 && !memcmp(to, ascii, sizeof(ascii) - 1);
}

void build_encoding(struct build *build, struct ast_set *set, const struct token *name)
{
	struct ast_encoding *encoding;
	u32 i;

	memory_grow(set->encodings, set->n_encodings, set->room_encodings);
	encoding = &set->encodings[set->n_encodings];
	snprintf(encoding->name, sizeof(encoding->name), "%.*s", SHOWN(name));
	for (i = 0; i < set->n_encodings; i++)
		if (!strcasecmp(set->encodings[i].name, encoding->name))
			report_error(build->report, name->place, "%s is there twice",
				     encoding->name);
	/* A // behind the name would be iconv's, and make characters into others. */
	encoding->converter = strchr(encoding->name, '/') ? (iconv_t)-1 :
			      iconv_open(encoding->name, "UTF-8");
	if (encoding->converter == (iconv_t)-1) {
		report_error(build->report, name->place,
			     "the C library knows no encoding \"%s\"; some are utf-8, gb18030, gbk, big5, windows-1256 (Debian may have them in libc-gconv-modules-extra)",
			     encoding->name);
		set->broken = true;
		return;
	}
	set->n_encodings++;
	if (keeps_ascii(encoding))
		return;
	report_error(build->report, name->place,
		     "in %s the letters of ASCII are not themselves: texts in it can't be looked for",
		     encoding->name);
	set->broken = true;
}

/* Whether the set has just been given the same bytes, by another encoding. */
static bool has_entry(const struct ast_set *set, u32 since, const char *text, u32 len)
{
	for (; since < set->n; since++)
		if (set->names[since].len == len && !memcmp(set->names[since].text, text, len))
			return true;
	return false;
}

static bool add_encoded(struct build *build, struct ast_set *set, const char *bytes, u32 len,
			u32 since, u8 form, struct place place)
{
	char *text;
	u32 i;

	if (len > VALUE_NAME_MAX) {
		report_error(build->report, place, "an entry of %u bytes: at most %u are possible",
			     len, VALUE_NAME_MAX);
		return false;
	}
	text = arena_text(&build->ast->arena, bytes, len);
	for (i = 0; i < len; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] |= 0x20;
	if (!has_entry(set, since, text, len))
		ast_add_name(set, form, text, len, place);
	return true;
}

void encode_entry(struct build *build, struct ast_set *set, u8 form, const char *text, u8 len,
		  struct place place)
{
	char bytes[GROWTH * CENSOR_TEXT_MAX];
	u32 since = set->n, i, bad, code;

	if (!utf8_valid(text, len)) {
		report_error(build->report, place,
			     "what is to be encoded has to be UTF-8, and this is not");
		set->broken = true;
		return;
	}
	for (i = 0; i < set->n_encodings; i++) {
		struct ast_encoding *encoding = &set->encodings[i];
		int n = convert(encoding, text, len, bytes, sizeof(bytes), &bad);

		if (n < 0) {
			report_error(build->report, place, "%s has no \"%.*s\"", encoding->name,
				     bad < len ? (int)utf8_char(text + bad, len - bad, &code) : 0,
				     text + bad);
			set->broken = true;
			return;
		}
		if (!add_encoded(build, set, bytes, n, since, form, place)) {
			set->broken = true;
			return;
		}
	}
}
