/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Namespaces that end with one process: what is made in them (processes, mounts, network
 * namespaces and their names, files below /run that are new) is gone when it is, however it ends.
 *
 *	sandbox_begin(error), then fork()
 *	in the child: sandbox_enter(alive, error), and whatever needs the sandbox
 *
 * Each that can fail returns 0, or -1 with a sentence in @error of SANDBOX_ERROR bytes.
 */
#ifndef _CENSORCTL_SANDBOX_H
#define _CENSORCTL_SANDBOX_H

#define SANDBOX_ERROR	512
#define SANDBOX_FOLDER	"/run/nf_censor"	/* empty, and nobody else's */

/**
 * sandbox_begin() - the next child is the first process of its PID namespace
 *
 * Without privilege the caller becomes root of a user namespace of its own.
 */
int sandbox_begin(char *error);

/**
 * sandbox_enter() - the rest, in that child
 * @alive: reading end of a pipe whose other end only the parent has
 *
 * The child is killed when its parent ends, and every process of the sandbox with it. It has no
 * network; /run is its own with all in it that was there, but for /run/netns and SANDBOX_FOLDER,
 * which are empty.
 */
int sandbox_enter(int alive, char *error);

/** sandbox_netns() - enter the network namespace that ip-netns(8) has made here as @name */
int sandbox_netns(const char *name, char *error);

/**
 * sandbox_resolver() - be a host of its own, in the network namespace that was entered before
 *
 * In a mount namespace of the caller's, /sys is of that network, and names are asked for as
 * resolv.conf and nsswitch.conf of SANDBOX_FOLDER say.
 */
int sandbox_resolver(char *error);

#endif
