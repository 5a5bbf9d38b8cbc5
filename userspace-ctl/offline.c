// SPDX-License-Identifier: GPL-2.0
#include "offline.h"

#define GENERATION	1	/* one policy from beginning to end */

/* Flows whose first message is incomplete are few: one buffer for so many flows, but at least… */
#define FLOWS_PER_BUFFER	16
#define BUFFERS_MIN		1024

static void give_back(struct offline *host, u8 *buffer)
{
	if (!buffer)
		return;
	memcpy(buffer, &host->spares, sizeof(host->spares));
	host->spares = buffer;
}

static u8 *take_buffer(struct offline *host)
{
	u8 *buffer = host->spares;

	if (buffer) {
		memcpy(&host->spares, buffer, sizeof(host->spares));
		return buffer;
	}
	if (host->buffers == host->buffers_max)
		return NULL;
	buffer = malloc(CENSOR_BUFFER_SIZE);
	if (buffer)
		host->buffers++;
	return buffer;
}

static void flow_leaves(void *arg, struct offline_flow *flow)
{
	struct offline *host = arg;

	flow_report_add(host->report, &flow->engine.key, &flow->summary);
	give_back(host, flow->engine.buffer);
	flow->engine.buffer = NULL;
}

int offline_init(struct offline *host, const struct censor_policy *policy, u32 max_flows,
		 struct flow_report *report)
{
	memset(host, 0, sizeof(*host));
	host->policy = policy;
	host->report = report;
	host->ctx.report = true;
	host->buffers_max = max(max_flows / FLOWS_PER_BUFFER, (u32)BUFFERS_MIN);
	return flowtable_init(&host->flows, max_flows, flow_leaves, host);
}

void offline_free(struct offline *host)
{
	struct offline_flow *flow;
	u32 at = FLOWTABLE_BEGIN;

	while ((flow = flowtable_next(&host->flows, &at)))
		give_back(host, flow->engine.buffer);
	flowtable_free(&host->flows);
	residuals_free(&host->residuals);
	give_back(host, host->ctx.spare);
	host->ctx.spare = NULL;
	while (host->spares)
		free(take_buffer(host));
}

/*
 * The link's padding behind a packet is no part of it. A packet captured before the network card
 * cut it into segments has no length in its header: it is as long as the frame.
 */
static bool packet_length(const struct capture_packet *packet, u32 *wire)
{
	const u8 *ip = packet->data + packet->ip;
	u32 len;

	*wire = packet->wire;
	if (packet->cap >= 4 && ip[0] >> 4 == 4) {
		len = censor_get16(ip + 2);
	} else if (packet->cap >= 8 && ip[0] >> 4 == 6) {
		len = censor_get16(ip + 4);
		if (!len && ip[6] == CENSOR_PROTO_TCP)
			return true;
		len += 40;
	} else {
		return false;
	}
	if (!len)
		return true;
	*wire = min(*wire, len);
	return false;
}

/* The packet's headers into host->view, its flow into host->flow. Return: false if there is none */
static bool find_flow(struct offline *host, const struct capture_packet *packet)
{
	struct censor_key key;
	u32 wire;
	bool gso, fresh;

	host->flow = NULL;
	if (!packet->cap) {
		host->counts.not_ip++;
		return false;
	}
	gso = packet_length(packet, &wire);
	/* What the frame had less than the header says is missing for good: it is malformed. */
	if (censor_packet_parse(&host->view, packet->data + packet->ip, packet->cap, wire, gso)) {
		host->counts.unread++;
		return false;
	}
	censor_packet_key(&host->view, &key);
	host->flow = flowtable_get(&host->flows, &key, &fresh);
	if (!host->flow)
		host->counts.no_flow++;
	else if (fresh)
		censor_flow_start(&host->flow->engine, &key, GENERATION);
	return true;
}

static void count(struct offline *host)
{
	u32 i;

	for (i = 0; i < CENSOR_COUNTS; i++)
		host->counts.engine[i] += host->ctx.counts >> i & 1;
}

static void set_blocks(struct offline *host, u64 now)
{
	const struct censor_context *ctx = &host->ctx;
	u32 i;

	for (i = 0; i < ctx->n_matches; i++) {
		const struct censor_match *match = &ctx->matches[i];
		struct censor_block block;

		if (!(match->actions & CENSOR_DO_RESIDUAL))
			continue;
		censor_block_set(host->policy, GENERATION, match, now, &block);
		residuals_set(&host->residuals, host->policy->rules[match->rule].tuple, &host->view,
			      &block, now);
	}
}

static void judge(struct offline *host, const struct capture_packet *packet)
{
	struct censor_flow *flow = host->flow ? &host->flow->engine : NULL;
	const struct censor_block *block = NULL;
	struct censor_context *ctx = &host->ctx;

	if (censor_flow_wants_block(flow, &host->view, host->residuals.set))
		block = residuals_find(&host->residuals, host->policy->tuples, &host->view,
				       packet->now);
	if (!ctx->spare)
		ctx->spare = take_buffer(host);
	ctx->returned = NULL;
	censor_inspect(host->policy, GENERATION, flow, &host->view, block, host->residuals.set,
		       packet->now, ctx);
	give_back(host, ctx->returned);
	ctx->returned = NULL;
	if (ctx->counts)
		count(host);
	set_blocks(host, packet->now);
}

enum offline_verdict offline_judge(struct offline *host, const struct capture_packet *packet,
				   bool *drop)
{
	struct flow_summary *summary = NULL;
	enum censor_fate fate;

	*drop = false;
	if (!find_flow(host, packet))
		return OFFLINE_UNJUDGED;
	if (host->flow) {
		summary = &host->flow->summary;
		fate = censor_flow_decided(&host->flow->engine, &host->view, GENERATION,
					   host->residuals.set, packet->now);
		if (fate != CENSOR_FATE_OPEN) {
			flow_summary_packet(summary, packet->frame, &host->view);
			*drop = fate == CENSOR_FATE_DROP;
			return OFFLINE_DECIDED;
		}
	}
	judge(host, packet);
	*drop = host->ctx.drop;
	if (!summary)
		return OFFLINE_JUDGED;
	if (host->ctx.started && summary->packets) {
		flow_report_add(host->report, &host->flow->engine.key, summary);
		flow_summary_restart(summary);
	}
	flow_summary_packet(summary, packet->frame, &host->view);
	flow_summary_judged(summary, &host->flow->engine, &host->ctx);
	return OFFLINE_JUDGED;
}

int offline_finish(struct offline *host)
{
	return flowtable_finish(&host->flows);
}
