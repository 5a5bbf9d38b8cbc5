#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# Who has no power over a namespace, root of a user namespace though they are, changes nothing in it,
# by any command of the family and of the tool, and is not told what is censored, nor of whom.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

policy()
{
	cat >"$lab_folder/authority.policy" <<-'END'
	censor authority {
		phase one
		phase two
		answers lie { 203.0.113.66 }
		rule names { dns.qname in "blocked.example" } forge lie
	}
	END
}

# In the censor's namespace, as root of a user namespace of their own.
nobody()	# COMMAND...
{
	censor setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Ur "$@" 2>&1
	echo "exit $?"
}

# From a network namespace of their own.
elsewhere()	# COMMAND...
{
	setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urn "$@" 2>&1
	echo "exit $?"
}

in_force()
{
	{
		censorctl list -n "$lab_censor"
		censorctl phase -n "$lab_censor" -j | jq -c '[.phase, .switches, .generation]'
	} 2>&1
}

lab_require jq dig perl setpriv unshare
ktap_print_header
ktap_set_plan 38
lab_up
censor_module ""
chmod 755 "$lab_folder"
cp "$censor_top/build/censorctl" "$lab_source/switch" "$lab_folder/"
mkdir -p "$lab_folder/include/uapi/linux"
cp "$censor_top/include/uapi/linux/nf_censor.h" "$lab_folder/"
policy
censor_load "$lab_folder/authority.policy"
before=$(in_force)
tool=$lab_folder/censorctl

# What changes something, or tells what is sought.
while read -r arguments; do
	# shellcheck disable=SC2086 # a list of words
	ktap_test_match "in the namespace: $arguments" "*not permitted*exit 1" \
		"$(cd "$lab_folder" && nobody "$tool" $arguments)"
	# shellcheck disable=SC2086
	ktap_test_match "from another: $arguments" "*ermi*exit 1" \
		"$(cd "$lab_folder" && elsewhere "$tool" ${arguments%% *} -n "$lab_censor" \
			${arguments#"${arguments%% *}"})"
done <<-END
	load authority.policy
	load --dry-run authority.policy
	flush
	phase two
	phase --time 2017-10-18
	monitor
	list
	flows
	residuals
END
# What only tells, who is in the namespace may ask; who is not may not even enter.
for verb in stats counters phase; do
	ktap_test_match "in the namespace they may look: $verb" "*exit 0" "$(nobody "$tool" $verb)"
	ktap_test_match "from another not: $verb" "*ermi*exit 1" \
		"$(elsewhere "$tool" $verb -n "$lab_censor")"
done
ktap_test_result "nothing has changed" [ "$(in_force)" = "$before" ]

# Each command of the family by itself, with nothing in it: refused before it is looked into.
raw()	# COMMAND...
{
	"$@" "$lab_folder/switch" -u "$lab_folder/nf_censor.h" -a 2>&1
}
refused=$(raw censor setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Ur)
ktap_print_msg "$refused"
for command in TXN_BEGIN TXN_ADD TXN_COMMIT TXN_ABORT POLICY_GET POLICY_FLUSH PHASE_SET FLOW_GET \
	RESIDUAL_GET; do
	ktap_test_match "$command by itself" "$command EPERM" "$(echo "$refused" | grep "^$command ")"
done
ktap_test_match "a power that root has: none of them is EPERM" "" "$(raw censor | grep EPERM)"
ktap_test_match "in a namespace of their own neither" "" \
	"$(raw setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urn | grep EPERM)"
ktap_test_match "who has it can take the policy out of force" "" "$(censor_flush)"
censor_clean
ktap_finished
