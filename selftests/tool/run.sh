#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# censorctl run, as far as it gets without a kernel: what is wrong with its options and its policy.
# shellcheck source=policy.lib disable=SC2154
. "$(dirname "$0")/policy.lib"
# shellcheck source=tap.lib
. "$top/selftests/tool/tap.lib"

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
long=$(printf 'a%.0s' $(seq 64)).example
while read -r name why; do
	[ "$name" != EMPTY ] || name=
	[ "$name" != BLANK ] || name="a b.example"
	wrong "a name of \"$name\"" "--name wants a host's name such as www.example.org, not \"$name\": $why" \
		--policy good --name "$name" -- true
done <<-END
	EMPTY it is empty
	BLANK a name has letters (a to z), digits, "-", "_" and dots
	ä.example a name has letters (a to z), digits, "-", "_" and dots
	192.0.2.1 it is an address
	2001:db8::1 it is an address
	10.0.0.256 its last part is a number, as an address has it
	https://a.example/ it is a URL, and the name is only what is between its // and the next /
	user@a.example the name begins behind the @
	user@ the name begins behind the @
	a.example/index the name ends before the /
	a.example:443 the name ends before the :, certificates are for every port
	*.a.example the names below it are meant, too, without "*."
	localhost it has no dot, and nobody believes a certificate for all that is below it
	.a.example it has a dot at an end, or two in a row
	a.example. it has a dot at an end, or two in a row
	a..example it has a dot at an end, or two in a row
	-a.example a part of it begins or ends with "-"
	a-.example a part of it begins or ends with "-"
	$long a part of it is longer than 63 letters
	$(printf 'a.%.0s' $(seq 126))b it is longer than 251 letters, so names below it are longer than 253
END
for name in a.example A_1.b-2.example "$(printf 'a.%.0s' $(seq 125))b" "${long#a}"; do
	"$censorctl" run --policy bad --name "$name" -- true >out 2>err
	like "a good name of \"$name\"" "bad:1:32: error" "$(cat err)"
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
for policy in good bad phases; do
	echo "of an earlier run" >report
	"$censorctl" run --policy $policy --phase jully --report report -- true >out 2>err
	is "$policy: a report of an earlier run is not taken for one of this" "" "$(ls -A report 2>/dev/null)"
done
echo "of an earlier run" >report
"$censorctl" run --policy good --report report --phase >out 2>err
is "a command line that is wrong changes nothing" "of an earlier run" "$(cat report)"
rm report

# What the policy is read from is no place for a report.
echo "a.example" >list
echo "<p>blocked</p>" >page
ln -s good link
ln good other
cat >lists <<-'END'
	censor c {
		names bad file "list"
		page block file "page"
		inject p { psh+ack to client page block }
		rule r { tls.sni in bad } drop
		rule p { http.host in bad } inject p
	}
END
"$censorctl" check lists >out 2>err
result $? "a policy with a list and a page"
while read -r policy report lost; do
	before=$(cat "$report")
	wrong "a report over $lost, as $report" \
		"--report $report would overwrite $lost, which the policy is read from" \
		--policy "$policy" --report "$report" -- true
	is "$report is as it was" "$before" "$(cat "$report")"
done <<-'END'
	good good good
	good ./good good
	good link good
	link good link
	good other good
	bad bad bad
	lists list list
	./lists page ./page
END
# shellcheck disable=SC2094 # that is the point
"$censorctl" run --policy - --report good -- true <good >out 2>err
is "a report over the standard input" \
	"censorctl run: --report good would overwrite standard input, which the policy is read from" \
	"$(head -n 1 err)"
is "that one is as it was, too" 'censor c { rule r { tls.sni in "a.example" } drop }' "$(cat good)"
mkdir folder
status=0
"$censorctl" run --policy good --report folder -- true >out 2>err || status=$?
is "a folder for the report: exit 125" "125 censorctl run: can't write folder: Is a directory" \
	"$status $(cat err)"
"$censorctl" run --help >out
is "help" "usage: censorctl run --policy POLICY [OPTION...] -- COMMAND..." "$(head -n 1 out)"

mkdir -p moved
cp "$censorctl" moved/
status=0
moved/censorctl run --policy good --report report -- true >out 2>err || status=$?
is "without the lab's scripts: exit 125, and where they should be" 125 $status
is "which is said" "$tmp/moved/../lab" "$(grep -o "$tmp/moved/../lab" err)"
is "and there is no empty report" "" "$(ls -A report .censorctl* 2>/dev/null)"
mkdir -p usr/sbin usr/share/nf_censor
cp "$censorctl" usr/sbin/
cp -R "$top/lab" usr/share/nf_censor/
usr/sbin/censorctl run --policy good --kernel-module /nonexistent.ko -- true >out 2>err
is "installed, it finds them" "" "$(grep scripts err)"

