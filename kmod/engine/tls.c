// SPDX-License-Identifier: GPL-2.0
/*
 * TLS records (RFC 8446 5.1), and a client's first message in them. What its parts say is read in
 * tls-hello.c, the fingerprints of it are made in tls-ja.c, and a server's answer is read in
 * tls-server.c.
 *
 * STARTTLS is not followed: a stream begins with a record or is no TLS. So is none that begins with
 * a hello of SSL 2.0, which has no records.
 */
#include "tls-parts.h"

#define RECORD_MAX		(16384 + 256)

u32 censor_tls_join(const u8 *data, u32 len, u8 *out, bool *ended)
{
	u32 at = 0, n = 0;

	*ended = false;
	while (at + CENSOR_TLS_RECORD_HEAD <= len) {
		u32 record = censor_get16(data + at + 3), part;

		if (data[at] != CENSOR_TLS_RECORD_HANDSHAKE || !record ||
		    record + CENSOR_TLS_RECORD_HEAD > RECORD_MAX) {
			*ended = true;
			break;
		}
		at += CENSOR_TLS_RECORD_HEAD;
		part = min(record, len - at);
		memcpy(out + n, data + at, part);
		n += part;
		at += record;
	}
	return n;
}

/* Where in the records a byte of what was put together from them stands. */
static u32 place(const u8 *data, u32 len, u32 joined)
{
	u32 at = 0;

	while (at + CENSOR_TLS_RECORD_HEAD <= len) {
		u32 record = censor_get16(data + at + 3);

		at += CENSOR_TLS_RECORD_HEAD;
		if (joined < record)
			return at + joined;
		joined -= record;
		at += record;
	}
	return 0;
}

/* What a hello of which nothing has been read says. */
static void begin(struct censor_tls_hello *hello)
{
	hello->known = 0;
	hello->tor = 0;
	hello->has = 0;
	hello->version = 0;
	hello->sni_len = 0;
	hello->alpn_len = 0;
	hello->sni_at = 0;
}

enum censor_found censor_tls_hello(const u8 *data, u32 len, bool quic, u8 wants,
				   struct censor_tls_hello *hello)
{
	struct censor_tls_reader r = { .data = data, .len = len, .at = CENSOR_TLS_HANDSHAKE_HEAD };

	begin(hello);
	if (len && data[0] != CENSOR_TLS_CLIENT_HELLO)
		return CENSOR_FOUND_NOT;
	if (len < CENSOR_TLS_HANDSHAKE_HEAD)
		return CENSOR_FOUND_MORE;
	r.end = CENSOR_TLS_HANDSHAKE_HEAD + censor_get24(data + 1);
	return censor_tls_read_hello(&r, quic, wants, hello);
}

static enum censor_found all_records(const struct censor_look *look, u8 *records, u8 wants,
				     struct censor_tls_hello *hello)
{
	enum censor_found found;
	bool ended;
	u32 len;

	len = censor_tls_join(look->data, look->len, records, &ended);
	found = censor_tls_hello(records, len, false, wants, hello);
	if (hello->sni_len)
		hello->sni_at = (u16)place(look->data, look->len, hello->sni_at);
	return found == CENSOR_FOUND_MORE && ended ? CENSOR_FOUND_BAD : found;
}

static enum censor_found first_record(const struct censor_look *look, u8 wants,
				      struct censor_tls_hello *hello)
{
	struct censor_tls_reader r = { .data = look->data, .len = look->len };
	enum censor_found found;
	u32 record;

	r.at = CENSOR_TLS_RECORD_HEAD + CENSOR_TLS_HANDSHAKE_HEAD;
	if (look->len < r.at)
		return CENSOR_FOUND_MORE;
	record = CENSOR_TLS_RECORD_HEAD + censor_get16(look->data + 3);
	if (record < r.at || record > RECORD_MAX)
		return CENSOR_FOUND_BAD;
	r.end = r.at + censor_get24(look->data + CENSOR_TLS_RECORD_HEAD + 1);
	if (r.end > record)
		r.len = min(look->len, record);
	found = censor_tls_read_hello(&r, false, wants, hello);
	/* What would come next stands in a second record, which is not looked into. */
	if (found == CENSOR_FOUND_MORE && r.len == record)
		return CENSOR_FOUND_ALL;
	return found;
}

enum censor_found censor_tls_client(const struct censor_look *look, u8 *records, u8 wants,
				    struct censor_tls_hello *hello)
{
	const u8 *data = look->data;

	begin(hello);
	if (!look->len)
		return CENSOR_FOUND_MORE;
	if (data[0] != CENSOR_TLS_RECORD_HANDSHAKE || (look->len > 1 && data[1] != 3) ||
	    (look->len > CENSOR_TLS_RECORD_HEAD &&
	     data[CENSOR_TLS_RECORD_HEAD] != CENSOR_TLS_CLIENT_HELLO))
		return CENSOR_FOUND_NOT;
	if (records && look->len > CENSOR_TLS_RECORD_HEAD)
		return all_records(look, records, wants, hello);
	return first_record(look, wants, hello);
}
