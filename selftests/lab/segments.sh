#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2317 # perl's variables; functions that ktap_test_result calls
# Segments are what the wire would carry, with the offloads of every device on and off: a large write
# is judged as its segments and dropped from the one on that matches; a request that its sender splits
# in two is seen in two; what is rewritten is rewritten segment by segment; hooks after the censor's
# see what goes on.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

port=8080
request='GET / HTTP/1.1\r\nHost: blocked.example\r\n\r\n'

policy()	# REASSEMBLY ACTIONS
{
	cat >"$lab_folder/policy" <<-END
	censor segments {
		inside 192.0.2.0/24, 2001:db8:1::/48
		tcp {
			reassembly $1
			look unknown never
			look all
		}
		names bad { blocked.example }
		rule bad { http.host in bad } $2
	}
	END
	censor_load "$lab_folder/policy"
}

served_more()
{
	[ "$(wc -l <"$lab_folder/served")" -gt "$served_before" ]
}

# What the server got of what a client says. The client does not wait for an answer.
says()	# ADDRESS TEXT...
{
	served_before=$(wc -l <"$lab_folder/served")
	client "$lab_source/peer" talk "$1" $port -w 1 "$2" ${3:+"$3"} >/dev/null
	lab_wait 10 served_more
	tail -n 1 "$lab_folder/served"
}

# Whether a recording holds a packet longer than the wire would carry.
longer()	# FILE
{
	tcpdump -n -r "$1" "tcp and greater 1600" 2>/dev/null | grep -q .
}

froze()	# RESULT
{
	echo "$1"
	case $1 in
	7240\ *|8688\ *|10136\ *|11584\ *) ;;
	*) return 1 ;;
	esac
}

# Ten datagrams in one packet (UDP_SEGMENT), and how many of them went on and were lost by the rule.
burst()	# ACTION
{
	printf 'censor burst {\n\trule act { proto in udp and port in %s } %s to server\n}\n' $port "$1" \
		>"$lab_folder/policy"
	censor_load "$lab_folder/policy"
	client perl -MSocket -e '
		socket(my $s, PF_INET, SOCK_DGRAM, 17) or die $!;
		setsockopt($s, 17, 103, pack("i", 1000)) or die "UDP_SEGMENT: $!";
		send($s, "x" x 10000, 0, sockaddr_in($ARGV[0], inet_aton("198.51.100.80"))) or die $!' $port
	censorctl counters -j -n "$lab_censor" | jq -r '.rules[0] | "\(.packets) \(.lost_packets)"'
}

# Some, and not all.
drawn()	# RESULT
{
	echo "$1"
	[ $((${1% *} + ${1#* })) = 10 ] && [ "${1% *}" -gt 0 ] && [ "${1#* }" -gt 0 ]
}

lab_require ethtool tcpdump perl nft jq
ktap_print_header
ktap_set_plan 32
lab_up
censor_module ""
outside "$lab_source/peer" serve $port "$lab_folder/served" &
lab_wait 10 grep -q listening "$lab_folder/served" || lab_fail "the server does not listen"
# After the censor's hook: counts what goes on to the server.
censor nft -f - <<-END
	table inet after {
		counter onward { }
		chain forward {
			type filter hook forward priority filter + 10
			tcp dport $port counter name onward
			tcp dport $port meta length > 1500 counter
		}
	}
END

# The segments' size is the MSS less the timestamps: 1448 bytes, 1428 in IPv6.
for state in on off; do
	lab_offloads $state tso gso gro
	policy none "drop"
	ktap_test_match "offloads $state: a request in one piece is dropped" "0 *" \
		"$(says 198.51.100.80 "$request")"
	ktap_test_match "offloads $state: one that its sender splits passes a censor without reassembly" \
		"41 *" "$(says 198.51.100.80 'GET / HTTP/1.1\r\nHost: blo' 'cked.example\r\n\r\n')"
	policy in-order "drop"
	ktap_test_match "offloads $state: and only half of it one with" "25 *" \
		"$(says 198.51.100.80 'GET / HTTP/1.1\r\nHost: blo' 'cked.example\r\n\r\n')"

	# Four whole segments, a fifth that begins with the request, and more.
	policy none "drop"
	lab_capture "$lab_censor" inside "$lab_folder/$state.pcap"
	ktap_test_match "offloads $state: a large write is dropped from the segment on that matches" \
		"5792 *" "$(says 198.51.100.80 "\\x{5792}$request\\y{6000}")"
	ktap_test_match "offloads $state: in IPv6, too" \
		"5712 *" "$(says 2001:db8:2::80 "\\x{5712}$request\\y{6000}")"
	lab_capture_stop
	if [ $state = on ]; then
		ktap_test_result "offloads on: the censor met packets of many segments" \
			longer "$lab_folder/on.pcap"
	else
		ktap_test_result "offloads off: the censor met none" \
			[ -z "$(tcpdump -n -r "$lab_folder/off.pcap" 'tcp and greater 1600' 2>/dev/null)" ]
	fi
	ktap_test_match "offloads $state: nothing else is lost" "40000 closed" \
		"$(says 198.51.100.80 '\x{40000}')"

	# On the path it has a copy: what matches has passed, what follows is dropped.
	policy none "drop, on-path"
	ktap_test_match "offloads $state: a censor on the path drops what comes after" \
		"7240 *" "$(says 198.51.100.80 "\\x{5792}$request\\y{6000}")"

	# Resets in place of what the client sends, from the segment on that matches.
	policy none "rewrite rst to server"
	before=$(censor_stat rewritten)
	ktap_test_match "offloads $state: rewritten from the segment on that matches" \
		"5792 reset" "$(says 198.51.100.80 "\\x{5792}$request\\y{6000}")"
	ktap_test_match "offloads $state: in IPv6, too" \
		"5712 reset" "$(says 2001:db8:2::80 "\\x{5712}$request\\y{6000}")"
	after=$(censor_stat rewritten)
	ktap_test_result "offloads $state: each is counted" [ $((after - before)) -ge 10 ]

	# A freeze counts segments, not what stands for them.
	policy none "freeze after 3 packets"
	# What the server acknowledges meanwhile counts, too.
	ktap_test_result "offloads $state: a freeze lets up to three more segments pass" \
		froze "$(says 198.51.100.80 "\\x{5792}$request\\y{12000}")"

	# What is slowed is slowed by segment: of 3000 bytes at once two datagrams are not too many.
	ktap_test_match "offloads $state: of ten datagrams at once the police lets two go on" "2 8" \
		"$(burst "police 8kbit")"
	ktap_test_result "offloads $state: loss is drawn for each" drawn "$(burst "lose 50%")"
	if [ $state = on ]; then
		ktap_test_match "hooks after the censor's saw what went on" "*packets [1-9]*" \
			"$(censor nft list counters)"
	fi
done

censor_flush
ktap_test_match "flushed: all of it passes" "11833 closed" \
	"$(says 198.51.100.80 "\\x{5792}$request\\y{6000}")"
censor_clean
ktap_test_result "unloaded" rmmod nf_censor
ktap_finished
