// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"
#include "readfile.h"

int readfile(const char *path, char **text, size_t *size)
{
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	size_t n = 0, room;
	struct stat st;
	char *buf;
	int err = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		st.st_size = 0;
	room = st.st_size > 0 && st.st_size < READFILE_MAX ? st.st_size + 1 : 65536;
	buf = memory_resized(NULL, room, 1);
	for (;;) {
		ssize_t got = read(fd, buf + n, room - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			err = -errno;
		if (got <= 0)
			break;
		n += got;
		if (n > READFILE_MAX) {
			err = -EFBIG;
			break;
		}
		if (n == room) {
			room *= 2;
			buf = memory_resized(buf, room, 1);
		}
	}
	if (fd != STDIN_FILENO)
		close(fd);
	if (err) {
		free(buf);
		return err;
	}
	*text = buf;
	*size = n;
	return 0;
}

const char *readfile_error(int err)
{
	if (err == -ENOENT)
		return "there is no such file";
	if (err == -EFBIG)
		return "it is longer than 1 GiB";
	return strerror(-err);
}
