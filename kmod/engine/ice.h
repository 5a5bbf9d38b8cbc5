/* SPDX-License-Identifier: GPL-2.0 */
/* What calls send side by side on one flow: first bytes tell them apart (RFC 7983). */
#ifndef _CENSOR_ICE_H
#define _CENSOR_ICE_H

#include "detect.h"

/**
 * censor_is_ice() - whether DTLS or RTP may come behind a datagram that is neither
 *
 * WebRTC, Snowflake's too, begins with STUN on the flow that DTLS and then RTP go by; behind STUN
 * another record of DTLS may come first, too.
 */
static inline bool censor_is_ice(const struct censor_look *look)
{
	if (!look->track || look->len < 13)
		return false;
	if (look->data[0] < 4)
		return look->len >= 20 && censor_get32(look->data + 4) == 0x2112a442;
	return look->data[0] >= 20 && look->data[0] <= 63 && look->data[1] == 0xfe;
}

#endif
