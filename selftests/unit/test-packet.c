// SPDX-License-Identifier: GPL-2.0
/* Headers into views, and the keys made of them: packet.h. */
#include "test.h"
#include "packet.h"
#include "policy.h"
#include "wire.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"203.0.113.80"
#define CLIENT6	"2001:db8:1::10"
#define SERVER6	"2001:db8:2::80"

static struct censor_packet_view view;

/* Parse a copy that is exactly @cap bytes long; the view's payload must not be read after it. */
static int parse_part(const u8 *packet, u32 cap, u32 wire, bool gso)
{
	u8 *copy = malloc(cap ? cap : 1);
	int err;

	memcpy(copy, packet, cap);
	memset(&view, 0xa5, sizeof(view));
	err = censor_packet_parse(&view, copy, cap, wire, gso);
	if (!err) {
		assert_true(view.cap <= view.len);
		assert_true(view.cap <= cap);
		assert_true(view.len <= wire);
		if (view.cap) {
			assert_ptr_equal(view.payload, copy + view.payload_at);
			assert_true(view.payload_at + view.cap <= cap);
			view.payload = packet + view.payload_at;
		} else {
			assert_null(view.payload);
		}
	}
	free(copy);
	return err;
}

static int parse(const u8 *packet, u32 len)
{
	return parse_part(packet, len, len, false);
}

static void test_tcp4(void **state)
{
	static const u8 options[12] = { 1, 1, 8, 10 };
	struct header header = { .ttl = 57, .ip_id = 0x1234, .window = 501, .options = options,
				 .options_len = 12, .ip_options = 8 };
	struct ends ends = ends4(CLIENT, 40000, SERVER, 443);
	u8 buf[256];
	u32 len = wire_tcp_header(buf, ends, &header, PSH | ACK, 0xfffffff0, 0x80000001, "hello",
				  5);

	(void)state;
	assert_int_equal(parse(buf, len), 0);
	assert_int_equal(view.family, 4);
	assert_int_equal(view.proto, 6);
	assert_false(view.fragment);
	assert_true(view.df);
	assert_int_equal(view.ttl, 57);
	assert_int_equal(view.ip_id, 0x1234);
	assert_int_equal(view.tcp_flags, PSH | ACK);
	assert_int_equal(view.tcp_hlen, 32);
	assert_int_equal(view.sport, 40000);
	assert_int_equal(view.dport, 443);
	assert_int_equal(view.window, 501);
	assert_int_equal(view.seq, 0xfffffff0);
	assert_int_equal(view.ack, 0x80000001);
	assert_memory_equal(view.src, ends.src, 16);
	assert_memory_equal(view.dst, ends.dst, 16);
	assert_int_equal(view.payload_at, 28 + 32);
	assert_int_equal(view.len, 5);
	assert_int_equal(view.cap, 5);
	assert_int_equal(view.wire, len);
	assert_memory_equal(view.payload, "hello", 5);

	header = (struct header){ .no_df = true };
	len = wire_tcp_header(buf, ends, &header, SYN, 1, 0, NULL, 0);
	assert_int_equal(parse(buf, len), 0);
	assert_false(view.df);
	assert_int_equal(view.len, 0);
	assert_null(view.payload);
}

static void test_tcp6(void **state)
{
	struct ends ends = ends6(CLIENT6, 40000, SERVER6, 443);
	struct header header = { .ttl = 3 };
	u8 buf[256];
	u32 len = wire_tcp_header(buf, ends, &header, FIN | ACK, 7, 8, "hello", 5);

	(void)state;
	assert_int_equal(parse(buf, len), 0);
	assert_int_equal(view.family, 6);
	assert_int_equal(view.proto, 6);
	assert_int_equal(view.ttl, 3);
	assert_int_equal(view.tcp_flags, FIN | ACK);
	assert_int_equal(view.payload_at, 60);
	assert_int_equal(view.len, 5);
	assert_memory_equal(view.src, ends.src, 16);
	assert_memory_equal(view.dst, ends.dst, 16);
	assert_memory_equal(view.payload, "hello", 5);
}

