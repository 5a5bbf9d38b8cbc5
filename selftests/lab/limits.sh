#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# What is too much is refused whole, with a reason, and what was in force stays; where flows have no
# room, traffic passes and is counted. And the machine's own namespace takes a policy where the module
# was told that it may.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

in_force()
{
	censorctl list -n "$lab_censor" 2>&1 | head -n 1
}

names()	# COUNT
{
	echo "censor many {"
	echo "	names many {"
	awk -v count="$1" 'BEGIN { for (i = 0; i < count; i++) printf "\t\tname%d.example\n", i }'
	echo "	}"
	echo "	rule many { tls.sni in many } log"
	echo "}"
}

load_many()
{
	censorctl load -n "$lab_censor" "$lab_folder/many.policy" 2>&1
	echo "status $?"
}

nobody()	# SHELL-TEXT
{
	setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urn sh -c "$1" 2>&1
}

# A namespace of nobody's that takes a policy, if it may, and lives on.
hold()	# NUMBER
{
	setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urn sh -c \
		"'$lab_folder/censorctl' load '$lab_folder/some.policy'; echo status \$?; exec sleep 600" \
		>"$lab_folder/held$1" 2>&1 &
	held="$held $!"
	lab_wait 20 grep -q status "$lab_folder/held$1"
}

lab_require curl dig jq setpriv unshare
ktap_print_header
[ ! -d /sys/module/nf_censor ] || rmmod nf_censor || ktap_skip_all "the module is in use"
ktap_set_plan 17
lab_up
chmod 755 "$lab_folder"
cp "$censor_top/build/censorctl" "$lab_folder/"
censor_module max_policy_mb=1 user_max_mb=2 max_flows=8
names 60000 >"$lab_folder/many.policy"
names 12000 >"$lab_folder/some.policy"
names 200 >"$lab_folder/few.policy"
censor_load "$censor_policy"

many=$(load_many)
ktap_print_msg "$many"
ktap_test_match "a policy beyond max_policy_mb is refused" "*status 1" "$many"
ktap_test_match "the reason speaks of memory" "*more memory than*" "$many"
ktap_test_match "the old one is still in force" "censor cn-2017 {" "$(in_force)"
ktap_test_result "and acts" [ "$(client dig +short +time=2 +tries=1 @198.51.100.53 www.facebook.com A)" != 198.51.100.80 ]

# With an alias anyone who asks for the family would have the module loaded.
ktap_test_match "nobody has it loaded by asking for it" "" "$(modinfo -F alias "$censor_ko")"
# Namespaces of nobody's share a limit; it is free again when they end.
few="'$lab_folder/censorctl' load '$lab_folder/few.policy'"
ktap_test_match "nobody loads a small one" "*in force*" "$(nobody "$few")"
ktap_test_match "not a large one" "*status 1" \
	"$(nobody "'$lab_folder/censorctl' load '$lab_folder/many.policy'; echo status \$?")"
ktap_test_match "and a small one after it" "*in force*" "$(nobody "$few")"
held=
holding=0
while hold $holding && grep -q "in force" "$lab_folder/held$holding" && [ $holding -lt 20 ]; do
	holding=$((holding + 1))
done
bytes=$("$censor_top/build/censorctl" check -j "$lab_folder/some.policy" | jq .policy.bytes)
ktap_print_msg "$holding of $bytes bytes each"
ktap_test_match "several take what all may take together; one more is refused" "*memory*status 1" \
	"$(cat "$lab_folder/held$holding")"
ktap_test_result "that is what user_max_mb says" \
	[ $holding -ge 2 -a $((holding * bytes)) -le 2097152 -a $(((holding + 2) * bytes)) -gt 2097152 ]
ktap_test_match "root's namespaces have no part in it" "*in force*" \
	"$(censorctl load -n "$lab_censor" "$lab_folder/some.policy")"
# shellcheck disable=SC2086 # a list of numbers
kill $held
# shellcheck disable=SC2086
wait $held 2>/dev/null
nobody_loads()
{
	nobody "'$lab_folder/censorctl' load '$lab_folder/some.policy'" | grep "in force"
}
ktap_test_result "when they have ended there is room again" lab_wait 20 nobody_loads
censor_load "$censor_policy"

# More flows than there is room for: they pass.
for port in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	client dig +short +time=2 +tries=1 @198.51.100.53 "free$port.example" A
done >"$lab_folder/answers"
ktap_test_match "every question is answered" 20 "$(grep -c 198.51.100.80 "$lab_folder/answers")"
ktap_test_result "those that found no room are counted" [ "$(censor_stat flows_full)" -ge 12 ]
rm -f "$lab_folder/many.policy"
censor_clean
rmmod nf_censor

if [ -n "${NF_CENSOR_GUEST:-}" ]; then
	censor_module allow_init_net=1
	ktap_test_match "with allow_init_net=1 this machine's own namespace takes a policy" "*in force*" \
		"$(censorctl load "$lab_folder/few.policy" 2>&1)"
	ktap_test_match "and it is in force" "censor many {" "$(censorctl list | head -n 1)"
	censorctl flush
	rmmod nf_censor
else
	ktap_test_skip "the initial namespace's policy" "it would censor this machine"
	ktap_test_skip "and whether it is in force" "likewise"
fi
ktap_finished
