#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The packages that `make deb` made, in minimal roots of Debian 12: the source package builds there with its
# Build-Depends and nothing else, and twice to the same bytes; what it makes is installed, works for
# 6.1 and 6.12 by way of dkms, turns nothing on, and leaves nothing behind. The module is built on Debian 13 too.
set -u

here=$(cd "$(dirname "$0")" && pwd)
root=$here/root
# shellcheck source=deb.lib
. "$here/deb.lib"
version=$(sed -n 's/^Version: //p' "$dsc")
tmp=$(mktemp -d "$top/build/deb-test.XXXXXX") || exit 1
trap 'rm -rf --one-file-system "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# try NAME COMMAND...: ok if it succeeds; what it says is shown where it does not
try()
{
	name=$1
	shift
	"$@" >"$tmp/log" 2>&1 </dev/null
	status=$?
	result "$status" "$name"
	[ "$status" -eq 0 ] || tail -n 30 "$tmp/log" | sed 's/^/# /'
	return "$status"
}

#
# Building
#
depends=$(sed -n 's/^Build-Depends: //p' "$dsc")
base=$("$root" make bookworm "build-essential, $depends") || die "no root to build in"
build=$tmp/build
"$root" copy "$base" "$build" || die "no copy of $base"
mkdir "$build/one" "$build/two"
cp "$dsc" "${dsc%.dsc}".tar.* "$build/one/"
cp "$dsc" "${dsc%.dsc}".tar.* "$build/two/"

# shellcheck disable=SC2016 # the inner shell's
try "the packages build with their Build-Depends alone, and pass their unit tests" \
	"$root" run "$build" sh -euc 'cd /one && dpkg-source -x ./*.dsc source && cd source &&
		dpkg-buildpackage -b -us -uc -j"$(nproc)"' || done_testing
# shellcheck disable=SC2016
try "they build in another folder, zone, language, and with another umask" \
	"$root" run "$build" env TZ=Asia/Kathmandu LC_ALL=C DEB_BUILD_OPTIONS=nocheck \
		DEB_BUILD_PROFILES=nocheck sh -euc 'umask 027 && cd /two &&
		dpkg-source -x ./*.dsc elsewhere && cd elsewhere && dpkg-buildpackage -b -us -uc'
for package in "$build"/one/*.deb; do
	name=${package##*/}
	try "they are the same, byte for byte: ${name%%_*}" cmp "$package" "$build/two/$name"
done

packages=$tmp/packages
mkdir "$packages"
cp "$build"/one/censorctl_*.deb "$build"/one/nf-censor-dkms_*.deb "$packages" || die "no packages"
rm -rf --one-file-system "$build"

#
# What they hold
#
# But for its papers.
contents()	# PACKAGE
{
	dpkg-deb --fsys-tarfile "$packages/$1"_*.deb | tar -t |
		sed 's#^\.##; \#/$#d; \#^/usr/share/doc/#d; \#^/usr/share/lintian/#d' | sort
}

{
	echo /usr/sbin/censorctl
	echo /usr/share/man/man8/censorctl.8.gz
	echo /usr/share/nf_censor/nf_censor.yaml
	(cd "$top" && find policies lab -type f ! -name '.*' ! -name '*~') | sed 's#^#/usr/share/nf_censor/#'
} | sort >"$tmp/wanted"
contents censorctl >"$tmp/got"
is "censorctl has its program, its manual, and every policy, list, model, protocol and script of the tree" \
	"" "$(diff "$tmp/wanted" "$tmp/got")"
{
	echo "/usr/src/nf_censor-$version/dkms.conf"
	(cd "$top" && find Kbuild kmod include -type f ! -name '*.o' ! -name '*.cmd') |
		sed "s#^#/usr/src/nf_censor-$version/#"
} | sort >"$tmp/wanted"
contents nf-censor-dkms >"$tmp/got"
is "nf-censor-dkms has the module's source, and nothing else" "" "$(diff "$tmp/wanted" "$tmp/got")"

#
# Installing
#
architecture=$(dpkg --print-architecture)
depends="$(dpkg-deb -f "$packages"/censorctl_*.deb Depends), $(dpkg-deb -f "$packages"/nf-censor-dkms_*.deb Depends)"
base=$("$root" make bookworm "$depends, linux-headers-$architecture") || die "no root to install in"
machine=$tmp/machine
"$root" copy "$base" "$machine" || die "no copy of $base"
release=$(ls "$machine/usr/lib/modules")
mkdir "$machine/made"
cp "$packages"/*.deb "$machine/made/"
# Where the headers of another kernel are going to be.
headers=$("$top/selftests/vm/kernel" headers 6.12) || die "no headers of 6.12"
also=${headers%/root/usr/src/*}
mkdir -p "$machine$also"

# All files and links. Not: what dpkg, logs and caches say of it; the indices that depmod writes again; the key
# that dkms makes for itself, to sign what it builds.
state()
{
	(cd "$machine" && find . \( -path ./proc -o -path ./dev -o -path ./made -o -path ./var/lib/dpkg \
		-o -path ./var/log -o -path ./var/cache -o -path './usr/lib/modules/*/modules.*' \
		-o -path './var/lib/dkms/mok.*' \) -prune -o -type d -printf '%p/\n' \
		-o -printf '%p %m %s %T@ %l\n' | sort)
}
# Whoever wants a module loaded is written down.
: >"$machine/made/asked"
for program in modprobe insmod; do
	rm "$machine/usr/sbin/$program" || die "no $program"
	# shellcheck disable=SC2016 # its own
	printf '#!/bin/sh\necho "$0 $*" >>/made/asked\n' >"$machine/usr/sbin/$program"
	chmod 755 "$machine/usr/sbin/$program"
