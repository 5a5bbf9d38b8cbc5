// SPDX-License-Identifier: GPL-2.0
/*
 * DTLS ClientHellos (RFC 6347, 9147), of WebRTC and so of Tor's Snowflake (CENSORS.md 7.1).
 *
 * A record is 13 bytes, type 22, version fe ff, fe fd or fe fc, epoch 2, which is 0, sequence
 * 6, length 2; then a handshake message's, type 1, length 3, message 2, fragment's place 3 and
 * length 3; and in its first fragment the version again. All lengths must agree: SURE. Reads 27
 * bytes.
 */
#include "detectors.h"
#include "ice.h"

#define RECORD		13
#define MESSAGE		12
#define HELLO_MIN	(2 + 32 + 1 + 1 + 2 + 2 + 1 + 1)	/* one cipher and one compression */

static bool is_version(const u8 *p)
{
	return p[0] == 0xfe && (p[1] == 0xff || p[1] == 0xfd || p[1] == 0xfc);
}

enum censor_found censor_detect_dtls(const struct censor_look *look, struct censor_sight *sight)
{
	const u8 *p = look->data, *message = p + RECORD;
	u32 record, all, at, len;

	if (look->len < RECORD + MESSAGE + 2 || p[0] != 22 || !is_version(p + 1) ||
	    censor_get16(p + 3) || message[0] != 1)
		return censor_is_ice(look) ? CENSOR_FOUND_MORE : CENSOR_FOUND_NOT;
	record = censor_get16(p + 11);
	all = censor_get24(message + 1);
	at = censor_get24(message + 6);
	len = censor_get24(message + 9);
	if (record + RECORD > look->whole || record < MESSAGE || len > record - MESSAGE || !len ||
	    at + len > all || all < HELLO_MIN || (!at && !is_version(message + MESSAGE)))
		return CENSOR_FOUND_NOT;
	return censor_saw(sight, CENSOR_PROTOCOL_DTLS, CENSOR_CONFIDENCE_SURE, 0, RECORD + MESSAGE);
}
