// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: QUIC by its long headers
 *
 *	first byte: 1, 1 (the fixed bit), two bits of type, four that are protected or unused
 *	version 4, length 1 and destination connection ID, length 1 and source connection ID
 *	Initial:	token length (varint) and token, then as
 *	0-RTT, Handshake: Length (varint) of all that follows: packet number, payload, tag
 *	Retry:		a token and a tag of 16, to the datagram's end
 *	negotiation:	version 0; versions, 4 bytes each
 *
 * RFC 9000 17.2, RFC 8999 5 and 6; types of version 2 are one further (RFC 9369 3.2). Draft 29 is
 * as version 1 here. A datagram can have several packets (RFC 9000 12.2).
 *
 * What China's censor does (CENSORS.md 2.5): no datagram is too small, a packet number may have one
 * byte and a connection ID none, but a source connection ID of more than 20 is not QUIC to it.
 *
 * Sure: a version that is known, a header whose lengths agree. What is decrypted is surer still.
 */
#include "quic-parts.h"

#define LONG_HEADER	0x80
#define FIXED_BIT	0x40
#define INITIAL		0
#define ZERO_RTT	1
#define HANDSHAKE	2
#define RETRY		3

/* What header protection samples: 16 bytes, 4 behind the packet number's first. */
#define BODY_MIN	20
/* Packets of a datagram that are looked at: a client's first flight has three at the most. */
#define PACKETS_MAX	8

/*
 * Versions that are none of ours are QUIC too if they are the IETF's (RFC 9000 15: the first 16
 * bits clear, drafts 0xff0000nn, 0x?a?a?a?a for nobody to know), or such as were seen: drafts of
 * version 2 and, from memory, Google's Q05n and T05n and Meta's 0xfaceb0nn.
 */
static u8 version_of(u32 wire)
{
	switch (wire) {
	case 0:
		return CENSOR_QUIC_NEGOTIATION;
	case 1:
		return CENSOR_QUIC_V1;
	case 0x6b3343cf:
		return CENSOR_QUIC_V2;
	case 0xff00001d:
		return CENSOR_QUIC_DRAFT_29;
	case 0x709a50c4:
	case 0xff020000:
		return CENSOR_QUIC_OTHER;
	}
	if (!(wire >> 16) || (wire & 0x0f0f0f0f) == 0x0a0a0a0a)
		return CENSOR_QUIC_OTHER;
	switch (wire >> 8) {
	case 0xff0000:
	case 0x513035:
	case 0x543035:
	case 0xfaceb0:
		return CENSOR_QUIC_OTHER;
	}
	return CENSOR_QUIC_VERSIONS;
}

/* CENSOR_QUIC_READ_* of a version, 0 if no one reads it. */
static u8 reading(u8 version)
{
	switch (version) {
	case CENSOR_QUIC_V1:
		return CENSOR_QUIC_READ_V1;
	case CENSOR_QUIC_V2:
		return CENSOR_QUIC_READ_V2;
	case CENSOR_QUIC_DRAFT_29:
		return CENSOR_QUIC_READ_DRAFT_29;
	default:
		return 0;
	}
}

/*
 * Token and Length of the packet, which begins at @start; its body at @at. A datagram that was cut
 * short on its way may lack up to a tag's bytes at its end: what is read of it is whole even so,
 * and only who checks the tag is any the wiser.
 */
static bool read_lengths(const struct censor_look *look, struct censor_quic_packet *packet,
			 u32 start, u32 at)
{
	u64 len;

	if (packet->type == INITIAL) {
		if (!censor_quic_varint(look->data, look->len, &at, &len) ||
		    len > look->len - at)
			return false;
		at += (u32)len;
	}
	if (!censor_quic_varint(look->data, look->len, &at, &len))
		return false;
	packet->head = at - start;
	packet->there = look->len - at;
	if (len < BODY_MIN || packet->there < BODY_MIN ||
	    len > (u64)max(look->whole, look->len) - at + CENSOR_QUIC_TAG)
		return false;
	packet->body = (u32)len;
	packet->there = min(packet->there, packet->body);
	return true;
}

