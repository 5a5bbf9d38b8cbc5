// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: frames of an Initial
 *
 * An Initial has PADDING, PING, ACK, CRYPTO and CONNECTION_CLOSE frames and no others (RFC 9000
 * 12.4), and is nothing but frames from its first byte to its last. So a payload that was decrypted
 * with keys of another connection, where nobody checks its tag, is found out here.
 *
 * A client may cut its ClientHello into as many CRYPTO frames as it likes, in any order, with PING
 * and PADDING between them. Chromium does so (from memory), and China's censor reads none of it
 * (CENSORS.md 2.5).
 */
#include "quic-parts.h"

enum frame_type {
	FRAME_PADDING = 0x00,
	FRAME_PING = 0x01,
	FRAME_ACK = 0x02,
	FRAME_ACK_ECN = 0x03,
	FRAME_CRYPTO = 0x06,
	FRAME_CLOSE = 0x1c,
};

#define INTEGER_MAX	((1ull << 62) - 1)

/* Frames behind one another. @at: behind those that were read */
struct frames {
	const u8 *data;
	u32 len;
	u32 at;
};

/* @offset is of the handshake's bytes; @len of them stand at @data */
struct crypto {
	u64 offset;
	const u8 *data;
	u32 len;
};

/* What was read. */
enum step {
	STEP_OVER,	/* the frames end before this one does */
	STEP_WRONG,	/* an Initial has no such frame */
	STEP_CRYPTO,
	STEP_OTHER,
};

static bool skip_integers(struct frames *frames, u64 n)
{
	u64 value;

	while (n--)
		if (!censor_quic_varint(frames->data, frames->len, &frames->at, &value))
			return false;
	return true;
}

/* Its ranges are two integers each, and as many as it says, or as there are. */
static enum step read_ack(struct frames *frames, bool ecn)
{
	u64 ranges;

	if (!skip_integers(frames, 2) ||
	    !censor_quic_varint(frames->data, frames->len, &frames->at, &ranges) ||
	    !skip_integers(frames, 1 + 2 * ranges + (ecn ? 3 : 0)))
		return STEP_OVER;
	return STEP_OTHER;
}

static enum step read_close(struct frames *frames)
{
	u64 reason;

	if (!skip_integers(frames, 2) ||
	    !censor_quic_varint(frames->data, frames->len, &frames->at, &reason) ||
	    reason > frames->len - frames->at)
		return STEP_OVER;
	frames->at += (u32)reason;
	return STEP_OTHER;
}

/* A ClientHello's type, its length and half its version (RFC 8446 4). */
static bool hello_follows(const struct frames *frames)
{
	const u8 *p = frames->data + frames->at;

	return frames->len - frames->at > 4 && p[0] == 1 && !p[1] && (p[2] || p[3]) && p[4] == 3;
}

/*
 * A length of 0 before a ClientHello is not believed: all that follows is the frame's. China's
 * censor reads it so (CENSORS.md 2.5), and to others it is nothing, as no frame begins as that goes
 * on.
 */
static enum step read_crypto(struct frames *frames, struct crypto *crypto)
{
	u64 len;

	if (!censor_quic_varint(frames->data, frames->len, &frames->at, &crypto->offset) ||
	    !censor_quic_varint(frames->data, frames->len, &frames->at, &len))
		return STEP_OVER;
	if (crypto->offset + len > INTEGER_MAX)
		return STEP_WRONG;
	crypto->data = frames->data + frames->at;
	crypto->len = frames->len - frames->at;
	if (!len && !crypto->offset && hello_follows(frames)) {
		frames->at = frames->len;
		return STEP_CRYPTO;
	}
	/* What is there of a frame that is cut is the frame's as well. */
	if (len > crypto->len) {
		frames->at = frames->len;
		return STEP_OVER;
	}
	crypto->len = (u32)len;
	frames->at += crypto->len;
	return STEP_CRYPTO;
}

