// SPDX-License-Identifier: GPL-2.0
/*
 * The parts of a ClientHello (RFC 8446 4.1.2, RFC 5246 7.4.1.2). Extensions come in any order; of
 * two of one kind the first counts. A lie about how long something is ends the reading where all
 * that follows would be out of place, and where the name is; one inside another extension only
 * leaves unknown what stood there, as whatever a rule asks for beside the name must not change what
 * becomes of the name.
 */
#include "tls-parts.h"

#define NAME_HOST		0

#define EXT_GROUPS		10
#define EXT_FORMATS		11
#define EXT_SIGNATURES		13
#define EXT_PADDING		21
#define EXT_TICKET		35
#define EXT_EARLY_DATA		42
#define EXT_KEY_SHARE		51
#define EXT_ECH			0xfe0d	/* RFC 9849, and the drafts from 13 on */
#define EXT_ECH_DRAFT_8		0xfe08
#define EXT_ECH_DRAFT_9		0xfe09
#define EXT_ECH_DRAFT_10	0xfe0a
#define EXT_ESNI		0xffce
#define EXT_ESNI_DRAFT_FIRST	0xff02
#define EXT_ESNI_DRAFT_LAST	0xff04

#define HAS(what)		((u16)(1u << CENSOR_TLS_HAS_##what))

/**
 * struct parse - a ClientHello that is being read
 * @lists: where its lists stand
 * @hello: what is told of it
 * @quic: it came by QUIC
 * @wants: CENSOR_TLS_*
 * @lied: those of them that can't be known
 * @pending: those of which the rest is still to come
 * @seen: by kind of extension of which the first counts
 * @tor: enum censor_tls_tor_list
 */
struct parse {
	struct censor_tls_lists lists;
	struct censor_tls_hello *hello;
	bool quic;
	u8 wants, lied, pending;
	u8 seen;
	u8 tor;
};

#define SEEN_SNI		0x01
#define SEEN_ALPN		0x02
#define SEEN_VERSIONS		0x04
#define SEEN_GROUPS		0x08
#define SEEN_FORMATS		0x10
#define SEEN_SIGNATURES		0x20
#define SEEN_SHARES		0x40

/* The server_name extension (RFC 6066 3): the first name that is a host's. @r ends with it. */
static enum censor_found read_names(struct censor_tls_reader *r, struct censor_tls_hello *hello)
{
	enum censor_found found;
	u32 list, len, i;

	found = censor_tls_vector(r, 2, &list);
	if (found != CENSOR_FOUND_ALL)
		return found;
	r->end = r->at + list;
	while (r->at < r->end) {
		bool host;

		found = censor_tls_need(r, 1);
		if (found != CENSOR_FOUND_ALL)
			return found;
		host = r->data[r->at++] == NAME_HOST;
		found = censor_tls_vector(r, 2, &len);
		if (found == CENSOR_FOUND_ALL)
			found = censor_tls_need(r, len);
		if (found != CENSOR_FOUND_ALL)
			return found;
		if (host) {
			if (!len || len > 255)
				return CENSOR_FOUND_BAD;
			for (i = 0; i < len; i++)
				hello->sni[i] = censor_lower(r->data[r->at + i]);
			if (len > 1 && hello->sni[len - 1] == '.')
				len--;
			hello->sni_len = (u16)len;
			hello->sni_at = (u16)min(r->at, 0xffffu);
			return CENSOR_FOUND_ALL;
		}
		r->at += len;
	}
	return CENSOR_FOUND_ALL;
}

/* One protocol of the list; what holds a comma would look like two. */
static void add_protocol(struct censor_tls_hello *hello, const u8 *name, u32 len)
{
	u32 i, comma = hello->alpn_len ? 1 : 0;

	if (!len || hello->alpn_len + comma + len > CENSOR_TLS_LIST_SIZE)
		return;
	for (i = 0; i < len; i++)
		if (name[i] == ',')
			return;
	if (comma)
		hello->alpn[hello->alpn_len++] = ',';
	memcpy(hello->alpn + hello->alpn_len, name, len);
	hello->alpn_len += (u16)len;
}

/* RFC 7301 3.1 */
static enum censor_found read_alpn(struct censor_tls_reader *r, struct parse *p)
{
	enum censor_found found;
	u32 list, len;

