// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says over netlink, for libFuzzer: censorctl's socket is this file. The first byte
 * of an input chooses what follows it:
 *
 *	datagrams, each behind two bytes of length: they answer a request for the policy in force
 *	events, likewise
 *	a policy, behind a number of changes, each of which is where (two bytes) and which byte: it is
 *	sent as censorctl load sends it, and with these changes comes back as what is in force. What
 *	was not changed must be the policy that was sent.
 *	changes alone: likewise of a policy with everything, which is sent only once
 */
#include <linux/genetlink.h>
#include <linux/nf_censor.h>

#include "given.h"
#include "policies.h"
#include "receive.h"
#include "send.h"
/* For what reads its messages; the standard error is for failures. */
#undef stderr
#define stderr stdout
#include "../../userspace-ctl/monitor.c"
#include "verbs.h"
#undef stderr
#define stderr stderr

#define DATAGRAMS	0
#define EVENTS		1
#define LOAD		2
#define SHAPES		4
#define CHANGE		3
#define FAMILY		30
#define TRANSACTION	7
#define GENERATION	5
#define RECORD_MAX	(1 << 20)

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/*
 * The socket: requests that await an acknowledgement, or what is to be read. @record: what was sent
 * in a transaction, datagram by datagram, each behind a u32 of its length.
 */
static struct {
	bool loading;
	u32 asked[64], n_asked;
	const u8 *answer;
	size_t answer_size, answer_at;
	bool prefixed;		/* as in an input: lengths of two bytes */
	u32 seq;		/* of the request that is answered */
	u8 record[RECORD_MAX];
	size_t recorded;
} sock;

static struct netlink *netlink;

/* No verb is run here: neither is this ever called. */
int command_failed(const struct command *command, const char *format, ...)
{
	(void)command;
	(void)format;
	abort();
}

ssize_t mnl_socket_sendto(const struct mnl_socket *socket, const void *message, size_t len)
{
	const struct nlmsghdr *header = message;
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(header);
	u32 size = (u32)len;

	(void)socket;
	sock.seq = header->nlmsg_seq;
	sock.answer_at = 0;
	if (!sock.loading)
		return (ssize_t)len;
	if (sock.n_asked == ARRAY_SIZE(sock.asked))
		abort();
	sock.asked[sock.n_asked++] = header->nlmsg_seq;
	if ((genl->cmd == NF_CENSOR_CMD_TXN_BEGIN || genl->cmd == NF_CENSOR_CMD_TXN_ADD) &&
	    sock.recorded + sizeof(size) + len <= sizeof(sock.record)) {
		memcpy(sock.record + sock.recorded, &size, sizeof(size));
		memcpy(sock.record + sock.recorded + sizeof(size), message, len);
		sock.recorded += sizeof(size) + len;
	}
	return (ssize_t)len;
}

/* An acknowledgement, behind what a transaction that begins or ends is told. */
static ssize_t acknowledge(void *buffer)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(message, sizeof(*genl));
	struct nlmsghdr *ack;
	struct nlmsgerr *err;

	if (!sock.n_asked)
		abort();
	message->nlmsg_type = FAMILY;
	message->nlmsg_seq = sock.asked[0];
	mnl_attr_put_u32(message, NF_CENSOR_A_POLICY_TXN_ID, TRANSACTION);
	mnl_attr_put_u32(message, NF_CENSOR_A_POLICY_GENERATION, GENERATION);
	ack = mnl_nlmsg_put_header((u8 *)buffer + message->nlmsg_len);
	err = mnl_nlmsg_put_extra_header(ack, sizeof(*err));
	ack->nlmsg_type = NLMSG_ERROR;
	ack->nlmsg_flags = NLM_F_CAPPED;
	ack->nlmsg_seq = sock.asked[0];
	err->error = 0;
	memmove(sock.asked, sock.asked + 1, --sock.n_asked * sizeof(*sock.asked));
	return message->nlmsg_len + ack->nlmsg_len;
}

/* The next datagram's length, or 0 when there is none. */
static size_t next_length(void)
{
	size_t left = sock.answer_size - sock.answer_at, size = sock.prefixed ? 2 : 4;
	u32 len = 0;

	if (left < size)
		return 0;
	memcpy(&len, sock.answer + sock.answer_at, size);
	sock.answer_at += size;
	return min((size_t)len, left - size);
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *socket, void *buffer, size_t size)
{
	struct nlmsghdr *message = buffer;
	size_t len;

	(void)socket;
	if (sock.loading)
		return acknowledge(buffer);
	len = min(next_length(), size);
	if (!len) {
		/* A dump ends, one way or the other. */
		message = mnl_nlmsg_put_header(buffer);
		message->nlmsg_type = NLMSG_DONE;
		message->nlmsg_seq = sock.seq;
		return message->nlmsg_len;
	}
	memcpy(buffer, sock.answer + sock.answer_at, len);
	sock.answer_at += len;
	/* Hardly any input would have it right. */
	if (len >= sizeof(*message))
		message->nlmsg_seq = sock.seq;
	return (ssize_t)len;
}

