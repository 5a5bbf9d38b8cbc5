// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel answers and tells while it is watched, for libFuzzer: phases, counters,
 * statistics, flows, blocks, and the events that top, board and run gather. The first byte of an input chooses who
 * asks; then come datagrams, each behind two bytes: a bit that says how the rest is to be read, and
 * its length. Raw, or composed: a command and attributes, each behind its type and length, in a
 * nest if the type's first bit is set. A length of 0 ends an answer.
 */
#include <sys/socket.h>

#include "../../userspace-ctl/netlink.h"

static ssize_t given_recv(int fd, void *buffer, size_t size, int flags);

/* What it prints is of no interest, only that it can; the standard error is for failures. */
#include <stdio.h>
#undef stderr
#define stderr stdout
#define recv given_recv
#include "../../userspace-ctl/sourcekernel.c"
#include "../../userspace-ctl/verdicts.c"
#undef recv
#undef stderr
#define stderr stderr
#define lines stats_lines
#include "../../userspace-ctl/statsverb.c"
#undef lines
#include "../../userspace-ctl/flowsverb.c"
#include "../../userspace-ctl/residualsverb.c"

#include "boardjson.h"
#include "holds-json.h"
#include "verbs.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

enum { PHASES, COUNTERS, STATS, VERDICTS, SOURCE, WHO };
/* Bytes that choose by themselves. */
enum { FLOWS = 0xf0, RESIDUALS };

#define COMPOSED	0x8000
#define NEST		0x80
#define DEPTH		4	/* of nests */
#define ROOM		16384	/* bytes of a datagram that is composed */
#define FAMILY		30

/* What is left of the input, and the request that is answered. */
static struct {
	const u8 *at;
	size_t left;
	u32 seq;
} sock;

int command_failed(const struct command *command, const char *format, ...)
{
	(void)command;
	(void)format;
	return EXIT_REFUSED;
}

int mnl_socket_get_fd(const struct mnl_socket *socket)
{
	(void)socket;
	return -1;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *socket, const void *message, size_t len)
{
	(void)socket;
	sock.seq = ((const struct nlmsghdr *)message)->nlmsg_seq;
	return (ssize_t)len;
}

static void compose_attrs(struct nlmsghdr *message, const u8 *at, size_t left, u32 depth)
{
	while (left >= 2) {
		size_t len = min((size_t)at[1], left - 2);
		struct nlattr *nest;

		if (!(at[0] & NEST) || depth == DEPTH) {
			if (!mnl_attr_put_check(message, ROOM, at[0] & ~NEST, len, at + 2))
				return;
		} else {
			nest = mnl_attr_nest_start_check(message, ROOM, at[0] & ~NEST);
			if (!nest)
				return;
			compose_attrs(message, at + 2, len, depth + 1);
			mnl_attr_nest_end(message, nest);
		}
		at += 2 + len;
		left -= 2 + len;
	}
}

static size_t compose(void *buffer, const u8 *data, size_t size)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(message, sizeof(*genl));

	message->nlmsg_type = FAMILY;
	genl->cmd = size ? data[0] : 0;
	if (size)
		compose_attrs(message, data + 1, size - 1, 0);
	return message->nlmsg_len;
}

/* The next datagram, or 0: that was all. */
static size_t next_datagram(u8 *buffer, size_t room)
{
	struct nlmsghdr *message = (void *)buffer;
	size_t len, size;
	u32 head;

	if (sock.left < 2)
		return 0;
	head = censor_get16(sock.at);
	size = min((size_t)(head & ~COMPOSED), sock.left - 2);
	len = min(size, room);
	if (size && head & COMPOSED)
		len = compose(buffer, sock.at + 2, size);
	else
		memcpy(buffer, sock.at + 2, len);
	sock.at += 2 + size;
	sock.left -= 2 + size;
	/* Hardly any input would have it right. */
	if (len >= sizeof(*message))
		message->nlmsg_seq = sock.seq;
	return len;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *socket, void *buffer, size_t size)
{
	size_t len = next_datagram(buffer, size);
	struct nlmsghdr *message = buffer;

	(void)socket;
	if (len)
		return (ssize_t)len;
	message = mnl_nlmsg_put_header(buffer);
	message->nlmsg_type = NLMSG_DONE;
	message->nlmsg_seq = sock.seq;
	return message->nlmsg_len;
}

