// SPDX-License-Identifier: GPL-2.0
/*
 * What an inject sends beyond a RST: pages, payloads, delays, packets that answer only some; and
 * what packets are rewritten to. Policies are made here by hand, so that the forging is tested by
 * itself.
 */
#include "test.h"
#include "chance.h"
#include "forge.h"
#include "wire.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"203.0.113.80"
#define CLIENT6	"2001:db8:1::10"
#define SERVER6	"2001:db8:2::80"
#define SEQ	0xffffff00u		/* of the trigger: numbers wrap */
#define TACK	0x10000000u
#define TLEN	100u

#define SENT_MAX	512

/* A policy with one rule, its inject, and the packet that triggered it. */
static struct {
	struct censor_policy pol;
	struct censor_inject injects[2];
	struct censor_rule rules[2];
	struct censor_page page;
	struct censor_delay delays[2];
	u8 page_bytes[CENSOR_PAGE_SIZE];
	struct censor_flow flow;
	struct censor_context ctx;
	struct censor_packet_view view;
	u8 trigger[WIRE_MAX];
} r;

struct sent {
	u8 to;
	u32 delay_us, len, match;
	u8 ttl, flags;
	u16 id, window;
	u32 seq, ack;
	u32 payload_len;
	u8 payload[CENSOR_FORGE_SIZE];
};

static struct sent sent[SENT_MAX];
static u32 n_sent;

static void set_up(const struct censor_packet *packets, u32 n)
{
	u32 i;

	memset(&r, 0, sizeof(r));
	r.pol.seed = 7;
	r.pol.injects = r.injects;
	r.pol.rules = r.rules;
	r.pol.pages = &r.page;
	r.pol.delays = r.delays;
	r.page.data = r.page_bytes;
	for (i = 0; i < CENSOR_PAGE_SIZE; i++)
		r.page_bytes[i] = (u8)(i * 7 + (i >> 8));
	memcpy(r.injects[0].packets, packets, n * sizeof(*packets));
	r.injects[0].n_packets = (u8)n;
	r.flow.packets = 4;
	r.ctx.n_matches = 1;
	r.ctx.matches[0].actions = CENSOR_DO_INJECT;
}

static void trigger(bool v6, u8 flags, u32 len)
{
	struct ends ends = v6 ? ends6(CLIENT6, 40000, SERVER6, 80) :
				ends4(CLIENT, 40000, SERVER, 80);
	struct header header = { .ttl = 61, .ip_id = 0x1234, .window = 777 };
	static const u8 payload[TLEN];
	u32 wire = wire_tcp_header(r.trigger, ends, &header, flags, SEQ, TACK, payload, len);

	assert_int_equal(censor_packet_parse(&r.view, r.trigger, wire, wire, false), 0);
}

static void read_packet(struct sent *out, const u8 *p, u32 len)
{
	u32 at = p[0] >> 4 == 4 ? 20 : 40;
	const u8 *tcp = p + at;

	assert_true(len <= CENSOR_FORGE_SIZE);
	assert_true(wire_checksums_ok(p, len));
	out->len = len;
	out->ttl = at == 20 ? p[8] : p[7];
	out->id = at == 20 ? censor_get16(p + 4) : 0;
	out->seq = censor_get32(tcp + 4);
	out->ack = censor_get32(tcp + 8);
	out->flags = tcp[13];
	out->window = censor_get16(tcp + 14);
	assert_int_equal(tcp[12], 0x50);
	out->payload_len = len - at - 20;
	memcpy(out->payload, tcp + 20, out->payload_len);
}

/* All packets that the verdict has; sequence numbers as distances from what the side expects. */
static void forge_all(void)
{
	struct censor_forger forger;
	u8 *buf = malloc(CENSOR_FORGE_SIZE);	/* so that the sanitizer sees what is beyond it */
	u32 len;

	n_sent = 0;
	censor_forge_start(&forger, &r.pol, &r.flow, &r.view, &r.ctx);
	while ((len = censor_forge_next(&forger, buf))) {
		struct sent *out = &sent[n_sent++];
		u32 takes = r.view.len + !!(r.view.tcp_flags & SYN) + !!(r.view.tcp_flags & FIN);

		assert_true(n_sent < SENT_MAX);
		read_packet(out, buf, len);
		out->to = forger.to;
		out->delay_us = forger.delay_us;
		out->match = forger.match;
		out->seq -= out->to == CENSOR_TO_CLIENT ? TACK : SEQ + takes;
	}
	free(buf);
}

