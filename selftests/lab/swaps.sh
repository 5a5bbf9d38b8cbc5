#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# Policies that disagree on everything take turns under traffic, and each packet is judged by one of
# them: what the one drops the other marks, and the counters add up. Two who load at once, one who
# reads all the while, and one who listens and never reads.
#
# SWAPS: how many (1000)

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"
# shellcheck source=flood.lib
. "$(dirname "$0")/flood.lib"

swaps=${SWAPS:-1000}

# They differ in all that a flow could remember of one and take for the other's: the number of rules,
# sets and names, the sides, the model of TCP, the seed.
policies()
{
	cat >"$lab_folder/odd.policy" <<-END
	censor odd {
		inside 192.0.2.0/24
		seed 1
		names first { one.example }
		names second { two.example }
		rule odd-drops { dns.qname in first } drop
		rule odd-marks { dns.qname in second } mark 0xa/0xff
	}
	END
	{
		printf 'censor even {\n\tinside 203.0.113.0/24\n\tseed 2\n\ttcp china-2017\n'
		for number in $(seq 40); do
			printf '\tnames set%d { name%d.example }\n' "$number" "$number"
			printf '\trule rule%d { dns.qname in set%d } log\n' "$number" "$number"
		done
		cat <<-END
			names second { one.example }
			names first { two.example }
			rule even-marks { dns.qname in second } mark 0xb/0xff
			rule even-drops { dns.qname in first } drop
		}
		END
	} >"$lab_folder/even.policy"
}

# One question of either kind in each datagram: to .1 and .2 each from another client, to .3 and .4
# over and over from the same.
traffic()
{
	flood_script new <<-'END'
	flow one udp 192.0.2.10:40000 203.0.113.1:53
	flow two udp 192.0.2.10:40000 203.0.113.2:53
	one > dns one.example a
	two > dns two.example a
	END
	for client in $(seq 16); do
		echo "flow one$client udp 192.0.2.10:$((41000 + client)) 203.0.113.3:53"
		echo "flow two$client udp 192.0.2.10:$((42000 + client)) 203.0.113.4:53"
		echo "one$client > dns one.example a"
		echo "two$client > dns two.example a"
	done | flood_script old
	# Before the hook and behind it: by kind, and by whose mark it has.
	{
		echo 'table ip swaps {'
		for kind in 1 2 3 4; do
			for what in seen odd even none; do
				echo "	counter $what$kind { }"
			done
		done
		echo '	chain before {'
		echo '		type filter hook forward priority filter - 10'
		for kind in 1 2 3 4; do
			echo "		ip daddr 203.0.113.$kind counter name seen$kind"
		done
		echo '	}'
		echo '	chain behind {'
		echo '		type filter hook forward priority filter + 10'
		for kind in 1 2 3 4; do
			echo "		ip daddr 203.0.113.$kind meta mark 0xa counter name odd$kind"
			echo "		ip daddr 203.0.113.$kind meta mark 0xb counter name even$kind"
			echo "		ip daddr 203.0.113.$kind meta mark 0 counter name none$kind"
		done
		echo '	}'
		echo '}'
	} | censor nft -f -
}

count()	# COUNTER...
{
	for count_name in "$@"; do
		jq -r ".nftables[].counter | select(.name == \"$count_name\") | .packets // 0" \
			"$lab_folder/counters"
	done | awk '{ sum += $1 } END { print sum + 0 }'
}

counters()
{
	censor nft -j list counters | jq -c '.nftables |= [.[] | select(.counter)]' \
		>"$lab_folder/counters"
}

# The policy with the other name is in force from now on; while $swapping is there.
load()	# NAME
{
	censorctl load -n "$lab_censor" "$lab_folder/$1.policy" >"$lab_folder/load.log" 2>&1 || {
		ktap_print_msg "load $1: $(cat "$lab_folder/load.log")"
		failed=$((failed + 1))
	}
}

lab_require nft jq strace
ktap_print_header
[ -x "$censor_top/build/flood" ] || ktap_skip_all "no build/flood: make mkcap builds it"
ktap_set_plan 32
lab_up
censor_module max_flows=262144
flood_up
policies
traffic
failed=0
load odd

