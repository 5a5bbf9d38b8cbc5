// SPDX-License-Identifier: GPL-2.0
/* Models of TCP and IP that have names: their files are part of this program. */
#include "modelblock.h"
#include "policy.h"
#include "value.h"

static const char *next_model(const void *from, u32 i)
{
	(void)from;
	return model_files[i].name;
}

const struct text_file *model_file_find(const char *name, u32 len, const char **near)
{
	const struct text_file *file;

	for (file = model_files; file->name; file++)
		if (strlen(file->name) == len && !memcmp(file->name, name, len))
			return file;
	if (near)
		*near = nearest(name, len, next_model, NULL);
	return NULL;
}

/* Parse a file. Return: false if it is not good, and that has been said */
static bool read_file(struct build *build, const struct text_file *model,
		      struct model_parts *parts)
{
	u32 file, errors = build->report->errors;
	char *path;

	if (asprintf(&path, "models/%s.model (in censorctl)", model->name) < 0)
		path = memory_string(model->name);
	file = report_add_file(build->report, path, memory_string(model->text),
			       strlen(model->text));
	free(path);
	memset(parts, 0, sizeof(*parts));
	parse_model(build, file, model->name, parts);
	return build->report->errors == errors;
}

bool model_read(struct build *build, enum model_kind kind, const struct token *name,
		union model *model)
{
	const char *text = value_text(&build->ast->arena, name), *near = NULL;
	const struct text_file *file = model_file_find(text, strlen(text), &near);
	struct model_parts parts;

	if (!file) {
		report_error(build->report, name->place,
			     "there is no model \"%.*s\"; %s%s%scensorctl list models shows all",
			     SHOWN(name), near ? "did you mean \"" : "", near ? near : "",
			     near ? "\"? " : "");
		return false;
	}
	if (!read_file(build, file, &parts)) {
		report_note(build->report, name->place, "the model is used here");
		return false;
	}
	if (!parts.given[kind]) {
		report_error(build->report, name->place, "the model \"%s\" has no %s part",
			     file->name, model_kind_names[kind]);
		return false;
	}
	*model = parts.models[kind];
	return true;
}

bool model_known(enum model_kind kind, const char *name, union model *model)
{
	const struct text_file *file = model_file_find(name, strlen(name), NULL);
	struct report report = {};
	struct build build = { .report = &report, .path = "" };
	struct model_parts parts;
	bool good;

	if (!file)
		return false;
	build.ast = ast_create();
	good = read_file(&build, file, &parts) && parts.given[kind];
	if (good)
		*model = parts.models[kind];
	policy_free(build.ast);
	report_free(&report);
	return good;
}
