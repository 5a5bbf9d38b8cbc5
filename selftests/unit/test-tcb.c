// SPDX-License-Identifier: GPL-2.0
/*
 * What each knob of a TCP model decides (model.h): exchanges in which the censor finds the name in
 * a ClientHello or does not, by that knob alone; and random ones, where the short way through the
 * engine must come to the same as the long one.
 *
 * An exchange is written a word a packet: > by who opened the connection, < by the other end;
 * flags as in SA; then what is unusual about it:
 *
 *	+N -N	its sequence number is beside the next one; it doesn't count as sent
 *	@N	its acknowledgement number, likewise (@-N, @+N)
 *	!c !i !o	its TCP checksum, IP checksum, data offset is wrong; it doesn't count either
 *	*m *o *wN *tN	options: MD5, an unknown one, window scale, timestamp
 *	%N	its window
 *	:H	it carries the whole ClientHello; :hN its first N bytes, :rN those from N on; :JN N
 *		bytes of nothing; :G a whole HTTP request; :gN its first bytes
 *
 * and ~N lets N milliseconds pass.
 */
#include "test.h"
#include "chance.h"
#include "hostile.h"
#include "tcb.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"203.0.113.80"

static u8 buf[WIRE_MAX], hello[WIRE_MAX], http[256], junk[4096];
static u32 hello_len, http_len;

/* An exchange as it goes on. @next: of the opener, of the other end. */
struct exchange {
	struct rig *rig;
	struct ends ends;
	u32 next[2];
	bool looked;		/* the name was found */
	u8 note;		/* of the packet that told one last */
	u32 counts;
};

static int group_set_up(void **state)
{
	(void)state;
	hello_len = wire_hello_sni(hello, "www.facebook.com");
	http_len = wire_http(http, "/", "facebook.com");
	memset(junk, '(', sizeof(junk));
	return 0;
}

/* "sni" and "host" tell that a name was found; 192.0.2.0/24 is inside. */
static struct censor_policy *new_policy(const struct censor_tcp_model *model)
{
	struct censor_prefix inside = policy_prefix("192.0.2.0/24");
	struct censor_policy *pol = policy_new();
	u16 names = policy_names(pol, "s", NAMES("facebook.com"));

	assert_done(censor_policy_add_inside(pol, &inside, &why));
	assert_done(censor_policy_set_tcp(pol, model, &why));
	policy_rule(pol, "sni", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, names);
	policy_rule(pol, "host", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_HTTP_HOST, names);
	policy_seal(pol);
	return pol;
}

static struct rig *new_rig(const struct censor_tcp_model *model)
{
	return rig_new(new_policy(model));
}

static struct exchange begin(struct rig *rig, const char *client, u16 port)
{
	return (struct exchange){ .rig = rig, .ends = ends4(client, port, SERVER, 443),
				  .next = { 0xffffff00, 5000 } };
}

static u32 number(const char **p)
{
	return (u32)strtol(*p, (char **)p, 10);
}

/* What stands behind the flags of one packet. */
struct unusual {
	u32 seq, ack;
	bool aside, bad_tcp, bad_ip, bad_offset;
	u8 options[40];
	u32 n_options;
	u32 window;
	const u8 *data;
	u32 len;
};

static void read_option(struct unusual *u, const char **p)
{
	u8 *option = u->options + u->n_options;
	char what = *(*p)++;

	switch (what) {
	case 'm':
		memset(option, 7, 18);
		option[0] = 19;
		option[1] = 18;
		memset(option + 18, 1, 2);
		u->n_options += 20;
		break;
	case 'o':
		memcpy(option, "\xfd\4xx", 4);
		u->n_options += 4;
		break;
	case 'w':
		memcpy(option, "\1\3\3", 3);
		option[3] = (u8)number(p);
		u->n_options += 4;
		break;
	default:
		memcpy(option, "\1\1\10\12", 4);
		censor_put32(option + 4, number(p));
		memset(option + 8, 0, 4);
		u->n_options += 12;
	}
}

static void read_data(struct unusual *u, const char **p)
{
	char what = *(*p)++;
	u32 n = **p >= '0' && **p <= '9' ? number(p) : 0;

	switch (what) {
	case 'H':
		u->data = hello;
		u->len = hello_len;
		break;
	case 'h':
		u->data = hello;
		u->len = n;
		break;
	case 'r':
		u->data = hello + n;
		u->len = hello_len - n;
		break;
	case 'G':
		u->data = http;
		u->len = http_len;
		break;
	case 'g':
		u->data = http;
		u->len = n;
		break;
	default:
		u->data = junk;
		u->len = n;
	}
}

static void read_unusual(struct unusual *u, const char **p)
{
	for (;;) {
		switch (**p) {
		case '+':
		case '-':
			u->seq = number(p);
			u->aside = true;
			break;
		case '@':
			++*p;
			u->ack = number(p);
			break;
		case '%':
			++*p;
			u->window = number(p);
			break;
		case '*':
			++*p;
			read_option(u, p);
			break;
		case ':':
			++*p;
			read_data(u, p);
			break;
		case '!':
			u->bad_tcp |= (*p)[1] == 'c';
			u->bad_ip |= (*p)[1] == 'i';
			u->bad_offset |= (*p)[1] == 'o';
			u->aside = true;
			*p += 2;
			break;
		default:
			return;
		}
	}
}

static void send_word(struct exchange *x, const char **p)
{
	static const char letters[] = "FSRPAU";
	bool other = *(*p)++ == '<';
	struct unusual u = { .window = 64240 };
	struct header header = { .options = u.options };
	const struct seen *seen;
	const char *letter;
	u8 flags = 0, *tcp = buf + 20;
	u32 len;

	while (**p && (letter = strchr(letters, **p))) {
		flags |= 1u << (letter - letters);
		++*p;
	}
	read_unusual(&u, p);
	header.options_len = u.n_options;
	header.window = (u16)u.window;
	len = wire_tcp_header(buf, other ? ends_back(x->ends) : x->ends, &header, flags,
			      x->next[other] + u.seq,
			      flags & ACK ? x->next[!other] + u.ack : 0, u.data, u.len);
	if (!u.window) {
		/* What a zero means to wire.h; the sum was made with 64240. */
		u32 sum = censor_get16(tcp + 16) + 64240u;

		censor_put16(tcp + 14, 0);
		censor_put16(tcp + 16, (u16)((sum & 0xffff) + (sum >> 16)));
	}
	if (u.bad_offset) {
		u32 sum = censor_get16(tcp + 16) + 0x4000u;

		tcp[12] -= 0x40;
		censor_put16(tcp + 16, (u16)((sum & 0xffff) + (sum >> 16)));
	}
	buf[10] ^= u.bad_ip;
	tcp[16] ^= u.bad_tcp;
	if (!u.aside)
		x->next[other] += u.len + !!(flags & SYN) + !!(flags & FIN);
	seen = rig_send(x->rig, buf, len);
	x->looked |= seen->n_matches;
	x->counts |= seen->counts;
	if (seen->note)
		x->note = seen->note;
}

