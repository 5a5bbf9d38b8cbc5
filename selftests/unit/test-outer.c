// SPDX-License-Identifier: GPL-2.0
/* Outer headers in captures: what is looked through, and another packet in the same place. */
#include <pcap/dlt.h>

#include "test.h"
#include "unhex.h"
#include "../../userspace-ctl/outer.h"

#define FRAME_MAX	1024

static u8 frame[FRAME_MAX];
static u32 frame_len;

static void add(const char *hex)
{
	frame_len += unhex(frame + frame_len, hex);
}

#define ETHERNET	"020000000012 020000000011"
#define PPPOE		"1100 0077 004a 0021"				/* 74 - 2 */
#define IP4_GRE		"45000048 00004000 3f2f0000 cb007101 cb007102"	/* 72 */
#define GRE		"b000 0800 0000 0000 00000007 00000001"		/* sum, key, sequence */
#define UDP_IN_IP4	"45000024 00010000 40110000 c0000202 c6336407 9c410035 00100000 " \
			"0102030405060708"				/* 36 */
#define IP6_IN_IP4	"45000060 00004000 3f290000 cb007101 cb007102"
#define UDP_IN_IP6	"60000000 00241140 20010db8000000000000000000000001 " \
			"20010db8000000000000000000000002 9c410035 00240000 " \
			"00000000000000000000000000000000000000000000000000000000"

/* From memory of its own, so that a byte too far is found. */
static u32 find(struct outer *outer, int link, u32 *cap, u32 wire)
{
	u8 *copy = malloc(*cap ? *cap : 1);
	u32 at;

	memcpy(copy, frame, *cap);
	at = outer_find(outer, link, copy, cap, &wire);
	free(copy);
	assert_true(outer->n <= OUTER_HEADERS);
	assert_true(*cap <= wire);
	return at;
}

static u32 find_whole(struct outer *outer, int link)
{
	u32 cap = frame_len;

	return find(outer, link, &cap, frame_len);
}

static bool sums_to_zero(const u8 *data, u32 len)
{
	u32 sum = 0, i;

	for (i = 0; i < len; i++)
		sum += (u32)data[i] << (i & 1 ? 0 : 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

static void pppoe_gre(void)
{
	frame_len = 0;
	add(ETHERNET "8864" PPPOE IP4_GRE GRE UDP_IN_IP4);
}

static void test_found(void **state)
{
	struct outer outer;
	u32 cap, wire;

	(void)state;
	pppoe_gre();
	cap = frame_len;
	wire = frame_len;
	assert_int_equal(outer_find(&outer, DLT_EN10MB, frame, &cap, &wire), 22 + 20 + 16);
	assert_int_equal(cap, 36);
	assert_int_equal(wire, 36);
	assert_int_equal(outer.n, 4);
	frame_len = 0;
	add(IP6_IN_IP4 UDP_IN_IP6);
	assert_int_equal(find_whole(&outer, DLT_RAW), 20);
	assert_int_equal(outer.n, 1);
	assert_null(outer_sum(&outer, frame));
}

/* What stays the tunnel's packet, each by one byte. */
static void test_not_looked_through(void **state)
{
	static const struct { u32 at; u8 value; } changes[] = {
		{ 22, 0x44 },		/* a header of 16 bytes */
		{ 24, 0x01 },		/* longer than PPPoE's */
		{ 28, 0x20 },		/* a fragment */
		{ 29, 0x01 },		/* likewise */
		{ 31, 0x04 },		/* IPv4 follows, it says */
		{ 31, 0x29 },		/* IPv6 */
		{ 31, 0x32 },		/* ESP */
		{ 42, 0xf0 },		/* RFC 1701's routing */
		{ 43, 0x01 },		/* PPTP's version */
		{ 44, 0x88 },		/* another type */
		{ 58, 0x55 },		/* neither IPv4 nor IPv6 */
		{ 60, 0x01 },		/* longer than the tunnel's packet */
		{ 61, 0x10 },		/* shorter than its header */
		{ 83, 0x00 },		/* UDP shorter than its header */
	};
	struct outer outer;
	u32 i, at;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		pppoe_gre();
		frame[changes[i].at] = changes[i].value;
		at = find_whole(&outer, DLT_EN10MB);
		if (at != 22 || outer.n != 2)
			fail_msg("byte %u: at %u, %u headers", changes[i].at, at, outer.n);
	}
}

#define INNER	"45000018 00000000 40010000 c0000202 c6336407 0800f7ff"	/* 24 */

/* Lies after which something could be read all the same. */
static void test_lies(void **state)
{
	static const char *const frames[] = {
		/* a header of 16 bytes */
		"44000028 00000000 3f040000 cb007101" INNER,
		/* a packet that ends within its header */
		"45000012 00000000 3f040000 cb007101 cb007102" INNER,
		/* a header beyond the packet */
		"4f00002c 00000000 3f040000 cb007101 cb007102" INNER,
		/* more in it than there is room for */
		"4500002b 00000000 3f040000 cb007101 cb007102" INNER,
		"60000000 00170440 20010db8000000000000000000000001"
		"20010db8000000000000000000000002" INNER,
		"60000000 00193c40 20010db8000000000000000000000001"
		"20010db8000000000000000000000002 0401040104010100" INNER,
		/* IPv6 is said, and IPv4 is there; the other way round */
		"4500002c 00000000 3f290000 cb007101 cb007102" INNER,
		"45000060 00004000 3f040000 cb007101 cb007102" UDP_IN_IP6,
		/* an option that goes on beyond the packet */
		"60000000 00203c40 20010db8000000000000000000000001"
		"20010db8000000000000000000000002 0405040104010100" INNER,
	};
	struct outer outer;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		frame_len = 0;
		add(frames[i]);
		if (find_whole(&outer, DLT_RAW) || outer.n)
			fail_msg("frame %u is looked through", i);
	}
}

