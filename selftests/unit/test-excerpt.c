// SPDX-License-Identifier: GPL-2.0
/* The bytes that a match is about, where they stand in the packet. */
#include "test.h"
#include "matched.h"
#include "tls-captured.h"

static u8 buf[WIRE_MAX];
static const u8 load[64] = "any";

/* The excerpt for the last packet's only match, which was read from @buf. */
static struct censor_excerpt excerpt_of(struct rig *rig, u32 len)
{
	struct censor_excerpt excerpt;
	struct censor_packet_view view;

	assert_int_equal(censor_packet_parse(&view, buf, len, len, false), 0);
	assert_int_equal(rig->ctx.n_matches, 1);
	censor_excerpt_find(&view, &rig->ctx, &rig->ctx.matches[0], &excerpt);
	assert_true(excerpt.len <= CENSOR_EXCERPT_MAX);
	assert_true(excerpt.found_at + excerpt.found_len <= excerpt.len);
	if (excerpt.bytes) {
		assert_ptr_equal(excerpt.bytes, view.payload + excerpt.at);
		assert_true(excerpt.at + excerpt.len <= view.cap);
	}
	return excerpt;
}

static void assert_found(struct rig *rig, u32 len, const char *text)
{
	struct censor_excerpt excerpt = excerpt_of(rig, len);

	assert_int_equal(excerpt.found_len, strlen(text));
	assert_memory_equal(excerpt.bytes + excerpt.found_at, text, strlen(text));
}

static void assert_not_found(struct rig *rig, u32 len)
{
	struct censor_excerpt excerpt = excerpt_of(rig, len);

	assert_int_equal(excerpt.found_len, 0);
	assert_int_equal(excerpt.at, 0);
}

static struct rig *names_rig(enum censor_attr attr, const char *name)
{
	struct censor_policy *pol = policy_new();

	policy_rule(pol, "r", CENSOR_DO_LOG);
	policy_cond(pol, attr, policy_names(pol, "", NAMES(name)));
	policy_seal(pol);
	return rig_new(pol);
}

/* The client's data in @buf, judged. Return: the packet's length. */
static u32 say(struct rig *rig, u16 port, const void *data, u32 len)
{
	struct ends ends = ends4("192.0.2.1", 40000, "203.0.113.9", port);
	struct talk talk = talk_open(rig, ends);

	len = wire_tcp(buf, ends, PSH | ACK, talk.seq, talk.ack, data, len);
	rig_send(rig, buf, len);
	return len;
}

static void test_names(void **state)
{
	static u8 data[WIRE_MAX];
	struct rig *rig = names_rig(CENSOR_ATTR_TLS_SNI, "example.org");
	struct ends ends = ends4("192.0.2.1", 5353, "203.0.113.9", 53);
	struct censor_excerpt excerpt;
	u32 len;

	(void)state;
	/* Far from either end of the packet. */
	len = wire_hello(data, &(struct hello){ .sni = "WWW.Example.org", .padding = 400,
						.after = 400 });
	len = say(rig, 443, data, len);
	assert_found(rig, len, "WWW.Example.org");
	excerpt = excerpt_of(rig, len);
	assert_int_equal(excerpt.len, CENSOR_EXCERPT_MAX);
	assert_int_equal(excerpt.found_at, (CENSOR_EXCERPT_MAX - 15) / 2);
	rig_free(rig);

	rig = names_rig(CENSOR_ATTR_DNS_QNAME, "example.org");
	len = wire_dns(data, 1, DNS_RD, "www.Example.org", DNS_A, 1);
	len = wire_udp(buf, ends, data, len);
	rig_send(rig, buf, len);
	assert_found(rig, len, "www\7Example\3org");
	assert_int_equal(excerpt_of(rig, len).at, 0);
	rig_free(rig);

	rig = names_rig(CENSOR_ATTR_HTTP_TEXT, "*falun*");
	len = say(rig, 80, data, wire_http(data, "/%66aLun", "example.org"));
	assert_found(rig, len, "/%66aLun");
	rig_free(rig);

	rig = names_rig(CENSOR_ATTR_HTTP_HOST, "example.org");
	len = say(rig, 80, data, wire_http(data, "/", "Example.ORG:80"));
	assert_found(rig, len, "Example.ORG");
	rig_free(rig);

	/* Of a list, the first. */
	rig = names_rig(CENSOR_ATTR_TLS_ALPN, "=http/1.1");
	len = unhex(data, captured_curl);
	len = say(rig, 443, data, len);
	assert_string_equal(rig->seen.value[0], "h2,http/1.1");
	assert_found(rig, len, "h2");
	excerpt = excerpt_of(rig, len);
	assert_memory_equal(excerpt.bytes + excerpt.found_at, "h2\10http/1.1", 11);
	rig_free(rig);

	/* Computed, it stands nowhere. */
	rig = names_rig(CENSOR_ATTR_TLS_JA4, "=t13d*");
	assert_not_found(rig, say(rig, 443, data, unhex(data, captured_curl)));
	rig_free(rig);
}

/* A value longer than is shown begins what is. */
static void test_long(void **state)
{
	static u8 data[WIRE_MAX];
	char target[400];
	struct rig *rig = names_rig(CENSOR_ATTR_HTTP_TARGET, "*falun*");
	struct censor_excerpt excerpt;
	u32 len;

	(void)state;
	memset(target, 'x', sizeof(target));
	memcpy(target, "/falun", 6);
	target[sizeof(target) - 1] = 0;
	len = say(rig, 80, data, wire_http(data, target, "example.org"));
	excerpt = excerpt_of(rig, len);
	assert_int_equal(excerpt.at, 4);
	assert_int_equal(excerpt.len, CENSOR_EXCERPT_MAX);
	assert_int_equal(excerpt.found_at, 0);
	assert_int_equal(excerpt.found_len, CENSOR_EXCERPT_MAX);
	rig_free(rig);
}

