// SPDX-License-Identifier: GPL-2.0
/*
 * Fragments put together: frags.h. Tables of fragments and what becomes of them, and any fragments
 * in any order against a model that does the same byte by byte (datagram.h). FRAGS_DATAGRAMS and
 * FRAGS_SEED change how many and which.
 */
#include "test.h"
#include "datagram.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"203.0.113.80"
#define CLIENT6	"2001:db8:1::10"
#define SERVER6	"2001:db8:2::80"

static struct censor_frags *frags;
static struct censor_ip_model model;
static struct censor_packet_view view;
static u8 buf[WIRE_MAX], expected[WIRE_MAX];

static int setup(void **state)
{
	(void)state;
	frags = malloc(sizeof(*frags));
	return !frags;
}

static int teardown(void **state)
{
	(void)state;
	free(frags);
	return 0;
}

static void use(u8 fragments, u8 overlap)
{
	model = (struct censor_ip_model){ .fragments = fragments, .overlap = overlap,
					  .queue = CENSOR_FRAGMENTS_MAX, .timeout = 5000 };
}

/* Memory for a datagram is what something else left there. */
static void start(const u8 *packet, u32 len)
{
	struct censor_key key;

	assert_int_equal(censor_packet_parse(&view, packet, len, len, false), 0);
	assert_true(view.fragment);
	memset(frags, 0xa5, sizeof(*frags));
	censor_frags_key(&view, &key);
	censor_frags_start(frags, &key, 1000);
	assert_memory_equal(&frags->key, &key, sizeof(key));
}

/* A fragment of which @cap bytes can be read, at most; nothing after them may be. */
static enum censor_frag_fate add_part(const u8 *packet, u32 len, u32 cap)
{
	enum censor_frag_fate fate;
	u8 *copy;

	cap = min(cap, len);
	copy = malloc(cap);
	memcpy(copy, packet, cap);
	assert_int_equal(censor_packet_parse(&view, copy, cap, len, false), 0);
	assert_true(view.fragment);
	assert_null(view.payload);
	assert_int_equal(view.len, 0);
	assert_int_equal(view.cap, 0);
	fate = censor_frags_add(frags, &model, &view, copy, cap);
	free(copy);
	return fate;
}

static enum censor_frag_fate add(const u8 *packet, u32 len)
{
	return add_part(packet, len, len);
}

static enum censor_frag_fate add_piece(u8 family, const struct piece *piece)
{
	return add(buf, piece_put(buf, family, piece));
}

static void start_piece(u8 family, const struct piece *piece)
{
	start(buf, piece_put(buf, family, piece));
}

/* Where a fragment of so many bytes at @at goes on; its bytes are all @byte. */
static struct piece piece_of(u32 at, u32 len, bool more, char byte)
{
	static u8 bytes[256][16384];

	memset(bytes[(u8)byte], byte, sizeof(bytes[0]));
	return (struct piece){ .at = at, .len = len, .more = more, .id = 7, .ttl = 64,
			       .bytes = bytes[(u8)byte] };
}

static void assert_whole(const u8 *packet, u32 len)
{
	u32 got = 0;
	const u8 *whole = censor_frags_packet(frags, &got);

	assert_true(frags->whole);
	assert_true(frags->over);
	assert_false(frags->lost);
	assert_int_equal(got, len);
	assert_true(whole >= frags->data && whole + got <= frags->data + sizeof(frags->data));
	assert_memory_equal(whole, packet, len);
	assert_int_equal(censor_packet_parse(&view, whole, len, len, false), 0);
	assert_false(view.fragment);
}

/*
 * Fragments as text: the blocks of eight bytes from which to which, the letter that all its bytes
 * are, and a dot if it is the last; what comes of them: a letter for each block.
 */
