// SPDX-License-Identifier: GPL-2.0
/* Lists: one entry a line, # begins a comment. They are big, so nothing is done twice. */
#include "ast.h"
#include "readfile.h"
#include "value.h"

struct list {
	struct build *build;
	struct ast_set *set;
	struct ast_pool *pool;
	const struct token *used;
	u32 file;
};

char *build_beside(const struct build *build, const char *path)
{
	const char *slash = strrchr(build->path, '/');
	char *full;

	if (*path == '/' || !slash)
		return memory_string(path);
	if (asprintf(&full, "%.*s/%s", (int)(slash - build->path), build->path, path) < 0)
		return memory_string(path);
	return full;
}

static void list_broken(struct list *list)
{
	if (list->set)
		list->set->broken = true;
	else
		list->pool->broken = true;
}

static void list_error(struct list *list, struct place place, const char *message)
{
	report_error(list->build->report, place, "%s", message);
	report_note(list->build->report, list->used->place, "the list is used here");
	list_broken(list);
}

/* Most entries of most lists: a name without marks or anything to refuse. */
static bool list_plain_name(struct list *list, const char *text, u32 len, u32 line, u32 column)
{
	static const u8 plain[256] = {
		['a' ... 'z'] = 1, ['0' ... '9'] = 1, ['-'] = 1, ['_'] = 1, ['.'] = 1,
	};
	u32 i;

	if (!list->set || list->set->kind != CENSOR_KIND_NAMES || len > 253 || *text == '.' ||
	    text[len - 1] == '.')
		return false;
	for (i = 0; i < len; i++)
		if (!plain[(u8)text[i]])
			return false;
	ast_add_name(list->set, list->set->words ? CENSOR_FORM_SUBSTRING : CENSOR_FORM_SUFFIX,
		     arena_text(&list->build->ast->arena, text, len), len,
		     (struct place){ line, column, len, list->file });
	return true;
}

static void list_line(struct list *list, const char *start, const char *end, u32 line)
{
	const char *from = start, *to = end, *hash = memchr(start, '#', end - start);
	struct token token;
	u32 errors = list->build->report->errors;

	if (hash)
		to = hash;
	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
		to--;
	if (from == to || list_plain_name(list, from, to - from, line, from - start + 1))
		return;
	token = (struct token){
		.place = { line, from - start + 1, to - from, list->file },
		.text = from,
		.len = to - from,
	};
	if (to - from >= 2 && *from == '"' && to[-1] == '"') {
		token.text++;
		token.len -= 2;
		token.quoted = true;
	}
	if (list->set)
		build_entry(list->build, list->set, &token);
	else
		build_address(list->build, list->pool, &token);
	if (list->build->report->errors != errors)
		report_note(list->build->report, list->used->place, "the list is used here");
}

static void list_read(struct list *list, const char *text, size_t size)
{
	const char *at = text, *end = text + size, *crlf = memmem(text, size, "\r\n", 2);
	u32 line = 1;

	if (size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		list_error(list, (struct place){ 1, 1, 3, list->file },
			   "the list begins with a byte order mark (BOM): save it as UTF-8 without one");
		return;
	}
	for (; at < end; line++) {
		const char *stop = memchr(at, '\n', end - at);

		if (!stop)
			stop = end;
		if (crlf && crlf < stop) {
			list_error(list, (struct place){ line, crlf - at + 1, 1, list->file },
				   "lines end in CR LF here: convert the list to Unix lines (tr -d '\\r')");
			return;
		}
		list_line(list, at, stop, line);
		at = stop + 1;
	}
}

void build_list(struct build *build, struct ast_set *set, struct ast_pool *pool,
		const struct token *path)
{
	struct list list = { .build = build, .set = set, .pool = pool, .used = path };
	const char *written = value_text(&build->ast->arena, path);
	char *full = build_beside(build, written), *text = NULL;
	u32 before = set ? set->n : pool->n;
	size_t size = 0;
	int err;

	err = readfile(full, &text, &size);
	if (err) {
		report_error(build->report, path->place, "can't read the list %s: %s", full,
			     readfile_error(err));
		list_broken(&list);
		free(full);
		return;
	}
	list.file = report_add_file(build->report, full, text, size);
	free(full);
	list_read(&list, text, size);
	if (before == (set ? set->n : pool->n) && !(set ? set->broken : pool->broken))
		list_error(&list, (struct place){ .file = list.file },
			   "the list has no entry");
}
