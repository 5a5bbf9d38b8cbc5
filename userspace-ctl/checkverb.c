// SPDX-License-Identifier: GPL-2.0
/* check: all that can be known of a policy without a kernel. */
#include <stdio.h>

#include "ast.h"
#include "command.h"
#include "event.h"
#include "json.h"
#include "print.h"
#include "progress.h"

static u64 count_entries(const struct policy_ast *ast)
{
	u64 entries = 0;
	u32 i;

	for (i = 0; i < ast->n_sets; i++)
		entries += ast->sets[i].n;
	return entries;
}

static u32 count_named(const struct policy_ast *ast)
{
	u32 i, n = 0;

	for (i = 0; i < ast->n_sets; i++)
		n += !!ast->sets[i].name;
	return n;
}

static void print_json(const struct policy_ast *ast, const struct censor_policy *pol,
		       struct report *report)
{
	json_t *object = json_object();

	json_object_set_new(object, "ok", json_boolean(pol));
	if (pol)
		json_object_set_new(object, "policy", json_pack("{s:o, s:i, s:i, s:I, s:I}",
			"name", json_text(ast->name), "rules", ast->n_rules,
			"sets", count_named(ast), "entries", (json_int_t)count_entries(ast), "bytes",
			(json_int_t)pol->bytes));
	json_object_set_new(object, "messages", report_json(report));
	json_print(stdout, object, false);
}

static void print_size(const struct policy_ast *ast, const struct censor_policy *pol)
{
	text_printf(stdout, "policy %s: %u rules, %u sets, %llu entries, %zu bytes in force",
		    ast->name, ast->n_rules, count_named(ast),
		    (unsigned long long)count_entries(ast), pol->bytes);
	putchar('\n');
}

static int check_run(struct command *command)
{
	static const struct option longs[] = {
		{ "print", no_argument, NULL, 'p' },
		{ "quiet", no_argument, NULL, 'q' },
		{}
	};
	bool print = false, quiet = false;
	struct progress_clock progress;
	struct censor_policy *pol = NULL;
	struct report report = {};
	struct policy_ast *ast;
	int option;

	while ((option = command_option(command, "pq", longs)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		print |= option == 'p';
		quiet |= option == 'q';
	}
	if (optind + 1 != command->argc)
		return command_wrong(command, optind == command->argc ? "which policy?" :
				     "one policy at a time");
	progress_clock_read(&progress, "censorctl check: reading the policy", command->argv[optind]);
	ast = policy_read(command->argv[optind], &report);
	if (ast)
		pol = policy_compile(ast, &report);
	progress_clock_stop(&progress);
	if (command->json && !(print && pol))
		print_json(ast, pol, &report);
	else
		report_print(&report, stderr);
	if (pol && print && command->json)
		json_print(stdout, json_of_policy(ast, false), true);
	else if (pol && print)
		policy_print(stdout, ast, false);
	else if (pol && !command->json && !quiet)
		print_size(ast, pol);
	report_free(&report);
	policy_free(ast);
	if (!pol)
		return EXIT_REFUSED;
	censor_policy_destroy(pol);
	return EXIT_DONE;
}

const struct verb verb_check = {
	.name = "check",
	.usage = "[-j] [--print] [--quiet] POLICY",
	.does = "Tell whether a policy is good, without a kernel",
	.help =
"  -p, --print   print the policy in its plain form; with -j as JSON\n"
"  -q, --quiet   print nothing if it is good\n"
"  -j, --json    the answer, or all errors, as one JSON object\n"
"POLICY is text or JSON; - is the standard input.\n"
"\n"
"  censorctl check mine.policy\n"
"  censorctl check --print -j mine.policy > mine.json\n",
	.run = check_run,
};
