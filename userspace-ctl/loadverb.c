// SPDX-License-Identifier: GPL-2.0
/* load, list and flush: the policy in force. */
#include <linux/nf_censor.h>

#include <stdio.h>

#include "command.h"
#include "event.h"
#include "json.h"
#include "listmodels.h"
#include "listprotocols.h"
#include "netlink.h"
#include "phases.h"
#include "print.h"
#include "progress.h"
#include "receive.h"
#include "send.h"

/* Either form of success or of refusal, with the places. */
static int load_tell(const struct command *command, const struct policy_ast *ast,
		     struct report *report, bool good, u32 phase, bool dry_run, u32 generation)
{
	if (command->json) {
		json_t *object = json_pack("{s:b}", "ok", good);

		if (good)
			json_object_update_new(object, json_pack("{s:o, s:I, s:b}", "policy",
								 json_text(ast->name), "generation",
								 (json_int_t)generation,
								 "dry_run", dry_run));
		if (good && ast->n_phases)
			json_object_set_new(object, "phase", json_text(ast->phases[phase].name));
		json_object_set_new(object, "messages", report_json(report));
		json_print(stdout, object, false);
	} else {
		report_print(report, stderr);
		if (good && dry_run)
			text_printf(stdout, "policy %s is good; it was not put in force",
				    ast->name);
		else if (good && ast->n_phases)
			text_printf(stdout, "policy %s in force (generation %u), phase %s",
				    ast->name, generation, ast->phases[phase].name);
		else if (good)
			text_printf(stdout, "policy %s in force (generation %u)", ast->name,
				    generation);
		fputs(good ? "\n" : "", stdout);
	}
	return good ? EXIT_DONE : EXIT_REFUSED;
}

static int load_policy(struct command *command, const char *path, const char *phase_name,
		       bool dry_run)
{
	struct netlink *netlink = NULL;
	struct progress_clock progress;
	struct report report = {};
	struct policy_ast *ast;
	u32 generation = 0;
	int status, phase, err;

	progress_clock_read(&progress, "censorctl load: reading the policy", path);
	ast = policy_read(path, &report);
	progress_clock_stop(&progress);
	if (!ast) {
		status = load_tell(command, ast, &report, false, 0, dry_run, 0);
		goto free;
	}
	phase = phases_first(command, ast, phase_name);
	if (phase < 0) {
		status = EXIT_REFUSED;
		goto free;
	}
	netlink = netlink_open(command);
	if (!netlink) {
		status = EXIT_REFUSED;
		goto free;
	}
	progress_clock_start(&progress, "censorctl load: putting it in force");
	err = policy_send(netlink, ast, phase, dry_run, &report, &generation);
	progress_clock_stop(&progress);
	status = load_tell(command, ast, &report, !err, phase, dry_run, generation);
free:
	netlink_close(netlink);
	policy_free(ast);
	report_free(&report);
	return status;
}

