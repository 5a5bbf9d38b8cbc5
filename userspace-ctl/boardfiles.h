/* SPDX-License-Identifier: GPL-2.0 */
/* The page's parts, which are in the program, and the page as one file. */
#ifndef _CENSORCTL_BOARDFILES_H
#define _CENSORCTL_BOARDFILES_H

#include <jansson.h>
#include <stdio.h>

#include "engine/host.h"

/**
 * struct board_file - a part of the page
 * @path: that it is served at, and that the page names it by
 * @name: in board_files (texts.h)
 */
struct board_file {
	const char *path;
	const char *name;
	const char *type;
};

/** board_file_find() - the part of that path, or NULL */
const struct board_file *board_file_find(const char *path, size_t len);
const char *board_file_text(const struct board_file *file);

/** board_save() - the page with all its parts and @state (board_all()) in it, one file */
void board_save(FILE *out, const json_t *state);

#endif
