/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The censor's IP: fragments put together as its model says (policy->ip), which is not as the
 * receiver does it.
 *
 * A host keeps one struct censor_frags for each datagram of which fragments came, by
 * censor_frags_key(), at most as many as it can afford; and, where the model holds fragments, the
 * fragments themselves.
 */
#ifndef _CENSOR_FRAGS_H
#define _CENSOR_FRAGS_H

#include "model.h"
#include "packet.h"

#define CENSOR_DATAGRAM_MAX	8192	/* bytes of a datagram that are put together */
#define CENSOR_FRAG_SPANS	32	/* runs of bytes with holes between them */
#define CENSOR_FRAG_BLOCK	8	/* bytes; where fragments begin and all but the last end */

/** enum censor_frag_fate - what a host is to do with a fragment */
enum censor_frag_fate {
	CENSOR_FRAG_PASS,	/* judge it by its addresses, as a fragment */
	CENSOR_FRAG_KEEP,	/* keep it with the others of its datagram */
	CENSOR_FRAG_WHOLE,	/* judge censor_frags_packet(): that is for it and those kept */
	CENSOR_FRAG_RELEASE,	/* like PASS, and those kept go on before it */
	CENSOR_FRAG_LOSE,	/* drop it and those kept */
};

/**
 * struct censor_frags - a datagram of which fragments came
 * @began: when the first came, nanoseconds of the policy's clock
 * @total: bytes of payload in all, 0 until the last fragment came
 * @n: fragments that came
 * @over: it is known how it ends: nothing is put together any more
 * @lost: and that is that all of it is dropped
 * @whole: and that is that it was complete
 * @ttl: of the fragment that came first
 * @header: bytes of the IP header that the whole gets (that of the fragment at offset 0), 0 until
 *	it came
 * @n_spans: how many of @spans are used
 * @spans: bytes of payload that came, ascending and apart
 * @came: where the fragments that came begin and end; those from @n on aren't set
 * @owners: of each block: whose bytes it has, counted from 1 in @came, 0 while they're missing
 * @data: the whole packet: its payload from CENSOR_HEADERS_MAX on, its header right before that
 */
struct censor_frags {
	struct censor_key key;
	u64 began;
	u32 total;
	u16 n;
	bool over;
	bool lost;
	bool whole;
	u8 ttl;
	u16 header;
	u8 n_spans;
	struct {
		u16 from, to;
	} spans[CENSOR_FRAG_SPANS], came[CENSOR_FRAGMENTS_MAX];
	u8 owners[CENSOR_DATAGRAM_MAX / CENSOR_FRAG_BLOCK];
	u8 data[CENSOR_HEADERS_MAX + CENSOR_DATAGRAM_MAX];
};

/** censor_frags_key() - the datagram that a fragment belongs to */
void censor_frags_key(const struct censor_packet_view *view, struct censor_key *key);

/** censor_frags_start() - make memory ready for the datagram of a fragment; needs not be zeroed */
void censor_frags_start(struct censor_frags *frags, const struct censor_key *key, u64 now);

/** censor_frags_ended() - whether it has been incomplete for too long, or is over and forgotten */
static inline bool censor_frags_ended(const struct censor_frags *frags,
				      const struct censor_ip_model *model, u64 now)
{
	return now - frags->began > model->timeout * 1000000ull;
}

/**
 * censor_frags_add() - one more fragment
 * @model: of the policy; not CENSOR_FRAGMENTS_IGNORE
 * @view: the fragment
 * @data: the fragment from its IP header on
 * @cap: readable bytes at @data, all there are unless it is longer than can be put together
 *
 * Any context; bounded. What can't be put together (too long, too many holes, lies about its
 * length) passes unjudged, or with those that are held.
 */
enum censor_frag_fate censor_frags_add(struct censor_frags *frags,
				       const struct censor_ip_model *model,
				       const struct censor_packet_view *view, const u8 *data,
				       u32 cap);

/**
 * censor_frags_packet() - the packet that fragments have become (CENSOR_FRAG_WHOLE)
 * @len: gets its length
 *
 * With a header that says so: no fragment, the whole length, a right IPv4 checksum.
 *
 * Return: where it stands, in @frags.
 */
const u8 *censor_frags_packet(struct censor_frags *frags, u32 *len);

#endif
