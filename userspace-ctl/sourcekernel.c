// SPDX-License-Identifier: GPL-2.0
/* The kernel as a source: its events and switches as they come, its counters once a second. */
#include <linux/genetlink.h>
#include <linux/nf_censor.h>
#include <math.h>

#include "ast.h"
#include "counters.h"
#include "dates.h"
#include "memory.h"
#include "netevent.h"
#include "receive.h"
#include "screenpolicy.h"
#include "source.h"

#define TRIES		10	/* to read one policy, whole */
#define BATCH		64	/* times that it reads before others get their turn */
#define SAMPLE_SECONDS	1.0

/**
 * struct source_kernel - the kernel of the command's namespace
 * @events: what it tells by itself
 * @requests: what it is asked
 * @listing: the last counters
 * @sampled: when the counters were read
 * @next: the sequence number that the next event should have, if @started
 * @reread: another policy took force
 * @missed: something was told that found no room
 */
struct source_kernel {
	struct netlink *events, *requests;
	struct listing listing;
	double sampled;
	u32 next;
	bool started, reread, missed;
};

static void line(struct source *source, const char *key, json_t *value)
{
	const char *wrong = source_line(source, source_now(source), key, value);

	/* The kernel says nothing that a screen can't show; whoever does must hear of it. */
	if (wrong)
		fprintf(stderr, "censorctl: %s: %s\n", key, wrong);
}

/* The policy and its phases, both of one generation. */
static int read_policy(struct source *source)
{
	struct source_kernel *kernel = source->kernel;
	struct phases phases;
	u32 generation, try;
	int err = 0;

	kernel->reread = false;
	for (try = 0; !err && try < TRIES; try++) {
		struct policy_ast *ast = NULL;

		err = policy_receive(kernel->requests, &ast, &generation);
		if (!err)
			err = phases_get(kernel->requests, &phases);
		if (!err && (ast ? generation : 0) == phases.generation) {
			line(source, "policy", screenpolicy(&phases, ast));
			if (ast)
				policy_free(ast);
			return 0;
		}
		if (ast)
			policy_free(ast);
	}
	return err;
}

/* What is in force by @phases, should it be something else than what is shown. */
static void follow(struct source *source, struct phases *phases)
{
	if (phases->generation != source->screen->generation) {
		source->kernel->reread = true;
	} else if (phases->now >= 0 && phases->now != (int)source->screen->phase) {
		phases->phases[0] = phases->phases[phases->now];
		line(source, "phase", phases_json_switch(phases));
	}
}

static int read_counters(struct source *source)
{
	struct source_kernel *kernel = source->kernel;
	struct phases phases;
	int err;

	kernel->sampled = source_now(source);
	err = counters_get(kernel->requests, &phases, &kernel->listing);
	if (err)
		return err;
	if (phases.generation == source->screen->generation)
		line(source, "counters", counters_json(&phases, &kernel->listing));
	/* While events come faster than they are read, nothing else tells what was lost. */
	if (kernel->missed)
		follow(source, &phases);
	return 0;
}

static void tell_event(struct source *source, const struct nlmsghdr *message)
{
	struct source_kernel *kernel = source->kernel;
	struct event event;
	char *text = NULL;
	size_t size = 0;
	json_t *object;
	FILE *out;

	netevent_read(message, &event);
	if (kernel->started && event.seq != kernel->next)
		line(source, "lost", json_integer(event.seq - kernel->next));
	kernel->started = true;
	kernel->next = event.seq + 1;
	/* As monitor prints it, so that recordings say the same. */
	out = open_memstream(&text, &size);
	if (!out)
		return;
	event_print_json(out, &event);
	fclose(out);
	object = json_loadb(text, size, JSON_ALLOW_NUL, NULL);
	free(text);
	if (object)
		line(source, "event", object);
}

static void tell_phase(struct source *source, const struct nlmsghdr *message)
{
	struct phases phases = {};

	phases_read(message, &phases);
	/* Of another policy: that is read first, with its phase. */
	if (phases.generation != source->screen->generation)
		source->kernel->reread = true;
	else if (phases.n)
		line(source, "phase", phases_json_switch(&phases));
}

