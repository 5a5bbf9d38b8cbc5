// SPDX-License-Identifier: GPL-2.0
/*
 * Fragments of one datagram, for libFuzzer. An input is four bytes that choose the model and the
 * family, and then fragments, each as eight bytes that say what it is; what comes of them must be
 * what a model byte by byte says (datagram.h). Or, if the first bit is set, packets as they are,
 * each behind two bytes: bits that say how it is shown, and its length; nothing may be read or
 * written that isn't theirs.
 */
#include "datagram.h"
#include "unseen.h"

#define HEAD	4
#define PIECE	8
#define GSO	0x80
#define CUT	0x40

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed);

static struct censor_frags frags;
static struct censor_ip_model model;

/* What of a packet can be read is in memory of its own. */
static bool add(const u8 *packet, u32 cap, u32 wire, bool gso, bool *started,
		enum censor_frag_fate *fate)
{
	struct censor_packet_view view;
	struct censor_key key;
	u8 *copy = malloc(cap ? cap : 1);
	bool is;

	memcpy(copy, packet, cap);
	is = !censor_packet_parse(&view, copy, cap, wire, gso) && view.fragment;
	if (is && !*started) {
		memset(&frags, 0xa5, sizeof(frags));
		censor_frags_key(&view, &key);
		censor_frags_start(&frags, &key, 0);
		*started = true;
	}
	/* A host keeps those of another family apart by their key. */
	is = is && view.family == frags.key.family;
	if (is)
		*fate = censor_frags_add(&frags, &model, &view, copy, cap);
	free(copy);
	return is;
}

static void packets(const u8 *data, size_t size)
{
	enum censor_frag_fate fate = CENSOR_FRAG_PASS;
	struct censor_packet_view view;
	bool started = false;
	u32 len, cap, whole;
	const u8 *packet;
	size_t at = 0;

	while (at + 2 <= size) {
		bool gso = data[at] & GSO, cut = data[at] & CUT;

		len = censor_get16(data + at) & 0x3fff;
		at += 2;
		len = min(len, (u32)(size - at));
		cap = cut ? len / 2 : len;
		if (add(data + at, cap, len, gso, &started, &fate) && fate == CENSOR_FRAG_WHOLE) {
			packet = censor_frags_packet(&frags, &whole);
			if (censor_packet_parse(&view, packet, whole, whole, false) ||
			    view.fragment || view.wire != whole)
				abort();
		}
		started = started && !frags.over;
		at += len;
	}
}

/* What is remembered of a datagram: whose each byte is, and the bytes. */
UNSEEN static bool same(const struct datagram *datagram)
{
	u32 i;

	for (i = 0; i < CENSOR_DATAGRAM_MAX; i++) {
		if (frags.owners[i / CENSOR_FRAG_BLOCK] != datagram->owner[i] &&
		    (!datagram->end || i < datagram->end))
			return false;
		if (datagram->owner[i] && frags.data[CENSOR_HEADERS_MAX + i] != datagram->bytes[i])
			return false;
	}
	return frags.total == datagram->end && frags.n == datagram->n;
}

UNSEEN static void pieces(u8 family, const u8 *data, size_t size)
{
	static u8 bytes[65536], packet[WIRE_MAX], expected[WIRE_MAX];
	static struct datagram datagram;
	enum censor_frag_fate fate = CENSOR_FRAG_PASS, want;
	bool started = false;
	u32 len, got, i;
	size_t at;

	memset(&datagram, 0, sizeof(datagram));
	datagram.family = family;
	for (at = 0; at + PIECE <= size; at += PIECE) {
		const u8 *p = data + at;
		struct piece piece = { .more = p[0] & 1, .df = p[0] & 2, .ttl = p[1] ? p[1] : 1,
				       .id = 5, .bytes = bytes };

		piece.chain = (p[0] >> 2 & 7) % DATAGRAM_CHAINS;
		/* Rarely far away or long. */
		piece.at = p[0] & 0x20 ? censor_get16(p + 2) & 0xfff8 : p[3] * 8u;
		piece.len = p[0] & 0x40 ? censor_get16(p + 4) & 0x3fff : p[5];
		if (p[0] & 0x80)
			piece.len = (piece.len & 31) * 8;
		if (!piece.at && !piece.more)
			continue;
		for (i = 0; i < piece.len; i++)
			bytes[i] = (u8)(p[6] + p[7] * i);
		len = piece_put(packet, family, &piece);
		want = datagram_add(&datagram, &model, &piece);
		if (!add(packet, len, len, false, &started, &fate) || fate != want ||
		    frags.over != datagram.over || frags.lost != datagram.lost ||
		    (!frags.over && !same(&datagram)))
			abort();
		if (fate != CENSOR_FRAG_WHOLE)
			continue;
		len = datagram_put(expected, &datagram);
		if (memcmp(censor_frags_packet(&frags, &got), expected, len) || got != len)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	if (size < HEAD)
		return 0;
	model = (struct censor_ip_model){
		.fragments = data[0] & 4 ? CENSOR_FRAGMENTS_HOLD : CENSOR_FRAGMENTS_REASSEMBLE,
		.overlap = data[0] >> 4 & 3,
		.full = data[0] >> 6 & 1,
		.queue = 1 + data[1] % CENSOR_FRAGMENTS_MAX,
		.timeout = 5000,
	};
	if (data[0] & 1)
		packets(data + HEAD, size - HEAD);
	else
		pieces(data[0] & 2 ? 4 : 6, data + HEAD, size - HEAD);
	return 0;
}

/* Often one more packet that is a fragment: random bytes would hardly ever make one. */
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed)
{
	static const u8 bytes[64] = { DATAGRAM_PROTO, 0, 0, 8 };	/* a fragment, as IPv6 has them */
	static u8 packet[1024];
	u64 random = seed, dice;
	struct piece piece;
	u32 len;

	if (size < HEAD || !(data[0] & 1) || !(wire_random(&random) % 3))
		return LLVMFuzzerMutate(data, size, max);
	dice = wire_random(&random);
	piece = (struct piece){ .at = (dice & 3) * 8, .len = (dice >> 3 & 3) * 8, .ttl = 64,
				.more = dice >> 6 & 1, .df = dice >> 7 & 1,
				.chain = (u8)((dice >> 8 & 255) % DATAGRAM_CHAINS),
				.proto = (const u8 []){ 0, 6, 17, 44 }[dice >> 16 & 3],
				.bytes = bytes };
	len = piece_put(packet, data[0] & 2 ? 4 : 6, &piece);
	if (size + 2 + len > max)
		return LLVMFuzzerMutate(data, size, max);
	censor_put16(data + size, (u16)len);
	if (!(dice >> 20 & 7))
		data[size] |= dice >> 24 & 1 ? GSO : CUT;
	memcpy(data + size + 2, packet, len);
	return size + 2 + len;
}
