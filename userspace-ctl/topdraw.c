// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <string.h>

#include "event.h"
#include "topdraw.h"
#include "utf8.h"

#define NAME_WIDTH	16u
#define BAR_DECADES	7.0	/* a bar of full length: 10 Mbit/s; it is logarithmic */
#define TELL_SAMPLES	10

#define BOLD		"\033[1m"
#define DIM		"\033[2m"
#define REVERSE		"\033[7m"
#define PLAIN		"\033[0m"
#define LINE_END	"\033[K\r\n"

/** struct top - a picture being drawn; @left: lines that are left of it */
struct top {
	FILE *out;
	const struct screen *screen;
	struct top_size size;
	bool colour;
	u32 left;
};

/* Colours that differ in brightness, too; the letter and the word say the same. */
static const char *const colours[SCREEN_OUTCOMES] = {
	[SCREEN_PASSED] = "\033[32m",
	[SCREEN_WATCHED] = "\033[36m",
	[SCREEN_MARKED] = "",
	[SCREEN_SLOWED] = "\033[1;33m",
	[SCREEN_DISRUPTED] = "\033[33m",
	[SCREEN_FORGED] = "\033[1;35m",
	[SCREEN_RESET] = "\033[1;31m",
	[SCREEN_DROPPED] = "\033[1;37;41m",
};

static void style(const struct top *top, const char *code)
{
	if (top->colour)
		fputs(code, top->out);
}

/* Exactly @width columns of a text: cut off or filled up. */
static void put(const struct top *top, const char *text, u32 width)
{
	size_t len = strlen(text), at = 0;
	u32 code, n, used = 0;

	while (at < len) {
		bool odd;

		n = utf8_char(text + at, len - at, &code);
		odd = !n || utf8_obeyed(code);
		used += odd ? 1 : utf8_width(code);
		if (used > width) {
			used -= odd ? 1 : utf8_width(code);
			break;
		}
		fwrite(odd ? "?" : text + at, 1, odd ? 1 : n, top->out);
		at += odd ? 1 : n;
	}
	fprintf(top->out, "%*s", (int)(width - used), "");
}

static void end_line(struct top *top)
{
	fputs(LINE_END, top->out);
	top->left--;
}

static const char *rate_print(double bytes, char *buf, size_t size)
{
	static const char *const units[] = { "bit/s", "kbit/s", "Mbit/s", "Gbit/s" };
	double bits = bytes * 8;
	u32 unit = 0;

	while (bits >= 999.5 && unit < ARRAY_SIZE(units) - 1) {
		bits /= 1000;
		unit++;
	}
	snprintf(buf, size, bits >= 9.95 || !unit ? "%.0f %s" : "%.1f %s", bits, units[unit]);
	return buf;
}

static const char *phase_title(const struct screen *screen, u32 phase)
{
	if (!screen->policy)
		return "no policy is in force";
	if (phase >= screen->n_phases)
		return "a policy without phases";
	return *screen->phases[phase].title ? screen->phases[phase].title :
					      screen->phases[phase].name;
}

static void draw_head(struct top *top, const char *clock)
{
	const struct screen *screen = top->screen;
	u32 columns = top->size.columns, side = 22;
	char text[256];

	snprintf(text, sizeof(text), "%s  %s", screen->policy ? screen->policy : "nf_censor",
		 phase_title(screen, screen->phase));
	style(top, BOLD);
	put(top, text, columns - 10);
	style(top, PLAIN);
	fprintf(top->out, "  %8.8s", clock);
	end_line(top);

	*text = '\0';
	if (screen->phase < screen->n_phases) {
		const struct screen_phase *phase = &screen->phases[screen->phase];

		snprintf(text, sizeof(text), "%s  %s%s%s", phase->name,
			 *phase->from ? phase->from : "in no calendar",
			 *phase->to ? " to " : "", phase->to);
	}
	put(top, text, columns - side);
	if (screen->lost)
		snprintf(text, sizeof(text), "%" PRIu64 " events, %" PRIu64 " lost",
			 screen->n_events, screen->lost);
	else
		snprintf(text, sizeof(text), "%" PRIu64 " events", screen->n_events);
	fprintf(top->out, "%*.*s", (int)side, (int)side, text);
	end_line(top);
}

