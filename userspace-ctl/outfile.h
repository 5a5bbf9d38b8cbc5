/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file that is written at the end of something long: whether it can be is known before, and it is
 * there whole or not at all. Until it is written nothing lies beside it.
 *
 * Written where it is, so that an end too early leaves half of it, is what nothing can take the place
 * of: no regular file (a device, a pipe, a symbolic link), one that is a mount point, or in a folder
 * where nothing can be made.
 */
#ifndef _CENSORCTL_OUTFILE_H
#define _CENSORCTL_OUTFILE_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/**
 * struct outfile - from outfile_begin()
 * @dir: descriptor of its folder, so that it is found from other namespaces, too
 * @name: in that folder
 * @replaces: one that is there already, with these:
 * @mode: its permissions
 * @owner: its user
 * @group: its group
 * @direct: what is written where it is, or NULL
 * @cleared: of @direct nothing more is to be taken away
 * @stream: while it is written
 * @temporary: its name until it is whole
 */
struct outfile {
	int dir;
	const char *name;
	bool replaces;
	mode_t mode;
	uid_t owner;
	gid_t group;
	FILE *direct;
	bool cleared;
	FILE *stream;
	char temporary[48];
};

/*
 * outfile_begin(), outfile_clear() and outfile_end() return 0, or -1 with errno; outfile_write()
 * returns NULL for -1.
 */

/** outfile_begin() - @path can be written; it stays as it is. @path must stay, too */
int outfile_begin(struct outfile *file, const char *path);
/** outfile_clear() - what is there is no more */
int outfile_clear(struct outfile *file);
/** outfile_write() - where its text goes */
FILE *outfile_write(struct outfile *file);
/** outfile_end() - all of its text is written. Without this call, nothing is there */
int outfile_end(struct outfile *file);
/** outfile_close() - forget it, whatever was done */
void outfile_close(struct outfile *file);

#endif
