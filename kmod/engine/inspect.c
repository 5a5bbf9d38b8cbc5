// SPDX-License-Identifier: GPL-2.0
/* One packet's way through the censor. */
#include "inspect.h"
#include "rules.h"
#include "stream.h"

#define SECOND		1000000000ull
#define CLIENT_BOTH	2

#define SEEN(dir)	(1u << (dir))
#define DROPS(dir)	(4u << (dir))
#define PASSED		0x10u

void censor_flow_start(struct censor_flow *flow, const struct censor_key *key, u32 generation)
{
	flow->key = *key;
	flow->generation = generation;
}

u64 censor_flow_timeout(const struct censor_flow *flow)
{
	if (flow->key.proto != CENSOR_PROTO_TCP)
		return 60 * SECOND;
	if (flow->closing)
		return 10 * SECOND;
	/* A handshake that nothing came after: a scan, a flood, or a server that is not there. */
	if (flow->packets < 3)
		return 60 * SECOND;
	return 600 * SECOND;
}

static bool expired(const struct censor_flow *flow, u64 now)
{
	return flow->packets && now > flow->last && now - flow->last > censor_flow_timeout(flow);
}

static void count_packet(struct censor_flow *flow, const struct censor_packet_view *view, u64 now)
{
	flow->packets++;
	flow->last = now;
	if (view->proto == CENSOR_PROTO_TCP &&
	    view->tcp_flags & (CENSOR_TCP_FIN | CENSOR_TCP_RST))
		flow->closing = true;
}

enum censor_fate censor_flow_decided(struct censor_flow *flow,
				     const struct censor_packet_view *view, u32 generation,
				     u32 blocks, u64 now)
{
	enum censor_fate fate = CENSOR_FATE_OPEN;

	if (flow->generation != generation || flow->blocks[view->dir] != blocks ||
	    flow->block_until[view->dir] > now || !(flow->seen & SEEN(view->dir)) ||
	    view->tcp_flags & CENSOR_TCP_SYN || expired(flow, now))
		return fate;
	if (flow->seen & DROPS(view->dir) || flow->stage == CENSOR_STAGE_BLOCKED)
		fate = CENSOR_FATE_DROP;
	else if (flow->stage == CENSOR_STAGE_DONE)
		fate = CENSOR_FATE_PASS;
	else if (flow->stage == CENSOR_STAGE_STREAM && flow->client != CLIENT_BOTH &&
		 (flow->client != view->dir || !view->len))
		fate = CENSOR_FATE_PASS;
	if (fate != CENSOR_FATE_OPEN)
		count_packet(flow, view, now);
	return fate;
}

/* The conversation is forgotten; residual blocks are on its ends, and those are the same. */
static void forget(struct censor_flow *flow, struct censor_context *ctx)
{
	struct censor_flow old = *flow;

	censor_stream_end(flow, ctx, CENSOR_STAGE_NEW);
	memset(flow, 0, sizeof(*flow));
	censor_flow_start(flow, &old.key, old.generation);
	memcpy(flow->blocks, old.blocks, sizeof(flow->blocks));
	memcpy(flow->block_until, old.block_until, sizeof(flow->block_until));
	memcpy(flow->block_rule, old.block_rule, sizeof(flow->block_rule));
	ctx->started = true;
}

/*
 * Another policy is in force. Of a stream whose first message is still awaited the new one can
 * judge all; of one that was judged it has not seen what it would have to.
 */
static void judge_anew(struct censor_flow *flow, u32 generation, struct censor_context *ctx)
{
	flow->generation = generation;
	flow->seen = 0;
	flow->matched = 0;
	memset(flow->blocks, 0, sizeof(flow->blocks));
	memset(flow->block_until, 0, sizeof(flow->block_until));
	if (flow->key.proto != CENSOR_PROTO_TCP)
		flow->stage = CENSOR_STAGE_NEW;
	else if (flow->stage == CENSOR_STAGE_BLOCKED)
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
}

static void set_name(struct censor_context *ctx, u8 protocol, const u8 *name, u32 len)
{
	ctx->protocol = protocol;
	ctx->name = name;
	ctx->name_len = len;
}

