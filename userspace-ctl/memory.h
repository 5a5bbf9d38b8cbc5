/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory for a tool that runs once: where there is none left it says so and ends, as nothing of
 * what it does could be finished.
 */
#ifndef _CENSORCTL_MEMORY_H
#define _CENSORCTL_MEMORY_H

#include "engine/host.h"

void *memory_resized(void *old, size_t n, size_t size);
void *memory_zeroed(size_t n, size_t size);
char *memory_string(const char *text);

/**
 * memory_grow() - make room for one more element of an array
 * @array: pointer to its first element; updated
 * @n: elements that it has
 * @room: elements that it has room for; updated
 */
#define memory_grow(array, n, room) do {						\
	if ((n) == (room)) {								\
		(room) = (room) ? (room) * 2 : 4;					\
		(array) = memory_resized((array), (room), sizeof(*(array)));		\
	}										\
} while (0)

/** struct arena - many small pieces that are freed together; begin with all zero */
struct arena {
	struct arena_block *blocks;
	char *at, *end;
};

/** arena_take() - @size bytes, aligned for any type if @size is a multiple of 8 */
void *arena_take(struct arena *arena, size_t size);
/** arena_text() - a copy with a NUL behind it, not aligned */
char *arena_text(struct arena *arena, const char *text, size_t len);
void arena_free(struct arena *arena);

#endif
