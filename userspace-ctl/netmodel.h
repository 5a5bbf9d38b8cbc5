/* SPDX-License-Identifier: GPL-2.0 */
/* Models of TCP, IP and detection as attributes. */
#ifndef _CENSORCTL_NETMODEL_H
#define _CENSORCTL_NETMODEL_H

#include "engine/model.h"
#include "netlink.h"

/** netmodel_put_tcp() - all of a model, into a message that has room */
void netmodel_put_tcp(struct nlmsghdr *message, const struct censor_tcp_model *model);
void netmodel_put_ip(struct nlmsghdr *message, const struct censor_ip_model *model);
void netmodel_put_detect(struct nlmsghdr *message, const struct censor_detect_model *model);

/**
 * netmodel_read_tcp() - what the nest says, the rest as it is by default
 * Return: whether it is another model than the default.
 */
bool netmodel_read_tcp(const struct nlattr *nest, struct censor_tcp_model *model);
bool netmodel_read_ip(const struct nlattr *nest, struct censor_ip_model *model);
bool netmodel_read_detect(const struct nlattr *nest, struct censor_detect_model *model);

#endif
