# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The module and its tool in the lab. To be sourced in place of lib.sh.
#
#	censor_file	the module built for this kernel (or $NF_CENSOR_KO): $censor_ko
#	censor_module [PARAMETER...]	load it; skip the program without it
#	censor_load POLICY	put a policy in force in the censor's namespace
#	censor_flush		none in force
#	censor_events FILE	begin to write every event there, a JSON object a line
#	censor_events_stop	when all events so far are there
#	censor_clean		a test: the kernel complained of nothing since censor_module
#	censor_stat NAME	a number of censorctl stats
#	censorctl ...		the tool
#	farm_up			many servers outside: farm4 N and farm6 N are their addresses
#	$censor_policy		China, 2017

# shellcheck source=lib.sh
. "${lab_source:-$(dirname "$0")}/lib.sh"

censor_top=$(cd "$lab_source/../.." && pwd)
# shellcheck disable=SC2034 # for those who source this
censor_policy=$censor_top/policies/cn-2017.policy
censor_monitor=
censor_mark=

censorctl()
{
	"$censor_top/build/censorctl" "$@"
}

# Where the module is that was built for this kernel: $censor_ko.
censor_file()
{
	# 6.1 of 6.1.0-42-amd64; 6.12-uml-sanitize of 6.12.1-uml-sanitize.
	censor_series=$(uname -r | sed 's/^\([0-9]*\.[0-9]*\)[.0-9]*\(-uml\)/\1\2/; t
		s/^\([0-9]*\.[0-9]*\).*/\1/')
	censor_ko=${NF_CENSOR_KO:-$censor_top/build/module-$censor_series/nf_censor.ko}
	[ "${LAB:-}" != host ] || censor_ko=$censor_top/nf_censor.ko
}

# Skip the program where the module cannot be. After lab_require.
censor_module()	# PARAMETER=VALUE...
{
	censor_mark="nf_censor lab: ${0##*/} $$"
	echo "$censor_mark" >/dev/kmsg
	[ -x "$censor_top/build/censorctl" ] || ktap_skip_all "no build/censorctl: make builds it"
	[ ! -d /sys/module/nf_censor ] || return 0
	censor_file
	[ -e "$censor_ko" ] || ktap_skip_all "no $censor_ko: make builds it"
	for censor_needs in $(modinfo -F depends "$censor_ko" | tr , ' '); do
		modprobe "$censor_needs" || lab_fail "no module $censor_needs"
	done
	[ -n "${1:-}" ] || set --
	insmod "$censor_ko" "$@" || lab_fail "insmod: $(dmesg | tail -n 3)"
}

censor_load()
{
	censorctl load -n "$lab_censor" "$1" >"$lab_folder/load.log" 2>&1 ||
		lab_fail "the policy was refused: $(cat "$lab_folder/load.log")"
}

censor_flush()
{
	censorctl flush -n "$lab_censor" >/dev/null
}

censor_events()
{
	censor_events_file=$1
	# Not by the function: what would be ended is a shell, and not what it waits for.
	"$censor_top/build/censorctl" monitor -j -n "$lab_censor" >"$1" 2>"$lab_folder/monitor.log" &
	censor_monitor=$!
	lab_wait 10 grep -q listening "$lab_folder/monitor.log" || lab_fail "monitor does not listen"
	censor_events_before=$(censor_stat events)
}

# One number of the statistics.
censor_stat()
{
	censorctl stats -j -n "$lab_censor" | sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p"
}

censor_events_written()
{
	[ "$(grep -c '"field"' "$censor_events_file")" -ge \
	  $(($(censor_stat events) - censor_events_before)) ]
}

censor_events_stop()
{
	lab_wait 10 censor_events_written || ktap_print_msg "not all events were written"
	kill -TERM "$censor_monitor" 2>/dev/null || :
	wait "$censor_monitor" 2>/dev/null || :
	censor_monitor=
}

# What the kernel said since censor_module that it should not.
censor_complaints()
{
	dmesg | awk -v mark="$censor_mark" 'seen { print } index($0, mark) { seen = 1 }' |
		grep -E 'BUG|WARNING|Oops|KASAN|UBSAN|unreferenced object|general protection|stall|refcount'
}

censor_clean()
{
	ktap_test_match "the kernel complained of nothing" "" "$(censor_complaints)"
}

# The places of a server farm outside: any address of these prefixes is answered by the web server.
# $1 from 1 to 62.
farm4()
{
	echo "198.51.100.$((128 + $1))"
}

farm6()
{
	echo "2001:db8:2:80::$1"
}

farm_up()
{
	ip -n "$lab_censor" route add 198.51.100.128/26 via 198.51.100.254
	ip -n "$lab_censor" route add 2001:db8:2:80::/64 via 2001:db8:2::254
	ip -n "$lab_outside" route add local 198.51.100.128/26 dev lo
	ip -n "$lab_outside" route add local 2001:db8:2:80::/64 dev lo
	lab_wait 10 client ping -c 1 -W 1 "$(farm4 62)" || lab_fail "no way to the farm (IPv4)"
	lab_wait 10 client ping -c 1 -W 1 "$(farm6 62)" || lab_fail "no way to the farm (IPv6)"
}
