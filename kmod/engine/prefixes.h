/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Address prefixes: in which sets an address is. One probe of a hash table for each prefix length
 * that the policy uses, however many prefixes there are.
 */
#ifndef _CENSOR_PREFIXES_H
#define _CENSOR_PREFIXES_H

#include "host.h"
#include "names.h"

/**
 * struct censor_prefix - an address and how many bits of it count
 * @family: 4 or 6
 * @bits: 0 to 32 or 128
 * @addr: network order; IPv4 in the first four bytes; the bits beyond @bits are zero
 */
struct censor_prefix {
	u8 family;
	u8 bits;
	u8 addr[16];
};

struct censor_prefix_entry {
	struct censor_prefix prefix;
	u16 set;
};

struct censor_prefixes {
	struct censor_prefix_entry *entries;
	u32 n, room;
	u32 *slots;		/* index into @entries plus one */
	u32 slot_mask;
	u64 secret;
	u32 lengths4[2];	/* bit n: some prefix has n bits */
	u32 lengths6[5];
};

int censor_prefixes_add(struct censor_prefixes *p, u16 set, const struct censor_prefix *prefix,
			size_t *bytes, const char **why);
int censor_prefixes_seal(struct censor_prefixes *p, size_t *bytes, const char **why);
void censor_prefixes_free(struct censor_prefixes *p);

/** censor_prefixes_find() - add the sets that hold @addr to @hits. Any context. */
void censor_prefixes_find(const struct censor_prefixes *p, u8 family, const u8 *addr,
			  struct censor_hits *hits);

/** censor_prefix_has() - whether @addr of the same family lies in @prefix */
bool censor_prefix_has(const struct censor_prefix *prefix, u8 family, const u8 *addr);

#endif
