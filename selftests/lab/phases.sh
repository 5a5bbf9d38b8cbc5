#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# Phases: loaded, listed, switched by name, by the calendar and by nobody else; each switch is told to
# whoever listens, and rules act in theirs only.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

not()
{
	! "$@"
}

forged()	# NAME
{
	[ "$(client dig +short +time=2 +tries=1 @198.51.100.53 "$1" A)" = 203.0.113.1 ]
}

phase()		# ARGUMENT...
{
	censorctl phase -n "$lab_censor" "$@" 2>&1
}

# One member of the state.
state()		# JQ-EXPRESSION
{
	censorctl phase -n "$lab_censor" -j | jq -r "$1"
}

# Both outputs and the exit status.
status_of()	# COMMAND...
{
	"$@" 2>&1
	echo "exit $?"
}

story()		# PHASES
{
	cat <<-END
	censor story {
		answers lie { 203.0.113.1 }
	$1
		hours evening utc+8 {
			0%, 0%, 0%, 0%, 0%, 0%, 0%, 0%, 0%, 0%, 0%, 0%,
			0%, 0%, 0%, 0%, 0%, 0%, 0%, 0%, 100%, 100%, 0%, 0%
		}
		rule ever { dns.qname in "ever.example" } forge lie
		rule photos { dns.qname in "photos.example" } forge lie in phase july
		rule tunnels { dns.qname in "tunnels.example" } forge lie in phase july, crackdown
		rule evening { dns.qname in "evening.example" } forge lie, probability 100% hours evening in phase crackdown
		rule slow { dns.qname in "slow.example" } log sample 1%, police 16kbit per host, lose 0.01% to client, delay 1ms, mark 0x10/0xff in phase august
	}
	END
}

lab_require dig jq setpriv unshare
ktap_print_header
ktap_set_plan 62
lab_up
censor_module ""

ktap_test_match "no policy: said, and no error" "censorctl phase: no policy is in force
exit 0" "$(status_of censorctl phase -n "$lab_censor")"
ktap_test_match "no policy, JSON" "null null 0 0" \
	"$(state '"\(.policy) \(.phase) \(.generation) \(.phases | length)"')"
ktap_test_match "no policy: no phase to switch to" "*no policy is in force*exit 1" \
	"$(status_of censorctl phase -n "$lab_censor" july)"
ktap_test_match "no policy: nothing to play" "*no policy is in force*exit 1" \
	"$(status_of censorctl play -n "$lab_censor")"

story '	phase always "Since 2009" from 2009-06-01
	phase july "Photos and calls fail" from 2017-07-18 to 2017-08-01
	phase august "Lifted" from 2017-08-01
	phase crackdown' >"$lab_folder/story.policy"
ktap_test_match "a policy begins in its first phase" "policy story in force (generation *), phase always" \
	"$(censorctl load -n "$lab_censor" "$lab_folder/story.policy")"
ktap_test_match "the phases are listed, with a star" \
	"policy story (generation *), its calendar is at 20*
\\* always     2009-06-01 * Since 2009
  july       2017-07-18       to 2017-08-01 * Photos and calls fail
  august     2017-08-01 * Lifted
  crackdown  no date *" "$(phase)"
ktap_test_match "and as JSON" \
	'always 0
{"name":"always","title":"Since 2009","from":"2009-06-01"}
{"name":"july","title":"Photos and calls fail","from":"2017-07-18","to":"2017-08-01"}
{"name":"august","title":"Lifted","from":"2017-08-01"}
{"name":"crackdown"}' "$(state '"\(.phase) \(.switches)", (.phases[] | tostring)')"
ktap_test_result "a rule of no phase acts" forged ever.example
ktap_test_result "one of another phase does not" not forged photos.example

# What is listed loads to the same policy, phases and all, by way of JSON too.
censorctl list -n "$lab_censor" >"$lab_folder/listed.policy"
ktap_test_match "the policy is listed as it was written" "" \
	"$("$censor_top/build/censorctl" check --print "$lab_folder/story.policy" |
		diff - "$lab_folder/listed.policy")"
censorctl list -n "$lab_censor" -j >"$lab_folder/listed.json"
for listed in policy json; do
	censor_load "$lab_folder/listed.$listed"
	ktap_test_match "what is listed ($listed) loads to the same" "" \
		"$(censorctl list -n "$lab_censor" | diff - "$lab_folder/listed.policy")"
