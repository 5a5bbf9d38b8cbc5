// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of streams. Protocols whose messages have names in them are read here, one after another
 * by what their first bytes can be; for the others there are detectors.
 */
#include "detectors.h"
#include "recognise.h"
#include "rules.h"
#include "stream.h"

static u32 sights_count(const u16 *sights)
{
	u32 n = 0;

	while (n < CENSOR_SIGHTS_MAX && sights[n])
		n++;
	return n;
}

/* Return: false if it was seen as surely before. */
static bool sights_forget(struct censor_context *ctx, const struct censor_sight *sight)
{
	u32 n = sights_count(ctx->sights), i, before;

	for (i = 0; i < n; i++)
		if (CENSOR_PROTOCOL_OF(ctx->sights[i]) == sight->protocol)
			break;
	if (i == n)
		return true;
	if (CENSOR_CONFIDENCE_OF(ctx->sights[i]) >= sight->confidence)
		return false;
	before = (1u << i) - 1;
	ctx->fresh = (u8)((ctx->fresh & before) | (ctx->fresh >> 1 & ~before));
	for (; i + 1 < n; i++)
		ctx->sights[i] = ctx->sights[i + 1];
	ctx->sights[n - 1] = 0;
	return true;
}

/* Copied: a buffer's bytes can move before anyone asks. */
static void show(struct censor_context *ctx, const struct censor_sight *sight, const u8 *data)
{
	struct censor_evidence *evidence;

	if (ctx->n_evidence == CENSOR_SIGHTS_MAX)
		return;
	evidence = &ctx->evidence[ctx->n_evidence++];
	evidence->protocol = sight->protocol;
	evidence->at = sight->at;
	evidence->len = sight->len;
	if (sight->len)
		memcpy(evidence->bytes, data + sight->at,
		       min_t(u32, sight->len, CENSOR_EVIDENCE_SIZE));
}

bool censor_sights_add(struct censor_context *ctx, struct censor_flow *flow,
		       const struct censor_sight *sight, const u8 *data)
{
	u32 at, i;

	if (!sights_forget(ctx, sight))
		return false;
	for (at = 0; at < CENSOR_SIGHTS_MAX && ctx->sights[at]; at++)
		if (CENSOR_CONFIDENCE_OF(ctx->sights[at]) < sight->confidence)
			break;
	if (at == CENSOR_SIGHTS_MAX)
		return false;
	for (i = CENSOR_SIGHTS_MAX - 1; i > at; i--)
		ctx->sights[i] = ctx->sights[i - 1];
	ctx->sights[at] = CENSOR_PROTOCOL_NUMBER(sight->protocol, sight->confidence);
	ctx->fresh = (u8)((ctx->fresh & ((1u << at) - 1)) | 1u << at | ctx->fresh >> at << (at + 1));
	ctx->protocol = CENSOR_PROTOCOL_OF(ctx->sights[0]);
	show(ctx, sight, data);
	ctx->looked_up &= ~CENSOR_ATTRS_PROTOCOL;
	if (flow) {
		memcpy(flow->sights, ctx->sights, sizeof(flow->sights));
		/* Rules about it were tried with what was known before. */
		flow->matched &= ~CENSOR_ATTRS_PROTOCOL;
	}
	return true;
}

#define TLS_SHOWS	6	/* bytes that tell a ClientHello */

static void saw(struct censor_context *ctx, struct censor_flow *flow, u8 protocol, u8 confidence,
		const u8 *data, u32 at, u32 len)
{
	struct censor_sight sight;

	censor_saw(&sight, protocol, confidence, at, len);
	censor_sights_add(ctx, flow, &sight, data);
}

static void set_name(struct censor_context *ctx, const u8 *name, u32 len)
{
	ctx->name = name;
	ctx->name_len = (u16)len;
}

/* Of two readers of the same bytes: either may want more of them, or have seen all. */
static enum censor_found either(enum censor_found a, enum censor_found b)
{
	if (a == CENSOR_FOUND_MORE || b == CENSOR_FOUND_MORE)
		return CENSOR_FOUND_MORE;
	if (a == CENSOR_FOUND_ALL || b == CENSOR_FOUND_ALL)
		return CENSOR_FOUND_ALL;
	return a == CENSOR_FOUND_NOT ? b : a;
}

static u8 hello_wants(const struct censor_policy *pol, const struct censor_context *ctx)
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

