// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/nf_censor.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/nf_censor.h>

/* Common nested types */
const struct nla_policy nf_censor_chance_nl_policy[NF_CENSOR_A_CHANCE_LOAD + 1] = {
	[NF_CENSOR_A_CHANCE_OF] = NLA_POLICY_MAX(NLA_U16, 10000),
	[NF_CENSOR_A_CHANCE_TUPLE] = NLA_POLICY_MASK(NLA_U8, 0xf),
	[NF_CENSOR_A_CHANCE_HOURS] = { .type = NLA_U32, },
	[NF_CENSOR_A_CHANCE_LOAD] = { .type = NLA_U32, },
};

const struct nla_policy nf_censor_cond_nl_policy[NF_CENSOR_A_COND_SET + 1] = {
	[NF_CENSOR_A_COND_ATTR] = NLA_POLICY_MAX(NLA_U8, 27),
	[NF_CENSOR_A_COND_NEGATE] = { .type = NLA_FLAG, },
	[NF_CENSOR_A_COND_SET] = { .type = NLA_U32, },
};

const struct nla_policy nf_censor_delay_nl_policy[NF_CENSOR_A_DELAY_POINT + 1] = {
	[NF_CENSOR_A_DELAY_POINT] = NLA_POLICY_NESTED(nf_censor_delay_point_nl_policy),
};

const struct nla_policy nf_censor_delay_point_nl_policy[NF_CENSOR_A_DELAY_POINT_US + 1] = {
	[NF_CENSOR_A_DELAY_POINT_AT] = NLA_POLICY_MAX(NLA_U16, 10000),
	[NF_CENSOR_A_DELAY_POINT_US] = { .type = NLA_U32, },
};

const struct nla_policy nf_censor_detect_model_nl_policy[NF_CENSOR_A_DETECT_MODEL_TLS_IN_TLS + 1] = {
	[NF_CENSOR_A_DETECT_MODEL_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_DETECT_MODEL_UDP_LOOK] = { .type = NLA_U16, },
	[NF_CENSOR_A_DETECT_MODEL_UDP_TIMEOUT] = { .type = NLA_U32, },
	[NF_CENSOR_A_DETECT_MODEL_QUIC_VERSIONS] = NLA_POLICY_MASK(NLA_U8, 0x7),
	[NF_CENSOR_A_DETECT_MODEL_QUIC_TAG] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_DETECT_MODEL_QUIC_ASSEMBLE] = NLA_POLICY_MAX(NLA_U8, 2),
	[NF_CENSOR_A_DETECT_MODEL_QUIC_PORTS] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_DETECT_MODEL_QUIC_FIRST] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_DETECT_MODEL_QUIC_RATE] = { .type = NLA_U32, },
	[NF_CENSOR_A_DETECT_MODEL_HTTP_HEADER_NAME] = { .type = NLA_U16, },
	[NF_CENSOR_A_DETECT_MODEL_HTTP_REACH] = { .type = NLA_U16, },
	[NF_CENSOR_A_DETECT_MODEL_DNS_NAME] = NLA_POLICY_RANGE(NLA_U8, 1, 253),
	[NF_CENSOR_A_DETECT_MODEL_DNS_DOTS] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_DETECT_MODEL_DNS_QUESTIONS] = NLA_POLICY_RANGE(NLA_U8, 1, 4),
	[NF_CENSOR_A_DETECT_MODEL_FET_LOW] = NLA_POLICY_MAX(NLA_U16, 800),
	[NF_CENSOR_A_DETECT_MODEL_FET_HIGH] = NLA_POLICY_MAX(NLA_U16, 800),
	[NF_CENSOR_A_DETECT_MODEL_FET_PREFIX] = { .type = NLA_U16, },
	[NF_CENSOR_A_DETECT_MODEL_FET_PERCENT] = NLA_POLICY_MAX(NLA_U8, 100),
	[NF_CENSOR_A_DETECT_MODEL_FET_RUN] = { .type = NLA_U16, },
	[NF_CENSOR_A_DETECT_MODEL_FET_TLS] = { .type = NLA_U8, },
	[NF_CENSOR_A_DETECT_MODEL_OPENVPN_OPCODES] = { .type = NLA_U16, },
	[NF_CENSOR_A_DETECT_MODEL_OPENVPN_ACKS] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_DETECT_MODEL_TLS_IN_TLS] = NLA_POLICY_MAX(NLA_U8, 1),
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

