// SPDX-License-Identifier: GPL-2.0
/*
 * Making a policy whole: what can only be checked when all of it is there, and the tables that
 * lead from an attribute's value to rules.
 *
 * DOC: from a value to rules
 *
 * Each rule is filed under one of its conditions, the one that is likely to hold most rarely, and
 * is found by way of that condition's sets; the other conditions are then checked for this rule
 * alone. So the work for a packet does not grow with the number of rules. A rule whose
 * conditions are all negated can't be found that way and is tried whenever its attributes are
 * there.
 */
#include "adding.h"
#include "phase.h"
#include "protocol.h"
#include "shape.h"
#include "tls.h"

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* @names: the first of @n names, each @stride bytes from the one before. */
static int check_unique(const char *names, u32 n, size_t stride, const char *taken,
			const char **why)
{
	const char **sorted;
	u32 i, used = 0;
	int err = 0;

	if (!n)
		return 0;
	sorted = censor_alloc(n * sizeof(*sorted));
	if (!sorted) {
		*why = censor_no_memory;
		return -ENOMEM;
	}
	for (i = 0; i < n; i++)
		if (names[i * stride])
			sorted[used++] = names + i * stride;
	censor_sort(sorted, used, sizeof(*sorted), compare_names);
	for (i = 1; i < used && !err; i++) {
		if (!strcmp(sorted[i - 1], sorted[i])) {
			*why = taken;
			err = -EEXIST;
		}
	}
	censor_free(sorted);
	return err;
}

/* How many packets an inject sends for one that triggers it. */
static u32 count_sent(const struct censor_policy *pol, const struct censor_inject *inject)
{
	u32 sent = 0, i;

	for (i = 0; i < inject->n_packets; i++) {
		const struct censor_packet *packet = &inject->packets[i];
		u32 n = packet->copies * (packet->to == CENSOR_TO_BOTH ? 2u : 1u);

		if (packet->page)
			n *= (pol->pages[packet->page - 1].len + packet->segment - 1) /
			     packet->segment;
		sent += n;
	}
	return sent;
}

static int check_parts(const struct censor_policy *pol, const char **why)
{
	u32 i;
	int err;

	if (!pol->name[0]) {
		*why = "the censor has no name";
		return -EINVAL;
	}
	for (i = 0; i < pol->n_sets; i++) {
		if (!pol->sets[i].entries) {
			*why = "a set is empty";
			return -EINVAL;
		}
	}
	for (i = 0; i < pol->n_pools; i++) {
		if (!pol->pools[i].n_v4 && !pol->pools[i].n_v6) {
			*why = "a set of answers is empty";
			return -EINVAL;
		}
	}
	for (i = 0; i < pol->n_pages; i++) {
		if (!pol->pages[i].len) {
			*why = "a page is empty";
			return -EINVAL;
		}
	}
	for (i = 0; i < pol->n_injects; i++) {
		if (count_sent(pol, &pol->injects[i]) > CENSOR_SENT_MAX) {
			*why = "an inject sends at most 1024 packets: larger segments or fewer copies";
			return -E2BIG;
		}
	}
	err = check_unique(pol->n_sets ? pol->sets->name : NULL, pol->n_sets,
			   sizeof(*pol->sets), "two sets have the same name", why);
	if (!err)
		err = check_unique(pol->n_injects ? pol->injects->name : NULL, pol->n_injects,
				   sizeof(*pol->injects), "two injects have the same name", why);
	if (!err)
		err = check_unique(pol->n_pools ? pol->pools->name : NULL, pol->n_pools,
				   sizeof(*pol->pools), "two sets of answers have the same name",
				   why);
	if (!err)
		err = check_unique(pol->n_rules ? pol->rules->name : NULL, pol->n_rules,
				   sizeof(*pol->rules), "two rules have the same name", why);
	if (!err)
		err = check_unique(pol->n_pages ? pol->pages->name : NULL, pol->n_pages,
				   sizeof(*pol->pages), "two pages have the same name", why);
	if (!err)
		err = check_unique(pol->n_hours ? pol->hours->name : NULL, pol->n_hours,
				   sizeof(*pol->hours), "two tables of hours have the same name",
				   why);
	if (!err)
		err = check_unique(pol->n_loads ? pol->loads->name : NULL, pol->n_loads,
				   sizeof(*pol->loads), "two tables of load have the same name",
				   why);
	return err;
}

