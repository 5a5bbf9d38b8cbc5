#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Policies with mistakes: each is told with its place, and what would be right.
# shellcheck source=policy.lib disable=SC2154
. "$(dirname "$0")/policy.lib"

inside "a misspelt statement" \
	'p:2:1: error: expected a statement (inside, seed, clock, phase, tcp, ip, names, words, prefixes, numbers, answers, page, hours, load, inject, rule) or "}", not "ruel"; did you mean "rule"?' \
	'ruel r { tls.sni in ok } log'
inside "an unknown field" 'p:2:10: error: there is no field "tls.sny"; did you mean "tls.sni"?' \
	'rule r { tls.sny in ok } log'
inside "a misspelt action" \
	'p:2:26: error: expected an action (log, drop, pass, inject, forge, residual, rewrite, freeze, police, lose, delay, mark, on-path, in-path, probability), not "injct"; did you mean "inject"?' \
	'rule r { tls.sni in ok } injct gfw'
inside "no action" 'p:2:25: error: expected an action (log, drop, pass, inject, forge, residual, rewrite, freeze, police, lose, delay, mark, on-path, in-path, probability), not the end of the line' \
	'rule r { tls.sni in ok }'
inside "an empty set" 'p:2:7: error: the set "a" is empty' 'names a { }'
inside "empty answers" 'p:2:9: error: the set of answers "a" is empty' 'answers a { }'
inside "a set twice" 'p:3:8: error: there is already a set called "ok"
p:2:7: note: it is here' 'names ok { a.example }'
inside "a rule twice" 'p:4:7: error: there is already a rule called "ok"
p:2:6: note: it is here' 'rule ok { tls.sni in ok } log'
inside "no comma" 'p:2:13: error: expected the end of the line, "}" or ",", not "b"' 'names a { a b }'
inside "host bits" \
	'p:2:8: error: the prefix "192.0.2.1/24" has address bits set beyond its length: write 192.0.2.0/24' \
	'inside 192.0.2.1/24'
inside "host bits of IPv6" \
	'p:2:8: error: the prefix "2001:db8::1/32" has address bits set beyond its length: write 2001:db8::/32' \
	'inside 2001:db8::1/32'
inside "a length of 33" \
	'p:2:8: error: the length of an IPv4 prefix is a number from 0 to 32, not "33"' 'inside 192.0.2.0/33'
inside "no address" \
	'p:2:14: error: "192.0.2.300" is not an address or prefix such as 192.0.2.0/24 or 2001:db8::/32' \
	'prefixes a { 192.0.2.300 }'
inside "a port of 70000" 'p:2:13: error: an entry of numbers is between 0 and 65535, not "70000"' \
	'numbers a { 70000 }'
inside "a range backwards" 'p:2:13: error: a range begins with its lesser number: write 5-9' 'numbers a { 9-5 }'
inside "an answer that is a prefix" \
	'p:2:13: error: an answer is one address, not a prefix such as "192.0.2.0/24"' 'answers a { 192.0.2.0/24 }'
inside "no such set" 'p:2:21: error: no set is called "okk"; did you mean "ok"?' 'rule r { tls.sni in okk } log'
inside "a name without quotes" \
	'p:2:21: error: no set is called "facebook"; a name or word itself stands in quotes here' \
	'rule r { tls.sni in facebook } log'
inside "a set of another kind" 'p:2:20: error: the set "ok" holds names, but ip.dst looks in prefixes
p:3:8: note: it is here' 'rule r { ip.dst in ok } log'
inside "contains a set of names" 'p:2:27: error: the set "ok" holds names: write tls.sni in ok
p:3:8: note: it is here' 'rule r { tls.sni contains ok } log'
inside "in a set of words" 'p:3:21: error: the set "w" holds words: write tls.sni contains w
p:2:7: note: it is here' 'words w { a }
rule r { tls.sni in w } log'
inside "no operator" \
	'p:2:18: error: between tls.sni and what it is compared with stands in or contains' \
	'rule r { tls.sni "a.example" } log'
