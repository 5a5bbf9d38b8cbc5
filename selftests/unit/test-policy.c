// SPDX-License-Identifier: GPL-2.0
/* Building policies, and which rules act on a packet: policy.h. */
#include "test.h"
#include "rig.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"203.0.113.80"

static u8 buf[WIRE_MAX];

static u16 names1(struct censor_policy *pol)
{
	return policy_names(pol, "", NAMES("facebook.com"));
}

/* Everything that a policy can hold, and then that sealing says yes. */
static void test_whole(void **state)
{
	struct censor_policy *pol = policy_new();
	struct censor_prefix inside = policy_prefix("192.0.2.0/24");
	struct censor_packet rst = { .flags = RST, .to = CENSOR_TO_CLIENT, .copies = 1, .n_seq = 1 };
	struct censor_rule rule = {
		.name = "dns", .actions = CENSOR_DO_FORGE | CENSOR_DO_LOG,
		.forge = { .count = 1, .ip_ttl = { .lo = 64, .hi = 64 } },
	};
	u16 names, other;

	(void)state;
	assert_done(censor_policy_set_name(pol, "cn-2017-09", &why));
	assert_done(censor_policy_add_inside(pol, &inside, &why));
	names = policy_names(pol, "social", NAMES("facebook.com", ".twitter.com"));
	other = policy_names(pol, "press", NAMES("=nytimes.com"));
	rule.forge.pool = policy_pool(pol, "lies", NAMES("203.0.113.66", "2001:db8:bad::1"));
	policy_inject(pol, "gfw", &rst, 1);
	policy_rule_full(pol, &rule);
	assert_done(censor_policy_add_cond(pol, CENSOR_ATTR_DNS_QNAME, false,
					   (const u16[]){ names, other }, 2, &why));
	policy_cond(pol, CENSOR_ATTR_FROM, policy_number(pol, CENSOR_INSIDE, CENSOR_INSIDE));
	rule = (struct censor_rule){ .name = "sni", .residual.tuple = 11, .residual.ms = 180000,
				     .actions = CENSOR_DO_INJECT | CENSOR_DO_RESIDUAL };
	policy_rule_full(pol, &rule);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, names);
	policy_seal(pol);

	assert_string_equal(pol->name, "cn-2017-09");
	assert_int_equal(pol->n_rules, 2);
	assert_int_equal(pol->n_sets, 3);
	assert_int_equal(pol->sets[names].entries, 2);
	assert_false(pol->sets[names].anonymous);
	assert_true(pol->sets[2].anonymous);
	assert_int_equal(pol->tuples, 1u << 11);
	assert_int_equal(pol->rules[0].attrs, CENSOR_ATTR_BIT(CENSOR_ATTR_DNS_QNAME) |
			 CENSOR_ATTR_BIT(CENSOR_ATTR_FROM));
	assert_int_equal(pol->attrs, pol->rules[0].attrs | CENSOR_ATTR_BIT(CENSOR_ATTR_TLS_SNI));
	assert_int_equal(pol->rules[0].n, 2);
	assert_int_equal(pol->conds[pol->rules[0].first].n, 2);
	assert_true(pol->sealed);
	assert_true(pol->bytes <= pol->limit);
	censor_policy_destroy(pol);
}

/* A policy with no rules is one too: it lets all pass. */
static void test_no_rules(void **state)
{
	struct censor_policy *pol = policy_new();
	struct rig *rig;
	struct talk talk;

	(void)state;
	policy_seal(pol);
	rig = rig_new(pol);
	talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 443));
	assert_false(talk_say(&talk, buf, wire_hello_sni(buf, "facebook.com"))->drop);
	rig_free(rig);
	censor_policy_destroy(NULL);
}

static void test_sealed(void **state)
{
	struct censor_policy *pol = policy_new();
	struct censor_rule rule = { .name = "r", .actions = CENSOR_DO_LOG };
	struct censor_packet rst = { .flags = RST, .to = 1, .copies = 1, .n_seq = 1 };
	struct censor_inject inject = { .name = "i", .n_packets = 1, .packets = { rst } };
	struct censor_prefix prefix = policy_prefix("192.0.2.0/24");
	u16 set = names1(pol);
	int where;

	(void)state;
	policy_seal(pol);
	assert_refused(censor_policy_add_set(pol, "x", CENSOR_KIND_NAMES, false, &why), EINVAL);
	assert_refused(censor_policy_add_name(pol, set, 0, "x", 1, &why), EINVAL);
	assert_refused(censor_policy_add_inside(pol, &prefix, &why), EINVAL);
	assert_refused(censor_policy_add_inject(pol, &inject, &why), EINVAL);
	assert_refused(censor_policy_add_pool(pol, "p", &why), EINVAL);
	assert_refused(censor_policy_add_rule(pol, &rule, &why), EINVAL);
	assert_refused(censor_policy_add_cond(pol, CENSOR_ATTR_TLS_SNI, false, &set, 1, &why),
		       EINVAL);
	assert_refused(censor_policy_seal(pol, &where, &why), EINVAL);
	assert_int_equal(where, -1);
	censor_policy_destroy(pol);
}

static void test_names_of_things(void **state)
{
	struct censor_policy *pol = policy_new();
	char name[80];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[64] = 0;
	assert_refused(censor_policy_add_set(pol, name, CENSOR_KIND_NAMES, false, &why), EINVAL);
	assert_refused(censor_policy_add_pool(pol, name, &why), EINVAL);
	assert_refused(censor_policy_set_name(pol, name, &why), EINVAL);
	assert_refused(censor_policy_add_pool(pol, "", &why), EINVAL);
	assert_refused(censor_policy_set_name(pol, "", &why), EINVAL);
	assert_refused(censor_policy_set_name(pol, "a\nb", &why), EINVAL);
	name[63] = 0;
	assert_done(censor_policy_add_set(pol, name, CENSOR_KIND_NAMES, false, &why));
	assert_done(censor_policy_set_name(pol, name, &why));
	assert_string_equal(pol->name, name);
	censor_policy_destroy(pol);
}

