#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2317 # what the commands expand; functions that ktap_test_result calls
# censorctl run: commands of known outcome, their exit statuses and reports; and that however one
# ends, or is ended, nothing of its lab is left.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

lab_require curl jq pgrep lsns setpriv perl python3
ktap_print_header
ktap_set_plan 73
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 143' INT TERM HUP
chmod 755 "$work"
example=$censor_top/examples/ci

# All that a run could leave: names, files, mounts, processes, namespaces.
traces()
{
	ip netns list
	ls -A /run /tmp /var/tmp /dev/shm /var/log/nginx 2>/dev/null
	cut -d ' ' -f 2 /proc/mounts
	for name in censorctl dnsmasq nginx sleep curl; do
		pgrep -x $name
	done
	lsns -n -o TYPE | sort | uniq -c
}

nothing_left()
{
	traces >"$work/after"
	cmp -s "$work/before" "$work/after"
}

# The kernel buries what was killed in its own time.
test_nothing_left()	# DESCRIPTION
{
	lab_wait 10 nothing_left || ktap_print_msg "$(diff "$work/before" "$work/after")"
	ktap_test_result "$1: nothing is left" nothing_left
}

# A run, its exit status in $status, what it said in $said; the report is in the file report.
run()	# ARGUMENT...
{
	rm -f "$work/report"
	status=0
	run_begin=$(date +%s%N)
	censorctl run --report "$work/report" "$@" >"$work/out" 2>"$work/err" || status=$?
	said=$(cat "$work/err")
	ktap_print_msg "$((($(date +%s%N) - run_begin) / 1000000)) ms: run $*"
}

# What is in the report, the values of a filter one after another.
reported()	# FILTER
{
	jq -c "$1" "$work/report" 2>&1 | paste -s -d ' '
}

# Begin a run that is to be ended from here; its command has written its number once it runs.
begin()	# COMMAND...
{
	rm -f "$work/running"
	echo '"of an earlier run"' >"$work/report"
	# What a shell begins in the background ignores INT; a run ignores what it is told to.
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' \
		"$censor_top/build/censorctl" run --policy "$censor_policy" \
		--report "$work/report" -- "$@" \
		>"$work/out.begun" 2>"$work/err.begun" &
	begun=$!
}

runs()
{
	[ -s "$work/running" ]
}

: >"$work/before"
mkdir -p /var/log/nginx

# Without the module, and what it takes to have it.
ktap_test_result "the module is not loaded" [ ! -d /sys/module/nf_censor ]
run --policy "$censor_policy" --kernel-module /nonexistent.ko -- true
ktap_test_match "no module: exit 125" 125 "$status"
ktap_test_match "no module: which" "*/nonexistent.ko: No such file*" "$said"
echo "no module" >"$work/none.ko"
run --policy "$censor_policy" --kernel-module "$work/none.ko" -- true
ktap_test_match "another file: what to do" "125 *nf_censor is not loaded and can't be*--kernel-module*" \
	"$status $said"
traces >"$work/before"
# In a tree it finds the module by the kernel's series; User-mode Linux's is none of a series.
censor_file
case $(uname -r) in
*-uml*)	set -- --kernel-module "$censor_ko" ;;
esac
run --policy "$censor_policy" "$@" --expect allowed -- curl -sS -m 20 https://www.wikipedia.org/
ktap_test_match "an allowed page: as expected" 0 "$status"
ktap_test_match "it came" "*The page of www.wikipedia.org, asked for / by https.*" "$(cat "$work/out")"
ktap_test_match "and is told so" "*allowed, as expected*did nothing*" "$said"
ktap_test_match "in the report, too" '"cn-2017" "allowed" true 0 false 0 0' \
	"$(reported '.policy, .outcome, .met, .exit, .timed_out, (.verdicts | length), .lost_events')"
ktap_test_result "the module of the tree was loaded" [ -d /sys/module/nf_censor ]
test_nothing_left "after a run"
censor_module ""

run --policy "$censor_policy" -- curl -sS -m 20 --resolve www.facebook.com:80:198.51.100.80 \
	http://www.facebook.com/
