// SPDX-License-Identifier: GPL-2.0
/* Names and words: names.h. */
#include "test.h"
#include "names.h"
#include "wire.h"
#include "rig.h"

struct fixture {
	struct censor_names names;
	size_t bytes;
};

static void add(struct fixture *f, u16 set, const char *written)
{
	const char *text;
	size_t len;
	u8 form = split_form(written, &text, &len);

	assert_done(censor_names_add(&f->names, set, form, text, len, &f->bytes, &why));
}

static void seal(struct fixture *f)
{
	assert_done(censor_names_seal(&f->names, 1u << 30, &f->bytes, &why));
}

static struct censor_hits find(struct fixture *f, const char *text, u32 len)
{
	struct censor_hits hits = { .n = 0 };
	u8 *exact = malloc(len ? len : 1);
	u32 i, j;

	memcpy(exact, text, len);
	censor_names_find(&f->names, exact, len, &hits);
	free(exact);
	for (i = 0; i < hits.n; i++)
		for (j = 0; j < i; j++)
			assert_int_not_equal(hits.set[i], hits.set[j]);
	return hits;
}

static bool in(struct fixture *f, u16 set, const char *text)
{
	struct censor_hits hits = find(f, text, (u32)strlen(text));

	return censor_hits_has(&hits, set);
}

static void done(struct fixture *f)
{
	censor_names_free(&f->names);
}

/* One row for each form: what it is in and what it is not in. */
static void test_forms(void **state)
{
	static const struct {
		const char *entry;
		const char *yes[8], *no[10];
	} rows[] = {
		{ "facebook.com",
		  { "facebook.com", "www.facebook.com", "a.b.facebook.com", ".facebook.com" },
		  { "xfacebook.com", "facebook.com.", "facebook.com.cn", "facebook.co", "book.com",
		    "acebook.com", "com", "facebook-com", "" } },
		{ "com", { "com", "x.com", "a.x.com" }, { "xcom", "com.x", "co", "om" } },
		{ "=facebook.com", { "facebook.com" },
		  { "www.facebook.com", "xfacebook.com", "facebook.com.", ".facebook.com",
		    "facebook.com.cn", "facebook.co" } },
		{ ".facebook.com", { "www.facebook.com", "a.b.facebook.com", ".facebook.com" },
		  { "facebook.com", "xfacebook.com", "www.facebook.com.", "facebook.com.cn" } },
		{ "*youtube.com",
		  { "youtube.com", "www.youtube.com", "notyoutube.com", "-youtube.com" },
		  { "youtube.com.", "youtube.co", "outube.com", "youtube.comm" } },
		{ "*69.mu*", { "69.mu", "x69.mu", "69.museum", "a69.mub", "www.69.mu.org" },
		  { "69mu", "69.m", "9.mu", "6.9.mu" } },
		{ "=shadowvpn.com*", { "shadowvpn.com", "shadowvpn.com.cn", "shadowvpn.community" },
		  { "www.shadowvpn.com", "xshadowvpn.com", "shadowvpn.co", ".shadowvpn.com" } },
		{ "google*", { "google", "google.com", "www.google.com", "www.googleapis.com",
			       "a.b.google", ".google" },
		  { "agoogle.com", "goo.gle", "googl", "a-google.com" } },
	};
	u32 i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct fixture f = { 0 };

		add(&f, 7, rows[i].entry);
		seal(&f);
		for (j = 0; j < ARRAY_SIZE(rows[i].yes) && rows[i].yes[j]; j++)
			if (!in(&f, 7, rows[i].yes[j]))
				fail_msg("%s is not in %s", rows[i].yes[j], rows[i].entry);
		for (j = 0; j < ARRAY_SIZE(rows[i].no) && rows[i].no[j]; j++)
			if (in(&f, 7, rows[i].no[j]))
				fail_msg("%s is in %s", rows[i].no[j], rows[i].entry);
		done(&f);
	}
}

/* All forms of one text, each in a set of its own: one lookup tells all of them. */
static void test_forms_together(void **state)
{
	static const char *const entries[] = { "b.c", "=b.c", ".b.c", "*b.c", "*b.c*", "=b.c*",
					       "b.c*" };
	static const struct {
		const char *text;
		u32 sets;
	} rows[] = {
		{ "b.c", 0x7b }, { "a.b.c", 0x5d }, { "ab.c", 0x18 }, { "b.cd", 0x70 },
		{ "a.b.cd", 0x50 }, { "ab.cd", 0x10 }, { ".b.c", 0x5d }, { "b.b.c", 0x5d },
		{ "b.c.b.c", 0x7d }, { "b.d", 0 }, { "", 0 },
	};
	struct fixture f = { 0 };
	u32 i, set;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(entries); i++)
		add(&f, (u16)i, entries[i]);
	seal(&f);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		for (set = 0; set < ARRAY_SIZE(entries); set++)
			if (in(&f, (u16)set, rows[i].text) != !!(rows[i].sets & 1u << set))
				fail_msg("%s and %s", rows[i].text, entries[set]);
	done(&f);
}