static void test_duplicate_names(void **state)
{
	u32 what, i;

	(void)state;
	for (what = 0; what < 4; what++) {
		struct censor_packet rst = { .flags = RST, .to = 1, .copies = 1, .n_seq = 1 };
		struct censor_policy *pol = policy_new();
		int where;

		for (i = 0; i < 2; i++) {
			if (what == 0) {
				policy_names(pol, "same", NAMES("a.com"));
			} else if (what == 1) {
				policy_inject(pol, "same", &rst, 1);
			} else if (what == 2) {
				policy_pool(pol, "same", NAMES("192.0.2.1"));
			} else {
				policy_rule(pol, "same", CENSOR_DO_LOG);
				policy_cond(pol, CENSOR_ATTR_TLS_SNI, names1(pol));
			}
		}
		assert_refused(censor_policy_seal(pol, &where, &why), EEXIST);
		censor_policy_destroy(pol);
	}
	/* Things of different kinds may share a name, and anonymous sets have none. */
	{
		struct censor_packet rst = { .flags = RST, .to = 1, .copies = 1, .n_seq = 1 };
		struct censor_policy *pol = policy_new();

		policy_names(pol, "same", NAMES("a.com"));
		policy_inject(pol, "same", &rst, 1);
		policy_pool(pol, "same", NAMES("192.0.2.1"));
		names1(pol);
		names1(pol);
		policy_seal(pol);
		censor_policy_destroy(pol);
	}
}

static void test_sets_refused(void **state)
{
	struct censor_policy *pol = policy_new();
	struct censor_prefix prefix = policy_prefix("192.0.2.0/24");
	u16 names = names1(pol), number = policy_number(pol, 80, 80);
	int where;

	(void)state;
	assert_refused(censor_policy_add_set(pol, "x", 3, false, &why), EINVAL);
	assert_refused(censor_policy_add_name(pol, 99, 0, "x", 1, &why), ENOENT);
	assert_refused(censor_policy_add_name(pol, number, 0, "x", 1, &why), EINVAL);
	assert_refused(censor_policy_add_prefix(pol, names, &prefix, &why), EINVAL);
	assert_refused(censor_policy_add_numbers(pol, names, 1, 1, &why), EINVAL);
	assert_refused(censor_policy_add_numbers(pol, number, 1, 65536, &why), EINVAL);
	assert_refused(censor_policy_add_name(pol, names, 0, "", 0, &why), EINVAL);
	assert_int_equal(pol->sets[names].entries, 1);
	assert_int_equal(pol->sets[number].entries, 1);
	/* An empty set can't be meant. */
	assert_done(censor_policy_add_set(pol, "empty", CENSOR_KIND_NAMES, false, &why));
	assert_refused(censor_policy_seal(pol, &where, &why), EINVAL);
	censor_policy_destroy(pol);

	pol = policy_new();
	assert_done(censor_policy_add_pool(pol, "empty", &why));
	assert_refused(censor_policy_seal(pol, &where, &why), EINVAL);
	assert_refused(censor_policy_add_address(pol, 1, 4, prefix.addr, &why), ENOENT);
	assert_refused(censor_policy_add_address(pol, 0, 5, prefix.addr, &why), EINVAL);
	censor_policy_destroy(pol);
}

static void test_limits(void **state)
{
	struct censor_policy *pol = policy_new();
	struct censor_packet rst = { .flags = RST, .to = 1, .copies = 1, .n_seq = 1 };
	struct censor_inject inject = { .n_packets = 1, .packets = { rst } };
	struct censor_rule rule = { .actions = CENSOR_DO_LOG };
	struct censor_prefix prefix = policy_prefix("192.0.2.0/24");
	u16 sets[CENSOR_COND_SETS_MAX + 1];
	u32 i;

	(void)state;
	for (i = 0; i < CENSOR_INSIDE_MAX; i++)
		assert_done(censor_policy_add_inside(pol, &prefix, &why));
	assert_refused(censor_policy_add_inside(pol, &prefix, &why), E2BIG);
	for (i = 0; i < CENSOR_INJECTS_MAX; i++) {
		sprintf(inject.name, "i%u", i);
		assert_int_equal(censor_policy_add_inject(pol, &inject, &(const char *){ 0 }), i);
	}
	assert_refused(censor_policy_add_inject(pol, &inject, &why), E2BIG);
	for (i = 0; i < CENSOR_POOLS_MAX; i++) {
		sprintf(inject.name, "p%u", i);
		policy_pool(pol, inject.name, NAMES("192.0.2.1"));
	}
	assert_refused(censor_policy_add_pool(pol, "x", &why), E2BIG);

	sprintf(rule.name, "first");
	policy_rule_full(pol, &rule);
	for (i = 0; i <= CENSOR_COND_SETS_MAX; i++)
		sets[i] = names1(pol);
	assert_done(censor_policy_add_cond(pol, CENSOR_ATTR_TLS_SNI, false, sets,
					   CENSOR_COND_SETS_MAX, &why));
	assert_refused(censor_policy_add_cond(pol, CENSOR_ATTR_TLS_SNI, false, sets,
					      CENSOR_COND_SETS_MAX + 1, &why), EINVAL);
	for (i = 1; i < CENSOR_CONDS_MAX; i++)
		policy_cond(pol, CENSOR_ATTR_TLS_SNI, sets[0]);
	assert_refused(censor_policy_add_cond(pol, CENSOR_ATTR_TLS_SNI, false, sets, 1, &why),
		       E2BIG);
	for (i = 1; i < CENSOR_RULES_MAX; i++) {
		sprintf(rule.name, "r%u", i);
		policy_rule_full(pol, &rule);
		policy_cond(pol, CENSOR_ATTR_TLS_SNI, sets[0]);
	}
	sprintf(rule.name, "last");
	policy_rule_defaults(&rule);
	assert_refused(censor_policy_add_rule(pol, &rule, &why), E2BIG);
	while (pol->n_sets < CENSOR_SETS_MAX)
		names1(pol);
	assert_refused(censor_policy_add_set(pol, "x", CENSOR_KIND_NAMES, false, &why), E2BIG);
	censor_policy_destroy(pol);
}

static void test_injects_refused(void **state)
{
	static const struct censor_packet good = {
		.flags = RST, .to = CENSOR_TO_CLIENT | CENSOR_TO_SERVER, .copies = 3, .n_seq = 3,
		.seq = { 0, 1460, 4380 }, .ttl = { CENSOR_PICK_MIRROR, 0, 0 },
		.ip_id = { CENSOR_PICK_CYCLIC, 0x9916, 0x9933 }, .window = { 0, 0, 65535 },
	};
	struct censor_packet bad[12];
	struct censor_policy *pol = policy_new();
	struct censor_inject inject = { .name = "gfw" };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		bad[i] = good;
	bad[0].copies = 0;
	bad[1].copies = CENSOR_COPIES_MAX + 1;
	bad[2].to = 0;
	bad[3].to = 4;
	bad[4].n_seq = 0;
	bad[5].n_seq = CENSOR_COPIES_MAX + 1;
	bad[6].ttl = (struct censor_field){ CENSOR_PICK_RANGE, 0, 256 };
	bad[7].ttl = (struct censor_field){ CENSOR_PICK_RANGE, 65, 64 };
	bad[8].ip_id = (struct censor_field){ CENSOR_PICK_CYCLIC, 2, 1 };
	bad[9].window = (struct censor_field){ 3, 0, 0 };
	bad[10].ttl.pick = 9;
	bad[11].window = (struct censor_field){ CENSOR_PICK_RANGE, 9, 8 };
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		inject.n_packets = 2;
		inject.packets[0] = good;
		inject.packets[1] = bad[i];
		assert_refused(censor_policy_add_inject(pol, &inject, &why), EINVAL);
	}
	inject.n_packets = 0;
	assert_refused(censor_policy_add_inject(pol, &inject, &why), EINVAL);
	inject.n_packets = CENSOR_PACKETS_MAX + 1;
	assert_refused(censor_policy_add_inject(pol, &inject, &why), EINVAL);
	assert_int_equal(pol->n_injects, 0);
	for (i = 0; i < CENSOR_PACKETS_MAX; i++)
		inject.packets[i] = good;
	inject.n_packets = CENSOR_PACKETS_MAX;
	assert_done(censor_policy_add_inject(pol, &inject, &why));
	censor_policy_destroy(pol);
}

