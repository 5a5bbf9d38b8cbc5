// SPDX-License-Identifier: GPL-2.0
/* Shaping while a policy is built: what a rule may ask for, and what the packet path gets. */
#include "adding.h"
#include "shape.h"

#define SECOND	1000000000ull

/*
 * A token bucket that is to slow a TCP connection down to its rate, and no further, has to keep
 * what the connection leaves unused while it waits for its retransmission timeout, 200 ms and more.
 * But what it keeps comes on top of the rate once: half a second of it are the 5 % of ten seconds
 * that a rate may be off. And with less than two packets there would be none to miss another by.
 * As selftests/unit/test-police.c measures it, of 128 kbit a connection gets 97 to 100 % so, and
 * 37 % where a quarter of this is kept.
 */
#define BURST_MS	400
#define BURST_LEAST	3072	/* bytes: two packets */

u32 censor_police_burst(u64 rate)
{
	u64 burst = censor_div64(min_t(u64, rate, CENSOR_RATE_MAX) * BURST_MS, 8 * 1000);

	/* As round as people write it. */
	burst = (burst + 512) & ~1023ull;
	return (u32)min_t(u64, max_t(u64, burst, BURST_LEAST), CENSOR_BURST_MAX);
}

static bool known_to(u8 to)
{
	return to && to <= CENSOR_TO_BOTH;
}

static int check_police(const struct censor_police *police, const char **why)
{
	if (police->rate < CENSOR_RATE_MIN || police->rate > CENSOR_RATE_MAX) {
		*why = "a rate is 8 bits to 10 gigabits a second, as in: police 16kbit";
		return -EINVAL;
	}
	if (police->burst < CENSOR_BURST_MIN || police->burst > CENSOR_BURST_MAX) {
		*why = "a burst is 64 bytes to 256 MB";
		return -EINVAL;
	}
	if (police->per >= CENSOR_PERS) {
		*why = "packets are policed per flow, per host or per rule";
		return -EINVAL;
	}
	return 0;
}

/* Who holds packets for long holds many, and with them what they stand on. */
static int check_hold(const struct censor_policy *pol, u16 delay, const char **why)
{
	const struct censor_delay *times;
	u32 i;

	if (!delay || delay > pol->n_delays) {
		*why = "there is no such delay";
		return -ENOENT;
	}
	times = &pol->delays[delay - 1];
	for (i = 0; i < times->n; i++) {
		if (times->point[i].us > CENSOR_HOLD_MAX) {
			*why = "a packet is delayed for 60 seconds at most, as in: delay 200ms";
			return -ERANGE;
		}
	}
	return 0;
}

static int check_mark(const struct censor_mark *mark, const char **why)
{
	if (!mark->mask) {
		*why = "a mask of 0 leaves every mark as it is";
		return -EINVAL;
	}
	if (mark->value & ~mark->mask) {
		*why = "a mark has bits that its mask leaves out";
		return -EINVAL;
	}
	return 0;
}

int censor_shape_check_rule(const struct censor_policy *pol, const struct censor_rule *rule,
			    const char **why)
{
	u32 do_ = rule->actions;

	if (rule->path == CENSOR_PATH_ON &&
	    do_ & (CENSOR_DO_POLICE | CENSOR_DO_LOSE | CENSOR_DO_DELAY)) {
		*why = "only a censor in the path can police, lose or delay what passes it";
		return -EINVAL;
	}
	if ((do_ & CENSOR_DO_POLICE && !known_to(rule->police.to)) ||
	    (do_ & CENSOR_DO_LOSE && !known_to(rule->lose.to)) ||
	    (do_ & CENSOR_DO_DELAY && !known_to(rule->hold.to))) {
		*why = "packets to client, to server or to both are policed, lost or delayed";
		return -EINVAL;
	}
	if (do_ & CENSOR_DO_LOSE && (!rule->lose.chance || rule->lose.chance > CENSOR_CERTAIN)) {
		*why = "packets are lost with a probability above 0 % and up to 100 %";
		return -EINVAL;
	}
	if (do_ & CENSOR_DO_DELAY) {
		int err = check_hold(pol, rule->hold.delay, why);

		if (err)
			return err;
	}
	if (rule->sample > CENSOR_CERTAIN) {
		*why = "a sample is of up to 100 %";
		return -EINVAL;
	}
	if (rule->sample && !(do_ & CENSOR_DO_LOG)) {
		*why = "sample goes with log: log sample 1%";
		return -EINVAL;
	}
	if (do_ & CENSOR_DO_MARK && check_mark(&rule->mark, why))
		return -EINVAL;
	return do_ & CENSOR_DO_POLICE ? check_police(&rule->police, why) : 0;
}

void censor_shape_seal_rule(struct censor_policy *pol, struct censor_rule *rule)
{
	struct censor_police *police = &rule->police;
	u32 n = 0;

	if (!(rule->actions & CENSOR_DO_POLICE))
		return;
	police->step = censor_div64((8 * SECOND << 16) + police->rate / 2, police->rate);
	if (police->per == CENSOR_PER_RULE)
		n = 2;
	else if (police->per == CENSOR_PER_HOST)
		n = 2 * CENSOR_HOSTS;
	police->buckets = pol->n_buckets;
	pol->n_buckets += n;
}
