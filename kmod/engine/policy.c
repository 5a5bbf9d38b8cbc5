// SPDX-License-Identifier: GPL-2.0
/* Building a policy, piece by piece; what makes it whole is in seal.c. */
#include "adding.h"
#include "grow.h"
#include "shape.h"

enum censor_kind censor_attr_kind(enum censor_attr attr)
{
	switch (attr) {
	case CENSOR_ATTR_IP:
	case CENSOR_ATTR_IP_SRC:
	case CENSOR_ATTR_IP_DST:
		return CENSOR_KIND_PREFIXES;
	case CENSOR_ATTR_DNS_QNAME:
	case CENSOR_ATTR_HTTP_HOST:
	case CENSOR_ATTR_HTTP_TARGET:
	case CENSOR_ATTR_HTTP_TEXT:
	case CENSOR_ATTR_TLS_SNI:
	case CENSOR_ATTR_TLS_ALPN:
	case CENSOR_ATTR_TLS_CERT:
	case CENSOR_ATTR_TLS_JA3:
	case CENSOR_ATTR_TLS_JA4:
	case CENSOR_ATTR_QUIC_SNI:
	case CENSOR_ATTR_FTP_COMMAND:
	case CENSOR_ATTR_SMTP_COMMAND:
		return CENSOR_KIND_NAMES;
	default:
		return CENSOR_KIND_NUMBERS;
	}
}

struct censor_policy *censor_policy_create(size_t limit)
{
	struct censor_policy *pol = censor_alloc(sizeof(*pol));

	if (!pol)
		return NULL;
	pol->limit = limit;
	pol->bytes = sizeof(*pol);
	pol->seed = 1;
	pol->clock = 1;
	censor_tcp_default(&pol->tcp);
	censor_ip_default(&pol->ip);
	censor_detect_default(&pol->detect);
	return pol;
}

void censor_policy_destroy(struct censor_policy *pol)
{
	u32 i;

	if (!pol)
		return;
	for (i = 0; i < CENSOR_ATTR_COUNT; i++) {
		censor_free(pol->index[i].first);
		censor_free(pol->index[i].rules);
		censor_free(pol->index[i].unindexed);
		censor_number_index_free(&pol->index[i].numbers);
	}
	for (i = 0; i < pol->n_pools; i++) {
		censor_free(pol->pools[i].v4);
		censor_free(pol->pools[i].v6);
	}
	for (i = 0; i < pol->n_pages; i++)
		censor_free(pol->pages[i].data);
	censor_names_free(&pol->names);
	censor_prefixes_free(&pol->prefixes);
	censor_numbers_free(&pol->numbers);
	censor_free(pol->sets);
	censor_free(pol->injects);
	censor_free(pol->pools);
	censor_free(pol->rules);
	censor_free(pol->conds);
	censor_free(pol->cond_sets);
	censor_free(pol->pages);
	censor_free(pol->delays);
	censor_free(pol->hours);
	censor_free(pol->loads);
	censor_free(pol->aliases);
	censor_free(pol);
}

/* A limit that is reached is no room for more: what is added may double an array. */
int censor_may_add(const struct censor_policy *pol, const char **why)
{
	if (pol->sealed) {
		*why = "the policy is complete already";
		return -EINVAL;
	}
	if (pol->bytes >= pol->limit) {
		*why = "the policy needs more memory than it may take";
		return -EDQUOT;
	}
	return 0;
}

int censor_check_name(const char *name, const char **why)
{
	size_t i;

	if (!name[0]) {
		*why = "a name is empty";
		return -EINVAL;
	}
	for (i = 0; name[i]; i++) {
		if ((u8)name[i] < ' ' || name[i] == 0x7f || name[i] == '"') {
			*why = "a name has a control character or a quote in it";
			return -EINVAL;
		}
	}
	if (i >= CENSOR_NAME_MAX) {
		*why = "a name is longer than 63 bytes";
		return -EINVAL;
	}
	return 0;
}

void censor_copy_name(char *to, const char *from)
{
	memset(to, 0, CENSOR_NAME_MAX);
	memcpy(to, from, strlen(from));
}

int censor_policy_set_name(struct censor_policy *pol, const char *name, const char **why)
{
	int err = censor_check_name(name, why);

	if (!err)
		censor_copy_name(pol->name, name);
	return err;
}

