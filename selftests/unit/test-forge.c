// SPDX-License-Identifier: GPL-2.0
/* What the censor sends, byte for byte. That all checksums are right is seen in rig.c. */
#include "test.h"
#include "rig.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"203.0.113.80"
#define CLIENT6	"2001:db8:1::10"
#define SERVER6	"2001:db8:2::80"

static u8 buf[WIRE_MAX], hello[WIRE_MAX], query[WIRE_MAX];
static u32 hello_len;

static struct rig *new_rig(const struct censor_packet *packets, u32 n, u64 seed)
{
	struct censor_policy *pol = policy_new();

	hello_len = wire_hello_sni(hello, "www.facebook.com");
	pol->seed = seed;
	policy_inject(pol, "gfw", packets, n);
	policy_rule(pol, "sni", CENSOR_DO_INJECT);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, policy_names(pol, "s", NAMES("facebook.com")));
	policy_rule(pol, "port", CENSOR_DO_INJECT);
	policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 25, 25));
	policy_seal(pol);
	return rig_new(pol);
}

/* The fields of a forged packet, read at their places in the RFCs. */
struct fields {
	u32 ip_len;
	u8 ttl, flags;
	u16 ip_id, frag, sport, dport, window;
	u32 seq, ack;
	const u8 *src, *dst;
};

static struct fields fields_of(const struct forged *forged)
{
	const u8 *p = forged->data, *tcp;
	struct fields f;

	if (p[0] >> 4 == 4) {
		assert_int_equal(p[0], 0x45);
		assert_int_equal(p[1], 0);
		assert_int_equal(censor_get16(p + 2), forged->len);
		f = (struct fields){ .ip_len = 20, .ttl = p[8], .ip_id = censor_get16(p + 4),
				     .frag = censor_get16(p + 6), .src = p + 12, .dst = p + 16 };
		assert_int_equal(p[9], 6);
	} else {
		assert_int_equal(p[0], 0x60);
		assert_int_equal(censor_get24(p + 1), 0);
		assert_int_equal(censor_get16(p + 4), forged->len - 40);
		f = (struct fields){ .ip_len = 40, .ttl = p[7], .src = p + 8, .dst = p + 24 };
		assert_int_equal(p[6], 6);
	}
	assert_int_equal(forged->len, f.ip_len + 20);
	tcp = p + f.ip_len;
	f.sport = censor_get16(tcp);
	f.dport = censor_get16(tcp + 2);
	f.seq = censor_get32(tcp + 4);
	f.ack = censor_get32(tcp + 8);
	assert_int_equal(tcp[12], 0x50);
	f.flags = tcp[13];
	f.window = censor_get16(tcp + 14);
	assert_int_equal(censor_get16(tcp + 18), 0);
	return f;
}

/* Both ways, over both families: addresses, ports and numbers that the receiver believes. */
static void test_numbers(void **state)
{
	static const struct censor_packet packets[] = {
		{ .flags = RST, .to = CENSOR_TO_CLIENT | CENSOR_TO_SERVER, .copies = 1, .n_seq = 1,
		  .ttl = { 0, 64, 64 }, .ip_id = { 0, 0x3412, 0x3412 }, .window = { 0, 7, 7 } },
		{ .flags = RST | ACK, .to = CENSOR_TO_CLIENT | CENSOR_TO_SERVER, .copies = 1,
		  .n_seq = 1, .df = true, .ttl = { 0, 248, 248 } },
	};
	u32 v6, i;

	(void)state;
	for (v6 = 0; v6 < 2; v6++) {
		struct ends ends = v6 ? ends6(CLIENT6, 40000, SERVER6, 443) :
					ends4(CLIENT, 40000, SERVER, 443);
		struct rig *rig = new_rig(packets, 2, 1);
		struct talk talk = talk_open(rig, ends);
		const struct seen *seen = talk_say(&talk, hello, hello_len);

		assert_int_equal(seen->n_forged, 4);
		for (i = 0; i < 4; i++) {
			struct fields f = fields_of(&seen->forged[i]);
			bool client = seen->forged[i].to == CENSOR_TO_CLIENT;
			bool with_ack = i >= 2;
			u32 size = v6 ? 16 : 4;

			assert_int_equal(client, !(i & 1));
			assert_int_equal(seen->forged[i].match, 0);
			assert_memory_equal(f.src, client ? ends.dst : ends.src, size);
			assert_memory_equal(f.dst, client ? ends.src : ends.dst, size);
			assert_int_equal(f.sport, client ? 443 : 40000);
			assert_int_equal(f.dport, client ? 40000 : 443);
			/* talk.seq is what comes after the trigger. */
			assert_int_equal(f.seq, client ? talk.ack : talk.seq);
			assert_int_equal(f.ack, !with_ack ? 0 : client ? talk.seq : talk.ack);
			assert_int_equal(f.flags, with_ack ? RST | ACK : RST);
			assert_int_equal(f.ttl, with_ack ? 248 : 64);
			assert_int_equal(f.window, with_ack ? 0 : 7);
			if (!v6) {
				assert_int_equal(f.ip_id, with_ack ? 0 : 0x3412);
				assert_int_equal(f.frag, with_ack ? 0x4000 : 0);
			}
		}
		rig_free(rig);
	}
}

