#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# explain: every kind of capture that is read gives the same verdicts, and is written back.
# shellcheck source=explain.lib disable=SC2154
. "$(dirname "$0")/explain.lib"

cat >body <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
flow b tcp [2001:db8:1::2]:40004 [2001:db8::9]:80
a > S
a < SA
a > PA tls www.facebook.com
+1234567ns b > S
b < SA
b > PA "GET /secret HTTP/1.1\r\nHost: www.example.com\r\n\r\n"
END
wanted="tls www.facebook.com: injected by rule sni (tls.sni)
http www.example.com: injected by rule words (http.target)"

for link in ethernet vlan qinq raw sll sll2 null loop; do
	{ echo "link $link"; cat body; } | capture "$link"
	explain -w written.pcap policy "$link.pcap"
	is "$link: read" "$wanted" "$(lines)"
	# 6 packets came, 2 triggers are answered by 3 packets to each side
	is "$link: written: as many packets, of the same link type" \
		"18 $(tcpdump -r "$link.pcap" 2>&1 >/dev/null | sed 's/.*link-type//')" \
		"$(tcpdump -n -r written.pcap 2>/dev/null | wc -l) $(tcpdump -r written.pcap 2>&1 >/dev/null |
			sed 's/.*link-type//')"
	is "$link: written: resets both ways, over IPv4 and IPv6" 12 \
		"$(tcpdump -n -r written.pcap 2>/dev/null | grep -c 'Flags \[R')"
	is "$link: written: all checksums are right" 0 \
		"$(tcpdump -n -vv -r written.pcap 2>/dev/null | grep -c -e incorrect -e 'bad cksum')"
	explain policy written.pcap
	is "$link: written: can be explained again" 0 "$status"
done

# The same flows through outer headers. What is written can be read by others, and again.
while read -r name link headers; do
	{ echo "link $link"; echo "through $headers"; cat body; } | capture "$name"
	explain -w written.pcap policy "$name.pcap"
	is "through $name: read" "$wanted" "$(lines)"
	tcpdump -n -vv -r written.pcap >decoded 2>/dev/null
	is "through $name: written: 18 packets, 12 resets" "18 12" \
		"$(tcpdump -n -r written.pcap 2>/dev/null | wc -l) $(grep -c 'Flags \[R' decoded)"
	is "through $name: written: all lengths and checksums are right" 0 \
		"$(grep -c -i -e incorrect -e 'bad cksum' -e invalid -e 'truncated' -e missing -e malformed decoded)"
	explain -j policy written.pcap
	is "through $name: written: can be explained again, by the same headers" "0 0" \
		"$status $(grep -c '"proto":"\(gre\|41\|4\)"' out)"
done <<'END'
pppoe ethernet pppoe
pppoe-vlan ethernet qinq vlan pppoe
pppoe-sll sll pppoe
pppoe-sll2 sll2 pppoe
vlan-sll sll vlan
vlan-sll2 sll2 vlan
6in4-and-ipip ethernet ip4
4in6-and-6in6 ethernet ip6
option raw ip6+opt
loopback null ip4
gre ethernet ip4 gre
gre-sum ethernet ip4 gre+sum
gre-all ethernet ip4 gre+sum+key+seq
gre-ip6 raw ip6+opt gre+key
bridged ethernet ip4 gre+sum ethernet
bridged-vlan ethernet ip6 gre+seq ethernet vlan
bridged-pppoe ethernet ip4 gre ethernet pppoe
nested ethernet pppoe ip4 gre+sum ip6+opt ip4 gre+key ethernet qinq vlan
END

# What the censor sends goes back through the tunnel's other end.
{ echo "through pppoe ip4 gre+key"; cat body; } | capture back
explain -w written.pcap policy back.pcap
is "resets to the client: from the tunnel's other end, in the same session and tunnel" \
	"6 203.0.113.1 > 203.0.113.2 6 203.0.113.2 > 203.0.113.1" \
	"$(tcpdump -n -r written.pcap 2>/dev/null | grep 'Flags \[R' | grep 'ses 0x77.*key=0x7' |
		sed 's/.*IP \(203[0-9.]* > 203[0-9.]*\):.*/\1/' | sort | uniq -c |
		awk '{ printf "%s%s %s %s %s", sep, $1, $2, $3, $4; sep = " " }')"

