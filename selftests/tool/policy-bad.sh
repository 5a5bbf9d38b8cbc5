#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Policies with mistakes: each is told with its place, and what would be right.
# shellcheck source=policy.lib disable=SC2154
. "$(dirname "$0")/policy.lib"

inside "a misspelt statement" \
	'p:2:1: error: expected a statement (inside, seed, names, words, prefixes, numbers, answers, inject, rule) or "}", not "ruel"; did you mean "rule"?' \
	'ruel r { tls.sni in ok } log'
inside "an unknown field" 'p:2:10: error: there is no field "tls.sny"; did you mean "tls.sni"?' \
	'rule r { tls.sny in ok } log'
inside "a misspelt action" \
	'p:2:26: error: expected an action (log, drop, pass, inject, forge, residual), not "injct"; did you mean "inject"?' \
	'rule r { tls.sni in ok } injct gfw'
inside "no action" 'p:2:25: error: expected an action (log, drop, pass, inject, forge, residual), not the end of the line' \
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
	'p:2:31: error: residual goes on with the rule'\''s inject or drop; it has neither' \
	'rule r { tls.sni in ok } log, residual 90s by src'
inside "no tuple" \
	'p:2:48: error: "port" is not part of a tuple: they are src, dst, sport, dport; did you mean "sport"?' \
	'rule r { tls.sni in ok } drop, residual 90s by port'
inside "forge without a question" \
	'p:3:26: error: only a rule with a dns.qname or dns.qtype condition can forge answers' 'answers a { 192.0.2.1 }
rule r { tls.sni in ok } forge a'
inside "inject into DNS" \
	'p:3:28: error: inject sends TCP packets and DNS is over UDP here; use forge or drop' 'inject i { rst }
rule r { dns.qname in ok } inject i'
inside "inject into UDP" 'p:3:22: error: inject sends TCP packets, and this rule is not for TCP' 'inject i { rst }
rule r { proto udp } inject i'
inside "no such inject" 'p:2:33: error: no inject is called "gfw"' 'rule r { tls.sni in ok } inject gfw'
inside "two protocols" \
	'p:2:6: error: no packet is two of DNS, HTTP and TLS at once: the rule "r" can never match' \
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
p:4:27: error: expected the end of the line, "}" or ",", not "drop"
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
