// SPDX-License-Identifier: GPL-2.0
/*
 * A text client shaped like WhatsApp's, and its server, for the lab: what a network sees of them is
 * what it saw of WhatsApp.
 *
 * whatsapp server PORT: on every address. Says that it listens, and serves until it is ended.
 *
 * whatsapp client HOST PORT [--edge-routing] [--version 6.3|2.1|1.5] [--messages N] [--every MS]
 *	[--wait MS] [--from PORT] [--apart]: send N messages (5), one every MS milliseconds (1000), and
 *	wait for each one's receipt (5000). Without a connection, a message first makes one, as the
 *	app does; with --apart each message has one of its own. The connections come from PORT, the
 *	port above it and so on. A line for each message; exit status 0 if all were delivered, 1 if
 *	not, 2 for wrong usage.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "whatsapp.h"

#define ROUTING		"\x08\x0c\x08\x02"	/* two numbers: a data centre and the like */
#define SERVER_WAIT_MS	120000

struct options {
	const char *host, *port;
	bool edge_routing, apart;
	uint8_t major, minor;
	unsigned int messages, every, wait, from;
};

uint64_t now_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

void random_bytes(void *data, size_t len)
{
	if (getrandom(data, len, 0) != (ssize_t)len)
		abort();
}

bool session_fail(struct session *s, const char *why)
{
	if (!s->why)
		s->why = why;
	return false;
}

static bool wait_for(struct session *s, short events)
{
	struct pollfd poll_fd = { .fd = s->fd, .events = events };
	uint64_t now = now_us() / 1000;
	int ready = 0;

	if (now < s->deadline)
		ready = poll(&poll_fd, 1, (int)(s->deadline - now));
	if (ready < 0)
		return session_fail(s, strerror(errno));
	return ready ? true : session_fail(s, "no answer in time");
}

bool session_read(struct session *s, void *data, size_t len)
{
	uint8_t *p = data;
	ssize_t n;

	while (len) {
		if (!wait_for(s, POLLIN))
			return false;
		n = read(s->fd, p, len);
		if (n <= 0)
			return session_fail(s, n ? strerror(errno) : "the connection was closed");
		p += n;
		len -= (size_t)n;
	}
	return true;
}

bool session_write(struct session *s, const void *data, size_t len)
{
	const uint8_t *p = data;
	ssize_t n;

	while (len) {
		if (!wait_for(s, POLLOUT))
			return false;
		n = send(s->fd, p, len, MSG_NOSIGNAL);
		if (n < 0)
			return session_fail(s, strerror(errno));
		p += n;
		len -= (size_t)n;
	}
	return true;
}

bool frame_read(struct session *s, uint8_t *data, size_t *len, unsigned int *flags)
{
	uint8_t head[3];

	if (!session_read(s, head, sizeof(head)))
		return false;
	*flags = head[0] >> 4;
	*len = (size_t)(head[0] & 0x0f) << 16 | (size_t)head[1] << 8 | head[2];
	if (*len > FRAME_MAX)
		return session_fail(s, "a frame is too long");
	return session_read(s, data, *len);
}

bool frame_write(struct session *s, const void *data, size_t len, unsigned int flags)
{
	uint8_t out[3 + FRAME_MAX];

	out[0] = (uint8_t)(flags << 4 | len >> 16);
	out[1] = (uint8_t)(len >> 8);
	out[2] = (uint8_t)len;
	memcpy(out + 3, data, len);
	return session_write(s, out, 3 + len);
}

static void deadline_in(struct session *s, unsigned int ms)
{
	s->deadline = now_us() / 1000 + ms;
	s->why = NULL;
}

static void session_end(struct session *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s->old);
	s->old = NULL;
	s->fd = -1;
}

/* Whatever the address; its port is that of either family's. */
static bool bound(int fd, sa_family_t family, uint16_t port)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port) };
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return family == AF_INET6 ? !bind(fd, (struct sockaddr *)&six, sizeof(six)) :
				    !bind(fd, (struct sockaddr *)&four, sizeof(four));
}

static bool connected(struct session *s, const struct addrinfo *to, unsigned int from)
{
	socklen_t size = sizeof(int);
	int error = 0, on = 1;

	s->fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || (from && !bound(s->fd, (sa_family_t)to->ai_family, (uint16_t)from)))
		return session_fail(s, strerror(errno));
	setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (!connect(s->fd, to->ai_addr, to->ai_addrlen))
		return true;
	if (errno != EINPROGRESS)
		return session_fail(s, strerror(errno));
	if (!wait_for(s, POLLOUT))
		return false;
	getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &size);
	return error ? session_fail(s, strerror(error)) : true;
}

static bool dial(struct session *s, struct options *options)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list, *to;
	uint8_t first[32] = "ED\0\1\0\0";
	size_t len = 0;
	int error;

	error = getaddrinfo(options->host, options->port, &hints, &list);
	if (error)
		return session_fail(s, gai_strerror(error));
	for (to = list; to; to = to->ai_next) {
		s->why = NULL;
		if (connected(s, to, options->from ? options->from++ : 0))
			break;
		session_end(s);
	}
	freeaddrinfo(list);
	if (!to)
		return false;
	if (options->edge_routing) {
		first[6] = sizeof(ROUTING) - 1;
		memcpy(first + 7, ROUTING, sizeof(ROUTING) - 1);
		len = 7 + sizeof(ROUTING) - 1;
	}
	s->major = options->major;
	s->minor = options->minor;
	memcpy(first + len, (uint8_t []){ 'W', 'A', s->major, s->minor }, 4);
	len += 4;
	if (s->major > 1 ? noise_begin(s, first, len) : old_begin(s, first, len))
		return true;
	session_end(s);
	return false;
}

