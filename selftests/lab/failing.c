// SPDX-License-Identifier: GPL-2.0
/*
 * LD_PRELOAD=failing.so FAIL_SEND=K FAIL_NTH=N COMMAND: of the allocations that the kernel makes while
 * the command sends its K-th message, the N-th fails (Documentation/fault-injection). Says on the
 * standard error "failing: failed", "failing: only M" where there were fewer, or "failing: no such
 * message" at its end.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int sends;

static int number_of(const char *name)
{
	const char *value = getenv(name);

	return value ? atoi(value) : 0;
}

/* Return: what was left there before. */
static int set_nth(int nth)
{
	char text[16] = "";
	int fd = open("/proc/thread-self/fail-nth", O_RDWR), len, left;

	if (fd < 0) {
		perror("failing: /proc/thread-self/fail-nth");
		exit(2);
	}
	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		text[0] = '\0';
	left = atoi(text);
	len = snprintf(text, sizeof(text), "%d", nth);
	if (write(fd, text, (size_t)len) != len) {
		perror("failing: fail-nth");
		exit(2);
	}
	close(fd);
	return left;
}

ssize_t sendto(int fd, const void *buffer, size_t len, int flags, const struct sockaddr *to,
	       socklen_t to_len)
{
	ssize_t (*real)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
	int nth = number_of("FAIL_NTH"), left;
	ssize_t sent;

	*(void **)&real = dlsym(RTLD_NEXT, "sendto");
	if (++sends != number_of("FAIL_SEND"))
		return real(fd, buffer, len, flags, to, to_len);
	set_nth(nth);
	sent = real(fd, buffer, len, flags, to, to_len);
	left = set_nth(0);
	if (left)
		fprintf(stderr, "failing: only %d\n", nth - left);
	else
		fprintf(stderr, "failing: failed\n");
	return sent;
}

static void __attribute__((destructor)) end(void)
{
	if (sends < number_of("FAIL_SEND"))
		fprintf(stderr, "failing: no such message\n");
}
