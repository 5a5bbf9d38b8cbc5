// SPDX-License-Identifier: GPL-2.0
/* counters: what each rule of the policy in force has counted. */
#include <inttypes.h>
#include <linux/genetlink.h>
#include <linux/nf_censor.h>
#include <stdio.h>

#include "command.h"
#include "event.h"
#include "json.h"
#include "jsonshape.h"
#include "netshape.h"
#include "phases.h"

#define COUNTERS_TRIES	10

struct line {
	char name[CENSOR_NAME_MAX];
	struct counters counters;
};

struct listing {
	struct line *lines;
	u32 n, room;
	u32 generation;
};

static void read_rule(struct listing *listing, const struct nlattr *nest)
{
	const struct nlattr *parts[NF_CENSOR_A_RULE_MAX + 1];
	struct line *line;

	netlink_nested(nest, parts, NF_CENSOR_A_RULE_MAX);
	memory_grow(listing->lines, listing->n, listing->room);
	line = &listing->lines[listing->n++];
	snprintf(line->name, sizeof(line->name), "%s",
		 netlink_string(parts[NF_CENSOR_A_RULE_NAME], ""));
	netshape_read_counters(parts, &line->counters);
}

static void read_rules(const struct nlmsghdr *message, void *data)
{
	struct listing *listing = data;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == NF_CENSOR_A_POLICY_GENERATION)
			listing->generation = netlink_u32(attr);
		else if (mnl_attr_get_type(attr) == NF_CENSOR_A_POLICY_RULE)
			read_rule(listing, attr);
	}
}

static void print_json(const struct phases *phases, const struct listing *listing)
{
	json_t *rules = json_array(), *rule;
	u32 i;

	for (i = 0; i < listing->n; i++) {
		rule = json_pack("{s:o}", "rule", json_text(listing->lines[i].name));
		json_set_counters(rule, &listing->lines[i].counters);
		json_array_append_new(rules, rule);
	}
	json_print(stdout, json_pack("{s:o, s:o, s:o}",
		   "policy", phases->generation ? json_text(phases->policy) : json_null(),
		   "phase", phases->now < 0 ? json_null() :
			    json_text(phases->phases[phases->now].name),
		   "rules", rules), false);
}

static void print_table(const struct phases *phases, const struct listing *listing)
{
	int width = strlen("rule");
	u32 i;

	if (!phases->generation) {
		fputs("censorctl counters: no policy is in force\n", stderr);
		return;
	}
	for (i = 0; i < listing->n; i++)
		width = max(width, (int)strlen(listing->lines[i].name));
	printf("%-*s %10s %12s %15s %12s %15s\n", width, "rule", "matched", "packets", "bytes",
	       "lost packets", "lost bytes");
	for (i = 0; i < listing->n; i++) {
		const struct counters *counters = &listing->lines[i].counters;

		text_print(stdout, listing->lines[i].name, strlen(listing->lines[i].name));
		printf("%*s %10" PRIu64 " %12" PRIu64 " %15" PRIu64 " %12" PRIu64 " %15" PRIu64 "\n",
		       width - (int)strlen(listing->lines[i].name), "", counters->hits,
		       counters->packets, counters->bytes, counters->lost_packets,
		       counters->lost_bytes);
	}
}

/* The rules and the phase of one and the same policy. */
static int receive(struct netlink *netlink, struct phases *phases, struct listing *listing)
{
	char buffer[64] __attribute__((__aligned__(8)));
	int try, err;

	for (try = 0; try < COUNTERS_TRIES; try++) {
		listing->n = 0;
		listing->generation = 0;
		err = phases_get(netlink, phases);
		if (!err)
			err = netlink_request(netlink,
					      netlink_message(netlink, buffer,
							      NF_CENSOR_CMD_RULES_GET,
							      NLM_F_DUMP), read_rules, listing);
		if (err)
			return err;
		/* A policy without rules says nothing in the dump. */
		if (!netlink->interrupted &&
		    (listing->generation == phases->generation || !listing->n))
			return 0;
	}
	snprintf(netlink->error, sizeof(netlink->error),
		 "the policy was replaced again and again meanwhile");
	return -EAGAIN;
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
	netlink = memory_zeroed(1, sizeof(*netlink));
	if (netlink_open(netlink, command)) {
		free(netlink);
		return EXIT_REFUSED;
	}
	err = receive(netlink, &phases, &listing);
	netlink_close(netlink);
	if (err)
		command_failed(command, "%s", netlink->error);
	else if (command->json)
		print_json(&phases, &listing);
	else
		print_table(&phases, &listing);
	free(listing.lines);
	free(netlink);
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
