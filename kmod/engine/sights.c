// SPDX-License-Identifier: GPL-2.0
/* What a flow is recognised as: the surest first, each with the bytes that showed it. */
#include "recognise-parts.h"

static u32 sights_count(const u16 *sights)
{
	u32 n = 0;

	while (n < CENSOR_SIGHTS_MAX && sights[n])
		n++;
	return n;
}

/* Return: false if it was seen as surely before. */
static bool sights_forget(struct censor_context *ctx, const struct censor_sight *sight)
{
	u32 n = sights_count(ctx->sights), i, before;

	for (i = 0; i < n; i++)
		if (CENSOR_PROTOCOL_OF(ctx->sights[i]) == sight->protocol)
			break;
	if (i == n)
		return true;
	if (CENSOR_CONFIDENCE_OF(ctx->sights[i]) >= sight->confidence)
		return false;
	before = (1u << i) - 1;
	ctx->fresh = (u8)((ctx->fresh & before) | (ctx->fresh >> 1 & ~before));
	for (; i + 1 < n; i++)
		ctx->sights[i] = ctx->sights[i + 1];
	ctx->sights[n - 1] = 0;
	return true;
}

/* Copied: a buffer's bytes can move before anyone asks. */
static void show(struct censor_context *ctx, const struct censor_sight *sight, const u8 *data)
{
	struct censor_evidence *evidence;

	if (ctx->n_evidence == CENSOR_SIGHTS_MAX)
		return;
	evidence = &ctx->evidence[ctx->n_evidence++];
	evidence->protocol = sight->protocol;
	evidence->at = sight->at;
	evidence->len = sight->len;
	if (sight->len)
		memcpy(evidence->bytes, data + sight->at,
		       min_t(u32, sight->len, CENSOR_EVIDENCE_SIZE));
}

bool censor_sights_add(struct censor_context *ctx, struct censor_flow *flow,
		       const struct censor_sight *sight, const u8 *data)
{
	u32 at, before, i;

	if (!sights_forget(ctx, sight))
		return false;
	for (at = 0; at < CENSOR_SIGHTS_MAX && ctx->sights[at]; at++)
		if (CENSOR_CONFIDENCE_OF(ctx->sights[at]) < sight->confidence)
			break;
	if (at == CENSOR_SIGHTS_MAX)
		return false;
	for (i = CENSOR_SIGHTS_MAX - 1; i > at; i--)
		ctx->sights[i] = ctx->sights[i - 1];
	ctx->sights[at] = CENSOR_PROTOCOL_NUMBER(sight->protocol, sight->confidence);
	before = (1u << at) - 1;
	ctx->fresh = (u8)((ctx->fresh & before) | 1u << at | ctx->fresh >> at << (at + 1));
	ctx->protocol = CENSOR_PROTOCOL_OF(ctx->sights[0]);
	show(ctx, sight, data);
	ctx->looked_up &= ~CENSOR_ATTRS_PROTOCOL;
	if (flow) {
		memcpy(flow->sights, ctx->sights, sizeof(flow->sights));
		/* Rules about it were tried with what was known before. */
		flow->matched &= ~CENSOR_ATTRS_PROTOCOL;
	}
	return true;
}

void censor_sights_begin(struct censor_context *ctx, struct censor_flow *flow, u8 protocol,
			 u8 confidence, const struct censor_look *look, u32 most)
{
	struct censor_sight sight;

	censor_saw(&sight, protocol, confidence, 0, min(look->len, most));
	censor_sights_add(ctx, flow, &sight, look->data);
}
