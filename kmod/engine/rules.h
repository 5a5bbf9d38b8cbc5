/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From attributes to matches: which rules hold, in the order of the policy, and what they do.
 */
#ifndef _CENSOR_RULES_H
#define _CENSOR_RULES_H

#include "inspect.h"

/**
 * censor_rules_text() - give an attribute its value
 * @text: lower case; stays readable while the context is used
 */
void censor_rules_text(struct censor_context *ctx, enum censor_attr attr, const u8 *text, u32 len);

/**
 * censor_rules_run() - try the rules that could not be tried before
 * @present: attributes that have a value
 * @fresh: those of them that had none when rules were tried before; either all of a packet's own
 *	attributes, or only detectors'
 *
 * Return: CENSOR_DO_* of all matches together.
 */
u16 censor_rules_run(const struct censor_policy *pol, const struct censor_packet_view *view,
		     struct censor_context *ctx, u32 present, u32 fresh);

/** censor_rules_settle() - keep what matched: the next message is read where its values stand */
void censor_rules_settle(struct censor_context *ctx);

/**
 * censor_rules_sample() - tell of a packet for the sample of a rule that matched its flow before
 * @back: it goes the other way than the one that matched
 */
void censor_rules_sample(const struct censor_policy *pol, const struct censor_packet_view *view,
			 struct censor_context *ctx, u32 rule, bool back);

/**
 * censor_rules_block_does() - what a rule's block does to packets that go its way
 * @rule: the rule that set it
 * @back: they go the other way
 *
 * Return: CENSOR_DO_*.
 */
u16 censor_rules_block_does(const struct censor_rule *rule, bool back);

/** censor_rules_block_injects() - the index of the inject for CENSOR_DO_INJECT of a rule's block */
u16 censor_rules_block_injects(const struct censor_rule *rule);

/**
 * censor_rules_block() - let a residual block act on a packet
 * @rule: the rule that set it
 * @back: the packet goes the other way than the one that set it
 * @first: the flow meets it for the first time
 *
 * Return: CENSOR_DO_* that are carried out; a block that drops is told of once for a flow.
 */
u16 censor_rules_block(const struct censor_policy *pol, const struct censor_packet_view *view,
		       struct censor_context *ctx, u32 rule, bool back, bool first);

#endif
