#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Real clients of each protocol that is said to be recognised: what they say on the wire is called by
# its name in the flow report, a policy of one rule blocks them, and ordinary ones pass where every
# detector is armed and only VPNs are banned.
#
#	real.sh [NAME...]	default: all of real/*.sh, see real.lib

# shellcheck disable=SC2154 # real_protocol and others come from real/NAME.sh
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"
# shellcheck source=real.lib
. "$(dirname "$0")/real.lib"

# How often rules with this action matched.
hits()	# ACTION
{
	censorctl list -j --hits -n "$lab_censor" |
		jq --arg action "$1" '[.rules[] | select(.do[$action]) | .hits] | add // 0'
}

reported()	# CAPTURE
{
	censorctl explain -j --flows "$1" | jq -r '.protocol, .evidence[].protocol' | sort -u | tr '\n' ' '
}

blocked()	# NAME
{
	printf 'censor blocked {\n\tinside 192.0.2.0/24, 2001:db8:1::/48\n\t%s\n\trule r { proto %s } drop\n}\n' \
		"$real_detect" "$real_protocol" >"$lab_folder/blocked.policy"
	censor_load "$lab_folder/blocked.policy"
	# Enough for one that works, as the next test shows.
	seconds=$((real_took + real_took / 2 + 2))
	if real_works $seconds; then
		ktap_test_fail "$1: blocked by proto $real_protocol"
	else
		ktap_test_pass "$1: blocked by proto $real_protocol"
	fi
	ktap_test_match "$1: that rule matched" "[1-9]*" "$(hits drop)"
	censor_flush
}

ordinary()	# NAME
{
	censor_load "$lab_source/real/banned.policy"
	works "$1: passes where VPNs are banned" $seconds
	ktap_test_match "$1: and is seen as something else" "0 [1-9]*" "$(hits drop) $(hits log)"
	censor_flush
}

works()	# DESCRIPTION [SECONDS]
{
	real_description=$1
	shift
	if real_works "$@"; then
		ktap_test_pass "$real_description"
	else
		ktap_print_msg "$(tail -n 20 "$real_client_log" "$real_server_log")"
		ktap_test_fail "$real_description"
		return 1
	fi
}

one()	# NAME
{
	if ! real_begin 60; then
		ktap_print_msg "$(tail -n 20 "$real_server_log")"
		ktap_test_fail "$1: its server starts"
		return
	fi
	lab_capture "$lab_censor" inside "$lab_folder/packets" "$real_filter"
	works "$1: works without a policy"
	lab_capture_stop
	ktap_print_msg "$1: took $real_took s"
	ktap_test_match "$1: reported as $real_protocol" "* $real_protocol *" \
		" $(reported "$lab_folder/packets")"
	blocked "$1"
	works "$1: works again without it" $seconds
	[ -z "$real_ordinary" ] || ordinary "$1"
}

if [ $# -eq 0 ]; then
	# shellcheck disable=SC2046 # a list of names
	set -- $(real_names)
fi

lab_require tcpdump ethtool jq
ktap_print_header
lab_up
censor_module ""
real_checksums
for name in "$@"; do
	if ! real_load "$name"; then
		ktap_test_skip "$name" "no$real_missing here"
		continue
	fi
	one "$name"
	real_end
	ktap_test_match "$name: nothing is left running" "" "$(real_left)"
done
censor_clean
echo "1..$ktap_count"
ktap_finished
