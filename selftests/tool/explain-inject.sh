#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# explain -w: what the censor sends, when, and what it makes of packets that it rewrites.
# shellcheck source=explain.lib disable=SC2154
. "$(dirname "$0")/explain.lib"

# written FILTER: of the written capture, microseconds since its beginning and the flags, by line
written()
{
	tcpdump -n -tt -r written.pcap "$@" 2>/dev/null |
		sed -n 's/^\([0-9.]*\) IP6\{0,1\} .*\.\([0-9]*\) > .*\.\([0-9]*\): Flags \[\([^]]*\)\].*length \([0-9]*\).*/\1 \2>\3 \4 \5/p' |
		awk '{ if (!t) t = $1; printf "%d %s %s %s\n", ($1 - t) * 1000000 + 0.5, $2, $3, $4 }'
}

# policy NAME: a policy of the statements on standard input
policy()
{
	{ echo "censor test {"; cat; echo "}"; } >"$1"
}

policy delays <<'END'
	inject slow {
		delay 2500us
		gap 1ms
		rst      to both     ttl 55
		rst+ack  to client   ttl 55
	}
	rule sni { tls.sni in "www.facebook.com" }  inject slow
END
capture delays <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
a > S
a < SA
a > PA tls www.facebook.com
a < A
a < A
a < A
a < PA "hello"
a > A
END
explain -w written.pcap delays delays.pcap
is "a delay: exit 0" 0 "$status"
is "a delay: packets are sent at their time, among those of the capture" \
	"0 40001>443 S 0
1000 443>40001 S. 0
3000 443>40001 . 0
4000 443>40001 . 0
4500 443>40001 R 0
5000 443>40001 . 0
5500 40001>443 R 0
6000 443>40001 P. 5
6500 443>40001 R. 0
7000 40001>443 . 0" "$(written | grep -v '40001>443 P')"
explain -j delays delays.pcap
is "-j: an event says how long after its packet the censor sends" 1 \
	"$(grep -c '"rule":"sni".*"delay_us":2500' out)"
cp out first
explain -j -w written.pcap delays delays.pcap
is "-j: the same with -w" "$(cksum <first)" "$(cksum <out)"

capture early <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
flow b tcp 192.0.2.2:40002 198.51.100.7:443
a > S
b > S
a < SA
b < SA
a > PA tls www.facebook.com
+100us b > PA tls www.facebook.com
END
explain -w written.pcap delays early.pcap
is "two that wait: the earlier first; after the last packet the rest" \
	"443>40001 443>40002 40001>443 40002>443 443>40001 443>40002" \
	"$(written 'tcp[13] & 4 != 0' | awk '{ printf "%s%s", sep, $2; sep = " " }')"

{ echo "censor test {"; echo "clock 10x"; sed '1d' delays; } >clock
explain -w written.pcap clock delays.pcap
is "clock 10x: it waits a tenth" "2250 2350 2450" \
	"$(written 'tcp[13] & 4 != 0 or tcp[13] & 2 != 0' | awk '/ R/ { printf "%s%s", sep, $1; sep = " " }')"
explain -j clock delays.pcap
is "clock 10x: an event tells the policy's time" 1 "$(grep -c '"delay_us":2500' out)"

policy residual <<'END'
	clock 60x
	rule sni { tls.sni in "www.facebook.com" }  drop, residual 180s by src,dst,dport
END
capture residual <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
flow b tcp 192.0.2.2:40002 198.51.100.7:443
flow c tcp 192.0.2.2:40003 198.51.100.7:443
a > S
a < SA
a > PA tls www.facebook.com
+2900ms b > S
+200ms c > S
END
explain -j residual residual.pcap
is "clock 60x: a residual block of 180 s lasts three" "3 4" "$(frames sni)"

policy page <<'END'
	page notice { "HTTP/1.1 403 Forbidden\r\n" "Content-Length: 4\r\n\r\nnone" }
	inject block {
		psh+fin+ack to client page notice segment 20 ttl 64
		rst+ack     to client seq next ttl 64
		rst         to server payload hex 0102030405 ttl 64
		rst         to client payload "bye" seq next copies 2 ttl 64
	}
	rule host { http.host in "www.facebook.com" }  inject block
END
capture page <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:80
flow b tcp [2001:db8:1::2]:40001 [2001:db8::9]:80
a > S
a < SA
a > PA "GET / HTTP/1.1\r\nHost: www.facebook.com\r\n\r\n"
b > S
b < SA
b > PA "GET / HTTP/1.1\r\nHost: www.facebook.com\r\n\r\n"
END
explain -w written.pcap page page.pcap
for ip in ip ip6; do
	tcp="((ip and tcp[13] & 7 != 2) or ip6)"
	is "$ip: a page: in segments, FIN and PSH on the last; what follows, payloads" \
		"80>40001 . 20, 80>40001 . 20, 80>40001 FP. 9, 80>40001 R. 0, 40001>80 R 5, 80>40001 R 3, 80>40001 R 3, " \
		"$(written "$ip and $tcp" | grep -v -e ' S' -e '> *80 P' -e '40001>80 P' | cut -d' ' -f 2- | tr '\n' ',' | sed 's/,/, /g')"
	is "$ip: a page: its bytes" 3 "$(tcpdump -A -n -r written.pcap "$ip and src port 80" 2>/dev/null |
		grep -c -e 'HTTP/1.1 403 Forbidd$' -e '^Content-Length: $' -e '^none$')"
	is "$ip: all checksums are right" 0 \
		"$(tcpdump -n -vv -r written.pcap "$ip" 2>/dev/null | grep -c -e incorrect -e 'bad cksum')"
done
is "a page: sequence numbers go on; next is behind its FIN" "1:21 21:41 41:50 51 51:54 54:57" \
	"$(tcpdump -n -S -r written.pcap "ip and src port 80 and tcp[13] & 2 == 0" 2>/dev/null |
		sed -n 's/.*seq \([0-9:]*\),.*/\1/p' | awk '
			{ split($1, e, ":"); if (NR == 1) base = e[1] - 1
			  printf "%s%s%s", sep, e[1] - base, e[2] == "" ? "" : ":" e[2] - base; sep = " " }')"

policy rewrite <<'END'
	rule sni { tls.sni in "www.facebook.com" }  rewrite rst+ack to client
END
capture rewrite <<'END'
flow a tcp 192.0.2.2:40001 198.51.100.7:443
a > S
a < SA
a > PA tls www.facebook.com
a < A ttl 57 id 4660 opt 0101080a0000000100000002
a < PA "hello" ttl 57
a > A
END
explain -w written.pcap rewrite rewrite.pcap
is "rewrite: the server's packets become RST+ACK, the client's pass" \
	"40001>443 S 0, 443>40001 S. 0, 40001>443 P., 443>40001 R. 0, 443>40001 R. 0, 40001>443 . 0, " \
	"$(written | cut -d' ' -f 2- | sed 's/ P\. .*/ P./' | tr '\n' ',' | sed 's/,/, /g')"
is "rewrite: TTL and IP ID stay, options don't" 1 \
	"$(tcpdump -n -v -r written.pcap 2>/dev/null | grep -c 'ttl 57, id 4660, .*length 40')"
is "rewrite: all checksums are right" 0 \
	"$(tcpdump -n -vv -r written.pcap 2>/dev/null | grep -c -e incorrect -e 'bad cksum')"
is "rewrite: the flow's line" "tls www.facebook.com: rewritten by rule sni (tls.sni)" "$(lines)"
done_testing
