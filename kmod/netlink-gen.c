// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/nf_censor.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/nf_censor.h>

/* Common nested types */
const struct nla_policy nf_censor_cond_nl_policy[NF_CENSOR_A_COND_SET + 1] = {
	[NF_CENSOR_A_COND_ATTR] = NLA_POLICY_MAX(NLA_U8, 12),
	[NF_CENSOR_A_COND_NEGATE] = { .type = NLA_FLAG, },
	[NF_CENSOR_A_COND_SET] = { .type = NLA_U32, },
};

const struct nla_policy nf_censor_elems_nl_policy[NF_CENSOR_A_ELEMS_RANGE + 1] = {
	[NF_CENSOR_A_ELEMS_SET] = { .type = NLA_U32, },
	[NF_CENSOR_A_ELEMS_SUFFIX] = { .type = NLA_BINARY, },
	[NF_CENSOR_A_ELEMS_EXACT] = { .type = NLA_BINARY, },
	[NF_CENSOR_A_ELEMS_SUBDOMAIN] = { .type = NLA_BINARY, },
	[NF_CENSOR_A_ELEMS_ENDS] = { .type = NLA_BINARY, },
	[NF_CENSOR_A_ELEMS_SUBSTRING] = { .type = NLA_BINARY, },
	[NF_CENSOR_A_ELEMS_STARTS] = { .type = NLA_BINARY, },
	[NF_CENSOR_A_ELEMS_LABEL] = { .type = NLA_BINARY, },
	[NF_CENSOR_A_ELEMS_PREFIX] = NLA_POLICY_NESTED(nf_censor_prefix_nl_policy),
	[NF_CENSOR_A_ELEMS_RANGE] = NLA_POLICY_NESTED(nf_censor_range_nl_policy),
};

const struct nla_policy nf_censor_field_nl_policy[NF_CENSOR_A_FIELD_HI + 1] = {
	[NF_CENSOR_A_FIELD_PICK] = NLA_POLICY_MAX(NLA_U8, 2),
	[NF_CENSOR_A_FIELD_LO] = { .type = NLA_U16, },
	[NF_CENSOR_A_FIELD_HI] = { .type = NLA_U16, },
};

const struct nla_policy nf_censor_forge_nl_policy[NF_CENSOR_A_FORGE_IP_ID + 1] = {
	[NF_CENSOR_A_FORGE_POOL] = { .type = NLA_U32, },
	[NF_CENSOR_A_FORGE_COUNT] = NLA_POLICY_RANGE(NLA_U8, 1, 16),
	[NF_CENSOR_A_FORGE_AA] = { .type = NLA_FLAG, },
	[NF_CENSOR_A_FORGE_DF] = { .type = NLA_FLAG, },
	[NF_CENSOR_A_FORGE_TTL_LO] = { .type = NLA_U32, },
	[NF_CENSOR_A_FORGE_TTL_HI] = { .type = NLA_U32, },
	[NF_CENSOR_A_FORGE_IP_TTL] = NLA_POLICY_NESTED(nf_censor_field_nl_policy),
	[NF_CENSOR_A_FORGE_IP_ID] = NLA_POLICY_NESTED(nf_censor_field_nl_policy),
};

const struct nla_policy nf_censor_inject_nl_policy[NF_CENSOR_A_INJECT_PACKET + 1] = {
	[NF_CENSOR_A_INJECT_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_INJECT_PACKET] = NLA_POLICY_NESTED(nf_censor_packet_nl_policy),
};

