// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdio.h>

#include "test.h"
#include "rig.h"

/* As a host does when a policy takes force. A policy that is not sealed has no rules yet. */
static void new_shared(struct rig *rig)
{
	free(rig->shared);
	rig->shared = calloc(1, censor_shared_size(rig->pol));
	assert_non_null(rig->shared);
}

struct rig *rig_new(struct censor_policy *pol)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	rig->pol = pol;
	rig->generation = 1;
	rig->now = 1000 * SECOND;
	new_shared(rig);
	return rig;
}

void rig_forget(struct rig *rig)
{
	u32 i;

	for (i = 0; i < rig->n_flows; i++) {
		rig->buffers -= !!rig->flows[i].buffer;
		free(rig->flows[i].buffer);
	}
	rig->n_flows = 0;
}

void rig_free(struct rig *rig)
{
	rig_forget(rig);
	/* No buffer was lost on the way, none given back twice. */
	assert_int_equal(rig->buffers, 0);
	censor_policy_destroy(rig->pol);
	free(rig->shared);
	free(rig);
}

void rig_policy(struct rig *rig, struct censor_policy *pol)
{
	censor_policy_destroy(rig->pol);
	rig->pol = pol;
	rig->generation++;
	new_shared(rig);
}

void rig_phase(struct rig *rig, u8 phase)
{
	rig->phase = phase;
	rig->switches++;
}

static u64 era(const struct rig *rig)
{
	return CENSOR_ERA(rig->generation, CENSOR_PHASE_WORD(rig->phase, rig->switches));
}

static struct censor_flow *find_flow(struct rig *rig, const struct censor_key *key)
{
	struct censor_flow *flow;
	u32 i;

	if (rig->no_flow)
		return NULL;
	for (i = 0; i < rig->n_flows; i++)
		if (!memcmp(&rig->flows[i].key, key, sizeof(*key)))
			return &rig->flows[i];
	if (rig->n_flows == RIG_FLOWS)
		return NULL;
	flow = &rig->flows[rig->n_flows++];
	memset(flow, 0, sizeof(*flow));
	censor_flow_start(flow, key, era(rig));
	return flow;
}

static const struct censor_block *find_block(struct rig *rig,
					     const struct censor_packet_view *view)
{
	struct censor_key key;
	u32 tuple, i;

	for (tuple = 0; tuple < 16; tuple++) {
		if (!(rig->pol->tuples & 1u << tuple))
			continue;
		censor_residual_key(view, (u8)tuple, &key);
		for (i = 0; i < min(rig->n_blocks, (u32)RIG_BLOCKS); i++)
			if (!memcmp(&rig->block_keys[i], &key, sizeof(key)) &&
			    censor_block_acts(rig->pol, era(rig), &rig->blocks[i], rig->now))
				return &rig->blocks[i];
	}
	return NULL;
}

/* One block into the table, in place of what is on its key, unless that is to stay. */
static void set_block(struct rig *rig, const struct censor_effect *effect)
{
	u32 i, slot = rig->n_blocks % RIG_BLOCKS;

	for (i = 0; i < min(rig->n_blocks, (u32)RIG_BLOCKS); i++) {
		const struct censor_block *old = &rig->blocks[i];

		if (memcmp(&rig->block_keys[i], &effect->key, sizeof(effect->key)))
			continue;
		if (effect->keep && old->generation == effect->block.generation &&
		    old->rule == effect->block.rule && old->until > rig->now)
			return;
		slot = i;
	}
	rig->block_keys[slot] = effect->key;
	rig->blocks[slot] = effect->block;
	rig->n_blocks++;
}

