// SPDX-License-Identifier: GPL-2.0
#include <linux/genetlink.h>
#include <linux/nf_censor.h>
#include <stdio.h>

#include "counters.h"
#include "json.h"
#include "jsonshape.h"
#include "memory.h"
#include "netshape.h"

#define COUNTERS_TRIES	10

static void read_rule(struct listing *listing, const struct nlattr *nest)
{
	const struct nlattr *parts[NF_CENSOR_A_RULE_MAX + 1];
	struct rule_counters *line;

	netlink_nested(nest, parts, NF_CENSOR_A_RULE_MAX);
	memory_grow(listing->rules, listing->n, listing->room);
	line = &listing->rules[listing->n++];
	snprintf(line->name, sizeof(line->name), "%s",
		 netlink_string(parts[NF_CENSOR_A_RULE_NAME], ""));
	netshape_read_counters(parts, &line->counters);
}

static void read_rules(const struct nlmsghdr *message, void *data)
{
	struct listing *listing = data;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == NF_CENSOR_A_POLICY_GENERATION)
			listing->generation = netlink_u32(attr);
		else if (mnl_attr_get_type(attr) == NF_CENSOR_A_POLICY_RULE)
			read_rule(listing, attr);
	}
}

int counters_get(struct netlink *netlink, struct phases *phases, struct listing *listing)
{
	char buffer[64] __attribute__((__aligned__(8)));
	int try, err;

	for (try = 0; try < COUNTERS_TRIES; try++) {
		listing->n = 0;
		listing->generation = 0;
		err = phases_get(netlink, phases);
		if (!err)
			err = netlink_request(netlink,
					      netlink_message(netlink, buffer,
							      NF_CENSOR_CMD_RULES_GET,
							      NLM_F_DUMP), read_rules, listing);
		if (err)
			return err;
		/* A policy without rules says nothing in the dump. */
		if (!netlink->interrupted &&
		    (listing->generation == phases->generation || !listing->n))
			return 0;
	}
	snprintf(netlink->error, sizeof(netlink->error),
		 "the policy was replaced again and again meanwhile");
	return -EAGAIN;
}

json_t *counters_json(const struct phases *phases, const struct listing *listing)
{
	json_t *rules = json_array(), *rule;
	u32 i;

	for (i = 0; i < listing->n; i++) {
		rule = json_pack("{s:o}", "rule", json_text(listing->rules[i].name));
		json_set_counters(rule, &listing->rules[i].counters);
		json_array_append_new(rules, rule);
	}
	return json_pack("{s:o, s:o, s:o}",
			 "policy", phases->generation ? json_text(phases->policy) : json_null(),
			 "phase", phases->now < 0 ? json_null() :
				  json_text(phases->phases[phases->now].name),
			 "rules", rules);
}
