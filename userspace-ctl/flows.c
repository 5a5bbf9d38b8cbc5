// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "event.h"
#include "flows.h"

#define SPILL_BUFFER	(1 << 18)

static const char *const verdict_names[] = {
	[FLOW_PASSED] = "passed",
	[FLOW_LOGGED] = "logged",
	[FLOW_SLOWED] = "slowed",
	[FLOW_FORGED] = "forged",
	[FLOW_INJECTED] = "injected",
	[FLOW_REWRITTEN] = "rewritten",
	[FLOW_DROPPED] = "dropped",
};

void flow_summary_restart(struct flow_summary *summary)
{
	struct flow_evidence *evidence = summary->evidence;
	char *name = summary->name;
	u16 room = summary->name_room;

	memset(summary, 0, sizeof(*summary));
	if (evidence)
		memset(evidence, 0, CENSOR_SIGHTS_MAX * sizeof(*evidence));
	summary->evidence = evidence;
	summary->name = name;
	summary->name_room = room;
}

void flow_summary_free(struct flow_summary *summary)
{
	free(summary->evidence);
	free(summary->name);
}

static enum flow_verdict match_verdict(const struct censor_match *match)
{
	if (match->actions & (CENSOR_DO_DROP | CENSOR_DO_FREEZE))
		return FLOW_DROPPED;
	if (match->actions & CENSOR_DO_REWRITE)
		return FLOW_REWRITTEN;
	if (match->actions & CENSOR_DO_INJECT)
		return FLOW_INJECTED;
	if (match->actions & CENSOR_DO_FORGE)
		return FLOW_FORGED;
	if (match->actions & (CENSOR_DO_POLICE | CENSOR_DO_LOSE | CENSOR_DO_DELAY))
		return FLOW_SLOWED;
	if (match->actions & CENSOR_DO_LOG)
		return FLOW_LOGGED;
	return FLOW_PASSED;
}

static void set_name(struct flow_summary *summary, const u8 *name, u16 len)
{
	if (len > summary->name_room) {
		char *larger = realloc(summary->name, len);

		if (!larger)
			return;
		summary->name = larger;
		summary->name_room = len;
	}
	memcpy(summary->name, name, len);
	summary->name_len = len;
}

/* How much a note says of why a censor was blind: what it forgot more than what it then missed. */
static u32 note_weight(u8 note)
{
	switch (note) {
	case CENSOR_NOTE_NONE:
		return 0;
	case CENSOR_NOTE_SYNCED:
		return 1;
	case CENSOR_NOTE_NO_TCB:
	case CENSOR_NOTE_HANDSHAKE:
	case CENSOR_NOTE_DISBELIEVED:
	case CENSOR_NOTE_EARLY:
	case CENSOR_NOTE_OLD:
		return 2;
	default:
		return 3;
	}
}

/* The last of those that say most; of the same one over and over, where it began. */
static void take_note(struct flow_summary *summary, u8 note)
{
	if (note == summary->note || note_weight(note) < note_weight(summary->note))
		return;
	summary->note = note;
	summary->note_packet = summary->packets;
}

/* Where the evidence of a protocol stands, or is to; NULL if there is no room. */
static struct flow_evidence *evidence_of(const struct flow_summary *summary, u8 protocol)
{
	u32 i;

	for (i = 0; summary->evidence && i < CENSOR_SIGHTS_MAX; i++)
		if (summary->evidence[i].protocol == protocol || !summary->evidence[i].packet)
			return &summary->evidence[i];
	return NULL;
}

/* What this packet showed; the bytes are the engine's, and gone with the next one. */
static void take_evidence(struct flow_summary *summary, const struct censor_context *ctx,
			  u64 frame)
{
	u32 i;

	if (!summary->evidence)
		summary->evidence = calloc(CENSOR_SIGHTS_MAX, sizeof(*summary->evidence));
	for (i = 0; i < ctx->n_evidence; i++) {
		const struct censor_evidence *seen = &ctx->evidence[i];
		struct flow_evidence *evidence = evidence_of(summary, seen->protocol);

		if (!evidence)
			continue;
		evidence->packet = summary->packets;
		evidence->frame = frame;
		evidence->protocol = seen->protocol;
		evidence->at = seen->at;
		evidence->len = seen->len;
		memcpy(evidence->bytes, seen->bytes, sizeof(evidence->bytes));
	}
}

