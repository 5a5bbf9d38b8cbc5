/* SPDX-License-Identifier: GPL-2.0 */
/* QUIC Initial packets (RFC 9000, 9001, 9369, draft-29) and their CRYPTO frames' bytes. */
#ifndef _CENSOR_QUIC_H
#define _CENSOR_QUIC_H

#include "crypto.h"
#include "detect.h"

/** enum censor_quic_version - numbers of the attribute quic.version */
enum censor_quic_version {
	CENSOR_QUIC_NEGOTIATION,	/* a version negotiation packet: 0 on the wire */
	CENSOR_QUIC_V1,
	CENSOR_QUIC_V2,
	CENSOR_QUIC_DRAFT_29,
	CENSOR_QUIC_OTHER,
	CENSOR_QUIC_VERSIONS,
};

#define CENSOR_QUIC_HELLO_SIZE	2048	/* bytes of a ClientHello that are put together */
#define CENSOR_QUIC_SPANS_MAX	16

/**
 * struct censor_quic_hello - CRYPTO bytes of a flow's Initials so far; zeroed to begin with
 * @n: spans
 * @span: bytes that came, ascending, apart
 */
struct censor_quic_hello {
	u32 n;
	struct {
		u16 from, to;
	} span[CENSOR_QUIC_SPANS_MAX];
	u8 bytes[CENSOR_QUIC_HELLO_SIZE];
};

/**
 * struct censor_quic_scratch - room that reading an Initial takes; not for the stack
 * @aes: a key schedule
 * @payload: a decrypted packet; of one that is longer, its beginning
 */
struct censor_quic_scratch {
	struct censor_aes aes;
	u8 payload[1536];
};

/**
 * struct censor_quic_seen - what a datagram showed
 * @version: enum censor_quic_version
 * @decrypted: Initial packets that were decrypted, or tried: what the budget of the policy counts
 */
struct censor_quic_seen {
	u8 version;
	u8 decrypted;
};

/**
 * censor_quic_looks() - whether a datagram can be a client's first: cheap, no keys
 * @seen: gets the version, where it is not FOUND_NOT
 *
 * FOUND_ALL: it is QUIC, and an Initial of the client's that can be decrypted; FOUND_BAD: it is
 * QUIC, but nothing in it can be read (Retry, negotiation, 0-RTT alone, an unknown version or one
 * that
 * @look->model does not read, an answer of the server's).
 */
enum censor_found censor_quic_looks(const struct censor_look *look, struct censor_quic_seen *seen);

/**
 * censor_quic_initial() - decrypt a datagram's Initial packets (several can be coalesced)
 * @hello: gets their CRYPTO frames' bytes: beside those that are there with quic_assemble
 *	CENSOR_QUIC_ASSEMBLE_FLOW, else instead of them
 *
 * Keys are a client's, derived from the connection ID (RFC 9001 5.2). With
 * @look->model->quic_tag the authentication tag is checked; with quic_assemble
 * CENSOR_QUIC_ASSEMBLE_FRAME only a CRYPTO frame that stands alone counts, from byte 0 on.
 * What can't be decrypted, as a client's second flight to the server's own connection ID, is
 * FOUND_NOT and adds nothing to @hello.
 *
 * Return: FOUND_ALL if bytes from the ClientHello's beginning on can be read: @hello->span[0] if
 * that begins at 0; FOUND_MORE if some came but not those; FOUND_NOT.
 */
enum censor_found censor_quic_initial(const struct censor_look *look,
				      struct censor_quic_scratch *scratch,
				      struct censor_quic_hello *hello,
				      struct censor_quic_seen *seen);

#endif
