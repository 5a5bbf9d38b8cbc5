// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: the censor's TCP
 *
 * A packet is believed or not (believed()); one that is not changes nothing. A believed one can
 * create the TCB, begin it anew, make the censor unsure of the client's sequence number (a
 * resynchronisation, until a later packet says it), or have the connection forgotten. Which
 * packet does what is the model's to say; where it gives a probability, the connection's own
 * random state decides.
 */
#include "chance.h"
#include "recognise.h"
#include "stream.h"
#include "tcb.h"

static bool has(const struct censor_packet_view *view, u8 flags)
{
	return (view->tcp_flags & flags) == flags;
}

static bool is_syn(const struct censor_packet_view *view)
{
	return (view->tcp_flags & (CENSOR_TCP_SYN | CENSOR_TCP_ACK | CENSOR_TCP_RST)) ==
	       CENSOR_TCP_SYN;
}

static bool is_synack(const struct censor_packet_view *view)
{
	return (view->tcp_flags & (CENSOR_TCP_SYN | CENSOR_TCP_ACK | CENSOR_TCP_RST)) ==
	       (CENSOR_TCP_SYN | CENSOR_TCP_ACK);
}

bool censor_inside(const struct censor_policy *pol, u8 family, const u8 *addr)
{
	u32 i;

	for (i = 0; i < pol->n_inside; i++)
		if (censor_prefix_has(&pol->inside[i], family, addr))
			return true;
	return false;
}

static void note(struct censor_context *ctx, enum censor_note what)
{
	ctx->note = what;
}

/* nf_conntrack's table of what an endpoint sends, leaving PSH, ECE and CWR out. */
static bool flags_possible(u8 flags)
{
	switch (flags & (CENSOR_TCP_FIN | CENSOR_TCP_SYN | CENSOR_TCP_RST | CENSOR_TCP_ACK |
			 CENSOR_TCP_URG)) {
	case CENSOR_TCP_SYN:
	case CENSOR_TCP_SYN | CENSOR_TCP_URG:
	case CENSOR_TCP_SYN | CENSOR_TCP_ACK:
	case CENSOR_TCP_RST:
	case CENSOR_TCP_RST | CENSOR_TCP_ACK:
	case CENSOR_TCP_FIN | CENSOR_TCP_ACK:
	case CENSOR_TCP_FIN | CENSOR_TCP_ACK | CENSOR_TCP_URG:
	case CENSOR_TCP_ACK:
	case CENSOR_TCP_ACK | CENSOR_TCP_URG:
		return true;
	default:
		return false;
	}
}

/* Whether the acknowledgement number is one that the other end can have made true. */
static bool ack_possible(const struct censor_flow *flow, const struct censor_packet_view *view)
{
	u8 other = !view->dir;
	u32 first;

	if (!has(view, CENSOR_TCP_ACK) || !(flow->tcp & CENSOR_FLOW_NEXT(other)))
		return true;
	if (view->tcp_flags & CENSOR_TCP_SYN)
		return view->ack == flow->next[other];
	first = flow->tcp & CENSOR_FLOW_ISN(other) ? flow->isn[other] + 1 : flow->base;
	return view->ack - first <= flow->next[other] - first;
}

/*
 * Whether a segment touches the window that its receiver gave: bytes or, where it has none, its
 * number (RFC 9293 3.4). Before anything is known of the window all is possible.
 */
static bool in_window(const struct censor_flow *flow, const struct censor_packet_view *view)
{
	u32 first = censor_first_byte(view), end = first + view->len;
	u8 dir = view->dir;

	if (!(flow->tcp & CENSOR_FLOW_NEXT(dir)))
		return true;
	if ((s32)(end - flow->next[dir]) < 0)
		return false;
	if (!(flow->tcp & CENSOR_FLOW_EDGE(dir)))
		return first == flow->next[dir];
	/* Nothing fits into a window of zero but what is due and has no length. */
	return (s32)(first - flow->edge[dir]) < 0 || (!view->len && first == flow->next[dir]);
}

static bool believed_options(u16 checks, const struct censor_packet_view *view)
{
	if (checks & CENSOR_CHECK_MD5 && view->options & CENSOR_OPTION_MD5)
		return false;
	if (checks & CENSOR_CHECK_OPTIONS &&
	    view->options & (CENSOR_OPTION_MD5 | CENSOR_OPTION_OTHER))
		return false;
	return !(checks & CENSOR_CHECK_HEADER_20 && view->len && view->tcp_hlen != 20);
}

