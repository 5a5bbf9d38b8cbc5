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
#include "netlink-parts.h"
#include "netlink-policy.h"
#include "params.h"

/*
 * struct censor_txn - an open transaction
 * @owner: port of the socket that began it
 * @failed: a part of it was refused, so it can't be committed
 * @charged: bytes of @pol that are accounted for
 */
struct censor_txn {
	struct list_head list;
	u32 owner;
	u32 id;
	bool failed;
	struct censor_policy *pol;
	size_t charged;
};

/* Namespaces of other user namespaces share a limit: one after another, so that none exceeds it. */
static DEFINE_MUTEX(foreign_mutex);

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
		*err = censor_reject(info->extack, attr, -ENOENT,
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
		censor_reject(info->extack, name, err, why);
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

static int add(struct censor_policy *pol, const struct nlattr *attr,
	       struct netlink_ext_ack *extack)
{
	switch (nla_type(attr)) {
	case NF_CENSOR_A_POLICY_CLOCK:
		return censor_nl_set_clock(pol, attr, extack);
	case NF_CENSOR_A_POLICY_TCP:
		return censor_nl_set_tcp(pol, attr, extack);
	case NF_CENSOR_A_POLICY_IP:
		return censor_nl_set_ip(pol, attr, extack);
	case NF_CENSOR_A_POLICY_DETECT:
		return censor_nl_set_detect(pol, attr, extack);
	case NF_CENSOR_A_POLICY_PHASE:
		return censor_nl_add_phase(pol, attr, extack);
	case NF_CENSOR_A_POLICY_INSIDE:
		return censor_nl_add_inside(pol, attr, extack);
	case NF_CENSOR_A_POLICY_SET:
		return censor_nl_add_set(pol, attr, extack);
	case NF_CENSOR_A_POLICY_ELEMS:
		return censor_nl_add_elems(pol, attr, extack);
	case NF_CENSOR_A_POLICY_PAGE:
		return censor_nl_add_page(pol, attr, extack);
	case NF_CENSOR_A_POLICY_HOURS:
		return censor_nl_add_hours(pol, attr, extack);
	case NF_CENSOR_A_POLICY_LOAD:
		return censor_nl_add_load(pol, attr, extack);
	case NF_CENSOR_A_POLICY_INJECT:
		return censor_nl_add_inject(pol, attr, extack);
	case NF_CENSOR_A_POLICY_POOL:
		return censor_nl_add_pool(pol, attr, extack);
	case NF_CENSOR_A_POLICY_RULE:
		return censor_nl_add_rule(pol, attr, extack);
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
		err = censor_reject(info->extack, info->attrs[NF_CENSOR_A_POLICY_TXN_ID], -EINVAL,
			     "a part of this transaction was refused; abort it and begin again");
		goto out;
	}
	txn_open(cn, txn);
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		err = add(txn->pol, attr, info->extack);
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

int censor_nl_check_generation(struct genl_info *info, const struct censor_active *active)
{
	const struct nlattr *attr = info->attrs[NF_CENSOR_A_POLICY_GENERATION];

	if (!attr || nla_get_u32(attr) == (active ? active->generation : 0))
		return 0;
	return censor_reject(info->extack, attr, -ESTALE,
		      "another policy is in force than the one of this generation; look again");
}

static int no_room(struct genl_info *info)
{
	GENL_SET_ERR_MSG(info,
			 "the policy, with what its rules count and police, needs more memory than it may take here");
	return -EDQUOT;
}

/* Whether there is room for it in force; the sealed policy itself is accounted for. */
static int check_room(const struct censor_net *cn, const struct censor_policy *pol,
		      struct genl_info *info)
{
	size_t size = censor_active_size(pol), limit = censor_policy_limit(cn);

	if (pol->bytes > limit || size > limit - pol->bytes || size > censor_charge_left(cn))
		return no_room(info);
	return 0;
}

int nf_censor_nl_txn_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct censor_net *cn = censor_pernet(genl_info_net(info));
	struct sk_buff *reply = NULL, *note = NULL;
	struct censor_active *active, *old;
	const char *why = NULL;
	struct censor_txn *txn;
	int err, where, phase;
	void *header;
	s64 wall;

	err = check_namespace(cn->net, info);
	if (!err)
		err = censor_nl_wall(info->attrs[NF_CENSOR_A_POLICY_WALL], &wall, info->extack);
	if (err)
		return err;
	mutex_lock(&cn->cfg_mutex);
	old = rcu_dereference_protected(cn->active, lockdep_is_held(&cn->cfg_mutex));
	txn = txn_find(cn, info, &err);
	if (!txn)
		goto out;
	if (txn->failed) {
		err = censor_reject(info->extack, info->attrs[NF_CENSOR_A_POLICY_TXN_ID], -EINVAL,
			     "a part of this transaction was refused; abort it and begin again");
		goto out;
	}
	err = censor_nl_check_generation(info, old);
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

	phase = censor_nl_phase_index(txn->pol, info->attrs[NF_CENSOR_A_POLICY_PHASE_INDEX],
				      info->extack);
	err = phase;
	if (phase < 0)
		goto fail;
	err = check_room(cn, txn->pol, info);
	if (err)
		goto fail;
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
	if (IS_ERR(active)) {
		err = PTR_ERR(active) == -EDQUOT ? no_room(info) : PTR_ERR(active);
		goto fail;
	}
	txn->pol = NULL;
	txn->charged = 0;
	txn_free(cn, txn);
	txn = NULL;
	err = censor_net_commit(cn, active, phase, wall);
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
	err = censor_nl_check_generation(info, active);
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
