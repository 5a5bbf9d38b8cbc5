#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# explain: the verdict on each flow, the events on the way there.
# shellcheck source=explain.lib disable=SC2154
. "$(dirname "$0")/explain.lib"

capture verdicts <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
flow b tcp 192.0.2.2:40002 198.51.100.8:443
flow c tcp 192.0.2.2:40003 198.51.100.9:80
flow d tcp [2001:db8:1::2]:40004 [2001:db8::9]:80
flow e udp 192.0.2.2:40005 198.51.100.53:53
flow f udp [2001:db8:1::2]:40006 [2001:db8::53]:53
flow g udp 192.0.2.2:40007 198.51.100.53:53
flow h tcp 192.0.2.2:40008 198.51.100.99:993
flow i icmp 192.0.2.2 198.51.100.7
flow j tcp 192.0.2.2:40009 198.51.100.9:443
flow k tcp 192.0.2.2:40010 198.51.100.9:80
flow l tcp 192.0.2.2:40011 198.51.100.9:80
a > S
a < SA
a > PA tls www.facebook.com
b > S
b < SA
b > PA tls wx.wechat.com part 0 50
b > PA tls wx.wechat.com part 50 9999
c > S
c < SA
c > PA "GET /secret HTTP/1.1\r\nHost: www.example.com\r\n\r\n"
d > S
d < SA
d > PA "GET / HTTP/1.1\r\nHost: m.facebook.com\r\n\r\n"
d < PA "HTTP/1.1 200 OK\r\n\r\n"
e > dns www.twitter.com a
e < zeros 20
f > dns twitter.com aaaa
g > dns drop.example a
h > S
h < SA
i > hex 0800f7ff00000000
j > S
j < SA
j > PA tls www.example.org
k > S
k < SA
k > PA "GET / HTTP/1.1\r\nHost: fine.example\r\n\r\n"
l > S
l < SA
l > PA "GET / HTTP/1.1\r\nHost: notfacebook.com\r\n\r\n"
frame ffffffffffff0200000000010806 0001
END
explain policy verdicts.pcap
is "a capture is explained: exit 0" 0 "$status"
is "a line for each flow, in the order of its first packet" "tls www.facebook.com: injected by rule sni (tls.sni)
tls wx.wechat.com: logged by rule watch (tls.sni)
http www.example.com: injected by rule words (http.target)
http m.facebook.com: dropped by rule host (http.host)
dns www.twitter.com: forged by rule dns (dns.qname)
dns twitter.com: forged by rule dns (dns.qname)
dns drop.example: dropped by rule nodns (dns.qname)
dropped by rule vps ($(sed -n 's/.*rule vps (\(.*\))/\1/p' out))
passed
tls www.example.org: passed
http fine.example: passed by rule fine (http.host)
http notfacebook.com: passed" "$(lines)"
is "ends and counts of a flow" \
	"tcp 192.0.2.2:40001 > 198.51.100.7:443  3 packets, 213 bytes, tls www.facebook.com: injected by rule sni (tls.sni)" \
	"$(grep "40001.*packets," out)"
is "IPv6 ends are in brackets" 1 \
	"$(grep -c '^tcp \[2001:db8:1::2\]:40004 > \[2001:db8::9\]:80  ' out)"
like "what is no IP is counted, and passes" "1 packet is not IP: it passed" "$(cat err)"

explain -j policy verdicts.pcap
is "-j: exit 0" 0 "$status"
is "-j: the object of a flow" '{"flow":{"proto":"tcp","saddr":"192.0.2.2","sport":40001,"daddr":"198.51.100.7","dport":443},"packets":3,"bytes":213,"protocol":"tls","name":"www.facebook.com","verdict":"injected","reason":"tls.sni","rule":"sni","tcp":null}' \
	"$(grep '"verdict"' out | head -n 1)"
is "-j: what is unknown is null" '{"flow":{"proto":"icmp","saddr":"192.0.2.2","sport":0,"daddr":"198.51.100.7","dport":0},"packets":1,"bytes":28,"protocol":null,"name":null,"verdict":"passed","reason":null,"rule":null,"tcp":null}' \
	"$(grep '"verdict".*' out | grep icmp)"
is "-j: every line is an object" 0 "$(grep -vc '^{.*}$' out)"
is "-j: events stand before flows" 1 "$(grep -n '"verdict"' out | head -n 1 | cut -d: -f1 |
	awk -v n="$(grep -vc '"verdict"' out)" '{ print $1 == n + 1 }')"
