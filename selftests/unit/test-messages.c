// SPDX-License-Identifier: GPL-2.0
/* Messages of streams through the whole engine: what they say, one after another. */
#include "test.h"
#include "recognise.h"
#include "talk.h"
#include "tls-build.h"
#include "tls-captured.h"

#define NAMES_OF_SERVER	"example.org,example.org,*.example.org,www.example.net"

/* A ServerHello, and the beginning of a certificate of 8 KB, most of them its serial number. */
#define ENDLESS										\
	"1603032000020000260303"							\
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f00c03000"	\
	"0b001ffc001ff9001ff630821ff230821fee02821f00"

static u8 buf[WIRE_MAX], data[WIRE_MAX];

static const struct seen *say_captured(struct talk *talk, const char *hex)
{
	return talk_say(talk, data, unhex(data, hex));
}

static void test_hello(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;

	(void)state;
	rule_names(pol, "alpn", LOG, TLS_ALPN, "=http/1.1");
	rule_names(pol, "h3", LOG, TLS_ALPN, "=h3");
	rule_names(pol, "ja3", LOG, TLS_JA3, "*0*");
	rule_names(pol, "ja4", LOG, TLS_JA4, "=t13d*");
	rule_names(pol, "no", LOG, TLS_JA4, "=q13d*");
	rule_number(pol, "version", LOG, TLS_VERSION, 0x0304, 0x0304);
	rule_number(pol, "old", LOG, TLS_VERSION, 0x0300, 0x0303);
	rule_number(pol, "padding", LOG, TLS_HAS, CENSOR_TLS_HAS_PADDING, CENSOR_TLS_HAS_PADDING);
	rule_number(pol, "several", LOG, TLS_HAS, CENSOR_TLS_HAS_SNI, CENSOR_TLS_HAS_ALPN);
	rule_number(pol, "both", LOG, TLS_HAS, CENSOR_TLS_HAS_SNI, CENSOR_TLS_HAS_SNI);
	policy_cond(pol, CENSOR_ATTR_TLS_HAS, policy_number(pol, CENSOR_TLS_HAS_PADDING,
							     CENSOR_TLS_HAS_PADDING));
	rule_number(pol, "ech", LOG, TLS_HAS, CENSOR_TLS_HAS_ECH, CENSOR_TLS_HAS_ECH);
	policy_rule(pol, "no-ech", LOG);
	policy_cond_not(pol, CENSOR_ATTR_TLS_HAS, policy_number(pol, CENSOR_TLS_HAS_ECH,
								 CENSOR_TLS_HAS_ECH));
	policy_rule(pol, "no-padding", LOG);
	policy_cond_not(pol, CENSOR_ATTR_TLS_HAS, policy_number(pol, CENSOR_TLS_HAS_PADDING,
								 CENSOR_TLS_HAS_PADDING));
	rig = sealed(pol);
	talk = talk_new(rig);
	say_captured(&talk, captured_curl);
	assert_matched(rig, "alpn=h2,http/1.1 ja3=0149f47eabf9a20d0893e2a44e5a6323 "
		       "ja4=t13d3112h2_e8f1e7e78f70_b26ce05bbdd6 version=772 padding=9 "
		       "several=0 both=0 no-ech=0");
	talk = talk_new(rig);
	say_captured(&talk, captured_no_name);
	assert_int_equal(rig->seen.n_matches, 4);
	assert_string_equal(pol->rules[rig->seen.matches[1].rule].name, "old");
	assert_int_equal(rig->seen.matches[1].number, 0x0303);
	rig_free(rig);
	/* A report does not take away what rules ask for. */
	pol = matched_new(NULL);
	rule_names(pol, "ja3", LOG, TLS_JA3, "*0*");
	rig = sealed(pol);
	rig->report = CENSOR_REPORT_ALL;
	talk = talk_new(rig);
	say_captured(&talk, captured_curl);
	assert_matched(rig, "ja3=0149f47eabf9a20d0893e2a44e5a6323");
	assert_string_equal(rig->seen.name, "facebook.com");
	rig_free(rig);
}