/* What the link pads a frame by is no part of what is in a tunnel. */
static void test_padding(void **state)
{
	struct outer outer;
	u32 cap;

	(void)state;
	frame_len = 0;
	add("4500002c 00000000 3f040000 cb007101 cb007102" INNER "0000 0000 0000");
	cap = frame_len;
	assert_int_equal(find(&outer, DLT_RAW, &cap, frame_len), 20);
	assert_int_equal(cap, 24);
}

/* Every header, cut everywhere. */
static void test_cut_anywhere(void **state)
{
	struct outer outer;
	u32 len, cap, last = 0, at;

	(void)state;
	frame_len = 0;
	add("60000000 00743c40 20010db8000000000000000000000001"
	    "20010db8000000000000000000000002 2900040104010100");
	add("60000000 00440440 20010db8000000000000000000000001"
	    "20010db8000000000000000000000002");
	add("46000044 00000000 3f2f0000 cb007101 cb007102 01010101" "9000 0800 0000 0000 0000 0001");
	add(INNER "0102030405060708");
	for (len = 0; len <= frame_len; len++) {
		cap = len;
		at = find(&outer, DLT_RAW, &cap, frame_len);
		if (at < last || (at != 0 && at != 48 && at != 88 && at != 124))
			fail_msg("%u bytes were captured: at %u", len, at);
		last = at;
	}
	assert_int_equal(last, 124);
	/* An outermost header with options, which nothing has read before. */
	frame_len = 0;
	add("4800003c 00000000 3f2f0000 cb007101 cb007102 010101010101010101010101");
	add("0000 0800" INNER);
	for (len = 0; len <= frame_len; len++) {
		cap = len;
		at = find(&outer, DLT_RAW, &cap, frame_len);
		assert_int_equal(at, len < 36 + 20 ? 0 : 36);
	}
}

static void test_pppoe_of_nothing(void **state)
{
	/* What is no session, no length that can be, no IP. */
	static const struct { u32 at; u8 value; } changes[] = {
		{ 0, 0x12 }, { 1, 0x09 }, { 4, 0x01 }, { 5, 0x00 }, { 5, 0x01 }, { 6, 0xc0 },
		{ 7, 0x22 },
	};
	struct outer outer;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		pppoe_gre();
		frame[14 + changes[i].at] = changes[i].value;
		if (find_whole(&outer, DLT_EN10MB) != frame_len)
			fail_msg("byte %u", changes[i].at);
	}
}

