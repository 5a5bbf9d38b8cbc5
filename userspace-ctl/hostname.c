// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "hostname.h"

#define LABEL_MAX	63
#define NAME_MAX_LEN	251	/* of 253, so that "*." can stand before it */

bool host_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.';
}

static bool is_address(const char *name)
{
	struct in6_addr addr;

	return inet_pton(AF_INET, name, &addr) == 1 || inet_pton(AF_INET6, name, &addr) == 1;
}

/* What people write who mean the name in it. */
static const char *more_than_name(const char *name)
{
	if (strstr(name, "://"))
		return "it is a URL, and the name is only what is between its // and the next /";
	if (strchr(name, '@'))
		return "the name begins behind the @";
	if (strchr(name, '/'))
		return "the name ends before the /";
	if (strchr(name, ':'))
		return "the name ends before the :, certificates are for every port";
	if (!strncmp(name, "*.", 2))
		return "the names below it are meant, too, without \"*.\"";
	return NULL;
}

static const char *label_wrong(const char *label, size_t len)
{
	if (!len)
		return "it has a dot at an end, or two in a row";
	if (len > LABEL_MAX)
		return "a part of it is longer than 63 letters";
	if (*label == '-' || label[len - 1] == '-')
		return "a part of it begins or ends with \"-\"";
	return NULL;
}

const char *host_name_wrong(const char *name)
{
	const char *at, *label = name, *wrong;

	if (!*name)
		return "it is empty";
	if (is_address(name))
		return "it is an address";
	wrong = more_than_name(name);
	if (wrong)
		return wrong;
	for (at = name; *at; at++)
		if (!host_name_char(*at))
			return "a name has letters (a to z), digits, \"-\", \"_\" and dots";
	if (!strchr(name, '.'))
		return "it has no dot, and nobody believes a certificate for all that is below it";
	if (strlen(name) > NAME_MAX_LEN)
		return "it is longer than 251 letters, so names below it are longer than 253";
	for (at = name;; at++) {
		if (*at && *at != '.')
			continue;
		wrong = label_wrong(label, (size_t)(at - label));
		if (wrong || !*at)
			break;
		label = at + 1;
	}
	if (!wrong && strspn(label, "0123456789") == strlen(label))
		return "its last part is a number, as an address has it";
	return wrong;
}