int censor_policy_add_inside(struct censor_policy *pol, const struct censor_prefix *prefix,
			     const char **why)
{
	struct censor_prefixes check = { 0 };
	size_t bytes = 0;
	int err;

	err = censor_may_add(pol, why);
	if (err)
		return err;
	if (pol->n_inside == CENSOR_INSIDE_MAX) {
		*why = "the inside has more than 64 prefixes";
		return -E2BIG;
	}
	/* The rules of a prefix are those of the sets'. */
	err = censor_prefixes_add(&check, 0, prefix, &bytes, why);
	censor_prefixes_free(&check);
	if (!err)
		pol->inside[pol->n_inside++] = *prefix;
	return err;
}

int censor_policy_set_clock(struct censor_policy *pol, u32 clock, const char **why)
{
	if (!clock || clock > CENSOR_CLOCK_MAX) {
		*why = "a clock runs 1 to 10000 times as fast";
		return -EINVAL;
	}
	pol->clock = clock;
	return 0;
}

int censor_policy_set_tcp(struct censor_policy *pol, const struct censor_tcp_model *model,
			  const char **why)
{
	int err = censor_tcp_check(model, why);

	if (!err && model->name[0])
		err = censor_check_name(model->name, why);
	if (!err)
		pol->tcp = *model;
	return err;
}

int censor_policy_set_ip(struct censor_policy *pol, const struct censor_ip_model *model,
			 const char **why)
{
	int err = censor_ip_check(model, why);

	if (!err && model->name[0])
		err = censor_check_name(model->name, why);
	if (!err)
		pol->ip = *model;
	return err;
}

int censor_policy_set_detect(struct censor_policy *pol, const struct censor_detect_model *model,
			     const char **why)
{
	int err = censor_detect_check(model, why);

	if (!err && model->name[0])
		err = censor_check_name(model->name, why);
	if (!err)
		pol->detect = *model;
	return err;
}

int censor_policy_add_set(struct censor_policy *pol, const char *name, u8 kind, bool words,
			  const char **why)
{
	struct censor_set *sets;
	int err;

	err = censor_may_add(pol, why);
	if (!err && name[0])
		err = censor_check_name(name, why);
	if (err)
		return err;
	if (kind > CENSOR_KIND_NUMBERS) {
		*why = "a set holds names, prefixes or numbers";
		return -EINVAL;
	}
	if (pol->n_sets == CENSOR_SETS_MAX) {
		*why = "a policy has at most 16384 sets";
		return -E2BIG;
	}
	sets = censor_grow(pol->sets, pol->n_sets, &pol->room_sets, 1, sizeof(*sets),
			   &pol->bytes);
	if (!sets) {
		*why = censor_no_memory;
		return -ENOMEM;
	}
	pol->sets = sets;
	sets += pol->n_sets;
	memset(sets, 0, sizeof(*sets));
	censor_copy_name(sets->name, name);
	sets->kind = kind;
	sets->words = words;
	sets->anonymous = !name[0];
	return (int)pol->n_sets++;
}

static int check_set(const struct censor_policy *pol, u32 set, u8 kind, const char **why)
{
	int err = censor_may_add(pol, why);

	if (err)
		return err;
	if (set >= pol->n_sets) {
		*why = "there is no such set";
		return -ENOENT;
	}
	if (pol->sets[set].kind != kind) {
		*why = "the set holds elements of another kind";
		return -EINVAL;
	}
	return 0;
}

int censor_policy_add_name(struct censor_policy *pol, u32 set, u8 form, const char *text,
			   size_t len, const char **why)
{
	int err = check_set(pol, set, CENSOR_KIND_NAMES, why);

	if (!err)
		err = censor_names_add(&pol->names, set, form, text, len, &pol->bytes, why);
	if (!err)
		pol->sets[set].entries++;
	return err;
}

int censor_policy_add_prefix(struct censor_policy *pol, u32 set,
			     const struct censor_prefix *prefix, const char **why)
{
	int err = check_set(pol, set, CENSOR_KIND_PREFIXES, why);

	if (!err)
		err = censor_prefixes_add(&pol->prefixes, set, prefix, &pol->bytes, why);
	if (!err)
		pol->sets[set].entries++;
	return err;
}

