// SPDX-License-Identifier: GPL-2.0
/* Words for what the engine does; the same in the kernel's events and in programs. */
#include "inspect.h"

const char *censor_attr_name(enum censor_attr attr)
{
	static const char * const names[CENSOR_ATTR_COUNT] = {
		[CENSOR_ATTR_FROM] = "from",
		[CENSOR_ATTR_PROTO] = "proto",
		[CENSOR_ATTR_IP] = "ip",
		[CENSOR_ATTR_IP_SRC] = "ip.src",
		[CENSOR_ATTR_IP_DST] = "ip.dst",
		[CENSOR_ATTR_PORT] = "port",
		[CENSOR_ATTR_PORT_SRC] = "port.src",
		[CENSOR_ATTR_PORT_DST] = "port.dst",
		[CENSOR_ATTR_DNS_QNAME] = "dns.qname",
		[CENSOR_ATTR_DNS_QTYPE] = "dns.qtype",
		[CENSOR_ATTR_HTTP_HOST] = "http.host",
		[CENSOR_ATTR_HTTP_TARGET] = "http.target",
		[CENSOR_ATTR_TLS_SNI] = "tls.sni",
		[CENSOR_ATTR_CLIENT] = "client",
		[CENSOR_ATTR_PROTOCOL] = "protocol",
		[CENSOR_ATTR_TLS_ALPN] = "tls.alpn",
		[CENSOR_ATTR_TLS_VERSION] = "tls.version",
		[CENSOR_ATTR_TLS_HAS] = "tls.has",
		[CENSOR_ATTR_TLS_CERT] = "tls.cert",
		[CENSOR_ATTR_TLS_JA3] = "tls.ja3",
		[CENSOR_ATTR_TLS_JA4] = "tls.ja4",
		[CENSOR_ATTR_QUIC_SNI] = "quic.sni",
		[CENSOR_ATTR_QUIC_VERSION] = "quic.version",
		[CENSOR_ATTR_HTTP_TEXT] = "http.text",
		[CENSOR_ATTR_FTP_COMMAND] = "ftp.command",
		[CENSOR_ATTR_SMTP_COMMAND] = "smtp.command",
		[CENSOR_ATTR_DNS_QCLASS] = "dns.qclass",
		[CENSOR_ATTR_DNS_QDCOUNT] = "dns.qdcount",
	};

	return attr < CENSOR_ATTR_COUNT ? names[attr] : "unknown";
}

const char *censor_protocol_name(enum censor_protocol protocol)
{
	static const char * const names[CENSOR_PROTOCOLS] = {
		[CENSOR_PROTOCOL_UNKNOWN] = "unknown",
		[CENSOR_PROTOCOL_DNS] = "dns",
		[CENSOR_PROTOCOL_HTTP] = "http",
		[CENSOR_PROTOCOL_TLS] = "tls",
		[CENSOR_PROTOCOL_QUIC] = "quic",
		[CENSOR_PROTOCOL_DTLS] = "dtls",
		[CENSOR_PROTOCOL_SSH] = "ssh",
		[CENSOR_PROTOCOL_FTP] = "ftp",
		[CENSOR_PROTOCOL_SMTP] = "smtp",
		[CENSOR_PROTOCOL_BITTORRENT] = "bittorrent",
		[CENSOR_PROTOCOL_STUN] = "stun",
		[CENSOR_PROTOCOL_TURN] = "turn",
		[CENSOR_PROTOCOL_RTP] = "rtp",
		[CENSOR_PROTOCOL_WHATSAPP] = "whatsapp",
		[CENSOR_PROTOCOL_TELEGRAM] = "telegram",
		[CENSOR_PROTOCOL_WECHAT] = "wechat",
		[CENSOR_PROTOCOL_VIBER] = "viber",
		[CENSOR_PROTOCOL_SKYPE] = "skype",
		[CENSOR_PROTOCOL_APNS] = "apns",
		[CENSOR_PROTOCOL_DISCORD] = "discord",
		[CENSOR_PROTOCOL_OPENVPN] = "openvpn",
		[CENSOR_PROTOCOL_WIREGUARD] = "wireguard",
		[CENSOR_PROTOCOL_IKE] = "ike",
		[CENSOR_PROTOCOL_ESP] = "esp",
		[CENSOR_PROTOCOL_L2TP] = "l2tp",
		[CENSOR_PROTOCOL_PPTP] = "pptp",
		[CENSOR_PROTOCOL_GRE] = "gre",
		[CENSOR_PROTOCOL_SSTP] = "sstp",
		[CENSOR_PROTOCOL_SOFTETHER] = "softether",
		[CENSOR_PROTOCOL_SOCKS4] = "socks4",
		[CENSOR_PROTOCOL_SOCKS5] = "socks5",
		[CENSOR_PROTOCOL_HTTP_PROXY] = "http-proxy",
		[CENSOR_PROTOCOL_TOR] = "tor",
		[CENSOR_PROTOCOL_TLS_IN_TLS] = "tls-in-tls",
		[CENSOR_PROTOCOL_ENCRYPTED] = "encrypted",
	};

	return protocol < CENSOR_PROTOCOLS ? names[protocol] : names[0];
}

