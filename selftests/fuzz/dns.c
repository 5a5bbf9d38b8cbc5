// SPDX-License-Identifier: GPL-2.0
/*
 * DNS queries and the answers to them, for libFuzzer. An input is the model's knobs (struct knobs) and
 * a message, which is read as a datagram and as the beginning of a stream; a query is then answered
 * with each lie.
 */
#include "test.h"
#include "rig.h"
#include "forge.h"
#include "holds.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

struct knobs {
	u8 name;
	u8 dots;
	u8 room;
};

static const struct censor_forge lies[] = {
	{ .count = 1, .ttl_hi = 300 },
	{ .count = 16, .in_order = true, .cursors = 3 },
	{ .count = 1, .lie = CENSOR_LIE_NXDOMAIN, .pool = CENSOR_NO_POOL },
	{ .count = 2, .lie = CENSOR_LIE_CNAME, .alias = 1 },
};

static struct rig *rig;

static void start(void)
{
	struct censor_policy *pol = policy_new();
	const char *why;
	u32 i;

	policy_pool(pol, "lies", NAMES("203.0.113.1", "203.0.113.2", "203.0.113.3",
				       "2001:db8::1", "2001:db8::2"));
	if (censor_policy_add_alias(pol, "block.example", &why))
		abort();
	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		struct censor_rule rule = { .actions = CENSOR_DO_FORGE, .forge = lies[i] };

		snprintf(rule.name, sizeof(rule.name), "%u", i);
		policy_rule_full(pol, &rule);
		policy_cond(pol, CENSOR_ATTR_DNS_QNAME, policy_names(pol, "", NAMES("a.b")));
	}
	policy_seal(pol);
	rig = rig_new(pol);
}

/* A question that was read lies within its message, and the questions behind it do too. */
static void check_question(const struct censor_look *look, struct censor_dns_question *q)
{
	enum censor_found found = CENSOR_FOUND_ALL;
	u32 rounds = 0;

	while (found == CENSOR_FOUND_ALL) {
		u32 was = q->end;

		check(q->name_len <= look->model->dns_name);
		check(q->start + q->end <= q->used && q->used <= look->len);
		check(++rounds <= look->len);
		found = censor_dns_next(look, q);
		check(found != CENSOR_FOUND_MORE);
		check(found != CENSOR_FOUND_ALL || q->end > was);
	}
}

static void answer(const struct censor_look *look, u32 room)
{
	struct censor_asked asked = { .data = look->data, .len = look->len, .hash = look->len,
				      .shared = rig->shared };
	struct censor_dns_question question;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		u8 *buf = malloc(room + 1);
		u64 random = 1;
		u32 len = censor_forge_dns(rig->pol, &rig->pol->rules[i].forge, &asked, &random, buf,
					   room);
		struct censor_look back = { .data = buf, .len = len, .model = look->model };

		check(len <= room);
		check(!len || censor_dns_question(look, &question) != CENSOR_FOUND_NOT);
		/* An answer is none that is answered. */
		check(!len || censor_dns_question(&back, &question) == CENSOR_FOUND_NOT);
		free(buf);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	enum censor_found found, was = CENSOR_FOUND_MORE;
	struct censor_detect_model model;
	struct censor_look look = { .model = &model };
	struct censor_dns_question q;
	struct knobs knobs;
	u32 len, cut;
	u8 *copy;

	if (size < sizeof(knobs) || size > 70000)
		return 0;
	if (!rig)
		start();
	memcpy(&knobs, data, sizeof(knobs));
	censor_detect_default(&model);
	model.dns_name = 1 + knobs.name % 253;
	model.dns_dots = knobs.dots & 1;
	len = (u32)(size - sizeof(knobs));
	copy = malloc(len + 1);
	memcpy(copy, data + sizeof(knobs), len);
	look.data = copy;
	look.len = len;
	found = censor_dns_question(&look, &q);
	check(found != CENSOR_FOUND_MORE);
	if (found == CENSOR_FOUND_ALL) {
		check(!q.start && q.end >= CENSOR_DNS_HEADER);
		check_question(&look, &q);
	}
	answer(&look, knobs.room * 6u);
	free(copy);
	/* Of a stream ever more is there, and only "more" may become something else. */
	for (cut = 0; cut <= len && cut < 5000; cut += 1 + cut / 8) {
		copy = malloc(cut + 1);
		memcpy(copy, data + sizeof(knobs), cut);
		look.data = copy;
		look.len = cut;
		found = censor_dns_stream(&look, &q);
		check(was == CENSOR_FOUND_MORE || found == was);
		was = found;
		if (found == CENSOR_FOUND_ALL)
			check_question(&look, &q);
		free(copy);
	}
	return 0;
}