static void test_udp(void **state)
{
	u8 buf[256];
	u32 len, i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct ends ends = i ? ends6(CLIENT6, 5353, SERVER6, 53) :
				       ends4(CLIENT, 5353, SERVER, 53);

		len = wire_udp(buf, ends, "query", 5);
		assert_int_equal(parse(buf, len), 0);
		assert_int_equal(view.proto, 17);
		assert_int_equal(view.sport, 5353);
		assert_int_equal(view.dport, 53);
		assert_int_equal(view.len, 5);
		assert_int_equal(view.payload_at, len - 5);
		assert_memory_equal(view.payload, "query", 5);
		assert_int_equal(view.tcp_flags, 0);
		/* A UDP length less than the IP packet's: the rest is not payload. */
		censor_put16(buf + len - 5 - 4, 8 + 2);
		assert_int_equal(parse(buf, len), 0);
		assert_int_equal(view.len, 2);
		assert_int_equal(view.cap, 2);
		/* More than the packet has, or less than a header: a lie. */
		censor_put16(buf + len - 5 - 4, 8 + 6);
		assert_int_equal(parse(buf, len), -EINVAL);
		censor_put16(buf + len - 5 - 4, 7);
		assert_int_equal(parse(buf, len), -EINVAL);
	}
}

static void test_other_protocols(void **state)
{
	u8 buf[256];
	u32 len;

	(void)state;
	len = wire_ip(buf, ends4(CLIENT, 0, SERVER, 0), &(struct header){ 0 }, 1,
		      "\x08\x00\x00\x00ping", 8);
	assert_int_equal(parse(buf, len), 0);
	assert_int_equal(view.proto, CENSOR_PROTO_ICMP);
	assert_int_equal(view.sport, 0);
	assert_int_equal(view.dport, 0);
	len = wire_ip(buf, ends6(CLIENT6, 0, SERVER6, 0), &(struct header){ 0 }, 58,
		      "\x80\x00\x00\x00ping", 8);
	assert_int_equal(parse(buf, len), 0);
	assert_int_equal(view.proto, CENSOR_PROTO_ICMPV6);
	/* No next header: a packet with nothing in it. */
	len = wire_ip(buf, ends6(CLIENT6, 0, SERVER6, 0), &(struct header){ 0 }, 59, NULL, 0);
	assert_int_equal(parse(buf, len), 0);
	assert_int_equal(view.proto, 59);
	assert_int_equal(view.len, 0);
}

/* The link pads short packets; what follows the IP packet is not part of it. */
static void test_padding(void **state)
{
	u8 buf[256];
	u32 len;

	(void)state;
	memset(buf, 0xee, sizeof(buf));
	len = wire_tcp(buf, ends4(CLIENT, 1, SERVER, 2), ACK, 1, 1, "x", 1);
	assert_int_equal(parse(buf, len + 5), 0);
	assert_int_equal(view.len, 1);
	assert_int_equal(view.cap, 1);
	len = wire_udp(buf, ends6(CLIENT6, 1, SERVER6, 2), NULL, 0);
	assert_int_equal(parse(buf, len + 9), 0);
	assert_int_equal(view.len, 0);
	assert_null(view.payload);
}

static void test_extension_headers(void **state)
{
	/* Hop-by-hop, routing, destination options, authentication, each before the next. */
	static const u8 chain[] = {
		43, 0, 1, 4, 0, 0, 0, 0,
		60, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8,
		51, 0, 1, 4, 0, 0, 0, 0,
		6, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
	};
	struct header header = { .extensions = chain };
	u8 tcp[20 + 3] = { 0x9c, 0x40, 1, 0xbb, [12] = 0x50, [13] = SYN, [20] = 'a', 'b', 'c' };
	u8 buf[512], longer[600];
	u32 len, i;

	(void)state;
	/* AH: (4 + 2) * 4 = 24 bytes. */
	header.extensions_len = 8 + 16 + 8 + 24;
	assert_int_equal(sizeof(chain), 8 + 16 + 8 + 24);
	len = wire_ip(buf, ends6(CLIENT6, 0, SERVER6, 0), &header, 6, tcp, sizeof(tcp));
	assert_int_equal(parse(buf, len), 0);
	assert_int_equal(view.proto, 6);
	assert_int_equal(view.sport, 40000);
	assert_int_equal(view.dport, 443);
	assert_int_equal(view.len, 3);
	assert_memory_equal(view.payload, "abc", 3);
	assert_int_equal(view.payload_at, 40 + sizeof(chain) + 20);
	/* Every shorter capture of it asks for more, and no byte beyond is read. */
	for (i = 0; i < len - 3; i++)
		assert_int_equal(parse_part(buf, i, len, false), -EMSGSIZE);
	/* Every shorter packet is a lie. */
	for (i = 0; i < len; i++)
		assert_int_equal(parse_part(buf, i, i, false), -EINVAL);

	/* A chain that goes nowhere: hop-by-hop after hop-by-hop to the end. */
	memset(longer, 0, sizeof(longer));
	header = (struct header){ .extensions = longer, .extensions_len = 400 };
	len = wire_ip(buf, ends6(CLIENT6, 0, SERVER6, 0), &header, 6, NULL, 0);
	assert_int_equal(parse(buf, len), -EINVAL);
}