/* What a host tells of a match, with room for it and without, lies within packet and buffer. */
static void tell(struct rig *rig, const struct censor_packet_view *view)
{
	char text[256];
	u32 i, room;

	censor_note_text(rig->ctx.note);
	for (i = 0; i < rig->ctx.n_matches; i++) {
		const struct censor_match *match = &rig->ctx.matches[i];
		struct censor_excerpt excerpt;

		for (room = 1; room <= sizeof(text); room += 51) {
			memset(text, 'x', sizeof(text));
			assert_true(censor_actions_print(rig->pol, match, text, room) < room);
			assert_non_null(memchr(text, '\0', room));
			assert_true(room == sizeof(text) || text[room] == 'x');
		}
		censor_excerpt_find(view, &rig->ctx, match, &excerpt);
		assert_true(excerpt.len <= CENSOR_EXCERPT_MAX);
		assert_true(excerpt.found_at + excerpt.found_len <= excerpt.len);
		if (excerpt.bytes) {
			assert_ptr_equal(excerpt.bytes, view->payload + excerpt.at);
			assert_true(excerpt.at + excerpt.len <= view->cap);
		}
	}
}

static void carry_out(struct rig *rig, const struct censor_flow *flow,
		      const struct censor_packet_view *view)
{
	const struct censor_context *ctx = &rig->ctx;
	struct censor_forger forger;
	struct forged *out, spill;
	u32 i;

	for (i = 0; i < ctx->n_matches; i++) {
		const struct censor_match *match = &ctx->matches[i];

		assert_true(match->rule < rig->pol->n_rules);
		assert_true(match->attr < CENSOR_ATTR_COUNT);
		if (match->value && match->value_len)
			memcpy(rig->seen.value[i], match->value, min(match->value_len, 255));
	}
	tell(rig, view);
	for (i = 0; i < ctx->n_evidence; i++) {
		const struct censor_evidence *evidence = &ctx->evidence[i];

		/* Only what the IP header alone tells has none. */
		if (!evidence->len && evidence->protocol != CENSOR_PROTOCOL_GRE &&
		    evidence->protocol != CENSOR_PROTOCOL_ESP)
			fail_msg("no evidence of %s", censor_protocol_name(evidence->protocol));
	}
	assert_true(ctx->n_effects <= CENSOR_EFFECTS_MAX);
	rig->seen.n_effects = ctx->n_effects;
	memcpy(rig->seen.effects, ctx->effects, sizeof(rig->seen.effects));
	for (i = 0; i < ctx->n_effects; i++)
		set_block(rig, &ctx->effects[i]);
	if (ctx->rewrite) {
		spill.len = censor_forge_rewrite(view, ctx->rewrite, spill.data);
		assert_true(spill.len <= CENSOR_FORGE_SIZE);
		assert_true(wire_checksums_ok(spill.data, spill.len));
	}
	censor_forge_start(&forger, rig->pol, flow, view, ctx);
	for (;;) {
		out = rig->seen.n_forged < RIG_FORGED ? &rig->seen.forged[rig->seen.n_forged] :
							 &spill;
		out->len = censor_forge_next(&forger, out->data);
		if (!out->len)
			break;
		out->to = forger.to;
		out->match = forger.match;
		out->delay_us = forger.delay_us;
		assert_true(out->len <= CENSOR_FORGE_SIZE);
		assert_true(out->to == CENSOR_TO_CLIENT || out->to == CENSOR_TO_SERVER);
		assert_true(wire_checksums_ok(out->data, out->len));
		rig->seen.n_forged++;
	}
}

