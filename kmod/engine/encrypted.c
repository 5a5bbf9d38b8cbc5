// SPDX-License-Identifier: GPL-2.0
/*
 * Traffic without any form: what no exemption lets off is taken for fully encrypted. This is how
 * Shadowsocks, obfs4, VMess and BitTorrent's encryption are blocked; nothing else shows them.
 */
#include "detectors.h"

#define LANES		0x0101010101010101ull
#define LOW_SEVEN	(0x7f * LANES)
#define WORD		8	/* bytes */
#define BLOCK		128	/* bytes that are counted at a time */
#define EVIDENCE	16

/*
 * A run of 21 bytes, or more, begins at most 15 before the next multiple of 16 and so has the six
 * bytes there. Shorter ones need not: a policy that asks for them has each byte looked at.
 */
#define STRIDE		16
#define STRIDE_FIRST	6
#define STRIDES_SHOW	(STRIDE - 1 + STRIDE_FIRST)

/*
 * struct counts - of bits, kept apart by their place in a word
 * @ones: bit i is set where an odd number of words had bit i set
 * @twos: the next binary digit of that number, and so on
 * @bits: what has been carried out of @eights
 * @tops: of them, those that are a byte's highest
 */
struct counts {
	u64 ones, twos, fours, eights;
	u32 bits;
	u32 tops;
};

