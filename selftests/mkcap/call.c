// SPDX-License-Identifier: GPL-2.0
/*
 * A call shaped like WhatsApp's, and the relay that it goes through, for the lab: TURN's Allocate
 * with attributes 0x4000 to 0x4002 of WhatsApp's own, then sound in RTP.
 *
 * call server PORT: on every address. Says that it listens, and sends all sound back until it is
 *	ended.
 *
 * call client HOST PORT [--from PORT] [--packets N] [--wait MS]: ask for a relay, three times if
 *	need be, for MS milliseconds in all (3000); then send N packets of sound (50), one every 20
 *	ms, and count those that come back. One line; exit status 0 if most of them did, 1 if not, 2
 *	for wrong usage.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ALLOCATE	0x0003
#define ALLOCATED	0x0103
#define COOKIE		0x2112a442
#define HEADER		20		/* of a STUN message */
#define RELAY_ADDRESS	0x0016		/* XOR-RELAYED-ADDRESS */
#define OWN		0x4000		/* the first of WhatsApp's attributes */
#define SOUND		(12 + 80)	/* RTP's header and 20 ms at 32 kbit/s */
#define TRIES		3
#define SOUND_MS	20

static void put16(uint8_t *p, unsigned int value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static void put32(uint8_t *p, uint32_t value)
{
	put16(p, value >> 16);
	put16(p + 2, value & 0xffff);
}

static unsigned int get16(const uint8_t *p)
{
	return (unsigned int)p[0] << 8 | p[1];
}

static uint64_t now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static void random_bytes(void *data, size_t len)
{
	if (getrandom(data, len, 0) != (ssize_t)len)
		abort();
}

/* A STUN header for @len bytes of attributes; its transaction is the caller's. */
static void stun_header(uint8_t *out, unsigned int type, size_t len)
{
	put16(out, type);
	put16(out + 2, (unsigned int)len);
	put32(out + 4, COOKIE);
}

static size_t put_attribute(uint8_t *out, unsigned int type, size_t len)
{
	put16(out, type);
	put16(out + 2, (unsigned int)len);
	random_bytes(out + 4, len);
	return 4 + len;
}

static bool is_stun(const uint8_t *p, ssize_t len, unsigned int type)
{
	uint8_t cookie[4];

	put32(cookie, COOKIE);
	return len >= HEADER && get16(p) == type && !memcmp(p + 4, cookie, sizeof(cookie)) &&
	       get16(p + 2) == len - HEADER;
}

static bool readable(int fd, uint64_t until)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	uint64_t now = now_ms();

	return now < until && poll(&poll_fd, 1, (int)(until - now)) > 0;
}

/* Ask for a relay until @wait milliseconds are over. */
static bool allocated(int fd, unsigned int wait)
{
	uint8_t ask[256], answer[512];
	unsigned int try;
	uint64_t until;
	size_t len = 0;
	ssize_t got;

	len += put_attribute(ask + HEADER + len, OWN, 32);
	len += put_attribute(ask + HEADER + len, OWN + 1, 8);
	len += put_attribute(ask + HEADER + len, OWN + 2, 4);
	stun_header(ask, ALLOCATE, len);
	random_bytes(ask + 8, 12);
	for (try = 1; try <= TRIES; try++) {
		if (send(fd, ask, HEADER + len, 0) < 0)
			return false;
		for (until = now_ms() + wait / TRIES; readable(fd, until);) {
			got = recv(fd, answer, sizeof(answer), 0);
			if (got < 0)
				return false;
			if (is_stun(answer, got, ALLOCATED) && !memcmp(answer + 8, ask + 8, 12))
				return true;
		}
	}
	errno = ETIMEDOUT;
	return false;
}

