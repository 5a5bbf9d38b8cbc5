// SPDX-License-Identifier: GPL-2.0
/*
 * Forged DNS answers.
 *
 * DOC: what is told
 *
 * The question of the query and what the rule says of it: addresses of its pool, a CNAME, or that
 * there is no such name. China answers any type with an A record, AAAA excepted, and class IN
 * whatever was asked (CENSORS.md 1.1, 1.3). Behind a CNAME only who asks for addresses gets them.
 *
 * A pool can be walked in its order, from several places at once: each of the censor's processes
 * goes on from its own (CENSORS.md 1.4), and which of them sees a flow is a matter of the flow's
 * addresses and ports. The first begins with the first address, the others at places drawn from the
 * seed.
 */
#include "forge-parts.h"
#include "chance.h"
#include "headers.h"

#define DNS_QR		0x8000
#define DNS_AA		0x0400
#define DNS_RD		0x0100
#define DNS_RA		0x0080
#define RCODE_NXDOMAIN	3
#define RCODE_REFUSED	5
#define TYPE_A		1
#define TYPE_CNAME	5
#define TYPE_AAAA	28
#define CLASS_IN	1
#define POINTER		0xc000
#define RECORD_SIZE	12	/* with a pointer for its name, without data */
#define TAIL_SIZE	5	/* root label, type and class */

#define DELAY		1u	/* purposes of censor_forge_state() */

/*
 * struct answer - a message that is being written
 * @buf: where
 * @size: its bytes
 * @at: those that are used
 * @n: records
 * @name: where their name stands
 * @full: there was no room
 */
struct answer {
	u8 *buf;
	u32 size, at;
	u16 n, name;
	bool full;
};

/* Room for the data of a record, or NULL. */
static u8 *add_record(struct answer *a, const struct censor_forge *how, u16 type, u32 len,
		      u64 *random)
{
	u8 *p = a->buf + a->at;

	if (a->full || len + RECORD_SIZE > a->size - a->at) {
		a->full = true;
		return NULL;
	}
	censor_put16(p, POINTER | a->name);
	censor_put16(p + 2, type);
	censor_put16(p + 4, CLASS_IN);
	censor_put32(p + 6, censor_draw_range(random, how->ttl_lo, how->ttl_hi));
	censor_put16(p + 10, (u16)len);
	a->at += RECORD_SIZE + len;
	a->n++;
	return p + RECORD_SIZE;
}

/* Header and question. A query that ends without a root label gets one, and a type and class. */
static void begin(struct answer *a, const struct censor_asked *asked,
		  const struct censor_dns_question *q)
{
	u32 tail = q->cut ? TAIL_SIZE : 0;

	if (q->end + tail > a->size) {
		a->full = true;
		return;
	}
	memcpy(a->buf, asked->data, q->end);
	a->at = q->end + tail;
	a->name = CENSOR_DNS_HEADER;
	if (!tail)
		return;
	a->buf[q->end] = 0;
	censor_put16(a->buf + q->end + 1, q->type);
	censor_put16(a->buf + q->end + 3, q->class);
}

/* The header last: its counts are known then. */
static void finish(struct answer *a, const struct censor_forge *how)
{
	/* CENSORS.md 1.3: 0x8180 where recursion was desired, 0x8400 where not. */
	u16 flags = censor_get16(a->buf + 2) & DNS_RD ? DNS_QR | DNS_RD | DNS_RA : DNS_QR | DNS_AA;

	if (how->aa)
		flags |= DNS_AA;
	if (how->lie == CENSOR_LIE_NXDOMAIN)
		flags |= RCODE_NXDOMAIN;
	else if (how->lie == CENSOR_LIE_REFUSED)
		flags |= RCODE_REFUSED;
	censor_put16(a->buf + 2, flags);
	censor_put16(a->buf + 4, 1);
	censor_put16(a->buf + 6, a->n);
	censor_put32(a->buf + 8, 0);
}

/* A CNAME in the form of the wire; the records behind it are its. */
static void add_cname(struct answer *a, const struct censor_forge *how, const char *name,
		      u64 *random)
{
	u32 len = strlen(name), label = 0, i;
	u8 *p = add_record(a, how, TYPE_CNAME, len + 2, random);

	if (!p)
		return;
	a->name = (u16)(p - a->buf);
	for (i = 0; i <= len; i++) {
		if (i < len && name[i] != '.') {
			p[i + 1] = name[i];
			continue;
		}
		p[label] = (u8)(i - label);
		label = i + 1;
	}
	p[len + 1] = 0;
}

static censor_counter *counter_of(const struct censor_policy *pol,
				  const struct censor_forge *how, struct censor_shared *shared,
				  u32 n)
{
	return &shared->tries[pol->n_rules + how->counters + n];
}

