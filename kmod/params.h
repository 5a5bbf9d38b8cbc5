/* SPDX-License-Identifier: GPL-2.0 */
/* Limits, as they stand in the module's parameters. */
#ifndef _CENSOR_PARAMS_H
#define _CENSOR_PARAMS_H

#include <linux/types.h>

/*
 * Of one namespace: injected packets that wait for their time, packets that the policy delays,
 * datagrams that fragments came of.
 */
#define CENSOR_MAX_DELAYED	16384
#define CENSOR_MAX_HELD		16384
#define CENSOR_MAX_FRAGS	256

/* Where the namespace belongs to another user namespace than the first, at most: */
#define CENSOR_FOREIGN_FLOWS	16384
#define CENSOR_FOREIGN_BLOCKS	4096
#define CENSOR_FOREIGN_BUFFERS	1024
#define CENSOR_FOREIGN_DELAYED	512
#define CENSOR_FOREIGN_HELD	512
#define CENSOR_FOREIGN_FRAGS	16

extern bool censor_allow_init_net;
extern unsigned int censor_max_policy_mb;
extern unsigned int censor_user_max_mb;
extern unsigned int censor_max_flows;
extern unsigned int censor_max_blocks;
extern unsigned int censor_max_buffers;
extern unsigned int censor_max_injects;

#endif
