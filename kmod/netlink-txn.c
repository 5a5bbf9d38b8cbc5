// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions: a new policy comes in parts and takes force at once, or not at all. What a
 * message may look like the generated tables say and the core has checked; what it may mean the
 * engine says.
 */
#include <linux/slab.h>
#include <net/genetlink.h>

#include "active.h"
#include "engine/policy.h"
#include "netlink.h"
#include "netlink-policy.h"
#include "params.h"

/*
 * struct censor_txn - an open transaction
 * @owner: port of the socket that began it
 * @failed: a part of it was refused, so it can't be committed
 * @pool: index of the last pool, or -1
 * @charged: bytes of @pol that are accounted for
 */
struct censor_txn {
	struct list_head list;
	u32 owner;
	u32 id;
	bool failed;
	int pool;
	struct censor_policy *pol;
	size_t charged;
};

/* Namespaces of other user namespaces share a limit: one after another, so that none exceeds it. */
static DEFINE_MUTEX(foreign_mutex);

static int reject(struct netlink_ext_ack *extack, const struct nlattr *attr, int err,
		  const char *why)
{
	if (extack) {
		extack->_msg = why;
		NL_SET_BAD_ATTR(extack, attr);
	}
	return err;
}

/* It cannot be committed any more: give its memory back now, its socket may stay open for long. */
static void txn_fail(const struct censor_net *cn, struct censor_txn *txn)
{
	txn->failed = true;
	censor_policy_destroy(txn->pol);
	txn->pol = NULL;
	censor_uncharge(cn->foreign, txn->charged);
	txn->charged = 0;
}

static void txn_free(const struct censor_net *cn, struct censor_txn *txn)
{
	list_del(&txn->list);
	txn_fail(cn, txn);
	kfree(txn);
}

/* The policy may grow into what is left of the limits. */
static void txn_open(const struct censor_net *cn, struct censor_txn *txn)
{
	size_t left;

	if (!cn->foreign)
		return;
	mutex_lock(&foreign_mutex);
	left = censor_charge_left(cn);
	txn->pol->limit = min(censor_policy_limit(cn), txn->pol->bytes + left);
}

/* Account for what it grew by. */
static void txn_close(const struct censor_net *cn, struct censor_txn *txn)
{
	if (!cn->foreign)
		return;
	censor_charge_forced(cn, txn->pol->bytes);
	censor_uncharge(true, txn->charged);
	txn->charged = txn->pol->bytes;
	mutex_unlock(&foreign_mutex);
}

void censor_txns_abort(struct censor_net *cn)
{
	struct censor_txn *txn, *next;

	mutex_lock(&cn->cfg_mutex);
	list_for_each_entry_safe(txn, next, &cn->txns, list)
		txn_free(cn, txn);
	mutex_unlock(&cn->cfg_mutex);
}

void censor_txns_abort_owner(struct censor_net *cn, u32 portid)
{
	struct censor_txn *txn, *next;

	/* The socket's own transactions were begun before it was closed. */
	if (list_empty(&cn->txns))
		return;
	mutex_lock(&cn->cfg_mutex);
	list_for_each_entry_safe(txn, next, &cn->txns, list)
		if (txn->owner == portid)
			txn_free(cn, txn);
	mutex_unlock(&cn->cfg_mutex);
}

static struct censor_txn *txn_of(struct censor_net *cn, u32 owner)
{
	struct censor_txn *txn;

	list_for_each_entry(txn, &cn->txns, list)
		if (txn->owner == owner)
			return txn;
	return NULL;
}

static struct censor_txn *txn_find(struct censor_net *cn, struct genl_info *info, int *err)
{
	const struct nlattr *attr = info->attrs[NF_CENSOR_A_POLICY_TXN_ID];
	struct censor_txn *txn;

	if (GENL_REQ_ATTR_CHECK(info, NF_CENSOR_A_POLICY_TXN_ID)) {
		GENL_SET_ERR_MSG(info, "which transaction? txn-begin tells its txn-id");
		*err = -EINVAL;
		return NULL;
	}
	txn = txn_of(cn, info->snd_portid);
	if (!txn || txn->id != nla_get_u32(attr)) {
		*err = reject(info->extack, attr, -ENOENT,
			      "this socket has no such transaction open; begin with txn-begin");
		return NULL;
	}
	return txn;
}

