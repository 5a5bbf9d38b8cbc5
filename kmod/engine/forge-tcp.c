// SPDX-License-Identifier: GPL-2.0
/* TCP packets as an inject describes them, and packets that are rewritten on their way. */
#include "forge-parts.h"
#include "chance.h"
#include "headers.h"

/* Bytes that an echo, or its piece of a page, must have in common to be taken for one. */
#define ALIKE_MIN	8

#define DELAYS		0x80000000u	/* purposes of censor_forge_state(), from here on */

/* Bytes of sequence space that a packet takes. */
static u32 sequence_len(u8 flags, u32 len)
{
	return len + !!(flags & CENSOR_TCP_SYN) + !!(flags & CENSOR_TCP_FIN);
}

/* The part of a page that this packet carries, or its own payload, to @to. */
static u32 put_payload(const struct censor_forger *f, const struct censor_packet *how, u8 *to,
		       u32 room)
{
	const struct censor_page *page;
	u32 len;

	if (!how->page) {
		memcpy(to, how->payload, how->payload_len);
		return how->payload_len;
	}
	page = &f->pol->pages[how->page - 1];
	len = min(min_t(u32, how->segment, room), page->len - f->page_at);
	memcpy(to, page->data + f->page_at, len);
	return len;
}

/* How many packets of its description went to its side before this one. */
static u32 packets_before(const struct censor_forger *f, const struct censor_packet *how)
{
	u32 segments;

	if (!how->page)
		return f->copy;
	segments = (f->pol->pages[how->page - 1].len + how->segment - 1) / how->segment;
	return f->copy * segments + f->page_at / how->segment;
}

/* Return: the packet's length; @last is set if it ends what the description brings this side. */
static u32 forge_packet(struct censor_forger *f, const struct censor_packet *how, u8 *buf,
			bool *last)
{
	const struct censor_packet_view *view = f->view;
	struct censor_ends ends = censor_ends_of(view, f->to);
	u32 *brought = &f->brought[f->to == CENSOR_TO_SERVER];
	u32 at = censor_ip_size(ends.family), offset, len, seq, ack, n = packets_before(f, how);
	u64 base = censor_forge_state(f, f->packet);
	u64 state = base ^ (f->sent + 1ull) * 0xd6e8feb86659fd93ull;
	u64 ttl_base = censor_draw(&base), id_base = censor_draw(&base);
	u64 window_base = censor_draw(&base);
	u8 *tcp = buf + at, flags = how->flags;
	u16 id, window;
	u8 ttl;

	/* What the receiver expects next, so that a RST is in its window (RFC 5961 3.2). */
	if (f->to == CENSOR_TO_CLIENT) {
		seq = view->ack;
		ack = view->seq + sequence_len(view->tcp_flags, view->len);
	} else {
		seq = view->seq + sequence_len(view->tcp_flags, view->len);
		ack = view->ack;
	}
	offset = how->seq[f->copy % how->n_seq] + (how->seq_next ? *brought : 0) + f->page_at;
	/* A SYN stands before the page's first byte, once, and has a number of its own. */
	if (f->page_at && flags & CENSOR_TCP_SYN) {
		flags &= ~CENSOR_TCP_SYN;
		offset++;
	}
	ttl = censor_field_value(&how->ttl, view->ttl, ttl_base, n, &state);
	id = censor_field_value(&how->ip_id, view->ip_id, id_base, n, &state);
	window = censor_field_value(&how->window, view->window, window_base, n, &state);

	len = put_payload(f, how, tcp + CENSOR_TCP_SIZE, CENSOR_FORGE_SIZE - at - CENSOR_TCP_SIZE);
	f->page_at += how->page ? len : 0;
	*last = !how->page || f->page_at == f->pol->pages[how->page - 1].len;
	if (!*last)
		flags &= ~(CENSOR_TCP_FIN | CENSOR_TCP_PSH);
	censor_put_tcp(tcp, &ends, seq + offset, flags & CENSOR_TCP_ACK ? ack : 0, flags, window,
		       len);
	censor_put_ip(buf, &ends, CENSOR_PROTO_TCP, CENSOR_TCP_SIZE + len, ttl, id, how->df);
	if (*last) {
		u32 end = offset + sequence_len(flags, len);

		f->page_at = 0;
		if (end != offset && (s32)(end - *brought) > 0)
			*brought = end;
	}
	return at + CENSOR_TCP_SIZE + len;
}

