// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: the model
 *
 * A SYN, or a SYN+ACK where no SYN was seen, creates the TCB (CENSORS.md 4.1, China 2017: "on SYN
 * or SYN+ACK"); data without either is not judged. The client is who sends the SYN, or to
 * whom the SYN+ACK goes. Bytes count in order: a segment beyond the next byte is not kept, what
 * was seen is not looked at twice. The first message of the client is looked at, and no other.
 */
#include "stream.h"

static bool has(const struct censor_packet_view *view, u8 flags)
{
	return (view->tcp_flags & flags) == flags;
}

/* Sequence number of the first payload byte: a SYN takes one. */
static u32 first_byte(const struct censor_packet_view *view)
{
	return view->seq + has(view, CENSOR_TCP_SYN);
}

bool censor_stream_begins(const struct censor_flow *flow, const struct censor_packet_view *view)
{
	if (!has(view, CENSOR_TCP_SYN) || has(view, CENSOR_TCP_ACK))
		return false;
	/* The same SYN again is a retransmission; data moves next on. */
	return !flow->handshake || flow->client != view->dir || flow->next != first_byte(view);
}

void censor_stream_handshake(struct censor_flow *flow, const struct censor_packet_view *view)
{
	if (!has(view, CENSOR_TCP_SYN) || flow->handshake)
		return;
	flow->handshake = true;
	flow->stage = CENSOR_STAGE_STREAM;
	if (has(view, CENSOR_TCP_ACK)) {
		flow->client = !view->dir;
		flow->next = view->ack;
	} else {
		flow->client = view->dir;
		flow->next = first_byte(view);
	}
}

bool censor_stream_feed(struct censor_flow *flow, const struct censor_packet_view *view,
			struct censor_context *ctx, const u8 **data, u32 *len)
{
	s32 skip = (s32)(flow->next - first_byte(view));
	u32 fresh, room;

	if (flow->client != view->dir || !view->len)
		return false;
	if (skip < 0) {
		ctx->counts |= 1u << CENSOR_COUNT_OUT_OF_ORDER;
		return false;
	}
	if ((u32)skip >= view->len)
		return false;
	if ((u32)skip >= view->cap) {
		/* The host can't show these bytes; what follows them makes no sense. */
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
		return false;
	}
	fresh = view->cap - (u32)skip;
	flow->next += view->len - (u32)skip;
	if (!flow->buffer) {
		*data = view->payload + skip;
		/* No more than segments would fill a buffer with: the cuts must not matter. */
		*len = min(fresh, (u32)CENSOR_BUFFER_SIZE);
		return true;
	}
	room = CENSOR_BUFFER_SIZE - flow->buffered;
	memcpy(flow->buffer + flow->buffered, view->payload + skip, min_t(u32, fresh, room));
	flow->buffered += min_t(u32, fresh, room);
	*data = flow->buffer;
	*len = flow->buffered;
	return true;
}

void censor_stream_keep(struct censor_flow *flow, const struct censor_packet_view *view,
			struct censor_context *ctx, const u8 *data, u32 len)
{
	if (len >= CENSOR_BUFFER_SIZE) {
		ctx->counts |= 1u << CENSOR_COUNT_TOO_LONG;
	} else if (view->cap == view->len && !flow->buffer) {
		flow->buffer = ctx->spare;
		ctx->spare = NULL;
		if (flow->buffer) {
			memcpy(flow->buffer, data, len);
			flow->buffered = len;
			return;
		}
		ctx->counts |= 1u << CENSOR_COUNT_NO_BUFFER;
	} else if (view->cap == view->len) {
		return;		/* feed put them into the buffer */
	}
	censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
}

void censor_stream_end(struct censor_flow *flow, struct censor_context *ctx,
		       enum censor_stage stage)
{
	if (flow->buffer)
		ctx->returned = flow->buffer;
	flow->buffer = NULL;
	flow->buffered = 0;
	flow->stage = stage;
}