# Swaps under traffic.
before_matched=$(censor_stat matched)
before_dropped=$(censor_stat dropped)
flood_start new --sources 1 --rate 200
new=$flood_process
flood_start old --rate 200
old=$flood_process
begun=$(date +%s)
for number in $(seq "$swaps"); do
	if [ $((number % 2)) -eq 1 ]; then load even; else load odd; fi
done
ktap_print_msg "$swaps swaps in $(($(date +%s) - begun)) s"
flood_stop "$new"
flood_stop "$old"
counters
matched=$(($(censor_stat matched) - before_matched))
dropped=$(($(censor_stat dropped) - before_dropped))
seen=$(count seen1 seen2 seen3 seen4)
passed=$(count odd1 odd2 odd3 odd4 even1 even2 even3 even4 none1 none2 none3 none4)
ktap_print_msg "$seen packets ($(count seen1 seen2) of new flows), $passed passed," \
	"$dropped were dropped, $matched matched; $(censor_stat flows) flows"
ktap_test_match "$swaps policies were loaded" 0 "$failed"
ktap_test_result "there was traffic all the while" [ "$seen" -gt $((swaps * 20)) ]
ktap_test_match "no flow found no room" 0 "$(censor_stat flows_full)"
ktap_test_match "none passed without a mark" 0 "$(count none1 none2 none3 none4)"
ktap_test_match "none has the mark of the policy that drops it" 0 \
	"$(count odd1 odd3 even2 even4)"
ktap_test_result "both policies had their turns with new flows" \
	[ "$(count even1)" -gt 0 -a "$(count odd2)" -gt 0 ]
ktap_test_result "and with those that were there" [ "$(count even3)" -gt 0 -a "$(count odd4)" -gt 0 ]
ktap_test_match "what did not pass was dropped, and counted" $((seen - passed)) "$dropped"
# A question is judged by itself, in a flow that was there as in a new one.
ktap_test_match "each matched one rule" "$seen" "$matched"

# With a listener: what it is told of is what became of each packet.
censor_flush
load odd
censor nft reset counters >/dev/null
before_dropped=$(censor_stat dropped)
censor_events "$lab_folder/events"
flood_start new --sources 2 --rate 200
for number in $(seq 20); do
	if [ $((number % 2)) -eq 1 ]; then load even; else load odd; fi
done
flood_stop "$flood_process"
counters
censor_events_stop
told()	# RULE
{
	jq -r "select(.rule == \"$1\") | .rule" "$lab_folder/events" | wc -l
}
dropped=$(($(censor_stat dropped) - before_dropped))
ktap_test_match "no event was lost" 0 "$(jq -s 'map(.lost // 0) | max // 0' "$lab_folder/events")"
ktap_test_match "each that the one policy marked it told of" "$(count odd2)" "$(told odd-marks)"
ktap_test_match "each that the other did, too" "$(count even1)" "$(told even-marks)"
ktap_test_match "and each that was dropped" "$dropped" $(($(told odd-drops) + $(told even-drops)))
ktap_test_match "that is all" "$(count seen1 seen2)" "$(grep -c '"rule"' "$lab_folder/events")"

# Two who load at once, and one who reads: every load takes force, or says why not; what is read is
# the one policy or the other.
for name in odd even; do
	load $name
	censorctl list -n "$lab_censor" >"$lab_folder/$name.listed"
