// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <string.h>
#include <sys/random.h>

#include "boardfiles.h"
#include "boardjson.h"
#include "boardserver.h"
#include "boardstream.h"
#include "json.h"
#include "memory.h"
#include "value.h"

#define HTTP_PORT	80
#define CONNECTIONS	64
#define IDLE_SECONDS	15u	/* of a connection that neither reads nor writes */
#define BODY_MAX	1024	/* bytes of a request that are read */
#define BODY_ENDLESS	65536	/* that are waited for to be told so */
#define STILL_THERE	50	/* turns without news until it is seen who still listens */

/**
 * struct boardserver - the page's server
 * @source: NULL until there is something to show
 * @shown: how far those who listen were told
 * @silent: turns without news
 */
struct boardserver {
	struct MHD_Daemon *daemon;
	struct source *source;
	const char *netns;
	u16 port;
	char token[BOARD_TOKEN_SIZE];
	struct stream stream;
	struct board_shown shown;
	u32 silent;
};

/** struct request - a body as it comes; @len counts what is beyond its room, too */
struct request {
	size_t len;
	char body[BODY_MAX];
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned int status,
			      struct MHD_Response *response, const char *type)
{
	static const char *const headers[][2] = {
		{ "Content-Security-Policy",
		  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
		  "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "Referrer-Policy", "no-referrer" },
		{ "Cross-Origin-Resource-Policy", "same-origin" },
		{ "Cross-Origin-Opener-Policy", "same-origin" },
		{ "Cache-Control", "no-store" },
	};
	enum MHD_Result queued;
	u32 i;

	if (!response)
		return MHD_NO;
	for (i = 0; i < ARRAY_SIZE(headers); i++)
		MHD_add_response_header(response, headers[i][0], headers[i][1]);
	MHD_add_response_header(response, "Content-Type", type);
	queued = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return queued;
}

static struct MHD_Response *text_response(const char *text)
{
	return MHD_create_response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_MUST_COPY);
}

/* A refusal: one line that says what would be right. */
static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned int status,
			      const char *text)
{
	return answer(connection, status, text_response(text), "text/plain; charset=utf-8");
}

static enum MHD_Result refuse_method(struct MHD_Connection *connection, const char *allowed)
{
	struct MHD_Response *response = text_response("Another method is wanted here, see Allow.\n");

	if (response)
		MHD_add_response_header(response, "Allow", allowed);
	return answer(connection, MHD_HTTP_METHOD_NOT_ALLOWED, response,
		      "text/plain; charset=utf-8");
}

struct count {
	const char *name;
	u32 n;
};

static enum MHD_Result count_header(void *data, enum MHD_ValueKind kind, const char *name,
				    const char *value)
{
	struct count *count = data;

	(void)kind;
	(void)value;
	count->n += !strcasecmp(name, count->name);
	return MHD_YES;
}

/* A header that stands there once; of two, nobody knows which one another reader would take. */
static const char *only_header(struct MHD_Connection *connection, const char *name)
{
	struct count count = { .name = name };

	MHD_get_connection_values(connection, MHD_HEADER_KIND, count_header, &count);
	return count.n == 1 ? MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name) : NULL;
}

/* As the page's address has it, so that no name of somebody else's leads here (DNS rebinding). */
static bool own_host(const struct boardserver *server, const char *host)
{
	static const char *const names[] = { "127.0.0.1", "localhost" };
	char wanted[24];
	u32 i;

	for (i = 0; host && i < ARRAY_SIZE(names); i++) {
		snprintf(wanted, sizeof(wanted), "%s:%u", names[i], server->port);
		if (!strcasecmp(host, wanted))
			return true;
		/* Of this port browsers say nothing. */
		if (server->port == HTTP_PORT && !strcasecmp(host, names[i]))
			return true;
	}
	return false;
}

/* Of the page itself, by the same name. */
static bool own_origin(struct MHD_Connection *connection, const char *host)
{
	const char *origin = only_header(connection, "Origin");

	return origin && !strncasecmp(origin, "http://", 7) && !strcasecmp(origin + 7, host);
}

static bool own_token(const struct boardserver *server, struct MHD_Connection *connection)
{
	const char *token = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "token");
	u8 differs = 0;
	u32 i;

	if (!token || strlen(token) != BOARD_TOKEN_SIZE - 1)
		return false;
	/* It takes as long wherever the first wrong letter is. */
	for (i = 0; i < BOARD_TOKEN_SIZE; i++)
		differs |= (u8)(token[i] ^ server->token[i]);
	return !differs;
}

