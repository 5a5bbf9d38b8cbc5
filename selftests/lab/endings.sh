#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# Whatever ends in the midst of things: the namespace with its policy, flows, blocks, fragments and
# packets that wait for their time; the module under traffic; who loads a policy, killed at every
# step of it. Nothing is left behind, and what was in force stays so.
#
# ENDS: how many namespaces (200). UNLOADS: how often the module (100).

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"
# shellcheck source=flood.lib
. "$(dirname "$0")/flood.lib"

ends=${ENDS:-200}
unloads=${UNLOADS:-100}
middle=nfc-$$-middle

# Whether something of every kind is pending.
pending()	# NAMESPACE
{
	censorctl stats -j -n "$1" | jq -e '[.held, .delayed, .blocks, .buffers, .frag_queues, .flows] |
		all(. > 0)' >/dev/null
}

middle_up()
{
	lab_netns "$middle"
	ip -batch - <<-END
	link add middle netns $lab_client type veth peer name inside netns $middle
	END
	ip -n "$middle" -batch - <<-END
	link set lo up
	link set inside address 02:00:00:00:00:02 up
	link add sink type dummy
	link set sink up
	route add 203.0.113.0/24 dev sink
	END
	ip netns exec "$middle" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
	ip -n "$lab_client" link set middle up
}

# So many that they are not told at once.
many_flows()
{
	[ "$(censorctl stats -j -n "$middle" | jq .flows)" -ge 150 ]
}

# One who reads the flows of that namespace, and waits in the midst of it until he is killed.
reader_begin()
{
	lab_wait 10 many_flows
	mkfifo "$lab_folder/go"
	ip netns exec "$middle" "$lab_source/switch" -d FLOW_GET <"$lab_folder/go" \
		>"$lab_folder/told" 2>&1 &
	reader=$!
	exec 9>"$lab_folder/go"
	lab_wait 10 grep -q begun "$lab_folder/told" && ! grep -q told "$lab_folder/told" &&
		readers=$((readers + 1))
}

reader_end()
{
	kill -KILL $reader
	wait $reader 2>/dev/null
	exec 9>&-
	rm "$lab_folder/go"
}

# KiB that the kernel has allocated for itself and that no need of others frees.
allocated_kib()
{
	awk '/^(SUnreclaim|VmallocUsed):/ { sum += $2 } END { print sum }' /proc/meminfo
}

middle_gone()
{
	! ip -n "$lab_client" link show middle
}

# The step at which it is killed, or what it came to: after a kill what was in force is, whole.
killed_at()	# SYSTEM-CALL NUMBER POLICY
{
	censor strace -qq -o /dev/null -e trace="$1" -e inject="$1:signal=KILL:when=$2" \
		"$censor_top/build/censorctl" load "$3" >"$lab_folder/load.log" 2>&1
}

listed()
{
	censorctl list -n "$lab_censor" | cmp -s - "$lab_folder/$1.listed"
}

lab_require jq nft strace setpriv unshare
ktap_print_header
[ -x "$censor_top/build/flood" ] || ktap_skip_all "no build/flood: make mkcap builds it"
ktap_set_plan 16
lab_up
censor_module ""
flood_up
flood_pending pending 30s </dev/null
flood_pending_packets | flood_script pending