const struct nla_policy nf_censor_forge_nl_policy[NF_CENSOR_A_FORGE_CURSORS + 1] = {
	[NF_CENSOR_A_FORGE_POOL] = { .type = NLA_U32, },
	[NF_CENSOR_A_FORGE_COUNT] = NLA_POLICY_RANGE(NLA_U8, 1, 16),
	[NF_CENSOR_A_FORGE_AA] = { .type = NLA_FLAG, },
	[NF_CENSOR_A_FORGE_DF] = { .type = NLA_FLAG, },
	[NF_CENSOR_A_FORGE_TTL_LO] = { .type = NLA_U32, },
	[NF_CENSOR_A_FORGE_TTL_HI] = { .type = NLA_U32, },
	[NF_CENSOR_A_FORGE_IP_TTL] = NLA_POLICY_NESTED(nf_censor_field_nl_policy),
	[NF_CENSOR_A_FORGE_IP_ID] = NLA_POLICY_NESTED(nf_censor_field_nl_policy),
	[NF_CENSOR_A_FORGE_DELAY] = NLA_POLICY_NESTED(nf_censor_delay_nl_policy),
	[NF_CENSOR_A_FORGE_LIE] = NLA_POLICY_MAX(NLA_U8, 3),
	[NF_CENSOR_A_FORGE_CNAME] = { .type = NLA_NUL_STRING, .len = 253, },
	[NF_CENSOR_A_FORGE_CURSORS] = NLA_POLICY_RANGE(NLA_U8, 1, 16),
};

const struct nla_policy nf_censor_freeze_nl_policy[NF_CENSOR_A_FREEZE_BYTES + 1] = {
	[NF_CENSOR_A_FREEZE_LO] = { .type = NLA_U32, },
	[NF_CENSOR_A_FREEZE_HI] = { .type = NLA_U32, },
	[NF_CENSOR_A_FREEZE_BYTES] = { .type = NLA_FLAG, },
};

const struct nla_policy nf_censor_hold_nl_policy[NF_CENSOR_A_HOLD_TO + 1] = {
	[NF_CENSOR_A_HOLD_DELAY] = NLA_POLICY_NESTED(nf_censor_delay_nl_policy),
	[NF_CENSOR_A_HOLD_TO] = NLA_POLICY_MASK(NLA_U8, 0x3),
};

const struct nla_policy nf_censor_hours_nl_policy[NF_CENSOR_A_HOURS_CHANCE + 1] = {
	[NF_CENSOR_A_HOURS_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_HOURS_OFFSET] = { .type = NLA_S32, },
	[NF_CENSOR_A_HOURS_CHANCE] = NLA_POLICY_MAX(NLA_U16, 10000),
};

const struct nla_policy nf_censor_inject_nl_policy[NF_CENSOR_A_INJECT_GAP + 1] = {
	[NF_CENSOR_A_INJECT_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_INJECT_PACKET] = NLA_POLICY_NESTED(nf_censor_packet_nl_policy),
	[NF_CENSOR_A_INJECT_DELAY] = NLA_POLICY_NESTED(nf_censor_delay_nl_policy),
	[NF_CENSOR_A_INJECT_GAP] = NLA_POLICY_NESTED(nf_censor_delay_nl_policy),
};

const struct nla_policy nf_censor_ip_model_nl_policy[NF_CENSOR_A_IP_MODEL_TIMEOUT + 1] = {
	[NF_CENSOR_A_IP_MODEL_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_IP_MODEL_FRAGMENTS] = NLA_POLICY_MAX(NLA_U8, 2),
	[NF_CENSOR_A_IP_MODEL_OVERLAP] = NLA_POLICY_MAX(NLA_U8, 3),
	[NF_CENSOR_A_IP_MODEL_QUEUE] = NLA_POLICY_RANGE(NLA_U8, 1, 128),
	[NF_CENSOR_A_IP_MODEL_FULL] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_IP_MODEL_TTL] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_IP_MODEL_TIMEOUT] = { .type = NLA_U32, },
};

