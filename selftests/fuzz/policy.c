// SPDX-License-Identifier: GPL-2.0
/*
 * The policy language and its JSON, for libFuzzer. An input is a policy; what follows its first NUL
 * is what every file holds that it names. A policy that is good must print, in either form, to one
 * that is good and prints the same.
 */
#include "given.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const char entries[] = "a.example\n=b.example # comment\n\n*.c.example\n";

/* The same policy again, from its own text. */
static void check_again(const struct policy_ast *ast, bool json)
{
	size_t size, size_again;
	char *text = given_print(ast, json, &size), *again;
	struct policy_ast *back;

	given_files(text, size, NULL, 0);
	back = given_read();
	if (!back)
		abort();
	again = given_print(back, json, &size_again);
	if (size != size_again || memcmp(text, again, size))
		abort();
	policy_free(back);
	free(text);
	free(again);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	const char *text = (const char *)data, *end = size ? memchr(text, '\0', size) : NULL;
	struct policy_ast *ast;

	if (end)
		given_files(text, end - text, end + 1, text + size - (end + 1));
	else
		given_files(text, size, entries, sizeof(entries) - 1);
	ast = given_read();
	if (!ast)
		return 0;
	check_again(ast, false);
	check_again(ast, true);
	policy_free(ast);
	return 0;
}
