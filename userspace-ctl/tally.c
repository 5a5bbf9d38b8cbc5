// SPDX-License-Identifier: GPL-2.0
/* What each rule of a policy counted in a capture, as text and as JSON. */
#include <string.h>

#include "event.h"
#include "tally.h"

bool tally_wanted(const struct censor_policy *policy)
{
	u32 i;

	for (i = 0; i < policy->n_rules; i++)
		if (policy->rules[i].actions & CENSOR_DO_SHAPE || policy->rules[i].sample)
			return true;
	return policy->n_phases;
}

static void print_count(FILE *out, u64 packets, u64 bytes)
{
	fprintf(out, "%llu packet%s (%llu bytes)", (unsigned long long)packets,
		packets == 1 ? "" : "s", (unsigned long long)bytes);
}

void tally_print(FILE *out, const struct censor_policy *policy, const struct tally *tallies)
{
	u32 i;

	for (i = 0; i < policy->n_rules; i++) {
		const struct tally *tally = &tallies[i];

		if (!tally->hits && !tally->packets && !tally->lost_packets)
			continue;
		text_printf(out, "  rule %s: %llu match%s, ", policy->rules[i].name,
			    (unsigned long long)tally->hits, tally->hits == 1 ? "" : "es");
		print_count(out, tally->packets, tally->bytes);
		fputs(" went on, ", out);
		print_count(out, tally->lost_packets, tally->lost_bytes);
		fputs(" did not\n", out);
	}
}

void tally_print_json(FILE *out, const struct censor_policy *policy, const char *phase,
		      const struct tally *tallies)
{
	u32 i;

	fputs("{\"policy\":", out);
	json_print_string(out, policy->name, strlen(policy->name));
	fputs(",\"phase\":", out);
	if (phase)
		json_print_string(out, phase, strlen(phase));
	else
		fputs("null", out);
	fputs(",\"rules\":[", out);
	for (i = 0; i < policy->n_rules; i++) {
		const char *name = policy->rules[i].name;

		fputs(i ? ",{\"rule\":" : "{\"rule\":", out);
		json_print_string(out, name, strlen(name));
		fprintf(out, ",\"hits\":%llu,\"packets\":%llu,\"bytes\":%llu",
			(unsigned long long)tallies[i].hits,
			(unsigned long long)tallies[i].packets,
			(unsigned long long)tallies[i].bytes);
		fprintf(out, ",\"lost_packets\":%llu,\"lost_bytes\":%llu}",
			(unsigned long long)tallies[i].lost_packets,
			(unsigned long long)tallies[i].lost_bytes);
	}
	fputs("]}\n", out);
}