static void go_on(struct exchange *x, const char *words)
{
	while (*words) {
		if (*words == ' ') {
			words++;
		} else if (*words == '~') {
			words++;
			x->rig->now += number(&words) * 1000000ull;
		} else {
			send_word(x, &words);
		}
	}
}

/* Both ways through the engine: they must agree. */
static struct exchange run_from(const struct censor_tcp_model *model, const char *client,
				const char *words)
{
	struct exchange x[2];
	u32 i;

	for (i = 0; i < 2; i++) {
		x[i] = begin(new_rig(model), client, 40000);
		x[i].rig->no_fast = i;
		go_on(&x[i], words);
		rig_free(x[i].rig);
	}
	assert_int_equal(x[0].looked, x[1].looked);
	return x[0];
}

static struct exchange run(const struct censor_tcp_model *model, const char *words)
{
	return run_from(model, CLIENT, words);
}

static struct censor_tcp_model usual(void)
{
	struct censor_tcp_model model;

	censor_tcp_default(&model);
	return model;
}

#define assert_looked(model, words)						\
	do {									\
		if (!run((model), (words)).looked)				\
			fail_msg("line %d: not found: %s", __LINE__, (words));	\
	} while (0)

#define assert_blind(model, words, why)						\
	do {									\
		struct exchange blind = run((model), (words));			\
										\
		if (blind.looked)						\
			fail_msg("line %d: found: %s", __LINE__, (words));	\
		if ((why) && blind.note != (why))				\
			fail_msg("line %d: note %u: %s", __LINE__, blind.note, (words)); \
	} while (0)

#define OPEN	">S <SA >A "

static void test_create(void **state)
{
	static const struct {
		u8 create;
		const char *words;
		bool looked;
	} rows[] = {
		{ CENSOR_BY_SYN, ">S >PA:H", true },
		{ CENSOR_BY_SYN, "<SA >PA:H", false },
		{ CENSOR_BY_SYN, ">A >PA:H", false },
		{ CENSOR_BY_SYN, ">FA >PA:H", false },
		{ CENSOR_BY_SYNACK, ">S >PA:H", false },
		{ CENSOR_BY_SYNACK, "<SA >PA:H", true },
		{ CENSOR_BY_SYNACK, ">S <SA >PA:H", true },
		{ CENSOR_BY_DATA, ">PA:H", true },
		{ CENSOR_BY_DATA, ">A >PA:H", true },
		{ CENSOR_BY_DATA, ">S <SA >A >PA:H", true },
		{ CENSOR_BY_DATA, ">PA:h50 >PA:r50", true },
		{ CENSOR_BY_SYN | CENSOR_BY_DATA | CENSOR_BY_FIN, ">FA >PA:H", false },
		{ CENSOR_BY_SYN | CENSOR_BY_DATA | CENSOR_BY_FIN, ">FA >S >PA:H", false },
		{ CENSOR_BY_SYN | CENSOR_BY_DATA, ">FA >PA:H", true },
		{ CENSOR_BY_SYN | CENSOR_BY_DATA | CENSOR_BY_FIN, ">R >PA:H", true },
	};
	struct censor_tcp_model model = usual();
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		model.create = rows[i].create;
		model.restart = 0;
		if (run(&model, rows[i].words).looked != rows[i].looked)
			fail_msg("%u: %s", i, rows[i].words);
	}
	model.create = CENSOR_BY_SYN;
	assert_blind(&model, ">PA:H", CENSOR_NOTE_NO_TCB);
	assert_blind(&model, ">FA:H", CENSOR_NOTE_NO_TCB);
}

static void test_restart(void **state)
{
	struct censor_tcp_model model = usual();

	(void)state;
	/* Another SYN: the connection begins anew at its number. */
	model.restart = CENSOR_BY_SYN;
	assert_blind(&model, OPEN ">S+70000 >PA:H", CENSOR_NOTE_DISBELIEVED);
	assert_looked(&model, OPEN ">S+70000 >PA+70001:H");
	assert_blind(&model, OPEN "<S+9 >PA:H", 0);
	/* The same again is none. */
	assert_looked(&model, OPEN ">S-1 >PA:H");
	assert_looked(&model, OPEN ">S-1 >PA:h50 >PA:r50");
	/* But after data it is no longer the same: the port is used again. */
	assert_blind(&model, OPEN ">PA:h50 >S-51 >PA:r50", 0);
	model.restart = 0;
	assert_looked(&model, OPEN ">S+70000 >PA:H");
	assert_blind(&model, OPEN ">S+70000 >PA+70001:H", CENSOR_NOTE_EARLY);
	/* What is over is none that would have to be begun anew. */
	assert_looked(&model, OPEN ">PA:J10 <FA >FA >S+70000 >PA+70001:H");
	/* A SYN+ACK. The server's first belongs to the SYN. */
	model.restart = CENSOR_BY_SYNACK;
	assert_looked(&model, ">S <SA >A >PA:H");
	assert_looked(&model, OPEN "<SA-1 >PA:H");
	assert_blind(&model, OPEN "<SA+7@+70000 >PA:H", CENSOR_NOTE_OLD);
	assert_looked(&model, OPEN "<SA+7@+70000 >PA+70000:H");
	assert_blind(&model, ">S >SA+5 >PA:H", 0);
	model.restart = 0;
	assert_looked(&model, OPEN "<SA+7@+70000 >PA:H");
	/* What creates none begins none. */
	model.create = CENSOR_BY_SYNACK;
	assert_looked(&model, ">S <SA >PA:H");
	/* One that is not believed changes nothing. */
	model = usual();
	model.checks |= CENSOR_CHECK_CHECKSUM | CENSOR_CHECK_FLAGS | CENSOR_CHECK_MD5;
	assert_looked(&model, OPEN ">S+70000!c >PA:H");
	assert_looked(&model, OPEN ">SF+70000 >PA:H");
	assert_looked(&model, OPEN ">S+70000*m >PA:H");
	assert_blind(&model, OPEN ">S+70000 >PA:H", CENSOR_NOTE_DISBELIEVED);
}