	found = censor_tls_vector(r, 2, &list);
	if (found == CENSOR_FOUND_ALL)
		found = censor_tls_need(r, list);
	if (found != CENSOR_FOUND_ALL)
		return found;
	r->end = r->at + list;
	while (r->at < r->end) {
		found = censor_tls_vector(r, 1, &len);
		if (found != CENSOR_FOUND_ALL)
			return found;
		if (!p->lists.alpn.at)
			p->lists.alpn = (struct censor_tls_span){ r->at, len };
		add_protocol(p->hello, r->data + r->at, len);
		r->at += len;
	}
	return CENSOR_FOUND_ALL;
}

/* A vector of numbers whose bytes must all be there, behind @width bytes of length. */
static enum censor_found read_list(struct censor_tls_reader *r, u32 width,
				   struct censor_tls_span *span)
{
	enum censor_found found;
	u32 len;

	found = censor_tls_vector(r, width, &len);
	if (found == CENSOR_FOUND_ALL)
		found = censor_tls_need(r, len);
	if (found == CENSOR_FOUND_ALL)
		*span = (struct censor_tls_span){ r->at, len };
	return found;
}

static bool any_grease(const u8 *data, const struct censor_tls_span *span)
{
	u32 i;

	for (i = 0; i + 1 < span->len; i += 2)
		if (censor_tls_grease((u16)censor_get16(data + span->at + i)))
			return true;
	return false;
}

/* RFC 8446 4.2.1; 0x7f00 and a number were 1.3's drafts. */
static enum censor_found read_versions(struct censor_tls_reader *r, struct parse *p)
{
	struct censor_tls_span span;
	enum censor_found found;
	u32 i;

	found = read_list(r, 1, &span);
	if (found != CENSOR_FOUND_ALL)
		return found;
	for (i = 0; i + 1 < span.len; i += 2) {
		u16 version = (u16)censor_get16(r->data + span.at + i);

		if (censor_tls_grease(version)) {
			p->hello->has |= HAS(GREASE);
			continue;
		}
		p->lists.top = max(p->lists.top, version);
		if (version >> 8 == 0x7f)
			version = 0x0304;
		if (version >= 0x0300 && version <= 0x0304)
			p->hello->version = max(p->hello->version, version);
	}
	/* None that is known: as if there were no such extension. */
	if (p->hello->version)
		p->hello->known |= p->wants & CENSOR_TLS_VERSION;
	return CENSOR_FOUND_ALL;
}

/* Groups made to withstand a quantum computer, by half or alone (IANA, TLS Supported Groups). */
static bool post_quantum(u16 group)
{
	switch (group) {
	case 0x0200:	/* ML-KEM alone, three sizes */
	case 0x0201:
	case 0x0202:
	case 0x11eb:	/* with P-256 */
	case 0x11ec:	/* with X25519 */
	case 0x11ed:	/* with P-384 */
	case 0x4138:	/* CECPQ2 */
	case 0x6399:	/* Kyber with X25519, draft 00 */
	case 0x639a:	/* Kyber with P-256, draft 00 */
	case 0xfe30:	/* Kyber 512 and 768, as they were tried out */
	case 0xfe31:
		return true;
	default:
		return false;
	}
}

/* RFC 8446 4.2.8: of each share its group; the share itself need not have arrived. */
static enum censor_found read_shares(struct censor_tls_reader *r, struct parse *p)
{
	enum censor_found found;
	u32 list;

	found = censor_tls_vector(r, 2, &list);
	if (found != CENSOR_FOUND_ALL)
		return found;
	r->end = r->at + list;
	while (r->at < r->end) {
		u16 group;

		found = censor_tls_need(r, 4);
		if (found != CENSOR_FOUND_ALL)
			return found;
		group = (u16)censor_get16(r->data + r->at);
		if (post_quantum(group))
			p->hello->has |= HAS(POST_QUANTUM);
		if (censor_tls_grease(group))
			p->hello->has |= HAS(GREASE);
		r->at += 2;
		found = censor_tls_skip(r, 2);
		if (found != CENSOR_FOUND_ALL)
			return found;
	}
	return CENSOR_FOUND_ALL;
}

/* What there is to say of an extension by its number alone. */
static u16 has_of(u16 type)
{
	switch (type) {
	case CENSOR_TLS_EXT_SNI:
		return HAS(SNI);
	case CENSOR_TLS_EXT_ALPN:
		return HAS(ALPN);
	case EXT_PADDING:
		return HAS(PADDING);
	case EXT_TICKET:
		return HAS(TICKET);
	case EXT_EARLY_DATA:
		return HAS(EARLY_DATA);
	case EXT_ESNI:
		return HAS(ESNI);
	case EXT_ECH:
	case EXT_ECH_DRAFT_8:
	case EXT_ECH_DRAFT_9:
	case EXT_ECH_DRAFT_10:
		return HAS(ECH);
	}
	if (type >= EXT_ESNI_DRAFT_FIRST && type <= EXT_ESNI_DRAFT_LAST)
		return HAS(ESNI_DRAFT);
	return censor_tls_grease(type) ? HAS(GREASE) : 0;
}

