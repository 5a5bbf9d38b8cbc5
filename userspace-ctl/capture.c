// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture.h"

#define READ_BUFFER	(1 << 20)
#define SECOND		1000000000ull
#define CLOCK_SET_BACK	(10 * SECOND)	/* a step back of more than this is a clock that was set */

#define READS	"Ethernet, raw IP, Linux cooked (SLL, SLL2) and BSD loopback"

static int __attribute__((format(printf, 2, 3)))
refuse(struct capture *capture, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(capture->reason, sizeof(capture->reason), format, args);
	va_end(args);
	return -1;
}

static int refuse_link(struct capture *capture, int link)
{
	const char *name = pcap_datalink_val_to_name(link);
	const char *what = pcap_datalink_val_to_description(link);

	if (!name)
		return refuse(capture, "its link type %d is not known; what is read: " READS, link);
	return refuse(capture, "its link type %s (%s) is not read; what is: " READS, name,
		      what ? what : "");
}

/*
 * The first bytes tell what libpcap does not: whether a pcap counts nanoseconds, and the usual
 * wrappings in which a capture comes. They are put back: they were read a moment ago, so stdio
 * has them in its buffer.
 */
static int look_at_magic(struct capture *capture)
{
	u8 magic[4];
	size_t n = fread(magic, 1, sizeof(magic), capture->file);
	size_t i;

	if (n == 0 && ferror(capture->file))
		return refuse(capture, "cannot be read: %s", strerror(errno));
	if (n == 0)
		return refuse(capture, "it is empty; a capture begins with a header of 24 bytes");
	for (i = n; i > 0; i--)
		if (ungetc(magic[i - 1], capture->file) == EOF)
			return refuse(capture, "cannot be read from its beginning");
	if (n < sizeof(magic))
		return refuse(capture, "it is cut after %zu bytes, within its header", n);
	if (magic[0] == 0x1f && magic[1] == 0x8b)
		return refuse(capture, "it is compressed; try: zcat FILE | censorctl explain POLICY -");
	if (!memcmp(magic, "\x28\xb5\x2f\xfd", 4))
		return refuse(capture, "it is compressed; try: zstdcat FILE | censorctl explain POLICY -");
	if (!memcmp(magic, "\xfd" "7zX", 4))
		return refuse(capture, "it is compressed; try: xzcat FILE | censorctl explain POLICY -");
	/* A pcapng states its resolution for each interface, often nanoseconds: lose none. */
	capture->nano = !memcmp(magic, "\xa1\xb2\x3c\x4d", 4) ||
			!memcmp(magic, "\x4d\x3c\xb2\xa1", 4) ||
			!memcmp(magic, "\x0a\x0d\x0d\x0a", 4);
	return 0;
}

int capture_open(struct capture *capture, const char *path)
{
	char error[PCAP_ERRBUF_SIZE] = "";
	struct stat st;

	memset(capture, 0, sizeof(*capture));
	capture->path = path;
	if (!strcmp(path, "-"))
		capture->file = stdin;
	else
		capture->file = fopen(path, "rb");
	if (!capture->file)
		return refuse(capture, "cannot be opened: %s", strerror(errno));
	if (!fstat(fileno(capture->file), &st)) {
		if (S_ISDIR(st.st_mode)) {
			refuse(capture, "it is a directory, not a capture");
			goto close;
		}
		if (S_ISREG(st.st_mode))
			capture->size = st.st_size;
	}
	setvbuf(capture->file, NULL, _IOFBF, READ_BUFFER);
	if (look_at_magic(capture))
		goto close;
	capture->pcap = pcap_fopen_offline_with_tstamp_precision(capture->file,
								 PCAP_TSTAMP_PRECISION_NANO,
								 error);
	if (!capture->pcap) {
		refuse(capture, "not a capture that can be read (pcap or pcapng): %s", error);
		goto close;
	}
	capture->link = pcap_datalink(capture->pcap);
	if (!outer_link(capture->link)) {
		refuse_link(capture, capture->link);
		goto close;
	}
	return 0;
close:
	capture_close(capture);
	return -1;
}

void capture_close(struct capture *capture)
{
	if (capture->pcap)
		pcap_close(capture->pcap);	/* closes the file, unless it is stdin */
	else if (capture->file && capture->file != stdin)
		fclose(capture->file);
	capture->pcap = NULL;
	capture->file = NULL;
}

u64 capture_position(const struct capture *capture)
{
	off_t at = ftello(capture->file);

	return at < 0 ? 0 : (u64)at;
}

/* Any 64 bits can stand in a capture: what is no time becomes the nearest that is. */
static u64 timestamp(const struct pcap_pkthdr *header)
{
	s64 seconds = header->ts.tv_sec;
	s64 nanoseconds = header->ts.tv_usec;	/* as the capture was opened for nanoseconds */

	if (seconds < 0)
		return 0;
	if (seconds > (s64)(UINT64_MAX / 2 / SECOND))
		seconds = UINT64_MAX / 2 / SECOND;
	if (nanoseconds < 0)
		nanoseconds = 0;
	if (nanoseconds >= (s64)SECOND)
		nanoseconds = SECOND - 1;
	return (u64)seconds * SECOND + (u64)nanoseconds;
}

/*
 * Captures of several queues or interfaces are a little out of order: there the clock waits until
 * time has caught up. A clock that was set back while the capture ran, or two captures joined the
 * wrong way round, would stop it for good: from there on it goes on at the capture's pace.
 */
static u64 capture_clock(struct capture *capture, u64 time)
{
	u64 now = time + capture->offset;

	if (now < capture->latest) {
		if (capture->latest - now > CLOCK_SET_BACK)
			capture->offset += capture->latest - now;
		now = capture->latest;
	}
	capture->latest = now;
	return now;
}

static int read_failed(struct capture *capture)
{
	unsigned long long frames = capture->frames;
	unsigned long long at = capture_position(capture);

	if (feof(capture->file)) {
		capture->cut = true;
		if (!at)
			return refuse(capture, "it is cut: it ends within packet %llu", frames + 1);
		return refuse(capture, "it is cut: it ends at byte %llu, within packet %llu", at,
			      frames + 1);
	}
	if (ferror(capture->file))
		return refuse(capture, "it cannot be read on after packet %llu: %s", frames,
			      strerror(errno));
	return refuse(capture, "it is damaged after packet %llu, near byte %llu: %s", frames, at,
		      pcap_geterr(capture->pcap));
}

int capture_next(struct capture *capture, struct capture_packet *packet)
{
	struct pcap_pkthdr *header;

	switch (pcap_next_ex(capture->pcap, &header, &packet->data)) {
	case 1:
		break;
	case PCAP_ERROR_BREAK:
		return 0;
	default:
		return read_failed(capture);
	}
	packet->frame = ++capture->frames;
	packet->header = header;
	packet->time = timestamp(header);
	packet->now = capture_clock(capture, packet->time);
	packet->cap = header->caplen;
	/* A frame that says that it was shorter than what stands here lies. */
	packet->wire = max(header->len, header->caplen);
	packet->ip = outer_find(&packet->outer, capture->link, packet->data, &packet->cap,
				&packet->wire);
	return 1;
}