static void test_fragments(void **state)
{
	static const struct { u16 frag; bool is; } rows[] = {
		{ 0x2000, true },	/* the first: more fragments */
		{ 0x2001, true }, { 0x0001, true }, { 0x1fff, true },
		{ 0x4000, false },	/* don't fragment */
		{ 0x8000, false },	/* the reserved bit */
	};
	struct ends ends = ends4(CLIENT, 40000, SERVER, 53);
	u8 buf[256];
	u32 len, i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		len = wire_udp_header(buf, ends, &(struct header){ .frag = rows[i].frag }, "query",
				      5);
		assert_int_equal(parse(buf, len), 0);
		assert_int_equal(view.fragment, rows[i].is);
		assert_int_equal(view.proto, 17);
		assert_int_equal(view.sport, rows[i].is ? 0 : 40000);
		assert_int_equal(view.dport, rows[i].is ? 0 : 53);
		if (rows[i].is)
			assert_int_equal(view.cap, 0);
		assert_memory_equal(view.src, ends.src, 16);
		assert_memory_equal(view.dst, ends.dst, 16);
	}
	/* A last fragment can be shorter than any transport header. */
	len = wire_ip(buf, ends, &(struct header){ .frag = 0x00b9 }, 6, "xy", 2);
	assert_int_equal(parse(buf, len), 0);
	assert_true(view.fragment);
}

static void test_fragments6(void **state)
{
	u8 extension[8] = { 17, 0, 0, 0, 0, 0, 0, 1 };
	struct header header = { .extensions = extension, .extensions_len = 8,
				 .extension_proto = 44 };
	static const struct { u16 frag; bool is; } rows[] = {
		{ 0x0000, false },	/* an atomic fragment (RFC 6946) */
		{ 0x0006, false },	/* the reserved bits */
		{ 0x0001, true }, { 0x0008, true }, { 0xfff8, true },
	};
	u8 buf[256];
	u32 len, i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		censor_put16(extension + 2, rows[i].frag);
		len = wire_udp_header(buf, ends6(CLIENT6, 40000, SERVER6, 53), &header, "query", 5);
		assert_int_equal(parse(buf, len), 0);
		assert_int_equal(view.fragment, rows[i].is);
		assert_int_equal(view.proto, 17);
		assert_int_equal(view.dport, rows[i].is ? 0 : 53);
		assert_int_equal(view.cap, rows[i].is ? 0 : 5);
	}
}

static void test_malformed(void **state)
{
	u8 good[256], buf[256];
	u32 len = wire_tcp(good, ends4(CLIENT, 40000, SERVER, 80), ACK, 1, 1, "GET", 3), i;

	(void)state;
	/* Not IP. */
	for (i = 0; i < 16; i++) {
		memcpy(buf, good, len);
		buf[0] = (u8)(i << 4 | 5);
		if (i != 4 && i != 6)
			assert_int_equal(parse(buf, len), -EINVAL);
	}
	/* IPv4 header length. */
	for (i = 0; i < 16; i++) {
		memcpy(buf, good, len);
		buf[0] = (u8)(0x40 | i);
		if (i < 5 || i * 4 > len - 20)
			assert_int_equal(parse(buf, len), -EINVAL);
	}
	/* IPv4 total length: less than headers, more than there is. */
	for (i = 0; i < 200; i++) {
		memcpy(buf, good, len);
		censor_put16(buf + 2, (u16)i);
		assert_int_equal(parse(buf, len), i < 40 || i > len ? -EINVAL : 0);
	}
	/* TCP data offset: told of, and taken for 20 bytes; what it means the model says. */
	for (i = 0; i < 16; i++) {
		struct censor_packet_view view;

		memcpy(buf, good, len);
		buf[32] = (u8)(i << 4);
		assert_int_equal(censor_packet_parse(&view, buf, len, len, false), 0);
		assert_int_equal(view.lies, i != 5 ? CENSOR_LIE_DATA_OFFSET : 0);
		assert_int_equal(view.tcp_hlen, 20);
		assert_int_equal(view.len, 3);
	}
	/* IPv6 payload length. */
	len = wire_tcp(good, ends6(CLIENT6, 40000, SERVER6, 80), ACK, 1, 1, "GET", 3);
	for (i = 0; i < 100; i++) {
		memcpy(buf, good, len);
		censor_put16(buf + 4, (u16)i);
		assert_int_equal(parse(buf, len), i < 20 || i > 23 ? -EINVAL : 0);
	}
	assert_int_equal(parse_part(buf, 0, 0, false), -EINVAL);
}