/* What one packet can make the censor send is bounded, all packets of an inject together. */
static void test_injects_sent(void **state)
{
	static const struct {
		u32 len;		/* of the page, in segments of @segment */
		u16 segment;
		u8 to, copies;
		bool rst;		/* and a packet without a page */
		bool refused;
	} rows[] = {
		{ 1024, 1, CENSOR_TO_CLIENT, 1, false, false },
		{ 1025, 1, CENSOR_TO_CLIENT, 1, false, true },
		{ 1023, 1, CENSOR_TO_SERVER, 1, true, false },
		{ 1024, 1, CENSOR_TO_SERVER, 1, true, true },
		{ 512, 1, CENSOR_TO_BOTH, 1, false, false },
		{ 513, 1, CENSOR_TO_BOTH, 1, false, true },
		{ 512, 1, CENSOR_TO_BOTH, 1, true, true },
		{ 128, 1, CENSOR_TO_CLIENT, 8, false, false },
		{ 129, 1, CENSOR_TO_CLIENT, 8, false, true },
		{ 8192, 128, CENSOR_TO_BOTH, 8, false, false },
		{ 8192, 127, CENSOR_TO_BOTH, 8, false, true },
		{ 8192, 8, CENSOR_TO_CLIENT, 1, false, false },
		{ 8191, 8, CENSOR_TO_CLIENT, 1, false, false },
		{ 8192, 1, CENSOR_TO_BOTH, 8, false, true },
	};
	static const u8 bytes[CENSOR_PAGE_SIZE];
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct censor_policy *pol = policy_new();
		struct censor_packet packets[2] = {
			{ .flags = ACK, .to = rows[i].to, .copies = rows[i].copies, .n_seq = 1,
			  .page = 1, .segment = rows[i].segment },
			{ .flags = RST, .to = CENSOR_TO_CLIENT, .copies = 1, .n_seq = 1 },
		};
		const char *why = NULL;
		int where = 0, err;

		assert_done(censor_policy_add_page(pol, "page", &why));
		assert_done(censor_policy_add_page_data(pol, 0, bytes, rows[i].len, &why));
		/* What another inject sends does not count. */
		policy_inject(pol, "rst", packets + 1, 1);
		policy_inject(pol, "page", packets, rows[i].rst ? 2 : 1);
		err = censor_policy_seal(pol, &where, &why);
		if (err != (rows[i].refused ? -E2BIG : 0))
			fail_msg("row %u: %d (%s)", i, err, why ? why : "no reason");
		if (rows[i].refused)
			assert_non_null(strstr(why, "at most 1024 packets"));
		assert_int_equal(pol->sealed, !rows[i].refused);
		censor_policy_destroy(pol);
	}
}

static void test_rules_refused(void **state)
{
	static const struct {
		u16 actions;
		u8 tuple;
		u32 ms;
		int error;
	} rows[] = {
		{ 0, 0, 0, EINVAL },
		{ CENSOR_DO_ALL + 1, 0, 0, EINVAL },
		{ CENSOR_DO_LOG | 0x8000, 0, 0, EINVAL },
		{ CENSOR_DO_PASS | CENSOR_DO_DROP, 0, 0, EINVAL },
		{ CENSOR_DO_PASS | CENSOR_DO_INJECT, 0, 0, EINVAL },
		{ CENSOR_DO_PASS | CENSOR_DO_FORGE, 0, 0, EINVAL },
		{ CENSOR_DO_PASS | CENSOR_DO_RESIDUAL, 11, 1000, EINVAL },
		{ CENSOR_DO_RESIDUAL, 11, 1000, EINVAL },
		{ CENSOR_DO_RESIDUAL | CENSOR_DO_LOG, 11, 1000, EINVAL },
		{ CENSOR_DO_RESIDUAL | CENSOR_DO_FORGE, 11, 1000, EINVAL },
		{ CENSOR_DO_RESIDUAL | CENSOR_DO_DROP, 0, 1000, EINVAL },
		{ CENSOR_DO_RESIDUAL | CENSOR_DO_DROP, 16, 1000, EINVAL },
		{ CENSOR_DO_RESIDUAL | CENSOR_DO_DROP, 11, 0, EINVAL },
		{ CENSOR_DO_PASS | CENSOR_DO_LOG, 0, 0, 0 },
		{ CENSOR_DO_DROP | CENSOR_DO_LOG, 0, 0, 0 },
		{ CENSOR_DO_DROP | CENSOR_DO_INJECT, 0, 0, 0 },
		{ CENSOR_DO_DROP | CENSOR_DO_FORGE, 0, 0, 0 },
		{ CENSOR_DO_INJECT | CENSOR_DO_RESIDUAL, 15, 1, 0 },
		{ CENSOR_DO_DROP | CENSOR_DO_RESIDUAL, 1, 1, 0 },
		{ CENSOR_DO_DROP | CENSOR_DO_INJECT | CENSOR_DO_RESIDUAL | CENSOR_DO_LOG, 3, 1, 0 },
	};
	struct censor_packet rst = { .flags = RST, .to = 1, .copies = 1, .n_seq = 1 };
	struct censor_policy *pol = policy_new();
	struct censor_rule rule = { .name = "r" };
	u32 i, n = 0;

	(void)state;
	policy_inject(pol, "gfw", &rst, 1);
	policy_pool(pol, "lies", NAMES("192.0.2.1"));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		rule.actions = rows[i].actions;
		rule.residual.tuple = rows[i].tuple;
		rule.residual.ms = rows[i].ms;
		rule.forge.count = 1;
		policy_rule_defaults(&rule);
		if (rows[i].error) {
			assert_refused(censor_policy_add_rule(pol, &rule, &why), rows[i].error);
		} else {
			assert_int_equal(censor_policy_add_rule(pol, &rule, &(const char *){ 0 }),
					 n++);
		}
	}
	rule = (struct censor_rule){ .name = "r", .actions = CENSOR_DO_INJECT, .inject = 1 };
	policy_rule_defaults(&rule);
	assert_refused(censor_policy_add_rule(pol, &rule, &why), ENOENT);
	rule = (struct censor_rule){ .name = "r", .actions = CENSOR_DO_FORGE,
				     .forge = { .count = 1, .pool = 1 } };
	policy_rule_defaults(&rule);
	assert_refused(censor_policy_add_rule(pol, &rule, &why), ENOENT);
	rule.forge = (struct censor_forge){ .count = 0 };
	assert_refused(censor_policy_add_rule(pol, &rule, &why), EINVAL);
	rule.forge.count = CENSOR_ANSWERS_MAX + 1;
	assert_refused(censor_policy_add_rule(pol, &rule, &why), EINVAL);
	rule.forge = (struct censor_forge){ .count = 1, .ttl_lo = 2, .ttl_hi = 1 };
	assert_refused(censor_policy_add_rule(pol, &rule, &why), EINVAL);
	rule.forge = (struct censor_forge){ .count = 1, .ip_ttl = { 0, 0, 256 } };
	assert_refused(censor_policy_add_rule(pol, &rule, &why), EINVAL);
	rule = (struct censor_rule){ .actions = CENSOR_DO_LOG };
	assert_refused(censor_policy_add_rule(pol, &rule, &why), EINVAL);
	assert_int_equal(pol->n_rules, n);
	censor_policy_destroy(pol);
}

