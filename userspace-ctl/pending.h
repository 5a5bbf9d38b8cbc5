/* SPDX-License-Identifier: GPL-2.0 */
/* Frames that are to be written later, the next one due first. */
#ifndef _CENSORCTL_PENDING_H
#define _CENSORCTL_PENDING_H

#include <pcap/pcap.h>

#include "engine/host.h"

#define PENDING_MAX	(1u << 20)

/**
 * struct pending_frame - one of them
 * @due: when, by the capture's clock
 * @order: of those due at the same time, the first that was added goes first
 * @header: with its own time
 */
struct pending_frame {
	u64 due;
	u64 order;
	struct pcap_pkthdr header;
	u8 data[];
};

/** struct pending - a heap; start with all zero */
struct pending {
	struct pending_frame **frames;
	u32 n, room;
	u64 added;
};

/** pending_add() - @data is copied. Return: false if there are too many, or memory is short */
bool pending_add(struct pending *pending, u64 due, const struct pcap_pkthdr *header,
		 const u8 *data);

/** pending_take() - the next if it is due by @now, or NULL; the caller frees it */
struct pending_frame *pending_take(struct pending *pending, u64 now);

void pending_free(struct pending *pending);

#endif
