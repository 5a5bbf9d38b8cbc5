/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The censor's own TCP and IP as a policy describes them: what it takes for a connection, which
 * packets it believes, in what order it sees bytes, and when it stops to look. What it does
 * otherwise than the two ends do is what evasion lives on (CENSORS.md 4).
 */
#ifndef _CENSOR_MODEL_H
#define _CENSOR_MODEL_H

#include "host.h"

#define CENSOR_CERTAIN		10000	/* a probability of 1 */
#define CENSOR_STREAM_MAX	4032	/* bytes of an incomplete message that can be kept */
#define CENSOR_LOOK_NEVER	0xffff	/* unknown data does not end the looking */
#define CENSOR_FRAGMENTS_MAX	128	/* of one datagram */
#define CENSOR_QUESTIONS_MAX	4	/* of one DNS query */

/* Packets that make the censor remember a connection (its TCB), and those that begin it anew. */
#define CENSOR_BY_SYN		0x01
#define CENSOR_BY_SYNACK	0x02
#define CENSOR_BY_DATA		0x04
#define CENSOR_BY_FIN		0x08	/* what a FIN creates is closed already */

/** enum censor_handshake - what must have been seen before data is looked at */
enum censor_handshake {
	CENSOR_HANDSHAKE_NONE,		/* no more than what created the TCB */
	CENSOR_HANDSHAKE_SYN,		/* the client's SYN */
	CENSOR_HANDSHAKE_SYNACK,	/* the server's SYN+ACK */
	CENSOR_HANDSHAKE_FULL,		/* SYN, SYN+ACK, and a packet of the client's with ACK */
	CENSOR_HANDSHAKES,
};

/** enum censor_client - whose data is looked at */
enum censor_client {
	CENSOR_CLIENT_FIRST,	/* the first SYN's sender, or whom the first SYN+ACK goes to */
	CENSOR_CLIENT_SYN,	/* the first SYN's sender, also where a SYN+ACK came before it */
	CENSOR_CLIENT_CREATOR,	/* the sender of the packet that created the TCB, whatever it is */
	CENSOR_CLIENT_INSIDE,	/* the end that is inside */
	CENSOR_CLIENT_BOTH,	/* the data of both ends */
	CENSOR_CLIENTS,
};

/** enum censor_resync - what makes the censor unsure of the client's sequence number */
enum censor_resync {
	CENSOR_RESYNC_SYN,		/* another SYN of the client's */
	CENSOR_RESYNC_SYNACK,		/* another SYN+ACK of the server's */
	CENSOR_RESYNC_BAD_ACK,		/* a SYN+ACK that acknowledges something else */
	CENSOR_RESYNC_RST_EARLY,	/* a RST before the handshake is over */
	CENSOR_RESYNC_RST,		/* a RST later */
	CENSOR_RESYNC_FIN_EARLY,	/* a FIN before the handshake is over */
	CENSOR_RESYNC_FIN,		/* a FIN later */
	CENSOR_RESYNC_SERVER_DATA,	/* in the handshake the server's data, not on a SYN+ACK */
	CENSOR_RESYNCS,
};

/* Packets that end it: the sequence number is taken from them. */
#define CENSOR_SYNC_DATA	0x01	/* the client's next data */
#define CENSOR_SYNC_CLIENT	0x02	/* the client's next packet; its number as it stands */
#define CENSOR_SYNC_SYNACK	0x04	/* the server's next SYN+ACK: what it acknowledges */
#define CENSOR_SYNC_SYN		0x08	/* the client's next SYN */

/** enum censor_teardown - what makes the censor forget the connection */
enum censor_teardown {
	CENSOR_TEARDOWN_RST,	/* without ACK */
	CENSOR_TEARDOWN_RSTACK,
	CENSOR_TEARDOWN_FIN,
	CENSOR_TEARDOWNS,
};

