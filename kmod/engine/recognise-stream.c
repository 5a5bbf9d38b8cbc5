// SPDX-License-Identifier: GPL-2.0
/*
 * What the messages of streams are. Those with names in them are read here, one protocol after
 * another by what the first bytes can be; for the others there are detectors.
 */
#include "detectors.h"
#include "recognise-parts.h"
#include "rules.h"
#include "stream.h"

/* Bytes that tell them. */
#define TLS_SHOWS	6
#define DNS_SHOWS	14
#define SHOWS		16

/* Of two readers of the same bytes: either may want more of them, or have seen all. */
static enum censor_found either(enum censor_found a, enum censor_found b)
{
	if (a == CENSOR_FOUND_MORE || b == CENSOR_FOUND_MORE)
		return CENSOR_FOUND_MORE;
	if (a == CENSOR_FOUND_ALL || b == CENSOR_FOUND_ALL)
		return CENSOR_FOUND_ALL;
	return a == CENSOR_FOUND_NOT ? b : a;
}

/* What has been read is another protocol's as well, if @confidence isn't 0. */
static void also(struct censor_context *ctx, struct censor_flow *flow, u64 sees, u8 protocol,
		 u8 confidence, const struct censor_look *look)
{
	if (confidence && sees & CENSOR_PROTOCOL_BIT(protocol))
		censor_sights_begin(ctx, flow, protocol, confidence, look, SHOWS);
}

static u32 read_tls(const struct censor_policy *pol, struct censor_flow *flow,
		    const struct censor_look *look, struct censor_context *ctx,
		    struct censor_message *message)
{
	struct censor_tls_hello *hello = &ctx->hello;
	u64 sees = censor_sees(pol, ctx);
	u32 told;

	message->found = censor_tls_client(look, pol->tcp.tls_records ? ctx->message : NULL,
					   censor_tell_wants(pol, ctx), hello);
	/* A record's header and the message's type: less could be anything. */
	if (message->found == CENSOR_FOUND_NOT || look->len < TLS_SHOWS)
		return 0;
	censor_sights_begin(ctx, flow, CENSOR_PROTOCOL_TLS, CENSOR_CONFIDENCE_SURE, look,
			    TLS_SHOWS);
	told = censor_tell_hello(CENSOR_ATTR_TLS_SNI, ctx);
	also(ctx, flow, sees, CENSOR_PROTOCOL_TOR, hello->known & CENSOR_TLS_TOR ? hello->tor : 0,
	     look);
	if (hello->known & CENSOR_TLS_ALPN)
		also(ctx, flow, sees, CENSOR_PROTOCOL_APNS,
		     censor_is_apns(hello->alpn, hello->alpn_len, hello->sni, hello->sni_len),
		     look);
	also(ctx, flow, sees, CENSOR_PROTOCOL_TELEGRAM,
	     censor_is_telegram_tls(look->data, look->len), look);
	return told | CENSOR_ATTRS_PROTOCOL;
}

static u32 read_http(const struct censor_policy *pol, struct censor_flow *flow,
		     const struct censor_look *look, struct censor_context *ctx,
		     struct censor_message *message)
{
	struct censor_http_request *request = &ctx->request;
	u64 sees = censor_sees(pol, ctx);
	u32 told = 0;

	message->found = censor_http_request(look, request);
	message->used = request->used;
	if (request->target_len) {
		censor_sights_begin(ctx, flow, CENSOR_PROTOCOL_HTTP, CENSOR_CONFIDENCE_SURE, look,
				    SHOWS);
		also(ctx, flow, sees, CENSOR_PROTOCOL_HTTP_PROXY,
		     request->proxy ? CENSOR_CONFIDENCE_SURE : 0, look);
		also(ctx, flow, sees, CENSOR_PROTOCOL_WECHAT,
		     censor_is_mmtls(request->target, request->target_len), look);
		censor_rules_text(ctx, CENSOR_ATTR_HTTP_TARGET, request->target,
				  request->target_len);
		told |= CENSOR_ATTR_BIT(CENSOR_ATTR_HTTP_TARGET) | CENSOR_ATTRS_PROTOCOL;
	}
	if (request->text_len) {
		censor_rules_text(ctx, CENSOR_ATTR_HTTP_TEXT, request->text, request->text_len);
		told |= CENSOR_ATTR_BIT(CENSOR_ATTR_HTTP_TEXT);
	}
	if (request->host_len) {
		censor_tell_name(ctx, request->host, request->host_len);
		censor_rules_text(ctx, CENSOR_ATTR_HTTP_HOST, request->host, request->host_len);
		told |= CENSOR_ATTR_BIT(CENSOR_ATTR_HTTP_HOST);
	}
	return told;
}

static u32 read_dns(struct censor_flow *flow, const struct censor_look *look,
		    struct censor_context *ctx, struct censor_message *message)
{
	message->found = censor_dns_stream(look, &ctx->question);
	if (message->found != CENSOR_FOUND_ALL)
		return 0;
	message->used = ctx->question.used;
	censor_sights_begin(ctx, flow, CENSOR_PROTOCOL_DNS, CENSOR_CONFIDENCE_SURE, look,
			    DNS_SHOWS);
	return censor_tell_question(ctx) | CENSOR_ATTRS_PROTOCOL;
}

