/* SPDX-License-Identifier: GPL-2.0 */
/* The residual blocks of a namespace. */
#ifndef _CENSOR_BLOCKS_H
#define _CENSOR_BLOCKS_H

#include "engine/inspect.h"
#include "pernet.h"

/**
 * censor_block_find() - the residual block on a packet
 * @cn: the namespace
 * @pol: the policy in force
 * @era: in force
 * @view: the packet
 * @now: nanoseconds of the policy's clock
 * @block: gets the block
 *
 * Under rcu_read_lock() with bottom halves off.
 *
 * Return: true if there is one that has not ended, of a rule that is active. It may not have begun.
 */
bool censor_block_find(struct censor_net *cn, const struct censor_policy *pol, u64 era,
		       const struct censor_packet_view *view, u64 now, struct censor_block *block);

/**
 * censor_block_add() - set a residual block, or set it anew
 * @cn: the namespace
 * @effect: what the engine wants
 * @now: nanoseconds of the policy's clock
 *
 * Under rcu_read_lock() with bottom halves off. A shortage is counted.
 */
void censor_block_add(struct censor_net *cn, const struct censor_effect *effect, u64 now);

/**
 * censor_block_read() - what an entry of the table says
 * @cn: the namespace
 * @obj: the entry, under rcu_read_lock()
 * @key: gets what it is on
 * @block: gets what it says
 *
 * Return: false if it is about to be taken out.
 */
bool censor_block_read(struct censor_net *cn, void *obj, struct censor_key *key,
		       struct censor_block *block);

/** censor_block_get() - the same of the block of a key. Return: false if there is none. */
bool censor_block_get(struct censor_net *cn, struct censor_key *key, struct censor_block *block);

/**
 * censor_blocks_tidy() - remove those that have ended, and those of earlier policies. May sleep.
 * @cn: the namespace
 * @generation: of the policy in force
 * @now: of its clock
 *
 * Some may be left for the next time.
 */
void censor_blocks_tidy(struct censor_net *cn, u32 generation, u64 now);

/**
 * censor_blocks_flush() - remove all. May sleep.
 * @cn: the namespace, whose generation was moved on and with no packet in its hooks any more; the
 *	caller holds cfg_mutex
 */
void censor_blocks_flush(struct censor_net *cn);

int censor_blocks_init(struct censor_net *cn);
/** censor_blocks_exit() - free the table; its entries' memory is free after rcu_barrier(). */
void censor_blocks_exit(struct censor_net *cn);

#endif
