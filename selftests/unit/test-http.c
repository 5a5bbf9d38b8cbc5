// SPDX-License-Identifier: GPL-2.0
/* HTTP requests: as the detector reads them, and as streams are judged. */
#include "test.h"
#include "rig.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"203.0.113.80"

static struct censor_http_request r;
static struct censor_detect_model model;

static int usual(void **state)
{
	(void)state;
	censor_detect_default(&model);
	return 0;
}

static enum censor_found read_part(const char *text, u32 len)
{
	u8 *copy = malloc(len ? len : 1);
	struct censor_look look = { .data = copy, .len = len, .whole = len, .model = &model };
	enum censor_found found;

	memcpy(copy, text, len);
	memset(&r, 0xa5, sizeof(r));
	found = censor_http_request(&look, &r);
	free(copy);
	return found;
}

static enum censor_found read_text(const char *text)
{
	return read_part(text, (u32)strlen(text));
}

static void expect(const char *target, const char *host)
{
	assert_int_equal(r.target_len, strlen(target));
	assert_memory_equal(r.target, target, strlen(target));
	assert_int_equal(r.host_len, strlen(host));
	assert_memory_equal(r.host, host, strlen(host));
}

static void test_requests(void **state)
{
	static const struct {
		const char *text, *target, *host;
	} rows[] = {
		{ "GET / HTTP/1.1\r\nHost: facebook.com\r\n\r\n", "/", "facebook.com" },
		{ "GET /Search?q=FALUN HTTP/1.1\r\nHOST:FaceBook.COM\r\n\r\n", "/search?q=falun",
		  "facebook.com" },
		{ "POST /x HTTP/1.0\r\nContent-Length: 5\r\nhost: \t a.b \t\r\n\r\nhello", "/x", "a.b" },
		{ "HEAD / HTTP/1.1\nHost: facebook.com\n\n", "/", "facebook.com" },
		{ "GET / HTTP/1.1\r\nHost: facebook.com:8080\r\n\r\n", "/", "facebook.com" },
		{ "GET / HTTP/1.1\r\nHost: facebook.com.\r\n\r\n", "/", "facebook.com" },
		{ "GET / HTTP/1.1\r\nHost: facebook.com.:80\r\n\r\n", "/", "facebook.com" },
		{ "GET / HTTP/1.1\r\nHost: [2001:DB8::1]:80\r\n\r\n", "/", "[2001:db8::1]" },
		{ "GET / HTTP/1.1\r\nX-Host: a\r\nHosts: b\r\nHost: c\r\n\r\n", "/", "c" },
		{ "GET / HTTP/1.1\r\nHost: first\r\nHost: second\r\n\r\n", "/", "first" },
		{ "GET http://Facebook.com/x HTTP/1.1\r\nHost: other\r\n\r\n",
		  "http://facebook.com/x", "facebook.com" },
		{ "GET http://user@facebook.com:80?q HTTP/1.1\r\nHost: other\r\n\r\n",
		  "http://user@facebook.com:80?q", "facebook.com" },
		{ "CONNECT facebook.com:443 HTTP/1.1\r\n\r\n", "facebook.com:443", "facebook.com" },
		{ "GET /\r\nHost: facebook.com\r\n\r\n", "/", "facebook.com" },
		{ "PUT / HTTP/1.1\r\nHost: a\r\n\r\n", "/", "a" },
		{ "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", "/", "a" },
		{ "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "*", "a" },
		{ "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", "/", "a" },
		{ "PATCH / HTTP/1.1\r\nHost: a\r\n\r\n", "/", "a" },
		/* No Host, or one that says nothing: the target is all there is. */
		{ "GET /x HTTP/1.0\r\n\r\n", "/x", "" },
		{ "GET /x HTTP/1.0\r\nAccept: */*\r\n\r\nHost: body.example\r\n", "/x", "" },
		{ "GET /x HTTP/1.1\r\nHost:\r\n\r\n", "/x", "" },
		{ "GET /x HTTP/1.1\r\nHost:   \r\n\r\n", "/x", "" },
		{ "GET /x HTTP/1.1\nHost:\n\n", "/x", "" },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(read_text(rows[i].text), CENSOR_FOUND_ALL);
		expect(rows[i].target, rows[i].host);
	}
}

/* Cut anywhere, it asks for more; the target is told as soon as it is whole. */
static void test_partial(void **state)
{
	static const char text[] = "GET /falun HTTP/1.1\r\nAccept: */*\r\nHost: facebook.com\r\n";
	u32 i;

	(void)state;
	for (i = 1; i < sizeof(text) - 1; i++) {
		assert_int_equal(read_part(text, i), CENSOR_FOUND_MORE);
		expect(i > 10 ? "/falun" : "", "");
	}
	assert_int_equal(read_part(text, sizeof(text) - 1), CENSOR_FOUND_ALL);
	expect("/falun", "facebook.com");
}

static void test_not_http(void **state)
{
	static const char *const texts[] = {
		"\x16\x03\x01", "get / HTTP/1.1\r\n", "GETX / HTTP/1.1\r\n", "SSH-2.0-OpenSSH\r\n",
		"HTTP/1.1 200 OK\r\n", " GET / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n", "X", "GEX",
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_int_equal(read_text(texts[i]), CENSOR_FOUND_NOT);
		expect("", "");
	}
	assert_int_equal(read_text("GET \r\nHost: x\r\n"), CENSOR_FOUND_BAD);
}

static void test_long(void **state)
{
	static char text[8192];
	u32 n;

	(void)state;
	/* A target longer than what is looked at is looked at so far. */
	memset(text, 'a', sizeof(text));
	memcpy(text, "GET /", 5);
	n = 3000;
	n += (u32)sprintf(text + n, " HTTP/1.1\r\nHost: facebook.com\r\n\r\n");
	assert_int_equal(read_part(text, n), CENSOR_FOUND_ALL);
	assert_int_equal(r.target_len, CENSOR_TARGET_SIZE);
	assert_int_equal(r.host_len, 12);
	/* A Host of 300 bytes is no name. */
	n = (u32)sprintf(text, "GET / HTTP/1.1\r\nHost: ");
	memset(text + n, 'h', 300);
	n += 300;
	n += (u32)sprintf(text + n, "\r\n\r\n");
	assert_int_equal(read_part(text, n), CENSOR_FOUND_ALL);
	expect("/", "");
}

static void expect_text(const char *text, u32 len)
{
	assert_int_equal(r.text_len, len);
	assert_memory_equal(r.text, text, len);
}

/* Escapes of RFC 3986, once; the target stays as it was written. */
static void test_decoding(void **state)
{
	static const struct {
		const char *target, *text;
		u32 len;
	} rows[] = {
		{ "/", "/", 1 },
		{ "/%46a%4cun", "/falun", 6 },
		{ "/%66%61%6c%75%6e", "/falun", 6 },
		{ "/%e6%B3%95", "/\xe6\xb3\x95", 4 },
		{ "/%25%34%31", "/%41", 4 },
		{ "/a+b%20c", "/a+b c", 6 },
		{ "/%00x", "/\0x", 3 },
		/* None of them is an escape. */
		{ "/%u0041%", "/%u0041%", 8 },
		{ "/%4", "/%4", 3 },
		{ "/%4g%g4%%41", "/%4g%g4%a", 9 },
	};
	char text[100];
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		sprintf(text, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", rows[i].target);
		assert_int_equal(read_text(text), CENSOR_FOUND_ALL);
		expect_text(rows[i].text, rows[i].len);
		assert_int_equal(r.target_len, strlen(rows[i].target));
	}
}

static void test_proxy(void **state)
{
	static const struct {
		const char *text, *host;
		bool proxy;
	} rows[] = {
		{ "CONNECT Facebook.com:443 HTTP/1.1\r\nHost: other\r\n\r\n", "facebook.com", true },
		{ "CONNECT [2001:db8::1]:443 HTTP/1.1\r\n\r\n", "[2001:db8::1]", true },
		{ "GET HTTP://a.b/ HTTP/1.1\r\nHost: other\r\n\r\n", "a.b", true },
		{ "GET https://a.b HTTP/1.1\r\nHost: other\r\n\r\n", "a.b", true },
		{ "GET /http://a.b/ HTTP/1.1\r\nHost: other\r\n\r\n", "other", false },
		{ "GET http:// HTTP/1.1\r\nHost: other\r\n\r\n", "other", false },
		{ "GET ftp://a.b HTTP/1.1\r\nHost: other\r\n\r\n", "other", false },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(read_text(rows[i].text), CENSOR_FOUND_ALL);
		assert_int_equal(r.proxy, rows[i].proxy);
		assert_int_equal(r.host_len, strlen(rows[i].host));
		assert_memory_equal(r.host, rows[i].host, r.host_len);
	}
}

/* Where the next request of a pipeline begins. */
static void test_used(void **state)
{
	static const struct {
		const char *one, *two;
	} rows[] = {
		{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /x HTTP/1.1\r\nHost: b\r\n\r\n" },
		{ "GET / HTTP/1.1\nHost: a\nX: y\n\n", "" },
		{ "GET http://a/ HTTP/1.1\r\n\r\n", "G" },
		{ "GET /a HTTP/1.1\r\nA: b\r\n\r\n", "POST" },
		{ "POST / HTTP/1.1\r\nHost: a\r\nContent-LENGTH:  5 \r\n\r\nhello", "GET" },
		{ "POST / HTTP/1.1\r\nContent-Length: 0\r\nHost: a\r\n\r\n", "GET" },
		{ "CONNECT a:443 HTTP/1.1\r\n\r\n", "\x16\x03\x01" },
	};
	/* Where that can't be told, or has not come yet. */
	static const char *const none[] = {
		"GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nhello",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5x\r\n\r\nhello",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nhello",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 42949672960\r\n\r\nhello",
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"GET http://a/ HTTP/1.1\r\n",
	};
	char text[200];
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		sprintf(text, "%s%s", rows[i].one, rows[i].two);
		assert_int_equal(read_text(text), CENSOR_FOUND_ALL);
		assert_int_equal(r.used, strlen(rows[i].one));
	}
	for (i = 0; i < ARRAY_SIZE(none); i++) {
		assert_int_equal(read_text(none[i]), CENSOR_FOUND_ALL);
		assert_int_equal(r.used, 0);
	}
}

/* A long name of a header before Host ends the reading (CENSORS.md 2.2: 64 bytes). */
static void test_header_name(void **state)
{
	static const u16 limits[] = { 0, 64 };
	char text[400], name[70];
	u32 i, n, cut;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		model.http_header_name = limits[i];
		for (n = 62; n < 67; n++) {
			bool stops = limits[i] && n >= limits[i];

			memset(name, 'n', n);
			name[n] = 0;
			sprintf(text, "GET /x HTTP/1.1\r\n%s: v\r\nHost: a\r\n\r\n", name);
			assert_int_equal(read_text(text), CENSOR_FOUND_ALL);
			expect("/x", stops ? "" : "a");
			assert_int_equal(!r.used, stops);
			/* No sooner than its byte is there, and no later. */
			for (cut = 17; cut < 17 + n; cut++)
				assert_int_equal(read_part(text, cut),
						 limits[i] && cut >= 17u + limits[i] ?
						 CENSOR_FOUND_ALL : CENSOR_FOUND_MORE);
			/* Behind Host it does no harm, nor does a long value. */
			sprintf(text, "GET /x HTTP/1.1\r\nHost: a\r\n%s: v\r\n\r\n", name);
			assert_int_equal(read_text(text), CENSOR_FOUND_ALL);
			expect("/x", "a");
			assert_true(r.used);
			sprintf(text, "GET /x HTTP/1.1\r\nX: %s\r\n  %s\r\nHost: a\r\n\r\n", name, name);
			assert_int_equal(read_text(text), CENSOR_FOUND_ALL);
			expect("/x", "a");
		}
	}
	/* A target in absolute form stands before all headers. */
	sprintf(text, "GET http://b/ HTTP/1.1\r\n%s: v\r\nHost: a\r\n\r\n", name);
	assert_int_equal(read_text(text), CENSOR_FOUND_ALL);
	expect("http://b/", "b");
}