int censor_policy_add_numbers(struct censor_policy *pol, u32 set, u32 lo, u32 hi,
			      const char **why)
{
	int err = check_set(pol, set, CENSOR_KIND_NUMBERS, why);

	if (!err)
		err = censor_numbers_add(&pol->numbers, set, lo, hi, &pol->bytes, why);
	if (!err)
		pol->sets[set].entries++;
	return err;
}

static int check_field(const struct censor_field *field, u16 most, bool mirror, const char **why)
{
	if (field->pick > CENSOR_PICK_MIRROR) {
		*why = "a header field is a range, cyclic or mirrored";
		return -EINVAL;
	}
	if (field->pick == CENSOR_PICK_MIRROR) {
		if (mirror)
			return 0;
		*why = "only TTL and IP ID can be mirrored";
		return -EINVAL;
	}
	if (field->lo > field->hi) {
		*why = "a range begins with its lesser number";
		return -EINVAL;
	}
	if (field->hi > most) {
		*why = "a TTL is at most 255";
		return -EINVAL;
	}
	return 0;
}

static int check_delay(const struct censor_policy *pol, u16 delay, const char **why)
{
	if (delay <= pol->n_delays)
		return 0;
	*why = "there is no such delay";
	return -ENOENT;
}

static int check_payload(const struct censor_policy *pol, const struct censor_packet *packet,
			 const char **why)
{
	if (packet->page > pol->n_pages) {
		*why = "there is no such page";
		return -ENOENT;
	}
	if (packet->payload_len > CENSOR_PAYLOAD_SIZE) {
		*why = "a packet's own payload has at most 64 bytes; longer ones are pages";
		return -E2BIG;
	}
	if (packet->page && packet->payload_len) {
		*why = "a packet carries either a payload or a page";
		return -EINVAL;
	}
	if (packet->page && (!packet->segment || packet->segment > CENSOR_SEGMENT_MAX)) {
		*why = "a page goes in segments of 1 to 1400 bytes";
		return -EINVAL;
	}
	return 0;
}

static int check_packet(const struct censor_policy *pol, const struct censor_packet *packet,
			const char **why)
{
	int err;

	if (!packet->copies || packet->copies > CENSOR_COPIES_MAX) {
		*why = "a packet has 1 to 8 copies";
		return -EINVAL;
	}
	if (!packet->n_seq || packet->n_seq > packet->copies) {
		*why = "there are more sequence offsets than copies";
		return -EINVAL;
	}
	if (!packet->to || packet->to > CENSOR_TO_BOTH) {
		*why = "a packet goes to client, to server or to both";
		return -EINVAL;
	}
	if (packet->on >= CENSOR_ONS) {
		*why = "a packet answers any packet, a SYN, or all others";
		return -EINVAL;
	}
	err = check_payload(pol, packet, why);
	if (!err)
		err = check_field(&packet->ttl, 255, true, why);
	if (!err)
		err = check_field(&packet->ip_id, 65535, true, why);
	if (!err)
		err = check_field(&packet->window, 65535, false, why);
	return err;
}

int censor_policy_add_inject(struct censor_policy *pol, const struct censor_inject *inject,
			     const char **why)
{
	struct censor_inject *injects;
	int err;
	u32 i;

	err = censor_may_add(pol, why);
	if (!err)
		err = censor_check_name(inject->name, why);
	if (!err)
		err = check_delay(pol, inject->delay, why);
	if (!err)
		err = check_delay(pol, inject->gap, why);
	if (err)
		return err;
	if (!inject->n_packets || inject->n_packets > CENSOR_PACKETS_MAX) {
		*why = "an inject describes 1 to 8 packets";
		return -EINVAL;
	}
	for (i = 0; i < inject->n_packets; i++) {
		err = check_packet(pol, &inject->packets[i], why);
		if (err)
			return err;
	}
	if (pol->n_injects == CENSOR_INJECTS_MAX) {
		*why = "a policy has at most 256 injects";
		return -E2BIG;
	}
	injects = censor_grow(pol->injects, pol->n_injects, &pol->room_injects, 1,
			      sizeof(*injects), &pol->bytes);
	if (!injects) {
		*why = censor_no_memory;
		return -ENOMEM;
	}
	pol->injects = injects;
	injects[pol->n_injects] = *inject;
	return (int)pol->n_injects++;
}

