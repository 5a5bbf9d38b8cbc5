/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A verb of censorctl and its command line. To add one: a file that defines a struct verb, and its
 * line in the table of main.c.
 */
#ifndef _CENSORCTL_COMMAND_H
#define _CENSORCTL_COMMAND_H

#include <getopt.h>
#include <stdbool.h>

enum {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1,	/* the policy or the kernel said no */
	EXIT_USAGE = 2,
};

/**
 * struct command - a command line being carried out
 * @argv: the verb's own, @argv[0] is the verb; use command_option(), then @argv[optind]
 * @netns: -n, a name below /run/netns or a path; NULL for the caller's own
 * @json: -j
 */
struct command {
	const struct verb *verb;
	int argc;
	char **argv;
	const char *netns;
	bool json;
};

/**
 * struct verb - something that censorctl does
 * @usage: what follows the verb, as in "[-j] POLICY"
 * @does: one line
 * @help: options and examples, whole lines
 * @kernel: it speaks to the kernel, so it takes -n
 */
struct verb {
	const char *name;
	const char *usage;
	const char *does;
	const char *help;
	bool kernel;
	int (*run)(struct command *command);
};

extern const struct verb verb_check, verb_load, verb_list, verb_flush, verb_phase, verb_play,
	verb_counters, verb_flows, verb_residuals, verb_monitor, verb_stats, verb_explain, verb_run,
	verb_top, verb_board;

/**
 * command_option() - getopt_long() for a verb; -j, -n (if it takes one) and -h are dealt with here
 * @shorts: the verb's own short options, as for getopt()
 * @longs: its own long options, ended by a zero entry, or NULL
 *
 * Return: the option; -1 when there are no more; '?' when it was wrong and that has been said:
 * return EXIT_USAGE.
 */
int command_option(struct command *command, const char *shorts, const struct option *longs);

/** command_wrong() - say what is wrong with the command line, and the usage. Return: EXIT_USAGE */
__attribute__((__format__(__printf__, 2, 3)))
int command_wrong(const struct command *command, const char *format, ...);

/**
 * command_failed() - say why the kernel (or the system) said no: a line on stderr, with -j an
 * object {"ok": false, "error": ...} on stdout
 *
 * Return: EXIT_REFUSED
 */
__attribute__((__format__(__printf__, 2, 3)))
int command_failed(const struct command *command, const char *format, ...);

#endif