/* The packet at @start, and in @next where one behind it begins. */
static bool read_packet(const struct censor_look *look, u32 start,
			struct censor_quic_packet *packet, u32 *next)
{
	const u8 *data = look->data + start;
	u32 len = look->len - start, at;

	if (len < 7 || !(data[0] & LONG_HEADER))
		return false;
	packet->version = version_of(censor_get32(data + 1));
	if (packet->version == CENSOR_QUIC_VERSIONS)
		return false;
	packet->data = data;
	packet->dcid_len = data[5];
	packet->dcid = data + 6;
	at = 6 + (u32)packet->dcid_len;
	if (packet->dcid_len > CENSOR_QUIC_CID_MAX || at >= len || data[at] > CENSOR_QUIC_CID_MAX)
		return false;
	at += 1 + (u32)data[at];
	if (at > len)
		return false;
	*next = look->len;
	packet->type = RETRY;
	if (packet->version == CENSOR_QUIC_NEGOTIATION)
		return len - at >= 4 && !((len - at) % 4);
	if (!(data[0] & FIXED_BIT))
		return false;
	if (packet->version == CENSOR_QUIC_OTHER)
		return true;
	packet->type = data[0] >> 4 & 3;
	if (packet->version == CENSOR_QUIC_V2)
		packet->type = (packet->type + 3) & 3;
	if (packet->type == RETRY)
		return len - at > CENSOR_QUIC_TAG;
	if (!read_lengths(look, packet, start, start + at))
		return false;
	*next = start + packet->head + packet->there;
	return true;
}

/*
 * Reads the headers of a datagram. A datagram that is no QUIC is rejected by its first byte, or its
 * version. Keys of a server's are not to be had from its own packets: their connection IDs are
 * others.
 */
enum censor_found censor_quic_looks(const struct censor_look *look, struct censor_quic_seen *seen)
{
	struct censor_quic_packet packet;
	u32 at = 0, i;

	for (i = 0; i < PACKETS_MAX && at < look->len; i++) {
		if (!read_packet(look, at, &packet, &at))
			break;
		if (!i)
			*seen = (struct censor_quic_seen){ .version = packet.version };
		if (packet.type == INITIAL && !look->answer &&
		    (look->model->quic_versions & reading(packet.version)))
			return CENSOR_FOUND_ALL;
	}
	return i ? CENSOR_FOUND_BAD : CENSOR_FOUND_NOT;
}

/*
 * Reads the datagram: keys are derived once, as a packet of another connection in the same datagram
 * counts nowhere (RFC 9000 12.2), and each byte is decrypted once.
 */
enum censor_found censor_quic_initial(const struct censor_look *look,
				      struct censor_quic_scratch *scratch,
				      struct censor_quic_hello *hello,
				      struct censor_quic_seen *seen)
{
	const struct censor_detect_model *model = look->model;
	struct censor_quic_packet packet, first;
	struct censor_quic_keys keys;
	bool read = false, cut;
	u32 at = 0, i, len;

	*seen = (struct censor_quic_seen){ 0 };
	if (model->quic_assemble != CENSOR_QUIC_ASSEMBLE_FLOW)
		hello->n = 0;
	for (i = 0; i < PACKETS_MAX && at < look->len; i++) {
		if (!read_packet(look, at, &packet, &at))
			break;
		if (!i) {
			first = packet;
			seen->version = packet.version;
		}
		if (packet.version != first.version || packet.dcid_len != first.dcid_len ||
		    memcmp(packet.dcid, first.dcid, first.dcid_len))
			continue;
		if (packet.type != INITIAL || !(model->quic_versions & reading(packet.version)))
			continue;
		if (!seen->decrypted++)
			censor_quic_client_keys(&packet, &keys);
		if (censor_quic_open(&packet, &keys, model->quic_tag, scratch, &len, &cut) &&
		    censor_quic_frames(scratch->payload, len, cut, model->quic_assemble, hello))
			read = true;
	}
	if (!read || (model->quic_assemble == CENSOR_QUIC_ASSEMBLE_FRAME && !hello->n))
		return CENSOR_FOUND_NOT;
	return hello->n && !hello->span[0].from ? CENSOR_FOUND_ALL : CENSOR_FOUND_MORE;
}
