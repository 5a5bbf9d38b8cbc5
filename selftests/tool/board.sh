#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# board, served from a recording: what it refuses, what it tells, that nobody holds it up; its page in
# headless Chromium: live events, the slider by keyboard and by hand, nothing asked of elsewhere.
# shellcheck disable=SC2016,SC2317 # the page's scripts are JavaScript; what awaited and a trap call
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
here=$top/selftests/tool
censorctl=${CENSORCTL:-$top/build/censorctl}
[ -x "$censorctl" ] || { echo "no $censorctl: make" >&2; exit 1; }
for tool in curl jq; do
	command -v $tool >/dev/null || { echo "1..0 # SKIP no $tool: selftests/deps screen"; exit 0; }
done
year=$here/golden/board/year.jsonl
tmp=$(mktemp -d) || exit 1
boards=
# shellcheck source=browser.lib
. "$here/browser.lib"
browser_driver=
clean()
{
	browser_stop
	for board in $boards; do
		kill "$board" 2>/dev/null
	done
	rm -rf "$tmp"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM
cd "$tmp" || exit 1
# shellcheck source=tap.lib
. "$here/tap.lib"

# Until it succeeds, a minute at most: how long anything takes is the machine's affair.
awaited()	# COMMAND...
{
	for _ in $(seq 600); do
		"$@" && return 0
		sleep 0.1
	done
	return 1
}

# There is what the board says of itself, or nothing more to come.
begun()	# FILE
{
	[ -s "$1" ] || ! kill -0 "$board" 2>/dev/null
}

# End a board of which the browser shows the page: that would miss it, and say so in the log.
leave()
{
	browser_open about:blank
	kill -INT "$board"
	wait "$board"
}

# Begin a board; its port and token
serve()	# ARG...
{
	: >where
	"$censorctl" board -j "$@" >where 2>said &
	board=$!
	boards="$boards $board"
	awaited begun where
	port=$(jq -r .port where)
	token=$(jq -r .token where)
	at=http://127.0.0.1:$port
}

# The status of a request
status()	# CURL-ARG...
{
	curl -sS -o answer -w '%{http_code}' --max-time 60 "$@" 2>&1
}

# One that would be taken, but for what $origin, $type, $body or the arguments change
post()	# CURL-ARG...
{
	status -X POST -H "Origin:${origin-$at}" -H "Content-Type:${type-application/json}" \
		--data-binary "${body-{\"phase\":\"july\"\}}" "$@"
}

phase()
{
	curl -sS "$at/state?token=$token" | jq -r '.phases[.phase].name'
}

serve --replay "$year" --speed 0.01

# Who is answered

is "the page: 200" 200 "$(status "$at/?token=$token")"
like "the page: a policy of its content's" "default-src 'none'; script-src 'self'" \
	"$(curl -sSi "$at/?token=$token")"
is "no token: 403" 403 "$(status "$at/")"
like "no token: what is wanted" "whole address" "$(cat answer)"
is "another token: 403" 403 "$(status "$at/?token=0123456789abcdef0123456789abcdef")"
is "half a token: 403" 403 "$(status "$at/?token=$(echo "$token" | cut -c 1-16)")"
is "more than the token: 403" 403 "$(status "$at/?token=${token}0")"
is "the state needs it: 403" 403 "$(status "$at/state")"
is "the events need it: 403" 403 "$(status "$at/events")"
for path in style.css uplot.css uplot.js state.js calendar.js grid.js feed.js plot.js board.js; do
	is "a part of the page, $path: 200" 200 "$(status "$at/$path")"
done
is "by the name localhost: 200" 200 "$(status "http://localhost:$port/?token=$token")"
for path in index.html board.c ../../etc/passwd %2e%2e/etc/passwd style.css/ favicon.ico page; do
	is "no path of its own, /$path: 404" 404 "$(status --path-as-is "$at/$path?token=$token")"
done
for host in example.org "example.org:$port" "127.0.0.1" "127.0.0.1:1" "localhost.example.org:$port" \
	"127.0.0.1:$port.example.org" "[::1]:$port" ""; do
	is "Host is '$host': 403" 403 "$(status -H "Host: $host" "$at/?token=$token")"
done
is "no Host, HTTP/1.0: 403" 403 "$(status -0 -H 'Host:' "$at/?token=$token")"
for path in "" style.css state events; do
	is "POST to /$path: 405" 405 "$(post "$at/$path?token=$token")"
done
like "405 says what is allowed" "Allow: GET, HEAD" "$(curl -sSi -X DELETE "$at/state?token=$token")"
is "HEAD of the page: 200" 200 "$(status -I "$at/?token=$token")"
is "POST to no path of its own: 404" 404 "$(post "$at/nothing?token=$token")"
is "it listens on 127.0.0.1 only" "127.0.0.1:$port" \
	"$(awk -v port="$(printf ':%04X' "$port")" '
		$4 == "0A" && index($2, port) { print $2 }' /proc/net/tcp /proc/net/tcp6 |
		sed "s/^0100007F:.*/127.0.0.1:$port/")"

