// SPDX-License-Identifier: GPL-2.0
/*
 * QUIC's Initials, for libFuzzer. An input is a byte that chooses the model and what follows it:
 *
 *	datagrams, each behind two bytes of length: what they look like, and what is in them
 *	payloads, each behind two bytes of length: frames, as they are behind the encryption, which
 *	no fuzzer finds its way through; what is kept must be what a model byte by byte keeps
 *	one payload, sealed into an Initial: what is kept must be what the payload itself gives
 */
#include <stdlib.h>

#include "quic-parts.h"
#include "initial.h"
#include "unseen.h"

#define SHAPE		0x03
#define DATAGRAMS	0x00
#define SEALED		0x01
#define TAG		0x04
#define CUT		0x08
#define ASSEMBLE(byte)	((byte) >> 4 & 3)

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static struct censor_detect_model model;
static struct censor_quic_scratch scratch;
static struct censor_quic_hello hello;

/*
 * The handshake's bytes, one by one: which are known, and as what they came first. @lost: they were
 * in more pieces than are kept, and what is known is another matter.
 */
static bool known[CENSOR_QUIC_HELLO_SIZE], lost;
static u8 bytes[CENSOR_QUIC_HELLO_SIZE];

/* Spans ascend and are apart. */
static void check_spans(void)
{
	u32 i;

	if (hello.n > CENSOR_QUIC_SPANS_MAX)
		abort();
	for (i = 0; i < hello.n; i++)
		if (hello.span[i].from >= hello.span[i].to ||
		    hello.span[i].to > CENSOR_QUIC_HELLO_SIZE ||
		    (i && hello.span[i].from <= hello.span[i - 1].to))
			abort();
}

/* What is kept is what the model knows. */
UNSEEN static void check_hello(void)
{
	u32 i, at = 0;

	for (i = 0; i < CENSOR_QUIC_HELLO_SIZE && !lost; i++) {
		while (at < hello.n && hello.span[at].to <= i)
			at++;
		if (known[i] != (at < hello.n && hello.span[at].from <= i) ||
		    (known[i] && hello.bytes[i] != bytes[i]))
			abort();
	}
}

static enum censor_found read_datagram(const u8 *data, u32 len, u32 whole)
{
	struct censor_look look = { .data = data, .len = len, .whole = whole, .model = &model };
	struct censor_quic_seen seen;
	enum censor_found looks, found;

	looks = censor_quic_looks(&look, &seen);
	found = censor_quic_initial(&look, &scratch, &hello, &seen);
	if (found != CENSOR_FOUND_NOT && (looks != CENSOR_FOUND_ALL || !seen.decrypted))
		abort();
	if (found == CENSOR_FOUND_ALL && (!hello.n || hello.span[0].from))
		abort();
	return found;
}

/* A CRYPTO frame's bytes. */
UNSEEN static void model_crypto(u64 offset, const u8 *data, u64 len)
{
	u32 i, pieces = 0;

	for (i = 0; i < len && offset + i < CENSOR_QUIC_HELLO_SIZE; i++) {
		if (!known[offset + i])
			bytes[offset + i] = data[i];
		known[offset + i] = true;
	}
	for (i = 0; i < CENSOR_QUIC_HELLO_SIZE; i++)
		pieces += known[i] && (!i || !known[i - 1]);
	lost |= pieces > CENSOR_QUIC_SPANS_MAX;
}