static void test_conds_refused(void **state)
{
	struct censor_policy *pol = policy_new();
	u16 names = names1(pol), none = 77;

	(void)state;
	assert_refused(censor_policy_add_cond(pol, CENSOR_ATTR_TLS_SNI, false, &names, 1, &why),
		       EINVAL);
	policy_rule(pol, "r", CENSOR_DO_LOG);
	assert_refused(censor_policy_add_cond(pol, CENSOR_ATTR_COUNT, false, &names, 1, &why),
		       EINVAL);
	assert_refused(censor_policy_add_cond(pol, CENSOR_ATTR_PORT, false, &names, 1, &why),
		       EINVAL);
	assert_refused(censor_policy_add_cond(pol, CENSOR_ATTR_IP, false, &names, 1, &why),
		       EINVAL);
	assert_refused(censor_policy_add_cond(pol, CENSOR_ATTR_TLS_SNI, false, &none, 1, &why),
		       ENOENT);
	assert_refused(censor_policy_add_cond(pol, CENSOR_ATTR_TLS_SNI, false, &names, 0, &why),
		       EINVAL);
	assert_int_equal(pol->rules[0].n, 0);
	assert_int_equal(pol->rules[0].attrs, 0);
	censor_policy_destroy(pol);
}

static void test_attr_kinds(void **state)
{
	static const u8 kinds[CENSOR_ATTR_COUNT] = {
		[CENSOR_ATTR_FROM] = CENSOR_KIND_NUMBERS, [CENSOR_ATTR_PROTO] = CENSOR_KIND_NUMBERS,
		[CENSOR_ATTR_IP] = CENSOR_KIND_PREFIXES, [CENSOR_ATTR_IP_SRC] = CENSOR_KIND_PREFIXES,
		[CENSOR_ATTR_IP_DST] = CENSOR_KIND_PREFIXES, [CENSOR_ATTR_PORT] = CENSOR_KIND_NUMBERS,
		[CENSOR_ATTR_PORT_SRC] = CENSOR_KIND_NUMBERS,
		[CENSOR_ATTR_PORT_DST] = CENSOR_KIND_NUMBERS,
		[CENSOR_ATTR_DNS_QNAME] = CENSOR_KIND_NAMES,
		[CENSOR_ATTR_DNS_QTYPE] = CENSOR_KIND_NUMBERS,
		[CENSOR_ATTR_HTTP_HOST] = CENSOR_KIND_NAMES,
		[CENSOR_ATTR_HTTP_TARGET] = CENSOR_KIND_NAMES,
		[CENSOR_ATTR_TLS_SNI] = CENSOR_KIND_NAMES,
		[CENSOR_ATTR_CLIENT] = CENSOR_KIND_NUMBERS,
		[CENSOR_ATTR_PROTOCOL] = CENSOR_KIND_NUMBERS,
		[CENSOR_ATTR_TLS_ALPN] = CENSOR_KIND_NAMES,
		[CENSOR_ATTR_TLS_VERSION] = CENSOR_KIND_NUMBERS,
		[CENSOR_ATTR_TLS_HAS] = CENSOR_KIND_NUMBERS,
		[CENSOR_ATTR_TLS_CERT] = CENSOR_KIND_NAMES,
		[CENSOR_ATTR_TLS_JA3] = CENSOR_KIND_NAMES,
		[CENSOR_ATTR_TLS_JA4] = CENSOR_KIND_NAMES,
		[CENSOR_ATTR_QUIC_SNI] = CENSOR_KIND_NAMES,
		[CENSOR_ATTR_QUIC_VERSION] = CENSOR_KIND_NUMBERS,
		[CENSOR_ATTR_HTTP_TEXT] = CENSOR_KIND_NAMES,
		[CENSOR_ATTR_FTP_COMMAND] = CENSOR_KIND_NAMES,
		[CENSOR_ATTR_SMTP_COMMAND] = CENSOR_KIND_NAMES,
		[CENSOR_ATTR_DNS_QCLASS] = CENSOR_KIND_NUMBERS,
		[CENSOR_ATTR_DNS_QDCOUNT] = CENSOR_KIND_NUMBERS,
	};
	static const char *const names[CENSOR_ATTR_COUNT] = {
		"from", "proto", "ip", "ip.src", "ip.dst", "port", "port.src", "port.dst",
		"dns.qname", "dns.qtype", "http.host", "http.target", "tls.sni",
		"client", "protocol", "tls.alpn", "tls.version", "tls.has", "tls.cert", "tls.ja3",
		"tls.ja4", "quic.sni", "quic.version", "http.text", "ftp.command", "smtp.command",
		"dns.qclass", "dns.qdcount",
	};
	u32 i;

	(void)state;
	for (i = 0; i < CENSOR_ATTR_COUNT; i++) {
		assert_int_equal(censor_attr_kind(i), kinds[i]);
		assert_string_equal(censor_attr_name(i), names[i]);
	}
	assert_string_equal(censor_protocol_name(CENSOR_PROTOCOL_UNKNOWN), "unknown");
	assert_string_equal(censor_protocol_name(CENSOR_PROTOCOL_DNS), "dns");
	assert_string_equal(censor_protocol_name(CENSOR_PROTOCOL_HTTP), "http");
	assert_string_equal(censor_protocol_name(CENSOR_PROTOCOL_TLS), "tls");
}

