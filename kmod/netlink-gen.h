/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/nf_censor.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_NF_CENSOR_GEN_H
#define _LINUX_NF_CENSOR_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/nf_censor.h>

/* Common nested types */
extern const struct nla_policy nf_censor_cond_nl_policy[NF_CENSOR_A_COND_SET + 1];
extern const struct nla_policy nf_censor_elems_nl_policy[NF_CENSOR_A_ELEMS_RANGE + 1];
extern const struct nla_policy nf_censor_field_nl_policy[NF_CENSOR_A_FIELD_HI + 1];
extern const struct nla_policy nf_censor_forge_nl_policy[NF_CENSOR_A_FORGE_IP_ID + 1];
extern const struct nla_policy nf_censor_inject_nl_policy[NF_CENSOR_A_INJECT_PACKET + 1];
extern const struct nla_policy nf_censor_packet_nl_policy[NF_CENSOR_A_PACKET_SEQ + 1];
extern const struct nla_policy nf_censor_pool_nl_policy[NF_CENSOR_A_POOL_V6 + 1];
extern const struct nla_policy nf_censor_prefix_nl_policy[NF_CENSOR_A_PREFIX_BITS + 1];
extern const struct nla_policy nf_censor_range_nl_policy[NF_CENSOR_A_RANGE_HI + 1];
extern const struct nla_policy nf_censor_rule_nl_policy[NF_CENSOR_A_RULE_HITS + 1];
extern const struct nla_policy nf_censor_set_nl_policy[NF_CENSOR_A_SET_WORDS + 1];

extern const struct nla_policy nf_censor_stats_get_nl_policy[NF_CENSOR_A_STATS_PAD + 1];

extern const struct nla_policy nf_censor_txn_begin_nl_policy[NF_CENSOR_A_POLICY_SEED + 1];

extern const struct nla_policy nf_censor_txn_add_nl_policy[NF_CENSOR_A_POLICY_RULE + 1];

extern const struct nla_policy nf_censor_txn_commit_nl_policy[NF_CENSOR_A_POLICY_DRY_RUN + 1];

extern const struct nla_policy nf_censor_txn_abort_nl_policy[NF_CENSOR_A_POLICY_TXN_ID + 1];

extern const struct nla_policy nf_censor_policy_get_nl_policy[NF_CENSOR_A_POLICY_PAD + 1];

extern const struct nla_policy nf_censor_policy_flush_nl_policy[NF_CENSOR_A_POLICY_GENERATION + 1];

/* Ops table for nf_censor */
extern const struct genl_ops nf_censor_nl_ops[7];

int nf_censor_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_txn_begin_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_txn_add_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_txn_commit_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_txn_abort_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_policy_get_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_policy_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb);
int nf_censor_nl_policy_flush_doit(struct sk_buff *skb, struct genl_info *info);

#endif /* _LINUX_NF_CENSOR_GEN_H */
