// SPDX-License-Identifier: GPL-2.0
/*
 * Inputs run once through a target, without libFuzzer: NAME FILE|FOLDER...
 * A failure ends the program, after the file's name was printed.
 */
#include <dirent.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

static unsigned long runs;
static char current[4096];

/* libFuzzer's, which a target's own mutator calls; nothing is mutated here. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max)
{
	(void)data;
	(void)max;
	return size;
}

/* Whatever ends the program, abort() or a sanitizer: which input it was. */
static void tell(void)
{
	if (*current) {
		fprintf(stderr, "replay: it was %s\n", current);
		fflush(stderr);
	}
}

static void replay_file(const char *path, size_t size)
{
	/* Memory of just that size: reading beside it is found. */
	uint8_t *data = malloc(size ? size : 1);
	FILE *file = fopen(path, "rb");

	if (!data || !file || fread(data, 1, size, file) != size) {
		perror(path);
		exit(2);
	}
	fclose(file);
	snprintf(current, sizeof(current), "%s", path);
	LLVMFuzzerTestOneInput(data, size);
	*current = '\0';
	runs++;
	free(data);
}

static void replay(const char *path)
{
	struct dirent **names;
	char inner[4096];
	struct stat st;
	int i, n;

	if (stat(path, &st)) {
		perror(path);
		exit(2);
	}
	if (S_ISREG(st.st_mode))
		replay_file(path, st.st_size);
	if (!S_ISDIR(st.st_mode))
		return;
	n = scandir(path, &names, NULL, alphasort);
	for (i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.') {
			snprintf(inner, sizeof(inner), "%s/%s", path, names[i]->d_name);
			replay(inner);
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

#ifdef __SANITIZE_ADDRESS__
void __sanitizer_set_death_callback(void (*callback)(void));
#else
static void __sanitizer_set_death_callback(void (*callback)(void))
{
	(void)callback;
}
#endif

/* A target that finds something wrong aborts. */
static void aborted(int number)
{
	tell();
	signal(number, SIG_DFL);
	raise(number);
}

int main(int argc, char **argv)
{
	/* A target may send the standard output elsewhere. */
	FILE *out = fdopen(dup(STDOUT_FILENO), "w");
	int i;

	atexit(tell);
	__sanitizer_set_death_callback(tell);
	signal(SIGABRT, aborted);
	for (i = 1; i < argc; i++)
		replay(argv[i]);
	fprintf(out, "%lu inputs\n", runs);
	fclose(out);
	return 0;
}