/* A SYN and a FIN take a number each; a SYN is answered so that its sender believes it. */
static void test_flags_count(void **state)
{
	static const struct censor_packet packet = {
		.flags = RST | ACK, .to = CENSOR_TO_CLIENT | CENSOR_TO_SERVER, .copies = 1,
		.n_seq = 1,
	};
	static const struct { u8 flags; u32 len, takes; } rows[] = {
		{ SYN, 0, 1 }, { ACK, 0, 0 }, { FIN | ACK, 0, 1 }, { SYN, 10, 11 },
		{ FIN | PSH | ACK, 10, 11 },
	};
	u32 i, turn;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig *rig = new_rig(&packet, 1, 1);
		const u32 seq = 0xfffffffa, ack = rows[i].flags & ACK ? 0x12345678 : 0;
		const struct seen *seen;

		seen = rig_send(rig, buf, wire_tcp(buf, ends4(CLIENT, 40000, SERVER, 25),
						   rows[i].flags, seq, ack, hello, rows[i].len));
		assert_int_equal(seen->n_forged, 2);
		for (turn = 0; turn < 2; turn++) {
			struct fields f = fields_of(&seen->forged[turn]);

			assert_int_equal(f.seq, turn ? seq + rows[i].takes : ack);
			assert_int_equal(f.ack, turn ? ack : seq + rows[i].takes);
		}
		rig_free(rig);
	}
}

static void test_rst_unanswered(void **state)
{
	static const struct censor_packet packet = { .flags = RST, .to = 3, .copies = 1,
						     .n_seq = 1 };
	struct rig *rig = new_rig(&packet, 1, 1);

	(void)state;
	assert_int_equal(rig_send(rig, buf, wire_tcp(buf, ends4(CLIENT, 40000, SERVER, 25), RST, 1,
						     1, NULL, 0))->n_forged, 0);
	rig_free(rig);
}

/* 2013-2017's type 2: three copies at X, X+1460, X+4380 (CENSORS.md 2.1); and over again. */
static void test_copies(void **state)
{
	static const u32 offsets[] = { 0, 1460, 4380 };
	u32 to, copies, i;

	(void)state;
	for (to = 1; to <= 3; to++) {
		for (copies = 3; copies <= CENSOR_COPIES_MAX; copies++) {
			struct censor_packet packet = {
				.flags = RST | ACK, .to = (u8)to, .copies = (u8)copies, .n_seq = 3,
				.seq = { 0, 1460, 4380 },
			};
			struct rig *rig = new_rig(&packet, 1, 1);
			struct talk talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 443));
			const struct seen *seen = talk_say(&talk, hello, hello_len);
			u32 n[3] = { 0 };

			assert_int_equal(seen->n_forged, copies * (to == 3 ? 2 : 1));
			for (i = 0; i < seen->n_forged; i++) {
				u8 side = seen->forged[i].to;
				struct fields f = fields_of(&seen->forged[i]);

				assert_true(side & to);
				assert_int_equal(f.seq - (side == CENSOR_TO_CLIENT ? talk.ack :
							  talk.seq), offsets[n[side]++ % 3]);
				/* The offset is the sequence number's; the other stays. */
				assert_int_equal(f.ack, side == CENSOR_TO_CLIENT ? talk.seq :
						 talk.ack);
			}
			assert_int_equal(n[1], to & 1 ? copies : 0);
			assert_int_equal(n[2], to & 2 ? copies : 0);
			rig_free(rig);
		}
	}
}