/* What is not there yet can come: until the headers are complete, never beyond 256 bytes. */
static void test_partial(void **state)
{
	struct ends ends[] = { ends4(CLIENT, 40000, SERVER, 80), ends6(CLIENT6, 40000, SERVER6, 80) };
	u8 buf[2048], data[1400] = { 'x' };
	u32 len, i, e, headers;

	(void)state;
	for (e = 0; e < 2; e++) {
		headers = e ? 60 : 40;
		len = wire_tcp(buf, ends[e], ACK, 1, 1, data, sizeof(data));
		for (i = 0; i <= len; i++) {
			int err = parse_part(buf, i, len, false);

			assert_int_equal(err, i < headers ? -EMSGSIZE : 0);
			if (err)
				continue;
			assert_int_equal(view.len, sizeof(data));
			assert_int_equal(view.cap, i - headers);
			assert_int_equal(view.payload_at, headers);
		}
	}
}

/* Headers beyond the bytes that the kernel host reads are nobody's, however much there is. */
static void test_headers_max(void **state)
{
	u8 extensions[304] = { 0 }, buf[1024];
	struct header header = { .extensions = extensions, .extension_proto = 60 };
	u32 len, at, full;

	(void)state;
	for (full = 0; full < 2; full++) {
		for (at = 8; at <= 304; at += 8) {
			header.extensions_len = at;
			extensions[0] = 6;
			extensions[1] = (u8)(at / 8 - 1);
			len = wire_tcp_header(buf, ends6(CLIENT6, 40000, SERVER6, 80), &header, ACK,
					      1, 1, "hello", 5);
			assert_int_equal(parse_part(buf, full ? len : min(len, 256u), len, false),
					 40 + at + 20 <= CENSOR_HEADERS_MAX ? 0 : -EINVAL);
		}
	}
}

/* Of a GSO packet the length fields say nothing; the kernel leaves 0 or 65535 there. */
static void test_gso(void **state)
{
	static u8 buf[WIRE_MAX], data[66000];
	struct ends ends = ends4(CLIENT, 40000, SERVER, 80);
	u32 len = wire_tcp(buf, ends, ACK, 1, 1, data, sizeof(data)), i;

	(void)state;
	for (i = 0; i < 3; i++) {
		censor_put16(buf + 2, (u16)(i * 0x7fff));
		assert_int_equal(parse_part(buf, len, len, true), 0);
		assert_int_equal(view.len, sizeof(data));
		assert_int_equal(view.wire, len);
		assert_int_equal(parse_part(buf, 200, len, true), 0);
		assert_int_equal(view.len, sizeof(data));
		assert_int_equal(view.cap, 160);
	}
	len = wire_udp(buf, ends6(CLIENT6, 40000, SERVER6, 443), data, 3000);
	censor_put16(buf + 4, 0);
	censor_put16(buf + 44, 1000);
	assert_int_equal(parse_part(buf, len, len, true), 0);
	assert_int_equal(view.len, 3000);
	/* Headers must be there all the same. */
	for (i = 0; i < 48; i++)
		assert_int_equal(parse_part(buf, i, i, true), -EINVAL);
}

static struct censor_key key_of(struct ends ends, u8 *dir)
{
	struct censor_key key;
	u8 buf[128];

	assert_int_equal(parse(buf, wire_tcp(buf, ends, ACK, 1, 1, NULL, 0)), 0);
	memset(&key, 0xa5, sizeof(key));
	censor_packet_key(&view, &key);
	*dir = view.dir;
	return key;
}