static const struct censor_packet page_fin = {
	.flags = FIN | PSH | ACK, .to = CENSOR_TO_CLIENT, .copies = 1, .n_seq = 1, .page = 1,
	.segment = 1360, .ttl = { CENSOR_PICK_RANGE, 64, 64 },
	.ip_id = { CENSOR_PICK_CYCLIC, 1, 60000 },
};

/* In as many segments as it takes, one behind the other; FIN and PSH on the last. */
static void test_page(void **state)
{
	static const u32 lens[] = { 0, 1, 1359, 1360, 1361, 2720, 4000, CENSOR_PAGE_SIZE };
	u32 i, j, v6;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		for (v6 = 0; v6 < 2; v6++) {
			u32 at = 0, n = lens[i] ? (lens[i] + 1359) / 1360 : 1;

			set_up(&page_fin, 1);
			r.page.len = lens[i];
			trigger(v6, PSH | ACK, TLEN);
			forge_all();
			assert_int_equal(n_sent, n);
			for (j = 0; j < n; j++) {
				assert_int_equal(sent[j].seq, at);
				assert_int_equal(sent[j].ack, SEQ + TLEN);
				assert_int_equal(sent[j].flags, j + 1 < n ? ACK : FIN | PSH | ACK);
				assert_int_equal(sent[j].payload_len, min(lens[i] - at, 1360u));
				assert_memory_equal(sent[j].payload, r.page_bytes + at,
						    sent[j].payload_len);
				if (!v6 && j)
					assert_int_equal(sent[j].id, sent[j - 1].id % 60000 + 1);
				at += sent[j].payload_len;
			}
			assert_int_equal(at, lens[i]);
		}
	}
}

/* The whole page goes to one side before the other gets it; each side's numbers are its own. */
static void test_page_both(void **state)
{
	struct censor_packet packet = page_fin;
	u32 i;

	(void)state;
	packet.to = CENSOR_TO_BOTH;
	packet.copies = 2;
	set_up(&packet, 1);
	r.page.len = 3000;
	trigger(false, PSH | ACK, TLEN);
	forge_all();
	assert_int_equal(n_sent, 12);
	for (i = 0; i < 12; i++) {
		assert_int_equal(sent[i].to, i / 3 % 2 ? CENSOR_TO_SERVER : CENSOR_TO_CLIENT);
		assert_int_equal(sent[i].seq, i % 3 * 1360);
		assert_int_equal(sent[i].flags, i % 3 == 2 ? FIN | PSH | ACK : ACK);
		/* Either side sees the IP ID count up by one. */
		if (i >= 3 && i % 3)
			assert_int_equal(sent[i].id, sent[i - 1].id % 60000 + 1);
		if (i >= 6)
			assert_int_equal(sent[i].id, (sent[i - 6].id + 2) % 60000 + 1);
	}
}

/* The least and the greatest segment, over IPv6: no packet is too long. */
static void test_page_segments(void **state)
{
	struct censor_packet packet = page_fin;

	(void)state;
	packet.segment = 1400;
	set_up(&packet, 1);
	r.page.len = 2801;
	trigger(true, PSH | ACK, TLEN);
	forge_all();
	assert_int_equal(n_sent, 3);
	assert_int_equal(sent[0].len, 40 + 20 + 1400);
	assert_int_equal(sent[2].payload_len, 1);
	packet.segment = 1;
	set_up(&packet, 1);
	r.page.len = 300;
	trigger(false, PSH | ACK, TLEN);
	forge_all();
	assert_int_equal(n_sent, 300);
	assert_int_equal(sent[299].seq, 299);
}

