// SPDX-License-Identifier: GPL-2.0
#include <unistd.h>

#include "event.h"
#include "json.h"
#include "memory.h"
#include "report.h"
#include "utf8.h"

#define REPORT_KEEP	1000	/* messages kept */
#define REPORT_SHOW	20	/* errors and warnings shown to people */
#define REPORT_CONTEXT	60	/* bytes shown on each side of a place in a long line */

u32 report_add_file(struct report *report, const char *path, char *text, size_t size)
{
	struct report_file *file;

	report->files = memory_resized(report->files, report->n_files + 1, sizeof(*report->files));
	file = &report->files[report->n_files];
	file->path = memory_string(path);
	file->text = text;
	file->size = size;
	return report->n_files++;
}

u32 report_add_path(struct report *report, const char *path)
{
	if (!(report->n_paths & (report->n_paths + 1)))
		report->paths = memory_resized(report->paths, (report->n_paths + 1) * 2,
					       sizeof(*report->paths));
	report->paths[report->n_paths] = memory_string(path);
	return ++report->n_paths;
}

static void report_add(struct report *report, enum severity severity, struct place place,
		       const char *format, va_list args)
{
	struct message *message;

	if (severity == SEVERITY_ERROR)
		report->errors++;
	else if (severity == SEVERITY_WARNING)
		report->warnings++;
	if (severity != SEVERITY_NOTE)
		report->dropped = report->n_messages >= REPORT_KEEP;
	if (report->dropped)
		return;
	memory_grow(report->messages, report->n_messages, report->room_messages);
	message = &report->messages[report->n_messages];
	message->place = place;
	message->key = place;
	if (severity == SEVERITY_NOTE && report->n_messages)
		message->key = message[-1].key;
	message->severity = severity;
	message->number = report->n_messages;
	if (vasprintf(&message->text, format, args) < 0)
		message->text = memory_string("out of memory");
	report->n_messages++;
}

#define REPORT_FUNCTION(name, severity)						\
void name(struct report *report, struct place place, const char *format, ...)	\
{										\
	va_list args;								\
										\
	va_start(args, format);							\
	report_add(report, severity, place, format, args);			\
	va_end(args);								\
}

REPORT_FUNCTION(report_error, SEVERITY_ERROR)
REPORT_FUNCTION(report_warning, SEVERITY_WARNING)
REPORT_FUNCTION(report_note, SEVERITY_NOTE)

