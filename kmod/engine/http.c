// SPDX-License-Identifier: GPL-2.0
/*
 * HTTP/1 requests (RFC 9112).
 *
 * DOC: how far a censor reads
 *
 * Looked at are the target and the Host header, no other and no body (CENSORS.md 2.2: Rambert
 * 2021). Methods are compared with their case, names of headers without. Two limits of China's
 * parser are knobs of the model, both after Harrity 2022 as CENSORS.md 2.2 has it, and no more of
 * them is known:
 *
 * http-header-name 64: a header before Host whose name has so many bytes ends the reading. The
 * target is seen, the Host is not.
 *
 * http-reach 1281: a Host whose value begins so many bytes or more behind the beginning of the
 * headers is missed, and the target with it, if the last header has 129 bytes or more (its line,
 * without the line's end) and the Host is neither the first nor the last. So nothing is told before
 * it is known whether that is the case: at the Host, or at the headers' end.
 *
 * Linear in the bytes up to the headers' end. What is no method is rejected by its first byte.
 */
#include "http.h"

#define LAST_HEADER	129
#define LENGTH_DIGITS	7

static const char * const methods[] = {
	"GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "TRACE ", "PATCH ",
};

/*
 * struct headers - what was seen of the headers
 * @host: where the first Host's value stands
 * @host_len: its length
 * @host_nth: headers before it
 * @n: headers that are there from their beginning to their end
 * @last_len: length of the last of them, without the line's end
 * @body: bytes of the request's body
 * @body_known: that is told
 * @end: behind the empty line
 * @host_seen: there is a Host, empty as it may be
 * @ended: the empty line was seen
 * @stopped: a name too long for the parser came before any Host
 */
struct headers {
	u32 host, host_len, host_nth;
	u32 n, last_len;
	u32 body, end;
	bool body_known, host_seen, ended, stopped;
};

