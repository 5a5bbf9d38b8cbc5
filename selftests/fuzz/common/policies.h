/* SPDX-License-Identifier: GPL-2.0 */
/* Policies that are part of a target; the Makefile has embed make the array. */
#ifndef _FUZZ_POLICIES_H
#define _FUZZ_POLICIES_H

#include "texts.h"

extern const struct text_file fuzz_policies[];

#endif