# Who may change the phase

is "the phase before" spring "$(phase)"
is "GET of /phase: 405" 405 "$(status "$at/phase?token=$token")"
is "OPTIONS of /phase: 405" 405 "$(status -X OPTIONS "$at/phase?token=$token")"
is "no token: 403" 403 "$(post "$at/phase")"
is "another token: 403" 403 "$(post "$at/phase?token=$(echo "$token" | tr 0-9a-f 1-9a-f0)")"
is "another origin: 403" 403 "$(origin=http://example.org post "$at/phase?token=$token")"
is "another port's origin: 403" 403 "$(origin=http://127.0.0.1:1 post "$at/phase?token=$token")"
is "an origin of https: 403" 403 "$(origin=https://127.0.0.1:$port post "$at/phase?token=$token")"
is "no origin: 403" 403 "$(origin='' post "$at/phase?token=$token")"
is "the other own name's origin: 403" 403 "$(origin=http://localhost:$port post "$at/phase?token=$token")"
is "another Host, its own origin: 403" 403 \
	"$(origin=http://example.org post -H 'Host: example.org' "$at/phase?token=$token")"
is "two origins: 403" 403 "$(post -H "Origin: http://example.org" "$at/phase?token=$token")"
is "two Hosts: 400 or 403" 1 "$(printf 'GET /?token=%s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nHost: example.org\r\nConnection: close\r\n\r\n' \
	"$token" "$port" | curl -sS --max-time 60 "telnet://127.0.0.1:$port" | grep -cE '^HTTP/1.1 40[03] ')"
is "a form: 415" 415 "$(type=text/plain post "$at/phase?token=$token")"
for body in '' '{}' 'july' '{"phase":3}' '{"phase":"july","more":1}' '["july"]' '{"phase":"july"'; do
	is "a body of $body: 400" 400 "$(post "$at/phase?token=$token")"
done
unset body
head -c 2000 /dev/zero | tr '\0' ' ' >long
is "a long body: 413" 413 "$(body=@long post "$at/phase?token=$token")"
is "a long body in chunks: 413" 413 \
	"$(body=@long post -H 'Transfer-Encoding: chunked' "$at/phase?token=$token")"
is "an endless body ends" 0 \
	"$(head -c 10000000 /dev/zero | curl -sS --max-time 60 -o answer -X POST -T - -H "Origin: $at" \
		-H 'Content-Type: application/json' "$at/phase?token=$token" >/dev/null 2>&1
	[ $? -eq 28 ]; echo $((1 - $?)))"
is "an unknown phase: 422" 422 "$(body='{"phase":"juli"}' post "$at/phase?token=$token")"
like "an unknown phase: what was meant" 'did you mean "july"?' "$(cat answer)"
is "after all that the phase is the same" spring "$(phase)"
is "its own page's request: 204" 204 "$(post "$at/phase?token=$token")"
is "its own page's request: it is done" july "$(phase)"
like "its own page's request: it arrived" "replay: phase july" "$(cat said)"

# What it tells

curl -sS "$at/state?token=$token" >state
is "the state: the policy and its phases" "cn-2017 spring,july,august,disrupted,september,congress,winter,slowed,crackdown" \
	"$(jq -r '[.policy, ([.phases[].name] | join(","))] | join(" ")' state)"
is "the state: what the rules say before anything was tried" "reset" \
	"$(jq -r '. as $s | ($s.services | index("whatsapp-media")) as $w | ($s.probes | index("TLS")) as $t |
		$s.cells[] | select(.[0] == 1 and .[1] == $w and .[2] == $t) | $s.outcomes[.[5]]' state)"
