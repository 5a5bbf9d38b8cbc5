#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Command lines of phase, play and load --phase, right up to the kernel, which is not there.
# shellcheck source=policy.lib disable=SC2154
. "$(dirname "$0")/policy.lib"

# says NAME STATUS FIRST-LINE ARGUMENTS: nothing on the standard output, and that on the other
says()
{
	name=$1
	wanted="exit $2
$3"
	shift 3
	"$censorctl" "$@" >out 2>err
	is "$name" "$wanted" "exit $?
$(cat out err | head -n 1)"
}

speed='is how many times faster than life, from 1 to 1000000000, or as in 1d for a day in a second (s, m, h, d); not'
nowhere="can't open the network namespace /nonexistent: No such file or directory"
says "a speed of 0" 2 "censorctl play: --speed $speed \"0\"" play --speed 0
says "a speed of 0 days" 2 "censorctl play: --speed $speed \"0d\"" play --speed 0d
says "a speed that is none" 2 "censorctl play: --speed $speed \"fast\"" play --speed fast
says "a speed backwards" 2 "censorctl play: --speed $speed \"-1\"" play --speed -1
says "a speed with a fraction" 2 "censorctl play: --speed $speed \"1.5d\"" play --speed 1.5d
says "a speed too great" 2 "censorctl play: --speed $speed \"1000000001\"" play --speed 1000000001
says "a speed beyond all numbers" 2 "censorctl play: --speed $speed \"99999999999999999999d\"" \
	play --speed 99999999999999999999d
for good in 1 60 86400s 30m 12h 30d 1000000000; do
	says "a speed of $good" 1 "censorctl play: $nowhere" play -n /nonexistent --speed "$good"
done
says "from after to" 2 "censorctl play: --from 2017-10-01 is after --to 2017-08-01T12:00" \
	play --from 2017-10-01 --to 2017-08-01T12:00Z
says "from a day that is none" 2 "censorctl play: --from 2017-02-30: 2017-02 has 28 days" \
	play --from 2017-02-30
says "to what is no date" 2 'censorctl play: --to is a date such as 2017-07-18, not "tomorrow"' \
	play --to tomorrow
says "from and to one day" 1 "censorctl play: $nowhere" play -n /nonexistent \
	--from 2017-10-01 --to 2017-10-01
says "play of something" 2 "censorctl play: it takes no argument" play july
says "two phases" 2 "censorctl phase: one phase at a time" phase july august
for verb in "phase" "phase july" "-n /nonexistent phase" "-n /nonexistent phase july"; do
	# shellcheck disable=SC2086 # a list of words
	says "a time that is none: $verb" 2 \
		'censorctl phase: --time is a date or a time of day (UTC) such as 2017-07-18, 2017-07-18T20:00 or 20:00, not "foo"' \
		$verb --time foo
done
says "a day that is none" 2 "censorctl phase: --time 2017-02-30: 2017-02 has 28 days" \
	-n /nonexistent phase july --time 2017-02-30
says "a time, and then one that is none" 2 "censorctl phase: --time 24:30: a day goes from 00:00 to 23:59" \
	-n /nonexistent phase --time 20:00 --time 24:30
for good in 20:00 2017-07-18 2017-07-18T20:00; do
	says "a time, nowhere: $good" 1 "censorctl phase: $nowhere" -n /nonexistent phase --time "$good"
done
says "no time" 2 "censorctl phase: the option --time needs a value" phase --time
says "a phase nowhere" 1 "censorctl phase: $nowhere" -n /nonexistent phase july
says "counters of something" 2 "censorctl counters: it takes no argument" counters dns
for verb in flows residuals; do
	says "$verb of something" 2 "censorctl $verb: it takes no argument" $verb tcp
	says "$verb of a number" 2 "censorctl $verb: there is no option -c" $verb -c 5
	says "$verb nowhere" 1 "censorctl $verb: $nowhere" $verb -n /nonexistent
	says "$verb nowhere, JSON" 1 "{\"ok\":false,\"error\":\"$nowhere\"}" -n /nonexistent -j $verb
done
says "counters nowhere, JSON" 1 "{\"ok\":false,\"error\":\"$nowhere\"}" -n /nonexistent -j counters

cat >p <<'END'
censor story {
	phase july from 2017-07-18
	phase "the crackdown"
	rule r { port 80 } drop in phase july
}
END
says "load in a phase" 1 "censorctl load: $nowhere" load -n /nonexistent --phase "the crackdown" p
says "load in a phase misspelt" 1 \
	'censorctl load: the policy story has no phase "juli"; did you mean "july"? It has july and the crackdown' \
	load --phase juli p
says "load in a phase that is none, JSON" 1 \
	'{"ok":false,"error":"the policy story has no phase \"winter\"; it has july and the crackdown"}' \
	load -j --phase winter p
printf 'censor c {\n\trule r { port 80 } drop\n}\n' >p
says "load in a phase of a policy without" 1 \
	'censorctl load: the policy c has no phases, so there is none "july"' load --phase july p
done_testing