static void tell_messages(struct source *source, ssize_t got)
{
	struct source_kernel *kernel = source->kernel;
	const struct nlmsghdr *message = (const void *)kernel->events->buffer;
	int left = (int)got;

	for (; netlink_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
		const struct genlmsghdr *genl = mnl_nlmsg_get_payload(message);

		if (message->nlmsg_type != kernel->events->family ||
		    mnl_nlmsg_get_payload_len(message) < sizeof(*genl))
			continue;
		if (genl->cmd == NF_CENSOR_CMD_EVENT_NTF)
			tell_event(source, message);
		else if (genl->cmd == NF_CENSOR_CMD_PHASE_NTF)
			tell_phase(source, message);
		else if (genl->cmd == NF_CENSOR_CMD_POLICY_NTF)
			kernel->reread = true;
	}
}

/* Some of what was told is lost: the kernel says what is in force, and events have numbers. */
static int look(struct source *source)
{
	struct source_kernel *kernel = source->kernel;
	struct phases phases;
	int err = phases_get(kernel->requests, &phases);

	kernel->missed = false;
	if (!err)
		follow(source, &phases);
	return err;
}

int kernel_open(struct source *source, const struct command *command)
{
	struct source_kernel *kernel = memory_zeroed(1, sizeof(*kernel));

	source->kernel = kernel;
	kernel->requests = netlink_open(command);
	kernel->events = kernel->requests ? netlink_open(command) : NULL;
	if (!kernel->events || netevent_listen(kernel->events, command))
		return -1;
	if (read_policy(source) || read_counters(source)) {
		command_failed(command, "%s", kernel->requests->error);
		return -1;
	}
	return 0;
}

void kernel_close(struct source *source)
{
	netlink_close(source->kernel->requests);
	netlink_close(source->kernel->events);
	free(source->kernel->listing.rules);
	free(source->kernel);
	source->kernel = NULL;
}

int kernel_fd(const struct source *source)
{
	return mnl_socket_get_fd(source->kernel->events->socket);
}

int kernel_wait(const struct source *source)
{
	double left = source->kernel->sampled + SAMPLE_SECONDS - source_now(source);

	return left <= 0 ? 0 : (int)ceil(left * 1000);
}

int kernel_run(struct source *source, const struct command *command)
{
	struct source_kernel *kernel = source->kernel;
	int fd = kernel_fd(source), i, err = 0;

	for (i = 0; i < BATCH; i++) {
		ssize_t got = recv(fd, kernel->events->buffer, sizeof(kernel->events->buffer),
				   MSG_DONTWAIT);

		if (got >= 0) {
			tell_messages(source, got);
		} else if (errno == ENOBUFS) {
			kernel->missed = true;
		} else if (errno == EAGAIN) {
			/* There is room again: what comes after the answer will be heard. */
			err = kernel->missed ? look(source) : 0;
			break;
		} else if (errno != EINTR) {
			command_failed(command, "can't read events: %s", strerror(errno));
			return -1;
		}
	}
	if (!err && kernel->reread)
		err = read_policy(source);
	if (!err && kernel_wait(source) == 0)
		err = read_counters(source);
	if (!err)
		return 0;
	command_failed(command, "%s", kernel->requests->error);
	return -1;
}

const char *kernel_set_phase(struct source *source, u32 phase)
{
	const char *name = source->screen->phases[phase].name;
	struct source_kernel *kernel = source->kernel;
	struct phases phases;
	const s64 *wall;

	if (phases_get(kernel->requests, &phases))
		return kernel->requests->error;
	if (phase >= phases.n || strcmp(phases.phases[phase].name, name))
		return "another policy is in force by now";
	wall = phases.phases[phase].from == CENSOR_NO_DATE ? NULL : &phases.phases[phase].from;
	if (phases_set(kernel->requests, &phases, (int)phase, wall))
		return kernel->requests->error;
	return NULL;
}
