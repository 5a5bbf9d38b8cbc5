/* SPDX-License-Identifier: GPL-2.0 */
/* Removal of what has ended, while there is anything. */
#ifndef _CENSOR_TIDY_H
#define _CENSOR_TIDY_H

#include "pernet.h"

/** censor_tidy_later() - see that the namespace is tidied; called after something was added */
void censor_tidy_later(struct censor_net *cn);

/** censor_tidy_clock() - a policy takes force, with a clock that is @clock times the host's */
void censor_tidy_clock(struct censor_net *cn, u32 clock);

void censor_tidy_init(struct censor_net *cn);
/** censor_tidy_stop() - wait until it is still; nothing may be added any more */
void censor_tidy_stop(struct censor_net *cn);

#endif
