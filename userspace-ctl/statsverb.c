// SPDX-License-Identifier: GPL-2.0
/* stats: limits and counters of a network namespace. */
#include <inttypes.h>
#include <linux/nf_censor.h>
#include <stdio.h>

#include "command.h"
#include "event.h"
#include "json.h"
#include "netlink.h"

enum unit { UNIT_TEXT, UNIT_NUMBER32, UNIT_NUMBER, UNIT_BYTES };

/* @of: the limit that it is shown against */
static const struct line {
	const char *key;
	const char *label;
	u16 type;
	u16 of;
	enum unit unit;
} lines[] = {
	{ "version", "version", NF_CENSOR_A_STATS_VERSION, 0, UNIT_TEXT },
	{ "policy", "policy", NF_CENSOR_A_STATS_POLICY_NAME, 0, UNIT_TEXT },
	{ "generation", "generation", NF_CENSOR_A_STATS_GENERATION, 0, UNIT_NUMBER32 },
	{ "rules", "rules", NF_CENSOR_A_STATS_RULES, 0, UNIT_NUMBER32 },
	{ "names", "names", NF_CENSOR_A_STATS_NAMES, 0, UNIT_NUMBER32 },
	{ "policy_bytes", "policy memory", NF_CENSOR_A_STATS_POLICY_BYTES,
	  NF_CENSOR_A_STATS_POLICY_BYTES_MAX, UNIT_BYTES },
	{ "policy_bytes_max", NULL, NF_CENSOR_A_STATS_POLICY_BYTES_MAX, 0, UNIT_BYTES },
	{ "flows", "flows", NF_CENSOR_A_STATS_FLOWS, NF_CENSOR_A_STATS_FLOWS_MAX, UNIT_NUMBER32 },
	{ "flows_max", NULL, NF_CENSOR_A_STATS_FLOWS_MAX, 0, UNIT_NUMBER32 },
	{ "flow_bytes", "flow memory", NF_CENSOR_A_STATS_FLOW_BYTES, 0, UNIT_BYTES },
	{ "buffers", "buffers", NF_CENSOR_A_STATS_BUFFERS, NF_CENSOR_A_STATS_BUFFERS_MAX,
	  UNIT_NUMBER32 },
	{ "buffers_max", NULL, NF_CENSOR_A_STATS_BUFFERS_MAX, 0, UNIT_NUMBER32 },
	{ "blocks", "residual blocks", NF_CENSOR_A_STATS_BLOCKS, NF_CENSOR_A_STATS_BLOCKS_MAX,
	  UNIT_NUMBER32 },
	{ "blocks_max", NULL, NF_CENSOR_A_STATS_BLOCKS_MAX, 0, UNIT_NUMBER32 },
	{ "delayed", "injections that wait", NF_CENSOR_A_STATS_DELAYED,
	  NF_CENSOR_A_STATS_DELAYED_MAX, UNIT_NUMBER32 },
	{ "delayed_max", NULL, NF_CENSOR_A_STATS_DELAYED_MAX, 0, UNIT_NUMBER32 },
	{ "held", "packets delayed", NF_CENSOR_A_STATS_HELD, NF_CENSOR_A_STATS_HELD_MAX,
	  UNIT_NUMBER32 },
	{ "held_max", NULL, NF_CENSOR_A_STATS_HELD_MAX, 0, UNIT_NUMBER32 },
	{ "frag_queues", "datagrams in fragments", NF_CENSOR_A_STATS_FRAG_QUEUES,
	  NF_CENSOR_A_STATS_FRAG_QUEUES_MAX, UNIT_NUMBER32 },
	{ "frag_queues_max", NULL, NF_CENSOR_A_STATS_FRAG_QUEUES_MAX, 0, UNIT_NUMBER32 },
	{ "packets", "packets", NF_CENSOR_A_STATS_PACKETS, 0, UNIT_NUMBER },
	{ "bytes", "bytes", NF_CENSOR_A_STATS_BYTES, 0, UNIT_BYTES },
	{ "inspected", "inspected", NF_CENSOR_A_STATS_INSPECTED, 0, UNIT_NUMBER },
	{ "matched", "matched", NF_CENSOR_A_STATS_MATCHED, 0, UNIT_NUMBER },
	{ "dropped", "dropped", NF_CENSOR_A_STATS_DROPPED, 0, UNIT_NUMBER },
	{ "rewritten", "rewritten", NF_CENSOR_A_STATS_REWRITTEN, 0, UNIT_NUMBER },
	{ "injected", "injected", NF_CENSOR_A_STATS_INJECTED, 0, UNIT_NUMBER },
	{ "inject_failed", "not injected", NF_CENSOR_A_STATS_INJECT_FAILED, 0, UNIT_NUMBER },
	{ "disbelieved", "not believed", NF_CENSOR_A_STATS_DISBELIEVED, 0, UNIT_NUMBER },
	{ "resync", "resynchronisations", NF_CENSOR_A_STATS_RESYNC, 0, UNIT_NUMBER },
	{ "teardown", "connections torn down", NF_CENSOR_A_STATS_TEARDOWN, 0, UNIT_NUMBER },
	{ "frags_lost", "fragments dropped", NF_CENSOR_A_STATS_FRAGS_LOST, 0, UNIT_NUMBER },
	{ "held_lost", "delayed and dropped", NF_CENSOR_A_STATS_HELD_LOST, 0, UNIT_NUMBER },
	{ "events", "events", NF_CENSOR_A_STATS_EVENTS, 0, UNIT_NUMBER },
	{ "events_lost", "events lost", NF_CENSOR_A_STATS_EVENTS_LOST, 0, UNIT_NUMBER },
	{ "flows_full", "passed: no room for the flow", NF_CENSOR_A_STATS_FLOWS_FULL, 0,
	  UNIT_NUMBER },
	{ "no_memory", "passed: no memory", NF_CENSOR_A_STATS_NO_MEMORY, 0, UNIT_NUMBER },
	{ "no_buffer", "passed: no buffer", NF_CENSOR_A_STATS_NO_BUFFER, 0, UNIT_NUMBER },
	{ "too_long", "passed: message too long", NF_CENSOR_A_STATS_TOO_LONG, 0, UNIT_NUMBER },
	{ "malformed", "passed: malformed", NF_CENSOR_A_STATS_MALFORMED, 0, UNIT_NUMBER },
	{ "out_of_order", "passed: out of order", NF_CENSOR_A_STATS_OUT_OF_ORDER, 0,
	  UNIT_NUMBER },
	{ "frags_full", "passed: no room for fragments", NF_CENSOR_A_STATS_FRAGS_FULL, 0,
	  UNIT_NUMBER },
	{ "held_full", "not delayed: no room", NF_CENSOR_A_STATS_HELD_FULL, 0, UNIT_NUMBER },
	{ "quic_rate", "passed: Initials beyond the rate", NF_CENSOR_A_STATS_QUIC_RATE, 0,
	  UNIT_NUMBER },
	{ "matches_full", "too many matches", NF_CENSOR_A_STATS_MATCHES_FULL, 0, UNIT_NUMBER },
	{ "blocks_full", "no room for a block", NF_CENSOR_A_STATS_BLOCKS_FULL, 0, UNIT_NUMBER },
};