/* The rule at fault is named when the whole is checked. */
static void test_seal_refused(void **state)
{
	u32 row;

	(void)state;
	for (row = 0; row < 5; row++) {
		struct censor_policy *pol = policy_new();
		u16 names = names1(pol);
		int where = 99;

		policy_pool(pol, "lies", NAMES("192.0.2.1"));
		policy_rule(pol, "good", CENSOR_DO_LOG);
		policy_cond(pol, CENSOR_ATTR_TLS_SNI, names);
		switch (row) {
		case 0:		/* no condition */
			policy_rule(pol, "bad", CENSOR_DO_LOG);
			break;
		case 1:		/* never true */
			policy_rule(pol, "bad", CENSOR_DO_LOG);
			policy_cond(pol, CENSOR_ATTR_TLS_SNI, names);
			policy_cond(pol, CENSOR_ATTR_HTTP_HOST, names);
			break;
		case 2:		/* from without inside */
			policy_rule(pol, "bad", CENSOR_DO_LOG);
			policy_cond(pol, CENSOR_ATTR_FROM, policy_number(pol, 0, 0));
			break;
		case 3: {	/* an answer to no question */
			struct censor_rule rule = { .name = "bad", .actions = CENSOR_DO_FORGE,
						    .forge = { .count = 1 } };

			policy_rule_full(pol, &rule);
			policy_cond(pol, CENSOR_ATTR_TLS_SNI, names);
			break;
		}
		default:	/* two messages at once */
			policy_rule(pol, "bad", CENSOR_DO_LOG);
			policy_cond(pol, CENSOR_ATTR_TLS_SNI, names);
			policy_cond(pol, CENSOR_ATTR_TLS_CERT, names);
		}
		assert_refused(censor_policy_seal(pol, &where, &why), EINVAL);
		assert_int_equal(where, 1);
		censor_policy_destroy(pol);
	}
	{
		struct censor_policy *pol = censor_policy_create(1 << 20);
		int where = 99;

		assert_refused(censor_policy_seal(pol, &where, &why), EINVAL);
		assert_int_equal(where, -1);
		censor_policy_destroy(pol);
	}
}

/* What it says it takes is within the limit, or it is refused. */
static void test_quota(void **state)
{
	struct censor_policy *pol = censor_policy_create(100000);
	const char *why = NULL;
	char name[32];
	int set, err = 0, where;
	u32 i;

	(void)state;
	assert_done(censor_policy_set_name(pol, "quota", &why));
	set = censor_policy_add_set(pol, "many", CENSOR_KIND_NAMES, false, &why);
	for (i = 0; i < 100000 && !err; i++) {
		sprintf(name, "name%u.example", i);
		err = censor_policy_add_name(pol, (u32)set, 0, name, strlen(name), &why);
	}
	if (!err)
		err = censor_policy_seal(pol, &where, &why);
	assert_int_equal(err, -EDQUOT);
	assert_non_null(why);
	assert_true(i > 1000);
	/* An array is doubled at most once beyond it. */
	assert_true(pol->bytes < 2 * 100000 + 1000);
	censor_policy_destroy(pol);

	pol = censor_policy_create(100);
	assert_refused(censor_policy_add_set(pol, "x", CENSOR_KIND_NAMES, false, &why), EDQUOT);
	censor_policy_destroy(pol);
}

/* A rule with one condition on an attribute; a packet that has it and one that has not. */
static void expect_rules(struct rig *rig, const struct seen *seen, const char *expected)
{
	char text[256] = "";
	u32 i;

	for (i = 0; i < seen->n_matches; i++)
		sprintf(text + strlen(text), "%s%s", i ? " " : "",
			rig->pol->rules[seen->matches[i].rule].name);
	if (seen->drop)
		strcat(text, "!");
	assert_string_equal(text, expected);
}

static void test_packet_attrs(void **state)
{
	struct censor_policy *pol = policy_new();
	struct censor_prefix inside = policy_prefix("192.0.2.0/24");
	struct rig *rig;
	u16 client, server;

	(void)state;
	assert_done(censor_policy_add_inside(pol, &inside, &why));
	inside = policy_prefix("2001:db8:1::/48");
	assert_done(censor_policy_add_inside(pol, &inside, &why));
	client = policy_prefixes(pol, "client", NAMES("192.0.2.10", "2001:db8:1::10"));
	server = policy_prefixes(pol, "server", NAMES("203.0.113.0/24", "2001:db8:2::/64"));
	policy_rule(pol, "in", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_FROM, policy_number(pol, CENSOR_INSIDE, CENSOR_INSIDE));
	policy_rule(pol, "out", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_FROM, policy_number(pol, CENSOR_OUTSIDE, CENSOR_OUTSIDE));
	policy_rule(pol, "udp", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_PROTO, policy_number(pol, 17, 17));
	policy_rule(pol, "ip", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_IP, server);
	policy_rule(pol, "src", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_IP_SRC, client);
	policy_rule(pol, "dst", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_IP_DST, server);
	policy_rule(pol, "port", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_PORT, policy_number(pol, 443, 443));
	policy_rule(pol, "sport", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_PORT_SRC, policy_number(pol, 1024, 65535));
	policy_rule(pol, "dport", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 443, 444));
	policy_seal(pol);
	rig = rig_new(pol);

	expect_rules(rig, rig_send(rig, buf, wire_tcp(buf, ends4(CLIENT, 40000, SERVER, 443), SYN, 1,
						      0, NULL, 0)),
		     "in ip src dst port sport dport");
	expect_rules(rig, rig_send(rig, buf, wire_tcp(buf, ends4(SERVER, 443, CLIENT, 40000),
						      SYN | ACK, 1, 2, NULL, 0)),
		     "out ip port");
	expect_rules(rig, rig_send(rig, buf, wire_udp(buf, ends6("2001:db8:1::10", 500,
								 "2001:db8:2::1", 444), "x", 1)),
		     "in udp ip src dst dport");
	expect_rules(rig, rig_send(rig, buf, wire_udp(buf, ends6("2001:db8:2::1", 444,
								 "2001:db8:1::10", 500), "x", 1)),
		     "out udp ip");
	expect_rules(rig, rig_send(rig, buf, wire_ip(buf, ends4("198.51.100.1", 0, "198.51.100.2", 0),
						     &(struct header){ 0 }, 1, "\x08\0\0\0", 4)),
		     "out");
	rig_free(rig);
}

