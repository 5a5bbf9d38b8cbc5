#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Exchanges in which one part of the policy decides the verdict, through the offline host.
#
#	exchange.sh [FILE.exchange...]		default: all of selftests/exchange
#
# shellcheck source=explain.lib disable=SC2154
. "$(dirname "$0")/explain.lib"
# shellcheck source=../exchange/exchange.lib
. "$top/selftests/exchange/exchange.lib"
behind=${BEHIND:-$top/build/behind}
[ -x "$behind" ] || { echo "no $behind: make -C selftests/mkcap" >&2; exit 1; }

[ $# -gt 0 ] || set -- "$top"/selftests/exchange/*.exchange
exchange_unpack "$tmp" "$@" || exit 1
before=
while read -r number case file; do
	part=$number-$case
	if [ "$number" != "$before" ]; then
		before=$number
		"$mkcap" "$number.script" "$number.pcap" || echo "# in $file"
	fi
	if "$censorctl" explain -j -w "$part.pcap" "$part.policy" "$number.pcap" >"$part.events" \
	   2>"$part.errors"; then
		echo "$number.pcap" "$part.pcap" "$part.did" >>results
	else
		sed 's/^/# /' "$part.errors"
	fi
done <list
"$behind" - <results
exchange_compare . | awk '
	/^ok / { sub(/^ok /, "ok " ++n " - ") }
	/^not ok / { sub(/^not ok /, "not ok " ++n " - "); failed = 1 }
	{ print }
	END { print "1.." n; exit failed }'