/* Headers with a Host whose value begins @at bytes into them. Return: the request's length. */
static u32 put_reach(char *text, u32 at, bool first, bool last, u32 last_len)
{
	u32 n = (u32)sprintf(text, "GET /falun HTTP/1.1\r\n"), headers = n;

	if (first) {
		/* Nothing but its name can be long before the first header's value. */
		n += (u32)sprintf(text + n, "Host:");
		memset(text + n, ' ', at - 5);
		n = headers + at;
		n += (u32)sprintf(text + n, "facebook.com\r\n");
	} else {
		n += (u32)sprintf(text + n, "X: ");
		memset(text + n, 'x', at - 3 - 2 - 6);
		n += at - 3 - 2 - 6;
		n += (u32)sprintf(text + n, "\r\nHost: facebook.com\r\n");
	}
	if (!last) {
		n += (u32)sprintf(text + n, "Y: ");
		memset(text + n, 'y', last_len - 3);
		n += last_len - 3;
		n += (u32)sprintf(text + n, "\r\n");
	}
	return n + (u32)sprintf(text + n, "\r\n");
}

/*
 * "Keyword and Host filters both miss when Host value starts >= 1,281 B into headers, last header
 * >= 129 B, Host neither first nor last" (CENSORS.md 2.2).
 */