static const struct {
	const char *came, *first, *last, *original;
	u32 overlaps;	/* which one, counted from 1, does so first; 0: none */
} sequences[] = {
	/* in order, backwards, from the middle */
	{ "0-1a 1-2b 2-3c.", "abc", "abc", "abc", 0 },
	{ "2-3c. 1-2b 0-1a", "abc", "abc", "abc", 0 },
	{ "1-2b 2-3c. 0-1a", "abc", "abc", "abc", 0 },
	{ "0-1a 2-3c. 1-2b", "abc", "abc", "abc", 0 },
	{ "4-5e 0-1a 2-3c 6-7g. 1-2b 5-6f 3-4d", "abcdefg", "abcdefg", "abcdefg", 0 },
	/* the same bytes again */
	{ "2-4a 2-4b 0-2z 4-6z.", "zzaazz", "zzbbzz", "zzaazz", 2 },
	/* begins with the first: ends after it, ends before it */
	{ "2-4a 2-5b 0-2z 5-6z.", "zzaabz", "zzbbbz", "zzaabz", 2 },
	{ "2-4a 2-3b 0-2z 4-6z.", "zzaazz", "zzbazz", "zzaazz", 2 },
	/* begins before it: ends with it, inside it, after it */
	{ "2-4a 1-4b 0-1z 4-6z.", "zbaazz", "zbbbzz", "zbaazz", 2 },
	{ "2-4a 1-3b 0-1z 4-6z.", "zbaazz", "zbbazz", "zbaazz", 2 },
	{ "2-4a 1-5b 0-1z 5-6z.", "zbaabz", "zbbbbz", "zbbbbz", 2 },
	/* begins inside it: ends after it, with it, inside it */
	{ "2-4a 3-5b 0-2z 5-6z.", "zzaabz", "zzabbz", "zzaabz", 2 },
	{ "2-4a 3-4b 0-2z 4-6z.", "zzaazz", "zzabzz", "zzaazz", 2 },
	{ "1-4a 2-3b 0-1z 4-6z.", "zaaazz", "zabazz", "zaaazz", 2 },
	/* over two: farther than one of them, than both */
	{ "1-2a 3-4b 1-5c 0-1z 5-6z.", "zacbcz", "zccccz", "zacccz", 3 },
	{ "1-2a 3-4b 0-5c 5-6z.", "cacbcz", "cccccz", "cccccz", 3 },
	{ "1-2a 2-3b 1-4c 0-1z 4-5z.", "zabcz", "zcccz", "zaccz", 3 },
	{ "1-2a 2-3b 0-3c 3-4z.", "cabz", "cccz", "ccbz", 3 },
	/* over one that itself took bytes, and over what one of its bytes has left */
	{ "2-3a 1-4b 1-5c 0-1z 5-6z.", "zbabcz", "zccccz", "zbbbcz", 2 },
	{ "2-3a 1-4b 0-5c 5-6z.", "cbabcz", "cccccz", "cccccz", 2 },
	{ "1-2a 1-3b 1-4c 0-1z 4-5z.", "zabcz", "zcccz", "zabcz", 2 },
	/* the beginning, the end */
	{ "0-1a 0-2b 2-3z.", "abz", "bbz", "abz", 2 },
	{ "0-2a 0-1b 2-3z.", "aaz", "baz", "aaz", 2 },
	{ "2-3a. 2-3b. 0-2z", "zza", "zzb", "zza", 2 },
	{ "2-3a. 1-3b. 0-1z", "zba", "zbb", "zba", 2 },
	{ "1-3a 2-3b. 0-1z", "zaa", "zab", "zaa", 2 },
	{ "2-3a. 1-3b 0-1z", "zba", "zbb", "zba", 2 },
	/* what fills a hole overlaps on both sides */
	{ "0-2a 4-6b. 1-5c", "aaccbb", "accccb", "aaccbb", 3 },
	{ "0-2a 3-4b 5-7c. 1-6d", "aadbdcc", "adddddc", "aadddcc", 4 },
};

static const char *next_piece(const char *text, struct piece *piece)
{
	char *end;
	u32 from = strtoul(text, &end, 10), to = strtoul(end + 1, &end, 10);
	char byte = *end++;

	*piece = piece_of(from * 8, (to - from) * 8, *end != '.', byte);
	end += *end == '.';
	return end + strspn(end, " ");
}

static void check_sequence(u32 row, u8 family, u8 fragments, u8 overlap)
{
	enum censor_frag_fate wait = fragments == CENSOR_FRAGMENTS_HOLD ? CENSOR_FRAG_KEEP :
				     CENSOR_FRAG_PASS;
	const char *came = sequences[row].came, *letters = NULL;
	struct piece piece;
	u8 bytes[256];
	u32 i, n = 0;

	switch (overlap) {
	case CENSOR_FRAG_FIRST:
		letters = sequences[row].first;
		break;
	case CENSOR_FRAG_LAST:
		letters = sequences[row].last;
		break;
	case CENSOR_FRAG_ORIGINAL:
		letters = sequences[row].original;
		break;
	case CENSOR_FRAG_DROP:
		letters = sequences[row].overlaps ? NULL : sequences[row].first;
	}
	use(fragments, overlap);
	while (*came) {
		enum censor_frag_fate fate, want = wait;

		came = next_piece(came, &piece);
		if (!n++)
			start_piece(family, &piece);
		fate = add_piece(family, &piece);
		if (letters && !*came)
			want = CENSOR_FRAG_WHOLE;
		else if (!letters && n >= sequences[row].overlaps)
			want = fragments == CENSOR_FRAGMENTS_HOLD ? CENSOR_FRAG_LOSE :
			       CENSOR_FRAG_PASS;
		if (fate != want)
			fail_msg("%s, family %u, overlap %u: the %u. is %d, not %d",
				 sequences[row].came, family, overlap, n, fate, want);
	}
	if (!letters) {
		assert_true(frags->over);
		assert_false(frags->whole);
		assert_int_equal(frags->lost, fragments == CENSOR_FRAGMENTS_HOLD);
		return;
	}
	for (i = 0; i < strlen(letters) * 8; i++)
		bytes[i] = (u8)letters[i / 8];
	piece = (struct piece){ .len = i, .id = 7, .ttl = 64, .bytes = bytes };
	/* In IPv6 the whole is what was never a fragment. */
	if (family == 4)
		i = wire_ip(expected, ends4(CLIENT, 0, SERVER, 0),
			    &(struct header){ .ip_id = 7, .no_df = true }, DATAGRAM_PROTO, bytes,
			    i);
	else
		i = wire_ip(expected, ends6(CLIENT6, 0, SERVER6, 0), &(struct header){ 0 },
			    DATAGRAM_PROTO, bytes, i);
	assert_whole(expected, i);
	assert_int_equal(frags->n, n);
	/* What comes again changes nothing. */
	piece = piece_of(0, 8, true, 'x');
	assert_int_equal(add_piece(family, &piece), CENSOR_FRAG_PASS);
	assert_whole(expected, i);
	/* But where the verdict was to drop, a host has said so. */
	frags->lost = true;
	assert_int_equal(add_piece(family, &piece), CENSOR_FRAG_LOSE);
}

static void test_sequences(void **state)
{
	u32 i, overlap;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sequences); i++) {
		for (overlap = 0; overlap < CENSOR_FRAG_OVERLAPS; overlap++) {
			check_sequence(i, 4, CENSOR_FRAGMENTS_REASSEMBLE, overlap);
			check_sequence(i, 4, CENSOR_FRAGMENTS_HOLD, overlap);
			check_sequence(i, 6, CENSOR_FRAGMENTS_REASSEMBLE, overlap);
			check_sequence(i, 6, CENSOR_FRAGMENTS_HOLD, overlap);
		}
	}
}

