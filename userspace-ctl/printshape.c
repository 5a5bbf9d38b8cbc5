// SPDX-License-Identifier: GPL-2.0
/* Parts of a policy as text: phases, and what a rule does to the later packets of a flow. */
#include <inttypes.h>

#include "dates.h"
#include "delay.h"
#include "print.h"
#include "rates.h"

void print_phase(FILE *out, const struct ast_phase *phase)
{
	char date[DATE_SIZE];

	fputs("\tphase ", out);
	print_name(out, phase->name);
	if (*phase->phase.title) {
		fputc(' ', out);
		print_title(out, phase->phase.title);
	}
	if (phase->phase.from != CENSOR_NO_DATE)
		fprintf(out, " from %s", date_print(phase->phase.from, date));
	if (phase->phase.until != CENSOR_NO_DATE)
		fprintf(out, " to %s", date_print(phase->phase.until, date));
	fputc('\n', out);
}

void print_in_phase(FILE *out, const struct policy_ast *ast, const struct ast_rule *rule)
{
	bool first = true;
	u32 i;

	if (rule->rule.phases == CENSOR_PHASES_ALL)
		return;
	for (i = 0; i < ast->n_phases && i < CENSOR_PHASES_MAX; i++) {
		if (!(rule->rule.phases & 1u << i))
			continue;
		fputs(first ? " in phase " : ", ", out);
		first = false;
		print_name(out, ast->phases[i].name);
	}
}

static void print_to(FILE *out, u8 to)
{
	if (to != CENSOR_TO_BOTH)
		fprintf(out, " to %s", value_to_names[to & 3]);
}

static void print_police(FILE *out, const struct censor_police *police)
{
	char buf[PRINT_SIZE];

	fprintf(out, " %s", rate_print(police->rate, buf));
	if (police->per && police->per < CENSOR_PERS)
		fprintf(out, " per %s", value_per_names[police->per]);
	if (police->burst != censor_police_burst(police->rate))
		fprintf(out, " burst %s", size_print(police->burst, buf));
	print_to(out, police->to);
}

void print_shape(FILE *out, const struct ast_rule *written, u32 action)
{
	const struct censor_rule *rule = &written->rule;
	char buf[DELAY_SIZE];

	switch (action) {
	case CENSOR_DO_POLICE:
		print_police(out, &rule->police);
		break;
	case CENSOR_DO_LOSE:
		fprintf(out, " %s", print_chance(rule->lose.chance, buf));
		print_to(out, rule->lose.to);
		break;
	case CENSOR_DO_DELAY:
		fprintf(out, " %s", print_delay(&written->hold, buf));
		print_to(out, rule->hold.to);
		break;
	case CENSOR_DO_MARK:
		fprintf(out, " %s", mark_print(&rule->mark, buf));
		break;
	}
}

void print_counters(FILE *out, const struct counters *counters)
{
	fprintf(out, "\t# matched %" PRIu64, counters->hits);
	if (counters->packets || counters->lost_packets)
		fprintf(out, ", %" PRIu64 " packets of %" PRIu64 " bytes, %" PRIu64
			" of %" PRIu64 " bytes lost", counters->packets, counters->bytes,
			counters->lost_packets, counters->lost_bytes);
}
