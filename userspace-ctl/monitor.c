// SPDX-License-Identifier: GPL-2.0
/* monitor: events and changes of the phase as they happen. */
#include <inttypes.h>
#include <linux/genetlink.h>
#include <linux/nf_censor.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "command.h"
#include "dates.h"
#include "event.h"
#include "json.h"
#include "memory.h"
#include "netlink.h"
#include "phases.h"
#include "report.h"

#define MONITOR_BUFFER	(8 << 20)	/* bytes of events that may wait for us */

/**
 * struct monitor - what is being shown
 * @count: events still to be shown, if @limited
 * @next: the sequence number that the next event should have, if @started
 */
struct monitor {
	struct netlink *netlink;
	bool json, colour, limited, started, done;
	u64 count;
	u32 next;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* @known: how many, or 0 if nobody knows */
static void tell_lost(const struct monitor *monitor, u32 known)
{
	if (!monitor->json && known)
		fprintf(stderr, "censorctl monitor: %u events were lost\n", known);
	else if (!monitor->json)
		fputs("censorctl monitor: events were lost\n", stderr);
	else if (known)
		printf("{\"lost\":%u}\n", known);
	fflush(stdout);
}

static void copy_address(u8 *to, const struct nlattr *attr, u8 family)
{
	u32 len = family == 4 ? 4 : 16;

	if (attr && mnl_attr_get_payload_len(attr) >= len)
		memcpy(to, mnl_attr_get_payload(attr), len);
}

/* What it says of a value's place is only believed where the bytes are. */
static void read_excerpt(const struct nlattr **table, struct event *event)
{
	const struct nlattr *excerpt = table[NF_CENSOR_A_EVENT_EXCERPT];
	u32 at, len;

	if (!excerpt)
		return;
	event->excerpt = mnl_attr_get_payload(excerpt);
	event->excerpt_len = mnl_attr_get_payload_len(excerpt);
	event->excerpt_at = netlink_u32(table[NF_CENSOR_A_EVENT_EXCERPT_AT]);
	at = netlink_u16(table[NF_CENSOR_A_EVENT_FOUND_AT]);
	len = netlink_u16(table[NF_CENSOR_A_EVENT_FOUND_LEN]);
	if (at + len > event->excerpt_len)
		return;
	event->found_at = at;
	event->found_len = len;
}

static void show_event(struct monitor *monitor, const struct nlmsghdr *message)
{
	const struct nlattr *table[NF_CENSOR_A_EVENT_MAX + 1];
	struct event event = { .attr = -1 };

	netlink_attrs(message, table, NF_CENSOR_A_EVENT_MAX);
	event.seq = netlink_u32(table[NF_CENSOR_A_EVENT_SEQ]);
	if (monitor->started && event.seq != monitor->next)
		tell_lost(monitor, event.seq - monitor->next);
	monitor->started = true;
	monitor->next = event.seq + 1;
	event.time_ns = netlink_u64(table[NF_CENSOR_A_EVENT_TIME]);
	event.netns = netlink_u32(table[NF_CENSOR_A_EVENT_NETNS]);
	event.family = netlink_u8(table[NF_CENSOR_A_EVENT_FAMILY]);
	event.proto = netlink_u8(table[NF_CENSOR_A_EVENT_PROTO]);
	copy_address(event.saddr, table[NF_CENSOR_A_EVENT_SADDR], event.family);
	copy_address(event.daddr, table[NF_CENSOR_A_EVENT_DADDR], event.family);
	event.sport = netlink_u16(table[NF_CENSOR_A_EVENT_SPORT]);
	event.dport = netlink_u16(table[NF_CENSOR_A_EVENT_DPORT]);
	event.packet = netlink_u64(table[NF_CENSOR_A_EVENT_PACKET]);
	event.rule = netlink_string(table[NF_CENSOR_A_EVENT_RULE], "");
	event.set = netlink_string(table[NF_CENSOR_A_EVENT_SET], NULL);
	event.action = netlink_string(table[NF_CENSOR_A_EVENT_ACTION], "");
	event.residual = table[NF_CENSOR_A_EVENT_RESIDUAL];
	if (table[NF_CENSOR_A_EVENT_ATTR])
		event.attr = netlink_u8(table[NF_CENSOR_A_EVENT_ATTR]);
	if (table[NF_CENSOR_A_EVENT_VALUE]) {
		event.value = mnl_attr_get_payload(table[NF_CENSOR_A_EVENT_VALUE]);
		event.value_len = mnl_attr_get_payload_len(table[NF_CENSOR_A_EVENT_VALUE]);
	}
	event.number = netlink_u16(table[NF_CENSOR_A_EVENT_NUMBER]);
	event.phase = netlink_string(table[NF_CENSOR_A_EVENT_PHASE], NULL);
	read_excerpt(table, &event);
	if (monitor->json)
		event_print_json(stdout, &event);
	else
		event_print(stdout, &event, monitor->colour);
	if (monitor->limited && !--monitor->count)
		monitor->done = true;
}

static void show_policy(const struct monitor *monitor, const struct nlmsghdr *message)
{
	const struct nlattr *table[NF_CENSOR_A_POLICY_MAX + 1];
	const char *name;
	u32 generation;

	netlink_attrs(message, table, NF_CENSOR_A_POLICY_MAX);
	name = netlink_string(table[NF_CENSOR_A_POLICY_NAME], NULL);
	generation = netlink_u32(table[NF_CENSOR_A_POLICY_GENERATION]);
	if (monitor->json && name) {
		fputs("{\"policy\":", stdout);
		json_print_string(stdout, name, strlen(name));
		printf(",\"generation\":%u}\n", generation);
	} else if (monitor->json) {
		printf("{\"policy\":null,\"generation\":%u}\n", generation);
	} else if (name) {
		fputs("policy ", stdout);
		text_print(stdout, name, strlen(name));
		printf(" in force (generation %u)\n", generation);
	} else {
		puts("no policy in force");
	}
}

static void show_phase(const struct monitor *monitor, const struct nlmsghdr *message)
{
	struct phases phases = {};
	const struct censor_phase *phase = phases.phases;
	char date[DATE_SIZE];

	phases_read(message, &phases);
	if (!phases.n)
		return;
	if (monitor->json) {
		json_print(stdout, json_pack("{s:o, s:o, s:I, s:o, s:s}",
			   "phase", json_text(phase->name),
			   "title", *phase->title ? json_text(phase->title) : json_null(),
			   "switches", (json_int_t)phases.switches,
			   "policy", json_text(phases.policy),
			   "date", date_print_full(phases.wall, date)), false);
		return;
	}
	fputs("phase ", stdout);
	text_print(stdout, phase->name, strlen(phase->name));
	printf(" in force (%s)%s", date_print(phases.wall, date), *phase->title ? ": " : "");
	text_print(stdout, phase->title, strlen(phase->title));
	putchar('\n');
}

static void show_messages(struct monitor *monitor, ssize_t got)
{
	const struct nlmsghdr *message = (const void *)monitor->netlink->buffer;
	int left = got;

	for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
		const struct genlmsghdr *genl = mnl_nlmsg_get_payload(message);

		if (monitor->done || message->nlmsg_type != monitor->netlink->family ||
		    mnl_nlmsg_get_payload_len(message) < sizeof(*genl))
			continue;
		if (genl->cmd == NF_CENSOR_CMD_EVENT_NTF)
			show_event(monitor, message);
		else if (genl->cmd == NF_CENSOR_CMD_POLICY_NTF)
			show_policy(monitor, message);
		else if (genl->cmd == NF_CENSOR_CMD_PHASE_NTF)
			show_phase(monitor, message);
		if (fflush(stdout))
			monitor->done = true;
	}
}

