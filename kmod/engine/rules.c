// SPDX-License-Identifier: GPL-2.0
/* Rules over attributes; how a rule is found is told in seal.c. */
#include "chance.h"
#include "forge.h"
#include "rules.h"
#include "tcb.h"

#define NO_RULE	((u32)~0)

/*
 * Rules that one packet can have tried. What leads to more of them was written to cost time: the
 * rest are left out, and that is counted.
 */
#define TRIES_MAX	512

void censor_rules_text(struct censor_context *ctx, enum censor_attr attr, const u8 *text, u32 len)
{
	ctx->text[attr] = text;
	ctx->text_len[attr] = len;
	ctx->looked_up &= ~CENSOR_ATTR_BIT(attr);
}

void censor_rules_settle(struct censor_context *ctx)
{
	for (; ctx->settled < ctx->n_matches; ctx->settled++) {
		struct censor_match *match = &ctx->matches[ctx->settled];

		if (!match->value || censor_attr_kind(match->attr) != CENSOR_KIND_NAMES)
			continue;
		match->value_len = min_t(u16, match->value_len,
					 CENSOR_TOLD_SIZE - ctx->told_len);
		memcpy(ctx->told + ctx->told_len, match->value, match->value_len);
		match->value = ctx->told + ctx->told_len;
		ctx->told_len += match->value_len;
	}
	/* A name that is told of and would be read over is not told of. */
	ctx->name_len = 0;
}

#define VALUES_MAX	CENSOR_TLS_HAS_COUNT

/* What the flow is recognised as: what is news first, as events tell the first that matches. */
static u32 protocols_of(const struct censor_context *ctx, u16 value[VALUES_MAX])
{
	u32 n = 0, i;

	for (i = 0; i < CENSOR_SIGHTS_MAX && ctx->sights[i]; i++)
		if (ctx->fresh & 1u << i)
			value[n++] = ctx->sights[i];
	for (i = 0; i < CENSOR_SIGHTS_MAX && ctx->sights[i]; i++)
		if (!(ctx->fresh & 1u << i))
			value[n++] = ctx->sights[i];
	if (!n)
		value[n++] = CENSOR_PROTOCOL_NUMBER(CENSOR_PROTOCOL_UNKNOWN, 0);
	return n;
}

static u32 bits_of(u16 bits, u16 value[VALUES_MAX])
{
	u32 n = 0, i;

	for (i = 0; i < VALUES_MAX; i++)
		if (bits & 1u << i)
			value[n++] = (u16)i;
	return n;
}

/* The values of an attribute that is a number. Return: how many. */
static u32 numbers_of(const struct censor_policy *pol, const struct censor_packet_view *view,
		      const struct censor_context *ctx, u8 attr, u16 value[VALUES_MAX])
{
	BUILD_BUG_ON(VALUES_MAX < CENSOR_SIGHTS_MAX);
	switch (attr) {
	case CENSOR_ATTR_FROM:
		value[0] = censor_inside(pol, view->family, view->src) ? CENSOR_INSIDE :
									  CENSOR_OUTSIDE;
		return 1;
	case CENSOR_ATTR_CLIENT:
		value[0] = censor_inside(pol, view->family,
					 ctx->flow->key.addr[ctx->flow->client]) ?
			   CENSOR_INSIDE : CENSOR_OUTSIDE;
		return 1;
	case CENSOR_ATTR_PROTOCOL:
		return protocols_of(ctx, value);
	case CENSOR_ATTR_PROTO:
		value[0] = view->proto;
		return 1;
	case CENSOR_ATTR_PORT_SRC:
		value[0] = view->sport;
		return 1;
	case CENSOR_ATTR_PORT_DST:
		value[0] = view->dport;
		return 1;
	case CENSOR_ATTR_PORT:
		value[0] = view->dport;
		value[1] = view->sport;
		return 2;
	case CENSOR_ATTR_TLS_VERSION:
		value[0] = ctx->hello.version;
		return 1;
	case CENSOR_ATTR_TLS_HAS:
		return bits_of(ctx->hello.has, value);
	case CENSOR_ATTR_QUIC_VERSION:
		value[0] = ctx->quic.version;
		return 1;
	case CENSOR_ATTR_DNS_QCLASS:
		value[0] = ctx->question.class;
		return 1;
	case CENSOR_ATTR_DNS_QDCOUNT:
		value[0] = ctx->question.count;
		return 1;
	default:
		value[0] = ctx->question.type;
		return 1;
	}
}

/* The sets that a text is in; of a list, those that one of its items is in. */
static void find_text(const struct censor_policy *pol, const struct censor_context *ctx, u8 attr,
		      struct censor_hits *hits)
{
	const u8 *text = ctx->text[attr];
	u32 len = ctx->text_len[attr], from = 0, to;