static void test_reach(void **state)
{
	static const struct {
		u16 reach, at;
		bool first, last;
		u32 last_len;
		bool missed;
	} rows[] = {
		{ 1281, 1281, false, false, 129, true },
		{ 1281, 1282, false, false, 500, true },
		{ 1281, 1280, false, false, 129, false },
		{ 1281, 1281, false, false, 128, false },
		{ 1281, 1281, true, false, 129, false },
		{ 1281, 1281, false, true, 0, false },
		{ 0, 1281, false, false, 129, false },
		{ 100, 100, false, false, 129, true },
		{ 100, 99, false, false, 129, false },
	};
	static char text[4096];
	u32 i, len, cut;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		bool hides = rows[i].reach;

		model.http_reach = rows[i].reach;
		len = put_reach(text, rows[i].at, rows[i].first, rows[i].last, rows[i].last_len);
		assert_int_equal(read_part(text, len), CENSOR_FOUND_ALL);
		expect(rows[i].missed ? "" : "/falun", rows[i].missed ? "" : "facebook.com");
		expect_text("/falun", rows[i].missed ? 0 : 6);
		assert_int_equal(r.used, len);
		/* Before that is known, nothing is told. */
		for (cut = 22; cut < len && read_part(text, cut) == CENSOR_FOUND_MORE; cut++)
			expect(hides ? "" : "/falun", "");
		assert_int_equal(cut == len, rows[i].missed ||
				 (rows[i].at >= rows[i].reach && hides && !rows[i].first));
	}
	/* A Host that is the last header, and as long as the last may not be. */
	len = put_reach(text, 200, false, true, 0) - 2 - 2 - 12;
	memset(text + len, 'h', 200);
	len += 200;
	len += (u32)sprintf(text + len, "\r\n\r\n");
	assert_int_equal(read_part(text, len), CENSOR_FOUND_ALL);
	assert_int_equal(r.host_len, 200);
	/* Without a Host the target is told at the headers' end. */
	assert_int_equal(read_text("GET /x HTTP/1.1\r\nA: b\r\n"), CENSOR_FOUND_MORE);
	expect("", "");
	assert_int_equal(read_text("GET /x HTTP/1.1\r\nA: b\r\n\r\n"), CENSOR_FOUND_ALL);
	expect("/x", "");
}