static int listen_to(struct monitor *monitor, const struct command *command)
{
	struct netlink *netlink = monitor->netlink;
	int size = MONITOR_BUFFER, fd = mnl_socket_get_fd(netlink->socket), i;

	/* Without the privilege, as much as anyone may have. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	for (i = 0; i < NETLINK_GROUPS; i++) {
		if (netlink->groups[i] &&
		    !mnl_socket_setsockopt(netlink->socket, NETLINK_ADD_MEMBERSHIP,
					   &netlink->groups[i], sizeof(netlink->groups[i])))
			continue;
		return command_failed(command, "can't listen to events: %s",
				      netlink->groups[i] ? strerror(errno) :
				      "this kernel's nf_censor has none");
	}
	return 0;
}

/* Until a signal, the last event that was asked for, or an error. */
static int monitor_events(struct monitor *monitor, const struct command *command)
{
	sigset_t blocked, before;
	fd_set ready;
	int fd = mnl_socket_get_fd(monitor->netlink->socket);

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	sigdelset(&before, SIGINT);
	sigdelset(&before, SIGTERM);
	fputs("censorctl monitor: listening\n", stderr);
	while (!monitor->done) {
		ssize_t got;

		FD_ZERO(&ready);
		FD_SET(fd, &ready);
		/* Signals come through here only, so none is missed before the waiting. */
		if (pselect(fd + 1, &ready, NULL, NULL, NULL, &before) < 0) {
			if (errno == EINTR && stopped)
				break;
			continue;
		}
		got = recv(fd, monitor->netlink->buffer, sizeof(monitor->netlink->buffer), 0);
		if (got >= 0)
			show_messages(monitor, got);
		else if (errno == ENOBUFS)
			tell_lost(monitor, 0);	/* how many, the next event tells */
		else if (errno != EINTR && errno != EAGAIN)
			return command_failed(command, "can't read events: %s", strerror(errno));
	}
	return EXIT_DONE;
}

static int monitor_run(struct command *command)
{
	static const struct option longs[] = {
		{ "count", required_argument, NULL, 'c' },
		{}
	};
	struct sigaction action = { .sa_handler = stop };
	struct monitor monitor = {};
	int option, status;
	char *end;

	while ((option = command_option(command, "c:", longs)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		errno = 0;
		monitor.count = strtoull(optarg, &end, 10);
		if (errno || *end || end == optarg || *optarg == '-' || !monitor.count)
			return command_wrong(command, "-c wants a number of events, not \"%s\"",
					     optarg);
		monitor.limited = true;
	}
	if (optind != command->argc)
		return command_wrong(command, "it takes no argument");
	monitor.json = command->json;
	monitor.colour = !monitor.json && colour_wanted(stdout);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	monitor.netlink = memory_zeroed(1, sizeof(*monitor.netlink));
	if (netlink_open(monitor.netlink, command)) {
		free(monitor.netlink);
		return EXIT_REFUSED;
	}
	status = listen_to(&monitor, command);
	if (!status)
		status = monitor_events(&monitor, command);
	netlink_close(monitor.netlink);
	free(monitor.netlink);
	return status;
}

const struct verb verb_monitor = {
	.name = "monitor",
	.usage = "[-n NETNS] [-j] [-c N]",
	.does = "Show every match and change of phase as it happens",
	.help =
"  -c, --count N   end after N events\n"
"  -n, --netns     of this network namespace\n"
"  -j, --json      one JSON object a line\n"
"When it is ready it says \"listening\" on the standard error. Events that were lost are\n"
"announced, with -j as {\"lost\":N}. INT and TERM end it.\n"
"\n"
"  censorctl -n censor monitor\n"
"  censorctl monitor -j | jq -r 'select(.rule) | [.rule, .value] | @tsv'\n",
	.kernel = true,
	.run = monitor_run,
};