int censor_policy_add_pool(struct censor_policy *pol, const char *name, const char **why)
{
	struct censor_pool *pools;
	int err;

	err = censor_may_add(pol, why);
	if (!err)
		err = censor_check_name(name, why);
	if (err)
		return err;
	if (pol->n_pools == CENSOR_POOLS_MAX) {
		*why = "a policy has at most 256 sets of answers";
		return -E2BIG;
	}
	pools = censor_grow(pol->pools, pol->n_pools, &pol->room_pools, 1, sizeof(*pools),
			    &pol->bytes);
	if (!pools) {
		*why = censor_no_memory;
		return -ENOMEM;
	}
	pol->pools = pools;
	pools += pol->n_pools;
	memset(pools, 0, sizeof(*pools));
	censor_copy_name(pools->name, name);
	return (int)pol->n_pools++;
}

int censor_policy_add_address(struct censor_policy *pol, u32 pool, u8 family, const u8 *addr,
			      const char **why)
{
	struct censor_pool *p;
	void *grown;
	int err;

	err = censor_may_add(pol, why);
	if (err)
		return err;
	if (pool >= pol->n_pools) {
		*why = "there is no such set of answers";
		return -ENOENT;
	}
	if (family != 4 && family != 6) {
		*why = "an address is of IPv4 or IPv6";
		return -EINVAL;
	}
	p = &pol->pools[pool];
	if (family == 4) {
		grown = censor_grow(p->v4, p->n_v4, &p->room_v4, 1, 4, &pol->bytes);
		if (!grown)
			goto out;
		p->v4 = grown;
		memcpy(p->v4[p->n_v4++], addr, 4);
	} else {
		grown = censor_grow(p->v6, p->n_v6, &p->room_v6, 1, 16, &pol->bytes);
		if (!grown)
			goto out;
		p->v6 = grown;
		memcpy(p->v6[p->n_v6++], addr, 16);
	}
	return 0;
out:
	*why = censor_no_memory;
	return -ENOMEM;
}

/* RFC 1035 2.3.4, of bytes that can be written in a policy without escapes. */
int censor_alias_check(const char *name, const char **why)
{
	u32 i, label = 0;

	for (i = 0; name[i]; i++) {
		u8 c = name[i];

		label = c == '.' ? 0 : label + 1;
		if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || label > 63 ||
		    (c == '.' && (!i || name[i - 1] == '.'))) {
			*why = "a name in DNS has labels of 1 to 63 ASCII characters, with dots between them";
			return -EINVAL;
		}
	}
	if (!label || i >= CENSOR_ALIAS_SIZE) {
		*why = "a name in DNS has 1 to 253 characters and no dot at its end";
		return -EINVAL;
	}
	return 0;
}

int censor_policy_add_alias(struct censor_policy *pol, const char *name, const char **why)
{
	struct censor_alias *aliases;
	int err;

	err = censor_may_add(pol, why);
	if (!err)
		err = censor_alias_check(name, why);
	if (err)
		return err;
	if (pol->n_aliases == CENSOR_ALIASES_MAX) {
		*why = "a policy forges at most 1024 names";
		return -E2BIG;
	}
	aliases = censor_grow(pol->aliases, pol->n_aliases, &pol->room_aliases, 1,
			      sizeof(*aliases), &pol->bytes);
	if (!aliases) {
		*why = censor_no_memory;
		return -ENOMEM;
	}
	pol->aliases = aliases;
	memset(&aliases[pol->n_aliases], 0, sizeof(*aliases));
	memcpy(aliases[pol->n_aliases].name, name, strlen(name));
	return (int)pol->n_aliases++;
}

/* What is told, and where its addresses come from. */
static int check_lie(const struct censor_policy *pol, const struct censor_forge *forge,
		     const char **why)
{
	bool pool = forge->pool != CENSOR_NO_POOL, alias = forge->alias != CENSOR_NO_ALIAS;

	if (forge->lie >= CENSOR_LIES) {
		*why = "a forged answer is of addresses, nxdomain, refused or cname";
		return -EINVAL;
	}
	if ((forge->lie == CENSOR_LIE_CNAME) != alias) {
		*why = "a forged cname and the name that it leads to go together";
		return -EINVAL;
	}
	if (pool ? forge->lie == CENSOR_LIE_NXDOMAIN || forge->lie == CENSOR_LIE_REFUSED :
		   forge->lie == CENSOR_LIE_ADDRESS) {
		*why = "forged addresses need a set of answers, nxdomain and refused have none";
		return -EINVAL;
	}
	if ((pool && forge->pool >= pol->n_pools) || forge->alias > pol->n_aliases) {
		*why = "there is no such set of answers";
		return -ENOENT;
	}
	if (forge->cursors > CENSOR_CURSORS_MAX || (forge->in_order && !forge->cursors)) {
		*why = "a set of answers is walked with 1 to 16 cursors";
		return -EINVAL;
	}
	if (!forge->in_order ? forge->cursors > 1 : !pool) {
		*why = "only addresses from a set of answers are told in order, and only then there are cursors";
		return -EINVAL;
	}
	return 0;
}

