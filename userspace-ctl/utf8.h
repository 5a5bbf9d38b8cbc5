/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CENSORCTL_UTF8_H
#define _CENSORCTL_UTF8_H

#include "engine/host.h"

/**
 * utf8_char() - the character that begins at @text
 * @left: bytes from @text on, at least 1
 * @code: set to its code point
 *
 * Return: its bytes, 1 to 4; 0 if there is no valid character (overlong, surrogate, cut).
 */
u32 utf8_char(const char *text, size_t left, u32 *code);

bool utf8_valid(const char *text, size_t len);

/**
 * utf8_obeyed() - whether a terminal would obey a character: a control, or one that says in which
 * direction what follows is shown
 */
bool utf8_obeyed(u32 code);

/** utf8_width() - columns of a terminal that a character takes: 0, 1 or 2 */
u32 utf8_width(u32 code);

#endif
