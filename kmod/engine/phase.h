/* SPDX-License-Identifier: GPL-2.0 */
/* What sealing a policy asks of its phases. */
#ifndef _CENSOR_PHASE_H
#define _CENSOR_PHASE_H

#include "policy.h"

/**
 * censor_phase_check_rule() - a rule is active in some phase, and names only those there are
 *
 * Return: 0, -EINVAL or -ENOENT with *why set.
 */
int censor_phase_check_rule(const struct censor_policy *pol, const struct censor_rule *rule,
			    const char **why);

#endif