/* Several descriptions: in their order, each with its copies; as many as there can be. */
static void test_descriptions(void **state)
{
	struct censor_packet packets[CENSOR_PACKETS_MAX];
	const struct seen *seen;
	struct talk talk;
	struct rig *rig;
	u32 i, j, at = 0;

	(void)state;
	for (i = 0; i < CENSOR_PACKETS_MAX; i++)
		packets[i] = (struct censor_packet){
			.flags = (u8)(RST | i << 4), .to = (u8)(i % 3 + 1), .copies = (u8)(i % 4 + 1),
			.n_seq = 1, .window = { 0, (u16)i, (u16)i },
		};
	rig = new_rig(packets, CENSOR_PACKETS_MAX, 1);
	talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 443));
	seen = talk_say(&talk, hello, hello_len);
	for (i = 0; i < CENSOR_PACKETS_MAX; i++)
		for (j = 0; j < (i % 4 + 1) * (i % 3 == 2 ? 2 : 1); j++, at++)
			assert_int_equal(fields_of(&seen->forged[at]).window, i);
	assert_int_equal(seen->n_forged, at);
	rig_free(rig);
}

/* Drawn values stay in their range and reach both of its ends. */
static void test_ranges(void **state)
{
	static const struct censor_packet packet = {
		.flags = RST | ACK, .to = CENSOR_TO_CLIENT, .copies = 8, .n_seq = 1,
		.ttl = { CENSOR_PICK_RANGE, 55, 58 }, .ip_id = { CENSOR_PICK_RANGE, 0x9916, 0x9933 },
		.window = { CENSOR_PICK_RANGE, 0, 65535 },
	};
	struct rig *rig = new_rig(&packet, 1, 1);
	u32 ttl[4] = { 0 }, id[0x1e] = { 0 }, high = 0, i, j;

	(void)state;
	for (i = 0; i < 200; i++) {
		struct talk talk;

		rig_forget(rig);
		talk = talk_open(rig, ends4(CLIENT, (u16)(40000 + i), SERVER, 443));
		talk_say(&talk, hello, hello_len);
		for (j = 0; j < 8; j++) {
			struct fields f = fields_of(&rig->seen.forged[j]);

			assert_in_range(f.ttl, 55, 58);
			assert_in_range(f.ip_id, 0x9916, 0x9933);
			ttl[f.ttl - 55]++;
			id[f.ip_id - 0x9916]++;
			high += f.window >= 32768;
		}
	}
	/* 1,600 draws, each value as likely as the others: within six standard deviations. */
	for (i = 0; i < 4; i++)
		assert_in_range(ttl[i], 400 - 104, 400 + 104);
	for (i = 0; i < 0x1e; i++)
		assert_in_range(id[i], 53 - 44, 53 + 44);
	assert_in_range(high, 800 - 120, 800 + 120);
	rig_free(rig);
}

