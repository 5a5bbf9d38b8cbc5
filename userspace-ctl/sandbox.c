// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox.h"

#define JOINED_TRIES	200	/* milliseconds */

/* Also says what the system said. */
__attribute__((__format__(__printf__, 2, 3)))
static int failed(char *error, const char *format, ...)
{
	int err = errno, len;
	va_list args;

	va_start(args, format);
	len = vsnprintf(error, SANDBOX_ERROR, format, args);
	va_end(args);
	if (len < SANDBOX_ERROR)
		snprintf(error + len, SANDBOX_ERROR - len, ": %s", strerror(err));
	return -1;
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t put;

	if (fd < 0)
		return -1;
	put = write(fd, text, strlen(text));
	close(fd);
	return put < 0 ? -1 : 0;
}

/* Whoever the caller is becomes root in it, and can become nobody else. */
static int enter_user_namespace(char *error)
{
	unsigned int uid = geteuid(), gid = getegid();
	int err = unshare(CLONE_NEWUSER | CLONE_NEWPID), tries;
	char map[32];

	/* A thread that was joined a moment ago may still count as one (of progress.c). */
	for (tries = 0; err && errno == EINVAL && tries < JOINED_TRIES; tries++) {
		usleep(1000);
		err = unshare(CLONE_NEWUSER | CLONE_NEWPID);
	}
	if (err)
		return failed(error,
			      "it takes root, or a kernel that gives users namespaces of their own (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns)");
	if (write_text("/proc/self/setgroups", "deny"))
		return failed(error, "can't write /proc/self/setgroups");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	if (write_text("/proc/self/uid_map", map))
		return failed(error, "can't write /proc/self/uid_map");
	snprintf(map, sizeof(map), "0 %u 1", gid);
	if (write_text("/proc/self/gid_map", map))
		return failed(error, "can't write /proc/self/gid_map");
	return 0;
}

int sandbox_begin(char *error)
{
	if (!unshare(CLONE_NEWPID))
		return 0;
	if (errno != EPERM)
		return failed(error, "can't make a PID namespace");
	return enter_user_namespace(error);
}

/* What is called @name in the old /run appears in the new one; what can't stays away. */
static void keep_entry(int old, const char *name)
{
	char from[PATH_MAX], to[PATH_MAX], link[PATH_MAX];
	struct stat stat;
	ssize_t len;
	int fd;

	if (fstatat(old, name, &stat, AT_SYMLINK_NOFOLLOW))
		return;
	snprintf(from, sizeof(from), "/proc/self/fd/%d/%s", old, name);
	snprintf(to, sizeof(to), "/run/%s", name);
	if (S_ISLNK(stat.st_mode)) {
		len = readlinkat(old, name, link, sizeof(link) - 1);
		if (len < 0)
			return;
		link[len] = 0;
		if (symlink(link, to))
			return;
	} else if (S_ISDIR(stat.st_mode)) {
		if (!mkdir(to, 0755) && mount(from, to, NULL, MS_BIND | MS_REC, NULL))
			rmdir(to);
	} else {
		fd = open(to, O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0)
			return;
		close(fd);
		if (mount(from, to, NULL, MS_BIND, NULL))
			unlink(to);
	}
}

/*
 * A place for names and files that vanish needs a directory to be mounted on, and none may be
 * left behind for it: so all of /run is replaced, by a copy that has the same in it.
 */
static int replace_run(char *error)
{
	int old = open("/run", O_PATH | O_DIRECTORY | O_CLOEXEC), list;
	const struct dirent *entry;
	DIR *dir;

	if (old < 0)
		return failed(error, "can't open /run");
	list = openat(old, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = list < 0 ? NULL : fdopendir(list);
	if (!dir)
		return failed(error, "can't read /run");
	if (mount("nf_censor", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"))
		return failed(error, "can't mount a tmpfs on /run");
	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
		    strcmp(entry->d_name, "netns") &&
		    strcmp(entry->d_name, strrchr(SANDBOX_FOLDER, '/') + 1))
			keep_entry(old, entry->d_name);
	}
	closedir(dir);
	close(old);
	if (mkdir("/run/netns", 0755) || mkdir(SANDBOX_FOLDER, 0755))
		return failed(error, "can't make a directory in a new /run");
	return 0;
}

int sandbox_enter(int alive, char *error)
{
	struct pollfd pipe = { .fd = alive };
	mode_t mask;

	/* Then it may be too late: the pipe tells. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		return failed(error, "can't ask to end with the parent");
	if (poll(&pipe, 1, 0))
		_exit(1);
	if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC))
		return failed(error, "can't make namespaces");
	/* What the machine mounts and unmounts meanwhile it does here, too; not the other way. */
	if (mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL))
		return failed(error, "can't make the mounts the sandbox's own");
	/* Who is somebody else in the sandbox looks into these folders, too. */
	mask = umask(022);
	if (replace_run(error))
		return -1;
	umask(mask);
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return failed(error, "can't mount /proc");
	if (sethostname("client", strlen("client")))
		return failed(error, "can't set the host's name");
	return 0;
}

int sandbox_netns(const char *name, char *error)
{
	char path[PATH_MAX];
	int fd, err;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failed(error, "can't open %s", path);
	err = setns(fd, CLONE_NEWNET);
	if (err)
		failed(error, "can't enter %s", path);
	close(fd);
	return err;
}

int sandbox_resolver(char *error)
{
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL))
		return failed(error, "can't make the mounts the client's own");
	/* Where it can't be, the old one stays: its devices of the network are the wrong ones. */
	mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	if (mount(SANDBOX_FOLDER "/resolv.conf", "/etc/resolv.conf", NULL, MS_BIND, NULL))
		return failed(error,
			      "the lab's resolv.conf can't stand in for /etc/resolv.conf (there must be one, if only an empty file)");
	/* These would answer from outside the lab: a resolver reached by a socket, a cache. */
	if (!access("/etc/nsswitch.conf", F_OK) &&
	    mount(SANDBOX_FOLDER "/nsswitch.conf", "/etc/nsswitch.conf", NULL, MS_BIND, NULL))
		return failed(error, "the lab's nsswitch.conf can't stand in for /etc/nsswitch.conf");
	if (!access("/run/nscd", F_OK) && mount("none", "/run/nscd", "tmpfs", 0, "size=4k"))
		return failed(error, "can't hide /run/nscd");
	return 0;
}
