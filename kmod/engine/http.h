/* SPDX-License-Identifier: GPL-2.0 */
/* HTTP/1 requests (RFC 9112). */
#ifndef _CENSOR_HTTP_H
#define _CENSOR_HTTP_H

#include "detect.h"

#define CENSOR_TARGET_SIZE	2048	/* CENSORS.md 2.2: a URI is looked at up to 2,048 bytes */

/**
 * struct censor_http_request - what was seen of a request so far
 * @target: lower case, cut to its size; @target_len is 0 until it is known
 * @text: the target with %-escapes decoded, lower case where it is ASCII: what keywords are
 *	looked for in; @text_len is 0 until it is known
 * @host: from an absolute-form target or the Host header, lower case, without port and trailing
 *	dot; @host_len is 0 until it is known
 * @proxy: CONNECT, or a target in absolute form
 * @used: where the next request of a pipeline begins, once the headers are all there; else 0
 */
struct censor_http_request {
	u8 target[CENSOR_TARGET_SIZE];
	u8 text[CENSOR_TARGET_SIZE];
	u8 host[256];
	u16 target_len;
	u16 text_len;
	u16 host_len;
	bool proxy;
	u32 used;
};

/** censor_http_request() - read a request as far as its Host, or to its end if there is none. */
enum censor_found censor_http_request(const struct censor_look *look,
				      struct censor_http_request *r);

#endif
