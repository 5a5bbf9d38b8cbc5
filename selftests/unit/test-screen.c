// SPDX-License-Identifier: GPL-2.0
/* What a screen makes of what it is told: cells, counts, phases, throughput. */
#include "test.h"
#include "../../userspace-ctl/screen.h"

static struct screen *screen;

static int make(void **state)
{
	(void)state;
	screen = screen_create();
	screen_policy(screen, "test", 1);
	screen_add_phase(screen, "spring", "", "2017-01-01", "");
	screen_add_phase(screen, "july", "Photos fail", "2017-07-18", "2017-08-01");
	screen_switch(screen, 0, 0, NULL);
	return 0;
}

static int end(void **state)
{
	(void)state;
	screen_free(screen);
	return 0;
}

static void happen(u64 ends, const char *rule, const char *field, const char *set,
		   const char *action)
{
	struct screen_event event = {
		.ends = ends, .time = "", .flow = "", .rule = rule, .field = field, .set = set,
		.value = "x", .action = action,
	};

	screen_event(screen, &event);
}

static const struct screen_cell *cell(const char *service, u32 phase, enum screen_probe probe)
{
	u32 i;

	for (i = 0; i < screen->n_services; i++)
		if (!strcmp(screen->services[i].name, service))
			return &screen->services[i].cells[phase][probe];
	fail_msg("no service %s", service);
	return NULL;
}

static void test_outcomes(void **state)
{
	(void)state;
	assert_int_equal(screen_outcome_of("log"), SCREEN_WATCHED);
	assert_int_equal(screen_outcome_of("pass"), SCREEN_PASSED);
	assert_int_equal(screen_outcome_of("forge lies"), SCREEN_FORGED);
	assert_int_equal(screen_outcome_of("inject gfw, residual 90s"), SCREEN_RESET);
	assert_int_equal(screen_outcome_of("log, police 16kbit per flow"), SCREEN_SLOWED);
	assert_int_equal(screen_outcome_of("lose 5%, delay 200ms"), SCREEN_DISRUPTED);
	assert_int_equal(screen_outcome_of("inject gfw, drop to client"), SCREEN_DROPPED);
	assert_int_equal(screen_outcome_of("mark 0x10"), SCREEN_MARKED);
	/* A name that begins like an action is none. */
	assert_int_equal(screen_outcome_of("dropsy"), SCREEN_UNKNOWN);
	assert_int_equal(screen_outcome_of(""), SCREEN_UNKNOWN);
}

static void test_letters(void **state)
{
	u32 i, j;

	(void)state;
	for (i = 0; i < SCREEN_OUTCOMES; i++)
		for (j = 0; j < i; j++)
			assert_int_not_equal(screen_outcome_letter(i), screen_outcome_letter(j));
}

static void test_places(void **state)
{
	(void)state;
	happen(1, "sni", "tls.sni", "facebook", "inject gfw");
	happen(2, "noise", "protocol", NULL, "drop");
	happen(3, "host", "ip.dst", NULL, "drop");
	happen(4, "all", NULL, NULL, "log");
	assert_int_equal(cell("facebook", 0, SCREEN_TLS)->outcome, SCREEN_RESET);
	assert_int_equal(cell("x", 0, SCREEN_PROTOCOL)->outcome, SCREEN_DROPPED);
	assert_int_equal(cell("host", 0, SCREEN_ADDRESS)->outcome, SCREEN_DROPPED);
	assert_int_equal(cell("all", 0, SCREEN_ADDRESS)->outcome, SCREEN_WATCHED);
	assert_int_equal(screen->n_events, 4);
}

static void test_counts(void **state)
{
	(void)state;
	/* Several rules match one packet: the hardest counts, once, in whatever order. */
	happen(1, "watch", "tls.sni", "facebook", "log");
	happen(1, "sni", "tls.sni", "facebook", "inject gfw");
	happen(1, "watch2", "tls.sni", "facebook", "log");
	assert_int_equal(cell("facebook", 0, SCREEN_TLS)->outcome, SCREEN_RESET);
	assert_int_equal(cell("facebook", 0, SCREEN_TLS)->count, 1);
	/* Another connection: it counts, and what happened to it is the last. */
	happen(2, "watch", "tls.sni", "facebook", "log");
	assert_int_equal(cell("facebook", 0, SCREEN_TLS)->outcome, SCREEN_WATCHED);
	assert_int_equal(cell("facebook", 0, SCREEN_TLS)->count, 2);
}