/* The checks that need no more than the packet. */
static bool believed_alone(u16 checks, const struct censor_packet_view *view)
{
	if ((view->lies & CENSOR_LIE_DATA_OFFSET && checks & CENSOR_CHECK_DATA_OFFSET) ||
	    (view->lies & CENSOR_LIE_CHECKSUM && checks & CENSOR_CHECK_CHECKSUM) ||
	    (view->lies & CENSOR_LIE_IP_CHECKSUM && checks & CENSOR_CHECK_IP_CHECKSUM))
		return false;
	if (checks & CENSOR_CHECK_FLAGS && !flags_possible(view->tcp_flags))
		return false;
	if (checks & CENSOR_CHECK_ACK_FLAG && view->len && !has(view, CENSOR_TCP_ACK) &&
	    !has(view, CENSOR_TCP_SYN))
		return false;
	return believed_options(checks, view);
}

static bool believed(u16 checks, const struct censor_flow *flow,
		     const struct censor_packet_view *view)
{
	bool known = flow->tcb != CENSOR_TCB_NONE && !(flow->tcp & CENSOR_FLOW_RESYNC);
	u8 dir = view->dir;

	/* Once there was data it can be 2 GB behind the SYN, and look as if it were before it. */
	if (known && checks & CENSOR_CHECK_ISN && view->len && !flow->looked_bytes &&
	    flow->tcp & CENSOR_FLOW_ISN(dir) &&
	    (s32)(censor_first_byte(view) - flow->isn[dir]) <= 0)
		return false;
	if (!believed_alone(checks, view))
		return false;
	if (checks & CENSOR_CHECK_TIMESTAMP && view->options & CENSOR_OPTION_TIMESTAMP &&
	    flow->tcp & CENSOR_FLOW_TSVAL(dir) && !(view->tcp_flags & CENSOR_TCP_RST) &&
	    (s32)(view->tsval - flow->tsval[dir]) < 0)
		return false;
	if (known && checks & CENSOR_CHECK_ACK && !ack_possible(flow, view))
		return false;
	return !(known && checks & CENSOR_CHECK_WINDOW && !has(view, CENSOR_TCP_SYN) &&
		 !in_window(flow, view));
}

/* CENSOR_BY_SYN, CENSOR_BY_SYNACK, or 0. */
static u8 opened_by(const struct censor_tcp_model *model, const struct censor_packet_view *view)
{
	if (is_syn(view))
		return CENSOR_BY_SYN;
	/* A SYN+ACK is of a server's: a censor that sees only clients never sees one. */
	return is_synack(view) && model->sees != CENSOR_SEES_CLIENT ? CENSOR_BY_SYNACK : 0;
}

bool censor_tcb_begins(const struct censor_policy *pol, const struct censor_flow *flow,
		       const struct censor_packet_view *view)
{
	const struct censor_tcp_model *model = &pol->tcp;
	u8 by = opened_by(model, view);

	if (!by || flow->tcb == CENSOR_TCB_CLOSED || !believed_alone(model->checks, view))
		return false;
	/* What was forgotten, or was judged and has ended, is no obstacle to another. */
	if (flow->tcb == CENSOR_TCB_NONE)
		return model->create & by;
	if (by == CENSOR_BY_SYN && flow->stage == CENSOR_STAGE_DONE &&
	    flow->tcp & CENSOR_FLOW_CLOSING)
		return model->create & by;
	/* The same once more, which was lost or is late; data would have moved next on. */
	if (flow->tcp & CENSOR_FLOW_ISN(view->dir) && flow->isn[view->dir] == view->seq &&
	    flow->next[view->dir] == view->seq + 1)
		return false;
	/* The server's SYN+ACK belongs to the SYN that it answers. */
	if (by == CENSOR_BY_SYNACK && view->dir != flow->client &&
	    !(flow->tcp & CENSOR_FLOW_SYNACK))
		return false;
	return model->restart & model->create & by;
}

