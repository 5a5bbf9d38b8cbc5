// SPDX-License-Identifier: GPL-2.0
/*
 * behind CAPTURE WRITTEN: what a censor did to a capture, from what stood behind it (explain -w).
 *
 *	order 1 2 r3 i 5	the packets behind it: a number is the packet of CAPTURE, as it was; r3
 *				the third, rewritten; t3: with another TTL; i one that was injected
 *	dropped 4		those of CAPTURE that are not among them
 *	rewritten 3
 *	injected 1		how many
 *	sent < RA seq 1 ack 90 len 4 01020304 ttl 64 id 0 win 0
 *				each that was injected or rewritten: < to the client, > to the server
 *
 * behind CAPTURE WRITTEN TO-CLIENT TO-SERVER: whether those two captures, taken where the packets
 * arrive behind a router, hold what WRITTEN does. A packet of CAPTURE has lost one from its TTL on
 * the way, an injected one has not. Those that WRITTEN has 50 ms apart or that are of CAPTURE
 * arrive in its order. Says what differs.
 *
 * behind -: the same for each line of the standard input, where a last word is the file that the
 * answer goes to.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mkcap.h"

#define APART_NS	50000000

enum fate { INJECTED, PASSED, PASSED_TTL, REWRITTEN };

/** struct packet_at - an IP packet of a capture */
struct packet_at {
	const uint8_t *ip;
	size_t len;
	uint64_t time_ns;
	bool to_client;
	enum fate fate;
	size_t number;	/* in the other capture, from 1; 0: it is not there */
};

struct packets {
	struct packet_at *at;
	size_t n;
};