static void test_handshake(void **state)
{
	static const char *const words[] = {
		">PA:H", ">S >PA:H", "<SA >PA:H", ">S <SA >PA:H", ">S <SA >A >PA:H",
		">S >A >PA:H",
	};
	static const u8 looked[CENSOR_HANDSHAKES] = {
		[CENSOR_HANDSHAKE_NONE] = 0x3f, [CENSOR_HANDSHAKE_SYN] = 0x3a,
		[CENSOR_HANDSHAKE_SYNACK] = 0x1c, [CENSOR_HANDSHAKE_FULL] = 0x18,
	};
	struct censor_tcp_model model = usual();
	u32 i, kind;

	(void)state;
	model.create = CENSOR_BY_SYN | CENSOR_BY_SYNACK | CENSOR_BY_DATA;
	for (kind = 0; kind < CENSOR_HANDSHAKES; kind++) {
		model.handshake = (u8)kind;
		for (i = 0; i < ARRAY_SIZE(words); i++) {
			if (run(&model, words[i]).looked != (looked[kind] >> i & 1))
				fail_msg("handshake %u: %s", kind, words[i]);
		}
	}
	model.handshake = CENSOR_HANDSHAKE_SYNACK;
	assert_blind(&model, ">S >PA:H", CENSOR_NOTE_HANDSHAKE);
	/* What was not looked at then is not looked at later. */
	assert_looked(&model, ">S >PA+0:H <SA >A >PA:H");
	/* A SYN's own data comes before all but that. */
	model.handshake = CENSOR_HANDSHAKE_FULL;
	assert_blind(&model, ">S:H", CENSOR_NOTE_HANDSHAKE);
	model.handshake = CENSOR_HANDSHAKE_SYN;
	assert_looked(&model, ">S:H");
}

static void test_client(void **state)
{
	struct censor_tcp_model model = usual();
	u8 kind;

	(void)state;
	/* The server's message is looked at where it is taken for the client. */
	model.create = CENSOR_BY_SYN | CENSOR_BY_SYNACK | CENSOR_BY_DATA;
	model.restart = 0;
	model.look_unknown = CENSOR_LOOK_NEVER;
	model.client = CENSOR_CLIENT_FIRST;
	assert_looked(&model, OPEN ">PA:H");
	assert_blind(&model, OPEN "<PA:H", 0);
	assert_looked(&model, "<SA >PA:H");
	assert_blind(&model, "<SA >S-1 <PA:H", 0);
	/* Roles guessed the wrong way round: INTANG's TCB reversal. */
	assert_blind(&model, ">SA >S >PA:H", 0);
	assert_int_equal(run(&model, ">SA").note, CENSOR_NOTE_REVERSED);
	assert_int_equal(run(&model, "<SA").note, 0);
	model.client = CENSOR_CLIENT_SYN;
	assert_looked(&model, ">SA >S >PA:H");
	assert_blind(&model, ">SA >PA:H", 0);
	assert_blind(&model, OPEN "<S+1 <PA:H", 0);
	model.client = CENSOR_CLIENT_CREATOR;
	assert_blind(&model, "<SA >PA:H", 0);
	assert_looked(&model, "<SA <PA:H");
	assert_looked(&model, "<PA:J3 <PA:H");
	assert_looked(&model, OPEN ">PA:H");
	model.client = CENSOR_CLIENT_INSIDE;
	assert_looked(&model, OPEN ">PA:H");
	assert_looked(&model, "<SA >PA:H");
	assert_looked(&model, ">SA >PA:H");
	assert_looked(&model, "<PA:J7 >PA:H");
	assert_blind(&model, OPEN "<PA:H", 0);
	/* Asked from outside, the end inside is the client all the same. */
	for (kind = CENSOR_HANDSHAKE_NONE; kind < CENSOR_HANDSHAKES; kind++) {
		model.handshake = kind;
		assert_true(run_from(&model, "203.0.113.9", ">S <SA >A <PA:H").looked);
		assert_false(run_from(&model, "203.0.113.9", ">S <SA >A >PA:H").looked);
	}
	assert_false(run_from(&model, "203.0.113.9", ">S >A <PA:H").looked);
	model.handshake = CENSOR_HANDSHAKE_SYN;
	assert_true(run_from(&model, "203.0.113.9", ">S >A <PA:H").looked);
	/* Both: each by itself, and a handshake is one whoever began it. */
	model.client = CENSOR_CLIENT_BOTH;
	model.reassembly = CENSOR_REASSEMBLY_NONE;
	for (kind = CENSOR_HANDSHAKE_NONE; kind < CENSOR_HANDSHAKES; kind++) {
		model.handshake = kind;
		assert_looked(&model, OPEN ">PA:H");
		assert_looked(&model, OPEN "<PA:H");
		assert_int_equal(run(&model, ">S <PA:H").looked, kind <= CENSOR_HANDSHAKE_SYN);
		assert_int_equal(run(&model, "<SA <PA:H").looked,
				 kind == CENSOR_HANDSHAKE_NONE || kind == CENSOR_HANDSHAKE_SYNACK);
	}
}

