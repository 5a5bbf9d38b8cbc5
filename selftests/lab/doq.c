// SPDX-License-Identifier: GPL-2.0
/*
 * A name server over QUIC (RFC 9250) for kdig to ask: no server in Debian 12 speaks it.
 *
 *	doq ADDRESS PORT CERTIFICATE KEY ANSWER
 *
 * Every question is answered with the IPv4 address ANSWER. One connection at a time: a packet from
 * another port begins the next. Says "listening" on standard error.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netdb.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#define CID_LENGTH 8
#define NAME_HEADER 12
#define MESSAGE_MAX 512

/* The connection, and the one question in it. */
struct doq {
	ngtcp2_conn *conn;
	ngtcp2_crypto_conn_ref ref;
	gnutls_session_t session;
	struct sockaddr_storage peer;
	socklen_t peer_length;
	int64_t stream;
	/* With its length in the first two bytes, as on the stream: the question, then the answer. */
	uint8_t message[2 + MESSAGE_MAX];
	size_t length;
	size_t sent;
	int asked;
	int done;
};

static int sock;
static struct sockaddr_storage own;
static socklen_t own_length;
static gnutls_certificate_credentials_t credentials;
static struct in_addr answer;

static ngtcp2_tstamp now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (ngtcp2_tstamp)time.tv_sec * NGTCP2_SECONDS + (ngtcp2_tstamp)time.tv_nsec;
}

static void random_bytes(uint8_t *bytes, size_t length)
{
	if (getrandom(bytes, length, 0) != (ssize_t)length)
		err(1, "getrandom");
}

static void rand_cb(uint8_t *bytes, size_t length, const ngtcp2_rand_ctx *ctx)
{
	(void)ctx;
	random_bytes(bytes, length);
}

static int new_cid_cb(ngtcp2_conn *conn, ngtcp2_cid *cid, uint8_t *token, size_t length, void *data)
{
	(void)conn;
	(void)data;
	cid->datalen = length;
	random_bytes(cid->data, length);
	random_bytes(token, NGTCP2_STATELESS_RESET_TOKENLEN);
	return 0;
}

/* Turn the question into its answer. Whatever follows the question (EDNS) is left out. */
static int answer_question(struct doq *doq)
{
	static const uint8_t record[] = {
		0xc0, NAME_HEADER,	/* the name of the question */
		0, 1, 0, 1,		/* A, IN */
		0, 0, 1, 0x2c,		/* 300 s */
		0, 4,
	};
	uint8_t *dns = doq->message + 2;
	size_t end = NAME_HEADER, length = doq->length - 2;

	if (doq->length < 2 + NAME_HEADER)
		return -1;
	while (end < length && dns[end])
		end += dns[end] + 1;
	/* The root label, type and class. */
	end += 5;
	if (end > length || end + sizeof(record) + sizeof(answer) > MESSAGE_MAX)
		return -1;
	memset(dns + 2, 0, NAME_HEADER - 2);
	dns[2] = 0x81;	/* a response, recursion desired */
	dns[3] = 0x80;	/* and available */
	dns[5] = 1;
	dns[7] = 1;
	memcpy(dns + end, record, sizeof(record));
	memcpy(dns + end + sizeof(record), &answer, sizeof(answer));
	end += sizeof(record) + sizeof(answer);
	doq->message[0] = end >> 8;
	doq->message[1] = end & 0xff;
	doq->length = 2 + end;
	doq->asked = 1;
	return 0;
}

