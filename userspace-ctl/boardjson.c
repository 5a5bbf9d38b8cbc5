// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>

#include "boardjson.h"
#include "json.h"

#define MORE_EVENTS	24	/* told at a time: nobody reads faster; the rest is counted */

/* Bytes as a string of code points up to 255. */
static json_t *bytes_of(const u8 *bytes, u32 len)
{
	char text[2 * SCREEN_EXCERPT];
	size_t n = 0;
	u32 i;

	for (i = 0; i < len; i++) {
		if (bytes[i] < 0x80) {
			text[n++] = (char)bytes[i];
			continue;
		}
		text[n++] = (char)(0xc0 | bytes[i] >> 6);
		text[n++] = (char)(0x80 | (bytes[i] & 0x3f));
	}
	return json_stringn(text, n);
}

static json_t *text_of(const char *text)
{
	return text ? json_text(text) : json_null();
}

static json_t *event_of(const struct screen_shown *shown, u64 number)
{
	const struct screen_event *event = &shown->event;
	json_t *object;

	object = json_pack("{s:I, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:i, s:i, s:i, s:i}",
			   "n", (json_int_t)number, "at", event->at,
			   "time", text_of(event->time), "flow", text_of(event->flow),
			   "rule", text_of(event->rule), "field", text_of(event->field),
			   "value", text_of(event->value), "set", text_of(event->set),
			   "action", text_of(event->action), "residual", event->residual,
			   "phase", (int)shown->phase, "service", (int)shown->service,
			   "probe", shown->probe, "outcome", shown->outcome);
	if (event->excerpt_len)
		json_object_set_new(object, "excerpt",
				    json_pack("{s:i, s:o, s:[i, i]}", "at", (int)event->excerpt_at,
					      "text", bytes_of(event->excerpt, event->excerpt_len),
					      "found", event->found_at, event->found_len));
	return object;
}

/* The last ones up to @total, from @from on. */
static json_t *events_of(const struct screen *screen, u64 from)
{
	json_t *array = json_array();

	for (; from < screen->n_events; from++)
		json_array_append_new(array, event_of(&screen->events[from % SCREEN_EVENTS], from));
	return array;
}

static json_t *cells_of(const struct screen *screen, bool changed)
{
	json_t *array = json_array();
	u32 service, phase, probe;

	for (service = 0; service < screen->n_services; service++) {
		for (phase = 0; phase < SCREEN_PHASES; phase++) {
			for (probe = 0; probe < SCREEN_PROBES; probe++) {
				const struct screen_cell *cell =
					&screen->services[service].cells[phase][probe];

				if (changed ? !cell->changed : !cell->outcome && !cell->said)
					continue;
				json_array_append_new(array,
						      json_pack("[i, i, i, i, i, i]", phase, service,
								probe, cell->outcome,
								(int)cell->count, cell->said));
			}
		}
	}
	return array;
}

static json_t *services_of(const struct screen *screen, u32 from)
{
	json_t *array = json_array();

	for (; from < screen->n_services; from++)
		json_array_append_new(array, text_of(screen->services[from].name));
	return array;
}

static json_t *series_of(const struct screen *screen, u32 from)
{
	json_t *array = json_array();

	for (; from < screen->n_series; from++)
		json_array_append_new(array, text_of(screen_series_name(screen, from)));
	return array;
}

/* [at, [passed, lost] of each series, in bits a second]; a screen is of whole ones. */
static json_t *samples_of(const struct screen *screen, u64 from)
{
	json_t *array = json_array();
	u32 i;

	for (; from < screen->n_samples; from++) {
		u32 slot = from % SCREEN_SAMPLES;
		json_t *sample = json_pack("[f]", round(screen->samples[slot] * 1000) / 1000);

		for (i = 0; i < screen->n_series; i++) {
			const struct screen_rate *rate = &screen->series[i]->rates[slot];

			json_array_append_new(sample,
					      json_pack("[I, I]", (json_int_t)(rate->passed * 8),
							(json_int_t)(rate->lost * 8)));
		}
		json_array_append_new(array, sample);
	}
	return array;
}

