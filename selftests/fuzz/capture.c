// SPDX-License-Identifier: GPL-2.0
/*
 * Captures through the offline host, for libFuzzer: an input is a pcap or pcapng file. All of it is
 * judged by a policy that has everything, and what the policy sends is forged.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"
#include "hostile.h"
#include "offline.h"
#include "holds.h"

#define FLOWS	32

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static struct censor_policy *policies[HOSTILE_VARIANTS];

static void forge(struct offline *host)
{
	struct censor_flow *flow = host->flow ? &host->flow->engine : NULL;
	struct censor_forger forger;
	u8 buf[CENSOR_FORGE_SIZE];
	u32 packets = 0;

	censor_forge_start(&forger, host->policy, flow, &host->view, &host->ctx);
	while (censor_forge_next(&forger, buf))
		check(++packets <= CENSOR_SENT_MAX);
	if (host->fate.rewrite)
		check(censor_forge_rewrite(&host->view, host->fate.rewrite, buf));
}

/* What is said of it, with and without enough room. */
static void tell(const struct offline *host)
{
	char words[200];
	u32 i, room;

	censor_note_text(host->ctx.note);
	for (i = 0; i < host->ctx.n_matches; i++) {
		const struct censor_match *match = &host->ctx.matches[i];

		room = 1 + (u32)(host->now % sizeof(words));
		check(censor_actions_print(host->policy, match, words, room) < room);
		check(memchr(words, '\0', room));
	}
}

static void judge(struct capture *capture, struct censor_policy *policy)
{
	struct flow_report report = { .policy = policy, .evidence = true, .json = capture->nano };
	struct capture_packet packet;
	static struct offline host;
	static FILE *nowhere;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	check(!offline_init(&host, policy, 0, FLOWS, &report));
	while (capture_next(capture, &packet) == 1) {
		check(packet.ip + packet.cap <= packet.header->caplen);
		check(packet.cap <= packet.wire);
		if (offline_judge(&host, &packet) != OFFLINE_JUDGED)
			continue;
		forge(&host);
		tell(&host);
	}
	check(!offline_finish(&host));
	check(!flow_report_begin(&report, nowhere));
	offline_free(&host);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 variant = size ? data[size - 1] % HOSTILE_VARIANTS : 0;
	int file = memfd_create("capture", MFD_CLOEXEC);
	struct capture capture;
	char path[64];

	check(file >= 0 && write(file, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	if (!capture_open(&capture, path)) {
		if (!policies[variant])
			policies[variant] = hostile_policy(variant);
		judge(&capture, policies[variant]);
		capture_close(&capture);
	}
	close(file);
	return 0;
}