/* All phases on a line, with the one in force in the middle where they don't fit. */
static void draw_calendar(struct top *top)
{
	const struct screen *screen = top->screen;
	u32 used = 0, first = 0, i;
	size_t width = 0;

	if (screen->n_phases < 2)
		return;
	for (i = 0; i <= screen->phase; i++)
		width += strlen(screen->phases[i].name) + 3;
	for (; width > top->size.columns / 2 && first < screen->phase; first++)
		width -= strlen(screen->phases[first].name) + 3;
	for (i = first; i < screen->n_phases; i++) {
		u32 len = (u32)strlen(screen->phases[i].name);
		bool here = i == screen->phase;
		const char *mark = here ? "[]" : "  ";

		if (used + len + 3 > top->size.columns)
			break;
		style(top, here ? REVERSE : DIM);
		fputc(mark[0], top->out);
		put(top, screen->phases[i].name, len);
		fputc(mark[1], top->out);
		style(top, PLAIN);
		fputc(' ', top->out);
		used += len + 3;
	}
	end_line(top);
}

static const struct screen_cell *cell_of(const struct screen *screen, u32 service, u32 probe)
{
	return &screen->services[service].cells[screen->phase][probe];
}

static void draw_cell(const struct top *top, const struct screen_cell *cell, u32 width)
{
	const char *word = screen_outcome_name(cell->outcome ? cell->outcome : cell->said);
	char text[64];

	if (!cell->outcome && !cell->said) {
		put(top, ".", width);
		return;
	}
	if (!cell->outcome) {
		snprintf(text, sizeof(text), "(%s)", word);
		style(top, DIM);
		put(top, text, width);
		style(top, PLAIN);
		return;
	}
	snprintf(text, sizeof(text), "%c %s %u", screen_outcome_letter(cell->outcome), word,
		 cell->count);
	if (cell->count == 1 || strlen(text) >= width)
		*strrchr(text, ' ') = '\0';
	if (strlen(text) >= width)
		snprintf(text, sizeof(text), "%c %u", screen_outcome_letter(cell->outcome),
			 cell->count);
	style(top, colours[cell->outcome]);
	put(top, text, min((u32)strlen(text), width - 1));
	style(top, PLAIN);
	put(top, "", width - min((u32)strlen(text), width - 1));
}

/* How much a row has to show: 3 seen in this phase, 2 seen, 1 said in this phase, 0 nothing. */
static u32 row_weight(const struct screen *screen, u32 service)
{
	u32 phase, probe, weight = 0;

	for (phase = 0; phase < SCREEN_PHASES; phase++) {
		for (probe = 0; probe < SCREEN_PROBES; probe++) {
			const struct screen_cell *cell =
				&screen->services[service].cells[phase][probe];
			bool here = phase == screen->phase;

			if (cell->outcome)
				weight = max(weight, here ? 3u : 2u);
			else if (cell->said && here)
				weight = max(weight, 1u);
		}
	}
	return weight;
}

static bool column_used(const struct screen *screen, u32 probe)
{
	u32 service, phase;

	for (service = 0; service < screen->n_services; service++)
		for (phase = 0; phase < SCREEN_PHASES; phase++)
			if (screen->services[service].cells[phase][probe].outcome ||
			    screen->services[service].cells[phase][probe].said)
				return true;
	return false;
}

static void draw_row(struct top *top, u32 service, const u32 *columns, u32 n, u32 width)
{
	u32 i;

	put(top, top->screen->services[service].name, NAME_WIDTH - 1);
	fputc(' ', top->out);
	for (i = 0; i < n; i++)
		draw_cell(top, cell_of(top->screen, service, columns[i]), width);
	end_line(top);
}