/* What makes it unsure: until it is sure again nothing is looked at. */
static void test_resync(void **state)
{
	static const struct {
		u8 cause;
		const char *words;
	} rows[] = {
		{ CENSOR_RESYNC_SYN, OPEN ">S+70000 " },
		{ CENSOR_RESYNC_SYN, ">S >S+70000 " },
		{ CENSOR_RESYNC_SYNACK, OPEN "<SA+7 " },
		{ CENSOR_RESYNC_BAD_ACK, ">S <SA@+70000 " },
		{ CENSOR_RESYNC_RST_EARLY, ">S >R+70000 " },
		{ CENSOR_RESYNC_RST_EARLY, ">S <SA <RA " },
		{ CENSOR_RESYNC_RST, OPEN ">R+70000 " },
		{ CENSOR_RESYNC_RST, OPEN "<RA " },
		{ CENSOR_RESYNC_FIN_EARLY, ">S >F+70000 " },
		{ CENSOR_RESYNC_FIN_EARLY, ">S <SA >FA+70000 " },
		{ CENSOR_RESYNC_FIN, OPEN ">F+70000 " },
		{ CENSOR_RESYNC_FIN, OPEN ">FA+70000 " },
		{ CENSOR_RESYNC_SERVER_DATA, ">S <SA <A:J5 " },
		{ CENSOR_RESYNC_SERVER_DATA, ">S <A:J5 " },
	};
	char words[128];
	u32 i, cause;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (cause = 0; cause < CENSOR_RESYNCS; cause++) {
			struct censor_tcp_model model = usual();
			bool hit = cause == rows[i].cause;

			model.restart = 0;
			model.resync[cause] = CENSOR_CERTAIN;
			model.sync = CENSOR_SYNC_DATA;
			/* A wrong number for the censor, then the true one. */
			snprintf(words, sizeof(words), "%s>PA+70001:J4 >PA:H", rows[i].words);
			if (run(&model, words).looked == hit)
				fail_msg("cause %u, row %u: %s", cause, i, words);
			if (!!(run(&model, rows[i].words).counts &
			       1u << CENSOR_COUNT_RESYNC) != hit)
				fail_msg("cause %u, row %u is not counted", cause, i);
			if (hit)
				assert_int_equal(run(&model, rows[i].words).note,
						 CENSOR_NOTE_RESYNC);
		}
	}
	/* The server's own SYN+ACK again, with another number: both. */
	for (cause = CENSOR_RESYNC_SYNACK; cause <= CENSOR_RESYNC_BAD_ACK; cause++) {
		struct censor_tcp_model model = usual();

		model.resync[cause] = CENSOR_CERTAIN;
		model.sync = CENSOR_SYNC_DATA;
		assert_blind(&model, OPEN "<SA-1@+70000 >PA+70001:J4 >PA:H", 0);
		assert_looked(&model, OPEN "<SA-1 >PA+70001:J4 >PA:H");
	}
	/* Data on the SYN+ACK, or after the handshake, is none of a handshake's. */
	{
		struct censor_tcp_model model = usual();

		model.resync[CENSOR_RESYNC_SERVER_DATA] = CENSOR_CERTAIN;
		model.sync = CENSOR_SYNC_DATA;
		assert_looked(&model, ">S <SA:J5 >A >PA+70001:J4 >PA:H");
		assert_looked(&model, OPEN "<A:J5 >PA+70001:J4 >PA:H");
	}
}

/* What ends it: the number is that packet's. */
static void test_sync(void **state)
{
	static const struct {
		u8 sync;
		const char *words;
		bool looked;
	} rows[] = {
		{ CENSOR_SYNC_DATA, ">PA:H", true },
		{ CENSOR_SYNC_DATA, ">PA+70000:H", true },
		{ CENSOR_SYNC_DATA, ">A+70000 >PA:H", true },
		{ CENSOR_SYNC_DATA, ">PA+70000:J4 >PA:H", false },
		{ CENSOR_SYNC_DATA, "<PA:J4 >PA:H", true },
		{ CENSOR_SYNC_CLIENT, ">PA:H", true },
		{ CENSOR_SYNC_CLIENT, ">A >PA:H", true },
		{ CENSOR_SYNC_CLIENT, ">A+70000 >PA:H", false },
		{ CENSOR_SYNC_CLIENT, ">A+70000 >PA+70000:H", true },
		{ CENSOR_SYNC_CLIENT, "<A+70000 >PA:H", true },
		{ CENSOR_SYNC_SYNACK, ">PA:H", false },
		{ CENSOR_SYNC_SYNACK, "<SA >PA:H", true },
		{ CENSOR_SYNC_SYNACK, "<SA@+70000 >PA:H", false },
		{ CENSOR_SYNC_SYNACK, "<SA@+70000 >PA+70000:H", true },
		{ CENSOR_SYNC_SYN, ">PA:H", false },
		{ CENSOR_SYNC_SYN, ">S-1 >PA:H", true },
		{ CENSOR_SYNC_SYN, ">S+70000 >PA+70001:H", true },
		{ CENSOR_SYNC_SYN, ">S+70000 >PA:H", false },
		{ CENSOR_SYNC_SYN, "<S+70000 >PA:H", false },
	};
	struct censor_tcp_model model = usual();
	char words[128];
	u32 i;

	(void)state;
	model.restart = 0;
	model.resync[CENSOR_RESYNC_RST] = CENSOR_CERTAIN;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		model.sync = rows[i].sync;
		snprintf(words, sizeof(words), OPEN ">R %s", rows[i].words);
		if (run(&model, words).looked != rows[i].looked)
			fail_msg("sync %u: %s", rows[i].sync, words);
	}
	model.sync = CENSOR_SYNC_SYNACK;
	assert_blind(&model, OPEN ">R >PA:H", CENSOR_NOTE_RESYNC);
	assert_int_equal(run(&model, OPEN ">R <SA").note, CENSOR_NOTE_SYNCED);
	/* What was kept of a message is given up. */
	model.sync = CENSOR_SYNC_CLIENT;
	assert_blind(&model, OPEN ">PA:h50 >R >A >PA:r50", 0);
	assert_looked(&model, OPEN ">PA:h50 >R >A >PA:H");
	/* What makes it unsure does not make it sure again: that is for the next one. */
	model.resync[CENSOR_RESYNC_FIN] = CENSOR_CERTAIN;
	assert_looked(&model, OPEN ">FA+70000 >PA:H");
	assert_blind(&model, OPEN ">FA+70000 >A+70000 >PA:H", 0);
	/* Nor is it unsure twice, nor of what it has looked at. */
	assert_int_equal(run(&model, OPEN ">PA:H >R").counts & 1u << CENSOR_COUNT_RESYNC, 0);
}