static void judge(struct rig *rig, struct censor_packet_view *view)
{
	const struct censor_block *block = NULL;
	struct censor_context *ctx = &rig->ctx;
	struct seen *seen = &rig->seen;
	struct censor_flow *flow;
	struct censor_key key;
	u8 *spare;
	u32 i;

	censor_packet_key(view, &key);
	flow = find_flow(rig, &key);
	if (flow && !rig->no_fast) {
		enum censor_fate fate = censor_flow_decided(rig->pol, rig->shared, flow, view,
							    era(rig), rig->n_blocks, rig->now);

		seen->fast = fate != CENSOR_FATE_OPEN;
		seen->drop = fate == CENSOR_FATE_DROP;
		seen->rewrite = fate == CENSOR_FATE_REWRITE ? flow->rewrite : 0;
		seen->wait_us = fate == CENSOR_FATE_DELAY ? flow->wait_us : 0;
		seen->counts_for = flow->counts_for;
		seen->mark_rule = flow->mark_rule;
		seen->protocol = CENSOR_PROTOCOL_OF(flow->sights[0]);
		if (seen->fast)
			return;
	}
	if (censor_flow_wants_block(flow, view, era(rig), rig->n_blocks))
		block = find_block(rig, view);
	/* What an earlier packet left behind must not matter. */
	memset(ctx, 0xa5, sizeof(*ctx));
	spare = rig->no_buffer ? NULL : malloc(CENSOR_BUFFER_SIZE);
	ctx->spare = spare;
	ctx->report = rig->report;
	ctx->shared = rig->shared;
	ctx->wall = rig->wall;
	memset(rig->behind, 0xa5, sizeof(rig->behind));
	censor_inspect(rig->pol, era(rig), flow, view, block, rig->n_blocks, rig->now, ctx);
	for (i = 0; i < sizeof(rig->behind); i++)
		assert_int_equal(rig->behind[i], 0xa5);

	seen->drop = ctx->drop;
	seen->rewrite = ctx->rewrite;
	seen->wait_us = ctx->wait_us;
	seen->counts_for = flow ? flow->counts_for : 0;
	seen->mark_rule = flow ? flow->mark_rule : 0;
	seen->note = ctx->note;
	seen->started = ctx->started;
	seen->protocol = ctx->protocol;
	seen->counts = ctx->counts;
	assert_true(ctx->n_matches <= CENSOR_MATCHES_MAX);
	seen->n_matches = ctx->n_matches;
	memcpy(seen->matches, ctx->matches, sizeof(seen->matches));
	if (ctx->name_len)
		memcpy(seen->name, ctx->name, min(ctx->name_len, 255));
	carry_out(rig, flow, view);

	if (ctx->spare) {
		assert_ptr_equal(ctx->spare, spare);
		free(ctx->spare);
	} else if (spare) {
		rig->buffers++;
	}
	if (ctx->returned) {
		rig->buffers--;
		free(ctx->returned);
	}
}

const struct seen *rig_send_part(struct rig *rig, const u8 *packet, u32 cap, u32 wire, bool gso)
{
	struct censor_packet_view view;
	/* Of exactly this size, so that the address sanitizer sees every byte read beyond it. */
	u8 *copy = malloc(cap ? cap : 1);

	assert_non_null(copy);
	if (cap)
		memcpy(copy, packet, cap);
	rig->seen.n_forged = 0;
	memset(&rig->seen, 0, offsetof(struct seen, forged));
	rig->seen.parse = censor_packet_parse(&view, copy, cap, wire, gso);
	if (!rig->seen.parse) {
		if (view.tcp_hlen > 20 && view.tcp_at + view.tcp_hlen <= cap)
			censor_packet_options(&view, copy + view.tcp_at);
		if (cap == wire && !gso)
			censor_packet_checksums(&view, copy);
		judge(rig, &view);
	}
	free(copy);
	return &rig->seen;
}

const struct seen *rig_send(struct rig *rig, const u8 *packet, u32 len)
{
	const struct seen *seen = rig_send_part(rig, packet, len, len, false);

	assert_int_equal(seen->parse, 0);
	return seen;
}

struct censor_flow *rig_flow(struct rig *rig)
{
	return rig->n_flows ? &rig->flows[rig->n_flows - 1] : NULL;
}

struct talk talk_open(struct rig *rig, struct ends client)
{
	struct talk talk = { .rig = rig, .client = client, .seq = 1000001, .ack = 5000001 };
	const struct seen *seen;
	u8 buf[128];

