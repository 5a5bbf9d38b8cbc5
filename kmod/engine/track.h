/* SPDX-License-Identifier: GPL-2.0 */
/* What detectors keep of a flow that need several of its packets. At most 40 bytes. */
#ifndef _CENSOR_TRACK_H
#define _CENSOR_TRACK_H

#include "host.h"

#define CENSOR_TRACK_OPCODES	10	/* more than so many different ones are not OpenVPN's */

/**
 * struct censor_track_opcodes - Xue 2022 (openvpn-opcodes.c)
 * @value: the opcode bytes that came, the client's reset first, then the server's
 * @n: how many
 * @flags: which of the two fingerprints can't be any more
 * @ack_size: bytes of a packet that acknowledges; 0: none was seen
 * @acks: packets of that size in the bin that is being counted
 */
struct censor_track_opcodes {
	u8 value[CENSOR_TRACK_OPCODES];
	u8 n;
	u8 flags;
	u16 ack_size;
	u8 acks;
};

/**
 * struct censor_track_udp - detectors of datagrams; they run side by side on one flow
 * @begun: what the answer must repeat: OpenVPN's session id (its first four bytes), WireGuard's
 *	index, uTP's connection id and sequence number. First bytes tell the three apart, so one
 *	flow has one of them.
 * @begun_by: whose @begun is: enum censor_track_begun
 * @esp_spi: of the last packet that could be ESP
 * @esp_seq: its sequence number; 0: there was none
 * @rtp_ssrc: of the packets that could be RTP
 * @rtp_time: the last one's timestamp
 * @rtp_seq: its sequence number
 * @rtp_n: how many came; the top bit tells whose they are
 * @stun: how many could be ChannelData; the top bit: STUN was seen
 */
struct censor_track_udp {
	u32 begun;
	u32 esp_spi;
	u32 rtp_ssrc;
	u32 rtp_time;
	u16 rtp_seq;
	u16 esp_seq;
	u8 rtp_n;
	u8 begun_by;
	u8 stun;
	struct censor_track_opcodes opcodes;
};

/** enum censor_track_begun - by whom */
enum censor_track_begun {
	CENSOR_BEGUN_NOT,
	CENSOR_BEGUN_OPENVPN,		/* plain or tls-auth: the answer repeats the session id */
	CENSOR_BEGUN_OPENVPN_CRYPT,	/* tls-crypt: it can't be seen whether it does */
	CENSOR_BEGUN_WIREGUARD,
	CENSOR_BEGUN_WIREGUARD_BACK,	/* by the side that did not begin the flow */
	CENSOR_BEGUN_WIREGUARD_DATA,
	CENSOR_BEGUN_UTP,
};

/**
 * struct censor_track_tcp - detectors of a stream's packets
 * @next: where each side's next OpenVPN packet begins, once @framed says that it is known
 * @begun: as with UDP, OpenVPN's
 * @burst: bytes of the burst that is being counted, inside TLS
 * @bursts: how far TLS in TLS came
 * @stun: STUN was seen
 */
struct censor_track_tcp {
	u32 next[2];
	u32 begun;
	u8 framed;
	u8 begun_by;
	u16 burst;
	u8 bursts;
	u8 stun;
	struct censor_track_opcodes opcodes;
};

/** struct censor_track - zeroed when a flow begins; its transport tells which it has */
struct censor_track {
	union {
		struct censor_track_udp udp;
		struct censor_track_tcp tcp;
	};
};

#endif
