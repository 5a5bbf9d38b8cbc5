/* SPDX-License-Identifier: GPL-2.0 */
/* Between what was recognised and what becomes of the flow. */
#ifndef _CENSOR_JUDGE_H
#define _CENSOR_JUDGE_H

#include "inspect.h"

/**
 * censor_judge_act() - all that matched since @first: blocks, and what becomes of the flow
 * @flow: or NULL: nothing stays in it
 * @stream: the rules are about what the flow carries, not about each packet's addresses
 */
void censor_judge_act(const struct censor_policy *pol, struct censor_flow *flow,
		      const struct censor_packet_view *view, u32 first, bool stream,
		      struct censor_context *ctx);

/**
 * censor_judge_rules() - the rules on attributes that this message had not shown before
 *
 * Return: CENSOR_DO_* of all that matched.
 */
u16 censor_judge_rules(const struct censor_policy *pol, struct censor_flow *flow,
		       const struct censor_packet_view *view, u32 attrs,
		       struct censor_context *ctx);

/** censor_judge_datagram() - a UDP packet; @flow: or NULL, then only queries are judged */
void censor_judge_datagram(const struct censor_policy *pol, struct censor_flow *flow,
			   const struct censor_packet_view *view, struct censor_context *ctx);

/** censor_judge_stream() - a TCP packet with data that the censor's TCP lets it see */
void censor_judge_stream(const struct censor_policy *pol, struct censor_flow *flow,
			 const struct censor_packet_view *view, struct censor_context *ctx);

/** censor_judge_heard() - a TCP packet with data of either end, for detectors that follow both */
void censor_judge_heard(const struct censor_policy *pol, struct censor_flow *flow,
			const struct censor_packet_view *view, struct censor_context *ctx);

#endif
