/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What bytes are: they are shown to the detectors that the policy asks for, and what those see
 * becomes the flow's sights and the values of attributes.
 */
#ifndef _CENSOR_RECOGNISE_H
#define _CENSOR_RECOGNISE_H

#include "inspect.h"

/* Bits of flow->tracking that are no detector's: the server's first flight is waited for. */
#define CENSOR_TRACK_ANSWER	0x8000
#define CENSOR_TRACK_ANSWERING	0x4000	/* and has begun */
#define CENSOR_TRACK_QUIC	0x8000	/* of datagrams: Initials are decrypted */
#define CENSOR_TRACK_UNKNOWN	0x2000	/* of streams: unknown, unless a detector knows it */
#define CENSOR_TRACK_ROWS	0x1fff	/* the detectors' */

/** censor_sees() - the protocols that are looked for */
static inline u64 censor_sees(const struct censor_policy *pol, const struct censor_context *ctx)
{
	return ctx->report == CENSOR_REPORT_ALL ? ~0ull : pol->protocols;
}

/** censor_known() - what a flow was recognised as first */
static inline u8 censor_known(const struct censor_context *ctx)
{
	return CENSOR_PROTOCOL_OF(ctx->sights[0]);
}

/**
 * censor_look_at() - a packet's payload, as detectors are given it
 * @flow: or NULL
 */
static inline struct censor_look censor_look_at(const struct censor_policy *pol,
						struct censor_flow *flow,
						const struct censor_packet_view *view)
{
	return (struct censor_look){
		.data = view->payload,
		.len = view->cap,
		.whole = view->len,
		.view = view,
		.model = &pol->detect,
		.track = flow ? &flow->track : NULL,
		.nth = flow ? flow->heard : 0,
		.answer = flow && view->dir != flow->client,
	};
}

/**
 * censor_sights_add() - the flow is recognised, or more surely than before
 * @flow: or NULL
 *
 * Return: whether that is news; more than CENSOR_SIGHTS_MAX protocols are left out.
 */
bool censor_sights_add(struct censor_context *ctx, struct censor_flow *flow,
		       const struct censor_sight *sight, const u8 *data);

/**
 * struct censor_message - a message, or what there is of it
 * @data: @len bytes from its beginning; a datagram is its own message and has none here
 * @used: gets how many bytes it takes, where another can stand behind it; else 0
 * @found: gets whether more of it is needed
 */
struct censor_message {
	const u8 *data;
	u32 len;
	u32 used;
	enum censor_found found;
};

/** censor_recognise_message() - Return: the attributes that have a value now */
u32 censor_recognise_message(const struct censor_policy *pol, struct censor_flow *flow,
			     const struct censor_packet_view *view, struct censor_context *ctx,
			     struct censor_message *message);

/**
 * censor_recognise_query() - a datagram to port 53 as a query. Return: likewise.
 * @flow: or NULL
 */
u32 censor_recognise_query(const struct censor_policy *pol, struct censor_flow *flow,
			   const struct censor_packet_view *view, struct censor_context *ctx,
			   struct censor_message *message);

/**
 * censor_recognise_quic() - a datagram of the client's as an Initial
 *
 * Return: likewise; @message->found is FOUND_MORE while the flow's next datagrams can tell more.
 */
u32 censor_recognise_quic(const struct censor_policy *pol, struct censor_flow *flow,
			  const struct censor_packet_view *view, struct censor_context *ctx,
			  struct censor_message *message);

/** censor_recognise_answer() - the server's data, while its certificate is waited for */
u32 censor_recognise_answer(const struct censor_policy *pol, struct censor_flow *flow,
			    const struct censor_packet_view *view, struct censor_context *ctx);

/* detectors.c */

/** censor_detectors_for() - which detectors of packets there are for a transport, as bits */
u16 censor_detectors_for(u8 proto, u64 sees, const struct censor_detect_model *model);

/** censor_detectors_run() - show a packet to those in flow->tracking. Return: whether one saw it */
bool censor_detectors_run(struct censor_flow *flow, const struct censor_look *look,
			  struct censor_context *ctx);

/** censor_detectors_begin() - a stream's first message to those that read no more */
enum censor_found censor_detectors_begin(struct censor_flow *flow, const struct censor_look *look,
					 u64 sees, struct censor_context *ctx);

#endif