done
loads()	# NAME
{
	done=0
	for number in $(seq 40); do
		"$censor_top/build/censorctl" load -n "$lab_censor" "$lab_folder/$1.policy" \
			>>"$lab_folder/loads.$1" 2>&1 && done=$((done + 1))
	done
	echo $done >"$lab_folder/done.$1"
}
# The rules of all flows in a dump; how many dumps had one is in $ruled.
of_one_policy()	# FILE
{
	jq -r '.rule // empty | if startswith("odd") then "odd" else "even" end' "$1" \
		>"$lab_folder/rules" || return 1
	[ ! -s "$lab_folder/rules" ] || ruled=$((ruled + 1))
	[ "$(sort -u "$lab_folder/rules" | wc -l)" -le 1 ]
}
generation=$(censor_stat generation)
flood_start old --rate 200
loads odd &
first=$!
loads even &
second=$!
reads=0
torn=0
turns=0
ruled=0
overtaken=0
while [ ! -e "$lab_folder/done.odd" ] || [ ! -e "$lab_folder/done.even" ]; do
	# A dump that was overtaken says so.
	if censorctl list -n "$lab_censor" >"$lab_folder/read" 2>"$lab_folder/read.log"; then
		reads=$((reads + 1))
		cmp -s "$lab_folder/read" "$lab_folder/odd.listed" ||
			cmp -s "$lab_folder/read" "$lab_folder/even.listed" ||
			torn=$((torn + 1))
	fi
	censorctl counters -n "$lab_censor" -j >"$lab_folder/read" 2>"$lab_folder/read.log" ||
		grep -q 'replaced again' "$lab_folder/read.log" ||
		torn=$((torn + 1))
	turns=$((turns + 1))
	[ $((turns % 3)) -eq 1 ] || continue
	for verb in flows residuals; do
		if censorctl $verb -n "$lab_censor" -j >"$lab_folder/read" 2>"$lab_folder/read.log"; then
			of_one_policy "$lab_folder/read" || torn=$((torn + 1))
		else
			overtaken=$((overtaken + 1))
			tail -n 1 "$lab_folder/read" | grep -q 'times in a row' ||
				torn=$((torn + 1))
		fi
	done
done
wait $first $second
flood_stop "$flood_process"
loaded=$(($(cat "$lab_folder/done.odd") + $(cat "$lab_folder/done.even")))
ktap_print_msg "$loaded of 80 loads, $reads reads; of flows and blocks $ruled with a rule, $overtaken overtaken; refused: $(cat "$lab_folder"/loads.* |
	grep -v 'in force (gen' | sort | uniq -c | head -n 5)"
ktap_test_match "as many policies took force as loads say so" $((generation + loaded)) \
	"$(censor_stat generation)"
ktap_test_result "one of two who load at once is not kept from it for good" [ "$loaded" -ge 40 ]
ktap_test_match "what was read was whole, always" 0 "$torn"
ktap_test_result "it was read meanwhile" [ "$reads" -ge 5 ]
ktap_test_result "and so were flows with rules, or blocks" [ "$ruled" -gt 0 ]
ktap_test_result "what is in force now is whole" sh -c "
	'$censor_top/build/censorctl' list -n '$lab_censor' >'$lab_folder/read' &&
	{ cmp '$lab_folder/read' '$lab_folder/odd.listed' ||
	  cmp '$lab_folder/read' '$lab_folder/even.listed'; }"

# Who reads so slowly that he is overtaken each time shows what he has, says so, and ends with 1.
while [ ! -e "$lab_folder/enough" ]; do
	"$censor_top/build/censorctl" load -n "$lab_censor" "$lab_folder/odd.policy" >/dev/null 2>&1
done &
loader=$!
for option in -j --; do
	# More than are told at once.
	flood_run new --sources 6 --times 1000 >/dev/null
	censor strace -qq -o /dev/null -e trace=recvmsg -e inject=recvmsg:delay_enter=300000 \
		"$censor_top/build/censorctl" flows $option >"$lab_folder/read" 2>"$lab_folder/read.log"
	echo "exit $? $(jq -r 'select(.ok == false) | .error' "$lab_folder/read" 2>/dev/null)" \
		"$(grep -c '"flow"\|^udp' "$lab_folder/read") $(cat "$lab_folder/read.log")"
done >"$lab_folder/overtaken"
: >"$lab_folder/enough"
wait $loader
ktap_test_match "JSON of who is overtaken" \
	"exit 1 they changed while they were read, 10 times in a row* twice [1-9]*" \
	"$(head -n 1 "$lab_folder/overtaken")"
ktap_test_match "and what people see" "exit 1 * [1-9]* censorctl flows: they changed while*" \
	"$(tail -n 1 "$lab_folder/overtaken")"

# Flows come and go, and the table grows and shrinks, while it is read. Those that have packets all
# the while are there each time, and once, or it is said that they may not be.
cat >"$lab_folder/steady.policy" <<-END
	censor steady {
		clock 10x
		detect {
			udp-timeout 50s
		}
		rule all { port.dst in 53 } log
	}
