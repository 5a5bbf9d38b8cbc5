// SPDX-License-Identifier: GPL-2.0
/*
 * replay INTERFACE CAPTURE: the frames of an Ethernet capture, as they stand, out of an interface:
 * for hostile packets that no socket would send. Says how many it sent.
 *
 * replay --both CLIENT/IF SERVER/IF NUMBER CAPTURE TO-CLIENT TO-SERVER: both sides of a capture:
 * what the client sends out of the interface IF of the network namespace CLIENT, what the server
 * sends out of the other, in order. Gaps of 50 ms and more are kept, others are not waited for.
 * TO-CLIENT and TO-SERVER become captures of what arrived at either. At the end a datagram goes
 * each way between 192.0.2.10, port NUMBER, and 198.51.100.80, port 9; when they have come, so has
 * all before them.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mkcap.h"

#define WAIT_NS		50000000ull	/* a shorter gap is none */
#define LINGER_MS	20
#define GIVE_UP_MS	5000
#define MARK_PORT	9

/** struct port - one side */
struct port {
	int socket;
	struct file file;
	bool marked;	/* the datagram at the end has come */
};

static void __attribute__((noreturn)) fail(const char *what)
{
	fprintf(stderr, "replay: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static int open_interface(const char *name)
{
	struct sockaddr_ll where = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), size = 8 << 20;

	where.sll_ifindex = (int)if_nametoindex(name);
	if (fd < 0 || !where.sll_ifindex)
		fail(name);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&where, sizeof(where)))
		fail(name);
	return fd;
}

/* "NAMESPACE/INTERFACE"; a socket stays where it was opened. */
static void open_port(struct port *port, const char *where, const char *path)
{
	char file[256], *interface;

	if (snprintf(file, sizeof(file), "/run/netns/%s", where) >= (int)sizeof(file))
		fail("a long name");
	interface = strrchr(file, '/');
	*interface++ = '\0';
	port->socket = open(file, O_RDONLY | O_CLOEXEC);
	if (port->socket < 0 || setns(port->socket, CLONE_NEWNET))
		fail(file);
	close(port->socket);
	port->socket = open_interface(interface);
	port->file = (struct file){ .nano = true, .out = fopen(path, "wb") };
	if (!port->file.out)
		fail(path);
	file_begin(&port->file);
}

/* Return: whether the frame is one of the datagrams that mark the end. */
static bool is_mark(const uint8_t *frame, size_t len)
{
	return len >= 42 && frame[14] == 0x45 && frame[23] == 17 &&
	       (!memcmp(frame + 34, "\0\x09", 2) || !memcmp(frame + 36, "\0\x09", 2));
}

static void take_in(struct port *port)
{
	static uint8_t frame[MKCAP_PACKET];
	struct sockaddr_ll from;
	socklen_t len = sizeof(from);
	ssize_t got;

	while ((got = recvfrom(port->socket, frame, sizeof(frame), MSG_DONTWAIT,
			       (struct sockaddr *)&from, &len)) >= 0) {
		uint16_t type = got < 14 ? 0 : (uint16_t)(frame[12] << 8 | frame[13]);

		/* Neighbours find each other by ARP and ICMPv6. */
		if (from.sll_pkttype == PACKET_OUTGOING ||
		    (type != ETH_P_IP && type != ETH_P_IPV6) ||
		    (type == ETH_P_IPV6 && got > 20 && frame[20] == 58))
			continue;
		if (is_mark(frame, (size_t)got))
			port->marked = true;
		else
			file_frame(&port->file, now_ns(), frame, (size_t)got);
	}
}

/* Take in what comes until that time; or, if @marks, until both marks have come. */
static void take_in_until(struct port *ports, uint64_t until, bool marks)
{
	for (;;) {
		struct pollfd fds[2] = {
			{ .fd = ports[0].socket, .events = POLLIN },
			{ .fd = ports[1].socket, .events = POLLIN },
		};
		uint64_t now = now_ns();

		take_in(&ports[0]);
		take_in(&ports[1]);
		if (now >= until || (marks && ports[0].marked && ports[1].marked))
			return;
		poll(fds, 2, (int)((until - now + 999999) / 1000000));
	}
}