inside "from without inside" \
	'p:2:10: error: from needs the censor to say what is inside, as in: inside 192.0.2.0/24' \
	'rule r { from inside } log'
inside "a time without unit" \
	'p:2:41: error: a time needs its unit: write 90s for seconds, or ms, m, h, d' \
	'rule r { tls.sni in ok } drop, residual 90 by src'
inside "residual of nothing" \
	'p:2:31: error: residual goes on with what the rule does to packets (inject, drop, rewrite, freeze, police, lose, delay, mark), and it does none of it: add one, or write with drop or with inject NAME behind it' \
	'rule r { tls.sni in ok } log, residual 90s by src'
inside "no tuple" \
	'p:2:48: error: "port" is not part of a tuple: they are src, dst, sport, dport; did you mean "sport"?' \
	'rule r { tls.sni in ok } drop, residual 90s by port'
inside "forge without a question" \
	'p:3:26: error: only a rule with a dns.qname or dns.qtype condition can forge answers' 'answers a { 192.0.2.1 }
rule r { tls.sni in ok } forge a'
inside "a character that an encoding lacks" 'p:2:38: error: latin1 has no "六"' \
	'words a encoded utf-8, latin1 { "ü", 六四 }'
inside "a character of a name that an encoding lacks" 'p:2:24: error: big5 has no "ß"' \
	'names a encoded big5 { straße.example }'
inside "an encoding without ASCII" \
	'p:2:17: error: in utf-16 the letters of ASCII are not themselves: texts in it can'\''t be looked for' \
	'words a encoded utf-16 { x }'
inside "no such encoding" \
	'p:2:17: error: the C library knows no encoding "utf-88"; some are utf-8, gb18030, gbk, big5, windows-1256 (Debian may have them in libc-gconv-modules-extra)' \
	'words a encoded utf-88 { x }'
inside "an encoding that makes others of what it lacks" \
	'p:2:17: error: the C library knows no encoding "latin1//TRANSLIT"; some are utf-8, gb18030, gbk, big5, windows-1256 (Debian may have them in libc-gconv-modules-extra)' \
	'words a encoded latin1//TRANSLIT { "€" }'
inside "an encoding twice" 'p:2:26: error: GB18030 is there twice' \
	'words a encoded gb18030, GB18030 { x }'
inside "bytes to be encoded" 'p:2:27: error: what is to be encoded has to be UTF-8, and this is not' \
	'words a encoded gb18030 { "\xff" }'
inside "numbers to be encoded" 'p:2:19: error: only names and words are encoded' \
	'numbers a encoded utf-8 { 1 }'
inside "no encoding" 'p:2:17: error: expected a word, not "{"' 'words a encoded { x }'
inside "more cursors than there can be" \
	'p:3:59: error: the number of cursors is a number from 1 to 16, not "17"' 'answers a { 192.0.2.1 }
rule r { dns.qname in ok } forge a ttl 5 in order cursors 17'
inside "cursors without order" \
	'p:3:36: error: expected the end of the line, "ttl", "count", "aa", "ip-ttl", "ip-id", "df", "in", "delay", "in phase", "}" or ",", not "cursors"' \
	'answers a { 192.0.2.1 }
rule r { dns.qname in ok } forge a cursors 3'
inside "no name, and its TTL" \
	'p:2:28: error: ttl, count and in order are of records, and this answer has none' \
	'rule r { dns.qname in ok } forge nxdomain ttl 5'
inside "a cname's addresses in order, and none" \
	'p:2:28: error: count and in order are of addresses: write with and a set of answers' \
	'rule r { dns.qname in ok } forge cname a.example in order'
inside "a cname that is none" \
	'p:2:40: error: a name in DNS has labels of 1 to 63 ASCII characters, with dots between them' \
	'rule r { dns.qname in ok } forge cname a..b'
