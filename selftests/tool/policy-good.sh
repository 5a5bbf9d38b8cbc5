#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Good policies: as text and as JSON they stay the same; command lines, right and wrong.
# shellcheck source=policy.lib disable=SC2154
. "$(dirname "$0")/policy.lib"
golden=$top/selftests/tool/golden

"$censorctl" check --print "$golden/all.policy" >printed 2>err
is "everything: exit 0" 0 $?
is "everything: no word on stderr" "" "$(cat err)"
is "everything: as it should be printed" "$(cat "$golden/all.printed")" "$(cat printed)"
"$censorctl" check --print -j "$golden/all.policy" >json
is "text to JSON: exit 0" 0 $?

# roundtrip NAME FILE: what is printed of FILE is printed the same again, by way of JSON too
roundtrip()
{
	"$censorctl" check --print "$2" >once 2>/dev/null
	"$censorctl" check --print once >twice 2>err || cat err
	is "$1: text to text" "$(cat once)" "$(cat twice)"
	"$censorctl" check --print -j "$2" >json
	"$censorctl" check --print json >back 2>err || cat err
	is "$1: text to JSON to text" "$(cat once)" "$(cat back)"
	"$censorctl" check --print -j json >again 2>err || cat err
	is "$1: JSON to JSON" "$(cat json)" "$(cat again)"
}

roundtrip everything "$golden/all.policy"
for policy in "$top"/policies/*.policy; do
	roundtrip "$(basename "$policy")" "$policy"
done

cat >p <<END
censor encrypted {
	names    doh file "$top/policies/lists/dns-over-https.txt"
	names    dot file "$top/policies/lists/dns-over-tls.txt"
	prefixes resolvers file "$top/policies/lists/dns-resolvers.txt"
	rule doh { tls.sni in doh } drop
	rule dot { tls.sni in dot and port.dst in 853 } drop
	rule resolvers { ip.dst in resolvers and port.dst in 53, 443, 853 } drop
}
END
is "lists of resolvers: no word on stderr" "" "$("$censorctl" check -q p 2>&1)"
roundtrip "lists of resolvers" p
for list in "$top"/policies/lists/*.txt; do
	is "$(basename "$list"): nothing twice" "" \
		"$(sed 's/[[:space:]]*#.*//; /^$/d' "$list" | sort | uniq -d)"
done

mkdir lists && echo press.example >lists/press.txt
awk '/^\.Bd -literal/ { on = 1; next } /^\.Ed/ { exit } on { gsub(/\\e/, "\\"); print }' \
	"$top/userspace-ctl/censorctl.8" >manual
"$censorctl" check -q manual >out 2>&1
is "the example of the manual page" "" "$(grep error out)"
roundtrip "the example of the manual page" manual

cat >p <<'END'
censor c {
	names unused { a.example }
	words ww { x }
	answers aa { 192.0.2.1 }
	inject ii { rst }
	rule r { proto udp and tls.sni in "a.example" } log
}
END
"$censorctl" check p >out 2>err
is "warnings: exit 0" 0 $?
is "warnings" 'p:2:8: warning: no rule uses the set "unused"
p:3:8: warning: no rule uses the set "ww"
p:4:10: warning: no rule uses the answers "aa"
p:5:9: warning: no rule uses the inject "ii"
p:6:11: warning: the rule "r" can never match: its other fields are TCP'\''s' "$(grep '^p:' err)"

# Line ends: all of these are one statement a line, or none at all.
printf 'censor c { names a { x.example\n\n\n,\ny.example } rule r\n{\n\ttls.sni in a\n\tand\n\tport 443\n} log,\n\tdrop }' >p
is "line ends where they are free" 'censor c {
	names a {
		x.example, y.example
	}
	rule r { tls.sni in a and port in 443 } log, drop
}' "$("$censorctl" check --print p 2>&1)"
is "the standard input" "policy c: 1 rules, 1 sets, 3 entries" \
	"$("$censorctl" check - <p | sed 's/, [0-9]* bytes.*//')"

cat >p <<'END'
censor c {
	rule a { tls.sni in "x.example", "y.example" } log
	rule b { dns.qname in "x.example", "y.example" } log
}
END
is "what is written twice inside rules is one set" 2 \
	"$("$censorctl" check -j p | sed 's/.*"entries":\([0-9]*\).*/\1/')"

cat >p <<'END'
{"censor": "c", "inside": [], "sets": [{"name": "a", "kind": "words", "encoded": ["utf-8", "gb18030"],
"entries": ["六四", "falun"]}], "rules": [{"name": "r", "if": [{"field": "http.target",
"operator": "contains", "values": [{"set": "a"}]}], "do": {"log": true}}]}
END
is "encodings in JSON" '		"六四", "\xc1\xf9\xcb\xc4", falun' \
	"$("$censorctl" check --print p 2>&1 | grep falun)"

