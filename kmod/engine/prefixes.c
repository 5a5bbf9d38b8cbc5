// SPDX-License-Identifier: GPL-2.0
/* Sets of address prefixes. */
#include "prefixes.h"
#include "grow.h"

static u32 family_bits(u8 family)
{
	return family == 4 ? 32 : 128;
}

/* Clear all bits of @addr beyond the first @bits. */
static void mask(u8 *addr, u32 bits)
{
	u32 i = bits / 8;

	if (i >= 16)
		return;
	addr[i] &= 0xff00 >> bits % 8;
	for (i++; i < 16; i++)
		addr[i] = 0;
}

bool censor_prefix_has(const struct censor_prefix *prefix, u8 family, const u8 *addr)
{
	u32 whole = prefix->bits / 8, rest = prefix->bits % 8;

	if (prefix->family != family || memcmp(prefix->addr, addr, whole))
		return false;
	return !rest || !((prefix->addr[whole] ^ addr[whole]) & (0xff00 >> rest) & 0xff);
}

static u64 hash(const struct censor_prefixes *p, const struct censor_prefix *prefix)
{
	u64 h = p->secret ^ ((u64)prefix->family << 8 | prefix->bits);
	u32 i;

	for (i = 0; i < (prefix->family == 4 ? 4 : 16); i += 4) {
		h = (h ^ censor_get32(prefix->addr + i)) * 0xff51afd7ed558ccdull;
		h ^= h >> 32;
	}
	return h;
}

static bool same(const struct censor_prefix *a, const struct censor_prefix *b)
{
	return a->family == b->family && a->bits == b->bits && !memcmp(a->addr, b->addr, 16);
}

int censor_prefixes_add(struct censor_prefixes *p, u16 set, const struct censor_prefix *prefix,
			size_t *bytes, const char **why)
{
	struct censor_prefix masked = *prefix;
	struct censor_prefix_entry *entries;

	if ((prefix->family != 4 && prefix->family != 6) ||
	    prefix->bits > family_bits(prefix->family)) {
		*why = "a prefix has at most 32 bits in IPv4, 128 in IPv6";
		return -EINVAL;
	}
	mask(masked.addr, prefix->bits);
	if (!same(&masked, prefix)) {
		*why = "a prefix has address bits set beyond its length";
		return -EINVAL;
	}
	entries = censor_grow(p->entries, p->n, &p->room, 1, sizeof(*entries), bytes);
	if (!entries) {
		*why = "out of memory";
		return -ENOMEM;
	}
	p->entries = entries;
	entries[p->n++] = (struct censor_prefix_entry){ .prefix = masked, .set = set };
	if (prefix->family == 4)
		p->lengths4[prefix->bits / 32] |= 1u << prefix->bits % 32;
	else
		p->lengths6[prefix->bits / 32] |= 1u << prefix->bits % 32;
	return 0;
}

int censor_prefixes_seal(struct censor_prefixes *p, size_t *bytes, const char **why)
{
	u64 slots = 8;
	u32 i, slot, shared;

	if (!p->n)
		return 0;
	while (slots * 3 < (u64)p->n * 4)
		slots *= 2;
	p->slots = censor_alloc(slots * sizeof(*p->slots));
	if (!p->slots) {
		*why = "out of memory";
		return -ENOMEM;
	}
	*bytes += slots * sizeof(*p->slots);
	p->slot_mask = (u32)slots - 1;
	p->secret = censor_secret();
	for (i = 0; i < p->n; i++) {
		const struct censor_prefix_entry *entry = &p->entries[i];
		bool known = false;

		shared = 0;
		slot = (u32)hash(p, &entry->prefix) & p->slot_mask;
		for (; p->slots[slot] && !known; slot = (slot + 1) & p->slot_mask) {
			const struct censor_prefix_entry *other = &p->entries[p->slots[slot] - 1];

			if (!same(&other->prefix, &entry->prefix))
				continue;
			known = other->set == entry->set;
			if (!known && ++shared == CENSOR_HITS_MAX) {
				*why = "a prefix is in more than 64 sets";
				return -E2BIG;
			}
		}
		if (!known)
			p->slots[slot] = i + 1;
	}
	return 0;
}

void censor_prefixes_free(struct censor_prefixes *p)
{
	censor_free(p->entries);
	censor_free(p->slots);
}

void censor_prefixes_find(const struct censor_prefixes *p, u8 family, const u8 *addr,
			  struct censor_hits *hits)
{
	const u32 *lengths = family == 4 ? p->lengths4 : p->lengths6;
	struct censor_prefix prefix = { .family = family };
	u32 bits, slot;

	if (!p->slots)
		return;
	/* From the longest, so that each masking only takes away. */
	memcpy(prefix.addr, addr, family == 4 ? 4 : 16);
	for (bits = family_bits(family) + 1; bits--; ) {
		if (!(lengths[bits / 32] & 1u << bits % 32))
			continue;
		prefix.bits = bits;
		mask(prefix.addr, bits);
		slot = (u32)hash(p, &prefix) & p->slot_mask;
		for (; p->slots[slot]; slot = (slot + 1) & p->slot_mask) {
			const struct censor_prefix_entry *entry = &p->entries[p->slots[slot] - 1];

			if (same(&entry->prefix, &prefix))
				censor_hits_add(hits, entry->set);
		}
	}
}