is "-j: an event says which packet of the capture" "3" "$(frames sni)"
is "-j: a message in two segments is judged with the second" "7" "$(frames watch)"
is "-j: and which packet of the flow" 1 "$(tr -d ' ' <out |
	grep '"rule":"watch"' | grep -v verdict | grep -c '"packet":4')"
cp out first
explain -j policy - <verdicts.pcap
is "standard input: the same output, byte for byte" "$(cksum <first)" "$(cksum <out)"

capture residual <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
a > S
a < SA
a > PA tls www.facebook.com
a > A
# another port
flow b tcp 192.0.2.2:40002 198.51.100.7:443
+10s b > S
b < SA
b > PA tls www.example.com
# the same port again
flow a tcp 192.0.2.2:40001 198.51.100.7:443
+10s a > S seq +99999
a < SA
# another server, another client: not blocked
flow c tcp 192.0.2.2:40003 198.51.100.8:443
c > S
flow d tcp 192.0.2.3:40003 198.51.100.7:443
d > S
# a capture's clock is set back: time goes on
flow e tcp 192.0.2.2:40004 198.51.100.7:443
-3600s e > S
+30s e > A
+39s e > A
+3s e > A
END
explain -j policy residual.pcap
is "residual block: by source, destination and port, for 90 s, also over a clock set back" \
	"3 4 5 7 8 12 13 14" "$(frames sni)"
explain policy residual.pcap
is "residual block: said to be the reason" 3 "$(lines | grep -c '(residual)')"
is "residual block: a port used again is another flow" 2 \
	"$(grep -c '^tcp 192.0.2.2:40001 .*packets,' out)"

capture sides <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
flow b udp 192.0.2.2:40001 198.51.100.7:53
flow c tcp 192.0.2.2:40002 198.51.100.7:443
a < SA
a > A
b < zeros 30 pad 18
c < A zeros 30
END
explain policy sides.pcap
is "the client is the source, also where the server's packet comes first" \
	"tcp 192.0.2.2:40001 > 198.51.100.7:443
udp 192.0.2.2:40001 > 198.51.100.7:53
tcp 198.51.100.7:443 > 192.0.2.2:40002" "$(sed -n 's/  .*packet.*//p' out)"
is "bytes are the IP packet's, without the link's padding" "80 58 70" \
	"$(sed -n 's/.*packets\{0,1\}, \([0-9]*\) bytes.*/\1/p' out | tr '\n' ' ' | sed 's/ $//')"

capture many <<'END'
flow a tcp 192.0.2.2:1024 198.51.100.7:443
flow b tcp 192.0.2.2:60000 198.51.100.7:443 fixed
flow c tcp 192.0.2.2:60001 198.51.100.7:443 fixed
b > S
b < SA
repeat 300
a > S
b > A
c > A
end
b > PA tls wx.wechat.com
END
explain --max-flows 3 policy many.pcap
like "a full table: the flow silent longest is ended early, and that is said" \
	"flows were ended early for lack of room" "$(cat err)"
is "a full table: a flow that goes on is judged in one piece" 1 "$(lines | grep -c logged)"
is "a full table: flows that go on have one line" 2 "$(grep -c '^tcp 192.0.2.2:6000[01] .*packets,' out)"
explain policy many.pcap
is "a table with room: as many lines as flows" \
	"$(sed -n 's/.* packets, \([0-9]*\) flows:.*/\1/p' err)" "$(grep -c 'packets\{0,1\}, ' out)"

# Every flow is met again 50 flows later, while others leave: 3000 of them, and 50 met only once.
capture churn <<'END'
flow a udp 192.0.2.2:2000 198.51.100.7:443
flow b udp 192.0.2.2:1950 198.51.100.7:443
repeat 3000
a > zeros 1
b > zeros 1
end
END
explain --max-flows 120 policy churn.pcap
is "a full table: no flow is lost while others leave" "3050 2950" \
	"$(wc -l <out) $(grep -c ' 2 packets, ' out)"

explain policy
is "no capture: exit 2" 2 "$status"
explain policy a b
is "two captures: exit 2" 2 "$status"
explain --max-flows 0 policy many.pcap
is "--max-flows 0: exit 2" 2 "$status"
like "--max-flows 0: what would be right" "from 1 to" "$(cat err)"
explain - - </dev/null
is "policy and capture from one input: exit 2" 2 "$status"
echo 'censor x { rule' >bad
explain bad many.pcap
is "a bad policy: exit 1" 1 "$status"
like "a bad policy: its place" "bad:1:" "$(cat err)"
is "a bad policy: nothing is explained" "" "$(cat out)"
done_testing