static struct rig *new_rig(u8 target_actions, u8 host_actions, u8 both_actions)
{
	struct censor_packet rst = { .flags = RST, .to = 3, .copies = 1, .n_seq = 1 };
	struct censor_policy *pol = policy_new();
	u16 words = policy_names(pol, "words", NAMES("*falun*"));
	u16 hosts = policy_names(pol, "hosts", NAMES("facebook.com"));

	policy_inject(pol, "gfw", &rst, 1);
	if (target_actions) {
		policy_rule(pol, "target", target_actions);
		policy_cond(pol, CENSOR_ATTR_HTTP_TARGET, words);
	}
	if (host_actions) {
		policy_rule(pol, "host", host_actions);
		policy_cond(pol, CENSOR_ATTR_HTTP_HOST, hosts);
	}
	if (both_actions) {
		policy_rule(pol, "both", both_actions);
		policy_cond(pol, CENSOR_ATTR_HTTP_TARGET, words);
		policy_cond(pol, CENSOR_ATTR_HTTP_HOST, hosts);
	}
	policy_seal(pol);
	return rig_new(pol);
}

static const char request[] = "GET /search?q=Falun HTTP/1.1\r\nHost: www.facebook.com\r\n\r\n";
#define TARGET_KNOWN	20	/* bytes up to and with the space behind the target */

/* In one segment, in two at every place, byte by byte: the same rules fire, each once. */
static void test_segments(void **state)
{
	u32 len = sizeof(request) - 1, cut, i;

	(void)state;
	for (cut = 1; cut <= len; cut++) {
		struct rig *rig = new_rig(CENSOR_DO_LOG, CENSOR_DO_LOG, CENSOR_DO_LOG);
		struct talk talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 80));
		const struct seen *seen = talk_say(&talk, request, cut);
		u32 first = seen->n_matches;

		if (cut < TARGET_KNOWN) {
			assert_int_equal(first, 0);
		} else if (first) {
			assert_int_equal(seen->matches[0].rule, 0);
			assert_int_equal(seen->matches[0].attr, CENSOR_ATTR_HTTP_TARGET);
			assert_string_equal(seen->value[0], "/search?q=falun");
		}
		if (cut < len) {
			seen = talk_say(&talk, request + cut, len - cut);
			first += seen->n_matches;
		}
		assert_int_equal(first, 3);
		if (cut < len - 2)
			assert_int_equal(seen->matches[seen->n_matches - 1].rule, 2);
		assert_int_equal(seen->protocol, CENSOR_PROTOCOL_HTTP);
		/* Only the first request of a connection is looked at. */
		assert_int_equal(talk_say(&talk, request, len)->n_matches, 0);
		rig_free(rig);
	}
	{
		struct rig *rig = new_rig(CENSOR_DO_LOG, CENSOR_DO_LOG, CENSOR_DO_LOG);
		struct talk talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 80));
		u32 seen[3] = { 0 }, j;

		for (i = 0; i < len; i++) {
			const struct seen *s = talk_say(&talk, request + i, 1);

			for (j = 0; j < s->n_matches; j++) {
				seen[s->matches[j].rule]++;
				assert_true(i + 1 >= TARGET_KNOWN);
			}
		}
		for (j = 0; j < 3; j++)
			assert_int_equal(seen[j], 1);
		rig_free(rig);
	}
}