static int check_rule(const struct censor_policy *pol, const struct censor_rule *rule,
		      const char **why)
{
	if (!rule->n) {
		*why = "a rule needs a condition";
		return -EINVAL;
	}
	if (censor_attrs_messages(rule->attrs) > 1) {
		*why = "no message is two of DNS, HTTP, TLS, a certificate, QUIC, FTP and SMTP at once: this rule can never match";
		return -EINVAL;
	}
	if (rule->attrs & (CENSOR_ATTR_BIT(CENSOR_ATTR_FROM) |
			   CENSOR_ATTR_BIT(CENSOR_ATTR_CLIENT)) && !pol->n_inside) {
		*why = "from and client need the censor to say what is inside";
		return -EINVAL;
	}
	if (rule->actions & CENSOR_DO_FORGE && !(rule->attrs & CENSOR_ATTRS_DNS)) {
		*why = "only a rule with a dns condition can forge answers";
		return -EINVAL;
	}
	return censor_phase_check_rule(pol, rule, why);
}

/* How rarely a condition on the attribute is likely to hold; the highest is filed under. */
static u32 rarity(u8 attr)
{
	static const u8 ranks[CENSOR_ATTR_COUNT] = {
		[CENSOR_ATTR_FROM] = 1,
		[CENSOR_ATTR_CLIENT] = 1,
		[CENSOR_ATTR_PROTO] = 2,
		[CENSOR_ATTR_PORT] = 3,
		[CENSOR_ATTR_PORT_SRC] = 4,
		[CENSOR_ATTR_PORT_DST] = 4,
		[CENSOR_ATTR_IP] = 5,
		[CENSOR_ATTR_IP_SRC] = 6,
		[CENSOR_ATTR_IP_DST] = 6,
		[CENSOR_ATTR_DNS_QTYPE] = 7,
		[CENSOR_ATTR_PROTOCOL] = 7,
		[CENSOR_ATTR_DNS_QCLASS] = 6,
		[CENSOR_ATTR_DNS_QDCOUNT] = 6,
		[CENSOR_ATTR_QUIC_VERSION] = 7,
		[CENSOR_ATTR_TLS_VERSION] = 7,
		[CENSOR_ATTR_TLS_HAS] = 7,
		[CENSOR_ATTR_HTTP_TARGET] = 8,
		[CENSOR_ATTR_HTTP_TEXT] = 8,
		[CENSOR_ATTR_FTP_COMMAND] = 8,
		[CENSOR_ATTR_SMTP_COMMAND] = 8,
		[CENSOR_ATTR_TLS_ALPN] = 8,
		[CENSOR_ATTR_TLS_CERT] = 9,
		[CENSOR_ATTR_TLS_JA3] = 9,
		[CENSOR_ATTR_TLS_JA4] = 9,
		[CENSOR_ATTR_QUIC_SNI] = 9,
		[CENSOR_ATTR_HTTP_HOST] = 9,
		[CENSOR_ATTR_DNS_QNAME] = 9,
		[CENSOR_ATTR_TLS_SNI] = 9,
	};

	return ranks[attr];
}

/*
 * A rule that needs a detector is filed under the detector's attributes only, so that plain
 * packets never meet it.
 */
static void file_rule(const struct censor_policy *pol, struct censor_rule *rule)
{
	bool detector = rule->attrs & ~CENSOR_ATTRS_PACKET;
	u32 i;

	rule->filed = CENSOR_NO_COND;
	rule->filed_attr = 0;
	for (i = 0; i < rule->n; i++) {
		const struct censor_cond *cond = &pol->conds[rule->first + i];
		u32 rank = rarity(cond->attr);
		bool better;

		if (detector && CENSOR_ATTR_BIT(cond->attr) & CENSOR_ATTRS_PACKET)
			continue;
		if (rule->filed != CENSOR_NO_COND)
			better = !cond->negate && rank > rarity(rule->filed_attr);
		else
			better = !cond->negate || rank >= rarity(rule->filed_attr);
		if (better) {
			rule->filed_attr = cond->attr;
			rule->filed = cond->negate ? CENSOR_NO_COND : i;
		}
	}
}

static const struct censor_cond *filed_cond(const struct censor_policy *pol, u32 rule, u8 attr)
{
	const struct censor_rule *r = &pol->rules[rule];

	if (r->filed_attr != attr || r->filed == CENSOR_NO_COND)
		return NULL;
	return &pol->conds[r->first + r->filed];
}