curl -sSN "$at/events?token=$token" >events 2>/dev/null &
listener=$!
awaited grep -q '^$' events
is "events: first the whole screen" true "$(sed -n '1s/^data: //p' events | jq .all)"
kill "$listener"

# Nobody holds it up: readers that don't read, requests that don't end.

for i in $(seq 40); do
	curl -sSN --limit-rate 1 "$at/events?token=$token" >/dev/null 2>"slow$i" &
	slow="${slow:-} $!"
done
for i in $(seq 20); do
	{ printf 'POST /phase?token=%s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n' "$token" "$port"; sleep 20; } 2>/dev/null |
		curl -sS "telnet://127.0.0.1:$port" >/dev/null 2>&1 &
	slow="$slow $!"
done
# So many are connected.
connected()	# NUMBER
{
	[ "$(awk -v port="$(printf ':%04X' "$port")" '$4 == "01" && index($2, port)' /proc/net/tcp |
		wc -l)" -ge "$1" ]
}
answers()
{
	[ "$(status "$at/?token=$token")" = 200 ]
}
# Of the 40 that listen 24 may, the one of before among them if it has not been missed yet.
awaited connected 43
result $? "with many that listen, or say nothing"
curl -sSiN "$at/events?token=$token" >one-more 2>/dev/null &
listener=$!
awaited grep -qE '^HTTP/1.1 (200|503) ' one-more
result $? "one more is told to wait, or served"
# shellcheck disable=SC2086 # lists of numbers
kill $slow "$listener" 2>/dev/null
# shellcheck disable=SC2086
wait $slow "$listener" 2>/dev/null
awaited answers
result $? "afterwards it answers"
kill "$board"
wait "$board"
is "TERM ends it: exit 0" 0 $?

# Events are as the recording has them, none twice, however many pages listen. Of those that come at
# once the last 24 are told, the others counted.
all_events=$(grep -c '"event":' "$year")
messages()	# FILE
{
	awk '/^data: / { line = $0 } /^$/ && line { print substr(line, 7); line = "" }' "$1"
}
heard_all()
{
	for i in 1 2 3; do
		messages "heard$i" | jq -se "(map(.total) | max) >= $all_events" >/dev/null || return 1
	done
}
serve --replay "$year" --speed 30
listeners=
for i in 1 2 3; do
	curl -sSN "$at/events?token=$token" >"heard$i" 2>/dev/null &
	listeners="$listeners $!"
	sleep 0.4
done
awaited heard_all
for i in 1 2 3; do
	messages "heard$i" | jq -sr 'reduce .[] as $one ({ told: 0, wrong: 0 };
		(if $one.all then 0 else [.told, $one.total - 24] | max end) as $from |
		.wrong += (if [$one.events[].n] == [range($from; $one.total)] then 0 else 1 end) |
		.told = $one.total) | "\(.wrong) wrong, \(.told) told"'
done >counts
is "each event once, in order" "0 wrong, $all_events told" "$(sort -u counts)"
# shellcheck disable=SC2086
kill $listeners
kill "$board"

# Saved

