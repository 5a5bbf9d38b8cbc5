#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# TAP: the inputs of every fuzz target once, with sanitizers: seeds, and what once failed.
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
fuzz=$top/selftests/fuzz

targets=$(make -s --no-print-directory -C "$fuzz" list)
count=0
failed=0
# shellcheck disable=SC2086 # a list of names
set -- $targets
echo "1..$#"
for target in "$@"; do
	count=$((count + 1))
	# shellcheck disable=SC2046 # a list of paths
	if told=$("$top/build/fuzz/replay/$target" $("$fuzz/seeds" "$target") 2>&1) &&
	   [ "$told" != "0 inputs" ]; then
		echo "ok $count fuzz inputs of $target: $told"
	else
		echo "not ok $count fuzz inputs of $target"
		printf '%s\n' "$told" | tail -n 30 | sed 's/^/# /'
		failed=1
	fi
done
exit $failed
