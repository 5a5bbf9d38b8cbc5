// SPDX-License-Identifier: GPL-2.0
/* Protocols that the beginning of a client's stream shows: what is one, and what nearly is. */
#include "test.h"
#include "detectors.h"
#include "http.h"
#include "lines.h"
#include "recognise.h"

#define BYTES(text)	(const u8 *)(text), sizeof(text) - 1
#define ADDRESS		"\xcb\x00\x71\x05\x00\x50"	/* 203.0.113.5, port 80 */

static struct censor_sight sight;

/* From memory of its own, so that a byte too far is found. */
static enum censor_found detect_cut(censor_detector detector, const u8 *data, u32 len, u32 whole)
{
	static const struct censor_packet_view view;
	u8 *copy = malloc(len ? len : 1);
	struct censor_look look = { .data = copy, .len = len, .whole = whole, .view = &view };
	enum censor_found found;

	memcpy(copy, data, len);
	memset(&sight, 0xa5, sizeof(sight));
	found = detector(&look, &sight);
	free(copy);
	return found;
}

static enum censor_found detect(censor_detector detector, const u8 *data, u32 len)
{
	return detect_cut(detector, data, len, len);
}

static void expect(censor_detector detector, const u8 *data, u32 len, u8 protocol, u8 confidence,
		   u32 shown)
{
	u32 n;

	assert_int_equal(detect(detector, data, len), CENSOR_FOUND_ALL);
	assert_int_equal(sight.protocol, protocol);
	assert_int_equal(sight.confidence, confidence);
	assert_int_equal(sight.at, 0);
	assert_int_equal(sight.len, shown);
	/* All that is too short for an answer says so. */
	for (n = 0; n < len; n++) {
		if (detect(detector, data, n) == CENSOR_FOUND_ALL)
			break;
		assert_int_equal(detect(detector, data, n), CENSOR_FOUND_MORE);
	}
}

/* A byte of the first @len changed: another protocol. */
static void expect_each_byte(censor_detector detector, const u8 *data, u32 len, u32 all)
{
	u8 copy[256];
	u32 i;

	assert_true(all <= sizeof(copy));
	for (i = 0; i < len; i++) {
		memcpy(copy, data, all);
		copy[i] ^= 0x40;
		assert_int_equal(detect(detector, copy, all), CENSOR_FOUND_NOT);
	}
}

static void expect_not(censor_detector detector, const u8 *data, u32 len)
{
	assert_int_equal(detect(detector, data, len), CENSOR_FOUND_NOT);
}

static void test_ssh(void **state)
{
	static const char openssh[] = "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n";
	u8 longer[300];
	u32 len = sizeof(openssh) - 1;

	(void)state;
	expect(censor_detect_ssh, (const u8 *)openssh, len, CENSOR_PROTOCOL_SSH,
	       CENSOR_CONFIDENCE_SURE, len - 2);
	expect_each_byte(censor_detect_ssh, (const u8 *)openssh, 8, len);
	expect(censor_detect_ssh, BYTES("SSH-1.99-x\n"), CENSOR_PROTOCOL_SSH,
	       CENSOR_CONFIDENCE_SURE, 10);
	expect(censor_detect_ssh, BYTES("SSH-1.5-1.2.27\n"), CENSOR_PROTOCOL_SSH,
	       CENSOR_CONFIDENCE_SURE, 14);
	expect(censor_detect_ssh, BYTES("SSH-2.0-"), CENSOR_PROTOCOL_SSH,
	       CENSOR_CONFIDENCE_SURE, 8);
	expect_not(censor_detect_ssh, BYTES("SSH-1.0-x\r\n"));
	expect_not(censor_detect_ssh, BYTES("SSH-1.9-x\r\n"));
	expect_not(censor_detect_ssh, BYTES("SSH-2.1-x\r\n"));
	expect_not(censor_detect_ssh, BYTES("SSH-20-x\r\n"));
	expect_not(censor_detect_ssh, BYTES("ssh-2.0-x\r\n"));
	expect_not(censor_detect_ssh, BYTES(" SSH-2.0-x\r\n"));
	expect_not(censor_detect_ssh, BYTES("GET / HTTP/1.1\r\n"));
	/* The evidence ends where a banner must. */
	memset(longer, 'x', sizeof(longer));
	memcpy(longer, "SSH-2.0-", 8);
	expect(censor_detect_ssh, longer, sizeof(longer), CENSOR_PROTOCOL_SSH,
	       CENSOR_CONFIDENCE_SURE, 255);
}