serve --replay "$year" --speed 60 --for 2 --save report.html
wait "$board"
is "--for ends it: exit 0" 0 $?
is "saved: one file that names no other" "" "$(grep -oE '(src|href)="[^#][^"]*"' report.html | grep -v '"data:,"')"
like "saved: with the state in it" '<script type="application/json" id="saved">{"all":true' "$(grep -a 'id="saved"' report.html | cut -c 1-100)"
for signal in HUP TERM INT; do
	echo "of before" >ended.html
	serve --replay "$year" --speed 60 --save ended.html
	sleep 0.5
	is "until $signal: what was there stays" "of before" "$(cat ended.html)"
	kill -$signal "$board"
	wait "$board"
	is "$signal ends it: exit 0" 0 $?
	like "$signal: saved" '<script type="application/json" id="saved">{"all":true' \
		"$(grep -a 'id="saved"' ended.html | cut -c 1-100)"
done
nohup "$censorctl" board --replay "$year" >nohup.where 2>/dev/null &
board=$!
boards="$boards $board"
awaited begun nohup.where
kill -HUP "$board"
sleep 0.5
is "with nohup, HUP does not end it" "" "$(kill -0 "$board" 2>&1)"
kill "$board"
"$censorctl" board --save /dev/full --replay "$year" --for 1 >/dev/null 2>err
is "saved where there is no room: exit 1" 1 $?
like "saved where there is no room: why" "/dev/full: No space left" "$(cat err)"
"$censorctl" board --save /nowhere/report.html --replay "$year" --for 1 >/dev/null 2>err
is "saved where nothing can be: exit 1" 1 $?
like "saved where nothing can be: why" "/nowhere/report.html: No such file" "$(cat err)"

# Nor does the page take the place of a recording, however that is called.
cp "$year" recording.jsonl
ln recording.jsonl hard.jsonl
ln -s recording.jsonl soft.jsonl
for path in recording.jsonl ./recording.jsonl hard.jsonl soft.jsonl; do
	"$censorctl" board --replay recording.jsonl --save $path --for 0.1 >/dev/null 2>err
	is "saved over the recording that is replayed, $path: exit 1" 1 $?
	is "saved over the recording that is replayed, $path: why" \
		"censorctl board: $path: it is the recording that is replayed" \
		"$(cat err)"
done
# shellcheck disable=SC2094 # that is what is refused
"$censorctl" board --replay /dev/stdin --save recording.jsonl --for 0.1 <recording.jsonl >/dev/null 2>err
is "saved over the recording that is read from the standard input: exit 1" 1 $?
is "the recording is what it was" "" "$(cmp "$year" recording.jsonl 2>&1)"
"$censorctl" board --replay "$year" --record hard.jsonl --save recording.jsonl --for 0.1 >/dev/null 2>err
is "saved over the recording that would be written: exit 1" 1 $?
is "before anything is: it is what it was" "" "$(cmp "$year" recording.jsonl 2>&1)"
"$censorctl" board --replay "$year" --record new.jsonl --save ./new.jsonl --for 0.1 >/dev/null 2>err
is "saved over a recording that is new: exit 1" 1 $?
like "saved over a recording that is new: why" "./new.jsonl: it is the recording that is written" "$(cat err)"
"$censorctl" board --replay recording.jsonl --save beside.html --for 0.1 >/dev/null 2>err
is "saved beside it: exit 0" 0 $?
like "saved beside it: with the state in it" '{"all":true' "$(grep -a 'id="saved"' beside.html | cut -c 1-100)"

# A date that is cut off within a letter is no text; the page is there all the same.
printf '{"at":0,"policy":{"policy":"p","phases":[{"name":"a"}],"wall":"%s"}}\n' \
	"$(printf 'é%.0s' $(seq 40))" >date.jsonl
serve --replay date.jsonl --save date.html
is "a date that is none: the state" "p" "$(curl -sS "$at/state?token=$token" | jq -r .policy)"
kill "$board"
wait "$board"
is "a date that is none: saved" 0 $?
like "a date that is none: with the state in it" '{"all":true' \
	"$(grep -a 'id="saved"' date.html | cut -c 1-100)"
is "nothing is left of what was being saved" "" "$(find . -name '.censorctl*')"

# Wrong usage, bad recordings

for wrong in "--port 65536" "--port x" "--speed 0" "--speed -1" "--for 0" "--speed 2" "extra"; do
	# shellcheck disable=SC2086
	"$censorctl" board $wrong >/dev/null 2>err
	is "board $wrong: exit 2" 2 $?
done
bad()	# NAME PLACE LINE...
{
	name=$1
	place=$2
	shift 2
	printf '%s\n' "$@" >bad
	"$censorctl" board --replay bad --for 1 >/dev/null 2>err
	is "$name: exit 1" 1 $?
	like "$name: where" "$place" "$(cat err)"
}
bad "a recording that is no JSON" "bad:2:" '{"at":0,"lost":0}' '{"at":'
like "a recording that is no JSON: what is one" "no JSON, as --record writes it: " "$(cat err)"
bad "a line without a time" "bad:1:" '{"lost":0}'
bad "a time before the last" "bad:2:" '{"at":1,"lost":0}' '{"at":0.5,"lost":0}'
bad "a line of no kind" "bad:1:" '{"at":0,"what":1}'
bad "a phase that there isn't" "bad:2:" '{"at":0,"policy":{"policy":"p","phases":[{"name":"a"}]}}' '{"at":0,"phase":{"phase":"b"}}'
bad "an empty recording" "bad: an empty recording" ""
serve --replay "$year" --speed 0.01
"$censorctl" board --port "$port" --replay "$year" --for 1 >/dev/null 2>err
is "a port that is taken: exit 1" 1 $?
like "a port that is taken: which" "127.0.0.1:$port" "$(cat err)"
kill "$board"

# Port 80 is what browsers leave out. A network of the test's own has it to give.
if [ "$(id -u)" -eq 0 ] && unshare -n true 2>/dev/null; then
	unshare -n sh -c '
		ip link set lo up
		# What the last one said is there until this one begins.
		: >where
		"$1" board -j --port 80 --replay "$2" --speed 0.01 >where 2>said &
		for _ in $(seq 600); do
			[ -s where ] && break
			sleep 0.1
		done
		token=$(jq -r .token where)
		ask()
		{
			curl -sS -o /dev/null -w "%{http_code} $*\n" --max-time 60 -H "Host: $1" \
				"http://127.0.0.1/?token=$token"
		}
		ask 127.0.0.1
		ask localhost
		ask 127.0.0.1:80
		ask example.org
		ask 127.0.0.1:8080
		ask ""
		curl -sS -o /dev/null -w "%{http_code} POST\n" --max-time 10 -H "Origin: http://127.0.0.1" \
			-H "Content-Type: application/json" -d "{\"phase\":\"july\"}" \
			"http://127.0.0.1/phase?token=$token"
		kill $!
	' sh "$censorctl" "$year" >hosts 2>&1
	is "on port 80 Host and Origin have no port, others are no better" "200 127.0.0.1
200 localhost
200 127.0.0.1:80
403 example.org
403 127.0.0.1:8080
403 
204 POST" "$(cat hosts)"
else
	skip "on port 80" "it takes root"
fi

# What is recorded is the same again.
"$censorctl" board --replay "$year" --speed 100 --record again.jsonl --for 1.5 >/dev/null 2>&1
is "--record writes what --replay reads" "$(grep -v '^#' "$year" | jq -Sc .)" "$(jq -Sc . again.jsonl)"

# The page

if ! browser_here; then
	if [ -n "${CI:-}" ]; then
		result 1 "there is a Chromium: selftests/deps screen"
	else
		skip "the page in Chromium" "no chromium and chromedriver: selftests/deps screen"
	fi
	done_testing
fi

browser_start
result $? "Chromium starts"
# Each word of a hostile name would run if it were taken for HTML.
{
	grep '"policy":{' "$year" | head -n 1
	jq -nc '{ at: 0.2, event: { time: "2017-09-25T00:00:00.000000000Z", packet: 1, rule: "<b id=evil>",
		flow: { proto: "tcp", saddr: "192.0.2.1", sport: 1, daddr: "192.0.2.2", dport: 2 },
		field: "tls.sni", value: "<img src=x onerror=\"window.evil=1\">", action: "drop",
		set: "</script><script>window.evil=1</script>", phase: "spring",
		excerpt: { at: 0, text: "<img src=x onerror=\"window.evil=1\">", found: [0, 5] } } }'
} >hostile.jsonl
serve --replay hostile.jsonl --save hostile.html
browser_open "$at/?token=$token"
browser_until 60 'return document.querySelectorAll("#events li").length === 1'
result $? "hostile names: shown"
is "hostile names: as text" '[false,null,"<img src=x onerror=\"window.evil=1\">"]' \
	"$(browser_run 'return [!!window.evil, document.getElementById("evil"),
		document.querySelector(".bytes").textContent]')"
