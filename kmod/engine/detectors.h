/* SPDX-License-Identifier: GPL-2.0 */
/* All detectors that yield no more than a sight. Their rules stand above each, in its file. */
#ifndef _CENSOR_DETECTORS_H
#define _CENSOR_DETECTORS_H

#include "detect.h"
#include "track.h"

/* Of a stream's beginning, from the client. */
enum censor_found censor_detect_whatsapp(const struct censor_look *look,
					 struct censor_sight *sight);
enum censor_found censor_detect_telegram(const struct censor_look *look,
					 struct censor_sight *sight);
/* Costs an AES-256 key schedule for any 64 random bytes: only for who asks for Telegram. */
enum censor_found censor_detect_telegram_obfuscated(const struct censor_look *look,
						    struct censor_sight *sight);
enum censor_found censor_detect_wechat(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_viber(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_skype(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_ssh(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_socks(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_bittorrent(const struct censor_look *look,
					   struct censor_sight *sight);
enum censor_found censor_detect_pptp(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_sstp(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_softether(const struct censor_look *look,
					  struct censor_sight *sight);

/* Of a stream's packets, both ways. */
enum censor_found censor_detect_encrypted(const struct censor_look *look,
					  struct censor_sight *sight);
enum censor_found censor_detect_openvpn_tcp(const struct censor_look *look,
					    struct censor_sight *sight);
enum censor_found censor_detect_tls_in_tls(const struct censor_look *look,
					   struct censor_sight *sight);
enum censor_found censor_detect_stun_tcp(const struct censor_look *look,
					 struct censor_sight *sight);

/* Of datagrams, both ways. */
enum censor_found censor_detect_openvpn_udp(const struct censor_look *look,
					    struct censor_sight *sight);
enum censor_found censor_detect_wireguard(const struct censor_look *look,
					  struct censor_sight *sight);
enum censor_found censor_detect_ike(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_l2tp(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_stun(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_rtp(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_dtls(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_viber_udp(const struct censor_look *look,
					  struct censor_sight *sight);
enum censor_found censor_detect_skype_udp(const struct censor_look *look,
					  struct censor_sight *sight);
enum censor_found censor_detect_discord(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_utp(const struct censor_look *look, struct censor_sight *sight);
enum censor_found censor_detect_dht(const struct censor_look *look, struct censor_sight *sight);

/*
 * Of what another detector has read: enum censor_confidence that it is this protocol as well, or 0.
 * The flow stays what it is, and its names count.
 */
u8 censor_is_apns(const u8 *alpn, u32 alpn_len, const u8 *sni, u32 sni_len);
u8 censor_is_mmtls(const u8 *target, u32 len);
u8 censor_is_telegram_tls(const u8 *data, u32 len);

/* Of packets that are neither TCP nor UDP: ESP, GRE. */
enum censor_found censor_detect_tunnel(const struct censor_look *look, struct censor_sight *sight);

#endif
