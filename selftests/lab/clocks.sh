#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# The machine's date jumps, far forwards and far back, while blocks last, packets wait, a calendar is
# played: what lasts so long lasts so long. Only what a policy's calendar begins with, and the time of
# events, is the date's affair.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"
# shellcheck source=flood.lib
. "$(dirname "$0")/flood.lib"

# Hundredths of a second since the machine began, whatever its date.
uptime()
{
	sed 's/\([0-9]*\)\.\([0-9]*\) .*/\1\2/' /proc/uptime
}

jump()	# SECONDS
{
	date -s "@$(($(date +%s) + $1))" >/dev/null || lab_fail "the date can't be set"
}

between()	# GOT LEAST MOST
{
	echo "$1, should be $2 to $3"
	[ "$1" -ge "$2" ] && [ "$1" -le "$3" ]
}

year=31536000

# Whether a block drops the ping of a source that is blocked.
blocked()
{
	blocked_before=$(censor_stat dropped)
	flood_run other --times 1 >/dev/null
	[ "$(censor_stat dropped)" -gt "$blocked_before" ]
}

free()
{
	! blocked
}

calendar()
{
	censorctl phase -n "$lab_censor" -j | jq -r .wall
}

policy()
{
	cat >"$lab_folder/clocks.policy" <<-'END'
	censor clocks {
		inside 192.0.2.0/24
		phase spring from 2017-03-01
		phase summer from 2017-06-01 to 2017-09-01
		inject late {
			delay 4s
			rst to server
		}
		names bad { blocked.example }
		rule block { dns.qname in bad } drop, residual 12s by src,dst
		rule late { tls.sni in "late.example" } inject late
		rule held { port.dst in 7000 } delay 4s
	}
	END
	censor_load "$lab_folder/clocks.policy"
}

# So many packets have come out behind the censor; hundredths of a second that it took.
until_sunk()	# COUNT
{
	until_begun=$(uptime)
	until_deadline=$((until_begun + 1000))
	while [ "$(flood_sunk)" -lt "$1" ] && [ "$(uptime)" -lt $until_deadline ]; do
		sleep 0.05
	done
	echo $(($(uptime) - until_begun))
}

lab_require jq
ktap_print_header
lab_guest_only "sets the machine's date"
[ -x "$censor_top/build/flood" ] || ktap_skip_all "no build/flood: make mkcap builds it"
ktap_set_plan 19
lab_up
censor_module ""
flood_up
echo 'flow q udp 192.0.2.10:40000 203.0.113.53:53
q > dns blocked.example a' | flood_script trigger
echo 'flow q udp 192.0.2.10:40001 203.0.113.53:9999
q > hex 00' | flood_script other
echo 'flow q udp 192.0.2.10:40001 203.0.113.1:7000
q > hex 00' | flood_script held
echo 'flow q tcp 192.0.2.10:40001 203.0.113.2:443
q > S
q > A
q > PA tls late.example' | flood_script late
today=$(date +%s)
policy

# A block.
for way in forwards back; do
	sign=
	[ $way = forwards ] || sign=-
	flood_run trigger --times 1 >/dev/null
	begun=$(uptime)
	ktap_test_result "$way: blocked" blocked
	jump $sign$year
	ktap_test_result "$way: a year is not what ends a block" blocked
	sleep 3
	ktap_test_result "$way: nor do some seconds" blocked
	lab_wait_free=$((begun + 3000))
	while blocked && [ "$(uptime)" -lt $lab_wait_free ]; do
		sleep 0.2
	done
	ktap_test_result "$way: it ends when its seconds are over" between $(($(uptime) - begun)) 1195 1500
	ktap_test_result "$way: for good" free
done

# What waits.
for what in held late; do
	for sign in "" -; do
		sunk=$(flood_sunk)
		flood_run $what --times 1 >/dev/null
		jump $sign$year
		# The late one's own three packets pass at once.
		[ $what = held ] && wanted=1 || wanted=4
		ktap_test_result "$what, the date ${sign:-+}a year: as late as the policy says" \
			between "$(until_sunk $((sunk + wanted)))" 330 600
	done
done

# A calendar that is played: 92 days, thirty a second.
censorctl play -n "$lab_censor" --from 2017-06-01 --to 2017-09-01 --speed 30d \
	>"$lab_folder/played" 2>&1 &
played=$!
begun=$(uptime)
sleep 1
jump $year
sleep 0.5
jump -$((2 * year))
wait $played
ktap_test_result "a calendar is played as fast as it should be" between $(($(uptime) - begun)) 290 500
ktap_test_match "and all of it" "*2017-06-01*summer*ends on 2017-09-01*" "$(cat "$lab_folder/played")"

# The policy's calendar begins at the date, and goes on by itself.
date -s "@$today" >/dev/null
policy
day=$(date -u +%Y-%m-%d)
jump $((30 * 86400))
ktap_test_match "the policy's calendar stays" "$day*" "$(calendar)"
policy
ktap_test_match "until another begins" "$(date -u +%Y-%m-%d)*" "$(calendar)"
date -s "@$today" >/dev/null
censor_clean
ktap_finished