static void test_socks4(void **state)
{
	static const u8 connect[] = { 4, 1, 0, 80, 203, 0, 113, 5, 'b', 'o', 'b', 0 };
	static const u8 named[] = { 4, 1, 1, 187, 0, 0, 0, 1, 0, 'e', 'x', '-', '1', '.', 'o', 'r',
				    'g', 0 };
	u8 copy[600];

	(void)state;
	expect(censor_detect_socks, connect, sizeof(connect), CENSOR_PROTOCOL_SOCKS4,
	       CENSOR_CONFIDENCE_LIKELY, sizeof(connect));
	expect(censor_detect_socks, named, sizeof(named), CENSOR_PROTOCOL_SOCKS4,
	       CENSOR_CONFIDENCE_SURE, sizeof(named));
	memcpy(copy, connect, sizeof(connect));
	copy[1] = 2;
	expect(censor_detect_socks, copy, sizeof(connect), CENSOR_PROTOCOL_SOCKS4,
	       CENSOR_CONFIDENCE_LIKELY, sizeof(connect));
	copy[1] = 3;
	expect_not(censor_detect_socks, copy, sizeof(connect));
	copy[1] = 0;
	expect_not(censor_detect_socks, copy, sizeof(connect));
	/* Something behind it; or cut, where the rest is not known. */
	memcpy(copy, connect, sizeof(connect));
	copy[sizeof(connect)] = 0;
	expect_not(censor_detect_socks, copy, sizeof(connect) + 1);
	assert_int_equal(detect_cut(censor_detect_socks, connect, sizeof(connect),
				    sizeof(connect) + 1), CENSOR_FOUND_NOT);
	copy[3] = 0;		/* port 0 */
	expect_not(censor_detect_socks, copy, sizeof(connect));
	copy[3] = 80;
	copy[4] = 224;		/* multicast */
	expect_not(censor_detect_socks, copy, sizeof(connect));
	copy[4] = 0;		/* 0.0.113.5 */
	expect_not(censor_detect_socks, copy, sizeof(connect));
	copy[4] = 203;
	copy[9] = 0x80;		/* a user that is no text */
	expect_not(censor_detect_socks, copy, sizeof(connect));
	/* 0.0.0.0 is neither. */
	memcpy(copy, named, sizeof(named));
	copy[7] = 0;
	expect_not(censor_detect_socks, copy, sizeof(named));
	/* No name, a name with a space, a name with something behind it. */
	expect_not(censor_detect_socks, BYTES("\x04\x01\x01\xbb\0\0\0\x01\0\0"));
	expect_not(censor_detect_socks, BYTES("\x04\x01\x01\xbb\0\0\0\x01\0a b\0"));
	expect_not(censor_detect_socks, BYTES("\x04\x01\x01\xbb\0\0\0\x01\0a\0b"));
	/* Text without an end. */
	memset(copy, 'a', sizeof(copy));
	memcpy(copy, connect, 8);
	assert_int_equal(detect(censor_detect_socks, copy, 8 + 255), CENSOR_FOUND_MORE);
	expect_not(censor_detect_socks, copy, 8 + 256);
	copy[8 + 255] = 0;
	expect(censor_detect_socks, copy, 8 + 256, CENSOR_PROTOCOL_SOCKS4,
	       CENSOR_CONFIDENCE_LIKELY, 8 + 256);
}

static void expect_socks5(const u8 *data, u32 len, u8 confidence, u32 shown)
{
	expect(censor_detect_socks, data, len, CENSOR_PROTOCOL_SOCKS5, confidence, shown);
}

