// SPDX-License-Identifier: GPL-2.0
/*
 * Fingerprints of a ClientHello.
 *
 * JA3 (salesforce/ja3): the MD5 of five fields with commas between them: the version in the hello's
 * head, and the numbers of its cipher suites, extensions, groups and point formats, in decimal, in
 * their order, with dashes between them; GREASE is left out.
 *
 * JA4 (FoxIO, technical_details/JA4.md): "t" or for QUIC "q"; the highest version; "d" if there is
 * a server_name extension, else "i"; how many cipher suites and how many extensions, 99 at most;
 * two characters of the first ALPN name; and behind "_" each, six bytes of a SHA-256: of suites,
 * and of the extensions but server_name and ALPN, both as four hexadecimal digits, sorted, with
 * commas between them, the latter with "_" and the signature algorithms as they stand. GREASE is
 * left out.
 */
#include "crypto.h"
#include "tls-parts.h"

/* Text that is being made; what goes beyond its room is only counted. */
struct text {
	u8 *bytes;
	u32 len;
};

static void put(struct text *text, u8 c)
{
	if (text->len < CENSOR_TLS_TEXT_SIZE)
		text->bytes[text->len] = c;
	text->len++;
}

static void put_decimal(struct text *text, u16 number)
{
	u32 unit = 10000;

	while (unit > 1 && number < unit)
		unit /= 10;
	for (; unit; unit /= 10)
		put(text, (u8)('0' + number / unit % 10));
}

static u8 digit(u32 value)
{
	return (u8)((value &= 15) < 10 ? '0' + value : 'a' + value - 10);
}

static void put_hex(struct text *text, u16 number)
{
	put(text, digit(number >> 12));
	put(text, digit(number >> 8));
	put(text, digit(number >> 4));
	put(text, digit(number));
}

static void hex(u8 *out, const u8 *bytes, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++) {
		out[2 * i] = digit(bytes[i] >> 4);
		out[2 * i + 1] = digit(bytes[i]);
	}
}

/**
 * struct walk - numbers in a list, one after another
 * @data: the message
 * @at: the next one
 * @end: behind the last
 * @width: bytes of each
 * @skip: each has a length of two bytes behind it, and so much more: an extension
 */
struct walk {
	const u8 *data;
	u32 at, end;
	u32 width;
	bool skip;
};

static struct walk walk_list(const struct censor_tls_lists *lists,
			     const struct censor_tls_span *span, u32 width)
{
	return (struct walk){ lists->data, span->at, span->at + span->len, width, false };
}

static struct walk walk_extensions(const struct censor_tls_lists *lists)
{
	struct walk walk = walk_list(lists, &lists->extensions, 2);

	walk.skip = true;
	return walk;
}

/* The next number that means something. Return: whether there is one. */
static bool next(struct walk *walk, u16 *number)
{
	while (walk->end - walk->at >= walk->width) {
		const u8 *p = walk->data + walk->at;

		*number = walk->width == 1 ? p[0] : (u16)censor_get16(p);
		walk->at += walk->width + (walk->skip ? 2 + censor_get16(p + 2) : 0);
		if (walk->width == 1 || !censor_tls_grease(*number))
			return true;
	}
	return false;
}

static void put_field(struct text *text, struct walk walk)
{
	bool first = true;
	u16 number;

	put(text, ',');
	while (next(&walk, &number)) {
		if (!first)
			put(text, '-');
		first = false;
		put_decimal(text, number);
	}
}

bool censor_tls_ja3(const struct censor_tls_lists *lists, struct censor_tls_hello *hello)
{
	struct text text = { .bytes = hello->room.text };
	u8 digest[16];

	put_decimal(&text, lists->legacy);
	put_field(&text, walk_list(lists, &lists->ciphers, 2));
	put_field(&text, walk_extensions(lists));
	put_field(&text, walk_list(lists, &lists->groups, 2));
	put_field(&text, walk_list(lists, &lists->formats, 1));
	if (text.len > CENSOR_TLS_TEXT_SIZE)
		return false;
	censor_md5(text.bytes, text.len, digest);
	hex(hello->ja3, digest, sizeof(digest));
	return true;
}

