/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The offline host: the censor over a capture, without root, module or network. It does for each
 * packet what engine/inspect.h says that a host does.
 */
#ifndef _CENSORCTL_OFFLINE_H
#define _CENSORCTL_OFFLINE_H

#include "engine/forge.h"
#include "engine/inspect.h"
#include "capture.h"
#include "flows.h"
#include "flowtable.h"
#include "residuals.h"

/**
 * struct offline_counts - what is told at the end if it isn't zero
 * @not_ip: packets that are no IP: they pass
 * @unread: IP packets whose headers are malformed or not all captured: they pass
 * @engine: of each enum censor_count
 * @no_flow: packets judged without a flow, for lack of memory
 */
struct offline_counts {
	u64 not_ip;
	u64 unread;
	u64 engine[CENSOR_COUNTS];
	u64 no_flow;
};

/**
 * struct offline - the host; one capture, one policy
 * @view: the packet judged last
 * @flow: its flow, or NULL
 * @ctx: the engine's answer; valid if offline_judge() said so
 */
struct offline {
	const struct censor_policy *policy;
	struct flow_report *report;
	struct flowtable flows;
	struct residuals residuals;
	struct offline_counts counts;
	struct censor_packet_view view;
	struct offline_flow *flow;
	struct censor_context ctx;
	u8 *spares;		/* buffers that no flow needs, chained by their first bytes */
	u32 buffers, buffers_max;	/* in all */
};

/** enum offline_verdict - what offline_judge() found */
enum offline_verdict {
	OFFLINE_UNJUDGED,	/* not IP, or not readable: it passes */
	OFFLINE_DECIDED,	/* the flow was decided before: @drop says how */
	OFFLINE_JUDGED,		/* @ctx says what is to be done */
};

/**
 * offline_init() - a host in which nothing has happened yet
 * @policy: sealed
 * @max_flows: flows that are remembered at a time, 1 to FLOWTABLE_MAX
 * @report: takes the flows as they end
 *
 * Return: 0 or -ENOMEM.
 */
int offline_init(struct offline *host, const struct censor_policy *policy, u32 max_flows,
		 struct flow_report *report);

/**
 * offline_judge() - the next packet
 * @drop: set if the packet does not pass
 *
 * Residual blocks are set; the rest of what @host->ctx asks for is for the caller to carry out
 * before the next packet: events, and censor_forge_next() over @host->view, @host->flow.
 */
enum offline_verdict offline_judge(struct offline *host, const struct capture_packet *packet,
				   bool *drop);

/** offline_finish() - the capture has ended: so have all flows. Return: 0 or -ENOMEM. */
int offline_finish(struct offline *host);

void offline_free(struct offline *host);

#endif
