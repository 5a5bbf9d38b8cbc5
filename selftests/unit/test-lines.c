// SPDX-License-Identifier: GPL-2.0
/* FTP and SMTP: whose a first command is, and how lines are read. */
#include "test.h"
#include "lines.h"

#define NOT	CENSOR_FOUND_NOT
#define MORE	CENSOR_FOUND_MORE
#define FTP	CENSOR_PROTOCOL_FTP
#define SMTP	CENSOR_PROTOCOL_SMTP
#define GUESS	CENSOR_CONFIDENCE_GUESS
#define LIKELY	CENSOR_CONFIDENCE_LIKELY
#define SURE	CENSOR_CONFIDENCE_SURE

static struct censor_packet_view view;
static struct censor_sight sight;
static struct censor_line line;

/* From memory of its own, so that a byte too far is found. */
static enum censor_found protocol_of(const char *text, u32 len)
{
	u8 *copy = malloc(len ? len : 1);
	struct censor_look look = { .data = copy, .len = len, .whole = len, .view = &view };
	enum censor_found found;

	memcpy(copy, text, len);
	found = censor_line_protocol(&look, &sight);
	free(copy);
	return found;
}

static enum censor_found read_line(const char *text, u32 len)
{
	u8 *copy = malloc(len ? len : 1);
	struct censor_look look = { .data = copy, .len = len, .whole = len, .view = &view };
	enum censor_found found;

	memcpy(copy, text, len);
	memset(&line, 0xa5, sizeof(line));
	found = censor_line_read(&look, &line);
	free(copy);
	return found;
}

static void expect(const char *text, u8 protocol, u8 confidence)
{
	u32 len = (u32)strlen(text);

	if (protocol_of(text, len) != CENSOR_FOUND_ALL)
		fail_msg("not recognised: %s", text);
	if (sight.protocol != protocol || sight.confidence != confidence)
		fail_msg("protocol %u, confidence %u: %s", sight.protocol, sight.confidence, text);
	assert_int_equal(sight.at, 0);
	assert_int_equal(sight.len, strcspn(text, "\r\n"));
}

static void expect_not(const char *text)
{
	if (protocol_of(text, (u32)strlen(text)) != NOT)
		fail_msg("is none: %s", text);
}

