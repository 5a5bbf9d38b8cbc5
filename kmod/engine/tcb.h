/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The censor's TCB: what it believes of a connection, packet by packet, as its model says
 * (model.h). The bytes in it are stream.h's.
 */
#ifndef _CENSOR_TCB_H
#define _CENSOR_TCB_H

#include "inspect.h"

#define CENSOR_CLIENT_OF_BOTH	2	/* flow->client: both ends' data is looked at */

/* Flags of a packet that opens or ends a connection. */
#define CENSOR_TCP_TURNS	(CENSOR_TCP_SYN | CENSOR_TCP_FIN | CENSOR_TCP_RST)

/* Bits of flow->tcp. */
#define CENSOR_FLOW_SYN		0x0001	/* the client's SYN was seen */
#define CENSOR_FLOW_SYNACK	0x0002	/* the server's SYN+ACK was seen */
#define CENSOR_FLOW_RESYNC	0x0004	/* unsure of the client's sequence number */
#define CENSOR_FLOW_CLOSING	0x0008	/* a FIN or RST was seen */
#define CENSOR_FLOW_HOLE	0x0010	/* bytes are kept that are not due yet */
#define CENSOR_FLOW_QUIET	0x0020	/* packets without data of the client's change nothing */
#define CENSOR_FLOW_ECHOES	0x0040	/* its RSTs and FINs tear other connections down too */
#define CENSOR_FLOW_ACKED	0x0080	/* a packet of the client's with ACK was seen */
#define CENSOR_FLOW_NEXT(dir)	(0x0100 << (dir))	/* flow->next is known */
#define CENSOR_FLOW_EDGE(dir)	(0x0400 << (dir))	/* flow->edge is known */
#define CENSOR_FLOW_TSVAL(dir)	(0x1000 << (dir))	/* flow->tsval is known */
#define CENSOR_FLOW_ISN(dir)	(0x4000 << (dir))	/* flow->isn is known */

/** censor_tcb_over() - all was looked at, and the packet neither opens nor ends a connection */
static inline bool censor_tcb_over(const struct censor_flow *flow,
				   const struct censor_packet_view *view)
{
	return flow->stage == CENSOR_STAGE_DONE && !flow->tracking &&
	       !(view->tcp_flags & CENSOR_TCP_TURNS);
}

/**
 * censor_tcb_idle() - whether a packet changes nothing in what the censor believes
 *
 * Packets that open connections do, and those that end one that is still looked at, or that end
 * others too. Where all was looked at, or while the client's data is awaited, no others do.
 */
static inline bool censor_tcb_idle(const struct censor_flow *flow,
				   const struct censor_packet_view *view)
{
	u8 turns = view->tcp_flags & CENSOR_TCP_TURNS;

	if (censor_tcb_over(flow, view))
		return true;
	/* Detectors hear what the model believes, and not beyond a teardown. */
	if (flow->tracking && (view->len || turns))
		return false;
	if (flow->stage == CENSOR_STAGE_DONE)
		return !turns || !(turns & CENSOR_TCP_SYN || flow->tcp & CENSOR_FLOW_ECHOES);
	return !turns && flow->tcp & CENSOR_FLOW_QUIET && flow->client != CENSOR_CLIENT_OF_BOTH &&
	       (flow->client != view->dir || !view->len);
}

/** censor_flow_client_known() - once there is a TCB; never where both ends are clients */
static inline bool censor_flow_client_known(const struct censor_flow *flow)
{
	return flow->client < CENSOR_CLIENT_OF_BOTH &&
	       (flow->key.proto != CENSOR_PROTO_TCP || flow->tcb != CENSOR_TCB_NONE);
}

/** censor_first_byte() - sequence number of the first payload byte: a SYN takes one */
static inline u32 censor_first_byte(const struct censor_packet_view *view)
{
	return view->seq + !!(view->tcp_flags & CENSOR_TCP_SYN);
}

/**
 * censor_tcb_begins() - whether a packet begins a connection other than the one known
 * @flow: a flow that has seen packets before
 */
bool censor_tcb_begins(const struct censor_policy *pol, const struct censor_flow *flow,
		       const struct censor_packet_view *view);

/**
 * censor_tcb_packet() - what a TCP packet changes in what the censor believes
 * @ctx: gets notes and counts; a buffer that is given up
 *
 * Return: whether it has data that the stream is to see.
 */
bool censor_tcb_packet(const struct censor_policy *pol, struct censor_flow *flow,
		       const struct censor_packet_view *view, struct censor_context *ctx);

/** censor_tcb_timeout() - silence after which the flow is forgotten, milliseconds */
u32 censor_tcb_timeout(const struct censor_tcp_model *model, const struct censor_flow *flow);

/** censor_tcb_teardowns() - the policy's count of teardowns that are this connection's, too */
u32 censor_tcb_teardowns(const struct censor_tcp_model *model, const struct censor_flow *flow,
			 const struct censor_context *ctx);

/** censor_inside() - whether an address is inside */
bool censor_inside(const struct censor_policy *pol, u8 family, const u8 *addr);

#endif
