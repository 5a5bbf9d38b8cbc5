// SPDX-License-Identifier: GPL-2.0
/*
 * GHASH, the hash in GCM (NIST SP 800-38D 6.4), four bits at a time by a table of the multiples of
 * the key (Shoup: "On fast and provably secure message authentication based on universal hashing",
 * CRYPTO 1996). Bits count from the left: x^0 is the first bit of the first byte.
 */
#include "crypto.h"

/* An element of GF(2^128): @hi has the coefficients of x^0 to x^63. */
struct element {
	u64 hi, lo;
};

static struct element element_get(const u8 *p)
{
	return (struct element){ .hi = (u64)censor_get32(p) << 32 | censor_get32(p + 4),
				 .lo = (u64)censor_get32(p + 8) << 32 | censor_get32(p + 12) };
}

/* What four bits that leave at x^127 come back as, modulo x^128 + x^7 + x^2 + x + 1. */
static const u16 come_back[16] = {
	0x0000, 0x1c20, 0x3840, 0x2460, 0x7080, 0x6ca0, 0x48c0, 0x54e0,
	0xe100, 0xfd20, 0xd940, 0xc560, 0x9180, 0x8da0, 0xa9c0, 0xb5e0,
};

/* @table[n]: the key times the polynomial whose coefficients of x^0 to x^3 are @n, x^0 the 8. */
static void table_make(struct element table[16], const u8 *h)
{
	u32 i, j;

	table[0] = (struct element){ 0 };
	table[8] = element_get(h);
	for (i = 4; i; i >>= 1) {
		const struct element *twice = &table[2 * i];

		table[i].lo = twice->lo >> 1 | twice->hi << 63;
		table[i].hi = twice->hi >> 1;
		if (twice->lo & 1)
			table[i].hi ^= 0xe1ull << 56;
	}
	for (i = 2; i < 16; i <<= 1)
		for (j = 1; j < i; j++) {
			table[i + j].hi = table[i].hi ^ table[j].hi;
			table[i + j].lo = table[i].lo ^ table[j].lo;
		}
}

/* @z times x^64, and the key times the coefficients in @word added: from the highest on. */
static struct element multiply(struct element z, u64 word, const struct element table[16])
{
	u32 i;

	for (i = 0; i < 16; i++) {
		const struct element *times = &table[word & 15];
		u64 back = (u64)come_back[z.lo & 15] << 48;

		z.lo = (z.lo >> 4 | z.hi << 60) ^ times->lo;
		z.hi = z.hi >> 4 ^ back ^ times->hi;
		word >>= 4;
	}
	return z;
}

void censor_ghash(const u8 h[16], u8 y[16], const u8 *data, u32 len)
{
	struct element table[16], sum = element_get(y), block;
	const struct element zero = { 0 };
	u8 last[16];

	table_make(table, h);
	while (len) {
		if (len < 16) {
			memset(last, 0, sizeof(last));
			memcpy(last, data, len);
			block = element_get(last);
			len = 0;
		} else {
			block = element_get(data);
			data += 16;
			len -= 16;
		}
		sum.hi ^= block.hi;
		sum.lo ^= block.lo;
		sum = multiply(multiply(zero, sum.lo, table), sum.hi, table);
	}
	censor_put32(y, sum.hi >> 32);
	censor_put32(y + 4, (u32)sum.hi);
	censor_put32(y + 8, sum.lo >> 32);
	censor_put32(y + 12, (u32)sum.lo);
}