/** enum censor_teardown_match - which connection that is */
enum censor_teardown_match {
	CENSOR_MATCH_NOTHING,	/* every one that the censor remembers */
	CENSOR_MATCH_PORTS,	/* those with the same two ports, whatever their addresses */
	CENSOR_MATCH_TUPLE,	/* the packet's own */
	CENSOR_MATCH_WINDOW,	/* its own, if the sequence number is in the receiver's window */
	CENSOR_MATCHES,
};

/** enum censor_reassembly - how segments become a message */
enum censor_reassembly {
	CENSOR_REASSEMBLY_NONE,		/* each segment is looked at by itself */
	CENSOR_REASSEMBLY_IN_ORDER,	/* what comes early is not kept */
	CENSOR_REASSEMBLY_FULL,		/* what comes early is kept until it is due */
	CENSOR_REASSEMBLIES,
};

/** enum censor_overlap - which of two segments with the same bytes counts */
enum censor_overlap {
	CENSOR_OVERLAP_FIRST,
	CENSOR_OVERLAP_LAST,
	CENSOR_OVERLAPS,
};

/** enum censor_holes - what bytes mean that are beyond the next one due */
enum censor_holes {
	CENSOR_HOLES_WAIT,	/* the missing ones are waited for */
	CENSOR_HOLES_SKIP,	/* the missing ones are given up: a message begins here */
	CENSOR_HOLES_STOP,	/* the censor gives the connection up */
	CENSOR_HOLES,
};

/** enum censor_sees - whose packets pass the censor at all, where ways there and back differ */
enum censor_sees {
	CENSOR_SEES_BOTH,
	CENSOR_SEES_CLIENT,
	CENSOR_SEES,
};

/* What a packet must pass to be believed: one that fails changes nothing in the censor. */
#define CENSOR_CHECK_CHECKSUM		0x0001	/* TCP's */
#define CENSOR_CHECK_IP_CHECKSUM	0x0002
#define CENSOR_CHECK_DATA_OFFSET	0x0004	/* else an impossible one counts as 20 bytes */
#define CENSOR_CHECK_ACK		0x0008	/* acknowledges what the other end can have sent */
#define CENSOR_CHECK_ACK_FLAG		0x0010	/* data has the ACK flag */
#define CENSOR_CHECK_MD5		0x0020	/* no unagreed MD5 signature (RFC 2385) */
#define CENSOR_CHECK_TIMESTAMP		0x0040	/* not older than the last one (RFC 7323 5, PAWS) */
#define CENSOR_CHECK_WINDOW		0x0080	/* in the receiver's window (RFC 9293 3.4) */
#define CENSOR_CHECK_FLAGS		0x0100	/* no combination that no endpoint sends */
#define CENSOR_CHECK_OPTIONS		0x0200	/* none but MSS, SACK, scale, timestamp, NOP */
#define CENSOR_CHECK_HEADER_20		0x0400	/* a TCP header of 20 bytes: no options at all */
#define CENSOR_CHECK_ISN		0x0800	/* data follows the SYN (Wang 2020: not China's) */
#define CENSOR_CHECKS			0x0fff

/**
 * struct censor_tcp_model - the censor's TCP; probabilities are of CENSOR_CERTAIN
 * @name: the model that a policy began with, or ""; for listing only
 * @create: CENSOR_BY_*
 * @restart: CENSOR_BY_SYN, CENSOR_BY_SYNACK: what begins a TCB anew where there is one
 * @handshake: enum censor_handshake
 * @client: enum censor_client
 * @resync: by enum censor_resync
 * @sync: CENSOR_SYNC_*
 * @teardown: by enum censor_teardown; where resync has been drawn first and hit, none follows
 * @teardown_match: enum censor_teardown_match
 * @reassembly: enum censor_reassembly
 * @overlap: enum censor_overlap, of bytes that were looked at already
 * @overlap_early: enum censor_overlap, of bytes kept until they are due
 * @holes: enum censor_holes
 * @buffer: bytes of an incomplete message, 1 to CENSOR_STREAM_MAX
 * @first_segment: a first segment with fewer bytes is of no protocol to the censor; 0: any is
 * @look_packets: data packets of the client that are looked at; 0: no limit
 * @look_bytes: bytes of them; 0: no limit
 * @look_empty: packets without data before the first data that are looked at; 0: no limit
 * @look_unknown: a data packet of no known protocol with more bytes ends the looking; or
 *	CENSOR_LOOK_NEVER
 * @look_all: every message is looked at, not just the first that is recognised
 * @checks: CENSOR_CHECK_*
 * @sees: enum censor_sees
 * @syn_data: data on a SYN counts as the stream's first
 * @tls_records: a handshake message that stands in several TLS records is put together
 * @timeout_syn: silence after which a TCB is forgotten, milliseconds: after a SYN
 * @timeout_synack: after a SYN+ACK
 * @timeout: after the handshake or data
 * @timeout_closing: after a FIN or RST
 * @timeout_hole: while bytes are missing; 0: as @timeout
 */