/* What a fragment says of itself is in its view. */
static void test_view(void **state)
{
	static const struct { u32 at; bool more; u8 chain; u32 next, payload_at; } rows[] = {
		{ 0, true, 0, 6, 48 }, { 8, false, 0, 6, 48 }, { 65528, true, 0, 6, 48 },
		{ 65528, false, 1, 40, 56 }, { 1480, true, 2, 56, 72 }, { 1480, false, 3, 64, 80 },
		{ 8, true, 4, 40, 264 },
	};
	struct piece piece;
	u32 i, len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		piece = piece_of(rows[i].at, 5, rows[i].more, 'a');
		piece.id = 0x89abcdef;
		piece.chain = rows[i].chain;
		len = piece_put(buf, 6, &piece);
		assert_int_equal(censor_packet_parse(&view, buf, len, len, false), 0);
		assert_true(view.fragment);
		assert_int_equal(view.frag_more, rows[i].more);
		assert_int_equal(view.frag_at, rows[i].at);
		assert_int_equal(view.frag_id, 0x89abcdef);
		assert_int_equal(view.frag_next, rows[i].next);
		assert_int_equal(view.payload_at, rows[i].payload_at);
		assert_int_equal(view.proto, DATAGRAM_PROTO);

		len = piece_put(buf, 4, &piece);
		assert_int_equal(censor_packet_parse(&view, buf, len, len, false), 0);
		assert_true(view.fragment);
		assert_int_equal(view.frag_more, rows[i].more);
		assert_int_equal(view.frag_at, rows[i].at);
		assert_int_equal(view.frag_id, 0xcdef);
		assert_int_equal(view.payload_at, 20 + 4 * rows[i].chain);
	}
	/* And nothing of it in that of a whole packet. */
	len = wire_tcp(buf, ends4(CLIENT, 1, SERVER, 2), ACK, 1, 1, "x", 1);
	assert_int_equal(censor_packet_parse(&view, buf, len, len, false), 0);
	assert_false(view.frag_more);
	assert_int_equal(view.frag_at, 0);
}

static void key_of(u32 len, struct censor_key *key)
{
	assert_int_equal(censor_packet_parse(&view, buf, len, len, false), 0);
	memset(key, 0xa5, sizeof(*key));
	censor_frags_key(&view, key);
}

/* Which fragments are of one datagram: RFC 791, RFC 8200 4.5. */
static void test_key(void **state)
{
	struct piece a = piece_of(0, 8, true, 'a'), b = piece_of(8, 3, false, 'b');
	struct censor_key one, other;
	u32 len, i;
	u8 family;

	(void)state;
	for (family = 4; family <= 6; family += 2) {
		a.id = 0x10007;
		b.id = 0x10007;
		b.proto = 0;
		key_of(piece_put(buf, family, &a), &one);
		key_of(piece_put(buf, family, &b), &other);
		assert_memory_equal(&one, &other, sizeof(one));
		assert_int_equal(one.family, family);
		assert_int_equal(one.tuple, 0);
		/* Another number; in IPv4 it has 16 bits. */
		for (i = 0; i < 32; i++) {
			b.id = a.id ^ 1u << i;
			key_of(piece_put(buf, family, &b), &other);
			assert_int_equal(!memcmp(&one, &other, sizeof(one)),
					 family == 4 && i >= 16);
		}
		/* Another protocol counts in IPv4 only. */
		b.id = a.id;
		b.proto = 17;
		key_of(piece_put(buf, family, &b), &other);
		assert_int_equal(!memcmp(&one, &other, sizeof(one)), family == 6);
		/* The way back is another datagram. */
		len = piece_put(buf, family, &a);
		for (i = 0; i < (family == 4 ? 4 : 16); i++) {
			u8 *src = buf + (family == 4 ? 12 : 8) + i;
			u8 *dst = src + (family == 4 ? 4 : 16), swap = *src;

			*src = *dst;
			*dst = swap;
		}
		key_of(len, &other);
		assert_memory_not_equal(&one, &other, sizeof(one));
		assert_memory_equal(one.addr[0], other.addr[1], 16);
		assert_memory_equal(one.addr[1], other.addr[0], 16);
	}
}

static void test_ended(void **state)
{
	struct piece piece = piece_of(0, 8, true, 'a');

	(void)state;
	use(CENSOR_FRAGMENTS_REASSEMBLE, CENSOR_FRAG_FIRST);
	start_piece(4, &piece);
	assert_int_equal(frags->began, 1000);
	assert_false(censor_frags_ended(frags, &model, 1000));
	assert_false(censor_frags_ended(frags, &model, 1000 + 5000000000ull));
	assert_true(censor_frags_ended(frags, &model, 1001 + 5000000000ull));
	model.timeout = (u32)~0;
	assert_false(censor_frags_ended(frags, &model, 1000 + 4294967295000000ull));
	assert_true(censor_frags_ended(frags, &model, 1001 + 4294967295000000ull));
}

