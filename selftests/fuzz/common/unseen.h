/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_UNSEEN_H
#define _FUZZ_UNSEEN_H

/* A target's own model: no way through it is sought, which takes most of the time. */
#ifdef __clang__
#define UNSEEN	__attribute__((__no_sanitize__("coverage")))
#else
#define UNSEEN
#endif

#endif
