#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# explain --flows: what each flow is and by which bytes, with and without a policy. list protocols:
# what is known of each. Rules that ask for a protocol.
# shellcheck source=explain.lib disable=SC2154
. "$(dirname "$0")/explain.lib"

capture mixed <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
flow b udp [2001:db8:1::2]:40002 [2001:db8::53]:53
flow c tcp 192.0.2.2:40003 198.51.100.9:80
flow d tcp 192.0.2.2:40004 198.51.100.9:22
flow e 47 192.0.2.2 198.51.100.9
flow f tcp 192.0.2.2:40005 198.51.100.9:5222
flow g icmp 192.0.2.2 198.51.100.9
a > S
a < SA
a > PA tls www.facebook.com
b > dns www.example.org a
c > S
c < SA
c > PA http m.example.net /x
d > S
d < SA
d < PA "SSH-2.0-OpenSSH_9.2p1\r\n"
d > PA "SSH-2.0-OpenSSH_9.2p1\r\n"
e > hex 3001880b000400010000000001020304
f > S
f < SA
f > PA hex 5741020100002412220a20000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
g > hex 0800f7ff00000000
END

explain --flows mixed.pcap
is "without a policy: exit 0" 0 "$status"
is "without a policy: protocol and name of every flow, no verdict" \
	"tcp 192.0.2.2:40001 > 198.51.100.7:443  3 packets, 213 bytes, tls www.facebook.com
udp [2001:db8:1::2]:40002 > [2001:db8::53]:53  1 packet, 81 bytes, dns www.example.org
tcp 192.0.2.2:40003 > 198.51.100.9:80  3 packets, 160 bytes, http m.example.net
tcp 192.0.2.2:40004 > 198.51.100.9:22  4 packets, 206 bytes, ssh
gre 192.0.2.2 > 198.51.100.9  1 packet, 36 bytes, gre
tcp 192.0.2.2:40005 > 198.51.100.9:5222  3 packets, 163 bytes, whatsapp
icmp 192.0.2.2 > 198.51.100.9  1 packet, 28 bytes" "$(grep packet out | grep -v '^	')"
is "without a policy: below it the packet and the bytes that show it" \
	"	whatsapp, sure: packet 3, byte 0: 57 41 02 01 00 00 24 12 22 0a 20 |WA....\$.\". |" "$(grep '^	whatsapp' out)"
is "without a policy: nothing is said of rules" 0 "$(grep -c -i -e rule -e passed out)"
is "without a policy: in the end how many there were, and no verdict" "16 packets, 7 flows" "$(cat err)"
cp out text

explain -j --flows mixed.pcap
is "JSON: exit 0" 0 "$status"
is "JSON: an object for each flow" "7 0" "$(grep -c '^{"flow":.*}$' out) $(grep -vc '^{"flow":.*}$' out)"
is "JSON: protocol, name and evidence, no verdict" \
	'{"flow":{"proto":"tcp","saddr":"192.0.2.2","sport":40004,"daddr":"198.51.100.9","dport":22},"packets":4,"bytes":206,"protocol":"ssh","name":null,"evidence":[{"protocol":"ssh","confidence":"sure","packet":4,"frame":11,"at":0,"len":21,"bytes":"5353482d322e302d4f70656e5353485f"}]}' \
	"$(grep '"dport":22' out)"
is "JSON: what is of no protocol is null, without evidence" 1 \
	"$(grep icmp out | grep -c '"protocol":null,"name":null,"evidence":\[\]}$')"

# The evidence is in the capture, at the packet and the byte that it names.
tcpdump -n -x -r mixed.pcap 'tcp port 40004' 2>/dev/null | tr -d '\n\t ' | tr 'I' '\n' >bytes
like "the bytes named are in the packet named" 5353482d322e302d4f70656e5353485f "$(tail -n 1 bytes | sed 's/0x[0-9a-f]*://g')"

