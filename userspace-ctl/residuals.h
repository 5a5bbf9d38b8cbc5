/* SPDX-License-Identifier: GPL-2.0 */
/* The offline host's residual blocks: which tuples a censor still holds a grudge against. */
#ifndef _CENSORCTL_RESIDUALS_H
#define _CENSORCTL_RESIDUALS_H

#include "engine/inspect.h"

struct residual {
	struct censor_key key;
	struct censor_block block;
	bool used;
};

/**
 * struct residuals - an open-addressed table; start with all zero
 * @set: how often one was set, as the engine wants to know it
 * @missed: blocks not set, for the table was full or memory short
 */
struct residuals {
	struct residual *slots;
	u32 mask;
	u32 n;
	u32 set;
	u64 missed;
	u64 retry;
};

/** residuals_find() - the block on one of the packet's tuples that acts, or NULL */
const struct censor_block *residuals_find(const struct residuals *table,
					  const struct censor_policy *policy, u64 era,
					  const struct censor_packet_view *view, u64 now);

/** residuals_set() - what a packet asks for; an older block of the same key is replaced or kept */
void residuals_set(struct residuals *table, const struct censor_effect *effect, u64 now);

void residuals_free(struct residuals *table);

#endif
