/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In place of the kernel's: as much as kmod/netlink-gen.c needs to be a table of what each message
 * may hold, for a program that makes messages of it.
 */
#ifndef _FUZZ_NET_NETLINK_H
#define _FUZZ_NET_NETLINK_H

#include <stddef.h>

#include "engine/host.h"

enum {
	NLA_UNSPEC, NLA_U8, NLA_U16, NLA_U32, NLA_U64, NLA_S8, NLA_S16, NLA_S32, NLA_S64, NLA_STRING,
	NLA_NUL_STRING, NLA_BINARY, NLA_FLAG, NLA_NESTED, NLA_NESTED_ARRAY,
};

enum nla_policy_validation {
	NLA_VALIDATE_NONE, NLA_VALIDATE_RANGE, NLA_VALIDATE_MASK, NLA_VALIDATE_EXACT,
};

struct nla_policy {
	u8 type;
	u8 validation_type;
	u32 len;
	const struct nla_policy *nested_policy;
	s64 min, max;
	u64 mask;
};

#define NLA_POLICY_RANGE(_type, _min, _max) \
	{ .type = _type, .validation_type = NLA_VALIDATE_RANGE, .min = _min, .max = _max }
#define NLA_POLICY_MAX(_type, _max)	NLA_POLICY_RANGE(_type, 0, _max)
#define NLA_POLICY_MIN(_type, _min) \
	{ .type = _type, .validation_type = NLA_VALIDATE_RANGE, .min = _min, .max = 0x7fffffff }
#define NLA_POLICY_MASK(_type, _mask) \
	{ .type = _type, .validation_type = NLA_VALIDATE_MASK, .mask = _mask }
#define NLA_POLICY_EXACT_LEN(_len) \
	{ .type = NLA_BINARY, .validation_type = NLA_VALIDATE_EXACT, .len = _len }
#define NLA_POLICY_MIN_LEN(_len)	{ .type = NLA_BINARY, .len = 2 * (_len) + 8 }
#define NLA_POLICY_MAX_LEN(_len)	{ .type = NLA_BINARY, .len = _len }
#define NLA_POLICY_NESTED(_policy) \
	{ .type = NLA_NESTED, .nested_policy = _policy, .len = ARRAY_SIZE(_policy) - 1 }
#define NLA_POLICY_NESTED_ARRAY(_policy) \
	{ .type = NLA_NESTED_ARRAY, .nested_policy = _policy, .len = ARRAY_SIZE(_policy) - 1 }

#endif