static void test_case(void **state)
{
	static const char *const entries[] = { "FaceBook.COM", "=TWITTER.com", ".Google.com",
					       "*Tube.com", "*FALUN*", "=ShadowVPN*", "WWW2*" };
	static const char *const texts[] = { "facebook.com", "twitter.com", "www.google.com",
					     "youtube.com", "xfalunx", "shadowvpn", "a.www2" };
	struct fixture f = { 0 };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(entries); i++)
		add(&f, (u16)i, entries[i]);
	/* Only ASCII letters have case: the neighbours of A and Z and bytes above 127 stay. */
	add(&f, 20, "=@[\xc0\xde");
	seal(&f);
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		assert_true(in(&f, (u16)i, texts[i]));
	assert_true(in(&f, 20, "@[\xc0\xde"));
	assert_false(in(&f, 20, "`{\xe0\xfe"));
	done(&f);
}

static void test_any_bytes(void **state)
{
	static const char text[] = { 'a', 0, (char)0xff, '.', 'b' };
	struct fixture f = { 0 };
	struct censor_hits hits;

	(void)state;
	assert_done(censor_names_add(&f.names, 1, CENSOR_FORM_SUFFIX, text, sizeof(text), &f.bytes,
				     &why));
	assert_done(censor_names_add(&f.names, 2, CENSOR_FORM_SUBSTRING, text + 1, 2, &f.bytes,
				     &why));
	add(&f, 3, "a");
	seal(&f);
	hits = find(&f, text, sizeof(text));
	assert_int_equal(hits.n, 2);
	assert_true(censor_hits_has(&hits, 1));
	assert_true(censor_hits_has(&hits, 2));
	done(&f);
}

static void test_lengths(void **state)
{
	struct fixture f = { 0 };
	char text[600];
	struct censor_hits hits;
	u32 i;

	(void)state;
	/* Every length to the greatest, as suffix; 253 bytes are the longest name DNS has. */
	for (i = 1; i <= CENSOR_TEXT_MAX; i++) {
		memset(text, 'a' + i % 26, i);
		assert_done(censor_names_add(&f.names, (u16)i, CENSOR_FORM_SUFFIX, text, i, &f.bytes,
					     &why));
	}
	memset(text, 'x', 253);
	text[63] = text[127] = text[191] = '.';
	assert_done(censor_names_add(&f.names, 1000, CENSOR_FORM_EXACT, text, 253, &f.bytes, &why));
	assert_done(censor_names_add(&f.names, 1001, CENSOR_FORM_SUBSTRING, text, 253, &f.bytes,
				     &why));
	assert_done(censor_names_add(&f.names, 1002, CENSOR_FORM_ENDS, text + 5, 248, &f.bytes,
				     &why));
	seal(&f);
	hits = find(&f, text, 253);
	assert_true(censor_hits_has(&hits, 1000));
	assert_true(censor_hits_has(&hits, 1001));
	assert_true(censor_hits_has(&hits, 1002));
	for (i = 1; i <= CENSOR_TEXT_MAX; i++) {
		memset(text, 'a' + i % 26, i);
		hits = find(&f, text, i);
		assert_true(censor_hits_has(&hits, (u16)i));
		assert_false(censor_hits_has(&hits, (u16)(i + 26)));
	}
	done(&f);
}

