// SPDX-License-Identifier: GPL-2.0
/* explain: what a policy would do to the traffic of a capture. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "captureout.h"
#include "command.h"
#include "event.h"
#include "offline.h"
#include "phases.h"
#include "policy.h"
#include "progress.h"

#define FLOWS_DEFAULT	262144
#define OUT_BUFFER	(1 << 18)
#define PROGRESS_EVERY	16384		/* packets */

/**
 * struct explain - one run
 * @policy_path: or NULL with @flows: then no rule judges
 * @out_path: -w, or NULL
 * @phase_name: --phase, or NULL: the first
 * @phase: its index
 * @flows: --flows: every protocol is looked for, and what shows it is told
 * @events: printed so far
 */
struct explain {
	const char *policy_path;
	const char *capture_path;
	const char *out_path;
	const char *phase_name;
	u8 phase;
	u32 max_flows;
	bool flows;
	bool json;
	bool colour;
	u64 events;
	struct censor_policy *policy;
	struct capture capture;
	struct captureout out;
	struct flow_report report;
	struct offline host;
	struct progress progress;
};

/* Errors come after what was printed before them, also when both go to one place. */
static void complain(const struct explain *explain, const char *path, const char *reason)
{
	fflush(stdout);
	text_printf(stderr, "censorctl explain: %s: %s",
		    !strcmp(path, "-") && path == explain->capture_path ? "standard input" : path,
		    reason);
	fputc('\n', stderr);
}

/* NULL in a policy without phases. */
static const char *phase_in_force(const struct explain *explain)
{
	return explain->policy->n_phases ? explain->policy->phases[explain->phase].name : NULL;
}

static void event_from_match(struct explain *explain, const struct capture_packet *packet,
			     const struct censor_match *match, u32 delay_us)
{
	const struct censor_packet_view *view = &explain->host.view;
	const struct censor_policy *policy = explain->policy;
	struct censor_excerpt excerpt;
	char action[256];
	struct event event = {
		.time_ns = packet->time,
		.packet = explain->host.flow ? explain->host.flow->engine.packets : 0,
		.frame = packet->frame,
		.rule = policy->rules[match->rule].name,
		.action = action,
		.value = match->value,
		.value_len = match->value ? match->value_len : 0,
		.attr = match->attr,
		.number = match->number,
		.sport = view->sport,
		.dport = view->dport,
		.family = view->family,
		.proto = view->proto,
		.residual = match->residual,
		.delay_us = delay_us,
	};

	event.phase = phase_in_force(explain);
	censor_excerpt_find(view, &explain->host.ctx, match, &excerpt);
	event.excerpt = excerpt.bytes;
	event.excerpt_at = excerpt.at;
	event.excerpt_len = excerpt.len;
	event.found_at = excerpt.found_at;
	event.found_len = excerpt.found_len;
	memcpy(event.saddr, view->src, sizeof(event.saddr));
	memcpy(event.daddr, view->dst, sizeof(event.daddr));
	if (match->set >= 0 && !policy->sets[match->set].anonymous)
		event.set = policy->sets[match->set].name;
	censor_actions_print(policy, match, action, sizeof(action));
	if (explain->json)
		event_print_json(stdout, &event);
	else
		event_print(stdout, &event, explain->colour);
	explain->events++;
}

/* What the censor sends; @delays get those until the first packet of each match. */
static void inject(struct explain *explain, const struct capture_packet *packet, u32 *delays)
{
	const struct offline *host = &explain->host;
	u32 clock = explain->policy->clock, of = 0, len;
	struct censor_forger forger;
	u8 bytes[CENSOR_FORGE_SIZE];

	memset(delays, 0, CENSOR_MATCHES_MAX * sizeof(*delays));
	if (!explain->out_path && !explain->policy->n_delays)
		return;
	censor_forge_start(&forger, explain->policy, host->flow ? &host->flow->engine : NULL,
			   &host->view, &host->ctx);
	while ((len = censor_forge_next(&forger, bytes))) {
		if (of <= forger.match)
			delays[forger.match] = forger.delay_us;
		of = forger.match + 1;
		if (explain->out_path)
			captureout_inject(&explain->out, packet, bytes, len,
					  forger.to == CENSOR_TO_CLIENT,
					  forger.delay_us * 1000ull / clock);
	}
}

/* The packet as the receiver gets it, and what was held for it. */
static void pass(struct explain *explain, const struct capture_packet *packet)
{
	const struct offline_fate *fate = &explain->host.fate;
	const struct held *held;
	u8 bytes[CENSOR_FORGE_SIZE];

	for (held = fate->before.first; held; held = held->next)
		captureout_pass(&explain->out, &held->packet, fate->ttl, fate->wait);
	if (!fate->goes)
		return;
	if (fate->rewrite)
		captureout_rewrite(&explain->out, packet, bytes,
				   censor_forge_rewrite(&explain->host.view, fate->rewrite, bytes));
	else
		captureout_pass(&explain->out, packet, fate->ttl, fate->wait);
}