ktap_test_match "a blocked page: the command's own exit status" 56 "$status"
ktap_test_match "blocked is the word" "*run: blocked: rule http: http.host*-> inject gfw*exit status is 56*" "$said"
ktap_test_match "the report" '"blocked" null null 56 "www.facebook.com"' \
	"$(reported '.outcome, .expect, .met, .exit, .verdicts[0].value')"
ktap_test_match "it has the command" '"http://www.facebook.com/"' "$(reported '.command[-1]')"
ktap_test_match "each rule's hits" 'true 0' \
	"$(reported '.counters | map({ (.rule): .hits }) | add | .http > 0, .sni')"
run --policy "$censor_policy" --expect blocked -- curl -sS -m 20 http://www.facebook.com/
ktap_test_match "blocked by a forged answer, as expected" 0 "$status"
run --policy "$censor_policy" --expect allowed -- curl -sS -m 20 http://www.facebook.com/
ktap_test_match "blocked and not expected" 1 "$status"
ktap_test_match "which is told" "*blocked, but expected to be allowed: rule dns-all:*" "$said"
run --policy "$censor_policy" --expect blocked -- curl -sS -m 20 http://www.baidu.com/
ktap_test_match "watched is not blocked" '1 "allowed" false "log"' \
	"$status $(reported '.outcome, .met, .verdicts[0].action')"

# A failure of which the censor knows nothing is not its work.
run --policy "$censor_policy" --expect blocked -- sh -c 'exit 3'
ktap_test_match "a failure of its own is not blocked" '1 "failed" false 3' \
	"$status $(reported '.outcome, .met, .exit')"
ktap_test_match "the censor did nothing" "*failed, but expected to be blocked: the censor did nothing to it*" "$said"
run --policy "$censor_policy" -- sh -c 'exit 3'
ktap_test_match "without an expectation it is its own" 3 "$status"
run --policy "$censor_policy" -- sh -c 'kill -KILL $$'
ktap_test_match "killed" '137 "SIGKILL"' "$status $(reported .signal)"
run --policy "$censor_policy" -- sh -c 'kill -37 $$'
ktap_test_match "killed by a signal of real time" \
	'165 "SIGRTMIN+3" *the censor did nothing to it; it was ended by SIGRTMIN+3' \
	"$status $(reported .signal) $said"
run --policy "$censor_policy" --expect blocked -- nonesuch
ktap_test_match "no such command" "127 *nonesuch: there is no such command*" "$status $said"
run --policy "$censor_policy" -- "$work"
ktap_test_match "no program" 126 "$status"

# What it finds.
cd "$work" || exit 1
: >here
FOO=bar run --policy "$censor_policy" -- sh -c 'ls here; hostname; echo $FOO $NF_CENSOR_CLIENT $http_proxy'
cd "$lab_source" || exit 1
ktap_test_match "folder, name and environment" "here client bar 192.0.2.10" "$(paste -s -d ' ' "$work/out")"
run --policy "$censor_policy" --name new.example --serve \
	'openssl s_server -quiet -www -accept 443 -key $NF_CENSOR_KEY -cert $NF_CENSOR_CERTIFICATE' \
	-- curl -sS -m 20 https://server.test/ https://server.test/ https://a.new.example/
ktap_test_match "a server of one's own, and a name" "0 *s_server*The page of a.new.example*" \
	"$status $(cat "$work/out")"
run --policy "$censor_policy" --serve 'exit 5' -- true
ktap_test_match "a server that fails" "125 *exit status 5*" "$status $said"
# Another one must not be taken for its report.
echo '"of an earlier run"' >"$work/report"
censorctl run --report "$work/report" --policy "$censor_policy" --serve 'kill $$' -- true \
	>"$work/out" 2>"$work/err"
ktap_test_match "a server that is ended, and no report" "*ended at once, by SIGTERM gone" \
	"$(cat "$work/err") $([ -e "$work/report" ] || echo gone)"
run --policy "$censor_policy" -- "$(printf 'none\377such')"
ktap_test_match "bytes that are no text: told as events tell them" \
	'127 "none\\u00ffsuch: there is no such command"' \
	"$status $(jq -ac .why "$work/report")"
echo 'censor c { rule r { tls.sni in nowhere } drop }' >"$work/bad.policy"
run --policy "$work/bad.policy" -- true
ktap_test_match "a bad policy, and its place" "1 $work/bad.policy:1:*" "$status $said"