/* The policy in force as the socket tells it. */
static struct policy_ast *receive(void)
{
	struct policy_ast *ast;
	u32 generation;

	policy_receive(netlink, &ast, &generation);
	return ast;
}

static void print_all(const struct policy_ast *ast)
{
	size_t size;

	free(given_print(ast, false, &size));
	free(given_print(ast, true, &size));
}

static void show(const u8 *data, size_t size)
{
	struct monitor monitor = { .netlink = netlink, .json = size & 1, .colour = size & 2 };
	size_t len;

	sock.answer = data;
	sock.answer_size = size;
	sock.answer_at = 0;
	while ((len = min(next_length(), sizeof(netlink->buffer)))) {
		memcpy(netlink->buffer, data + sock.answer_at, len);
		sock.answer_at += len;
		show_messages(&monitor, (ssize_t)len);
	}
}

/* What is sent, as a dump tells it: the generation stands in the first message. */
static void change(const u8 *changes, u32 n)
{
	u32 i, at;

	for (i = 0; i < n && sock.recorded; i++) {
		at = (u32)censor_get16(changes + i * CHANGE) % (u32)sock.recorded;
		sock.record[at] ^= changes[i * CHANGE + 2];
	}
}

static void send_policy(const struct policy_ast *ast)
{
	struct report report = {};
	struct nlmsghdr *message;
	u32 generation, size;

	sock.loading = true;
	sock.recorded = 0;
	sock.n_asked = 0;
	if (policy_send(netlink, ast, 0, false, &report, &generation) || generation != GENERATION)
		abort();
	report_free(&report);
	sock.loading = false;
	/* Another message at the end: of which generation it is. */
	if (sock.recorded + 64 > sizeof(sock.record))
		return;
	message = mnl_nlmsg_put_header(sock.record + sock.recorded + sizeof(size));
	message->nlmsg_type = FAMILY;
	mnl_nlmsg_put_extra_header(message, sizeof(struct genlmsghdr));
	mnl_attr_put_u32(message, NF_CENSOR_A_POLICY_GENERATION, GENERATION);
	size = message->nlmsg_len;
	memcpy(sock.record + sock.recorded, &size, sizeof(size));
	sock.recorded += sizeof(size) + size;
}

static void check_same(const struct policy_ast *sent, const struct policy_ast *got)
{
	size_t size, size_got;
	char *text = given_print(sent, false, &size), *text_got = given_print(got, false, &size_got);

	if (size != size_got || memcmp(text, text_got, size)) {
		fprintf(stderr, "sent:\n%s\ngot:\n%s\n", text, text_got);
		abort();
	}
	free(text);
	free(text_got);
}

static void load_known(const u8 *changes, size_t size)
{
	static u8 record[RECORD_MAX];
	static size_t recorded;
	struct policy_ast *ast;

	if (!recorded) {
		given_files(fuzz_policies->text, strlen(fuzz_policies->text), NULL, 0);
		ast = given_read();
		if (!ast)
			abort();
		send_policy(ast);
		policy_free(ast);
		recorded = sock.recorded;
		memcpy(record, sock.record, recorded);
	}
	memcpy(sock.record, record, recorded);
	sock.recorded = recorded;
	change(changes, (u32)(size / CHANGE));
	sock.answer = sock.record;
	sock.answer_size = sock.recorded;
	sock.prefixed = false;
	ast = receive();
	if (ast)
		print_all(ast);
	else if (size < CHANGE)
		abort();
	policy_free(ast);
}

static void load(const u8 *data, size_t size)
{
	u32 n = size ? data[0] & 15 : 0;
	struct policy_ast *ast, *got;

	if (size < 1 + n * CHANGE)
		return;
	given_files((const char *)data + 1 + n * CHANGE, size - 1 - n * CHANGE, NULL, 0);
	ast = given_read();
	if (!ast)
		return;
	send_policy(ast);
	change(data + 1, n);
	sock.answer = sock.record;
	sock.answer_size = sock.recorded;
	sock.prefixed = false;
	got = receive();
	if (!n && sock.recorded + 65536 < sizeof(sock.record)) {
		if (!got)
			abort();
		check_same(ast, got);
	}
	if (got)
		print_all(got);
	policy_free(got);
	policy_free(ast);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct policy_ast *ast;

	if (!size)
		return 0;
	if (!netlink) {
		netlink = memory_zeroed(1, sizeof(*netlink));
		netlink->family = FAMILY;
		/* What monitor prints is of no interest, only that it can. */
		if (!freopen("/dev/null", "w", stdout))
			abort();
	}
	sock.prefixed = true;
	switch (data[0] % SHAPES) {
	case DATAGRAMS:
		sock.answer = data + 1;
		sock.answer_size = size - 1;
		ast = receive();
		if (ast)
			print_all(ast);
		policy_free(ast);
		break;
	case EVENTS:
		show(data + 1, size - 1);
		break;
	case LOAD:
		load(data + 1, size - 1);
		break;
	default:
		load_known(data + 1, size - 1);
	}
	return 0;
}
