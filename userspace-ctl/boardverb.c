// SPDX-License-Identifier: GPL-2.0
/* board: a page on this machine that shows a censor at work. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "boardfiles.h"
#include "boardjson.h"
#include "boardserver.h"
#include "command.h"
#include "event.h"
#include "outfile.h"
#include "value.h"

#define TURN_MS	100	/* between two times that pages are told what is new */

/** struct board - one run; @saved: of @save_path, if there is one */
struct board {
	struct source_options options;
	const char *save_path;
	struct outfile saved;
	u16 port;
	struct boardserver *server;
	struct source source;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static int save(struct board *board, const struct command *command)
{
	json_t *state = board_all(board->source.screen, source_now(&board->source), command->netns,
				  board->source.replay);
	FILE *out;

	if (!state)
		return command_failed(command, "%s: not saved, what the page shows can't be told as JSON",
				      board->save_path);
	out = outfile_write(&board->saved);
	if (out)
		board_save(out, state);
	json_decref(state);
	if (!out || outfile_end(&board->saved))
		return command_failed(command, "%s: %s", board->save_path, strerror(errno));
	if (!command->json) {
		text_printf(stderr, "censorctl board: saved in %s", board->save_path);
		fputc('\n', stderr);
	}
	return EXIT_DONE;
}

static void say_where(const struct board *board, const struct command *command)
{
	u16 port = boardserver_port(board->server);
	const char *token = boardserver_token(board->server);

	if (command->json)
		printf("{\"url\":\"http://127.0.0.1:%u/?token=%s\",\"port\":%u,\"token\":\"%s\"}\n",
		       port, token, port, token);
	else
		printf("http://127.0.0.1:%u/?token=%s\n", port, token);
	fflush(stdout);
	if (!command->json && isatty(STDOUT_FILENO))
		fputs("censorctl board: open it in a browser of this machine; Ctrl-C ends it\n",
		      stderr);
}

static const int ending[] = { SIGINT, SIGTERM, SIGHUP };

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = stop }, before;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ending); i++) {
		/* nohup wants this one ignored; with & a shell ignores INT, and nobody wants it. */
		if (ending[i] == SIGHUP && !sigaction(SIGHUP, NULL, &before) &&
		    before.sa_handler == SIG_IGN)
			continue;
		sigaction(ending[i], &action, NULL);
	}
}

/* Until a signal, or its time is over. */
static int serve(struct board *board, const struct command *command)
{
	sigset_t blocked, before;
	u32 i;
	struct pollfd fds[2] = {
		{ .fd = boardserver_fd(board->server), .events = POLLIN },
		{ .fd = source_fd(&board->source), .events = POLLIN },
	};
	double told = 0;

	/* Signals come through where it waits only, so none is missed. */
	sigemptyset(&blocked);
	for (i = 0; i < ARRAY_SIZE(ending); i++)
		sigaddset(&blocked, ending[i]);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	for (i = 0; i < ARRAY_SIZE(ending); i++)
		sigdelset(&before, ending[i]);
	while (!stopped) {
		int wait = source_wait(&board->source);
		struct timespec until = {
			.tv_nsec = (wait < 0 || wait > TURN_MS ? TURN_MS : wait) * 1000000l,
		};
		double now;

		ppoll(fds, ARRAY_SIZE(fds), &until, &before);
		if (source_run(&board->source, command))
			return EXIT_REFUSED;
		boardserver_run(board->server);
		now = source_now(&board->source) / board->source.speed;
		if (now - told < TURN_MS / 1000.0)
			continue;
		told = now;
		boardserver_tell(board->server);
		if (board->options.limited && now >= board->options.seconds)
			break;
	}
	return EXIT_DONE;
}

/* Whether the saved page would take a recording's place; that has been said then. */
static bool would_overwrite(const struct board *board, const struct command *command)
{
	const char *what = source_same_file(board->save_path, board->options.replay) ? "replayed" :
			   source_same_file(board->save_path, board->options.record) ? "written" :
			   NULL;

	if (what)
		command_failed(command, "%s: it is the recording that is %s", board->save_path,
			       what);
	return what;
}

/* Return: 0, or -1 when that failed and has been said. */
static int begin(struct board *board, struct screen *screen, const struct command *command)
{
	if (source_open(&board->source, screen, &board->options, command))
		return -1;
	/* Again: a recording that is new is there only now. */
	return would_overwrite(board, command) ? -1 : 0;
}

static int show(struct board *board, struct command *command)
{
	const char *wrong = NULL;
	struct screen *screen;
	int status;

	if (would_overwrite(board, command))
		return EXIT_REFUSED;
	if (board->save_path && outfile_begin(&board->saved, board->save_path))
		return command_failed(command, "%s: %s", board->save_path, strerror(errno));
	/* Before the namespace is entered: the page is for this one. */
	board->server = boardserver_start(board->port, &wrong);
	if (!board->server)
		return command_failed(command, "can't listen on 127.0.0.1:%u: %s", board->port,
				      wrong);
	screen = screen_create();
	status = EXIT_REFUSED;
	if (!begin(board, screen, command)) {
		boardserver_show(board->server, &board->source, command->netns);
		say_where(board, command);
		status = serve(board, command);
		if (status == EXIT_DONE && board->save_path)
			status = save(board, command);
	}
	boardserver_stop(board->server);
	source_close(&board->source);
	screen_free(screen);
	return status;
}

static int board_run(struct command *command)
{
	static const struct option longs[] = {
		SOURCE_LONGS,
		{ "port", required_argument, NULL, 'p' },
		{ "save", required_argument, NULL, 's' },
		{}
	};
	struct board board = {};
	int option, status;
	char *end;
	long port;

	while ((option = command_option(command, "p:s:", longs)) != -1) {
		switch (option) {
		case '?':
			return EXIT_USAGE;
		case 'p':
			port = strtol(optarg, &end, 10);
			if (*end || end == optarg || port < 0 || port > 65535)
				return command_wrong(command,
						     "--port wants a number up to 65535, 0 to have one chosen, not \"%s\"",
						     optarg);
			board.port = (u16)port;
			break;
		case 's':
			board.save_path = optarg;
			break;
		default:
			if (source_option(&board.options, command, option) < 0)
				return EXIT_USAGE;
		}
	}
	if (optind != command->argc)
		return command_wrong(command, "it takes no argument");
	if (board.options.speed && !board.options.replay)
		return command_wrong(command, "--speed is of a --replay");
	catch_signals();
	status = show(&board, command);
	outfile_close(&board.saved);
	return status;
}

const struct verb verb_board = {
	.name = "board",
	.usage = "[-n NETNS] [-j] [--port N] [--save FILE] [--for N] [--record FILE]\n"
		 "                       [--replay FILE [--speed N]]",
	.does = "Show the same in a browser, with a slider for the phase",
	.help =
"  -p, --port N     listen there; default 0: one is chosen\n"
"  -s, --save FILE  at the end write the page with all that it shows, as one HTML file\n"
"      --for N      end after N seconds\n"
"      --record FILE  write all that happens, one JSON object a line\n"
"      --replay FILE  show such a recording instead of the kernel, [--speed N] times faster\n"
"  -n, --netns      of this network namespace\n"
"  -j, --json       the address as JSON\n"
"It prints the page's address, with a token that only its caller knows. The page is served on\n"
"127.0.0.1 and needs nothing from elsewhere. Its slider switches the phase. INT, TERM and HUP\n"
"end it.\n"
"\n"
"  censorctl -n censor board\n"
"  censorctl board -n censor --save lesson.html\n",
	.kernel = true,
	.run = board_run,
};