static json_t *switches_of(const struct screen *screen, u64 from)
{
	json_t *array = json_array();

	for (; from < screen->n_switches; from++) {
		const struct screen_switch *one = &screen->switches[from % SCREEN_SWITCHES];

		json_array_append_new(array, json_pack("[f, i]", one->at, one->phase));
	}
	return array;
}

static json_t *phases_of(const struct screen *screen)
{
	json_t *array = json_array();
	u32 i;

	for (i = 0; i < screen->n_phases; i++) {
		const struct screen_phase *phase = &screen->phases[i];

		json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s}", "name", phase->name,
						       "title", phase->title, "from", phase->from,
						       "to", phase->to));
	}
	return array;
}

static json_t *probes_of(void)
{
	json_t *array = json_array();
	u32 i;

	for (i = 0; i < SCREEN_PROBES; i++)
		json_array_append_new(array, json_string(screen_probe_name(i)));
	return array;
}

static json_t *outcomes_of(void)
{
	json_t *array = json_array();
	u32 i;

	for (i = 0; i < SCREEN_OUTCOMES; i++)
		json_array_append_new(array, json_string(screen_outcome_name(i)));
	return array;
}

json_t *board_all(const struct screen *screen, double at, const char *netns, bool replay)
{
	u64 events = screen->n_events - screen_kept(screen->n_events, SCREEN_EVENTS);
	u64 samples = screen->n_samples - screen_kept(screen->n_samples, SCREEN_SAMPLES);
	u64 switches = screen->n_switches - screen_kept(screen->n_switches, SCREEN_SWITCHES);

	return json_pack("{s:b, s:b, s:f, s:o, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
			 "s:o, s:I, s:I}",
			 "all", 1, "replay", replay, "at", at, "policy", text_of(screen->policy),
			 "netns", text_of(netns), "phase", (int)screen->phase,
			 "date", text_of(screen->date), "phases", phases_of(screen),
			 "probes", probes_of(), "outcomes", outcomes_of(),
			 "services", services_of(screen, 0), "cells", cells_of(screen, false),
			 "events", events_of(screen, events), "series", series_of(screen, 0),
			 "samples", samples_of(screen, samples),
			 "switches", switches_of(screen, switches),
			 "lost", (json_int_t)screen->lost, "total", (json_int_t)screen->n_events);
}

static u64 later(u64 from, u64 total, u64 room)
{
	return from + room < total ? total - room : from;
}

json_t *board_more(struct screen *screen, double at, struct board_shown *shown)
{
	u64 events = later(shown->n_events, screen->n_events, MORE_EVENTS);
	u64 samples = later(shown->n_samples, screen->n_samples, SCREEN_SAMPLES);
	u64 switches = later(shown->n_switches, screen->n_switches, SCREEN_SWITCHES);
	struct board_shown now = {
		.resets = screen->resets,
		.n_services = screen->n_services,
		.n_series = screen->n_series,
		.n_events = screen->n_events,
		.n_samples = screen->n_samples,
		.n_switches = screen->n_switches,
		.lost = screen->lost,
	};
	json_t *more = NULL;

	/* Cells change with events and samples only. */
	if (shown->resets == screen->resets && memcmp(shown, &now, sizeof(now)))
		more = json_pack("{s:f, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I}",
				 "at", at, "phase", (int)screen->phase,
				 "date", text_of(screen->date),
				 "services", services_of(screen, (u32)shown->n_services),
				 "cells", cells_of(screen, true),
				 "events", events_of(screen, events),
				 "series", series_of(screen, (u32)shown->n_series),
				 "samples", samples_of(screen, samples),
				 "switches", switches_of(screen, switches),
				 "lost", (json_int_t)screen->lost,
				 "total", (json_int_t)screen->n_events);
	screen_unchanged(screen);
	*shown = now;
	return more;
}