static void test_commands(void **state)
{
	static const char * const ftp[] = {
		"ABOR", "ACCT a", "ADAT YQ==", "ALLO 5", "APPE a", "AUTH TLS", "AUTH SSL",
		"AUTH TLS-C", "CDUP", "CLNT a", "CWD /", "EPRT |1|192.0.2.1|5|", "EPSV",
		"EPSV ALL", "FEAT", "HOST a.example", "LANG", "LANG fr", "MDTM a", "MKD a",
		"MLSD", "MLSD /", "MLST", "MODE S", "NLST", "NLST a", "OPTS UTF8 ON", "PASV",
		"PBSZ 0", "PORT 192,0,2,1,4,5", "PROT P", "PWD", "REIN", "REST 100", "RMD a",
		"RNFR a", "RNTO b", "SITE HELP", "SIZE a", "SMNT a", "STOR a", "STOU", "STOU a",
		"STRU F", "SYST", "TYPE I", "TYPE A N", "XCUP", "XCWD a", "XMKD a", "XPWD",
		"XRMD a",
	};
	static const char * const ftp_or_other[] = {
		"USER anonymous", "USER a b", "USER a b c", "PASS secret", "LIST", "LIST -l",
		"RETR a.txt",		"DELE a", "STAT", "STAT a",
	};
	static const char * const smtp_sure[] = {
		"EHLO mail.example", "HELO a", "EHLO [192.0.2.1]", "MAIL FROM:<a@b.example>",
		"MAIL FROM:<> SIZE=5", "RCPT TO:<a@b.example>", "SEND FROM:<a@b>",
		"SOML FROM:<a@b>", "SAML FROM:<a@b>", "mail from:<a@b>",
	};
	static const char * const smtp[] = {
		"DATA", "BDAT 5 LAST", "EXPN list", "VRFY a", "ETRN a", "TURN", "LHLO a",
	};
	static const char * const ends[] = { "\r\n", "\n", "\r", "\r\nQUIT\r\n" };
	char text[100];
	u32 i, k, n;

	(void)state;
	for (k = 0; k < ARRAY_SIZE(ends); k++) {
		for (i = 0; i < ARRAY_SIZE(ftp); i++) {
			snprintf(text, sizeof(text), "%s%s", ftp[i], ends[k]);
			expect(text, FTP, LIKELY);
			for (n = 0; text[n]; n++)
				text[n] = (char)censor_lower((u8)text[n]);
			expect(text, FTP, LIKELY);
		}
		for (i = 0; i < ARRAY_SIZE(ftp_or_other); i++) {
			snprintf(text, sizeof(text), "%s%s", ftp_or_other[i], ends[k]);
			expect(text, FTP, GUESS);
			view.dport = 21;
			expect(text, FTP, LIKELY);
			view.dport = 0;
		}
		for (i = 0; i < ARRAY_SIZE(smtp_sure); i++) {
			snprintf(text, sizeof(text), "%s%s", smtp_sure[i], ends[k]);
			expect(text, SMTP, SURE);
		}
		for (i = 0; i < ARRAY_SIZE(smtp); i++) {
			snprintf(text, sizeof(text), "%s%s", smtp[i], ends[k]);
			expect(text, SMTP, LIKELY);
		}
		snprintf(text, sizeof(text), "RSET%s", ends[k]);
		expect(text, SMTP, GUESS);
		snprintf(text, sizeof(text), "starttls%s", ends[k]);
		expect(text, SMTP, GUESS);
	}
	/* What is there of a longer line is enough, once the word is over. */
	expect("EHLO m", SMTP, SURE);
	expect("RETR /a file with sp", FTP, GUESS);
}