/* Cyclic: drawn for the first packet, one more for each that follows, round and round. */
static void test_cyclic(void **state)
{
	static const struct censor_packet packet = {
		.flags = RST | ACK, .to = CENSOR_TO_CLIENT, .copies = 8, .n_seq = 1,
		.ttl = { CENSOR_PICK_CYCLIC, 100, 104 }, .ip_id = { CENSOR_PICK_CYCLIC, 0, 65535 },
		.window = { CENSOR_PICK_CYCLIC, 9, 9 },
	};
	struct rig *rig = new_rig(&packet, 1, 1);
	u32 starts = 0, i, j;

	(void)state;
	for (i = 0; i < 60; i++) {
		struct talk talk;
		struct fields first;

		rig_forget(rig);
		talk = talk_open(rig, ends4(CLIENT, (u16)(40000 + i), SERVER, 443));
		talk_say(&talk, hello, hello_len);
		first = fields_of(&rig->seen.forged[0]);
		assert_in_range(first.ttl, 100, 104);
		starts |= 1u << (first.ttl - 100);
		for (j = 1; j < 8; j++) {
			struct fields f = fields_of(&rig->seen.forged[j]);

			assert_int_equal(f.ttl, 100 + (first.ttl - 100 + j) % 5);
			assert_int_equal(f.ip_id, (first.ip_id + j) & 0xffff);
			assert_int_equal(f.window, 9);
		}
	}
	assert_int_equal(starts, 0x1f);
	rig_free(rig);
}

static void test_mirror(void **state)
{
	static const struct censor_packet packet = {
		.flags = RST, .to = 3, .copies = 2, .n_seq = 1, .ttl = { CENSOR_PICK_MIRROR, 0, 0 },
		.ip_id = { CENSOR_PICK_MIRROR, 0, 0 },
	};
	struct rig *rig = new_rig(&packet, 1, 1);
	struct header header = { .ttl = 23, .ip_id = 0xbeef };
	u32 i;

	(void)state;
	rig_send(rig, buf, wire_tcp_header(buf, ends4(CLIENT, 40000, SERVER, 25), &header, SYN, 1, 0,
					   NULL, 0));
	assert_int_equal(rig->seen.n_forged, 4);
	for (i = 0; i < 4; i++) {
		assert_int_equal(fields_of(&rig->seen.forged[i]).ttl, 23);
		assert_int_equal(fields_of(&rig->seen.forged[i]).ip_id, 0xbeef);
	}
	rig_free(rig);
}

/* A page in tiny segments, over and over, would keep a host busy: it is refused. */
static void test_too_many(void **state)
{
	static const struct { u8 copies, to; u32 len; bool good; } rows[] = {
		{ 8, CENSOR_TO_BOTH, 64, true }, { 8, CENSOR_TO_BOTH, 65, false },
		{ 8, CENSOR_TO_CLIENT, 128, true }, { 1, CENSOR_TO_SERVER, 1024, true },
		{ 1, CENSOR_TO_SERVER, 1025, false },
		{ 8, CENSOR_TO_BOTH, CENSOR_PAGE_SIZE, false },
	};
	static const u8 page[CENSOR_PAGE_SIZE];
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct censor_packet packet = { .flags = ACK, .to = rows[i].to,
						.copies = rows[i].copies, .n_seq = 1, .page = 1,
						.segment = 1 };
		struct censor_policy *pol = policy_new();
		int where;

		assert_done(censor_policy_add_page(pol, "page", &why));
		assert_done(censor_policy_add_page_data(pol, 0, page, rows[i].len, &why));
		policy_inject(pol, "gfw", &packet, 1);
		policy_rule(pol, "port", CENSOR_DO_INJECT);
		policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 25, 25));
		if (rows[i].good)
			assert_done(censor_policy_seal(pol, &where, &why));
		else
			assert_refused(censor_policy_seal(pol, &where, &why), E2BIG);
		censor_policy_destroy(pol);
	}
}

static u64 digest(const struct seen *seen)
{
	u64 hash = 14695981039346656037ull;
	u32 i, j;

	for (i = 0; i < seen->n_forged; i++)
		for (j = 0; j < seen->forged[i].len; j++)
			hash = (hash ^ seen->forged[i].data[j]) * 1099511628211ull;
	return hash;
}