static void one_packet(struct explain *explain, const struct capture_packet *packet)
{
	const struct censor_context *ctx = &explain->host.ctx;
	enum offline_verdict verdict;
	u32 delays[CENSOR_MATCHES_MAX];
	u32 i;

	verdict = offline_judge(&explain->host, packet);
	if (explain->out_path)
		pass(explain, packet);
	if (verdict != OFFLINE_JUDGED || !ctx->n_matches)
		return;
	progress_clear(&explain->progress);
	inject(explain, packet, delays);
	for (i = 0; i < ctx->n_matches; i++)
		event_from_match(explain, packet, &ctx->matches[i], delays[i]);
}

/* Return: as capture_next() at the end, or -1 when nobody reads what is printed. */
static int all_packets(struct explain *explain)
{
	struct capture_packet packet;
	int more;

	while ((more = capture_next(&explain->capture, &packet)) > 0) {
		one_packet(explain, &packet);
		if (packet.frame % PROGRESS_EVERY)
			continue;
		progress_show(&explain->progress, capture_position(&explain->capture),
			      explain->capture.size, packet.frame);
		if (ferror(stdout))
			break;
	}
	progress_clear(&explain->progress);
	return more;
}

static void counted(u64 n, const char *what, const char *end)
{
	fprintf(stderr, "%llu %s%s%s", (unsigned long long)n, what, n == 1 ? "" : "s", end);
}

static void told(u64 n, const char *one, const char *many)
{
	if (n)
		fprintf(stderr, "  %llu %s\n", (unsigned long long)n, n == 1 ? one : many);
}

/* What people want to know beside the lines, and whatever kept the censor from judging. */
static void summarise(const struct explain *explain)
{
	static const char *const counts[CENSOR_COUNTS][2] = {
		[CENSOR_COUNT_NO_BUFFER] = {
			"message passed unjudged for lack of a buffer",
			"messages passed unjudged for lack of a buffer" },
		[CENSOR_COUNT_TOO_LONG] = {
			"message longer than the buffer passed unjudged",
			"messages longer than the buffer passed unjudged" },
		[CENSOR_COUNT_MALFORMED] = {
			"malformed message passed unjudged",
			"malformed messages passed unjudged" },
		[CENSOR_COUNT_OUT_OF_ORDER] = {
			"segment ahead of its turn was not looked at",
			"segments ahead of their turn were not looked at" },
		[CENSOR_COUNT_MATCHES] = {
			"packet matched more rules than can act on one",
			"packets matched more rules than can act on one" },
		[CENSOR_COUNT_DISBELIEVED] = {
			"packet did not pass the checks of the censor's TCP",
			"packets did not pass the checks of the censor's TCP" },
		[CENSOR_COUNT_RESYNC] = {
			"time the censor's TCP became unsure of a sequence number",
			"times the censor's TCP became unsure of a sequence number" },
		[CENSOR_COUNT_TEARDOWN] = {
			"connection was torn down in the censor's TCP",
			"connections were torn down in the censor's TCP" },
		[CENSOR_COUNT_QUIC_RATE] = {
			"QUIC Initial passed undecrypted, beyond the policy's rate",
			"QUIC Initials passed undecrypted, beyond the policy's rate" },
	};
	const struct offline *host = &explain->host;
	u32 i;

	if (explain->json && !isatty(STDERR_FILENO))
		return;
	fflush(stdout);
	counted(explain->capture.frames, "packet", ", ");
	counted(explain->report.flows, "flow", explain->policy_path ? ": " : "\n");
	if (explain->policy_path) {
		fprintf(stderr,
			"%llu passed, %llu logged, %llu forged, %llu injected, %llu dropped; ",
			(unsigned long long)explain->report.verdicts[FLOW_PASSED],
			(unsigned long long)explain->report.verdicts[FLOW_LOGGED],
			(unsigned long long)explain->report.verdicts[FLOW_FORGED],
			(unsigned long long)explain->report.verdicts[FLOW_INJECTED],
			(unsigned long long)explain->report.verdicts[FLOW_DROPPED]);
		counted(explain->events, "event", "\n");
	}
	told(explain->report.verdicts[FLOW_SLOWED], "flow was slowed", "flows were slowed");
	told(explain->report.verdicts[FLOW_REWRITTEN],
	     "flow was rewritten", "flows were rewritten");
	told(host->counts.not_ip, "packet is not IP: it passed", "packets are not IP: they passed");
	told(host->counts.unread, "packet is malformed or its headers were not captured: it passed",
	     "packets are malformed or their headers were not captured: they passed");
	for (i = 0; i < CENSOR_COUNTS; i++)
		told(host->counts.engine[i], counts[i][0], counts[i][1]);
	told(host->flows.crowded, "flow was ended early for lack of room: see --max-flows",
	     "flows were ended early for lack of room: see --max-flows");
	told(host->counts.no_flow, "packet was judged alone for lack of memory",
	     "packets were judged alone for lack of memory");
	told(host->residuals.missed, "residual block was not set: too many at a time",
	     "residual blocks were not set: too many at a time");
	told(host->datagrams.dropped, "fragment was dropped by the policy's IP",
	     "fragments were dropped by the policy's IP");
	told(host->datagrams.lost, "fragment was held for others that did not come",
	     "fragments were held for others that did not come");
	told(host->datagrams.crowded, "fragment passed unjudged: too many datagrams at a time",
	     "fragments passed unjudged: too many datagrams at a time");
	told(explain->out.missed, "packet was not written: too many wait for their time",
	     "packets were not written: too many wait for their time");
	if (tally_wanted(explain->policy))
		tally_print(stderr, explain->policy, host->tallies);
}

