// SPDX-License-Identifier: GPL-2.0
/* play: the phases of the policy in force by their calendar, faster than life. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "calendar.h"
#include "command.h"
#include "dates.h"
#include "event.h"
#include "json.h"
#include "phases.h"
#include "rates.h"

#define SECOND_NS	1000000000ull
#define TICK_NS		(SECOND_NS / 5)	/* how often the kernel's calendar and the terminal follow */
#define BAR_WIDTH	20

/**
 * struct play - one playing
 * @from: where the calendar begins, @to: where it ends
 * @speed: seconds of the calendar in a second
 * @began: of the monotonic clock, nanoseconds
 * @waiting: signals as they are while it waits; else those that end it are blocked
 * @replaced: another policy took force
 * @progress: the terminal shows how far it is
 */
struct play {
	struct command *command;
	struct netlink *netlink;
	struct phases phases;
	s64 from, to;
	u32 speed;
	u64 began;
	sigset_t waiting;
	bool replaced;
	bool progress;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	stopped = signal;
}

static u64 clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * SECOND_NS + (u64)now.tv_nsec;
}

/* The date that it is, at the end at most. */
static s64 date_now(const struct play *play)
{
	return min(calendar_date(play->from, play->speed, clock_ns() - play->began), play->to);
}

static const char *phase_name(const struct play *play)
{
	return play->phases.now < 0 ? NULL : play->phases.phases[play->phases.now].name;
}

static void clear_line(const struct play *play)
{
	if (!play->progress)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
}

/* How far it is between one phase and the next. */
static void show_progress(const struct play *play)
{
	s64 now = date_now(play), next;
	const struct censor_phase *phases = play->phases.phases;
	int at = calendar_phase(phases, play->phases.n, now);
	int then = calendar_next(phases, play->phases.n, now);
	char bar[BAR_WIDTH + 1], date[DATE_SIZE];
	u32 done;

	if (!play->progress)
		return;
	done = play->to == play->from ? BAR_WIDTH :
	       (u32)((double)(now - play->from) / (double)(play->to - play->from) * BAR_WIDTH);
	memset(bar, '-', BAR_WIDTH);
	memset(bar, '#', min(done, (u32)BAR_WIDTH));
	bar[BAR_WIDTH] = '\0';
	/* The hours of a day that is a second long say nothing. */
	date_print(now, date);
	date[10] = '\0';
	fprintf(stderr, "\r\033[K[%s] %s  ", bar, date);
	text_printf(stderr, "%s", at < 0 ? "" : phases[at].name);
	next = then >= 0 && phases[then].from <= play->to ? phases[then].from : play->to;
	text_printf(stderr, ", %" PRId64 " days to %s", (next - now + DATE_DAY - 1) / DATE_DAY,
		    next == play->to && then < 0 ? "the end" : phases[then].name);
	fflush(stderr);
}

static void tell(const struct play *play, s64 date, int index)
{
	const struct censor_phase *phase = &play->phases.phases[index];
	char day[DATE_SIZE], now[40];
	struct timespec real;

	clear_line(play);
	if (!play->command->json) {
		text_printf(stdout, "%-16s  %s", date_print(date, day), phase->name);
		if (*phase->title) {
			fputs(": ", stdout);
			text_print(stdout, phase->title, strlen(phase->title));
		}
		putchar('\n');
	} else {
		clock_gettime(CLOCK_REALTIME, &real);
		time_print((u64)real.tv_sec * SECOND_NS + (u64)real.tv_nsec, now);
		json_print(stdout, json_pack("{s:s, s:s, s:o, s:o}", "time", now,
			   "date", date_print(date, day), "phase", json_text(phase->name),
			   "title", *phase->title ? json_text(phase->title) : json_null()), false);
	}
	fflush(stdout);
}

/* In which phase it stays, whatever the reason. */
static void tell_end(const struct play *play, const char *reason)
{
	const char *name = phase_name(play);
	char date[DATE_SIZE];

	clear_line(play);
	fprintf(stderr, "censorctl play: %s on %s; ", reason, date_print(date_now(play), date));
	if (name)
		text_printf(stderr, "phase %s stays in force", name);
	else
		fputs("no phase was begun", stderr);
	fputc('\n', stderr);
}

