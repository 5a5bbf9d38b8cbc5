/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading a capture: pcap and pcapng through libpcap, one packet at a time, down to the IP header
 * of what is judged.
 */
#ifndef _CENSORCTL_CAPTURE_H
#define _CENSORCTL_CAPTURE_H

#include <pcap/pcap.h>
#include <stdio.h>

#include "engine/host.h"
#include "outer.h"

#define CAPTURE_REASON	512

/**
 * struct capture - an open capture
 * @path: as the user gave it; "-" is the standard input
 * @link: DLT_* of its packets
 * @nano: its timestamps can tell nanoseconds apart
 * @cut: capture_next() found it cut
 * @size: bytes of the file, 0 where that cannot be known (a pipe)
 * @frames: packets read so far
 * @reason: why an open or a read failed, a sentence without the path
 */
struct capture {
	const char *path;
	pcap_t *pcap;
	FILE *file;
	int link;
	bool nano;
	bool cut;
	u64 size;
	u64 frames;
	u64 latest, offset;	/* see capture_clock() */
	char reason[CAPTURE_REASON];
};

/**
 * struct capture_packet - one packet of it; the bytes stand until the next is read
 * @frame: its number in the capture, from 1
 * @time: its timestamp, nanoseconds since 1970
 * @now: the censor's clock, nanoseconds: @time, but it never runs backwards
 * @header: as libpcap read it
 * @data: the frame, @header->caplen bytes
 * @ip: where the IP header stands in @data; its end if there is none
 * @cap: readable bytes from @ip on; 0 for anything but IP
 * @wire: bytes from @ip on that the frame had
 * @outer: what stands before it
 */
struct capture_packet {
	u64 frame;
	u64 time;
	u64 now;
	const struct pcap_pkthdr *header;
	const u8 *data;
	u32 ip;
	u32 cap;
	u32 wire;
	struct outer outer;
};

/**
 * capture_open() - open it and read its head
 * @capture: filled; on failure only @capture->reason, and nothing is left open
 * @path: a file, or "-" for the standard input
 *
 * Return: 0 or -1.
 */
int capture_open(struct capture *capture, const char *path);

/**
 * capture_next() - the next packet
 *
 * Return: 1; 0 at the end; -1 when it cannot be read on (@capture->reason says why, @capture->cut
 * whether its end is missing): what was read until then stands.
 */
int capture_next(struct capture *capture, struct capture_packet *packet);

/** capture_position() - bytes of the file read so far, for a progress display */
u64 capture_position(const struct capture *capture);

void capture_close(struct capture *capture);

#endif