const char *censor_confidence_name(enum censor_confidence confidence)
{
	static const char * const names[CENSOR_CONFIDENCES] = {
		[CENSOR_CONFIDENCE_GUESS] = "guess",
		[CENSOR_CONFIDENCE_LIKELY] = "likely",
		[CENSOR_CONFIDENCE_SURE] = "sure",
	};

	return confidence && confidence < CENSOR_CONFIDENCES ? names[confidence] : "unknown";
}

const char *censor_note_text(enum censor_note note)
{
	static const char * const texts[CENSOR_NOTES] = {
		[CENSOR_NOTE_NO_TCB] = "data of a connection that the censor does not know",
		[CENSOR_NOTE_HANDSHAKE] = "data before the handshake that the censor asks for",
		[CENSOR_NOTE_DISBELIEVED] = "a packet that does not pass the censor's checks",
		[CENSOR_NOTE_RESYNC] = "the censor became unsure of the sequence number",
		[CENSOR_NOTE_SYNCED] = "the censor took the sequence number from this packet",
		[CENSOR_NOTE_TEARDOWN] = "a RST tore the TCB down",
		[CENSOR_NOTE_TEARDOWN_FIN] = "a FIN tore the TCB down",
		[CENSOR_NOTE_TEARDOWN_ECHO] = "a RST or FIN of another connection tore the TCB down",
		[CENSOR_NOTE_EARLY] = "a segment beyond the next byte",
		[CENSOR_NOTE_OLD] = "bytes that the censor had seen",
		[CENSOR_NOTE_SHORT] = "the first segment is too short for the censor",
		[CENSOR_NOTE_UNKNOWN] = "the censor gave up: no protocol that it knows",
		[CENSOR_NOTE_LOOKED] = "the censor gave up: it looks at no more packets",
		[CENSOR_NOTE_REVERSED] = "the censor takes the server for the client",
	};

	return note < CENSOR_NOTES ? texts[note] : NULL;
}

/**
 * struct text - a string that is being put together
 * @at: where it goes on; always before @end
 * @end: behind its last byte
 */
struct text {
	char *at;
	char *end;
};

static void put(struct text *t, const char *s)
{
	while (*s && t->at + 1 < t->end)
		*t->at++ = *s++;
	*t->at = 0;
}

static void put_number(struct text *t, u64 n)
{
	char digits[21];
	u32 i = sizeof(digits) - 1;

	digits[i] = 0;
	do {
		digits[--i] = (char)('0' + censor_rest64(n, 10));
		n = censor_div64(n, 10);
	} while (n);
	put(t, digits + i);
}

/* An action, with a comma before all but the first, and what it is done with. */
static void put_action(struct text *t, const char *start, const char *action, const char *with)
{
	if (t->at != start)
		put(t, ", ");
	put(t, action);
	put(t, with);
}

static void put_time(struct text *t, u32 ms)
{
	bool seconds = !(ms % 1000);

	put_number(t, seconds ? ms / 1000 : ms);
	put(t, seconds ? "s" : "ms");
}

/* Names of TCP flags, joined by +. */
static void put_flags(struct text *t, u8 flags)
{
	static const char * const names[8] = {
		"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr",
	};
	bool more = false;
	u32 i;

	for (i = 0; i < 8; i++) {
		if (!(flags & 1u << i))
			continue;
		if (more)
			put(t, "+");
		put(t, names[i]);
		more = true;
	}
}

static void put_freeze(struct text *t, const struct censor_freeze *freeze)
{
	put_number(t, freeze->lo);
	if (freeze->hi != freeze->lo) {
		put(t, "-");
		put_number(t, freeze->hi);
	}
	put(t, freeze->bytes ? " bytes" : " packets");
}

/* A number of some unit, in the largest that leaves no rest. */
static void put_scaled(struct text *t, u64 n, u32 scale, const char *const *units)
{
	for (; units[1] && n && censor_div64(n, scale) * scale == n; units++)
		n = censor_div64(n, scale);
	put_number(t, n);
	put(t, *units);
}

static void put_to(struct text *t, u8 to)
{
	if (to != CENSOR_TO_BOTH)
		put(t, to == CENSOR_TO_CLIENT ? " to client" : " to server");
}

static void put_police(struct text *t, const struct censor_police *police)
{
	static const char * const units[] = { "bit", "kbit", "mbit", "gbit", NULL };
	static const char * const pers[CENSOR_PERS] = { " per flow", " per host", " per rule" };

	put_scaled(t, police->rate, 1000, units);
	put(t, pers[police->per]);
	put_to(t, police->to);
}