/* What a believed packet tells of its sender and of what the other may send. */
static void learn(struct censor_flow *flow, const struct censor_packet_view *view)
{
	u8 dir = view->dir, other = !dir;
	u32 end = censor_first_byte(view) + view->len;

	if (view->options & CENSOR_OPTION_TIMESTAMP) {
		flow->tsval[dir] = view->tsval;
		flow->tcp |= CENSOR_FLOW_TSVAL(dir);
	}
	if (has(view, CENSOR_TCP_SYN)) {
		flow->scale[dir] = view->options & CENSOR_OPTION_SCALE ? view->scale : 0;
	} else if (dir != flow->client && flow->tcp & CENSOR_FLOW_NEXT(dir) &&
		   (s32)(end - flow->next[dir]) > 0) {
		/* The client's bytes are counted by the stream. */
		flow->next[dir] = end;
	}
	if (has(view, CENSOR_TCP_ACK) && ack_possible(flow, view)) {
		/* A SYN's window is not scaled (RFC 7323 2.2). */
		u8 scale = has(view, CENSOR_TCP_SYN) ? 0 : flow->scale[dir];

		flow->edge[other] = view->ack + ((u32)view->window << scale);
		flow->tcp |= CENSOR_FLOW_EDGE(other);
	}
}

/* From here on the client's stream is believed to go on at @seq. */
static void follow(struct censor_flow *flow, struct censor_context *ctx, u32 seq)
{
	if (flow->client != CENSOR_CLIENT_OF_BOTH) {
		flow->next[flow->client] = seq;
		flow->tcp |= CENSOR_FLOW_NEXT(flow->client);
	}
	flow->tcp &= ~(CENSOR_FLOW_RESYNC | CENSOR_FLOW_HOLE);
	censor_stream_restart(flow, ctx, seq);
}

static void know_isn(struct censor_flow *flow, const struct censor_packet_view *view)
{
	u8 dir = view->dir;

	flow->isn[dir] = view->seq;
	flow->next[dir] = view->seq + 1;
	flow->tcp |= CENSOR_FLOW_ISN(dir) | CENSOR_FLOW_NEXT(dir);
}

u32 censor_tcb_teardowns(const struct censor_tcp_model *model, const struct censor_flow *flow,
			 const struct censor_context *ctx)
{
	u32 ports = flow->key.port[0] * 31u + flow->key.port[1];

	switch (model->teardown_match) {
	case CENSOR_MATCH_NOTHING:
		return censor_counter_read(&ctx->shared->teardowns);
	case CENSOR_MATCH_PORTS:
		return censor_counter_read(&ctx->shared->port_teardowns[ports %
									CENSOR_SHARED_PORTS]);
	default:
		return 0;
	}
}

static void count_teardown(const struct censor_tcp_model *model, const struct censor_flow *flow,
			   struct censor_context *ctx)
{
	u32 ports = flow->key.port[0] * 31u + flow->key.port[1];

	if (model->teardown_match == CENSOR_MATCH_NOTHING)
		censor_counter_up(&ctx->shared->teardowns);
	else if (model->teardown_match == CENSOR_MATCH_PORTS)
		censor_counter_up(&ctx->shared->port_teardowns[ports % CENSOR_SHARED_PORTS]);
}

static void create(const struct censor_policy *pol, struct censor_flow *flow,
		   const struct censor_packet_view *view, struct censor_context *ctx)
{
	const struct censor_tcp_model *model = &pol->tcp;
	u8 dir = view->dir;

	flow->tcp = has(view, CENSOR_TCP_FIN) ? CENSOR_FLOW_CLOSING : 0;
	flow->tcb = is_syn(view) ? CENSOR_TCB_SYN :
		    is_synack(view) ? CENSOR_TCB_SYNACK : CENSOR_TCB_OPEN;
	flow->stage = CENSOR_STAGE_STREAM;
	flow->draws = censor_draw_start(pol, censor_counter_up(&ctx->shared->tcbs));
	flow->teardowns = censor_tcb_teardowns(model, flow, ctx);
	flow->looked = 0;
	flow->looked_bytes = 0;
	flow->empty = 0;
	flow->matched = 0;
	/* It is not known yet what it is, so nobody is to be asked of that. */
	flow->turned &= ~(CENSOR_TURNED_PROTOCOL | CENSOR_TURNED_BEGUN);
	flow->tracking = 0;
	flow->heard = 0;
	memset(flow->sights, 0, sizeof(flow->sights));
	memset(&flow->track, 0, sizeof(flow->track));
	switch (model->client) {
	case CENSOR_CLIENT_BOTH:
		flow->client = CENSOR_CLIENT_OF_BOTH;
		break;
	case CENSOR_CLIENT_CREATOR:
		flow->client = dir;
		break;
	case CENSOR_CLIENT_INSIDE:
		flow->client = censor_inside(pol, view->family, view->src) ? dir : !dir;
		break;
	default:
		flow->client = is_synack(view) ? !dir : dir;
	}
	if (has(view, CENSOR_TCP_SYN))
		know_isn(flow, view);
	if (is_syn(view)) {
		flow->tcp |= CENSOR_FLOW_SYN;
	} else if (is_synack(view)) {
		flow->tcp |= CENSOR_FLOW_SYNACK | CENSOR_FLOW_NEXT(!dir);
		flow->next[!dir] = view->ack;
	}
	if (flow->client != CENSOR_CLIENT_OF_BOTH)
		flow->tracking = censor_detectors_for(CENSOR_PROTO_TCP, censor_sees(pol, ctx),
						      &pol->detect);
	follow(flow, ctx, flow->client == !dir ? view->ack : censor_first_byte(view));
	/* Its own number is not known yet where the other end's SYN says nothing of it. */
	if (flow->client == !dir && !has(view, CENSOR_TCP_ACK))
		flow->tcp &= ~CENSOR_FLOW_NEXT(!dir);
	if (model->client == CENSOR_CLIENT_FIRST && is_synack(view) &&
	    model->create & CENSOR_BY_SYN && censor_inside(pol, view->family, view->src))
		note(ctx, CENSOR_NOTE_REVERSED);
}