struct censor_tcp_model {
	char name[64];
	u8 create;
	u8 restart;
	u8 handshake;
	u8 client;
	u16 resync[CENSOR_RESYNCS];
	u8 sync;
	u16 teardown[CENSOR_TEARDOWNS];
	u8 teardown_match;
	u8 reassembly;
	u8 overlap;
	u8 overlap_early;
	u8 holes;
	u16 buffer;
	u16 first_segment;
	u16 look_packets;
	u32 look_bytes;
	u8 look_empty;
	u16 look_unknown;
	bool look_all;
	u16 checks;
	u8 sees;
	bool syn_data;
	bool tls_records;
	u32 timeout_syn;
	u32 timeout_synack;
	u32 timeout;
	u32 timeout_closing;
	u32 timeout_hole;
};

/** enum censor_fragments - what the censor does with fragments of IP datagrams */
enum censor_fragments {
	CENSOR_FRAGMENTS_IGNORE,	/* they pass, and only their addresses are judged */
	CENSOR_FRAGMENTS_REASSEMBLE,	/* they pass; the last is judged as the whole datagram */
	CENSOR_FRAGMENTS_HOLD,		/* they wait for the last and are judged as one */
	CENSOR_FRAGMENTS,
};

/** enum censor_frag_overlap - which of two fragments with the same bytes counts */
enum censor_frag_overlap {
	CENSOR_FRAG_FIRST,
	CENSOR_FRAG_LAST,
	CENSOR_FRAG_ORIGINAL,	/* the first, unless the other is longer both ways (Khattak 2013) */
	CENSOR_FRAG_DROP,	/* the datagram is given up, held fragments dropped (TSPU 2022) */
	CENSOR_FRAG_OVERLAPS,
};

/** enum censor_frag_full - what one fragment too many does */
enum censor_frag_full {
	CENSOR_FRAG_FULL_PASS,	/* the datagram passes unjudged */
	CENSOR_FRAG_FULL_DROP,	/* what is held of it is dropped, and what comes after */
	CENSOR_FRAG_FULLS,
};

/** enum censor_frag_ttl - the TTL that held fragments go on with */
enum censor_frag_ttl {
	CENSOR_FRAG_TTL_OWN,
	CENSOR_FRAG_TTL_FIRST,	/* of the one that came first */
	CENSOR_FRAG_TTLS,
};

/**
 * struct censor_ip_model - the censor's IP
 * @name: as in struct censor_tcp_model
 * @fragments: enum censor_fragments
 * @overlap: enum censor_frag_overlap
 * @queue: fragments of one datagram, 1 to CENSOR_FRAGMENTS_MAX
 * @full: enum censor_frag_full, for more than @queue
 * @ttl: enum censor_frag_ttl
 * @timeout: milliseconds that an incomplete datagram is remembered
 */
struct censor_ip_model {
	char name[64];
	u8 fragments;
	u8 overlap;
	u8 queue;
	u8 full;
	u8 ttl;
	u32 timeout;
};

/* Versions of QUIC whose Initials are decrypted. */
#define CENSOR_QUIC_READ_V1		0x01
#define CENSOR_QUIC_READ_V2		0x02
#define CENSOR_QUIC_READ_DRAFT_29	0x04

