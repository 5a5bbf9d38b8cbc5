// SPDX-License-Identifier: GPL-2.0
/* Forged DNS answers. */
#include "forge-parts.h"
#include "chance.h"
#include "headers.h"

#define DNS_SIZE	12
#define DNS_QR		0x8000
#define DNS_AA		0x0400
#define DNS_RD		0x0100
#define DNS_RA		0x0080
#define TYPE_A		1
#define TYPE_AAAA	28

#define DELAY		1u	/* purposes of censor_forge_state() */

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
	first = censor_draw_below(random, n);

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
		censor_put32(buf + at + 6, censor_draw_range(random, how->ttl_lo, how->ttl_hi));
		censor_put16(buf + at + 10, rdlen);
		memcpy(buf + at + 12, v6 ? pool->v6[pick] : pool->v4[pick], rdlen);
		at += 12 + rdlen;
	}
	return at;
}

u32 censor_forge_answer(struct censor_forger *f, const struct censor_forge *how, u8 *buf)
{
	const struct censor_packet_view *view = f->view;
	u32 at = censor_ip_size(view->family), len;
	u64 state = censor_forge_state(f, 0);
	u64 delays = censor_forge_state(f, DELAY);
	u64 base = censor_draw(&state);
	struct censor_ends ends;
	u8 *udp = buf + at;
	u16 id;
	u8 ttl;

	f->to = CENSOR_TO_CLIENT;
	ends = censor_ends_of(view, f->to);
	len = censor_forge_dns(f->pol, how, view->payload, view->cap, &state,
			       udp + CENSOR_UDP_SIZE, CENSOR_FORGE_SIZE - at - CENSOR_UDP_SIZE);
	if (!len)
		return 0;
	ttl = censor_field_value(&how->ip_ttl, view->ttl, base, 0, &state);
	id = censor_field_value(&how->ip_id, view->ip_id, base, 0, &state);
	censor_put_udp(udp, &ends, len);
	len += CENSOR_UDP_SIZE;
	censor_put_ip(buf, &ends, CENSOR_PROTO_UDP, len, ttl, id, how->df);
	if (how->delay != CENSOR_NO_DELAY)
		f->delay_us = censor_draw_delay(&delays, &f->pol->delays[how->delay - 1]);
	return at + len;
}