static void test_key(void **state)
{
	struct ends rows[] = {
		ends4(CLIENT, 40000, SERVER, 443), ends4(SERVER, 1, CLIENT, 2),
		ends6(CLIENT6, 40000, SERVER6, 443), ends4(CLIENT, 7, CLIENT, 8),
		ends4(CLIENT, 8, CLIENT, 8),
	};
	u32 i;

	(void)state;
	assert_int_equal(sizeof(struct censor_key), 40);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		u8 there, back;
		struct censor_key a = key_of(rows[i], &there);
		struct censor_key b = key_of(ends_back(rows[i]), &back);

		assert_memory_equal(&a, &b, sizeof(a));
		assert_int_equal(censor_key_hash(&a), censor_key_hash(&b));
		/* Both ends are the same in the last row: there is one direction. */
		assert_int_equal(there ^ back, i != 4);
		assert_memory_equal(a.addr[there], rows[i].src, 16);
		assert_memory_equal(a.addr[!there], rows[i].dst, 16);
		assert_int_equal(a.port[there], rows[i].sport);
		assert_int_equal(a.port[!there], rows[i].dport);
		assert_true(memcmp(a.addr[0], a.addr[1], 16) < 0 ||
			    (!memcmp(a.addr[0], a.addr[1], 16) && a.port[0] <= a.port[1]));
		assert_int_equal(a.proto, 6);
		assert_int_equal(a.family, rows[i].family);
		assert_int_equal(a.tuple, 0);
		assert_int_equal(a.zero, 0);
	}
}

static void test_residual_key(void **state)
{
	struct ends ends = ends4(SERVER, 40000, CLIENT, 443);
	struct censor_key key, other, zero;
	u8 buf[128];
	u32 tuple;

	(void)state;
	memset(&zero, 0, sizeof(zero));
	for (tuple = 1; tuple < 16; tuple++) {
		assert_int_equal(parse(buf, wire_tcp(buf, ends, ACK, 1, 1, NULL, 0)), 0);
		memset(&key, 0xa5, sizeof(key));
		censor_residual_key(&view, (u8)tuple, &key);
		assert_int_equal(key.tuple, tuple);
		assert_int_equal(key.zero, 0);
		assert_memory_equal(key.addr[0], tuple & CENSOR_TUPLE_SRC ? ends.src :
				    zero.addr[0], 16);
		assert_memory_equal(key.addr[1], tuple & CENSOR_TUPLE_DST ? ends.dst :
				    zero.addr[0], 16);
		assert_int_equal(key.port[0], tuple & CENSOR_TUPLE_SPORT ? 40000 : 0);
		assert_int_equal(key.port[1], tuple & CENSOR_TUPLE_DPORT ? 443 : 0);

		/* The answer's is another one, the addresses being told apart by direction. */
		assert_int_equal(parse(buf, wire_tcp(buf, ends_back(ends), ACK, 1, 1, NULL, 0)), 0);
		censor_residual_key(&view, (u8)tuple, &other);
		assert_memory_not_equal(&key, &other, sizeof(key));
	}
	/* A 3-tuple knows nothing of the client's port, a 4-tuple does. */
	for (tuple = 0; tuple < 2; tuple++) {
		u8 bits = tuple ? 15 : 11;

		assert_int_equal(parse(buf, wire_tcp(buf, ends, ACK, 1, 1, NULL, 0)), 0);
		censor_residual_key(&view, bits, &key);
		ends.sport++;
		assert_int_equal(parse(buf, wire_tcp(buf, ends, ACK, 1, 1, NULL, 0)), 0);
		censor_residual_key(&view, bits, &other);
		assert_int_equal(!memcmp(&key, &other, sizeof(key)), !tuple);
	}
}

/* Flows that differ in little must not crowd together. */
static void test_hash(void **state)
{
	static u32 buckets[1024];
	u32 i, worst = 0;

	(void)state;
	for (i = 0; i < 102400; i++) {
		struct censor_key key = { .family = 4, .proto = 6 };

		censor_put32(key.addr[0], 0xc0000200 + i % 32);
		censor_put32(key.addr[1], 0xcb007100 + i / 32 % 8);
		key.port[0] = (u16)(32768 + i / 256);
		key.port[1] = 443;
		buckets[censor_key_hash(&key) % 1024]++;
	}
	for (i = 0; i < 1024; i++)
		worst = max(worst, buckets[i]);
	/* 100 on average; 160 would be six standard deviations away. */
	assert_true(worst < 160);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp4),
		cmocka_unit_test(test_tcp6),
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_other_protocols),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_extension_headers),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_fragments6),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_headers_max),
		cmocka_unit_test(test_gso),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_residual_key),
		cmocka_unit_test(test_hash),
	};

	return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
