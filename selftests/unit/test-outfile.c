// SPDX-License-Identifier: GPL-2.0
/* Files that are there whole or not at all: outfile.h. And what signals are called: signals.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
		cmocka_unit_test(test_direct), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_signals),
	};

	return cmocka_run_group_tests(tests, make, end);
}
