/* SPDX-License-Identifier: GPL-2.0 */
/*
 * QUIC's long header packets, sealed: what the engine takes apart, put together by other code, with
 * nettle's HKDF and GCM.
 */
#ifndef _CENSOR_INITIAL_H
#define _CENSOR_INITIAL_H

#include "host.h"

#define INITIAL_MAX	65536

#define INITIAL_V1	0x00000001u
#define INITIAL_V2	0x6b3343cfu
#define INITIAL_DRAFT	0xff00001du

enum { INITIAL_INITIAL, INITIAL_ZERO_RTT, INITIAL_HANDSHAKE, INITIAL_RETRY };

/**
 * struct initial - a packet
 * @version: as on the wire; 0 is INITIAL_V1
 * @type: INITIAL_*
 * @server: with a server's keys
 * @reserved: bits of the first byte that ought to be 0
 * @dcid: the destination connection ID
 * @keys: the connection ID that keys come from, where it is not @dcid
 * @number: packet number, in @number_len bytes; 0 is 4
 * @longer: added to what the header says of the length
 * @frames: the payload, @len bytes
 * @fill: PADDING behind it, until the packet has so many bytes
 */
struct initial {
	u32 version;
	u8 type;
	bool server;
	u8 reserved;
	u8 dcid[256], scid[256];
	u32 dcid_len, scid_len;
	const u8 *keys;
	u32 keys_len;
	u32 number;
	u8 number_len;
	u32 token_len;
	int longer;
	const u8 *frames;
	u32 len;
	u32 fill;
};

/** initial_put() - write a packet to @out. Return: bytes */
u32 initial_put(u8 *out, const struct initial *initial);
/** initial_integer() - a variable-length integer of @n bytes, or of as many as it needs where 0 */
u32 initial_integer(u8 *out, u64 value, u32 n);
/** initial_crypto() - a CRYPTO frame */
u32 initial_crypto(u8 *out, u64 offset, const u8 *data, u32 len);

#endif
