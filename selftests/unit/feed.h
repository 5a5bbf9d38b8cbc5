/* SPDX-License-Identifier: GPL-2.0 */
/* Packets of one flow, shown to one detector, in memory of their own. */
#ifndef _CENSOR_FEED_H
#define _CENSOR_FEED_H

#include "detectors.h"
#include "unhex.h"
#include "wire.h"

/** struct feed - a flow; all zero but @detector to begin with, @dport as wanted */
struct feed {
	censor_detector detector;
	struct censor_detect_model model;
	struct censor_track track;
	struct censor_packet_view view;
	struct censor_sight sight;
	u32 nth;
	u32 cut;	/* bytes at the end that can't be read */
	u32 seq[2];
	bool trackless;
};

static inline struct feed feed_new(censor_detector detector, u16 dport)
{
	struct feed feed = { .detector = detector };

	feed.view = (struct censor_packet_view){ .family = 4, .proto = 17, .sport = 40000,
						 .dport = dport };
	return feed;
}

static inline enum censor_found feed_bytes(struct feed *feed, bool answer, const void *data,
					   u32 len)
{
	u32 cap = len > feed->cut ? len - feed->cut : 0;
	u8 *copy = malloc(cap ? cap : 1);
	struct censor_look look = { .data = copy, .len = cap, .whole = len, .view = &feed->view,
				    .model = &feed->model, .nth = feed->nth++, .answer = answer,
				    .track = feed->trackless ? NULL : &feed->track };
	enum censor_found found;

	memcpy(copy, data, cap);
	feed->view.seq = feed->seq[answer];
	feed->seq[answer] += len;
	feed->view.len = len;
	feed->view.cap = cap;
	feed->view.payload = cap ? copy : NULL;
	memset(&feed->sight, 0, sizeof(feed->sight));
	found = feed->detector(&look, &feed->sight);
	if (feed->sight.confidence && feed->sight.at + feed->sight.len > len)
		abort();
	free(copy);
	return found;
}

static inline enum censor_found feed_hex(struct feed *feed, bool answer, const char *hex)
{
	static u8 bytes[2048];

	return feed_bytes(feed, answer, bytes, unhex(bytes, hex));
}

/* What was found, and of which protocol, how surely. */
#define assert_sight(feed, found_by, found, named, sure)				\
	do {										\
		assert_int_equal(found_by, CENSOR_FOUND_##found);			\
		assert_int_equal((feed).sight.protocol, CENSOR_PROTOCOL_##named);	\
		assert_int_equal((feed).sight.confidence, CENSOR_CONFIDENCE_##sure);	\
	} while (0)

#define assert_silent(feed, found_by, found)						\
	do {										\
		assert_int_equal(found_by, CENSOR_FOUND_##found);			\
		assert_int_equal((feed).sight.confidence, 0);				\
	} while (0)

#endif