/* FTP and SMTP: which of them the first command says, all of them are read. */
static u32 read_line(struct censor_flow *flow, const struct censor_look *look,
		     struct censor_context *ctx, struct censor_message *message)
{
	struct censor_sight sight;
	u8 attr;

	if (censor_known(ctx) != CENSOR_PROTOCOL_FTP && censor_known(ctx) != CENSOR_PROTOCOL_SMTP) {
		message->found = censor_line_protocol(look, &sight);
		if (message->found != CENSOR_FOUND_ALL)
			return 0;
		censor_sights_add(ctx, flow, &sight, look->data);
	}
	message->found = censor_line_read(look, &ctx->line);
	if (message->found != CENSOR_FOUND_ALL)
		return CENSOR_ATTRS_PROTOCOL;
	message->used = ctx->line.used;
	attr = censor_known(ctx) == CENSOR_PROTOCOL_FTP ? CENSOR_ATTR_FTP_COMMAND :
							  CENSOR_ATTR_SMTP_COMMAND;
	censor_rules_text(ctx, attr, ctx->line.text, ctx->line.text_len);
	return CENSOR_ATTR_BIT(attr) | CENSOR_ATTRS_PROTOCOL;
}

/* What looks like HTTP, and is something else beside. */
#define BESIDE	(CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_SSTP) |		\
		 CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_SOFTETHER))
#define LINES	(CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_FTP) | \
		 CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_SMTP))

/* Whose message is it? */
static u32 read_first(const struct censor_policy *pol, struct censor_flow *flow,
		      const struct censor_look *look, struct censor_context *ctx,
		      struct censor_message *message)
{
	enum censor_found found = CENSOR_FOUND_NOT;
	u64 sees = censor_sees(pol, ctx);
	/* HTTP and command lines begin with one. */
	bool words = !look->len || censor_is_letter(look->data[0]);
	u32 told;

	told = read_tls(pol, flow, look, ctx, message);
	if (message->found == CENSOR_FOUND_NOT && words)
		told = read_http(pol, flow, look, ctx, message);
	if (!told && sees & CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_DNS)) {
		found = either(found, message->found);
		told = read_dns(flow, look, ctx, message);
	}
	if (!told && words && sees & LINES) {
		found = either(found, message->found);
		told = read_line(flow, look, ctx, message);
	}
	/* What was read is nothing else; what else the flow was seen as says nothing of it. */
	if (told)
		sees &= BESIDE;
	found = either(found, censor_detectors_begin(flow, look, sees, ctx));
	if (ctx->sights[0])
		told |= CENSOR_ATTRS_PROTOCOL;
	message->found = either(found, message->found);
	return told;
}

u32 censor_recognise_message(const struct censor_policy *pol, struct censor_flow *flow,
			     const struct censor_packet_view *view, struct censor_context *ctx,
			     struct censor_message *message)
{
	struct censor_look look = censor_look_at(pol, flow, view);

	look.data = message->data;
	look.len = message->len;
	look.whole = message->len;
	/* Whoever sends it: it is read as a client's. */
	look.answer = false;
	message->used = 0;
	message->found = CENSOR_FOUND_NOT;
	switch (censor_known(ctx)) {
	case CENSOR_PROTOCOL_DNS:
		return read_dns(flow, &look, ctx, message);
	case CENSOR_PROTOCOL_FTP:
	case CENSOR_PROTOCOL_SMTP:
		return read_line(flow, &look, ctx, message);
	default:
		return read_first(pol, flow, &look, ctx, message);
	}
}

u32 censor_recognise_answer(const struct censor_policy *pol, struct censor_flow *flow,
			    const struct censor_packet_view *view, struct censor_context *ctx)
{
	struct censor_look look = censor_look_at(pol, flow, view);
	enum censor_found found = CENSOR_FOUND_NOT;
	u32 told = 0;

	BUILD_BUG_ON(CENSOR_STREAM_MAX > sizeof(ctx->message));
	if (censor_stream_answer(flow, view, &look.data, &look.len)) {
		if (!look.len)
			return 0;
		look.whole = look.len;
		found = censor_tls_server(&look, ctx->message, &ctx->certificate);
	}
	if (found == CENSOR_FOUND_MORE && censor_stream_answer_keep(flow, ctx, look.data, look.len))
		return 0;
	flow->tracking &= ~(CENSOR_TRACK_ANSWER | CENSOR_TRACK_ANSWERING);
	if (flow->stage == CENSOR_STAGE_DONE)
		censor_stream_end(flow, ctx, CENSOR_STAGE_DONE);
	if (found == CENSOR_FOUND_ALL && ctx->certificate.tor &&
	    censor_sees(pol, ctx) & CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_TOR)) {
		censor_sights_begin(ctx, flow, CENSOR_PROTOCOL_TOR, ctx->certificate.tor, &look,
				    SHOWS);
		told |= CENSOR_ATTRS_PROTOCOL;
	}
	if (found == CENSOR_FOUND_ALL && ctx->certificate.names_len) {
		censor_rules_text(ctx, CENSOR_ATTR_TLS_CERT, ctx->certificate.names,
				  ctx->certificate.names_len);
		told |= CENSOR_ATTRS_CERT;
	}
	return told;
}
