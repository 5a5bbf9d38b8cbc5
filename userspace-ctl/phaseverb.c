// SPDX-License-Identifier: GPL-2.0
/* phase: the phases of the policy in force, and switching to one. */
#include <stdio.h>
#include <time.h>

#include "command.h"
#include "dates.h"
#include "event.h"
#include "json.h"
#include "phases.h"

static json_t *current(const struct phases *phases)
{
	return phases->now < 0 ? json_null() : json_text(phases->phases[phases->now].name);
}

static void list_phase(const struct phases *phases, u32 i, int width, bool colour)
{
	const struct censor_phase *phase = &phases->phases[i];
	bool now = phases->now == (int)i;
	char date[DATE_SIZE];

	printf("%s%c ", now && colour ? "\033[1m" : "", now ? '*' : ' ');
	text_printf(stdout, "%-*s  ", width, phase->name);
	printf("%-16s", phase->from == CENSOR_NO_DATE ? "no date" : date_print(phase->from, date));
	if (phase->until == CENSOR_NO_DATE)
		printf("    %-16s", "");
	else
		printf(" to %-16s", date_print(phase->until, date));
	printf("  ");
	text_print(stdout, phase->title, strlen(phase->title));
	printf("%s\n", now && colour ? "\033[0m" : "");
}

static void list(const struct phases *phases)
{
	char date[DATE_SIZE];
	bool colour = colour_wanted(stdout);
	int width = 0;
	u32 i;

	if (!phases->generation) {
		fputs("censorctl phase: no policy is in force\n", stderr);
		return;
	}
	text_printf(stdout, "policy %s (generation %u), its calendar is at %s", phases->policy,
		    phases->generation, date_print(phases->wall, date));
	putchar('\n');
	if (!phases->n)
		puts("it has no phases: it is always the same");
	for (i = 0; i < phases->n; i++)
		width = max(width, (int)strlen(phases->phases[i].name));
	for (i = 0; i < phases->n; i++)
		list_phase(phases, i, width, colour);
}

/* Which phase is in force now, and the calendar where that was set. */
static void tell(const struct command *command, const struct phases *phases, const s64 *wall)
{
	char date[DATE_SIZE];

	if (command->json) {
		json_t *object = json_pack("{s:b, s:o, s:I, s:o, s:I}", "ok", true, "policy",
					   json_text(phases->policy), "generation",
					   (json_int_t)phases->generation, "phase",
					   current(phases), "switches",
					   (json_int_t)phases->switches);

		if (wall)
			json_object_set_new(object, "wall",
					    json_string(date_print_full(*wall, date)));
		json_print(stdout, object, false);
		return;
	}
	if (phases->now >= 0)
		text_printf(stdout, "phase %s in force (policy %s, generation %u)%s",
			    phases->phases[phases->now].name, phases->policy, phases->generation,
			    wall ? ", " : "");
	if (wall)
		printf("the calendar is at %s", date_print(*wall, date));
	putchar('\n');
}

/**
 * struct phase_time - what --time says
 * @given: it says something
 * @of_day: a time of the day on which the phase begins (or of today), else a date
 */
struct phase_time {
	bool given, of_day;
	s64 seconds;
};

static bool read_time(const struct command *command, const char *text, struct phase_time *time)
{
	char why[DATE_WHY_SIZE];
	u32 len = strlen(text);

	time->given = true;
	if (date_read(text, len, &time->seconds, why))
		return true;
	time->of_day = !*why && date_time_of_day(text, len, &time->seconds, why);
	if (time->of_day)
		return true;
	if (*why)
		command_wrong(command, "--time %s: %s", text, why);
	else
		command_wrong(command, "--time is a date or a time of day (UTC) such as 2017-07-18, 2017-07-18T20:00 or 20:00, not \"%s\"",
			      text);
	return false;
}

/* @phase: or NULL */
static s64 wall_of(const struct phase_time *when, const struct censor_phase *phase)
{
	s64 day = phase && phase->from != CENSOR_NO_DATE ? phase->from : (s64)time(NULL);

	return when->seconds + (when->of_day ? day - day % DATE_DAY : 0);
}

/* @name: or NULL */
static int phase_in(struct command *command, struct netlink *netlink, const char *name,
		    const struct phase_time *time)
{
	struct phases phases;
	int index = -1;
	s64 wall = 0;

	if (phases_get(netlink, &phases))
		return command_failed(command, "%s", netlink->error);
	if (!name && !time->given) {
		if (command->json)
			json_print(stdout, phases_json(&phases), false);
		else
			list(&phases);
		return EXIT_DONE;
	}
	if (!phases.generation)
		return command_failed(command, "no policy is in force; load one that has phases");
	if (name) {
		index = phases_find(command, &phases, name);
		if (index < 0)
			return EXIT_REFUSED;
	}
	if (time->given)
		wall = wall_of(time, name ? &phases.phases[index] :
			       phases.now < 0 ? NULL : &phases.phases[phases.now]);
	if (phases_set(netlink, &phases, index, time->given ? &wall : NULL))
		return command_failed(command, "%s", netlink->error);
	tell(command, &phases, time->given ? &wall : NULL);
	return EXIT_DONE;
}

static int phase_run(struct command *command)
{
	static const struct option longs[] = {
		{ "time", required_argument, NULL, 't' },
		{}
	};
	struct phase_time time = {};
	const char *name = NULL;
	struct netlink *netlink;
	int option, status;

	while ((option = command_option(command, "", longs)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		time = (struct phase_time){};
		if (!read_time(command, optarg, &time))
			return EXIT_USAGE;
	}
	if (optind < command->argc)
		name = command->argv[optind++];
	if (optind != command->argc)
		return command_wrong(command, "one phase at a time");
	netlink = netlink_open(command);
	if (!netlink)
		return EXIT_REFUSED;
	status = phase_in(command, netlink, name, &time);
	netlink_close(netlink);
	return status;
}

const struct verb verb_phase = {
	.name = "phase",
	.usage = "[-n NETNS] [-j] [--time TIME] [NAME]",
	.does = "List the phases of the policy in force, or switch to one",
	.help =
"      --time TIME set the calendar that rules with hours go by: a date such as 2017-07-18,\n"
"                  2017-07-18T20:00 or, on the phase's first day, 20:00; all UTC\n"
"  -n, --netns     in this network namespace\n"
"  -j, --json      as one JSON object\n"
"Without NAME the phases are listed, the one in force with a star. A switch takes effect at once\n"
"and whole; nothing is loaded again.\n"
"\n"
"  censorctl -n censor phase\n"
"  censorctl -n censor phase september\n"
"  censorctl -n censor phase september --time 20:00\n",
	.kernel = true,
	.run = phase_run,
};
