// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/stat.h>

#include "captureout.h"
#include "engine/forge.h"

#define SECOND		1000000000ull

static int refuse(struct captureout *out, const char *what, const char *why)
{
	snprintf(out->reason, sizeof(out->reason), "%s%s%s", what, why ? ": " : "", why ? why : "");
	return -1;
}

/* Opening it to write would empty what is still to be read. */
static bool same_file(const char *path, const struct capture *capture)
{
	struct stat a, b;

	return !stat(path, &a) && !fstat(fileno(capture->file), &b) && S_ISREG(a.st_mode) &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int captureout_open(struct captureout *out, const char *path, const struct capture *like)
{
	memset(out, 0, sizeof(*out));
	out->nano = like->nano;
	if (same_file(path, like))
		return refuse(out, "it is the capture that is read; choose another name", NULL);
	out->file = fopen(path, "wb");
	if (!out->file)
		return refuse(out, "cannot be written", strerror(errno));
	out->pcap = pcap_open_dead_with_tstamp_precision(like->link,
							 max(pcap_snapshot(like->pcap), 65535),
							 like->nano ? PCAP_TSTAMP_PRECISION_NANO :
							 PCAP_TSTAMP_PRECISION_MICRO);
	if (out->pcap)
		out->dumper = pcap_dump_fopen(out->pcap, out->file);
	if (out->dumper)
		return 0;
	refuse(out, "cannot be written", out->pcap ? pcap_geterr(out->pcap) : strerror(ENOMEM));
	if (out->pcap)
		pcap_close(out->pcap);
	fclose(out->file);
	return -1;
}

static void dump(struct captureout *out, struct pcap_pkthdr header, const u8 *data)
{
	if (!out->nano)
		header.ts.tv_usec /= 1000;
	pcap_dump((u_char *)out->dumper, &header, data);
}

/* What was to go on, or to be sent, by now. */
static void catch_up(struct captureout *out, u64 now)
{
	struct pending_frame *frame;

	while ((frame = pending_take(&out->pending, now))) {
		dump(out, frame->header, frame->data);
		free(frame);
	}
}

/* A word is another now. RFC 1624: as wrong, if it was wrong, as it came. */
static void change_sum(u8 *field, u16 before, u16 after)
{
	u32 sum = (u16)~censor_get16(field) + (u16)~before + after;

	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	censor_put16(field, (u16)~sum);
}

/* @sum: a checksum around the packet, or NULL. IPv4's own leaves that as it is, adding up to 0. */
static void set_ttl(u8 *ip, u8 ttl, u8 *sum)
{
	bool six = ip[0] >> 4 == 6;
	u8 *word = ip + (six ? 6 : 8);
	u16 before = censor_get16(word);

	ip[six ? 7 : 8] = ttl;
	if (!six)
		change_sum(ip + 10, before, censor_get16(word));
	else if (sum)
		change_sum(sum, before, censor_get16(word));
}

/* A frame so long after the packet that is its reason. */
static void dump_later(struct captureout *out, const struct capture_packet *packet, u64 delay,
		       struct pcap_pkthdr header, const u8 *frame)
{
	if (!delay) {
		dump(out, header, frame);
		return;
	}
	header.ts.tv_sec = (time_t)((packet->time + delay) / SECOND);
	header.ts.tv_usec = (suseconds_t)((packet->time + delay) % SECOND);
	if (!pending_add(&out->pending, packet->now + delay, &header, frame))
		out->missed++;
}

void captureout_pass(struct captureout *out, const struct capture_packet *packet, u8 ttl,
		     u64 delay)
{
	u32 len = packet->header->caplen;
	const u8 *data = packet->data;

	catch_up(out, packet->now);
	if (ttl && packet->cap >= 20) {
		if (len > out->frame_room) {
			u8 *larger = realloc(out->frame, len);

			if (!larger) {
				out->missed++;
				return;
			}
			out->frame = larger;
			out->frame_room = len;
		}
		memcpy(out->frame, data, len);
		set_ttl(out->frame + packet->ip, ttl, outer_sum(&packet->outer, out->frame));
		data = out->frame;
	}
	dump_later(out, packet, delay, *packet->header, data);
}

/* A frame with the outer headers of another. Return: false if that can't be. */
static bool make_frame(const struct capture_packet *like, const u8 *ip, u32 len, bool back,
		       struct pcap_pkthdr *header, u8 *frame)
{
	if (like->ip > OUTER_MAX || len > CENSOR_FORGE_SIZE)
		return false;
	memcpy(frame, like->data, like->ip);
	memcpy(frame + like->ip, ip, len);
	outer_fit(&like->outer, frame, like->ip + len, back);
	*header = *like->header;
	header->caplen = like->ip + len;
	header->len = header->caplen;
	return true;
}

void captureout_rewrite(struct captureout *out, const struct capture_packet *packet,
			const u8 *ip, u32 len)
{
	u8 frame[OUTER_MAX + CENSOR_FORGE_SIZE];
	struct pcap_pkthdr header;

	catch_up(out, packet->now);
	if (!make_frame(packet, ip, len, false, &header, frame))
		return;
	dump(out, header, frame);
}

void captureout_inject(struct captureout *out, const struct capture_packet *trigger,
		       const u8 *ip, u32 len, bool back, u64 delay)
{
	u8 frame[OUTER_MAX + CENSOR_FORGE_SIZE];
	struct pcap_pkthdr header;

	catch_up(out, trigger->now);
	if (!make_frame(trigger, ip, len, back, &header, frame))
		return;
	dump_later(out, trigger, delay, header, frame);
}

int captureout_close(struct captureout *out)
{
	int error = 0;

	errno = 0;
	catch_up(out, UINT64_MAX);
	pending_free(&out->pending);
	free(out->frame);
	out->frame = NULL;
	if (fflush(out->file) || ferror(out->file))
		error = errno ? errno : EIO;
	pcap_dump_close(out->dumper);	/* closes the file */
	pcap_close(out->pcap);
	return error ? refuse(out, "was not written to its end", strerror(error)) : 0;
}
