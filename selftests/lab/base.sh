#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The lab itself, without a censor: real clients reach real servers over IPv4 and IPv6, rules of
# nftables and iptables count on the way, and nothing is left behind.
set -u
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

ktap_print_header
lab_require curl dig ping nft iptables tcpdump
ktap_set_plan 23

namespaces_before=$(ip netns list | wc -l)
lab_begin=$(date +%s%N)
lab_up
ktap_print_msg "lab up after $((($(date +%s%N) - lab_begin) / 1000000)) ms"

# Each command's time, since under emulation they are what a test's time is made of.
timed()	# COMMAND...
{
	timed_begin=$(date +%s%N)
	timed_status=0
	timed_output=$("$@" 2>&1) || timed_status=$?
	ktap_print_msg "$((($(date +%s%N) - timed_begin) / 1000000)) ms: $*"
}

for address in 198.51.100.80 2001:db8:2::80; do
	ktap_test_result "ping $address" client ping -c 1 -W 2 "$address"
done

for server in 198.51.100.53 2001:db8:2::53; do
	timed client dig +short +tries=1 +time=2 "@$server" www.facebook.com A
	ktap_test_match "A by $server" 198.51.100.80 "$timed_output"
	timed client dig +short +tries=1 +time=2 "@$server" anything.example AAAA
	ktap_test_match "AAAA by $server" 2001:db8:2::80 "$timed_output"
done
timed client dig +short +tries=1 +time=2 @198.51.100.53 smtp.gmail.com A
ktap_test_match "an address of its own" 198.51.100.25 "$timed_output"

censor sh -c 'nft -f - && iptables -A FORWARD -p tcp --dport 80 &&
	ip6tables -A FORWARD -p tcp --dport 443' <<-END
	table inet lab {
		counter http { }
		counter https { }
		chain forward {
			type filter hook forward priority 0
			ip saddr 192.0.2.0/24 tcp dport 80 counter name http
			ip6 saddr 2001:db8:1::/64 tcp dport 443 counter name https
		}
	}
END
ktap_test_match "rules of nftables and iptables load" 0 $?

for version in 4 6; do
	for scheme in http https; do
		timed client curl -sS "-$version" -m 10 "$scheme://www.facebook.com/path"
		ktap_test_match "$scheme over IPv$version, checked against the lab's CA" \
			"<title>www.facebook.com</title>*/path by $scheme." "$timed_output"
	done
done
timed client curl -sS -m 10 https://smtp.gmail.com:993/
ktap_test_match "TLS on a mail port" "*The mail host smtp.gmail.com." "$timed_output"
timed client curl -sS -m 10 --cacert /etc/ssl/openssl.cnf https://www.facebook.com/
ktap_test_result "a certificate is refused without the lab's CA" [ "$timed_status" -ne 0 ]

ktap_test_match "nftables counted IPv4" "*packets [1-9]*" "$(censor nft list counter inet lab http)"
ktap_test_match "nftables counted IPv6" "*packets [1-9]*" "$(censor nft list counter inet lab https)"
ktap_test_result "iptables counted IPv4" \
	sh -c "ip netns exec $lab_censor iptables -nvxL FORWARD | awk '/dpt:80/ { n = \$1 } END { exit !n }'"
ktap_test_result "ip6tables counted IPv6" \
	sh -c "ip netns exec $lab_censor ip6tables -nvxL FORWARD | awk '/dpt:443/ { n = \$1 } END { exit !n }'"

# An address out of the lab: routed outside, and refused there long before the client gives up.
for url in http://203.0.113.66/ "http://[2001:db8:3::66]/"; do
	timed client curl -sS -m 10 "$url"
	ktap_test_match "an address that is not there dies outside, $url" "*Couldn't connect*" "$timed_output"
done

folder=$lab_folder
lab_down
ktap_test_match "no namespace is left" "$namespaces_before" "$(ip netns list | wc -l)"
ktap_test_result "no file is left" [ ! -e "$folder" ]
ktap_test_match "no process is left" "" "$(pgrep -af "$folder")"

ktap_finished