static void test_teardown(void **state)
{
	static const char *const words[CENSOR_TEARDOWNS] = { ">R", ">RA", ">FA" };
	struct censor_tcp_model model = usual();
	char line[128];
	u32 kind, i;

	(void)state;
	model.create = CENSOR_BY_SYN;
	model.restart = 0;
	for (kind = 0; kind < CENSOR_TEARDOWNS; kind++) {
		model.teardown[kind] = CENSOR_CERTAIN;
		for (i = 0; i < CENSOR_TEARDOWNS; i++) {
			snprintf(line, sizeof(line), OPEN "%s-0 >PA:H", words[i]);
			if (run(&model, line).looked != (i != kind))
				fail_msg("teardown %u: %s", kind, line);
			/* Whoever sends it, and whenever. */
			snprintf(line, sizeof(line), ">S <%s-0 >PA:H", words[i] + 1);
			if (run(&model, line).looked != (i != kind))
				fail_msg("teardown %u: %s", kind, line);
		}
		snprintf(line, sizeof(line), OPEN "%s", words[kind]);
		assert_int_equal(run(&model, line).note, kind == CENSOR_TEARDOWN_FIN ?
				 CENSOR_NOTE_TEARDOWN_FIN : CENSOR_NOTE_TEARDOWN);
		assert_true(run(&model, line).counts & 1u << CENSOR_COUNT_TEARDOWN);
		/* It ends with it what was kept; another SYN begins anew. */
		snprintf(line, sizeof(line), OPEN ">PA:h50 %s-0 >S+7 >PA+8:h50", words[kind]);
		assert_false(run(&model, line).looked);
		snprintf(line, sizeof(line), OPEN ">PA:h50 %s-0 >S+7 >PA+8:H", words[kind]);
		assert_true(run(&model, line).looked);
		model.teardown[kind] = 0;
	}
	/* Where it makes the censor unsure it does not tear down too. */
	model.teardown[CENSOR_TEARDOWN_RST] = CENSOR_CERTAIN;
	model.resync[CENSOR_RESYNC_RST] = CENSOR_CERTAIN;
	assert_looked(&model, OPEN ">R >PA:H");
	assert_blind(&model, ">S >R >PA:H", 0);
	/* After data too, if it still looks. */
	model.resync[CENSOR_RESYNC_RST] = 0;
	model.look_unknown = CENSOR_LOOK_NEVER;
	assert_looked(&model, OPEN ">PA:J9 >PA:H");
	assert_blind(&model, OPEN ">PA:J9 >R >PA:H", 0);
}

static void test_teardown_match(void **state)
{
	struct censor_tcp_model model = usual();
	u32 match, i;

	(void)state;
	model.teardown[CENSOR_TEARDOWN_RST] = CENSOR_CERTAIN;
	/* Far beyond the window: only where numbers are compared that is not the connection's. */
	model.teardown_match = CENSOR_MATCH_WINDOW;
	assert_looked(&model, OPEN ">R+70000 >PA:H");
	assert_looked(&model, OPEN ">R-1 >PA:H");
	assert_blind(&model, OPEN ">R+64239 >PA:H", 0);
	assert_looked(&model, OPEN ">R+64240 >PA:H");
	assert_blind(&model, OPEN ">R >PA:H", 0);
	assert_blind(&model, OPEN "<R >PA:H", 0);
	assert_looked(&model, OPEN "<R-1 >PA:H");
	assert_looked(&model, OPEN "<A:J100 <R-100 >PA:H");
	assert_blind(&model, OPEN "<A:J100 <R >PA:H", 0);
	model.teardown_match = CENSOR_MATCH_TUPLE;
	assert_blind(&model, OPEN ">R+70000 >PA:H", 0);

	/* Another connection's: with the same ports, or any at all. */
	for (match = 0; match < CENSOR_MATCHES; match++) {
		static const struct {
			const char *client;
			u16 port;
		} others[] = { { "192.0.2.11", 40000 }, { CLIENT, 40001 } };

		model.teardown_match = (u8)match;
		for (i = 0; i < ARRAY_SIZE(others) * 4; i++) {
			struct rig *rig = new_rig(&model);
			struct exchange x = begin(rig, CLIENT, 40000);
			struct exchange other = begin(rig, others[i / 4].client, others[i / 4].port);
			bool torn = match == CENSOR_MATCH_NOTHING ||
				    (match == CENSOR_MATCH_PORTS && i / 4 == 0);

			rig->no_fast = i & 1;
			go_on(&x, OPEN);
			/* Whether the censor knows that one or not, or is done with it. */
			if (i & 2)
				go_on(&other, OPEN ">PA:H");
			go_on(&other, ">R");
			go_on(&x, ">PA:H");
			assert_int_equal(x.looked, !torn);
			/* Those that begin later are their own. */
			x = begin(rig, CLIENT, 40000);
			x.next[0] += 100000;
			go_on(&x, OPEN ">PA:H");
			assert_true(x.looked);
			rig_free(rig);
		}
	}
}

/* Whether the name is found that is sent once another policy is in force. */
static bool reloaded(const struct censor_tcp_model *old, const char *before,
		     const struct censor_tcp_model *new, const char *after, bool no_fast)
{
	struct rig *rig = new_rig(old);
	struct exchange x = begin(rig, CLIENT, 40000), next = begin(rig, CLIENT, 40001);

	rig->no_fast = no_fast;
	go_on(&x, before);
	assert_false(x.looked);
	rig_policy(rig, new_policy(new));
	go_on(&x, after);
	if (old->client == CENSOR_CLIENT_BOTH && new->client != CENSOR_CLIENT_BOTH) {
		assert_int_equal(rig_flow(rig)->stage, CENSOR_STAGE_DONE);
		assert_int_equal(rig->buffers, 0);
	}
	/* The next connection is the new policy's alone. */
	go_on(&next, OPEN ">PA:H");
	assert_true(next.looked);
	rig_free(rig);
	return x.looked;
}

/*
 * Another policy takes force while both ends are looked at: whom that one would take for the client
 * was not found out, so such a connection is looked at no further, unless it looks at both as well.
 */
static void test_reload_client(void **state)
{
	static const struct {
		const char *before, *after;
	} rows[] = {
		{ OPEN, ">PA:H" }, { OPEN, "<PA:H" }, { OPEN, ">PA:h50 >PA:r50" },
		{ OPEN, "<PA:h50 <PA:r50" }, { OPEN, ">PA+50:r50 >PA:h50" },
		{ OPEN ">PA:J5 <PA:J5", "<PA:G" }, { ">S", "<SA >A >PA:H" }, { "<SA", ">S >PA:H" },
		{ OPEN, "<FA >FA >PA:H" }, { OPEN, ">R <R >PA:H" }, { OPEN, ">S+9 <SA+9 >PA:H" },
	};
	struct censor_tcp_model both = usual();
	u32 client, reassembly, i;

	(void)state;
	both.client = CENSOR_CLIENT_BOTH;
	both.reassembly = CENSOR_REASSEMBLY_NONE;
	both.restart = 0;
	for (i = 0; i < ARRAY_SIZE(rows) * 2; i++) {
		for (client = 0; client < CENSOR_CLIENTS; client++) {
			for (reassembly = 0; reassembly < CENSOR_REASSEMBLIES; reassembly++) {
				const char *after = rows[i / 2].after;
				struct censor_tcp_model model = both;

				if (client == CENSOR_CLIENT_BOTH)
					continue;
				model.client = (u8)client;
				model.reassembly = (u8)reassembly;
				if (reloaded(&both, rows[i / 2].before, &model, after, i & 1))
					fail_msg("client %u, reassembly %u: %s", client,
						 reassembly, after);
			}
		}
	}
	assert_true(reloaded(&both, OPEN, &both, ">PA:H", false));
	assert_true(reloaded(&both, OPEN, &both, "<PA:H", true));
}