static int message_order(const void *left, const void *right)
{
	const struct message *a = left, *b = right;

	if (a->key.file != b->key.file)
		return a->key.file < b->key.file ? -1 : 1;
	if (a->key.line != b->key.line)
		return a->key.line < b->key.line ? -1 : 1;
	if (a->key.line && a->key.column != b->key.column)
		return a->key.column < b->key.column ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

/* The place's line in its file; NULL if it has none. */
static const char *place_line(const struct report *report, const struct place *place, size_t *len)
{
	const struct report_file *file = &report->files[place->file];
	const char *at = file->text, *end = file->text + file->size, *stop;
	u32 line;

	if (!place->line || !file->text)
		return NULL;
	for (line = 1; line < place->line; line++) {
		at = memchr(at, '\n', end - at);
		if (!at)
			return NULL;
		at++;
	}
	stop = memchr(at, '\n', end - at);
	*len = (stop ? stop : end) - at;
	if (*len && at[*len - 1] == '\r')
		--*len;
	return at;
}

/* Editors count characters. */
static u32 place_column(const struct report *report, const struct place *place)
{
	u32 column = 1, at = 0;
	const char *line;
	size_t len;

	line = place_line(report, place, &len);
	if (!line)
		return place->column;
	while (at + 1 < place->column && at < len) {
		u32 code, n = utf8_char(line + at, len - at, &code);

		at += n ? n : 1;
		column++;
	}
	return column + (place->column > at + 1 ? place->column - at - 1 : 0);
}

/* "rules[2].if[0]", the part of a JSON document that the place means */
static char *place_path(const struct report *report, const struct place *place)
{
	const char *path;
	char *text;
	int done;

	if (place->line || !place->column)
		return NULL;
	path = report->paths[place->column - 1];
	if (place->len)
		done = asprintf(&text, "%s[%u]", path, place->len - 1);
	else
		done = asprintf(&text, "%s", path);
	return done < 0 ? NULL : text;
}

/* One character of a line, or of the line of spaces and carets below it. Return: its bytes. */
static u32 show_char(FILE *out, const char *text, size_t left, const char *mark)
{
	u32 code, width, len = utf8_char(text, left, &code);

	if (!len) {
		len = 1;
		code = 0xfffd;
	} else if (code != '\t' && utf8_obeyed(code)) {
		code = 0xfffd;
	}
	if (!mark) {
		if (code == 0xfffd)
			fputs("\xef\xbf\xbd", out);
		else
			fwrite(text, 1, len, out);
		return len;
	}
	if (code == '\t' && *mark == ' ') {
		fputc('\t', out);
		return len;
	}
	for (width = utf8_width(code); width; width--)
		fputc(width == 1 || *mark != '^' ? *mark : '~', out);
	return len;
}

/* A long line is cut on both sides, at the bounds of characters. */
static void show_line(FILE *out, const struct report *report, const struct place *place,
		      bool colour)
{
	size_t len, from = 0, to, at, mark, stop;
	const char *line = place_line(report, place, &len);
	bool first = true;

	if (!line)
		return;
	to = len;
	mark = min((size_t)place->column - 1, len);
	if (mark > 2 * REPORT_CONTEXT) {
		from = mark - REPORT_CONTEXT;
		while (from < mark && ((u8)line[from] & 0xc0) == 0x80)
			from++;
	}
	if (to > mark + 2 * REPORT_CONTEXT) {
		to = mark + 2 * REPORT_CONTEXT;
		while (to < len && ((u8)line[to] & 0xc0) == 0x80)
			to++;
	}
	stop = min(to, mark + max(place->len, 1u));
	fprintf(out, "%5u | %s", place->line, from ? "\xe2\x80\xa6" : "");
	for (at = from; at < to;)
		at += show_char(out, line + at, len - at, NULL);
	fprintf(out, "%s\n      | %s%s", to < len ? "\xe2\x80\xa6" : "", from ? " " : "",
		colour ? "\033[32m" : "");
	for (at = from; at < mark;)
		at += show_char(out, line + at, len - at, " ");
	if (at >= stop)
		fputc('^', out);
	while (at < stop) {
		u32 code, n = utf8_char(line + at, len - at, &code);

		if (first) {
			fputc('^', out);
			if (n && utf8_width(code) == 2)
				fputc('~', out);
			at += n ? n : 1;
			first = false;
		} else {
			at += show_char(out, line + at, len - at, "~");
		}
	}
	fputs(colour ? "\033[0m\n" : "\n", out);
}

static const char *const severity_names[] = { "error", "warning", "note" };

static void message_print(FILE *out, const struct report *report, const struct message *message,
			  bool colour)
{
	static const char *const colours[] = { "\033[1;31m", "\033[1;35m", "\033[1;36m" };
	const struct place *place = &message->place;
	char *path = place_path(report, place);

	if (colour)
		fputs("\033[1m", out);
	text_printf(out, "%s:", report->files[place->file].path);
	if (place->line)
		fprintf(out, "%u:%u:", place->line, place_column(report, place));
	else if (path)
		text_printf(out, " %s:", path);
	fprintf(out, "%s %s%s:%s ", colour ? "\033[0m" : "",
		colour ? colours[message->severity] : "", severity_names[message->severity],
		colour ? "\033[0m" : "");
	text_print(out, message->text, strlen(message->text));
	fputc('\n', out);
	show_line(out, report, place, colour);
	free(path);
}

void report_print(struct report *report, FILE *out)
{
	u32 i, shown = 0, all = report->errors + report->warnings;
	bool colour = colour_wanted(out);

	if (report->n_messages)
		qsort(report->messages, report->n_messages, sizeof(*report->messages),
		      message_order);
	for (i = 0; i < report->n_messages; i++) {
		if (report->messages[i].severity != SEVERITY_NOTE && shown++ == REPORT_SHOW)
			break;
		message_print(out, report, &report->messages[i], colour);
	}
	if (all > REPORT_SHOW)
		fprintf(out, "%u errors, %u warnings; the first %u are shown\n", report->errors,
			report->warnings, REPORT_SHOW);
}

json_t *report_json(struct report *report)
{
	json_t *array = json_array();
	u32 i;

	if (report->n_messages)
		qsort(report->messages, report->n_messages, sizeof(*report->messages),
		      message_order);
	for (i = 0; i < report->n_messages; i++) {
		const struct message *message = &report->messages[i];
		const struct place *place = &message->place;
		char *path = place_path(report, place);
		json_t *one = json_object();

		json_object_set_new(one, "file", json_text(report->files[place->file].path));
		if (place->line) {
			json_object_set_new(one, "line", json_integer(place->line));
			json_object_set_new(one, "column",
					    json_integer(place_column(report, place)));
		}
		if (path)
			json_object_set_new(one, "path", json_text(path));
		json_object_set_new(one, "severity",
				    json_string(severity_names[message->severity]));
		json_object_set_new(one, "message", json_text(message->text));
		json_array_append_new(array, one);
		free(path);
	}
	return array;
}

void report_free(struct report *report)
{
	u32 i;

	for (i = 0; i < report->n_files; i++) {
		free(report->files[i].path);
		free(report->files[i].text);
	}
	for (i = 0; i < report->n_paths; i++)
		free(report->paths[i]);
	for (i = 0; i < report->n_messages; i++)
		free(report->messages[i].text);
	free(report->files);
	free(report->paths);
	free(report->messages);
	memset(report, 0, sizeof(*report));
}

bool colour_wanted(FILE *out)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

	return isatty(fileno(out)) && !(no && *no) && term && strcmp(term, "dumb");
}
