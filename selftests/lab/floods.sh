#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# Floods: SYNs, questions, halves of ClientHellos and pieces of datagrams, each from another address.
# Memory stays below what the limits come to, who was there before is judged as ever, what is not the
# censor's business passes, and the counters say what was given up.
#
# SYNS (10000000), QUERIES (1000000), HALVES (200000), PIECES (1000000): how many

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"
# shellcheck source=flood.lib
. "$(dirname "$0")/flood.lib"

policy()
{
	cat >"$lab_folder/floods.policy" <<-'END'
	censor floods {
		inside 192.0.2.0/24
		tcp {
			reassembly in-order
		}
		ip {
			fragments hold
			timeout 20s
		}
		answers lie { 203.0.113.66 }
		rule words { tls.sni in "blocked.example" } drop
		rule names { dns.qname in "blocked.example" } forge lie
	}
	END
	censor_load "$lab_folder/floods.policy"
}

captures()
{
	flood_script syn <<-'END'
	flow s tcp 192.0.2.10:40000 203.0.113.80:443
	s > S
	END
	# One in ten is for a name that is blocked.
	{
		echo "flow q udp 192.0.2.10:40000 203.0.113.53:53"
		for _ in 1 2 3 4 5 6 7 8 9; do
			echo "q > dns free.example a"
		done
		echo "q > dns blocked.example a"
	} | flood_script query
	flood_script half <<-'END'
	flow h tcp 192.0.2.10:40000 203.0.113.80:443
	h > S
	h > A
	h > PA tls www.example.com part 0 60
	END
	flood_script piece <<-'END'
	flow p udp 192.0.2.10:40000 203.0.113.53:53
	p > id 7 slice 0 24 dns free.example a
	END
	# Who was there before: begun now, and every few seconds something of it. The window is its mark.
	for part in begin live end; do
		{
			echo "flow e tcp 192.0.2.99:40000 203.0.113.81:443 fixed"
			case $part in
			begin)	printf 'e > S\ne > A\n' ;;
			live)	echo 'e > A seq 1 ack 1' ;;
			end)	echo 'e > PA seq 1 ack 1 tls blocked.example' ;;
			esac
		} | flood_script "before-$part"
	done
}

slab()
{
	echo $(($(awk '$1 == "Slab:" { print $2 }' /proc/meminfo) * 1024))
}

# Send so many, with one that was there before; what passed, was dropped or is held is all of it.
flood()	# NAME TIMES
{
	packets=$(censor_stat packets)
	dropped=$(censor_stat dropped)
	injected=$(censor_stat injected)
	failed=$(censor_stat inject_failed)
	lost=$(censor_stat frags_lost)
	sunk=$(flood_sunk)
	before=$(slab)
	flood_run before-begin --times 1 >/dev/null
	flood_start before-live --rate 1
	begun=$(date +%s)
	sent=$(flood_run "$1" --times "$2" --sources 2017)
	took=$(($(date +%s) - begun))
	flood_stop "$flood_process"
	grown=$(($(slab) - before))
	flow_bytes=$(censor_stat flow_bytes)
	flood_limits
	packets=$(($(censor_stat packets) - packets))
	dropped=$(($(censor_stat dropped) - dropped))
	injected=$(($(censor_stat injected) - injected))
	failed=$(($(censor_stat inject_failed) - failed))
	# At one moment: what is held now is lost the next.
	censorctl stats -j -n "$lab_censor" >"$lab_folder/stats"
	lost=$(($(jq .frags_lost "$lab_folder/stats") - lost))
	held=$(jq .frag_queues "$lab_folder/stats")
	sunk=$(($(flood_sunk) - sunk))
	ktap_print_msg "$1: $sent sent in $took s, $packets seen, $dropped dropped, $lost lost," \
		"$injected injected, $failed not; $sunk ended; $flow_bytes bytes of flows, $grown of slabs"
	ktap_test_result "$1: the censor saw them" [ "$packets" -ge "$sent" ]
}

# What the kernel's memory grew by is what the tool tells, and a little of others.
# KASAN has as much again about each object.
case $(uname -r) in
*-sanitize)	times=2 ;;
*)		times=1 ;;
esac
memory_told()
{
	echo "$grown of slabs, $flow_bytes of flows"
	[ "$grown" -le $((flow_bytes * times + 16777216)) ]
}

judged()
{
	judged_before=$(censor_stat dropped)
	flood_run before-end --times 1 >/dev/null
	[ "$(censor_stat dropped)" -eq $((judged_before + 1)) ]
}

forged()
{
	[ "$(client dig +short +time=5 +tries=1 @198.51.100.53 blocked.example A)" = 203.0.113.66 ]
}

page()
{
	client curl -sS -m 10 --resolve example.com:80:198.51.100.80 http://example.com/ 2>&1
}

# As in an hour: nothing is left from the flood before.
fresh()
{
	censor_flush
	policy
}

lab_require curl dig jq
ktap_print_header
[ ! -d /sys/module/nf_censor ] || rmmod nf_censor || ktap_skip_all "the module is in use"
[ -x "$censor_top/build/flood" ] || ktap_skip_all "no build/flood: make mkcap builds it"
ktap_set_plan 32
lab_up
censor_module max_flows=16384 max_buffers=4096
flood_up
# What is forged for addresses from everywhere ends there, too.
ip -n "$lab_censor" route add 0.0.0.0/1 dev sink
captures
policy

flood syn "${SYNS:-10000000}"
ktap_test_match "all pass" "$packets" "$sunk"
ktap_test_result "those that found no room are counted" \
	[ "$(censor_stat flows_full)" -ge $((packets / 2)) ]
ktap_test_result "memory is what the tool says" memory_told
ktap_test_result "who was there before is judged" judged
ktap_test_result "so are questions, for which there is no room" forged
ktap_test_match "what is allowed works" "*page of example.com*" "$(page)"

fresh
flood query $((${QUERIES:-1000000} / 10))
ktap_test_match "all pass, and the forged answers" $((packets + injected)) "$sunk"
ktap_test_match "one answer is forged for each that is blocked, or counted as not" \
	$((sent / 10)) $((injected + failed))
ktap_test_result "memory is what the tool says" memory_told
ktap_test_result "who was there before is judged" judged
ktap_test_match "what is allowed works" "*page of example.com*" "$(page)"

fresh
flood half "${HALVES:-200000}"
ktap_test_match "all pass" "$packets" "$sunk"
ktap_test_result "those that found no room are counted" [ "$(censor_stat flows_full)" -gt 0 ]
ktap_test_result "those whose half found no buffer are counted" [ "$(censor_stat no_buffer)" -gt 0 ]
ktap_test_result "memory is what the tool says" memory_told
ktap_test_result "who was there before is judged" judged
ktap_test_match "what is allowed works" "*page of example.com*" "$(page)"

fresh
flood piece "${PIECES:-1000000}"
ktap_test_result "those that found no room passed, and are counted" [ "$(censor_stat frags_full)" -gt 0 ]
ktap_test_match "the others were held until their time was up" "$packets" $((sunk + lost + held))
ktap_test_result "who was there before is judged" judged
ktap_test_match "what is allowed works" "*page of example.com*" "$(page)"
none_held()
{
	[ "$(censor_stat frag_queues)" = 0 ]
}
ktap_test_result "nothing is held for good" lab_wait 40 none_held
censor_flush
ktap_test_result "unloaded" rmmod nf_censor
censor_clean
ktap_finished