static void forget_tcb(const struct censor_tcp_model *model, struct censor_flow *flow,
		       struct censor_context *ctx, enum censor_note why)
{
	flow->tcb = CENSOR_TCB_NONE;
	flow->tcp &= CENSOR_FLOW_CLOSING | CENSOR_FLOW_ECHOES;
	flow->tracking = 0;
	/* A SYN begins anew whatever the stage is, data does not. */
	censor_stream_end(flow, ctx, model->create & CENSOR_BY_DATA ? CENSOR_STAGE_NEW :
								      CENSOR_STAGE_DONE);
	ctx->counts |= 1u << CENSOR_COUNT_TEARDOWN;
	note(ctx, why);
}

/* Return: whether the censor is unsure from now on. */
static bool unsure(const struct censor_tcp_model *model, struct censor_flow *flow,
		   struct censor_context *ctx, enum censor_resync cause)
{
	if (flow->client == CENSOR_CLIENT_OF_BOTH || flow->stage != CENSOR_STAGE_STREAM ||
	    !censor_draw_hit(&flow->draws, model->resync[cause]))
		return false;
	flow->tcp |= CENSOR_FLOW_RESYNC;
	flow->tcp &= ~CENSOR_FLOW_QUIET;
	ctx->counts |= 1u << CENSOR_COUNT_RESYNC;
	note(ctx, CENSOR_NOTE_RESYNC);
	return true;
}

static void take_number(struct censor_flow *flow, struct censor_context *ctx, u32 seq)
{
	follow(flow, ctx, seq);
	note(ctx, CENSOR_NOTE_SYNCED);
}

/* A RST or FIN. Return: whether it ended what the censor knew. */
static bool closing(const struct censor_policy *pol, struct censor_flow *flow,
		    const struct censor_packet_view *view, struct censor_context *ctx)
{
	const struct censor_tcp_model *model = &pol->tcp;
	bool early = flow->tcb == CENSOR_TCB_SYN || flow->tcb == CENSOR_TCB_SYNACK;
	bool rst = has(view, CENSOR_TCP_RST);
	enum censor_teardown kind = !rst ? CENSOR_TEARDOWN_FIN :
				    has(view, CENSOR_TCP_ACK) ? CENSOR_TEARDOWN_RSTACK :
				    CENSOR_TEARDOWN_RST;
	enum censor_resync cause = rst ? (early ? CENSOR_RESYNC_RST_EARLY : CENSOR_RESYNC_RST) :
					 (early ? CENSOR_RESYNC_FIN_EARLY : CENSOR_RESYNC_FIN);
	bool known = flow->tcb != CENSOR_TCB_NONE && flow->tcb != CENSOR_TCB_CLOSED;
	bool window = model->teardown_match == CENSOR_MATCH_WINDOW;

	if (window && !in_window(flow, view))
		return false;
	if (known && unsure(model, flow, ctx, cause))
		return false;
	/* Where the sender's number is not known yet, there is nothing that it could match. */
	if (window && !(known && flow->tcp & CENSOR_FLOW_NEXT(view->dir)))
		return false;
	/* Of a connection that was never created: each draws for itself all the same. */
	if (!flow->draws)
		flow->draws = censor_draw_start(pol, censor_counter_up(&ctx->shared->tcbs));
	if (!censor_draw_hit(&flow->draws, model->teardown[kind]))
		return false;
	count_teardown(model, flow, ctx);
	if (known)
		forget_tcb(model, flow, ctx,
			   rst ? CENSOR_NOTE_TEARDOWN : CENSOR_NOTE_TEARDOWN_FIN);
	return true;
}

