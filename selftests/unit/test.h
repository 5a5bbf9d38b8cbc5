/* SPDX-License-Identifier: GPL-2.0 */
/* What cmocka wants included before it, and cmocka. */
#ifndef _CENSOR_TEST_H
#define _CENSOR_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

/* A call that must succeed; its reason is printed where it doesn't. */
#define assert_done(call)							\
	do {									\
		const char *why = "no reason given";				\
		int result = (call);						\
										\
		if (result < 0)							\
			fail_msg("%s: %d: %s", #call, result, why);		\
	} while (0)

/* A call that must fail with an error and a reason. */
#define assert_refused(call, error)						\
	do {									\
		const char *why = NULL;						\
		int result = (call);						\
										\
		if (result != -(error))						\
			fail_msg("%s: %d (%s), not %d", #call, result,		\
				 why ? why : "no reason", -(error));		\
		assert_non_null(why);						\
		assert_true(*why);						\
	} while (0)

/* Say why there is no test, at its end. In TAP cmocka's own skip() says "not ok", and prove then fails. */
#define left_out(why)	print_message("# left out: %s\n", why)

#endif