/* In the machine's own namespace a censor would censor the machine. */
static int check_namespace(const struct net *net, struct genl_info *info)
{
	if (!net_eq(net, &init_net) || censor_allow_init_net)
		return 0;
	GENL_SET_ERR_MSG(info,
			 "the initial network namespace: a policy would censor this machine itself; use a namespace, or load the module with allow_init_net=1");
	return -EPERM;
}

int nf_censor_nl_txn_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct censor_net *cn = censor_pernet(genl_info_net(info));
	const struct nlattr *seed = info->attrs[NF_CENSOR_A_POLICY_SEED];
	const struct nlattr *name = info->attrs[NF_CENSOR_A_POLICY_NAME];
	const char *why = "out of memory";
	struct censor_active *active;
	struct censor_txn *txn;
	struct sk_buff *reply;
	void *header;
	int err;

	err = check_namespace(cn->net, info);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, NF_CENSOR_A_POLICY_NAME)) {
		GENL_SET_ERR_MSG(info, "a policy needs a name");
		return -EINVAL;
	}

	mutex_lock(&cn->cfg_mutex);
	if (txn_of(cn, info->snd_portid)) {
		err = -EBUSY;
		GENL_SET_ERR_MSG(info,
				 "this socket has a transaction open; commit or abort it first");
		goto out;
	}
	err = -ENOMEM;
	reply = censor_reply_new(info, &header);
	if (!reply)
		goto out;
	txn = kzalloc(sizeof(*txn), GFP_KERNEL_ACCOUNT);
	if (!txn)
		goto free_reply;
	txn->owner = info->snd_portid;
	txn->pool = -1;
	if (++cn->txn_id == 0)
		cn->txn_id = 1;
	txn->id = cn->txn_id;
	list_add(&txn->list, &cn->txns);
	txn->pol = censor_policy_create(censor_policy_limit(cn));
	if (!txn->pol)
		goto free_txn;
	txn_open(cn, txn);
	txn->pol->seed = seed ? nla_get_u64(seed) : 1;
	if (txn->pol->bytes >= txn->pol->limit) {
		err = -EDQUOT;
		why = "the memory that policies may take here is taken";
	} else {
		err = censor_policy_set_name(txn->pol, nla_data(name), &why);
	}
	txn_close(cn, txn);
	if (err) {
		reject(info->extack, name, err, why);
		goto free_txn;
	}

	active = rcu_dereference_protected(cn->active, lockdep_is_held(&cn->cfg_mutex));
	if (nla_put_u32(reply, NF_CENSOR_A_POLICY_TXN_ID, txn->id) ||
	    nla_put_u32(reply, NF_CENSOR_A_POLICY_GENERATION, active ? active->generation : 0)) {
		err = -EMSGSIZE;
		goto free_txn;
	}
	genlmsg_end(reply, header);
	mutex_unlock(&cn->cfg_mutex);
	return genlmsg_reply(reply, info);

free_txn:
	txn_free(cn, txn);
free_reply:
	nlmsg_free(reply);
out:
	mutex_unlock(&cn->cfg_mutex);
	return err;
}

static int parse_prefix(const struct nlattr *attr, struct censor_prefix *prefix,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_PREFIX_MAX + 1];
	const struct nlattr *addr;
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_PREFIX_MAX, attr, nf_censor_prefix_nl_policy,
			       extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_PREFIX_V4] == !tb[NF_CENSOR_A_PREFIX_V6])
		return reject(extack, attr, -EINVAL,
			      "a prefix has either an IPv4 or an IPv6 address");
	addr = tb[NF_CENSOR_A_PREFIX_V4] ?: tb[NF_CENSOR_A_PREFIX_V6];
	memset(prefix, 0, sizeof(*prefix));
	prefix->family = tb[NF_CENSOR_A_PREFIX_V4] ? 4 : 6;
	memcpy(prefix->addr, nla_data(addr), nla_len(addr));
	prefix->bits = tb[NF_CENSOR_A_PREFIX_BITS] ? nla_get_u8(tb[NF_CENSOR_A_PREFIX_BITS]) :
						     nla_len(addr) * 8;
	return 0;
}

