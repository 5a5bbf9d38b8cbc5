// SPDX-License-Identifier: GPL-2.0
/* run: any program as the client behind a censor, in a lab that is gone when it ends. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "event.h"
#include "hostname.h"
#include "memory.h"
#include "phases.h"
#include "progress.h"
#include "run.h"
#include "signals.h"
#include "value.h"

int run_failed(const struct run *run, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "censorctl %s: ", run->command->verb->name);
	va_start(args, format);
	text_vprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return EXIT_NO_LAB;
}

static const char *next_outcome(const void *from, u32 i)
{
	(void)from;
	return i < OUTCOME_FAILED ? outcome_names[i] : NULL;
}

static int read_expectation(struct run *run, const char *word)
{
	const char *near = nearest(word, strlen(word), next_outcome, NULL);
	u32 i;

	for (i = 0; i < OUTCOME_FAILED; i++) {
		if (strcmp(word, outcome_names[i]))
			continue;
		run->expect = (int)i;
		return 0;
	}
	return command_wrong(run->command,
			     "--expect wants allowed, slow or blocked, not \"%s\"%s%s%s", word,
			     near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

#define LIMIT_MAX	1000000		/* seconds */

static int read_limit(struct run *run, const char *word)
{
	char *end;
	double seconds = strtod(word, &end);

	if (end == word || *end || !(seconds >= 0.001 && seconds <= LIMIT_MAX))
		return command_wrong(run->command,
				     "--timeout wants seconds, 0.001 to %d, not \"%s\"", LIMIT_MAX,
				     word);
	run->limit_ms = (u32)(seconds * 1000);
	return 0;
}

/* A value that can be given once. */
static int read_once(struct run *run, const char **to, const char *option, const char *word)
{
	if (*to)
		return command_wrong(run->command, "--%s stands twice", option);
	*to = word;
	return 0;
}

static int read_name(struct run *run, const char *word)
{
	const char *wrong = host_name_wrong(word);

	if (wrong)
		return command_wrong(run->command,
				     "--name wants a host's name such as www.example.org, not \"%s\": %s",
				     word, wrong);
	memory_grow(run->names, run->n_names, run->room_names);
	run->names[run->n_names++] = word;
	return 0;
}

static int read_option(struct run *run, int option)
{
	switch (option) {
	case 'p':
		return read_once(run, &run->policy, "policy", optarg);
	case 'P':
		return read_once(run, &run->phase, "phase", optarg);
	case 'k':
		return read_once(run, &run->module, "kernel-module", optarg);
	case 'r':
		return read_once(run, &run->report_path, "report", optarg);
	case 'e':
		if (run->expect >= 0)
			return command_wrong(run->command, "--expect stands twice");
		return read_expectation(run, optarg);
	case 't':
		if (run->limit_ms)
			return command_wrong(run->command, "--timeout stands twice");
		return read_limit(run, optarg);
	case 's':
		memory_grow(run->serves, run->n_serves, run->room_serves);
		run->serves[run->n_serves++] = optarg;
		return 0;
	case 'm':
		return read_name(run, optarg);
	default:
		return EXIT_USAGE;
	}
}

static int read_options(struct run *run)
{
	static const struct option longs[] = {
		{ "policy", required_argument, NULL, 'p' },
		{ "phase", required_argument, NULL, 'P' },
		{ "expect", required_argument, NULL, 'e' },
		{ "serve", required_argument, NULL, 's' },
		{ "name", required_argument, NULL, 'm' },
		{ "report", required_argument, NULL, 'r' },
		{ "timeout", required_argument, NULL, 't' },
		{ "kernel-module", required_argument, NULL, 'k' },
		{}
	};
	struct command *command = run->command;
	int option, at, argc = command->argc;

	for (at = 1; at < argc && strcmp(command->argv[at], "--"); at++)
		;
	/* Options of the command are not ours to complain of. */
	if (at == argc && argc > 1 && strcmp(command->argv[1], "-h") &&
	    strcmp(command->argv[1], "--help"))
		return command_wrong(command, "there is no --, and behind it the command");
	command->argc = at;
	while ((option = command_option(command, "p:", longs)) != -1)
		if (option == '?' || read_option(run, option))
			return EXIT_USAGE;
	if (optind < at)
		return command_wrong(command, "\"%s\" is no option; the command stands behind --",
				     command->argv[optind]);
	if (command->json)
		return command_wrong(command, "its report is JSON: --report FILE");
	if (at + 1 >= argc)
		return command_wrong(command, "which command?");
	if (!run->policy)
		return command_wrong(command, "which --policy?");
	run->words = command->argv + at + 1;
	return 0;
}

/* The file of the policy, or that it names, whose place the report would take; NULL if none. */
static const char *lost_to_report(const struct run *run)
{
	struct stat report, file;
	u32 i;

	if (stat(run->report_path, &report) || !S_ISREG(report.st_mode))
		return NULL;
	for (i = 0; i < run->messages.n_files; i++) {
		const char *path = run->messages.files[i].path;
		bool input = !i && !strcmp(run->policy, "-");

		if (!(input ? fstat(STDIN_FILENO, &file) : stat(path, &file)) &&
		    file.st_dev == report.st_dev && file.st_ino == report.st_ino)
			return path;
	}
	return NULL;
}

