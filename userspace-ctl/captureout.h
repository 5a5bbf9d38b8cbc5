/* SPDX-License-Identifier: GPL-2.0 */
/* Writing the capture as it would look behind the censor. */
#ifndef _CENSORCTL_CAPTUREOUT_H
#define _CENSORCTL_CAPTUREOUT_H

#include "capture.h"

/**
 * struct captureout - a pcap being written
 * @passed: packets of the capture written
 * @injected: packets of the censor written
 * @reason: why opening or writing failed
 */
struct captureout {
	FILE *file;
	pcap_t *pcap;
	pcap_dumper_t *dumper;
	int link;
	bool nano;
	u64 passed;
	u64 injected;
	char reason[CAPTURE_REASON];
};

/**
 * captureout_open() - begin a capture with the link type and the resolution of another
 * @like: the capture that is read; it is never overwritten
 *
 * Return: 0, or -1 and @out->reason.
 */
int captureout_open(struct captureout *out, const char *path, const struct capture *like);

/** captureout_pass() - a packet goes on as it came */
void captureout_pass(struct captureout *out, const struct capture_packet *packet);

/**
 * captureout_inject() - the censor sends a packet, at the time of the one that triggered it
 * @trigger: its link-layer header is used, turned round if the packet goes @back
 * @ip: the IP packet, @len bytes, at most CENSOR_FORGE_SIZE
 * @back: to the sender of the trigger
 */
void captureout_inject(struct captureout *out, const struct capture_packet *trigger,
		       const u8 *ip, u32 len, bool back);

/** captureout_close() - Return: 0, or -1 and @out->reason if not all was written. */
int captureout_close(struct captureout *out);

#endif
