// SPDX-License-Identifier: GPL-2.0
/* Captures as mkcap and explain -w write them, read without libpcap: it takes long to start. */
#include <stdlib.h>
#include <string.h>

#include "mkcap.h"

#define MAGIC_US	0xa1b2c3d4
#define MAGIC_NS	0xa1b23c4d
#define ETHERNET	1

static uint32_t word(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return v;
}

struct frame *read_capture(const char *path, size_t *n)
{
	struct frame *frames = NULL;
	uint8_t head[24], record[16];
	bool nano;
	FILE *in = fopen(path, "rb");

	*n = 0;
	if (!in || fread(head, 1, 24, in) != 24 || word(head + 20) != ETHERNET ||
	    (word(head) != MAGIC_US && word(head) != MAGIC_NS)) {
		fprintf(stderr, "%s: no Ethernet capture\n", path);
		exit(1);
	}
	nano = word(head) == MAGIC_NS;
	while (fread(record, 1, 16, in) == 16) {
		uint32_t len = word(record + 8);
		struct frame *frame;

		if (len > MKCAP_PACKET)
			break;
		frames = realloc(frames, (*n + 1) * sizeof(*frames));
		frame = frames ? &frames[*n] : NULL;
		if (frame)
			frame->data = malloc(len + 1);
		if (!frame || !frame->data || fread(frame->data, 1, len, in) != len) {
			fprintf(stderr, "%s: cut off, or too long\n", path);
			exit(1);
		}
		frame->time_ns = word(record) * 1000000000ull + word(record + 4) * (nano ? 1 : 1000);
		frame->len = len;
		(*n)++;
	}
	fclose(in);
	return frames;
}