static int check_forge(const struct censor_policy *pol, const struct censor_forge *forge,
		       const char **why)
{
	int err = check_lie(pol, forge, why);

	if (err)
		return err;
	if (!forge->count || forge->count > CENSOR_ANSWERS_MAX) {
		*why = "a forged answer has 1 to 16 addresses";
		return -EINVAL;
	}
	if (forge->ttl_lo > forge->ttl_hi) {
		*why = "a range begins with its lesser number";
		return -EINVAL;
	}
	err = check_delay(pol, forge->delay, why);
	if (!err)
		err = check_field(&forge->ip_ttl, 255, true, why);
	if (!err)
		err = check_field(&forge->ip_id, 65535, true, why);
	return err;
}

static int check_chance(const struct censor_policy *pol, const struct censor_chance *chance,
			const char **why)
{
	if (!chance->of || chance->of > CENSOR_CERTAIN) {
		*why = "a rule acts with a probability above 0 % and up to 100 %";
		return -EINVAL;
	}
	if (chance->tuple > 15) {
		*why = "a tuple is of src, dst, sport and dport";
		return -EINVAL;
	}
	if (chance->hours > pol->n_hours || chance->load > pol->n_loads) {
		*why = "there is no such table of hours or load";
		return -ENOENT;
	}
	return 0;
}

static int check_residual(const struct censor_policy *pol, const struct censor_rule *rule,
			  const char **why)
{
	const struct censor_residual *residual = &rule->residual;

	if (!residual->tuple || residual->tuple > 15 || !residual->ms) {
		*why = "residual needs a time and a tuple: residual 90s by src,dst,dport";
		return -EINVAL;
	}
	if (residual->rearm >= CENSOR_REARMS || residual->act >= CENSOR_RESIDUAL_ACTS) {
		*why = "a part of residual has a value that means nothing";
		return -EINVAL;
	}
	if (!residual->chance || residual->chance > CENSOR_CERTAIN) {
		*why = "residual comes with a probability above 0 % and up to 100 %";
		return -EINVAL;
	}
	if (residual->act == CENSOR_RESIDUAL_SAME &&
	    !(rule->actions & (CENSOR_DO_HARM | CENSOR_DO_SHAPE))) {
		*why = "residual goes on with what the rule does to packets, and it does nothing to them; or it says with";
		return -EINVAL;
	}
	if (residual->act == CENSOR_RESIDUAL_INJECT && residual->inject >= pol->n_injects) {
		*why = "there is no such inject";
		return -ENOENT;
	}
	return check_delay(pol, residual->onset, why);
}

static int check_sides(const struct censor_rule *rule, const char **why)
{
	if (rule->path >= CENSOR_PATHS) {
		*why = "a rule is on-path or in-path";
		return -EINVAL;
	}
	if ((rule->actions & CENSOR_DO_DROP &&
	     (!rule->drop_to || rule->drop_to > CENSOR_TO_BOTH)) ||
	    (rule->actions & CENSOR_DO_REWRITE &&
	     (!rule->rewrite_to || rule->rewrite_to > CENSOR_TO_BOTH))) {
		*why = "packets to client, to server or to both are dropped or rewritten";
		return -EINVAL;
	}
	if (rule->path == CENSOR_PATH_ON && rule->actions & CENSOR_DO_REWRITE) {
		*why = "only a censor in the path can rewrite what passes it";
		return -EINVAL;
	}
	/* 0 would be a packet that no host rewrites. */
	if (rule->actions & CENSOR_DO_REWRITE && !rule->rewrite_flags) {
		*why = "a packet is rewritten to some TCP flags, as in: rewrite rst+ack";
		return -EINVAL;
	}
	if (rule->actions & CENSOR_DO_FREEZE && rule->freeze.lo > rule->freeze.hi) {
		*why = "a range begins with its lesser number";
		return -EINVAL;
	}
	return 0;
}

