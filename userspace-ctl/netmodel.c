// SPDX-License-Identifier: GPL-2.0
#include <linux/nf_censor.h>

#include "netlink-knobs.h"
#include "netmodel.h"

static void put_knobs(struct nlmsghdr *message, const struct censor_knob *knobs, u32 n,
		      const void *model)
{
	for (; n; n--, knobs++)
		mnl_attr_put(message, knobs->type, knobs->size, (const u8 *)model + knobs->at);
}

static void put_nest(struct nlmsghdr *message, u16 type, const struct censor_knob *knobs, u32 n,
		     const void *model)
{
	struct nlattr *nest = mnl_attr_nest_start(message, type);

	put_knobs(message, knobs, n, model);
	mnl_attr_nest_end(message, nest);
}

void netmodel_put_tcp(struct nlmsghdr *message, const struct censor_tcp_model *model)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_POLICY_TCP);

	if (model->name[0])
		mnl_attr_put_strz(message, NF_CENSOR_A_TCP_MODEL_NAME, model->name);
	put_knobs(message, censor_tcp_knobs, ARRAY_SIZE(censor_tcp_knobs), model);
	put_nest(message, NF_CENSOR_A_TCP_MODEL_RESYNC, censor_resync_knobs,
		 ARRAY_SIZE(censor_resync_knobs), model);
	put_nest(message, NF_CENSOR_A_TCP_MODEL_TEARDOWN, censor_teardown_knobs,
		 ARRAY_SIZE(censor_teardown_knobs), model);
	mnl_attr_nest_end(message, nest);
}

void netmodel_put_ip(struct nlmsghdr *message, const struct censor_ip_model *model)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_POLICY_IP);

	if (model->name[0])
		mnl_attr_put_strz(message, NF_CENSOR_A_IP_MODEL_NAME, model->name);
	put_knobs(message, censor_ip_knobs, ARRAY_SIZE(censor_ip_knobs), model);
	mnl_attr_nest_end(message, nest);
}

void netmodel_put_detect(struct nlmsghdr *message, const struct censor_detect_model *model)
{
	struct nlattr *nest = mnl_attr_nest_start(message, NF_CENSOR_A_POLICY_DETECT);

	if (model->name[0])
		mnl_attr_put_strz(message, NF_CENSOR_A_DETECT_MODEL_NAME, model->name);
	put_knobs(message, censor_detect_knobs, ARRAY_SIZE(censor_detect_knobs), model);
	mnl_attr_nest_end(message, nest);
}

/* Return: whether one of them is not as it was. */
static bool read_knobs(const struct nlattr **parts, const struct censor_knob *knobs, u32 n,
		       void *model)
{
	bool changed = false;

	for (; n; n--, knobs++) {
		const struct nlattr *attr = parts[knobs->type];
		u8 *at = (u8 *)model + knobs->at;

		if (!attr || mnl_attr_get_payload_len(attr) < knobs->size)
			continue;
		changed |= memcmp(at, mnl_attr_get_payload(attr), knobs->size) != 0;
		memcpy(at, mnl_attr_get_payload(attr), knobs->size);
	}
	return changed;
}

static bool read_resync(const struct nlattr *nest, struct censor_tcp_model *model)
{
	const struct nlattr *parts[NF_CENSOR_A_RESYNC_MAX + 1];

	netlink_nested(nest, parts, NF_CENSOR_A_RESYNC_MAX);
	return read_knobs(parts, censor_resync_knobs, ARRAY_SIZE(censor_resync_knobs), model);
}

static bool read_teardown(const struct nlattr *nest, struct censor_tcp_model *model)
{
	const struct nlattr *parts[NF_CENSOR_A_TEARDOWN_MAX + 1];

	netlink_nested(nest, parts, NF_CENSOR_A_TEARDOWN_MAX);
	return read_knobs(parts, censor_teardown_knobs, ARRAY_SIZE(censor_teardown_knobs), model);
}

bool netmodel_read_tcp(const struct nlattr *nest, struct censor_tcp_model *model)
{
	const struct nlattr *parts[NF_CENSOR_A_TCP_MODEL_MAX + 1];
	bool changed;

	netlink_nested(nest, parts, NF_CENSOR_A_TCP_MODEL_MAX);
	censor_tcp_default(model);
	snprintf(model->name, sizeof(model->name), "%s",
		 netlink_string(parts[NF_CENSOR_A_TCP_MODEL_NAME], ""));
	changed = model->name[0];
	changed |= read_knobs(parts, censor_tcp_knobs, ARRAY_SIZE(censor_tcp_knobs), model);
	if (parts[NF_CENSOR_A_TCP_MODEL_RESYNC])
		changed |= read_resync(parts[NF_CENSOR_A_TCP_MODEL_RESYNC], model);
	if (parts[NF_CENSOR_A_TCP_MODEL_TEARDOWN])
		changed |= read_teardown(parts[NF_CENSOR_A_TCP_MODEL_TEARDOWN], model);
	return changed;
}

bool netmodel_read_ip(const struct nlattr *nest, struct censor_ip_model *model)
{
	const struct nlattr *parts[NF_CENSOR_A_IP_MODEL_MAX + 1];
	bool changed;

	netlink_nested(nest, parts, NF_CENSOR_A_IP_MODEL_MAX);
	censor_ip_default(model);
	snprintf(model->name, sizeof(model->name), "%s",
		 netlink_string(parts[NF_CENSOR_A_IP_MODEL_NAME], ""));
	changed = model->name[0];
	changed |= read_knobs(parts, censor_ip_knobs, ARRAY_SIZE(censor_ip_knobs), model);
	return changed;
}

bool netmodel_read_detect(const struct nlattr *nest, struct censor_detect_model *model)
{
	const struct nlattr *parts[NF_CENSOR_A_DETECT_MODEL_MAX + 1];
	bool changed;

	netlink_nested(nest, parts, NF_CENSOR_A_DETECT_MODEL_MAX);
	censor_detect_default(model);
	snprintf(model->name, sizeof(model->name), "%s",
		 netlink_string(parts[NF_CENSOR_A_DETECT_MODEL_NAME], ""));
	changed = model->name[0];
	changed |= read_knobs(parts, censor_detect_knobs, ARRAY_SIZE(censor_detect_knobs), model);
	return changed;
}
