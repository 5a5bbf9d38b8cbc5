#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# explain: why the censor was blind, and the fragments that it puts together.
# shellcheck source=explain.lib disable=SC2154
. "$(dirname "$0")/explain.lib"

# policy NAME: the statements on standard input before one rule
policy()
{
	{
		echo "censor test {"
		cat
		echo '	rule sni { tls.sni in "www.facebook.com" }  drop'
		echo '	rule dns { dns.qname in "www.facebook.com" }  drop'
		echo "}"
	} >"$1"
}

policy teardown <<'END'
	tcp { teardown rst, rst+ack
	      create syn, syn+ack
	      check checksum, data-offset }
END
capture teardown <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
flow b tcp 192.0.2.2:40002 198.51.100.7:443
flow c tcp 192.0.2.2:40003 198.51.100.7:443
flow d tcp 192.0.2.2:40004 198.51.100.7:443
a > S
a < SA
a > A
a > R ttl 3 decoy
a > PA tls www.facebook.com
a > PA zeros 5
b > S
b < SA
b > R ttl 3 sum bad decoy
b > PA tls www.facebook.com
c > PA tls www.facebook.com
c > PA zeros 5
d > S
d < SA
d > PA tls www.facebook.com
END
explain teardown teardown.pcap
is "a flow's line tells what happened in the censor's TCP, and with which packet" \
	"passed; tcp: a RST tore the TCB down (packet 4)" "$(lines | sed -n 1p)"
like "a decoy that it does not believe" "dropped by rule sni (tls.sni); tcp: " "$(lines | sed -n 2p)"
like "a decoy that it does not believe: the packet" "(packet 3)" "$(lines | sed -n 2p)"
like "data without a connection: from the first packet on" "(packet 1)" "$(lines | sed -n 3p)"
is "nothing to tell" "tls www.facebook.com: dropped by rule sni (tls.sni)" "$(lines | sed -n 4p)"
explain -j teardown teardown.pcap
is "-j: a member tcp" '"tcp":{"note":"a RST tore the TCB down","packet":4}' \
	"$(grep 40001 out | grep -o '"tcp":{.*}' | sed 's/}}$/}/')"
is "-j: null where there is nothing to tell" 1 "$(grep 40004 out | grep -c '"verdict":"dropped".*"tcp":null}')"

capture fragments <<'END'
flow a udp 192.0.2.2:40001 198.51.100.53:53
flow b udp [2001:db8:1::2]:40002 [2001:db8::53]:53
flow c udp 192.0.2.2:40003 198.51.100.53:53
flow d udp 192.0.2.3:40004 198.51.100.53:53
a > dns www.facebook.com a id 7 frag 0+ part 0 16 udplen 42 ttl 61
a > dns www.facebook.com a id 7 frag 24 part 16 99 ttl 62
b > dns www.facebook.com aaaa id 8 frag 0+ part 0 16 udplen 42
b > dns www.facebook.com aaaa id 8 frag 24 part 16 99
c > dns www.example.com a id 9 frag 24 part 16 99 ttl 61
c > dns www.example.com a id 9 frag 0+ part 0 16 udplen 41 ttl 62
d > dns www.facebook.com a id 10 frag 0+ part 0 16 udplen 42
END
for how in ignore reassemble hold; do
	echo "ip { fragments $how }" | policy "$how"
	explain -j -w written.pcap "$how" fragments.pcap
	is "fragments $how: exit 0" 0 "$status"
	case $how in
	ignore)		frames="" wanted=7 ;;
	reassemble)	frames="2 4" wanted=5 ;;
	hold)		frames="2 4" wanted=2 ;;
	esac
	is "fragments $how: which are judged as one" "$frames" "$(frames dns)"
	is "fragments $how: what goes on" "$wanted" "$(tcpdump -n -r written.pcap 2>/dev/null | wc -l)"
done
is "fragments hold: they go on together, with their own TTLs" "ttl 61 ttl 62 " \
	"$(tcpdump -n -v -r written.pcap 2>/dev/null | grep -o 'ttl [0-9]*' | tr '\n' ' ')"
is "fragments hold: at the time of the last" 1 \
	"$(tcpdump -n -tt -r written.pcap 2>/dev/null | sed -n 's/^\([0-9.]*\) IP.*/\1/p' | sort -u | wc -l)"
explain hold fragments.pcap
like "fragments hold: what never comes together is told" "1 fragment was held" "$(cat err)"
echo "ip { fragments hold; ttl first }" | policy first
explain -w written.pcap first fragments.pcap
is "fragments hold, ttl first: all go on with that of the first that came" "ttl 61 ttl 61 " \
	"$(tcpdump -n -v -r written.pcap 2>/dev/null | grep -o 'ttl [0-9]*' | tr '\n' ' ')"
is "fragments hold, ttl first: checksums are right" 0 \
	"$(tcpdump -n -vv -r written.pcap 2>/dev/null | grep -c -e incorrect -e 'bad cksum')"
done_testing