const struct nla_policy nf_censor_load_nl_policy[NF_CENSOR_A_LOAD_POINT + 1] = {
	[NF_CENSOR_A_LOAD_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_LOAD_POINT] = NLA_POLICY_NESTED(nf_censor_load_point_nl_policy),
};

const struct nla_policy nf_censor_load_point_nl_policy[NF_CENSOR_A_LOAD_POINT_CHANCE + 1] = {
	[NF_CENSOR_A_LOAD_POINT_PPS] = { .type = NLA_U32, },
	[NF_CENSOR_A_LOAD_POINT_CHANCE] = NLA_POLICY_MAX(NLA_U16, 10000),
};

const struct nla_policy nf_censor_lose_nl_policy[NF_CENSOR_A_LOSE_TO + 1] = {
	[NF_CENSOR_A_LOSE_CHANCE] = NLA_POLICY_MAX(NLA_U16, 10000),
	[NF_CENSOR_A_LOSE_TO] = NLA_POLICY_MASK(NLA_U8, 0x3),
};

const struct nla_policy nf_censor_mark_nl_policy[NF_CENSOR_A_MARK_MASK + 1] = {
	[NF_CENSOR_A_MARK_VALUE] = { .type = NLA_U32, },
	[NF_CENSOR_A_MARK_MASK] = { .type = NLA_U32, },
};

const struct nla_policy nf_censor_packet_nl_policy[NF_CENSOR_A_PACKET_SEGMENT + 1] = {
	[NF_CENSOR_A_PACKET_FLAGS] = { .type = NLA_U8, },
	[NF_CENSOR_A_PACKET_TO] = NLA_POLICY_MASK(NLA_U8, 0x3),
	[NF_CENSOR_A_PACKET_COPIES] = NLA_POLICY_RANGE(NLA_U8, 1, 8),
	[NF_CENSOR_A_PACKET_DF] = { .type = NLA_FLAG, },
	[NF_CENSOR_A_PACKET_TTL] = NLA_POLICY_NESTED(nf_censor_field_nl_policy),
	[NF_CENSOR_A_PACKET_IP_ID] = NLA_POLICY_NESTED(nf_censor_field_nl_policy),
	[NF_CENSOR_A_PACKET_WINDOW] = NLA_POLICY_NESTED(nf_censor_field_nl_policy),
	[NF_CENSOR_A_PACKET_SEQ] = { .type = NLA_U32, },
	[NF_CENSOR_A_PACKET_ON] = NLA_POLICY_MAX(NLA_U8, 2),
	[NF_CENSOR_A_PACKET_SEQ_NEXT] = { .type = NLA_FLAG, },
	[NF_CENSOR_A_PACKET_PAYLOAD] = { .type = NLA_BINARY, },
	[NF_CENSOR_A_PACKET_PAGE] = { .type = NLA_U32, },
	[NF_CENSOR_A_PACKET_SEGMENT] = NLA_POLICY_RANGE(NLA_U16, 1, 1400),
};

const struct nla_policy nf_censor_page_nl_policy[NF_CENSOR_A_PAGE_DATA + 1] = {
	[NF_CENSOR_A_PAGE_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_PAGE_DATA] = { .type = NLA_BINARY, },
};

const struct nla_policy nf_censor_phase_nl_policy[NF_CENSOR_A_PHASE_PAD + 1] = {
	[NF_CENSOR_A_PHASE_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_PHASE_TITLE] = { .type = NLA_NUL_STRING, .len = 127, },
	[NF_CENSOR_A_PHASE_FROM] = { .type = NLA_S64, },
	[NF_CENSOR_A_PHASE_UNTIL] = { .type = NLA_S64, },
};

