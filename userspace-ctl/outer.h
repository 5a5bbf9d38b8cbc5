/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stands before the IP packet that is judged in a captured frame: the link's header, VLAN
 * tags, PPPoE and tunnels. A censor in the kernel judges what the kernel routes, the outermost IP
 * packet; a capture may have been taken where the tunnel was still closed, so here tunnels that
 * can be read are looked through.
 */
#ifndef _CENSORCTL_OUTER_H
#define _CENSORCTL_OUTER_H

#include "engine/host.h"

#define OUTER_MAX	512	/* bytes: a packet that begins behind them isn't looked for */
#define OUTER_TUNNELS	4	/* in each other */
#define OUTER_HEADERS	(2 + 4 * OUTER_TUNNELS)	/* each: IP, GRE, Ethernet, PPPoE */

/** enum outer_kind - a header that another packet in the same place changes */
enum outer_kind {
	OUTER_ETHERNET,
	OUTER_SLL,
	OUTER_SLL2,
	OUTER_PPPOE,
	OUTER_IP4,
	OUTER_IP6,
	OUTER_GRE,	/* with a checksum */
};

/** struct outer_header - one of them, and where in the frame it stands */
struct outer_header {
	u8 kind;
	u16 at;
};

/** struct outer - those of a frame, from without */
struct outer {
	struct outer_header headers[OUTER_HEADERS];
	u32 n;
};

/** outer_link() - whether frames of a link type can be read; it is a DLT_* of libpcap */
bool outer_link(int link);

/**
 * outer_find() - where in a frame the IP packet stands that is judged
 * @outer: filled
 * @link: DLT_*
 * @data: the frame
 * @cap: its bytes that can be read; set to those of the packet, 0 if there is none
 * @wire: bytes that it had, at least @cap; set likewise
 *
 * A tunnel (IPv4 or IPv6 in either, GRE) is looked through if what is in it begins with a packet
 * whose headers can be read; else its own packet is the one. A fragment of a tunnel's packet isn't
 * looked into.
 *
 * Return: bytes before the packet, or all that can be read when there is none.
 */
u32 outer_find(struct outer *outer, int link, const u8 *data, u32 *cap, u32 *wire);

/**
 * outer_fit() - lengths, checksums and addresses for another packet in the same place
 * @outer: of the frame that the headers were copied from
 * @frame: the headers, and the packet behind them
 * @len: bytes of all that
 * @back: it goes to where that frame came from
 */
void outer_fit(const struct outer *outer, u8 *frame, u32 len, bool back);

/** outer_sum() - the innermost checksum of @frame that covers the packet too, or NULL */
u8 *outer_sum(const struct outer *outer, u8 *frame);

/**
 * outer_length() - bytes of an IP packet
 * @ip: its header, of which @cap bytes can be read
 * @wire: bytes up to the end of what it stands in; lowered to what the header says
 *
 * The link's padding behind a packet is no part of it. A packet captured before the network card
 * cut it into segments has no length in its header: it is as long as the frame.
 *
 * Return: whether it has no length in its header.
 */
bool outer_length(const u8 *ip, u32 cap, u32 *wire);

#endif
