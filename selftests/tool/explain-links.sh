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