/* What the kernel refused: perhaps since another policy is in force. */
static int refused(struct play *play, int err)
{
	clear_line(play);
	/* ENOENT: none is in force; what it would switch to it knows from the same policy. */
	if (err == -ESTALE || err == -ENOENT)
		play->replaced = true;
	else
		command_failed(play->command, "%s", play->netlink->error);
	return -1;
}

/* To a phase, or to none where @index is -1: then only the calendar is set. */
static int switch_to(struct play *play, int index, s64 date)
{
	int err = phases_set(play->netlink, &play->phases, index, &date);

	if (err)
		return refused(play, err);
	if (index >= 0)
		tell(play, date, index);
	return 0;
}

/* At the end: whether the policy that was played is still in force, and in which phase. */
static int look(struct play *play)
{
	struct phases now;
	int err = phases_get(play->netlink, &now);

	if (!err && now.generation != play->phases.generation)
		err = -ESTALE;
	if (err)
		return refused(play, err);
	play->phases.now = now.now;
	return 0;
}

/*
 * Until so many nanoseconds of playing, a signal, or another policy: the kernel tells of that when
 * it is to set the calendar of this one.
 */
static int wait_until(struct play *play, u64 due)
{
	u64 next_tick = 0, elapsed, left;
	struct timespec wait;
	s64 date;
	int err;

	for (;;) {
		elapsed = clock_ns() - play->began;
		if (elapsed >= due || stopped)
			return 0;
		if (elapsed >= next_tick) {
			date = date_now(play);
			err = phases_set(play->netlink, &play->phases, -1, &date);
			if (err)
				return refused(play, err);
			show_progress(play);
			next_tick = elapsed + TICK_NS;
		}
		left = min(due, next_tick) - elapsed;
		wait = (struct timespec){
			.tv_sec = (time_t)(left / SECOND_NS), .tv_nsec = (long)(left % SECOND_NS),
		};
		pselect(0, NULL, NULL, NULL, &wait, &play->waiting);
	}
}

/* Every change up to the end. */
static int follow(struct play *play)
{
	const struct censor_phase *phases = play->phases.phases;
	u32 n = play->phases.n;
	s64 at = play->from;
	int next;

	if (switch_to(play, calendar_phase(phases, n, at), at))
		return -1;
	for (;;) {
		next = calendar_next(phases, n, at);
		if (next >= 0 && phases[next].from > play->to)
			next = -1;
		at = next < 0 ? play->to : phases[next].from;
		if (wait_until(play, calendar_ns(play->from, play->speed, at)))
			return -1;
		if (next < 0 || stopped)
			return look(play);
		if (switch_to(play, next, at))
			return -1;
	}
}

static int replaced(struct play *play)
{
	struct phases now;

	clear_line(play);
	if (phases_get(play->netlink, &now))
		return command_failed(play->command, "%s", play->netlink->error);
	if (now.generation)
		return command_failed(play->command, "the policy was replaced: %s (generation %u) is in force now, in a phase of its own",
				      now.policy, now.generation);
	return command_failed(play->command, "the policy was taken out of force");
}

static int run(struct play *play)
{
	sigset_t ends;
	int err;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	/* Signals come through while it waits only, so that the phase that is told is the one. */
	sigprocmask(SIG_BLOCK, &ends, &play->waiting);
	sigdelset(&play->waiting, SIGINT);
	sigdelset(&play->waiting, SIGTERM);
	play->progress = isatty(STDERR_FILENO);
	play->began = clock_ns();
	err = follow(play);
	if (play->replaced)
		return replaced(play);
	if (err)
		return EXIT_REFUSED;
	if (stopped) {
		tell_end(play, "interrupted");
		return 128 + stopped;
	}
	tell_end(play, "the calendar ends");
	return EXIT_DONE;
}