static int stream_cb(ngtcp2_conn *conn, uint32_t flags, int64_t stream, uint64_t offset,
		     const uint8_t *bytes, size_t length, void *data, void *stream_data)
{
	struct doq *doq = data;

	(void)stream_data;
	if (doq->asked)
		return 0;
	if (offset != doq->length || length > sizeof(doq->message) - doq->length)
		return NGTCP2_ERR_CALLBACK_FAILURE;
	memcpy(doq->message + doq->length, bytes, length);
	doq->length += length;
	doq->stream = stream;
	ngtcp2_conn_extend_max_stream_offset(conn, stream, length);
	ngtcp2_conn_extend_max_offset(conn, length);
	if (flags & NGTCP2_STREAM_DATA_FLAG_FIN && answer_question(doq))
		return NGTCP2_ERR_CALLBACK_FAILURE;
	return 0;
}

static ngtcp2_conn *conn_of(ngtcp2_crypto_conn_ref *ref)
{
	return ((struct doq *)ref->user_data)->conn;
}

static ngtcp2_path path_of(struct doq *doq)
{
	return (ngtcp2_path){
		.local = { (struct sockaddr *)&own, own_length },
		.remote = { (struct sockaddr *)&doq->peer, doq->peer_length },
	};
}

static void end(struct doq *doq)
{
	if (doq->conn)
		ngtcp2_conn_del(doq->conn);
	if (doq->session)
		gnutls_deinit(doq->session);
	memset(doq, 0, sizeof(*doq));
}

static int begin_tls(struct doq *doq)
{
	static const gnutls_datum_t alpn = { (unsigned char *)"doq", 3 };

	doq->ref.get_conn = conn_of;
	doq->ref.user_data = doq;
	if (gnutls_init(&doq->session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL) ||
	    gnutls_priority_set_direct(doq->session, "NORMAL:-VERS-ALL:+VERS-TLS1.3:%DISABLE_TLS13_COMPAT_MODE",
				       NULL) ||
	    ngtcp2_crypto_gnutls_configure_server_session(doq->session) ||
	    gnutls_credentials_set(doq->session, GNUTLS_CRD_CERTIFICATE, credentials) ||
	    gnutls_alpn_set_protocols(doq->session, &alpn, 1, GNUTLS_ALPN_MANDATORY))
		return -1;
	gnutls_session_set_ptr(doq->session, &doq->ref);
	return 0;
}

static int begin(struct doq *doq, const uint8_t *packet, size_t length)
{
	static const ngtcp2_callbacks callbacks = {
		.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb,
		.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb,
		.encrypt = ngtcp2_crypto_encrypt_cb,
		.decrypt = ngtcp2_crypto_decrypt_cb,
		.hp_mask = ngtcp2_crypto_hp_mask_cb,
		.recv_stream_data = stream_cb,
		.rand = rand_cb,
		.get_new_connection_id = new_cid_cb,
		.update_key = ngtcp2_crypto_update_key_cb,
		.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb,
		.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb,
		.get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb,
		.version_negotiation = ngtcp2_crypto_version_negotiation_cb,
	};
	ngtcp2_path path = path_of(doq);
	ngtcp2_transport_params params;
	ngtcp2_settings settings;
	ngtcp2_pkt_hd header;
	ngtcp2_cid own_cid;

	if (ngtcp2_accept(&header, packet, length))
		return -1;
	ngtcp2_settings_default(&settings);
	settings.initial_ts = now();
	ngtcp2_transport_params_default(&params);
	params.initial_max_streams_bidi = 8;
	params.initial_max_data = 65536;
	params.initial_max_stream_data_bidi_remote = 65536;
	params.max_idle_timeout = 10 * NGTCP2_SECONDS;
	params.original_dcid = header.dcid;
#if NGTCP2_VERSION_NUM >= 0x010000
	params.original_dcid_present = 1;
#endif
	own_cid.datalen = CID_LENGTH;
	random_bytes(own_cid.data, CID_LENGTH);
	if (begin_tls(doq) ||
	    ngtcp2_conn_server_new(&doq->conn, &header.scid, &own_cid, &path, header.version,
				   &callbacks, &settings, &params, NULL, doq))
		return -1;
	ngtcp2_conn_set_tls_native_handle(doq->conn, doq->session);
	return 0;
}

