// SPDX-License-Identifier: GPL-2.0
/* flows: what the censor remembers of each flow, and does to it. */
#include <inttypes.h>
#include <linux/genetlink.h>
#include <linux/nf_censor.h>
#include <stdio.h>

#include "command.h"
#include "engine/protocol.h"
#include "event.h"
#include "netdump.h"
#include "value.h"

#define STATE_SIZE	64
#define NAME_SIZE	32

static const char *const tcb_names[] = { "none", "syn", "syn+ack", "open", "closed" };
static const char *const stage_names[] = { "new", "looking", "decided" };
static const char *const is_names[] = { "unsure", "hole", "closing", "blocked" };

static const char *name_of(const char *const *names, u32 n, const struct nlattr *attr)
{
	u8 value = netlink_u8(attr);

	return !attr ? NULL : value < n ? names[value] : "unknown";
}

/* "open, looking, closing" */
static const char *state_of(const struct nlattr **parts, char *buf)
{
	const char *tcb = name_of(tcb_names, ARRAY_SIZE(tcb_names), parts[NF_CENSOR_A_FLOW_TCB]);
	const char *stage = name_of(stage_names, ARRAY_SIZE(stage_names),
				    parts[NF_CENSOR_A_FLOW_STAGE]);
	u32 is = netlink_u32(parts[NF_CENSOR_A_FLOW_IS]), i;
	int len;

	len = snprintf(buf, STATE_SIZE, "%s%s%s", tcb ? tcb : "", tcb ? ", " : "",
		       stage ? stage : "");
	for (i = 0; i < ARRAY_SIZE(is_names); i++)
		if (is & 1u << i)
			len += snprintf(buf + len, STATE_SIZE - len, ", %s", is_names[i]);
	return buf;
}

/* The nth of what it is recognised as. Return: false if there are no more. */
static bool nth_protocol(const struct nlmsghdr *message, u32 nth, u16 *number)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != NF_CENSOR_A_FLOW_PROTOCOL || nth--)
			continue;
		*number = netlink_u16(attr);
		return true;
	}
	return false;
}

/* "tls", "openvpn (likely)" */
static const char *protocol_of(const struct nlmsghdr *message, char *buf)
{
	u16 number;
	u8 confidence;

	if (!nth_protocol(message, 0, &number))
		return strcpy(buf, "-");
	confidence = CENSOR_CONFIDENCE_OF(number);
	snprintf(buf, NAME_SIZE, confidence == CENSOR_CONFIDENCE_SURE ? "%s" : "%s (%s)",
		 censor_protocol_name(CENSOR_PROTOCOL_OF(number)),
		 censor_confidence_name(confidence));
	return buf;
}

static bool read_act(const struct nlattr *attr, const struct nlattr **act)
{
	if (mnl_attr_get_type(attr) != NF_CENSOR_A_FLOW_ACT)
		return false;
	netlink_nested(attr, act, NF_CENSOR_A_ACT_MAX);
	return true;
}

static const char *rule_of(const struct nlattr **act)
{
	return netlink_string(act[NF_CENSOR_A_ACT_RULE], "");
}

/* How much more passes until it freezes. */
static void print_left(FILE *out, const struct nlattr **act)
{
	u32 left = netlink_u32(act[NF_CENSOR_A_ACT_LEFT]);

	if (act[NF_CENSOR_A_ACT_LEFT] && left)
		fprintf(out, " (%u %s left)", left,
			act[NF_CENSOR_A_ACT_BYTES] ? "bytes" : "packets");
	else if (act[NF_CENSOR_A_ACT_LEFT])
		fputs(" (frozen)", out);
}

/* The last rule that matched, and what others still do. */
static void print_rules(FILE *out, const struct nlmsghdr *message, const struct nlattr **parts)
{
	const char *last = netlink_string(parts[NF_CENSOR_A_FLOW_RULE], NULL);
	const struct nlattr *attr, *act[NF_CENSOR_A_ACT_MAX + 1];
	const char *comma = "";

	if (last) {
		text_printf(out, "%s: %s", last,
			    netlink_string(parts[NF_CENSOR_A_FLOW_ACTION], ""));
		comma = "; ";
	}
	/* What the last one still does is among its actions already, but not how much more passes. */
	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr))
		if (last && read_act(attr, act) && !strcmp(last, rule_of(act)))
			print_left(out, act);
	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		if (!read_act(attr, act) || (last && !strcmp(last, rule_of(act))))
			continue;
		text_printf(out, "%s%s: %s", comma, rule_of(act),
			    netlink_string(act[NF_CENSOR_A_ACT_ACTION], ""));
		print_left(out, act);
		comma = "; ";
	}
}

