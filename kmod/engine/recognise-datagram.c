// SPDX-License-Identifier: GPL-2.0
/* What datagrams are by their first message: queries, and the ClientHellos in QUIC's Initials. */
#include "recognise-parts.h"
#include "stream.h"

/* Bytes that tell them. */
#define DNS_SHOWS	12
#define QUIC_SHOWS	6

u32 censor_recognise_query(const struct censor_policy *pol, struct censor_flow *flow,
			   const struct censor_packet_view *view, struct censor_context *ctx,
			   struct censor_message *message)
{
	const struct censor_look look = censor_look_at(pol, flow, view);

	if (message->used)
		message->found = censor_dns_next(&look, &ctx->question);
	else
		message->found = censor_dns_question(&look, &ctx->question);
	if (message->found != CENSOR_FOUND_ALL)
		return 0;
	message->used = ctx->question.end;
	if (!ctx->sights[0])
		censor_sights_begin(ctx, flow, CENSOR_PROTOCOL_DNS, CENSOR_CONFIDENCE_SURE, &look,
				    DNS_SHOWS);
	ctx->protocol = CENSOR_PROTOCOL_DNS;
	return censor_tell_question(ctx) | CENSOR_ATTRS_PROTOCOL;
}

/* Return: whether another Initial may be decrypted in this second. */
static bool quic_may(const struct censor_policy *pol, struct censor_context *ctx)
{
	u32 second = (u32)(ctx->now >> 30), rate = pol->detect.quic_rate;

	if (!rate)
		return true;
	if (second != censor_counter_read(&ctx->shared->quic_second)) {
		censor_counter_set(&ctx->shared->quic_second, second);
		censor_counter_set(&ctx->shared->quic_count, 0);
	}
	/* 2^30 ns are 1.0737 s. */
	if (censor_counter_read(&ctx->shared->quic_count) < rate + rate / 15)
		return true;
	ctx->counts |= 1u << CENSOR_COUNT_QUIC_RATE;
	return false;
}

/* The CRYPTO bytes of a flow's datagrams so far, or of this one alone. */
static struct censor_quic_hello *quic_hello(const struct censor_policy *pol,
					    const struct censor_flow *flow,
					    struct censor_context *ctx)
{
	BUILD_BUG_ON(sizeof(struct censor_quic_hello) > CENSOR_BUFFER_SIZE);
	if (flow->buffer && pol->detect.quic_assemble == CENSOR_QUIC_ASSEMBLE_FLOW)
		return flow->buffer;
	ctx->crypto.n = 0;
	return &ctx->crypto;
}

/* Keep them until another datagram comes. Return: false if that can't be. */
static bool quic_keep(const struct censor_policy *pol, struct censor_flow *flow,
		      struct censor_context *ctx)
{
	void *buffer;

	if (flow->buffer)
		return true;
	if (pol->detect.quic_assemble != CENSOR_QUIC_ASSEMBLE_FLOW)
		return false;
	buffer = censor_stream_spare(ctx);
	if (!buffer) {
		ctx->counts |= 1u << CENSOR_COUNT_NO_BUFFER;
		return false;
	}
	memcpy(buffer, &ctx->crypto, sizeof(ctx->crypto));
	flow->buffer = buffer;
	return true;
}

/* Any other version is four bytes that could be anything. */
static u8 quic_confidence(const struct censor_quic_seen *seen)
{
	return seen->version == CENSOR_QUIC_OTHER || seen->version == CENSOR_QUIC_NEGOTIATION ?
	       CENSOR_CONFIDENCE_GUESS : CENSOR_CONFIDENCE_SURE;
}

u32 censor_recognise_quic(const struct censor_policy *pol, struct censor_flow *flow,
			  const struct censor_packet_view *view, struct censor_context *ctx,
			  struct censor_message *message)
{
	const struct censor_look look = censor_look_at(pol, flow, view);
	struct censor_quic_hello *crypto;
	u32 told = CENSOR_ATTR_BIT(CENSOR_ATTR_QUIC_VERSION) | CENSOR_ATTRS_PROTOCOL, i;

	message->found = censor_quic_looks(&look, &ctx->quic);
	if (message->found == CENSOR_FOUND_NOT)
		return 0;
	censor_sights_begin(ctx, flow, CENSOR_PROTOCOL_QUIC, quic_confidence(&ctx->quic), &look,
			    QUIC_SHOWS);
	if (message->found != CENSOR_FOUND_ALL || !quic_may(pol, ctx))
		return told;
	crypto = quic_hello(pol, flow, ctx);
	message->found = censor_quic_initial(&look, &ctx->scratch, crypto, &ctx->quic);
	for (i = 0; i < ctx->quic.decrypted; i++)
		censor_counter_up(&ctx->shared->quic_count);
	if (message->found == CENSOR_FOUND_ALL) {
		message->found = censor_tls_hello(crypto->bytes, crypto->span[0].to, true,
						  censor_tell_wants(pol, ctx), &ctx->hello);
		told |= censor_tell_hello(CENSOR_ATTR_QUIC_SNI, ctx);
	}
	if (message->found == CENSOR_FOUND_MORE && !quic_keep(pol, flow, ctx))
		message->found = CENSOR_FOUND_NOT;
	return told;
}