/*
 * Which extension it is, of those that are looked into.
 * @parts: gets the parts that it says something of
 *
 * Return: SEEN_*, or 0.
 */
static u8 kind_of(u16 type, u8 *parts)
{
	switch (type) {
	case CENSOR_TLS_EXT_SNI:
		*parts = CENSOR_TLS_SNI;
		return SEEN_SNI;
	case CENSOR_TLS_EXT_ALPN:
		*parts = CENSOR_TLS_ALPN | CENSOR_TLS_JA4;
		return SEEN_ALPN;
	case CENSOR_TLS_EXT_VERSIONS:
		*parts = CENSOR_TLS_VERSION | CENSOR_TLS_HAS | CENSOR_TLS_JA4;
		return SEEN_VERSIONS;
	case EXT_GROUPS:
		*parts = CENSOR_TLS_HAS | CENSOR_TLS_JA3;
		return SEEN_GROUPS;
	case EXT_FORMATS:
		*parts = CENSOR_TLS_JA3;
		return SEEN_FORMATS;
	case EXT_SIGNATURES:
		*parts = CENSOR_TLS_JA4;
		return SEEN_SIGNATURES;
	case EXT_KEY_SHARE:
		*parts = CENSOR_TLS_HAS;
		return SEEN_SHARES;
	default:
		*parts = 0;
		return 0;
	}
}

static enum censor_found read_kind(struct censor_tls_reader *r, struct parse *p, u8 kind)
{
	enum censor_found found;

	switch (kind) {
	case SEEN_SNI:
		found = read_names(r, p->hello);
		if (found == CENSOR_FOUND_ALL)
			p->hello->known |= CENSOR_TLS_SNI;
		return found;
	case SEEN_ALPN:
		found = read_alpn(r, p);
		if (found == CENSOR_FOUND_ALL)
			p->hello->known |= p->wants & CENSOR_TLS_ALPN;
		return found;
	case SEEN_VERSIONS:
		return read_versions(r, p);
	case SEEN_GROUPS:
		found = read_list(r, 2, &p->lists.groups);
		if (found == CENSOR_FOUND_ALL && any_grease(r->data, &p->lists.groups))
			p->hello->has |= HAS(GREASE);
		return found;
	case SEEN_FORMATS:
		return read_list(r, 1, &p->lists.formats);
	case SEEN_SIGNATURES:
		return read_list(r, 2, &p->lists.signatures);
	default:
		return read_shares(r, p);
	}
}

/* An extension: @r ends with it. BAD only where nothing else can be read any more. */
static enum censor_found read_extension(struct censor_tls_reader r, struct parse *p, u16 type)
{
	enum censor_found found;
	u8 parts, kind = kind_of(type, &parts);

	p->hello->has |= has_of(type);
	if (type == CENSOR_TLS_EXT_ALPN)
		p->lists.has_alpn = true;
	if (!kind || p->seen & kind || !(p->wants & parts))
		return CENSOR_FOUND_ALL;
	found = read_kind(&r, p, kind);
	if (found == CENSOR_FOUND_MORE) {
		p->pending = parts;
		return found;
	}
	p->seen |= kind;
	if (found == CENSOR_FOUND_BAD && kind != SEEN_SNI) {
		p->lied |= parts;
		return CENSOR_FOUND_ALL;
	}
	return found;
}

/* Whether it is Tor's can be said once there is no more to come. */
static void finish_tor(struct parse *p)
{
	struct censor_tls_hello *hello = p->hello;

	if (p->tor == CENSOR_TLS_TOR_NEW && !p->lists.has_alpn)
		hello->tor = censor_tls_tor_name(hello->sni, hello->sni_len, 4, 25, ".com") ?
			     CENSOR_CONFIDENCE_LIKELY : CENSOR_CONFIDENCE_GUESS;
	hello->known |= CENSOR_TLS_TOR;
}

/*
 * No extension follows: what hasn't been there isn't, and lists can be summed up. Of the last one
 * the rest may be still to come.
 */