/* How many of so many packets come back within their time, and half a second behind the last. */
static unsigned int talk(int fd, unsigned int packets)
{
	uint8_t out[SOUND], in[SOUND + 1];
	uint64_t until = now_ms();
	unsigned int i, heard = 0;

	random_bytes(out, sizeof(out));
	out[0] = 0x80;
	out[1] = 120;
	for (i = 0; i < packets; i++) {
		put16(out + 2, i);
		put32(out + 4, i * 320);
		if (send(fd, out, sizeof(out), 0) < 0)
			break;
		until += i + 1 < packets ? SOUND_MS : 500;
		while (heard < packets && readable(fd, until))
			heard += recv(fd, in, sizeof(in), 0) == SOUND && in[0] == 0x80;
	}
	return heard;
}

static int client(const char *host, const char *port, unsigned int from, unsigned int packets,
		  unsigned int wait)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }, *to;
	struct sockaddr_in6 own = { .sin6_port = htons((uint16_t)from) };
	unsigned int heard;
	int error, fd;

	error = getaddrinfo(host, port, &hints, &to);
	if (error) {
		printf("call failed: %s\n", gai_strerror(error));
		return 1;
	}
	/* The port stands at the same place in the addresses of either family. */
	own.sin6_family = (sa_family_t)to->ai_family;
	fd = socket(to->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&own, to->ai_addrlen) ||
	    connect(fd, to->ai_addr, to->ai_addrlen) || !allocated(fd, wait)) {
		printf("call failed: %s\n", errno == ETIMEDOUT ? "the relay does not answer" :
		       strerror(errno));
		return 1;
	}
	heard = talk(fd, packets);
	printf("call connected, %u of %u packets of sound came back\n", heard, packets);
	return heard * 2 > packets ? 0 : 1;
}

static int server(const char *port)
{
	struct sockaddr_in6 own = { .sin6_family = AF_INET6,
				    .sin6_port = htons((uint16_t)atoi(port)) }, peer;
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0), off = 0;
	struct iovec data = { 0 };
	char control[256];
	struct msghdr message = { .msg_name = &peer, .msg_iov = &data, .msg_iovlen = 1,
				  .msg_control = control };
	uint8_t packet[2048];
	int on = 1;
	ssize_t got;

	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	/* It answers from the address that it was asked at, of which it has many. */
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
	if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof(own))) {
		fprintf(stderr, "call: port %s: %s\n", port, strerror(errno));
		return 1;
	}
	printf("listening on port %s\n", port);
	fflush(stdout);
	for (;;) {
		data = (struct iovec){ .iov_base = packet, .iov_len = sizeof(packet) };
		message.msg_namelen = sizeof(peer);
		message.msg_controllen = sizeof(control);
		got = recvmsg(fd, &message, 0);
		if (got <= 0)
			continue;
		if (is_stun(packet, got, ALLOCATE)) {
			/* An address for IPv4, which nobody reads. */
			stun_header(packet, ALLOCATED, put_attribute(packet + HEADER,
								     RELAY_ADDRESS, 8));
			got = HEADER + 12;
		}
		data.iov_len = (size_t)got;
		sendmsg(fd, &message, 0);
	}
}

static int usage(void)
{
	fputs("usage: call server PORT\n"
	      "       call client HOST PORT [--from PORT] [--packets N] [--wait MS]\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "packets", required_argument, NULL, 'n' },
		{ "wait", required_argument, NULL, 'w' },
		{ 0 },
	};
	unsigned int from = 0, packets = 50, wait = 3000;
	int option;

	while ((option = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (option) {
		case 'f': from = (unsigned int)atoi(optarg); break;
		case 'n': packets = (unsigned int)atoi(optarg); break;
		case 'w': wait = (unsigned int)atoi(optarg); break;
		default: return usage();
		}
	}
	argv += optind;
	argc -= optind;
	if (argc == 2 && !strcmp(argv[0], "server"))
		return server(argv[1]);
	if (argc != 3 || strcmp(argv[0], "client"))
		return usage();
	return client(argv[1], argv[2], from, packets, wait);
}
