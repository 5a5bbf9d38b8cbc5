// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "boardfiles.h"
#include "texts.h"

#define PAGE		"/"

/* How the page names its parts, up to their path. */
#define STYLE		"<link rel=\"stylesheet\" href=\""
#define SCRIPT		"<script src=\""

/* What a saved page may load: what is in it. */
#define SAVED_CSP	"<meta http-equiv=\"Content-Security-Policy\" "		\
			"content=\"default-src 'none'; style-src 'unsafe-inline'; "	\
			"script-src 'unsafe-inline'; img-src data:\">\n"

static const struct board_file files[] = {
	{ PAGE, "page", "text/html; charset=utf-8" },
	{ "/style.css", "style", "text/css; charset=utf-8" },
	{ "/uplot.css", "uPlot.min", "text/css; charset=utf-8" },
	{ "/uplot.js", "uPlot.iife.min", "text/javascript; charset=utf-8" },
	{ "/state.js", "state", "text/javascript; charset=utf-8" },
	{ "/calendar.js", "calendar", "text/javascript; charset=utf-8" },
	{ "/grid.js", "grid", "text/javascript; charset=utf-8" },
	{ "/feed.js", "feed", "text/javascript; charset=utf-8" },
	{ "/plot.js", "plot", "text/javascript; charset=utf-8" },
	{ "/board.js", "board", "text/javascript; charset=utf-8" },
};

const struct board_file *board_file_find(const char *path, size_t len)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		if (strlen(files[i].path) == len && !strncmp(files[i].path, path, len))
			return &files[i];
	return NULL;
}

const char *board_file_text(const struct board_file *file)
{
	const struct text_file *text;

	for (text = board_files; text->name; text++)
		if (!strcmp(text->name, file->name))
			return text->text;
	return "";
}

/* The part that a line of the page is there for: behind this attribute, without a slash before it. */
static const struct board_file *named_by(const char *line, size_t len, const char *attribute)
{
	const char *at = memmem(line, len, attribute, strlen(attribute)), *end;
	char path[32];
	int n;

	if (!at)
		return NULL;
	at += strlen(attribute);
	end = memchr(at, '"', len - (size_t)(at - line));
	if (!end)
		return NULL;
	n = snprintf(path, sizeof(path), "/%.*s", (int)(end - at), at);
	return n < (int)sizeof(path) ? board_file_find(path, (size_t)n) : NULL;
}

/* JSON inside of HTML: the only sign that could end the element is written another way. */
static int write_escaped(const char *text, size_t len, void *out)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == '<')
			fputs("\\u003c", out);
		else
			fputc(text[i], out);
	}
	return 0;
}

static void save_state(FILE *out, const json_t *state)
{
	fputs("<script type=\"application/json\" id=\"saved\">", out);
	json_dump_callback(state, write_escaped, out, JSON_COMPACT | JSON_REAL_PRECISION(10));
	fputs("</script>\n", out);
}

void board_save(FILE *out, const json_t *state)
{
	const char *line = board_file_text(board_file_find(PAGE, 1));
	bool stated = false;

	while (*line) {
		size_t len = strcspn(line, "\n") + 1;
		const struct board_file *style = named_by(line, len, STYLE);
		const struct board_file *script = named_by(line, len, SCRIPT);

		/* The first script finds the state there. */
		if (script && !stated) {
			save_state(out, state);
			stated = true;
		}
		if (style)
			fprintf(out, "<style>\n%s</style>\n", board_file_text(style));
		else if (script)
			fprintf(out, "<script>\n%s</script>\n", board_file_text(script));
		else
			fwrite(line, 1, len, out);
		if (memmem(line, len, "<head>", 6))
			fputs(SAVED_CSP, out);
		line += len;
	}
}
