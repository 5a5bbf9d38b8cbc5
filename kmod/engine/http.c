// SPDX-License-Identifier: GPL-2.0
/* HTTP/1 requests. */
#include "detect.h"

static const char * const methods[] = {
	"GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "TRACE ", "PATCH ",
};

/* The method's length with its space, 0 if it is none. @more: it could still become one. */
static u32 method_len(const u8 *data, u32 len, bool *more)
{
	u32 i;

	*more = false;
	for (i = 0; i < ARRAY_SIZE(methods); i++) {
		u32 n = strlen(methods[i]);

		if (memcmp(data, methods[i], min(n, len)))
			continue;
		if (len >= n)
			return n;
		*more = true;
	}
	return 0;
}

/* A host with its port, brackets and all, to the name that is compared; empty if unusable. */
static void set_host(struct censor_http_request *r, const u8 *data, u32 len)
{
	u32 n = 0, i;

	if (len && data[0] == '[') {
		while (n < len && data[n] != ']')
			n++;
		n = min(n + 1, len);
	} else {
		while (n < len && data[n] != ':')
			n++;
	}
	if (n > 1 && data[n - 1] == '.')
		n--;
	if (n >= sizeof(r->host))
		return;
	for (i = 0; i < n; i++)
		r->host[i] = censor_lower(data[i]);
	r->host_len = n;
}

static void set_target(struct censor_http_request *r, const u8 *data, u32 len, bool connect)
{
	static const char scheme[] = "http://";
	u32 n = min_t(u32, len, sizeof(r->target)), i;

	for (i = 0; i < n; i++)
		r->target[i] = censor_lower(data[i]);
	r->target_len = n;
	if (connect) {
		set_host(r, data, len);
	} else if (n > sizeof(scheme) - 1 && !memcmp(r->target, scheme, sizeof(scheme) - 1)) {
		u32 at = sizeof(scheme) - 1, end = at;

		while (end < len && data[end] != '/' && data[end] != '?')
			end++;
		for (i = at; i < end; i++)
			if (data[i] == '@')
				at = i + 1;
		set_host(r, data + at, end - at);
	}
}

/* Where the line that begins at @at ends (its '\n'), or @len. */
static u32 line_end(const u8 *data, u32 at, u32 len)
{
	while (at < len && data[at] != '\n')
		at++;
	return at;
}

static bool is_host_header(const u8 *line, u32 len)
{
	return len > 5 && censor_lower(line[0]) == 'h' && censor_lower(line[1]) == 'o' &&
	       censor_lower(line[2]) == 's' && censor_lower(line[3]) == 't' && line[4] == ':';
}

static bool is_space(u8 c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

enum censor_found censor_http_request(const u8 *data, u32 len, struct censor_http_request *r)
{
	u32 at, end, target;
	bool more;

	r->target_len = 0;
	r->host_len = 0;
	at = method_len(data, len, &more);
	if (!at)
		return more ? CENSOR_FOUND_MORE : CENSOR_FOUND_NOT;
	while (at < len && data[at] == ' ')
		at++;
	target = at;
	while (at < len && data[at] != ' ' && data[at] != '\r' && data[at] != '\n')
		at++;
	if (at == len)
		return CENSOR_FOUND_MORE;
	if (at == target)
		return CENSOR_FOUND_BAD;
	set_target(r, data + target, at - target, data[0] == 'C');
	/* RFC 9112 3.2.2: an absolute form overrides the Host header. */
	if (r->host_len)
		return CENSOR_FOUND_ALL;

	for (at = line_end(data, at, len) + 1; at < len; at = end + 1) {
		u32 line = at, stop;

		end = line_end(data, at, len);
		if (end == len)
			return CENSOR_FOUND_MORE;
		stop = end;
		while (stop > line && is_space(data[stop - 1]))
			stop--;
		if (stop == line)
			return CENSOR_FOUND_ALL;	/* the headers' end, and no Host */
		if (!is_host_header(data + line, end - line))
			continue;
		line += 5;
		while (line < stop && is_space(data[line]))
			line++;
		/* An empty Host leaves line at or behind stop. */
		if (line < stop)
			set_host(r, data + line, stop - line);
		return CENSOR_FOUND_ALL;
	}
	return CENSOR_FOUND_MORE;
}
