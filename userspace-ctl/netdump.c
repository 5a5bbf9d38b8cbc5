// SPDX-License-Identifier: GPL-2.0
#include <linux/genetlink.h>

#include "event.h"
#include "memory.h"
#include "netdump.h"
#include "phases.h"

#define NETDUMP_TRIES	10

static void keep(const struct nlmsghdr *message, void *data)
{
	size_t len = NLMSG_ALIGN((size_t)message->nlmsg_len);
	struct netdump *dump = data;

	if (mnl_nlmsg_get_payload_len(message) < sizeof(struct genlmsghdr))
		return;
	if (dump->room - dump->len < len) {
		dump->room = max(2 * dump->room, dump->len + len);
		dump->bytes = memory_resized(dump->bytes, dump->room, 1);
	}
	memcpy(dump->bytes + dump->len, message, message->nlmsg_len);
	memset(dump->bytes + dump->len + message->nlmsg_len, 0, len - message->nlmsg_len);
	dump->len += len;
	dump->entries++;
}

int netdump_get(struct netlink *netlink, u8 command, struct netdump *dump)
{
	char buffer[64] __attribute__((__aligned__(8)));
	int try, err;

	for (try = 0; try < NETDUMP_TRIES; try++) {
		dump->len = 0;
		dump->entries = 0;
		err = netlink_request(netlink,
				      netlink_message(netlink, buffer, command, NLM_F_DUMP), keep,
				      dump);
		dump->interrupted = netlink->interrupted;
		if (err || !dump->interrupted)
			return err;
	}
	return 0;
}

void netdump_free(struct netdump *dump)
{
	free(dump->bytes);
	memset(dump, 0, sizeof(*dump));
}

const struct nlmsghdr *netdump_next(const struct netdump *dump, const struct nlmsghdr *message)
{
	const u8 *at = dump->bytes;

	if (message)
		at = (const u8 *)message + NLMSG_ALIGN((size_t)message->nlmsg_len);
	return dump->len && at < dump->bytes + dump->len ? (const void *)at : NULL;
}

static void print_all(const struct command *command, const struct netdump_table *table,
		      struct netlink *netlink, const struct netdump *dump)
{
	const struct nlmsghdr *message = NULL;
	struct phases phases;

	if (command->json) {
		while ((message = netdump_next(dump, message)))
			table->print_json(stdout, message);
		return;
	}
	if (!dump->entries && !dump->interrupted && !phases_get(netlink, &phases) &&
	    !phases.generation)
		fprintf(stderr, "censorctl %s: no policy is in force\n", command->verb->name);
	else
		table->print(stdout, dump);
}

int netdump_run(struct command *command, const struct netdump_table *table)
{
	struct netdump dump = {};
	struct netlink *netlink;
	int err, status = EXIT_DONE;

	if (command_option(command, "", NULL) != -1)
		return EXIT_USAGE;
	if (optind != command->argc)
		return command_wrong(command, "it takes no argument");
	netlink = netlink_open(command);
	if (!netlink)
		return EXIT_REFUSED;
	err = netdump_get(netlink, table->command, &dump);
	if (err)
		status = command_failed(command, "%s", netlink->error);
	else
		print_all(command, table, netlink, &dump);
	if (!err && dump.interrupted) {
		fflush(stdout);
		status = command_failed(command, "they changed while they were read, %d times in a row: of these %s some may be missing or told twice",
					NETDUMP_TRIES, table->what);
	}
	netdump_free(&dump);
	netlink_close(netlink);
	return status;
}

/* Its text, or NULL if that is no address of the family. */
static const char *address_of(u8 family, const struct nlattr *attr, char *buf)
{
	if (!attr || mnl_attr_get_payload_len(attr) != (family == 4 ? 4 : 16))
		return NULL;
	return address_print(family, mnl_attr_get_payload(attr), buf);
}

const char *netdump_end(u8 family, const struct nlattr *addr, const struct nlattr *port, char *buf)
{
	char text[46];
	const char *address = address_of(family, addr, text);

	if (!port)
		snprintf(buf, NETDUMP_END_SIZE, "%s", address ? address : "*");
	else
		snprintf(buf, NETDUMP_END_SIZE, address && family != 4 ? "[%s]:%u" : "%s:%u",
			 address ? address : "*", netlink_u16(port));
	return buf;
}

void netdump_json_ends(FILE *out, u8 family, const struct nlattr *saddr, const struct nlattr *sport,
		       const struct nlattr *daddr, const struct nlattr *dport)
{
	char text[46];

	if (address_of(family, saddr, text))
		fprintf(out, ",\"saddr\":\"%s\"", text);
	if (sport)
		fprintf(out, ",\"sport\":%u", netlink_u16(sport));
	if (address_of(family, daddr, text))
		fprintf(out, ",\"daddr\":\"%s\"", text);
	if (dport)
		fprintf(out, ",\"dport\":%u", netlink_u16(dport));
}

const char *netdump_seconds(u32 ms, char *buf)
{
	sprintf(buf, "%u.%us", ms / 1000, ms % 1000 / 100);
	return buf;
}

void netdump_json_string(FILE *out, const char *name, const char *text)
{
	fprintf(out, ",\"%s\":", name);
	if (text)
		json_print_string(out, text, strlen(text));
	else
		fputs("null", out);
}
