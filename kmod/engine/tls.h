/* SPDX-License-Identifier: GPL-2.0 */
/* TLS: ClientHellos, with records around them or without (QUIC), and servers' certificates. */
#ifndef _CENSOR_TLS_H
#define _CENSOR_TLS_H

#include "detect.h"

#define CENSOR_TLS_LIST_SIZE	512
#define CENSOR_TLS_TEXT_SIZE	2048
#define CENSOR_TLS_SORTED_MAX	256

/* What a ClientHello has beside what every one has: numbers of the attribute tls.has. */
enum censor_tls_has {
	CENSOR_TLS_HAS_SNI,
	CENSOR_TLS_HAS_ALPN,
	CENSOR_TLS_HAS_ESNI,		/* 0xffce, the one that was blocked (CENSORS.md 2.4) */
	CENSOR_TLS_HAS_ESNI_DRAFT,	/* 0xff02, 0xff03, 0xff04: others of its drafts */
	CENSOR_TLS_HAS_ECH,		/* 0xfe0d; drafts' 0xfe08 to 0xfe0a; GREASE looks so */
	CENSOR_TLS_HAS_EARLY_DATA,	/* 0-RTT */
	CENSOR_TLS_HAS_GREASE,		/* RFC 8701 */
	CENSOR_TLS_HAS_POST_QUANTUM,	/* a hybrid key share */
	CENSOR_TLS_HAS_TICKET,
	CENSOR_TLS_HAS_PADDING,
	CENSOR_TLS_HAS_COUNT,
};

/* Parts of a ClientHello, wanted and known. */
#define CENSOR_TLS_SNI		0x01	/* the name, or that there is none */
#define CENSOR_TLS_ALPN		0x02
#define CENSOR_TLS_VERSION	0x04
#define CENSOR_TLS_HAS		0x08
#define CENSOR_TLS_JA3		0x10
#define CENSOR_TLS_JA4		0x20
#define CENSOR_TLS_TOR		0x40	/* whether it is a Tor client's, by its cipher list */

/**
 * struct censor_tls_room - where fingerprints are made; nothing to be read
 * @sorted: numbers of cipher suites or extensions
 * @text: what is hashed
 */
struct censor_tls_room {
	u16 sorted[CENSOR_TLS_SORTED_MAX];
	u8 text[CENSOR_TLS_TEXT_SIZE];
};

/**
 * struct censor_tls_hello - what was seen of a ClientHello so far
 * @known: CENSOR_TLS_* of the parts below that are known
 * @tor: enum censor_confidence that it is a Tor client's, or 0
 * @has: bits by enum censor_tls_has; those that are set are true while others are still to come
 * @version: the highest that it offers, 0x0300 to 0x0304 (GREASE left out)
 * @sni: lower case, no trailing dot; a port is part of it as it stands
 * @sni_at: where the name stands in the bytes that were given, records and all; for evidence
 * @alpn: the protocols that it offers, with commas between them
 * @ja3: 32 hexadecimal digits; unknown for more than CENSOR_TLS_TEXT_SIZE bytes of text
 * @ja4: 36 characters; unknown for more than CENSOR_TLS_SORTED_MAX suites or extensions
 *
 * Not for the stack.
 */
struct censor_tls_hello {
	u8 known;
	u8 tor;
	u16 has;
	u16 version;
	u16 sni_len;
	u16 alpn_len;
	u16 sni_at;
	u8 sni[256];
	u8 alpn[CENSOR_TLS_LIST_SIZE];
	u8 ja3[32];
	u8 ja4[36];
	struct censor_tls_room room;
};

/**
 * censor_tls_hello() - read a ClientHello (RFC 8446 4.1.2) from its handshake header on
 * @quic: it came by QUIC (JA4 says so)
 * @wants: CENSOR_TLS_* that anyone asks for; it is read no farther than they stand
 *
 * Parts become known as their bytes arrive: of what is cut behind the name, the name is known all
 * the same. CENSOR_TLS_TOR can make the name known unasked.
 *
 * Return: FOUND_ALL once all that is wanted is known, or will never be as the message is over;
 * FOUND_BAD if a length lies: then, too, what is in @hello->known was read before the lie or beside
 * it.
 */
enum censor_found censor_tls_hello(const u8 *data, u32 len, bool quic, u8 wants,
				   struct censor_tls_hello *hello);

/**
 * censor_tls_client() - the same from the first TLS record on
 * @records: NULL: only the first record is read, and a ClientHello that goes on in a second one is
 *	seen as far as the first reaches (CENSORS.md 2.3: China does not put records together). Else
 *	room for @look->len bytes, in which the records' content is put together.
 */
enum censor_found censor_tls_client(const struct censor_look *look, u8 *records, u8 wants,
				    struct censor_tls_hello *hello);

/**
 * struct censor_tls_certificate - names in a server's certificate, TLS 1.2 and before
 * @tor: enum censor_confidence that it is a Tor relay's, or 0
 * @names: the subject's common name and the alternative names, lower case, with commas between; as
 *	many as there is room for
 */
struct censor_tls_certificate {
	u8 tor;
	u16 names_len;
	u8 names[CENSOR_TLS_LIST_SIZE];
};

/**
 * censor_tls_server() - read the server's first flight from its first record on
 * @records: room for @look->len bytes
 *
 * FOUND_NOT where the server chose TLS 1.3 (its certificate is encrypted) or resumes a session.
 * With FOUND_MORE, the names that have arrived are in @certificate.
 */
enum censor_found censor_tls_server(const struct censor_look *look, u8 *records,
				    struct censor_tls_certificate *certificate);

#endif