/* One fragment too many, by how many there may be. */
static void check_queue(u8 fragments, u8 full, u8 queue)
{
	bool hold = fragments == CENSOR_FRAGMENTS_HOLD;
	struct piece piece;
	u32 i;

	use(fragments, CENSOR_FRAG_DROP);
	model.queue = queue;
	model.full = full;
	/* As many as there may be, the last of them the end: whole. */
	for (i = 0; i < queue; i++) {
		piece = piece_of(i * 8 + 8 * (queue == 1), 8, i + 1 < queue, 'a');
		if (!i)
			start_piece(4, &piece);
		assert_int_equal(add_piece(4, &piece), i + 1 == queue && queue > 1 ?
				 CENSOR_FRAG_WHOLE : hold ? CENSOR_FRAG_KEEP : CENSOR_FRAG_PASS);
	}
	/* The same with one more. */
	for (i = 0; i <= queue; i++) {
		piece = piece_of(i * 8, 8, i < queue, 'a');
		if (!i)
			start_piece(4, &piece);
		if (i < queue)
			assert_int_equal(add_piece(4, &piece),
					 hold ? CENSOR_FRAG_KEEP : CENSOR_FRAG_PASS);
		else if (full == CENSOR_FRAG_FULL_DROP)
			assert_int_equal(add_piece(4, &piece), CENSOR_FRAG_LOSE);
		else
			assert_int_equal(add_piece(4, &piece),
					 hold ? CENSOR_FRAG_RELEASE : CENSOR_FRAG_PASS);
	}
	assert_true(frags->over);
	assert_false(frags->whole);
	for (i = 0; i < 300; i++)
		assert_int_equal(add_piece(4, &piece), full == CENSOR_FRAG_FULL_DROP ?
				 CENSOR_FRAG_LOSE : CENSOR_FRAG_PASS);
}

static void test_queue(void **state)
{
	static const u8 queues[] = { 1, 2, 24, 45, 64, CENSOR_FRAGMENTS_MAX };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(queues); i++) {
		check_queue(CENSOR_FRAGMENTS_REASSEMBLE, CENSOR_FRAG_FULL_PASS, queues[i]);
		check_queue(CENSOR_FRAGMENTS_HOLD, CENSOR_FRAG_FULL_PASS, queues[i]);
		check_queue(CENSOR_FRAGMENTS_HOLD, CENSOR_FRAG_FULL_DROP, queues[i]);
	}
}

/* Fragments that come twice count, too. */
static void test_queue_counts_duplicates(void **state)
{
	struct piece piece = piece_of(8, 8, true, 'a');

	(void)state;
	use(CENSOR_FRAGMENTS_HOLD, CENSOR_FRAG_FIRST);
	model.queue = 3;
	model.full = CENSOR_FRAG_FULL_DROP;
	start_piece(6, &piece);
	assert_int_equal(add_piece(6, &piece), CENSOR_FRAG_KEEP);
	assert_int_equal(add_piece(6, &piece), CENSOR_FRAG_KEEP);
	assert_int_equal(add_piece(6, &piece), CENSOR_FRAG_KEEP);
	assert_int_equal(add_piece(6, &piece), CENSOR_FRAG_LOSE);
}

/* What can't be put together; the last in each row is what gives it away. */
static void test_lies(void **state)
{
	static const struct {
		const char *what;
		struct { u32 at, len; bool more; } pieces[4];
		u32 n;
		bool fine;
	} rows[] = {
		{ "nothing in it", { { 8, 0, true } }, 1, false },
		{ "nothing in it, at the beginning", { { 0, 0, true } }, 1, false },
		{ "nothing in the last", { { 0, 8, true }, { 8, 0, false } }, 2, false },
		{ "7 bytes and more to follow", { { 8, 7, true } }, 1, false },
		{ "9 bytes and more to follow", { { 8, 9, true } }, 1, false },
		{ "a last of 1 byte", { { 8, 1, false } }, 1, true },
		{ "a last of 7 bytes", { { 8, 7, false } }, 1, true },
		{ "the greatest", { { 8, 8184, false } }, 1, true },
		{ "one byte longer", { { 8, 8185, false } }, 1, false },
		{ "the greatest last", { { 8184, 8, false } }, 1, true },
		{ "one byte longer", { { 8184, 9, false } }, 1, false },
		{ "as long with more to follow", { { 8176, 16, true } }, 1, true },
		{ "longer, of one block", { { 8192, 8, true } }, 1, false },
		{ "longer, over the edge", { { 8184, 16, true } }, 1, false },
		{ "far beyond", { { 65528, 8, false } }, 1, false },
		{ "beyond what a datagram can be", { { 65528, 1400, true } }, 1, false },
		{ "two ends: the second later", { { 8, 8, false }, { 8, 16, false } }, 2, false },
		{ "two ends: by one byte", { { 8, 8, false }, { 16, 1, false } }, 2, false },
		{ "two ends: the second earlier", { { 24, 8, false }, { 8, 8, false } }, 2, false },
		{ "the same end twice", { { 16, 8, false }, { 8, 16, false } }, 2, true },
		{ "data beyond the end", { { 8, 8, false }, { 16, 8, true } }, 2, false },
		{ "data over the end", { { 8, 12, false }, { 16, 8, true } }, 2, false },
		{ "data up to the end", { { 16, 8, false }, { 8, 16, true } }, 2, true },
		{ "an end before data", { { 16, 8, true }, { 8, 8, false } }, 2, false },
		{ "an end inside data", { { 16, 8, true }, { 16, 7, false } }, 2, false },
		{ "an end at data", { { 16, 8, true }, { 8, 16, false } }, 2, true },
	};
	static const u8 overlaps[] = { CENSOR_FRAG_FIRST, CENSOR_FRAG_LAST, CENSOR_FRAG_ORIGINAL };
	u32 i, j, k, hold;
	u8 family;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows) * 2 * 2 * ARRAY_SIZE(overlaps); i++) {
		enum censor_frag_fate fate = CENSOR_FRAG_PASS, want;

		family = i & 1 ? 4 : 6;
		hold = i >> 1 & 1;
		k = i / 4 % ARRAY_SIZE(overlaps);
		j = i / 4 / ARRAY_SIZE(overlaps);
		use(hold ? CENSOR_FRAGMENTS_HOLD : CENSOR_FRAGMENTS_REASSEMBLE, overlaps[k]);
		for (k = 0; k < rows[j].n; k++) {
			struct piece piece = piece_of(rows[j].pieces[k].at, rows[j].pieces[k].len,
						      rows[j].pieces[k].more, 'a');

			if (!k)
				start_piece(family, &piece);
			assert_false(frags->over);
			fate = add_piece(family, &piece);
		}
		want = !hold ? CENSOR_FRAG_PASS :
		       rows[j].fine ? CENSOR_FRAG_KEEP : CENSOR_FRAG_RELEASE;
		if (fate != want || frags->over == rows[j].fine)
			fail_msg("%s: %d, not %d", rows[j].what, fate, want);
		assert_false(frags->lost);
		assert_false(frags->whole);
		/* Given up, it passes, also what would have made it whole. */
		if (!rows[j].fine)
			for (k = 0; k < 8; k++) {
				struct piece piece = piece_of(k * 8, 8, k < 7, 'a');

				if (piece.at + piece.more)
					assert_int_equal(add_piece(family, &piece),
							 CENSOR_FRAG_PASS);
			}
	}
}