/* Residual blocking. Return: whether the packet's fate is settled by it. */
static bool judge_block(const struct censor_policy *pol, struct censor_flow *flow,
			const struct censor_packet_view *view, const struct censor_block *block,
			u32 blocks, u64 now, struct censor_context *ctx)
{
	u64 until = block ? block->until : 0;
	u32 rule = block ? block->rule : 0;
	bool first = true;
	u8 actions;

	if (flow) {
		u8 dir = view->dir;

		first = ctx->started ||
			(censor_flow_wants_block(flow, view, blocks) &&
			 (!flow->block_until[dir] || flow->block_rule[dir] != rule));
		if (censor_flow_wants_block(flow, view, blocks)) {
			flow->blocks[dir] = blocks;
			flow->block_until[dir] = until;
			flow->block_rule[dir] = rule;
		}
		until = flow->block_until[dir];
		rule = flow->block_rule[dir];
	}
	if (until <= now)
		return false;
	actions = censor_rules_block(pol, view, ctx, rule, first);
	if (actions & CENSOR_DO_DROP)
		ctx->drop = true;
	return actions;
}

/* Return: whether the packet's fate is settled by it. */
static bool judge_addresses(const struct censor_policy *pol, struct censor_flow *flow,
			    const struct censor_packet_view *view, struct censor_context *ctx)
{
	u8 done = 0;

	if (flow && flow->seen & SEEN(view->dir)) {
		ctx->drop = flow->seen & DROPS(view->dir);
		return ctx->drop;
	}
	if (pol->attrs & CENSOR_ATTRS_PACKET)
		done = censor_rules_run(pol, view, ctx, CENSOR_ATTRS_PACKET, CENSOR_ATTRS_PACKET);
	ctx->drop = done & CENSOR_DO_DROP;
	if (!flow)
		return done & (CENSOR_DO_DROP | CENSOR_DO_PASS);
	flow->seen |= SEEN(view->dir);
	if (done & CENSOR_DO_DROP)
		flow->seen |= DROPS(view->dir);
	if (done & CENSOR_DO_PASS) {
		flow->seen |= SEEN(0) | SEEN(1) | PASSED;
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
	}
	return ctx->drop;
}

static void judge_datagram(const struct censor_policy *pol, struct censor_flow *flow,
			   const struct censor_packet_view *view, struct censor_context *ctx)
{
	bool wanted = ctx->report || pol->attrs & CENSOR_ATTRS_DNS;
	u8 done;

	if (flow && flow->stage == CENSOR_STAGE_NEW) {
		flow->stage = CENSOR_STAGE_DONE;
		if (wanted && (view->sport == 53 || view->dport == 53)) {
			flow->stage = CENSOR_STAGE_STREAM;
			flow->client = view->dport == 53 ? view->dir : !view->dir;
			if (view->sport == view->dport)
				flow->client = CLIENT_BOTH;
		}
	}
	if (!wanted || view->dport != 53 || !view->cap ||
	    (flow && flow->stage == CENSOR_STAGE_DONE))
		return;
	switch (censor_dns_question(view->payload, view->cap, &ctx->question)) {
	case CENSOR_FOUND_ALL:
		break;
	case CENSOR_FOUND_BAD:
		ctx->counts |= 1u << CENSOR_COUNT_MALFORMED;
		return;
	default:
		return;
	}
	if (flow)
		flow->protocol = CENSOR_PROTOCOL_DNS;
	set_name(ctx, CENSOR_PROTOCOL_DNS, ctx->question.name, ctx->question.name_len);
	censor_rules_text(ctx, CENSOR_ATTR_DNS_QNAME, ctx->question.name,
			  ctx->question.name_len);
	done = censor_rules_run(pol, view, ctx, CENSOR_ATTRS_PACKET | CENSOR_ATTRS_DNS,
				CENSOR_ATTRS_DNS);
	if (done & CENSOR_DO_DROP)
		ctx->drop = true;
}

/* Which attributes a client's bytes have shown; @found says whether more can come. */
static u32 detect(struct censor_context *ctx, const u8 *data, u32 len, enum censor_found *found)
{
	u16 sni_len;
	u32 attrs = 0;

	*found = censor_tls_sni(data, len, ctx->sni, &sni_len);
	if (*found != CENSOR_FOUND_NOT) {
		ctx->protocol = CENSOR_PROTOCOL_TLS;
		if (*found == CENSOR_FOUND_ALL && sni_len) {
			set_name(ctx, CENSOR_PROTOCOL_TLS, ctx->sni, sni_len);
			censor_rules_text(ctx, CENSOR_ATTR_TLS_SNI, ctx->sni, sni_len);
			attrs = CENSOR_ATTRS_TLS;
		}
		return attrs;
	}
	*found = censor_http_request(data, len, &ctx->request);
	if (ctx->request.target_len) {
		ctx->protocol = CENSOR_PROTOCOL_HTTP;
		censor_rules_text(ctx, CENSOR_ATTR_HTTP_TARGET, ctx->request.target,
				  ctx->request.target_len);
		attrs |= CENSOR_ATTR_BIT(CENSOR_ATTR_HTTP_TARGET);
	}
	if (ctx->request.host_len) {
		set_name(ctx, CENSOR_PROTOCOL_HTTP, ctx->request.host, ctx->request.host_len);
		censor_rules_text(ctx, CENSOR_ATTR_HTTP_HOST, ctx->request.host,
				  ctx->request.host_len);
		attrs |= CENSOR_ATTR_BIT(CENSOR_ATTR_HTTP_HOST);
	}
	return attrs;
}

