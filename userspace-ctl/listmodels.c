// SPDX-License-Identifier: GPL-2.0
/* list models, list model NAME: the models inside this program; no kernel is asked. */
#include <stdio.h>

#include "json.h"
#include "listmodels.h"
#include "modelblock.h"

/* The first sentence of comment, as far as its line goes: not the licence. @len: its length */
static const char *model_about(const char *text, size_t *len)
{
	for (*len = 0; *text == '#'; text++) {
		const char *line = text + 1 + strspn(text + 1, "# \t"), *end;

		*len = strcspn(line, "\n");
		if (*len && strncmp(line, "SPDX-", 5)) {
			end = memmem(line, *len, ". ", 2);
			if (end)
				*len = end + 1 - line;
			return line;
		}
		text = strchr(text, '\n');
		if (!text)
			break;
	}
	*len = 0;
	return "";
}

int list_models(struct command *command)
{
	const struct text_file *file;
	json_t *array = json_array();
	size_t width = 0, len;

	for (file = model_files; file->name; file++)
		width = max(width, strlen(file->name));
	for (file = model_files; file->name; file++) {
		const char *about = model_about(file->text, &len);

		if (command->json)
			json_array_append_new(array, json_pack("{s:s, s:o}", "name", file->name,
							       "about", json_stringn(about, len)));
		else
			printf("%-*s  %.*s\n", (int)width, file->name, (int)len, about);
	}
	if (command->json)
		json_print(stdout, array, true);
	else
		json_decref(array);
	return EXIT_DONE;
}

int list_model(struct command *command, const char *name)
{
	const char *near = NULL;
	const struct text_file *file = model_file_find(name, strlen(name), &near);

	if (!file)
		return command_failed(command, "there is no model \"%s\"; %s%s%scensorctl list models shows all",
				      name, near ? "did you mean \"" : "", near ? near : "",
				      near ? "\"? " : "");
	if (command->json)
		json_print(stdout, json_pack("{s:s, s:s}", "name", file->name, "text",
					     file->text), false);
	else
		fputs(file->text, stdout);
	return EXIT_DONE;
}
