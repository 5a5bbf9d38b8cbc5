#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# The two hosts agree: what the kernel told of the lab's traffic is what censorctl explain says of
# a capture of it.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

# What both must say of an event: all but the time, the namespace and the numbers of the source.
essence()
{
	grep '"field"' "$1" | sed 's/"time":"[^"]*",*//; s/"netns":[0-9]*,*//; s/,*"seq":[0-9]*//
		s/"frame":[0-9]*,*//' | sort
}

fetch()
{
	client curl -s -o /dev/null --max-time 5 "$@"
}

same()
{
	essence "$lab_folder/events" >"$lab_folder/kernel"
	essence "$lab_folder/explained" >"$lab_folder/offline"
	[ -s "$lab_folder/kernel" ] && diff "$lab_folder/kernel" "$lab_folder/offline"
}

lab_require curl dig tcpdump
ktap_print_header
ktap_set_plan 4
lab_up
censor_module ""
farm_up
censor_load "$censor_policy"
censor_events "$lab_folder/events"

# What comes into the router from either side, as the censor meets it; not what it sends.
censor tcpdump -n -U -B 8192 -Z root --immediate-mode -i any -Q in -w "$lab_folder/seen.pcap" \
	2>"$lab_folder/tcpdump.log" &
tcpdump=$!
lab_wait 10 grep -q 'listening on' "$lab_folder/tcpdump.log" || lab_fail "tcpdump does not record"

for name in www.facebook.com weixin.qq.com example.com www.google.com; do
	client dig +short +time=2 +tries=1 @198.51.100.53 $name A >/dev/null
	client dig +short +time=2 +tries=1 @2001:db8:2::53 $name AAAA >/dev/null
done
for number in 1 2 3; do
	case $number in
	1)	name=www.instagram.com ;;
	2)	name=www.baidu.com ;;
	*)	name=example.org ;;
	esac
	fetch --resolve "$name:80:$(farm4 $number)" "http://$name/"
	fetch --resolve "$name:443:[$(farm6 $number)]" "https://$name/"
	fetch --resolve "$name:443:$(farm4 $number)" "https://$name/"
done
# Residual blocking, a word, an address.
fetch --resolve "example.com:80:$(farm4 1)" http://example.com/
fetch --resolve "example.com:80:$(farm4 9)" "http://example.com/search?q=Falun"
fetch --connect-timeout 1 https://198.51.100.25:993/

censor_events_stop
kill -TERM $tcpdump
wait $tcpdump
censorctl explain -j "$censor_policy" "$lab_folder/seen.pcap" >"$lab_folder/explained" \
	2>"$lab_folder/explain.log"
ktap_test_match "explain read the capture" 0 $?
ktap_test_result "the kernel and explain tell the same events" same
ktap_print_msg "$(wc -l <"$lab_folder/kernel") events"
ktap_test_result "a residual block among them" grep -q '"residual":true' "$lab_folder/kernel"
ktap_test_result "a dropped address among them" grep -q '"rule":"gmail-ip"' "$lab_folder/kernel"
ktap_finished
