/* SPDX-License-Identifier: GPL-2.0 */
/* What the random test and the fuzzer share: a policy that uses everything, and seeds. */
#ifndef _CENSOR_HOSTILE_H
#define _CENSOR_HOSTILE_H

#include "rig.h"

#define HOSTILE_VARIANTS	32

/**
 * hostile_policy() - every form, action, pick and tuple; @variant makes another one: from 16 on with
 * every attribute and protocol
 */
struct censor_policy *hostile_policy(u32 variant);
/** hostile_model() - a TCP model that contradicts itself nowhere; @random decides which */
void hostile_model(u64 *random, struct censor_tcp_model *model);
/** hostile_model_policy() - hostile_policy() with a model */
struct censor_policy *hostile_model_policy(u32 variant, const struct censor_tcp_model *model);

/**
 * hostile_packet() - a packet of a conversation, well formed
 * @random: decides which
 * @buf: WIRE_MAX bytes
 *
 * Few addresses, ports and sequence numbers, so that packets meet each other's flows.
 */
u32 hostile_packet(u64 *random, u8 *buf);

/** hostile_report() - what a host asks to be told of, by variant */
u8 hostile_report(u32 variant);

/** hostile_same() - whether two hosts came to the same: verdict, matches, values and packets */
bool hostile_same(const struct seen *a, const struct seen *b);

#endif