static enum step read_frame(struct frames *frames, struct crypto *crypto)
{
	*crypto = (struct crypto){ .len = 0 };
	switch (frames->data[frames->at++]) {
	case FRAME_PADDING:
		while (frames->at < frames->len && !frames->data[frames->at])
			frames->at++;
		return STEP_OTHER;
	case FRAME_PING:
		return STEP_OTHER;
	case FRAME_ACK:
		return read_ack(frames, false);
	case FRAME_ACK_ECN:
		return read_ack(frames, true);
	case FRAME_CRYPTO:
		return read_crypto(frames, crypto);
	case FRAME_CLOSE:
		return read_close(frames);
	default:
		return STEP_WRONG;
	}
}

/*
 * Keep the handshake's bytes from @from to @to, those that were not there yet. More pieces apart
 * than there is room for are not remembered: a censor has no more patience either.
 */
static void keep(struct censor_quic_hello *hello, u16 from, u16 to, const u8 *data)
{
	u32 first, end, pos = from, i;
	u16 base = from;

	/* Spans first to end - 1 overlap or touch. */
	for (first = 0; first < hello->n && hello->span[first].to < from; first++)
		;
	for (end = first; end < hello->n && hello->span[end].from <= to; end++) {
		if (pos < hello->span[end].from)
			memcpy(hello->bytes + pos, data + (pos - base),
			       hello->span[end].from - pos);
		pos = hello->span[end].to;
	}
	if (first == end && hello->n == CENSOR_QUIC_SPANS_MAX)
		return;
	if (pos < to)
		memcpy(hello->bytes + pos, data + (pos - base), to - pos);
	if (first == end) {
		for (i = hello->n++; i > first; i--)
			hello->span[i] = hello->span[i - 1];
	} else {
		from = min(from, hello->span[first].from);
		to = (u16)max((u32)to, pos);
		for (i = end; i < hello->n; i++)
			hello->span[first + 1 + i - end] = hello->span[i];
		hello->n -= end - first - 1;
	}
	hello->span[first].from = from;
	hello->span[first].to = to;
}

static void keep_crypto(struct censor_quic_hello *hello, const struct crypto *crypto)
{
	u32 from, len;

	if (!crypto->len || crypto->offset >= CENSOR_QUIC_HELLO_SIZE)
		return;
	from = (u32)crypto->offset;
	len = min(crypto->len, CENSOR_QUIC_HELLO_SIZE - from);
	keep(hello, (u16)from, (u16)(from + len), crypto->data);
}

/*
 * Whether they are an Initial's frames; and @alone, whether nothing but padding is behind the
 * first, and @end, where the last CRYPTO frame ends.
 */
static bool check(const u8 *payload, u32 len, bool cut, bool *alone, u32 *end)
{
	struct frames frames = { .data = payload, .len = len };
	struct crypto crypto;
	bool first = true;
	enum step step;

	*alone = true;
	*end = 0;
	while (frames.at < len) {
		bool padding = !payload[frames.at];

		step = read_frame(&frames, &crypto);
		if (step == STEP_WRONG || (step == STEP_OVER && !cut))
			return false;
		if (step == STEP_OVER)
			frames.at = len;
		if (crypto.len)
			*end = frames.at;
		*alone &= first || padding;
		first = false;
	}
	return !first;
}

bool censor_quic_frames(const u8 *payload, u32 len, bool cut, u8 assemble,
			struct censor_quic_hello *hello)
{
	struct frames frames = { .data = payload, .len = len };
	struct crypto crypto;
	bool alone;
	u32 end;

	if (!check(payload, len, cut, &alone, &end))
		return false;
	while (frames.at < end) {
		read_frame(&frames, &crypto);
		if (assemble != CENSOR_QUIC_ASSEMBLE_FRAME ||
		    (alone && !crypto.offset && !hello->n))
			keep_crypto(hello, &crypto);
	}
	return true;
}