const struct nla_policy nf_censor_packet_nl_policy[NF_CENSOR_A_PACKET_SEQ + 1] = {
	[NF_CENSOR_A_PACKET_FLAGS] = { .type = NLA_U8, },
	[NF_CENSOR_A_PACKET_TO] = NLA_POLICY_MASK(NLA_U8, 0x3),
	[NF_CENSOR_A_PACKET_COPIES] = NLA_POLICY_RANGE(NLA_U8, 1, 8),
	[NF_CENSOR_A_PACKET_DF] = { .type = NLA_FLAG, },
	[NF_CENSOR_A_PACKET_TTL] = NLA_POLICY_NESTED(nf_censor_field_nl_policy),
	[NF_CENSOR_A_PACKET_IP_ID] = NLA_POLICY_NESTED(nf_censor_field_nl_policy),
	[NF_CENSOR_A_PACKET_WINDOW] = NLA_POLICY_NESTED(nf_censor_field_nl_policy),
	[NF_CENSOR_A_PACKET_SEQ] = { .type = NLA_U32, },
};

const struct nla_policy nf_censor_pool_nl_policy[NF_CENSOR_A_POOL_V6 + 1] = {
	[NF_CENSOR_A_POOL_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_POOL_V4] = NLA_POLICY_EXACT_LEN(4),
	[NF_CENSOR_A_POOL_V6] = NLA_POLICY_EXACT_LEN(16),
};

const struct nla_policy nf_censor_prefix_nl_policy[NF_CENSOR_A_PREFIX_BITS + 1] = {
	[NF_CENSOR_A_PREFIX_V4] = NLA_POLICY_EXACT_LEN(4),
	[NF_CENSOR_A_PREFIX_V6] = NLA_POLICY_EXACT_LEN(16),
	[NF_CENSOR_A_PREFIX_BITS] = NLA_POLICY_MAX(NLA_U8, 128),
};

const struct nla_policy nf_censor_range_nl_policy[NF_CENSOR_A_RANGE_HI + 1] = {
	[NF_CENSOR_A_RANGE_LO] = { .type = NLA_U16, },
	[NF_CENSOR_A_RANGE_HI] = { .type = NLA_U16, },
};

const struct nla_policy nf_censor_rule_nl_policy[NF_CENSOR_A_RULE_HITS + 1] = {
	[NF_CENSOR_A_RULE_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_RULE_ACTIONS] = NLA_POLICY_MASK(NLA_U32, 0x3f),
	[NF_CENSOR_A_RULE_INJECT] = { .type = NLA_U32, },
	[NF_CENSOR_A_RULE_FORGE] = NLA_POLICY_NESTED(nf_censor_forge_nl_policy),
	[NF_CENSOR_A_RULE_RESIDUAL_MS] = { .type = NLA_U32, },
	[NF_CENSOR_A_RULE_TUPLE] = NLA_POLICY_MASK(NLA_U8, 0xf),
	[NF_CENSOR_A_RULE_COND] = NLA_POLICY_NESTED(nf_censor_cond_nl_policy),
	[NF_CENSOR_A_RULE_HITS] = { .type = NLA_U64, },
};

const struct nla_policy nf_censor_set_nl_policy[NF_CENSOR_A_SET_WORDS + 1] = {
	[NF_CENSOR_A_SET_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_SET_KIND] = NLA_POLICY_MAX(NLA_U8, 2),
	[NF_CENSOR_A_SET_WORDS] = { .type = NLA_FLAG, },
};

/* NF_CENSOR_CMD_STATS_GET - do */
const struct nla_policy nf_censor_stats_get_nl_policy[NF_CENSOR_A_STATS_PAD + 1] = {
};

/* NF_CENSOR_CMD_TXN_BEGIN - do */
const struct nla_policy nf_censor_txn_begin_nl_policy[NF_CENSOR_A_POLICY_SEED + 1] = {
	[NF_CENSOR_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_POLICY_SEED] = { .type = NLA_U64, },
};