# Which lab it takes: its script that loads the module says so, if there is none and it has the right.
if [ "$(id -u)" -eq 0 ] && [ ! -e /sys/module/nf_censor ]; then
	echo 'echo "installed"' >usr/share/nf_censor/lab/module
	cp -R "$top/lab" usr/lab
	echo 'echo "beside"' >usr/lab/module

	# taken NAME LAB
	taken()
	{
		usr/sbin/censorctl run --policy good -- true >out 2>err
		is "$1" "$2" "$(grep -xE 'installed|beside|.*may be written.*' err)"
	}

	taken "a lab beside it that is nobody's source: the installed one" installed
	mkdir -p usr/kmod/engine
	taken "a lab in the source that it was built in" beside
	for part in lab lab/up lab/lab.sh lab/module lab/names .; do
		chmod o+w usr/$part
		taken "$part can be written by all: the installed one" installed
		chmod o-w usr/$part
		if [ $part != . ]; then
			chown 65534 usr/$part
			taken "$part is somebody else's: the installed one" installed
			chown 0 usr/$part
		fi
		chgrp 65534 usr/$part
		chmod g+w usr/$part
		[ $part = . ] || taken "$part is some group's, too: the installed one" installed
		chgrp 0 usr/$part
		chmod g-w usr/$part
	done
	chmod -R g+w usr
	taken "the same group may write the program, too" beside
	chmod g-w usr/sbin/censorctl usr
	taken "it may not: the installed one" installed
	chmod -R g-w usr
	chown -R 65534 usr/lab usr
	chown 0 usr/sbin/censorctl
	taken "built by root in a user's source" beside
	chown -R 0 usr

	# Which modules that script gets.
	echo 'echo "modules: $*"' >usr/lab/module
	series=$(uname -r | grep -oE '^[0-9]+\.[0-9]+')
	here=usr/nf_censor.ko
	series_folder=usr/build/module-$series

	# offered NAME MODULE...
	offered()
	{
		name=$1
		shift
		usr/sbin/censorctl run --policy good -- true >out 2>err
		is "$name" "modules:${1:+ }$*" "$(sed -n '/^modules:/s/ *$//p' err)"
	}

	offered "no module is there"
	mkdir -p "$series_folder"
	echo module >$here
	echo module >"$series_folder/nf_censor.ko"
	first=$tmp/usr/sbin/../nf_censor.ko
	second=$tmp/usr/sbin/../build/module-$series/nf_censor.ko
	offered "two modules of the tree" "$first" "$second"
	chmod o+w $here
	offered "all may write one: the other" "$second"
	is "which is said" \
		"censorctl run: $first may be written by others than this program, so $first is not loaded: chown it to the same user and chmod go-w it, or --kernel-module $first" \
		"$(grep 'is not loaded:' err)"
	chmod o-w $here
	for part in usr/build "$series_folder" "$series_folder/nf_censor.ko"; do
		chmod o+w "$part"
		offered "all may write ${part#usr/}" "$first"
		chmod o-w "$part"
		chown 65534 "$part"
		offered "${part#usr/} is somebody else's" "$first"
		chown 0 "$part"
	done
	chown 65534 $here
	offered "this one is: the other" "$second"
	chmod g+w "$series_folder"
	chgrp 65534 "$series_folder"
	offered "neither may be loaded"
	usr/sbin/censorctl run --policy good --kernel-module $here -- true >out 2>err
	is "the one that was asked for, whoever's it is" "modules: $here" "$(grep '^modules:' err)"
	rm -r usr/build $here
	rm -r usr/share
	chmod o+w usr/lab/up
	taken "none is installed: why it is not the one beside it" \
		"censorctl run: $tmp/usr/sbin/../lab/up may be written by others than $tmp/usr/sbin/censorctl, so the lab's scripts are not run: chown it to the same user and chmod go-w it, or make install"
else
	skip "which lab it takes" "it takes root, and no module that is loaded"
fi

# The job that the README shows is the one to be copied.
sed -n '/^name:/,$p' "$top/examples/ci/workflow.yml" >job
sed -n '/^	name: behind/,/^	 *path: "/{s/^	//;p}' "$top/README.md" >shown
is "the README's job is the example's" "$(cat job)" "$(cat shown)"

done_testing
