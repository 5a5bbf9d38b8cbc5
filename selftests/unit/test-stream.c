// SPDX-License-Identifier: GPL-2.0
/*
 * Segments into messages (stream.h), against a model that does it a byte at a time: random
 * segments of a message, in every mode, and after each what can be looked at.
 */
#include "test.h"
#include "stream.h"
#include "tcb.h"
#include "wire.h"

#define ROOM	8192	/* bytes of a message that the tests write about */

/* The plainest censor: of each byte whether it came, and what it is. */
struct plain {
	u32 base, next;		/* as in struct censor_flow */
	u32 looked;		/* bytes from the first on that were looked at */
	bool begun;		/* something is kept, or was looked at and is not complete */
	bool over;
	bool came[ROOM];
	u8 byte[ROOM];
};

/* The engine's side: a flow, a context, and whatever buffer it holds. */
static struct {
	struct censor_tcp_model model;
	struct censor_flow flow;
	struct censor_context ctx;
	struct plain plain;
	bool short_of_memory;
	const u8 *data;
	u32 len;
	bool fed;
} s;

static void start(u32 seq)
{
	free(s.flow.buffer);
	memset(&s.flow, 0, sizeof(s.flow));
	memset(&s.plain, 0, sizeof(s.plain));
	s.flow.stage = CENSOR_STAGE_STREAM;
	s.flow.base = seq;
	s.flow.next[0] = seq;
	s.plain.base = seq;
	s.plain.next = seq;
	s.short_of_memory = false;
}

static void set_up(u8 reassembly, u32 seq)
{
	censor_tcp_default(&s.model);
	s.model.reassembly = reassembly;
	start(seq);
}

static int tear_down(void **state)
{
	(void)state;
	free(s.flow.buffer);
	s.flow.buffer = NULL;
	return 0;
}

/* A buffer goes to the flow or stays; one that comes back is none that the flow still has. */
static void lend(void)
{
	s.ctx.counts = 0;
	s.ctx.note = CENSOR_NOTE_NONE;
	s.ctx.returned = NULL;
	s.ctx.spare = s.short_of_memory ? NULL : malloc(CENSOR_BUFFER_SIZE);
}

static void take_back(void)
{
	const struct censor_buffer *buffer = s.flow.buffer;
	u32 i;

	free(s.ctx.spare);
	if (s.ctx.returned)
		assert_ptr_not_equal(s.ctx.returned, buffer);
	free(s.ctx.returned);
	if (!buffer)
		return;
	assert_int_equal(s.flow.stage, CENSOR_STAGE_STREAM);
	assert_true(buffer->n && buffer->n <= CENSOR_SPANS_MAX);
	for (i = 0; i < buffer->n; i++) {
		assert_true(buffer->span[i].from < buffer->span[i].to);
		assert_true(buffer->span[i].to <= s.model.buffer);
		assert_true(!i || buffer->span[i].from > buffer->span[i - 1].to);
	}
}

/* @keep: more of the message is to come, as a detector would say; else another one begins. */
static bool feed_part(s32 at, const void *data, u32 len, u32 cap, bool keep)
{
	struct censor_packet_view view = {
		.tcp_flags = CENSOR_TCP_ACK, .seq = s.plain.base + (u32)at, .len = len, .cap = cap,
		.payload = cap ? data : NULL,
	};
	static u8 copy[ROOM];

	lend();
	s.fed = censor_stream_feed(&s.model, &s.flow, &view, &s.ctx, &s.data, &s.len);
	if (s.fed) {
		assert_true(s.len && s.len <= s.model.buffer);
		memcpy(copy, s.data, s.len);
		if (s.model.reassembly == CENSOR_REASSEMBLY_NONE)
			;
		else if (keep)
			censor_stream_keep(&s.model, &s.flow, &view, &s.ctx, s.data, s.len);
		else
			censor_stream_next(&s.flow, &s.ctx);
		s.data = copy;
	}
	take_back();
	return s.fed;
}

static bool feed(s32 at, const void *data, u32 len)
{
	return feed_part(at, data, len, len, true);
}

#define assert_seen(text)							\
	do {									\
		assert_true(s.fed);						\
		assert_int_equal(s.len, strlen(text));				\
		assert_memory_equal(s.data, text, s.len);			\
	} while (0)

