/* SPDX-License-Identifier: GPL-2.0 */
/* OpenVPN: what its two files tell each other. */
#ifndef _CENSOR_OPENVPN_H
#define _CENSOR_OPENVPN_H

#include "detectors.h"

/**
 * struct censor_openvpn - one OpenVPN packet, from its opcode on
 * @len: bytes of it that are there
 * @whole: bytes that it has
 */
struct censor_openvpn {
	const u8 *data;
	u32 len;
	u32 whole;
};

/**
 * censor_openvpn_packet() - read a packet by what it says
 * @begun, @begun_by: the client's reset of this flow, if one came; written where one does
 *
 * Return: FOUND_MORE with @sight after a client's reset, FOUND_ALL after the server's.
 */
enum censor_found censor_openvpn_packet(const struct censor_look *look,
					const struct censor_openvpn *packet, u32 *begun,
					u8 *begun_by, struct censor_sight *sight);

/** censor_openvpn_opcode() - count a packet's opcode */
void censor_openvpn_opcode(struct censor_track_opcodes *track, bool answer, u8 opcode);

/**
 * censor_openvpn_window() - count a packet's size, and judge the flow after @look->model says
 *
 * Return: FOUND_MORE without @sight until then.
 */
enum censor_found censor_openvpn_window(const struct censor_look *look,
					struct censor_track_opcodes *track,
					struct censor_sight *sight);

#endif
