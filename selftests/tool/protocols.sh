#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Captures of real clients: every flow is called by its protocol and name, and VPNs are banned where
# the rest passes. See captures/expected.
# shellcheck source=explain.lib disable=SC2154
. "$(dirname "$0")/explain.lib"
captures=$top/selftests/captures

command -v jq >/dev/null || { echo "1..0 # SKIP no jq: selftests/deps lab"; exit 0; }

# What a filter of jq says of the flows, once for each value: null is -.
values()	# FILTER
{
	jq -r "select(has(\"packets\")) | $1 // \"-\"" out | sort -u | tr '\n' ' '
}

# What is expected of a capture in a column, once for each value.
expected()	# CAPTURE COLUMN
{
	sed 's/#.*//' "$captures/expected" | awk -v name="$1" -v column="$2" '$1 == name { print $column }' |
		sort -u | tr '\n' ' '
}

for capture in "$captures"/*.pcap; do
	name=${capture##*/}
	name=${name%.pcap}
	explain -j --flows "$capture"
	is "$name: the protocols of every flow" "$(expected "$name" 2)" \
		"$(values '[.protocol, .evidence[].protocol] | map(values) | unique | join(",")')"
	wanted=$(expected "$name" 3)
	if [ "$wanted" = "* " ]; then
		like "$name: a name" . "$(values .name)"
	else
		is "$name: the name of every flow" "$wanted" "$(values .name)"
	fi
	explain -j "$top/selftests/lab/real/banned.policy" "$capture"
	is "$name: under a policy that bans VPNs" "$(expected "$name" 4)" "$(values .verdict)"
done
is "a capture for each line of expected" \
	"$(sed 's/#.*//; /^[[:space:]]*$/d; s/[[:space:]].*//' "$captures/expected" | sort -u)" \
	"$(cd "$captures" && printf '%s\n' *.pcap | sed 's/\.pcap$//' | sort -u)"
done_testing