static void test_socks5(void **state)
{
	u8 many[260] = { 5, 255 };
	u32 i;

	(void)state;
	expect_socks5(BYTES("\x05\x01\x00"), CENSOR_CONFIDENCE_LIKELY, 3);
	expect_socks5(BYTES("\x05\x02\x00\x02"), CENSOR_CONFIDENCE_LIKELY, 4);
	expect_socks5(BYTES("\x05\x03\x00\x01\x02"), CENSOR_CONFIDENCE_LIKELY, 5);
	expect_socks5(BYTES("\x05\x02\x80\xfe"), CENSOR_CONFIDENCE_LIKELY, 4);
	expect_not(censor_detect_socks, BYTES("\x05\x00"));
	expect_not(censor_detect_socks, BYTES("\x05\x02\x00\x00"));
	expect_not(censor_detect_socks, BYTES("\x05\x01\xff"));
	expect_not(censor_detect_socks, BYTES("\x05\x01\x0a"));
	expect_not(censor_detect_socks, BYTES("\x05\x01\x00\x00"));
	expect_not(censor_detect_socks, BYTES("\x06\x01\x00"));
	memset(many + 2, 0x80, 255);
	expect_socks5(many, 257, CENSOR_CONFIDENCE_LIKELY, 257);
	assert_int_equal(detect_cut(censor_detect_socks, BYTES("\x05\x01\x00"), 4),
			 CENSOR_FOUND_NOT);

	/* All at once: the request, and user and password before it. */
	expect_socks5(BYTES("\x05\x01\x00\x05\x01\x00\x01\xcb\x00\x71\x05\x00\x50"),
		      CENSOR_CONFIDENCE_SURE, 13);
	expect_socks5(BYTES("\x05\x01\x00\x05\x03\x00\x03\x04" "a.io" "\x01\xbb" "more"),
		      CENSOR_CONFIDENCE_SURE, 14);
	for (i = 0; i < 16; i++)
		many[7 + i] = (u8)i;
	memcpy(many, "\x05\x01\x00\x05\x02\x00\x04", 7);
	expect_socks5(many, 25, CENSOR_CONFIDENCE_SURE, 25);
	expect_socks5(BYTES("\x05\x01\x02\x01\x01u\x01p"), CENSOR_CONFIDENCE_SURE, 8);
	expect_socks5(BYTES("\x05\x01\x02\x01\x01u\x01p\x05\x01\x00\x01\xcb\x00\x71\x05\x00\x50"),
		      CENSOR_CONFIDENCE_SURE, 18);
	/* A password where none was offered, empty ones, commands and addresses that aren't. */
	expect_not(censor_detect_socks, BYTES("\x05\x01\x00\x01\x01u\x01p"));
	expect_not(censor_detect_socks, BYTES("\x05\x01\x02\x01\x00\x01p"));
	expect_not(censor_detect_socks, BYTES("\x05\x01\x02\x01\x01u\x00"));
	expect_not(censor_detect_socks, BYTES("\x05\x01\x00\x05\x04\x00\x01" ADDRESS));
	expect_not(censor_detect_socks, BYTES("\x05\x01\x00\x05\x00\x00\x01" ADDRESS));
	expect_not(censor_detect_socks, BYTES("\x05\x01\x00\x05\x01\x01\x01" ADDRESS));
	expect_not(censor_detect_socks, BYTES("\x05\x01\x00\x05\x01\x00\x02" ADDRESS));
	expect_not(censor_detect_socks, BYTES("\x05\x01\x00\x05\x01\x00\x03\x00\x00\x50"));
	expect_not(censor_detect_socks, BYTES("\x05\x01\x00\x04\x01\x00\x01" ADDRESS));
}

static void test_bittorrent(void **state)
{
	u8 handshake[68] = "\x13" "BitTorrent protocol";

	(void)state;
	handshake[25] = 0x10;
	expect(censor_detect_bittorrent, handshake, sizeof(handshake), CENSOR_PROTOCOL_BITTORRENT,
	       CENSOR_CONFIDENCE_SURE, 20);
	expect_each_byte(censor_detect_bittorrent, handshake, 20, sizeof(handshake));
	expect_not(censor_detect_bittorrent, BYTES("BitTorrent protocol"));
	expect_not(censor_detect_bittorrent, BYTES("\x12" "BitTorrent protoco"));
}

static void test_pptp(void **state)
{
	u8 request[156] = { 0, 156, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0, 1, 0 };

	(void)state;
	expect(censor_detect_pptp, request, sizeof(request), CENSOR_PROTOCOL_PPTP,
	       CENSOR_CONFIDENCE_SURE, 10);
	expect_each_byte(censor_detect_pptp, request, 10, sizeof(request));
	/* The server's reply, and an echo request. */
	request[9] = 2;
	expect_not(censor_detect_pptp, request, sizeof(request));
	request[9] = 5;
	request[1] = 16;
	expect_not(censor_detect_pptp, request, 16);
}

