// SPDX-License-Identifier: GPL-2.0
/*
 * DNS queries (RFC 1035 4.1).
 *
 * DOC: what censors make of a name
 *
 * Labels become a dotted text, which rules are compared with. A model can say that the censor does
 * it as Injector 3 of China does (CENSORS.md 1.3: WB blackbox.c, vul-parser.c):
 *
 * dns-name 125: the text has room for so many characters. What does not fit is left out, the labels
 * are read on, and what is there is compared. With all 253, a longer name is none.
 *
 * dns-dots: the text is a string of C. A dot inside a label is a dot like any other, a NUL ends the
 * text, and the message's end is as good as a root label. Type and class, which can't be there
 * then, were read from what the device had in its memory behind the message; that bug (Wallbleed)
 * is not played, and they are taken for A and IN. A label that is longer than the rest of the
 * message stays malformed. Without dns-dots the dot inside a label is written \046 (RFC 1035 5.1),
 * so that no rule takes it for one between labels.
 *
 * Linear in the bytes up to the question's end. A datagram that is no query is rejected by its
 * length or third byte, a stream by its first two.
 */
#include "dns.h"

#define TYPE_A		1
#define CLASS_IN	1
#define LABEL_MAX	63	/* above are pointers, and forms that nobody uses */
#define FLAG_QR		0x80	/* in the third byte: a response */
/* Bits that a query may have set: RD; AD and CD (RFC 1035 4.1.1, RFC 4035 3.2). */
#define QUERY_3		0x01
#define QUERY_4		0x30
#define LENGTH_SIZE	2
#define QUESTION_MIN	5u
#define STREAM_MIN	(CENSOR_DNS_HEADER + QUESTION_MIN)
#define STREAM_MAX	4096	/* no query is longer, padded or signed as it may be */
#define COUNT_MAX	16

/*
 * struct text - the name of a question as it grows
 * @q: the question
 * @room: characters that it may have
 * @cut: what does not fit is left out; else the query is malformed
 * @ended: a NUL ended it
 */
struct text {
	struct censor_dns_question *q;
	u32 room;
	bool cut;
	bool ended;
};

static bool put(struct text *text, u8 c)
{
	struct censor_dns_question *q = text->q;

	if (text->ended)
		return true;
	if (q->name_len >= text->room)
		return text->cut;
	q->name[q->name_len++] = censor_lower(c);
	return true;
}

static bool put_label(struct text *text, const u8 *label, u32 len, bool dots)
{
	static const char dot[] = "\\046";
	u32 i, j;

	if (text->q->name_len && !put(text, '.'))
		return false;
	for (i = 0; i < len; i++) {
		if (dots && !label[i])
			text->ended = true;
		if (label[i] != '.' || dots) {
			if (!put(text, label[i]))
				return false;
			continue;
		}
		for (j = 0; j < sizeof(dot) - 1; j++)
			if (!put(text, dot[j]))
				return false;
	}
	return true;
}

/* The question at @at of a message of @len bytes. */
static enum censor_found read_question(const struct censor_detect_model *model, const u8 *data,
				       u32 len, u32 at, struct censor_dns_question *q)
{
	struct text text = { .q = q, .room = model->dns_name,
			     .cut = model->dns_name < CENSOR_DNS_NAME_MAX };

	q->name_len = 0;
	q->cut = false;
	for (;;) {
		u32 label;

		if (at == len && model->dns_dots && at > CENSOR_DNS_HEADER) {
			q->type = TYPE_A;
			q->class = CLASS_IN;
			q->end = (u16)at;
			q->cut = true;
			return CENSOR_FOUND_ALL;
		}
		if (at >= len)
			return CENSOR_FOUND_BAD;
		label = data[at++];
		if (!label)
			break;
		if (label > LABEL_MAX || label > len - at ||
		    !put_label(&text, data + at, label, model->dns_dots))
			return CENSOR_FOUND_BAD;
		at += label;
	}
	if (len - at < 4)
		return CENSOR_FOUND_BAD;
	q->type = censor_get16(data + at);
	q->class = censor_get16(data + at + 2);
	q->end = (u16)(at + 4);
	return CENSOR_FOUND_ALL;
}

/* No datagram and no message over TCP is longer: offsets fit in 16 bits. */
static u32 message_len(u32 len)
{
	return min_t(u32, len, 0xffff);
}

enum censor_found censor_dns_question(const struct censor_look *look,
				      struct censor_dns_question *q)
{
	u32 len = message_len(look->len);

	if (len < CENSOR_DNS_HEADER || look->data[2] & FLAG_QR)
		return CENSOR_FOUND_NOT;
	q->count = censor_get16(look->data + 4);
	q->start = 0;
	q->used = len;
	return read_question(look->model, look->data, len, CENSOR_DNS_HEADER, q);
}

/*
 * Whether a header, as far as it is there, is one of a query: flags as above, 1 to 16 questions
 * that fit, no answer, at most one record of authority (IXFR, RFC 1995) and two more (EDNS and
 * TSIG).
 */
static bool is_query(const u8 *header, u32 len, u32 message)
{
	static const u8 most[CENSOR_DNS_HEADER] = {
		0xff, 0xff, QUERY_3, QUERY_4, 0, COUNT_MAX, 0, 0, 0, 1, 0, 2,
	};
	u32 i;

	for (i = 0; i < len && i < sizeof(most); i++) {
		if (i == 2 || i == 3 ? header[i] & ~most[i] : header[i] > most[i])
			return false;
	}
	return len < 6 || (header[5] &&
			   CENSOR_DNS_HEADER + header[5] * QUESTION_MIN <= message);
}

enum censor_found censor_dns_stream(const struct censor_look *look, struct censor_dns_question *q)
{
	const u8 *data = look->data;
	u32 message;

	if (look->len && data[0] > STREAM_MAX >> 8)
		return CENSOR_FOUND_NOT;
	if (look->len < LENGTH_SIZE)
		return CENSOR_FOUND_MORE;
	message = censor_get16(data);
	if (message < STREAM_MIN || message > STREAM_MAX ||
	    !is_query(data + LENGTH_SIZE, look->len - LENGTH_SIZE, message))
		return CENSOR_FOUND_NOT;
	if (look->len - LENGTH_SIZE < message)
		return CENSOR_FOUND_MORE;
	q->count = censor_get16(data + LENGTH_SIZE + 4);
	q->start = LENGTH_SIZE;
	q->used = LENGTH_SIZE + message;
	return read_question(look->model, data + LENGTH_SIZE, message, CENSOR_DNS_HEADER, q);
}

enum censor_found censor_dns_next(const struct censor_look *look, struct censor_dns_question *q)
{
	u32 len = q->used - q->start;

	if (q->end >= len)
		return CENSOR_FOUND_NOT;
	return read_question(look->model, look->data + q->start, len, q->end, q);
}