/* Parts are told as they come, each once, and rules on two of them wait for both. */
static void test_hello_parts(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	static char all[4096];
	struct talk talk;
	struct rig *rig;
	u32 len, i;

	(void)state;
	rule_names(pol, "sni", LOG, TLS_SNI, "facebook.com");
	rule_names(pol, "alpn", LOG, TLS_ALPN, "=h2");
	rule_names(pol, "and", LOG, TLS_ALPN, "=h2");
	policy_cond(pol, CENSOR_ATTR_TLS_SNI, policy_names(pol, "", NAMES("facebook.com")));
	rig = sealed(pol);
	talk = talk_new(rig);
	len = unhex(data, captured_curl);
	for (i = 0; i < len; i += 10) {
		talk_say(&talk, data + i, min(10u, len - i));
		strcat(all, matched(rig));
		strcat(all, *matched(rig) ? " " : "");
	}
	assert_string_equal(all, "sni=facebook.com alpn=h2,http/1.1 and=facebook.com ");
	rig_free(rig);
}

/* A ClientHello that is another protocol's as well. */
static void test_beside_tls(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	static const u16 ciphers[] = { 0x1301 };
	static struct build b;
	struct talk talk;
	struct rig *rig;
	u32 at;

	(void)state;
	rule_protocol(pol, "apns", LOG, APNS, GUESS);
	rule_protocol(pol, "telegram", LOG, TELEGRAM, GUESS);
	rule_protocol(pol, "tls", LOG, TLS, GUESS);
	rig = sealed(pol);
	talk = talk_new(rig);
	build_hello(&b, 0x0303, ciphers, 1);
	build_alpn(&b, "apns-security-v3,apns-pack-v1");
	talk_say(&talk, data, build_records(&b, data, 16000));
	assert_matched(rig, "apns=apns/sure tls=tls/sure");
	talk = talk_new(rig);
	build_hello(&b, 0x0303, ciphers, 1);
	build_name(&b, "1-courier.push.apple.com", 24);
	talk_say(&talk, data, build_records(&b, data, 16000));
	assert_matched(rig, "apns=apns/likely tls=tls/sure");
	/* Telegram's disguise (telegram.c). */
	talk = talk_new(rig);
	memset(data, 0, 517);
	unhex(data, "1603010200010001fc0303");
	data[43] = 32;
	at = 76 + unhex(data + 76, "00200a0a130113021303c02bc02fc02cc030cca9cca8c013c014009c009d"
				  "002f00350100");
	assert_int_equal(at, 112);
	censor_put16(data + at, (u16)(517 - at - 2));
	unhex(data + at + 2, "0a0a0000");
	talk_say(&talk, data, 517);
	assert_matched(rig, "telegram=telegram/guess tls=tls/sure");
	talk = talk_new(rig);
	say_text(&talk, "POST /mmtls/581e6729 HTTP/1.1\r\n\r\n");
	assert_matched(rig, "");
	/* Nobody asked for WeChat. */
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_HTTP);
	assert_int_equal(rig_flow(rig)->sights[1], 0);
	rig_free(rig);
	pol = matched_new(NULL);
	rule_protocol(pol, "wechat", LOG, WECHAT, GUESS);
	rule_protocol(pol, "http", LOG, HTTP, GUESS);
	rule_protocol(pol, "sstp", LOG, SSTP, GUESS);
	rule_protocol(pol, "softether", LOG, SOFTETHER, GUESS);
	rig = sealed(pol);
	talk = talk_new(rig);
	say_text(&talk, "POST /mmtls/581e6729 HTTP/1.1\r\n\r\n");
	assert_matched(rig, "wechat=wechat/sure http=http/sure");
	talk = talk_new(rig);
	say_text(&talk, "POST /vpnsvc/connect.cgi HTTP/1.1\r\nHost: x\r\n"
		 "Content-Type: image/jpeg\r\nContent-Length: 1411\r\n\r\nGIF89a");
	assert_matched(rig, "http=http/sure softether=softether/sure");
	/* Not HTTP's method, and in pieces. */
	talk = talk_new(rig);
	say_text(&talk, "SSTP_DUP");
	assert_matched(rig, "");
	say_text(&talk, "LEX_POST /sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/ HTTP/1.1\r\n\r\n");
	assert_non_null(strstr(matched(rig), "sstp=sstp/sure"));
	rig_free(rig);
}