/* Absent: the field stays as the caller has set it. */
static int parse_field(const struct nlattr *attr, struct censor_field *field,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_FIELD_MAX + 1];
	int err;

	if (!attr)
		return 0;
	err = nla_parse_nested(tb, NF_CENSOR_A_FIELD_MAX, attr, nf_censor_field_nl_policy, extack);
	if (err)
		return err;
	field->pick = tb[NF_CENSOR_A_FIELD_PICK] ? nla_get_u8(tb[NF_CENSOR_A_FIELD_PICK]) :
						   CENSOR_PICK_RANGE;
	field->lo = tb[NF_CENSOR_A_FIELD_LO] ? nla_get_u16(tb[NF_CENSOR_A_FIELD_LO]) : 0;
	field->hi = tb[NF_CENSOR_A_FIELD_HI] ? nla_get_u16(tb[NF_CENSOR_A_FIELD_HI]) : field->lo;
	return 0;
}

static int add_inside(struct censor_txn *txn, const struct nlattr *attr,
		      struct netlink_ext_ack *extack)
{
	struct censor_prefix prefix;
	const char *why = NULL;
	int err;

	err = parse_prefix(attr, &prefix, extack);
	if (err)
		return err;
	err = censor_policy_add_inside(txn->pol, &prefix, &why);
	return err < 0 ? reject(extack, attr, err, why) : 0;
}

static int add_set(struct censor_txn *txn, const struct nlattr *attr,
		   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_SET_MAX + 1];
	const char *why = NULL;
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_SET_MAX, attr, nf_censor_set_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_SET_KIND])
		return reject(extack, attr, -EINVAL, "a set needs a kind");
	err = censor_policy_add_set(txn->pol,
				    tb[NF_CENSOR_A_SET_NAME] ? nla_data(tb[NF_CENSOR_A_SET_NAME]) :
							       "",
				    nla_get_u8(tb[NF_CENSOR_A_SET_KIND]),
				    tb[NF_CENSOR_A_SET_WORDS], &why);
	return err < 0 ? reject(extack, attr, err, why) : 0;
}

static int add_numbers(struct censor_txn *txn, u32 set, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_RANGE_MAX + 1];
	const char *why = NULL;
	u16 lo;
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_RANGE_MAX, attr, nf_censor_range_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_RANGE_LO])
		return reject(extack, attr, -EINVAL, "a range needs its lesser number");
	lo = nla_get_u16(tb[NF_CENSOR_A_RANGE_LO]);
	err = censor_policy_add_numbers(txn->pol, set, lo,
					tb[NF_CENSOR_A_RANGE_HI] ?
					nla_get_u16(tb[NF_CENSOR_A_RANGE_HI]) : lo, &why);
	return err < 0 ? reject(extack, attr, err, why) : 0;
}

static int add_elem(struct censor_txn *txn, u32 set, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	struct censor_prefix prefix;
	const char *why = NULL;
	int err;

	switch (nla_type(attr)) {
	case NF_CENSOR_A_ELEMS_SUFFIX ... NF_CENSOR_A_ELEMS_LABEL:
		err = censor_policy_add_name(txn->pol, set,
					     nla_type(attr) - NF_CENSOR_A_ELEMS_SUFFIX,
					     nla_data(attr), nla_len(attr), &why);
		break;
	case NF_CENSOR_A_ELEMS_PREFIX:
		err = parse_prefix(attr, &prefix, extack);
		if (err)
			return err;
		err = censor_policy_add_prefix(txn->pol, set, &prefix, &why);
		break;
	case NF_CENSOR_A_ELEMS_RANGE:
		return add_numbers(txn, set, attr, extack);
	default:
		return reject(extack, attr, -EINVAL, "elements are of one set, which comes first");
	}
	return err < 0 ? reject(extack, attr, err, why) : 0;
}

