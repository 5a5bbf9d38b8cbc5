#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# What is injected is not answered by what is injected: not by the next censor on the path, nor where
# a client sends back all that it gets. Where two censors answer each other all the same there is a
# limit for each second, and nothing of it gets out of their namespaces.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"
# shellcheck source=flood.lib
. "$(dirname "$0")/flood.lib"

limit=200

policy()	# PAGE ACTION...
{
	cat <<-END
	censor loops {
		inside 192.0.2.0/24
		answers lie { 203.0.113.66 }
		page block { "HTTP/1.1 403 $1\r\n\r\n" }
		inject rsts { rst to both copies 3 }
		inject pages {
			psh+ack to both copies 2 page block
			fin+ack to both
		}
		names bad { blocked.example }
		rule words { http.host in bad } $2
		rule names { dns.qname in bad } forge lie
	}
	END
}

# In both censors, one behind the other, and nothing left of what was before.
load()	# POLICY-TEXT [THE-OTHER'S]
{
	printf '%s\n' "$1" >"$lab_folder/first.policy"
	printf '%s\n' "${2:-$1}" >"$lab_folder/second.policy"
	for load_where in "$lab_censor first" "$lab_outside second"; do
		censorctl flush -n "${load_where% *}" >/dev/null || lab_fail "flush"
		censorctl load -n "${load_where% *}" "$lab_folder/${load_where#* }.policy" \
			>"$lab_folder/load.log" 2>&1 || lab_fail "$(cat "$lab_folder/load.log")"
	done
}

# Of both together.
total()	# NAME
{
	for total_namespace in "$lab_censor" "$lab_outside"; do
		censorctl stats -j -n "$total_namespace" | jq ".$1"
	done | awk '{ sum += $1 } END { print sum }'
}

# How many packets one request makes both inject, once nothing more comes.
injected_by()	# CAPTURE
{
	injected_before=$(total injected)
	flood_run "$1" --times 1 >/dev/null
	injected=-1
	for _ in 1 2 3 4 5 6; do
		sleep 1
		injected_last=$injected
		injected=$(($(total injected) - injected_before))
		[ $injected -ne "$injected_last" ] || break
	done
	echo $injected
}

lab_require jq perl nft
ktap_print_header
lab_guest_only "gives the machine's own namespace a device and routes"
[ -x "$censor_top/build/flood" ] || ktap_skip_all "no build/flood: make mkcap builds it"
[ ! -d /sys/module/nf_censor ] || rmmod nf_censor || ktap_skip_all "the module is in use"
ktap_set_plan 14
lab_up
censor_module max_injects=$limit
ip -n "$lab_censor" link set inside address 02:00:00:00:00:02
ip -n "$lab_client" neigh flush all
# Behind the first censor the second one, and behind that nobody answers.
flood_sink "$lab_outside"
lab_wait 10 client ping -c 1 -W 1 198.51.100.80 || lab_fail "no way outside"
# The machine's own namespace would know where to with it.
ip link add loops type dummy
# Or it would send packets of its own.
echo 1 >/proc/sys/net/ipv6/conf/loops/disable_ipv6
ip link set loops up
ip route add 203.0.113.0/24 dev loops
ip route add 192.0.2.0/24 dev loops
# mkcap's client has this address, or what the censor forges for it would be ARP's affair.
for part in request question; do
	{
		echo "flow r tcp 192.0.2.10:40000 203.0.113.80:80 fixed"
		echo "flow q udp 192.0.2.10:40000 203.0.113.53:53 fixed"
		case $part in
		request)	printf 'r > S\nr < SA decoy ttl 1\nr > A\nr > PA http blocked.example\n' ;;
		question)	echo 'q > dns blocked.example a' ;;
		esac
	} | sed '/< SA/d' | flood_script $part
done
ip netns exec "$lab_client" "$lab_source/peer" reflect eth0 >"$lab_folder/reflect.log" 2>&1 &
reflect=$!
lab_wait 10 grep -q reflecting "$lab_folder/reflect.log" || lab_fail "$(cat "$lab_folder/reflect.log")"
reflected=$(client cat /sys/class/net/eth0/statistics/tx_packets)

residual="residual 60s by src,dst,dport both"
load "$(policy no "inject rsts, $residual")"
ktap_test_match "RSTs: each censor answers the request, and nothing else" 12 "$(injected_by request)"
load "$(policy no "inject rsts, $residual rearm packet")"
ktap_test_match "RSTs, where every packet arms the block anew" 12 "$(injected_by request)"
load "$(policy no "inject pages, $residual")"
ktap_test_match "pages and FINs: likewise" 12 "$(injected_by request)"
load "$(policy no "inject rsts, $residual with inject pages")"
ktap_test_match "RSTs, and then pages" 12 "$(injected_by request)"
load "$(policy no "inject pages")"
ktap_test_match "without a block" 12 "$(injected_by request)"
ktap_test_match "forged answers: one of each censor" 2 "$(injected_by question)"
ktap_test_result "the client did send back what it got" \
	[ "$(client cat /sys/class/net/eth0/statistics/tx_packets)" -gt $((reflected + 40)) ]

# Censors of two kinds that answer each other's pages: as many as the limit allows, no more.
load "$(policy one "inject pages, $residual")" "$(policy two "inject pages, $residual")"
before=$(total injected)
begun=$(date +%s)
flood_run request --times 1 >/dev/null
sleep 4
# Each may have begun a second more than went by.
took=$(($(date +%s) - begun + 1))
injected=$(($(total injected) - before))
ktap_print_msg "two kinds: $injected injected in $took s, $(total inject_failed) not"
ktap_test_result "who answers each other does so within the limit" \
	[ "$injected" -le $((2 * limit * (took + 1))) ]
ktap_test_match "and others' traffic passes" "*1 received*" "$(client ping -c 1 -W 5 198.51.100.80)"
censorctl flush -n "$lab_outside"
sleep 1
before=$(total injected)
sleep 2
ktap_test_match "one alone goes on answering nobody" "$before" "$(total injected)"
kill $reflect
wait $reflect 2>/dev/null

# The limit by itself: many requests at once.
load "$(policy no "inject rsts")"
before=$(censor_stat injected)
failed=$(censor_stat inject_failed)
packets=$(censor_stat packets)
begun=$(date +%s)
flood_run question --times 3000 --sources 11 >/dev/null
took=$(($(date +%s) - begun + 1))
injected=$(($(censor_stat injected) - before))
failed=$(($(censor_stat inject_failed) - failed))
packets=$(($(censor_stat packets) - packets))
ktap_print_msg "$packets questions in $took s, $injected answered, $failed not"
ktap_test_result "so many in a second are answered" [ "$injected" -le $((limit * (took + 1))) ]
ktap_test_match "the others are counted" 3000 $((injected + failed))
ktap_test_match "nothing left the namespaces" 0 \
	"$(ip -j -s link show loops | jq '.[0].stats64.tx.packets')"
ip link del loops
censor_clean
ktap_finished
