/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which attribute tells which member of the models of TCP, IP and detection; the kernel's half and
 * censorctl read and write them by the same tables. Who includes this has included the uapi header,
 * and does so in one file.
 */
#ifndef _CENSOR_NETLINK_KNOBS_H
#define _CENSOR_NETLINK_KNOBS_H

#include "engine/model.h"

/**
 * struct censor_knob - a member of a model
 * @type: its attribute
 * @at: where it stands in the model
 * @size: bytes that it takes, there and in the attribute
 */
struct censor_knob {
	u16 type;
	u16 at;
	u8 size;
};

#define CENSOR_KNOB(attr, model, member)						\
	{ attr, offsetof(struct model, member), sizeof(((struct model *)NULL)->member) }

#define TCP(attr, member)	CENSOR_KNOB(NF_CENSOR_A_TCP_MODEL_##attr, censor_tcp_model, member)

static const struct censor_knob censor_tcp_knobs[] = {
	TCP(CREATE, create),
	TCP(RESTART, restart),
	TCP(HANDSHAKE, handshake),
	TCP(CLIENT, client),
	TCP(SYNC, sync),
	TCP(TEARDOWN_MATCH, teardown_match),
	TCP(REASSEMBLY, reassembly),
	TCP(OVERLAP, overlap),
	TCP(OVERLAP_EARLY, overlap_early),
	TCP(HOLES, holes),
	TCP(BUFFER, buffer),
	TCP(FIRST_SEGMENT, first_segment),
	TCP(LOOK_PACKETS, look_packets),
	TCP(LOOK_BYTES, look_bytes),
	TCP(LOOK_EMPTY, look_empty),
	TCP(LOOK_UNKNOWN, look_unknown),
	TCP(LOOK_ALL, look_all),
	TCP(CHECKS, checks),
	TCP(SEES, sees),
	TCP(SYN_DATA, syn_data),
	TCP(TLS_RECORDS, tls_records),
	TCP(TIMEOUT_SYN, timeout_syn),
	TCP(TIMEOUT_SYN_ACK, timeout_synack),
	TCP(TIMEOUT_OPEN, timeout),
	TCP(TIMEOUT_CLOSING, timeout_closing),
	TCP(TIMEOUT_HOLE, timeout_hole),
};

#define RESYNC(attr, cause)	CENSOR_KNOB(NF_CENSOR_A_RESYNC_##attr, censor_tcp_model,	\
					    resync[CENSOR_RESYNC_##cause])

static const struct censor_knob censor_resync_knobs[] = {
	RESYNC(SYN, SYN),
	RESYNC(SYN_ACK, SYNACK),
	RESYNC(BAD_ACK, BAD_ACK),
	RESYNC(RST_EARLY, RST_EARLY),
	RESYNC(RST, RST),
	RESYNC(FIN_EARLY, FIN_EARLY),
	RESYNC(FIN, FIN),
	RESYNC(SERVER_DATA, SERVER_DATA),
};

#define TEARDOWN(attr, cause)	CENSOR_KNOB(NF_CENSOR_A_TEARDOWN_##attr, censor_tcp_model,	\
					    teardown[CENSOR_TEARDOWN_##cause])

static const struct censor_knob censor_teardown_knobs[] = {
	TEARDOWN(RST, RST),
	TEARDOWN(RST_ACK, RSTACK),
	TEARDOWN(FIN, FIN),
};

#define IP(attr, member)	CENSOR_KNOB(NF_CENSOR_A_IP_MODEL_##attr, censor_ip_model, member)

static const struct censor_knob censor_ip_knobs[] = {
	IP(FRAGMENTS, fragments),
	IP(OVERLAP, overlap),
	IP(QUEUE, queue),
	IP(FULL, full),
	IP(TTL, ttl),
	IP(TIMEOUT, timeout),
};

#define DETECT(attr, member)	CENSOR_KNOB(NF_CENSOR_A_DETECT_MODEL_##attr, censor_detect_model, \
					    member)

static const struct censor_knob censor_detect_knobs[] = {
	DETECT(UDP_LOOK, udp_look),
	DETECT(UDP_TIMEOUT, udp_timeout),
	DETECT(QUIC_VERSIONS, quic_versions),
	DETECT(QUIC_TAG, quic_tag),
	DETECT(QUIC_ASSEMBLE, quic_assemble),
	DETECT(QUIC_PORTS, quic_ports),
	DETECT(QUIC_FIRST, quic_first),
	DETECT(QUIC_RATE, quic_rate),
	DETECT(HTTP_HEADER_NAME, http_header_name),
	DETECT(HTTP_REACH, http_reach),
	DETECT(DNS_NAME, dns_name),
	DETECT(DNS_DOTS, dns_dots),
	DETECT(DNS_QUESTIONS, dns_questions),
	DETECT(FET_LOW, fet_low),
	DETECT(FET_HIGH, fet_high),
	DETECT(FET_PREFIX, fet_prefix),
	DETECT(FET_PERCENT, fet_percent),
	DETECT(FET_RUN, fet_run),
	DETECT(FET_TLS, fet_tls),
	DETECT(OPENVPN_OPCODES, openvpn_opcodes),
	DETECT(OPENVPN_ACKS, openvpn_acks),
	DETECT(TLS_IN_TLS, tls_in_tls),
};

#undef TCP
#undef RESYNC
#undef TEARDOWN
#undef IP
#undef DETECT

#endif
