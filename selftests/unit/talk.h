/* SPDX-License-Identifier: GPL-2.0 */
/* Conversations over TCP, and what is said in them, in few words. */
#ifndef _CENSOR_TALK_H
#define _CENSOR_TALK_H

#include "matched.h"

/** talk_new() - a connection that there was none of yet */
static inline struct talk talk_new(struct rig *rig)
{
	return talk_open(rig, ends4("192.0.2.10", next_port(), "203.0.113.80", 443));
}

static inline const struct seen *say_text(struct talk *talk, const char *text)
{
	return talk_say(talk, text, (u32)strlen(text));
}

static inline const struct seen *say_hex(struct talk *talk, const char *hex)
{
	static u8 bytes[WIRE_MAX];

	return talk_say(talk, bytes, unhex(bytes, hex));
}

static inline const struct seen *answer_hex(struct talk *talk, const char *hex)
{
	static u8 bytes[WIRE_MAX];

	return talk_answer(talk, bytes, unhex(bytes, hex));
}

static inline const struct seen *say_noise(struct talk *talk, u32 len)
{
	static u8 bytes[WIRE_MAX];

	noise(bytes, len, talk->seq);
	return talk_say(talk, bytes, len);
}

#endif