/* The same, plainly. What is left of what was kept, if nothing is any more. */
static void plain_restart(u32 seq)
{
	memset(s.plain.came, 0, sizeof(s.plain.came));
	s.plain.base = seq;
	s.plain.next = seq;
	s.plain.looked = 0;
	s.plain.begun = false;
}

static u32 plain_runs(void)
{
	u32 i, n = 0;

	for (i = 0; i < ROOM; i++)
		n += s.plain.came[i] && (!i || !s.plain.came[i - 1]);
	return n;
}

static u32 plain_ready(void)
{
	u32 n = 0;

	while (n < s.model.buffer && s.plain.came[n])
		n++;
	return n;
}

/* Return: whether anything new can be looked at; that is plain_ready() bytes. */
static bool plain_feed(u32 first, const u8 *data, u32 len, u32 cap)
{
	bool had[ROOM], again = false;
	u32 i, ready, old;

	if ((s32)(first - s.plain.next) > 0) {
		if (s.model.holes == CENSOR_HOLES_STOP) {
			s.plain.over = true;
			return false;
		}
		if (s.model.holes == CENSOR_HOLES_SKIP)
			plain_restart(first);
		else if (s.model.reassembly == CENSOR_REASSEMBLY_IN_ORDER)
			return false;
	}
	while (len && (s32)(first - s.plain.base) < 0) {
		first++;
		len--;
		data += !!cap;
		cap -= !!cap;
	}
	if ((s32)(first + len - s.plain.next) <= 0 &&
	    (!len || !s.plain.begun || s.model.overlap == CENSOR_OVERLAP_FIRST))
		return false;
	if (!cap) {
		s.plain.over = true;
		return false;
	}
	if (first == s.plain.base && first == s.plain.next && len < s.model.first_segment) {
		s.plain.over = true;
		return false;
	}
	if (first - s.plain.base >= s.model.buffer)
		return false;
	if (!s.plain.begun && first != s.plain.base && s.short_of_memory) {
		s.plain.over = true;
		return false;
	}
	memcpy(had, s.plain.came, sizeof(had));
	for (i = 0; i < cap && first - s.plain.base + i < s.model.buffer; i++) {
		old = first - s.plain.base + i;
		if (old < s.plain.looked) {
			again = true;
			if (s.model.overlap == CENSOR_OVERLAP_LAST)
				s.plain.byte[old] = data[i];
		} else if (!had[old] || s.model.overlap_early == CENSOR_OVERLAP_LAST) {
			s.plain.byte[old] = data[i];
		}
		s.plain.came[old] = true;
	}
	s.plain.begun = true;
	if (plain_runs() > CENSOR_SPANS_MAX) {
		memcpy(s.plain.came, had, sizeof(had));
		return false;
	}
	ready = plain_ready();
	if (ready == s.plain.looked)
		return again && s.model.overlap == CENSOR_OVERLAP_LAST;
	s.plain.looked = ready;
	s.plain.next = s.plain.base + ready;
	/* What lies beyond the buffer, or is not shown, came all the same. */
	if ((s32)(first + len - s.plain.next) > 0)
		s.plain.next = first + len;
	return true;
}

static void plain_keep(u32 ready, u32 len, u32 cap)
{
	if (ready >= s.model.buffer || len != cap || s.short_of_memory)
		s.plain.over = true;
}

/* One random segment into both. Return: false once the censor has given up. */
static bool random_segment(u64 *random, u32 reach)
{
	u8 data[ROOM];
	u32 len = 1 + (u32)(wire_random(random) % (reach / 3)), cap = len, i, ready;
	s32 at = (s32)(wire_random(random) % reach) - (s32)reach / 8;
	bool keep = wire_random(random) % 64, fed;
	u32 first, base = s.plain.base;

	/* Often just what is due. */
	if (wire_random(random) % 3 == 0)
		at = (s32)(s.plain.next - s.plain.base);
	if (wire_random(random) % 128 == 0)
		cap = (u32)(wire_random(random) % len);
	s.short_of_memory = !s.plain.begun && wire_random(random) % 64 == 0;
	for (i = 0; i < len; i++)
		data[i] = (u8)wire_random(random);
	first = base + (u32)at;
	fed = plain_feed(first, data, len, cap);
	ready = plain_ready();
	/* It may have moved: @at counts from what it was. */
	at += (s32)(base - s.plain.base);
	assert_int_equal(feed_part(at, data, len, cap, keep), fed);
	if (fed) {
		assert_int_equal(s.len, ready);
		assert_memory_equal(s.data, s.plain.byte, ready);
		if (keep)
			plain_keep(ready, len, cap);
		else
			plain_restart(s.plain.next);
	}
	assert_int_equal(s.flow.stage == CENSOR_STAGE_DONE, s.plain.over);
	if (s.plain.over) {
		assert_null(s.flow.buffer);
		return false;
	}
	assert_int_equal(s.flow.base, s.plain.base);
	assert_int_equal(s.flow.next[0], s.plain.next);
	assert_int_equal(!!s.flow.buffer, s.plain.begun);
	assert_int_equal(!!(s.flow.tcp & CENSOR_FLOW_HOLE),
			 plain_runs() > (s.plain.came[0] ? 1u : 0u));
	return true;
}

