#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Texts of files, captures and recordings are shown, not obeyed: no control byte of theirs, and none
# of the C1 controls of UTF-8, reaches a terminal; nor what turns a line's direction; as text or as
# JSON. What takes long says so there, and only there.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
censorctl=${CENSORCTL:-$top/build/censorctl}
[ -x "$censorctl" ] || { echo "no $censorctl: make" >&2; exit 1; }
tmp=$(mktemp -d) || exit 1
boards=
# shellcheck disable=SC2317 # the trap calls it
clean()
{
	for board in $boards; do
		kill "$board" 2>/dev/null
	done
	rm -rf "$tmp"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM
cd "$tmp" || exit 1
# shellcheck source=tap.lib
. "$top/selftests/tool/tap.lib"

escape=$(printf '\033')
csi=$(printf '\302\233')	# the same as ESC [ for some terminals
turned=$(printf '\342\200\256')	# U+202E: what follows is shown from right to left
isolated=$(printf '\342\201\246')	# U+2066
title="$escape]0;evil$(printf '\007')"
# The first and the last of each: U+0080 to U+009F, U+061C, U+200E and F, U+202A to E, U+2066 to 9.
marks=$(printf '\302\200\302\237\330\234\342\200\216\342\200\217\342\200\252\342\200\256\342\201\246\342\201\251')
marks_text='\xc2\x80\xc2\x9f\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9'
marks_json='\u0080\u009f\u061c\u200e\u200f\u202a\u202e\u2066\u2069'
# Those beside them are letters and the like, of which nothing is to be feared.
beside=$(printf '\302\240\330\233\342\200\220\342\200\257\342\201\245')

# obeyed FILE: what a terminal would have obeyed there, but for censorctl's own colours and cursor
obeyed()
{
	LC_ALL=C grep -aoE -e "${escape}[]P^_X]" -e "$(printf '[\001-\010\016-\032\177]')" \
		-e "$(printf '\302[\200-\237]')" -e "$(printf '\330\234')" \
		-e "$(printf '\342\200[\216\217\252-\256]')" -e "$(printf '\342\201[\246-\251]')" "$1" |
		LC_ALL=C cat -v
}

# shown NAME PART COMMAND...: both outputs of a command have the part, and nothing to be obeyed
shown()
{
	name=$1
	part=$2
	shift 2
	"$@" >out 2>&1
	like "$name: shown" "$part" "$(cat out)"
	is "$name: not obeyed" "" "$(obeyed out)"
}

printf '%s' "$title" >sample
is "what would be obeyed is found" '^[]
^G' "$(obeyed sample)"
printf '\177%s' "$marks" >sample
is "each of it" 10 "$(obeyed sample | wc -l)"
printf '%s' "$beside" >sample
is "nothing else" "" "$(obeyed sample)"

# The command line and files' names
shown "a verb" '\x1b]0;evil\x07' "$censorctl" "$title"
shown "an argument" '\x1b]0;evil\x07' "$censorctl" run --policy p --expect "$title" -- true
shown "an option" '\xc2\x9b2J' "$censorctl" check "--$csi""2J"
shown "a word that turns the line" '\xe2\x80\xae' "$censorctl" check "--$turned"
shown "and one that turns a part of it" '\xe2\x81\xa6' "$censorctl" check "--$isolated"
shown "a policy's path" '\x1b]0;evil\x07' "$censorctl" check "$title"
shown "a capture's path" '\x1b]0;evil\x07' "$censorctl" explain --flows "$title"
shown "a recording's path" '\x1b]0;evil\x07' "$censorctl" top --replay "$title"

# Policies
printf 'censor "a%s2J" {\n\tphase "p%sA" "t%sB" from 2017-01-01\n\trule "r%sC" { tls.sni in "x%sD.example" } drop in phase "p%sA"\n}\n' \
	"$csi" "$turned" "$csi" "$csi" "$turned" "$turned" >names
shown "a policy's name" 'policy a\xc2\x9b2J: 1 rules' "$censorctl" check names
shown "a policy's names, printed" 'phase "p\xe2\x80\xaeA" "t\xc2\x9bB" from' "$censorctl" check --print names
"$censorctl" check --print names >printed
is "printed, it is the same policy" "$("$censorctl" check --print -j names)" \
	"$("$censorctl" check --print -j printed)"
shown "an unknown phase, and those that are" '"\x1b]0;evil\x07"; it has p\xe2\x80\xaeA' \
	"$censorctl" run --policy names --phase "$title" -- true
shown "a policy's names, as JSON" '"title": "t\u009bB"' "$censorctl" check --print -j names
"$censorctl" check --print -j names >names.json
is "and that is the same policy" "$("$censorctl" check --print names)" \
	"$("$censorctl" check --print names.json)"
printf 'censor c {\n\tphase p "t%s%sT" from 2017-01-01\n\trule r { tls.sni in "x.example" } drop in phase p\n}\n' \
	"$marks" "$beside" >marks
shown "all that would be obeyed" "\"t$marks_text${beside}T\" from" "$censorctl" check --print marks
shown "and as JSON" "\"t$marks_json${beside}T\"" "$censorctl" check --print -j marks
"$censorctl" check --print -j marks >marks.json
"$censorctl" check --print marks >printed
is "JSON and text are one policy" "$("$censorctl" check --print -j printed)" "$(cat marks.json)"
is "and read again they are" "$(cat printed)" "$("$censorctl" check --print marks.json)"
shown "what is refused, as JSON" "has no phase \\\"\u007f$marks_json\\\"" \
	"$censorctl" load -j --phase "$(printf '\177')$marks" marks
printf 'censor c { rule r { tls.sni in nowhere } drop %s2J %s }\n' "$csi" "$isolated" >bad
shown "a policy that is none" 'not "\xc2\x9b2J"' "$censorctl" check bad

# Captures: the name of a rule, and of what it met
capture=$top/selftests/captures/$(cd "$top/selftests/captures" && find . -name '*.pcap' | sort | head -n 1)
printf 'censor c {\n\trule "r%sC" { proto in tcp, udp } drop\n}\n' "$csi" >all
shown "a rule's name, met" 'r\xc2\x9bC' "$censorctl" explain all "$capture"
shown "a rule's name, of flows" 'r\xc2\x9bC' "$censorctl" explain --flows all "$capture"
shown "a rule's name, met, as JSON" '"rule":"r\u009bC"' "$censorctl" explain -j all "$capture"
shown "a rule's name, of flows, as JSON" '"rule":"r\u009bC"' "$censorctl" explain -j --flows all "$capture"

# Recordings. JSON may have any character in it.
j='\u001b]0;evil\u0007\u009b2J\u202e'
cat >hostile.jsonl <<END
{"at":0,"policy":{"policy":"policy$j","phase":"one$j","phases":[{"name":"one$j","title":"title$j","from":"from$j","to":"to$j"},{"name":"two$j"}],"rules":[{"rule":"rule$j","field":"tls.sni","services":["service$j"],"action":"action$j"}]}}
{"at":0,"event":{"time":"2017-09-${j}00:00:00","packet":1,"rule":"rule$j","flow":{"proto":"proto$j","saddr":"192.0.2.1$j","sport":1,"daddr":"$j","dport":2},"field":"tls.sni","value":"value$j","action":"action$j","set":"service$j","phase":"one$j"}}
END
for second in $(seq 0 12); do
	echo "{\"at\":$second,\"counters\":{\"rules\":[{\"rule\":\"rule$j\",\"hits\":1,\"bytes\":$((second * 100000)),\"lost_bytes\":0}]}}"
done >>hostile.jsonl
shown "a recording, in lines" 'phase one\x1b]0;evil\x07\xc2\x9b2J\xe2\x80\xae from from\x1b' \
	"$censorctl" top --replay hostile.jsonl --speed 20 --for 2
like "a recording, in lines: what happened" 'service\x1b]0;evil\x07\xc2\x9b2J\xe2\x80\xae  . action\x1b]' "$(cat out)"
like "a recording, in lines: the rates" 'throughput of service\x1b]' "$(cat out)"
shown "a recording that is recorded" ']0;evil\u0007\u009b2J\u202e' sh -c "
	'$censorctl' top --replay hostile.jsonl --speed 20 --for 2 --record again.jsonl >/dev/null
	cat again.jsonl"
if command -v script >/dev/null; then
	export TERM=xterm
	shown "a recording, as a picture" 'policy?]0;evil' \
		script -qec "stty rows 40 cols 160; '$censorctl' top --replay hostile.jsonl --speed 20 --for 2" /dev/null
	like "a recording, as a picture: its phases" '[one?]0;evil' "$(cat out)"
else
	skip "a recording, as a picture" "no script"
fi
printf '{"at":0,"lost":0}\n{"at":1 %s\n' "$title" >broken.jsonl
shown "a recording that is broken" "broken.jsonl:2:" "$censorctl" top --replay broken.jsonl --for 1

# A policy that comes slowly: after a command. until is one: when the terminal has shown a text
echo 'censor c { rule r { tls.sni in "a.example" } drop }' >good
cat >until <<'END'
for _ in $(seq 600); do
	! grep -aq "$1" out || exit 0
	sleep 0.1
done
END
cat >slowly <<END
{ \$1; cat good; } | "$censorctl" \$2 - \$3
END
cat >building <<'END'
sh until "building it, 2 s"
exit 3
END
passing=$(printf '\r\033[K')
if command -v script >/dev/null; then
	for verb in check load explain; do
		capture_of=
		[ $verb != explain ] || capture_of=$capture
		script -qec "sh slowly 'sh until policy:.[2-9]' $verb $capture_of" /dev/null >out 2>&1
		like "$verb: it says what it does" "${passing}censorctl $verb: reading the policy: " \
			"$(cat out)"
		is "$verb: not within the first second" "" "$(grep -ao 'policy: 0 s' out)"
		grep -aq 'reading the policy: [2-9]' out
		result $? "$verb: and how long it has taken"
		is "$verb: what it says in the end stands alone" "" \
			"$(LC_ALL=C sed "s/.*${escape}\\[K//" out | grep reading)"
	done
	{ sleep 2.2; cat good; printf '\004'; } |
		script -qec "'$censorctl' check -" /dev/null >out 2>&1
	is "a policy that is typed: nothing over that" "" "$(grep reading out)"
	like "and it has been read" "policy c: 1 rules" "$(cat out)"
	script -qec "'$top/selftests/waiting' 'building it' sh building" /dev/null >out 2>&1
	is "what is built, too: its exit status" 3 $?
	like "what it says while it waits" "${passing}building it, 2 s" "$(cat out)"
	is "and nothing more when it is done" "" \
		"$(LC_ALL=C sed "s/.*${escape}\\[K//" out | tr -d '\r' | grep .)"
	script -qec "sh slowly true check" /dev/null >out 2>&1
	is "soon done, it says nothing of that" "" "$(grep reading out)"
	script -qec "sh slowly 'sleep 2.2' check 2>err" /dev/null >out 2>&1
	is "nor where the standard error is no terminal" "" "$(cat err)"
else
	skip "a policy that comes slowly" "no script"
fi

if command -v curl >/dev/null && command -v jq >/dev/null; then
	"$censorctl" board -j --replay hostile.jsonl >where 2>said &
	boards=$!
	for _ in $(seq 600); do
		[ -s where ] && break
		sleep 0.1
	done
	at=http://127.0.0.1:$(jq -r .port where)
	printf '{"phase":"two\\u001b]0;evil\\u0007\\u009b2J\\u202e"}' >body
	curl -sS -H "Origin: $at" -H "Content-Type: application/json" --data-binary @body \
		"$at/phase?token=$(jq -r .token where)" >answer 2>&1
	is "the page's phase, as a recording has it: switched" "" "$(cat answer)"
	like "the page's phase: shown" 'replay: phase two\x1b]0;evil\x07\xc2\x9b2J\xe2\x80\xae' "$(cat said)"
	is "the page's phase: not obeyed" "" "$(obeyed said)"
	kill "$boards"
else
	skip "the page's phase" "no curl, no jq"
fi

done_testing
