// SPDX-License-Identifier: GPL-2.0
/*
 * OpenVPN by the shape of its first packets: "OpenVPN is Open to VPN Fingerprinting" (Xue and
 * others, USENIX Security 2022; CENSORS.md 7.2). An option: `detect` says for how many packets.
 *
 * Opcodes: each packet's first byte is taken for an opcode, whatever its value, so that a byte
 * that is XORed with a constant changes nothing. The first one is the client's reset and the
 * first answer the server's. Of the flow's first N packets the set must have 4 to 10 values, and
 * once it has 4, neither reset comes again.
 *
 * Acknowledgements: a small packet of one size, often among the first twenty, then hardly ever.
 * They are counted in bins of 10 packets: 1 to 3, 2 to 5, three times up to 5, then at most 1
 * in each.
 *
 * N, the set's bounds and the bins' are from memory in CENSORS.md and marked low there; what a
 * small packet is (the client's first of at most 120 bytes after the server's first), too, is a
 * choice of this file. Opcodes are LIKELY, acknowledgements alone a GUESS.
 */
#include "openvpn.h"

#define SET_MIN		4
#define BIN		10	/* packets */
#define ACK_MAX		120	/* bytes; one under tls-auth with SHA512 has 94 */
#define ACK_BINS_MIN	6	/* from the sixth on a bin has at most one */

#define OPCODES_NOT	0x01
#define ACKS_NOT	0x02
#define ANSWERED	0x04
#define BOTH_NOT	(OPCODES_NOT | ACKS_NOT)

void censor_openvpn_opcode(struct censor_track_opcodes *track, bool answer, u8 opcode)
{
	u8 i;

	if (track->flags & OPCODES_NOT)
		return;
	for (i = 0; i < track->n && track->value[i] != opcode; i++)
		;
	/* The first two are the resets: the client's, and then the server's, which is another. */
	if ((track->n == 0 && answer) || (track->n == 1 && answer != (i == 1)) ||
	    (i < 2 && track->n >= SET_MIN) || i == CENSOR_TRACK_OPCODES)
		track->flags |= OPCODES_NOT;
	else if (i == track->n)
		track->value[track->n++] = opcode;
}

static bool acks_fit(u32 bin, u8 acks)
{
	if (bin == 0)
		return acks >= 1 && acks <= 3;
	if (bin == 1)
		return acks >= 2 && acks <= 5;
	return acks <= (bin < 5 ? 5 : 1);
}

static void acks(const struct censor_look *look, struct censor_track_opcodes *track)
{
	if (!track->ack_size && (track->flags & ANSWERED) && !look->answer &&
	    look->whole <= ACK_MAX)
		track->ack_size = (u16)look->whole;
	if (look->whole == track->ack_size && track->acks < 255)
		track->acks++;
	if (look->nth % BIN != BIN - 1)
		return;
	if (!acks_fit(look->nth / BIN, track->acks))
		track->flags |= ACKS_NOT;
	track->acks = 0;
}

enum censor_found censor_openvpn_window(const struct censor_look *look,
					struct censor_track_opcodes *track,
					struct censor_sight *sight)
{
	u32 window = look->model->openvpn_opcodes, shown = min(look->len, 16u);

	if (!look->model->openvpn_acks)
		track->flags |= ACKS_NOT;
	if (!(track->flags & ACKS_NOT))
		acks(look, track);
	if (look->answer)
		track->flags |= ANSWERED;
	if ((track->flags & BOTH_NOT) == BOTH_NOT)
		return CENSOR_FOUND_NOT;
	if (look->nth + 1 < window)
		return CENSOR_FOUND_MORE;
	if (!(track->flags & OPCODES_NOT) && track->n >= SET_MIN)
		return censor_saw(sight, CENSOR_PROTOCOL_OPENVPN, CENSOR_CONFIDENCE_LIKELY, 0,
				  shown);
	if (!(track->flags & ACKS_NOT) && window >= ACK_BINS_MIN * BIN)
		return censor_saw(sight, CENSOR_PROTOCOL_OPENVPN, CENSOR_CONFIDENCE_GUESS, 0,
				  shown);
	return CENSOR_FOUND_NOT;
}
