// SPDX-License-Identifier: GPL-2.0
/*
 * netlink-fuzz SECONDS SEED: messages to the kernel's half, in this network namespace. A table says
 * what may stand in each: it is kmod/netlink-gen.c, which is generated from the specification.
 * Three kinds of transactions: the policy in force told back with changes, one made of the table, and
 * messages out of any order, of which many are damaged. Each is answered, within seconds; and some
 * transactions of either kind are to end in a policy, or none of this reached far.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libmnl/libmnl.h>

#include "netlink-gen.h"
#include <linux/nf_censor.h>

#define SOCKETS		4
#define MESSAGE_MAX	60000
#define PARTS_MAX	256
#define DEPTH_MAX	4

/** struct peer - a socket, which owns its transaction */
struct peer {
	struct mnl_socket *socket;
	u32 txn;
	u32 seq;
};

static struct peer peers[SOCKETS];
static u16 family;
static u64 random_state;
static u8 message_room[MESSAGE_MAX + 4096] __attribute__((aligned(8)));
static u8 answer_room[65536] __attribute__((aligned(8)));

/* The policy in force when a transaction began: attributes of messages, a part each. */
static u8 *parts[PARTS_MAX];
static u32 parts_len[PARTS_MAX], n_parts;

static struct {
	u64 messages, done, refused, told, dumps, commits, from_parts, from_table;
} counts;

static u32 dice(u32 sides)
{
	u64 z = (random_state += 0x9e3779b97f4a7c15ull);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return (u32)((z ^ (z >> 31)) >> 16) % sides;
}

static u64 bits(void)
{
	return (u64)dice(0x10000) << 48 | (u64)dice(0x10000) << 32 | (u64)dice(0x10000) << 16 |
	       dice(0x10000);
}

