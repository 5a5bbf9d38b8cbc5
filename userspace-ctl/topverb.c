// SPDX-License-Identifier: GPL-2.0
/* top: a censor at work, in the terminal. */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "report.h"
#include "source.h"
#include "topdraw.h"

#define TURN_MS	250	/* between two pictures */

/**
 * struct top_run - one run
 * @picture: standard output is a terminal
 * @keys: standard input is one, too
 * @before: how it was
 */
struct top_run {
	struct source_options options;
	struct source source;
	bool picture, keys, colour;
	struct termios before;
	struct top_told told;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* Nothing to do: it interrupts the waiting, and the next picture has the new size. */
static void resized(int signal)
{
	(void)signal;
}

static void enter(struct top_run *run)
{
	struct termios raw;

	if (!run->picture)
		return;
	run->keys = isatty(STDIN_FILENO) && !tcgetattr(STDIN_FILENO, &run->before);
	if (run->keys) {
		raw = run->before;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		raw.c_cc[VMIN] = 0;
		raw.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	/* Another screen, no cursor. */
	fputs("\033[?1049h\033[?25l\033[2J", stdout);
	fflush(stdout);
}

static void leave(const struct top_run *run)
{
	if (!run->picture)
		return;
	fputs("\033[?25h\033[?1049l", stdout);
	fflush(stdout);
	if (run->keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &run->before);
}

static void draw(const struct top_run *run)
{
	struct top_size size = { 80, 24 };
	struct winsize window;
	time_t now = time(NULL);
	size_t len = 0;
	char clock[16], *text = NULL;
	struct tm tm;
	FILE *out;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) && window.ws_col && window.ws_row)
		size = (struct top_size){ window.ws_col, window.ws_row };
	strftime(clock, sizeof(clock), "%H:%M:%S", localtime_r(&now, &tm));
	/* In one piece, so that nobody sees half of it. */
	out = open_memstream(&text, &len);
	if (!out)
		return;
	top_draw(out, run->source.screen, size, run->colour, clock);
	fclose(out);
	fwrite(text, 1, len, stdout);
	fflush(stdout);
	free(text);
}

static bool wants_to_quit(void)
{
	char key;

	while (read(STDIN_FILENO, &key, 1) == 1)
		if (key == 'q' || key == 'Q')
			return true;
	return false;
}

static int show(struct top_run *run, const struct command *command)
{
	sigset_t blocked, before;
	struct pollfd fds[2] = {
		{ .fd = source_fd(&run->source), .events = POLLIN },
		{ .fd = run->keys ? STDIN_FILENO : -1, .events = POLLIN },
	};
	double shown = -1;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGWINCH);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	sigdelset(&before, SIGINT);
	sigdelset(&before, SIGTERM);
	sigdelset(&before, SIGWINCH);
	while (!stopped && !ferror(stdout)) {
		int wait = source_wait(&run->source);
		struct timespec until = {
			.tv_nsec = (wait < 0 || wait > TURN_MS ? TURN_MS : wait) * 1000000l,
		};
		bool interrupted = ppoll(fds, ARRAY_SIZE(fds), &until, &before) < 0;
		double now;

		if (source_run(&run->source, command))
			return EXIT_REFUSED;
		if (run->keys && wants_to_quit())
			break;
		now = source_now(&run->source) / run->source.speed;
		if (run->options.limited && now >= run->options.seconds)
			break;
		if (!interrupted && now - shown < TURN_MS / 1000.0)
			continue;
		shown = now;
		if (run->picture)
			draw(run);
		else
			top_tell(stdout, run->source.screen, &run->told);
	}
	if (!run->picture)
		top_tell(stdout, run->source.screen, &run->told);
	return EXIT_DONE;
}

static int top_run(struct command *command)
{
	static const struct option longs[] = { SOURCE_LONGS, {} };
	struct sigaction stopping = { .sa_handler = stop }, resizing = { .sa_handler = resized };
	struct top_run run = {};
	struct screen *screen;
	int option, status = EXIT_REFUSED;

	while ((option = command_option(command, "", longs)) != -1)
		if (option == '?' || source_option(&run.options, command, option) < 0)
			return EXIT_USAGE;
	if (optind != command->argc)
		return command_wrong(command, "it takes no argument");
	if (run.options.speed && !run.options.replay)
		return command_wrong(command, "--speed is of a --replay");
	if (command->json)
		return command_wrong(command, "it is for people; monitor and counters have JSON");
	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
	sigaction(SIGWINCH, &resizing, NULL);
	run.picture = isatty(STDOUT_FILENO);
	run.colour = colour_wanted(stdout);
	screen = screen_create();
	if (!source_open(&run.source, screen, &run.options, command)) {
		enter(&run);
		status = show(&run, command);
		leave(&run);
	}
	source_close(&run.source);
	screen_free(screen);
	return status;
}

const struct verb verb_top = {
	.name = "top",
	.usage = "[-n NETNS] [--for N] [--record FILE] [--replay FILE [--speed N]]",
	.does = "Show services, events and throughput in the terminal, as they go",
	.help =
"  -n, --netns      of this network namespace\n"
"      --for N      end after N seconds\n"
"      --record FILE  write all that happens, one JSON object a line\n"
"      --replay FILE  show such a recording instead of the kernel, [--speed N] times faster\n"
"q, INT and TERM end it. Where the standard output is no terminal, it writes lines.\n"
"\n"
"  censorctl -n censor top\n"
"  censorctl top --replay lesson.jsonl\n",
	.kernel = true,
	.run = top_run,
};
