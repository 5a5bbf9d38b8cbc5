/* SPDX-License-Identifier: GPL-2.0 */
/* Files whose text is part of this program: of policies/ and of board/. */
#ifndef _CENSORCTL_TEXTS_H
#define _CENSORCTL_TEXTS_H

/** struct text_file - @name: without its folder and ending */
struct text_file {
	const char *name;
	const char *text;
};

/* By name; ended by one without a name. Made by the script embed. */
extern const struct text_file model_files[];
extern const struct text_file protocol_files[];
extern const struct text_file board_files[];

#endif
