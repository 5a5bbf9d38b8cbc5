// SPDX-License-Identifier: GPL-2.0
/*
 * list protocols, list protocol NAME: what is known of each protocol that a rule can ask for. The
 * files (policies/protocols) have fields, `name: text`, whose text goes on in lines that begin with
 * a blank; # begins a comment's line.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "engine/protocol.h"
#include "json.h"
#include "listprotocols.h"
#include "memory.h"
#include "texts.h"
#include "value.h"

static const struct text_file *find(const char *name)
{
	const struct text_file *file;

	for (file = protocol_files; file->name; file++)
		if (!strcasecmp(file->name, name))
			return file;
	return NULL;
}

static const char *next_protocol(const void *from, u32 i)
{
	(void)from;
	return i + 1 < CENSOR_PROTOCOLS ? censor_protocol_name(i + 1) : NULL;
}

/* Where the field that begins at @line ends. */
static const char *field_end(const char *line)
{
	do {
		line += strcspn(line, "\n");
		if (*line)
			line++;
	} while (*line == ' ' || *line == '\t');
	return line;
}

static json_t *field_text(const char *from, const char *end)
{
	char *text = memory_resized(NULL, end - from + 1, 1);
	json_t *string;
	u32 len = 0;

	/* Lines are joined by one blank. */
	for (; from < end; from++) {
		if (!isspace((u8)*from))
			text[len++] = *from;
		else if (len && text[len - 1] != ' ')
			text[len++] = ' ';
	}
	while (len && text[len - 1] == ' ')
		len--;
	string = json_stringn(text, len);
	free(text);
	return string;
}

static json_t *object_of(const struct text_file *file)
{
	json_t *object = json_pack("{s:s}", "name", file->name);
	const char *line, *end;

	for (line = file->text; *line; line = end) {
		size_t name = strcspn(line, ":\n");
		char key[32];

		end = field_end(line);
		if (*line == '#' || line[name] != ':' || name >= sizeof(key))
			continue;
		snprintf(key, sizeof(key), "%.*s", (int)name, line);
		json_object_set_new(object, key, field_text(line + name + 1, end));
	}
	return object;
}

static void print_text(const struct text_file *file)
{
	const char *line, *end;

	for (line = file->text; *line; line = end) {
		end = field_end(line);
		if (*line != '#')
			fwrite(line, 1, end - line, stdout);
	}
}

int list_protocols(struct command *command)
{
	json_t *array = json_array();
	size_t width = 0;
	const char *name;
	u32 i;

	for (i = 0; (name = next_protocol(NULL, i)); i++)
		width = max(width, strlen(name));
	for (i = 0; (name = next_protocol(NULL, i)); i++) {
		const struct text_file *file = find(name);
		json_t *object = file ? object_of(file) : json_pack("{s:s}", "name", name);
		const char *title = json_string_value(json_object_get(object, "title"));

		if (!command->json)
			printf("%-*s  %s\n", (int)width, name, title ? title : "");
		json_array_append_new(array, object);
	}
	if (command->json)
		json_print(stdout, array, true);
	else
		json_decref(array);
	return EXIT_DONE;
}

int list_protocol(struct command *command, const char *name)
{
	const struct text_file *file = find(name);
	const char *near;

	if (!file) {
		near = nearest(name, strlen(name), next_protocol, NULL);
		return command_failed(command, "there is no protocol \"%s\"; %s%s%scensorctl list protocols shows all",
				      name, near ? "did you mean \"" : "", near ? near : "",
				      near ? "\"? " : "");
	}
	if (command->json)
		json_print(stdout, object_of(file), true);
	else
		print_text(file);
	return EXIT_DONE;
}