static int file_rules(struct censor_policy *pol, u8 attr, const char **why)
{
	struct censor_index *index = &pol->index[attr];
	u32 leads = 0, unindexed = 0, rule, i, total = 0;
	const struct censor_cond *cond;

	for (rule = 0; rule < pol->n_rules; rule++) {
		cond = filed_cond(pol, rule, attr);
		if (cond)
			leads += cond->n;
		else if (pol->rules[rule].filed_attr == attr)
			unindexed++;
	}
	if (!leads && !unindexed)
		return 0;
	index->first = censor_alloc((pol->n_sets + 1) * sizeof(u32));
	index->rules = censor_alloc((leads + 1) * sizeof(u32));
	index->unindexed = censor_alloc((unindexed + 1) * sizeof(u32));
	if (!index->first || !index->rules || !index->unindexed) {
		*why = censor_no_memory;
		return -ENOMEM;
	}
	pol->bytes += (pol->n_sets + leads + unindexed + 3) * sizeof(u32);

	/* Count for each set, sum up, then fill backwards: each set's rules end up ascending. */
	for (rule = 0; rule < pol->n_rules; rule++) {
		cond = filed_cond(pol, rule, attr);
		for (i = 0; cond && i < cond->n; i++)
			index->first[pol->cond_sets[cond->first + i]]++;
		if (!cond && pol->rules[rule].filed_attr == attr)
			index->unindexed[index->n_unindexed++] = rule;
	}
	for (i = 0; i <= pol->n_sets; i++) {
		total += index->first[i];
		index->first[i] = total;
	}
	for (rule = pol->n_rules; rule--; ) {
		cond = filed_cond(pol, rule, attr);
		for (i = 0; cond && i < cond->n; i++)
			index->rules[--index->first[pol->cond_sets[cond->first + i]]] = rule;
	}
	return 0;
}

/* Numbers find their sets by an index of their own, over the sets that lead to a rule. */
static int index_numbers(struct censor_policy *pol, u8 attr, const char **why)
{
	struct censor_index *index = &pol->index[attr];
	u8 *wanted;
	u32 i;
	int err;

	if (!index->first || censor_attr_kind(attr) != CENSOR_KIND_NUMBERS)
		return 0;
	wanted = censor_alloc(pol->n_sets);
	if (!wanted) {
		*why = censor_no_memory;
		return -ENOMEM;
	}
	for (i = 0; i < pol->n_sets; i++)
		wanted[i] = index->first[i] != index->first[i + 1];
	err = censor_number_index_build(&index->numbers, &pol->numbers, wanted, &pol->bytes, why);
	censor_free(wanted);
	return err;
}

static int check_limit(const struct censor_policy *pol, const char **why)
{
	/* Buckets stand in the shared state, but it is the policy that asks for them. */
	if (pol->bytes <= pol->limit &&
	    pol->n_buckets * sizeof(censor_moment) <= pol->limit - pol->bytes)
		return 0;
	*why = "the policy needs more memory than it may take";
	return -EDQUOT;
}

/* The protocols that a set of numbers leads to. */
static u64 protocols_in(const struct censor_policy *pol, u16 set)
{
	u32 protocol, confidence;
	u64 found = 0;

	for (protocol = 1; protocol < CENSOR_PROTOCOLS; protocol++)
		for (confidence = 0; confidence < CENSOR_CONFIDENCES; confidence++)
			if (censor_numbers_has(&pol->numbers, set,
					       CENSOR_PROTOCOL_NUMBER(protocol, confidence)))
				found |= CENSOR_PROTOCOL_BIT(protocol);
	return found;
}

/* What the detectors are to look for: the packet path asks no rule. */
static int note_protocols(struct censor_policy *pol, const char **why)
{
	const struct censor_cond *cond;
	u8 *asked;
	u32 i, j;

	asked = censor_alloc(pol->n_sets + 1);
	if (!asked) {
		*why = censor_no_memory;
		return -ENOMEM;
	}
	for (i = 0; i < pol->n_conds; i++) {
		cond = &pol->conds[i];
		if (cond->attr != CENSOR_ATTR_PROTOCOL)
			continue;
		/* Where protocols matter at all, what is none of these is something else. */
		pol->protocols |= CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_DNS) |
				  CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_HTTP) |
				  CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_TLS);
		for (j = 0; j < cond->n; j++)
			asked[pol->cond_sets[cond->first + j]] = true;
	}
	for (i = 0; i < pol->n_sets; i++) {
		if (!asked[i])
			continue;
		pol->protocols |= protocols_in(pol, (u16)i);
		censor_breathe();
	}
	censor_free(asked);
	if (pol->attrs & CENSOR_ATTRS_DNS)
		pol->protocols |= CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_DNS);
	if (pol->attrs & CENSOR_ATTR_BIT(CENSOR_ATTR_FTP_COMMAND))
		pol->protocols |= CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_FTP);
	if (pol->attrs & CENSOR_ATTR_BIT(CENSOR_ATTR_SMTP_COMMAND))
		pol->protocols |= CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_SMTP);
	return 0;
}

