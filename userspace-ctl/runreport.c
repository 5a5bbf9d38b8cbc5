// SPDX-License-Identifier: GPL-2.0
/* What came of the command of run: a word, a sentence, the report and the exit status. */
#include <inttypes.h>
#include <stdio.h>
#include <sys/wait.h>

#include "event.h"
#include "json.h"
#include "jsonshape.h"
#include "memory.h"
#include "run.h"
#include "signals.h"

const char *const outcome_names[OUTCOME_COUNT + 1] = {
	[OUTCOME_ALLOWED] = "allowed",
	[OUTCOME_SLOW] = "slow",
	[OUTCOME_BLOCKED] = "blocked",
	[OUTCOME_FAILED] = "failed",
};

static enum outcome outcome_of(const struct run *run)
{
	const struct verdicts *verdicts = &run->verdicts;

	if (run->not_run || run->signal)
		return OUTCOME_FAILED;
	if (!run->timed_out && WIFEXITED(run->child.status) && !WEXITSTATUS(run->child.status))
		return verdicts->slow ? OUTCOME_SLOW : OUTCOME_ALLOWED;
	return verdicts->harm ? OUTCOME_BLOCKED : OUTCOME_FAILED;
}

/* How the command ended, as the end of a sentence. */
static void print_end(FILE *out, const struct run *run)
{
	char name[SIGNAL_SIZE];

	if (run->timed_out)
		fprintf(out, "it was not done after %g s", run->limit_ms / 1000.0);
	else if (WIFSIGNALED(run->child.status))
		fprintf(out, "it was ended by %s", signal_print(WTERMSIG(run->child.status), name));
	else
		fprintf(out, "its exit status is %d", WEXITSTATUS(run->child.status));
}

/* Where no event tells of harm: what that means. */
static void print_nothing(FILE *out, const struct verdicts *verdicts)
{
	if (verdicts->unknown)
		fprintf(out, "what the censor did to it is not known (%s)", verdicts->unknown);
	else
		fputs("the censor did nothing to it", out);
}

/* One sentence. */
static char *why_of(const struct run *run, enum outcome outcome)
{
	const struct verdicts *verdicts = &run->verdicts;
	u64 lost = verdicts_lost(verdicts);
	char *text = NULL, name[SIGNAL_SIZE];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return memory_string("");
	if (run->not_run) {
		fputs(run->error, out);
	} else if (run->signal) {
		fprintf(out, "the run was ended by %s", signal_print(run->signal, name));
	} else if (outcome == OUTCOME_FAILED) {
		print_nothing(out, verdicts);
		fputs("; ", out);
		print_end(out, run);
	} else if (outcome == OUTCOME_BLOCKED) {
		fprintf(out, "rule %s; ", verdicts->harm);
		print_end(out, run);
	} else if (outcome == OUTCOME_SLOW) {
		fprintf(out, "it succeeded, held up by rule %s", verdicts->slow);
	} else if (verdicts->harm) {
		fprintf(out, "it succeeded in spite of rule %s", verdicts->harm);
	} else {
		fputs("it succeeded, and ", out);
		print_nothing(out, verdicts);
	}
	if (lost)
		fprintf(out, "; of %" PRIu64 " events %" PRIu64 " were lost", verdicts->all, lost);
	fclose(out);
	return text;
}