/*
 * Connections that are torn down by others' RSTs, whatever those match: their count begins anew
 * with another policy, and what was counted under the old one tears nothing down under the new.
 */
static void test_reload_teardowns(void **state)
{
	struct censor_tcp_model model = usual();
	u32 match, i;

	(void)state;
	model.teardown[CENSOR_TEARDOWN_RST] = CENSOR_CERTAIN;
	for (match = 0; match < CENSOR_MATCHES; match++) {
		bool echoes = match == CENSOR_MATCH_NOTHING || match == CENSOR_MATCH_PORTS;

		model.teardown_match = (u8)match;
		for (i = 0; i < 8; i++) {
			struct rig *rig = new_rig(&model);
			struct exchange other = begin(rig, "192.0.2.11", 40000);
			struct exchange x = begin(rig, CLIENT, 40000);

			rig->no_fast = i & 1;
			go_on(&other, OPEN ">R" OPEN ">R" OPEN ">R");
			go_on(&x, i & 2 ? OPEN ">PA:h50" : OPEN);
			rig_policy(rig, new_policy(&model));
			/* One of the new policy's. */
			if (i & 4) {
				go_on(&x, "<A");
				go_on(&other, OPEN ">R");
			}
			go_on(&x, i & 2 ? ">PA:r50" : ">PA:H");
			assert_int_equal(x.looked, !(i & 4) || !echoes);
			x = begin(rig, CLIENT, 40001);
			go_on(&x, OPEN ">PA:h50");
			go_on(&other, OPEN ">R");
			go_on(&x, ">PA:r50");
			assert_int_equal(x.looked, match != CENSOR_MATCH_NOTHING);
			rig_free(rig);
		}
	}
}

/* The checks: each disbelieves one kind of packet, and only that. Here it is a RST that tears down. */
static void test_checks(void **state)
{
	static const struct {
		u16 check;
		const char *words;
	} rows[] = {
		{ CENSOR_CHECK_CHECKSUM, OPEN ">R!c" },
		{ CENSOR_CHECK_IP_CHECKSUM, OPEN ">R!i" },
		{ CENSOR_CHECK_DATA_OFFSET, OPEN ">R!o" },
		{ CENSOR_CHECK_ACK, OPEN ">RA@+1" },
		{ CENSOR_CHECK_ACK, OPEN ">RA@-2" },
		{ CENSOR_CHECK_MD5 | CENSOR_CHECK_OPTIONS, OPEN ">R*m" },
		{ CENSOR_CHECK_WINDOW, OPEN ">R-1" },
		{ CENSOR_CHECK_WINDOW, OPEN ">R+70000" },
		{ CENSOR_CHECK_FLAGS, OPEN ">RU" },
		{ CENSOR_CHECK_FLAGS, OPEN ">SR+0" },
		{ CENSOR_CHECK_OPTIONS, OPEN ">R*o" },
		{ 0, OPEN ">R" },
		{ 0, OPEN ">RA" },
		{ 0, OPEN ">R*t1" },
		{ 0, OPEN "<RA" },
		{ 0, OPEN ">A:J10 <RA@-10" },
		{ 0, OPEN ">R+64239" },
	};
	char words[128];
	u32 i, bit;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (bit = 1; bit < CENSOR_CHECKS; bit <<= 1) {
			struct censor_tcp_model model = usual();
			struct exchange x;

			model.checks = (u16)bit;
			model.teardown[CENSOR_TEARDOWN_RST] = CENSOR_CERTAIN;
			model.teardown[CENSOR_TEARDOWN_RSTACK] = CENSOR_CERTAIN;
			snprintf(words, sizeof(words), "%s >PA:H", rows[i].words);
			x = run(&model, words);
			if (x.looked != !!(rows[i].check & bit))
				fail_msg("check %x: %s", bit, words);
			if (!!(x.counts & 1u << CENSOR_COUNT_DISBELIEVED) != x.looked)
				fail_msg("check %x: counted: %s", bit, words);
		}
	}
}

/* Those that look at data, or at what came before. */
static void test_check_data(void **state)
{
	static const struct {
		u16 check;
		const char *words;
	} rows[] = {
		{ CENSOR_CHECK_ACK_FLAG | CENSOR_CHECK_FLAGS, OPEN ">P:H" },
		{ CENSOR_CHECK_FLAGS, OPEN ">FSA:H" },
		{ CENSOR_CHECK_HEADER_20 | CENSOR_CHECK_OPTIONS, OPEN ">PA*o:H" },
		{ CENSOR_CHECK_HEADER_20, OPEN ">PA*t5:H" },
		{ CENSOR_CHECK_HEADER_20 | CENSOR_CHECK_MD5 | CENSOR_CHECK_OPTIONS, OPEN ">PA*m:H" },
		{ CENSOR_CHECK_TIMESTAMP | CENSOR_CHECK_HEADER_20, OPEN ">A*t7 >PA*t6:H" },
		{ CENSOR_CHECK_HEADER_20, OPEN ">A*t7 >PA*t7:H" },
		{ CENSOR_CHECK_HEADER_20, ">S*t-1 <SA >A >PA*t1:H" },
		{ CENSOR_CHECK_HEADER_20, OPEN "<A*t7 >PA*t6:H" },
		{ CENSOR_CHECK_ACK, OPEN ">PA@+1:H" },
		{ CENSOR_CHECK_ACK, OPEN ">PA@-1000:H" },
		{ 0, OPEN "<A:J100 >PA@-60:H" },
		{ CENSOR_CHECK_WINDOW, OPEN "<A%0 >PA+1:H" },
		{ CENSOR_CHECK_CHECKSUM, OPEN ">PA!c:H" },
		{ CENSOR_CHECK_IP_CHECKSUM, OPEN ">PA!i:H" },
		{ CENSOR_CHECK_ISN, OPEN ">PA-40:H" },
		{ 0, OPEN ">PA:H" },
		/* A SYN's data is not expected to have ACK. */
		{ 0, ">S:H" },
	};
	u32 i, bit;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (bit = 1; bit < CENSOR_CHECKS; bit <<= 1) {
			struct censor_tcp_model model = usual();
			bool looked;

			model.checks = (u16)bit;
			model.holes = CENSOR_HOLES_SKIP;
			looked = run(&model, rows[i].words).looked;
			if (looked == !!(rows[i].check & bit))
				fail_msg("check %x: %s", bit, rows[i].words);
		}
	}
	/* A window that is scaled; on a SYN it is not. */
	{
		struct censor_tcp_model model = usual();

		model.checks |= CENSOR_CHECK_WINDOW;
		model.holes = CENSOR_HOLES_SKIP;
		assert_blind(&model, ">S <SA*w7%100 >A >PA+100:H", CENSOR_NOTE_DISBELIEVED);
		assert_looked(&model, ">S <SA*w7%100 >A >PA+99:H");
		assert_looked(&model, ">S <SA*w7%100 >A <A%100 >PA+12799:H");
		assert_blind(&model, ">S <SA*w7%100 >A <A%100 >PA+12800:H", 0);
		/* No data fits a window of none, not even what is due. */
		assert_blind(&model, OPEN "<A%0 >PA:H", CENSOR_NOTE_DISBELIEVED);
		/* Nor is anything checked while the number is not known. */
		model.restart = 0;
		model.resync[CENSOR_RESYNC_RST] = CENSOR_CERTAIN;
		assert_looked(&model, OPEN ">R >PA+70000:H");
	}
	/* An impossible data offset that is believed counts as 20 bytes. */
	{
		struct censor_tcp_model model = usual();

		assert_blind(&model, OPEN ">PA!o:H", CENSOR_NOTE_DISBELIEVED);
		assert_true(run(&model, OPEN ">PA!o:H").counts & 1u << CENSOR_COUNT_MALFORMED);
		model.checks = 0;
		assert_looked(&model, OPEN ">PA!o:H");
	}
}

