// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: reassembly
 *
 * A message that is whole in its first segment is looked at where it stands. Otherwise its bytes
 * go into a buffer, at their distance from the message's first byte (flow->base), with a list of
 * the runs that came. What can be looked at is the run that begins at the message's first byte.
 * Bytes that come again replace those that are there or not, as the model prefers: one preference
 * for bytes that were looked at, one for those that wait.
 */
#include "recognise.h"
#include "stream.h"
#include "tcb.h"

static void note(struct censor_context *ctx, enum censor_note what)
{
	ctx->note = what;
}

static void give_back(struct censor_flow *flow, struct censor_context *ctx)
{
	/* The second of one packet's is the one that the packet brought. */
	if (flow->buffer && ctx->returned)
		ctx->spare = flow->buffer;
	else if (flow->buffer)
		ctx->returned = flow->buffer;
	flow->buffer = NULL;
	flow->tcp &= ~CENSOR_FLOW_HOLE;
}

/* All is judged anew in it but what the flow is recognised as. */
static void another_message(struct censor_flow *flow)
{
	flow->matched &= CENSOR_ATTRS_PROTOCOL;
}

void censor_stream_restart(struct censor_flow *flow, struct censor_context *ctx, u32 seq)
{
	give_back(flow, ctx);
	flow->base = seq;
	another_message(flow);
}

void censor_stream_next(struct censor_flow *flow, struct censor_context *ctx)
{
	if (flow->client != CENSOR_CLIENT_OF_BOTH)
		censor_stream_restart(flow, ctx, flow->next[flow->client]);
	another_message(flow);
}

void censor_stream_end(struct censor_flow *flow, struct censor_context *ctx,
		       enum censor_stage stage)
{
	give_back(flow, ctx);
	flow->stage = stage;
}

void *censor_stream_spare(struct censor_context *ctx)
{
	void *buffer = ctx->spare;

	/* What the flow has just given back will do: hosts offer none to a flow that has one. */
	if (!buffer) {
		buffer = ctx->returned;
		ctx->returned = NULL;
	}
	ctx->spare = NULL;
	return buffer;
}

/* A buffer for the flow, if it has none. */
static struct censor_buffer *buffer_of(struct censor_flow *flow, struct censor_context *ctx)
{
	BUILD_BUG_ON(sizeof(struct censor_buffer) > CENSOR_BUFFER_SIZE);
	if (!flow->buffer) {
		struct censor_buffer *buffer = censor_stream_spare(ctx);

		if (buffer)
			buffer->n = 0;
		flow->buffer = buffer;
	}
	return flow->buffer;
}

/* Bytes that can be looked at. */
static u32 ready(const struct censor_buffer *buffer)
{
	return buffer->n && !buffer->span[0].from ? buffer->span[0].to : 0;
}

/* Copy the bytes of [@from, @to) that lie in @lo to @hi. */
static void copy_part(struct censor_buffer *buffer, const u8 *data, u32 from, u32 to, u32 lo,
		      u32 hi)
{
	u32 at = max(from, lo), end = min(to, hi);

	if (at < end)
		memcpy(buffer->bytes + at, data + (at - from), end - at);
}

/*
 * Bytes for [@from, @to) into the buffer, where nothing came yet and where they are preferred: of
 * what was looked at, before @looked, if @again; of what waits, if @early. Return: false if there
 * would be more runs than can be told apart.
 */
static bool insert(struct censor_buffer *buffer, const u8 *data, u32 from, u32 to, u32 looked,
		   bool again, bool early)
{
	u32 first = 0, last, i, at = from, lo = from, hi = to;

	while (first < buffer->n && buffer->span[first].to < from)
		first++;
	/* Runs from first up to, not including, last touch the new one. */
	for (last = first; last < buffer->n && buffer->span[last].from <= to; last++) {
		u32 span_from = buffer->span[last].from, span_to = buffer->span[last].to;

		copy_part(buffer, data, from, to, at, span_from);
		if (again)
			copy_part(buffer, data, from, to, span_from, min(span_to, looked));
		if (early)
			copy_part(buffer, data, from, to, max(span_from, looked), span_to);
		at = span_to;
		lo = min(lo, span_from);
		hi = max(hi, span_to);
	}
	copy_part(buffer, data, from, to, at, to);
	if (last == first) {
		if (buffer->n == CENSOR_SPANS_MAX)
			return false;
		for (i = buffer->n++; i > first; i--)
			buffer->span[i] = buffer->span[i - 1];
	} else {
		for (i = last; i < buffer->n; i++)
			buffer->span[first + 1 + i - last] = buffer->span[i];
		buffer->n -= last - first - 1;
	}
	buffer->span[first].from = lo;
	buffer->span[first].to = hi;
	return true;
}

