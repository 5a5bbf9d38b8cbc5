// SPDX-License-Identifier: GPL-2.0
/* TCP packets with data: the messages that they carry, and when the censor stops to look. */
#include "chance.h"
#include "judge.h"
#include "recognise.h"
#include "rules.h"
#include "stream.h"
#include "tcb.h"

#define MESSAGES_MAX	16	/* that one segment completes; more of them pass */
#define HEARD_MAX	64	/* packets with data that detectors of both ends are shown */

/* What a message does to the packet, or to all of the flow, the next one can't undo. */
#define ENDS	(CENSOR_DO_DROP | CENSOR_DO_PASS | CENSOR_DO_REWRITE | CENSOR_DO_FREEZE)

/*
 * The censor stops to look; what it did not recognise by now it never will, but for detectors that
 * follow the flow's packets and have not decided.
 */
static void give_up(const struct censor_policy *pol, struct censor_flow *flow,
		    const struct censor_packet_view *view, enum censor_note note,
		    struct censor_context *ctx)
{
	ctx->note = note;
	if (flow->tracking & CENSOR_TRACK_ROWS)
		flow->tracking |= CENSOR_TRACK_UNKNOWN;
	else if (!ctx->sights[0])
		censor_judge_rules(pol, flow, view, CENSOR_ATTRS_PROTOCOL, ctx);
	censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
}

/* Whether other messages matter that follow one that is known. */
static bool goes_on(const struct censor_tcp_model *model, const struct censor_context *ctx)
{
	switch (censor_known(ctx)) {
	case CENSOR_PROTOCOL_DNS:
	case CENSOR_PROTOCOL_FTP:
	case CENSOR_PROTOCOL_SMTP:
		return true;
	default:
		return model->look_all;
	}
}

/* What the message so far means for those that follow. */
static void go_on(const struct censor_policy *pol, struct censor_flow *flow,
		  const struct censor_packet_view *view, struct censor_context *ctx,
		  const struct censor_message *message)
{
	const struct censor_tcp_model *model = &pol->tcp;

	if (message->found == CENSOR_FOUND_BAD)
		ctx->counts |= 1u << CENSOR_COUNT_MALFORMED;
	if (message->found == CENSOR_FOUND_MORE && model->reassembly != CENSOR_REASSEMBLY_NONE) {
		censor_stream_keep(model, flow, view, ctx, message->data, message->len);
		if (flow->stage != CENSOR_STAGE_DONE)
			return;
	} else if (message->found == CENSOR_FOUND_NOT) {
		if (view->len > model->look_unknown && model->look_unknown != CENSOR_LOOK_NEVER)
			give_up(pol, flow, view, CENSOR_NOTE_UNKNOWN, ctx);
		else
			censor_stream_next(flow, ctx);
	} else if (goes_on(model, ctx)) {
		censor_stream_next(flow, ctx);
	} else {
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
	}
}

/* Whether the censor has looked at as much of the stream as it does. */
static bool looked_enough(const struct censor_tcp_model *model, const struct censor_flow *flow)
{
	return (model->look_packets && flow->looked >= model->look_packets) ||
	       (model->look_bytes && flow->looked_bytes >= model->look_bytes);
}

/* One message after another, as many as have come. Return: what the rules do. */
static u16 judge_messages(const struct censor_policy *pol, struct censor_flow *flow,
			  const struct censor_packet_view *view, struct censor_context *ctx,
			  struct censor_message *message)
{
	u16 done = 0;
	u32 n;

	for (n = 0; n < MESSAGES_MAX; n++) {
		u32 attrs = censor_recognise_message(pol, flow, view, ctx, message);

		done |= censor_judge_rules(pol, flow, view, attrs, ctx);
		if (done & ENDS || message->found != CENSOR_FOUND_ALL || !message->used ||
		    message->used >= message->len || !goes_on(&pol->tcp, ctx) ||
		    pol->tcp.reassembly == CENSOR_REASSEMBLY_NONE)
			break;
		/* What matched points at what the next message is read into. */
		censor_rules_settle(ctx);
		message->data = censor_stream_advance(flow, message->data, message->used);
		message->len -= message->used;
	}
	return done;
}

