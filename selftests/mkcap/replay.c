// SPDX-License-Identifier: GPL-2.0
/*
 * replay INTERFACE CAPTURE: the frames of an Ethernet capture, as they stand, out of an interface:
 * for hostile packets that no socket would send. Says how many it sent.
 */
#include <stdio.h>
#include <pcap/pcap.h>

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE] = "";
	struct pcap_pkthdr *header;
	const unsigned char *frame;
	unsigned int sent = 0, refused = 0;
	pcap_t *in, *out;
	int result;

	if (argc != 3) {
		fprintf(stderr, "usage: replay INTERFACE CAPTURE\n");
		return 2;
	}
	in = pcap_open_offline(argv[2], error);
	if (!in) {
		fprintf(stderr, "replay: %s\n", error);
		return 1;
	}
	out = pcap_open_live(argv[1], 64, 0, 1, error);
	if (!out) {
		fprintf(stderr, "replay: %s: %s\n", argv[1], error);
		pcap_close(in);
		return 1;
	}
	if (pcap_datalink(in) != DLT_EN10MB || pcap_datalink(out) != DLT_EN10MB) {
		fprintf(stderr, "replay: only Ethernet, to Ethernet\n");
		result = PCAP_ERROR;
	} else {
		while ((result = pcap_next_ex(in, &header, &frame)) == 1) {
			/* The kernel itself refuses what is no whole Ethernet header. */
			if (pcap_inject(out, frame, header->caplen) == (int)header->caplen)
				sent++;
			else
				refused++;
		}
		if (result == PCAP_ERROR)
			fprintf(stderr, "replay: %s\n", pcap_geterr(in));
	}
	pcap_close(out);
	pcap_close(in);
	printf("%u sent, %u refused\n", sent, refused);
	return result == PCAP_ERROR;
}