static int run(struct explain *explain)
{
	int status = EXIT_DONE, error, more;

	progress_begin(&explain->progress, "explain");
	more = all_packets(explain);
	error = flow_report_begin(&explain->report, stdout);
	if (!error)
		error = -offline_finish(&explain->host);
	if (!error)
		error = explain->report.failed;
	if (error) {
		complain(explain, "the lines of the flows", strerror(error));
		status = EXIT_REFUSED;
	}
	if (explain->json && tally_wanted(explain->policy))
		tally_print_json(stdout, explain->policy, phase_in_force(explain),
				 explain->host.tallies);
	errno = 0;
	if (fflush(stdout) || ferror(stdout)) {
		complain(explain, "standard output",
			 errno ? strerror(errno) : "not all was written");
		status = EXIT_REFUSED;
	}
	if (explain->out_path && captureout_close(&explain->out)) {
		complain(explain, explain->out_path, explain->out.reason);
		status = EXIT_REFUSED;
	}
	summarise(explain);
	if (more < 0) {
		complain(explain, explain->capture_path, explain->capture.reason);
		status = EXIT_REFUSED;
	}
	return status;
}

static int with_capture(struct explain *explain)
{
	int status = EXIT_REFUSED;

	if (capture_open(&explain->capture, explain->capture_path)) {
		complain(explain, explain->capture_path, explain->capture.reason);
		return EXIT_REFUSED;
	}
	explain->report.policy = explain->policy;
	explain->report.json = explain->json;
	explain->report.colour = explain->colour;
	explain->report.evidence = explain->flows;
	explain->report.unruled = !explain->policy_path;
	if (offline_init(&explain->host, explain->policy, explain->phase, explain->max_flows,
			 &explain->report)) {
		fprintf(stderr, "censorctl explain: not enough memory for %u flows; see --max-flows\n",
			explain->max_flows);
		goto close;
	}
	/* A policy's verdicts must not depend on what else is looked for. */
	if (!explain->policy_path)
		explain->host.ctx.report = CENSOR_REPORT_ALL;
	if (explain->out_path && captureout_open(&explain->out, explain->out_path,
						 &explain->capture)) {
		complain(explain, explain->out_path, explain->out.reason);
		goto free;
	}
	status = run(explain);
free:
	offline_free(&explain->host);
close:
	capture_close(&explain->capture);
	return status;
}

static struct censor_policy *read_policy(const char *path)
{
	struct censor_policy *policy = NULL;
	struct progress_clock progress;
	struct report report = {};
	struct policy_ast *ast;

	progress_clock_read(&progress, "censorctl explain: reading the policy", path);
	ast = policy_read(path, &report);
	if (ast)
		policy = policy_compile(ast, &report);
	progress_clock_stop(&progress);
	report_print(&report, stderr);
	report_free(&report);
	policy_free(ast);
	return policy;
}

/* A censor without a rule: it looks, and that is all. */
static struct censor_policy *no_policy(void)
{
	struct censor_policy *policy = censor_policy_create(SIZE_MAX);
	struct censor_detect_model model;
	const char *why = "not enough memory";
	int where;

	censor_detect_default(&model);
	model.tls_in_tls = true;
	model.quic_rate = 0;
	if (policy && !censor_policy_set_name(policy, "flows", &why) &&
	    !censor_policy_set_detect(policy, &model, &why) &&
	    !censor_policy_seal(policy, &where, &why))
		return policy;
	fprintf(stderr, "censorctl explain: %s\n", why);
	if (policy)
		censor_policy_destroy(policy);
	return NULL;
}

