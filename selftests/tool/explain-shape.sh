#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# explain: phases, and what is policed, lost, delayed and sampled; what each rule counted.
# shellcheck source=explain.lib disable=SC2154
. "$(dirname "$0")/explain.lib"

policy()
{
	{ echo "censor test {"; cat; echo "}"; } >"$1"
}

# written: of the written capture, microseconds since its beginning, ports and flags, by line
written()
{
	tcpdump -n -tt -r written.pcap 2>/dev/null |
		sed -n 's/^\([0-9.]*\) IP .*\.\([0-9]*\) > .*\.\([0-9]*\): Flags \[\([^]]*\)\].*/\1 \2>\3 \4/p' |
		awk '{ if (!t) t = $1; printf "%d %s %s\n", ($1 - t) * 1000000 + 0.5, $2, $3 }'
}

capture one <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
a > S
a < SA
a > PA tls www.facebook.com
a < A
a < A
a < PA "hello"
a > A
END

policy phases <<'END'
	phase july "Photos fail" from 2017-07-18
	phase august from 2017-08-01
	rule slow  { tls.sni in "www.facebook.com" }  delay 2500us to server in phase july
	rule watch { tls.sni in "www.facebook.com" }  log in phase august
END
explain -w written.pcap phases one.pcap
is "the first phase, if none is named: exit 0" 0 "$status"
is "the verdict of a flow that is delayed" "tls www.facebook.com: slowed by rule slow (tls.sni)" \
	"$(lines)"
like "what the rule counted" "rule slow: 1 match, 5 packets (298 bytes) went on, 0 packets" \
	"$(cat err)"
like "how many flows were slowed" "1 flow was slowed" "$(cat err)"
is "what is delayed goes on later, behind what is not" \
	"0 40001>443 S
1000 443>40001 S.
3000 443>40001 .
4000 443>40001 .
4500 40001>443 P.
5000 443>40001 P.
8500 40001>443 ." "$(written)"
explain -j --phase august phases one.pcap
is "-j: another phase" '"watch"' "$(sed -n 's/.*"packet":3,"rule":\([^,]*\),.*/\1/p' out)"
like "-j: an event says the phase" '"phase":"august","excerpt":{"at":0,"text":"\u0016\u0003' \
	"$(cat out)"
like "-j: and where its value stands" 'www.facebook.com","found":[77,16]}' "$(cat out)"
is "-j: the counters come last" \
	'{"policy":"test","phase":"august","rules":[{"rule":"slow","hits":0,"packets":0,"bytes":0,"lost_packets":0,"lost_bytes":0},{"rule":"watch","hits":1,"packets":5,"bytes":298,"lost_packets":0,"lost_bytes":0}]}' \
	"$(tail -n 1 out)"
explain --phase augst phases one.pcap
is "an unknown phase: exit 1" 1 "$status"
like "and the known ones are named" 'no phase "augst"; did you mean "august"? It has july and august' \
	"$(cat err)"
is "and nothing is judged" "" "$(cat out)"
explain --phase july policy one.pcap
is "a policy without phases has none: exit 1" 1 "$status"

# Of 8,000 bits a second, a packet of 93 bytes of data takes 133 ms.
policy police <<'END'
	rule slow  { tls.sni in "www.facebook.com" }  police 8kbit burst 150B to server
END
{
	echo "flow a tcp 192.0.2.2:40001 198.51.100.7:443"
	echo "a > S"
	echo "a < SA"
	echo "a > PA tls www.facebook.com"
	for _ in 1 2 3 4 5; do echo "a > A"; echo "a < A"; done
} | capture police
explain -w written.pcap police police.pcap
is "what is beyond the rate is dropped, to the server only" "8 S S. P. . . . . ." \
	"$(written | awk '{ n++; s = s " " $3 } END { print n s }')"
like "and counted as lost" "6 packets (333 bytes) went on, 5 packets (200 bytes) did not" \
	"$(cat err)"

policy lose <<'END'
	rule lost  { tls.sni in "www.facebook.com" }  lose 100% to client
END
explain -w written.pcap lose one.pcap
is "what is lost never comes" "40001>443 S 443>40001 S. 40001>443 P. 40001>443 ." \
	"$(written | awk '{ printf "%s%s %s", s, $2, $3; s = " " }')"

policy sample <<'END'
	rule watch { tls.sni in "www.facebook.com" }  log sample 100%
END
explain -j sample one.pcap
is "a sample of all: each packet is told of" "3 4 5 6 7" "$(frames watch)"
like "but it matched once" '"hits":1,"packets":5' "$(tail -n 1 out)"

# As ever for the others.
explain -j policy one.pcap
is "a policy that shapes nothing has no counters printed" 0 "$(grep -c '"rules":' out)"
is "and its events have no phase" 0 "$(grep -c '"phase"' out)"
explain policy one.pcap
is "nor are they told" 0 "$(grep -c '^  rule ' err)"

done_testing
