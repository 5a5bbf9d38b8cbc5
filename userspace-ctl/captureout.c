// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/stat.h>

#include "captureout.h"
#include "engine/forge.h"

#define HEAD_MAX	64	/* the longest link-layer header that find_ip() steps over is 22 bytes */

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
	out->link = like->link;
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

void captureout_pass(struct captureout *out, const struct capture_packet *packet)
{
	dump(out, *packet->header, packet->data);
	out->passed++;
}

void captureout_inject(struct captureout *out, const struct capture_packet *trigger,
		       const u8 *ip, u32 len, bool back)
{
	struct pcap_pkthdr header = *trigger->header;
	u8 frame[HEAD_MAX + CENSOR_FORGE_SIZE];

	if (trigger->ip > HEAD_MAX || len > CENSOR_FORGE_SIZE)
		return;
	memcpy(frame, trigger->data, trigger->ip);
	memcpy(frame + trigger->ip, ip, len);
	if (back)
		capture_reverse(out->link, frame, trigger->ip);
	header.caplen = trigger->ip + len;
	header.len = header.caplen;
	dump(out, header, frame);
	out->injected++;
}

int captureout_close(struct captureout *out)
{
	int error = 0;

	errno = 0;
	if (fflush(out->file) || ferror(out->file))
		error = errno ? errno : EIO;
	pcap_dump_close(out->dumper);	/* closes the file */
	pcap_close(out->pcap);
	return error ? refuse(out, "was not written to its end", strerror(error)) : 0;
}