static void test_random(void **state)
{
	u64 random = 29;
	u32 round, i, fed = 0;

	(void)state;
	for (round = 0; round < 12000; round++) {
		u32 reach = round % 5 ? 40 + (u32)(wire_random(&random) % 300) : 3000;

		set_up(round & 1 ? CENSOR_REASSEMBLY_FULL : CENSOR_REASSEMBLY_IN_ORDER,
		       round & 2 ? 0u - (u32)(wire_random(&random) % reach) :
				   (u32)wire_random(&random));
		s.model.overlap = wire_random(&random) % CENSOR_OVERLAPS;
		s.model.overlap_early = wire_random(&random) % CENSOR_OVERLAPS;
		if (wire_random(&random) % 4 == 0)
			s.model.holes = wire_random(&random) % CENSOR_HOLES;
		if (wire_random(&random) % 4 == 0)
			s.model.buffer = 1 + (u16)(wire_random(&random) % reach);
		if (wire_random(&random) % 8 == 0)
			s.model.first_segment = (u16)(wire_random(&random) % 20);
		for (i = 0; i < 60 && random_segment(&random, reach); i++)
			fed += s.fed;
	}
	/* Most are not given up at once. */
	assert_true(fed > 20000);
}

/* Each segment by itself, wherever it stands. */
static void test_none(void **state)
{
	(void)state;
	set_up(CENSOR_REASSEMBLY_NONE, 0xfffffffe);
	feed(0, "one", 3);
	assert_seen("one");
	assert_int_equal(s.flow.next[0], 1);
	feed(900, "far", 3);
	assert_seen("far");
	assert_int_equal(s.flow.next[0], 901);
	feed(-5, "old", 3);
	assert_seen("old");
	assert_int_equal(s.flow.next[0], 901);
	feed(0, "one", 3);
	assert_seen("one");
	assert_null(s.flow.buffer);
	s.model.buffer = 2;
	feed(3, "two", 3);
	assert_seen("tw");
	assert_false(feed_part(3, "two", 3, 0, true));
}

/* In order: what comes early is not kept, what comes again doesn't count. */
static void test_in_order(void **state)
{
	(void)state;
	set_up(CENSOR_REASSEMBLY_IN_ORDER, 100);
	assert_false(feed(2, "cd", 2));
	assert_int_equal(s.ctx.counts, 1u << CENSOR_COUNT_OUT_OF_ORDER);
	assert_int_equal(s.ctx.note, CENSOR_NOTE_EARLY);
	feed(0, "ab", 2);
	assert_seen("ab");
	assert_int_equal(s.ctx.note, CENSOR_NOTE_NONE);
	assert_false(feed(0, "XY", 2));
	assert_int_equal(s.ctx.note, CENSOR_NOTE_OLD);
	assert_false(feed(-1, "X", 1));
	assert_int_equal(s.ctx.note, CENSOR_NOTE_OLD);
	feed(1, "Xcd", 3);
	assert_seen("abcd");
	feed(-2, "VWXYZ!ef", 8);
	assert_seen("abcdef");
}

