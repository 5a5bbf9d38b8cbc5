/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CENSORCTL_SIGNALS_H
#define _CENSORCTL_SIGNALS_H

#define SIGNAL_SIZE	24

/**
 * signal_print() - "SIGTERM", "SIGRTMIN+3", or the number where it has no name
 * @buf: of SIGNAL_SIZE bytes
 *
 * Return: @buf
 */
const char *signal_print(int number, char *buf);

#endif