/* Whether a description answers the packet that triggered it. */
static bool answers(const struct censor_packet *how, const struct censor_packet_view *view)
{
	bool syn = (view->tcp_flags & (CENSOR_TCP_SYN | CENSOR_TCP_ACK)) == CENSOR_TCP_SYN;

	return how->on == CENSOR_ON_ANY || (how->on == CENSOR_ON_SYN) == syn;
}

/* The delay until the first packet, and what goes by between it and each of the others. */
static void add_delay(struct censor_forger *f, const struct censor_inject *inject)
{
	u16 delay = f->sent ? inject->gap : inject->delay;
	u64 state = censor_forge_state(f, DELAYS + f->sent);
	u32 us;

	if (delay == CENSOR_NO_DELAY)
		return;
	us = censor_draw_delay(&state, &f->pol->delays[delay - 1]);
	f->delay_us += min(us, ~f->delay_us);
}

u32 censor_forge_tcp(struct censor_forger *f, const struct censor_inject *inject, u8 *buf)
{
	static const u8 sides[2] = { CENSOR_TO_CLIENT, CENSOR_TO_SERVER };

	for (; f->packet < inject->n_packets; f->packet++, f->copy = 0) {
		const struct censor_packet *how = &inject->packets[f->packet];

		if (!answers(how, f->view))
			continue;
		for (; f->copy < how->copies; f->copy++, f->side = 0) {
			for (; f->side < 2; f->side++) {
				bool last;
				u32 len;

				f->to = sides[f->side];
				if (!(how->to & f->to))
					continue;
				len = forge_packet(f, how, buf, &last);
				f->side += last;
				add_delay(f, inject);
				return len;
			}
		}
	}
	return 0;
}

/*
 * Whether a payload and a piece of an inject's are one of them the beginning of the other: what is
 * echoed may be cut, or have more behind it. Few bytes alone say nothing.
 */
static bool begin_alike(const struct censor_packet_view *view, const u8 *piece, u32 len)
{
	u32 n = min(len, view->cap);

	return (n >= ALIKE_MIN || len == view->len) && n && !memcmp(view->payload, piece, n);
}

/* Whether a payload could be that of a description, or one packet's part of its page. */
static bool carries(const struct censor_policy *pol, const struct censor_packet *how,
		    const struct censor_packet_view *view, u16 *left)
{
	const struct censor_page *page;
	u32 at;

	if (!how->page)
		return begin_alike(view, how->payload, how->payload_len);
	page = &pol->pages[how->page - 1];
	for (at = 0; at < page->len; at += how->segment) {
		if (!*left)
			return true;
		--*left;
		if (begin_alike(view, page->data + at, min_t(u32, how->segment, page->len - at)))
			return true;
	}
	return false;
}

bool censor_forge_alike(const struct censor_policy *pol, const struct censor_inject *inject,
			const struct censor_packet_view *view, u16 *left)
{
	u32 i;

	for (i = 0; i < inject->n_packets; i++) {
		const struct censor_packet *how = &inject->packets[i];

		if (!answers(how, view))
			continue;
		if (view->len ? carries(pol, how, view, left) :
		    !how->page && !how->payload_len && how->flags == view->tcp_flags)
			return true;
	}
	return false;
}

u32 censor_forge_rewrite(const struct censor_packet_view *view, u8 flags, u8 *buf)
{
	struct censor_ends ends = censor_ends_of(view, CENSOR_TO_SERVER);
	u32 at = censor_ip_size(ends.family);

	censor_put_tcp(buf + at, &ends, view->seq, view->ack, flags, view->window, 0);
	censor_put_ip(buf, &ends, CENSOR_PROTO_TCP, CENSOR_TCP_SIZE, view->ttl, view->ip_id,
		      view->df);
	return at + CENSOR_TCP_SIZE;
}