/* What an event says of the value that matched. */
static void test_match_values(void **state)
{
	struct censor_policy *pol = policy_new();
	struct censor_prefix addr = policy_prefix(SERVER);
	u16 server, ports, dots;
	const struct seen *seen;
	struct rig *rig;

	(void)state;
	server = policy_prefixes(pol, "server", NAMES("203.0.113.0/24"));
	ports = policy_number(pol, 443, 443);
	dots = policy_names(pol, "social", NAMES("facebook.com"));
	policy_rule(pol, "ip", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_IP, server);
	policy_rule(pol, "port", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_PORT, ports);
	policy_rule(pol, "not", CENSOR_DO_LOG);
	policy_cond_not(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 1, 2));
	policy_rule(pol, "dns", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_DNS_QNAME, dots);
	policy_seal(pol);
	rig = rig_new(pol);

	/* The server's packet: it is the source address and the source port that are in the sets. */
	seen = rig_send(rig, buf, wire_tcp(buf, ends4(SERVER, 443, CLIENT, 40000), SYN | ACK, 1, 2,
					   NULL, 0));
	assert_int_equal(seen->n_matches, 3);
	assert_int_equal(seen->matches[0].attr, CENSOR_ATTR_IP);
	assert_int_equal(seen->matches[0].set, server);
	assert_int_equal(seen->matches[0].value_len, 4);
	assert_memory_equal(seen->value[0], addr.addr, 4);
	assert_int_equal(seen->matches[0].actions, CENSOR_DO_LOG);
	assert_false(seen->matches[0].residual);
	assert_int_equal(seen->matches[1].attr, CENSOR_ATTR_PORT);
	assert_int_equal(seen->matches[1].set, ports);
	assert_null(seen->matches[1].value);
	assert_int_equal(seen->matches[1].number, 443);
	assert_int_equal(seen->matches[2].attr, CENSOR_ATTR_PORT_DST);
	assert_int_equal(seen->matches[2].set, -1);
	assert_int_equal(seen->matches[2].number, 40000);

	seen = rig_send(rig, buf, wire_udp(buf, ends4(CLIENT, 40001, "198.51.100.53", 53), buf + 2000,
					   wire_dns(buf + 2000, 1, DNS_RD, "WWW.Facebook.com", 1, 1)));
	assert_int_equal(seen->n_matches, 2);
	assert_int_equal(seen->matches[1].attr, CENSOR_ATTR_DNS_QNAME);
	assert_int_equal(seen->matches[1].set, dots);
	assert_int_equal(seen->matches[1].value_len, 16);
	assert_string_equal(seen->value[1], "www.facebook.com");
	rig_free(rig);
}

/* Of several conditions the one is told that holds most rarely, wherever it stands. */
static void test_match_attr(void **state)
{
	u32 turn, i;

	(void)state;
	for (turn = 0; turn < 3; turn++) {
		struct censor_policy *pol = policy_new();
		struct rig *rig;

		policy_rule(pol, "name", CENSOR_DO_LOG);
		for (i = 0; i < 3; i++) {
			switch ((i + turn) % 3) {
			case 0:
				policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 53, 53));
				break;
			case 1:
				policy_cond(pol, CENSOR_ATTR_IP_DST,
					    policy_prefixes(pol, "", NAMES(SERVER)));
				break;
			default:
				policy_cond(pol, CENSOR_ATTR_DNS_QNAME, names1(pol));
			}
		}
		policy_rule(pol, "address", CENSOR_DO_LOG);
		for (i = 0; i < 2; i++) {
			if ((i + turn) % 2)
				policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 53, 53));
			else
				policy_cond(pol, CENSOR_ATTR_IP_DST,
					    policy_prefixes(pol, "", NAMES(SERVER)));
		}
		policy_seal(pol);
		rig = rig_new(pol);
		rig_send(rig, buf, wire_udp(buf, ends4(CLIENT, 4000, SERVER, 53), buf + 2000,
					    wire_dns(buf + 2000, 1, DNS_RD, "facebook.com", 1, 1)));
		assert_int_equal(rig->seen.n_matches, 2);
		assert_int_equal(rig->seen.matches[0].attr, CENSOR_ATTR_IP_DST);
		assert_int_equal(rig->seen.matches[1].attr, CENSOR_ATTR_DNS_QNAME);
		rig_free(rig);
	}
}

/* Rules act in their order; drop and pass end it. */
static void test_order(void **state)
{
	static const struct {
		u8 actions[4];
		const char *expected;
	} rows[] = {
		{ { CENSOR_DO_LOG, CENSOR_DO_LOG, CENSOR_DO_LOG, CENSOR_DO_LOG }, "a b c d" },
		{ { CENSOR_DO_LOG, CENSOR_DO_DROP, CENSOR_DO_LOG, CENSOR_DO_LOG }, "a b!" },
		{ { CENSOR_DO_LOG, CENSOR_DO_PASS, CENSOR_DO_DROP, CENSOR_DO_LOG }, "a b" },
		{ { CENSOR_DO_PASS, CENSOR_DO_DROP, CENSOR_DO_DROP, CENSOR_DO_LOG }, "a" },
		{ { CENSOR_DO_DROP | CENSOR_DO_LOG, CENSOR_DO_PASS, CENSOR_DO_LOG, CENSOR_DO_LOG },
		  "a!" },
		{ { CENSOR_DO_LOG, CENSOR_DO_LOG | CENSOR_DO_PASS, CENSOR_DO_DROP, CENSOR_DO_LOG },
		  "a b" },
		{ { CENSOR_DO_INJECT, CENSOR_DO_LOG, CENSOR_DO_INJECT, CENSOR_DO_DROP },
		  "a b c d!" },
	};
	static const char *const rule_names[4] = { "a", "b", "c", "d" };
	static const u8 attrs[4] = { CENSOR_ATTR_PORT_DST, CENSOR_ATTR_IP_DST, CENSOR_ATTR_PROTO,
				     CENSOR_ATTR_PORT };
	u32 i, j, turn;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (turn = 0; turn < 4; turn++) {
			struct censor_packet rst = { .flags = RST, .to = 1, .copies = 1, .n_seq = 1 };
			struct censor_policy *pol = policy_new();
			struct rig *rig;

			policy_inject(pol, "gfw", &rst, 1);
			/* Whatever attribute leads to a rule, and whatever the sets' order is. */
			for (j = 0; j < 4; j++) {
				u8 attr = attrs[(j + turn) % 4];

				policy_rule(pol, rule_names[j], rows[i].actions[j]);
				if (attr == CENSOR_ATTR_IP_DST)
					policy_cond(pol, attr, policy_prefixes(pol, "",
									       NAMES(SERVER)));
				else if (attr == CENSOR_ATTR_PROTO)
					policy_cond(pol, attr, policy_number(pol, 6, 6));
				else
					policy_cond(pol, attr, policy_number(pol, 443, 443));
			}
			policy_seal(pol);
			rig = rig_new(pol);
			expect_rules(rig, rig_send(rig, buf, wire_tcp(buf,
				     ends4(CLIENT, 40000, SERVER, 443), SYN, 1, 0, NULL, 0)),
				     rows[i].expected);
			rig_free(rig);
		}
	}
}

