#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Unit tests are compiled anew where the compiler is another than last time, its root is, or its flags
# are (selftests/unit/Makefile), and else not.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
for tool in make cc; do
	command -v $tool >/dev/null || { echo "1..0 # SKIP no $tool: selftests/deps build"; exit 0; }
done
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
# shellcheck source=tap.lib
. "$top/selftests/tool/tap.lib"

# A compiler that says which it is, and counts what it compiles.
cat >"$tmp/cc" <<END
#!/bin/sh
case " \$* " in
*" --version "*) exec cat "$tmp/version" ;;
esac
echo >>"$tmp/compiled"
exec cc "\$@"
END
chmod +x "$tmp/cc"

# compiled NAME WANTED MAKE-ARG...: how many of two objects are compiled
compiled()
{
	name=$1
	wanted=$2
	shift 2
	: >"$tmp/compiled"
	make -s --no-print-directory -C "$top/selftests/unit" unit-out="$tmp/out" SANITIZE= "$@" \
		"$tmp/out/calendar.o" "$tmp/out/engine/md5.o" >"$tmp/said" 2>&1
	is "$name: it compiles" "0 " "$? $(cat "$tmp/said")"
	is "$name: what it compiles" "$wanted" "$(wc -l <"$tmp/compiled")"
}

echo "one 1.0" >"$tmp/version"
compiled "first" 2 CC="$tmp/cc"
compiled "again" 0 CC="$tmp/cc"
echo "one 1.1" >"$tmp/version"
compiled "another version" 2 CC="$tmp/cc"
compiled "that again" 0 CC="$tmp/cc"
compiled "a root" 2 CC="$tmp/cc --sysroot=/"
compiled "that again, too" 0 CC="$tmp/cc --sysroot=/"
compiled "another root" 2 CC="$tmp/cc --sysroot=//"
compiled "other flags" 2 CC="$tmp/cc --sysroot=//" CFLAGS=-fno-common
compiled "and those again" 0 CC="$tmp/cc --sysroot=//" CFLAGS=-fno-common
done_testing