/* Which parts of ClientHellos are worth reading. */
static void note_hello(struct censor_policy *pol)
{
	static const struct {
		u8 attr, part;
	} parts[] = {
		{ CENSOR_ATTR_TLS_SNI, CENSOR_TLS_SNI }, { CENSOR_ATTR_QUIC_SNI, CENSOR_TLS_SNI },
		{ CENSOR_ATTR_TLS_ALPN, CENSOR_TLS_ALPN },
		{ CENSOR_ATTR_TLS_VERSION, CENSOR_TLS_VERSION },
		{ CENSOR_ATTR_TLS_HAS, CENSOR_TLS_HAS }, { CENSOR_ATTR_TLS_JA3, CENSOR_TLS_JA3 },
		{ CENSOR_ATTR_TLS_JA4, CENSOR_TLS_JA4 },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (pol->attrs & CENSOR_ATTR_BIT(parts[i].attr))
			pol->hello |= parts[i].part;
	if (pol->protocols & CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_APNS))
		pol->hello |= CENSOR_TLS_ALPN | CENSOR_TLS_SNI;
	if (pol->protocols & CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_TOR))
		pol->hello |= CENSOR_TLS_TOR;
}

/* Answers that are not independent of those before are counted. */
static void number_counters(struct censor_policy *pol, struct censor_forge *forge)
{
	forge->counters = pol->n_counters;
	pol->n_counters++;
	if (forge->in_order)
		pol->n_counters += 2 * forge->cursors;
}

/* What one end's data tells, or the order of both ends', can't be where both are clients. */
static int check_ends(const struct censor_policy *pol, const char **why)
{
	const u64 ends = CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_ENCRYPTED) |
			 CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_TLS_IN_TLS);

	if (pol->tcp.client != CENSOR_CLIENT_BOTH)
		return 0;
	if (pol->protocols & ends || pol->attrs & CENSOR_ATTRS_CERT) {
		*why = "with client both of the model of TCP nobody is the server: encrypted, tls-in-tls and tls.cert need another client";
		return -EINVAL;
	}
	return 0;
}

int censor_policy_seal(struct censor_policy *pol, int *where, const char **why)
{
	u32 i;
	int err;

	*where = -1;
	if (pol->sealed) {
		*why = "the policy is complete already";
		return -EINVAL;
	}
	err = check_parts(pol, why);
	if (err)
		return err;
	if (pol->tcp.client == CENSOR_CLIENT_INSIDE && !pol->n_inside) {
		*why = "client inside needs the censor to say what is inside";
		return -EINVAL;
	}
	for (i = 0; i < pol->n_rules; i++) {
		struct censor_rule *rule = &pol->rules[i];

		err = check_rule(pol, rule, why);
		if (err) {
			*where = (int)i;
			return err;
		}
		file_rule(pol, rule);
		pol->attrs |= rule->attrs;
		pol->wants_wall |= rule->chance.hours;
		pol->wants_load |= rule->chance.load;
		if (rule->actions & CENSOR_DO_FORGE)
			number_counters(pol, &rule->forge);
		censor_shape_seal_rule(pol, rule);
		if (rule->actions & CENSOR_DO_RESIDUAL)
			pol->tuples |= 1u << rule->residual.tuple;
		if (rule->actions & CENSOR_DO_RESIDUAL && rule->residual.both)
			pol->tuples |= 1u << censor_tuple_back(rule->residual.tuple);
	}
	err = censor_names_seal(&pol->names, pol->limit, &pol->bytes, why);
	if (!err)
		err = censor_prefixes_seal(&pol->prefixes, &pol->bytes, why);
	if (!err)
		err = censor_numbers_seal(&pol->numbers, pol->n_sets, &pol->bytes, why);
	if (!err)
		err = note_protocols(pol, why);
	if (!err)
		err = check_ends(pol, why);
	if (!err)
		note_hello(pol);
	for (i = 0; i < CENSOR_ATTR_COUNT && !err; i++)
		if (pol->attrs & CENSOR_ATTR_BIT(i))
			err = file_rules(pol, i, why);
	/* After each: a number's index can be much longer than the sets that it is made of. */
	for (i = 0; i < CENSOR_ATTR_COUNT && !err; i++) {
		err = index_numbers(pol, i, why);
		if (!err)
			err = check_limit(pol, why);
	}
	if (err)
		return err;
	pol->sealed = true;
	return 0;
}
