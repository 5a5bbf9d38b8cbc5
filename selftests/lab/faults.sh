#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# No memory: each allocation that a load makes fails in its turn, and the policy before it stays in
# force, whole; so do those of the packets' way, and all packets pass and are counted. For a kernel with
# fault injection, as selftests/uml has it.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"
# shellcheck source=flood.lib
. "$(dirname "$0")/flood.lib"

debug=/sys/kernel/debug
faults="$debug/failslab $debug/fail_page_alloc"

# Of the allocations of the kernel those that the module asked for.
only_the_module()
{
	module_begin=$(cat /sys/module/nf_censor/sections/.text)
	module_size=$(awk '$1 == "nf_censor" { print $2 }' /proc/modules)
	# Of these the kernel's own tracker of references would complain.
	tracker=$(awk '$3 == "ref_tracker_alloc" { begin = $1; next }
		begin && $1 != begin { print "0x" begin, "0x" $1; exit }' /proc/kallsyms)
	for fault in $faults; do
		echo "${tracker% *}" >"$fault/reject-start"
		echo "${tracker#* }" >"$fault/reject-end"
		echo "$module_begin" >"$fault/require-start"
		printf '0x%x\n' $((module_begin + module_size)) >"$fault/require-end"
		echo 32 >"$fault/stacktrace-depth"
		echo 0 >"$fault/verbose"
		echo N >"$fault/ignore-gfp-wait"
		echo 0 >"$fault/probability"
		echo -1 >"$fault/times"
	done
	echo N >$debug/fail_page_alloc/ignore-gfp-highmem
	echo 0 >$debug/fail_page_alloc/min-order
}

percent()	# PROBABILITY
{
	for fault in $faults; do
		echo "$1" >"$fault/probability"
	done
}

# Of the actions that allocate those that don't make anything pend.
rules()
{
	cat <<-'END'
	inject now { rst to both }
	rule now { tls.sni in "now.example" } inject now, residual 60s by src
	rule slow { port.dst in 7001 } police 1mbit per host
	END
}

packets()
{
	flood_pending_packets
	cat <<-'END'
	flow slow udp 192.0.2.10:40001 203.0.113.1:7001
	flow now tcp 192.0.2.10:40002 203.0.113.6:443
	half > PA tls www.example.com part 60 80
	slow > hex 00
	now > S
	now > A
	now > PA tls now.example
	END
}

listed()
{
	censorctl list -n "$lab_censor" | cmp -s - "$lab_folder/$1.listed"
}

lab_require jq nft curl
ktap_print_header
lab_guest_only "has the kernel's allocations fail"
mountpoint -q $debug || mount -t debugfs debugfs $debug 2>/dev/null
[ -d $debug/failslab ] || ktap_skip_all "this kernel has no fault injection (CONFIG_FAILSLAB); selftests/uml's has"
for program in flood failing.so; do
	[ -x "$censor_top/build/$program" ] || ktap_skip_all "no build/$program: make churn builds it"
done
ktap_set_plan 15
lab_up
censor_module ""
flood_up
rules | flood_pending faults 2s
packets | flood_script faults
everything=$lab_source/everything.policy
only_the_module

# Loads.
for name in faults everything; do
	case $name in
	faults)		censor_load "$lab_folder/faults.policy" ;;
	everything)	censor_load "$everything" ;;
	esac
	censorctl list -n "$lab_censor" >"$lab_folder/$name.listed"
done
censor_load "$lab_folder/faults.policy"
message=1
failures=0
torn=0
through=0
silent=0
begun=$(date +%s)
while :; do
	nth=1
	while :; do
		status=0
		censor env "LD_PRELOAD=$censor_top/build/failing.so" "FAIL_SEND=$message" \
			"FAIL_NTH=$nth" "$censor_top/build/censorctl" load "$everything" \
			>"$lab_folder/load.log" 2>&1 || status=$?
		case $(cat "$lab_folder/load.log") in
		*"failing: failed"*) ;;
		*)	break ;;
		esac
		failures=$((failures + 1))
		if [ $status -eq 0 ]; then
			# It could do without.
			through=$((through + 1))
			listed everything || torn=$((torn + 1))
			censor_load "$lab_folder/faults.policy"
		else
			listed faults || torn=$((torn + 1))
			[ "$(wc -l <"$lab_folder/load.log")" -gt 1 ] || silent=$((silent + 1))
		fi
		nth=$((nth + 1))
	done
	# It has loaded, as nothing failed.
	[ "$status" -eq 0 ] || torn=$((torn + 1))
	case $(cat "$lab_folder/load.log") in
	*"no such message"*) break ;;
	esac
	censor_load "$lab_folder/faults.policy"
	message=$((message + 1))
done
ktap_print_msg "$failures allocations of $message messages failed in $(($(date +%s) - begun)) s;" \
	"$through loads did without"
ktap_test_result "allocations of a load failed" [ $failures -gt 20 ]
ktap_test_match "what was in force stayed so, whole, or the new one is" 0 $torn
ktap_test_match "each refusal was told" 0 $silent

# Packets: nothing can be allocated, then a third of it not.
censor_load "$lab_folder/faults.policy"
censor_events "$lab_folder/events"
sunk=$(flood_sunk)
dropped=$(censor_stat dropped)
percent 100
sent=$(flood_run faults --times 200 --sources 7)
percent 0
passed=$(($(flood_sunk) - sunk))
ktap_print_msg "$sent sent, $passed passed; no memory: $(censor_stat no_memory)"
ktap_test_match "without memory every packet passes" "$sent" "$passed"
ktap_test_match "none was dropped" "$dropped" "$(censor_stat dropped)"
ktap_test_result "and each time was counted" [ "$(censor_stat no_memory)" -ge $((sent / 2)) ]
ktap_test_match "no flow was made" 0 "$(censor_stat flows)"
percent 30
flood_run faults --times 1000 --sources 8 >"$lab_folder/sent"
percent 0
ktap_print_msg "a third fails: $(flood_tables | tr '\n' ',')"
ktap_test_result "where some fails, some is done" [ "$(censor_stat injected)" -gt 0 ]
flood_limits
# All that was held goes on, or is lost and counted.
settled()
{
	[ "$(censor_stat held)" = 0 ] && [ "$(censor_stat delayed)" = 0 ]
}
ktap_test_result "nothing waits for good" lab_wait 20 settled
kill "$censor_monitor"
wait "$censor_monitor" 2>/dev/null
page()
{
	client curl -sS -m 20 --resolve "$1:443:198.51.100.80" "https://$1/" 2>&1
}
ktap_test_match "with memory all works as ever: allowed" "*page of facebook.com*" "$(page facebook.com)"
censor_flush
left()
{
	flood_tables | awk '$2 != 0 && !/policy/'
}
nothing_left()
{
	[ -z "$(left)" ]
}
lab_wait 10 nothing_left
ktap_test_match "flushed: nothing is left" "" "$(left)"
ktap_test_result "and loads again" censorctl load -n "$lab_censor" "$lab_folder/faults.policy"
censor_clean
ktap_test_result "unloaded" rmmod nf_censor
ktap_finished