static void again_syn(const struct censor_policy *pol, struct censor_flow *flow,
		      const struct censor_packet_view *view, struct censor_context *ctx)
{
	u8 dir = view->dir;

	/* Roles guessed from a SYN+ACK may give way to a SYN. */
	if (pol->tcp.client == CENSOR_CLIENT_SYN && !(flow->tcp & CENSOR_FLOW_SYN)) {
		flow->client = dir;
		flow->tcp &= ~CENSOR_FLOW_SYNACK;
		flow->tcp |= CENSOR_FLOW_SYN;
		flow->tcb = CENSOR_TCB_SYN;
		know_isn(flow, view);
		follow(flow, ctx, view->seq + 1);
		return;
	}
	if (flow->tcp & CENSOR_FLOW_ISN(dir) && flow->isn[dir] == view->seq &&
	    !(flow->tcp & CENSOR_FLOW_RESYNC))
		return;
	if (dir != flow->client) {
		if (view->len && flow->client != CENSOR_CLIENT_OF_BOTH &&
		    flow->tcb != CENSOR_TCB_OPEN)
			unsure(&pol->tcp, flow, ctx, CENSOR_RESYNC_SERVER_DATA);
		return;
	}
	if (flow->tcp & CENSOR_FLOW_RESYNC) {
		if (pol->tcp.sync & CENSOR_SYNC_SYN)
			take_number(flow, ctx, view->seq + 1);
		return;
	}
	unsure(&pol->tcp, flow, ctx, CENSOR_RESYNC_SYN);
}

/* A SYN+ACK of the server's, where there is a TCB. */
static void servers_synack(const struct censor_tcp_model *model, struct censor_flow *flow,
			   const struct censor_packet_view *view, struct censor_context *ctx)
{
	u8 dir = view->dir, client = flow->client;
	bool first = !(flow->tcp & CENSOR_FLOW_SYNACK);
	bool wrong = flow->tcp & CENSOR_FLOW_ISN(client) && view->ack != flow->isn[client] + 1;
	bool same = flow->tcp & CENSOR_FLOW_ISN(dir) && flow->isn[dir] == view->seq;

	flow->tcp |= CENSOR_FLOW_SYNACK;
	if (flow->tcb == CENSOR_TCB_SYN)
		flow->tcb = CENSOR_TCB_SYNACK;
	if (first)
		know_isn(flow, view);
	if (flow->tcp & CENSOR_FLOW_RESYNC) {
		if (model->sync & CENSOR_SYNC_SYNACK)
			take_number(flow, ctx, view->ack);
		return;
	}
	if (wrong && unsure(model, flow, ctx, CENSOR_RESYNC_BAD_ACK))
		return;
	if (!first && (!same || wrong))
		unsure(model, flow, ctx, CENSOR_RESYNC_SYNACK);
}

/* A packet of the client's that is no SYN, RST or FIN that ended it all. */
static void clients_packet(const struct censor_tcp_model *model, struct censor_flow *flow,
			   const struct censor_packet_view *view, struct censor_context *ctx)
{
	u8 ends = CENSOR_SYNC_CLIENT | (view->len ? CENSOR_SYNC_DATA : 0);

	if (flow->tcp & CENSOR_FLOW_RESYNC) {
		if (model->sync & ends)
			take_number(flow, ctx, view->seq);
	} else if (!(flow->tcp & CENSOR_FLOW_NEXT(view->dir))) {
		/* The client is who is inside, and was asked from outside: this is its answer. */
		if (is_synack(view)) {
			know_isn(flow, view);
			flow->tcp |= CENSOR_FLOW_SYNACK;
			flow->tcb = CENSOR_TCB_SYNACK;
		}
		follow(flow, ctx, censor_first_byte(view));
	}
	if (has(view, CENSOR_TCP_ACK) && !has(view, CENSOR_TCP_SYN))
		flow->tcp |= CENSOR_FLOW_ACKED;
	/* Geneva (CCS 2019): the ACK flag ends the handshake, whatever it acknowledges. */
	if (flow->tcb != CENSOR_TCB_CLOSED &&
	    (view->len || has(view, CENSOR_TCP_ACK)) && !has(view, CENSOR_TCP_SYN))
		flow->tcb = CENSOR_TCB_OPEN;
}

