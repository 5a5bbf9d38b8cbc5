// SPDX-License-Identifier: GPL-2.0
/* HTTP requests: as the detector reads them, and as streams are judged. */
#include "test.h"
#include "rig.h"

#define CLIENT	"192.0.2.10"
#define SERVER	"203.0.113.80"

static struct censor_http_request r;

static enum censor_found read_part(const char *text, u32 len)
{
	u8 *copy = malloc(len ? len : 1);
	enum censor_found found;

	memcpy(copy, text, len);
	memset(&r, 0xa5, sizeof(r));
	found = censor_http_request(copy, len, &r);
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
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_not_http),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_segments),
		cmocka_unit_test(test_target_first),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_bad_ones_pass),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