static bool deliver(struct session *s, struct options *options, unsigned int number)
{
	char text[FRAME_MAX + 1], receipt[32];

	deadline_in(s, options->wait);
	if (s->fd < 0 && !dial(s, options))
		return false;
	snprintf(text, sizeof(text), "message %u: how is the weather in Beijing?", number);
	snprintf(receipt, sizeof(receipt), "receipt %u", number);
	if ((s->major > 1 ? noise_send(s, text) : old_send(s, text)))
		while (s->major > 1 ? noise_receive(s, text) : old_receive(s, text))
			if (!strcmp(text, receipt))
				return true;
	session_end(s);
	return false;
}

static int client(struct options *options)
{
	struct session s = { .fd = -1, .client = true };
	unsigned int i, delivered = 0;

	for (i = 1; i <= options->messages; i++) {
		uint64_t start = now_us(), took;

		if (deliver(&s, options, i)) {
			took = now_us() - start;
			printf("message %u delivered in %u.%u ms\n", i,
			       (unsigned int)(took / 1000), (unsigned int)(took / 100 % 10));
			delivered++;
		} else {
			printf("message %u not delivered: %s\n", i, s.why);
		}
		fflush(stdout);
		if (options->apart)
			session_end(&s);
		took = now_us() - start;
		if (i < options->messages && took < options->every * 1000ull)
			usleep((useconds_t)(options->every * 1000ull - took));
	}
	session_end(&s);
	return delivered == options->messages ? 0 : 1;
}

/* What comes before the handshake. */
static bool greeted(struct session *s)
{
	uint8_t head[7], routing[256];

	if (!session_read(s, head, 2))
		return false;
	if (!memcmp(head, "ED", 2)) {
		if (!session_read(s, head + 2, 5) || memcmp(head, "ED\0\1\0\0", 6) ||
		    !session_read(s, routing, head[6]) || !session_read(s, head, 2))
			return session_fail(s, "its preamble is wrong");
	}
	if (memcmp(head, "WA", 2) || !session_read(s, head + 2, 2))
		return session_fail(s, "it does not begin with WA");
	s->major = head[2];
	s->minor = head[3];
	return true;
}

static int serve(int fd)
{
	struct session s = { .fd = fd };
	char text[FRAME_MAX + 1], receipt[32];
	unsigned int number;
	bool good;

	deadline_in(&s, SERVER_WAIT_MS);
	good = greeted(&s) && (s.major > 1 ? noise_accept(&s) : old_accept(&s));
	while (good) {
		deadline_in(&s, SERVER_WAIT_MS);
		good = s.major > 1 ? noise_receive(&s, text) : old_receive(&s, text);
		if (!good || sscanf(text, "message %u", &number) != 1)
			continue;
		snprintf(receipt, sizeof(receipt), "receipt %u", number);
		good = s.major > 1 ? noise_send(&s, receipt) : old_send(&s, receipt);
	}
	session_end(&s);
	return 0;
}

/* IPv4 and IPv6 by one socket, or IPv4 alone where there is no other. */
static int listening(uint16_t port)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1, off = 0;
	const void *address = &six;
	socklen_t size = sizeof(six);

	if (fd >= 0) {
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	} else {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		address = &four;
		size = sizeof(four);
	}
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return bind(fd, address, size) || listen(fd, 64) ? -1 : fd;
}

static int server(const char *port)
{
	int listener = listening((uint16_t)atoi(port)), fd, on = 1;

	if (listener < 0) {
		fprintf(stderr, "whatsapp: port %s: %s\n", port, strerror(errno));
		return 1;
	}
	signal(SIGCHLD, SIG_IGN);
	printf("listening on port %s\n", port);
	fflush(stdout);
	for (;;) {
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		if (!fork()) {
			close(listener);
			_exit(serve(fd));
		}
		close(fd);
	}
}

static int usage(void)
{
	fputs("usage: whatsapp server PORT\n"
	      "       whatsapp client HOST PORT [--edge-routing] [--version 6.3|2.1|1.5]\n"
	      "                [--messages N] [--every MS] [--wait MS] [--from PORT] [--apart]\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "edge-routing", no_argument, NULL, 'r' },
		{ "version", required_argument, NULL, 'v' },
		{ "messages", required_argument, NULL, 'n' },
		{ "every", required_argument, NULL, 'e' },
		{ "wait", required_argument, NULL, 'w' },
		{ "from", required_argument, NULL, 'f' },
		{ "apart", no_argument, NULL, 'a' },
		{ 0 },
	};
	struct options options = { .major = 6, .minor = 3, .messages = 5, .every = 1000,
				   .wait = 5000 };
	int option;

	while ((option = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (option) {
		case 'r': options.edge_routing = true; break;
		case 'n': options.messages = (unsigned int)atoi(optarg); break;
		case 'e': options.every = (unsigned int)atoi(optarg); break;
		case 'w': options.wait = (unsigned int)atoi(optarg); break;
		case 'f': options.from = (unsigned int)atoi(optarg); break;
		case 'a': options.apart = true; break;
		case 'v':
			if (sscanf(optarg, "%hhu.%hhu", &options.major, &options.minor) != 2 ||
			    !options.major)
				return usage();
			break;
		default: return usage();
		}
	}
	argv += optind;
	argc -= optind;
	if (argc == 2 && !strcmp(argv[0], "server"))
		return server(argv[1]);
	if (argc != 3 || strcmp(argv[0], "client"))
		return usage();
	options.host = argv[1];
	options.port = argv[2];
	return client(&options);
}