static ssize_t given_recv(int fd, void *buffer, size_t size, int flags)
{
	size_t len = next_datagram(buffer, size);

	(void)fd;
	(void)flags;
	errno = EAGAIN;
	return len ? (ssize_t)len : -1;
}

static void ask_phases(struct netlink *netlink)
{
	struct phases phases;

	if (phases_get(netlink, &phases))
		return;
	check(phases.n <= CENSOR_PHASES_MAX && phases.now < (int)phases.n);
	check_json(phases_json(&phases));
	if (phases.n)
		check_json(phases_json_switch(&phases));
	phases_find(NULL, &phases, "july");
	phases_set(netlink, &phases, 0, NULL);
}

static void ask_counters(struct netlink *netlink)
{
	struct listing listing = {};
	struct phases phases;

	if (!counters_get(netlink, &phases, &listing))
		check_json(counters_json(&phases, &listing));
	free(listing.rules);
}

static void ask_stats(struct netlink *netlink)
{
	char buffer[64] __attribute__((__aligned__(8)));
	struct answer answer = { .json = sock.left & 1 };

	netlink_request(netlink, netlink_message(netlink, buffer, NF_CENSOR_CMD_STATS_GET,
						 NLM_F_ACK), read_stats, &answer);
}

/* Each line is JSON, its integers beyond those of jansson, and people see a line for each. */
static void ask_table(struct netlink *netlink, const struct netdump_table *table)
{
	const struct nlmsghdr *message = NULL;
	struct netdump dump = {};
	u32 n = 0;

	if (!netdump_get(netlink, table->command, &dump)) {
		while ((message = netdump_next(&dump, message))) {
			size_t size = 0;
			char *text = NULL;
			FILE *out = open_memstream(&text, &size);

			table->print_json(out, message);
			fclose(out);
			check(size && text[size - 1] == '\n');
			check_json(json_loadb(text, size, JSON_DECODE_INT_AS_REAL, NULL));
			free(text);
			n++;
		}
		check(n == dump.entries);
		table->print(stdout, &dump);
	}
	netdump_free(&dump);
}

static void gather(struct netlink *netlink)
{
	struct verdicts verdicts = { .netlink = netlink };
	u32 i;

	verdicts.stream = open_memstream(&verdicts.events, &verdicts.size);
	verdicts_read(&verdicts);
	check_json(verdicts_json(&verdicts));
	fclose(verdicts.stream);
	free(verdicts.events);
	for (i = 0; i < ARRAY_SIZE(verdicts.lines); i++)
		free(verdicts.lines[i]);
	free(verdicts.harm);
	free(verdicts.slow);
}

static void watch(struct netlink *requests)
{
	static struct netlink events;
	static FILE *nowhere;
	struct source_kernel kernel = { .events = &events, .requests = requests };
	struct source source = { .kernel = &kernel, .speed = 1, .screen = screen_create() };

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	source.record = nowhere;
	memset(&events, 0, offsetof(struct netlink, buffer));
	events.family = FAMILY;
	if (!read_policy(&source) && !read_counters(&source))
		while (sock.left >= 2 && !kernel_run(&source, NULL))
			;
	if (source.screen->n_phases)
		kernel_set_phase(&source, 0);
	check_json(board_all(source.screen, source_now(&source), NULL, false));
	free(kernel.listing.rules);
	screen_free(source.screen);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct netlink netlink;

	if (!size)
		return 0;
	if (!netlink.family && !freopen("/dev/null", "w", stdout))
		abort();
	memset(&netlink, 0, offsetof(struct netlink, buffer));
	netlink.family = FAMILY;
	sock.at = data + 1;
	sock.left = size - 1;
	switch (data[0] == FLOWS || data[0] == RESIDUALS ? data[0] : data[0] % WHO) {
	case PHASES:
		ask_phases(&netlink);
		break;
	case COUNTERS:
		ask_counters(&netlink);
		break;
	case STATS:
		ask_stats(&netlink);
		break;
	case FLOWS:
		ask_table(&netlink, &flow_table);
		break;
	case RESIDUALS:
		ask_table(&netlink, &block_table);
		break;
	case VERDICTS:
		gather(&netlink);
		break;
	default:
		watch(&netlink);
	}
	return 0;
}