static void test_sstp(void **state)
{
	static const char request[] =
		"SSTP_DUPLEX_POST /sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/ HTTP/1.1\r\n"
		"Host: vpn.example\r\nContent-Length: 18446744073709551615\r\n\r\n";

	(void)state;
	expect(censor_detect_sstp, (const u8 *)request, sizeof(request) - 1, CENSOR_PROTOCOL_SSTP,
	       CENSOR_CONFIDENCE_SURE, 61);
	expect_each_byte(censor_detect_sstp, (const u8 *)request, 61, sizeof(request) - 1);
	expect_not(censor_detect_sstp, BYTES("SSTP_DUPLEX_POST /sra_{0} HTTP/1.1\r\n\r\n"));
	expect_not(censor_detect_sstp,
		   BYTES("POST /sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/ HTTP/1.1\r\n\r\n"));
}

#define CONNECT	"POST /vpnsvc/connect.cgi HTTP/1.1\r\nHost: 203.0.113.5\r\n" \
		"Content-Type: image/jpeg\r\nContent-Length: 1411\r\n\r\n"

static void expect_softether(const u8 *data, u32 len, u8 confidence, u32 shown)
{
	expect(censor_detect_softether, data, len, CENSOR_PROTOCOL_SOFTETHER, confidence, shown);
}

static void test_softether(void **state)
{
	u8 headers[1200];
	u32 n;

	(void)state;
	expect_softether(BYTES(CONNECT "VPNCONNECT"), CENSOR_CONFIDENCE_SURE,
			 sizeof(CONNECT "VPNCONNECT") - 1);
	expect_softether(BYTES(CONNECT "GIF89a\xc8\x00\x33"), CENSOR_CONFIDENCE_SURE,
			 sizeof(CONNECT "GIF89a") - 1);
	expect_each_byte(censor_detect_softether, (const u8 *)CONNECT "VPNCONNECT", 25,
			 sizeof(CONNECT "VPNCONNECT") - 1);
	/* A part of either may become it. */
	for (n = 0; n < sizeof(CONNECT "VPNCONNECT") - 1; n++)
		assert_int_equal(detect(censor_detect_softether,
					(const u8 *)CONNECT "VPNCONNECT", n), CENSOR_FOUND_MORE);
	for (n = 0; n < sizeof(CONNECT "GIF89a") - 1; n++)
		assert_int_equal(detect(censor_detect_softether,
					(const u8 *)CONNECT "GIF89a", n), CENSOR_FOUND_MORE);
	/* Any other body: the target alone. */
	expect_softether(BYTES(CONNECT "GIF89b"), CENSOR_CONFIDENCE_LIKELY, 25);
	expect_softether(BYTES(CONNECT "GIF87a"), CENSOR_CONFIDENCE_LIKELY, 25);
	expect_softether(BYTES(CONNECT "VPNCONNECx"), CENSOR_CONFIDENCE_LIKELY, 25);
	/* Headers without an end. */
	memset(headers, 'a', sizeof(headers));
	memcpy(headers, CONNECT, 40);
	assert_int_equal(detect(censor_detect_softether, headers, 1023), CENSOR_FOUND_MORE);
	expect_softether(headers, 1024, CENSOR_CONFIDENCE_LIKELY, 25);
	/* An end beyond what is read, and the last that is. */
	memcpy(headers + 1021, "\r\n\r\nVPNCONNECT", 14);
	expect_softether(headers, 1035, CENSOR_CONFIDENCE_LIKELY, 25);
	memcpy(headers + 1020, "\r\n\r\nVPNCONNECT", 14);
	expect_softether(headers, 1034, CENSOR_CONFIDENCE_SURE, 1034);
	expect_not(censor_detect_softether, BYTES("GET /vpnsvc/connect.cgi HTTP/1.1\r\n\r\n"));
	expect_not(censor_detect_softether, BYTES("POST /vpnsvc/connect.cgi2 HTTP/1.1\r\n\r\n"));
	expect_not(censor_detect_softether, BYTES("POST /x/vpnsvc/connect.cgi HTTP/1.1\r\n\r\n"));
}