struct flow_widths {
	int from, to, state, protocol;
};

static void measure(const struct netdump *dump, struct flow_widths *widths)
{
	const struct nlattr *parts[NF_CENSOR_A_FLOW_MAX + 1];
	const struct nlmsghdr *message = NULL;
	char buf[NETDUMP_END_SIZE];
	u8 family;

	while ((message = netdump_next(dump, message))) {
		netlink_attrs(message, parts, NF_CENSOR_A_FLOW_MAX);
		family = netlink_u8(parts[NF_CENSOR_A_FLOW_FAMILY]);
		widths->from = max(widths->from,
				   (int)strlen(netdump_end(family, parts[NF_CENSOR_A_FLOW_SADDR],
							   parts[NF_CENSOR_A_FLOW_SPORT], buf)));
		widths->to = max(widths->to,
				 (int)strlen(netdump_end(family, parts[NF_CENSOR_A_FLOW_DADDR],
							 parts[NF_CENSOR_A_FLOW_DPORT], buf)));
		widths->state = max(widths->state, (int)strlen(state_of(parts, buf)));
		widths->protocol = max(widths->protocol, (int)strlen(protocol_of(message, buf)));
	}
}

static void print_flow(FILE *out, const struct nlmsghdr *message, const struct flow_widths *widths)
{
	const struct nlattr *parts[NF_CENSOR_A_FLOW_MAX + 1];
	char from[NETDUMP_END_SIZE], to[NETDUMP_END_SIZE], state[STATE_SIZE], protocol[NAME_SIZE];
	char proto[8], left[16];
	u8 family;

	netlink_attrs(message, parts, NF_CENSOR_A_FLOW_MAX);
	family = netlink_u8(parts[NF_CENSOR_A_FLOW_FAMILY]);
	fprintf(out, "%-6s %-*s %s %-*s %9" PRIu64 " %9s  %-*s  %-*s  ",
		proto_print(netlink_u8(parts[NF_CENSOR_A_FLOW_PROTO]), proto), widths->from,
		netdump_end(family, parts[NF_CENSOR_A_FLOW_SADDR], parts[NF_CENSOR_A_FLOW_SPORT],
			    from),
		/* Who began it is not known of every flow. */
		parts[NF_CENSOR_A_FLOW_CLIENT] ? ">" : "-", widths->to,
		netdump_end(family, parts[NF_CENSOR_A_FLOW_DADDR], parts[NF_CENSOR_A_FLOW_DPORT],
			    to),
		netlink_u64(parts[NF_CENSOR_A_FLOW_PACKETS]),
		netdump_seconds(netlink_u32(parts[NF_CENSOR_A_FLOW_LEFT]), left), widths->state,
		state_of(parts, state), widths->protocol, protocol_of(message, protocol));
	print_rules(out, message, parts);
	fputc('\n', out);
}

static void print_flows(FILE *out, const struct netdump *dump)
{
	struct flow_widths widths = {
		.from = strlen("client"),
		.to = strlen("server"),
		.state = strlen("state"),
		.protocol = strlen("protocol"),
	};
	const struct nlmsghdr *message = NULL;

	measure(dump, &widths);
	fprintf(out, "%-6s %-*s   %-*s %9s %9s  %-*s  %-*s  %s\n", "proto", widths.from,
		"client", widths.to, "server", "packets", "left", widths.state, "state",
		widths.protocol, "protocol", "rules");
	while ((message = netdump_next(dump, message)))
		print_flow(out, message, &widths);
}

static void print_json_protocols(FILE *out, const struct nlmsghdr *message)
{
	u16 number;
	u32 i;

	fputs(",\"protocols\":[", out);
	for (i = 0; nth_protocol(message, i, &number); i++)
		fprintf(out, "%s{\"protocol\":\"%s\",\"confidence\":\"%s\"}", i ? "," : "",
			censor_protocol_name(CENSOR_PROTOCOL_OF(number)),
			censor_confidence_name(CENSOR_CONFIDENCE_OF(number)));
	fputc(']', out);
}

