#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# The module beside nftables, iptables, NAT and conntrack; unloaded under traffic; hostile packets.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

page()	# NAME ADDRESS
{
	client curl -sS --max-time 6 --resolve "$1:80:$2" "http://$1/" 2>&1
}

counted()
{
	censor nft list counters | grep -q 'packets [1-9]'
}

iptables_counted()
{
	censor iptables -nvxL FORWARD | awk '/dpt:80 *$/ { n = $1 } END { exit !(n > 0) }'
}

lab_require curl dig nft iptables bash
ktap_print_header
ktap_set_plan 9
lab_up
censor_module ""
farm_up
censor_load "$censor_policy"
censor nft -f - <<-'END'
	table inet beside {
		counter seen { }
		chain forward {
			type filter hook forward priority filter
			tcp dport 80 counter name seen
			ct state new counter
		}
		chain postrouting {
			type nat hook postrouting priority srcnat
			oifname "outside" ip saddr 192.0.2.0/24 masquerade
		}
	}
END
censor iptables -A FORWARD -p tcp --dport 80
censor iptables -A FORWARD -p tcp --dport 8080 -j REJECT

ktap_test_match "an allowed page through NAT" "*page of example.com*" "$(page example.com "$(farm4 1)")"
ktap_test_match "a blocked one is reset through NAT" "*reset by peer*" \
	"$(page www.facebook.com "$(farm4 2)")"
ktap_test_result "nftables counts" counted
ktap_test_result "iptables counts" iptables_counted
ktap_test_match "iptables rejects" "*connect*" "$(client curl -sS --max-time 4 "http://$(farm4 3):8080/" 2>&1)"

# Hostile and malformed datagrams: they pass, are counted, and nothing breaks.
before=$(censor_stat malformed)
for bytes in '\0\1\1\0\0\1\0\0\0\0\0\0\300\014\0\1\0\1' '\0\1\1\0\0\1\0\0\0\0\0\0\077a' '\0' \
	     '\0\1\1\0\0\1\0\0\0\0\0\0\377\377\377\377' '\0\1\1\0\377\377\377\377\377\377\377\377'; do
	client bash -c "printf '$bytes' >/dev/udp/198.51.100.53/53"
done
after=$(censor_stat malformed)
ktap_print_msg "malformed before $before, after $after"
ktap_test_result "malformed questions are counted" [ "$after" -gt "$before" ]
ktap_test_match "and the resolver still answers" 198.51.100.80 \
	"$(client dig +short +time=2 +tries=1 @198.51.100.53 example.com A)"

# Unloaded under traffic, three times.
client ping -q -i 0.02 -w 30 198.51.100.80 >/dev/null &
pinger=$!
unloaded=0
for _ in 1 2 3; do
	page www.facebook.com "$(farm4 4)" >/dev/null &
	rmmod nf_censor && unloaded=$((unloaded + 1))
	wait $!
	censor_module ""
	censor_load "$censor_policy"
done
kill $pinger 2>/dev/null
wait $pinger 2>/dev/null
ktap_test_match "unloaded under traffic" 3 "$unloaded"
ktap_test_match "and in force again" "*reset by peer*" "$(page www.facebook.com "$(farm4 5)")"
ktap_finished