struct answer {
	bool json;
	const struct nlattr *table[NF_CENSOR_A_STATS_MAX + 1];
};

static u64 number_of(const struct nlattr *attr)
{
	return mnl_attr_get_payload_len(attr) < 8 ? netlink_u32(attr) : netlink_u64(attr);
}

static void print_number(u64 number, enum unit unit)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB" };
	double shown = number;
	int i = -1;

	if (unit != UNIT_BYTES || number < 1024) {
		printf("%" PRIu64 "%s", number, unit == UNIT_BYTES ? " B" : "");
		return;
	}
	for (; shown >= 1024 && i < 4; i++)
		shown /= 1024;
	printf("%.1f %s", shown, units[i]);
}

static void print_line(const struct answer *answer, const struct line *line)
{
	const struct nlattr *attr = answer->table[line->type];

	if (!attr || !line->label)
		return;
	printf("%-29s ", line->label);
	if (line->unit == UNIT_TEXT) {
		text_printf(stdout, "%s", netlink_string(attr, ""));
		putchar('\n');
		return;
	}
	print_number(number_of(attr), line->unit);
	if (line->of && answer->table[line->of]) {
		fputs(" of ", stdout);
		print_number(number_of(answer->table[line->of]), line->unit);
	}
	putchar('\n');
}

static void read_stats(const struct nlmsghdr *message, void *data)
{
	json_t *object = json_object();
	struct answer *answer = data;
	u32 i;

	netlink_attrs(message, answer->table, NF_CENSOR_A_STATS_MAX);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		const struct nlattr *attr = answer->table[lines[i].type];

		if (!answer->json)
			print_line(answer, &lines[i]);
		else if (attr && lines[i].unit == UNIT_TEXT)
			json_object_set_new(object, lines[i].key,
					    json_string(netlink_string(attr, "")));
		else if (attr)
			json_object_set_new(object, lines[i].key, json_integer(number_of(attr)));
	}
	if (answer->json)
		json_print(stdout, object, false);
	else
		json_decref(object);
}

static int stats_run(struct command *command)
{
	struct answer answer;
	struct netlink *netlink;
	char buffer[64] __attribute__((__aligned__(8)));
	int err;

	if (command_option(command, "", NULL) != -1)
		return EXIT_USAGE;
	if (optind != command->argc)
		return command_wrong(command, "it takes no argument");
	answer.json = command->json;
	netlink = netlink_open(command);
	if (!netlink)
		return EXIT_REFUSED;
	err = netlink_request(netlink, netlink_message(netlink, buffer, NF_CENSOR_CMD_STATS_GET,
						       NLM_F_ACK), read_stats, &answer);
	if (err)
		command_failed(command, "%s", netlink->error);
	netlink_close(netlink);
	return err ? EXIT_REFUSED : EXIT_DONE;
}

const struct verb verb_stats = {
	.name = "stats",
	.usage = "[-n NETNS] [-j]",
	.does = "Show limits and counters",
	.help =
"  -n, --netns     of this network namespace\n"
"  -j, --json      as one JSON object\n"
"Whatever there is no room for passes, and is counted.\n"
"\n"
"  censorctl -n censor stats\n"
"  censorctl stats -j | jq .injected\n",
	.kernel = true,
	.run = stats_run,
};