static int add_elems(struct censor_txn *txn, const struct nlattr *attr,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *elem;
	bool first = true;
	u32 set = 0;
	int rem, err;

	nla_for_each_nested(elem, attr, rem) {
		if (!first) {
			err = add_elem(txn, set, elem, extack);
			if (err)
				return err;
			continue;
		}
		if (nla_type(elem) != NF_CENSOR_A_ELEMS_SET)
			break;
		set = nla_get_u32(elem);
		if (set >= txn->pol->n_sets)
			return reject(extack, elem, -ENOENT,
				      "no set has this index; they are counted from 0 as they are added");
		first = false;
	}
	return first ? reject(extack, attr, -EINVAL, "the set comes before its elements") : 0;
}

static int parse_packet(const struct nlattr *attr, struct censor_packet *packet,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_PACKET_MAX + 1];
	const struct nlattr *seq;
	int rem, err;

	err = nla_parse_nested(tb, NF_CENSOR_A_PACKET_MAX, attr, nf_censor_packet_nl_policy,
			       extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_PACKET_FLAGS])
		return reject(extack, attr, -EINVAL, "a packet needs its TCP flags");
	packet->flags = nla_get_u8(tb[NF_CENSOR_A_PACKET_FLAGS]);
	packet->to = tb[NF_CENSOR_A_PACKET_TO] ? nla_get_u8(tb[NF_CENSOR_A_PACKET_TO]) :
						 CENSOR_TO_CLIENT | CENSOR_TO_SERVER;
	packet->copies = tb[NF_CENSOR_A_PACKET_COPIES] ? nla_get_u8(tb[NF_CENSOR_A_PACKET_COPIES]) :
							 1;
	packet->df = nla_get_flag(tb[NF_CENSOR_A_PACKET_DF]);
	packet->ttl = (struct censor_field){ .lo = 64, .hi = 64 };
	err = parse_field(tb[NF_CENSOR_A_PACKET_TTL], &packet->ttl, extack);
	if (!err)
		err = parse_field(tb[NF_CENSOR_A_PACKET_IP_ID], &packet->ip_id, extack);
	if (!err)
		err = parse_field(tb[NF_CENSOR_A_PACKET_WINDOW], &packet->window, extack);
	if (err)
		return err;
	nla_for_each_nested(seq, attr, rem) {
		if (nla_type(seq) != NF_CENSOR_A_PACKET_SEQ)
			continue;
		if (packet->n_seq == CENSOR_COPIES_MAX)
			return reject(extack, seq, -E2BIG, "a packet has at most 8 offsets");
		packet->seq[packet->n_seq++] = nla_get_u32(seq);
	}
	if (!packet->n_seq)
		packet->n_seq = 1;
	return 0;
}

static int add_inject(struct censor_txn *txn, const struct nlattr *attr,
		      struct netlink_ext_ack *extack)
{
	struct censor_inject *inject;
	const struct nlattr *part;
	const char *why = NULL;
	int rem, err = 0;

	inject = kzalloc(sizeof(*inject), GFP_KERNEL_ACCOUNT);
	if (!inject)
		return -ENOMEM;
	nla_for_each_nested(part, attr, rem) {
		if (nla_type(part) == NF_CENSOR_A_INJECT_NAME) {
			nla_strscpy(inject->name, part, sizeof(inject->name));
			continue;
		}
		if (inject->n_packets == CENSOR_PACKETS_MAX) {
			err = reject(extack, part, -E2BIG, "an inject has at most 8 packets");
			goto out;
		}
		err = parse_packet(part, &inject->packets[inject->n_packets++], extack);
		if (err)
			goto out;
	}
	err = censor_policy_add_inject(txn->pol, inject, &why);
	if (err < 0)
		reject(extack, attr, err, why);
out:
	kfree(inject);
	return min(err, 0);
}

