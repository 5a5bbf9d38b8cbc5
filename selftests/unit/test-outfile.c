// SPDX-License-Identifier: GPL-2.0
/* Files that are there whole or not at all: outfile.h. And what signals are called: signals.h. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"
#include "../../userspace-ctl/outfile.h"
#include "../../userspace-ctl/signals.h"

static char folder[] = "/tmp/nf_censor-outfile-XXXXXX";

static int make(void **state)
{
	(void)state;
	return !mkdtemp(folder) || chdir(folder);
}

static int end(void **state)
{
	(void)state;
	return chdir("/") || rmdir(folder);
}

static void put(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

/* What is in it; NULL if it isn't there. */
static const char *in(const char *path)
{
	static char text[64];
	FILE *file = fopen(path, "r");
	size_t n;

	if (!file)
		return NULL;
	n = fread(text, 1, sizeof(text) - 1, file);
	text[n] = 0;
	fclose(file);
	return text;
}

static void test_whole(void **state)
{
	struct outfile file;
	struct stat stat_buf;
	FILE *out;

	(void)state;
	assert_int_equal(outfile_begin(&file, "new"), 0);
	assert_null(in("new"));
	out = outfile_write(&file);
	assert_non_null(out);
	fputs("all of it\n", out);
	fflush(out);
	assert_null(in("new"));
	assert_int_equal(outfile_end(&file), 0);
	outfile_close(&file);
	assert_string_equal(in("new"), "all of it\n");

	/* What is there stays until there is more, and who may read it remains. */
	assert_int_equal(chmod("new", 0600), 0);
	assert_int_equal(outfile_begin(&file, "./new"), 0);
	out = outfile_write(&file);
	fputs("more\n", out);
	fflush(out);
	assert_string_equal(in("new"), "all of it\n");
	assert_int_equal(outfile_end(&file), 0);
	outfile_close(&file);
	assert_string_equal(in("new"), "more\n");
	assert_int_equal(stat("new", &stat_buf), 0);
	assert_int_equal(stat_buf.st_mode & 0777, 0600);
	assert_int_equal(unlink("new"), 0);
	/* Nothing is left beside it: end() could not remove the folder. */
}

static void test_not_ended(void **state)
{
	struct outfile file;
	FILE *out;

	(void)state;
	put("old", "of before\n");
	assert_int_equal(outfile_begin(&file, "old"), 0);
	outfile_close(&file);
	assert_string_equal(in("old"), "of before\n");

	assert_int_equal(outfile_begin(&file, "old"), 0);
	out = outfile_write(&file);
	fputs("half of", out);
	outfile_close(&file);
	assert_string_equal(in("old"), "of before\n");

	assert_int_equal(outfile_begin(&file, "old"), 0);
	assert_int_equal(outfile_clear(&file), 0);
	assert_null(in("old"));
	assert_int_equal(outfile_clear(&file), 0);
	out = outfile_write(&file);
	fputs("half of", out);
	outfile_close(&file);
	assert_null(in("old"));
}

static void test_direct(void **state)
{
	struct outfile file;

	(void)state;
	put("target", "of before\n");
	assert_int_equal(symlink("target", "link"), 0);
	assert_int_equal(outfile_begin(&file, "link"), 0);
	assert_string_equal(in("target"), "of before\n");
	fputs("new\n", outfile_write(&file));
	assert_int_equal(outfile_end(&file), 0);
	outfile_close(&file);
	assert_string_equal(in("target"), "new\n");
	assert_int_equal(outfile_begin(&file, "link"), 0);
	assert_int_equal(outfile_clear(&file), 0);
	outfile_close(&file);
	assert_string_equal(in("link"), "");
	assert_int_equal(unlink("link"), 0);
	assert_int_equal(unlink("target"), 0);

	assert_int_equal(outfile_begin(&file, "/dev/full"), 0);
	assert_int_equal(outfile_clear(&file), 0);
	fputs("too much\n", outfile_write(&file));
	assert_int_equal(outfile_end(&file), -1);
	assert_int_equal(errno, ENOSPC);
	outfile_close(&file);
}

#define NOBODY	65534

/* Write it, after a look at what is there until then, and whether it is written where it is. */
static void replace(const char *path, const char *text, bool direct)
{
	struct outfile file;
	FILE *out;

	assert_int_equal(outfile_begin(&file, path), 0);
	assert_string_equal(in(path), "of before\n");
	assert_int_equal(!!file.direct, direct);
	out = outfile_write(&file);
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(outfile_end(&file), 0);
	outfile_close(&file);
	assert_string_equal(in(path), text);
}

/* In a process of its own: 0 if it succeeds, 77 if this machine doesn't let it. */
static int apart(int (*function)(void))
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(function());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int write_mounted(void)
{
	struct outfile file;
	FILE *out;

	if (unshare(geteuid() ? CLONE_NEWUSER | CLONE_NEWNS : CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("elsewhere", "mounted", NULL, MS_BIND, NULL))
		return 77;
	if (outfile_begin(&file, "mounted") || strcmp(in("mounted"), "of before\n"))
		return 1;
	out = outfile_write(&file);
	if (!out || fputs("new\n", out) < 0 || outfile_end(&file))
		return 2;
	outfile_close(&file);
	if (outfile_begin(&file, "mounted") || outfile_clear(&file) || strcmp(in("mounted"), ""))
		return 3;
	out = outfile_write(&file);
	if (!out || fputs("newer\n", out) < 0 || outfile_end(&file))
		return 4;
	outfile_close(&file);
	return 0;
}

/* A container's file that is its host's: nothing can take its place. */
static void test_mounted(void **state)
{
	int status;

	(void)state;
	put("elsewhere", "of before\n");
	put("mounted", "");
	status = apart(write_mounted);
	if (status != 77) {
		assert_int_equal(status, 0);
		assert_string_equal(in("elsewhere"), "newer\n");
	}
	assert_int_equal(unlink("elsewhere"), 0);
	assert_int_equal(unlink("mounted"), 0);
	if (status == 77)
		left_out("this machine does not let it");
}

/* Where nothing can be made, what may be written is written. */
static void test_folder(void **state)
{
	struct outfile file;

	(void)state;
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(mkdir("folder", 0755), 0);
	put("folder/file", "of before\n");
	assert_int_equal(chmod("folder/file", 0666), 0);
	if (geteuid())
		assert_int_equal(chmod("folder", 0555), 0);
	else
		assert_int_equal(seteuid(NOBODY), 0);
	replace("folder/file", "new\n", true);
	errno = 0;
	assert_int_equal(outfile_begin(&file, "folder/none"), -1);
	assert_int_equal(errno, EACCES);
	outfile_close(&file);
	if (!getuid())
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod("folder", 0755), 0);
	assert_int_equal(unlink("folder/file"), 0);
	assert_int_equal(rmdir("folder"), 0);
}

