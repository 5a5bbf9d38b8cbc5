// SPDX-License-Identifier: GPL-2.0
/*
 * Requests to the page that board serves, for libFuzzer. An input is the length of a first part and
 * then what a browser, or somebody else, sends on one connection. The server's port and token are
 * known here, so that an input can have them; nobody else may learn what the censor sees, or switch
 * its phase.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "../../userspace-ctl/boardserver.c"
/* What it says belongs to nobody here. */
#include <stdio.h>
#undef stderr
#define stderr stdout
#include "../../userspace-ctl/sourcereplay.c"
#undef stderr
#define stderr stderr

#include "holds.h"
#include "verbs.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define TOKEN	"0123456789abcdef0123456789abcdef"
#define PORT	8317
#define TURNS	200	/* that a connection may take to end */

_Static_assert(sizeof(TOKEN) == BOARD_TOKEN_SIZE, "a token is as long as the server's");

static struct boardserver *server;
static struct source source;
static struct source_replay recording;
static char answer_text[1 << 18];

int command_failed(const struct command *command, const char *format, ...)
{
	(void)command;
	(void)format;
	abort();
}

/* As boardserver_start() does, but nobody listens. */
static void start(void)
{
	server = memory_zeroed(1, sizeof(*server));
	server->stream.all = whole_screen;
	server->stream.data = server;
	server->port = PORT;
	memcpy(server->token, TOKEN, sizeof(TOKEN));
	server->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
					  MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, handle, server,
					  MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
					  MHD_OPTION_NOTIFY_COMPLETED, request_done, NULL,
					  MHD_OPTION_END);
	check(server->daemon && freopen("/dev/null", "w", stdout));
	source.screen = screen_create();
	source.speed = 1;
	source.replay = &recording;
	boardserver_show(server, &source, NULL);
}

static void set_screen(void)
{
	struct screen_event event = {
		.time = "", .flow = "tcp 192.0.2.10:40000 > 198.51.100.80:443", .rule = "sni",
		.field = "tls.sni", .value = "facebook.com", .set = "social", .action = "drop",
	};

	screen_policy(source.screen, "test", 1);
	screen_add_phase(source.screen, "spring", "", "2017-01-01", "");
	screen_add_phase(source.screen, "july", "Photos fail", "2017-07-18", "2017-08-01");
	screen_switch(source.screen, 0, 0, NULL);
	screen_event(source.screen, &event);
}

static u32 connections(void)
{
	return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS)
		->num_connections;
}

/* What has come. Return: whether more may. */
static bool hear(int end, size_t *len)
{
	ssize_t got;

	do {
		got = recv(end, answer_text + *len, sizeof(answer_text) - *len, MSG_DONTWAIT);
		if (got > 0)
			*len += (size_t)got;
	} while (got > 0 && *len < sizeof(answer_text));
	return got < 0;
}

static bool has(const void *text, size_t len, const char *word)
{
	return memmem(text, len, word, strlen(word));
}

/* A connection's two parts, and what is answered. Return: its length. */
static size_t talk(const u8 *data, size_t first, size_t size)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	size_t len = 0;
	int ends[2], i;

	check(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends));
	if (MHD_add_connection(server->daemon, ends[1], (struct sockaddr *)&address,
			       sizeof(address)) != MHD_YES)
		abort();
	check(send(ends[0], data, first, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)first);
	MHD_run(server->daemon);
	MHD_run(server->daemon);
	if (send(ends[0], data + first, size - first, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		hear(ends[0], &len);
	for (i = 0; i < 8; i++) {
		MHD_run(server->daemon);
		if (!hear(ends[0], &len))
			break;
		if (i == 4)
			boardserver_tell(server);
		if (i == 6)
			shutdown(ends[0], SHUT_WR);
	}
	close(ends[0]);
	for (i = 0; i < TURNS && connections(); i++) {
		MHD_run(server->daemon);
		stream_tell(&server->stream, NULL);
	}
	check(!connections());
	return len;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	bool allowed;
	size_t first, len;

	if (size < 2 || size > 70000)
		return 0;
	if (!server)
		start();
	set_screen();
	first = min((size_t)censor_get16(data), size - 2);
	data += 2;
	size -= 2;
	len = talk(data, first, size);
	/* Written otherwise (%30 for 0) it is the token, too. */
	allowed = has(data, size, "%") || has(data, size, TOKEN);
	check(allowed || !has(answer_text, len, "facebook.com"));
	check(allowed || !source.screen->phase);
	check(source.screen->phase < source.screen->n_phases);
	return 0;
}
