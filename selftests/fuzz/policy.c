// SPDX-License-Identifier: GPL-2.0
/*
 * Policies, as text and as JSON, for libFuzzer: what is read without an error is printed, and what
 * is printed is read to the same, both ways. The engine takes it or says why not.
 */
#include "ast.h"
#include "json.h"
#include "policy.h"
#include "print.h"
#include "readfile.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* In place of readfile.c: whatever file a policy names has the same in it. */
int readfile(const char *path, char **text, size_t *size)
{
	(void)path;
	*text = memory_string("list.example\n");
	*size = strlen(*text);
	return 0;
}

const char *readfile_error(int err)
{
	return strerror(-err);
}

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* As policy_read() does. Return: NULL if it was refused */
static struct policy_ast *read_text(const char *text, size_t size, struct report *report)
{
	struct build build = { .report = report, .path = "", .ast = ast_create() };
	char *copy = memory_resized(NULL, size + 1, 1);
	u32 file;

	memcpy(copy, text, size);
	file = report_add_file(report, "fuzz", copy, size);
	build.ast->place.file = file;
	if (size && *text == '{')
		json_read_policy(&build, file);
	else
		parse_policy(&build, file);
	if (*build.ast->name || !report->errors)
		check_policy(&build);
	if (!report->errors)
		return build.ast;
	policy_free(build.ast);
	return NULL;
}

static char *printed(const struct policy_ast *ast, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	policy_print(out, ast, false);
	fclose(out);
	return text;
}

static char *as_json(const struct policy_ast *ast, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	json_print(out, json_of_policy(ast, false), true);
	fclose(out);
	return text;
}

/* What is read of @text is printed as @wanted. */
static void same(const char *text, size_t size, const char *wanted)
{
	struct report report = {};
	struct policy_ast *ast = read_text(text, size, &report);
	char *again;

	if (!ast)
		report_print(&report, stderr);
	check(ast);
	again = printed(ast, &size);
	if (strcmp(again, wanted))
		fprintf(stderr, "%s\n---\n%s\n", wanted, again);
	check(!strcmp(again, wanted));
	free(again);
	policy_free(ast);
	report_free(&report);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct report report = {};
	struct policy_ast *ast;
	size_t text_size, json_size;
	char *text, *json;

	ast = read_text((const char *)data, size, &report);
	if (ast) {
		text = printed(ast, &text_size);
		json = as_json(ast, &json_size);
		censor_policy_destroy(policy_compile(ast, &report));
		policy_free(ast);
		same(text, text_size, text);
		same(json, json_size, text);
		free(text);
		free(json);
	}
	report_free(&report);
	return 0;
}