static void test_cut(void **state)
{
	struct outer outer;
	u32 len, cap;

	(void)state;
	pppoe_gre();
	for (len = 0; len <= frame_len; len++) {
		u32 wanted = len < 22 ? len : len < 22 + 20 + 16 + 28 ? 22 : 58;

		cap = len;
		if (find(&outer, DLT_EN10MB, &cap, frame_len) != wanted || cap != len - wanted)
			fail_msg("%u bytes were captured", len);
		/* Where the frame itself had no more, no length in it is true. */
		cap = len;
		wanted = len < frame_len ? len : 58;
		if (find(&outer, DLT_EN10MB, &cap, len) != wanted)
			fail_msg("%u bytes were sent", len);
	}
}

static void test_fit(void **state)
{
	struct outer outer;

	(void)state;
	pppoe_gre();
	assert_int_equal(find_whole(&outer, DLT_EN10MB), 58);
	memset(frame + 58, 0x5a, 101);
	outer_fit(&outer, frame, 58 + 101, true);
	assert_memory_equal(frame, "\2\0\0\0\0\x11\2\0\0\0\0\x12", 12);
	assert_int_equal(censor_get16(frame + 18), 2 + 36 + 101);
	assert_int_equal(censor_get16(frame + 24), 36 + 101);
	assert_memory_equal(frame + 34, "\xcb\0\x71\2\xcb\0\x71\1", 8);
	assert_true(sums_to_zero(frame + 22, 20));
	assert_true(sums_to_zero(frame + 42, 16 + 101));
	assert_ptr_equal(outer_sum(&outer, frame), frame + 46);
	outer_fit(&outer, frame, 58 + 20, false);
	assert_memory_equal(frame, "\2\0\0\0\0\x11\2\0\0\0\0\x12", 12);
	assert_int_equal(censor_get16(frame + 18), 2 + 36 + 20);
	assert_true(sums_to_zero(frame + 42, 16 + 20));
}

/* The outer one's covers the inner one's. */
static void test_nested_sums(void **state)
{
	struct outer outer;
	u32 i;

	(void)state;
	frame_len = 0;
	add("45000088 00004000 3f2f0000 cb007101 cb007102" "8000 86dd 0000 0000");
	add("60000000 00442f40 20010db8000000000000000000000001"
	    "20010db8000000000000000000000002" "8000 6558 0000 0000");
	add("020000000012 020000000011 8100 0007 0800" UDP_IN_IP4 "0000 0000 0000");
	assert_int_equal(find_whole(&outer, DLT_RAW), 28 + 48 + 18);
	assert_int_equal(outer.n, 5);
	for (i = 0; i < 40; i++)
		frame[94 + i] = (u8)(i * 37);
	outer_fit(&outer, frame, 94 + 40, true);
	assert_true(sums_to_zero(frame, 20));
	assert_true(sums_to_zero(frame + 20, 114));
	assert_true(sums_to_zero(frame + 68, 66));
	assert_int_equal(censor_get16(frame + 32), 106 - 40);
	assert_int_equal(frame[28 + 23], 2);
	assert_int_equal(frame[28 + 39], 1);
	assert_int_equal(frame[76 + 5], 0x11);
	assert_ptr_equal(outer_sum(&outer, frame), frame + 72);
}

static void test_deep(void **state)
{
	struct outer outer;
	u32 i;

	(void)state;
	frame_len = 0;
	for (i = 0; i < 6; i++) {
		u8 *ip = frame + frame_len;

		/* As long as an IPv4 header can be. */
		memset(ip, 0, 60);
		ip[0] = 0x4f;
		ip[9] = 4;
		censor_put16(ip + 2, (u16)(60 * (6 - i) + 36));
		frame_len += 60;
	}
	add(UDP_IN_IP4);
	assert_int_equal(find_whole(&outer, DLT_RAW), 60 * OUTER_TUNNELS);
	assert_int_equal(outer.n, OUTER_TUNNELS);
	/* IPv6, and an option of 200 bytes in each: the fourth begins too far within. */
	frame_len = 0;
	for (i = 0; i < 4; i++) {
		u8 *ip = frame + frame_len;

		memset(ip, 0, 240);
		ip[0] = 0x60;
		ip[6] = 60;
		ip[40] = i == 3 ? 59 : 41;
		ip[41] = 24;
		censor_put16(ip + 4, (u16)(240 * (3 - i) + 200));
		frame_len += 240;
	}
	assert_int_equal(find_whole(&outer, DLT_RAW), 480);
	assert_int_equal(outer.n, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_not_looked_through),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_pppoe_of_nothing),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_nested_sums),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