/* A target that is answered ends the judging: its Host comes too late. */
static void test_target_first(void **state)
{
	static const u8 actions[] = { CENSOR_DO_INJECT, CENSOR_DO_PASS, CENSOR_DO_DROP };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		struct rig *rig = new_rig(actions[i], CENSOR_DO_DROP, 0);
		struct talk talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 80));
		const struct seen *seen = talk_say(&talk, request, TARGET_KNOWN);

		assert_int_equal(seen->n_matches, 1);
		assert_int_equal(seen->matches[0].rule, 0);
		assert_int_equal(seen->drop, actions[i] == CENSOR_DO_DROP);
		assert_int_equal(seen->n_forged, actions[i] == CENSOR_DO_INJECT ? 2 : 0);
		seen = talk_say(&talk, request + TARGET_KNOWN, sizeof(request) - 1 - TARGET_KNOWN);
		assert_int_equal(seen->n_matches, 0);
		assert_int_equal(seen->drop, actions[i] == CENSOR_DO_DROP);
		rig_free(rig);
	}
}

/* A drop holds for the flow, both ways; a new connection on the same ports begins anew. */
static void test_drop(void **state)
{
	struct rig *rig = new_rig(0, CENSOR_DO_DROP, 0);
	struct talk talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 80));

	(void)state;
	assert_true(talk_say(&talk, request, sizeof(request) - 1)->drop);
	assert_true(talk_say_at(&talk, -(s32)sizeof(request) + 1, request,
				sizeof(request) - 1)->drop);
	assert_true(talk_answer(&talk, "HTTP/1.1 200 OK\r\n", 17)->drop);
	assert_true(talk_flags(&talk, true, FIN | ACK)->drop);
	talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 80));
	assert_false(talk_say(&talk, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27)->drop);
	rig_free(rig);
}

static void test_bad_ones_pass(void **state)
{
	struct rig *rig = new_rig(0, CENSOR_DO_DROP, 0);
	struct talk talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 80));
	const struct seen *seen = talk_say(&talk, "GET \r\nHost: facebook.com\r\n\r\n", 28);

	(void)state;
	assert_false(seen->drop);
	assert_int_equal(seen->counts, 1u << CENSOR_COUNT_MALFORMED);
	rig_free(rig);
}

/* A header that never ends: looked at as far as the buffer goes, then it passes. */
static void test_too_long(void **state)
{
	struct rig *rig = new_rig(0, CENSOR_DO_DROP, 0);
	struct talk talk = talk_open(rig, ends4(CLIENT, 40000, SERVER, 80));
	char line[1000];
	u32 i, counts = 0;

	(void)state;
	memset(line, 'x', sizeof(line));
	talk_say(&talk, "GET / HTTP/1.1\r\n", 16);
	for (i = 0; i < 5; i++) {
		counts |= talk_say(&talk, line, sizeof(line))->counts;
		if (i < 4)
			assert_int_equal(counts, 0);
	}
	assert_int_equal(counts, 1u << CENSOR_COUNT_TOO_LONG);
	assert_false(talk_say(&talk, "\r\nHost: facebook.com\r\n\r\n", 25)->drop);
	assert_int_equal(rig->buffers, 0);
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_requests, usual),
		cmocka_unit_test_setup(test_partial, usual),
		cmocka_unit_test_setup(test_not_http, usual),
		cmocka_unit_test_setup(test_long, usual),
		cmocka_unit_test_setup(test_decoding, usual),
		cmocka_unit_test_setup(test_proxy, usual),
		cmocka_unit_test_setup(test_used, usual),
		cmocka_unit_test_setup(test_header_name, usual),
		cmocka_unit_test_setup(test_reach, usual),
		cmocka_unit_test(test_segments),
		cmocka_unit_test(test_target_first),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_bad_ones_pass),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
