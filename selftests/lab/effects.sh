#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# What rules do to real traffic and leave it open: rates hold for TCP, packets get lost and late, are
# marked and counted; another phase changes it for what runs already; and what is held on its way gets
# there, or dies with its way, when the policy, the module, a device or the namespace goes.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

port=5201
web=198.51.100.80
# Outside's first address: with this one iperf3's server answers over UDP.
first=198.51.100.254
lab_bridge=nfc-$$-bridge

policy()	# STATEMENT...
{
	{
		printf 'censor effects {\n\tinside 192.0.2.0/24, 2001:db8:1::/48\n'
		printf '\t%s\n' "$@"
		printf '}\n'
	} >"$lab_folder/policy"
	censor_load "$lab_folder/policy"
}

# Bits of IP packets a second that iperf3's receiver got, of all its streams. A segment has 1448 bytes
# in 1500 of IPv4.
rate()	# [OPTION...]
{
	client iperf3 -c "$web" -O 1 -t 10 -J "$@" >"$lab_folder/iperf.json" 2>&1
	jq '.end.sum_received.bits_per_second * 1500 / 1448 | floor' "$lab_folder/iperf.json"
}

# Within 5 %; not where the guest is slower than its clock: TCP gets less out of a rate then, and a
# receiver that was late gets in ten seconds what came in eleven.
least=95
most=105
case ${NF_CENSOR_ACCEL:-}/$(uname -r) in
tcg/*|*sanitize*)
	least=50
	most=120 ;;
esac
near()	# GOT WANTED
{
	echo "$1, should be $2, $least to $most % of it"
	[ $(($1 * 100)) -ge $(($2 * least)) ] && [ $(($1 * 100)) -le $(($2 * most)) ]
}

between()	# GOT LEAST MOST
{
	echo "$1, should be $2 to $3"
	awk -v got="$1" -v least="$2" -v most="$3" \
		'BEGIN { exit !(got != "" && got + 0 >= least && got + 0 <= most) }'
}

counter()	# RULE NAME
{
	censorctl counters -j -n "$lab_censor" | jq ".rules[] | select(.rule == \"$1\") | .$2"
}

nft_counter()	# NAME bytes|packets
{
	censor nft -j list counter inet lab "$1" | jq ".nftables[] | .counter // empty | .$2"
}

nft_reset()
{
	censor nft reset counters >/dev/null
}

# Milliseconds of a ping: the least of five.
round_trip()	# [OPTION...] ADDRESS
{
	client ping -q -n -c 5 -i 0.3 -W 3 "$@" | sed -n 's|^rtt [^=]*= \([0-9]*\)[./].*|\1|p'
}

# As late as that, and by no more than what it takes without.
late()	# GOT MILLISECONDS
{
	between "$1" "$2" $(($2 + 40 + 3 * base))
}

# What the kernel says to a request for a phase.
says()	# DESCRIPTION PATTERN [ARGUMENT OF switch...]
{
	says_what=$1
	says_wanted=$2
	shift 2
	ktap_test_match "$says_what" "$says_wanted" "$(censor "$lab_source/switch" "$@" 2>&1)"
}

# Whether nothing waits any more.
none_held()
{
	[ "$(censor_stat held)" = 0 ]
}

lab_require curl dig ping nft ethtool jq perl iperf3
ktap_print_header
ktap_set_plan 55
lab_up
censor_module ""
outside iperf3 -s -p $port >/dev/null 2>&1 &
outside iperf3 -s -p $((port + 1)) >/dev/null 2>&1 &
# The censor's hook stands between these two. Conntrack is on: what is held holds its entries.
censor nft -f - <<-END
	table inet lab {
		counter before { }
		counter after { }
		counter marked { }
		counter unmarked { }
		chain early {
			type filter hook forward priority filter - 10
			ct state new counter
			udp dport $port counter name before
		}
		chain late {
			type filter hook forward priority filter + 10
			udp dport $port counter name after
		}
		chain out {
			type filter hook postrouting priority mangle
			udp dport 53 meta mark & 0xff == 0x10 counter name marked
			udp dport 53 meta mark & 0xff != 0x10 counter name unmarked
		}
	}
END

# What is not slowed here is not to take all of an emulated processor: iperf3 offers 10 Mbit/s then.

# Rates, as TCP and its users get them. The offloads are on: large packets are policed by segment.
for kbit in 128 1000 10000; do
	policy "rule slow { port in $port } police ${kbit}kbit"
	ktap_test_result "police ${kbit}kbit, to the server" near "$(rate)" ${kbit}000
	ktap_test_result "police ${kbit}kbit, to the client" near "$(rate -R)" ${kbit}000
done
policy "rule slow { port in $port and proto in udp } police 1mbit"
client iperf3 -c "$first" -u -b 3m -l 1000 -t 10 -J >"$lab_folder/udp.json"
ktap_test_result "police 1mbit, of three times as much" between \
	"$(jq ".end.sum.seconds * 1000000 / ($(counter slow bytes) * 8)" "$lab_folder/udp.json")" 0.95 1.05
ktap_test_result "what is beyond it is counted as lost" \
	[ "$(counter slow lost_packets)" -gt "$(counter slow packets)" ]
lab_offloads off tso gso gro
policy "rule slow { port in $port } police 1mbit"
ktap_test_result "without offloads, too" near "$(rate)" 1000000
lab_offloads on tso gso gro
policy "rule slow { port in $port } police 1mbit to client"
ktap_test_result "police to client leaves what goes to the server alone" \
	between "$(rate -t 3 -b 10m)" 2000000 11000000
ktap_test_result "and holds the other way" near "$(rate -R)" 1000000

# Two flows of one host, and of two hosts.
ip -n "$lab_client" address add 192.0.2.11/24 dev eth0
two_hosts()
{
	client iperf3 -c "$web" -p $((port + 1)) -B 192.0.2.11 -O 1 -t 10 -J \
		>"$lab_folder/other.json" 2>&1 &
	two_first=$(rate -B 192.0.2.10)
	wait $!
	two_second=$(jq '.end.sum_received.bits_per_second * 1500 / 1448 | floor' \
			"$lab_folder/other.json")
	ktap_print_msg "one host $two_first, the other $two_second"
	echo $((two_first + two_second)) >"$lab_folder/sum"
}
policy "rule slow { port in $port, $((port + 1)) } police 1mbit per flow"
ktap_test_result "per flow: two flows have twice the rate" near "$(rate -P 2)" 2000000
policy "rule slow { port in $port, $((port + 1)) } police 1mbit per host"
ktap_test_result "per host: they have it once" near "$(rate -P 2)" 1000000
two_hosts
ktap_test_result "two hosts have it each" near "$(cat "$lab_folder/sum")" 2000000
policy "rule slow { port in $port, $((port + 1)) } police 1mbit per rule"
two_hosts
ktap_test_result "per rule: they have it together" near "$(cat "$lab_folder/sum")" 1000000

# Loss: 2000 datagrams. What came before the hook is what went on and what was lost.
policy "rule leak { port in $port and proto in udp } lose 10% to server"
nft_reset
client iperf3 -c "$first" -u -b 1600k -l 500 -t 5 -J >"$lab_folder/udp.json"
before=$(nft_counter before packets)
after=$(nft_counter after packets)
before_bytes=$(nft_counter before bytes)
after_bytes=$(nft_counter after bytes)
ktap_print_msg "$before packets before the hook, $after after it"
ktap_test_result "lose 10%: so many are missing behind the hook" \
	between "$(echo "$before $after" | awk '{ print 100 * ($1 - $2) / $1 }')" 7 13
ktap_test_match "lost packets are what is missing behind the hook" $((before - after)) \
	"$(counter leak lost_packets)"
ktap_test_match "and lost bytes" $((before_bytes - after_bytes)) "$(counter leak lost_bytes)"
# The server's few answers count, too.
ktap_test_result "packets are those that went on" \
	between "$(counter leak packets)" "$after" $((after + 5))
ktap_test_match "the rule was hit once in each direction" 2 "$(counter leak hits)"

# Delay.
policy "rule late { port in $port } delay 200ms"
base=$(round_trip $web)
ktap_print_msg "without a delay: $base ms"
policy "rule late { proto in icmp, icmpv6 } delay 200ms to server"
ktap_test_result "delay 200ms to server" late "$(round_trip $web)" 200
ktap_test_result "in IPv6" late "$(round_trip 2001:db8:2::80)" 200
policy "rule late { proto in icmp } delay 200ms"
ktap_test_result "both ways: twice" late "$(round_trip $web)" 400
policy "rule late { proto in icmp } delay 100ms-300ms to client"
ktap_test_result "drawn for each packet" late "$(round_trip $web)" 100
policy "rule late { port in $port } delay 50ms"
ktap_test_result "a TCP connection lives with it" between "$(rate -t 3 -b 10m)" 1000000 11000000
ktap_test_result "its large packets are held whole or by segment, none is lost" \
	[ "$(censor_stat held_lost)" = 0 ]
policy "rule late { proto in icmp } delay 200ms to server"
fragmented=$(round_trip -s 4000 $web)
ktap_test_result "fragments wait, too" late "$fragmented" 200
ktap_test_match "nothing found no room" 0 "$(censor_stat held_full)"
ktap_test_result "nothing waits any more" lab_wait 3 none_held

# Marks for hooks behind.
policy "rule tag { port in 53 } mark 0x10/0xff"
nft_reset
client dig +short +tries=1 +time=2 @198.51.100.53 one.example A >/dev/null
client dig +short +tries=1 +time=2 @198.51.100.53 two.example A >/dev/null
ktap_test_match "nftables sees the mark on each packet" 2 "$(nft_counter marked packets)"
ktap_test_match "and none without" 0 "$(nft_counter unmarked packets)"

# Phases: what runs already changes.
policy "phase free" "phase slow" "rule slow { port in $port } police 1mbit in phase slow"
ktap_test_result "the first phase is in force" between "$(rate -t 3 -b 10m)" 2000000 11000000
client iperf3 -c "$web" -R -b 10m -t 14 -i 1 -J >"$lab_folder/running.json" &
running=$!
sleep 3
censorctl phase -n "$lab_censor" slow >"$lab_folder/switched"
wait $running
ktap_test_match "switched" "*slow*" "$(cat "$lab_folder/switched")"
# Of the receiver's intervals of a second: the second, and those from the sixth on.
ktap_test_result "the running connection was fast" between \
	"$(jq '.intervals[1].sum.bits_per_second' "$lab_folder/running.json")" 2000000 20000000
ktap_test_result "and is slow now" between \
	"$(jq '[.intervals[5:13][].sum.bits_per_second] | add / length' "$lab_folder/running.json")" \
	400000 1050000
ktap_test_match "phase tells it" '*"phase":"slow"*' "$(censorctl phase -j -n "$lab_censor")"

says "an index that no phase has" "ENOENT: the policy has no phase of this index*" 2
says "another generation" "ESTALE: another policy is in force*" -g 4000000000 1
says "neither a phase nor a time" "EINVAL: which phase?*"
says "a time before all calendars" "ERANGE: a calendar begins with 1970*" -w -5
says "a time alone moves the calendar" "1 switched" -w 1500336000
ktap_test_match "and phase tells it" '*2017-07-18T00:0*' "$(censorctl phase -j -n "$lab_censor")"

# A thousand switches under traffic, and what is held goes on meanwhile.
policy "phase free" "phase slow" "phase late" \
	"rule slow { port in $port } police 1mbit per host in phase slow" \
	"rule late { port in $port } delay 10ms in phase late"
client iperf3 -c "$web" -b 10m -t 12 -J >"$lab_folder/running.json" &
running=$!
sleep 1
ktap_test_match "1,000 switches under traffic" "1008 switched" \
	"$(for _ in 1 2 3 4 5 6 7 8; do
		censor "$lab_source/switch" -c 126 1 2 0
		sleep 0.5
	done | awk '{ sum += $1 } END { print sum, $2 }')"
ktap_test_match "each is counted" '*"switches":1008,*' "$(censorctl phase -j -n "$lab_censor")"
wait $running
ktap_test_result "the connection lives" between \
	"$(jq '.end.sum_received.bits_per_second' "$lab_folder/running.json")" 100000 11000000
policy "rule slow { port in $port } log"
says "a policy without phases" "EINVAL: this policy has no phases*" 0
censor_flush
says "no policy" "ENOENT: no policy is in force*" 0

# What is held goes on when the policy goes, and when the module does.
held_some()
{
	[ "$(censor_stat held)" -ge 5 ]
}
# Ten pings under a rule, and so long a wait for the last answer. Conntrack knows them before: of those
# that it first sees while others wait to be confirmed it lets one pass.
pings()	# SECONDS ACTION
{
	censor_flush
	client ping -q -n -e 77 -c 1 -W 5 "$web" >/dev/null
	policy "rule late { proto in icmp } $2"
	client ping -n -e 77 -c 10 -i 0.1 -W "$1" "$web" >"$lab_folder/pings" 2>&1 &
	pings=$!
	lab_wait 5 held_some || ktap_print_msg "nothing is held"
}
pings 10 "delay 30s to server"
censor_flush
wait $pings
ktap_test_match "flushed: what was held arrived" "*10 received*" "$(cat "$lab_folder/pings")"
pings 10 "delay 30s to server"
ktap_test_result "unloaded with packets held" rmmod nf_censor
wait $pings
ktap_test_match "they arrived" "*10 received*" "$(cat "$lab_folder/pings")"

# On a bridge, whose port is taken from it meanwhile.
censor_module ""
lab_netns "$lab_bridge"
ip -batch - <<-END
	link add bridged netns $lab_client type veth peer name port1 netns $lab_bridge
	link add bridged netns $lab_outside type veth peer name port2 netns $lab_bridge
END
ip -n "$lab_bridge" -batch - <<-END
	link add br0 type bridge forward_delay 0
	link set port1 master br0 up
	link set port2 master br0 up
	link set br0 up
END
ip -n "$lab_client" address add 10.9.0.1/24 dev bridged
ip -n "$lab_client" link set bridged up
ip -n "$lab_outside" address add 10.9.0.2/24 dev bridged
ip -n "$lab_outside" link set bridged up
lab_routed=$lab_censor
lab_censor=$lab_bridge
lab_wait 10 client ping -c 1 -W 1 10.9.0.2 || lab_fail "no way over the bridge"
policy "rule late { proto in icmp } delay 200ms to server"
ktap_test_result "a bridge delays" late "$(round_trip 10.9.0.2)" 200
web=10.9.0.2
pings 1 "delay 3s to server"
ip -n "$lab_bridge" link set port2 nomaster
wait $pings
ktap_test_result "what waited for a port that is none any more is lost" \
	lab_wait 6 sh -c "[ \$('$censor_top/build/censorctl' stats -j -n $lab_bridge |
		sed -n 's/.*\"held_lost\": *\([0-9]*\).*/\1/p') -ge 5 ]"
ip netns del "$lab_bridge"

# The namespace ends while its conntrack entries are held: its devices go, and their peers with them.
lab_censor=$lab_routed
web=198.51.100.80
pings 2 "delay 30s to server"
ip netns del "$lab_censor"
wait $pings
device_gone()
{
	! ip -n "$lab_client" link show eth0
}
ktap_test_result "a namespace ends with packets held" lab_wait 20 device_gone
censor_clean
ktap_test_result "unloaded" rmmod nf_censor
ktap_finished
