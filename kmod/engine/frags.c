// SPDX-License-Identifier: GPL-2.0
/* Fragments of IP datagrams put together as the censor does it. */
#include "frags.h"

void censor_frags_key(const struct censor_packet_view *view, struct censor_key *key)
{
	memset(key, 0, sizeof(*key));
	memcpy(key->addr[0], view->src, sizeof(view->src));
	memcpy(key->addr[1], view->dst, sizeof(view->dst));
	key->port[0] = view->frag_id >> 16;
	key->port[1] = view->frag_id & 0xffff;
	/* Only that of the fragment at offset 0 counts in IPv6 (RFC 8200 4.5). */
	key->proto = view->family == 4 ? view->proto : 0;
	key->family = view->family;
}

void censor_frags_start(struct censor_frags *frags, const struct censor_key *key, u64 now)
{
	memset(frags, 0, offsetof(struct censor_frags, data));
	frags->key = *key;
	frags->began = now;
}

static enum censor_frag_fate lose(struct censor_frags *frags)
{
	frags->over = true;
	frags->lost = true;
	return CENSOR_FRAG_LOSE;
}

static enum censor_frag_fate give_up(struct censor_frags *frags,
				     const struct censor_ip_model *model)
{
	frags->over = true;
	return model->fragments == CENSOR_FRAGMENTS_HOLD ? CENSOR_FRAG_RELEASE : CENSOR_FRAG_PASS;
}

/* Bytes of the datagram that a fragment has, by its own header. */
static u32 payload_len(const struct censor_packet_view *view, const u8 *data)
{
	u32 end = view->family == 4 ? censor_get16(data + 2) : 40u + censor_get16(data + 4);

	return end > view->payload_at ? end - view->payload_at : 0;
}

static bool overlaps(const struct censor_frags *frags, u32 from, u32 to)
{
	u32 at;

	for (at = from; at < min_t(u32, to, CENSOR_DATAGRAM_MAX); at += CENSOR_FRAG_BLOCK) {
		if (frags->owners[at / CENSOR_FRAG_BLOCK])
			return true;
	}
	return false;
}

/* Whether a fragment can be part of the datagram that the others have begun. */
static bool belongs(const struct censor_frags *frags, bool more, u32 from, u32 to)
{
	if (to <= from || to > CENSOR_DATAGRAM_MAX)
		return false;
	if (more)
		return !(to % CENSOR_FRAG_BLOCK) && (!frags->total || to <= frags->total);
	if (frags->total)
		return to == frags->total;
	return !frags->n_spans || frags->spans[frags->n_spans - 1].to <= to;
}

static bool add_span(struct censor_frags *frags, u32 from, u32 to)
{
	u32 first = 0, end;

	/* Those that the new one touches become one with it: from @first to before @end. */
	while (first < frags->n_spans && frags->spans[first].to < from)
		first++;
	end = first;
	while (end < frags->n_spans && frags->spans[end].from <= to)
		end++;
	if (first < end) {
		from = min_t(u32, from, frags->spans[first].from);
		to = max_t(u32, to, frags->spans[end - 1].to);
	} else if (frags->n_spans == CENSOR_FRAG_SPANS) {
		return false;
	}
	memmove(&frags->spans[first + 1], &frags->spans[end],
		(frags->n_spans - end) * sizeof(frags->spans[0]));
	frags->n_spans += 1 + first - end;
	frags->spans[first].from = from;
	frags->spans[first].to = to;
	return true;
}

/* Whether the fragment that came last takes a block from its owner. */
static bool takes(const struct censor_frags *frags, const struct censor_ip_model *model, u8 owner)
{
	switch (model->overlap) {
	case CENSOR_FRAG_LAST:
		return true;
	case CENSOR_FRAG_ORIGINAL:
		return frags->came[frags->n - 1].from < frags->came[owner - 1].from &&
		       frags->came[frags->n - 1].to > frags->came[owner - 1].to;
	default:
		return false;
	}
}

