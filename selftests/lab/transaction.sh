#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# A load is all or nothing, a namespace has its own policy and takes it along when it ends, the
# initial namespace is refused, and the root of a user namespace rules its own and no other.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

in_force()	# NAMESPACE
{
	censorctl list -n "$1" 2>&1 | head -n 1
}

forged()
{
	[ "$(client dig +short +time=2 +tries=1 @198.51.100.53 "$1" A)" != 198.51.100.80 ]
}

not()
{
	! "$@"
}

policy()	# NAME FILE RULE...
{
	policy_name=$1
	policy_file=$2
	shift 2
	{
		echo "censor $policy_name {"
		echo "	answers lie { 203.0.113.1 }"
		printf '\t%s\n' "$@"
		echo "}"
	} >"$policy_file"
}

lab_require dig
ktap_print_header
ktap_set_plan 22
lab_up
censor_module ""
policy one "$lab_folder/one.policy" 'rule dns { dns.qname in "one.example" } forge lie'
policy two "$lab_folder/two.policy" 'rule dns { dns.qname in "two.example" } forge lie'
policy bad "$lab_folder/bad.policy" 'rule dns { dns.qname in nowhere } forge lie'

hooks_before=$(censor nft list hooks 2>/dev/null | grep -c nf_censor)
ktap_test_match "no hook without a policy" 0 "$hooks_before"
censor_load "$lab_folder/one.policy"
ktap_test_match "one is in force" "censor one {" "$(in_force "$lab_censor")"
ktap_test_result "and acts" forged one.example

# Refused by the tool, refused by the kernel's half of a check, killed half-way.
ktap_test_result "a bad policy is refused" not censorctl load -n "$lab_censor" "$lab_folder/bad.policy"
ktap_test_result "a dry run says it is good" \
	censorctl load -n "$lab_censor" --dry-run "$lab_folder/two.policy"
{
	echo "censor big {"
	echo "	names many {"
	awk 'BEGIN { for (i = 0; i < 200000; i++) printf "\t\tname%d.example\n", i }'
	echo "	}"
	echo "	rule big { tls.sni in many } log"
	echo "}"
} >"$lab_folder/big.policy"
killed=0
for delay in 0.2 0.4 0.6 0.8 1.1; do
	timeout -s KILL $delay "$censor_top/build/censorctl" load -n "$lab_censor" \
		"$lab_folder/big.policy" >/dev/null 2>&1
	[ $? -eq 137 ] && killed=$((killed + 1))
	case $(in_force "$lab_censor") in
	"censor one {") ;;
	*) break ;;
	esac
done
ktap_print_msg "$killed loads were killed"
ktap_test_match "loads were killed half-way" "[1-5]" "$killed"
case $(in_force "$lab_censor") in
"censor one {")	ktap_test_result "the old policy is still in force" forged one.example ;;
*)		ktap_test_match "or the new one whole" "200000" \
			"$(censorctl list -n "$lab_censor" | grep -o "name[0-9]*\.example" | wc -l)" ;;
esac
censor_load "$lab_folder/one.policy"

# Two namespaces, two policies.
lab_netns "$lab_censor-2"
ktap_test_result "another namespace" censorctl load -n "$lab_censor-2" "$lab_folder/two.policy"
ktap_test_match "has its own" "censor two {" "$(in_force "$lab_censor-2")"
ktap_test_match "and the first keeps its own" "censor one {" "$(in_force "$lab_censor")"
ip netns del "$lab_censor-2"
ktap_test_match "which lives on when the other ends" "censor one {" "$(in_force "$lab_censor")"

# list prints what loads again to the same.
censorctl list -n "$lab_censor" >"$lab_folder/listed.policy"
censor_load "$lab_folder/listed.policy"
censorctl list -n "$lab_censor" >"$lab_folder/again.policy"
ktap_test_result "a listed policy loads to the same" \
	cmp "$lab_folder/listed.policy" "$lab_folder/again.policy"
censor_load "$censor_policy"
censorctl list -n "$lab_censor" >"$lab_folder/listed.policy"
censor_load "$lab_folder/listed.policy"
censorctl list -n "$lab_censor" >"$lab_folder/again.policy"
ktap_test_result "so does China's" cmp "$lab_folder/listed.policy" "$lab_folder/again.policy"

# All that there is to say is told back as it was said, as text and as JSON; and what takes several
# messages is.
everything=$(dirname "$0")/everything.policy
listed_as()	# FILE
{
	censorctl list -n "$lab_censor" | cmp - "$1"
}
sed '/^#/d' "$everything" >"$lab_folder/said.policy"
censor_load "$everything"
ktap_test_result "everything is told back" listed_as "$lab_folder/said.policy"
censorctl list -n "$lab_censor" -j >"$lab_folder/said.json"
censor_load "$lab_folder/said.json"
ktap_test_result "also by way of JSON" listed_as "$lab_folder/said.policy"
{
	echo "censor pages {"
	for page in 1 2 3 4 5 6; do
		echo "	page p$page {"
		awk -v page=$page 'BEGIN { for (i = 0; i < 100; i++) printf "\t\t\"%d %070d\\n\"\n", page, i }'
		echo "	}"
	done
	echo "	inject all {"
	for page in 1 2 3 4 5 6; do
		echo "		psh+ack to client page p$page"
	done
	echo "	}"
	echo "	rule all { port.dst in 80 } inject all"
	echo "}"
} >"$lab_folder/pages.policy"
censor_load "$lab_folder/pages.policy"
censorctl list -n "$lab_censor" >"$lab_folder/listed.policy"
ktap_test_match "pages longer than a message come whole" 600 \
	"$(grep -c '^		"[1-6] 0' "$lab_folder/listed.policy")"
censor_load "$lab_folder/listed.policy"
ktap_test_result "and load again" listed_as "$lab_folder/listed.policy"

ktap_test_match "the initial namespace is refused, and why" "*allow_init_net=1*" \
	"$(censorctl load "$lab_folder/one.policy" 2>&1)"

# As nobody: root of its own user and network namespace, nothing elsewhere.
# The tree may lie where nobody else can look.
chmod 755 "$lab_folder"
cp "$censor_top/build/censorctl" "$lab_folder/"
nobody()
{
	setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urn sh -c "$1" 2>&1
}
ktap_test_match "a user namespace's root in its own namespace" "*in force*" \
	"$(nobody "'$lab_folder/censorctl' load '$lab_folder/one.policy'")"
ktap_test_match "and nowhere else" "*ermi*" \
	"$(nobody "'$lab_folder/censorctl' load -n '$lab_censor' '$lab_folder/one.policy'")"

censor_flush
ktap_test_result "flushed: nothing is forged" not forged one.example
ktap_test_match "flushed: no hook is left" 0 "$(censor nft list hooks 2>/dev/null | grep -c nf_censor)"
ktap_finished