leave
is "INT ends it: exit 0" 0 $?
browser_open "file://$tmp/hostile.html"
is "hostile names: in the saved page, too" '[false,1]' \
	"$(browser_run 'return [!!window.evil, document.querySelectorAll("#events li").length]')"

serve --replay "$year" --speed 2
for size in "1280 720" "1920 1080"; do
	# shellcheck disable=SC2086
	browser_size $size
	browser_open "$at/?token=$token"
	browser_until 60 'return document.querySelectorAll("#events li").length > 3'
	result $? "$size: the page shows events"
	is "$size: nothing sticks out of the window" '[true,true]' \
		"$(browser_run 'const page = document.documentElement;
			return [page.scrollWidth <= innerWidth, page.scrollHeight <= innerHeight]')"
	is "$size: no word in the grid is cut off" 0 "$(browser_run '
		return [...document.querySelectorAll("td .tile span")].filter((one) =>
			one.getBoundingClientRect().right > one.closest("td").getBoundingClientRect().right + 1).length')"
done
leave
# Slowly, so that there is more to come when the page is there.
serve --replay "$year" --speed 0.5
browser_open "$at/?token=$token"
browser_until 60 'return state.all !== null'
first=$(browser_run 'return state.all.total')
browser_until 60 "return state.all.total > $first"
result $? "live: more events come by themselves"
is "live: a slider for all phases" '["0","8"]' \
	"$(browser_run 'const s = document.getElementById("slider"); return [s.min, s.max]')"