/* NF_CENSOR_CMD_TXN_ADD - do */
const struct nla_policy nf_censor_txn_add_nl_policy[NF_CENSOR_A_POLICY_RULE + 1] = {
	[NF_CENSOR_A_POLICY_TXN_ID] = { .type = NLA_U32, },
	[NF_CENSOR_A_POLICY_INSIDE] = NLA_POLICY_NESTED(nf_censor_prefix_nl_policy),
	[NF_CENSOR_A_POLICY_SET] = NLA_POLICY_NESTED(nf_censor_set_nl_policy),
	[NF_CENSOR_A_POLICY_ELEMS] = NLA_POLICY_NESTED(nf_censor_elems_nl_policy),
	[NF_CENSOR_A_POLICY_INJECT] = NLA_POLICY_NESTED(nf_censor_inject_nl_policy),
	[NF_CENSOR_A_POLICY_POOL] = NLA_POLICY_NESTED(nf_censor_pool_nl_policy),
	[NF_CENSOR_A_POLICY_RULE] = NLA_POLICY_NESTED(nf_censor_rule_nl_policy),
};

/* NF_CENSOR_CMD_TXN_COMMIT - do */
const struct nla_policy nf_censor_txn_commit_nl_policy[NF_CENSOR_A_POLICY_DRY_RUN + 1] = {
	[NF_CENSOR_A_POLICY_TXN_ID] = { .type = NLA_U32, },
	[NF_CENSOR_A_POLICY_GENERATION] = { .type = NLA_U32, },
	[NF_CENSOR_A_POLICY_DRY_RUN] = { .type = NLA_FLAG, },
};

/* NF_CENSOR_CMD_TXN_ABORT - do */
const struct nla_policy nf_censor_txn_abort_nl_policy[NF_CENSOR_A_POLICY_TXN_ID + 1] = {
	[NF_CENSOR_A_POLICY_TXN_ID] = { .type = NLA_U32, },
};

/* NF_CENSOR_CMD_POLICY_GET - do */
const struct nla_policy nf_censor_policy_get_nl_policy[NF_CENSOR_A_POLICY_PAD + 1] = {
};

/* NF_CENSOR_CMD_POLICY_FLUSH - do */
const struct nla_policy nf_censor_policy_flush_nl_policy[NF_CENSOR_A_POLICY_GENERATION + 1] = {
	[NF_CENSOR_A_POLICY_GENERATION] = { .type = NLA_U32, },
};

/* Ops table for nf_censor */
const struct genl_ops nf_censor_nl_ops[7] = {
	{
		.cmd		= NF_CENSOR_CMD_STATS_GET,
		.doit		= nf_censor_nl_stats_get_doit,
		.policy		= nf_censor_stats_get_nl_policy,
		.maxattr	= NF_CENSOR_A_STATS_PAD,
	},
	{
		.cmd		= NF_CENSOR_CMD_TXN_BEGIN,
		.doit		= nf_censor_nl_txn_begin_doit,
		.policy		= nf_censor_txn_begin_nl_policy,
		.maxattr	= NF_CENSOR_A_POLICY_SEED,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_CENSOR_CMD_TXN_ADD,
		.doit		= nf_censor_nl_txn_add_doit,
		.policy		= nf_censor_txn_add_nl_policy,
		.maxattr	= NF_CENSOR_A_POLICY_RULE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_CENSOR_CMD_TXN_COMMIT,
		.doit		= nf_censor_nl_txn_commit_doit,
		.policy		= nf_censor_txn_commit_nl_policy,
		.maxattr	= NF_CENSOR_A_POLICY_DRY_RUN,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_CENSOR_CMD_TXN_ABORT,
		.doit		= nf_censor_nl_txn_abort_doit,
		.policy		= nf_censor_txn_abort_nl_policy,
		.maxattr	= NF_CENSOR_A_POLICY_TXN_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_CENSOR_CMD_POLICY_GET,
		.doit		= nf_censor_nl_policy_get_doit,
		.dumpit		= nf_censor_nl_policy_get_dumpit,
		.policy		= nf_censor_policy_get_nl_policy,
		.maxattr	= NF_CENSOR_A_POLICY_PAD,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_CENSOR_CMD_POLICY_FLUSH,
		.doit		= nf_censor_nl_policy_flush_doit,
		.policy		= nf_censor_policy_flush_nl_policy,
		.maxattr	= NF_CENSOR_A_POLICY_GENERATION,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};
