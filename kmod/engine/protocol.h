/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a flow can be recognised as, and how surely. Which bytes that takes is told where each is
 * detected, and for people by `censorctl list protocols`.
 */
#ifndef _CENSOR_PROTOCOL_H
#define _CENSOR_PROTOCOL_H

#include "host.h"

/** enum censor_protocol - the order is that of the uapi's enum */
enum censor_protocol {
	CENSOR_PROTOCOL_UNKNOWN,
	CENSOR_PROTOCOL_DNS,
	CENSOR_PROTOCOL_HTTP,
	CENSOR_PROTOCOL_TLS,
	CENSOR_PROTOCOL_QUIC,
	CENSOR_PROTOCOL_DTLS,
	CENSOR_PROTOCOL_SSH,
	CENSOR_PROTOCOL_FTP,
	CENSOR_PROTOCOL_SMTP,
	CENSOR_PROTOCOL_BITTORRENT,	/* its TCP, uTP and DHT */
	CENSOR_PROTOCOL_STUN,
	CENSOR_PROTOCOL_TURN,		/* STUN's relay, and its ChannelData */
	CENSOR_PROTOCOL_RTP,
	CENSOR_PROTOCOL_WHATSAPP,
	CENSOR_PROTOCOL_TELEGRAM,	/* MTProto: plain, obfuscated or in fake TLS */
	CENSOR_PROTOCOL_WECHAT,		/* mmtls */
	CENSOR_PROTOCOL_VIBER,
	CENSOR_PROTOCOL_SKYPE,
	CENSOR_PROTOCOL_APNS,		/* Apple's push service, with FaceTime's signalling */
	CENSOR_PROTOCOL_DISCORD,	/* voice */
	CENSOR_PROTOCOL_OPENVPN,
	CENSOR_PROTOCOL_WIREGUARD,
	CENSOR_PROTOCOL_IKE,
	CENSOR_PROTOCOL_ESP,		/* by itself or behind NAT (RFC 3948) */
	CENSOR_PROTOCOL_L2TP,
	CENSOR_PROTOCOL_PPTP,
	CENSOR_PROTOCOL_GRE,
	CENSOR_PROTOCOL_SSTP,
	CENSOR_PROTOCOL_SOFTETHER,
	CENSOR_PROTOCOL_SOCKS4,		/* and 4a */
	CENSOR_PROTOCOL_SOCKS5,
	CENSOR_PROTOCOL_HTTP_PROXY,	/* CONNECT, or a target in absolute form */
	CENSOR_PROTOCOL_TOR,		/* its TLS */
	CENSOR_PROTOCOL_TLS_IN_TLS,	/* Trojan and its like, by their first bursts */
	CENSOR_PROTOCOL_ENCRYPTED,	/* fully encrypted: no rule exempts it (CENSORS.md 3) */
	CENSOR_PROTOCOLS,
};

/** enum censor_confidence - how sure a detector is */
enum censor_confidence {
	CENSOR_CONFIDENCE_GUESS = 1,	/* others look the same now and then */
	CENSOR_CONFIDENCE_LIKELY,	/* several signs, none of them certain */
	CENSOR_CONFIDENCE_SURE,		/* a magic number or a checked structure */
	CENSOR_CONFIDENCES,
};

/*
 * The number that a condition on CENSOR_ATTR_PROTOCOL is looked up by. `protocol x` is a range from
 * guess to sure, `protocol x confidence likely` one from likely to sure.
 */
#define CENSOR_PROTOCOL_NUMBER(protocol, confidence)	((u16)((protocol) * 4 + (confidence)))
#define CENSOR_PROTOCOL_OF(number)			((number) / 4)
#define CENSOR_CONFIDENCE_OF(number)			((number) % 4)

#define CENSOR_PROTOCOL_BIT(protocol)	(1ull << (protocol))

/** censor_protocol_name() - as in the policy language, "unknown" for those that are none */
const char *censor_protocol_name(enum censor_protocol protocol);
/** censor_confidence_name() - "guess", "likely" or "sure" */
const char *censor_confidence_name(enum censor_confidence confidence);

#endif
