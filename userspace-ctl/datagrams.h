/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The offline host's fragments: the datagrams of which some came, and, where the policy's IP holds
 * them, the fragments themselves.
 */
#ifndef _CENSORCTL_DATAGRAMS_H
#define _CENSORCTL_DATAGRAMS_H

#include "engine/frags.h"
#include "capture.h"

#define DATAGRAMS_MAX	1024	/* at a time */

/**
 * struct held - a fragment that waits for the others of its datagram
 * @packet: its copy; the time is that of the packet that it goes on with, once it does
 */
struct held {
	struct held *next;
	struct capture_packet packet;
	struct pcap_pkthdr header;
	u8 data[];
};

/** struct held_list - fragments in the order in which they came */
struct held_list {
	struct held *first;
	struct held **last;
};

struct datagram;

/**
 * struct datagrams - see the head of this file; datagrams_init() makes one ready
 * @lost: fragments that were held when the time for their datagram was over, or the capture
 * @dropped: fragments that the policy's IP dropped
 * @crowded: fragments that passed unjudged, for there were too many datagrams or memory was short
 */
struct datagrams {
	struct datagram *oldest, *newest;
	struct datagram **slots;
	u32 n;
	u64 lost;
	u64 dropped;
	u64 crowded;
};

void datagrams_init(struct datagrams *table);
void datagrams_free(struct datagrams *table);

/**
 * datagrams_add() - one more fragment
 * @model: of the policy; not CENSOR_FRAGMENTS_IGNORE
 * @view: the fragment
 * @packet: likewise, all of it captured
 * @now: nanoseconds of the policy's clock
 * @kept: gets those that were held of the same datagram, unless it is held or lost now
 * @frags: gets the datagram, for CENSOR_FRAG_WHOLE and CENSOR_FRAG_RELEASE
 *
 * Of too many datagrams at a time, the oldest of which is known how it ends makes room.
 *
 * Return: its fate; a fragment for which there is no room passes.
 */
enum censor_frag_fate datagrams_add(struct datagrams *table, const struct censor_ip_model *model,
				    const struct censor_packet_view *view,
				    const struct capture_packet *packet, u64 now,
				    struct held_list *kept, struct censor_frags **frags);

/** datagrams_finish() - nothing more comes: what is still held is lost */
void datagrams_finish(struct datagrams *table);

void held_init(struct held_list *list);
/** held_move() - move all of @from to @to, which is empty */
void held_move(struct held_list *to, struct held_list *from);
void held_free(struct held_list *list);

#endif
