#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# The exchanges of selftests/exchange through the module: for each case what the kernel tells, and
# what arrives at either end, is what censorctl explain says of the same packets. (What that has to
# be, the files say, and selftests/tool/exchange.sh checks.) Those in which it sends packets of its
# own, and those of several segments, once more with the devices' offloads off.
#
#	exchange.sh [FILE.exchange...]		default: all; with LAB_QUICK one case of six

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"
# shellcheck source=../exchange/exchange.lib
. "$censor_top/selftests/exchange/exchange.lib"

mkcap=$censor_top/build/mkcap
replay=$censor_top/build/replay
behind=$censor_top/build/behind
first_port=2000		# of the datagrams that end a case

# The cases that are tried with the offloads off as well, from the list of all.
without_offloads()
{
	grep -E '/(inject-|forge-|rule-|residual-with|tcp-first-segment|tcp-reassembly|tcp-tls-records)[^/]*$'
}

still_on()
{
	censor ethtool -k inside | grep -E '^(.x-checksumming|.*-(segmentation|receive)-offload): on'
}

# Only what the scripts say is on the wire: no stack answers. IPv6 must find its neighbours.
silence()	# NAMESPACE
{
	ip netns exec "$1" nft -f - <<-'END'
	table inet silence {
		chain prerouting {
			type filter hook prerouting priority raw
			icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
			drop
		}
	}
	END
}

# What both hosts must say of an event.
essence()
{
	grep '"field"' | grep -v '"rule":"end"' | sed 's/"time":"[^"]*",*//; s/"netns":[0-9]*,*//
		s/,*"seq":[0-9]*//; s/"frame":[0-9]*,*//; s/,*"delay_us":[0-9]*//'
}

# The events of the kernel, of each case into its file.
split_events()	# EVENTS
{
	awk -v folder="$work" -v first=$first_port '
		{ held = held $0 "\n" }
		/"rule":"end"/ {
			port = $0
			sub(/.*"sport":/, "", port)
			sub(/[^0-9].*/, "", port)
			printf "%s", held >(folder "/" port - first ".kernel")
			close(folder "/" port - first ".kernel")
			held = ""
		}' "$1"
}

through_both()	# N M CASE-NUMBER PART
{
	part=$4
	policy=$work/$1-$2.policy
	[ -e "$work/$1.pcap" ] || "$mkcap" "$work/$1.script" "$work/$1.pcap" || return
	censorctl explain -j -w "$part.written" "$policy" "$work/$1.pcap" >"$part.events" \
		2>"$part.errors" || return
	censor_flush
	censorctl load -n "$lab_censor" "$policy" >"$part.errors" 2>&1 || return
	"$replay" --both "$lab_client/eth0" "$lab_outside/eth0" $((first_port + $3)) "$work/$1.pcap" \
		"$part.client" "$part.server" 2>"$part.errors"
}

same()	# PART NUMBER
{
	essence <"$1.events" >"$1.offline"
	essence <"$work/$2.kernel" >"$1.told"
	diff "$1.offline" "$1.told" && ! grep . "$1.differs"
}

lab_require nft ethtool
ktap_print_header
for program in "$mkcap" "$replay" "$behind"; do
	[ -x "$program" ] || ktap_skip_all "no $program: make mkcap builds it"
done
[ $# -gt 0 ] || set -- "$censor_top"/selftests/exchange/*.exchange
# Packets of both ends in the order of the script.
LAB_DELAY=0
lab_up
work=$lab_folder/exchange
mkdir "$work"
exchange_unpack "$work" "$@" || lab_fail "the exchanges can't be read"
touch "$work/offline"
{
	sed 's/$/ on/' "$work/list"
	without_offloads <"$work/list" | sed 's/$/ off/'
} | awk -v every="${LAB_QUICK:+6}" '!every || NR % every == 1' >"$work/cases"
ktap_set_plan $(($(grep -c . "$work/cases") + 2))
censor_module ""
# The scripts' ends have these addresses, and the router must take their packets for its own.
ip -n "$lab_censor" link set inside address 02:00:00:00:00:02
ip -n "$lab_censor" link set outside address 02:00:00:00:00:01
ip -n "$lab_client" neigh flush all
ip -n "$lab_outside" neigh flush all
for gateway in 198.51.100.80 2001:db8:2::80; do
	lab_wait 10 client ping -c 1 -W 1 $gateway || lab_fail "no way outside"
done
silence "$lab_client"
silence "$lab_outside"
censorctl monitor -j -n "$lab_censor" >"$lab_folder/events" 2>"$lab_folder/monitor.log" &
monitor=$!
lab_wait 10 grep -q listening "$lab_folder/monitor.log" || lab_fail "monitor does not listen"

number=0
state=on
while read -r n m file offloads; do
	number=$((number + 1))
	if [ "$offloads" != $state ]; then
		lab_offloads off tso gso gro tx rx >&2
		state=off
	fi
	! grep -qx "$n" "$work/offline" || continue
	part=$work/$n-$m-$offloads
	if through_both "$n" "$m" $number "$part"; then
		echo "$work/$n.pcap $part.written $part.client $part.server $part.differs"
	else
		ktap_print_msg "$file: $(cat "$part.errors")" >&2
	fi
done <"$work/cases" >"$work/captures"
last=$((first_port + number))
lab_wait 5 grep -q "\"sport\":$last,.*\"rule\":\"end\"" "$lab_folder/events" || :
kill -TERM $monitor
wait $monitor
split_events "$lab_folder/events"
"$behind" - <"$work/captures"

number=0
while read -r n m file offloads; do
	number=$((number + 1))
	name=$(cat "$work/$n-$m.name")
	[ "$offloads" = on ] || name="$name, offloads off"
	if grep -qx "$n" "$work/offline"; then
		ktap_test_skip "$name # offline only"
	else
		ktap_test_result "$name" same "$work/$n-$m-$offloads" $number
	fi
done <"$work/cases"
if [ $state = off ]; then
	ktap_test_match "the offloads are off" "" "$(still_on)"
else
	ktap_test_skip "the offloads are off # not for these"
fi
censor_clean
ktap_finished