# Who loads, killed before each message that it sends, and before each answer that it reads. The policy
# has more of them than are on their way at once.
{
	echo "censor big {"
	echo "	names many {"
	awk 'BEGIN {
		long = sprintf("%60s", "")
		gsub(" ", "x", long)
		for (i = 0; i < 3500; i++)
			printf "\t\tname%d.%s.%s.%s.example\n", i, long, long, long
	}'
	echo "	}"
	echo "	rule big { tls.sni in many } log"
	echo "}"
} >"$lab_folder/big.policy"
censor_load "$lab_folder/big.policy"
censorctl list -n "$lab_censor" >"$lab_folder/big.listed"
censor_load "$lab_folder/pending.policy"
censorctl list -n "$lab_censor" >"$lab_folder/pending.listed"
big=$("$censor_top/build/censorctl" check -j "$lab_folder/big.policy" | jq .policy.bytes)
begun=$(date +%s)
before=$(allocated_kib)
for call in sendto recvmsg; do
	step=1
	torn=0
	new=0
	generation=$(censor_stat generation)
	while killed_at $call $step "$lab_folder/big.policy"; [ $? -eq 137 ]; do
		# Only who has sent all and reads the last answers may have put it in force.
		if [ "$(censor_stat generation)" = "$generation" ]; then
			listed pending || torn=$((torn + 1))
		else
			listed big || torn=$((torn + 1))
			new=$((new + 1))
			censor_load "$lab_folder/pending.policy"
			generation=$(censor_stat generation)
		fi
		step=$((step + 1))
	done
	ktap_print_msg "killed at $((step - 1)) of ${call}'s calls; after $new the new one was in force"
	ktap_test_result "killed at each of its steps ($call)" [ $step -gt 15 ]
	ktap_test_match "and what was in force stayed so, whole ($call)" 0 $torn
	ktap_test_result "until nothing killed it ($call)" listed big
	case $call in
	sendto)	ktap_test_match "none that had more to send was in force" 0 $new ;;
	esac
	censor_load "$lab_folder/pending.policy"
done
# Each held up to all of the policy, half of it on average. Other things allocate, too.
as_before()
{
	[ $(($(allocated_kib) - before)) -lt $((5 * big / 1024)) ]
}
lab_wait 10 as_before
ktap_print_msg "$(($(date +%s) - begun)) s; the kernel had $before KiB before, $(allocated_kib) now;" \
	"the policy is of $big bytes"
ktap_test_result "what the killed had sent is freed" as_before

# The module goes and comes back under traffic.
flood_start pending --rate 300 --sources 5
unloaded=0
busy=0
begun=$(date +%s)
for number in $(seq "$unloads"); do
	censor_load "$lab_folder/pending.policy"
	lab_wait 5 pending "$lab_censor" && busy=$((busy + 1))
	rmmod nf_censor && unloaded=$((unloaded + 1))
	censor_module ""
done
ktap_print_msg "$unloads times in $(($(date +%s) - begun)) s"
ktap_test_match "unloaded under traffic" "$unloads" $unloaded
ktap_test_match "each time with packets that wait" "$unloads" $busy
sunk=$(flood_sunk)
sleep 1
ktap_test_result "without a policy traffic passes" [ "$(flood_sunk)" -gt "$sunk" ]
flood_stop "$flood_process"
ktap_print_msg "$(cat "$lab_folder/pending.sent") packets sent, $(flood_sunk) passed"

# Namespaces end, with the traffic that they route.
begun=$(date +%s)
complete=0
readers=0
for number in $(seq "$ends"); do
	lab_wait 20 middle_gone || break
	middle_up
	censorctl load -n "$middle" "$lab_folder/pending.policy" >/dev/null || break
	client "$censor_top/build/flood" --rate 500 --sources "$number" --seconds 20 middle \
		"$lab_folder/pending.pcap" >/dev/null 2>&1 &
	flood=$!
	lab_wait 5 pending "$middle" && complete=$((complete + 1))
	if [ $((number % 10)) -eq 0 ]; then
		reader_begin
		ip netns del "$middle"
		reader_end
	else
		ip netns del "$middle"
	fi
	# Its device is gone under it.
	wait $flood
done
ktap_print_msg "$ends namespaces in $(($(date +%s) - begun)) s"
ktap_test_result "some with a dump in the midst" [ "$readers" -ge $(((ends / 10 + 1) / 2)) ]
ktap_test_match "namespaces ended with all kinds of things pending" "$ends" "$complete"
ktap_test_result "the last one's devices are gone" lab_wait 20 middle_gone
censor_flush
# What they left would be found in its caches now.
ktap_test_result "unloaded" rmmod nf_censor
censor_clean
ktap_finished