static void draw_grid(struct top *top, u32 rows)
{
	const struct screen *screen = top->screen;
	u32 columns[SCREEN_PROBES], of_weight[4] = {}, room[4] = {}, n = 0, i, width, hidden = 0;
	u8 weights[SCREEN_SERVICES];

	for (i = 0; i < SCREEN_PROBES; i++)
		if (column_used(screen, i))
			columns[n++] = i;
	width = n ? (top->size.columns - NAME_WIDTH) / n : 0;
	style(top, BOLD);
	put(top, n ? "SERVICE" : "no rule has matched yet", n ? NAME_WIDTH : top->size.columns);
	for (i = 0; i < n; i++)
		put(top, screen_probe_name(columns[i]), width);
	style(top, PLAIN);
	end_line(top);
	/* Where not all fit, those with the most to show do; all in the policy's order. */
	rows--;
	for (i = 0; i < screen->n_services; i++) {
		weights[i] = (u8)row_weight(screen, i);
		of_weight[weights[i]]++;
	}
	for (i = 3; i > 0; i--) {
		room[i] = min(of_weight[i], rows);
		rows -= room[i];
	}
	for (i = 0; i < screen->n_services; i++) {
		if (!weights[i])
			continue;
		if (!room[weights[i]]) {
			hidden++;
			continue;
		}
		room[weights[i]]--;
		draw_row(top, i, columns, n, width);
	}
	if (hidden) {
		fprintf(top->out, "and %u more: a larger terminal shows them", hidden);
		end_line(top);
	}
}

static double decades(double bits)
{
	double n = 0;

	for (; bits >= 10; bits /= 10)
		n++;
	return bits >= 1 ? n + (bits - 1) / 9 : 0;
}

static void draw_rate(struct top *top, const char *name, struct screen_rate rate)
{
	u32 room = top->size.columns > NAME_WIDTH + 40 ? top->size.columns - NAME_WIDTH - 40 : 0;
	u32 len = (u32)min(decades(rate.passed * 8) / BAR_DECADES * room, (double)room), i;
	char buf[32];

	put(top, name, NAME_WIDTH - 1);
	fprintf(top->out, " %11s", rate_print(rate.passed, buf, sizeof(buf)));
	if (rate.lost > 0)
		fprintf(top->out, "  lost %11s  ", rate_print(rate.lost, buf, sizeof(buf)));
	else
		fprintf(top->out, "%20s", "");
	for (i = 0; i < len; i++)
		fputc('#', top->out);
	end_line(top);
}

static u32 rates_now(const struct screen *screen)
{
	u32 i, n = 0;

	for (i = 0; i < screen->n_series; i++) {
		struct screen_rate rate = screen_rate_now(screen, i);

		n += rate.passed > 0 || rate.lost > 0;
	}
	return n;
}

static void draw_rates(struct top *top, u32 rows)
{
	const struct screen *screen = top->screen;
	u32 i;

	style(top, BOLD);
	put(top, "THROUGHPUT (a bar's length is logarithmic)", top->size.columns);
	style(top, PLAIN);
	end_line(top);
	for (i = 0; i < screen->n_series && rows > 1; i++) {
		struct screen_rate rate = screen_rate_now(screen, i);

		if (rate.passed <= 0 && rate.lost <= 0)
			continue;
		draw_rate(top, screen_series_name(screen, i), rate);
		rows--;
	}
}

/* "12:00:01  facebook  R reset  TLS www.facebook.com (sni)" */
static void event_line(FILE *out, const struct screen *screen, const struct screen_shown *shown)
{
	const struct screen_event *event = &shown->event;
	const char *time = strlen(event->time) >= 19 ? event->time + 11 : "        ";

	text_print(out, time, 8);
	fputs("  ", out);
	text_print(out, screen->services[shown->service].name,
		   strlen(screen->services[shown->service].name));
	text_printf(out, "  %c %s  %s", screen_outcome_letter(shown->outcome),
		    shown->outcome ? screen_outcome_name(shown->outcome) : event->action,
		    screen_probe_name(shown->probe));
	if (event->value && shown->probe != SCREEN_PROTOCOL) {
		fputc(' ', out);
		text_print(out, event->value, strlen(event->value));
	}
	fputs(" (", out);
	text_print(out, event->rule, strlen(event->rule));
	fprintf(out, ")%s", event->residual ? " still blocked from before" : "");
}

static void draw_events(struct top *top)
{
	const struct screen *screen = top->screen;
	u32 rows = top->left - 1;
	u64 kept = screen_kept(screen->n_events, SCREEN_EVENTS), i;

	style(top, BOLD);
	put(top, "EVENTS", top->size.columns);
	style(top, PLAIN);
	end_line(top);
	rows--;
	for (i = 0; i < min(kept, (u64)rows); i++) {
		const struct screen_shown *shown =
			&screen->events[(screen->n_events - 1 - i) % SCREEN_EVENTS];
		char *text = NULL;
		size_t size;
		FILE *line = open_memstream(&text, &size);

		if (!line)
			return;
		event_line(line, screen, shown);
		fclose(line);
		style(top, colours[shown->outcome] ? colours[shown->outcome] : "");
		put(top, text, top->size.columns);
		style(top, PLAIN);
		free(text);
		end_line(top);
	}
}