static u64 load(const u8 *p)
{
	u64 word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* How many bytes have their highest bit set. */
static u32 count_tops(u64 word)
{
	return (u32)(((word >> 7 & LANES) * LANES) >> 56);
}

/* A full adder for 64 columns at once: a and b are added to @sum, the carries are returned. */
static inline u64 add(u64 *sum, u64 a, u64 b)
{
	u64 before = *sum;
	u64 half = before ^ a;

	*sum = half ^ b;
	return before ^ (half & (before ^ b));
}

/* Eight words. Return: the carries into the column of eights. */
static inline u64 count_half(struct counts *c, const u8 *p)
{
	u64 a, b, low, high;

	a = add(&c->ones, load(p), load(p + WORD));
	b = add(&c->ones, load(p + 2 * WORD), load(p + 3 * WORD));
	low = add(&c->twos, a, b);
	a = add(&c->ones, load(p + 4 * WORD), load(p + 5 * WORD));
	b = add(&c->ones, load(p + 6 * WORD), load(p + 7 * WORD));
	high = add(&c->twos, a, b);
	return add(&c->fours, low, high);
}

/* Not inlined: the numbers it adds up have just room in the registers. */
static noinline void count_blocks(struct counts *counts, const u8 *p, u32 n)
{
	struct counts c = *counts;

	for (; n; n--, p += BLOCK) {
		u64 a = count_half(&c, p);
		u64 sixteens = add(&c.eights, a, count_half(&c, p + BLOCK / 2));

		c.bits += 16 * censor_popcount64(sixteens);
		c.tops += 16 * count_tops(sixteens);
	}
	*counts = c;
}

/* What is left and is not worth a block: a word at a time, the last one filled with zeroes. */
static inline void count_few(struct counts *c, const u8 *p, u32 len)
{
	u32 at, n;
	u64 word;

	for (at = 0; at < len; at += n) {
		n = min_t(u32, len - at, WORD);
		word = 0;
		memcpy(&word, p + at, n);
		c->bits += censor_popcount64(word);
		c->tops += count_tops(word);
	}
}

static inline void count_end(struct counts *c)
{
	c->bits += censor_popcount64(c->ones) + 2 * censor_popcount64(c->twos) +
		   4 * censor_popcount64(c->fours) + 8 * censor_popcount64(c->eights);
	c->tops += count_tops(c->ones) + 2 * count_tops(c->twos) + 4 * count_tops(c->fours) +
		   8 * count_tops(c->eights);
}

static void count(const struct censor_look *look, struct counts *c)
{
	u32 n = look->len / BLOCK, left = look->len % BLOCK;
	const u8 *p = look->data;
	u8 rest[BLOCK];

	count_blocks(c, p, n);
	p += n * BLOCK;
	if (left < BLOCK / 2) {
		count_few(c, p, left);
	} else {
		memset(rest, 0, sizeof(rest));
		memcpy(rest, p, left);
		count_blocks(c, rest, 1);
	}
	count_end(c);
}

static bool printable(u8 c)
{
	return c >= 0x20 && c <= 0x7e;
}

/* Whether more than @most printable bytes follow each other, one byte at a time. */
static bool runs_longer(const u8 *data, u32 len, u32 most)
{
	u32 run = 0, i;

	for (i = 0; i < len; i++) {
		run = printable(data[i]) ? run + 1 : 0;
		if (run > most)
			return true;
	}
	return false;
}

/*
 * The same for the one run that has the six bytes at @at.
 * @until: where the last one ended that was measured, so that none is measured again
 */
static bool run_longer(const u8 *data, u32 len, u32 at, u32 most, u32 *until)
{
	u32 from = at, to = at;

	if (at < *until)
		return false;
	while (to < len && printable(data[to]))
		to++;
	if (to - at < STRIDE_FIRST)
		return false;
	while (from && printable(data[from - 1]))
		from--;
	*until = to;
	return to - from > most;
}

/* Whether a stride's first six bytes can all be printable: by their highest bits. */
static bool can_run(u64 word)
{
	static const u8 highest[WORD] = { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80 };

	return !(word & load(highest));
}

/* Whether a run of printable bytes is longer than the model's. */
static bool has_run(const struct censor_look *look)
{
	u32 most = look->model->fet_run, len = look->len, until = 0;
	const u8 *data = look->data, *p = data, *end = data + len;
	const u8 *pairs = end - len % (2 * STRIDE);

	if (most + 1u < STRIDES_SHOW)
		return runs_longer(data, len, most);
	for (; p < pairs; p += 2 * STRIDE) {
		if (unlikely(can_run(load(p))) &&
		    run_longer(data, len, (u32)(p - data), most, &until))
			return true;
		if (unlikely(can_run(load(p + STRIDE))) &&
		    run_longer(data, len, (u32)(p - data) + STRIDE, most, &until))
			return true;
	}
	for (; p < end; p += STRIDE)
		if (run_longer(data, len, (u32)(p - data), most, &until))
			return true;
	return false;
}

/* Bytes below 0x80 that aren't printable: control characters and 0x7f. */
static u32 count_controls(u64 word)
{
	u64 low = word & LOW_SEVEN;
	u64 below = (0x9f * LANES - low) | (low + LANES);

	return count_tops(below & ~word);
}

/*
 * Whether more than the share of the bytes is printable. Those with their highest bit set are not,
 * and are known; in what is random they are half of it, and few controls are needed to be sure.
 */
static bool mostly_printable(const struct censor_look *look, u32 tops)
{
	const u8 *p = look->data, *end = p + look->len;
	u32 enough = look->len - look->len * look->model->fet_percent / 100, others = tops;

	for (; others < enough && end - p >= WORD; p += WORD)
		others += count_controls(load(p));
	for (; others < enough && p < end; p++)
		others += *p < 0x20 || *p == 0x7f;
	return others < enough;
}

static bool begins(const struct censor_look *look, const char *text, u32 len)
{
	return look->len >= len && !memcmp(look->data, text, len);
}

static bool known_protocol(const struct censor_look *look)
{
	const u8 *data = look->data;

	switch (data[0]) {
	case 0x16:
	case 0x17:
		return look->len >= 3 && data[1] == 0x03 && data[2] <= look->model->fet_tls;
	case 'G':
		return begins(look, "GET ", 4);
	case 'P':
		return begins(look, "PUT ", 4) || begins(look, "POST ", 5);
	case 'H':
		return begins(look, "HEAD ", 5);
	default:
		return false;
	}
}

static bool printable_prefix(const struct censor_look *look)
{
	u32 n = look->model->fet_prefix, i;

	if (look->len < n)
		return false;
	for (i = 0; i < n; i++)
		if (!printable(look->data[i]))
			return false;
	return true;
}

/*
 * China's rule (Wu and others, "How the Great Firewall of China Detects and Blocks Fully Encrypted
 * Traffic", USENIX Security 2023, Algorithm 1; CENSORS.md 3). The payload of the first packet with
 * data from a connection's client, as that packet carries it, is let off by any of
 *	Ex1	3.4 bits set in a byte on average, or fewer; 4.6 or more
 *	Ex2	6 printable bytes (0x20 to 0x7e) at its beginning, or more
 *	Ex3	more than half of its bytes printable
 *	Ex4	a run of more than 20 printable bytes
 *	Ex5	the first three bytes of TLS, 16 or 17, 03, 00 to 09 (not 15, an alert); or GET,
 *		PUT, POST, HEAD with the space behind it
 * and taken for encrypted otherwise. The numbers are struct censor_detect_model's. Ports, the
 * destination's addresses and that it hits one connection in four only are a policy's matter.
 *
 * Reads the whole payload. A payload that the host doesn't have whole is let off.
 */
enum censor_found censor_detect_encrypted(const struct censor_look *look,
					  struct censor_sight *sight)
{
	const struct censor_detect_model *model = look->model;
	struct counts c = { 0 };
	u32 len = look->len;

	/* Whether the server spoke before does not matter, nor how often. */
	if (look->answer || !look->whole)
		return CENSOR_FOUND_MORE;
	/* No packet has more; the numbers below are multiplied. */
	if (len < look->whole || len > 0xffff)
		return CENSOR_FOUND_NOT;
	if (known_protocol(look) || printable_prefix(look) || has_run(look))
		return CENSOR_FOUND_NOT;
	count(look, &c);
	if (c.bits * 100 <= model->fet_low * len || c.bits * 100 >= model->fet_high * len)
		return CENSOR_FOUND_NOT;
	if (mostly_printable(look, c.tops))
		return CENSOR_FOUND_NOT;
	return censor_saw(sight, CENSOR_PROTOCOL_ENCRYPTED, CENSOR_CONFIDENCE_LIKELY, 0,
			  min_t(u32, len, EVIDENCE));
}