/**
 * struct segment - data of one packet, or what is left of it
 * @first: sequence number of its first byte
 * @data: its bytes
 * @len: bytes on the wire
 * @cap: bytes that can be read at @data
 */
struct segment {
	u32 first;
	const u8 *data;
	u32 len, cap;
};

/* Into the buffer, and what of it can be looked at. */
static bool feed_buffer(const struct censor_tcp_model *model, struct censor_flow *flow,
			const struct segment *segment, struct censor_context *ctx,
			const u8 **data, u32 *len)
{
	bool again = model->overlap == CENSOR_OVERLAP_LAST;
	u32 offset = segment->first - flow->base, looked, n;
	struct censor_buffer *buffer;

	if (offset >= model->buffer) {
		/* Behind the end: what it belongs to will be found too long when that is due. */
		ctx->counts |= 1u << CENSOR_COUNT_OUT_OF_ORDER;
		return false;
	}
	buffer = buffer_of(flow, ctx);
	if (!buffer) {
		ctx->counts |= 1u << CENSOR_COUNT_NO_BUFFER;
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
		return false;
	}
	looked = ready(buffer);
	n = min(segment->cap, model->buffer - offset);
	if (!insert(buffer, segment->data, offset, offset + n, looked, again,
		    model->overlap_early == CENSOR_OVERLAP_LAST)) {
		ctx->counts |= 1u << CENSOR_COUNT_OUT_OF_ORDER;
		return false;
	}
	*data = buffer->bytes;
	*len = ready(buffer);
	if (buffer->n > (*len ? 1u : 0u))
		flow->tcp |= CENSOR_FLOW_HOLE;
	else
		flow->tcp &= ~CENSOR_FLOW_HOLE;
	if (*len > looked) {
		u32 end = segment->first + segment->len;

		/* Bytes that the buffer has no room for came all the same. */
		flow->next[flow->client] = flow->base + max(*len, end - flow->base);
	} else if (!again || offset >= looked) {
		return false;
	}
	return *len;
}

/* A segment beyond the next byte. Return: whether it is looked at all the same. */
static bool early(const struct censor_tcp_model *model, struct censor_flow *flow, u32 first,
		  struct censor_context *ctx)
{
	note(ctx, CENSOR_NOTE_EARLY);
	switch (model->holes) {
	case CENSOR_HOLES_SKIP:
		flow->next[flow->client] = first;
		censor_stream_restart(flow, ctx, first);
		return true;
	case CENSOR_HOLES_STOP:
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
		return false;
	default:
		if (model->reassembly == CENSOR_REASSEMBLY_FULL)
			return true;
		ctx->counts |= 1u << CENSOR_COUNT_OUT_OF_ORDER;
		return false;
	}
}

/* Each segment by itself: the numbers don't matter. */
static bool feed_alone(const struct censor_tcp_model *model, struct censor_flow *flow,
		       const struct censor_packet_view *view, const u8 **data, u32 *len)
{
	u32 end = censor_first_byte(view) + view->len;

	if ((s32)(end - flow->next[view->dir]) > 0)
		flow->next[view->dir] = end;
	*data = view->payload;
	*len = min(view->cap, (u32)model->buffer);
	return *len;
}