# Hanging, forking, ending badly.
run --policy "$censor_policy" --timeout 1 -- sleep 1000
ktap_test_match "a command that hangs" '124 true "failed"' \
	"$status $(reported '.timed_out, .outcome')"
run --policy "$censor_policy" --timeout 1 -- sh -c 'trap "" TERM INT; while :; do sleep 1; done'
ktap_test_match "one that will not end" 124 "$status"
test_nothing_left "after it"
run --policy "$censor_policy" --timeout 5 --expect blocked -- \
	curl -sS --resolve smtp.gmail.com:80:198.51.100.25 http://smtp.gmail.com/
ktap_test_match "hanging because of the censor is being blocked" '0 true "blocked" "gmail-ip"' \
	"$status $(reported '.timed_out, .outcome, .verdicts[0].rule')"
run --policy "$censor_policy" -- \
	sh -c 'setsid sleep 4321 & (setsid sh -c "trap : TERM HUP; sleep 4322; sleep 4323" &) ; exit 4'
ktap_test_match "one that leaves daemons behind" 4 "$status"
test_nothing_left "after it"

# What is called so is gone once the command line is read: surely when the command runs, and on a
# slow machine not much earlier. Half a report there never is.
no_report()	# MOMENT
{
	[ ! -e "$work/report" ] ||
		{ [ "$1" != command ] && [ "$(cat "$work/report")" = '"of an earlier run"' ]; } || return
	[ -z "$(find "$work" -name '.censorctl*')" ]
}

# Killed at several moments: while the lab is built, and while the command runs.
for moment in 0.1 1 3 command; do
	begin sh -c "echo \$\$ >'$work/running'; setsid sleep 1000 & exec sleep 1000"
	if [ $moment = command ]; then
		lab_wait 300 runs
		sleep 0.2
	else
		sleep $moment
	fi
	kill -KILL $begun
	wait $begun 2>/dev/null
	rm -f "$work/running"
	test_nothing_left "killed, moment $moment"
	ktap_test_result "killed, moment $moment: neither its report nor another" no_report $moment
done
for signal in 1 2 15; do
	begin sh -c "echo \$\$ >'$work/running'; exec sleep 1000"
	lab_wait 300 runs
	kill -$signal $begun
	status=0
	wait $begun 2>/dev/null || status=$?
	rm -f "$work/running"
	ktap_test_match "ended by signal $signal" "$((128 + signal)) *the run was ended by SIG*" \
		"$status $(cat "$work/err.begun")"
	ktap_test_match "ended by signal $signal, in the report" \
		'"failed" "the run was ended by SIG*"' "$(reported '.outcome, .why')"
	test_nothing_left "ended by signal $signal"
done

# Two at once are two labs.
begin sh -c "echo \$\$ >'$work/running'; sleep 2; curl -sS -m 20 http://example.org/"
run --policy "$censor_policy" --expect blocked -- curl -sS -m 20 http://www.facebook.com/
ktap_test_match "one of two" 0 "$status"
status=0
wait $begun || status=$?
rm -f "$work/running"
ktap_test_match "the other" "0 *The page of example.org*" "$status $(cat "$work/out.begun")"
test_nothing_left "after both"

# As nobody, where the tree may lie where nobody else can look.
mkdir "$work/build"
cp "$censor_top/build/censorctl" "$work/build/"
cp -R "$censor_top/lab" "$work/"
mkdir -p "$work/kmod/engine"
printf 'censor mine {\n\trule r { http.host in "a.example" } drop\n}\n' >"$work/mine.policy"
chmod -R a+rX "$work"
nobody()
{
	setpriv --reuid 65534 --regid 65534 --clear-groups "$work/build/censorctl" run \
		--policy "$work/mine.policy" "$@" 2>&1
}
ktap_test_match "without privilege" "*The page of b.example*allowed, as expected*" \
	"$(nobody --expect allowed -- curl -sS -m 20 http://b.example/)"
ktap_test_match "without privilege, blocked" "*blocked, as expected: rule r: *" \
	"$(nobody --expect blocked -- curl -sS -m 4 http://a.example/)"
test_nothing_left "after nobody"

