#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# `make install` of what `make deb` has packed, below a DESTDIR: it puts there what the package has, and the
# module; `make uninstall` takes away that and nothing else. (The module in its real place: packages.sh.)
set -u

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=deb.lib
. "$here/deb.lib"
kdir=$("$top/selftests/vm/kernel" headers 6.1) || die "no headers of 6.1"
release=$("$top/selftests/vm/kernel" release 6.1)
tmp=$(mktemp -d "$top/build/install-test.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
unset MAKEFLAGS MFLAGS MAKELEVEL
dpkg-source -x "$dsc" "$tmp/tree" >/dev/null 2>&1 || die "$dsc: broken"

# try NAME ARGUMENT...: make with these is ok; what it says is in $said
try()
{
	name=$1
	shift
	said=$(umask 077 && make -C "$tmp/tree" "$@" 2>&1 </dev/null)
	status=$?
	result "$status" "$name"
	[ "$status" -eq 0 ] || printf '%s\n' "$said" | tail -n 30 | sed 's/^/# /'
}

files()	# FOLDER
{
	(cd "$1" && find . -mindepth 1 -printf '%P %y %m\n' | sort)
}

# What the package has, but for what is Debian's own.
packed()
{
	dpkg-deb --fsys-tarfile "$top"/build/deb/censorctl_*.deb | tar -x -C "$tmp/packed"
	rm -r "$tmp/packed/usr/share/doc" "$tmp/packed/usr/share/lintian"
	gunzip "$tmp/packed/usr/share/man/man8/censorctl.8.gz"
	files "$tmp/packed/usr"
}
mkdir "$tmp/packed"
packed >"$tmp/wanted"

try "make install" install DESTDIR="$tmp/here" PREFIX=/usr KDIR="$kdir"
files "$tmp/here/usr" >"$tmp/got"
is "it puts there what the package has, for anyone to read" "" "$(diff "$tmp/wanted" "$tmp/got")"
module=lib/modules/$release/updates/nf_censor.ko
is "and the module, below DESTDIR too" "$module $release" \
	"$(cd "$tmp/here" && echo lib/modules/*/*/* "$(modinfo -F vermagic "./$module" | cut -d ' ' -f 1)")"
for policy in "$tmp/here/usr/share/nf_censor/policies"/*.policy; do
	"$tmp/here/usr/sbin/censorctl" check "$policy" >/dev/null
	result $? "its censorctl, its ${policy##*/}"
done

echo "my own" >"$tmp/here/usr/share/nf_censor/policies/mine.policy"
try "make uninstall" uninstall DESTDIR="$tmp/here" PREFIX=/usr
is "nothing is left but what was put there by hand" "usr/share/nf_censor/policies/mine.policy" \
	"$(cd "$tmp/here" && find . -type f -printf '%P\n')"
try "make uninstall, once more" uninstall DESTDIR="$tmp/here" PREFIX=/usr

try "make install without headers" install DESTDIR="$tmp/there" KDIR=
like "says that there is no module" "the module is not installed" "$said"
files "$tmp/there/usr/local" >"$tmp/got"
is "and puts the rest below /usr/local" "" "$(diff "$tmp/wanted" "$tmp/got")"
is "and nothing elsewhere" "usr" "$(ls "$tmp/there")"
try "make uninstall of that" uninstall DESTDIR="$tmp/there"
is "nothing is left of it" "" "$(find "$tmp/there" -type f)"

done_testing
