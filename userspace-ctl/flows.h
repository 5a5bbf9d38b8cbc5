/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The report on each flow of a capture: what it was, and the strongest thing that the censor did
 * to it.
 */
#ifndef _CENSORCTL_FLOWS_H
#define _CENSORCTL_FLOWS_H

#include <stdio.h>

#include "engine/inspect.h"

/** enum flow_verdict - what was done to a flow, the stronger the greater */
enum flow_verdict {
	FLOW_PASSED,	/* no rule, or rules that let it pass */
	FLOW_LOGGED,
	FLOW_SLOWED,	/* its packets were policed, lost at random or delayed */
	FLOW_FORGED,	/* a DNS answer was forged; the query went on */
	FLOW_INJECTED,	/* RSTs or pages were sent; the packets went on */
	FLOW_REWRITTEN,	/* packets of it arrived as others */
	FLOW_DROPPED,	/* packets of it never arrived */
};

/**
 * struct flow_evidence - what showed one of a flow's protocols
 * @packet: of the flow, from 1
 * @frame: of the capture
 * @at: where its bytes begin, in the packet's payload or in the message that it completed
 * @len: how many there are; the first CENSOR_EVIDENCE_SIZE stand in @bytes
 */
struct flow_evidence {
	u64 packet;
	u64 frame;
	u16 at;
	u16 len;
	u8 protocol;
	u8 bytes[CENSOR_EVIDENCE_SIZE];
};

/**
 * struct flow_summary - zeroed to begin with, but for @name, @name_room and @evidence, which are
 * kept
 * @first: number of its first packet in the capture; 0: no packet yet
 * @bytes: of its packets from the IP header on
 * @began: direction (as in view->dir) of the side that began it
 * @verdict: enum flow_verdict
 * @ruled: a rule matched: @rule and @attr are valid
 * @residual: an earlier flow's residual block did it
 * @attr: the attribute that led to @rule
 * @note: enum censor_note: why the censor's TCP was blind, if it was
 * @note_packet: the packet of the flow that made it so, from 1
 * @sights: as in struct censor_flow
 * @evidence: of each of them, CENSOR_SIGHTS_MAX, or NULL where nobody asks
 * @name: what it was called (qname, Host or SNI), @name_len bytes of @name_room
 */
struct flow_summary {
	u64 first;
	u64 packets;
	u64 bytes;
	u64 note_packet;
	u32 rule;
	u8 note;
	u8 began;
	u8 verdict;
	u8 attr;
	bool ruled;
	bool residual;
	u16 name_len;
	u16 name_room;
	u16 sights[CENSOR_SIGHTS_MAX];
	struct flow_evidence *evidence;
	char *name;
};

/** flow_summary_packet() - count a packet of the flow */
static inline void flow_summary_packet(struct flow_summary *summary, u64 frame,
				       const struct censor_packet_view *view)
{
	if (!summary->packets++) {
		summary->first = frame;
		summary->began = view->dir;
	}
	summary->bytes += view->wire;
}

/** flow_summary_restart() - forget all but the memory */
void flow_summary_restart(struct flow_summary *summary);

/**
 * flow_summary_judged() - take in what censor_inspect() said of a packet of the flow
 * @frame: the packet's number in the capture
 * @evidence: keep what shows protocols
 */
void flow_summary_judged(struct flow_summary *summary, const struct censor_flow *flow,
			 const struct censor_context *ctx, u64 frame, bool evidence);
/** flow_summary_free() - its memory */
void flow_summary_free(struct flow_summary *summary);

/**
 * struct flow_report - the lines, one for each flow; zeroed but for @policy, @json,
 *	@colour, @evidence and @unruled
 * @json: one object a line
 * @evidence: tell what showed the protocols
 * @unruled: there is no policy: nothing is told of verdicts
 * @out: where they go, from flow_report_begin() on
 * @spill: lines of flows that ended before the capture did, in a file without a name
 * @flows: lines so far
 * @verdicts: of them, by verdict
 * @failed: errno of what went wrong
 */
struct flow_report {
	const struct censor_policy *policy;
	bool json;
	bool colour;
	bool evidence;
	bool unruled;
	FILE *out;
	FILE *spill;
	u64 flows;
	u64 verdicts[FLOW_DROPPED + 1];
	int failed;
};

/**
 * flow_report_add() - a flow has ended
 *
 * Until flow_report_begin() its line is kept back. The lines come in the order in which flows
 * end: when the same two ends begin anew, when a flow leaves a full table, else with the capture,
 * where they go by their first packet.
 */
void flow_report_add(struct flow_report *report, const struct censor_key *key,
		     const struct flow_summary *summary);

/** flow_report_begin() - print what was kept back, and the rest as it comes. Return: 0 or errno. */
int flow_report_begin(struct flow_report *report, FILE *out);

#endif
