/* SPDX-License-Identifier: GPL-2.0 */
/* For detectors: magic bytes at the beginning of a message of which some may be still to come. */
#ifndef _CENSOR_BEGINS_H
#define _CENSOR_BEGINS_H

#include "detect.h"

/**
 * censor_begins() - whether @magic stands at @at
 *
 * Return: FOUND_ALL, FOUND_NOT by the first byte that differs, FOUND_MORE if none of those that are
 * there does.
 */
static inline enum censor_found censor_begins(const struct censor_look *look, u32 at,
					      const char *magic, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++) {
		if (at + i >= look->len)
			return CENSOR_FOUND_MORE;
		if (look->data[at + i] != (u8)magic[i])
			return CENSOR_FOUND_NOT;
	}
	return CENSOR_FOUND_ALL;
}

/** censor_get_le16() - messengers count from the little end */
static inline u32 censor_get_le16(const u8 *p)
{
	return (u32)p[1] << 8 | p[0];
}

static inline u32 censor_get_le32(const u8 *p)
{
	return censor_get_le16(p + 2) << 16 | censor_get_le16(p);
}

/* Bytes that the message has, also those that a capture cut. */
static inline u32 censor_look_end(const struct censor_look *look)
{
	return max(look->len, look->whole);
}

#endif
