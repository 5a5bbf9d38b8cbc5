// SPDX-License-Identifier: GPL-2.0
/* Forged packets: one after the other for each match of a verdict. */
#include "forge-parts.h"
#include "chance.h"

void censor_forge_start(struct censor_forger *forger, const struct censor_policy *pol,
			const struct censor_flow *flow, const struct censor_packet_view *view,
			const struct censor_context *ctx)
{
	struct censor_packet_view copy = *view;
	struct censor_key key;

	memset(forger, 0, sizeof(*forger));
	forger->pol = pol;
	forger->view = view;
	forger->ctx = ctx;
	if (!ctx->n_matches)
		return;
	censor_packet_key(&copy, &key);
	forger->hash = censor_key_hash(&key);
	forger->random = forger->hash ^ pol->seed * 0x9e3779b97f4a7c15ull;
	forger->random += flow ? flow->packets : view->seq + view->ip_id;
	censor_draw(&forger->random);
}

static void next_match(struct censor_forger *f)
{
	f->match++;
	f->packet = 0;
	f->copy = 0;
	f->side = 0;
	f->sent = 0;
	f->page_at = 0;
	f->brought[0] = 0;
	f->brought[1] = 0;
	f->delay_us = 0;
}

u32 censor_forge_next(struct censor_forger *f, u8 *buf)
{
	/* However many rules matched: one packet is not to become thousands. */
	if (f->total == CENSOR_SENT_MAX)
		return 0;
	for (; f->match < f->ctx->n_matches; next_match(f)) {
		const struct censor_match *match = &f->ctx->matches[f->match];
		u32 len = 0;

		if (match->actions & CENSOR_DO_INJECT)
			len = censor_forge_tcp(f, &f->pol->injects[match->inject], buf);
		else if (match->actions & CENSOR_DO_FORGE && !f->sent)
			len = censor_forge_answer(f, &f->pol->rules[match->rule].forge, buf);
		if (!len)
			continue;
		f->sent++;
		f->total++;
		return len;
	}
	return 0;
}