static void fail(const char *what)
{
	fprintf(stderr, "netlink-fuzz: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void peer_open(struct peer *peer)
{
	struct timeval patience = { .tv_sec = 20 };
	int one = 1;

	if (peer->socket)
		mnl_socket_close(peer->socket);
	peer->socket = mnl_socket_open(NETLINK_GENERIC);
	if (!peer->socket || mnl_socket_bind(peer->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		fail("socket");
	mnl_socket_setsockopt(peer->socket, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(mnl_socket_get_fd(peer->socket), SOL_SOCKET, SO_RCVTIMEO, &patience,
		   sizeof(patience));
	peer->txn = 0;
}

static struct nlmsghdr *begin(struct peer *peer, u8 command, u16 flags)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(message_room);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(message, sizeof(*genl));

	message->nlmsg_type = family;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_seq = ++peer->seq;
	genl->cmd = command;
	genl->version = 1;
	return message;
}

static bool room(const struct nlmsghdr *message, u32 len)
{
	return message->nlmsg_len + len < MESSAGE_MAX;
}

/* A value for a number: most often one that the table allows. */
static u64 number(const struct nla_policy *policy)
{
	static const u64 edges[] = { 0, 1, 2, 127, 128, 255, 256, 9999, 10000, 10001, 65535,
				     0x7fffffff, 0x80000000, 0xffffffff, ~0ull };

	if (!dice(12))
		return dice(2) ? bits() : edges[dice(ARRAY_SIZE(edges))];
	if (policy->validation_type == NLA_VALIDATE_RANGE)
		return policy->min + bits() % (u64)(policy->max - policy->min + 1);
	if (policy->validation_type == NLA_VALIDATE_MASK)
		return bits() & policy->mask;
	/* Many numbers are indices, of which few exist. */
	return dice(3) ? dice(3) : dice(2) ? dice(2000) : edges[dice(ARRAY_SIZE(edges))];
}

static void put_text(struct nlmsghdr *message, u16 type, u32 max)
{
	char text[300];
	u32 len = dice(16) ? 1 + dice(min(max, 12u)) : max - 1 + dice(3), i;

	len = min(len, (u32)sizeof(text) - 1);
	for (i = 0; i < len; i++)
		text[i] = dice(40) ? 'a' + (char)dice(4) : (char)dice(256);
	text[len] = '\0';
	mnl_attr_put(message, type, len + !!dice(20), text);
}

static void put_binary(struct nlmsghdr *message, u16 type, const struct nla_policy *policy)
{
	static const char *const names[] = { "a.example", "b.example", "example", "x", "facebook.com" };
	u8 bytes[2048];
	u32 len = policy->len, i;

	if (policy->validation_type != NLA_VALIDATE_EXACT && dice(3)) {
		mnl_attr_put(message, type, strlen(names[dice(ARRAY_SIZE(names))]),
			     names[dice(ARRAY_SIZE(names))]);
		return;
	}
	if (policy->validation_type != NLA_VALIDATE_EXACT || !dice(16))
		len = dice(20) ? dice(64) : dice(sizeof(bytes));
	for (i = 0; i < len; i++)
		bytes[i] = (u8)dice(256);
	mnl_attr_put(message, type, len, bytes);
}

static void put_attr(struct nlmsghdr *message, u16 type, const struct nla_policy *policy, u32 depth);

static void put_attrs(struct nlmsghdr *message, const struct nla_policy *policy, u32 max, u32 depth)
{
	u32 type, again;

	for (type = 1; type <= max; type++) {
		if (!dice(4))
			continue;
		again = dice(8) ? 1 : 1 + dice(6);
		while (again-- && room(message, 4096))
			put_attr(message, (u16)type, &policy[type], depth);
	}
	/* Some that there is no such thing as. */
	if (!dice(60))
		mnl_attr_put_u32(message, (u16)(dice(2) ? max + 1 : dice(0x4000)), dice(100));
}

static void put_nest(struct nlmsghdr *message, u16 type, const struct nla_policy *policy, u32 depth)
{
	struct nlattr *nest;

	if (depth == DEPTH_MAX)
		return;
	nest = mnl_attr_nest_start(message, type);
	if (!dice(30))
		nest->nla_type &= NLA_TYPE_MASK;
	put_attrs(message, policy->nested_policy, policy->len, depth + 1);
	mnl_attr_nest_end(message, nest);
}

static void put_attr(struct nlmsghdr *message, u16 type, const struct nla_policy *policy, u32 depth)
{
	switch (policy->type) {
	case NLA_U8:
	case NLA_S8:
		mnl_attr_put_u8(message, type, (u8)number(policy));
		break;
	case NLA_U16:
	case NLA_S16:
		mnl_attr_put_u16(message, type, (u16)number(policy));
		break;
	case NLA_U32:
	case NLA_S32:
		mnl_attr_put_u32(message, type, (u32)number(policy));
		break;
	case NLA_U64:
	case NLA_S64:
		mnl_attr_put_u64(message, type, number(policy));
		break;
	case NLA_FLAG:
		mnl_attr_put(message, type, dice(30) ? 0 : dice(8), "12345678");
		break;
	case NLA_STRING:
	case NLA_NUL_STRING:
		put_text(message, type, policy->len ? policy->len : 32);
		break;
	case NLA_BINARY:
		put_binary(message, type, policy);
		break;
	case NLA_NESTED:
	case NLA_NESTED_ARRAY:
		put_nest(message, type, policy, depth);
		break;
	}
}

/* Anything but its length: that must be what is sent, or the message is none. */
static void damage(struct nlmsghdr *message)
{
	u32 n = 1 + dice(4), at;

	while (n--) {
		at = NLMSG_HDRLEN + dice(message->nlmsg_len - NLMSG_HDRLEN);
		((u8 *)message)[at] = (u8)(dice(2) ? dice(256) : ((u8 *)message)[at] ^ 1u << dice(8));
	}
	if (!dice(8))
		message->nlmsg_len = NLMSG_HDRLEN + dice(message->nlmsg_len - NLMSG_HDRLEN + 1);
	if (!dice(8))
		message->nlmsg_flags |= (u16)dice(0x10000) & ~(NLM_F_DUMP | NLM_F_ACK);
}

static void keep_part(const struct nlmsghdr *message)
{
	u32 len = (u32)mnl_nlmsg_get_payload_len(message) - GENL_HDRLEN;

	if (n_parts == PARTS_MAX || mnl_nlmsg_get_payload_len(message) < GENL_HDRLEN)
		return;
	parts[n_parts] = malloc(len + 1);
	if (!parts[n_parts])
		fail("memory");
	memcpy(parts[n_parts], (u8 *)mnl_nlmsg_get_payload(message) + GENL_HDRLEN, len);
	parts_len[n_parts++] = len;
}

static void keep_txn(struct peer *peer, const struct nlmsghdr *message)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == NF_CENSOR_A_POLICY_TXN_ID &&
		    mnl_attr_get_payload_len(attr) == 4)
			peer->txn = mnl_attr_get_u32(attr);
}

/* Until the message of this number is acknowledged. Return: 0 or the error, negative. */
static int answer(struct peer *peer, u32 seq, bool keep)
{
	for (;;) {
		ssize_t got = mnl_socket_recvfrom(peer->socket, answer_room, sizeof(answer_room));
		const struct nlmsghdr *message = (const void *)answer_room;
		int left = (int)got, error;

		if (got < 0)
			fail("no answer");
		for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
			if (message->nlmsg_seq != seq)
				continue;
			if (message->nlmsg_type != NLMSG_ERROR && message->nlmsg_type != NLMSG_DONE) {
				if (keep)
					keep_part(message);
				else
					keep_txn(peer, message);
				continue;
			}
			error = *(const int *)mnl_nlmsg_get_payload(message);
			counts.told += error && message->nlmsg_flags & NLM_F_ACK_TLVS;
			return error;
		}
	}
}

static int ask(struct peer *peer, struct nlmsghdr *message, bool keep)
{
	int error;

	counts.messages++;
	if (mnl_socket_sendto(peer->socket, message, message->nlmsg_len) < 0) {
		if (errno == EPERM || errno == EINVAL || errno == EMSGSIZE)
			return -errno;
		fail("send");
	}
	error = answer(peer, message->nlmsg_seq, keep);
	if (error)
		counts.refused++;
	else
		counts.done++;
	return error;
}

/* What cannot be answered, as it is no message, is followed by one that is. */
static void ask_damaged(struct peer *peer, struct nlmsghdr *message)
{
	u32 len = message->nlmsg_len;

	damage(message);
	counts.messages++;
	if (mnl_socket_sendto(peer->socket, message, len) < 0)
		return;
	ask(peer, begin(peer, NF_CENSOR_CMD_STATS_GET, NLM_F_ACK), false);
}

static const struct genl_ops *operation(u8 command)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(nf_censor_nl_ops); i++)
		if (nf_censor_nl_ops[i].cmd == command)
			return &nf_censor_nl_ops[i];
	abort();
}

