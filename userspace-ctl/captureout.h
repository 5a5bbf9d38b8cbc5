/* SPDX-License-Identifier: GPL-2.0 */
/* Writing the capture as it would look behind the censor. */
#ifndef _CENSORCTL_CAPTUREOUT_H
#define _CENSORCTL_CAPTUREOUT_H

#include "capture.h"
#include "pending.h"

/**
 * struct captureout - a pcap being written
 * @pending: packets whose time has not come yet: the censor's, or those that it delays
 * @frame: for a frame that is changed on its way, @frame_room bytes
 * @missed: packets that were not written, for too many were waiting
 * @reason: why opening or writing failed
 */
struct captureout {
	FILE *file;
	pcap_t *pcap;
	pcap_dumper_t *dumper;
	bool nano;
	struct pending pending;
	u8 *frame;
	u32 frame_room;
	u64 missed;
	char reason[CAPTURE_REASON];
};

/**
 * captureout_open() - begin a capture with the link type and the resolution of another
 * @like: the capture that is read; it is never overwritten
 *
 * Return: 0, or -1 and @out->reason.
 */
int captureout_open(struct captureout *out, const char *path, const struct capture *like);

/**
 * captureout_pass() - a packet goes on as it came
 * @ttl: but with this TTL, if it is not 0
 * @delay: and so many nanoseconds later
 *
 * What the censor has sent by the packet's time is written before it.
 */
void captureout_pass(struct captureout *out, const struct capture_packet *packet, u8 ttl,
		     u64 delay);

/**
 * captureout_rewrite() - the censor puts another packet in the place of one
 * @ip: the IP packet, @len bytes, at most CENSOR_FORGE_SIZE
 */
void captureout_rewrite(struct captureout *out, const struct capture_packet *packet,
			const u8 *ip, u32 len);

/**
 * captureout_inject() - the censor sends a packet
 * @trigger: its outer headers are used, turned round if the packet goes @back
 * @ip: the IP packet, @len bytes, at most CENSOR_FORGE_SIZE
 * @back: to the sender of the trigger
 * @delay: nanoseconds after the trigger
 */
void captureout_inject(struct captureout *out, const struct capture_packet *trigger,
		       const u8 *ip, u32 len, bool back, u64 delay);

/**
 * captureout_close() - write what is still to come, and the end
 *
 * Return: 0, or -1 and @out->reason if not all was written.
 */
int captureout_close(struct captureout *out);

#endif