static void test_sees(void **state)
{
	struct censor_tcp_model model = usual();

	(void)state;
	model.create = CENSOR_BY_SYN | CENSOR_BY_SYNACK;
	model.teardown[CENSOR_TEARDOWN_RST] = CENSOR_CERTAIN;
	model.sees = CENSOR_SEES_BOTH;
	assert_blind(&model, OPEN "<R >PA:H", 0);
	assert_looked(&model, "<SA >PA:H");
	model.sees = CENSOR_SEES_CLIENT;
	assert_looked(&model, OPEN "<R >PA:H");
	assert_blind(&model, OPEN ">R >PA:H", 0);
	assert_blind(&model, "<SA >PA:H", CENSOR_NOTE_NO_TCB);
	model.restart = CENSOR_BY_SYNACK;
	assert_looked(&model, OPEN "<SA+7@+70000 >PA:H");
	/* What it never saw end does not end sooner. */
	model.timeout_closing = 1;
	assert_looked(&model, OPEN "<R ~100 >PA:H");
}

static void test_syn_data(void **state)
{
	struct censor_tcp_model model = usual();

	(void)state;
	assert_looked(&model, ">S:H");
	assert_looked(&model, ">S:h50 <SA >A >PA:r50");
	model.syn_data = false;
	assert_blind(&model, ">S:H", 0);
	/* The server may take none of it either, and then it comes again. */
	assert_looked(&model, ">S+0:H <SA@+1 >PA+1:H");
}

static void test_look(void **state)
{
	struct censor_tcp_model model = usual();

	(void)state;
	/* Packets with data. */
	model.look_unknown = CENSOR_LOOK_NEVER;
	model.look_packets = 2;
	assert_looked(&model, OPEN ">PA:J9 >A >PA:H");
	assert_blind(&model, OPEN ">PA:J9 >PA:J9 >PA:H", CENSOR_NOTE_LOOKED);
	assert_looked(&model, OPEN ">PA:h50 >PA:r50");
	assert_blind(&model, OPEN ">PA:h50 >PA-50:h50 >PA:r50", 0);
	model.look_packets = 0;
	/* Bytes: the packet that they end in is looked at. */
	model.look_bytes = 10;
	assert_looked(&model, OPEN ">PA:J9 >PA:H");
	assert_blind(&model, OPEN ">PA:J10 >PA:H", CENSOR_NOTE_LOOKED);
	model.look_bytes = 0;
	/* Packets without, the SYN being one. */
	model.look_empty = 3;
	assert_looked(&model, ">S <SA >A >PA:H");
	assert_blind(&model, ">S <SA >A >A >PA:H", CENSOR_NOTE_LOOKED);
	assert_looked(&model, ">S <SA >PA:J1 >A >A >A >PA:H");
	assert_looked(&model, ">S <SA <A:J5 <A:J5 <A:J5 <A:J5 >PA:H");
	model.look_empty = 0;
	/* Something of no protocol. */
	model.look_unknown = 9;
	assert_looked(&model, OPEN ">PA:J9 >PA:H");
	assert_blind(&model, OPEN ">PA:J10 >PA:H", CENSOR_NOTE_UNKNOWN);
	assert_looked(&model, OPEN ">PA:h50 >PA:r50");
	model.look_unknown = 0;
	assert_blind(&model, OPEN ">PA:J1 >PA:H", CENSOR_NOTE_UNKNOWN);
	model.look_unknown = CENSOR_LOOK_NEVER;
	assert_looked(&model, OPEN ">PA:J4000 >PA:H");
}

static void test_look_all(void **state)
{
	struct censor_tcp_model model = usual();
	u32 all;

	(void)state;
	for (all = 0; all < 2; all++) {
		struct exchange x;

		model.look_all = all;
		x = begin(new_rig(&model), CLIENT, 40000);
		go_on(&x, OPEN ">PA:G");
		assert_true(x.looked);
		x.looked = false;
		go_on(&x, ">PA:g20");
		assert_false(x.looked);
		go_on(&x, ">PA-20:G");
		assert_int_equal(x.looked, all);
		rig_free(x.rig);
		/* The first was another's. */
		hello_len = wire_hello_sni(hello, "example.org");
		if (all)
			assert_looked(&model, OPEN ">PA:H >PA:G");
		else
			assert_blind(&model, OPEN ">PA:H >PA:G", 0);
		hello_len = wire_hello_sni(hello, "www.facebook.com");
	}
}