static int add_pool(struct censor_txn *txn, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *part;
	const char *why = NULL;
	int rem, err;

	nla_for_each_nested(part, attr, rem) {
		if (nla_type(part) == NF_CENSOR_A_POOL_NAME) {
			err = censor_policy_add_pool(txn->pol, nla_data(part), &why);
			if (err >= 0)
				txn->pool = err;
		} else if (txn->pool < 0) {
			err = -EINVAL;
			why = "the first pool needs a name";
		} else {
			err = censor_policy_add_address(txn->pol, txn->pool,
							nla_len(part) == 4 ? 4 : 6,
							nla_data(part), &why);
		}
		if (err < 0)
			return reject(extack, part, err, why);
	}
	return 0;
}

static int add_cond(struct censor_txn *txn, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	u16 sets[CENSOR_COND_SETS_MAX];
	const struct nlattr *part, *cond = NULL;
	const char *why = NULL;
	bool negate = false;
	int rem, err;
	u32 n = 0;

	nla_for_each_nested(part, attr, rem) {
		switch (nla_type(part)) {
		case NF_CENSOR_A_COND_ATTR:
			cond = part;
			break;
		case NF_CENSOR_A_COND_NEGATE:
			negate = true;
			break;
		case NF_CENSOR_A_COND_SET:
			if (n == ARRAY_SIZE(sets))
				return reject(extack, part, -E2BIG,
					      "a condition names at most 32 sets");
			if (nla_get_u32(part) >= txn->pol->n_sets)
				return reject(extack, part, -ENOENT,
					      "no set has this index; they are counted from 0 as they are added");
			sets[n++] = nla_get_u32(part);
			break;
		}
	}
	if (!cond)
		return reject(extack, attr, -EINVAL, "a condition needs an attribute to look at");
	err = censor_policy_add_cond(txn->pol, nla_get_u8(cond), negate, sets, n, &why);
	return err < 0 ? reject(extack, attr, err, why) : 0;
}

static int parse_forge(const struct nlattr *attr, struct censor_forge *forge,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_FORGE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_FORGE_MAX, attr, nf_censor_forge_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_FORGE_POOL])
		return reject(extack, attr, -EINVAL, "forged answers need a pool");
	/* An index that no pool can have is no pool's in 16 bits either. */
	forge->pool = min_t(u32, nla_get_u32(tb[NF_CENSOR_A_FORGE_POOL]), U16_MAX);
	forge->count = tb[NF_CENSOR_A_FORGE_COUNT] ? nla_get_u8(tb[NF_CENSOR_A_FORGE_COUNT]) : 1;
	forge->aa = nla_get_flag(tb[NF_CENSOR_A_FORGE_AA]);
	forge->df = nla_get_flag(tb[NF_CENSOR_A_FORGE_DF]);
	forge->ttl_lo = tb[NF_CENSOR_A_FORGE_TTL_LO] ? nla_get_u32(tb[NF_CENSOR_A_FORGE_TTL_LO]) :
						       300;
	forge->ttl_hi = tb[NF_CENSOR_A_FORGE_TTL_HI] ? nla_get_u32(tb[NF_CENSOR_A_FORGE_TTL_HI]) :
						       forge->ttl_lo;
	forge->ip_ttl = (struct censor_field){ .lo = 64, .hi = 64 };
	forge->ip_id = (struct censor_field){ .lo = 0, .hi = U16_MAX };
	err = parse_field(tb[NF_CENSOR_A_FORGE_IP_TTL], &forge->ip_ttl, extack);
	if (!err)
		err = parse_field(tb[NF_CENSOR_A_FORGE_IP_ID], &forge->ip_id, extack);
	return err;
}