/* SYN on the first segment alone; its number comes before the page's bytes, on either side. */
static void test_page_syn(void **state)
{
	struct censor_packet packets[] = { page_fin, page_fin };
	u32 segments, i;

	(void)state;
	packets[0].flags |= SYN;
	packets[0].to = CENSOR_TO_BOTH;
	packets[1].to = CENSOR_TO_BOTH;
	packets[1].page = 0;
	packets[1].seq_next = true;
	for (segments = 1; segments < 4; segments++) {
		u32 len = segments * 1360 - 1, at = 0, n = 2 * segments;

		set_up(packets, 2);
		r.page.len = len;
		trigger(false, PSH | ACK, TLEN);
		forge_all();
		assert_int_equal(n_sent, n + 2);
		for (i = 0; i < n; i++) {
			bool first = i % segments == 0, last = i % segments == segments - 1;

			at = first ? 0 : at + sent[i - 1].payload_len;
			assert_int_equal(sent[i].flags, ACK | (first ? SYN : 0) |
							(last ? FIN | PSH : 0));
			/* The SYN's number, or that of the segment's first byte. */
			assert_int_equal(sent[i].seq, first ? 0 : 1 + at);
			assert_int_equal(sent[i].payload_len, min(len - at, 1360u));
			assert_memory_equal(sent[i].payload, r.page_bytes + at,
					    sent[i].payload_len);
		}
		/* Behind SYN, page and FIN. */
		for (; i < n + 2; i++)
			assert_int_equal(sent[i].seq, 1 + len + 1);
	}
}

static void test_payload(void **state)
{
	struct censor_packet packet = {
		.flags = RST | ACK, .to = CENSOR_TO_BOTH, .copies = 2, .n_seq = 1, .payload_len = 5,
		.payload = "hello", .window = { CENSOR_PICK_RANGE, 9, 9 },
	};
	u32 i, v6;

	(void)state;
	for (v6 = 0; v6 < 2; v6++) {
		set_up(&packet, 1);
		trigger(v6, PSH | ACK, TLEN);
		forge_all();
		assert_int_equal(n_sent, 4);
		for (i = 0; i < 4; i++) {
			assert_int_equal(sent[i].payload_len, 5);
			assert_memory_equal(sent[i].payload, "hello", 5);
			assert_int_equal(sent[i].seq, 0);
			assert_int_equal(sent[i].window, 9);
		}
	}
	packet.payload_len = CENSOR_PAYLOAD_SIZE;
	set_up(&packet, 1);
	trigger(false, PSH | ACK, TLEN);
	forge_all();
	assert_int_equal(sent[0].payload_len, CENSOR_PAYLOAD_SIZE);
}

/* What comes after what was brought: bytes and FINs count, RSTs and repetitions don't. */
static void test_seq_next(void **state)
{
	struct censor_packet packets[] = {
		{ .flags = RST, .to = CENSOR_TO_BOTH, .copies = 1, .n_seq = 1, .seq = { 9999 } },
		{ .flags = ACK, .to = CENSOR_TO_CLIENT, .copies = 2, .n_seq = 1, .payload_len = 7 },
		{ .flags = ACK, .to = CENSOR_TO_BOTH, .copies = 2, .n_seq = 1, .payload_len = 3,
		  .seq_next = true },
		page_fin,
		{ .flags = RST | ACK, .to = CENSOR_TO_BOTH, .copies = 1, .n_seq = 1,
		  .seq_next = true, .seq = { 5 } },
	};
	static const struct { u8 to; u32 seq; } wanted[] = {
		{ CENSOR_TO_CLIENT, 9999 }, { CENSOR_TO_SERVER, 9999 },
		{ CENSOR_TO_CLIENT, 0 }, { CENSOR_TO_CLIENT, 0 },
		{ CENSOR_TO_CLIENT, 7 }, { CENSOR_TO_SERVER, 0 },
		{ CENSOR_TO_CLIENT, 10 }, { CENSOR_TO_SERVER, 3 },
		{ CENSOR_TO_CLIENT, 13 }, { CENSOR_TO_CLIENT, 13 + 1360 },
		{ CENSOR_TO_CLIENT, 13 + 1400 + 1 + 5 }, { CENSOR_TO_SERVER, 6 + 5 },
	};
	u32 i;

	(void)state;
	packets[3].seq_next = true;
	set_up(packets, ARRAY_SIZE(packets));
	r.page.len = 1400;
	trigger(false, PSH | ACK, TLEN);
	forge_all();
	assert_int_equal(n_sent, ARRAY_SIZE(wanted));
	for (i = 0; i < n_sent; i++) {
		assert_int_equal(sent[i].to, wanted[i].to);
		assert_int_equal(sent[i].seq, wanted[i].seq);
	}
}

