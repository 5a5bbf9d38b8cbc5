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
#include "json.h"
#include "netevent.h"
#include "phases.h"
#include "report.h"

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

static void show_event(struct monitor *monitor, const struct nlmsghdr *message)
{
	struct event event;

	netevent_read(message, &event);
	if (monitor->started && event.seq != monitor->next)
		tell_lost(monitor, event.seq - monitor->next);
	monitor->started = true;
	monitor->next = event.seq + 1;
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
		json_print(stdout, phases_json_switch(&phases), false);
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

	for (; netlink_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
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
	monitor.netlink = netlink_open(command);
	if (!monitor.netlink)
		return EXIT_REFUSED;
	status = netevent_listen(monitor.netlink, command);
	if (!status)
		status = monitor_events(&monitor, command);
	netlink_close(monitor.netlink);
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
