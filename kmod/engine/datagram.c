// SPDX-License-Identifier: GPL-2.0
/* Datagrams: queries to port 53, QUIC's Initials, and what the detectors see in a flow of them. */
#include "chance.h"
#include "judge.h"
#include "recognise.h"
#include "rules.h"
#include "shape.h"
#include "stream.h"
#include "tcb.h"

#define PORT_DNS	53

static bool wants_quic(const struct censor_policy *pol, const struct censor_context *ctx)
{
	return ctx->report == CENSOR_REPORT_ALL || pol->attrs & CENSOR_ATTRS_QUIC ||
	       pol->protocols & CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_QUIC);
}

static bool wants_dns(const struct censor_policy *pol, const struct censor_context *ctx)
{
	return ctx->report || pol->attrs & CENSOR_ATTRS_DNS ||
	       pol->protocols & CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_DNS);
}

/* A flow's first datagram: what is it worth looking for? */
static void begin(const struct censor_policy *pol, struct censor_flow *flow,
		  const struct censor_packet_view *view, struct censor_context *ctx)
{
	flow->stage = CENSOR_STAGE_DONE;
	flow->tracking = censor_detectors_for(CENSOR_PROTO_UDP, censor_sees(pol, ctx),
					      &pol->detect);
	if (wants_quic(pol, ctx) &&
	    !(pol->detect.quic_first && (flow->packets > 1 || !view->len)) &&
	    (pol->detect.quic_ports == CENSOR_QUIC_PORTS_ANY || view->sport > view->dport))
		flow->tracking |= CENSOR_TRACK_QUIC;
	if (wants_dns(pol, ctx) && (view->sport == PORT_DNS || view->dport == PORT_DNS)) {
		flow->stage = CENSOR_STAGE_STREAM;
		flow->tcp |= CENSOR_FLOW_QUIET;
		flow->client = view->dport == PORT_DNS ? view->dir : !view->dir;
		if (view->sport == view->dport)
			flow->client = CENSOR_CLIENT_OF_BOTH;
	}
}

/*
 * Each question is judged by itself: nothing stays in the flow, but how its packets are shaped, for
 * the answer's sake. Return: whether it is a query.
 */
static bool judge_query(const struct censor_policy *pol, struct censor_flow *flow,
			const struct censor_packet_view *view, struct censor_context *ctx)
{
	struct censor_message message = {};
	u32 attrs, first = ctx->n_matches, most = pol->detect.dns_questions, n;
	u16 done;

	for (n = 0; n < most; n++) {
		attrs = censor_recognise_query(pol, flow, view, ctx, &message);
		if (message.found == CENSOR_FOUND_BAD)
			ctx->counts |= 1u << CENSOR_COUNT_MALFORMED;
		if (!attrs)
			break;
		done = censor_rules_run(pol, view, ctx, CENSOR_ATTRS_PACKET | attrs,
					n ? attrs & ~CENSOR_ATTRS_PROTOCOL : attrs);
		if (n + 1 >= ctx->question.count || done & (CENSOR_DO_DROP | CENSOR_DO_PASS))
			break;
		if (n + 1 < most)
			censor_rules_settle(ctx);
	}
	if (flow)
		censor_shape_matches(pol, flow, view, first, ctx);
	censor_judge_act(pol, NULL, view, first, true, ctx);
	return n || message.found == CENSOR_FOUND_ALL;
}

/* Return: the attributes that have a value now. */
static u32 look(const struct censor_policy *pol, struct censor_flow *flow,
		const struct censor_packet_view *view, struct censor_context *ctx)
{
	struct censor_message message = {};
	const struct censor_look look = censor_look_at(pol, flow, view);
	u32 attrs = 0;

	if (flow->tracking & CENSOR_TRACK_QUIC && !look.answer) {
		attrs = censor_recognise_quic(pol, flow, view, ctx, &message);
		/* What is surely QUIC is nothing else. */
		if (attrs && CENSOR_CONFIDENCE_OF(ctx->sights[0]) == CENSOR_CONFIDENCE_SURE)
			flow->tracking &= CENSOR_TRACK_QUIC;
		if ((attrs && message.found != CENSOR_FOUND_MORE) || pol->detect.quic_first)
			flow->tracking &= ~CENSOR_TRACK_QUIC;
	}
	if (censor_detectors_run(flow, &look, ctx)) {
		attrs |= CENSOR_ATTRS_PROTOCOL;
		/* What is surely something else is not QUIC. */
		if (CENSOR_CONFIDENCE_OF(ctx->sights[0]) == CENSOR_CONFIDENCE_SURE)
			flow->tracking &= ~CENSOR_TRACK_QUIC;
	}
	return attrs;
}

/* As many datagrams as are looked at; opcodes are collected from as many as their own knob says. */
static void look_enough(const struct censor_detect_model *model, struct censor_flow *flow)
{
	u64 sees = 0;

	if (!model->udp_look || flow->heard < model->udp_look)
		return;
	if (flow->heard < model->openvpn_opcodes)
		sees = CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_OPENVPN);
	flow->tracking &= censor_detectors_for(CENSOR_PROTO_UDP, sees, model);
}

static void judge_flow(const struct censor_policy *pol, struct censor_flow *flow,
		       const struct censor_packet_view *view, struct censor_context *ctx)
{
	u32 attrs;

	attrs = look(pol, flow, view, ctx);
	if (flow->heard < (u16)~0)
		flow->heard++;
	look_enough(&pol->detect, flow);
	if (!flow->tracking && !ctx->sights[0])
		attrs |= CENSOR_ATTRS_PROTOCOL;
	censor_judge_rules(pol, flow, view, attrs, ctx);
	if (!(flow->tracking & CENSOR_TRACK_QUIC) && flow->buffer)
		censor_stream_end(flow, ctx, (enum censor_stage)flow->stage);
}

/* Nothing is looked for, not even in a first datagram: it is of no protocol that matters. */
static bool nobody_asks(const struct censor_policy *pol, const struct censor_flow *flow,
			const struct censor_packet_view *view)
{
	return pol->attrs & CENSOR_ATTRS_PROTOCOL && !flow->tracking &&
	       (flow->stage == CENSOR_STAGE_DONE || view->dport == PORT_DNS);
}

void censor_judge_datagram(const struct censor_policy *pol, struct censor_flow *flow,
			   const struct censor_packet_view *view, struct censor_context *ctx)
{
	bool first = flow && flow->stage == CENSOR_STAGE_NEW, query;

	if (first)
		begin(pol, flow, view, ctx);
	if (flow && flow->acts & CENSOR_ACT_PASS)
		return;
	query = view->cap && view->dport == PORT_DNS && wants_dns(pol, ctx) &&
		!(flow && flow->stage == CENSOR_STAGE_DONE);
	if (pol->wants_load && (query || (view->cap && flow && flow->tracking)))
		censor_chance_load(ctx->shared, ctx->now);
	if (query && judge_query(pol, flow, view, ctx)) {
		if (flow)
			flow->tracking = 0;
		return;
	}
	if (flow && (flow->tracking ? view->cap : first && nobody_asks(pol, flow, view)))
		judge_flow(pol, flow, view, ctx);
}
