/* SPDX-License-Identifier: GPL-2.0 */
/* Rules on what is recognised, in few words, and which of them matched. */
#ifndef _CENSOR_MATCHED_H
#define _CENSOR_MATCHED_H

#include <stdio.h>

#include "rig.h"
#include "unhex.h"

#define LOG	CENSOR_DO_LOG
#define GUESS	CENSOR_CONFIDENCE_GUESS
#define LIKELY	CENSOR_CONFIDENCE_LIKELY
#define SURE	CENSOR_CONFIDENCE_SURE

/** matched_new() - a policy; @model: or NULL */
static inline struct censor_policy *matched_new(const struct censor_detect_model *model)
{
	struct censor_policy *pol = policy_new();

	if (model)
		assert_done(censor_policy_set_detect(pol, model, &why));
	return pol;
}

/** sealed() - the policy, which is complete, in force */
static inline struct rig *sealed(struct censor_policy *pol)
{
	policy_seal(pol);
	return rig_new(pol);
}

/** next_port() - a client's that no flow of this program has had */
static inline u16 next_port(void)
{
	static u16 port = 40000;

	return port++;
}

/** protocol_set() - a protocol, recognised so surely or surer */
static inline u16 protocol_set(struct censor_policy *pol, u32 protocol, u32 least)
{
	if (protocol == CENSOR_PROTOCOL_UNKNOWN)
		return policy_number(pol, 0, 0);
	return policy_number(pol, CENSOR_PROTOCOL_NUMBER(protocol, least),
			     CENSOR_PROTOCOL_NUMBER(protocol, CENSOR_CONFIDENCE_SURE));
}

/* A rule named @name on one protocol or on names that an attribute has; more conditions can follow. */
#define rule_protocol(pol, name, actions, protocol, least)				\
	do {										\
		policy_rule(pol, name, actions);					\
		policy_cond(pol, CENSOR_ATTR_PROTOCOL,					\
			    protocol_set(pol, CENSOR_PROTOCOL_##protocol, least));	\
	} while (0)

#define rule_names(pol, name, actions, attr, ...)					\
	do {										\
		policy_rule(pol, name, actions);					\
		policy_cond(pol, CENSOR_ATTR_##attr,					\
			    policy_names(pol, "", NAMES(__VA_ARGS__)));			\
	} while (0)

#define rule_number(pol, name, actions, attr, lo, hi)					\
	do {										\
		policy_rule(pol, name, actions);					\
		policy_cond(pol, CENSOR_ATTR_##attr, policy_number(pol, lo, hi));	\
	} while (0)

/**
 * matched() - the matches of the last packet, as events tell them: "name=value …"; of protocols the
 * value is such as tls/sure
 */
static inline const char *matched(const struct rig *rig)
{
	static char text[4096];
	u32 i, len = 0;

	text[0] = 0;
	for (i = 0; i < rig->seen.n_matches; i++) {
		const struct censor_match *match = &rig->seen.matches[i];
		u8 confidence = (u8)CENSOR_CONFIDENCE_OF(match->number);

		len += (u32)sprintf(text + len, "%s%s=", i ? " " : "",
				    rig->pol->rules[match->rule].name);
		if (match->attr == CENSOR_ATTR_PROTOCOL)
			len += (u32)sprintf(text + len, "%s%s%s",
					    censor_protocol_name(CENSOR_PROTOCOL_OF(match->number)),
					    confidence ? "/" : "", confidence ?
					    censor_confidence_name(confidence) : "");
		else if (censor_attr_kind(match->attr) == CENSOR_KIND_NAMES)
			len += (u32)sprintf(text + len, "%s", rig->seen.value[i]);
		else
			len += (u32)sprintf(text + len, "%u", match->number);
	}
	return text;
}

#define assert_matched(rig, text)	assert_string_equal(matched(rig), text)

/** noise() - what nothing is known by: four bits set in every byte, none of them printable */
static inline void noise(u8 *out, u32 len, u64 seed)
{
	while (len) {
		*out = (u8)wire_random(&seed) | 0x80;
		if (__builtin_popcount(*out) != 4)
			continue;
		out++;
		len--;
	}
}

#endif