/* None of them takes another's bytes for its own, nor ordinary ones. */
static void test_others(void **state)
{
	static const censor_detector detectors[] = {
		censor_detect_ssh, censor_detect_socks, censor_detect_bittorrent,
		censor_detect_pptp, censor_detect_sstp, censor_detect_softether,
	};
	static const struct {
		const u8 *data;
		u32 len, whose;
	} rows[] = {
		{ BYTES("SSH-2.0-x\r\n"), 0 },
		{ BYTES("\x05\x01\x00"), 1 },
		{ BYTES("\x04\x01\x00\x50\x01\x01\x01\x01\x00"), 1 },
		{ BYTES("\x13" "BitTorrent protocol"), 2 },
		{ BYTES("\x00\x9c\x00\x01\x1a\x2b\x3c\x4d\x00\x01"), 3 },
		{ BYTES("SSTP_DUPLEX_POST /sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/ "), 4 },
		{ BYTES(CONNECT "GIF89a"), 5 },
		{ BYTES("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 6 },
		{ BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), 6 },
		{ BYTES("\x00\x1d\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"), 6 },
		{ BYTES("EHLO mail.example\r\n"), 6 },
		{ BYTES("\x00\x0e\x38\x01\x02\x03\x04\x05\x06\x07\x08\x00\x00\x00\x00\x00"), 6 },
	};
	u32 i, k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		for (k = 0; k < ARRAY_SIZE(detectors); k++)
			assert_int_equal(detect(detectors[k], rows[i].data, rows[i].len),
					 k == rows[i].whose ? CENSOR_FOUND_ALL : CENSOR_FOUND_NOT);
}

/* What one detector alone, and the beginning's table with that protocol asked for, say of a byte. */
static enum censor_found through_table(const struct censor_look *look, u64 sees)
{
	static struct censor_context ctx;

	memset(ctx.sights, 0, sizeof(ctx.sights));
	ctx.n_evidence = 0;
	return censor_detectors_begin(NULL, look, sees, &ctx);
}

/* Telegram's are in test-messengers.c. */
static void test_first_bytes(void **state)
{
	static const struct {
		censor_detector detector;
		u64 sees;
	} rows[] = {
		{ censor_detect_whatsapp, CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_WHATSAPP) },
		{ censor_detect_wechat, CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_WECHAT) },
		{ censor_detect_viber, CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_VIBER) },
		{ censor_detect_skype, CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_SKYPE) },
		{ censor_detect_ssh, CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_SSH) },
		{ censor_detect_socks, CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_SOCKS4) },
		{ censor_detect_bittorrent, CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_BITTORRENT) },
		{ censor_detect_pptp, CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_PPTP) },
		{ censor_detect_sstp, CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_SSTP) },
		{ censor_detect_softether, CENSOR_PROTOCOL_BIT(CENSOR_PROTOCOL_SOFTETHER) },
	};
	static const struct censor_packet_view view;
	struct censor_detect_model model;
	struct censor_http_request request;
	struct censor_sight any;
	u32 first, i;
	u8 data[1];

	(void)state;
	censor_detect_default(&model);
	for (first = 0; first < 256; first++) {
		struct censor_look look = { .data = data, .len = 1, .whole = 1, .view = &view,
					    .model = &model };
		bool letter = (first | 0x20) >= 'a' && (first | 0x20) <= 'z';

		data[0] = (u8)first;
		for (i = 0; i < ARRAY_SIZE(rows); i++)
			assert_int_equal(rows[i].detector(&look, &any),
					 through_table(&look, rows[i].sees));
		/* These are not even asked unless it is a letter. */
		if (!letter) {
			assert_int_equal(censor_http_request(&look, &request), CENSOR_FOUND_NOT);
			assert_int_equal(censor_line_protocol(&look, &any), CENSOR_FOUND_NOT);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ssh),
		cmocka_unit_test(test_socks4),
		cmocka_unit_test(test_socks5),
		cmocka_unit_test(test_bittorrent),
		cmocka_unit_test(test_pptp),
		cmocka_unit_test(test_sstp),
		cmocka_unit_test(test_softether),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_first_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
