/* SPDX-License-Identifier: GPL-2.0 */
/* Names and words in other encodings than UTF-8: `words topics encoded utf-8, gb18030 { … }`. */
#ifndef _CENSORCTL_ENCODE_H
#define _CENSORCTL_ENCODE_H

#include "build.h"

/**
 * encode_entry() - an entry of a set, once for each of its encodings
 * @text: in UTF-8, ASCII letters in lower case
 *
 * What is the same in several of them, as ASCII is, becomes one entry.
 */
void encode_entry(struct build *build, struct ast_set *set, u8 form, const char *text, u8 len,
		  struct place place);

#endif