static int parse_rule(const struct nlattr *attr, struct censor_rule *rule,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[NF_CENSOR_A_RULE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_RULE_MAX, attr, nf_censor_rule_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_RULE_NAME])
		return reject(extack, attr, -EINVAL, "a rule needs a name");
	if (!tb[NF_CENSOR_A_RULE_ACTIONS])
		return reject(extack, attr, -EINVAL, "a rule needs an action");
	nla_strscpy(rule->name, tb[NF_CENSOR_A_RULE_NAME], sizeof(rule->name));
	rule->actions = nla_get_u32(tb[NF_CENSOR_A_RULE_ACTIONS]);
	if (!(rule->actions & CENSOR_DO_INJECT) != !tb[NF_CENSOR_A_RULE_INJECT])
		return reject(extack, attr, -EINVAL,
			      "the action inject and the index of an inject go together");
	if (!(rule->actions & CENSOR_DO_FORGE) != !tb[NF_CENSOR_A_RULE_FORGE])
		return reject(extack, attr, -EINVAL,
			      "the action forge and how to forge go together");
	if (!(rule->actions & CENSOR_DO_RESIDUAL) !=
	    !(tb[NF_CENSOR_A_RULE_RESIDUAL_MS] && tb[NF_CENSOR_A_RULE_TUPLE]))
		return reject(extack, attr, -EINVAL,
			      "the action residual, its time and its tuple go together");
	if (tb[NF_CENSOR_A_RULE_INJECT])
		rule->inject = min_t(u32, nla_get_u32(tb[NF_CENSOR_A_RULE_INJECT]), U16_MAX);
	if (tb[NF_CENSOR_A_RULE_RESIDUAL_MS])
		rule->residual_ms = nla_get_u32(tb[NF_CENSOR_A_RULE_RESIDUAL_MS]);
	if (tb[NF_CENSOR_A_RULE_TUPLE])
		rule->tuple = nla_get_u8(tb[NF_CENSOR_A_RULE_TUPLE]);
	if (tb[NF_CENSOR_A_RULE_FORGE])
		return parse_forge(tb[NF_CENSOR_A_RULE_FORGE], &rule->forge, extack);
	return 0;
}

static int add_rule(struct censor_txn *txn, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	struct censor_rule rule = {};
	const struct nlattr *part;
	const char *why = NULL;
	int rem, err;

	err = parse_rule(attr, &rule, extack);
	if (err)
		return err;
	err = censor_policy_add_rule(txn->pol, &rule, &why);
	if (err < 0)
		return reject(extack, attr, err, why);
	nla_for_each_nested(part, attr, rem) {
		if (nla_type(part) != NF_CENSOR_A_RULE_COND)
			continue;
		err = add_cond(txn, part, extack);
		if (err)
			return err;
	}
	return 0;
}

static int add(struct censor_txn *txn, const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	switch (nla_type(attr)) {
	case NF_CENSOR_A_POLICY_INSIDE:
		return add_inside(txn, attr, extack);
	case NF_CENSOR_A_POLICY_SET:
		return add_set(txn, attr, extack);
	case NF_CENSOR_A_POLICY_ELEMS:
		return add_elems(txn, attr, extack);
	case NF_CENSOR_A_POLICY_INJECT:
		return add_inject(txn, attr, extack);
	case NF_CENSOR_A_POLICY_POOL:
		return add_pool(txn, attr, extack);
	case NF_CENSOR_A_POLICY_RULE:
		return add_rule(txn, attr, extack);
	default:
		return 0;
	}
}

int nf_censor_nl_txn_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct censor_net *cn = censor_pernet(genl_info_net(info));
	const struct nlattr *attr;
	struct censor_txn *txn;
	int rem, err = 0;

	mutex_lock(&cn->cfg_mutex);
	txn = txn_find(cn, info, &err);
	if (!txn)
		goto out;
	if (txn->failed) {
		err = reject(info->extack, info->attrs[NF_CENSOR_A_POLICY_TXN_ID], -EINVAL,
			     "a part of this transaction was refused; abort it and begin again");
		goto out;
	}
	txn_open(cn, txn);
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		err = add(txn, attr, info->extack);
		if (err)
			break;
	}
	txn_close(cn, txn);
	if (err)
		txn_fail(cn, txn);
out:
	mutex_unlock(&cn->cfg_mutex);
	return err;
}

/* Is the policy in force the one that the caller believes to be? */
static int check_generation(struct genl_info *info, const struct censor_active *active)
{
	const struct nlattr *attr = info->attrs[NF_CENSOR_A_POLICY_GENERATION];

	if (!attr || nla_get_u32(attr) == (active ? active->generation : 0))
		return 0;
	return reject(info->extack, attr, -ESTALE,
		      "another policy is in force than the one of this generation; look again");
}