/* The same packets under the same policy: the same bytes. Another seed, port or packet: others. */
static void test_deterministic(void **state)
{
	static const struct censor_packet packet = {
		.flags = RST | ACK, .to = 3, .copies = 3, .n_seq = 1,
		.ttl = { CENSOR_PICK_RANGE, 39, 238 }, .ip_id = { CENSOR_PICK_RANGE, 0, 65535 },
		.window = { CENSOR_PICK_CYCLIC, 0, 65535 },
	};
	static const struct { u64 seed; u16 port; bool later; bool no_fast; } rows[] = {
		{ 2017, 40000, false, false }, { 2017, 40000, false, true },
		{ 2017, 40001, false, false }, { 2018, 40000, false, false },
		{ 2017, 40000, true, false },
	};
	u64 hash[ARRAY_SIZE(rows)];
	u32 i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rig *rig = new_rig(&packet, 1, rows[i].seed);
		struct talk talk;

		rig->no_fast = rows[i].no_fast;
		talk = talk_open(rig, ends4(CLIENT, rows[i].port, SERVER, 443));
		if (rows[i].later)
			talk_flags(&talk, true, ACK);
		hash[i] = digest(talk_say(&talk, hello, hello_len));
		rig_free(rig);
	}
	assert_true(hash[0] == hash[1]);
	for (i = 1; i < ARRAY_SIZE(rows); i++)
		for (j = i + 1; j < ARRAY_SIZE(rows); j++)
			assert_true(hash[i] != hash[j]);
}

/* DNS */

#define POOL4	"203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4", "203.0.113.5"
#define POOL6	"2001:db8:bad::1", "2001:db8:bad::2"

static struct rig *new_liar(const struct censor_forge *how, const char *const *pool)
{
	struct censor_rule rule = { .name = "dns", .actions = CENSOR_DO_FORGE, .forge = *how };
	struct censor_policy *pol = policy_new();

	rule.forge.pool = policy_pool(pol, "lies", pool);
	policy_rule_full(pol, &rule);
	policy_cond(pol, CENSOR_ATTR_DNS_QNAME, policy_names(pol, "s", NAMES("facebook.com")));
	policy_seal(pol);
	return rig_new(pol);
}

static const struct forged *ask(struct rig *rig, struct ends ends, u16 flags, u16 type)
{
	u32 len = wire_dns(query, 0xabcd, flags, "Www.Facebook.COM", type, 1);

	rig_send(rig, buf, wire_udp_header(buf, ends, &(struct header){ .ttl = 77, .ip_id = 0x55aa },
					   query, len));
	assert_false(rig->seen.drop);
	assert_int_equal(rig->seen.n_matches, 1);
	return rig->seen.n_forged ? &rig->seen.forged[0] : NULL;
}

static const u8 question[] = "\x03Www\x08" "Facebook\x03" "COM\x00\x00\x01\x00\x01";
#define QUESTION_LEN	(sizeof(question) - 1)

/* One answer, every byte of it. */
static void test_dns_bytes(void **state)
{
	static const struct censor_forge how = {
		.count = 1, .ttl_lo = 299, .ttl_hi = 299, .ip_ttl = { 0, 64, 64 },
		.ip_id = { 0, 0x3412, 0x3412 },
	};
	static const u8 record[] = { 0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0x01, 0x2b, 0, 4, 203, 0, 113, 9 };
	struct rig *rig = new_liar(&how, NAMES("203.0.113.9"));
	struct ends ends = ends4(CLIENT, 4000, SERVER, 53);
	const struct forged *forged;
	const u8 *p;

	(void)state;
	forged = ask(rig, ends, DNS_RD, DNS_A);
	assert_non_null(forged);
	assert_int_equal(rig->seen.n_forged, 1);
	assert_int_equal(forged->to, CENSOR_TO_CLIENT);
	assert_int_equal(forged->len, 20 + 8 + 12 + QUESTION_LEN + sizeof(record));
	p = forged->data;
	assert_int_equal(p[0], 0x45);
	assert_int_equal(censor_get16(p + 4), 0x3412);
	assert_int_equal(censor_get16(p + 6), 0);
	assert_int_equal(p[8], 64);
	assert_int_equal(p[9], 17);
	assert_memory_equal(p + 12, ends.dst, 4);
	assert_memory_equal(p + 16, ends.src, 4);
	assert_int_equal(censor_get16(p + 20), 53);
	assert_int_equal(censor_get16(p + 22), 4000);
	p += 28;
	assert_memory_equal(p, "\xab\xcd\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00", 12);
	assert_memory_equal(p + 12, question, QUESTION_LEN);
	assert_memory_equal(p + 12 + QUESTION_LEN, record, sizeof(record));

	/* Recursion not desired: 0x8400 (CENSORS.md 1.3). */
	p = ask(rig, ends, 0, DNS_A)->data + 28;
	assert_int_equal(censor_get16(p + 2), 0x8400);
	/* No bit of the query but RD gets into the answer. */
	p = ask(rig, ends, 0x7eff, DNS_A)->data + 28;
	assert_int_equal(censor_get16(p + 2), 0x8400);
	p = ask(rig, ends, 0x7fff, DNS_A)->data + 28;
	assert_int_equal(censor_get16(p + 2), 0x8180);
	rig_free(rig);
}

