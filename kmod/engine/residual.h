/* SPDX-License-Identifier: GPL-2.0 */
/* Residual blocking: what stays after a rule has matched. */
#ifndef _CENSOR_RESIDUAL_H
#define _CENSOR_RESIDUAL_H

#include "inspect.h"

/** censor_residual_set() - the blocks that a match sets (CENSOR_DO_RESIDUAL), into ctx->effects */
void censor_residual_set(const struct censor_policy *pol, const struct censor_packet_view *view,
			 const struct censor_match *match, struct censor_context *ctx);

/**
 * censor_residual_judge() - let a residual block act on a packet
 * @flow: the flow, or NULL; it remembers what was found
 * @block: as in censor_inspect()
 * @blocks: as in censor_inspect()
 *
 * Return: CENSOR_DO_* that are carried out; 0 if none is in force.
 */
u16 censor_residual_judge(const struct censor_policy *pol, struct censor_flow *flow,
			  const struct censor_packet_view *view, const struct censor_block *block,
			  u32 blocks, struct censor_context *ctx);

#endif