/* Another reader of frames, which knows nothing of spans: it only fills in bytes. */
UNSEEN static void model_payload(const u8 *data, u32 len)
{
	u64 offset, n, skip;
	u32 at = 0;

	while (at < len) {
		switch (data[at++]) {
		case 6:
			if (!censor_quic_varint(data, len, &at, &offset) ||
			    !censor_quic_varint(data, len, &at, &n))
				return;
			if (!n && !offset && len - at > 4 && data[at] == 1 && !data[at + 1] &&
			    (data[at + 2] || data[at + 3]) && data[at + 4] == 3)
				n = len - at;
			n = min(n, (u64)(len - at));
			model_crypto(offset, data + at, n);
			at += (u32)n;
			break;
		case 2:
		case 3:
			skip = data[at - 1] == 3 ? 3 : 0;
			if (!censor_quic_varint(data, len, &at, &n) ||
			    !censor_quic_varint(data, len, &at, &n) ||
			    !censor_quic_varint(data, len, &at, &n))
				return;
			for (skip += 1 + 2 * n; skip; skip--)
				if (!censor_quic_varint(data, len, &at, &n))
					return;
			break;
		case 0x1c:
			if (!censor_quic_varint(data, len, &at, &n) ||
			    !censor_quic_varint(data, len, &at, &n) ||
			    !censor_quic_varint(data, len, &at, &n) || n > len - at)
				return;
			at += (u32)n;
			break;
		}
	}
}

static void read_payload(const u8 *data, u32 len, bool cut)
{
	static struct censor_quic_hello before;
	u8 assemble = CENSOR_QUIC_ASSEMBLE_FLOW;

	before = hello;
	if (censor_quic_frames(data, len, cut, assemble, &hello))
		model_payload(data, len);
	else if (before.n != hello.n || memcmp(before.span, hello.span, sizeof(before.span)))
		abort();
	check_hello();
}

static void read_sealed(const u8 *data, u32 len)
{
	static struct censor_quic_hello plain;
	static u8 packet[INITIAL_MAX];
	struct initial initial = { .dcid_len = len % 21, .frames = data, .len = len,
				   .number = len, .number_len = (u8)(1 + len % 4),
				   .scid_len = len % 20, .token_len = len % 5 };
	static const u32 versions[] = { INITIAL_V1, INITIAL_V2, INITIAL_DRAFT };
	enum censor_found found;
	bool frames;
	u32 size;

	if (len + initial.number_len < 4)
		return;
	initial.version = versions[len % 3];
	size = initial_put(packet, &initial);
	plain.n = 0;
	frames = censor_quic_frames(data, min(len, (u32)sizeof(scratch.payload)),
				    len > sizeof(scratch.payload), model.quic_assemble, &plain);
	hello.n = 0;
	found = read_datagram(packet, size, size);
	/* A censor that looks at the tag doesn't look at one of so much. */
	if (model.quic_tag && len + initial.number_len + CENSOR_QUIC_TAG > sizeof(scratch.payload))
		frames = false;
	if (!frames) {
		if (found != CENSOR_FOUND_NOT)
			abort();
		return;
	}
	if (plain.n != hello.n || memcmp(plain.span, hello.span, plain.n * sizeof(plain.span[0])) ||
	    (plain.n == 1 && memcmp(plain.bytes + plain.span[0].from,
				    hello.bytes + plain.span[0].from,
				    plain.span[0].to - plain.span[0].from)))
		abort();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 choice, *copy;
	size_t at = 1;
	u32 len;

	if (size < 1)
		return 0;
	choice = data[0];
	model = (struct censor_detect_model){
		.quic_versions = CENSOR_QUIC_READ_V1 | CENSOR_QUIC_READ_V2 |
				 CENSOR_QUIC_READ_DRAFT_29,
		.quic_tag = choice & TAG,
		.quic_assemble = ASSEMBLE(choice) % CENSOR_QUIC_ASSEMBLES,
	};
	hello.n = 0;
	memset(known, 0, sizeof(known));
	lost = false;
	if ((choice & SHAPE) == SEALED) {
		read_sealed(data + 1, (u32)min(size - 1, (size_t)8192));
		return 0;
	}
	while (at + 2 <= size) {
		len = min((u32)censor_get16(data + at), (u32)(size - at - 2));
		at += 2;
		/* In memory of its own, so that nothing behind it is read. */
		copy = malloc(len ? len : 1);
		memcpy(copy, data + at, len);
		if ((choice & SHAPE) == DATAGRAMS)
			read_datagram(copy, len, choice & CUT ? len + 500 : len);
		else
			read_payload(copy, len, choice & CUT);
		check_spans();
		free(copy);
		at += len;
	}
	return 0;
}
