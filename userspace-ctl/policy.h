/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a file to a policy: what every verb that takes one calls.
 *
 *	struct report report = {};
 *	struct policy_ast *ast = policy_read(path, &report);
 *	struct censor_policy *pol = ast ? policy_compile(ast, &report) : NULL;
 *
 *	report_print(&report, stderr);
 *	if (!pol)
 *		return EXIT_REFUSED;
 *	policy_free(ast);		(the compiled policy doesn't refer to it)
 *	...
 *	censor_policy_destroy(pol);
 *	report_free(&report);
 */
#ifndef _CENSORCTL_POLICY_H
#define _CENSORCTL_POLICY_H

#include "engine/policy.h"
#include "report.h"

struct policy_ast;

/**
 * policy_read() - parse and check a policy, text or JSON, with the lists that it names
 * @path: of the file, or "-" for the standard input
 * @report: gets errors and warnings; nothing is printed
 *
 * Return: the policy as written, or NULL if there was any error.
 */
struct policy_ast *policy_read(const char *path, struct report *report);

/**
 * policy_compile() - build and seal what the engine runs
 *
 * Return: the policy, or NULL; then @report says why. Free with censor_policy_destroy().
 */
struct censor_policy *policy_compile(const struct policy_ast *ast, struct report *report);

void policy_free(struct policy_ast *ast);

#endif
