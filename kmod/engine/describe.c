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
	};

	return attr < CENSOR_ATTR_COUNT ? names[attr] : "unknown";
}

const char *censor_protocol_name(enum censor_protocol protocol)
{
	switch (protocol) {
	case CENSOR_PROTOCOL_DNS:
		return "dns";
	case CENSOR_PROTOCOL_HTTP:
		return "http";
	case CENSOR_PROTOCOL_TLS:
		return "tls";
	default:
		return "unknown";
	}
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

static void put_number(struct text *t, u32 n)
{
	char digits[11];
	u32 i = sizeof(digits) - 1;

	digits[i] = 0;
	do {
		digits[--i] = '0' + n % 10;
		n /= 10;
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
	if (match->actions & CENSOR_DO_FORGE)
		put_action(&t, buf, "forge ", pol->pools[rule->forge.pool].name);
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
	if (match->actions & CENSOR_DO_RESIDUAL) {
		put_action(&t, buf, "residual ", "");
		put_time(&t, rule->residual.ms);
	}
	return (u32)(t.at - buf);
}