/* Full: what comes early is looked at when it is due. */
static void test_full(void **state)
{
	(void)state;
	set_up(CENSOR_REASSEMBLY_FULL, 0xfffffffd);
	assert_false(feed(4, "ef", 2));
	assert_int_equal(s.ctx.counts, 0);
	assert_int_equal(s.ctx.note, CENSOR_NOTE_EARLY);
	assert_true(s.flow.tcp & CENSOR_FLOW_HOLE);
	assert_false(feed(2, "c", 1));
	feed(0, "ab", 2);
	assert_seen("abc");
	assert_true(s.flow.tcp & CENSOR_FLOW_HOLE);
	feed(3, "d", 1);
	assert_seen("abcdef");
	assert_false(s.flow.tcp & CENSOR_FLOW_HOLE);
	assert_int_equal(s.flow.next[0], 3);
}

/* Which of two segments counts: once for what was looked at, once for what waits. */
static void test_overlap(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < 4; i++) {
		bool last = i & 1, early_last = i & 2;

		set_up(CENSOR_REASSEMBLY_FULL, 7);
		s.model.overlap = last;
		s.model.overlap_early = early_last;
		assert_false(feed(4, "efgh", 4));
		assert_false(feed(2, "CDEF", 4));
		assert_false(feed(6, "GHI", 3));
		feed(0, "ab", 2);
		assert_seen(early_last ? "abCDEFGHI" : "abCDefghI");
		/* Old bytes alone are looked at again only if they replace what was. */
		assert_int_equal(feed(0, "12", 2), last);
		if (last)
			assert_seen(early_last ? "12CDEFGHI" : "12CDefghI");
		feed(1, "3456789Ij", 9);
		if (last)
			assert_seen("13456789Ij");
		else
			assert_seen(early_last ? "abCDEFGHIj" : "abCDefghIj");
	}
	/* Bytes that wait don't count as looked at, though those before them do. */
	set_up(CENSOR_REASSEMBLY_FULL, 7);
	s.model.overlap = CENSOR_OVERLAP_LAST;
	feed(0, "ab", 2);
	assert_false(feed(4, "ef", 2));
	feed(1, "BCDEF", 5);
	assert_seen("aBCDef");
	set_up(CENSOR_REASSEMBLY_FULL, 7);
	s.model.overlap_early = CENSOR_OVERLAP_LAST;
	feed(0, "ab", 2);
	assert_false(feed(4, "ef", 2));
	feed(1, "BCDEF", 5);
	assert_seen("abCDEF");
}

/* In order, the same preference: a later copy of bytes that were looked at. */
static void test_overlap_in_order(void **state)
{
	(void)state;
	set_up(CENSOR_REASSEMBLY_IN_ORDER, 7);
	s.model.overlap = CENSOR_OVERLAP_LAST;
	feed(0, "abcd", 4);
	feed(2, "CD", 2);
	assert_seen("abCD");
	feed(3, "-e", 2);
	assert_seen("abC-e");
}

static void test_holes(void **state)
{
	u32 full;

	(void)state;
	for (full = 0; full < 2; full++) {
		u8 mode = full ? CENSOR_REASSEMBLY_FULL : CENSOR_REASSEMBLY_IN_ORDER;

		set_up(mode, 50);
		s.model.holes = CENSOR_HOLES_SKIP;
		feed(0, "ab", 2);
		/* A message begins here; what was kept of the other is gone. */
		feed(10, "GET", 3);
		assert_seen("GET");
		assert_int_equal(s.flow.base, 60);
		assert_int_equal(s.ctx.note, CENSOR_NOTE_EARLY);
		s.plain.base = 60;
		feed(3, " /", 2);
		assert_seen("GET /");
		/* What was skipped is old when it comes. */
		assert_false(feed(-5, "cd", 2));
		assert_int_equal(s.ctx.note, CENSOR_NOTE_OLD);

		set_up(mode, 50);
		s.model.holes = CENSOR_HOLES_STOP;
		feed(0, "ab", 2);
		assert_false(feed(3, "d", 1));
		assert_int_equal(s.flow.stage, CENSOR_STAGE_DONE);
		assert_null(s.flow.buffer);
		/* Old ones are no hole. */
		set_up(mode, 50);
		s.model.holes = CENSOR_HOLES_STOP;
		feed(0, "ab", 2);
		assert_false(feed(0, "a", 1));
		assert_int_equal(s.flow.stage, CENSOR_STAGE_STREAM);
	}
}

