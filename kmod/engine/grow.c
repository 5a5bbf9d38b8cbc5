// SPDX-License-Identifier: GPL-2.0
#include "grow.h"

void *censor_grow(void *old, u32 n, u32 *room, u32 more, size_t size, size_t *bytes)
{
	u64 want = (u64)n + more;
	void *new;

	if (want <= *room)
		return old;
	want = max(want, (u64)*room * 2);
	want = max_t(u64, want, 8);
	if (want > (u32)~0)
		return NULL;
	new = censor_alloc((size_t)want * size);
	if (!new)
		return NULL;
	if (old)
		memcpy(new, old, n * size);
	censor_free(old);
	*bytes += ((size_t)want - *room) * size;
	*room = (u32)want;
	return new;
}
