// SPDX-License-Identifier: GPL-2.0
#include "ast.h"
#include "json.h"
#include "readfile.h"

/* JSON begins with a brace; the policy language never does. */
static bool is_json(const char *text, size_t size)
{
	while (size && strchr(" \t\r\n", *text ? *text : 'x')) {
		text++;
		size--;
	}
	return size && *text == '{';
}

static bool is_capture(const char *text, size_t size)
{
	static const char *const magics[] = {
		"\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4", "\x4d\x3c\xb2\xa1", "\xa1\xb2\x3c\x4d",
		"\x0a\x0d\x0d\x0a",
	};
	u32 i;

	for (i = 0; size >= 4 && i < ARRAY_SIZE(magics); i++)
		if (!memcmp(text, magics[i], 4))
			return true;
	return false;
}

struct policy_ast *policy_read(const char *path, struct report *report)
{
	bool input = !strcmp(path, "-");
	struct build build = { .report = report, .path = input ? "" : path };
	char *text = NULL;
	size_t size = 0;
	u32 file;
	int err;

	err = readfile(path, &text, &size);
	file = report_add_file(report, input ? "standard input" : path, text, size);
	if (err) {
		report_error(report, (struct place){ .file = file }, "can't read it: %s",
			     readfile_error(err));
		return NULL;
	}
	if (is_capture(text, size)) {
		report_error(report, (struct place){ .file = file },
			     "it is a capture, and a policy is wanted (explain takes the policy first)");
		return NULL;
	}
	build.ast = ast_create();
	build.ast->place.file = file;
	if (is_json(text, size))
		json_read_policy(&build, file);
	else
		parse_policy(&build, file);
	/* Where the text has no censor at all, that has been said. */
	if (*build.ast->name || !report->errors)
		check_policy(&build);
	if (!report->errors)
		return build.ast;
	policy_free(build.ast);
	return NULL;
}