	seen = rig_send(rig, buf, wire_tcp(buf, client, SYN, talk.seq - 1, 0, NULL, 0));
	assert_false(seen->drop);
	assert_int_equal(seen->n_matches, 0);
	seen = rig_send(rig, buf, wire_tcp(buf, ends_back(client), SYN | ACK, talk.ack - 1,
					   talk.seq, NULL, 0));
	assert_false(seen->drop);
	assert_int_equal(seen->n_matches, 0);
	seen = rig_send(rig, buf, wire_tcp(buf, client, ACK, talk.seq, talk.ack, NULL, 0));
	assert_false(seen->drop);
	assert_int_equal(seen->n_matches, 0);
	return talk;
}

const struct seen *talk_say_at(struct talk *talk, s32 offset, const void *data, u32 len)
{
	static u8 buf[WIRE_MAX];

	return rig_send(talk->rig, buf, wire_tcp(buf, talk->client, PSH | ACK,
						 talk->seq + (u32)offset, talk->ack, data, len));
}

const struct seen *talk_say(struct talk *talk, const void *data, u32 len)
{
	const struct seen *seen = talk_say_at(talk, 0, data, len);

	talk->seq += len;
	return seen;
}

const struct seen *talk_answer(struct talk *talk, const void *data, u32 len)
{
	static u8 buf[WIRE_MAX];
	const struct seen *seen;

	seen = rig_send(talk->rig, buf, wire_tcp(buf, ends_back(talk->client), PSH | ACK,
						 talk->ack, talk->seq, data, len));
	talk->ack += len;
	return seen;
}

const struct seen *talk_flags(struct talk *talk, bool by_client, u8 flags)
{
	struct ends ends = by_client ? talk->client : ends_back(talk->client);
	u8 buf[128];

	return rig_send(talk->rig, buf, wire_tcp(buf, ends, flags,
						 by_client ? talk->seq : talk->ack,
						 by_client ? talk->ack : talk->seq, NULL, 0));
}

struct censor_policy *policy_new(void)
{
	struct censor_policy *pol = censor_policy_create(1u << 30);

	assert_non_null(pol);
	assert_done(censor_policy_set_name(pol, "test", &why));
	return pol;
}

u8 split_form(const char *written, const char **text, size_t *len)
{
	bool star_first = *written == '*', star_last;

	*text = written;
	*len = strlen(written);
	star_last = *len > 1 && written[*len - 1] == '*';
	if (star_last)
		--*len;
	if (star_first || *written == '=' || *written == '.') {
		++*text;
		--*len;
	}
	if (star_first)
		return star_last ? CENSOR_FORM_SUBSTRING : CENSOR_FORM_ENDS;
	if (*written == '=')
		return star_last ? CENSOR_FORM_PREFIX : CENSOR_FORM_EXACT;
	if (*written == '.')
		return CENSOR_FORM_SUBDOMAIN;
	return star_last ? CENSOR_FORM_LABEL : CENSOR_FORM_SUFFIX;
}

u16 policy_names(struct censor_policy *pol, const char *name, const char *const *entries)
{
	const char *why = "", *text;
	size_t len;
	int set = censor_policy_add_set(pol, name, CENSOR_KIND_NAMES, false, &why);

	if (set < 0)
		fail_msg("set %s: %s", name, why);
	for (; *entries; entries++) {
		u8 form = split_form(*entries, &text, &len);

		assert_done(censor_policy_add_name(pol, (u32)set, form, text, len, &why));
	}
	return (u16)set;
}

struct censor_prefix policy_prefix(const char *text)
{
	struct censor_prefix prefix = { .family = strchr(text, ':') ? 6 : 4 };
	char addr[64];
	const char *slash = strchr(text, '/');

	snprintf(addr, sizeof(addr), "%.*s", (int)(slash ? slash - text : 60), text);
	if (inet_pton(prefix.family == 4 ? AF_INET : AF_INET6, addr, prefix.addr) != 1)
		fail_msg("%s is no prefix", text);
	prefix.bits = (u8)(slash ? atoi(slash + 1) : prefix.family == 4 ? 32 : 128);
	return prefix;
}

