/* SPDX-License-Identifier: GPL-2.0 */
/* What each rule of a policy counted in a capture, as the kernel counts it. */
#ifndef _CENSORCTL_TALLY_H
#define _CENSORCTL_TALLY_H

#include <stdio.h>

#include "engine/policy.h"

/**
 * struct tally - a rule's counters
 * @hits: how often it matched
 * @packets: of the flows that it was the last to match, those that went on
 * @bytes: of these, from the IP header on
 * @lost_packets: of the same flows, those that did not
 * @lost_bytes: likewise
 */
struct tally {
	u64 hits;
	u64 packets;
	u64 bytes;
	u64 lost_packets;
	u64 lost_bytes;
};

/** tally_add() - so many packets of a flow that counts for the rule */
static inline void tally_add(struct tally *tally, u32 packets, u32 bytes, bool lost)
{
	*(lost ? &tally->lost_packets : &tally->packets) += packets;
	*(lost ? &tally->lost_bytes : &tally->bytes) += bytes;
}

/** tally_wanted() - whether of a policy's rules more is to be told than that they matched */
bool tally_wanted(const struct censor_policy *policy);

/** tally_print() - a line for each rule that matched */
void tally_print(FILE *out, const struct censor_policy *policy, const struct tally *tallies);

/**
 * tally_print_json() - all rules in one object, as `censorctl -j counters` prints them
 * @phase: name of the phase in force, or NULL
 */
void tally_print_json(FILE *out, const struct censor_policy *policy, const char *phase,
		      const struct tally *tallies);

#endif
