/* SPDX-License-Identifier: GPL-2.0 */
/* What can be said of a flow and of a residual block at a moment, for those who ask. */
#ifndef _CENSOR_STATE_H
#define _CENSOR_STATE_H

#include "inspect.h"

/* Two rules drop, two rewrite, and one each counts down, lets pass, shapes in three ways, marks. */
#define CENSOR_STATE_ACTS_MAX	10

/* Bits of state->is. */
#define CENSOR_STATE_UNSURE	0x01	/* of the client's sequence number */
#define CENSOR_STATE_HOLE	0x02	/* bytes are kept that are not due yet */
#define CENSOR_STATE_CLOSING	0x04	/* a FIN or RST was seen */
#define CENSOR_STATE_BLOCKED	0x08	/* a residual block acts on it */

/** enum censor_looking - how far the judging of a flow has come */
enum censor_looking {
	CENSOR_LOOKING_NEW,	/* nothing of what it carries was seen */
	CENSOR_LOOKING_ON,	/* what it carries next can still change the verdict */
	CENSOR_LOOKING_OVER,	/* nothing that it carries can */
};

/**
 * struct censor_state_act - what a rule does to a flow's packets from now on
 * @rule: its index
 * @actions: CENSOR_DO_*
 * @left: CENSOR_DO_FREEZE: what passes until it freezes
 * @bytes: that are bytes, not packets
 * @to: CENSOR_TO_*, the client being the end that is told first
 */
struct censor_state_act {
	u16 rule;
	u16 actions;
	u32 left;
	bool bytes;
	u8 to;
};

/**
 * struct censor_state - of a flow
 * @first: the end of its key that is told first, which is the client's if @client_known
 * @tcb: enum censor_tcb
 * @looking: enum censor_looking
 * @is: CENSOR_STATE_*
 * @ruled: a rule matched it: @rule is the last
 * @left: until it is forgotten, nanoseconds of the policy's clock
 * @sights: as in the flow
 * @acts: @n_acts of them
 */
struct censor_state {
	u64 left;
	u8 first;
	bool client_known;
	u8 tcb;
	u8 looking;
	u8 is;
	bool ruled;
	u16 rule;
	u16 sights[CENSOR_SIGHTS_MAX];
	u8 n_acts;
	struct censor_state_act acts[CENSOR_STATE_ACTS_MAX];
};

/**
 * censor_state_of() - how a flow stands
 * @pol: the policy in force, sealed
 * @era: in force
 * @flow: the flow; it is not touched: what its next packet would change in it is thought of
 * @now: nanoseconds of the policy's clock
 * @state: filled
 *
 * Return: false if it has ended, or no packet of it was judged.
 */
bool censor_state_of(const struct censor_policy *pol, u64 era, const struct censor_flow *flow,
		     u64 now, struct censor_state *state);

/** censor_state_block() - what a block does, as a match that can be put in words */
void censor_state_block(const struct censor_policy *pol, const struct censor_block *block,
			struct censor_match *match);

#endif
