/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bytes of the client's message in the order in which this censor sees them: of each segment
 * alone, in order, or put together, as its model says (model.h).
 */
#ifndef _CENSOR_STREAM_H
#define _CENSOR_STREAM_H

#include "inspect.h"

#define CENSOR_SPANS_MAX	15	/* runs of bytes with holes between them */

/**
 * struct censor_buffer - bytes of a message that is not complete
 * @n: how many of @span are used
 * @span: which bytes came, ascending and apart; offsets from flow->base
 */
struct censor_buffer {
	u16 n;
	u16 unused;
	struct {
		u16 from, to;
	} span[CENSOR_SPANS_MAX];
	u8 bytes[CENSOR_STREAM_MAX];
};

/**
 * censor_stream_feed() - the client's message so far, with the data of one more segment
 * @data: gets where it stands
 * @len: gets how many bytes
 *
 * Return: false when the segment adds nothing to what can be looked at.
 */
bool censor_stream_feed(const struct censor_tcp_model *model, struct censor_flow *flow,
			const struct censor_packet_view *view, struct censor_context *ctx,
			const u8 **data, u32 *len);

/**
 * censor_stream_keep() - keep those bytes until more come
 *
 * Where that can't be, the stream passes unjudged and the context's counts say why.
 */
void censor_stream_keep(const struct censor_tcp_model *model, struct censor_flow *flow,
			const struct censor_packet_view *view, struct censor_context *ctx,
			const u8 *data, u32 len);

/** censor_stream_spare() - a buffer of CENSOR_BUFFER_SIZE bytes for the flow, or NULL */
void *censor_stream_spare(struct censor_context *ctx);

/**
 * censor_stream_advance() - the next message begins @used bytes behind where this one did
 * @data: this one
 *
 * Return: where the next stands.
 */
const u8 *censor_stream_advance(struct censor_flow *flow, const u8 *data, u32 used);

/**
 * censor_stream_answer() - the server's first flight so far, in order only
 * @data: gets where it stands
 * @len: gets how many bytes, at most CENSOR_STREAM_MAX; 0 where the segment adds none
 *
 * Return: false when the segment comes too early or can't be read: then it is given up.
 */
bool censor_stream_answer(struct censor_flow *flow, const struct censor_packet_view *view,
			  const u8 **data, u32 *len);

/** censor_stream_answer_keep() - until more of it comes. Return: false if that can't be */
bool censor_stream_answer_keep(struct censor_flow *flow, struct censor_context *ctx,
			       const u8 *data, u32 len);

/** censor_stream_next() - what comes after the segments that were seen begins another message */
void censor_stream_next(struct censor_flow *flow, struct censor_context *ctx);

/** censor_stream_restart() - a message begins at @seq, what was kept is given up */
void censor_stream_restart(struct censor_flow *flow, struct censor_context *ctx, u32 seq);

/** censor_stream_end() - nothing more to be seen: go to @stage, give the buffer back */
void censor_stream_end(struct censor_flow *flow, struct censor_context *ctx,
		       enum censor_stage stage);

#endif