bool censor_stream_feed(const struct censor_tcp_model *model, struct censor_flow *flow,
			const struct censor_packet_view *view, struct censor_context *ctx,
			const u8 **data, u32 *len)
{
	struct segment segment = {
		.first = censor_first_byte(view),
		.data = view->payload, .len = view->len, .cap = view->cap,
	};
	u32 *next, old;

	if (model->reassembly == CENSOR_REASSEMBLY_NONE)
		return feed_alone(model, flow, view, data, len);
	next = &flow->next[flow->client];
	if (!(model->checks & CENSOR_CHECK_ISN) && !flow->looked_bytes && !flow->buffer &&
	    (s32)(segment.first - *next) < 0) {
		/* It does not mind that the client numbers its first byte so. */
		*next = segment.first;
		censor_stream_restart(flow, ctx, segment.first);
	}
	if ((s32)(segment.first - *next) > 0 && !early(model, flow, segment.first, ctx))
		return false;
	/* Bytes before the message that is awaited are none of it. */
	if ((s32)(segment.first - flow->base) < 0) {
		old = min(flow->base - segment.first, segment.len);
		segment.first += old;
		segment.len -= old;
		/* Of a packet cut off before its payload there is none to point behind. */
		if (old < segment.cap)
			segment.data += old;
		segment.cap -= min(old, segment.cap);
	}
	if ((s32)(segment.first + segment.len - *next) <= 0 &&
	    (!segment.len || !flow->buffer || model->overlap == CENSOR_OVERLAP_FIRST)) {
		note(ctx, CENSOR_NOTE_OLD);
		return false;
	}
	if (!segment.cap) {
		/* The host can't show these bytes; what follows them makes no sense. */
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
		return false;
	}
	if (segment.first == flow->base && flow->base == *next &&
	    segment.len < model->first_segment) {
		note(ctx, CENSOR_NOTE_SHORT);
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
		return false;
	}
	if (flow->buffer || segment.first != flow->base)
		return feed_buffer(model, flow, &segment, ctx, data, len);
	*next = flow->base + segment.len;
	*data = segment.data;
	/* No more than segments would fill a buffer with: the cuts must not matter. */
	*len = min(segment.cap, (u32)model->buffer);
	return true;
}

void censor_stream_keep(const struct censor_tcp_model *model, struct censor_flow *flow,
			const struct censor_packet_view *view, struct censor_context *ctx,
			const u8 *data, u32 len)
{
	struct censor_buffer *buffer;

	if (len >= model->buffer) {
		ctx->counts |= 1u << CENSOR_COUNT_TOO_LONG;
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
		return;
	}
	if (view->cap != view->len) {
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
		return;
	}
	if (flow->buffer)
		return;		/* feed put them there */
	buffer = buffer_of(flow, ctx);
	if (!buffer) {
		ctx->counts |= 1u << CENSOR_COUNT_NO_BUFFER;
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
		return;
	}
	insert(buffer, data, 0, len, 0, false, false);
}

const u8 *censor_stream_advance(struct censor_flow *flow, const u8 *data, u32 used)
{
	struct censor_buffer *buffer = flow->buffer;
	u32 i, end;

	flow->base += used;
	another_message(flow);
	if (!buffer)
		return data + used;
	/* All runs lie behind what was used: that was all of the first run, or part of it. */
	end = buffer->span[buffer->n - 1].to;
	memmove(buffer->bytes, buffer->bytes + used, end - used);
	for (i = 0; i < buffer->n; i++) {
		buffer->span[i].from -= min_t(u16, used, buffer->span[i].from);
		buffer->span[i].to -= used;
	}
	return buffer->bytes;
}

bool censor_stream_answer(struct censor_flow *flow, const struct censor_packet_view *view,
			  const u8 **data, u32 *len)
{
	/* Until the client has said all, the flow's one buffer is for that. */
	struct censor_buffer *buffer = flow->stage == CENSOR_STAGE_DONE ? flow->buffer : NULL;
	u32 first = censor_first_byte(view), old, n;

	if (!(flow->tracking & CENSOR_TRACK_ANSWERING)) {
		flow->tracking |= CENSOR_TRACK_ANSWERING;
		flow->answer = first;
	}
	if (view->cap != view->len)
		return false;
	old = flow->answer - first;
	if ((s32)old < 0)
		return false;
	/* What came before is no news: a retransmission ends nothing. */
	old = min(old, view->len);
	flow->answer += view->len - old;
	n = view->len - old;
	*data = view->payload + old;
	*len = min(n, (u32)CENSOR_STREAM_MAX);
	if (!buffer || !n)
		return true;
	n = min(n, (u32)CENSOR_STREAM_MAX - buffer->span[0].to);
	memcpy(buffer->bytes + buffer->span[0].to, *data, n);
	buffer->span[0].to += n;
	*data = buffer->bytes;
	*len = buffer->span[0].to;
	return n;
}

bool censor_stream_answer_keep(struct censor_flow *flow, struct censor_context *ctx,
			       const u8 *data, u32 len)
{
	struct censor_buffer *buffer = flow->buffer;

	if (flow->stage != CENSOR_STAGE_DONE || len >= CENSOR_STREAM_MAX)
		return false;
	if (buffer)
		return true;
	buffer = buffer_of(flow, ctx);
	if (!buffer) {
		ctx->counts |= 1u << CENSOR_COUNT_NO_BUFFER;
		return false;
	}
	memcpy(buffer->bytes, data, len);
	buffer->n = 1;
	buffer->span[0].from = 0;
	buffer->span[0].to = (u16)len;
	return true;
}
