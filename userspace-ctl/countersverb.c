// SPDX-License-Identifier: GPL-2.0
/* counters: what each rule of the policy in force has counted. */
#include <inttypes.h>
#include <stdio.h>

#include "command.h"
#include "counters.h"
#include "event.h"
#include "json.h"

static void print_table(const struct phases *phases, const struct listing *listing)
{
	int width = strlen("rule");
	u32 i;

	if (!phases->generation) {
		fputs("censorctl counters: no policy is in force\n", stderr);
		return;
	}
	for (i = 0; i < listing->n; i++)
		width = max(width, (int)strlen(listing->rules[i].name));
	printf("%-*s %10s %12s %15s %12s %15s\n", width, "rule", "matched", "packets", "bytes",
	       "lost packets", "lost bytes");
	for (i = 0; i < listing->n; i++) {
		const struct counters *counters = &listing->rules[i].counters;

		text_print(stdout, listing->rules[i].name, strlen(listing->rules[i].name));
		printf("%*s %10" PRIu64 " %12" PRIu64 " %15" PRIu64 " %12" PRIu64 " %15" PRIu64 "\n",
		       width - (int)strlen(listing->rules[i].name), "", counters->hits,
		       counters->packets, counters->bytes, counters->lost_packets,
		       counters->lost_bytes);
	}
}

static int counters_run(struct command *command)
{
	struct listing listing = {};
	struct netlink *netlink;
	struct phases phases;
	int err;

	if (command_option(command, "", NULL) != -1)
		return EXIT_USAGE;
	if (optind != command->argc)
		return command_wrong(command, "it takes no argument");
	netlink = netlink_open(command);
	if (!netlink)
		return EXIT_REFUSED;
	err = counters_get(netlink, &phases, &listing);
	if (err)
		command_failed(command, "%s", netlink->error);
	else if (command->json)
		json_print(stdout, counters_json(&phases, &listing), false);
	else
		print_table(&phases, &listing);
	free(listing.rules);
	netlink_close(netlink);
	return err ? EXIT_REFUSED : EXIT_DONE;
}

const struct verb verb_counters = {
	.name = "counters",
	.usage = "[-n NETNS] [-j]",
	.does = "Show what each rule has counted",
	.help =
"  -n, --netns     of this network namespace\n"
"  -j, --json      as one JSON object\n"
"For each rule how often it matched; and of the flows that count for it, which are those that it was\n"
"the last to match, the packets and bytes of IP that went on, and those that were dropped.\n"
"\n"
"  censorctl -n censor counters\n"
"  censorctl counters -j | jq '.rules[] | select(.lost_packets > 0)'\n",
	.kernel = true,
	.run = counters_run,
};
