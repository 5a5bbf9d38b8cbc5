// SPDX-License-Identifier: GPL-2.0
/* Forged packets: RSTs as an inject describes them, and DNS answers. */
#include "forge.h"

#define IPV4_SIZE	20
#define IPV6_SIZE	40
#define TCP_SIZE	20
#define UDP_SIZE	8
#define DNS_SIZE	12

#define DNS_QR		0x8000
#define DNS_AA		0x0400
#define DNS_RD		0x0100
#define DNS_RA		0x0080
#define TYPE_A		1
#define TYPE_AAAA	28

/* Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014. */
static u64 draw(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* A number from 0 to @n - 1, without a division that 32-bit kernels lack. */
static u32 draw_below(u64 *state, u32 n)
{
	return (u32)((draw(state) >> 32) * n >> 32);
}

static u32 draw_range(u64 *state, u32 lo, u32 hi)
{
	if (hi - lo == (u32)~0)
		return (u32)draw(state);
	return lo + draw_below(state, hi - lo + 1);
}

/*
 * A cyclic field begins at a value drawn for its description (from @base, the same for all of
 * them) and goes on by one with each copy: either side sees it count up by one.
 */
static u16 field_value(const struct censor_field *field, u16 mirrored, u64 base, u32 copy,
		       u64 *state)
{
	u32 span = (u32)field->hi - field->lo + 1;

	switch (field->pick) {
	case CENSOR_PICK_MIRROR:
		return mirrored;
	case CENSOR_PICK_CYCLIC:
		return field->lo + (draw_below(&base, span) + copy) % span;
	default:
		return draw_range(state, field->lo, field->hi);
	}
}

/* RFC 1071, over an even place of the packet. */
static u32 sum(const u8 *data, u32 len, u32 acc)
{
	u32 i;

	for (i = 0; i + 1 < len; i += 2)
		acc += censor_get16(data + i);
	if (len & 1)
		acc += (u32)data[len - 1] << 8;
	return acc;
}

static u16 fold(u32 acc)
{
	while (acc >> 16)
		acc = (acc & 0xffff) + (acc >> 16);
	return (u16)~acc;
}

/* The sides of a forged packet. */
struct ends {
	u8 family;
	const u8 *src, *dst;
	u16 sport, dport;
};

static struct ends ends_of(const struct censor_packet_view *view, u8 to)
{
	if (to == CENSOR_TO_SERVER)
		return (struct ends){ view->family, view->src, view->dst, view->sport,
				      view->dport };
	return (struct ends){ view->family, view->dst, view->src, view->dport, view->sport };
}

static u32 ip_size(u8 family)
{
	return family == 4 ? IPV4_SIZE : IPV6_SIZE;
}

/* The IP header before @len bytes of @proto. */
static void put_ip(u8 *p, const struct ends *ends, u8 proto, u32 len, u8 ttl, u16 id, bool df)
{
	memset(p, 0, ip_size(ends->family));
	if (ends->family == 4) {
		p[0] = 0x45;
		censor_put16(p + 2, IPV4_SIZE + len);
		censor_put16(p + 4, id);
		p[6] = df ? 0x40 : 0;
		p[8] = ttl;
		p[9] = proto;
		memcpy(p + 12, ends->src, 4);
		memcpy(p + 16, ends->dst, 4);
		censor_put16(p + 10, fold(sum(p, IPV4_SIZE, 0)));
	} else {
		p[0] = 0x60;
		censor_put16(p + 4, len);
		p[6] = proto;
		p[7] = ttl;
		memcpy(p + 8, ends->src, 16);
		memcpy(p + 24, ends->dst, 16);
	}
}

static u16 transport_checksum(const struct ends *ends, u8 proto, const u8 *data, u32 len)
{
	u32 addr = ends->family == 4 ? 4 : 16;

	return fold(sum(data, len, sum(ends->src, addr, sum(ends->dst, addr, proto + len))));
}

/* Bytes of sequence space that the packet which triggered it takes. */
static u32 sequence_len(const struct censor_packet_view *view)
{
	return view->len + !!(view->tcp_flags & CENSOR_TCP_SYN) +
	       !!(view->tcp_flags & CENSOR_TCP_FIN);
}

static u32 forge_tcp(struct censor_forger *f, const struct censor_packet *how, u8 *buf)
{
	const struct censor_packet_view *view = f->view;
	struct ends ends = ends_of(view, f->to);
	u32 at = ip_size(ends.family), seq, ack;
	u64 base = f->random + ((u64)f->match << 32 | f->packet);
	u64 state = base ^ (f->sent + 1ull) * 0xd6e8feb86659fd93ull;
	u64 ttl_base = draw(&base), id_base = draw(&base), window_base = draw(&base);
	u8 *tcp = buf + at;
	u16 id;
	u8 ttl;

	/* What the receiver expects next, so that the RST is in its window (RFC 5961 3.2). */
	if (f->to == CENSOR_TO_CLIENT) {
		seq = view->ack;
		ack = view->seq + sequence_len(view);
	} else {
		seq = view->seq + sequence_len(view);
		ack = view->ack;
	}
	seq += how->seq[f->copy % how->n_seq];
	ttl = field_value(&how->ttl, view->ttl, ttl_base, f->copy, &state);
	id = field_value(&how->ip_id, view->ip_id, id_base, f->copy, &state);

	memset(tcp, 0, TCP_SIZE);
	censor_put16(tcp, ends.sport);
	censor_put16(tcp + 2, ends.dport);
	censor_put32(tcp + 4, seq);
	censor_put32(tcp + 8, how->flags & CENSOR_TCP_ACK ? ack : 0);
	tcp[12] = TCP_SIZE / 4 << 4;
	tcp[13] = how->flags;
	censor_put16(tcp + 14, field_value(&how->window, 0, window_base, f->copy, &state));
	censor_put16(tcp + 16, transport_checksum(&ends, CENSOR_PROTO_TCP, tcp, TCP_SIZE));
	put_ip(buf, &ends, CENSOR_PROTO_TCP, TCP_SIZE, ttl, id, how->df);
	return at + TCP_SIZE;
}

/* The next packet of an inject: each description, its copies, each to one side or both. */
static u32 next_injected(struct censor_forger *f, const struct censor_inject *inject, u8 *buf)
{
	static const u8 sides[2] = { CENSOR_TO_CLIENT, CENSOR_TO_SERVER };

	for (; f->packet < inject->n_packets; f->packet++, f->copy = 0, f->sent = 0) {
		const struct censor_packet *how = &inject->packets[f->packet];

		for (; f->copy < how->copies; f->copy++, f->side = 0) {
			while (f->side < 2) {
				u32 len;

				f->to = sides[f->side++];
				if (!(how->to & f->to))
					continue;
				len = forge_tcp(f, how, buf);
				f->sent++;
				return len;
			}
		}
	}
	return 0;
}

u32 censor_forge_dns(const struct censor_policy *pol, const struct censor_forge *how,
		     const u8 *query, u32 len, u64 *random, u8 *buf, u32 size)
{
	const struct censor_pool *pool = &pol->pools[how->pool];
	struct censor_dns_question question;
	u32 n, first, at, i, rdlen;
	u16 flags;
	bool v6;

	if (censor_dns_question(query, len, &question) != CENSOR_FOUND_ALL)
		return 0;
	/* China answers any type with an A record, AAAA excepted (CENSORS.md 1.1). */
	v6 = question.type == TYPE_AAAA;
	n = v6 ? pool->n_v6 : pool->n_v4;
	rdlen = v6 ? 16 : 4;
	if (!n || question.end + how->count * (12 + rdlen) > size)
		return 0;
	first = draw_below(random, n);

	/* CENSORS.md 1.3: 0x8180 where recursion was desired, 0x8400 where not. */
	flags = censor_get16(query + 2) & DNS_RD ? DNS_QR | DNS_RD | DNS_RA : DNS_QR | DNS_AA;
	if (how->aa)
		flags |= DNS_AA;
	memcpy(buf, query, question.end);
	censor_put16(buf + 2, flags);
	censor_put16(buf + 4, 1);
	censor_put16(buf + 6, min_t(u32, how->count, n));
	censor_put32(buf + 8, 0);
	at = question.end;
	for (i = 0; i < how->count && i < n; i++) {
		u32 pick = first + i < n ? first + i : first + i - n;

		censor_put16(buf + at, 0xc000 | DNS_SIZE);
		censor_put16(buf + at + 2, v6 ? TYPE_AAAA : TYPE_A);
		censor_put16(buf + at + 4, 1);
		censor_put32(buf + at + 6, draw_range(random, how->ttl_lo, how->ttl_hi));
		censor_put16(buf + at + 10, rdlen);
		memcpy(buf + at + 12, v6 ? pool->v6[pick] : pool->v4[pick], rdlen);
		at += 12 + rdlen;
	}
	return at;
}

static u32 forge_answer(struct censor_forger *f, const struct censor_forge *how, u8 *buf)
{
	const struct censor_packet_view *view = f->view;
	u32 at = ip_size(view->family), len;
	u64 state = f->random + ((u64)f->match << 32);
	u64 base = draw(&state);
	struct ends ends;
	u8 *udp = buf + at;
	u16 check, id;
	u8 ttl;

	f->to = CENSOR_TO_CLIENT;
	ends = ends_of(view, f->to);
	len = censor_forge_dns(f->pol, how, view->payload, view->cap, &state, udp + UDP_SIZE,
			       CENSOR_FORGE_SIZE - at - UDP_SIZE);
	if (!len)
		return 0;
	len += UDP_SIZE;
	ttl = field_value(&how->ip_ttl, view->ttl, base, 0, &state);
	id = field_value(&how->ip_id, view->ip_id, base, 0, &state);
	censor_put16(udp, ends.sport);
	censor_put16(udp + 2, ends.dport);
	censor_put16(udp + 4, len);
	censor_put16(udp + 6, 0);
	check = transport_checksum(&ends, CENSOR_PROTO_UDP, udp, len);
	/* RFC 768: zero would say that there is none. */
	censor_put16(udp + 6, check ? check : 0xffff);
	put_ip(buf, &ends, CENSOR_PROTO_UDP, len, ttl, id, how->df);
	return at + len;
}

void censor_forge_start(struct censor_forger *forger, const struct censor_policy *pol,
			const struct censor_flow *flow, const struct censor_packet_view *view,
			const struct censor_context *ctx)
{
	struct censor_packet_view copy = *view;
	struct censor_key key;

	memset(forger, 0, sizeof(*forger));
	forger->pol = pol;
	forger->view = view;
	forger->ctx = ctx;
	if (!ctx->n_matches)
		return;
	censor_packet_key(&copy, &key);
	forger->random = censor_key_hash(&key) ^ pol->seed * 0x9e3779b97f4a7c15ull;
	forger->random += flow ? flow->packets : view->seq + view->ip_id;
	draw(&forger->random);
}

u32 censor_forge_next(struct censor_forger *f, u8 *buf)
{
	for (; f->match < f->ctx->n_matches; f->match++) {
		const struct censor_match *match = &f->ctx->matches[f->match];
		const struct censor_rule *rule = &f->pol->rules[match->rule];
		u32 len = 0;

		if (match->actions & CENSOR_DO_INJECT)
			len = next_injected(f, &f->pol->injects[rule->inject], buf);
		else if (match->actions & CENSOR_DO_FORGE && !f->sent++)
			len = forge_answer(f, &rule->forge, buf);
		if (len)
			return len;
		f->packet = 0;
		f->copy = 0;
		f->side = 0;
		f->sent = 0;
	}
	return 0;
}
