// SPDX-License-Identifier: GPL-2.0
/*
 * A server's answer up to TLS 1.2: ServerHello, then its certificates in clear (RFC 5246 7.4.2), of
 * which the first, its own, is read: the subject's common names (RFC 5280 4.1.2.6) and those of
 * the alternative names that are DNS names (4.2.1.6). The nesting of ASN.1 that is followed is that
 * of a certificate, written out here; what doesn't follow it is no certificate.
 */
#include "tls-parts.h"

#define HANDSHAKE_SUPPLEMENTAL	23	/* RFC 4680: the one message that can come between */

/* Tags of ASN.1, as they stand in DER. */
#define DER_BOOLEAN		0x01
#define DER_INTEGER		0x02
#define DER_OCTETS		0x04
#define DER_OID			0x06
#define DER_BMP			0x1e	/* two bytes a character */
#define DER_SEQUENCE		0x30
#define DER_SET			0x31
#define DER_DNS_NAME		0x82
#define DER_VERSION		0xa0
#define DER_EXTENSIONS		0xa3

/* id-at-commonName, id-ce-subjectAltName: three bytes each */
static const u8 common_name[] = { 0x55, 0x04, 0x03 };
static const u8 alternative_names[] = { 0x55, 0x1d, 0x11 };

/**
 * struct name - a subject's or an issuer's distinguished name
 * @certificate: gets the common names in it, or NULL
 * @ending: what one that Tor draws ends with
 * @n: attributes of any kind
 * @drawn: a common name looks like that
 */
struct name {
	struct censor_tls_certificate *certificate;
	const char *ending;
	u32 n;
	bool drawn;
};

/* What holds a comma would look like two names, and what holds a NUL is one for no reader. */
static void add_name(struct censor_tls_certificate *certificate, const u8 *name, u32 len)
{
	u32 i, at = certificate->names_len, comma = at ? 1 : 0;

	if (len > 1 && name[len - 1] == '.')
		len--;
	if (!len || len > 255 || at + comma + len > CENSOR_TLS_LIST_SIZE)
		return;
	for (i = 0; i < len; i++)
		if (name[i] == ',' || !name[i])
			return;
	if (comma)
		certificate->names[at++] = ',';
	for (i = 0; i < len; i++)
		certificate->names[at + i] = censor_lower(name[i]);
	certificate->names_len = (u16)(at + len);
}

/* The head of an element in DER (X.690 8.1); @r moves behind it. */
static enum censor_found head(struct censor_tls_reader *r, u8 *tag, u32 *len)
{
	enum censor_found found = censor_tls_need(r, 2);
	u8 first;

	if (found != CENSOR_FOUND_ALL)
		return found;
	*tag = r->data[r->at];
	first = r->data[r->at + 1];
	r->at += 2;
	if ((*tag & 0x1f) == 0x1f)
		return CENSOR_FOUND_BAD;	/* of several bytes; there are none here */
	if (first < 0x80) {
		*len = first;
		return *len > r->end - r->at ? CENSOR_FOUND_BAD : CENSOR_FOUND_ALL;
	}
	if (first < 0x81 || first > 0x83)
		return CENSOR_FOUND_BAD;
	return censor_tls_vector(r, first - 0x80, len);
}

/* The next element, which must be a @tag: @in gets its content, @r moves behind it. */
static enum censor_found enter(struct censor_tls_reader *r, u8 tag, struct censor_tls_reader *in)
{
	enum censor_found found;
	u8 is = 0;
	u32 len = 0;

	found = head(r, &is, &len);
	if (found != CENSOR_FOUND_ALL)
		return found;
	if (is != tag)
		return CENSOR_FOUND_BAD;
	*in = (struct censor_tls_reader){ r->data, r->len, r->at, r->at + len };
	r->at += len;
	return CENSOR_FOUND_ALL;
}

/* Whether the next element is a @tag, once that can be said. */
static bool is_next(const struct censor_tls_reader *r, u8 tag)
{
	return r->at < r->end && r->at < r->len && r->data[r->at] == tag;
}

/* Enter an OID and say whether it is @oid, of three bytes. */
static enum censor_found enter_oid(struct censor_tls_reader *r, const u8 *oid, bool *same)
{
	struct censor_tls_reader in;
	enum censor_found found;
	u32 len;

	found = enter(r, DER_OID, &in);
	if (found != CENSOR_FOUND_ALL)
		return found;
	len = in.end - in.at;
	found = censor_tls_need(&in, len);
	if (found == CENSOR_FOUND_ALL)
		*same = len == 3 && !memcmp(in.data + in.at, oid, 3);
	return found;
}

/* An attribute of a distinguished name: its kind and its value. */
static enum censor_found read_attribute(struct censor_tls_reader *r, struct name *name)
{
	enum censor_found found;
	bool common = false;
	u8 tag = 0;
	u32 len = 0;

