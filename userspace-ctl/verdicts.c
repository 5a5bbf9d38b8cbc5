// SPDX-License-Identifier: GPL-2.0
#include <linux/genetlink.h>
#include <linux/nf_censor.h>
#include <stdio.h>
#include <sys/socket.h>

#include "memory.h"
#include "netevent.h"
#include "verdicts.h"

int verdicts_begin(struct verdicts *verdicts, const struct command *command)
{
	verdicts->stream = open_memstream(&verdicts->events, &verdicts->size);
	verdicts->netlink = memory_zeroed(1, sizeof(*verdicts->netlink));
	if (!verdicts->stream || netlink_open(verdicts->netlink, command))
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
	if (!verdicts->harm && actions & (CENSOR_DO_HARM | CENSOR_DO_FORGE | CENSOR_DO_SLOW))
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