	if (attr != CENSOR_ATTR_TLS_ALPN && attr != CENSOR_ATTR_TLS_CERT) {
		censor_names_find(&pol->names, text, len, hits);
		return;
	}
	for (to = 0; to <= len; to++) {
		if (to < len && text[to] != ',')
			continue;
		censor_names_find(&pol->names, text + from, to - from, hits);
		from = to + 1;
	}
}

/* The sets that an attribute's value is in; of numbers, those that lead to a rule. */
static const struct censor_hits *look_up(const struct censor_policy *pol,
					 const struct censor_packet_view *view,
					 struct censor_context *ctx, u8 attr)
{
	struct censor_hits *hits = &ctx->hits[attr];
	u16 value[VALUES_MAX];
	u32 n;

	if (ctx->looked_up & CENSOR_ATTR_BIT(attr))
		return hits;
	ctx->looked_up |= CENSOR_ATTR_BIT(attr);
	hits->n = 0;
	switch (censor_attr_kind(attr)) {
	case CENSOR_KIND_NAMES:
		find_text(pol, ctx, attr, hits);
		break;
	case CENSOR_KIND_PREFIXES:
		if (attr != CENSOR_ATTR_IP_SRC)
			censor_prefixes_find(&pol->prefixes, view->family, view->dst, hits);
		if (attr != CENSOR_ATTR_IP_DST)
			censor_prefixes_find(&pol->prefixes, view->family, view->src, hits);
		break;
	default:
		n = numbers_of(pol, view, ctx, attr, value);
		while (n--)
			censor_number_index_find(&pol->index[attr].numbers, value[n], hits);
	}
	return hits;
}

/* The first set of a condition that holds the attribute's value, or -1. */
static s32 holding_set(const struct censor_policy *pol, const struct censor_packet_view *view,
		       struct censor_context *ctx, const struct censor_cond *cond)
{
	const u16 *sets = pol->cond_sets + cond->first;
	const struct censor_hits *hits;
	u16 value[VALUES_MAX];
	u32 i, n, nth;

	if (censor_attr_kind(cond->attr) == CENSOR_KIND_NUMBERS) {
		n = numbers_of(pol, view, ctx, cond->attr, value);
		for (nth = 0; nth < n; nth++)
			for (i = 0; i < cond->n; i++)
				if (censor_numbers_has(&pol->numbers, sets[i], value[nth]))
					return sets[i];
		return -1;
	}
	hits = look_up(pol, view, ctx, cond->attr);
	for (i = 0; hits->n && i < cond->n; i++)
		if (censor_hits_has(hits, sets[i]))
			return sets[i];
	return -1;
}

static bool holds(const struct censor_policy *pol, const struct censor_packet_view *view,
		  struct censor_context *ctx, const struct censor_rule *rule)
{
	u32 i;

	for (i = 0; i < rule->n; i++) {
		const struct censor_cond *cond = &pol->conds[rule->first + i];

		if ((holding_set(pol, view, ctx, cond) < 0) != cond->negate)
			return false;
	}
	return true;
}

/*
 * Whether what is news of the flow's protocols is what the rule asks for. One that asks only for
 * what they are not is tried with any.
 */
static bool asks_for_news(const struct censor_policy *pol, const struct censor_context *ctx,
			  const struct censor_rule *rule)
{
	bool asks = false;
	u32 i, set, sight;

	for (i = 0; i < rule->n; i++) {
		const struct censor_cond *cond = &pol->conds[rule->first + i];

		if (cond->attr != CENSOR_ATTR_PROTOCOL || cond->negate)
			continue;
		asks = true;
		for (set = 0; set < cond->n; set++)
			for (sight = 0; sight < CENSOR_SIGHTS_MAX; sight++)
				if (ctx->fresh & 1u << sight &&
				    censor_numbers_has(&pol->numbers,
						       pol->cond_sets[cond->first + set],
						       ctx->sights[sight]))
					return true;
	}
	return !asks;
}

/* The first of ascending rules that is not before @from. */
static u32 first_from(const u32 *rules, u32 n, u32 from)
{
	u32 lo = 0, hi = n;

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (rules[mid] < from)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n ? rules[lo] : NO_RULE;
}

/* The next rule, not before @from, that the values of @attrs lead to. */
static u32 next_rule(const struct censor_policy *pol, const struct censor_packet_view *view,
		     struct censor_context *ctx, u32 attrs, u32 from)
{
	u32 attr, best = NO_RULE, i;

