// SPDX-License-Identifier: GPL-2.0
/* Phases of a policy while it is built: their calendar, and the rules that name them. */
#include "adding.h"
#include "phase.h"

static int check_title(const char *title, const char **why)
{
	u32 i;

	for (i = 0; i < CENSOR_TITLE_SIZE && title[i]; i++) {
		if ((u8)title[i] < ' ' || title[i] == 0x7f || title[i] == '"') {
			*why = "a phase's title has a control character or a quote in it";
			return -EINVAL;
		}
	}
	if (i == CENSOR_TITLE_SIZE) {
		*why = "a phase's title is longer than 127 bytes";
		return -EINVAL;
	}
	return 0;
}

/* The last one that has a date, or NULL. */
static const struct censor_phase *last_dated(const struct censor_policy *pol)
{
	u32 i;

	for (i = pol->n_phases; i--; )
		if (pol->phases[i].from != CENSOR_NO_DATE)
			return &pol->phases[i];
	return NULL;
}

static bool in_calendar(s64 date)
{
	return date == CENSOR_NO_DATE || (date >= 0 && date <= CENSOR_WALL_MAX);
}

static int check_dates(const struct censor_policy *pol, const struct censor_phase *phase,
		       const char **why)
{
	const struct censor_phase *last = last_dated(pol);

	if (phase->from == CENSOR_NO_DATE) {
		if (phase->until == CENSOR_NO_DATE)
			return 0;
		*why = "a phase that ends at a date begins at one, too: from 2017-07-18 to 2017-08-01";
		return -EINVAL;
	}
	if (!in_calendar(phase->from) || !in_calendar(phase->until)) {
		*why = "a calendar begins with 1970-01-01 and ends with 9999-12-31T23:59";
		return -ERANGE;
	}
	if (phase->until != CENSOR_NO_DATE && phase->until <= phase->from) {
		*why = "a phase ends after it begins";
		return -EINVAL;
	}
	if (last && phase->from <= last->from) {
		*why = "phases stand in the order of their dates: this one begins no later than the one before it";
		return -EINVAL;
	}
	if (last && last->until != CENSOR_NO_DATE && phase->from < last->until) {
		*why = "phases do not overlap: this one begins before the one before it ends";
		return -EINVAL;
	}
	return 0;
}

int censor_policy_add_phase(struct censor_policy *pol, const struct censor_phase *phase,
			    const char **why)
{
	struct censor_phase *added;
	u32 i;
	int err;

	err = censor_may_add(pol, why);
	if (!err)
		err = censor_check_name(phase->name, why);
	if (!err)
		err = check_title(phase->title, why);
	if (!err)
		err = check_dates(pol, phase, why);
	if (err)
		return err;
	for (i = 0; i < pol->n_phases; i++) {
		if (!strcmp(pol->phases[i].name, phase->name)) {
			*why = "two phases have the same name";
			return -EEXIST;
		}
	}
	if (pol->n_phases == CENSOR_PHASES_MAX) {
		*why = "a policy has at most 32 phases";
		return -E2BIG;
	}
	added = &pol->phases[pol->n_phases];
	memset(added, 0, sizeof(*added));
	censor_copy_name(added->name, phase->name);
	memcpy(added->title, phase->title, strlen(phase->title));
	added->from = phase->from;
	added->until = phase->until;
	return (int)pol->n_phases++;
}

int censor_phase_check_rule(const struct censor_policy *pol, const struct censor_rule *rule,
			    const char **why)
{
	u32 known = pol->n_phases < 32 ? (1u << pol->n_phases) - 1 : CENSOR_PHASES_ALL;

	if (rule->phases == CENSOR_PHASES_ALL)
		return 0;
	if (!rule->phases) {
		*why = "a rule that is active in no phase would never act: in phase and a name, or nothing for all";
		return -EINVAL;
	}
	if (rule->phases & ~known) {
		*why = "there is no such phase";
		return -ENOENT;
	}
	return 0;
}
