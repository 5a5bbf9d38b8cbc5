/* SPDX-License-Identifier: GPL-2.0 */
/* Events: what matched, told to whoever listens. */
#ifndef _CENSOR_EVENTS_H
#define _CENSOR_EVENTS_H

#include "active.h"
#include "engine/inspect.h"
#include "worker.h"

/**
 * censor_event() - tell of a match
 * @cn: the namespace
 * @active: the policy
 * @worker: this CPU's, locked
 * @flow: the packet's flow, or NULL
 * @view: the packet
 * @match: what matched
 *
 * Bottom halves are off. An event that nobody can be told of is counted as lost.
 */
void censor_event(struct censor_net *cn, const struct censor_active *active,
		  struct censor_worker *worker, const struct censor_flow *flow,
		  const struct censor_packet_view *view, const struct censor_match *match);

#endif