done
state >"$tmp/before"

try "they install, and need no package but what they say" \
	"$root" run "$machine" sh -c 'dpkg -i /made/*.deb'
status()
{
	"$root" run "$machine" dkms status | awk -F '[,:] *' '{ print $1, $2 ": " $4 }' | sort
}

module()	# RELEASE FIELD
{
	"$root" run "$machine" modinfo -k "$1" -F "$2" nf_censor 2>&1
}

warnings()
{
	grep -hE 'warning|error|cannot|No such' "$machine/var/lib/dkms/nf_censor/$version/$release"/*/log/make.log 2>&1
}

is "dkms has built and installed the module" "nf_censor/$version $release: installed" "$(status)"
is "it is of this version" "$version" "$(module "$release" version)"
is "and for the headers' kernel" "$release" "$(module "$release" vermagic | cut -d ' ' -f 1)"
is "no name that the kernel asks for leads to it" "" "$(module "$release" alias)"
is "it was built without a warning" "" "$(warnings)"
is "nobody has asked for a module to be loaded" "" "$(cat "$machine/made/asked")"
is "nothing that is configured names it" "" "$(cd "$machine" && grep -rlE 'nf.censor|censorctl' etc usr/lib \
	--exclude-dir=modules 2>/dev/null)"

censorctl()
{
	"$root" run "$machine" censorctl "$@" 2>&1
}

is "censorctl is of this version" "censorctl $version" "$(censorctl --version)"
for policy in "$top"/policies/*.policy; do
	name=${policy##*/}
	try "censorctl check $name, as installed" \
		"$root" run "$machine" censorctl check "/usr/share/nf_censor/policies/$name"
done
is "it knows all models" "$(find "$top/policies/models" -type f -printf '%f\n' | sed 's/\.model$//' | LC_ALL=C sort)" \
	"$(censorctl list models | cut -d ' ' -f 1 | LC_ALL=C sort)"
like "run finds its lab, and misses the module alone" "the kernel module nf_censor is not loaded and can't be" \
	"$(censorctl run --policy /usr/share/nf_censor/policies/cn-2017.policy -- true)"

#
# Another kernel
#
newer=${headers##*/linux-headers-}
mkdir "$machine/usr/lib/modules/$newer"
ln -s "$headers" "$machine/usr/lib/modules/$newer/build"
# What the kernel's header package runs when it is installed.
try "the headers of 6.12 come, and dkms builds it for them" \
	env ROOT_ALSO="$also" "$root" run "$machine" /etc/kernel/header_postinst.d/dkms "$newer"
is "it has the module for both" "$(printf '%s\n' "$release" "$newer" |
	sed "s#.*#nf_censor/$version &: installed#" | sort)" "$(status)"
is "that is for 6.12" "$newer" "$(module "$newer" vermagic | cut -d ' ' -f 1)"

#
# Removing
#
try "they can be removed" "$root" run "$machine" dpkg --remove censorctl nf-censor-dkms
is "and the module with them, of all kernels" "" \
	"$(find "$machine/usr" "$machine/var/lib/dkms" -name '*nf_censor*')"
try "they can be purged" "$root" run "$machine" dpkg --purge censorctl nf-censor-dkms
rm -rf "$machine/usr/lib/modules/$newer"
state >"$tmp/after"
is "nothing is left, and nothing else has changed" "" "$(diff "$tmp/before" "$tmp/after")"

#
# Without packages: the module as `make install` puts it there
#
dpkg-source -x "$dsc" "$machine/made/tree" >/dev/null 2>&1 || die "no tree"
# shellcheck disable=SC2317 # called by try
make_there()
{
	"$root" run "$machine" make -C /made/tree deps=: KDIR="/lib/modules/$release/build" "$@"
}
try "make install-module" make_there install-module
is "modprobe finds the module" "/lib/modules/$release/updates/nf_censor.ko $version" \
	"$(module "$release" filename) $(module "$release" version)"
try "make uninstall" make_there uninstall
state >"$tmp/after"
is "nothing is left of it" "" "$(diff "$tmp/before" "$tmp/after")"
is "and modprobe knows it no more" "modinfo: ERROR: Module nf_censor not found." "$(module "$release" filename)"
rm -rf --one-file-system "$machine"

#
# Debian 13
#
depends=$(dpkg-deb -f "$packages"/nf-censor-dkms_*.deb Depends)
base=$("$root" make "trixie trixie-backports" "$depends, linux-headers-$architecture") || die "no root of Debian 13"
"$root" copy "$base" "$machine" || die "no copy of $base"
release=$(ls "$machine/usr/lib/modules")
cp "$packages"/nf-censor-dkms_*.deb "$machine/"
# As the kernel's image does; dkms does it for a kernel that has some modules already.
"$root" run "$machine" depmod "$release" || die "no indices of modules"
try "the module's package installs on Debian 13 too" \
	"$root" run "$machine" sh -c 'dpkg -i /nf-censor-dkms_*.deb'
is "for the kernel of its backports" "nf_censor/$version $release: installed" "$(status)"
is "it is for that" "$release $version" \
	"$(module "$release" vermagic | cut -d ' ' -f 1) $(module "$release" version)"
is "and was built without a warning" "" "$(warnings)"

# Older than 6.1 by its name, which is all that is looked at. (dkms of Debian 12 says why, and fails.)
older=5.10.0-0-$architecture
cp -a "$machine/usr/lib/modules/$release" "$machine/usr/lib/modules/$older"
rm -rf "$machine/usr/lib/modules/$older/updates"
try "a kernel that is too old is no failure there" \
	"$root" run "$machine" dkms autoinstall -k "$older"
is "nothing is built for it" "" "$(status | grep -F "$older")"

done_testing
