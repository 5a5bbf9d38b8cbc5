// SPDX-License-Identifier: GPL-2.0
/*
 * Detectors of TCP streams, for libFuzzer. An input is nine bytes of a model and a stream's first
 * bytes. Nothing may be read that isn't there, evidence lies within it, and what is told of a part
 * holds for more: NOT stays NOT. Fully encrypted traffic is compared with the rule, byte by byte.
 */
#include "detectors.h"
#include "lines.h"
#include "unseen.h"

#define HEAD	9

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static struct censor_detect_model model;

UNSEEN static bool exempt(const u8 *data, u32 len)
{
	u32 bits = 0, prefix = 0, printable = 0, run = 0, longest = 0, i;

	for (i = 0; i < len; i++) {
		bool ok = data[i] >= 0x20 && data[i] <= 0x7e;

		bits += (u32)__builtin_popcount(data[i]);
		prefix += ok && prefix == i;
		printable += ok;
		run = ok ? run + 1 : 0;
		longest = max(longest, run);
	}
	if (bits * 100 <= model.fet_low * len || bits * 100 >= model.fet_high * len ||
	    prefix >= model.fet_prefix || printable * 100 > model.fet_percent * len ||
	    longest > model.fet_run)
		return true;
	if (len >= 3 && (data[0] | 1) == 0x17 && data[1] == 3 && data[2] <= model.fet_tls)
		return true;
	return (len >= 4 && (!memcmp(data, "GET ", 4) || !memcmp(data, "PUT ", 4))) ||
	       (len >= 5 && (!memcmp(data, "POST ", 5) || !memcmp(data, "HEAD ", 5)));
}

static struct censor_look look_at(const u8 *data, u32 len)
{
	static const struct censor_packet_view view;

	return (struct censor_look){ .data = data, .len = len, .whole = len, .view = &view,
				     .model = &model };
}

/* The first @len bytes, in memory of their own. */
static enum censor_found part(censor_detector detector, const u8 *data, u32 len)
{
	struct censor_sight sight = {};
	struct censor_look look;
	enum censor_found found;
	u8 *copy = malloc(len ? len : 1);

	if (len)
		memcpy(copy, data, len);
	look = look_at(copy, len);
	found = detector(&look, &sight);
	free(copy);
	if (found == CENSOR_FOUND_ALL &&
	    (!sight.protocol || sight.protocol >= CENSOR_PROTOCOLS || !sight.confidence ||
	     sight.confidence >= CENSOR_CONFIDENCES || !sight.len || sight.at + sight.len > len))
		abort();
	return found;
}

static void lines(const u8 *data, u32 len)
{
	struct censor_line line;
	u32 at;

	for (at = 0; at < len; at += line.used) {
		struct censor_look look = look_at(data + at, len - at);

		if (censor_line_read(&look, &line) != CENSOR_FOUND_ALL)
			break;
		if (!line.used || line.used > len - at || line.text_len >= line.used)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const censor_detector detectors[] = {
		censor_detect_ssh, censor_detect_socks, censor_detect_bittorrent,
		censor_detect_pptp, censor_detect_sstp, censor_detect_softether,
		censor_line_protocol,
	};
	u32 len, i;

	if (size < HEAD || size > 0xffff)
		return 0;
	censor_detect_default(&model);
	if (data[0] & 1) {
		model.fet_low = censor_get16(data + 1) % 801;
		model.fet_high = censor_get16(data + 3) % 801;
		model.fet_prefix = data[5];
		model.fet_percent = data[6] % 101;
		model.fet_run = data[7];
		model.fet_tls = data[8];
	}
	data += HEAD;
	len = (u32)size - HEAD;
	if (len) {
		bool found = part(censor_detect_encrypted, data, len) == CENSOR_FOUND_ALL;

		if (found == exempt(data, len))
			abort();
	}
	for (i = 0; i < ARRAY_SIZE(detectors); i++) {
		enum censor_found half = part(detectors[i], data, len / 2);
		enum censor_found all = part(detectors[i], data, len);

		if (half == CENSOR_FOUND_NOT && all == CENSOR_FOUND_ALL)
			abort();
	}
	lines(data, len);
	return 0;
}
