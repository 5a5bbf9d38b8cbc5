/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of forging have between them. */
#ifndef _CENSOR_FORGE_PARTS_H
#define _CENSOR_FORGE_PARTS_H

#include "forge.h"

/**
 * censor_forge_state() - random state that belongs to one purpose within a trigger
 * @purpose: any number that no other use of the same match has
 */
static inline u64 censor_forge_state(const struct censor_forger *f, u32 purpose)
{
	return f->random + ((u64)f->match << 32 | purpose);
}

/** censor_forge_tcp() - the next packet of an inject. Return: its length, 0 after the last. */
u32 censor_forge_tcp(struct censor_forger *f, const struct censor_inject *inject, u8 *buf);

/** censor_forge_answer() - an answer to a DNS query. Return: its length, 0 if there is none. */
u32 censor_forge_answer(struct censor_forger *f, const struct censor_forge *how, u8 *buf);

#endif
