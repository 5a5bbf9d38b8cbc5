/* SPDX-License-Identifier: GPL-2.0 */
/* Arrays that grow while a policy is built. */
#ifndef _CENSOR_GROW_H
#define _CENSOR_GROW_H

#include "host.h"

/**
 * censor_grow() - room for more elements
 * @old: the array, or NULL
 * @n: how many elements it holds
 * @room: how many it has room for; updated
 * @more: how many are to be added
 * @size: bytes of one
 * @bytes: account of bytes taken; updated
 *
 * Return: the array, moved or not, or NULL for lack of memory, when @old stays as it was.
 */
void *censor_grow(void *old, u32 n, u32 *room, u32 more, size_t size, size_t *bytes);

#endif
