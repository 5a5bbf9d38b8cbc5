// SPDX-License-Identifier: GPL-2.0
/*
 * The detectors that keep a track, and those beside them, for libFuzzer. An input is three
 * bytes that choose the model and the ports, and then packets of one flow, each behind two
 * bytes: bits that say who sends it and how it is shown, and its length. All detectors of the
 * transport see each packet and share the flow's track. Nothing may be read that isn't the
 * packet's; what is said must be a protocol of that detector's, with evidence inside the
 * packet; and a second run says the same.
 */
#include "detectors.h"

#define HEAD	3
#define ANSWER	0x80
#define CUT	0x40
#define LOST	0x20	/* of TCP: bytes are missing before it */

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define BIT(name)	CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_##name)

struct detector {
	censor_detector detect;
	u64 may;
};

static const struct detector udp[] = {
	{ censor_detect_openvpn_udp, BIT(OPENVPN) }, { censor_detect_wireguard, BIT(WIREGUARD) },
	{ censor_detect_ike, BIT(IKE) | BIT(ESP) }, { censor_detect_l2tp, BIT(L2TP) },
	{ censor_detect_stun, BIT(STUN) | BIT(TURN) | BIT(WHATSAPP) },
	{ censor_detect_rtp, BIT(RTP) }, { censor_detect_dtls, BIT(DTLS) },
	{ censor_detect_utp, BIT(BITTORRENT) }, { censor_detect_dht, BIT(BITTORRENT) },
}, tcp[] = {
	{ censor_detect_openvpn_tcp, BIT(OPENVPN) }, { censor_detect_tls_in_tls, BIT(TLS_IN_TLS) },
	{ censor_detect_stun_tcp, BIT(STUN) | BIT(TURN) | BIT(WHATSAPP) },
}, ip[] = {
	{ censor_detect_tunnel, BIT(ESP) | BIT(GRE) },
};

/* One packet to each of them. Return: a number of all that they say. */
static u32 show(const struct detector *detectors, u32 n, const struct censor_look *look)
{
	u32 i, said = 0;

	for (i = 0; i < n; i++) {
		struct censor_sight sight = { 0 };
		enum censor_found found = detectors[i].detect(look, &sight);

		if (found > CENSOR_FOUND_BAD || (found == CENSOR_FOUND_ALL && !sight.confidence))
			abort();
		if (sight.confidence &&
		    (sight.confidence >= CENSOR_CONFIDENCES ||
		     !(detectors[i].may & CENSOR_PROTOCOL_BIT(sight.protocol)) ||
		     sight.at + sight.len > look->whole))
			abort();
		said = said * 31 + (u32)found * 1000 + sight.protocol * 4u + sight.confidence;
	}
	return said;
}

static u32 flow(const u8 *data, size_t size)
{
	static const u16 ports[] = { 500, 4500, 1701, 1194 };
	static const u8 protos[] = { 17, 17, 6, 6, 17, 6, 47, 50 };
	struct censor_detect_model model = {
		.openvpn_opcodes = data[0] & 1 ? 1 + data[2] % 100 : 0,
		.openvpn_acks = data[0] >> 1 & 1, .tls_in_tls = data[0] >> 2 & 1,
	};
	struct censor_packet_view view = { .family = 4, .sport = 40000, .dport = ports[data[1] & 3],
					   .proto = protos[data[1] >> 2 & 7] };
	struct censor_track track;
	u32 nth, len, cap, said = 0, seq[2] = { 0xfffffff0, 5 };
	size_t at = HEAD;

	memset(&track, 0, sizeof(track));
	for (nth = 0; at + 2 <= size; nth++, at += len) {
		struct censor_look look = { .view = &view, .model = &model, .nth = nth,
					    .track = data[0] & 8 ? NULL : &track,
					    .answer = data[at] & ANSWER };
		bool lost = data[at] & LOST;
		u8 *copy;

		len = censor_get16(data + at) & 0x1fff;
		cap = data[at] & CUT ? len / 2 : len;
		at += 2;
		len = min(len, (u32)(size - at));
		cap = min(cap, len);
		copy = malloc(cap ? cap : 1);
		memcpy(copy, data + at, cap);
		look.data = copy;
		look.len = cap;
		look.whole = len;
		view.seq = seq[look.answer] += lost ? 100 : 0;
		seq[look.answer] += len;
		if (view.proto == 17)
			said ^= show(udp, ARRAY_SIZE(udp), &look) + nth;
		else if (view.proto == 6)
			said ^= show(tcp, ARRAY_SIZE(tcp), &look) + nth;
		else
			said ^= show(ip, ARRAY_SIZE(ip), &look) + nth;
		free(copy);
	}
	return said;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	if (size >= HEAD && flow(data, size) != flow(data, size))
		abort();
	return 0;
}