/* Send what there is to send. */
static int flush(struct doq *doq)
{
	uint8_t packet[1452];

	for (;;) {
		int ready = doq->asked && !doq->done;
		ngtcp2_path_storage to;
		ngtcp2_ssize taken = -1, length;

		ngtcp2_path_storage_zero(&to);
		length = ngtcp2_conn_write_stream(doq->conn, &to.path, NULL, packet, sizeof(packet),
						  &taken, ready ? NGTCP2_WRITE_STREAM_FLAG_FIN : 0,
						  ready ? doq->stream : -1,
						  doq->message + doq->sent,
						  ready ? doq->length - doq->sent : 0, now());
		if (length < 0)
			return -1;
		if (taken >= 0 && ready) {
			doq->sent += (size_t)taken;
			doq->done = doq->sent == doq->length;
		}
		if (!length)
			return 0;
		sendto(sock, packet, (size_t)length, 0, (struct sockaddr *)&doq->peer,
		       doq->peer_length);
	}
}

static void receive(struct doq *doq)
{
	struct sockaddr_storage peer;
	socklen_t peer_length = sizeof(peer);
	uint8_t packet[65536];
	ngtcp2_path path;
	ssize_t length;

	memset(&peer, 0, sizeof(peer));
	length = recvfrom(sock, packet, sizeof(packet), 0, (struct sockaddr *)&peer, &peer_length);
	if (length <= 0)
		return;
	if (!doq->conn || peer_length != doq->peer_length ||
	    memcmp(&peer, &doq->peer, peer_length)) {
		end(doq);
		doq->peer = peer;
		doq->peer_length = peer_length;
		if (begin(doq, packet, (size_t)length)) {
			end(doq);
			return;
		}
	}
	path = path_of(doq);
	if (ngtcp2_conn_read_pkt(doq->conn, &path, NULL, packet, (size_t)length, now()) ||
	    flush(doq))
		end(doq);
}

static int wait_ms(struct doq *doq)
{
	ngtcp2_tstamp expiry, time = now();

	if (!doq->conn)
		return -1;
	expiry = ngtcp2_conn_get_expiry(doq->conn);
	if (expiry == UINT64_MAX)
		return -1;
	return expiry <= time ? 0 : (int)((expiry - time) / NGTCP2_MILLISECONDS + 1);
}

static void open_socket(const char *address, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST };
	struct addrinfo *info;

	if (getaddrinfo(address, port, &hints, &info))
		errx(2, "%s: not an address", address);
	memcpy(&own, info->ai_addr, info->ai_addrlen);
	own_length = info->ai_addrlen;
	sock = socket(info->ai_family, SOCK_DGRAM, 0);
	if (sock < 0 || bind(sock, info->ai_addr, info->ai_addrlen))
		err(1, "%s port %s", address, port);
	freeaddrinfo(info);
}

int main(int argc, char **argv)
{
	static struct doq doq;

	if (argc != 6 || inet_pton(AF_INET, argv[5], &answer) != 1) {
		fprintf(stderr, "usage: doq ADDRESS PORT CERTIFICATE KEY ANSWER\n");
		return 2;
	}
	if (gnutls_certificate_allocate_credentials(&credentials) ||
	    gnutls_certificate_set_x509_key_file(credentials, argv[3], argv[4], GNUTLS_X509_FMT_PEM))
		errx(1, "%s, %s: no certificate and key", argv[3], argv[4]);
	open_socket(argv[1], argv[2]);
	fprintf(stderr, "listening\n");

	for (;;) {
		struct pollfd poll_fd = { .fd = sock, .events = POLLIN };
		int ready = poll(&poll_fd, 1, wait_ms(&doq));

		if (ready > 0)
			receive(&doq);
		else if (!ready && (ngtcp2_conn_handle_expiry(doq.conn, now()) || flush(&doq)))
			end(&doq);
	}
}