/* In a folder such as /tmp nobody removes what is another's. */
static void test_sticky(void **state)
{
	(void)state;
	if (geteuid()) {
		left_out("this machine does not let it");
		return;
	}
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(mkdir("folder", 0755), 0);
	assert_int_equal(chmod("folder", 01777), 0);
	put("folder/root", "of before\n");
	put("folder/own", "of before\n");
	assert_int_equal(chmod("folder/root", 0666), 0);
	assert_int_equal(chown("folder/own", NOBODY, NOBODY), 0);
	assert_int_equal(seteuid(NOBODY), 0);
	replace("folder/root", "new\n", true);
	replace("folder/own", "new\n", false);
	assert_int_equal(seteuid(0), 0);
	put("folder/root", "of before\n");
	replace("folder/root", "newer\n", false);
	assert_int_equal(unlink("folder/root"), 0);
	assert_int_equal(unlink("folder/own"), 0);
	assert_int_equal(rmdir("folder"), 0);
}

static mode_t made_as;

/* Called in the place of the C library's: what others could open until then. */
int fchown(int fd, uid_t owner, gid_t group)
{
	struct stat stat_buf;

	if (!fstat(fd, &stat_buf))
		made_as = stat_buf.st_mode & 07777;
	return (int)syscall(SYS_fchown, fd, owner, group);
}

/* What takes a file's place is never somebody's who could not open that one. */
static void test_private(void **state)
{
	mode_t mask = umask(0);
	struct outfile file;
	struct stat stat_buf;
	static const mode_t modes[] = { 0600, 0640, 0666, 0 };
	mode_t mode;
	int i;

	(void)state;
	put("file", "of before\n");
	/* Only root may write the last one. */
	for (i = 0; i < (geteuid() ? 3 : 4); i++) {
		mode = modes[i];
		made_as = 07777;
		assert_int_equal(chmod("file", mode), 0);
		if (!geteuid())
			assert_int_equal(chown("file", NOBODY, NOBODY - 1), 0);
		assert_int_equal(outfile_begin(&file, "file"), 0);
		assert_int_equal(made_as & ~(mode & 0700), 0);
		assert_non_null(outfile_write(&file));
		assert_int_equal(stat(file.temporary, &stat_buf), 0);
		assert_int_equal(stat_buf.st_mode & 0777, mode);
		assert_int_equal(outfile_end(&file), 0);
		outfile_close(&file);
		assert_int_equal(stat("file", &stat_buf), 0);
		assert_int_equal(stat_buf.st_mode & 0777, mode);
		if (geteuid())
			continue;
		assert_int_equal(stat_buf.st_uid, NOBODY);
		assert_int_equal(stat_buf.st_gid, NOBODY - 1);
	}
	assert_int_equal(unlink("file"), 0);
	umask(mask);
}

static void refused(const char *path, int error)
{
	struct outfile file;

	errno = 0;
	assert_int_equal(outfile_begin(&file, path), -1);
	assert_int_equal(errno, error);
	outfile_close(&file);
}

static void test_refused(void **state)
{
	(void)state;
	refused("nowhere/file", ENOENT);
	refused("nothing/", ENOENT);
	refused("/tmp", EISDIR);
	refused("/tmp/", EISDIR);
	put("file", "");
	refused("file/file", ENOTDIR);
	/* Root may write here, too, but nobody can. */
	refused("/proc/file", ENOENT);
	if (geteuid()) {
		assert_int_equal(chmod("file", 0400), 0);
		refused("file", EACCES);
	}
	assert_int_equal(unlink("file"), 0);
}

static void test_signals(void **state)
{
	char buf[SIGNAL_SIZE];

	(void)state;
	assert_string_equal(signal_print(SIGTERM, buf), "SIGTERM");
	assert_string_equal(signal_print(SIGKILL, buf), "SIGKILL");
	assert_string_equal(signal_print(SIGRTMIN, buf), "SIGRTMIN");
	assert_string_equal(signal_print(SIGRTMIN + 3, buf), "SIGRTMIN+3");
	assert_string_equal(signal_print(SIGRTMAX, buf), "SIGRTMIN+30");
	/* The C library keeps these for itself. */
	assert_string_equal(signal_print(32, buf), "signal 32");
	assert_string_equal(signal_print(2000000000, buf), "signal 2000000000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole), cmocka_unit_test(test_not_ended),
		cmocka_unit_test(test_direct), cmocka_unit_test(test_mounted),
		cmocka_unit_test(test_folder), cmocka_unit_test(test_sticky),
		cmocka_unit_test(test_private), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_signals),
	};

	return cmocka_run_group_tests(tests, make, end);
}