/* An overlap drops also what else is wrong with the fragment; but not one that only is wrong. */
static void test_drop_before_lies(void **state)
{
	struct piece piece = piece_of(8, 16, false, 'a');

	(void)state;
	use(CENSOR_FRAGMENTS_HOLD, CENSOR_FRAG_DROP);
	start_piece(4, &piece);
	assert_int_equal(add_piece(4, &piece), CENSOR_FRAG_KEEP);
	piece = piece_of(16, 9000, false, 'a');
	assert_int_equal(add_piece(4, &piece), CENSOR_FRAG_LOSE);
	piece = piece_of(0, 8, true, 'a');
	assert_int_equal(add_piece(4, &piece), CENSOR_FRAG_LOSE);

	piece = piece_of(8, 13, false, 'a');
	start_piece(4, &piece);
	assert_int_equal(add_piece(4, &piece), CENSOR_FRAG_KEEP);
	piece = piece_of(16, 8, true, 'a');	/* over its last 5 bytes */
	assert_int_equal(add_piece(4, &piece), CENSOR_FRAG_LOSE);

	piece = piece_of(8, 8, false, 'a');
	start_piece(4, &piece);
	assert_int_equal(add_piece(4, &piece), CENSOR_FRAG_KEEP);
	piece = piece_of(16, 8, true, 'a');	/* beyond the end, over nothing */
	assert_int_equal(add_piece(4, &piece), CENSOR_FRAG_RELEASE);
	assert_int_equal(add_piece(4, &piece), CENSOR_FRAG_PASS);
}

/* Every second block, and then the holes: as many runs as are followed, and one more. */
static void test_holes(void **state)
{
	u32 runs, i, backwards;
	struct piece piece;

	(void)state;
	for (backwards = 0; backwards < 2; backwards++) {
		for (runs = CENSOR_FRAG_SPANS; runs <= CENSOR_FRAG_SPANS + 1; runs++) {
			use(CENSOR_FRAGMENTS_HOLD, CENSOR_FRAG_FIRST);
			for (i = 0; i < runs; i++) {
				u32 at = (backwards ? runs - 1 - i : i) * 16;

				piece = piece_of(at, 8, true, 'a' + (char)(at / 16));
				if (!i)
					start_piece(4, &piece);
				assert_int_equal(add_piece(4, &piece), i < CENSOR_FRAG_SPANS ?
						 CENSOR_FRAG_KEEP : CENSOR_FRAG_RELEASE);
			}
			assert_int_equal(frags->over, runs > CENSOR_FRAG_SPANS);
			if (frags->over)
				continue;
			assert_int_equal(frags->n_spans, CENSOR_FRAG_SPANS);
			/* Full as it is, what touches one or fills a hole is taken. */
			piece = piece_of(8, 8, true, 'A');
			assert_int_equal(add_piece(4, &piece), CENSOR_FRAG_KEEP);
			assert_int_equal(frags->n_spans, CENSOR_FRAG_SPANS - 1);
			/* And what lies over all of them. */
			piece = piece_of(8, 8 * 2 * CENSOR_FRAG_SPANS - 8, false, 'B');
			assert_int_equal(add_piece(4, &piece), CENSOR_FRAG_WHOLE);
			assert_int_equal(frags->n_spans, 1);
			assert_memory_equal(frags->data + CENSOR_HEADERS_MAX,
					    "aaaaaaaaAAAAAAAAbbbbbbbbBBBBBBBBcccccccc", 40);
		}
	}
}

/* The longest of the shortest, and of the longest. */
static void test_longest(void **state)
{
	static u8 bytes[CENSOR_DATAGRAM_MAX];
	struct piece piece;
	u32 i, len;

	(void)state;
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (u8)(i * 31 >> 3);
	use(CENSOR_FRAGMENTS_REASSEMBLE, CENSOR_FRAG_FIRST);
	for (i = 0; i < 128; i++) {
		piece = (struct piece){ .at = i * 64, .len = 64, .more = i < 127, .df = true,
					.ttl = 3, .bytes = bytes + i * 64, .chain = 10,
					.id = 0xffff };
		if (!i)
			start_piece(4, &piece);
		assert_int_equal(add_piece(4, &piece), i < 127 ? CENSOR_FRAG_PASS :
				 CENSOR_FRAG_WHOLE);
	}
	len = wire_ip(expected, ends4(CLIENT, 0, SERVER, 0),
		      &(struct header){ .ttl = 3, .ip_id = 0xffff, .ip_options = 40 },
		      DATAGRAM_PROTO, bytes, sizeof(bytes));
	assert_whole(expected, len);

	piece = (struct piece){ .at = 8, .len = sizeof(bytes) - 8, .ttl = 3, .bytes = bytes + 8 };
	start_piece(6, &piece);
	assert_int_equal(add_piece(6, &piece), CENSOR_FRAG_PASS);
	piece = (struct piece){ .len = 8, .more = true, .ttl = 3, .bytes = bytes, .chain = 4 };
	assert_int_equal(add_piece(6, &piece), CENSOR_FRAG_WHOLE);
	len = censor_frags_packet(frags, &i) - frags->data;
	assert_int_equal(len, 0);
	assert_int_equal(i, sizeof(frags->data));
}

