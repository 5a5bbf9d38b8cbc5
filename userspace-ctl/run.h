/* SPDX-License-Identifier: GPL-2.0 */
/*
 * censorctl run: a command as the client behind a censor, in a lab that is made for it.
 *
 *	runverb.c	the command line, and the process that outlives the lab
 *	sandbox.c	namespaces that end with one process
 *	runlab.c	the module, the lab's servers
 *	runcommand.c	the command: begun, watched, ended
 *	verdicts.c	what the censor did meanwhile
 *	runreport.c	what came of it
 */
#ifndef _CENSORCTL_RUN_H
#define _CENSORCTL_RUN_H

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/types.h>

#include "ast.h"
#include "command.h"
#include "outfile.h"
#include "sandbox.h"
#include "verdicts.h"

enum {
	EXIT_TIMED_OUT = 124,
	EXIT_NO_LAB = 125,
	EXIT_NOT_RUN = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_SIGNALLED = 128,	/* and the signal's number */
};

/** enum outcome - what came of the command; the words are outcome_names[] */
enum outcome {
	OUTCOME_ALLOWED,	/* it succeeded */
	OUTCOME_SLOW,		/* it succeeded, and was policed, delayed or lost packets */
	OUTCOME_BLOCKED,	/* it failed, and the censor did something to it */
	OUTCOME_FAILED,		/* it failed, and the censor did nothing */
	OUTCOME_COUNT,
};

extern const char *const outcome_names[OUTCOME_COUNT + 1];

/** struct child - a process that is waited for; @status is wait()'s once it has @ended */
struct child {
	pid_t pid;
	int status;
	bool ended;
};

/**
 * struct run - one run
 * @expect: enum outcome, or -1
 * @limit_ms: milliseconds that the command may take, or 0
 * @words: the command, ended by NULL
 * @names: more names that the lab's certificates are good for
 * @serves: commands of the shell, servers outside
 * @first: index of the phase that it begins in
 * @messages: what there is to say of the policy @ast
 * @report: of @report_path, if there is one
 * @source: folder of the lab's scripts
 * @built: that is in the tree that censorctl was built in, this one; or empty
 * @signals: those that are blocked and waited for, @before: what was blocked before
 * @signal_fd: signalfd of @signals, in the sandbox
 * @signal: that ended the run, or 0
 * @child: the command; ended and status: of it
 * @not_run: EXIT_NOT_RUN or EXIT_NOT_FOUND where the command was not begun, with @error
 * @timed_out: it took too long
 * @seconds: what it took
 */
struct run {
	struct command *command;
	const char *policy;
	const char *phase;
	const char *module;
	const char *report_path;
	int expect;
	u32 limit_ms;
	char **words;
	const char **names, **serves;
	u32 n_names, room_names, n_serves, room_serves;
	struct policy_ast *ast;
	u32 first;
	struct report messages;
	struct outfile report;
	char source[PATH_MAX];
	char built[PATH_MAX];

	sigset_t signals, before;
	int signal_fd;
	int signal;
	struct child *servers;
	struct child child;
	int not_run;
	bool timed_out;
	double seconds;
	struct verdicts verdicts;
	char error[SANDBOX_ERROR];
};

/** run_failed() - say why there is no lab. Return: EXIT_NO_LAB */
__attribute__((__format__(__printf__, 2, 3)))
int run_failed(const struct run *run, const char *format, ...);

/* runlab.c */

/** run_find_lab() - set @run->source and @run->built. Return: 0, or the exit status, said */
int run_find_lab(struct run *run);
/** run_load_module() - have nf_censor in the kernel. Return: 0, or the exit status, said */
int run_load_module(struct run *run);
/** run_build_lab() - in the sandbox. Return: 0, or the exit status, said */
int run_build_lab(struct run *run);
/** run_start_servers() - those of --serve, until they listen. Return: likewise */
int run_start_servers(struct run *run);

/* runcommand.c */

enum woken { WOKEN_ENDED, WOKEN_LATE, WOKEN_SIGNAL };

/**
 * run_wait() - until a child ends, or a signal ends the run
 * @until: or this time of run_clock()
 *
 * Meanwhile events are read and other children that end are buried.
 */
enum woken run_wait(struct run *run, struct child *child, u64 until);
/** run_clock() - milliseconds of a clock that only goes on */
u64 run_clock(void);
/** run_environment() - what commands in the lab find in their environment */
void run_environment(void);
/** run_fork() - a child that has the caller's signals again. Return: as fork() */
pid_t run_fork(const struct run *run);
/** run_inside() - all that happens in the sandbox, its first process. Return: the exit status */
int run_inside(struct run *run);

/* runreport.c */

/** run_told() - tell people and the report. Return: the exit status */
int run_told(struct run *run);

#endif