	name->n++;
	found = enter_oid(r, common_name, &common);
	if (found == CENSOR_FOUND_ALL)
		found = head(r, &tag, &len);
	if (found != CENSOR_FOUND_ALL || !common || tag == DER_BMP)
		return found;
	found = censor_tls_need(r, len);
	if (found != CENSOR_FOUND_ALL)
		return found;
	if (censor_tls_tor_name(r->data + r->at, len, 8, 20, name->ending))
		name->drawn = true;
	if (name->certificate)
		add_name(name->certificate, r->data + r->at, len);
	return CENSOR_FOUND_ALL;
}

/* A distinguished name is a sequence of sets of attributes; @r moves behind it. */
static enum censor_found read_name(struct censor_tls_reader *r, struct name *name)
{
	struct censor_tls_reader in, set, attribute;
	enum censor_found found;

	found = enter(r, DER_SEQUENCE, &in);
	while (found == CENSOR_FOUND_ALL && in.at < in.end) {
		found = enter(&in, DER_SET, &set);
		while (found == CENSOR_FOUND_ALL && set.at < set.end) {
			found = enter(&set, DER_SEQUENCE, &attribute);
			if (found == CENSOR_FOUND_ALL)
				found = read_attribute(&attribute, name);
		}
	}
	return found;
}

/* The value of subjectAltName: general names, of which those of DNS count. */
static enum censor_found read_alternatives(struct censor_tls_reader *r,
					   struct censor_tls_certificate *certificate)
{
	struct censor_tls_reader octets, in;
	enum censor_found found;
	u8 tag = 0;
	u32 len = 0;

	if (is_next(r, DER_BOOLEAN)) {
		found = enter(r, DER_BOOLEAN, &in);	/* critical */
		if (found != CENSOR_FOUND_ALL)
			return found;
	}
	found = enter(r, DER_OCTETS, &octets);
	if (found == CENSOR_FOUND_ALL)
		found = enter(&octets, DER_SEQUENCE, &in);
	while (found == CENSOR_FOUND_ALL && in.at < in.end) {
		found = head(&in, &tag, &len);
		if (found == CENSOR_FOUND_ALL && tag == DER_DNS_NAME) {
			found = censor_tls_need(&in, len);
			if (found == CENSOR_FOUND_ALL)
				add_name(certificate, in.data + in.at, len);
		}
		in.at += len;
	}
	return found;
}

/* @any gets whether there are alternative names. */
static enum censor_found read_extensions(struct censor_tls_reader *r, bool *any,
					 struct censor_tls_certificate *certificate)
{
	struct censor_tls_reader explicit, in, extension;
	enum censor_found found;

	found = enter(r, DER_EXTENSIONS, &explicit);
	if (found == CENSOR_FOUND_ALL)
		found = enter(&explicit, DER_SEQUENCE, &in);
	while (found == CENSOR_FOUND_ALL && !*any && in.at < in.end) {
		found = enter(&in, DER_SEQUENCE, &extension);
		if (found == CENSOR_FOUND_ALL)
			found = enter_oid(&extension, alternative_names, any);
		if (found == CENSOR_FOUND_ALL && *any)
			found = read_alternatives(&extension, certificate);
	}
	return found;
}

/*
 * RFC 5280 4.1: what is signed. A Tor relay's has one common name for its subject and one for its
 * issuer, both drawn, and no extensions (tls-tor.c).
 */
static enum censor_found read_signed(struct censor_tls_reader *r,
				     struct censor_tls_certificate *certificate)
{
	struct name subject = { .certificate = certificate, .ending = ".net" };
	struct name issuer = { .ending = ".com" };
	struct censor_tls_reader in;
	enum censor_found found = CENSOR_FOUND_ALL;
	bool any = false;

	if (is_next(r, DER_VERSION))
		found = enter(r, DER_VERSION, &in);
	if (found == CENSOR_FOUND_ALL)
		found = enter(r, DER_INTEGER, &in);	/* serial number */
	if (found == CENSOR_FOUND_ALL)
		found = enter(r, DER_SEQUENCE, &in);	/* signature's algorithm */
	if (found == CENSOR_FOUND_ALL)
		found = read_name(r, &issuer);
	if (found == CENSOR_FOUND_ALL)
		found = enter(r, DER_SEQUENCE, &in);	/* validity */
	if (found == CENSOR_FOUND_ALL)
		found = read_name(r, &subject);
	if (found == CENSOR_FOUND_ALL)
		found = enter(r, DER_SEQUENCE, &in);	/* public key */
	while (found == CENSOR_FOUND_ALL && !any && r->at < r->end) {
		u8 tag = 0;
		u32 len = 0;

		if (is_next(r, DER_EXTENSIONS)) {
			found = read_extensions(r, &any, certificate);
			continue;
		}
		found = head(r, &tag, &len);	/* a unique identifier */
		r->at += len;
	}
	if (found == CENSOR_FOUND_ALL && !any && subject.n == 1 && subject.drawn &&
	    issuer.n == 1 && issuer.drawn)
		certificate->tor = CENSOR_CONFIDENCE_LIKELY;
	return found;
}