/* The client has said what it has to; the server's answer may say more. */
static void await_answer(const struct censor_policy *pol, struct censor_flow *flow,
			 const struct censor_context *ctx, enum censor_found found)
{
	bool said = flow->stage == CENSOR_STAGE_DONE || found == CENSOR_FOUND_ALL;

	if (flow->client < CENSOR_CLIENT_OF_BOTH && said &&
	    !(flow->acts & ~CENSOR_ACT_SHAPE) &&
	    censor_known(ctx) == CENSOR_PROTOCOL_TLS &&
	    (pol->attrs & CENSOR_ATTRS_CERT ||
	     censor_sees(pol, ctx) & CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_TOR)))
		flow->tracking |= CENSOR_TRACK_ANSWER;
}

void censor_judge_stream(const struct censor_policy *pol, struct censor_flow *flow,
			 const struct censor_packet_view *view, struct censor_context *ctx)
{
	const struct censor_tcp_model *model = &pol->tcp;
	struct censor_message message = {};
	u16 done;
	bool feeds;

	feeds = censor_stream_feed(model, flow, view, ctx, &message.data, &message.len);
	if (flow->looked < (u16)~0)
		flow->looked++;
	if (feeds) {
		flow->looked_bytes += min(view->len, (u32)~0 - flow->looked_bytes);
		if (pol->wants_load)
			censor_chance_load(ctx->shared, ctx->now);
		done = judge_messages(pol, flow, view, ctx, &message);
		if (done & ~(CENSOR_DO_LOG | CENSOR_DO_SHAPE) && !model->look_all)
			censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
		else
			go_on(pol, flow, view, ctx, &message);
		await_answer(pol, flow, ctx, message.found);
	}
	if (!feeds && ctx->note == CENSOR_NOTE_SHORT)
		give_up(pol, flow, view, CENSOR_NOTE_SHORT, ctx);
	if (flow->stage == CENSOR_STAGE_STREAM && looked_enough(model, flow))
		give_up(pol, flow, view, CENSOR_NOTE_LOOKED, ctx);
}

/* Who waits for what never comes, such as the data of a client that only listens, waits so long. */
static void hear_enough(const struct censor_detect_model *model, struct censor_flow *flow)
{
	u16 keep = CENSOR_TRACK_UNKNOWN;

	if (flow->heard < HEARD_MAX)
		return;
	if (flow->heard < model->openvpn_opcodes)
		keep |= censor_detectors_for(CENSOR_PROTO_TCP,
					     CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_OPENVPN), model);
	flow->tracking &= keep;
}

void censor_judge_heard(const struct censor_policy *pol, struct censor_flow *flow,
			const struct censor_packet_view *view, struct censor_context *ctx)
{
	const struct censor_look look = censor_look_at(pol, flow, view);
	u32 attrs = 0;

	if (look.answer && flow->tracking & CENSOR_TRACK_ANSWER)
		attrs = censor_recognise_answer(pol, flow, view, ctx);
	if (view->cap && censor_detectors_run(flow, &look, ctx))
		attrs |= CENSOR_ATTRS_PROTOCOL;
	if (flow->heard < (u16)~0)
		flow->heard++;
	hear_enough(&pol->detect, flow);
	if (flow->tracking & CENSOR_TRACK_UNKNOWN && !(flow->tracking & CENSOR_TRACK_ROWS)) {
		flow->tracking &= ~CENSOR_TRACK_UNKNOWN;
		if (!ctx->sights[0])
			attrs |= CENSOR_ATTRS_PROTOCOL;
	}
	if (attrs)
		censor_judge_rules(pol, flow, view, attrs, ctx);
}
