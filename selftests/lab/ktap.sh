# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Test results in KTAP, by the names and exit statuses that kselftest uses. To be sourced.
#
#	ktap_print_header; ktap_set_plan 2
#	ktap_test_result "the page loads" curl -sf http://example.com/
#	ktap_test_skip "the other thing # no such tool"
#	ktap_finished

# shellcheck disable=SC2034 # for those who source this
KSFT_PASS=0
KSFT_FAIL=1
KSFT_SKIP=4

ktap_count=0
ktap_failed=0
ktap_skipped=0
ktap_plan=

ktap_print_header()
{
	echo "TAP version 13"
}

ktap_set_plan()	# COUNT
{
	ktap_plan=$1
	echo "1..$1"
}

ktap_print_msg()	# TEXT
{
	printf '%s\n' "$*" | sed 's/^/# /'
}

ktap_skip_all()	# REASON
{
	echo "1..0 # SKIP $*"
	exit "$KSFT_SKIP"
}

ktap_test_pass()	# DESCRIPTION
{
	ktap_count=$((ktap_count + 1))
	echo "ok $ktap_count $*"
}

ktap_test_fail()	# DESCRIPTION
{
	ktap_count=$((ktap_count + 1))
	ktap_failed=$((ktap_failed + 1))
	echo "not ok $ktap_count $*"
}

ktap_test_skip()	# DESCRIPTION REASON
{
	ktap_count=$((ktap_count + 1))
	ktap_skipped=$((ktap_skipped + 1))
	echo "ok $ktap_count $1 # SKIP ${2:-}"
}

# Pass if the command succeeds; what it said is shown if it does not.
ktap_test_result()	# DESCRIPTION COMMAND...
{
	ktap_description=$1
	shift
	ktap_status=0
	ktap_output=$("$@" 2>&1) || ktap_status=$?
	if [ "$ktap_status" -eq 0 ]; then
		ktap_test_pass "$ktap_description"
		return
	fi
	ktap_print_msg "exit status $ktap_status of: $*"
	[ -z "$ktap_output" ] || ktap_print_msg "$ktap_output"
	ktap_test_fail "$ktap_description"
}

# Pass if the text holds the pattern of a case.
ktap_test_match()	# DESCRIPTION PATTERN TEXT
{
	# shellcheck disable=SC2254 # a pattern it shall be
	case $3 in
	$2)	ktap_test_pass "$1" ;;
	*)
		ktap_print_msg "expected: $2"
		ktap_print_msg "got: $3"
		ktap_test_fail "$1" ;;
	esac
}

# The end of a test program: a plan not kept is a failure too.
ktap_finished()
{
	ktap_print_msg "Totals: pass:$((ktap_count - ktap_failed - ktap_skipped))" \
		"fail:$ktap_failed skip:$ktap_skipped"
	if [ -n "$ktap_plan" ] && [ "$ktap_count" -ne "$ktap_plan" ]; then
		ktap_print_msg "planned $ktap_plan tests, ran $ktap_count"
		exit "$KSFT_FAIL"
	fi
	[ "$ktap_failed" -eq 0 ] || exit "$KSFT_FAIL"
	if [ "$ktap_count" -gt 0 ] && [ "$ktap_skipped" -eq "$ktap_count" ]; then
		exit "$KSFT_SKIP"
	fi
	exit "$KSFT_PASS"
}