# Held fragments that go on with the first one's TTL: GRE's checksum covers that too.
cat >hold <<'END'
censor hold {
	ip { fragments hold
		ttl first }
	rule never { tls.sni in "never.example" } drop
}
END
for flow in "192.0.2.2:40000 198.51.100.7:99" "[2001:db8:1::2]:40000 [2001:db8::9]:99"; do
	for ttl in 40 64; do
		printf 'through ip4 gre+sum ip4 gre+sum\nflow a udp %s\n%s\n%s\n' "$flow" \
			"a > zeros 64 id 9 slice 0 32 ttl 64" \
			"a > zeros 64 id 9 slice 32 99 ttl $ttl" | capture "ttl-$ttl"
	done
	explain -w written.pcap hold ttl-40.pcap
	is "the TTL of a packet in GRE is changed: $flow: as if it had been so" \
		"$(tcpdump -t -n -x -r ttl-64.pcap 2>/dev/null)" \
		"$(tcpdump -t -n -x -r written.pcap 2>/dev/null)"
done

# through HEADERS...: what becomes of three packets of a connection
through()
{
	printf 'through %s\n%s\n' "$*" "flow a tcp 192.0.2.2:40001 198.51.100.7:443
a > S
a < SA
a > PA tls www.facebook.com${cut:+ }${cut:-}" | capture one
	explain --flows one.pcap
	sed -n 's/^\([a-z0-9]* [^ ]* > [^ ]*\)  \([0-9]* packets*\).* bytes\(, [a-z]*\).*/\1 \2\3/p
		t
		s/^\([a-z0-9]* [^ ]* > [^ ]*\)  \([0-9]* packets*\).* bytes/\1 \2/p' out
}

cut=
is "four tunnels in each other are looked through" \
	"tcp 192.0.2.2:40001 > 198.51.100.7:443 3 packets, tls" "$(through ip4 ip4 gre ip6 ip4)"
is "of five the last is judged" "4 203.0.113.1 > 203.0.113.2 3 packets" \
	"$(through ip4 ip4 ip6 ip4 ip4)"
is "GRE of PPTP stays what it is" "gre 203.0.113.1 > 203.0.113.2 3 packets, gre" \
	"$(through ip4 gre+pptp)"
is "a fragment of a tunnel's packet stays what it is" "4 203.0.113.1 > 203.0.113.2 3 packets" \
	"$(through ip4+frag)"
for inside in "6558 ffffffffffff0200000000010806 00010800060400010200000000010a0000010000000000000a000002" \
	"0800 60000000" "86dd 45000014000000004006000001020304" "88be 0000"; do
	payload=$(printf 0000%s "$inside" | tr -d ' ')
	printf 'flow a 47 192.0.2.2 198.51.100.7\na > hex %s\n' "$payload" | capture one
	explain --flows one.pcap
	is "GRE that carries no packet stays what it is: $inside" 1 \
		"$(grep -c '^gre 192.0.2.2 > 198.51.100.7  1 packet, .*, gre$' out)"
done
cut="cap 12"
is "a tunnel in which too little was captured to see a packet stays what it is" \
	"tcp 192.0.2.2:40001 > 198.51.100.7:443 2 packets
gre 203.0.113.1 > 203.0.113.2 1 packet, gre" "$(through ip4 gre)"
cut="iplen 2000"
is "a tunnel whose packet says that it is longer than the tunnel's stays what it is" \
	"tcp 192.0.2.2:40001 > 198.51.100.7:443 2 packets
4 203.0.113.1 > 203.0.113.2 1 packet" "$(through ip4)"
cut="pad 7"
is "a packet ends with the tunnel's, whatever the link pads it by" \
	"tcp 192.0.2.2:40001 > 198.51.100.7:443 3 packets, tls" "$(through pppoe ip4 gre)"
explain policy one.pcap
is "bytes are those of the packet in the tunnel" "$(sed -n 's/.* \([0-9]* bytes\).*/\1/p' out)" "213 bytes"

for format in "format pcap" "order swapped" "format pcapng"; do
	for precision in us ns; do
		{ echo "$format"; echo "precision $precision"; cat body; } | capture format
		explain -w written.pcap policy format.pcap
		is "$format, $precision: read" "$wanted" "$(lines)"
		fraction=003234
		[ $precision = us ] || fraction=003234567
		is "$format, $precision: timestamps as they were" "$fraction" \
			"$(tcpdump --nano -n -tt -r written.pcap 2>/dev/null | grep 40004 | head -n 1 |
				sed "s/^[0-9]*\.\([0-9]\{${#fraction}\}\).*/\1/")"
	done
done

echo "link usb" | cat - body | capture usb
explain policy usb.pcap
is "another link type: exit 1" 1 "$status"
like "another link type: which it is" "USB_LINUX" "$(cat err)"
like "another link type: what is read" "Ethernet" "$(cat err)"
done_testing