/*
 * Rules that only need the packet's own fields come first, whatever their place: they are judged
 * when a flow begins, the others when its message is there. Within both the order holds.
 */
static void test_order_detectors(void **state)
{
	static const struct {
		u8 name, port;
		const char *expected;
	} rows[] = {
		{ CENSOR_DO_LOG, CENSOR_DO_LOG, "port name" },
		{ CENSOR_DO_DROP, CENSOR_DO_LOG, "port name!" },
		{ CENSOR_DO_PASS, CENSOR_DO_DROP, "port!" },
		{ CENSOR_DO_DROP, CENSOR_DO_PASS, "port" },
	};
	u32 row, no_flow;

	(void)state;
	for (row = 0; row < ARRAY_SIZE(rows); row++) {
		for (no_flow = 0; no_flow < 2; no_flow++) {
			struct censor_policy *pol = policy_new();
			struct rig *rig;

			policy_rule(pol, "name", rows[row].name);
			policy_cond(pol, CENSOR_ATTR_DNS_QNAME, names1(pol));
			policy_rule(pol, "port", rows[row].port);
			policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 53, 53));
			policy_seal(pol);
			rig = rig_new(pol);
			rig->no_flow = no_flow;
			expect_rules(rig, rig_send(rig, buf, wire_udp(buf,
				     ends4(CLIENT, 4000, SERVER, 53), buf + 2000,
				     wire_dns(buf + 2000, 1, DNS_RD, "facebook.com", 1, 1))),
				     rows[row].expected);
			rig_free(rig);
		}
	}
}

static void test_conditions(void **state)
{
	struct censor_policy *pol = policy_new();
	u16 server, names, a, b;
	struct rig *rig;
	u32 i;
	static const struct {
		const char *name, *server;
		u16 qtype;
		const char *expected;
	} rows[] = {
		{ "facebook.com", "203.0.113.1", 1, "both or not-com there" },
		{ "facebook.com", "203.0.113.2", 1, "or not-server not-com" },
		{ "twitter.com", "203.0.113.1", 1, "or not-com there" },
		{ "twitter.com", "203.0.113.2", 28, "not-server not-com" },
		{ "example.org", "203.0.113.1", 1, "not-com there" },
		{ "example.com", "203.0.113.1", 1, "" },
		{ "example.com", "203.0.113.2", 1, "not-server" },
	};

	(void)state;
	server = policy_prefixes(pol, "", NAMES("203.0.113.1"));
	names = names1(pol);
	a = policy_names(pol, "", NAMES("twitter.com"));
	b = policy_names(pol, "", NAMES("=example.com"));
	policy_rule(pol, "both", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_IP_DST, server);
	policy_cond(pol, CENSOR_ATTR_DNS_QNAME, names);
	policy_rule(pol, "or", CENSOR_DO_LOG);
	assert_done(censor_policy_add_cond(pol, CENSOR_ATTR_DNS_QNAME, false,
					   (const u16[]){ a, names }, 2, &why));
	policy_cond_not(pol, CENSOR_ATTR_DNS_QTYPE, policy_number(pol, 28, 28));
	policy_rule(pol, "not-server", CENSOR_DO_LOG);
	policy_cond_not(pol, CENSOR_ATTR_IP_DST, server);
	policy_cond(pol, CENSOR_ATTR_DNS_QTYPE, policy_number(pol, 0, 65535));
	policy_rule(pol, "not-com", CENSOR_DO_LOG);
	policy_cond_not(pol, CENSOR_ATTR_DNS_QNAME, b);
	policy_rule(pol, "there", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_IP_DST, server);
	policy_cond_not(pol, CENSOR_ATTR_DNS_QNAME, b);
	policy_seal(pol);
	rig = rig_new(pol);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		expect_rules(rig, rig_send(rig, buf, wire_udp(buf, ends4(CLIENT, (u16)(4000 + i),
									 rows[i].server, 53),
							      buf + 2000,
							      wire_dns(buf + 2000, 1, DNS_RD,
								       rows[i].name, rows[i].qtype,
								       1))),
			     rows[i].expected);
	/* A negated condition needs the attribute: no DNS, no match. */
	expect_rules(rig, rig_send(rig, buf, wire_udp(buf, ends4(CLIENT, 5000, SERVER, 54), "x", 1)),
		     "");
	rig_free(rig);
}

/* More rules than can be told: the verdict holds, and it is counted. */
static void test_matches_limit(void **state)
{
	struct censor_policy *pol = policy_new();
	const struct seen *seen;
	struct rig *rig;
	char name[16];
	u32 i;

	(void)state;
	for (i = 0; i < CENSOR_MATCHES_MAX + 4; i++) {
		sprintf(name, "r%u", i);
		policy_rule(pol, name, i == CENSOR_MATCHES_MAX + 3 ? CENSOR_DO_DROP :
								     CENSOR_DO_LOG);
		policy_cond(pol, CENSOR_ATTR_PORT_DST, policy_number(pol, 443, 443));
	}
	policy_seal(pol);
	rig = rig_new(pol);
	seen = rig_send(rig, buf, wire_tcp(buf, ends4(CLIENT, 40000, SERVER, 443), SYN, 1, 0, NULL,
					   0));
	assert_int_equal(seen->n_matches, CENSOR_MATCHES_MAX);
	assert_int_equal(seen->counts, 1u << CENSOR_COUNT_MATCHES);
	assert_true(seen->drop);
	for (i = 0; i < seen->n_matches; i++)
		assert_int_equal(seen->matches[i].rule, i);
	rig_free(rig);
}

