// SPDX-License-Identifier: GPL-2.0
/* Phases: added to a policy, told of the one in force, and switched. */
#include <net/sock.h>

#include "active.h"
#include "netlink.h"
#include "netlink-parts.h"
#include "netlink-policy.h"

/* A phase with the longest name and title has room in this, and all beside phases, too. */
#define PHASE_SIZE	256
#define HEAD_SIZE	256

static_assert(CENSOR_NAME_MAX + CENSOR_TITLE_SIZE + 2 * sizeof(s64) + 7 * NLA_HDRLEN <=
	      PHASE_SIZE);

int censor_nl_add_phase(struct censor_policy *pol, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	struct censor_phase phase = {
		.from = CENSOR_NO_DATE,
		.until = CENSOR_NO_DATE,
	};
	struct nlattr *tb[NF_CENSOR_A_PHASE_MAX + 1];
	const char *why = NULL;
	int err;

	err = nla_parse_nested(tb, NF_CENSOR_A_PHASE_MAX, attr, nf_censor_phase_nl_policy, extack);
	if (err)
		return err;
	if (!tb[NF_CENSOR_A_PHASE_NAME])
		return censor_reject(extack, attr, -EINVAL, "a phase needs a name");
	if (tb[NF_CENSOR_A_PHASE_UNTIL] && !tb[NF_CENSOR_A_PHASE_FROM])
		return censor_reject(extack, tb[NF_CENSOR_A_PHASE_UNTIL], -EINVAL,
				     "a phase that ends on a date needs one on which it begins");
	nla_strscpy(phase.name, tb[NF_CENSOR_A_PHASE_NAME], sizeof(phase.name));
	if (tb[NF_CENSOR_A_PHASE_TITLE])
		nla_strscpy(phase.title, tb[NF_CENSOR_A_PHASE_TITLE], sizeof(phase.title));
	if (tb[NF_CENSOR_A_PHASE_FROM])
		phase.from = nla_get_s64(tb[NF_CENSOR_A_PHASE_FROM]);
	if (tb[NF_CENSOR_A_PHASE_UNTIL])
		phase.until = nla_get_s64(tb[NF_CENSOR_A_PHASE_UNTIL]);
	err = censor_policy_add_phase(pol, &phase, &why);
	return err < 0 ? censor_reject(extack, attr, err, why) : 0;
}

int censor_nl_put_phase(struct sk_buff *skb, const struct censor_phase *phase)
{
	if (nla_put_string(skb, NF_CENSOR_A_PHASE_NAME, phase->name) ||
	    (phase->title[0] && nla_put_string(skb, NF_CENSOR_A_PHASE_TITLE, phase->title)) ||
	    (phase->from != CENSOR_NO_DATE &&
	     nla_put_s64(skb, NF_CENSOR_A_PHASE_FROM, phase->from, NF_CENSOR_A_PHASE_PAD)) ||
	    (phase->until != CENSOR_NO_DATE &&
	     nla_put_s64(skb, NF_CENSOR_A_PHASE_UNTIL, phase->until, NF_CENSOR_A_PHASE_PAD)))
		return -EMSGSIZE;
	return 0;
}

int censor_nl_phase_index(const struct censor_policy *pol, const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (!pol->n_phases)
		return censor_reject(extack, attr, -EINVAL,
				     "this policy has no phases: it is always the same");
	if (nla_get_u8(attr) >= pol->n_phases)
		return censor_reject(extack, attr, -ENOENT,
				     "the policy has no phase of this index; they are counted from 0 in its order, as phase-get tells them");
	return nla_get_u8(attr);
}

int censor_nl_wall(const struct nlattr *attr, s64 *wall, struct netlink_ext_ack *extack)
{
	*wall = attr ? nla_get_s64(attr) : CENSOR_WALL_HOST;
	if (!attr || (*wall >= 0 && *wall <= CENSOR_WALL_MAX))
		return 0;
	return censor_reject(extack, attr, -ERANGE,
			     "a calendar begins with 1970 and ends with the year 9999: 0 to 253402300799 seconds");
}

