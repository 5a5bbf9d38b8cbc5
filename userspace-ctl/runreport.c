// SPDX-License-Identifier: GPL-2.0
/* What came of the command of run: a word, a sentence, the report and the exit status. */
#include <inttypes.h>
#include <linux/nf_censor.h>
#include <stdio.h>
#include <sys/wait.h>

#include "event.h"
#include "json.h"
#include "jsonshape.h"
#include "memory.h"
#include "receive.h"
#include "run.h"

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
	if (run->timed_out)
		fprintf(out, "it was not done after %g s", run->limit_ms / 1000.0);
	else if (WIFSIGNALED(run->child.status))
		fprintf(out, "it was ended by SIG%s", sigabbrev_np(WTERMSIG(run->child.status)));
	else
		fprintf(out, "its exit status is %d", WEXITSTATUS(run->child.status));
}

/* One sentence. */
static char *why_of(const struct run *run, enum outcome outcome)
{
	const struct verdicts *verdicts = &run->verdicts;
	size_t size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return memory_string("");
	if (run->not_run) {
		fputs(run->error, out);
	} else if (run->signal) {
		fprintf(out, "the run was ended by SIG%s", sigabbrev_np(run->signal));
	} else if (outcome == OUTCOME_FAILED) {
		fputs("the censor did nothing to it; ", out);
		print_end(out, run);
	} else if (outcome == OUTCOME_BLOCKED) {
		fprintf(out, "rule %s; ", verdicts->harm);
		print_end(out, run);
	} else if (outcome == OUTCOME_SLOW) {
		fprintf(out, "it succeeded, held up by rule %s", verdicts->slow);
	} else if (verdicts->harm) {
		fprintf(out, "it succeeded in spite of rule %s", verdicts->harm);
	} else {
		fputs("it succeeded, and the censor did nothing to it", out);
	}
	fclose(out);
	return text;
}

static void read_events(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *table[NF_CENSOR_A_STATS_MAX + 1];
	u64 *events = data;

	netlink_attrs(message, table, NF_CENSOR_A_STATS_MAX);
	*events = netlink_u64(table[NF_CENSOR_A_STATS_EVENTS]);
}

static json_t *rule_json(const struct ast_rule *rule)
{
	json_t *object = json_pack("{s:o}", "rule", json_text(rule->name));

	json_set_counters(object, &rule->counters);
	return object;
}

/* What each rule has counted; and how many events there were, to know of those that are missing. */
static json_t *counters(struct run *run, u64 *events)
{
	struct netlink *netlink = memory_zeroed(1, sizeof(*netlink));
	char buffer[64] __attribute__((__aligned__(8)));
	struct command command = *run->command;
	json_t *array = json_array();
	struct policy_ast *ast = NULL;
	u32 generation, i;

	command.netns = NULL;
	if (!netlink_open(netlink, &command)) {
		netlink_request(netlink, netlink_message(netlink, buffer, NF_CENSOR_CMD_STATS_GET,
							 NLM_F_ACK), read_events, events);
		if (!policy_receive(netlink, &ast, &generation))
			for (i = 0; ast && i < ast->n_rules; i++)
				json_array_append_new(array, rule_json(&ast->rules[i]));
		netlink_close(netlink);
	}
	policy_free(ast);
	free(netlink);
	return array;
}

static json_t *words_json(char **words)
{
	json_t *array = json_array();
	size_t size;
	char *text;

	for (; *words; words++) {
		FILE *stream = open_memstream(&text, &size);

		/* Words are bytes: what is not UTF-8 is told as events tell it. */
		if (!stream)
			break;
		json_print_string(stream, *words, strlen(*words));
		fclose(stream);
		json_array_append_new(array, json_loads(text, JSON_DECODE_ANY, NULL));
		free(text);
	}
	return array;
}

static json_t *report_of(struct run *run, enum outcome outcome, const char *why, bool met)
{
	const struct policy_ast *ast = run->ast;
	json_t *object = json_pack("{s:o, s:o, s:o}", "policy", json_text(ast->name),
				   "phase", ast->n_phases ? json_text(ast->phases[run->first].name) :
							    json_null(),
				   "command", words_json(run->words));
	u64 events = run->verdicts.n;

	if (!run->not_run && WIFSIGNALED(run->child.status)) {
		char name[32];

		snprintf(name, sizeof(name), "SIG%s", sigabbrev_np(WTERMSIG(run->child.status)));
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
	json_object_set_new(object, "why", json_string(why));
	json_object_set_new(object, "verdicts", verdicts_json(&run->verdicts));
	json_object_set_new(object, "counters", counters(run, &events));
	json_object_set_new(object, "lost_events",
			    json_integer((json_int_t)(events - run->verdicts.kept)));
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
	fprintf(stderr, ": %s\n", why);
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

int run_told(struct run *run)
{
	enum outcome outcome = outcome_of(run);
	bool met = (int)outcome == run->expect && !run->not_run && !run->signal;
	char *why = why_of(run, outcome);
	int status = status_of(run, met);

	tell_people(run, outcome, why, met);
	if (run->report) {
		bool wrong;

		json_print(run->report, report_of(run, outcome, why, met), true);
		wrong = ferror(run->report);
		if (fclose(run->report) || wrong)
			status = run_failed(run, "can't write %s: %s", run->report_path,
					    strerror(errno));
	}
	free(why);
	return status;
}
