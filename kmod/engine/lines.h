/* SPDX-License-Identifier: GPL-2.0 */
/* Protocols of command lines: FTP (RFC 959) and SMTP (RFC 5321). */
#ifndef _CENSOR_LINES_H
#define _CENSOR_LINES_H

#include "detect.h"

#define CENSOR_LINE_SIZE	512

/**
 * struct censor_line - a client's command
 * @text: lower case, without the line's end
 * @used: bytes up to the next one
 */
struct censor_line {
	u16 text_len;
	u32 used;
	u8 text[CENSOR_LINE_SIZE];
};

/**
 * censor_line_protocol() - what a first command is of; @sight says FTP or SMTP
 *
 * Commands that both have (QUIT, HELP, NOOP) are of neither.
 */
enum censor_found censor_line_protocol(const struct censor_look *look, struct censor_sight *sight);

/** censor_line_read() - the line that @look begins with; FOUND_MORE until its end is there */
enum censor_found censor_line_read(const struct censor_look *look, struct censor_line *line);

#endif
