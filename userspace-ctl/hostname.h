/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CENSORCTL_HOSTNAME_H
#define _CENSORCTL_HOSTNAME_H

#include <stdbool.h>

/** host_name_char() - whether it can stand in a host's name; a dot can */
bool host_name_char(char c);

/**
 * host_name_wrong() - whether a certificate can be for a name and for those one label below it
 *
 * Return: NULL if it can, or else why not, the end of a sentence.
 */
const char *host_name_wrong(const char *name);

#endif