done

# Switched by name, while somebody listens.
generation=$(state .generation)
censor_events "$lab_folder/events"
ktap_test_match "a switch is told" "phase july in force (policy story, generation $generation)" \
	"$(phase july)"
ktap_test_result "its rules act" forged photos.example
ktap_test_result "all of them" forged tunnels.example
ktap_test_match "it is in force, nothing was loaded" "july 1 $generation" \
	"$(state '"\(.phase) \(.switches) \(.generation)"')"
ktap_test_match "a switch to another, JSON" \
	"{\"ok\":true,\"policy\":\"story\",\"generation\":$generation,\"phase\":\"crackdown\",\"switches\":2}" \
	"$(phase -j crackdown)"
ktap_test_result "rules of the one before act no more" not forged photos.example
ktap_test_result "those of both do" forged tunnels.example
ktap_test_match "to where it is already: no switch" "2" "$(phase crackdown >/dev/null; state .switches)"
ktap_test_match "a phase that is none: refused, with those that there are" \
	'censorctl phase: the policy story has no phase "juli"; did you mean "july"? It has always, july, august and crackdown
exit 1' "$(status_of censorctl phase -n "$lab_censor" juli)"
ktap_test_match "and it stays" "crackdown" "$(state .phase)"

# The calendar: 12:00 UTC is eight in the evening there.
phase --time 2017-10-18T12:00 >/dev/null
ktap_test_result "in the evening a rule of the hour acts" forged evening.example
ktap_test_match "the calendar is there" "2017-10-18T12:0*" "$(state .wall)"
ktap_test_match "a switch and a time" "phase july in force (policy story, generation *), the calendar is at 2017-07-18T04:30" \
	"$(phase july --time 04:30)"
phase crackdown >/dev/null
ktap_test_result "at another hour it does not act" not forged evening.example
ktap_test_match "a day that is none" "censorctl phase: --time 2017-02-30: 2017-02 has 28 days*exit 2" \
	"$(status_of censorctl phase -n "$lab_censor" july --time 2017-02-30)"
censor_events_stop
ktap_test_match "who listens is told of each switch" "july crackdown july crackdown " \
	"$(jq -r 'select(.switches) | .phase' "$lab_folder/events" | tr '\n' ' ')"
ktap_test_match "with title, policy and date" "Photos and calls fail story 2017-07-18T04:30:00Z" \
	"$(jq -r 'select(.switches == 3) | "\(.title) \(.policy) \(.date)"' "$lab_folder/events")"
ktap_test_match "events tell the phase" "july" \
	"$(jq -r 'select(.rule == "photos") | .phase' "$lab_folder/events" | head -n 1)"
# DNS has lengths in place of dots.
ktap_test_match "and show the bytes, and where among them" "*photos.example*" \
	"$(jq -r 'select(.rule == "photos") | .excerpt as $e |
		$e.text[$e.found[0]:$e.found[0] + $e.found[1]] | gsub("[^a-z]"; ".")' \
		"$lab_folder/events" | head -n 1)"
"$censor_top/build/censorctl" monitor -n "$lab_censor" >"$lab_folder/text" 2>"$lab_folder/monitor.log" &
monitor=$!
lab_wait 10 grep -q listening "$lab_folder/monitor.log"
phase july >/dev/null
lab_wait 5 grep -q july "$lab_folder/text"
kill "$monitor"
ktap_test_match "people read it, too" "phase july in force (20*): Photos and calls fail" \
	"$(cat "$lab_folder/text")"

# Counters.
forged photos.example
ktap_test_match "counters of the rules" "story july ever photos tunnels evening slow " \
	"$(censorctl counters -n "$lab_censor" -j |
		jq -r '.policy, .phase, .rules[].rule' | tr '\n' ' ')"
ktap_test_match "of one that matched" "[1-9]* [1-9]* [1-9]* 0 0" \
	"$(censorctl counters -n "$lab_censor" -j | jq -r '.rules[] | select(.rule == "photos") |
		"\(.hits) \(.packets) \(.bytes) \(.lost_packets) \(.lost_bytes)"')"