/* Whose header the whole has: that of whose first byte it has. */
static void test_header(void **state)
{
	static const struct { u8 overlap, ttl; } rows[] = {
		{ CENSOR_FRAG_FIRST, 2 }, { CENSOR_FRAG_LAST, 3 }, { CENSOR_FRAG_ORIGINAL, 2 },
	};
	struct piece piece;
	u32 i, len;
	u8 family;

	(void)state;
	for (i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		family = i & 1 ? 4 : 6;
		use(CENSOR_FRAGMENTS_HOLD, rows[i / 2].overlap);
		piece = piece_of(16, 3, false, 'c');
		piece.ttl = 1;
		piece.chain = 2;
		start_piece(family, &piece);
		assert_int_equal(add_piece(family, &piece), CENSOR_FRAG_KEEP);
		piece = piece_of(0, 8, true, 'a');
		piece.ttl = 2;
		piece.chain = 1;
		piece.df = true;
		assert_int_equal(add_piece(family, &piece), CENSOR_FRAG_KEEP);
		piece.ttl = 3;
		piece.chain = 0;
		piece.df = false;
		assert_int_equal(add_piece(family, &piece), CENSOR_FRAG_KEEP);
		piece = piece_of(8, 8, true, 'b');
		piece.ttl = 4;
		piece.chain = 3;
		piece.df = true;
		assert_int_equal(add_piece(family, &piece), CENSOR_FRAG_WHOLE);
		/* Held ones can leave with the TTL of the one that came first. */
		assert_int_equal(frags->ttl, 1);
		len = wire_ip(expected, family == 4 ? ends4(CLIENT, 0, SERVER, 0) :
			      ends6(CLIENT6, 0, SERVER6, 0),
			      &(struct header){ .ttl = rows[i / 2].ttl, .ip_id = 7,
						.no_df = rows[i / 2].ttl == 3,
						.ip_options = rows[i / 2].ttl == 2 ? 4 : 0,
						.extensions = (const u8 []){ DATAGRAM_PROTO, 0, 0,
									     0, 0, 0, 0, 0 },
						.extensions_len = rows[i / 2].ttl == 2 ? 8 : 0,
						.extension_proto = 60 },
			      DATAGRAM_PROTO, "aaaaaaaabbbbbbbbccc", 19);
		assert_whole(expected, len);
	}
}

/* IPv6 headers before the fragment header, the longest that can be, and one that can't. */
static void test_chains(void **state)
{
	struct datagram *datagram = calloc(1, sizeof(*datagram));
	struct piece first, last;
	u32 chain, len;

	(void)state;
	use(CENSOR_FRAGMENTS_HOLD, CENSOR_FRAG_FIRST);
	for (chain = 0; chain < DATAGRAM_CHAINS; chain++) {
		memset(datagram, 0, sizeof(*datagram));
		datagram->family = 6;
		first = piece_of(0, 8, true, 'a');
		last = piece_of(8, 5, false, 'b');
		first.chain = (u8)chain;
		last.chain = (u8)(DATAGRAM_CHAINS - 1 - chain);
		datagram_add(datagram, &model, &first);
		datagram_add(datagram, &model, &last);
		len = datagram_put(expected, datagram);
		start_piece(6, &first);
		if (chain == 5) {
			assert_int_equal(add_piece(6, &first), CENSOR_FRAG_RELEASE);
			assert_int_equal(add_piece(6, &last), CENSOR_FRAG_PASS);
			continue;
		}
		assert_int_equal(add_piece(6, &first), CENSOR_FRAG_KEEP);
		assert_int_equal(add_piece(6, &last), CENSOR_FRAG_WHOLE);
		assert_whole(expected, len);
	}
	free(datagram);
}

/* Fragments of fragments, and what is no packet once it is whole. */
static void test_not_whole(void **state)
{
	static const u8 nested[16] = { DATAGRAM_PROTO, 0, 0, 8, 0, 0, 0, 1 };
	static const u8 behind_options[16] = { 44, 0, 1, 4, 0, 0, 0, 0, DATAGRAM_PROTO, 0, 0, 1 };
	static const u8 atomic[16] = { DATAGRAM_PROTO };
	static const u8 udp[16] = { 0, 53, 0, 53, 0, 17 };
	static const u8 udp_right[16] = { 0, 53, 0, 53, 0, 16 };
	static const struct { u8 family, proto; const u8 *bytes; bool whole; } rows[] = {
		{ 6, 44, nested, false }, { 6, 60, behind_options, false }, { 6, 44, atomic, true },
		{ 4, 44, nested, true },	/* that's an IPv6 header */
		{ 6, 17, udp, false }, { 4, 17, udp, false },
		{ 6, 17, udp_right, true }, { 4, 17, udp_right, true },
	};
	struct piece first, last;
	u32 i, hold;

	(void)state;
	for (i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		hold = i & 1;
		use(hold ? CENSOR_FRAGMENTS_HOLD : CENSOR_FRAGMENTS_REASSEMBLE, CENSOR_FRAG_DROP);
		first = (struct piece){ .len = 8, .more = true, .ttl = 9,
					.proto = rows[i / 2].proto, .bytes = rows[i / 2].bytes };
		last = first;
		last.at = 8;
		last.more = false;
		last.bytes += 8;
		start_piece(rows[i / 2].family, &first);
		assert_int_equal(add_piece(rows[i / 2].family, &first),
				 hold ? CENSOR_FRAG_KEEP : CENSOR_FRAG_PASS);
		assert_int_equal(add_piece(rows[i / 2].family, &last),
				 rows[i / 2].whole ? CENSOR_FRAG_WHOLE :
				 hold ? CENSOR_FRAG_RELEASE : CENSOR_FRAG_PASS);
		assert_int_equal(frags->whole, rows[i / 2].whole);
		assert_true(frags->over);
		assert_int_equal(add_piece(rows[i / 2].family, &last), CENSOR_FRAG_PASS);
	}
}

