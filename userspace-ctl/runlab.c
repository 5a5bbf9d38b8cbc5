// SPDX-License-Identifier: GPL-2.0
/* The lab of run: the module, and the servers that its scripts and --serve begin. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostname.h"
#include "memory.h"
#include "progress.h"
#include "run.h"
#include "signals.h"

#define LAB_PATIENCE	120000		/* milliseconds: more than emulation takes */
#define SERVER_PATIENCE	10000		/* milliseconds until a server listens */
#define TICK		20		/* milliseconds between looks */
#define NAMES_MAX	2000		/* that certificates are made for */

#define FILE_SIZE	(PATH_MAX + 64)
#define WRITE_GROUP	0020
#define WRITE_OTHERS	0002

static bool same_writers(const struct stat *file, const struct stat *other)
{
	return other->st_mode & WRITE_GROUP && other->st_gid == file->st_gid;
}

/*
 * Root runs these scripts and loads these modules: whoever may write one must be able to write this
 * program anyway, or the folder above its own, and so to put another one in its place.
 */
static bool trusted(const struct stat *file, const struct stat *program, const struct stat *above)
{
	if (file->st_uid && file->st_uid != program->st_uid && file->st_uid != above->st_uid)
		return false;
	if (file->st_mode & WRITE_GROUP && !same_writers(file, program) && !same_writers(file, above))
		return false;
	return !(file->st_mode & WRITE_OTHERS);
}

/*
 * Whether the folder above the program's is the source tree that it was built in. What others may
 * write in it goes to @odd.
 */
static bool is_built_in(const char *folder, const struct stat *program, char *odd)
{
	static const char *const parts[] = {
		"", "/lab", "/lab/up", "/lab/lab.sh", "/lab/module", "/lab/names",
	};
	char path[FILE_SIZE];
	struct stat above, stat_buf;
	u32 i;

	*odd = 0;
	snprintf(path, sizeof(path), "%s/../kmod/engine", folder);
	if (stat(path, &stat_buf))
		return false;
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		snprintf(path, sizeof(path), "%s/..%s", folder, parts[i]);
		if (stat(path, &stat_buf))
			return false;
		if (!i)
			above = stat_buf;
		if (trusted(&stat_buf, program, &above))
			continue;
		snprintf(odd, FILE_SIZE, "%s", path);
		return false;
	}
	return true;
}

/* In the tree that the program was built in, or where `make install` puts it. */
int run_find_lab(struct run *run)
{
	static const char installed[] = "/../share/nf_censor/lab";
	char path[PATH_MAX], file[FILE_SIZE], odd[FILE_SIZE];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	struct stat program;

	if (len < 0 || stat("/proc/self/exe", &program))
		return run_failed(run, "can't read /proc/self/exe: %s", strerror(errno));
	path[len] = 0;
	*strrchr(path, '/') = 0;
	if (is_built_in(path, &program, odd)) {
		snprintf(run->source, sizeof(run->source), "%.*s/../lab", PATH_MAX - 64, path);
		snprintf(run->built, sizeof(run->built), "%.*s/..", PATH_MAX - 64, path);
		return 0;
	}
	snprintf(file, sizeof(file), "%s%s/up", path, installed);
	if (!access(file, R_OK)) {
		snprintf(run->source, sizeof(run->source), "%.*s%s", PATH_MAX - 64, path,
			 installed);
		return 0;
	}
	if (*odd)
		return run_failed(run, "%s may be written by others than %s/censorctl, so the lab's scripts are not run: chown it to the same user and chmod go-w it, or make install",
				  odd, path);
	return run_failed(run, "the lab's scripts are neither in %s/../lab, with the source beside it, nor in %s%s: censorctl was moved away from them",
			  path, path, installed);
}

