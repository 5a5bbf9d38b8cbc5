// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outfile.h"

#define TRIES	1000	/* names that others may have taken */

static int open_folder(const char *path, const char *name)
{
	char *folder = name == path ? strdup(".") : strndup(path, (size_t)(name - path));
	int dir = folder ? open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	free(folder);
	return dir;
}

static int begin_direct(struct outfile *file, const char *path)
{
	file->direct = fopen(path, "ae");
	return file->direct ? 0 : -1;
}

/* Under a name that nobody has. Return: its descriptor, or -1 with errno. */
static int open_temporary(struct outfile *file)
{
	int fd, i;

	for (i = 0; i < TRIES; i++) {
		snprintf(file->temporary, sizeof(file->temporary), ".censorctl.%d.%d",
			 (int)getpid(), i);
		fd = openat(file->dir, file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			    0666);
		if (fd >= 0)
			return fd;
		if (errno != EEXIST)
			break;
	}
	*file->temporary = 0;
	return -1;
}

static void drop_temporary(struct outfile *file)
{
	if (*file->temporary)
		unlinkat(file->dir, file->temporary, 0);
	*file->temporary = 0;
}

int outfile_begin(struct outfile *file, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct stat stat;
	int fd;

	*file = (struct outfile){ .name = slash ? slash + 1 : path };
	file->dir = open_folder(path, file->name);
	if (file->dir < 0)
		return -1;
	if (!fstatat(file->dir, file->name, &stat, AT_SYMLINK_NOFOLLOW)) {
		if (!S_ISREG(stat.st_mode))
			return begin_direct(file, path);
		file->mode = stat.st_mode & 0777;
		if (faccessat(file->dir, file->name, W_OK, AT_EACCESS))
			return -1;
	} else if (errno != ENOENT) {
		return -1;
	} else if (!*file->name) {
		errno = EISDIR;
		return -1;
	}
	/* Only doing it shows that it can be done. */
	fd = open_temporary(file);
	if (fd < 0)
		return -1;
	close(fd);
	drop_temporary(file);
	return 0;
}

int outfile_clear(struct outfile *file)
{
	file->cleared = true;
	if (!file->direct)
		return unlinkat(file->dir, file->name, 0) && errno != ENOENT ? -1 : 0;
	/* A pipe or a device has no length. */
	return ftruncate(fileno(file->direct), 0) && errno != EINVAL ? -1 : 0;
}

FILE *outfile_write(struct outfile *file)
{
	int fd;

	if (file->direct) {
		if (!file->cleared && outfile_clear(file))
			return NULL;
		return file->direct;
	}
	fd = open_temporary(file);
	file->stream = fd < 0 ? NULL : fdopen(fd, "w");
	if (file->stream && file->mode && fchmod(fd, file->mode))
		return NULL;
	return file->stream;
}

int outfile_end(struct outfile *file)
{
	FILE *stream = file->direct ? file->direct : file->stream;
	bool bad = ferror(stream);

	file->direct = NULL;
	file->stream = NULL;
	errno = 0;
	if (fclose(stream) || bad) {
		errno = errno ? errno : EIO;
		return -1;
	}
	if (!*file->temporary)
		return 0;
	if (renameat(file->dir, file->temporary, file->dir, file->name))
		return -1;
	*file->temporary = 0;
	return 0;
}

void outfile_close(struct outfile *file)
{
	if (file->direct)
		fclose(file->direct);
	if (file->stream)
		fclose(file->stream);
	drop_temporary(file);
	if (file->dir > 0)
		close(file->dir);
	*file = (struct outfile){};
}
