/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The censor's TCP: who the client is, and the bytes of its first message in the order in which
 * this censor sees them.
 */
#ifndef _CENSOR_STREAM_H
#define _CENSOR_STREAM_H

#include "inspect.h"

/**
 * censor_stream_begins() - whether a packet begins a connection other than the one known
 * @flow: a flow that has seen packets before
 */
bool censor_stream_begins(const struct censor_flow *flow, const struct censor_packet_view *view);

/** censor_stream_handshake() - learn from a SYN or SYN+ACK who the client is. */
void censor_stream_handshake(struct censor_flow *flow, const struct censor_packet_view *view);

/**
 * censor_stream_feed() - the client's bytes so far, with those of one more segment
 * @data: gets where they stand
 * @len: gets how many
 *
 * Return: false when the segment adds nothing to them.
 */
bool censor_stream_feed(struct censor_flow *flow, const struct censor_packet_view *view,
			struct censor_context *ctx, const u8 **data, u32 *len);

/**
 * censor_stream_keep() - keep those bytes until more come
 *
 * Where that can't be, the stream passes unjudged and the context's counts say why.
 */
void censor_stream_keep(struct censor_flow *flow, const struct censor_packet_view *view,
			struct censor_context *ctx, const u8 *data, u32 len);

/** censor_stream_end() - nothing more to be seen: go to @stage, give the buffer back. */
void censor_stream_end(struct censor_flow *flow, struct censor_context *ctx,
		       enum censor_stage stage);

#endif