/* Of a packet longer than can be put together a host need not show all. */
static void test_part(void **state)
{
	struct piece piece = piece_of(8, 8, true, 'a');
	u32 len, cap;
	u8 family;

	(void)state;
	use(CENSOR_FRAGMENTS_HOLD, CENSOR_FRAG_FIRST);
	for (family = 4; family <= 6; family += 2) {
		len = piece_put(buf, family, &piece);
		for (cap = len - 8; cap <= len; cap++) {
			start(buf, len);
			assert_int_equal(add_part(buf, len, cap),
					 cap < len ? CENSOR_FRAG_RELEASE : CENSOR_FRAG_KEEP);
		}
		/* The link's padding is no part of it. */
		start(buf, len + 6);
		memset(buf + len, 0xee, 6);
		assert_int_equal(add(buf, len + 6), CENSOR_FRAG_KEEP);
		assert_int_equal(frags->spans[0].to, 16);
	}
	/* Lengths that say nothing, in a packet of segmentation offload: as if it were empty. */
	for (family = 4; family <= 6; family += 2) {
		len = piece_put(buf, family, &piece);
		start(buf, len);
		censor_put16(buf + (family == 4 ? 2 : 4), 0);
		assert_int_equal(censor_packet_parse(&view, buf, len, len, true), 0);
		assert_int_equal(censor_frags_add(frags, &model, &view, buf, len),
				 CENSOR_FRAG_RELEASE);
	}
	/* That is over nothing, either. */
	use(CENSOR_FRAGMENTS_HOLD, CENSOR_FRAG_DROP);
	piece = piece_of(64, 8, true, 'a');
	start_piece(4, &piece);
	assert_int_equal(add_piece(4, &piece), CENSOR_FRAG_KEEP);
	piece = piece_of(8, 8, true, 'a');
	len = piece_put(buf, 4, &piece);
	censor_put16(buf + 2, 0);
	assert_int_equal(censor_packet_parse(&view, buf, len, len, true), 0);
	assert_int_equal(censor_frags_add(frags, &model, &view, buf, len), CENSOR_FRAG_RELEASE);
}

/* A request cut in fragments of any size is the request again. */
static void test_real(void **state)
{
	struct header header = { .ip_id = 0x4321, .no_df = true };
	static u8 request[4096], whole[5000];
	u32 len, size, at, i, hlen;
	struct piece piece;

	(void)state;
	len = wire_hello_sni(request, "example.com");
	use(CENSOR_FRAGMENTS_REASSEMBLE, CENSOR_FRAG_DROP);
	for (i = 0; i < 4; i++) {
		u8 family = i & 1 ? 4 : 6;
		struct ends ends = family == 4 ? ends4(CLIENT, 40000, SERVER, 443) :
						 ends6(CLIENT6, 40000, SERVER6, 443);

		if (i < 2)
			len = wire_tcp_header(whole, ends, &header, PSH | ACK, 5, 6, request, len);
		else
			len = wire_udp_header(whole, ends, &header, request, len);
		hlen = family == 4 ? 20 : 40;
		for (size = 8; size < len - hlen; size += 8) {
			for (at = 0; at < len - hlen; at += size) {
				piece = (struct piece){ .at = at, .len = min(size, len - hlen - at),
							.more = at + size < len - hlen,
							.id = 0x4321, .proto = i < 2 ? 6 : 17,
							.bytes = whole + hlen + at, .ttl = 64 };
				if (!at)
					start_piece(family, &piece);
				assert_int_equal(add_piece(family, &piece), piece.more ?
						 CENSOR_FRAG_PASS : CENSOR_FRAG_WHOLE);
			}
			assert_whole(whole, len);
			assert_int_equal(view.dport, 443);
			assert_true(wire_checksums_ok(censor_frags_packet(frags, &at), len));
		}
		len = wire_hello_sni(request, "example.com");
	}
}

static u32 draw(u64 *random, u32 n)
{
	return (u32)((wire_random(random) >> 32) * n >> 32);
}

/* A fragment near those of a datagram of @blocks blocks, or far from anything. */
static struct piece random_piece(u64 *random, u32 blocks, u32 odd)
{
	static u8 bytes[16384];
	struct piece piece = { .df = draw(random, 2), .ttl = (u8)(1 + draw(random, 255)),
			       .chain = draw(random, 4) ? 0 : (u8)draw(random, DATAGRAM_CHAINS),
			       .id = 99, .bytes = bytes };
	u32 from = draw(random, blocks), to = from + 1 + draw(random, min(blocks - from, 6u)), i;

