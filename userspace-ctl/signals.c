// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "signals.h"

const char *signal_print(int number, char *buf)
{
	const char *name = sigabbrev_np(number);

	if (name)
		snprintf(buf, SIGNAL_SIZE, "SIG%s", name);
	else if (number == SIGRTMIN)
		snprintf(buf, SIGNAL_SIZE, "SIGRTMIN");
	else if (number > SIGRTMIN && number <= SIGRTMAX)
		snprintf(buf, SIGNAL_SIZE, "SIGRTMIN+%d", number - SIGRTMIN);
	else
		snprintf(buf, SIGNAL_SIZE, "signal %d", number);
	return buf;
}
