#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# top, from a recording: the picture in a terminal of 80x24 and others, q, and lines without one.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
censorctl=${CENSORCTL:-$top/build/censorctl}
[ -x "$censorctl" ] || { echo "no $censorctl: make" >&2; exit 1; }
year=$top/selftests/tool/golden/board/year.jsonl
tmp=$(mktemp -d) || exit 1
socket=$tmp/tmux
# shellcheck disable=SC2317 # the trap calls it
clean()
{
	tmux -S "$socket" kill-server 2>/dev/null
	rm -rf "$tmp"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM
cd "$tmp" || exit 1
# shellcheck source=tap.lib
. "$top/selftests/tool/tap.lib"

# line NAME PATTERN FILE: one of its lines matches an extended regular expression
line()
{
	is "$1" "$2" "$(if grep -qE -e "$2" "$3"; then echo "$2"; else cat "$3"; fi)"
}

# Lines, where there is no terminal

"$censorctl" top --replay "$year" --speed 60 --for 1.5 >lines 2>err
is "lines: exit 0" 0 $?
is "lines: nothing on the standard error" "" "$(cat err)"
is "lines: each event once" "$(grep -c '"event":' "$year")" "$(grep -cE '^[0-9:]{8}  ' lines)"
line "lines: the policy" '^policy cn-2017$' lines
line "lines: the phase" '^phase july from 2017-07-18: WhatsApp: photos and calls fail, text passes$' lines
line "lines: an event" '^[0-9:]{8}  facebook  R reset  TLS www\.facebook\.com \(sni\)$' lines
line "lines: what was recognised by protocol" '^[0-9:]{8}  whatsapp  D dropped  protocol \(noise\)$' lines
line "lines: throughput, where row 7 is plain" '^throughput of whatsapp-servers: 16 kbit/s, lost ' lines
is "lines: no escape sequences" 0 "$(grep -c "$(printf '\033')" lines)"
"$censorctl" top --replay "$year" --for 1 -j >/dev/null 2>err
is "-j: exit 2" 2 $?
line "-j: what has JSON" 'monitor and counters have JSON' err
"$censorctl" top more >/dev/null 2>&1
is "an argument: exit 2" 2 $?
"$censorctl" top --replay none.jsonl >/dev/null 2>err
is "a recording that is not there: exit 1" 1 $?
line "a recording that is not there: which" 'none.jsonl: No such file' err
begin=$(date +%s)
"$censorctl" top --replay "$year" --speed 30 --for 20 2>/dev/null | head -n 1 >/dev/null
is "nobody reads the lines: it ends" soon "$([ $(($(date +%s) - begin)) -lt 15 ] && echo soon)"

# The picture

if ! command -v tmux >/dev/null; then
	skip "the picture" "no tmux: selftests/deps screen"
	done_testing
fi

# Begin it in a terminal; what a shell says afterwards shows that the terminal is as before.
show()	# COLUMNS LINES SPEED
{
	cat >run <<-END
		echo before
		"$censorctl" top --replay "$year" --speed $3
		echo "exit \$?"
		stty -a | tr ' ' '\n' | grep -xE -e '-?(icanon|echo);?'
		exec sleep 60
	END
	tmux -S "$socket" -f /dev/null new-session -d -s top -x "$1" -y "$2" "sh run"
}

# What is on it: when a pattern is, in this line of it, or after 10 seconds
screen()	# PATTERN [LINE]
{
	for _ in $(seq 50); do
		tmux -S "$socket" capture-pane -p -t top >picture
		sed -n "${2:-1,\$}p" picture | grep -qE -e "$1" && break
		sleep 0.2
	done
}

show 80 24 30
screen 'whatsapp-server +16 kbit/s'
line "80x24: policy, phase and clock" '^cn-2017  WhatsApp: not blocked, but one mile an hour +[0-9:]{8}$' picture
line "80x24: the calendar, with the phase in force" ' winter +\[slowed\] +crackdown' picture
line "80x24: services by probes" '^SERVICE +DNS +HTTP +TLS +address +protocol$' picture
line "80x24: letter and word of what happened" '^facebook .* R reset ' picture
line "80x24: a rule that was not tried" '^twitter +\(forged\)' picture
line "80x24: what is slowed is among the rows" '^whatsapp-server .* S slowed' picture
line "80x24: throughput, passed and lost" '^whatsapp-server +16 kbit/s  lost +[0-9.]+ kbit/s  #' picture
line "80x24: events" '^[0-9:]{8}  [a-z-]+  [A-Z] [a-z]+  ' picture
line "80x24: how to leave is on the last line" '^q quits' picture
is "80x24: all of its lines" "24 24" \
	"$(grep -c '' picture) $(grep -n '^q quits' picture | cut -d : -f 1)"
tmux -S "$socket" resize-window -t top -x 120 -y 40
screen '^q quits' 40
is "larger: it fills the new size" 40 "$(grep -n '^q quits' picture | cut -d : -f 1)"
tmux -S "$socket" resize-window -t top -x 30 -y 8
screen 'are wanted'
line "too small: what is wanted" '40 columns and 12 lines' picture
tmux -S "$socket" resize-window -t top -x 80 -y 24
tmux -S "$socket" send-keys -t top x q
# echo is the last of what run prints, after icanon
screen '^-?echo'
line "q: exit 0" '^exit 0$' picture
line "q: the terminal is as before" '^before$' picture
is "q: keys are echoed again, by lines" "echo icanon" "$(grep -oE '^-?(icanon|echo)' picture | sort | tr '\n' ' ' | sed 's/ $//')"
tmux -S "$socket" kill-server

done_testing