/* RFC 5246 7.4.2: a chain, the server's own certificate first. */
static enum censor_found read_chain(struct censor_tls_reader *r,
				    struct censor_tls_certificate *certificate)
{
	struct censor_tls_reader leaf, in;
	enum censor_found found;
	u32 len;

	found = censor_tls_vector(r, 3, &len);
	if (found != CENSOR_FOUND_ALL)
		return found;
	r->end = r->at + len;
	found = censor_tls_vector(r, 3, &len);
	if (found != CENSOR_FOUND_ALL)
		return found;
	r->end = r->at + len;
	found = enter(r, DER_SEQUENCE, &leaf);
	if (found == CENSOR_FOUND_ALL)
		found = enter(&leaf, DER_SEQUENCE, &in);
	return found == CENSOR_FOUND_ALL ? read_signed(&in, certificate) : found;
}

/* NOT if what it chose hides the certificate. */
static enum censor_found read_hello(struct censor_tls_reader *r)
{
	enum censor_found found;
	u32 version, list, len;

	found = censor_tls_need(r, 2 + 32);	/* version, random */
	if (found != CENSOR_FOUND_ALL)
		return found;
	version = censor_get16(r->data + r->at);
	if (version < 0x0300 || version > 0x0303)
		return CENSOR_FOUND_NOT;
	r->at += 2 + 32;
	found = censor_tls_skip(r, 1);	/* session id */
	if (found == CENSOR_FOUND_ALL)
		found = censor_tls_need(r, 2 + 1);	/* cipher suite, compression method */
	if (found != CENSOR_FOUND_ALL)
		return found;
	r->at += 2 + 1;
	if (r->at == r->end)
		return CENSOR_FOUND_ALL;
	found = censor_tls_vector(r, 2, &list);
	if (found != CENSOR_FOUND_ALL)
		return found;
	r->end = r->at + list;
	while (r->at < r->end) {
		found = censor_tls_need(r, 2);
		if (found != CENSOR_FOUND_ALL)
			return found;
		/* Only 1.3 is ever chosen by this one (RFC 8446 4.2.1). */
		if (censor_get16(r->data + r->at) == CENSOR_TLS_EXT_VERSIONS)
			return CENSOR_FOUND_NOT;
		r->at += 2;
		found = censor_tls_vector(r, 2, &len);
		if (found != CENSOR_FOUND_ALL)
			return found;
		r->at += len;
	}
	return CENSOR_FOUND_ALL;
}

/* The next handshake message; @message ends with it. */
static enum censor_found next_message(struct censor_tls_reader *r, u8 *type,
				      struct censor_tls_reader *message)
{
	u32 len;

	if (r->at + CENSOR_TLS_HANDSHAKE_HEAD > r->len)
		return CENSOR_FOUND_MORE;
	*type = r->data[r->at];
	len = censor_get24(r->data + r->at + 1);
	r->at += CENSOR_TLS_HANDSHAKE_HEAD;
	*message = (struct censor_tls_reader){ r->data, r->len, r->at, r->at + len };
	r->at += len;
	return CENSOR_FOUND_ALL;
}

static enum censor_found read_flight(struct censor_tls_reader *r,
				     struct censor_tls_certificate *certificate)
{
	struct censor_tls_reader message;
	enum censor_found found;
	u8 type = 0;

	found = next_message(r, &type, &message);
	if (found == CENSOR_FOUND_ALL)
		found = type == CENSOR_TLS_SERVER_HELLO ? read_hello(&message) : CENSOR_FOUND_NOT;
	if (found != CENSOR_FOUND_ALL)
		return found;
	do {
		found = next_message(r, &type, &message);
		if (found != CENSOR_FOUND_ALL)
			return found;
	} while (type == HANDSHAKE_SUPPLEMENTAL);
	/* A ticket: it resumes a session; a key or the end: it shows no certificate. */
	return type == CENSOR_TLS_CERTIFICATE ? read_chain(&message, certificate) :
						CENSOR_FOUND_NOT;
}

enum censor_found censor_tls_server(const struct censor_look *look, u8 *records,
				    struct censor_tls_certificate *certificate)
{
	struct censor_tls_reader r = { .data = records };
	const u8 *data = look->data;
	enum censor_found found;
	bool ended;

	certificate->tor = 0;
	certificate->names_len = 0;
	if (!look->len)
		return CENSOR_FOUND_MORE;
	if (data[0] != CENSOR_TLS_RECORD_HANDSHAKE || (look->len > 1 && data[1] != 3) ||
	    (look->len > CENSOR_TLS_RECORD_HEAD &&
	     data[CENSOR_TLS_RECORD_HEAD] != CENSOR_TLS_SERVER_HELLO))
		return CENSOR_FOUND_NOT;
	r.len = censor_tls_join(data, look->len, records, &ended);
	found = read_flight(&r, certificate);
	/* A record of another kind: it resumes a session, or has had enough. */
	return found == CENSOR_FOUND_MORE && ended ? CENSOR_FOUND_NOT : found;
}