int nf_censor_nl_txn_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct censor_net *cn = censor_pernet(genl_info_net(info));
	struct sk_buff *reply = NULL, *note = NULL;
	struct censor_active *active, *old;
	const char *why = NULL;
	struct censor_txn *txn;
	void *header;
	int err, where;

	err = check_namespace(cn->net, info);
	if (err)
		return err;
	mutex_lock(&cn->cfg_mutex);
	old = rcu_dereference_protected(cn->active, lockdep_is_held(&cn->cfg_mutex));
	txn = txn_find(cn, info, &err);
	if (!txn)
		goto out;
	if (txn->failed) {
		err = reject(info->extack, info->attrs[NF_CENSOR_A_POLICY_TXN_ID], -EINVAL,
			     "a part of this transaction was refused; abort it and begin again");
		goto out;
	}
	err = check_generation(info, old);
	if (err)
		goto out;

	txn_open(cn, txn);
	err = censor_policy_seal(txn->pol, &where, &why);
	txn_close(cn, txn);
	if (err) {
		/* Sealed or not, nothing can be added to it any more. */
		txn_fail(cn, txn);
		if (info->extack)
			info->extack->_msg = why;
		goto out;
	}

	err = -ENOMEM;
	reply = censor_reply_new(info, &header);
	if (!reply)
		goto fail;
	if (info->attrs[NF_CENSOR_A_POLICY_DRY_RUN]) {
		txn_free(cn, txn);
		txn = NULL;
		goto reply;
	}
	note = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!note)
		goto fail;
	active = censor_active_create(cn, txn->pol, txn->charged);
	if (!active)
		goto fail;
	txn->pol = NULL;
	txn->charged = 0;
	txn_free(cn, txn);
	txn = NULL;
	err = censor_net_commit(cn, active);
	if (err) {
		censor_active_put(active);
		GENL_SET_ERR_MSG(info, "the hooks could not be registered");
		goto fail;
	}
	censor_policy_notify(cn, note, active);
	note = NULL;
	old = active;
reply:
	err = -EMSGSIZE;
	if (nla_put_u32(reply, NF_CENSOR_A_POLICY_GENERATION, old ? old->generation : 0))
		goto fail;
	genlmsg_end(reply, header);
	mutex_unlock(&cn->cfg_mutex);
	return genlmsg_reply(reply, info);

fail:
	if (txn)
		txn_fail(cn, txn);
	nlmsg_free(note);
	nlmsg_free(reply);
out:
	mutex_unlock(&cn->cfg_mutex);
	return err;
}

int nf_censor_nl_txn_abort_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct censor_net *cn = censor_pernet(genl_info_net(info));
	struct censor_txn *txn;
	int err = 0;

	mutex_lock(&cn->cfg_mutex);
	txn = txn_find(cn, info, &err);
	if (txn)
		txn_free(cn, txn);
	mutex_unlock(&cn->cfg_mutex);
	return err;
}

int nf_censor_nl_policy_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct censor_net *cn = censor_pernet(genl_info_net(info));
	struct sk_buff *reply, *note;
	struct censor_active *active;
	void *header;
	int err;

	reply = censor_reply_new(info, &header);
	note = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	err = -ENOMEM;
	if (!reply || !note)
		goto free;
	err = -EMSGSIZE;
	if (nla_put_u32(reply, NF_CENSOR_A_POLICY_GENERATION, 0))
		goto free;
	genlmsg_end(reply, header);

	mutex_lock(&cn->cfg_mutex);
	active = rcu_dereference_protected(cn->active, lockdep_is_held(&cn->cfg_mutex));
	err = check_generation(info, active);
	if (!err && active) {
		censor_net_flush(cn);
		censor_policy_notify(cn, note, NULL);
		note = NULL;
	}
	mutex_unlock(&cn->cfg_mutex);
	if (err)
		goto free;
	nlmsg_free(note);
	return genlmsg_reply(reply, info);
free:
	nlmsg_free(note);
	nlmsg_free(reply);
	return err;
}
