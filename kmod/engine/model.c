// SPDX-License-Identifier: GPL-2.0
/* Models of TCP and IP: their defaults, and which of them make sense. */
#include "model.h"

void censor_tcp_default(struct censor_tcp_model *model)
{
	*model = (struct censor_tcp_model){
		.create = CENSOR_BY_SYN | CENSOR_BY_SYNACK,
		.restart = CENSOR_BY_SYN,
		.sync = CENSOR_SYNC_DATA | CENSOR_SYNC_SYNACK,
		.teardown_match = CENSOR_MATCH_TUPLE,
		.reassembly = CENSOR_REASSEMBLY_IN_ORDER,
		.buffer = CENSOR_STREAM_MAX,
		.checks = CENSOR_CHECK_DATA_OFFSET | CENSOR_CHECK_ISN,
		.syn_data = true,
		.timeout_syn = 60000,
		.timeout_synack = 60000,
		.timeout = 600000,
		.timeout_closing = 10000,
	};
}

void censor_ip_default(struct censor_ip_model *model)
{
	*model = (struct censor_ip_model){ .queue = 64, .timeout = 30000 };
}

static bool any(const u16 *probabilities, u32 n)
{
	while (n--)
		if (probabilities[n])
			return true;
	return false;
}

static bool too_many(const u16 *probabilities, u32 n)
{
	while (n--)
		if (probabilities[n] > CENSOR_CERTAIN)
			return true;
	return false;
}

/* Values that have no meaning: only another program than censorctl could send them. */
static bool unknown_tcp(const struct censor_tcp_model *model)
{
	return model->create &
		       ~(CENSOR_BY_SYN | CENSOR_BY_SYNACK | CENSOR_BY_DATA | CENSOR_BY_FIN) ||
	       model->restart & ~(CENSOR_BY_SYN | CENSOR_BY_SYNACK) ||
	       model->handshake >= CENSOR_HANDSHAKES || model->client >= CENSOR_CLIENTS ||
	       model->sync > (CENSOR_SYNC_SYN << 1) - 1 ||
	       model->teardown_match >= CENSOR_MATCHES ||
	       model->reassembly >= CENSOR_REASSEMBLIES || model->overlap >= CENSOR_OVERLAPS ||
	       model->overlap_early >= CENSOR_OVERLAPS || model->holes >= CENSOR_HOLES ||
	       model->checks & ~CENSOR_CHECKS || model->sees >= CENSOR_SEES;
}

static const char *tcb_contradiction(const struct censor_tcp_model *model)
{
	u8 create = model->create;

	if (!(create & ~CENSOR_BY_FIN))
		return "no packet creates a TCB: create needs syn, syn+ack or data";
	if (model->restart & ~create)
		return "what begins a TCB anew must be able to create one: restart names what create does not";
	if (model->handshake == CENSOR_HANDSHAKE_SYN && !(create & CENSOR_BY_SYN))
		return "handshake syn can't be seen where create has no syn";
	if (model->handshake == CENSOR_HANDSHAKE_FULL && !(create & CENSOR_BY_SYN))
		return "handshake full can't be seen where create has no syn";
	if (model->handshake >= CENSOR_HANDSHAKE_SYNACK && model->sees == CENSOR_SEES_CLIENT)
		return "handshake asks for the server's SYN+ACK, which a censor that sees client never sees";
	if (model->restart & CENSOR_BY_SYN && model->resync[CENSOR_RESYNC_SYN])
		return "another SYN either begins the TCB anew or resynchronises it: restart and resync both name syn";
	if (model->restart & CENSOR_BY_SYNACK && model->resync[CENSOR_RESYNC_SYNACK])
		return "another SYN+ACK either begins the TCB anew or resynchronises it: restart and resync both name syn+ack";
	if (any(model->resync, CENSOR_RESYNCS) && !model->sync)
		return "what ends a resynchronisation? sync needs data, client, syn+ack or syn";
	if (any(model->resync, CENSOR_RESYNCS) && model->client == CENSOR_CLIENT_BOTH)
		return "resync follows one client's sequence numbers, and client both has two";
	return NULL;
}

