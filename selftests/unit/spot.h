/* SPDX-License-Identifier: GPL-2.0 */
/* A detector's answer to bytes, which stand where reading more than them is noticed. */
#ifndef _CENSOR_SPOT_H
#define _CENSOR_SPOT_H

#include "detectors.h"
#include "unhex.h"

/**
 * struct spot - what a detector is asked, and what it answered
 * @view: addresses and ports
 * @whole: bytes on the wire, if more than are there
 * @confidence: 0 unless @found is FOUND_ALL
 */
struct spot {
	struct censor_packet_view view;
	u32 nth;
	u32 whole;
	bool answer;
	enum censor_found found;
	u8 protocol;
	u8 confidence;
	u16 at, len;
};

/* Return: how sure the detector is, or 0. */
static inline u8 spot(struct spot *spot, censor_detector detector, const u8 *data, u32 len)
{
	u8 *copy = malloc(len ? len : 1);
	struct censor_sight sight = { 0xa5, 0xa5, 0xa5a5, 0xa5a5 };
	struct censor_detect_model model = { 0 };
	struct censor_track track = { { { 0 } } };
	struct censor_look look = {
		.data = copy, .len = len, .whole = max(len, spot->whole), .view = &spot->view,
		.model = &model, .track = &track, .nth = spot->nth, .answer = spot->answer,
	};

	memcpy(copy, data, len);
	spot->found = detector(&look, &sight);
	spot->protocol = spot->confidence = 0;
	if (spot->found == CENSOR_FOUND_ALL) {
		spot->protocol = sight.protocol;
		spot->confidence = sight.confidence;
		spot->at = sight.at;
		spot->len = sight.len;
		if (!sight.len || sight.at + sight.len > len)
			abort();
	}
	free(copy);
	return spot->confidence;
}

static inline u8 spot_hex(struct spot *what, censor_detector detector, const char *hex)
{
	u8 data[4096];

	return spot(what, detector, data, unhex(data, hex));
}

#endif