/* Where in a pool of @n addresses the answer begins. */
static u32 first_of(const struct censor_policy *pol, const struct censor_forge *how,
		    const struct censor_asked *asked, bool v6, u32 n, u64 *random)
{
	u32 cursor, at, start = 0;
	u64 state;

	if (!how->in_order)
		return censor_draw_below(random, n);
	cursor = (u32)((asked->hash >> 32) * how->cursors >> 32);
	at = censor_counter_up(counter_of(pol, how, asked->shared, 1 + 2 * cursor + v6));
	if (cursor) {
		state = censor_draw_start(pol, ~how->counters) + cursor;
		start = censor_draw_below(&state, n);
	}
	/* Several addresses of one answer are so many steps. */
	return (start + at % n * how->count) % n;
}

static void add_addresses(struct answer *a, const struct censor_forge *how,
			  const struct censor_pool *pool, bool v6, u32 first, u64 *random)
{
	u32 n = v6 ? pool->n_v6 : pool->n_v4, i;

	for (i = 0; i < how->count && i < n; i++) {
		u32 pick = first + i < n ? first + i : first + i - n;
		u8 *p = add_record(a, how, v6 ? TYPE_AAAA : TYPE_A, v6 ? 16 : 4, random);

		if (p)
			memcpy(p, v6 ? pool->v6[pick] : pool->v4[pick], v6 ? 16 : 4);
	}
}

u32 censor_forge_dns(const struct censor_policy *pol, const struct censor_forge *how,
		     const struct censor_asked *asked, u64 *random, u8 *buf, u32 size)
{
	/* Whatever question the policy's own model reads, this one does. */
	static const struct censor_detect_model model = { .dns_name = 1, .dns_dots = true };
	struct censor_look look = { .data = asked->data, .len = asked->len, .model = &model };
	struct answer a = { .buf = buf, .size = size };
	struct censor_dns_question q;
	bool v6, addresses;
	u32 n = 0;

	if (censor_dns_question(&look, &q) != CENSOR_FOUND_ALL)
		return 0;
	v6 = q.type == TYPE_AAAA;
	addresses = how->lie == CENSOR_LIE_ADDRESS || v6 || q.type == TYPE_A;
	if (how->pool != CENSOR_NO_POOL && addresses)
		n = v6 ? pol->pools[how->pool].n_v6 : pol->pools[how->pool].n_v4;
	if (!n && how->lie == CENSOR_LIE_ADDRESS)
		return 0;
	begin(&a, asked, &q);
	if (how->lie == CENSOR_LIE_CNAME)
		add_cname(&a, how, pol->aliases[how->alias - 1].name, random);
	if (n)
		add_addresses(&a, how, &pol->pools[how->pool], v6,
			      first_of(pol, how, asked, v6, n, random), random);
	if (a.full)
		return 0;
	finish(&a, how);
	return a.at;
}

/* A field that counts up from answer to answer begins at a place that the seed draws. */
static u16 field_of(const struct censor_forger *f, const struct censor_forge *how, bool id,
		    u32 nth, u64 *state)
{
	u64 base = censor_draw_start(f->pol, ~how->counters) + (id ? 1u << 31 : 1u << 30);

	return id ? censor_field_value(&how->ip_id, f->view->ip_id, base, nth, state) :
		    censor_field_value(&how->ip_ttl, f->view->ttl, base, nth, state);
}

u32 censor_forge_answer(struct censor_forger *f, const struct censor_forge *how, u8 *buf)
{
	const struct censor_packet_view *view = f->view;
	struct censor_asked asked = { .data = view->payload, .len = view->cap, .hash = f->hash,
				      .shared = f->ctx->shared };
	u32 at = censor_ip_size(view->family), len, nth;
	u64 state = censor_forge_state(f, 0);
	u64 delays = censor_forge_state(f, DELAY);
	struct censor_ends ends;
	u8 *udp = buf + at;
	u16 id;
	u8 ttl;

	f->to = CENSOR_TO_CLIENT;
	ends = censor_ends_of(view, f->to);
	censor_draw(&state);
	len = censor_forge_dns(f->pol, how, &asked, &state, udp + CENSOR_UDP_SIZE,
			       CENSOR_FORGE_SIZE - at - CENSOR_UDP_SIZE);
	if (!len)
		return 0;
	nth = censor_counter_up(counter_of(f->pol, how, f->ctx->shared, 0));
	ttl = (u8)field_of(f, how, false, nth, &state);
	id = field_of(f, how, true, nth, &state);
	censor_put_udp(udp, &ends, len);
	len += CENSOR_UDP_SIZE;
	censor_put_ip(buf, &ends, CENSOR_PROTO_UDP, len, ttl, id, how->df);
	if (how->delay != CENSOR_NO_DELAY)
		f->delay_us = censor_draw_delay(&delays, &f->pol->delays[how->delay - 1]);
	return at + len;
}
