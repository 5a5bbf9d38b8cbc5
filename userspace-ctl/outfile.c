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
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	/*
	 * Made is only what a link leads to: with O_CREAT the kernel lets nobody write what is
	 * another's in a folder such as /tmp (fs.protected_regular).
	 */
	if (fd < 0 && errno == ENOENT)
		fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return -1;
	file->direct = fdopen(fd, "a");
	return file->direct ? 0 : -1;
}

/* Owner and mode of what it replaces, of the owner what may be given away. */
static int take_place(const struct outfile *file, int fd)
{
	if (!file->replaces)
		return 0;
	if (fchown(fd, file->owner, file->group) && fchown(fd, -1, file->group))
		errno = 0;
	/* Behind fchown(): before, it would be another group that may read it. */
	return fchmod(fd, file->mode);
}

static void drop_temporary(struct outfile *file)
{
	if (*file->temporary)
		unlinkat(file->dir, file->temporary, 0);
	*file->temporary = 0;
}

/* Under a name that nobody has. Return: its descriptor, or -1 with errno. */
static int open_temporary(struct outfile *file)
{
	int fd, i, err;

	for (i = 0; i < TRIES; i++) {
		snprintf(file->temporary, sizeof(file->temporary), ".censorctl.%d.%d",
			 (int)getpid(), i);
		/* Nobody opens it in the meantime who could not open what it replaces. */
		fd = openat(file->dir, file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			    file->replaces ? file->mode & 0700 : 0666);
		if (fd < 0 && errno == EEXIST)
			continue;
		if (fd < 0)
			break;
		if (!take_place(file, fd))
			return fd;
		err = errno;
		close(fd);
		drop_temporary(file);
		errno = err;
		return -1;
	}
	*file->temporary = 0;
	return -1;
}

/* Whether no other file can take its place: rename() would say so, but only at the end. */
static bool is_fixed(const struct outfile *file, const struct statx *there)
{
	struct statx folder;

	if (statx(file->dir, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_MNT_ID, &folder))
		return false;
	/* It is mounted there by itself, as containers have files of their hosts. */
	if (there->stx_mask & folder.stx_mask & STATX_MNT_ID &&
	    there->stx_mnt_id != folder.stx_mnt_id)
		return true;
	/* Another's in a folder such as /tmp. */
	return folder.stx_mode & S_ISVTX && geteuid() && geteuid() != there->stx_uid &&
	       geteuid() != folder.stx_uid;
}

int outfile_begin(struct outfile *file, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct statx there;
	int fd;

	*file = (struct outfile){ .name = slash ? slash + 1 : path };
	file->dir = open_folder(path, file->name);
	if (file->dir < 0)
		return -1;
	if (!statx(file->dir, file->name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_MNT_ID,
		   &there)) {
		if (!S_ISREG(there.stx_mode) || is_fixed(file, &there))
			return begin_direct(file, path);
		file->replaces = true;
		file->mode = there.stx_mode & 0777;
		file->owner = there.stx_uid;
		file->group = there.stx_gid;
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
	if (fd < 0) {
		if (file->replaces && (errno == EACCES || errno == EPERM || errno == EROFS))
			return begin_direct(file, path);
		return -1;
	}
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
