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
#include "datagrams.h"
#include "flows.h"
#include "flowtable.h"
#include "residuals.h"
#include "tally.h"

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
 * struct offline_fate - what becomes of a packet
 * @goes: it goes on; else it is dropped, or held until the others of its datagram have come
 * @rewrite: TCP flags of what goes on in its place, made by censor_forge_rewrite(); 0: itself
 * @wait: how long it and @before wait until they go on, nanoseconds of the capture's clock
 * @ttl: the TTL that it and @before go on with; 0: their own
 * @before: fragments that were held and go on before it; they stand until the next packet
 */
struct offline_fate {
	bool goes;
	u8 rewrite;
	u8 ttl;
	u64 wait;
	struct held_list before;
};

/**
 * struct offline - the host; one capture, one policy
 * @era: in force from beginning to end
 * @tallies: by rule
 * @now: the policy's clock: nanoseconds since the first packet, times what the policy says
 * @first: when the first packet came, nanoseconds since 1970
 * @fate: of the packet judged last
 * @view: the packet judged last, or the datagram that it was the last fragment of
 * @ip: its bytes from the IP header on, of which @cap can be read
 * @flow: its flow, or NULL
 * @ctx: the engine's answer; valid if offline_judge() said so
 */
struct offline {
	const struct censor_policy *policy;
	struct flow_report *report;
	struct flowtable flows;
	struct residuals residuals;
	struct datagrams datagrams;
	struct offline_counts counts;
	u64 era;
	struct tally *tallies;
	u64 now;
	u64 first, longest;	/* no capture is longer: its times lie */
	bool begun;
	struct offline_fate fate;
	struct censor_packet_view view;
	const u8 *ip;
	u32 cap;
	bool gso;		/* its length is not in its header */
	struct offline_flow *flow;
	struct censor_context ctx;
	u8 *spares;		/* buffers that no flow needs, chained by their first bytes */
	u32 buffers, buffers_max;	/* in all */
};

/** enum offline_verdict - what offline_judge() found */
enum offline_verdict {
	OFFLINE_UNJUDGED,	/* not IP, or not readable: it passes; or a fragment held or lost */
	OFFLINE_DECIDED,	/* the flow was decided before */
	OFFLINE_JUDGED,		/* @ctx says what is to be done */
};

/**
 * offline_init() - a host in which nothing has happened yet
 * @policy: sealed
 * @phase: index of the phase that it is in; 0 in a policy without phases
 * @max_flows: flows that are remembered at a time, 1 to FLOWTABLE_MAX
 * @report: takes the flows as they end
 *
 * Return: 0 or -ENOMEM.
 */
int offline_init(struct offline *host, const struct censor_policy *policy, u8 phase, u32 max_flows,
		 struct flow_report *report);

/**
 * offline_judge() - the next packet
 *
 * Residual blocks are set; the rest of what @host->fate and @host->ctx ask for is for the caller to
 * carry out before the next packet: what goes on, events, and censor_forge_next() over @host->view,
 * @host->flow.
 */
enum offline_verdict offline_judge(struct offline *host, const struct capture_packet *packet);

/** offline_finish() - the capture has ended, and so has all that waits. Return: 0 or -ENOMEM. */
int offline_finish(struct offline *host);

void offline_free(struct offline *host);

#endif