/* A packet of either end's where both are clients: whose SYN+ACK it is does not matter. */
static void eithers_packet(struct censor_flow *flow, const struct censor_packet_view *view)
{
	if (!is_synack(view)) {
		flow->tcb = CENSOR_TCB_OPEN;
		if (has(view, CENSOR_TCP_ACK))
			flow->tcp |= CENSOR_FLOW_ACKED;
		return;
	}
	flow->tcp |= CENSOR_FLOW_SYNACK;
	if (flow->tcb == CENSOR_TCB_SYN)
		flow->tcb = CENSOR_TCB_SYNACK;
	if (!(flow->tcp & CENSOR_FLOW_ISN(view->dir)))
		know_isn(flow, view);
}

static bool handshake_seen(const struct censor_tcp_model *model, const struct censor_flow *flow)
{
	u16 all = CENSOR_FLOW_SYN | CENSOR_FLOW_SYNACK | CENSOR_FLOW_ACKED;

	switch (model->handshake) {
	case CENSOR_HANDSHAKE_SYN:
		return flow->tcp & CENSOR_FLOW_SYN;
	case CENSOR_HANDSHAKE_SYNACK:
		return flow->tcp & CENSOR_FLOW_SYNACK;
	case CENSOR_HANDSHAKE_FULL:
		return (flow->tcp & all) == all;
	default:
		return true;
	}
}

/* Return: whether what the packet says of the connection is to be followed up. */
static bool follow_connection(const struct censor_policy *pol, struct censor_flow *flow,
			      const struct censor_packet_view *view, struct censor_context *ctx)
{
	const struct censor_tcp_model *model = &pol->tcp;
	bool created = false;
	u16 before;

	if (flow->tcb == CENSOR_TCB_NONE) {
		u8 by = opened_by(model, view);

		if (!by && !has(view, CENSOR_TCP_RST) && !is_synack(view))
			by = has(view, CENSOR_TCP_FIN) && model->create & CENSOR_BY_FIN ?
			     CENSOR_BY_FIN : view->len ? CENSOR_BY_DATA : 0;
		if (!(model->create & by)) {
			if (view->len)
				note(ctx, CENSOR_NOTE_NO_TCB);
			return false;
		}
		create(pol, flow, view, ctx);
		created = true;
		if (by == CENSOR_BY_FIN) {
			flow->tcb = CENSOR_TCB_CLOSED;
			flow->tracking = 0;
			censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
			return false;
		}
	}
	if (flow->tcb == CENSOR_TCB_CLOSED)
		return false;
	before = flow->tcp;
	if (has(view, CENSOR_TCP_FIN) && closing(pol, flow, view, ctx))
		return false;
	/* What made the censor unsure is not what makes it sure again. */
	if (created || (flow->tcp & ~before & CENSOR_FLOW_RESYNC))
		return true;
	if (is_syn(view))
		again_syn(pol, flow, view, ctx);
	else if (flow->client == CENSOR_CLIENT_OF_BOTH)
		eithers_packet(flow, view);
	else if (view->dir == flow->client)
		clients_packet(model, flow, view, ctx);
	else if (is_synack(view))
		servers_synack(model, flow, view, ctx);
	else if (view->len && flow->tcb != CENSOR_TCB_OPEN)
		unsure(model, flow, ctx, CENSOR_RESYNC_SERVER_DATA);
	return true;
}

/* Data or none: has the censor waited long enough? Return: whether it goes on looking. */
static bool patient(const struct censor_tcp_model *model, struct censor_flow *flow,
		    const struct censor_packet_view *view, struct censor_context *ctx)
{
	if (!model->look_empty || flow->looked || view->len)
		return true;
	if (flow->empty < model->look_empty) {
		flow->empty++;
		return true;
	}
	flow->tracking = 0;
	censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
	note(ctx, CENSOR_NOTE_LOOKED);
	return false;
}