static void test_not_commands(void **state)
{
	static const char * const texts[] = {
		/* Both have them. */
		"QUIT\r\n", "NOOP\r\n", "HELP\r\n", "HELP RETR\r\n",
		/* SMTP's and POP3's login, IRC, NNTP, IMAP, HTTP, SIP, RTSP, Redis, XMPP. */
		"AUTH PLAIN\r\n", "AUTH LOGIN\r\n", "AUTH CRAM-MD5\r\n",
		"USER a 0 * :real name\r\n", "USER a 0 * :name\r\n",
		"NICK a\r\n", "CAPA\r\n", "APOP a b\r\n", "STLS\r\n", "MODE READER\r\n",
		"MODE #chan +o\r\n", "GROUP a\r\n", "a1 LOGIN a b\r\n", "GET / HTTP/1.1\r\n",
		"HEAD / HTTP/1.1\r\n", "POST /\r\n", "TYPE key\r\n", "MAIL me\r\n", "RCPT me\r\n",
		"SEND me\r\n", "TYPEI\r\n", "USERS\r\n", "<stream>", "REGISTER sip:a SIP/2.0\r\n",
		/* What belongs behind a command is not there, or something is that doesn't. */
		"EHLO\r\n", "EHLO \r\n", "EHLO  a\r\n", "USER\r\n", "PASV 1\r\n", "PASV \r\n",
		"FEAT a\r\n", "DATA a\r\n", "TYPE\r\n", "TYPE 1\r\n", "STARTTLS a\r\n",
		"START\r\n", "STAR\r\n", "STARTTLX\r\n", "STARTTLSS\r\n", "CWDX a\r\n", "CW a\r\n",
		"EHLO-a\r\n", " EHLO a\r\n", "EHLO\ta\r\n", "E\r\n", "\r\n", "1234\r\n",
		"EHLO a\rb\r\n",
		/* No text. */
		"EHLO \x01\r\n", "EHLO a\x7f\r\n", "RETR \x1b\r\n",
		"220 ftp.example FTP\r\n", "SSH-2.0-x\r\n",
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		expect_not(texts[i]);
	assert_int_equal(protocol_of("EHLO a\0b\r\n", 10), NOT);
	assert_int_equal(protocol_of("\x16\x03\x01\x02\x00\x01", 6), NOT);
	/* Text in other scripts is text. */
	expect("RETR \xe6\x96\x87\xe4\xbb\xb6.txt\r\n", FTP, GUESS);
	expect("CWD a\tb\r\n", FTP, LIKELY);
}

static void test_more(void **state)
{
	static const char * const texts[] = {
		"", "E", "EH", "EHL", "EHLO", "EHLO ", "u", "us", "USE", "USER", "USER ", "CWD",
		"PW", "PWD", "X", "STARTT", "STARTTLS", "MAIL F", "MAIL FROM", "RCPT T", "AUTH ",
		"AUTH T", "AUTH TL", "AUTH SS", "TYPE", "TYPE ", "TYPE I",
		"EX",
	};
	static const char * const others[] = { "G", "GE", "Q", "QUIT", "XX", "STX", "EHLOX" };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (protocol_of(texts[i], (u32)strlen(texts[i])) != MORE)
			fail_msg("may become one: %s", texts[i]);
	for (i = 0; i < ARRAY_SIZE(others); i++)
		expect_not(others[i]);
}

static void test_long(void **state)
{
	char text[600];
	u32 n;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "EHLO ", 5);
	assert_int_equal(protocol_of(text, 512), CENSOR_FOUND_ALL);
	assert_int_equal(sight.len, 512);
	assert_int_equal(protocol_of(text, 513), NOT);
	for (n = 510; n <= 514; n++) {
		memset(text, 'a', sizeof(text));
		memcpy(text, "EHLO ", 5);
		memcpy(text + n, "\r\n", 2);
		assert_int_equal(protocol_of(text, n + 2), n <= 512 ? CENSOR_FOUND_ALL : NOT);
		assert_int_equal(read_line(text, n + 2),
				 n <= 512 ? CENSOR_FOUND_ALL : CENSOR_FOUND_BAD);
		if (n > 512)
			continue;
		assert_int_equal(line.text_len, n);
		assert_int_equal(line.used, n + 2);
		assert_memory_equal(line.text, "ehlo aaaa", 9);
		assert_int_equal(line.text[n - 1], 'a');
		assert_int_equal(read_line(text, n + 1), MORE);
	}
	/* 513 bytes and only a line feed. */
	memset(text, 'a', sizeof(text));
	text[513] = '\n';
	assert_int_equal(read_line(text, 514), CENSOR_FOUND_BAD);
	text[512] = '\n';
	assert_int_equal(read_line(text, 514), CENSOR_FOUND_ALL);
	assert_int_equal(line.text_len, 512);
	assert_int_equal(line.used, 513);
}

static void expect_line(const char *text, u32 len, const char *is, u32 used)
{
	assert_int_equal(read_line(text, len), CENSOR_FOUND_ALL);
	assert_int_equal(line.text_len, strlen(is));
	assert_memory_equal(line.text, is, strlen(is));
	assert_int_equal(line.used, used);
}

static void test_read(void **state)
{
	(void)state;
	expect_line("RETR Ultrasurf.ZIP\r\n", 20, "retr ultrasurf.zip", 20);
	expect_line("RETR a\nQUIT\r\n", 13, "retr a", 7);
	expect_line("\r\n", 2, "", 2);
	expect_line("\nA", 2, "", 1);
	/* Only the one before the line feed is the line's end; other bytes stay as they are. */
	expect_line("A\r\r\n", 4, "a\r", 4);
	expect_line("A\rB \xc3\x84\n", 7, "a\rb \xc3\x84", 7);
	assert_int_equal(read_line("A\0B\r\n", 5), CENSOR_FOUND_ALL);
	assert_int_equal(line.text_len, 3);
	assert_int_equal(read_line("", 0), MORE);
	assert_int_equal(read_line("RETR a", 6), MORE);
	assert_int_equal(read_line("RETR a\r", 7), MORE);
	assert_int_equal(line.used, 0);
	assert_int_equal(line.text_len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_not_commands),
		cmocka_unit_test(test_more),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