awk 'BEGIN { for (i = 0; i < 300000; i++) print "name" i ".example" }' >big.list
printf 'censor c {\n\tnames a file "big.list"\n\trule r { tls.sni in a } log\n}\n' >p
is "a list of 300000 names" "300000" "$("$censorctl" check -j p | sed 's/.*"entries":\([0-9]*\).*/\1/')"

"$censorctl" >out 2>err
is "no verb: exit 2" 2 $?
"$censorctl" lsit >out 2>err
is "an unknown verb: exit 2" 2 $?
is "an unknown verb: what was meant" 'censorctl: there is no verb "lsit"; did you mean "list"?' "$(head -n 1 err)"
is "an unknown verb: where they are" 'censorctl --help lists the verbs' "$(sed 1d err)"
"$censorctl" help lsit >out 2>err
is "help of an unknown verb: the same" '2 censorctl: there is no verb "lsit"; did you mean "list"?' \
	"$? $(head -n 1 err)"
"$censorctl" --nonsense check p >out 2>err
is "an unknown option before the verb" "2 censorctl: there is no option --nonsense" "$? $(head -n 1 err)"
"$censorctl" -n >out 2>err
is "no value before the verb" "2 censorctl: the option -n needs a value" "$? $(head -n 1 err)"
is "help fits on a terminal: 80 columns, 24 lines" "" \
	"$("$censorctl" --help | awk 'length > 80 || NR > 24')"
for verb in $("$censorctl" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	is "the help of $verb fits, too" "" \
		"$("$censorctl" "$verb" --help | awk '{ sub(/\t/, "        ") } length > 100')"
done
"$censorctl" check >out 2>err
is "no policy: exit 2" 2 $?
"$censorctl" check --nonsense p >out 2>err
is "an unknown option: exit 2" 2 $?
is "an unknown option: which" "censorctl check: there is no option --nonsense" "$(head -n 1 err)"
for word in --json=1 --js=1 --json=; do
	"$censorctl" check $word p >out 2>err
	is "$word: it takes no value" "2 censorctl check: the option --json takes no value" \
		"$? $(head -n 1 err)"
	"$censorctl" $word check p >out 2>err
	is "$word, before the verb: likewise" "2 censorctl: the option --json takes no value" \
		"$? $(head -n 1 err)"
done
"$censorctl" check --print=1 p >out 2>err
is "--print=1 of a verb: likewise" "censorctl check: the option --print takes no value" "$(head -n 1 err)"
"$censorctl" explain --phase=x -jx p >out 2>err
is "an unknown one among short ones, behind a value" "censorctl explain: there is no option -x" \
	"$(head -n 1 err)"
"$censorctl" -jx check p >out 2>err
is "an unknown one before the verb" "censorctl: there is no option -x" "$(head -n 1 err)"
printf 'censor "caf\351" {\n\trule "r\351 \303\251" { port.dst 80 } drop\n}\n' >latin
"$censorctl" check -j latin >out 2>err
is "a name that is no UTF-8, as JSON: as events have it" '"name":"café"' "$(grep -o '"name":"caf[^"]*"' out)"
"$censorctl" check -j --print latin >out 2>err
is "and printed; one that is UTF-8 in part" 'café
ré é' "$(grep -oE 'caf[^"]*|r[^"a-z]+ é' out)"
"$censorctl" -n x check p >out 2>err
is "a namespace that means nothing: exit 2" 2 $?
"$censorctl" monitor -c none >out 2>err
is "no number: exit 2" 2 $?
"$censorctl" -n /nonexistent list >out 2>err
is "no such namespace: exit 1" 1 $?
is "no such namespace" "censorctl list: can't open the network namespace /nonexistent: No such file or directory" \
	"$(cat err)"
"$censorctl" -n /nonexistent list -j >out 2>err
is "no such namespace, JSON" '{"ok":false,"error":"can'\''t open the network namespace /nonexistent: No such file or directory"}' \
	"$(cat out)"
for verb in check load list flush phase play counters flows residuals monitor stats explain run top board; do
	"$censorctl" "$verb" --help >out 2>err
	is "$verb --help: exit 0" 0 $?
	is "$verb --help: usage first" "usage: censorctl $verb" "$(head -n 1 out | cut -d ' ' -f 1-3)"
done
"$censorctl" check p >/dev/full 2>err
is "a full disk: exit 1" 1 $?
for capture in "$top"/selftests/captures/http.pcap "$top"/selftests/captures/tor.pcap; do
	"$censorctl" explain "$capture" p >out 2>err
	is "a capture is no policy" "1 $capture: error: it is a capture, and a policy is wanted (explain takes the policy first)" \
		"$? $(cat err)"
done
"$censorctl" check "$tmp" >out 2>err
is "a directory" "$tmp: error: can't read it: Is a directory" "$(cat err)"
done_testing