/* Whether packets without the client's data can pass without being looked at. */
static void set_quiet(const struct censor_tcp_model *model, struct censor_flow *flow)
{
	u16 learns = CENSOR_CHECK_ACK | CENSOR_CHECK_WINDOW | CENSOR_CHECK_TIMESTAMP;

	if (flow->tcb == CENSOR_TCB_OPEN && !(flow->tcp & CENSOR_FLOW_RESYNC) &&
	    handshake_seen(model, flow) &&
	    !(model->checks & learns) && model->teardown_match != CENSOR_MATCH_WINDOW &&
	    (!model->look_empty || flow->looked))
		flow->tcp |= CENSOR_FLOW_QUIET;
	else
		flow->tcp &= ~CENSOR_FLOW_QUIET;
}

bool censor_tcb_packet(const struct censor_policy *pol, struct censor_flow *flow,
		       const struct censor_packet_view *view, struct censor_context *ctx)
{
	u16 closes = view->tcp_flags & (CENSOR_TCP_FIN | CENSOR_TCP_RST) ? CENSOR_FLOW_CLOSING : 0;
	const struct censor_tcp_model *model = &pol->tcp;
	bool data;

	if (censor_tcb_idle(flow, view)) {
		flow->tcp |= closes;
		return false;
	}
	if (model->sees == CENSOR_SEES_CLIENT && flow->tcb != CENSOR_TCB_NONE &&
	    view->dir != flow->client && flow->client != CENSOR_CLIENT_OF_BOTH)
		return false;
	if (!believed(model->checks, flow, view)) {
		if (view->lies & CENSOR_LIE_DATA_OFFSET)
			ctx->counts |= 1u << CENSOR_COUNT_MALFORMED;
		ctx->counts |= 1u << CENSOR_COUNT_DISBELIEVED;
		note(ctx, CENSOR_NOTE_DISBELIEVED);
		return false;
	}
	flow->tcp |= closes;
	if (flow->tcb != CENSOR_TCB_NONE && flow->tcb != CENSOR_TCB_CLOSED &&
	    censor_tcb_teardowns(model, flow, ctx) != flow->teardowns)
		forget_tcb(model, flow, ctx, CENSOR_NOTE_TEARDOWN_ECHO);
	if (has(view, CENSOR_TCP_RST)) {
		/* Unsure, it takes the number from any packet of the client's, this one too. */
		if (flow->tcp & CENSOR_FLOW_RESYNC && view->dir == flow->client &&
		    model->sync & CENSOR_SYNC_CLIENT)
			take_number(flow, ctx, view->seq);
		else
			closing(pol, flow, view, ctx);
		return false;
	}
	if (!follow_connection(pol, flow, view, ctx))
		return false;
	learn(flow, view);
	set_quiet(model, flow);
	if (!patient(model, flow, view, ctx))
		return false;
	ctx->heard = view->len && flow->tcb == CENSOR_TCB_OPEN &&
		     !(flow->tcp & CENSOR_FLOW_RESYNC) && handshake_seen(model, flow);
	data = view->len && (view->dir == flow->client || flow->client == CENSOR_CLIENT_OF_BOTH) &&
	       (model->syn_data || !has(view, CENSOR_TCP_SYN)) &&
	       flow->stage == CENSOR_STAGE_STREAM;
	if (data && !handshake_seen(model, flow)) {
		note(ctx, CENSOR_NOTE_HANDSHAKE);
		return false;
	}
	if (data && flow->tcp & CENSOR_FLOW_RESYNC) {
		/* Its number could be any: nothing ends this but what the model says. */
		note(ctx, CENSOR_NOTE_RESYNC);
		return false;
	}
	/* On a SYN, too, where that counts. */
	ctx->heard |= data;
	return data;
}

u32 censor_tcb_timeout(const struct censor_tcp_model *model, const struct censor_flow *flow)
{
	if (flow->tcp & CENSOR_FLOW_CLOSING)
		return model->timeout_closing;
	if (flow->tcp & CENSOR_FLOW_HOLE && model->timeout_hole)
		return model->timeout_hole;
	switch (flow->tcb) {
	case CENSOR_TCB_SYN:
	case CENSOR_TCB_NONE:
		return model->timeout_syn;
	case CENSOR_TCB_SYNACK:
		return model->timeout_synack;
	default:
		return model->timeout;
	}
}