static void test_timeouts(void **state)
{
	struct censor_tcp_model model = usual();

	(void)state;
	model.create = CENSOR_BY_SYN;
	model.reassembly = CENSOR_REASSEMBLY_FULL;
	model.timeout_syn = 1000;
	model.timeout_synack = 2000;
	model.timeout = 3000;
	model.timeout_closing = 400;
	model.timeout_hole = 500;
	assert_looked(&model, ">S ~1000 >PA:H");
	assert_blind(&model, ">S ~1001 >PA:H", CENSOR_NOTE_NO_TCB);
	assert_looked(&model, ">S <SA ~2000 >PA:H");
	assert_blind(&model, ">S <SA ~2001 >PA:H", CENSOR_NOTE_NO_TCB);
	assert_looked(&model, OPEN "~3000 >PA:H");
	assert_blind(&model, OPEN "~3001 >PA:H", CENSOR_NOTE_NO_TCB);
	assert_looked(&model, OPEN "~2000 >A ~2000 <A ~2000 >PA:H");
	assert_looked(&model, OPEN "<FA ~400 >PA:H");
	assert_blind(&model, OPEN "<FA ~401 >PA:H", CENSOR_NOTE_NO_TCB);
	assert_blind(&model, OPEN ">R ~401 >PA:H", CENSOR_NOTE_NO_TCB);
	assert_looked(&model, OPEN ">PA+50:r50 ~500 >PA:h50");
	assert_blind(&model, OPEN ">PA+50:r50 ~501 >PA:h50", CENSOR_NOTE_NO_TCB);
	model.timeout_hole = 0;
	assert_looked(&model, OPEN ">PA+50:r50 ~3000 >PA:h50");
	/* What is not believed does not end it. */
	model.checks |= CENSOR_CHECK_CHECKSUM;
	assert_looked(&model, OPEN ">R!c ~3000 >PA:H");
	assert_looked(&model, OPEN ">FA!c ~3000 >PA:H");
}

/* Probabilities: of a thousand connections about as many, each drawn by itself, the same each run. */
static u32 count_hits(struct censor_tcp_model *model, u64 seed, const char *words, u8 *which)
{
	struct rig *rig = new_rig(model);
	u32 hits = 0, i;

	rig->pol->seed = seed;
	for (i = 0; i < 1000; i++) {
		struct exchange x = begin(rig, CLIENT, (u16)(20000 + i));

		go_on(&x, words);
		if (which)
			which[i] = x.looked;
		hits += !x.looked;
		if (i % 200 == 199)
			rig_forget(rig);
	}
	rig_free(rig);
	return hits;
}

static void test_probability(void **state)
{
	static u8 a[1000], b[1000], c[1000];
	struct censor_tcp_model model = usual();
	u32 kind, hits;

	(void)state;
	model.restart = 0;
	for (kind = 0; kind < 2; kind++) {
		u16 *of = kind ? &model.resync[CENSOR_RESYNC_RST] :
				 &model.teardown[CENSOR_TEARDOWN_RST];
		const char *words = OPEN ">R >PA+70001:J4 >PA:H";

		*of = 0;
		assert_int_equal(count_hits(&model, 1, words, NULL), 0);
		*of = CENSOR_CERTAIN / 2;
		hits = count_hits(&model, 1, words, a);
		assert_in_range(hits, 430, 570);
		count_hits(&model, 1, words, b);
		assert_memory_equal(a, b, sizeof(a));
		count_hits(&model, 2, words, c);
		assert_memory_not_equal(a, c, sizeof(a));
		*of = CENSOR_CERTAIN / 100;
		assert_in_range(count_hits(&model, 1, words, NULL), 1, 30);
		*of = CENSOR_CERTAIN;
		assert_int_equal(count_hits(&model, 1, words, NULL), 1000);
		*of = 0;
	}
	/* Of RSTs of connections that were never created each is drawn too. */
	model.teardown[CENSOR_TEARDOWN_RST] = CENSOR_CERTAIN / 2;
	model.teardown_match = CENSOR_MATCH_NOTHING;
	{
		struct rig *rig = new_rig(&model);
		u32 i;

		for (i = 0; i < 200; i++) {
			struct exchange x = begin(rig, CLIENT, (u16)(20000 + i));

			go_on(&x, ">R");
		}
		assert_in_range(censor_counter_read(&rig->shared->teardowns), 60, 140);
		rig_free(rig);
	}
}

/* Random models and packets: the short way comes to the same as the long one. */
static void test_fast(void **state)
{
	u64 random = 31;
	u32 round, i, n, fast = 0;

	(void)state;
	for (round = 0; round < 400; round++) {
		struct censor_tcp_model model;
		struct rig *rigs[2];

		hostile_model(&random, &model);
		for (i = 0; i < 2; i++) {
			rigs[i] = rig_new(hostile_model_policy(round, &model));
			rigs[i]->no_fast = i;
		}
		for (n = 0; n < 250; n++) {
			u32 len = hostile_packet(&random, buf);
			u64 pause = wire_random(&random) % 20 ? 1000000 :
								wire_random(&random) % (5 * SECOND);

			/* Few ends, so that the packets are often of one connection. */
			buf[len - 1] ^= wire_random(&random) % 64 == 0;
			for (i = 0; i < 2; i++) {
				rigs[i]->now += pause;
				rig_send(rigs[i], buf, len);
			}
			fast += rigs[0]->seen.fast;
			if (!hostile_same(&rigs[0]->seen, &rigs[1]->seen))
				fail_msg("round %u, packet %u", round, n);
		}
		for (i = 0; i < 2; i++)
			rig_free(rigs[i]);
	}
	assert_true(fast > 2000);
}

/* The kernel's entry must stay within 320 bytes (DESIGN.md); its own part takes 40. */
static void test_size(void **state)
{
	(void)state;
	assert_true(sizeof(struct censor_flow) <= 280);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_create),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_handshake),
		cmocka_unit_test(test_client),
		cmocka_unit_test(test_resync),
		cmocka_unit_test(test_sync),
		cmocka_unit_test(test_teardown),
		cmocka_unit_test(test_teardown_match),
		cmocka_unit_test(test_reload_client),
		cmocka_unit_test(test_reload_teardowns),
		cmocka_unit_test(test_checks),
		cmocka_unit_test(test_check_data),
		cmocka_unit_test(test_sees),
		cmocka_unit_test(test_syn_data),
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_look_all),
		cmocka_unit_test(test_timeouts),
		cmocka_unit_test(test_probability),
		cmocka_unit_test(test_fast),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests_name("tcb", tests, group_set_up, NULL);
}