const struct nla_policy nf_censor_police_nl_policy[NF_CENSOR_A_POLICE_PAD + 1] = {
	[NF_CENSOR_A_POLICE_RATE] = { .type = NLA_U64, },
	[NF_CENSOR_A_POLICE_BURST] = { .type = NLA_U32, },
	[NF_CENSOR_A_POLICE_PER] = NLA_POLICY_MAX(NLA_U8, 2),
	[NF_CENSOR_A_POLICE_TO] = NLA_POLICY_MASK(NLA_U8, 0x3),
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

const struct nla_policy nf_censor_residual_nl_policy[NF_CENSOR_A_RESIDUAL_CHANCE + 1] = {
	[NF_CENSOR_A_RESIDUAL_MS] = { .type = NLA_U32, },
	[NF_CENSOR_A_RESIDUAL_TUPLE] = NLA_POLICY_MASK(NLA_U8, 0xf),
	[NF_CENSOR_A_RESIDUAL_BOTH] = { .type = NLA_FLAG, },
	[NF_CENSOR_A_RESIDUAL_ONSET] = NLA_POLICY_NESTED(nf_censor_delay_nl_policy),
	[NF_CENSOR_A_RESIDUAL_REARM] = NLA_POLICY_MAX(NLA_U8, 2),
	[NF_CENSOR_A_RESIDUAL_ACT] = NLA_POLICY_MAX(NLA_U8, 2),
	[NF_CENSOR_A_RESIDUAL_INJECT] = { .type = NLA_U32, },
	[NF_CENSOR_A_RESIDUAL_CHANCE] = NLA_POLICY_MAX(NLA_U16, 10000),
};

const struct nla_policy nf_censor_resync_nl_policy[NF_CENSOR_A_RESYNC_SERVER_DATA + 1] = {
	[NF_CENSOR_A_RESYNC_SYN] = NLA_POLICY_MAX(NLA_U16, 10000),
	[NF_CENSOR_A_RESYNC_SYN_ACK] = NLA_POLICY_MAX(NLA_U16, 10000),
	[NF_CENSOR_A_RESYNC_BAD_ACK] = NLA_POLICY_MAX(NLA_U16, 10000),
	[NF_CENSOR_A_RESYNC_RST_EARLY] = NLA_POLICY_MAX(NLA_U16, 10000),
	[NF_CENSOR_A_RESYNC_RST] = NLA_POLICY_MAX(NLA_U16, 10000),
	[NF_CENSOR_A_RESYNC_FIN_EARLY] = NLA_POLICY_MAX(NLA_U16, 10000),
	[NF_CENSOR_A_RESYNC_FIN] = NLA_POLICY_MAX(NLA_U16, 10000),
	[NF_CENSOR_A_RESYNC_SERVER_DATA] = NLA_POLICY_MAX(NLA_U16, 10000),
};

const struct nla_policy nf_censor_rule_nl_policy[NF_CENSOR_A_RULE_LOST_BYTES + 1] = {
	[NF_CENSOR_A_RULE_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_RULE_ACTIONS] = NLA_POLICY_MASK(NLA_U32, 0xfff),
	[NF_CENSOR_A_RULE_INJECT] = { .type = NLA_U32, },
	[NF_CENSOR_A_RULE_FORGE] = NLA_POLICY_NESTED(nf_censor_forge_nl_policy),
	[NF_CENSOR_A_RULE_RESIDUAL] = NLA_POLICY_NESTED(nf_censor_residual_nl_policy),
	[NF_CENSOR_A_RULE_COND] = NLA_POLICY_NESTED(nf_censor_cond_nl_policy),
	[NF_CENSOR_A_RULE_HITS] = { .type = NLA_U64, },
	[NF_CENSOR_A_RULE_PATH] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_RULE_DROP_TO] = NLA_POLICY_MASK(NLA_U8, 0x3),
	[NF_CENSOR_A_RULE_REWRITE_TO] = NLA_POLICY_MASK(NLA_U8, 0x3),
	[NF_CENSOR_A_RULE_REWRITE_FLAGS] = { .type = NLA_U8, },
	[NF_CENSOR_A_RULE_CHANCE] = NLA_POLICY_NESTED(nf_censor_chance_nl_policy),
	[NF_CENSOR_A_RULE_FREEZE] = NLA_POLICY_NESTED(nf_censor_freeze_nl_policy),
	[NF_CENSOR_A_RULE_PHASES] = { .type = NLA_U32, },
	[NF_CENSOR_A_RULE_SAMPLE] = NLA_POLICY_MAX(NLA_U16, 10000),
	[NF_CENSOR_A_RULE_POLICE] = NLA_POLICY_NESTED(nf_censor_police_nl_policy),
	[NF_CENSOR_A_RULE_LOSE] = NLA_POLICY_NESTED(nf_censor_lose_nl_policy),
	[NF_CENSOR_A_RULE_HOLD] = NLA_POLICY_NESTED(nf_censor_hold_nl_policy),
	[NF_CENSOR_A_RULE_MARK] = NLA_POLICY_NESTED(nf_censor_mark_nl_policy),
	[NF_CENSOR_A_RULE_PACKETS] = { .type = NLA_U64, },
	[NF_CENSOR_A_RULE_BYTES] = { .type = NLA_U64, },
	[NF_CENSOR_A_RULE_LOST_PACKETS] = { .type = NLA_U64, },
	[NF_CENSOR_A_RULE_LOST_BYTES] = { .type = NLA_U64, },
};