static json_t *state_of(const struct boardserver *server)
{
	const struct source *source = server->source;

	return board_all(source->screen, source_now(source), server->netns, source->replay);
}

/* What is new, to all who listen. Return: whether anything was. */
static bool tell_news(struct boardserver *server)
{
	u64 resets = server->shown.resets;
	json_t *more = board_more(server->source->screen, source_now(server->source),
				  &server->shown);

	if (more)
		stream_tell(&server->stream, more);
	else if (resets != server->shown.resets)
		stream_restart(&server->stream);
	return more || resets != server->shown.resets;
}

static json_t *whole_screen(void *data)
{
	struct boardserver *server = data;

	/* All that is in it counts as told. */
	tell_news(server);
	return state_of(server);
}

static enum MHD_Result answer_state(const struct boardserver *server,
				    struct MHD_Connection *connection)
{
	json_t *state = state_of(server);
	char *text = json_format(state, JSON_COMPACT | JSON_REAL_PRECISION(10));

	json_decref(state);
	if (!text)
		return MHD_NO;
	return answer(connection, MHD_HTTP_OK,
		      MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE),
		      "application/json");
}

/* Everything but /phase. @get: that is what it was asked by */
static enum MHD_Result answer_read(struct boardserver *server, struct MHD_Connection *connection,
				   const char *url, bool get)
{
	const struct board_file *file = board_file_find(url, strlen(url));
	bool state = !strcmp(url, "/state"), events = !strcmp(url, "/events");
	struct MHD_Response *response;

	if (!file && !state && !events)
		return refuse(connection, MHD_HTTP_NOT_FOUND, "Nothing is here.\n");
	if (!get)
		return refuse_method(connection, "GET, HEAD");
	/* The page's parts say nothing of what the censor sees. */
	if ((state || events || !strcmp(url, "/")) && !own_token(server, connection))
		return refuse(connection, MHD_HTTP_FORBIDDEN,
			      "Open the whole address that was printed, with its token.\n");
	if (file) {
		const char *text = board_file_text(file);

		response = MHD_create_response_from_buffer(strlen(text), (void *)text,
							   MHD_RESPMEM_PERSISTENT);
		return answer(connection, MHD_HTTP_OK, response, file->type);
	}
	if (state)
		return answer_state(server, connection);
	response = stream_listen(&server->stream, connection);
	if (!response)
		return refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
			      "As many pages as can be are open already.\n");
	return answer(connection, MHD_HTTP_OK, response, "text/event-stream");
}

/* All of a POST but its body. Return: MHD_HTTP_OK, or the status it is refused with. */
static unsigned int check_post(const struct boardserver *server, struct MHD_Connection *connection,
			       const char *host, const char **why)
{
	const char *type = only_header(connection, "Content-Type");
	const char *len = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
						      "Content-Length");

	if (!own_token(server, connection)) {
		*why = "Without the page's token nothing is changed.\n";
		return MHD_HTTP_FORBIDDEN;
	}
	if (!own_origin(connection, host)) {
		*why = "Only the page itself may ask for this: Origin is another.\n";
		return MHD_HTTP_FORBIDDEN;
	}
	if (!type || strcasecmp(type, "application/json")) {
		*why = "Content-Type: application/json is wanted.\n";
		return MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
	}
	if (len && strtoull(len, NULL, 10) > BODY_MAX) {
		*why = "That is too long: {\"phase\": NAME} is wanted.\n";
		return MHD_HTTP_CONTENT_TOO_LARGE;
	}
	return MHD_HTTP_OK;
}

static const char *next_phase(const void *from, u32 i)
{
	const struct screen *screen = from;

	return i < screen->n_phases ? screen->phases[i].name : NULL;
}

