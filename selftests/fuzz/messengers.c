// SPDX-License-Identifier: GPL-2.0
/*
 * The messengers' detectors, for libFuzzer. An input is two bytes that say how the packet came
 * (which packet, which way, ports, how much of it a capture cut), and its payload. Each detector
 * must read nothing beside it and say the same twice; what it says it saw must lie within; and a
 * stream that is recognised must not have been refused with fewer of its bytes.
 */
#include "detectors.h"

#define HEAD	2

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const censor_detector streams[] = {
	censor_detect_whatsapp, censor_detect_telegram, censor_detect_telegram_obfuscated,
	censor_detect_wechat, censor_detect_viber, censor_detect_skype,
};

static const censor_detector datagrams[] = {
	censor_detect_viber_udp, censor_detect_skype_udp, censor_detect_discord,
};

static enum censor_found ask(censor_detector detector, const struct censor_look *look,
			     struct censor_sight *sight)
{
	struct censor_sight again = { 0 };
	enum censor_found found;

	memset(sight, 0, sizeof(*sight));
	found = detector(look, sight);
	if (detector(look, &again) != found)
		abort();
	if (found != CENSOR_FOUND_ALL)
		return found;
	if (sight->protocol != again.protocol || sight->confidence != again.confidence ||
	    sight->at != again.at || sight->len != again.len || !sight->len ||
	    (u32)sight->at + sight->len > look->len || !sight->confidence ||
	    sight->confidence >= CENSOR_CONFIDENCES)
		abort();
	return found;
}

/* Less of a stream that is recognised: more is wanted, or it is recognised already. */
static void check_shorter(censor_detector detector, struct censor_look look)
{
	const u8 *data = look.data;
	struct censor_sight sight;
	u32 len = look.len, cut;

	for (cut = 1; cut < len && cut < 128; cut++) {
		u8 *copy = malloc(cut);

		memcpy(copy, data, cut);
		look.data = copy;
		look.len = cut;
		look.whole = cut;
		if (ask(detector, &look, &sight) == CENSOR_FOUND_NOT)
			abort();
		free(copy);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct censor_packet_view view = { .family = 4 };
	struct censor_detect_model model = { 0 };
	struct censor_track track = { { { 0 } } };
	struct censor_look look = { .view = &view, .model = &model, .track = &track };
	struct censor_sight sight;
	u8 *copy;
	u32 i;

	if (size < HEAD)
		return 0;
	look.nth = data[0] & 3;
	look.answer = data[0] & 4;
	view.family = data[0] & 8 ? 6 : 4;
	view.sport = data[0] & 16 ? 7985 : 40000;
	view.dport = data[0] & 32 ? 443 : 50000;
	look.len = (u32)(size - HEAD);
	look.whole = look.len + (data[0] & 64 ? data[1] : 0);
	copy = malloc(look.len ? look.len : 1);
	memcpy(copy, data + HEAD, look.len);
	look.data = copy;
	if (look.len >= 15)
		memcpy(view.dst, copy + 11, 4);

	for (i = 0; i < ARRAY_SIZE(streams); i++)
		if (ask(streams[i], &look, &sight) == CENSOR_FOUND_ALL)
			check_shorter(streams[i], look);
	for (i = 0; i < ARRAY_SIZE(datagrams); i++)
		if (ask(datagrams[i], &look, &sight) == CENSOR_FOUND_MORE)
			abort();
	if (censor_is_telegram_tls(copy, look.len) && look.len < 517)
		abort();
	censor_is_mmtls(copy, look.len);
	i = min_t(u32, data[1], look.len);
	censor_is_apns(copy, i, copy + i, look.len - i);
	free(copy);
	return 0;
}
