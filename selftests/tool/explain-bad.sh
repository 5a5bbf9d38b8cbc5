#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# explain: captures that are cut, damaged, lying, or none at all.
# shellcheck source=explain.lib disable=SC2154
. "$(dirname "$0")/explain.lib"

capture good <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
flow b udp 192.0.2.2:40003 198.51.100.53:53
b > dns www.twitter.com a
a > S
a < SA
a > PA tls www.facebook.com
END
size=$(wc -c <good.pcap)

# refused NAME FILE REASON
refused()
{
	explain policy "$2"
	is "$1: exit 1" 1 "$status"
	like "$1: why" "$3" "$(cat err)"
	is "$1: nothing is explained" "" "$(cat out)"
}

: >empty
refused "an empty file" empty "it is empty"
head -c 10 good.pcap >head.pcap
refused "half a header" head.pcap "truncated"
echo "this is no capture, only text" >text
refused "a text" text "not a capture"
gzip -c good.pcap >good.gz
refused "a compressed capture" good.gz "zcat"
refused "a directory" . "directory"
refused "no such file" missing "No such file"

head -c $((size - 5)) good.pcap >cut.pcap
explain policy cut.pcap
is "cut within a packet: exit 1" 1 "$status"
is "cut within a packet: what came before is explained" "dns www.twitter.com: forged by rule dns (dns.qname)
passed" "$(lines)"
like "cut within a packet: where" "it is cut: it ends at byte $((size - 5)), within packet 4" "$(cat err)"
head -c $((size - 5)) good.pcap | "$censorctl" explain policy - >out 2>err
is "cut, from a pipe: exit 1" 1 $?
like "cut, from a pipe: where" "within packet 4" "$(cat err)"
head -c 30 good.pcap >cut.pcap
explain policy cut.pcap
is "cut within a packet's header: exit 1" 1 "$status"
like "cut within a packet's header: where" "within packet 1" "$(cat err)"
explain -w written.pcap policy cut.pcap
is "cut, with -w: a capture all the same" 0 "$(tcpdump -r written.pcap 2>/dev/null | wc -l)"

# The second packet says that it is 2 GB long.
{ head -c 24 good.pcap; printf '\0\0\0\0\0\0\0\0\377\377\377\177\377\377\377\177'; cat good.pcap; } >long
explain policy long
is "a packet of 2 GB: exit 1" 1 "$status"
like "a packet of 2 GB: said" "damaged after packet 0" "$(cat err)"

capture short <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
flow b tcp 192.0.2.2:40002 198.51.100.7:80
flow c udp 192.0.2.2:40003 198.51.100.53:53
a > S cap 40
a < SA cap 40
a > PA tls www.facebook.com cap 60
b > S cap 30
b > A cap 10
b > A cap 0
c > dns www.facebook.com a cap 45
END
explain policy short.pcap
is "packets captured in part: exit 0" 0 "$status"
like "packets captured in part: headers that are missing are counted" "2 packets are malformed or their headers were not captured" "$(cat err)"
is "packets captured in part: they pass" "0" "$(lines | grep -vc passed)"

capture lies <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
flow b udp 192.0.2.2:40003 198.51.100.53:53
flow c tcp 192.0.2.2:40004 198.51.100.7:443
flow d udp [2001:db8::1]:40003 [2001:db8::2]:53
a > S iplen 10
a > S iplen 65535
a > S doff 15
a > S doff 2
b > dns www.facebook.com a udplen 4
b > dns www.facebook.com a udplen 9000
b > hex 123401000001000000000000c00c00010001
b > hex 12340100ffffffffffffffff03777777
d > dns www.facebook.com a iplen 9000
c > S
c < SA
c > PA hex 16030100ff010000fb0303
c > PA zeros 1400
c > PA hex ffffffff
END
explain policy lies.pcap
is "lying lengths, a compression loop: exit 0" 0 "$status"
is "lying lengths, a compression loop: all passes" 0 "$(lines | grep -vc passed)"
like "lying lengths: counted" "5 packets are malformed" "$(cat err)"
like "lying lengths: of a TCP header: the censor's TCP does not believe them" \
	"2 packets did not pass the checks of the censor's TCP" "$(cat err)"

capture times <<'END'
flow a udp 192.0.2.2:40003 198.51.100.53:53
a > dns www.twitter.com a
-40000000s a > dns www.twitter.com a
+2000000000s a > dns www.twitter.com a
END
explain -j policy times.pcap
is "times that jump: exit 0" 0 "$status"
is "times that jump: judged all the same" "1 2 3" "$(frames dns)"
done_testing
