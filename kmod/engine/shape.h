/* SPDX-License-Identifier: GPL-2.0 */
/* What is done to each later packet of a flow that stays open: police, lose, delay, sample. */
#ifndef _CENSOR_SHAPE_H
#define _CENSOR_SHAPE_H

#include "inspect.h"

/**
 * censor_shape_match() - a rule matched, or its residual block: what stays of it in the flow
 * @flow: or NULL: this packet alone is shaped
 * @back: the packet goes the other way than the one that the rule matched
 */
void censor_shape_match(const struct censor_policy *pol, struct censor_flow *flow,
			const struct censor_packet_view *view, u32 rule, u16 actions, bool back,
			struct censor_context *ctx);

/** censor_shape_matches() - the same of all that matched since @first */
void censor_shape_matches(const struct censor_policy *pol, struct censor_flow *flow,
			  const struct censor_packet_view *view, u32 first,
			  struct censor_context *ctx);

/**
 * censor_shape_samples() - whether this packet is told of as one of the sample
 * @flow: with CENSOR_ACT_SHAPE
 *
 * What is drawn stays in the flow until censor_shape_packet(), however often that is asked.
 */
bool censor_shape_samples(const struct censor_policy *pol, struct censor_shared *shared,
			  struct censor_flow *flow);

/**
 * censor_shape_fate() - what becomes of a packet of a flow with CENSOR_ACT_SHAPE
 *
 * Return: CENSOR_FATE_PASS, _DROP, or _DELAY with flow->wait_us set.
 */
enum censor_fate censor_shape_fate(const struct censor_policy *pol, struct censor_shared *shared,
				   struct censor_flow *flow,
				   const struct censor_packet_view *view, u64 now);

/** censor_shape_packet() - the same of a packet that was judged and goes on; into the context */
void censor_shape_packet(const struct censor_policy *pol, struct censor_flow *flow,
			 const struct censor_packet_view *view, struct censor_context *ctx);

/** censor_shape_check_rule() - of a rule that is added. Return: 0 or an error. */
int censor_shape_check_rule(const struct censor_policy *pol, const struct censor_rule *rule,
			    const char **why);

/** censor_shape_seal_rule() - its place among the buckets, and its rate for the packet path */
void censor_shape_seal_rule(struct censor_policy *pol, struct censor_rule *rule);

/** censor_shape_buckets() - where the buckets of police begin in the shared state, bytes */
static inline size_t censor_shape_buckets(const struct censor_policy *pol)
{
	size_t end = sizeof(struct censor_shared) +
		     (pol->n_rules + pol->n_counters) * sizeof(censor_counter);

	return (end + sizeof(censor_moment) - 1) & ~(sizeof(censor_moment) - 1);
}

#endif
