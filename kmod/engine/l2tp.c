// SPDX-License-Identifier: GPL-2.0
/*
 * L2TP version 2 over UDP (RFC 2661; CENSORS.md 7.1). A control message has the bits T, L and S
 * set and no other, and version 2: c8 02; then its length, tunnel, session, Ns, Nr, 2 bytes
 * each; then attributes, each 2 bytes of flags and length, 2 of vendor, 2 of type. The first is
 * the message type: mandatory, 8 bytes, vendor 0, type 0. A client begins with SCCRQ (1) to
 * tunnel 0, session 0, Ns and Nr 0: SURE, on any port. Any other message to port 1701 or from
 * it, LIKELY, an empty one that acknowledges too. Data there, that has version 2, is waited behind:
 * it may be left over from a tunnel before. Reads 20 bytes.
 */
#include "detectors.h"

#define PORT		1701
#define HEADER		12
#define TYPE_AVP	8
#define MESSAGE_SCCRQ	1
#define MESSAGE_MAX	16	/* SLI, set-link-info */
#define RESERVED	0x34	/* bits of the first byte that are always 0 */

/* What else of L2TP goes to its port: acknowledgements, which are a header alone, and data. */
static enum censor_found other(const struct censor_look *look, struct censor_sight *sight)
{
	const u8 *p = look->data;

	if (look->view->sport != PORT && look->view->dport != PORT)
		return CENSOR_FOUND_NOT;
	if (look->len < 6 || p[0] & RESERVED || p[1] != 2)
		return CENSOR_FOUND_NOT;
	if (p[0] == 0xc8 && look->whole == HEADER && censor_get16(p + 2) == HEADER)
		return censor_saw(sight, CENSOR_PROTOCOL_L2TP, CENSOR_CONFIDENCE_LIKELY, 0,
				  min(look->len, (u32)HEADER));
	return p[0] & 0x80 ? CENSOR_FOUND_NOT : CENSOR_FOUND_MORE;
}

enum censor_found censor_detect_l2tp(const struct censor_look *look, struct censor_sight *sight)
{
	static const u8 type[6] = { 0x80, TYPE_AVP }, zero[8];
	const u8 *p = look->data;
	u16 message;

	if (look->len < HEADER + TYPE_AVP || p[0] != 0xc8 || p[1] != 2 ||
	    censor_get16(p + 2) != look->whole || memcmp(p + HEADER, type, sizeof(type)))
		return other(look, sight);
	message = censor_get16(p + HEADER + 6);
	if (message == MESSAGE_SCCRQ && !memcmp(p + 4, zero, sizeof(zero)))
		return censor_saw(sight, CENSOR_PROTOCOL_L2TP, CENSOR_CONFIDENCE_SURE, 0,
				  HEADER + TYPE_AVP);
	if (!message || message > MESSAGE_MAX ||
	    (look->view->sport != PORT && look->view->dport != PORT))
		return CENSOR_FOUND_NOT;
	return censor_saw(sight, CENSOR_PROTOCOL_L2TP, CENSOR_CONFIDENCE_LIKELY, 0,
			  HEADER + TYPE_AVP);
}
