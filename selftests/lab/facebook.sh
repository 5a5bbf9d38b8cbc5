#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Facebook's page loads with no policy in force, and fails with China's of 2017, over IPv4 and IPv6,
# by DNS, HTTP and HTTPS, each for the stated reason.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

name=www.facebook.com

look_up()	# ADDRESS TYPE
{
	client dig +short +time=3 +tries=1 "@$1" $name "$2"
}

page()	# SCHEME PORT ADDRESS
{
	client curl -sS --max-time 6 --resolve "$name:$2:$3" "$1://$name/" 2>&1
}

# The event of a rule, as often as it is there.
event()	# RULE FIELD ACTION
{
	grep -c "\"rule\":\"$1\",\"field\":\"$2\",\"value\":\"$name\",\"action\":\"$3\"" \
		"$lab_folder/events"
}

lab_require curl dig
ktap_print_header
ktap_set_plan 17
lab_up
censor_module ""

loads="*The page of $name*"
ktap_test_match "no policy: A" "198.51.100.80" "$(look_up 198.51.100.53 A)"
ktap_test_match "no policy: AAAA" "2001:db8:2::80" "$(look_up 2001:db8:2::53 AAAA)"
ktap_test_match "no policy: HTTP over IPv4" "$loads" "$(page http 80 198.51.100.80)"
ktap_test_match "no policy: HTTPS over IPv6" "$loads" "$(page https 443 '[2001:db8:2::80]')"

censor_load "$censor_policy"
censor_events "$lab_folder/events"
lies=$censor_top/policies/lists/cn-forged-addresses.txt
ktap_test_result "a forged A" grep -qF "$(look_up 198.51.100.53 A)" "$lies"
ktap_test_result "a forged AAAA" grep -qiF "$(look_up 2001:db8:2::53 AAAA)" "$lies"
ktap_test_match "HTTP over IPv4 is reset" "*reset by peer*" "$(page http 80 198.51.100.80)"
ktap_test_match "HTTP over IPv6 is reset" "*reset by peer*" "$(page http 80 '[2001:db8:2::80]')"
ktap_test_match "HTTPS over IPv4 is reset" "*reset by peer*" "$(page https 443 198.51.100.80)"
ktap_test_match "HTTPS over IPv6 is reset" "*reset by peer*" "$(page https 443 '[2001:db8:2::80]')"
censor_events_stop

ktap_test_match "two DNS rules forged, for A and AAAA" "2 2" \
	"$(event dns-all dns.qname 'forge lies') $(event dns-mirror dns.qname 'forge lies')"
ktap_test_match "for the Host" 2 "$(event http http.host 'inject gfw, residual 90s')"
ktap_test_match "for the SNI" 2 "$(event sni tls.sni 'inject gfw, residual 180s')"

# The same answers came from the real server as well: the firewall listens, it does not drop.
ktap_test_match "the questions reached the server" "*query*$name*" "$(cat "$lab_folder/dnsmasq.log")"

censor_flush
ktap_test_match "flushed: A" "198.51.100.80" "$(look_up 198.51.100.53 A)"
ktap_test_match "flushed: HTTP over IPv6" "$loads" "$(page http 80 '[2001:db8:2::80]')"
ktap_test_match "flushed: HTTPS over IPv4" "$loads" "$(page https 443 198.51.100.80)"
ktap_finished
