// SPDX-License-Identifier: GPL-2.0
#include "offline.h"

#define SECOND		1000000000ull
#define GENERATION	1	/* one policy from beginning to end */

/* Flows whose first message is incomplete are few: one buffer for so many flows, but at least… */
#define FLOWS_PER_BUFFER	16
#define BUFFERS_MIN		1024

static void give_back(struct offline *host, void *buffer)
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

int offline_init(struct offline *host, const struct censor_policy *policy, u8 phase, u32 max_flows,
		 struct flow_report *report)
{
	memset(host, 0, sizeof(*host));
	host->policy = policy;
	host->report = report;
	host->era = CENSOR_ERA(GENERATION, CENSOR_PHASE_WORD(phase, 0));
	host->ctx.report = CENSOR_REPORT_NAMES;
	host->buffers_max = max(max_flows / FLOWS_PER_BUFFER, (u32)BUFFERS_MIN);
	host->longest = UINT64_MAX / 4 / policy->clock;
	held_init(&host->fate.before);
	datagrams_init(&host->datagrams);
	host->ctx.shared = calloc(1, censor_shared_size(policy));
	host->tallies = calloc(policy->n_rules + 1, sizeof(*host->tallies));
	if (host->ctx.shared && host->tallies &&
	    !flowtable_init(&host->flows, max_flows, flow_leaves, host))
		return 0;
	free(host->tallies);
	free(host->ctx.shared);
	return -ENOMEM;
}

void offline_free(struct offline *host)
{
	struct offline_flow *flow;
	u32 at = FLOWTABLE_BEGIN;

	while ((flow = flowtable_next(&host->flows, &at)))
		give_back(host, flow->engine.buffer);
	flowtable_free(&host->flows);
	residuals_free(&host->residuals);
	datagrams_free(&host->datagrams);
	held_free(&host->fate.before);
	free(host->ctx.shared);
	free(host->tallies);
	give_back(host, host->ctx.spare);
	host->ctx.spare = NULL;
	while (host->spares)
		free(take_buffer(host));
}

/* Return: false if the packet's headers can't be read. */
static bool parse(struct offline *host, const struct capture_packet *packet)
{
	u32 wire = packet->wire;

	if (!packet->cap) {
		host->counts.not_ip++;
		return false;
	}
	host->ip = packet->data + packet->ip;
	host->gso = outer_length(host->ip, packet->cap, &wire);
	host->cap = packet->cap;
	/* What the frame had less than the header says is missing for good: it is malformed. */
	if (!censor_packet_parse(&host->view, host->ip, packet->cap, wire, host->gso))
		return true;
	host->counts.unread++;
	return false;
}

/* The datagram that fragments have become takes the last one's place. */
static void become_whole(struct offline *host, struct censor_frags *frags)
{
	u32 len;

	host->ip = censor_frags_packet(frags, &len);
	host->cap = len;
	host->gso = false;
	/* It was parsed when it was put together, or it would not be whole. */
	censor_packet_parse(&host->view, host->ip, len, len, false);
}

/* The packet's flow into host->flow. */
static void find_flow(struct offline *host)
{
	struct censor_key key;
	bool fresh;

	censor_packet_key(&host->view, &key);
	host->flow = flowtable_get(&host->flows, &key, &fresh);
	if (!host->flow)
		host->counts.no_flow++;
	else if (fresh)
		censor_flow_start(&host->flow->engine, &key, host->era);
}

/* A datagram counts as the packets that were held for it. */
static void count_packets(struct offline *host, const struct capture_packet *packet,
			  const struct held_list *kept)
{
	struct flow_summary *summary = &host->flow->summary;
	const struct held *held;
	u32 packets = 1;

	flow_summary_packet(summary, packet->frame, &host->view);
	for (held = kept->first; held; held = held->next) {
		summary->packets++;
		packets++;
	}
	if (host->flow->engine.counts_for)
		tally_add(&host->tallies[host->flow->engine.counts_for - 1], packets,
			  host->view.wire, !host->fate.goes);
}

/* Fragments that are dropped have no ports: they count among all between their two ends. */
static void tell_lost(struct offline *host, const struct capture_packet *packet,
		      const struct held_list *kept)
{
	find_flow(host);
	if (!host->flow)
		return;
	count_packets(host, packet, kept);
	host->flow->summary.verdict = FLOW_DROPPED;
}

/*
 * What the policy's IP does with a fragment; @kept gets those held until now, which share its fate.
 * @whole gets the datagram, if this completes it. Return: false if it is not to be judged.
 */
static bool defragment(struct offline *host, const struct capture_packet *packet,
		       struct held_list *kept, struct censor_frags **whole)
{
	const struct censor_ip_model *model = &host->policy->ip;
	struct censor_frags *frags = NULL;
	enum censor_frag_fate fate;

	fate = datagrams_add(&host->datagrams, model, &host->view, packet, host->now, kept, &frags);
	if ((fate == CENSOR_FRAG_WHOLE || fate == CENSOR_FRAG_RELEASE) &&
	    model->fragments == CENSOR_FRAGMENTS_HOLD && model->ttl == CENSOR_FRAG_TTL_FIRST)
		host->fate.ttl = frags->ttl;
	*whole = fate == CENSOR_FRAG_WHOLE ? frags : NULL;
	if (*whole)
		become_whole(host, frags);
	host->fate.goes = fate != CENSOR_FRAG_KEEP && fate != CENSOR_FRAG_LOSE;
	if (fate == CENSOR_FRAG_LOSE)
		tell_lost(host, packet, kept);
	return host->fate.goes;
}

