/* SPDX-License-Identifier: GPL-2.0 */
/* What becomes of a flow when something else comes into force than what judged it. */
#ifndef _CENSOR_TURN_H
#define _CENSOR_TURN_H

#include "inspect.h"

/**
 * censor_turn() - another policy, or another of its phases, is in force
 * @flow: its era is another
 * @era: in force
 * @ctx: gets a buffer that the flow gives up
 */
void censor_turn(const struct censor_policy *pol, struct censor_flow *flow, u64 era,
		 struct censor_context *ctx);

/**
 * censor_turn_addresses() - before the address rules are asked for a packet
 *
 * Where they have been before, only those that began with the phase are.
 */
void censor_turn_addresses(struct censor_flow *flow, u8 dir, struct censor_context *ctx);

/**
 * censor_turn_protocols() - put what the flow is recognised as to the rules again, if it has to be
 *
 * Return: CENSOR_DO_* of all that matched.
 */
u16 censor_turn_protocols(const struct censor_policy *pol, struct censor_flow *flow,
			  const struct censor_packet_view *view, struct censor_context *ctx);

#endif
