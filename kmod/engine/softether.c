// SPDX-License-Identifier: GPL-2.0
/* SoftEther VPN, where TLS does not hide it, and probes for it in the clear. */
#include "begins.h"
#include "detectors.h"

#define HEADERS_MAX	1024	/* in which the body must begin */

/* Where the request's body begins, 0 if that is still to come. */
static u32 body_at(const struct censor_look *look, u32 at)
{
	u32 end = min_t(u32, look->len, HEADERS_MAX);

	for (; at + 4 <= end; at++)
		if (look->data[at] == '\r' && !memcmp(look->data + at, "\r\n\r\n", 4))
			return at + 4;
	return 0;
}

/*
 * The client's first request: `POST /vpnsvc/connect.cgi ` (CENSORS.md 7.1), a target that nothing
 * else has, and a body that is "VPNCONNECT" or begins with a picture, GIF89a, in which the client
 * is recognised (from the open source of SoftEther VPN, looked up through copies of it). It comes
 * inside TLS, where it can't be seen; in the clear it is a probe's, or a TLS proxy's.
 * Sure with the body, likely by the target alone. Reads the headers, at most 1,024 bytes of them,
 * and 10 bytes.
 */
enum censor_found censor_detect_softether(const struct censor_look *look,
					  struct censor_sight *sight)
{
	static const char request[] = "POST /vpnsvc/connect.cgi ";
	u32 len = sizeof(request) - 1, body;
	enum censor_found text, picture, found;

	found = censor_begins(look, 0, request, len);
	if (found != CENSOR_FOUND_ALL)
		return found;
	body = body_at(look, len);
	if (!body && look->len < HEADERS_MAX)
		return CENSOR_FOUND_MORE;
	if (body) {
		text = censor_begins(look, body, "VPNCONNECT", 10);
		picture = censor_begins(look, body, "GIF89a", 6);
		if (text == CENSOR_FOUND_ALL || picture == CENSOR_FOUND_ALL)
			return censor_saw(sight, CENSOR_PROTOCOL_SOFTETHER, CENSOR_CONFIDENCE_SURE,
					  0, body + (text == CENSOR_FOUND_ALL ? 10 : 6));
		if (text == CENSOR_FOUND_MORE || picture == CENSOR_FOUND_MORE)
			return CENSOR_FOUND_MORE;
	}
	return censor_saw(sight, CENSOR_PROTOCOL_SOFTETHER, CENSOR_CONFIDENCE_LIKELY, 0, len);
}
