// SPDX-License-Identifier: GPL-2.0
/*
 * packet-fuzz INTERFACE MAC SECONDS SEED FILE|FOLDER...: hostile packets out of an interface of this
 * network namespace, to the router with this address: conversations as the fuzzer of the engine has
 * them (hostile.c), packets of captures, and the bytes of other fuzz inputs as payloads; as they are,
 * changed here and there, cut into fragments, and as the giant packets that a NIC would cut.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "hostile.h"

#define INPUTS_MAX	8192
#define SEGMENT		600	/* payload of each packet that a giant one is cut into */
#define MTU		1500
#define GIANT		30000

/** struct input - a packet from a capture, or a payload */
struct input {
	u8 *data;
	u32 len;
	bool packet;
};

static struct input inputs[INPUTS_MAX];
static u32 n_inputs;
static u64 random_state;
static int out;
static struct sockaddr_ll where = { .sll_family = AF_PACKET };
static u8 mac[ETH_ALEN];
static struct {
	u64 sent, refused, giant, fragments;
} counts;

static u32 dice(u32 sides)
{
	return (u32)(wire_random(&random_state) >> 20) % sides;
}

static void give_up(const char *what)
{
	fprintf(stderr, "packet-fuzz: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void keep(const u8 *data, u32 len, bool packet)
{
	struct input *input = &inputs[n_inputs];

	if (n_inputs == INPUTS_MAX || !len || len > GIANT)
		return;
	input->data = malloc(len);
	if (!input->data)
		give_up("memory");
	memcpy(input->data, data, len);
	input->len = len;
	input->packet = packet;
	n_inputs++;
}

static void read_capture(const char *path)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(path, error);
	struct pcap_pkthdr *header;
	const u8 *data;
	u32 skip;

	if (!pcap) {
		fprintf(stderr, "packet-fuzz: %s: %s\n", path, error);
		exit(1);
	}
	skip = pcap_datalink(pcap) == DLT_EN10MB ? ETH_HLEN : 0;
	while (pcap_next_ex(pcap, &header, &data) == 1)
		if (header->caplen > skip)
			keep(data + skip, header->caplen - skip, true);
	pcap_close(pcap);
}

static void read_payload(const char *path)
{
	static u8 data[GIANT];
	FILE *file = fopen(path, "rb");
	size_t n;

	if (!file)
		give_up(path);
	n = fread(data, 1, sizeof(data), file);
	fclose(file);
	keep(data, (u32)n, false);
}

static void read_all(const char *path)
{
	const char *dot = strrchr(path, '.');
	struct dirent *entry;
	char inner[4096];
	struct stat st;
	DIR *dir;

	if (stat(path, &st))
		give_up(path);
	if (S_ISREG(st.st_mode)) {
		if (dot && !strcmp(dot, ".pcap"))
			read_capture(path);
		else
			read_payload(path);
		return;
	}
	dir = opendir(path);
	if (!dir)
		give_up(path);
	while ((entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		read_all(inner);
	}
	closedir(dir);
}

static u16 sum_of(const u8 *data, u32 len)
{
	u32 sum = 0, i;

	for (i = 0; i + 1 < len; i += 2)
		sum += censor_get16(data + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (u16)~sum;
}

/* A router reads no IPv4 packet whose header is not summed up right. */
static void fix(u8 *packet, u32 len)
{
	u32 head = (packet[0] & 15) * 4u;

	if (packet[0] >> 4 != 4 || len < 20 || head < 20 || head > len)
		return;
	censor_put16(packet + 10, 0);
	censor_put16(packet + 10, sum_of(packet, head));
}

static void send_frame(const u8 *packet, u32 len, const struct virtio_net_hdr *how)
{
	static u8 frame[sizeof(*how) + ETH_HLEN + 65536];
	u16 type = packet[0] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP;

	memcpy(frame, how, sizeof(*how));
	memcpy(frame + sizeof(*how), mac, ETH_ALEN);
	memcpy(frame + sizeof(*how) + ETH_ALEN, "\x02\0\0\0\0\x63", ETH_ALEN);
	censor_put16(frame + sizeof(*how) + 2 * ETH_ALEN, dice(500) ? type : (u16)dice(65536));
	memcpy(frame + sizeof(*how) + ETH_HLEN, packet, len);
	if (sendto(out, frame, sizeof(*how) + ETH_HLEN + len, 0, (void *)&where, sizeof(where)) < 0) {
		if (errno == ENETDOWN || errno == ENODEV)
			give_up("interface");
		counts.refused++;
	} else {
		counts.sent++;
	}
}

/* A TCP packet that is to be cut by whoever sends it on: the kernel shows it to hooks whole. */
static bool send_giant(const u8 *packet, u32 len)
{
	struct virtio_net_hdr how = { .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM, .csum_offset = 16,
				      .gso_size = (u16)(1 + dice(SEGMENT)) };
	bool six = packet[0] >> 4 == 6;
	u32 at = six ? 40 : (packet[0] & 15) * 4u;

	if (len < at + 20 + 2 || packet[six ? 6 : 9] != 6)
		return false;
	how.gso_type = six ? VIRTIO_NET_HDR_GSO_TCPV6 : VIRTIO_NET_HDR_GSO_TCPV4;
	how.csum_start = (u16)(ETH_HLEN + at);
	how.hdr_len = (u16)(ETH_HLEN + at + (packet[at + 12] >> 4) * 4u);
	counts.giant++;
	send_frame(packet, len, &how);
	return true;
}

/* IPv4 only: fragments of it, perhaps overlapping, out of order, or not all. */
static bool send_fragments(const u8 *packet, u32 len)
{
	static const struct virtio_net_hdr plain;
	static u8 piece[65536];
	u32 head = (packet[0] & 15) * 4u, n = 2 + dice(3), i, from, to, body;

	if (packet[0] >> 4 != 4 || head < 20 || len < head + 16)
		return false;
	body = len - head;
	for (i = 0; i < n; i++) {
		u32 which = dice(4) ? i : dice(n);

		from = body * which / n & ~7u;
		to = which == n - 1 ? body : body * (which + 1) / n & ~7u;
		if (!dice(6))
			to = min(body, to + 8 * dice(8));
		if (to <= from || !dice(12))
			continue;
		to = min(to, from + MTU - head);
		memcpy(piece, packet, head);
		memcpy(piece + head, packet + head + from, to - from);
		censor_put16(piece + 2, (u16)(head + to - from));
		censor_put16(piece + 6, (u16)(from / 8 | (which < n - 1 ? 0x2000 : 0)));
		fix(piece, head + to - from);
		counts.fragments++;
		send_frame(piece, head + to - from, &plain);
	}
	return true;
}

static u32 change(u8 *packet, u32 len)
{
	static const u8 protos[] = { 0, 1, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 60, 132 };
	u32 n = 1 + dice(4), at;

	while (n-- && len > 40) {
		switch (dice(8)) {
		case 0:
			len = 20 + dice(len - 20);
			break;
		case 1:
			at = dice(60);
			if (len + at < GIANT) {
				memset(packet + len, (u8)dice(256), at);
				len += at;
			}
			break;
		case 2:
			censor_put16(packet + (packet[0] >> 4 == 6 ? 4 : 2), (u16)dice(dice(2) ? 65536 : 100));
			break;
		case 3:
			packet[packet[0] >> 4 == 6 ? 6 : 9] = protos[dice(ARRAY_SIZE(protos))];
			break;
		case 4:
			if (packet[0] >> 4 == 4)
				censor_put16(packet + 6, (u16)dice(65536));
			break;
		case 5:
			at = dice(len);
			packet[at] = (u8)dice(256);
			break;
		default:
			/* Of the headers, but not where it goes. */
			at = dice(2) ? dice(12) : 20 + dice(40);
			packet[at < len ? at : 0] ^= (u8)(1u << dice(8));
		}
	}
	return len;
}

static u32 wrap(u8 *packet, const struct input *input)
{
	static const u16 ports[] = { 443, 80, 53, 22, 25, 1194, 500, 4500, 3478, 5222 };
	bool six = dice(3) == 0;
	u16 sport = (u16)(40000 + dice(40)), dport = ports[dice(ARRAY_SIZE(ports))];
	struct ends ends = six ? ends6("2001:db8:1::10", sport, "2001:db8:2::80", dport) :
				 ends4("192.0.2.10", sport, "203.0.113.80", dport);
	/* In front of the payload of most inputs stand bytes that choose a model. */
	u32 skip = min(dice(8), input->len - 1), len = input->len - skip;

	if (!dice(4))
		ends = ends_back(ends);
	if (dice(2))
		return wire_udp(packet, ends, input->data + skip, min(len, 1400u));
	if (!dice(4))
		return wire_tcp(packet, ends, SYN, 999, 0, NULL, 0);
	return wire_tcp(packet, ends, PSH | ACK, 1000, 5000, input->data + skip, len);
}

static void one(void)
{
	static const struct virtio_net_hdr plain;
	static u8 packet[WIRE_MAX + GIANT];
	const struct input *input;
	u32 len;

	if (!n_inputs || dice(2)) {
		len = hostile_packet(&random_state, packet);
	} else {
		input = &inputs[dice(n_inputs)];
		if (input->packet) {
			len = input->len;
			memcpy(packet, input->data, len);
		} else {
			len = wrap(packet, input);
		}
	}
	if (len > GIANT || len < 20)
		return;
	if (dice(2))
		len = change(packet, len);
	if (!dice(6) && send_fragments(packet, len))
		return;
	if (dice(16))
		fix(packet, len);
	if ((len > MTU || !dice(8)) && send_giant(packet, len))
		return;
	send_frame(packet, min(len, (u32)MTU), &plain);
}

static u64 now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000ull + time.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
	int enabled = 1, i;
	u64 end;

	if (argc < 5 || sscanf(argv[2], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2],
			       &mac[3], &mac[4], &mac[5]) != ETH_ALEN) {
		fprintf(stderr, "usage: packet-fuzz INTERFACE MAC SECONDS SEED FILE|FOLDER...\n");
		return 2;
	}
	random_state = strtoull(argv[4], NULL, 10);
	for (i = 5; i < argc; i++)
		read_all(argv[i]);
	out = socket(AF_PACKET, SOCK_RAW, 0);
	where.sll_ifindex = (int)if_nametoindex(argv[1]);
	if (out < 0 || !where.sll_ifindex)
		give_up(argv[1]);
	if (setsockopt(out, SOL_PACKET, PACKET_VNET_HDR, &enabled, sizeof(enabled)))
		give_up("PACKET_VNET_HDR");
	end = now_ms() + strtoull(argv[3], NULL, 10) * 1000;
	while (now_ms() < end)
		for (i = 0; i < 16; i++)
			one();
	printf("packet-fuzz: seed %s, %u inputs: %llu packets, of these %llu to be cut and %llu fragments; %llu the socket refused\n",
	       argv[4], n_inputs, (unsigned long long)counts.sent,
	       (unsigned long long)counts.giant, (unsigned long long)counts.fragments,
	       (unsigned long long)counts.refused);
	return !counts.sent;
}