/* Another match of the same packet begins with nothing brought. */
static void test_two_matches(void **state)
{
	struct censor_packet packet = { .flags = ACK, .to = CENSOR_TO_CLIENT, .copies = 1,
					.n_seq = 1, .payload_len = 7, .seq_next = true };

	(void)state;
	set_up(&packet, 1);
	r.injects[1] = r.injects[0];
	r.injects[1].packets[0].payload_len = 9;
	r.injects[0].delay = 1;
	r.delays[0] = (struct censor_delay){ .n = 1, .point = { { .us = 1000 } } };
	r.ctx.n_matches = 3;
	r.ctx.matches[1] = r.ctx.matches[0];
	r.ctx.matches[1].actions = CENSOR_DO_LOG;
	r.ctx.matches[2] = r.ctx.matches[0];
	r.ctx.matches[2].inject = 1;
	trigger(false, PSH | ACK, TLEN);
	forge_all();
	assert_int_equal(n_sent, 2);
	assert_int_equal(sent[0].match, 0);
	assert_int_equal(sent[0].payload_len, 7);
	assert_int_equal(sent[0].delay_us, 1000);
	assert_int_equal(sent[1].match, 2);
	assert_int_equal(sent[1].payload_len, 9);
	assert_int_equal(sent[1].seq, 0);
	assert_int_equal(sent[1].delay_us, 0);
}

/* Which packets a description answers: a bare SYN, all others, or any. */
static void test_on(void **state)
{
	static const struct censor_packet packets[] = {
		{ .flags = RST, .to = 1, .copies = 1, .n_seq = 1, .on = CENSOR_ON_SYN,
		  .window = { 0, 1, 1 } },
		{ .flags = RST, .to = 1, .copies = 1, .n_seq = 1, .on = CENSOR_ON_OTHER,
		  .window = { 0, 2, 2 } },
		{ .flags = RST, .to = 1, .copies = 1, .n_seq = 1, .on = CENSOR_ON_ANY,
		  .window = { 0, 3, 3 } },
	};
	static const struct { u8 flags, first; } rows[] = {
		{ SYN, 1 }, { SYN | PSH, 1 }, { SYN | ACK, 2 }, { ACK, 2 }, { PSH | ACK, 2 },
		{ FIN | ACK, 2 }, { 0, 2 },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		set_up(packets, 3);
		trigger(false, rows[i].flags, 0);
		forge_all();
		assert_int_equal(n_sent, 2);
		assert_int_equal(sent[0].window, rows[i].first);
		assert_int_equal(sent[1].window, 3);
	}
}

/* One delay for a trigger, a gap drawn between each packet and the next, on whatever side. */
static void test_delays(void **state)
{
	static const struct censor_packet packets[] = {
		{ .flags = RST, .to = 3, .copies = 2, .n_seq = 1 },
		{ .flags = RST, .to = 1, .copies = 1, .n_seq = 1, .on = CENSOR_ON_SYN },
		{ .flags = RST | ACK, .to = 2, .copies = 1, .n_seq = 1 },
	};
	static const struct censor_delay even = {
		.n = 2, .point = { { 0, 10000 }, { CENSOR_CERTAIN, 20000 } },
	};
	u32 firsts = 0, gaps = 0, differ = 0, i, round, with_delay, with_gap;

	(void)state;
	for (with_delay = 0; with_delay < 2; with_delay++) {
		for (with_gap = 0; with_gap < 2; with_gap++) {
			set_up(packets, 3);
			r.injects[0].delay = with_delay ? 1 : CENSOR_NO_DELAY;
			r.injects[0].gap = with_gap ? 2 : CENSOR_NO_DELAY;
			r.delays[0] = (struct censor_delay){ .n = 1, .point = { { 0, 16000 } } };
			r.delays[1] = (struct censor_delay){ .n = 1, .point = { { 0, 300 } } };
			trigger(false, PSH | ACK, TLEN);
			forge_all();
			assert_int_equal(n_sent, 5);
			for (i = 0; i < 5; i++)
				assert_int_equal(sent[i].delay_us,
						 with_delay * 16000 + with_gap * i * 300);
		}
	}
	set_up(packets, 3);
	r.injects[0].delay = 1;
	r.injects[0].gap = 2;
	r.delays[0] = even;
	r.delays[1] = even;
	trigger(false, PSH | ACK, TLEN);
	for (round = 0; round < 400; round++) {
		r.flow.packets = round;
		forge_all();
		assert_int_equal(n_sent, 5);
		assert_in_range(sent[0].delay_us, 10000, 20000);
		firsts += sent[0].delay_us;
		for (i = 1; i < 5; i++) {
			u32 gap = sent[i].delay_us - sent[i - 1].delay_us;

			assert_in_range(gap, 10000, 20000);
			gaps += gap;
			differ += gap != sent[0].delay_us;
		}
	}
	/* Means of 400 and 1,600 even draws: within six standard errors. */
	assert_in_range(firsts / 400, 15000 - 870, 15000 + 870);
	assert_in_range(gaps / 1600, 15000 - 435, 15000 + 435);
	assert_true(differ > 1590);

	/* What would be more than an hour and eleven minutes stays the most that can be said. */
	r.delays[0] = (struct censor_delay){ .n = 1, .point = { { 0, 0xffffff00 } } };
	forge_all();
	assert_int_equal(sent[4].delay_us, 0xffffffff);
}