/* No more than the buffer holds is kept; what is longer passes, and that is counted. */
static void test_buffer(void **state)
{
	(void)state;
	set_up(CENSOR_REASSEMBLY_FULL, 1);
	s.model.buffer = 8;
	/* One byte less fits. */
	feed(0, "1234567", 7);
	assert_seen("1234567");
	assert_int_equal(s.flow.stage, CENSOR_STAGE_STREAM);
	feed(7, "8", 1);
	assert_seen("12345678");
	assert_int_equal(s.ctx.counts, 1u << CENSOR_COUNT_TOO_LONG);
	assert_int_equal(s.flow.stage, CENSOR_STAGE_DONE);

	/* The same at once. */
	set_up(CENSOR_REASSEMBLY_IN_ORDER, 1);
	s.model.buffer = 8;
	feed(0, "123456789", 9);
	assert_seen("12345678");
	assert_int_equal(s.ctx.counts, 1u << CENSOR_COUNT_TOO_LONG);

	/* Early bytes behind its end are not kept, those at its end are cut. */
	set_up(CENSOR_REASSEMBLY_FULL, 1);
	s.model.buffer = 8;
	assert_false(feed(8, "9", 1));
	assert_int_equal(s.ctx.counts, 1u << CENSOR_COUNT_OUT_OF_ORDER);
	assert_false(feed(7, "89", 2));
	assert_int_equal(s.ctx.counts, 0);
	feed(0, "1234567", 7);
	assert_seen("12345678");
	assert_int_equal(s.ctx.counts, 1u << CENSOR_COUNT_TOO_LONG);

	/* A message that was none and ran over: the next one begins behind all of it. */
	set_up(CENSOR_REASSEMBLY_IN_ORDER, 1);
	s.model.buffer = 8;
	feed(0, "1", 1);
	feed_part(1, "23456789abc", 11, 11, false);
	assert_seen("12345678");
	assert_int_equal(s.flow.base, 13);
	s.plain.base = 13;
	feed(0, "GET", 3);
	assert_seen("GET");
}

static void test_first_segment(void **state)
{
	(void)state;
	set_up(CENSOR_REASSEMBLY_IN_ORDER, 1);
	s.model.first_segment = 5;
	assert_false(feed(0, "1234", 4));
	assert_int_equal(s.ctx.note, CENSOR_NOTE_SHORT);
	assert_int_equal(s.flow.stage, CENSOR_STAGE_DONE);

	set_up(CENSOR_REASSEMBLY_IN_ORDER, 1);
	s.model.first_segment = 5;
	feed(0, "12345", 5);
	assert_seen("12345");
	/* Only the first. */
	feed(5, "6", 1);
	assert_seen("123456");

	/* It is the message's first: early ones are not meant. */
	set_up(CENSOR_REASSEMBLY_FULL, 1);
	s.model.first_segment = 5;
	assert_false(feed(6, "7", 1));
	assert_int_equal(s.flow.stage, CENSOR_STAGE_STREAM);
	feed(0, "123456", 6);
	assert_seen("1234567");
}

/* Fifteen runs with holes between them, and not one more; what joins some makes room. */
static void test_spans(void **state)
{
	u32 i;

	(void)state;
	set_up(CENSOR_REASSEMBLY_FULL, 0xfffffff0);
	s.model.overlap_early = CENSOR_OVERLAP_LAST;
	for (i = 0; i < CENSOR_SPANS_MAX; i++) {
		assert_false(feed((s32)(2 * i + 1), "x", 1));
		assert_int_equal(s.ctx.counts, 0);
	}
	assert_false(feed((s32)(2 * i + 1), "y", 1));
	assert_int_equal(s.ctx.counts, 1u << CENSOR_COUNT_OUT_OF_ORDER);
	assert_int_equal(((struct censor_buffer *)s.flow.buffer)->n, CENSOR_SPANS_MAX);
	/* One that touches the last run is no further one. */
	assert_false(feed((s32)(2 * i), "z", 1));
	assert_int_equal(s.ctx.counts, 0);
	assert_false(feed(8, "eight", 5));
	assert_int_equal(((struct censor_buffer *)s.flow.buffer)->n, CENSOR_SPANS_MAX - 3);
	assert_false(feed(100, "far", 3));
	assert_int_equal(s.ctx.counts, 0);
	feed(0, "0_2_4_6", 7);
	assert_seen("0_2_4_6xeightx");
}