static void test_phases(void **state)
{
	struct screen_event event = {
		.ends = 9, .time = "", .flow = "", .rule = "r", .field = "tls.sni", .set = "a",
		.action = "drop", .phase = "spring",
	};

	(void)state;
	screen_switch(screen, 5, screen_phase_find(screen, "july"), "2017-07-18T00:00:00Z");
	happen(1, "sni", "tls.sni", "a", "log");
	assert_int_equal(cell("a", 1, SCREEN_TLS)->outcome, SCREEN_WATCHED);
	assert_int_equal(cell("a", 0, SCREEN_TLS)->outcome, SCREEN_UNKNOWN);
	/* An event that was on its way belongs to the phase that it happened in. */
	screen_event(screen, &event);
	assert_int_equal(cell("a", 0, SCREEN_TLS)->outcome, SCREEN_DROPPED);
	assert_int_equal(screen_phase_find(screen, "august"), SCREEN_NONE);
	screen_switch(screen, 6, SCREEN_NONE, NULL);
	assert_int_equal(screen->phase, 1);
	assert_string_equal(screen->date, "2017-07-18T00:00:00Z");
}

static void test_said(void **state)
{
	u32 rule;

	(void)state;
	rule = screen_add_rule(screen, "media", "tls.sni", "inject, residual", 1u << 1);
	screen_rule_names(screen, rule, "whatsapp");
	screen_rule_names(screen, rule, "signal");
	screen_rule_said(screen, rule);
	rule = screen_add_rule(screen, "watch", "tls.sni", "log", ~0u);
	screen_rule_names(screen, rule, "whatsapp");
	screen_rule_said(screen, rule);
	rule = screen_add_rule(screen, "bare", "ip.dst", "drop", ~0u);
	screen_rule_said(screen, rule);
	assert_int_equal(cell("whatsapp", 0, SCREEN_TLS)->said, SCREEN_WATCHED);
	assert_int_equal(cell("whatsapp", 1, SCREEN_TLS)->said, SCREEN_RESET);
	assert_int_equal(cell("signal", 0, SCREEN_TLS)->said, SCREEN_UNKNOWN);
	assert_int_equal(cell("signal", 1, SCREEN_TLS)->said, SCREEN_RESET);
	assert_int_equal(cell("bare", 0, SCREEN_ADDRESS)->said, SCREEN_DROPPED);
	assert_int_equal(cell("whatsapp", 1, SCREEN_TLS)->count, 0);
}

static struct screen_rate rate(const char *name)
{
	u32 i;

	for (i = 0; i < screen->n_rules; i++)
		if (!strcmp(screen->rules[i].name, name))
			return screen_rate_now(screen, screen->rules[i].series);
	fail_msg("no rule %s", name);
	return (struct screen_rate){};
}

static void test_rates(void **state)
{
	(void)state;
	/* What was before the first sample is no throughput. */
	screen_sample(screen, 1);
	screen_count(screen, "slow", 1, 1000000, 0);
	assert_true(rate("slow").passed == 0);
	screen_sample(screen, 3);
	screen_count(screen, "slow", 1, 1004000, 500);
	assert_true(rate("slow").passed == 2000);
	assert_true(rate("slow").lost == 250);
	/* Nothing more. */
	screen_sample(screen, 4);
	screen_count(screen, "slow", 1, 1004000, 500);
	assert_true(rate("slow").passed == 0);
	/* Counters that began anew. */
	screen_sample(screen, 5);
	screen_count(screen, "slow", 1, 100, 0);
	assert_true(rate("slow").passed == 100);
	assert_int_equal(screen->n_series, 1);
}