/* Parts of CENSOR_CERTAIN in per cent. */
static void put_percent(struct text *t, u16 parts)
{
	u16 rest = parts % 100;

	put_number(t, parts / 100);
	if (!rest)
		return;
	put(t, rest < 10 ? ".0" : ".");
	put_number(t, rest % 10 ? rest : rest / 10);
}

static void put_point(struct text *t, u16 at)
{
	if (at && at < CENSOR_CERTAIN) {
		put(t, "p");
		put_percent(t, at);
		put(t, " ");
	} else {
		put(t, at ? "max " : "min ");
	}
}

static void put_delay(struct text *t, const struct censor_delay *delay)
{
	static const char * const units[] = { "us", "ms", "s", NULL };
	bool range = delay->n == 2 && !delay->point[0].at && delay->point[1].at == CENSOR_CERTAIN;
	u32 i;

	for (i = 0; i < delay->n; i++) {
		if (i)
			put(t, range ? "-" : " ");
		if (delay->n > 1 && !range)
			put_point(t, delay->point[i].at);
		put_scaled(t, delay->point[i].us, 1000, units);
	}
}

static void put_hex(struct text *t, u32 n)
{
	static const char digits[] = "0123456789abcdef";
	char hex[11] = "0x";
	u32 at = 2, shift = 32;

	do {
		shift -= 4;
		if (n >> shift || !shift)
			hex[at++] = digits[n >> shift & 0xf];
	} while (shift);
	hex[at] = 0;
	put(t, hex);
}

static void put_mark(struct text *t, const struct censor_mark *mark)
{
	put_hex(t, mark->value);
	if (mark->mask == (u32)~0)
		return;
	put(t, "/");
	put_hex(t, mark->mask);
}

static void put_forge(struct text *t, const struct censor_policy *pol,
		      const struct censor_forge *forge)
{
	static const char * const lies[CENSOR_LIES] = {
		[CENSOR_LIE_NXDOMAIN] = "nxdomain",
		[CENSOR_LIE_REFUSED] = "refused",
		[CENSOR_LIE_CNAME] = "cname ",
	};

	if (lies[forge->lie])
		put(t, lies[forge->lie]);
	if (forge->alias != CENSOR_NO_ALIAS)
		put(t, pol->aliases[forge->alias - 1].name);
	if (forge->pool == CENSOR_NO_POOL)
		return;
	if (forge->lie == CENSOR_LIE_CNAME)
		put(t, " with ");
	put(t, pol->pools[forge->pool].name);
}

u32 censor_actions_print(const struct censor_policy *pol, const struct censor_match *match,
			 char *buf, u32 size)
{
	const struct censor_rule *rule = &pol->rules[match->rule];
	struct text t = { .at = buf, .end = buf + size };

	if (!size)
		return 0;
	*buf = 0;
	if (match->actions & CENSOR_DO_LOG)
		put_action(&t, buf, "log", "");
	if (match->actions & CENSOR_DO_FORGE) {
		put_action(&t, buf, "forge ", "");
		put_forge(&t, pol, &rule->forge);
	}
	if (match->actions & CENSOR_DO_INJECT)
		put_action(&t, buf, "inject ", pol->injects[match->inject].name);
	if (match->actions & CENSOR_DO_DROP)
		put_action(&t, buf, "drop", "");
	if (match->actions & CENSOR_DO_PASS)
		put_action(&t, buf, "pass", "");
	if (match->actions & CENSOR_DO_REWRITE) {
		put_action(&t, buf, "rewrite ", "");
		put_flags(&t, rule->rewrite_flags);
	}
	if (match->actions & CENSOR_DO_FREEZE) {
		put_action(&t, buf, "freeze after ", "");
		put_freeze(&t, &rule->freeze);
	}
	if (match->actions & CENSOR_DO_POLICE) {
		put_action(&t, buf, "police ", "");
		put_police(&t, &rule->police);
	}
	if (match->actions & CENSOR_DO_LOSE) {
		put_action(&t, buf, "lose ", "");
		put_percent(&t, rule->lose.chance);
		put(&t, "%");
		put_to(&t, rule->lose.to);
	}
	if (match->actions & CENSOR_DO_DELAY) {
		put_action(&t, buf, "delay ", "");
		put_delay(&t, &pol->delays[rule->hold.delay - 1]);
		put_to(&t, rule->hold.to);
	}
	if (match->actions & CENSOR_DO_MARK) {
		put_action(&t, buf, "mark ", "");
		put_mark(&t, &rule->mark);
	}
	if (match->actions & CENSOR_DO_RESIDUAL) {
		put_action(&t, buf, "residual ", "");
		put_time(&t, rule->residual.ms);
	}
	return (u32)(t.at - buf);
}
