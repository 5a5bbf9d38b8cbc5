/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only place in the engine that knows which host it is compiled for: the kernel module, or
 * a program (censorctl, the unit tests, the fuzzers). Everything else includes this and nothing
 * of the system's.
 */
#ifndef _CENSOR_HOST_H
#define _CENSOR_HOST_H

#ifdef __KERNEL__

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/types.h>

static inline void *censor_alloc(size_t size)
{
	return kvzalloc(size, GFP_KERNEL_ACCOUNT);
}

static inline void censor_free(void *mem)
{
	kvfree(mem);
}

/* Bits that are set. */
static inline u32 censor_popcount64(u64 word)
{
	return hweight64(word);
}

static inline u32 censor_lowest(u32 word)
{
	return (u32)__ffs(word);
}

static inline u64 censor_secret(void)
{
	return get_random_u64();
}

static inline u64 censor_div64(u64 n, u64 by)
{
	return div64_u64(n, by);
}

static inline u32 censor_rest64(u64 n, u32 by)
{
	u32 rest;

	div_u64_rem(n, by, &rest);
	return rest;
}

/* In long loops while a policy is built: let others run. */
static inline void censor_breathe(void)
{
	cond_resched();
}

static inline void censor_sort(void *base, size_t n, size_t size,
			       int (*cmp)(const void *, const void *))
{
	sort(base, n, size, cmp, NULL);
}

/* A number that several CPUs count up. */
typedef atomic_t censor_counter;

/* Return: the number before it. */
static inline u32 censor_counter_up(censor_counter *counter)
{
	return (u32)atomic_fetch_inc(counter);
}

static inline u32 censor_counter_read(const censor_counter *counter)
{
	return (u32)atomic_read(counter);
}

static inline void censor_counter_set(censor_counter *counter, u32 n)
{
	atomic_set(counter, (int)n);
}

/* A moment that several CPUs move on. */
typedef atomic64_t censor_moment;

static inline u64 censor_moment_read(const censor_moment *moment)
{
	return (u64)atomic64_read(moment);
}

/* Return: whether it was @old and is @next now; else @old is what it is. */
static inline bool censor_moment_move(censor_moment *moment, u64 *old, u64 next)
{
	return atomic64_try_cmpxchg(moment, (s64 *)old, (s64)next);
}

#else /* a program */

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

#define min(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a < _b ? _a : _b; })
#define max(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif
#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define noinline __attribute__((__noinline__))
#define fallthrough __attribute__((__fallthrough__))

static inline void *censor_alloc(size_t size)
{
	return calloc(1, size);
}

/* In sums of ever wider fields: without an instruction for it, compilers call a function. */
static inline u32 censor_popcount64(u64 word)
{
#ifdef __POPCNT__
	return (u32)__builtin_popcountll(word);
#else
	word -= word >> 1 & 0x5555555555555555ull;
	word = (word & 0x3333333333333333ull) + (word >> 2 & 0x3333333333333333ull);
	word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0full;
	return (u32)(word * 0x0101010101010101ull >> 56);
#endif
}

static inline u32 censor_lowest(u32 word)
{
	return (u32)__builtin_ctz(word);
}

/* A program judges one packet after another. */
typedef u32 censor_counter;

static inline u32 censor_counter_up(censor_counter *counter)
{
	return (*counter)++;
}

static inline u32 censor_counter_read(const censor_counter *counter)
{
	return *counter;
}

static inline void censor_counter_set(censor_counter *counter, u32 n)
{
	*counter = n;
}

typedef u64 censor_moment;

static inline u64 censor_moment_read(const censor_moment *moment)
{
	return *moment;
}

static inline bool censor_moment_move(censor_moment *moment, u64 *old, u64 next)
{
	(void)old;
	*moment = next;
	return true;
}

static inline void censor_free(void *mem)
{
	free(mem);
}

static inline void censor_breathe(void)
{
}

static inline u64 censor_div64(u64 n, u64 by)
{
	return n / by;
}

static inline u32 censor_rest64(u64 n, u32 by)
{
	return (u32)(n % by);
}

/* A program's tables need no secret: it reads its own captures, and runs repeat exactly. */
static inline u64 censor_secret(void)
{
	return 0x9e3779b97f4a7c15ull;
}

static inline void censor_sort(void *base, size_t n, size_t size,
			       int (*cmp)(const void *, const void *))
{
	if (n > 1)
		qsort(base, n, size, cmp);
}

#endif

/*
 * Wire values are read and written a byte at a time: the packet's bytes stand wherever they
 * stand, and compilers make one load of it where the machine can.
 */
static inline u16 censor_get16(const u8 *p)
{
	return (u16)(p[0] << 8 | p[1]);
}

static inline u32 censor_get24(const u8 *p)
{
	return (u32)p[0] << 16 | (u32)p[1] << 8 | p[2];
}

static inline u32 censor_get32(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

static inline void censor_put16(u8 *p, u16 v)
{
	p[0] = v >> 8;
	p[1] = v & 0xff;
}

static inline void censor_put32(u8 *p, u32 v)
{
	censor_put16(p, v >> 16);
	censor_put16(p + 2, v & 0xffff);
}

#endif
