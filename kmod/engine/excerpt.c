// SPDX-License-Identifier: GPL-2.0
/* The bytes of a packet that a match is about, for those who look at events. */
#include "inspect.h"
#include "protocol.h"

#define LABEL_MAX	63	/* bytes of a label in DNS, before which its length stands */
#define SEARCH_MAX	4096	/* bytes of a payload in which a value may begin */

static int digit(u8 c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static u8 lower(u8 c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

/* The character that three bytes stand for, in lower case; negative if they are no escape. */
static int escaped(const u8 *data)
{
	int hi = digit(data[1]), lo = digit(data[2]);

	return data[0] == '%' && hi >= 0 && lo >= 0 ? lower((u8)(hi << 4 | lo)) : -1;
}

/*
 * How many bytes at @data spell the value: as it is, in either case, with the lengths of DNS's
 * labels where it has dots, or with escapes of RFC 3986 2.1. @left: characters beyond the first
 * that may still be compared. Return: 0 if they do not.
 */
static u32 spelt(const u8 *data, u32 len, const u8 *value, u32 value_len, u32 *left)
{
	u32 at = 0, i;

	for (i = 0; i < value_len; i++) {
		if (at == len)
			return 0;
		if (i && !*left)
			return 0;
		if (i)
			--*left;
		if (lower(data[at]) == value[i]) {
			at++;
		} else if (value[i] == '.' && data[at] && data[at] <= LABEL_MAX) {
			at++;
		} else if (len - at > 2 && escaped(data + at) == value[i]) {
			at += 3;
		} else {
			return 0;
		}
	}
	return at;
}

/* A list is told of by its first item. */
static u32 item_len(u8 attr, const u8 *value, u32 len)
{
	u32 n = 0;

	if (attr != CENSOR_ATTR_TLS_ALPN && attr != CENSOR_ATTR_TLS_CERT)
		return len;
	while (n < len && value[n] != ',')
		n++;
	return n;
}

/* Only so far, and with so many comparisons: a packet can be made to cost time. */
static u32 find_text(const struct censor_packet_view *view, struct censor_context *ctx,
		     const struct censor_match *match, u32 *found_at)
{
	u32 len = item_len(match->attr, match->value, match->value_len), at, n;

	for (at = 0; len && at < view->cap && at < SEARCH_MAX && ctx->spells_left; at++) {
		n = spelt(view->payload + at, view->cap - at, match->value, len,
			  &ctx->spells_left);
		if (n) {
			*found_at = at;
			return n;
		}
	}
	return 0;
}

/* Evidence stands in a message, whose beginning may have come in an earlier packet. */
static u32 find_evidence(const struct censor_packet_view *view, const struct censor_context *ctx,
			 const struct censor_match *match, u32 *found_at)
{
	const struct censor_evidence *evidence;
	u32 i;

	for (i = 0; i < ctx->n_evidence; i++) {
		evidence = &ctx->evidence[i];
		if (evidence->protocol == CENSOR_PROTOCOL_OF(match->number) && evidence->len &&
		    (u32)evidence->at + evidence->len <= view->cap &&
		    !memcmp(view->payload + evidence->at, evidence->bytes,
			    min_t(u32, evidence->len, CENSOR_EVIDENCE_SIZE))) {
			*found_at = evidence->at;
			return evidence->len;
		}
	}
	return 0;
}

void censor_excerpt_find(const struct censor_packet_view *view, struct censor_context *ctx,
			 const struct censor_match *match, struct censor_excerpt *excerpt)
{
	u32 at = 0, len = 0, before;

	memset(excerpt, 0, sizeof(*excerpt));
	if (!view->payload || !view->cap)
		return;
	if (match->attr == CENSOR_ATTR_PROTOCOL)
		len = find_evidence(view, ctx, match, &at);
	else if (match->value && censor_attr_kind(match->attr) == CENSOR_KIND_NAMES)
		len = find_text(view, ctx, match, &at);
	/* Of a longer one the beginning is shown. */
	len = min_t(u32, len, CENSOR_EXCERPT_MAX);
	/* As much before it as behind it, where there is. */
	before = min_t(u32, at, (CENSOR_EXCERPT_MAX - len) / 2);
	excerpt->at = at - before;
	excerpt->bytes = view->payload + excerpt->at;
	excerpt->len = (u16)min_t(u32, view->cap - excerpt->at, CENSOR_EXCERPT_MAX);
	if (!len)
		return;
	excerpt->found_at = (u16)before;
	excerpt->found_len = (u16)len;
}