/* A text longer than any entry: entries at its end are found, exact ones can't be. */
static void test_long_text(void **state)
{
	struct fixture f = { 0 };
	char text[2048], entry[CENSOR_TEXT_MAX + 1];
	struct censor_hits hits;

	(void)state;
	memset(entry, 'e', CENSOR_TEXT_MAX);
	entry[CENSOR_TEXT_MAX] = 0;
	assert_done(censor_names_add(&f.names, 1, CENSOR_FORM_ENDS, entry, CENSOR_TEXT_MAX, &f.bytes,
				     &why));
	assert_done(censor_names_add(&f.names, 2, CENSOR_FORM_EXACT, entry, CENSOR_TEXT_MAX,
				     &f.bytes, &why));
	assert_done(censor_names_add(&f.names, 3, CENSOR_FORM_SUFFIX, entry, CENSOR_TEXT_MAX,
				     &f.bytes, &why));
	assert_done(censor_names_add(&f.names, 6, CENSOR_FORM_SUBDOMAIN, entry, CENSOR_TEXT_MAX,
				     &f.bytes, &why));
	add(&f, 4, "*falun*");
	add(&f, 5, "=/search*");
	seal(&f);
	memset(text, 'e', sizeof(text));
	memcpy(text, "/search?q=falun", 15);
	hits = find(&f, text, sizeof(text));
	assert_true(censor_hits_has(&hits, 1));
	assert_false(censor_hits_has(&hits, 2));
	assert_false(censor_hits_has(&hits, 3));
	assert_false(censor_hits_has(&hits, 6));
	assert_true(censor_hits_has(&hits, 4));
	assert_true(censor_hits_has(&hits, 5));
	text[sizeof(text) - CENSOR_TEXT_MAX - 1] = '.';
	hits = find(&f, text, sizeof(text));
	assert_true(censor_hits_has(&hits, 1));
	assert_false(censor_hits_has(&hits, 2));
	assert_true(censor_hits_has(&hits, 3));
	assert_true(censor_hits_has(&hits, 6));
	done(&f);
}

static void test_refused(void **state)
{
	struct fixture f = { 0 };
	char text[300];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_refused(censor_names_add(&f.names, 0, CENSOR_FORM_SUFFIX, text, 0, &f.bytes, &why),
		       EINVAL);
	assert_refused(censor_names_add(&f.names, 0, CENSOR_FORM_SUFFIX, text, 256, &f.bytes, &why),
		       EINVAL);
	assert_refused(censor_names_add(&f.names, 0, CENSOR_FORM_SUBSTRING, text, 300, &f.bytes,
					&why), EINVAL);
	assert_refused(censor_names_add(&f.names, 0, CENSOR_FORM_COUNT, text, 3, &f.bytes, &why),
		       EINVAL);
	assert_int_equal(f.names.text_len, 0);
	done(&f);
}

static void test_empty(void **state)
{
	struct fixture f = { 0 };
	struct censor_name_iter it = { 0 };

	(void)state;
	assert_false(censor_names_next(&f.names, &it));
	seal(&f);
	assert_int_equal(find(&f, "facebook.com", 12).n, 0);
	assert_false(censor_names_next(&f.names, &it));
	done(&f);
}

/* Every entry can be read back, before and after the tables are built. */
static void test_iterate(void **state)
{
	static const char *const entries[] = { "a.com", "=b.com", ".c.com", "*d.com", "*e*", "=f*",
					       "g*", "a.com" };
	struct fixture f = { 0 };
	u32 i, round;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(entries); i++)
		add(&f, (u16)(i * 1000), entries[i]);
	for (round = 0; round < 2; round++) {
		struct censor_name_iter it = { 0 };
		u32 seen = 0;

		while (censor_names_next(&f.names, &it)) {
			const char *text;
			size_t len;
			u8 form;

			i = it.set / 1000;
			form = split_form(entries[i], &text, &len);
			assert_int_equal(it.form, form);
			assert_int_equal(it.len, len);
			assert_memory_equal(it.text, text, len);
			assert_false(seen & 1u << i);
			seen |= 1u << i;
		}
		assert_int_equal(seen, (1u << ARRAY_SIZE(entries)) - 1);
		if (!round)
			seal(&f);
	}
	done(&f);
}

/* The same entry twice in a set counts once, whatever the form. */
static void test_duplicates(void **state)
{
	static const char *const entries[] = { "a.com", "=a.com", "*a.com*", "a.com*" };
	struct fixture f = { 0 };
	u32 i;

	(void)state;
	for (i = 0; i < 2000; i++)
		add(&f, 3, entries[i % ARRAY_SIZE(entries)]);
	seal(&f);
	assert_int_equal(find(&f, "a.com", 5).n, 1);
	done(&f);
}

static void test_hits_limit(void **state)
{
	static const char *const forms[] = { "a.com", "=a.com", "*a.com", "*a.com*", "=a.com*",
					     "a.com*" };
	u32 i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		struct fixture f = { 0 };

		for (j = 0; j < CENSOR_HITS_MAX; j++)
			add(&f, (u16)(j + 100), forms[i]);
		seal(&f);
		assert_int_equal(find(&f, "a.com", 5).n, CENSOR_HITS_MAX);
		done(&f);

		/* One more would be left out of every lookup, so it is refused. */
		memset(&f, 0, sizeof(f));
		for (j = 0; j <= CENSOR_HITS_MAX; j++)
			add(&f, (u16)(j + 100), forms[i]);
		assert_refused(censor_names_seal(&f.names, 1u << 30, &f.bytes, &why), E2BIG);
		done(&f);
	}
}

