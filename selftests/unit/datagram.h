/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fragments, and what a censor makes of them, byte by byte: the plainest way to say what frags.h
 * does. What the random test and the fuzzer share.
 */
#ifndef _CENSOR_DATAGRAM_H
#define _CENSOR_DATAGRAM_H

#include "frags.h"
#include "wire.h"

#define DATAGRAM_CHAINS	6	/* kinds of IPv6 headers before the fragment header */
#define DATAGRAM_PROTO	253	/* for experiments (RFC 3692): nothing in it can be malformed */

/**
 * struct piece - a fragment
 * @at: where it begins, a multiple of 8
 * @proto: of the transport, 0 for DATAGRAM_PROTO
 * @chain: below DATAGRAM_CHAINS: which headers stand before the fragment header; or, in IPv4,
 *	how many words of options
 */
struct piece {
	u32 at, len;
	bool more;
	bool df;
	u8 ttl;
	u8 proto;
	u8 chain;
	u32 id;
	const u8 *bytes;
};

/**
 * struct datagram - what a censor knows of a datagram
 * @end: where its last fragment ends, 0 until that came
 * @owner: of each byte: whose it is, counted from 1, 0 while it is missing
 */
struct datagram {
	u8 family;
	u32 n, end;
	bool over, lost;
	struct piece pieces[CENSOR_FRAGMENTS_MAX + 1];
	u8 owner[CENSOR_DATAGRAM_MAX];
	u8 bytes[CENSOR_DATAGRAM_MAX];
};

/** piece_put() - the fragment as a packet. Return: its length. */
u32 piece_put(u8 *buf, u8 family, const struct piece *piece);
/** datagram_add() - what censor_frags_add() must return; @piece's bytes need not stay */
enum censor_frag_fate datagram_add(struct datagram *datagram, const struct censor_ip_model *model,
				   const struct piece *piece);
/** datagram_put() - what censor_frags_packet() must return. Return: its length. */
u32 datagram_put(u8 *buf, const struct datagram *datagram);

#endif