/* What a ClientHello says, as attributes; @sni: which of them is its name. */
static u32 tell_hello(u8 sni, struct censor_context *ctx)
{
	const struct censor_tls_hello *hello = &ctx->hello;
	u32 told = 0;

	if (hello->known & CENSOR_TLS_SNI && hello->sni_len) {
		set_name(ctx, hello->sni, hello->sni_len);
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

/* What has been read is another protocol's as well, if @confidence isn't 0. */
static void also(struct censor_context *ctx, struct censor_flow *flow, u64 sees, u8 protocol,
		 u8 confidence, const struct censor_look *look)
{
	if (confidence && sees & CENSOR_PROTOCOL_BIT(protocol))
		saw(ctx, flow, protocol, confidence, look->data, 0, min(look->len, 16u));
}

static u32 read_tls(const struct censor_policy *pol, struct censor_flow *flow,
		    const struct censor_look *look, struct censor_context *ctx,
		    struct censor_message *message)
{
	struct censor_tls_hello *hello = &ctx->hello;
	u64 sees = censor_sees(pol, ctx);
	u32 told;

	message->found = censor_tls_client(look, pol->tcp.tls_records ? ctx->message : NULL,
					   hello_wants(pol, ctx), hello);
	/* A record's header and the message's type: less could be anything. */
	if (message->found == CENSOR_FOUND_NOT || look->len < TLS_SHOWS)
		return 0;
	saw(ctx, flow, CENSOR_PROTOCOL_TLS, CENSOR_CONFIDENCE_SURE, look->data, 0,
	    TLS_SHOWS);
	told = tell_hello(CENSOR_ATTR_TLS_SNI, ctx);
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
		     const struct censor_look *look, struct censor_context *ctx, struct censor_message *message)
{
	struct censor_http_request *request = &ctx->request;
	u64 sees = censor_sees(pol, ctx);
	u32 told = 0;

	message->found = censor_http_request(look, request);
	message->used = request->used;
	if (request->target_len) {
		saw(ctx, flow, CENSOR_PROTOCOL_HTTP, CENSOR_CONFIDENCE_SURE, look->data, 0,
		    min(look->len, 16u));
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
		set_name(ctx, request->host, request->host_len);
		censor_rules_text(ctx, CENSOR_ATTR_HTTP_HOST, request->host, request->host_len);
		told |= CENSOR_ATTR_BIT(CENSOR_ATTR_HTTP_HOST);
	}
	return told;
}

/* What a question says, as attributes. */
static u32 tell_question(struct censor_context *ctx)
{
	const struct censor_dns_question *question = &ctx->question;

	set_name(ctx, question->name, question->name_len);
	censor_rules_text(ctx, CENSOR_ATTR_DNS_QNAME, question->name, question->name_len);
	ctx->looked_up &= ~CENSOR_ATTRS_DNS;
	return CENSOR_ATTRS_DNS;
}

static u32 read_dns(struct censor_flow *flow, const struct censor_look *look,
		    struct censor_context *ctx, struct censor_message *message)
{
	message->found = censor_dns_stream(look, &ctx->question);
	if (message->found != CENSOR_FOUND_ALL)
		return 0;
	message->used = ctx->question.used;
	saw(ctx, flow, CENSOR_PROTOCOL_DNS, CENSOR_CONFIDENCE_SURE, look->data, 0,
	    min(look->len, 14u));
	return tell_question(ctx) | CENSOR_ATTRS_PROTOCOL;
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
	u32 told;

	told = read_tls(pol, flow, look, ctx, message);
	if (message->found == CENSOR_FOUND_NOT)
		told = read_http(pol, flow, look, ctx, message);
	if (!told && sees & CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_DNS)) {
		found = either(found, message->found);
		told = read_dns(flow, look, ctx, message);
	}
	if (!told && sees & LINES) {
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
		saw(ctx, flow, CENSOR_PROTOCOL_TOR, ctx->certificate.tor, look.data, 0,
		    min(look.len, 16u));
		told |= CENSOR_ATTRS_PROTOCOL;
	}
	if (found == CENSOR_FOUND_ALL && ctx->certificate.names_len) {
		censor_rules_text(ctx, CENSOR_ATTR_TLS_CERT, ctx->certificate.names,
				  ctx->certificate.names_len);
		told |= CENSOR_ATTRS_CERT;
	}
	return told;
}

u32 censor_recognise_query(const struct censor_policy *pol, struct censor_flow *flow,
			   const struct censor_packet_view *view, struct censor_context *ctx,
			   struct censor_message *message)
{
	const struct censor_look look = censor_look_at(pol, flow, view);

	if (message->used)
		message->found = censor_dns_next(&look, &ctx->question);
	else
		message->found = censor_dns_question(&look, &ctx->question);
	if (message->found != CENSOR_FOUND_ALL)
		return 0;
	message->used = ctx->question.end;
	if (!ctx->sights[0])
		saw(ctx, flow, CENSOR_PROTOCOL_DNS, CENSOR_CONFIDENCE_SURE, look.data, 0,
		    min(look.len, 12u));
	ctx->protocol = CENSOR_PROTOCOL_DNS;
	return tell_question(ctx) | CENSOR_ATTRS_PROTOCOL;
}

/* Return: whether another Initial may be decrypted in this second. */
static bool quic_may(const struct censor_policy *pol, struct censor_context *ctx)
{
	u32 second = (u32)(ctx->now >> 30), rate = pol->detect.quic_rate;

	if (!rate)
		return true;
	if (second != censor_counter_read(&ctx->shared->quic_second)) {
		censor_counter_set(&ctx->shared->quic_second, second);
		censor_counter_set(&ctx->shared->quic_count, 0);
	}
	/* 2^30 ns are 1.0737 s. */
	if (censor_counter_read(&ctx->shared->quic_count) < rate + rate / 15)
		return true;
	ctx->counts |= 1u << CENSOR_COUNT_QUIC_RATE;
	return false;
}

/* The CRYPTO bytes of a flow's datagrams so far, or of this one alone. */
static struct censor_quic_hello *quic_hello(const struct censor_policy *pol,
					    const struct censor_flow *flow,
					    struct censor_context *ctx)
{
	BUILD_BUG_ON(sizeof(struct censor_quic_hello) > CENSOR_BUFFER_SIZE);
	if (flow->buffer && pol->detect.quic_assemble == CENSOR_QUIC_ASSEMBLE_FLOW)
		return flow->buffer;
	ctx->crypto.n = 0;
	return &ctx->crypto;
}

/* Keep them until another datagram comes. Return: false if that can't be. */
static bool quic_keep(const struct censor_policy *pol, struct censor_flow *flow,
		      struct censor_context *ctx)
{
	void *buffer;

	if (flow->buffer)
		return true;
	if (pol->detect.quic_assemble != CENSOR_QUIC_ASSEMBLE_FLOW)
		return false;
	buffer = censor_stream_spare(ctx);
	if (!buffer) {
		ctx->counts |= 1u << CENSOR_COUNT_NO_BUFFER;
		return false;
	}
	memcpy(buffer, &ctx->crypto, sizeof(ctx->crypto));
	flow->buffer = buffer;
	return true;
}

u32 censor_recognise_quic(const struct censor_policy *pol, struct censor_flow *flow,
			  const struct censor_packet_view *view, struct censor_context *ctx,
			  struct censor_message *message)
{
	const struct censor_look look = censor_look_at(pol, flow, view);
	struct censor_quic_hello *crypto;
	u32 told = CENSOR_ATTR_BIT(CENSOR_ATTR_QUIC_VERSION) | CENSOR_ATTRS_PROTOCOL, i;

	message->found = censor_quic_looks(&look, &ctx->quic);
	if (message->found == CENSOR_FOUND_NOT)
		return 0;
	saw(ctx, flow, CENSOR_PROTOCOL_QUIC,
	    ctx->quic.version == CENSOR_QUIC_OTHER || ctx->quic.version == CENSOR_QUIC_NEGOTIATION ?
	    CENSOR_CONFIDENCE_GUESS : CENSOR_CONFIDENCE_SURE, look.data, 0, min(look.len, 6u));
	if (message->found != CENSOR_FOUND_ALL || !quic_may(pol, ctx))
		return told;
	crypto = quic_hello(pol, flow, ctx);
	message->found = censor_quic_initial(&look, &ctx->scratch, crypto, &ctx->quic);
	for (i = 0; i < ctx->quic.decrypted; i++)
		censor_counter_up(&ctx->shared->quic_count);
	if (message->found == CENSOR_FOUND_ALL) {
		message->found = censor_tls_hello(crypto->bytes, crypto->span[0].to, true,
						  hello_wants(pol, ctx), &ctx->hello);
		told |= tell_hello(CENSOR_ATTR_QUIC_SNI, ctx);
	}
	if (message->found == CENSOR_FOUND_MORE && !quic_keep(pol, flow, ctx))
		message->found = CENSOR_FOUND_NOT;
	return told;
}