/* A name in the second record: seen where records are put together. */
static void test_records(void **state)
{
	u32 together, len;

	(void)state;
	for (together = 0; together < 2; together++) {
		struct censor_policy *pol = matched_new(NULL);
		struct talk talk;
		struct rig *rig;

		pol->tcp.tls_records = together;
		rule_names(pol, "sni", LOG, TLS_SNI, "example.org");
		rig = sealed(pol);
		talk = talk_new(rig);
		len = wire_hello(data, &(struct hello){ .sni = "example.org", .record = 40 });
		talk_say(&talk, data, len);
		assert_matched(rig, together ? "sni=example.org" : "");
		rig_free(rig);
	}
}

static struct rig *certificates(u16 actions)
{
	struct censor_policy *pol = matched_new(NULL);

	rule_names(pol, "cert", actions, TLS_CERT, "=www.example.net", "no.example");
	rule_names(pol, "sni", LOG, TLS_SNI, "never.example");
	return sealed(pol);
}

static struct talk talk_hello(struct rig *rig)
{
	struct talk talk = talk_new(rig);

	talk_say(&talk, data, wire_hello_sni(data, "example.org"));
	assert_int_equal(rig->seen.n_matches, 0);
	return talk;
}

static void test_certificate(void **state)
{
	struct rig *rig = certificates(LOG);
	u32 len, cut;
	struct talk talk;

	(void)state;
	/* It is not waited for before a ClientHello. */
	talk = talk_new(rig);
	assert_int_equal(rig_flow(rig)->tracking, 0);
	talk = talk_hello(rig);
	assert_int_equal(rig_flow(rig)->tracking, CENSOR_TRACK_ANSWER);
	len = unhex(data, captured_server);
	talk_answer(&talk, data, len);
	assert_matched(rig, "cert=" NAMES_OF_SERVER);
	assert_int_equal(rig_flow(rig)->tracking, 0);
	assert_true(talk_answer(&talk, data, len)->fast);
	/* In two segments, wherever they are cut; with other packets between them. */
	for (cut = 1; cut < len; cut += 37) {
		talk = talk_hello(rig);
		len = unhex(data, captured_server);
		talk_answer(&talk, data, cut);
		if (!rig->seen.n_matches) {
			assert_int_equal(rig->buffers, 1);
			talk_flags(&talk, true, ACK);
			assert_int_equal(rig_flow(rig)->tracking,
					 CENSOR_TRACK_ANSWER | CENSOR_TRACK_ANSWERING);
			talk_answer(&talk, data + cut, len - cut);
		}
		assert_matched(rig, "cert=" NAMES_OF_SERVER);
		assert_int_equal(rig->buffers, 0);
		assert_true(talk_answer(&talk, data, 1)->fast);
	}
	/* In many. */
	talk = talk_hello(rig);
	len = unhex(data, captured_server);
	for (cut = 0; cut < len && rig_flow(rig)->tracking; cut += 20)
		talk_answer(&talk, data + cut, min(20u, len - cut));
	assert_matched(rig, "cert=" NAMES_OF_SERVER);
	assert_int_equal(rig->buffers, 0);
	/* What comes again, all of it or with more behind it, ends nothing. */
	talk = talk_hello(rig);
	len = unhex(data, captured_server);
	talk_answer(&talk, data, 100);
	talk.ack -= 100;
	talk_answer(&talk, data, 100);
	assert_int_equal(rig->buffers, 1);
	talk.ack -= 50;
	talk_answer(&talk, data + 50, len - 50);
	assert_matched(rig, "cert=" NAMES_OF_SERVER);
	assert_int_equal(rig->buffers, 0);
	rig_free(rig);
}