const struct nla_policy nf_censor_set_nl_policy[NF_CENSOR_A_SET_WORDS + 1] = {
	[NF_CENSOR_A_SET_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_SET_KIND] = NLA_POLICY_MAX(NLA_U8, 2),
	[NF_CENSOR_A_SET_WORDS] = { .type = NLA_FLAG, },
};

const struct nla_policy nf_censor_tcp_model_nl_policy[NF_CENSOR_A_TCP_MODEL_TIMEOUT_HOLE + 1] = {
	[NF_CENSOR_A_TCP_MODEL_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
	[NF_CENSOR_A_TCP_MODEL_CREATE] = NLA_POLICY_MASK(NLA_U8, 0xf),
	[NF_CENSOR_A_TCP_MODEL_RESTART] = NLA_POLICY_MASK(NLA_U8, 0xf),
	[NF_CENSOR_A_TCP_MODEL_HANDSHAKE] = NLA_POLICY_MAX(NLA_U8, 3),
	[NF_CENSOR_A_TCP_MODEL_CLIENT] = NLA_POLICY_MAX(NLA_U8, 4),
	[NF_CENSOR_A_TCP_MODEL_RESYNC] = NLA_POLICY_NESTED(nf_censor_resync_nl_policy),
	[NF_CENSOR_A_TCP_MODEL_SYNC] = NLA_POLICY_MASK(NLA_U8, 0xf),
	[NF_CENSOR_A_TCP_MODEL_TEARDOWN] = NLA_POLICY_NESTED(nf_censor_teardown_nl_policy),
	[NF_CENSOR_A_TCP_MODEL_TEARDOWN_MATCH] = NLA_POLICY_MAX(NLA_U8, 3),
	[NF_CENSOR_A_TCP_MODEL_REASSEMBLY] = NLA_POLICY_MAX(NLA_U8, 2),
	[NF_CENSOR_A_TCP_MODEL_OVERLAP] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_TCP_MODEL_OVERLAP_EARLY] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_TCP_MODEL_HOLES] = NLA_POLICY_MAX(NLA_U8, 2),
	[NF_CENSOR_A_TCP_MODEL_BUFFER] = NLA_POLICY_RANGE(NLA_U16, 1, 4032),
	[NF_CENSOR_A_TCP_MODEL_FIRST_SEGMENT] = { .type = NLA_U16, },
	[NF_CENSOR_A_TCP_MODEL_LOOK_PACKETS] = { .type = NLA_U16, },
	[NF_CENSOR_A_TCP_MODEL_LOOK_BYTES] = { .type = NLA_U32, },
	[NF_CENSOR_A_TCP_MODEL_LOOK_EMPTY] = { .type = NLA_U8, },
	[NF_CENSOR_A_TCP_MODEL_LOOK_UNKNOWN] = { .type = NLA_U16, },
	[NF_CENSOR_A_TCP_MODEL_LOOK_ALL] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_TCP_MODEL_CHECKS] = NLA_POLICY_MASK(NLA_U16, 0xfff),
	[NF_CENSOR_A_TCP_MODEL_SEES] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_TCP_MODEL_SYN_DATA] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_TCP_MODEL_TLS_RECORDS] = NLA_POLICY_MAX(NLA_U8, 1),
	[NF_CENSOR_A_TCP_MODEL_TIMEOUT_SYN] = { .type = NLA_U32, },
	[NF_CENSOR_A_TCP_MODEL_TIMEOUT_SYN_ACK] = { .type = NLA_U32, },
	[NF_CENSOR_A_TCP_MODEL_TIMEOUT_OPEN] = { .type = NLA_U32, },
	[NF_CENSOR_A_TCP_MODEL_TIMEOUT_CLOSING] = { .type = NLA_U32, },
	[NF_CENSOR_A_TCP_MODEL_TIMEOUT_HOLE] = { .type = NLA_U32, },
};