/* What is to be played, of the policy in force. @from and @to: as written, or NULL */
static int prepare(struct play *play, const s64 *from, const s64 *to)
{
	const struct command *command = play->command;
	char date[DATE_SIZE], other[DATE_SIZE];

	if (phases_get(play->netlink, &play->phases))
		return command_failed(command, "%s", play->netlink->error);
	if (!play->phases.generation)
		return command_failed(command, "no policy is in force; load one that has phases with dates");
	if (!calendar_span(play->phases.phases, play->phases.n, &play->from, &play->to))
		return command_failed(command, play->phases.n ?
				      "no phase of the policy %s has a date, as in: phase july from 2017-07-18" :
				      "the policy %s has no phases, as in: phase july from 2017-07-18",
				      play->phases.policy);
	if (from)
		play->from = *from;
	if (to)
		play->to = *to;
	if (play->from <= play->to)
		return 0;
	date_print(play->from, date);
	date_print(play->to, other);
	if (to)
		return command_wrong(command, "--to %s is before the first phase, which begins on %s",
				     other, date);
	return command_wrong(command, "--from %s is after the calendar's end on %s; --to can say a later one",
			     date, other);
}

static bool read_date(const struct command *command, const char *option, const char *text,
		      s64 *date)
{
	char why[DATE_WHY_SIZE];

	if (date_read(text, strlen(text), date, why))
		return true;
	command_wrong(command, *why ? "%s %s: %s" : "%s is a date such as 2017-07-18, not \"%s\"%s",
		      option, text, why);
	return false;
}

static int backwards(const struct command *command, s64 from, s64 to)
{
	char date[DATE_SIZE], other[DATE_SIZE];

	return command_wrong(command, "--from %s is after --to %s", date_print(from, date),
			     date_print(to, other));
}

static int play_run(struct command *command)
{
	static const struct option longs[] = {
		{ "speed", required_argument, NULL, 's' },
		{ "from", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' },
		{}
	};
	struct sigaction action = { .sa_handler = stop };
	struct play play = { .command = command, .speed = DATE_DAY };
	bool has_from = false, has_to = false;
	int option, status;
	s64 from, to;

	while ((option = command_option(command, "", longs)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		if (option == 's') {
			play.speed = speed_read(optarg);
			if (!play.speed)
				return command_wrong(command, "--speed is how many times faster than life, from 1 to %u, or as in 1d for a day in a second (s, m, h, d); not \"%s\"",
						     CALENDAR_SPEED_MAX, optarg);
		} else if (option == 'f') {
			if (!read_date(command, "--from", optarg, &from))
				return EXIT_USAGE;
			has_from = true;
		} else {
			if (!read_date(command, "--to", optarg, &to))
				return EXIT_USAGE;
			has_to = true;
		}
	}
	if (optind != command->argc)
		return command_wrong(command, "it takes no argument");
	if (has_from && has_to && from > to)
		return backwards(command, from, to);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	play.netlink = netlink_open(command);
	if (!play.netlink)
		return EXIT_REFUSED;
	status = prepare(&play, has_from ? &from : NULL, has_to ? &to : NULL);
	if (!status)
		status = run(&play);
	netlink_close(play.netlink);
	return status;
}

const struct verb verb_play = {
	.name = "play",
	.usage = "[-n NETNS] [-j] [--speed N] [--from DATE] [--to DATE]",
	.does = "Switch from phase to phase by their dates",
	.help =
"      --speed N   N times faster than life; 1d is a day in a second, 6h six hours (the default\n"
"                  is 1d)\n"
"      --from DATE begin there, in the phase of that day; else with the first phase\n"
"      --to DATE   end there; else when the last phase ends or, where it doesn't, has begun\n"
"  -n, --netns     in this network namespace\n"
"  -j, --json      one JSON object a line for each change\n"
"Each change is told when it is made. The phase that is in force at the end stays, also where INT or\n"
"TERM ends it, and is told. If somebody else loads or flushes a policy meanwhile, it ends with 1.\n"
"\n"
"  censorctl -n censor play\n"
"  censorctl -n censor play --speed 7d --from 2017-07-01 --to 2017-11-01\n",
	.kernel = true,
	.run = play_run,
};