void top_draw(FILE *out, const struct screen *screen, struct top_size size, bool colour,
	      const char *clock)
{
	struct top top = {
		.out = out, .screen = screen, .size = size, .colour = colour, .left = size.rows,
	};
	u32 rates;

	fputs("\033[H", out);
	if (size.columns < 40 || size.rows < 12) {
		fputs("40 columns and 12 lines are wanted; q quits\033[J", out);
		return;
	}
	draw_head(&top, clock);
	draw_calendar(&top);
	rates = min(rates_now(screen) + 1, top.left / 4);
	/* The last line, three events and their head stay; a line may say that there are more. */
	draw_grid(&top, top.left - rates - 6);
	draw_rates(&top, rates);
	draw_events(&top);
	for (; top.left > 1; top.left--)
		fputs(LINE_END, out);
	style(&top, DIM);
	put(&top, "q quits   (in brackets): a rule, not tried   .: no rule", size.columns - 1);
	style(&top, PLAIN);
	fputs("\033[K\033[J", out);
}

static void tell_rates(FILE *out, const struct screen *screen)
{
	char buf[32];
	u32 i;

	for (i = 0; i < screen->n_series; i++) {
		struct screen_rate rate = screen_rate_now(screen, i);

		if (rate.passed <= 0 && rate.lost <= 0)
			continue;
		fputs("throughput of ", out);
		text_print(out, screen_series_name(screen, i),
			   strlen(screen_series_name(screen, i)));
		fprintf(out, ": %s", rate_print(rate.passed, buf, sizeof(buf)));
		if (rate.lost > 0)
			fprintf(out, ", lost %s", rate_print(rate.lost, buf, sizeof(buf)));
		fputc('\n', out);
	}
}

static void tell_phase(FILE *out, const struct screen *screen, u32 index)
{
	const struct screen_phase *phase = &screen->phases[index];

	if (index >= screen->n_phases)
		return;
	fputs("phase ", out);
	text_print(out, phase->name, strlen(phase->name));
	if (*phase->from)
		text_printf(out, " from %s", phase->from);
	if (*phase->title) {
		fputs(": ", out);
		text_print(out, phase->title, strlen(phase->title));
	}
	fputc('\n', out);
}

/* In the order in which they happened. */
static void tell_events(FILE *out, const struct screen *screen, struct top_told *told)
{
	u64 kept = screen->n_switches - screen_kept(screen->n_switches, SCREEN_SWITCHES);

	told->n_switches = max(told->n_switches, kept);
	while (told->n_events < screen->n_events || told->n_switches < screen->n_switches) {
		const struct screen_shown *shown =
			&screen->events[told->n_events % SCREEN_EVENTS];
		const struct screen_switch *one =
			&screen->switches[told->n_switches % SCREEN_SWITCHES];

		if (told->n_switches < screen->n_switches &&
		    (told->n_events == screen->n_events || one->at <= shown->event.at)) {
			tell_phase(out, screen, one->phase);
			told->n_switches++;
			continue;
		}
		event_line(out, screen, shown);
		fputc('\n', out);
		told->n_events++;
	}
}

void top_tell(FILE *out, const struct screen *screen, struct top_told *told)
{
	u64 kept = screen->n_events - screen_kept(screen->n_events, SCREEN_EVENTS);

	if (told->resets != screen->resets) {
		*told = (struct top_told){ .resets = screen->resets };
		fputs(screen->policy ? "policy " : "no policy in force", out);
		if (screen->policy)
			text_print(out, screen->policy, strlen(screen->policy));
		fputc('\n', out);
	}
	if (told->n_events < kept) {
		fprintf(out, "%" PRIu64 " events were too many to be shown\n",
			kept - told->n_events);
		told->n_events = kept;
	}
	tell_events(out, screen, told);
	if (screen->n_samples / TELL_SAMPLES != told->n_samples / TELL_SAMPLES)
		tell_rates(out, screen);
	if (told->lost != screen->lost)
		fprintf(out, "%" PRIu64 " events were lost\n", screen->lost - told->lost);
	told->n_samples = screen->n_samples;
	told->lost = screen->lost;
	fflush(out);
}