/* The method's length with its space, 0 if it is none. @more: it could still become one. */
static u32 method_len(const u8 *data, u32 len, bool *more)
{
	u32 i;

	*more = !len;
	for (i = 0; len && i < ARRAY_SIZE(methods); i++) {
		u32 n;

		if (methods[i][0] != (char)data[0])
			continue;
		n = strlen(methods[i]);
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
	r->host_len = (u16)n;
}

static int digit(u8 c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = censor_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * The target with its escapes of RFC 3986 2.1 decoded, once; what looks like one and is none stays,
 * and so do other escapes (CENSORS.md 2.2: "only std %-encoding").
 */
static void set_text(struct censor_http_request *r)
{
	u32 i, n = 0;

	for (i = 0; i < r->target_len; i++) {
		u8 c = r->target[i];

		if (c == '%' && r->target_len - i > 2 && digit(r->target[i + 1]) >= 0 &&
		    digit(r->target[i + 2]) >= 0) {
			c = (u8)(digit(r->target[i + 1]) << 4 | digit(r->target[i + 2]));
			i += 2;
		}
		r->text[n++] = censor_lower(c);
	}
	r->text_len = (u16)n;
}

/* The length of the scheme of a target in absolute form, as clients ask proxies; else 0. */
static u32 scheme_len(const struct censor_http_request *r)
{
	static const char * const schemes[] = { "http://", "https://" };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(schemes); i++) {
		u32 n = strlen(schemes[i]);

		if (r->target_len > n && !memcmp(r->target, schemes[i], n))
			return n;
	}
	return 0;
}

static void set_target(struct censor_http_request *r, const u8 *data, u32 len, bool connect)
{
	u32 n = min_t(u32, len, sizeof(r->target)), at, end, i;

	for (i = 0; i < n; i++)
		r->target[i] = censor_lower(data[i]);
	r->target_len = (u16)n;
	set_text(r);
	at = scheme_len(r);
	r->proxy = connect || at;
	if (connect) {
		set_host(r, data, len);
	} else if (at) {
		end = at;
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

/* Whether a line is the header @name, which is in lower case with its colon. */
static bool is_header(const u8 *line, u32 len, const char *name)
{
	u32 i;

	for (i = 0; name[i]; i++)
		if (i >= len || censor_lower(line[i]) != (u8)name[i])
			return false;
	return true;
}

static bool is_space(u8 c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Bytes of a header's name, as far as it is there; 0 for a line that goes on with another. */
static u32 name_len(const u8 *line, u32 len)
{
	u32 n = 0;

	if (len && (line[0] == ' ' || line[0] == '\t'))
		return 0;
	while (n < len && line[n] != ':')
		n++;
	return n;
}

/* A value of digits and nothing else. */
static void set_body(struct headers *h, const u8 *value, u32 len)
{
	u32 i;

	h->body = 0;
	h->body_known = len && len <= LENGTH_DIGITS;
	for (i = 0; i < len && h->body_known; i++) {
		h->body_known = value[i] >= '0' && value[i] <= '9';
		h->body = h->body * 10 + (value[i] & 0x0f);
	}
}

/* A whole header, without the space at its end. */
static void read_header(struct headers *h, const u8 *data, u32 at, u32 stop)
{
	static const char host[] = "host:", length[] = "content-length:";
	u32 value = at;

	h->n++;
	h->last_len = stop - at;
	if (is_header(data + at, stop - at, host))
		value += sizeof(host) - 1;
	else if (is_header(data + at, stop - at, length))
		value += sizeof(length) - 1;
	else if (is_header(data + at, stop - at, "transfer-encoding:"))
		h->body_known = false;
	if (value == at)
		return;
	while (value < stop && is_space(data[value]))
		value++;
	if (censor_lower(data[at]) != 'h') {
		set_body(h, data + value, stop - value);
	} else if (!h->host_seen) {
		h->host_seen = true;
		h->host = value;
		h->host_len = stop - value;
		h->host_nth = h->n - 1;
	}
}

/* All headers that are there. */
static void read_headers(const struct censor_look *look, u32 at, struct headers *h)
{
	u32 longest = look->model->http_header_name, end;

	memset(h, 0, sizeof(*h));
	h->body_known = true;
	for (; at < look->len; at = end + 1) {
		u32 stop = end = line_end(look->data, at, look->len);

		if (longest && !h->host_seen && name_len(look->data + at, end - at) >= longest) {
			h->stopped = true;
			return;
		}
		if (end == look->len)
			return;
		while (stop > at && is_space(look->data[stop - 1]))
			stop--;
		if (stop == at) {
			h->ended = true;
			h->end = end + 1;
			return;
		}
		read_header(h, look->data, at, stop);
	}
}

/* Where the next request begins, if that can be told and it is there. */
static u32 next_request(const struct headers *h, u32 len)
{
	if (!h->ended || !h->body_known || h->body > len - h->end)
		return 0;
	return h->end + h->body;
}

/* Whether a Host so far behind is found; FOUND_MORE: the headers' end will tell. */
static enum censor_found within_reach(const struct headers *h, u32 headers, u32 reach)
{
	if (!reach || !h->host_nth || h->host - headers < reach)
		return CENSOR_FOUND_ALL;
	if (!h->ended)
		return CENSOR_FOUND_MORE;
	return h->host_nth == h->n - 1 || h->last_len < LAST_HEADER ? CENSOR_FOUND_ALL :
								       CENSOR_FOUND_NOT;
}

static void forget_target(struct censor_http_request *r)
{
	r->target_len = 0;
	r->text_len = 0;
	r->proxy = false;
}

/* The request line is read and ended before @at; what the headers say. */
static enum censor_found judge_headers(const struct censor_look *look, u32 at,
				       struct censor_http_request *r)
{
	u32 reach = look->model->http_reach;
	enum censor_found found;
	struct headers h;

	read_headers(look, at, &h);
	r->used = next_request(&h, look->len);
	/* RFC 9112 3.2.2: an absolute form overrides the Host header. */
	if (r->host_len || h.stopped)
		return CENSOR_FOUND_ALL;
	if (h.host_seen)
		found = within_reach(&h, at, reach);
	else
		found = h.ended ? CENSOR_FOUND_ALL : CENSOR_FOUND_MORE;
	if (found == CENSOR_FOUND_NOT || (found == CENSOR_FOUND_MORE && reach))
		forget_target(r);
	else if (h.host_len)
		set_host(r, look->data + h.host, h.host_len);
	return found == CENSOR_FOUND_MORE ? found : CENSOR_FOUND_ALL;
}

enum censor_found censor_http_request(const struct censor_look *look,
				      struct censor_http_request *r)
{
	u32 len = look->len, at, target;
	const u8 *data = look->data;
	bool more;

	r->target_len = 0;
	r->text_len = 0;
	r->host_len = 0;
	r->proxy = false;
	r->used = 0;
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
	return judge_headers(look, min(line_end(data, at, len) + 1, len), r);
}
