/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is wrong with a policy, and where: errors, warnings and notes are gathered while it is read,
 * and shown in the order of the text, each with its line and a caret.
 */
#ifndef _CENSORCTL_REPORT_H
#define _CENSORCTL_REPORT_H

#include <stdarg.h>
#include <stdio.h>

#include <jansson.h>

#include "engine/host.h"

/**
 * struct place - where something is written
 * @line: from 1. 0 for a file as a whole (@column 0), or a place in a JSON document: then
 *	@column is the number of a path from report_add_path()
 * @column: byte in the line, from 1; a reader is shown characters
 * @len: bytes that the caret line marks; in a JSON document one more than an index into an
 *	array, or 0
 * @file: from report_add_file()
 */
struct place {
	u32 line;
	u32 column;
	u32 len;
	u32 file;
};

enum severity {
	SEVERITY_ERROR,
	SEVERITY_WARNING,
	SEVERITY_NOTE,
};

/**
 * struct message - one of the report
 * @place: where
 * @key: where the error or warning is that it is or belongs to: that orders them
 */
struct message {
	struct place place, key;
	char *text;
	u32 number;
	enum severity severity;
};

/**
 * struct report_file - a file that places refer to
 * @path: as it is shown
 * @text: what it holds; not ended by NUL
 */
struct report_file {
	char *path;
	char *text;
	size_t size;
};

/**
 * struct report - begin with all zero, end with report_free()
 * @errors: how many there are, also of those that were too many to be kept
 * @dropped: the last one was not kept; its notes are not either
 */
struct report {
	struct report_file *files;
	char **paths;
	struct message *messages;
	u32 n_files, n_paths, n_messages, room_messages;
	u32 errors, warnings;
	bool dropped;
};

/** report_add_file() - takes over @text (from malloc, may be NULL). Return: its number. */
u32 report_add_file(struct report *report, const char *path, char *text, size_t size);

/**
 * report_add_path() - a path into a JSON document, such as "rules[2].if"
 * Return: its number, from 1.
 */
u32 report_add_path(struct report *report, const char *path);

__attribute__((__format__(__printf__, 3, 4)))
void report_error(struct report *report, struct place place, const char *format, ...);
__attribute__((__format__(__printf__, 3, 4)))
void report_warning(struct report *report, struct place place, const char *format, ...);
/** report_note() - more about the error or warning that was reported last */
__attribute__((__format__(__printf__, 3, 4)))
void report_note(struct report *report, struct place place, const char *format, ...);

/** report_print() - all of it in the order of the text; colours if @out is a terminal */
void report_print(struct report *report, FILE *out);

/** report_json() - all of it: an array of {file, line, column, severity, message} */
json_t *report_json(struct report *report);

void report_free(struct report *report);

/** colour_wanted() - whether @out is a terminal that shows colours and NO_COLOR is unset */
bool colour_wanted(FILE *out);

#endif