END
censor_flush
load steady
flood_start old --rate 200
old=$flood_process
flood_start new --sources 5 --rate 100
new=$flood_process
sleep 6
steady()
{
	jq -r '.flow | select(.daddr == "203.0.113.3" or .daddr == "203.0.113.4") |
		"\(.saddr) \(.sport) \(.daddr)"' "$lab_folder/read" | sort | uniq -c |
		awk '{ sum += $1; more += $1 > 1 } END { print sum + 0, NR, more + 0 }'
}
# Keep a reader waiting who has begun.
tarry()	# SECONDS
{
	[ "$1" -gt 0 ] || return 0
	lab_wait 10 grep -q begun "$lab_folder/read"
	sleep "$1"
}
whole=0
overtaken=0
wrong=0
interrupted=0
for number in $(seq 10); do
	if censorctl flows -n "$lab_censor" -j >"$lab_folder/read" 2>"$lab_folder/read.log"; then
		whole=$((whole + 1))
		[ "$(steady)" = "32 32 0" ] || {
			ktap_print_msg "$(wc -l <"$lab_folder/read") flows, steady: $(steady)"
			wrong=$((wrong + 1))
		}
	else
		overtaken=$((overtaken + 1))
	fi
	# By itself, and not again and again until it is whole; every other time slowly.
	: >"$lab_folder/read"
	tarry $((number % 2)) | censor "$lab_source/switch" -d FLOW_GET >>"$lab_folder/read" 2>&1
	case $(tail -n 1 "$lab_folder/read") in
	*interrupted)	interrupted=$((interrupted + 1)) ;;
	*)	awk 'END { exit !($1 > 32 && $1 == $3) }' "$lab_folder/read" || wrong=$((wrong + 1)) ;;
	esac
done
flood_stop "$old"
flood_stop "$new"
ktap_print_msg "$whole whole, $overtaken not, after ten tries; $interrupted of 10 single ones;" \
	"$(censor_stat flows) flows, last: $(tail -n 1 "$lab_folder/read")"
ktap_test_match "in all that were whole was each steady flow once" 0 "$wrong"
ktap_test_result "some were whole" [ "$whole" -gt 0 ]
ktap_test_result "and those interrupted that took long, and said so" [ "$interrupted" -ge 5 ]

# Who listens and never reads keeps nobody waiting: what it misses is counted, and it is told.
load odd
censor_events "$lab_folder/events"
kill -STOP "$censor_monitor"
before=$(censor_stat events)
lost_before=$(censor_stat events_lost)
matched=$(censor_stat matched)
sent=$(flood_run new --sources 3 --times 20000)
ktap_test_match "every packet is judged" $((sent + matched)) "$(censor_stat matched)"
lost=$(($(censor_stat events_lost) - lost_before))
ktap_print_msg "$sent packets, $lost events lost"
ktap_test_result "events that find no room are counted" [ "$lost" -gt 0 ]
ktap_test_result "a policy is loaded all the same" load even
kill -CONT "$censor_monitor"
# The next event that finds room tells how many were lost before it; there is room again when all that
# waited has been read.
told_of_loss()
{
	flood_run new --sources 4 --times 1 >/dev/null
	grep -q '"lost": *[1-9]' "$lab_folder/events"
}
# So many were read, or told of as lost.
accounted()
{
	awk -F '[:}]' '/"rule"/ { read++ } /"lost"/ { lost += $2 }
		END { printf "%d read, %d lost\n", read, lost }' "$lab_folder/events"
}
all_accounted()
{
	[ "$(accounted)" = "$(($(censor_stat events) - before - lost)) read, $lost lost" ]
}
ktap_test_result "and told, when it reads again" lab_wait 60 told_of_loss
lost=$(($(censor_stat events_lost) - lost_before))
lab_wait 10 all_accounted
ktap_test_match "as many as were: each event was read or is one of them" \
	"$(($(censor_stat events) - before - lost)) read, $lost lost" "$(accounted)"
flood_stop "$censor_monitor"
ktap_print_msg "$before events before, $(censor_stat events) now; $(grep -c '"rule"' "$lab_folder/events") read"
censor_flush
ktap_test_result "unloaded" rmmod nf_censor
censor_clean
ktap_finished