/** enum censor_quic_assemble - which CRYPTO frames are put together */
enum censor_quic_assemble {
	CENSOR_QUIC_ASSEMBLE_FRAME,	/* none: one that stands alone, but for padding behind it */
	CENSOR_QUIC_ASSEMBLE_DATAGRAM,	/* those of a datagram */
	CENSOR_QUIC_ASSEMBLE_FLOW,	/* those of all datagrams of a flow */
	CENSOR_QUIC_ASSEMBLES,
};

/** enum censor_quic_ports - which datagrams are looked into at all */
enum censor_quic_ports {
	CENSOR_QUIC_PORTS_ANY,
	CENSOR_QUIC_PORTS_HIGHER,	/* from a port above the one they go to (CENSORS.md 2.5) */
	CENSOR_QUIC_PORTS,
};

/**
 * struct censor_detect_model - how the censor recognises, where censors differ
 * @name: as in struct censor_tcp_model
 * @udp_look: datagrams of a flow that are looked at; 0: no limit
 * @udp_timeout: milliseconds of silence after which such a flow is forgotten
 * @quic_versions: CENSOR_QUIC_READ_*
 * @quic_tag: the authentication tag is checked
 * @quic_assemble: enum censor_quic_assemble
 * @quic_ports: enum censor_quic_ports
 * @quic_first: only a flow's first datagram is looked into
 * @quic_rate: Initials that are decrypted in a second of the policy's clock; the rest pass
 * @http_header_name: a header's name of so many bytes ends the reading before Host; 0: none does
 * @http_reach: bytes of headers in which a Host is found that is neither the first nor the last; 0:
 *	all of them
 * @dns_name: characters of a name; the rest of a longer one is cut off
 * @dns_dots: a dot inside a label divides it, a NUL ends the name
 * @dns_questions: questions of a query that are read, 1 to CENSOR_QUESTIONS_MAX
 * @fet_low: hundredths of a bit set in a byte on average: so many or fewer are exempt
 * @fet_high: so many or more are
 * @fet_prefix: printable bytes at the beginning that exempt
 * @fet_percent: more printable bytes than this share exempt
 * @fet_run: a longer run of printable bytes exempts
 * @fet_tls: the greatest third byte of a TLS record that exempts
 * @openvpn_opcodes: packets of a flow whose opcodes are collected (Xue 2022); 0: off
 * @openvpn_acks: its acknowledgements are counted too (Xue 2022)
 * @tls_in_tls: TLS connections are judged by their first bursts: a heuristic
 */
struct censor_detect_model {
	char name[64];
	u16 udp_look;
	u32 udp_timeout;
	u8 quic_versions;
	bool quic_tag;
	u8 quic_assemble;
	u8 quic_ports;
	bool quic_first;
	u32 quic_rate;
	u16 http_header_name;
	u16 http_reach;
	u8 dns_name;
	bool dns_dots;
	u8 dns_questions;
	u16 fet_low;
	u16 fet_high;
	u16 fet_prefix;
	u8 fet_percent;
	u16 fet_run;
	u8 fet_tls;
	u16 openvpn_opcodes;
	bool openvpn_acks;
	bool tls_in_tls;
};

/** censor_tcp_default() - the model of a policy that says nothing about it */
void censor_tcp_default(struct censor_tcp_model *model);
/** censor_ip_default() - likewise */
void censor_ip_default(struct censor_ip_model *model);
/** censor_detect_default() - likewise */
void censor_detect_default(struct censor_detect_model *model);

/**
 * censor_tcp_check() - whether a model can be, and does not contradict itself
 * @why: on error, a sentence that says what is wrong and what would be right
 *
 * Return: 0 or -EINVAL.
 */
int censor_tcp_check(const struct censor_tcp_model *model, const char **why);
/** censor_ip_check() - likewise */
int censor_ip_check(const struct censor_ip_model *model, const char **why);
/** censor_detect_check() - likewise */
int censor_detect_check(const struct censor_detect_model *model, const char **why);

#endif
