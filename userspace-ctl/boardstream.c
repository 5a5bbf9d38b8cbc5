// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "boardstream.h"
#include "json.h"
#include "memory.h"

#define BLOCK	32768	/* bytes that are handed on at once */

/** struct stream_text - a message as it is sent; shared by all who are sent it */
struct stream_text {
	u32 users;
	size_t len;
	char *data;
};

/**
 * struct stream_client - who listens
 * @text: being sent, @at bytes of it are; NULL: none
 * @next: number of the message that follows
 * @fresh: the whole screen comes next
 * @waiting: suspended until there is more
 */
struct stream_client {
	struct stream *stream;
	struct MHD_Connection *connection;
	struct stream_text *text;
	size_t at;
	u64 next;
	bool fresh, waiting;
};

static struct stream_text *text_make(json_t *message)
{
	struct stream_text *text = memory_zeroed(1, sizeof(*text));
	char *json = message ? json_format(message, JSON_COMPACT | JSON_REAL_PRECISION(10)) : NULL;
	int len;

	/* A line that begins with a colon means nothing; writing it shows who has gone. */
	len = json ? asprintf(&text->data, "data: %s\n\n", json) : asprintf(&text->data, ":\n\n");
	text->len = len < 0 ? 0 : (size_t)len;
	text->users = 1;
	free(json);
	json_decref(message);
	return text;
}

static struct stream_text *text_use(struct stream_text *text)
{
	text->users++;
	return text;
}

static void text_done(struct stream_text *text)
{
	if (!text || --text->users)
		return;
	free(text->data);
	free(text);
}

/* What a client is sent next, or NULL. */
static struct stream_text *text_next(struct stream_client *client)
{
	struct stream *stream = client->stream;

	if (client->fresh || client->next + STREAM_MESSAGES < stream->n) {
		if (!stream->whole || stream->whole_n != stream->n) {
			/* That may tell what is new first, so that nobody hears it twice. */
			json_t *all = stream->all(stream->data);

			text_done(stream->whole);
			stream->whole = text_make(all);
			stream->whole_n = stream->n;
		}
		client->fresh = false;
		client->next = stream->n;
		return text_use(stream->whole);
	}
	if (client->next == stream->n)
		return NULL;
	return text_use(stream->messages[client->next++ % STREAM_MESSAGES]);
}

static ssize_t read_client(void *data, u64 pos, char *buf, size_t max)
{
	struct stream_client *client = data;
	size_t n;

	(void)pos;
	if (client->stream->ending)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (!client->text) {
		client->text = text_next(client);
		client->at = 0;
	}
	if (!client->text) {
		client->waiting = true;
		MHD_suspend_connection(client->connection);
		return 0;
	}
	n = min(max, client->text->len - client->at);
	memcpy(buf, client->text->data + client->at, n);
	client->at += n;
	if (client->at == client->text->len) {
		text_done(client->text);
		client->text = NULL;
	}
	return (ssize_t)n;
}

static void free_client(void *data)
{
	struct stream_client *client = data;
	u32 i;

	for (i = 0; i < STREAM_CLIENTS; i++)
		if (client->stream->clients[i] == client)
			client->stream->clients[i] = NULL;
	text_done(client->text);
	free(client);
}

struct MHD_Response *stream_listen(struct stream *stream, struct MHD_Connection *connection)
{
	struct MHD_Response *response;
	struct stream_client *client;
	u32 i = 0;

	while (i < STREAM_CLIENTS && stream->clients[i])
		i++;
	if (i == STREAM_CLIENTS)
		return NULL;
	client = memory_zeroed(1, sizeof(*client));
	client->stream = stream;
	client->connection = connection;
	client->fresh = true;
	response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_client, client,
						     free_client);
	if (!response) {
		free(client);
		return NULL;
	}
	stream->clients[i] = client;
	return response;
}

static void wake_all(struct stream *stream)
{
	u32 i;

	for (i = 0; i < STREAM_CLIENTS; i++) {
		struct stream_client *client = stream->clients[i];

		if (!client || !client->waiting)
			continue;
		client->waiting = false;
		MHD_resume_connection(client->connection);
	}
}

void stream_tell(struct stream *stream, json_t *message)
{
	struct stream_text **slot = &stream->messages[stream->n % STREAM_MESSAGES];

	text_done(*slot);
	*slot = text_make(message);
	stream->n++;
	wake_all(stream);
}

void stream_restart(struct stream *stream)
{
	u32 i;

	for (i = 0; i < STREAM_CLIENTS; i++)
		if (stream->clients[i])
			stream->clients[i]->fresh = true;
	/* What was made of the screen before is not it any more. */
	text_done(stream->whole);
	stream->whole = NULL;
	wake_all(stream);
}

void stream_end(struct stream *stream)
{
	stream->ending = true;
	wake_all(stream);
}

void stream_free(struct stream *stream)
{
	u32 i;

	for (i = 0; i < STREAM_MESSAGES; i++)
		text_done(stream->messages[i]);
	text_done(stream->whole);
}