static void print_json_acts(FILE *out, const struct nlmsghdr *message)
{
	const struct nlattr *attr, *act[NF_CENSOR_A_ACT_MAX + 1];
	const char *comma = "";

	fputs(",\"acts\":[", out);
	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) != NF_CENSOR_A_FLOW_ACT)
			continue;
		netlink_nested(attr, act, NF_CENSOR_A_ACT_MAX);
		fprintf(out, "%s{\"to\":\"%s\"", comma,
			value_to_names[netlink_u8(act[NF_CENSOR_A_ACT_TO]) & 3]);
		netdump_json_string(out, "rule", netlink_string(act[NF_CENSOR_A_ACT_RULE], ""));
		netdump_json_string(out, "action", netlink_string(act[NF_CENSOR_A_ACT_ACTION], ""));
		if (act[NF_CENSOR_A_ACT_LEFT])
			fprintf(out, ",\"%s_left\":%u",
				act[NF_CENSOR_A_ACT_BYTES] ? "bytes" : "packets",
				netlink_u32(act[NF_CENSOR_A_ACT_LEFT]));
		fputc('}', out);
		comma = ",";
	}
	fputc(']', out);
}

static void print_json_flow(FILE *out, const struct nlmsghdr *message)
{
	const struct nlattr *parts[NF_CENSOR_A_FLOW_MAX + 1];
	const char *comma = "";
	char proto[8];
	u32 left, is, i;

	netlink_attrs(message, parts, NF_CENSOR_A_FLOW_MAX);
	left = netlink_u32(parts[NF_CENSOR_A_FLOW_LEFT]);
	is = netlink_u32(parts[NF_CENSOR_A_FLOW_IS]);
	fprintf(out, "{\"flow\":{\"proto\":\"%s\"",
		proto_print(netlink_u8(parts[NF_CENSOR_A_FLOW_PROTO]), proto));
	netdump_json_ends(out, netlink_u8(parts[NF_CENSOR_A_FLOW_FAMILY]),
			  parts[NF_CENSOR_A_FLOW_SADDR], parts[NF_CENSOR_A_FLOW_SPORT],
			  parts[NF_CENSOR_A_FLOW_DADDR], parts[NF_CENSOR_A_FLOW_DPORT]);
	fprintf(out, "},\"client\":%s,\"packets\":%" PRIu64 ",\"left\":%u.%03u",
		parts[NF_CENSOR_A_FLOW_CLIENT] ? "true" : "false",
		netlink_u64(parts[NF_CENSOR_A_FLOW_PACKETS]), left / 1000, left % 1000);
	netdump_json_string(out, "tcb", name_of(tcb_names, ARRAY_SIZE(tcb_names),
						parts[NF_CENSOR_A_FLOW_TCB]));
	netdump_json_string(out, "stage", name_of(stage_names, ARRAY_SIZE(stage_names),
						  parts[NF_CENSOR_A_FLOW_STAGE]));
	fputs(",\"is\":[", out);
	for (i = 0; i < ARRAY_SIZE(is_names); i++) {
		if (!(is & 1u << i))
			continue;
		fprintf(out, "%s\"%s\"", comma, is_names[i]);
		comma = ",";
	}
	fputc(']', out);
	print_json_protocols(out, message);
	netdump_json_string(out, "rule", netlink_string(parts[NF_CENSOR_A_FLOW_RULE], NULL));
	netdump_json_string(out, "action", netlink_string(parts[NF_CENSOR_A_FLOW_ACTION], NULL));
	print_json_acts(out, message);
	fputs("}\n", out);
}

static const struct netdump_table flow_table = {
	.command = NF_CENSOR_CMD_FLOW_GET,
	.what = "flows",
	.print = print_flows,
	.print_json = print_json_flow,
};

static int flows_run(struct command *command)
{
	return netdump_run(command, &flow_table);
}

const struct verb verb_flows = {
	.name = "flows",
	.usage = "[-n NETNS] [-j]",
	.does = "Show the flows that the censor remembers",
	.help =
"  -n, --netns     of this network namespace\n"
"  -j, --json      one JSON object a line\n"
"Of each flow its ends, the client first; its packets; the seconds, by the policy's clock, until\n"
"it is forgotten if it stays silent; what the censor believes of a TCP connection, and whether it\n"
"still looks or has decided; what it is recognised as; the last rule that matched it, and what\n"
"others do. If flows are forgotten while they are read, it begins again; after ten times it says\n"
"so, and ends with 1. It takes CAP_NET_ADMIN in the namespace.\n"
"\n"
"  censorctl -n censor flows\n"
"  censorctl flows -j | jq -c 'select(.rule == \"sni\") | .flow'\n",
	.kernel = true,
	.run = flows_run,
};
