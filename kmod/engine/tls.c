// SPDX-License-Identifier: GPL-2.0
/* TLS ClientHellos. */
#include "detect.h"

#define RECORD_HANDSHAKE	22
#define HANDSHAKE_CLIENT_HELLO	1
#define EXTENSION_SERVER_NAME	0
#define NAME_HOST		0
#define RECORD_MAX		(16384 + 256)

/**
 * struct reader - bytes of which some have arrived
 * @data: the message
 * @len: bytes that have arrived
 * @at: the next byte to read
 * @end: where the structure that is being read ends; may lie beyond @len
 */
struct reader {
	const u8 *data;
	u32 len, at, end;
};

/* Whether @n more bytes can be read; else whether they are still to come or can never come. */
static enum censor_found need(const struct reader *r, u32 n)
{
	if (n > r->end - r->at)
		return CENSOR_FOUND_BAD;
	return r->at + n > r->len ? CENSOR_FOUND_MORE : CENSOR_FOUND_ALL;
}

/* A vector's length of @width bytes; moves behind it. */
static enum censor_found vector(struct reader *r, u32 width, u32 *len)
{
	enum censor_found found = need(r, width);

	if (found != CENSOR_FOUND_ALL)
		return found;
	*len = width == 1 ? r->data[r->at] : censor_get16(r->data + r->at);
	r->at += width;
	return *len > r->end - r->at ? CENSOR_FOUND_BAD : CENSOR_FOUND_ALL;
}

static enum censor_found skip_vector(struct reader *r, u32 width)
{
	enum censor_found found;
	u32 len;

	found = vector(r, width, &len);
	if (found == CENSOR_FOUND_ALL)
		r->at += len;
	return found;
}

/* The server_name extension: @r ends with it. */
static enum censor_found read_names(struct reader *r, u8 sni[256], u16 *sni_len)
{
	enum censor_found found;
	u32 list, len, i;

	found = vector(r, 2, &list);
	if (found != CENSOR_FOUND_ALL)
		return found;
	r->end = r->at + list;
	while (r->at < r->end) {
		bool host;

		found = need(r, 1);
		if (found != CENSOR_FOUND_ALL)
			return found;
		host = r->data[r->at++] == NAME_HOST;
		found = vector(r, 2, &len);
		if (found == CENSOR_FOUND_ALL)
			found = need(r, len);
		if (found != CENSOR_FOUND_ALL)
			return found;
		if (host) {
			if (!len || len > 255)
				return CENSOR_FOUND_BAD;
			for (i = 0; i < len; i++)
				sni[i] = censor_lower(r->data[r->at + i]);
			if (len > 1 && sni[len - 1] == '.')
				len--;
			*sni_len = len;
			return CENSOR_FOUND_ALL;
		}
		r->at += len;
	}
	return CENSOR_FOUND_ALL;
}

static enum censor_found read_extensions(struct reader *r, u8 sni[256], u16 *sni_len)
{
	enum censor_found found;
	u32 list, type, len;

	if (r->at == r->end)
		return CENSOR_FOUND_ALL;	/* TLS 1.0 may have none */
	found = vector(r, 2, &list);
	if (found != CENSOR_FOUND_ALL)
		return found;
	r->end = r->at + list;
	while (r->at < r->end) {
		found = need(r, 2);
		if (found != CENSOR_FOUND_ALL)
			return found;
		type = censor_get16(r->data + r->at);
		r->at += 2;
		found = vector(r, 2, &len);
		if (found != CENSOR_FOUND_ALL)
			return found;
		if (type == EXTENSION_SERVER_NAME) {
			r->end = r->at + len;
			return read_names(r, sni, sni_len);
		}
		r->at += len;
	}
	return CENSOR_FOUND_ALL;
}

static enum censor_found read_hello(struct reader *r, u8 sni[256], u16 *sni_len)
{
	enum censor_found found;

	found = need(r, 2 + 32);	/* version, random */
	if (found != CENSOR_FOUND_ALL)
		return found;
	r->at += 2 + 32;
	found = skip_vector(r, 1);	/* session id */
	if (found == CENSOR_FOUND_ALL)
		found = skip_vector(r, 2);	/* cipher suites */
	if (found == CENSOR_FOUND_ALL)
		found = skip_vector(r, 1);	/* compression methods */
	if (found == CENSOR_FOUND_ALL)
		found = read_extensions(r, sni, sni_len);
	return found;
}

/*
 * The handshake bytes of all records that came, one after another, into @out. Return: how many; a
 * record of another kind, or one that lies, ends them.
 */
static u32 join_records(const u8 *data, u32 len, u8 *out, bool *ended)
{
	u32 at = 0, n = 0;

	*ended = false;
	while (at + 5 <= len) {
		u32 record = censor_get16(data + at + 3), part;

		if (data[at] != RECORD_HANDSHAKE || !record || record + 5 > RECORD_MAX) {
			*ended = true;
			break;
		}
		part = min(record, len - at - 5);
		memcpy(out + n, data + at + 5, part);
		n += part;
		at += 5 + record;
	}
	return n;
}

enum censor_found censor_tls_sni(const u8 *data, u32 len, u8 *records, u8 sni[256], u16 *sni_len)
{
	struct reader r = { .data = data, .len = len };
	enum censor_found found;
	u32 record, hello;
	bool ended;

	*sni_len = 0;
	if (!len)
		return CENSOR_FOUND_MORE;
	if (data[0] != RECORD_HANDSHAKE || (len > 1 && data[1] != 3) ||
	    (len > 5 && data[5] != HANDSHAKE_CLIENT_HELLO))
		return CENSOR_FOUND_NOT;
	if (records && len > 5) {
		r.data = records;
		r.len = join_records(data, len, records, &ended);
		if (r.len < 4)
			return ended ? CENSOR_FOUND_BAD : CENSOR_FOUND_MORE;
		r.at = 4;
		r.end = 4 + censor_get24(records + 1);
		found = read_hello(&r, sni, sni_len);
		return found == CENSOR_FOUND_MORE && ended ? CENSOR_FOUND_BAD : found;
	}
	if (len < 9)
		return CENSOR_FOUND_MORE;
	record = 5 + censor_get16(data + 3);
	hello = 9 + censor_get24(data + 6);
	if (record < 9 || record > RECORD_MAX)
		return CENSOR_FOUND_BAD;
	r.at = 9;
	r.end = hello;
	if (hello > record)
		r.len = min(len, record);
	found = read_hello(&r, sni, sni_len);
	/* What would come next stands in a second record, which is not looked into. */
	if (found == CENSOR_FOUND_MORE && hello > record && len >= record)
		return CENSOR_FOUND_ALL;
	return found;
}