/* More sets than fit, through different entries: 64 are told, and nothing is written beyond. */
static void test_hits_overflow(void **state)
{
	struct fixture f = { 0 };
	struct censor_hits hits;
	char text[200];
	u32 i;

	(void)state;
	memset(text, 'a', sizeof(text));
	for (i = 1; i <= 100; i++) {
		assert_done(censor_names_add(&f.names, (u16)i, CENSOR_FORM_ENDS, text, i, &f.bytes,
					     &why));
		assert_done(censor_names_add(&f.names, (u16)(i + 1000), CENSOR_FORM_SUBSTRING, text,
					     i, &f.bytes, &why));
	}
	seal(&f);
	hits = find(&f, text, sizeof(text));
	assert_int_equal(hits.n, CENSOR_HITS_MAX);
	done(&f);
}

/* Hits are added to what is there already. */
static void test_hits_added(void **state)
{
	struct censor_hits hits = { .n = 0 };
	struct fixture f = { 0 };

	(void)state;
	add(&f, 1, "a.com");
	add(&f, 2, "*a.c*");
	seal(&f);
	censor_hits_add(&hits, 9);
	censor_hits_add(&hits, 1);
	censor_names_find(&f.names, (const u8 *)"a.com", 5, &hits);
	assert_int_equal(hits.n, 3);
	assert_int_equal(hits.set[0], 9);
	assert_true(censor_hits_has(&hits, 2));
	done(&f);
}

static void test_overlapping_words(void **state)
{
	static const char *const words[] = { "*he*", "*she*", "*his*", "*hers*", "*ushers*", "*s*",
					     "=us*", "*rsx*" };
	static const struct {
		const char *text;
		u32 sets;
	} rows[] = {
		{ "ushers", 0x7b }, { "she", 0x23 }, { "his", 0x24 }, { "usher", 0x63 },
		{ "hishers", 0x2f }, { "hersx", 0xa9 }, { "h", 0 }, { "hxe", 0 },
		{ "shshe", 0x23 }, { "xus", 0x20 },
	};
	struct fixture f = { 0 };
	u32 i, set;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		add(&f, (u16)i, words[i]);
	seal(&f);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		for (set = 0; set < ARRAY_SIZE(words); set++)
			if (in(&f, (u16)set, rows[i].text) != !!(rows[i].sets & 1u << set))
				fail_msg("%s and %s", rows[i].text, words[set]);
	done(&f);
}

/* The plainest reading of the notation in names.h. */
static bool plainly(u8 form, const char *kw, u32 n, const char *text, u32 len)
{
	u32 at;

	for (at = 0; at + n <= len; at++) {
		bool start = !at, end = at + n == len, label = start || text[at - 1] == '.';

		if (memcmp(text + at, kw, n))
			continue;
		switch (form) {
		case CENSOR_FORM_SUFFIX:
			if (label && end)
				return true;
			break;
		case CENSOR_FORM_EXACT:
			if (start && end)
				return true;
			break;
		case CENSOR_FORM_SUBDOMAIN:
			if (at && text[at - 1] == '.' && end)
				return true;
			break;
		case CENSOR_FORM_ENDS:
			if (end)
				return true;
			break;
		case CENSOR_FORM_SUBSTRING:
			return true;
		case CENSOR_FORM_PREFIX:
			if (start)
				return true;
			break;
		case CENSOR_FORM_LABEL:
			if (label)
				return true;
			break;
		}
	}
	return false;
}

static u32 random_text(u64 *random, char *text, u32 most)
{
	u32 len = (u32)(wire_random(random) % (most + 1)), i;

	for (i = 0; i < len; i++)
		text[i] = "ab.."[wire_random(random) % 3];
	return len;
}

static void test_random(void **state)
{
	u64 random = 1;
	u32 round, i, j;

	(void)state;
	for (round = 0; round < 400; round++) {
		struct { char text[8]; u32 len; u8 form; } entry[40];
		struct fixture f = { 0 };
		u32 n = 1 + (u32)(wire_random(&random) % 40);

		for (i = 0; i < n; i++) {
			do {
				entry[i].len = random_text(&random, entry[i].text, 7);
			} while (!entry[i].len);
			entry[i].form = (u8)(wire_random(&random) % CENSOR_FORM_COUNT);
			assert_done(censor_names_add(&f.names, (u16)i, entry[i].form, entry[i].text,
						     entry[i].len, &f.bytes, &why));
		}
		seal(&f);
		for (j = 0; j < 60; j++) {
			char text[24];
			u32 len = random_text(&random, text, 20), expected = 0;
			struct censor_hits hits = find(&f, text, len);

			for (i = 0; i < n; i++) {
				bool is = plainly(entry[i].form, entry[i].text, entry[i].len, text,
						  len);

				expected += is;
				if (is != censor_hits_has(&hits, (u16)i))
					fail_msg("round %u: %.*s, form %u of %.*s", round, (int)len,
						 text, entry[i].form, (int)entry[i].len,
						 entry[i].text);
			}
			assert_int_equal(hits.n, expected);
		}
		done(&f);
	}
}

