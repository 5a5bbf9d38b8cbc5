// SPDX-License-Identifier: GPL-2.0
/* SSH, by the line with which each side begins. */
#include "begins.h"
#include "detectors.h"

#define BANNER_MAX	255	/* RFC 4253 4.2, with the line's end */

static enum censor_found has_version(const struct censor_look *look)
{
	static const char * const versions[] = { "2.0-", "1.99-", "1.5-" };
	enum censor_found found, all = CENSOR_FOUND_NOT;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(versions) && all != CENSOR_FOUND_ALL; i++) {
		found = censor_begins(look, 4, versions[i], (u32)strlen(versions[i]));
		if (found != CENSOR_FOUND_NOT)
			all = found;
	}
	return all;
}

/*
 * RFC 4253 4.2 (CENSORS.md 7.1): the client's first bytes are `SSH-` protoversion `-`
 * softwareversion, where the protocol's version is 2.0; 1.99 is a server that also speaks 1, and
 * 1.5 is SSH 1 (the latter two from memory). Only a server may send other lines before it.
 * Sure. Reads 9 bytes; for the evidence as much of the line as there is, at most 255.
 */
enum censor_found censor_detect_ssh(const struct censor_look *look, struct censor_sight *sight)
{
	enum censor_found found = censor_begins(look, 0, "SSH-", 4);
	u32 end;

	if (found == CENSOR_FOUND_ALL)
		found = has_version(look);
	if (found != CENSOR_FOUND_ALL)
		return found;
	for (end = 0; end < min_t(u32, look->len, BANNER_MAX); end++)
		if (look->data[end] == '\r' || look->data[end] == '\n')
			break;
	return censor_saw(sight, CENSOR_PROTOCOL_SSH, CENSOR_CONFIDENCE_SURE, 0, end);
}
