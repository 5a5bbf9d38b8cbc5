#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# Connections that are begun and never answered: memory stays below the cap, what the table has no
# room for passes and is counted, and a connection from before them is judged as ever. Flushed, nothing
# of them stays, nor of as many blocks.
#
# HALF_OPEN: how many (1000000; with LAB_QUICK 100000)

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

many=${HALF_OPEN:-1000000}
[ -z "${LAB_QUICK:-}" ] || many=100000

# Each from a port of its own, and where those run out from the next address.
script()
{
	cat <<-END
	flow e tcp 192.0.2.98:40000 203.0.113.80:443 fixed
	flow s tcp 192.0.2.99:1024 203.0.113.80:443
	e > S
	e > A
	repeat $many
	s > S
	end
	e > PA tls www.facebook.com
	END
}

send()
{
	client "$censor_top/build/replay" eth0 "$lab_folder/many.pcap"
}

# Besides what the client sends, what the censor injects comes from its address.
passed()
{
	arrived=$(outside nft list counters | sed -n 's/.*packets \([0-9]*\) .*/\1/p')
	echo "$arrived"
	[ "$arrived" -ge $((many + 3)) ]
}

found()
{
	jq -c 'select(.rule == "sni" and .flow.saddr == "192.0.2.98")' "$lab_folder/events" | grep .
}

lab_require jq nft perl chrt
ktap_print_header
[ -x "$censor_top/build/replay" ] || ktap_skip_all "no build/replay: make mkcap builds it"
ktap_set_plan 9
lab_up
censor_module max_flows=16384
ip -n "$lab_censor" link set inside address 02:00:00:00:00:02
ip -n "$lab_client" neigh flush all
lab_wait 10 client ping -c 1 -W 1 198.51.100.80 || lab_fail "no way outside"
# Nobody is there to answer, and nobody says so.
outside nft -f - <<-'END'
	table ip silence {
		counter arrived { }
		chain prerouting {
			type filter hook prerouting priority raw
			ip saddr 192.0.2.96/27 counter name arrived drop
		}
	}
END
censor_load "$censor_policy"
censor_events "$lab_folder/events"
script | "$censor_top/build/mkcap" - "$lab_folder/many.pcap"
ktap_test_result "$many connections are begun" send
censor_events_stop
flows=$(censor_stat flows)
ktap_print_msg "$flows flows, $(censor_stat flow_bytes) bytes; $(censor_stat flows_full) found no room"
ktap_test_result "no more than 16384 are remembered" [ "$flows" -le 16384 ]
ktap_test_result "the others are counted" [ "$(censor_stat flows_full)" -ge $((many - 16384)) ]
ktap_test_result "and pass" passed
ktap_test_result "the connection from before is judged" found

# Who sweeps a large table stands back for others now and then, and may not lose its place by it.
none_left()
{
	[ "$(censor_stat flows)" = 0 ] && [ "$(censor_stat blocks)" = 0 ]
}
flushed()
{
	chrt -f 50 perl -e 'select(undef, undef, undef, 0.0002) while 1' &
	busy=$!
	censor_flush
	kill "$busy"
	lab_wait 10 none_left && return
	echo "$(censor_stat flows) flows and $(censor_stat blocks) blocks are left"
	return 1
}
ktap_test_result "flushed, on a busy machine: none is remembered" flushed
cat >"$lab_folder/policy" <<-'END'
	censor blocks {
		rule each { port.dst 443 } log, residual 600s by src,sport with drop
	}
END
censor_load "$lab_folder/policy"
many=30000
script | "$censor_top/build/mkcap" - "$lab_folder/many.pcap"
send
blocks=$(censor_stat blocks)
ktap_print_msg "$(censor_stat flows) flows, $blocks blocks"
ktap_test_result "as many blocks" [ "$blocks" -ge $many ]
ktap_test_result "of which none is left, either" flushed
censor_clean
ktap_finished