/* What each million-th name is: like those of real lists, 15 bytes on average. */
static u32 nth_name(u32 i, char *text)
{
	static const char *const ends[] = { "com", "net", "org.cn", "co.uk" };

	return (u32)sprintf(text, "%s%x.%s", i % 3 ? "site" : "a-longer-", i * 2654435761u,
			    ends[i % 4]);
}

static void test_million(void **state)
{
	const u32 million = 1000000;
	struct fixture f = { 0 };
	size_t written = 0;
	char text[64];
	u32 i, len;

	(void)state;
	for (i = 0; i < million; i++) {
		len = nth_name(i, text);
		written += len;
		assert_done(censor_names_add(&f.names, (u16)(i % 50), i % 10 ? CENSOR_FORM_SUFFIX :
					     CENSOR_FORM_EXACT, text, len, &f.bytes, &why));
	}
	seal(&f);
	print_message("# 1,000,000 names of %zu bytes on average: %zu.%zu bytes each\n",
		      written / million, f.bytes / million, f.bytes * 10 / million % 10);
	assert_true(f.bytes <= 40u * million);
	for (i = 0; i < million; i += 7) {
		struct censor_hits hits;

		len = nth_name(i, text);
		hits = find(&f, text, len);
		assert_int_equal(hits.n, 1);
		assert_int_equal(hits.set[0], i % 50);
		/* The same below www: suffixes hit, exact names don't; and no name by chance. */
		memmove(text + 4, text, len);
		memcpy(text, "www.", 4);
		hits = find(&f, text, len + 4);
		assert_int_equal(hits.n, i % 10 ? 1 : 0);
		text[3] = 'x';
		assert_int_equal(find(&f, text, len + 4).n, 0);
	}
	done(&f);
}

/* The account follows what is held, and the limit is kept. */
static void test_limit(void **state)
{
	struct fixture f = { 0 };
	char text[64];
	u32 i;

	(void)state;
	for (i = 0; i < 10000; i++)
		assert_done(censor_names_add(&f.names, 0, CENSOR_FORM_SUFFIX, text,
					     nth_name(i, text), &f.bytes, &why));
	assert_true(f.bytes >= f.names.text_len);
	assert_refused(censor_names_seal(&f.names, f.bytes, &f.bytes, &why), EDQUOT);
	done(&f);

	memset(&f, 0, sizeof(f));
	for (i = 0; i < 10000; i++)
		assert_done(censor_names_add(&f.names, 0, CENSOR_FORM_SUBSTRING, text,
					     nth_name(i, text), &f.bytes, &why));
	assert_refused(censor_names_seal(&f.names, f.bytes + 1000, &f.bytes, &why), EDQUOT);
	done(&f);
}

/*
 * Words that end in one another, in many sets: the walk ends after a bounded number of them, and
 * what stands early in the text is found all the same.
 */
static void test_words_budget(void **state)
{
	struct fixture f = { 0 };
	struct censor_hits hits;
	char word[260], text[2048];
	u32 i, j;

	(void)state;
	memset(text, 'a', sizeof(text));
	for (i = 1; i <= 250; i++) {
		word[0] = '*';
		memset(word + 1, 'a', i);
		strcpy(word + 1 + i, "*");
		for (j = 0; j < 60; j++)
			add(&f, (u16)j, word);
	}
	add(&f, 60, "*b*");
	seal(&f);
	hits = find(&f, text, 40);
	assert_int_equal(hits.n, 60);
	text[0] = 'b';
	hits = find(&f, text, sizeof(text));
	assert_true(censor_hits_has(&hits, 60));
	/* Behind what the budget reaches: passed over. */
	text[0] = 'a';
	text[2047] = 'b';
	hits = find(&f, text, sizeof(text));
	assert_false(censor_hits_has(&hits, 60));
	done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_forms_together),
		cmocka_unit_test(test_case),
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_iterate),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_hits_limit),
		cmocka_unit_test(test_words_budget),
		cmocka_unit_test(test_hits_overflow),
		cmocka_unit_test(test_hits_added),
		cmocka_unit_test(test_overlapping_words),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_million),
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
