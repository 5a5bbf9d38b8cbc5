#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# censorctl run, as far as it gets without a kernel: what is wrong with its options and its policy.
# shellcheck source=policy.lib disable=SC2154
. "$(dirname "$0")/policy.lib"

echo 'censor c { rule r { tls.sni in "a.example" } drop }' >good
echo 'censor c { rule r { tls.sni in nowhere } drop }' >bad

# wrong NAME MESSAGE ARGUMENT...: the exit status is 2, and the first line says why
wrong()
{
	name=$1
	message=$2
	shift 2
	status=0
	"$censorctl" run "$@" >out 2>err || status=$?
	is "$name" "2 censorctl run: $message" "$status $(head -n 1 err)"
}

wrong "no --" 'there is no --, and behind it the command' --policy good curl -s http://a.example/
wrong "nothing behind it" 'which command?' --policy good --
wrong "no policy" 'which --policy?' -- true
wrong "two policies" '--policy stands twice' --policy good --policy good -- true
wrong "a word before --" '"curl" is no option; the command stands behind --' --policy good curl -- true
wrong "no such option" 'there is no option --nonsense' --policy good --nonsense -- true
wrong "an option without its value" 'the option --policy needs a value' --policy -- true
wrong "an outcome that is none" \
	'--expect wants allowed, slow or blocked, not "alowed"; did you mean "allowed"?' \
	--policy good --expect alowed -- true
wrong "failed can't be expected" '--expect wants allowed, slow or blocked, not "failed"' \
	--policy good --expect failed -- true
wrong "two expectations" '--expect stands twice' --policy good --expect slow --expect slow -- true
for limit in 0 -1 x 1s 1e9 nan ''; do
	wrong "a limit of \"$limit\"" "--timeout wants seconds, 0.001 to 1000000, not \"$limit\"" \
		--policy good --timeout "$limit" -- true
done
wrong "-j" 'its report is JSON: --report FILE' -j --policy good -- true
wrong "-n" 'it works in no network namespace of yours, so -n means nothing' -n x --policy good -- true

status=0
"$censorctl" run --policy bad --report report -- touch began >out 2>err || status=$?
is "a bad policy: exit 1, with its place" "1 bad:1:32: error: " "$status $(sed -n '1s/error: .*/error: /p' err)"
is "nothing was begun, nothing written" "" "$(ls began report 2>/dev/null)"
status=0
"$censorctl" run --policy nowhere -- true >out 2>err || status=$?
is "no policy: exit 1" 1 $status
status=0
"$censorctl" run --policy good --report no/report -- true >out 2>err || status=$?
is "no place for the report: exit 125" "125 censorctl run: can't write no/report: No such file or directory" \
	"$status $(cat err)"
cat >phases <<-'END'
	censor c {
		phase july from 2017-07-18
		phase august from 2017-08-01
		rule r { tls.sni in "a.example" } drop in phase july
	}
END
status=0
"$censorctl" run --policy phases --phase jully --report report -- touch began >out 2>err || status=$?
is "an unknown phase: exit 1, and what was meant" \
	'1 censorctl run: the policy c has no phase "jully"; did you mean "july"? It has july and august' \
	"$status $(cat err)"
"$censorctl" run --policy good --phase july -- touch began >out 2>err
is "no phases at all" 'censorctl run: the policy c has no phases, so there is none "july"' "$(cat err)"
is "again nothing was begun or written" "" "$(ls began report 2>/dev/null)"
"$censorctl" run --help >out
is "help" "usage: censorctl run --policy POLICY [OPTION...] -- COMMAND..." "$(head -n 1 out)"

mkdir -p moved
cp "$censorctl" moved/
status=0
moved/censorctl run --policy good --report report -- true >out 2>err || status=$?
is "without the lab's scripts: exit 125, and where they should be" 125 $status
is "which is said" "$tmp/moved/../lab" "$(grep -o "$tmp/moved/../lab" err)"
is "and there is no empty report" "" "$(ls report 2>/dev/null)"
mkdir -p usr/sbin usr/share/nf_censor
cp "$censorctl" usr/sbin/
cp -R "$top/lab" usr/share/nf_censor/
usr/sbin/censorctl run --policy good --kernel-module /nonexistent.ko -- true >out 2>err
is "installed, it finds them" "" "$(grep scripts err)"

# The job that the README shows is the one to be copied.
sed -n '/^name:/,$p' "$top/examples/ci/workflow.yml" >job
sed -n '/^	name: behind/,/^	 *path: "/{s/^	//;p}' "$top/README.md" >shown
is "the README's job is the example's" "$(cat job)" "$(cat shown)"

done_testing