/* What ends the waiting: nothing of it is left. */
static void test_certificate_none(void **state)
{
	static const char tls13[] =
		"160303003a020000360303000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d"
		"1e1f00130100000e002b000203040033000200170000";
	struct rig *rig = certificates(LOG);
	struct talk talk;
	u32 len, i;

	(void)state;
	/* Out of order; one that is not whole. */
	for (i = 0; i < 2; i++) {
		talk = talk_hello(rig);
		len = unhex(data, captured_server);
		talk_answer(&talk, data, 100);
		assert_int_equal(rig->buffers, 1);
		if (i) {
			len = wire_tcp(buf, ends_back(talk.client), ACK, talk.ack, talk.seq,
				       data + 100, len - 100);
			rig_send_part(rig, buf, 300, len, false);
		} else {
			talk.ack += 100;
			talk_answer(&talk, data + 200, 100);
		}
		assert_matched(rig, "");
		assert_int_equal(rig->buffers, 0);
		assert_int_equal(rig_flow(rig)->tracking, 0);
		assert_true(talk_answer(&talk, data, 10)->fast);
	}
	talk = talk_hello(rig);
	talk_answer(&talk, data, unhex(data, tls13));
	assert_int_equal(rig_flow(rig)->tracking, 0);
	/* No buffer is counted. */
	talk = talk_hello(rig);
	unhex(data, captured_server);
	rig->no_buffer = true;
	talk_answer(&talk, data, 100);
	rig->no_buffer = false;
	assert_int_equal(rig->seen.counts, 1u << CENSOR_COUNT_NO_BUFFER);
	assert_int_equal(rig_flow(rig)->tracking, 0);
	/* One that never ends is not kept for ever. */
	talk = talk_hello(rig);
	memset(data, 0, sizeof(data));
	unhex(data, ENDLESS);
	for (i = 0; i < 10 && rig_flow(rig)->tracking; i++)
		talk_answer(&talk, data + 500 * !!i, 500);
	assert_in_range(i, 5, 9);
	assert_int_equal(rig->buffers, 0);
	/* Another policy while it is waited for. */
	talk = talk_hello(rig);
	unhex(data, captured_server);
	talk_answer(&talk, data, 100);
	assert_int_equal(rig->buffers, 1);
	{
		struct censor_policy *pol = matched_new(NULL);

		rule_names(pol, "cert", LOG, TLS_CERT, "example.net");
		policy_seal(pol);
		rig_policy(rig, pol);
	}
	talk_answer(&talk, data + 100, 500);
	assert_matched(rig, "");
	assert_int_equal(rig->buffers, 0);
	rig_free(rig);
}

/* A flight is longer than what is kept of it, and so can one segment be. */
static void test_certificate_long(void **state)
{
	static const u32 sizes[] = { 1, 3000, 4096, 5000, 60000 };
	struct rig *rig = certificates(LOG);
	u32 len, cut, first, i, j;
	struct talk talk;

	(void)state;
	memset(data, 0, sizeof(data));
	len = unhex(data, captured_server);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (cut = 0; cut < len; cut += 201) {
			talk = talk_hello(rig);
			memset(data, 0, sizeof(data));
			unhex(data, captured_server);
			first = cut ? talk_answer(&talk, data, cut)->n_matches : 0;
			talk_answer(&talk, data + cut, len - cut + sizes[i]);
			assert_int_equal(first + rig->seen.n_matches, 1);
			assert_int_equal(rig->buffers, 0);
		}
	}
	/* A certificate of 8 KB: what is kept is full, and nothing is told. */
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		talk = talk_hello(rig);
		memset(data, 0, sizeof(data));
		unhex(data, ENDLESS);
		talk_answer(&talk, data, 100 + sizes[i]);
		assert_int_equal(rig->buffers, sizes[i] < 4000);
		for (j = 0; j < ARRAY_SIZE(sizes); j++) {
			talk = talk_hello(rig);
			memset(data, 0, sizeof(data));
			unhex(data, ENDLESS);
			talk_answer(&talk, data, 100);
			assert_int_equal(rig->buffers, 1 + (sizes[i] < 4000));
			talk_answer(&talk, data + 100, sizes[i]);
			talk_answer(&talk, data + 100, sizes[j]);
			talk_answer(&talk, data + 100, 5000);
			assert_int_equal(rig->seen.n_matches, 0);
			assert_int_equal(rig->buffers, sizes[i] < 4000);
			assert_int_equal(rig_flow(rig)->tracking, 0);
		}
		rig_forget(rig);
		assert_int_equal(rig->buffers, 0);
	}
	rig_free(rig);
}

