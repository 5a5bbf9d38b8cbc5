// SPDX-License-Identifier: GPL-2.0
/* The command of run: begun as the client, watched, and ended when its time is up. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"
#include "run.h"
#include "send.h"

#define GRACE	2000		/* milliseconds between asking a command to end and ending it */
#define SETTLE	50		/* milliseconds in which packets under way arrive */

u64 run_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000 + (u64)now.tv_nsec / 1000000;
}

pid_t run_fork(const struct run *run)
{
	pid_t pid = fork();

	if (!pid)
		sigprocmask(SIG_SETMASK, &run->before, NULL);
	return pid;
}

void run_environment(void)
{
	static const char *const set[][2] = {
		{ "NF_CENSOR_CLIENT", "192.0.2.10" },
		{ "NF_CENSOR_CLIENT6", "2001:db8:1::10" },
		{ "NF_CENSOR_SERVER", "198.51.100.180" },
		{ "NF_CENSOR_SERVER6", "2001:db8:2::180" },
		{ "NF_CENSOR_CERTIFICATE", SANDBOX_FOLDER "/server.pem" },
		{ "NF_CENSOR_KEY", SANDBOX_FOLDER "/server.key" },
		/* The lab's CA in place of the world's, by the names that programs go by. */
		{ "CURL_CA_BUNDLE", SANDBOX_FOLDER "/ca.pem" },
		{ "SSL_CERT_FILE", SANDBOX_FOLDER "/ca.pem" },
		{ "REQUESTS_CA_BUNDLE", SANDBOX_FOLDER "/ca.pem" },
		{ "NODE_EXTRA_CA_CERTS", SANDBOX_FOLDER "/ca.pem" },
		{ "GIT_SSL_CAINFO", SANDBOX_FOLDER "/ca.pem" },
	};
	/* The machine's own way out does not lead out of the lab. */
	static const char *const unset[] = {
		"http_proxy", "https_proxy", "ftp_proxy", "all_proxy",
		"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY",
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(set); i++)
		setenv(set[i][0], set[i][1], 1);
	for (i = 0; i < ARRAY_SIZE(unset); i++)
		unsetenv(unset[i]);
}

static void note_end(struct child *child, pid_t pid, int status)
{
	if (!child->pid || child->pid != pid)
		return;
	child->ended = true;
	child->status = status;
}

/* As the first process of its namespace we are the parent of whoever has lost his. */
static void bury(struct run *run, struct child *child)
{
	int status;
	pid_t pid;
	u32 i;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		note_end(child, pid, status);
		note_end(&run->child, pid, status);
		for (i = 0; run->servers && i < run->n_serves; i++)
			note_end(&run->servers[i], pid, status);
	}
}