static void test_actions_print(void **state)
{
	static const struct {
		u8 actions;
		u32 ms;
		const char *text;
	} rows[] = {
		{ CENSOR_DO_LOG, 0, "log" },
		{ CENSOR_DO_DROP, 0, "drop" },
		{ CENSOR_DO_PASS, 0, "pass" },
		{ CENSOR_DO_INJECT | CENSOR_DO_RESIDUAL, 180000, "inject gfw, residual 180s" },
		{ CENSOR_DO_DROP | CENSOR_DO_RESIDUAL, 1500, "drop, residual 1500ms" },
		{ CENSOR_DO_FORGE | CENSOR_DO_LOG, 0, "log, forge lies" },
	};
	struct censor_packet rst = { .flags = RST, .to = 1, .copies = 1, .n_seq = 1 };
	struct censor_policy *pol = policy_new();
	u32 i, size, len;

	(void)state;
	policy_inject(pol, "gfw", &rst, 1);
	policy_pool(pol, "lies", NAMES("192.0.2.1"));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct censor_rule rule = { .actions = rows[i].actions, .residual.tuple = 11,
					    .residual.ms = rows[i].ms, .forge = { .count = 1 } };
		struct censor_match match = { .actions = rows[i].actions };

		sprintf(rule.name, "r%u", i);
		match.rule = policy_rule_full(pol, &rule);
		len = (u32)strlen(rows[i].text);
		for (size = 1; size < 40; size++) {
			char *text = malloc(size);

			assert_int_equal(censor_actions_print(pol, &match, text, size),
					 min(len, size - 1));
			assert_int_equal(strncmp(text, rows[i].text, size - 1), 0);
			assert_int_equal(strlen(text), min(len, size - 1));
			free(text);
		}
	}
	censor_policy_destroy(pol);
}

/* 10,000 rules over 1,000 sets: each name leads to its own rules, in order. */
static void test_many_rules(void **state)
{
	struct censor_policy *pol = policy_new();
	const struct seen *seen;
	struct rig *rig;
	char name[40];
	u32 i, j;

	(void)state;
	for (i = 0; i < 1000; i++) {
		sprintf(name, "name%u.example", i);
		assert_int_equal(policy_names(pol, "", NAMES(name)), i);
	}
	for (i = 0; i < 10000; i++) {
		sprintf(name, "r%u", i);
		policy_rule(pol, name, CENSOR_DO_LOG);
		policy_cond(pol, CENSOR_ATTR_DNS_QNAME, (u16)(i % 1000));
	}
	policy_seal(pol);
	rig = rig_new(pol);
	for (i = 0; i < 1000; i += 13) {
		sprintf(name, "www.name%u.example", i);
		rig_forget(rig);
		seen = rig_send(rig, buf, wire_udp(buf, ends4(CLIENT, 4000, SERVER, 53), buf + 2000,
						   wire_dns(buf + 2000, 1, DNS_RD, name, 1, 1)));
		assert_int_equal(seen->n_matches, 10);
		for (j = 0; j < 10; j++)
			assert_int_equal(seen->matches[j].rule, j * 1000 + i);
	}
	rig_free(rig);
}

/* A packet has at most 512 rules tried: a policy that leads to more cannot cost more, and it is told. */
static void test_tries_limit(void **state)
{
	u32 n;

	(void)state;
	for (n = 511; n <= 512; n++) {
		struct censor_policy *pol = policy_new();
		u16 name = policy_names(pol, "", NAMES("a.example"));
		u16 port = policy_number(pol, 9, 9);
		const struct seen *seen;
		struct rig *rig;
		char rule[16];
		u8 buf[512];
		u32 i;

		for (i = 0; i < n; i++) {
			sprintf(rule, "r%u", i);
			policy_rule(pol, rule, CENSOR_DO_LOG);
			policy_cond(pol, CENSOR_ATTR_DNS_QNAME, name);
			policy_cond(pol, CENSOR_ATTR_PORT_SRC, port);
		}
		policy_rule(pol, "last", CENSOR_DO_DROP);
		policy_cond(pol, CENSOR_ATTR_DNS_QNAME, name);
		policy_seal(pol);
		rig = rig_new(pol);
		seen = rig_send(rig, buf, wire_udp(buf, ends4(CLIENT, 4000, SERVER, 53), buf + 200,
						   wire_dns(buf + 200, 1, DNS_RD, "a.example", 1, 1)));
		assert_int_equal(seen->drop, n == 511);
		assert_int_equal(!!(seen->counts & 1u << CENSOR_COUNT_MATCHES), n == 512);
		rig_free(rig);
	}
}

/* Where both ends are clients, what needs a server is refused, and nothing else is. */
static void test_both_clients(void **state)
{
	static const struct {
		u8 attr, protocol;
		bool refused;
	} rows[] = {
		{ CENSOR_ATTR_PROTOCOL, CENSOR_PROTOCOL_ENCRYPTED, true },
		{ CENSOR_ATTR_PROTOCOL, CENSOR_PROTOCOL_TLS_IN_TLS, true },
		{ CENSOR_ATTR_TLS_CERT, 0, true },
		{ CENSOR_ATTR_PROTOCOL, CENSOR_PROTOCOL_TLS, false },
		{ CENSOR_ATTR_PROTOCOL, CENSOR_PROTOCOL_TOR, false },
		{ CENSOR_ATTR_PROTOCOL, CENSOR_PROTOCOL_OPENVPN, false },
		{ CENSOR_ATTR_TLS_SNI, 0, false },
	};
	struct censor_detect_model detect;
	struct censor_tcp_model model;
	u32 i, both;
	int where;

	(void)state;
	censor_detect_default(&detect);
	detect.tls_in_tls = true;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (both = 0; both < 2; both++) {
			struct censor_policy *pol = policy_new();
			u32 number = CENSOR_PROTOCOL_NUMBER(rows[i].protocol, 1);

			censor_tcp_default(&model);
			model.reassembly = CENSOR_REASSEMBLY_NONE;
			if (both)
				model.client = CENSOR_CLIENT_BOTH;
			assert_done(censor_policy_set_tcp(pol, &model, &why));
			assert_done(censor_policy_set_detect(pol, &detect, &why));
			policy_rule(pol, "r", CENSOR_DO_LOG);
			policy_cond(pol, rows[i].attr, rows[i].protocol ?
				    policy_number(pol, number, number + 2) :
				    policy_names(pol, "", NAMES("example.org")));
			if (both && rows[i].refused)
				assert_refused(censor_policy_seal(pol, &where, &why), EINVAL);
			else
				assert_done(censor_policy_seal(pol, &where, &why));
			censor_policy_destroy(pol);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_no_rules),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_names_of_things),
		cmocka_unit_test(test_duplicate_names),
		cmocka_unit_test(test_sets_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_injects_refused),
		cmocka_unit_test(test_injects_sent),
		cmocka_unit_test(test_rules_refused),
		cmocka_unit_test(test_conds_refused),
		cmocka_unit_test(test_attr_kinds),
		cmocka_unit_test(test_seal_refused),
		cmocka_unit_test(test_quota),
		cmocka_unit_test(test_packet_attrs),
		cmocka_unit_test(test_match_values),
		cmocka_unit_test(test_match_attr),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_order_detectors),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_matches_limit),
		cmocka_unit_test(test_actions_print),
		cmocka_unit_test(test_many_rules),
		cmocka_unit_test(test_tries_limit),
		cmocka_unit_test(test_both_clients),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
