/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bytes of what a censor sends: whole IP packets into the caller's buffer, checksums filled
 * in. Hosts only send.
 */
#ifndef _CENSOR_FORGE_H
#define _CENSOR_FORGE_H

#include "inspect.h"

#define CENSOR_FORGE_SIZE	1500	/* no forged packet is longer */

/**
 * struct censor_forger - where in a verdict's packets the forging stands
 *
 * @to: of the packet just forged: CENSOR_TO_CLIENT (it goes back to the sender of the packet that
 *	triggered it) or CENSOR_TO_SERVER (it goes on to its receiver)
 * @match: the match that it belongs to
 * @delay_us: microseconds of the policy's clock between the trigger and its sending
 */
struct censor_forger {
	const struct censor_policy *pol;
	const struct censor_packet_view *view;
	const struct censor_context *ctx;
	u64 random;
	u64 hash;		/* of the flow, whatever the seed */
	u32 match, packet, copy, side, sent;
	u32 total;		/* packets of all matches together, at most CENSOR_SENT_MAX */
	u32 page_at;		/* bytes of the page that are sent already */
	u32 brought[2];		/* sequence space that it has brought the client, the server */
	u32 delay_us;
	u8 to;
};

/**
 * censor_forge_start() - begin with the first packet of a verdict
 * @flow: the flow, or NULL
 */
void censor_forge_start(struct censor_forger *forger, const struct censor_policy *pol,
			const struct censor_flow *flow, const struct censor_packet_view *view,
			const struct censor_context *ctx);

/**
 * censor_forge_next() - the bytes of the next packet
 * @forger: from censor_forge_start()
 * @buf: at least CENSOR_FORGE_SIZE bytes
 *
 * Deterministic: the same policy, flow, packet number and trigger give the same bytes.
 *
 * Return: length of the IP packet, 0 when there are no more.
 */
u32 censor_forge_next(struct censor_forger *forger, u8 *buf);

/**
 * censor_forge_rewrite() - what goes on in a packet's place when the verdict is to rewrite it
 * @view: the packet; its addresses, ports, TTL, IP ID, sequence and acknowledgement numbers stay
 * @flags: TCP flags
 * @buf: at least CENSOR_FORGE_SIZE bytes
 *
 * No payload, no options (TSPU, IMC 2022: "payload removed, flags RST+ACK, same seq and TTL").
 *
 * Return: length of the IP packet.
 */
u32 censor_forge_rewrite(const struct censor_packet_view *view, u8 flags, u8 *buf);

/**
 * censor_forge_alike() - whether a TCP packet could be one that an inject sends, or an echo of one
 * @view: the packet; what its data begins with counts, or, where it has none, its flags
 * @left: pieces of pages that may still be compared; with none left it could be
 *
 * Two censors on one path, or a client that sends back what it gets, would else answer each other's
 * answers. An echo that begins in the middle of a page is not known; what a namespace injects in a
 * second bounds that.
 */
bool censor_forge_alike(const struct censor_policy *pol, const struct censor_inject *inject,
			const struct censor_packet_view *view, u16 *left);

/**
 * struct censor_asked - a query that is to be answered
 * @data: the message, @len bytes
 * @hash: of its flow
 * @shared: where the places in pools are counted
 */
struct censor_asked {
	const u8 *data;
	u32 len;
	u64 hash;
	struct censor_shared *shared;
};

/**
 * censor_forge_dns() - one DNS answer to a query (payload only)
 * @random: state that is drawn from
 *
 * Return: length, or 0 when the pool has no address that fits the question, or @buf no room.
 */
u32 censor_forge_dns(const struct censor_policy *pol, const struct censor_forge *how,
		     const struct censor_asked *asked, u64 *random, u8 *buf, u32 size);

#endif