static json_t *counters(const struct listing *listing)
{
	json_t *array = json_array();
	u32 i;

	for (i = 0; i < listing->n; i++) {
		json_t *object = json_pack("{s:o}", "rule", json_text(listing->rules[i].name));

		json_set_counters(object, &listing->rules[i].counters);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *words_json(char **words)
{
	json_t *array = json_array();

	for (; *words; words++)
		json_array_append_new(array, json_text(*words));
	return array;
}

static json_t *report_of(struct run *run, enum outcome outcome, const char *why, bool met)
{
	const struct policy_ast *ast = run->ast;
	json_t *object = json_pack("{s:o, s:o, s:o}", "policy", json_text(ast->name),
				   "phase", ast->n_phases ? json_text(ast->phases[run->first].name) :
							    json_null(),
				   "command", words_json(run->words));
	struct verdicts *verdicts = &run->verdicts;
	char name[SIGNAL_SIZE];

	if (!run->not_run && WIFSIGNALED(run->child.status)) {
		signal_print(WTERMSIG(run->child.status), name);
		json_object_set_new(object, "signal", json_string(name));
	} else {
		json_object_set_new(object, "exit", json_integer(run->not_run ? run->not_run :
								 WEXITSTATUS(run->child.status)));
	}
	json_object_set_new(object, "timed_out", json_boolean(run->timed_out));
	json_object_set_new(object, "seconds", json_real(run->seconds));
	json_object_set_new(object, "outcome", json_string(outcome_names[outcome]));
	json_object_set_new(object, "expect", run->expect < 0 ? json_null() :
					      json_string(outcome_names[run->expect]));
	json_object_set_new(object, "met", run->expect < 0 ? json_null() : json_boolean(met));
	json_object_set_new(object, "why", json_text(why));
	/* Those that were too many to be kept are as good as lost for who reads this. */
	json_object_set_new(object, "verdicts", verdicts_json(verdicts));
	json_object_set_new(object, "counters", verdicts->unknown ? json_null() :
						counters(&verdicts->listing));
	json_object_set_new(object, "lost_events", verdicts->unknown ? json_null() :
			    json_integer((json_int_t)(max(verdicts->all, verdicts->n) -
						      verdicts->kept)));
	return object;
}

static void tell_people(const struct run *run, enum outcome outcome, const char *why, bool met)
{
	const struct verdicts *verdicts = &run->verdicts;
	bool colour = colour_wanted(stderr);
	u32 i;

	fprintf(stderr, "censorctl run: %s%s%s", colour ? "\033[1m" : "", outcome_names[outcome],
		colour ? "\033[0m" : "");
	if (run->expect >= 0 && met)
		fputs(", as expected", stderr);
	else if (run->expect >= 0)
		fprintf(stderr, "%s, but expected to be %s%s", colour ? "\033[1;31m" : "",
			outcome_names[run->expect], colour ? "\033[0m" : "");
	text_printf(stderr, ": %s", why);
	fputc('\n', stderr);
	for (i = 0; i < min_t(u64, verdicts->n, VERDICTS_SHOWN); i++)
		fprintf(stderr, "  %s", verdicts->lines[i] ? verdicts->lines[i] : "\n");
	if (verdicts->n > VERDICTS_SHOWN)
		fprintf(stderr, "  and %" PRIu64 " more\n", verdicts->n - VERDICTS_SHOWN);
}

static int status_of(const struct run *run, bool met)
{
	if (run->not_run)
		return run->not_run;
	if (run->signal)
		return EXIT_SIGNALLED + run->signal;
	if (run->expect >= 0)
		return !met;
	if (run->timed_out)
		return EXIT_TIMED_OUT;
	if (WIFSIGNALED(run->child.status))
		return EXIT_SIGNALLED + WTERMSIG(run->child.status);
	return WEXITSTATUS(run->child.status);
}

/* Return: 0, or the exit status, said */
static int write_report(struct run *run, enum outcome outcome, const char *why, bool met)
{
	FILE *out = outfile_write(&run->report);

	if (out)
		json_print(out, report_of(run, outcome, why, met), true);
	if (!out || outfile_end(&run->report))
		return run_failed(run, "can't write %s: %s", run->report_path, strerror(errno));
	return 0;
}

int run_told(struct run *run)
{
	enum outcome outcome;
	int status, err = 0;
	bool met;
	char *why;

	verdicts_end(&run->verdicts, run->command, run->ast);
	outcome = outcome_of(run);
	met = (int)outcome == run->expect && !run->not_run && !run->signal;
	why = why_of(run, outcome);
	status = status_of(run, met);
	tell_people(run, outcome, why, met);
	if (run->report_path)
		err = write_report(run, outcome, why, met);
	outfile_close(&run->report);
	free(why);
	return err ? err : status;
}