# Nobody has little room for events. While nobody reads them more come than that; what was done in
# the end, only counters tell.
printf 'censor flood {\n\trule noise { port.dst 9999 } log\n\trule hit { http.host in "a.example" } drop\n}\n' \
	>"$work/flood.policy"
flood='import socket
for port in range(20000, 22000):
	sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	sender.bind(("", port))
	sender.sendto(b"x", ("198.51.100.180", 9999))
	sender.close()'
flooded()	# COMMAND...
{
	rm -rf "$work/open"
	mkdir -m 1777 "$work/open"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$work/build/censorctl" run \
		--policy "$work/flood.policy" --report "$work/open/report" --expect blocked -- \
		sh -c 'cd "$1"; : >running; until [ -e go ]; do sleep 0.1; done; python3 -c "$2"
			shift 2; "$@"; status=$?; : >done; exit $status' sh "$work/open" "$flood" "$@" \
		>"$work/out" 2>"$work/err" &
	begun=$!
	lab_wait 300 test -e "$work/open/running"
	sandbox=$(pgrep -P $begun)
	kill -STOP "$sandbox"
	: >"$work/open/go"
	lab_wait 300 test -e "$work/open/done"
	kill -CONT "$sandbox"
	status=0
	wait $begun || status=$?
	said=$(cat "$work/err")
	ktap_print_msg "$said"
	mv "$work/open/report" "$work/report"
}
flooded curl -sS -m 3 http://a.example/
ktap_test_match "events lost, that of the block too: blocked all the same" \
	"0 *blocked, as expected: rule hit: by its counter, * match*; its exit status is 28; of 2* events * were lost*" \
	"$status $said"
ktap_test_match "the report says how many" "true true 2000" "$(reported \
	'.lost_events > 0, .lost_events + (.verdicts | length) >= 2001, .counters[0].hits')"
flooded sh -c 'exit 3'
ktap_test_match "events lost, and no rule that does harm has matched: failed" \
	"1 *failed, but expected to be blocked: the censor did nothing to it; its exit status is 3; of 2000 events * were lost*" \
	"$status $said"
test_nothing_left "after the floods"

# Phases, and what only makes slow.
cat >"$work/slow.policy" <<-'END'
	censor slow {
		phase spring from 2017-01-01
		phase autumn from 2017-09-01
		rule late { http.host in "slow.example" } delay 200ms in phase autumn
	}
END
run --policy "$work/slow.policy" --expect allowed -- curl -sS -m 20 http://slow.example/
ktap_test_match "in the first phase" '0 "spring" "allowed"' "$status $(reported '.phase, .outcome')"
run --policy "$work/slow.policy" --phase autumn --expect slow -- curl -sS -m 20 http://slow.example/
ktap_test_match "slow, in another" '0 "autumn" "slow" "delay 200ms" true' \
	"$status $(reported '.phase, .outcome, .verdicts[0].action, .counters[0].packets > 0')"
run --policy "$work/slow.policy" --phase autumn --expect allowed -- curl -sS -m 20 http://slow.example/
ktap_test_match "slow is not allowed" "1 *slow, but expected to be allowed*held up by rule late*" \
	"$status $said"

# The example for other people's tests: a tunnel that looks like nothing gets through, until that is
# what is looked for.
year=$censor_top/policies/cn-2017.policy
run --policy "$year" --phase july --timeout 60 --expect allowed --serve "$example/nothing serve 8388" \
	-- "$example/test-nothing"
ktap_test_match "the trick gets through in July" "0 *The page of www.facebook.com*" \
	"$status $(cat "$work/out")"
run --policy "$year" --phase july --timeout 20 --expect blocked -- \
	curl -sS --resolve www.facebook.com:443:198.51.100.80 https://www.facebook.com/
ktap_test_match "where the page itself does not" '0 "sni" 0' \
	"$status $(reported '.verdicts[0].rule, .lost_events')"
run --policy "$year" --phase congress --timeout 40 --expect blocked \
	--serve "$example/nothing serve 8388" -- "$example/test-nothing"
ktap_test_match "and does not in October" '0 "congress" "encrypted"' \
	"$status $(reported '.phase, .verdicts[0].rule')"
test_nothing_left "after the example"

censor_clean
ktap_finished
