/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The detectors. Each reads bytes and says what they are; it never changes a packet, never loops
 * longer than its bytes, and rejects what can't be its protocol by the first few of them.
 *
 * Most look at the beginning of a message: contiguous bytes of the client's stream, or a datagram.
 * They keep nothing between calls; a message that comes in pieces is read again with more of it.
 * Those that need several packets keep what they must in the flow (track.h) and are called for each
 * packet with data, either way, until they say FOUND_ALL or FOUND_NOT.
 */
#ifndef _CENSOR_DETECT_H
#define _CENSOR_DETECT_H

#include "host.h"
#include "model.h"
#include "packet.h"
#include "protocol.h"

/** enum censor_found - what a detector says of the bytes it was given */
enum censor_found {
	CENSOR_FOUND_NOT,	/* not this protocol, or nothing in it that the censor sees */
	CENSOR_FOUND_MORE,	/* so far it is, see censor_may_be(); the rest is still to come */
	CENSOR_FOUND_ALL,	/* all that there is to know is known */
	CENSOR_FOUND_BAD,	/* it begins as this protocol and then lies about itself */
};

struct censor_track;

/**
 * struct censor_look - what a detector is given
 * @data: @len bytes: a stream's message from its beginning, or a packet's payload
 * @whole: bytes that the payload had on the wire; more than @len where a capture or the host cut it
 * @view: the packet that completed it
 * @model: the thresholds
 * @track: what several packets have shown, or NULL where the packet has no flow
 * @nth: packets with data that the flow had before this one, both ways
 * @answer: it comes from the side that did not begin the flow
 */
struct censor_look {
	const u8 *data;
	u32 len;
	u32 whole;
	const struct censor_packet_view *view;
	const struct censor_detect_model *model;
	struct censor_track *track;
	u32 nth;
	bool answer;
};

/**
 * struct censor_sight - what a detector saw; read where it says FOUND_ALL, and where it says
 *	FOUND_MORE and @confidence is not 0 any more, as it is before a detector is called
 * @protocol: enum censor_protocol
 * @confidence: enum censor_confidence
 * @at: where the bytes stand, in @data, that show it
 * @len: how many
 */
struct censor_sight {
	u8 protocol;
	u8 confidence;
	u16 at;
	u16 len;
};

/** censor_detector - a detector that needs no more than a look */
typedef enum censor_found (*censor_detector)(const struct censor_look *look,
					     struct censor_sight *sight);

/** censor_saw() - for detectors: set @sight and say FOUND_ALL */
static inline enum censor_found censor_saw(struct censor_sight *sight, u8 protocol, u8 confidence,
					   u32 at, u32 len)
{
	sight->protocol = protocol;
	sight->confidence = confidence;
	sight->at = (u16)at;
	sight->len = (u16)len;
	return CENSOR_FOUND_ALL;
}

/**
 * censor_may_be() - for detectors: set @sight and say FOUND_MORE
 *
 * The flow is known as what @sight says; a later packet may make it surer or name it better, and
 * FOUND_NOT then takes nothing back.
 */
static inline enum censor_found censor_may_be(struct censor_sight *sight, u8 protocol,
					      u8 confidence, u32 at, u32 len)
{
	censor_saw(sight, protocol, confidence, at, len);
	return CENSOR_FOUND_MORE;
}

/** censor_is_letter() - ASCII */
static inline bool censor_is_letter(u8 c)
{
	u8 lower = c | 0x20;

	return lower >= 'a' && lower <= 'z';
}

/** censor_lower() - ASCII lower case */
static inline u8 censor_lower(u8 c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

#endif