/* Return: 0, or -1 when that has been said. */
static int find_phase(const struct command *command, struct explain *explain)
{
	const struct censor_policy *policy = explain->policy;
	struct phases phases = { .n = policy->n_phases };
	int index;

	if (!explain->phase_name)
		return 0;
	memcpy(phases.policy, policy->name, sizeof(phases.policy));
	memcpy(phases.phases, policy->phases, sizeof(phases.phases));
	index = phases_find(command, &phases, explain->phase_name);
	if (index < 0)
		return -1;
	explain->phase = (u8)index;
	return 0;
}

static int parse_max_flows(const char *text, u32 *max_flows)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || *text < '0' || *text > '9' || *end || n < 1 || n > FLOWTABLE_MAX)
		return -1;
	*max_flows = (u32)n;
	return 0;
}

static int explain_run(struct command *command)
{
	static const struct option longs[] = {
		{ "write", required_argument, NULL, 'w' },
		{ "max-flows", required_argument, NULL, 'm' },
		{ "flows", no_argument, NULL, 'f' },
		{ "phase", required_argument, NULL, 'p' },
		{}
	};
	struct explain *explain;
	int option, status;

	/* Too large for the stack: the engine's scratch space is in it. */
	explain = calloc(1, sizeof(*explain));
	if (!explain) {
		fputs("censorctl explain: not enough memory\n", stderr);
		return EXIT_REFUSED;
	}
	explain->max_flows = FLOWS_DEFAULT;
	status = EXIT_USAGE;
	while ((option = command_option(command, "w:", longs)) != -1) {
		switch (option) {
		case 'w':
			explain->out_path = optarg;
			break;
		case 'f':
			explain->flows = true;
			break;
		case 'p':
			explain->phase_name = optarg;
			break;
		case 'm':
			if (!parse_max_flows(optarg, &explain->max_flows))
				break;
			command_wrong(command, "--max-flows wants a number from 1 to %u, not \"%s\"",
				      FLOWTABLE_MAX, optarg);
			goto free;
		default:
			goto free;
		}
	}
	if (command->argc - optind > 2 || command->argc - optind < 2 - explain->flows) {
		command_wrong(command, command->argc - optind > 2 ?
			      "one policy and one capture are wanted, no more" : explain->flows ?
			      "a capture is wanted, or a policy and a capture" :
			      "a policy and a capture are wanted; --flows needs the capture alone");
		goto free;
	}
	if (command->argc - optind == 2)
		explain->policy_path = command->argv[optind++];
	explain->capture_path = command->argv[optind];
	if (explain->policy_path && !strcmp(explain->policy_path, "-") &&
	    !strcmp(explain->capture_path, "-")) {
		command_wrong(command, "only one of them can come from the standard input");
		goto free;
	}
	if (explain->out_path && !strcmp(explain->out_path, "-")) {
		command_wrong(command, "-w wants a file: the standard output has the explanation");
		goto free;
	}
	explain->json = command->json;
	explain->colour = !explain->json && colour_wanted(stdout);
	setvbuf(stdout, NULL, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, OUT_BUFFER);
	status = EXIT_REFUSED;
	explain->policy = explain->policy_path ? read_policy(explain->policy_path) : no_policy();
	if (explain->policy) {
		if (!find_phase(command, explain))
			status = with_capture(explain);
		censor_policy_destroy(explain->policy);
	}
free:
	free(explain);
	return status;
}

const struct verb verb_explain = {
	.name = "explain",
	.usage = "[-j] [--flows] [--phase NAME] [-w OUT.pcap] [--max-flows N]\n"
		 "                         [POLICY] CAPTURE",
	.does = "Show what a policy would do to a capture (pcap, pcapng)",
	.help =
		"  -w, --write OUT.pcap  write the capture as it would look behind the censor:\n"
		"                        without what is dropped, with what is injected, late what is\n"
		"                        delayed\n"
		"      --phase NAME      the phase that the policy is in (default: its first)\n"
		"      --flows           show the bytes that tell each flow's protocol; without POLICY\n"
		"                        every protocol is looked for and nothing is judged, with one\n"
		"                        those that it asks for\n"
		"      --max-flows N     remember N flows at a time, 1 to 16777216 (default 262144);\n"
		"                        the one that was silent longest makes room for a new one\n"
		"\n"
		"First a line for each match as it happens, then, after the whole capture, a line for\n"
		"each flow. A capture that is cut is explained as far as it goes; the exit status is 1.\n"
		"CAPTURE may be - for the standard input:\n"
		"  tcpdump -i eth0 -w - | censorctl explain my.policy -\n",
	.run = explain_run,
};