static int check_rule(const struct censor_policy *pol, const struct censor_rule *rule,
		      const char **why)
{
	u32 do_ = rule->actions;
	int err;

	if (!do_ || do_ & ~CENSOR_DO_ALL) {
		*why = "a rule needs an action: log, drop, pass, inject, forge, rewrite, freeze, police, lose, delay, mark or residual";
		return -EINVAL;
	}
	if (do_ & CENSOR_DO_PASS && do_ & ~(CENSOR_DO_PASS | CENSOR_DO_LOG)) {
		*why = "a rule that lets pass can't also act; only log goes with pass";
		return -EINVAL;
	}
	if (do_ & CENSOR_DO_INJECT && rule->inject >= pol->n_injects) {
		*why = "there is no such inject";
		return -ENOENT;
	}
	err = check_sides(rule, why);
	if (!err)
		err = censor_shape_check_rule(pol, rule, why);
	if (!err)
		err = check_chance(pol, &rule->chance, why);
	if (!err && do_ & CENSOR_DO_RESIDUAL)
		err = check_residual(pol, rule, why);
	if (!err && do_ & CENSOR_DO_FORGE)
		err = check_forge(pol, &rule->forge, why);
	return err;
}

int censor_policy_add_rule(struct censor_policy *pol, const struct censor_rule *rule,
			   const char **why)
{
	struct censor_rule *rules;
	int err;

	err = censor_may_add(pol, why);
	if (!err)
		err = censor_check_name(rule->name, why);
	if (!err)
		err = check_rule(pol, rule, why);
	if (err)
		return err;
	if (pol->n_rules == CENSOR_RULES_MAX) {
		*why = "a policy has at most 16384 rules";
		return -E2BIG;
	}
	rules = censor_grow(pol->rules, pol->n_rules, &pol->room_rules, 1, sizeof(*rules),
			    &pol->bytes);
	if (!rules) {
		*why = censor_no_memory;
		return -ENOMEM;
	}
	pol->rules = rules;
	rules += pol->n_rules;
	*rules = *rule;
	censor_copy_name(rules->name, rule->name);
	rules->attrs = 0;
	rules->first = pol->n_conds;
	rules->n = 0;
	return (int)pol->n_rules++;
}

int censor_policy_add_cond(struct censor_policy *pol, enum censor_attr attr, bool negate,
			   const u16 *sets, u32 n_sets, const char **why)
{
	struct censor_rule *rule;
	struct censor_cond *conds;
	u16 *cond_sets;
	int err;
	u32 i;

	err = censor_may_add(pol, why);
	if (err)
		return err;
	if (!pol->n_rules) {
		*why = "a condition belongs to a rule";
		return -EINVAL;
	}
	if (attr >= CENSOR_ATTR_COUNT) {
		*why = "there is no such attribute";
		return -EINVAL;
	}
	rule = &pol->rules[pol->n_rules - 1];
	if (rule->n == CENSOR_CONDS_MAX) {
		*why = "a rule has at most 16 conditions";
		return -E2BIG;
	}
	if (!n_sets || n_sets > CENSOR_COND_SETS_MAX) {
		*why = "a condition looks in 1 to 32 sets";
		return -EINVAL;
	}
	for (i = 0; i < n_sets; i++) {
		err = check_set(pol, sets[i], censor_attr_kind(attr), why);
		if (err)
			return err;
	}
	conds = censor_grow(pol->conds, pol->n_conds, &pol->room_conds, 1, sizeof(*conds),
			    &pol->bytes);
	if (!conds)
		goto out;
	pol->conds = conds;
	cond_sets = censor_grow(pol->cond_sets, pol->n_cond_sets, &pol->room_cond_sets, n_sets,
				sizeof(*cond_sets), &pol->bytes);
	if (!cond_sets)
		goto out;
	pol->cond_sets = cond_sets;
	conds[pol->n_conds++] = (struct censor_cond){
		.attr = attr, .negate = negate, .n = n_sets, .first = pol->n_cond_sets,
	};
	memcpy(cond_sets + pol->n_cond_sets, sets, n_sets * sizeof(*sets));
	pol->n_cond_sets += n_sets;
	rule->n++;
	rule->attrs |= CENSOR_ATTR_BIT(attr);
	return 0;
out:
	*why = censor_no_memory;
	return -ENOMEM;
}
