#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What README.md and the manual name is there: targets of make and what they can be told, verbs and
# their options, files; and README's policy is one.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
censorctl=${CENSORCTL:-$top/build/censorctl}
[ -x "$censorctl" ] || { echo "no $censorctl: make" >&2; exit 1; }
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
cd "$top" || exit 1
# shellcheck source=tap.lib
. "$top/selftests/tool/tap.lib"

# none NAME: nothing was found wrong
none()
{
	is "$1" "" "$(cat "$tmp/wrong")"
}

# Its commands: what is between backquotes, and the lines that begin with a tab; without comments.
{
	# shellcheck disable=SC2016 # they are no command here
	grep -o '`[^`]*`' README.md | tr -d '`'
	sed -n 's/^	//p' README.md
} | sed 's/[	 ]#.*//' >"$tmp/said"

sed -n '/^	censor mine {/,/^	}/s/^	//p' README.md >"$tmp/mine.policy"
is "the policy is good" "policy mine: 3 rules" \
	"$("$censorctl" check "$tmp/mine.policy" 2>&1 | cut -d , -f 1)"
like "as many protocols as it says" "and $("$censorctl" list protocols | wc -l) protocols" \
	"$(cat README.md)"

# make TARGET NAME=...
sed -n 's/^make \([a-z-]*\).*/\1/p' "$tmp/said" | sort -u >"$tmp/targets"
is "it names targets" 0 "$([ "$(wc -l <"$tmp/targets")" -ge 9 ]; echo $?)"
while read -r target; do
	grep -q "^$target:" Makefile || echo "$target"
done <"$tmp/targets" >"$tmp/wrong"
none "each target is one"
grep -oE '\b(make .*|[A-Z_]+=[0-9a-z.]+|MATRIX_[A-Z]+)' "$tmp/said" | grep -oE '\b[A-Z][A-Z_]+\b(=|$)' |
	tr -d = | sort -u >"$tmp/variables"
like "it names variables" "SEED" "$(cat "$tmp/variables")"
while read -r variable; do
	grep -qE "\\b$variable\\b" Makefile || echo "$variable"
done <"$tmp/variables" >"$tmp/wrong"
none "make looks at each"

# censorctl VERB, and the options behind it
sed -n 's/.*censorctl \([a-z].*\)/\1/p' "$tmp/said" | grep -v '^run:' >"$tmp/commands"
cut -d ' ' -f 1 "$tmp/commands" | sort -u >"$tmp/verbs"
like "it names verbs" "explain" "$(cat "$tmp/verbs")"
while read -r verb; do
	"$censorctl" help "$verb" >/dev/null 2>&1 || echo "$verb"
done <"$tmp/verbs" >"$tmp/wrong"
none "each verb is one"
while read -r verb rest; do
	for option in ${rest%% -- *}; do
		case $option in
		--help)	;;
		--*)	"$censorctl" help "$verb" | grep -q -- "$option\\b" || echo "$verb $option" ;;
		esac
	done
done <"$tmp/commands" >"$tmp/wrong"
none "each has the options that stand behind it"

# Files, also with a pattern for a name
tr ' \t' '\n' <"$tmp/said" | grep -E '^(kmod|lab|examples|userspace-ctl|policies|selftests|Documentation)/' |
	sed 's/:$//' | sort -u >"$tmp/files"
like "it names files" "kmod/compat.h" "$(cat "$tmp/files")"
while read -r file; do
	# shellcheck disable=SC2086 # a pattern
	ls -d $file >/dev/null 2>&1 || echo "$file"
done <"$tmp/files" >"$tmp/wrong"
none "each file is there"
grep -o '](\([^)]*\))' README.md | tr -d ']()' | while read -r file; do
	[ -e "$file" ] || echo "$file"
done >"$tmp/wrong"
none "so is each that it links to"

# The manual and what the verbs say of themselves
"$censorctl" --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p' >"$tmp/verbs"
like "censorctl has verbs" "explain" "$(cat "$tmp/verbs")"
sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' userspace-ctl/censorctl.8 |
	awk '/^\.Nm/ { name = 1; next } /^\.Cm/ && name { print $2 } { name = 0 }' | sort -u >"$tmp/shown"
is "the manual's synopsis has each verb, on a line of its own" "$(sort "$tmp/verbs")" "$(cat "$tmp/shown")"
while read -r verb; do
	"$censorctl" help "$verb"
done <"$tmp/verbs" >"$tmp/help"
# On these the manual has the short ones.
grep -oE -e '(^|[^a-z-])--[a-z]+(-[a-z]+)*' "$tmp/help" | grep -oE '[a-z].*' | sort -u |
	grep -vxE 'netns|json|help|count|write' >"$tmp/options"
grep -oE 'Fl Fl [a-z-]+' userspace-ctl/censorctl.8 | cut -d ' ' -f 3 | sort -u >"$tmp/manual"
is "the manual has each option, and no other" "$(cat "$tmp/options")" "$(cat "$tmp/manual")"
done_testing