static void test_certificate_acts(void **state)
{
	struct censor_policy *pol;
	struct talk talk;
	struct rig *rig;
	u32 len;

	(void)state;
	rig = certificates(CENSOR_DO_DROP);
	talk = talk_hello(rig);
	len = unhex(data, captured_server);
	assert_false(talk_answer(&talk, data, 100)->drop);
	assert_true(talk_answer(&talk, data + 100, len - 100)->drop);
	assert_int_equal(rig->buffers, 0);
	assert_true(talk_say(&talk, data, 10)->drop);
	assert_true(rig->seen.fast);
	rig_free(rig);
	/* What is let pass, or dropped, has no certificate that matters. */
	pol = matched_new(NULL);
	rule_names(pol, "pass", CENSOR_DO_PASS, TLS_SNI, "example.org");
	rule_names(pol, "drop", CENSOR_DO_DROP, TLS_SNI, "example.net");
	rule_names(pol, "cert", CENSOR_DO_DROP, TLS_CERT, "example.net");
	rig = sealed(pol);
	talk = talk_new(rig);
	talk_say(&talk, data, wire_hello_sni(data, "example.org"));
	assert_int_equal(rig_flow(rig)->tracking, 0);
	len = unhex(data, captured_server);
	assert_true(talk_answer(&talk, data, len)->fast);
	assert_false(rig->seen.drop);
	talk = talk_new(rig);
	talk_say(&talk, data, wire_hello_sni(data, "example.net"));
	assert_int_equal(rig_flow(rig)->tracking, 0);
	rig_free(rig);
	/* Where every message is looked at, the first segment of it is. */
	pol = matched_new(NULL);
	pol->tcp.look_all = true;
	rule_names(pol, "cert", LOG, TLS_CERT, "example.net");
	rig = sealed(pol);
	talk = talk_hello(rig);
	len = unhex(data, captured_server);
	talk_answer(&talk, data, len);
	assert_matched(rig, "cert=" NAMES_OF_SERVER);
	talk = talk_hello(rig);
	unhex(data, captured_server);
	talk_answer(&talk, data, 100);
	assert_int_equal(rig->buffers, 0);
	assert_int_equal(rig_flow(rig)->tracking, 0);
	/* The client's half a message stays its own. */
	talk = talk_hello(rig);
	len = wire_http(data, "/", "example.org");
	talk_say(&talk, data, 10);
	assert_int_equal(rig->buffers, 1);
	len = unhex(data, captured_server);
	talk_answer(&talk, data, len);
	assert_matched(rig, "cert=" NAMES_OF_SERVER);
	assert_int_equal(rig->buffers, 1);
	rig_free(rig);
}

static u32 put_query(u8 *out, const char *name, u16 qtype)
{
	u32 len = wire_dns(out + 2, 7, DNS_RD, name, qtype, 1);

	censor_put16(out, (u16)len);
	return len + 2;
}

static void test_dns(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;
	u32 len, at;

	(void)state;
	rule_protocol(pol, "dns", LOG, DNS, SURE);
	rule_names(pol, "qname", LOG, DNS_QNAME, "example.org");
	rule_number(pol, "type", LOG, DNS_QTYPE, 28, 28);
	rule_number(pol, "class", LOG, DNS_QCLASS, 1, 1);
	policy_cond_not(pol, CENSOR_ATTR_DNS_QTYPE, policy_number(pol, 0, 14));
	policy_cond_not(pol, CENSOR_ATTR_DNS_QTYPE, policy_number(pol, 16, 65535));
	rule_number(pol, "count", LOG, DNS_QDCOUNT, 1, 1);
	policy_cond_not(pol, CENSOR_ATTR_DNS_QTYPE, policy_number(pol, 0, 14));
	policy_cond_not(pol, CENSOR_ATTR_DNS_QTYPE, policy_number(pol, 16, 65535));
	rig = sealed(pol);
	/* Several queries in a segment, and what matched in each. */
	talk = talk_new(rig);
	len = put_query(data, "a.example.org", 1);
	len += put_query(data + len, "example.net", 28);
	len += put_query(data + len, "b.example.org", 28);
	talk_say(&talk, data, len);
	assert_matched(rig, "dns=dns/sure qname=a.example.org type=28 qname=b.example.org type=28");
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_DNS);
	/* The next segment: one and a half, then the rest. */
	len = put_query(data, "c.example.org", 15);
	at = len + 20;
	len += put_query(data + len, "d.example.org", 1);
	talk_say(&talk, data, at);
	assert_matched(rig, "qname=c.example.org class=1 count=1");
	assert_int_equal(rig->buffers, 1);
	talk_say(&talk, data + at, len - at);
	assert_matched(rig, "qname=d.example.org");
	assert_int_equal(rig->buffers, 0);
	/* Two that wait, and half of a third, all out of a buffer. */
	len = put_query(data, "e.example.org", 1);
	len += put_query(data + len, "f.example.org", 1);
	at = len + 9;
	len += put_query(data + len, "g.example.org", 1);
	talk_say(&talk, data, 1);
	talk_say(&talk, data + 1, at - 1);
	assert_matched(rig, "qname=e.example.org qname=f.example.org");
	assert_int_equal(rig->buffers, 1);
	talk_say(&talk, data + at, len - at);
	assert_matched(rig, "qname=g.example.org");
	assert_int_equal(rig->buffers, 0);
	/* Sixteen of a segment are looked at. */
	for (len = 0, at = 0; at < 17; at++)
		len += put_query(data + len, at == 16 ? "h.example.org" : "example.net", 1);
	talk_say(&talk, data, len);
	assert_matched(rig, "");
	talk_say(&talk, data, put_query(data, "i.example.org", 1));
	assert_matched(rig, "qname=i.example.org");
	/* One that came early waits behind those that are due. */
	rig->pol->tcp.reassembly = CENSOR_REASSEMBLY_FULL;
	len = put_query(data, "j.example.org", 1);
	at = len + put_query(data + len, "k.example.org", 1);
	len = at + put_query(data + at, "l.example.org", 1);
	talk_say_at(&talk, (s32)at, data + at, len - at);
	assert_matched(rig, "");
	talk_say(&talk, data, 50);
	assert_matched(rig, "qname=j.example.org");
	assert_int_equal(rig->buffers, 1);
	talk_say(&talk, data + 50, at - 50);
	assert_matched(rig, "qname=k.example.org qname=l.example.org");
	talk.seq += len - at;
	assert_int_equal(rig->buffers, 0);
	/* It is known as DNS: what is not any more is none. */
	say_text(&talk, "GET / HTTP/1.1\r\n\r\n");
	assert_matched(rig, "");
	rig_free(rig);
}