inside "a cname without its name" 'p:2:39: error: expected a name, not the end of the line' \
	'rule r { dns.qname in ok } forge cname'
inside "a cname with no such answers" \
	'p:3:47: error: no set of answers is called "lise"; did you mean "lies"?' 'answers lies { 192.0.2.1 }
rule r { dns.qname in ok } forge cname a with lise'
inside "inject into UDP" 'p:3:22: error: inject sends TCP packets, and this rule is not for TCP' 'inject i { rst }
rule r { proto udp } inject i'
inside "no such inject" 'p:2:33: error: no inject is called "gfw"' 'rule r { tls.sni in ok } inject gfw'
inside "two protocols" \
	'p:2:6: error: no message is two of DNS, HTTP, TLS, a certificate, QUIC, FTP and SMTP at once: the rule "r" can never match' \
	'rule r { tls.sni in ok and dns.qname in ok } log'
inside "pass and drop" \
	'p:2:26: error: a rule that lets pass can'\''t also act; only log goes with pass' \
	'rule r { tls.sni in ok } pass, drop'
inside "an action twice" 'p:2:31: error: log is there twice in one rule
p:2:26: note: it is here' 'rule r { tls.sni in ok } log, log'
inside "a TTL of 300" 'p:2:20: error: a TTL is between 1 and 255, not "300"' 'inject i { rst ttl 300 }'
inside "no flag" \
	'p:2:12: error: "rts" is not a TCP flag: they are fin, syn, rst, psh, ack, urg, ece, cwr, joined by +; did you mean "rst"?' \
	'inject i { rts }'
inside "an open string" 'p:2:11: error: the string is not closed before the end of the line' 'names a { "a.example }'
inside "a name with a space" 'p:2:11: error: a name has a space in it' 'names a { "a b" }'
inside "a * in the middle" \
	'p:2:11: error: a * can only begin or end a name; write \* in quotes for the character' 'names a { a*b }'
inside "characters are counted, not bytes" 'p:2:19: error: expected the end of the line, "}" or ",", not "x"' \
	'	words a { "六四"   x }'
inside "a missing list" "p:2:14: error: can't read the list gone.txt: there is no such file" \
	'names a file "gone.txt"'
