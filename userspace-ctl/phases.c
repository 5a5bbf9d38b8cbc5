// SPDX-License-Identifier: GPL-2.0
/* The phases of the policy in force, asked of the kernel and switched there. */
#include <linux/genetlink.h>
#include <linux/nf_censor.h>
#include <stdio.h>

#include "ast.h"
#include "dates.h"
#include "json.h"
#include "jsonshape.h"
#include "memory.h"
#include "netshape.h"
#include "phases.h"
#include "value.h"

void phases_read(const struct nlmsghdr *message, struct phases *phases)
{
	const struct nlattr *table[NF_CENSOR_A_POLICY_MAX + 1], *attr;

	netlink_attrs(message, table, NF_CENSOR_A_POLICY_MAX);
	/* An answer to a switch says only what can have changed. */
	if (table[NF_CENSOR_A_POLICY_NAME])
		snprintf(phases->policy, sizeof(phases->policy), "%s",
			 netlink_string(table[NF_CENSOR_A_POLICY_NAME], ""));
	phases->generation = netlink_u32(table[NF_CENSOR_A_POLICY_GENERATION]);
	phases->switches = netlink_u32(table[NF_CENSOR_A_POLICY_SWITCHES]);
	phases->now = -1;
	if (table[NF_CENSOR_A_POLICY_PHASE_INDEX])
		phases->now = netlink_u8(table[NF_CENSOR_A_POLICY_PHASE_INDEX]);
	if (table[NF_CENSOR_A_POLICY_WALL])
		phases->wall = (s64)netlink_u64(table[NF_CENSOR_A_POLICY_WALL]);
	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == NF_CENSOR_A_POLICY_PHASE &&
		    phases->n < CENSOR_PHASES_MAX)
			netshape_read_phase(attr, &phases->phases[phases->n++]);
}

static void read_get(const struct nlmsghdr *message, void *data)
{
	phases_read(message, data);
}

int phases_get(struct netlink *netlink, struct phases *phases)
{
	char buffer[64] __attribute__((__aligned__(8)));
	int err;

	memset(phases, 0, sizeof(*phases));
	phases->now = -1;
	err = netlink_request(netlink, netlink_message(netlink, buffer, NF_CENSOR_CMD_PHASE_GET,
						       NLM_F_ACK), read_get, phases);
	if (phases->now >= (int)phases->n)
		phases->now = -1;
	return err;
}

int phases_set(struct netlink *netlink, struct phases *phases, int index, const s64 *wall)
{
	char buffer[128] __attribute__((__aligned__(8)));
	struct nlmsghdr *message = netlink_message(netlink, buffer, NF_CENSOR_CMD_PHASE_SET,
						   NLM_F_ACK);

	if (index >= 0)
		mnl_attr_put_u8(message, NF_CENSOR_A_POLICY_PHASE_INDEX, index);
	mnl_attr_put_u32(message, NF_CENSOR_A_POLICY_GENERATION, phases->generation);
	if (wall)
		mnl_attr_put_u64(message, NF_CENSOR_A_POLICY_WALL, (u64)*wall);
	return netlink_request(netlink, message, read_get, phases);
}

static const char *next_phase(const void *from, u32 i)
{
	const struct phases *phases = from;

	return i < phases->n ? phases->phases[i].name : NULL;
}

/* "july, august and september" into @buf */
static const char *known(const struct phases *phases, char *buf, size_t size)
{
	size_t len = 0;
	u32 i;

	*buf = '\0';
	for (i = 0; i < phases->n && len < size; i++)
		len += snprintf(buf + len, size - len, "%s%s",
				!i ? "" : i + 1 < phases->n ? ", " : " and ",
				phases->phases[i].name);
	return buf;
}

int phases_find(const struct command *command, const struct phases *phases, const char *name)
{
	char names[CENSOR_PHASES_MAX * (CENSOR_NAME_MAX + 4)];
	const char *near;
	u32 i;

	for (i = 0; i < phases->n; i++)
		if (!strcmp(phases->phases[i].name, name))
			return i;
	near = nearest(name, strlen(name), next_phase, phases);
	if (!phases->n)
		command_failed(command, "the policy %s has no phases, so there is none \"%s\"",
			       phases->policy, name);
	else if (near)
		command_failed(command, "the policy %s has no phase \"%s\"; did you mean \"%s\"? It has %s",
			       phases->policy, name, near, known(phases, names, sizeof(names)));
	else
		command_failed(command, "the policy %s has no phase \"%s\"; it has %s",
			       phases->policy, name, known(phases, names, sizeof(names)));
	return -1;
}

int phases_first(const struct command *command, const struct policy_ast *ast, const char *name)
{
	struct phases phases = {};
	u32 i;

	if (!name)
		return 0;
	snprintf(phases.policy, sizeof(phases.policy), "%s", ast->name);
	for (i = 0; i < ast->n_phases && i < CENSOR_PHASES_MAX; i++)
		snprintf(phases.phases[i].name, CENSOR_NAME_MAX, "%s", ast->phases[i].name);
	phases.n = i;
	return phases_find(command, &phases, name);
}

json_t *phases_json(const struct phases *phases)
{
	json_t *array = json_array(), *object;
	char date[DATE_SIZE];
	u32 i;

	for (i = 0; i < phases->n; i++)
		json_array_append_new(array, json_of_phase(phases->phases[i].name,
							   &phases->phases[i]));
	object = json_pack("{s:o, s:I, s:o, s:I}",
			   "policy", phases->generation ? json_text(phases->policy) : json_null(),
			   "generation", (json_int_t)phases->generation,
			   "phase", phases->now < 0 ? json_null() :
				    json_text(phases->phases[phases->now].name),
			   "switches", (json_int_t)phases->switches);
	if (phases->generation)
		json_object_set_new(object, "wall",
				    json_string(date_print_full(phases->wall, date)));
	json_object_set_new(object, "phases", array);
	return object;
}

json_t *phases_json_switch(const struct phases *phases)
{
	const struct censor_phase *phase = phases->phases;
	char date[DATE_SIZE];

	return json_pack("{s:o, s:o, s:I, s:o, s:s}", "phase", json_text(phase->name),
			 "title", *phase->title ? json_text(phase->title) : json_null(),
			 "switches", (json_int_t)phases->switches,
			 "policy", json_text(phases->policy),
			 "date", date_print_full(phases->wall, date));
}
