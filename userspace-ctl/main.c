// SPDX-License-Identifier: GPL-2.0
/* censorctl: loads the policy of a censor, shows what it does, and tries one offline. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "event.h"
#include "value.h"
#include "version.h"

static const struct verb *const verbs[] = {
	&verb_check, &verb_load, &verb_list, &verb_flush, &verb_phase, &verb_play, &verb_counters,
	&verb_flows, &verb_residuals, &verb_monitor, &verb_stats, &verb_explain, &verb_run,
	&verb_top, &verb_board,
};

static const char *next_verb(const void *from, u32 i)
{
	(void)from;
	return i < ARRAY_SIZE(verbs) ? verbs[i]->name : NULL;
}

static void print_usage(FILE *out)
{
	u32 i;

	fputs("usage: censorctl [-n NETNS] [-j] VERB ...\n\n", out);
	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		fprintf(out, "  %-9s  %s\n", verbs[i]->name, verbs[i]->does);
	fputs("\n"
	      "  -n, --netns NETNS  in this network namespace: a name in /run/netns, or a path\n"
	      "  -j, --json         JSON\n"
	      "  -h, --help         this; after a verb, what it takes, with examples\n"
	      "      --version\n\n"
	      "Exit status: 0 done, 1 refused, 2 wrong usage; of run the command's own.\n", out);
}

static void print_help(const struct verb *verb)
{
	printf("usage: censorctl %s %s\n\n%s.\n\n%s", verb->name, verb->usage, verb->does,
	       verb->help);
}

int command_wrong(const struct command *command, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "censorctl %s: ", command->verb->name);
	va_start(args, format);
	text_vprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nusage: censorctl %s %s\n", command->verb->name, command->verb->usage);
	return EXIT_USAGE;
}

int command_failed(const struct command *command, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	if (command->json) {
		fputs("{\"ok\":false,\"error\":", stdout);
		json_print_string(stdout, text ? text : "", text ? strlen(text) : 0);
		puts("}");
	} else {
		text_printf(stderr, "censorctl %s: %s", command->verb->name, text ? text : "");
		fputc('\n', stderr);
	}
	free(text);
	return EXIT_REFUSED;
}

/* That a long option takes no value, as in --json=1: then optopt is what it would have returned. */
static const char *without_value(const struct option *longs, const char *word)
{
	size_t len = strcspn(word, "=");

	if (len < 2 || !word[len] || strncmp(word, "--", 2))
		return NULL;
	for (; longs->name; longs++)
		if (!longs->has_arg && longs->val == optopt &&
		    !strncmp(longs->name, word + 2, len - 2))
			return longs->name;
	return NULL;
}

/* What getopt_long() has returned '?' for; @word is the last one that it is done with. */
static void option_wrong(const struct option *longs, const char *word, char *text, size_t size)
{
	const char *name = without_value(longs, word);

	if (name)
		snprintf(text, size, "the option --%s takes no value", name);
	else if (optopt)
		/* A short one may stand among others. */
		snprintf(text, size, "there is no option -%c", optopt);
	else
		snprintf(text, size, "there is no option %s", word);
}

#define LONGS_MAX	16
#define WRONG_SIZE	256

int command_option(struct command *command, const char *shorts, const struct option *longs)
{
	struct option all[LONGS_MAX + 4] = {
		{ "netns", required_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
	};
	u32 n = 3;
	char every[64], text[WRONG_SIZE];

	for (; longs && longs->name && n < LONGS_MAX + 3; longs++)
		all[n++] = *longs;
	snprintf(every, sizeof(every), ":n:jh%s", shorts);
	for (;;) {
		int option = getopt_long(command->argc, command->argv, every, all, NULL);

		switch (option) {
		case 'n':
			if (!command->verb->kernel) {
				command_wrong(command, "it works in no network namespace of yours, so -n means nothing");
				return '?';
			}
			command->netns = optarg;
			continue;
		case 'j':
			command->json = true;
			continue;
		case 'h':
			print_help(command->verb);
			exit(EXIT_DONE);
		case ':':
			command_wrong(command, "the option %s needs a value",
				      command->argv[optind - 1]);
			return '?';
		case '?':
			option_wrong(all, command->argv[optind - 1], text, sizeof(text));
			command_wrong(command, "%s", text);
			return '?';
		default:
			return option;
		}
	}
}

static const struct verb *find_verb(const char *name)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
	return NULL;
}

/* What is wrong has just been said. */
static int say_help(void)
{
	fputs("censorctl --help lists the verbs\n", stderr);
	return EXIT_USAGE;
}

static int unknown_verb(const char *name)
{
	const char *near = nearest(name, strlen(name), next_verb, NULL);

	text_printf(stderr, "censorctl: there is no verb \"%s\"%s%s%s", name,
		    near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	fputc('\n', stderr);
	return say_help();
}

static int help(const char *name)
{
	const struct verb *verb = name ? find_verb(name) : NULL;

	if (name && !verb)
		return unknown_verb(name);
	if (verb)
		print_help(verb);
	else
		print_usage(stdout);
	return EXIT_DONE;
}

static int wrong_option(const struct option *longs, int option, const char *word)
{
	char text[WRONG_SIZE];

	if (option == ':')
		snprintf(text, sizeof(text), "the option %s needs a value", word);
	else
		option_wrong(longs, word, text, sizeof(text));
	text_printf(stderr, "censorctl: %s", text);
	fputc('\n', stderr);
	return say_help();
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "netns", required_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{}
	};
	struct command command = {};
	int option, status;

	while ((option = getopt_long(argc, argv, "+:n:jhV", options, NULL)) != -1) {
		switch (option) {
		case 'n':
			command.netns = optarg;
			break;
		case 'j':
			command.json = true;
			break;
		case 'V':
			puts("censorctl " CENSOR_VERSION);
			return EXIT_DONE;
		case 'h':
			return help(NULL);
		default:
			return wrong_option(options, option, argv[optind - 1]);
		}
	}
	if (optind == argc) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[optind], "help"))
		return help(argv[optind + 1]);
	command.verb = find_verb(argv[optind]);
	if (!command.verb)
		return unknown_verb(argv[optind]);
	command.argc = argc - optind;
	command.argv = argv + optind;
	if (command.netns && !command.verb->kernel)
		return command_wrong(&command, "it works in no network namespace of yours, so -n means nothing");
	optind = 0;
	status = command.verb->run(&command);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "censorctl: can't write: %s\n", strerror(errno));
		return EXIT_REFUSED;
	}
	return status;
}