ktap_test_match "as a table" "rule *matched *packets *bytes*lost*
*
photos * [1-9]*" "$(censorctl counters -n "$lab_censor")"

# Played.
play()		# ARGUMENT...
{
	censorctl play -n "$lab_censor" "$@"
}
ktap_test_match "each change of the calendar is told" \
	"2017-07-01        always: Since 2009
2017-07-18        july: Photos and calls fail
2017-08-01        august: Lifted
censorctl play: the calendar ends on 2017-08-01; phase august stays in force
exit 0" "$(status_of play --speed 15d --from 2017-07-01)"
ktap_test_match "the phase stays" august "$(state .phase)"
ktap_test_match "the kernel's calendar went along" "2017-08-01*" "$(state .wall)"
censor_events "$lab_folder/events"
ktap_test_match "all of it at great speed, JSON" \
	"2009-06-01 always Since 2009,2017-07-18 july Photos and calls fail,2017-08-01 august Lifted," \
	"$(play -j --speed 1000d 2>/dev/null | jq -r '"\(.date) \(.phase) \(.title)"' | tr '\n' ',')"
ktap_test_match "all at once" "2009-06-01*2017-07-18*2017-08-01*exit 0" \
	"$(status_of play --speed 1000000000)"
ktap_test_match "up to a day, and no further" "2017-07-10*always*
2017-07-18*july*
*the calendar ends on 2017-07-20; phase july stays in force
exit 0" "$(status_of play --speed 10d --from 2017-07-10 --to 2017-07-20)"
forged photos.example
censor_events_stop
ktap_test_match "who listens hears the same" "always july august always july august always july " \
	"$(jq -r 'select(.switches) | .phase' "$lab_folder/events" | tr '\n' ' ')"
ktap_test_match "before the first phase nothing is switched" "july" \
	"$(play --speed 10d --from 2001-01-01 --to 2001-01-03 >/dev/null 2>&1; state .phase)"
ktap_test_match "from behind the end" "*--from 2019-01-01 is after the calendar's end on 2017-08-01*exit 2" \
	"$(status_of play --from 2019-01-01)"

# Interrupted: it says in which phase it stays, and stays there.
played()	# SIGNAL
{
	"$censor_top/build/censorctl" play -n "$lab_censor" --from 2017-07-17 --speed 12h \
		>"$lab_folder/played" 2>"$lab_folder/played.log" &
	played=$!
	lab_wait 10 grep -q july "$lab_folder/played"
	kill -"$1" "$played"
	wait "$played"
	echo "exit $?"
	cat "$lab_folder/played.log"
}
ktap_test_match "interrupted, the phase is told" \
	"exit 130
censorctl play: interrupted on 2017-07-*; phase july stays in force" "$(played INT)"
ktap_test_match "terminated likewise" \
	"exit 143
censorctl play: interrupted on 2017-07-*; phase july stays in force" "$(played TERM)"
sleep 1
ktap_test_match "and it stays in force" july "$(state .phase)"

# Somebody else loads a policy meanwhile: its phases are not ours to switch.
replaced()	# COMMAND...
{
	"$censor_top/build/censorctl" play -n "$lab_censor" --from 2017-07-17 --speed 12h \
		>"$lab_folder/played" 2>"$lab_folder/played.log" &
	played=$!
	lab_wait 10 grep -q july "$lab_folder/played"
	"$@" >/dev/null 2>&1
	wait "$played"
	echo "exit $?"
	cat "$lab_folder/played.log"
}
ktap_test_match "replaced, the playing ends" \
	"exit 1
censorctl play: the policy was replaced: story (generation *) is in force now, in a phase of its own" \
	"$(replaced censorctl load -n "$lab_censor" --phase crackdown "$lab_folder/story.policy")"
ktap_test_match "load --phase: the new policy stays in its own" "crackdown 0" \
	"$(state '"\(.phase) \(.switches)"')"