/* Those that were held go on with the packet, or not at all. */
static void release(struct offline *host, const struct capture_packet *packet,
		    struct held_list *kept)
{
	struct held *held;

	for (held = kept->first; held; held = held->next) {
		held->header.ts = packet->header->ts;
		held->packet.time = packet->time;
		held->packet.now = packet->now;
	}
	if (host->fate.goes && !host->fate.rewrite)
		held_move(&host->fate.before, kept);
	held_free(kept);
}

/* The policy's clock; it stands where the capture's times can't be true. */
static void set_clock(struct offline *host, const struct capture_packet *packet)
{
	if (!host->begun) {
		host->begun = true;
		host->first = packet->now;
	}
	host->now = min(packet->now - host->first, host->longest) * host->policy->clock;
	if (host->policy->wants_wall)
		host->ctx.wall = (host->first + host->now) / SECOND;
}

/* What only a packet is read for that the engine looks into. */
static void look_closer(struct offline *host)
{
	const u16 sums = CENSOR_CHECK_CHECKSUM | CENSOR_CHECK_IP_CHECKSUM;
	struct censor_packet_view *view = &host->view;

	if (view->proto != CENSOR_PROTO_TCP || view->fragment)
		return;
	if (host->cap >= (u32)view->tcp_at + view->tcp_hlen)
		censor_packet_options(view, host->ip + view->tcp_at);
	if (host->policy->tcp.checks & sums && host->cap >= view->wire && !host->gso)
		censor_packet_checksums(view, host->ip);
}

static void count(struct offline *host)
{
	u32 i;

	for (i = 0; i < CENSOR_COUNTS; i++)
		host->counts.engine[i] += host->ctx.counts >> i & 1;
}

/* @us: of the policy's clock */
static void wait(struct offline *host, u32 us)
{
	host->fate.wait = us * 1000ull / host->policy->clock;
}

static void judge(struct offline *host)
{
	struct censor_flow *flow = host->flow ? &host->flow->engine : NULL;
	const struct censor_block *block = NULL;
	struct censor_context *ctx = &host->ctx;
	u32 i;

	if (censor_flow_wants_block(flow, &host->view, host->era, host->residuals.set))
		block = residuals_find(&host->residuals, host->policy, host->era, &host->view,
				       host->now);
	look_closer(host);
	if (!ctx->spare)
		ctx->spare = take_buffer(host);
	ctx->returned = NULL;
	censor_inspect(host->policy, host->era, flow, &host->view, block, host->residuals.set,
		       host->now, ctx);
	give_back(host, ctx->returned);
	ctx->returned = NULL;
	if (ctx->counts)
		count(host);
	for (i = 0; i < ctx->n_effects; i++)
		residuals_set(&host->residuals, &ctx->effects[i], host->now);
	for (i = 0; i < ctx->n_matches; i++)
		host->tallies[ctx->matches[i].rule].hits += !ctx->matches[i].sample;
	host->fate.goes = !ctx->drop;
	host->fate.rewrite = ctx->rewrite;
	wait(host, ctx->wait_us);
}

/* Return: whether the flow was decided before. */
static bool judge_decided(struct offline *host)
{
	struct censor_flow *flow = &host->flow->engine;
	enum censor_fate fate;

	fate = censor_flow_decided(host->policy, host->ctx.shared, flow, &host->view, host->era,
				   host->residuals.set, host->now);
	host->fate.goes = fate != CENSOR_FATE_DROP;
	if (fate == CENSOR_FATE_REWRITE)
		host->fate.rewrite = flow->rewrite;
	if (fate == CENSOR_FATE_DELAY)
		wait(host, flow->wait_us);
	return fate != CENSOR_FATE_OPEN;
}

static enum offline_verdict judge_flow(struct offline *host, const struct capture_packet *packet,
				       const struct held_list *kept)
{
	struct flow_summary *summary;

	find_flow(host);
	if (!host->flow) {
		judge(host);
		return OFFLINE_JUDGED;
	}
	if (judge_decided(host)) {
		count_packets(host, packet, kept);
		return OFFLINE_DECIDED;
	}
	judge(host);
	summary = &host->flow->summary;
	if (host->ctx.started && summary->packets) {
		flow_report_add(host->report, &host->flow->engine.key, summary);
		flow_summary_restart(summary);
	}
	count_packets(host, packet, kept);
	flow_summary_judged(summary, &host->flow->engine, &host->ctx, packet->frame,
			    host->report->evidence);
	return OFFLINE_JUDGED;
}

enum offline_verdict offline_judge(struct offline *host, const struct capture_packet *packet)
{
	enum offline_verdict verdict = OFFLINE_UNJUDGED;
	struct censor_frags *whole = NULL;
	struct held_list kept;

	if (host->fate.before.first)
		held_free(&host->fate.before);
	host->fate.goes = true;
	host->fate.rewrite = 0;
	host->fate.wait = 0;
	host->fate.ttl = 0;
	host->flow = NULL;
	set_clock(host, packet);
	if (!parse(host, packet))
		return OFFLINE_UNJUDGED;
	held_init(&kept);
	if (!host->view.fragment || host->policy->ip.fragments == CENSOR_FRAGMENTS_IGNORE ||
	    packet->cap < host->view.wire)
		return judge_flow(host, packet, &kept);
	if (defragment(host, packet, &kept, &whole))
		verdict = judge_flow(host, packet, &kept);
	/* The last fragment once more must not complete it elsewhere. */
	if (whole && !host->fate.goes)
		whole->lost = true;
	release(host, packet, &kept);
	return verdict;
}

int offline_finish(struct offline *host)
{
	datagrams_finish(&host->datagrams);
	return flowtable_finish(&host->flows);
}