u16 policy_prefixes(struct censor_policy *pol, const char *name, const char *const *prefixes)
{
	const char *why = "";
	int set = censor_policy_add_set(pol, name, CENSOR_KIND_PREFIXES, false, &why);

	if (set < 0)
		fail_msg("set %s: %s", name, why);
	for (; *prefixes; prefixes++) {
		struct censor_prefix prefix = policy_prefix(*prefixes);

		assert_done(censor_policy_add_prefix(pol, (u32)set, &prefix, &why));
	}
	return (u16)set;
}

u16 policy_number(struct censor_policy *pol, u32 lo, u32 hi)
{
	const char *why = "";
	int set = censor_policy_add_set(pol, "", CENSOR_KIND_NUMBERS, false, &why);

	if (set < 0)
		fail_msg("numbers: %s", why);
	assert_done(censor_policy_add_numbers(pol, (u32)set, lo, hi, &why));
	return (u16)set;
}

void policy_rule_defaults(struct censor_rule *rule)
{
	if (!rule->chance.of)
		rule->chance.of = CENSOR_CERTAIN;
	if (!rule->residual.chance)
		rule->residual.chance = CENSOR_CERTAIN;
	if (!rule->drop_to)
		rule->drop_to = CENSOR_TO_BOTH;
	if (!rule->rewrite_to)
		rule->rewrite_to = CENSOR_TO_CLIENT;
	if (!rule->police.burst)
		rule->police.burst = censor_police_burst(rule->police.rate);
	if (!rule->police.to)
		rule->police.to = CENSOR_TO_BOTH;
	if (!rule->lose.to)
		rule->lose.to = CENSOR_TO_BOTH;
	if (!rule->hold.to)
		rule->hold.to = CENSOR_TO_BOTH;
	if (!rule->phases)
		rule->phases = CENSOR_PHASES_ALL;
}

u32 policy_rule_full(struct censor_policy *pol, const struct censor_rule *written)
{
	struct censor_rule full = *written, *rule = &full;
	const char *why = "";
	int index;

	policy_rule_defaults(rule);
	index = censor_policy_add_rule(pol, rule, &why);

	if (index < 0)
		fail_msg("rule %s: %s", rule->name, why);
	return (u32)index;
}

u32 policy_rule(struct censor_policy *pol, const char *name, u16 actions)
{
	struct censor_rule rule = { .actions = actions };

	snprintf(rule.name, sizeof(rule.name), "%s", name);
	return policy_rule_full(pol, &rule);
}

void policy_cond(struct censor_policy *pol, enum censor_attr attr, u16 set)
{
	assert_done(censor_policy_add_cond(pol, attr, false, &set, 1, &why));
}

void policy_cond_not(struct censor_policy *pol, enum censor_attr attr, u16 set)
{
	assert_done(censor_policy_add_cond(pol, attr, true, &set, 1, &why));
}

void policy_seal(struct censor_policy *pol)
{
	const char *why = "";
	int where = -2;

	if (censor_policy_seal(pol, &where, &why))
		fail_msg("seal: rule %d: %s", where, why);
}

u16 policy_inject(struct censor_policy *pol, const char *name, const struct censor_packet *packets,
		  u32 n)
{
	struct censor_inject inject = { .n_packets = (u8)n };
	const char *why = "";
	int index;

	snprintf(inject.name, sizeof(inject.name), "%s", name);
	memcpy(inject.packets, packets, n * sizeof(*packets));
	index = censor_policy_add_inject(pol, &inject, &why);
	if (index < 0)
		fail_msg("inject %s: %s", name, why);
	return (u16)index;
}

u16 policy_pool(struct censor_policy *pol, const char *name, const char *const *addresses)
{
	const char *why = "";
	int index = censor_policy_add_pool(pol, name, &why);

	if (index < 0)
		fail_msg("pool %s: %s", name, why);
	for (; *addresses; addresses++) {
		struct censor_prefix prefix = policy_prefix(*addresses);

		assert_done(censor_policy_add_address(pol, (u32)index, prefix.family, prefix.addr,
						      &why));
	}
	return (u16)index;
}