/* Of a policy that came to have next to nothing in it, not much more can be made. */
static void dump(struct peer *peer)
{
	u32 had = n_parts, i;

	counts.dumps++;
	ask(peer, begin(peer, NF_CENSOR_CMD_POLICY_GET, NLM_F_DUMP), true);
	if (n_parts - had < 2) {
		while (n_parts > had)
			free(parts[--n_parts]);
		return;
	}
	for (i = 0; i < had; i++)
		free(parts[i]);
	n_parts -= had;
	memmove(parts, parts + had, n_parts * sizeof(*parts));
	memmove(parts_len, parts_len + had, n_parts * sizeof(*parts_len));
}

static bool begin_transaction(struct peer *peer)
{
	struct nlmsghdr *message = begin(peer, NF_CENSOR_CMD_TXN_BEGIN, NLM_F_ACK);

	mnl_attr_put_strz(message, NF_CENSOR_A_POLICY_NAME, "fuzz");
	mnl_attr_put_u64(message, NF_CENSOR_A_POLICY_SEED, bits());
	if (!ask(peer, message, false))
		return true;
	/* One was left open: it goes with its socket, and the next time will do. */
	peer_open(peer);
	return false;
}

/* Commit, abort, go away, or leave it open. Return: whether a policy is in force by it. */
static bool end_transaction(struct peer *peer)
{
	struct nlmsghdr *message;
	bool dry = !dice(6);

	if (!dice(12)) {
		peer_open(peer);
		return false;
	}
	if (!dice(30))
		return false;
	message = begin(peer, dice(10) ? NF_CENSOR_CMD_TXN_COMMIT : NF_CENSOR_CMD_TXN_ABORT, NLM_F_ACK);
	mnl_attr_put_u32(message, NF_CENSOR_A_POLICY_TXN_ID, dice(30) ? peer->txn : dice(1000));
	if (dry)
		mnl_attr_put(message, NF_CENSOR_A_POLICY_DRY_RUN, 0, NULL);
	if (ask(peer, message, false) || dry) {
		/* One that is still open would be in the way of the next. */
		message = begin(peer, NF_CENSOR_CMD_TXN_ABORT, NLM_F_ACK);
		mnl_attr_put_u32(message, NF_CENSOR_A_POLICY_TXN_ID, peer->txn);
		ask(peer, message, false);
		return false;
	}
	counts.commits++;
	return true;
}