static void test_dns_flags(void **state)
{
	static const struct censor_forge how = { .count = 1, .aa = true, .df = true,
						 .ip_ttl = { CENSOR_PICK_MIRROR, 0, 0 },
						 .ip_id = { CENSOR_PICK_MIRROR, 0, 0 } };
	struct rig *rig = new_liar(&how, NAMES("203.0.113.9"));
	struct ends ends = ends4(CLIENT, 4000, SERVER, 53);
	const u8 *p = ask(rig, ends, DNS_RD, DNS_A)->data;

	(void)state;
	assert_int_equal(censor_get16(p + 30), 0x8580);
	assert_int_equal(censor_get16(p + 6), 0x4000);
	/* Injector 3's mirrored TTL (CENSORS.md 1.2). */
	assert_int_equal(p[8], 77);
	assert_int_equal(censor_get16(p + 4), 0x55aa);
	assert_int_equal(censor_get16(ask(rig, ends, 0, DNS_A)->data + 30), 0x8400);
	rig_free(rig);
}

/* EDNS and all else behind the question is left out. */
static void test_dns_edns(void **state)
{
	static const struct censor_forge how = { .count = 1 };
	struct rig *rig = new_liar(&how, NAMES("203.0.113.9"));
	u32 len = wire_dns_edns(query, 1, DNS_RD, "facebook.com", DNS_A);

	(void)state;
	rig_send(rig, buf, wire_udp(buf, ends4(CLIENT, 4000, SERVER, 53), query, len));
	assert_int_equal(rig->seen.n_forged, 1);
	assert_int_equal(rig->seen.forged[0].len, 20 + 8 + len - 11 + 16);
	assert_memory_equal(rig->seen.forged[0].data + 28 + 4, "\0\x01\0\x01\0\0\0\0", 8);
	rig_free(rig);
}

