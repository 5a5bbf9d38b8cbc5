// SPDX-License-Identifier: GPL-2.0
#include "pending.h"

static bool before(const struct pending_frame *a, const struct pending_frame *b)
{
	return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void rise(struct pending *pending, u32 at)
{
	struct pending_frame *frame = pending->frames[at];

	for (; at && before(frame, pending->frames[(at - 1) / 2]); at = (at - 1) / 2)
		pending->frames[at] = pending->frames[(at - 1) / 2];
	pending->frames[at] = frame;
}

static void sink(struct pending *pending, struct pending_frame *frame)
{
	u32 at = 0, child;

	while ((child = 2 * at + 1) < pending->n) {
		if (child + 1 < pending->n &&
		    before(pending->frames[child + 1], pending->frames[child]))
			child++;
		if (!before(pending->frames[child], frame))
			break;
		pending->frames[at] = pending->frames[child];
		at = child;
	}
	pending->frames[at] = frame;
}

bool pending_add(struct pending *pending, u64 due, const struct pcap_pkthdr *header,
		 const u8 *data)
{
	struct pending_frame *frame;

	if (pending->n == pending->room) {
		u32 room = pending->room ? pending->room * 2 : 64;
		struct pending_frame **frames;

		if (pending->n == PENDING_MAX)
			return false;
		frames = realloc(pending->frames, room * sizeof(struct pending_frame *));
		if (!frames)
			return false;
		pending->frames = frames;
		pending->room = room;
	}
	frame = malloc(sizeof(*frame) + header->caplen);
	if (!frame)
		return false;
	frame->due = due;
	frame->order = pending->added++;
	frame->header = *header;
	memcpy(frame->data, data, header->caplen);
	pending->frames[pending->n] = frame;
	rise(pending, pending->n++);
	return true;
}

struct pending_frame *pending_take(struct pending *pending, u64 now)
{
	struct pending_frame *first;

	if (!pending->n || pending->frames[0]->due > now)
		return NULL;
	first = pending->frames[0];
	pending->n--;
	if (pending->n)
		sink(pending, pending->frames[pending->n]);
	return first;
}

void pending_free(struct pending *pending)
{
	while (pending->n)
		free(pending->frames[--pending->n]);
	free(pending->frames);
	memset(pending, 0, sizeof(*pending));
}