/* What a transaction is told at its beginning and not as a part of it. */
static bool is_head(const struct nlattr *attr)
{
	u16 type = mnl_attr_get_type(attr);

	return type == NF_CENSOR_A_POLICY_GENERATION || type == NF_CENSOR_A_POLICY_NAME ||
	       type == NF_CENSOR_A_POLICY_SEED;
}

static void put_part(struct nlmsghdr *message, u32 part, u32 changes)
{
	const struct nlattr *attr;
	u8 *copy;
	u32 at;

	for (attr = (const void *)parts[part];
	     mnl_attr_ok(attr, (int)(parts[part] + parts_len[part] - (const u8 *)attr));
	     attr = mnl_attr_next(attr)) {
		if (is_head(attr) || !room(message, attr->nla_len))
			continue;
		if (changes && !dice(30))
			continue;
		copy = mnl_nlmsg_get_payload_tail(message);
		memcpy(copy, attr, attr->nla_len);
		memset(copy + attr->nla_len, 0, MNL_ALIGN(attr->nla_len) - attr->nla_len);
		message->nlmsg_len += MNL_ALIGN(attr->nla_len);
		/* Values more often than lengths: these are seldom right by chance. */
		if (!changes || dice(changes) || attr->nla_len <= MNL_ATTR_HDRLEN)
			continue;
		at = MNL_ATTR_HDRLEN + dice(attr->nla_len - MNL_ATTR_HDRLEN);
		copy[at] = (u8)(dice(2) ? copy[at] ^ 1u << dice(8) : dice(256));
	}
}

/* The policy in force once more; @changes: one in so many of its attributes is changed, 0: none. */
static void told_back(struct peer *peer, u32 changes)
{
	struct nlmsghdr *message;
	u32 i;

	dump(peer);
	if (!begin_transaction(peer))
		return;
	for (i = 0; i < n_parts; i++) {
		message = begin(peer, NF_CENSOR_CMD_TXN_ADD, NLM_F_ACK);
		mnl_attr_put_u32(message, NF_CENSOR_A_POLICY_TXN_ID, peer->txn);
		put_part(message, i, changes);
		if (!dice(60))
			put_attrs(message, operation(NF_CENSOR_CMD_TXN_ADD)->policy,
				  operation(NF_CENSOR_CMD_TXN_ADD)->maxattr, 0);
		ask(peer, message, false);
	}
	counts.from_parts += end_transaction(peer);
}