ktap_test_match "flushed, too" "exit 1
censorctl play: the policy was taken out of force" "$(replaced censorctl flush -n "$lab_censor")"
# Stopped meanwhile, until its calendar has ended, and so much has been told that nothing more is.
overslept()
{
	censor_load "$lab_folder/story.policy"
	"$censor_top/build/censorctl" play -n "$lab_censor" --from 2017-07-17 --to 2017-07-21 \
		--speed 12h >"$lab_folder/played" 2>"$lab_folder/played.log" &
	played=$!
	lab_wait 10 grep -q july "$lab_folder/played"
	kill -STOP "$played"
	censor "$lab_source/switch" -c 2000 0 1 >/dev/null
	censorctl load -n "$lab_censor" --phase crackdown "$lab_folder/story.policy" >/dev/null
	sleep 8
	kill -CONT "$played"
	wait "$played"
	echo "exit $?"
	cat "$lab_folder/played.log"
}
ktap_test_match "replaced while it could not hear of it" \
	"exit 1
censorctl play: the policy was replaced: story (generation *) is in force now, in a phase of its own" \
	"$(overslept)"
# Somebody else's switch does not end it, and what it tells is what is.
switched()
{
	"$censor_top/build/censorctl" play -n "$lab_censor" --from 2017-07-17 --to 2017-07-21 \
		--speed 12h >"$lab_folder/played" 2>"$lab_folder/played.log" &
	played=$!
	lab_wait 10 grep -q july "$lab_folder/played"
	phase crackdown >/dev/null
	wait "$played"
	echo "exit $?"
	cat "$lab_folder/played.log"
}
ktap_test_match "switched by somebody else" \
	"exit 0
censorctl play: the calendar ends on 2017-07-21; phase crackdown stays in force" "$(switched)"

# Nor does a screen hold on to a policy of which it could not be told that it is no more.
"$censor_top/build/censorctl" top -n "$lab_censor" >"$lab_folder/top" 2>"$lab_folder/top.log" &
top=$!
missed_policy()
{
	kill -STOP "$top"
	censor "$lab_source/switch" -c 16000 0 1 >/dev/null
	story '	phase other' | sed 's/censor story/censor sequel/; s/ in phase .*//' >"$lab_folder/sequel.policy"
	censorctl load -n "$lab_censor" "$lab_folder/sequel.policy" >/dev/null
	kill -CONT "$top"
	lab_wait 20 grep -q "^policy sequel" "$lab_folder/top"
}
lab_wait 10 grep -q "^policy story" "$lab_folder/top"
ktap_test_result "a screen that could not hear of another policy shows it" missed_policy
missed_switch()
{
	kill -STOP "$top"
	censor_load "$lab_folder/story.policy"
	censor "$lab_source/switch" -c 16000 0 1 >/dev/null
	phase august >/dev/null
	kill -CONT "$top"
	lab_wait 20 grep -q "^phase august" "$lab_folder/top"
}
ktap_test_result "nor of another phase: that, too" missed_switch
kill "$top"
wait "$top" 2>/dev/null

# Anyone in the namespace may read; who has no power over it may not switch.
censor_load "$lab_folder/story.policy"
chmod 755 "$lab_folder"
cp "$censor_top/build/censorctl" "$lab_folder/"
nobody()	# COMMAND...
{
	censor setpriv --reuid 65534 --regid 65534 --clear-groups "$@" 2>&1
	echo "exit $?"
}
ktap_test_match "nobody may look" '*"phase":"always"*
*"rule":"ever"*exit 0' "$(nobody "$lab_folder/censorctl" phase -j
	nobody "$lab_folder/censorctl" counters -j)"
ktap_test_match "and not switch" "*not permitted*exit 1" "$(nobody "$lab_folder/censorctl" phase july)"
ktap_test_match "not as root of a user namespace of its own" "*not permitted*exit 1" \
	"$(nobody unshare -Ur "$lab_folder/censorctl" phase july)"
ktap_test_match "nor play" "*not permitted*exit 1" "$(nobody "$lab_folder/censorctl" play)"

# Policies that have nothing to play.
story '	phase july
	phase august
	phase crackdown' >"$lab_folder/undated.policy"
censor_load "$lab_folder/undated.policy"
ktap_test_match "phases without dates are not played" \
	"*no phase of the policy story has a date, as in: phase july from 2017-07-18
exit 1" "$(status_of play)"
censor_load "$censor_top/policies/iran-2020.policy"
ktap_test_match "a policy without phases" "it has no phases: it is always the same" "$(phase | tail -n 1)"
ktap_test_match "has none to switch to" "*has no phases, so there is none \"july\"*" "$(phase july)"
censor_clean
ktap_finished