static void judge_stream(const struct censor_policy *pol, struct censor_flow *flow,
			 const struct censor_packet_view *view, struct censor_context *ctx)
{
	enum censor_found found;
	u32 attrs, len;
	const u8 *data;
	u8 done = 0;

	if (flow->stage != CENSOR_STAGE_STREAM ||
	    !censor_stream_feed(flow, view, ctx, &data, &len))
		return;
	attrs = detect(ctx, data, len, &found);
	flow->protocol = ctx->protocol;
	if (attrs & ~flow->matched) {
		done = censor_rules_run(pol, view, ctx, CENSOR_ATTRS_PACKET | attrs,
					attrs & ~flow->matched);
		flow->matched |= attrs;
	}
	if (done & CENSOR_DO_DROP) {
		ctx->drop = true;
		censor_stream_end(flow, ctx, CENSOR_STAGE_BLOCKED);
	} else if (done & ~CENSOR_DO_LOG || found != CENSOR_FOUND_MORE) {
		if (found == CENSOR_FOUND_BAD)
			ctx->counts |= 1u << CENSOR_COUNT_MALFORMED;
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
	} else {
		censor_stream_keep(flow, view, ctx, data, len);
	}
}

static void judge_tcp(const struct censor_policy *pol, struct censor_flow *flow,
		      const struct censor_packet_view *view, struct censor_context *ctx)
{
	bool wanted = ctx->report || pol->attrs & CENSOR_ATTRS_STREAM;

	/* Without this the handshake would open the stream of a flow that a rule let pass. */
	if (!wanted || flow->seen & PASSED || (flow->stage == CENSOR_STAGE_NEW && view->len))
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
	judge_stream(pol, flow, view, ctx);
}

void censor_inspect(const struct censor_policy *pol, u32 generation, struct censor_flow *flow,
		    const struct censor_packet_view *view, const struct censor_block *block,
		    u32 blocks, u64 now, struct censor_context *ctx)
{
	ctx->returned = NULL;
	ctx->drop = false;
	ctx->started = false;
	ctx->n_matches = 0;
	ctx->counts = 0;
	ctx->looked_up = 0;
	ctx->name_len = 0;

	if (flow) {
		if (expired(flow, now) || (flow->packets && view->proto == CENSOR_PROTO_TCP &&
					   censor_stream_begins(flow, view)))
			forget(flow, ctx);
		if (flow->generation != generation)
			judge_anew(flow, generation, ctx);
		count_packet(flow, view, now);
		/* Before any rule can drop it: else the same SYN again would begin anew. */
		if (view->proto == CENSOR_PROTO_TCP && !view->fragment)
			censor_stream_handshake(flow, view);
	}
	ctx->protocol = flow ? flow->protocol : CENSOR_PROTOCOL_UNKNOWN;
	if (judge_block(pol, flow, view, block, blocks, now, ctx))
		return;
	if (flow && flow->stage == CENSOR_STAGE_BLOCKED) {
		ctx->drop = true;
		return;
	}
	if (judge_addresses(pol, flow, view, ctx))
		return;
	if (view->proto == CENSOR_PROTO_UDP && !view->fragment)
		judge_datagram(pol, flow, view, ctx);
	else if (!flow)
		return;
	else if (view->proto == CENSOR_PROTO_TCP && !view->fragment)
		judge_tcp(pol, flow, view, ctx);
	else
		flow->stage = CENSOR_STAGE_DONE;
}

void censor_block_set(const struct censor_policy *pol, u32 generation,
		      const struct censor_match *match, u64 now, struct censor_block *block)
{
	block->until = now + pol->rules[match->rule].residual_ms * 1000000ull;
	block->rule = match->rule;
	block->generation = generation;
}