void flow_summary_judged(struct flow_summary *summary, const struct censor_flow *flow,
			 const struct censor_context *ctx, u64 frame, bool evidence)
{
	bool stronger = false;
	u32 i;

	/* A capture may begin with the server's packet; the handshake tells, or DNS's port. */
	if ((flow->tcb != CENSOR_TCB_NONE || flow->stage == CENSOR_STAGE_STREAM) &&
	    flow->client < 2)
		summary->began = flow->client;
	if (ctx->n_evidence && evidence)
		take_evidence(summary, ctx, frame);
	memcpy(summary->sights, ctx->sights, sizeof(summary->sights));
	take_note(summary, ctx->note);
	for (i = 0; i < ctx->n_matches; i++) {
		const struct censor_match *match = &ctx->matches[i];
		enum flow_verdict verdict = match_verdict(match);

		if (summary->ruled && verdict <= summary->verdict)
			continue;
		stronger = true;
		summary->verdict = verdict;
		summary->ruled = true;
		summary->rule = match->rule;
		summary->attr = match->attr;
		summary->residual = match->residual;
	}
	/* The first name it was called by, unless another was its undoing. */
	if (ctx->name_len && (!summary->name_len || stronger))
		set_name(summary, ctx->name, ctx->name_len);
}

static const char *protocol_of(u16 number)
{
	return censor_protocol_name(CENSOR_PROTOCOL_OF(number));
}

static const char *confidence_of(u16 number)
{
	return censor_confidence_name(CENSOR_CONFIDENCE_OF(number));
}

static void print_json_verdict(const struct flow_report *report, FILE *out,
			       const struct flow_summary *summary)
{
	fprintf(out, ",\"verdict\":\"%s\",\"reason\":", verdict_names[summary->verdict]);
	if (summary->residual)
		fputs("\"residual\"", out);
	else if (summary->ruled)
		fprintf(out, "\"%s\"", censor_attr_name(summary->attr));
	else if (summary->verdict == FLOW_DROPPED)
		fputs("\"fragments\"", out);
	else
		fputs("null", out);
	fputs(",\"rule\":", out);
	if (summary->ruled)
		json_print_string(out, report->policy->rules[summary->rule].name,
				  strlen(report->policy->rules[summary->rule].name));
	else
		fputs("null", out);
	fputs(",\"tcp\":", out);
	if (summary->note != CENSOR_NOTE_NONE)
		fprintf(out, "{\"note\":\"%s\",\"packet\":%llu}", censor_note_text(summary->note),
			(unsigned long long)summary->note_packet);
	else
		fputs("null", out);
}

static void print_json_evidence(FILE *out, const struct flow_summary *summary)
{
	const char *comma = "";
	u32 i, j;

	fputs(",\"evidence\":[", out);
	for (i = 0; i < CENSOR_SIGHTS_MAX && summary->sights[i]; i++) {
		const struct flow_evidence *evidence =
			evidence_of(summary, CENSOR_PROTOCOL_OF(summary->sights[i]));

		if (!evidence || !evidence->packet)
			continue;
		fprintf(out, "%s{\"protocol\":\"%s\",\"confidence\":\"%s\"", comma,
			protocol_of(summary->sights[i]), confidence_of(summary->sights[i]));
		fprintf(out, ",\"packet\":%llu,\"frame\":%llu,\"at\":%u,\"len\":%u,\"bytes\":\"",
			(unsigned long long)evidence->packet,
			(unsigned long long)evidence->frame, evidence->at, evidence->len);
		for (j = 0; j < evidence->len && j < CENSOR_EVIDENCE_SIZE; j++)
			fprintf(out, "%02x", evidence->bytes[j]);
		fputs("\"}", out);
		comma = ",";
	}
	fputs("]", out);
}

static void print_json(const struct flow_report *report, FILE *out, const struct censor_key *key,
		       const struct flow_summary *summary)
{
	u8 from = summary->began, to = !from;
	char proto[8], address[46];

	fprintf(out, "{\"flow\":{\"proto\":\"%s\"", proto_print(key->proto, proto));
	fprintf(out, ",\"saddr\":\"%s\"", address_print(key->family, key->addr[from], address));
	fprintf(out, ",\"sport\":%u", key->port[from]);
	fprintf(out, ",\"daddr\":\"%s\"", address_print(key->family, key->addr[to], address));
	fprintf(out, ",\"dport\":%u}", key->port[to]);
	fprintf(out, ",\"packets\":%llu,\"bytes\":%llu,\"protocol\":",
		(unsigned long long)summary->packets, (unsigned long long)summary->bytes);
	if (!summary->sights[0])
		fputs("null", out);
	else
		fprintf(out, "\"%s\"", protocol_of(summary->sights[0]));
	fputs(",\"name\":", out);
	if (summary->name_len)
		json_print_string(out, summary->name, summary->name_len);
	else
		fputs("null", out);
	if (!report->unruled)
		print_json_verdict(report, out, summary);
	if (report->evidence)
		print_json_evidence(out, summary);
	fputs("}\n", out);
}
static void print_end(FILE *out, const struct censor_key *key, u8 end)
{
	char address[46];

	address_print(key->family, key->addr[end], address);
	if (!key->port[0] && !key->port[1])
		fputs(address, out);
	else
		fprintf(out, key->family == 6 ? "[%s]:%u" : "%s:%u", address, key->port[end]);
}

