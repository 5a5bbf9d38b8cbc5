/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of recognising have between them. */
#ifndef _CENSOR_RECOGNISE_PARTS_H
#define _CENSOR_RECOGNISE_PARTS_H

#include "recognise.h"

/**
 * censor_sights_begin() - the flow is recognised by how the bytes begin
 * @flow: or NULL
 * @most: so many of them show it, or as many as there are
 */
void censor_sights_begin(struct censor_context *ctx, struct censor_flow *flow, u8 protocol,
			 u8 confidence, const struct censor_look *look, u32 most);

/** censor_tell_wants() - which parts of a ClientHello are worth reading. Return: CENSOR_TLS_* */
u8 censor_tell_wants(const struct censor_policy *pol, const struct censor_context *ctx);

/**
 * censor_tell_hello() - what the context's ClientHello says
 * @sni: the attribute that its name is
 *
 * Return: the attributes that have a value now.
 */
u32 censor_tell_hello(u8 sni, struct censor_context *ctx);

/** censor_tell_question() - what the context's question says. Return: likewise */
u32 censor_tell_question(struct censor_context *ctx);

/** censor_tell_name() - the name that was found in this packet */
static inline void censor_tell_name(struct censor_context *ctx, const u8 *name, u32 len)
{
	ctx->name = name;
	ctx->name_len = (u16)len;
}

#endif
