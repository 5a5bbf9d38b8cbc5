# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# The lab of lab/lab.sh, which draws it, for a test program to source.
#
#	lab_up			build it; it is taken down when the program ends, however it ends
#	client|censor|outside COMMAND..., lab_wait SECONDS COMMAND...	of lab.sh
#	$lab_client $lab_censor $lab_outside	the namespaces' names, for ip -n and censorctl -n
#	$lab_folder		a folder for the run's files: ca.pem, dnsmasq.log, nginx.log; removed at the end
#	lab_capture NAMESPACE INTERFACE FILE [FILTER]	record packets, from the moment it returns
#	lab_capture_stop	end all recordings, the files are whole then
#	lab_offloads on|off FEATURE...	of every device, as ethtool -K calls them
#	lab_netns NAME		one more namespace, which is taken down with the lab
#	lab_down		take it down before the end
#	lab_guest_only WHY	skip the whole program on a machine of somebody's: what it does is not
#				undone, or is everybody's affair
#
# A program in another folder than this one sets $lab_source to this one first.
#
# LAB_NAMES: a file like lab/names to use instead. LAB_DELAY: see lab.sh.

# shellcheck source=ktap.sh
. "${lab_source:-$(dirname "$0")}/ktap.sh"
lab_source=$(cd "${lab_source:-$(dirname "$0")}" && pwd)
# shellcheck source=../../lab/lab.sh
. "$lab_source/../../lab/lab.sh"

# shellcheck disable=SC2034 # lab.sh reads them
lab_names=${LAB_NAMES:-$lab_source/../../lab/names}
lab_client=nfc-$$-client
lab_censor=nfc-$$-censor
lab_outside=nfc-$$-outside
# All that are taken down; a program may put another in the place of one of these three.
lab_namespaces="$lab_client $lab_censor $lab_outside"
lab_folder=
lab_captures=
lab_capture_count=0

# Skip the whole program where it cannot run.
lab_require()	# TOOL...
{
	[ "$(id -u)" -eq 0 ] || ktap_skip_all "needs root"
	if [ -z "${NF_CENSOR_GUEST:-}" ] && [ "${LAB:-}" != host ]; then
		ktap_skip_all "runs in the virtual machine: selftests/lab/run, or LAB=host to run right here"
	fi
	for lab_tool in ip tc dnsmasq nginx openssl "$@"; do
		command -v "$lab_tool" >/dev/null ||
			ktap_skip_all "no $lab_tool: selftests/deps lab installs what the lab needs"
	done
}

lab_guest_only()	# WHY
{
	[ -n "${NF_CENSOR_GUEST:-}" ] || ktap_skip_all "$1: runs in the virtual machine only"
}

lab_netns()	# NAME
{
	case " $lab_namespaces " in
	*" $1 "*) ;;
	*)	lab_namespaces="$lab_namespaces $1" ;;
	esac
	ip netns add "$1" || lab_fail "no namespace $1"
}

lab_capture()	# NAMESPACE INTERFACE FILE [FILTER]
{
	lab_capture_count=$((lab_capture_count + 1))
	lab_capture_log=$lab_folder/tcpdump-$lab_capture_count.log
	lab_capture_where=$1
	lab_capture_file=$3
	set -- -i "$2" -w "$3" ${4:+"$4"}
	ip netns exec "$lab_capture_where" tcpdump -n -U -Z root --immediate-mode "$@" \
		2>"$lab_capture_log" &
	lab_captures="$lab_captures $!"
	# tcpdump opens its file before it says so.
	lab_wait 10 grep -q 'listening on' "$lab_capture_log" ||
		lab_fail "tcpdump does not record to $lab_capture_file"
}

lab_capture_stop()
{
	for lab_capture_process in $lab_captures; do
		kill -TERM "$lab_capture_process" 2>/dev/null || :
		wait "$lab_capture_process" 2>/dev/null || :
	done
	lab_captures=
}

lab_offloads()	# on|off FEATURE...
{
	lab_features=
	lab_state=$1
	shift
	for lab_feature in "$@"; do
		lab_features="$lab_features $lab_feature $lab_state"
	done
	for lab_place in "$lab_client eth0" "$lab_censor inside" "$lab_censor outside" \
			 "$lab_outside eth0"; do
		# shellcheck disable=SC2086 # a namespace and a device; features and their state
		ip netns exec ${lab_place% *} ethtool -K ${lab_place#* } $lab_features >/dev/null 2>&1 ||
			lab_fail "ethtool: no offloads$lab_features for ${lab_place#* }"
	done
}

lab_down()
{
	[ -n "$lab_folder" ] || return 0
	for lab_namespace in $lab_namespaces; do
		[ -e "/run/netns/$lab_namespace" ] || continue
		# shellcheck disable=SC2046 # a list of numbers
		set -- $(ip netns pids "$lab_namespace")
		[ $# -eq 0 ] || kill -KILL "$@" 2>/dev/null || :
		ip netns del "$lab_namespace"
		rm -rf "/etc/netns/$lab_namespace"
	done
	rmdir /etc/netns 2>/dev/null || :
	rm -rf "$lab_folder"
	lab_folder=
}

lab_say()
{
	ktap_print_msg "$*"
}

lab_fail()
{
	ktap_print_msg "lab: $*"
	for lab_log in "$lab_folder"/*.log; do
		[ ! -s "$lab_log" ] || ktap_print_msg "$(tail -n 5 "$lab_log")"
	done
	exit "$KSFT_FAIL"
}

lab_up()
{
	[ -z "$lab_folder" ] || lab_fail "the lab is up already"
	lab_folder=$(mktemp -d)
	trap lab_down EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 129' HUP

	mkdir -p "/etc/netns/$lab_client"
	lab_resolver >"/etc/netns/$lab_client/resolv.conf"
	# What curl and openssl trust, and what makes them start fast.
	export CURL_CA_BUNDLE="$lab_folder/ca.pem" SSL_CERT_FILE="$lab_folder/ca.pem"
	lab_build
}