browser_until 60 'return document.querySelector("#plot canvas") !== null && plot.shown.length > 0'
result $? "live: throughput is drawn"
is "the grid: outcome by class and by word, both" true "$(browser_run '
	return [...document.querySelectorAll("td .tile:not(.said):not(.lifted)")].every((tile) =>
		tile.classList.contains(tile.querySelector("span").textContent))')"
leave

# By keyboard, then by hand. The recording stands nearly still.
serve --replay "$year" --speed 0.01
browser_open "$at/?token=$token"
browser_until 60 'return state.all !== null'
browser_run 'document.getElementById("slider").focus(); return 1' >/dev/null
browser_keys ArrowRight ArrowRight
browser_until 60 'return state.all.phase === 2'
result $? "keyboard: two to the right, the phase follows"
like "keyboard: the request arrived" "replay: phase august" "$(cat said)"
is "keyboard: the title is the phase's" '"WhatsApp is let go"' \
	"$(browser_run 'return document.getElementById("title").textContent')"
is "keyboard: for those who hear the page" '"1 August 2017 – 20 September 2017: WhatsApp is let go"' \
	"$(browser_run 'return document.getElementById("slider").getAttribute("aria-valuetext")')"
like "keyboard: what was lifted is said" lifted \
	"$(browser_run 'return document.getElementById("services").textContent')"
is "moved, and a message of before comes: the slider stays where it was let go" '"3"' \
	"$(browser_run 'const slider = document.getElementById("slider"); slider.value = 3;
		slider.dispatchEvent(new Event("change")); board_draw([]); return slider.value')"
browser_until 60 'return state.all.phase === 3'
browser_keys Home
browser_until 60 'return state.all.phase === 0'
result $? "keyboard: Home"
place='const middle = (n) => { const box = document.getElementById("phases").children[n].getBoundingClientRect();
	return (box.left + box.right) / 2; };
	const box = document.getElementById("slider").getBoundingClientRect(); const y = (box.top + box.bottom) / 2;'
drag=$(browser_run "$place return [middle(0), y, middle(4), y]")
# shellcheck disable=SC2046
browser_drag $(echo "$drag" | jq -r '.[]')
browser_until 60 'return state.all.phase === 4'
result $? "dragged above the middle of 25 September: the phase follows"
like "dragged: the request arrived" "replay: phase september" "$(cat said)"
is "dragged: one request, where it was let go" 1 "$(sed '1,/phase spring/d' said | grep -c 'replay: phase')"
browser_run 'document.getElementById("phases").children[7].click(); return 1' >/dev/null
browser_until 60 'return state.all.phase === 7'
result $? "a click on a phase that has no date"
is "nothing was asked of elsewhere, nothing went wrong" "" "$(browser_log)"
is "all that was loaded is the server's" "$at" \
	"$(browser_run 'return performance.getEntriesByType("resource").map((one) => one.name)' |
		jq -r '.[]' | cut -d / -f 1-3 | sort -u)"
kill "$board"
wait "$board"
browser_until 60 'return document.getElementById("live").classList.contains("off")'
result $? "the server gone: the page says so"
browser_log >/dev/null

browser_open "file://$tmp/report.html"
browser_until 60 'return state.all !== null'
result $? "saved: it shows by itself"
is "saved: the last phase" '"Tunnels are found by their protocols"' \
	"$(browser_run 'return document.getElementById("title").textContent')"
browser_run 'document.getElementById("slider").focus(); return 1' >/dev/null
browser_keys Home ArrowRight
is "saved: the slider moves through the recording" '["WhatsApp: photos and calls fail, text passes",true]' \
	"$(browser_run 'return [document.getElementById("title").textContent,
		[...document.querySelectorAll("#events b")].some((one) => one.textContent === "whatsapp-media")]')"
is "saved: nothing was asked of elsewhere, nothing went wrong" "" "$(browser_log)"

done_testing
