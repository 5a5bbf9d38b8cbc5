// SPDX-License-Identifier: GPL-2.0
/* Which detectors there are, and what each can see. */
#include "detectors.h"
#include "recognise.h"

#define SEES(name)	CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_##name)

/**
 * struct detector - a row
 * @look: the detector
 * @sees: CENSOR_PROTOCOL_BIT() of what it can say; it runs where one of them is asked for
 */
struct detector {
	censor_detector look;
	u64 sees;
};

/* Those that read the beginning of a client's stream. */
enum beginning {
	WHATSAPP,
	TELEGRAM,
	WECHAT,
	VIBER,
	SKYPE,
	SSH,
	SOCKS,
	BITTORRENT,
	PPTP,
	SSTP,
	SOFTETHER,
	/* The one that costs most comes last. */
	TELEGRAM_OBFUSCATED,
};

static const struct detector beginnings[] = {
	[WHATSAPP] = { censor_detect_whatsapp, SEES(WHATSAPP) },
	[TELEGRAM] = { censor_detect_telegram, SEES(TELEGRAM) },
	[WECHAT] = { censor_detect_wechat, SEES(WECHAT) },
	[VIBER] = { censor_detect_viber, SEES(VIBER) },
	[SKYPE] = { censor_detect_skype, SEES(SKYPE) },
	[SSH] = { censor_detect_ssh, SEES(SSH) },
	[SOCKS] = { censor_detect_socks, SEES(SOCKS4) | SEES(SOCKS5) },
	[BITTORRENT] = { censor_detect_bittorrent, SEES(BITTORRENT) },
	[PPTP] = { censor_detect_pptp, SEES(PPTP) },
	[SSTP] = { censor_detect_sstp, SEES(SSTP) },
	[SOFTETHER] = { censor_detect_softether, SEES(SOFTETHER) },
	[TELEGRAM_OBFUSCATED] = { censor_detect_telegram_obfuscated, SEES(TELEGRAM) },
};

#define ROW(name)	(1u << (name))
#define ANY_BYTE	(ROW(VIBER) | ROW(TELEGRAM_OBFUSCATED))

/*
 * Which rows a first byte leaves: most messages are rejected here, and not by one detector after
 * another. No row may say less than its detector does.
 */
static u32 begin_with(u8 first)
{
	/* Telegram's full transport begins with a length, and that is a multiple of 4. */
	u32 rows = first & 3 ? ANY_BYTE : ANY_BYTE | ROW(TELEGRAM);

	switch (first) {
	case 0x00:
		return rows | ROW(WECHAT) | ROW(PPTP);
	case 0x04:
	case 0x05:
		return rows | ROW(SOCKS);
	case 0x13:
		return rows | ROW(BITTORRENT);
	case 0x16:
	case 0x17:
	case 0x19:
		return rows | ROW(WECHAT);
	case 'E':
	case 'W':
		return rows | ROW(WHATSAPP);
	case 'P':
		return rows | ROW(WECHAT) | ROW(SOFTETHER);
	case 'S':
		return rows | ROW(SSH) | ROW(SSTP);
	case 0x80:
		return rows | ROW(SKYPE);
	case 0xdd:
	case 0xee:
	case 0xef:
		return rows | ROW(TELEGRAM);
	default:
		return rows;
	}
}

/* Those that follow a stream's packets. The place in the table is the bit in flow->tracking. */
static const struct detector streams[] = {
	{ censor_detect_encrypted, SEES(ENCRYPTED) },
	{ censor_detect_openvpn_tcp, SEES(OPENVPN) },
	{ censor_detect_tls_in_tls, SEES(TLS_IN_TLS) },
	{ censor_detect_stun_tcp, SEES(STUN) | SEES(TURN) },
};

/* Those that follow datagrams. */
static const struct detector datagrams[] = {
	{ censor_detect_openvpn_udp, SEES(OPENVPN) },
	{ censor_detect_wireguard, SEES(WIREGUARD) },
	{ censor_detect_ike, SEES(IKE) | SEES(ESP) },
	{ censor_detect_l2tp, SEES(L2TP) },
	{ censor_detect_stun, SEES(STUN) | SEES(TURN) | SEES(WHATSAPP) },
	{ censor_detect_dtls, SEES(DTLS) },
	{ censor_detect_rtp, SEES(RTP) },
	{ censor_detect_discord, SEES(DISCORD) },
	{ censor_detect_utp, SEES(BITTORRENT) },
	{ censor_detect_dht, SEES(BITTORRENT) },
	{ censor_detect_viber_udp, SEES(VIBER) },
	{ censor_detect_skype_udp, SEES(SKYPE) },
};

/* Those of other protocols' packets: the first decides. */
static const struct detector tunnels[] = {
	{ censor_detect_tunnel, SEES(ESP) | SEES(GRE) },
};

static const struct detector *table_of(u8 proto, u32 *n)
{
	BUILD_BUG_ON(ARRAY_SIZE(streams) > 13 || ARRAY_SIZE(datagrams) > 13);
	if (proto == CENSOR_PROTO_TCP) {
		*n = ARRAY_SIZE(streams);
		return streams;
	}
	if (proto == CENSOR_PROTO_UDP) {
		*n = ARRAY_SIZE(datagrams);
		return datagrams;
	}
	*n = ARRAY_SIZE(tunnels);
	return tunnels;
}

u16 censor_detectors_for(u8 proto, u64 sees, const struct censor_detect_model *model)
{
	const struct detector *table;
	u16 bits = 0;
	u32 i, n;

	if (!model->tls_in_tls)
		sees &= ~SEES(TLS_IN_TLS);
	table = table_of(proto, &n);
	for (i = 0; i < n; i++)
		if (table[i].sees & sees)
			bits |= 1u << i;
	return bits;
}

bool censor_detectors_run(struct censor_flow *flow, const struct censor_look *look,
			  struct censor_context *ctx)
{
	const struct detector *table;
	bool saw = false;
	u32 i, n;

	table = table_of(look->view->proto, &n);
	for (i = 0; i < n; i++) {
		struct censor_sight sight = {};
		enum censor_found found;

		if (!(flow->tracking & 1u << i))
			continue;
		found = table[i].look(look, &sight);
		if (found == CENSOR_FOUND_ALL || (found == CENSOR_FOUND_MORE && sight.confidence))
			saw |= censor_sights_add(ctx, flow, &sight, look->data);
		if (found != CENSOR_FOUND_MORE)
			flow->tracking &= ~(1u << i);
		/* There is no doubt left that another could raise. */
		if (found == CENSOR_FOUND_ALL && sight.confidence == CENSOR_CONFIDENCE_SURE)
			flow->tracking &= ~CENSOR_TRACK_ROWS;
	}
	return saw;
}

enum censor_found censor_detectors_begin(struct censor_flow *flow, const struct censor_look *look,
					 u64 sees, struct censor_context *ctx)
{
	enum censor_found all = CENSOR_FOUND_NOT;
	u32 rows = look->len ? begin_with(look->data[0]) : ROW(ARRAY_SIZE(beginnings)) - 1;

	for (; rows; rows &= rows - 1) {
		u32 i = censor_lowest(rows);
		struct censor_sight sight = {};
		enum censor_found found;

		if (!(beginnings[i].sees & sees))
			continue;
		found = beginnings[i].look(look, &sight);
		if (found == CENSOR_FOUND_ALL) {
			censor_sights_add(ctx, flow, &sight, look->data);
			return found;
		}
		if (found == CENSOR_FOUND_MORE) {
			all = found;
			if (sight.confidence)
				censor_sights_add(ctx, flow, &sight, look->data);
		}
	}
	return all;
}