static void print_text_verdict(const struct flow_report *report, FILE *out,
			       const struct flow_summary *summary)
{
	bool harm = summary->verdict > FLOW_LOGGED;

	fprintf(out, ": %s%s%s", report->colour && harm ? "\033[31m" : "",
		verdict_names[summary->verdict], report->colour && harm ? "\033[0m" : "");
	if (summary->ruled)
		text_printf(out, " by rule %s (%s)", report->policy->rules[summary->rule].name,
			    summary->residual ? "residual" : censor_attr_name(summary->attr));
	else if (summary->verdict == FLOW_DROPPED)
		fputs(" by the policy's ip (fragments)", out);
}

/* As hex dumps do: the bytes, and beside them those that can be read. */
static void print_text_evidence(FILE *out, const struct flow_summary *summary)
{
	u32 i, j;

	for (i = 0; i < CENSOR_SIGHTS_MAX && summary->sights[i]; i++) {
		const struct flow_evidence *evidence =
			evidence_of(summary, CENSOR_PROTOCOL_OF(summary->sights[i]));
		u32 n;

		if (!evidence || !evidence->packet)
			continue;
		n = min(evidence->len, (u16)CENSOR_EVIDENCE_SIZE);
		fprintf(out, "\t%s, %s: packet %llu, byte %u:", protocol_of(summary->sights[i]),
			confidence_of(summary->sights[i]),
			(unsigned long long)evidence->packet, evidence->at);
		for (j = 0; j < n; j++)
			fprintf(out, " %02x", evidence->bytes[j]);
		fputs(n < evidence->len ? " ... |" : " |", out);
		for (j = 0; j < n; j++)
			fputc(evidence->bytes[j] >= 0x20 && evidence->bytes[j] < 0x7f ?
			      evidence->bytes[j] : '.', out);
		fputs("|\n", out);
	}
}

static void print_text(const struct flow_report *report, FILE *out, const struct censor_key *key,
		       const struct flow_summary *summary)
{
	char proto[8];
	u32 i;

	fprintf(out, "%s ", proto_print(key->proto, proto));
	print_end(out, key, summary->began);
	fputs(" > ", out);
	print_end(out, key, !summary->began);
	fprintf(out, "  %llu packet%s, %llu bytes", (unsigned long long)summary->packets,
		summary->packets == 1 ? "" : "s", (unsigned long long)summary->bytes);
	for (i = 0; i < CENSOR_SIGHTS_MAX && summary->sights[i]; i++)
		fprintf(out, "%s%s", i ? "+" : ", ", protocol_of(summary->sights[i]));
	if (summary->name_len) {
		fputc(' ', out);
		text_print(out, summary->name, summary->name_len);
	}
	if (!report->unruled)
		print_text_verdict(report, out, summary);
	if (summary->note != CENSOR_NOTE_NONE && !report->unruled)
		fprintf(out, "; tcp: %s (packet %llu)", censor_note_text(summary->note),
			(unsigned long long)summary->note_packet);
	fputc('\n', out);
	if (report->evidence)
		print_text_evidence(out, summary);
}

/* In TMPDIR rather than tmpfile()'s fixed place: a large capture has gigabytes of flows. */
static FILE *open_spill(void)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	FILE *file;
	int fd;

	if (!dir || !*dir)
		dir = "/tmp";
	if ((size_t)snprintf(path, sizeof(path), "%s/censorctl-XXXXXX", dir) >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	fd = mkstemp(path);
	if (fd < 0)
		return NULL;
	unlink(path);
	file = fdopen(fd, "w+");
	if (!file)
		close(fd);
	else
		setvbuf(file, NULL, _IOFBF, SPILL_BUFFER);
	return file;
}

static void print_flow(struct flow_report *report, FILE *out, const struct censor_key *key,
		       const struct flow_summary *summary)
{
	if (report->json)
		print_json(report, out, key, summary);
	else
		print_text(report, out, key, summary);
	report->flows++;
	report->verdicts[summary->verdict]++;
}

void flow_report_add(struct flow_report *report, const struct censor_key *key,
		     const struct flow_summary *summary)
{
	if (!summary->packets || report->failed)
		return;
	if (!report->out && !report->spill) {
		report->spill = open_spill();
		if (!report->spill) {
			report->failed = errno;
			return;
		}
	}
	errno = 0;
	print_flow(report, report->out ? report->out : report->spill, key, summary);
	if (ferror(report->out ? report->out : report->spill))
		report->failed = errno ? errno : EIO;
}

int flow_report_begin(struct flow_report *report, FILE *out)
{
	char buffer[1 << 16];
	size_t n;

	report->out = out;
	if (!report->spill)
		return report->failed;
	errno = 0;
	rewind(report->spill);
	while (!report->failed && (n = fread(buffer, 1, sizeof(buffer), report->spill)))
		if (fwrite(buffer, 1, n, out) != n)
			report->failed = errno ? errno : EIO;
	if (ferror(report->spill) && !report->failed)
		report->failed = errno ? errno : EIO;
	fclose(report->spill);
	report->spill = NULL;
	return report->failed;
}
