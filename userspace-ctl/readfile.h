/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CENSORCTL_READFILE_H
#define _CENSORCTL_READFILE_H

#include "engine/host.h"

#define READFILE_MAX	(1u << 30)	/* bytes of one file */

/**
 * readfile() - all of a file
 * @path: its path, or "-" for the standard input
 * @text: set to its bytes, from malloc
 *
 * Return: 0, or a negative error; -EFBIG for more than READFILE_MAX.
 */
int readfile(const char *path, char **text, size_t *size);

/** readfile_error() - what such an error means, after "can't read it: " */
const char *readfile_error(int err);

#endif