	piece.at = from * 8;
	piece.len = (to - from) * 8;
	piece.more = to < blocks;
	if (!piece.more)
		piece.len -= odd;
	switch (draw(random, 60)) {
	case 0:
		piece.len = draw(random, 64);
		break;
	case 1:
		piece.len = draw(random, sizeof(bytes) - 64);
		break;
	case 2:
		piece.at = draw(random, 8192) * 8;
		break;
	case 3:
		piece.more = !piece.more;
		break;
	case 4:
		piece.at = 8 * draw(random, CENSOR_DATAGRAM_MAX / 8);
		piece.len = CENSOR_DATAGRAM_MAX - piece.at + draw(random, 3) * 8 - 8;
		break;
	}
	for (i = 0; i < piece.len; i++)
		bytes[i] = (u8)wire_random(random);
	return piece;
}

/* What is remembered of a datagram that is not over, besides its bytes. */
static void assert_same(const struct datagram *datagram)
{
	u32 n = 0, i;

	for (i = 0; i < CENSOR_DATAGRAM_MAX; i++) {
		if (datagram->end && i >= datagram->end)
			break;
		assert_int_equal(frags->owners[i / CENSOR_FRAG_BLOCK], datagram->owner[i]);
		if (!datagram->owner[i])
			continue;
		assert_int_equal(frags->data[CENSOR_HEADERS_MAX + i], datagram->bytes[i]);
		if (!i || !datagram->owner[i - 1])
			assert_int_equal(frags->spans[n].from, i);
		if (i + 1 == CENSOR_DATAGRAM_MAX || !datagram->owner[i + 1])
			assert_int_equal(frags->spans[n++].to, i + 1);
	}
	assert_int_equal(frags->n_spans, n);
	assert_int_equal(frags->n, datagram->n);
	for (i = 0; i < frags->n; i++) {
		assert_int_equal(frags->came[i].from, datagram->pieces[i + 1].at);
		assert_int_equal(frags->came[i].to - frags->came[i].from,
				 datagram->pieces[i + 1].len);
	}
	assert_int_equal(frags->total, datagram->end);
}

static struct {
	u32 fates[CENSOR_FRAG_OVERLAPS][CENSOR_FRAG_LOSE + 1];
	u32 overlapped[CENSOR_FRAG_OVERLAPS];	/* and yet whole */
} happened;

static void random_datagram(u64 *random, struct datagram *datagram)
{
	u8 family = draw(random, 2) ? 4 : 6;
	u32 blocks, odd = draw(random, 8), n, i, came = 0;
	struct piece piece;

	use(draw(random, 2) ? CENSOR_FRAGMENTS_HOLD : CENSOR_FRAGMENTS_REASSEMBLE,
	    (u8)draw(random, CENSOR_FRAG_OVERLAPS));
	if (draw(random, 2))
		model.queue = (u8)(1 + draw(random, CENSOR_FRAGMENTS_MAX));
	model.full = (u8)draw(random, CENSOR_FRAG_FULLS);
	memset(datagram, 0, sizeof(*datagram));
	datagram->family = family;
	blocks = draw(random, 4) ? 2 + draw(random, 12) : 2 + draw(random, CENSOR_DATAGRAM_MAX / 8);
	n = 4 + draw(random, 200);
	for (i = 0; i < n; i++) {
		enum censor_frag_fate fate, want;
		u32 len;

		piece = random_piece(random, blocks, odd);
		if (!piece.at && !piece.more)
			continue;	/* that's a whole packet */
		len = piece_put(buf, family, &piece);
		if (!came++)
			start(buf, len);
		want = datagram_add(datagram, &model, &piece);
		fate = add(buf, len);
		if (fate != want)
			fail_msg("the %u. of a datagram, %u bytes at %u: %d, not %d", came,
				 piece.len, piece.at, fate, want);
		assert_int_equal(frags->over, datagram->over);
		assert_int_equal(frags->lost, datagram->lost);
		assert_int_equal(frags->ttl, came == 1 ? piece.ttl : frags->ttl);
		happened.fates[model.overlap][fate]++;
		if (!frags->over && !draw(random, 4))
			assert_same(datagram);
		if (fate != CENSOR_FRAG_WHOLE)
			continue;
		assert_int_equal(datagram->end, frags->total);
		assert_whole(expected, datagram_put(expected, datagram));
		for (len = 1, came = 0; len <= datagram->n; len++)
			came += datagram->pieces[len].len;
		happened.overlapped[model.overlap] += came > datagram->end;
		came = 1;
	}
}

static void test_random(void **state)
{
	struct datagram *datagram = malloc(sizeof(*datagram));
	const char *count = getenv("FRAGS_DATAGRAMS"), *seed = getenv("FRAGS_SEED");
	u64 random = seed ? strtoull(seed, NULL, 0) : 2013;
	u32 n = count ? (u32)strtoul(count, NULL, 0) : 8000, i, j;

	(void)state;
	memset(&happened, 0, sizeof(happened));
	for (i = 0; i < n; i++)
		random_datagram(&random, datagram);
	free(datagram);
	/* The random numbers were worth it: all that can happen did. */
	for (i = 0; i < CENSOR_FRAG_OVERLAPS; i++) {
		for (j = 0; j <= CENSOR_FRAG_LOSE; j++)
			assert_true(happened.fates[i][j] > 20);
		if (i == CENSOR_FRAG_DROP)
			assert_int_equal(happened.overlapped[i], 0);
		else
			assert_true(happened.overlapped[i] > 100);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_view),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_ended),
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_queue_counts_duplicates),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_drop_before_lies),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_not_whole),
		cmocka_unit_test(test_part),
		cmocka_unit_test(test_real),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("frags", tests, setup, teardown);
}
