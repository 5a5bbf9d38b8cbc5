// SPDX-License-Identifier: GPL-2.0
#include <linux/genetlink.h>
#include <inttypes.h>
#include <linux/nf_censor.h>
#include <stdio.h>
#include <sys/socket.h>

#include "memory.h"
#include "netevent.h"
#include "verdicts.h"

/* What is done to the packets of who succeeds all the same. */
#define CENSOR_DO_SLOW	(CENSOR_DO_POLICE | CENSOR_DO_LOSE | CENSOR_DO_DELAY)
/* What a client is worse off with. */
#define CENSOR_DO_WORSE	(CENSOR_DO_HARM | CENSOR_DO_FORGE | CENSOR_DO_SLOW)

int verdicts_begin(struct verdicts *verdicts, const struct command *command)
{
	verdicts->stream = open_memstream(&verdicts->events, &verdicts->size);
	verdicts->netlink = netlink_open(command);
	if (!verdicts->stream || !verdicts->netlink)
		return -1;
	return netevent_listen(verdicts->netlink, command) ? -1 : 0;
}

int verdicts_fd(const struct verdicts *verdicts)
{
	return verdicts->netlink ? mnl_socket_get_fd(verdicts->netlink->socket) : -1;
}

static char *text_of(const struct event *event,
		     void (*print)(FILE *out, const struct event *event, bool colour))
{
	size_t size;
	char *text;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	print(stream, event, false);
	fclose(stream);
	return text;
}

static void add_event(struct verdicts *verdicts, const struct nlmsghdr *message)
{
	struct event event;
	u32 actions = netevent_read(message, &event);

	if (verdicts->n < VERDICTS_SHOWN)
		verdicts->lines[verdicts->n] = text_of(&event, event_print);
	verdicts->n++;
	if (!verdicts->harm && actions & CENSOR_DO_WORSE)
		verdicts->harm = text_of(&event, event_print_match);
	if (!verdicts->slow && actions & CENSOR_DO_SLOW)
		verdicts->slow = text_of(&event, event_print_match);
	if (verdicts->kept == VERDICTS_KEPT)
		return;
	event_print_json(verdicts->stream, &event);
	verdicts->kept++;
}

void verdicts_read(struct verdicts *verdicts)
{
	struct netlink *netlink = verdicts->netlink;

	for (;;) {
		ssize_t got = recv(mnl_socket_get_fd(netlink->socket), netlink->buffer,
				   sizeof(netlink->buffer), MSG_DONTWAIT);
		const struct nlmsghdr *message = (const void *)netlink->buffer;
		int left = got;

		/* What was lost shows in the statistics. */
		if (got < 0 && (errno == EINTR || errno == ENOBUFS))
			continue;
		if (got < 0)
			return;
		for (; netlink_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
			const struct genlmsghdr *genl = mnl_nlmsg_get_payload(message);

			if (message->nlmsg_type == netlink->family &&
			    mnl_nlmsg_get_payload_len(message) >= sizeof(*genl) &&
			    genl->cmd == NF_CENSOR_CMD_EVENT_NTF)
				add_event(verdicts, message);
		}
	}
}

static void read_events(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *table[NF_CENSOR_A_STATS_MAX + 1];
	u64 *events = data;

	netlink_attrs(message, table, NF_CENSOR_A_STATS_MAX);
	*events = netlink_u64(table[NF_CENSOR_A_STATS_EVENTS]);
}

/* The first rule that has matched and does one of these; NULL if there is none. */
static char *counted(const struct verdicts *verdicts, const struct policy_ast *ast, u16 actions)
{
	const struct listing *listing = &verdicts->listing;
	char *text = NULL;
	u32 i;

	/* Both are in the policy's order. */
	for (i = 0; i < listing->n && i < ast->n_rules; i++) {
		const struct rule_counters *rule = &listing->rules[i];

		if (!rule->counters.hits || !(ast->rules[i].rule.actions & actions))
			continue;
		if (asprintf(&text, "%s: by its counter, %" PRIu64 " match%s", rule->name,
			     rule->counters.hits, rule->counters.hits == 1 ? "" : "es") < 0)
			return NULL;
		return text;
	}
	return NULL;
}

void verdicts_end(struct verdicts *verdicts, const struct command *command,
		  const struct policy_ast *ast)
{
	struct netlink *netlink = netlink_open(command);
	char buffer[64] __attribute__((__aligned__(8)));
	struct phases phases;

	if (!netlink) {
		verdicts->unknown = memory_string("the kernel can't be asked");
		return;
	}
	if (netlink_request(netlink, netlink_message(netlink, buffer, NF_CENSOR_CMD_STATS_GET,
						     NLM_F_ACK), read_events, &verdicts->all) ||
	    counters_get(netlink, &phases, &verdicts->listing))
		verdicts->unknown = memory_string(netlink->error);
	netlink_close(netlink);
	/* An event is counted when it has been sent: all that were and are not lost have come. */
	verdicts_read(verdicts);
	if (!verdicts_lost(verdicts))
		return;
	if (!verdicts->harm)
		verdicts->harm = counted(verdicts, ast, CENSOR_DO_WORSE);
	if (!verdicts->slow)
		verdicts->slow = counted(verdicts, ast, CENSOR_DO_SLOW);
}

u64 verdicts_lost(const struct verdicts *verdicts)
{
	return verdicts->all > verdicts->n ? verdicts->all - verdicts->n : 0;
}

json_t *verdicts_json(struct verdicts *verdicts)
{
	json_t *array = json_array();
	const char *line, *end;

	if (!verdicts->stream || fflush(verdicts->stream))
		return array;
	for (line = verdicts->events; (end = strchr(line, '\n')); line = end + 1) {
		/* Excerpts of packets have bytes of any value. */
		json_t *event = json_loadb(line, end - line, JSON_ALLOW_NUL, NULL);

		/* One that is not there counts as lost. */
		if (json_array_append_new(array, event))
			verdicts->kept--;
	}
	return array;
}
