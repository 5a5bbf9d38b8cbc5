#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2317 # functions that ktap_test_result calls
# Netlink messages and packets that mean ill, both at once, the ones to the kernel's half and the
# others through whatever policy comes of it; then all is as it was before.
#
# FUZZ_SECONDS: how long (20). FUZZ_SEED: to repeat a run; else another each time, which is told.

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=censor.sh
. "$(dirname "$0")/censor.sh"

seconds=${FUZZ_SECONDS:-20}
seed=${FUZZ_SEED:-$(od -A n -N 4 -t u4 /dev/urandom | tr -d ' ')}

address_of()	# INTERFACE
{
	censor cat "/sys/class/net/$1/address"
}

# A whole dump that censorctl understands, or none in force.
listed()
{
	censorctl list -n "$lab_censor" >"$lab_folder/listed" 2>&1
}

page()
{
	client curl -sS -m 10 --resolve example.com:80:198.51.100.80 http://example.com/ 2>&1
}

forged()
{
	[ "$(client dig +short +time=5 +tries=1 @198.51.100.53 www.facebook.com A)" != 198.51.100.80 ]
}

lab_require curl dig
ktap_print_header
for program in netlink-fuzz packet-fuzz; do
	[ -x "$censor_top/build/$program" ] ||
		ktap_skip_all "no build/$program: make -C selftests/lab/fuzz builds it"
done
ktap_set_plan 8
lab_up
censor_module ""
ktap_print_msg "FUZZ_SEED=$seed"
censor_load "$censor_top/selftests/lab/everything.policy"

inside=$(address_of inside)
outside=$(address_of outside)
corpora="$censor_top/selftests/captures $censor_top/selftests/fuzz/corpus"
# shellcheck disable=SC2086 # two folders
client "$censor_top/build/packet-fuzz" eth0 "$inside" "$seconds" "$seed" $corpora \
	>"$lab_folder/client" 2>&1 &
client_process=$!
# shellcheck disable=SC2086
outside "$censor_top/build/packet-fuzz" eth0 "$outside" "$seconds" "$((seed + 1))" $corpora \
	>"$lab_folder/outside" 2>&1 &
outside_process=$!
censor "$censor_top/build/netlink-fuzz" "$seconds" "$seed" >"$lab_folder/netlink" 2>&1
ktap_test_result "every message was answered, and policies came of both kinds" [ $? -eq 0 ]
wait $client_process
ktap_test_result "packets from inside" [ $? -eq 0 ]
wait $outside_process
ktap_test_result "packets from outside" [ $? -eq 0 ]
ktap_print_msg "$(cat "$lab_folder/netlink" "$lab_folder/client" "$lab_folder/outside")"

ktap_test_result "what is in force can be listed" listed
censorctl stats -n "$lab_censor" >"$lab_folder/stats" 2>&1
ktap_print_msg "$(head -n 40 "$lab_folder/stats")"
censor_flush
# The neighbours have been told many things.
for namespace in "$lab_client" "$lab_censor" "$lab_outside"; do
	ip -n "$namespace" neigh flush all
done
ktap_test_match "without a policy the lab works as ever" "*page of example.com*" "$(page)"
censor_load "$censor_policy"
ktap_test_result "another policy is loaded and acts" forged
censor_flush
ktap_test_result "unloaded" rmmod nf_censor
censor_clean
ktap_finished
