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
extern const struct nla_policy nf_censor_chance_nl_policy[NF_CENSOR_A_CHANCE_LOAD + 1];
extern const struct nla_policy nf_censor_cond_nl_policy[NF_CENSOR_A_COND_SET + 1];
extern const struct nla_policy nf_censor_delay_nl_policy[NF_CENSOR_A_DELAY_POINT + 1];
extern const struct nla_policy nf_censor_delay_point_nl_policy[NF_CENSOR_A_DELAY_POINT_US + 1];
extern const struct nla_policy nf_censor_detect_model_nl_policy[NF_CENSOR_A_DETECT_MODEL_TLS_IN_TLS + 1];
extern const struct nla_policy nf_censor_elems_nl_policy[NF_CENSOR_A_ELEMS_RANGE + 1];
extern const struct nla_policy nf_censor_field_nl_policy[NF_CENSOR_A_FIELD_HI + 1];
extern const struct nla_policy nf_censor_forge_nl_policy[NF_CENSOR_A_FORGE_CURSORS + 1];
extern const struct nla_policy nf_censor_freeze_nl_policy[NF_CENSOR_A_FREEZE_BYTES + 1];
extern const struct nla_policy nf_censor_hold_nl_policy[NF_CENSOR_A_HOLD_TO + 1];
extern const struct nla_policy nf_censor_hours_nl_policy[NF_CENSOR_A_HOURS_CHANCE + 1];
extern const struct nla_policy nf_censor_inject_nl_policy[NF_CENSOR_A_INJECT_GAP + 1];
extern const struct nla_policy nf_censor_ip_model_nl_policy[NF_CENSOR_A_IP_MODEL_TIMEOUT + 1];
extern const struct nla_policy nf_censor_load_nl_policy[NF_CENSOR_A_LOAD_POINT + 1];
extern const struct nla_policy nf_censor_load_point_nl_policy[NF_CENSOR_A_LOAD_POINT_CHANCE + 1];
extern const struct nla_policy nf_censor_lose_nl_policy[NF_CENSOR_A_LOSE_TO + 1];
extern const struct nla_policy nf_censor_mark_nl_policy[NF_CENSOR_A_MARK_MASK + 1];
extern const struct nla_policy nf_censor_packet_nl_policy[NF_CENSOR_A_PACKET_SEGMENT + 1];
extern const struct nla_policy nf_censor_page_nl_policy[NF_CENSOR_A_PAGE_DATA + 1];
extern const struct nla_policy nf_censor_phase_nl_policy[NF_CENSOR_A_PHASE_PAD + 1];
extern const struct nla_policy nf_censor_police_nl_policy[NF_CENSOR_A_POLICE_PAD + 1];
extern const struct nla_policy nf_censor_pool_nl_policy[NF_CENSOR_A_POOL_V6 + 1];
extern const struct nla_policy nf_censor_prefix_nl_policy[NF_CENSOR_A_PREFIX_BITS + 1];
extern const struct nla_policy nf_censor_range_nl_policy[NF_CENSOR_A_RANGE_HI + 1];
extern const struct nla_policy nf_censor_residual_nl_policy[NF_CENSOR_A_RESIDUAL_CHANCE + 1];
extern const struct nla_policy nf_censor_resync_nl_policy[NF_CENSOR_A_RESYNC_SERVER_DATA + 1];
extern const struct nla_policy nf_censor_rule_nl_policy[NF_CENSOR_A_RULE_LOST_BYTES + 1];
extern const struct nla_policy nf_censor_set_nl_policy[NF_CENSOR_A_SET_WORDS + 1];
extern const struct nla_policy nf_censor_tcp_model_nl_policy[NF_CENSOR_A_TCP_MODEL_TIMEOUT_HOLE + 1];
extern const struct nla_policy nf_censor_teardown_nl_policy[NF_CENSOR_A_TEARDOWN_FIN + 1];

extern const struct nla_policy nf_censor_stats_get_nl_policy[NF_CENSOR_A_STATS_PAD + 1];

extern const struct nla_policy nf_censor_txn_begin_nl_policy[NF_CENSOR_A_POLICY_SEED + 1];

extern const struct nla_policy nf_censor_txn_add_nl_policy[NF_CENSOR_A_POLICY_PHASE + 1];

extern const struct nla_policy nf_censor_txn_commit_nl_policy[NF_CENSOR_A_POLICY_WALL + 1];

extern const struct nla_policy nf_censor_txn_abort_nl_policy[NF_CENSOR_A_POLICY_TXN_ID + 1];

extern const struct nla_policy nf_censor_policy_get_nl_policy[NF_CENSOR_A_POLICY_PAD + 1];

extern const struct nla_policy nf_censor_policy_flush_nl_policy[NF_CENSOR_A_POLICY_GENERATION + 1];

extern const struct nla_policy nf_censor_phase_get_nl_policy[NF_CENSOR_A_POLICY_PAD + 1];

extern const struct nla_policy nf_censor_phase_set_nl_policy[NF_CENSOR_A_POLICY_WALL + 1];

extern const struct nla_policy nf_censor_rules_get_nl_policy[NF_CENSOR_A_POLICY_NAME + 1];

extern const struct nla_policy nf_censor_flow_get_nl_policy[NF_CENSOR_A_FLOW_DPORT + 1];

extern const struct nla_policy nf_censor_residual_get_nl_policy[NF_CENSOR_A_BLOCK_DPORT + 1];

/* Ops table for nf_censor */
extern const struct genl_ops nf_censor_nl_ops[12];

int nf_censor_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_txn_begin_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_txn_add_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_txn_commit_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_txn_abort_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_policy_get_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_policy_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb);
int nf_censor_nl_policy_flush_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_phase_get_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_phase_set_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_rules_get_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_rules_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int nf_censor_nl_flow_get_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_flow_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int nf_censor_nl_residual_get_doit(struct sk_buff *skb, struct genl_info *info);
int nf_censor_nl_residual_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb);

#endif /* _LINUX_NF_CENSOR_GEN_H */
