// SPDX-License-Identifier: GPL-2.0
#include "datagram.h"

/* Destination options of so many bytes and then the next header. */
static u32 put_options(u8 *p, u32 len, u8 next)
{
	memset(p, 0, len);
	p[0] = next;
	p[1] = (u8)(len / 8 - 1);
	return len;
}

/* The headers before the fragment header; the last one announces @next. Return: their length. */
static u32 put_chain(u8 *p, u8 chain, u8 next, u8 *first)
{
	static const u8 atomic[8] = { [4] = 9, 9, 9, 9 };
	static const u8 auth[24] = { 0, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1 };

	*first = chain ? 60 : next;
	switch (chain) {
	case 1:
		return put_options(p, 8, next);
	case 2:
		*first = 0;
		put_options(p, 16, 60);
		return 16 + put_options(p + 16, 8, next);
	case 3:
		*first = 51;
		memcpy(p, auth, 24);
		p[0] = 44;
		memcpy(p + 24, atomic, 8);
		p[24] = next;
		return 32;
	case 4:		/* exactly as long as headers can be */
		return put_options(p, CENSOR_HEADERS_MAX - 40, next);
	case 5:
		return put_options(p, CENSOR_HEADERS_MAX - 40 + 8, next);
	}
	return 0;
}

static struct ends piece_ends(u8 family)
{
	return family == 4 ? ends4("192.0.2.10", 0, "203.0.113.80", 0) :
			     ends6("2001:db8:1::10", 0, "2001:db8:2::80", 0);
}

static u8 piece_proto(const struct piece *piece)
{
	return piece->proto ? piece->proto : DATAGRAM_PROTO;
}

static struct header piece_header(const struct piece *piece)
{
	return (struct header){ .ttl = piece->ttl, .ip_id = (u16)piece->id, .no_df = !piece->df,
				.ip_options = piece->chain * 4u };
}

u32 piece_put(u8 *buf, u8 family, const struct piece *piece)
{
	u8 extensions[CENSOR_HEADERS_MAX + 16], *fragment;
	struct header header = piece_header(piece);

	if (family == 4) {
		header.frag = (u16)(piece->df << 14 | piece->more << 13 | piece->at / 8);
	} else {
		header.extensions_len = put_chain(extensions, piece->chain, 44,
						  &header.extension_proto);
		header.extensions = extensions;
		fragment = extensions + header.extensions_len;
		fragment[0] = piece_proto(piece);
		fragment[1] = 0;
		censor_put16(fragment + 2, (u16)(piece->at | piece->more));
		censor_put32(fragment + 4, piece->id);
		header.extensions_len += 8;
	}
	return wire_ip(buf, piece_ends(family), &header, piece_proto(piece), piece->bytes,
		       piece->len);
}

u32 datagram_put(u8 *buf, const struct datagram *datagram)
{
	const struct piece *piece = &datagram->pieces[datagram->owner[0]];
	struct header header = piece_header(piece);
	u8 extensions[CENSOR_HEADERS_MAX + 16];

	if (datagram->family == 6) {
		header.extensions_len = put_chain(extensions, piece->chain, piece_proto(piece),
						  &header.extension_proto);
		header.extensions = extensions;
	}
	return wire_ip(buf, piece_ends(datagram->family), &header, piece_proto(piece),
		       datagram->bytes, datagram->end);
}

static bool takes(const struct piece *original, const struct piece *other, u8 overlap)
{
	switch (overlap) {
	case CENSOR_FRAG_FIRST:
	case CENSOR_FRAG_DROP:
		return false;
	case CENSOR_FRAG_LAST:
		return true;
	}
	return other->at < original->at && other->at + other->len > original->at + original->len;
}

/* How many runs of bytes there are, and whether the one from 0 to the end is the only one. */
static u32 runs(const struct datagram *datagram, bool *whole)
{
	u32 n = 0, i;

	*whole = datagram->end;
	for (i = 0; i < CENSOR_DATAGRAM_MAX; i++) {
		if (datagram->owner[i] && (!i || !datagram->owner[i - 1]))
			n++;
		if (i < datagram->end && !datagram->owner[i])
			*whole = false;
	}
	return n;
}

enum censor_frag_fate datagram_add(struct datagram *datagram, const struct censor_ip_model *model,
				   const struct piece *piece)
{
	bool hold = model->fragments == CENSOR_FRAGMENTS_HOLD, overlap = false, lie = false, whole;
	u32 end = piece->at + piece->len, i;

	if (datagram->over)
		return datagram->lost ? CENSOR_FRAG_LOSE : CENSOR_FRAG_PASS;
	datagram->over = true;		/* but for the ways on below */
	if (++datagram->n > model->queue) {
		datagram->lost = model->full == CENSOR_FRAG_FULL_DROP;
		return datagram->lost ? CENSOR_FRAG_LOSE :
		       hold ? CENSOR_FRAG_RELEASE : CENSOR_FRAG_PASS;
	}
	datagram->pieces[datagram->n] = *piece;

	for (i = piece->at; i < end && i < CENSOR_DATAGRAM_MAX; i++)
		overlap |= !!datagram->owner[i];
	if (overlap && model->overlap == CENSOR_FRAG_DROP) {
		datagram->lost = hold;
		return hold ? CENSOR_FRAG_LOSE : CENSOR_FRAG_PASS;
	}

	lie = !piece->len || end > CENSOR_DATAGRAM_MAX || (piece->more && piece->len % 8) ||
	      (datagram->end && (piece->more ? end > datagram->end : end != datagram->end));
	if (!piece->more) {
		for (i = end; i < CENSOR_DATAGRAM_MAX; i++)
			lie |= !!datagram->owner[i];
	}
	if (lie)
		return hold ? CENSOR_FRAG_RELEASE : CENSOR_FRAG_PASS;

	for (i = piece->at; i < end; i++) {
		if (datagram->owner[i] &&
		    !takes(&datagram->pieces[datagram->owner[i]], piece, model->overlap))
			continue;
		datagram->owner[i] = (u8)datagram->n;
		datagram->bytes[i] = piece->bytes[i - piece->at];
	}
	if (!piece->more)
		datagram->end = end;
	if (runs(datagram, &whole) > CENSOR_FRAG_SPANS ||
	    (datagram->owner[0] == datagram->n && datagram->family == 6 && piece->chain == 5))
		return hold ? CENSOR_FRAG_RELEASE : CENSOR_FRAG_PASS;
	if (whole)
		return CENSOR_FRAG_WHOLE;
	datagram->over = false;
	return hold ? CENSOR_FRAG_KEEP : CENSOR_FRAG_PASS;
}