explain --flows policy mixed.pcap
is "with a policy: exit 0" 0 "$status"
is "with a policy: the verdict, and the evidence below it" \
	"tcp 192.0.2.2:40001 > 198.51.100.7:443  3 packets, 213 bytes, tls www.facebook.com: injected by rule sni (tls.sni)
$(grep '^	tls' text)" "$(grep -A 1 '40001.*bytes' out)"
is "with a policy: what else there is changes no verdict: it is not looked for" "dns http tls" \
	"$(sed -n 's/^	\([a-z]*\),.*/\1/p' out | sort | tr '\n' ' ' | sed 's/ $//')"
echo 'censor c { rule ssh { protocol ssh, gre } log }' >asks
explain --flows asks mixed.pcap
is "with a policy: and what its rules ask for" "dns gre http ssh tls" \
	"$(sed -n 's/^	\([a-z]*\),.*/\1/p' out | sort | tr '\n' ' ' | sed 's/ $//')"
explain policy mixed.pcap
is "without --flows: no evidence" 0 "$(grep -c '^	' out)"
is "without --flows: what a rule or a name needs is looked for, no more" 0 "$(grep -c whatsapp out)"
explain -j --flows policy mixed.pcap
is "with a policy, JSON: verdict and evidence" 7 "$(grep -c '"verdict":.*"evidence":\[' out)"
explain --flows - <mixed.pcap
is "standard input: the same" "$(cat text)" "$(cat out)"
explain --flows -w written.pcap mixed.pcap
is "without a policy, -w: every packet passes" "$(tcpdump -n -tt -x -r mixed.pcap 2>/dev/null)" \
	"$(tcpdump -n -tt -x -r written.pcap 2>/dev/null)"

explain --flows
is "no capture: exit 2" 2 "$status"
like "no capture: what is wanted" "a capture is wanted" "$(cat err)"
explain mixed.pcap
is "neither a policy nor --flows: exit 2" 2 "$status"
like "neither a policy nor --flows: what is wanted" "--flows needs the capture alone" "$(cat err)"
explain --flows policy mixed.pcap mixed.pcap
is "two captures: exit 2" 2 "$status"
explain --flows none.pcap
is "a capture that is not there: exit 1" 1 "$status"
explain --flows policy
is "a policy in a capture's place: exit 1" 1 "$status"
explain --flows - -
is "policy and capture from one input: exit 2" 2 "$status"

# What is known of each protocol

"$censorctl" list protocols >all 2>err
is "list protocols: exit 0" 0 $?
names=$(sed 's/ .*//' all)
is "list protocols: each has a title" 0 "$(grep -cv '^[a-z0-9-]*  *[^ ].*' all)"
is "list protocols: as many files as protocols" \
	"$(cd "$top/policies/protocols" && printf '%s\n' *.protocol | sed 's/\.protocol$//' | LC_ALL=C sort)" \
	"$(printf '%s\n' "$names" | LC_ALL=C sort)"
for name in $names; do
	"$censorctl" list protocol "$name" >about 2>err
	is "list protocol $name: its fields, one after another" \
		"title over packets wire confidence source" \
		"$(sed -n 's/^\([a-z]*\):.*/\1/p' about | grep -v parameters | tr '\n' ' ' | sed 's/ $//')"
	is "list protocol $name: no field is empty, no line too long, no comment" "" \
		"$(grep -n -E -e '^[a-z]*: *$' -e '^.{91}' -e '^#' about)"
	printf 'censor c { rule r { protocol %s } drop }\n' "$name" >p
	is "list protocol $name: a rule can ask for it" "" "$("$censorctl" check -q p 2>&1)"
done
is "list -j protocols: the same names" "$names" \
	"$("$censorctl" list -j protocols | sed -n 's/^ *"name": "\(.*\)",*/\1/p')"
