// SPDX-License-Identifier: GPL-2.0
/*
 * TLS for libFuzzer. An input is the parts that are wanted, where the bytes are cut for a first
 * look (two bytes), and the bytes. They are read as a client's records, put together and not, as a
 * handshake message without records, and as a server's. What was known of the first bytes stays
 * known, and nothing of the name depends on what else is asked for.
 */
#include "tls.h"
#include "holds.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define MODES	3	/* records put together, the first record, no records */

static struct censor_tls_hello hello[3];
static struct censor_tls_certificate certificate[2];

/* From copies of just so many bytes, for the sanitizer. */
static enum censor_found read_hello(const u8 *data, u32 len, u32 mode, u8 wants,
				    struct censor_tls_hello *to)
{
	u8 *copy = malloc(len ? len : 1), *records = malloc(len ? len : 1);
	struct censor_look look = { .data = copy, .len = len, .whole = len };
	enum censor_found found;

	memcpy(copy, data, len);
	if (mode == 2)
		found = censor_tls_hello(copy, len, wants & 1, wants, to);
	else
		found = censor_tls_client(&look, mode ? NULL : records, wants, to);
	check(to->sni_len <= 255 && to->alpn_len <= CENSOR_TLS_LIST_SIZE);
	check(!to->sni_len || to->sni_at < len);
	check(!(to->known & ~(wants | CENSOR_TLS_SNI)));
	free(copy);
	free(records);
	return found;
}

static enum censor_found read_server(const u8 *data, u32 len, struct censor_tls_certificate *to)
{
	u8 *copy = malloc(len ? len : 1), *records = malloc(len ? len : 1);
	struct censor_look look = { .data = copy, .len = len, .whole = len, .answer = true };
	enum censor_found found;

	memcpy(copy, data, len);
	found = censor_tls_server(&look, records, to);
	check(to->names_len <= CENSOR_TLS_LIST_SIZE);
	free(copy);
	free(records);
	return found;
}

static bool same_name(const struct censor_tls_hello *a, const struct censor_tls_hello *b)
{
	return a->sni_len == b->sni_len && a->sni_at == b->sni_at &&
	       !memcmp(a->sni, b->sni, a->sni_len);
}

/* What @early knew, @late knows. */
static void check_kept(const struct censor_tls_hello *early, const struct censor_tls_hello *late)
{
	u8 known = early->known;

	check(!(known & ~late->known));
	check(!(early->has & ~late->has));
	check(!(known & CENSOR_TLS_SNI) || same_name(early, late));
	check(!(known & CENSOR_TLS_ALPN) ||
	      (early->alpn_len == late->alpn_len &&
	       !memcmp(early->alpn, late->alpn, early->alpn_len)));
	check(!(known & CENSOR_TLS_VERSION) || early->version == late->version);
	check(!(known & CENSOR_TLS_HAS) || early->has == late->has);
	check(!(known & CENSOR_TLS_JA3) || !memcmp(early->ja3, late->ja3, sizeof(late->ja3)));
	check(!(known & CENSOR_TLS_JA4) || !memcmp(early->ja4, late->ja4, sizeof(late->ja4)));
	check(!(known & CENSOR_TLS_TOR) || early->tor == late->tor);
}

static void fuzz_hello(const u8 *data, u32 cut, u32 len, u8 wants)
{
	u32 mode;

	for (mode = 0; mode < MODES; mode++) {
		enum censor_found early, late;

		early = read_hello(data, cut, mode, wants, &hello[0]);
		late = read_hello(data, len, mode, wants, &hello[1]);
		check(early == CENSOR_FOUND_MORE || early == late);
		check_kept(&hello[0], &hello[1]);
		if (!(wants & CENSOR_TLS_SNI))
			continue;
		read_hello(data, len, mode, CENSOR_TLS_SNI, &hello[2]);
		check(!((hello[1].known ^ hello[2].known) & CENSOR_TLS_SNI));
		check(!hello[2].known || same_name(&hello[1], &hello[2]));
	}
}

static void fuzz_server(const u8 *data, u32 cut, u32 len)
{
	enum censor_found early = read_server(data, cut, &certificate[0]);
	enum censor_found late = read_server(data, len, &certificate[1]);

	check(early == CENSOR_FOUND_MORE || early == late);
	check(certificate[0].names_len <= certificate[1].names_len);
	check(!memcmp(certificate[0].names, certificate[1].names, certificate[0].names_len));
	check(!certificate[0].tor || certificate[1].tor);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 len, cut;
	u8 wants;

	if (size < 3)
		return 0;
	wants = data[0] & 0x7f;
	len = (u32)size - 3;
	cut = censor_get16(data + 1) % (len + 1);
	fuzz_hello(data + 3, cut, len, wants);
	fuzz_server(data + 3, cut, len);
	return 0;
}