	for (attr = 0; attrs >> attr; attr++) {
		const struct censor_index *index = &pol->index[attr];
		const struct censor_hits *hits;

		if (!(attrs & CENSOR_ATTR_BIT(attr)) || !index->first)
			continue;
		hits = look_up(pol, view, ctx, attr);
		for (i = 0; i < hits->n; i++) {
			u32 at = index->first[hits->set[i]];
			u32 end = index->first[hits->set[i] + 1];

			best = min(best, first_from(index->rules + at, end - at, from));
		}
		best = min(best, first_from(index->unindexed, index->n_unindexed, from));
	}
	return best;
}

static struct censor_match *add_match(const struct censor_policy *pol, struct censor_context *ctx,
				      u32 rule, u16 actions)
{
	struct censor_match *match;

	if (ctx->n_matches == CENSOR_MATCHES_MAX) {
		ctx->counts |= 1u << CENSOR_COUNT_MATCHES;
		return NULL;
	}
	match = &ctx->matches[ctx->n_matches++];
	memset(match, 0, sizeof(*match));
	match->rule = rule;
	match->actions = actions;
	match->inject = pol->rules[rule].inject;
	match->set = -1;
	return match;
}

/* What a rule matched: the value of the attribute that it is filed under. */
static void tell_value(const struct censor_policy *pol, const struct censor_packet_view *view,
		       struct censor_context *ctx, const struct censor_rule *rule,
		       struct censor_match *match)
{
	u8 attr = rule->filed_attr;
	u16 value[VALUES_MAX];
	u32 n, i;

	match->attr = attr;
	if (rule->filed != CENSOR_NO_COND)
		match->set = holding_set(pol, view, ctx, &pol->conds[rule->first + rule->filed]);
	switch (censor_attr_kind(attr)) {
	case CENSOR_KIND_NAMES:
		match->value = ctx->text[attr];
		match->value_len = ctx->text_len[attr];
		break;
	case CENSOR_KIND_PREFIXES:
		match->value = view->dst;
		match->value_len = view->family == 4 ? 4 : 16;
		if (attr == CENSOR_ATTR_IP_SRC) {
			match->value = view->src;
		} else if (attr == CENSOR_ATTR_IP && match->set >= 0) {
			struct censor_hits dst = { .n = 0 };

			censor_prefixes_find(&pol->prefixes, view->family, view->dst, &dst);
			if (!censor_hits_has(&dst, match->set))
				match->value = view->src;
		}
		break;
	default:
		n = numbers_of(pol, view, ctx, attr, value);
		match->number = value[0];
		/* Of several, the first that is in the set. */
		for (i = 0; match->set >= 0 && i < n; i++) {
			if (!censor_numbers_has(&pol->numbers, match->set, value[i]))
				continue;
			match->number = value[i];
			break;
		}
	}
}

/*
 * What can be done to this packet: RSTs answer TCP, and never a RST; forged answers, datagrams; and
 * what stays in a flow needs one.
 */
static u16 possible(const struct censor_packet_view *view, const struct censor_context *ctx,
		    const struct censor_rule *rule, u16 actions)
{
	bool tcp = view->proto == CENSOR_PROTO_TCP && !view->fragment;

	if (!tcp || view->tcp_flags & CENSOR_TCP_RST)
		actions &= ~CENSOR_DO_INJECT;
	if (!tcp)
		actions &= ~CENSOR_DO_REWRITE;
	if (view->proto != CENSOR_PROTO_UDP || view->fragment)
		actions &= ~CENSOR_DO_FORGE;
	if (!ctx->flow)
		actions &= ~CENSOR_DO_MARK;
	if (!ctx->flow && rule->police.per == CENSOR_PER_FLOW)
		actions &= ~CENSOR_DO_POLICE;
	return actions;
}

/* Nor does an inject answer what could be its own. Most rules of a policy have the same inject. */
static u16 unless_alike(const struct censor_policy *pol, const struct censor_packet_view *view,
			struct censor_context *ctx, u32 inject, u16 actions)
{
	if (!(actions & CENSOR_DO_INJECT))
		return actions;
	if (ctx->alike_asked != inject + 1) {
		ctx->alike_asked = (u16)(inject + 1);
		ctx->alike = censor_forge_alike(pol, &pol->injects[inject], view,
						&ctx->alikes_left);
	}
	return ctx->alike ? actions & ~CENSOR_DO_INJECT : actions;
}

/* What nothing is done to now nothing can go on with. */
static u16 can_stay(const struct censor_rule *rule, u16 actions)
{
	if (rule->residual.act == CENSOR_RESIDUAL_SAME &&
	    !(actions & (CENSOR_DO_HARM | CENSOR_DO_SHAPE)))
		actions &= ~CENSOR_DO_RESIDUAL;
	return actions;
}

