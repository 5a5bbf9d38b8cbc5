// SPDX-License-Identifier: GPL-2.0
/* residuals: the residual blocks that are set. */
#include <linux/genetlink.h>
#include <linux/nf_censor.h>
#include <stdio.h>

#include "command.h"
#include "event.h"
#include "netdump.h"
#include "value.h"

/* Any protocol's, where the block has no ports. */
static const char *proto_of(const struct nlattr **parts, char *buf)
{
	if (!parts[NF_CENSOR_A_BLOCK_PROTO])
		return "any";
	return proto_print(netlink_u8(parts[NF_CENSOR_A_BLOCK_PROTO]), buf);
}

static const char *rearm_of(const struct nlattr **parts)
{
	u8 rearm = netlink_u8(parts[NF_CENSOR_A_BLOCK_REARM]);

	return rearm < CENSOR_REARMS ? value_rearm_names[rearm] : "unknown";
}

struct block_ends {
	char from[NETDUMP_END_SIZE], to[NETDUMP_END_SIZE];
};

static void ends_of(const struct nlattr **parts, struct block_ends *ends)
{
	u8 family = netlink_u8(parts[NF_CENSOR_A_BLOCK_FAMILY]);

	netdump_end(family, parts[NF_CENSOR_A_BLOCK_SADDR], parts[NF_CENSOR_A_BLOCK_SPORT],
		    ends->from);
	netdump_end(family, parts[NF_CENSOR_A_BLOCK_DADDR], parts[NF_CENSOR_A_BLOCK_DPORT],
		    ends->to);
}

struct block_widths {
	int from, to;
};

static void print_block(FILE *out, const struct nlmsghdr *message,
			const struct block_widths *widths)
{
	const struct nlattr *parts[NF_CENSOR_A_BLOCK_MAX + 1];
	char proto[8], left[16], lasts[16], begins[16];
	struct block_ends ends;
	u32 wait;

	netlink_attrs(message, parts, NF_CENSOR_A_BLOCK_MAX);
	ends_of(parts, &ends);
	wait = netlink_u32(parts[NF_CENSOR_A_BLOCK_BEGINS]);
	fprintf(out, "%-6s %-*s > %-*s %9s %9s  %-7s %9s  ", proto_of(parts, proto), widths->from,
		ends.from, widths->to, ends.to,
		wait ? netdump_seconds(wait, begins) : "-",
		netdump_seconds(netlink_u32(parts[NF_CENSOR_A_BLOCK_LEFT]), left), rearm_of(parts),
		netdump_seconds(netlink_u32(parts[NF_CENSOR_A_BLOCK_LASTS]), lasts));
	text_printf(out, "%s: %s", netlink_string(parts[NF_CENSOR_A_BLOCK_RULE], ""),
		    netlink_string(parts[NF_CENSOR_A_BLOCK_ACTION], ""));
	fprintf(out, "%s%s\n", parts[NF_CENSOR_A_BLOCK_BACK] ? " (the other way)" : "",
		parts[NF_CENSOR_A_BLOCK_IDLE] ? " (not in this phase)" : "");
}

static void print_blocks(FILE *out, const struct netdump *dump)
{
	struct block_widths widths = { .from = strlen("from"), .to = strlen("to") };
	const struct nlattr *parts[NF_CENSOR_A_BLOCK_MAX + 1];
	const struct nlmsghdr *message = NULL;
	struct block_ends ends;

	while ((message = netdump_next(dump, message))) {
		netlink_attrs(message, parts, NF_CENSOR_A_BLOCK_MAX);
		ends_of(parts, &ends);
		widths.from = max(widths.from, (int)strlen(ends.from));
		widths.to = max(widths.to, (int)strlen(ends.to));
	}
	fprintf(out, "%-6s %-*s   %-*s %9s %9s  %-7s %9s  %s\n", "proto", widths.from, "from",
		widths.to, "to", "begins", "left", "rearm", "to last", "rule");
	while ((message = netdump_next(dump, message)))
		print_block(out, message, &widths);
}

static void print_json_seconds(FILE *out, const char *name, const struct nlattr *attr)
{
	u32 ms = netlink_u32(attr);

	fprintf(out, ",\"%s\":%u.%03u", name, ms / 1000, ms % 1000);
}

static void print_json_block(FILE *out, const struct nlmsghdr *message)
{
	const struct nlattr *parts[NF_CENSOR_A_BLOCK_MAX + 1];
	u8 family;
	char proto[8];

	netlink_attrs(message, parts, NF_CENSOR_A_BLOCK_MAX);
	family = netlink_u8(parts[NF_CENSOR_A_BLOCK_FAMILY]);
	fprintf(out, "{\"packets\":{\"family\":%u", family);
	if (parts[NF_CENSOR_A_BLOCK_PROTO])
		fprintf(out, ",\"proto\":\"%s\"", proto_of(parts, proto));
	netdump_json_ends(out, family, parts[NF_CENSOR_A_BLOCK_SADDR],
			  parts[NF_CENSOR_A_BLOCK_SPORT], parts[NF_CENSOR_A_BLOCK_DADDR],
			  parts[NF_CENSOR_A_BLOCK_DPORT]);
	fputc('}', out);
	netdump_json_string(out, "rule", netlink_string(parts[NF_CENSOR_A_BLOCK_RULE], ""));
	netdump_json_string(out, "action", netlink_string(parts[NF_CENSOR_A_BLOCK_ACTION], ""));
	fprintf(out, ",\"back\":%s,\"idle\":%s", parts[NF_CENSOR_A_BLOCK_BACK] ? "true" : "false",
		parts[NF_CENSOR_A_BLOCK_IDLE] ? "true" : "false");
	print_json_seconds(out, "begins", parts[NF_CENSOR_A_BLOCK_BEGINS]);
	print_json_seconds(out, "left", parts[NF_CENSOR_A_BLOCK_LEFT]);
	print_json_seconds(out, "lasts", parts[NF_CENSOR_A_BLOCK_LASTS]);
	netdump_json_string(out, "rearm", rearm_of(parts));
	fputs("}\n", out);
}

static const struct netdump_table block_table = {
	.command = NF_CENSOR_CMD_RESIDUAL_GET,
	.what = "blocks",
	.print = print_blocks,
	.print_json = print_json_block,
};

static int residuals_run(struct command *command)
{
	return netdump_run(command, &block_table);
}

const struct verb verb_residuals = {
	.name = "residuals",
	.usage = "[-n NETNS] [-j]",
	.does = "Show the residual blocks that are set",
	.help =
"  -n, --netns     of this network namespace\n"
"  -j, --json      one JSON object a line\n"
"Of each block the packets that it is on: those of these ends, what its rule does not go by\n"
"standing as * or left out; the seconds, by the policy's clock, until it begins and until it ends;\n"
"what arms it anew, and for how long; its rule, and what the block does.\n"
"If blocks are removed while they are read, it begins again; after ten times it says so, and\n"
"ends with 1. It takes CAP_NET_ADMIN in the namespace.\n"
"\n"
"  censorctl -n censor residuals\n"
"  censorctl residuals -j | jq -r '[.packets.daddr, .rule, .left] | @tsv'\n",
	.kernel = true,
	.run = residuals_run,
};