static const char *reassembly_contradiction(const struct censor_tcp_model *model)
{
	bool none = model->reassembly == CENSOR_REASSEMBLY_NONE;

	if (none && model->overlap)
		return "reassembly none has nothing that could overlap: overlap needs in-order or full";
	if (model->reassembly != CENSOR_REASSEMBLY_FULL && model->overlap_early)
		return "overlap-early is of segments that are kept early, which only reassembly full does";
	if (none && model->holes)
		return "reassembly none follows no sequence numbers: holes needs in-order or full";
	if (none && model->first_segment)
		return "reassembly none puts no segments together: first-segment needs in-order or full";
	if (none && model->tls_records)
		return "reassembly none has no records to put together beyond a segment: tls-records needs in-order or full";
	if (none && model->timeout_hole)
		return "reassembly none follows no sequence numbers: timeout-hole needs in-order or full";
	if (!none && model->client == CENSOR_CLIENT_BOTH)
		return "client both looks at segments of either end by themselves: it needs reassembly none";
	if (model->create & CENSOR_BY_FIN && model->restart)
		return "a TCB that a FIN created stays closed only where nothing begins it anew: restart must be none";
	return NULL;
}

int censor_tcp_check(const struct censor_tcp_model *model, const char **why)
{
	*why = NULL;
	if (unknown_tcp(model))
		*why = "a part of the TCP model has a value that means nothing";
	else if (too_many(model->resync, CENSOR_RESYNCS) ||
		 too_many(model->teardown, CENSOR_TEARDOWNS))
		*why = "a probability is at most 100 %";
	else if (!model->buffer || model->buffer > CENSOR_STREAM_MAX)
		*why = "a buffer has 1 to 4032 bytes";
	else if (!model->timeout_syn || !model->timeout_synack || !model->timeout ||
		 !model->timeout_closing)
		*why = "a timeout of 0 would forget every connection at once";
	else
		*why = tcb_contradiction(model);
	if (!*why)
		*why = reassembly_contradiction(model);
	return *why ? -EINVAL : 0;
}

int censor_ip_check(const struct censor_ip_model *model, const char **why)
{
	bool hold = model->fragments == CENSOR_FRAGMENTS_HOLD;

	*why = NULL;
	if (model->fragments >= CENSOR_FRAGMENTS || model->overlap >= CENSOR_FRAG_OVERLAPS ||
	    model->full >= CENSOR_FRAG_FULLS || model->ttl >= CENSOR_FRAG_TTLS)
		*why = "a part of the IP model has a value that means nothing";
	else if (!model->queue || model->queue > CENSOR_FRAGMENTS_MAX)
		*why = "a queue has 1 to 128 fragments";
	else if (!model->timeout)
		*why = "a timeout of 0 would forget every fragment at once";
	else if (model->fragments == CENSOR_FRAGMENTS_IGNORE && model->overlap)
		*why = "fragments ignore puts nothing together: overlap needs reassemble or hold";
	else if (!hold && model->full)
		*why = "only fragments that are held can be dropped with others: full drop needs fragments hold";
	else if (!hold && model->ttl)
		*why = "only fragments that are held leave with another TTL: ttl first needs fragments hold";
	return *why ? -EINVAL : 0;
}

void censor_detect_default(struct censor_detect_model *model)
{
	*model = (struct censor_detect_model){
		.udp_look = 8,
		.udp_timeout = 60000,
		.quic_versions = CENSOR_QUIC_READ_V1 | CENSOR_QUIC_READ_V2 |
				 CENSOR_QUIC_READ_DRAFT_29,
		.quic_assemble = CENSOR_QUIC_ASSEMBLE_FLOW,
		.quic_rate = 10000,
		.dns_name = 253,
		.dns_questions = 1,
		.fet_low = 340,
		.fet_high = 460,
		.fet_prefix = 6,
		.fet_percent = 50,
		.fet_run = 20,
		.fet_tls = 9,
	};
}

int censor_detect_check(const struct censor_detect_model *model, const char **why)
{
	*why = NULL;
	if (model->quic_versions & ~(CENSOR_QUIC_READ_V1 | CENSOR_QUIC_READ_V2 |
				     CENSOR_QUIC_READ_DRAFT_29) ||
	    model->quic_assemble >= CENSOR_QUIC_ASSEMBLES || model->quic_ports >= CENSOR_QUIC_PORTS)
		*why = "a part of what is detected has a value that means nothing";
	else if (!model->udp_timeout)
		*why = "a udp-timeout of 0 would forget every flow at once";
	else if (!model->dns_name || model->dns_name > 253)
		*why = "a name in DNS has 1 to 253 characters";
	else if (!model->dns_questions || model->dns_questions > CENSOR_QUESTIONS_MAX)
		*why = "dns-questions is 1 to 4";
	else if (model->fet_low > 800 || model->fet_high > 800 ||
		 model->fet_low >= model->fet_high)
		*why = "a byte has at most 8.00 bits set, and fet-low is less than fet-high";
	else if (!model->fet_prefix)
		*why = "a fet-prefix of 0 would exempt everything";
	else if (model->fet_percent > 100)
		*why = "fet-percent is at most 100";
	return *why ? -EINVAL : 0;
}