static int load_run(struct command *command)
{
	static const struct option longs[] = {
		{ "dry-run", no_argument, NULL, 'd' },
		{ "phase", required_argument, NULL, 'p' },
		{}
	};
	const char *phase = NULL;
	bool dry_run = false;
	int option;

	while ((option = command_option(command, "", longs)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		if (option == 'p')
			phase = optarg;
		else
			dry_run = true;
	}
	if (optind + 1 != command->argc)
		return command_wrong(command, optind == command->argc ? "which policy?" :
				     "one policy at a time");
	return load_policy(command, command->argv[optind], phase, dry_run);
}

static int list_run(struct command *command)
{
	static const struct option longs[] = {
		{ "hits", no_argument, NULL, 'H' },
		{}
	};
	struct netlink *netlink;
	struct policy_ast *ast;
	bool hits = false;
	int option, err;
	u32 generation;

	while ((option = command_option(command, "", longs)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		hits = true;
	}
	if (optind + 1 == command->argc && !strcmp(command->argv[optind], "models"))
		return list_models(command);
	if (optind + 2 == command->argc && !strcmp(command->argv[optind], "model"))
		return list_model(command, command->argv[optind + 1]);
	if (optind + 1 == command->argc && !strcmp(command->argv[optind], "protocols"))
		return list_protocols(command);
	if (optind + 2 == command->argc && !strcmp(command->argv[optind], "protocol"))
		return list_protocol(command, command->argv[optind + 1]);
	if (optind != command->argc)
		return command_wrong(command, "it takes no argument, or models, model NAME, protocols or protocol NAME");
	netlink = netlink_open(command);
	if (!netlink)
		return EXIT_REFUSED;
	err = policy_receive(netlink, &ast, &generation);
	if (err)
		command_failed(command, "%s", netlink->error);
	else if (ast && command->json)
		json_print(stdout, json_of_policy(ast, hits), true);
	else if (ast)
		policy_print(stdout, ast, hits);
	else
		fputs("censorctl list: no policy is in force\n", stderr);
	policy_free(ast);
	netlink_close(netlink);
	return err ? EXIT_REFUSED : EXIT_DONE;
}

static void read_generation(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *table[NF_CENSOR_A_POLICY_MAX + 1];
	u32 *generation = data;

	netlink_attrs(message, table, NF_CENSOR_A_POLICY_MAX);
	*generation = netlink_u32(table[NF_CENSOR_A_POLICY_GENERATION]);
}

static int flush_run(struct command *command)
{
	struct netlink *netlink;
	u32 generation = 0;
	char buffer[64] __attribute__((__aligned__(8)));
	int err;

	if (command_option(command, "", NULL) != -1)
		return EXIT_USAGE;
	if (optind != command->argc)
		return command_wrong(command, "it takes no argument");
	netlink = netlink_open(command);
	if (!netlink)
		return EXIT_REFUSED;
	err = netlink_request(netlink, netlink_message(netlink, buffer, NF_CENSOR_CMD_POLICY_FLUSH,
						       NLM_F_ACK), read_generation, &generation);
	if (err)
		command_failed(command, "%s", netlink->error);
	else if (command->json)
		printf("{\"ok\":true,\"generation\":%u}\n", generation);
	netlink_close(netlink);
	return err ? EXIT_REFUSED : EXIT_DONE;
}

const struct verb verb_load = {
	.name = "load",
	.usage = "[-n NETNS] [-j] [--dry-run] [--phase NAME] POLICY",
	.does = "Put a policy in force, in place of the one that is",
	.help =
"      --dry-run   have the kernel check it only; the old policy stays in force\n"
"      --phase NAME begin in this phase; else in the policy's first one\n"
"  -n, --netns     in this network namespace\n"
"  -j, --json      the answer as one JSON object\n"
"A policy is loaded whole, or the old one stays in force.\n"
"\n"
"  censorctl load mine.policy\n"
"  censorctl -n censor load policies/cn-2017.policy\n",
	.kernel = true,
	.run = load_run,
};

const struct verb verb_list = {
	.name = "list",
	.usage = "[-n NETNS] [-j] [--hits] [models | model NAME | protocols | protocol NAME]",
	.does = "Print the policy in force, as text that loads again",
	.help =
"      --hits      say after each rule how often it matched, and what it counted\n"
"  -n, --netns     in this network namespace\n"
"  -j, --json      as JSON, which load takes too\n"
"With models it prints the models of TCP and IP that a policy can name, with model NAME the text\n"
"of one; with protocols what a rule's proto can ask for, with protocol NAME how that is recognised,\n"
"how surely, and by which source. None of these asks the kernel.\n"
"\n"
"  censorctl list > saved.policy\n"
"  censorctl -n censor list -j | jq .rules\n"
"  censorctl list model china-2017\n"
"  censorctl list protocol whatsapp\n",
	.kernel = true,
	.run = list_run,
};

const struct verb verb_flush = {
	.name = "flush",
	.usage = "[-n NETNS] [-j]",
	.does = "Put no policy in force",
	.help =
"  -n, --netns     in this network namespace\n"
"  -j, --json      the answer as one JSON object\n"
"\n"
"  censorctl -n censor flush\n",
	.kernel = true,
	.run = flush_run,
};