/* Shell sort, with Ciura's gaps: few numbers, and no room but theirs. */
static void sort_numbers(u16 *numbers, u32 n)
{
	static const u8 gaps[] = { 132, 57, 23, 10, 4, 1 };
	u32 g, i, at;

	for (g = 0; g < ARRAY_SIZE(gaps); g++) {
		u32 gap = gaps[g];

		for (i = gap; i < n; i++) {
			u16 number = numbers[i];

			for (at = i; at >= gap && numbers[at - gap] > number; at -= gap)
				numbers[at] = numbers[at - gap];
			numbers[at] = number;
		}
	}
}

/**
 * struct sum - what JA4 says of a list
 * @n: numbers in it
 * @text: some of them, sorted
 */
struct sum {
	u32 n;
	struct text text;
};

/* @names: server_name and ALPN are left out of the text. Return: whether they are few enough. */
static bool sum_up(struct sum *sum, struct walk walk, bool names, struct censor_tls_hello *hello)
{
	u16 *sorted = hello->room.sorted, number;
	u32 n = 0, i;

	*sum = (struct sum){ .text.bytes = hello->room.text };
	while (next(&walk, &number)) {
		sum->n++;
		if (names && (number == CENSOR_TLS_EXT_SNI || number == CENSOR_TLS_EXT_ALPN))
			continue;
		if (n == CENSOR_TLS_SORTED_MAX)
			return false;
		sorted[n++] = number;
	}
	sort_numbers(sorted, n);
	for (i = 0; i < n; i++) {
		if (i)
			put(&sum->text, ',');
		put_hex(&sum->text, sorted[i]);
	}
	return true;
}

/* Twelve digits; none of nothing. */
static bool put_hash(u8 *out, const struct text *text)
{
	u8 digest[32];

	if (text->len > CENSOR_TLS_TEXT_SIZE)
		return false;
	memset(digest, 0, 6);
	if (text->len)
		censor_sha256(text->bytes, text->len, digest);
	hex(out, digest, 6);
	return true;
}

static void put_version(u8 *out, u16 version)
{
	if (version >= 0x0301 && version <= 0x0304) {
		out[0] = '1';
		out[1] = (u8)('0' + version - 0x0301);
	} else {
		out[0] = version == 0x0300 || version == 0x0002 ? 's' : '0';
		out[1] = version == 0x0300 ? '3' : version == 0x0002 ? '2' : '0';
	}
}

static void put_count(u8 *out, u32 n)
{
	n = min(n, 99u);
	out[0] = (u8)('0' + n / 10);
	out[1] = (u8)('0' + n % 10);
}

static bool alphanumeric(u8 c)
{
	return (c >= '0' && c <= '9') || (censor_lower(c) >= 'a' && censor_lower(c) <= 'z');
}

/* The ends of the first name; of its bytes in hexadecimal where an end is no letter or digit. */
static void put_alpn(u8 *out, const u8 *name, u32 len)
{
	if (!len) {
		out[0] = '0';
		out[1] = '0';
	} else if (alphanumeric(name[0]) && alphanumeric(name[len - 1])) {
		out[0] = name[0];
		out[1] = name[len - 1];
	} else {
		out[0] = digit(name[0] >> 4);
		out[1] = digit(name[len - 1]);
	}
}

/* The signature algorithms behind the extensions. */
static void put_signatures(struct text *text, struct walk walk)
{
	bool first = true;
	u16 number;

	while (next(&walk, &number)) {
		put(text, first ? '_' : ',');
		first = false;
		put_hex(text, number);
	}
}

bool censor_tls_ja4(const struct censor_tls_lists *lists, bool quic,
		    struct censor_tls_hello *hello)
{
	struct walk extensions = walk_extensions(lists);
	u8 *out = hello->ja4;
	struct sum sum;
	u16 number;

	out[0] = quic ? 'q' : 't';
	put_version(out + 1, lists->top ? lists->top : lists->legacy);
	out[3] = 'i';
	while (next(&extensions, &number))
		if (number == CENSOR_TLS_EXT_SNI)
			out[3] = 'd';
	put_alpn(out + 8, lists->data + lists->alpn.at, lists->alpn.len);
	out[10] = '_';
	out[23] = '_';

	if (!sum_up(&sum, walk_list(lists, &lists->ciphers, 2), false, hello))
		return false;
	put_count(out + 4, sum.n);
	if (!put_hash(out + 11, &sum.text))
		return false;

	if (!sum_up(&sum, walk_extensions(lists), true, hello))
		return false;
	put_count(out + 6, sum.n);
	put_signatures(&sum.text, walk_list(lists, &lists->signatures, 2));
	return put_hash(out + 24, &sum.text);
}