static void test_protocol(void **state)
{
	static const char banner[] = "SSH-2.0-OpenSSH_9.2\r\n";
	struct censor_policy *pol = policy_new();
	struct censor_excerpt excerpt;
	struct rig *rig;
	u32 len;

	(void)state;
	rule_protocol(pol, "ssh", CENSOR_DO_LOG, SSH, 1);
	policy_seal(pol);
	rig = rig_new(pol);
	len = say(rig, 22, banner, sizeof(banner) - 1);
	excerpt = excerpt_of(rig, len);
	assert_int_equal(excerpt.at, 0);
	assert_int_equal(excerpt.found_at, 0);
	assert_in_range(excerpt.found_len, 4, sizeof(banner) - 1);
	/* Another packet's bytes are not its evidence. */
	buf[40] ^= 1;
	assert_not_found(rig, len);
	/* Nor are those that it does not have. */
	assert_not_found(rig, wire_tcp(buf, ends4("192.0.2.1", 1, "203.0.113.9", 22), ACK, 1, 1,
				       "SS", 2));
	rig_free(rig);
}

/* What stands nowhere: an address, a value that is computed, bytes that came before; no payload. */
static void test_nowhere(void **state)
{
	static u8 data[WIRE_MAX];
	struct ends ends = ends4("192.0.2.1", 1, "203.0.113.9", 2);
	struct censor_policy *pol = policy_new();
	struct censor_excerpt excerpt;
	struct rig *rig;
	struct talk talk;
	u32 len;

	(void)state;
	policy_rule(pol, "r", CENSOR_DO_LOG);
	policy_cond(pol, CENSOR_ATTR_IP, policy_prefixes(pol, "", NAMES("192.0.2.1")));
	policy_seal(pol);
	rig = rig_new(pol);
	len = wire_udp(buf, ends, "192.0.2.1", 9);
	rig_send(rig, buf, len);
	assert_not_found(rig, len);
	assert_int_equal(excerpt_of(rig, len).len, 9);
	len = wire_udp(buf, ends, NULL, 0);
	excerpt = excerpt_of(rig, len);
	assert_null(excerpt.bytes);
	assert_int_equal(excerpt.len, 0);
	rig_free(rig);

	/* Most of the name came in the segment before. */
	rig = names_rig(CENSOR_ATTR_HTTP_HOST, "example.org");
	ends.dport = 80;
	talk = talk_open(rig, ends);
	len = wire_http(data, "/", "example.org");
	talk_say(&talk, data, len - 6);
	len = wire_tcp(buf, ends, PSH | ACK, talk.seq, talk.ack, data + len - 6, 6);
	rig_send(rig, buf, len);
	assert_not_found(rig, len);
	assert_int_equal(excerpt_of(rig, len).len, 6);
	rig_free(rig);
}

/* The excerpt for a name that a packet is said to have. */
static struct censor_excerpt find(struct rig *rig, const u8 *data, u32 len, const char *value)
{
	const struct censor_packet_view view = { .payload = data, .cap = len, .len = len };
	const struct censor_match match = { .attr = CENSOR_ATTR_HTTP_TEXT,
					    .value = (const u8 *)value,
					    .value_len = (u16)strlen(value) };
	struct censor_excerpt excerpt;

	censor_excerpt_find(&view, &rig->ctx, &match, &excerpt);
	return excerpt;
}

/* Looking ends where it would cost too much; then there is the beginning alone. */
static void test_budget(void **state)
{
	struct rig *rig = names_rig(CENSOR_ATTR_HTTP_TEXT, "*falun*");
	struct ends ends = ends4("192.0.2.1", 1, "203.0.113.9", 2);
	struct censor_excerpt excerpt;
	static u8 data[9000];
	char value[200];
	u32 i;

	(void)state;
	/* Deep enough for any packet of the wire, and not for one that is all there can be. */
	memset(data, 'x', sizeof(data));
	rig_send(rig, buf, wire_udp(buf, ends, load, sizeof(load)));
	memcpy(data + 4000, "example.org", 11);
	for (i = 0; i < CENSOR_MATCHES_MAX; i++)
		assert_int_equal(find(rig, data, sizeof(data), "example.org").found_len, 11);
	memcpy(data + 4000, "xxxxxxxxxxx", 11);
	memcpy(data + 5000, "example.org", 11);
	excerpt = find(rig, data, sizeof(data), "example.org");
	assert_int_equal(excerpt.found_len, 0);
	assert_int_equal(excerpt.at, 0);
	assert_int_equal(excerpt.len, CENSOR_EXCERPT_MAX);

	/* A value that nearly stands everywhere; of the next packet it is found again. */
	memset(value, 'x', sizeof(value));
	value[sizeof(value) - 1] = 0;
	value[sizeof(value) - 2] = 'y';
	data[3000] = 'y';
	excerpt = find(rig, data, sizeof(data), value);
	assert_int_equal(excerpt.found_len, 0);
	/* All of a packet's matches share what looking may cost. */
	assert_int_equal(find(rig, data + 2990, 1000, "xxy").found_len, 0);
	ends.sport = 3;
	rig_send(rig, buf, wire_udp(buf, ends, load, sizeof(load)));
	assert_int_equal(find(rig, data + 2990, 1000, "xxy").found_len, 3);
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_protocol),
		cmocka_unit_test(test_nowhere),
		cmocka_unit_test(test_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
