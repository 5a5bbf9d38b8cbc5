#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# explain -w: the capture as it would look behind the censor.
# shellcheck source=explain.lib disable=SC2154
. "$(dirname "$0")/explain.lib"

# decode OPTION...: the written capture, a line for a packet
decode()
{
	tcpdump -n "$@" -r written.pcap 2>/dev/null
}

capture both <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
flow b tcp 192.0.2.2:40002 198.51.100.7:80
flow c udp 192.0.2.2:40003 198.51.100.53:53
frame ffffffffffff0200000000010806 0001
a > S
a < SA
a > PA tls www.facebook.com
a < A
b > S
b < SA
b > PA "GET / HTTP/1.1\r\nHost: www.facebook.com\r\n\r\n"
b < PA "HTTP/1.1 200 OK\r\n\r\n"
c > dns www.twitter.com a
END
explain -w written.pcap policy both.pcap
is "exit 0" 0 "$status"
is "what passes is there, what is dropped is not" \
	"1 4 2 1" "$(decode -e | grep -c ARP) $(decode "port 40001 and tcp[13] & 4 == 0" | wc -l) $(decode port 40002 | wc -l) $(decode udp dst port 53 | wc -l)"
is "injected packets follow their trigger at its time, to the server and to the client, as the policy says" \
	"192.0.2.2.40001 > 198.51.100.7.443: Flags [P.]
198.51.100.7.443 > 192.0.2.2.40001: Flags [R]
192.0.2.2.40001 > 198.51.100.7.443: Flags [R]
198.51.100.7.443 > 192.0.2.2.40001: Flags [R.]
192.0.2.2.40001 > 198.51.100.7.443: Flags [R.]
198.51.100.7.443 > 192.0.2.2.40001: Flags [R.]
192.0.2.2.40001 > 198.51.100.7.443: Flags [R.]" \
	"$(decode -tt port 40001 | sed -n 's/^1506297600.003000 IP \(.*\]\), seq.*/\1/p')"
is "their fields are the policy's" "ttl 55 id 7 2 ttl 77 id 0 4" "$(decode -v "port 40001 and tcp[13] & 4 != 0" |
	sed -n 's/.*ttl \([0-9]*\), id \([0-9]*\),.*/ttl \1 id \2/p' | sort | uniq -c |
	awk '{ printf "%s%s %s %s %s %s", sep, $2, $3, $4, $5, $1; sep = " " }')"
is "Ethernet addresses: turned round towards the client, kept towards the server" 6 \
	"$({ decode -e "src port 443 and tcp[13] & 4 != 0" | grep '02:00:00:00:00:02 > 02:00:00:00:00:01'
		decode -e "dst port 443 and tcp[13] & 4 != 0" | grep '02:00:00:00:00:01 > 02:00:00:00:00:02'
	} | wc -l)"
is "the forged answer" "1/0/0 A 203.0.113.66" "$(decode udp src port 53 |
	sed -n 's/.*: 4660.* \(1\/0\/0 A [0-9.]*\) .*/\1/p')"
is "all checksums are right" 0 "$(decode -vv | grep -c -e incorrect -e 'bad ' )"
cp written.pcap first.pcap
explain -w written.pcap policy both.pcap
is "the same input, the same bytes" "$(cksum <first.pcap)" "$(cksum <written.pcap)"

cp both.pcap before.pcap
explain -w both.pcap policy both.pcap
is "onto the capture itself: exit 1" 1 "$status"
is "onto the capture itself: it is left alone" "$(cksum <before.pcap)" "$(cksum <both.pcap)"
explain -w /nonexistent/x.pcap policy both.pcap
is "where it cannot be written: exit 1" 1 "$status"
explain -w - policy both.pcap
is "onto the standard output: exit 2" 2 "$status"
if [ -c /dev/full ]; then
	explain -w /dev/full policy both.pcap
	is "onto a full disk: exit 1" 1 "$status"
	like "onto a full disk: why" "No space left" "$(cat err)"
	"$censorctl" explain policy both.pcap >/dev/full 2>err
	is "standard output full: exit 1" 1 $?
fi
done_testing