u16 censor_rules_run(const struct censor_policy *pol, const struct censor_packet_view *view,
		     struct censor_context *ctx, u32 present, u32 fresh)
{
	u32 attrs = fresh & CENSOR_ATTRS_PACKET ? CENSOR_ATTRS_PACKET :
						  present & ~CENSOR_ATTRS_PACKET;
	u32 rule = 0, tries = 0;
	u16 all = 0;

	if (!ctx->flow || !censor_flow_client_known(ctx->flow)) {
		present &= ~CENSOR_ATTR_BIT(CENSOR_ATTR_CLIENT);
		attrs &= ~CENSOR_ATTR_BIT(CENSOR_ATTR_CLIENT);
	}
	attrs &= pol->attrs;
	while ((rule = next_rule(pol, view, ctx, attrs, rule)) != NO_RULE) {
		const struct censor_rule *r = &pol->rules[rule];
		struct censor_match *match;
		u16 actions;

		if (++tries > TRIES_MAX) {
			ctx->counts |= 1u << CENSOR_COUNT_MATCHES;
			break;
		}
		rule++;
		if (!censor_rule_active(r, ctx->era) || r->phases & ctx->asked)
			continue;
		if (r->attrs & ~present || !(r->attrs & fresh) || !holds(pol, view, ctx, r))
			continue;
		if ((r->attrs & fresh) == CENSOR_ATTRS_PROTOCOL && ctx->fresh &&
		    !asks_for_news(pol, ctx, r))
			continue;
		actions = can_stay(r, possible(view, ctx, r, r->actions));
		if (!actions || !censor_chance_hits(pol, rule - 1, view, ctx))
			continue;
		actions = can_stay(r, unless_alike(pol, view, ctx, r->inject, actions));
		if (!actions)
			continue;
		match = add_match(pol, ctx, rule - 1, actions);
		if (match) {
			tell_value(pol, view, ctx, r, match);
		} else {
			ctx->untold_rule = rule - 1;
			ctx->untold_actions = actions;
		}
		all |= actions;
		if (actions & (CENSOR_DO_DROP | CENSOR_DO_PASS | CENSOR_DO_REWRITE |
			       CENSOR_DO_FREEZE))
			break;
	}
	return all;
}

void censor_rules_sample(const struct censor_policy *pol, const struct censor_packet_view *view,
			 struct censor_context *ctx, u32 rule, bool back)
{
	struct censor_match *match = add_match(pol, ctx, rule, CENSOR_DO_LOG);

	if (!match)
		return;
	match->sample = true;
	/* The end that the packet that matched went to: what was said in it is gone. */
	match->attr = back ? CENSOR_ATTR_IP_SRC : CENSOR_ATTR_IP_DST;
	match->value = back ? view->src : view->dst;
	match->value_len = view->family == 4 ? 4 : 16;
}

u16 censor_rules_block_does(const struct censor_rule *rule, bool back)
{
	u8 to = back ? CENSOR_TO_CLIENT : CENSOR_TO_SERVER;
	u16 actions = rule->actions & (CENSOR_DO_HARM | CENSOR_DO_SHAPE);

	switch (rule->residual.act) {
	case CENSOR_RESIDUAL_DROP:
		return CENSOR_DO_DROP;
	case CENSOR_RESIDUAL_INJECT:
		return CENSOR_DO_INJECT;
	default:
		/* What froze stays frozen. */
		if (actions & CENSOR_DO_FREEZE)
			return CENSOR_DO_DROP;
		if (!(rule->drop_to & to))
			actions &= ~CENSOR_DO_DROP;
		if (!(rule->rewrite_to & to))
			actions &= ~CENSOR_DO_REWRITE;
		return actions;
	}
}

u16 censor_rules_block_injects(const struct censor_rule *rule)
{
	return rule->residual.act == CENSOR_RESIDUAL_INJECT ? rule->residual.inject : rule->inject;
}

u16 censor_rules_block(const struct censor_policy *pol, const struct censor_packet_view *view,
		       struct censor_context *ctx, u32 rule, bool back, bool first)
{
	const struct censor_rule *r;
	struct censor_match *match;
	u16 actions, inject;

	if (rule >= pol->n_rules)
		return 0;
	r = &pol->rules[rule];
	inject = censor_rules_block_injects(r);
	actions = possible(view, ctx, r, censor_rules_block_does(r, back));
	actions = unless_alike(pol, view, ctx, inject, actions);
	if (actions & CENSOR_DO_INJECT || (actions && first)) {
		match = add_match(pol, ctx, rule, actions);
		if (match) {
			match->inject = inject;
			match->residual = true;
			match->attr = CENSOR_ATTR_IP_DST;
			match->value = view->dst;
			match->value_len = view->family == 4 ? 4 : 16;
		}
	}
	return actions;
}