static enum MHD_Result refuse_phase(struct MHD_Connection *connection, const struct screen *screen,
				    const char *name)
{
	const char *near = nearest(name, (u32)strlen(name), next_phase, screen);
	char text[256];

	snprintf(text, sizeof(text), "The policy has no phase \"%.64s\"%s%s%s.\n", name,
		 near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return refuse(connection, MHD_HTTP_UNPROCESSABLE_CONTENT, text);
}

static enum MHD_Result answer_phase(struct boardserver *server, struct MHD_Connection *connection,
				    const struct request *request)
{
	const struct screen *screen = server->source->screen;
	json_t *object = json_loadb(request->body, request->len, 0, NULL);
	const char *name = json_string_value(json_object_get(object, "phase")), *why;
	enum MHD_Result queued;
	char text[256];
	u32 phase;

	if (!name || json_object_size(object) != 1) {
		queued = refuse(connection, MHD_HTTP_BAD_REQUEST, "{\"phase\": NAME} is wanted.\n");
		goto out;
	}
	phase = screen_phase_find(screen, name);
	if (phase == SCREEN_NONE) {
		queued = refuse_phase(connection, screen, name);
		goto out;
	}
	why = source_set_phase(server->source, phase);
	if (why) {
		snprintf(text, sizeof(text), "The kernel refused: %s.\n", why);
		queued = refuse(connection, MHD_HTTP_CONFLICT, text);
		goto out;
	}
	queued = answer(connection, MHD_HTTP_NO_CONTENT, text_response(""), "text/plain");
out:
	json_decref(object);
	return queued;
}

static enum MHD_Result handle(void *data, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *body,
			      size_t *body_len, void **of_request)
{
	const char *host = only_header(connection, "Host");
	bool get = !strcmp(method, "GET") || !strcmp(method, "HEAD");
	struct boardserver *server = data;
	struct request *request = *of_request;
	const char *why;
	unsigned int status;

	(void)version;
	if (!own_host(server, host))
		return refuse(connection, MHD_HTTP_FORBIDDEN,
			      "It answers to 127.0.0.1 and localhost only: Host is another.\n");
	if (!server->source)
		return refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "In a moment.\n");
	if (strcmp(url, "/phase"))
		return answer_read(server, connection, url, get);
	if (strcmp(method, "POST"))
		return refuse_method(connection, "POST");
	if (!request) {
		status = check_post(server, connection, host, &why);
		if (status != MHD_HTTP_OK)
			return refuse(connection, status, why);
		*of_request = memory_zeroed(1, sizeof(*request));
		return MHD_YES;
	}
	if (*body_len) {
		if (request->len + *body_len <= BODY_MAX)
			memcpy(request->body + request->len, body, *body_len);
		request->len += *body_len;
		*body_len = 0;
		return request->len > BODY_ENDLESS ? MHD_NO : MHD_YES;
	}
	if (request->len > BODY_MAX)
		return refuse(connection, MHD_HTTP_CONTENT_TOO_LARGE,
			      "That is too long: {\"phase\": NAME} is wanted.\n");
	return answer_phase(server, connection, request);
}

static void request_done(void *data, struct MHD_Connection *connection, void **of_request,
			 enum MHD_RequestTerminationCode code)
{
	(void)data;
	(void)connection;
	(void)code;
	free(*of_request);
	*of_request = NULL;
}

static bool make_token(char *token)
{
	u8 bytes[(BOARD_TOKEN_SIZE - 1) / 2];
	u32 i;

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return false;
	for (i = 0; i < sizeof(bytes); i++)
		sprintf(token + 2 * i, "%02x", bytes[i]);
	return true;
}

struct boardserver *boardserver_start(u16 port, const char **wrong)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct boardserver *server = memory_zeroed(1, sizeof(*server));
	const union MHD_DaemonInfo *info;

	server->stream.all = whole_screen;
	server->stream.data = server;
	errno = 0;
	if (make_token(server->token))
		server->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, port,
						  NULL, NULL, handle, server,
						  MHD_OPTION_SOCK_ADDR, &address,
						  MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
						  MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
						  MHD_OPTION_NOTIFY_COMPLETED, request_done, NULL,
						  MHD_OPTION_END);
	if (!server->daemon) {
		*wrong = errno ? strerror(errno) : "the server does not start";
		free(server);
		return NULL;
	}
	info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
	server->port = info ? info->port : port;
	return server;
}

void boardserver_show(struct boardserver *server, struct source *source, const char *netns)
{
	server->source = source;
	server->netns = netns;
}

void boardserver_stop(struct boardserver *server)
{
	/* Nobody may be suspended when it ends. */
	stream_end(&server->stream);
	MHD_run(server->daemon);
	MHD_stop_daemon(server->daemon);
	stream_free(&server->stream);
	free(server);
}

u16 boardserver_port(const struct boardserver *server)
{
	return server->port;
}

const char *boardserver_token(const struct boardserver *server)
{
	return server->token;
}

int boardserver_fd(const struct boardserver *server)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon,
							       MHD_DAEMON_INFO_EPOLL_FD);

	return info ? info->epoll_fd : -1;
}

void boardserver_run(struct boardserver *server)
{
	MHD_run(server->daemon);
}

void boardserver_tell(struct boardserver *server)
{
	if (tell_news(server)) {
		server->silent = 0;
	} else if (++server->silent == STILL_THERE) {
		stream_tell(&server->stream, NULL);
		server->silent = 0;
	}
	MHD_run(server->daemon);
}