/* What is called so is of this run from now on, or not there. */
static int clear_report(struct run *run)
{
	const char *lost = lost_to_report(run);

	if (lost)
		return command_wrong(run->command, "--report %s would overwrite %s, which the policy is read from",
				     run->report_path, lost);
	if (outfile_clear(&run->report))
		return run_failed(run, "can't write %s: %s", run->report_path, strerror(errno));
	return 0;
}

/* What must be known before anything is begun. */
static int prepare(struct run *run)
{
	struct progress_clock progress;
	int status, phase;

	if (run->report_path && outfile_begin(&run->report, run->report_path))
		return run_failed(run, "can't write %s: %s", run->report_path, strerror(errno));
	progress_clock_read(&progress, "censorctl run: reading the policy", run->policy);
	run->ast = policy_read(run->policy, &run->messages);
	progress_clock_stop(&progress);
	/* Whatever the policy is. */
	status = run->report_path ? clear_report(run) : 0;
	if (status)
		return status;
	if (!run->ast) {
		report_print(&run->messages, stderr);
		return EXIT_REFUSED;
	}
	phase = phases_first(run->command, run->ast, run->phase);
	if (phase < 0)
		return EXIT_REFUSED;
	run->first = (u32)phase;
	status = run_find_lab(run);
	return status ? status : run_load_module(run);
}

/* Those that end a run, but for the ones that the caller wants ignored, as nohup does. */
static void block_signals(struct run *run)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action;
	u32 i;

	sigemptyset(&run->signals);
	for (i = 0; i < ARRAY_SIZE(ending); i++)
		if (!sigaction(ending[i], NULL, &action) && action.sa_handler != SIG_IGN)
			sigaddset(&run->signals, ending[i]);
	/* Ignored, nobody could be waited for. */
	signal(SIGCHLD, SIG_DFL);
	sigaddset(&run->signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &run->signals, &run->before);
}

/* Until the sandbox is gone, with all in it. Signals are its business. */
static int await(const struct run *run, pid_t sandbox)
{
	char name[SIGNAL_SIZE];
	int status;

	for (;;) {
		int signal = sigwaitinfo(&run->signals, NULL);

		if (signal > 0 && signal != SIGCHLD)
			kill(sandbox, signal);
		if (waitpid(sandbox, &status, WNOHANG) == sandbox)
			break;
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return run_failed(run, "the lab was ended by %s", signal_print(WTERMSIG(status), name));
}

static int run_sandboxed(struct run *run)
{
	int alive[2];
	pid_t pid;

	block_signals(run);
	if (pipe2(alive, O_CLOEXEC))
		return run_failed(run, "can't make a pipe: %s", strerror(errno));
	if (sandbox_begin(run->error))
		return run_failed(run, "%s", run->error);
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return run_failed(run, "can't begin a process: %s", strerror(errno));
	if (!pid) {
		int status;

		close(alive[1]);
		if (sandbox_enter(alive[0], run->error))
			status = run_failed(run, "%s", run->error);
		else
			status = run_inside(run);
		fflush(NULL);
		_exit(status);
	}
	return await(run, pid);
}

static int run_run(struct command *command)
{
	struct run run = { .command = command, .expect = -1 };
	int status = read_options(&run);

	if (!status)
		status = prepare(&run);
	if (!status)
		status = run_sandboxed(&run);
	outfile_close(&run.report);
	policy_free(run.ast);
	report_free(&run.messages);
	free(run.names);
	free(run.serves);
	return status;
}

const struct verb verb_run = {
	.name = "run",
	.usage = "--policy POLICY [OPTION...] -- COMMAND...",
	.does = "Run a command as the client behind a censor, in a lab",
	.help =
"  -p, --policy POLICY      the censor\n"
"      --phase NAME         in this phase of it\n"
"      --expect OUTCOME     allowed, slow or blocked: the exit status says whether it was\n"
"      --timeout SECONDS    end the command then: it has failed\n"
"      --serve COMMAND      run this outside, as a server, before; may be repeated\n"
"      --name NAME          the lab's certificates are good for this name, too; may be repeated\n"
"      --report FILE        at the end write what came of it, and all verdicts, as JSON\n"
"      --kernel-module FILE load this nf_censor.ko if none is loaded\n"
"The lab is made for the command and gone when it ends, however it ends. In it names lead to a web\n"
"server, server.test to what --serve begins ($NF_CENSOR_SERVER), and no packet leaves it. The\n"
"command finds its files, folder and environment as they are. It is\n"
"  allowed   it succeeded (exit status 0)\n"
"  slow      it succeeded, and was policed, delayed or lost packets\n"
"  blocked   it failed or took too long, and the censor had done something to it\n"
"  failed    it failed or took too long, and the censor had done nothing: that is never expected\n"
"The exit status is the command's own, 128 and the number of the signal that ended it, or 124 if\n"
"it took too long; with --expect 0 or 1. 125: there was no lab; 126, 127: the command can't be\n"
"run, is not there; 1, 2: the policy was refused, the options were.\n"
"\n"
"  censorctl run --policy policies/cn-2017.policy -- curl -sS https://www.facebook.com/\n"
"  censorctl run --policy p --expect allowed --serve 'ss-server -c s.json' -- ./test-tunnel\n",
	.run = run_run,
};