/* Have the lab's script try these files, which end with a NULL if they are less than two. */
static void try_modules(const struct run *run, const char *const *files)
{
	char path[PATH_MAX + 16];
	pid_t pid;

	snprintf(path, sizeof(path), "%s/module", run->source);
	pid = fork();
	if (!pid) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execl("/bin/sh", "sh", path, files[0], files[1], NULL);
		_exit(EXIT_NOT_FOUND);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Whether this file below the tree is there, and all that leads to it, and nobody else wrote it. */
static bool trusted_module(const struct run *run, const char *path)
{
	size_t len = strlen(run->built);
	struct stat above, program, stat_buf;
	char part[FILE_SIZE];

	if (stat("/proc/self/exe", &program) || stat(run->built, &above))
		return false;
	do {
		len += 1 + strcspn(path + len + 1, "/");
		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		if (stat(part, &stat_buf))
			return false;
		if (trusted(&stat_buf, &program, &above))
			continue;
		fprintf(stderr, "censorctl run: %s may be written by others than this program, so %s is not loaded: chown it to the same user and chmod go-w it, or --kernel-module %s\n",
			part, path, path);
		return false;
	} while (path[len]);
	return true;
}

/*
 * What the tree that we were built in may have: `make module`'s, and one for this series. A NULL
 * follows if it has less than two.
 */
static void built_modules(const struct run *run, char (*files)[FILE_SIZE], const char **arguments)
{
	struct utsname uts;
	int major, minor;
	u32 i, n = 0;

	snprintf(files[0], FILE_SIZE, "%s/nf_censor.ko", run->built);
	if (!uname(&uts) && sscanf(uts.release, "%d.%d", &major, &minor) == 2)
		snprintf(files[1], FILE_SIZE, "%s/build/module-%d.%d/nf_censor.ko", run->built,
			 major, minor);
	for (i = 0; i < 2; i++)
		if (*files[i] && trusted_module(run, files[i]))
			arguments[n++] = files[i];
}

int run_load_module(struct run *run)
{
	char files[2][FILE_SIZE] = {};
	const char *arguments[2] = {};

	if (!access("/sys/module/nf_censor", F_OK)) {
		if (run->module)
			fprintf(stderr, "censorctl run: nf_censor is loaded already, %s is not looked at\n",
				run->module);
		return 0;
	}
	if (geteuid())
		return run_failed(run, "the kernel module nf_censor is not loaded, and that takes root: insmod .../nf_censor.ko, then again");
	if (run->module) {
		/* Another one that is installed is not what was asked for. */
		if (access(run->module, R_OK))
			return run_failed(run, "%s: %s", run->module, strerror(errno));
		arguments[0] = run->module;
	} else if (*run->built) {
		built_modules(run, files, arguments);
	}
	try_modules(run, arguments);
	if (!access("/sys/module/nf_censor", F_OK))
		return 0;
	return run_failed(run, "the kernel module nf_censor is not loaded and can't be, see above: build it for this kernel (make, with its headers), then --kernel-module nf_censor.ko, or make install");
}

/* The names that a text asks for by https: a certificate must be good for them. */
static void names_of_urls(FILE *out, const char *text)
{
	static const char scheme[] = "https://";

	while ((text = strstr(text, scheme))) {
		size_t len;

		text += strlen(scheme);
		for (len = 0; host_name_char(text[len]); len++)
			;
		fprintf(out, "%.*s\n", (int)len, text);
	}
}

/* Those that the policy names, those of the command line. */
static void names_of_run(FILE *out, const struct run *run)
{
	char **word;
	u32 i, j;

	for (i = 0; i < run->n_names; i++)
		fprintf(out, "%s\n", run->names[i]);
	for (word = run->words; *word; word++)
		names_of_urls(out, *word);
	for (i = 0; i < run->n_serves; i++)
		names_of_urls(out, run->serves[i]);
	for (i = 0; i < run->ast->n_sets; i++) {
		const struct ast_set *set = &run->ast->sets[i];

		if (set->kind != CENSOR_KIND_NAMES || set->words)
			continue;
		for (j = 0; j < set->n; j++)
			if (set->names[j].form == CENSOR_FORM_SUFFIX ||
			    set->names[j].form == CENSOR_FORM_EXACT ||
			    set->names[j].form == CENSOR_FORM_SUBDOMAIN)
				fprintf(out, "%.*s\n", set->names[j].len, set->names[j].text);
	}
}

/* The lab's file of more names. */
static int write_names(const struct run *run)
{
	FILE *out = fopen(SANDBOX_FOLDER "/more", "we");
	char *text = NULL, *name, *rest;
	u32 n = 0, left = 0;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	bool failed;

	if (!out || !stream)
		return run_failed(run, "can't write " SANDBOX_FOLDER "/more: %s", strerror(errno));
	names_of_run(stream, run);
	fclose(stream);
	for (rest = text; (name = strsep(&rest, "\n"));) {
		char *at;

		if (host_name_wrong(name))
			continue;
		if (n++ >= NAMES_MAX) {
			left++;
			continue;
		}
		for (at = name; *at; at++)
			*at = tolower((u8)*at);
		fprintf(out, "%s\n", name);
	}
	free(text);
	failed = ferror(out);
	if (fclose(out) || failed)
		return run_failed(run, "can't write " SANDBOX_FOLDER "/more: %s", strerror(errno));
	if (left)
		fprintf(stderr, "censorctl run: the policy has more than %u names: the lab's certificates are not good for %u of them\n",
			NAMES_MAX, left);
	return 0;
}

/* Wait for a child at most so long, telling people that it goes on. */
static enum woken wait_patiently(struct run *run, struct child *child, u32 patience,
				 const char *what, bool (*ready)(void *data), void *data)
{
	struct progress progress;
	u64 until = run_clock() + patience;
	enum woken woken;

	progress_begin(&progress, what);
	for (;;) {
		woken = run_wait(run, child, min(until, run_clock() + TICK));
		if (woken != WOKEN_LATE || run_clock() >= until || (ready && ready(data)))
			break;
		progress_wait(&progress);
	}
	progress_clear(&progress);
	return woken;
}

int run_build_lab(struct run *run)
{
	char path[PATH_MAX + 16];
	struct child child = {};
	enum woken woken;
	int status;

	status = write_names(run);
	if (status)
		return status;
	snprintf(path, sizeof(path), "%s/up", run->source);
	child.pid = run_fork(run);
	if (child.pid < 0)
		return run_failed(run, "can't begin a process: %s", strerror(errno));
	if (!child.pid) {
		/* The same lab for everyone, whatever they have. */
		unsetenv("LAB_DELAY");
		setenv("LC_ALL", "C", 1);
		dup2(STDERR_FILENO, STDOUT_FILENO);
		close(STDIN_FILENO);
		open("/dev/null", O_RDONLY);
		execl("/bin/sh", "sh", path, SANDBOX_FOLDER, NULL);
		_exit(EXIT_NOT_FOUND);
	}
	woken = wait_patiently(run, &child, LAB_PATIENCE, "censorctl run: building the lab", NULL,
			       NULL);
	if (woken == WOKEN_SIGNAL)
		return EXIT_SIGNALLED + run->signal;
	if (woken == WOKEN_LATE)
		return run_failed(run, "the lab was not there after %u s", LAB_PATIENCE / 1000);
	if (child.status)
		return run_failed(run, "the lab could not be built, see above");
	return 0;
}

/* Lines of a table of /proc/net: sockets, of TCP only those that listen. */
static u32 count_sockets(const char *table, bool listening)
{
	char path[64], line[512], state[8];
	u32 n = 0;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/thread-self/net/%s", table);
	in = fopen(path, "re");
	if (!in)
		return 0;
	while (fgets(line, sizeof(line), in))
		if (sscanf(line, "%*s %*s %*s %7s", state) == 1 &&
		    (!listening || !strcmp(state, "0A")))
			n++;
	fclose(in);
	return n;
}

/* How many sockets wait for clients where servers are. */
static u32 count_servers(struct run *run)
{
	u32 n = 0;

	if (!sandbox_netns("server", run->error)) {
		n = count_sockets("tcp", true) + count_sockets("tcp6", true) +
		    count_sockets("udp", false) + count_sockets("udp6", false);
		sandbox_netns("censor", run->error);
	}
	return n;
}

struct server_wait {
	struct run *run;
	u32 before;
};

static bool one_more_serves(void *data)
{
	const struct server_wait *wait = data;

	return count_servers(wait->run) > wait->before;
}

static void become_server(const struct run *run, const char *shell)
{
	char error[SANDBOX_ERROR];

	if (sandbox_netns("server", error) || sandbox_resolver(error)) {
		run_failed(run, "%s", error);
		_exit(EXIT_NO_LAB);
	}
	run_environment();
	/* What it says is not what the command says. */
	dup2(STDERR_FILENO, STDOUT_FILENO);
	close(STDIN_FILENO);
	open("/dev/null", O_RDONLY);
	setsid();
	execl("/bin/sh", "sh", "-c", shell, NULL);
	_exit(EXIT_NOT_FOUND);
}

static int server_failed(const struct run *run, const char *shell, int status)
{
	char name[SIGNAL_SIZE];

	if (WIFSIGNALED(status))
		return run_failed(run, "the server \"%s\" was ended at once, by %s", shell,
				  signal_print(WTERMSIG(status), name));
	return run_failed(run, "the server \"%s\" ended at once, with the exit status %d", shell,
			  WEXITSTATUS(status));
}

int run_start_servers(struct run *run)
{
	u32 i;

	run->servers = memory_zeroed(run->n_serves + 1, sizeof(*run->servers));
	for (i = 0; i < run->n_serves; i++) {
		struct server_wait wait = { .run = run, .before = count_servers(run) };
		struct child *server = &run->servers[i];
		enum woken woken;

		server->pid = run_fork(run);
		if (server->pid < 0)
			return run_failed(run, "can't begin a process: %s", strerror(errno));
		if (!server->pid)
			become_server(run, run->serves[i]);
		woken = wait_patiently(run, server, SERVER_PATIENCE,
				       "censorctl run: waiting for a server", one_more_serves,
				       &wait);
		if (woken == WOKEN_SIGNAL)
			return EXIT_SIGNALLED + run->signal;
		/* One that is done with 0 goes on in the background, or had nothing else to do. */
		if (woken == WOKEN_ENDED && server->status)
			return server_failed(run, run->serves[i], server->status);
		if (woken == WOKEN_LATE && !one_more_serves(&wait))
			fprintf(stderr, "censorctl run: the server \"%s\" listens to nothing after %u s; going on\n",
				run->serves[i], SERVER_PATIENCE / 1000);
	}
	return 0;
}
