// SPDX-License-Identifier: GPL-2.0
/*
 * flood [--times N] [--seconds N] [--rate N] [--sources SEED] INTERFACE CAPTURE: the frames of an
 * Ethernet capture out of an interface, over and over: N times round, or for so many seconds, or
 * until it is told to end; not more than so many frames a second. With --sources each time round
 * comes from another IPv4 address, drawn from 1.0.0.0 to 126.255.255.255, and its checksums are as
 * right or wrong as they were. Says how many it sent.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "mkcap.h"

#define BATCH		64	/* frames in a system call */
#define FRAME_MAX	2048

struct batch {
	struct mmsghdr messages[BATCH];
	struct iovec pieces[BATCH];
	uint8_t frames[BATCH][FRAME_MAX];
	unsigned int n;
};

static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static void __attribute__((noreturn)) fail(const char *what)
{
	fprintf(stderr, "flood: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static int open_interface(const char *name)
{
	struct sockaddr_ll where = { .sll_family = AF_PACKET };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), on = 1;

	where.sll_ifindex = (int)if_nametoindex(name);
	if (fd < 0 || !where.sll_ifindex)
		fail(name);
	/* SOL_PACKET, PACKET_QDISC_BYPASS: a veth has no queue to be fair in. */
	setsockopt(fd, 263, 20, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&where, sizeof(where)))
		fail(name);
	return fd;
}

/* SplitMix64: a good draw of an address is all that is asked. */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* RFC 1624: a checksum over words that change from @from to @to, by how many in all. */
static void mend(uint8_t *sum, const uint8_t *from, const uint8_t *to)
{
	uint32_t value = (uint16_t)~(sum[0] << 8 | sum[1]);
	int i;

	for (i = 0; i < 4; i += 2) {
		value += (uint16_t)~(from[i] << 8 | from[i + 1]);
		value += (uint16_t)(to[i] << 8 | to[i + 1]);
	}
	value = (value & 0xffff) + (value >> 16);
	value = ~((value & 0xffff) + (value >> 16));
	sum[0] = (uint8_t)(value >> 8);
	sum[1] = (uint8_t)value;
}

static void set_source(uint8_t *frame, size_t len, const uint8_t *source)
{
	uint8_t *ip = frame + ETH_HLEN;
	size_t header, sum;

	if (len < ETH_HLEN + 20 || frame[12] != 8 || frame[13] != 0)
		return;
	header = (ip[0] & 15) * 4;
	sum = ip[9] == 6 ? header + 16 : ip[9] == 17 ? header + 6 : 0;
	/* Of a fragment only the first has it; none is a UDP checksum of 0. */
	if (sum && len >= ETH_HLEN + sum + 2 && !(ip[6] & 0x1f) && !ip[7] &&
	    !(ip[9] == 17 && !ip[sum] && !ip[sum + 1]))
		mend(ip + sum, ip + 12, source);
	mend(ip + 10, ip + 12, source);
	memcpy(ip + 12, source, 4);
}

/* Return: how many went out; a queue that is full loses what it has no room for, as wires do. */
static unsigned int batch_send(struct batch *batch, int out)
{
	unsigned int at = 0, sent = 0;

	while (at < batch->n) {
		int n = sendmmsg(out, batch->messages + at, batch->n - at, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != ENOBUFS)
			fail("sending");
		if (n > 0)
			sent += (unsigned int)n;
		at += n > 0 ? (unsigned int)n : 1;
	}
	batch->n = 0;
	return sent;
}

/* Sleep until so many may have been sent. */
static void pace(uint64_t began, uint64_t rate, uint64_t n)
{
	uint64_t due = began + n * 1000000000ull / rate;
	struct timespec until = { .tv_sec = (time_t)(due / 1000000000),
				  .tv_nsec = (long)(due % 1000000000) };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static uint64_t number(const char *text)
{
	char *rest;
	unsigned long long value = strtoull(text, &rest, 10);

	if (*rest || rest == text) {
		fprintf(stderr, "flood: '%s' is not a number\n", text);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "times", required_argument, NULL, 't' },
		{ "seconds", required_argument, NULL, 's' },
		{ "rate", required_argument, NULL, 'r' },
		{ "sources", required_argument, NULL, 'S' },
		{}
	};
	uint64_t times = 0, seconds = 0, rate = 0, state = 0, round, offered = 0, sent = 0, began;
	static struct batch batch;
	unsigned int most = BATCH;
	bool sources = false;
	struct frame *frames;
	int option, out;
	size_t n, i;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 't': times = number(optarg); break;
		case 's': seconds = number(optarg); break;
		case 'r': rate = number(optarg); break;
		case 'S': state = number(optarg); sources = true; break;
		default: return 2;
		}
	}
	if (optind + 2 != argc) {
		fprintf(stderr, "usage: flood [--times N] [--seconds N] [--rate N] [--sources SEED] INTERFACE CAPTURE\n");
		return 2;
	}
	frames = read_capture(argv[optind + 1], &n);
	for (i = 0; i < n; i++) {
		if (frames[i].len > FRAME_MAX) {
			fprintf(stderr, "flood: frame %zu is longer than %d bytes\n", i + 1,
				FRAME_MAX);
			return 1;
		}
	}
	out = open_interface(argv[optind]);
	for (i = 0; i < BATCH; i++) {
		batch.pieces[i].iov_base = batch.frames[i];
		batch.messages[i].msg_hdr.msg_iov = &batch.pieces[i];
		batch.messages[i].msg_hdr.msg_iovlen = 1;
	}
	/* A hundred times a second, or what it takes then is a burst. */
	if (rate && rate / 100 < most)
		most = rate / 100 ? (unsigned int)(rate / 100) : 1;
	signal(SIGTERM, end);
	signal(SIGINT, end);
	began = now_ns();
	for (round = 0; n && !ended && (!times || round < times); round++) {
		uint64_t drawn = draw(&state);
		uint8_t source[4] = { (uint8_t)(1 + (drawn >> 32) % 126), (uint8_t)(drawn >> 16),
				      (uint8_t)(drawn >> 8), (uint8_t)drawn };

		for (i = 0; i < n; i++) {
			memcpy(batch.frames[batch.n], frames[i].data, frames[i].len);
			batch.pieces[batch.n].iov_len = frames[i].len;
			if (sources)
				set_source(batch.frames[batch.n], frames[i].len, source);
			if (++batch.n < most)
				continue;
			offered += batch.n;
			sent += batch_send(&batch, out);
			if (rate)
				pace(began, rate, offered);
			if (seconds && now_ns() - began > seconds * 1000000000ull)
				ended = 1;
		}
	}
	sent += batch_send(&batch, out);
	printf("%llu\n", (unsigned long long)sent);
	return 0;
}
