// SPDX-License-Identifier: GPL-2.0
/*
 * IKE, version 1 (RFC 2408) and 2 (RFC 7296), and what comes with it behind NAT (RFC 3948).
 *
 * A header of 28 bytes: the initiator's SPI 8, the responder's 8, next payload, version,
 * exchange, flags, message id 4, length 4 of the datagram. An initiator's first message:
 * responder's SPI 0, message id 0, and either version 1.0, main (2) or aggressive (4) mode and
 * an SA payload (1), or 2.0, IKE_SA_INIT (34), an SA (33) or the cookie (41) that was asked
 * for. Any later message is known by its length, exchange and next payload. SURE on ports 500
 * and 4500, LIKELY (only a first message) on others.
 *
 * On port 4500 four zero bytes stand before IKE; one byte 0xff keeps NAT's mapping; all else is
 * ESP: SPI 4, at least 256, sequence number 4. The first packet of it is a GUESS, where its
 * number is small; another with its SPI and a higher number, LIKELY.
 *
 * Reads 32 bytes and the 4 of the first payload's header.
 */
#include "detectors.h"

#define PORT_IKE	500
#define PORT_NAT	4500

#define HEADER		28
#define PAYLOAD_HEADER	4
#define PAYLOADS_V1_MAX	20	/* NAT-D; 130 and 131 were its drafts' numbers */
#define ESP_MIN		28	/* SPI, number, 8 at least of ciphertext, 12 of tag */
#define ESP_SPI_MIN	256	/* RFC 4303: lower ones are reserved */
#define ESP_FIRST	1024	/* a flow that begins has sent fewer */
#define ESP_GAP		64

static bool on_port(const struct censor_look *look, u16 port)
{
	return look->view->sport == port || look->view->dport == port;
}

/* A message that begins an exchange of keys. */
static bool is_first(const u8 *p)
{
	static const u8 zero[8];

	if (memcmp(p + 8, zero, 8) || censor_get32(p + 20))
		return false;
	if (p[17] == 0x10)
		return (p[18] == 2 || p[18] == 4) && p[16] == 1;
	return p[18] == 34 && (p[16] == 33 || p[16] == 41) && (p[19] & 0x28) == 0x08;
}

/* One that goes on with it; also the responder's. */
static bool is_later(const u8 *p)
{
	if (!censor_get32(p + 8) && !censor_get32(p + 12))
		return false;
	if (p[17] == 0x10)
		return (p[18] == 2 || p[18] == 4 || p[18] == 5 || p[18] == 6 || p[18] == 32) &&
		       p[16] && p[16] <= PAYLOADS_V1_MAX && !(p[19] & ~7);
	/* 43 is what IKE_INTERMEDIATE has; from the second exchange on all is in SK or SKF. */
	return (p[18] == 34 ? p[16] >= 33 && p[16] <= 48 :
		((p[18] >= 35 && p[18] <= 37) || p[18] == 43) && (p[16] == 46 || p[16] == 53)) &&
	       !(p[19] & ~0x38);
}

static enum censor_found ike(const struct censor_look *look, u32 at, bool port,
			     struct censor_sight *sight)
{
	const u8 *p = look->data + at;
	u32 len;

	if (look->len < at + HEADER || (p[17] != 0x10 && p[17] != 0x20) ||
	    (!censor_get32(p) && !censor_get32(p + 4)) ||
	    censor_get32(p + 24) != look->whole - at)
		return CENSOR_FOUND_NOT;
	if (is_first(p)) {
		if (look->len < at + HEADER + PAYLOAD_HEADER)
			return CENSOR_FOUND_NOT;
		len = censor_get16(p + HEADER + 2);
		if (len < PAYLOAD_HEADER || len > look->whole - at - HEADER)
			return CENSOR_FOUND_NOT;
	} else if (!port || !is_later(p)) {
		return CENSOR_FOUND_NOT;
	}
	return censor_saw(sight, CENSOR_PROTOCOL_IKE,
			  port ? CENSOR_CONFIDENCE_SURE : CENSOR_CONFIDENCE_LIKELY, at, HEADER);
}

static enum censor_found esp(const struct censor_look *look, struct censor_sight *sight)
{
	struct censor_track_udp *udp = look->track ? &look->track->udp : NULL;
	/* Once there was one, the other side's, whose number may be a high one, is passed over. */
	enum censor_found not = udp && udp->esp_seq ? CENSOR_FOUND_MORE : CENSOR_FOUND_NOT;
	u32 spi, seq;

	if (look->len < 8 || look->whole < ESP_MIN || look->whole % 4)
		return not;
	spi = censor_get32(look->data);
	seq = censor_get32(look->data + 4);
	if (udp && udp->esp_seq && udp->esp_spi == spi && seq > udp->esp_seq &&
	    seq - udp->esp_seq <= ESP_GAP)
		return censor_saw(sight, CENSOR_PROTOCOL_ESP, CENSOR_CONFIDENCE_LIKELY, 0, 8);
	if (spi < ESP_SPI_MIN || !seq || seq > ESP_FIRST)
		return not;
	if (!udp)
		return censor_saw(sight, CENSOR_PROTOCOL_ESP, CENSOR_CONFIDENCE_GUESS, 0, 8);
	/* The other direction has an SPI of its own: what the first side sends is followed. */
	if (!udp->esp_seq || !look->answer) {
		udp->esp_spi = spi;
		udp->esp_seq = (u16)seq;
	}
	return censor_may_be(sight, CENSOR_PROTOCOL_ESP, CENSOR_CONFIDENCE_GUESS, 0, 8);
}

enum censor_found censor_detect_ike(const struct censor_look *look, struct censor_sight *sight)
{
	if (on_port(look, PORT_NAT)) {
		if (look->whole == 1 && look->len && look->data[0] == 0xff)
			return look->track ? CENSOR_FOUND_MORE : CENSOR_FOUND_NOT;
		if (look->len >= 4 && !censor_get32(look->data))
			return ike(look, 4, true, sight);
		return esp(look, sight);
	}
	return ike(look, 0, on_port(look, PORT_IKE), sight);
}