static void mark(struct port *ports, uint16_t number)
{
	int side;

	for (side = 0; side < 2; side++) {
		uint8_t frame[42] = {
			2, 0, 0, 0, 0, side ? 1 : 2, 2, 0, 0, 0, 0, side ? 2 : 1, 8, 0,
			0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 10, 198, 51, 100, 80,
			(uint8_t)(number >> 8), (uint8_t)number, 0, MARK_PORT, 0, 8, 0, 0,
		};
		uint32_t sum = 0;
		uint8_t end[4];
		size_t i;

		if (side) {
			memcpy(end, frame + 26, 4);
			memcpy(frame + 26, frame + 30, 4);
			memcpy(frame + 30, end, 4);
			memcpy(end, frame + 34, 2);
			memcpy(frame + 34, frame + 36, 2);
			memcpy(frame + 36, end, 2);
		}
		for (i = 14; i < 34; i += 2)
			sum += (uint32_t)(frame[i] << 8 | frame[i + 1]);
		sum = (sum & 0xffff) + (sum >> 16);
		frame[24] = (uint8_t)(~sum >> 8);
		frame[25] = (uint8_t)~sum;
		if (send(ports[side].socket, frame, sizeof(frame), 0) < 0)
			fail("a datagram at the end");
	}
}

static int both(char **argv)
{
	struct port ports[2] = {};
	struct frame *frames;
	size_t n, i;

	frames = read_capture(argv[3], &n);
	open_port(&ports[0], argv[0], argv[4]);
	open_port(&ports[1], argv[1], argv[5]);
	for (i = 0; i < n; i++) {
		/* The server's side sends to the client's address, which is odd (file.c). */
		struct port *port = &ports[frames[i].len > 5 && frames[i].data[5] & 1];

		if (i && frames[i].time_ns >= frames[i - 1].time_ns + WAIT_NS)
			take_in_until(ports, now_ns() + frames[i].time_ns - frames[i - 1].time_ns,
				      false);
		if (send(port->socket, frames[i].data, frames[i].len, 0) < 0)
			fprintf(stderr, "replay: packet %zu: %s\n", i + 1, strerror(errno));
	}
	mark(ports, (uint16_t)atoi(argv[2]));
	take_in_until(ports, now_ns() + GIVE_UP_MS * 1000000ull, true);
	take_in_until(ports, now_ns() + LINGER_MS * 1000000ull, false);
	for (i = 0; i < 2; i++) {
		if (!ports[i].marked)
			fprintf(stderr, "replay: the last datagram %s has not come\n",
				i ? "to the server" : "to the client");
		if (fclose(ports[i].file.out))
			fail("what arrived");
	}
	return !ports[0].marked || !ports[1].marked;
}

int main(int argc, char **argv)
{
	unsigned int sent = 0, refused = 0;
	struct frame *frames;
	size_t n, i;
	int out;

	if (argc == 8 && !strcmp(argv[1], "--both"))
		return both(argv + 2);
	if (argc != 3) {
		fprintf(stderr, "usage: replay INTERFACE CAPTURE\n"
			"       replay --both CLIENT/IF SERVER/IF NUMBER CAPTURE TO-CLIENT TO-SERVER\n");
		return 2;
	}
	frames = read_capture(argv[2], &n);
	out = open_interface(argv[1]);
	for (i = 0; i < n; i++) {
		/* The kernel itself refuses what is no whole Ethernet header. */
		if (send(out, frames[i].data, frames[i].len, 0) == (ssize_t)frames[i].len)
			sent++;
		else
			refused++;
	}
	printf("%u sent, %u refused\n", sent, refused);
	return 0;
}