static unsigned int get16(const uint8_t *p)
{
	return (unsigned int)(p[0] << 8 | p[1]);
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static struct packets read_packets(const char *path)
{
	struct packets packets;
	struct frame *frames = read_capture(path, &packets.n);
	size_t i;

	packets.at = calloc(packets.n + 1, sizeof(*packets.at));
	if (!packets.at)
		exit(1);
	for (i = 0; i < packets.n; i++) {
		struct packet_at *packet = &packets.at[i];

		packet->ip = frames[i].data + 14;
		packet->len = frames[i].len < 14 ? 0 : frames[i].len - 14;
		packet->time_ns = frames[i].time_ns;
		/* The client has an odd address, see file.c. */
		packet->to_client = frames[i].len >= 14 && frames[i].data[5] & 1;
	}
	return packets;
}

static size_t header_len(const struct packet_at *packet)
{
	if (packet->len < 20)
		return packet->len;
	if (packet->ip[0] >> 4 == 4)
		return (packet->ip[0] & 15u) * 4;
	return packet->len >= 48 && packet->ip[6] == 44 ? 48 : 40;
}

static unsigned int protocol(const struct packet_at *packet)
{
	if (packet->len < 20)
		return 0;
	if (packet->ip[0] >> 4 == 4)
		return packet->ip[9];
	return packet->len >= 48 && packet->ip[6] == 44 ? packet->ip[40] : packet->ip[6];
}

static uint8_t *ttl(uint8_t *ip)
{
	return ip + (ip[0] >> 4 == 4 ? 8 : 7);
}

static bool same(const struct packet_at *a, const struct packet_at *b)
{
	return a->len == b->len && a->to_client == b->to_client && !memcmp(a->ip, b->ip, a->len);
}

/* But for what forwarding changes. */
static bool same_beyond(const struct packet_at *a, const struct packet_at *b)
{
	uint8_t x[MKCAP_PACKET], y[MKCAP_PACKET];

	if (a->len != b->len || a->len < 20)
		return false;
	memcpy(x, a->ip, a->len);
	memcpy(y, b->ip, b->len);
	*ttl(x) = 0;
	*ttl(y) = 0;
	if (x[0] >> 4 == 4 && y[0] >> 4 == 4) {
		memset(x + 10, 0, 2);
		memset(y + 10, 0, 2);
	}
	return !memcmp(x, y, a->len);
}

/* A TCP packet with the same ends, place and IP ID as another. */
static bool same_place(const struct packet_at *a, const struct packet_at *b)
{
	size_t head = header_len(a);
	bool four = a->len >= 20 && a->ip[0] >> 4 == 4;

	return protocol(a) == 6 && protocol(b) == 6 && head == header_len(b) &&
	       a->len >= head + 20 && b->len >= head + 20 && a->to_client == b->to_client &&
	       (!four || get16(a->ip + 4) == get16(b->ip + 4)) &&
	       !memcmp(a->ip + (four ? 12 : 8), b->ip + (four ? 12 : 8), head - (four ? 12 : 8)) &&
	       !memcmp(a->ip + head, b->ip + head, 8);
}

static void find(struct packets *before, struct packets *behind, enum fate fate,
		 bool (*alike)(const struct packet_at *, const struct packet_at *))
{
	size_t i, j;

	for (i = 0; i < behind->n; i++) {
		for (j = 0; !behind->at[i].number && j < before->n; j++) {
			if (before->at[j].number || !alike(&behind->at[i], &before->at[j]))
				continue;
			behind->at[i].number = j + 1;
			behind->at[i].fate = fate;
			before->at[j].number = i + 1;
			before->at[j].fate = fate;
		}
	}
}

static void show_payload(const uint8_t *bytes, size_t len)
{
	size_t shown = len < 64 ? len : 64, i;
	bool text = true;

	printf(" len %zu", len);
	if (!len)
		return;
	for (i = 0; i < shown; i++)
		text = text && (isprint(bytes[i]) || bytes[i] == '\r' || bytes[i] == '\n');
	fputs(text ? " \"" : " ", stdout);
	for (i = 0; i < shown; i++) {
		if (!text)
			printf("%02x", bytes[i]);
		else if (bytes[i] == '\r' || bytes[i] == '\n')
			fputs(bytes[i] == '\r' ? "\\r" : "\\n", stdout);
		else if (bytes[i] == '"' || bytes[i] == '\\')
			printf("\\%c", bytes[i]);
		else
			putchar(bytes[i]);
	}
	if (text)
		putchar('"');
}

static void show(const struct packet_at *packet)
{
	static const char letters[] = "FSRPAUEC";
	size_t head = header_len(packet), bit, data;
	const uint8_t *tcp = packet->ip + head;
	uint32_t isn = packet->to_client ? SERVER_ISN : CLIENT_ISN;

	printf("sent %c", packet->to_client ? '<' : '>');
	if (protocol(packet) == 6 && packet->len >= head + 20) {
		putchar(' ');
		for (bit = 0; bit < 8; bit++)
			if (tcp[13] & 1 << bit)
				putchar(letters[bit]);
		if (!tcp[13])
			putchar('0');
		printf(" seq %d", (int)(get32(tcp + 4) - isn));
		if (tcp[13] & 0x10)
			printf(" ack %d", (int)(get32(tcp + 8) - (packet->to_client ? CLIENT_ISN : SERVER_ISN)));
		data = head + (tcp[12] >> 4) * 4u;
		show_payload(packet->ip + data, data < packet->len ? packet->len - data : 0);
		printf(" ttl %u", packet->ip[packet->ip[0] >> 4 == 4 ? 8 : 7]);
		if (packet->ip[0] >> 4 == 4)
			printf(" id %u", get16(packet->ip + 4));
		printf(" win %u", get16(tcp + 14));
	} else {
		printf(" protocol %u bytes %zu", protocol(packet), packet->len);
	}
	putchar('\n');
}

static void report(const struct packets *before, const struct packets *behind)
{
	static const char *const signs[] = { "i", "", "t", "r" };
	size_t i, injected = 0;

	fputs("order", stdout);
	for (i = 0; i < behind->n; i++) {
		const struct packet_at *packet = &behind->at[i];

		printf(" %s", signs[packet->fate]);
		if (packet->fate == INJECTED)
			injected++;
		else
			printf("%zu", packet->number);
	}
	fputs("\ndropped", stdout);
	for (i = 0; i < before->n; i++)
		if (!before->at[i].number)
			printf(" %zu", i + 1);
	fputs("\nrewritten", stdout);
	for (i = 0; i < before->n; i++)
		if (before->at[i].fate == REWRITTEN)
			printf(" %zu", i + 1);
	printf("\ninjected %zu\n", injected);
	for (i = 0; i < behind->n; i++)
		if (behind->at[i].fate == INJECTED || behind->at[i].fate == REWRITTEN)
			show(&behind->at[i]);
}

static bool right_sum(const struct packet_at *packet)
{
	uint32_t sum = 0;
	size_t i;

	if (packet->len < 20 || packet->ip[0] >> 4 != 4)
		return true;
	for (i = 0; i < header_len(packet); i += 2)
		sum += get16(packet->ip + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

static bool complain(const char *what, const struct packet_at *packet)
{
	size_t i;

	printf("%s: ", what);
	show(packet);
	for (i = 0; i < packet->len && i < 100; i++)
		printf("%s%02x", i % 4 ? "" : " ", packet->ip[i]);
	putchar('\n');
	return false;
}

static bool ttl_right(const struct packet_at *wanted, const struct packet_at *got)
{
	uint8_t sent = *ttl((uint8_t *)wanted->ip), came = *ttl((uint8_t *)got->ip);

	return came + 1 == sent || (wanted->fate == INJECTED && came == sent);
}

static bool in_order(const struct packets *written, const struct packets *arrived, bool to_client)
{
	size_t i, j;

	for (i = 0; i < written->n; i++) {
		const struct packet_at *a = &written->at[i];

		for (j = i + 1; j < written->n && a->to_client == to_client; j++) {
			const struct packet_at *b = &written->at[j];
			bool apart = (a->fate && b->fate) || b->time_ns - a->time_ns >= APART_NS;

			if (b->to_client == to_client && a->number > b->number && apart)
				return complain("it came too late", a);
		}
	}
	return arrived;
}

static bool agree(struct packets *written, struct packets *arrived, bool to_client)
{
	bool good = true;
	size_t i, j;

	for (i = 0; i < written->n; i++) {
		struct packet_at *wanted = &written->at[i];

		if (wanted->to_client != to_client)
			continue;
		wanted->number = 0;
		for (j = 0; !wanted->number && j < arrived->n; j++) {
			struct packet_at *got = &arrived->at[j];

			if (got->number || !same_beyond(wanted, got) || !ttl_right(wanted, got))
				continue;
			wanted->number = j + 1;
			got->number = i + 1;
			if (!right_sum(got))
				good = complain("a wrong IP checksum", got);
		}
		if (!wanted->number)
			good = complain("it did not come", wanted);
	}
	for (j = 0; j < arrived->n; j++) {
		arrived->at[j].to_client = to_client;
		if (!arrived->at[j].number)
			good = complain("nobody sent it", &arrived->at[j]);
	}
	return good && in_order(written, arrived, to_client);
}

/* Return: whether it is as it should be. */
static bool answer(const char *const *paths, size_t n)
{
	struct packets before = read_packets(paths[0]), behind = read_packets(paths[1]), client, server;
	bool good = true;

	find(&before, &behind, PASSED, same);
	find(&before, &behind, PASSED_TTL, same_beyond);
	find(&before, &behind, REWRITTEN, same_place);
	if (n == 2) {
		report(&before, &behind);
		return true;
	}
	client = read_packets(paths[2]);
	server = read_packets(paths[3]);
	good = agree(&behind, &client, true);
	return agree(&behind, &server, false) && good;
}

static int answer_lines(void)
{
	char line[4096];
	bool good = true;

	while (fgets(line, sizeof(line), stdin)) {
		const char *words[6];
		size_t n = 0;
		char *word;

		for (word = strtok(line, " \n"); word && n < 6; word = strtok(NULL, " \n"))
			words[n++] = word;
		if ((n != 3 && n != 5) || !freopen(words[n - 1], "w", stdout)) {
			fprintf(stderr, "behind: two or four captures and a file are wanted\n");
			return 2;
		}
		good = answer(words, n - 1) && good;
	}
	return !good;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "-"))
		return answer_lines();
	if (argc != 3 && argc != 5) {
		fputs("usage: behind CAPTURE WRITTEN [TO-CLIENT TO-SERVER]\n       behind - <LINES\n", stderr);
		return 2;
	}
	return !answer((const char *const *)argv + 1, (size_t)argc - 1);
}
