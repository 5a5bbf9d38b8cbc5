// SPDX-License-Identifier: GPL-2.0
/* Phases, and what a rule does to the later packets of a flow, as they are written, into the AST. */
#include "build.h"
#include "dates.h"
#include "delay.h"
#include "print.h"
#include "rates.h"

struct ast_phase *build_phase(struct build *build, const struct token *name)
{
	struct policy_ast *ast = build->ast;
	const char *text = build_declare(build, &ast->phase_names, name, "a phase", ast->n_phases,
					 ast->phases, sizeof(*ast->phases));
	struct ast_phase *phase = ast_add_phase(ast, text);

	phase->place = name->place;
	build_limit(build, name->place, ast->n_phases, CENSOR_PHASES_MAX, "phases");
	return phase;
}

void build_title(struct build *build, struct ast_phase *phase, const char *text,
		 struct place place)
{
	const char *at;

	for (at = text; *at; at++) {
		if ((u8)*at >= ' ' && *at != 0x7f && *at != '"')
			continue;
		report_error(build->report, place,
			     "a title has a control character or a quote in it");
		return;
	}
	if (snprintf(phase->phase.title, CENSOR_TITLE_SIZE, "%s", text) < CENSOR_TITLE_SIZE)
		return;
	report_error(build->report, place, "a title of %zu bytes: at most %u are possible",
		     strlen(text), CENSOR_TITLE_SIZE - 1);
}

/* The phase with a date that stands before the last. */
static const struct ast_phase *dated_before(const struct policy_ast *ast)
{
	u32 i;

	for (i = ast->n_phases - 1; i-- > 0;)
		if (ast->phases[i].phase.from != CENSOR_NO_DATE && !ast->phases[i].broken)
			return &ast->phases[i];
	return NULL;
}

/* It stands in the calendar's order, and nothing else is there. */
static bool check_order(struct build *build, const struct ast_phase *phase)
{
	const struct ast_phase *before = dated_before(build->ast);
	char date[DATE_SIZE];

	if (!before)
		return true;
	if (phase->phase.from <= before->phase.from) {
		report_error(build->report, phase->from_place,
			     phase->phase.from == before->phase.from ?
			     "two phases begin at once: \"%s\" begins on %s too" :
			     "phases stand in the order of their dates: \"%s\", before this one, begins on %s",
			     before->name, date_print(before->phase.from, date));
		report_note(build->report, before->from_place, "it is here");
		return false;
	}
	if (before->phase.until != CENSOR_NO_DATE && before->phase.until > phase->phase.from) {
		report_error(build->report, phase->from_place,
			     "phases don't overlap: \"%s\" ends on %s only", before->name,
			     date_print(before->phase.until, date));
		report_note(build->report, before->until_place, "it is here");
		return false;
	}
	return true;
}

void build_dates(struct build *build, struct ast_phase *phase, const struct token *from,
		 const struct token *until)
{
	s64 begin, end = CENSOR_NO_DATE;
	char date[DATE_SIZE];

	phase->from_place = from->place;
	if (until)
		phase->until_place = until->place;
	if (!value_date(build->report, from, &begin) ||
	    (until && !value_date(build->report, until, &end))) {
		phase->broken = true;
		return;
	}
	if (end <= begin) {
		report_error(build->report, until->place,
			     end == begin ? "a phase that ends when it begins has no time: %s is its first day too" :
			     "a phase ends after it begins, and this one begins on %s",
			     date_print(begin, date));
		phase->broken = true;
		return;
	}
	phase->phase.from = begin;
	phase->phase.until = end;
	if (!check_order(build, phase))
		phase->broken = true;
}

void build_police(struct build *build, struct ast_rule *rule, const struct token *rate)
{
	struct censor_police *police = &rule->rule.police;

	if (!value_rate(build->report, rate, &police->rate))
		rule->broken = true;
	else if (!(rule->given & 1u << AST_BURST))
		police->burst = censor_police_burst(police->rate);
}

void build_police_option(struct build *build, struct ast_rule *rule, enum ast_option option,
			 const struct token *value)
{
	struct censor_police *police = &rule->rule.police;
	bool good;

	build_once(build, &rule->given, option, value);
	switch (option) {
	case AST_PER:
		good = value_choice(build->report, value, "per", value_per_names, &police->per);
		break;
	case AST_BURST:
		good = value_burst(build->report, value, &police->burst);
		rule->burst_place = value->place;
		break;
	default:
		good = value_to(build->report, value, &police->to);
	}
	if (!good)
		rule->broken = true;
}

void build_lose(struct build *build, struct ast_rule *rule, const struct token *chance,
		const struct token *to)
{
	struct censor_lose *lose = &rule->rule.lose;

	if (!build_probability(build, chance, &lose->chance) ||
	    (to && !value_to(build->report, to, &lose->to)))
		rule->broken = true;
}

void build_hold(struct build *build, struct ast_rule *rule, const struct token *at,
		const struct token *words, u32 n, const struct token *to)
{
	struct censor_delay *hold = &rule->hold;

	if (!value_delay(build->report, at->place, words, n, hold) ||
	    (to && !value_to(build->report, to, &rule->rule.hold.to))) {
		rule->broken = true;
	} else if (!hold->point[hold->n - 1].us) {
		report_error(build->report, n ? words->place : at->place,
			     "a delay of 0 delays nothing; leave it out, or write more");
		rule->broken = true;
	}
}

void build_mark(struct build *build, struct ast_rule *rule, const struct token *mark)
{
	if (!value_mark(build->report, mark, &rule->rule.mark))
		rule->broken = true;
}

void build_sample(struct build *build, struct ast_rule *rule, const struct token *chance)
{
	build_once(build, &rule->given, AST_SAMPLE, chance);
	if (!build_probability(build, chance, &rule->rule.sample))
		rule->broken = true;
}

void build_in_phase(struct ast_rule *rule, const struct token *name)
{
	memory_grow(rule->phases, rule->n_phases, rule->room_phases);
	rule->phases[rule->n_phases++] = *name;
}
