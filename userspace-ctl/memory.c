// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "command.h"
#include "memory.h"

#define ARENA_BLOCK	(1u << 20)

struct arena_block {
	struct arena_block *next;
};

static void *memory_or_end(void *memory)
{
	if (!memory) {
		fputs("censorctl: out of memory\n", stderr);
		exit(EXIT_REFUSED);
	}
	return memory;
}

void *memory_resized(void *old, size_t n, size_t size)
{
	return memory_or_end(reallocarray(old, n ? n : 1, size));
}

void *memory_zeroed(size_t n, size_t size)
{
	return memory_or_end(calloc(n ? n : 1, size));
}

char *memory_string(const char *text)
{
	return memory_or_end(strdup(text));
}

static char *arena_room(struct arena *arena, size_t size)
{
	char *at = arena->at;

	if (size > (size_t)(arena->end - at)) {
		size_t more = max(size + 16, (size_t)ARENA_BLOCK);
		struct arena_block *block = memory_or_end(malloc(sizeof(*block) + more));

		block->next = arena->blocks;
		arena->blocks = block;
		at = (char *)(block + 1);
		arena->end = at + more;
	}
	arena->at = at + size;
	return at;
}

void *arena_take(struct arena *arena, size_t size)
{
	size_t odd = (uintptr_t)arena->at & 7;

	if (odd && (size_t)(arena->end - arena->at) >= 8 - odd)
		arena->at += 8 - odd;
	else if (odd)
		arena->at = arena->end;
	return memset(arena_room(arena, size), 0, size);
}

char *arena_text(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_room(arena, len + 1);

	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

void arena_free(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
	arena->at = arena->end = NULL;
}