static void take_signals(struct run *run)
{
	struct signalfd_siginfo info;

	while (read(run->signal_fd, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo != SIGCHLD && !run->signal)
			run->signal = info.ssi_signo;
}

enum woken run_wait(struct run *run, struct child *child, u64 until)
{
	for (;;) {
		struct pollfd fds[2] = {
			{ .fd = run->signal_fd, .events = POLLIN },
			{ .fd = verdicts_fd(&run->verdicts), .events = POLLIN },
		};
		u64 now = run_clock();

		bury(run, child);
		if (child->ended)
			return WOKEN_ENDED;
		if (run->signal)
			return WOKEN_SIGNAL;
		if (now >= until)
			return WOKEN_LATE;
		poll(fds, ARRAY_SIZE(fds), (int)min_t(u64, until - now, INT_MAX));
		take_signals(run);
		if (fds[1].revents)
			verdicts_read(&run->verdicts);
	}
}

/* In force in the censor's namespace, and listened to. */
static int load_policy(struct run *run)
{
	struct command command = *run->command;
	struct progress_clock progress;
	struct netlink *netlink;
	u32 generation;
	int status = 0;

	/* This process stays there: what it opens later is there, too. */
	command.netns = "censor";
	netlink = netlink_open(&command);
	if (!netlink)
		return EXIT_NO_LAB;
	command.netns = NULL;
	if (verdicts_begin(&run->verdicts, &command))
		status = EXIT_NO_LAB;
	progress_clock_start(&progress, "censorctl run: loading the policy");
	if (!status &&
	    policy_send(netlink, run->ast, run->first, false, &run->messages, &generation))
		status = EXIT_REFUSED;
	progress_clock_stop(&progress);
	report_print(&run->messages, stderr);
	netlink_close(netlink);
	return status;
}

/* What a child tells who could not become the command. */
struct trouble {
	int exit;
	char error[SANDBOX_ERROR];
};

static void become_command(struct run *run, int tell)
{
	struct trouble trouble = { .exit = EXIT_NO_LAB };

	if (!sandbox_netns("client", trouble.error) && !sandbox_resolver(trouble.error)) {
		run_environment();
		execvp(run->words[0], run->words);
		trouble.exit = errno == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN;
		snprintf(trouble.error, sizeof(trouble.error), "%s: %s", run->words[0],
			 errno == ENOENT ? "there is no such command" : strerror(errno));
	}
	if (write(tell, &trouble, sizeof(trouble)) < 0)
		_exit(EXIT_NO_LAB);
	_exit(trouble.exit);
}

/* Return: 0 once the command runs; run->not_run tells if it can't. */
static int begin_command(struct run *run)
{
	struct trouble trouble;
	ssize_t got;
	int tell[2];

	if (pipe2(tell, O_CLOEXEC))
		return run_failed(run, "can't make a pipe: %s", strerror(errno));
	run->child.pid = run_fork(run);
	if (run->child.pid < 0)
		return run_failed(run, "can't begin a process: %s", strerror(errno));
	if (!run->child.pid)
		become_command(run, tell[1]);
	close(tell[1]);
	/* The kernel closes the other end when the command has begun. */
	do
		got = read(tell[0], &trouble, sizeof(trouble));
	while (got < 0 && errno == EINTR);
	close(tell[0]);
	if (got != sizeof(trouble))
		return 0;
	if (trouble.exit == EXIT_NO_LAB)
		return run_failed(run, "%s", trouble.error);
	run->not_run = trouble.exit;
	memcpy(run->error, trouble.error, sizeof(run->error));
	return 0;
}

/* Ask the command to end; the end of this process ends it and all others surely. */
static void end_command(struct run *run, int signal)
{
	int before = run->signal;

	kill(run->child.pid, signal);
	run->signal = 0;
	run_wait(run, &run->child, run_clock() + GRACE);
	if (!run->child.ended) {
		kill(run->child.pid, SIGKILL);
		run->signal = 0;
		run_wait(run, &run->child, run_clock() + GRACE);
	}
	run->signal = before;
}

static void watch_command(struct run *run)
{
	u64 begun = run_clock();
	struct child nobody = {};

	switch (run_wait(run, &run->child, run->limit_ms ? begun + run->limit_ms : UINT64_MAX)) {
	case WOKEN_LATE:
		run->timed_out = true;
		end_command(run, SIGTERM);
		break;
	case WOKEN_SIGNAL:
		end_command(run, run->signal);
		break;
	case WOKEN_ENDED:
		break;
	}
	run->seconds = (double)(run_clock() - begun) / 1000;
	run_wait(run, &nobody, run_clock() + SETTLE);
	verdicts_read(&run->verdicts);
}

int run_inside(struct run *run)
{
	int status;

	run->signal_fd = signalfd(-1, &run->signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (run->signal_fd < 0)
		return run_failed(run, "can't wait for signals: %s", strerror(errno));
	status = run_build_lab(run);
	if (!status)
		status = load_policy(run);
	if (!status)
		status = run_start_servers(run);
	if (!status)
		status = begin_command(run);
	if (status)
		return status;
	if (!run->not_run)
		watch_command(run);
	return run_told(run);
}
