/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Server-sent events: what is new goes to all who listen, each at his own pace. The last messages are
 * kept; who falls behind them gets the whole screen again instead.
 */
#ifndef _CENSORCTL_BOARDSTREAM_H
#define _CENSORCTL_BOARDSTREAM_H

#include <jansson.h>
#include <microhttpd.h>

#include "engine/host.h"

#define STREAM_MESSAGES	64	/* that are kept */
#define STREAM_CLIENTS	24

struct stream_text;
struct stream_client;

/**
 * struct stream - begin with all zero but @all and @data
 * @all: makes the whole screen, as it is once all messages were told; it may tell one
 * @messages: number n at n % STREAM_MESSAGES
 * @n: messages ever
 * @whole: the whole screen as of message @whole_n, or NULL
 * @clients: who listen
 * @ending: all are to be told that it is over
 */
struct stream {
	json_t *(*all)(void *data);
	void *data;
	struct stream_text *messages[STREAM_MESSAGES];
	u64 n;
	struct stream_text *whole;
	u64 whole_n;
	struct stream_client *clients[STREAM_CLIENTS];
	bool ending;
};

/** stream_listen() - Return: a response for one more client, or NULL: there are too many */
struct MHD_Response *stream_listen(struct stream *stream, struct MHD_Connection *connection);
/** stream_tell() - @message is released. NULL: only to see who is still there */
void stream_tell(struct stream *stream, json_t *message);
/** stream_restart() - all clients get the whole screen next */
void stream_restart(struct stream *stream);
/** stream_end() - let every client finish; MHD_run() must follow */
void stream_end(struct stream *stream);
void stream_free(struct stream *stream);

#endif