static int put_phase_nest(struct sk_buff *skb, const struct censor_phase *phase)
{
	struct nlattr *nest = nla_nest_start(skb, NF_CENSOR_A_POLICY_PHASE);

	if (!nest || censor_nl_put_phase(skb, phase))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Which phase it is in by @word, and what all answers about it have in common. */
static int put_state(struct sk_buff *skb, const struct censor_active *active, u32 word)
{
	if (nla_put_u32(skb, NF_CENSOR_A_POLICY_GENERATION, active->generation) ||
	    (active->pol->n_phases &&
	     nla_put_u8(skb, NF_CENSOR_A_POLICY_PHASE_INDEX, CENSOR_WORD_PHASE(word))) ||
	    nla_put_u32(skb, NF_CENSOR_A_POLICY_SWITCHES, CENSOR_WORD_SWITCHES(word)))
		return -EMSGSIZE;
	return 0;
}

static int put_calendar(struct sk_buff *skb, const struct censor_active *active)
{
	if (nla_put_string(skb, NF_CENSOR_A_POLICY_NAME, active->pol->name) ||
	    nla_put_s64(skb, NF_CENSOR_A_POLICY_WALL,
			censor_active_wall(active, censor_active_now(active)),
			NF_CENSOR_A_POLICY_PAD))
		return -EMSGSIZE;
	return 0;
}

int nf_censor_nl_phase_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct censor_net *cn = censor_pernet(genl_info_net(info));
	struct censor_active *active;
	struct sk_buff *reply;
	void *header;
	int err = 0;
	u32 i;

	reply = genlmsg_new(HEAD_SIZE + CENSOR_PHASES_MAX * PHASE_SIZE, GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	header = genlmsg_put_reply(reply, info, &censor_family, 0, info->genlhdr->cmd);
	if (!header) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	/* Without cfg_mutex: anyone may ask, and a commit holds that for long. */
	active = censor_active_get(cn);
	if (!active) {
		err = nla_put_u32(reply, NF_CENSOR_A_POLICY_GENERATION, 0);
	} else {
		err = put_state(reply, active, READ_ONCE(active->phase)) ?:
		      put_calendar(reply, active);
		for (i = 0; !err && i < active->pol->n_phases; i++)
			err = put_phase_nest(reply, &active->pol->phases[i]);
		censor_active_put(active);
	}
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

/*
 * Whoever listens learns of the phase and the calendar that there are now; what the phase is, only
 * where it is another than before. cfg_mutex is held.
 */
static void notify(struct censor_net *cn, struct sk_buff *note, const struct censor_active *active,
		   bool switched)
{
	void *header;

	header = genlmsg_put(note, 0, 0, &censor_family, 0, NF_CENSOR_CMD_PHASE_NTF);
	if (!header || put_state(note, active, active->phase) || put_calendar(note, active) ||
	    (switched &&
	     put_phase_nest(note, &active->pol->phases[censor_active_phase(active)]))) {
		nlmsg_free(note);
		return;
	}
	genlmsg_end(note, header);
	genlmsg_multicast_netns(&censor_family, cn->net, note, 0, CENSOR_GROUP_CONFIG, GFP_KERNEL);
}

/* What is asked for, of the policy in force; cfg_mutex is held. Return: the phase, or an error. */
static int check_switch(struct genl_info *info, const struct censor_active *active)
{
	const struct nlattr *attr = info->attrs[NF_CENSOR_A_POLICY_PHASE_INDEX];
	int err;

	if (!active) {
		GENL_SET_ERR_MSG(info, "no policy is in force; load one that has phases");
		return -ENOENT;
	}
	err = censor_nl_check_generation(info, active);
	if (err)
		return err;
	if (!attr && !info->attrs[NF_CENSOR_A_POLICY_WALL]) {
		GENL_SET_ERR_MSG(info,
				 "which phase? phase-index counts them from 0, as phase-get tells them");
		return -EINVAL;
	}
	return attr ? censor_nl_phase_index(active->pol, attr, info->extack) :
		      censor_active_phase(active);
}

int nf_censor_nl_phase_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct censor_net *cn = censor_pernet(genl_info_net(info));
	struct sk_buff *reply, *note;
	struct censor_active *active;
	int phase, err;
	void *header;
	bool switched;
	s64 wall;

	err = censor_nl_wall(info->attrs[NF_CENSOR_A_POLICY_WALL], &wall, info->extack);
	if (err)
		return err;
	/* All that can fail is done before the switch. */
	reply = censor_reply_new(info, &header);
	note = genlmsg_new(HEAD_SIZE + PHASE_SIZE, GFP_KERNEL);
	err = -ENOMEM;
	if (!reply || !note)
		goto free;

	mutex_lock(&cn->cfg_mutex);
	active = rcu_dereference_protected(cn->active, lockdep_is_held(&cn->cfg_mutex));
	phase = check_switch(info, active);
	if (phase < 0) {
		mutex_unlock(&cn->cfg_mutex);
		err = phase;
		goto free;
	}
	if (wall != CENSOR_WALL_HOST)
		censor_active_set_wall(active, wall);
	switched = phase != censor_active_phase(active);
	if (switched)
		censor_active_switch(active, phase);
	if (switched || wall != CENSOR_WALL_HOST) {
		notify(cn, note, active, switched);
		note = NULL;
	}
	err = put_state(reply, active, active->phase);
	mutex_unlock(&cn->cfg_mutex);
	if (err)
		goto free;
	nlmsg_free(note);
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
free:
	nlmsg_free(note);
	nlmsg_free(reply);
	return err;
}