static struct rig *web(u16 actions)
{
	struct censor_policy *pol = matched_new(NULL);

	pol->tcp.look_all = true;
	rule_names(pol, "first", actions, HTTP_HOST, "one.example");
	rule_names(pol, "host", LOG, HTTP_HOST, "example");
	rule_names(pol, "target", LOG, HTTP_TARGET, "*falun*");
	rule_names(pol, "text", LOG, HTTP_TEXT, "*falun*");
	return sealed(pol);
}

#define REQUEST(target, host)	"GET " target " HTTP/1.1\r\nHost: " host "\r\n\r\n"

static void test_pipeline(void **state)
{
	struct rig *rig = web(LOG);
	struct talk talk;
	u32 len, i;

	(void)state;
	talk = talk_new(rig);
	say_text(&talk, REQUEST("/a", "two.example") REQUEST("/%66alun", "x.test")
		 REQUEST("/FALUN", "three.example"));
	assert_matched(rig, "host=two.example text=/falun host=three.example target=/falun text=/falun");
	/* Over segments. */
	say_text(&talk, REQUEST("/b", "four.example") "GET /fa");
	assert_matched(rig, "host=four.example");
	say_text(&talk, "lun HTTP/1.1\r\nHost: x.test\r\n\r\n" REQUEST("/", "five.example"));
	assert_matched(rig, "target=/falun text=/falun host=five.example");
	assert_int_equal(rig->buffers, 0);
	/* What is told of earlier messages has little room: cut, and never more. */
	talk = talk_new(rig);
	for (len = 0, i = 0; i < 4; i++) {
		len += (u32)sprintf((char *)data + len, "GET /falun%0900d HTTP/1.1\r\nHost: x\r\n\r\n",
				    i);
	}
	talk_say(&talk, data, len);
	assert_int_equal(rig->seen.n_matches, 8);
	for (i = 0; i < 6; i++)
		assert_int_equal(rig->seen.matches[i].value_len, i < 2 ? 906 : i == 2 ? 236 : 0);
	assert_int_equal(rig->seen.matches[6].value_len, 906);
	assert_int_equal(rig->seen.matches[7].value_len, 906);
	rig_free(rig);
}

