// SPDX-License-Identifier: GPL-2.0
/* Viber (CENSORS.md 11.3). */
#include "begins.h"
#include "detectors.h"

#define TCP_MIN		11
#define TCP_MAX		4096

/*
 * TCP: a message begins with its length, 2 bytes from the little end, and either has fc ff at 6 and
 * 80 at 9, or 03 80 at 4 and 0a at 10. As nDPI has it, and like there the first message must fill
 * the packet. Likely. Reads 11 bytes.
 */
enum censor_found censor_detect_viber(const struct censor_look *look, struct censor_sight *sight)
{
	const u8 *p = look->data;
	u32 len;

	if (look->len < 2)
		return CENSOR_FOUND_MORE;
	len = censor_get_le16(p);
	if (len < TCP_MIN || len > TCP_MAX || len < censor_look_end(look))
		return CENSOR_FOUND_NOT;
	if (look->len < TCP_MIN)
		return CENSOR_FOUND_MORE;
	if (!(p[6] == 0xfc && p[7] == 0xff && p[9] == 0x80) &&
	    !(p[4] == 0x03 && p[5] == 0x80 && p[10] == 0x0a))
		return CENSOR_FOUND_NOT;
	if (len > censor_look_end(look))
		return CENSOR_FOUND_MORE;
	return censor_saw(sight, CENSOR_PROTOCOL_VIBER, CENSOR_CONFIDENCE_LIKELY, 0, TCP_MIN);
}

/* From memory. */
static bool viber_port(u16 port)
{
	return port == 5243 || port == 7985 || port == 9785;
}

/*
 * UDP: a number of the sender's in 2 bytes, then the kind: 03 00 (12 bytes in the oldest
 * descriptions, any size in newer ones), 09 00 in 20 bytes, 01 00 05 00, 19 00 or 1b 00 in 34
 * bytes. As nDPI has it. Two bytes alone are a guess, with a size or two more of them likely; to or
 * from one of Viber's ports one step more. Reads 6 bytes.
 */
enum censor_found censor_detect_viber_udp(const struct censor_look *look,
					  struct censor_sight *sight)
{
	const u8 *p = look->data;
	u32 len = look->whole;
	u8 confidence;

	if (look->len < 6 || p[3])
		return CENSOR_FOUND_NOT;
	if (p[2] == 0x03)
		confidence = len == 12 ? CENSOR_CONFIDENCE_LIKELY : CENSOR_CONFIDENCE_GUESS;
	else if ((p[2] == 0x09 && len == 20) || ((p[2] == 0x19 || p[2] == 0x1b) && len == 34))
		confidence = CENSOR_CONFIDENCE_LIKELY;
	else if (p[2] == 0x01 && p[4] == 0x05 && !p[5])
		confidence = CENSOR_CONFIDENCE_LIKELY;
	else
		return CENSOR_FOUND_NOT;
	if (viber_port(look->view->sport) || viber_port(look->view->dport))
		confidence = min_t(u8, confidence + 1, CENSOR_CONFIDENCE_SURE);
	return censor_saw(sight, CENSOR_PROTOCOL_VIBER, confidence, 2, p[2] == 0x01 ? 4 : 2);
}