is "list -j protocol: the fields" "name title over packets wire confidence source" \
	"$("$censorctl" list -j protocol gre | sed -n 's/^ *"\([a-z]*\)": ".*/\1/p' | tr '\n' ' ' | sed 's/ $//')"
"$censorctl" list protocol whatsap >about 2>err
is "an unknown name: exit 1" 1 $?
like "an unknown name: what was meant" 'did you mean "whatsapp"?' "$(cat err)"
"$censorctl" list protocol zzzzzzzz >about 2>err
is "a name like none: exit 1" 1 $?
like "a name like none: where all are" "censorctl list protocols" "$(cat err)"
"$censorctl" list -j protocol whatsap >about 2>err
like "an unknown name, JSON" '{"ok":false,"error":"there is no protocol' "$(cat about)"
"$censorctl" list protocol >about 2>err
is "no name: exit 2" 2 $?

# Rules that ask for one

# plain TEXT: what check --print makes of a rule's conditions
plain()
{
	printf 'censor c { rule r { %s } drop }\n' "$1" >p
	"$censorctl" check --print p 2>&1 | sed -n 's/^.*rule r { \(.*\) } drop$/\1/p'
}

is "proto whatsapp is protocol whatsapp" "protocol in whatsapp" "$(plain "proto whatsapp")"
is "proto of several" "protocol in openvpn, wireguard" "$(plain "proto openvpn, wireguard")"
is "proto of IP's numbers stays" "proto in gre" "$(plain "proto gre")"
is "protocol gre stays too" "protocol in gre" "$(plain "protocol gre")"
is "a guess is enough by itself" "protocol in tor" "$(plain "protocol tor confidence guess")"
for confidence in likely sure; do
	text="protocol in ssh, tor confidence $confidence"
	is "confidence $confidence: printed" "$text" "$(plain "proto ssh, tor confidence $confidence")"
	"$censorctl" check --print p >once
	"$censorctl" check --print -j p >json
	is "confidence $confidence: text again" "$(cat once)" "$("$censorctl" check --print once)"
	is "confidence $confidence: by way of JSON" "$(cat once)" "$("$censorctl" check --print json)"
done
for wrong in "protocol tor confidence certain" "tls.sni in \"a.example\" confidence sure" \
	"proto udp, quic" "protocol whatsap"; do
	printf 'censor c { rule r { %s } drop }\n' "$wrong" >p
	"$censorctl" check p >/dev/null 2>err
	is "refused: $wrong" 1 $?
	like "refused: $wrong: where" "p:1:" "$(cat err)"
done

cat >sure <<'END'
censor c {
	rule sure   { protocol gre confidence sure } log
	rule guess  { protocol gre, whatsapp } drop
}
END
capture gre <<'END'
flow a 47 192.0.2.2 198.51.100.1
flow b 47 192.0.2.2 198.51.100.2
a > hex 3001880b000400010000000001020304
b > hex 70071234
END
explain --flows gre.pcap
is "two of each" "2 packets, 2 flows" "$(cat err)"
explain sure gre.pcap
is "a rule acts from its confidence on" "gre: dropped by rule guess (protocol)
gre: dropped by rule guess (protocol)" "$(lines)"
is "the sum of a policy's verdicts" \
	"2 packets, 2 flows: 0 passed, 0 logged, 0 forged, 0 injected, 2 dropped; 3 events" "$(cat err)"
is "a rule that wants to be surer acts on less" "198.51.100.1" \
	"$(sed -n 's/.*> \([0-9.]*\).*sure.*/\1/p' out | sort -u)"
capture one <<'END'
flow a 47 192.0.2.2 198.51.100.1
a > hex 3001880b000400010000000001020304
END
explain --flows one.pcap
is "one of each" "1 packet, 1 flow" "$(cat err)"
explain sure one.pcap
is "one of each, judged" \
	"1 packet, 1 flow: 0 passed, 0 logged, 0 forged, 0 injected, 1 dropped; 2 events" "$(cat err)"
done_testing