/* What drops a segment or lets a flow pass is the last that is judged in it. */
static void test_pipeline_ends(void **state)
{
	static const u16 actions[] = { CENSOR_DO_DROP, CENSOR_DO_PASS, CENSOR_DO_FREEZE };
	struct talk talk;
	struct rig *rig;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		rig = web(actions[i]);
		talk = talk_new(rig);
		say_text(&talk, REQUEST("/", "one.example") REQUEST("/falun", "two.example"));
		assert_matched(rig, "first=one.example");
		say_text(&talk, REQUEST("/falun", "two.example"));
		assert_matched(rig, "");
		assert_int_equal(rig->buffers, 0);
		rig_free(rig);
	}
}

/* Only the first of them where not all are looked at; nothing pipelined without reassembly. */
static void test_pipeline_not(void **state)
{
	struct rig *rig = web(LOG);
	struct talk talk;

	(void)state;
	rig->pol->tcp.look_all = false;
	talk = talk_new(rig);
	say_text(&talk, REQUEST("/a", "two.example") REQUEST("/b", "three.example"));
	assert_matched(rig, "host=two.example");
	assert_true(say_text(&talk, REQUEST("/b", "three.example"))->fast);
	rig->pol->tcp.look_all = true;
	rig->pol->tcp.reassembly = CENSOR_REASSEMBLY_NONE;
	talk = talk_new(rig);
	say_text(&talk, REQUEST("/a", "two.example") REQUEST("/b", "three.example"));
	assert_matched(rig, "host=two.example");
	say_text(&talk, REQUEST("/b", "three.example"));
	assert_matched(rig, "host=three.example");
	rig_free(rig);
}

static void test_lines(void **state)
{
	struct censor_policy *pol = matched_new(NULL);
	struct talk talk;
	struct rig *rig;

	(void)state;
	rule_names(pol, "ftp", LOG, FTP_COMMAND, "*falun*", "=retr*");
	rule_names(pol, "smtp", LOG, SMTP_COMMAND, "*falun*");
	rule_protocol(pol, "is-ftp", LOG, FTP, GUESS);
	rule_protocol(pol, "is-smtp", LOG, SMTP, GUESS);
	rig = sealed(pol);
	talk = talk_new(rig);
	say_text(&talk, "USER falun\r\nPASS x\r\nRETR y");
	assert_matched(rig, "ftp=user falun is-ftp=ftp/guess");
	assert_int_equal(rig->buffers, 1);
	say_text(&talk, "z\r\nRETR Falun\r\n");
	assert_matched(rig, "ftp=retr yz ftp=retr falun");
	assert_int_equal(rig->buffers, 0);
	talk_answer(&talk, "220\r\n", 5);
	say_text(&talk, "CWD f");
	assert_matched(rig, "");
	say_text(&talk, "alun\r\n");
	assert_matched(rig, "ftp=cwd falun");
	talk = talk_new(rig);
	say_text(&talk, "EH");
	assert_int_equal(rig->buffers, 1);
	say_text(&talk, "LO x\r\n");
	assert_matched(rig, "is-smtp=smtp/sure");
	say_text(&talk, "MAIL FROM:<falun@example.org>\r\nRCPT TO:<x@falun.example>\r\n");
	assert_matched(rig, "smtp=mail from:<falun@example.org> smtp=rcpt to:<x@falun.example>");
	rig_free(rig);
	/* Where no rule asks for it, a command is nothing. */
	pol = matched_new(NULL);
	rule_protocol(pol, "http", LOG, HTTP, GUESS);
	rig = sealed(pol);
	talk = talk_new(rig);
	say_text(&talk, "EHLO x\r\n");
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_UNKNOWN);
	assert_true(say_text(&talk, "EHLO x\r\n")->fast);
	rig_free(rig);
	/* Nor is a query. */
	pol = matched_new(NULL);
	rule_names(pol, "host", LOG, HTTP_HOST, "example.org");
	rig = sealed(pol);
	talk = talk_new(rig);
	talk_say(&talk, data, put_query(data, "example.org", 1));
	assert_int_equal(rig->seen.protocol, CENSOR_PROTOCOL_UNKNOWN);
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hello),
		cmocka_unit_test(test_hello_parts),
		cmocka_unit_test(test_beside_tls),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_certificate),
		cmocka_unit_test(test_certificate_none),
		cmocka_unit_test(test_certificate_long),
		cmocka_unit_test(test_certificate_acts),
		cmocka_unit_test(test_dns),
		cmocka_unit_test(test_pipeline),
		cmocka_unit_test(test_pipeline_ends),
		cmocka_unit_test(test_pipeline_not),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