inside "a brace forgotten" 'p:2:9: error: this { is never closed
p:3:1: note: a } is missing before this statement' 'names a { x.example
rule x { tls.sni in a } log'

# Pages, tables, delays, payloads
inside "an empty page" 'p:2:6: error: the page "g" is empty' 'page g { "" }'
inside "a page without quotes" 'p:2:10: error: expected a string or "}", not "hello"' 'page g { hello }'
inside "no escape" 'p:2:12: error: "\q" is no escape: they are \r \n \t \\ \" and \xHH' 'page g { "a\qb" }'
inside "half a byte" 'p:2:11: error: "\x" is no escape: they are \r \n \t \\ \" and \xHH' 'page g { "\x4" }'
inside "a missing page" "p:2:13: error: can't read the page gone.html: there is no such file" 'page g file "gone.html"'
awk 'BEGIN { for (i = 0; i < 8193; i++) printf "x" }' >big.html
inside "a page too big" 'p:2:13: error: a page has at most 8192 bytes' 'page g file "big.html"'
inside "a day of 23 hours" 'p:2:7: error: a day has 24 hours, from midnight on, and the table "h" has 23' \
	'hours h { 1%,2%,3%,4%,5%,6%,7%,8%,9%,10%,11%,12%,13%,14%,15%,16%,17%,18%,19%,20%,21%,22%,23% }'
inside "a day of 25 hours" 'p:2:7: error: a day has 24 hours, from midnight on, and the table "h" has 25' \
	'hours h { 1%,2%,3%,4%,5%,6%,7%,8%,9%,10%,11%,12%,13%,14%,15%,16%,17%,18%,19%,20%,21%,22%,23%,24%,25% }'
inside "a day without hours" 'p:2:7: error: a day has 24 hours, from midnight on, and the table "h" has 0' 'hours h { }'
inside "a time zone" 'p:2:9: error: a time zone is written as utc+8 or utc-3:30, not "gmt+8"' 'hours h gmt+8 { 1% }'
inside "an hour beyond 100 %" 'p:2:11: error: a probability is from 0% to 100%, with two decimals at most such as 26.35%, not "101%"' \
	'hours h { 101% }'
inside "an empty load" 'p:2:6: error: the table of load "l" is empty' 'load l { }'
inside "a load that falls" 'p:2:21: error: the packets of a table of load rise: 50 stands behind 100' 'load l { 100 98.5%, 50 93.1% }'
inside "a load without its probability" 'p:2:14: error: expected a word, not "}"' 'load l { 100 }'
inside "a delay without unit" 'p:2:18: error: a time needs its unit: write 16ms for milliseconds, or us, s, m, h' \
	'inject i { delay 16; rst }'
inside "a delay backwards" 'p:2:18: error: a range begins with its lesser time: write 10ms-20ms' 'inject i { delay 20ms-10ms; rst }'
inside "a delay that is none" 'p:2:18: error: "soon" is not a time such as 16ms, 16.4ms, 800us or 2s' 'inject i { delay soon; rst }'
inside "a delay's point alone" 'p:2:18: error: the time of p50 is missing, as in p50 16ms' 'inject i { delay p50; rst }'
inside "a delay's point without time" \
	'p:2:27: error: a delay is a time (16ms), a range (10ms-20ms) or points, each with its time (p50 16ms p95 23ms)' \
	'inject i { delay p50 16ms p95; rst }'
inside "no point of a delay" \
	'p:2:18: error: "q50" is not a point of a delay: they are min, max, and p0.01 to p99.99 as in p50 16ms' \
	'inject i { delay q50 16ms; rst }'
inside "points of a delay out of order" 'p:2:27: error: the points of a delay rise: p50 stands behind one that is not less' \
	'inject i { delay p95 16ms p50 23ms; rst }'
inside "a delay that falls" "p:2:31: error: the times of a delay don't fall: 5ms is less than the one before" \
	'inject i { delay p50 16ms p95 5ms; rst }'
inside "nine points of a delay" 'p:2:75: error: a delay has at most 8 points' \
	'inject i { delay min 1ms p1 1ms p2 1ms p3 1ms p4 1ms p5 1ms p6 1ms p7 1ms p8 1ms; rst }'
inside "parts of a microsecond" 'p:2:18: error: a delay counts whole microseconds' 'inject i { delay 0.5us; rst }'
inside "a day's delay" 'p:2:18: error: a delay is at most 1h' 'inject i { delay 24h; rst }'
inside "a delay twice" 'p:2:23: error: delay is given twice' 'inject i { delay 1ms; delay 2ms; rst }'
inside "payload of 65 bytes" 'p:2:30: error: the number of zeros is a number from 1 to 64, not "65"' 'inject i { rst payload zeros 65 }'
inside "half a byte of payload" \
	'p:2:28: error: bytes are pairs of hexadecimal digits such as 01020aff, not "123"' 'inject i { rst payload hex 123 }'
inside "payload of another kind" \
	'p:2:24: error: payload is hex, zeros or text, not "zeroes"; did you mean "zeros"?' 'inject i { rst payload zeroes 5 }'
inside "payload and page" 'p:3:34: error: a packet carries a payload or a page, not both' \
	'page g { "x" }
inject i { rst payload "x" page  g }'
inside "no such page" 'p:3:21: error: no page is called "gg"; did you mean "ggg"?' 'page ggg { "x" }
inject i { ack page gg }'
inside "a segment of nothing" 'p:2:12: error: segment is of a page, and this packet carries none' 'inject i { ack segment 5 }'
inside "a segment too long" 'p:3:31: error: a segment is a number from 1 to 1400, not "1500"' 'page g { "x" }
inject i { ack page g segment 1500 }'
inside "on something" 'p:2:19: error: on is any, syn or other, not "sin"; did you mean "syn"?' 'inject i { rst on sin }'
inside "seq next first" 'p:2:12: error: seq next goes on where the packets before it end, and this is the first' \
	'inject i { rst seq next }'
inside "seq next and more" 'p:2:27: error: seq next stands alone: it goes on where the packets before it end' \
	'inject i { rst; rst seq 1 next }'

# What rules do, how surely, and from where
inside "drop to nobody" 'p:2:34: error: a packet goes to client, server or both, not to "us"' 'rule r { tls.sni in ok } drop to us'
inside "rewrite to nothing" 'p:2:34: error: a packet is rewritten to some TCP flags, as in: rewrite rst+ack' \
	'rule r { tls.sni in ok } rewrite none'
inside "rewrite to no flag" \
	'p:2:34: error: "rts" is not a TCP flag: they are fin, syn, rst, psh, ack, urg, ece, cwr, joined by +; did you mean "rst"?' \
	'rule r { tls.sni in ok } rewrite rts+ack'
inside "rewrite UDP" 'p:2:22: error: rewrite is of TCP packets, and this rule is not for TCP' 'rule r { proto udp } rewrite rst'
inside "rewrite a copy" "p:2:39: error: a censor that is on-path has copies of packets: it can't rewrite them" \
	'rule r { tls.sni in ok } rewrite rst, on-path'
inside "both paths" 'p:2:41: error: on-path or in-path is given twice' 'rule r { tls.sni in ok } drop, on-path, in-path'
inside "a path alone" \
	'p:2:6: error: the rule "r" has no action: log, drop, pass, inject, forge, rewrite, freeze, police, lose, delay, mark or residual' \
	'rule r { tls.sni in ok } on-path'
inside "freeze after what" 'p:2:39: error: freeze after what? Write 5 packets, 5 bytes, or as in 16KB' \
	'rule r { tls.sni in ok } freeze after 5'
inside "freeze after seconds" \
	'p:2:41: error: what passes until it freezes is packets or bytes, not "seconds"' \
	'rule r { tls.sni in ok } freeze after 5 seconds'
inside "freeze backwards" 'p:2:39: error: a range begins with its lesser number: write 5-8' \
	'rule r { tls.sni in ok } freeze after 8-5 packets'
inside "freeze at once" 'p:2:39: error: what passes until it freezes is between 1 and 2147483647, not "0"' \
	'rule r { tls.sni in ok } freeze after 0 packets'
inside "a rule that never acts" \
	'p:2:44: error: with a probability of 0% it would never act; leave the rule out, or write more' \
	'rule r { tls.sni in ok } drop, probability 0%'
inside "no such hours" 'p:3:56: error: no table of hours is called "nigth"; did you mean "night"?' \
	'hours night { 1%,2%,3%,4%,5%,6%,7%,8%,9%,10%,11%,12%,13%,14%,15%,16%,17%,18%,19%,20%,21%,22%,23%,24% }
rule r { tls.sni in ok } drop, probability 100%  hours nigth'
inside "no such load" 'p:2:54: error: no table of load is called "l"' 'rule r { tls.sni in ok } drop, probability 100% load l'
inside "a probability twice" 'p:2:49: error: probability is given twice' \
	'rule r { tls.sni in ok } drop, probability 50%, probability 60%'
inside "rearm" 'p:2:58: error: rearm is trigger, never or packet, not "always"' \
	'rule r { tls.sni in ok } drop, residual 90s by src rearm always'
inside "residual with no such inject" 'p:2:63: error: no inject is called "gfw"' \
	'rule r { tls.sni in ok } log, residual 90s by src with inject gfw'
inside "residual with something" 'p:2:56: error: expected "inject" or "drop", not "log"' \
	'rule r { tls.sni in ok } log, residual 90s by src with log'
inside "both twice" 'p:2:57: error: both is given twice' 'rule r { tls.sni in ok } drop, residual 90s by src both both'
inside "client without inside" \
	'p:2:10: error: client needs the censor to say what is inside, as in: inside 192.0.2.0/24' \
	'rule r { client inside and tls.sni in ok } log'
inside "a client on the moon" 'p:2:17: error: client is inside or outside, not "moon"' 'rule r { client moon } log'
inside "no protocol" \
	'p:2:22: error: protocol is one that censorctl list protocols shows, not "shh"; did you mean "ssh"?' \
	'rule r { protocol in shh } log'
inside "no proto" \
	'p:2:16: error: there is no protocol and no set "whatsap"; did you mean "whatsapp"?' \
	'rule r { proto whatsap } log'
inside "two kinds of proto" \
	'p:2:24: error: whatsapp is recognised by what a flow carries, the others by the IP header: write proto whatsapp in a condition of its own' \
	'rule r { proto in tcp, whatsapp } log'
inside "no confidence" 'p:2:31: error: confidence is guess, likely or sure, not "certain"' \
	'rule r { proto ssh confidence certain } log'
inside "confidence in ports" 'p:2:29: error: confidence is of protocols, and port is none' \
	'rule r { port 22 confidence sure } log'
inside "a certificate and a name" \
	'p:2:6: error: no message is two of DNS, HTTP, TLS, a certificate, QUIC, FTP and SMTP at once: the rule "r" can never match' \
	'rule r { tls.sni in ok and tls.cert in ok } log'
inside "no part of a hello" 'p:2:18: error: tls.has is sni, alpn, esni, esni-draft, ech, early-data, grease, post-quantum, ticket or padding, not "echo"' \
	'rule r { tls.has echo } log'
inside "a knob of another" 'p:2:10: error: check is a knob of tcp, not of detect' 'detect { check none }'
inside "bits of a bit" 'p:2:18: error: fet-low is a number from 0 to 8 with two digits behind the point, as in 3.40' \
	'detect { fet-low 3.405 }'
inside "nothing between" 'p:2:10: error: a byte has at most 8.00 bits set, and fet-low is less than fet-high' \
	'detect { fet-low 4.6 }'

printf 'a.example\r\nb.example\r\n' >crlf.txt
inside "a list with CR LF" "crlf.txt:1:10: error: lines end in CR LF here: convert the list to Unix lines (tr -d '\\r')
p:2:14: note: the list is used here" 'names a file "crlf.txt"'
printf '\357\273\277a.example\n' >bom.txt
inside "a list with a BOM" "bom.txt:1:1: error: the list begins with a byte order mark (BOM): save it as UTF-8 without one
p:2:14: note: the list is used here" 'names a file "bom.txt"'
{ echo ok.example; printf '  %0300d\n' 0; } >long.txt
inside "a list with a name of 300 bytes" "long.txt:2:3: error: a name of 300 bytes: at most 253 are possible
p:2:14: note: the list is used here" 'names a file "long.txt"'
echo '# nothing' >empty.txt
inside "a list without an entry" "empty.txt: error: the list has no entry
p:2:14: note: the list is used here" 'names a file "empty.txt"'

cat >wanted <<'END'
p:1:11: error: lines end in CR LF here: convert the file to Unix lines (tr -d '\r')
END
printf 'censor c {\r\n\trule r { tls.sni in "a.example" } log\r\n}\r\n' >q
refused "a policy with CR LF" <q
cat >wanted <<'END'
p:1:1: error: the file begins with a byte order mark (BOM): save it as UTF-8 without one
END
printf '\357\273\277censor c {\n\trule r { tls.sni in "a.example" } log\n}\n' >q
refused "a policy with a BOM" <q
echo 'p:1:1: error: expected censor NAME {, not "hello"' >wanted
echo hello >q
refused "no policy" <q
echo 'p:1:1: error: expected censor NAME {, not the end of the file' >wanted
refused "nothing" </dev/null
cat >wanted <<'END'
p:2:22: error: no set is called "nosuch"; a name or word itself stands in quotes here
p:3:12: error: there is no field "tls.nsi"; did you mean "tls.sni"?
p:4:27: error: expected the end of the line, "sample", "in phase", "}" or ",", not "drop"
p:5:9: error: the prefix "10.1.0.0/8" has address bits set beyond its length: write 10.0.0.0/8
END
refused "several mistakes at once, in their order" <<'END'
censor c {
	rule a { tls.sni in nosuch } log
	rule bb { tls.nsi in "x.example" } log
	rule c { port 80 } log   drop
	inside 10.1.0.0/8
}
END
cat >wanted <<'END'
p: rules[0].if[0]: error: there is no field "tls.sny"; did you mean "tls.sni"?
p: rules[1].if[0].values[0]: error: no set is called "no"
END
refused "JSON: the path is the place" <<'END'
{"censor": "c", "rules": [
 {"name": "r", "if": [{"field": "tls.sny", "values": ["a.example"]}], "do": {"log": true}},
 {"name": "q", "if": [{"field": "port", "values": [{"set": "no"}]}], "do": {"drop": true}}]}
END
cat >wanted <<'E2'
p: clock: error: a clock is from 1x to 10000x, such as 60x for sixty times as fast, not "0x"
p: tcp.overlpa: error: tcp has no knob "overlpa"; did you mean "overlap"?
p: tcp.resync[1]: error: a probability is from 0% to 100%, with two decimals at most such as 26.35%, not "500%"
p: tcp.buffer: error: buffer is a number from 1 to 4032, not "5000"
p: ip.model: error: there is no model "utopia"; censorctl list models shows all
p: pages[0].data: error: "\q" is no escape: they are \r \n \t \\ \" and \xHH
p: injects[0].delay: error: a time needs its unit: write 16ms for milliseconds, or us, s, m, h
p: rules[0].do.rewriet: error: there is no such member; did you mean "rewrite"?
p: rules[0].do.probability: error: the member "of" is missing
p: hours[0].name: error: a day has 24 hours, from midnight on, and the table "h" has 1
p: rules[0].name: error: the rule "r" has no action: log, drop, pass, inject, forge, rewrite, freeze, police, lose, delay, mark or residual
E2
refused "JSON: the censor's TCP and IP, and what is new in it" <<'E2'
{"censor": "c", "clock": 0,
 "tcp": {"overlpa": "last", "resync": ["rst", "fin 500%"], "buffer": 5000}, "ip": {"model": "utopia"},
 "pages": [{"name": "g", "data": "\\q"}], "hours": [{"name": "h", "probabilities": ["1%"]}],
 "injects": [{"name": "i", "delay": "16", "packets": [{"flags": "rst"}]}],
 "rules": [{"name": "r", "if": [{"field": "tls.sni", "values": ["a.example"]}],
   "do": {"rewriet": {"flags": "rst"}, "probability": {"by": "src"}}}]}
E2
echo "p:2:11: error: this is not JSON: unexpected token near '}'" >wanted
printf '{"censor":"x",\n "rules":[}' >q
refused "no JSON" <q

printf 'censor c {\n\trule r { tls.sni in gone } log\n}\n' >p
is "the line and a caret" 'p:2:22: error: no set is called "gone"; a name or word itself stands in quotes here
    2 | 	rule r { tls.sni in gone } log
      | 	                    ^~~~' "$("$censorctl" check p 2>&1)"
is "check -j" '{"ok":false,"messages":[{"file":"p","line":2,"column":22,"severity":"error","message":"no set is called \"gone\"; a name or word itself stands in quotes here"}]}' \
	"$("$censorctl" check -j p 2>&1)"
awk 'BEGIN { print "censor c {"; for (i = 0; i < 100; i++) print "\tbad line"; print "}" }' >p
is "many errors: some are shown, all are counted" "100 errors, 0 warnings; the first 20 are shown" \
	"$("$censorctl" check p 2>&1 | tail -n 1)"
done_testing
