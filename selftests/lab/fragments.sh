#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# Fragments as the policy's ip block says: ignored, put together, or held until the last and sent on
# together; too many of one datagram; the TTL that they leave with. Each over IPv4 and IPv6.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

bad=blocked.example
good=allowed.example

policy()	# KNOB...
{
	{
		printf 'censor fragments {\n\tinside 192.0.2.0/24, 2001:db8:1::/48\n\tip {\n'
		printf '\t\t%s\n' "$@"
		printf '\t}\n\tnames bad { %s }\n\trule bad { dns.qname in bad } drop\n}\n' $bad
	} >"$lab_folder/policy"
	censor_load "$lab_folder/policy"
}

# Ask in fragments, over IPv4 or IPv6.
ask4()	# NAME PART...
{
	client "$lab_source/peer" fragments 192.0.2.10 198.51.100.53 "$@"
}

ask6()	# NAME PART...
{
	client "$lab_source/peer" fragments 2001:db8:1::10 2001:db8:2::53 "$@"
}

# The TTLs of the fragments in a recording, in their order.
ttls4()	# FILE
{
	tcpdump -n -v -r "$1" 'ip[6:2] & 0x3fff != 0' 2>/dev/null |
		sed -n 's/.* ttl \([0-9]*\),.*/\1/p' | xargs
}

ttls6()	# FILE
{
	tcpdump -n -v -r "$1" 'ip6[6] == 44' 2>/dev/null |
		sed -n 's/.*hlim \([0-9]*\),.*/\1/p' | xargs
}

count()	# NAME
{
	censor_stat "$1"
}

lab_require dig tcpdump perl
ktap_print_header
ktap_set_plan 29
lab_up
censor_module ""

# What first goes to a neighbour that is not known yet is late.
for resolver in 198.51.100.53 2001:db8:2::53; do
	lab_wait 10 client ping -c 1 -W 1 $resolver || lab_fail "no way to the resolver"
done

# The datagram is 8 + 12 + 17 + 4 = 41 bytes: the name is in 20 to 37.
two="64:0-24 64:24-end"
swapped="64:24-end 64:0-24"
five="64:0-8 64:8-16 64:16-24 64:24-32 64:32-end"

# shellcheck disable=SC2086 # lists of parts
for family in 4 6; do
	ask=ask$family
	censor_flush
	ktap_test_match "IPv$family: no policy: a question in fragments is answered" answered \
		"$($ask $bad $two)"

	policy "fragments ignore"
	ktap_test_match "IPv$family: ignored: answered" answered "$($ask $bad $two)"

	policy "fragments reassemble"
	ktap_test_match "IPv$family: put together: the last is dropped" silent "$($ask $bad $two)"
	ktap_test_match "IPv$family: whatever the order" silent "$($ask $bad $swapped)"
	ktap_test_match "IPv$family: and another name is answered" answered "$($ask $good $two)"

	policy "fragments hold" "ttl first"
	lab_capture "$lab_outside" eth0 "$lab_folder/held-$family.pcap"
	ktap_test_match "IPv$family: held: dropped" silent "$($ask $bad $two)"
	ktap_test_match "IPv$family: held: another name is answered" answered \
		"$($ask $good 33:0-24 44:24-32 55:32-end)"
	lab_capture_stop
	ktap_test_match "IPv$family: all leave with the TTL of the first, and none of the other" \
		"32 32 32" "$(ttls$family "$lab_folder/held-$family.pcap")"

	policy "fragments hold" "ttl own"
	lab_capture "$lab_outside" eth0 "$lab_folder/own-$family.pcap"
	$ask $good 33:0-24 44:24-32 55:32-end >/dev/null
	lab_capture_stop
	ktap_test_match "IPv$family: or each with its own" "32 43 54" \
		"$(ttls$family "$lab_folder/own-$family.pcap")"

	policy "fragments hold" "queue 4" "full drop"
	before=$(count frags_lost)
	ktap_test_match "IPv$family: one too many: all are dropped" silent "$($ask $good $five)"
	ktap_test_result "IPv$family: and counted" [ $(($(count frags_lost) - before)) -eq 5 ]
	policy "fragments hold" "queue 4" "full pass"
	ktap_test_match "IPv$family: or pass unjudged" answered "$($ask $bad $five)"
	policy "fragments hold" "queue 5"
	ktap_test_match "IPv$family: as many as there may be are judged" silent "$($ask $bad $five)"
done

# An incomplete datagram is dropped when its time is up; the policy's clock runs ten times as fast.
policy "fragments hold" "timeout 10s"
sed -i 's/^censor fragments {/&\n\tclock 10x/' "$lab_folder/policy"
censor_load "$lab_folder/policy"
before=$(count frags_lost)
ask4 $good 64:0-24 >/dev/null
lost()
{
	[ $(($(count frags_lost) - before)) -eq 1 ]
}
ktap_test_result "what is incomplete too long is dropped" lab_wait 5 lost

# One that is held when the module goes.
ask4 $good 64:0-24 >/dev/null &
sleep 1
censor_clean
ktap_test_result "unloaded" rmmod nf_censor
wait
ktap_finished