static void made_up(struct peer *peer)
{
	const struct genl_ops *add = operation(NF_CENSOR_CMD_TXN_ADD);
	u32 n = 1 + dice(6), type;
	struct nlmsghdr *message;

	if (!begin_transaction(peer))
		return;
	while (n--) {
		message = begin(peer, NF_CENSOR_CMD_TXN_ADD, NLM_F_ACK);
		mnl_attr_put_u32(message, NF_CENSOR_A_POLICY_TXN_ID, peer->txn);
		/* One thing at a time is more often granted than many. */
		do {
			type = 1 + dice(add->maxattr);
			if (type != NF_CENSOR_A_POLICY_TXN_ID)
				put_attr(message, (u16)type, &add->policy[type], 0);
		} while (dice(3) && room(message, 4096));
		/* A transaction that was refused something can only be aborted: begin anew. */
		if (ask(peer, message, false) && dice(8)) {
			message = begin(peer, NF_CENSOR_CMD_TXN_ABORT, NLM_F_ACK);
			mnl_attr_put_u32(message, NF_CENSOR_A_POLICY_TXN_ID, peer->txn);
			ask(peer, message, false);
			if (!begin_transaction(peer))
				return;
		}
	}
	counts.from_table += end_transaction(peer);
}

static void stray(struct peer *peer)
{
	const struct genl_ops *op = &nf_censor_nl_ops[dice(ARRAY_SIZE(nf_censor_nl_ops))];
	bool whole = op->dumpit && dice(2);
	struct nlmsghdr *message;

	/* A policy is wanted: for the next to be told back, and for packets. */
	if (op->cmd == NF_CENSOR_CMD_POLICY_FLUSH && dice(40))
		return;
	message = begin(peer, dice(40) ? op->cmd : (u8)dice(256), whole ? NLM_F_DUMP : NLM_F_ACK);
	if (dice(3))
		put_attrs(message, op->policy, op->maxattr, 0);
	if (!dice(3))
		ask_damaged(peer, message);
	else
		ask(peer, message, false);
}

static void read_family(const struct nlmsghdr *message)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			family = mnl_attr_get_u16(attr);
}

static void find_family(struct peer *peer)
{
	struct nlmsghdr *message;

	family = GENL_ID_CTRL;
	message = begin(peer, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, NF_CENSOR_GENL_NAME);
	if (mnl_socket_sendto(peer->socket, message, message->nlmsg_len) < 0 ||
	    mnl_socket_recvfrom(peer->socket, answer_room, sizeof(answer_room)) < 0)
		fail("family");
	message = (struct nlmsghdr *)answer_room;
	if (message->nlmsg_type != GENL_ID_CTRL) {
		errno = ENOENT;
		fail("nf_censor");
	}
	read_family(message);
}

static u64 now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000ull + time.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
	u64 end;
	u32 i;

	if (argc != 3) {
		fprintf(stderr, "usage: netlink-fuzz SECONDS SEED\n");
		return 2;
	}
	random_state = strtoull(argv[2], NULL, 10);
	for (i = 0; i < SOCKETS; i++)
		peer_open(&peers[i]);
	find_family(&peers[0]);
	end = now_ms() + strtoull(argv[1], NULL, 10) * 1000;
	do {
		struct peer *peer = &peers[dice(SOCKETS)];

		switch (dice(4)) {
		case 0:
			told_back(peer, dice(3) ? 1 + dice(40) : 0);
			break;
		case 1:
			made_up(peer);
			break;
		default:
			stray(peer);
		}
	} while (now_ms() < end);
	printf("netlink-fuzz: seed %s: %llu messages, %llu done, %llu refused, %llu of these with a reason; %llu dumps, %llu policies in force: %llu told back, %llu made up\n",
	       argv[2], (unsigned long long)counts.messages, (unsigned long long)counts.done,
	       (unsigned long long)counts.refused, (unsigned long long)counts.told,
	       (unsigned long long)counts.dumps, (unsigned long long)counts.commits,
	       (unsigned long long)counts.from_parts, (unsigned long long)counts.from_table);
	return !(counts.from_parts && counts.from_table);
}