/* Any type is answered with A, AAAA with AAAA (CENSORS.md 1.1); over IPv6 as well. */
static void test_dns_types(void **state)
{
	static const u16 types[] = { DNS_A, DNS_AAAA, 2, 5, 6, 15, 16, 65, 255, 0, 65535 };
	static const struct censor_forge how = { .count = 1 };
	struct rig *rig = new_liar(&how, NAMES("203.0.113.9", "2001:db8:bad::9"));
	struct censor_prefix v6 = policy_prefix("2001:db8:bad::9");
	u32 i, over6;

	(void)state;
	for (over6 = 0; over6 < 2; over6++) {
		struct ends ends = over6 ? ends6(CLIENT6, 4000, SERVER6, 53) :
					   ends4(CLIENT, 4000, SERVER, 53);

		for (i = 0; i < ARRAY_SIZE(types); i++) {
			const struct forged *forged = ask(rig, ends, DNS_RD, types[i]);
			const u8 *p = forged->data + (over6 ? 48 : 28);
			bool aaaa = types[i] == DNS_AAAA;

			/* The question stays what it was. */
			assert_int_equal(censor_get16(p + 12 + QUESTION_LEN - 4), types[i]);
			p += 12 + QUESTION_LEN;
			assert_int_equal(censor_get16(p), 0xc00c);
			assert_int_equal(censor_get16(p + 2), aaaa ? DNS_AAAA : DNS_A);
			assert_int_equal(censor_get16(p + 4), 1);
			assert_int_equal(censor_get16(p + 10), aaaa ? 16 : 4);
			if (aaaa)
				assert_memory_equal(p + 12, v6.addr, 16);
			else
				assert_memory_equal(p + 12, "\xcb\x00\x71\x09", 4);
		}
	}
	rig_free(rig);

	/* No address that fits: the question is left alone. */
	rig = new_liar(&how, NAMES("203.0.113.9"));
	assert_null(ask(rig, ends4(CLIENT, 4000, SERVER, 53), DNS_RD, DNS_AAAA));
	assert_non_null(ask(rig, ends4(CLIENT, 4000, SERVER, 53), DNS_RD, DNS_A));
	rig_free(rig);
	rig = new_liar(&how, NAMES("2001:db8:bad::9"));
	assert_null(ask(rig, ends4(CLIENT, 4000, SERVER, 53), DNS_RD, DNS_A));
	assert_non_null(ask(rig, ends4(CLIENT, 4000, SERVER, 53), DNS_RD, DNS_AAAA));
	rig_free(rig);
}

/* Several records: neighbours in the pool, each with a TTL of its own. */
static void test_dns_pool(void **state)
{
	u32 count, i, j;

	(void)state;
	for (count = 1; count <= CENSOR_ANSWERS_MAX; count++) {
		struct censor_forge how = { .count = (u8)count, .ttl_lo = 102, .ttl_hi = 191 };
		struct rig *rig = new_liar(&how, NAMES(POOL4, POOL6));
		u32 starts = 0, differ = 0;

		for (i = 0; i < 100; i++) {
			const u8 *p = ask(rig, ends4(CLIENT, (u16)(4000 + i), SERVER, 53), DNS_RD,
					  DNS_A)->data + 28;
			u32 n = min(count, 5u), first;

			assert_int_equal(censor_get16(p + 6), n);
			assert_int_equal(rig->seen.forged[0].len,
					 28 + 12 + QUESTION_LEN + n * 16);
			p += 12 + QUESTION_LEN;
			first = p[15] - 1u;
			starts |= 1u << first;
			for (j = 0; j < n; j++, p += 16) {
				assert_int_equal(p[15], 1 + (first + j) % 5);
				assert_in_range(censor_get32(p + 6), 102, 191);
				differ += j && censor_get32(p + 6) != censor_get32(p - 16 + 6);
			}
		}
		assert_int_equal(starts, 0x1f);
		assert_true(count < 2 || differ > 50);
		rig_free(rig);
	}
}

/* The longest question with the most records still fits. */
static void test_dns_longest(void **state)
{
	static const struct censor_forge how = { .count = CENSOR_ANSWERS_MAX };
	const char *pool[] = { "2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4",
			       "2001:db8::5", "2001:db8::6", "2001:db8::7", "2001:db8::8",
			       "2001:db8::9", "2001:db8::a", "2001:db8::b", "2001:db8::c",
			       "2001:db8::d", "2001:db8::e", "2001:db8::f", "2001:db8::10", NULL };
	struct rig *rig = new_liar(&how, pool);
	char name[300];

	(void)state;
	memset(name, 'a', sizeof(name));
	name[63] = name[127] = name[191] = '.';
	memcpy(name + 240, ".facebook.com", 14);
	rig_send(rig, buf, wire_udp(buf, ends6(CLIENT6, 4000, SERVER6, 53), query,
				    wire_dns(query, 1, DNS_RD, name, DNS_AAAA, 1)));
	assert_int_equal(rig->seen.n_forged, 1);
	assert_int_equal(rig->seen.forged[0].len, 40 + 8 + 12 + 255 + 4 + 16 * 28);
	rig_free(rig);
}