/* A delayed inject's bytes are those of one that is not, and all is the same a second time. */
static void test_delay_apart(void **state)
{
	static const struct censor_packet packet = {
		.flags = RST | ACK, .to = 3, .copies = 8, .n_seq = 1,
		.ttl = { CENSOR_PICK_RANGE, 1, 255 }, .window = { CENSOR_PICK_RANGE, 0, 65535 },
	};
	static struct sent before[SENT_MAX];
	u32 i;

	(void)state;
	set_up(&packet, 1);
	trigger(false, PSH | ACK, TLEN);
	forge_all();
	memcpy(before, sent, sizeof(before));
	r.injects[0].delay = 1;
	r.injects[0].gap = 1;
	r.delays[0] = (struct censor_delay){ .n = 2, .point = { { 0, 5 }, { 10000, 500000 } } };
	forge_all();
	for (i = 0; i < 16; i++) {
		assert_int_equal(sent[i].ttl, before[i].ttl);
		assert_int_equal(sent[i].window, before[i].window);
		assert_int_not_equal(sent[i].delay_us, before[i].delay_us);
	}
	memcpy(before, sent, sizeof(before));
	forge_all();
	assert_memory_equal(before, sent, sizeof(before));
}

/* TSPU (CENSORS.md 5): no payload, no options, the rest of the header as it was. */
static void test_rewrite(void **state)
{
	static const u8 options[12] = { 1, 1, 8, 10 };
	struct header header = { .ttl = 61, .ip_id = 0x1234, .window = 777, .options = options,
				 .options_len = sizeof(options) };
	u32 v6, len;

	(void)state;
	for (v6 = 0; v6 < 2; v6++) {
		struct ends ends = v6 ? ends6(SERVER6, 443, CLIENT6, 40000) :
					ends4(SERVER, 443, CLIENT, 40000);
		u8 *out = malloc(CENSOR_FORGE_SIZE);
		struct sent read;

		header.no_df = v6;
		len = wire_tcp_header(r.trigger, ends, &header, PSH | ACK, SEQ, TACK, "abc", 3);
		assert_int_equal(censor_packet_parse(&r.view, r.trigger, len, len, false), 0);
		len = censor_forge_rewrite(&r.view, RST | ACK, out);
		assert_int_equal(len, v6 ? 60 : 40);
		read_packet(&read, out, len);
		assert_int_equal(read.flags, RST | ACK);
		assert_int_equal(read.ttl, 61);
		assert_int_equal(read.window, 777);
		assert_int_equal(read.seq, SEQ);
		assert_int_equal(read.ack, TACK);
		assert_memory_equal(out + (v6 ? 8 : 12), ends.src, v6 ? 16 : 4);
		assert_memory_equal(out + (v6 ? 24 : 16), ends.dst, v6 ? 16 : 4);
		assert_int_equal(censor_get16(out + (v6 ? 40 : 20)), 443);
		if (!v6) {
			assert_int_equal(read.id, 0x1234);
			assert_int_equal(censor_get16(out + 6), 0x4000);
		}
		free(out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_page_both),
		cmocka_unit_test(test_page_segments),
		cmocka_unit_test(test_page_syn),
		cmocka_unit_test(test_payload),
		cmocka_unit_test(test_seq_next),
		cmocka_unit_test(test_two_matches),
		cmocka_unit_test(test_on),
		cmocka_unit_test(test_delays),
		cmocka_unit_test(test_delay_apart),
		cmocka_unit_test(test_rewrite),
	};

	return cmocka_run_group_tests_name("inject", tests, NULL, NULL);
}
