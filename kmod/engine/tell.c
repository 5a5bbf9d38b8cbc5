// SPDX-License-Identifier: GPL-2.0
/* What a ClientHello and a query say, as the values of attributes. */
#include "recognise-parts.h"
#include "rules.h"

u8 censor_tell_wants(const struct censor_policy *pol, const struct censor_context *ctx)
{
	switch (ctx->report) {
	case CENSOR_REPORT_ALL:
		return pol->hello | CENSOR_TLS_SNI | CENSOR_TLS_ALPN | CENSOR_TLS_VERSION |
		       CENSOR_TLS_HAS | CENSOR_TLS_JA4 | CENSOR_TLS_TOR;
	case CENSOR_REPORT_NAMES:
		return pol->hello | CENSOR_TLS_SNI;
	default:
		return pol->hello;
	}
}

u32 censor_tell_hello(u8 sni, struct censor_context *ctx)
{
	const struct censor_tls_hello *hello = &ctx->hello;
	u32 told = 0;

	if (hello->known & CENSOR_TLS_SNI && hello->sni_len) {
		censor_tell_name(ctx, hello->sni, hello->sni_len);
		censor_rules_text(ctx, sni, hello->sni, hello->sni_len);
		told |= CENSOR_ATTR_BIT(sni);
	}
	if (hello->known & CENSOR_TLS_ALPN && hello->alpn_len) {
		censor_rules_text(ctx, CENSOR_ATTR_TLS_ALPN, hello->alpn, hello->alpn_len);
		told |= CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_ALPN);
	}
	if (hello->known & CENSOR_TLS_JA3) {
		censor_rules_text(ctx, CENSOR_ATTR_TLS_JA3, hello->ja3, sizeof(hello->ja3));
		told |= CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_JA3);
	}
	if (hello->known & CENSOR_TLS_JA4) {
		censor_rules_text(ctx, CENSOR_ATTR_TLS_JA4, hello->ja4, sizeof(hello->ja4));
		told |= CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_JA4);
	}
	if (hello->known & CENSOR_TLS_VERSION)
		told |= CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_VERSION);
	if (hello->known & CENSOR_TLS_HAS)
		told |= CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_HAS);
	ctx->looked_up &= ~(CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_VERSION) |
			    CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_HAS));
	return told;
}

u32 censor_tell_question(struct censor_context *ctx)
{
	const struct censor_dns_question *question = &ctx->question;

	censor_tell_name(ctx, question->name, question->name_len);
	censor_rules_text(ctx, CENSOR_ATTR_DNS_QNAME, question->name, question->name_len);
	ctx->looked_up &= ~CENSOR_ATTRS_DNS;
	return CENSOR_ATTRS_DNS;
}
