/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of QUIC's have of one another: headers (quic.c), keys, frames. */
#ifndef _CENSOR_QUIC_PARTS_H
#define _CENSOR_QUIC_PARTS_H

#include "quic.h"

#define CENSOR_QUIC_CID_MAX	20	/* RFC 9000 17.2 */
#define CENSOR_QUIC_TAG		16	/* bytes of the authentication tag */

/**
 * struct censor_quic_packet - a long header (RFC 9000 17.2)
 * @data: its first byte
 * @version: enum censor_quic_version
 * @type: 0 Initial, 1 0-RTT, 2 Handshake, 3 Retry, as version 1 counts them
 * @dcid: the destination connection ID, @dcid_len bytes
 * @head: bytes before the packet number
 * @body: bytes of packet number, payload and tag, as the header says
 * @there: those of them that can be read, and stand in this datagram
 */
struct censor_quic_packet {
	const u8 *data;
	u8 version;
	u8 type;
	const u8 *dcid;
	u8 dcid_len;
	u32 head;
	u32 body;
	u32 there;
};

/** struct censor_quic_keys - what protects a client's Initials (RFC 9001 5.1) */
struct censor_quic_keys {
	u8 key[16];
	u8 iv[12];
	u8 hp[16];
};

/** censor_quic_client_keys() - the keys that a client's first destination connection ID yields */
void censor_quic_client_keys(const struct censor_quic_packet *packet,
			     struct censor_quic_keys *keys);

/**
 * censor_quic_open() - take the protection off an Initial, and put its payload into @scratch
 * @tag: check that it is whole, and by someone who knows the keys
 * @len: gets the bytes of the payload
 * @cut: gets whether it goes on behind them, where they can't be read
 *
 * @packet->body and @packet->there must be at least 20: what header protection samples.
 */
bool censor_quic_open(const struct censor_quic_packet *packet, const struct censor_quic_keys *keys,
		      bool tag, struct censor_quic_scratch *scratch, u32 *len, bool *cut);

/**
 * censor_quic_frames() - read an Initial's frames (RFC 9000 19) and keep what is in CRYPTO frames
 * @cut: more of them follow, which can't be read
 * @assemble: enum censor_quic_assemble
 *
 * What is there of @hello already stays where the same bytes come again, as it does at receivers.
 * Return: false where they are not an Initial's frames; nothing is kept of them then.
 */
bool censor_quic_frames(const u8 *payload, u32 len, bool cut, u8 assemble,
			struct censor_quic_hello *hello);

/**
 * censor_quic_varint() - an integer of 1, 2, 4 or 8 bytes (RFC 9000 16)
 * @at: where it stands in @data; gets what is behind it
 *
 * Return: false where it does not end before @len.
 */
static inline bool censor_quic_varint(const u8 *data, u32 len, u32 *at, u64 *value)
{
	u32 n, i;

	if (*at >= len)
		return false;
	n = 1u << (data[*at] >> 6);
	if (n > len - *at)
		return false;
	*value = data[*at] & 0x3f;
	for (i = 1; i < n; i++)
		*value = *value << 8 | data[*at + i];
	*at += n;
	return true;
}

#endif