/* censor_forge_dns() writes no more than it may. */
static void test_dns_size(void **state)
{
	static const struct censor_forge how = { .count = 3 };
	struct rig *rig = new_liar(&how, NAMES(POOL4));
	u32 len = wire_dns(query, 1, DNS_RD, "facebook.com", DNS_A, 1), size;

	(void)state;
	for (size = 0; size < len + 3 * 16 + 5; size++) {
		u8 *out = malloc(size ? size : 1);
		struct censor_asked asked = { .data = query, .len = len, .shared = rig->shared };
		u64 random = 1;
		u32 got = censor_forge_dns(rig->pol, &rig->pol->rules[0].forge, &asked, &random,
					   out, size);

		assert_int_equal(got, size < len + 3 * 16 ? 0 : len + 3 * 16);
		free(out);
	}
	rig_free(rig);
}

/* Forging and dropping: in-path censors answer and keep the query. */
static void test_dns_drop(void **state)
{
	struct censor_rule rule = { .name = "dns", .actions = CENSOR_DO_FORGE | CENSOR_DO_DROP,
				    .forge = { .count = 1 } };
	struct censor_policy *pol = policy_new();
	struct rig *rig;

	(void)state;
	policy_pool(pol, "lies", NAMES("203.0.113.9"));
	policy_rule_full(pol, &rule);
	policy_cond(pol, CENSOR_ATTR_DNS_QNAME, policy_names(pol, "s", NAMES("facebook.com")));
	policy_seal(pol);
	rig = rig_new(pol);
	rig_send(rig, buf, wire_udp(buf, ends4(CLIENT, 4000, SERVER, 53), query,
				    wire_dns(query, 1, DNS_RD, "facebook.com", DNS_A, 1)));
	assert_true(rig->seen.drop);
	assert_int_equal(rig->seen.n_forged, 1);
	rig_free(rig);
}

/* Three injectors (CENSORS.md 1.2) are three rules: three answers, in the order of the policy. */
static void test_dns_injectors(void **state)
{
	struct censor_policy *pol = policy_new();
	struct rig *rig;
	u32 i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct censor_rule rule = { .actions = CENSOR_DO_FORGE,
					    .forge = { .count = 1, .aa = !i, .df = i == 1,
						       .ttl_lo = 60 + i, .ttl_hi = 60 + i } };

		sprintf(rule.name, "injector%u", i + 1);
		rule.forge.pool = policy_pool(pol, rule.name, NAMES("203.0.113.9"));
		policy_rule_full(pol, &rule);
		policy_cond(pol, CENSOR_ATTR_DNS_QNAME, policy_names(pol, "", NAMES("a.b")));
	}
	policy_seal(pol);
	rig = rig_new(pol);
	rig_send(rig, buf, wire_udp(buf, ends4(CLIENT, 4000, SERVER, 53), query,
				    wire_dns(query, 1, DNS_RD, "a.b", DNS_A, 1)));
	assert_int_equal(rig->seen.n_forged, 3);
	for (i = 0; i < 3; i++) {
		const struct forged *forged = &rig->seen.forged[i];

		assert_int_equal(forged->match, i);
		assert_int_equal(censor_get16(forged->data + 6), i == 1 ? 0x4000 : 0);
		assert_int_equal(censor_get16(forged->data + 30), i ? 0x8180 : 0x8580);
		assert_int_equal(censor_get32(forged->data + forged->len - 10), 60 + i);
	}
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_flags_count),
		cmocka_unit_test(test_rst_unanswered),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_descriptions),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_cyclic),
		cmocka_unit_test(test_mirror),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_deterministic),
		cmocka_unit_test(test_dns_bytes),
		cmocka_unit_test(test_dns_flags),
		cmocka_unit_test(test_dns_edns),
		cmocka_unit_test(test_dns_types),
		cmocka_unit_test(test_dns_pool),
		cmocka_unit_test(test_dns_longest),
		cmocka_unit_test(test_dns_size),
		cmocka_unit_test(test_dns_drop),
		cmocka_unit_test(test_dns_injectors),
	};

	return cmocka_run_group_tests_name("forge", tests, NULL, NULL);
}