/* Rules of one service are one line, whichever counts for it just now. */
static void test_series(void **state)
{
	static const char *const names[] = { "watch", "slow", "both" };
	u32 i, rule;

	(void)state;
	for (i = 0; i < 3; i++) {
		rule = screen_add_rule(screen, names[i], "tls.sni", "log", ~0u);
		screen_rule_names(screen, rule, "wechat");
		if (i == 2)
			screen_rule_names(screen, rule, "weibo");
		screen_rule_said(screen, rule);
	}
	for (i = 0; i < 2; i++) {
		screen_sample(screen, i);
		screen_count(screen, "watch", 1, 100 * i, 0);
		screen_count(screen, "slow", 1, 10 * i, 5 * i);
		screen_count(screen, "both", 1, i, 0);
	}
	assert_int_equal(screen->n_series, 2);
	assert_true(rate("watch").passed == 110);
	assert_true(rate("slow").lost == 5);
	assert_string_equal(screen_series_name(screen, 0), "wechat");
	assert_true(rate("both").passed == 1);
	assert_string_equal(screen_series_name(screen, 1), "both");
}

static void test_watched(void **state)
{
	u32 rule = screen_add_rule(screen, "watch", "tls.sni", "log", ~0u);

	(void)state;
	screen_rule_names(screen, rule, "wechat");
	screen_rule_said(screen, rule);
	screen_sample(screen, 0);
	screen_count(screen, "watch", 1, 100, 0);
	assert_int_equal(cell("wechat", 0, SCREEN_TLS)->outcome, SCREEN_UNKNOWN);
	screen_sample(screen, 1);
	screen_count(screen, "watch", 1, 200, 0);
	assert_int_equal(cell("wechat", 0, SCREEN_TLS)->outcome, SCREEN_WATCHED);
}

static void test_bounds(void **state)
{
	char name[32];
	u32 i;

	(void)state;
	for (i = 0; i < 3 * SCREEN_EVENTS; i++) {
		sprintf(name, "service%u", i);
		happen(i, name, "tls.sni", name, "drop");
	}
	assert_int_equal(screen->n_services, SCREEN_SERVICES);
	assert_string_equal(screen->services[SCREEN_SERVICES - 1].name, "others");
	assert_true(cell("others", 0, SCREEN_TLS)->count > SCREEN_EVENTS);
	for (i = 0; i < 3 * SCREEN_SAMPLES; i++) {
		screen_sample(screen, i);
		sprintf(name, "rule%u", i % (2 * SCREEN_SERIES));
		screen_count(screen, name, 1, 10 * i, 0);
	}
	assert_int_equal(screen->n_series, SCREEN_SERIES);
	for (i = 0; i < 2 * SCREEN_PHASES; i++)
		screen_add_phase(screen, "more", "", "", "");
	assert_int_equal(screen->n_phases, SCREEN_PHASES);
	for (i = 0; i < 2 * SCREEN_SWITCHES; i++)
		screen_switch(screen, i, i % SCREEN_PHASES, NULL);
	assert_int_equal(screen_kept(screen->n_switches, SCREEN_SWITCHES), SCREEN_SWITCHES);
}

static void test_another_policy(void **state)
{
	u32 resets = screen->resets;

	(void)state;
	happen(1, "sni", "tls.sni", "facebook", "drop");
	screen_sample(screen, 1);
	screen_policy(screen, NULL, 2);
	assert_null(screen->policy);
	assert_int_equal(screen->n_services + screen->n_phases + screen->n_events, 0);
	assert_int_equal(screen->resets, resets + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_letters),
		cmocka_unit_test_setup_teardown(test_places, make, end),
		cmocka_unit_test_setup_teardown(test_counts, make, end),
		cmocka_unit_test_setup_teardown(test_phases, make, end),
		cmocka_unit_test_setup_teardown(test_said, make, end),
		cmocka_unit_test_setup_teardown(test_rates, make, end),
		cmocka_unit_test_setup_teardown(test_series, make, end),
		cmocka_unit_test_setup_teardown(test_watched, make, end),
		cmocka_unit_test_setup_teardown(test_bounds, make, end),
		cmocka_unit_test_setup_teardown(test_another_policy, make, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