static enum censor_found finish(struct parse *p)
{
	struct censor_tls_hello *hello = p->hello;
	u8 open = p->wants & ~hello->known & ~p->lied & ~p->pending;

	hello->known |= open & (CENSOR_TLS_SNI | CENSOR_TLS_ALPN | CENSOR_TLS_HAS |
				CENSOR_TLS_VERSION);
	/* Above 1.2 only the extension counts (RFC 8446 4.2.1). */
	if (open & CENSOR_TLS_VERSION)
		hello->version = min_t(u16, p->lists.legacy, 0x0303);
	if (open & CENSOR_TLS_TOR && !(p->pending & CENSOR_TLS_SNI))
		finish_tor(p);
	if (open & CENSOR_TLS_JA3 && censor_tls_ja3(&p->lists, hello))
		hello->known |= CENSOR_TLS_JA3;
	if (open & CENSOR_TLS_JA4 && censor_tls_ja4(&p->lists, p->quic, hello))
		hello->known |= CENSOR_TLS_JA4;
	if (p->pending)
		return CENSOR_FOUND_MORE;
	return p->wants & p->lied & ~hello->known ? CENSOR_FOUND_BAD : CENSOR_FOUND_ALL;
}

static enum censor_found read_extensions(struct censor_tls_reader *r, struct parse *p)
{
	enum censor_found found;
	u32 list, len;
	u16 type;

	if (r->at == r->end)
		return finish(p);	/* TLS 1.2 and before may have none */
	found = censor_tls_vector(r, 2, &list);
	if (found != CENSOR_FOUND_ALL)
		return found;
	r->end = r->at + list;
	p->lists.extensions = (struct censor_tls_span){ r->at, list };
	while (r->at < r->end) {
		found = censor_tls_need(r, 2);
		if (found != CENSOR_FOUND_ALL)
			return found;
		type = (u16)censor_get16(r->data + r->at);
		r->at += 2;
		found = censor_tls_vector(r, 2, &len);
		if (found != CENSOR_FOUND_ALL)
			return found;
		found = read_extension((struct censor_tls_reader){ r->data, r->len, r->at,
								   r->at + len }, p, type);
		if (found == CENSOR_FOUND_BAD)
			return found;
		if (!(p->wants & ~p->hello->known))
			return CENSOR_FOUND_ALL;
		r->at += len;
		if (found == CENSOR_FOUND_MORE && r->at < r->end)
			return found;
	}
	return finish(p);
}

/* What the cipher suites say by themselves. */
static void judge_ciphers(struct parse *p)
{
	const struct censor_tls_span *ciphers = &p->lists.ciphers;

	if (p->wants & CENSOR_TLS_HAS && any_grease(p->lists.data, ciphers))
		p->hello->has |= HAS(GREASE);
	if (!(p->wants & CENSOR_TLS_TOR))
		return;
	p->tor = censor_tls_tor_ciphers(p->lists.data + ciphers->at, ciphers->len);
	if (p->tor == CENSOR_TLS_TOR_NEW) {
		p->wants |= CENSOR_TLS_SNI;
		return;
	}
	if (p->tor == CENSOR_TLS_TOR_OLD)
		p->hello->tor = CENSOR_CONFIDENCE_LIKELY;
	p->hello->known |= CENSOR_TLS_TOR;
}

enum censor_found censor_tls_read_hello(struct censor_tls_reader *r, bool quic, u8 wants,
					struct censor_tls_hello *hello)
{
	struct parse p = { .hello = hello, .quic = quic, .wants = wants };
	struct censor_tls_span *ciphers = &p.lists.ciphers;
	enum censor_found found;

	found = censor_tls_need(r, 2 + 32);	/* version, random */
	if (found != CENSOR_FOUND_ALL)
		return found;
	p.lists.data = r->data;
	p.lists.legacy = (u16)censor_get16(r->data + r->at);
	r->at += 2 + 32;
	found = censor_tls_skip(r, 1);	/* session id */
	if (found == CENSOR_FOUND_ALL)
		found = censor_tls_vector(r, 2, &ciphers->len);
	if (found != CENSOR_FOUND_ALL)
		return found;
	ciphers->at = r->at;
	r->at += ciphers->len;
	found = censor_tls_skip(r, 1);	/* compression methods */
	if (found != CENSOR_FOUND_ALL)
		return found;
	/* Their length has arrived, and so have the cipher suites before it. */
	judge_ciphers(&p);
	if (!(p.wants & ~hello->known))
		return CENSOR_FOUND_ALL;
	return read_extensions(r, &p);
}
