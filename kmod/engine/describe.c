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
		put_action(&t, buf, "inject ", pol->injects[rule->inject].name);
	if (match->actions & CENSOR_DO_DROP)
		put_action(&t, buf, "drop", "");
	if (match->actions & CENSOR_DO_PASS)
		put_action(&t, buf, "pass", "");
	if (match->actions & CENSOR_DO_RESIDUAL) {
		bool seconds = !(rule->residual_ms % 1000);

		put_action(&t, buf, "residual ", "");
		put_number(&t, seconds ? rule->residual_ms / 1000 : rule->residual_ms);
		put(&t, seconds ? "s" : "ms");
	}
	return (u32)(t.at - buf);
}
