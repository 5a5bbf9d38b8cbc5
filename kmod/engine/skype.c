// SPDX-License-Identifier: GPL-2.0
/*
 * Skype as it was until 2017: peers that find each other. All of it from memory of what was
 * published then (Baset 2004, Biondi 2006, Ehlert 2006), and with one exception a guess. The
 * service that came after it speaks TLS and STUN, and is known by its names.
 */
#include "begins.h"
#include "detectors.h"

#define FUNCTION_DATA	0x02
#define FUNCTION_NAK	0x07
#define NAK_SIZE	11
#define PROBE_MIN	18
#define PROBE_MAX	32

/*
 * TCP: what passes for an SSL 2 ClientHello that offers SSL 3.1, always the same 56 bytes before
 * its 16 random ones: 15 ciphers, no session. A guess: other clients of the time offered the same.
 */
enum censor_found censor_detect_skype(const struct censor_look *look, struct censor_sight *sight)
{
	static const char hello[] =
		"\x80\x46\x01\x03\x01\x00\x2d\x00\x00\x00\x10"
		"\x00\x00\x05\x00\x00\x04\x00\x00\x0a\x00\x00\x09\x00\x00\x64\x00\x00\x62"
		"\x00\x00\x08\x00\x00\x03\x00\x00\x06\x01\x00\x80\x07\x00\xc0\x03\x00\x80"
		"\x06\x00\x40\x02\x00\x80\x04\x00\x80";
	enum censor_found found = censor_begins(look, 0, hello, sizeof(hello) - 1);

	if (found != CENSOR_FOUND_ALL)
		return found;
	return censor_saw(sight, CENSOR_PROTOCOL_SKYPE, CENSOR_CONFIDENCE_GUESS, 0,
			  sizeof(hello) - 1);
}

/*
 * UDP: a number in 2 bytes, then a function in the lower four bits of the third. A probe that
 * begins a flow has function 2, nothing in the upper bits, and 18 to 32 bytes: a guess, one in 256
 * looks the same. Its refusal has function 7, 11 bytes, and in bytes 3 to 6 the address that the
 * probe came from: likely where it is the receiver's own, a guess where a NAT may stand between.
 * Reads 11 bytes.
 */
enum censor_found censor_detect_skype_udp(const struct censor_look *look,
					  struct censor_sight *sight)
{
	const struct censor_packet_view *view = look->view;
	const u8 *p = look->data;
	u8 confidence = CENSOR_CONFIDENCE_GUESS;

	if (look->len < NAK_SIZE || view->sport < 1024)
		return CENSOR_FOUND_NOT;
	if (p[2] == FUNCTION_DATA && !look->answer && !look->nth && look->whole >= PROBE_MIN &&
	    look->whole <= PROBE_MAX && (view->dport >= 1024 || view->dport == 443))
		return censor_saw(sight, CENSOR_PROTOCOL_SKYPE, confidence, 2, 1);
	if ((p[2] & 0x0f) != FUNCTION_NAK || !look->answer || look->nth != 1 ||
	    look->whole != NAK_SIZE)
		return CENSOR_FOUND_NOT;
	if (view->family == 4 && !memcmp(p + 3, view->dst, 4))
		confidence = CENSOR_CONFIDENCE_LIKELY;
	return censor_saw(sight, CENSOR_PROTOCOL_SKYPE, confidence, 2, 5);
}