/* The bytes of the fragment that came last, those that count. */
static void add_bytes(struct censor_frags *frags, const struct censor_ip_model *model, u32 from,
		      u32 to, const u8 *payload)
{
	u32 at;

	frags->came[frags->n - 1].from = from;
	frags->came[frags->n - 1].to = to;
	for (at = from; at < to; at += CENSOR_FRAG_BLOCK) {
		u8 *owner = &frags->owners[at / CENSOR_FRAG_BLOCK];

		if (*owner && !takes(frags, model, *owner))
			continue;
		*owner = frags->n;
		memcpy(frags->data + CENSOR_HEADERS_MAX + at, payload + at - from,
		       min_t(u32, to - at, CENSOR_FRAG_BLOCK));
	}
}

/* The header of a fragment at offset 0, for the whole. */
static bool add_header(struct censor_frags *frags, const struct censor_packet_view *view,
		       const u8 *data)
{
	u32 header = view->payload_at;
	u8 *packet;

	if (view->family == 6)
		header -= 8;	/* the fragment header, the last one before the payload */
	if (header > CENSOR_HEADERS_MAX)
		return false;
	packet = frags->data + CENSOR_HEADERS_MAX - header;
	memcpy(packet, data, header);
	if (view->family == 6)
		packet[view->frag_next] = data[header];
	frags->header = header;
	return true;
}

/* RFC 1071; the field itself counts as 0. */
static void put_ipv4_checksum(u8 *packet, u32 header)
{
	u32 sum = 0, i;

	censor_put16(packet + 10, 0);
	for (i = 0; i < header; i += 2)
		sum += censor_get16(packet + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	censor_put16(packet + 10, (u16)~sum);
}

/* All bytes are there: make one packet of them. What is none is not judged as one. */
static bool finish(struct censor_frags *frags)
{
	u8 *packet = frags->data + CENSOR_HEADERS_MAX - frags->header;
	u32 len = frags->header + frags->total;
	struct censor_packet_view view;

	if (frags->key.family == 4) {
		censor_put16(packet + 2, len);
		censor_put16(packet + 6, censor_get16(packet + 6) & 0xc000);
		put_ipv4_checksum(packet, frags->header);
	} else {
		censor_put16(packet + 4, len - 40);
	}
	/* Fragments of fragments end here: they would have to be put together again. */
	return !censor_packet_parse(&view, packet, len, len, false) && !view.fragment;
}

enum censor_frag_fate censor_frags_add(struct censor_frags *frags,
				       const struct censor_ip_model *model,
				       const struct censor_packet_view *view, const u8 *data,
				       u32 cap)
{
	u32 from = view->frag_at, to = from + payload_len(view, data);
	bool hold = model->fragments == CENSOR_FRAGMENTS_HOLD;

	if (frags->over)
		return frags->lost ? CENSOR_FRAG_LOSE : CENSOR_FRAG_PASS;
	if (!frags->n++)
		frags->ttl = view->ttl;
	if (frags->n > model->queue)
		return model->full == CENSOR_FRAG_FULL_DROP ? lose(frags) : give_up(frags, model);
	if (model->overlap == CENSOR_FRAG_DROP && overlaps(frags, from, to))
		return hold ? lose(frags) : give_up(frags, model);
	if (!belongs(frags, view->frag_more, from, to) || view->payload_at + to - from > cap ||
	    !add_span(frags, from, to))
		return give_up(frags, model);
	if (!view->frag_more)
		frags->total = to;
	add_bytes(frags, model, from, to, data + view->payload_at);
	if (!from && frags->owners[0] == frags->n && !add_header(frags, view, data))
		return give_up(frags, model);
	if (!frags->total || frags->n_spans > 1 || frags->spans[0].from)
		return hold ? CENSOR_FRAG_KEEP : CENSOR_FRAG_PASS;
	if (!finish(frags))
		return give_up(frags, model);
	frags->over = true;
	frags->whole = true;
	return CENSOR_FRAG_WHOLE;
}

const u8 *censor_frags_packet(struct censor_frags *frags, u32 *len)
{
	*len = frags->header + frags->total;
	return frags->data + CENSOR_HEADERS_MAX - frags->header;
}
