#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# Hostile packets: truncated, lying about their lengths, looping, empty, noise. They pass, no rule
# is made to match by them, nothing breaks, and what comes after them is judged as ever.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

# Questions, each a datagram to a resolver that is not there: all of them are to reach outside.
questions()
{
	cat <<-'END'
	flow q udp 192.0.2.99:40000 203.0.113.53:53
	flow q6 udp [2001:db8:1::99]:40000 [2001:db8:3::53]:53
	q > hex 0001010000010000000000000377777708666163656200
	q > hex 000101000001000000000000c00c00010001
	q > hex 00010100000100000000000003777777c00c00010001
	q > hex 0001010000010000000000003f61
	q > hex 000101000001000000000000ffffffff
	q > hex 00010100ffffffffffffffff00
	q > hex 00
	q > hex 000101000001000000000000
	q > udplen 0 dns www.facebook.com a
	q > udplen 7 dns www.facebook.com a
	q > udplen 8 dns www.facebook.com a
	q > udplen 65535 hex 0001
	q6 > hex 000101000001000000000000c00c00010001
	q6 > hex 0001010000010000000000003f61
	q6 > hex 00
	q6 > udplen 8 dns www.facebook.com aaaa
	END
	awk 'BEGIN {
		srand(2017)
		for (line = 0; line < 150; line++) {
			bytes = "000101000001000000000000"
			for (i = int(rand() * 60); i >= 0; i--)
				bytes = bytes sprintf("%02x", int(rand() * 256))
			print "q" (line % 2 ? "6" : "") " > hex " bytes
		}
	}'
}

# Streams, each on a flow of its own. (The censor of 2017 believes an impossible data offset, and
# would find a name behind it.)
streams()
{
	port=41000
	while read -r payload; do
		port=$((port + 1))
		echo "flow s$port tcp 192.0.2.99:$port 203.0.113.80:443"
		echo "s$port > S"
		echo "s$port > A"
		printf 's%s > PA %s\n' "$port" "$payload"
	done <<-'END'
	tls ""
	hex 1603010000
	hex 160301ffff0100
	hex 16030100050100ffff03
	hex 160301000401000000
	hex 16030100300100002c0303000000000000000000000000000000000000000000000000000000000000000000ff
	tls www.facebook.com part 0 30
	"GET "
	"GET  HTTP/1.1\r\n\r\n"
	"GET / HTTP/1.1\r\nHost:\r\n\r\n"
	"GET / HTTP/1.1\r\nHost: \r\n\r\n"
	"\r\n\r\n\r\n"
	zeros 1400
	doff 15 hex 16
	doff 1 hex 1603
	doff 0 "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"
	opt 0200 hex 1603
	opt 02ff0101 hex 1603
	frag 8 hex 1603
	frag 0+ hex 1603010200010001fc0303
	iplen 21 hex 1603
	iplen 4000 hex 1603
	iplen 0 hex 1603
	ipsum bad tls www.facebook.com
	cap 10 tls www.facebook.com
	cap 22 tls www.facebook.com
	cap 41 tls www.facebook.com
	END
	# Headers only, and protocols that end before they begin.
	cat <<-'END'
	flow x 132 192.0.2.99:0 203.0.113.80:0
	x > hex 00
	flow icmp icmp 192.0.2.99:0 203.0.113.80:0
	icmp > hex 08
	frame 02000000000202000000000186dd 60000000000000ff
	frame 0200000000020200000000010800 4f00001400000000400600000a000001
	END
}

# After all that, one that is to be found.
found()
{
	cat <<-'END'
	flow f tcp 192.0.2.99:49000 203.0.113.90:443
	f > S
	f > A
	f > PA tls www.facebook.com
	END
}

send()	# SCRIPT-FILE CAPTURE
{
	"$censor_top/build/mkcap" "$1" "$2" && client "$censor_top/build/replay" eth0 "$2"
}

arrived()	# COUNT
{
	arrived=$(outside nft -j list counter inet arrived questions | jq '.nftables[].counter? | .packets | numbers')
	echo "$arrived of $1"
	[ "$arrived" = "$1" ]
}

only_found()
{
	[ "$(jq -r 'select(.rule) | .rule' "$lab_folder/events" | sort -u)" = sni ] &&
		[ -z "$(jq -r 'select(.flow.sport != 49000 and .flow.dport != 49000)' "$lab_folder/events")" ]
}

lab_require curl jq nft
ktap_print_header
[ -x "$censor_top/build/replay" ] || ktap_skip_all "no build/replay: make mkcap builds it"
ktap_set_plan 9
lab_up
censor_module ""
# mkcap's server has this address.
ip -n "$lab_censor" link set inside address 02:00:00:00:00:02
ip -n "$lab_client" neigh flush all
# Neighbours that are not known yet queue only so many packets.
for gateway in 198.51.100.254 2001:db8:2::254; do
	lab_wait 10 client ping -c 1 -W 1 $gateway || lab_fail "no way outside"
done
censor_load "$censor_policy"
censor_events "$lab_folder/events"
outside nft -f - <<-'END'
	table inet arrived {
		counter questions { }
		chain prerouting {
			type filter hook prerouting priority raw
			ip saddr 192.0.2.99 udp sport 40000 counter name questions
			ip6 saddr 2001:db8:1::99 udp sport 40000 counter name questions
		}
	}
END

questions >"$lab_folder/questions"
streams >"$lab_folder/streams"
found >"$lab_folder/found"
count=$(grep -c '^q.* > ' "$lab_folder/questions")
before=$(censor_stat malformed)
ktap_test_result "$count hostile questions" send "$lab_folder/questions" "$lab_folder/questions.pcap"
lab_wait 10 arrived "$count"
ktap_test_result "they pass" arrived "$count"
ktap_test_result "hostile streams" send "$lab_folder/streams" "$lab_folder/streams.pcap"
after=$(censor_stat malformed)
ktap_print_msg "malformed before $before, after $after"
ktap_test_result "what lies is counted" [ "$after" -gt "$before" ]
ktap_test_result "a packet that a rule is for" send "$lab_folder/found" "$lab_folder/found.pcap"
censor_events_stop
ktap_test_result "it is found, and nothing else" only_found

censorctl explain -j "$censor_policy" "$lab_folder/streams.pcap" >"$lab_folder/explained" 2>&1
ktap_test_match "explain goes through the same packets" "*\"flow\"*" "$(cat "$lab_folder/explained")"
ktap_test_match "the lab still works" "*page of example.com*" \
	"$(client curl -sS -m 6 --resolve example.com:80:198.51.100.80 http://example.com/ 2>&1)"
censor_clean
ktap_finished