static void test_no_spare(void **state)
{
	(void)state;
	set_up(CENSOR_REASSEMBLY_FULL, 1);
	s.short_of_memory = true;
	assert_false(feed(1, "b", 1));
	assert_int_equal(s.ctx.counts, 1u << CENSOR_COUNT_NO_BUFFER);
	assert_int_equal(s.flow.stage, CENSOR_STAGE_DONE);

	start(1);
	s.short_of_memory = true;
	feed(0, "a", 1);
	assert_seen("a");
	assert_int_equal(s.ctx.counts, 1u << CENSOR_COUNT_NO_BUFFER);
	assert_int_equal(s.flow.stage, CENSOR_STAGE_DONE);

	/* One that is there is used on. */
	start(1);
	feed(0, "a", 1);
	s.short_of_memory = true;
	feed(1, "b", 1);
	assert_seen("ab");
	assert_int_equal(s.ctx.counts, 0);
}

/* Bytes that the host can't show: what is shown is looked at, and nothing after it. */
static void test_part(void **state)
{
	(void)state;
	set_up(CENSOR_REASSEMBLY_IN_ORDER, 1);
	feed_part(0, "abc", 10, 3, true);
	assert_seen("abc");
	assert_int_equal(s.flow.stage, CENSOR_STAGE_DONE);
	start(1);
	assert_false(feed_part(0, "", 10, 0, true));
	assert_int_equal(s.flow.stage, CENSOR_STAGE_DONE);
	start(1);
	feed(0, "abc", 3);
	feed_part(3, "def", 10, 3, true);
	assert_seen("abcdef");
	assert_int_equal(s.flow.stage, CENSOR_STAGE_DONE);
	assert_null(s.flow.buffer);
	/* All that can be shown lies before what is awaited. */
	start(1);
	assert_false(feed_part(-4, "abc", 10, 3, true));
	assert_int_equal(s.flow.stage, CENSOR_STAGE_DONE);
}

/* Data that begins before the SYN's next number: old, or the true beginning. */
static void test_isn(void **state)
{
	(void)state;
	set_up(CENSOR_REASSEMBLY_IN_ORDER, 1);
	feed(-3, "abcde", 5);
	assert_seen("de");

	set_up(CENSOR_REASSEMBLY_IN_ORDER, 1);
	s.model.checks &= ~CENSOR_CHECK_ISN;
	feed(-3, "abcde", 5);
	assert_seen("abcde");
	assert_int_equal(s.flow.base, (u32)-2);
	/* Only the first data; later what is old is old. */
	s.flow.looked_bytes = 5;
	s.plain.base = (u32)-2;
	assert_false(feed(-3, "xyz", 3));
	feed(3, "DEf", 3);
	assert_seen("abcdef");
	/* Nor while bytes are kept. */
	set_up(CENSOR_REASSEMBLY_FULL, 1);
	s.model.checks &= ~CENSOR_CHECK_ISN;
	assert_false(feed(2, "c", 1));
	assert_false(feed(-3, "xyz", 3));
	feed(0, "ab", 2);
	assert_seen("abc");
}

/* A SYN's data has its first byte behind the SYN. */
static void test_syn(void **state)
{
	struct censor_packet_view view = {
		.tcp_flags = CENSOR_TCP_SYN, .seq = 0xffffffff, .len = 2, .cap = 2,
		.payload = (const u8 *)"ab",
	};

	(void)state;
	set_up(CENSOR_REASSEMBLY_IN_ORDER, 0);
	lend();
	s.fed = censor_stream_feed(&s.model, &s.flow, &view, &s.ctx, &s.data, &s.len);
	assert_seen("ab");
	take_back();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_none, tear_down),
		cmocka_unit_test_teardown(test_in_order, tear_down),
		cmocka_unit_test_teardown(test_full, tear_down),
		cmocka_unit_test_teardown(test_overlap, tear_down),
		cmocka_unit_test_teardown(test_overlap_in_order, tear_down),
		cmocka_unit_test_teardown(test_holes, tear_down),
		cmocka_unit_test_teardown(test_buffer, tear_down),
		cmocka_unit_test_teardown(test_first_segment, tear_down),
		cmocka_unit_test_teardown(test_spans, tear_down),
		cmocka_unit_test_teardown(test_no_spare, tear_down),
		cmocka_unit_test_teardown(test_part, tear_down),
		cmocka_unit_test_teardown(test_isn, tear_down),
		cmocka_unit_test_teardown(test_syn, tear_down),
		cmocka_unit_test_teardown(test_random, tear_down),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