const struct nla_policy nf_censor_teardown_nl_policy[NF_CENSOR_A_TEARDOWN_FIN + 1] = {
	[NF_CENSOR_A_TEARDOWN_RST] = NLA_POLICY_MAX(NLA_U16, 10000),
	[NF_CENSOR_A_TEARDOWN_RST_ACK] = NLA_POLICY_MAX(NLA_U16, 10000),
	[NF_CENSOR_A_TEARDOWN_FIN] = NLA_POLICY_MAX(NLA_U16, 10000),
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
const struct nla_policy nf_censor_txn_add_nl_policy[NF_CENSOR_A_POLICY_PHASE + 1] = {
	[NF_CENSOR_A_POLICY_TXN_ID] = { .type = NLA_U32, },
	[NF_CENSOR_A_POLICY_INSIDE] = NLA_POLICY_NESTED(nf_censor_prefix_nl_policy),
	[NF_CENSOR_A_POLICY_SET] = NLA_POLICY_NESTED(nf_censor_set_nl_policy),
	[NF_CENSOR_A_POLICY_ELEMS] = NLA_POLICY_NESTED(nf_censor_elems_nl_policy),
	[NF_CENSOR_A_POLICY_INJECT] = NLA_POLICY_NESTED(nf_censor_inject_nl_policy),
	[NF_CENSOR_A_POLICY_POOL] = NLA_POLICY_NESTED(nf_censor_pool_nl_policy),
	[NF_CENSOR_A_POLICY_RULE] = NLA_POLICY_NESTED(nf_censor_rule_nl_policy),
	[NF_CENSOR_A_POLICY_CLOCK] = NLA_POLICY_RANGE(NLA_U32, 1, 10000),
	[NF_CENSOR_A_POLICY_TCP] = NLA_POLICY_NESTED(nf_censor_tcp_model_nl_policy),
	[NF_CENSOR_A_POLICY_IP] = NLA_POLICY_NESTED(nf_censor_ip_model_nl_policy),
	[NF_CENSOR_A_POLICY_DETECT] = NLA_POLICY_NESTED(nf_censor_detect_model_nl_policy),
	[NF_CENSOR_A_POLICY_PAGE] = NLA_POLICY_NESTED(nf_censor_page_nl_policy),
	[NF_CENSOR_A_POLICY_HOURS] = NLA_POLICY_NESTED(nf_censor_hours_nl_policy),
	[NF_CENSOR_A_POLICY_LOAD] = NLA_POLICY_NESTED(nf_censor_load_nl_policy),
	[NF_CENSOR_A_POLICY_PHASE] = NLA_POLICY_NESTED(nf_censor_phase_nl_policy),
};

/* NF_CENSOR_CMD_TXN_COMMIT - do */
const struct nla_policy nf_censor_txn_commit_nl_policy[NF_CENSOR_A_POLICY_WALL + 1] = {
	[NF_CENSOR_A_POLICY_TXN_ID] = { .type = NLA_U32, },
	[NF_CENSOR_A_POLICY_GENERATION] = { .type = NLA_U32, },
	[NF_CENSOR_A_POLICY_DRY_RUN] = { .type = NLA_FLAG, },
	[NF_CENSOR_A_POLICY_PHASE_INDEX] = NLA_POLICY_MAX(NLA_U8, 31),
	[NF_CENSOR_A_POLICY_WALL] = { .type = NLA_S64, },
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

/* NF_CENSOR_CMD_PHASE_GET - do */
const struct nla_policy nf_censor_phase_get_nl_policy[NF_CENSOR_A_POLICY_PAD + 1] = {
};

/* NF_CENSOR_CMD_PHASE_SET - do */
const struct nla_policy nf_censor_phase_set_nl_policy[NF_CENSOR_A_POLICY_WALL + 1] = {
	[NF_CENSOR_A_POLICY_PHASE_INDEX] = NLA_POLICY_MAX(NLA_U8, 31),
	[NF_CENSOR_A_POLICY_GENERATION] = { .type = NLA_U32, },
	[NF_CENSOR_A_POLICY_WALL] = { .type = NLA_S64, },
};

/* NF_CENSOR_CMD_RULES_GET - do */
const struct nla_policy nf_censor_rules_get_nl_policy[NF_CENSOR_A_POLICY_NAME + 1] = {
	[NF_CENSOR_A_POLICY_NAME] = { .type = NLA_NUL_STRING, .len = 63, },
};

/* NF_CENSOR_CMD_FLOW_GET - do */
const struct nla_policy nf_censor_flow_get_nl_policy[NF_CENSOR_A_FLOW_DPORT + 1] = {
	[NF_CENSOR_A_FLOW_PROTO] = { .type = NLA_U8, },
	[NF_CENSOR_A_FLOW_SADDR] = { .type = NLA_BINARY, },
	[NF_CENSOR_A_FLOW_DADDR] = { .type = NLA_BINARY, },
	[NF_CENSOR_A_FLOW_SPORT] = { .type = NLA_U16, },
	[NF_CENSOR_A_FLOW_DPORT] = { .type = NLA_U16, },
};

/* NF_CENSOR_CMD_RESIDUAL_GET - do */
const struct nla_policy nf_censor_residual_get_nl_policy[NF_CENSOR_A_BLOCK_DPORT + 1] = {
	[NF_CENSOR_A_BLOCK_FAMILY] = { .type = NLA_U8, },
	[NF_CENSOR_A_BLOCK_PROTO] = { .type = NLA_U8, },
	[NF_CENSOR_A_BLOCK_SADDR] = { .type = NLA_BINARY, },
	[NF_CENSOR_A_BLOCK_DADDR] = { .type = NLA_BINARY, },
	[NF_CENSOR_A_BLOCK_SPORT] = { .type = NLA_U16, },
	[NF_CENSOR_A_BLOCK_DPORT] = { .type = NLA_U16, },
};

/* Ops table for nf_censor */
const struct genl_ops nf_censor_nl_ops[12] = {
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
		.maxattr	= NF_CENSOR_A_POLICY_PHASE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_CENSOR_CMD_TXN_COMMIT,
		.doit		= nf_censor_nl_txn_commit_doit,
		.policy		= nf_censor_txn_commit_nl_policy,
		.maxattr	= NF_CENSOR_A_POLICY_WALL,
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
	{
		.cmd		= NF_CENSOR_CMD_PHASE_GET,
		.doit		= nf_censor_nl_phase_get_doit,
		.policy		= nf_censor_phase_get_nl_policy,
		.maxattr	= NF_CENSOR_A_POLICY_PAD,
	},
	{
		.cmd		= NF_CENSOR_CMD_PHASE_SET,
		.doit		= nf_censor_nl_phase_set_doit,
		.policy		= nf_censor_phase_set_nl_policy,
		.maxattr	= NF_CENSOR_A_POLICY_WALL,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_CENSOR_CMD_RULES_GET,
		.doit		= nf_censor_nl_rules_get_doit,
		.dumpit		= nf_censor_nl_rules_get_dumpit,
		.policy		= nf_censor_rules_get_nl_policy,
		.maxattr	= NF_CENSOR_A_POLICY_NAME,
	},
	{
		.cmd		= NF_CENSOR_CMD_FLOW_GET,
		.doit		= nf_censor_nl_flow_get_doit,
		.dumpit		= nf_censor_nl_flow_get_dumpit,
		.policy		= nf_censor_flow_get_nl_policy,
		.maxattr	= NF_CENSOR_A_FLOW_DPORT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= NF_CENSOR_CMD_RESIDUAL_GET,
		.doit		= nf_censor_nl_residual_get_doit,
		.dumpit		= nf_censor_nl_residual_get_dumpit,
		.policy		= nf_censor_residual_get_nl_policy,
		.maxattr	= NF_CENSOR_A_BLOCK_DPORT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};
