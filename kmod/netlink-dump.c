// SPDX-License-Identifier: GPL-2.0
/**
 * DOC: dumps of a table that changes
 *
 * Packets go on while a table is told, a message at a time, for as long as its reader takes.
 * Between two messages nothing of it is held but the place, by the rules of rhashtable_walk: no
 * entry, no lock. What is promised is that an entry which is there from the beginning of the dump
 * to its end is told once; others may be or not. Two things break that. A table that is resized has
 * no places any more: the walk would begin anew, and could do so for ever, so the dump ends there.
 * And an entry that is taken out can take the place with it, if the dump had come just to it: then
 * it goes on from where that was by count, which others may have changed. Of either NLM_F_DUMP_INTR
 * tells, in the last message at the latest, and of another policy or phase in force, by which the
 * rest would be another story.
 */
#include <linux/rhashtable.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "netlink.h"
#include "netlink-dump.h"
#include "netlink-parts.h"
#include "netlink-policy.h"

/* Entries between two moments at which others may run, and RCU go on. */
#define DUMP_STRIDE	128

/* What stands in cb->seq: a dump that was interrupted has another than it began with. */
enum { SEQ_WHOLE = 1, SEQ_INTERRUPTED };

/*
 * struct table_dump - how far a dump has come
 * @iter: there
 * @removals: of entries
 * @removed: how many had ended when it began
 * @era: what was in force then; 0: no policy was
 */
struct table_dump {
	struct rhashtable_iter iter;
	const struct censor_removals *removals;
	int removed;
	u64 era;
};

/* The policy and phase in force, 0 for none. */
static u64 era_now(struct censor_net *cn)
{
	struct censor_active *active;
	u64 era;

	rcu_read_lock();
	active = rcu_dereference(cn->active);
	era = active ? censor_active_era(active) : 0;
	rcu_read_unlock();
	return era;
}

int censor_dump_start(struct netlink_callback *cb, struct rhashtable *table,
		      const struct censor_removals *removals)
{
	struct table_dump *dump;

	if (nlmsg_attrlen(cb->nlh, GENL_HDRLEN))
		return censor_reject(cb->extack, nlmsg_attrdata(cb->nlh, GENL_HDRLEN), -EINVAL,
				     "a dump is of all; ask for one without NLM_F_DUMP");
	dump = kzalloc(sizeof(*dump), GFP_KERNEL_ACCOUNT);
	if (!dump)
		return -ENOMEM;
	dump->era = era_now(censor_pernet(sock_net(cb->skb->sk)));
	dump->removals = removals;
	dump->removed = atomic_read(&removals->ended);
	/* The other half is in censor_removal_end(). */
	smp_rmb();
	rhashtable_walk_enter(table, &dump->iter);
	cb->args[0] = (long)dump;
	cb->seq = SEQ_WHOLE;
	/* Or one that is interrupted before its first message would not say so. */
	cb->prev_seq = SEQ_WHOLE;
	return 0;
}

int censor_dump_done(struct netlink_callback *cb)
{
	struct table_dump *dump = (struct table_dump *)cb->args[0];

	if (!dump)
		return 0;
	rhashtable_walk_exit(&dump->iter);
	kfree(dump);
	return 0;
}

void *censor_dump_message(struct sk_buff *skb, const struct censor_reader *reader, u8 command)
{
	void *header = genlmsg_put(skb, reader->portid, reader->seq, &censor_family,
				   reader->cb ? NLM_F_MULTI : 0, command);

	if (header && reader->cb)
		genl_dump_check_consistent(reader->cb, header);
	return header;
}

/* As many as there is room for. Return: 0 at the end of the table, -EMSGSIZE or -EAGAIN. */
static int walk(struct sk_buff *skb, struct table_dump *dump, const struct censor_reader *reader,
		censor_dump_put put)
{
	unsigned int n = 0;
	void *obj;
	int err;

	err = rhashtable_walk_start_check(&dump->iter);
	/* The one that found no room in the message before. */
	obj = err ? NULL : rhashtable_walk_peek(&dump->iter);
	while (!err && obj) {
		if (IS_ERR(obj)) {
			err = PTR_ERR(obj);
			break;
		}
		err = put(skb, reader, obj);
		if (err)
			break;
		if (++n % DUMP_STRIDE == 0) {
			rhashtable_walk_stop(&dump->iter);
			cond_resched();
			err = rhashtable_walk_start_check(&dump->iter);
			if (err)
				break;
		}
		obj = rhashtable_walk_next(&dump->iter);
	}
	rhashtable_walk_stop(&dump->iter);
	return err;
}

int censor_dump(struct sk_buff *skb, struct netlink_callback *cb, censor_dump_put put)
{
	struct table_dump *dump = (struct table_dump *)cb->args[0];
	struct censor_reader reader = {
		.cn = censor_pernet(sock_net(cb->skb->sk)),
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.cb = cb,
	};
	int err = 0;

	reader.active = censor_active_get(reader.cn);
	if (reader.active && reader.active->generation == CENSOR_ERA_GENERATION(dump->era)) {
		reader.now = censor_active_now(reader.active);
		reader.era = censor_active_era(reader.active);
		err = walk(skb, dump, &reader, put);
		/* Who finds the place gone finds that counted, as in censor_removal_begin(). */
		smp_rmb();
		if (err == -EAGAIN || atomic_read(&dump->removals->begun) != dump->removed)
			cb->seq = SEQ_INTERRUPTED;
	}
	if (era_now(reader.cn) != dump->era)
		cb->seq = SEQ_INTERRUPTED;
	if (reader.active)
		censor_active_put(reader.active);
	if (err == -EMSGSIZE)
		return skb->len ?: err;
	/* With 0 a dump that fits is over before anyone has read it. */
	return err == -EAGAIN ? 0 : err;
}

int censor_dump_one(struct genl_info *info, censor_dump_put put, void *obj, const char *none)
{
	struct censor_reader reader = {
		.cn = censor_pernet(genl_info_net(info)),
		.portid = info->snd_portid,
		.seq = info->snd_seq,
	};
	struct sk_buff *reply;
	int err = 0;

	reply = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	reader.active = censor_active_get(reader.cn);
	if (reader.active) {
		reader.now = censor_active_now(reader.active);
		reader.era = censor_active_era(reader.active);
		err = put(reply, &reader, obj);
		censor_active_put(reader.active);
	}
	if (!err && !reply->len)
		err = censor_reject(info->extack, NULL, -ENOENT, none);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	return genlmsg_reply(reply, info);
}

int censor_dump_put_end(struct sk_buff *skb, int addr_type, const u8 *addr, u8 len, int port_type,
			const u16 *port)
{
	if ((addr && nla_put(skb, addr_type, len, addr)) ||
	    (port && nla_put_u16(skb, port_type, *port)))
		return -EMSGSIZE;
	return 0;
}

int censor_dump_address(const struct nlattr *attr, u8 *family, u8 *addr,
			struct netlink_ext_ack *extack)
{
	u8 of = nla_len(attr) == 4 ? 4 : 6;

	if (nla_len(attr) != 4 && nla_len(attr) != 16)
		return censor_reject(extack, attr, -EINVAL, "an address has 4 or 16 bytes");
	if (*family && *family != of)
		return censor_reject(extack, attr, -EINVAL,
				     "this address is not of the family that the rest is");
	*family = of;
	nla_memcpy(addr, attr, 16);
	return 0;
}
